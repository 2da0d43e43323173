//! Everything that is short, rather than some things at random: all byte strings of up to three bytes encoded, all paths
//! and queries of up to six symbols out of fifteen and all header values of up to six out of five signed, every
//! character of Latin-1 in every field of a request, and every day from 1970 to 2199 written and read.
//!
//! What is expected is written down here in the plainest way, with strings and vectors, and shares nothing with the code
//! under test. Paths and queries are signed by `aws-sigv4` as well, which shows no canonical request: where the signatures
//! are equal so are the texts.
//!
//! By default the longest texts are sampled, which takes seconds without optimisation. Everything, which takes minutes:
//!
//! ```sh
//! TUCUXI_EXHAUSTIVE=all cargo test --release -p tucuxi-tests --test exhaustive -- --nocapture
//! ```

mod model;
mod signing;
mod tried;

use tucuxi_core::encode::Percent;
use tucuxi_core::encode::PlusIs;
use tucuxi_core::encode::percent_decode;
use tucuxi_core::endpoint::Endpoint;
use tucuxi_core::request::Draft;
use tucuxi_core::request::Invalid;
use tucuxi_core::request::Method;
use tucuxi_core::request::Pair;
use tucuxi_core::request::Raw;
use tucuxi_core::request::Value;
use tucuxi_core::sigv4::Credentials;
use tucuxi_core::sigv4::Dots;
use tucuxi_core::sigv4::Expires;
use tucuxi_core::sigv4::PathEncoding;
use tucuxi_core::sigv4::Payload;
use tucuxi_core::sigv4::Rules;
use tucuxi_core::sigv4::Signer;
use tucuxi_core::sink::Sink as _;
use tucuxi_core::time::Time;
use tucuxi_core::wire;

use crate::model::decoded;
use crate::model::encoded;
use crate::model::encoded_but;
use crate::model::path_model;
use crate::model::query_model;
use crate::signing::Bytes;
use crate::signing::SECONDS;
use crate::signing::SECRET_KEY;
use crate::signing::aws_parameters;
use crate::signing::aws_signature;
use crate::signing::canonical;
use crate::signing::credentials;
use crate::signing::is_of_its_texts;
use crate::signing::key;
use crate::signing::rules;
use crate::signing::signed;
use crate::signing::target;
use crate::signing::text;
use crate::tried::all_for_aws;
use crate::tried::all_of;
use crate::tried::counted;
use crate::tried::each_string;
use crate::tried::exhaustive;
use crate::tried::for_aws;
use crate::tried::strings;
use crate::tried::texts;

/// What paths are made of: what is resolved, what is encoded and what looks as if it were.
const PATH: [&str; 15] = ["/", ".", "%", "2", "F", "e", "a", "+", "~", "*", "@", "=", " ", "\u{e9}", "\\"];

/// What queries are made of.
const QUERY: [&str; 15] = ["&", "=", "%", "2", "F", "a", "B", "+", "~", "*", "/", "?", " ", "\u{e9}", "-"];

/// What header values are made of.
const VALUE: [&str; 5] = [" ", "\t", "\"", "a", ","];

/// The four ways in which a path can be signed.
const RULES: [(PathEncoding, Dots); 4] = [
    (PathEncoding::Once, Dots::Kept),
    (PathEncoding::Once, Dots::Resolved),
    (PathEncoding::Twice, Dots::Kept),
    (PathEncoding::Twice, Dots::Resolved),
];

#[test]
fn every_short_string_of_bytes_is_encoded_and_decoded() {
    let mut count = 0_u64;
    let mut room = Vec::new();
    each_string([1, 1_021], |bytes| {
        for slash in [b'\0', b'/'] {
            let expected = encoded_but(bytes, slash);
            room.clear();
            let mut to = Bytes(&mut room);
            match slash {
                b'/' => Percent::path(&mut to).put(bytes),
                _ => Percent::component(&mut to).put(bytes),
            }
            assert_eq!(room, expected.as_bytes(), "{bytes:x?}");
            for plus in [PlusIs::Plus, PlusIs::Space] {
                room.clear();
                percent_decode(expected.as_bytes(), plus, &mut Bytes(&mut room));
                assert_eq!(room, bytes);
            }
        }
        room.clear();
        percent_decode(bytes, PlusIs::Plus, &mut Bytes(&mut room));
        assert_eq!(room, decoded(bytes), "{bytes:x?}");
        count += 1;
    });
    counted("strings encoded and decoded", count, strings());
}

