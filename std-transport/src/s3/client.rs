//! The S3 client's methods, one for each operation.

use tucuxi_core::s3::S3;

use super::input;
use super::types;
use crate::client::Client;
use crate::client::methods;
use crate::page::paginated;

impl Client<S3> {
    methods! {
        /// Copies an object within S3.
        copy_object => CopyObject -> CopyObjectOutput;
        /// Creates a bucket.
        create_bucket => CreateBucket -> CreateBucketOutput;
        /// Deletes a bucket, which must be empty.
        delete_bucket => DeleteBucket -> DeleteBucketOutput;
        /// Deletes an object.
        delete_object => DeleteObject -> DeleteObjectOutput;
        /// Deletes up to 1,000 objects. Those that could not be deleted are in the output's `errors`.
        delete_objects => DeleteObjects -> DeleteObjectsOutput;
        /// Reads an object or a range of it; the output's `body` is read while it arrives.
        get_object => GetObject -> GetObjectOutput;
        /// Asks whether a bucket exists and may be read.
        head_bucket => HeadBucket -> HeadBucketOutput;
        /// Asks for what is known of an object.
        head_object => HeadObject -> HeadObjectOutput;
        /// Lists buckets.
        list_buckets => ListBuckets -> ListBucketsOutput;
        /// Lists up to 1,000 objects of a bucket.
        list_objects_v2 => ListObjectsV2 -> ListObjectsV2Output;
        /// Stores an object.
        put_object => PutObject -> PutObjectOutput;
    }
}

paginated! {
    ListBuckets continuation_token <- continuation_token;
    ListObjectsV2 continuation_token <- next_continuation_token while is_truncated;
}
