//! What threads may pass around and share: everything that a program holds on to.

use tucuxi::Client;
use tucuxi::Error;
use tucuxi::Pages;
use tucuxi::Session;
use tucuxi::s3;
use tucuxi::service;
use tucuxi::sqs;
use tucuxi::sts;

fn shared<T: Send + Sync>() {}

macro_rules! shared {
    ($($type:ty),* $(,)?) => {
        $(shared::<$type>();)*
    };
}

#[test]
fn threads_share_inputs() {
    use s3::input::*;
    use sqs::input::*;
    use sts::input::*;
    shared![
        AssumeRole<'_>,
        CopyObject<'_>,
        CreateBucket<'_>,
        CreateQueue<'_>,
        DeleteBucket<'_>,
        DeleteMessage<'_>,
        DeleteObject<'_>,
        DeleteObjects<'_>,
        DeleteQueue<'_>,
        GetCallerIdentity<'_>,
        GetObject<'_>,
        GetQueueUrl<'_>,
        HeadBucket<'_>,
        HeadObject<'_>,
        ListBuckets<'_>,
        ListObjectsV2<'_>,
        ListQueues<'_>,
        PutObject<'_>,
        ReceiveMessage<'_>,
        SendMessage<'_>,
    ];
}

#[test]
fn threads_share_what_is_iterated_over() {
    shared![
        Pages<s3::input::ListObjectsV2<'_>, service::S3>,
        s3::Buckets,
        s3::ObjectIter<'_>,
        s3::ObjectPages<'_>,
        s3::Objects<'_>,
        sqs::Queues<'_>,
    ];
    #[cfg(feature = "bulk")]
    shared![
        tucuxi::bulk::Presigner<'_>,
        tucuxi::bulk::PresignAll<service::S3, std::slice::Iter<'_, s3::input::GetObject<'_>>>,
    ];
    #[cfg(feature = "serde")]
    shared![tucuxi::json::Json, tucuxi::json::JsonPages<service::S3>];
}

#[test]
fn threads_share_resources_and_clients() {
    shared![
        Client<service::S3>,
        Error,
        Session,
        s3::Bucket,
        s3::Object,
        s3::ObjectSummary,
        s3::S3,
        sqs::Message,
        sqs::Queue,
        sqs::Sqs,
    ];
}
