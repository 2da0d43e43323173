//! The checksums that S3 knows of objects and parts.
//!
//! An [`Algorithm`] is a name of AWS's; a [`Checksum`] is one at work, a [`Sink`] like any other, and ends as a
//! [`Digest`]. Whoever knows the algorithm when compiling takes its own type instead ([`Crc32`], [`Crc32c`],
//! [`Crc64Nvme`], [`Sha256`]), and nothing of the others is linked. An object that was uploaded in parts has
//! another checksum than one that was not: a [`Composite`], or a [`FullObject`] put together from the parts'.
//!
//! CRC32, CRC32C, CRC64NVME and SHA256 are always here; the rest, by other crates, with the feature `checksums`.
//! Which checksum goes into which request is not decided here.
//! [Checking object integrity](https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html)
//! is AWS's page.

mod crc;
#[cfg(feature = "checksums")]
mod more;

use core::fmt;

pub use self::crc::Crc32;
pub use self::crc::Crc32c;
pub use self::crc::Crc64Nvme;
#[cfg(feature = "checksums")]
use self::more::More;
use crate::encode::Base64;
use crate::encode::Malformed;
use crate::encode::base64_decode;
use crate::encode::uint;
use crate::hash::Compress;
use crate::hash::Sha256;
use crate::hash::Software;
use crate::sink::Cursor;
use crate::sink::Recite;
use crate::sink::Sink;

/// The size of the longest digest in bytes: SHA-512's, or SHA-256's where that is the longest.
const LONGEST: usize = if cfg!(feature = "checksums") { 64 } else { 32 };

/// A way to check the data of an object: those of AWS's `ChecksumAlgorithm` that can be worked out here.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Algorithm {
    /// CRC-32 as in gzip, 4 bytes: what SDKs use where nothing is said.
    Crc32,
    /// CRC-32C (Castagnoli), 4 bytes.
    Crc32c,
    /// CRC-64/NVME, 8 bytes: what S3 uses where nothing came.
    Crc64Nvme,
    /// MD5, 16 bytes.
    #[cfg(feature = "checksums")]
    Md5,
    /// SHA-1, 20 bytes.
    #[cfg(feature = "checksums")]
    Sha1,
    /// SHA-256, 32 bytes.
    Sha256,
    /// SHA-512, 64 bytes.
    #[cfg(feature = "checksums")]
    Sha512,
    /// XXH3 of 128 bits, 16 bytes.
    #[cfg(feature = "checksums")]
    Xxhash128,
    /// XXH3 of 64 bits, 8 bytes.
    #[cfg(feature = "checksums")]
    Xxhash3,
    /// XXH64, 8 bytes.
    #[cfg(feature = "checksums")]
    Xxhash64,
}

impl Algorithm {
    /// All that can be worked out here.
    pub const ALL: &'static [Self] = &[
        Self::Crc32,
        Self::Crc32c,
        Self::Crc64Nvme,
        #[cfg(feature = "checksums")]
        Self::Md5,
        #[cfg(feature = "checksums")]
        Self::Sha1,
        Self::Sha256,
        #[cfg(feature = "checksums")]
        Self::Sha512,
        #[cfg(feature = "checksums")]
        Self::Xxhash128,
        #[cfg(feature = "checksums")]
        Self::Xxhash3,
        #[cfg(feature = "checksums")]
        Self::Xxhash64,
    ];

    /// The algorithm of that name, as AWS writes it (`CRC32C`); none where it is not known here.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|algorithm| algorithm.name() == name)
    }

    /// The name, as in `x-amz-sdk-checksum-algorithm`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().0
    }

    /// The header or trailer that carries the digest, in lower case: `x-amz-checksum-crc32c`.
    #[must_use]
    pub const fn header(self) -> &'static str {
        self.row().1
    }

    /// The size of the digest in bytes.
    #[must_use]
    pub const fn digest_length(self) -> usize {
        self.row().2
    }

    /// The length of the digest in base64, padding included.
    #[must_use]
    pub const fn base64_length(self) -> usize {
        self.digest_length().div_ceil(3).saturating_mul(4)
    }

    const fn row(self) -> (&'static str, &'static str, usize) {
        match self {
            Self::Crc32 => ("CRC32", "x-amz-checksum-crc32", 4),
            Self::Crc32c => ("CRC32C", "x-amz-checksum-crc32c", 4),
            Self::Crc64Nvme => ("CRC64NVME", "x-amz-checksum-crc64nvme", 8),
            #[cfg(feature = "checksums")]
            Self::Md5 => ("MD5", "x-amz-checksum-md5", 16),
            #[cfg(feature = "checksums")]
            Self::Sha1 => ("SHA1", "x-amz-checksum-sha1", 20),
            Self::Sha256 => ("SHA256", "x-amz-checksum-sha256", 32),
            #[cfg(feature = "checksums")]
            Self::Sha512 => ("SHA512", "x-amz-checksum-sha512", 64),
            #[cfg(feature = "checksums")]
            Self::Xxhash128 => ("XXHASH128", "x-amz-checksum-xxhash128", 16),
            #[cfg(feature = "checksums")]
            Self::Xxhash3 => ("XXHASH3", "x-amz-checksum-xxhash3", 8),
            #[cfg(feature = "checksums")]
            Self::Xxhash64 => ("XXHASH64", "x-amz-checksum-xxhash64", 8),
        }
    }
}

