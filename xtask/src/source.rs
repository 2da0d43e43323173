//! Rust source as far as the checks need it: code without comments, literals and tests.
//!
//! Not a parser. It assumes a file that compiles, and keeps every newline so that lines can be counted.

/// `text` with the insides of comments and literals replaced by blanks.
pub(crate) fn code(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut after_word = false;
    while let Some(first) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            block_comment(rest)
        } else if first == '"' {
            string(rest)
        } else if !after_word && let Some(length) = raw_string(rest) {
            length
        } else if first == '\'' {
            character(rest)
        } else {
            0
        };
        let (blanked, kept) = rest.split_at(skipped);
        out.extend(blanked.chars().map(|char| if char == '\n' { '\n' } else { ' ' }));
        rest = kept;
        if skipped == 0 {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        }
        after_word = skipped == 0 && is_word(first);
    }
    out
}

/// `code` without the items that only tests see: `#[cfg(test)]` and what it stands on.
pub(crate) fn without_tests(code: &str) -> String {
    let mut out = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(at) = rest.find("#[cfg(test)]").into_iter().chain(rest.find("#[cfg(all(test,")).min() {
        let (before, item) = rest.split_at(at);
        out.push_str(before);
        let (item, after) = item.split_at(item_length(item));
        out.extend(item.chars().filter(|char| *char == '\n'));
        rest = after;
    }
    out + rest
}

/// The lines of `code` that hold something.
pub(crate) fn lines_of_code(code: &str) -> usize {
    code.lines().filter(|line| !line.trim().is_empty()).count()
}

/// The names that stand right behind `prefix` and `::` in paths, each with its line, counted from 1.
///
/// A group, as in `crate::{sink, text::Int}`, gives the first name of each of its members.
pub(crate) fn names_behind<'c>(code: &'c str, prefix: &str) -> Vec<(usize, &'c str)> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices(prefix) {
        let before = code[..at].chars().next_back();
        let Some(path) = code[at + prefix.len()..].trim_start().strip_prefix("::") else { continue };
        // `super::super::x` is not a path behind `super`: it is one behind `super::super`
        if before.is_some_and(|char| is_word(char) || char == ':') {
            continue;
        }
        let line = code[..at].matches('\n').count() + 1;
        let path = path.trim_start();
        match path.strip_prefix('{') {
            Some(group) => found.extend(members(group).map(|name| (line, name))),
            None => found.push((line, word(path))),
        }
    }
    found
}

/// The first names of the members of a `use` group whose brace is already open.
fn members(group: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_usize;
    let end = group.find(|char| {
        match char {
            '{' => depth += 1,
            '}' if depth == 0 => return true,
            '}' => depth -= 1,
            _ => {}
        }
        false
    });
    let mut depth = 0_usize;
    let split = move |char| {
        match char {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        char == ',' && depth == 0
    };
    group[..end.unwrap_or(group.len())]
        .split(split)
        .map(|member| word(member.trim_start()))
        .filter(|name| !name.is_empty())
}

fn word(text: &str) -> &str {
    &text[..text.find(|char| !is_word(char)).unwrap_or(text.len())]
}

fn is_word(char: char) -> bool {
    char.is_alphanumeric() || char == '_'
}

/// The length of an item with its attributes: up to its `;` or the end of its braces.
fn item_length(item: &str) -> usize {
    let (mut braces, mut others) = (0_usize, 0_usize);
    for (at, char) in item.char_indices() {
        match char {
            '{' => braces += 1,
            '(' | '[' => others += 1,
            ')' | ']' => others -= 1,
            '}' => {
                braces -= 1;
                // `use a::{b};` goes on to its semicolon
                if braces == 0 && others == 0 && !item[at + 1..].trim_start().starts_with(';') {
                    return at + 1;
                }
            }
            ';' if braces == 0 && others == 0 => return at + 1,
            _ => {}
        }
    }
    item.len()
}

fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    loop {
        let rest = &text[at..];
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            at += 2;
        } else {
            let Some(char) = rest.chars().next() else { return at };
            at += char.len_utf8();
        }
        if depth == 0 {
            return at;
        }
    }
}

fn string(text: &str) -> usize {
    let mut escaped = false;
    for (at, char) in text.char_indices().skip(1) {
        match char {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn raw_string(text: &str) -> Option<usize> {
    let opened = text.strip_prefix(['b', 'c']).unwrap_or(text).strip_prefix('r')?;
    let hashes = opened.len() - opened.trim_start_matches('#').len();
    let inside = opened[hashes..].strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(hashes));
    let length = inside.find(&close).map_or(inside.len(), |at| at + close.len());
    Some(text.len() - inside.len() + length)
}

/// The length of a character literal; none for a lifetime.
fn character(text: &str) -> usize {
    let mut inside = text.char_indices().skip(1);
    match inside.next() {
        Some((_, '\\')) => text[3..].find('\'').map_or(0, |at| at + 4),
        Some(_) => inside.next().filter(|(_, close)| *close == '\'').map_or(0, |(at, _)| at + 1),
        None => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_are_blank() {
        for (text, expected) in [
            ("a // b\nc", "a     \nc"),
            ("a /* b /* c */ d */ e", "a                   e"),
            (r#"f("use \" crate::x") + y"#, "f(                 ) + y"),
            (r###"g(r#"" crate::x"#, br"\")"###, "g(                ,      )"),
            ("h('\"', '\\'', 'ü', '\\u{7f}')", "h(   ,     ,    ,         )"),
            ("fn i<'a>(x: &'a str, y: &'static str)", "fn i<'a>(x: &'a str, y: &'static str)"),
            ("bar\"x\"", "bar   "),
        ] {
            let code = code(text);
            assert_eq!(
                code.split_whitespace().collect::<Vec<_>>(),
                expected.split_whitespace().collect::<Vec<_>>()
            );
            assert_eq!(code.matches('\n').count(), text.matches('\n').count());
        }
    }

    #[test]
    fn what_only_tests_see_is_gone_and_lines_stay() {
        let code = "use a;\n#[cfg(test)]\nuse b::{c, d};\nfn e() {}\n#[cfg(test)]\n#[expect(x)]\nmod tests {\n fn f() { [0; 4]; }\n}\nfn g() {}\n";
        let left = without_tests(code);
        assert_eq!(left.split_whitespace().collect::<Vec<_>>().join(" "), "use a; fn e() {} fn g() {}");
        assert_eq!(left.lines().count(), code.lines().count());
        assert_eq!(lines_of_code(&left), 3);
        assert_eq!(without_tests("#[cfg(test)]\nmod tests;\nfn h() {}").trim(), "fn h() {}");
    }

    #[test]
    fn paths_give_their_first_names() {
        let code = "use crate::sink::{Sink, Full};\nuse crate::{text, time::{Time, Stamp},\n room};\nfn f() { crate :: xml::x(); $crate::json!(); }\npub(crate) fn my_crate::no() {}\nuse super::super::uri;";
        assert_eq!(
            names_behind(code, "crate"),
            [(1, "sink"), (2, "text"), (2, "time"), (2, "room"), (4, "xml"), (4, "json")]
        );
        assert_eq!(names_behind(code, "super::super"), [(6, "uri")]);
        assert_eq!(names_behind(code, "super"), [(6, "super")]);
    }
}
