//! What goes out, taken apart, and the rules by which it is compared with what was asked for.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use tucuxi_core::sigv4::Signed;
use tucuxi_core::sink::Sink;
use tucuxi_core::wire;

/// The headers that are sent and not signed.
pub(crate) const UNSIGNED: [&str; 14] = [
    "baggage",
    "connection",
    "expect",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "traceparent",
    "tracestate",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "x-amzn-trace-id",
];

/// The headers that signing adds, the host aside.
pub(crate) const OWN: [&str; 6] = [
    "authorization",
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-region-set",
    "x-amz-s3session-token",
    "x-amz-security-token",
];

pub(crate) type Check<'c> = &'c dyn Fn(&Sent) -> TestCaseResult;

/// A request as it goes out, taken apart.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) method: String,
    /// The request's own part: without what presigning adds.
    pub(crate) url: String,
    /// In order; without those that signing adds.
    pub(crate) headers: Vec<(String, String)>,
    /// What signing adds.
    pub(crate) proof: BTreeSet<(String, String)>,
    pub(crate) in_query: bool,
}

impl Sent {
    pub(crate) fn of(signed: &Signed<'_>, in_query: bool) -> Self {
        let head = String::from_utf8(written(|to| wire::head(signed, &[], None, to))).unwrap();
        let url = String::from_utf8(written(|to| wire::url(signed, to))).unwrap();
        assert!(
            head.is_ascii() && head.bytes().all(|byte| !byte.is_ascii_control() || b"\r\n\t".contains(&byte))
        );
        let mut lines = head.strip_suffix("\r\n\r\n").unwrap().split("\r\n");
        let line: Vec<_> = lines.next().unwrap().split(' ').collect();
        let &[method, target, "HTTP/1.1"] = &line[..] else { panic!("{head}") };
        assert!(url.ends_with(target));
        let headers: Vec<(&str, &str)> = lines.map(|line| line.split_once(": ").unwrap()).collect();
        assert_eq!(headers[0].0, "host");
        let own = |(name, _): &&(&str, &str)| OWN.contains(name);
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let mut proof: BTreeSet<_> = headers.iter().filter(own).map(owned).collect();
        assert!(proof.len() <= OWN.len());
        let (mut url, mut headers): (_, Vec<_>) =
            (url, headers.iter().filter(|header| !own(header)).map(owned).collect());
        if in_query {
            assert!(proof.is_empty());
            let at = url.find("X-Amz-Algorithm=").unwrap();
            let added = url.split_off(at);
            url.pop();
            proof = added
                .split('&')
                .map(|pair| pair.split_once('=').unwrap())
                .map(|(name, value)| (name.to_owned(), String::from_utf8(decoded(value)).unwrap()))
                .collect();
        }
        // The host of the URL goes without saying, so that both work it out.
        if url.split('/').nth(2).unwrap().split('?').next() == Some(headers[0].1.as_str()) {
            headers.remove(0);
        }
        Self { method: method.to_owned(), url, headers, proof, in_query }
    }

    pub(crate) fn target(&self) -> &str {
        let from = self.url.find("://").unwrap() + 3;
        &self.url[from + self.url[from..].find('/').unwrap()..]
    }

    pub(crate) fn path(&self) -> &str {
        self.target().split('?').next().unwrap()
    }

    pub(crate) fn query(&self) -> &str {
        self.target().split_once('?').map_or("", |(_, query)| query)
    }

    pub(crate) fn signed_headers(&self) -> impl Iterator<Item = (&str, &str)> {
        let headers = self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        headers.filter(|(name, _)| !UNSIGNED.contains(name))
    }

    /// The query is that of these names and values, in the order in which it is signed.
    pub(crate) fn has_query(
        &self,
        pairs: impl Iterator<Item = (Vec<u8>, Option<Vec<u8>>)>,
    ) -> TestCaseResult {
        let mut expected: Vec<_> =
            pairs.map(|(name, value)| (encoded(&name, ""), value.map(|value| encoded(&value, "")))).collect();
        expected.sort_by_key(|(name, value)| (name.clone(), value.clone().unwrap_or_default()));
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(name, value)| match value {
                None if !name.is_empty() => name,
                value => format!("{name}={}", value.unwrap_or_default()),
            })
            .collect();
        prop_assert_eq!(self.query(), expected.join("&"));
        Ok(())
    }

    /// The headers are these in any order, those of one name in this.
    pub(crate) fn has_headers(&self, headers: &[(&str, &str)]) -> TestCaseResult {
        let mut expected: Vec<_> =
            headers.iter().map(|(name, value)| (name.to_lowercase(), (*value).to_owned())).collect();
        let mut got: Vec<_> = self.headers.iter().filter(|(name, _)| name != "host").cloned().collect();
        expected.sort_by(|one, other| one.0.cmp(&other.0));
        got.sort_by(|one, other| one.0.cmp(&other.0));
        prop_assert_eq!(got, expected);
        Ok(())
    }
}

pub(crate) fn written(write: impl FnOnce(&mut dyn Sink)) -> Vec<u8> {
    struct Bytes(Vec<u8>);
    impl Sink for Bytes {
        fn put(&mut self, bytes: &[u8]) {
            self.0.extend_from_slice(bytes);
        }
    }
    let mut bytes = Bytes(Vec::new());
    write(&mut bytes);
    bytes.0
}

pub(crate) fn encoded(text: &[u8], kept: &str) -> String {
    let stays =
        |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || kept.as_bytes().contains(&byte);
    text.iter()
        .map(|&byte| if stays(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// An escape at the start of a text.
pub(crate) fn escape(text: &[u8]) -> Option<u8> {
    let digits = text.strip_prefix(b"%")?.get(..2)?;
    digits.iter().all(u8::is_ascii_hexdigit).then(|| hex::decode(digits).unwrap()[0])
}

pub(crate) fn decoded(text: &str) -> Vec<u8> {
    let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
    while let Some((&byte, after)) = rest.split_first() {
        let found = escape(rest);
        bytes.push(found.unwrap_or(byte));
        rest = if found.is_some() { &rest[3..] } else { after };
    }
    bytes
}

/// A path of a URL as it goes to S3.
pub(crate) fn once(path: &str) -> String {
    let segments: Vec<_> = path.split('/').map(|segment| encoded(&decoded(segment), "")).collect();
    segments.join("/")
}

/// A path of a URL as it goes to services that are not S3: what may stand in a URL stays.
pub(crate) fn as_in_url(path: &str) -> String {
    let (mut text, mut rest) = (String::new(), path.as_bytes());
    while !rest.is_empty() {
        let stays =
            if escape(rest).is_some() { 3 } else { usize::from(b"/!$&'()*+,;=:@".contains(&rest[0])) };
        text.push_str(&if stays > 0 {
            String::from_utf8(rest[..stays].to_vec()).unwrap()
        } else {
            encoded(&rest[..1], "")
        });
        rest = &rest[stays.max(1)..];
    }
    text
}
