//! Amazon S3: its rules, its operations, and what is peculiar to it.
//!
//! [`input`] holds the operations with their inputs, [`output`] what comes back, as views over the reply.

#[macro_use]
mod table;

use core::fmt;

use crate::encode::Percent;
use crate::endpoint::BadEndpoint;
use crate::endpoint::Endpoint;
use crate::endpoint::Place;
use crate::input::BadInput;
use crate::input::FromTree;
use crate::input::Tree;
use crate::operation::Protocol;
use crate::operation::Service;
use crate::sigv4::Payload;
use crate::sigv4::Rules;
use crate::sink::Recite;
use crate::sink::Sink;

/// The service.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "a name and nothing else")]
pub struct S3;

impl Service for S3 {
    const ID: &'static str = "S3";
    const RULES: Rules = Rules::S3;
    const PRESIGNED_PAYLOAD: Payload<'static> = Payload::Unsigned;
    const PROTOCOL: Protocol = Protocol::Xml;
    const ERRORS: &'static [(&'static str, &'static str)] = &[
        ("AccessDenied", "AccessDenied"),
        ("AnnotationLimitExceeded", "AnnotationLimitExceeded"),
        ("AnnotationNameTooLong", "AnnotationNameTooLong"),
        ("BucketAlreadyExists", "BucketAlreadyExists"),
        ("BucketAlreadyOwnedByYou", "BucketAlreadyOwnedByYou"),
        ("EncryptionTypeMismatch", "EncryptionTypeMismatch"),
        ("IdempotencyParameterMismatch", "IdempotencyParameterMismatch"),
        ("InvalidAnnotationName", "InvalidAnnotationName"),
        ("InvalidObjectState", "InvalidObjectState"),
        ("InvalidPrefix", "InvalidPrefix"),
        ("InvalidRequest", "InvalidRequest"),
        ("InvalidWriteOffset", "InvalidWriteOffset"),
        ("NoSuchAnnotation", "NoSuchAnnotation"),
        ("NoSuchBucket", "NoSuchBucket"),
        ("NoSuchKey", "NoSuchKey"),
        ("NoSuchUpload", "NoSuchUpload"),
        ("ObjectAlreadyInActiveTierError", "ObjectAlreadyInActiveTierError"),
        ("ObjectNotInActiveTierError", "ObjectNotInActiveTierError"),
        ("TooManyParts", "TooManyParts"),
        ("UnsupportedMediaType", "UnsupportedMediaType"),
    ];

    fn endpoint<'r>(
        place: &Place<'r>,
        bucket: &str,
        room: &'r mut [u8],
    ) -> Result<Endpoint<'r>, BadEndpoint> {
        place.s3(bucket, room)
    }
}

/// What is asked of S3: the operations, and the shapes that their inputs are made of.
pub mod input {
    use super::CopySource;
    use super::S3;

    s3_table!([crate::table::inputs!]);
}

/// What S3 answers: a view over the reply for each operation and each shape.
pub mod output {
    use crate::xml::Element as Node;

    s3_table!([crate::view::views!]);
}

/// The object that a copy is made of.
///
/// ```
/// use tucuxi_core::s3::CopySource;
/// use tucuxi_core::sink::{Cursor, Recite};
///
/// let mut room = [0; 64];
/// let mut header = Cursor::new(&mut room);
/// CopySource::new("logs", "a b+c").version_id("v1").recite(&mut header);
/// assert_eq!(header.finish().unwrap(), b"logs/a%20b%2Bc?versionId=v1");
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct CopySource<'a> {
    /// None where `key` is a whole source as text, `bucket/key`.
    bucket: Option<&'a str>,
    key: &'a str,
    version_id: Option<&'a str>,
}

impl<'a> CopySource<'a> {
    /// The current version of an object.
    pub const fn new(bucket: &'a str, key: &'a str) -> Self {
        Self { bucket: Some(bucket), key, version_id: None }
    }

    /// A source as boto3 takes it in one text: `bucket/key`, or `bucket/key?versionId=…`, not encoded.
    pub fn from_text(text: &'a str) -> Self {
        let (key, version_id) = match text.rsplit_once("?versionId=") {
            Some((key, version)) => (key, Some(version)),
            None => (text, None),
        };
        Self { bucket: None, key, version_id }
    }

    /// Whether it names nothing: the bucket or the key is missing.
    pub(crate) fn is_empty(&self) -> bool {
        self.key.is_empty() || self.bucket.map_or_else(|| !self.key.contains('/'), str::is_empty)
    }

    /// A certain version of the object.
    pub const fn version_id(mut self, version_id: &'a str) -> Self {
        self.version_id = Some(version_id);
        self
    }
}

impl Recite for CopySource<'_> {
    fn recite(&self, to: &mut dyn Sink) {
        if let Some(bucket) = self.bucket {
            Percent::path(to).put(bucket.as_bytes());
            to.put(b"/");
        }
        Percent::path(to).put(self.key.as_bytes());
        if let Some(version) = self.version_id {
            to.put(b"?versionId=");
            Percent::component(to).put(version.as_bytes());
        }
    }
}

impl fmt::Display for CopySource<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(bucket) = self.bucket {
            write!(f, "{bucket}/")?;
        }
        f.write_str(self.key)?;
        self.version_id.map_or(Ok(()), |version| write!(f, "?versionId={version}"))
    }
}

impl<'a> FromTree<'a> for CopySource<'a> {
    fn from_tree(tree: &'a dyn Tree) -> Result<Self, BadInput<'a>> {
        if let Some(text) = tree.text() {
            return Ok(Self::from_text(text));
        }
        crate::input::check_members(tree, &["Bucket", "Key", "VersionId"])?;
        Ok(Self {
            bucket: Some(crate::input::needed(tree, "Bucket")?),
            key: crate::input::needed(tree, "Key")?,
            version_id: crate::input::taken(tree, "VersionId")?,
        })
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for CopySource<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests;
