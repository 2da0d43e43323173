//! The driver's lines: each verb, its errors, and the framing.
//!
//! Long because every verb has its table here.

use serde_json::Value;
use serde_json::json;
use tucuxi_test_support::S3Server;
use tucuxi_test_support::SqsServer;
use tucuxi_test_support::TempDir;
use tucuxi_tests::driver::Driver;

fn driver() -> Driver {
    Driver::start(env!("CARGO_BIN_EXE_tucuxi-driver"))
}

/// The `ok` of a reply.
fn ok(request: &Value) -> Value {
    let reply = driver().ask(request);
    assert!(reply.get("ok").is_some() && reply.get("error").is_none(), "{reply}");
    reply["ok"].clone()
}

/// The `error` of a reply.
fn error(request: &Value) -> Value {
    let reply = driver().ask(request);
    assert!(reply.get("error").is_some() && reply.get("ok").is_none(), "{reply}");
    let error = &reply["error"];
    // A service may say nothing to a reader; everybody else does.
    let says = error["kind"] == "service" || error["message"] != "";
    assert!(error["message"].is_string() && says, "{reply}");
    error.clone()
}

/// A request with some fields said anew.
fn with(request: &Value, fields: Value) -> Value {
    let mut request = request.clone();
    for (name, value) in fields.as_object().unwrap() {
        request[name] = value.clone();
    }
    request
}

#[test]
fn lines_are_answered_one_by_one_until_the_input_ends() {
    let mut driver = driver();
    for id in [json!(1), json!("x"), json!(null), json!([1, {"a": 2}]), json!(-1.5), json!(true)] {
        let reply = driver.ask(&json!({"id": id, "verb": "date", "unknown": 1, "direction": "format",
            "format": "date-time", "value": "0"}));
        assert_eq!(reply, json!({"id": id, "ok": {"value": "1970-01-01T00:00:00Z"}}));
    }
    for (line, why) in [
        (&b""[..], "malformed line"),
        (b"x", "malformed line"),
        (b"{\"id\": 1", "malformed line"),
        (b"{\"id\": 1} {}", "malformed line"),
        (b"{\"verb\": \"\xff\"}", "malformed line"),
        (b"{\"verb\": \"\\ud800\"}", "malformed line"),
        ("[".repeat(100_000).as_bytes(), "malformed line"),
        (b"[]", "a line is a JSON object"),
        (b"17", "a line is a JSON object"),
        (b"{}", "verb is missing"),
        (b"{\"verb\": null}", "verb is missing"),
        (b"{\"verb\": 1}", "verb is not text"),
        (b"{\"verb\": \"nothing\"}", "unknown verb \"nothing\""),
        (b"{\"verb\": \"Sign\"}", "unknown verb \"Sign\""),
    ] {
        let reply = driver.line(line);
        assert_eq!((&reply["id"], &reply["error"]["kind"]), (&Value::Null, &json!("driver")), "{reply}");
        let message = reply["error"]["message"].as_str().unwrap();
        assert!(message.starts_with(why), "{message}");
    }
    assert_eq!(driver.ask(&json!({"id": 7, "verb": "nothing"}))["id"], 7);
    assert!(driver.ends_well());
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
        (json!({"algorithm": "v4a"}), "driver"),
        (json!({"credentials": {"access_key": "x"}}), "driver"),
        (json!({"normalize_path": "yes"}), "driver"),
        (json!({"expires": -1, "place": "query"}), "driver"),
    ] {
        let refused = error(&with(&signing(), fields.clone()));
        assert_eq!(refused["kind"], kind, "{fields} {refused}");
    }
}

