//! Views of values that lie whole in memory, checked once and then walked without errors.

use core::fmt;

use crate::json::scan::Extent;
use crate::json::scan::Scanner;
use crate::json::scan::Token;
use crate::text::Malformed;
use crate::text::Stop;
use crate::text::Text;
use crate::text::find;
use crate::text::find_any;

/// A value of a document that lies whole in memory.
///
/// It is a slice of the document: copying it is free, and every question is answered by looking
/// at the document again. A question that does not fit its kind has the answer none, or nothing.
///
/// ```
/// use tucuxi_core::json::Value;
///
/// let reply = Value::parse(br#"{"MessageId": "a-1", "Tries": 3, "Tags": ["x", "y\n"]}"#)?;
/// assert!(reply.get("MessageId").and_then(Value::text).is_some_and(|id| id == "a-1"));
/// assert_eq!(reply.get("Tries").and_then(Value::int), Some(3));
/// let tags = reply.get("Tags").into_iter().flat_map(Value::items);
/// assert!(tags.filter_map(Value::text).any(|tag| tag == "y\n"));
/// # Ok::<_, tucuxi_core::text::Malformed>(())
/// ```
#[derive(Clone, Copy)]
pub struct Value<'a> {
    /// From its first byte to its last, checked.
    raw: &'a str,
}

/// What a [`Value`] is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "JSON has no more")]
pub enum Kind {
    /// Values in an order: [`Value::items`].
    Array,
    /// True or false: [`Value::bool`].
    Bool,
    /// Nothing.
    Null,
    /// A number: [`Value::int`], [`Value::number`].
    Number,
    /// Keys and values: [`Value::entries`], [`Value::get`].
    Object,
    /// Text: [`Value::text`].
    String,
}

impl<'a> Value<'a> {
    /// Checks a whole document and returns its value.
    ///
    /// # Errors
    ///
    /// [`Malformed`] with the offset of what breaks the rules of [this grammar](crate::json).
    pub fn parse(document: &'a [u8]) -> Result<Self, Malformed> {
        let (text, extent) = match str::from_utf8(document) {
            Ok(text) => (text, Extent::Whole),
            Err(error) => {
                let valid = document.get(..error.valid_up_to()).unwrap_or_default();
                (str::from_utf8(valid).unwrap_or_default(), Extent::Open)
            }
        };
        let mut scanner = Scanner::new();
        let mut at: usize = 0;
        let mut value: Option<(usize, usize)> = None;
        loop {
            match scanner.next(text.as_bytes().get(at..).unwrap_or_default(), extent) {
                Ok((token, length)) => {
                    let start = at;
                    at = at.saturating_add(length);
                    if !matches!(token, Token::Skip) {
                        value = Some((value.map_or(start, |(start, _)| start), at));
                    }
                }
                Err(Stop::Incomplete)
                    if extent == Extent::Whole && at == text.len() && scanner.is_complete() =>
                {
                    break;
                }
                Err(Stop::Incomplete) => return Err(Malformed::new(text.len() as u64)),
                Err(Stop::Malformed(offset)) => return Err(Malformed::new(at.saturating_add(offset) as u64)),
            }
        }
        let raw = value.and_then(|(start, end)| text.get(start..end));
        raw.map(Self::whole).ok_or_else(|| Malformed::new(at as u64))
    }

    /// The value that `raw` is; checked before.
    pub(super) const fn whole(raw: &'a str) -> Self {
        Self { raw }
    }

