//! Amazon S3: the resources [`S3`], [`Bucket`], [`Object`] and [`ObjectSummary`], and the client's methods.
//!
//! [`input`] holds what the client is asked, [`types`] what it answers.

mod bucket;
mod client;
mod object;
mod objects;
pub mod post;

pub use tucuxi_core::s3::CopySource;
/// What is asked: one input for each operation, and the shapes that they are made of.
pub use tucuxi_core::s3::input;

pub use self::bucket::Bucket;
pub use self::bucket::Buckets;
pub use self::bucket::S3;
pub use self::object::Object;
pub use self::object::ObjectSummary;
pub use self::objects::Deletion;
pub use self::objects::ObjectIter;
pub use self::objects::ObjectPages;
pub use self::objects::Objects;

/// What is answered: one output for each operation, and the shapes that they are made of.
pub mod types {
    use tucuxi_core::s3::input::{
        CopyObject, CreateBucket, DeleteBucket, DeleteObject, DeleteObjects, GetObject, HeadBucket,
        HeadObject, ListBuckets, ListObjectsV2, PutObject,
    };
    use tucuxi_core::xml::Element as Node;

    tucuxi_core::s3_table!([crate::output::outputs!]);
    #[cfg(feature = "serde")]
    tucuxi_core::s3_table!([crate::json::read::named!]);
}
