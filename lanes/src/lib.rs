//! SHA-256 of many messages at once.
//!
//! One message is a chain: each block waits for the one before it, and no processor gets below the latency of its
//! rounds. Several messages do not wait for each other. [`compress`] takes any number of [`Lane`]s, each a state
//! and the blocks that go into it, and works on as many of them side by side as the processor can: sixteen with
//! AVX-512, two with SHA-NI, one elsewhere. Lanes may be of unequal length; one that ends makes room for the next.
//!
//! This is the compression function ([FIPS 180-4](https://doi.org/10.6028/NIST.FIPS.180-4), 6.2.2) and nothing
//! else: whoever calls it pads. It is the only package of this repository in which there is `unsafe`: to read
//! vectors from arrays, and to call what was compiled for processors that were found to be there. Each path is
//! compared with the `sha2` crate's by property tests.
#![deny(unsafe_op_in_unsafe_fn)]

#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "x86_64")]
mod sha_ni;

use std::fmt;
use std::sync::OnceLock;

use sha2::block_api::compress256;

/// One message, or a part of one: a state, and the whole blocks that go into it.
#[derive(Clone, Copy)]
#[expect(clippy::exhaustive_structs, reason = "a state and blocks are all there is to it")]
pub struct Lane<'b> {
    /// The state before the blocks, and after [`compress`] the one behind them.
    pub state: [u32; 8],
    /// The blocks, one after the other; there may be none.
    pub blocks: &'b [[u8; 64]],
}

impl fmt::Debug for Lane<'_> {
    /// Without the state, which can be that of a secret key, and the blocks.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lane").field("blocks", &self.blocks.len()).finish_non_exhaustive()
    }
}

/// Compresses the blocks of each lane into its state, by [`Engine::found`].
///
/// ```
/// use tucuxi_lanes::{INITIAL, Lane, compress};
///
/// // "abc" and "abd", padded as FIPS 180-4 has it: a one bit, zeros, and the length in bits.
/// let mut blocks = [[0; 64]; 2];
/// for (block, text) in blocks.iter_mut().zip([b"abc", b"abd"]) {
///     block[..3].copy_from_slice(text);
///     block[3] = 0x80;
///     block[63] = 24;
/// }
/// let [one, other] = &blocks;
/// let mut lanes = [one, other].map(|block| Lane { state: INITIAL, blocks: std::slice::from_ref(block) });
/// compress(&mut lanes);
/// assert_eq!(lanes[0].state[0], 0xba78_16bf);
/// assert_eq!(lanes[1].state[0], 0xa52d_159f);
/// ```
pub fn compress(lanes: &mut [Lane<'_>]) {
    Engine::found().compress(lanes);
}

/// The state before the first block: [FIPS 180-4](https://doi.org/10.6028/NIST.FIPS.180-4), 5.3.3.
pub const INITIAL: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// A way to work on lanes, which this processor has.
///
/// ```
/// use tucuxi_lanes::Engine;
///
/// assert!([1, 2, 16].contains(&Engine::found().width()));
/// assert_eq!(Engine::PORTABLE.width(), 1);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Engine(Path);

/// The ways there are. Who holds one but the first has seen that the processor has it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Path {
    /// One lane after the other, by the `sha2` crate.
    Portable,
    /// Two lanes, their instructions in turn.
    #[cfg(target_arch = "x86_64")]
    ShaNi,
    /// Sixteen lanes, one in each word of a vector; what is too few for that by two.
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Engine {
    /// One lane after the other, by the `sha2` crate and what it finds in the processor.
    pub const PORTABLE: Self = Self(Path::Portable);

    /// The fastest that this processor has. It is asked once.
    #[must_use]
    pub fn found() -> Self {
        static FOUND: OnceLock<Engine> = OnceLock::new();
        *FOUND.get_or_init(|| Self::all().next().unwrap_or(Self::PORTABLE))
    }

    /// All that this processor has, the fastest first and [`PORTABLE`](Self::PORTABLE) last.
    pub fn all() -> impl Iterator<Item = Self> {
        #[cfg(target_arch = "x86_64")]
        let special = [(avx512::is_there(), Path::Avx512), (sha_ni::is_there(), Path::ShaNi)];
        #[cfg(not(target_arch = "x86_64"))]
        let special: [(bool, Path); 0] = [];
        let there = special.into_iter().filter(|(there, _)| *there);
        there.map(|(_, path)| Self(path)).chain([Self::PORTABLE])
    }

    /// How many lanes are worked on side by side.
    #[must_use]
    pub const fn width(self) -> usize {
        match self.0 {
            Path::Portable => 1,
            #[cfg(target_arch = "x86_64")]
            Path::ShaNi => sha_ni::WIDTH,
            #[cfg(target_arch = "x86_64")]
            Path::Avx512 => avx512::WIDTH,
        }
    }

    /// Compresses the blocks of each lane into its state.
    #[cfg_attr(target_arch = "x86_64", expect(unsafe_code, reason = "compiled for some processors only"))]
    pub fn compress(self, lanes: &mut [Lane<'_>]) {
        match self.0 {
            Path::Portable => lanes.iter_mut().for_each(alone),
            #[cfg(target_arch = "x86_64")]
            // SAFETY: `all`, where this path comes from, saw by `sha_ni::is_there` that the processor has what the
            // function was compiled for.
            Path::ShaNi => unsafe { sha_ni::compress(lanes) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above, by `avx512::is_there`.
            Path::Avx512 => unsafe { avx512::compress(lanes) },
        }
    }
}

/// Works on one lane by itself.
fn alone(lane: &mut Lane<'_>) {
    compress256(&mut lane.state, lane.blocks);
}

/// The constants of the rounds: [FIPS 180-4](https://doi.org/10.6028/NIST.FIPS.180-4), 4.2.2.
#[cfg(target_arch = "x86_64")]
static K: [u32; 64] = [
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
