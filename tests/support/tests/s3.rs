//! The S3 server as AWS documents S3, seen by a client that is not ours.

#![expect(clippy::disallowed_methods, reason = "signatures have a date")]
#![allow(dead_code, unreachable_pub, reason = "the client is shared with other tests")]

mod client;

use std::net::TcpStream;

use client::Client;
use tucuxi_test_support::S3Server;
use tucuxi_test_support::TempDir;
use tucuxi_test_support::sample_folder;

const KEYS: [(&str, &str); 1] = [("AKIDWEST", "west secret")];

fn start() -> (TempDir, S3Server, Client) {
    let folder = sample_folder();
    let server = S3Server::start(folder.path(), &KEYS);
    let client = Client::new(server.url(), "s3");
    (folder, server, client)
}

#[test]
fn listed_keys_are_encoded_when_asked() {
    let (_folder, _server, client) = start();
    for (query, keys, name, values) in [
        ("list-type=2&prefix=1%2B", &["1+1=2.txt"][..], "Prefix", &["1+"][..]),
        ("encoding-type=url&list-type=2&prefix=1%2B", &["1%2B1%3D2.txt"], "Prefix", &["1%2B"]),
        ("encoding-type=url&list-type=2&prefix=hello%20", &["hello+world.txt"], "Prefix", &["hello+"]),
        ("delimiter=%2B&encoding-type=url&list-type=2&prefix=1", &["100%25.txt"], "Prefix", &["1", "1%2B"]),
        ("delimiter=%2B&encoding-type=url&list-type=2&prefix=1", &["100%25.txt"], "Delimiter", &["%2B"]),
        (
            "encoding-type=url&list-type=2&max-keys=1&start-after=1%2B1%3D2.txt",
            &["100%25.txt"],
            "StartAfter",
            &["1%2B1%3D2.txt"],
        ),
        (
            "encoding-type=url&marker=100%25.txt&max-keys=1",
            &["hello+world.txt"],
            "NextMarker",
            &["hello+world.txt"],
        ),
    ] {
        let answer = client.call("GET", &format!("/west-bucket?{query}"), &[], b"");
        assert_eq!((answer.all("Key"), answer.all(name)), (keys.to_vec(), values.to_vec()), "{query}");
    }
}

#[test]
fn pages_join_to_the_whole_list() {
    let (_folder, _server, client) = start();
    let whole = client.call("GET", "/west-bucket?list-type=2&encoding-type=url", &[], b"");
    let (mut joined, mut token, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let path = format!("/west-bucket?encoding-type=url&list-type=2&max-keys=3{token}");
        let page = client.call("GET", &path, &[], b"");
        joined.extend(page.all("Key").into_iter().map(str::to_owned));
        pages += 1;
        let Some(next) = page.all("NextContinuationToken").first().copied().map(encode) else {
            assert_eq!(page.all("IsTruncated"), ["false"]);
            break;
        };
        assert_eq!((page.all("IsTruncated"), page.all("KeyCount")), (vec!["true"], vec!["3"]));
        token = format!("&continuation-token={next}");
    }
    assert_eq!((pages, joined.len()), (3, 8));
    assert_eq!(joined, whole.all("Key"));
    assert_eq!(whole.all("ETag").len(), 8);
}

/// `client` is not to be trusted with what it has to encode.
fn encode(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[test]
fn a_bucket_lives_from_its_creation_to_its_deletion() {
    let (_folder, _server, client) = start();
    let statuses = [
        ("HEAD", "/new-bucket", "", 404),
        ("PUT", "/new-bucket/key", "lost", 404),
        ("GET", "/new-bucket?list-type=2", "", 404),
        ("PUT", "/new-bucket", "", 200),
        ("HEAD", "/new-bucket", "", 200),
        ("PUT", "/new-bucket", "", 409),
        ("PUT", "/new-bucket/a%20b/%2B%01", "text", 200),
        ("DELETE", "/new-bucket", "", 409),
        ("DELETE", "/new-bucket/a%20b/%2B%01", "", 204),
        ("DELETE", "/new-bucket/a%20b/%2B%01", "", 204),
        ("DELETE", "/new-bucket", "", 204),
        ("DELETE", "/new-bucket", "", 404),
    ];
    for (method, path, body, status) in statuses {
        let answer = client.call(method, path, &[], body.as_bytes());
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.text);
    }
    let buckets = client.call("GET", "/", &[], b"");
    assert_eq!(buckets.all("Name"), ["east-bucket", "west-bucket"]);
}

