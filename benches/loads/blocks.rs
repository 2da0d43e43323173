//! How many blocks SHA-256 must take in for a signature: the limit, counted and not estimated.

use tucuxi_core::sigv4::Signed;
use tucuxi_core::sink::Count;

use crate::CHUNK;
use crate::Load;
use crate::REGION;
use crate::SECRET_KEY;
use crate::Says;

/// The size of a block in bytes.
const BLOCK: usize = 64;
/// The size of a digest in bytes.
const DIGEST: usize = 32;

/// The number of blocks of a message: its bytes, one that ends it and eight that say its length.
#[must_use]
pub const fn blocks(bytes: usize) -> usize {
    (bytes + 1 + 8).div_ceil(BLOCK)
}

/// The blocks of a code under a key whose two states are kept: the message behind the inner block, and the inner
/// digest behind the outer one.
const fn of_code(bytes: usize) -> usize {
    blocks(BLOCK + bytes) - 1 + blocks(BLOCK + DIGEST) - 1
}

/// The blocks that a key's two states cost.
const fn of_key(bytes: usize) -> usize {
    2 + if bytes > BLOCK { blocks(bytes) } else { 0 }
}

/// What one signature takes in, in blocks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Blocks {
    /// Of the body. An empty one costs nothing: its hash is known.
    pub body: usize,
    /// Of the canonical request.
    pub request: usize,
    /// Of the code of the string to sign, and of those of the chunks.
    pub sign: usize,
    /// Of the signing key, for who derives it.
    pub key: usize,
    /// What these blocks hold, but for the key's, in bytes: body, canonical request and string to sign.
    pub bytes: usize,
}

impl Blocks {
    /// Counts them in the texts of a load as it is signed.
    #[must_use]
    pub fn of(load: &Load, signed: &Signed<'_>) -> Self {
        let length = |write: &dyn Fn(&mut Count)| {
            let mut count = Count::default();
            write(&mut count);
            count.bytes()
        };
        let secret = "AWS4".len() + SECRET_KEY.len();
        let codes = ["20261122", REGION, load.service, "aws4_request"].map(|part| of_code(part.len()));
        let request = length(&|to| signed.canonical_request(to));
        let sign = length(&|to| signed.string_to_sign(to));
        let (body, pieces, chunks) = match load.says {
            Says::Chunks => (load.body, CHUNK, load.body.len() / CHUNK + 1),
            Says::Hash => (load.body, load.body.len().max(1), 0),
            Says::Unsigned => (&[][..], 1, 0),
        };
        // A chunk's string to sign says more of the algorithm, and has two lines with 64 digits more: the
        // signature before it, and the hash of its headers, which are none. The last chunk is empty.
        let chunk = sign + "-PAYLOAD".len() + 2 * (64 + 1);
        Self {
            body: body.chunks(pieces).map(|piece| blocks(piece.len())).sum(),
            request: blocks(request),
            sign: of_code(sign) + chunks * of_code(chunk),
            bytes: body.len() + request + sign + chunks * chunk,
            // a key for each code, and the signing key's own two states
            key: of_key(secret) + codes.iter().sum::<usize>() + codes.len() * of_key(DIGEST),
        }
    }

    /// With the key kept.
    #[must_use]
    pub const fn kept(&self) -> usize {
        self.body + self.request + self.sign
    }

    /// With the key derived each time.
    #[must_use]
    pub const fn derived(&self) -> usize {
        self.kept() + self.key
    }
}
