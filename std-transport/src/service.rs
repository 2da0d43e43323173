//! The services that a [`Client`](crate::Client) can be for, and what is common to them and their operations.
//!
//! ```
//! use tucuxi::service::{Operation, Service};
//! use tucuxi::{Answered, Client, Result};
//!
//! /// Calls any operation of any service, and says which.
//! fn told<S: Service, O: Answered<Service = S>>(client: &Client<S>, operation: &O) -> Result<O::Output> {
//!     println!("{} {}", S::ID, O::NAME);
//!     client.send(operation)
//! }
//! ```

pub use tucuxi_core::operation::Operation;
pub use tucuxi_core::operation::Service;
#[cfg(feature = "s3")]
pub use tucuxi_core::s3::S3;
#[cfg(feature = "sqs")]
pub use tucuxi_core::sqs::Sqs;
pub use tucuxi_core::sts::Sts;