#[test]
fn documents_come_as_events() {
    let xml = json!({"verb": "xml", "data": "\u{feff}<?xml version=\"1.0\"?><a b='1&amp;2'>x&lt;<!-- -->y<![CDATA[<]]><c/></a>\n"});
    let events = json!([
        ["start", "a", {"b": "1&2"}],
        ["text", "x<y<"],
        ["start", "c", {}],
        ["end", "c"],
        ["end", "a"],
    ]);
    assert_eq!(ok(&xml)["events"], events);
    assert_eq!(ok(&with(&xml, json!({"room": 24})))["events"], events);
    let json =
        json!({"verb": "json", "data": "{\"a\\u00e9\": [1.50, true, null, \"x\\ny, which is longer\"]} "});
    let events = json!([
        ["start_object"],
        ["key", "a\u{e9}"],
        ["start_array"],
        ["number", "1.50"],
        ["bool", true],
        ["null"],
        ["string", "x\ny, which is longer"],
        ["end_array"],
        ["end_object"],
    ]);
    assert_eq!(ok(&json)["events"], events);
    assert_eq!(ok(&with(&json, json!({"room": 16})))["events"], events);
    let ini = json!({"verb": "ini", "data": "[profile a] ; x\nb = c # d\n e\ns3 =\n f = g\n[h]"});
    let events = json!([
        ["section", "profile", "a"],
        ["property", "b", "c"],
        ["continuation", "e"],
        ["property", "s3", ""],
        ["sub_property", "f", "g"],
        ["section", null, "h"],
    ]);
    assert_eq!(ok(&ini)["events"], events);
    assert_eq!(ok(&with(&ini, json!({"room": 16})))["events"], events);
}

#[test]
fn documents_that_are_none_are_refused_with_the_place() {
    for (verb, data, offset) in [
        ("xml", json!("<a></b>"), 5),
        ("xml", json!("<a/>x"), 4),
        ("xml", json!("<!DOCTYPE a><a/>"), 0),
        ("xml", json!("<a>"), 3),
        ("xml", json!({"$b64": "PGE+/zwvYT4="}), 3),
        ("json", json!("[1,]"), 3),
        ("json", json!("[1] 2"), 4),
        ("json", json!(""), 0),
        ("ini", json!("[a]\nb"), 4),
    ] {
        let refused = error(&json!({"verb": verb, "data": data}));
        assert_eq!((&refused["kind"], &refused["offset"]), (&json!("malformed"), &json!(offset)), "{data}");
    }
    for verb in ["xml", "json", "ini"] {
        let data = if verb == "ini" { "[a-long-section]" } else { "<a-long-name/>" };
        let data = if verb == "json" { "{\"a-long-key\": 1}" } else { data };
        let refused = error(&json!({"verb": verb, "data": data, "room": 4}));
        assert_eq!(refused["kind"], "room_full", "{verb}");
        assert!(refused["needed"].as_u64().is_some_and(|needed| needed > 4), "{refused}");
        assert_eq!(error(&json!({"verb": verb}))["kind"], "driver");
        assert_eq!(error(&json!({"verb": verb, "data": "", "room": 1_u64 << 60}))["kind"], "driver");
    }
}

#[test]
fn dates_go_both_ways() {
    for (format, instant, text) in [
        ("date-time", "-62133482200.9", "0001-01-25T11:23:19.1Z"),
        ("http-date", "1440938160", "Sun, 30 Aug 2015 12:36:00 GMT"),
        ("epoch-seconds", "1440938160.25", "1440938160.25"),
    ] {
        let date = json!({"verb": "date", "format": format});
        let parsed = ok(&with(&date, json!({"direction": "parse", "value": text})));
        assert_eq!(parsed["value"], instant);
        let formatted = ok(&with(&date, json!({"direction": "format", "value": instant})));
        assert_eq!(formatted["value"], text);
        let refused = error(&with(&date, json!({"direction": "parse", "value": "x"})));
        assert_eq!(refused["kind"], "time");
        assert_eq!(error(&with(&date, json!({"direction": "back", "value": "0"})))["kind"], "driver");
    }
    let far = json!({"verb": "date", "format": "date-time", "direction": "format", "value": "253402300800"});
    assert_eq!(error(&far)["kind"], "time");
    assert_eq!(error(&with(&far, json!({"format": "iso"})))["kind"], "driver");
}

