//! AWS's own vectors by way of the driver: what its verbs answer is what the library does.
//!
//! The library's own suites look closer; this one is about the way there: fields, defaults, framing.

use std::path::Path;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::LazyLock;
use std::sync::Mutex;

use libtest_mimic::Trial;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use tucuxi_core::time::Time;
use tucuxi_tests::cases;
use tucuxi_tests::driver::Driver;
use tucuxi_tests::same;
use tucuxi_tests::trial;
use tucuxi_tests::unfolded;

static DRIVER: LazyLock<Mutex<Driver>> =
    LazyLock::new(|| Mutex::new(Driver::start(env!("CARGO_BIN_EXE_tucuxi-driver"))));

fn main() -> ExitCode {
    tucuxi_tests::run("", |folder| {
        let mut trials = signing(&folder.join("sigv4"), "v4");
        trials.extend(signing(&folder.join("sigv4a"), "v4a"));
        trials.extend(dates(&folder.join("date-time")));
        trials.extend(endpoints(&folder));
        trials.extend(configured_endpoints(&folder.join("configured-endpoint-urls")));
        trials.extend(file_locations(&folder.join("file-location-tests")));
        trials.extend(json_texts(&folder.join("json-parsing")));
        trials.extend(skews(&folder.join("clock-skew-test-cases")));
        trials
    })
}

fn ask(request: &Value) -> Value {
    DRIVER.lock().unwrap().ask(request)
}

/// What the two cases that come without a context leave unsaid.
fn default_context() -> Value {
    json!({
        "credentials": {
            "access_key_id": "AKIDEXAMPLE",
            "secret_access_key": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        },
        "expiration_in_seconds": 3600,
        "region": "us-east-2",
        "service": "lambda",
        "timestamp": "2021-05-11T15:40:45Z",
    })
}

fn signing(folder: &Path, algorithm: &'static str) -> Vec<Trial> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.join("request.txt").exists());
    paths.sort();
    let mut trials = Vec::new();
    for path in paths {
        for place in ["header", "query"] {
            if path.join(format!("{place}-canonical-request.txt")).exists() {
                let (path, name) = (path.clone(), path.file_name().unwrap().to_string_lossy().into_owned());
                let title = format!("sign::{algorithm}::{name}::{place}");
                trials.push(trial(title, move || sign(&path, &name, algorithm, place)));
            }
        }
    }
    trials
}

fn sign(path: &Path, name: &str, algorithm: &str, place: &str) -> Result<(), String> {
    let read = |file: &str| std::fs::read_to_string(path.join(file)).ok();
    let context = read("context.json");
    let context = context.map_or_else(default_context, |text| serde_json::from_str(&text).unwrap());
    let request = read("request.txt").ok_or("no request")?;
    let (head, body) = request.split_once("\n\n").unwrap_or_else(|| (request.trim_end(), ""));
    let (line, headers) = head.split_once('\n').unwrap_or((head, ""));
    let (method, target) = line.split_once(' ').ok_or("no method")?;
    let target = target.trim_end().strip_suffix(" HTTP/1.1").ok_or("no version")?;
    let headers = unfolded(headers);
    let host = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("host"));
    let host = host.map_or("example.com", |(_, value)| value);
    let added = ["x-amz-date", "x-amz-security-token", "x-amz-content-sha256", "x-amz-region-set"];
    let given: Vec<_> =
        headers.iter().filter(|(name, _)| !added.contains(&&*name.to_ascii_lowercase())).collect();
    let credentials = json!({
        "access_key": context["credentials"]["access_key_id"],
        "secret_key": context["credentials"]["secret_access_key"],
        "token": context["credentials"]["token"],
    });
    let reply = ask(&json!({
        "verb": "sign",
        "algorithm": algorithm,
        "method": method,
        "url": format!("https://{host}{target}"),
        "headers": given,
        "body": body,
        "credentials": credentials,
        "region": context["region"],
        "service": context["service"],
        "time": context["timestamp"].as_str().unwrap_or_default().replace(['-', ':'], ""),
        "place": if place == "header" { "headers" } else { "query" },
        "expires": context["expiration_in_seconds"],
        "normalize_path": context["normalize"],
        // Only two cases expect what services do: the path encoded once more.
        "encode_path_twice": name.starts_with("double-"),
        "content_sha256_header": context["sign_body"],
        "sign_token": context["omit_session_token"] != true,
    }));
    let texts = [("canonical_request", "canonical-request"), ("string_to_sign", "string-to-sign")];
    // AWS's signatures of version 4a are not the same in any two runs; its public key is.
    let signature = (algorithm == "v4").then_some(("signature", "signature"));
    for (field, file) in texts.into_iter().chain(signature) {
        if let Some(expected) = read(&format!("{place}-{file}.txt")) {
            same(field, reply["ok"][field].as_str().unwrap_or(&reply.to_string()), expected.trim_end())?;
        }
    }
    if let Some(expected) = read("public-key.json") {
        let expected: Value = serde_json::from_str(&expected).map_err(|e| e.to_string())?;
        let key = ask(&json!({"verb": "derive_v4a_key", "credentials": credentials}));
        same(
            "the public key",
            &key["ok"].to_string(),
            &json!({"x": expected["X"], "y": expected["Y"]}).to_string(),
        )?;
    }
    Ok(())
}

