//! The one error of this crate, and the questions it answers.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use tucuxi_core::call::Effect;
use tucuxi_core::call::Why;
use tucuxi_core::endpoint::BadEndpoint;
use tucuxi_core::failure::Failure;
use tucuxi_core::reply::BadReply;

use crate::config::ConfigError;
use crate::transport::Broken;

/// What every fallible function of this crate returns.
pub type Result<T, E = Error> = core::result::Result<T, E>;

/// Why something failed: one sentence to show, and questions for a program to ask.
///
/// `Display` is one line without the text of [`source`](StdError::source). Nothing secret is in
/// it, nor in `Debug`: no key, no token, no signature, no signed URL.
///
/// ```
/// use tucuxi::{Error, ErrorKind};
///
/// fn advice(error: &Error) -> &'static str {
///     match error.kind() {
///         ErrorKind::Credentials | ErrorKind::Config => "look at ~/.aws/config and the environment",
///         ErrorKind::Service if error.is_not_found() => "there is no such thing",
///         ErrorKind::Transport if error.may_have_taken_effect() => "look before you try again",
///         _ => "read the message",
///     }
/// }
/// ```
#[derive(Clone)]
pub struct Error(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    message: String,
    operation: Option<&'static str>,
    service: Option<Service>,
    effect: Effect,
    attempts: u32,
    why: Option<Why>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

/// What a service said.
#[derive(Clone, Debug)]
struct Service {
    status: u16,
    code: String,
    shape: Option<String>,
    modeled: Option<&'static str>,
    request_id: Option<String>,
    host_id: Option<String>,
    region: Option<String>,
}

/// What an error is about, as far as that decides what to do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A setting is wrong or missing: mend the configuration. Nothing was sent.
    Config,
    /// No credentials were found, or not whole ones. Nothing was sent.
    Credentials,
    /// A parameter cannot be sent as it is: mend the call. Nothing was sent.
    Input,
    /// The service did what was asked, but its reply could not be read.
    Reply,
    /// The service refused or failed: see [`Error::code`].
    Service,
    /// There was no connection, or it broke: see [`Error::may_have_taken_effect`].
    Transport,
}

impl Error {
    fn new(kind: ErrorKind, message: String) -> Self {
        Self(Arc::new(Inner {
            kind,
            message,
            operation: None,
            service: None,
            effect: Effect::None,
            attempts: 0,
            why: None,
            source: None,
        }))
    }

    fn with(mut self, change: impl FnOnce(&mut Inner)) -> Self {
        change(Arc::make_mut(&mut self.0));
        self
    }

    fn because(self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.with(|inner| inner.source = Some(Arc::new(source)))
    }

