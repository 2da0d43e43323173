//! JSON: any split of the input reads alike, views and streams agree, and what is written is read
//! back.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tucuxi_core::json::{Event, Item, Items, Kind, Reader, Value, Writer};
use tucuxi_core::room::Read;
use tucuxi_core::sink::Sink;
use tucuxi_core::text::Text;

fuzz_target!(|input: (u8, u8, &[u8])| {
    let (step, size, document) = input;
    let step = usize::from(step).max(1);
    let whole = read(document, document.len().max(1), document.len() + 1);
    assert_eq!(grown(usize::from(size), |size| read(document, step, size)), whole);

    let value = Value::parse(document);
    let listed = grown(usize::from(size), |size| list(document, step, size));
    match &whole {
        Outcome::Told(events) => {
            let value = value.expect("views read what streams read");
            let mut seen = Vec::new();
            walk(value, &mut seen);
            assert_eq!(&seen, events);
            match value.kind() {
                Kind::Object => assert_eq!(listed, whole),
                _ => assert!(matches!(listed, Outcome::Malformed(_))),
            }
            let copied = write(events);
            assert_eq!(read(&copied, copied.len(), copied.len() + 1), whole);
        }
        Outcome::Malformed(at) => {
            assert_eq!(value.expect_err("views refuse what streams refuse").at, *at);
            assert!(matches!(listed, Outcome::Malformed(earlier) if earlier <= *at));
        }
        Outcome::RoomFull(_) => panic!("the room takes everything"),
    }
});

#[derive(Clone, Debug, PartialEq)]
enum Said {
    Bool(bool),
    EndArray,
    EndObject,
    Key(String),
    Null,
    Number(String),
    StartArray,
    StartObject,
    String(String),
}

#[derive(Debug, PartialEq)]
enum Outcome {
    Malformed(u64),
    RoomFull(usize),
    Told(Vec<Said>),
}

/// Runs with the room that it says it needs, until it no longer does.
fn grown(size: usize, run: impl Fn(usize) -> Outcome) -> Outcome {
    let mut outcome = run(size);
    while let Outcome::RoomFull(needed) = outcome {
        outcome = run(needed);
    }
    outcome
}

/// The events, the parts of a string joined.
fn read(document: &[u8], step: usize, size: usize) -> Outcome {
    let mut room = vec![0; size];
    let mut reader = Reader::new(&mut room);
    let (mut told, mut parts, mut rest) = (Vec::new(), String::new(), document);
    loop {
        match reader.read() {
            Read::Item(Event::Bool(value)) => told.push(Said::Bool(value)),
            Read::Item(Event::EndArray) => told.push(Said::EndArray),
            Read::Item(Event::EndObject) => told.push(Said::EndObject),
            Read::Item(Event::Key(key)) => told.push(Said::Key(check(key))),
            Read::Item(Event::Null) => told.push(Said::Null),
            Read::Item(Event::Number(number)) => told.push(Said::Number(number.into())),
            Read::Item(Event::Part(part)) => parts.push_str(&check(part)),
            Read::Item(Event::StartArray) => told.push(Said::StartArray),
            Read::Item(Event::StartObject) => told.push(Said::StartObject),
            Read::Item(Event::String(last)) => {
                told.push(Said::String(std::mem::take(&mut parts) + &check(last)));
            }
            Read::NeedInput if rest.is_empty() => reader.end(),
            Read::NeedInput => rest = &rest[reader.feed(&rest[..step.min(rest.len())])..],
            Read::End => return Outcome::Told(told),
            Read::RoomFull { needed } => return Outcome::RoomFull(needed),
            Read::Malformed { at } => return Outcome::Malformed(at),
        }
    }
}

fn list(document: &[u8], step: usize, size: usize) -> Outcome {
    let mut room = vec![0; size];
    let mut items = Items::new(&mut room);
    let (mut told, mut rest, mut in_list) = (vec![Said::StartObject], document, false);
    loop {
        let item = items.read();
        if in_list && matches!(item, Read::End | Read::Item(Item::List(_) | Item::Member(..))) {
            told.push(Said::EndArray);
            in_list = false;
        }
        match item {
            Read::Item(Item::Element(value)) => walk(value, &mut told),
            Read::Item(Item::List(key)) => {
                told.extend([Said::Key(check(key)), Said::StartArray]);
                in_list = true;
            }
            Read::Item(Item::Member(key, value)) => {
                told.push(Said::Key(check(key)));
                walk(value, &mut told);
            }
            Read::NeedInput if rest.is_empty() => items.end(),
            Read::NeedInput => rest = &rest[items.feed(&rest[..step.min(rest.len())])..],
            Read::End => {
                told.push(Said::EndObject);
                return Outcome::Told(told);
            }
            Read::RoomFull { needed } => return Outcome::RoomFull(needed),
            Read::Malformed { at } => return Outcome::Malformed(at),
        }
    }
}

fn walk(value: Value<'_>, told: &mut Vec<Said>) {
    match value.kind() {
        Kind::Array => {
            told.push(Said::StartArray);
            value.items().for_each(|item| walk(item, told));
            told.push(Said::EndArray);
        }
        Kind::Bool => told.push(Said::Bool(value.bool().expect("a truth value"))),
        Kind::Null => told.push(Said::Null),
        Kind::Number => told.push(Said::Number(value.number().expect("a number").into())),
        Kind::Object => {
            told.push(Said::StartObject);
            for (key, value) in value.entries() {
                told.push(Said::Key(check(key)));
                walk(value, told);
            }
            told.push(Said::EndObject);
        }
        Kind::String => told.push(Said::String(check(value.text().expect("text")))),
    }
}

/// The decoded text, which is the same in all ways.
fn check(text: Text<'_>) -> String {
    let mut bytes = Bytes(Vec::new());
    text.decode(&mut bytes);
    let decoded = String::from_utf8(bytes.0).expect("text is UTF-8");
    assert_eq!(text, decoded.as_str());
    assert_eq!(text.to_string(), decoded);
    assert!(text.plain().is_none_or(|plain| plain == decoded));
    decoded
}

struct Bytes(Vec<u8>);

impl Sink for Bytes {
    fn put(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }
}

fn write(events: &[Said]) -> Vec<u8> {
    let mut bytes = Bytes(Vec::new());
    let mut writer = Writer::new(&mut bytes);
    for said in events {
        match said {
            Said::Bool(value) => writer.bool(*value),
            Said::EndArray => writer.close_array(),
            Said::EndObject => writer.close_object(),
            Said::Key(key) => writer.key(key),
            Said::Null => writer.null(),
            Said::Number(number) => writer.number(number),
            Said::StartArray => writer.open_array(),
            Said::StartObject => writer.open_object(),
            Said::String(text) => writer.string(text),
        };
    }
    bytes.0
}
