//! Signing under criterion: every load by every signer that can do it, in signatures and bytes a second.
//!
//! ```text
//! cargo bench -p benches --bench sign [-- a/tucuxi]
//! ```
//!
//! The bytes are those that the signature is about: body, canonical request and string to sign. `limit` is the
//! SHA-256 that nobody can do without. The group `whole` is what a program does that keeps nothing but its key: it
//! builds the request from an operation, finds the endpoint, signs and writes the head. `ratio.rs` compares the same
//! signers in rounds that meet the same weather.

mod limit;
mod signers;
mod whole;

use std::hint::black_box;

use benches::Blocks;
use benches::Load;
use benches::Ours;
use criterion::BenchmarkId;
use criterion::Criterion;
use criterion::Throughput;
use criterion::criterion_group;
use criterion::criterion_main;
use tucuxi_core::hash::Software;

use self::signers::Key;
use self::whole::Whole;

fn sign(criterion: &mut Criterion) {
    for load in Load::all() {
        let blocks = Ours::new(load, &Software).kept(|signed| Blocks::of(load, signed));
        let mut group = criterion.benchmark_group(load.name);
        group.throughput(Throughput::ElementsAndBytes { elements: 1, bytes: blocks.bytes as u64 });
        for (key, needed) in [(Key::Kept, blocks.kept()), (Key::Derived, blocks.derived())] {
            group.bench_function(BenchmarkId::new("limit", key.name()), |bencher| {
                bencher.iter_custom(|times| {
                    let needed = needed as u64 * times;
                    let (taken, blocks) = limit::compressed(needed);
                    taken.mul_f64(needed as f64 / blocks as f64)
                });
            });
        }
        for contender in signers::all(load) {
            signers::check(&contender).unwrap();
            group.bench_function(BenchmarkId::new(contender.signer, contender.key.name()), |bencher| {
                bencher.iter_custom(|times| {
                    let times = u32::try_from(times).expect("no load is as fast as that");
                    (contender.sample)(times)
                });
            });
        }
        group.finish();
    }
}

fn whole(criterion: &mut Criterion) {
    let whole = Whole::new();
    let mut room = [0; 2048];
    let mut group = criterion.benchmark_group("whole");
    for (name, does) in Whole::ALL {
        let bytes = does(&whole, &mut room);
        group.throughput(Throughput::ElementsAndBytes { elements: 1, bytes: bytes as u64 });
        group.bench_function(name, |bencher| {
            bencher.iter(|| does(black_box(&whole), black_box(&mut room)));
        });
    }
    group.finish();
}

criterion_group!(benches, sign, whole);
criterion_main!(benches);
