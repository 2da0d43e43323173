//! What is signed and sent: a [`Request`] is two sorted lists of name and value, a path and a body.
//!
//! An operation fills a [`Draft`] in room that its caller lends; a request for anything else comes from
//! [`Raw`]. Both end in the same thing, borrowed from what the caller already has: no text is copied,
//! joined or encoded here; each reader of the lists does that on its way into a sink. Once a request
//! exists it is valid: names are names, no value holds a control character, and both lists are in the
//! order in which SigV4 reads them.
//!
//! Nothing here knows of signing or of a server: see [`sigv4`](crate::sigv4) and [`endpoint`](crate::endpoint).

mod draft;
mod order;
mod raw;
mod received;
mod value;

use core::fmt;

pub use self::draft::Draft;
pub(crate) use self::order::by_escaped;
pub(crate) use self::order::by_header;
pub(crate) use self::order::bytes;
pub use self::raw::Raw;
pub(crate) use self::value::Folded;
pub(crate) use self::value::Line;
pub use self::value::Pair;
pub use self::value::TimeFormat;
pub use self::value::Value;

use crate::encode::Percent;
use crate::encode::PlusIs;
use crate::encode::escape;
use crate::encode::percent_decode;
use crate::encode::unreserved;
use crate::sink::Count;
use crate::sink::Literal;
use crate::sink::Recite;
use crate::sink::SMALL;
use crate::sink::Sink;
use crate::uri::UrlError;

/// The verb of a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "HTTP's list is closed for our purpose")]
pub enum Method {
    /// `DELETE`
    Delete,
    /// `GET`
    Get,
    /// `HEAD`
    Head,
    /// `OPTIONS`
    Options,
    /// `PATCH`
    Patch,
    /// `POST`
    Post,
    /// `PUT`
    Put,
}

impl Method {
    const ALL: [Self; 7] =
        [Self::Delete, Self::Get, Self::Head, Self::Options, Self::Patch, Self::Post, Self::Put];

    /// The verb as it stands in a request line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Delete => "DELETE",
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Options => "OPTIONS",
            Self::Patch => "PATCH",
            Self::Post => "POST",
            Self::Put => "PUT",
        }
    }

    /// The verb as it stands in a canonical request, with the end of its line.
    pub(crate) const fn line(self) -> &'static str {
        match self {
            Self::Delete => "DELETE\n",
            Self::Get => "GET\n",
            Self::Head => "HEAD\n",
            Self::Options => "OPTIONS\n",
            Self::Patch => "PATCH\n",
            Self::Post => "POST\n",
            Self::Put => "PUT\n",
        }
    }

    /// The method of that name, in upper case.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.as_str() == name)
    }
}

/// Whether names, values and paths are encoded already.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "there is no third way")]
pub enum Coding {
    /// Percent-encoded, as in a URL. What is encoded stays so, in AWS's one spelling of it (`%2f`
    /// becomes `%2F`, `%41` becomes `A`); what should have been encoded is.
    Percent,
    /// Plain: a `%` is a `%`.
    Plain,
}

/// How a path is spelled. For a path that came plain, `Once` and `Url` are the same.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "there is no fourth way")]
pub enum Spelling {
    /// With everything encoded that SigV4 encodes: S3's canonical path, and its path on the wire.
    Once,
    /// As on the wire, and encoded again: the canonical path of all other services.
    Twice,
    /// As in the URL, where `@` or `:` may stand as they are: the others' path on the wire. What may
    /// not stand in a URL is encoded.
    Url,
}

/// The body of a request.
#[derive(Clone, Copy, Default)]
#[non_exhaustive]
pub enum Body<'r> {
    /// Bytes that lie in memory.
    Bytes(&'r [u8]),
    /// A text that is written on demand.
    Document(&'r dyn Recite),
    /// None.
    #[default]
    Empty,
}

impl Body<'_> {
    /// The length in bytes. A document is written once to find out.
    #[must_use]
    pub fn bytes(&self) -> usize {
        match self {
            Body::Bytes(bytes) => bytes.len(),
            Body::Document(document) => {
                let mut count = Count::default();
                document.recite(&mut count);
                count.bytes()
            }
            Body::Empty => 0,
        }
    }
}

impl fmt::Debug for Body<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Body::Bytes(_) => "Bytes(…)",
            Body::Document(_) => "Document(…)",
            Body::Empty => "Empty",
        })
    }
}

