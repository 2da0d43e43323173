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

pub mod call;
pub mod encode;
pub mod endpoint;
pub mod hash;
pub mod http;
pub mod request;
pub mod retry;
pub mod room;
pub mod secret;
pub mod sigv4;
pub mod sink;
pub mod time;
pub mod uri;
pub mod wire;