    /// What it is.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self.raw.as_bytes().first() {
            Some(b'[') => Kind::Array,
            Some(b'{') => Kind::Object,
            Some(b'"') => Kind::String,
            Some(b'f' | b't') => Kind::Bool,
            Some(b'n') | None => Kind::Null,
            Some(_) => Kind::Number,
        }
    }

    /// The value as it is written.
    #[must_use]
    pub const fn raw(self) -> &'a str {
        self.raw
    }

    /// The text of a string.
    #[must_use]
    pub fn text(self) -> Option<Text<'a>> {
        self.raw.strip_prefix('"')?.strip_suffix('"').map(Text::json)
    }

    /// A number as it is written.
    #[must_use]
    pub fn number(self) -> Option<&'a str> {
        (self.kind() == Kind::Number).then_some(self.raw)
    }

    /// A number that is written without a fraction or an exponent and fits.
    #[must_use]
    pub fn int(self) -> Option<i64> {
        self.number()?.parse().ok()
    }

    /// True or false.
    #[must_use]
    pub fn bool(self) -> Option<bool> {
        match self.raw {
            "false" => Some(false),
            "true" => Some(true),
            _ => None,
        }
    }

    /// Whether it is null.
    #[must_use]
    pub fn is_null(self) -> bool {
        self.kind() == Kind::Null
    }

    /// The values of an array, in their order; nothing if it is none.
    #[must_use]
    pub fn items(self) -> Values<'a> {
        Values { rest: self.raw.strip_prefix('[').unwrap_or_default() }
    }

    /// The keys and values of an object, in their order; nothing if it is none.
    #[must_use]
    pub fn entries(self) -> Entries<'a> {
        Entries { rest: self.raw.strip_prefix('{').unwrap_or_default() }
    }

    /// The value of the first such key of an object.
    #[must_use]
    pub fn get(self, key: &str) -> Option<Self> {
        self.entries().find(|(written, _)| *written == *key).map(|(_, value)| value)
    }

    /// The value at the start of `text`, behind separators, and what follows it.
    #[inline]
    fn first(text: &'a str) -> Option<(Self, &'a str)> {
        let start = find(text.as_bytes(), |byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b',' | b':'));
        let text = text.get(start?..)?;
        let (raw, rest) = text.split_at_checked(length(text.as_bytes())?)?;
        Some((Self { raw }, rest))
    }
}

impl fmt::Debug for Value<'_> {
    /// The kind alone: what it holds may be a credential.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Value").field(&self.kind()).finish()
    }
}

/// The values of an array, from [`Value::items`].
#[derive(Clone, Copy)]
pub struct Values<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Values<'a> {
    type Item = Value<'a>;

    fn next(&mut self) -> Option<Value<'a>> {
        let (value, rest) = Value::first(self.rest)?;
        self.rest = rest;
        Some(value)
    }
}

impl fmt::Debug for Values<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Values").finish_non_exhaustive()
    }
}

/// The keys and values of an object, from [`Value::entries`].
#[derive(Clone, Copy)]
pub struct Entries<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Entries<'a> {
    type Item = (Text<'a>, Value<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let (key, rest) = Value::first(self.rest)?;
        let (value, rest) = Value::first(rest)?;
        self.rest = rest;
        Some((key.text()?, value))
    }
}

impl fmt::Debug for Entries<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entries").finish_non_exhaustive()
    }
}

/// The length of the value at the start of `bytes`, or none at a closing bracket.
fn length(bytes: &[u8]) -> Option<usize> {
    match bytes.first()? {
        b'"' => string_length(bytes),
        b']' | b'}' => None,
        b'[' | b'{' => {
            let mut depth: usize = 0;
            let mut at: usize = 0;
            loop {
                let rest = bytes.get(at..)?;
                let found = find(rest, |byte| matches!(byte, b'"' | b'[' | b']' | b'{' | b'}'))?;
                at = at.saturating_add(found);
                match rest.get(found)? {
                    b'"' => {
                        at = at.saturating_add(string_length(bytes.get(at..)?)?);
                        continue;
                    }
                    b'[' | b'{' => depth = depth.saturating_add(1),
                    _ => depth = depth.saturating_sub(1),
                }
                at = at.saturating_add(1);
                if depth == 0 {
                    return Some(at);
                }
            }
        }
        _ => {
            let end = |byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b',' | b']' | b'}');
            Some(find(bytes, end).unwrap_or(bytes.len()))
        }
    }
}

/// The length of the string at the start of `bytes`, its quotes included.
fn string_length(bytes: &[u8]) -> Option<usize> {
    let mut at: usize = 1;
    loop {
        let rest = bytes.get(at..)?;
        let found = find_any(rest, [b'"', b'\\'])?;
        at = at.saturating_add(found);
        if rest.get(found) == Some(&b'"') {
            return Some(at.saturating_add(1));
        }
        at = at.saturating_add(2);
    }
}
