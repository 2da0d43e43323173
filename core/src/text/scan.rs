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
