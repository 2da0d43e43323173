//! The HTTP/1.1 text of a signed request: its target, its head, its URL.
//!
//! What is written here is what was signed, byte for byte. The body follows the head as it is:
//! [`Body`](crate::request::Body) writes itself.

use crate::encode::uint;
use crate::request::Pair;
use crate::request::visible;
use crate::sigv4::Signed;
use crate::sink::Sink;

/// Writes path and query, as the request line has them.
pub fn target(signed: &Signed<'_>, to: &mut dyn Sink) {
    signed.wire_path(to);
    signed.wire_query(to);
}

/// Writes the whole URL: the thing to hand out of a presigned request.
pub fn url(signed: &Signed<'_>, to: &mut dyn Sink) {
    to.put(if signed.endpoint().https() { b"https://" } else { b"http://" });
    Line(to).put(signed.endpoint().authority().as_bytes());
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
/// elsewhere. What no header may hold of them is left out, so no text can begin a line of its own; a
/// server then refuses the signature.
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
        header.write_name(&mut Line(to));
        to.put(b": ");
        header.write_value(&mut Line(to));
        to.put(b"\r\n");
    }
    for pair in extra {
        pair.write_name(&mut Line(to));
        to.put(b": ");
        pair.value().write(&mut Line(to));
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

/// Passes on what may stand in a header.
struct Line<'s>(&'s mut dyn Sink);

impl Sink for Line<'_> {
    fn put(&mut self, bytes: &[u8]) {
        for run in bytes.split(|byte| !visible(*byte)).filter(|run| !run.is_empty()) {
            self.0.put(run);
        }
    }
}

fn is_among(pairs: &[Pair<'_>], name: &str) -> bool {
    pairs.iter().any(|pair| pair.lower_name().eq(name.bytes()))
}
