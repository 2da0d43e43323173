//! Requests written and read again in any order, and what cannot be one.

extern crate std;

use core::cell::Cell;
use core::cmp::Ordering;
use std::format;
use std::string::String;
use std::vec;
use std::vec::Vec;

use proptest::prelude::*;

use super::order::by_header;
use super::order::by_query;
use super::*;
use crate::encode::tests::written;
use crate::sink::SMALL;
use crate::time::Time;
use crate::uri::UrlError;

fn text(write: impl FnOnce(&mut dyn Sink)) -> String {
    String::from_utf8(written(write)).unwrap()
}

/// The query as it is signed.
fn canonical(request: &Request<'_>) -> Vec<String> {
    request.query().iter().map(|pair| text(|mut to| request.write_canonical_pair(pair, &mut to))).collect()
}

fn names(pairs: &[Pair<'_>]) -> Vec<String> {
    pairs.iter().map(|pair| text(|to| pair.write_name(to))).collect()
}

#[test]
fn methods_are_named_in_upper_case() {
    for method in Method::ALL {
        assert_eq!(Method::named(method.as_str()), Some(method));
        assert_eq!(Method::named(&method.as_str().to_ascii_lowercase()), None);
    }
    assert_eq!([Method::named(""), Method::named("TRACE"), Method::named("GET ")], [None; 3]);
}

#[test]
fn urls_come_apart() {
    for (url, host, path, query) in [
        ("https://h", "h", "", &[][..]),
        ("https://h/", "h", "", &[]),
        ("https://h?", "h", "", &[]),
        ("https://h?a", "h", "", &["a="]),
        ("https://h?/a=/b", "h", "", &["%2Fa=%2Fb"]),
        ("https://h:443/a", "h", "a", &[]),
        ("http://h:443/a", "h:443", "a", &[]),
        ("http://[::1]:80//a/", "[::1]", "/a/", &[]),
        ("HTTP://H:1/a://b", "H:1", "a://b", &[]),
        ("https://h/a?b?c", "h", "a", &["b%3Fc="]),
        ("https://h/?a=1&&b=2&", "h", "", &["a=1", "b=2"]),
        ("https://h/?=&a", "h", "", &["=", "a="]),
        ("https://h/?a=b=c", "h", "", &["a=b%3Dc"]),
        ("https://h/?a+b=c+d%20e%2bf", "h", "", &["a%2Bb=c%2Bd%20e%2Bf"]),
        ("https://h/?%41=%7e%zz%", "h", "", &["A=~%25zz%25"]),
    ] {
        let mut pairs = [Pair::EMPTY; 4];
        let raw = Raw::from_url(url, &mut pairs).unwrap();
        assert_eq!((raw.host(), raw.url().path()), (host, ""), "{url}");
        let request = raw.finish().unwrap();
        assert_eq!((request.method(), request.bucket()), (Method::Get, ""));
        assert_eq!((request.path(), request.coding()), (path, Coding::Percent), "{url}");
        assert_eq!(canonical(&request), query, "{url}");
    }
}

#[test]
fn what_is_no_url_is_refused_where_it_is_wrong() {
    for (url, error) in [
        ("", Invalid::Url(UrlError::Scheme)),
        ("/a", Invalid::Url(UrlError::Scheme)),
        ("foo/https://h", Invalid::Url(UrlError::Scheme)),
        ("https:///a", Invalid::Url(UrlError::Host { at: 8 })),
        ("https://?a", Invalid::Url(UrlError::Host { at: 8 })),
        ("https://a b/", Invalid::Url(UrlError::Character { at: 9 })),
        ("https://u:p@h/", Invalid::Url(UrlError::UserInfo { at: 8 })),
        ("https://h:0/", Invalid::Url(UrlError::Port { at: 9 })),
        ("https://h\\evil/", Invalid::Url(UrlError::Path { at: 9 })),
        ("https://h/#a", Invalid::Character { at: 10 }),
        ("https://h/?a#b", Invalid::Character { at: 12 }),
        ("https://h/\n", Invalid::Character { at: 10 }),
        ("https://h/?a=\r", Invalid::Character { at: 13 }),
        ("https://h/a\0b", Invalid::Character { at: 11 }),
        ("https://h/\t", Invalid::Character { at: 10 }),
        ("https://h/\u{7f}", Invalid::Character { at: 10 }),
    ] {
        assert_eq!(Raw::from_url(url, &mut [Pair::EMPTY; 4]).unwrap_err(), error, "{url:?}");
    }
}

#[test]
fn a_header_that_cannot_be_sent_is_named() {
    for (name, value, error) in [
        ("", "v", Invalid::Name { name: "" }),
        ("a b", "v", Invalid::Name { name: "a b" }),
        ("a:", "v", Invalid::Name { name: "a:" }),
        ("a\r\nb", "v", Invalid::Name { name: "a\r\nb" }),
        ("a\0", "v", Invalid::Name { name: "a\0" }),
        ("\u{e9}", "v", Invalid::Name { name: "\u{e9}" }),
        ("x", "a\nb", Invalid::Value { name: "x" }),
        ("x", "a\r", Invalid::Value { name: "x" }),
        ("x", "\0", Invalid::Value { name: "x" }),
        ("x", "\u{7f}", Invalid::Value { name: "x" }),
        ("x", "\u{e9}", Invalid::Value { name: "x" }),
        ("Host", "", Invalid::Value { name: "Host" }),
        ("host", "a b", Invalid::Value { name: "host" }),
        ("host", "a\r\nb: c", Invalid::Value { name: "host" }),
        ("host", "\u{e9}", Invalid::Value { name: "host" }),
        ("x-amz-date", "v", Invalid::Reserved { name: "x-amz-date" }),
        ("X-Amz-Content-SHA256", "v", Invalid::Reserved { name: "X-Amz-Content-SHA256" }),
        ("X-AMZ-SECURITY-TOKEN", "v", Invalid::Reserved { name: "X-AMZ-SECURITY-TOKEN" }),
    ] {
        let mut pairs = [Pair::EMPTY; 4];
        let mut raw = Raw::from_url("https://h", &mut pairs).unwrap();
        raw.header(name, value);
        // The first is told.
        raw.header("later", "\n");
        assert_eq!(raw.finish().unwrap_err(), error, "{name:?}: {value:?}");
    }
}

#[test]
fn a_host_of_the_callers_is_another() {
    let mut pairs = [Pair::EMPTY; 4];
    let mut raw = Raw::from_url("https://h:8443/", &mut pairs).unwrap();
    assert_eq!(raw.host(), "h:8443");
    raw.header("HOST", "other.example:1");
    assert_eq!(raw.host(), "other.example:1");
    assert!(raw.finish().unwrap().headers().is_empty());
}

#[test]
fn host_of_a_draft_is_refused() {
    for name in ["host", "Host", "x-amz-date"] {
        let mut pairs = [Pair::EMPTY; 4];
        let mut draft = Draft::new(Method::Get, &mut pairs);
        draft.header(name, Value::Text("v"));
        assert_eq!(draft.finish().unwrap_err(), Invalid::Reserved { name });
    }
}

#[test]
fn metadata_may_be_called_anything_that_is_a_name() {
    for name in ["host", "Authorization", "x-amz-date", "user-agent", "expect", ""] {
        let mut pairs = [Pair::EMPTY; 4];
        let mut draft = Draft::new(Method::Put, &mut pairs);
        draft.header(name, Value::Meta("v"));
        let request = draft.finish().unwrap();
        assert_eq!(names(request.headers()), [format!("x-amz-meta-{}", name.to_lowercase())]);
        assert!(request.unsigned().is_empty());
    }
    let mut pairs = [Pair::EMPTY; 4];
    let mut draft = Draft::new(Method::Put, &mut pairs);
    draft.header("a b", Value::Meta("v"));
    assert_eq!(draft.finish().unwrap_err(), Invalid::Name { name: "a b" });
}

#[test]
fn values_that_say_themselves_are_checked() {
    for (value, valid) in [
        (Value::Recited(&"a b\t~"), true),
        (Value::Recited(&"a\nb"), false),
        (Value::Recited(&&b"\xff"[..]), false),
        (Value::Base64(b"\r\n"), true),
        (Value::Time(Time::from_seconds(i64::MAX), TimeFormat::EpochSeconds), true),
        (Value::Time(Time::from_seconds(i64::MAX), TimeFormat::HttpDate), false),
        (Value::Time(Time::from_seconds(i64::MIN), TimeFormat::DateTime), false),
    ] {
        let mut pairs = [Pair::EMPTY; 4];
        let mut draft = Draft::new(Method::Get, &mut pairs);
        draft.header("x", value);
        let expected = if valid { Ok(1) } else { Err(Invalid::Value { name: "x" }) };
        assert_eq!(draft.finish().map(|request| request.headers().len()), expected);
    }
}

#[test]
fn values_are_written_in_their_kinds() {
    let at = Time::from_seconds(482_196_050);
    for (value, expected) in [
        (Value::Base64(b"\xff\xfe"), "//4="),
        (Value::Bool(true), "true"),
        (Value::Bool(false), "false"),
        (Value::Crc32(0x3610_a686), "NhCmhg=="),
        (Value::Flag, ""),
        (Value::Int(i64::MIN), "-9223372036854775808"),
        (Value::Meta(" m "), " m "),
        (Value::Recited(&"r"), "r"),
        (Value::Text("t\u{e9}"), "t\u{e9}"),
        (Value::Time(at, TimeFormat::DateTime), "1985-04-12T23:20:50Z"),
        (Value::Time(at, TimeFormat::EpochSeconds), "482196050"),
        (Value::Time(at, TimeFormat::HttpDate), "Fri, 12 Apr 1985 23:20:50 GMT"),
    ] {
        assert_eq!(text(|to| value.write(to)), expected);
    }
}

#[test]
fn blanks_of_headers_are_folded_however_a_value_comes() {
    struct Pieces<'p>(&'p [&'p str]);
    impl Recite for Pieces<'_> {
        fn recite(&self, to: &mut dyn Sink) {
            self.0.iter().for_each(|piece| to.put(piece.as_bytes()));
        }
    }
    for (pieces, expected) in [
        (&[""][..], ""),
        (&[" "], ""),
        (&[" \t "], ""),
        (&["a"], "a"),
        (&["  a  b\t\tc "], "a b c"),
        (&["\" a  b \""], "\" a b \""),
        (&["a", "b"], "ab"),
        (&["a ", " b"], "a b"),
        (&["a", " ", "", "\t", "b", " "], "a b"),
        (&[" ", "a"], "a"),
    ] {
        let (whole, pieces) = (pieces.concat(), Pieces(pieces));
        let folded = |value| text(|to| Pair::new("a", value).write_folded(to));
        assert_eq!(folded(Value::Recited(&pieces)), expected, "{whole:?}");
        assert_eq!(folded(Value::Text(&whole)), expected, "{whole:?}");
        assert_eq!(folded(Value::Meta(&whole)), expected, "{whole:?}");
    }
}

#[test]
fn queries_and_headers_find_their_places_in_any_order() {
    let mut pairs = [Pair::EMPTY; 9];
    let mut draft = Draft::new(Method::Get, &mut pairs);
    draft.header("B", Value::Text("1"));
    draft.query("b", Value::Text("2"));
    draft.header("a", Value::Text("3"));
    draft.query("a", Value::Flag);
    draft.header("User-Agent", Value::Text("4"));
    draft.query("B", Value::Int(5));
    draft.header("b", Value::Text("6"));
    draft.header("Expect", Value::Text("7"));
    let request = draft.finish().unwrap();
    assert_eq!(canonical(&request), ["B=5", "a=", "b=2"]);
    assert_eq!(names(request.headers()), ["a", "b", "b"]);
    assert_eq!(names(request.unsigned()), ["expect", "user-agent"]);
    // Those of one name stay in the order in which they came.
    let values: Vec<_> = request.headers().iter().map(|pair| text(|to| pair.value().write(to))).collect();
    assert_eq!(values, ["3", "1", "6"]);
}

#[test]
fn sorting_takes_no_more_steps_than_it_must_and_leaves_equals_as_they_were() {
    const COUNT: i64 = 3_000;
    let names: Vec<String> = (0..COUNT).map(|name| format!("{name:04}")).collect();
    let scattered = |at: i64| at * 7_919 % COUNT;
    for (what, place) in [
        ("ascending", &(|at| at) as &dyn Fn(i64) -> i64),
        ("descending", &|at| COUNT - 1 - at),
        ("scattered", &scattered),
        ("few", &|at| scattered(at) % 7),
        ("one", &|_| 0),
    ] {
        for count in [0, 1, 2, 3, 15, 16, 17, 100, COUNT] {
            let pair = |at| Pair::new(&names[usize::try_from(place(at)).unwrap()], Value::Int(at));
            let mut pairs: Vec<Pair<'_>> = (0..count).map(pair).collect();
            let steps = Cell::new(0_usize);
            order::sort(&mut pairs, |one, other| {
                steps.set(steps.get() + 1);
                one.name().cmp(other.name())
            });
            let key = |pair: &Pair<'_>| match pair.value() {
                Value::Int(at) => (pair.name().as_bytes().to_vec(), at),
                _ => unreachable!("all are numbers"),
            };
            assert_eq!(pairs.len(), usize::try_from(count).unwrap());
            assert!(pairs.is_sorted_by_key(key), "{what} {count}");
            let (steps, count) = (steps.get(), pairs.len());
            if matches!(what, "ascending" | "one") {
                assert_eq!(steps, count.saturating_sub(1), "{what} {count}");
            }
            let most = match SMALL {
                // every pair with every other
                true => count * count.saturating_sub(1) / 2,
                false => 20 * count + 2 * count * usize::try_from(count.max(1).ilog2()).unwrap(),
            };
            assert!(steps <= most, "{what} {count}: {steps} steps of {most}");
        }
    }
}

