//! What one block of SHA-256 costs on this machine, by each path, in one interleaved run.
//!
//! `cargo bench -p tucuxi-lanes --bench block` prints the median of so many rounds; a number behind it is how many.
//! A round takes each path in turn for as long as the others, so what slows the machine down slows all of them down.

#![expect(clippy::print_stdout, reason = "a benchmark is for its figures")]

use std::hint::black_box;

use sha2::block_api::compress256;
use tucuxi_lanes::Engine;
use tucuxi_lanes::INITIAL;
use tucuxi_lanes::Lane;

/// The lanes of a call, and the blocks of each.
const LANES: usize = 64;
const BLOCKS: usize = 16;

fn main() {
    let rounds = std::env::args().filter_map(|word| word.parse().ok()).next().unwrap_or(301);
    let message: Vec<_> = (0..LANES * BLOCKS).map(|n| [n.to_le_bytes()[0]; 64]).collect();
    let one_block = |engine: Engine| {
        let mut lanes: Vec<_> =
            message.chunks(BLOCKS).map(|blocks| Lane { state: INITIAL, blocks }).collect();
        move || engine.compress(black_box(&mut lanes))
    };
    let mut names = vec!["one chain, sha2's compress256, 1,024 blocks a call".to_owned()];
    let chain = message.clone();
    let mut tasks: Vec<Box<dyn FnMut() + '_>> = vec![Box::new(move || {
        let mut state = INITIAL;
        compress256(black_box(&mut state), black_box(&chain));
        black_box(state);
    })];
    for engine in Engine::all() {
        names.push(format!("{} at once, {LANES} lanes of {BLOCKS} blocks", engine.width()));
        tasks.push(Box::new(one_block(engine)));
    }
    let mut nanos: Vec<Vec<f64>> = vec![Vec::new(); tasks.len()];
    for _ in 0..rounds {
        for (task, nanos) in tasks.iter_mut().zip(&mut nanos) {
            task();
            let began = now();
            for _ in 0..8 {
                task();
            }
            nanos.push(began.elapsed().as_nanos() as f64 / (8 * LANES * BLOCKS) as f64);
        }
    }
    let medians: Vec<_> = nanos.iter_mut().map(|nanos| median(nanos)).collect();
    println!("{rounds} rounds; medians");
    for (name, nanos) in names.iter().zip(&medians) {
        println!("{name:52} {nanos:6.1} ns a block, x {:.2}", nanos / medians[0]);
    }
}

#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn now() -> std::time::Instant {
    std::time::Instant::now()
}

fn median(numbers: &mut [f64]) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}
