//! The checksums that other crates work out: the feature `checksums`.

use core::hash::Hasher;

use sha1::Digest as _;
use twox_hash::xxhash3_64;
use twox_hash::xxhash3_128;

use super::Algorithm;
use super::Digest;

/// A checksum of `checksums`, as it grows.
pub(super) enum More {
    Md5(md5::Md5),
    Sha1(sha1::Sha1),
    Sha512(sha2::Sha512),
    Xxhash128(xxhash3_128::RawHasher<Secret>),
    Xxhash3(xxhash3_64::RawHasher<Secret>),
    Xxhash64(twox_hash::XxHash64),
}

/// What XXH3 mixes in: the one that everybody has.
type Secret = &'static [u8; 192];

impl More {
    pub(super) fn md5() -> Self {
        Self::Md5(md5::Md5::new())
    }

    pub(super) fn sha1() -> Self {
        Self::Sha1(sha1::Sha1::new())
    }

    pub(super) fn sha512() -> Self {
        Self::Sha512(sha2::Sha512::new())
    }

    pub(super) fn xxhash128() -> Self {
        Self::Xxhash128(xxhash3_128::RawHasher::new(xxhash3_128::SecretBuffer::default()))
    }

    pub(super) fn xxhash3() -> Self {
        Self::Xxhash3(xxhash3_64::RawHasher::new(xxhash3_64::SecretBuffer::default()))
    }

    pub(super) const fn xxhash64() -> Self {
        Self::Xxhash64(twox_hash::XxHash64::with_seed(0))
    }

    pub(super) const fn algorithm(&self) -> Algorithm {
        match self {
            Self::Md5(_) => Algorithm::Md5,
            Self::Sha1(_) => Algorithm::Sha1,
            Self::Sha512(_) => Algorithm::Sha512,
            Self::Xxhash128(_) => Algorithm::Xxhash128,
            Self::Xxhash3(_) => Algorithm::Xxhash3,
            Self::Xxhash64(_) => Algorithm::Xxhash64,
        }
    }

    pub(super) fn put(&mut self, bytes: &[u8]) {
        match self {
            Self::Md5(hash) => hash.update(bytes),
            Self::Sha1(hash) => hash.update(bytes),
            Self::Sha512(hash) => hash.update(bytes),
            Self::Xxhash128(hash) => hash.write(bytes),
            Self::Xxhash3(hash) => hash.write(bytes),
            Self::Xxhash64(hash) => hash.write(bytes),
        }
    }

    pub(super) fn digest(&self) -> Digest {
        let algorithm = self.algorithm();
        match self {
            Self::Md5(hash) => Digest::of(algorithm, &hash.clone().finalize()),
            Self::Sha1(hash) => Digest::of(algorithm, &hash.clone().finalize()),
            Self::Sha512(hash) => Digest::of(algorithm, &hash.clone().finalize()),
            // xxHash's canonical form is big-endian.
            Self::Xxhash128(hash) => Digest::of(algorithm, &hash.finish_128().to_be_bytes()),
            Self::Xxhash3(hash) => Digest::of(algorithm, &hash.finish().to_be_bytes()),
            Self::Xxhash64(hash) => Digest::of(algorithm, &hash.finish().to_be_bytes()),
        }
    }
}