#[test]
fn queries_are_ordered_by_what_is_signed() {
    for (url, expected) in [
        // Encoded, the Ethiopic letter begins with a percent sign, which is less than a letter.
        ("X=1&\u{1234}=2", &["%E1%88%B4=2", "X=1"][..]),
        ("a-=1&a%2F=2&a=3&a.=4", &["a=3", "a%2F=2", "a-=1", "a.=4"]),
        ("~=1&_=2&%7b=3&Z=4&0=5", &["%7B=3", "0=5", "Z=4", "_=2", "~=1"]),
        ("%61=2&a=1", &["a=1", "a=2"]),
        ("a=b&a=%2F&a=B&a", &["a=", "a=%2F", "a=B", "a=b"]),
        ("a=1&a=&a", &["a=", "a=", "a=1"]),
        ("acl&acl=", &["acl=", "acl="]),
    ] {
        let url = format!("https://h/?{url}");
        let mut pairs = [Pair::EMPTY; 6];
        let request = Raw::from_url(&url, &mut pairs).unwrap().finish().unwrap();
        assert_eq!(canonical(&request), expected, "{url}");
    }
    let long = [b'a'; 100];
    let mut longer = long;
    longer[99] = b'b';
    let recited = [&long[..32], &long[..64], &long, &longer];
    let mut pairs = [Pair::EMPTY; 8];
    let mut draft = Draft::new(Method::Get, &mut pairs);
    for value in [
        Value::Recited(&recited[3]),
        Value::Recited(&recited[2]),
        Value::Recited(&recited[1]),
        Value::Recited(&recited[0]),
        Value::Int(9),
        Value::Int(10),
        Value::Text("10/"),
        Value::Flag,
    ] {
        draft.query("a", value);
    }
    let request = draft.finish().unwrap();
    let lengths: Vec<_> = canonical(&request).iter().map(String::len).collect();
    assert_eq!(canonical(&request)[..4], ["a=", "a=10", "a=10%2F", "a=9"]);
    assert_eq!(lengths[4..], [34, 66, 102, 102]);
    assert!(canonical(&request)[7].ends_with('b'));
}

