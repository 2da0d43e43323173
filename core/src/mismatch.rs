//! Why a server found another signature: its texts and ours, line by line, in words.
//!
//! A server that refuses a signature may show what it made of the request: S3 sends its canonical request and
//! its string to sign along with `SignatureDoesNotMatch`, other services of AWS put them into the message. A
//! [`Mismatch`] holds them beside what was signed, and [`Mismatch::findings`] says which lines differ and
//! why. What is reported is what was *seen* to differ; where both texts are equal to the byte, the secret keys
//! are not. Session tokens, customers' encryption keys and signatures are never part of a [`Finding`].
//!
//! Nothing here signs, sends or decides anything.

mod compare;
mod read;
mod say;

use core::fmt;

pub use self::compare::Cause;
use self::compare::lines;
use self::compare::scopes;

/// The two texts that a signature is made of, as one of both sides has them.
#[derive(Clone, Copy)]
pub struct Texts<'a> {
    canonical_request: Option<&'a [u8]>,
    string_to_sign: &'a [u8],
}

impl<'a> Texts<'a> {
    /// A string to sign, and the canonical request where that is known.
    #[must_use]
    pub const fn new(canonical_request: Option<&'a [u8]>, string_to_sign: &'a [u8]) -> Self {
        Self { canonical_request, string_to_sign }
    }
}

impl fmt::Debug for Texts<'_> {
    /// Without the texts: a session token is among the headers.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Texts")
            .field("canonical_request", &self.canonical_request.is_some())
            .finish_non_exhaustive()
    }
}

/// What was signed beside what the server made of it.
///
/// ```
/// use tucuxi_core::endpoint::Endpoint;
/// use tucuxi_core::mismatch::Mismatch;
/// use tucuxi_core::request::{Pair, Raw};
/// use tucuxi_core::sigv4::{Credentials, Payload, Rules, Signer, SigningKey};
/// use tucuxi_core::time::Time;
///
/// let mut pairs = [Pair::EMPTY; 4];
/// let request = Raw::from_url("http://localhost:9000/a", &mut pairs).unwrap().finish().unwrap();
/// let endpoint = Endpoint::new(false, "localhost:9000", "s3", "us-east-1");
/// let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
/// let now = Time::parse_stamp(b"20260102T030405Z").unwrap();
/// let key = SigningKey::derive(&credentials, now, "us-east-1", "s3");
/// let signer = Signer::new(&credentials, &key, Rules::S3);
/// let signed = signer.sign(&request, endpoint, now, Payload::Unsigned);
///
/// // What the server says behind a proxy that drops the port.
/// let body = b"<Error><Code>SignatureDoesNotMatch</Code>\
/// <StringToSign>AWS4-HMAC-SHA256\n20260102T030405Z\n20260102/us-east-1/s3/aws4_request\n77aa</StringToSign>\
/// <CanonicalRequest>GET\n/a\n\nhost:localhost\nx-amz-content-sha256:UNSIGNED-PAYLOAD\n\
/// x-amz-date:20260102T030405Z\n\nhost;x-amz-content-sha256;x-amz-date\nUNSIGNED-PAYLOAD</CanonicalRequest></Error>";
/// let mut room = [0; 1024];
/// let mismatch = Mismatch::read(&signed, body, &mut room).unwrap();
/// let said = mismatch.findings().next().unwrap().to_string();
/// assert_eq!(said, r#"the Host that arrived lacks :9000 (signed "localhost:9000", the server has "localhost")"#);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Mismatch<'a> {
    ours: Texts<'a>,
    theirs: Texts<'a>,
    /// The access key IDs of both, where the server names one.
    access_keys: Option<[&'a [u8]; 2]>,
    /// Whether the signature that arrived is another than the one that was made.
    changed: bool,
}

impl<'a> Mismatch<'a> {
    /// Puts two pairs of texts side by side: what was signed, and what the server made of it.
    #[must_use]
    pub const fn new(ours: Texts<'a>, theirs: Texts<'a>) -> Self {
        Self { ours, theirs, access_keys: None, changed: false }
    }

    /// What differs, in the order of the texts: never nothing, since where all is equal the
    /// [key](Part::Key) is not.
    pub fn findings(&self) -> impl Iterator<Item = Finding<'a>> + use<'a> {
        let alike = self.differences().next().is_none();
        let key =
            Finding { part: Part::Key, cause: Cause::Changed, ours: Side::Hidden, theirs: Side::Hidden };
        self.differences().chain(alike.then_some(key))
    }

    fn differences(&self) -> impl Iterator<Item = Finding<'a>> + use<'a> {
        let access_key = self
            .access_keys
            .filter(|[ours, theirs]| ours != theirs)
            .map(|[ours, theirs]| Finding::new(Part::AccessKey, Cause::Changed, Some(ours), Some(theirs)));
        let (ours, theirs) = (self.ours, self.theirs);
        let requests = ours.canonical_request.zip(theirs.canonical_request);
        let shown = requests.is_some_and(|(ours, theirs)| lines(ours, theirs).next().is_some());
        let changed = self.changed.then_some(Finding {
            part: Part::Signature,
            cause: Cause::Changed,
            ours: Side::Hidden,
            theirs: Side::Hidden,
        });
        access_key
            .into_iter()
            .chain(requests.into_iter().flat_map(|(ours, theirs)| lines(ours, theirs)))
            .chain(scopes(ours.string_to_sign, theirs.string_to_sign, shown))
            .chain(changed)
            .map(move |finding| finding.without(ours.canonical_request.unwrap_or_default()))
    }
}

