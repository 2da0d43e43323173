//! The HTTP/1.1 text of a signed request: its target, its head, its URL.
//!
//! What is written here is what was signed, byte for byte. The body follows the head as it is:
//! [`Body`](crate::request::Body) writes itself.

use crate::encode::uint;
use crate::request::Line;
use crate::request::Pair;
use crate::sigv4::Signed;
use crate::sink::Sink;

/// Writes path and query, as the request line has them.
pub fn target(signed: &Signed<'_>, to: &mut dyn Sink) {
    signed.wire_path(to);
    signed.wire_query(to);
}

/// Writes the whole URL: the thing to hand out of a presigned request.
pub fn url(signed: &Signed<'_>, to: &mut dyn Sink) {
    signed.endpoint().write_origin(to);
    target(signed, to);
}

/// Writes the head: the request line, the headers, and the empty line behind them.
///
/// `extra` are headers that are not signed and not the request's own, such as `user-agent`;
/// `content_length` is the length of the body in bytes, or none where the request has none. It is left
/// out where the request says it itself, or sends its body in another way (`transfer-encoding`).
/// Names are written in lower case.
///
/// A [`Request`](crate::request::Request) is valid, but credentials, a host and `extra` are texts from
/// elsewhere. What no header may hold is left out of them, so no text can begin a line of its own.
///
/// ```
/// use tucuxi_core::endpoint::Endpoint;
/// use tucuxi_core::request::{Pair, Raw};
/// use tucuxi_core::sigv4::Signed;
/// use tucuxi_core::sink::Cursor;
/// use tucuxi_core::wire;
///
/// let mut pairs = [Pair::EMPTY; 4];
/// let request = Raw::from_url("http://localhost:9000/a b?acl", &mut pairs).unwrap().finish().unwrap();
/// let signed = Signed::anonymous(&request, Endpoint::new(false, "localhost:9000", "s3", "us-east-1"));
/// let mut room = [0; 64];
/// let mut head = Cursor::new(&mut room);
/// wire::head(&signed, &[], None, &mut head);
/// assert_eq!(head.finish().unwrap(), b"GET /a%20b?acl HTTP/1.1\r\nhost: localhost:9000\r\n\r\n");
/// ```
pub fn head(signed: &Signed<'_>, extra: &[Pair<'_>], content_length: Option<u64>, to: &mut dyn Sink) {
    to.put(signed.request().method().as_str().as_bytes());
    to.put(b" ");
    target(signed, to);
    to.put(b" HTTP/1.1\r\n");
    for header in signed.headers() {
        header.write_name(to);
        to.put(b": ");
        header.write_value(to);
        to.put(b"\r\n");
    }
    for pair in extra {
        pair.write_name(&mut Line(to));
        to.put(b": ");
        pair.write_value(&mut Line(to));
        to.put(b"\r\n");
    }
    let request = signed.request();
    // One that is given is signed, and two would let a proxy choose (RFC 9112, 6.3).
    let said =
        is_among(request.headers(), "content-length") || is_among(request.unsigned(), "transfer-encoding");
    if let Some(length) = content_length
        && !said
    {
        to.put(b"content-length: ");
        uint(length, to);
        to.put(b"\r\n");
    }
    to.put(b"\r\n");
}

fn is_among(pairs: &[Pair<'_>], name: &str) -> bool {
    pairs.iter().any(|pair| pair.is_named(name.as_bytes()))
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::string::String;

    use super::*;
    use crate::encode::tests::written;
    use crate::endpoint::Endpoint;
    use crate::request::Raw;
    use crate::request::Value;
    use crate::sigv4::Credentials;
    use crate::sigv4::Payload;
    use crate::sigv4::Rules;
    use crate::sigv4::Signer;
    use crate::sigv4::SigningKey;
    use crate::time::Time;

    fn text(write: impl FnOnce(&mut dyn Sink)) -> String {
        String::from_utf8(written(write)).unwrap()
    }

    #[test]
    fn a_length_is_said_once() {
        for (given, length, expected) in [
            (None, None, ""),
            (None, Some(0), "content-length: 0\r\n"),
            (None, Some(u64::MAX), "content-length: 18446744073709551615\r\n"),
            (Some(("Content-Length", "5")), Some(5), "content-length: 5\r\n"),
            (Some(("content-length", "5")), None, "content-length: 5\r\n"),
            (Some(("Transfer-Encoding", "chunked")), Some(5), "transfer-encoding: chunked\r\n"),
        ] {
            let mut pairs = [Pair::EMPTY; 2];
            let mut raw = Raw::from_url("http://h", &mut pairs).unwrap();
            if let Some((name, value)) = given {
                raw.header(name, value);
            }
            let request = raw.finish().unwrap();
            let signed = Signed::anonymous(&request, Endpoint::new(false, "h", "s3", "r"));
            let expected = std::format!("GET / HTTP/1.1\r\nhost: h\r\n{expected}\r\n");
            assert_eq!(text(|to| head(&signed, &[], length, to)), expected);
        }
    }

    #[test]
    fn headers_come_host_first_and_as_given() {
        let mut pairs = [Pair::EMPTY; 8];
        let mut raw = Raw::from_url("http://h:1", &mut pairs).unwrap();
        raw.header("Expect", "100-continue");
        raw.header("Zz", "  a\t b ");
        raw.header("A", "");
        let request = raw.finish().unwrap();
        let signed = Signed::anonymous(&request, Endpoint::new(false, "h:1", "s3", "r"));
        let extra = [Pair::new("User-Agent", Value::Text("u")), Pair::new("n", Value::Int(1))];
        assert_eq!(
            text(|to| head(&signed, &extra, None, to)),
            "GET / HTTP/1.1\r\nhost: h:1\r\na: \r\nzz:   a\t b \r\nexpect: 100-continue\r\nuser-agent: u\r\nn: 1\r\n\r\n"
        );
    }

    #[test]
    fn no_text_begins_a_line_of_its_own() {
        const EVIL: &str = "a\r\nx: y\0\u{e9}";
        let credentials = Credentials::new(EVIL, EVIL).with_token(Some(EVIL));
        let now = Time::from_seconds(0);
        let key = SigningKey::derive(&credentials, now, EVIL, EVIL);
        let signer = Signer::new(&credentials, &key, Rules::S3);
        let mut pairs = [Pair::EMPTY; 2];
        let request = Raw::from_url("http://h", &mut pairs).unwrap().finish().unwrap();
        let endpoint = Endpoint::new(false, EVIL, EVIL, EVIL);
        let extra = [Pair::new(EVIL, Value::Text(EVIL))];
        let signed = signer.sign(&request, endpoint, now, Payload::Literal(EVIL));
        let lines = text(|to| head(&signed, &extra, None, to));
        assert!(lines.bytes().all(|byte| byte.is_ascii_graphic() || b" \r\n".contains(&byte)), "{lines}");
        let names: std::vec::Vec<_> =
            lines.split("\r\n").skip(1).map(|line| line.split(": ").next().unwrap()).collect();
        assert_eq!(
            names,
            [
                "host",
                "x-amz-content-sha256",
                "x-amz-date",
                "x-amz-security-token",
                "authorization",
                "ax",
                "",
                ""
            ]
        );
        let signed = signer.presign(
            &request,
            endpoint,
            now,
            Payload::Unsigned,
            crate::sigv4::Expires::from_seconds(1).unwrap(),
        );
        let url = text(|to| url(&signed, to));
        assert!(url.starts_with("http://ax: y/?X-Amz-Algorithm="), "{url}");
        assert!(url.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' '), "{url}");
    }
}
