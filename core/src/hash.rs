//! SHA-256 and HMAC-SHA-256 as sinks.
//!
//! What is hashed is written into them like into any other [`Sink`]. The compression function is a
//! [`Compress`], by default that of the `sha2` crate with its hardware backends, with the feature `small-hash` one of
//! our own in little code; the buffering and HMAC around it are ours, because a signature with a kept key must cost only the blocks it has to:
//! [`HmacKey`] is the two states that a key leaves behind, made once.

#[cfg(any(feature = "small-hash", not(feature = "sha2"), test))]
mod compact;
mod stage;

use core::fmt;

use zeroize::Zeroize;

pub(crate) use self::stage::Stage;
pub(crate) use self::stage::digest;
use crate::sink::SMALL;
use crate::sink::Sink;

/// The size of a SHA-256 block in bytes.
pub(crate) const BLOCK: usize = 64;

/// The state before the first block: [FIPS 180-4](https://doi.org/10.6028/NIST.FIPS.180-4), 5.3.3.
pub(crate) const INITIAL: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// The compression function of SHA-256: [FIPS 180-4](https://doi.org/10.6028/NIST.FIPS.180-4), 6.2.2.
///
/// This is the part of the hash that hardware and other libraries do. Whoever has a chip with a SHA engine, or
/// mbedTLS in the image already (`mbedtls_internal_sha256_process`), implements it and hands it to where a key or a
/// hash is made:
///
/// - [`SigningKey::derive_with`] or [`SigningKey::with`], and [`DerivedKey::derive_with`]: all that is signed or
///   verified with the key is worked out by its engine;
/// - `EcdsaKey::derive_with` or `EcdsaKey::with`;
/// - [`Checksum::with`], [`BodyCheck::with`], [`Sha256::with`] and [`HmacKey::with`].
///
/// Nothing else of this crate changes. [`Software`] is not linked unless the program names what makes one of those
/// without an engine: their namesakes without `with`, and besides
/// [`Encoder::new`](crate::aws_chunked::Encoder::new), [`Composite`](crate::checksum::Composite),
/// [`Claim::write_texts`](crate::verify::Claim::write_texts) and `PublicKey::verify`. An engine that must not be
/// entered twice at a time takes its own lock in here.
///
/// ```
/// use tucuxi_core::endpoint::Endpoint;
/// use tucuxi_core::hash::{Compress, Software};
/// use tucuxi_core::request::{Pair, Raw};
/// use tucuxi_core::sigv4::{Credentials, Payload, Rules, Signer, SigningKey};
/// use tucuxi_core::time::Time;
///
/// /// A chip's registers, played by software.
/// struct Engine;
///
/// impl Compress for Engine {
///     fn compress(&self, state: &mut [u32; 8], blocks: &[[u8; 64]]) {
///         for block in blocks {
///             Software.compress(state, &[*block]);
///         }
///     }
/// }
///
/// static ENGINE: Engine = Engine;
///
/// let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
/// let now = Time::parse_stamp(b"20150830T123600Z").unwrap();
/// let key = SigningKey::derive_with(&ENGINE, &credentials, now, "us-east-1", "service");
/// let signer = Signer::new(&credentials, &key, Rules::OTHERS);
///
/// let mut room = [Pair::EMPTY; 4];
/// let request = Raw::from_url("https://example.amazonaws.com/", &mut room).unwrap().finish().unwrap();
/// let endpoint = Endpoint::new(true, "example.amazonaws.com", "service", "us-east-1");
/// let signed = signer.sign(&request, endpoint, now, Payload::Body);
/// assert!(signed.signature().starts_with("5fa00fa31553b73ebf1942676e86291e"));
/// ```
///
/// [`BodyCheck::with`]: crate::verify::BodyCheck::with
/// [`Checksum::with`]: crate::checksum::Checksum::with
/// [`DerivedKey::derive_with`]: crate::sigv4::DerivedKey::derive_with
/// [`SigningKey::derive_with`]: crate::sigv4::SigningKey::derive_with
/// [`SigningKey::with`]: crate::sigv4::SigningKey::with
pub trait Compress: Sync {
    /// Compresses whole blocks into the state, one after the other. `blocks` may be empty: the state stays as it is.
    fn compress(&self, state: &mut [u32; 8], blocks: &[[u8; 64]]);
}

/// The compression function that comes with this crate.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "it has nothing to hold")]
pub struct Software;

impl Compress for Software {
    #[inline]
    fn compress(&self, state: &mut [u32; 8], blocks: &[[u8; BLOCK]]) {
        #[cfg(all(feature = "sha2", not(feature = "small-hash")))]
        sha2::block_api::compress256(state, blocks);
        #[cfg(any(feature = "small-hash", not(feature = "sha2")))]
        for block in blocks {
            compact::compress(state, block);
        }
    }
}

