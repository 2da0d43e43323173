//! The URL of an endpoint, and the names that may become part of a host.
//!
//! [`Url`] takes apart what a user configures as `endpoint_url`: scheme, host, port, path, and
//! nothing more. It is no general URL type: there is no escaping, no joining and no query, since a
//! query or a fragment at the end of an endpoint is a mistake that would otherwise be signed. What
//! it lets through can go into a request line and a `Host` header as it is.
//!
//! [`host_label`] and [`region`] are asked before a name that came from outside is put in front of
//! `.amazonaws.com`: a region of `x@evil.example/#` must not send credentials there.

use core::fmt;
use core::net::{Ipv4Addr, Ipv6Addr};

/// The URL of an endpoint, taken apart and valid.
///
/// ```
/// use tucuxi_core::uri::{Scheme, Url, UrlError};
///
/// let url = Url::parse("http://localhost:9000/base")?;
/// assert_eq!((url.scheme(), url.host(), url.port()), (Scheme::Http, "localhost", 9000));
/// assert_eq!((url.authority(), url.path()), ("localhost:9000", "/base"));
///
/// assert_eq!(Url::parse("https://s3.example.com:443")?.authority(), "s3.example.com");
/// assert_eq!(Url::parse("https://key:secret@s3.example.com"), Err(UrlError::UserInfo { at: 8 }));
/// # Ok::<(), UrlError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Url<'a> {
    scheme: Scheme,
    host: &'a str,
    port: u16,
    authority: &'a str,
    path: &'a str,
}

impl<'a> Url<'a> {
    /// Takes a URL apart.
    ///
    /// A host is a name of letters, digits, `-`, `_` and `.`, an IPv4 address, or an IPv6 address
    /// in brackets. Underscores are in no DNS name, but in those of container networks.
    ///
    /// # Errors
    ///
    /// [`UrlError`] for the first thing, from left to right, that an endpoint must not have.
    pub fn parse(text: &'a str) -> Result<Self, UrlError> {
        // Before anything else, so that no part can carry a line break into a header.
        if let Some(at) = text.bytes().position(|byte| !byte.is_ascii_graphic()) {
            return Err(UrlError::Character { at });
        }
        let (scheme, start) = if starts_with_ignoring_case(text, "https://") {
            (Scheme::Https, 8)
        } else if starts_with_ignoring_case(text, "http://") {
            (Scheme::Http, 7)
        } else {
            return Err(UrlError::Scheme);
        };
        let rest = text.get(start..).unwrap_or_default();
        let (written, path) = rest
            .split_at_checked(rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len()))
            .unwrap_or((rest, ""));
        if written.contains('@') {
            return Err(UrlError::UserInfo { at: start });
        }
        let host_ends = match written.find(']') {
            Some(bracket) => bracket.saturating_add(1),
            None => written.find(':').unwrap_or(written.len()),
        };
        let (host, port) = written.split_at_checked(host_ends).unwrap_or((written, ""));
        check_host(host, start)?;
        let port_at = start.saturating_add(host_ends);
        let (port, authority) = match port.strip_prefix(':') {
            None if port.is_empty() => (scheme.port(), host),
            None => return Err(UrlError::Host { at: port_at }),
            Some(digits) => {
                let port = parse_port(digits).ok_or(UrlError::Port { at: port_at })?;
                (port, if port == scheme.port() { host } else { written })
            }
        };
        check_path(path, start.saturating_add(written.len()))?;
        Ok(Self { scheme, host, port, authority, path })
    }

    /// Whether to speak TLS.
    #[must_use]
    pub const fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The host to connect to, as written; an IPv6 address in its brackets.
    #[must_use]
    pub const fn host(&self) -> &'a str {
        self.host
    }

    /// The port to connect to: that of the scheme when none is written.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Host and port as they go into the `Host` header: the port only where it is not that of the
    /// scheme.
    ///
    /// See [RFC 9110, section 4.2.3](https://www.rfc-editor.org/rfc/rfc9110#section-4.2.3).
    #[must_use]
    pub const fn authority(&self) -> &'a str {
        self.authority
    }

    /// The path as written: empty, or starting with `/`. It may end with `/`.
    #[must_use]
    pub const fn path(&self) -> &'a str {
        self.path
    }
}

