//! Who signs the loads: tucuxi, and the peers that can do each.
//!
//! A [`Contender`] is one signer with one load, prepared: settings, parameters, clients and requests are made
//! beforehand, for everyone alike. It times itself, since some consume the request that they sign and must be
//! given a fresh one without its making being counted. Before it may run, its signature is [checked](check).
//!
//! What comes out differs. `tucuxi` yields a signature, with which its request can be written; `aws-sigv4` the
//! texts to add to a request. Those called *written* or *applied*, and the other peers, yield what can be sent.

mod aws;
mod reqsign;
mod rusty;
pub(crate) mod tucuxi;

use std::hint::black_box;
use std::time::Duration;
use std::time::Instant;

use benches::Load;

/// Whether the signing key is derived for each signature.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Key {
    Kept,
    Derived,
}

impl Key {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Derived => "derived",
        }
    }
}

/// One signer with one load.
pub(crate) struct Contender {
    pub(crate) signer: &'static str,
    pub(crate) key: Key,
    pub(crate) load: &'static Load,
    /// Signs so many times, and says how long that took.
    pub(crate) sample: Box<dyn Fn(u32) -> Duration>,
    /// A signature to look at.
    pub(crate) proof: Box<dyn Fn() -> Proof>,
}

/// A signature, and what was signed beside the load.
pub(crate) struct Proof {
    pub(crate) signature: String,
    /// When, in seconds since 1970.
    pub(crate) seconds: i64,
    /// Whether the hash of the body was sent.
    pub(crate) hash_sent: bool,
}

/// All that can do a load.
pub(crate) fn all(load: &'static Load) -> Vec<Contender> {
    let mut all = Vec::from(tucuxi::contenders(load));
    all.extend(aws::contenders(load));
    all.extend(reqsign::contender(load));
    all.extend(rusty::contender(load));
    all
}

/// Works the signature out by `aws-sigv4`, or that of `aws-sigv4` by tucuxi.
pub(crate) fn check(contender: &Contender) -> Result<(), String> {
    let Proof { signature, seconds, hash_sent } = (contender.proof)();
    let expected = if contender.signer.starts_with(aws::NAME) {
        tucuxi::signature(contender.load)
    } else {
        aws::signature(contender.load, seconds, hash_sent)
    };
    let Contender { signer, key, load, .. } = contender;
    if signature == expected {
        Ok(())
    } else {
        Err(format!("{signer}, {}, {}: the signature is {signature}, not {expected}", load.name, key.name()))
    }
}

/// The time that something takes, done so often.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads a clock")]
fn timed<R>(times: u32, mut does: impl FnMut() -> R) -> Duration {
    let began = Instant::now();
    for _ in 0..times {
        _ = black_box(does());
    }
    began.elapsed()
}

/// The time that something takes with each of what was made beforehand.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads a clock")]
fn timed_with<I, R>(times: u32, make: impl Fn() -> I, mut does: impl FnMut(I) -> R) -> Duration {
    let inputs: Vec<I> = (0..times).map(|_| make()).collect();
    let began = Instant::now();
    for input in inputs {
        _ = black_box(does(black_box(input)));
    }
    began.elapsed()
}

/// The signature in a URL or in the value of `authorization`.
fn signature_in(text: &str) -> String {
    let (_, signature) = text.rsplit_once("Signature=").expect("something signed");
    signature[..64].to_owned()
}
