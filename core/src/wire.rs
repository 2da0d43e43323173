//! The HTTP/1.1 text of a signed request: its target, its head, its URL.
//!
//! What is written here is what was signed, byte for byte. The body follows the head as it is:
//! [`Body`](crate::request::Body) writes itself.

use crate::encode::uint;
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
    to.put(if signed.endpoint().https() { b"https://" } else { b"http://" });
    to.put(signed.endpoint().authority().as_bytes());
    target(signed, to);
}

/// Writes the head: the request line, the headers, and the empty line behind them.
///
/// `extra` are headers that are not signed and not the request's own, such as `user-agent`;
/// `content_length` is the length of the body in bytes, or none where the request has none.
/// Names are written in lower case.
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
    let request = signed.request();
    to.put(request.method().as_str().as_bytes());
    to.put(b" ");
    target(signed, to);
    to.put(b" HTTP/1.1\r\n");
    for (name, value) in signed.own_headers() {
        to.put(name.as_bytes());
        to.put(b": ");
        signed.own(value, to);
        to.put(b"\r\n");
    }
    for pair in request.headers().iter().chain(request.unsigned()).chain(extra) {
        pair.write_name(to);
        to.put(b": ");
        pair.value().write(to);
        to.put(b"\r\n");
    }
    if let Some(length) = content_length {
        to.put(b"content-length: ");
        uint(length, to);
        to.put(b"\r\n");
    }
    to.put(b"\r\n");
}
