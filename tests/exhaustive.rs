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

use std::sync::LazyLock;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::time::Duration;
use std::time::UNIX_EPOCH;

use aws_sigv4::http_request::PayloadChecksumKind;
use aws_sigv4::http_request::PercentEncodingMode;
use aws_sigv4::http_request::SignableBody;
use aws_sigv4::http_request::SignableRequest;
use aws_sigv4::http_request::SigningParams;
use aws_sigv4::http_request::SigningSettings;
use aws_sigv4::http_request::UriPathNormalizationMode;
use aws_sigv4::sign::v4;
use sha2::Digest as _;
use sha2::Sha256;
use tucuxi_core::encode::Percent;
use tucuxi_core::encode::PlusIs;
use tucuxi_core::encode::percent_decode;
use tucuxi_core::endpoint::Endpoint;
use tucuxi_core::request::Draft;
use tucuxi_core::request::Invalid;
use tucuxi_core::request::Method;
use tucuxi_core::request::Pair;
use tucuxi_core::request::Raw;
use tucuxi_core::request::Request;
use tucuxi_core::request::Value;
use tucuxi_core::sigv4::ContentSha256;
use tucuxi_core::sigv4::Credentials;
use tucuxi_core::sigv4::DerivedKey;
use tucuxi_core::sigv4::Dots;
use tucuxi_core::sigv4::Expires;
use tucuxi_core::sigv4::PathEncoding;
use tucuxi_core::sigv4::Payload;
use tucuxi_core::sigv4::Rules;
use tucuxi_core::sigv4::Signed;
use tucuxi_core::sigv4::Signer;
use tucuxi_core::sigv4::SigningKey;
use tucuxi_core::sink::Sink;
use tucuxi_core::time::Time;
use tucuxi_core::wire;

/// What paths are made of: what is resolved, what is encoded and what looks as if it were.
const PATH: [&str; 15] = ["/", ".", "%", "2", "F", "e", "a", "+", "~", "*", "@", "=", " ", "\u{e9}", "\\"];

/// What queries are made of.
const QUERY: [&str; 15] = ["&", "=", "%", "2", "F", "a", "B", "+", "~", "*", "/", "?", " ", "\u{e9}", "-"];

/// What header values are made of.
const VALUE: [&str; 5] = [" ", "\t", "\"", "a", ","];

/// How many texts of six symbols there are for one that aws-sigv4 signs.
const ONE_OF_SIX: usize = 31;

/// The four ways in which a path can be signed.
const RULES: [(PathEncoding, Dots); 4] = [
    (PathEncoding::Once, Dots::Kept),
    (PathEncoding::Once, Dots::Resolved),
    (PathEncoding::Twice, Dots::Kept),
    (PathEncoding::Twice, Dots::Resolved),
];

const ACCESS_KEY: &str = "AKIDEXAMPLE";
const SECRET_KEY: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

/// When everything is signed, in seconds since 1970.
const SECONDS: u32 = 1_440_938_160;

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

/// What a path is sent as, and what its canonical form is.
fn path_model(path: &str, encoding: PathEncoding, dots: Dots) -> (String, String) {
    let each = |spell: &dyn Fn(&str) -> String| -> Vec<String> { path.split('/').map(spell).collect() };
    let sent = match encoding {
        PathEncoding::Once => each(&|segment| encoded(&decoded(segment.as_bytes()))),
        PathEncoding::Twice => each(&as_in_url),
    };
    let kept = match dots {
        Dots::Kept => sent.clone(),
        Dots::Resolved => {
            let mut kept: Vec<String> = Vec::new();
            for segment in &sent {
                match &**segment {
                    "" | "." => {}
                    ".." => drop(kept.pop()),
                    name => kept.push(name.to_owned()),
                }
            }
            let directory = matches!(sent.last().map_or("", String::as_str), "" | "." | "..");
            kept.insert(0, String::new());
            if kept.len() == 1 || directory {
                kept.push(String::new());
            }
            kept
        }
    };
    let canonical: Vec<String> = match encoding {
        PathEncoding::Once => kept,
        PathEncoding::Twice => kept.iter().map(|segment| encoded(segment.as_bytes())).collect(),
    };
    (sent.join("/"), canonical.join("/"))
}

/// What a query is sent as, with its question mark, and what its canonical form is.
fn query_model(query: &str) -> (String, String) {
    let mut pairs: Vec<(String, Option<String>)> = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let spell = |text: &str| encoded(&decoded(text.as_bytes()));
        pairs.push(match pair.split_once('=') {
            Some((name, value)) => (spell(name), Some(spell(value))),
            None => (spell(pair), None),
        });
    }
    pairs.sort_by_key(|(name, value)| (name.clone(), value.clone().unwrap_or_default()));
    let whole =
        |(name, value): &(String, Option<String>)| format!("{name}={}", value.as_deref().unwrap_or(""));
    let canonical: Vec<String> = pairs.iter().map(whole).collect();
    let sent = pairs.iter().map(|pair| if pair.1.is_none() { pair.0.clone() } else { whole(pair) });
    let sent: Vec<String> = sent.collect();
    let mark = if sent.is_empty() { "" } else { "?" };
    (format!("{mark}{}", sent.join("&")), canonical.join("&"))
}

