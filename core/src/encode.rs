//! Spelling bytes in other bytes: percent-encoding, hex, base64 and decimal integers.
//!
//! Encoders that take pieces are sinks in front of a sink, so they can stand wherever a [`Sink`] is
//! asked for; decoders take the whole input. Nothing here allocates, formats or can fail to encode.
//! No percent-encoder of another standard is here (form encoding, the URL standard's sets): AWS
//! signs one set, and what is signed is what must be sent.

use core::fmt;

use crate::sink::Sink;

/// Percent-encodes what is put and passes it on.
///
/// The 66 unreserved bytes of [RFC 3986, section 2.3][rfc] stay, all others become `%` and two
/// upper-case hex digits: the `UriEncode` of [AWS's signing description][aws]. It knows nothing of
/// what is encoded already, so a `%` becomes `%25`.
///
/// ```
/// use tucuxi_core::encode::Percent;
/// use tucuxi_core::sink::{Cursor, Sink};
///
/// let mut room = [0; 32];
/// let mut out = Cursor::new(&mut room);
/// Percent::path(&mut out).put("/a b/é".as_bytes());
/// out.put(b"?prefix=");
/// Percent::component(&mut out).put(b"a/b");
/// assert_eq!(out.finish().unwrap(), b"/a%20b/%C3%A9?prefix=a%2Fb");
/// ```
///
/// [rfc]: https://www.rfc-editor.org/rfc/rfc3986#section-2.3
/// [aws]: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
pub struct Percent<'s> {
    to: &'s mut dyn Sink,
    kept: &'static [u32; 8],
}

impl<'s> Percent<'s> {
    /// Encodes a name or value: `/` becomes `%2F`.
    pub fn component(to: &'s mut dyn Sink) -> Self {
        Self { to, kept: &UNRESERVED }
    }

    /// Encodes a path: `/` stays.
    pub fn path(to: &'s mut dyn Sink) -> Self {
        Self { to, kept: &UNRESERVED_AND_SLASH }
    }
}

impl Sink for Percent<'_> {
    fn put(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        // One `put` for a whole run of kept bytes: behind the sink may be a hash.
        while !rest.is_empty() {
            let run = rest.iter().position(|&byte| !contains(self.kept, byte)).unwrap_or(rest.len());
            let (kept, others) = rest.split_at_checked(run).unwrap_or((rest, &[]));
            if !kept.is_empty() {
                self.to.put(kept);
            }
            rest = others;
            if let Some((&byte, others)) = rest.split_first() {
                let [high, low] = digits(HEX_UPPER, byte);
                self.to.put(&[b'%', high, low]);
                rest = others;
            }
        }
    }
}

impl fmt::Debug for Percent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Percent").finish_non_exhaustive()
    }
}

/// What a `+` stands for in a percent-encoded text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "a plus has no third meaning")]
pub enum PlusIs {
    /// Itself, as in paths, in queries that AWS signs, and in keys listed with `encoding-type=url`.
    Plus,
    /// A space, as in forms.
    Space,
}

/// Decodes percent-encoded text.
///
/// A `%` without two hex digits behind it stands for itself, as for every browser and for botocore,
/// so all input has a meaning. The result can be any bytes; it need not be UTF-8.
///
/// ```
/// use tucuxi_core::encode::{PlusIs, percent_decode};
/// use tucuxi_core::sink::Cursor;
///
/// let mut room = [0; 16];
/// let mut key = Cursor::new(&mut room);
/// percent_decode(b"a+b%2fc%20100%", PlusIs::Plus, &mut key);
/// assert_eq!(key.finish().unwrap(), b"a+b/c 100%");
/// ```
pub fn percent_decode(input: &[u8], plus: PlusIs, to: &mut dyn Sink) {
    let mut rest = input;
    loop {
        let plain = |&byte: &u8| byte != b'%' && (byte != b'+' || plus == PlusIs::Plus);
        let run = rest.iter().take_while(|byte| plain(byte)).count();
        let (kept, others) = rest.split_at_checked(run).unwrap_or((rest, &[]));
        if !kept.is_empty() {
            to.put(kept);
        }
        rest = match others {
            [] => return,
            [b'+', others @ ..] => {
                to.put(b" ");
                others
            }
            [b'%', high, low, others @ ..] if hex_digit(*high).is_some() && hex_digit(*low).is_some() => {
                to.put(&[hex_digit(*high).unwrap_or(0) << 4 | hex_digit(*low).unwrap_or(0)]);
                others
            }
            [byte, others @ ..] => {
                to.put(&[*byte]);
                others
            }
        };
    }
}

