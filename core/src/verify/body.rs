//! A body that is read after its signature was verified.

use core::fmt;

use super::Covers;
use super::Proof;
use crate::hash::Compress;
use crate::hash::Sha256;
use crate::hash::Software;
use crate::hash::same;
use crate::sink::Sink;

/// Hashes a body while it is read, to find out at its end whether it is the one that was signed.
///
/// What is put is *not* proven before [`finish`](Self::finish) says so: keep it apart until then.
///
/// ```no_run
/// use tucuxi_core::sink::Sink;
/// use tucuxi_core::verify::{BodyCheck, Proof, WrongBody};
///
/// fn read<'p>(proof: &Proof<'_>, pieces: impl Iterator<Item = &'p [u8]>) -> Result<(), WrongBody> {
///     if let Some(mut check) = BodyCheck::new(proof) {
///         for piece in pieces {
///             check.put(piece);
///         }
///         check.finish()?;
///     }
///     Ok(())
/// }
/// ```
#[derive(Debug)]
pub struct BodyCheck {
    hash: Sha256,
    digest: [u8; 32],
}

impl BodyCheck {
    /// Begins, where the proof is of the body's digest; none where there is nothing to check, or in another way.
    #[must_use]
    pub const fn new(proof: &Proof<'_>) -> Option<Self> {
        Self::with(&Software, proof)
    }

    /// As [`new`](Self::new), worked out by `engine`.
    #[must_use]
    pub const fn with(engine: &'static dyn Compress, proof: &Proof<'_>) -> Option<Self> {
        match proof.covers() {
            Covers::Digest(digest) => Some(Self { hash: Sha256::with(engine), digest }),
            _ => None,
        }
    }

    /// Whether all that was put is the body that was signed.
    ///
    /// # Errors
    ///
    /// [`WrongBody`]: nothing of it is to be used. S3's code for it is `XAmzContentSHA256Mismatch`.
    pub fn finish(self) -> Result<(), WrongBody> {
        if same(&self.hash.finish(), &self.digest) { Ok(()) } else { Err(WrongBody) }
    }
}

impl Sink for BodyCheck {
    fn put(&mut self, bytes: &[u8]) {
        self.hash.put(bytes);
    }
}

/// The body is not the one that was signed. Returned by [`BodyCheck::finish`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct WrongBody;

impl fmt::Display for WrongBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the body is not the one that was signed")
    }
}

impl core::error::Error for WrongBody {}
