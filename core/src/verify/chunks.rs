//! A body in chunks (`aws-chunked`), decoded and verified while it arrives.
//!
//! The signature of a chunk stands in front of it, but proves it only once all of its data was seen: so data comes
//! out [`Unproven`](Arrived::Unproven), and [`Proven`](Arrived::Proven) is said of it afterwards. Nothing is
//! kept but the line that is being read and the trailers.
//!
//! ```text
//!          size 0             empty line
//!   Head ───────────▶ Trailers ───────────▶ Done
//!    │ ▲
//!    │ └───────────── line end ─────────────────┐
//!    │ size          all of it       signature  │
//!    └──────▶ Data ───────────▶ Close ───────▶ Tail
//! ```

mod trailers;

use core::fmt;

use self::trailers::TRAILER_SIGNATURE;
use self::trailers::algorithm;
use self::trailers::are_names;
use self::trailers::is_name;
use self::trailers::lines;
use self::trailers::names;
use self::trailers::trim;
use self::trailers::write_canonical;
use super::Covers;
use super::Proof;
use super::Streaming;
use super::same_digits;
use crate::checksum::Checksum;
use crate::checksum::Digest;
use crate::checksum::Sum;
use crate::encode::hex_digit;
use crate::hash::Sha256;
use crate::sigv4::Chain;
use crate::sigv4::Signature;
use crate::sigv4::SigningKey;
use crate::sink::Sink;

/// The room that trailers usually take in bytes: a checksum and a signature.
pub const TRAILER_ROOM: usize = 512;

/// What stands in front of a chunk's signature.
const CHUNK_SIGNATURE: &[u8] = b";chunk-signature=";

/// What the next bytes of a body are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "a caller must answer each of these")]
pub enum Arrived<'i> {
    /// Data of the body, of which nothing is proven. Keep it apart, or be ready to take it back.
    Unproven(&'i [u8]),
    /// A chunk was found to be the one that was signed: so is the data up to here.
    Proven {
        /// How many bytes of data that is, from the beginning of the body.
        bytes: u64,
    },
    /// All input was taken. Give more, or say that there is [no more](ChunkVerifier::end).
    NeedInput,
    /// The body is whole: it has the length that was announced, every signature is right, and so is the checksum,
    /// where one follows. Of a body whose chunks are not signed ([`Streaming::UnsignedTrailer`]) this alone is said, and
    /// says no more than that the checksum fits.
    End,
}