#[test]
fn headers_are_ordered_by_their_lower_case() {
    let meta = Pair::new("A", Value::Meta(""));
    let header = |name| Pair::new(name, Value::Text(""));
    for (one, other, order) in [
        (header("a"), header("B"), Ordering::Less),
        (header("B"), header("a"), Ordering::Greater),
        (header("Ab"), header("aB"), Ordering::Equal),
        (header("a-b"), header("ab"), Ordering::Less),
        (header("x-amz-meta-a"), meta, Ordering::Equal),
        (header("x-amz-mf"), meta, Ordering::Greater),
        (header("x-amz-meta-"), meta, Ordering::Less),
    ] {
        assert_eq!(by_header(&one, &other), order, "{one:?} {other:?}");
    }
}

#[test]
fn paths_have_three_spellings() {
    for (coding, path, once, twice, url) in [
        (Coding::Plain, "a b/%2F", "a%20b/%252F", "a%2520b/%25252F", "a%20b/%252F"),
        (Coding::Plain, "@:\u{e9}", "%40%3A%C3%A9", "%2540%253A%25C3%25A9", "%40%3A%C3%A9"),
        (Coding::Percent, "a%20b/%2f", "a%20b/%2F", "a%2520b/%252f", "a%20b/%2f"),
        (Coding::Percent, "a b", "a%20b", "a%2520b", "a%20b"),
        (Coding::Percent, "@:+", "%40%3A%2B", "%40%3A%2B", "@:+"),
        (Coding::Percent, "%zz%", "%25zz%25", "%2525zz%2525", "%25zz%25"),
        (Coding::Percent, "\u{e9}", "%C3%A9", "%25C3%25A9", "%C3%A9"),
        (Coding::Percent, "%41~", "A~", "%2541~", "%41~"),
        (Coding::Percent, "//../.", "//../.", "//../.", "//../."),
    ] {
        let mut pairs = [];
        let mut draft = Draft::new(Method::Get, &mut pairs);
        draft.path(path, coding);
        let request = draft.finish().unwrap();
        for (spelling, expected) in [(Spelling::Once, once), (Spelling::Twice, twice), (Spelling::Url, url)] {
            assert_eq!(text(|to| request.write_path(spelling, to)), expected, "{path:?} {spelling:?}");
        }
    }
}

