//! One request, signed here and by `aws-sigv4`.

use std::collections::BTreeSet;
use std::time::Duration;
use std::time::UNIX_EPOCH;

use aws_sigv4::http_request::PayloadChecksumKind;
use aws_sigv4::http_request::PercentEncodingMode;
use aws_sigv4::http_request::SessionTokenMode;
use aws_sigv4::http_request::SignableBody;
use aws_sigv4::http_request::SignableRequest;
use aws_sigv4::http_request::SignatureLocation;
use aws_sigv4::http_request::SigningSettings;
use aws_sigv4::http_request::UriPathNormalizationMode;
use aws_sigv4::sign::v4;
use aws_sigv4::sign::v4a;
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use tucuxi_core::endpoint::Endpoint;
use tucuxi_core::request::Request;
use tucuxi_core::sigv4::ContentSha256;
use tucuxi_core::sigv4::Credentials;
use tucuxi_core::sigv4::Dots;
use tucuxi_core::sigv4::EcdsaKey;
use tucuxi_core::sigv4::Expires;
use tucuxi_core::sigv4::PathEncoding;
use tucuxi_core::sigv4::Payload;
use tucuxi_core::sigv4::Rules;
use tucuxi_core::sigv4::Signer;
use tucuxi_core::sigv4::SigningKey;
use tucuxi_core::sigv4::Token;
use tucuxi_core::sink::Recite;
use tucuxi_core::time::Time;

use crate::asked::STREAMED;
use crate::asked::STREAMED_SIGNED;
use crate::sent::Check;
use crate::sent::Sent;
use crate::sent::UNSIGNED;
use crate::sent::decoded;
use crate::sent::written;

/// What the signers do differently, why, and how to see that it concerns a request.
pub(crate) const EXPLAINED: [Explained; 5] = [
    Explained {
        why: "aws-sigv4 folds spaces only; AWS's description says white space, and botocore folds all of it",
        concerns: |sent| sent.signed_headers().any(|(_, value)| value.contains('\t')),
    },
    Explained {
        why: "aws-sigv4 reads the query as UTF-8 and signs U+FFFD for what is none; S3 keys can be any bytes",
        concerns: |sent| sent.query().split(['&', '=']).any(|text| String::from_utf8(decoded(text)).is_err()),
    },
    Explained {
        why: "aws-sigv4 leaves two headers out of presigned URLs that botocore signs like all others",
        concerns: |sent| {
            let left_out = ["x-amz-checksum-mode", "x-amz-user-agent"];
            sent.in_query && sent.signed_headers().any(|(name, _)| left_out.contains(&name))
        },
    },
    Explained {
        why: "aws-sigv4 signs its token with all its spaces; botocore folds it like all other headers",
        concerns: |sent| {
            let folds = |value: &str| value != value.split_whitespace().collect::<Vec<_>>().join(" ");
            let mut proof = sent.proof.iter();
            let names = ["x-amz-s3session-token", "x-amz-security-token"];
            let token = proof.any(|(name, value)| names.contains(&name.as_str()) && folds(value));
            let signed = |value: &str| names.iter().any(|name| value.contains(&format!(";{name}")));
            token && sent.proof.iter().any(|(_, value)| signed(value))
        },
    },
    Explained {
        why: "aws-sigv4 signs the token of an S3 Express session with version 4a, and sends it by another name",
        concerns: |sent| {
            let has = |name| sent.proof.iter().any(|(given, _)| given == name);
            !sent.in_query && has("x-amz-region-set") && has("x-amz-s3session-token")
        },
    },
];

pub(crate) struct Explained {
    pub(crate) why: &'static str,
    pub(crate) concerns: fn(&Sent) -> bool,
}
/// How a request is signed.
#[derive(Clone, Debug)]
pub(crate) struct How {
    pub(crate) rules: Rules,
    pub(crate) expires: Option<u32>,
    pub(crate) payload: Payload<'static>,
    pub(crate) access_key: String,
    pub(crate) secret_key: String,
    pub(crate) token: Option<String>,
    pub(crate) region: String,
    /// Where Signature Version 4a is used, which signs this and no region.
    pub(crate) region_set: Option<String>,
    pub(crate) service: &'static str,
    pub(crate) seconds: u32,
}