/// Decodes a body in chunks and verifies it: each chunk, their chain, the trailers, and the checksum in them.
///
/// Only [`End`](Arrived::End) says that all is well; where chunks are not signed, nothing is said to be proven before.
///
/// ```
/// use tucuxi_core::sigv4::SigningKey;
/// use tucuxi_core::verify::{Arrived, BadChunks, ChunkVerifier, Proof, TRAILER_ROOM};
/// # use tucuxi_core::aws_chunked::{Encoder, Framing, Trailer};
/// # use tucuxi_core::checksum::Algorithm;
/// # use tucuxi_core::endpoint::Endpoint;
/// # use tucuxi_core::request::{Method, Pair, Raw};
/// # use tucuxi_core::sigv4::{Credentials, Payload, Rules, Signer};
/// # use tucuxi_core::sink::{Cursor, Recite};
/// # use tucuxi_core::time::Time;
/// # use tucuxi_core::verify::{Claim, Received, Terms};
///
/// /// The data of a body that is whole.
/// fn read(proof: &Proof<'_>, key: &SigningKey, body: &[u8]) -> Result<Vec<u8>, BadChunks> {
///     let mut room = [0; TRAILER_ROOM];
///     let mut chunks = ChunkVerifier::new(proof, key, &mut room)?;
///     let (mut input, mut data) = (body, Vec::new());
///     loop {
///         match chunks.read(&mut input)? {
///             Arrived::Unproven(bytes) => data.extend_from_slice(bytes),
///             Arrived::Proven { .. } => {} // whoever does not wait for the end may use what came so far
///             Arrived::NeedInput => chunks.end()?, // no more comes: an error
///             Arrived::End => return Ok(data),
///         }
///     }
/// }
/// #
/// # // Such bodies, one of each mode, whole and cut by a byte.
/// # let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
/// # let now = Time::parse_stamp(b"20260102T030405Z").unwrap();
/// # let key = SigningKey::derive(&credentials, now, "us-west-2", "s3");
/// # let signer = Signer::new(&credentials, &key, Rules::S3);
/// # let trailer = Trailer::checksum(Algorithm::Crc32);
/// # for framing in [Framing::signed(9), Framing::signed_with(9, trailer), Framing::unsigned(9, trailer)] {
/// #     let mut pairs = [Pair::EMPTY; 8];
/// #     let mut raw = Raw::from_url("https://logs.s3.us-west-2.amazonaws.com/a", &mut pairs).unwrap();
/// #     raw.method(Method::Put);
/// #     framing.declare(raw.draft());
/// #     let endpoint = Endpoint::new(true, raw.host(), "s3", "us-west-2");
/// #     let request = raw.finish().unwrap();
/// #     let signed = signer.sign(&request, endpoint, now, Payload::Literal(framing.content_sha256()));
/// #     let mut encoder = Encoder::new(&signed, framing).unwrap();
/// #     let mut body = encoder.frame(b"nine byte").unwrap().pieces().concat();
/// #     let mut room = [0; 512];
/// #     let mut end = Cursor::new(&mut room);
/// #     encoder.finish().unwrap().recite(&mut end);
/// #     body.extend_from_slice(end.finish().unwrap());
/// #     let text = |write: &dyn Fn(&mut Cursor<'_>)| {
/// #         let mut room = [0; 512];
/// #         let mut to = Cursor::new(&mut room);
/// #         write(&mut to);
/// #         String::from_utf8(to.finish().unwrap().to_vec()).unwrap()
/// #     };
/// #     let headers = signed.headers();
/// #     let headers = headers.map(|header| (text(&|to| header.write_name(to)), text(&|to| header.write_value(to))));
/// #     let headers: Vec<_> = headers.collect();
/// #     let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
/// #     let claim = Claim::read(Received::new("PUT", "/a", &headers), &mut []).unwrap();
/// #     let mut pairs = [Pair::EMPTY; 8];
/// #     let proof = claim.verify(&key, &Terms::new(now), &mut pairs).unwrap();
/// #     assert_eq!(read(&proof, &key, &body).unwrap(), b"nine byte");
/// #     assert_eq!(read(&proof, &key, &body[..body.len() - 1]), Err(BadChunks::Cut));
/// # }
/// ```
pub struct ChunkVerifier<'r> {
    state: State,
    streaming: Streaming,
    /// The signatures so far; none where chunks have none.
    chain: Option<Chain>,
    /// Of the chunk's data so far.
    digest: Sha256,
    /// Of all data so far, where a trailer is a checksum.
    sum: Option<Checksum>,
    /// The names of the trailers, as the request announces them.
    announced: &'r str,
    /// How much data is missing of what was announced.
    missing: u64,
    /// How much data came.
    passed: u64,
    /// How much is missing of the chunk.
    left: u64,
    /// The signature that the chunk is said to have.
    claimed: [u8; 64],
    line: Line,
    /// The lines of the trailers, each with a line feed.
    trailers: &'r mut [u8],
    /// How many bytes of them there are.
    held: usize,
    /// Whether a carriage return came behind them.
    carriage: bool,
    /// How many bytes of input were taken.
    at: u64,
    failed: Option<BadChunks>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum State {
    Head,
    Data,
    Close,
    Tail,
    Trailers,
    Done,
}

impl<'r> ChunkVerifier<'r> {
    /// Begins, for the body of a request that was proven with this key.
    ///
    /// `room` is for the trailers: [`TRAILER_ROOM`] will do where they are what SDKs send.
    ///
    /// # Errors
    ///
    /// [`BadChunks`]: [`Mode`](BadChunks::Mode) where the body does not come in chunks, and others where it is not
    /// announced as it has to be.
    pub fn new(proof: &Proof<'r>, key: &SigningKey, room: &'r mut [u8]) -> Result<Self, BadChunks> {
        let Covers::Chunks(streaming) = proof.covers() else { return Err(BadChunks::Mode) };
        let claim = proof.claim();
        let length = claim.received.named("x-amz-decoded-content-length");
        let missing = one(length).and_then(decimal).ok_or(BadChunks::Length)?;
        let announced = claim.received.named("x-amz-trailer");
        let announced =
            if announced.clone().next().is_some() { one(announced).ok_or(BadChunks::Trailer)? } else { "" };
        let none = names(announced).next().is_none();
        if none != (streaming == Streaming::Signed) || !are_names(announced) {
            return Err(BadChunks::Trailer);
        }
        let seed = Signature::read(&claim.signature);
        let scope = |to: &mut dyn Sink| claim.write_scope(to);
        let signs = streaming != Streaming::UnsignedTrailer;
        Ok(Self {
            state: State::Head,
            streaming,
            chain: signs.then(|| Chain::new(key, &claim.stamp, scope, seed)),
            digest: Sha256::with(key.engine()),
            sum: algorithm(announced)?.map(|algorithm| Checksum::with(key.engine(), algorithm)),
            announced,
            missing,
            passed: 0,
            left: 0,
            claimed: [0; 64],
            line: Line::default(),
            trailers: room,
            held: 0,
            carriage: false,
            at: 0,
            failed: None,
        })
    }

