//! Signatures against botocore's, and what must never be signed or shown.

extern crate std;

use std::format;
use std::string::String;
use std::vec::Vec;

use super::*;
use crate::encode::tests::written;
use crate::endpoint::ENDPOINT_ROOM;
use crate::endpoint::Place as Where;
use crate::hash::Sha256;
use crate::request::Body;
use crate::request::Draft;
use crate::request::Method;
use crate::request::Pair;
use crate::request::Raw;
use crate::request::Value;
use crate::sink::Sink;
use crate::uri::Url;
use crate::wire;

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const KEYS: Credentials<'_> = Credentials::new("AKIDEXAMPLE", SECRET);

fn now() -> Time {
    Time::parse_stamp(b"20260102T030405Z").unwrap()
}

fn text(write: impl FnOnce(&mut dyn Sink)) -> String {
    String::from_utf8(written(write)).unwrap()
}

/// What `check` makes of a request, signed in headers and in the query.
fn signed<T>(
    url: &str,
    headers: &[(&str, &str)],
    keys: Credentials<'_>,
    rules: Rules,
    expires: Option<u32>,
    check: impl FnOnce(&Signed<'_>) -> T,
) -> T {
    let mut pairs = [Pair::EMPTY; 16];
    let mut raw = Raw::from_url(url, &mut pairs).unwrap();
    for (name, value) in headers {
        raw.header(name, value);
    }
    let endpoint = Endpoint::new(true, raw.host(), "s3", "us-west-2");
    let request = raw.finish().unwrap();
    let key = SigningKey::derive(&keys, now(), "us-west-2", "s3");
    let signer = Signer::new(&keys, &key, rules);
    match expires {
        None => check(&signer.sign(&request, endpoint, now(), Payload::Body)),
        Some(expires) => {
            let expires = Expires::from_seconds(expires).unwrap();
            check(&signer.presign(&request, endpoint, now(), Payload::Unsigned, expires))
        }
    }
}

fn path(url: &str, rules: Rules) -> String {
    let canonical = |signed: &Signed<'_>| text(|to| signed.canonical_request(to));
    let canonical = signed(url, &[], KEYS, rules, None, canonical);
    canonical.split('\n').nth(1).unwrap().into()
}

#[test]
fn a_streamed_put_is_signed_as_by_botocore() {
    let mut pairs = [Pair::EMPTY; 8];
    let mut draft = Draft::new(Method::Put, &mut pairs);
    draft.bucket("Bucket", "my-bucket");
    draft.key("Key", "a b/\u{fc}+c.txt");
    for (name, value) in [
        ("Content-Type", "text/plain"),
        ("x-amz-meta-x", "y"),
        ("Expect", "100-continue"),
        ("Transfer-Encoding", "chunked"),
        ("Content-Encoding", "aws-chunked"),
        ("X-Amz-Trailer", "x-amz-checksum-crc32"),
        ("X-Amz-Decoded-Content-Length", "5"),
        ("x-amz-sdk-checksum-algorithm", "CRC32"),
    ] {
        draft.header(name, Value::Text(value));
    }
    let request = draft.finish().unwrap();
    let mut room = [0; ENDPOINT_ROOM];
    let endpoint = Where::new("us-west-2").s3("my-bucket", &mut room).unwrap();
    let key = SigningKey::derive(&KEYS, now(), "us-west-2", "s3");
    let signer = Signer::new(&KEYS, &key, Rules::S3);
    let payload = Payload::Literal("STREAMING-UNSIGNED-PAYLOAD-TRAILER");
    let signed = signer.sign(&request, endpoint, now(), payload);
    let expected = "b002502a65411d2c8a8c08b8c8574f26d9e55e7646af598b2cc544fb45899be0";
    assert_eq!(signed.signature(), expected);
    let head = text(|to| wire::head(&signed, &[], Some(5), to));
    assert!(
        head.starts_with(
            "PUT /a%20b/%C3%BC%2Bc.txt HTTP/1.1\r\nhost: my-bucket.s3.us-west-2.amazonaws.com\r\n"
        )
    );
    // RFC 9112, 6.2: not both.
    assert!(head.contains("\r\ntransfer-encoding: chunked\r\n") && !head.contains("\r\ncontent-length:"));
}

#[test]
fn urls_are_presigned_as_by_botocore() {
    let url = "https://my-bucket.s3.amazonaws.com/a%20b/c?response-content-type=text/x";
    let scope = "%2F20260102%2Fus-west-2%2Fs3%2Faws4_request";
    for (token, added, signature) in [
        (None, "", "52526d861f6454b5bd1ea6b1790105833f51a564ae6e335a56baba915fe1b33e"),
        (
            Some("TOK+/="),
            "&X-Amz-Security-Token=TOK%2B%2F%3D",
            "e45dbc27791e6cab5066f91ce21ee64a50446f4382db5cef20d8940b96c165cb",
        ),
    ] {
        let keys = KEYS.with_token(token);
        let got = signed(url, &[("Range", "bytes=0-1")], keys, Rules::S3, Some(600), |signed| {
            text(|to| wire::url(signed, to))
        });
        // botocore puts the token behind the names of the signed headers, where nobody minds it.
        let expected = format!(
            "https://my-bucket.s3.amazonaws.com/a%20b/c?response-content-type=text%2Fx\
             &X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE{scope}\
             &X-Amz-Date=20260102T030405Z&X-Amz-Expires=600{added}&X-Amz-SignedHeaders=host%3Brange\
             &X-Amz-Signature={signature}"
        );
        assert_eq!(got, expected);
    }
}

#[test]
fn signing_twice_gives_the_same() {
    let once = |expires| {
        let keys = KEYS.with_token(Some("TOKEN"));
        signed("https://h/a?b", &[("c", " d")], keys, Rules::S3, expires, |signed| {
            let again = signed.clone();
            let all = |signed: &Signed<'_>| {
                text(|to| {
                    signed.canonical_request(to);
                    signed.string_to_sign(to);
                    wire::head(signed, &[], None, to);
                })
            };
            assert_eq!(all(signed), all(&again));
            assert_eq!(all(signed), all(signed));
            all(signed)
        })
    };
    assert_eq!(once(None), once(None));
    assert_eq!(once(Some(1)), once(Some(1)));
}

