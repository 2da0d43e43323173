//! The compression function of SHA-256 in little code, for images where every kilobyte counts.
//!
//! Eight rounds are written out, so that the eight variables of the state change their roles instead of their
//! places; more would add size and save little. The schedule is sixteen words, each of which is replaced once its
//! round is done. There is no table but the constants, and no branch and no address that depends on what is hashed.

/// Compresses one block into the state.
pub(super) fn compress(state: &mut [u32; 8], block: &[u8; 64]) {
    // Written out, as there is nothing to set to zero first.
    let [b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11, b12, b13, b14, b15] = block.as_chunks::<4>().0
    else {
        return;
    };
    let word = |bytes: &[u8; 4]| u32::from_be_bytes(*bytes);
    let mut schedule = [
        word(b0),
        word(b1),
        word(b2),
        word(b3),
        word(b4),
        word(b5),
        word(b6),
        word(b7),
        word(b8),
        word(b9),
        word(b10),
        word(b11),
        word(b12),
        word(b13),
        word(b14),
        word(b15),
    ];
    let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = *state;
    let mut left = 4_u8;
    for constants in CONSTANTS.as_chunks::<16>().0 {
        for (k, w) in constants.as_chunks::<8>().0.iter().zip(schedule.as_chunks::<8>().0) {
            (d, h) = round(a, b, c, d, e, f, g, h, k[0].wrapping_add(w[0]));
            (c, g) = round(h, a, b, c, d, e, f, g, k[1].wrapping_add(w[1]));
            (b, f) = round(g, h, a, b, c, d, e, f, k[2].wrapping_add(w[2]));
            (a, e) = round(f, g, h, a, b, c, d, e, k[3].wrapping_add(w[3]));
            (h, d) = round(e, f, g, h, a, b, c, d, k[4].wrapping_add(w[4]));
            (g, c) = round(d, e, f, g, h, a, b, c, k[5].wrapping_add(w[5]));
            (f, b) = round(c, d, e, f, g, h, a, b, k[6].wrapping_add(w[6]));
            (e, a) = round(b, c, d, e, f, g, h, a, k[7].wrapping_add(w[7]));
        }
        left = left.wrapping_sub(1);
        if left > 0 {
            next(&mut schedule);
        }
    }
    for (word, more) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
        *word = word.wrapping_add(more);
    }
}

/// One round, by what changes: the new `e`, which takes the place of `d`, and the new `a`, which takes that of `h`.
#[expect(clippy::too_many_arguments, reason = "the standard's eight variables")]
#[inline(always)]
const fn round(a: u32, b: u32, c: u32, d: u32, e: u32, f: u32, g: u32, h: u32, wk: u32) -> (u32, u32) {
    let sum = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
    let choice = g ^ (e & (f ^ g));
    let one = h.wrapping_add(wk).wrapping_add(sum).wrapping_add(choice);
    let sum = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
    let majority = b ^ ((a ^ b) & (b ^ c));
    (d.wrapping_add(one), one.wrapping_add(sum).wrapping_add(majority))
}

/// Replaces the words of the schedule by the sixteen that follow them.
///
/// Of the words that one is made of, which lie 1, 9 and 14 places behind it, more and more are new ones, sixteen places
/// before. Four loops with fixed distances are faster than one that finds out, for 150 bytes.
fn next(schedule: &mut [u32; 16]) {
    const NEW: usize = usize::MAX - 15;
    words::<1, 9, 14>(schedule, 0, 2);
    words::<1, 9, { NEW + 14 }>(schedule, 2, 7);
    words::<1, { NEW + 9 }, { NEW + 14 }>(schedule, 7, 15);
    words::<{ NEW + 1 }, { NEW + 9 }, { NEW + 14 }>(schedule, 15, 16);
}

/// Replaces some words, each by what is made of itself and of the words at these distances.
#[expect(clippy::indexing_slicing, reason = "`next` names no distance that leads out of the schedule")]
#[inline(always)]
fn words<const A: usize, const B: usize, const C: usize>(schedule: &mut [u32; 16], from: usize, to: usize) {
    for at in from..to {
        let fifteen = schedule[at.wrapping_add(A)];
        let fifteen = fifteen.rotate_right(7) ^ fifteen.rotate_right(18) ^ (fifteen >> 3);
        let two = schedule[at.wrapping_add(C)];
        let two = two.rotate_right(17) ^ two.rotate_right(19) ^ (two >> 10);
        let word = schedule[at].wrapping_add(fifteen).wrapping_add(schedule[at.wrapping_add(B)]);
        schedule[at] = word.wrapping_add(two);
    }
}

/// [FIPS 180-4](https://doi.org/10.6028/NIST.FIPS.180-4), 4.2.2.
static CONSTANTS: [u32; 64] = [
    0x428a_2f98,
    0x7137_4491,
    0xb5c0_fbcf,
    0xe9b5_dba5,
    0x3956_c25b,
    0x59f1_11f1,
    0x923f_82a4,
    0xab1c_5ed5,
    0xd807_aa98,
    0x1283_5b01,
    0x2431_85be,
    0x550c_7dc3,
    0x72be_5d74,
    0x80de_b1fe,
    0x9bdc_06a7,
    0xc19b_f174,
    0xe49b_69c1,
    0xefbe_4786,
    0x0fc1_9dc6,
    0x240c_a1cc,
    0x2de9_2c6f,
    0x4a74_84aa,
    0x5cb0_a9dc,
    0x76f9_88da,
    0x983e_5152,
    0xa831_c66d,
    0xb003_27c8,
    0xbf59_7fc7,
    0xc6e0_0bf3,
    0xd5a7_9147,
    0x06ca_6351,
    0x1429_2967,
    0x27b7_0a85,
    0x2e1b_2138,
    0x4d2c_6dfc,
    0x5338_0d13,
    0x650a_7354,
    0x766a_0abb,
    0x81c2_c92e,
    0x9272_2c85,
    0xa2bf_e8a1,
    0xa81a_664b,
    0xc24b_8b70,
    0xc76c_51a3,
    0xd192_e819,
    0xd699_0624,
    0xf40e_3585,
    0x106a_a070,
    0x19a4_c116,
    0x1e37_6c08,
    0x2748_774c,
    0x34b0_bcb5,
    0x391c_0cb3,
    0x4ed8_aa4a,
    0x5b9c_ca4f,
    0x682e_6ff3,
    0x748f_82ee,
    0x78a5_636f,
    0x84c8_7814,
    0x8cc7_0208,
    0x90be_fffa,
    0xa450_6ceb,
    0xbef9_a3f7,
    0xc671_78f2,
];

#[cfg(test)]
mod tests {
    extern crate std;

    use std::vec::Vec;

    use proptest::prelude::*;
    use sha2::block_api::compress256;

    use super::*;

    /// Bytes in blocks of 64.
    fn blocks() -> impl Strategy<Value = Vec<[u8; 64]>> {
        let bytes = prop::collection::vec(any::<u8>(), 0..640);
        bytes.prop_map(|bytes| bytes.as_chunks::<64>().0.to_vec())
    }

    proptest! {
        #[test]
        fn any_blocks_after_any_state_are_compressed_as_by_sha2(before: [u32; 8], blocks in blocks()) {
            let (mut state, mut expected) = (before, before);
            for block in &blocks {
                compress(&mut state, block);
            }
            compress256(&mut expected, &blocks);
            prop_assert_eq!(state, expected);
        }
    }
}
