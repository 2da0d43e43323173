//! A stage in front of the compression function: text is put together there, and hashed many blocks at a time.
//!
//! A block that is hashed right after its last piece was written waits for what was stored to be read again, and each
//! call of the compression function has a cost of its own. So a text gathers here, and is hashed in one call, or two. A text that is too long for the stage is known by that it leaves no room for the
//! [`padding`](Stage::pad), and is to be hashed by [`Sha256`](super::Sha256) instead.
//!
//! What is free is handed from piece to piece as a slice, in registers: kept as an offset beside the bytes,
//! each of the dozens of pieces of a request would wait for the memory that the one before wrote. For the same
//! reason whoever writes to a stage is inlined into one function, and [`Literal::slow`] is the door for what is not.

use core::mem;

use super::BLOCK;
use super::Compress;
use super::INITIAL;
use crate::sink::Literal;
use crate::sink::Sink;
use crate::sink::copy;

/// The free end of a room that is zero throughout.
pub(crate) struct Stage<'r> {
    free: &'r mut [u8],
    /// The number of bytes in the room.
    size: usize,
}

impl<'r> Stage<'r> {
    /// Starts at the beginning of the room, or behind what was put there by another stage.
    #[inline(always)]
    pub(crate) fn new(room: &'r mut [u8], held: usize) -> Self {
        let size = room.len();
        Self { free: room.get_mut(held..).unwrap_or_default(), size }
    }

    /// How many bytes were put; none where there is no room left for any more.
    #[inline(always)]
    pub(crate) const fn held(&self) -> Option<usize> {
        if self.free.is_empty() { None } else { Some(self.size.wrapping_sub(self.free.len())) }
    }

    /// Ends the text with the padding of a message ([FIPS 180-4](https://doi.org/10.6028/NIST.FIPS.180-4), 5.1.1) of
    /// which `before` bytes are hashed already and do not lie here. Returns the number of blocks, or nothing where they
    /// do not fit.
    #[inline(always)]
    pub(crate) fn pad(self, before: u64) -> Option<usize> {
        let held = self.held()?;
        let blocks = held.wrapping_add(9).div_ceil(BLOCK);
        let end = blocks.wrapping_mul(BLOCK).wrapping_sub(held);
        let padding = self.free.get_mut(..end)?;
        *padding.first_mut()? = 0x80;
        *padding.last_chunk_mut::<8>()? = before.wrapping_add(held as u64).wrapping_mul(8).to_be_bytes();
        Some(blocks)
    }

    /// Puts text at the beginning of what is free and returns what is left, which is nothing where it does not fit.
    /// One call for all texts whose length is not known beforehand: inlined, it would be most of the image.
    #[inline(never)]
    fn fill<'f>(free: &'f mut [u8], bytes: &[u8]) -> &'f mut [u8] {
        let Some((place, free)) = free.split_at_mut_checked(bytes.len()) else { return &mut [] };
        copy(place, bytes);
        free
    }
}

/// The digest of bytes that lie in one piece: all whole blocks are hashed where they lie.
pub(crate) fn digest(engine: &dyn Compress, bytes: &[u8]) -> [u32; 8] {
    let mut state = INITIAL;
    let (blocks, end) = bytes.as_chunks::<BLOCK>();
    engine.compress(&mut state, blocks);
    let mut room = [[0; BLOCK]; 2];
    let mut stage = Stage::new(room.as_flattened_mut(), 0);
    stage.put(end);
    // The end of a block and its padding always fit two.
    let padded = stage.pad(blocks.as_flattened().len() as u64).unwrap_or_default();
    engine.compress(&mut state, room.get(..padded).unwrap_or_default());
    state
}

impl Sink for Stage<'_> {
    #[inline(always)]
    fn put(&mut self, bytes: &[u8]) {
        self.free = Self::fill(mem::take(&mut self.free), bytes);
    }
}

impl Literal for Stage<'_> {
    #[inline(always)]
    fn literal<const N: usize>(&mut self, text: &[u8; N]) {
        self.free = match mem::take(&mut self.free).split_first_chunk_mut::<N>() {
            Some((place, free)) => {
                *place = *text;
                free
            }
            None => &mut [],
        };
    }

    #[inline(always)]
    fn slow(&mut self, write: impl FnOnce(&mut dyn Sink)) {
        self.free = detour(mem::take(&mut self.free), write);
    }
}

/// Lets something be written that rarely has to be, out of the way of what is written always.
#[cold]
#[inline(never)]
fn detour(free: &mut [u8], write: impl FnOnce(&mut dyn Sink)) -> &mut [u8] {
    let mut stage = Stage { free, size: 0 };
    write(&mut stage);
    stage.free
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "tests may overflow loudly")]
mod tests {
    extern crate std;

    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;
    use crate::hash::Sha256;
    use crate::hash::Software;
    use crate::hash::bytes_of;

    fn in_pieces(pieces: &[impl AsRef<[u8]>]) -> [u8; 32] {
        let mut hash = Sha256::new();
        for piece in pieces {
            hash.put(piece.as_ref());
        }
        hash.finish()
    }

    proptest! {
        #[test]
        fn bytes_in_one_piece_have_the_same_digest(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            prop_assert_eq!(bytes_of(&digest(&Software, &bytes)), in_pieces(&[&bytes]));
        }

        #[test]
        fn a_text_is_staged_or_known_to_be_too_long(pieces: Vec<Vec<u8>>) {
            let mut room = [0; 192];
            let mut stage = Stage::new(&mut room, 0);
            for piece in &pieces {
                stage.put(piece);
            }
            let whole = in_pieces(&pieces);
            let length = pieces.concat().len();
            match stage.pad(0) {
                Some(blocks) => {
                    let mut state = INITIAL;
                    Software.compress(&mut state, &room.as_chunks().0[..blocks]);
                    prop_assert_eq!(bytes_of(&state), whole);
                }
                None => prop_assert!(length + 9 > 192),
            }
        }
    }
}
