//! Policies against botocore's and AWS's, and forms against their policies.

extern crate std;

use std::format;
use std::string::String;
use std::string::ToString as _;
use std::vec;
use std::vec::Vec;

use proptest::prelude::*;

use super::*;
use crate::encode::tests::written;
use crate::hash::HmacKey;
use crate::json::Value;
use crate::sigv4::Credentials;
use crate::sigv4::Rules;
use crate::sigv4::SigningKey;
use crate::sink::Window;

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

/// Noon of the first day of 2026.
const NOON: Time = Time::from_seconds(1_767_268_800);

fn text(write: impl FnOnce(&mut dyn Sink)) -> String {
    String::from_utf8(written(write)).unwrap()
}

fn later(seconds: u64) -> Time {
    NOON.saturating_add(Duration::from_secs(seconds))
}

/// Signs at noon, and hands the form to `see`.
fn signed<T>(
    policy: Policy<'_>,
    credentials: Credentials<'_>,
    (service, region): (&str, &str),
    seconds: u32,
    see: impl FnOnce(Result<Form<'_>, BadPolicy>) -> T,
) -> T {
    let key = SigningKey::derive(&credentials, NOON, region, service);
    let signer = Signer::new(&credentials, &key, Rules::S3);
    let endpoint = Endpoint::new(true, "host", service, region);
    see(policy.sign(&signer, endpoint, NOON, Expires::from_seconds(seconds).unwrap()))
}

fn ada() -> Credentials<'static> {
    Credentials::new("AKIDEXAMPLE", SECRET)
}

/// The fields of a form, and its policy.
fn taken_apart(form: &Form<'_>) -> (Vec<(String, String)>, String) {
    let fields = form.fields().map(|field| (field.name().into(), text(|to| field.write_value(to))));
    (fields.collect(), text(|to| form.write_policy(to)))
}

fn refused(policy: Policy<'_>) -> Option<BadPolicy> {
    signed(policy, ada(), ("s3", "us-west-2"), 3_600, |form| form.err())
}

