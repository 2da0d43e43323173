//! `aws-chunked`: the body of an upload to S3 in chunks, signed one by one or with a checksum behind them.
//!
//! A [`Framing`] says how a body of known length goes out: in which of AWS's modes, in chunks of what size, with
//! which [`Trailer`]. It [declares](Framing::declare) itself in the headers of a request and knows the length of
//! everything in advance. An [`Encoder`] is had only for a [`Signed`] request whose headers say just that, so what
//! was announced is what is sent. It holds no data: for each chunk it gives what goes in front, the caller's own
//! slice, and what goes behind, and is as large for a terabyte as for nothing.
//!
//! ```text
//!  10000;chunk-signature=<64>\r\n  <65,536 bytes>  \r\n      a Frame
//!  400;chunk-signature=<64>\r\n    <1,024 bytes>   \r\n      a Frame, of the last data
//!  0;chunk-signature=<64>\r\n                                the End …
//!  x-amz-checksum-crc32c:sOO8/Q==\r\n                        … with its trailers
//!  x-amz-trailer-signature:<64>\r\n
//!  \r\n
//! ```
//!
//! What is signed is [`sigv4`](crate::sigv4)'s, and what a checksum is [`checksum`](crate::checksum)'s. HTTP's own
//! chunks (`transfer-encoding`) are another thing.
//!
//! ```
//! use tucuxi_core::aws_chunked::{Encoder, Framing, Trailer};
//! use tucuxi_core::checksum::Algorithm;
//! use tucuxi_core::endpoint::Endpoint;
//! use tucuxi_core::operation::Operation;
//! use tucuxi_core::request::{Draft, Pair};
//! use tucuxi_core::s3::input::PutObject;
//! use tucuxi_core::sigv4::{Credentials, Payload, Rules, Signer, SigningKey};
//! use tucuxi_core::sink::{Cursor, Recite};
//! use tucuxi_core::time::Time;
//! use tucuxi_core::wire;
//!
//! # struct Socket(Vec<u8>);
//! # impl Socket { fn send(&mut self, bytes: &[u8]) { self.0.extend_from_slice(bytes) } }
//! # impl tucuxi_core::sink::Sink for Socket { fn put(&mut self, bytes: &[u8]) { self.send(bytes) } }
//! # fn main() -> Result<(), Box<dyn core::error::Error>> {
//! # let mut socket = Socket(Vec::new());
//! let body = [7; 100_000];
//! let framing = Framing::unsigned(100_000, Trailer::checksum(Algorithm::Crc32));
//!
//! // The request says how its body comes.
//! let mut pairs = [Pair::EMPTY; 8];
//! let put = PutObject::new("logs", "a");
//! let mut draft = Draft::new(PutObject::METHOD, &mut pairs);
//! put.draft(&mut draft);
//! framing.declare(&mut draft);
//! let request = draft.finish().map_err(|wrong| wrong.to_string())?;
//!
//! let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
//! let now = Time::parse_stamp(b"20260102T030405Z")?;
//! let key = SigningKey::derive(&credentials, now, "us-west-2", "s3");
//! let signer = Signer::new(&credentials, &key, Rules::S3);
//! let endpoint = Endpoint::new(true, "logs.s3.us-west-2.amazonaws.com", "s3", "us-west-2");
//! let signed = signer.sign(&request, endpoint, now, Payload::Literal(framing.content_sha256()));
//!
//! // The head goes out with `content-length: 100053`, and then the body.
//! let length = framing.content_length().unwrap();
//! let mut room = [0; 1024];
//! let mut head = Cursor::new(&mut room);
//! wire::head(&signed, &[], Some(length), &mut head);
//! socket.send(head.finish()?);
//! # socket.0.clear();
//! let mut encoder = Encoder::new(&signed, framing)?;
//! for data in body.chunks(65_536) {
//!     for piece in encoder.frame(data)?.pieces() {
//!         socket.send(piece);
//!     }
//! }
//! encoder.finish()?.recite(&mut socket);
//! assert_eq!(socket.0.len() as u64, length);
//! assert!(socket.0.starts_with(b"10000\r\n\x07") && socket.0.ends_with(b"==\r\n\r\n"));
//! # Ok(())
//! # }
//! ```
//!
//! The operation is given no body then. For any URL it is `framing.declare(raw.draft())` of a
//! [`Raw`](crate::request::Raw).

mod fit;
mod frame;
mod trailer;

use core::fmt;

