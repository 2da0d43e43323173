//! Objects, as objects to pass around.

use std::fmt;
use std::hash::Hash;
use std::hash::Hasher;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;

use tucuxi_core::time::Time;

use super::CopySource;
use super::bucket::Bucket;
use super::input;
use super::post::Policy;
use super::post::PresignedPost;
use super::types;
use crate::client::Client;
use crate::error::Result;
use crate::service;

/// An object by its bucket and key, whether it exists or not.
///
/// Attributes such as [`size`](Self::size) are asked for with one `HeadObject` when the first of them is
/// wanted, and kept until something is done to the object, as in boto3.
///
/// ```no_run
/// # fn main() -> tucuxi::Result<()> {
/// let object = tucuxi::s3().bucket("logs").object("2026/11.log");
/// if object.size()?.is_some_and(|size| size < 1 << 20) {
///     print!("{}", object.get()?.body.text()?);
/// }
/// # Ok(())
/// # }
/// ```
pub struct Object {
    client: Client<service::S3>,
    bucket: String,
    key: String,
    head: Mutex<Option<Arc<types::HeadObjectOutput>>>,
}

impl Object {
    pub(super) const fn new(client: Client<service::S3>, bucket: String, key: String) -> Self {
        Self { client, bucket, key, head: Mutex::new(None) }
    }

    /// The client that this resource calls.
    #[must_use]
    pub const fn client(&self) -> &Client<service::S3> {
        &self.client
    }

    /// The name of its bucket.
    #[must_use]
    pub fn bucket_name(&self) -> &str {
        &self.bucket
    }

    /// Its key.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Its bucket.
    #[must_use]
    pub fn bucket(&self) -> Bucket {
        crate::s3::S3::new(self.client.clone()).bucket(&self.bucket)
    }

    /// Reads it: the output's `body` is read while it arrives.
    ///
    /// # Errors
    ///
    /// As [`Client::send`]; `NoSuchKey` where it does not exist.
    pub fn get(&self) -> Result<types::GetObjectOutput> {
        self.get_with(|get| get)
    }

    /// Reads it or a part of it, with more to say: `object.get_with(|get| get.range("bytes=0-99"))`.
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get).
    pub fn get_with<'a>(
        &'a self,
        say: impl FnOnce(input::GetObject<'a>) -> input::GetObject<'a>,
    ) -> Result<types::GetObjectOutput> {
        self.client.get_object(say(input::GetObject::new(&self.bucket, &self.key)))
    }

    /// Stores it, whole.
    ///
    /// # Errors
    ///
    /// As [`Client::send`].
    pub fn put(&self, body: impl AsRef<[u8]>) -> Result<types::PutObjectOutput> {
        self.put_with(body.as_ref(), |put| put)
    }

    /// Stores it, with more to say: `object.put_with(body, |put| put.content_type("text/plain"))`.
    ///
    /// # Errors
    ///
    /// As [`Client::send`].
    pub fn put_with<'a>(
        &'a self,
        body: &'a [u8],
        say: impl FnOnce(input::PutObject<'a>) -> input::PutObject<'a>,
    ) -> Result<types::PutObjectOutput> {
        let put = say(input::PutObject::new(&self.bucket, &self.key).body(body));
        self.changing(|| self.client.put_object(put))
    }

    /// Makes it a copy of another object: `object.copy_from(&other)`, or of a [`CopySource`].
    ///
    /// # Errors
    ///
    /// As [`Client::send`].
    pub fn copy_from<'a>(&'a self, source: impl Into<CopySource<'a>>) -> Result<types::CopyObjectOutput> {
        let copy = input::CopyObject::new(&self.bucket, source.into(), &self.key);
        self.changing(|| self.client.copy_object(copy))
    }

    /// Deletes it. To delete what does not exist is no error.
    ///
    /// # Errors
    ///
    /// As [`Client::send`].
    pub fn delete(&self) -> Result<types::DeleteObjectOutput> {
        self.changing(|| self.client.delete_object(input::DeleteObject::new(&self.bucket, &self.key)))
    }

    /// A form with which whoever has it can upload this object until it expires: see [`Client::presign_post`].
    /// The key may end in `${filename}`. Nothing is sent.
    ///
    /// # Errors
    ///
    /// As [`Client::presign_post`].
    pub fn presign_post(&self, lasts: Duration) -> Result<PresignedPost> {
        self.presign_post_with(lasts, |policy| policy)
    }

    /// The same, with more to say: `object.presign_post_with(hour, |policy| policy.conditions(&conditions))`.
    ///
    /// # Errors
    ///
    /// As [`Client::presign_post`].
    pub fn presign_post_with<'a>(
        &'a self,
        lasts: Duration,
        say: impl FnOnce(Policy<'a>) -> Policy<'a>,
    ) -> Result<PresignedPost> {
        self.client.presign_post(&say(Policy::new(&self.bucket, &self.key)), lasts)
    }

    /// Whether it exists.
    ///
    /// # Errors
    ///
    /// As [`Client::send`], but for the one that says that there is none.
    pub fn exists(&self) -> Result<bool> {
        match self.load() {
            Ok(_) => Ok(true),
            Err(error) if error.is_not_found() => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Asks for its attributes anew and keeps them. boto3's `load` and `reload`.
    ///
    /// # Errors
    ///
    /// As [`Client::send`]; a reply to `HeadObject` has no code, so look at
    /// [`is_not_found`](crate::Error::is_not_found).
    pub fn load(&self) -> Result<Arc<types::HeadObjectOutput>> {
        let head = Arc::new(self.client.head_object(input::HeadObject::new(&self.bucket, &self.key))?);
        *self.kept() = Some(Arc::clone(&head));
        Ok(head)
    }

    /// All its attributes, asked for unless they are known.
    ///
    /// # Errors
    ///
    /// As [`load`](Self::load).
    pub fn attributes(&self) -> Result<Arc<types::HeadObjectOutput>> {
        let kept = self.kept().clone();
        kept.map_or_else(|| self.load(), Ok)
    }

    /// Its size in bytes. boto3's `content_length`.
    ///
    /// # Errors
    ///
    /// As [`load`](Self::load).
    pub fn size(&self) -> Result<Option<i64>> {
        self.attributes().map(|head| head.content_length)
    }

    /// Its media type.
    ///
    /// # Errors
    ///
    /// As [`load`](Self::load).
    pub fn content_type(&self) -> Result<Option<String>> {
        self.attributes().map(|head| head.content_type.clone())
    }

    /// Its entity tag, in its quotes.
    ///
    /// # Errors
    ///
    /// As [`load`](Self::load).
    pub fn e_tag(&self) -> Result<Option<String>> {
        self.attributes().map(|head| head.e_tag.clone())
    }

    /// When it was stored.
    ///
    /// # Errors
    ///
    /// As [`load`](Self::load).
    pub fn last_modified(&self) -> Result<Option<Time>> {
        self.attributes().map(|head| head.last_modified)
    }

    /// Does something to the object. What is known of it is forgotten afterwards, since others may have
    /// asked meanwhile, and before, so that nobody is told what is about to be wrong.
    fn changing<T>(&self, change: impl FnOnce() -> Result<T>) -> Result<T> {
        *self.kept() = None;
        let changed = change();
        *self.kept() = None;
        changed
    }

    fn kept(&self) -> MutexGuard<'_, Option<Arc<types::HeadObjectOutput>>> {
        self.head.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clone for Object {
    fn clone(&self) -> Self {
        let head = Mutex::new(self.kept().clone());
        Self { client: self.client.clone(), bucket: self.bucket.clone(), key: self.key.clone(), head }
    }
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("s3::Object").field("bucket_name", &self.bucket).field("key", &self.key).finish()
    }
}

impl PartialEq for Object {
    /// Two of the same bucket and key are the same, as in boto3.
    fn eq(&self, other: &Self) -> bool {
        (&self.bucket, &self.key) == (&other.bucket, &other.key)
    }
}

impl Eq for Object {}

impl Hash for Object {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.bucket, &self.key).hash(state);
    }
}

