//! The driver's `sign` and `derive_v4a_key`: fields, defaults and errors.

use serde_json::Value;
use serde_json::json;
use tucuxi_tests::driver::Driver;
use tucuxi_tests::driver::with;

fn driver() -> Driver {
    Driver::start(env!("CARGO_BIN_EXE_tucuxi-driver"))
}

fn ok(request: &Value) -> Value {
    driver().ok(request)
}

fn error(request: &Value) -> Value {
    driver().error(request)
}

fn signing() -> Value {
    json!({
        "verb": "sign",
        "method": "GET",
        "url": "https://example.amazonaws.com/",
        "headers": [],
        "credentials": {"access_key": "AKIDEXAMPLE", "secret_key": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"},
        "region": "us-east-1",
        "service": "service",
        "time": "20150830T123600Z",
    })
}

#[test]
fn sign_signs_in_headers() {
    let signed = ok(&signing());
    let signature = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";
    assert_eq!(signed["signature"], signature);
    let scope = "AKIDEXAMPLE/20150830/us-east-1/service/aws4_request";
    assert_eq!(
        signed["headers"],
        json!([
            ["host", "example.amazonaws.com"],
            ["x-amz-date", "20150830T123600Z"],
            [
                "authorization",
                format!(
                    "AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host;x-amz-date, Signature={signature}"
                )
            ],
        ])
    );
    assert_eq!(signed["url"], "https://example.amazonaws.com/");
}

/// The canonical request of a signing with some fields said anew.
fn canonical(fields: Value) -> String {
    ok(&with(&signing(), fields))["canonical_request"].as_str().unwrap().to_owned()
}

#[test]
fn sign_signs_what_is_given_but_for_what_is_never_signed() {
    let headers = json!([
        ["X-B", " 1  2 "],
        ["x-a", "1"],
        ["X-A", "2"],
        ["Host", "other.example:8080"],
        ["Authorization", "x"],
        ["User-Agent", "x"],
        ["Expect", "100-continue"],
        ["Transfer-Encoding", "chunked"],
        ["Connection", "close"],
        ["X-Amzn-Trace-Id", "x"],
    ]);
    let signed = ok(&with(&signing(), json!({"headers": headers})));
    let canonical = signed["canonical_request"].as_str().unwrap();
    let lines = "host:other.example:8080\nx-a:1,2\nx-amz-date:20150830T123600Z\nx-b:1 2\n\n";
    assert!(canonical.contains(lines), "{canonical}");
    let sent = signed["headers"].as_array().unwrap();
    let named = |name: &str| -> Vec<&Value> { sent.iter().filter(|h| h[0] == name).map(|h| &h[1]).collect() };
    assert_eq!(named("x-a"), ["1", "2"]);
    assert_eq!(named("user-agent"), ["x"]);
    assert_eq!(named("host"), ["other.example:8080"]);
    assert_eq!(named("authorization").len(), 1);
    assert_ne!(named("authorization"), ["x"]);
    assert_eq!(sent.len(), 11);
}

#[test]
fn sign_treats_path_payload_and_token_as_told() {
    for (fields, expected) in [
        (
            json!({"url": "https://h/a/../b c/\u{e9}?q=\u{e9} x&a"}),
            "GET\n/b%2520c/%25C3%25A9\na=&q=%C3%A9%20x\n",
        ),
        (json!({"url": "https://h/a/../b c", "normalize_path": false}), "GET\n/a/../b%2520c\n"),
        (json!({"url": "https://h/a/../b c", "encode_path_twice": false}), "GET\n/b%20c\n"),
        (json!({"url": "https://h/a/../b c", "service": "s3"}), "GET\n/a/../b%20c\n"),
        (json!({"url": "https://h/a/../b c", "service": "s3-outposts"}), "GET\n/a/../b%20c\n"),
        (json!({"url": "https://h/b c", "service": "s3", "encode_path_twice": true}), "GET\n/b%2520c\n"),
    ] {
        let canonical = canonical(fields);
        assert!(canonical.starts_with(expected), "{canonical}");
    }
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let hello = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    for (fields, expected) in [
        (json!({}), empty),
        (json!({"body": null}), empty),
        (json!({"body": "hello"}), hello),
        (json!({"body": {"$b64": "aGVsbG8="}, "payload": "body"}), hello),
        (json!({"body": "hello", "payload": "unsigned"}), "UNSIGNED-PAYLOAD"),
        (json!({"payload": format!("sha256:{hello}")}), hello),
        (json!({"payload": "STREAMING-UNSIGNED-PAYLOAD-TRAILER"}), "STREAMING-UNSIGNED-PAYLOAD-TRAILER"),
    ] {
        let canonical = canonical(fields);
        assert!(canonical.ends_with(&format!("\n{expected}")), "{canonical}");
    }
    let credentials = with(&signing()["credentials"], json!({"token": "T"}));
    let added = ok(&with(&signing(), json!({"credentials": credentials, "sign_token": false})));
    assert!(!added["canonical_request"].as_str().unwrap().contains("security-token"));
    assert!(added["headers"].as_array().unwrap().contains(&json!(["x-amz-security-token", "T"])));
    let signed = ok(&with(&signing(), json!({"credentials": credentials})));
    assert!(signed["canonical_request"].as_str().unwrap().contains("x-amz-security-token:T\n"));
    let s3 = ok(&with(&signing(), json!({"service": "s3"})));
    assert!(s3["headers"].as_array().unwrap().contains(&json!(["x-amz-content-sha256", empty])));
    let s3 = canonical(json!({"service": "s3", "content_sha256_header": false}));
    assert!(!s3.contains("x-amz-content-sha256"));
}

#[test]
fn sign_signs_in_the_query() {
    let credentials = with(&signing()["credentials"], json!({"token": "T/"}));
    let query = json!({"place": "query", "expires": 60, "url": "https://example.amazonaws.com/a?Z=1&A",
        "content_sha256_header": true, "credentials": credentials});
    let signed = ok(&with(&signing(), query.clone()));
    let url = signed["url"].as_str().unwrap();
    assert!(url.starts_with("https://example.amazonaws.com/a?"), "{url}");
    for part in ["X-Amz-Expires=60", "X-Amz-Security-Token=T%2F", "X-Amz-SignedHeaders=host&", "Z=1", "A&"] {
        assert!(url.contains(part), "{part} in {url}");
    }
    let end = format!("&X-Amz-Signature={}", signed["signature"].as_str().unwrap());
    assert!(url.ends_with(&end), "{url}");
    assert_eq!(signed["headers"], json!([["host", "example.amazonaws.com"]]));
    let added = ok(&with(&with(&signing(), query), json!({"sign_token": false})));
    assert!(!added["canonical_request"].as_str().unwrap().contains("Security-Token"));
    assert!(added["url"].as_str().unwrap().contains("X-Amz-Security-Token=T%2F"));
}

#[test]
fn sign_signs_with_version_4a() {
    let asked = with(&signing(), json!({"algorithm": "v4a", "region": "us-east-1,eu-*"}));
    let signed = ok(&asked);
    let text = signed["string_to_sign"].as_str().unwrap();
    assert!(
        text.starts_with("AWS4-ECDSA-P256-SHA256\n20150830T123600Z\n20150830/service/aws4_request\n"),
        "{text}"
    );
    let canonical = signed["canonical_request"].as_str().unwrap();
    assert!(canonical.contains("\nx-amz-region-set:us-east-1,eu-*\n"), "{canonical}");
    assert!(signed["headers"].as_array().unwrap().contains(&json!(["x-amz-region-set", "us-east-1,eu-*"])));
    assert_eq!(signed["signature"], ok(&asked)["signature"]);

    let signed = ok(&with(&asked, json!({"place": "query", "expires": 60})));
    let url = signed["url"].as_str().unwrap();
    assert!(url.contains("&X-Amz-Region-Set=us-east-1%2Ceu-%2A&X-Amz-SignedHeaders=host&"), "{url}");
    assert!(url.ends_with(signed["signature"].as_str().unwrap()), "{url}");
}

#[test]
fn derive_v4a_key_tells_the_public_key() {
    let derive = json!({"verb": "derive_v4a_key", "credentials": signing()["credentials"]});
    let expected = json!({
        "x": "b6618f6a65740a99e650b33b6b4b5bd0d43b176d721a3edfea7e7d2d56d936b1",
        "y": "865ed22a7eadc9c5cb9d2cbaca1b3699139fedc5043dc6661864218330c8e518",
    });
    assert_eq!(ok(&derive), expected);
    assert_eq!(error(&json!({"verb": "derive_v4a_key"}))["kind"], "driver");
}

#[test]
fn sign_signs_nothing_in_nobodys_name() {
    let sent =
        ok(&with(&signing(), json!({"credentials": null, "headers": [["authorization", "Bearer x"]]})));
    assert_eq!(sent["headers"], json!([["host", "example.amazonaws.com"], ["authorization", "Bearer x"]]));
    assert_eq!(sent["signature"], "");
}

#[test]
fn sign_refuses_with_the_librarys_words_or_its_own() {
    for (fields, kind) in [
        (json!({"url": "ftp://x/"}), "invalid"),
        (json!({"url": "https://x/\n"}), "invalid"),
        (json!({"url": "https://x/#y"}), "invalid"),
        (json!({"headers": [["a b", "x"]]}), "invalid"),
        (json!({"headers": [["a", "x\ny"]]}), "invalid"),
        (json!({"headers": [["x-amz-date", "x"]]}), "invalid"),
        (json!({"time": "2015-08-30T12:36:00Z"}), "time"),
        (json!({"time": null}), "driver"),
        (json!({"url": 1}), "driver"),
        (json!({"method": "get"}), "driver"),
        (json!({"headers": [["a"]]}), "driver"),
        (json!({"headers": {"a": "b"}}), "driver"),
        (json!({"body": {"$b64": "*"}}), "driver"),
        (json!({"payload": "sha256:00"}), "driver"),
        (json!({"place": "body"}), "driver"),
        (json!({"algorithm": "v2"}), "driver"),
        (json!({"credentials": {"access_key": "x"}}), "driver"),
        (json!({"normalize_path": "yes"}), "driver"),
        (json!({"expires": -1, "place": "query"}), "driver"),
    ] {
        let refused = error(&with(&signing(), fields.clone()));
        assert_eq!(refused["kind"], kind, "{fields} {refused}");
    }
}