pub use self::fit::Unfit;
use self::frame::CHUNK_SIGNATURE;
pub use self::frame::END_ROOM;
pub use self::frame::End;
pub use self::frame::Frame;
use self::frame::Head;
use self::trailer::Lines;
use self::trailer::TRAILER_SIGNATURE;
pub use self::trailer::Trailer;
use self::trailer::Trailers;
use crate::checksum::Algorithm;
use crate::checksum::Checksum;
use crate::checksum::Sum;
use crate::hash::Sha256;
use crate::request::Draft;
use crate::request::Invalid;
use crate::request::Value;
use crate::sigv4::Chain;
use crate::sigv4::Signature;
use crate::sigv4::Signed;
use crate::sigv4::Version;
use crate::sink::Sink;

/// How a body of known length goes out.
///
/// The chunks are of [`CHUNK`](Self::CHUNK) bytes unless told otherwise, the last with data may be smaller.
#[derive(Clone, Copy, Debug)]
pub struct Framing<'t> {
    mode: Mode<'t>,
    version: Version,
    decoded_length: u64,
    chunk: u64,
}

#[derive(Clone, Copy, Debug)]
enum Mode<'t> {
    Signed,
    SignedTrailer(Trailer<'t>),
    UnsignedTrailer(Trailer<'t>),
}

impl<'t> Framing<'t> {
    /// The size of a chunk in bytes where nothing else is said.
    pub const CHUNK: u64 = 65_536;

    /// The smallest chunk that S3 takes, except for the last one.
    pub const LEAST_CHUNK: u64 = 8_192;

    /// Each chunk is signed: `STREAMING-AWS4-HMAC-SHA256-PAYLOAD`. `decoded_length` is the data's, in bytes.
    #[must_use]
    pub const fn signed(decoded_length: u64) -> Self {
        Self::new(Mode::Signed, decoded_length)
    }

    /// Each chunk is signed, and so are the trailers: `STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER`.
    #[must_use]
    pub const fn signed_with(decoded_length: u64, trailer: Trailer<'t>) -> Self {
        Self::new(Mode::SignedTrailer(trailer), decoded_length)
    }

    /// Only the head is signed, and the data vouched for by what follows it: `STREAMING-UNSIGNED-PAYLOAD-TRAILER`.
    /// S3 takes that over https.
    #[must_use]
    pub const fn unsigned(decoded_length: u64, trailer: Trailer<'t>) -> Self {
        Self::new(Mode::UnsignedTrailer(trailer), decoded_length)
    }

    const fn new(mode: Mode<'t>, decoded_length: u64) -> Self {
        Self { mode, version: Version::V4, decoded_length, chunk: Self::CHUNK }
    }

    /// Chunks of so many bytes; none where S3 would refuse them. They may be smaller than
    /// [`LEAST_CHUNK`](Self::LEAST_CHUNK) only where one holds everything.
    #[must_use]
    pub const fn chunk(mut self, bytes: u64) -> Option<Self> {
        self.chunk = bytes;
        if bytes >= Self::LEAST_CHUNK || (bytes > 0 && bytes >= self.decoded_length) {
            Some(self)
        } else {
            None
        }
    }

    /// For a request that is signed by Signature Version 4a: `STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD` and the like.
    ///
    /// Signatures take 144 bytes there, those that are shorter with `*` behind them.
    #[cfg(feature = "sigv4a")]
    #[must_use]
    pub const fn v4a(mut self) -> Self {
        self.version = Version::V4a;
        self
    }

    /// The length of the data in bytes.
    #[must_use]
    pub const fn decoded_length(&self) -> u64 {
        self.decoded_length
    }

    /// What the request says in place of the body's SHA-256: [`Payload::Literal`](crate::sigv4::Payload).
    #[must_use]
    pub const fn content_sha256(&self) -> &'static str {
        match (&self.mode, self.version) {
            (Mode::Signed, Version::V4) => "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
            (Mode::SignedTrailer(_), Version::V4) => "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
            #[cfg(feature = "sigv4a")]
            (Mode::Signed, Version::V4a) => "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD",
            #[cfg(feature = "sigv4a")]
            (Mode::SignedTrailer(_), Version::V4a) => "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER",
            (Mode::UnsignedTrailer(_), _) => "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        }
    }

    /// The length of the body as it goes out; none where it is more than 64 bits can say.
    #[must_use]
    pub fn content_length(&self) -> Option<u64> {
        // A frame but for its data: two line ends, the signature, and digits.
        let signature =
            if self.signs() { [CHUNK_SIGNATURE.len(), self.version.signature_length()] } else { [0, 0] };
        let signature = u64::try_from(signature.iter().sum::<usize>()).ok()?;
        let frame = |data: u64| signature.checked_add(4)?.checked_add(hex_digits(data));
        let whole = frame(self.chunk)?.checked_mul(self.decoded_length.checked_div(self.chunk)?)?;
        let last = match self.decoded_length.checked_rem(self.chunk)? {
            0 => 0,
            data => frame(data)?,
        };
        let trailer = match self.trailer() {
            Some(trailer) => trailer.length()?,
            None => 0,
        };
        let proof = match self.mode {
            Mode::SignedTrailer(_) => {
                TRAILER_SIGNATURE.len().checked_add(self.version.signature_length())?.checked_add(3)?
            }
            Mode::Signed | Mode::UnsignedTrailer(_) => 0,
        };
        let parts = [whole, last, frame(0)?, trailer, u64::try_from(proof).ok()?];
        parts.into_iter().try_fold(self.decoded_length, u64::checked_add)
    }

    /// Writes it into the headers of a request: `content-encoding` (in front of the coding that the request has),
    /// `x-amz-decoded-content-length` and `x-amz-trailer`, three pairs at most. `content-length` is left to whoever
    /// sends; the request's own body is not sent and stays empty.
    pub fn declare<'r>(&'r self, draft: &mut Draft<'_, 'r>) {
        draft.aws_chunked();
        let name = "x-amz-decoded-content-length";
        match i64::try_from(self.decoded_length) {
            Ok(length) => draft.header(name, Value::Int(length)),
            Err(_) => draft.wrong(Invalid::Value { name }),
        }
        if let Some(trailer) = self.trailer() {
            draft.header("x-amz-trailer", Value::Recited(trailer));
        }
    }

    const fn trailer(&self) -> Option<&Trailer<'t>> {
        match &self.mode {
            Mode::Signed => None,
            Mode::SignedTrailer(trailer) | Mode::UnsignedTrailer(trailer) => Some(trailer),
        }
    }

    const fn signs(&self) -> bool {
        matches!(self.mode, Mode::Signed | Mode::SignedTrailer(_))
    }

    /// The checksum that is worked out on the way.
    const fn checksum(&self) -> Option<Algorithm> {
        match self.trailer() {
            Some(Trailer(Trailers::Checksum(algorithm))) => Some(*algorithm),
            _ => None,
        }
    }
}

