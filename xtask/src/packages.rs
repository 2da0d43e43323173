//! What stands behind the published packages: which crates, how many, how new, how large.
//!
//! Asks `cargo tree` with `-p`: in a whole workspace's graph the features of tests and examples
//! would be counted as the library's own.

#![expect(clippy::print_stdout, reason = "these commands are for their figures")]

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{output, text, top};

/// The published packages, and how many crates may stand behind each with its default features.
const PUBLISHED: &[(&str, usize)] = &[("tucuxi", 34), ("tucuxi-core", 12), ("tucuxi-lanes", 12)];
/// The oldest Rust that compiles the published packages: minor and patch.
const MSRV: (u64, u64) = (89, 0);
/// What tests compare with: a package and the version, or its beginning, that Cargo.lock must hold.
const ORACLES: &[(&str, &str)] = &[("aws-sigv4", "1.6.4"), ("s3s", "0.14.1"), ("ureq", "3.5.")];
/// The program of README's size column, in the package of the examples.
const SMALLEST: &str = "list_bucket_contents_remote";

/// No normal dependency of a published package, whatever the features and target, asks for a newer Rust.
pub(crate) fn msrv() -> Result<(), String> {
    let metadata = metadata(&["--all-features"])?;
    let packages = metadata["packages"].as_array().ok_or("cargo metadata: no packages")?;
    let mut complaints = Vec::new();
    for (name, _) in PUBLISHED {
        // optional dependencies and those of other targets are all in, so fewer features add nothing
        let behind = behind(name, "normal", &["--all-features", "--target", "all"])?;
        let mut newest = ((0, 0), String::new());
        for package in packages {
            let (Some(this), Some(version)) = (package["name"].as_str(), package["version"].as_str()) else {
                continue;
            };
            let own = this == *name;
            if !own && !behind.contains(&format!("{this} v{version}")) {
                continue;
            }
            let Some(declared) = package["rust_version"].as_str() else {
                if own {
                    complaints.push(format!("{name} declares no rust-version"));
                }
                continue;
            };
            let wants = minor(declared).ok_or_else(|| format!("{this}: rust-version {declared}"))?;
            if own && wants != MSRV || wants > MSRV {
                complaints.push(format!("{this} {version}, behind {name}, declares rust-version {declared}"));
            }
            if !this.starts_with("tucuxi") {
                newest = newest.max((wants, format!("{this} {version}")));
            }
        }
        let ((minor, patch), dependency) = newest;
        println!(
            "{name}: Rust 1.{}; of {} dependencies the newest asks for 1.{minor}.{patch} ({dependency})",
            MSRV.0,
            behind.len()
        );
    }
    if complaints.is_empty() { Ok(()) } else { Err(complaints.join("\n")) }
}

/// Counts, and holds them to their limits. What stands behind core has no `std` either.
pub(crate) fn crates() -> Result<(), String> {
    let mut complaints = Vec::new();
    println!("{:12} {:>6} {:>6} {:>11}", "package", "crates", "limit", "build only");
    for (name, limit) in PUBLISHED {
        let counted = Counted::of(name)?;
        println!("{name:12} {:6} {limit:6} {:11}", counted.normal.len(), counted.build_only);
        if counted.normal.len() > *limit {
            let listed = counted.normal.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
            complaints
                .push(format!("{name}: {} crates, {limit} are allowed: {listed}", counted.normal.len()));
        }
    }
    let bare = behind("tucuxi", "normal,build", &["--no-default-features", "--target", "all"])?;
    println!("tucuxi without default features: {}", bare.len());
    for named in bare.iter().filter(|named| named.starts_with("ureq") || named.starts_with("rustls")) {
        complaints.push(format!("tucuxi without default features: {named} is in its tree"));
    }
    complaints.extend(with_std(&behind("tucuxi-core", "normal", &["--target", "all"])?)?);
    if complaints.is_empty() { Ok(()) } else { Err(complaints.join("\n")) }
}

/// Those of some crates that do not declare `no_std`. That core builds without it `.ci/bare-metal.sh` proves.
fn with_std(named: &BTreeSet<String>) -> Result<Vec<String>, String> {
    let metadata = metadata(&["--all-features"])?;
    let packages = metadata["packages"].as_array().ok_or("cargo metadata: no packages")?;
    let mut complaints = Vec::new();
    for named in named {
        let is_it = |package: &&Value| {
            let text = |member: &str| package[member].as_str().unwrap_or_default();
            *named == format!("{} v{}", text("name"), text("version"))
        };
        let targets = packages.iter().find(is_it).and_then(|package| package["targets"].as_array());
        let library = targets.into_iter().flatten().find(|target| target["doctest"] == true);
        let path = library.and_then(|library| library["src_path"].as_str()).unwrap_or_default();
        if !text(path)?.contains("no_std") {
            complaints.push(format!("tucuxi-core: {named} is not no_std"));
        }
    }
    Ok(complaints)
}

/// Prints README's table of figures, but for what compiling costs: that is `benches/peers/compile.sh`'s.
pub(crate) fn figures() -> Result<(), String> {
    println!("| | crates behind it | at most | for its build only |\n|---|--:|--:|--:|");
    for (name, limit) in PUBLISHED {
        let Counted { normal, build_only } = Counted::of(name)?;
        println!("| `{name}` | {} | {limit} | {build_only} |", normal.len());
    }
    let (bytes, rustc) = (smallest()?, output("rustc", &["-vV"])?);
    let said = |name: &str| rustc.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    println!("\n| program, profile `small` | bytes | built by |\n|---|--:|---|");
    println!("| `{SMALLEST}` | {} | Rust {}, {} |", grouped(bytes), said("release: "), said("host: "));
    Ok(())
}