fn encoded(bytes: &[u8]) -> String {
    encoded_but(bytes, b'\0')
}

/// Percent-encoded, but for one byte that has to be escaped all the same where it is NUL.
fn encoded_but(bytes: &[u8], kept: u8) -> String {
    let mut text = String::new();
    for &byte in bytes {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || (byte == kept && kept != 0) {
            text.push(char::from(byte));
        } else {
            text.push('%');
            text.push(char::from_digit(u32::from(byte / 16), 16).unwrap().to_ascii_uppercase());
            text.push(char::from_digit(u32::from(byte % 16), 16).unwrap().to_ascii_uppercase());
        }
    }
    text
}

/// What a percent sign and two digits stand for, at the start of a text.
fn escape(text: &[u8]) -> Option<u8> {
    let digit = |at: usize| text.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let byte = digit(1)? * 16 + digit(2)?;
    (text[0] == b'%').then(|| u8::try_from(byte).unwrap())
}

fn decoded(text: &[u8]) -> Vec<u8> {
    let (mut bytes, mut at) = (Vec::new(), 0);
    while at < text.len() {
        let found = escape(&text[at..]);
        bytes.push(found.unwrap_or(text[at]));
        at += if found.is_some() { 3 } else { 1 };
    }
    bytes
}

/// A segment with only that escaped which may not stand in a URL.
fn as_in_url(segment: &str) -> String {
    let (bytes, mut text) = (segment.as_bytes(), String::new());
    for (at, byte) in bytes.iter().enumerate() {
        let escapes = *byte == b'%' && escape(&bytes[at..]).is_some();
        if escapes || b"!$&'()*+,;=:@".contains(byte) {
            text.push(char::from(*byte));
        } else {
            text.push_str(&encoded(&[*byte]));
        }
    }
    text
}

/// Whether everything is tried.
#[expect(clippy::disallowed_methods, reason = "tests are told by the environment how much to do")]
fn exhaustive() -> bool {
    static ALL: LazyLock<bool> = LazyLock::new(|| match std::env::var("TUCUXI_EXHAUSTIVE") {
        Ok(all) => {
            assert_eq!(all, "all", "TUCUXI_EXHAUSTIVE is all, or is not set");
            true
        }
        Err(_) => false,
    });
    *ALL
}

/// All byte strings of up to one byte, and of two and three bytes all or some: one of so many.
fn each_string(steps: [usize; 2], mut visit: impl FnMut(&[u8])) {
    let [of_two, of_three] = if exhaustive() { [1, 1] } else { steps };
    visit(&[]);
    (0..=u8::MAX).for_each(|byte| visit(&[byte]));
    (0..=u16::MAX).step_by(of_two).for_each(|two| visit(&two.to_be_bytes()));
    (0..1_u32 << 24).step_by(of_three).for_each(|three| visit(&three.to_be_bytes()[1..]));
}

/// How many byte strings there are of up to three bytes.
fn strings() -> u64 {
    all_of(256, 3)
}

/// All texts of up to three symbols, and of up to `most` all or some: one of `step`.
fn texts<'s>(symbols: &'s [&'s str], most: u32, step: usize) -> impl Iterator<Item = String> + 's {
    let step = if exhaustive() { 1 } else { step };
    sampled(symbols, most, 3, step)
}

/// All texts of up to `whole` symbols, and of up to `most` one of `step`.
fn sampled<'s>(
    symbols: &'s [&'s str],
    most: u32,
    whole: u32,
    step: usize,
) -> impl Iterator<Item = String> + 's {
    (0..=most).flat_map(move |length| {
        let step = if length > whole { step } else { 1 };
        (0..symbols.len().pow(length)).step_by(step).map(move |nth| {
            let digits = (0..length).map(|place| nth / symbols.len().pow(place) % symbols.len());
            digits.map(|digit| symbols[digit]).collect()
        })
    })
}