/// What botocore 1.44.8 writes and signs, at that time and with those keys.
#[test]
fn policies_are_those_of_botocore() {
    let conditions = [
        Condition::exact("acl", "public-read"),
        Condition::Eq { field: "success_action_status", value: "201" },
        Condition::starts_with("Content-Type", "image/"),
        Condition::content_length_range(1, 1_048_576),
    ];
    let any = [Condition::starts_with("x-amz-meta-ü", "")];
    let (west, middle) = ("us-west-2", "eu-central-1");
    let session = Credentials::new("ASIAEXAMPLE", SECRET).with_token(Some("to/ken+=="));
    for (policy, credentials, scope, seconds, expected, signature) in [
        (
            Policy::new("pictures", "a/b.txt"),
            ada(),
            ("s3", west),
            3_600,
            concat!(
                r#"{"expiration": "2026-01-01T13:00:00Z", "conditions": [{"bucket": "pictures"}, "#,
                r#"{"key": "a/b.txt"}, {"x-amz-algorithm": "AWS4-HMAC-SHA256"}, "#,
                r#"{"x-amz-credential": "AKIDEXAMPLE/20260101/us-west-2/s3/aws4_request"}, "#,
                r#"{"x-amz-date": "20260101T120000Z"}]}"#
            ),
            "7e645a42403839648cd2f29ceebd6bd4791d670f63f03205e9b33d6f6e764c11",
        ),
        (
            Policy::new("pictures", "user/ada/${filename}")
                .fields(&[("acl", "public-read")])
                .conditions(&conditions),
            session,
            ("s3", west),
            604_800,
            concat!(
                r#"{"expiration": "2026-01-08T12:00:00Z", "conditions": [{"acl": "public-read"}, "#,
                r#"["eq", "$success_action_status", "201"], ["starts-with", "$Content-Type", "image/"], "#,
                r#"["content-length-range", 1, 1048576], {"bucket": "pictures"}, "#,
                r#"["starts-with", "$key", "user/ada/"], {"x-amz-algorithm": "AWS4-HMAC-SHA256"}, "#,
                r#"{"x-amz-credential": "ASIAEXAMPLE/20260101/us-west-2/s3/aws4_request"}, "#,
                r#"{"x-amz-date": "20260101T120000Z"}, {"x-amz-security-token": "to/ken+=="}]}"#
            ),
            "8cd6b3dbd1fb13b77fc355cdf29c76fbedb86b64d19108afae2959bd77ed0024",
        ),
        (
            Policy::new("pictures", "é€😀\"\\\u{1}\u{7f}\n\t/${filename}").conditions(&any),
            ada(),
            ("s3", middle),
            1,
            concat!(
                r#"{"expiration": "2026-01-01T12:00:01Z", "conditions": [["starts-with", "$x-amz-meta-\u00fc", ""], "#,
                r#"{"bucket": "pictures"}, ["starts-with", "$key", "\u00e9\u20ac\ud83d\ude00\"\\\u0001\u007f\n\t/"], "#,
                r#"{"x-amz-algorithm": "AWS4-HMAC-SHA256"}, "#,
                r#"{"x-amz-credential": "AKIDEXAMPLE/20260101/eu-central-1/s3/aws4_request"}, "#,
                r#"{"x-amz-date": "20260101T120000Z"}]}"#
            ),
            "f5560e2889dc56ca05a589dc32c5447b74b3db5db222ae61f70e812d5dd7fc1d",
        ),
        (
            Policy::new("pictures--usw2-az1--x-s3", "a"),
            ada().with_token(Some("session")),
            ("s3express", west),
            60,
            concat!(
                r#"{"expiration": "2026-01-01T12:01:00Z", "conditions": [{"bucket": "pictures--usw2-az1--x-s3"}, "#,
                r#"{"key": "a"}, {"x-amz-algorithm": "AWS4-HMAC-SHA256"}, "#,
                r#"{"x-amz-credential": "AKIDEXAMPLE/20260101/us-west-2/s3express/aws4_request"}, "#,
                r#"{"x-amz-date": "20260101T120000Z"}, {"X-Amz-S3session-Token": "session"}]}"#
            ),
            "d31f7a2f90beb8bac4a8a9b238a0e287eaffa00576d3173742440faf2a7d2119",
        ),
    ] {
        let (fields, written) =
            signed(policy, credentials, scope, seconds, |form| taken_apart(&form.unwrap()));
        assert_eq!(written, expected);
        assert_eq!(fields.last().unwrap(), &("x-amz-signature".into(), signature.into()));
    }
}

#[test]
fn fields_stand_in_their_order_and_each_once() {
    let policy = Policy::new("b", "k").fields(&[("acl", "private"), ("Content-Type", "text/plain")]);
    let credentials = ada().with_token(Some("T"));
    let (fields, policy) =
        signed(policy, credentials, ("s3", "us-west-2"), 60, |form| taken_apart(&form.unwrap()));
    let base64 = text(|to| {
        let mut base64 = Base64::new(to);
        base64.put(policy.as_bytes());
        base64.finish();
    });
    let key = crate::sigv4::DerivedKey::derive(&credentials, NOON, "us-west-2", "s3");
    let code = HmacKey::new(key.reveal()).mac(base64.as_bytes());
    let signature = String::from_utf8(hex(code).as_flattened().to_vec()).unwrap();
    let expected = [
        ("key", "k"),
        ("x-amz-algorithm", "AWS4-HMAC-SHA256"),
        ("x-amz-credential", "AKIDEXAMPLE/20260101/us-west-2/s3/aws4_request"),
        ("x-amz-date", "20260101T120000Z"),
        ("x-amz-security-token", "T"),
        ("acl", "private"),
        ("Content-Type", "text/plain"),
        ("policy", &base64),
        ("x-amz-signature", &signature),
    ];
    assert_eq!(fields, expected.map(|(name, value)| (name.into(), value.into())));
}

