//! XML: any split of the input reads alike, views and streams agree, and what is written is read
//! back.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tucuxi_core::room::Read;
use tucuxi_core::sink::Sink;
use tucuxi_core::text::Text;
use tucuxi_core::xml::{Attributes, Element, Event, Item, Items, Reader, Writer};

fuzz_target!(|input: (u8, u8, &[u8])| {
    let (step, size, document) = input;
    let step = usize::from(step).max(1);
    let whole = read(document, document.len().max(1), document.len() + 1);
    assert_eq!(grown(usize::from(size), |size| read(document, step, size)), whole);

    let root = Element::root(document);
    let listed = grown(usize::from(size), |size| list(document, step, size));
    match &whole {
        Outcome::Told(events) => {
            let root = root.expect("views read what streams read");
            let mut seen = Vec::new();
            walk(root, &mut seen);
            assert_eq!(seen, first_texts(events));
            let mut children = Vec::new();
            for child in root.children() {
                walk(child, &mut children);
            }
            assert_eq!(listed, Outcome::Told(children));
            let copied = write(events);
            let again = read(&copied, copied.len(), copied.len() + 1);
            assert_eq!(again, Outcome::Told(events.clone()));
        }
        Outcome::Malformed(at) => {
            assert_eq!(root.expect_err("views refuse what streams refuse").at, *at);
            assert_eq!(listed, Outcome::Malformed(*at));
        }
        Outcome::RoomFull(_) => panic!("the room takes everything"),
    }
});

#[derive(Clone, Debug, PartialEq)]
enum Said {
    End(String),
    Start(String, Vec<(String, String)>),
    Text(String),
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

/// The events, texts in a row joined.
fn read(document: &[u8], step: usize, size: usize) -> Outcome {
    let mut room = vec![0; size];
    let mut reader = Reader::new(&mut room);
    let (mut told, mut rest) = (Vec::new(), document);
    loop {
        match reader.read() {
            Read::Item(Event::End { name }) => told.push(Said::End(name.into())),
            Read::Item(Event::Start { name, attributes }) => told.push(start(name, attributes)),
            Read::Item(Event::Text(text)) => match told.last_mut() {
                Some(Said::Text(joined)) => joined.push_str(&text.to_string()),
                _ => told.push(Said::Text(text.to_string())),
            },
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
    let (mut told, mut rest) = (Vec::new(), document);
    loop {
        match items.read() {
            Read::Item(Item::Child(child)) => walk(child, &mut told),
            Read::Item(Item::Root { .. }) => {}
            Read::NeedInput if rest.is_empty() => items.end(),
            Read::NeedInput => rest = &rest[items.feed(&rest[..step.min(rest.len())])..],
            Read::End => return Outcome::Told(told),
            Read::RoomFull { needed } => return Outcome::RoomFull(needed),
            Read::Malformed { at } => return Outcome::Malformed(at),
        }
    }
}

fn walk(element: Element<'_>, told: &mut Vec<Said>) {
    told.push(start(element.name(), element.attributes()));
    told.push(Said::Text(check(element.text())));
    for child in element.children() {
        walk(child, told);
    }
    told.push(Said::End(element.name().into()));
}

fn start(name: &str, attributes: Attributes<'_>) -> Said {
    Said::Start(name.into(), attributes.map(|(name, value)| (name.into(), check(value))).collect())
}

/// What views show of these events: names without prefixes, and in each element the text before
/// its first child.
fn first_texts(events: &[Said]) -> Vec<Said> {
    let local = |name: &str| name.rsplit(':').next().unwrap_or_default().to_owned();
    let mut shown = Vec::new();
    let mut events = events.iter().peekable();
    while let Some(said) = events.next() {
        match said {
            Said::End(name) => shown.push(Said::End(local(name))),
            Said::Start(name, attributes) => {
                shown.push(Said::Start(local(name), attributes.clone()));
                let text = events.next_if(|said| matches!(said, Said::Text(_)));
                shown.push(text.cloned().unwrap_or(Said::Text(String::new())));
            }
            Said::Text(_) => {}
        }
    }
    shown
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
            Said::End(name) => writer.close(name),
            Said::Start(name, attributes) => {
                writer.open(name);
                attributes.iter().fold(&mut writer, |writer, (name, value)| writer.attribute(name, value))
            }
            Said::Text(text) => writer.text(text),
        };
    }
    bytes.0
}
