//! `sign_chunks` and `checksum`: bodies in chunks of S3's, and checksums of whole objects and of parts.

use std::borrow::Cow;

use serde_json::Value;
use serde_json::json;
use tucuxi_core::aws_chunked::Encoder;
use tucuxi_core::aws_chunked::Framing;
use tucuxi_core::aws_chunked::Trailer;
use tucuxi_core::checksum::Algorithm;
use tucuxi_core::checksum::Checksum;
use tucuxi_core::checksum::Composite;
use tucuxi_core::checksum::FullObject;
use tucuxi_core::endpoint::Endpoint;
use tucuxi_core::request::Method;
use tucuxi_core::request::Pair;
use tucuxi_core::request::Raw;
use tucuxi_core::request::Value as Text;
use tucuxi_core::sigv4::Payload;
use tucuxi_core::sigv4::Signer;
use tucuxi_core::sigv4::SigningKey;
use tucuxi_core::sink::Recite;
use tucuxi_core::uri::Scheme;

use crate::fields::Bytes;
use crate::fields::Fields;
use crate::fields::Refusal;
use crate::fields::b64;
use crate::fields::bytes;
use crate::fields::written;
use crate::signing;

pub(crate) fn sign_chunks(fields: &Fields<'_>) -> Result<Value, Refusal> {
    let asymmetric = signing::asymmetric(fields)?;
    let url = fields.needed("url")?;
    let headers = fields.pairs("headers")?;
    let mut room = vec![Pair::EMPTY; url.matches('&').count() + 1 + headers.len()];
    let invalid = |why: &dyn std::fmt::Display| Refusal::new("invalid", why);
    let mut raw = Raw::from_url(url, &mut room).map_err(|why| invalid(&why))?;
    raw.method(Method::named(fields.needed("method")?).ok_or_else(|| Refusal::driver("unknown method"))?);
    for (name, value) in headers {
        raw.header(name, value);
    }
    let (origin, host) = (raw.url(), raw.host());
    let request = raw.finish().map_err(|why| invalid(&why))?;
    let region = fields.text("region")?.unwrap_or_default();
    let service = fields.text("service")?.unwrap_or_default();
    let endpoint = Endpoint::new(origin.scheme() == Scheme::Https, host, service, region);
    let credentials = signing::credentials(fields)?
        .ok_or_else(|| Refusal::driver("credentials are missing: there is no chain without a signature"))?;
    let time = fields.time("time")?;
    let rules = signing::rules(fields, service)?;
    let (key, v4a);
    let signer = if asymmetric {
        v4a = signing::ecdsa_key(&credentials)?;
        Signer::v4a(&credentials, &v4a, region, rules)
    } else {
        key = SigningKey::derive(&credentials, time, region, service);
        Signer::new(&credentials, &key, rules)
    };

    let data = fields.bytes("data")?.unwrap_or(Cow::Borrowed(&[]));
    let pairs: Vec<_> = fields.pairs("trailers")?;
    let pairs: Vec<_> = pairs.iter().map(|(name, value)| Pair::new(name, Text::Text(value))).collect();
    let given = || Trailer::given(&pairs).map_err(|why| invalid(&why));
    let length = data.len() as u64;
    let mut framing = match fields.needed("mode")? {
        "signed" if pairs.is_empty() => Framing::signed(length),
        "signed-trailer" => Framing::signed_with(length, given()?),
        "unsigned-trailer" => Framing::unsigned(length, given()?),
        mode => return Err(Refusal::driver(format!("no mode for these trailers: {mode:?}"))),
    };
    if asymmetric {
        framing = framing.v4a();
    }
    if let Some(bytes) = fields.number("chunk_size")? {
        let refused = || Refusal::new("input", &"S3 takes no chunks so small, except for the last one");
        framing = framing.chunk(bytes).ok_or_else(refused)?;
    }
    let signed = signer.sign(&request, endpoint, time, Payload::Literal(framing.content_sha256()));
    let mut encoder = Encoder::new(&signed, framing).map_err(|why| Refusal::new("unfit", &why))?;
    let misfit = |why| Refusal::new("misfit", &why);
    let (mut rest, mut body, mut signatures) = (&data[..], Bytes(Vec::new()), Vec::new());
    while encoder.chunk_length() > 0 {
        let length = usize::try_from(encoder.chunk_length()).unwrap_or(usize::MAX);
        let (data, later) = rest.split_at_checked(length).unwrap_or((rest, &[]));
        let frame = encoder.frame(data).map_err(misfit)?;
        frame.recite(&mut body);
        signatures.extend(frame.signature().map(str::to_owned));
        rest = later;
    }
    let end = encoder.finish().map_err(misfit)?;
    end.recite(&mut body);
    signatures.extend(end.signature().map(str::to_owned));
    let mut ok = json!({
        "seed_signature": signed.signature(),
        "chunk_signatures": signatures,
        "content_length": framing.content_length(),
        "body": b64(&body.0),
    });
    if let Some(signature) = end.trailer_signature() {
        ok["trailer_signature"] = signature.into();
    }
    Ok(ok)
}