#[test]
fn a_form_goes_to_the_buckets_endpoint() {
    for (path, expected) in
        [("", "https://pictures.s3.us-west-2.amazonaws.com/"), ("x", "http://127.0.0.1:9000/pictures")]
    {
        let mut room = [0; crate::endpoint::ENDPOINT_ROOM];
        let url = (!path.is_empty()).then(|| crate::uri::Url::parse("http://127.0.0.1:9000").unwrap());
        let endpoint = crate::endpoint::Place::new("us-west-2").url(url).s3("pictures", &mut room).unwrap();
        let key = SigningKey::derive(&ada(), NOON, "us-west-2", "s3");
        let credentials = ada();
        let signer = Signer::new(&credentials, &key, Rules::S3);
        let form =
            Policy::new("pictures", "k").sign(&signer, endpoint, NOON, Expires::from_seconds(1).unwrap());
        assert_eq!(text(|to| form.unwrap().write_url(to)), expected);
    }
}

#[cfg(feature = "sigv4a")]
#[test]
fn a_signer_of_version_4a_signs_no_form() {
    let key = crate::sigv4::EcdsaKey::derive(&ada()).unwrap();
    let signer = Signer::v4a(&ada(), &key, "*", Rules::S3);
    let endpoint = Endpoint::new(true, "host", "s3", "us-west-2");
    let form = Policy::new("b", "k").sign(&signer, endpoint, NOON, Expires::from_seconds(60).unwrap());
    assert_eq!(form.err(), Some(BadPolicy::Version));
}

#[test]
fn what_s3_would_refuse_is_not_signed() {
    let long = "k".repeat(1_025);
    let huge = "v".repeat(20_480);
    let with = |condition: &Condition<'_>| {
        refused(Policy::new("b", "k").conditions(&[Condition::exact("a", ""), *condition]))
    };
    let field = |name: &str| refused(Policy::new("b", "k").fields(&[("a", ""), (name, "v")]));
    assert_eq!(refused(Policy::new("", "k")), Some(BadPolicy::Bucket));
    assert_eq!(refused(Policy::new("b", "")), Some(BadPolicy::Key { bytes: 0 }));
    assert_eq!(refused(Policy::new("b", &long)), Some(BadPolicy::Key { bytes: 1_025 }));
    assert_eq!(refused(Policy::new("b", &long[1..])), None);
    assert_eq!(with(&Condition::content_length_range(2, 1)), Some(BadPolicy::Range { nth: 1 }));
    assert_eq!(with(&Condition::content_length_range(0, u64::MAX)), None);
    for name in ["", "$key"] {
        let nth = 1;
        assert_eq!(with(&Condition::exact(name, "")), Some(BadPolicy::Condition { nth }));
        assert_eq!(with(&Condition::starts_with(name, "")), Some(BadPolicy::Condition { nth }));
        assert_eq!(with(&Condition::Eq { field: name, value: "" }), Some(BadPolicy::Condition { nth }));
    }
    for name in OWN.into_iter().chain(["", "Key", "X-Amz-Signature"]) {
        assert_eq!(field(name), Some(BadPolicy::Field { nth: 1 }), "{name:?}");
    }
    assert_eq!(field("acl"), None);
    let Some(BadPolicy::Long { bytes }) = refused(Policy::new("b", "k").fields(&[("a", &huge)])) else {
        panic!("20 KB are too much");
    };
    let fits = &huge[..huge.len() - (bytes - 20_480)];
    assert_eq!(refused(Policy::new("b", "k").fields(&[("a", fits)])), None);
    assert_eq!(
        refused(Policy::new("b", "k").fields(&[("a", fits), ("b", "")])),
        Some(BadPolicy::Long { bytes: 20_481 })
    );
}

