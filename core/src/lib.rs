//! AWS credentials, request signing, S3 and SQS without an allocator, a clock or I/O.
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

pub mod call;
mod document;
pub mod encode;
pub mod endpoint;
pub mod failure;
pub mod hash;
pub mod http;
pub mod ini;
pub mod input;
pub mod json;
pub mod operation;
pub mod profile;
pub mod reply;
pub mod request;
pub mod retry;
pub mod room;
pub mod s3;
pub mod secret;
pub mod sigv4;
pub mod sink;
pub mod sqs;
pub mod sts;
pub mod text;
pub mod time;
pub mod uri;
mod view;
pub mod wire;
pub mod xml;
