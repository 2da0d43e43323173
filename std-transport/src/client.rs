//! A client: calls of a service's operations, signed and sent with what a session knows.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::OnceLock;
use std::sync::PoisonError;
use std::time::Duration;

use tucuxi_core::endpoint::Addressing;
use tucuxi_core::endpoint::ENDPOINT_ROOM;
use tucuxi_core::endpoint::Endpoint;
use tucuxi_core::endpoint::Place;
use tucuxi_core::operation::Operation;
use tucuxi_core::operation::Service;
use tucuxi_core::reply::Reply;
use tucuxi_core::retry::Quota;
use tucuxi_core::retry::Retry;
use tucuxi_core::sigv4::Credentials;
use tucuxi_core::sigv4::SigningKey;
use tucuxi_core::time::Time;
use tucuxi_core::uri::Url;

use crate::body::Body;
use crate::config::Config;
use crate::config::Keys;
use crate::config::UsEast1;
use crate::error::Error;
use crate::error::Result;
use crate::output::Answered;
use crate::output::written;
use crate::page::Pages;
use crate::page::Paginated;
use crate::prepared::Prepared;
use crate::prepared::Presigned;
use crate::send::Finished;
use crate::send::Limit;
use crate::send::Sending;
use crate::send::Traits;
use crate::send::borrowed_headers;
use crate::send::not_output;
use crate::send::read_document;
use crate::send::with_request;
use crate::session::World;
use crate::transport::Answer;

/// Calls a service's operations: boto3's `client`.
///
/// Made by [`Session::s3_client`](crate::Session::s3_client) and its like. Cheap to clone, and shared by
/// all threads; clones, and clients of one service of one session, share connections and retry quota. Each operation has a method named
/// after it; [`send`](Self::send) is the door that all of them go through.
///
/// ```no_run
/// # #[cfg(feature = "s3")]
/// use tucuxi::s3::input::ListObjectsV2;
///
/// # fn main() {}
/// # #[cfg(feature = "s3")]
/// # fn shown() -> tucuxi::Result<()> {
/// let s3 = tucuxi::s3_client();
/// let listing = s3.list_objects_v2(ListObjectsV2::new("logs").prefix("2026/"))?;
/// for object in listing.contents {
///     println!("{:?} {:?}", object.key, object.size);
/// }
/// # Ok(())
/// # }
/// ```
pub struct Client<S> {
    inner: Arc<Inner>,
    service: PhantomData<fn() -> S>,
}

pub(crate) struct Inner {
    pub(crate) session: Arc<World>,
    config: Result<Config>,
    service: &'static str,
    settings: OnceLock<Result<Settings>>,
    quota: Mutex<Quota>,
    key: Mutex<Option<SigningKey>>,
}

/// What a client has found out of its configuration, once.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) retry: Retry,
    /// None where nobody signs; an error for those who sign.
    keys: Result<Option<Keys>>,
    region: String,
    endpoint_url: Option<String>,
    addressing: Addressing,
    fips: bool,
    dual_stack: bool,
    us_east_1: UsEast1,
}

impl<S: Service> Client<S> {
    pub(crate) const fn new(inner: Arc<Inner>) -> Self {
        Self { inner, service: PhantomData }
    }

    #[cfg(any(feature = "bulk", feature = "s3"))]
    pub(crate) fn inner(&self) -> &Inner {
        &self.inner
    }

    /// Calls an operation and returns its output.
    ///
    /// Failures that another attempt may cure are tried again, three times in all unless `max_attempts` says
    /// otherwise, with growing waits in between
    /// ([AWS's description](https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html)).
    ///
    /// # Errors
    ///
    /// [`Error`], whose [`kind`](Error::kind) says whether the configuration, the input, the network or the
    /// service is at fault.
    pub fn send<O: Answered<Service = S>>(&self, operation: &O) -> Result<O::Output> {
        let decode = operation.automatic();
        self.receive(operation, &mut |answer, limit| read::<O>(answer, limit, decode))
    }

    /// Calls an operation and returns what `read` makes of its answer.
    pub(crate) fn receive<O: Operation<Service = S>, T>(
        &self,
        operation: &O,
        read: &mut dyn FnMut(Answer, Limit<'_>) -> Result<T, Finished>,
    ) -> Result<T> {
        let mut output = None;
        self.sending(operation, |sending| {
            sending.send(&mut |answer, limit| match read(answer, limit) {
                Ok(read) => {
                    output = Some(read);
                    Finished::Read
                }
                Err(finished) => finished,
            })
        })?;
        output.ok_or_else(|| Error::config("the call ended without an output"))
    }

    /// All pages of an operation that answers in pages, one request each, as far as they are taken.
    ///
    /// ```no_run
    /// # #[cfg(feature = "s3")]
    /// use tucuxi::s3::input::ListObjectsV2;
    ///
    /// # fn main() {}
    /// # #[cfg(feature = "s3")]
    /// # fn shown() -> tucuxi::Result<()> {
    /// for page in tucuxi::s3_client().pages(ListObjectsV2::new("logs")) {
    ///     println!("{} objects", page?.contents.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn pages<O: Paginated<Service = S>>(&self, operation: O) -> Pages<O, S> {
        Pages::new(self.clone(), operation)
    }