#[test]
fn errors_say_what_and_where() {
    for (error, text) in [
        (BadPolicy::Bucket, "the bucket has no name"),
        (BadPolicy::Condition { nth: 1 }, "condition 1 names no field, or writes its `$` itself"),
        (BadPolicy::Field { nth: 0 }, "field 0 has no name, or one that the form has by itself"),
        (BadPolicy::Key { bytes: 0 }, "a key has 1 to 1024 bytes, not 0"),
        (
            BadPolicy::Long { bytes: 20_481 },
            "the form's fields have 20481 bytes, more than the 20480 that S3 takes",
        ),
        (BadPolicy::Range { nth: 2 }, "condition 2 is a range that no length is in"),
        (BadPolicy::Version, "a form is signed by version 4, and the signer is of version 4a"),
    ] {
        assert_eq!(error.to_string(), text);
    }
    for (error, text) in [
        (BadForm::Bucket, "the policy is not about this bucket"),
        (BadForm::Condition { nth: 1 }, "condition 1 of the policy is not kept"),
        (BadForm::Expired { at: NOON }, "the policy expired at 2026-01-01T12:00:00Z"),
        (BadForm::Field { nth: 4 }, "no condition of the policy is about field 4"),
        (BadForm::Malformed { field: "policy" }, "the field policy is malformed"),
        (BadForm::Missing { field: "key" }, "the field key is missing"),
        (BadForm::Repeated { nth: 3 }, "field 3 is there a second time"),
        (BadForm::Room { needed: 9 }, "9 bytes of room are needed for the policy"),
        (BadForm::Scope, "it was signed for another region, service or key"),
        (BadForm::Signature, "the signature does not match"),
    ] {
        assert_eq!(error.to_string(), text);
    }
}

#[test]
fn no_debug_shows_a_token_or_a_signature() {
    let customer_key = ("x-amz-server-side-encryption-customer-key", "canary");
    let conditions = [Condition::exact(customer_key.0, customer_key.1)];
    let fields = [("acl", "private"), customer_key];
    let policy = Policy::new("b", "k").fields(&fields).conditions(&conditions);
    assert_eq!(format!("{policy:?}"), "Policy { bucket: \"b\", key: \"k\", .. }");
    let shown = signed(policy, ada().with_token(Some("canary")), ("s3", "us-west-2"), 60, |form| {
        let form = form.unwrap();
        let fields: Vec<_> = form.fields().collect();
        let shown = format!("{form:?} {fields:?}");
        assert!(!shown.contains(form.signature()));
        shown
    });
    assert!(shown.contains("x-amz-security-token") && !shown.contains("canary"), "{shown}");
    let submitted = Submitted::new("b", &[("x-amz-signature", "canary")], 1);
    assert_eq!(format!("{submitted:?}"), "Submitted { bucket: \"b\", length: 1, .. }");
}

/// The form of [AWS's example](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-post-example.html), as a
/// user sends it: with a file called `a.png`.
const EXAMPLE: [(&str, &str); 12] = [
    ("key", "user/user1/a.png"),
    ("acl", "public-read"),
    ("success_action_redirect", "http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html"),
    ("Content-Type", "image/jpeg"),
    ("x-amz-meta-uuid", "14365123651274"),
    ("x-amz-server-side-encryption", "AES256"),
    ("X-Amz-Credential", "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"),
    ("X-Amz-Algorithm", "AWS4-HMAC-SHA256"),
    ("X-Amz-Date", "20151229T000000Z"),
    ("x-amz-meta-tag", ""),
    (
        "Policy",
        "eyAiZXhwaXJhdGlvbiI6ICIyMDE1LTEyLTMwVDEyOjAwOjAwLjAwMFoiLA0KICAiY29uZGl0aW9ucyI6IFsNCiAgICB7ImJ1Y2tldCI6ICJz\
         aWd2NGV4YW1wbGVidWNrZXQifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRrZXkiLCAidXNlci91c2VyMS8iXSwNCiAgICB7ImFjbCI6ICJw\
         dWJsaWMtcmVhZCJ9LA0KICAgIHsic3VjY2Vzc19hY3Rpb25fcmVkaXJlY3QiOiAiaHR0cDovL3NpZ3Y0ZXhhbXBsZWJ1Y2tldC5zMy5hbWF6\
         b25hd3MuY29tL3N1Y2Nlc3NmdWxfdXBsb2FkLmh0bWwifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRDb250ZW50LVR5cGUiLCAiaW1hZ2Uv\
         Il0sDQogICAgeyJ4LWFtei1tZXRhLXV1aWQiOiAiMTQzNjUxMjM2NTEyNzQifSwNCiAgICB7IngtYW16LXNlcnZlci1zaWRlLWVuY3J5cHRp\
         b24iOiAiQUVTMjU2In0sDQogICAgWyJzdGFydHMtd2l0aCIsICIkeC1hbXotbWV0YS10YWciLCAiIl0sDQoNCiAgICB7IngtYW16LWNyZWRl\
         bnRpYWwiOiAiQUtJQUlPU0ZPRE5ON0VYQU1QTEUvMjAxNTEyMjkvdXMtZWFzdC0xL3MzL2F3czRfcmVxdWVzdCJ9LA0KICAgIHsieC1hbXot\
         YWxnb3JpdGhtIjogIkFXUzQtSE1BQy1TSEEyNTYifSwNCiAgICB7IngtYW16LWRhdGUiOiAiMjAxNTEyMjlUMDAwMDAwWiIgfQ0KICBdDQp9",
    ),
    ("X-Amz-Signature", "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e"),
];