impl<'a> From<&'a Object> for CopySource<'a> {
    /// The object as it is now, whatever its version is.
    fn from(object: &'a Object) -> Self {
        Self::new(&object.bucket, &object.key)
    }
}

impl<'a> From<&'a ObjectSummary> for CopySource<'a> {
    /// The object as it is now, whatever its version is.
    fn from(summary: &'a ObjectSummary) -> Self {
        Self::from(&summary.object)
    }
}

/// An object as a listing has it: its attributes are those of the listing.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectSummary {
    object: Object,
    listed: types::Object,
}

impl ObjectSummary {
    pub(super) fn new(client: Client<service::S3>, bucket: String, mut listed: types::Object) -> Self {
        let key = listed.key.take().unwrap_or_default();
        Self { object: Object::new(client, bucket, key), listed }
    }

    /// The name of its bucket.
    #[must_use]
    pub fn bucket_name(&self) -> &str {
        self.object.bucket_name()
    }

    /// Its key.
    #[must_use]
    pub fn key(&self) -> &str {
        self.object.key()
    }

    /// Its size in bytes.
    #[must_use]
    pub const fn size(&self) -> Option<i64> {
        self.listed.size
    }

    /// Its entity tag, in its quotes.
    #[must_use]
    pub fn e_tag(&self) -> Option<&str> {
        self.listed.e_tag.as_deref()
    }

    /// When it was stored.
    #[must_use]
    pub const fn last_modified(&self) -> Option<Time> {
        self.listed.last_modified
    }

    /// Its storage class.
    #[must_use]
    pub fn storage_class(&self) -> Option<&str> {
        self.listed.storage_class.as_deref()
    }

    /// All that the listing said of it, but for the key.
    #[must_use]
    pub const fn listed(&self) -> &types::Object {
        &self.listed
    }

    /// The object itself, to do something with it. boto3's `summary.Object()`.
    #[must_use]
    pub const fn object(&self) -> &Object {
        &self.object
    }

    /// Reads it: the output's `body` is read while it arrives.
    ///
    /// # Errors
    ///
    /// As [`Object::get`].
    pub fn get(&self) -> Result<types::GetObjectOutput> {
        self.object.get()
    }

    /// Deletes it.
    ///
    /// # Errors
    ///
    /// As [`Object::delete`].
    pub fn delete(&self) -> Result<types::DeleteObjectOutput> {
        self.object.delete()
    }
}
