//! What services ask of a signature, each in its way.

/// How a service wants its requests signed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Rules {
    /// How often the path is percent-encoded in the canonical request.
    pub encoding: PathEncoding,
    /// What becomes of `.`, `..` and empty segments of the path in the canonical request.
    pub dots: Dots,
    /// Whether the hash of the body is sent, in `x-amz-content-sha256`.
    pub content_sha256: ContentSha256,
    /// Whether the session token is part of what is signed.
    pub token: Token,
}

impl Rules {
    /// S3's: the path as it is, and the hash of the body in a header.
    pub const S3: Self = Self {
        encoding: PathEncoding::Once,
        dots: Dots::Kept,
        content_sha256: ContentSha256::Sent,
        token: Token::Signed,
    };

    /// S3's for requests in a session of a directory bucket, whose token has a header of its own: those that
    /// are signed with what
    /// [CreateSession](https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateSession.html) returned. Their service
    /// is `s3express`: `Endpoint::new(true, host, "s3express", region)`, and so is their key's.
    pub const S3_SESSION: Self = Self { token: Token::S3Session, ..Self::S3 };

    /// Every other service's.
    pub const OTHERS: Self = Self {
        encoding: PathEncoding::Twice,
        dots: Dots::Resolved,
        content_sha256: ContentSha256::Kept,
        token: Token::Signed,
    };

    /// The rules of a service by its name in the credential scope: S3 and its kin, or all others.
    ///
    /// For `s3express` they are those of CreateSession and of what manages directory buckets. Requests in a session
    /// take [`S3_SESSION`](Self::S3_SESSION), which no name tells.
    #[must_use]
    pub fn of(service: &str) -> Self {
        match service {
            "s3" | "s3-object-lambda" | "s3-outposts" | "s3express" => Self::S3,
            _ => Self::OTHERS,
        }
    }
}

/// How often the path is percent-encoded in the canonical request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "AWS's two ways")]
pub enum PathEncoding {
    /// As it goes on the wire.
    Once,
    /// As it goes on the wire, and once more.
    Twice,
}

/// What becomes of `.`, `..` and empty segments of the path in the canonical request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "AWS's two ways")]
pub enum Dots {
    /// They stay: an S3 key may be called `..`.
    Kept,
    /// They are resolved, as RFC 3986 does and with empty segments dropped. The path on the wire stays as it is.
    Resolved,
}

/// Whether the hash of the body is sent.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "it is sent or it is not")]
pub enum ContentSha256 {
    /// It is only part of the canonical request.
    Kept,
    /// It is sent in `x-amz-content-sha256`.
    Sent,
}

/// Whether the session token is part of what is signed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "AWS's two ways")]
pub enum Token {
    /// It is added after signing, as AWS IoT's MQTT over WebSocket wants it:
    ///
    /// ```
    /// use tucuxi_core::sigv4::{Rules, Token};
    ///
    /// let mut rules = Rules::OTHERS;
    /// rules.token = Token::Added;
    /// ```
    Added,
    /// It is signed, and called `x-amz-s3session-token`: a session of S3 Express.
    S3Session,
    /// It is signed.
    Signed,
}

impl Token {
    /// The name of its header.
    pub(crate) const fn header(self) -> &'static str {
        match self {
            Self::S3Session => "x-amz-s3session-token",
            Self::Added | Self::Signed => "x-amz-security-token",
        }
    }
}