/// Checks the example with some fields said anew, or left out, or added.
fn example(change: &[(&str, Option<&str>)]) -> Result<(), BadForm> {
    let mut fields = EXAMPLE.to_vec();
    for &(name, value) in change {
        let at = fields.iter().position(|(other, _)| *other == name);
        match (at, value) {
            (Some(at), Some(value)) => fields[at].1 = value,
            (Some(at), None) => drop(fields.remove(at)),
            (None, value) => fields.push((name, value.unwrap())),
        }
    }
    let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    let now = Time::parse_stamp(b"20151230T115959Z").unwrap();
    let form = Submitted::new("sigv4examplebucket", &fields, 1);
    let key = SigningKey::derive(&credentials, form.scope()?.time(), "us-east-1", "s3");
    form.check(&key, now, &mut [0; 1_024])
}

#[test]
fn the_example_of_aws_is_taken() {
    let scope = Submitted::new("sigv4examplebucket", &EXAMPLE, 1).scope().unwrap();
    assert_eq!(
        (scope.access_key(), scope.region(), scope.service(), scope.time().stamp()),
        ("AKIAIOSFODNN7EXAMPLE", "us-east-1", "s3", *b"20151229T000000Z")
    );
    assert_eq!(example(&[]), Ok(()));
    assert_eq!(example(&[("x-amz-meta-tag", Some("anything"))]), Ok(()));
    assert_eq!(example(&[("x-amz-meta-tag", None)]), Ok(()), "nothing begins with nothing");
    assert_eq!(
        example(&[("x-ignore-me", Some("x")), ("X-Ignore-too", Some("x")), ("file", Some("x"))]),
        Ok(())
    );
    assert_eq!(example(&[("bucket", Some("sigv4examplebucket"))]), Ok(()));
    assert_eq!(example(&[("Content-Type", Some("image/jpg, image/png,image/gif"))]), Ok(()));
}

