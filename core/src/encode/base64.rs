//! Base64 with padding, as a sink and strictly back.

use core::fmt;

use super::Malformed;
use crate::sink::Sink;

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
        let [a, b, c, d] = group_digits(self.group);
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
                self.to.put(&group_digits(self.group));
            }
        }
        // Sixteen groups at a time, so that a sink behind this one is not called for every four bytes.
        let (large, rest) = rest.as_chunks::<48>();
        for piece in large {
            let mut text = [[0; 4]; 16];
            for (place, &group) in text.iter_mut().zip(piece.as_chunks().0) {
                *place = group_digits(group);
            }
            self.to.put(text.as_flattened());
        }
        let (groups, rest) = rest.as_chunks();
        for &group in groups {
            self.to.put(&group_digits(group));
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
        let [a, b, c, d] = sextets(group, at)?;
        to.put(&[a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d]);
        at = at.saturating_add(4);
    }
    let Some(&[a, b, c, d]) = last else {
        // A group is missing digits: at the end, unless there is a worse byte before it.
        sextets(rest, at)?;
        return if rest.is_empty() { Ok(()) } else { Err(Malformed { at: input.len() }) };
    };
    match (c, d) {
        (b'=', b'=') => {
            let [a, b, ..] = sextets(&[a, b], at)?;
            if b & 0b1111 != 0 {
                return Err(Malformed { at: at.saturating_add(1) });
            }
            to.put(&[a << 2 | b >> 4]);
        }
        (_, b'=') => {
            let [a, b, c, _] = sextets(&[a, b, c], at)?;
            if c & 0b11 != 0 {
                return Err(Malformed { at: at.saturating_add(2) });
            }
            to.put(&[a << 2 | b >> 4, b << 4 | c >> 2]);
        }
        _ => {
            let [a, b, c, d] = sextets(&[a, b, c, d], at)?;
            to.put(&[a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d]);
        }
    }
    Ok(())
}

fn group_digits([a, b, c]: [u8; 3]) -> [u8; 4] {
    [a >> 2, a << 4 | b >> 4, b << 2 | c >> 6, c]
        .map(|sextet| ALPHABET.get(usize::from(sextet & 63)).copied().unwrap_or_default())
}

/// The values of up to four digits, the first of which is at `at`; zero for those that are not there.
fn sextets(text: &[u8], at: usize) -> Result<[u8; 4], Malformed> {
    let mut sextets = [0; 4];
    for (n, (place, &byte)) in sextets.iter_mut().zip(text).enumerate() {
        *place = digit(byte).ok_or_else(|| Malformed { at: at.saturating_add(n) })?;
    }
    Ok(sextets)
}

const fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte.wrapping_sub(b'A')),
        b'a'..=b'z' => Some(byte.wrapping_sub(b'a' - 26)),
        b'0'..=b'9' => Some(byte.wrapping_add(52 - b'0')),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "tests may overflow loudly")]
mod tests {
    extern crate std;

    use std::format;
    use std::string::String;
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;
    use crate::encode::tests::Pieces;
    use crate::encode::tests::written;

    fn base64(bytes: &[u8]) -> Vec<u8> {
        written(|to| {
            let mut base64 = Base64::new(to);
            base64.put(bytes);
            base64.finish();
        })
    }

    fn decoded(text: &[u8]) -> Result<Vec<u8>, Malformed> {
        let mut pieces = Pieces::default();
        base64_decode(text, &mut pieces).map(|()| pieces.0.concat())
    }

    /// Base64 by way of one long string of binary digits.
    fn model(bytes: &[u8]) -> String {
        let mut bits: String = bytes.iter().map(|b| format!("{b:08b}")).collect();
        while !bits.len().is_multiple_of(6) {
            bits.push('0');
        }
        let alphabet: Vec<char> = ('A'..='Z').chain('a'..='z').chain('0'..='9').chain(['+', '/']).collect();
        let mut text: String = (0..bits.len() / 6)
            .map(|n| alphabet[usize::from_str_radix(&bits[n * 6..][..6], 2).unwrap()])
            .collect();
        while !text.len().is_multiple_of(4) {
            text.push('=');
        }
        text
    }

    #[test]
    fn every_group_of_base64_agrees_with_its_definition() {
        for a in 0..=255 {
            assert_eq!(base64(&[a]), model(&[a]).as_bytes());
            assert_eq!(decoded(&base64(&[a])).unwrap(), [a]);
            for b in 0..=255 {
                assert_eq!(base64(&[a, b]), model(&[a, b]).as_bytes());
                assert_eq!(decoded(&base64(&[a, b])).unwrap(), [a, b]);
            }
        }
        // All 16 million groups of three bytes: their 24 bits are the digits' values, in order.
        let values: [u8; 256] = core::array::from_fn(|b| {
            ALPHABET.iter().position(|&d| usize::from(d) == b).map_or(255, |v| u8::try_from(v).unwrap())
        });
        for n in 0..1_u32 << 24 {
            let [_, a, b, c] = n.to_be_bytes();
            let text = group_digits([a, b, c]);
            let bits = text.iter().fold(0, |bits, &d| bits << 6 | u32::from(values[usize::from(d)]));
            assert_eq!(bits, n);
            let [p, q, r, s] = sextets(&text, 0).unwrap();
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
            assert_eq!(decoded(text.as_bytes()), Err(Malformed { at }), "{text}");
        }
        let digits = (0..=255).filter(|&b| decoded(&[b, b'A', b'A', b'A']).is_ok()).count();
        assert_eq!(digits, 64);
    }

    proptest! {
        #[test]
        fn pieces_are_encoded_as_the_whole(bytes: Vec<u8>, cuts: [prop::sample::Index; 3]) {
            let mut cuts = cuts.map(|cut| cut.index(bytes.len() + 1));
            cuts.sort_unstable();
            let [a, b, c] = cuts;
            let text = written(|to| {
                let mut to = Base64::new(to);
                for piece in [&bytes[..a], &bytes[a..b], &bytes[b..c], &bytes[c..]] {
                    to.put(piece);
                }
                to.finish();
            });
            prop_assert_eq!(decoded(&text).unwrap(), &bytes[..]);
            prop_assert_eq!(text, model(&bytes).into_bytes());
        }

        #[test]
        fn what_base64_accepts_it_would_have_written(text in "[A-Ea-c=/+ ]{0,12}") {
            match decoded(text.as_bytes()) {
                Ok(bytes) => prop_assert_eq!(base64(&bytes), text.as_bytes()),
                Err(Malformed { at }) => prop_assert!(at <= text.len()),
            }
        }
    }
}
