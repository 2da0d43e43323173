//! tucuxi, with the key kept and with the key derived.

use std::hint::black_box;

use benches::Load;
use benches::NOW;
use benches::Ours;
use benches::Says;
use tucuxi_core::hash::Software;

use super::Contender;
use super::Key;
use super::Proof;
use super::timed;

pub(crate) const NAME: &str = "tucuxi";

pub(super) fn contenders(load: &'static Load) -> [Contender; 2] {
    let ours: &'static Ours = Box::leak(Box::new(Ours::new(load, &Software)));
    let proof = move |signature: String| Proof {
        signature,
        seconds: NOW,
        hash_sent: load.service == "s3" || load.says == Says::Unsigned,
    };
    [
        Contender {
            signer: NAME,
            key: Key::Kept,
            load,
            sample: Box::new(move |times| timed(times, || _ = black_box(&black_box(ours).kept()))),
            proof: Box::new(move || proof(ours.kept().signature().to_owned())),
        },
        Contender {
            signer: NAME,
            key: Key::Derived,
            load,
            sample: Box::new(move |times| {
                timed(times, || black_box(ours).derived(|signed| _ = black_box(signed)))
            }),
            proof: Box::new(move || proof(ours.derived(|signed| signed.signature().to_owned()))),
        },
    ]
}

/// The signature of a load.
pub(super) fn signature(load: &'static Load) -> String {
    Ours::new(load, &Software).kept().signature().to_owned()
}
