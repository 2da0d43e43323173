//! Random hostile requests, signed here and by AWS's own signer for Rust, must have the same signature.
//!
//! `aws-sigv4` is given what goes out: the text of the head, taken apart again. It shows no canonical request,
//! but a signature is a hash of the string to sign, which holds a hash of the canonical request: where the
//! signatures are equal so are the other two. Beside that, what goes out is compared with what was asked for,
//! by rules that are written down here once more and in the plainest way.
//!
//! What the two signers do differently stands in [`EXPLAINED`], and the test fails where a row of it is not so.
//!
//! `PROPTEST_CASES` sets the number of requests of each kind, 1,024 unless it says otherwise.

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
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestCaseResult;
use tucuxi_core::endpoint::Addressing;
use tucuxi_core::endpoint::ENDPOINT_ROOM;
use tucuxi_core::endpoint::Endpoint;
use tucuxi_core::endpoint::Place;
use tucuxi_core::operation::Operation;
use tucuxi_core::operation::PAIR_ROOM;
use tucuxi_core::operation::Service;
use tucuxi_core::request::Body;
use tucuxi_core::request::Draft;
use tucuxi_core::request::Method;
use tucuxi_core::request::Pair;
use tucuxi_core::request::Raw;
use tucuxi_core::request::Request;
use tucuxi_core::request::Value;
use tucuxi_core::s3;
use tucuxi_core::s3::CopySource;
use tucuxi_core::sigv4::ContentSha256;
use tucuxi_core::sigv4::Credentials;
use tucuxi_core::sigv4::Dots;
use tucuxi_core::sigv4::PathEncoding;
use tucuxi_core::sigv4::Payload;
use tucuxi_core::sigv4::Rules;
use tucuxi_core::sigv4::Signed;
use tucuxi_core::sigv4::Signer;
use tucuxi_core::sigv4::SigningKey;
use tucuxi_core::sigv4::Token;
use tucuxi_core::sink::Recite;
use tucuxi_core::sink::Sink;
use tucuxi_core::sqs;
use tucuxi_core::sts;
use tucuxi_core::time::Time;
use tucuxi_core::uri::Url;
use tucuxi_core::wire;

/// What the signers do differently, why, and how to see that it concerns a request.
const EXPLAINED: [Explained; 3] = [
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
];

struct Explained {
    why: &'static str,
    concerns: fn(&Sent) -> bool,
}

/// The headers that are sent and not signed.
const UNSIGNED: [&str; 14] = [
    "baggage",
    "connection",
    "expect",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "traceparent",
    "tracestate",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "x-amzn-trace-id",
];

