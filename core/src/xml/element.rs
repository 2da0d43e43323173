//! Views of elements that lie whole in memory, checked once and then walked without errors.

use core::fmt;

use crate::text::Malformed;
use crate::text::Stop;
use crate::text::Text;
use crate::text::find_any;
use crate::text::find_slice;
use crate::xml::Attributes;
use crate::xml::scan::Scanner;
use crate::xml::scan::Token;
use crate::xml::scan::name_length;

/// An element of a document that lies whole in memory.
///
/// It is three slices of the document: copying it is cheap, and every question is answered by
/// looking at the document again. To read a long listing, walk [`children`](Self::children) and
/// match on names, rather than asking for one [`child`](Self::child) after the other.
///
/// ```
/// use tucuxi_core::xml::Element;
///
/// let listing = Element::root(b"<List><Name>b</Name><Key>1</Key><Key>2</Key></List>")?;
/// assert!(listing.child("Name").is_some_and(|name| name.text() == "b"));
/// let keys = listing.children().filter(|child| child.name() == "Key");
/// assert_eq!(keys.filter_map(|key| key.text().int()).sum::<i64>(), 3);
/// # Ok::<_, tucuxi_core::text::Malformed>(())
/// ```
#[derive(Clone, Copy)]
pub struct Element<'a> {
    name: &'a str,
    /// What stands between the name and `>` in the start tag.
    rest: &'a str,
    content: &'a str,
}

impl<'a> Element<'a> {
    /// Checks a whole document and returns its root.
    ///
    /// # Errors
    ///
    /// [`Malformed`] with the offset of what breaks the rules of [this grammar](crate::xml).
    pub fn root(document: &'a [u8]) -> Result<Self, Malformed> {
        let (text, whole) = match str::from_utf8(document) {
            Ok(text) => (text, true),
            Err(error) => {
                let valid = document.get(..error.valid_up_to()).unwrap_or_default();
                (str::from_utf8(valid).unwrap_or_default(), false)
            }
        };
        let mut scanner = Scanner::new();
        let mut at: usize = 0;
        let mut root = 0..0;
        loop {
            let outside = scanner.depth() == 0;
            match scanner.next(text.as_bytes().get(at..).unwrap_or_default(), false) {
                Ok((token, length)) => {
                    match token {
                        Token::Start { .. } if outside => root.start = at,
                        Token::End { .. } => root.end = at.saturating_add(length),
                        _ => {}
                    }
                    at = at.saturating_add(length);
                }
                Err(Stop::Incomplete) if whole && at == text.len() && scanner.is_complete() => break,
                Err(Stop::Incomplete) => return Err(Malformed::new(text.len() as u64)),
                Err(Stop::Malformed(offset)) => return Err(Malformed::new(at.saturating_add(offset) as u64)),
            }
        }
        Self::whole(text.get(root).unwrap_or_default()).ok_or_else(|| Malformed::new(at as u64))
    }

    /// The element that `text` is, from its start tag to its end tag; checked before.
    pub(super) fn whole(text: &'a str) -> Option<Self> {
        let tag = Tag::open(text)?;
        let end = if tag.is_empty { 0 } else { tag.after.rfind('<')? };
        Some(Self { name: tag.name, rest: tag.rest, content: tag.after.get(..end)? })
    }

    /// The name without its namespace prefix: `Owner` for `<s3:Owner>` as for `<Owner>`.
    #[must_use]
    pub fn name(self) -> &'a str {
        match find_any(self.name.as_bytes(), [b':']) {
            None => self.name,
            Some(_) => self.name.rsplit(':').next().unwrap_or_default(),
        }
    }

    /// The text before the first child: all of it in an element without children.
    #[must_use]
    pub fn text(self) -> Text<'a> {
        let end = match find_any(self.content.as_bytes(), [b'<']) {
            None => self.content.len(),
            Some(_) => to_child(self.content),
        };
        Text::xml(self.content.get(..end).unwrap_or_default())
    }

    /// The elements directly in this one, in their order.
    #[must_use]
    pub const fn children(self) -> Children<'a> {
        Children { rest: self.content }
    }

    /// The first child of that name.
    #[must_use]
    pub fn child(self, name: &str) -> Option<Self> {
        self.children().find(|child| child.name() == name)
    }

    /// The attributes of the start tag.
    #[must_use]
    pub const fn attributes(self) -> Attributes<'a> {
        Attributes { rest: self.rest }
    }

    /// The value of the first attribute of that name, which is compared as it is written: prefix
    /// included, `xsi:type`.
    #[must_use]
    pub fn attribute(self, name: &str) -> Option<Text<'a>> {
        self.attributes().find(|(written, _)| *written == name).map(|(_, value)| value)
    }
}