/// Writes what is put as lower-case hex digits.
///
/// ```
/// use tucuxi_core::encode::Hex;
/// use tucuxi_core::sink::{Cursor, Sink};
///
/// let mut room = [0; 4];
/// let mut out = Cursor::new(&mut room);
/// Hex::new(&mut out).put(&[0x0f, 0xa0]);
/// assert_eq!(out.finish().unwrap(), b"0fa0");
/// ```
pub struct Hex<'s> {
    to: &'s mut dyn Sink,
}

impl<'s> Hex<'s> {
    /// Writes to `to`.
    pub fn new(to: &'s mut dyn Sink) -> Self {
        Self { to }
    }
}

impl Sink for Hex<'_> {
    fn put(&mut self, bytes: &[u8]) {
        let (whole, rest) = bytes.as_chunks::<16>();
        for &piece in whole {
            self.to.put(hex(piece).as_flattened());
        }
        for &byte in rest {
            self.to.put(&digits(HEX_LOWER, byte));
        }
    }
}

impl fmt::Debug for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hex").finish_non_exhaustive()
    }
}

/// The lower-case hex digits of a fixed number of bytes, a digest for example.
///
/// ```
/// use tucuxi_core::encode::hex;
///
/// assert_eq!(hex([0x0f, 0xa0]).as_flattened(), b"0fa0");
/// ```
#[must_use]
pub fn hex<const N: usize>(bytes: [u8; N]) -> [[u8; 2]; N] {
    bytes.map(|byte| digits(HEX_LOWER, byte))
}

/// Decodes hex digits of either case, two for each byte.
///
/// ```
/// use tucuxi_core::encode::{Malformed, hex_decode};
/// use tucuxi_core::sink::Cursor;
///
/// let mut room = [0; 2];
/// let mut out = Cursor::new(&mut room);
/// hex_decode(b"0FA0", &mut out).unwrap();
/// assert_eq!(out.finish().unwrap(), [0x0f, 0xa0]);
/// assert_eq!(hex_decode(b"0x", &mut Cursor::new(&mut [])), Err(Malformed::new(1)));
/// ```
///
/// # Errors
///
/// [`Malformed`] at the first byte that is no hex digit, or at the end if a digit is missing there.
/// The bytes before it have been put by then: don't use them.
pub fn hex_decode(input: &[u8], to: &mut dyn Sink) -> Result<(), Malformed> {
    if let Some(at) = input.iter().position(|&byte| hex_digit(byte).is_none()) {
        return Err(Malformed { at });
    }
    let (pairs, rest) = input.as_chunks::<2>();
    for &pair in pairs {
        let [high, low] = pair.map(|byte| hex_digit(byte).unwrap_or(0));
        to.put(&[high << 4 | low]);
    }
    if rest.is_empty() { Ok(()) } else { Err(Malformed { at: input.len() }) }
}

/// Writes what is put as base64, with padding ([RFC 4648, section 4][rfc]).
///
/// Nothing is complete before [`finish`](Self::finish), which writes the last one to three bytes.
///
/// ```
/// use tucuxi_core::encode::Base64;
/// use tucuxi_core::sink::{Cursor, Sink};
///
/// let mut room = [0; 8];
/// let mut out = Cursor::new(&mut room);
/// let mut base64 = Base64::new(&mut out);
/// base64.put(b"he");
/// base64.put(b"llo");
/// base64.finish();
/// assert_eq!(out.finish().unwrap(), b"aGVsbG8=");
/// ```
///
/// [rfc]: https://www.rfc-editor.org/rfc/rfc4648#section-4
#[must_use = "the last bytes are written by `finish`"]
pub struct Base64<'s> {
    to: &'s mut dyn Sink,
    /// The bytes of the group that was begun, `begun` of them.
    group: [u8; 3],
    begun: usize,
}

impl<'s> Base64<'s> {
    /// Writes to `to`.
    pub fn new(to: &'s mut dyn Sink) -> Self {
        Self { to, group: [0; 3], begun: 0 }
    }

