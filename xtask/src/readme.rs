//! README.md's middle is the crate doc of `tucuxi`, so that its examples are compiled.
//!
//! Written by `cargo xtask readme`, compared by `cargo xtask tidy`. Links to items lose their
//! target, as they lead nowhere outside rustdoc; links to pages stay.

use crate::{text, top};

const CRATE_DOC: &str = "std-transport/src/lib.rs";
const BEGIN: &str = "<!-- from std-transport/src/lib.rs by `cargo xtask readme` -->\n";
const END: &str = "<!-- end of the crate doc -->\n";

/// Puts the crate doc into README.md.
pub(crate) fn write() -> Result<(), String> {
    std::fs::write(top().join("README.md"), expected()?).map_err(|error| format!("README.md: {error}"))
}

/// Whether README.md is as `write` would leave it.
pub(crate) fn complaint() -> Option<String> {
    let expected = expected();
    match (expected, text("README.md")) {
        (Ok(expected), Ok(found)) if expected == found => None,
        (Ok(_), Ok(_)) => Some(format!("README.md: differs from {CRATE_DOC}: run `cargo xtask readme`")),
        (Err(complaint), _) | (_, Err(complaint)) => Some(complaint),
    }
}

fn expected() -> Result<String, String> {
    let readme = text("README.md")?;
    let parts = readme.split_once(BEGIN).and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    let (before, after) = parts.ok_or_else(|| format!("README.md: wants the lines\n{BEGIN}{END}"))?;
    Ok(format!("{before}{BEGIN}\n{}\n{END}{after}", render(&text(CRATE_DOC)?)))
}

/// The module doc of a Rust file as Markdown that reads well outside rustdoc.
fn render(source: &str) -> String {
    let mut out = String::new();
    // `Some` inside a code block: whether that is Rust
    let mut block = None;
    let doc = source.lines().take_while(|line| line.starts_with("//!"));
    for line in
        doc.map(|line| line.trim_start_matches("//!")).map(|line| line.strip_prefix(' ').unwrap_or(line))
    {
        match (line.strip_prefix("```"), block) {
            (Some(flags), None) => {
                let rust = ["", "no_run", "rust", "should_panic", "compile_fail"].contains(&flags);
                block = Some(rust);
                out += if rust { "```rust" } else { line };
            }
            (Some(_), Some(_)) => {
                block = None;
                out += line;
            }
            // lines that rustdoc hides
            (None, Some(true)) if line == "#" || line.starts_with("# ") => continue,
            (None, Some(_)) => out += line,
            // the title above is README's own
            (None, None) if line.starts_with('#') => out = out + "#" + line,
            (None, None) if is_item_definition(line) => continue,
            (None, None) => out += &without_item_links(line),
        }
        out.push('\n');
    }
    out
}

/// ``[`Session`]: crate::Session``, which only rustdoc can follow.
fn is_item_definition(line: &str) -> bool {
    line.starts_with('[') && line.split_once("]: ").is_some_and(|(_, target)| is_item(target))
}

fn is_item(target: &str) -> bool {
    !target.contains(['/', '#', '.']) && !target.is_empty()
}

/// ``[`Session`]``, ``[`Session`](Session)`` and `[a session](crate::Session)` without brackets and target.
fn without_item_links(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, (name, after))) =
        rest.split_once('[').and_then(|(before, link)| Some((before, link.split_once(']')?)))
    {
        let target = after.strip_prefix('(').and_then(|after| after.split_once(')'));
        let plain = match target {
            Some((target, after)) => is_item(target).then_some(after),
            None => (name.starts_with('`') && name.ends_with('`') && name.len() > 1).then_some(after),
        };
        out += before;
        match plain {
            Some(after) => {
                out += name;
                rest = after;
            }
            None => {
                out.push('[');
                rest = &rest[before.len() + 1..];
            }
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_go_one_down_and_hidden_lines_away() {
        let source = "//! First.\n//!\n//! # Use\n//!\n//! ```no_run\n//! # fn main() {\n//! #[derive(Debug)]\n//! let a = [0; 2];\n//! # }\n//! ```\n//!\n//! ```sh\n//! # a comment\n//! ```\n\nfn code() {}\n//! no doc";
        assert_eq!(
            render(source),
            "First.\n\n## Use\n\n```rust\n#[derive(Debug)]\nlet a = [0; 2];\n```\n\n```sh\n# a comment\n```\n"
        );
    }

    #[test]
    fn links_to_items_become_plain() {
        for (line, expected) in [
            ("A [`Session`] and [`Client`](client::Client).", "A `Session` and `Client`."),
            (
                "See [the loop](crate::send) or [boto3](https://example.org/a_b).",
                "See the loop or [boto3](https://example.org/a_b).",
            ),
            ("[MIT](LICENSE-MIT.txt), [use](#use), a[0], [", "[MIT](LICENSE-MIT.txt), [use](#use), a[0], ["),
            (
                "[![badge](https://example.org/b)](https://example.org)",
                "[![badge](https://example.org/b)](https://example.org)",
            ),
        ] {
            assert_eq!(without_item_links(line), expected);
        }
        assert!(is_item_definition("[`Session`]: crate::Session"));
        assert!(!is_item_definition("[boto3]: https://example.org/boto3"));
    }
}
