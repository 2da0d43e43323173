//! A value that knows where it came from.

use std::fmt;

use super::error::{ConfigError, ConfigErrorKind};

/// A value and where it came from.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// Where it came from.
    pub origin: Origin,
}

impl<T> Setting<T> {
    pub(super) const fn new(value: T, origin: Origin) -> Self {
        Self { value, origin }
    }

    pub(super) fn map<U>(self, change: impl FnOnce(T) -> U) -> Setting<U> {
        Setting { value: change(self.value), origin: self.origin }
    }
}

impl Setting<String> {
    pub(super) fn bad(self, name: &str, expected: &str) -> ConfigError {
        let Self { value, origin } = self;
        let message = format!("{name} {value:?} from {origin} is not {expected}");
        ConfigError::new(ConfigErrorKind::BadValue, message, origin)
    }
}

/// Where a value came from. `Display` is short: `AWS_REGION`, `~/.aws/config:12`.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Origin {
    /// Told in code.
    Argument,
    /// Told by nobody.
    Default,
    /// A shared file.
    File {
        /// The file, with `~` for the home directory.
        path: String,
        /// The line, counted from 1; 0 for the file as a whole.
        line: u32,
    },
    /// The environment variable of that name.
    Variable(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Argument => f.write_str("argument"),
            Self::Default => f.write_str("default"),
            Self::File { path, line: 0 } => f.write_str(path),
            Self::File { path, line } => write!(f, "{path}:{line}"),
            Self::Variable(name) => f.write_str(name),
        }
    }
}