#[test]
fn every_short_string_of_bytes_is_signed_encoded() {
    let key = key();
    let mut count = 0_u64;
    each_string([17, 16_381], |bytes| {
        let escaped: String = bytes.iter().map(|byte| format!("%{byte:02x}")).collect();
        let url = format!("https://h/{escaped}?{escaped}={escaped}");
        let (path, text) = (encoded_but(bytes, b'\0'), encoded(bytes));
        let query = if bytes.is_empty() { "=".to_owned() } else { format!("{text}={text}") };
        let mut room = [Pair::EMPTY; 2];
        let request = Raw::from_url(&url, &mut room).unwrap().finish().unwrap();
        let lines = format!("GET\n/{path}\n{query}\n");
        signed(&key, &request, Rules::S3, |signed| {
            assert!(canonical(signed).starts_with(&lines), "{bytes:x?} {}", canonical(signed));
            assert_eq!(target(signed), format!("/{path}?{query}"));
        });
        // The same given plain, by name and value. A key has its slashes.
        if let Ok(plain) = std::str::from_utf8(bytes)
            && !plain.is_empty()
        {
            let mut room = [Pair::EMPTY; 2];
            let mut draft = Draft::new(Method::Get, &mut room);
            draft.key("Key", plain);
            draft.query(plain, Value::Text(plain));
            let request = draft.finish().unwrap();
            let path = encoded_but(bytes, b'/');
            let lines = format!("GET\n/{path}\n{query}\n");
            signed(&key, &request, Rules::S3, |signed| {
                assert!(canonical(signed).starts_with(&lines), "{bytes:x?} {}", canonical(signed));
                assert_eq!(target(signed), format!("/{path}?{query}"));
            });
        }
        count += 1;
    });
    counted("strings signed", count, strings());
}

#[test]
fn every_short_path_is_signed_as_the_rules_say() {
    let key = key();
    let mut count = 0_u64;
    for path in texts(&PATH, 6, 16_381) {
        let url = format!("https://h/{path}");
        let mut room = [];
        let request = Raw::from_url(&url, &mut room).unwrap().finish().unwrap();
        for (encoding, dots) in RULES {
            let (sent, expected) = path_model(&format!("/{path}"), encoding, dots);
            signed(&key, &request, rules(encoding, dots), |signed| {
                assert_eq!(target(signed), sent, "{path:?} {encoding:?}");
                let canonical = canonical(signed);
                assert_eq!(canonical.split('\n').nth(1), Some(&*expected), "{path:?} {encoding:?} {dots:?}");
            });
        }
        count += 1;
    }
    counted("paths signed by four rules", count, all_of(PATH.len(), 6));
}

#[test]
fn every_short_query_is_signed_as_the_rules_say() {
    let key = key();
    let mut count = 0_u64;
    for query in texts(&QUERY, 6, 16_381) {
        let url = format!("https://h/?{query}");
        let mut room = [Pair::EMPTY; 6];
        let request = Raw::from_url(&url, &mut room).unwrap().finish().unwrap();
        let (sent, expected) = query_model(&query);
        signed(&key, &request, Rules::OTHERS, |signed| {
            assert_eq!(target(signed), format!("/{sent}"), "{query:?}");
            assert_eq!(canonical(signed).split('\n').nth(2), Some(&*expected), "{query:?}");
        });
        count += 1;
    }
    counted("queries signed", count, all_of(QUERY.len(), 6));
}