/// How to speak to an endpoint.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "no service has another")]
pub enum Scheme {
    /// In the clear.
    Http,
    /// Over TLS.
    Https,
}

impl Scheme {
    /// The port that goes without saying.
    #[must_use]
    pub const fn port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

/// Why a text is no URL of an endpoint. Returned by [`Url::parse`].
///
/// Offsets are in bytes from the start of the text. The text itself is not repeated, since it may
/// hold a password.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum UrlError {
    /// A space, a control character, or something outside ASCII.
    Character {
        /// Where it is.
        at: usize,
    },
    /// A `#`.
    Fragment {
        /// Where it is.
        at: usize,
    },
    /// The host is empty, or neither a name nor an address.
    Host {
        /// Where the host starts, or what follows it that is no port.
        at: usize,
    },
    /// The path has a character that has to be percent-encoded, or a `%` without two hex digits.
    Path {
        /// Where it is.
        at: usize,
    },
    /// The port is not a number from 1 to 65535 without leading zeros.
    Port {
        /// Where its colon is.
        at: usize,
    },
    /// A `?`.
    Query {
        /// Where it is.
        at: usize,
    },
    /// The text starts with neither `https://` nor `http://`.
    Scheme,
    /// A user name or password.
    UserInfo {
        /// Where it starts.
        at: usize,
    },
}

impl fmt::Display for UrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, at) = match *self {
            Self::Character { at } => ("a space, control or non-ascii character in the url", at),
            Self::Fragment { at } => ("a fragment in the url", at),
            Self::Host { at } => ("no valid host in the url", at),
            Self::Path { at } => ("a character in the path of the url that has to be percent-encoded", at),
            Self::Port { at } => ("no valid port in the url", at),
            Self::Query { at } => ("a query in the url", at),
            Self::Scheme => return f.write_str("the url starts with neither https:// nor http://"),
            Self::UserInfo { at } => ("a user name or password in the url", at),
        };
        write!(f, "{what} at byte {at}")
    }
}

impl core::error::Error for UrlError {}

/// Whether `text` is a label of a host name: 1 to 63 letters, digits and hyphens, with no hyphen
/// at either end.
///
/// The whole text counts, byte by byte: a line break at its end is not forgiven. See
/// [RFC 1123, section 2.1](https://www.rfc-editor.org/rfc/rfc1123#section-2.1).
///
/// ```
/// use tucuxi_core::uri::host_label;
///
/// assert!(host_label("us-east-1") && host_label("1"));
/// assert!(!host_label("") && !host_label("us-east-1\n") && !host_label("a.b") && !host_label("-a"));
/// ```
#[must_use]
pub const fn host_label(text: &str) -> bool {
    let [first, rest @ ..] = text.as_bytes() else { return false };
    if text.len() > 63 || !first.is_ascii_alphanumeric() {
        return false;
    }
    let (mut rest, mut last) = (rest, *first);
    while let [next, more @ ..] = rest {
        if !next.is_ascii_alphanumeric() && *next != b'-' {
            return false;
        }
        (rest, last) = (more, *next);
    }
    last != b'-'
}

/// Whether `text` may be the name of a region: a [`host_label`] that is not all digits.
///
/// Regions that do not exist yet pass.
#[must_use]
pub fn region(text: &str) -> bool {
    host_label(text) && !text.bytes().all(|byte| byte.is_ascii_digit())
}

