//! `sign`: any request, signed in headers or in the query; `derive_v4a_key`: what checks the signatures of version 4a.

use std::borrow::Cow;
use std::time::Duration;

use serde_json::Value;
use serde_json::json;
use tucuxi_core::encode::Hex;
use tucuxi_core::encode::hex_decode;
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
use tucuxi_core::sink::Cursor;
use tucuxi_core::sink::Sink;
use tucuxi_core::uri::Scheme;
use tucuxi_core::wire;

use crate::fields::Fields;
use crate::fields::Refusal;
use crate::fields::written;

pub(crate) fn sign(fields: &Fields<'_>) -> Result<Value, Refusal> {
    let asymmetric = asymmetric(fields)?;
    let url = fields.needed("url")?;
    let headers = fields.pairs("headers")?;
    let body = fields.bytes("body")?.unwrap_or(Cow::Borrowed(&[]));
    let mut room = vec![Pair::EMPTY; url.matches('&').count() + 1 + headers.len()];
    let invalid = |why: &dyn std::fmt::Display| Refusal::new("invalid", why);
    let mut raw = Raw::from_url(url, &mut room).map_err(|why| invalid(&why))?;
    raw.method(Method::named(fields.needed("method")?).ok_or_else(|| Refusal::driver("unknown method"))?);
    for (name, value) in headers {
        raw.header(name, value);
    }
    raw.body(&body);
    let (origin, host) = (raw.url(), raw.host());
    let request = raw.finish().map_err(|why| invalid(&why))?;
    let region = fields.text("region")?.unwrap_or_default();
    let service = fields.text("service")?.unwrap_or_default();
    let endpoint = Endpoint::new(origin.scheme() == Scheme::Https, host, service, region);
    let answer = |signed: &Signed<'_>| answer(signed, origin.authority());

    let Some(credentials) = credentials(fields)? else {
        return Ok(answer(&Signed::anonymous(&request, endpoint)));
    };
    let time = fields.time("time")?;
    let rules = rules(fields, service)?;
    let (key, v4a);
    let signer = if asymmetric {
        v4a = ecdsa_key(&credentials)?;
        Signer::v4a(&credentials, &v4a, region, rules)
    } else {
        key = SigningKey::derive(&credentials, time, region, service);
        Signer::new(&credentials, &key, rules)
    };
    let payload = payload(fields.text("payload")?.unwrap_or("body"))?;
    match fields.text("place")?.unwrap_or("headers") {
        "headers" => Ok(answer(&signer.sign(&request, endpoint, time, payload))),
        "query" => {
            let lasts = Duration::from_secs(fields.number("expires")?.unwrap_or(3600));
            let expires = Expires::of(lasts).map_err(|why| Refusal::new("input", &why))?;
            Ok(answer(&signer.presign(&request, endpoint, time, payload, expires)))
        }
        _ => Err(Refusal::driver("place is neither headers nor query")),
    }
}

pub(crate) fn derive_v4a_key(fields: &Fields<'_>) -> Result<Value, Refusal> {
    let credentials = credentials(fields)?;
    let credentials = credentials.ok_or_else(|| Refusal::driver("credentials are needed"))?;
    let public = ecdsa_key(&credentials)?.public_key();
    let [x, y] = [public.x(), public.y()].map(|number| written(|to| Hex::new(to).put(&number)));
    Ok(json!({"x": x, "y": y}))
}

/// Whether version 4a is asked for.
pub(crate) fn asymmetric(fields: &Fields<'_>) -> Result<bool, Refusal> {
    match fields.text("algorithm")?.unwrap_or("v4") {
        "v4" => Ok(false),
        "v4a" => Ok(true),
        _ => Err(Refusal::driver("the algorithm is neither v4 nor v4a")),
    }
}

pub(crate) fn ecdsa_key(credentials: &Credentials<'_>) -> Result<EcdsaKey, Refusal> {
    let none = "the secret makes no key";
    EcdsaKey::derive(credentials).ok_or_else(|| Refusal::new("credentials", &none))
}

/// The credentials of a request, or none for a request in nobody's name.
pub(crate) fn credentials<'a>(fields: &Fields<'a>) -> Result<Option<Credentials<'a>>, Refusal> {
    let Some(credentials) = fields.object("credentials")? else { return Ok(None) };
    let keys = Credentials::new(credentials.needed("access_key")?, credentials.needed("secret_key")?);
    Ok(Some(keys.with_token(credentials.text("token")?)))
}

/// How a service's requests are signed, by its name and as told.
pub(crate) fn rules(fields: &Fields<'_>, service: &str) -> Result<Rules, Refusal> {
    let mut rules = Rules::of(service);
    if let Some(normalize) = fields.flag("normalize_path")? {
        rules.dots = if normalize { Dots::Resolved } else { Dots::Kept };
    }
    if let Some(twice) = fields.flag("encode_path_twice")? {
        rules.encoding = if twice { PathEncoding::Twice } else { PathEncoding::Once };
    }
    if let Some(sent) = fields.flag("content_sha256_header")? {
        rules.content_sha256 = if sent { ContentSha256::Sent } else { ContentSha256::Kept };
    }
    if let Some(signed) = fields.flag("sign_token")? {
        rules.token = if signed { Token::Signed } else { Token::Added };
    }
    Ok(rules)
}

pub(crate) fn payload(text: &str) -> Result<Payload<'_>, Refusal> {
    Ok(match text {
        "body" => Payload::Body,
        "unsigned" => Payload::Unsigned,
        _ => match text.strip_prefix("sha256:") {
            Some(digits) => {
                let mut digest = [0; 32];
                let mut to = Cursor::new(&mut digest);
                let whole = digits.len() == 64 && hex_decode(digits.as_bytes(), &mut to).is_ok();
                if !whole {
                    return Err(Refusal::driver("payload is no SHA-256 in hex"));
                }
                Payload::Sha256(digest)
            }
            None => Payload::Literal(text),
        },
    })
}

fn answer(signed: &Signed<'_>, authority: &str) -> Value {
    let scheme = if signed.endpoint().https() { "https" } else { "http" };
    let target = written(|to| wire::target(signed, to));
    json!({
        "canonical_request": written(|to| signed.canonical_request(to)),
        "string_to_sign": written(|to| signed.string_to_sign(to)),
        "signature": signed.signature(),
        "url": format!("{scheme}://{authority}{target}"),
        "headers": headers(signed),
    })
}

/// The headers as they go out.
pub(crate) fn headers(signed: &Signed<'_>) -> Vec<(String, String)> {
    let header = |header: tucuxi_core::sigv4::Header<'_>| {
        (written(|to| header.write_name(to)), written(|to| header.write_value(to)))
    };
    signed.headers().map(header).collect()
}
