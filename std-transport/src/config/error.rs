//! What can be wrong with what a session is told.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use super::setting::Origin;

/// What a session is told does not hold together. `Display` says what and where, and no secret.
#[derive(Clone, Debug)]
pub struct ConfigError {
    kind: ConfigErrorKind,
    message: String,
    origin: Origin,
    source: Option<Arc<dyn Error + Send + Sync>>,
}

impl ConfigError {
    pub(super) const fn new(kind: ConfigErrorKind, message: String, origin: Origin) -> Self {
        Self { kind, message, origin, source: None }
    }

    /// Adds the cause.
    pub(super) fn because(self, source: impl Error + Send + Sync + 'static) -> Self {
        Self { source: Some(Arc::new(source)), ..self }
    }

    /// What is wrong.
    #[must_use]
    pub const fn kind(&self) -> ConfigErrorKind {
        self.kind
    }

    /// Where it is wrong.
    #[must_use]
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for ConfigError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

/// What is wrong with what a session is told.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum ConfigErrorKind {
    /// An endpoint is no URL, or has parts that an endpoint must not have.
    BadEndpointUrl,
    /// A region cannot be part of a host name.
    BadRegion,
    /// Another value is none of those that are understood.
    BadValue,
    /// An access key's id without its secret, or the other way round.
    HalfKeyPair,
    /// A line of a shared file breaks the grammar.
    Malformed,
    /// The profile that was chosen is in neither file.
    UnknownProfile,
    /// A shared file is there and cannot be read.
    Unreadable,
    /// Credentials are configured in a way that this version cannot use.
    UnsupportedSource,
}
