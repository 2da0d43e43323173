//! AWS sessions, S3 and SQS in the shape of boto3: small, blocking, few dependencies.
//!
//! What a Python program gets from boto3, a Rust program gets from here: a [`Session`] finds
//! credentials and region, a [`Client`] has one typed call for each AWS operation, and resources
//! ([`s3::Bucket`], [`s3::Object`], [`sqs::Queue`]) are things to pass around without saying region or
//! service again. All the thinking is done by `tucuxi-core`, which has no allocator, no I/O and no
//! clock and links into a Cortex-M0; this crate adds files, the environment and HTTP by ureq and rustls.
//! (The tucuxi is the small river dolphin that swims beside the boto.)
//!
//! ```no_run
//! # #[cfg(not(feature = "s3"))] fn main() {}
//! # #[cfg(feature = "s3")]
//! fn main() -> tucuxi::Result<()> {
//!     let bucket = tucuxi::s3().bucket("logs");
//!     bucket.put_object("hello.txt", b"hello")?;
//!     for object in bucket.objects().filter(|list| list.prefix("2026/")).limit(10) {
//!         let object = object?;
//!         println!("{} {:?}", object.key(), object.size());
//!     }
//!     Ok(())
//! }
//! ```
//!
//! To see it work, from a fresh clone, without an account: `cargo run --example list_bucket_contents`
//! starts an S3 server in the process and lists two buckets three ways. With `--endpoint-url` or
//! `AWS_ENDPOINT_URL`, a profile and `--bucket` it lists your own.
//!
//! # boto3's words, and ours
//!
//! Each line of Python is followed by the Rust that does the same.
//!
//! ```no_run
//! # fn main() {}
//! # #[cfg(all(feature = "s3", feature = "sqs"))]
//! # fn shown() -> tucuxi::Result<()> {
//! use std::time::Duration;
//! use tucuxi::s3::input::{GetObject, ListObjectsV2};
//! use tucuxi::{service, Session};
//!
//! // A session holds credentials, region and settings; clients and resources are made of it.
//!
//! // session = boto3.Session(profile_name="backup", region_name="eu-central-1")
//! let session = Session::builder().profile("backup").region("eu-central-1").build()?;
//! // session = boto3.Session()
//! let default = Session::new()?;
//!
//! // A client has a method for each operation, named after it; every call names its bucket.
//!
//! // client = session.client("s3")
//! let client = session.s3_client();
//! // client = session.client("s3")  # any service, by its name
//! let same = session.client::<service::S3>();
//! // response = client.list_objects_v2(Bucket="logs", Prefix="2026/")
//! let response = client.list_objects_v2(ListObjectsV2::new("logs").prefix("2026/"))?;
//! // for content in response["Contents"]:
//! for content in &response.contents {
//!     // print(content["Key"], content["LastModified"])
//!     println!("{:?} {:?}", content.key, content.last_modified);
//! }
//! // for page in client.get_paginator("list_objects_v2").paginate(Bucket="logs"):
//! for page in client.pages(ListObjectsV2::new("logs")) {
//!     // print(len(page["Contents"]))
//!     println!("{}", page?.contents.len());
//! }
//! // url = client.generate_presigned_url("get_object", {"Bucket": "logs", "Key": "a"}, ExpiresIn=3600)
//! let presigned = client.presign(&GetObject::new("logs", "a"), Duration::from_secs(3600))?;
//! // It ends at `.expires`, and whoever uses it sends `.headers` along: none for a plain download.
//! let url = presigned.url;
//!
//! // A resource is an object to pass around: it knows its client, and what it is called.
//!
//! // s3 = session.resource("s3")
//! let s3 = session.s3();
//! // bucket = s3.Bucket("logs")
//! let bucket = s3.bucket("logs");
//! // for obj in bucket.objects.all():
//! for object in bucket.objects().all() {
//!     // print(obj.key, obj.last_modified)
//!     let object = object?;
//!     println!("{} {:?}", object.key(), object.last_modified());
//! }
//! // for obj in bucket.objects.filter(Prefix="2026/").limit(10):
//! for object in bucket.objects().filter(|list| list.prefix("2026/")).limit(10) {
//!     println!("{}", object?.key());
//! }
//! // body = s3.Object("logs", "a").get()["Body"].read()
//! let body = s3.object("logs", "a").get()?.body.bytes()?;
//! // queue = session.resource("sqs").get_queue_by_name(QueueName="jobs")
//! let queue = session.sqs().get_queue_by_name("jobs")?;
//! // queue.send_message(MessageBody="build 42")
//! queue.send_message("build 42")?;
//! // for message in queue.receive_messages(WaitTimeSeconds=20):
//! for message in queue.receive_messages_with(|receive| receive.wait_time_seconds(20))? {
//!     // message.delete()
//!     message.delete()?;
//! }
//!
//! // The module has a default session, made when it is first needed.
//!
//! // s3 = boto3.resource("s3"); client = boto3.client("s3")
//! let (s3, client) = (tucuxi::s3(), tucuxi::s3_client());
//! # let _ = (default, same, url, body, s3, client);
//! # Ok(())
//! # }
//! ```
//!
//! # Files, and errors
//!
//! A body is a [`Read`](std::io::Read), so downloads go where `io::copy` puts them. Uploads are bytes for now:
//!
//! ```no_run
//! # fn main() {}
//! # #[cfg(feature = "s3")]
//! # fn shown() -> Result<(), Box<dyn std::error::Error>> {
//! # let s3 = tucuxi::s3();
//! // s3.Object("logs", "a").download_file("a.txt")
//! std::io::copy(&mut s3.object("logs", "a").get()?.body, &mut std::fs::File::create("a.txt")?)?;
//! // s3.Object("logs", "a").upload_file("a.txt")
//! s3.object("logs", "a").put(std::fs::read("a.txt")?)?;
//! // except ClientError as e: if e.response["Error"]["Code"] == "NoSuchKey": ...
//! match s3.object("logs", "b").get() {
//!     Err(error) if error.is_not_found() => println!("no such object"),
//!     other => drop(other?),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! [`Error`] is one type that answers questions: `kind`, `code`, `status`, `request_id`, `may_have_taken_effect`,
//! and of a refused signature `mismatch`. `{}` prints one sentence, `{:?}` that and its causes.
//!
//! # What is here, and what is not
//!
//! | | now |
//! |---|---|
//! | S3 | ListBuckets, CreateBucket, DeleteBucket, HeadBucket, ListObjectsV2, PutObject, GetObject (streamed, ranges), HeadObject, DeleteObject, DeleteObjects, CopyObject |
//! | SQS | CreateQueue, GetQueueUrl, ListQueues, DeleteQueue, SendMessage, ReceiveMessage, DeleteMessage |
//! | STS | GetCallerIdentity, AssumeRole |
//! | any other request | described by `tucuxi_core::request::Raw`, signed by `sigv4::Signer`: see `examples/no_std_sign.rs`; sending it is the caller's |
//! | signing | see [below](#signing) |
//! | credentials | arguments, `AWS_ACCESS_KEY_ID` and its like, static keys in the two shared files; a profile that wants another source is an error that names it |
//! | endpoints | AWS's own in all partitions, path and virtual-host style; any URL by `endpoint_url` |
//! | retries | AWS's standard mode: 3 attempts, growing waits, a quota for each client |
//!
//! Not done yet: assumed roles and other fetched credentials, waiters, uploads from readers, multipart
//! transfers, checksums of replies, access point ARNs, S3 Express clients (core signs for them:
//! `Rules::S3_SESSION`). A customer's key (SSE-C) goes out as it is given: give it in base64, and its MD5 beside it.
//! Not planned: client-side encryption.
//!
//! # Features
//!
//! | feature | default | what it adds |
//! |---|---|---|
//! | `s3` | yes | the S3 client and resources |
//! | `sqs` | yes | the SQS client and resources |
//! | `ureq` | yes | the default transport, HTTP/1.1 by ureq |
//! | `rustls` | yes | https by rustls and ring; turns `ureq` on |
//! | `bulk` | no | presigned URLs by the thousand: `Client::presign_all` |
//! | `checksums` | no | MD5, SHA-1, SHA-512 and xxHash, for chunked bodies; CRC-32, CRC-32C, CRC-64/NVME and SHA-256 are always there |
//! | `sigv4a` | no | Signature Version 4a: ECDSA P-256 keys and signatures for sets of regions, in `tucuxi_core` |
//! | `serde` | no | calls by name, `client.call("ListObjectsV2", …)`, with JSON in and out in AWS's member names |
//!
//! Without `ureq` there is no HTTP in the tree: give [`SessionBuilder::transport`] your own
//! [`Transport`](transport::Transport), one method long. The example `custom_transport` is one over a bare `TcpStream`.
//!
//! # Signing
//!
//! `tucuxi_core::sigv4` signs anything for anyone, on a microcontroller too; what it does is in its modules' docs:
//!
//! | | where |
//! |---|---|
//! | headers, presigned URLs, every payload mode, S3 Express sessions, anonymous requests | `sigv4` |
//! | a key for one day, region and service, to hand to who shall not hold the secret | `sigv4::DerivedKey` |
//! | Signature Version 4a | `sigv4::EcdsaKey`, feature `sigv4a` |
//! | bodies in signed or unsigned chunks, with trailers | `aws_chunked`, `checksum` |
//! | upload forms, and their check | `post`; `Client::presign_post` |
//! | verifying what others signed, chunk by chunk | `verify` |
//! | why a server has another signature, in words | `mismatch`; [`Error::mismatch`](crate::error::Error::mismatch) |
//! | the time, learnt from replies, where there is no clock | `skew` |
//! | a SHA-256 of one's own: a chip's, mbedTLS's | `hash::Compress` |
//!
//! One command each shows how fast that is, and how it stands against random input:
//!
//! ```sh
//! cargo bench -p benches --bench sign
//! cargo +nightly fuzz run sign
//! ```
//!
//! # Measured
//!
//! | | `tucuxi` | `tucuxi-core` | aws-sdk-s3 with aws-config | by |
//! |---|--:|--:|--:|---|
//! | crates behind it, default features | 29 | 9 | 188 | `cargo xtask figures`, `benches/peers/compile.sh` |
//! | crates for building besides | 3 | 0 | 12 | the same |
//! | CPU seconds of a clean release build | 65 | | 442 | `benches/peers/compile.sh aws-sdk-s3 tucuxi` |
//! | bytes of a program that lists a bucket, release, stripped | 2,842,216 | | 15,069,896 | the same |
//! | bytes of `list_bucket_contents_remote`, profile `small` | 1,737,704 | | | `cargo xtask figures` |
//!
//! Rust 1.95.0, x86_64-unknown-linux-gnu, two shared cores; the builds side by side in one run. Profile `small` is
//! `opt-level = "z"`, fat LTO, one codegen unit, `panic = "abort"`, stripped.
//!
//! Signing alone on microcontrollers, by `cargo xtask board` (Debian's rustc 1.96.0, QEMU; no panic, formatter or allocator is
//! linked in any of them). Bytes of flash are those over an image that makes the same request and does not sign it, and over one
//! that makes none; instructions are of one signature, the key derived or kept:
//!
//! | board | feature | `opt-level` | flash, signing | with the request | stack, derived / kept | instructions, derived / kept |
//! |---|---|---|--:|--:|--:|--:|
//! | Cortex-M4 | `small-hash` | `z` | 7,442 | 10,464 | 1,628 / 1,508 | 117,700 / 56,219 |
//! | Cortex-M4 | `small-hash` | `s` | 9,966 | 11,338 | 1,612 / 1,500 | 105,851 / 50,062 |
//! | Cortex-M4 | `small-hash` | `2` | 15,002 | 16,508 | 1,596 / 1,484 | 94,464 / 45,541 |
//! | Cortex-M4 | `small-hash` | `3` | 15,334 | 16,860 | 1,656 / 1,544 | 95,976 / 45,958 |
//! | Cortex-M4 | `sha2` | `z` | 24,412 | 28,720 | 3,204 / 3,084 | 99,176 / 43,797 |
//! | Cortex-M4 | `sha2` | `3` | 85,094 | 92,008 | 3,000 / 2,888 | 82,925 / 36,014 |
//! | Cortex-M0 | `small-hash` | `z` | 8,320 | 11,364 | 1,748 / 1,628 | 194,714 / 84,106 |
//! | RV32IMC | `small-hash` | `z` | 10,094 | 13,526 | 1,632 / 1,520 | 162,490 / 71,931 |
//!
//! # Rust versions
//!
//! `tucuxi` and `tucuxi-core` are written for Rust 1.89. What holds that claim is
//! `clippy::incompatible_msrv`, for the standard library's API, and `cargo xtask msrv`, which refuses a normal
//! dependency that declares more; the tests themselves run on a newer compiler and need 1.95.
//!
//! # Transport security
//!
//! On Unix, certificates are checked against the system's CA roots by default: what the administrator trusts or
//! distrusts holds here too, no list goes stale inside a binary, and reading it costs no crate. They are read
//! when TLS is first used, so programs that speak http never pay. Elsewhere Mozilla's list is compiled in.
//! `ca_bundle`, `AWS_CA_BUNDLE` and the profile's `ca_bundle` name another PEM file, as in boto3; a container
//! without any certificates needs one of them.

