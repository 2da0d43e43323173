//! The driver's `verify`: what `sign` makes is valid, and each refusal has its kind.

use serde_json::Value;
use serde_json::json;
use tucuxi_tests::driver::Driver;
use tucuxi_tests::driver::with;

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

fn driver() -> Driver {
    Driver::start(env!("CARGO_BIN_EXE_tucuxi-driver"))
}

fn signing() -> Value {
    json!({
        "verb": "sign",
        "method": "PUT",
        "url": "https://example.amazonaws.com:8443/a/../b%2fc d?x=1&y&\u{e9}=%2F",
        "headers": [["X-B", " 1  2 "], ["content-type", "text/plain"]],
        "body": "hello",
        "credentials": {"access_key": "AKIDEXAMPLE", "secret_key": SECRET, "token": "T/+="},
        "region": "us-east-1",
        "service": "service",
        "time": "20150830T123600Z",
    })
}

/// The same request as a server has it.
fn signed(driver: &mut Driver, signing: &Value) -> Value {
    let signed = driver.ok(signing);
    let fields = json!({"verb": "verify", "url": signed["url"], "headers": signed["headers"], "secret": SECRET,
        "now": "20150830T124500Z", "max_skew": 900});
    with(signing, fields)
}

#[test]
fn what_sign_makes_is_valid() {
    let mut driver = driver();
    for place in [json!({}), json!({"place": "query", "expires": 600})] {
        for fields in [
            json!({}),
            json!({"service": "s3"}),
            json!({"service": "s3", "payload": "unsigned"}),
            json!({"service": "s3", "payload": "STREAMING-UNSIGNED-PAYLOAD-TRAILER"}),
            json!({"service": "s3", "content_sha256_header": false}),
            json!({"content_sha256_header": true}),
            json!({"payload": "unsigned"}),
            json!({"payload": format!("sha256:{}", "0".repeat(64))}),
            json!({"body": {"$b64": "/w=="}}),
            json!({"body": null}),
            json!({"normalize_path": false}),
            json!({"encode_path_twice": false}),
            json!({"sign_token": false}),
            json!({"url": "https://example.amazonaws.com"}),
            json!({"url": "https://example.amazonaws.com?a"}),
        ] {
            let signing = with(&with(&signing(), place.clone()), fields.clone());
            let request = signed(&mut driver, &signing);
            assert_eq!(driver.ok(&request), json!({"valid": true}), "{fields}");
            let wrong = driver.error(&with(&request, json!({"secret": "another"})));
            assert_eq!(wrong["kind"], "signature", "{wrong}");
        }
    }
}

#[test]
fn each_refusal_has_its_kind() {
    let mut driver = driver();
    let header = signed(&mut driver, &signing());
    let query = json!({"place": "query", "expires": 60});
    let query = signed(&mut driver, &with(&signing(), query));
    let query = with(&query, json!({"now": "20150830T123659Z"}));
    let s3 = signed(&mut driver, &with(&signing(), json!({"service": "s3"})));
    assert_eq!(driver.ok(&query), json!({"valid": true}));
    let headers = |from: &str, to: &str| {
        let text = header["headers"].to_string();
        assert!(text.contains(from), "{text}");
        let headers: Value = serde_json::from_str(&text.replacen(from, to, 1)).unwrap();
        json!({"headers": headers})
    };
    let url = |from: &str, to: &str| json!({"url": query["url"].as_str().unwrap().replacen(from, to, 1)});
    for (request, fields, kind) in [
        (&header, json!({"headers": []}), "absent"),
        (&header, headers("AWS4-HMAC", "AWS5-HMAC"), "algorithm"),
        (&s3, json!({"body": "hallo"}), "body"),
        (&header, json!({"body": "hallo"}), "signature"),
        (&header, json!({"payload": "unsigned"}), "signature"),
        (&header, json!({"url": "https://example.amazonaws.com:8443/?X-Amz-Signature=0"}), "both_places"),
        (&header, headers("/20150830/", "/20150831/"), "day"),
        (&query, url("X-Amz-Date", "x-amz-signature=0&X-Amz-Date"), "duplicate"),
        (&header, json!({"now": "20150830T122059Z"}), "early"),
        (&query, json!({"now": "20150830T123700Z"}), "expired"),
        (&header, json!({"now": "20150830T125101Z"}), "late"),
        (&header, json!({"max_skew": 60}), "late"),
        (&header, headers("Signature=", "Signature=0"), "malformed"),
        (&header, headers("SignedHeaders=", "SignedHeaders=a;"), "missing"),
        (&query, url("&X-Amz-Expires=60", ""), "missing"),
        (&header, headers("aws4_request", "aws4"), "terminator"),
        (&header, headers(";x-amz-date", ""), "unsigned"),
        (&header, json!({"method": "GET"}), "signature"),
        (&header, json!({"normalize_path": false}), "signature"),
        (&header, json!({"url": "ftp://x"}), "invalid"),
        (&header, json!({"method": "BREW"}), "malformed"),
        (&header, json!({"now": "now"}), "time"),
        (&header, json!({"now": null}), "driver"),
        (&header, json!({"secret": null}), "driver"),
        (&header, json!({"max_skew": -1}), "driver"),
    ] {
        let refused = driver.error(&with(request, fields.clone()));
        assert_eq!(refused["kind"], kind, "{fields} {refused}");
    }
}