    /// Reads on, and moves `input` behind what was taken.
    ///
    /// # Errors
    ///
    /// [`BadChunks`], from then on each time. No data that was not said to be [proven](Arrived::Proven) is to be
    /// used then.
    pub fn read<'i>(&mut self, input: &mut &'i [u8]) -> Result<Arrived<'i>, BadChunks> {
        if let Some(failed) = self.failed {
            return Err(failed);
        }
        let arrived = self.step(input);
        self.failed = arrived.err();
        arrived
    }

    /// Says that there is no more input.
    ///
    /// # Errors
    ///
    /// [`BadChunks::Cut`] where the body is not whole, and what was wrong before.
    pub fn end(&self) -> Result<(), BadChunks> {
        match (self.failed, self.state) {
            (Some(failed), _) => Err(failed),
            (None, State::Done) => Ok(()),
            (None, _) => Err(BadChunks::Cut),
        }
    }

    /// How much data came so far, in bytes, proven or not.
    #[must_use]
    pub const fn decoded(&self) -> u64 {
        self.passed
    }

    /// The trailers as they came, without their signature: names and values. None before the [end](Arrived::End).
    /// Where chunks are not signed, trailers are not either, and nothing is proven of one that is no checksum.
    pub fn trailers(&self) -> impl Iterator<Item = (&str, &str)> {
        let held = if self.state == State::Done { self.held } else { 0 };
        lines(self.trailers.get(..held).unwrap_or_default()).filter_map(|(name, value)| {
            let proof = name.eq_ignore_ascii_case(TRAILER_SIGNATURE);
            let text = |text| core::str::from_utf8(text).ok();
            if proof { None } else { Some((text(name)?, text(value)?)) }
        })
    }

    fn step<'i>(&mut self, input: &mut &'i [u8]) -> Result<Arrived<'i>, BadChunks> {
        loop {
            match self.state {
                State::Done => return Ok(Arrived::End),
                State::Data => {
                    let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(input.len());
                    let Some((data, rest)) = input.split_at_checked(most) else {
                        return Ok(Arrived::NeedInput);
                    };
                    if data.is_empty() {
                        return Ok(Arrived::NeedInput);
                    }
                    *input = rest;
                    self.take(data);
                    return Ok(Arrived::Unproven(data));
                }
                State::Close => {
                    self.state = State::Tail;
                    if self.check()? {
                        return Ok(Arrived::Proven { bytes: self.passed });
                    }
                }
                State::Head | State::Tail | State::Trailers => {
                    let Some((byte, rest)) = input.split_first() else { return Ok(Arrived::NeedInput) };
                    *input = rest;
                    let at = self.at;
                    self.at = at.saturating_add(1);
                    self.line_byte(*byte, at)?;
                }
            }
        }
    }

    /// Takes data of the chunk.
    fn take(&mut self, data: &[u8]) {
        if self.chain.is_some() {
            self.digest.put(data);
        }
        if let Some(sum) = &mut self.sum {
            sum.put(data);
        }
        let length = data.len() as u64;
        self.left = self.left.saturating_sub(length);
        self.passed = self.passed.saturating_add(length);
        self.at = self.at.saturating_add(length);
        if self.left == 0 {
            self.state = State::Close;
        }
    }

    /// Checks the signature of the chunk; says whether it has one.
    fn check(&mut self) -> Result<bool, BadChunks> {
        let Some(chain) = &mut self.chain else { return Ok(false) };
        let digest = core::mem::replace(&mut self.digest, chain.digest());
        if same_digits(chain.chunk(digest.finish()).as_bytes(), &self.claimed) {
            Ok(true)
        } else {
            Err(BadChunks::Signature { bytes: self.passed })
        }
    }

    /// Takes a byte of a line, and the line where it ends.
    fn line_byte(&mut self, byte: u8, at: u64) -> Result<(), BadChunks> {
        let malformed = BadChunks::Malformed { at };
        if self.state == State::Trailers {
            return self.trailer_byte(byte, at);
        }
        if byte != b'\n' {
            return if self.line.push(byte) { Ok(()) } else { Err(malformed) };
        }
        let line = core::mem::take(&mut self.line);
        let text = line.bytes().strip_suffix(b"\r").ok_or(malformed)?;
        if self.state == State::Tail {
            self.state = State::Head;
            return if text.is_empty() { Ok(()) } else { Err(malformed) };
        }
        self.left = self.head(text).ok_or(malformed)?;
        self.missing = self.missing.checked_sub(self.left).ok_or(BadChunks::Length)?;
        if self.left > 0 {
            self.state = State::Data;
            return Ok(());
        }
        if self.missing > 0 {
            return Err(BadChunks::Length);
        }
        self.check()?;
        self.state = State::Trailers;
        Ok(())
    }

    /// The size that the head of a chunk says, whose signature is kept.
    fn head(&mut self, text: &[u8]) -> Option<u64> {
        let digits = text.iter().take_while(|byte| hex_digit(**byte).is_some()).count();
        let (digits, rest) = text.split_at_checked(digits)?;
        if self.chain.is_some() {
            let signature = rest.strip_prefix(CHUNK_SIGNATURE)?;
            self.claimed = signature.try_into().ok()?;
            super::digest(core::str::from_utf8(signature).ok()?)?;
        } else if !rest.is_empty() {
            return None;
        }
        if digits.is_empty() || digits.len() > 16 {
            return None;
        }
        digits.iter().try_fold(0, |size: u64, digit| Some(size << 4 | u64::from(hex_digit(*digit)?)))
    }

    /// Takes a byte of the trailers, and all of them where they end.
    fn trailer_byte(&mut self, byte: u8, at: u64) -> Result<(), BadChunks> {
        let malformed = BadChunks::Malformed { at };
        match (byte, core::mem::take(&mut self.carriage)) {
            (b'\n', true) => {
                let held = self.trailers.get(..self.held).unwrap_or_default();
                if held.last().is_none_or(|last| *last == b'\n') {
                    self.finish()?;
                    self.state = State::Done;
                    return Ok(());
                }
            }
            (b'\n', false) | (_, true) => return Err(malformed),
            (b'\r', false) => {
                self.carriage = true;
                return Ok(());
            }
            // None is announced.
            _ if self.streaming == Streaming::Signed => return Err(BadChunks::Trailer),
            _ => {}
        }
        let needed = self.held.saturating_add(1);
        let place = self.trailers.get_mut(self.held).ok_or(BadChunks::Room { needed })?;
        *place = byte;
        self.held = needed;
        Ok(())
    }

    /// Checks the trailers: that they are those announced, their signature, and the checksum.
    fn finish(&mut self) -> Result<(), BadChunks> {
        let held = self.trailers.get(..self.held).unwrap_or_default();
        let mut proof = None;
        let mut count = 0_usize;
        for (name, value) in lines(held) {
            let name = core::str::from_utf8(name).map_err(|_| BadChunks::Trailer)?;
            let valid = is_name(name) && value.iter().all(|byte| matches!(byte, b' '..=b'~' | b'\t'));
            // Nothing follows the signature.
            if !valid || proof.is_some() {
                return Err(BadChunks::Trailer);
            }
            if self.chain.is_some() && name.as_bytes().eq_ignore_ascii_case(TRAILER_SIGNATURE) {
                proof = Some(trim(value));
                continue;
            }
            let again =
                lines(held).filter(|(other, _)| other.eq_ignore_ascii_case(name.as_bytes())).count() != 1;
            if again || !names(self.announced).any(|announced| announced.eq_ignore_ascii_case(name)) {
                return Err(BadChunks::Trailer);
            }
            count = count.saturating_add(1);
        }
        if count != names(self.announced).count() {
            return Err(BadChunks::Trailer);
        }
        if let (Some(chain), false) = (&mut self.chain, self.streaming == Streaming::Signed) {
            let mut digest = chain.digest();
            write_canonical(held, &mut digest);
            let right = chain.trailer(digest.finish());
            if !proof.is_some_and(|proof| same_digits(right.as_bytes(), proof)) {
                return Err(BadChunks::TrailerSignature);
            }
        }
        if let Some(sum) = &self.sum {
            let name = sum.algorithm().header();
            let said = lines(held).find(|(other, _)| other.eq_ignore_ascii_case(name.as_bytes()));
            let said = said.and_then(|(_, value)| core::str::from_utf8(trim(value)).ok());
            let said = said.and_then(|value| Digest::parse(sum.algorithm(), value).ok());
            if said != Some(sum.digest()) {
                return Err(BadChunks::Checksum);
            }
        }
        Ok(())
    }
}