pub mod body;
#[cfg(feature = "bulk")]
pub mod bulk;
mod client;
pub mod config;
mod error;
pub mod host;
#[cfg(feature = "serde")]
pub mod json;
mod output;
mod page;
mod prepared;
#[cfg(feature = "s3")]
pub mod s3;
pub mod secret;
mod send;
pub mod service;
mod session;
#[cfg(feature = "sqs")]
pub mod sqs;
pub mod sts;
pub mod transport;

/// What does the thinking, for whoever wants more than sessions and clients: requests of one's own
/// (`tucuxi_core::request::Raw`), signing, readers.
pub use tucuxi_core;
pub use tucuxi_core::call::Repeat;
pub use tucuxi_core::endpoint::Addressing;
pub use tucuxi_core::time::Time;

pub use crate::client::Client;
pub use crate::error::Error;
pub use crate::error::ErrorKind;
pub use crate::error::Result;
pub use crate::output::Answered;
pub use crate::page::Pages;
pub use crate::page::Paginated;
pub use crate::prepared::Prepared;
pub use crate::prepared::Presigned;
pub use crate::session::Session;
pub use crate::session::SessionBuilder;
pub use crate::session::default_session;
pub use crate::session::set_default_session;

/// The S3 resource of the default session: boto3's `boto3.resource("s3")`.
#[cfg(feature = "s3")]
#[must_use]
pub fn s3() -> s3::S3 {
    default_session().s3()
}

/// The S3 client of the default session: boto3's `boto3.client("s3")`.
#[cfg(feature = "s3")]
#[must_use]
pub fn s3_client() -> Client<service::S3> {
    default_session().s3_client()
}

/// The SQS resource of the default session: boto3's `boto3.resource("sqs")`.
#[cfg(feature = "sqs")]
#[must_use]
pub fn sqs() -> sqs::Sqs {
    default_session().sqs()
}

/// The SQS client of the default session: boto3's `boto3.client("sqs")`.
#[cfg(feature = "sqs")]
#[must_use]
pub fn sqs_client() -> Client<service::Sqs> {
    default_session().sqs_client()
}

/// The client of any service of the default session: `tucuxi::client::<tucuxi::service::S3>()`.
#[must_use]
pub fn client<S: tucuxi_core::operation::Service>() -> Client<S> {
    default_session().client()
}
