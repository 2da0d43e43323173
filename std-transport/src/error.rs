//! The one error of this crate, and the questions it answers.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use tucuxi_core::call::Effect;
use tucuxi_core::call::Why;
use tucuxi_core::endpoint::BadEndpoint;
use tucuxi_core::failure::Failure;
use tucuxi_core::reply::BadReply;
use tucuxi_core::sigv4::BadExpires;

use crate::config::ConfigError;
use crate::config::ConfigErrorKind;
use crate::transport::Broken;
use crate::transport::BrokenKind;

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
    mismatch: Vec<String>,
    transport_kind: Option<BrokenKind>,
    effect: Effect,
    attempts: u32,
    why: Option<Why>,
    config: Option<ConfigError>,
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
    /// No credentials were found, or not whole ones, or they have expired. Nothing was sent.
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
            mismatch: Vec::new(),
            transport_kind: None,
            effect: Effect::None,
            attempts: 0,
            why: None,
            config: None,
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

    /// What is signed in advance cannot last that long.
    pub(crate) fn expires(why: BadExpires) -> Self {
        let kind = match why {
            BadExpires::CredentialsExpired { .. } => ErrorKind::Credentials,
            _ => ErrorKind::Input,
        };
        Self::new(kind, why.to_string())
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
        let kind = match why.kind() {
            std::io::ErrorKind::TimedOut | std::io::ErrorKind::WouldBlock => BrokenKind::Timeout,
            std::io::ErrorKind::InvalidData => BrokenKind::Protocol,
            _ => BrokenKind::Reset,
        };
        let error = Self::new(ErrorKind::Transport, "the reply broke off".to_owned()).because(why);
        error.with(|inner| inner.transport_kind = Some(kind))
    }

    /// A body that is not text.
    pub(crate) fn no_text(why: std::str::Utf8Error) -> Self {
        Self::new(ErrorKind::Reply, "the body is not UTF-8".to_owned()).because(why)
    }

    pub(crate) fn transport(broken: Broken, host: &str) -> Self {
        let kind = broken.kind;
        let error = match kind {
            // Nothing was on its way to the host: the sentence is that of the source, which names the setting.
            BrokenKind::Config => Self::new(
                ErrorKind::Config,
                match broken.source.source() {
                    Some(cause) => format!("{}: {cause}", broken.source),
                    None => broken.source.to_string(),
                },
            ),
            _ => Self::new(ErrorKind::Transport, format!("{broken} ({host})")).because(broken.source),
        };
        error.with(|inner| inner.transport_kind = Some(kind))
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

    pub(crate) fn with_mismatch(self, mismatch: Vec<String>) -> Self {
        self.with(|inner| inner.mismatch = mismatch)
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

    /// What is wrong with the configuration. None where this is about something else, and where a setting is
    /// missing altogether.
    #[must_use]
    pub fn config_kind(&self) -> Option<ConfigErrorKind> {
        self.0.config.as_ref().map(ConfigError::kind)
    }

    /// What went wrong on the way to the service or back.
    #[must_use]
    pub fn transport_kind(&self) -> Option<BrokenKind> {
        self.0.transport_kind
    }

    /// Whether time ran out: to connect, for the reply to begin, or for the rest of it.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.0.transport_kind == Some(BrokenKind::Timeout)
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

    /// Why the signature does not match, one sentence for each thing in which the request that the server saw
    /// differs from the one that was signed: `the Host that arrived lacks :9000`. Empty where the error is
    /// another, and where the server does not show what it saw; AWS's do. The first is part of `Display`.
    #[must_use]
    pub fn mismatch(&self) -> &[String] {
        &self.0.mismatch
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
        let gone = ["AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"];
        self.status() == Some(404)
            || [self.shape(), self.code()].into_iter().flatten().any(|code| gone.contains(&code))
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
            || [self.shape(), self.code()].into_iter().flatten().any(|code| {
                // Query and REST name an exception without the suffix that JSON has.
                CREDENTIALS_CODES.contains(&code.strip_suffix("Exception").unwrap_or(code))
            })
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
        if let Some(first) = inner.mismatch.first() {
            write!(f, ": {first}")?;
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

/// The sentence and its causes, as `fn main() -> tucuxi::Result<()>` prints it; `{:#?}` is all that is known.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        if !f.alternate() {
            write!(f, "{self}")?;
            let mut source = self.source();
            while let Some(cause) = source {
                write!(f, ": {cause}")?;
                source = cause.source();
            }
            return Ok(());
        }
        f.debug_struct("Error")
            .field("kind", &inner.kind)
            .field("operation", &inner.operation)
            .field("message", &inner.message)
            .field("service", &inner.service)
            .field("mismatch", &inner.mismatch)
            .field("effect", &inner.effect)
            .field("attempts", &inner.attempts)
            .field("why", &inner.why)
            .field("config", &inner.config)
            .field("source", &inner.source)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0.source {
            Some(source) => Some(source.as_ref()),
            None => self.0.config.as_ref()?.source(),
        }
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
        let kind = match error.kind() {
            ConfigErrorKind::HalfKeyPair | ConfigErrorKind::UnsupportedSource => ErrorKind::Credentials,
            _ => ErrorKind::Config,
        };
        Self::new(kind, error.to_string()).with(|inner| inner.config = Some(error))
    }
}

/// The codes of refusals for who asked, without `Exception` behind them. Of a reply without a code, as to
/// `HEAD`, the status.
const CREDENTIALS_CODES: [&str; 20] = [
    "403",
    "AccessDenied",
    "AuthFailure",
    "AuthorizationHeaderMalformed",
    "ExpiredToken",
    "IncompleteSignature",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidSecurity",
    "InvalidSignature",
    "InvalidToken",
    "MissingAuthenticationToken",
    "MissingSecurityHeader",
    "NotAuthorized",
    "OptInRequired",
    "RequestExpired",
    "RequestTimeTooSkewed",
    "SignatureDoesNotMatch",
    "TokenRefreshRequired",
    "UnrecognizedClient",
];

#[cfg(test)]
mod tests {
    use tucuxi_core::operation::Protocol;
    use tucuxi_core::reply::Reply;

    use super::*;
    use crate::config::Arguments;
    use crate::config::Config;
    use crate::host::Fake;

    fn service(protocol: Protocol, status: u16, body: &str) -> Error {
        let reply = Reply::new(status, &[], body.as_bytes());
        Error::service(&Failure::read(protocol, &reply), &[])
    }

    #[test]
    fn refusals_for_who_asked_are_known_by_any_of_their_names() {
        for (code, is) in [
            ("AccessDenied", true),
            ("AccessDeniedException", true),
            ("ExpiredToken", true),
            ("ExpiredTokenException", true),
            ("IncompleteSignature", true),
            ("IncompleteSignatureException", true),
            ("InvalidSecurity", true),
            ("InvalidSignatureException", true),
            ("MissingAuthenticationToken", true),
            ("MissingAuthenticationTokenException", true),
            ("RequestExpired", true),
            ("UnrecognizedClientException", true),
            ("NoSuchKey", false),
            ("Exception", false),
            ("", false),
        ] {
            let xml = service(Protocol::Xml, 400, &format!("<Error><Code>{code}</Code></Error>"));
            let json = service(Protocol::Json, 400, &format!("{{\"__type\":\"com.amazonaws.sqs#{code}\"}}"));
            assert_eq!((xml.is_credentials(), json.is_credentials()), (is, is), "{code}");
        }
        assert!(service(Protocol::Xml, 403, "").is_credentials());
    }

    #[test]
    fn a_queue_that_is_not_there_is_not_found_by_either_name() {
        for name in ["AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"] {
            let xml = format!("<ErrorResponse><Error><Code>{name}</Code></Error></ErrorResponse>");
            assert!(service(Protocol::Query, 400, &xml).is_not_found(), "{name}");
            let json = service(Protocol::Json, 400, &format!("{{\"__type\":\"com.amazonaws.sqs#{name}\"}}"));
            assert!(json.is_not_found(), "{name}");
        }
        assert!(!service(Protocol::Json, 400, "{}").is_not_found());
    }

    #[test]
    fn a_timeout_is_one_wherever_it_strikes() {
        use std::io::ErrorKind::{ConnectionReset, TimedOut, UnexpectedEof};
        let broken = |kind, why: std::io::ErrorKind| {
            Error::transport(Broken::new(kind, tucuxi_core::call::Sent::No, why.into()), "h")
        };
        for (error, kind) in [
            (broken(BrokenKind::Timeout, TimedOut), BrokenKind::Timeout),
            (broken(BrokenKind::Resolve, ConnectionReset), BrokenKind::Resolve),
            (Error::broken_reply(TimedOut.into()), BrokenKind::Timeout),
            (Error::broken_reply(UnexpectedEof.into()), BrokenKind::Reset),
        ] {
            assert_eq!((error.kind(), error.transport_kind()), (ErrorKind::Transport, Some(kind)));
            assert_eq!(error.is_timeout(), kind == BrokenKind::Timeout);
        }
        assert_eq!(Error::config("x").transport_kind(), None);
    }

    #[test]
    fn what_is_wrong_with_the_configuration_can_be_asked_for() {
        let host = Fake::new().with_variable("AWS_PROFILE", "nope");
        let error = Config::load(Arguments::default(), Arc::new(host)).unwrap_err();
        let sentence = error.to_string();
        let error = Error::from(error);
        assert_eq!(error.config_kind(), Some(ConfigErrorKind::UnknownProfile));
        assert_eq!(error.to_string(), sentence);
        assert!(error.source().is_none());
        assert_eq!(Error::config("x").config_kind(), None);
    }
}
