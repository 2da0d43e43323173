//! Checks of this repository that the compiler does not make: `cargo xtask COMMAND`.
//!
//! Each command prints what it found and exits with 1 when that is not as it should be. None needs
//! more than cargo and git; what needs servers, other toolchains or much time is in `.ci/run`.

#![expect(clippy::print_stderr, reason = "complaints go there")]

mod board;
mod elf;
mod floors;
mod invariants;
mod packages;
mod readme;
mod source;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::{self, ExitCode};

/// A command of this tool.
struct Command {
    name: &'static str,
    about: &'static str,
    run: fn() -> Result<(), String>,
}

const COMMANDS: &[Command] = &[
    Command { name: "tidy", about: "floors, module docs, file lengths, README, invariants", run: tidy::run },
    Command { name: "msrv", about: "no dependency asks for a newer Rust than we do", run: packages::msrv },
    Command {
        name: "crates",
        about: "how many crates stand behind the published packages",
        run: packages::crates,
    },
    Command {
        name: "oracles",
        about: "what tests compare with has the version meant",
        run: packages::oracles,
    },
    Command {
        name: "board",
        about: "what signing takes of a microcontroller, and its floor",
        run: board::run,
    },
    Command { name: "figures", about: "README's table of crates and bytes", run: packages::figures },
    Command { name: "size", about: "bytes of the smallest useful program", run: packages::size },
    Command {
        name: "readme",
        about: "writes README.md's middle from tucuxi's crate doc",
        run: readme::write,
    },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let command = match &arguments[..] {
        [name] => COMMANDS.iter().find(|command| command.name == name),
        _ => None,
    };
    let Some(command) = command else {
        eprintln!("usage: cargo xtask COMMAND");
        for command in COMMANDS {
            eprintln!("  {:8} {}", command.name, command.about);
        }
        return ExitCode::from(2);
    };
    match (command.run)() {
        Ok(()) => ExitCode::SUCCESS,
        Err(complaint) => {
            eprintln!("{complaint}\nxtask {}: failed", command.name);
            ExitCode::FAILURE
        }
    }
}

/// The top of the repository.
fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// What a command prints, run at the top; its complaint when it fails.
fn output(program: &str, arguments: &[&str]) -> Result<String, String> {
    let said = || format!("{program} {}", arguments.join(" "));
    let output = process::Command::new(program)
        .args(arguments)
        .current_dir(top())
        .output()
        .map_err(|error| format!("{}: {error}", said()))?;
    if !output.status.success() {
        return Err(format!("{}: {}\n{}", said(), output.status, String::from_utf8_lossy(&output.stderr)));
    }
    String::from_utf8(output.stdout).map_err(|error| format!("{}: {error}", said()))
}

/// The text of a file, named from the top.
fn text(path: &str) -> Result<String, String> {
    std::fs::read_to_string(top().join(path)).map_err(|error| format!("{path}: {error}"))
}
