//! A session: what the program was told, once, and what everything else is made of.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::OnceLock;
use std::sync::PoisonError;
use std::sync::RwLock;
use std::time::Duration;

use tucuxi_core::call::Repeat;
use tucuxi_core::endpoint::Addressing;
use tucuxi_core::operation::Service;
use tucuxi_core::time::Time;

use crate::client;
use crate::client::Client;
use crate::config::Arguments;
use crate::config::Config;
use crate::error::Error;
use crate::error::Result;
use crate::host::Host;
use crate::host::System;
use crate::secret::Secret;
use crate::transport::Transport;

/// Credentials, region and settings, found once and shared by all clients and resources made of it:
/// boto3's `Session`.
///
/// Cheap to clone, and shared by all threads.
///
/// ```no_run
/// use tucuxi::Session;
///
/// # fn main() {}
/// # #[cfg(feature = "s3")]
/// # fn shown() -> tucuxi::Result<()> {
/// let session = Session::builder().profile("backup").region("eu-central-1").build()?;
/// for object in session.s3().bucket("logs").objects().all() {
///     println!("{}", object?.key());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Session(Arc<Inner>);

pub(crate) struct Inner {
    config: Result<Config>,
    world: Arc<World>,
    /// What the clients of each service share, by AWS's ID of the service.
    clients: Mutex<Vec<(&'static str, Arc<client::Inner>)>>,
}

/// What does not depend on the arguments, and is shared by the sessions that differ in them alone.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) host: Arc<dyn Host>,
    transport: OnceLock<Result<Arc<dyn Transport>>>,
    /// Whose certificates a transport that is made trusts; none for the system's.
    ca_bundle: Option<PathBuf>,
    /// Whether the transport was given and not made.
    given: bool,
    invocation_id: Option<Arc<dyn Fn() -> String + Send + Sync>>,
    pub(crate) anonymous: bool,
    pub(crate) repeat: Repeat,
    pub(crate) timeouts: Timeouts,
}

/// How long a network may take.
#[derive(Clone, Copy)]
pub(crate) struct Timeouts {
    pub(crate) connect: Duration,
    pub(crate) read: Duration,
}

impl Session {
    /// The session of the environment: `AWS_*` variables, `~/.aws/config` and `~/.aws/credentials`.
    ///
    /// # Errors
    ///
    /// [`Config`](crate::ErrorKind::Config) where a file cannot be read or is malformed, with its line, or
    /// where the chosen profile does not exist. Missing credentials and regions are errors of the first call.
    pub fn new() -> Result<Self> {
        Self::builder().build()
    }

    /// A session of which some or all is said in code.
    pub fn builder() -> SessionBuilder {
        SessionBuilder::default()
    }

    /// The same session in another region.
    #[must_use]
    pub fn with_region(&self, region: impl Into<String>) -> Self {
        self.with(Arguments { region: Some(region.into()), ..Arguments::default() })
    }

    /// The same session with some of its settings said anew. Connections are shared, unless `ca_bundle` changes
    /// whom to trust on them; clients, and so quotas of retries, are the new session's own.
    ///
    /// The profile is the one thing that cannot be said anew, since all else depends on it: an argument that
    /// names another is an error of the first call. Build a session for it.
    #[must_use]
    pub fn with(&self, arguments: Arguments) -> Self {
        let config = self.config().and_then(|config| match &arguments.profile {
            Some(other) if !other.trim().is_empty() && *other != config.profile().value => {
                Err(Error::config(format!(
                    "a session of profile {:?} cannot become one of {other:?}: build one",
                    config.profile().value
                )))
            }
            _ => Ok(config.with(arguments)),
        });
        let mut world = Arc::clone(&self.0.world);
        let ca_bundle = ca_bundle(&config);
        if !world.given && world.ca_bundle != ca_bundle {
            world = Arc::new(World { ca_bundle, transport: OnceLock::new(), ..World::clone(&world) });
        }
        Self::of(config, world)
    }

