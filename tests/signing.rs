//! AWS's Signature Version 4 suite: canonical request, string to sign and signature, in headers and in the query.
//!
//! It runs twice: as AWS publishes it, where `TUCUXI_VECTORS` says, and as the package of `aws-sigv4` holds it, which is
//! a dependency of these tests and so always here. The cases of `aws-sigv4` 1.6.4 are the published ones, byte for byte.

use std::path::Path;
use std::process::ExitCode;

use libtest_mimic::Trial;
use serde_json::Value;
use tucuxi_core::endpoint::Endpoint;
use tucuxi_core::request::Method;
use tucuxi_core::request::Pair;
use tucuxi_core::request::Raw;
use tucuxi_core::sigv4::ContentSha256;
use tucuxi_core::sigv4::Credentials;
use tucuxi_core::sigv4::Dots;
use tucuxi_core::sigv4::Expires;
use tucuxi_core::sigv4::PathEncoding;
use tucuxi_core::sigv4::Payload;
use tucuxi_core::sigv4::Rules;
use tucuxi_core::sigv4::Signed;
use tucuxi_core::sigv4::Signer;
use tucuxi_core::sigv4::SigningKey;
use tucuxi_core::sigv4::Token;
use tucuxi_core::sink::Sink;
use tucuxi_core::time::Time;
use tucuxi_tests::same;
use tucuxi_tests::trial;

/// What the two cases that come without a context leave unsaid.
const DEFAULT_CONTEXT: &str = r#"{"credentials":{"access_key_id":"AKIDEXAMPLE","secret_access_key":"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"},
    "expiration_in_seconds":3600,"normalize":true,"region":"us-east-2","service":"lambda","sign_body":false,"timestamp":"2021-05-11T15:40:45Z"}"#;

fn main() -> ExitCode {
    let mut trials = tucuxi_tests::trials("sigv4", |folder| cases(&folder, ""));
    let packaged = tucuxi_tests::package("aws-sigv4").join("aws-signing-test-suite/v4");
    trials.extend(cases(&packaged, "package::"));
    tucuxi_tests::run_all(trials)
}

/// A trial for each case of a folder and each place where the proof can stand.
fn cases(folder: &Path, suite: &str) -> Vec<Trial> {
    let mut names: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    let cases = names.into_iter().filter(|path| path.join("request.txt").exists());
    cases
        .flat_map(|path| {
            ["header", "query"].into_iter().filter_map(move |place| {
                let path = path.clone();
                let name = format!("{suite}{}::{place}", path.file_name()?.to_str()?);
                path.join(format!("{place}-canonical-request.txt"))
                    .exists()
                    .then(|| trial(name, move || case(&path, place)))
            })
        })
        .collect()
}

fn case(path: &Path, place: &str) -> Result<(), String> {
    let read = |name: &str| std::fs::read_to_string(path.join(name)).ok();
    let context = read("context.json").unwrap_or_else(|| DEFAULT_CONTEXT.to_owned());
    let context: Value = serde_json::from_str(&context).map_err(|e| e.to_string())?;
    let request = read("request.txt").ok_or("no request")?;
    let (head, body) = request.split_once("\n\n").unwrap_or_else(|| (request.trim_end(), ""));
    let (line, headers) = head.split_once('\n').unwrap_or((head, ""));
    let (method, target) = line.split_once(' ').ok_or("no method")?;
    let target = target.trim_end().strip_suffix(" HTTP/1.1").ok_or("no version")?;

    let headers = unfolded(headers);
    let given =
        |name: &str| headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str());
    let host = given("host").unwrap_or("example.com");
    let url = format!("https://{host}{target}");
    let mut room = [Pair::EMPTY; 32];
    let mut raw = Raw::from_url(&url, &mut room).map_err(|e| e.to_string())?;
    raw.method(Method::named(method).ok_or("unknown method")?);
    for (name, value) in &headers {
        if !["host", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256"]
            .contains(&name.to_lowercase().as_str())
        {
            raw.header(name, value);
        }
    }
    raw.body(body.as_bytes());
    let request = raw.finish().map_err(|e| e.to_string())?;

    let text = |pointer: &str| context.pointer(pointer).and_then(Value::as_str);
    let (region, service) = (text("/region").unwrap_or_default(), text("/service").unwrap_or_default());
    let credentials = Credentials::new(
        text("/credentials/access_key_id").unwrap_or_default(),
        text("/credentials/secret_access_key").unwrap_or_default(),
    )
    .with_token(text("/credentials/token"));
    let time = Time::parse_date_time(text("/timestamp").unwrap_or_default().as_bytes())
        .map_err(|e| e.to_string())?;
    let mut rules = Rules::OTHERS;
    // Only two cases expect what services do: the path encoded once more.
    if !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("double-")) {
        rules.encoding = PathEncoding::Once;
    }
    if context["normalize"] == false {
        rules.dots = Dots::Kept;
    }
    if context["omit_session_token"] == true {
        rules.token = Token::Added;
    }
    if context["sign_body"] == true {
        rules.content_sha256 = ContentSha256::Sent;
    }
    let key = SigningKey::derive(&credentials, time, region, service);
    let signer = Signer::new(&credentials, &key, rules);
    let endpoint = Endpoint::new(true, host, service, region);
    let signed = if place == "header" {
        signer.sign(&request, endpoint, time, Payload::Body)
    } else {
        let expires =
            context["expiration_in_seconds"].as_u64().and_then(|n| u32::try_from(n).ok()).unwrap_or(3600);
        let expires = Expires::from_seconds(expires).ok_or("expires")?;
        signer.presign(&request, endpoint, time, Payload::Body, expires)
    };
    let expected = |what: &str| read(&format!("{place}-{what}.txt")).map(|text| text.trim_end().to_owned());
    if let Some(expected) = expected("canonical-request") {
        same("the canonical request", &written(&signed, Signed::canonical_request), &expected)?;
    }
    if let Some(expected) = expected("string-to-sign") {
        same("the string to sign", &written(&signed, Signed::string_to_sign), &expected)?;
    }
    if let Some(expected) = expected("signature") {
        same("the signature", signed.signature(), &expected)?;
    }
    Ok(())
}

/// Names and values, with lines that begin with a blank joined to the one before.
fn unfolded(lines: &str) -> Vec<(String, String)> {
    let mut headers: Vec<(String, String)> = Vec::new();
    for line in lines.lines() {
        match (line.starts_with([' ', '\t']), headers.last_mut()) {
            (true, Some((_, value))) => {
                value.push(' ');
                value.push_str(line.trim());
            }
            _ => {
                if let Some((name, value)) = line.split_once(':') {
                    headers.push((name.to_owned(), value.to_owned()));
                }
            }
        }
    }
    headers
}

fn written<'s>(signed: &Signed<'s>, write: impl FnOnce(&Signed<'s>, &mut dyn Sink)) -> String {
    struct Bytes(Vec<u8>);
    impl Sink for Bytes {
        fn put(&mut self, bytes: &[u8]) {
            self.0.extend_from_slice(bytes);
        }
    }
    let mut bytes = Bytes(Vec::new());
    write(signed, &mut bytes);
    String::from_utf8_lossy(&bytes.0).into_owned()
}
