//! Which proxy a request goes through: what the variables or the program say.
//!
//! The names and their order are those of curl and, but for `ALL_PROXY`, of boto3. No connection is made
//! here, and a value that is no proxy is kept as the error that it is: whoever set it wants no way around it.

use std::fmt;

use ureq::{Proxy, ProxyProtocol};

use crate::host::Host;

/// The proxies for requests with and without TLS, and the hosts that are reached directly all the same.
#[derive(Clone)]
pub(super) struct Proxies {
    pub(super) plain: Result<Option<Proxy>, InvalidProxy>,
    pub(super) tls: Result<Option<Proxy>, InvalidProxy>,
    except: Vec<String>,
}

impl Proxies {
    /// No proxy for anything.
    pub(super) const fn none() -> Self {
        Self { plain: Ok(None), tls: Ok(None), except: Vec::new() }
    }

    /// That proxy for everything.
    pub(super) fn one(url: &str) -> Result<Self, InvalidProxy> {
        let proxy = parse(url).ok_or(InvalidProxy { variable: None })?;
        Ok(Self { plain: Ok(Some(proxy.clone())), tls: Ok(Some(proxy)), except: Vec::new() })
    }

    /// What the variables say.
    pub(super) fn of(host: &dyn Host) -> Self {
        let first = |names: [&'static str; 4]| {
            let set = |name| host.variable(name).map(|value| (name, value));
            match names.into_iter().filter(|name| may_be_read(name, host)).find_map(set) {
                Some((name, value)) if !value.trim().is_empty() => {
                    let proxy = parse(value.trim()).ok_or(InvalidProxy { variable: Some(name) })?;
                    Ok(Some(proxy))
                }
                _ => Ok(None),
            }
        };
        let except = host.variable("no_proxy").or_else(|| host.variable("NO_PROXY")).unwrap_or_default();
        Self {
            plain: first(["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"]),
            tls: first(["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]),
            except: except.split(',').map(|entry| entry.trim().to_ascii_lowercase()).collect(),
        }
    }

    /// Whether that host is reached directly, whatever the proxies are.
    pub(super) fn excepts(&self, host: &str, port: u16) -> bool {
        let host = bare(host).to_ascii_lowercase();
        self.except.iter().any(|entry| covers(entry, &host, port))
    }
}

/// In a CGI program, `HTTP_PROXY` is the header `Proxy` of whoever sent the request:
/// [httpoxy](https://httpoxy.org). Python does not read it there either.
fn may_be_read(name: &str, host: &dyn Host) -> bool {
    name != "HTTP_PROXY" || host.variable("REQUEST_METHOD").is_none()
}

/// ureq itself would go around a SOCKS proxy with no more than a warning in the log.
fn parse(url: &str) -> Option<Proxy> {
    let proxy = Proxy::new(url).ok()?;
    matches!(proxy.protocol(), ProxyProtocol::Http | ProxyProtocol::Https).then_some(proxy)
}

/// Whether an entry of `NO_PROXY` is for that host or a domain that it is in. It may name a port.
fn covers(entry: &str, host: &str, port: u16) -> bool {
    let (name, only) = match entry.rsplit_once(':') {
        Some((name, digits)) if name.ends_with(']') || !name.contains(':') => (name, Some(digits)),
        _ => (entry, None),
    };
    if only.is_some_and(|only| only.parse() != Ok(port)) {
        return false;
    }
    if name == "*" {
        return true;
    }
    let name = bare(name.trim_start_matches('*').trim_start_matches('.'));
    let inside = || host.strip_suffix(name).is_some_and(|rest| rest.ends_with('.'));
    !name.is_empty() && (host == name || inside())
}

/// A host without the brackets of an IPv6 address and the dot of a full name.
fn bare(host: &str) -> &str {
    let host = host.strip_suffix('.').unwrap_or(host);
    host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host)
}

/// The URL of a proxy is not one, or its scheme is neither `http` nor `https`. Which it is, is not shown: it
/// may hold a password.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct InvalidProxy {
    variable: Option<&'static str>,
}

impl InvalidProxy {
    /// The variable that holds it; none where the program gave it.
    #[must_use]
    pub const fn variable(&self) -> Option<&'static str> {
        self.variable
    }
}

impl fmt::Display for InvalidProxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.variable.unwrap_or("what was given"))?;
        f.write_str(" is not the url of an http or https proxy")
    }
}