#[test]
fn urls_last_from_a_second_to_seven_days() {
    for (seconds, expected) in [
        (0, None),
        (1, Some(1)),
        (3600, Some(3600)),
        (604_800, Some(604_800)),
        (604_801, None),
        (u32::MAX, None),
    ] {
        assert_eq!(Expires::from_seconds(seconds).map(Expires::seconds), expected);
        let Some(expected) = expected else { continue };
        let url = signed("https://h/", &[], KEYS, Rules::S3, Some(expected), |signed| {
            text(|to| wire::url(signed, to))
        });
        assert!(url.contains(&format!("&X-Amz-Expires={expected}&")), "{url}");
    }
}

#[test]
fn what_nobody_signs_has_no_proof() {
    let mut pairs = [Pair::EMPTY; 4];
    let mut raw = Raw::from_url("https://h/a@b?c&d=e", &mut pairs).unwrap();
    raw.header("range", "bytes=0-1");
    let request = raw.finish().unwrap();
    let signed = Signed::anonymous(&request, Endpoint::new(true, "h", "s3", "us-west-2"));
    assert_eq!(signed.signature(), "");
    let head = text(|to| wire::head(&signed, &[], None, to));
    assert_eq!(head, "GET /a%40b?c&d=e HTTP/1.1\r\nhost: h\r\nrange: bytes=0-1\r\n\r\n");
    assert_eq!(text(|to| wire::url(&signed, to)), "https://h/a%40b?c&d=e");
    assert_eq!((signed.request().path(), signed.endpoint().authority()), ("a@b", "h"));
    assert_eq!(text(|to| signed.string_to_sign(to)), "");
    assert!(
        text(|to| signed.canonical_request(to)).starts_with("GET\n/a%40b\nc=&d=e\nhost:h\nrange:bytes=0-1\n")
    );
}