impl Recite for Body<'_> {
    fn recite(&self, to: &mut dyn Sink) {
        match self {
            Body::Bytes(bytes) => to.put(bytes),
            Body::Document(document) => document.recite(to),
            Body::Empty => {}
        }
    }
}

/// A valid request, borrowed from the operation it was made of and from the room lent for its pairs.
#[derive(Clone, Copy, Debug)]
pub struct Request<'r> {
    method: Method,
    bucket: &'r str,
    path: &'r str,
    coding: Coding,
    query: &'r [Pair<'r>],
    headers: &'r [Pair<'r>],
    unsigned: &'r [Pair<'r>],
    body: Body<'r>,
    /// Whether a name is among the signed headers more than once.
    repeats: bool,
    shape: Shape,
}

/// What was seen of a path when its request was made.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Shape {
    /// Some of it is encoded, in one spelling or the other.
    Any,
    /// All spellings of it are the same.
    Plain,
    /// That, and it has no empty segments and none that begins with a dot.
    Tidy,
}

impl Shape {
    pub(crate) fn of(path: &str) -> Self {
        if SMALL {
            return Self::Any;
        }
        let (mut shape, mut before) = (Self::Tidy, b'/');
        for byte in path.bytes() {
            if before == b'/' && matches!(byte, b'/' | b'.') {
                shape = shape.min(Self::Plain);
            }
            if byte != b'/' && !unreserved(byte) {
                return Self::Any;
            }
            before = byte;
        }
        shape
    }
}

impl<'r> Request<'r> {
    /// The verb.
    #[must_use]
    pub const fn method(&self) -> Method {
        self.method
    }

    /// The bucket the request is for; empty where there is none. Whether it goes into the host or
    /// the path is the endpoint's business.
    #[must_use]
    pub const fn bucket(&self) -> &'r str {
        self.bucket
    }

    /// The path behind the bucket, without its leading slash: an S3 key, or what a URL says.
    #[must_use]
    pub const fn path(&self) -> &'r str {
        self.path
    }

    /// Whether the path and the query are percent-encoded.
    #[must_use]
    pub const fn coding(&self) -> Coding {
        self.coding
    }

    /// The query, in the order of the encoded names.
    #[must_use]
    pub const fn query(&self) -> &'r [Pair<'r>] {
        self.query
    }

    /// The headers that are signed, in the order of their lower-case names.
    #[must_use]
    pub const fn headers(&self) -> &'r [Pair<'r>] {
        self.headers
    }

    /// The headers that are sent but never signed, because proxies change them.
    #[must_use]
    pub const fn unsigned(&self) -> &'r [Pair<'r>] {
        self.unsigned
    }

    /// The body.
    #[must_use]
    pub const fn body(&self) -> Body<'r> {
        self.body
    }

    /// Whether a name is among the signed headers more than once.
    pub(crate) const fn repeats(&self) -> bool {
        SMALL || self.repeats
    }

    /// What was seen of the path.
    pub(crate) const fn shape(&self) -> Shape {
        self.shape
    }

    /// Writes the path in one of its spellings, without what the endpoint puts in front of it.
    pub fn write_path(&self, spelling: Spelling, to: &mut dyn Sink) {
        let mut between: &[u8] = b"";
        for segment in self.path.as_bytes().split(|byte| *byte == b'/') {
            to.put(between);
            between = b"/";
            write_segment(self.coding, spelling, segment, to);
        }
    }

    /// Writes one pair of the query as it goes on the wire: `name=value`, or the name alone where it is a flag.
    pub(crate) fn write_wire_pair(&self, pair: &Pair<'_>, mut to: &mut dyn Sink) {
        match pair.value() {
            // Without a name, only the equals sign is left to see of it.
            Value::Flag if !pair.name().is_empty() => write_text(self.coding, pair.name().as_bytes(), to),
            _ => self.write_canonical_pair(pair, &mut to),
        }
    }

    /// Writes one pair of the query as it is signed, always with an equals sign.
    #[inline(always)]
    pub(crate) fn write_canonical_pair<S: Literal>(&self, pair: &Pair<'_>, to: &mut S) {
        let form = pair.form();
        if form.name {
            to.put(pair.name().as_bytes());
        } else {
            to.slow(|to| write_text(self.coding, pair.name().as_bytes(), to));
        }
        to.literal(b"=");
        match pair.value() {
            Value::Text(text) if form.value => to.put(text.as_bytes()),
            _ if form.value => to.slow(|to| pair.write_value(to)),
            _ => to.slow(|to| write_value(self.coding, pair, to)),
        }
    }
}

