//! Listings of any length through a small room: one child of the root at a time.

use core::fmt;

use crate::room::Read;
use crate::text::Stop;
use crate::text::Stream;
use crate::xml::Attributes;
use crate::xml::Element;
use crate::xml::scan::Scanner;
use crate::xml::scan::Token;

/// Reads a document that arrives in pieces as its root and then each child of the root, whole.
///
/// What is held at any time is one child, so 4 KB of room read a listing of any length. Text
/// directly in the root is passed over: for a document that is all text, use [`Element::root`].
///
/// ```
/// use tucuxi_core::room::Read;
/// use tucuxi_core::xml::{Item, Items};
///
/// let mut room = [0; 64];
/// let mut items = Items::new(&mut room);
/// let mut keys = 0;
/// let mut document: &[u8] = b"<List><Contents><Key>a</Key></Contents>
///     <Contents><Key>b</Key></Contents></List>";
/// loop {
///     match items.read() {
///         Read::Item(Item::Root { name, .. }) => assert_eq!(name, "List"),
///         Read::Item(Item::Child(child)) => keys += child.child("Key").map_or(0, |_| 1),
///         Read::NeedInput if document.is_empty() => items.end(),
///         Read::NeedInput => document = &document[items.feed(document)..],
///         Read::End => break,
///         other => panic!("{other:?}"),
///     }
/// }
/// assert_eq!(keys, 2);
/// ```
pub struct Items<'b> {
    stream: Stream<'b>,
    scanner: Scanner,
    /// The bytes that were read and can go.
    used: usize,
    /// How far the grammar has come in what is held; beyond `used` within a child.
    seen: usize,
}

impl<'b> Items<'b> {
    /// A reader at the start of a document. An object in a listing takes 500 bytes of `room`, with
    /// a key of 1,024 bytes that is all escaped up to 7 KB.
    #[must_use]
    pub const fn new(room: &'b mut [u8]) -> Self {
        Self { stream: Stream::new(room), scanner: Scanner::new(), used: 0, seen: 0 }
    }

    /// Takes as much of `input` as fits and returns how many bytes that was; 0 when the room is
    /// full: read on first.
    pub fn feed(&mut self, input: &[u8]) -> usize {
        self.settle();
        self.stream.feed(input)
    }

    /// Says that no more input will come.
    pub const fn end(&mut self) {
        self.stream.end();
    }

    /// The next item. After [`Read::End`] and [`Read::Malformed`] it stays the same.
    ///
    /// [`Read::RoomFull`] when one child is larger than the room.
    #[must_use]
    pub fn read(&mut self) -> Read<Item<'_>> {
        self.settle();
        loop {
            let before = self.scanner.depth();
            let bytes = self.stream.bytes(self.seen);
            // text in the root may go in parts: it is passed over
            let full = before < 2 && self.stream.is_full(self.used);
            let (token, length) = match self.scanner.next(bytes, full) {
                Ok(found) => found,
                Err(Stop::Incomplete)
                    if bytes.is_empty() && self.stream.is_whole() && self.scanner.is_complete() =>
                {
                    return Read::End;
                }
                Err(stop) => return self.stream.stop(stop, self.seen, self.used),
            };
            self.seen = self.seen.saturating_add(length);
            let start = self.used;
            if self.scanner.depth() < 2 {
                self.used = self.seen;
            }
            match token {
                Token::Start { name, rest } if before == 0 => {
                    let attributes = Attributes { rest: self.stream.text(rest) };
                    return Read::Item(Item::Root { name: self.stream.text(name), attributes });
                }
                Token::End { .. } if before == 2 => {
                    let child = self.stream.bytes(start);
                    let child = child.get(..self.used.saturating_sub(start)).unwrap_or_default();
                    return match Element::whole(self.stream.text(child)) {
                        Some(child) => Read::Item(Item::Child(child)),
                        None => self.stream.malformed(start),
                    };
                }
                _ => {}
            }
        }
    }

    /// Lets go of what was read.
    fn settle(&mut self) {
        self.stream.pass(self.used);
        self.seen = self.seen.saturating_sub(self.used);
        self.used = 0;
    }
}

impl fmt::Debug for Items<'_> {
    /// Without the room, which may hold a credential.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("depth", &self.scanner.depth()).finish_non_exhaustive()
    }
}

/// A part of a listing, borrowed from the room.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_enums, reason = "a listing has no more")]
pub enum Item<'a> {
    /// The start of the document: which listing it is, or that it is an error instead.
    Root {
        /// The name as it is written, prefix included.
        name: &'a str,
        /// Its attributes.
        attributes: Attributes<'a>,
    },
    /// The next child of the root.
    Child(Element<'a>),
}
