//! The limit: what SHA-256 costs on this machine where nothing is in its way.

use std::hint::black_box;
use std::time::Duration;
use std::time::Instant;

use sha2::block_api::compress256;

/// How many blocks are compressed in one call.
const CALL: usize = 256;

/// The time that at least so many blocks take, in one chain and many in a call, and how many there were.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads a clock")]
pub(crate) fn compressed(blocks: u64) -> (Duration, u64) {
    let input = black_box([[0x5a_u8; 64]; CALL]);
    let mut state = [1; 8];
    compress256(&mut state, &input);
    let calls = blocks.div_ceil(CALL as u64);
    let began = Instant::now();
    for _ in 0..calls {
        compress256(black_box(&mut state), black_box(&input));
    }
    (began.elapsed(), calls * CALL as u64)
}
