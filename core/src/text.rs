//! Text as it stands in a document: [`Text`] is a slice with the coding it is written in.
//!
//! `a&amp;b` in XML and `a\u0026b` in JSON mean `a&b`. Where nothing is allocated the decoded form
//! has no place of its own, so a [`Text`] keeps the slice and decodes on the way out: into a
//! [`Sink`], into a comparison, into a number. It is made by this crate's readers, which have
//! checked it, so decoding cannot fail. It is not a parser and does not know where it came from.

use core::fmt;
use core::fmt::Write as _;
use core::iter;

use crate::sink::Cursor;
use crate::sink::Sink;

mod decode;
mod scan;
mod stream;

use decode::Coding;
use decode::Piece;
use decode::Pieces;
pub(crate) use decode::escape;
pub(crate) use decode::reference;
pub(crate) use scan::Stop;
pub(crate) use scan::find;
pub(crate) use scan::find_any;
pub(crate) use scan::find_json_special;
pub(crate) use scan::find_slice;
pub(crate) use scan::opens;
pub(crate) use stream::Stream;

/// A piece of a document, still in the coding of that document.
///
/// ```
/// use tucuxi_core::sink::{Cursor, Full};
/// use tucuxi_core::text::Text;
/// use tucuxi_core::xml::Element;
///
/// let key = Element::root(b"<Key>a&amp;b</Key>").unwrap().text();
/// assert_eq!(key.raw(), "a&amp;b");
/// assert_eq!(key.plain(), None);
/// assert_eq!(key, "a&b");
///
/// let mut room = [0; 8];
/// let mut cursor = Cursor::new(&mut room);
/// key.decode(&mut cursor);
/// assert_eq!(cursor.finish().unwrap(), b"a&b");
/// assert_eq!(Text::new("17").int(), Some(17));
/// ```
#[derive(Clone, Copy)]
pub struct Text<'a> {
    raw: &'a str,
    coding: Coding,
}

impl<'a> Text<'a> {
    /// Text that stands for itself.
    #[must_use]
    pub const fn new(text: &'a str) -> Self {
        Self { raw: text, coding: Coding::Plain }
    }

    /// The content of an XML element, checked: references, comments and CDATA sections, no tags.
    pub(crate) const fn xml(raw: &'a str) -> Self {
        Self { raw, coding: Coding::Xml }
    }

    /// What lies within the quotes of an XML attribute, checked.
    pub(crate) const fn attribute(raw: &'a str) -> Self {
        Self { raw, coding: Coding::Attribute }
    }

    /// What lies within a CDATA section.
    pub(crate) const fn cdata(raw: &'a str) -> Self {
        Self { raw, coding: Coding::CData }
    }

    /// What lies within the quotes of a JSON string, checked.
    pub(crate) const fn json(raw: &'a str) -> Self {
        Self { raw, coding: Coding::Json }
    }

    /// The slice of the document, not decoded.
    #[must_use]
    pub const fn raw(self) -> &'a str {
        self.raw
    }

    /// The text itself, when the document holds it as it is: the usual case.
    #[must_use]
    pub fn plain(self) -> Option<&'a str> {
        find(self.raw.as_bytes(), |byte| self.coding.escapes(byte)).is_none().then_some(self.raw)
    }

    /// Puts the decoded text into `to`, as UTF-8.
    pub fn decode(self, to: &mut dyn Sink) {
        for piece in self.pieces() {
            match piece {
                Piece::Char(char) => to.put(char.encode_utf8(&mut [0; 4]).as_bytes()),
                Piece::Run(run) => to.put(run.as_bytes()),
            }
        }
    }

    /// The decoded characters.
    pub fn chars(self) -> impl Iterator<Item = char> + use<'a> {
        self.pieces().flat_map(|piece| {
            let (char, run) = match piece {
                Piece::Char(char) => (Some(char), ""),
                Piece::Run(run) => (None, run),
            };
            char.into_iter().chain(run.chars())
        })
    }

    /// Whether the decoded text has no characters.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.pieces().next().is_none()
    }

    /// The text as a decimal number, white space around it ignored; none if it is no such number
    /// or does not fit.
    #[must_use]
    pub fn int(self) -> Option<i64> {
        let mut room = [0; 24];
        let digits = match self.plain() {
            Some(digits) => digits,
            None => {
                let mut cursor = Cursor::new(&mut room);
                self.decode(&mut cursor);
                str::from_utf8(cursor.finish().ok()?).ok()?
            }
        };
        digits.trim_ascii().parse().ok()
    }

    /// The text as a truth value: `true` or `false`, as AWS writes them; none for anything else.
    #[must_use]
    pub fn bool(self) -> Option<bool> {
        if self == *"true" {
            Some(true)
        } else if self == *"false" {
            Some(false)
        } else {
            None
        }
    }

    /// What is before and behind the first `mark`, escaped or not; none where there is no such character.
    ///
    /// For text in which each character is written in one place: any but that of XML's content, where CDATA
    /// sections would be cut open.
    pub(crate) fn split_once(self, mark: char) -> Option<(Self, Self)> {
        let mut pieces = self.pieces();
        loop {
            let rest = pieces.rest();
            let (at, behind) = match pieces.next()? {
                Piece::Char(char) if char == mark => (0, pieces.rest()),
                Piece::Char(_) => continue,
                Piece::Run(run) => match run.split_once(mark) {
                    Some((before, _)) => {
                        let at = before.len();
                        (at, rest.get(at.saturating_add(mark.len_utf8())..)?)
                    }
                    None => continue,
                },
            };
            let before = self.raw.len().checked_sub(rest.len())?.checked_add(at)?;
            return Some((Self { raw: self.raw.get(..before)?, ..self }, Self { raw: behind, ..self }));
        }
    }

    fn pieces(self) -> Pieces<'a> {
        Pieces::new(self.raw, self.coding)
    }
}

