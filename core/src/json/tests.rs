//! Every document is read in all ways: whole, in pieces, through small rooms, as views.
#![expect(clippy::arithmetic_side_effects, reason = "tests")]

extern crate std;

use std::format;
use std::string::String;
use std::string::ToString as _;
use std::vec;
use std::vec::Vec;

use proptest::prelude::*;

use super::*;
use crate::room::Read;
use crate::room::tests::Feed;
use crate::sink::Cursor;
use crate::text::Malformed;

/// What reading ended with: the events as one text, or why there are none.
type Outcome = Result<String, Failure>;

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Failure {
    Malformed(u64),
    RoomFull(usize),
}

/// Reads the pieces through a room of that size; the parts of a string are joined.
fn events(pieces: &[&[u8]], size: usize) -> Outcome {
    let mut room = vec![0; size];
    let mut reader = Reader::new(&mut room);
    let (mut told, mut parts) = (String::new(), String::new());
    let mut feed = Feed::new(pieces);
    loop {
        let event = match reader.read() {
            Read::Item(Event::Part(part)) => {
                assert!(!part.is_empty());
                parts.push_str(&part.to_string());
                continue;
            }
            Read::Item(Event::String(last)) => {
                parts.push_str(&last.to_string());
                let whole = format!("{parts:?} ");
                parts.clear();
                whole
            }
            Read::Item(Event::Bool(value)) => format!("{value} "),
            Read::Item(Event::EndArray) => "] ".into(),
            Read::Item(Event::EndObject) => "} ".into(),
            Read::Item(Event::Key(key)) => format!("{key:?}: "),
            Read::Item(Event::Null) => "null ".into(),
            Read::Item(Event::Number(number)) => format!("{number} "),
            Read::Item(Event::StartArray) => "[ ".into(),
            Read::Item(Event::StartObject) => "{ ".into(),
            Read::NeedInput => {
                if !feed.offer(|input| reader.feed(input)) {
                    reader.end();
                }
                continue;
            }
            Read::End => {
                assert!(matches!(reader.read(), Read::End));
                return Ok(told);
            }
            Read::RoomFull { needed } => {
                assert!(needed > size);
                return Err(Failure::RoomFull(needed));
            }
            Read::Malformed { at } => {
                assert!(matches!(reader.read(), Read::Malformed { at: again } if again == at));
                return Err(Failure::Malformed(at));
            }
        };
        told.push_str(&event);
    }
}

/// The members that [`Items`] tells, written as [`tree`] writes an object.
fn items(pieces: &[&[u8]], size: usize) -> Outcome {
    let mut room = vec![0; size];
    let mut items = Items::new(&mut room);
    let (mut told, mut in_list) = (String::from("{ "), false);
    let mut feed = Feed::new(pieces);
    loop {
        let item = match items.read() {
            Read::Item(Item::Element(value)) => {
                assert!(in_list);
                told.push_str(&tree(value));
                continue;
            }
            Read::Item(item) => Some(item),
            Read::End => None,
            Read::NeedInput => {
                if !feed.offer(|input| items.feed(input)) {
                    items.end();
                }
                continue;
            }
            Read::RoomFull { needed } => return Err(Failure::RoomFull(needed)),
            Read::Malformed { at } => return Err(Failure::Malformed(at)),
        };
        if in_list {
            told.push_str("] ");
        }
        in_list = matches!(item, Some(Item::List(_)));
        match item {
            Some(Item::List(key)) => told.push_str(&format!("{key:?}: [ ")),
            Some(Item::Member(key, value)) => told.push_str(&format!("{key:?}: {}", tree(value))),
            _ => return Ok(told + "} "),
        }
    }
}

/// A value as its views show it, written as [`events`] writes it.
fn tree(value: Value<'_>) -> String {
    match value.kind() {
        Kind::Array => format!("[ {}] ", value.items().map(tree).collect::<String>()),
        Kind::Bool => format!("{} ", value.bool().unwrap()),
        Kind::Null => {
            assert!(value.is_null());
            "null ".into()
        }
        Kind::Number => format!("{} ", value.number().unwrap()),
        Kind::Object => {
            let entries = value.entries().map(|(key, value)| format!("{key:?}: {}", tree(value)));
            format!("{{ {}}} ", entries.collect::<String>())
        }
        Kind::String => format!("{:?} ", value.text().unwrap()),
    }
}

