//! A room whose bytes are checked to be UTF-8 before a grammar sees them.

use crate::room::Read;
use crate::room::Room;
use crate::text::Stop;

/// Bytes fed in pieces, seen as UTF-8 in one piece.
///
/// A character that is cut at the end of what was fed stays out of sight until the rest of it
/// arrives, so a grammar never meets half a character.
pub(crate) struct Stream<'b> {
    room: Room<'b>,
    /// How many of the held bytes are known to be UTF-8.
    valid: usize,
    /// Whether the byte after these can never be.
    broken: bool,
}

impl<'b> Stream<'b> {
    pub(crate) const fn new(room: &'b mut [u8]) -> Self {
        Self { room: Room::new(room), valid: 0, broken: false }
    }

    pub(crate) fn feed(&mut self, input: &[u8]) -> usize {
        self.room.feed(input)
    }

    pub(crate) const fn end(&mut self) {
        self.room.end();
    }

    /// Lets go of the first `bytes` and checks what was fed since.
    pub(crate) fn pass(&mut self, bytes: usize) {
        self.room.release(bytes);
        self.valid = self.valid.saturating_sub(bytes);
        let fresh = self.room.held().get(self.valid..).unwrap_or_default();
        match str::from_utf8(fresh) {
            Ok(_) => self.valid = self.valid.saturating_add(fresh.len()),
            Err(error) => {
                self.valid = self.valid.saturating_add(error.valid_up_to());
                self.broken = error.error_len().is_some() || self.room.ended();
            }
        }
    }

    /// The bytes held and checked, without the first `skip`.
    pub(crate) fn bytes(&self, skip: usize) -> &[u8] {
        self.room.held().get(skip..self.valid).unwrap_or_default()
    }

    /// A part of the bytes as text, which it is.
    pub(crate) fn text<'a>(&self, bytes: &'a [u8]) -> &'a str {
        str::from_utf8(bytes).unwrap_or_default()
    }

    /// Whether what is held, less the first `used`, fills the room.
    pub(crate) const fn is_full(&self, used: usize) -> bool {
        used == 0 && self.room.is_full()
    }

    /// Whether everything that will ever be there is in sight.
    pub(crate) const fn is_whole(&self) -> bool {
        self.room.ended() && !self.broken
    }

    /// What to say about bytes in which, after `seen` of them, there is no token. The first `used`
    /// of them will be let go.
    pub(crate) fn stop<T>(&self, stop: Stop, seen: usize, used: usize) -> Read<T> {
        match stop {
            Stop::Malformed(at) => self.malformed(seen.saturating_add(at)),
            Stop::Incomplete if self.broken || self.room.ended() => self.malformed(self.valid),
            Stop::Incomplete if self.is_full(used) => {
                Read::RoomFull { needed: self.room.size().saturating_add(1) }
            }
            Stop::Incomplete => Read::NeedInput,
        }
    }

    /// Says that the byte at this offset in what is held breaks the rules.
    pub(crate) fn malformed<T>(&self, at: usize) -> Read<T> {
        Read::Malformed { at: self.room.passed().saturating_add(at as u64) }
    }
}
