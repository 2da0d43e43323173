//! SHA-256 with a buffer of some blocks, HMAC by its two states.
use crate::sink::{Sink, copy};
use sha2::block_api::compress256;

pub const START: [u32; 8] =
    [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

pub const ROOM: usize = if !cfg!(feature = "wide") { 64 } else if cfg!(feature = "four") { 256 } else { 512 };

pub struct Sha {
    state: [u32; 8],
    before: usize,
    room: [u8; ROOM],
    at: usize,
}

impl Sha {
    #[inline]
    pub fn new() -> Self {
        Self { state: START, before: 0, room: [0; ROOM], at: 0 }
    }

    /// Starts anew from `state`, which has taken `before` bytes; the buffer is not cleared.
    #[inline]
    pub fn restart(&mut self, state: [u32; 8], before: usize) {
        (self.state, self.before, self.at) = (state, before, 0);
    }

    #[inline]
    pub fn finish(&mut self) -> [u32; 8] {
        let bits = ((self.before + self.at) as u64) << 3;
        self.put(&[0x80]);
        let mut end = (self.at + 8).next_multiple_of(64);
        if end > ROOM {
            self.zeros(ROOM);
            compress256(&mut self.state, self.room.as_chunks().0);
            (self.at, end) = (0, 64);
        }
        self.zeros(end);
        let blocks = self.room.get_mut(..end).unwrap_or_default();
        if let Some(place) = blocks.last_chunk_mut() {
            *place = bits.to_be_bytes();
        }
        compress256(&mut self.state, blocks.as_chunks().0);
        self.state
    }

    pub fn finished(&self) -> u32 {
        self.state[0]
    }

    #[inline]
    fn zeros(&mut self, end: usize) {
        for place in self.room.get_mut(self.at..end).unwrap_or_default() {
            *place = 0;
        }
    }

    #[cold]
    fn spill(&mut self, mut bytes: &[u8]) {
        loop {
            let place = self.room.get_mut(self.at..).unwrap_or_default();
            let Some((now, rest)) = bytes.split_at_checked(place.len()) else {
                if let Some(place) = place.get_mut(..bytes.len()) {
                    copy(place, bytes);
                }
                self.at += bytes.len();
                return;
            };
            copy(place, now);
            compress256(&mut self.state, self.room.as_chunks().0);
            self.before += ROOM;
            self.at = 0;
            bytes = rest;
        }
    }
}

impl Sink for Sha {
    #[cfg_attr(feature = "wide", inline(always))]
    fn put(&mut self, bytes: &[u8]) {
        match self.room.get_mut(self.at..).and_then(|rest| rest.get_mut(..bytes.len())) {
            Some(place) => {
                copy(place, bytes);
                self.at += bytes.len();
            }
            None => self.spill(bytes),
        }
    }

    #[cfg(feature = "wide")]
    #[inline(always)]
    fn puts(&mut self, pieces: &[&[u8]]) {
        match crate::sink::fill(self.room.get_mut(self.at..).unwrap_or_default(), pieces) {
            Some(all) => self.at += all,
            None => pieces.iter().for_each(|piece| self.spill(piece)),
        }
    }
}

/// A key as HMAC uses it: the states after the inner and the outer block.
#[derive(Clone, Copy)]
pub struct Key {
    inner: [u32; 8],
    outer: [u32; 8],
}

impl Key {
    /// From at most 64 bytes.
    pub fn new(key: &[u8]) -> Self {
        let pad = |with| {
            let mut block = [with; 64];
            for (to, from) in block.iter_mut().zip(key) {
                *to ^= *from;
            }
            let mut state = START;
            compress256(&mut state, &[block]);
            state
        };
        Self { inner: pad(0x36), outer: pad(0x5c) }
    }

    #[inline]
    pub fn start(&self, sha: &mut Sha) {
        sha.restart(self.inner, 64);
    }

    #[inline]
    pub fn finish(&self, sha: &mut Sha) -> [u32; 8] {
        let mut block = [0; 64];
        for (to, word) in block.as_chunks_mut().0.iter_mut().zip(sha.finish()) {
            *to = word.to_be_bytes();
        }
        if let Some(place) = block.get_mut(32) {
            *place = 0x80;
        }
        if let Some(place) = block.last_chunk_mut() {
            *place = (96u64 << 3).to_be_bytes();
        }
        let mut state = self.outer;
        compress256(&mut state, &[block]);
        state
    }

    pub fn next(&self, text: &[u8]) -> Self {
        let mut sha = Sha::new();
        self.start(&mut sha);
        sha.put(text);
        let mut key = [0; 32];
        for (to, word) in key.as_chunks_mut().0.iter_mut().zip(self.finish(&mut sha)) {
            *to = word.to_be_bytes();
        }
        Self::new(&key)
    }
}

/// Hexadecimal digits, by a loop that compilers turn into vector code.
#[inline]
pub fn hex(words: &[u32; 8]) -> [u8; 64] {
    let mut bytes = [0; 32];
    for (to, word) in bytes.as_chunks_mut().0.iter_mut().zip(words) {
        *to = word.to_be_bytes();
    }
    let mut text = [0; 64];
    let digit = |half: u8| half + if half < 10 { b'0' } else { b'a' - 10 };
    for ([high, low], byte) in text.as_chunks_mut().0.iter_mut().zip(bytes) {
        (*high, *low) = (digit(byte >> 4), digit(byte & 15));
    }
    text
}
