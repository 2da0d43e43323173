//! What is signed is accepted, and what is changed refused: by AWS's examples, by our signer, and bit by bit against
//! a canonicaliser that was written plainly.

extern crate std;

mod chunks;
mod equivalent;
mod model;

use core::cell::RefCell;
use core::sync::atomic::AtomicUsize;
use core::sync::atomic::Ordering::Relaxed;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::format;
use std::string::String;
use std::string::ToString as _;
use std::vec;
use std::vec::Vec;

use proptest::prelude::*;

use self::equivalent::TABLE;
use self::model::Wire;
use super::*;
use crate::checksum::Algorithm;
use crate::checksum::Checksum;
use crate::encode::tests::written;
use crate::hash::Compress;
use crate::hash::Sha256;
use crate::hash::Software;
use crate::request::Raw;
use crate::sigv4::Credentials;
use crate::sigv4::Dots;
use crate::sigv4::Expires;
use crate::sigv4::PathEncoding;
use crate::wire;

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const ID: &str = "AKIAIOSFODNN7EXAMPLE";

fn text(write: impl FnOnce(&mut dyn Sink)) -> String {
    String::from_utf8(written(write)).unwrap()
}

fn at(stamp: &str) -> Time {
    Time::parse_stamp(stamp.as_bytes()).unwrap()
}

/// What is proven, or the refusal in words.
fn verdict(wire: &Wire, secret: &str, terms: &Terms<'_>) -> Result<Covers, String> {
    let headers: Vec<_> = wire.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let received = Received::new(&wire.method, &wire.target, &headers);
    let mut room = vec![0; wire.target.len()];
    let claim = Claim::read(received, &mut room).map_err(|why| format!("{why:?}"))?;
    let key = key_for(&claim, secret);
    let mut pairs = vec![Pair::EMPTY; wire.target.len() + wire.headers.len()];
    claim.verify(&key, terms, &mut pairs).map(|proof| proof.covers()).map_err(|why| format!("{why:?}"))
}

/// The key that a claim needs, derived once.
fn key_for(claim: &Claim<'_>, secret: &str) -> SigningKey {
    std::thread_local! {
        static KEYS: RefCell<BTreeMap<String, SigningKey>> = const { RefCell::new(BTreeMap::new()) };
    }
    let (day, region, service) = (claim.time().day(), claim.region(), claim.service());
    let derive = || SigningKey::derive(&Credentials::new(ID, secret), claim.time(), region, service);
    KEYS.with_borrow_mut(|keys| {
        keys.entry(format!("{secret} {day:?} {region} {service}")).or_insert_with(derive).clone()
    })
}

fn wire_of(method: &str, target: &str, headers: &[(&str, &str)]) -> Wire {
    Wire {
        method: method.into(),
        target: target.into(),
        headers: headers.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect(),
        twice: false,
        resolved: false,
        added: false,
        payload: "UNSIGNED-PAYLOAD".into(),
    }
}

/// How a request is signed in a test.
#[derive(Clone, Copy, Debug)]
struct How {
    rules: Rules,
    payload: Payload<'static>,
    expires: Option<u32>,
    service: &'static str,
    token: Option<&'static str>,
}

const S3: How =
    How { rules: Rules::S3, payload: Payload::Body, expires: None, service: "s3", token: Some("TOK/EN+=") };
const OTHERS: How = How { rules: Rules::OTHERS, service: "sqs", token: None, ..S3 };

const NOW: &str = "20260102T030405Z";
const BODY: &[u8] = b"the body";

/// A request as our signer sends it.
fn sent(how: How, method: Method, url: &str, headers: &[(&str, &str)]) -> Wire {
    let mut pairs = vec![Pair::EMPTY; 64];
    let mut raw = Raw::from_url(url, &mut pairs).unwrap();
    raw.method(method);
    for (name, value) in headers {
        raw.header(name, value);
    }
    raw.body(BODY);
    let endpoint = Endpoint::new(true, raw.host(), how.service, "us-west-2");
    let request = raw.finish().unwrap();
    let credentials = Credentials::new(ID, SECRET).with_token(how.token);
    let key = SigningKey::derive(&credentials, at(NOW), "us-west-2", how.service);
    let signer = Signer::new(&credentials, &key, how.rules);
    let signed = match how.expires {
        None => signer.sign(&request, endpoint, at(NOW), how.payload),
        Some(seconds) => {
            let expires = Expires::from_seconds(seconds).unwrap();
            signer.presign(&request, endpoint, at(NOW), how.payload, expires)
        }
    };
    let header = |header: crate::sigv4::Header<'_>| {
        (text(|to| header.write_name(to)), text(|to| header.write_value(to)))
    };
    let canonical = text(|to| signed.canonical_request(to));
    Wire {
        method: method.as_str().into(),
        target: text(|to| wire::target(&signed, to)),
        headers: signed.headers().map(header).collect(),
        twice: how.rules.encoding == PathEncoding::Twice,
        resolved: how.rules.dots == Dots::Resolved,
        added: how.rules.token == Token::Added,
        payload: canonical.rsplit('\n').next().unwrap().into(),
    }
}

