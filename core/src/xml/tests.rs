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

/// What reading ended with: events as one text, or why there are none.
type Outcome = Result<String, Failure>;

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Failure {
    Malformed(u64),
    RoomFull(usize),
}

fn attributes_of(attributes: Attributes<'_>) -> String {
    attributes.map(|(name, value)| format!(" {name}={value:?}")).collect()
}

/// Reads the pieces through a room of that size; texts in a row are joined.
fn events(pieces: &[&[u8]], size: usize) -> Outcome {
    let mut room = vec![0; size];
    let mut reader = Reader::new(&mut room);
    let (mut told, mut text) = (String::new(), String::new());
    let mut feed = Feed::new(pieces);
    loop {
        let event = match reader.read() {
            Read::Item(Event::Text(more)) => {
                assert!(!more.raw().is_empty());
                text.push_str(&more.to_string());
                continue;
            }
            Read::Item(Event::Start { name, attributes }) => format!("<{name}{}>", attributes_of(attributes)),
            Read::Item(Event::End { name }) => format!("</{name}>"),
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
        if !text.is_empty() {
            told.push_str(&format!("{text:?}"));
            text.clear();
        }
        told.push_str(&event);
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
    let root = Element::root(document);
    match &whole {
        Ok(told) => assert_eq!(&tree(root.unwrap()), &tree_of(told)),
        Err(Failure::Malformed(at)) => assert_eq!(root.unwrap_err(), Malformed::new(*at)),
        Err(Failure::RoomFull(_)) => panic!("the room takes everything"),
    }
    for size in [0, 7, 16, 40, document.len() + 1] {
        let mut outcome = items(&bytes, size);
        while let Err(Failure::RoomFull(needed)) = outcome {
            outcome = items(&[document], needed);
        }
        match (outcome, Element::root(document)) {
            (Ok(items), Ok(root)) => {
                let children: String = root.children().map(tree).collect();
                assert_eq!(items, format!("{}{}:{children}", root.name(), attributes_of(root.attributes())));
            }
            (outcome, root) => {
                assert_eq!(
                    outcome.map_err(Some),
                    root.map(|_| String::new()).map_err(|error| { Some(Failure::Malformed(error.at)) })
                );
            }
        }
    }
    whole
}

fn items(pieces: &[&[u8]], size: usize) -> Outcome {
    let mut room = vec![0; size];
    let mut items = Items::new(&mut room);
    let mut told = String::new();
    let mut feed = Feed::new(pieces);
    loop {
        match items.read() {
            Read::Item(Item::Root { name, attributes }) => {
                told = format!("{}{}:", name.rsplit(':').next().unwrap(), attributes_of(attributes));
            }
            Read::Item(Item::Child(child)) => told.push_str(&tree(child)),
            Read::NeedInput => {
                if !feed.offer(|input| items.feed(input)) {
                    items.end();
                }
            }
            Read::End => return Ok(told),
            Read::RoomFull { needed } => return Err(Failure::RoomFull(needed)),
            Read::Malformed { at } => return Err(Failure::Malformed(at)),
        }
    }
}

/// An element as its views show it: name, attributes, first text, children.
fn tree(element: Element<'_>) -> String {
    let children: String = element.children().map(tree).collect();
    format!("({}{}{:?}{children})", element.name(), attributes_of(element.attributes()), element.text())
}

/// The same from events.
fn tree_of(told: &str) -> String {
    let mut tree = String::new();
    let mut rest = told;
    let mut takes_text = false;
    while !rest.is_empty() {
        let (event, after) = if let Some(inside) = rest.strip_prefix('<') {
            let end = end_of_tag(inside);
            (&rest[..end + 2], &inside[end + 1..])
        } else {
            let end = end_of_string(rest);
            rest.split_at(end)
        };
        if let Some(tag) = event.strip_prefix("</") {
            assert!(tag.ends_with('>'));
            tree.push_str(if takes_text { "\"\")" } else { ")" });
            takes_text = false;
        } else if let Some(tag) = event.strip_prefix('<') {
            if takes_text {
                tree.push_str("\"\"");
            }
            let tag = tag.strip_suffix('>').unwrap();
            let name = &tag[..tag.find(' ').unwrap_or(tag.len())];
            let local = name.rsplit(':').next().unwrap();
            tree.push_str(&format!("({local}{}", &tag[name.len()..]));
            takes_text = true;
        } else if takes_text {
            tree.push_str(event);
            takes_text = false;
        }
        rest = after;
    }
    tree
}

fn end_of_tag(tag: &str) -> usize {
    let mut at = 0;
    while !tag[at..].starts_with('>') {
        at += if tag[at..].starts_with('"') {
            end_of_string(&tag[at..])
        } else {
            tag[at..].chars().next().unwrap().len_utf8()
        };
    }
    at
}

fn end_of_string(text: &str) -> usize {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|(_, char)| {
        let ends = *char == '"' && !escaped;
        escaped = *char == '\\' && !escaped;
        ends
    });
    end.unwrap().0 + 1
}

#[test]
fn well_formed_documents_are_read() {
    let table = [
        ("<a/>", "<a></a>"),
        ("<a />", "<a></a>"),
        ("<a></a \r\n>", "<a></a>"),
        ("<a>x</a>", r#"<a>"x"</a>"#),
        (" \r\n<?xml version=\"1.0\" encoding='utf-8'?>\n<a/>\n", "<a></a>"),
        ("<?xml version='1.0' encoding='utf8'?><a/>", "<a></a>"),
        ("<?xml version='1.0' encoding=\"UTF8\"?><a/>", "<a></a>"),
        ("\u{feff}<?xml version='1.1'?><a/>", "<a></a>"),
        ("<?xml version=\"1.0\" standalone=\"yes\" ?><a/>", "<a></a>"),
        ("<!-- <x> - --><?p?><?q <r> ? ?><a><!----></a><!-- & -->", "<a></a>"),
        ("<a b='1' c:d = \"'&lt;>\" e=''/>", r#"<a b="1" c:d="'<>" e=""></a>"#),
        ("<a b='x/'>y</a>", r#"<a b="x/">"y"</a>"#),
        ("<a>1&amp;2<!-- 3 -->4<![CDATA[<5>&amp;]]>]]&gt;</a>", r#"<a>"1&24<5>&amp;]]>"</a>"#),
        ("<a><![CDATA[]]></a>", "<a></a>"),
        ("<a><![CDATA[]]]]></a>", r#"<a>"]]"</a>"#),
        ("<a>1\r\n2\r3\r<b/>\r\n</a>", r#"<a>"1\n2\n3\n"<b></b>"\n"</a>"#),
        ("<a>&#x1;\u{1}\u{7f}&#0;&#31;</a>", r#"<a>"\u{1}\u{1}\u{7f}\0\u{1f}"</a>"#),
        (
            "<s3:a xmlns:s3=\"u\"><s3:b.c-d_9>é€😀</s3:b.c-d_9></s3:a>",
            "<s3:a xmlns:s3=\"u\"><s3:b.c-d_9>\"é€😀\"</s3:b.c-d_9></s3:a>",
        ),
        ("<é é='&#233;'/>", r#"<é é="é"></é>"#),
        ("<a><b><a>1</a></b><b/>2<c>3</c></a>", r#"<a><b><a>"1"</a></b><b></b>"2"<c>"3"</c></a>"#),
        ("<a>]]<!---->>]>]] ></a>", r#"<a>"]]>]>]] >"</a>"#),
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
        (b"x<a/>", 0),
        (b"<a/>x", 4),
        (b"<a/><b/>", 4),
        (b"<a/></a>", 4),
        (b"</a>", 0),
        (b"<a>", 3),
        (b"<a", 2),
        (b"<a b='", 6),
        (b"<a></b>", 5),
        (b"<a><b></a></b>", 8),
        (b"<a></a b>", 7),
        (b"<a></a/>", 6),
        (b"<a></>", 5),
        (b"<>", 1),
        (b"< a/>", 1),
        (b"<1/>", 1),
        (b"<a b/>", 4),
        (b"<a b=c/>", 5),
        (b"<a b='1'c='2'/>", 8),
        (b"<a b='<'/>", 6),
        (b"<a b='&x;'/>", 6),
        (b"<a b='&amp'/>", 6),
        (b"<a <b/>", 3),
        (b"<a / >", 3),
        (b"<a>x]]]></a>", 5),
        (b"<a>&x;</a>", 3),
        (b"<a>&</a>", 3),
        (b"<a>& </a>", 3),
        (b"<a>&#;</a>", 3),
        (b"<a>&#x;</a>", 3),
        (b"<a>&#xD800;</a>", 3),
        (b"<a>&#x110000;</a>", 3),
        (b"<a>&#99999999999;</a>", 3),
        (b"<a>&#0000000000000000000000000000000065;</a>", 3),
        (b"<!DOCTYPE a><a/>", 0),
        (b"<a><!DOCTYPE a></a>", 3),
        (b"<![CDATA[x]]><a/>", 0),
        (b"<a><!- -></a>", 3),
        (b"<a><!-- -- --></a>", 8),
        (b"<a><!--", 7),
        (b"<a><![CDATA[", 12),
        (b"<a><?p", 6),
        (b"<a><? p?></a>", 5),
        (b"<a><?p!?></a>", 6),
        (b"<a><?XML x?></a>", 5),
        (b"<a/><?xml version='1.0'?>", 6),
        (b"<!----><?xml version='1.0'?><a/>", 9),
        (b"<?xml version='1.0' encoding='UTF-16'?><a/>", 30),
        (b"<?xml version='1.0' encoding='UTF'?><a/>", 30),
        (b"<?xml version='1.0' encoding='ISO-8859-1'?><a/>", 30),
        (b"<?xml version='2.0'?><a/>", 15),
        (b"<?xml encoding='UTF-8'?><a/>", 5),
        (b"<?xml version='1.0' x?><a/>", 21),
        (b"<?xml?><a/>", 2),
        (b" \xEF\xBB\xBF<a/>", 1),
        (b"<a>\xff</a>", 3),
        (b"<a>\xc3</a>", 3),
        (b"<a>\xed\xa0\x80</a>", 3),
        (b"<a/>\xc3", 4),
        (b"<!-- \xc0\x80 --><a/>", 5),
        (b"<a>x\xf0\x9f", 4),
    ];
    for (document, at) in table {
        let name = String::from_utf8_lossy(document);
        assert_eq!(read(document), Err(Failure::Malformed(*at)), "{name}");
    }
}

#[test]
fn a_cut_document_never_ends() {
    let document = "<?xml version='1.0'?><a b='c'><!-- d --><e/>f&amp;<![CDATA[g]]><é>€</é></a>";
    for cut in 0..document.len() {
        assert!(read(&document.as_bytes()[..cut]).is_err(), "cut at {cut}");
    }
    assert!(read(document.as_bytes()).is_ok());
}

#[test]
fn nesting_ends_at_the_depth_that_is_documented() {
    let deep = |depth| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
    assert!(read(deep(DEPTH).as_bytes()).is_ok());
    assert_eq!(read(deep(DEPTH + 1).as_bytes()), Err(Failure::Malformed(3 * DEPTH as u64)));
    let empty = deep(DEPTH).replace("<a></a>", "<a><a/></a>");
    assert_eq!(read(empty.as_bytes()), Err(Failure::Malformed(3 * DEPTH as u64)));
}

#[test]
fn hostile_documents_take_time_in_proportion() {
    let many = 30_000;
    let documents = [
        format!("<a {}/>", "b='c' ".repeat(many)),
        format!("<a>{}</a>", "&lt;".repeat(many)),
        format!("<a>{}</a>", "<b/>".repeat(many)),
        format!("<a><b>{}</b></a>", "<!---->".repeat(many)),
        format!("<{0}></{0}>", "a".repeat(many)),
        format!("<a></a{}>", " ".repeat(many)),
        format!("<?{} ?><a/>", "p".repeat(many)),
        format!("<a><![CDATA[{}]]></a>", "]".repeat(many)),
        format!("<a><!--{}--></a>", "- ".repeat(many)),
        format!("<a b='{}'/>", ">".repeat(many)),
        format!("{}<a/>", " ".repeat(many)),
    ];
    for document in documents {
        let bytes: Vec<_> = document.as_bytes().chunks(1).collect();
        assert!(events(&bytes, document.len()).is_ok());
        assert!(items(&bytes, document.len()).is_ok());
        assert!(Element::root(document.as_bytes()).is_ok_and(|root| root.children().count() <= many));
    }
    assert!(Element::root("<a>".repeat(many).as_bytes()).is_err());
}

#[test]
fn elements_answer_by_name() {
    let document =
        br#"<l:List x='0' l:x='1'><Name>a&lt;</Name><s:Key>1</s:Key><Key>2</Key>t<!-- --></l:List>"#;
    let list = Element::root(document).unwrap();
    assert_eq!(list.name(), "List");
    assert_eq!(list.child("Key").unwrap().text().int(), Some(1));
    assert_eq!(list.child("Name").unwrap().text(), "a<");
    assert!(list.child("Nam").is_none());
    assert_eq!(list.attribute("l:x").unwrap(), "1");
    assert!(list.attribute("y").is_none());
    assert!(list.text().is_empty());
    assert_eq!(format!("{list:?}"), r#"Element("l:List")"#);
}

#[test]
fn what_a_room_holds_is_not_in_debug() {
    let mut room = *b"secret";
    let reader = Reader::new(&mut room);
    assert_eq!(format!("{reader:?}"), "Reader { depth: 0, .. }");
    let mut room = *b"secret";
    assert_eq!(format!("{:?}", Items::new(&mut room)), "Items { depth: 0, .. }");
}

#[test]
fn readers_are_small() {
    assert!(size_of::<Reader<'_>>() <= 256, "{}", size_of::<Reader<'_>>());
    assert!(size_of::<Items<'_>>() <= 256, "{}", size_of::<Items<'_>>());
}

fn written(write: impl Fn(&mut Writer<'_>)) -> String {
    let mut room = [0; 2048];
    let mut out = Cursor::new(&mut room);
    write(&mut Writer::new(&mut out));
    String::from_utf8(out.finish().unwrap().to_vec()).unwrap()
}

#[test]
fn documents_are_written_as_botocore_does() {
    let document = written(|to| {
        to.open("Delete").attribute("xmlns", "u\"<&>\t\r\n'");
        to.open("Object").element("Key", "a\"'<&>\r\n\t\u{1}é").element("Empty", "").close("Object");
        to.open("Size").int(-7).close("Size").open("Sum").text_from(|to| to.put(b"AQ==")).close("Sum");
        to.open("Quiet").text("").close("Quiet").close("Delete");
    });
    let want = "<Delete xmlns=\"u&quot;&lt;&amp;&gt;&#x9;&#xD;&#xA;'\">\
        <Object><Key>a\"'&lt;&amp;&gt;&#xD;&#xA;\t\u{1}é</Key><Empty /></Object>\
        <Size>-7</Size><Sum>AQ==</Sum><Quiet /></Delete>";
    assert_eq!(document, want);
}

fn fragments() -> impl Strategy<Value = String> {
    let fragment = prop::sample::select(
        &[
            "<a>",
            "</a>",
            "<b c='d'>",
            "</b>",
            "<s:e/>",
            "<f g=\"&lt;\" h='' />",
            "<",
            ">",
            "/",
            "'",
            "\"",
            "&",
            ";",
            "&amp;",
            "&#x41;",
            "&#10",
            "<!--",
            "-->",
            "--",
            "<?p",
            "?>",
            "<![CDATA[",
            "]]>",
            "]",
            "\r",
            "\n",
            " ",
            "x",
            "é",
            "😀",
            "=",
            "<?xml version='1.0'?>",
            "<!D",
            "-",
            "?",
        ][..],
    );
    prop::collection::vec(fragment, 0..12).prop_map(|parts| parts.concat())
}

fn trees() -> impl Strategy<Value = String> {
    let text = || {
        prop::sample::select(
            &["", "x", "&amp;é", "<!-- - -->", "<?p q?>", "<![CDATA[]<]]>", "\r\n", "&#13;"][..],
        )
    };
    let attribute = || prop::sample::select(&["", " b='1'", " c:d=\"&quot;>\" e = ''"][..]);
    let name = || prop::sample::select(&["a", "s:b", "Contents"][..]);
    let leaf = (name(), attribute(), text())
        .prop_map(|(name, attribute, text)| format!("<{name}{attribute}>{text}</{name}>"));
    let empty = (name(), attribute()).prop_map(|(name, attribute)| format!("<{name}{attribute}/>"));
    prop_oneof![leaf, empty].prop_recursive(4, 16, 4, move |inner| {
        let parts = prop::collection::vec((text(), inner), 0..4);
        (name(), attribute(), parts, text()).prop_map(|(name, attribute, parts, last)| {
            let inner: String =
                parts.into_iter().flat_map(|(text, inner)| [text.to_string(), inner]).collect();
            format!("<{name}{attribute}>{inner}{last}</{name}>")
        })
    })
}

proptest! {
    #[test]
    fn any_bytes_are_read_alike_in_all_ways(document in prop_oneof![
        prop::collection::vec(any::<u8>(), 0..24),
        fragments().prop_map(String::into_bytes),
        fragments().prop_map(|inside| format!("<r>{inside}</r>").into_bytes()),
    ]) {
        let _ = read(&document);
    }

    #[test]
    fn any_tree_is_read_alike_in_all_ways(document in trees()) {
        prop_assume!(document.len() < 100);
        prop_assert!(read(document.as_bytes()).is_ok());
    }

    #[test]
    fn what_is_written_is_read_back(text: String, value: String) {
        prop_assume!(text.len() + value.len() < 200);
        let document = written(|to| {
            to.open("a").attribute("b", &value).element("c", &text).close("a");
        });
        let root = Element::root(document.as_bytes()).unwrap();
        prop_assert_eq!(root.attribute("b").unwrap(), value.as_str());
        prop_assert_eq!(root.child("c").unwrap().text(), text.as_str());
    }
}