/// All texts of up to five symbols, and of six one of so many, which aws-sigv4 signs in minutes.
fn for_aws<'s>(symbols: &'s [&'s str]) -> impl Iterator<Item = String> + 's {
    let (whole, step) = if exhaustive() { (5, ONE_OF_SIX) } else { (3, 65_537) };
    sampled(symbols, 6, whole, step)
}

fn all_for_aws() -> u64 {
    let of_six = PATH.len().pow(6).div_ceil(ONE_OF_SIX);
    all_of(PATH.len(), 5) + u64::try_from(of_six).unwrap()
}

/// How many texts there are of up to `most` symbols.
fn all_of(symbols: usize, most: u32) -> u64 {
    (0..=most).map(|length| u64::try_from(symbols.pow(length)).unwrap()).sum()
}

/// Says how many were tried, which is all there are where all are wanted.
#[expect(clippy::print_stdout, reason = "figures are for reading")]
fn counted(what: &str, count: u64, all: u64) {
    println!("{count} of {all} {what}");
    if exhaustive() {
        assert_eq!(count, all, "{what}");
    }
}

fn rules(encoding: PathEncoding, dots: Dots) -> Rules {
    let mut rules = Rules::OTHERS;
    (rules.encoding, rules.dots, rules.content_sha256) = (encoding, dots, ContentSha256::Kept);
    rules
}

const fn credentials() -> Credentials<'static> {
    Credentials::new(ACCESS_KEY, SECRET_KEY)
}

fn derived() -> DerivedKey<'static> {
    DerivedKey::derive(&credentials(), Time::from_seconds(SECONDS.into()), "us-east-1", "service")
}

fn key() -> SigningKey {
    SigningKey::from_derived(&derived())
}

/// Signs in headers, sees that what was signed is what is shown, and lets it be looked at.
fn signed(key: &SigningKey, request: &Request<'_>, rules: Rules, look: impl FnOnce(&Signed<'_>)) {
    let credentials = credentials();
    let signer = Signer::new(&credentials, key, rules);
    let endpoint = Endpoint::new(true, "h", "service", "us-east-1");
    let signed = signer.sign(request, endpoint, Time::from_seconds(SECONDS.into()), Payload::Body);
    // That takes longer than all the rest: where all is tried, some will do.
    static SIGNED: AtomicU64 = AtomicU64::new(0);
    if !exhaustive() || SIGNED.fetch_add(1, Ordering::Relaxed).is_multiple_of(31) {
        is_of_its_texts(&signed);
    }
    look(&signed);
}

/// The signature is that of the string to sign, and this holds the hash of the canonical request: worked out from the
/// texts, once more and by others.
fn is_of_its_texts(signed: &Signed<'_>) {
    static DERIVED: LazyLock<[u8; 32]> = LazyLock::new(|| *derived().reveal());
    let hash = hex::encode(Sha256::digest(canonical(signed)));
    let string =
        format!("AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/service/aws4_request\n{hash}");
    assert_eq!(text(|to| signed.string_to_sign(to)), string);
    let mut pads = [[0x36; 64], [0x5c; 64]];
    for pad in &mut pads {
        pad.iter_mut().zip(*DERIVED).for_each(|(byte, of_key)| *byte ^= of_key);
    }
    let inner = Sha256::new().chain_update(pads[0]).chain_update(string).finalize();
    let outer = Sha256::new().chain_update(pads[1]).chain_update(inner).finalize();
    assert_eq!(signed.signature(), hex::encode(outer));
}

fn canonical(signed: &Signed<'_>) -> String {
    text(|to| signed.canonical_request(to))
}

fn target(signed: &Signed<'_>) -> String {
    text(|to| wire::target(signed, to))
}

struct Bytes<'b>(&'b mut Vec<u8>);

impl Sink for Bytes<'_> {
    fn put(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }
}

fn text(write: impl FnOnce(&mut dyn Sink)) -> String {
    let mut bytes = Vec::new();
    write(&mut Bytes(&mut bytes));
    String::from_utf8(bytes).unwrap()
}

fn aws_parameters(encoding: PathEncoding, dots: Dots) -> SigningParams<'static> {
    let keys = aws_credential_types::Credentials::new(ACCESS_KEY, SECRET_KEY, None, None, "test");
    // A test has few of them, and they live as long as it does.
    let identity = Box::leak(Box::new(keys.into()));
    let mut settings = SigningSettings::default();
    settings.percent_encoding_mode = match encoding {
        PathEncoding::Once => PercentEncodingMode::Single,
        PathEncoding::Twice => PercentEncodingMode::Double,
    };
    settings.uri_path_normalization_mode = match dots {
        Dots::Kept => UriPathNormalizationMode::Disabled,
        Dots::Resolved => UriPathNormalizationMode::Enabled,
    };
    settings.payload_checksum_kind = PayloadChecksumKind::NoHeader;
    v4::SigningParams::builder()
        .identity(identity)
        .name("service")
        .region("us-east-1")
        .settings(settings)
        .time(UNIX_EPOCH + Duration::from_secs(SECONDS.into()))
        .build()
        .unwrap()
        .into()
}

fn aws_signature(url: &str, headers: &[(&str, &str)], parameters: &SigningParams<'_>) -> String {
    let request =
        SignableRequest::new("GET", url, headers.iter().copied(), SignableBody::Bytes(&[])).unwrap();
    aws_sigv4::http_request::sign(request, parameters).unwrap().signature().to_owned()
}