fn dates(folder: &Path) -> Vec<Trial> {
    let suite = cases(folder);
    let mut trials = Vec::new();
    for (section, rows) in suite.as_object().unwrap() {
        let Some((direction, format)) = section.split_once('_') else { continue };
        for (nth, row) in rows.as_array().unwrap().iter().enumerate() {
            let (direction, format, row) = (direction.to_owned(), format.replace('_', "-"), row.clone());
            trials.push(trial(format!("date::{section}::{nth:03}"), move || date(&direction, &format, &row)));
        }
    }
    trials
}

fn date(direction: &str, format: &str, row: &Value) -> Result<(), String> {
    let seconds: i64 = row["canonical_seconds"].as_str().unwrap_or_default().parse().unwrap();
    let instant = decimal(seconds, row["canonical_nanos"].as_u64().unwrap());
    let text = row["smithy_format_value"].as_str().unwrap_or_default().to_owned();
    let (value, expected) = if direction == "parse" { (text, instant) } else { (instant, text) };
    let reply = ask(&json!({"verb": "date", "direction": direction, "format": format, "value": value}));
    if row["error"] == true {
        return same("the kind of error", reply["error"]["kind"].as_str().unwrap_or_default(), "time");
    }
    same("the value", reply["ok"]["value"].as_str().unwrap_or(&reply.to_string()), &expected)
}