#[test]
fn a_flag_is_sent_without_its_equals_sign_and_signed_with_it() {
    let mut pairs = [Pair::EMPTY; 3];
    let mut draft = Draft::new(Method::Get, &mut pairs);
    draft.query("a b", Value::Flag);
    draft.query("c", Value::Text(""));
    draft.query("", Value::Flag);
    let request = draft.finish().unwrap();
    let wire: Vec<_> =
        request.query().iter().map(|pair| text(|to| request.write_wire_pair(pair, to))).collect();
    assert_eq!(wire, ["=", "a%20b", "c="]);
    assert_eq!(canonical(&request), ["=", "a%20b=", "c="]);
}

#[test]
fn bodies_say_how_long_they_are() {
    for (body, expected) in [
        (Body::default(), &b""[..]),
        (Body::Bytes(b"abc"), b"abc"),
        (Body::Document(&"\u{e9}"), "\u{e9}".as_bytes()),
    ] {
        assert_eq!(written(|to| body.recite(to)), expected);
        assert_eq!(body.bytes(), expected.len());
    }
}

#[test]
fn debug_shows_no_value() {
    let mut pairs = [Pair::EMPTY; 8];
    let mut raw = Raw::from_url("https://h/path?X-Amz-Signature=canary", &mut pairs).unwrap();
    raw.header("x-amz-server-side-encryption-customer-key", "canary");
    raw.header("user-agent", "canary");
    raw.body(b"canary");
    let shown = format!("{raw:?}");
    let request = raw.finish().unwrap();
    let values =
        [Value::Text("canary"), Value::Meta("canary"), Value::Recited(&"canary"), Value::Base64(b"canary")];
    let shown = format!("{shown} {request:?} {values:?} {:?}", Body::Document(&"canary"));
    assert!(
        shown.contains("X-Amz-Signature: …") && !shown.contains("canary") && !shown.contains("99, 97"),
        "{shown}"
    );
}

