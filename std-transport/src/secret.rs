//! A secret that is wiped from memory when it is dropped.

use std::fmt;

use zeroize::Zeroizing;

/// An owned secret key or token. `Debug` shows `…`, and dropping it wipes it.
///
/// Copies made before it got here, such as those of the environment, are beyond its reach.
///
/// ```
/// use tucuxi::secret::Secret;
///
/// let key = Secret::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
/// assert_eq!(format!("{key:?}"), "…");
/// assert_eq!(key.reveal().len(), 40);
/// ```
#[derive(Clone, Eq, PartialEq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Guards `text`.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text, to sign or to send with.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The same secret in the core's type.
    #[must_use]
    pub fn borrowed(&self) -> tucuxi_core::secret::Secret<'_> {
        tucuxi_core::secret::Secret::new(&self.0)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}