fn terms(how: How) -> Terms<'static> {
    Terms::new(at(NOW)).rules(how.rules).body(Sha256::digest(BODY))
}

/// The examples of <https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html> and
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html>.
#[test]
fn aws_own_examples_are_true() {
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let authorization = |headers: &str, signature: &str| {
        format!(
            "AWS4-HMAC-SHA256 Credential={ID}/20130524/us-east-1/s3/aws4_request,\
             SignedHeaders={headers},Signature={signature}"
        )
    };
    let get = authorization(
        "host;range;x-amz-content-sha256;x-amz-date",
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    );
    let list = authorization(
        "host;x-amz-content-sha256;x-amz-date",
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
    );
    let host = ("Host", "examplebucket.s3.amazonaws.com");
    let (date, content) = (("x-amz-date", "20130524T000000Z"), ("x-amz-content-sha256", empty));
    let presigned = "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524\
        %2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host\
        &X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";
    let digest = Covers::Digest(Sha256::digest(b""));
    for (wire, covers) in [
        (
            wire_of(
                "GET",
                "/test.txt",
                &[host, ("Authorization", &get), ("Range", "bytes=0-9"), content, date],
            ),
            digest,
        ),
        (wire_of("GET", "/?max-keys=2&prefix=J", &[host, date, content, ("authorization", &list)]), digest),
        (wire_of("GET", presigned, &[host]), Covers::Nothing),
    ] {
        let now = Terms::new(at("20130524T001000Z"));
        assert_eq!(verdict(&wire, SECRET, &now), Ok(covers));
        assert_eq!(verdict(&wire, "another secret", &now), Err("Signature".into()));
        let body = now.body(Sha256::digest(b""));
        let covers = if covers == digest { Covers::Body } else { covers };
        assert_eq!(verdict(&wire, SECRET, &body), Ok(covers));
    }
}

#[test]
fn time_is_what_the_terms_say() {
    let header = sent(S3, Method::Get, "https://h/", &[]);
    let unsigned = How { expires: Some(60), payload: Payload::Unsigned, ..S3 };
    let query = sent(unsigned, Method::Get, "https://h/", &[]);
    let late = |why: &str| Some(String::from(why));
    for (wire, now, skew, expected) in [
        (&header, NOW, 0, None),
        (&header, "20260102T031905Z", 900, None),
        (&header, "20260102T031906Z", 900, late("Late")),
        (&header, "20260102T024905Z", 900, None),
        (&header, "20260102T024904Z", 900, late("Early")),
        (&header, "20260102T030406Z", 0, late("Late")),
        (&header, "20260102T030404Z", 0, late("Early")),
        (&query, NOW, 0, None),
        (&query, "20260102T030504Z", 900, None),
        (&query, "20260102T030505Z", 900, late("Expired")),
        (&query, "20270102T030505Z", 900, late("Expired")),
        (&query, "20260102T024905Z", 900, None),
        (&query, "20260102T024904Z", 900, late("Early")),
    ] {
        let terms = Terms::new(at(now)).max_skew(Duration::from_secs(skew)).body(Sha256::digest(BODY));
        assert_eq!(verdict(wire, SECRET, &terms).err(), expected, "{now} {skew}");
    }
}

#[test]
fn a_claim_says_until_when_it_is_taken_and_which_it_is() {
    let query = How { expires: Some(60), payload: Payload::Unsigned, ..S3 };
    for (how, until) in [(S3, "20260102T031905Z"), (query, "20260102T030505Z")] {
        let claimed = |url: &str| {
            let wire = sent(how, Method::Get, url, &[]);
            let headers: Vec<_> =
                wire.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let mut room = vec![0; wire.target.len()];
            let claim = Claim::read(Received::new("GET", &wire.target, &headers), &mut room).unwrap();
            let whole = format!("{} {headers:?}", wire.target);
            assert!(claim.signature().len() == 64 && whole.contains(claim.signature()), "{whole}");
            assert_eq!(claim.until(&Terms::new(at("20200101T000000Z"))), at(until));
            claim.signature().to_string()
        };
        // One request has one signature: sent again it is known by it.
        assert_eq!(claimed("https://h/a"), claimed("https://h/a"));
        assert_ne!(claimed("https://h/a"), claimed("https://h/b"));
    }
}