impl How {
    pub(crate) fn sign(
        &self,
        request: &Request<'_>,
        endpoint: Endpoint<'_>,
        check: Check<'_>,
    ) -> TestCaseResult {
        let time = Time::from_seconds(self.seconds.into());
        let credentials =
            Credentials::new(&self.access_key, &self.secret_key).with_token(self.token.as_deref());
        let key = SigningKey::derive(&credentials, time, endpoint.region(), endpoint.service());
        let v4a = EcdsaKey::derive(&credentials).unwrap();
        let signer = match &self.region_set {
            None => Signer::new(&credentials, &key, self.rules),
            Some(region_set) => Signer::v4a(&credentials, &v4a, region_set, self.rules),
        };
        let signed = match self.expires {
            None => signer.sign(request, endpoint, time, self.payload),
            Some(expires) => {
                signer.presign(request, endpoint, time, self.payload, Expires::from_seconds(expires).unwrap())
            }
        };
        let sent = Sent::of(&signed, self.expires.is_some());
        check(&sent)?;
        let body = written(|to| request.body().recite(to));
        let expected = self.as_aws_does(&sent, &body, endpoint);
        let explained: Vec<_> =
            EXPLAINED.iter().filter(|row| (row.concerns)(&sent)).map(|row| row.why).collect();
        let canonical = String::from_utf8(written(|to| signed.canonical_request(to))).unwrap();
        if explained.is_empty() {
            prop_assert_eq!(&sent.proof, &expected, "{}", canonical);
        } else {
            prop_assert_ne!(&sent.proof, &expected, "should differ: {:?}\n{}", explained, canonical);
        }
        if self.region_set.is_none() {
            prop_assert_eq!(signed.signature().len(), 64);
        } else {
            let text = written(|to| signed.string_to_sign(to));
            prop_assert!(v4a.public_key().verify(&text, signed.signature()));
        }
        Ok(())
    }

    /// What `aws-sigv4` adds to the request that was sent: names and values, sorted.
    pub(crate) fn as_aws_does(
        &self,
        sent: &Sent,
        body: &[u8],
        endpoint: Endpoint<'_>,
    ) -> BTreeSet<(String, String)> {
        let mut settings = SigningSettings::default();
        settings.percent_encoding_mode = match self.rules.encoding {
            PathEncoding::Once => PercentEncodingMode::Single,
            PathEncoding::Twice => PercentEncodingMode::Double,
        };
        settings.uri_path_normalization_mode = match self.rules.dots {
            Dots::Kept => UriPathNormalizationMode::Disabled,
            Dots::Resolved => UriPathNormalizationMode::Enabled,
        };
        settings.payload_checksum_kind = match self.rules.content_sha256 {
            ContentSha256::Kept => PayloadChecksumKind::NoHeader,
            ContentSha256::Sent => PayloadChecksumKind::XAmzSha256,
        };
        settings.session_token_mode = match self.rules.token {
            Token::Added => SessionTokenMode::Exclude,
            Token::S3Session | Token::Signed => SessionTokenMode::Include,
        };
        settings.session_token_name_override = match (self.rules.token, self.expires) {
            (Token::S3Session, None) => Some("x-amz-s3session-token"),
            (Token::S3Session, Some(_)) => Some("X-Amz-S3session-Token"),
            _ => None,
        };
        if let Some(expires) = self.expires {
            settings.signature_location = SignatureLocation::QueryParams;
            settings.expires_in = Some(Duration::from_secs(expires.into()));
        }
        settings.excluded_headers = Some(UNSIGNED.iter().map(|name| (*name).into()).collect());
        let identity = aws_credential_types::Credentials::new(
            &self.access_key,
            &self.secret_key,
            self.token.clone(),
            None,
            "test",
        )
        .into();
        let time = UNIX_EPOCH + Duration::from_secs(self.seconds.into());
        let parameters = match &self.region_set {
            None => v4::SigningParams::builder()
                .identity(&identity)
                .name(endpoint.service())
                .region(endpoint.region())
                .settings(settings)
                .time(time)
                .build()
                .unwrap()
                .into(),
            Some(region_set) => v4a::SigningParams::builder()
                .identity(&identity)
                .name(endpoint.service())
                .region_set(region_set)
                .settings(settings)
                .time(time)
                .build()
                .unwrap()
                .into(),
        };
        let body = match self.payload {
            Payload::Sha256(digest) => SignableBody::Precomputed(hex::encode(digest)),
            Payload::Unsigned => SignableBody::UnsignedPayload,
            Payload::Literal(STREAMED) => SignableBody::StreamingUnsignedPayloadTrailer,
            Payload::Literal(STREAMED_SIGNED) => SignableBody::StreamingSignedPayloadTrailer,
            _ => SignableBody::Bytes(body),
        };
        let headers = sent.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let request = SignableRequest::new(&sent.method, &sent.url, headers, body).unwrap();
        let (added, signature) = aws_sigv4::http_request::sign(request, &parameters).unwrap().into_parts();
        let (headers, query) = added.into_parts();
        let headers = headers.iter().map(|header| (header.name().to_owned(), header.value().to_owned()));
        let query = query.into_iter().map(|(name, value)| (name.to_owned(), value.into_owned()));
        let mut proof: BTreeSet<_> = headers.chain(query).collect();
        // AWS leaves a token that is not signed to its caller.
        if self.rules.token == Token::Added
            && let Some(token) = &self.token
        {
            let name = if self.expires.is_some() { "X-Amz-Security-Token" } else { "x-amz-security-token" };
            proof.insert((name.to_owned(), token.clone()));
        }
        assert!(proof.iter().any(|(_, value)| value.contains(&signature)));
        proof
    }
}
