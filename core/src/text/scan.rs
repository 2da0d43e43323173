//! Searching in bytes, and why a search stops.

/// Why there is no token at the start of some bytes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Stop {
    /// There may be one once more bytes are there.
    Incomplete,
    /// There will never be one: the byte at this offset breaks the rules.
    Malformed(usize),
}

/// The offset of the first byte that is wanted.
#[inline]
pub(crate) fn find(bytes: &[u8], wanted: impl Fn(u8) -> bool) -> Option<usize> {
    bytes.iter().position(|byte| wanted(*byte))
}

/// The offset of the first byte that is one of these few; the quick way through long text.
#[inline]
pub(crate) fn find_any<const N: usize>(bytes: &[u8], wanted: [u8; N]) -> Option<usize> {
    let masks = wanted.map(each);
    let marks = |word: usize| masks.iter().fold(0, |marks, mask| marks | below(word ^ mask, 1));
    find_word(bytes, marks, |byte| wanted.contains(&byte))
}

/// The offset of the first byte that cannot stand for itself in a JSON string.
#[inline]
pub(crate) fn find_json_special(bytes: &[u8]) -> Option<usize> {
    let marks = |word: usize| below(word ^ each(b'"'), 1) | below(word ^ each(b'\\'), 1) | below(word, 0x20);
    find_word(bytes, marks, |byte| matches!(byte, b'"' | b'\\' | ..0x20))
}

/// Finds a byte word by word: `marks` sets the highest bit of each byte of a word that is wanted,
/// and may set wrong ones behind the first.
#[inline]
fn find_word(bytes: &[u8], marks: impl Fn(usize) -> usize, wanted: impl Fn(u8) -> bool) -> Option<usize> {
    let (words, tail) = bytes.as_chunks::<WORD>();
    let mut at: usize = 0;
    for word in words {
        let marks = marks(usize::from_le_bytes(*word));
        if marks != 0 {
            return Some(at.saturating_add(marks.trailing_zeros() as usize / 8));
        }
        at = at.saturating_add(WORD);
    }
    Some(at.saturating_add(find(tail, wanted)?))
}

/// Sets the highest bit of each byte that is below `limit`, at most 0x80. A borrow can set it in
/// bytes behind the first such byte.
#[inline]
const fn below(word: usize, limit: u8) -> usize {
    word.wrapping_sub(each(limit)) & !word & each(0x80)
}

/// A word of this byte.
#[inline]
const fn each(byte: u8) -> usize {
    usize::from_le_bytes([byte; WORD])
}

/// The offset of the first `needle`.
pub(crate) fn find_slice(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).position(|window| window == needle)
}

/// Whether `input` starts with `word`; none when it is too short to tell.
pub(crate) fn opens(input: &[u8], word: &[u8]) -> Option<bool> {
    if input.starts_with(word) {
        Some(true)
    } else if word.starts_with(input) {
        None
    } else {
        Some(false)
    }
}

const WORD: usize = size_of::<usize>();

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_find_what_bytes_find() {
        let mut bytes = [b'x'; 21];
        for at in 0..bytes.len() {
            for (byte, after) in
                [(b'<', 0x80), (b'&', b'<'), (b'=', b'<'), (0x1F, 0x20), (0x80, 0), (b'"', b'!')]
            {
                bytes[at] = byte;
                if let Some(place) = bytes.get_mut(at + 1) {
                    *place = after;
                }
                for start in 0..bytes.len() {
                    let rest = &bytes[start..];
                    assert_eq!(find_any(rest, [b'<', b'&']), find(rest, |byte| matches!(byte, b'<' | b'&')));
                    let special = |byte| matches!(byte, b'"' | b'\\' | ..0x20);
                    assert_eq!(find_json_special(rest), find(rest, special));
                }
                bytes[at..(at + 2).min(21)].fill(b'x');
            }
        }
    }
}
