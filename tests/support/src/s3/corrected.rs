//! What s3s-fs 0.14.1 gets wrong and these tests rely on, put right between it and s3s.
//!
//! - A list asked for with `encoding-type=url` says so in its answer, but its keys are not encoded.
//!   Here every member that AWS encodes is: `Delimiter`, `Key`, `Marker`, `NextMarker`, `Prefix`
//!   (of the list and of each common prefix) and `StartAfter`; tokens are not.
//!   <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html#API_ListObjectsV2_ResponseElements>
//! - Listed objects have no `ETag` and no `StorageClass`.
//! - Buckets are listed in the order of the file system, not of their names.
//! - `DeleteBucket` deletes a bucket with everything in it.
//! - `DeleteObjects` tells what it deleted even when asked to be quiet.
//! - A bucket that is not there is made by what is put into it, and not missed by what is got.
//! - What is no object but the folder of some is an internal error, not a missing key.
//!
//! All else is passed on. To find out whether a part is still needed, remove it and run the tests.

use std::future::ready;
use std::path::PathBuf;
use std::pin::Pin;

use async_trait::async_trait;
use s3s::S3;
use s3s::S3Request;
use s3s::S3Response;
use s3s::S3Result;
use s3s::dto::*;
use s3s::s3_error;
use s3s_fs::FileSystem;

/// The files of a folder, put right.
pub(super) struct Corrected {
    pub(super) files: FileSystem,
    pub(super) root: PathBuf,
}

/// Writes `async fn operation(&self, request)`, as `async_trait` does, for operations that are passed
/// on as they are; those `in_bucket` and `of_object` only when what they are about is there.
macro_rules! passed_on {
    ($($operation:ident($input:ty) -> $output:ty;)*) => {
        passed_on! { |_, _| Ok(()) => $($operation($input) -> $output;)* }
    };
    (in_bucket $($operation:ident($input:ty) -> $output:ty;)*) => {
        passed_on! {
            |this: &Self, request| this.check_bucket(&request.bucket) =>
            $($operation($input) -> $output;)*
        }
    };
    (of_object $($operation:ident($input:ty) -> $output:ty;)*) => {
        passed_on! {
            |this: &Self, request| this.check_object(&request.bucket, &request.key) =>
            $($operation($input) -> $output;)*
        }
    };
    ($check:expr => $($operation:ident($input:ty) -> $output:ty;)*) => {$(
        fn $operation<'s, 'f>(
            &'s self,
            request: S3Request<$input>,
        ) -> Pin<Box<dyn Future<Output = S3Result<S3Response<$output>>> + Send + 'f>>
        where
            's: 'f,
            Self: 'f,
        {
            let check: fn(&Self, &$input) -> S3Result<()> = $check;
            match check(self, &request.input) {
                Ok(()) => self.files.$operation(request),
                Err(error) => Box::pin(ready(Err(error))),
            }
        }
    )*};
}

#[async_trait]
impl S3 for Corrected {
    passed_on! {
        in_bucket
        copy_object(CopyObjectInput) -> CopyObjectOutput;
        create_multipart_upload(CreateMultipartUploadInput) -> CreateMultipartUploadOutput;
        put_object(PutObjectInput) -> PutObjectOutput;
    }

    passed_on! {
        of_object
        get_object(GetObjectInput) -> GetObjectOutput;
        head_object(HeadObjectInput) -> HeadObjectOutput;
    }

    passed_on! {
        abort_multipart_upload(AbortMultipartUploadInput) -> AbortMultipartUploadOutput;
        complete_multipart_upload(CompleteMultipartUploadInput) -> CompleteMultipartUploadOutput;
        create_bucket(CreateBucketInput) -> CreateBucketOutput;
        delete_object(DeleteObjectInput) -> DeleteObjectOutput;
        get_bucket_location(GetBucketLocationInput) -> GetBucketLocationOutput;
        head_bucket(HeadBucketInput) -> HeadBucketOutput;
        list_parts(ListPartsInput) -> ListPartsOutput;
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
        let list = self.files.list_objects_v2(request.clone().map_input(|_| list)).await?;
        if list.output.contents.is_some() {
            return Err(s3_error!(BucketNotEmpty, "The bucket you tried to delete is not empty"));
        }
        self.files.delete_bucket(request).await
    }

    async fn delete_objects(
        &self,
        request: S3Request<DeleteObjectsInput>,
    ) -> S3Result<S3Response<DeleteObjectsOutput>> {
        self.check_bucket(&request.input.bucket)?;
        let is_quiet = request.input.delete.quiet == Some(true);
        let mut answer = self.files.delete_objects(request).await?;
        if is_quiet {
            answer.output.deleted = None;
        }
        Ok(answer)
    }

    async fn list_buckets(
        &self,
        request: S3Request<ListBucketsInput>,
    ) -> S3Result<S3Response<ListBucketsOutput>> {
        let mut answer = self.files.list_buckets(request).await?;
        if let Some(buckets) = &mut answer.output.buckets {
            buckets.sort_by(|a, b| a.name.cmp(&b.name));
        }
        Ok(answer)
    }

    async fn list_objects(
        &self,
        request: S3Request<ListObjectsInput>,
    ) -> S3Result<S3Response<ListObjectsOutput>> {
        let about = request.clone();
        let mut answer = self.files.list_objects(request).await?;
        let list = &mut answer.output;
        for object in list.contents.iter_mut().flatten() {
            self.complete(object, &about, &about.input.bucket).await?;
        }
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
        let about = request.clone();
        let mut answer = self.files.list_objects_v2(request).await?;
        let list = &mut answer.output;
        for object in list.contents.iter_mut().flatten() {
            self.complete(object, &about, &about.input.bucket).await?;
        }
        if list.encoding_type.is_some() {
            let names = [&mut list.delimiter, &mut list.prefix, &mut list.start_after];
            encode_all(names, &mut list.contents, &mut list.common_prefixes);
        }
        Ok(answer)
    }
}

impl Corrected {
    fn check_bucket(&self, bucket: &str) -> S3Result<()> {
        if self.root.join(bucket).is_dir() {
            return Ok(());
        }
        Err(s3_error!(NoSuchBucket, "The specified bucket does not exist"))
    }

    fn check_object(&self, bucket: &str, key: &str) -> S3Result<()> {
        self.check_bucket(bucket)?;
        if !key.ends_with('/') && self.root.join(bucket).join(key).is_dir() {
            return Err(s3_error!(NoSuchKey, "The specified key does not exist."));
        }
        Ok(())
    }

    /// Adds what a list tells of an object beside its key and size.
    async fn complete<T: Clone>(
        &self,
        object: &mut Object,
        list: &S3Request<T>,
        bucket: &str,
    ) -> S3Result<()> {
        let head = HeadObjectInput {
            bucket: bucket.to_owned(),
            key: object.key.clone().unwrap_or_default(),
            ..Default::default()
        };
        let head = list.clone().map_input(|_| head);
        object.e_tag = self.files.head_object(head).await?.output.e_tag;
        object.storage_class = Some(ObjectStorageClass::STANDARD.to_owned().into());
        Ok(())
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