impl PartialEq<str> for Text<'_> {
    /// Compares the decoded text, in place.
    fn eq(&self, other: &str) -> bool {
        let mut other = other.as_bytes();
        for piece in self.pieces() {
            let rest = match piece {
                Piece::Char(char) => other.strip_prefix(char.encode_utf8(&mut [0; 4]).as_bytes()),
                Piece::Run(run) => other.strip_prefix(run.as_bytes()),
            };
            match rest {
                Some(rest) => other = rest,
                None => return false,
            }
        }
        other.is_empty()
    }
}

impl PartialEq<&str> for Text<'_> {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}

impl PartialEq for Text<'_> {
    /// Compares what the two mean, whatever they are written in.
    fn eq(&self, other: &Self) -> bool {
        self.chars().eq(other.chars())
    }
}

impl Eq for Text<'_> {}

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Self {
        Self::new(text)
    }
}

impl fmt::Display for Text<'_> {
    /// Writes the decoded text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces().try_for_each(|piece| match piece {
            Piece::Char(char) => f.write_char(char),
            Piece::Run(run) => f.write_str(run),
        })
    }
}

impl fmt::Debug for Text<'_> {
    /// Writes the decoded text as a string literal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = self.chars().flat_map(|char| {
            // as `str` does, whose quotes are double
            let (plain, escaped) =
                if char == '\'' { (Some(char), None) } else { (None, Some(char.escape_debug())) };
            plain.into_iter().chain(escaped.into_iter().flatten())
        });
        iter::once('"').chain(inner).chain(iter::once('"')).try_for_each(|char| f.write_char(char))
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Text<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.plain() {
            Some(text) => serializer.serialize_str(text),
            None => serializer.collect_str(self),
        }
    }
}

/// The bytes are not a document of their kind.
///
/// Returned by [`xml::Element::root`](crate::xml::Element::root) and
/// [`json::Value::parse`](crate::json::Value::parse). Nothing of the document is to be used.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Malformed {
    /// The offset in bytes of what breaks the rules; the length of the document when it ends too
    /// early.
    pub at: u64,
}

impl Malformed {
    /// Says that the byte at this offset breaks the rules.
    #[must_use]
    pub const fn new(at: u64) -> Self {
        Self { at }
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "malformed document at byte {}", self.at)
    }
}

