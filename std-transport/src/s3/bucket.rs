//! S3 itself and its buckets, as objects to pass around.

use std::fmt;
use std::hash::Hash;
use std::hash::Hasher;

use tucuxi_core::time::Time;

use super::input;
use super::object::Object;
use super::objects::Objects;
use super::types;
use crate::client::Client;
use crate::error::Result;
use crate::page::Pages;
use crate::page::Rest;
use crate::service;

/// Amazon S3 as one session sees it: boto3's `session.resource("s3")`.
///
/// ```no_run
/// # fn main() -> tucuxi::Result<()> {
/// for bucket in tucuxi::s3().buckets() {
///     println!("{}", bucket?.name());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct S3 {
    client: Client<service::S3>,
}

impl S3 {
    pub(crate) const fn new(client: Client<service::S3>) -> Self {
        Self { client }
    }

    /// The client that this resource and all that come from it call.
    #[must_use]
    pub const fn client(&self) -> &Client<service::S3> {
        &self.client
    }

    /// A bucket, whether it exists or not. Nothing is sent.
    #[must_use]
    pub fn bucket(&self, name: impl Into<String>) -> Bucket {
        Bucket { client: self.client.clone(), name: name.into(), creation_date: None }
    }

    /// An object, whether it exists or not. Nothing is sent.
    #[must_use]
    pub fn object(&self, bucket: impl Into<String>, key: impl Into<String>) -> Object {
        Object::new(self.client.clone(), bucket.into(), key.into())
    }

    /// Creates a bucket. Outside us-east-1 AWS wants to be told where: the session's region is said for you.
    ///
    /// # Errors
    ///
    /// As [`Client::send`]; `BucketAlreadyExists` where somebody else has the name.
    pub fn create_bucket(&self, name: impl Into<String>) -> Result<Bucket> {
        let bucket = self.bucket(name);
        bucket.create()?;
        Ok(bucket)
    }

    /// All buckets of the account, asked for page by page.
    #[must_use]
    pub fn buckets(&self) -> Buckets {
        let pages = self.client.pages(input::ListBuckets::new());
        Buckets { client: self.client.clone(), pages, page: Rest::empty() }
    }
}

/// The buckets of an account, from [`S3::buckets`].
#[derive(Debug)]
pub struct Buckets {
    client: Client<service::S3>,
    pages: Pages<input::ListBuckets<'static>, service::S3>,
    page: Rest<types::Bucket>,
}

impl Buckets {
    /// All of them, which is what this is: boto3's word, and nothing else.
    #[must_use]
    pub const fn all(self) -> Self {
        self
    }
}

impl Iterator for Buckets {
    type Item = Result<Bucket>;

    fn next(&mut self) -> Option<Self::Item> {
        let Self { client, pages, page } = self;
        let listed = page.next(|| Some(pages.next()?.map(|page| page.buckets)))?;
        Some(listed.map(|types::Bucket { name, creation_date, .. }| Bucket {
            client: client.clone(),
            name: name.unwrap_or_default(),
            creation_date,
        }))
    }
}

/// A bucket by its name, whether it exists or not.
///
/// ```no_run
/// # fn main() -> tucuxi::Result<()> {
/// let bucket = tucuxi::s3().bucket("logs");
/// bucket.put_object("hello.txt", b"hello")?;
/// for object in bucket.objects().filter(|list| list.prefix("2026/")).limit(10) {
///     println!("{}", object?.key());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Bucket {
    client: Client<service::S3>,
    name: String,
    creation_date: Option<Time>,
}

impl Bucket {
    /// The client that this resource calls.
    #[must_use]
    pub const fn client(&self) -> &Client<service::S3> {
        &self.client
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// When it was made; known of listed buckets only.
    #[must_use]
    pub const fn creation_date(&self) -> Option<Time> {
        self.creation_date
    }

    /// Creates it, in the session's region.
    ///
    /// # Errors
    ///
    /// As [`Client::send`].
    pub fn create(&self) -> Result<types::CreateBucketOutput> {
        let region = self.client.region()?;
        let create = input::CreateBucket::new(&self.name);
        // us-east-1 is the one region that must not be named.
        if region == "us-east-1" {
            return self.client.create_bucket(create);
        }
        let place = input::CreateBucketConfiguration::new().location_constraint(&region);
        self.client.create_bucket(create.create_bucket_configuration(place))
    }

    /// Deletes it; it must be empty.
    ///
    /// # Errors
    ///
    /// As [`Client::send`]; `BucketNotEmpty` where it is not.
    pub fn delete(&self) -> Result<types::DeleteBucketOutput> {
        self.client.delete_bucket(input::DeleteBucket::new(&self.name))
    }

    /// Whether it exists. A bucket that exists but may not be read is one: the error is `AccessDenied` or 403 then.
    ///
    /// # Errors
    ///
    /// As [`Client::send`], but for the one that says that there is none.
    pub fn exists(&self) -> Result<bool> {
        match self.client.head_bucket(input::HeadBucket::new(&self.name)) {
            Ok(_) => Ok(true),
            Err(error) if error.is_not_found() => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// An object of it, whether it exists or not. Nothing is sent.
    #[must_use]
    pub fn object(&self, key: impl Into<String>) -> Object {
        Object::new(self.client.clone(), self.name.clone(), key.into())
    }

    /// Its objects: a collection that asks for nothing until it is iterated over.
    #[must_use]
    pub fn objects(&self) -> Objects<'static> {
        Objects::new(self.client.clone(), self.name.clone())
    }

    /// Stores an object.
    ///
    /// # Errors
    ///
    /// As [`Client::send`].
    pub fn put_object(&self, key: impl Into<String>, body: impl AsRef<[u8]>) -> Result<Object> {
        let object = self.object(key);
        object.put(body)?;
        Ok(object)
    }

    /// Deletes up to 1,000 objects by their keys. Those that could not be deleted are in the output's `errors`.
    ///
    /// # Errors
    ///
    /// As [`Client::send`].
    pub fn delete_objects(&self, keys: &[&str]) -> Result<types::DeleteObjectsOutput> {
        let objects: Vec<_> = keys.iter().map(|key| input::ObjectIdentifier::new(key)).collect();
        let delete = input::Delete::new(&objects);
        self.client.delete_objects(input::DeleteObjects::new(&self.name, delete))
    }
}

impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("s3::Bucket").field("name", &self.name).finish()
    }
}

impl PartialEq for Bucket {
    /// Two of the same name are the same, as in boto3.
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Bucket {}

impl Hash for Bucket {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}