/// A checksum as it grows. What is summed is put into it like into any other sink.
///
/// Whoever has an engine that sums by itself implements this for it.
pub trait Sum: Sink {
    /// What it works out.
    fn algorithm(&self) -> Algorithm;

    /// The checksum of everything put so far.
    fn digest(&self) -> Digest;
}

impl Sum for Sha256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::Sha256
    }

    fn digest(&self) -> Digest {
        Digest::of(Algorithm::Sha256, &self.clone().finish())
    }
}

/// A checksum by an algorithm that is chosen when the program runs.
///
/// ```
/// use tucuxi_core::checksum::{Algorithm, Checksum};
/// use tucuxi_core::sink::{Cursor, Recite, Sink};
///
/// let algorithm = Algorithm::named("CRC64NVME").unwrap();
/// let mut checksum = Checksum::new(algorithm);
/// checksum.put(b"1234");
/// checksum.put(b"56789");
/// let digest = checksum.finish();
/// assert_eq!(digest.as_bytes(), 0xae8b_1486_0a79_9888_u64.to_be_bytes());
///
/// let mut room = [0; 12];
/// let mut value = Cursor::new(&mut room);
/// digest.recite(&mut value);
/// assert_eq!(algorithm.header(), "x-amz-checksum-crc64nvme");
/// assert_eq!(value.finish().unwrap(), b"rosUhgp5mIg=");
/// ```
pub struct Checksum(State);

#[cfg_attr(
    feature = "checksums",
    expect(clippy::large_enum_variant, reason = "there is no heap to put it on")
)]
enum State {
    Crc32(Crc32),
    Crc32c(Crc32c),
    Crc64Nvme(Crc64Nvme),
    Sha256(Sha256),
    #[cfg(feature = "checksums")]
    More(More),
}

impl Checksum {
    /// Starts a checksum.
    #[must_use]
    pub fn new(algorithm: Algorithm) -> Self {
        Self::with(&Software, algorithm)
    }

    /// As [`new`](Self::new), with SHA-256 worked out by `engine`.
    #[must_use]
    pub fn with(engine: &'static dyn Compress, algorithm: Algorithm) -> Self {
        Self(match algorithm {
            Algorithm::Crc32 => State::Crc32(Crc32::new()),
            Algorithm::Crc32c => State::Crc32c(Crc32c::new()),
            Algorithm::Crc64Nvme => State::Crc64Nvme(Crc64Nvme::new()),
            #[cfg(feature = "checksums")]
            Algorithm::Md5 => State::More(More::md5()),
            #[cfg(feature = "checksums")]
            Algorithm::Sha1 => State::More(More::sha1()),
            Algorithm::Sha256 => State::Sha256(Sha256::with(engine)),
            #[cfg(feature = "checksums")]
            Algorithm::Sha512 => State::More(More::sha512()),
            #[cfg(feature = "checksums")]
            Algorithm::Xxhash128 => State::More(More::xxhash128()),
            #[cfg(feature = "checksums")]
            Algorithm::Xxhash3 => State::More(More::xxhash3()),
            #[cfg(feature = "checksums")]
            Algorithm::Xxhash64 => State::More(More::xxhash64()),
        })
    }

    /// The checksum of `bytes`.
    #[must_use]
    pub fn of(algorithm: Algorithm, bytes: &[u8]) -> Digest {
        let mut checksum = Self::new(algorithm);
        checksum.put(bytes);
        checksum.finish()
    }