/// A number as people read it: `1,234,567`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// The lock file holds the oracles that are meant, each once.
pub(crate) fn oracles() -> Result<(), String> {
    let lock = text("Cargo.lock")?;
    for (name, version) in ORACLES {
        let locked = locked(&lock, name);
        let [one] = locked[..] else {
            return Err(format!("Cargo.lock: {name} {version} once, not {locked:?}"));
        };
        if !is_version(one, version) {
            return Err(format!("Cargo.lock: {name} {one}, not {version}"));
        }
        println!("{name} {one}");
    }
    Ok(())
}

/// Prints the size of the smallest useful program.
pub(crate) fn size() -> Result<(), String> {
    let bytes = smallest()?;
    println!("{SMALLEST}: {bytes} bytes (profile small: opt-level z, fat LTO, panic abort, stripped)");
    Ok(())
}

/// Builds the smallest useful program with the profile `small`: its size in bytes.
fn smallest() -> Result<u64, String> {
    output("cargo", &["build", "--profile", "small", "-p", "tucuxi-examples-remote", "--example", SMALLEST])?;
    let metadata = metadata(&["--no-deps"])?;
    let target = metadata["target_directory"].as_str().ok_or("cargo metadata: no target_directory")?;
    let file = top()
        .join(target)
        .join("small/examples")
        .join(SMALLEST)
        .with_extension(std::env::consts::EXE_EXTENSION);
    Ok(file.metadata().map_err(|error| format!("{}: {error}", file.display()))?.len())
}

/// What stands behind a package with its default features.
struct Counted {
    normal: BTreeSet<String>,
    build_only: usize,
}

impl Counted {
    fn of(package: &str) -> Result<Self, String> {
        let normal = behind(package, "normal", &[])?;
        let build_only = behind(package, "normal,build", &[])?.difference(&normal).count();
        Ok(Self { normal, build_only })
    }
}

fn metadata(arguments: &[&str]) -> Result<Value, String> {
    let said = output("cargo", &[&["metadata", "--format-version", "1"], arguments].concat())?;
    serde_json::from_str(&said).map_err(|error| format!("cargo metadata: {error}"))
}

/// The crates behind a package, without itself, as `name v1.2.3`.
fn behind(package: &str, edges: &str, more: &[&str]) -> Result<BTreeSet<String>, String> {
    let mut arguments = vec!["tree", "--locked", "--prefix", "none", "-e", edges, "-p", package];
    arguments.extend(more);
    Ok(named(&output("cargo", &arguments)?, package))
}

fn named(tree: &str, package: &str) -> BTreeSet<String> {
    let name_and_version = |line: &str| {
        let mut words = line.split_whitespace();
        let (name, version) = (words.next()?, words.next()?);
        (name != package).then(|| format!("{name} {version}"))
    };
    tree.lines().filter_map(name_and_version).collect()
}

/// `1.89` or `1.89.0` as numbers behind the one.
fn minor(rust_version: &str) -> Option<(u64, u64)> {
    let mut numbers = rust_version.split('.').map(|number| number.parse().ok());
    (numbers.next()?? == 1).then_some(())?;
    Some((numbers.next().unwrap_or(Some(0))?, numbers.next().unwrap_or(Some(0))?))
}

/// The versions of a package in a lock file.
fn locked<'l>(lock: &'l str, name: &str) -> Vec<&'l str> {
    let version = |package: &'l str| package.split_once("\nversion = \"")?.1.split('"').next();
    let is_it = |package: &&str| package.starts_with(&format!("\nname = \"{name}\"\n"));
    lock.split("[[package]]").filter(is_it).filter_map(version).collect()
}

fn is_version(found: &str, wanted: &str) -> bool {
    if wanted.ends_with('.') { found.starts_with(wanted) } else { found == wanted }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_counted_once_each_without_the_package() {
        let tree = "tucuxi v0.1.0 (here)\nsha2 v0.11.1\nsyn v2.0.0 (proc-macro)\nsyn v3.0.0 (proc-macro)\nsha2 v0.11.1 (*)\n\n";
        let named: Vec<_> = named(tree, "tucuxi").into_iter().collect();
        assert_eq!(named, ["sha2 v0.11.1", "syn v2.0.0", "syn v3.0.0"]);
    }

    #[test]
    fn digits_stand_in_threes() {
        assert_eq!([0, 999, 1000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn rust_versions_compare_as_numbers() {
        assert_eq!(
            ["1.89", "1.89.1", "1", "1.100"].map(minor),
            [Some((89, 0)), Some((89, 1)), Some((0, 0)), Some((100, 0))]
        );
        assert_eq!(["2.0", "1.x", ""].map(minor), [None; 3]);
    }

    #[test]
    fn a_lock_file_gives_its_versions() {
        let lock = "version = 4\n\n[[package]]\nname = \"s3s\"\nversion = \"0.14.1\"\n\n[[package]]\nname = \"s3s-fs\"\nversion = \"0.15.0\"\n";
        assert_eq!(locked(lock, "s3s"), ["0.14.1"]);
        assert_eq!(locked(lock, "s3"), [""; 0]);
        assert!(
            is_version("3.5.2", "3.5.") && !is_version("3.50.0", "3.5.") && !is_version("1.6.41", "1.6.4")
        );
    }
}
