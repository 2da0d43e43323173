//! The driver's operations by name: `build`, `presign`, `parse`, `call`, `pages`.

use serde_json::Value;
use serde_json::json;
use tucuxi_test_support::S3Server;
use tucuxi_test_support::SqsServer;
use tucuxi_test_support::TempDir;
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

#[test]
fn presign_says_when_the_credentials_end_it() {
    let get = building("s3", "GetObject", json!({"Bucket": "logs", "Key": "k"}));
    let env = |expiration: &str| json!({"AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "S", "AWS_CREDENTIAL_EXPIRATION": expiration});
    // Blank keys are unset ones: those of the environment are found.
    for (expiration, expected) in [
        ("2026-01-02T04:04:04+01:00", "credentials"),
        ("2026-01-02T03:04:06Z", "2026-01-02T03:04:06Z"),
        ("2026-01-02T04:00:00Z", "2026-01-02T03:05:05Z"),
        ("soon", "config"),
    ] {
        let mut session = with(&get, json!({"verb": "presign", "expires": 60, "env": env(expiration)}));
        session["credentials"] = json!({"access_key": "", "secret_key": ""});
        let reply = driver().ask(&session);
        let said = reply["ok"]["expires"].as_str().or_else(|| reply["error"]["kind"].as_str());
        assert_eq!(said, Some(expected), "{expiration} {reply}");
    }
}

/// The signatures are those of botocore 1.44.8's `generate_presigned_post`.
#[test]
fn post_policy_is_botos() {
    let usual = json!({
        "verb": "post_policy",
        "bucket": "pictures",
        "key": "a/b.txt",
        "credentials": {"access_key": "AKIDEXAMPLE", "secret_key": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"},
        "region": "us-west-2",
        "time": "20260101T120000Z",
    });
    let post = ok(&usual);
    assert_eq!(post["url"], "https://pictures.s3.us-west-2.amazonaws.com/");
    let fields = post["fields"].as_object().unwrap();
    assert_eq!(fields.len(), 6);
    for (name, value) in [
        ("key", "a/b.txt"),
        ("x-amz-algorithm", "AWS4-HMAC-SHA256"),
        ("x-amz-credential", "AKIDEXAMPLE/20260101/us-west-2/s3/aws4_request"),
        ("x-amz-date", "20260101T120000Z"),
        ("x-amz-signature", "7e645a42403839648cd2f29ceebd6bd4791d670f63f03205e9b33d6f6e764c11"),
    ] {
        assert_eq!(fields[name], value, "{name}");
    }
    let session = json!({
        "key": "user/ada/${filename}",
        "fields": {"acl": "public-read"},
        "conditions": [
            {"acl": "public-read"},
            ["eq", "$success_action_status", "201"],
            ["starts-with", "$Content-Type", "image/"],
            ["content-length-range", 1, 1_048_576],
        ],
        "expires": 604_800,
        "credentials": {"access_key": "ASIAEXAMPLE", "secret_key": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "token": "to/ken+=="},
    });
    let fields = ok(&with(&usual, session))["fields"].take();
    assert_eq!(
        (&fields["acl"], &fields["x-amz-security-token"]),
        (&json!("public-read"), &json!("to/ken+=="))
    );
    assert_eq!(fields["x-amz-signature"], "8cd6b3dbd1fb13b77fc355cdf29c76fbedb86b64d19108afae2959bd77ed0024");
    let local = ok(&with(&usual, json!({"config": {"endpoint_url": "http://localhost:9000"}})));
    assert_eq!(local["url"], "http://localhost:9000/pictures");

    for (fields, kind) in [
        (json!({"expires": 0}), "input"),
        (json!({"expires": 604_801}), "input"),
        (json!({"key": ""}), "input"),
        (json!({"bucket": ""}), "input"),
        (json!({"fields": {"policy": "x"}}), "input"),
        (json!({"conditions": [["content-length-range", 2, 1]]}), "input"),
        (json!({"credentials": null}), "credentials"),
        (json!({"region": "not one"}), "config"),
        (json!({"conditions": [["eq", "acl", "x"]]}), "driver"),
        (json!({"conditions": [["matches", "$acl", "x"]]}), "driver"),
        (json!({"conditions": [["content-length-range", "1", "2"]]}), "driver"),
        (json!({"conditions": [{"acl": 1}]}), "driver"),
        (json!({"conditions": ["acl"]}), "driver"),
        (json!({"fields": {"acl": 1}}), "driver"),
        (json!({"key": null}), "driver"),
    ] {
        assert_eq!(error(&with(&usual, fields.clone()))["kind"], kind, "{fields}");
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
    let head = error(&parsing("s3", "HeadObject", 404, json!([]), Value::Null));
    assert_eq!(
        (&head["code"], &head["message"], &head["modeled"]),
        (&json!("404"), &json!("Not Found"), &Value::Null)
    );
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