#[test]
fn a_key_proves_nothing_of_anybody_else() {
    let wire = sent(S3, Method::Get, "https://h/", &[]);
    let other = |text: &String| text.replacen(ID, "AKIAIOSFODNN7OTHERONE", 1);
    let headers = wire.headers.iter().map(|(name, value)| (name.clone(), other(value)));
    let wire = Wire { headers: headers.collect(), ..wire };
    assert_eq!(verdict(&wire, SECRET, &terms(S3)), Err("Key".into()));

    let wire = sent(S3, Method::Get, "https://h/", &[]);
    let headers: Vec<_> = wire.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let claim = Claim::read(Received::new("GET", &wire.target, &headers), &mut []).unwrap();
    for (id, time, region, service, expected) in [
        (ID, NOW, "us-west-2", "s3", None),
        ("", NOW, "us-west-2", "s3", Some(Refusal::Key)),
        (ID, "20260103T030405Z", "us-west-2", "s3", Some(Refusal::Key)),
        (ID, NOW, "us-west-1", "s3", Some(Refusal::Key)),
        (ID, NOW, "us-west-2", "sqs", Some(Refusal::Key)),
    ] {
        let key = SigningKey::derive(&Credentials::new(id, SECRET), at(time), region, service);
        let got = claim.verify(&key, &terms(S3), &mut [Pair::EMPTY; 16]);
        assert_eq!(got.err(), expected, "{id} {time} {region} {service}");
    }
}

