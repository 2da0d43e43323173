//! Signing allocates nothing: neither with a kept key nor with a derived one, nor writing what is sent, be it
//! in chunks.
//!
//! `tucuxi-core` is built where no allocator exists (`.ci/bare-metal.sh`); here the same is seen from outside, with an
//! allocator that counts, on the loads of the benchmarks.

use std::hint::black_box;

use allocation_counter::measure;
use benches::Load;
use benches::Ours;
use benches::Place;
use tucuxi_core::hash::Software;
use tucuxi_core::sigv4::Signed;
use tucuxi_core::sink::Cursor;
use tucuxi_core::wire;

/// Writes the head, or the URL of what is presigned.
fn write(load: &Load, signed: &Signed<'_>, room: &mut [u8]) {
    let mut to = Cursor::new(room);
    match load.place {
        Place::Headers => wire::head(signed, &[], Some(load.body.len() as u64), &mut to),
        Place::Query => wire::url(signed, &mut to),
    }
    assert!(to.finish().is_ok_and(|written| written.len() > 100));
}

#[test]
fn no_load_allocates_when_it_is_signed_and_written() {
    let mut room = [0; 2048];
    for load in Load::all() {
        let ours = Ours::new(load, &Software);
        let kept = measure(|| black_box(&ours).kept(|signed| _ = black_box(signed)));
        let derived = measure(|| black_box(&ours).derived(|signed| _ = black_box(signed)));
        let (written, encoded) = ours.kept(|signed| {
            let written = measure(|| write(load, black_box(signed), black_box(&mut room)));
            (written, measure(|| ours.encode(black_box(signed), |piece| _ = black_box(piece))))
        });
        for (what, seen) in [("kept", kept), ("derived", derived), ("written", written), ("encoded", encoded)]
        {
            assert_eq!(seen.count_total, 0, "{}, {what}", load.name);
        }
    }
}

#[test]
fn the_allocator_counts() {
    let seen = measure(|| _ = black_box(vec![0_u8; 3]));
    assert_eq!((seen.count_total, seen.bytes_total), (1, 3));
}
