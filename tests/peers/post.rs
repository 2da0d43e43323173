//! S3's signed forms: sent as browsers send them, and signed as botocore signs them.

use std::collections::BTreeMap;
use std::io::BufRead as _;
use std::io::BufReader;
use std::io::Write as _;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;

use libtest_mimic::Trial;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::Value;
use serde_json::json;
use tucuxi::s3::post::Condition;
use tucuxi::s3::post::Policy;
use tucuxi::s3::post::PresignedPost;
use tucuxi_core::endpoint::ENDPOINT_ROOM;
use tucuxi_core::endpoint::Endpoint;
use tucuxi_core::endpoint::Place;
use tucuxi_core::sigv4::Credentials;
use tucuxi_core::sigv4::Expires;
use tucuxi_core::sigv4::Rules;
use tucuxi_core::sigv4::Signer;
use tucuxi_core::sigv4::SigningKey;
use tucuxi_core::sink::Cursor;
use tucuxi_core::sink::Sink;
use tucuxi_core::time::Time;
use tucuxi_tests::form::multipart;

use crate::Peer;
use crate::checks;
use crate::scratch::ScratchBucket;

pub(crate) const CHECKS: &[(&str, fn(&Peer))] =
    checks![a_signed_form_uploads, a_signed_form_takes_the_files_name, a_signed_form_takes_nothing_else,];

const MINUTE: Duration = Duration::from_secs(60);

fn a_signed_form_uploads(peer: &Peer) {
    let bucket = ScratchBucket::new(&peer.session());
    let object = bucket.object("é \"a\"/+.png");
    let given = [("Content-Type", "image/png"), ("x-amz-meta-who", "ada")];
    let conditions = [
        Condition::exact("Content-Type", "image/png"),
        Condition::Eq { field: "x-amz-meta-who", value: "ada" },
        Condition::content_length_range(1, 10),
    ];
    let post = object.presign_post_with(MINUTE, |policy| policy.fields(&given).conditions(&conditions));
    assert_eq!(posted(&post.unwrap(), &[], b"picture"), 204);
    let got = object.get().unwrap();
    assert_eq!((got.content_type.as_deref(), got.metadata["who"].as_str()), (Some("image/png"), "ada"));
    assert_eq!(got.body.bytes().unwrap(), b"picture");
}

fn a_signed_form_takes_the_files_name(peer: &Peer) {
    let bucket = ScratchBucket::new(&peer.session());
    let post = bucket.object("user/${filename}").presign_post(MINUTE).unwrap();
    assert_eq!(posted(&post, &[], b"picture"), 204);
    assert_eq!(bucket.object("user/a.png").get().unwrap().body.bytes().unwrap(), b"picture");
}

fn a_signed_form_takes_nothing_else(peer: &Peer) {
    let bucket = ScratchBucket::new(&peer.session());
    let object = bucket.object("a.png");
    let conditions =
        [Condition::starts_with("Content-Type", "image/"), Condition::content_length_range(2, 10)];
    let post = object.presign_post_with(MINUTE, |policy| policy.conditions(&conditions)).unwrap();
    let png = ("Content-Type", "image/png");
    assert_eq!(posted(&post, &[png], b"picture"), 204);
    for (why, change, file) in [
        ("another key", &[png, ("key", "b.png")][..], &b"picture"[..]),
        ("another type", &[("Content-Type", "text/plain")], b"picture"),
        ("another signature", &[png, ("x-amz-signature", &"0".repeat(64))], b"picture"),
        ("too long", &[png], b"eleven byte"),
        ("too short", &[png], b"p"),
    ] {
        let status = posted(&post, change, file);
        assert!((400..500).contains(&status), "{why}: {status}");
    }
    let before = peer.session_at(|now| now.saturating_sub(MINUTE + Duration::from_secs(1)));
    let late = before.s3().object(bucket.name(), "a.png").presign_post(MINUTE).unwrap();
    assert_eq!(posted(&late, &[], b"picture"), 403, "it has expired");
}

/// What became of a form, with some fields said anew or besides.
fn posted(post: &PresignedPost, change: &[(&str, &str)], file: &[u8]) -> u16 {
    let mut fields = post.fields.clone();
    for &(name, value) in change {
        match fields.iter_mut().find(|(other, _)| other == name) {
            Some(field) => value.clone_into(&mut field.1),
            None => fields.push((name.to_owned(), value.to_owned())),
        }
    }
    let (kind, body) = multipart(&fields, "a.png", file);
    match ureq::post(&post.url).header("content-type", kind).send(&body) {
        Ok(response) => response.status().as_u16(),
        Err(ureq::Error::StatusCode(status)) => status,
        Err(other) => panic!("{other}"),
    }
}

/// Random policies, signed here and by botocore in that interpreter, are the same to the byte.
pub(crate) fn against_botocore(python: String) -> Trial {
    Trial::test("botocore::policies_are_signed_alike", move || {
        policies_are_signed_alike(&python);
        Ok(())
    })
}

