//! The services that a [`Client`](crate::Client) can be for.

#[cfg(feature = "s3")]
pub use tucuxi_core::s3::S3;
#[cfg(feature = "sqs")]
pub use tucuxi_core::sqs::Sqs;
pub use tucuxi_core::sts::Sts;