    /// Writes the group that was begun, and its padding.
    pub fn finish(self) {
        let [a, b, c, d] = base64_group(self.group);
        match self.begun {
            0 => {}
            1 => self.to.put(&[a, b, b'=', b'=']),
            2 => self.to.put(&[a, b, c, b'=']),
            _ => self.to.put(&[a, b, c, d]),
        }
    }
}

impl Sink for Base64<'_> {
    fn put(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while self.begun > 0 {
            let Some((&byte, others)) = rest.split_first() else { return };
            rest = others;
            if let Some(place) = self.group.get_mut(self.begun) {
                *place = byte;
            }
            self.begun = if self.begun == 1 { 2 } else { 0 };
            if self.begun == 0 {
                self.to.put(&base64_group(self.group));
            }
        }
        // Sixteen groups at a time, so that a sink behind this one is not called for every four bytes.
        let (large, rest) = rest.as_chunks::<48>();
        for piece in large {
            let mut text = [[0; 4]; 16];
            for (place, &group) in text.iter_mut().zip(piece.as_chunks().0) {
                *place = base64_group(group);
            }
            self.to.put(text.as_flattened());
        }
        let (groups, rest) = rest.as_chunks();
        for &group in groups {
            self.to.put(&base64_group(group));
        }
        self.begun = rest.len();
        self.group = match *rest {
            [a, b] => [a, b, 0],
            [a] => [a, 0, 0],
            _ => [0; 3],
        };
    }
}

impl fmt::Debug for Base64<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Base64").finish_non_exhaustive()
    }
}

/// Decodes base64, and only what [`Base64`] writes: with padding, without line breaks, and with the
/// unused bits of the last digit zero, so that there is one text for each sequence of bytes.
///
/// ```
/// use tucuxi_core::encode::{Malformed, base64_decode};
/// use tucuxi_core::sink::Cursor;
///
/// let mut room = [0; 5];
/// let mut out = Cursor::new(&mut room);
/// base64_decode(b"aGVsbG8=", &mut out).unwrap();
/// assert_eq!(out.finish().unwrap(), b"hello");
/// assert_eq!(base64_decode(b"aGVs bG8=", &mut Cursor::new(&mut room)), Err(Malformed::new(4)));
/// ```
///
/// # Errors
///
/// [`Malformed`] at the first byte that breaks the rules, or at the end of an input that is too short.
/// The bytes before it have been put by then: don't use them.
pub fn base64_decode(input: &[u8], to: &mut dyn Sink) -> Result<(), Malformed> {
    let (groups, rest) = input.as_chunks::<4>();
    let (last, groups) = match groups.split_last() {
        Some((last, others)) if rest.is_empty() => (Some(last), others),
        _ => (None, groups),
    };
    let mut at = 0_usize;
    for group in groups {
        let [a, b, c, d] = base64_sextets(group, at)?;
        to.put(&[a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d]);
        at = at.saturating_add(4);
    }
    let Some(&[a, b, c, d]) = last else {
        // A group is missing digits: at the end, unless there is a worse byte before it.
        base64_sextets(rest, at)?;
        return if rest.is_empty() { Ok(()) } else { Err(Malformed { at: input.len() }) };
    };
    match (c, d) {
        (b'=', b'=') => {
            let [a, b, ..] = base64_sextets(&[a, b], at)?;
            if b & 0b1111 != 0 {
                return Err(Malformed { at: at.saturating_add(1) });
            }
            to.put(&[a << 2 | b >> 4]);
        }
        (_, b'=') => {
            let [a, b, c, _] = base64_sextets(&[a, b, c], at)?;
            if c & 0b11 != 0 {
                return Err(Malformed { at: at.saturating_add(2) });
            }
            to.put(&[a << 2 | b >> 4, b << 4 | c >> 2]);
        }
        _ => {
            let [a, b, c, d] = base64_sextets(&[a, b, c, d], at)?;
            to.put(&[a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d]);
        }
    }
    Ok(())
}

/// The text is not what it is taken for: wrong at this place.
///
/// Returned by [`hex_decode`] and [`base64_decode`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Malformed {
    /// The offset of the first wrong byte, or the length of a text that ends too early.
    pub at: usize,
}

impl Malformed {
    /// Says that the byte at this offset is wrong.
    #[must_use]
    pub const fn new(at: usize) -> Self {
        Self { at }
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "malformed text at byte {}", self.at)
    }
}

impl core::error::Error for Malformed {}

/// Writes a number in decimal, with a `-` if it is negative.
pub fn int(value: i64, to: &mut dyn Sink) {
    if value < 0 {
        to.put(b"-");
    }
    uint(value.unsigned_abs(), to);
}