    pub(crate) fn config(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Config, message.into())
    }

    pub(crate) fn credentials(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Credentials, message.into())
    }

    pub(crate) fn input(why: impl fmt::Display) -> Self {
        Self::new(ErrorKind::Input, why.to_string())
    }

    pub(crate) fn endpoint(why: BadEndpoint) -> Self {
        let kind = Self::new(ErrorKind::Config, "no endpoint to send to".to_owned());
        kind.because(why)
    }

    pub(crate) fn reply(why: BadReply) -> Self {
        Self::new(ErrorKind::Reply, why.to_string())
    }

    pub(crate) fn long_reply() -> Self {
        Self::new(ErrorKind::Reply, "the reply is longer than 64 MiB".to_owned())
    }

    /// Paging that would not end.
    pub(crate) fn same_page(operation: &'static str) -> Self {
        let message = "the reply names the page that was asked for as the next: paging would not end";
        Self::new(ErrorKind::Reply, message.to_owned()).in_call(operation, 1, Effect::None, None)
    }

    pub(crate) fn broken_reply(why: std::io::Error) -> Self {
        Self::new(ErrorKind::Transport, "the reply broke off".to_owned()).because(why)
    }

    /// A body that is not text.
    pub(crate) fn no_text(why: std::str::Utf8Error) -> Self {
        Self::new(ErrorKind::Reply, "the body is not UTF-8".to_owned()).because(why)
    }

    pub(crate) fn transport(broken: Broken, host: &str) -> Self {
        Self::new(ErrorKind::Transport, format!("{broken} ({host})")).because(broken.source)
    }

    pub(crate) fn service(failure: &Failure<'_>, errors: &[(&str, &'static str)]) -> Self {
        let text = |text: Option<tucuxi_core::text::Text<'_>>| text.map(|text| text.to_string());
        let mut message = text(failure.message()).unwrap_or_default();
        let mut code = failure.code().to_string();
        if code.is_empty() {
            code = failure.status().to_string();
            if message.is_empty() {
                reason(failure.status()).clone_into(&mut message);
            }
        }
        Self::new(ErrorKind::Service, message).with(|inner| {
            inner.service = Some(Service {
                status: failure.status(),
                code,
                shape: text(failure.shape()),
                modeled: failure.modeled(errors),
                request_id: text(failure.request_id()),
                host_id: text(failure.host_id()),
                region: text(failure.region()),
            });
        })
    }

    pub(crate) fn in_call(
        self,
        operation: &'static str,
        attempts: u32,
        effect: Effect,
        why: Option<Why>,
    ) -> Self {
        self.with(|inner| {
            inner.operation = Some(operation);
            inner.attempts = attempts;
            inner.effect = effect;
            inner.why = why;
        })
    }

    /// What it is about.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The operation that was called, `GetObject`; none where nothing was called yet.
    #[must_use]
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// AWS's error code, `NoSuchKey`; of replies without one, as to `HEAD`, the status: `404`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.service.as_ref().map(|service| service.code.as_str())
    }

    /// The error's name in AWS's model where that is not the code: `QueueDoesNotExist` for SQS's
    /// `AWS.SimpleQueueService.NonExistentQueue`.
    #[must_use]
    pub fn shape(&self) -> Option<&str> {
        self.0.service.as_ref()?.shape.as_deref()
    }

    /// The error's name among those of AWS's model, `NoSuchKey`: boto3's `client.exceptions` have these names.
    #[must_use]
    pub fn modeled(&self) -> Option<&'static str> {
        self.0.service.as_ref()?.modeled
    }

    /// What the service said to a reader, or what happened instead. Of replies without a document, as to
    /// `HEAD`, what the status is called: `Not Found`.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The HTTP status of the service's reply.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.0.service.as_ref().map(|service| service.status)
    }

    /// The request's ID, for AWS's support.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.service.as_ref()?.request_id.as_deref()
    }

    /// S3's second ID, for AWS's support.
    #[must_use]
    pub fn host_id(&self) -> Option<&str> {
        self.0.service.as_ref()?.host_id.as_deref()
    }

    /// The region in which S3 says the bucket is.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.0.service.as_ref()?.region.as_deref()
    }

    /// How often the request was sent, or tried to be: 0 where that never came to pass. Each counts, so
    /// does one that went out again at once since a kept connection was found closed.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Why the call was not tried again.
    #[must_use]
    pub fn why(&self) -> Option<Why> {
        self.0.why
    }

    /// Whether the call may have been carried out for all that it failed: the connection broke after
    /// the request was sent, or the service failed while working on it. Never for calls by `GET` and `HEAD`,
    /// which leave nothing behind.
    #[must_use]
    pub fn may_have_taken_effect(&self) -> bool {
        self.0.effect == Effect::Maybe
    }

    /// Whether what was asked for does not exist.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(404) || self.shape() == Some("QueueDoesNotExist")
    }

    /// Whether the service wants to be asked less often.
    #[must_use]
    pub fn is_throttle(&self) -> bool {
        let Some(service) = &self.0.service else { return false };
        tucuxi_core::retry::Kind::of(service.status, Some(&service.code))
            == tucuxi_core::retry::Kind::Throttling
    }

    /// Whether it is for want of credentials, or for wrong, expired or insufficient ones.
    #[must_use]
    pub fn is_credentials(&self) -> bool {
        self.0.kind == ErrorKind::Credentials
            || matches!(
                self.code(),
                // of a reply without a code, as to `HEAD`, the status
                Some(
                    "403"
                        | "AccessDenied"
                        | "ExpiredToken"
                        | "InvalidAccessKeyId"
                        | "InvalidClientTokenId"
                        | "InvalidSignatureException"
                        | "InvalidToken"
                        | "SignatureDoesNotMatch"
                        | "UnrecognizedClientException"
                )
            )
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        if let Some(operation) = inner.operation {
            write!(f, "{operation}: ")?;
        }
        let Some(service) = &inner.service else { return f.write_str(&inner.message) };
        f.write_str(&service.code)?;
        if !inner.message.is_empty() {
            write!(f, ": {}", inner.message.trim_end_matches('.'))?;
        }
        write!(f, " (status {}", service.status)?;
        if let Some(id) = &service.request_id {
            write!(f, ", request {id}")?;
        }
        if inner.attempts > 1 {
            write!(f, ", {} attempts", inner.attempts)?;
        }
        f.write_str(")")
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        f.debug_struct("Error")
            .field("kind", &inner.kind)
            .field("operation", &inner.operation)
            .field("message", &inner.message)
            .field("service", &inner.service)
            .field("effect", &inner.effect)
            .field("attempts", &inner.attempts)
            .field("why", &inner.why)
            .field("source", &inner.source)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

/// What a status is called ([RFC 9110, 15](https://www.rfc-editor.org/rfc/rfc9110#section-15)); nothing for
/// those that AWS's services do not send.
const fn reason(status: u16) -> &'static str {
    match status {
        301 => "Moved Permanently",
        302 => "Found",
        304 => "Not Modified",
        307 => "Temporary Redirect",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        411 => "Length Required",
        412 => "Precondition Failed",
        413 => "Request Entity Too Large",
        416 => "Requested Range Not Satisfiable",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "",
    }
}

impl From<ConfigError> for Error {
    fn from(error: ConfigError) -> Self {
        use crate::config::ConfigErrorKind;
        let kind = match error.kind() {
            ConfigErrorKind::HalfKeyPair | ConfigErrorKind::UnsupportedSource => ErrorKind::Credentials,
            _ => ErrorKind::Config,
        };
        // The sentence is the same, so what is behind it follows and not the error itself.
        let message = error.to_string();
        Self::new(kind, message).with(|inner| inner.source = error.into_source())
    }
}
