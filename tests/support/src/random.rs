//! Identifiers: different each time, and no secret, so the keys of a hash map are random enough.

use std::hash::BuildHasher;
use std::hash::RandomState;
use std::sync::OnceLock;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

/// A number in the form of a UUID that was not given out before.
pub(crate) fn unique() -> String {
    let (a, b) = random();
    let hex = format!("{a:016x}{b:016x}");
    let (a, b, c, d, e) = (&hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..]);
    format!("{a}-{b}-4{c}-8{d}-{e}")
}

/// Two numbers that were not given out before.
pub(crate) fn random() -> (u64, u64) {
    static SEED: OnceLock<RandomState> = OnceLock::new();
    static GIVEN: AtomicU64 = AtomicU64::new(0);
    let seed = SEED.get_or_init(RandomState::new);
    let nth = GIVEN.fetch_add(1, Ordering::Relaxed);
    (seed.hash_one((nth, "a")), seed.hash_one((nth, "b")))
}
