//! Hex digits.

use core::fmt;

use super::Malformed;
use crate::sink::Sink;

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
            self.to.put(&digits(byte));
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
    let mut text = [[0; 2]; N];
    for (to, byte) in text.iter_mut().zip(&bytes) {
        *to = digits(*byte);
    }
    text
}

/// The lower-case hex digits of a digest in words: what stands between two hashes in every signature.
///
/// Whole words are spread, so that a processor takes two or four of them at once, and nothing is read from memory in
/// other pieces than it was written.
#[inline]
pub(crate) fn hex_words(words: &[u32; 8]) -> [[u8; 2]; 32] {
    let mut digits = [[0; 2]; 32];
    for (to, word) in digits.as_flattened_mut().as_chunks_mut::<8>().0.iter_mut().zip(words) {
        // Halves, bytes and nibbles move apart, and each time the one that stands first in the text goes down.
        let word = u64::from(*word);
        let halves = (word >> 16 | word << 32) & 0x0000_ffff_0000_ffff;
        let bytes = (halves >> 8 | halves << 16) & 0x00ff_00ff_00ff_00ff;
        let nibbles = (bytes >> 4 | bytes << 8) & 0x0f0f_0f0f_0f0f_0f0f;
        *to = nibbles.to_le_bytes();
    }
    for digit in digits.as_flattened_mut() {
        *digit = digit.wrapping_add(if *digit < 10 { b'0' } else { b'a' - 10 });
    }
    digits
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
    if let Some(at) = input.iter().position(|&byte| digit(byte).is_none()) {
        return Err(Malformed { at });
    }
    let (pairs, rest) = input.as_chunks::<2>();
    for &pair in pairs {
        let [high, low] = pair.map(|byte| digit(byte).unwrap_or(0));
        to.put(&[high << 4 | low]);
    }
    if rest.is_empty() { Ok(()) } else { Err(Malformed { at: input.len() }) }
}

/// The two hex digits of a byte. Computed rather than looked up: compilers do this to many bytes at once.
const fn digits(byte: u8) -> [u8; 2] {
    const fn digit(value: u8) -> u8 {
        value.wrapping_add(if value < 10 { b'0' } else { b'a' - 10 })
    }
    [digit(byte >> 4), digit(byte & 15)]
}

/// The value of a hex digit of either case.
pub(crate) const fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte & 15),
        b'a'..=b'f' => Some(byte.wrapping_sub(b'a' - 10)),
        b'A'..=b'F' => Some(byte.wrapping_sub(b'A' - 10)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::format;
    use std::string::String;
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;
    use crate::encode::tests::Pieces;
    use crate::encode::tests::written;

    fn decoded(text: &[u8]) -> Result<Vec<u8>, Malformed> {
        let mut pieces = Pieces::default();
        hex_decode(text, &mut pieces).map(|()| pieces.0.concat())
    }

    #[test]
    fn every_byte_has_two_hex_digits_and_back() {
        let all: Vec<u8> = (0..=255).collect();
        let text: String = all.iter().map(|b| format!("{b:02x}")).collect();
        for length in 0..=all.len() {
            let text = &text.as_bytes()[..2 * length];
            assert_eq!(written(|to| Hex::new(to).put(&all[..length])), text);
            assert_eq!(decoded(text).unwrap(), all[..length]);
            assert_eq!(decoded(&text.to_ascii_uppercase()).unwrap(), all[..length]);
        }
        assert_eq!(hex::<0>([]).as_flattened(), b"");
    }

    #[test]
    fn wrong_hex_is_told_with_its_place() {
        for (text, at) in [("0", 1), ("000", 3), ("g0", 0), ("0g0", 1), ("00 0", 2), ("0x", 1)] {
            assert_eq!(decoded(text.as_bytes()), Err(Malformed { at }), "{text}");
        }
        let accepted = (0..=255).filter(|&b| decoded(&[b'0', b]).is_ok()).count();
        assert_eq!(accepted, 22);
    }

    proptest! {
        #[test]
        fn words_have_the_digits_of_their_bytes(words: [u32; 8]) {
            let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
            let expected = hex(<[u8; 32]>::try_from(bytes).unwrap());
            prop_assert_eq!(hex_words(&words), expected);
        }
    }
}
