//! What holds for every table, and members that cannot be sent.

extern crate std;

use std::string::String;
use std::vec;
use std::vec::Vec;

use super::*;
use crate::encode::tests::written;
use crate::endpoint::ENDPOINT_ROOM;
use crate::s3::input::Delete;
use crate::s3::input::DeleteObjects;
use crate::s3::input::GetObject;
use crate::s3::input::HeadBucket;
use crate::s3::input::ListObjectsV2;
use crate::s3::input::ObjectIdentifier;
use crate::s3::input::PutObject;
use crate::sigv4::Credentials;
use crate::sigv4::Signer;
use crate::sigv4::SigningKey;
use crate::sink::Count;
use crate::sink::Window;
use crate::time::Time;
use crate::wire;

/// The head and the body of an operation, signed as botocore was asked to sign it for comparison.
pub(crate) fn sent<O: Operation>(operation: &O, place: &Place<'_>, token: Option<&str>) -> (String, String) {
    let mut pairs = vec![Pair::EMPTY; PAIR_ROOM];
    let request = request(operation, &mut pairs).unwrap();
    let mut room = [0; ENDPOINT_ROOM];
    let endpoint = O::Service::endpoint(place, request.bucket(), &mut room).unwrap();
    let now = Time::parse_stamp(b"20260102T030405Z").unwrap();
    let credentials =
        Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY").with_token(token);
    let key = SigningKey::derive(&credentials, now, endpoint.region(), endpoint.service());
    let signer = Signer::new(&credentials, &key, O::Service::RULES);
    let signed = signer.sign(&request, endpoint, now, Payload::Body);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let write = |to: &mut dyn crate::sink::Sink| wire::head(&signed, &[], None, to);
    let head = written(write);

    // However it is written, it is the same.
    let mut count = Count::default();
    write(&mut count);
    assert_eq!(count.bytes(), head.len());
    for size in [1, 7, 100] {
        let mut joined = Vec::new();
        loop {
            let mut piece = vec![0; size];
            let mut window = Window::new(&mut piece, joined.len());
            write(&mut window);
            match window.finish() {
                [] => break,
                bytes => joined.extend_from_slice(bytes),
            }
        }
        assert_eq!(joined, head);
    }
    (text(head), text(written(|to| request.body().recite(to))))
}

/// Asserts what is sent: the request line, the host, headers of the operation, signature and body.
#[track_caller]
pub(crate) fn assert_sent(
    (head, body): (String, String),
    line: &str,
    host: &str,
    headers: &[&str],
    signature: &str,
    expected: &str,
) {
    let mut lines: Vec<_> = head.strip_suffix("\r\n\r\n").unwrap().split("\r\n").collect();
    assert_eq!(lines.remove(0), std::format!("{line} HTTP/1.1"));
    assert_eq!(lines.remove(0), std::format!("host: {host}"));
    let own = ["authorization: ", "x-amz-content-sha256: ", "x-amz-date: ", "x-amz-security-token: "];
    let (owned, given): (Vec<&str>, Vec<&str>) =
        lines.into_iter().partition(|line| own.iter().any(|own| line.starts_with(own)));
    assert_eq!(given, headers);
    assert_eq!(body, expected);
    let authorization = owned.last().unwrap();
    assert!(authorization.ends_with(&std::format!(", Signature={signature}")), "{head}{body}");
}

#[test]
fn names_that_ascend_are_known_to() {
    for (names, expected) in [
        (&[][..], true),
        (&["a"], true),
        (&["a", "b"], true),
        (&["a", "", "", "b", ""], true),
        (&["-a", "0", "A", "a", "aa", "ab"], true),
        (&["a", "a"], false),
        (&["b", "a"], false),
        (&["aa", "a"], false),
        (&["a", "", "A"], false),
        (&["a", "b", "b-", "b"], false),
    ] {
        assert_eq!(ascending(names), expected, "{names:?}");
    }
    // One of each is among the tables: the second has a fixed parameter in front of the others.
    const { assert!(GetObject::ORDERED && !ListObjectsV2::ORDERED) };
}