#[test]
fn paths_are_signed_as_they_are_sent() {
    // Rows: what the URL says, S3's canonical path, the others'.
    for (url, s3, others) in [
        ("", "/", "/"),
        ("/", "/", "/"),
        ("//", "//", "/"),
        ("/a//b/", "/a//b/", "/a/b/"),
        ("/.", "/.", "/"),
        ("/..", "/..", "/"),
        ("/../a", "/../a", "/a"),
        ("/a/..", "/a/..", "/"),
        ("/a/b/..", "/a/b/..", "/a/"),
        ("/a/./b/../c", "/a/./b/../c", "/a/c"),
        ("/a/b/../../../c", "/a/b/../../../c", "/c"),
        ("/a/..b/...", "/a/..b/...", "/a/..b/..."),
        ("/%2e%2e/a", "/../a", "/%252e%252e/a"),
        ("/a%2Fb", "/a%2Fb", "/a%252Fb"),
        ("/a b", "/a%20b", "/a%2520b"),
        ("/a@b", "/a%40b", "/a%40b"),
        ("/\u{e9}", "/%C3%A9", "/%25C3%25A9"),
    ] {
        let url = format!("https://h{url}");
        assert_eq!((path(&url, Rules::S3), path(&url, Rules::OTHERS)), (s3.into(), others.into()), "{url}");
        let mut rules = Rules::OTHERS;
        rules.encoding = PathEncoding::Once;
        if url.contains("%2e") {
            assert_eq!(path(&url, rules), "/a");
        }
    }
}

#[test]
fn a_path_of_any_length_is_resolved() {
    let mut state = 1_u32;
    let mut random = |most: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 16) % most
    };
    let mut paths: Vec<String> = (0..200)
        .map(|long| {
            let length = if long < 150 { random(12) } else { random(3_000) };
            let segment = |kind| ["", ".", "..", "..", "a", "b", "c", "d"][usize::try_from(kind).unwrap()];
            (0..length).map(|_| format!("/{}", segment(random(8)))).collect()
        })
        .collect();
    // what takes everything away, what takes nothing, and what is taken from the front to the back
    for (one, other) in [("/a", "/.."), ("/a", "/a/.."), ("/..", "/a"), ("/", "/.")] {
        paths.push(one.repeat(8_000) + &other.repeat(8_000));
    }
    for sent in paths {
        let mut kept = Vec::new();
        for segment in sent.split('/') {
            match segment {
                "" | "." => {}
                ".." => drop(kept.pop()),
                name => kept.push(name),
            }
        }
        let mut expected: String = kept.iter().map(|name| format!("/{name}")).collect();
        if kept.is_empty() || sent.ends_with(['/', '.']) {
            expected.push('/');
        }
        assert_eq!(path(&format!("https://h{sent}"), Rules::OTHERS), expected, "{sent}");
    }
}

#[test]
fn the_path_of_an_endpoint_is_part_of_what_is_signed() {
    let mut room = [0; ENDPOINT_ROOM];
    let url = Url::parse("https://h/x//y(z)/%2f/../").unwrap();
    let place = Where::new("us-west-2").url(Some(url));
    for (rules, endpoint, wired, expected) in [
        (Rules::OTHERS, place.sqs(&mut room).unwrap(), "/x//y(z)/%2f/../a%20b", "/x/y%28z%29/a%2520b"),
        (
            Rules::S3,
            place.s3("bu", &mut [0; ENDPOINT_ROOM]).unwrap(),
            "/x//y%28z%29/%2F/../bu/a%20b",
            "/x//y%28z%29/%2F/../bu/a%20b",
        ),
    ] {
        let mut pairs = [];
        let mut draft = Draft::new(Method::Get, &mut pairs);
        draft.key("Key", "a b");
        let request = draft.finish().unwrap();
        let key = SigningKey::derive(&KEYS, now(), "us-west-2", "s3");
        let signer = Signer::new(&KEYS, &key, rules);
        let signed = signer.sign(&request, endpoint, now(), Payload::Body);
        assert_eq!(text(|to| wire::target(&signed, to)), wired);
        let canonical = text(|to| signed.canonical_request(to));
        assert_eq!(canonical.split('\n').nth(1), Some(expected));
    }
}

