//! The table of what counts as the same: changes of a request that leave what is signed as it was.
//!
//! A change that is accepted and in no row here is a hole. Each row has an example, which must be accepted, and
//! says of a change of a single bit whether it is one of its kind.

extern crate std;

use std::string::String;
use std::vec::Vec;

use super::model;
use super::model::Wire;

/// A kind of change that nobody minds.
pub(super) struct Equivalence {
    pub(super) name: &'static str,
    /// Makes an example of it out of a request; none where there is nothing to change.
    pub(super) example: fn(&Wire) -> Option<Wire>,
    /// Whether these two differ in this alone.
    pub(super) holds: fn(&Wire, &Wire) -> bool,
}

pub(super) const TABLE: &[Equivalence] = &[
    Equivalence {
        name: "the case of the names of headers",
        example: |wire| {
            let flip =
                |c: char| if c.is_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
            let headers =
                wire.headers.iter().map(|(name, value)| (name.chars().map(flip).collect(), value.clone()));
            Some(Wire { headers: headers.collect(), ..wire.clone() })
        },
        holds: |one, other| {
            let pairs = || one.headers.iter().zip(&other.headers);
            one.target == other.target
                && pairs().all(|(one, other)| one.0.eq_ignore_ascii_case(&other.0) && one.1 == other.1)
        },
    },
    Equivalence {
        name: "the order of headers with different names",
        example: |wire| {
            let mut headers = wire.headers.clone();
            headers.sort_by_key(|(name, _)| core::cmp::Reverse(name.to_lowercase()));
            Some(Wire { headers, ..wire.clone() })
        },
        holds: |_, _| false,
    },
    Equivalence {
        name: "headers that are not signed",
        example: |wire| {
            let mut headers = wire.headers.clone();
            headers.push(("Via".into(), "1.1 proxy".into()));
            Some(Wire { headers, ..wire.clone() })
        },
        holds: |one, other| {
            let signed = |wire: &Wire| {
                let names = wire.signed_headers();
                let headers = wire.headers.iter().map(|(name, value)| (name.to_lowercase(), value.clone()));
                headers
                    .filter(|(name, _)| names.contains(name) || name == "authorization")
                    .collect::<Vec<_>>()
            };
            one.target == other.target && signed(one) == signed(other)
        },
    },
    Equivalence {
        name: "blanks around a value, and how many there are in a row",
        example: |wire| {
            let wider = |value: &String| std::format!(" \t{} ", value.replace(' ', " \t "));
            let headers = wire.headers.iter().map(|(name, value)| {
                let is = name.eq_ignore_ascii_case("authorization");
                (name.clone(), if is { value.clone() } else { wider(value) })
            });
            Some(Wire { headers: headers.collect(), ..wire.clone() })
        },
        holds: |_, _| false,
    },
    Equivalence {
        name: "a repeated header as one line with commas",
        example: |wire| {
            let mut headers: Vec<(String, String)> = Vec::new();
            for (name, value) in &wire.headers {
                match headers.iter_mut().find(|(before, _)| before.eq_ignore_ascii_case(name)) {
                    Some((_, values)) => *values = std::format!("{values},{value}"),
                    None => headers.push((name.clone(), value.clone())),
                }
            }
            Some(Wire { headers, ..wire.clone() })
        },
        holds: |_, _| false,
    },
    Equivalence {
        name: "the blanks in Authorization, and the order of its parts",
        example: |wire| {
            let mut wire = wire.clone();
            let header =
                wire.headers.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case("authorization"))?;
            let (algorithm, parts) = header.1.split_once(' ')?;
            let mut parts: Vec<_> = parts.split(", ").collect();
            parts.reverse();
            header.1 = std::format!("{algorithm}  {}", parts.join(","));
            Some(wire)
        },
        holds: |_, _| false,
    },
    Equivalence {
        name: "the order of query parameters",
        example: |wire| {
            let (path, query) = wire.target.split_once('?')?;
            let mut pairs: Vec<_> = query.split('&').collect();
            pairs.reverse();
            Some(Wire { target: std::format!("{path}?{}", pairs.join("&")), ..wire.clone() })
        },
        holds: |_, _| false,
    },
    Equivalence {
        name: "an ampersand without a parameter",
        example: |wire| {
            let (path, query) = wire.target.split_once('?')?;
            Some(Wire { target: std::format!("{path}?&{}&", query.replace('&', "&&")), ..wire.clone() })
        },
        holds: |_, _| false,
    },
    Equivalence {
        name: "the equals sign of a parameter without a value",
        example: |wire| {
            let (path, query) = wire.target.split_once('?')?;
            let pair =
                |pair: &str| if pair.contains('=') { String::from(pair) } else { std::format!("{pair}=") };
            let pairs: Vec<_> = query.split('&').map(pair).collect();
            Some(Wire { target: std::format!("{path}?{}", pairs.join("&")), ..wire.clone() })
        },
        holds: |_, _| false,
    },
    Equivalence {
        name: "the case of the digits of what is percent-encoded",
        example: |wire| {
            let (path, query) = wire.target.split_once('?')?;
            // What is encoded twice is encoded as it was spelled.
            let path = if wire.twice { path.into() } else { model::respelled(path) };
            Some(Wire { target: std::format!("{path}?{}", model::respelled(query)), ..wire.clone() })
        },
        holds: |one, other| {
            one.headers == other.headers && model::respelled(&one.target) == model::respelled(&other.target)
        },
    },
    Equivalence {
        name: "whether a character of a query or of a path that is encoded once is encoded",
        example: |wire| {
            let (path, query) = wire.target.split_once('?').unwrap_or((&wire.target, ""));
            let path = if wire.twice { path.into() } else { path.replace('a', "%61") };
            let query: Vec<_> = query.split('&').map(|pair| pair.replace('a', "%61")).collect();
            let mark = if wire.target.contains('?') { "?" } else { "" };
            Some(Wire { target: std::format!("{path}{mark}{}", query.join("&")), ..wire.clone() })
        },
        holds: |_, _| false,
    },
    Equivalence {
        name: "dots and slashes of a path that is resolved",
        example: |wire| {
            let target = wire.target.strip_prefix('/')?;
            wire.resolved.then(|| Wire { target: std::format!("/x/..//./{target}"), ..wire.clone() })
        },
        holds: |one, other| {
            let query = |wire: &Wire| wire.target.split_once('?').map(|(_, query)| String::from(query));
            one.resolved && one.headers == other.headers && query(one) == query(other)
        },
    },
    Equivalence {
        name: "a session token that is added after signing",
        example: |wire| {
            let header = |(name, _): &(String, String)| name.eq_ignore_ascii_case("x-amz-security-token");
            let mut wire = wire.clone();
            let token = wire.added.then(|| wire.headers.iter_mut().find(|pair| header(pair)))?;
            token?.1 = "another".into();
            Some(wire)
        },
        holds: |one, other| {
            let rest = |wire: &Wire| {
                let mut wire = wire.clone();
                wire.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("x-amz-security-token"));
                let (path, query) = wire.target.split_once('?').unwrap_or((&wire.target, ""));
                let pairs = query.split('&').filter(|pair| !pair.starts_with("X-Amz-Security-Token="));
                (String::from(path), pairs.map(String::from).collect::<Vec<_>>(), wire.headers)
            };
            one.added && rest(one) == rest(other)
        },
    },
];

/// What counts as the same in a body in chunks: the case of the digits of a size, and of the names of trailers.
pub(super) fn same_body(one: &[u8], other: &[u8]) -> bool {
    let parts = |body: &[u8]| {
        let text = String::from_utf8(body.to_vec()).unwrap();
        let part = |line: &str| match (line.split_once(';'), line.split_once(':')) {
            (Some((size, rest)), _) => (size.to_lowercase(), String::from(rest)),
            (_, Some((name, value))) => (name.to_lowercase(), String::from(value)),
            _ => (String::from(line), String::new()),
        };
        text.split("\r\n").map(part).collect::<Vec<_>>()
    };
    core::str::from_utf8(other).is_ok() && parts(one) == parts(other)
}
