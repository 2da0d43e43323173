//! Sixteen lanes at once: each vector holds the same word of all of them.
//!
//! Advice to hackers: this is bound by the number of vector operations (two a cycle), so what counts is how many
//! there are. A round has 17 (`vprold` six times, `vpternlogd` four, `vpaddd` seven), a step of the schedule 11, and
//! turning sixteen blocks into sixteen vectors of one word each has 80. States stay turned while their lanes last.

use std::arch::x86_64::*;

use crate::K;
use crate::Lane;
use crate::sha_ni;

/// How many lanes there are.
pub(crate) const WIDTH: usize = 16;

/// With fewer lanes than this, two at a time are faster.
const FEW: usize = 9;

/// Whether the processor has what [`compress`] was compiled for, and what it leaves the last lanes to.
pub(crate) fn is_there() -> bool {
    is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bw") && sha_ni::is_there()
}

/// The states of all lanes: in each row the same word of each.
#[repr(align(64))]
struct States([[u32; WIDTH]; 8]);

/// Compresses the blocks of each lane into its state.
#[target_feature(enable = "avx512f,avx512bw,sha,sse4.1,ssse3")]
pub(crate) fn compress(lanes: &mut [Lane<'_>]) {
    let mut states = States([[0; WIDTH]; 8]);
    let mut waiting = lanes.iter_mut().filter(|lane| !lane.blocks.is_empty());
    // what is being worked on in each place, and its blocks that are left
    let mut at: [Option<&mut Lane<'_>>; WIDTH] = [const { None }; WIDTH];
    let mut left: [&[[u8; 64]]; WIDTH] = [&[]; WIDTH];
    loop {
        let mut active = 0;
        let mut longest: &[[u8; 64]] = &[];
        let mut steps = usize::MAX;
        for (place, (lane, left)) in at.iter_mut().zip(&mut left).enumerate() {
            if left.is_empty() {
                if let Some(done) = lane.take() {
                    done.state = column(&states, place);
                }
                if let Some(next) = waiting.next() {
                    *left = next.blocks;
                    set_column(&mut states, place, &next.state);
                    *lane = Some(next);
                }
            }
            if lane.is_some() {
                active += 1;
                steps = steps.min(left.len());
                if left.len() > longest.len() {
                    longest = left;
                }
            }
        }
        if active < FEW {
            break;
        }
        // a place without a lane works on another's blocks, for nobody
        run(&mut states, &left.map(|left| if left.is_empty() { longest } else { left }), steps);
        for left in &mut left {
            *left = left.get(steps..).unwrap_or_default();
        }
    }
    let mut rest: [Lane<'_>; WIDTH] = [Lane { state: [0; 8], blocks: &[] }; WIDTH];
    for (place, (rest, left)) in rest.iter_mut().zip(left).enumerate() {
        *rest = Lane { state: column(&states, place), blocks: left };
    }
    sha_ni::compress(&mut rest);
    for (lane, rest) in at.into_iter().zip(rest) {
        if let Some(lane) = lane {
            lane.state = rest.state;
        }
    }
}

fn column(states: &States, place: usize) -> [u32; 8] {
    states.0.each_ref().map(|row| row[place])
}

fn set_column(states: &mut States, place: usize, state: &[u32; 8]) {
    for (row, word) in states.0.iter_mut().zip(state) {
        row[place] = *word;
    }
}

/// Goes so many blocks further in all lanes. Each has at least so many.
#[target_feature(enable = "avx512f,avx512bw")]
fn run(states: &mut States, lanes: &[&[[u8; 64]]; WIDTH], steps: usize) {
    let mut state = [_mm512_setzero_si512(); 8];
    for (words, row) in state.iter_mut().zip(&states.0) {
        *words = load(row);
    }
    for step in 0..steps {
        state = block(state, turned(lanes.map(|blocks| &blocks[step])));
    }
    for (row, words) in states.0.iter_mut().zip(state) {
        store(row, words);
    }
}

/// One block of each lane.
#[inline]
#[target_feature(enable = "avx512f")]
fn block(before: [__m512i; 8], mut w: [__m512i; 16]) -> [__m512i; 8] {
    let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = before;
    macro_rules! round {
        ($a:ident $b:ident $c:ident $d:ident $e:ident $f:ident $g:ident $h:ident, $w:expr, $k:expr) => {
            let s1 = xor(ror::<6>($e), ror::<11>($e), ror::<25>($e));
            // $e ? $f : $g
            let ch = _mm512_ternarylogic_epi32::<0xca>($e, $f, $g);
            let t = add(add(add($h, _mm512_set1_epi32($k.cast_signed())), $w), add(s1, ch));
            $d = add($d, t);
            let s0 = xor(ror::<2>($a), ror::<13>($a), ror::<22>($a));
            // what two of $a, $b and $c have
            let maj = _mm512_ternarylogic_epi32::<0xe8>($a, $b, $c);
            $h = add(t, add(s0, maj));
        };
    }
    // what the word will be sixteen rounds on
    macro_rules! scheduled {
        ($t:expr) => {
            let one = w[($t + 1) % 16];
            let fourteen = w[($t + 14) % 16];
            let s0 = xor(ror::<7>(one), ror::<18>(one), _mm512_srli_epi32::<3>(one));
            let s1 = xor(ror::<17>(fourteen), ror::<19>(fourteen), _mm512_srli_epi32::<10>(fourteen));
            w[$t] = add(add(w[$t], w[($t + 9) % 16]), add(s0, s1));
        };
    }
    macro_rules! unscheduled {
        ($t:expr) => {};
    }
    macro_rules! eight_rounds {
        ($t:expr, $k:expr, $after:ident) => {
            round!(a b c d e f g h, w[$t], $k[$t]);
            $after!($t);
            round!(h a b c d e f g, w[$t + 1], $k[$t + 1]);
            $after!($t + 1);
            round!(g h a b c d e f, w[$t + 2], $k[$t + 2]);
            $after!($t + 2);
            round!(f g h a b c d e, w[$t + 3], $k[$t + 3]);
            $after!($t + 3);
            round!(e f g h a b c d, w[$t + 4], $k[$t + 4]);
            $after!($t + 4);
            round!(d e f g h a b c, w[$t + 5], $k[$t + 5]);
            $after!($t + 5);
            round!(c d e f g h a b, w[$t + 6], $k[$t + 6]);
            $after!($t + 6);
            round!(b c d e f g h a, w[$t + 7], $k[$t + 7]);
            $after!($t + 7);
        };
    }
    let (k, last) = K.as_chunks::<16>().0.split_at(3);
    for k in k {
        eight_rounds!(0, k, scheduled);
        eight_rounds!(8, k, scheduled);
    }
    eight_rounds!(0, last[0], unscheduled);
    eight_rounds!(8, last[0], unscheduled);
    let mut after = [a, b, c, d, e, f, g, h];
    for (after, before) in after.iter_mut().zip(before) {
        *after = add(*after, before);
    }
    after
}

#[inline]
#[target_feature(enable = "avx512f")]
fn add(a: __m512i, b: __m512i) -> __m512i {
    _mm512_add_epi32(a, b)
}

#[inline]
#[target_feature(enable = "avx512f")]
fn xor(a: __m512i, b: __m512i, c: __m512i) -> __m512i {
    _mm512_ternarylogic_epi32::<0x96>(a, b, c)
}

#[inline]
#[target_feature(enable = "avx512f")]
fn ror<const BITS: i32>(words: __m512i) -> __m512i {
    _mm512_ror_epi32::<BITS>(words)
}

/// The blocks of all lanes, turned: each vector holds the same word of all of them.
///
/// Words come with their first byte in front, as big-endian numbers.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn turned(blocks: [&[u8; 64]; WIDTH]) -> [__m512i; 16] {
    let big_endian =
        _mm512_broadcast_i32x4(_mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3));
    let mut words = [big_endian; 16];
    for half in 0..2 {
        // half of a block of two lanes each, four lanes apart
        let mut halves = [big_endian; 8];
        for (i, two) in halves.iter_mut().enumerate() {
            let first = i / 4 * 8 + i % 4;
            let [one, other] =
                [blocks[first], blocks[first + 4]].map(|block| &block.as_chunks::<32>().0[half]);
            let bytes = _mm512_inserti64x4::<1>(_mm512_castsi256_si512(load_half(one)), load_half(other));
            *two = _mm512_shuffle_epi8(bytes, big_endian);
        }
        // in each quarter of a vector, the same word of four lanes
        let mut quarters = [big_endian; 8];
        for (to, of) in quarters.as_chunks_mut::<4>().0.iter_mut().zip(halves.as_chunks::<4>().0) {
            let even = _mm512_unpacklo_epi32(of[0], of[1]);
            let even_high = _mm512_unpackhi_epi32(of[0], of[1]);
            let odd = _mm512_unpacklo_epi32(of[2], of[3]);
            let odd_high = _mm512_unpackhi_epi32(of[2], of[3]);
            to[0] = _mm512_unpacklo_epi64(even, odd);
            to[1] = _mm512_unpackhi_epi64(even, odd);
            to[2] = _mm512_unpacklo_epi64(even_high, odd_high);
            to[3] = _mm512_unpackhi_epi64(even_high, odd_high);
        }
        for i in 0..4 {
            let (low, high) = (quarters[i], quarters[i + 4]);
            words[8 * half + i] = _mm512_shuffle_i32x4::<0b10_00_10_00>(low, high);
            words[8 * half + i + 4] = _mm512_shuffle_i32x4::<0b11_01_11_01>(low, high);
        }
    }
    words
}

#[inline]
#[target_feature(enable = "avx512f")]
#[expect(unsafe_code, reason = "the intrinsic takes a pointer")]
fn load(from: &[u32; 16]) -> __m512i {
    // SAFETY: it reads 64 bytes, aligned or not, from a reference to an array of 64 bytes.
    unsafe { _mm512_loadu_si512(from.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx512f")]
#[expect(unsafe_code, reason = "the intrinsic takes a pointer")]
fn load_half(from: &[u8; 32]) -> __m256i {
    // SAFETY: it reads 32 bytes, aligned or not, from a reference to an array of 32 bytes.
    unsafe { _mm256_loadu_si256(from.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx512f")]
#[expect(unsafe_code, reason = "the intrinsic takes a pointer")]
fn store(to: &mut [u32; 16], words: __m512i) {
    // SAFETY: it writes 64 bytes, aligned or not, to an array of 64 bytes that is borrowed for it.
    unsafe { _mm512_storeu_si512(to.as_mut_ptr().cast(), words) }
}
