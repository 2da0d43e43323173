//! The way through a proxy: `CONNECT`, [RFC 9110, 9.3.6](https://www.rfc-editor.org/rfc/rfc9110#section-9.3.6).
//!
//! ureq has this too, but gives a proxy the whole time to connect for each piece of its answer.
//! Here all pieces share it.

use std::io;

use ureq::unversioned::transport::{ConnectionDetails, Transport};
use ureq::{Error, Proxy};

use super::dial::{Place, to_connect};
use super::watch::Fault;
use crate::output::base64;
use crate::transport::BrokenKind;

/// Asks the proxy at the other end of `transport` for a connection to `target`.
pub(super) fn open(
    details: &ConnectionDetails<'_>,
    proxy: &Proxy,
    target: &Place<'_>,
    transport: &mut dyn Transport,
) -> Result<(), Error> {
    let (host, port) = (target.host, target.port);
    let mut request = format!("CONNECT {host}:{port} HTTP/1.1\r\nhost: {host}:{port}\r\n");
    if let Some(user) = proxy.username() {
        request.push_str("proxy-authorization: Basic ");
        request.push_str(&base64(format!("{user}:{}", proxy.password().unwrap_or_default()).as_bytes()));
        request.push_str("\r\n");
    }
    request.push_str("\r\n");

    let mut unsent = request.as_bytes();
    while !unsent.is_empty() {
        let output = transport.buffers().output();
        let (piece, rest) = unsent.split_at(unsent.len().min(output.len()));
        output[..piece.len()].copy_from_slice(piece);
        transport.transmit_output(piece.len(), to_connect(details))?;
        unsent = rest;
    }
    loop {
        let goes_on = transport.await_input(to_connect(details))?;
        let input = transport.buffers().input();
        if let Some(end) = input.windows(4).position(|four| four == b"\r\n\r\n") {
            let status = status(input);
            // What follows comes from the target already.
            transport.buffers().input_consume(end + 4);
            return match status {
                Some(200..=299) => Ok(()),
                Some(status) => Err(failed(BrokenKind::Connect, format!("the proxy answered {status}"))),
                None => Err(failed(BrokenKind::Protocol, "the proxy does not speak HTTP/1.1".to_owned())),
            };
        }
        if !goes_on {
            return Err(Fault::unsent(BrokenKind::Reset, io::ErrorKind::UnexpectedEof.into()).into());
        }
        if input.len() > LONGEST_ANSWER {
            return Err(failed(BrokenKind::Protocol, "the answer of the proxy is too long".to_owned()));
        }
    }
}

/// The status of a reply of HTTP/1.0 or 1.1, as in `HTTP/1.1 200 OK`.
fn status(reply: &[u8]) -> Option<u16> {
    let rest = reply.strip_prefix(b"HTTP/1.1 ").or_else(|| reply.strip_prefix(b"HTTP/1.0 "))?;
    let digits = rest.first_chunk::<3>()?;
    let digits = digits.iter().all(u8::is_ascii_digit).then_some(digits)?;
    std::str::from_utf8(digits).ok()?.parse().ok()
}

fn failed(kind: BrokenKind, what: String) -> Error {
    Fault::unsent(kind, io::Error::other(what)).into()
}

const LONGEST_ANSWER: usize = 16 * 1024;