/// The headers that signing adds, the host aside.
const OWN: [&str; 4] = ["authorization", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token"];

/// How a request is signed.
#[derive(Clone, Debug)]
struct How {
    rules: Rules,
    expires: Option<u32>,
    payload: Payload<'static>,
    access_key: String,
    secret_key: String,
    token: Option<String>,
    region: String,
    service: &'static str,
    seconds: u32,
}

impl How {
    fn sign(&self, request: &Request<'_>, endpoint: Endpoint<'_>, check: Check<'_>) -> TestCaseResult {
        let time = Time::from_seconds(self.seconds.into());
        let credentials =
            Credentials::new(&self.access_key, &self.secret_key).with_token(self.token.as_deref());
        let key = SigningKey::derive(&credentials, time, endpoint.region(), endpoint.service());
        let signer = Signer::new(&credentials, &key, self.rules);
        let signed = match self.expires {
            None => signer.sign(request, endpoint, time, self.payload),
            Some(expires) => signer.presign(request, endpoint, time, self.payload, expires),
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
        prop_assert_eq!(signed.signature().len(), 64);
        Ok(())
    }

    /// What `aws-sigv4` adds to the request that was sent: names and values, sorted.
    fn as_aws_does(&self, sent: &Sent, body: &[u8], endpoint: Endpoint<'_>) -> BTreeSet<(String, String)> {
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
            Token::Signed => SessionTokenMode::Include,
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
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .name(endpoint.service())
            .region(endpoint.region())
            .settings(settings)
            .time(UNIX_EPOCH + Duration::from_secs(self.seconds.into()))
            .build()
            .unwrap()
            .into();
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

type Check<'c> = &'c dyn Fn(&Sent) -> TestCaseResult;

/// A request as it goes out, taken apart.
#[derive(Debug)]
struct Sent {
    method: String,
    /// The request's own part: without what presigning adds.
    url: String,
    /// In order; without those that signing adds.
    headers: Vec<(String, String)>,
    /// What signing adds.
    proof: BTreeSet<(String, String)>,
    in_query: bool,
}

impl Sent {
    fn of(signed: &Signed<'_>, in_query: bool) -> Self {
        let head = String::from_utf8(written(|to| wire::head(signed, &[], None, to))).unwrap();
        let url = String::from_utf8(written(|to| wire::url(signed, to))).unwrap();
        assert!(
            head.is_ascii() && head.bytes().all(|byte| !byte.is_ascii_control() || b"\r\n\t".contains(&byte))
        );
        let mut lines = head.strip_suffix("\r\n\r\n").unwrap().split("\r\n");
        let line: Vec<_> = lines.next().unwrap().split(' ').collect();
        let &[method, target, "HTTP/1.1"] = &line[..] else { panic!("{head}") };
        assert!(url.ends_with(target));
        let headers: Vec<(&str, &str)> = lines.map(|line| line.split_once(": ").unwrap()).collect();
        assert_eq!(headers[0].0, "host");
        let own = |(name, _): &&(&str, &str)| OWN.contains(name);
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let mut proof: BTreeSet<_> = headers.iter().filter(own).map(owned).collect();
        assert!(proof.len() <= 4);
        let (mut url, mut headers): (_, Vec<_>) =
            (url, headers.iter().filter(|header| !own(header)).map(owned).collect());
        if in_query {
            assert!(proof.is_empty());
            let at = url.find("X-Amz-Algorithm=").unwrap();
            let added = url.split_off(at);
            url.pop();
            proof = added
                .split('&')
                .map(|pair| pair.split_once('=').unwrap())
                .map(|(name, value)| (name.to_owned(), String::from_utf8(decoded(value)).unwrap()))
                .collect();
        }
        // The host of the URL goes without saying, so that both work it out.
        if url.split('/').nth(2).unwrap().split('?').next() == Some(headers[0].1.as_str()) {
            headers.remove(0);
        }
        Self { method: method.to_owned(), url, headers, proof, in_query }
    }

    fn target(&self) -> &str {
        let from = self.url.find("://").unwrap() + 3;
        &self.url[from + self.url[from..].find('/').unwrap()..]
    }

    fn path(&self) -> &str {
        self.target().split('?').next().unwrap()
    }

    fn query(&self) -> &str {
        self.target().split_once('?').map_or("", |(_, query)| query)
    }

    fn signed_headers(&self) -> impl Iterator<Item = (&str, &str)> {
        let headers = self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        headers.filter(|(name, _)| !UNSIGNED.contains(name))
    }

    /// The query is that of these names and values, in the order in which it is signed.
    fn has_query(&self, pairs: impl Iterator<Item = (Vec<u8>, Option<Vec<u8>>)>) -> TestCaseResult {
        let mut expected: Vec<_> =
            pairs.map(|(name, value)| (encoded(&name, ""), value.map(|value| encoded(&value, "")))).collect();
        expected.sort_by_key(|(name, value)| (name.clone(), value.clone().unwrap_or_default()));
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(name, value)| match value {
                None if !name.is_empty() => name,
                value => format!("{name}={}", value.unwrap_or_default()),
            })
            .collect();
        prop_assert_eq!(self.query(), expected.join("&"));
        Ok(())
    }

    /// The headers are these in any order, those of one name in this.
    fn has_headers(&self, headers: &[(&str, &str)]) -> TestCaseResult {
        let mut expected: Vec<_> =
            headers.iter().map(|(name, value)| (name.to_lowercase(), (*value).to_owned())).collect();
        let mut got: Vec<_> = self.headers.iter().filter(|(name, _)| name != "host").cloned().collect();
        expected.sort_by(|one, other| one.0.cmp(&other.0));
        got.sort_by(|one, other| one.0.cmp(&other.0));
        prop_assert_eq!(got, expected);
        Ok(())
    }
}

fn written(write: impl FnOnce(&mut dyn Sink)) -> Vec<u8> {
    struct Bytes(Vec<u8>);
    impl Sink for Bytes {
        fn put(&mut self, bytes: &[u8]) {
            self.0.extend_from_slice(bytes);
        }
    }
    let mut bytes = Bytes(Vec::new());
    write(&mut bytes);
    bytes.0
}

fn encoded(text: &[u8], kept: &str) -> String {
    let stays =
        |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || kept.as_bytes().contains(&byte);
    text.iter()
        .map(|&byte| if stays(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// An escape at the start of a text.
fn escape(text: &[u8]) -> Option<u8> {
    let digits = text.strip_prefix(b"%")?.get(..2)?;
    digits.iter().all(u8::is_ascii_hexdigit).then(|| hex::decode(digits).unwrap()[0])
}

fn decoded(text: &str) -> Vec<u8> {
    let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
    while let Some((&byte, after)) = rest.split_first() {
        let found = escape(rest);
        bytes.push(found.unwrap_or(byte));
        rest = if found.is_some() { &rest[3..] } else { after };
    }
    bytes
}

/// A path of a URL as it goes to S3.
fn once(path: &str) -> String {
    let segments: Vec<_> = path.split('/').map(|segment| encoded(&decoded(segment), "")).collect();
    segments.join("/")
}

/// A path of a URL as it goes to services that are not S3: what may stand in a URL stays.
fn as_in_url(path: &str) -> String {
    let (mut text, mut rest) = (String::new(), path.as_bytes());
    while !rest.is_empty() {
        let stays =
            if escape(rest).is_some() { 3 } else { usize::from(b"/!$&'()*+,;=:@".contains(&rest[0])) };
        text.push_str(&if stays > 0 {
            String::from_utf8(rest[..stays].to_vec()).unwrap()
        } else {
            encoded(&rest[..1], "")
        });
        rest = &rest[stays.max(1)..];
    }
    text
}

/// Few pieces, so that they meet and repeat, and rarely any character.
fn text(pieces: &'static [&'static str], most: usize) -> impl Strategy<Value = String> {
    let piece = prop_oneof![30 => select(pieces).prop_map(str::to_owned), 1 => "\\PC"];
    prop::collection::vec(piece, 0..=most).prop_map(|pieces| pieces.concat())
}

const PATH: &[&str] = &[
    "/", "/", "//", "/.", "/..", "/../", "/./", ".", "..", "a", "b", "Z9", "%2F", "%2f", "%2e", "%41", "%7e",
    "%25", "%", "%4", "%zz", "%C3%A9", "%c3", "%ff", "%00", "+", "~", "*", "@", ":", " ", "  ", "=", "&",
    ";", ",", "!", "$", "'", "(", ")", "[", "]", "{", "}", "|", "^", "`", "\"", "<", ">", "\\", "-", "_",
    "é", "e\u{301}", "ሴ", "日本", "😀",
];
const QUERY: &[&str] = &[
    "&", "&", "&", "=", "=", "a", "b", "A", "a=", "&a", "&a&", "ab", "+", "%20", " ", "/", "?", "~", "*",
    "@", ":", "'", "%2B", "%2b", "%26", "%3D", "%", "%z", "%41", "é", "ሴ", "X", "x-id", "%ff", "%C3%A9",
    "X-Amz", "-", "_", ".", "|",
];
const KEY: &[&str] = &[
    "/", "//", "/./", "/../", ".", "..", "a", "Z", "%2F", "%", "+", "~", "*", "@", ":", " ", "=", "&", "?",
    "#", ";", ",", "'", "\"", "\\", "<", "é", "e\u{301}", "ሴ", "😀", "\n", "\r", "\0", "\t", "\u{7f}",
];
const BUCKET: &[&str] =
    &["my-bucket", "b", "a.b", ".", "..", "/", "A", "_", " ", "é", "%2F", "?", "#", "1.2.3.4"];
const VALUE: &[&str] = &[
    "a",
    "b",
    "C",
    " ",
    "  ",
    "\t",
    ",",
    ", ",
    "\"",
    "\" a  b \"",
    "'",
    ";",
    ":",
    "=",
    "%41",
    "/",
    "~",
    "é",
];
const NAME: &[&str] = &[
    "a",
    "A",
    "ab",
    "A-b",
    "a_b",
    "a.b",
    "My-Header1",
    "my-header1",
    "MY-HEADER1",
    "My-Header10",
    "Content-Type",
    "Content-MD5",
    "Content-Length",
    "Date",
    "Range",
    "X-Amz-Meta-A",
    "x-amz-meta-b",
    "x-amz-d",
    "x-amz-date2",
    "x-amz-security",
    "X-Amz-Target",
    "x-amz-checksum-mode",
    "x-amz-user-agent",
    "~",
    "!#$%&'*+-.^_`|~",
    "gz",
    "hosts",
    "hos",
    "User-Agent",
    "user-agent",
    "Expect",
    "TE",
    "X-Amzn-Trace-Id",
    "Transfer-Encoding",
    "Connection",
];
const STREAMED: &str = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
const STREAMED_SIGNED: &str = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";

fn value() -> impl Strategy<Value = String> {
    let visible = |text: String| text.replace(|c: char| c != '\t' && !(' '..='~').contains(&c), "");
    text(VALUE, 5).prop_map(visible)
}

fn headers() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    prop::collection::vec((select(NAME), value()), 0..8)
}

fn how() -> impl Strategy<Value = How> {
    let rules = (any::<[bool; 4]>(), 0..4).prop_map(|(any, which)| {
        let mut rules = Rules::OTHERS;
        match which {
            0 => return Rules::S3,
            1 => return rules,
            _ => {}
        }
        rules.encoding = if any[0] { PathEncoding::Once } else { PathEncoding::Twice };
        rules.dots = if any[1] { Dots::Kept } else { Dots::Resolved };
        rules.content_sha256 = if any[2] { ContentSha256::Kept } else { ContentSha256::Sent };
        rules.token = if any[3] { Token::Added } else { Token::Signed };
        rules
    });
    let payload = prop_oneof![
        4 => Just(Payload::Body),
        1 => Just(Payload::Unsigned),
        1 => Just(Payload::Literal(STREAMED)),
        1 => Just(Payload::Literal(STREAMED_SIGNED)),
        1 => any::<[u8; 32]>().prop_map(Payload::Sha256),
    ];
    let expires = prop::option::of(1..=604_800_u32);
    let keys = ("[A-Z0-9]{1,20}", "[A-Za-z0-9/+=]{0,80}", prop::option::of("[A-Za-z0-9/+=]{1,200}"));
    let scope = ("[a-z]{2}-[a-z]{3,9}-[1-9]", select(&["s3", "sqs", "execute-api"][..]), any::<u32>());
    (rules, payload, expires, keys, scope).prop_map(|(rules, payload, expires, keys, scope)| How {
        rules,
        expires,
        payload,
        access_key: keys.0,
        secret_key: keys.1,
        token: keys.2,
        region: scope.0,
        service: scope.1,
        seconds: scope.2,
    })
}

fn method() -> impl Strategy<Value = Method> {
    let names = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];
    select(names.to_vec()).prop_map(|name| Method::named(name).unwrap())
}

#[derive(Clone, Debug)]
struct Web {
    method: Method,
    origin: &'static str,
    path: String,
    query: Option<String>,
    host: Option<&'static str>,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

fn web() -> impl Strategy<Value = Web> {
    const ORIGINS: &[&str] = &[
        "https://example.amazonaws.com",
        "https://example.com:443",
        "http://example.com:443",
        "http://localhost:80",
        "http://localhost:9000",
        "https://127.0.0.1:8443",
        "http://[::1]",
        "https://[fd00:ec2::254]:443",
        "http://[fd00:ec2::254]:8080",
        "http://my_minio:1",
    ];
    let path = text(PATH, 8).prop_map(|path| path.replace(['?', '#'], ""));
    let query = prop::option::of(text(QUERY, 10).prop_map(|query| query.replace('#', "")));
    let host = prop::option::weighted(0.2, select(&["other.example", "Other.example:8080", "[::2]:1"][..]));
    let body = prop::collection::vec(any::<u8>(), 0..200);
    (method(), select(ORIGINS), path, query, host, headers(), body).prop_map(
        |(method, origin, path, query, host, headers, body)| Web {
            method,
            origin,
            path: if path.is_empty() { path } else { format!("/{path}") },
            query,
            host,
            headers,
            body,
        },
    )
}

/// What an operation is made of; not all of them use all of it.
#[derive(Clone, Debug)]
struct Input {
    which: usize,
    bucket: String,
    key: String,
    texts: [String; 3],
    values: [String; 3],
    number: i64,
    style: Addressing,
    url: Option<&'static str>,
}

fn input() -> impl Strategy<Value = Input> {
    let style = select(&[Addressing::Auto, Addressing::Path, Addressing::Virtual][..]);
    let urls = ["http://localhost:9000", "https://gateway.example/a%20b/(c)//d/", "http://[::1]:1/../x"];
    let url = prop::option::weighted(0.4, select(urls.to_vec()));
    let full = |text: String| if text.is_empty() { "k".to_owned() } else { text };
    let texts = [text(KEY, 5), text(KEY, 5), text(KEY, 5)];
    let values = [value(), value(), value()];
    (
        0..9_usize,
        text(BUCKET, 3).prop_map(full),
        text(KEY, 8).prop_map(full),
        texts,
        values,
        any::<i64>(),
        style,
        url,
    )
        .prop_map(|(which, bucket, key, texts, values, number, style, url)| Input {
            which,
            bucket,
            key,
            texts,
            values,
            number,
            style,
            url,
        })
}

impl Input {
    fn operate<O: Operation>(&self, how: &How, operation: &O, check: Check<'_>) -> TestCaseResult {
        let mut how = how.clone();
        how.rules = O::Service::RULES;
        if how.expires.is_some() {
            how.payload = O::Service::PRESIGNED_PAYLOAD;
        }
        let mut pairs = [Pair::EMPTY; PAIR_ROOM];
        let request = tucuxi_core::operation::request(operation, &mut pairs).unwrap();
        let url = self.url.map(|url| Url::parse(url).unwrap());
        let place = Place::new(&how.region).addressing(self.style).url(url);
        let mut room = [0; ENDPOINT_ROOM];
        let endpoint = O::Service::endpoint(&place, request.bucket(), &mut room).unwrap();
        how.sign(&request, endpoint, check)
    }

    /// The path ends with the bucket, unless it is in the host, and the key.
    fn has_path(&self, sent: &Sent, key: &str) -> TestCaseResult {
        let in_host = sent.url.split('/').nth(2).unwrap().starts_with(&format!("{}.", self.bucket));
        let base =
            self.url.map_or("", |url| url.splitn(4, '/').nth(3).unwrap_or_default()).trim_end_matches('/');
        let mut expected = once(base);
        if !expected.is_empty() {
            expected.insert(0, '/');
        }
        if !in_host {
            expected = format!("{expected}/{}", encoded(self.bucket.as_bytes(), ""));
        }
        if !key.is_empty() || expected.is_empty() {
            expected = format!("{expected}/{}", encoded(key.as_bytes(), "/"));
        }
        prop_assert_eq!(sent.path(), expected);
        Ok(())
    }
}

fn config() -> ProptestConfig {
    #[expect(clippy::disallowed_methods, reason = "proptest's own variable, with a default of ours")]
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(1024);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn some(text: &str) -> Option<Vec<u8>> {
    Some(text.as_bytes().to_vec())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn requests_of_urls_are_signed_as_aws_signs_them(web in web(), how in how()) {
        let query = web.query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
        let url = format!("{}{}{query}", web.origin, web.path);
        let mut room = [Pair::EMPTY; 64];
        let mut raw = Raw::from_url(&url, &mut room).unwrap();
        raw.method(web.method);
        for (name, value) in &web.headers {
            raw.header(name, value);
        }
        if let Some(host) = web.host {
            raw.header("hOst", host);
        }
        raw.body(&web.body);
        let (https, host) = (web.origin.starts_with("https"), raw.host());
        let endpoint = Endpoint::new(https, host, how.service, &how.region);
        let request = raw.finish().unwrap();
        how.sign(&request, endpoint, &|sent| {
            prop_assert_eq!(&sent.method, web.method.as_str());
            let path = if web.path.is_empty() { "/" } else { &web.path };
            prop_assert_eq!(sent.path(), match how.rules.encoding {
                PathEncoding::Once => once(path),
                PathEncoding::Twice => as_in_url(path),
            });
            let pairs = web.query.iter().flat_map(|query| query.split('&')).filter(|pair| !pair.is_empty());
            sent.has_query(pairs.map(|pair| match pair.split_once('=') {
                Some((name, value)) => (decoded(name), Some(decoded(value))),
                None => (decoded(pair), None),
            }))?;
            let headers: Vec<_> = web.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            sent.has_headers(&headers)
        })?;
    }

    #[test]
    fn requests_of_parts_are_signed_as_aws_signs_them(
        input in input(),
        pairs in prop::collection::vec((text(QUERY, 3), 0..4_u8, text(QUERY, 3), -20..20_i64), 0..8),
        headers in headers(),
        body in prop::collection::vec(any::<u8>(), 0..200),
        method in method(),
        mut how in how(),
    ) {
        how.rules.encoding = PathEncoding::Once;
        let mut room = [Pair::EMPTY; 64];
        let mut draft = Draft::new(method, &mut room);
        draft.bucket("Bucket", &input.bucket);
        draft.key("Key", &input.key);
        let said = |(_, kind, text, number): &(String, u8, String, i64)| match kind {
            0 => some(text),
            1 => some(&number.to_string()),
            2 => some(if *number < 0 { "true" } else { "false" }),
            _ => None,
        };
        // Queries and headers in turns: their places are not those of their coming.
        for nth in 0..8 {
            if let Some((name, value)) = headers.get(nth) {
                draft.header(name, Value::Text(value));
            }
            if let Some((name, kind, text, number)) = pairs.get(nth) {
                draft.query(name, match kind {
                    0 => Value::Text(text),
                    1 => Value::Int(*number),
                    2 => Value::Bool(*number < 0),
                    _ => Value::Flag,
                });
            }
        }
        draft.body(Body::Bytes(&body));
        let request = draft.finish().unwrap();
        let url = input.url.map(|url| Url::parse(url).unwrap());
        let place = Place::new(&how.region).addressing(input.style).url(url);
        let mut room = [0; ENDPOINT_ROOM];
        let endpoint = place.s3(&input.bucket, &mut room).unwrap();
        how.sign(&request, endpoint, &|sent| {
            input.has_path(sent, &input.key)?;
            sent.has_query(pairs.iter().map(|pair| (pair.0.clone().into_bytes(), said(pair))))?;
            let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            sent.has_headers(&headers)
        })?;
    }

    #[test]
    fn operations_are_signed_as_aws_signs_them(input in input(), how in how()) {
        let Input { bucket, key, texts: [one, two, three], values: [a, b, c], .. } = &input;
        let number = input.number;
        match input.which {
            0 => {
                let get = s3::input::GetObject::new(bucket, key)
                    .version_id(one)
                    .part_number(number)
                    .response_content_disposition(two)
                    .range(a)
                    .sse_customer_key(b);
                let query = [("versionId", some(one)), ("partNumber", some(&number.to_string())),
                    ("response-content-disposition", some(two))];
                input.operate(&how, &get, &|sent| {
                    input.has_path(sent, key)?;
                    sent.has_query(query.iter().map(|(name, value)| (name.as_bytes().to_vec(), value.clone())))?;
                    sent.has_headers(&[("range", a), ("x-amz-server-side-encryption-customer-key", b)])
                })?;
            }
            1 => {
                let list = s3::input::ListObjectsV2::new(bucket)
                    .prefix(one)
                    .delimiter(two)
                    .start_after(three)
                    .optional_object_attributes(&["RestoreStatus", "a b"]);
                let query = [("list-type", "2"), ("encoding-type", "url"), ("prefix", one), ("delimiter", two),
                    ("start-after", three)];
                input.operate(&how, &list, &|sent| {
                    input.has_path(sent, "")?;
                    sent.has_query(query.iter().map(|(name, value)| (name.as_bytes().to_vec(), some(value))))?;
                    sent.has_headers(&[("x-amz-optional-object-attributes", "RestoreStatus,a b")])
                })?;
            }
            2 => {
                let metadata = [("host", a.as_str()), ("b", b), ("A", c)];
                let put = s3::input::PutObject::new(bucket, key)
                    .content_type(a)
                    .metadata(&metadata)
                    .storage_class(b)
                    .body(one.as_bytes());
                input.operate(&how, &put, &|sent| {
                    input.has_path(sent, key)?;
                    sent.has_headers(&[("content-type", a), ("x-amz-storage-class", b), ("x-amz-meta-host", a),
                        ("x-amz-meta-b", b), ("x-amz-meta-a", c)])
                })?;
            }
            3 => {
                let copy = s3::input::CopyObject::new(bucket, CopySource::new(one, two).version_id(three), key);
                let source = format!("{}/{}?versionId={}", encoded(one.as_bytes(), "/"), encoded(two.as_bytes(), "/"),
                    encoded(three.as_bytes(), ""));
                input.operate(&how, &copy, &|sent| {
                    input.has_path(sent, key)?;
                    sent.has_headers(&[("x-amz-copy-source", &source)])
                })?;
            }
            4 => {
                let of = s3::input::ObjectIdentifier::new;
                let objects = [of(one).version_id(two), of(key)];
                let delete = s3::input::DeleteObjects::new(bucket, s3::input::Delete::new(&objects).quiet(true));
                input.operate(&how, &delete, &|sent| {
                    input.has_path(sent, "")?;
                    prop_assert_eq!(sent.query(), "delete");
                    prop_assert!(sent.headers.iter().any(|(name, _)| name == "x-amz-checksum-crc32"));
                    Ok(())
                })?;
            }
            5 => {
                let place = s3::input::CreateBucketConfiguration::new().location_constraint(one);
                let create = s3::input::CreateBucket::new(bucket).acl(a).create_bucket_configuration(place);
                input.operate(&how, &create, &|sent| input.has_path(sent, ""))?;
            }
            6 => {
                let attribute = sqs::input::MessageAttributeValue::new("String").string_value(two);
                let attributes = [(three.as_str(), attribute)];
                let send = sqs::input::SendMessage::new(one, key).message_attributes(&attributes);
                input.operate(&how, &send, &|sent| sent.has_headers(&[
                    ("content-type", "application/x-amz-json-1.0"),
                    ("x-amz-target", "AmazonSQS.SendMessage"),
                    ("x-amzn-query-mode", "true"),
                ]))?;
            }
            7 => {
                let assume = sts::input::AssumeRole::new(one, two).duration_seconds(number).policy(three);
                let form = "application/x-www-form-urlencoded; charset=utf-8";
                input.operate(&how, &assume, &|sent| sent.has_headers(&[("content-type", form)]))?;
            }
            _ => input.operate(&how, &s3::input::ListBuckets::new().prefix(one), &|sent| {
                sent.has_query([(b"prefix".to_vec(), some(one))].into_iter())
            })?,
        }
    }
}
