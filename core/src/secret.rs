//! A text that must not be seen: secret keys and tokens.

use core::fmt;

/// A borrowed secret. It has no `Display`, its `Debug` says nothing, and reading it takes a method
/// whose name can be searched for. Whoever owns the text wipes it.
///
/// ```
/// use tucuxi_core::secret::Secret;
///
/// let secret = Secret::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
/// assert_eq!(format!("{secret:?}"), "…");
/// ```
#[derive(Clone, Copy, Eq, PartialEq)]
pub struct Secret<'a>(&'a str);

impl<'a> Secret<'a> {
    /// Hides a text.
    #[must_use]
    pub const fn new(text: &'a str) -> Self {
        Self(text)
    }

    /// The text itself.
    #[must_use]
    pub const fn reveal(self) -> &'a str {
        self.0
    }
}

impl fmt::Debug for Secret<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}
