//! The chain of signatures of a body in chunks: each proves one piece and the signature before.
//!
//! The first in the chain is the request's own, the seed. What is signed of a chunk is its SHA-256, of the trailers
//! that of their canonical text; the texts around those are written here and nowhere else, for who encodes a body
//! and for who verifies one. Framing is [`aws_chunked`](crate::aws_chunked)'s.
//! [Chunked uploads](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html) and
//! [trailing headers](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html) are AWS's pages.

use core::fmt;

use super::Signed;
use super::SigningKey;
use crate::encode::hex;
use crate::hash::Compress;
use crate::hash::Hmac;
use crate::hash::Sha256;
use crate::sink::Literal;
use crate::sink::Sink;

/// What stands between the signature before and the digest of a chunk: the SHA-256 of nothing, for headers of
/// chunks, of which there never were any.
const NO_HEADERS: &[u8; 66] = b"\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n";

/// A signature as it stands in a request: hex digits.
///
/// The capacity and [`as_bytes`](Self::as_bytes) are all that knows how long one is.
#[derive(Clone, Copy)]
pub(crate) struct Signature([[u8; 2]; 32]);

impl Signature {
    /// How many bytes it takes in the body of a request.
    pub(crate) const LENGTH: usize = 64;

    /// A signature that was read or made elsewhere.
    pub(crate) const fn new(digits: [[u8; 2]; 32]) -> Self {
        Self(digits)
    }

    /// A signature by its digits, as they were read.
    pub(crate) fn read(digits: &[u8; Self::LENGTH]) -> Self {
        let mut signature = [[0; 2]; 32];
        for (to, from) in signature.iter_mut().zip(digits.as_chunks::<2>().0) {
            *to = *from;
        }
        Self(signature)
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_flattened()
    }
}

/// A string to sign from which only its end is missing.
#[derive(Clone)]
enum Begun {
    V4(Hmac),
}

impl Begun {
    /// The first three lines: algorithm, instant, scope. They are the same for all chunks of an upload, and so
    /// is their first block.
    fn new(key: &SigningKey, algorithm: &str, stamp: &[u8], scope: impl FnOnce(&mut dyn Sink)) -> Self {
        let mut mac = key.mac().start();
        mac.put(algorithm.as_bytes());
        mac.put(b"\n");
        mac.put(stamp);
        mac.put(b"\n");
        scope(&mut mac);
        mac.put(b"\n");
        Self::V4(mac)
    }

    /// Proves the text that ends so.
    fn prove(&self, end: [&[u8]; 3]) -> Signature {
        match self {
            Self::V4(mac) => {
                let mut mac = mac.clone();
                for piece in end {
                    mac.put(piece);
                }
                Signature(hex(mac.finish()))
            }
        }
    }
}

/// The signatures of one body, from the request's own onwards.
#[derive(Clone)]
pub(crate) struct Chain {
    chunk: Begun,
    trailer: Begun,
    engine: &'static dyn Compress,
    before: Signature,
}

impl Chain {
    /// Begins behind the signature `seed` of a request that was signed with `key` at `stamp`; `scope` writes the
    /// scope of the credentials, as it stands in the request's own string to sign.
    pub(crate) fn new(
        key: &SigningKey,
        stamp: &[u8],
        scope: impl Fn(&mut dyn Sink),
        seed: Signature,
    ) -> Self {
        Self {
            chunk: Begun::new(key, "AWS4-HMAC-SHA256-PAYLOAD", stamp, &scope),
            trailer: Begun::new(key, "AWS4-HMAC-SHA256-TRAILER", stamp, &scope),
            engine: key.engine(),
            before: seed,
        }
    }

    /// Starts the digest of a chunk, or of the canonical text of the trailers.
    pub(crate) const fn digest(&self) -> Sha256 {
        Sha256::with(self.engine)
    }

    /// The signature of the next chunk, whose data has this digest.
    pub(crate) fn chunk(&mut self, digest: [u8; 32]) -> Signature {
        self.before = self.chunk.prove([self.before.as_bytes(), NO_HEADERS, hex(digest).as_flattened()]);
        self.before
    }

    /// The signature of the trailers, behind that of the last chunk: the digest is that of a line `name:value` for
    /// each, with its end, in the order of their names.
    pub(crate) fn trailer(&mut self, digest: [u8; 32]) -> Signature {
        self.before = self.trailer.prove([self.before.as_bytes(), b"\n", hex(digest).as_flattened()]);
        self.before
    }
}

impl fmt::Debug for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Chain(…)")
    }
}

impl Signed<'_> {
    /// The chain that begins with this request's signature; none where there is none in its headers.
    pub(crate) fn chain(&self) -> Option<Chain> {
        let signer = self.signer.filter(|_| self.presigned.is_none())?;
        let scope = |mut to: &mut dyn Sink| self.scope(|to| to.literal(b"/"), &mut to);
        Some(Chain::new(signer.key, &self.stamp, scope, Signature::new(self.signature)))
    }
}
