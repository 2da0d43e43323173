//! Thousands of S3 requests of any legal HTTP text, signed at the present time and sent over a socket, must all be
//! accepted by s3s, a verifier that others wrote.
//!
//! Accepted means more than not refused: what is put must lie in the server's folder afterwards, byte for byte and under
//! its own name, and what is got must come back. One request in fifty is sent with a wrong signature first, and must be
//! refused. The requests are proptest's, so a failing one is made smaller and shown.
//!
//! s3s 0.14.1 reads queries as forms, in UTF-8, takes no header twice that it knows, and decodes what looks like RFC 2047
//! in metadata: what is sent stays within that.

mod asked;
mod world;

use proptest::sample::select;
use tucuxi_core::hash::Sha256;
use tucuxi_core::sigv4::Expires;
use tucuxi_core::sigv4::Payload;

use crate::asked::asked;
use crate::world::World;

/// How many requests of each way of signing.
const IN_HEADERS: u32 = 2_500;
const IN_QUERY: u32 = 2_500;

#[test]
fn requests_signed_in_headers_are_accepted() {
    let world = World::new();
    let payload = select(&["body", "hash", "unsigned"][..]);
    world.run(IN_HEADERS, (asked(), payload), |(asked, payload)| {
        let payload = match payload {
            "body" => Payload::Body,
            "hash" => Payload::Sha256(Sha256::digest(&asked.body)),
            _ => Payload::Unsigned,
        };
        world.ask(&asked, payload, None)
    });
}

#[test]
fn presigned_requests_are_accepted() {
    let world = World::new();
    world.run(IN_QUERY, (asked(), 60..=Expires::MAX), |(asked, expires)| {
        world.ask(&asked, Payload::Unsigned, Expires::from_seconds(expires))
    });
}
