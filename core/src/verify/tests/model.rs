//! The canonical request written plainly, from AWS's page alone and with strings: nothing of the signer is used.

extern crate std;

use std::format;
use std::string::String;
use std::string::ToString as _;
use std::vec::Vec;

/// A request as it went over the wire, and how its service canonicalises.
#[derive(Clone, Debug)]
pub(super) struct Wire {
    pub(super) method: String,
    pub(super) target: String,
    pub(super) headers: Vec<(String, String)>,
    /// The path is encoded once more.
    pub(super) twice: bool,
    /// The path is resolved.
    pub(super) resolved: bool,
    /// The token is not signed.
    pub(super) added: bool,
    /// What is said of the body where no header says it.
    pub(super) payload: String,
}

impl Wire {
    fn path_and_query(&self) -> (&str, &str) {
        self.target.split_once('?').unwrap_or((&self.target, ""))
    }

    fn parameter(&self, name: &str) -> Option<String> {
        let (_, query) = self.path_and_query();
        let mut pairs = query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        let value = pairs.find(|(given, _)| unescaped(given) == name.as_bytes())?.1;
        Some(String::from_utf8_lossy(&unescaped(value)).into_owned())
    }

    fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers.find(|(given, _)| given.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub(super) fn signed_headers(&self) -> Vec<String> {
        let list = self.header("authorization").and_then(|value| {
            Some(value.split_once("SignedHeaders=")?.1.split([',', ' ']).next().unwrap_or("").to_string())
        });
        let list = list.or_else(|| self.parameter("X-Amz-SignedHeaders")).unwrap_or_default();
        list.split(';').map(String::from).collect()
    }

    /// The canonical request.
    pub(super) fn canonical(&self) -> String {
        let (path, query) = self.path_and_query();
        let mut path = path.to_string();
        if !self.twice {
            path = path.split('/').map(|segment| escaped(&unescaped(segment))).collect::<Vec<_>>().join("/");
        }
        if self.resolved {
            path = resolved(&path);
        }
        if self.twice {
            let sent = |segment: &str| escaped(as_sent(segment).as_bytes());
            path = path.split('/').map(sent).collect::<Vec<_>>().join("/");
        }
        let mut pairs: Vec<(String, String)> = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let added = self.added && self.parameter("X-Amz-Signature").is_some();
            let name = escaped(&unescaped(name));
            let in_query = self.parameter("X-Amz-Signature").is_some();
            if in_query && (name == "X-Amz-Signature" || (added && name == "X-Amz-Security-Token")) {
                continue;
            }
            pairs.push((name, escaped(&unescaped(value))));
        }
        pairs.sort();
        let query: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let names = self.signed_headers();
        let mut lines = String::new();
        for name in &names {
            let values = self.headers.iter().filter(|(given, _)| given.to_lowercase() == *name);
            let words = |value: &String| {
                value.split([' ', '\t']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
            };
            let values: Vec<String> = values.map(|(_, value)| words(value)).collect();
            lines += &format!("{name}:{}\n", values.join(","));
        }
        let payload = self.header("x-amz-content-sha256").map_or(&*self.payload, str::trim);
        format!("{}\n{path}\n{}\n{lines}\n{}\n{payload}", self.method, query.join("&"), names.join(";"))
    }
}

/// The bytes of a percent-encoded text. A `%` without digits is one.
fn unescaped(text: &str) -> Vec<u8> {
    let (bytes, mut out, mut at) = (text.as_bytes(), Vec::new(), 0);
    while at < bytes.len() {
        let digits = bytes.get(at + 1..at + 3).and_then(|digits| core::str::from_utf8(digits).ok());
        let byte = digits.filter(|d| !d.starts_with('+')).and_then(|d| u8::from_str_radix(d, 16).ok());
        match byte.filter(|_| bytes[at] == b'%') {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    out
}

/// `UriEncode`.
fn escaped(bytes: &[u8]) -> String {
    let mut out = String::new();
    for byte in bytes {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(*byte))
            }
            _ => out += &format!("%{byte:02X}"),
        }
    }
    out
}

/// A segment as a URL has it: what may not stand there is encoded.
fn as_sent(segment: &str) -> String {
    let mut out = String::new();
    for (at, byte) in segment.bytes().enumerate() {
        let escape = byte == b'%' && {
            let digits = segment.as_bytes().get(at + 1..at + 3);
            digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
        };
        if escape || byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out += &format!("%{byte:02X}");
        }
    }
    out
}

/// A path without its dots and empty segments.
fn resolved(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(kept.pop()),
            name => kept.push(name),
        }
    }
    let directory = matches!(path.rsplit('/').next(), Some("" | "." | ".."));
    let mut out: String = kept.iter().map(|segment| format!("/{segment}")).collect();
    if kept.is_empty() || directory {
        out.push('/');
    }
    out
}

/// A target with the digits of its escapes in lower case.
pub(super) fn respelled(target: &str) -> String {
    let (mut out, mut digits) = (String::new(), 0);
    for char in target.chars() {
        out.push(if digits > 0 { char.to_ascii_lowercase() } else { char });
        digits = if char == '%' { 2 } else { i32::max(digits - 1, 0) };
    }
    out
}
