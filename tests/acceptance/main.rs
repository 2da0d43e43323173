//! Ten thousand S3 requests of any legal HTTP text, signed at the present time and sent over a socket, must all be
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

use proptest::prelude::*;
use proptest::sample::select;
use tucuxi_core::aws_chunked::Framing;
use tucuxi_core::aws_chunked::Trailer;
use tucuxi_core::checksum::Algorithm;
use tucuxi_core::hash::Sha256;
use tucuxi_core::request::Method;
use tucuxi_core::sigv4::Expires;
use tucuxi_core::sigv4::Payload;

use crate::asked::asked;
use crate::asked::form;
use crate::world::World;

/// How many requests of each way of signing.
const IN_HEADERS: u32 = 2_500;
const IN_QUERY: u32 = 2_500;
const IN_CHUNKS: u32 = 3_750;
const BY_FORM: u32 = 1_250;

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

#[test]
fn streamed_requests_are_accepted() {
    let world = World::new();
    let mode = select(&["signed", "signed with trailer", "unsigned with trailer"][..]);
    // Those that this server knows.
    let known = ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"].map(Algorithm::named);
    let algorithm = select(known.into_iter().flatten().collect::<Vec<_>>());
    // A chunk that holds everything may be small; of more data there are up to five.
    let size =
        prop_oneof![3 => (1..300_u64, 300..400_u64), 1 => (8_192..40_000_u64, Framing::LEAST_CHUNK..20_000)];
    world.run(
        IN_CHUNKS,
        (asked(), mode, algorithm, size),
        |(mut asked, mode, algorithm, (length, chunk))| {
            let trailer = Trailer::checksum(algorithm);
            let framing = match mode {
                "signed" => Framing::signed(length),
                "signed with trailer" => Framing::signed_with(length, trailer),
                _ => Framing::unsigned(length, trailer),
            };
            (asked.method, asked.body) =
                (Method::Put, (0..length).map(|nth| (nth * nth / 7).to_le_bytes()[0]).collect());
            world.stream(&asked, framing.chunk(chunk).unwrap())
        },
    );
}

#[test]
fn forms_are_accepted() {
    let world = World::new();
    world.run(BY_FORM, form(), |form| world.post(&form));
}