#[test]
fn pairs_of_an_ordered_table_are_in_order() {
    let metadata = [("a", "1")];
    let put = PutObject::new("b", "k").tagging("t").acl("a").content_type("c");
    let mut pairs = [Pair::EMPTY; 8];
    let names = |request: Request<'_>| -> Vec<String> {
        let name = |pair: &Pair<'_>| String::from_utf8(written(|to| pair.write_name(to))).unwrap();
        request.headers().iter().map(name).collect()
    };
    assert_eq!(names(request(&put, &mut pairs).unwrap()), ["content-type", "x-amz-acl", "x-amz-tagging"]);

    // Metadata comes from elsewhere, and stands where its name does.
    let put = put.metadata(&metadata).website_redirect_location("w");
    let mut pairs = [Pair::EMPTY; 8];
    let expected =
        ["content-type", "x-amz-acl", "x-amz-meta-a", "x-amz-tagging", "x-amz-website-redirect-location"];
    assert_eq!(names(request(&put, &mut pairs).unwrap()), expected);
}

#[test]
fn a_body_that_needs_a_checksum_has_one() {
    let objects = [ObjectIdentifier::new("k")];
    let delete = DeleteObjects::new("b", Delete::new(&objects));
    let checksum = "x-amz-checksum-crc32: tCs18Q==";
    for (delete, needed) in [
        (delete, Ok(2)),
        (delete.checksum_algorithm("CRC32"), Ok(2)),
        (delete.checksum_algorithm("SHA256"), Err(Invalid::Checksum { algorithm: "SHA256" })),
    ] {
        let mut pairs = [Pair::EMPTY; 8];
        let made = request(&delete, &mut pairs);
        assert_eq!(made.map(|request| request.headers().len()), needed);
        if needed.is_ok() {
            let (head, _) = sent(&delete, &Place::new("us-west-2"), None);
            assert!(head.contains(checksum), "{head}");
            assert_eq!(head.matches("x-amz-sdk-checksum-algorithm: CRC32\r\n").count(), 1);
        }
    }
}

#[test]
fn a_member_that_cannot_be_sent_is_named() {
    for text in ["a\nb", "a\r", "\0", "\u{7f}", "\u{e9}", "\u{85}"] {
        let metadata = [("m", text)];
        let name = [(text, "v")];
        let items = ["a", text];
        let mut pairs = [Pair::EMPTY; 8];
        let put = PutObject::new("b", "k");
        let check = |put: PutObject<'_>, expected: Invalid<'_>| {
            let mut pairs = [Pair::EMPTY; 8];
            assert_eq!(request(&put, &mut pairs).unwrap_err(), expected, "{text:?}");
        };
        check(put.content_type(text), Invalid::Value { name: "content-type" });
        check(
            put.sse_customer_key(text),
            Invalid::Value { name: "x-amz-server-side-encryption-customer-key" },
        );
        check(put.metadata(&metadata), Invalid::Value { name: "m" });
        check(put.metadata(&name), Invalid::Name { name: text });
        let list = ListObjectsV2::new("b").optional_object_attributes(&items);
        let expected = Invalid::Value { name: "x-amz-optional-object-attributes" };
        assert_eq!(request(&list, &mut pairs).unwrap_err(), expected, "{text:?}");
    }
    let mut pairs = [Pair::EMPTY; 8];
    let late = Time::from_seconds(253_402_300_800);
    let get = GetObject::new("b", "k");
    let header = get.if_modified_since(late);
    assert_eq!(request(&header, &mut pairs).unwrap_err(), Invalid::Value { name: "if-modified-since" });
    let mut pairs = [Pair::EMPTY; 8];
    let query = get.response_expires(late);
    assert_eq!(request(&query, &mut pairs).unwrap_err(), Invalid::Value { name: "response-expires" });
    for (bucket, key, name) in [("", "k", "Bucket"), ("b", "", "Key"), ("", "", "Bucket")] {
        let mut pairs = [Pair::EMPTY; 8];
        let get = GetObject::new(bucket, key);
        assert_eq!(request(&get, &mut pairs).unwrap_err(), Invalid::Empty { name });
    }
    let mut pairs = [Pair::EMPTY; 8];
    assert_eq!(request(&HeadBucket::new(""), &mut pairs).unwrap_err(), Invalid::Empty { name: "Bucket" });
}

#[test]
fn short_room_is_told_how_much_would_do() {
    let get = GetObject::new("b", "k").version_id("v").range("bytes=0-1").request_payer("requester");
    for size in 0..3 {
        let mut pairs = vec![Pair::EMPTY; size];
        assert_eq!(request(&get, &mut pairs).unwrap_err(), Invalid::Room { needed: 3 });
    }
    let mut pairs = [Pair::EMPTY; 3];
    assert!(request(&get, &mut pairs).is_ok());
}
