//! `tucuxi` against servers that other people wrote: one trial for each behaviour.
//!
//! `tests/peers/run.sh` starts the servers and names them in the environment; a server that is not named
//! there is one ignored trial. What is checked here is what AWS documents, as far as these servers have it.

use std::process::ExitCode;

use libtest_mimic::Arguments;
use libtest_mimic::Trial;
use tucuxi::Session;
use tucuxi::SessionBuilder;
use tucuxi::Time;
use tucuxi::host::Host;
use tucuxi::host::System;

#[path = "peers/keys.rs"]
mod keys;
#[path = "peers/post.rs"]
mod post;
#[path = "peers/presigned.rs"]
mod presigned;
#[path = "peers/s3.rs"]
mod s3;
#[path = "peers/scratch.rs"]
mod scratch;
#[path = "peers/sqs.rs"]
mod sqs;
#[path = "peers/sts.rs"]
mod sts;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    match Peer::named("SEAWEEDFS") {
        Some(peer) => {
            trials.extend(peer.trials("seaweedfs s3", s3::CHECKS));
            trials.extend(peer.trials("seaweedfs s3", s3::STRICT));
            trials.extend(peer.trials("seaweedfs s3", presigned::CHECKS));
            trials.extend(peer.trials("seaweedfs s3", post::CHECKS));
            trials.extend(keys::trials(&peer, "seaweedfs s3", keys::ANYWHERE));
            trials.extend(keys::trials(&peer, "seaweedfs s3", keys::NOT_IN_PATTERNS));
        }
        None => trials.push(absent("SEAWEEDFS")),
    }
    match Peer::named("MOTO") {
        Some(peer) => {
            trials.extend(peer.trials("moto s3", s3::CHECKS));
            trials.extend(peer.trials("moto sqs", sqs::CHECKS));
            trials.extend(peer.trials("moto sts", sts::CHECKS));
            trials.extend(keys::trials(&peer, "moto s3", keys::ANYWHERE));
            trials.extend(keys::trials(&peer, "moto s3", keys::NOT_IN_FOLDERS));
        }
        None => trials.push(absent("MOTO")),
    }
    trials.push(match variable("PYTHON") {
        Some(python) => post::against_botocore(python),
        None => absent("PYTHON"),
    });
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn absent(name: &str) -> Trial {
    Trial::test(format!("TUCUXI_PEER_{name} is not set"), || Ok(())).with_ignored_flag(true)
}

#[expect(clippy::disallowed_methods, reason = "tests are told by the environment where the peers are")]
fn variable(name: &str) -> Option<String> {
    std::env::var(format!("TUCUXI_PEER_{name}")).ok()
}

/// A server, and who may use it.
#[derive(Clone)]
struct Peer {
    url: String,
    key_id: String,
    secret: String,
    /// A role that the keys may assume, where there are roles.
    role: Option<String>,
}

impl Peer {
    fn named(name: &str) -> Option<Self> {
        let variable = |rest: &str| variable(&format!("{name}{rest}"));
        let needed = |rest: &str| {
            variable(rest)
                .unwrap_or_else(|| panic!("TUCUXI_PEER_{name}{rest} is not set, TUCUXI_PEER_{name} is"))
        };
        let url = variable("")?;
        Some(Self { url, key_id: needed("_KEY_ID"), secret: needed("_SECRET"), role: variable("_ROLE") })
    }

    fn session(&self) -> Session {
        self.with_keys(&self.key_id, &self.secret).build().unwrap()
    }

    /// A session that has other keys than the right ones.
    fn with_keys(&self, key_id: &str, secret: &str) -> SessionBuilder {
        Session::builder().endpoint_url(&self.url).region("us-east-1").keys(key_id, secret)
    }

    /// A session whose clock is wrong.
    fn session_at(&self, clock: impl Fn(Time) -> Time + Send + Sync + 'static) -> Session {
        self.with_keys(&self.key_id, &self.secret).clock(move || clock(System.now())).build().unwrap()
    }

    /// A trial for each check, which panics where something is not as it should be.
    fn trials<'p>(&'p self, name: &'p str, checks: &'p [(&str, fn(&Self))]) -> impl Iterator<Item = Trial> {
        checks.iter().map(move |&(behaviour, check)| {
            let peer = self.clone();
            Trial::test(format!("{name}::{behaviour}"), move || {
                check(&peer);
                Ok(())
            })
        })
    }
}

/// Functions with their names.
macro_rules! checks {
    ($($name:ident,)*) => { &[$((stringify!($name), $name as fn(&$crate::Peer))),*] };
}
use checks;
