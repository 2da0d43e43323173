//! Reads HTTP/1.1 replies ([RFC 9112]): a [`Reader`] the head, then a [`Body`] what follows it.
//!
//! The head is kept in the caller's room and borrowed from there; body bytes are never copied, they
//! are slices of the input. Who reads the socket, and into what, is the host's business.
//!
//! The reader is strict, because a reply that two parties understand differently is how bodies get
//! cut short or swapped: a line ends in CR LF and nothing else, folded headers, repeated or malformed
//! lengths, a length beside a transfer coding, and codings other than `chunked` are errors, and a
//! body is only complete when its last byte was seen. It decodes no content coding, follows no
//! redirect and gives no status a meaning beyond "has no body".
//!
//! ```
//! use tucuxi_core::http::{Body, Fed, HEAD_ROOM, Method, Piece, Reader};
//!
//! // What a socket delivers, in pieces.
//! let mut pieces = [&b"HTTP/1.1 200 OK\r\nETag: \"5d4"[..], b"1\"\r\nContent-Length: 5\r\n\r\nhel", b"lo"].into_iter();
//!
//! let mut room = [0; HEAD_ROOM];
//! let mut reader = Reader::new(&mut room, Method::Other);
//! let mut input = &b""[..];
//! while reader.feed(&mut input)? != Fed::Head {
//!     if input.is_empty() {
//!         let Some(piece) = pieces.next() else { break };
//!         input = piece;
//!     }
//! }
//! let (head, mut body) = reader.finish()?; // an error if the head is not complete
//! assert_eq!((head.status(), head.header("etag")), (200, Some("\"5d41\"")));
//!
//! let mut object = Vec::new();
//! loop {
//!     match body.read(&mut input)? {
//!         Piece::Bytes(bytes) => object.extend_from_slice(bytes),
//!         Piece::NeedInput => match pieces.next() {
//!             Some(piece) => input = piece,
//!             None => body.end()?, // an error unless the body was to end here
//!         },
//!         Piece::End => break,
//!     }
//! }
//! assert_eq!(object, b"hello");
//! assert!(body.leaves_reusable(input));
//! # Ok::<(), tucuxi_core::http::Error>(())
//! ```
//!
//! [RFC 9112]: https://www.rfc-editor.org/rfc/rfc9112

use core::fmt;

pub use self::body::Body;
pub use self::body::EXTRAS_MAX;
pub use self::body::Framing;
pub use self::body::Piece;
pub use self::head::Fed;
pub use self::head::HEAD_ROOM;
pub use self::head::Head;
pub use self::head::Headers;
pub use self::head::INTERIM_MAX;
pub use self::head::Method;
pub use self::head::Reader;
pub(crate) use self::head::is_token;

mod body;
mod head;

/// Why a reply cannot be used. The connection has to be closed after each of these.
///
/// Returned by [`Reader::feed`], [`Reader::finish`], [`Body::read`] and [`Body::end`]. `at` is the
/// offset in bytes from the beginning of the reply, interim replies included.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// A chunk has no size, a size above 16 hex digits, or does not end where it says.
    Chunk {
        /// The offset of the first wrong byte.
        at: u64,
    },
    /// `Transfer-Encoding` is something else than `chunked`, is repeated, or comes from HTTP/1.0.
    Coding {
        /// The offset of the header.
        at: u64,
    },
    /// Both `Content-Length` and `Transfer-Encoding` say how long the body is.
    CodingAndLength {
        /// The offset of the end of the head.
        at: u64,
    },
    /// Chunk extensions and trailers came to more than [`EXTRAS_MAX`] bytes.
    Extras {
        /// The offset of the first byte too many.
        at: u64,
    },
    /// A header or trailer is folded, lacks its colon, or holds a byte that may not be there.
    Header {
        /// The offset of the first wrong byte.
        at: u64,
    },
    /// More than [`INTERIM_MAX`] interim replies, or one that switches protocols.
    Interim {
        /// The offset of the end of the last one.
        at: u64,
    },
    /// `Content-Length` is not a number below 2^64, or is repeated.
    Length {
        /// The offset of the header.
        at: u64,
    },
    /// The head is larger than the room. It cannot be had again: use a room of [`HEAD_ROOM`] bytes.
    RoomFull {
        /// A size in bytes that would have taken what is known of the head so far.
        needed: usize,
    },
    /// The reply does not begin as one of HTTP/1.1 or HTTP/1.0 does.
    Status {
        /// The offset of the first wrong byte.
        at: u64,
    },
    /// The connection ended before the reply did.
    Truncated {
        /// The number of bytes that came.
        at: u64,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Chunk { at } => write!(f, "malformed chunk at byte {at} of the reply"),
            Self::Coding { at } => write!(f, "unknown transfer coding at byte {at} of the reply"),
            Self::CodingAndLength { .. } => f.write_str("reply with both a length and a transfer coding"),
            Self::Extras { .. } => write!(f, "more than {EXTRAS_MAX} bytes of chunk extensions and trailers"),
            Self::Header { at } => write!(f, "malformed header at byte {at} of the reply"),
            Self::Interim { at } => write!(f, "unexpected interim reply before byte {at}"),
            Self::Length { at } => write!(f, "malformed or repeated length at byte {at} of the reply"),
            Self::RoomFull { needed } => write!(f, "head of the reply too large: {needed} bytes or more"),
            Self::Status { at } => write!(f, "not an HTTP/1.1 reply: wrong at byte {at}"),
            Self::Truncated { at } => write!(f, "connection ended within the reply, after {at} bytes"),
        }
    }
}

impl core::error::Error for Error {}

#[cfg(test)]
mod tests;