#[test]
fn endpoint_answers_as_awss_rules_do() {
    let endpoint =
        |service: &str, params: Value| json!({"verb": "endpoint", "service": service, "params": params});
    let found = ok(&endpoint("s3", json!({"Region": "us-west-2", "Bucket": "logs", "UseFIPS": false})));
    assert_eq!(
        found,
        json!({
            "url": "https://logs.s3.us-west-2.amazonaws.com",
            "headers": [],
            "auth": [{
                "name": "sigv4",
                "signing_name": "s3",
                "signing_region": "us-west-2",
                "disable_double_encoding": true,
            }],
        })
    );
    for (service, params, url) in [
        ("s3", json!({"Region": "us-west-2", "Bucket": "a.b"}), "https://s3.us-west-2.amazonaws.com/a.b"),
        (
            "s3",
            json!({"Region": "us-west-2", "Bucket": "logs", "ForcePathStyle": true, "Endpoint": "http://x:9/y"}),
            "http://x:9/y/logs",
        ),
        ("s3", json!({"Region": "us-east-1", "UseGlobalEndpoint": true}), "https://s3.amazonaws.com"),
        (
            "sqs",
            json!({"Region": "cn-north-1", "UseDualStack": true}),
            "https://sqs.cn-north-1.api.amazonwebservices.com.cn",
        ),
        ("sts", json!({"Region": "us-east-1", "UseGlobalEndpoint": true}), "https://sts.amazonaws.com"),
    ] {
        assert_eq!(ok(&endpoint(service, params))["url"], url);
    }
    for (service, params, kind, message) in [
        ("sqs", json!({}), "endpoint", "Invalid Configuration: Missing Region"),
        (
            "s3",
            json!({"Region": "us-west-2", "Endpoint": "http://x", "UseFIPS": true}),
            "endpoint",
            "A custom endpoint cannot be combined with FIPS",
        ),
        ("sqs", json!({"Region": "us-west-2", "Endpoint": "x"}), "url", ""),
        (
            "s3",
            json!({"Region": "us-west-2", "Accelerate": true}),
            "driver",
            "the parameter Accelerate is not known",
        ),
        ("ec2", json!({}), "driver", "unknown service \"ec2\""),
    ] {
        let refused = error(&endpoint(service, params));
        assert_eq!(refused["kind"], kind, "{refused}");
        assert!(refused["message"].as_str().unwrap().starts_with(message), "{refused}");
    }
    assert_eq!(error(&json!({"verb": "endpoint", "service": "s3"}))["kind"], "driver");
}

#[test]
fn configuration_is_read_from_a_made_up_world() {
    let files = json!({
        "/home/ada/.aws/config": "[profile dev]\nregion = eu-west-1\nendpoint_url = http://x\ns3 =\n  addressing_style = path\n",
        "/home/ada/.aws/credentials": "[dev]\naws_access_key_id = A\naws_secret_access_key = S\n",
    });
    let env = json!({"HOME": "/home/ada", "AWS_MAX_ATTEMPTS": "many"});
    let world = json!({"env": env, "files": files, "profile": "dev"});
    let settings = ok(&with(&world, json!({"verb": "settings"})));
    for (name, value, origin) in [
        ("profile", json!("dev"), "argument"),
        ("region", json!("eu-west-1"), "~/.aws/config:2"),
        ("endpoint_url_s3", json!("http://x"), "~/.aws/config:3"),
        ("addressing_style", json!("path"), "~/.aws/config:5"),
    ] {
        assert_eq!(settings[name], json!({"value": value, "origin": origin}));
    }
    assert_eq!(settings["credentials"]["value"]["access_key"], "A");
    assert_eq!(settings["max_attempts"]["error"]["kind"], "bad_value");
    assert_eq!(settings["ca_bundle"], Value::Null);

    let endpoint = json!({"verb": "client_endpoint", "service": "s3", "env": {"HOME": "/home/ada"}});
    let endpoint = with(&world, endpoint);
    assert_eq!(ok(&endpoint)["url"], "http://x");
    let told = with(&endpoint, json!({"config": {"endpoint_url": "https://y:8443"}}));
    assert_eq!(ok(&told)["url"], "https://y:8443");
    let ignored = with(&endpoint, json!({"config": {"ignore_configured_endpoint_urls": true}}));
    assert_eq!(ok(&ignored)["url"], "https://s3.eu-west-1.amazonaws.com");
    assert_eq!(error(&with(&endpoint, json!({"profile": "none"})))["kind"], "config");
    let nowhere = json!({"verb": "client_endpoint", "service": "sqs", "env": {}});
    assert_eq!(error(&nowhere)["kind"], "config");

    let unknown = error(&with(&world, json!({"verb": "settings", "profile": "none"})));
    assert_eq!((&unknown["kind"], &unknown["origin"]), (&json!("unknown_profile"), &json!("argument")));

    let parsed = ok(&json!({"verb": "parse_profiles", "config": "[default]\nA = b\ns3 =\n c = d\n"}));
    assert_eq!(
        parsed,
        json!({"profiles": {"default": {"a": "b", "s3": "\nc = d"}}, "services": {}, "sso_sessions": {}})
    );
    let malformed = error(&json!({"verb": "parse_profiles", "config": "", "credentials": "[a]\nb"}));
    assert_eq!(malformed["kind"], "malformed");
    assert_eq!((&malformed["file"], &malformed["line"]), (&json!("credentials"), &json!(2)));

    let located = ok(&json!({"verb": "file_locations", "platform": "windows", "env": {
        "USERPROFILE": "C:\\Users\\ada", "AWS_SHARED_CREDENTIALS_FILE": "~\\keys", "AWS_PROFILE": "dev"}}));
    assert_eq!(
        located,
        json!({"config": "C:\\Users\\ada\\.aws\\config", "credentials": "C:\\Users\\ada\\keys", "profile": "dev"})
    );
    assert_eq!(ok(&json!({"verb": "file_locations", "env": {}}))["config"], Value::Null);
    assert_eq!(error(&json!({"verb": "file_locations", "platform": "dos"}))["kind"], "driver");
}

