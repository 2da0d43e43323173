//! AWS sessions, S3 and SQS in the shape of boto3.

pub mod config;
pub mod host;
pub mod secret;
pub mod transport;