    /// The request that [`send`](Self::send) would send first, signed as of now. Nothing is sent.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send), as far as they come before sending.
    pub fn prepare<O: Operation<Service = S>>(&self, operation: &O) -> Result<Prepared> {
        self.sending(operation, |sending| sending.prepare())
    }

    /// A URL that does what the operation does, for whoever has it, until it expires.
    ///
    /// `lasts` is from 1 second to 7 days. S3's are for the region's own endpoint. STS's say everything in the URL
    /// and are sent by `POST` without a body, as botocore's are; SQS's come with a body and headers. The URL dies
    /// with the credentials if they go first: [`Presigned::expires`] is the earlier of the two.
    ///
    /// ```no_run
    /// use std::time::Duration;
    /// # #[cfg(feature = "s3")]
    /// use tucuxi::s3::input::GetObject;
    ///
    /// # fn main() {}
    /// # #[cfg(feature = "s3")]
    /// # fn shown() -> tucuxi::Result<()> {
    /// let get = GetObject::new("logs", "2026/11.log");
    /// let link = tucuxi::s3_client().presign(&get, Duration::from_secs(3600))?;
    /// println!("{} until {}", link.url, link.expires);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Input`](crate::ErrorKind::Input) for a time out of range,
    /// [`Credentials`](crate::ErrorKind::Credentials) where they have expired, and as [`send`](Self::send) as far as
    /// they come before sending.
    pub fn presign<O: Operation<Service = S>>(&self, operation: &O, lasts: Duration) -> Result<Presigned> {
        self.sending(operation, |sending| sending.presign(lasts))
    }

    /// URLs for many operations of one kind, as [`presign`](Self::presign) makes them one by one, in their order.
    ///
    /// Those of S3 are hashed side by side ([`bulk`](crate::bulk)), some hundreds at a time as they are taken, so
    /// there is no limit to their number; each lasts from when its turn comes. An operation whose input is no good
    /// has its error in its place. Other services' are presigned one by one.
    ///
    /// ```no_run
    /// use std::time::Duration;
    /// # #[cfg(feature = "s3")]
    /// use tucuxi::s3::input::GetObject;
    ///
    /// # fn main() {}
    /// # #[cfg(feature = "s3")]
    /// # fn shown(keys: &[String]) -> tucuxi::Result<()> {
    /// let gets = keys.iter().map(|key| GetObject::new("photos", key));
    /// for link in tucuxi::s3_client().presign_all(gets, Duration::from_secs(3600)) {
    ///     println!("{}", link?.url);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "bulk")]
    pub fn presign_all<O, I>(&self, operations: I, lasts: Duration) -> crate::bulk::PresignAll<S, I::IntoIter>
    where
        O: Operation<Service = S>,
        I: IntoIterator<Item = O>,
    {
        crate::bulk::PresignAll::new(self.clone(), operations.into_iter(), lasts)
    }

    /// The region that requests are signed for: `us-east-1` where the session's is `aws-global`.
    ///
    /// # Errors
    ///
    /// [`Config`](crate::ErrorKind::Config) where there is none and the service needs one, and where the settings
    /// do not go together.
    pub fn region(&self) -> Result<String> {
        self.at(|endpoint| endpoint.region().to_owned())
    }

    /// Where requests go: a custom endpoint, or the region's own. Buckets are not in it. No credentials are
    /// needed to ask. boto3's `client.meta.endpoint_url`.
    ///
    /// # Errors
    ///
    /// [`Config`](crate::ErrorKind::Config) where the settings do not go together.
    pub fn endpoint_url(&self) -> Result<String> {
        self.at(|endpoint| written(|to| endpoint.write_url(to)))
    }

    /// What there is to say of the endpoint without a bucket.
    fn at(&self, say: impl FnOnce(Endpoint<'_>) -> String) -> Result<String> {
        let place = self.inner.place()?;
        let (mut room, mut long) = ([0; ENDPOINT_ROOM], Vec::new());
        Traits::of::<S>().endpoint(&place, "", &mut room, &mut long).map(say)
    }

    fn sending<O: Operation<Service = S>, T>(
        &self,
        operation: &O,
        go: impl FnOnce(&Sending<'_>) -> Result<T>,
    ) -> Result<T> {
        with_request(operation, |request| {
            go(&Sending { client: &self.inner, traits: Traits::of::<S>(), operation: O::NAME, request })
        })
    }
}

impl<S> Clone for Client<S> {
    fn clone(&self) -> Self {
        Self { inner: Arc::clone(&self.inner), service: PhantomData }
    }
}

impl<S> fmt::Debug for Client<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("service", &self.inner.service).finish_non_exhaustive()
    }
}