/// How many hex digits a number has.
fn hex_digits(number: u64) -> u64 {
    u64::from(number.checked_ilog(16).unwrap_or_default()).saturating_add(1)
}

/// The data is not that of the framing. Returned by the methods of [`Encoder`].
///
/// What was sent is not a whole body then, and no server takes it for one: the connection has to be given up.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Misfit {
    /// A chunk has another size than the next one is to have.
    Chunk {
        /// The size in bytes that would do.
        needed: u64,
        /// The size that it has.
        given: u64,
    },
    /// There is more data than was said.
    Long {
        /// The length that was said, in bytes.
        decoded_length: u64,
    },
    /// There is less data in the chunks than was said.
    Short {
        /// How many bytes are missing, those included that were put and not closed.
        missing: u64,
    },
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Chunk { needed, given } => write!(f, "a chunk of {given} bytes in place of {needed}"),
            Self::Long { decoded_length } => write!(f, "more data than the {decoded_length} bytes announced"),
            Self::Short { missing } => write!(f, "{missing} bytes less data than announced"),
        }
    }
}

impl core::error::Error for Misfit {}

/// Frames the data of a request on its way out.
///
/// Ask for [`chunk_length`](Self::chunk_length), hand that much to [`frame`](Self::frame), send what it gives, and
/// when all is sent what [`finish`](Self::finish) gives. Data that does not lie in one slice is put into the encoder
/// as into any other [`Sink`], and [`close`](Self::close) gives what belongs in front of it and behind: it is sent
/// from where it lies.
///
/// A second attempt begins with a new encoder, of a request that is signed anew.
pub struct Encoder<'t, S = Checksum> {
    framing: Framing<'t>,
    /// The signatures so far; none where chunks have none.
    chain: Option<Chain>,
    /// Of the chunk's data so far.
    digest: Option<Sha256>,
    /// Of all data so far.
    sum: Option<S>,
    /// How much of the data is not in a closed chunk.
    left: u64,
    /// How much of the next chunk was put.
    put: u64,
}

impl<'t> Encoder<'t> {
    /// For the body of a request, which was signed with the framing's headers and
    /// [`content_sha256`](Framing::content_sha256).
    ///
    /// # Errors
    ///
    /// [`Unfit`]: a header of the request is not the framing's, or it is not signed in its headers.
    pub fn new(signed: &Signed<'_>, framing: Framing<'t>) -> Result<Self, Unfit> {
        Self::with(signed, framing, framing.checksum().map(Checksum::new))
    }
}

