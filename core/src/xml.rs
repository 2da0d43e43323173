//! XML as AWS speaks it: a streaming [`Reader`], views of whole elements, and a [`Writer`].
//!
//! Three ways to read, over one grammar: [`Element::root`] for a document in one slice,
//! [`Items`] for a listing that arrives in pieces and whose entries fit in a room, [`Reader`] for
//! anything else. None of them allocates, none keeps more than [`DEPTH`] small numbers, and each
//! takes time in proportion to its input, whatever the input.
//!
//! The grammar is [XML 1.0](https://www.w3.org/TR/xml/) without a document type: UTF-8 alone,
//! white space before the declaration allowed (S3 sends it to keep a connection open), comments
//! and processing instructions passed over, the five named references and the numbered ones.
//! `<!DOCTYPE` and references to other names are malformed, so nothing expands. It forgives what
//! servers get wrong and no reader can mistake: control characters, raw or as references; any
//! character beyond ASCII in a name; attributes given twice. An end tag is matched with its start
//! tag by a 32-bit hash of the name.

use crate::text::Text;

mod element;
mod items;
mod reader;
mod scan;
mod writer;

pub use element::Children;
pub use element::Element;
pub use items::Item;
pub use items::Items;
pub use reader::Event;
pub use reader::Reader;
pub use writer::Writer;

/// How deep elements may nest, the root included; deeper is malformed. AWS's documents stay below
/// ten.
pub const DEPTH: usize = 32;

/// The attributes of a start tag, in their order: names as written, prefixes included, and values.
///
/// ```
/// use tucuxi_core::xml::Element;
///
/// let grantee = Element::root(br#"<Grantee xsi:type="Group" id='7'/>"#).unwrap();
/// let mut attributes = grantee.attributes();
/// assert!(attributes.next().is_some_and(|(name, value)| name == "xsi:type" && value == "Group"));
/// assert!(attributes.next().is_some_and(|(name, value)| name == "id" && value.int() == Some(7)));
/// assert!(attributes.next().is_none());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Attributes<'a> {
    /// The rest of a start tag that was checked, from behind its name.
    rest: &'a str,
}

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a str, Text<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let found = scan::attribute(self.rest.as_bytes()).ok()??;
        let name = self.rest.get(found.name)?;
        let value = self.rest.get(found.value)?;
        self.rest = self.rest.get(found.end..)?;
        Some((name, Text::attribute(value)))
    }
}

#[cfg(test)]
mod tests;
