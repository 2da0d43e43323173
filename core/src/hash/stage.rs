//! A stage in front of the compression function: text is put together there and hashed many blocks at a time.
//!
//! A block that is hashed right after its last piece was written waits for the store to become a load, and each
//! call of the compression function costs as much as a third of a block. So the canonical request gathers here, and
//! mostly is hashed in one call. What is hashed is the same as with [`Sha256`](super::Sha256).

use core::slice;

use super::BLOCK;
use super::Compress;
use super::HmacKey;
use super::INITIAL;
use super::bytes_of;
use crate::sink::Literal;
use crate::sink::Sink;
use crate::sink::copy;

/// SHA-256 or the inner hash of HMAC, over text that is written in small pieces.
pub(crate) struct Stage<const BLOCKS: usize> {
    engine: &'static dyn Compress,
    state: [u32; 8],
    room: [[u8; BLOCK]; BLOCKS],
    held: usize,
    /// The number of bytes hashed, those that are held not counted.
    hashed: u64,
}

impl<const BLOCKS: usize> Stage<BLOCKS> {
    /// Starts a digest.
    #[inline]
    pub(crate) const fn new(engine: &'static dyn Compress) -> Self {
        Self::after(engine, INITIAL, 0)
    }

    /// Starts the inner hash of a code under `key`.
    #[inline]
    pub(crate) fn keyed(key: &HmacKey) -> Self {
        Self::after(key.engine, key.inner, BLOCK as u64)
    }

    #[inline(always)]
    const fn after(engine: &'static dyn Compress, state: [u32; 8], hashed: u64) -> Self {
        Self { engine, state, room: [[0; BLOCK]; BLOCKS], held: 0, hashed }
    }

    /// Hashes the whole blocks that are held, so that they are done while other text is written.
    pub(crate) fn settle(&mut self) {
        let whole = self.held / BLOCK;
        let (blocks, _) = self.room.split_at_checked(whole).unwrap_or_default();
        self.engine.compress(&mut self.state, blocks);
        self.hashed = self.hashed.wrapping_add(blocks.as_flattened().len() as u64);
        self.held %= BLOCK;
        if whole > 0
            && let Some((first, rest)) = self.room.split_first_mut()
            && let Some(last) = rest.get(whole.wrapping_sub(1))
        {
            *first = *last;
        }
    }

    /// The state behind everything put, and behind the padding that ends a message.
    #[inline]
    pub(crate) fn finish(&mut self) -> [u8; 32] {
        self.end();
        bytes_of(&self.state)
    }

    /// The code whose inner hash this is: one more block under the key.
    #[inline]
    pub(crate) fn finish_keyed(&mut self, key: &HmacKey) -> [u8; 32] {
        /// The length of the block of the key and of the inner digest, in bits.
        const BITS: u64 = (BLOCK as u64 + 32) * 8;
        let mut block = [0; BLOCK];
        if let Some(digest) = block.first_chunk_mut::<32>() {
            *digest = self.finish();
        }
        if let Some(end) = block.get_mut(32) {
            *end = 0x80;
        }
        if let Some(length) = block.last_chunk_mut::<8>() {
            *length = BITS.to_be_bytes();
        }
        let mut state = key.outer;
        key.engine.compress(&mut state, slice::from_ref(&block));
        bytes_of(&state)
    }

    #[inline]
    fn end(&mut self) {
        const PADDING: [u8; BLOCK] = {
            let mut padding = [0; BLOCK];
            let [first, ..] = &mut padding;
            *first = 0x80;
            padding
        };
        let bits = self.hashed.wrapping_add(self.held as u64).wrapping_mul(8);
        // As many bytes as leave eight of a block for the length.
        let padding = 1_usize.wrapping_add(55_usize.wrapping_sub(self.held) % BLOCK);
        self.put(PADDING.get(..padding).unwrap_or_default());
        self.literal(&bits.to_be_bytes());
        let (blocks, _) = self.room.split_at_checked(self.held / BLOCK).unwrap_or_default();
        self.engine.compress(&mut self.state, blocks);
    }

    /// Makes room for what does not fit.
    #[cold]
    fn spill(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while !rest.is_empty() {
            let free = self.room.as_flattened_mut().get_mut(self.held..).unwrap_or_default();
            let (now, later) = rest.split_at_checked(free.len()).unwrap_or((rest, &[]));
            copy(free.get_mut(..now.len()).unwrap_or_default(), now);
            self.held = self.held.wrapping_add(now.len());
            rest = later;
            if !rest.is_empty() {
                self.flush();
                // What lies in whole blocks already need not lie here too.
                let (blocks, end) = rest.as_chunks::<BLOCK>();
                self.engine.compress(&mut self.state, blocks);
                self.hashed = self.hashed.wrapping_add(blocks.as_flattened().len() as u64);
                rest = end;
            }
        }
    }

    /// Hashes all that is held, which is as much as there is room for, or all but a part of a block.
    fn flush(&mut self) {
        if self.held >= BLOCK.saturating_mul(BLOCKS) {
            self.engine.compress(&mut self.state, &self.room);
            self.hashed = self.hashed.wrapping_add(self.held as u64);
            self.held = 0;
        } else {
            self.settle();
        }
    }
}

impl<const BLOCKS: usize> Sink for Stage<BLOCKS> {
    /// One call for all texts whose length is not known beforehand: inlined, it would be most of the image.
    #[inline(never)]
    fn put(&mut self, bytes: &[u8]) {
        let free = self.room.as_flattened_mut().get_mut(self.held..).unwrap_or_default();
        let Some((place, _)) = free.split_at_mut_checked(bytes.len()) else { return self.spill(bytes) };
        copy(place, bytes);
        self.held = self.held.wrapping_add(bytes.len());
    }
}

impl<const BLOCKS: usize> Literal for Stage<BLOCKS> {
    #[inline]
    fn literal<const N: usize>(&mut self, text: &[u8; N]) {
        let free = self.room.as_flattened_mut().get_mut(self.held..).unwrap_or_default();
        let Some(place) = free.first_chunk_mut::<N>() else { return self.spill(text) };
        *place = *text;
        self.held = self.held.wrapping_add(N);
    }
}
