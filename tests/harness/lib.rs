//! What the suites of this package share: finding AWS's test data, running one trial a case, and sessions
//! that know nothing of the environment they are tested in.

pub mod driver;
pub mod form;
pub mod scripted;

use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
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

/// The folder that holds the source of a dependency of this package, as cargo has it.
///
/// # Panics
///
/// Where cargo cannot be asked, or knows no such package.
#[must_use]
pub fn package(name: &str) -> PathBuf {
    let said = |command: &mut Command| {
        let output = command.output().expect("it is there, as it built this");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("it speaks UTF-8")
    };
    let compiler = said(Command::new("rustc").arg("-vV"));
    let host = compiler.lines().find_map(|line| line.strip_prefix("host: ")).expect("it runs somewhere");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
    cargo.args(["metadata", "--locked", "--format-version", "1", "--filter-platform", host]);
    let metadata: Value = serde_json::from_str(&said(&mut cargo)).expect("metadata is JSON");
    let mut packages = metadata["packages"].as_array().expect("there are packages").iter();
    let found = packages.find(|package| package["name"] == name).expect("it is a dependency");
    let manifest = Path::new(found["manifest_path"].as_str().expect("each has a manifest"));
    manifest.parent().expect("a manifest lies in a folder").to_owned()
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
    run_all(trials(suite, cases))
}

/// A suite's trials: one for each case, or an ignored one where the data is not there.
pub fn trials(suite: &str, cases: impl FnOnce(PathBuf) -> Vec<Trial>) -> Vec<Trial> {
    let absent =
        || Trial::test(format!("{suite} (TUCUXI_VECTORS is not set)"), || Ok(())).with_ignored_flag(true);
    vectors(suite).map_or_else(|| vec![absent()], cases)
}

/// Runs trials as the command line says.
#[must_use]
pub fn run_all(trials: Vec<Trial>) -> ExitCode {
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
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

/// Names and values of the headers of a vector, with lines that begin with a blank joined to the one before.
#[must_use]
pub fn unfolded(lines: &str) -> Vec<(String, String)> {
    let mut headers: Vec<(String, String)> = Vec::new();
    for line in lines.lines() {
        match (line.starts_with([' ', '\t']), headers.last_mut()) {
            (true, Some((_, value))) => {
                value.push(' ');
                value.push_str(line.trim());
            }
            _ => {
                if let Some((name, value)) = line.split_once(':') {
                    headers.push((name.to_owned(), value.to_owned()));
                }
            }
        }
    }
    headers
}