impl std::error::Error for InvalidProxy {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Fake;

    fn proxies(variables: &[(&str, &str)]) -> Proxies {
        let host =
            variables.iter().fold(Fake::new(), |host, (name, value)| host.with_variable(*name, *value));
        Proxies::of(&host)
    }

    /// The hosts of the proxies for plain and TLS, or the variable that is wrong.
    fn chosen(variables: &[(&str, &str)]) -> (String, String) {
        let name = |proxy: Result<Option<Proxy>, InvalidProxy>| match proxy {
            Ok(Some(proxy)) => proxy.host().to_owned(),
            Ok(None) => "-".to_owned(),
            Err(why) => format!("!{}", why.variable().unwrap()),
        };
        let Proxies { plain, tls, .. } = proxies(variables);
        (name(plain), name(tls))
    }

    #[test]
    fn the_scheme_and_then_the_lower_case_choose() {
        for (variables, plain, tls) in [
            (&[][..], "-", "-"),
            (&[("HTTP_PROXY", "http://a:1")], "a", "-"),
            (&[("HTTPS_PROXY", "http://a:1")], "-", "a"),
            (&[("HTTPS_PROXY", "a:1")], "-", "a"),
            (
                &[("HTTP_PROXY", "http://a"), ("http_proxy", "http://b"), ("https_proxy", "https://c")],
                "b",
                "c",
            ),
            (&[("ALL_PROXY", "http://a"), ("HTTPS_PROXY", "http://b")], "a", "b"),
            (&[("ALL_PROXY", "http://a"), ("all_proxy", "http://b")], "b", "b"),
            (&[("HTTPS_PROXY", "http://a"), ("https_proxy", "")], "-", "-"),
            (&[("ALL_PROXY", "http://a"), ("http_proxy", " ")], "-", "a"),
            (&[("HTTP_PROXY", "http://a"), ("REQUEST_METHOD", "GET")], "-", "-"),
            (&[("http_proxy", "http://a"), ("REQUEST_METHOD", "GET")], "a", "-"),
        ] {
            assert_eq!(chosen(variables), (plain.to_owned(), tls.to_owned()), "{variables:?}");
        }
    }

    #[test]
    fn what_is_no_proxy_is_kept_as_an_error() {
        for value in ["socks5://a:1", "socks5h://a", "ftp://a", "http://", "http://u:p@", "a b", "http:/a"] {
            let (plain, tls) = chosen(&[("https_proxy", value), ("ALL_PROXY", "http://b")]);
            assert_eq!((plain.as_str(), tls.as_str()), ("b", "!https_proxy"), "{value}");
        }
        let why = proxies(&[("ALL_PROXY", "socks5://u:s3cret@a")]).tls.unwrap_err();
        assert_eq!(why.to_string(), "ALL_PROXY is not the url of an http or https proxy");
        assert!(!format!("{why:?}").contains("s3cret"));
        let why = Proxies::one("ftp://a").map(drop).unwrap_err();
        assert_eq!(why.to_string(), "what was given is not the url of an http or https proxy");
    }

    #[test]
    fn exceptions_are_hosts_and_the_domains_above_them() {
        for (entries, host, excepted) in [
            ("", "a.example", false),
            ("*", "a.example", true),
            ("example", "a.example", true),
            (".example", "a.example", true),
            ("*.example", "a.example", true),
            ("A.Example", "a.EXAMPLE.", true),
            ("ple", "a.example", false),
            ("b.example", "a.example", false),
            ("b.example, a.example", "a.example", true),
            ("a.example:443", "a.example", true),
            ("a.example:80", "a.example", false),
            ("*:80", "a.example", false),
            ("10.0.0.1", "10.0.0.1", true),
            ("fd00::1", "[fd00::1]", true),
            ("[fd00::1]", "[fd00::1]", true),
            ("[fd00::1]:443", "[fd00::1]", true),
            ("[fd00::1]:80", "[fd00::1]", false),
            ("fd00::2", "[fd00::1]", false),
            (".", "a.example", false),
        ] {
            assert_eq!(
                proxies(&[("NO_PROXY", entries)]).excepts(host, 443),
                excepted,
                "{entries:?} {host:?}"
            );
        }
        let both = proxies(&[("NO_PROXY", "a"), ("no_proxy", "b")]);
        assert!(both.excepts("b", 80) && !both.excepts("a", 80));
    }
}
