//! Two lanes at once with SHA-NI: while one waits for its rounds, the other's are worked on.
//!
//! Two are as many as the unit can take; three or four are no faster. The order of the words in `abef` and `cdgh` is
//! that of the instructions.

use std::arch::x86_64::*;

use crate::K;
use crate::Lane;
use crate::alone;

/// How many lanes there are.
pub(crate) const WIDTH: usize = 2;

/// Whether the processor has what [`compress`] was compiled for.
pub(crate) fn is_there() -> bool {
    is_x86_feature_detected!("sha") && is_x86_feature_detected!("sse4.1") && is_x86_feature_detected!("ssse3")
}

/// Compresses the blocks of each lane into its state.
#[target_feature(enable = "sha,sse4.1,ssse3")]
pub(crate) fn compress(lanes: &mut [Lane<'_>]) {
    let mut waiting = lanes.iter_mut().filter(|lane| !lane.blocks.is_empty());
    let Some(mut one) = waiting.next() else { return };
    let mut one_left = one.blocks;
    for other in waiting {
        let mut other_left = other.blocks;
        let steps = one_left.len().min(other_left.len());
        let (one_now, other_now);
        (one_now, one_left) = one_left.split_at(steps);
        (other_now, other_left) = other_left.split_at(steps);
        run([&mut one.state, &mut other.state], [one_now, other_now]);
        if one_left.is_empty() {
            (one, one_left) = (other, other_left);
        }
    }
    let mut last = Lane { state: one.state, blocks: one_left };
    alone(&mut last);
    one.state = last.state;
}

/// Goes through both, which are as long as each other.
#[target_feature(enable = "sha,sse4.1,ssse3")]
fn run(states: [&mut [u32; 8]; 2], blocks: [&[[u8; 64]]; 2]) {
    let [one, other] = states;
    let (mut a, mut b) = (State::load(one), State::load(other));
    for (one, other) in blocks[0].iter().zip(blocks[1]) {
        (a, b) = block(a, b, load_block(one), load_block(other));
    }
    a.store(one);
    b.store(other);
}

/// A state in the order of the instructions.
#[derive(Clone, Copy)]
struct State {
    abef: __m128i,
    cdgh: __m128i,
}

/// One block of each.
#[inline]
#[target_feature(enable = "sha,sse4.1,ssse3")]
fn block(a: State, b: State, mut v: [__m128i; 4], mut w: [__m128i; 4]) -> (State, State) {
    let (mut one, mut other) = (a, b);
    macro_rules! four_rounds {
        ($i:expr, $k:expr) => {
            let k = load_words($k);
            let (x, y) = (_mm_add_epi32(v[$i], k), _mm_add_epi32(w[$i], k));
            one.cdgh = _mm_sha256rnds2_epu32(one.cdgh, one.abef, x);
            other.cdgh = _mm_sha256rnds2_epu32(other.cdgh, other.abef, y);
            let (x, y) = (_mm_shuffle_epi32::<0x0e>(x), _mm_shuffle_epi32::<0x0e>(y));
            one.abef = _mm_sha256rnds2_epu32(one.abef, one.cdgh, x);
            other.abef = _mm_sha256rnds2_epu32(other.abef, other.cdgh, y);
        };
    }
    macro_rules! schedule {
        ($w:ident, $i:expr) => {
            let sum = _mm_add_epi32(
                _mm_sha256msg1_epu32($w[$i], $w[($i + 1) % 4]),
                _mm_alignr_epi8::<4>($w[($i + 3) % 4], $w[($i + 2) % 4]),
            );
            $w[$i] = _mm_sha256msg2_epu32(sum, $w[($i + 3) % 4]);
        };
    }
    let (k, rest) = K.as_chunks::<4>().0.split_first_chunk::<4>().unwrap();
    four_rounds!(0, &k[0]);
    four_rounds!(1, &k[1]);
    four_rounds!(2, &k[2]);
    four_rounds!(3, &k[3]);
    for k in rest.as_chunks::<4>().0 {
        schedule!(v, 0);
        schedule!(w, 0);
        four_rounds!(0, &k[0]);
        schedule!(v, 1);
        schedule!(w, 1);
        four_rounds!(1, &k[1]);
        schedule!(v, 2);
        schedule!(w, 2);
        four_rounds!(2, &k[2]);
        schedule!(v, 3);
        schedule!(w, 3);
        four_rounds!(3, &k[3]);
    }
    (one.plus(a), other.plus(b))
}

impl State {
    #[inline]
    #[target_feature(enable = "sse4.1,ssse3")]
    fn load(words: &[u32; 8]) -> Self {
        let [dcba, hgfe] = words.as_chunks::<4>().0.first_chunk::<2>().unwrap();
        let cdab = _mm_shuffle_epi32::<0xb1>(load_words(dcba));
        let efgh = _mm_shuffle_epi32::<0x1b>(load_words(hgfe));
        Self { abef: _mm_alignr_epi8::<8>(cdab, efgh), cdgh: _mm_blend_epi16::<0xf0>(efgh, cdab) }
    }

    #[inline]
    #[target_feature(enable = "sse4.1,ssse3")]
    fn store(self, words: &mut [u32; 8]) {
        let feba = _mm_shuffle_epi32::<0x1b>(self.abef);
        let dchg = _mm_shuffle_epi32::<0xb1>(self.cdgh);
        let [dcba, hgfe] = words.as_chunks_mut::<4>().0.first_chunk_mut::<2>().unwrap();
        store_words(dcba, _mm_blend_epi16::<0xf0>(feba, dchg));
        store_words(hgfe, _mm_alignr_epi8::<8>(dchg, feba));
    }

    #[inline]
    #[target_feature(enable = "sse2")]
    fn plus(self, before: Self) -> Self {
        Self { abef: _mm_add_epi32(self.abef, before.abef), cdgh: _mm_add_epi32(self.cdgh, before.cdgh) }
    }
}

/// The words of a block, which are written with their first byte in front.
#[inline]
#[target_feature(enable = "ssse3")]
fn load_block(block: &[u8; 64]) -> [__m128i; 4] {
    let order = _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);
    let mut words = [order; 4];
    for (words, bytes) in words.iter_mut().zip(block.as_chunks::<16>().0) {
        *words = _mm_shuffle_epi8(load_bytes(bytes), order);
    }
    words
}

#[inline]
#[target_feature(enable = "sse2")]
#[expect(unsafe_code, reason = "the intrinsic takes a pointer")]
fn load_bytes(from: &[u8; 16]) -> __m128i {
    // SAFETY: it reads 16 bytes, aligned or not, from a reference to an array of 16 bytes.
    unsafe { _mm_loadu_si128(from.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "sse2")]
#[expect(unsafe_code, reason = "the intrinsic takes a pointer")]
fn load_words(from: &[u32; 4]) -> __m128i {
    // SAFETY: it reads 16 bytes, aligned or not, from a reference to an array of 16 bytes.
    unsafe { _mm_loadu_si128(from.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "sse2")]
#[expect(unsafe_code, reason = "the intrinsic takes a pointer")]
fn store_words(to: &mut [u32; 4], words: __m128i) {
    // SAFETY: it writes 16 bytes, aligned or not, to an array of 16 bytes that is borrowed for it.
    unsafe { _mm_storeu_si128(to.as_mut_ptr().cast(), words) }
}