    /// The checksum of everything put so far.
    #[must_use]
    pub fn finish(self) -> Digest {
        self.digest()
    }
}

impl Sum for Checksum {
    fn algorithm(&self) -> Algorithm {
        match &self.0 {
            State::Crc32(_) => Algorithm::Crc32,
            State::Crc32c(_) => Algorithm::Crc32c,
            State::Crc64Nvme(_) => Algorithm::Crc64Nvme,
            State::Sha256(_) => Algorithm::Sha256,
            #[cfg(feature = "checksums")]
            State::More(more) => more.algorithm(),
        }
    }

    fn digest(&self) -> Digest {
        match &self.0 {
            State::Crc32(crc) => crc.digest(),
            State::Crc32c(crc) => crc.digest(),
            State::Crc64Nvme(crc) => crc.digest(),
            State::Sha256(hash) => hash.digest(),
            #[cfg(feature = "checksums")]
            State::More(more) => more.digest(),
        }
    }
}

impl Sink for Checksum {
    fn put(&mut self, bytes: &[u8]) {
        match &mut self.0 {
            State::Crc32(crc) => crc.put(bytes),
            State::Crc32c(crc) => crc.put(bytes),
            State::Crc64Nvme(crc) => crc.put(bytes),
            State::Sha256(hash) => hash.put(bytes),
            #[cfg(feature = "checksums")]
            State::More(more) => more.put(bytes),
        }
    }
}

impl fmt::Debug for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Checksum").field(&self.algorithm()).finish()
    }
}

/// What a checksum comes to. It recites itself in base64, as S3's headers have it.
#[derive(Clone, Copy, Eq, PartialEq)]
pub struct Digest {
    algorithm: Algorithm,
    /// As many as the algorithm has, and zeros.
    bytes: [u8; LONGEST],
}

impl Digest {
    /// A digest that was worked out elsewhere; none if it has not the algorithm's size.
    #[must_use]
    pub fn new(algorithm: Algorithm, bytes: &[u8]) -> Option<Self> {
        (bytes.len() == algorithm.digest_length()).then(|| Self::of(algorithm, bytes))
    }

    /// Reads a digest from the value of a header or trailer.
    ///
    /// # Errors
    ///
    /// [`Malformed`] where it is no base64, or that of fewer or more bytes than the algorithm has. A
    /// [`Composite`]'s text is none of these.
    pub fn parse(algorithm: Algorithm, text: &str) -> Result<Self, Malformed> {
        let mut bytes = [0; LONGEST];
        let mut to = Cursor::new(&mut bytes);
        base64_decode(text.as_bytes(), &mut to)?;
        if to.bytes() != algorithm.digest_length() {
            return Err(Malformed::new(text.len().min(algorithm.base64_length())));
        }
        Ok(Self { algorithm, bytes })
    }

    /// The bytes of one that has the right size.
    fn of(algorithm: Algorithm, digest: &[u8]) -> Self {
        let mut bytes = [0; LONGEST];
        for (to, from) in bytes.iter_mut().zip(digest) {
            *to = *from;
        }
        Self { algorithm, bytes }
    }

    /// How it was worked out.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The bytes; of a CRC or an xxHash the highest first.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.algorithm.digest_length()).unwrap_or_default()
    }

    /// The number that a CRC is.
    fn number(&self) -> u64 {
        self.as_bytes().iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
    }
}

impl Recite for Digest {
    fn recite(&self, to: &mut dyn Sink) {
        let mut base64 = Base64::new(to);
        base64.put(self.as_bytes());
        base64.finish();
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}(", self.algorithm.name())?;
        for byte in self.as_bytes() {
            write!(f, "{byte:02x}")?;
        }
        f.write_str(")")
    }
}

/// The digest is another algorithm's than those before it. Returned by [`Composite::push`] and
/// [`FullObject::push`]: the parts of one object have one algorithm.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Mixed {
    /// The algorithm of the digest that was pushed.
    pub given: Algorithm,
}

impl fmt::Display for Mixed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a checksum by {} among those of another algorithm", self.given.name())
    }
}

impl core::error::Error for Mixed {}

