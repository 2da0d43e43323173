//! The loads of the benchmarks: eight things that are signed, and what must be hashed for each.
//!
//! A [`Load`] says what is asked for in plain names and values, so that any signer can prepare it in its own way;
//! [`Ours`] is it prepared for tucuxi. Whoever measures prepares first and then only signs. Everything is
//! the same in each run: the time, the credentials and the token are constants.

mod blocks;
mod ours;

use std::sync::LazyLock;

use tucuxi_core::request::Method;

pub use self::blocks::Blocks;
pub use self::blocks::blocks;
pub use self::ours::Ours;

/// The access key ID of all loads.
pub const ACCESS_KEY: &str = "AKIAIOSFODNN7EXAMPLE";
/// Its secret: the one of AWS's documentation.
pub const SECRET_KEY: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
/// The region of all loads.
pub const REGION: &str = "us-east-1";
/// When all loads are signed: 2026-11-22, 12:00 UTC, in seconds since 1970.
pub const NOW: i64 = 1_795_348_800;
/// How long presigned URLs last, in seconds.
pub const EXPIRES: u32 = 3600;
/// The length of the session token in bytes.
pub const TOKEN: usize = 740;

/// The size of a chunk in bytes.
pub const CHUNK: usize = 64 * 1024;

/// What the signature says of the body.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "what the loads have")]
pub enum Says {
    /// `STREAMING-AWS4-HMAC-SHA256-PAYLOAD`: it goes out in chunks of [`CHUNK`] bytes, each with a signature.
    Chunks,
    /// Its SHA-256.
    Hash,
    /// `UNSIGNED-PAYLOAD`.
    Unsigned,
}

/// Where the proof stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "what the loads have")]
pub enum Place {
    /// In the `authorization` header.
    Headers,
    /// In the query: a presigned URL.
    Query,
}

/// Something to sign.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Load {
    /// The short name, as in tables.
    pub name: &'static str,
    /// What it is.
    pub title: &'static str,
    /// The service's name in the credential scope.
    pub service: &'static str,
    /// The verb.
    pub method: Method,
    /// The host it goes to, over https.
    pub host: &'static str,
    /// The path without its leading slash. Nothing in it wants encoding.
    pub path: &'static str,
    /// The query, not encoded, in the order of the names.
    pub query: &'static [(&'static str, &'static str)],
    /// The headers of the request's own, in the order of their lower-case names.
    pub headers: &'static [(&'static str, &'static str)],
    /// The session token, where there is one.
    pub token: Option<&'static str>,
    /// The body.
    pub body: &'static [u8],
    /// What is said of the body.
    pub says: Says,
    /// Where the proof stands.
    pub place: Place,
}

impl Load {
    /// All of them.
    #[must_use]
    pub fn all() -> &'static [Self] {
        &LOADS
    }

    /// The URL, with the query percent-encoded.
    #[must_use]
    pub fn url(&self) -> String {
        let mut url = format!("https://{}/{}", self.host, self.path);
        for (at, (name, value)) in self.query.iter().enumerate() {
            url.push(if at == 0 { '?' } else { '&' });
            for (text, end) in [(name, "="), (value, "")] {
                for byte in text.bytes() {
                    match byte {
                        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                            url.push(char::from(byte));
                        }
                        _ => url.push_str(&format!("%{byte:02X}")),
                    }
                }
                url.push_str(end);
            }
        }
        url
    }
}

const BUCKET: &str = "examplebucket.s3.us-east-1.amazonaws.com";
const KEY: &str = "photos/2026/11/dolphin.jpg";

static LOADS: LazyLock<Vec<Load>> = LazyLock::new(|| {
    let token: &'static str = token().leak();
    let get = Load {
        name: "a",
        title: "GetObject",
        service: "s3",
        method: Method::Get,
        host: BUCKET,
        path: KEY,
        query: &[],
        headers: &[("range", "bytes=0-1048575")],
        token: None,
        body: &[],
        says: Says::Unsigned,
        place: Place::Headers,
    };
    let presigned =
        Load { name: "c", title: "GetObject presigned", headers: &[], place: Place::Query, ..get };
    vec![
        get.clone(),
        Load { name: "at", title: "GetObject, token", token: Some(token), ..get },
        Load {
            name: "b",
            title: "ListObjectsV2, 5 parameters",
            path: "",
            query: &[
                ("continuation-token", "1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4vbOwM="),
                ("delimiter", "/"),
                ("list-type", "2"),
                ("max-keys", "1000"),
                ("prefix", "photos/2026/"),
            ],
            headers: &[],
            says: Says::Hash,
            ..get
        },
        presigned.clone(),
        Load { name: "ct", title: "GetObject presigned, token", token: Some(token), ..presigned },
        Load {
            name: "d",
            title: "SendMessage, 256 B",
            service: "sqs",
            method: Method::Post,
            host: "sqs.us-east-1.amazonaws.com",
            path: "",
            headers: &[
                ("content-type", "application/x-amz-json-1.0"),
                ("x-amz-target", "AmazonSQS.SendMessage"),
            ],
            body: message().leak(),
            says: Says::Hash,
            ..get
        },
        Load {
            name: "e",
            title: "PutObject, 64 KiB",
            method: Method::Put,
            headers: &[("content-type", "image/jpeg")],
            body: bytes(64 * 1024).leak(),
            says: Says::Hash,
            ..get
        },
        Load {
            name: "f",
            title: "PutObject, 16 chunks of 64 KiB",
            method: Method::Put,
            headers: &[
                ("content-encoding", "aws-chunked"),
                ("content-type", "image/jpeg"),
                ("x-amz-decoded-content-length", "1048576"),
            ],
            body: bytes(16 * CHUNK).leak(),
            says: Says::Chunks,
            ..get
        },
    ]
});

/// A body of 256 bytes that sends a message.
fn message() -> Vec<u8> {
    let begin = r#"{"QueueUrl":"https://sqs.us-east-1.amazonaws.com/123456789012/readings","MessageBody":""#;
    let end = r#""}"#;
    let text = "It is warm in the greenhouse, and the dolphins are fine. ".repeat(4);
    let room = 256 - begin.len() - end.len();
    [begin, &text[..room], end].concat().into_bytes()
}

/// A token like those that STS gives out: base64, where some characters want encoding in a URL.
fn token() -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    bytes(TOKEN).into_iter().map(|byte| char::from(DIGITS[usize::from(byte) % 64])).collect()
}

/// Bytes that look like chance and are the same each time: the high bits of a linear congruence.
fn bytes(count: usize) -> Vec<u8> {
    let mut state: u64 = 1;
    let next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state.to_be_bytes()[0]
    };
    std::iter::repeat_with(next).take(count).collect()
}