/// Every refusal, from a request that is true with one thing changed.
#[test]
fn each_refusal_has_its_reason() {
    let header = sent(S3, Method::Put, "https://h/k?a=1", &[("Content-MD5", "x"), ("Content-Type", "t")]);
    let query = sent(
        How { expires: Some(60), payload: Payload::Unsigned, ..S3 },
        Method::Get,
        "https://h/k?a=1",
        &[("x-amz-acl", "private")],
    );
    assert_eq!(verdict(&header, SECRET, &terms(S3)), Ok(Covers::Body));
    assert_eq!(verdict(&query, SECRET, &terms(S3)), Ok(Covers::Nothing));
    type Change<'c> = &'c dyn Fn(&mut Wire);
    let set = |name: &'static str, change: fn(&str) -> String| {
        move |wire: &mut Wire| {
            let header = wire.headers.iter_mut().find(|(given, _)| given == name).unwrap();
            header.1 = change(&header.1);
        }
    };
    let target = |from: &'static str, to: &'static str| {
        move |wire: &mut Wire| {
            assert!(wire.target.contains(from), "{from}");
            wire.target = wire.target.replacen(from, to, 1);
        }
    };
    let authorized = |from: &'static str, to: &'static str| {
        move |wire: &mut Wire| {
            let header = wire.headers.iter_mut().find(|(given, _)| given == "authorization").unwrap();
            assert!(header.1.contains(from), "{from}");
            header.1 = header.1.replacen(from, to, 1);
        }
    };
    let add = |name: &'static str, value: &'static str| {
        move |wire: &mut Wire| wire.headers.push((name.into(), value.into()))
    };
    let remove = |name: &'static str| move |wire: &mut Wire| wire.headers.retain(|(given, _)| given != name);
    let malformed = |piece: &str| format!("Malformed {{ piece: {piece} }}");
    let duplicate = |name: &str| format!("Duplicate {{ name: {name:?} }}");
    let missing = |name: &str| format!("Missing {{ name: {name:?} }}");
    let unsigned = |name: &str| format!("Unsigned {{ name: {name:?} }}");
    let signature = || String::from("Signature");
    let rows: &[(&Wire, Change<'_>, String)] = &[
        (&header, &remove("authorization"), "Absent".into()),
        (&header, &set("authorization", |_| "Bearer x".into()), "Algorithm".into()),
        (&header, &authorized("HMAC-SHA256", "ECDSA-P256-SHA256"), "Algorithm".into()),
        (&header, &authorized("AWS4-HMAC-SHA256 ", "AWS4-HMAC-SHA256"), "Algorithm".into()),
        (&header, &target("?", "?X-Amz-Signature=1&"), "BothPlaces".into()),
        (&header, &target("?", "?X-Amz-Algorithm=AWS4-HMAC-SHA256&"), "BothPlaces".into()),
        (&query, &add("Authorization", "Bearer x"), "BothPlaces".into()),
        (&header, &add("Authorization", "Bearer x"), duplicate("authorization")),
        (&header, &authorized(", Signature", ", SignedHeaders=host, Signature"), duplicate("authorization")),
        (&header, &add("X-AMZ-DATE", "20260102T030405Z"), duplicate("x-amz-date")),
        (&header, &add("X-Amz-Security-Token", "T"), duplicate("x-amz-security-token")),
        (&header, &add("X-Amz-S3session-Token", "T"), duplicate("x-amz-security-token")),
        (&header, &add("x-amz-content-sha256", "UNSIGNED-PAYLOAD"), duplicate("x-amz-content-sha256")),
        (&header, &add("Host", "h"), duplicate("host")),
        (&query, &target("?", "?X-Amz-Signature=0&"), duplicate("X-Amz-Signature")),
        (&query, &target("?", "?x-amz-signature=0&"), duplicate("X-Amz-Signature")),
        (&query, &target("?", "?X-Amz-%53ignature=0&"), duplicate("X-Amz-Signature")),
        (&query, &target("?", "?x-amz-%63redential&"), duplicate("X-Amz-Credential")),
        (&query, &target("?", "?X-AMZ-EXPIRES=604800&"), duplicate("X-Amz-Expires")),
        (&query, &target("?", "?X-Amz-S3session-Token=T&"), duplicate("x-amz-security-token")),
        (&header, &authorized("20260102/", "20260103/"), "Day".into()),
        (&header, &set("x-amz-date", |_| "20260103T030405Z".into()), "Day".into()),
        (&query, &target("%2F20260102", "%2F20260101"), "Day".into()),
        (&header, &authorized("aws4_request", "aws4_reques"), "Terminator".into()),
        (&header, &authorized("us-west-2/s3", "us-west-2%2Fs3"), malformed("Credential")),
        (&header, &authorized("AKIAIOSFODNN7EXAMPLE/", "/"), malformed("Credential")),
        (&header, &authorized("AKIA", "AK\u{e9}A"), malformed("Credential")),
        (&query, &target("AKIA", "AK%0AA"), malformed("Credential")),
        (&query, &target("AKIA", "AK%FFA"), malformed("Credential")),
        (&header, &authorized("Credential", "credential"), malformed("Authorization")),
        (&header, &authorized(", Signature", ",, Signature"), malformed("Authorization")),
        (&header, &authorized("Signature=", "Signatur="), malformed("Authorization")),
        (
            &header,
            &set("authorization", |text| text.split_once(", Signature").unwrap().0.into()),
            missing("Signature"),
        ),
        (
            &header,
            &set("authorization", |text| text.replace("SignedHeaders=", "Signature=")),
            duplicate("authorization"),
        ),
        (&header, &set("x-amz-date", |_| "2026-01-02T03:04:05Z".into()), malformed("Date")),
        (&header, &set("x-amz-date", |_| "20260102T030460Z".into()), malformed("Date")),
        (&header, &remove("x-amz-date"), missing("x-amz-date")),
        (&query, &target("X-Amz-Date=20260102T030405Z", "X-Amz-Date"), malformed("Date")),
        (&query, &target("&X-Amz-Date=20260102T030405Z", ""), missing("X-Amz-Date")),
        (&query, &target("&X-Amz-Expires=60", ""), missing("X-Amz-Expires")),
        (&query, &target("X-Amz-Expires=60", "X-Amz-Expires=604801"), malformed("Expires")),
        (&query, &target("X-Amz-Expires=60", "X-Amz-Expires=0"), malformed("Expires")),
        (&query, &target("X-Amz-Expires=60", "X-Amz-Expires=+60"), malformed("Expires")),
        (&query, &target("X-Amz-Expires=60", "X-Amz-Expires="), malformed("Expires")),
        (&query, &target("X-Amz-Expires=60", "X-Amz-Expires=61"), signature()),
        (&query, &target("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1"), "Algorithm".into()),
        (&query, &target("X-Amz-Signature=", "X-Amz-Signature=0"), malformed("Signature")),
        (&header, &authorized("Signature=", "Signature=0"), malformed("Signature")),
        (
            &header,
            &set("authorization", |text| {
                let (before, digits) = text.split_once("Signature=").unwrap();
                format!("{before}Signature={}", digits.to_uppercase())
            }),
            malformed("Signature"),
        ),
        (&header, &authorized("host;", ""), malformed("SignedHeaders")),
        (&header, &authorized("SignedHeaders=", "SignedHeaders=;"), malformed("SignedHeaders")),
        (&header, &authorized("host;", "host;host;"), malformed("SignedHeaders")),
        (&header, &authorized("host;", "Host;"), malformed("SignedHeaders")),
        (&header, &authorized("host;", "host;a;"), malformed("SignedHeaders")),
        (&header, &authorized("SignedHeaders=", "SignedHeaders=a;"), missing("a")),
        (&header, &remove("host"), missing("host")),
        (&header, &set("x-amz-content-sha256", |_| "UNSIGNED".into()), malformed("Payload")),
        (&header, &set("x-amz-content-sha256", |_| "STREAMING-AWS4-HMAC-SHA256-PAYLOAD".into()), signature()),
        (&header, &set("x-amz-content-sha256", |_| "UNSIGNED-PAYLOAD".into()), signature()),
        (
            &header,
            &set("x-amz-content-sha256", |text| text.replace(|c: char| c.is_ascii_digit(), "0")),
            "Body".into(),
        ),
        (
            &header,
            &|wire: &mut Wire| {
                remove("x-amz-content-sha256")(wire);
                authorized("x-amz-content-sha256;", "")(wire);
            },
            missing("x-amz-content-sha256"),
        ),
        (&header, &authorized("content-md5;", ""), unsigned("content-md5")),
        (&header, &authorized("x-amz-date;", ""), unsigned("x-amz-date")),
        (&header, &authorized(";x-amz-security-token", ""), unsigned("x-amz-security-token")),
        (&header, &add("X-Amz-Acl", "public-read"), unsigned("X-Amz-Acl")),
        (&query, &add("x-amz-date", "20260102T030405Z"), unsigned("x-amz-date")),
        (&query, &add("Content-MD5", "x"), unsigned("Content-MD5")),
        (&query, &target("%3Bx-amz-acl", ""), unsigned("x-amz-acl")),
        (&header, &authorized("content-type;", ""), signature()),
        (&header, &authorized("AKIA", "AKIB"), "Key".into()),
        (&header, &authorized("us-west-2", "us-west-1"), signature()),
        (&header, &authorized("/s3/", "/s3express/"), signature()),
        (&header, &add("x y", "z"), malformed("Header")),
        (&header, &add("", "z"), malformed("Header")),
        (&header, &add("a", "b\nhost:c"), malformed("Header")),
        (&header, &add("a", "\0"), malformed("Header")),
        (&header, &|wire: &mut Wire| wire.method = "BREW".into(), malformed("Method")),
        (&header, &|wire: &mut Wire| wire.method = "put".into(), malformed("Method")),
        (&header, &|wire: &mut Wire| wire.target = "https://h/k?a=1".into(), malformed("Target")),
        (&header, &|wire: &mut Wire| wire.target = "*".into(), malformed("Target")),
        (&header, &|wire: &mut Wire| wire.target = String::new(), malformed("Target")),
        (&header, &target("k", "k#"), malformed("Target")),
        (&header, &target("k", "k\n"), malformed("Target")),
    ];
    for (at, (wire, change, expected)) in rows.iter().enumerate() {
        let mut changed = (*wire).clone();
        change(&mut changed);
        assert_eq!(verdict(&changed, SECRET, &terms(S3)), Err(expected.clone()), "row {at}: {changed:?}");
    }
    // What depends on the terms.
    let other = terms(S3).scope("us-east-1", "s3");
    assert_eq!(verdict(&header, SECRET, &other), Err("Scope".into()));
    assert_eq!(verdict(&header, SECRET, &terms(S3).scope("us-west-2", "sqs")), Err("Scope".into()));
    assert_eq!(verdict(&header, SECRET, &terms(S3).scope("us-west-2", "s3")), Ok(Covers::Body));
    assert_eq!(verdict(&header, SECRET, &terms(S3).body([7; 32])), Err("Body".into()));
    let digest = Covers::Digest(Sha256::digest(BODY));
    assert_eq!(verdict(&header, SECRET, &Terms::new(at(NOW))), Ok(digest));
    let names = ["Content-Type", "accept"];
    let mut less = sent(S3, Method::Put, "https://h/k", &[]);
    less.headers.push(("content-TYPE".into(), "t".into()));
    assert_eq!(verdict(&less, SECRET, &terms(S3)), Ok(Covers::Body));
    assert_eq!(verdict(&less, SECRET, &terms(S3).signed(&names)), Err(unsigned("content-TYPE")));
    assert_eq!(verdict(&header, SECRET, &terms(S3).signed(&names)), Ok(Covers::Body));
    let sqs = sent(OTHERS, Method::Post, "https://h/", &[]);
    assert_eq!(verdict(&sqs, SECRET, &terms(OTHERS)), Ok(Covers::Body));
    assert_eq!(verdict(&sqs, SECRET, &Terms::new(at(NOW))), Err("NoBody".into()));
    assert_eq!(verdict(&sqs, SECRET, &terms(OTHERS).body([7; 32])), Err("Signature".into()));
}