/// Reads the output of an answer whose status said that all is well.
fn read<O: Answered>(answer: Answer, limit: Limit<'_>, decode: bool) -> Result<O::Output, Finished> {
    let Answer { status, headers, mut body, .. } = answer;
    if O::STREAMED {
        let borrowed = borrowed_headers(&headers);
        let reply = Reply::new(status, &borrowed, b"");
        let mut output = O::output(&reply, decode).map_err(|why| Finished::Unreadable(Error::reply(why)))?;
        let length = reply.header("content-length").and_then(|length| length.parse().ok());
        O::stream(&mut output, Body::new(body, O::NAME, length));
        return Ok(output);
    }
    let bytes = read_document(&mut body, limit)?;
    let borrowed = borrowed_headers(&headers);
    let reply = Reply::new(status, &borrowed, &bytes);
    O::output(&reply, decode)
        .map_err(|why| not_output(Traits::of::<O::Service>(), why, status, &headers, &bytes))
}

impl Inner {
    pub(crate) const fn new(session: Arc<World>, config: Result<Config>, service: &'static str) -> Self {
        Self {
            session,
            config,
            service,
            settings: OnceLock::new(),
            quota: Mutex::new(Quota::new()),
            key: Mutex::new(None),
        }
    }

    pub(crate) fn settings(&self) -> Result<&Settings> {
        self.settings.get_or_init(|| self.find_settings()).as_ref().map_err(Clone::clone)
    }

    fn find_settings(&self) -> Result<Settings> {
        let config = self.config.clone()?;
        let region = match (config.region()?, self.service) {
            (Some(region), _) => region.value,
            // As boto3 has it.
            (None, "S3") => "us-east-1".to_owned(),
            (None, "STS") => "aws-global".to_owned(),
            (None, service) => {
                return Err(Error::config(format!(
                    "{service} needs a region: set AWS_REGION, or write `region` into the profile"
                )));
            }
        };
        // `fips-us-east-1` is boto3's old way to ask for FIPS endpoints of us-east-1.
        let plain = region.strip_prefix("fips-").or_else(|| region.strip_suffix("-fips")).map(str::to_owned);
        let fips = plain.is_some() || config.use_fips_endpoint()?.value;
        let region = plain.unwrap_or(region);
        let retry = Retry::standard();
        Ok(Settings {
            retry: config.max_attempts()?.map_or(retry, |attempts| retry.max_attempts(attempts.value)),
            keys: self.find_keys(&config),
            region,
            endpoint_url: config.endpoint_url(self.service)?.map(|url| url.value),
            addressing: config.addressing_style()?.value,
            fips,
            dual_stack: config.use_dualstack_endpoint()?.value,
            us_east_1: config.us_east_1_regional_endpoint()?.value,
        })
    }

    fn find_keys(&self, config: &Config) -> Result<Option<Keys>> {
        if self.session.anonymous {
            return Ok(None);
        }
        match config.keys()? {
            Some(keys) => Ok(Some(keys.value)),
            None => Err(Error::credentials(format!(
                "no credentials found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or write them into \
                 profile {:?} of ~/.aws/credentials",
                config.profile().value,
            ))),
        }
    }

    /// The keys to sign with; none where nobody signs.
    pub(crate) fn keys(&self) -> Result<Option<&Keys>> {
        self.settings()?.keys.as_ref().map(Option::as_ref).map_err(Clone::clone)
    }

    /// Where requests go.
    pub(crate) fn place(&self) -> Result<Place<'_>> {
        let settings = self.settings()?;
        let url = settings.endpoint_url.as_deref().map(Url::parse).transpose();
        let url = url.map_err(|why| Error::config(why.to_string()))?;
        Ok(Place::new(&settings.region)
            .url(url)
            .addressing(settings.addressing)
            .fips(settings.fips)
            .dual_stack(settings.dual_stack)
            .global(self.service == "S3" && settings.us_east_1 == UsEast1::Legacy))
    }

    /// The key for that time and region, derived once a day.
    pub(crate) fn signing_key(
        &self,
        credentials: &Credentials<'_>,
        now: Time,
        region: &str,
        service: &str,
    ) -> SigningKey {
        let mut kept = self.key.lock().unwrap_or_else(PoisonError::into_inner);
        match &*kept {
            Some(key) if key.covers(credentials, now, region, service) => key.clone(),
            _ => kept.insert(SigningKey::derive(credentials, now, region, service)).clone(),
        }
    }

    pub(crate) fn quota(&self) -> MutexGuard<'_, Quota> {
        self.quota.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One method for each operation, named after it.
macro_rules! methods {
    ($($(#[$doc:meta])* $method:ident => $operation:ident -> $output:ident;)*) => {$(
        $(#[$doc])*
        ///
        /// # Errors
        ///
        /// As [`send`](Self::send).
        pub fn $method(&self, input: input::$operation<'_>) -> $crate::error::Result<types::$output> {
            self.send(&input)
        }
    )*};
}

pub(crate) use methods;
