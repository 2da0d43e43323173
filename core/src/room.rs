//! The scratch space a caller lends to a reader, and what a reader says next.
//!
//! A reader is fed bytes in pieces of any size ([`Room::feed`]) and looks at the stretch it holds
//! ([`Room::held`]); what it has understood it lets go ([`Room::release`]). The held bytes always lie in
//! one piece, so items can be borrowed from them. No reader knows where the bytes come from.

use core::fmt;

use crate::sink::Count;
use crate::sink::Cursor;
use crate::sink::Full;
use crate::sink::Sink;

/// What a reader has to say: an item, or what it wants.
///
/// Wanting more input is a step, not an error.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "a caller must answer each of these")]
pub enum Read<T> {
    /// The next thing, borrowed from the room: use it before reading on.
    Item(T),
    /// Feed more bytes, or say that there are no more.
    NeedInput,
    /// Everything has been read.
    End,
    /// The next thing is larger than the room; a room of `needed` bytes would have taken what is known of it so far.
    RoomFull {
        /// The size in bytes at which reading gets further.
        needed: usize,
    },
    /// The bytes are not what they should be.
    Malformed {
        /// The offset in the whole input, in bytes from its start.
        at: u64,
    },
}

/// A caller's buffer with the bytes that were fed and not yet released.
pub struct Room<'b> {
    buffer: &'b mut [u8],
    // start <= end <= buffer.len(), so the wrapping arithmetic below never wraps.
    start: usize,
    end: usize,
    /// Bytes released since the beginning.
    passed: u64,
    ended: bool,
}

impl<'b> Room<'b> {
    /// An empty room in `buffer`.
    pub const fn new(buffer: &'b mut [u8]) -> Self {
        Self { buffer, start: 0, end: 0, passed: 0, ended: false }
    }

    /// Takes as much of `input` as fits and returns how many bytes that was.
    ///
    /// Zero for a non-empty input means that the room is full: read on first.
    pub fn feed(&mut self, input: &[u8]) -> usize {
        if self.start > 0 && input.len() > self.buffer.len().wrapping_sub(self.end) {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end = self.end.wrapping_sub(self.start);
            self.start = 0;
        }
        let place = self.buffer.get_mut(self.end..).unwrap_or_default();
        let taken = place.len().min(input.len());
        for (to, from) in place.iter_mut().zip(input) {
            *to = *from;
        }
        self.end = self.end.wrapping_add(taken);
        taken
    }

    /// Says that no more input will come.
    pub const fn end(&mut self) {
        self.ended = true;
    }

    /// Whether [`end`](Self::end) was called.
    #[must_use]
    pub const fn ended(&self) -> bool {
        self.ended
    }

    /// The bytes fed and not yet released, in one piece.
    #[must_use]
    pub fn held(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// The offset of the first held byte in the whole input.
    #[must_use]
    pub const fn passed(&self) -> u64 {
        self.passed
    }

    /// The size of the whole room in bytes.
    #[must_use]
    pub const fn size(&self) -> usize {
        self.buffer.len()
    }

    /// Whether no more input fits until something is released.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.end.wrapping_sub(self.start) == self.buffer.len()
    }

    /// Lets go of the first `bytes` held bytes, at most all of them.
    pub const fn release(&mut self, bytes: usize) {
        let held = self.end.wrapping_sub(self.start);
        let bytes = if bytes < held { bytes } else { held };
        self.start = self.start.wrapping_add(bytes);
        self.passed = self.passed.wrapping_add(bytes as u64);
    }
}

impl fmt::Debug for Room<'_> {
    /// Without the bytes, which may be secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Room")
            .field("size", &self.size())
            .field("held", &self.held().len())
            .field("passed", &self.passed)
            .field("ended", &self.ended)
            .finish()
    }
}

/// Puts texts into a room, one behind the other, and counts on when it is full.
pub(crate) struct Shelf<'r> {
    rest: &'r mut [u8],
    size: usize,
    needed: usize,
}

impl<'r> Shelf<'r> {
    pub(crate) const fn new(room: &'r mut [u8]) -> Self {
        let size = room.len();
        Self { rest: room, size, needed: 0 }
    }

    /// The text where it was written; nothing where there is no more room.
    pub(crate) fn put(&mut self, write: &dyn Fn(&mut dyn Sink)) -> &'r [u8] {
        let mut count = Count::default();
        write(&mut count);
        self.needed = self.needed.saturating_add(count.bytes());
        let rest = core::mem::take(&mut self.rest);
        let Some((place, rest)) = rest.split_at_mut_checked(count.bytes()) else { return &[] };
        self.rest = rest;
        let mut cursor = Cursor::new(place);
        write(&mut cursor);
        cursor.finish().map_or(&[], |written| written)
    }

    /// Whether all that was put is there.
    ///
    /// # Errors
    ///
    /// [`Full`] with the size that would do.
    pub(crate) const fn finish(&self) -> Result<(), Full> {
        if self.needed > self.size { Err(Full::new(self.needed)) } else { Ok(()) }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    extern crate std;

    use super::*;

    /// Pieces of a document on their way into a reader.
    pub(crate) struct Feed<'p> {
        pieces: &'p [&'p [u8]],
        piece: &'p [u8],
    }

    impl<'p> Feed<'p> {
        pub(crate) const fn new(pieces: &'p [&'p [u8]]) -> Self {
            Self { pieces, piece: &[] }
        }

        /// Offers what comes next; false when there is no more.
        pub(crate) fn offer(&mut self, feed: impl FnOnce(&[u8]) -> usize) -> bool {
            while self.piece.is_empty() {
                match self.pieces.split_first() {
                    Some((piece, rest)) => (self.piece, self.pieces) = (piece, rest),
                    None => return false,
                }
            }
            let taken = feed(self.piece);
            assert!(taken > 0, "a reader that needs input takes some");
            self.piece = &self.piece[taken..];
            true
        }
    }

    #[test]
    fn debug_shows_how_much_is_held_and_not_what() {
        let mut buffer = [0; 4];
        let mut room = Room::new(&mut buffer);
        room.feed(b"abc");
        room.release(1);
        assert_eq!(std::format!("{room:?}"), "Room { size: 4, held: 2, passed: 1, ended: false }");
    }

    #[test]
    fn held_bytes_stay_in_one_piece_through_any_feeding() {
        let mut buffer = [0; 4];
        let mut room = Room::new(&mut buffer);
        assert_eq!(room.feed(b"abcdef"), 4);
        assert!(room.is_full());
        room.release(3);
        assert_eq!((room.held(), room.passed()), (&b"d"[..], 3));
        assert_eq!(room.feed(b"ef"), 2);
        assert_eq!(room.held(), b"def");
        room.release(9);
        assert_eq!((room.held(), room.passed()), (&b""[..], 6));
    }
}