/// Of parts, given by their sizes in bytes or by their bytes, S3's checksum of the object: that of the whole for
/// `FULL_OBJECT` and CRC64NVME, else that of the parts' checksums with their number behind it.
pub(crate) fn checksum(fields: &Fields<'_>) -> Result<Value, Refusal> {
    let name = fields.needed("algorithm")?;
    let algorithm = Algorithm::named(name)
        .ok_or_else(|| Refusal::new("checksum", &format_args!("no {name:?} checksum can be made here")))?;
    let data = fields.bytes("data")?.unwrap_or(Cow::Borrowed(&[]));
    if fields.value("parts").is_none() {
        return Ok(json!({"base64": written(|to| Checksum::of(algorithm, &data).recite(to))}));
    }
    let parts = parts(fields, &data)?;
    let no = |kind: &str| Refusal::new("checksum", &format_args!("S3 has no {kind} checksum by {name}"));
    let mixed = |why| Refusal::new("checksum", &why);
    let kind = fields.text("type")?.unwrap_or(if algorithm == Algorithm::Crc64Nvme {
        "FULL_OBJECT"
    } else {
        "COMPOSITE"
    });
    let text = match kind {
        "COMPOSITE" => {
            let mut whole = Composite::new(algorithm).ok_or_else(|| no("composite"))?;
            for part in parts {
                whole.push(&Checksum::of(algorithm, &part)).map_err(mixed)?;
            }
            written(|to| whole.recite(to))
        }
        "FULL_OBJECT" => {
            let mut whole = FullObject::new(algorithm).ok_or_else(|| no("full-object"))?;
            for part in parts {
                whole.push(&Checksum::of(algorithm, &part), part.len() as u64).map_err(mixed)?;
            }
            written(|to| whole.digest().recite(to))
        }
        _ => return Err(Refusal::driver("type is neither COMPOSITE nor FULL_OBJECT")),
    };
    Ok(json!({"base64": text}))
}

fn parts<'a>(fields: &Fields<'a>, data: &'a [u8]) -> Result<Vec<Cow<'a, [u8]>>, Refusal> {
    let mut rest = data;
    let mut part = |value: &'a Value| match value.as_u64() {
        Some(size) => {
            let (part, later) = rest.split_at_checked(usize::try_from(size).ok()?)?;
            rest = later;
            Some(Cow::Borrowed(part))
        }
        None => bytes(value),
    };
    let parts: Option<Vec<_>> = fields.list("parts")?.iter().map(&mut part).collect();
    let sized = fields.list("parts")?.iter().any(Value::is_u64);
    let parts = parts.filter(|_| rest.is_empty() || !sized);
    parts.ok_or_else(|| Refusal::driver("parts are neither bytes nor sizes that make up the data"))
}
