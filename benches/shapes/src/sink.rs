//! Sinks, values and the two ways to write one: percent-encoded, trimmed and folded.

pub trait Sink {
    fn put(&mut self, bytes: &[u8]);

    /// Puts several pieces; a sink may look once whether all fit.
    #[inline]
    fn puts(&mut self, pieces: &[&[u8]]) {
        for piece in pieces {
            self.put(piece);
        }
    }
}

/// Fills `room` with the pieces when they fit; how many bytes they are.
#[cfg(feature = "wide")]
#[inline(always)]
pub fn fill(room: &mut [u8], pieces: &[&[u8]]) -> Option<usize> {
    let all = pieces.iter().fold(0, |all, piece| all + piece.len());
    let mut rest = room.get_mut(..all)?;
    for piece in pieces {
        let (to, after) = rest.split_at_mut_checked(piece.len())?;
        copy(to, piece);
        rest = after;
    }
    Some(all)
}

pub struct Cursor<'b> {
    pub room: &'b mut [u8],
    pub at: usize,
}

impl Sink for Cursor<'_> {
    #[cfg_attr(feature = "wide", inline(always))]
    fn put(&mut self, bytes: &[u8]) {
        let end = self.at.saturating_add(bytes.len());
        if let Some(place) = self.room.get_mut(self.at..end) {
            copy(place, bytes);
        }
        self.at = end;
    }

    #[cfg(feature = "wide")]
    #[inline(always)]
    fn puts(&mut self, pieces: &[&[u8]]) {
        match fill(self.room.get_mut(self.at..).unwrap_or_default(), pieces) {
            Some(all) => self.at += all,
            None => pieces.iter().for_each(|piece| self.put(piece)),
        }
    }
}

/// `copy_from_slice` for equal lengths. Short texts are most of a canonical request, and a call of
/// memcpy costs more than they do; at opt-level z `copy_from_slice` itself leaves a panic behind.
#[inline(always)]
pub fn copy(to: &mut [u8], from: &[u8]) {
    #[cfg(not(feature = "wide"))]
    for (to, from) in to.iter_mut().zip(from) {
        *to = *from;
    }
    #[cfg(feature = "wide")]
    {
        if from.len() > 32 || to.len() != from.len() {
            if to.len() == from.len() {
                to.copy_from_slice(from);
            }
        } else if !(ends::<16>(to, from) || ends::<8>(to, from) || ends::<4>(to, from)) {
            for (to, from) in to.iter_mut().zip(from) {
                *to = *from;
            }
        }
    }
}

/// Copies N to 2 N bytes as two pieces of N that may overlap.
#[cfg(feature = "wide")]
#[inline(always)]
fn ends<const N: usize>(to: &mut [u8], from: &[u8]) -> bool {
    let (Some(first), Some(last)) = (from.first_chunk::<N>(), from.last_chunk::<N>()) else { return false };
    if let Some(to) = to.first_chunk_mut::<N>() {
        *to = *first;
    }
    if let Some(to) = to.last_chunk_mut::<N>() {
        *to = *last;
    }
    true
}

#[derive(Clone, Copy)]
pub enum Value<'a> {
    Str(&'a str),
    Int(u64),
}

impl Value<'_> {
    /// Hands over the text; a number is written into a few bytes first.
    #[inline]
    pub fn text(&self, write: impl FnOnce(&[u8])) {
        match self {
            Self::Str(text) => write(text.as_bytes()),
            Self::Int(number) => {
                let (mut room, mut rest, mut at) = ([0; 20], *number, 20);
                for place in room.iter_mut().rev() {
                    *place = b'0' | (rest % 10) as u8;
                    rest /= 10;
                    at -= 1;
                    if rest == 0 {
                        break;
                    }
                }
                write(room.get(at..).unwrap_or_default());
            }
        }
    }
}

/// Bit 0: plain in a query; bit 1: plain in a path.
const PLAIN: [u8; 256] = {
    let (mut plain, mut byte) = ([0; 256], 0u8);
    while byte < 128 {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            plain[byte as usize] = 3;
        }
        byte += 1;
    }
    plain[b'/' as usize] = 2;
    plain
};
pub const QUERY: u8 = 1;
pub const PATH: u8 = 2;

/// Writes `bytes` percent-encoded, in runs.
#[inline]
pub fn percent<S: Sink + ?Sized>(mut bytes: &[u8], part: u8, to: &mut S) {
    loop {
        let (run, rest) = bytes.split_at_checked(plain(bytes, part)).unwrap_or_default();
        let Some((byte, rest)) = rest.split_first() else {
            if !run.is_empty() {
                to.put(run);
            }
            return;
        };
        let digit = |half: u8| if half < 10 { b'0' + half } else { b'A' - 10 + half };
        to.puts(&[run, &[b'%', digit(byte >> 4), digit(byte & 15)]]);
        bytes = rest;
    }
}

/// How many bytes from the start stay as they are.
#[inline]
fn plain(bytes: &[u8], part: u8) -> usize {
    let mut skip = 0;
    #[cfg(feature = "wide")]
    for word in bytes.as_chunks().0 {
        let other = others(u64::from_le_bytes(*word), part);
        if other != 0 {
            return skip + (other.trailing_zeros() / 8) as usize;
        }
        skip += 8;
    }
    let rest = bytes.get(skip..).unwrap_or_default();
    skip += rest.iter().position(|&byte| PLAIN.get(usize::from(byte)).is_none_or(|plain| plain & part == 0)).unwrap_or(rest.len());
    skip
}

/// The top bit of each of eight bytes that must be encoded. `-./0-9` is one range.
#[cfg(feature = "wide")]
#[inline]
fn others(word: u64, part: u8) -> u64 {
    const ONES: u64 = u64::MAX / 255;
    const TOPS: u64 = ONES << 7;
    let low = word & !TOPS;
    let within = |x: u64, from: u64, to: u64| (x + ONES * (0x80 - from)) & !(x + ONES * (0x7f - to));
    let is = |byte: u8| !((low ^ (ONES * u64::from(byte))) + (TOPS - ONES));
    let mut plain = within(low, 0x2d, 0x39) | within(low | ONES * 0x20, 0x61, 0x7a) | is(b'_') | is(b'~');
    if part == QUERY {
        plain &= !is(b'/');
    }
    (word | !plain) & TOPS
}

/// Writes a header's value as it is signed: trimmed, each run of blanks as one.
#[inline]
pub fn folded<S: Sink + ?Sized>(value: &[u8], to: &mut S) {
    if !has_blank(value) {
        return to.put(value);
    }
    let mut first = true;
    for word in value.split(|&byte| byte == b' ').filter(|word| !word.is_empty()) {
        if !core::mem::replace(&mut first, false) {
            to.put(b" ");
        }
        to.put(word);
    }
}

/// Whether any byte is a blank or lower; eight at a time.
#[inline]
pub fn has_blank(bytes: &[u8]) -> bool {
    #[cfg(feature = "wide")]
    {
        let (words, rest) = bytes.as_chunks();
        let low = |word: &[u8; 8]| below(u64::from_le_bytes(*word), 0x21);
        words.iter().any(low) || rest.iter().any(|&byte| byte < 0x21)
    }
    #[cfg(not(feature = "wide"))]
    bytes.iter().any(|&byte| byte < 0x21)
}

/// Whether any of the eight bytes is lower than `n`, at most 128.
#[inline]
pub fn below(word: u64, n: u64) -> bool {
    const ONES: u64 = u64::MAX / 255;
    word.wrapping_sub(ONES * n) & !word & (ONES << 7) != 0
}
