//! Why a claim is not believed.

use core::fmt;

/// Why a request is refused. Which header or parameter it is about is said; values never are.
///
/// Returned by [`Claim::read`](super::Claim::read) and [`Claim::verify`](super::Claim::verify).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Refusal<'a> {
    /// Nothing says who signed: an anonymous request.
    Absent,
    /// It is signed in another way than with `AWS4-HMAC-SHA256`.
    Algorithm,
    /// The body is not the one whose SHA-256 was sent.
    Body,
    /// It is signed in the headers and in the query.
    BothPlaces,
    /// The day of the scope is not that of the time.
    Day,
    /// A header or parameter of signing stands there more than once, the case of its letters aside.
    Duplicate {
        /// Its name.
        name: &'static str,
    },
    /// It was signed in the future, by more than the skew that is allowed.
    Early,
    /// The URL has expired.
    Expired,
    /// The key that it is to be verified with is not for the access key ID, day, region and service that it names.
    Key,
    /// It was signed too long ago: [`Terms::max_skew`](super::Terms::max_skew).
    Late,
    /// Something is not written as it should be.
    Malformed {
        /// What that is.
        piece: Piece,
    },
    /// Something that the signature needs is not there: a parameter, or a header that is said to be signed.
    Missing {
        /// Its name.
        name: &'a str,
    },
    /// The SHA-256 of the body is needed, and the request does not say it: [`Terms::body`](super::Terms::body).
    NoBody,
    /// There is not enough room for the pairs that are signed, or for the claim's texts: lend `needed`.
    Room {
        /// The number of pairs or bytes that would do.
        needed: usize,
    },
    /// The signature is for another region or service than this one.
    Scope,
    /// The signature is wrong: another key, or not what was signed.
    Signature,
    /// The scope does not end with `aws4_request`.
    Terminator,
    /// A header that has to be signed is not.
    Unsigned {
        /// Its name as received.
        name: &'a str,
    },
}

/// A part of a request that can be malformed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Piece {
    /// The `Authorization` header as a whole.
    Authorization,
    /// What says who signed, and for what.
    Credential,
    /// The time of signing.
    Date,
    /// How long the URL lasts.
    Expires,
    /// The name or the value of a header.
    Header,
    /// The method: none that AWS's services have.
    Method,
    /// What `x-amz-content-sha256` says.
    Payload,
    /// The signature.
    Signature,
    /// The list of signed headers: no names in lower case and in order, or without `host`.
    SignedHeaders,
    /// The target of the request: no path with a query.
    Target,
}

impl Refusal<'_> {
    /// The variant in lower case, for logs and for programs in other languages.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Algorithm => "algorithm",
            Self::Body => "body",
            Self::BothPlaces => "both_places",
            Self::Day => "day",
            Self::Duplicate { .. } => "duplicate",
            Self::Early => "early",
            Self::Expired => "expired",
            Self::Key => "key",
            Self::Late => "late",
            Self::Malformed { .. } => "malformed",
            Self::Missing { .. } => "missing",
            Self::NoBody => "no_body",
            Self::Room { .. } => "room",
            Self::Scope => "scope",
            Self::Signature => "signature",
            Self::Terminator => "terminator",
            Self::Unsigned { .. } => "unsigned",
        }
    }
}

impl fmt::Display for Refusal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => f.write_str("the request is not signed"),
            Self::Algorithm => f.write_str("the request is not signed with AWS4-HMAC-SHA256"),
            Self::Body => f.write_str("the body is not the one that was signed"),
            Self::BothPlaces => f.write_str("the request is signed in the headers and in the query"),
            Self::Day => f.write_str("the day of the scope is not that of the time"),
            Self::Duplicate { name } => write!(f, "{name} is said more than once"),
            Self::Early => f.write_str("the request is signed in the future"),
            Self::Expired => f.write_str("the URL has expired"),
            Self::Key => f.write_str("the key is for another access key ID, day, region or service"),
            Self::Late => f.write_str("the request was signed too long ago"),
            Self::Malformed { piece } => write!(f, "{} malformed", piece.is()),
            Self::Missing { name } => write!(f, "{name:?} is missing"),
            Self::NoBody => f.write_str("the SHA-256 of the body is needed"),
            Self::Room { needed } => write!(f, "room for {needed} is needed"),
            Self::Scope => f.write_str("the request is signed for another region or service"),
            Self::Signature => f.write_str("the signature does not match"),
            Self::Terminator => f.write_str("the scope does not end with aws4_request"),
            Self::Unsigned { name } => write!(f, "the header {name:?} is not signed"),
        }
    }
}

impl core::error::Error for Refusal<'_> {}

impl Piece {
    const fn is(self) -> &'static str {
        match self {
            Self::Authorization => "the authorization is",
            Self::Credential => "the credential is",
            Self::Date => "the time of signing is",
            Self::Expires => "the time that the URL lasts is",
            Self::Header => "a header is",
            Self::Method => "the method is",
            Self::Payload => "what is said of the body is",
            Self::Signature => "the signature is",
            Self::SignedHeaders => "the list of signed headers is",
            Self::Target => "the target is",
        }
    }
}
