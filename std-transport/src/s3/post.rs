//! Uploads by HTML form: what may be uploaded, signed for whoever has the form.

use std::fmt;
use std::time::Duration;

use tucuxi_core::call::Effect;
use tucuxi_core::endpoint::ENDPOINT_ROOM;
use tucuxi_core::operation::Service as _;
pub use tucuxi_core::post::Condition;
pub use tucuxi_core::post::Policy;
use tucuxi_core::s3::S3;
use tucuxi_core::sigv4::Expires;
use tucuxi_core::sigv4::Signer;
use tucuxi_core::time::Time;

use crate::client::Client;
use crate::error::Error;
use crate::error::Result;
use crate::output::written;
use crate::send::Traits;
use crate::send::borrowed;
use crate::send::check_bucket;

impl Client<S3> {
    /// A form with which whoever has it can upload into a bucket, as far as `policy` allows, until it
    /// expires: boto3's `generate_presigned_post`. Nothing is sent.
    ///
    /// `lasts` is from 1 second to 7 days. The form is for the region's own endpoint.
    ///
    /// ```no_run
    /// use std::time::Duration;
    /// use tucuxi::s3::post::{Condition, Policy};
    ///
    /// # fn main() -> tucuxi::Result<()> {
    /// // Pictures of up to a megabyte, readable by all, each under the name that it has on the user's disk. A field
    /// // that all forms have alike is given here, and needs its condition; one that the user fills in needs that alone.
    /// let conditions = [
    ///     Condition::exact("acl", "public-read"),
    ///     Condition::starts_with("Content-Type", "image/"),
    ///     Condition::content_length_range(1, 1 << 20),
    /// ];
    /// let policy = Policy::new("pictures", "user/ada/${filename}")
    ///     .fields(&[("acl", "public-read")])
    ///     .conditions(&conditions);
    /// let post = tucuxi::s3_client().presign_post(&policy, Duration::from_secs(3600))?;
    /// println!("post to {} until {}:", post.url, post.expires);
    /// for (name, value) in &post.fields {
    ///     println!("{name}: {value}");
    /// }
    /// println!("Content-Type: (the picture's)");
    /// println!("file: (the picture)");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Input`](crate::ErrorKind::Input) for a time out of range and for what S3 would refuse, each
    /// [`BadPolicy`](tucuxi_core::post::BadPolicy) among it; [`Credentials`](crate::ErrorKind::Credentials) where there
    /// are none or they have expired; and [`Config`](crate::ErrorKind::Config).
    pub fn presign_post(&self, policy: &Policy<'_>, lasts: Duration) -> Result<PresignedPost> {
        self.signed_post(policy, lasts).map_err(|error| error.in_call("PostObject", 0, Effect::None, None))
    }

    fn signed_post(&self, policy: &Policy<'_>, lasts: Duration) -> Result<PresignedPost> {
        let expires = Expires::of(lasts).map_err(Error::expires)?;
        let inner = self.inner();
        check_bucket(policy.bucket())?;
        let (mut room, mut long) = ([0; ENDPOINT_ROOM], Vec::new());
        // As presigned URLs have it: the region's own, wherever the client's calls go.
        let place = inner.place()?.global(false);
        let endpoint = Traits::of::<S3>().endpoint(&place, policy.bucket(), &mut room, &mut long)?;
        let keys = inner.keys()?;
        let keys = keys.ok_or_else(|| Error::credentials("an anonymous client cannot presign"))?;
        let now = inner.session.host.now();
        let credentials = borrowed(keys);
        let end = expires.end(now, &credentials).map_err(Error::expires)?;
        let key = inner.signing_key(&credentials, now, endpoint.region(), endpoint.service());
        let signer = Signer::new(&credentials, &key, S3::RULES);
        let form = policy.sign(&signer, endpoint, now, expires).map_err(Error::input)?;
        let fields = form.fields();
        Ok(PresignedPost {
            url: written(|to| form.write_url(to)),
            fields: fields
                .map(|field| (field.name().to_owned(), written(|to| field.write_value(to))))
                .collect(),
            expires: end,
        })
    }
}

/// A form that anyone can upload with until it expires: boto3's `{"url": …, "fields": …}`.
#[derive(Clone)]
#[non_exhaustive]
pub struct PresignedPost {
    /// Where to `POST` it, as `multipart/form-data`.
    pub url: String,
    /// Names and values of the fields, in the order in which they should stand. Further ones that the policy has
    /// conditions on come after them, and last the file, in a field called `file`. Whoever has them can do what
    /// the policy allows: keep them out of logs.
    pub fields: Vec<(String, String)>,
    /// When it stops working: after the time that was asked for, or with the credentials that signed it if they
    /// are known to end before.
    pub expires: Time,
}

impl fmt::Debug for PresignedPost {
    /// Without the fields: they are the proof.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PresignedPost")
            .field("url", &self.url)
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}