    fn of(config: Result<Config>, world: Arc<World>) -> Self {
        Self(Arc::new(Inner { config, world, clients: Mutex::default() }))
    }

    /// The S3 resource: buckets and objects to pass around. boto3's `session.resource("s3")`.
    #[cfg(feature = "s3")]
    #[must_use]
    pub fn s3(&self) -> crate::s3::S3 {
        crate::s3::S3::new(self.s3_client())
    }

    /// The SQS resource: queues and messages to pass around. boto3's `session.resource("sqs")`.
    #[cfg(feature = "sqs")]
    #[must_use]
    pub fn sqs(&self) -> crate::sqs::Sqs {
        crate::sqs::Sqs::new(self.sqs_client())
    }

    /// The S3 client: one method for each operation. boto3's `session.client("s3")`.
    #[cfg(feature = "s3")]
    #[must_use]
    pub fn s3_client(&self) -> Client<crate::service::S3> {
        self.client()
    }

    /// The SQS client: one method for each operation. boto3's `session.client("sqs")`.
    #[cfg(feature = "sqs")]
    #[must_use]
    pub fn sqs_client(&self) -> Client<crate::service::Sqs> {
        self.client()
    }

    /// The STS client: who is asking, and roles. boto3's `session.client("sts")`.
    #[must_use]
    pub fn sts_client(&self) -> Client<crate::service::Sts> {
        self.client()
    }

    /// The client of any service that is known here: `session.client::<service::S3>()`. However often it is
    /// asked for, a service's clients share settings, quota of retries and signing key.
    #[must_use]
    pub fn client<S: Service>(&self) -> Client<S> {
        let inner = &*self.0;
        let mut clients = inner.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let shared = match clients.iter().find(|(service, _)| *service == S::ID) {
            Some((_, shared)) => Arc::clone(shared),
            None => {
                let new = client::Inner::new(Arc::clone(&inner.world), inner.config.clone(), S::ID);
                let new = Arc::new(new);
                clients.push((S::ID, Arc::clone(&new)));
                new
            }
        };
        Client::new(shared)
    }

    /// The profile in use, `default` where none was chosen.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new), for a default session that could not be made.
    pub fn profile(&self) -> Result<String> {
        self.config().map(|config| config.profile().value.clone())
    }

    /// The region, if one is configured.
    ///
    /// # Errors
    ///
    /// [`Config`](crate::ErrorKind::Config) where it is none.
    pub fn region(&self) -> Result<Option<String>> {
        Ok(self.config()?.region()?.map(|region| region.value))
    }

    /// What the session was told, with where each value came from.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new), for a default session that could not be made.
    pub fn config(&self) -> Result<&Config> {
        self.0.config.as_ref().map_err(Clone::clone)
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("config", &self.0.config).finish_non_exhaustive()
    }
}

fn ca_bundle(config: &Result<Config>) -> Option<PathBuf> {
    Some(config.as_ref().ok()?.ca_bundle()?.value)
}

impl World {
    /// The transport, made when it is first needed.
    pub(crate) fn transport(&self) -> Result<&dyn Transport> {
        let made = self.transport.get_or_init(|| self.make_transport());
        made.as_ref().map(|transport| &**transport).map_err(Clone::clone)
    }

    #[cfg(feature = "ureq")]
    fn make_transport(&self) -> Result<Arc<dyn Transport>> {
        let transport = crate::transport::UreqTransport::from_host(&*self.host);
        #[cfg(feature = "rustls")]
        let transport = match &self.ca_bundle {
            Some(bundle) => transport.ca_bundle(bundle),
            None => transport,
        };
        Ok(Arc::new(transport))
    }

    #[cfg(not(feature = "ureq"))]
    fn make_transport(&self) -> Result<Arc<dyn Transport>> {
        Err(Error::config("no transport: give the session one, or turn on the feature `ureq`"))
    }