#[test]
fn a_short_room_names_the_size_that_would_do() {
    let query = sent(How { expires: Some(60), ..OTHERS }, Method::Get, "https://h/?a=1&b", &[]);
    let headers: Vec<_> = query.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let received = Received::new(&query.method, &query.target, &headers);
    let needed = format!("{ID}/20260102/us-west-2/sqs/aws4_request").len();
    for size in 0..needed {
        let mut room = vec![0; size];
        assert_eq!(Claim::read(received, &mut room).unwrap_err(), Refusal::Room { needed });
    }
    let mut room = vec![0; needed];
    let claim = Claim::read(received, &mut room).unwrap();
    let key = SigningKey::derive(&Credentials::new(ID, SECRET), at(NOW), "us-west-2", "sqs");
    for size in 0..8 {
        let short = claim.verify(&key, &terms(OTHERS), &mut vec![Pair::EMPTY; size]).unwrap_err();
        assert_eq!(short, Refusal::Room { needed: 8 });
    }
    let mut pairs = [Pair::EMPTY; 8];
    let proof = claim.verify(&key, &terms(OTHERS), &mut pairs).unwrap();
    assert_eq!((proof.claim().place(), proof.covers()), (Place::Query { expires: 60 }, Covers::Body));
    assert!(proof.is_signed("HOST") && !proof.is_signed("accept"));
    assert_eq!(proof.signed_headers().collect::<Vec<_>>(), ["host"]);
}

