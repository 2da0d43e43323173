//! AWS's Signature Version 4 suite from the other side: the signed requests of every case are true, in the
//! headers and in the query, and are not with another key.

use std::path::Path;
use std::process::ExitCode;

use libtest_mimic::Trial;
use serde_json::Value;
use tucuxi_core::hash::Sha256;
use tucuxi_core::request::Pair;
use tucuxi_core::sigv4::Credentials;
use tucuxi_core::sigv4::Dots;
use tucuxi_core::sigv4::PathEncoding;
use tucuxi_core::sigv4::Rules;
use tucuxi_core::sigv4::SigningKey;
use tucuxi_core::sigv4::Token;
use tucuxi_core::time::Time;
use tucuxi_core::verify::Claim;
use tucuxi_core::verify::Received;
use tucuxi_core::verify::Refusal;
use tucuxi_core::verify::Terms;
use tucuxi_tests::trial;
use tucuxi_tests::unfolded;

/// What the two cases that come without a context leave unsaid: as in the tests that they come from, of smithy-rs.
const CONTEXTS: [(&str, &str); 2] = [
    (
        "double-encode-path",
        r#"{"credentials":{"access_key_id":"ANOTREAL","secret_access_key":"notrealrnrELgWzOk3IfjzDKtFBhDby"},
        "region":"us-east-1","service":"service","timestamp":"2015-08-30T12:36:00Z"}"#,
    ),
    (
        "double-url-encode",
        r#"{"credentials":{"access_key_id":"AKIDEXAMPLE","secret_access_key":"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"},
        "region":"us-east-2","service":"lambda","timestamp":"2021-05-11T15:40:45Z"}"#,
    ),
];

fn main() -> ExitCode {
    tucuxi_tests::run("sigv4", |folder| {
        let mut names: Vec<_> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        names.sort();
        names
            .into_iter()
            .flat_map(|path| {
                ["header", "query"].into_iter().filter_map(move |place| {
                    let request =
                        std::fs::read_to_string(path.join(format!("{place}-signed-request.txt"))).ok()?;
                    let name = format!("{}::{place}", path.file_name()?.to_str()?);
                    let path = path.clone();
                    Some(trial(name, move || case(&path, &request)))
                })
            })
            .collect::<Vec<Trial>>()
    })
}

fn case(path: &Path, request: &str) -> Result<(), String> {
    let name = path.file_name().map(|name| name.to_string_lossy()).ok_or("no name")?;
    let context = match CONTEXTS.iter().find(|(case, _)| *case == name) {
        Some((_, context)) => (*context).to_owned(),
        None => std::fs::read_to_string(path.join("context.json")).map_err(|why| why.to_string())?,
    };
    let context: Value = serde_json::from_str(&context).map_err(|why| why.to_string())?;
    let (head, body) = request.split_once("\n\n").unwrap_or((request, ""));
    let (line, lines) = head.split_once('\n').ok_or("no headers")?;
    let (method, target) = line.split_once(' ').ok_or("no method")?;
    let target = target.trim_end();
    // One case has no version.
    let target = target.strip_suffix(" HTTP/1.1").unwrap_or(target);
    let headers = unfolded(lines);
    let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();

    let mut rules = Rules::OTHERS;
    // Only two cases expect what services do: the path encoded once more.
    if !name.starts_with("double-") {
        rules.encoding = PathEncoding::Once;
    }
    if context["normalize"] == false {
        rules.dots = Dots::Kept;
    }
    if context["omit_session_token"] == true {
        rules.token = Token::Added;
    }
    let text = |pointer: &str| context.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let now = Time::parse_date_time(text("/timestamp").as_bytes()).map_err(|why| why.to_string())?;
    let terms = Terms::new(now)
        .rules(rules)
        .body(Sha256::digest(body.as_bytes()))
        .scope(text("/region"), text("/service"));

    let mut room = vec![0; target.len()];
    let claim =
        Claim::read(Received::new(method, target, &headers), &mut room).map_err(|why| why.to_string())?;
    let credentials = Credentials::new(claim.access_key(), text("/credentials/secret_access_key"));
    let key = SigningKey::derive(&credentials, claim.time(), claim.region(), claim.service());
    let mut pairs = vec![Pair::EMPTY; target.len() + headers.len()];
    claim.verify(&key, &terms, &mut pairs).map_err(|why| why.to_string())?;
    if claim.access_key() != text("/credentials/access_key_id") {
        return Err(format!("signed by {}", claim.access_key()));
    }
    if claim.token().map_or("", |token| token.reveal()) != text("/credentials/token") {
        return Err("another session token".to_owned());
    }
    let other = Credentials::new(claim.access_key(), "other");
    let other = SigningKey::derive(&other, claim.time(), claim.region(), claim.service());
    match claim.verify(&other, &terms, &mut pairs) {
        Err(Refusal::Signature) => Ok(()),
        other => Err(format!("with another key: {other:?}")),
    }
}