/// The checksum of an object in parts that is a checksum of the parts' checksums: S3's type `COMPOSITE`.
///
/// ```
/// use tucuxi_core::checksum::{Algorithm, Checksum, Composite};
/// use tucuxi_core::sink::{Cursor, Recite};
///
/// let mut whole = Composite::new(Algorithm::Crc32).unwrap();
/// whole.push(&Checksum::of(Algorithm::Crc32, b"12345")).unwrap();
/// whole.push(&Checksum::of(Algorithm::Crc32, b"6789")).unwrap();
/// let mut room = [0; 16];
/// let mut value = Cursor::new(&mut room);
/// whole.recite(&mut value);
/// assert_eq!(value.finish().unwrap(), b"4zspdQ==-2");
/// ```
#[derive(Debug)]
pub struct Composite {
    sum: Checksum,
    parts: u32,
}

impl Composite {
    /// An object that has no parts yet; none for CRC64NVME, of which S3 knows full objects only.
    #[must_use]
    pub fn new(algorithm: Algorithm) -> Option<Self> {
        (algorithm != Algorithm::Crc64Nvme).then(|| Self { sum: Checksum::new(algorithm), parts: 0 })
    }

    /// Adds the checksum of the next part.
    ///
    /// # Errors
    ///
    /// [`Mixed`] where it is another algorithm's. It is not added then.
    pub fn push(&mut self, part: &Digest) -> Result<(), Mixed> {
        if part.algorithm != self.sum.algorithm() {
            return Err(Mixed { given: part.algorithm });
        }
        self.sum.put(part.as_bytes());
        self.parts = self.parts.saturating_add(1);
        Ok(())
    }

    /// How many parts there are.
    #[must_use]
    pub const fn parts(&self) -> u32 {
        self.parts
    }

    /// The checksum of the checksums, which S3's text has in front of the number of parts.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.sum.digest()
    }
}

impl Recite for Composite {
    /// Base64, a hyphen and the number of parts, as S3 has it.
    fn recite(&self, to: &mut dyn Sink) {
        self.digest().recite(to);
        to.put(b"-");
        uint(u64::from(self.parts), to);
    }
}

/// The checksum of an object in parts that is that of its bytes, put together from the parts' without reading
/// them again: S3's type `FULL_OBJECT`.
///
/// ```
/// use tucuxi_core::checksum::{Algorithm, Checksum, FullObject};
///
/// let algorithm = Algorithm::Crc64Nvme;
/// let mut whole = FullObject::new(algorithm).unwrap();
/// whole.push(&Checksum::of(algorithm, b"12345"), 5).unwrap();
/// whole.push(&Checksum::of(algorithm, b"6789"), 4).unwrap();
/// assert_eq!(whole.digest(), Checksum::of(algorithm, b"123456789"));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct FullObject {
    whole: Crc,
}

#[derive(Clone, Copy, Debug)]
enum Crc {
    Crc32(Crc32),
    Crc32c(Crc32c),
    Crc64Nvme(Crc64Nvme),
}

impl FullObject {
    /// An object that has no parts yet; none where the algorithm is no CRC: no other can be put together.
    #[must_use]
    pub const fn new(algorithm: Algorithm) -> Option<Self> {
        let whole = match algorithm {
            Algorithm::Crc32 => Crc::Crc32(Crc32::new()),
            Algorithm::Crc32c => Crc::Crc32c(Crc32c::new()),
            Algorithm::Crc64Nvme => Crc::Crc64Nvme(Crc64Nvme::new()),
            _ => return None,
        };
        Some(Self { whole })
    }

    /// Adds the checksum of the next part, which has `bytes` bytes.
    ///
    /// # Errors
    ///
    /// [`Mixed`] where it is another algorithm's. It is not added then.
    pub fn push(&mut self, part: &Digest, bytes: u64) -> Result<(), Mixed> {
        if part.algorithm != self.digest().algorithm {
            return Err(Mixed { given: part.algorithm });
        }
        match &mut self.whole {
            Crc::Crc32(whole) => *whole = whole.then(Crc32::with(part.number()), bytes),
            Crc::Crc32c(whole) => *whole = whole.then(Crc32c::with(part.number()), bytes),
            Crc::Crc64Nvme(whole) => *whole = whole.then(Crc64Nvme::with(part.number()), bytes),
        }
        Ok(())
    }

    /// The checksum of all parts so far.
    #[must_use]
    pub fn digest(&self) -> Digest {
        match &self.whole {
            Crc::Crc32(whole) => whole.digest(),
            Crc::Crc32c(whole) => whole.digest(),
            Crc::Crc64Nvme(whole) => whole.digest(),
        }
    }
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "tests may overflow loudly")]
mod tests;
