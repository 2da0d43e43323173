//! What s3s-fs 0.14.1 gets wrong and these tests rely on, put right between it and s3s.
//!
//! - A list asked for with `encoding-type=url` says so in its answer, but its keys are not encoded.
//!   Here every member that AWS encodes is: `Delimiter`, `Key`, `Marker`, `NextMarker`, `Prefix`
//!   (of the list and of each common prefix) and `StartAfter`; tokens are not.
//!   <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html#API_ListObjectsV2_ResponseElements>
//! - Buckets are listed in the order of the file system, not of their names.
//! - `DeleteBucket` deletes a bucket with everything in it.
//!
//! All else is passed on. To find out whether this is still needed, remove it and run the tests.

use std::pin::Pin;

use async_trait::async_trait;
use s3s::S3;
use s3s::S3Request;
use s3s::S3Response;
use s3s::S3Result;
use s3s::dto::*;
use s3s::s3_error;
use s3s_fs::FileSystem;

/// `s3s-fs`, put right.
pub(super) struct Encoded(pub(super) FileSystem);

/// Writes `async fn operation(&self, request)`, as `async_trait` does, for operations that are passed
/// on as they are.
macro_rules! passed_on {
    ($($operation:ident($input:ty) -> $output:ty;)*) => {$(
        fn $operation<'s, 'f>(
            &'s self,
            request: S3Request<$input>,
        ) -> Pin<Box<dyn Future<Output = S3Result<S3Response<$output>>> + Send + 'f>>
        where
            's: 'f,
            Self: 'f,
        {
            self.0.$operation(request)
        }
    )*};
}

#[async_trait]
impl S3 for Encoded {
    passed_on! {
        abort_multipart_upload(AbortMultipartUploadInput) -> AbortMultipartUploadOutput;
        complete_multipart_upload(CompleteMultipartUploadInput) -> CompleteMultipartUploadOutput;
        copy_object(CopyObjectInput) -> CopyObjectOutput;
        create_bucket(CreateBucketInput) -> CreateBucketOutput;
        create_multipart_upload(CreateMultipartUploadInput) -> CreateMultipartUploadOutput;
        delete_object(DeleteObjectInput) -> DeleteObjectOutput;
        delete_objects(DeleteObjectsInput) -> DeleteObjectsOutput;
        get_bucket_location(GetBucketLocationInput) -> GetBucketLocationOutput;
        get_object(GetObjectInput) -> GetObjectOutput;
        head_bucket(HeadBucketInput) -> HeadBucketOutput;
        head_object(HeadObjectInput) -> HeadObjectOutput;
        list_parts(ListPartsInput) -> ListPartsOutput;
        put_object(PutObjectInput) -> PutObjectOutput;
        upload_part(UploadPartInput) -> UploadPartOutput;
        upload_part_copy(UploadPartCopyInput) -> UploadPartCopyOutput;
    }

    async fn delete_bucket(
        &self,
        request: S3Request<DeleteBucketInput>,
    ) -> S3Result<S3Response<DeleteBucketOutput>> {
        let list = ListObjectsV2Input {
            bucket: request.input.bucket.clone(),
            max_keys: Some(1),
            ..Default::default()
        };
        let list = self.0.list_objects_v2(request.clone().map_input(|_| list)).await?;
        if list.output.contents.is_some() {
            return Err(s3_error!(BucketNotEmpty, "The bucket you tried to delete is not empty"));
        }
        self.0.delete_bucket(request).await
    }

    async fn list_buckets(
        &self,
        request: S3Request<ListBucketsInput>,
    ) -> S3Result<S3Response<ListBucketsOutput>> {
        let mut answer = self.0.list_buckets(request).await?;
        if let Some(buckets) = &mut answer.output.buckets {
            buckets.sort_by(|a, b| a.name.cmp(&b.name));
        }
        Ok(answer)
    }

    async fn list_objects(
        &self,
        request: S3Request<ListObjectsInput>,
    ) -> S3Result<S3Response<ListObjectsOutput>> {
        let mut answer = self.0.list_objects(request).await?;
        let list = &mut answer.output;
        if list.encoding_type.is_some() {
            let names = [&mut list.delimiter, &mut list.marker, &mut list.next_marker, &mut list.prefix];
            encode_all(names, &mut list.contents, &mut list.common_prefixes);
        }
        Ok(answer)
    }

    async fn list_objects_v2(
        &self,
        request: S3Request<ListObjectsV2Input>,
    ) -> S3Result<S3Response<ListObjectsV2Output>> {
        let mut answer = self.0.list_objects_v2(request).await?;
        let list = &mut answer.output;
        if list.encoding_type.is_some() {
            let names = [&mut list.delimiter, &mut list.prefix, &mut list.start_after];
            encode_all(names, &mut list.contents, &mut list.common_prefixes);
        }
        Ok(answer)
    }
}

fn encode_all<'a>(
    names: impl IntoIterator<Item = &'a mut Option<String>>,
    contents: &'a mut Option<Vec<Object>>,
    common_prefixes: &'a mut Option<Vec<CommonPrefix>>,
) {
    let keys = contents.iter_mut().flatten().map(|object| &mut object.key);
    let prefixes = common_prefixes.iter_mut().flatten();
    let prefixes = prefixes.map(|common| &mut common.prefix);
    for name in names.into_iter().chain(keys).chain(prefixes).flatten() {
        *name = encode(name);
    }
}

/// Encodes a key as S3 lists it, which is as a form does, but for `/`: a space becomes `+`, and of
/// the other characters only letters, digits and `*-._` stay as they are.
///
/// AWS gives one example, `test_file(3).png` that becomes `test_file%283%29.png`; that a reader
/// has to take `+` for a space is what all of AWS's own clients do.
fn encode(key: &str) -> String {
    let parts = key.split('/');
    let parts = parts.map(|part| form_urlencoded::byte_serialize(part.as_bytes()).collect());
    parts.collect::<Vec<String>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_encoded_as_s3_lists_them() {
        for (key, listed) in [
            ("test_file(3).png", "test_file%283%29.png"),
            ("a/b//c/", "a/b//c/"),
            ("1+1=2", "1%2B1%3D2"),
            ("100%", "100%25"),
            ("hello world", "hello+world"),
            ("ü\u{1}", "%C3%BC%01"),
            ("*-._~", "*-._%7E"),
        ] {
            assert_eq!(encode(key), listed);
        }
    }
}