#[test]
fn every_short_path_is_signed_as_aws_signs_it() {
    let key = key();
    let mut count = 0_u64;
    let parameters = RULES.map(|(encoding, dots)| aws_parameters(encoding, dots));
    for path in for_aws(&PATH) {
        let url = format!("https://h/{path}");
        let mut room = [];
        let request = Raw::from_url(&url, &mut room).unwrap().finish().unwrap();
        for ((encoding, dots), parameters) in RULES.into_iter().zip(&parameters) {
            signed(&key, &request, rules(encoding, dots), |signed| {
                let url = text(|to| wire::url(signed, to));
                assert_eq!(
                    signed.signature(),
                    aws_signature(&url, &[], parameters),
                    "{path:?} {encoding:?} {dots:?}"
                );
            });
        }
        count += 1;
    }
    counted("paths signed by four rules as aws-sigv4 signs them", count, all_for_aws());
}

#[test]
fn every_short_query_is_signed_as_aws_signs_it() {
    let key = key();
    let (mut count, mut other) = (0_u64, 0_u64);
    let parameters = aws_parameters(PathEncoding::Once, Dots::Kept);
    for query in for_aws(&QUERY) {
        let url = format!("https://h/?{query}");
        let mut room = [Pair::EMPTY; 6];
        let request = Raw::from_url(&url, &mut room).unwrap().finish().unwrap();
        // It reads the query as UTF-8, and signs U+FFFD for what is none.
        let texts = query.split(['&', '=']).map(|text| decoded(text.as_bytes()));
        let utf8 = texts.into_iter().all(|text| String::from_utf8(text).is_ok());
        signed(&key, &request, rules(PathEncoding::Once, Dots::Kept), |signed| {
            let url = text(|to| wire::url(signed, to));
            let same = signed.signature() == aws_signature(&url, &[], &parameters);
            assert_eq!(same, utf8, "{query:?}");
        });
        count += 1;
        other += u64::from(!utf8);
    }
    counted("queries signed as aws-sigv4 signs them", count, all_for_aws());
    assert!(other > 0 && other < count / 4, "{other} of {count} are no UTF-8");
}