/// Writes a number in decimal.
///
/// ```
/// use tucuxi_core::encode::uint;
/// use tucuxi_core::sink::Cursor;
///
/// let mut room = [0; 3];
/// let mut out = Cursor::new(&mut room);
/// uint(604, &mut out);
/// assert_eq!(out.finish().unwrap(), b"604");
/// ```
pub fn uint(value: u64, to: &mut dyn Sink) {
    let mut digits = [b'0'; 20]; // u64::MAX has 20
    let (mut left, mut first) = (value, digits.len());
    for place in digits.iter_mut().rev() {
        *place = b'0' | (left % 10) as u8;
        first = first.saturating_sub(1);
        left /= 10;
        if left == 0 {
            break;
        }
    }
    to.put(digits.get(first..).unwrap_or_default());
}

fn contains(set: &[u32; 8], byte: u8) -> bool {
    set.get(usize::from(byte >> 5)).is_some_and(|bits| bits >> (byte & 31) & 1 == 1)
}

fn digits(alphabet: &[u8; 16], byte: u8) -> [u8; 2] {
    [byte >> 4, byte & 15].map(|digit| alphabet.get(usize::from(digit)).copied().unwrap_or_default())
}

const fn hex_digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte & 15),
        b'a'..=b'f' => Some(byte.wrapping_sub(b'a' - 10)),
        b'A'..=b'F' => Some(byte.wrapping_sub(b'A' - 10)),
        _ => None,
    }
}

fn base64_group([a, b, c]: [u8; 3]) -> [u8; 4] {
    [a >> 2, a << 4 | b >> 4, b << 2 | c >> 6, c]
        .map(|sextet| BASE64.get(usize::from(sextet & 63)).copied().unwrap_or_default())
}

/// The values of up to four digits, the first of which is at `at`; zero for those that are not there.
fn base64_sextets(text: &[u8], at: usize) -> Result<[u8; 4], Malformed> {
    let mut sextets = [0; 4];
    for (n, (place, &byte)) in sextets.iter_mut().zip(text).enumerate() {
        *place = base64_digit(byte).ok_or_else(|| Malformed { at: at.saturating_add(n) })?;
    }
    Ok(sextets)
}

const fn base64_digit(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte.wrapping_sub(b'A')),
        b'a'..=b'z' => Some(byte.wrapping_sub(b'a' - 26)),
        b'0'..=b'9' => Some(byte.wrapping_add(52 - b'0')),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

const HEX_LOWER: &[u8; 16] = b"0123456789abcdef";
const HEX_UPPER: &[u8; 16] = b"0123456789ABCDEF";
const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Bit `byte & 31` of word `byte >> 5` is set for each byte that stays: 32 bytes of image, no branches.
static UNRESERVED: [u32; 8] = [0, 0x03ff_6000, 0x87ff_fffe, 0x47ff_fffe, 0, 0, 0, 0];
static UNRESERVED_AND_SLASH: [u32; 8] = [0, 0x03ff_e000, 0x87ff_fffe, 0x47ff_fffe, 0, 0, 0, 0];

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "tests may overflow loudly")]
mod tests {
    extern crate std;

    use std::format;
    use std::string::String;
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;

    /// Keeps the pieces, to see how they were put.
    #[derive(Default)]
    struct Pieces(Vec<Vec<u8>>);

    impl Sink for Pieces {
        fn put(&mut self, bytes: &[u8]) {
            self.0.push(bytes.to_vec());
        }
    }

    fn written(write: impl FnOnce(&mut dyn Sink)) -> Vec<u8> {
        let mut pieces = Pieces::default();
        write(&mut pieces);
        pieces.0.concat()
    }

    fn base64(bytes: &[u8]) -> Vec<u8> {
        written(|to| {
            let mut base64 = Base64::new(to);
            base64.put(bytes);
            base64.finish();
        })
    }

    fn base64_decoded(text: &[u8]) -> Result<Vec<u8>, Malformed> {
        let mut pieces = Pieces::default();
        base64_decode(text, &mut pieces).map(|()| pieces.0.concat())
    }

    fn hex_decoded(text: &[u8]) -> Result<Vec<u8>, Malformed> {
        let mut pieces = Pieces::default();
        hex_decode(text, &mut pieces).map(|()| pieces.0.concat())
    }