#[test]
fn a_body_is_checked_while_it_is_read() {
    let header = sent(S3, Method::Put, "https://h/k", &[]);
    let headers: Vec<_> =
        header.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let claim = Claim::read(Received::new("PUT", &header.target, &headers), &mut []).unwrap();
    assert_eq!(claim.token(), S3.token.map(Secret::new));
    let key = SigningKey::derive(&Credentials::new(ID, SECRET), at(NOW), "us-west-2", "s3");
    let mut pairs = vec![Pair::EMPTY; 16];
    let proof = claim.verify(&key, &Terms::new(at(NOW)), &mut pairs).unwrap();
    let check = |pieces: &[&[u8]]| {
        let mut check = BodyCheck::new(&proof).unwrap();
        pieces.iter().for_each(|piece| check.put(piece));
        check.finish()
    };
    for cut in 0..=BODY.len() {
        assert_eq!(check(&[&BODY[..cut], &BODY[cut..]]), Ok(()));
    }
    for bit in 0..8 * BODY.len() {
        let mut body = BODY.to_vec();
        body[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(check(&[&body]), Err(WrongBody));
    }
    assert_eq!(check(&[]), Err(WrongBody));
    let proof = claim.verify(&key, &terms(S3), &mut pairs).unwrap();
    assert!(BodyCheck::new(&proof).is_none(), "it was checked already");
}

#[test]
fn a_body_is_checked_by_whose_engine_it_is_told() {
    struct Counting(AtomicUsize);
    impl Compress for Counting {
        fn compress(&self, state: &mut [u32; 8], blocks: &[[u8; 64]]) {
            self.0.fetch_add(blocks.len(), Relaxed);
            Software.compress(state, blocks);
        }
    }
    static ENGINE: Counting = Counting(AtomicUsize::new(0));
    let wire = sent(S3, Method::Put, "https://h/k", &[]);
    let headers: Vec<_> = wire.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let claim = Claim::read(Received::new("PUT", &wire.target, &headers), &mut []).unwrap();
    let key = key_for(&claim, SECRET);
    let mut pairs = vec![Pair::EMPTY; 16];
    let proof = claim.verify(&key, &Terms::new(at(NOW)), &mut pairs).unwrap();
    let mut check = BodyCheck::with(&ENGINE, &proof).unwrap();
    check.put(BODY);
    assert_eq!(check.finish(), Ok(()));
    assert_eq!(ENGINE.0.load(Relaxed), 1);
    let mut sum = Checksum::with(&ENGINE, Algorithm::Sha256);
    sum.put(BODY);
    assert_eq!(sum.finish().as_bytes(), Sha256::digest(BODY));
    assert_eq!(ENGINE.0.load(Relaxed), 2);
}

#[test]
fn the_texts_that_a_server_shows_are_those_that_were_signed() {
    for how in [
        S3,
        OTHERS,
        How { expires: Some(60), ..OTHERS },
        How { expires: Some(9), payload: Payload::Unsigned, ..S3 },
    ] {
        let wire = sent(how, Method::Get, "https://h/a/../b%20c?x=%2f&y", &[("a", "1"), ("b", " 2 ")]);
        let headers: Vec<_> =
            wire.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let mut room = vec![0; wire.target.len()];
        let claim = Claim::read(Received::new("GET", &wire.target, &headers), &mut room).unwrap();
        let mut string = Vec::new();
        struct Push<'v>(&'v mut Vec<u8>);
        impl Sink for Push<'_> {
            fn put(&mut self, bytes: &[u8]) {
                self.0.extend_from_slice(bytes);
            }
        }
        let mut pairs = vec![Pair::EMPTY; 32];
        let request = text(|to| {
            claim.write_texts(&terms(how), &mut pairs, to, &mut Push(&mut string)).unwrap();
        });
        assert_eq!(request, wire.canonical());
        let hash = hex(Sha256::digest(request.as_bytes()));
        let hash = core::str::from_utf8(hash.as_flattened()).unwrap();
        let service = how.service;
        let expected = format!("AWS4-HMAC-SHA256\n{NOW}\n20260102/us-west-2/{service}/aws4_request\n{hash}");
        assert_eq!(String::from_utf8(string).unwrap(), expected);
    }
}

