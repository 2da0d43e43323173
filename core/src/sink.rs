//! Where bytes go: a [`Sink`] takes them and cannot fail; what went wrong is asked for at the end.
//!
//! Everything this crate writes (canonical requests, heads, documents) is put into a sink, so the
//! same writer hashes, measures, or fills a buffer. A [`Cursor`] that runs out of space only
//! counts: its one error, [`Full`], says the exact size that would do. Nothing here allocates or
//! formats; it assumes only that writing the same thing twice puts the same bytes.

use core::fmt;

/// Takes bytes, and never says no.
///
/// The trait is dyn-compatible, so a writer exists once in a program whatever it writes to.
///
/// ```
/// use tucuxi_core::sink::{Count, Sink};
///
/// let mut count = Count::default();
/// count.put(b"hello");
/// assert_eq!(count.bytes(), 5);
/// ```
pub trait Sink {
    /// Takes the next bytes.
    fn put(&mut self, bytes: &[u8]);
}

impl<S: Sink + ?Sized> Sink for &mut S {
    fn put(&mut self, bytes: &[u8]) {
        (**self).put(bytes);
    }
}

/// Whether code is to be small rather than fast. That decides how something is done and never what comes of it.
pub(crate) const SMALL: bool = cfg!(any(feature = "small-hash", not(feature = "sha2")));

/// A sink that takes texts of a length known to the compiler in a way of its own: a few stores in place of a call.
pub(crate) trait Literal: Sink {
    /// Takes the next bytes.
    fn literal<const N: usize>(&mut self, text: &[u8; N]);

    /// Hands itself to what writes to any sink.
    fn slow(&mut self, write: impl FnOnce(&mut dyn Sink));
}

impl Literal for &mut dyn Sink {
    fn literal<const N: usize>(&mut self, text: &[u8; N]) {
        self.put(text);
    }

    fn slow(&mut self, write: impl FnOnce(&mut dyn Sink)) {
        write(*self);
    }
}

/// Copies bytes to a place of their length.
///
/// Texts are short and of any length, so they go as two words that overlap: a call of `memcpy` costs more
/// than what it does for them, and `copy_from_slice` brings its panic into small images.
#[inline]
pub(crate) fn copy(place: &mut [u8], bytes: &[u8]) {
    match bytes.len() {
        65.. => {
            for (to, from) in place.iter_mut().zip(bytes) {
                *to = *from;
            }
        }
        33..=64 => copy_ends::<32>(place, bytes),
        16..=32 => copy_ends::<16>(place, bytes),
        8..=15 => copy_ends::<8>(place, bytes),
        4..=7 => copy_ends::<4>(place, bytes),
        2..=3 => copy_ends::<2>(place, bytes),
        _ => {
            for (to, from) in place.iter_mut().zip(bytes) {
                *to = *from;
            }
        }
    }
}

#[inline]
fn copy_ends<const N: usize>(place: &mut [u8], bytes: &[u8]) {
    if let (Some(to), Some(from)) = (place.first_chunk_mut::<N>(), bytes.first_chunk::<N>()) {
        *to = *from;
    }
    copy_end::<N>(place, bytes);
}

#[inline]
fn copy_end<const N: usize>(place: &mut [u8], bytes: &[u8]) {
    if let (Some(to), Some(from)) = (place.last_chunk_mut::<N>(), bytes.last_chunk::<N>()) {
        *to = *from;
    }
}

/// Says the same bytes as often as it is asked.
///
/// A body or a long header value need not lie anywhere: it is recited once into a hash, once into a
/// counter, and once onto the wire. Whoever implements this must say the same bytes each time,
/// or the request that is sent is not the one that was signed.
///
/// ```
/// use tucuxi_core::sink::{Count, Recite, Sink};
///
/// struct Greeting<'a>(&'a str);
///
/// impl Recite for Greeting<'_> {
///     fn recite(&self, to: &mut dyn Sink) {
///         to.put(b"hello ");
///         to.put(self.0.as_bytes());
///     }
/// }
///
/// let mut count = Count::default();
/// Greeting("dolphin").recite(&mut count);
/// assert_eq!(count.bytes(), 13);
/// ```
pub trait Recite {
    /// Puts all of it into a sink.
    fn recite(&self, to: &mut dyn Sink);
}

/// So that a text, which has no size of its own, can be a `dyn Recite`: `&"text"`.
impl<R: Recite + ?Sized> Recite for &R {
    fn recite(&self, to: &mut dyn Sink) {
        (**self).recite(to);
    }
}

impl Recite for [u8] {
    fn recite(&self, to: &mut dyn Sink) {
        to.put(self);
    }
}

impl Recite for str {
    fn recite(&self, to: &mut dyn Sink) {
        to.put(self.as_bytes());
    }
}

/// The buffer was too small; `needed` bytes would have done.
///
/// Returned by [`Cursor::finish`] and by everything that fills a caller's buffer. Try again with
/// a buffer of `needed` bytes: what was written so far is not to be used.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Full {
    /// The size in bytes of a buffer that would hold everything.
    pub needed: usize,
}

impl Full {
    /// Says that `needed` bytes would have done.
    #[must_use]
    pub const fn new(needed: usize) -> Self {
        Self { needed }
    }
}

impl fmt::Display for Full {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "buffer too small: {} bytes are needed", self.needed)
    }
}

impl core::error::Error for Full {}