    /// Percent-encoding as its definition says it.
    fn percent_model(bytes: &[u8], also: &str) -> String {
        let stays = |c: char| c.is_ascii_alphanumeric() || "-_.~".contains(c) || also.contains(c);
        bytes
            .iter()
            .map(|&b| if stays(char::from(b)) { String::from(char::from(b)) } else { format!("%{b:02X}") })
            .collect()
    }

    /// Base64 by way of one long string of binary digits.
    fn base64_model(bytes: &[u8]) -> String {
        let mut bits: String = bytes.iter().map(|b| format!("{b:08b}")).collect();
        while bits.len() % 6 != 0 {
            bits.push('0');
        }
        let alphabet: Vec<char> = ('A'..='Z').chain('a'..='z').chain('0'..='9').chain(['+', '/']).collect();
        let mut text: String = (0..bits.len() / 6)
            .map(|n| alphabet[usize::from_str_radix(&bits[n * 6..][..6], 2).unwrap()])
            .collect();
        while text.len() % 4 != 0 {
            text.push('=');
        }
        text
    }

    #[test]
    fn sixty_six_bytes_stay_and_a_path_keeps_its_slashes() {
        let component = (0..=255).filter(|&b| written(|to| Percent::component(to).put(&[b])) == [b]).count();
        let path = (0..=255).filter(|&b| written(|to| Percent::path(to).put(&[b])) == [b]).count();
        assert_eq!((component, path), (66, 67));
    }

    #[test]
    fn every_pair_of_bytes_is_percent_encoded_and_decoded() {
        for n in 0..=u16::MAX {
            let bytes = n.to_be_bytes();
            let component = written(|to| Percent::component(to).put(&bytes));
            let path = written(|to| Percent::path(to).put(&bytes));
            assert_eq!(component, percent_model(&bytes, "").as_bytes());
            assert_eq!(path, percent_model(&bytes, "/").as_bytes());
            for plus in [PlusIs::Plus, PlusIs::Space] {
                assert_eq!(written(|to| percent_decode(&component, plus, to)), bytes);
                assert_eq!(written(|to| percent_decode(&path, plus, to)), bytes);
            }
        }
    }

    #[test]
    fn a_run_of_kept_bytes_is_one_put() {
        let mut pieces = Pieces::default();
        Percent::path(&mut pieces).put(b"/logs/2026 11/x.gz");
        assert_eq!(pieces.0, [&b"/logs/2026"[..], b"%20", b"11/x.gz"]);
    }

    #[test]
    fn percent_signs_that_encode_nothing_stay() {
        for (text, plus, space) in [
            ("", "", ""),
            ("+", "+", " "),
            ("%", "%", "%"),
            ("%4", "%4", "%4"),
            ("%4g%41", "%4gA", "%4gA"),
            ("%%41", "%A", "%A"),
            ("%+41", "%+41", "% 41"),
            ("%2B+%2b", "+++", "+ +"),
            ("%c3%A9", "é", "é"),
        ] {
            assert_eq!(written(|to| percent_decode(text.as_bytes(), PlusIs::Plus, to)), plus.as_bytes());
            assert_eq!(written(|to| percent_decode(text.as_bytes(), PlusIs::Space, to)), space.as_bytes());
        }
    }

    #[test]
    fn every_byte_has_two_hex_digits_and_back() {
        let all: Vec<u8> = (0..=255).collect();
        let text: String = all.iter().map(|b| format!("{b:02x}")).collect();
        for length in 0..=all.len() {
            let text = &text.as_bytes()[..2 * length];
            assert_eq!(written(|to| Hex::new(to).put(&all[..length])), text);
            assert_eq!(hex_decoded(text).unwrap(), all[..length]);
            assert_eq!(hex_decoded(&text.to_ascii_uppercase()).unwrap(), all[..length]);
        }
        assert_eq!(hex::<0>([]).as_flattened(), b"");
    }

    #[test]
    fn wrong_hex_is_told_with_its_place() {
        for (text, at) in [("0", 1), ("000", 3), ("g0", 0), ("0g0", 1), ("00 0", 2), ("0x", 1)] {
            assert_eq!(hex_decoded(text.as_bytes()), Err(Malformed { at }), "{text}");
        }
        let accepted = (0..=255).filter(|&b| hex_decoded(&[b'0', b]).is_ok()).count();
        assert_eq!(accepted, 22);
    }

