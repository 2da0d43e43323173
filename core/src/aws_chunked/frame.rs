//! A chunk and the end of a body, as they go out.

use core::fmt;

use super::trailer::Lines;
use super::trailer::TRAILER_SIGNATURE;
use crate::checksum::Digest;
use crate::encode::hex;
use crate::sigv4::Signature;
use crate::sigv4::Version;
use crate::sink::Cursor;
use crate::sink::Recite;
use crate::sink::Sink;

/// What is written in front of a chunk's signature.
pub(super) const CHUNK_SIGNATURE: &[u8; 17] = b";chunk-signature=";

/// The room that the [`End`] of a body takes at most, whose trailer is a checksum.
pub const END_ROOM: usize = if cfg!(feature = "sigv4a") { 480 } else { 320 };

/// A chunk as it goes out: what is in front of the data, the data, and what is behind it.
#[derive(Clone, Copy)]
pub struct Frame<'d> {
    pub(super) head: Head,
    pub(super) data: &'d [u8],
}

impl<'d> Frame<'d> {
    /// What goes behind the data.
    pub const TAIL: &'static [u8] = b"\r\n";

    /// What goes in front of the data.
    #[must_use]
    pub fn head(&self) -> &[u8] {
        self.head.as_bytes()
    }

    /// The data: nothing, where it was put in pieces.
    #[must_use]
    pub const fn data(&self) -> &'d [u8] {
        self.data
    }

    /// All of it, in the order in which it is sent. Only for data that was given in one piece.
    #[must_use]
    pub fn pieces(&self) -> [&[u8]; 3] {
        [self.head(), self.data, Self::TAIL]
    }

    /// The signature in hex; none where chunks have none.
    #[must_use]
    pub fn signature(&self) -> Option<&str> {
        self.head.signature()
    }
}

impl Recite for Frame<'_> {
    fn recite(&self, to: &mut dyn Sink) {
        for piece in self.pieces() {
            to.put(piece);
        }
    }
}

impl fmt::Debug for Frame<'_> {
    /// Without the data and the signature.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Frame").field("bytes", &self.data.len()).finish_non_exhaustive()
    }
}

/// The end of a body: the chunk without data, the trailers and their signature. It recites itself, and where the
/// trailer is a checksum, [`END_ROOM`] bytes hold it.
#[derive(Clone, Copy)]
pub struct End<'t> {
    pub(super) head: Head,
    pub(super) trailer: Lines<'t>,
    pub(super) signature: Option<Signature>,
}

impl End<'_> {
    /// The signature of the last chunk in hex; none where chunks have none.
    #[must_use]
    pub fn signature(&self) -> Option<&str> {
        self.head.signature()
    }

    /// The signature of the trailers in hex, where they have one.
    #[must_use]
    pub fn trailer_signature(&self) -> Option<&str> {
        core::str::from_utf8(self.signature.as_ref()?.as_bytes()).ok()
    }

    /// The checksum of the data, where it is the trailer.
    #[must_use]
    pub const fn checksum(&self) -> Option<Digest> {
        match self.trailer {
            Lines::Sum(digest) => Some(digest),
            Lines::Given(_) | Lines::None => None,
        }
    }
}

impl Recite for End<'_> {
    fn recite(&self, to: &mut dyn Sink) {
        to.put(self.head.as_bytes());
        self.trailer.write(to);
        if let Some(signature) = &self.signature {
            to.put(TRAILER_SIGNATURE.as_bytes());
            to.put(b":");
            to.put(signature.padded());
            to.put(b"\r\n");
        }
        to.put(b"\r\n");
    }
}

impl fmt::Debug for End<'_> {
    /// Without the signatures.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("End").field("checksum", &self.checksum()).finish_non_exhaustive()
    }
}

/// What stands in front of a chunk's data: its length in hex, its signature, the end of the line.
#[derive(Clone, Copy)]
pub(super) struct Head {
    /// Sixteen digits, zeros before them included, and whatever follows.
    text: [u8; Self::ROOM],
    zeros: usize,
    length: usize,
    signed: bool,
}

impl Head {
    const ROOM: usize = 16 + CHUNK_SIGNATURE.len() + Version::LONGEST + 2;

    pub(super) fn new(data: u64, signature: Option<Signature>) -> Self {
        let digits = hex(data.to_be_bytes());
        let digits = digits.as_flattened();
        let zeros = digits.iter().take(15).take_while(|digit| **digit == b'0').count();
        let mut head = Self { text: [0; Self::ROOM], zeros, length: 0, signed: signature.is_some() };
        let mut to = Cursor::new(&mut head.text);
        to.put(digits);
        if let Some(signature) = &signature {
            to.put(CHUNK_SIGNATURE);
            to.put(signature.padded());
        }
        to.put(b"\r\n");
        head.length = to.bytes();
        head
    }

    fn as_bytes(&self) -> &[u8] {
        self.text.get(self.zeros..self.length).unwrap_or_default()
    }

    fn signature(&self) -> Option<&str> {
        let line = self.signed.then(|| core::str::from_utf8(self.as_bytes()).unwrap_or_default())?;
        // Without the padding that it may have.
        line.split_once('=').map(|(_, signature)| signature.trim_end_matches(['*', '\r', '\n']))
    }
}
