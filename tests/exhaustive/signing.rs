//! Signing here and with `aws-sigv4`, and how what was signed is shown.

use std::sync::LazyLock;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::time::Duration;
use std::time::UNIX_EPOCH;

use aws_sigv4::http_request::PayloadChecksumKind;
use aws_sigv4::http_request::PercentEncodingMode;
use aws_sigv4::http_request::SignableBody;
use aws_sigv4::http_request::SignableRequest;
use aws_sigv4::http_request::SigningParams;
use aws_sigv4::http_request::SigningSettings;
use aws_sigv4::http_request::UriPathNormalizationMode;
use aws_sigv4::sign::v4;
use sha2::Digest as _;
use sha2::Sha256;
use tucuxi_core::endpoint::Endpoint;
use tucuxi_core::request::Request;
use tucuxi_core::sigv4::ContentSha256;
use tucuxi_core::sigv4::Credentials;
use tucuxi_core::sigv4::DerivedKey;
use tucuxi_core::sigv4::Dots;
use tucuxi_core::sigv4::PathEncoding;
use tucuxi_core::sigv4::Payload;
use tucuxi_core::sigv4::Rules;
use tucuxi_core::sigv4::Signed;
use tucuxi_core::sigv4::Signer;
use tucuxi_core::sigv4::SigningKey;
use tucuxi_core::sink::Sink;
use tucuxi_core::time::Time;
use tucuxi_core::wire;

use crate::tried::exhaustive;

pub(crate) const ACCESS_KEY: &str = "AKIDEXAMPLE";
pub(crate) const SECRET_KEY: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

/// When everything is signed, in seconds since 1970.
pub(crate) const SECONDS: u32 = 1_440_938_160;

pub(crate) fn rules(encoding: PathEncoding, dots: Dots) -> Rules {
    let mut rules = Rules::OTHERS;
    (rules.encoding, rules.dots, rules.content_sha256) = (encoding, dots, ContentSha256::Kept);
    rules
}

pub(crate) const fn credentials() -> Credentials<'static> {
    Credentials::new(ACCESS_KEY, SECRET_KEY)
}

pub(crate) fn derived() -> DerivedKey<'static> {
    DerivedKey::derive(&credentials(), Time::from_seconds(SECONDS.into()), "us-east-1", "service")
}

pub(crate) fn key() -> SigningKey {
    SigningKey::from_derived(&derived())
}

/// Signs in headers, sees that what was signed is what is shown, and lets it be looked at.
pub(crate) fn signed(key: &SigningKey, request: &Request<'_>, rules: Rules, look: impl FnOnce(&Signed<'_>)) {
    let credentials = credentials();
    let signer = Signer::new(&credentials, key, rules);
    let endpoint = Endpoint::new(true, "h", "service", "us-east-1");
    let signed = signer.sign(request, endpoint, Time::from_seconds(SECONDS.into()), Payload::Body);
    // That takes longer than all the rest: where all is tried, some will do.
    static SIGNED: AtomicU64 = AtomicU64::new(0);
    if !exhaustive() || SIGNED.fetch_add(1, Ordering::Relaxed).is_multiple_of(31) {
        is_of_its_texts(&signed);
    }
    look(&signed);
}

/// The signature is that of the string to sign, and this holds the hash of the canonical request: worked out from the
/// texts, once more and by others.
pub(crate) fn is_of_its_texts(signed: &Signed<'_>) {
    static DERIVED: LazyLock<[u8; 32]> = LazyLock::new(|| *derived().reveal());
    let hash = hex::encode(Sha256::digest(canonical(signed)));
    let string =
        format!("AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/service/aws4_request\n{hash}");
    assert_eq!(text(|to| signed.string_to_sign(to)), string);
    let mut pads = [[0x36; 64], [0x5c; 64]];
    for pad in &mut pads {
        pad.iter_mut().zip(*DERIVED).for_each(|(byte, of_key)| *byte ^= of_key);
    }
    let inner = Sha256::new().chain_update(pads[0]).chain_update(string).finalize();
    let outer = Sha256::new().chain_update(pads[1]).chain_update(inner).finalize();
    assert_eq!(signed.signature(), hex::encode(outer));
}

pub(crate) fn canonical(signed: &Signed<'_>) -> String {
    text(|to| signed.canonical_request(to))
}

pub(crate) fn target(signed: &Signed<'_>) -> String {
    text(|to| wire::target(signed, to))
}

pub(crate) struct Bytes<'b>(pub(crate) &'b mut Vec<u8>);

impl Sink for Bytes<'_> {
    fn put(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }
}

pub(crate) fn text(write: impl FnOnce(&mut dyn Sink)) -> String {
    let mut bytes = Vec::new();
    write(&mut Bytes(&mut bytes));
    String::from_utf8(bytes).unwrap()
}

pub(crate) fn aws_parameters(encoding: PathEncoding, dots: Dots) -> SigningParams<'static> {
    let keys = aws_credential_types::Credentials::new(ACCESS_KEY, SECRET_KEY, None, None, "test");
    // A test has few of them, and they live as long as it does.
    let identity = Box::leak(Box::new(keys.into()));
    let mut settings = SigningSettings::default();
    settings.percent_encoding_mode = match encoding {
        PathEncoding::Once => PercentEncodingMode::Single,
        PathEncoding::Twice => PercentEncodingMode::Double,
    };
    settings.uri_path_normalization_mode = match dots {
        Dots::Kept => UriPathNormalizationMode::Disabled,
        Dots::Resolved => UriPathNormalizationMode::Enabled,
    };
    settings.payload_checksum_kind = PayloadChecksumKind::NoHeader;
    v4::SigningParams::builder()
        .identity(identity)
        .name("service")
        .region("us-east-1")
        .settings(settings)
        .time(UNIX_EPOCH + Duration::from_secs(SECONDS.into()))
        .build()
        .unwrap()
        .into()
}

pub(crate) fn aws_signature(url: &str, headers: &[(&str, &str)], parameters: &SigningParams<'_>) -> String {
    let request =
        SignableRequest::new("GET", url, headers.iter().copied(), SignableBody::Bytes(&[])).unwrap();
    aws_sigv4::http_request::sign(request, parameters).unwrap().signature().to_owned()
}
