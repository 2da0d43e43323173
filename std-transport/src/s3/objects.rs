//! The objects of a bucket, as a collection that asks for nothing until it is iterated over.

use std::fmt;

use tucuxi_core::operation::Operation as _;

use super::input::Delete;
use super::input::DeleteObjects;
use super::input::ListObjectsV2;
use super::input::ObjectIdentifier;
use super::object::ObjectSummary;
use super::types;
use crate::client::Client;
use crate::error::Result;
use crate::page::Paginated as _;
use crate::page::Rest;
use crate::page::Token;
use crate::service;

/// The objects of a bucket, all or some of them: boto3's `bucket.objects`.
///
/// Each method returns the collection with something said of it; iterating sends the requests, one a
/// page, as far as the objects are taken. Keys come as they are: what XML cannot hold is asked for encoded, and decoded here.
///
/// ```no_run
/// # fn main() -> tucuxi::Result<()> {
/// let bucket = tucuxi::s3().bucket("logs");
/// let recent = bucket.objects().prefix("2026/").filter(|list| list.start_after("2026/11"));
/// for object in recent.limit(100) {
///     println!("{}", object?.key());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Objects<'a> {
    client: Client<service::S3>,
    bucket: String,
    prefix: Option<String>,
    list: ListObjectsV2<'a>,
    limit: Option<usize>,
}

impl<'a> Objects<'a> {
    pub(super) const fn new(client: Client<service::S3>, bucket: String) -> Self {
        // The bucket's name takes its place when a page is asked for.
        Self { client, bucket, prefix: None, list: ListObjectsV2::new(""), limit: None }
    }

    /// All of them.
    #[must_use]
    pub const fn all(self) -> Self {
        self
    }

    /// Those that a listing with these parameters has: `filter(|list| list.prefix("2026/"))`.
    ///
    /// What was said before stays said.
    #[must_use]
    pub fn filter<'b>(self, say: impl FnOnce(ListObjectsV2<'b>) -> ListObjectsV2<'b>) -> Objects<'b>
    where
        'a: 'b,
    {
        let Self { client, bucket, prefix, list, limit } = self;
        Objects { client, bucket, prefix, list: say(list), limit }
    }

    /// Those whose keys begin so. Unlike the prefix of a [`filter`](Self::filter), which it wins over, it is
    /// owned, so that the collection and its iterators can outlive where they were made:
    ///
    /// ```no_run
    /// use tucuxi::Result;
    /// use tucuxi::s3::{Bucket, ObjectSummary};
    ///
    /// fn of_day(bucket: &Bucket, day: u32) -> impl Iterator<Item = Result<ObjectSummary>> + use<> {
    ///     bucket.objects().prefix(format!("2026/11/{day:02}/")).into_iter()
    /// }
    /// ```
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = Some(prefix.into());
        self
    }

    /// At most so many of them.
    #[must_use]
    pub const fn limit(mut self, objects: usize) -> Self {
        self.limit = Some(objects);
        self
    }

    /// So many in each request, from 1 to 1,000.
    #[must_use]
    pub const fn page_size(mut self, objects: u16) -> Self {
        self.list = self.list.max_keys(objects as i64);
        self
    }

    /// The same objects, a page at a time.
    #[must_use]
    pub const fn pages(self) -> ObjectPages<'a> {
        ObjectPages { objects: self, token: Token::First, taken: 0 }
    }

    /// Deletes them, at least one request for each page and one for each 1,000 keys.
    ///
    /// ```no_run
    /// # fn main() -> tucuxi::Result<()> {
    /// let deletion = tucuxi::s3().bucket("logs").objects().prefix("2025/").delete()?;
    /// for error in deletion.errors() {
    ///     println!("{:?} is still there: {:?}", error.key, error.message);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The first request that fails; what came before it is deleted. That a key could not be deleted is no
    /// error here: see [`Deletion::errors`].
    pub fn delete(self) -> Result<Deletion> {
        let (client, bucket) = (self.client.clone(), self.bucket.clone());
        let mut replies = Vec::new();
        for page in self.pages() {
            let page = page?;
            // Other servers than AWS's may put more on a page than they take in one request.
            for page in page.chunks(MOST_DELETED) {
                let objects: Vec<_> = page.iter().map(|object| ObjectIdentifier::new(object.key())).collect();
                replies.push(client.delete_objects(DeleteObjects::new(&bucket, Delete::new(&objects)))?);
            }
        }
        Ok(Deletion { replies })
    }
}

/// The most keys that S3 takes in one `DeleteObjects`.
const MOST_DELETED: usize = 1_000;

impl fmt::Debug for Objects<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("s3::Objects")
            .field("bucket", &self.bucket)
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}

impl<'a> IntoIterator for Objects<'a> {
    type Item = Result<ObjectSummary>;
    type IntoIter = ObjectIter<'a>;

    fn into_iter(self) -> ObjectIter<'a> {
        ObjectIter { pages: self.pages(), page: Rest::empty() }
    }
}

/// What came of [`Objects::delete`]: what is deleted, and what could not be.
#[derive(Clone, Debug, Default, PartialEq)]
#[must_use = "keys that could not be deleted are in `errors`"]
pub struct Deletion {
    replies: Vec<types::DeleteObjectsOutput>,
}

impl Deletion {
    /// The objects that are deleted, in the order of the listing.
    pub fn deleted(&self) -> impl Iterator<Item = &types::DeletedObject> {
        self.replies.iter().flat_map(|reply| &reply.deleted)
    }

    /// The objects that could not be deleted, and why. None where all went well.
    pub fn errors(&self) -> impl Iterator<Item = &types::Error> {
        self.replies.iter().flat_map(|reply| &reply.errors)
    }

    /// The replies, one for each request. boto3's answer.
    #[must_use]
    pub fn replies(&self) -> &[types::DeleteObjectsOutput] {
        &self.replies
    }
}

/// The objects of a listing, one by one. After an error there are none.
#[derive(Debug)]
pub struct ObjectIter<'a> {
    pages: ObjectPages<'a>,
    page: Rest<ObjectSummary>,
}

impl Iterator for ObjectIter<'_> {
    type Item = Result<ObjectSummary>;

    fn next(&mut self) -> Option<Self::Item> {
        self.page.next(|| self.pages.next())
    }
}

/// The pages of a listing, from [`Objects::pages`]. After an error there are none.
#[derive(Clone, Debug)]
pub struct ObjectPages<'a> {
    objects: Objects<'a>,
    token: Token,
    taken: usize,
}

impl Iterator for ObjectPages<'_> {
    type Item = Result<Vec<ObjectSummary>>;

    fn next(&mut self) -> Option<Self::Item> {
        let Self { objects: Objects { client, bucket, prefix, list, limit }, token, taken } = self;
        let left = limit.map_or(usize::MAX, |limit| limit - *taken);
        if left == 0 {
            return None;
        }
        let list = list.bucket(bucket);
        let list = prefix.as_deref().map_or(list, |prefix| list.prefix(prefix));
        let ask = |token: Option<&str>| {
            client.list_objects_v2(token.map_or(list, |token| list.continuation_token(token)))
        };
        let listed = token.take(ListObjectsV2::NAME, ask, ListObjectsV2::next_page)?;
        let summary = |object| ObjectSummary::new(client.clone(), bucket.clone(), object);
        Some(listed.map(|listed| {
            let objects: Vec<_> = listed.contents.into_iter().take(left).map(summary).collect();
            *taken += objects.len();
            objects
        }))
    }
}