/// Reads it in all ways and holds that they agree.
fn read(document: &[u8]) -> Outcome {
    let whole = events(&[document], document.len() + 1);
    let bytes: Vec<_> = document.chunks(1).collect();
    for at in 0..=document.len() {
        let (first, second) = document.split_at(at);
        assert_eq!(events(&[first, second], document.len() + 1), whole, "split at {at}");
    }
    for size in 0..=document.len() + 1 {
        for pieces in [&[document][..], &bytes] {
            let mut outcome = events(pieces, size);
            while let Err(Failure::RoomFull(needed)) = outcome {
                outcome = events(pieces, needed);
            }
            assert_eq!(outcome, whole, "room of {size}");
        }
    }
    let value = Value::parse(document);
    match &whole {
        Ok(told) => assert_eq!(&tree(value.unwrap()), told),
        Err(Failure::Malformed(at)) => assert_eq!(value.unwrap_err(), Malformed::new(*at)),
        Err(Failure::RoomFull(_)) => panic!("the room takes everything"),
    }
    let is_object = document.trim_ascii_start().starts_with(b"{");
    for size in 0..=document.len() + 1 {
        for pieces in [&[document][..], &bytes] {
            let mut outcome = items(pieces, size);
            while let Err(Failure::RoomFull(needed)) = outcome {
                outcome = items(pieces, needed);
            }
            match &whole {
                Ok(told) if told.starts_with('{') => assert_eq!(&outcome, &whole),
                Ok(_) => assert!(matches!(outcome, Err(Failure::Malformed(_)))),
                Err(_) if is_object => assert_eq!(&outcome, &whole),
                Err(_) => assert!(outcome.is_err()),
            }
        }
    }
    whole
}

