//! The driver's framing, and the verbs that read: documents, dates, endpoints, settings.

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

#[test]
fn skew_is_learned_from_one_reply_after_the_other() {
    let learned = ok(&json!({"verb": "skew", "start_offset_ms": -1, "attempts": [
        {"sent_ms": 0, "received_ms": 2_000, "code": "RequestTimeTooSkewed"},
        {"sent_ms": 0, "received_ms": 2_000, "date": "Thu, 01 Jan 1970 00:05:01 GMT", "code": "SignatureDoesNotMatch"},
        {"sent_ms": 0, "received_ms": 2_000, "date": "Thu, 01 Jan 1970 00:05:01 GMT", "code": "SignatureDoesNotMatch"},
        {"sent_ms": 0, "received_ms": 2_000, "date": "Thu, 01 Jan 1970 09:05:01 GMT", "age": "3"},
        {"sent_ms": 0, "received_ms": 1_000, "date": "Thu, 01 Jan 1970 00:00:00 GMT"},
    ]}));
    assert_eq!(learned["offsets"], json!([-1, 300_000, 300_000, 300_000, -500]));
    assert_eq!(learned["retried"], json!([false, true, false, false, false]));
    assert_eq!(ok(&json!({"verb": "skew"})), json!({"offsets": [], "retried": []}));
    for wrong in [
        json!({"attempts": [1]}),
        json!({"attempts": [{"sent_ms": 0}]}),
        json!({"attempts": [{"sent_ms": 0, "received_ms": 0.5}]}),
        json!({"attempts": [{"sent_ms": 0, "received_ms": 0, "age": 3}]}),
        json!({"attempts": {}}),
        json!({"start_offset_ms": "0"}),
    ] {
        assert_eq!(error(&with(&json!({"verb": "skew"}), wrong.clone()))["kind"], "driver", "{wrong}");
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
    let get = json!({"operation": "GetObject", "input": {"Bucket": "logs", "Key": "k"}});
    let found = with(&endpoint("s3", json!({"Region": "us-west-2"})), get);
    assert_eq!(ok(&found)["url"], "https://logs.s3.us-west-2.amazonaws.com");
    assert_eq!(error(&with(&found, json!({"input": {"Bucket": "logs"}})))["kind"], "input");
    assert_eq!(error(&with(&found, json!({"operation": "GetNothing"})))["kind"], "input");
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
