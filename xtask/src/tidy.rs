//! What every tracked file must look like. Reads files only, so it is the first thing to run.

use std::path::Path;

use crate::{floors, invariants, output, readme, source, text};

/// More code than this in one file wants a word why, in its module doc: `//! Long because …`.
const LONG: usize = 400;

/// The one package in which there may be `unsafe`, and the lint that it turns down for that.
const LANES: &str = "lanes/";

/// Where a chip starts and speaks to its debugger: not published.
const BOARD: &str = "benches/board/";
const UNSAFE: &str = "unsafe_code";

/// Where one developer's machine would show. In pieces, or this file would be the first to be found.
const PLACES: &[&str] = &[concat!("/wo", "rk/"), concat!("/var", "/tmp/"), concat!("/ro", "ot/")];

/// A file of the repository, named from its top.
struct File {
    path: String,
    text: String,
}

pub(crate) fn run() -> Result<(), String> {
    let files = files()?;
    let mut complaints: Vec<String> = files.iter().flat_map(of_file).collect();
    complaints.extend(readme::complaint());
    complaints.extend(lints_of(LANES, &text("Cargo.toml")?, &text(&format!("{LANES}Cargo.toml"))?));
    match text("ARCHITECTURE.md") {
        Ok(text) => complaints.extend(invariants::complaints(&text, |name| holds(&files, name))),
        Err(complaint) => complaints.push(complaint),
    }
    if complaints.is_empty() { Ok(()) } else { Err(complaints.join("\n")) }
}

/// What git tracks, and what it would if it were added.
fn files() -> Result<Vec<File>, String> {
    let listed =
        output("git", &["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"])?;
    let mut files = Vec::new();
    for path in listed.split_terminator('\0') {
        // deleted but not committed, or not text: corpora
        if let Ok(text) = text(path) {
            files.push(File { path: path.to_owned(), text });
        }
    }
    Ok(files)
}

fn of_file(file: &File) -> Vec<String> {
    let File { path, text } = file;
    let mut complaints = Vec::new();
    for place in PLACES {
        for (at, _) in text.lines().enumerate().filter(|(_, line)| line.contains(place)) {
            complaints.push(format!("{path}:{}: `{place}` is a place on one machine", at + 1));
        }
    }
    if Path::new(path).extension().is_some_and(|extension| extension == "rs") {
        complaints.extend(of_source(path, text));
    }
    complaints
}

fn of_source(path: &str, text: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    let is_named = |name: &str| Path::new(path).file_name().is_some_and(|file| file == name);
    if is_named("mod.rs") {
        complaints.push(format!("{path}: `foo.rs` beside `foo/`, no mod.rs"));
    }
    if ![LANES, BOARD].iter().any(|folder| path.starts_with(folder)) {
        let code = source::code(text);
        let words = code.split(|char: char| !(char.is_alphanumeric() || char == '_'));
        if words.into_iter().any(|word| word == "unsafe") {
            complaints.push(format!("{path}: `unsafe` is for {LANES} and {BOARD} alone"));
        }
    }
    // A module of tests, or what is below one.
    let tests =
        is_named("tests.rs") || path.rsplit_once("/src/").is_some_and(|(_, below)| below.contains("/tests/"));
    if !tests && !text.starts_with("//!") {
        complaints.push(format!("{path}: opens without `//!`: what it is, what it is not, what it assumes"));
    }
    let lines = source::lines_of_code(&source::without_tests(&source::code(text)));
    if !tests && lines > LONG && !text.lines().any(|line| line.starts_with("//! Long because")) {
        complaints.push(format!("{path}: {lines} lines of code, and no `//! Long because …`"));
    }
    match path.strip_prefix("core/src/") {
        Some(below) if below != "lib.rs" && !tests => complaints.extend(floors::complaints(below, text)),
        _ => {}
    }
    complaints
}

/// The lints of the workspace that a package of its own list lacks. It denies what the workspace forbids, and may have
/// more.
fn lints_of(package: &str, workspace: &str, own: &str) -> Vec<String> {
    let lines = |text: &str, prefix: &str| -> Vec<String> {
        let mut found = Vec::new();
        for tool in ["rust", "clippy"] {
            let section = text.split_once(&format!("[{prefix}lints.{tool}]\n")).unwrap_or_default().1;
            let section = section.lines().take_while(|line| !line.starts_with('['));
            found.extend(section.filter(|line| line.contains(" = ")).map(|line| format!("{tool}: {line}")));
        }
        found
    };
    let own = lines(own, "");
    let wanted = lines(workspace, "workspace.");
    let complaint =
        |line: &String| format!("{package}Cargo.toml: a lint of the workspace is not there: {line}");
    let denied = |line: String| if line.contains(UNSAFE) { line.replace("forbid", "deny") } else { line };
    let mut complaints: Vec<_> = wanted
        .into_iter()
        .map(denied)
        .filter(|line| !own.contains(line))
        .map(|line| complaint(&line))
        .collect();
    if own.is_empty() {
        complaints.push(format!("{package}Cargo.toml: no lints"));
    }
    complaints
}

