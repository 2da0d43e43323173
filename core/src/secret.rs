//! A text that must not be seen: secret keys and tokens.

use core::fmt;

use crate::sink::Sink;
use crate::text::Text;

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

/// A secret as it stands in a document, escaped or not: the `SecretAccessKey` of a reply. Like [`Secret`],
/// it has no `Display`, and its `Debug` says nothing.
///
/// ```
/// use tucuxi_core::secret::SecretText;
/// use tucuxi_core::sink::Cursor;
/// use tucuxi_core::xml::Element;
///
/// let key = Element::root(b"<SecretAccessKey>a&amp;b</SecretAccessKey>").unwrap();
/// let secret = SecretText::new(key.text());
/// assert_eq!(format!("{secret:?}"), "…");
///
/// let mut room = [0; 8];
/// let mut to = Cursor::new(&mut room);
/// secret.decode(&mut to);
/// assert_eq!(to.finish().unwrap(), b"a&b");
/// assert_eq!(secret.reveal(), "a&b");
/// ```
#[derive(Clone, Copy, Eq, PartialEq)]
pub struct SecretText<'a>(Text<'a>);

impl<'a> SecretText<'a> {
    /// Hides a text.
    #[must_use]
    pub const fn new(text: Text<'a>) -> Self {
        Self(text)
    }

    /// The text itself.
    #[must_use]
    pub const fn reveal(self) -> Text<'a> {
        self.0
    }

    /// Puts the decoded secret into `to`, as UTF-8. Whoever owns what it is put into wipes it.
    pub fn decode(self, to: &mut dyn Sink) {
        self.0.decode(to);
    }
}

impl fmt::Debug for SecretText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}