#[test]
fn the_example_of_aws_is_refused_where_it_is_changed() {
    use BadForm::{Bucket, Condition, Field, Malformed, Missing, Repeated, Signature};
    let (nth, scope) = (12, "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request");
    let other = |from: &str, to: &str| scope.replace(from, to);
    for (name, value, expected) in [
        ("key", Some("user/user2/a.png"), Condition { nth: 1 }),
        ("key", Some("user/user1"), Condition { nth: 1 }),
        ("key", None, Missing { field: "key" }),
        ("acl", Some("public-read-write"), Condition { nth: 2 }),
        ("acl", Some(""), Condition { nth: 2 }),
        ("acl", None, Condition { nth: 2 }),
        ("Content-Type", Some("image/jpg,text/plain"), Condition { nth: 4 }),
        ("Content-Type", Some("IMAGE/png"), Condition { nth: 4 }),
        ("Content-Type", None, Condition { nth: 4 }),
        ("x-amz-meta-other", Some("x"), Field { nth }),
        ("x-ignor", Some("x"), Field { nth }),
        ("bucket", Some("other"), Bucket),
        ("ACL", Some("public-read"), Repeated { nth }),
        ("X-Amz-Signature", None, Missing { field: "x-amz-signature" }),
        ("X-Amz-Signature", Some("8afd"), Malformed { field: "x-amz-signature" }),
        ("X-Amz-Signature", Some(&"0".repeat(66)), Malformed { field: "x-amz-signature" }),
        ("X-Amz-Signature", Some(&"g".repeat(64)), Malformed { field: "x-amz-signature" }),
        ("X-Amz-Signature", Some(&"0".repeat(64)), Signature),
        ("Policy", Some("e30="), Signature),
        ("Policy", None, Missing { field: "policy" }),
        ("X-Amz-Algorithm", Some("AWS4-HMAC-SHA1"), Malformed { field: "x-amz-algorithm" }),
        ("X-Amz-Algorithm", None, Missing { field: "x-amz-algorithm" }),
        ("X-Amz-Date", Some("20151229T000001Z"), Condition { nth: 10 }),
        ("X-Amz-Date", Some("20151230T000000Z"), Malformed { field: "x-amz-credential" }),
        ("X-Amz-Date", Some("2015-12-29"), Malformed { field: "x-amz-date" }),
        ("X-Amz-Date", None, Missing { field: "x-amz-date" }),
        ("X-Amz-Credential", Some(&other("us-east-1", "us-west-1")), BadForm::Scope),
        ("X-Amz-Credential", Some(&other("/s3/", "/sqs/")), BadForm::Scope),
        ("X-Amz-Credential", Some(&other("AKIA", "ASIA")), BadForm::Scope),
        ("X-Amz-Credential", Some(&other("20151229", "20151228")), Malformed { field: "x-amz-credential" }),
        ("X-Amz-Credential", Some(&other("aws4_", "aws5_")), Malformed { field: "x-amz-credential" }),
        (
            "X-Amz-Credential",
            Some("20151229/us-east-1/s3/aws4_request"),
            Malformed { field: "x-amz-credential" },
        ),
        (
            "X-Amz-Credential",
            Some("/20151229/us-east-1/s3/aws4_request"),
            Malformed { field: "x-amz-credential" },
        ),
        ("X-Amz-Credential", Some(""), Malformed { field: "x-amz-credential" }),
        ("X-Amz-Credential", None, Missing { field: "x-amz-credential" }),
    ] {
        assert_eq!(example(&[(name, value)]), Err(expected), "{name} {value:?}");
    }
}

/// Checks a form of `bucket` with a policy as given, signed at noon, and `fields` beside those that are needed.
fn checked(
    policy: &str,
    fields: &[(&str, &str)],
    length: u64,
    now: Time,
    room: usize,
) -> Result<(), BadForm> {
    let credentials = ada();
    let key = SigningKey::derive(&credentials, NOON, "us-west-2", "s3");
    let policy = text(|to| {
        let mut base64 = Base64::new(to);
        base64.put(policy.as_bytes());
        base64.finish();
    });
    let mut mac = key.mac().start();
    mac.put(policy.as_bytes());
    let signature = text(|to| to.put(hex(mac.finish()).as_flattened()));
    let mut all = vec![
        ("key", "k"),
        ("x-amz-algorithm", "AWS4-HMAC-SHA256"),
        ("x-amz-credential", "AKIDEXAMPLE/20260101/us-west-2/s3/aws4_request"),
        ("x-amz-date", "20260101T120000Z"),
        ("policy", &policy),
        ("x-amz-signature", &signature),
    ];
    all.extend(fields);
    Submitted::new("b", &all, length).check(&key, now, &mut vec![0; room])
}

/// Conditions that every form of [`checked`] keeps.
const USUAL: &str = r#"{"bucket":"b"},{"key":"k"},["starts-with","$x-amz-algorithm",""],
    ["starts-with","$x-amz-credential",""],["starts-with","$x-amz-date",""]"#;