#[test]
fn well_formed_documents_are_read() {
    let table = [
        ("{}", "{ } "),
        (" [ ] ", "[ ] "),
        ("\u{feff}\t\r\n0", "0 "),
        ("-0", "-0 "),
        ("[10,-1.50,0e1,1E+2,12.3e-45]", "[ 10 -1.50 0e1 1E+2 12.3e-45 ] "),
        ("[true,false,null]", "[ true false null ] "),
        (r#""""#, "\"\" "),
        (r#""a\"\\\/\b\f\n\r\té€😀""#, "\"a\\\"\\\\/\\u{8}\\u{c}\\n\\r\\té€😀\" "),
        (r#""\u0041\u00e9\uD83D\uDE00\uD83Dx""#, "\"Aé😀\u{fffd}x\" "),
        (r#"["\uD83D\uD83D\uDE00","\uDE00"]"#, "[ \"\u{fffd}😀\" \"\u{fffd}\" ] "),
        (r#"{"a":{"b":[1,{"c":[]}]},"d":"]}"}"#, r#"{ "a": { "b": [ 1 { "c": [ ] } ] } "d": "]}" } "#),
        (
            r#"{ "Messages" : [ {"Body":"x\"y"} , 2 ] , "a" : [ ] , "a" : 1 }"#,
            r#"{ "Messages": [ { "Body": "x\"y" } 2 ] "a": [ ] "a": 1 } "#,
        ),
        ("\"\u{7f}\"", "\"\\u{7f}\" "),
    ];
    for (document, want) in table {
        assert_eq!(read(document.as_bytes()).as_deref(), Ok(want), "{document}");
    }
}

#[test]
fn malformed_documents_are_refused_where_they_break() {
    let table: &[(&[u8], u64)] = &[
        (b"", 0),
        (b" ", 1),
        (b"\xEF\xBB\xBF", 3),
        (b" \xEF\xBB\xBF1", 1),
        (b"[", 1),
        (b"[1", 2),
        (b"[1,", 3),
        (b"[1,]", 3),
        (b"[,1]", 1),
        (b"[1 2]", 3),
        (b"[1}", 2),
        (b"]", 0),
        (b"[]]", 2),
        (b"[] 1", 3),
        (b"{1:2}", 1),
        (b"{\"a\"}", 4),
        (b"{\"a\" 1}", 5),
        (b"{\"a\":}", 5),
        (b"{\"a\":1,}", 7),
        (b"{\"a\":1]", 6),
        (b"{,}", 1),
        (b"tru", 3),
        (b"trux", 0),
        (b"nul1", 0),
        (b"truex", 4),
        (b"01", 0),
        (b"-", 0),
        (b"1.", 0),
        (b".5", 0),
        (b"1e", 0),
        (b"1e+", 0),
        (b"+1", 0),
        (b"1-2", 0),
        (b"0x1", 1),
        (b"\"", 1),
        (b"\"\\\"", 3),
        (b"\"\\x\"", 1),
        (b"\"\\u12g4\"", 1),
        (b"\"\\uD83D\\u12\"", 7),
        (b"\"\n\"", 1),
        (b"\"\0\"", 1),
        (b"\"\xff\"", 1),
        (b"\"\xed\xa0\x80\"", 1),
        (b"1\xff", 1),
        (b"[\xc3", 1),
        (b"{\"\x1f\":1}", 2),
        (b"'a'", 0),
        (b"/**/1", 0),
        (b"\x0c1", 0),
    ];
    for (document, at) in table {
        let name = String::from_utf8_lossy(document);
        assert_eq!(read(document), Err(Failure::Malformed(*at)), "{name}");
    }
}

#[test]
fn a_cut_document_never_ends() {
    let document = r#"{"a":[1,-2.5e3,true,null],"b\n":{"c":"\uD83D\uDE00é"},"d":[{}]}"#;
    for cut in 0..document.len() {
        assert!(read(&document.as_bytes()[..cut]).is_err(), "cut at {cut}");
    }
    assert!(read(document.as_bytes()).is_ok());
}

#[test]
fn nesting_ends_at_the_depth_that_is_documented() {
    let deep = |depth| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    assert!(read(deep(DEPTH).as_bytes()).is_ok());
    assert_eq!(read(deep(DEPTH + 1).as_bytes()), Err(Failure::Malformed(DEPTH as u64)));
    let objects = |depth| format!("{}1{}", "{\"\":".repeat(depth), "}".repeat(depth));
    assert!(read(objects(DEPTH).as_bytes()).is_ok());
    assert_eq!(read(objects(DEPTH + 1).as_bytes()), Err(Failure::Malformed(5 * DEPTH as u64 - DEPTH as u64)));
}

#[test]
fn hostile_documents_take_time_in_proportion() {
    let many = 30_000;
    let documents = [
        format!("{{\"{}\":1}}", "k".repeat(many)),
        format!("{{\"a\":\"{}\"}}", "\\\\".repeat(many)),
        format!("{{\"a\":\"{}\"}}", "\\uD83D".repeat(many)),
        format!("{{\"a\":1{}}}", "0".repeat(many)),
        format!("{{\"a\":[1{}]}}", ",{}".repeat(many)),
        format!("{{\"a\":{{\"b\":[1{}]}}}}", ",[]".repeat(many)),
        format!("{{{}}}", " ".repeat(many)),
    ];
    for document in documents {
        let bytes: Vec<_> = document.as_bytes().chunks(1).collect();
        assert!(events(&bytes, document.len()).is_ok());
        assert!(items(&bytes, document.len()).is_ok());
        assert!(Value::parse(document.as_bytes()).is_ok_and(|value| value.entries().count() < 2));
    }
    assert!(Value::parse("[".repeat(many).as_bytes()).is_err());
}

#[test]
fn long_strings_come_in_parts_and_end() {
    let document = br#"["0123456789\u0041"]"#;
    let mut room = [0; 8];
    let mut reader = Reader::new(&mut room);
    let (mut rest, mut told) = (&document[..], Vec::new());
    loop {
        match reader.read() {
            Read::Item(Event::Part(part)) => told.push(format!("part {part}")),
            Read::Item(Event::String(last)) => told.push(format!("last {last}")),
            Read::Item(_) => {}
            Read::NeedInput if rest.is_empty() => reader.end(),
            Read::NeedInput => rest = &rest[reader.feed(rest)..],
            Read::End => break,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(told, ["part 0123456", "part 789", "last A"]);
}

#[test]
fn values_answer_only_to_their_kind() {
    let value = Value::parse(br#" {"n":1.5,"i":-9,"s":"9","b":true,"z":null,"a":[1],"\u0069":2} "#).unwrap();
    let member = |key| value.get(key).unwrap();
    assert_eq!(value.kind(), Kind::Object);
    assert_eq!((member("n").int(), member("n").number()), (None, Some("1.5")));
    assert_eq!((member("i").int(), member("i").text()), (Some(-9), None));
    assert_eq!((member("s").int(), member("s").number()), (None, None));
    assert_eq!(member("s").text().unwrap().int(), Some(9));
    assert_eq!((member("b").bool(), member("s").bool()), (Some(true), None));
    assert!(member("z").is_null() && !member("b").is_null());
    assert_eq!((member("a").items().count(), value.items().count(), member("s").items().count()), (1, 0, 0));
    assert!(member("a").get("a").is_none() && value.get("x").is_none());
    assert_eq!(member("a").raw(), "[1]");
    assert_eq!(format!("{value:?}"), "Value(Object)");
}

#[test]
fn what_a_room_holds_is_not_in_debug() {
    let mut room = *b"secret";
    assert_eq!(format!("{:?}", Reader::new(&mut room)), "Reader { depth: 0, .. }");
    assert_eq!(format!("{:?}", Items::new(&mut room)), "Items { depth: 0, .. }");
}

#[test]
fn readers_are_small() {
    assert!(size_of::<Reader<'_>>() <= 160, "{}", size_of::<Reader<'_>>());
    assert!(size_of::<Items<'_>>() <= 160, "{}", size_of::<Items<'_>>());
}

fn written(write: impl Fn(&mut Writer<'_>)) -> String {
    let mut room = [0; 2048];
    let mut out = Cursor::new(&mut room);
    write(&mut Writer::new(&mut out));
    String::from_utf8(out.finish().unwrap().to_vec()).unwrap()
}

#[test]
fn documents_are_written_with_commas_and_escapes() {
    let document = written(|to| {
        to.open_object().key("a\"").open_array().close_array();
        to.key("b").open_array().int(-1).number("1.5e3").bool(true).null().open_object().close_object();
        to.open_array().string("").close_array().close_array();
        to.key("c").string("\"\\/\u{8}\u{c}\n\r\t\u{0}\u{1f}\u{7f}é😀");
        to.key("d").string_from(|to| {
            to.put(b"AQ");
            to.put(b"==\"");
        });
        to.close_object();
    });
    let want = "{\"a\\\"\":[],\"b\":[-1,1.5e3,true,null,{},[\"\"]],\
        \"c\":\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\u{7f}é😀\",\"d\":\"AQ==\\\"\"}";
    assert_eq!(document, want);
    assert!(read(document.as_bytes()).is_ok());
}

fn fragments() -> impl Strategy<Value = String> {
    let fragment = prop::sample::select(
        &[
            "{", "}", "[", "]", ",", ":", "\"", "\"a\"", "\"a\":", "\\", "\\n", "\\u0041", "\\uD83D",
            "\\uDE00", "u", "é", "😀", "1", "-", "0", ".", "e", "+", "true", "false", "null", " ", "\n",
            "\u{1}", "\"b\":[", "\u{feff}",
        ][..],
    );
    prop::collection::vec(fragment, 0..12).prop_map(|parts| parts.concat())
}

fn trees() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(
        &[
            "null",
            "true",
            "-1.5e3",
            "0",
            "\"\"",
            "\"a\\n\\uD83D\\uDE00é\"",
            "\"]}\\\"\"",
            " 7 ",
            "[ ]",
            "{ }",
        ][..],
    );
    leaf.prop_map(str::to_string).prop_recursive(4, 16, 4, |inner| {
        let values = prop::collection::vec(inner, 1..4);
        (values, any::<bool>()).prop_map(|(values, object)| {
            if object {
                let entries: Vec<_> = values.iter().map(|value| format!("\"k\\\"\" : {value}")).collect();
                format!("{{{}}}", entries.join(" ,"))
            } else {
                format!("[{}]", values.join(", "))
            }
        })
    })
}

proptest! {
    #[test]
    fn any_bytes_are_read_alike_in_all_ways(document in prop_oneof![
        prop::collection::vec(any::<u8>(), 0..24),
        fragments().prop_map(String::into_bytes),
        fragments().prop_map(|inside| format!("{{\"a\":[{inside}]}}").into_bytes()),
    ]) {
        let _ = read(&document);
    }

    #[test]
    fn any_tree_is_read_alike_in_all_ways(document in trees()) {
        prop_assume!(document.len() < 100);
        prop_assert!(read(document.as_bytes()).is_ok());
    }

    #[test]
    fn what_is_written_is_read_back(key: String, text: String, number: i64) {
        prop_assume!(key.len() + text.len() < 200);
        let document = written(|to| {
            to.open_object().key(&key).string(&text).key("\n").int(number).close_object();
        });
        let value = Value::parse(document.as_bytes()).unwrap();
        let mut entries = value.entries();
        let (written, string) = entries.next().unwrap();
        prop_assert_eq!(written, key.as_str());
        prop_assert_eq!(string.text().unwrap(), text.as_str());
        prop_assert_eq!(entries.next().unwrap().1.int(), Some(number));
    }
}