/// SHA-256 of what is put.
///
/// ```
/// use tucuxi_core::encode::hex;
/// use tucuxi_core::hash::Sha256;
///
/// let digest = Sha256::digest(b"");
/// assert_eq!(&hex(digest).as_flattened()[..16], b"e3b0c44298fc1c14");
/// ```
#[derive(Clone)]
pub struct Sha256 {
    engine: &'static dyn Compress,
    state: [u32; 8],
    block: [u8; BLOCK],
    /// The number of bytes in `block`, always less than its size.
    held: usize,
    /// The number of bytes hashed or held.
    length: u64,
}

impl Sha256 {
    /// Starts a digest.
    #[must_use]
    pub const fn new() -> Self {
        Self::with(&Software)
    }

    /// Starts a digest that is worked out by `engine`.
    #[must_use]
    pub const fn with(engine: &'static dyn Compress) -> Self {
        Self::after(engine, INITIAL, 0)
    }

    /// Goes on from a state that whole blocks left behind.
    #[cfg_attr(any(feature = "small-hash", not(feature = "sha2")), inline(never))]
    const fn after(engine: &'static dyn Compress, state: [u32; 8], length: u64) -> Self {
        Self { engine, state, block: [0; BLOCK], held: 0, length }
    }

    /// The digest of `bytes`.
    #[must_use]
    pub fn digest(bytes: &[u8]) -> [u8; 32] {
        bytes_of(&digest(&Software, bytes))
    }

    /// The digest of everything put so far.
    #[must_use]
    pub fn finish(mut self) -> [u8; 32] {
        bytes_of(&self.end())
    }

    /// The state behind everything put so far and its padding.
    pub(crate) fn end(&mut self) -> [u32; 8] {
        self.pad();
        self.state
    }

    /// Hashes the held bytes with the padding that ends a message (FIPS 180-4, 5.1.1).
    #[inline]
    fn pad(&mut self) {
        let bits = self.length.wrapping_mul(8).to_be_bytes();
        let (_, rest) = self.block.split_at_mut(self.held.min(BLOCK));
        rest.fill(0);
        if let Some(first) = rest.first_mut() {
            *first = 0x80;
        }
        if rest.len() < 9 {
            self.engine.compress(&mut self.state, core::slice::from_ref(&self.block));
            self.block = [0; BLOCK];
        }
        if let Some(end) = self.block.last_chunk_mut::<8>() {
            *end = bits;
        }
        self.engine.compress(&mut self.state, core::slice::from_ref(&self.block));
    }
}

impl Default for Sha256 {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Sha256 {
    /// Without the state: it can be that of a secret key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sha256").field("length", &self.length).finish_non_exhaustive()
    }
}

impl Sink for Sha256 {
    #[inline]
    fn put(&mut self, bytes: &[u8]) {
        self.length = self.length.wrapping_add(bytes.len() as u64);
        if SMALL {
            let mut held = self.held;
            for byte in bytes {
                if let Some(place) = self.block.get_mut(held) {
                    *place = *byte;
                }
                held = held.wrapping_add(1);
                if held == BLOCK {
                    self.engine.compress(&mut self.state, core::slice::from_ref(&self.block));
                    held = 0;
                }
            }
            self.held = held;
            return;
        }
        let place = self.block.get_mut(self.held..).unwrap_or_default();
        let Some((now, rest)) = bytes.split_at_checked(place.len()) else {
            for (to, from) in place.iter_mut().zip(bytes) {
                *to = *from;
            }
            self.held = self.held.wrapping_add(bytes.len());
            return;
        };
        for (to, from) in place.iter_mut().zip(now) {
            *to = *from;
        }
        self.engine.compress(&mut self.state, core::slice::from_ref(&self.block));
        let (blocks, rest) = rest.as_chunks::<BLOCK>();
        self.engine.compress(&mut self.state, blocks);
        for (to, from) in self.block.iter_mut().zip(rest) {
            *to = *from;
        }
        self.held = rest.len();
    }
}

/// What HMAC-SHA-256 needs of a key: the states after its inner and outer block
/// ([RFC 2104](https://www.rfc-editor.org/rfc/rfc2104), 4). Wiped on drop.
///
/// ```
/// use tucuxi_core::hash::HmacKey;
///
/// let key = HmacKey::new(b"key");
/// assert_eq!(key.mac(b"what do ya want")[..2], HmacKey::new(b"key").mac(b"what do ya want")[..2]);
/// ```
#[derive(Clone)]
pub struct HmacKey {
    engine: &'static dyn Compress,
    inner: [u32; 8],
    outer: [u32; 8],
}

impl HmacKey {
    /// Takes a key of any length.
    #[must_use]
    pub fn new(key: &[u8]) -> Self {
        Self::with(&Software, &[key])
    }

