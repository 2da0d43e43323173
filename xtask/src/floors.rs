//! The floors of `core/src`: a module uses lower floors, and of its own only what its row lists.
//!
//! The rows are the architecture. A change of one wants a word why in the commit.

use crate::source;

/// A top-level module of core.
struct Module {
    name: &'static str,
    floor: u8,
    /// What it may use of its own floor: modules that stand above it here, so there is no circle.
    beside: &'static [&'static str],
}

const MODULES: &[Module] = &[
    // bytes that know nothing
    module("sink", 0, &[]),
    module("room", 0, &["sink"]),
    module("text", 0, &["sink", "room"]),
    module("encode", 0, &["sink", "text"]),
    module("time", 0, &["sink", "encode"]),
    module("secret", 0, &["sink", "text"]),
    // hashes and grammars
    module("hash", 1, &[]),
    module("checksum", 1, &["hash"]),
    module("ini", 1, &[]),
    module("json", 1, &[]),
    module("xml", 1, &[]),
    module("uri", 1, &[]),
    module("http", 1, &[]),
    module("profile", 1, &["ini"]),
    // requests and signatures
    module("request", 2, &[]),
    module("endpoint", 2, &["request"]),
    module("sigv4", 2, &["request", "endpoint"]),
    module("post", 2, &["endpoint", "sigv4"]),
    module("aws_chunked", 2, &["request", "sigv4"]),
    module("mismatch", 2, &["sigv4"]),
    module("verify", 2, &["request", "endpoint", "sigv4"]),
    module("wire", 2, &["request", "endpoint", "sigv4"]),
    // what a call is
    module("input", 3, &[]),
    module("document", 3, &["input"]),
    module("operation", 3, &["input"]),
    module("reply", 3, &["operation"]),
    module("failure", 3, &["operation", "reply"]),
    module("table", 3, &["input", "document", "operation"]),
    module("view", 3, &["operation", "reply"]),
    module("skew", 3, &[]),
    module("retry", 3, &[]),
    module("call", 3, &["retry"]),
    module("wait", 3, &["failure", "operation"]),
    // services
    module("s3", 4, &[]),
    module("sqs", 4, &[]),
    module("sts", 4, &[]),
    module("sso", 4, &[]),
    // where credentials come from
    module("chain", 5, &[]),
];

const fn module(name: &'static str, floor: u8, beside: &'static [&'static str]) -> Module {
    Module { name, floor, beside }
}

fn find(name: &str) -> Option<&'static Module> {
    MODULES.iter().find(|module| module.name == name)
}

/// What a file of core uses that it may not; `path` is below `core/src`.
///
/// `lib.rs` is the roof: it may use everything, and is not to be asked about.
pub(crate) fn complaints(path: &str, text: &str) -> Vec<String> {
    let parts: Vec<&str> = path.trim_end_matches(".rs").split('/').collect();
    let Some(user) = parts.first().and_then(|name| find(name)) else {
        return vec![format!("core/src/{path}: no floor is written down for it (xtask/src/floors.rs)")];
    };
    let code = source::without_tests(&source::code(text));
    let below = |name: &str| {
        find(name)
            .map(|used| used.name == user.name || used.floor < user.floor || user.beside.contains(&used.name))
    };
    let complaint = |(line, name): (usize, &str)| match below(name) {
        Some(true) => None,
        // Macros for other crates stand at the root, and begin so.
        None if name.starts_with("__") => None,
        Some(false) => Some(format!(
            "core/src/{path}:{line}: `{}`, floor {}, may not use `{name}`",
            user.name, user.floor
        )),
        None => {
            Some(format!("core/src/{path}:{line}: `{name}` is no module with a floor: name it by its module"))
        }
    };
    // `super` reaches the top from a file's own module; inside a nested one it may mean the file
    let top = vec!["super"; parts.len()].join("::");
    let by_super = source::names_behind(&code, &top).into_iter().filter(|(_, name)| find(name).is_some());
    source::names_behind(&code, "crate").into_iter().chain(by_super).filter_map(complaint).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(path: &str, text: &str) -> usize {
        complaints(path, text).len()
    }

    #[test]
    fn rows_make_no_circle() {
        for (at, module) in MODULES.iter().enumerate() {
            assert!(MODULES[..at].iter().all(|other| other.name != module.name), "{} twice", module.name);
            assert!(MODULES[..at].is_sorted_by_key(|other| other.floor), "{} out of order", module.name);
            for beside in module.beside {
                let above = MODULES[..at].iter().find(|other| other.name == *beside);
                assert!(
                    above.is_some_and(|other| other.floor == module.floor),
                    "{} uses {beside}",
                    module.name
                );
            }
        }
    }

    #[test]
    fn lower_floors_may_be_used_and_higher_ones_not() {
        assert_eq!(count("sigv4.rs", "use crate::hash::Sha256;\nuse crate::request::Request;"), 0);
        assert_eq!(
            complaints("hash.rs", "\nuse crate::request::Request;"),
            ["core/src/hash.rs:2: `hash`, floor 1, may not use `request`"]
        );
        assert_eq!(count("hash.rs", "fn f() { crate::wire::head() }"), 1);
        assert_eq!(count("hash.rs", "macro_rules! m { () => { $crate::s3::X } }"), 1);
        assert_eq!(count("text.rs", "use crate::{sink, s3, sqs::Queue};"), 2);
    }

    #[test]
    fn a_neighbour_must_be_listed() {
        assert_eq!(count("xml.rs", "use crate::json;"), 1);
        assert_eq!(count("profile.rs", "use crate::ini;"), 0);
        assert_eq!(count("ini.rs", "use crate::profile;"), 1);
    }

    #[test]
    fn a_submodule_stands_on_its_parents_floor() {
        assert_eq!(
            count("s3/list.rs", "use crate::s3::Bucket;\nuse super::Object;\nuse super::super::xml;"),
            0
        );
        assert_eq!(count("s3/list.rs", "use super::super::sqs;"), 1);
        assert_eq!(count("xml/names.rs", "use crate::request::Request;"), 1);
    }

    #[test]
    fn comments_and_tests_may_name_anything() {
        assert_eq!(
            count("sink.rs", "//! See crate::s3::X.\n#[cfg(test)]\nmod tests { use crate::chain; }"),
            0
        );
    }

    #[test]
    fn an_unknown_module_is_refused() {
        assert_eq!(count("utils.rs", ""), 1);
        assert_eq!(count("utils/more.rs", ""), 1);
        assert_eq!(count("sink.rs", "use crate::Everything;"), 1);
    }
}