/// The exact number of seconds: the nanoseconds go up from the second below.
fn decimal(seconds: i64, nanos: u64) -> String {
    let (sign, seconds, nanos) = match (seconds < 0, nanos) {
        (true, 0) => ("-", seconds.unsigned_abs(), 0),
        (true, nanos) => ("-", seconds.unsigned_abs() - 1, 1_000_000_000 - nanos),
        (false, nanos) => ("", seconds.unsigned_abs(), nanos),
    };
    let text = format!("{sign}{seconds}.{nanos:09}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn endpoints(folder: &Path) -> Vec<Trial> {
    let mut trials = Vec::new();
    for service in ["s3", "sqs"] {
        let list = cases(&folder.join(format!("endpoints-{service}"))).as_array().unwrap().clone();
        for (nth, case) in list.into_iter().enumerate() {
            if service == "sqs" || is_here(&case["params"]) {
                trials
                    .push(trial(format!("endpoint::{service}::{nth:03}"), move || endpoint(service, &case)));
            }
        }
    }
    trials
}

/// Whether a case of S3 is about what there is: buckets, and no ARNs, Express, Outposts or acceleration.
fn is_here(params: &Value) -> bool {
    let bucket = params["Bucket"].as_str().unwrap_or_default();
    let elsewhere = ["Accelerate", "UseObjectLambdaEndpoint", "UseS3ExpressControlEndpoint"];
    !bucket.starts_with("arn:")
        && !["--x-s3", "--xa-s3", "--op-s3"].iter().any(|end| bucket.ends_with(end))
        && !elsewhere.iter().any(|param| params[*param] == true)
        && params.get("DisableS3ExpressSessionAuth").is_none()
}

fn endpoint(service: &str, case: &Value) -> Result<(), String> {
    let empty = Value::Object(Map::new());
    let params = Some(&case["params"]).filter(|params| !params.is_null()).unwrap_or(&empty);
    let reply = ask(&json!({"verb": "endpoint", "service": service, "params": params}));
    if let Some(expected) = case["expect"]["error"].as_str() {
        return same("the error", reply["error"]["message"].as_str().unwrap_or(&reply.to_string()), expected);
    }
    let expected = &case["expect"]["endpoint"];
    let url = reply["ok"]["url"].as_str().unwrap_or(&reply.to_string()).to_owned();
    same("the URL", &url, expected["url"].as_str().unwrap_or_default().trim_end_matches('/'))?;
    for (nth, scheme) in expected["properties"]["authSchemes"].as_array().into_iter().flatten().enumerate() {
        let expected = json!({
            "name": scheme["name"],
            "signing_name": scheme["signingName"],
            "signing_region": scheme["signingRegion"],
            "disable_double_encoding": scheme["disableDoubleEncoding"],
        });
        same("the auth scheme", &reply["ok"]["auth"][nth].to_string(), &expected.to_string())?;
    }
    Ok(())
}

fn configured_endpoints(folder: &Path) -> Vec<Trial> {
    let suite = cases(folder);
    let tests = suite["endpointUrlTests"].as_array().unwrap().clone();
    // DynamoDB has no client here.
    let tests = tests.into_iter().filter(|test| test["service"] == "s3").enumerate();
    tests
        .map(|(nth, test)| {
            let suite = suite.clone();
            trial(format!("client_endpoint::{nth:02}"), move || configured_endpoint(&suite, &test))
        })
        .collect()
}

fn configured_endpoint(suite: &Value, test: &Value) -> Result<(), String> {
    let named = |kind: &str, name: &str| suite[kind][test[name].as_str().unwrap_or_default()].clone();
    let mut file = String::new();
    for (kind, prefix) in [("profiles", "profile"), ("services", "services")] {
        for (name, keys) in suite[kind].as_object().unwrap() {
            file += &format!("[{prefix} {name}]\n");
            for (key, value) in keys.as_object().unwrap() {
                match value {
                    Value::Object(nested) => {
                        file += &format!("{key} =\n");
                        for (key, value) in nested {
                            file += &format!("  {key} = {}\n", value.as_str().unwrap_or_default());
                        }
                    }
                    value => file += &format!("{key} = {}\n", value.as_str().unwrap_or_default()),
                }
            }
        }
    }
    let mut env = named("environments", "environment");
    env["AWS_PROFILE"] = test["profile"].clone();
    env["HOME"] = "/home/ada".into();
    let reply = ask(&json!({
        "verb": "client_endpoint",
        "env": env,
        "files": {"/home/ada/.aws/config": file},
        "config": named("client_configs", "client_config"),
        "service": test["service"],
    }));
    let expected = test["output"]["endpointUrl"].as_str().unwrap_or_default();
    same("the URL", reply["ok"]["url"].as_str().unwrap_or(&reply.to_string()), expected)
}

fn file_locations(folder: &Path) -> Vec<Trial> {
    let list = cases(folder).as_array().unwrap().clone();
    let check = |case: &Value| {
        let request = json!({
            "verb": "file_locations",
            "env": case["environment"],
            "platform": case["platform"],
        });
        let expected = json!({
            "config": case["configLocation"],
            "credentials": case["credentialsLocation"],
            "profile": case["profile"].as_str().unwrap_or("default"),
        });
        same("the answer", &ask(&request)["ok"].to_string(), &expected.to_string())
    };
    let numbered = list.into_iter().enumerate();
    numbered.map(|(nth, case)| trial(format!("file_locations::{nth}"), move || check(&case))).collect()
}

fn json_texts(folder: &Path) -> Vec<Trial> {
    let list = cases(folder).as_array().unwrap().clone();
    let check = |name: &str, text: &Value| {
        let reply = ask(&json!({"verb": "json", "data": text}));
        match (name.as_bytes().first(), reply["error"]["kind"].as_str()) {
            (Some(b'y'), Some(_)) => Err("refused".to_owned()),
            (Some(b'n'), None) => Err("read".to_owned()),
            (_, None | Some("malformed")) => Ok(()),
            (_, kind) => Err(format!("refused as {kind:?}")),
        }
    };
    list.into_iter()
        .map(|case| {
            let name = case["name"].as_str().unwrap_or_default().to_owned();
            trial(format!("json::{name}"), move || check(&name, &case["input"]))
        })
        .collect()
}

fn skews(folder: &Path) -> Vec<Trial> {
    let list = cases(folder).as_array().unwrap().clone();
    let numbered = list.into_iter().enumerate();
    numbered.map(|(nth, case)| trial(format!("skew::{nth:02}"), move || skew(&case))).collect()
}

/// One client and its operations: what it has learned goes on from one to the next.
fn skew(case: &Value) -> Result<(), String> {
    let millis = |time: &Value| {
        let time = Time::parse_date_time(time.as_str().unwrap_or_default().as_bytes()).unwrap();
        time.seconds() * 1_000
    };
    for operation in case["operations"].as_array().unwrap() {
        let attempts = operation["attempts"].as_array().unwrap();
        let seen = attempts.iter().map(|attempt| {
            let response = &attempt["response"];
            json!({
                "sent_ms": millis(&attempt["clientTimeAtSend"]),
                "received_ms": millis(&attempt["clientTimeAtReceive"]),
                "date": response["headers"]["Date"],
                "age": response["headers"]["Age"],
                "code": response["errorCode"],
            })
        });
        let start = operation["initialClientSkew"].as_i64().unwrap() * 1_000;
        let reply = ask(&json!({
            "verb": "skew",
            "attempts": seen.collect::<Vec<_>>(),
            "start_offset_ms": start,
        }));
        let offsets: Vec<i64> = serde_json::from_value(reply["ok"]["offsets"].clone()).unwrap();
        let retried: Vec<bool> = serde_json::from_value(reply["ok"]["retried"].clone()).unwrap();
        let before = std::iter::once(start).chain(offsets.iter().copied());
        for (attempt, offset) in attempts.iter().zip(before) {
            let signed = millis(&attempt["clientTimeAtSend"]) + offset;
            let expected = millis(&attempt["expectedSigningTime"]);
            same("the time of signing", &signed.to_string(), &expected.to_string())?;
        }
        let learned = operation["expectedClientSkew"].as_i64().unwrap() * 1_000;
        same("the offset", &offsets.last().unwrap().to_string(), &learned.to_string())?;
        // All but the last were tried again; so would the last be, were there more attempts to make.
        let limited = attempts.len() as u64 == operation["maxAttempts"].as_u64().unwrap_or(3);
        let mut expected = vec![true; attempts.len()];
        *expected.last_mut().unwrap() = limited;
        same("what is tried again", &format!("{retried:?}"), &format!("{expected:?}"))?;
    }
    Ok(())
}