    /// A new name for a call.
    pub(crate) fn invocation_id(&self) -> String {
        match &self.invocation_id {
            Some(id) => id(),
            None => uuid(self.host.random(), self.host.random()),
        }
    }
}

/// A random UUID of version 4 ([RFC 9562](https://www.rfc-editor.org/rfc/rfc9562#section-5.4)).
fn uuid(high: u64, low: u64) -> String {
    let high = high & 0xffff_ffff_ffff_0fff | 0x4000;
    let low = low & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000;
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xffff,
        low >> 48,
        low & 0xffff_ffff_ffff
    )
}

/// Makes a [`Session`]. What is not said is found in the environment and the shared files.
#[must_use]
pub struct SessionBuilder {
    arguments: Arguments,
    host: Option<Arc<dyn Host>>,
    clock: Option<Arc<dyn Fn() -> Time + Send + Sync>>,
    random: Option<Arc<dyn Fn() -> u64 + Send + Sync>>,
    transport: Option<Arc<dyn Transport>>,
    invocation_id: Option<Arc<dyn Fn() -> String + Send + Sync>>,
    anonymous: bool,
    repeat: Repeat,
    timeouts: Timeouts,
}

impl Default for SessionBuilder {
    fn default() -> Self {
        Self {
            arguments: Arguments::default(),
            host: None,
            clock: None,
            random: None,
            transport: None,
            invocation_id: None,
            anonymous: false,
            repeat: Repeat::Always,
            timeouts: Timeouts { connect: Duration::from_millis(3100), read: Duration::from_secs(30) },
        }
    }
}

impl SessionBuilder {
    /// The profile of the shared files. Keys in the environment are passed over then, as in boto3.
    pub fn profile(mut self, profile: impl Into<String>) -> Self {
        self.arguments.profile = Some(profile.into());
        self
    }