/// Fills a buffer, and counts on when it is full.
///
/// ```
/// use tucuxi_core::sink::{Cursor, Full, Sink};
///
/// let mut room = [0; 4];
/// let mut cursor = Cursor::new(&mut room);
/// cursor.put(b"GET");
/// cursor.put(b" /");
/// assert_eq!(cursor.finish(), Err(Full::new(5)));
/// ```
pub struct Cursor<'b> {
    room: &'b mut [u8],
    at: usize,
}

impl<'b> Cursor<'b> {
    /// Starts at the beginning of `room`.
    pub const fn new(room: &'b mut [u8]) -> Self {
        Self { room, at: 0 }
    }

    /// The number of bytes put so far, those that did not fit included.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.at
    }

    /// What was written.
    ///
    /// # Errors
    ///
    /// [`Full`] when more was put than the buffer holds.
    pub fn finish(self) -> Result<&'b mut [u8], Full> {
        let needed = self.at;
        self.room.get_mut(..needed).ok_or(Full { needed })
    }
}

impl Sink for Cursor<'_> {
    #[inline]
    fn put(&mut self, bytes: &[u8]) {
        let place = self.room.get_mut(self.at..).unwrap_or_default();
        // A copy by pairs: `copy_from_slice` brings its panic into small images.
        if let Some((place, _)) = place.split_at_mut_checked(bytes.len()) {
            for (to, from) in place.iter_mut().zip(bytes) {
                *to = *from;
            }
        }
        self.at = self.at.saturating_add(bytes.len());
    }
}

impl fmt::Debug for Cursor<'_> {
    /// Without what was written, which may be secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cursor").field("room", &self.room.len()).field("bytes", &self.at).finish()
    }
}

/// Keeps only a stretch of what is put: the part that starts at `skip` and fits into the buffer.
///
/// A host with a small buffer writes something long by writing it again and again, each time
/// through a window that starts where the last one ended.
///
/// ```
/// use tucuxi_core::sink::{Sink, Window};
///
/// let mut piece = [0; 4];
/// let mut window = Window::new(&mut piece, 3);
/// window.put(b"abcdef");
/// window.put(b"ghi");
/// assert_eq!(window.finish(), b"defg");
/// ```
pub struct Window<'b> {
    room: &'b mut [u8],
    skip: usize,
    at: usize,
}

impl<'b> Window<'b> {
    /// Keeps what follows the first `skip` bytes, as much as `room` holds.
    pub const fn new(room: &'b mut [u8], skip: usize) -> Self {
        Self { room, skip, at: 0 }
    }

    /// The bytes kept; none once `skip` has reached the end of the text.
    #[must_use]
    pub fn finish(self) -> &'b [u8] {
        let kept = self.at.min(self.room.len());
        self.room.get(..kept).unwrap_or_default()
    }
}

impl Sink for Window<'_> {
    fn put(&mut self, bytes: &[u8]) {
        let skipped = self.skip.min(bytes.len());
        self.skip = self.skip.saturating_sub(skipped);
        let rest = bytes.get(skipped..).unwrap_or_default();
        let place = self.room.get_mut(self.at..).unwrap_or_default();
        for (to, from) in place.iter_mut().zip(rest) {
            *to = *from;
            self.at = self.at.wrapping_add(1);
        }
    }
}

impl fmt::Debug for Window<'_> {
    /// Without what was written, which may be secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Window")
            .field("room", &self.room.len())
            .field("skip", &self.skip)
            .field("bytes", &self.at)
            .finish()
    }
}

/// Counts bytes and keeps none.
#[derive(Clone, Copy, Debug, Default)]
pub struct Count {
    bytes: usize,
}

impl Count {
    /// The number of bytes put so far.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.bytes
    }
}

impl Sink for Count {
    fn put(&mut self, bytes: &[u8]) {
        self.bytes = self.bytes.saturating_add(bytes.len());
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;

    #[test]
    fn debug_shows_how_much_was_written_and_not_what() {
        let (mut one, mut other) = ([0; 4], [0; 4]);
        let (mut cursor, mut window) = (Cursor::new(&mut one), Window::new(&mut other, 2));
        cursor.put(b"abcde");
        window.put(b"abc");
        assert_eq!(std::format!("{cursor:?}"), "Cursor { room: 4, bytes: 5 }");
        assert_eq!(std::format!("{window:?}"), "Window { room: 4, skip: 0, bytes: 1 }");
    }

    #[test]
    fn windows_of_any_size_join_to_the_whole() {
        let pieces: [&[u8]; 4] = [b"", b"ab", b"cdefg", b"h"];
        for size in 1..10 {
            let (mut whole, mut sent) = ([0; 8], 0);
            loop {
                let mut room = [0; 10];
                let mut window = Window::new(room.get_mut(..size).unwrap(), sent);
                for piece in pieces {
                    window.put(piece);
                }
                let got = window.finish();
                if got.is_empty() {
                    break;
                }
                whole[sent..sent + got.len()].copy_from_slice(got);
                sent += got.len();
            }
            assert_eq!((&whole, sent), (b"abcdefgh", 8), "size {size}");
        }
    }

    #[test]
    fn a_short_cursor_names_the_size_that_would_do() {
        for size in 0..6 {
            let mut room = [0; 6];
            let mut cursor = Cursor::new(room.get_mut(..size).unwrap());
            cursor.put(b"ab");
            cursor.put(b"cdef");
            assert_eq!(cursor.finish(), Err(Full::new(6)), "size {size}");
        }
    }
}
