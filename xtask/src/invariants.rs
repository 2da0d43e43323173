//! ARCHITECTURE.md's **Invariant** paragraphs, each of which names what holds it.
//!
//! A paragraph that begins with `**Invariant` says "Held by" and then, in backticks, one or more of:
//! the name of a test function, the path of a test file, a lint of the workspace, or a command
//! `cargo xtask …` or `.ci/…`. Every name is looked up.

/// What the paragraphs name that does not exist; `exists` knows what does.
pub(crate) fn complaints(architecture: &str, exists: impl Fn(&str) -> bool) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut seen = false;
    for paragraph in architecture.split("\n\n").filter(|text| text.trim_start().starts_with("**Invariant")) {
        seen = true;
        let first = paragraph.trim_start().lines().next().unwrap_or_default();
        let holders: Vec<&str> = match paragraph.split_once("Held by") {
            Some((_, held_by)) => held_by.split('`').skip(1).step_by(2).collect(),
            None => Vec::new(),
        };
        if holders.is_empty() {
            complaints.push(format!("ARCHITECTURE.md: nothing is \"Held by\" a `name` in: {first}"));
        }
        for holder in holders.into_iter().filter(|holder| !exists(holder)) {
            complaints
                .push(format!("ARCHITECTURE.md: no test, lint or command `{holder}`, named in: {first}"));
        }
    }
    if !seen {
        complaints.push("ARCHITECTURE.md: no paragraph begins with **Invariant".to_owned());
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_paragraph_names_what_holds_it() {
        let known = |name: &str| ["a_test", "cargo xtask tidy"].contains(&name);
        let good = "# A\n\n**Invariant:** no `x`. Held by `a_test`\nand `cargo xtask tidy`.\n\nMore `y`.\n";
        assert_eq!(complaints(good, known), Vec::<String>::new());
        for bad in
            ["", "**Invariant:** no x.", "**Invariant:** no x. Held by `none`.", "**Invariant:** `a_test`."]
        {
            assert_eq!(complaints(bad, known).len(), 1, "{bad}");
        }
    }
}