/// Requests of every kind, with something in them of all that is canonicalised.
fn kinds() -> Vec<(How, Wire)> {
    let unsigned = How { payload: Payload::Unsigned, expires: Some(600), ..S3 };
    let added = Rules { token: Token::Added, ..Rules::OTHERS };
    let hows = [
        S3,
        unsigned,
        How { payload: Payload::Unsigned, ..S3 },
        OTHERS,
        How { expires: Some(600), ..OTHERS },
        How { rules: added, token: Some("TOKEN"), ..OTHERS },
        How { rules: added, token: Some("TOKEN"), expires: Some(600), ..OTHERS },
    ];
    let url = "https://host.example:8443/a%2Fb//c%20d/./e~f@g/..?list&prefix=a%2Fb%20c&%61=b&x=1&x=0";
    let headers = [
        ("Content-Type", "text/plain;  charset=utf-8"),
        ("x-amz-meta-a", "one two"),
        ("x-amz-meta-a", "three"),
        ("user-agent", "agent/1"),
    ];
    hows.into_iter().map(|how| (how, sent(how, Method::Put, url, &headers))).collect()
}

#[test]
fn what_counts_as_the_same_is_accepted() {
    for row in TABLE {
        let mut examples = 0;
        for (how, wire) in kinds() {
            assert!(verdict(&wire, SECRET, &terms(how)).is_ok(), "{how:?} {wire:?}");
            let Some(other) = (row.example)(&wire) else { continue };
            assert_eq!(other.canonical(), wire.canonical(), "{}", row.name);
            let got = verdict(&other, SECRET, &terms(how));
            assert!(got.is_ok(), "{}: {got:?} of {other:?}", row.name);
            examples += usize::from(format!("{other:?}") != format!("{wire:?}"));
        }
        assert!(examples > 0, "{} has an example", row.name);
    }
}

#[test]
fn a_change_of_one_bit_is_refused_or_in_the_table() {
    let mut met = BTreeSet::new();
    let mut refused = 0;
    for (how, wire) in kinds() {
        let canonical = wire.canonical();
        for (part, bit) in bits(&wire) {
            let Some(changed) = flipped(&wire, part, bit) else { continue };
            let same = changed.canonical() == canonical;
            if verdict(&changed, SECRET, &terms(how)).is_err() {
                refused += 1;
                continue;
            }
            assert!(same, "accepted, for all that it changes what is signed: {changed:?}");
            let row = TABLE.iter().find(|row| (row.holds)(&wire, &changed));
            let row = row.unwrap_or_else(|| panic!("accepted, and in no row: {wire:?} {changed:?}"));
            met.insert(row.name);
        }
    }
    let names = [
        "a session token that is added after signing",
        "dots and slashes of a path that is resolved",
        "headers that are not signed",
        "the case of the digits of what is percent-encoded",
        "the case of the names of headers",
    ];
    assert_eq!(met, BTreeSet::from(names));
    assert!(refused > 20_000, "{refused}");
}

/// The parts of a request with their bits: the method, the target, and names and values of headers.
fn bits(wire: &Wire) -> Vec<(usize, usize)> {
    let parts = [&wire.method, &wire.target].into_iter();
    let parts = parts.chain(wire.headers.iter().flat_map(|(name, value)| [name, value]));
    let bits = |(part, text): (usize, &String)| (0..8 * text.len()).map(move |bit| (part, bit));
    parts.enumerate().flat_map(bits).collect()
}

/// The request with one bit changed; none where that is no text any more, which nobody can hand over.
fn flipped(wire: &Wire, part: usize, bit: usize) -> Option<Wire> {
    let mut wire = wire.clone();
    let text = match part {
        0 => &mut wire.method,
        1 => &mut wire.target,
        part => {
            let (name, value) = &mut wire.headers[part / 2 - 1];
            if part % 2 == 0 { name } else { value }
        }
    };
    let mut bytes = text.clone().into_bytes();
    bytes[bit / 8] ^= 1 << (bit % 8);
    *text = String::from_utf8(bytes).ok()?;
    Some(wire)
}