/// A policy to sign, and by whom.
#[derive(Debug)]
struct Asked {
    bucket: &'static str,
    key: String,
    fields: BTreeMap<String, String>,
    conditions: Vec<(u8, String, String, u64, u64)>,
    expires: u32,
    secret: &'static str,
    token: Option<&'static str>,
    region: &'static str,
    time: i64,
    express: bool,
}

fn asked() -> impl Strategy<Value = Asked> {
    let key = (any::<String>(), prop_oneof![Just(""), Just("${filename}"), Just("${filename}x")])
        .prop_map(|(start, end)| format!("{start}{end}"))
        .prop_filter("1 to 1,024 bytes", |key| (1..=1024).contains(&key.len()));
    let name = any::<String>().prop_map(|name| format!("x-amz-meta-{name}"));
    let condition = (0_u8..4, name.clone(), any::<String>(), any::<u64>(), any::<u64>());
    let who = (
        prop::sample::select(vec!["wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "s"]),
        prop::sample::select(vec![None, Some("to/ken+=="), Some("\"é\\")]),
        prop::sample::select(vec!["us-east-1", "us-west-2", "eu-central-1"]),
        0_i64..=253_000_000_000,
        any::<bool>(),
    );
    (
        prop::sample::select(vec!["pictures", "a-bucket-1"]),
        key,
        prop::collection::btree_map(name, any::<String>(), 0..4),
        prop::collection::vec(condition, 0..5),
        1_u32..=Expires::MAX,
        who,
    )
        .prop_map(
            |(bucket, key, fields, conditions, expires, (secret, token, region, time, express))| Asked {
                bucket,
                key,
                fields,
                conditions,
                expires,
                secret,
                token,
                region,
                time,
                express,
            },
        )
}

fn policies_are_signed_alike(python: &str) {
    const CASES: usize = 1_000;
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/peers/post.py");
    let mut child =
        Command::new(python).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut runner = TestRunner::deterministic();
    let strategy = asked();
    for _ in 0..CASES {
        let asked = strategy.new_tree(&mut runner).unwrap().current();
        writeln!(input, "{}", line(&asked)).unwrap();
        let mut answer = String::new();
        output.read_line(&mut answer).unwrap();
        let answer: Value = serde_json::from_str(&answer).expect("botocore answers");
        let (url, fields) = signed(&asked);
        assert_eq!(answer["fields"], json!(fields), "{asked:?}");
        // The endpoints of directory buckets are not known here.
        assert!(asked.express || answer["url"] == url, "{asked:?}: {answer} {url}");
    }
    drop(input);
    assert!(child.wait().unwrap().success());
}

fn line(asked: &Asked) -> Value {
    let conditions = asked.conditions.iter().map(|(kind, field, value, one, other)| match kind {
        0 => json!({ field: value }),
        1 => json!(["eq", format!("${field}"), value]),
        2 => json!(["starts-with", format!("${field}"), value]),
        _ => json!(["content-length-range", one.min(other), one.max(other)]),
    });
    json!({
        "bucket": asked.bucket,
        "key": asked.key,
        "fields": asked.fields,
        "conditions": conditions.collect::<Vec<_>>(),
        "expires": asked.expires,
        "access_key": "AKIDEXAMPLE",
        "secret_key": asked.secret,
        "token": asked.token,
        "region": asked.region,
        "time": asked.time,
        "express": asked.express,
    })
}

/// What comes of it here: where the form goes, and its fields.
fn signed(asked: &Asked) -> (String, BTreeMap<String, String>) {
    let conditions = asked.conditions.iter().map(|(kind, field, value, one, other)| match kind {
        0 => Condition::exact(field, value),
        1 => Condition::Eq { field, value },
        2 => Condition::starts_with(field, value),
        _ => Condition::content_length_range(*one.min(other), *one.max(other)),
    });
    let conditions: Vec<_> = conditions.collect();
    let fields: Vec<_> = asked.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let mut room = [0; ENDPOINT_ROOM];
    let endpoint = match asked.express {
        true => Endpoint::new(true, "host", "s3express", asked.region),
        false => Place::new(asked.region).s3(asked.bucket, &mut room).unwrap(),
    };
    let credentials = Credentials::new("AKIDEXAMPLE", asked.secret).with_token(asked.token);
    let now = Time::from_seconds(asked.time);
    let key = SigningKey::derive(&credentials, now, endpoint.region(), endpoint.service());
    let signer = Signer::new(&credentials, &key, Rules::S3);
    let policy = Policy::new(asked.bucket, &asked.key).fields(&fields).conditions(&conditions);
    let form = policy.sign(&signer, endpoint, now, Expires::from_seconds(asked.expires).unwrap()).unwrap();
    let fields = form.fields().map(|field| (field.name().to_owned(), text(&|to| field.write_value(to))));
    (text(&|to| form.write_url(to)), fields.collect())
}

fn text(write: &dyn Fn(&mut dyn Sink)) -> String {
    let mut room = vec![0; 20_480];
    let mut to = Cursor::new(&mut room);
    write(&mut to);
    String::from_utf8(to.finish().unwrap().to_vec()).unwrap()
}
