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
#[cfg(feature = "sigv4a")]
use super::proof::Asymmetric;
#[cfg(feature = "sigv4a")]
use super::proof::Kept;
use super::proof::Proof;
use super::proof::Signature;
use super::proof::Version;
use crate::encode::hex;
use crate::encode::hex_words;
use crate::hash::Compress;
use crate::hash::Hmac;
use crate::hash::Sha256;
use crate::hash::words_of;
use crate::sink::Literal;
use crate::sink::Sink;

/// What stands between the signature before and the digest of a chunk: the SHA-256 of nothing, for headers of
/// chunks, of which there never were any.
const NO_HEADERS: &[u8; 66] = b"\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n";

/// A string to sign from which only its end is missing.
#[derive(Clone)]
enum Begun {
    V4(Hmac),
    #[cfg(feature = "sigv4a")]
    V4a(Sha256, Kept),
}

impl Begun {
    /// Begins the text whose first three lines `head` writes. They are the same for all chunks of an upload, and so
    /// is their first block.
    fn new(key: &SigningKey, head: impl FnOnce(&mut dyn Sink)) -> Self {
        let mut mac = key.mac().start();
        head(&mut mac);
        Self::V4(mac)
    }

    /// As [`new`](Self::new), for signatures of version 4a.
    #[cfg(feature = "sigv4a")]
    fn v4a(by: Asymmetric<'_>, engine: &'static dyn Compress, head: impl FnOnce(&mut dyn Sink)) -> Self {
        let mut hash = Sha256::with(engine);
        head(&mut hash);
        Self::V4a(hash, by.kept())
    }

    /// Proves the text that ends so.
    fn prove(&self, end: [&[u8]; 3]) -> Signature {
        match self {
            Self::V4(mac) => {
                let mut mac = mac.clone();
                for piece in end {
                    mac.put(piece);
                }
                Signature::Hmac(hex_words(&words_of(&mac.finish())))
            }
            #[cfg(feature = "sigv4a")]
            Self::V4a(hash, key) => {
                let mut hash = hash.clone();
                for piece in end {
                    hash.put(piece);
                }
                key.prove(&hash.finish())
            }
        }
    }
}

/// The first three lines of a string to sign: algorithm, instant, scope.
fn head(algorithm: &str, stamp: &[u8], scope: impl FnOnce(&mut dyn Sink), to: &mut dyn Sink) {
    to.put(algorithm.as_bytes());
    to.put(b"\n");
    to.put(stamp);
    to.put(b"\n");
    scope(to);
    to.put(b"\n");
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
        let begun = |algorithm| Begun::new(key, |to| head(algorithm, stamp, &scope, to));
        Self {
            chunk: begun("AWS4-HMAC-SHA256-PAYLOAD"),
            trailer: begun("AWS4-HMAC-SHA256-TRAILER"),
            engine: key.engine(),
            before: seed,
        }
    }

    /// As [`new`](Self::new), of version 4a.
    #[cfg(feature = "sigv4a")]
    fn v4a(
        by: Asymmetric<'_>,
        engine: &'static dyn Compress,
        stamp: &[u8],
        scope: impl Fn(&mut dyn Sink),
        seed: Signature,
    ) -> Self {
        let begun = |algorithm| Begun::v4a(by, engine, |to| head(algorithm, stamp, &scope, to));
        Self {
            chunk: begun("AWS4-ECDSA-P256-SHA256-PAYLOAD"),
            trailer: begun("AWS4-ECDSA-P256-SHA256-TRAILER"),
            engine,
            before: seed,
        }
    }

    /// By which version it proves.
    pub(crate) const fn version(&self) -> Version {
        match self.chunk {
            Begun::V4(_) => Version::V4,
            #[cfg(feature = "sigv4a")]
            Begun::V4a(..) => Version::V4a,
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
        Some(match signer.proof {
            Proof::Hmac(key) => Chain::new(key, &self.stamp, scope, self.signature),
            #[cfg(feature = "sigv4a")]
            Proof::Ecdsa(by) => Chain::v4a(by, signer.proof.engine(), &self.stamp, scope, self.signature),
        })
    }
}
