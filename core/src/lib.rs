//! AWS credentials, request signing, S3 and SQS without an allocator, a clock or I/O.
//!
//! This crate does the thinking for [`tucuxi`](https://docs.rs/tucuxi) and for whoever has no operating
//! system: it links into a Cortex-M0, a wasm function or a kernel. It turns an operation into a signed
//! request, and a reply into an output or a failure; it says when to try again. It opens nothing, waits for
//! nothing and never looks at a clock: bytes, time and randomness are handed in. All room is the caller's, and
//! whatever is too small says the size that would do. It never panics, whatever the bytes.
//!
//! One call, from operation to item, with the sizes that it takes:
//!
//! ```
//! use tucuxi_core::encode::{PlusIs, percent_decode};
//! use tucuxi_core::endpoint::{ENDPOINT_ROOM, Place};
//! use tucuxi_core::http::{HEAD_ROOM, Method, Piece, Reader};
//! use tucuxi_core::operation::{PAIR_ROOM, Service, request};
//! use tucuxi_core::reply::Reply;
//! use tucuxi_core::request::Pair;
//! use tucuxi_core::s3::{S3, input::ListObjectsV2, output::ListObjectsV2Output};
//! use tucuxi_core::sigv4::{Credentials, Payload, Signer, SigningKey};
//! use tucuxi_core::sink::Cursor;
//! use tucuxi_core::time::Time;
//! use tucuxi_core::wire;
//!
//! # fn main() -> Result<(), Box<dyn core::error::Error>> {
//! // What is asked: an operation, borrowed from here and there.
//! let list = ListObjectsV2::new("logs").prefix("2026/").max_keys(2);
//! let mut pairs = [Pair::EMPTY; PAIR_ROOM];
//! let request = request(&list, &mut pairs).map_err(|wrong| wrong.to_string())?;
//!
//! // Where: AWS's rules for a region.
//! let mut room = [0; ENDPOINT_ROOM];
//! let endpoint = Place::new("us-west-2").s3(request.bucket(), &mut room)?;
//! assert_eq!(endpoint.authority(), "logs.s3.us-west-2.amazonaws.com");
//!
//! // By whom, and when: the key is derived once a day.
//! let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
//! let now = Time::parse_stamp(b"20260102T030405Z")?;
//! let key = SigningKey::derive(&credentials, now, endpoint.region(), endpoint.service());
//! let signer = Signer::new(&credentials, &key, S3::RULES);
//! let signed = signer.sign(&request, endpoint, now, Payload::Body);
//!
//! // What goes on the wire.
//! let mut room = [0; 512];
//! let mut head = Cursor::new(&mut room);
//! wire::head(&signed, &[], None, &mut head);
//! let head = head.finish()?;
//! assert_eq!(head.len(), 450);
//! assert!(head.starts_with(b"GET /?encoding-type=url&list-type=2&max-keys=2&prefix=2026%2F HTTP/1.1\r\n"));
//!
//! // What comes back, in pieces of any size.
//! let mut input: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 89\r\n\r\n\
//!     <ListBucketResult><Contents><Key>2026/a</Key><Size>3</Size></Contents></ListBucketResult>";
//! let mut room = [0; HEAD_ROOM];
//! let mut reader = Reader::new(&mut room, Method::Other);
//! reader.feed(&mut input)?;
//! let (head, mut body) = reader.finish()?;
//! let Piece::Bytes(document) = body.read(&mut input)? else { unreachable!() };
//! let output = ListObjectsV2Output::read(Reply::with_head(head, document))?;
//! let object = output.contents().next().unwrap();
//! assert_eq!(object.size(), Some(3));
//!
//! // XML cannot hold every key, so keys come encoded unless the listing says otherwise.
//! let mut room = [0; 64];
//! let mut key = Cursor::new(&mut room);
//! percent_decode(object.key().unwrap().raw().as_bytes(), PlusIs::Space, &mut key);
//! assert_eq!(key.finish()?, b"2026/a");
//! # Ok(())
//! # }
//! ```
//!
//! # The floors
//!
//! Modules use only those below them: [`sink`], [`room`], [`text`], [`encode`], [`time`] and [`secret`] are bytes;
//! [`hash`], [`checksum`], [`ini`], [`json`], [`xml`], [`http`], [`uri`] and [`profile`] what bytes mean;
//! [`request`], [`endpoint`], [`sigv4`], [`post`], [`wire`], [`aws_chunked`], [`mismatch`] and [`verify`] a signed request;
//! [`input`], [`operation`], [`reply`], [`failure`], [`skew`], [`retry`] and [`call`] a call; [`s3`], [`sqs`] and [`sts`] the services.
//!
//! # Features
//!
//! `serde` writes inputs and outputs in AWS's member names, without std; `checksums` adds those checksums of S3's
//! that other crates work out (MD5, SHA-1, SHA-512 and xxHash); `sigv4a` brings Signature Version 4a, which is keys and
//! signatures of ECDSA on P-256. They change nothing else.
//!
//! `sha2`, which is on by default, works out SHA-256 by the crate of that name, with what the processor has for it.
//! `small-hash` is for microcontrollers: SHA-256 and the writing of what is signed in as little code as will do,
//! whoever else asks for `sha2`; the same is chosen where neither is on. Both sign the same.
#![no_std]
#![forbid(unsafe_code)]
#![deny(
    clippy::alloc_instead_of_core,
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::std_instead_of_core,
    clippy::unwrap_used
)]

mod table;

pub mod aws_chunked;
pub mod call;
pub mod checksum;
mod document;
pub mod encode;
pub mod endpoint;
pub mod failure;
pub mod hash;
pub mod http;
pub mod ini;
pub mod input;
pub mod json;
pub mod mismatch;
pub mod operation;
pub mod post;
pub mod profile;
pub mod reply;
pub mod request;
pub mod retry;
pub mod room;
pub mod s3;
pub mod secret;
pub mod sigv4;
pub mod sink;
pub mod skew;
pub mod sqs;
pub mod sts;
pub mod text;
pub mod time;
pub mod uri;
pub mod verify;
mod view;
pub mod wire;
pub mod xml;
