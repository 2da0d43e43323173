//! What the rules of AWS and of RFC 3986 say, in the plainest way.

use tucuxi_core::sigv4::Dots;
use tucuxi_core::sigv4::PathEncoding;

/// What a path is sent as, and what its canonical form is.
pub(crate) fn path_model(path: &str, encoding: PathEncoding, dots: Dots) -> (String, String) {
    let each = |spell: &dyn Fn(&str) -> String| -> Vec<String> { path.split('/').map(spell).collect() };
    let sent = match encoding {
        PathEncoding::Once => each(&|segment| encoded(&decoded(segment.as_bytes()))),
        PathEncoding::Twice => each(&as_in_url),
    };
    let kept = match dots {
        Dots::Kept => sent.clone(),
        Dots::Resolved => {
            let mut kept: Vec<String> = Vec::new();
            for segment in &sent {
                match &**segment {
                    "" | "." => {}
                    ".." => drop(kept.pop()),
                    name => kept.push(name.to_owned()),
                }
            }
            let directory = matches!(sent.last().map_or("", String::as_str), "" | "." | "..");
            kept.insert(0, String::new());
            if kept.len() == 1 || directory {
                kept.push(String::new());
            }
            kept
        }
    };
    let canonical: Vec<String> = match encoding {
        PathEncoding::Once => kept,
        PathEncoding::Twice => kept.iter().map(|segment| encoded(segment.as_bytes())).collect(),
    };
    (sent.join("/"), canonical.join("/"))
}

/// What a query is sent as, with its question mark, and what its canonical form is.
pub(crate) fn query_model(query: &str) -> (String, String) {
    let mut pairs: Vec<(String, Option<String>)> = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let spell = |text: &str| encoded(&decoded(text.as_bytes()));
        pairs.push(match pair.split_once('=') {
            Some((name, value)) => (spell(name), Some(spell(value))),
            None => (spell(pair), None),
        });
    }
    pairs.sort_by_key(|(name, value)| (name.clone(), value.clone().unwrap_or_default()));
    let whole =
        |(name, value): &(String, Option<String>)| format!("{name}={}", value.as_deref().unwrap_or(""));
    let canonical: Vec<String> = pairs.iter().map(whole).collect();
    let sent = pairs.iter().map(|pair| if pair.1.is_none() { pair.0.clone() } else { whole(pair) });
    let sent: Vec<String> = sent.collect();
    let mark = if sent.is_empty() { "" } else { "?" };
    (format!("{mark}{}", sent.join("&")), canonical.join("&"))
}

pub(crate) fn encoded(bytes: &[u8]) -> String {
    encoded_but(bytes, b'\0')
}

/// Percent-encoded, but for one byte that has to be escaped all the same where it is NUL.
pub(crate) fn encoded_but(bytes: &[u8], kept: u8) -> String {
    let mut text = String::new();
    for &byte in bytes {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || (byte == kept && kept != 0) {
            text.push(char::from(byte));
        } else {
            text.push('%');
            text.push(char::from_digit(u32::from(byte / 16), 16).unwrap().to_ascii_uppercase());
            text.push(char::from_digit(u32::from(byte % 16), 16).unwrap().to_ascii_uppercase());
        }
    }
    text
}

/// What a percent sign and two digits stand for, at the start of a text.
pub(crate) fn escape(text: &[u8]) -> Option<u8> {
    let digit = |at: usize| text.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let byte = digit(1)? * 16 + digit(2)?;
    (text[0] == b'%').then(|| u8::try_from(byte).unwrap())
}

pub(crate) fn decoded(text: &[u8]) -> Vec<u8> {
    let (mut bytes, mut at) = (Vec::new(), 0);
    while at < text.len() {
        let found = escape(&text[at..]);
        bytes.push(found.unwrap_or(text[at]));
        at += if found.is_some() { 3 } else { 1 };
    }
    bytes
}

/// A segment with only that escaped which may not stand in a URL.
pub(crate) fn as_in_url(segment: &str) -> String {
    let (bytes, mut text) = (segment.as_bytes(), String::new());
    for (at, byte) in bytes.iter().enumerate() {
        let escapes = *byte == b'%' && escape(&bytes[at..]).is_some();
        if escapes || b"!$&'()*+,;=:@".contains(byte) {
            text.push(char::from(*byte));
        } else {
            text.push_str(&encoded(&[*byte]));
        }
    }
    text
}