#[test]
fn errors_are_one_lower_case_line() {
    for (error, expected) in [
        (Invalid::Character { at: 3 }, "a control character or # in the URL at byte 3"),
        (Invalid::Checksum { algorithm: "MD5\n" }, "no \"MD5\\n\" checksum can be made here"),
        (Invalid::Empty { name: "Key" }, "Key must not be empty"),
        (Invalid::Name { name: "a\n" }, "\"a\\n\" is no header name"),
        (Invalid::Reserved { name: "host" }, "host is set by signing"),
        (Invalid::Room { needed: 3 }, "room for 3 pairs is needed"),
        (Invalid::Url(UrlError::Scheme), "the url starts with neither https:// nor http://"),
        (
            Invalid::Value { name: "x" },
            "the value of x holds a character that may not be sent, or no valid time",
        ),
    ] {
        assert_eq!(format!("{error}"), expected);
    }
}

/// Any valid pair of a query, its value a text, a flag or a number.
fn pair() -> impl Strategy<Value = (String, Option<String>, i64)> {
    ("[aA%/~é.=2-]{0,3}", prop::option::of("[aA%/~é.=2-]{0,40}"), -11..11_i64)
}

proptest! {
    #[test]
    fn pairs_are_ordered_as_a_sorted_list_of_texts_is(given in prop::collection::vec(pair(), 0..12), percent: bool) {
        let coding = if percent { Coding::Percent } else { Coding::Plain };
        let mut pairs = vec![Pair::EMPTY; given.len()];
        let mut draft = Draft::new(Method::Get, &mut pairs);
        draft.path("", coding);
        for (name, value, number) in &given {
            draft.query(name, match value {
                Some(value) => Value::Text(value),
                None if *number == 0 => Value::Flag,
                None => Value::Int(*number),
            });
        }
        let request = draft.finish().unwrap();
        let split = |pair: &String| {
            let (name, value) = pair.split_once('=').unwrap();
            (String::from(name), String::from(value))
        };
        let got: Vec<_> = canonical(&request).iter().map(split).collect();
        prop_assert!(got.is_sorted(), "{:?}", got);
        prop_assert_eq!(got.len(), given.len());
        for one in request.query() {
            for other in request.query() {
                let signed = |pair| split(&text(|mut to| request.write_canonical_pair(pair, &mut to)));
                prop_assert_eq!(by_query(coding, one, other), signed(one).cmp(&signed(other)));
            }
        }
    }
}