    /// The region, such as `eu-central-1`.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.arguments.region = Some(region.into());
        self
    }

    /// Where requests go instead of AWS: `http://localhost:9000`. Buckets then go into the path.
    pub fn endpoint_url(mut self, url: impl Into<String>) -> Self {
        self.arguments.endpoint_url = Some(url.into());
        self
    }

    /// An access key.
    pub fn keys(mut self, access_key_id: impl Into<String>, secret_access_key: impl Into<Secret>) -> Self {
        self.arguments.access_key_id = Some(access_key_id.into());
        self.arguments.secret_access_key = Some(secret_access_key.into());
        self
    }

    /// The token that belongs to temporary keys.
    pub fn session_token(mut self, token: impl Into<Secret>) -> Self {
        self.arguments.session_token = Some(token.into());
        self
    }

    /// When the keys end, if they are temporary: what is signed in advance ends then, too.
    pub const fn credential_expiration(mut self, at: Time) -> Self {
        self.arguments.credential_expiration = Some(at);
        self
    }

    /// Signs nothing: for public buckets. boto3's `signature_version=UNSIGNED`.
    pub const fn anonymous(mut self) -> Self {
        self.anonymous = true;
        self
    }

    /// How often a call is tried, the first time included. At least 1; 3 if nothing is said.
    pub const fn max_attempts(mut self, attempts: u32) -> Self {
        self.arguments.max_attempts = Some(attempts);
        self
    }

    /// Whether a call is tried again that an earlier attempt may have carried out, as it may where the
    /// connection broke. [`Repeat::Always`] if nothing is said, as in boto3.
    ///
    /// For [`Repeat::WithoutEffect`], say it for `SendMessage` and the like, of which twice is worse than
    /// an error: it fails with [`Error::may_have_taken_effect`] then, and whoever called decides. Calls that
    /// only read, those by `GET` and `HEAD`, are tried again in any case; writes to S3 with `if_match` or
    /// `if_none_match` never are, since the first would fail the condition of the second.
    ///
    /// ```
    /// use tucuxi::{Repeat, Session};
    ///
    /// let once = Session::builder().repeat(Repeat::WithoutEffect);
    /// # let _ = once;
    /// ```
    pub const fn repeat(mut self, repeat: Repeat) -> Self {
        self.repeat = repeat;
        self
    }

    /// How long connecting may take, TLS and all addresses included. 3.1 seconds if nothing is said.
    pub const fn connect_timeout(mut self, span: Duration) -> Self {
        self.timeouts.connect = span;
        self
    }

    /// How long a reply may take to begin, and then each read of it. 30 seconds if nothing is said.
    ///
    /// Documents, that is all but the streamed bodies of objects, have to be there as a whole within this time
    /// from their beginning. `ReceiveMessage` needs more than its `wait_time_seconds`.
    pub const fn read_timeout(mut self, span: Duration) -> Self {
        self.timeouts.read = span;
        self
    }

    /// Where S3's bucket names go.
    pub const fn addressing_style(mut self, style: Addressing) -> Self {
        self.arguments.addressing_style = Some(style);
        self
    }

    /// A file of CA certificates in PEM to trust instead of the system's. boto3's `verify`.
    pub fn ca_bundle(mut self, path: impl Into<PathBuf>) -> Self {
        self.arguments.ca_bundle = Some(path.into());
        self
    }

    /// How bytes leave the program, instead of by ureq. `ca_bundle` and the variables for proxies are for the
    /// default transport alone: whoever gives another gives it those too, as by `UreqTransport::ca_bundle`.
    pub fn transport(mut self, transport: impl Transport + 'static) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Where environment, files, time and randomness come from, instead of the system.
    pub fn host(mut self, host: impl Host + 'static) -> Self {
        self.host = Some(Arc::new(host));
        self
    }

    /// What time it is, instead of the host's.
    pub fn clock(mut self, clock: impl Fn() -> Time + Send + Sync + 'static) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// Random numbers for waits between attempts, instead of the host's.
    pub fn random(mut self, random: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        self.random = Some(Arc::new(random));
        self
    }

    /// The ID that each call goes by, `amz-sdk-invocation-id`, instead of random UUIDs.
    pub fn invocation_id(mut self, id: impl Fn() -> String + Send + Sync + 'static) -> Self {
        self.invocation_id = Some(Arc::new(id));
        self
    }

    /// The session.
    ///
    /// # Errors
    ///
    /// As [`Session::new`].
    pub fn build(self) -> Result<Session> {
        let session = self.build_anyhow();
        session.config()?;
        Ok(session)
    }

    /// The session, which keeps what is wrong with it for its first call.
    fn build_anyhow(self) -> Session {
        let host = self.host.unwrap_or_else(|| Arc::new(System));
        let host: Arc<dyn Host> = match (self.clock, self.random) {
            (None, None) => host,
            (clock, random) => Arc::new(Injected { host, clock, random }),
        };
        let config = Config::load(self.arguments, Arc::clone(&host)).map_err(Error::from);
        let given = self.transport.is_some();
        let world = World {
            host,
            transport: self.transport.map_or_else(OnceLock::new, |given| OnceLock::from(Ok(given))),
            ca_bundle: ca_bundle(&config),
            given,
            invocation_id: self.invocation_id,
            anonymous: self.anonymous,
            repeat: self.repeat,
            timeouts: self.timeouts,
        };
        Session::of(config, Arc::new(world))
    }
}

impl fmt::Debug for SessionBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionBuilder").field("arguments", &self.arguments).finish_non_exhaustive()
    }
}

/// A host of which the clock or the randomness is somebody else's.
struct Injected {
    host: Arc<dyn Host>,
    clock: Option<Arc<dyn Fn() -> Time + Send + Sync>>,
    random: Option<Arc<dyn Fn() -> u64 + Send + Sync>>,
}

impl fmt::Debug for Injected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.host.fmt(f)
    }
}

impl Host for Injected {
    fn variable(&self, name: &str) -> Option<String> {
        self.host.variable(name)
    }

