//! `verify`: whether a request is signed with a secret.

use std::borrow::Cow;
use std::time::Duration;

use serde_json::Value;
use serde_json::json;
use tucuxi_core::hash::Sha256;
use tucuxi_core::request::Pair;
use tucuxi_core::request::Raw;
use tucuxi_core::sigv4::Credentials;
use tucuxi_core::sigv4::Payload;
use tucuxi_core::sigv4::SigningKey;
use tucuxi_core::verify::Claim;
use tucuxi_core::verify::Received;
use tucuxi_core::verify::Terms;

use crate::fields::Fields;
use crate::fields::Refusal;
use crate::signing::payload;
use crate::signing::rules;

pub(crate) fn verify(fields: &Fields<'_>) -> Result<Value, Refusal> {
    let url = fields.needed("url")?;
    let mut pairs = vec![Pair::EMPTY; url.matches('&').count() + 1];
    let raw = Raw::from_url(url, &mut pairs).map_err(|why| Refusal::new("invalid", &why))?;
    let origin = url.find("://").map_or(0, |at| at + 3);
    let path = url.get(origin..).and_then(|rest| rest.find(['/', '?'])).map_or(url.len(), |at| origin + at);
    let target = match url.get(path..).unwrap_or_default() {
        target if target.starts_with('/') => target.to_owned(),
        query => format!("/{query}"),
    };
    let mut headers = fields.pairs("headers")?;
    if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
        headers.push(("host", raw.host()));
    }
    let body = fields.bytes("body")?.unwrap_or(Cow::Borrowed(&[]));
    let digest = Sha256::digest(&body);
    let (digest, payload) = match payload(fields.text("payload")?.unwrap_or("body"))? {
        Payload::Body => (digest, Payload::Sha256(digest)),
        Payload::Sha256(digest) => (digest, Payload::Sha256(digest)),
        other => (digest, other),
    };

    let mut room = vec![0; target.len()];
    let received = Received::new(fields.needed("method")?, &target, &headers);
    let claim = Claim::read(received, &mut room).map_err(refused)?;
    let credentials = Credentials::new(claim.access_key(), fields.needed("secret")?);
    let key = SigningKey::derive(&credentials, claim.time(), claim.region(), claim.service());
    let seconds = fields.number("max_skew")?.map_or(Terms::MAX_SKEW, Duration::from_secs);
    let terms = Terms::new(fields.time("now")?).max_skew(seconds).body(digest).payload(payload);
    let terms = terms.rules(rules(fields, claim.service())?);
    let mut pairs = vec![Pair::EMPTY; target.len() + headers.len()];
    claim.verify(&key, &terms, &mut pairs).map_err(refused)?;
    Ok(json!({"valid": true}))
}

fn refused(why: tucuxi_core::verify::Refusal<'_>) -> Refusal {
    Refusal::new(why.code(), &why)
}