    /// Takes a key that lies in one piece or several, for codes that are worked out by `engine`.
    #[must_use]
    pub fn with(engine: &'static dyn Compress, parts: &[&[u8]]) -> Self {
        let mut block = key_block(engine, parts);
        let key = Self::of_block(engine, &mut block);
        block.zeroize();
        key
    }

    /// Takes a key that fills a block with zeros behind it, and leaves it changed. The two states do not depend on each
    /// other, so a processor that can works them out at the same time.
    #[inline(never)]
    pub(crate) fn of_block(engine: &'static dyn Compress, block: &mut [u8; BLOCK]) -> Self {
        let mut key = Self { engine, inner: INITIAL, outer: INITIAL };
        flip(block, 0x5c5c_5c5c);
        engine.compress(&mut key.outer, core::slice::from_ref(block));
        flip(block, 0x5c5c_5c5c ^ 0x3636_3636);
        engine.compress(&mut key.inner, core::slice::from_ref(block));
        key
    }

    /// The code of the last message, where that of each message before is the key of the next. It fills a block with
    /// zeros behind it, and whoever gets it wipes it.
    pub(crate) fn chain(engine: &'static dyn Compress, key: &[&[u8]], messages: &[&[u8]]) -> [u8; BLOCK] {
        let mut block = key_block(engine, key);
        for message in messages {
            let key = Self::of_block(engine, &mut block);
            let mut inner = key.inner_hash();
            inner.put(message);
            block = block_of(&key.outer(&inner.end()));
        }
        block
    }

    /// Starts a code under this key.
    #[must_use]
    pub const fn start(&self) -> Hmac {
        Hmac { inner: self.inner_hash(), outer: self.outer }
    }

    /// The inner hash, behind the key's block.
    pub(crate) const fn inner_hash(&self) -> Sha256 {
        Sha256::after(self.engine, self.inner, BLOCK as u64)
    }

    /// The states behind the key's inner and its outer block.
    pub(crate) const fn states(&self) -> [&[u32; 8]; 2] {
        [&self.inner, &self.outer]
    }

    /// The code of a message whose inner hash ends in this state: one more block.
    #[inline]
    pub(crate) fn outer(&self, inner: &[u32; 8]) -> [u32; 8] {
        outer(self.engine, self.outer, inner)
    }

    /// Who works out the codes.
    #[must_use]
    pub fn engine(&self) -> &'static dyn Compress {
        self.engine
    }

    /// The code of `message`.
    #[must_use]
    pub fn mac(&self, message: &[u8]) -> [u8; 32] {
        let mut mac = self.start();
        mac.put(message);
        mac.finish()
    }
}

impl fmt::Debug for HmacKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HmacKey(…)")
    }
}

impl Drop for HmacKey {
    fn drop(&mut self) {
        self.inner.zeroize();
        self.outer.zeroize();
    }
}

/// HMAC-SHA-256 of what is put, under a [`HmacKey`]. The states of the key are wiped on drop.
#[derive(Clone)]
pub struct Hmac {
    inner: Sha256,
    outer: [u32; 8],
}

impl Hmac {
    /// The code of everything put so far.
    #[must_use]
    pub fn finish(mut self) -> [u8; 32] {
        self.inner.pad();
        bytes_of(&outer(self.inner.engine, self.outer, &self.inner.state))
    }
}

impl fmt::Debug for Hmac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hmac(…)")
    }
}

impl Drop for Hmac {
    fn drop(&mut self) {
        self.inner.state.zeroize();
        self.outer.zeroize();
    }
}

impl Sink for Hmac {
    #[inline]
    fn put(&mut self, bytes: &[u8]) {
        self.inner.put(bytes);
    }
}

/// Whether two codes are the same, in a time that does not tell where they differ.
#[must_use]
pub fn same(one: &[u8; 32], other: &[u8; 32]) -> bool {
    let difference = one.iter().zip(other).fold(0, |sum, (a, b)| sum | (a ^ b));
    core::hint::black_box(difference) == 0
}

/// What HMAC makes of a key before it pads it: a block that ends in zeros. A key of more than a block is hashed.
fn key_block(engine: &'static dyn Compress, parts: &[&[u8]]) -> [u8; BLOCK] {
    let length = parts.iter().fold(0_usize, |sum, part| sum.saturating_add(part.len()));
    if length > BLOCK {
        let mut hash = Sha256::with(engine);
        for part in parts {
            hash.put(part);
        }
        let block = block_of(&hash.end());
        hash.state.zeroize();
        hash.block.zeroize();
        return block;
    }
    let mut block = [0; BLOCK];
    let mut places = block.iter_mut();
    for part in parts {
        // the text first: it is the one that ends, and no place is lost
        for (from, to) in part.iter().zip(&mut places) {
            *to = *from;
        }
    }
    block
}