/// Whether something of this name can hold an invariant: see [`invariants`].
fn holds(files: &[File], name: &str) -> bool {
    if let Some(command) = name.strip_prefix("cargo xtask ") {
        return crate::COMMANDS.iter().any(|known| known.name == command);
    }
    if name.contains('/') {
        return files.iter().any(|file| file.path == name);
    }
    if name.contains("::") || name.contains("_code") {
        let short = name.trim_start_matches("clippy::").replace('_', "-");
        let sets = ["Cargo.toml", "core/src/lib.rs", "clippy.toml"];
        return files
            .iter()
            .any(|file| sets.contains(&file.path.as_str()) && file.text.replace('_', "-").contains(&short));
    }
    files.iter().filter(|file| file.path.ends_with(".rs")).any(|file| is_test(&file.text, name))
}

/// Whether a file has a test function of this name.
fn is_test(text: &str, name: &str) -> bool {
    text.match_indices(&format!("fn {name}(")).any(|(at, _)| {
        let before = &text[..at];
        before[before.rfind(['}', ';']).unwrap_or(0)..].contains("#[test]")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_what_it_is_and_why_it_is_long() {
        let long = "let a = 1;\n".repeat(LONG + 1);
        for (path, text, complaints) in [
            ("a/src/b.rs", "//! B.\n", 0),
            ("a/src/b.rs", "\nuse c;\n", 1),
            ("a/src/b/mod.rs", "//! B.\n", 1),
            ("a/src/b/tests.rs", "use super::*;\n", 0),
            ("core/src/hash/tests/c.rs", "use crate::wire;\n", 0),
            ("a/src/b.rs", &format!("//! B.\n{long}"), 1),
            ("a/src/b.rs", &format!("//! B.\n//!\n//! Long because of C.\n{long}"), 0),
            ("core/src/hash.rs", "//! H.\nuse crate::wire;\n", 1),
            ("core/src/lib.rs", "//! L.\nuse crate::wire;\n", 0),
        ] {
            assert_eq!(of_source(path, text).len(), complaints, "{path} {:?}", of_source(path, text));
        }
    }

    #[test]
    fn unsafe_is_for_one_package_alone() {
        for (path, text, complaints) in [
            ("lanes/src/a.rs", "//! A.\nfn a() { unsafe { b() } }\n", 0),
            ("core/src/hash.rs", "//! H.\nfn a() { unsafe { b() } }\n", 1),
            ("core/src/hash.rs", "//! No unsafe.\nlet unsafe_ = \"unsafe\"; // unsafe\n", 0),
        ] {
            assert_eq!(of_source(path, text).len(), complaints, "{path}");
        }
    }

    #[test]
    fn a_list_of_lints_follows_the_workspaces() {
        let workspace = "[workspace.lints.rust]\nunsafe_code = \"forbid\"\na = \"warn\"\n\n[workspace.lints.clippy]\nb = \"warn\"\n[x]\nc = 1\n";
        let own = "[lints.rust]\na = \"warn\"\nunsafe_code = \"deny\"\n[lints.clippy]\nb = \"warn\"\nd = \"warn\"\n";
        assert_eq!(lints_of("p/", workspace, own), [""; 0]);
        for lacks in ["a = \"warn\"\n", "b = \"warn\"\n", "unsafe_code = \"deny\"\n"] {
            assert_eq!(lints_of("p/", workspace, &own.replace(lacks, "")).len(), 1, "{lacks}");
        }
        assert_eq!(lints_of("p/", workspace, "").len(), 4);
    }

    #[test]
    fn a_place_on_one_machine_is_found() {
        let file = |text: String| File { path: "a.md".to_owned(), text };
        assert_eq!(of_file(&file(format!("fine\nsee {}a", PLACES[0]))).len(), 1);
        assert_eq!(of_file(&file("network/work".to_owned())).len(), 0);
    }

    #[test]
    fn an_invariant_is_held_by_what_exists() {
        let files = [
            File { path: "a.rs".to_owned(), text: "fn x() {}\n#[test]\n#[cfg(unix)]\nfn y() {}".to_owned() },
            File { path: "tests/sigv4.rs".to_owned(), text: String::new() },
            File { path: "Cargo.toml".to_owned(), text: "unsafe_code = 1\nuse_self = 1".to_owned() },
        ];
        for (name, expected) in [
            ("x", false),
            ("y", true),
            ("tests/sigv4.rs", true),
            ("tests/none.rs", false),
            ("cargo xtask tidy", true),
            ("cargo xtask none", false),
            ("unsafe_code", true),
            ("clippy::use_self", true),
            ("clippy::none", false),
        ] {
            assert_eq!(holds(&files, name), expected, "{name}");
        }
    }
}