#[test]
fn own_names_are_merged_in_their_order() {
    let headers = [
        ("gz", "1"),
        ("hos", "2"),
        ("hosts", "3"),
        ("x-amz-date2", "4"),
        ("X-Amz-D", "5"),
        ("a", "6"),
        ("A", "7"),
    ];
    let keys = KEYS.with_token(Some("T"));
    signed("https://h/", &headers, keys, Rules::S3, None, |signed| {
        let canonical = text(|to| signed.canonical_request(to));
        let lines: Vec<_> = canonical.split('\n').skip(3).collect();
        let names =
            "a;gz;hos;host;hosts;x-amz-content-sha256;x-amz-d;x-amz-date;x-amz-date2;x-amz-security-token";
        assert_eq!(lines[lines.len() - 2], names);
        let got: Vec<_> =
            lines.iter().filter_map(|line| line.split_once(':')).map(|(name, _)| name).collect();
        assert_eq!(got.join(";"), names);
        assert_eq!(lines[0], "a:6,7");
    });
    let url = "https://h/?X-Amz-A=1&X-Amz-B=2&X-Amz-DateX=3&x-amz-date=4&X-Amz=5&%58-Amz-E=6&Y=7&\u{1234}=8";
    signed(url, &[], keys, Rules::S3, Some(60), |signed| {
        let canonical = text(|to| signed.canonical_request(to));
        let names: Vec<_> = canonical
            .split('\n')
            .nth(2)
            .unwrap()
            .split('&')
            .map(|pair| pair.split('=').next().unwrap())
            .collect();
        assert_eq!(
            names,
            [
                "%E1%88%B4",
                "X-Amz",
                "X-Amz-A",
                "X-Amz-Algorithm",
                "X-Amz-B",
                "X-Amz-Credential",
                "X-Amz-Date",
                "X-Amz-DateX",
                "X-Amz-E",
                "X-Amz-Expires",
                "X-Amz-Security-Token",
                "X-Amz-SignedHeaders",
                "Y",
                "x-amz-date"
            ]
        );
    });
}

#[test]
fn a_token_that_is_not_signed_is_sent() {
    let mut rules = Rules::OTHERS;
    rules.token = Token::Added;
    let keys = KEYS.with_token(Some("T/+="));
    signed("https://h/", &[], keys, rules, None, |signed| {
        assert!(!text(|to| signed.canonical_request(to)).contains("token"));
        assert!(text(|to| wire::head(signed, &[], None, to)).contains("\r\nx-amz-security-token: T/+=\r\n"));
    });
    signed("https://h/", &[], keys, rules, Some(9), |signed| {
        assert!(!text(|to| signed.canonical_request(to)).contains("Token"));
        let url = text(|to| wire::url(signed, to));
        let (before, signature) = url.split_once("&X-Amz-Signature=").unwrap();
        assert!(before.ends_with("&X-Amz-Security-Token=T%2F%2B%3D"), "{url}");
        assert_eq!(signature, signed.signature());
    });
}

#[test]
fn a_token_is_signed_as_a_server_reads_it() {
    let signature = |token| {
        let keys = KEYS.with_token(Some(token));
        signed("https://h/", &[], keys, Rules::S3, None, |signed| {
            (text(|to| signed.canonical_request(to)), String::from(signed.signature()))
        })
    };
    let expected = signature("a b");
    assert!(expected.0.contains("\nx-amz-security-token:a b\n"), "{}", expected.0);
    for token in [" a b", "a b \t", "a  b", "\ta \n b\r\n"] {
        assert_eq!(signature(token), expected, "{token:?}");
    }
}

#[test]
fn every_payload_is_said_and_sent() {
    let mut pairs = [];
    let mut draft = Draft::new(Method::Put, &mut pairs);
    draft.body(Body::Document(&"abc"));
    let request = draft.finish().unwrap();
    let key = SigningKey::derive(&KEYS, now(), "us-west-2", "s3");
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    for (payload, said) in [
        (Payload::Body, abc),
        (Payload::Sha256(Sha256::digest(b"abc")), abc),
        (Payload::Literal("STREAMING-UNSIGNED-PAYLOAD-TRAILER"), "STREAMING-UNSIGNED-PAYLOAD-TRAILER"),
        (Payload::Unsigned, "UNSIGNED-PAYLOAD"),
    ] {
        for (rules, sent) in [(Rules::S3, true), (Rules::OTHERS, false)] {
            let signer = Signer::new(&KEYS, &key, rules);
            let signed = signer.sign(&request, Endpoint::new(true, "h", "s3", "us-west-2"), now(), payload);
            assert!(text(|to| signed.canonical_request(to)).ends_with(&format!("\n{said}")));
            let head = text(|to| wire::head(&signed, &[], None, to));
            assert_eq!(head.contains(&format!("\r\nx-amz-content-sha256: {said}\r\n")), sent, "{head}");
        }
    }
}

#[test]
fn a_key_is_for_its_day() {
    let key = SigningKey::derive(&KEYS, now(), "us-west-2", "s3");
    for (stamp, covered) in [
        ("20260102T000000Z", true),
        ("20260102T235959Z", true),
        ("20260101T235959Z", false),
        ("20260103T000000Z", false),
        ("20270102T030405Z", false),
    ] {
        let time = Time::parse_stamp(stamp.as_bytes()).unwrap();
        assert_eq!(key.covers(&KEYS, time, "us-west-2", "s3"), covered, "{stamp}");
    }
}

