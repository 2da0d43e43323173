//! AWS sessions, S3 and SQS in the shape of boto3.

pub mod body;
mod client;
pub mod config;
mod error;
pub mod host;
#[cfg(feature = "serde")]
pub mod json;
mod output;
mod page;
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

pub use tucuxi_core::endpoint::Addressing;
pub use tucuxi_core::time::Time;

pub use crate::client::Client;
pub use crate::error::Error;
pub use crate::error::ErrorKind;
pub use crate::error::Result;
pub use crate::output::Answered;
pub use crate::page::Pages;
pub use crate::page::Paginated;
pub use crate::send::Prepared;
pub use crate::send::Presigned;
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
