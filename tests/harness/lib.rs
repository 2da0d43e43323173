//! What the suites of this package share: finding AWS's test data, running one trial a case, and sessions
//! that know nothing of the environment they are tested in.

pub mod driver;
pub mod form;
pub mod scripted;

use std::path::Path;
use std::path::PathBuf;
use std::process::ExitCode;

use libtest_mimic::Arguments;
use libtest_mimic::Failed;
use libtest_mimic::Trial;
use serde_json::Value;
use tucuxi::Session;
use tucuxi::SessionBuilder;
use tucuxi::host::Fake;
use tucuxi::host::Host;
use tucuxi::host::System;

/// The folder of one suite of AWS's test data, or none where `TUCUXI_VECTORS` is not set.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "tests are told where the data is by the environment")]
pub fn vectors(suite: &str) -> Option<PathBuf> {
    Some(PathBuf::from(std::env::var_os("TUCUXI_VECTORS")?).join(suite))
}

/// The cases of a suite that keeps them in one file.
///
/// # Panics
///
/// Where there is no such file, or it is no JSON.
#[must_use]
pub fn cases(folder: &Path) -> Value {
    let text = std::fs::read(folder.join("cases.json")).expect("the folder has cases.json");
    serde_json::from_slice(&text).expect("cases.json is JSON")
}

/// Runs a suite: one trial for each case, or one ignored trial where the data is not there.
pub fn run(suite: &str, cases: impl FnOnce(PathBuf) -> Vec<Trial>) -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = match vectors(suite) {
        Some(folder) => cases(folder),
        None => vec![
            Trial::test(format!("{suite} (TUCUXI_VECTORS is not set)"), || Ok(())).with_ignored_flag(true),
        ],
    };
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// A trial that passes when `check` returns nothing, and fails with the text it returns.
pub fn trial(name: String, check: impl FnOnce() -> Result<(), String> + Send + 'static) -> Trial {
    Trial::test(name, move || check().map_err(Failed::from))
}

/// Nothing, or a text that shows both where they differ.
///
/// # Errors
///
/// The text.
pub fn same(what: &str, got: &str, expected: &str) -> Result<(), String> {
    if got == expected {
        return Ok(());
    }
    Err(format!("{what} differs\n--- got\n{got}\n--- expected\n{expected}\n"))
}

/// The key that [`west`] signs with, and its secret.
pub const WEST: (&str, &str) = ("AKIDWEST", "west secret");

/// A session of nobody's environment that calls `url`, signs as [`WEST`] for us-west-2, and never really
/// sleeps.
pub fn west(url: &str) -> SessionBuilder {
    Session::builder().host(nowhere()).endpoint_url(url).keys(WEST.0, WEST.1).region("us-west-2")
}

/// A world without variables and files, where it is now.
#[must_use]
pub fn nowhere() -> Fake {
    Fake::new().with_variable("AWS_EC2_METADATA_DISABLED", "true").with_now(System.now())
}