fn with_conditions(conditions: &str) -> String {
    format!(r#"{{"expiration":"2026-01-01T13:00:00.000Z","conditions":[{USUAL}{conditions}]}}"#)
}

#[test]
fn a_policy_ends_when_it_says() {
    let policy = with_conditions("");
    assert_eq!(checked(&policy, &[], 1, later(3_599), 1_024), Ok(()));
    assert_eq!(checked(&policy, &[], 1, later(3_600), 1_024), Err(BadForm::Expired { at: later(3_600) }));
    assert_eq!(checked(&policy, &[], 1, later(3_601), 1_024), Err(BadForm::Expired { at: later(3_600) }));
}

#[test]
fn a_short_room_names_the_size_that_would_do() {
    let policy = with_conditions("");
    let needed = policy.len();
    for room in 0..needed {
        assert_eq!(checked(&policy, &[], 1, NOON, room), Err(BadForm::Room { needed }));
    }
    assert_eq!(checked(&policy, &[], 1, NOON, needed), Ok(()));
}

#[test]
fn a_length_out_of_range_is_refused() {
    let policy = with_conditions(r#",["content-length-range",2,5]"#);
    for (length, expected) in [(1, false), (2, true), (5, true), (6, false)] {
        let expected = if expected { Ok(()) } else { Err(BadForm::Condition { nth: 5 }) };
        assert_eq!(checked(&policy, &[], length, NOON, 1_024), expected);
    }
}

#[test]
fn conditions_are_read_as_json_means_them() {
    for (condition, field, expected) in [
        (r#",{"a":"\u00e9\n\ud83d\ude00"}"#, ("a", "é\n😀"), Ok(())),
        (r#",{"\u0061":"x"}"#, ("A", "x"), Ok(())),
        (r#",["eq","\u0024a","x"]"#, ("a", "x"), Ok(())),
        (r#",["starts-with","$a","\u00e9"]"#, ("a", "éa"), Ok(())),
        (r#",["starts-with","$a","\u00e9"]"#, ("a", "e"), Err(BadForm::Condition { nth: 5 })),
        (r#",{"a":"x","c":"y"}"#, ("a", "x"), Err(BadForm::Condition { nth: 5 })),
        (r#",{"a":"x"},{"a":"y"}"#, ("a", "x"), Err(BadForm::Condition { nth: 6 })),
        (r#",["eq","$$a","x"]"#, ("$a", "x"), Ok(())),
    ] {
        assert_eq!(checked(&with_conditions(condition), &[field], 1, NOON, 1_024), expected, "{condition}");
    }
}

#[test]
fn what_is_no_policy_is_refused_though_it_is_signed() {
    let malformed = Err(BadForm::Malformed { field: "policy" });
    for condition in [
        r#"["eq","a","x"]"#,
        r#"["eq","x$a","x"]"#,
        r#"["eq","$a"]"#,
        r#"["eq","$a","x","y"]"#,
        r#"["Eq","$a","x"]"#,
        r#"["ends-with","$a","x"]"#,
        r#"["content-length-range",-1,5]"#,
        r#"["content-length-range","1","5"]"#,
        r#"["content-length-range",1,1.5]"#,
        r#"["content-length-range",1,18446744073709551616]"#,
        r#"["eq","$a",1]"#,
        r#"{"a":1}"#,
        r#"{"a":["x"]}"#,
        "[]",
        "null",
        "\"x\"",
        "1",
    ] {
        let policy = with_conditions(&format!(",{condition}"));
        assert_eq!(checked(&policy, &[], 3, NOON, 1_024), malformed, "{condition}");
    }
    for policy in [
        "",
        "{}",
        "[]",
        r#"{"conditions":[]}"#,
        r#"{"expiration":"2026-01-01T13:00:00Z"}"#,
        r#"{"expiration":"2026-01-01T13:00:00Z","conditions":{}}"#,
        r#"{"expiration":"tomorrow","conditions":[]}"#,
        r#"{"expiration":1767272400,"conditions":[]}"#,
        r#"{"expiration":"2026-01-01T13:00:00Z","conditions":[]"#,
    ] {
        assert_eq!(checked(policy, &[], 1, NOON, 1_024), malformed, "{policy}");
    }
    let no_bucket = with_conditions("").replace(r#"{"bucket":"b"},"#, "");
    assert_eq!(checked(&no_bucket, &[], 1, NOON, 1_024), Err(BadForm::Bucket));
    let none = r#"{"expiration":"2026-01-01T13:00:00Z","conditions":[{"bucket":"b"}]}"#;
    assert_eq!(checked(none, &[], 1, NOON, 1_024), Err(BadForm::Field { nth: 0 }), "the key");
}

/// A condition, with a value of its field that keeps it.
fn condition() -> impl Strategy<Value = (u8, String, String)> {
    (0_u8..3, any::<String>(), any::<String>())
}

proptest! {
    // Each of them checks some dozen forms.
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_is_signed_is_a_document_and_is_kept_by_its_form(
        key in any::<String>().prop_filter("a key", |key| (1..=200).contains(&key.len())),
        filename in any::<bool>(),
        values in prop::collection::vec(condition(), 0..4),
        token: Option<String>,
        range: (u64, u64),
    ) {
        let names: Vec<String> = (0..values.len()).map(|nth| format!("x-amz-meta-{nth}é\"")).collect();
        let key = if filename { format!("{key}${{filename}}") } else { key };
        let whole: Vec<String> = values.iter().map(|(_, prefix, rest)| format!("{prefix}{rest}")).collect();
        let mut conditions: Vec<Condition<'_>> = values.iter().zip(&names).zip(&whole).map(|(((kind, prefix, _), field), value)| match kind {
            0 => Condition::Exact { field, value },
            1 => Condition::Eq { field, value },
            _ => Condition::StartsWith { field, prefix },
        }).collect();
        let (least, most) = (range.0.min(range.1), range.0.max(range.1));
        conditions.push(Condition::ContentLengthRange { least, most });
        let fields: Vec<(&str, &str)> = names.iter().zip(&whole).map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let policy = Policy::new("b", &key).fields(&fields).conditions(&conditions);
        let credentials = ada().with_token(token.as_deref());
        let (fields, written) = signed(policy, credentials, ("s3", "us-west-2"), 60, |form| {
            let form = form.unwrap();
            let whole = taken_apart(&form);
            // In windows of any size it is the same text.
            for size in [1, 7, 64] {
                let (mut joined, mut room) = (Vec::new(), [0; 64]);
                loop {
                    let mut window = Window::new(&mut room[..size], joined.len());
                    form.write_policy(&mut window);
                    let piece = window.finish();
                    if piece.is_empty() {
                        break;
                    }
                    joined.extend_from_slice(piece);
                }
                assert_eq!(joined, whole.1.as_bytes());
            }
            whole
        });
        prop_assert!(written.is_ascii());
        let document = Value::parse(written.as_bytes()).unwrap();
        prop_assert_eq!(document.get("conditions").unwrap().items().count(), conditions.len() + 5 + usize::from(token.is_some()));

        // The server puts the file's name there, and finds all that was asked for.
        let mut fields: Vec<(&str, String)> = fields.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
        if filename {
            fields[0].1 = key.replace("${filename}", "ä.txt");
        }
        let check = |fields: &[(&str, String)], length: u64| {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let key = SigningKey::derive(&ada(), NOON, "us-west-2", "s3");
            Submitted::new("b", &fields, length).check(&key, NOON, &mut vec![0; 20_480])
        };
        prop_assert_eq!(check(&fields, least), Ok(()));
        prop_assert_eq!(check(&fields, most), Ok(()));
        if let Some(short) = least.checked_sub(1) {
            prop_assert_eq!(check(&fields, short), Err(BadForm::Condition { nth: conditions.len() - 1 }));
        }
        // Nothing may be left out or changed, but for what may be anything.
        for nth in 0..fields.len() {
            let mut less = fields.clone();
            let (name, value) = less.remove(nth);
            let free = conditions.iter().any(|condition| matches!(condition, Condition::StartsWith { field, prefix: "" } if *field == name));
            prop_assert_eq!(check(&less, least).is_ok(), free, "{} left out", name);
            let loose = conditions.iter().any(|condition| matches!(condition, Condition::StartsWith { field, .. } if *field == name));
            let mut other = fields.clone();
            other[nth].1 = format!("{value}x");
            let loose = loose || (name == "key" && filename);
            prop_assert_eq!(check(&other, least).is_ok(), loose, "{} changed", name);
        }
    }

    #[test]
    fn any_form_is_judged(fields in prop::collection::vec(("[a-z$-]{0,6}", any::<String>()), 0..6), policy: String, room in 0_usize..100) {
        let _ = checked(&policy, &fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect::<Vec<_>>(), 1, NOON, room);
        let _ = checked(&with_conditions(&policy), &[], 1, NOON, 2_048);
    }
}