#[test]
fn every_short_header_value_is_trimmed_and_folded() {
    let key = key();
    let parameters = aws_parameters(PathEncoding::Once, Dots::Kept);
    let mut count = 0_u64;
    for value in texts(&VALUE, 6, 1) {
        let mut room = [Pair::EMPTY; 2];
        let mut raw = Raw::from_url("https://h/", &mut room).unwrap();
        raw.header("X-A", &value);
        raw.header("x-a", "b");
        let request = raw.finish().unwrap();
        let folded = value.split([' ', '\t']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        signed(&key, &request, rules(PathEncoding::Once, Dots::Kept), |signed| {
            let line = format!("\nx-a:{folded},b\n");
            assert!(canonical(signed).contains(&line), "{value:?}");
            // aws-sigv4 folds spaces only.
            if !value.contains('\t') {
                let headers = [("x-a", &*value), ("x-a", "b")];
                assert_eq!(
                    signed.signature(),
                    aws_signature("https://h/", &headers, &parameters),
                    "{value:?}"
                );
            }
        });
        count += 1;
    }
    assert_eq!(count, all_of(VALUE.len(), 6));
}

#[test]
fn a_text_of_every_length_is_hashed_whole() {
    // Longer than any room in which it may be put together, in one piece and in many.
    let (most, step) = if exhaustive() { (4_200, 1) } else { (2_200, 43) };
    let (long, key) = ("x".repeat(most), key());
    let credentials = credentials();
    for length in (0..=most).step_by(step) {
        let value = &long[..length];
        let mut room = [Pair::EMPTY; 42];
        let mut draft = Draft::new(Method::Get, &mut room);
        draft.key("Key", "k");
        draft.header("n", Value::Text(value));
        let one = draft.finish().unwrap();
        signed(&key, &one, Rules::S3, |_| {});
        let signer = Signer::new(&credentials, &key, Rules::S3);
        let endpoint = Endpoint::new(true, "h", "service", "us-east-1");
        let (now, expires) = (Time::from_seconds(SECONDS.into()), Expires::from_seconds(1).unwrap());
        is_of_its_texts(&signer.presign(&one, endpoint, now, Payload::Unsigned, expires));

        let mut room = [Pair::EMPTY; 42];
        let mut draft = Draft::new(Method::Get, &mut room);
        draft.key("Key", "k");
        for (nth, part) in value.as_bytes().chunks(length.div_ceil(42).max(1)).enumerate() {
            let part = std::str::from_utf8(part).unwrap();
            if nth % 2 == 0 { draft.query(part, Value::Flag) } else { draft.header("n", Value::Text(part)) }
        }
        signed(&key, &draft.finish().unwrap(), Rules::OTHERS, |_| {});
    }
}

#[test]
fn every_day_from_1970_to_2199_is_written_and_read() {
    let leap = |year: i64| (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    // 1 January 1970 was a Thursday.
    let mut weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"].into_iter().cycle();
    let (mut days, mut count) = (0_i64, 0_u64);
    for year in 1970..2200_i64 {
        let lengths = [31, if leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        for (month, (name, length)) in (1..).zip(months.into_iter().zip(lengths)) {
            for day in 1..=length {
                let weekday = weekdays.next().unwrap();
                // Each day at its first and its last second, and at one in between.
                for second in [0, days * 7_919 % 86_400, 86_399] {
                    let (hour, minute, rest) = (second / 3600, second / 60 % 60, second % 60);
                    let time = Time::from_seconds(days * 86_400 + second);
                    let stamp = format!("{year}{month:02}{day:02}T{hour:02}{minute:02}{rest:02}Z");
                    assert_eq!(time.stamp(), stamp.as_bytes());
                    assert_eq!(time.day(), stamp.as_bytes()[..8]);
                    assert_eq!(Time::parse_stamp(stamp.as_bytes()), Ok(time), "{stamp}");
                    let clock = format!("{hour:02}:{minute:02}:{rest:02}");
                    let date_time = format!("{year}-{month:02}-{day:02}T{clock}Z");
                    assert_eq!(text(|to| time.write_date_time(to).unwrap()), date_time);
                    assert_eq!(Time::parse_date_time(date_time.as_bytes()), Ok(time), "{date_time}");
                    let http_date = format!("{weekday}, {day:02} {name} {year} {clock} GMT");
                    assert_eq!(text(|to| time.write_http_date(to).unwrap()), http_date);
                    assert_eq!(Time::parse_http_date(http_date.as_bytes()), Ok(time), "{http_date}");
                    let epoch = (days * 86_400 + second).to_string();
                    assert_eq!(text(|to| time.write_epoch_seconds(to)), epoch);
                    assert_eq!(Time::parse_epoch_seconds(epoch.as_bytes()), Ok(time), "{epoch}");
                }
                days += 1;
                count += 1;
            }
            // And none that does not exist.
            for day in [0, length + 1, 32, 99] {
                let stamp = format!("{year}{month:02}{day:02}T000000Z");
                assert!(Time::parse_stamp(stamp.as_bytes()).is_err(), "{stamp}");
                let date_time = format!("{year}-{month:02}-{day:02}T00:00:00Z");
                assert!(Time::parse_date_time(date_time.as_bytes()).is_err(), "{date_time}");
                let http_date = format!("Thu, {day:02} {name} {year} 00:00:00 GMT");
                assert!(Time::parse_http_date(http_date.as_bytes()).is_err(), "{http_date}");
            }
        }
    }
    assert_eq!(count, 84_006);
}

#[test]
fn every_character_in_every_field_is_sent_encoded_or_refused_by_name() {
    let key = key();
    for character in ('\0'..='\u{ff}').chain(['\u{2028}', '\u{ff0a}', '\u{10ffff}']) {
        let text = format!("a{character}b");
        let visible = character == '\t' || (' '..='~').contains(&character);
        let token = character.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(character);
        let escaped = encoded(text.as_bytes());
        // By name and value.
        for (field, taken) in [
            ("key", true),
            ("query name", true),
            ("query value", true),
            ("header name", token),
            ("header value", visible),
            ("metadata name", token),
            ("metadata value", visible),
        ] {
            let mut room = [Pair::EMPTY; 2];
            let mut draft = Draft::new(Method::Put, &mut room);
            let (mut path, mut query, mut header) = ("/k".to_owned(), String::new(), String::new());
            draft.key("Key", "k");
            match field {
                "key" => {
                    draft.key("Key", &text);
                    path = format!("/{}", escaped.replace("%2F", "/"));
                }
                "query name" => {
                    draft.query(&text, Value::Text("v"));
                    query = format!("?{escaped}=v");
                }
                "query value" => {
                    draft.query("n", Value::Text(&text));
                    query = format!("?n={escaped}");
                }
                "header name" => {
                    draft.header(&text, Value::Text("v"));
                    header = format!("{}: v\r\n", text.to_ascii_lowercase());
                }
                "header value" => {
                    draft.header("n", Value::Text(&text));
                    header = format!("n: {text}\r\n");
                }
                "metadata name" => {
                    draft.header(&text, Value::Meta("v"));
                    header = format!("x-amz-meta-{}: v\r\n", text.to_ascii_lowercase());
                }
                _ => {
                    draft.header("n", Value::Meta(&text));
                    header = format!("x-amz-meta-n: {text}\r\n");
                }
            }
            match draft.finish() {
                Ok(request) => {
                    assert!(taken, "{field} {text:?}");
                    signed(&key, &request, Rules::S3, |signed| {
                        let head = self::text(|to| wire::head(signed, &[], None, to));
                        let lines: Vec<&str> = head.split_inclusive("\r\n").collect();
                        assert_eq!(lines[0], format!("PUT {path}{query} HTTP/1.1\r\n"), "{field}");
                        assert_eq!(lines.contains(&&*header), !header.is_empty(), "{field} {head}");
                        // The request line, host, hash, date and proof, the header, and the end.
                        assert_eq!(lines.len(), 6 + usize::from(!header.is_empty()), "{field} {head}");
                    });
                }
                Err(wrong) => {
                    assert!(!taken, "{field} {text:?} {wrong}");
                    let name = if field.ends_with("name") { &*text } else { "n" };
                    let expected = if field.ends_with("name") {
                        Invalid::Name { name }
                    } else {
                        Invalid::Value { name }
                    };
                    assert_eq!(wrong, expected, "{field}");
                }
            }
        }
        // In a URL, behind its host.
        for (url, at) in [(format!("https://h/{text}"), 11), (format!("https://h/?{text}"), 12)] {
            let mut room = [Pair::EMPTY; 2];
            match Raw::from_url(&url, &mut room) {
                Err(wrong) => {
                    assert!(character.is_ascii_control() || character == '#', "{url:?}");
                    assert_eq!(wrong, Invalid::Character { at });
                }
                Ok(raw) => {
                    assert!(!character.is_ascii_control() && character != '#', "{url:?}");
                    signed(&key, &raw.finish().unwrap(), Rules::OTHERS, |signed| {
                        assert!(target(signed).bytes().all(|byte| byte.is_ascii_graphic()), "{url:?}");
                    });
                }
            }
        }
        // What comes from elsewhere and is never refused begins no line and no part of its own.
        let credentials = Credentials::new(&text, SECRET_KEY).with_token(Some(&text));
        let signer = Signer::new(&credentials, &key, Rules::S3);
        let mut room = [];
        let request = Raw::from_url("https://h/", &mut room).unwrap().finish().unwrap();
        let endpoint = Endpoint::new(true, &text, &text, &text);
        let signed = signer.sign(&request, endpoint, Time::from_seconds(SECONDS.into()), Payload::Body);
        let head = self::text(|to| wire::head(&signed, &[], None, to));
        assert_eq!(head.split_inclusive("\r\n").count(), 7, "{head:?}");
        assert!(head.bytes().all(|byte| matches!(byte, b'\r' | b'\n' | b'\t' | b' '..=b'~')), "{head:?}");
        assert_eq!(head.bytes().filter(|byte| b"\r\n".contains(byte)).count(), 14);
    }
}
