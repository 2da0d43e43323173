//! Servers that run inside a test or an example: S3, SQS and STS on 127.0.0.1.
//!
//! They are the other side of the wire, and independent of the library under test: signatures are
//! checked by `s3s` and by AWS's own `aws-sigv4`, and nothing here depends on tucuxi. Each server
//! listens on a random port, runs on a thread of its own, records what it is asked, and stops when
//! it is dropped. They know what the tests need and no more; a test that wants AWS's last word
//! asks AWS.
//!
//! ```
//! use tucuxi_test_support::{S3Server, sample_folder};
//!
//! let folder = sample_folder();
//! let server = S3Server::start(folder.path(), &[("AKIDWEST", "a secret")]);
//! server.on_request(|request| assert_eq!(request.status, Some(403)));
//!
//! let answer = ureq::get(format!("{}/west-bucket?list-type=2", server.url())).call();
//! assert!(matches!(answer, Err(ureq::Error::StatusCode(403))), "nothing is open to everyone");
//! let asked = server.requests();
//! assert_eq!(asked[0].to_string(), "GET /west-bucket?list-type=2 key=- region=- -> 403");
//! ```

#![expect(
    clippy::disallowed_methods,
    reason = "a server reads the clock; so that tests need not wait, it can be moved"
)]

mod accounts;
mod clock;
mod folder;
mod random;
mod record;
mod s3;
mod server;
mod sqs;
mod sts;

pub use folder::TempDir;
pub use folder::sample_folder;
pub use record::Recorded;
pub use s3::S3Server;
pub use sqs::SqsServer;
