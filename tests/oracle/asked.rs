//! What is asked for: random, hostile, and often the same again.

use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestCaseResult;
use tucuxi_core::endpoint::Addressing;
use tucuxi_core::endpoint::ENDPOINT_ROOM;
use tucuxi_core::endpoint::Place;
use tucuxi_core::operation::Operation;
use tucuxi_core::operation::PAIR_ROOM;
use tucuxi_core::operation::Service;
use tucuxi_core::request::Method;
use tucuxi_core::request::Pair;
use tucuxi_core::sigv4::ContentSha256;
use tucuxi_core::sigv4::Dots;
use tucuxi_core::sigv4::PathEncoding;
use tucuxi_core::sigv4::Payload;
use tucuxi_core::sigv4::Rules;
use tucuxi_core::sigv4::Token;
use tucuxi_core::uri::Url;

use crate::both::How;
use crate::sent::Check;
use crate::sent::Sent;
use crate::sent::encoded;
use crate::sent::once;

/// Few pieces, so that they meet and repeat, and rarely any character.
pub(crate) fn text(pieces: &'static [&'static str], most: usize) -> impl Strategy<Value = String> {
    let piece = prop_oneof![30 => select(pieces).prop_map(str::to_owned), 1 => "\\PC"];
    prop::collection::vec(piece, 0..=most).prop_map(|pieces| pieces.concat())
}

pub(crate) const PATH: &[&str] = &[
    "/", "/", "//", "/.", "/..", "/../", "/./", ".", "..", "a", "b", "Z9", "%2F", "%2f", "%2e", "%41", "%7e",
    "%25", "%", "%4", "%zz", "%C3%A9", "%c3", "%ff", "%00", "+", "~", "*", "@", ":", " ", "  ", "=", "&",
    ";", ",", "!", "$", "'", "(", ")", "[", "]", "{", "}", "|", "^", "`", "\"", "<", ">", "\\", "-", "_",
    "é", "e\u{301}", "ሴ", "日本", "😀",
];
pub(crate) const QUERY: &[&str] = &[
    "&", "&", "&", "=", "=", "a", "b", "A", "a=", "&a", "&a&", "ab", "+", "%20", " ", "/", "?", "~", "*",
    "@", ":", "'", "%2B", "%2b", "%26", "%3D", "%", "%z", "%41", "é", "ሴ", "X", "x-id", "%ff", "%C3%A9",
    "X-Amz", "-", "_", ".", "|",
];
pub(crate) const KEY: &[&str] = &[
    "/", "//", "/./", "/../", ".", "..", "a", "Z", "%2F", "%", "+", "~", "*", "@", ":", " ", "=", "&", "?",
    "#", ";", ",", "'", "\"", "\\", "<", "é", "e\u{301}", "ሴ", "😀", "\n", "\r", "\0", "\t", "\u{7f}",
];
pub(crate) const BUCKET: &[&str] =
    &["my-bucket", "b", "a.b", ".", "..", "/", "A", "_", " ", "é", "%2F", "?", "#", "1.2.3.4"];
pub(crate) const VALUE: &[&str] = &[
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
pub(crate) const NAME: &[&str] = &[
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
pub(crate) const STREAMED: &str = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
pub(crate) const STREAMED_SIGNED: &str = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";

pub(crate) fn value() -> impl Strategy<Value = String> {
    let visible = |text: String| text.replace(|c: char| c != '\t' && !(' '..='~').contains(&c), "");
    text(VALUE, 5).prop_map(visible)
}

pub(crate) fn headers() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    prop::collection::vec((select(NAME), value()), 0..8)
}

pub(crate) fn how() -> impl Strategy<Value = How> {
    let token = select(&[Token::Added, Token::S3Session, Token::Signed][..]);
    let rules = (any::<[bool; 3]>(), token, 0..4).prop_map(|(any, token, which)| {
        let mut rules = Rules::OTHERS;
        match which {
            0 => return Rules::S3,
            1 => return rules,
            _ => {}
        }
        rules.encoding = if any[0] { PathEncoding::Once } else { PathEncoding::Twice };
        rules.dots = if any[1] { Dots::Kept } else { Dots::Resolved };
        rules.content_sha256 = if any[2] { ContentSha256::Kept } else { ContentSha256::Sent };
        rules.token = token;
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
    let keys = ("[A-Z0-9]{1,20}", "[A-Za-z0-9/+=]{0,80}", prop::option::of("[A-Za-z0-9/+= ]{1,200}"));
    let scope = ("[a-z]{2}-[a-z]{3,9}-[1-9]", select(&["s3", "sqs", "execute-api"][..]), any::<u32>());
    // ECDSA takes hundreds of times as long as HMAC.
    let region_set = prop::option::weighted(0.1, r"\*|[a-z]{2}-[a-z]{3,9}-[1-9](,[a-z]{2}-\*){0,2}");
    let all = (rules, payload, expires, keys, scope, region_set);
    all.prop_map(|(rules, payload, expires, keys, scope, region_set)| How {
        rules,
        expires,
        payload,
        access_key: keys.0,
        secret_key: keys.1,
        token: keys.2,
        region: scope.0,
        region_set,
        service: scope.1,
        seconds: scope.2,
    })
}

pub(crate) fn method() -> impl Strategy<Value = Method> {
    let names = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];
    select(names.to_vec()).prop_map(|name| Method::named(name).unwrap())
}

#[derive(Clone, Debug)]
pub(crate) struct Web {
    pub(crate) method: Method,
    pub(crate) origin: &'static str,
    pub(crate) path: String,
    pub(crate) query: Option<String>,
    pub(crate) host: Option<&'static str>,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

pub(crate) fn web() -> impl Strategy<Value = Web> {
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
pub(crate) struct Input {
    pub(crate) which: usize,
    pub(crate) bucket: String,
    pub(crate) key: String,
    pub(crate) texts: [String; 3],
    pub(crate) values: [String; 3],
    pub(crate) number: i64,
    pub(crate) style: Addressing,
    pub(crate) url: Option<&'static str>,
}

pub(crate) fn input() -> impl Strategy<Value = Input> {
    let style = select(&[Addressing::Auto, Addressing::Path, Addressing::Virtual][..]);
    let urls = ["http://localhost:9000", "https://gateway.example/a%20b/(c)//d/", "http://[::1]:1/../x"];
    let url = prop::option::weighted(0.4, select(urls.to_vec()));
    let full = |text: String| if text.is_empty() { "k".to_owned() } else { text };
    let texts = [text(KEY, 5), text(KEY, 5), text(KEY, 5)];
    let values = [value(), value(), value()];
    (
        0..9_usize,
        // No endpoint is found for those.
        text(BUCKET, 3)
            .prop_map(full)
            .prop_filter("steps of a path", |bucket| !matches!(&**bucket, "." | "..")),
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
    pub(crate) fn operate<O: Operation>(&self, how: &How, operation: &O, check: Check<'_>) -> TestCaseResult {
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
    pub(crate) fn has_path(&self, sent: &Sent, key: &str) -> TestCaseResult {
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