impl<'t, S: Sum> Encoder<'t, S> {
    /// As [`new`](Encoder::new), with the checksum that the framing's trailer is to have, at its start: one of its
    /// own type, so that no other is linked, or an engine's.
    ///
    /// # Errors
    ///
    /// As [`new`](Encoder::new), and [`Unfit::Checksum`] where `sum` is not what the framing needs.
    pub fn with(signed: &Signed<'_>, framing: Framing<'t>, sum: Option<S>) -> Result<Self, Unfit> {
        if sum.as_ref().map(S::algorithm) != framing.checksum() {
            return Err(Unfit::Checksum { needed: framing.checksum() });
        }
        fit::check(signed, &framing)?;
        let chain = signed.chain().ok_or(Unfit::Unsigned)?;
        let chain = framing.signs().then_some(chain);
        if chain.as_ref().is_some_and(|chain| chain.version() != framing.version) {
            return Err(Unfit::Version);
        }
        let digest = chain.as_ref().map(Chain::digest);
        Ok(Self { framing, chain, digest, sum, left: framing.decoded_length, put: 0 })
    }

    /// How much data the next chunk has, in bytes; 0 when all is framed and the end is next.
    #[must_use]
    pub fn chunk_length(&self) -> u64 {
        self.left.min(self.framing.chunk)
    }

    /// Frames the next chunk, all of whose data is given.
    ///
    /// # Errors
    ///
    /// [`Misfit`] where it is not of [`chunk_length`](Self::chunk_length) bytes, or where some of the chunk was put
    /// before: that is for [`close`](Self::close). Nothing has happened then.
    pub fn frame<'d>(&mut self, data: &'d [u8]) -> Result<Frame<'d>, Misfit> {
        let given = data.len() as u64;
        self.sized(self.put.saturating_add(given))?;
        if self.put > 0 {
            return Err(Misfit::Chunk { needed: self.chunk_length(), given });
        }
        self.put(data);
        self.close().map(|frame| Frame { data, ..frame })
    }

    /// Closes the chunk whose data was put. The frame has no data of its own.
    ///
    /// # Errors
    ///
    /// [`Misfit`] where not [`chunk_length`](Self::chunk_length) bytes were put.
    pub fn close(&mut self) -> Result<Frame<'static>, Misfit> {
        self.sized(self.put)?;
        let head = Head::new(self.put, self.signature());
        self.left = self.left.saturating_sub(self.put);
        self.put = 0;
        Ok(Frame { head, data: &[] })
    }

    /// What goes in front of the next chunk, for who sends data before all of the chunk is there; none where that
    /// is a signature, which needs the data. [`close`](Self::close) gives the same once more.
    #[must_use]
    pub fn upcoming(&self) -> Option<Frame<'static>> {
        let open = self.chain.is_none() && self.left > 0;
        open.then(|| Frame { head: Head::new(self.chunk_length(), None), data: &[] })
    }

    /// The end of the body, when all data is framed.
    ///
    /// # Errors
    ///
    /// [`Misfit::Short`] where data is missing, [`Misfit::Long`] where some was put that is too much.
    pub fn finish(mut self) -> Result<End<'t>, Misfit> {
        if self.put > self.left {
            return Err(Misfit::Long { decoded_length: self.framing.decoded_length });
        }
        if self.left > 0 {
            return Err(Misfit::Short { missing: self.left });
        }
        let head = Head::new(0, self.signature());
        let trailer = match self.framing.trailer().map(|trailer| trailer.0) {
            None => Lines::None,
            Some(Trailers::Given(pairs)) => Lines::Given(pairs),
            Some(Trailers::Checksum(_)) => {
                self.sum.as_ref().map_or(Lines::None, |sum| Lines::Sum(sum.digest()))
            }
        };
        let signature = match (&mut self.chain, trailer) {
            (None, _) | (_, Lines::None) => None,
            (Some(chain), lines) => {
                let mut digest = chain.digest();
                lines.canonical(&mut digest);
                Some(chain.trailer(digest.finish()))
            }
        };
        Ok(End { head, trailer, signature })
    }

    /// Whether a chunk of so many bytes is what comes next.
    fn sized(&self, bytes: u64) -> Result<(), Misfit> {
        let needed = self.chunk_length();
        if bytes > self.left || self.left == 0 {
            return Err(Misfit::Long { decoded_length: self.framing.decoded_length });
        }
        if bytes == needed { Ok(()) } else { Err(Misfit::Chunk { needed, given: bytes }) }
    }

    /// The signature of the data put since the last one.
    fn signature(&mut self) -> Option<Signature> {
        let chain = self.chain.as_mut()?;
        let digest = self.digest.replace(chain.digest())?;
        Some(chain.chunk(digest.finish()))
    }
}

impl<S: Sum> Sink for Encoder<'_, S> {
    fn put(&mut self, bytes: &[u8]) {
        if let Some(digest) = &mut self.digest {
            digest.put(bytes);
        }
        if let Some(sum) = &mut self.sum {
            sum.put(bytes);
        }
        self.put = self.put.saturating_add(bytes.len() as u64);
    }
}

impl<S> fmt::Debug for Encoder<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encoder")
            .field("framing", &self.framing)
            .field("left", &self.left)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "tests may overflow loudly")]
mod tests;