    #[test]
    fn every_group_of_base64_agrees_with_its_definition() {
        for a in 0..=255 {
            assert_eq!(base64(&[a]), base64_model(&[a]).as_bytes());
            assert_eq!(base64_decoded(&base64(&[a])).unwrap(), [a]);
            for b in 0..=255 {
                assert_eq!(base64(&[a, b]), base64_model(&[a, b]).as_bytes());
                assert_eq!(base64_decoded(&base64(&[a, b])).unwrap(), [a, b]);
            }
        }
        // All 16 million groups of three bytes: their 24 bits are the digits' values, in order.
        let values: [u8; 256] = core::array::from_fn(|b| {
            BASE64.iter().position(|&d| usize::from(d) == b).map_or(255, |v| u8::try_from(v).unwrap())
        });
        for n in 0..1_u32 << 24 {
            let [_, a, b, c] = n.to_be_bytes();
            let text = base64_group([a, b, c]);
            let bits = text.iter().fold(0, |bits, &d| bits << 6 | u32::from(values[usize::from(d)]));
            assert_eq!(bits, n);
            let [p, q, r, s] = base64_sextets(&text, 0).unwrap();
            assert_eq!([p << 2 | q >> 4, q << 4 | r >> 2, r << 6 | s], [a, b, c]);
        }
    }

    #[test]
    fn wrong_base64_is_told_with_its_place() {
        for (text, at) in [
            ("a", 1),
            ("aG", 2),
            ("aGV", 3),
            ("aGVsb", 5),
            ("aGVsb=", 5),
            ("====", 0),
            ("a===", 1),
            ("=aGV", 0),
            ("aG=V", 2),
            ("aG==aG==", 2),
            ("aGV=aGVs", 3),
            ("aGVs====", 4),
            ("aH==", 1),
            ("aGW=", 2),
            ("aGVs\n", 4),
            ("aG\nVs", 2),
            ("aGV-", 3),
            ("aGV_", 3),
            ("aG=", 2),
        ] {
            assert_eq!(base64_decoded(text.as_bytes()), Err(Malformed { at }), "{text}");
        }
        let digits = (0..=255).filter(|&b| base64_decoded(&[b, b'A', b'A', b'A']).is_ok()).count();
        assert_eq!(digits, 64);
    }

    #[test]
    fn every_power_of_ten_and_its_neighbours_are_written_in_decimal() {
        let powers = (0..20).map(|n| 10_u64.pow(n)).chain([1 << 63, u64::MAX]);
        for value in powers.flat_map(|p| [p.wrapping_sub(1), p, p.wrapping_add(1)]) {
            assert_eq!(written(|to| uint(value, to)), format!("{value}").as_bytes());
            let signed = value.cast_signed();
            assert_eq!(written(|to| int(signed, to)), format!("{signed}").as_bytes());
        }
    }

    proptest! {
        #[test]
        fn pieces_are_encoded_as_the_whole(bytes: Vec<u8>, cuts: [prop::sample::Index; 3]) {
            let mut cuts = cuts.map(|cut| cut.index(bytes.len() + 1));
            cuts.sort_unstable();
            let pieces = [&bytes[..cuts[0]], &bytes[cuts[0]..cuts[1]], &bytes[cuts[1]..cuts[2]], &bytes[cuts[2]..]];
            let in_pieces = written(|to| {
                let mut to = Base64::new(to);
                pieces.iter().for_each(|piece| to.put(piece));
                to.finish();
            });
            prop_assert_eq!(in_pieces, base64_model(&bytes).into_bytes());
            prop_assert_eq!(base64_decoded(&base64(&bytes)).unwrap(), &bytes[..]);

            let in_pieces = written(|to| {
                let mut to = Percent::component(to);
                pieces.iter().for_each(|piece| to.put(piece));
            });
            prop_assert_eq!(&in_pieces, &percent_model(&bytes, "").into_bytes());
            prop_assert_eq!(written(|to| percent_decode(&in_pieces, PlusIs::Space, to)), &bytes[..]);
        }

        #[test]
        fn what_base64_accepts_it_would_have_written(text in "[A-Ea-c=/+ ]{0,12}") {
            match base64_decoded(text.as_bytes()) {
                Ok(bytes) => prop_assert_eq!(base64(&bytes), text.as_bytes()),
                Err(Malformed { at }) => prop_assert!(at <= text.len()),
            }
        }
    }
}
