//! AWS's suites for Signature Version 4 and 4a: canonical request, string to sign and signature, in headers and in the
//! query.
//!
//! They run twice: as AWS publishes them, where `TUCUXI_VECTORS` says, and as the package of `aws-sigv4` holds them, which
//! is a dependency of these tests and so always here. The cases for version 4 of `aws-sigv4` 1.6.4 are the published
//! ones, byte for byte; of version 4a it has those and as many more.
//!
//! AWS's signatures of version 4a are not the same in any two runs, so they are checked with the public key, and ours
//! with other people's code.

use std::path::Path;
use std::process::ExitCode;

use aws_sigv4::sign::v4a;
use libtest_mimic::Trial;
use p256::Sec1Point;
use p256::ecdsa::DerSignature;
use p256::ecdsa::VerifyingKey;
use p256::ecdsa::signature::Verifier;
use serde_json::Value;
use tucuxi_core::endpoint::Endpoint;
use tucuxi_core::request::Method;
use tucuxi_core::request::Pair;
use tucuxi_core::request::Raw;
use tucuxi_core::sigv4::ContentSha256;
use tucuxi_core::sigv4::Credentials;
use tucuxi_core::sigv4::Dots;
use tucuxi_core::sigv4::EcdsaKey;
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
use tucuxi_tests::unfolded;

/// What the two cases that come without a context leave unsaid.
const DEFAULT_CONTEXT: &str = r#"{"credentials":{"access_key_id":"AKIDEXAMPLE","secret_access_key":"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"},
    "expiration_in_seconds":3600,"normalize":true,"region":"us-east-2","service":"lambda","sign_body":false,"timestamp":"2021-05-11T15:40:45Z"}"#;

fn main() -> ExitCode {
    let mut trials = tucuxi_tests::trials("sigv4", |folder| cases(&folder, Algorithm::V4, ""));
    trials.extend(tucuxi_tests::trials("sigv4a", |folder| cases(&folder, Algorithm::V4a, "v4a::")));
    let packaged = tucuxi_tests::package("aws-sigv4").join("aws-signing-test-suite");
    trials.extend(cases(&packaged.join("v4"), Algorithm::V4, "package::"));
    trials.extend(cases(&packaged.join("v4a"), Algorithm::V4a, "package::v4a::"));
    tucuxi_tests::run_all(trials)
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Algorithm {
    V4,
    V4a,
}

/// A trial for each case of a folder and each place where the proof can stand.
fn cases(folder: &Path, algorithm: Algorithm, suite: &str) -> Vec<Trial> {
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
                    .then(|| trial(name, move || case(&path, algorithm, place)))
            })
        })
        .collect()
}

fn case(path: &Path, algorithm: Algorithm, place: &str) -> Result<(), String> {
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
        if !["host", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256", "x-amz-region-set"]
            .contains(&name.to_lowercase().as_str())
        {
            raw.header(name, value);
        }
    }
    raw.body(body.as_bytes());
    let request = raw.finish().map_err(|e| e.to_string())?;

    let text = |pointer: &str| context.pointer(pointer).and_then(Value::as_str);
    let (region, service) = (text("/region").unwrap_or_default(), text("/service").unwrap_or_default());
    let keys = ["/credentials/access_key_id", "/credentials/secret_access_key"]
        .map(|pointer| text(pointer).unwrap_or_default());
    let credentials = Credentials::new(keys[0], keys[1]).with_token(text("/credentials/token"));
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
    let v4 = SigningKey::derive(&credentials, time, region, service);
    let v4a = EcdsaKey::derive(&credentials).ok_or("no key")?;
    let signer = match algorithm {
        Algorithm::V4 => Signer::new(&credentials, &v4, rules),
        Algorithm::V4a => Signer::v4a(&credentials, &v4a, region, rules),
    };
    // Version 4a signs no region; what stands in the endpoint must not matter.
    let region = if algorithm == Algorithm::V4 { region } else { "elsewhere" };
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
    // Two cases of version 4 end with the canonical request.
    let Some(expected) = expected("signature") else {
        return if algorithm == Algorithm::V4 { Ok(()) } else { Err("no signature".to_owned()) };
    };
    match algorithm {
        Algorithm::V4 => same("the signature", signed.signature(), &expected),
        Algorithm::V4a => {
            let sent = read(&format!("{place}-signed-request.txt")).ok_or("no signed request")?;
            let (_, sent) = sent.split_once("Signature=").ok_or("no signature in the request")?;
            let sent = sent.split_ascii_whitespace().next().unwrap_or_default();
            let public = read("public-key.json").ok_or("no public key")?;
            proven(&signed, &v4a, keys, &public, &[&expected, sent])
        }
    }
}

/// AWS's signatures are those of AWS's public key, which is ours; and our signature is what others take and make.
fn proven(
    signed: &Signed<'_>,
    key: &EcdsaKey,
    [access_key, secret_key]: [&str; 2],
    public: &str,
    theirs: &[&str],
) -> Result<(), String> {
    let expected: Value = serde_json::from_str(public).map_err(|e| e.to_string())?;
    let public = key.public_key();
    same("x", &hex::encode(public.x()), expected["X"].as_str().unwrap_or_default())?;
    same("y", &hex::encode(public.y()), expected["Y"].as_str().unwrap_or_default())?;
    let (text, ours) = (written(signed, Signed::string_to_sign), signed.signature());
    for signature in theirs.iter().copied().chain([ours]) {
        if !public.verify(text.as_bytes(), signature) {
            return Err(format!("not verified: {signature}"));
        }
    }
    let point = Sec1Point::from_affine_coordinates(&public.x().into(), &public.y().into(), false);
    let verifying = VerifyingKey::from_sec1_point(&point).map_err(|e| e.to_string())?;
    let signature = hex::decode(ours).map_err(|e| e.to_string())?;
    let signature = DerSignature::from_bytes(&signature).map_err(|e| e.to_string())?;
    verifying.verify(text.as_bytes(), &signature).map_err(|e| e.to_string())?;
    let secret = v4a::generate_signing_key(access_key, secret_key);
    same("the signature", ours, &v4a::calculate_signature(secret, text.as_bytes()))
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