fn building(service: &str, operation: &str, input: Value) -> Value {
    json!({
        "verb": "build",
        "service": service,
        "operation": operation,
        "input": input,
        "config": {"region": "us-west-2"},
        "credentials": {"access_key": "AKID", "secret_key": "SECRET", "token": "TOKEN"},
        "time": "20260102T030405Z",
        "invocation_id": "11111111-2222-4333-8444-555555555555",
    })
}

/// The value of a header of a built request.
fn header<'b>(built: &'b Value, name: &str) -> Option<&'b str> {
    let found = built["headers"].as_array().unwrap().iter().find(|header| header[0] == name);
    found.and_then(|header| header[1].as_str())
}

#[test]
fn build_shows_the_first_attempt() {
    let put = ok(&building(
        "s3",
        "PutObject",
        json!({"Bucket": "logs", "Key": "a b", "Body": {"$b64": "/w=="}, "Metadata": {"Who": "me"},
            "Expires": "2026-01-02T03:04:05Z", "ObjectLockRetainUntilDate": 1_767_323_045}),
    ));
    assert_eq!(
        (&put["method"], &put["url"]),
        (&json!("PUT"), &json!("https://logs.s3.us-west-2.amazonaws.com/a%20b"))
    );
    assert_eq!(put["body"], json!({"$b64": "/w=="}));
    for (name, value) in [
        ("content-length", "1"),
        ("x-amz-date", "20260102T030405Z"),
        ("x-amz-security-token", "TOKEN"),
        ("x-amz-content-sha256", "a8100ae6aa1940d0b663bb31cd466142ebbdbd5187131b92d93818987832eb89"),
        ("amz-sdk-invocation-id", "11111111-2222-4333-8444-555555555555"),
        ("amz-sdk-request", "attempt=1; max=3"),
        ("x-amz-meta-who", "me"),
        ("expires", "Fri, 02 Jan 2026 03:04:05 GMT"),
        ("x-amz-object-lock-retain-until-date", "2026-01-02T03:04:05Z"),
    ] {
        assert_eq!(header(&put, name), Some(value), "{name}");
    }
    assert!(header(&put, "user-agent").is_some_and(|agent| agent.starts_with("tucuxi/")));
    assert!(header(&put, "authorization").is_some());

    let text = ok(&building("s3", "PutObject", json!({"Bucket": "logs", "Key": "k", "Body": "\u{e9}\""})));
    assert_eq!(text["body"], "\u{e9}\"");
    let get = ok(&building("s3", "GetObject", json!({"Bucket": "logs", "Key": "k"})));
    assert_eq!((&get["body"], header(&get, "content-length")), (&Value::Null, None));

    let send = building(
        "sqs",
        "SendMessage",
        json!({"QueueUrl": "https://q", "MessageBody": "a\"\\\n\u{1}\u{1f600}"}),
    );
    let sent = ok(&send);
    assert_eq!(sent["body"], r#"{"QueueUrl":"https://q","MessageBody":"a\"\\\n\u0001😀"}"#);
    let attempts = with(&send, json!({"config": {"region": "us-west-2", "max_attempts": 7}}));
    assert_eq!(header(&ok(&attempts), "amz-sdk-request"), Some("attempt=1; max=7"));
    let anonymous = ok(&with(&send, json!({"credentials": null})));
    assert_eq!(header(&anonymous, "authorization"), None);

    let who = ok(&building("sts", "GetCallerIdentity", json!(null)));
    assert_eq!(who["body"], "Action=GetCallerIdentity&Version=2011-06-15");
}

#[test]
fn build_refuses_what_the_library_does() {
    let build = |input: Value| building("s3", "GetObject", input);
    for (request, kind) in [
        (build(json!({"Bucket": "logs"})), "input"),
        (build(json!({"Bucket": "logs", "Key": ""})), "input"),
        (build(json!({"Bucket": "logs", "Key": 7})), "input"),
        (build(json!({"Bucket": "logs", "Key": "k", "Kee": "k"})), "input"),
        (build(json!({"Bucket": "logs", "Key": "k", "IfMatch": "\n"})), "input"),
        (build(json!({"Bucket": "logs", "Key": "k", "IfModifiedSince": "yesterday"})), "input"),
        (building("s3", "GetNothing", json!({})), "input"),
        (with(&build(json!({"Bucket": "logs", "Key": "k"})), json!({"config": {"region": "a/b"}})), "config"),
        (with(&building("sqs", "ListQueues", json!({})), json!({"config": {}})), "config"),
        (
            with(&build(json!({"Bucket": "b", "Key": "k"})), json!({"config": {"endpoint_url": "x"}})),
            "config",
        ),
        (
            with(&build(json!({"Bucket": "b", "Key": "k"})), json!({"config": {"addressing_style": 1}})),
            "driver",
        ),
        (with(&build(json!({"Bucket": "b", "Key": "k"})), json!({"service": "ec2"})), "driver"),
        (with(&build(json!({"Bucket": "b", "Key": "k"})), json!({"time": null})), "driver"),
        (build(json!({"Bucket": "b", "Key": {"$b64": "*"}})), "driver"),
    ] {
        assert_eq!(error(&request)["kind"], kind, "{request}");
    }
}

#[test]
fn presign_says_what_the_caller_must_send() {
    let get = with(
        &building("s3", "GetObject", json!({"Bucket": "logs", "Key": "k", "Range": "bytes=0-9"})),
        json!({"verb": "presign", "expires": 60}),
    );
    let signed = ok(&get);
    let url = signed["url"].as_str().unwrap();
    assert!(url.starts_with("https://logs.s3.us-west-2.amazonaws.com/k?X-Amz-Algorithm="), "{url}");
    assert!(url.contains("&X-Amz-Expires=60&") && url.contains("&X-Amz-Signature="), "{url}");
    assert_eq!(signed["method"], "GET");
    assert_eq!(signed["headers"], json!([["range", "bytes=0-9"]]));
    assert_eq!(signed["expires"], "2026-01-02T03:05:05Z");
    for (fields, kind) in [
        (json!({"expires": 0}), "input"),
        (json!({"expires": 604_801}), "input"),
        (json!({"expires": "1"}), "driver"),
        (json!({"credentials": null}), "credentials"),
    ] {
        assert_eq!(error(&with(&get, fields))["kind"], kind);
    }
}

fn parsing(service: &str, operation: &str, status: u16, headers: Value, body: Value) -> Value {
    json!({"verb": "parse", "service": service, "operation": operation, "status": status, "headers": headers,
        "body": body})
}

#[test]
fn parse_reads_outputs_in_awss_names() {
    let listing = "<ListBucketResult><Name>logs</Name><EncodingType>url</EncodingType><Contents><Key>a%2Bb+c</Key>\
        <LastModified>2026-01-02T03:04:05.500Z</LastModified><Size>12</Size></Contents>\
        <CommonPrefixes><Prefix>p%2F</Prefix></CommonPrefixes><IsTruncated>false</IsTruncated></ListBucketResult>";
    let list = parsing("s3", "ListObjectsV2", 200, json!([]), json!(listing));
    let mut expected = json!({"output": {
        "Name": "logs",
        "EncodingType": "url",
        "Contents": [{"Key": "a+b c", "LastModified": "2026-01-02T03:04:05.5Z", "Size": 12}],
        "CommonPrefixes": [{"Prefix": "p/"}],
        "IsTruncated": false,
    }});
    assert_eq!(ok(&list), expected);
    assert_eq!(ok(&with(&list, json!({"input": {"Bucket": "logs"}}))), expected);
    expected["output"]["Contents"][0]["Key"] = json!("a%2Bb+c");
    expected["output"]["CommonPrefixes"][0]["Prefix"] = json!("p%2F");
    assert_eq!(ok(&with(&list, json!({"input": {"Bucket": "logs", "EncodingType": "url"}}))), expected);

    let headers = json!([
        ["ETag", "\"e\""],
        ["Content-Length", "1"],
        ["x-amz-meta-a", "b"],
        ["Expires", "soon"],
        ["Last-Modified", "Fri, 02 Jan 2026 03:04:05 GMT"]
    ]);
    let object = parsing("s3", "GetObject", 200, headers, json!({"$b64": "/w=="}));
    assert_eq!(
        ok(&object),
        json!({"output": {
            "ETag": "\"e\"",
            "ContentLength": 1,
            "Metadata": {"a": "b"},
            "ExpiresString": "soon",
            "LastModified": "2026-01-02T03:04:05Z",
            "Body": {"$b64": "/w=="},
        }})
    );
    let messages = json!({"Messages": [{"Body": "\n", "MessageAttributes": {"a": {"DataType": "Binary", "BinaryValue": "/w=="}}}]});
    let received = parsing("sqs", "ReceiveMessage", 200, json!([]), json!(messages.to_string()));
    let output = ok(&received)["output"].clone();
    assert_eq!(output["Messages"][0]["Body"], "\n");
    assert_eq!(output["Messages"][0]["MessageAttributes"]["a"]["BinaryValue"], json!({"$b64": "/w=="}));
    for (body, output) in [("{\"QueueUrls\": []}", json!({"QueueUrls": []})), ("{}", json!({}))] {
        let queues = parsing("sqs", "ListQueues", 200, json!([]), json!(body));
        assert_eq!(ok(&queues)["output"], output);
    }
    assert_eq!(ok(&parsing("sqs", "DeleteQueue", 200, json!([]), Value::Null)), json!({"output": {}}));
}

#[test]
fn parse_tells_errors_apart() {
    let headers = json!([["x-amz-request-id", "R"], ["x-amz-id-2", "H"]]);
    let body = json!("<Error><Code>NoSuchKey</Code><Message>a &amp; b</Message></Error>");
    let missing = error(&parsing("s3", "GetObject", 404, headers, body.clone()));
    assert_eq!(
        missing,
        json!({"kind": "service", "code": "NoSuchKey", "message": "a & b", "status": 404, "request_id": "R",
            "host_id": "H", "modeled": "NoSuchKey"})
    );
    let late = error(&parsing("s3", "CopyObject", 200, json!([]), body));
    assert_eq!(
        (&late["kind"], &late["code"], &late["status"]),
        (&json!("service"), &json!("NoSuchKey"), &json!(200))
    );
    let queue = error(&parsing(
        "sqs",
        "GetQueueUrl",
        400,
        json!([["x-amzn-query-error", "AWS.SimpleQueueService.NonExistentQueue;Sender"]]),
        json!("{\"__type\": \"com.amazonaws.sqs#QueueDoesNotExist\", \"message\": \"m\"}"),
    ));
    assert_eq!(queue["code"], "AWS.SimpleQueueService.NonExistentQueue");
    assert_eq!((&queue["modeled"], &queue["request_id"]), (&json!("QueueDoesNotExist"), &Value::Null));
    let malformed = parsing("s3", "ListBuckets", 200, json!([]), json!("<x"));
    assert_eq!(error(&malformed)["kind"], "reply");
    assert_eq!(error(&parsing("s3", "GetNothing", 200, json!([]), json!("")))["kind"], "input");
    assert_eq!(error(&with(&malformed, json!({"status": null})))["kind"], "driver");
    assert_eq!(error(&with(&malformed, json!({"status": 70_000})))["kind"], "driver");
}

fn calling(service: &str, operation: &str, url: &str, input: Value) -> Value {
    json!({
        "verb": "call",
        "service": service,
        "operation": operation,
        "input": input,
        "config": {"region": "us-west-2", "endpoint_url": url},
        "credentials": {"access_key": "AKID", "secret_key": "SECRET"},
    })
}

#[test]
fn call_and_pages_reach_s3() {
    let folder = TempDir::new();
    let server = S3Server::start(folder.path(), &[("AKID", "SECRET")]);
    let call = |operation: &str, input: Value| calling("s3", operation, &server.url(), input);
    ok(&call("CreateBucket", json!({"Bucket": "logs"})));
    for key in ["a", "b", "c", "d+e"] {
        let put = ok(&call("PutObject", json!({"Bucket": "logs", "Key": key, "Body": {"$b64": "/wA="}})));
        assert_eq!((&put["attempts"], &put["status"]), (&json!(1), &json!(200)), "{put}");
        assert!(put["headers"].as_array().is_some_and(|headers| !headers.is_empty()), "{put}");
    }
    let got = ok(&call("GetObject", json!({"Bucket": "logs", "Key": "d+e"})));
    assert_eq!(got["output"]["Body"], json!({"$b64": "/wA="}));
    assert_eq!(got["output"]["ContentLength"], 2);

    let missing = error(&call("GetObject", json!({"Bucket": "logs", "Key": "none"})));
    assert_eq!((&missing["kind"], &missing["code"]), (&json!("service"), &json!("NoSuchKey")));
    assert_eq!((&missing["attempts"], &missing["status"]), (&json!(1), &json!(404)));
    let wrong = with(
        &call("ListBuckets", json!({})),
        json!({"credentials": {"access_key": "AKID", "secret_key": "x"}}),
    );
    assert_eq!(error(&wrong)["code"], "SignatureDoesNotMatch");

    let list = with(&call("ListObjectsV2", json!({"Bucket": "logs"})), json!({"verb": "pages"}));
    let keys = |pages: &Value| -> Vec<Vec<String>> {
        let keys = |page: &Value| {
            let contents = page["Contents"].as_array().cloned().unwrap_or_default();
            contents.iter().map(|object| object["Key"].as_str().unwrap().to_owned()).collect()
        };
        pages["pages"].as_array().unwrap().iter().map(keys).collect()
    };
    let all = ok(&list);
    assert_eq!(
        (keys(&all), &all["token"]),
        (vec![vec!["a".into(), "b".into(), "c".into(), "d+e".into()]], &Value::Null)
    );
    let first = ok(&with(&list, json!({"page_size": 2, "max_items": 3})));
    assert_eq!(keys(&first), [vec!["a", "b"], vec!["c"]]);
    let rest = ok(&with(&list, json!({"start": first["token"]})));
    assert_eq!((keys(&rest), &rest["token"]), (vec![vec!["d+e".to_owned()]], &Value::Null));
    let none = ok(&with(&list, json!({"max_items": 0})));
    assert_eq!(none, json!({"pages": [], "token": null}));
    let no_pages = with(&list, json!({"operation": "GetObject"}));
    assert_eq!(error(&no_pages)["kind"], "input");
    assert_eq!(error(&with(&list, json!({"input": {"Bucket": "none"}})))["code"], "NoSuchBucket");
}

#[test]
fn call_reaches_sqs_and_tells_of_broken_connections() {
    let server = SqsServer::start(&[("AKID", "SECRET")]);
    let call = |operation: &str, input: Value| calling("sqs", operation, &server.url(), input);
    let created = ok(&call("CreateQueue", json!({"QueueName": "q"})));
    let url = created["output"]["QueueUrl"].clone();
    let body = "quotes \" and \\ and \u{1f600}\n";
    ok(&call("SendMessage", json!({"QueueUrl": url, "MessageBody": body})));
    let received = ok(&call("ReceiveMessage", json!({"QueueUrl": url})));
    assert_eq!(received["output"]["Messages"][0]["Body"], body);
    let none = error(&call("GetQueueUrl", json!({"QueueName": "none"})));
    assert_eq!(none["modeled"], "QueueDoesNotExist");

    let nobody = with(
        &calling("sqs", "ListQueues", "http://127.0.0.1:9", json!({})),
        json!({"config": {"region": "us-west-2", "endpoint_url": "http://127.0.0.1:9", "max_attempts": 1}}),
    );
    let refused = error(&nobody);
    assert_eq!((&refused["kind"], &refused["attempts"]), (&json!("transport"), &json!(1)));
}
