//! Percent-encoding of names, values and paths, and its reverse.

use core::fmt;

use super::hex::digit;
use crate::sink::SMALL;
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
                let digit = |n: u8| n.wrapping_add(if n < 10 { b'0' } else { b'A' - 10 });
                self.to.put(&[b'%', digit(byte >> 4), digit(byte & 15)]);
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
    /// Itself, as in paths and in the queries that AWS signs.
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
        rest = match *others {
            [] => return,
            [b'+', ref others @ ..] => {
                to.put(b" ");
                others
            }
            [percent, ref others @ ..] => {
                let (byte, others) = escape(others).unwrap_or((percent, others));
                to.put(&[byte]);
                others
            }
        };
    }
}

/// The bytes that a percent-encoded text stands for, one by one.
pub(crate) fn decoded(text: &[u8]) -> impl Iterator<Item = u8> + Clone {
    let mut rest = text;
    core::iter::from_fn(move || {
        let (&first, after) = rest.split_first()?;
        let (byte, after) = match first {
            b'%' => escape(after).unwrap_or((first, after)),
            _ => (first, after),
        };
        rest = after;
        Some(byte)
    })
}

/// The byte that the two digits behind a percent sign stand for, and what follows them.
pub(crate) fn escape(text: &[u8]) -> Option<(u8, &[u8])> {
    let (&[high, low], rest) = text.split_first_chunk()?;
    Some((digit(high)? << 4 | digit(low)?, rest))
}

/// Whether a byte stays as it is in a name or value.
pub(crate) fn unreserved(byte: u8) -> bool {
    contains(&UNRESERVED, byte)
}

/// What must be done to a text before it is signed or sent.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Grade {
    /// It holds blanks, or what no header may hold.
    Any,
    /// Nothing in a header; in a query it is encoded.
    Graphic,
    /// Nothing anywhere.
    Unreserved,
}

impl Grade {
    pub(crate) fn of(text: &str) -> Self {
        // In a small image there is no way but the one that changes what must be changed.
        if SMALL {
            return Self::Any;
        }
        // Compilers look at many bytes at once where none of them ends the loop.
        if !text.bytes().fold(true, |all, byte| all & byte.is_ascii_graphic()) {
            Self::Any
        } else if text.len() < 128 && text.bytes().all(unreserved) {
            Self::Unreserved
        } else {
            Self::Graphic
        }
    }
}

fn contains(set: &[u32; 8], byte: u8) -> bool {
    set.get(usize::from(byte >> 5)).is_some_and(|bits| bits >> (byte & 31) & 1 == 1)
}

/// Bit `byte & 31` of word `byte >> 5` is set for each byte that stays: 32 bytes of image, no branches.
static UNRESERVED: [u32; 8] = [0, 0x03ff_6000, 0x87ff_fffe, 0x47ff_fffe, 0, 0, 0, 0];
static UNRESERVED_AND_SLASH: [u32; 8] = [0, 0x03ff_e000, 0x87ff_fffe, 0x47ff_fffe, 0, 0, 0, 0];

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

    /// Percent-encoding as its definition says it.
    fn percent_model(bytes: &[u8], also: &str) -> String {
        let stays = |c: char| c.is_ascii_alphanumeric() || "-_.~".contains(c) || also.contains(c);
        bytes
            .iter()
            .map(|&b| if stays(char::from(b)) { String::from(char::from(b)) } else { format!("%{b:02X}") })
            .collect()
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

    proptest! {
        #[test]
        fn pieces_are_encoded_as_the_whole(bytes: Vec<u8>, cut: prop::sample::Index) {
            let (head, tail) = bytes.split_at(cut.index(bytes.len().max(1)));
            let encoded = written(|to| {
                let mut to = Percent::component(to);
                to.put(head);
                to.put(tail);
            });
            prop_assert_eq!(&encoded, &percent_model(&bytes, "").into_bytes());
            prop_assert_eq!(written(|to| percent_decode(&encoded, PlusIs::Space, to)), &bytes[..]);
        }
    }
}