impl fmt::Debug for Element<'_> {
    /// The name alone: what it holds may be a credential.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Element").field(&self.name).finish()
    }
}

/// The elements directly in an element, from [`Element::children`].
///
/// Each step passes over a whole child, however much is in it.
#[derive(Clone, Copy)]
pub struct Children<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Children<'a> {
    type Item = Element<'a>;

    fn next(&mut self) -> Option<Element<'a>> {
        let start = to_child(self.rest);
        let tag = Tag::open(self.rest.get(start..)?)?;
        let (content, after) = if tag.is_empty { ("", tag.after) } else { close(tag.after)? };
        self.rest = after;
        Some(Element { name: tag.name, rest: tag.rest, content })
    }
}

impl fmt::Debug for Children<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Children").finish_non_exhaustive()
    }
}

/// A start tag.
struct Tag<'a> {
    name: &'a str,
    rest: &'a str,
    is_empty: bool,
    after: &'a str,
}

impl<'a> Tag<'a> {
    /// The start tag at the start of `text`.
    #[inline]
    fn open(text: &'a str) -> Option<Self> {
        let body = text.get(1..)?;
        let (name, rest) = body.split_at_checked(name_length(body.as_bytes()))?;
        if let Some(after) = rest.strip_prefix('>') {
            return Some(Self { name, rest: "", is_empty: false, after });
        }
        let (rest, after) = rest.split_at_checked(rest_length(rest.as_bytes())?)?;
        Some(Self { name, rest, is_empty: rest.ends_with('/'), after: after.get(1..)? })
    }
}

/// The offset of the `>` that ends a start tag.
#[inline]
fn rest_length(bytes: &[u8]) -> Option<usize> {
    let mut at: usize = 0;
    loop {
        let found = find_any(bytes.get(at..)?, [b'>', b'"', b'\''])?;
        at = at.saturating_add(found);
        let quote = *bytes.get(at)?;
        if quote == b'>' {
            return Some(at);
        }
        at = at.saturating_add(1);
        at = at.saturating_add(find_any(bytes.get(at..)?, [quote])?).saturating_add(1);
    }
}

/// The offset of the first start tag in some content, or its length.
#[inline]
fn to_child(content: &str) -> usize {
    let bytes = content.as_bytes();
    let mut at: usize = 0;
    while let Some(found) = find_any(bytes.get(at..).unwrap_or_default(), [b'<']) {
        at = at.saturating_add(found);
        match aside(bytes.get(at..).unwrap_or_default()) {
            None => return at,
            Some(length) => at = at.saturating_add(length),
        }
    }
    bytes.len()
}

/// Splits what follows a start tag into the content of its element and what follows that.
#[inline]
fn close(text: &str) -> Option<(&str, &str)> {
    let bytes = text.as_bytes();
    let mut depth: usize = 0;
    let mut at: usize = 0;
    loop {
        at = at.saturating_add(find_any(bytes.get(at..)?, [b'<'])?);
        let rest = bytes.get(at..)?;
        if rest.get(1) == Some(&b'/') {
            if depth == 0 {
                let end = at.saturating_add(find_any(rest, [b'>'])?).saturating_add(1);
                return Some((text.get(..at)?, text.get(end..)?));
            }
            depth = depth.saturating_sub(1);
            at = at.saturating_add(2);
        } else if let Some(length) = aside(rest) {
            at = at.saturating_add(length);
        } else {
            let length = rest_length(rest)?;
            if rest.get(length.saturating_sub(1)) != Some(&b'/') {
                depth = depth.saturating_add(1);
            }
            at = at.saturating_add(length).saturating_add(1);
        }
    }
}

/// The length of the comment, instruction or CDATA section at the start of `bytes`.
#[inline]
fn aside(bytes: &[u8]) -> Option<usize> {
    let (opening, closing): (usize, &[u8]) = match bytes.get(1)? {
        b'?' => (2, b"?>"),
        b'!' if bytes.get(2) == Some(&b'-') => (4, b"-->"),
        b'!' => (9, b"]]>"),
        _ => return None,
    };
    let length = find_slice(bytes.get(opening..)?, closing)?;
    Some(opening.saturating_add(length).saturating_add(closing.len()))
}