#[test]
fn what_is_shown_holds_no_secret() {
    let how = How { token: Some("canary-token"), ..S3 };
    for how in [how, How { expires: Some(60), payload: Payload::Unsigned, ..how }] {
        let wire = sent(how, Method::Put, "https://h/k", &[]);
        let headers: Vec<_> =
            wire.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let received = Received::new("PUT", &wire.target, &headers);
        let mut room = vec![0; wire.target.len()];
        let claim = Claim::read(received, &mut room).unwrap();
        let key = SigningKey::derive(&Credentials::new(ID, SECRET), at(NOW), "us-west-2", "s3");
        let proof = claim.verify(&key, &terms(how), &mut [Pair::EMPTY; 16]).unwrap();
        let shown = format!("{received:?} {claim:?} {proof:?} {:?}", BodyCheck::new(&proof));
        let signature = core::str::from_utf8(&claim.signature).unwrap();
        assert!(!shown.contains("canary") && !shown.contains(signature) && shown.contains(ID), "{shown}");
    }
    let why = [Refusal::Absent, Refusal::Room { needed: 7 }, Refusal::Malformed { piece: Piece::Date }];
    let said = why.map(|why| why.to_string());
    assert_eq!(
        said,
        ["the request is not signed", "room for 7 is needed", "the time of signing is malformed"]
    );
}

fn hostile(extra: &'static str) -> impl Strategy<Value = String> {
    let any = "[ -~]{0,12}".prop_map(String::from);
    let wild = "[a-cA-C./%+&=~*'():@;,\u{e9}\u{4e00} ]{0,16}".prop_map(String::from);
    let text = prop_oneof![any, wild];
    text.prop_map(move |text| text.chars().filter(|char| !extra.contains(*char)).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn whatever_our_signer_makes_is_accepted(
        path in hostile("?#"),
        query in prop::collection::vec((hostile("&=#?"), prop::option::of(hostile("&#"))), 0..5),
        headers in prop::collection::vec(("[a-zA-Z-]{1,8}", "[ -~\t]{0,16}"), 0..5),
        which in 0_usize..4,
        place in any::<bool>(),
        added in any::<bool>(),
    ) {
        let mut how = if which < 2 { S3 } else { OTHERS };
        how.payload = if which % 2 == 0 { Payload::Body } else { Payload::Unsigned };
        if place {
            how.expires = Some(60);
            if which < 2 {
                how.payload = Payload::Unsigned;
            }
        }
        if added {
            how.rules.token = Token::Added;
            how.token = Some("T+/= ");
        }
        // Others do not say that they signed nothing.
        if which >= 2 {
            how.payload = Payload::Body;
        }
        let pairs: Vec<_> = query.iter().map(|(name, value)| match value {
            Some(value) => format!("{name}={value}"),
            None => name.clone(),
        }).collect();
        let url = format!("https://h:8443/{path}?{}", pairs.join("&"));
        // One's own headers of such names are headers of signing.
        let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str()))
            .filter(|(name, _)| !["host", "te", "content-md5"].contains(&name.to_lowercase().as_str())).collect();
        let wire = sent(how, Method::Get, &url, &headers);
        let got = verdict(&wire, SECRET, &terms(how));
        prop_assert!(got.is_ok(), "{:?} {:?}", got, wire);
        prop_assert!(verdict(&wire, "another", &terms(how)).is_err());
        // And both canonicalisers agree.
        let received: Vec<_> = wire.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let mut room = vec![0; wire.target.len()];
        let claim = Claim::read(Received::new(&wire.method, &wire.target, &received), &mut room).unwrap();
        let mut pairs = vec![Pair::EMPTY; 64];
        let canonical = text(|to| {
            claim.write_texts(&terms(how), &mut pairs, to, &mut crate::sink::Count::default()).unwrap();
        });
        prop_assert_eq!(canonical, wire.canonical());
    }

    #[test]
    fn any_bytes_are_a_claim_or_refused(
        target in "/[ -~]{0,80}",
        authorization in prop_oneof![
            "(AWS4-HMAC-SHA256 )?((Credential|SignedHeaders|Signature)=[a-z0-9/;,]{0,40},? ?){0,4}",
            "AWS4-HMAC-SHA256 Credential=[a-z/]{1,8}/20260102/[a-z0-9-]{0,9}/[a-z0-9-]{0,9}/aws4_request, ?\
             SignedHeaders=host;x-amz-date, ?Signature=[0-9a-f]{64}",
        ],
        now in any::<i64>(),
    ) {
        let headers = [("host", "h"), ("x-amz-date", "20260102T030405Z"), ("authorization", authorization.as_str())];
        let mut room = vec![0; target.len()];
        if let Ok(claim) = Claim::read(Received::new("GET", &target, &headers), &mut room) {
            let credentials = Credentials::new(claim.access_key(), "b");
            let key = SigningKey::derive(&credentials, claim.time(), claim.region(), claim.service());
            let verdict = |now| {
                let terms = Terms::new(now).body([0; 32]);
                claim.verify(&key, &terms, &mut vec![Pair::EMPTY; 100]).map(|proof| proof.covers())
            };
            prop_assert!(verdict(Time::from_seconds(now)).is_err());
            // In its time, it is the signature that nobody guesses.
            prop_assert_eq!(verdict(claim.time()), Err(Refusal::Signature));
        }
    }
}