fn starts_with_ignoring_case(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// A port in decimal; u16's own parser would take a sign and leading zeros.
fn parse_port(digits: &str) -> Option<u16> {
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    if plain { digits.parse().ok() } else { None }
}

fn check_host(host: &str, at: usize) -> Result<(), UrlError> {
    let wrong = Err(UrlError::Host { at });
    if let Some(bracketed) = host.strip_prefix('[') {
        let address = bracketed.strip_suffix(']').and_then(|text| text.parse::<Ipv6Addr>().ok());
        return if address.is_some() { Ok(()) } else { wrong };
    }
    // A dot at the end marks a name as complete; it is no empty label.
    let name = host.strip_suffix('.').unwrap_or(host);
    let label = |label: &str| {
        let known = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        known && (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-')
    };
    if name.len() > 253 || !name.split('.').all(label) {
        return wrong;
    }
    // What ends in a number is an address to some resolvers, in notations that hide which one.
    let last = name.rsplit('.').next().unwrap_or_default();
    let number = last.bytes().all(|byte| byte.is_ascii_digit()) || starts_with_ignoring_case(last, "0x");
    if number && host.parse::<Ipv4Addr>().is_err() { wrong } else { Ok(()) }
}

/// Checks that a path is empty or made of RFC 3986's `pchar` and `/`.
fn check_path(path: &str, start: usize) -> Result<(), UrlError> {
    let mut bytes = (start..).zip(path.bytes());
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'?' => return Err(UrlError::Query { at }),
            b'#' => return Err(UrlError::Fragment { at }),
            b'%' => {
                let hex = |pair: Option<(usize, u8)>| pair.is_some_and(|(_, byte)| byte.is_ascii_hexdigit());
                if !hex(bytes.next()) || !hex(bytes.next()) {
                    return Err(UrlError::Path { at });
                }
            }
            b'"' | b'<' | b'>' | b'[' | b'\\' | b']' | b'^' | b'`' | b'{' | b'|' | b'}' => {
                return Err(UrlError::Path { at });
            }
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_come_apart() {
        for (text, scheme, host, port, authority, path) in [
            ("https://s3.eu-west-1.amazonaws.com", Scheme::Https, "s3.eu-west-1.amazonaws.com", 443, "", ""),
            ("HTTPS://Example.com/", Scheme::Https, "Example.com", 443, "", "/"),
            ("http://localhost:80", Scheme::Http, "localhost", 80, "", ""),
            ("http://localhost:443/", Scheme::Http, "localhost", 443, "localhost:443", "/"),
            ("https://host:443/a%20b/", Scheme::Https, "host", 443, "", "/a%20b/"),
            ("http://127.0.0.1:9000", Scheme::Http, "127.0.0.1", 9000, "127.0.0.1:9000", ""),
            ("http://[fd00:ec2::254]", Scheme::Http, "[fd00:ec2::254]", 80, "", ""),
            ("http://[::1]:9000/b", Scheme::Http, "[::1]", 9000, "[::1]:9000", "/b"),
            ("http://my_minio:1", Scheme::Http, "my_minio", 1, "my_minio:1", ""),
            ("http://host.:65535//a/../b@c:d", Scheme::Http, "host.", 65535, "host.:65535", "//a/../b@c:d"),
        ] {
            let authority = if authority.is_empty() { host } else { authority };
            assert_eq!(Url::parse(text), Ok(Url { scheme, host, port, authority, path }), "{text}");
        }
    }

    #[test]
    fn what_an_endpoint_must_not_have_is_refused_where_it_is() {
        for (text, error) in [
            ("", UrlError::Scheme),
            ("s3.example.com", UrlError::Scheme),
            ("ftp://host", UrlError::Scheme),
            ("https:/host", UrlError::Scheme),
            ("//host", UrlError::Scheme),
            (" https://host", UrlError::Character { at: 0 }),
            ("https://host\n", UrlError::Character { at: 12 }),
            ("https://ho\0st", UrlError::Character { at: 10 }),
            ("https://host/\u{e9}", UrlError::Character { at: 13 }),
            ("https://", UrlError::Host { at: 8 }),
            ("https:///path", UrlError::Host { at: 8 }),
            ("https://:443", UrlError::Host { at: 8 }),
            ("https://a..b", UrlError::Host { at: 8 }),
            ("https://.", UrlError::Host { at: 8 }),
            ("https://-a", UrlError::Host { at: 8 }),
            ("https://a-.b", UrlError::Host { at: 8 }),
            ("https://a%2eb", UrlError::Host { at: 8 }),
            ("https://a*b", UrlError::Host { at: 8 }),
            ("http://1.2.3", UrlError::Host { at: 7 }),
            ("http://256.1.1.1", UrlError::Host { at: 7 }),
            ("http://01.1.1.1", UrlError::Host { at: 7 }),
            ("http://2130706433", UrlError::Host { at: 7 }),
            ("http://127.0.0.1.", UrlError::Host { at: 7 }),
            ("http://0x7f000001", UrlError::Host { at: 7 }),
            ("http://::1", UrlError::Host { at: 7 }),
            ("http://[::1", UrlError::Host { at: 7 }),
            ("http://[]", UrlError::Host { at: 7 }),
            ("http://[fe80::1%25eth0]", UrlError::Host { at: 7 }),
            ("http://[::1]a", UrlError::Host { at: 12 }),
            ("http://a]b", UrlError::Host { at: 7 }),
            ("http://host:", UrlError::Port { at: 11 }),
            ("http://host:0", UrlError::Port { at: 11 }),
            ("http://host:080", UrlError::Port { at: 11 }),
            ("http://host:65536", UrlError::Port { at: 11 }),
            ("http://host:+1", UrlError::Port { at: 11 }),
            ("http://host:1:2", UrlError::Port { at: 11 }),
            ("https://user@host", UrlError::UserInfo { at: 8 }),
            ("https://user:pass@host/", UrlError::UserInfo { at: 8 }),
            ("https://host?a=b", UrlError::Query { at: 12 }),
            ("https://host/a?b", UrlError::Query { at: 14 }),
            ("https://host#a", UrlError::Fragment { at: 12 }),
            ("https://host/#", UrlError::Fragment { at: 13 }),
            ("https://host\\@evil", UrlError::Path { at: 12 }),
            ("https://host/%2", UrlError::Path { at: 13 }),
            ("https://host/a|b", UrlError::Path { at: 14 }),
        ] {
            assert_eq!(Url::parse(text), Err(error), "{text:?}");
        }
    }

    #[test]
    fn only_whole_labels_are_regions() {
        let long = "a2345678901234567890123456789012345678901234567890123456789012345";
        for text in ["us-east-1", "a", "US-EAST-1", "aws-global", "9a", "a--b", &long[..63]] {
            assert!(host_label(text) && region(text), "{text:?}");
        }
        assert!(host_label("123") && !region("123"));
        let injected = ["x@evil.example:443/#", "a.b", "us-east-1\n", "us_east_1", "a/b", "\u{e9}"];
        for text in ["", "-", "-a", "a-", " a", "a ", "a\0", &long[..64]].into_iter().chain(injected) {
            assert!(!host_label(text) && !region(text), "{text:?}");
        }
    }

    #[test]
    fn every_short_region_over_hostile_letters_stays_a_label() {
        const HOSTILE: &[u8] = b"a1-._@:/#?%\\ \n\0[";
        for number in 0..HOSTILE.len().pow(4) {
            let mut text = [0; 4];
            for (place, byte) in text.iter_mut().enumerate() {
                *byte = HOSTILE[(number / HOSTILE.len().pow(u32::try_from(place).unwrap())) % HOSTILE.len()];
            }
            for length in 0..=4 {
                let label = core::str::from_utf8(&text[..length]).unwrap();
                let plain = label.bytes().all(|byte| matches!(byte, b'a' | b'1' | b'-'));
                let ends = label.starts_with('-') || label.ends_with('-') || label.is_empty();
                assert_eq!(host_label(label), plain && !ends, "{label:?}");
                assert_eq!(region(label), plain && !ends && label.contains(['a', '-']), "{label:?}");
            }
        }
    }
}