impl fmt::Debug for ChunkVerifier<'_> {
    /// Without the trailers and the signatures.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChunkVerifier")
            .field("state", &self.state)
            .field("streaming", &self.streaming)
            .field("decoded", &self.passed)
            .finish_non_exhaustive()
    }
}

/// The line that is being read, of the longest that there may be: sixteen digits, the signature, the line's end.
#[derive(Clone, Copy)]
struct Line {
    text: [u8; 16 + CHUNK_SIGNATURE.len() + 64 + 1],
    length: usize,
}

impl Line {
    /// Whether there is room for one more.
    fn push(&mut self, byte: u8) -> bool {
        let place = self.text.get_mut(self.length);
        self.length = self.length.saturating_add(1);
        place.map(|place| *place = byte).is_some()
    }

    fn bytes(&self) -> &[u8] {
        self.text.get(..self.length).unwrap_or_default()
    }
}

impl Default for Line {
    fn default() -> Self {
        Self { text: [0; 16 + CHUNK_SIGNATURE.len() + 64 + 1], length: 0 }
    }
}

/// The one of them.
fn one<'a>(mut values: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    match (values.next(), values.next()) {
        (Some(value), None) => Some(value.trim_matches([' ', '\t'])),
        _ => None,
    }
}

/// A number in decimal digits and nothing else.
fn decimal(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// Why a body in chunks is not the one that was signed. Returned by the methods of [`ChunkVerifier`].
///
/// Nothing of the body is to be used that was not said to be [proven](Arrived::Proven) before.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum BadChunks {
    /// The trailer is a checksum by an algorithm that is not here.
    Algorithm,
    /// The checksum in the trailers is not that of the data.
    Checksum,
    /// The body ends too early.
    Cut,
    /// The data is longer or shorter than `x-amz-decoded-content-length` says, or the header does not say it.
    Length,
    /// The body is not framed as it should be.
    Malformed {
        /// The offset of the byte at which that was found: at the latest, the end of the line.
        at: u64,
    },
    /// The proof is not of a body in chunks.
    Mode,
    /// The trailers take more room.
    Room {
        /// A size in bytes at which reading gets further.
        needed: usize,
    },
    /// The signature of a chunk is wrong.
    Signature {
        /// How much data had come when it was found, the chunk's included.
        bytes: u64,
    },
    /// The trailers are not those that `x-amz-trailer` announces, or malformed.
    Trailer,
    /// The signature of the trailers is wrong or missing.
    TrailerSignature,
}

impl fmt::Display for BadChunks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Algorithm => f.write_str("the checksum's algorithm is not known here"),
            Self::Checksum => f.write_str("the checksum is not that of the data"),
            Self::Cut => f.write_str("the body ends too early"),
            Self::Length => f.write_str("the data has another length than was announced"),
            Self::Malformed { at } => {
                write!(f, "the body is malformed, at byte {at} or before")
            }
            Self::Mode => f.write_str("the body does not come in chunks"),
            Self::Room { needed } => write!(f, "room for {needed} bytes of trailers is needed"),
            Self::Signature { bytes } => {
                write!(f, "the signature of the chunk does not match that ends with byte {bytes} of the data")
            }
            Self::Trailer => f.write_str("the trailers are not those that were announced"),
            Self::TrailerSignature => f.write_str("the signature of the trailers does not match"),
        }
    }
}

impl core::error::Error for BadChunks {}
