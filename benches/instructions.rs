//! Counts the instructions of a signature outside of SHA-256, and holds them to their limits.
//!
//! The count is callgrind's, so it is the same in each run. Valgrind knows no SHA instructions; therefore the
//! loads are prepared with an engine that compresses nothing, and what is left is everything that is not the
//! compression function. The program runs itself under valgrind, where each thing to count is a call of
//! [`measured`], and a part of callgrind's output of its own; from each the same number of calls that sign nothing is
//! taken off.
//!
//! `instructions.toml` beside this file has the limits. Above one of them the program fails.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "that is what it is for")]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::process::ExitCode;

use benches::Load;
use benches::Ours;
use tucuxi_core::hash::Compress;
use tucuxi_core::sigv4::Signed;

/// How often each thing is done. All are the same, so a few are enough.
const TIMES: u32 = 8;
/// The argument by which the program tells itself that it is counted.
const COUNTED: &str = "--counted";
/// The limits, in instructions a signature.
const LIMITS: &str = include_str!("instructions.toml");

/// An engine that compresses nothing.
struct Nothing;

impl Compress for Nothing {
    fn compress(&self, _: &mut [u32; 8], _: &[[u8; 64]]) {}
}

/// A thing to count: a name, and what it does.
struct Counted {
    name: String,
    does: Box<dyn Fn()>,
}

fn main() -> ExitCode {
    if std::env::args().any(|argument| argument == COUNTED) {
        measured(TIMES, &|| {});
        for counted in all() {
            measured(TIMES, &*counted.does);
        }
        return ExitCode::SUCCESS;
    }
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(complaint) => {
            eprintln!("{complaint}");
            ExitCode::FAILURE
        }
    }
}

/// Everything that is counted, in its order.
fn all() -> Vec<Counted> {
    let mut all = Vec::new();
    for load in Load::all() {
        let ours: &'static Ours = Box::leak(Box::new(Ours::new(load, &Nothing)));
        let sent = |signed: &Signed<'_>| ours.encode(black_box(signed), |piece| _ = black_box(piece));
        let kept = move || black_box(ours).kept(sent);
        let derived = move || black_box(ours).derived(sent);
        all.push(Counted { name: format!("{}.kept", load.name), does: Box::new(kept) });
        all.push(Counted { name: format!("{}.derived", load.name), does: Box::new(derived) });
    }
    all
}

/// What callgrind watches.
#[inline(never)]
fn measured(times: u32, does: &dyn Fn()) {
    for _ in 0..times {
        does();
    }
}

fn run() -> Result<(), String> {
    let limits = limits(LIMITS)?;
    let all = all();
    let totals = callgrind()?;
    let [nothing, totals @ ..] = &totals[..] else { return Err("callgrind counted nothing".to_owned()) };
    if totals.len() != all.len() {
        return Err(format!("callgrind counted {} things, not {}", totals.len(), all.len()));
    }
    let mut complaints = Vec::new();
    println!("{:12} {:>12} {:>8}", "", "instructions", "limit");
    for (Counted { name, .. }, total) in all.iter().zip(totals) {
        let count = (total - nothing) / u64::from(TIMES);
        let limit = limits.get(name.as_str());
        println!("{name:12} {count:12} {:>8}", limit.map_or_else(|| "-".to_owned(), u64::to_string));
        if limit.is_some_and(|limit| count > *limit) {
            complaints.push(format!("{name}: {count} instructions, {} are allowed", limits[name.as_str()]));
        }
    }
    for name in limits.keys().filter(|name| !all.iter().any(|counted| counted.name == **name)) {
        complaints.push(format!("instructions.toml: nothing is called {name}"));
    }
    if complaints.is_empty() { Ok(()) } else { Err(complaints.join("\n")) }
}

/// Runs this program under callgrind: the instructions in each call of [`measured`].
fn callgrind() -> Result<Vec<u64>, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let out = program.with_extension("callgrind");
    for nth in 1.. {
        // those of an earlier run
        if std::fs::remove_file(part(&out, nth)).is_err() {
            break;
        }
    }
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--collect-atstart=no", "--combine-dumps=no"])
        .args(["--toggle-collect=instructions::measured", "--dump-after=instructions::measured"])
        .arg(format!("--callgrind-out-file={}", out.display()))
        .arg(&program)
        .arg(COUNTED)
        .output()
        .map_err(|error| format!("valgrind: {error}"))?;
    if !output.status.success() {
        return Err(format!("valgrind: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr)));
    }
    let parts = (1..).map_while(|nth| std::fs::read_to_string(part(&out, nth)).ok());
    let totals = parts.map(|text| {
        let total = text.lines().find_map(|line| line.strip_prefix("totals: "));
        total
            .and_then(|total| total.trim().parse().ok())
            .ok_or_else(|| "callgrind: a part without totals".to_owned())
    });
    totals.collect()
}

fn part(out: &Path, nth: u32) -> std::path::PathBuf {
    out.with_extension(format!("callgrind.{nth}"))
}

/// Reads `name = number`, with comments, dots in names and underscores in numbers.
fn limits(text: &'static str) -> Result<BTreeMap<&'static str, u64>, String> {
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
    let lines = lines.filter(|line| !line.is_empty());
    let pair = |line: &'static str| {
        let (name, number) = line.split_once('=')?;
        Some((name.trim(), number.trim().replace('_', "").parse().ok()?))
    };
    lines.map(|line| pair(line).ok_or_else(|| format!("instructions.toml: {line}"))).collect()
}
