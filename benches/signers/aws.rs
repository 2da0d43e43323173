//! `aws-sigv4`, the signer of AWS's SDK for Rust. It derives the key for each signature.

use std::time::Duration;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::PayloadChecksumKind;
use aws_sigv4::http_request::PercentEncodingMode;
use aws_sigv4::http_request::SignableBody;
use aws_sigv4::http_request::SignableRequest;
use aws_sigv4::http_request::SignatureLocation;
use aws_sigv4::http_request::SigningParams;
use aws_sigv4::http_request::SigningSettings;
use aws_sigv4::http_request::UriPathNormalizationMode;
use aws_sigv4::http_request::sign;
use aws_sigv4::sign::v4;
use aws_sigv4::sign::v4::SigningParams as V4Params;
use aws_smithy_runtime_api::client::identity::Identity;
use benches::ACCESS_KEY;
use benches::CHUNK;
use benches::EXPIRES;
use benches::Load;
use benches::NOW;
use benches::Place;
use benches::REGION;
use benches::SECRET_KEY;
use benches::Says;
use bytes::Bytes;

use super::Contender;
use super::Key;
use super::Proof;
use super::signature_in;
use super::timed_with;

/// Up to the texts that are to be added to a request.
pub(crate) const NAME: &str = "aws-sigv4";
/// Up to the request that has them.
const APPLIED: &str = "aws-sigv4, applied";

/// SHA-256 of nothing: known, as the limit has it.
const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

pub(super) fn contenders(load: &'static Load) -> Vec<Contender> {
    let url: &'static str = load.url().leak();
    let of_chunks: &'static V4Params<'static, SigningSettings> =
        Box::leak(Box::new(params(load, NOW, load.service == "s3")));
    let params: &'static SigningParams<'static> =
        Box::leak(Box::new(params(load, NOW, load.service == "s3").into()));
    let sent = move || {
        let mut sent = http::Request::builder().method(load.method.as_str()).uri(url);
        for (name, value) in load.headers {
            sent = sent.header(*name, *value);
        }
        (request(load, url), sent.body(()).unwrap())
    };
    let applied = move |(request, mut sent): (SignableRequest<'_>, http::Request<()>)| {
        sign(request, params).unwrap().into_parts().0.apply_to_request_http1x(&mut sent);
        sent
    };
    let contender = |signer, sample, signature: Box<dyn Fn() -> String>| Contender {
        signer,
        key: Key::Derived,
        load,
        sample,
        proof: Box::new(move || Proof {
            signature: signature(),
            seconds: NOW,
            hash_sent: load.service == "s3",
        }),
    };
    if load.says == Says::Chunks {
        let sample = move |times| {
            timed_with(times, || request(load, url), |request| chunked(load, request, params, of_chunks))
        };
        let signature = move || chunked(load, request(load, url), params, of_chunks);
        return vec![contender(NAME, Box::new(sample), Box::new(signature))];
    }
    vec![
        contender(
            NAME,
            Box::new(move |times| {
                timed_with(times, || request(load, url), |request| sign(request, params).unwrap())
            }),
            Box::new(move || sign(request(load, url), params).unwrap().signature().to_owned()),
        ),
        contender(
            APPLIED,
            Box::new(move |times| timed_with(times, sent, applied)),
            Box::new(move || {
                let applied = applied(sent());
                match load.place {
                    Place::Headers => signature_in(applied.headers()["authorization"].to_str().unwrap()),
                    Place::Query => signature_in(&applied.uri().to_string()),
                }
            }),
        ),
    ]
}

/// The signature of a load at another time, with or without the header for the hash.
pub(super) fn signature(load: &'static Load, seconds: i64, hash_sent: bool) -> String {
    let of_chunks = params(load, seconds, hash_sent);
    let (params, url) = (params(load, seconds, hash_sent).into(), load.url());
    match load.says {
        Says::Chunks => chunked(load, request(load, &url), &params, &of_chunks),
        Says::Hash | Says::Unsigned => sign(request(load, &url), &params).unwrap().signature().to_owned(),
    }
}

/// Signs the head and every chunk: the signature of the last one.
fn chunked(
    load: &'static Load,
    request: SignableRequest<'_>,
    params: &SigningParams<'_>,
    of_chunks: &V4Params<'_, SigningSettings>,
) -> String {
    let mut signature = sign(request, params).unwrap().signature().to_owned();
    for data in load.body.chunks(CHUNK).chain([&[][..]]) {
        let signed = v4::sign_chunk(&Bytes::from_static(data), &signature, of_chunks).unwrap();
        signature = signed.into_parts().1;
    }
    signature
}

fn request<'r>(load: &'static Load, url: &'r str) -> SignableRequest<'r> {
    let body = match load.says {
        Says::Chunks => SignableBody::Precomputed("STREAMING-AWS4-HMAC-SHA256-PAYLOAD".to_owned()),
        Says::Unsigned => SignableBody::UnsignedPayload,
        Says::Hash if load.body.is_empty() => SignableBody::Precomputed(EMPTY.to_owned()),
        Says::Hash => SignableBody::Bytes(load.body),
    };
    SignableRequest::new(load.method.as_str(), url, load.headers.iter().copied(), body).unwrap()
}

fn params(load: &'static Load, seconds: i64, hash_sent: bool) -> V4Params<'static, SigningSettings> {
    let mut settings = SigningSettings::default();
    if load.service == "s3" {
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    }
    if hash_sent {
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    }
    if load.place == Place::Query {
        settings.signature_location = SignatureLocation::QueryParams;
        settings.expires_in = Some(Duration::from_secs(EXPIRES.into()));
    }
    let identity: Identity =
        Credentials::new(ACCESS_KEY, SECRET_KEY, load.token.map(str::to_owned), None, "benches").into();
    let time: SystemTime = UNIX_EPOCH + Duration::from_secs(seconds.unsigned_abs());
    v4::SigningParams::builder()
        .identity(Box::leak(Box::new(identity)))
        .region(REGION)
        .name(load.service)
        .time(time)
        .settings(settings)
        .build()
        .unwrap()
}