/// Writes the value of a query parameter in the one spelling that AWS signs.
fn write_value(coding: Coding, pair: &Pair<'_>, to: &mut dyn Sink) {
    match pair.value() {
        Value::Text(text) => write_text(coding, text.as_bytes(), to),
        _ => pair.write_value(&mut Percent::component(to)),
    }
}

/// Writes one segment of a path. They are written apart so that a `%2F` does not become a slash.
///
/// In a URL only that is encoded which may not stand there
/// ([RFC 3986, 3.3](https://www.rfc-editor.org/rfc/rfc3986#section-3.3)).
pub(crate) fn write_segment(coding: Coding, spelling: Spelling, segment: &[u8], to: &mut dyn Sink) {
    if spelling == Spelling::Twice {
        return write_segment(coding, Spelling::Url, segment, &mut Percent::component(to));
    }
    let mut rest = segment;
    while let Some((first, behind)) = rest.split_first() {
        rest = behind;
        let mut byte = *first;
        let mut stays = false;
        if coding == Coding::Percent {
            match escape(behind).filter(|_| byte == b'%') {
                // its digits stay as well
                Some(_) if spelling == Spelling::Url => stays = true,
                Some((escaped, behind)) => (byte, rest) = (escaped, behind),
                None => stays = spelling == Spelling::Url && b"!$&'()*+,;=:@".contains(&byte),
            }
        }
        if stays {
            to.put(&[byte]);
        } else {
            Percent::component(to).put(&[byte]);
        }
    }
}

/// Writes a name, a value or a segment of a path in the one spelling that AWS signs.
pub(crate) fn write_text(coding: Coding, text: &[u8], to: &mut dyn Sink) {
    if SMALL {
        return write_segment(coding, Spelling::Once, text, to);
    }
    let mut encoded = Percent::component(to);
    match coding {
        Coding::Plain => encoded.put(text),
        Coding::Percent => percent_decode(text, PlusIs::Plus, &mut encoded),
    }
}

/// Why a request cannot be made, and of which name that is true.
///
/// Returned by [`Draft::finish`] and [`Raw`]'s methods; nothing has been signed or sent.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Invalid<'r> {
    /// The URL holds a control character, or a `#`, which no server would see.
    Character {
        /// Its offset in bytes.
        at: usize,
    },
    /// The request needs a checksum of its body, by an algorithm that is not here: leave the choice out, or
    /// give the checksum.
    Checksum {
        /// The algorithm.
        algorithm: &'r str,
    },
    /// A header name is empty or holds a byte that no name may hold
    /// ([RFC 9110, 5.1](https://www.rfc-editor.org/rfc/rfc9110#section-5.1)).
    Name {
        /// The name as given.
        name: &'r str,
    },
    /// The length that was said is not the body's.
    Length {
        /// The member's name in AWS's spelling.
        name: &'r str,
    },
    /// A header that signing sets was given.
    Reserved {
        /// The name of the header.
        name: &'r str,
    },
    /// The room holds fewer pairs than the request has: lend `needed`.
    Room {
        /// The number of pairs that would do.
        needed: usize,
    },
    /// The URL has no host that a request could go to.
    Url(UrlError),
    /// A header value holds a control character or a character that is not ASCII. Encode it first; S3
    /// metadata in other characters goes as RFC 2047 or percent-encoded text, by agreement with the reader.
    /// Or an instant has a year that its format cannot hold.
    Value {
        /// The name of the header or query parameter; of user metadata, the part behind `x-amz-meta-`.
        name: &'r str,
    },
    /// A required member is empty: the path of the request would be that of another.
    Empty {
        /// The member's name in AWS's spelling.
        name: &'r str,
    },
}

impl fmt::Display for Invalid<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name { name } => write!(f, "{name:?} is no header name"),
            Self::Length { name } => write!(f, "{name} is not the length of the body"),
            Self::Reserved { name } => write!(f, "{name} is set by signing"),
            Self::Room { needed } => write!(f, "room for {needed} pairs is needed"),
            Self::Url(wrong) => wrong.fmt(f),
            Self::Checksum { algorithm } => write!(f, "no {algorithm:?} checksum can be made here"),
            Self::Character { at } => write!(f, "a control character or # in the URL at byte {at}"),
            Self::Value { name } => {
                write!(f, "the value of {name} holds a character that may not be sent, or no valid time")
            }
            Self::Empty { name } => write!(f, "{name} must not be empty"),
        }
    }
}

impl core::error::Error for Invalid<'_> {}

#[cfg(test)]
mod tests;