    fn read(&self, path: &std::path::Path) -> std::io::Result<Vec<u8>> {
        self.host.read(path)
    }

    fn platform(&self) -> tucuxi_core::profile::Platform {
        self.host.platform()
    }

    fn now(&self) -> Time {
        self.clock.as_ref().map_or_else(|| self.host.now(), |clock| clock())
    }

    fn elapsed(&self) -> Duration {
        self.host.elapsed()
    }

    fn random(&self) -> u64 {
        self.random.as_ref().map_or_else(|| self.host.random(), |random| random())
    }

    fn sleep(&self, span: Duration) {
        self.host.sleep(span);
    }
}

static DEFAULT: RwLock<Option<Session>> = RwLock::new(None);

/// The default session, which the functions of this crate's root use: [`Session::new`], made when it
/// is first needed. Where that fails, the first call of anything made of it returns the error, and the next
/// default session is made anew.
#[must_use]
pub fn default_session() -> Session {
    if let Some(session) = &*DEFAULT.read().unwrap_or_else(PoisonError::into_inner) {
        return session.clone();
    }
    let mut default = DEFAULT.write().unwrap_or_else(PoisonError::into_inner);
    if let Some(session) = &*default {
        return session.clone();
    }
    let session = Session::builder().build_anyhow();
    if session.config().is_ok() {
        *default = Some(session.clone());
    }
    session
}

/// Makes a session the default one. boto3's `setup_default_session`.
pub fn set_default_session(session: Session) {
    *DEFAULT.write().unwrap_or_else(PoisonError::into_inner) = Some(session);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_and_clients_are_shared_by_threads() {
        fn shared<T: Send + Sync + Clone>() {}
        shared::<Session>();
        shared::<Client<crate::service::Sts>>();
        assert_eq!(size_of::<Session>(), size_of::<usize>());
    }

    #[test]
    fn invocation_ids_are_random_uuids() {
        assert_eq!(uuid(0, 0), "00000000-0000-4000-8000-000000000000");
        assert_eq!(uuid(u64::MAX, u64::MAX), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }

    #[test]
    fn derived_sessions_share_what_does_not_depend_on_the_difference() {
        let base = Session::builder().host(crate::host::Fake::new()).build().unwrap();
        let elsewhere = base.with_region("eu-west-1");
        assert!(Arc::ptr_eq(&base.0.world, &elsewhere.0.world));
        let bundle = || Arguments { ca_bundle: Some("/ca.pem".into()), ..Arguments::default() };
        let other = base.with(bundle());
        assert!(!Arc::ptr_eq(&base.0.world, &other.0.world));
        assert!(Arc::ptr_eq(&other.0.world, &other.with(bundle()).0.world));
    }

    #[cfg(feature = "rustls")]
    #[test]
    fn each_session_trusts_whom_it_was_told_to() {
        let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("https://{}", server.local_addr().unwrap());
        let fails = |session: &Session| {
            let sts = session.sts_client();
            let error = sts.get_caller_identity(crate::sts::input::GetCallerIdentity::new()).unwrap_err();
            assert_eq!((error.kind(), error.attempts()), (crate::ErrorKind::Config, 1));
            error.to_string()
        };
        for derived_first in [true, false] {
            let base = Session::builder().host(crate::host::Fake::new()).endpoint_url(&url).keys("A", "S");
            let base = base.ca_bundle("/no/base.pem").build().unwrap();
            let derived =
                base.with(Arguments { ca_bundle: Some("/no/derived.pem".into()), ..Arguments::default() });
            let mut sessions = [(&base, "/no/base.pem"), (&derived, "/no/derived.pem")];
            if derived_first {
                sessions.reverse();
            }
            for (session, path) in sessions {
                let sentence = format!("GetCallerIdentity: cannot read CA certificates from {path}: ");
                assert!(fails(session).starts_with(&sentence), "{}", fails(session));
            }
        }
    }
}