impl core::error::Error for Malformed {}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::format;
    use std::string::String;
    use std::string::ToString as _;
    use std::vec::Vec;

    use super::*;

    fn decoded(text: Text<'_>) -> String {
        let mut room = [0; 64];
        let mut cursor = Cursor::new(&mut room);
        text.decode(&mut cursor);
        String::from_utf8(cursor.finish().unwrap().to_vec()).unwrap()
    }

    #[test]
    fn every_coding_decodes_alike_in_all_ways() {
        let table = [
            (Text::new("a&amp;\\n"), "a&amp;\\n"),
            (Text::xml(""), ""),
            (Text::xml("&lt;&gt;&amp;&quot;&apos;"), "<>&\"'"),
            (Text::xml("a&#65;&#x42;&#x1F600;&#x0000000043;"), "aAB😀C"),
            (Text::xml("&#x1;\u{7}&#13;"), "\u{1}\u{7}\r"),
            (Text::xml("1\r\n2\r3\n&#13;\n"), "1\n2\n3\n\r\n"),
            (Text::xml("a<!-- &x; -->b<?p <q> ?>c"), "abc"),
            (Text::xml("a<![CDATA[<&amp;]]\r\n]]>&lt;<![CDATA[]]>z"), "a<&amp;]]\n<z"),
            (Text::attribute("a\tb\r\nc\n&#10;"), "a b c \n"),
            (Text::cdata("&amp;\r\n\\n"), "&amp;\n\\n"),
            (Text::json(r#"\"\\\/\b\f\n\r\t"#), "\"\\/\u{8}\u{c}\n\r\t"),
            (Text::json(r"\u00e9\u20AC\uD83D\uDE00"), "é€😀"),
            (Text::json(r"\uD800x\uDC00\uD83D"), "\u{fffd}x\u{fffd}\u{fffd}"),
            (Text::json(r"\uD800\uD83D\uDE00\ud800\n"), "\u{fffd}😀\u{fffd}\n"),
        ];
        for (text, plain) in table {
            assert_eq!(decoded(text), plain);
            assert_eq!(text.to_string(), plain);
            assert_eq!(text.chars().collect::<String>(), plain);
            assert_eq!(text, plain);
            assert_eq!(text, Text::new(plain));
            assert_eq!(text.is_empty(), plain.is_empty());
            assert_eq!(format!("{text:?}"), format!("{plain:?}"));
            assert!(text.plain().is_none_or(|same| same == plain), "{plain:?}");
            assert!(text != *format!("{plain}x"));
            assert!(plain.is_empty() || text != *"");
        }
    }

    #[test]
    fn text_is_cut_at_a_character_however_it_is_written() {
        for (text, parts) in [
            (Text::new(""), None),
            (Text::new("ab"), None),
            (Text::new("a:b:c"), Some(("a", "b:c"))),
            (Text::new("\\u003a:"), Some(("\\u003a", ""))),
            (Text::json(r"\u003a"), Some(("", ""))),
            (Text::json(r"\u00e9\u003A\n:"), Some(("é", "\n:"))),
            (Text::json(r"é\n:\n"), Some(("é\n", "\n"))),
            (Text::json(r"é\n"), None),
            (Text::attribute("a\tb&#58;\r\n"), Some(("a b", " "))),
        ] {
            let cut = text.split_once(':').map(|(one, other)| (decoded(one), decoded(other)));
            assert_eq!(cut, parts.map(|(one, other)| (one.into(), other.into())), "{text:?}");
        }
    }

    #[test]
    fn plain_text_is_lent_as_it_is() {
        assert_eq!(Text::xml("a\\\"b").plain(), Some("a\\\"b"));
        assert_eq!(Text::json("a&<b").plain(), Some("a&<b"));
        assert_eq!(Text::cdata("a&<b").plain(), Some("a&<b"));
        assert_eq!(Text::xml("a\rb").plain(), None);
        assert_eq!(Text::attribute("a\nb").plain(), None);
    }

    #[test]
    fn numbers_and_truth_values_are_read() {
        let table = [
            ("0", Some(0)),
            (" 12\n", Some(12)),
            ("-9223372036854775808", Some(i64::MIN)),
            ("9223372036854775807", Some(i64::MAX)),
            ("9223372036854775808", None),
            ("", None),
            ("1.0", None),
            ("0x1", None),
        ];
        for (text, int) in table {
            assert_eq!(Text::new(text).int(), int, "{text}");
        }
        assert_eq!(Text::xml("&#49;2").int(), Some(12));
        assert_eq!(Text::xml("&#49;00000000000000000000000000").int(), None);
        assert_eq!(Text::json(r"tr\u0075e").bool(), Some(true));
        assert_eq!(Text::new("false").bool(), Some(false));
        assert_eq!(Text::new("True").bool(), None);
    }

    #[test]
    fn malformed_says_where() {
        assert_eq!(Malformed::new(7).to_string(), "malformed document at byte 7");
        assert_eq!([Malformed::new(7)].to_vec(), Vec::from([Malformed { at: 7 }]));
    }
}