/// One thing that differs. Its `Display` is the sentence for people; its parts are for programs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Finding<'a> {
    /// What it is that differs.
    pub part: Part<'a>,
    /// Why, as far as it can be told from the two.
    pub cause: Cause,
    /// What was signed.
    pub ours: Side<'a>,
    /// What the server has.
    pub theirs: Side<'a>,
}

impl<'a> Finding<'a> {
    fn new(part: Part<'a>, cause: Cause, ours: Option<&'a [u8]>, theirs: Option<&'a [u8]>) -> Self {
        let hidden = match part {
            Part::Header(name) | Part::Query(name) => compare::is_secret(name),
            Part::Hidden => true,
            _ => false,
        };
        let [ours, theirs] = [ours, theirs].map(|text| Side::of(text, hidden));
        // A name that looks as if it had a value in it comes from a text in disorder.
        let part = match part {
            Part::Header(name) | Part::Query(name) if compare::tells_secret(name) => Part::Hidden,
            part => part,
        };
        Self { part, cause, ours, theirs }
    }

    /// Hides what a server may have put in the wrong place: the values of the secrets in our request, whatever has eleven
    /// bytes of one of them, and what is too long to be looked through for that.
    fn without(self, request: &[u8]) -> Self {
        const LONG: usize = 4096;
        let tells = |text: &[u8]| {
            compare::secrets(request).any(|secret| {
                let mut pieces = secret.windows(8).step_by(4);
                text.len() > LONG
                    || compare::contains(text, secret)
                    || pieces.any(|piece| compare::contains(text, piece))
            })
        };
        let side = |side: Side<'a>| match side {
            Side::Bytes(text) if tells(text) => Side::Hidden,
            side => side,
        };
        let part = match self.part {
            Part::Header(name) | Part::Query(name) if tells(name) => Part::Hidden,
            part => part,
        };
        Self { part, ours: side(self.ours), theirs: side(self.theirs), ..self }
    }
}

/// A part of what is signed, in the order of the texts.
#[derive(Clone, Copy, Eq, PartialEq)]
#[non_exhaustive]
pub enum Part<'a> {
    /// The access key ID. Only what it is for is part of the texts, so its key is another as well.
    AccessKey,
    /// The verb.
    Method,
    /// The canonical path.
    Path,
    /// A query parameter, by its encoded name.
    Query(&'a [u8]),
    /// The canonical query as a whole: its order.
    QueryOrder,
    /// A header, by its lower-case name.
    Header(&'a [u8]),
    /// Something in the server's text that is not shown, because it may hold a secret.
    Hidden,
    /// The list of the signed headers.
    SignedHeaders,
    /// What is said of the body, the last line of the canonical request.
    Payload,
    /// The first line of the string to sign.
    Algorithm,
    /// The time of signing.
    Time,
    /// The day in the scope.
    Day,
    /// The region in the scope.
    Region,
    /// The service in the scope.
    Service,
    /// The end of the scope, `aws4_request`.
    Terminator,
    /// The canonical request as a whole: its hash in the string to sign.
    CanonicalRequest,
    /// The signature itself.
    Signature,
    /// The secret key: all else is the same.
    Key,
}

/// What one side has of a part.
#[derive(Clone, Copy, Eq, PartialEq)]
#[non_exhaustive]
pub enum Side<'a> {
    /// Nothing: it does not have that part.
    Absent,
    /// This text.
    Bytes(&'a [u8]),
    /// Something that is not to be shown.
    Hidden,
}

impl<'a> Side<'a> {
    fn of(text: Option<&'a [u8]>, hidden: bool) -> Self {
        match text {
            None => Self::Absent,
            Some(text) if hidden || compare::tells_secret(text) => Self::Hidden,
            Some(text) => Self::Bytes(text),
        }
    }

    /// The text; none where there is none, or none to be shown.
    #[must_use]
    pub const fn bytes(self) -> Option<&'a [u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            Self::Absent | Self::Hidden => None,
        }
    }
}

/// Why a reply cannot be compared with what was signed.
///
/// Returned by [`Mismatch::read`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Unreadable {
    /// The server does not show what it signed. Only AWS's own do, and few others.
    Absent,
    /// Nothing was signed: the request was sent in nobody's name.
    Anonymous,
    /// The room is too small: lend `needed` bytes.
    Room {
        /// The size in bytes that would do.
        needed: usize,
    },
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => f.write_str("the reply does not show what the server signed"),
            Self::Anonymous => f.write_str("the request was not signed"),
            Self::Room { needed } => write!(f, "room for {needed} bytes is needed"),
        }
    }
}

impl core::error::Error for Unreadable {}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "tests may overflow loudly")]
mod tests;