#[test]
fn an_object_comes_back_as_it_went_in() {
    let (_folder, _server, client) = start();
    let path = "/east-bucket/deep/a%20b%2B%E2%82%AC";
    let put = client.call("PUT", path, &[("x-amz-meta-colour", "blue")], b"0123456789");
    assert_eq!((put.status, put.header("etag")), (200, "\"781e5e245d69b566979b86e28d23f2c7\""));
    for (range, status, text) in [
        ("bytes=2-4", 206, "234"),
        ("bytes=7-", 206, "789"),
        ("bytes=-3", 206, "789"),
        ("bytes=8-99", 206, "89"),
    ] {
        let got = client.call("GET", path, &[("range", range)], b"");
        assert_eq!((got.status, &*got.text), (status, text), "{range}");
    }
    let beyond = client.call("GET", path, &[("range", "bytes=10-")], b"");
    assert_eq!((beyond.status, beyond.all("Code")), (416, vec!["InvalidRange"]));
    let head = client.call("HEAD", path, &[], b"");
    assert_eq!((head.header("content-length"), head.header("x-amz-meta-colour")), ("10", "blue"));

    let source = [("x-amz-copy-source", "east-bucket/deep/a%20b%2B%E2%82%AC")];
    assert_eq!(client.call("PUT", "/west-bucket/copy", &source, b"").status, 200);
    let copy = client.call("GET", "/west-bucket/copy", &[], b"");
    assert_eq!((&*copy.text, copy.header("x-amz-meta-colour")), ("0123456789", "blue"));
    for (path, code) in [
        ("/west-bucket/nothing", "NoSuchKey"),
        ("/west-bucket/logs", "NoSuchKey"),
        ("/no-bucket/key", "NoSuchBucket"),
    ] {
        let missing = client.call("GET", path, &[], b"");
        assert_eq!((missing.status, missing.all("Code")), (404, vec![code]));
        assert_ne!(missing.header("x-amz-request-id"), "");
        assert_eq!(client.call("HEAD", path, &[], b"").status, 404);
    }
}

#[test]
fn many_objects_are_deleted_at_once() {
    let (_folder, _server, client) = start();
    let keys = "<Object><Key>hello.txt</Key></Object><Object><Key>nothing</Key></Object>";
    for (quiet, deleted) in [(false, vec!["hello.txt", "nothing"]), (true, vec![])] {
        let body = format!("<Delete>{keys}<Quiet>{quiet}</Quiet></Delete>");
        let answer = client.call("POST", "/west-bucket?delete=", &[], body.as_bytes());
        assert_eq!((answer.status, answer.all("Key")), (200, deleted), "{}", answer.text);
    }
    assert_eq!(client.call("HEAD", "/west-bucket/hello.txt", &[], b"").status, 404);
}

#[test]
fn only_a_right_signature_is_answered() {
    let (_folder, server, client) = start();
    for (access_key, secret, code) in
        [("AKIDWEST", "wrong", "SignatureDoesNotMatch"), ("AKIDNOBODY", "west secret", "InvalidAccessKeyId")]
    {
        let (access_key, secret) = (access_key.to_owned(), secret.to_owned());
        let answer = Client { access_key, secret, ..client.clone() }.call("GET", "/", &[], b"");
        assert_eq!((answer.status, answer.all("Code")), (403, vec![code]));
    }
    let unsigned = http::Request::get(server.url()).body(Vec::new()).unwrap();
    assert_eq!(client.send(unsigned).status, 403);
}

#[test]
fn requests_are_recorded_as_they_came() {
    let (_folder, server, client) = start();
    client.call("GET", "/west-bucket?prefix=a%20b&list-type=2", &[("x-test", "Yes")], b"");
    let credential = "X-Amz-Credential=AKIDEAST%2F20260101%2Feu-west-1%2Fs3%2Faws4_request";
    let rest = "X-Amz-SignedHeaders=host&X-Amz-Signature=00";
    let presigned = format!("{}/east-bucket/key?{credential}&{rest}", server.url());
    client.send(http::Request::get(presigned).body(Vec::new()).unwrap());

    let [signed, presigned] = &server.requests()[..] else {
        panic!("two requests");
    };
    assert_eq!(
        signed.to_string(),
        "GET /west-bucket?prefix=a%20b&list-type=2 key=AKIDWEST region=us-west-2 -> 200"
    );
    assert_eq!(signed.header("x-test"), Some("Yes"));
    assert_eq!(presigned.access_key.as_deref(), Some("AKIDEAST"));
    assert_eq!(presigned.region.as_deref(), Some("eu-west-1"));
    assert!(presigned.status.is_some_and(|status| status >= 400));
}

#[test]
fn a_dropped_server_is_gone() {
    let (_folder, server, client) = start();
    let address = server.url().replace("http://", "");
    assert_eq!(client.call("GET", "/", &[], b"").status, 200);
    drop(server);
    assert!(TcpStream::connect(address).is_err());
}