#[test]
fn a_key_is_for_its_owner_region_and_service() {
    let key = SigningKey::derive(&KEYS, now(), "us-west-2", "s3");
    let other = Credentials::new("AKIDOTHER", "secret");
    for (credentials, region, service, covered) in [
        (&KEYS, "us-west-2", "s3", true),
        (&other, "us-west-2", "s3", false),
        (&KEYS, "us-west-1", "s3", false),
        (&KEYS, "us-west-2", "sqs", false),
        (&KEYS, "us-west-2s", "3", false),
    ] {
        assert_eq!(key.covers(credentials, now(), region, service), covered, "{region} {service}");
    }
}

#[test]
fn debug_shows_no_secret_token_or_signature() {
    let keys = KEYS.with_token(Some("CANARY-TOKEN"));
    let key = SigningKey::derive(&keys, now(), "us-west-2", "s3");
    let signer = Signer::new(&keys, &key, Rules::S3);
    let mut pairs = [Pair::EMPTY; 2];
    let request = Raw::from_url("https://h/", &mut pairs).unwrap().finish().unwrap();
    let signed = signer.sign(&request, Endpoint::new(true, "h", "s3", "us-west-2"), now(), Payload::Body);
    let shown = format!("{keys:?} {key:?} {signer:?} {signed:?} {:?}", key.clone());
    assert!(shown.contains("AKIDEXAMPLE") && shown.contains("us-west-2"), "{shown}");
    for secret in [SECRET, "CANARY", "wJalr", signed.signature(), &signed.signature()[..16]] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn an_authorization_of_ones_own_is_for_those_who_do_not_sign() {
    let mut pairs = [Pair::EMPTY; 4];
    let mut draft = Draft::new(Method::Put, &mut pairs);
    draft.header("Authorization", Value::Text("Bearer b"));
    draft.header("authorization", Value::Meta("m"));
    let request = draft.finish().unwrap();
    let endpoint = Endpoint::new(true, "h", "s3", "us-west-2");
    let anonymous = Signed::anonymous(&request, endpoint);
    let given = "\r\nx-amz-meta-authorization: m\r\n";
    let head = text(|to| wire::head(&anonymous, &[], None, to));
    assert!(head.ends_with(&format!("{given}authorization: Bearer b\r\n\r\n")), "{head}");
    let key = SigningKey::derive(&KEYS, now(), "us-west-2", "s3");
    let signer = Signer::new(&KEYS, &key, Rules::S3);
    let signed = signer.sign(&request, endpoint, now(), Payload::Body);
    let head = text(|to| wire::head(&signed, &[], None, to));
    assert!(head.ends_with(&format!("{given}\r\n")) && !head.contains("Bearer"), "{head}");
    assert_eq!(head.matches("\r\nauthorization: ").count(), 1);
    assert!(head.contains("SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-meta-authorization,"));
}

#[test]
fn rules_are_known_by_the_name_of_the_service() {
    for (service, rules) in
        [("s3", Rules::S3), ("s3express", Rules::S3), ("sqs", Rules::OTHERS), ("", Rules::OTHERS)]
    {
        assert_eq!(Rules::of(service), rules, "{service}");
    }
}

#[test]
fn what_presigning_says_takes_the_place_of_what_is_called_the_same() {
    let url =
        "https://h/?X-Amz-Expires=1&%58-Amz-Signature=2&X-Amz-Security-Token=3&x-amz-date=4&X-Amz-Date&a";
    let sent =
        |expires| signed(url, &[], KEYS, Rules::S3, expires, |signed| text(|to| wire::target(signed, to)));
    let target = sent(Some(60));
    assert!(target.starts_with("/?a&x-amz-date=4&X-Amz-Algorithm="), "{target}");
    assert_eq!(target.matches("X-Amz-Expires").count(), 1);
    assert!(!target.contains("Token"));
    // Signed in headers, or by nobody, a URL that somebody presigned stays as it is.
    let whole = "/?X-Amz-Date&X-Amz-Expires=1&X-Amz-Security-Token=3&X-Amz-Signature=2&a&x-amz-date=4";
    assert_eq!(sent(None), whole);
}