/// A block that begins with a digest and goes on with zeros.
#[inline]
fn block_of(state: &[u32; 8]) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    if let Some(digest) = block.first_chunk_mut() {
        *digest = bytes_of(state);
    }
    block
}

/// Flips the bits of each word of a block that `pad` has.
fn flip(block: &mut [u8; BLOCK], pad: u32) {
    for bytes in block.as_chunks_mut::<4>().0 {
        *bytes = (u32::from_ne_bytes(*bytes) ^ pad).to_ne_bytes();
    }
}

/// HMAC's outer hash: of one block, after that of the key.
///
/// The block is put together of two halves that are stored once each: a processor that reads what it stored in other
/// pieces waits for the memory.
#[inline]
fn outer(engine: &dyn Compress, mut state: [u32; 8], inner: &[u32; 8]) -> [u32; 8] {
    /// The padding behind a digest, with the length of the key's block and the digest in bits.
    const PADDING: [u8; 32] = {
        let mut padding = [0; 32];
        let [first, .., high, low] = &mut padding;
        [*high, *low] = ((64_u16 + 32) * 8).to_be_bytes();
        *first = 0x80;
        padding
    };
    let block = [bytes_of(inner), PADDING];
    engine.compress(&mut state, block.as_flattened().as_chunks().0);
    state
}

pub(crate) fn bytes_of(state: &[u32; 8]) -> [u8; 32] {
    let mut bytes = [0; 32];
    if SMALL {
        for (to, word) in bytes.as_chunks_mut::<4>().0.iter_mut().zip(state) {
            *to = word.to_be_bytes();
        }
        return bytes;
    }
    for (to, [low, high]) in bytes.as_chunks_mut::<8>().0.iter_mut().zip(state.as_chunks::<2>().0) {
        let words = u64::from(*high) << 32 | u64::from(*low);
        let halves = (words & 0x00ff_00ff_00ff_00ff) << 8 | words >> 8 & 0x00ff_00ff_00ff_00ff;
        let turned = (halves & 0x0000_ffff_0000_ffff) << 16 | halves >> 16 & 0x0000_ffff_0000_ffff;
        *to = turned.to_le_bytes();
    }
    bytes
}

/// The words of a digest.
pub(crate) fn words_of(digest: &[u8; 32]) -> [u32; 8] {
    let mut words = [0; 8];
    for (word, bytes) in words.iter_mut().zip(digest.as_chunks::<4>().0) {
        *word = u32::from_be_bytes(*bytes);
    }
    words
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::vec::Vec;

    use hmac::{KeyInit, Mac};
    use proptest::prelude::*;
    use sha2::Digest;

    use super::*;

    proptest! {
        #[test]
        fn a_digest_is_the_same_however_the_bytes_come(bytes: Vec<u8>, cuts in prop::collection::vec(0_usize..200, 0..8)) {
            let mut hash = Sha256::new();
            let mut rest = &bytes[..];
            for cut in cuts {
                let (now, later) = rest.split_at(cut.min(rest.len()));
                hash.put(now);
                rest = later;
            }
            hash.put(rest);
            prop_assert_eq!(hash.finish(), <[u8; 32]>::from(sha2::Sha256::digest(&bytes)));
        }

        #[test]
        fn codes_agree_with_the_hmac_crate(key in prop::collection::vec(any::<u8>(), 0..200), message: Vec<u8>) {
            let mut other = hmac::Hmac::<sha2::Sha256>::new_from_slice(&key).unwrap();
            other.update(&message);
            let expected = <[u8; 32]>::from(other.finalize().into_bytes());
            prop_assert_eq!(HmacKey::new(&key).mac(&message), expected);
            let (a, b) = key.split_at(key.len() / 2);
            prop_assert_eq!(HmacKey::with(&Software, &[a, b]).mac(&message), expected);
        }
    }

    #[test]
    fn every_length_around_the_block_is_padded_right() {
        for length in 0..260 {
            let bytes: Vec<u8> = (0..length).map(|i| u8::try_from(i % 251).unwrap()).collect();
            assert_eq!(Sha256::digest(&bytes), <[u8; 32]>::from(sha2::Sha256::digest(&bytes)), "{length}");
        }
    }

    #[test]
    fn a_code_differs_in_any_bit() {
        let code = Sha256::digest(b"a");
        assert!(same(&code, &code.clone()));
        for bit in 0..256 {
            let mut other = code;
            other[bit / 8] ^= 1 << (bit % 8);
            assert!(!same(&code, &other));
        }
    }

    #[test]
    fn keys_and_digests_show_no_state() {
        assert_eq!(std::format!("{:?}", HmacKey::new(b"wJalr")), "HmacKey(…)");
        assert!(!std::format!("{:?}", Sha256::new()).contains("state"));
        assert_eq!(std::format!("{:?}", HmacKey::new(b"wJalr").start()), "Hmac(…)");
    }
}
