//! Objects of any length through a small room: one member, or one element of a list, at a time.

use core::fmt;
use core::ops::Range;

use crate::json::Value;
use crate::json::scan::Extent;
use crate::json::scan::Scanner;
use crate::json::scan::Token;
use crate::room::Read;
use crate::text::Stop;
use crate::text::Stream;
use crate::text::Text;

/// Reads an object that arrives in pieces as its members, each whole; a member that is an array
/// comes element by element.
///
/// What is held at any time is one member or one element, so a room for one message reads a reply
/// with any number of them. A document that is no object is malformed.
///
/// ```
/// use tucuxi_core::json::{Item, Items, Value};
/// use tucuxi_core::room::Read;
///
/// let mut room = [0; 32];
/// let mut items = Items::new(&mut room);
/// let mut ids = 0;
/// let mut document: &[u8] = br#"{"Messages": [{"Id": 1}, {"Id": 2}], "Left": 0}"#;
/// loop {
///     match items.read() {
///         Read::Item(Item::List(key)) => assert!(key == "Messages"),
///         Read::Item(Item::Element(message)) => ids += message.get("Id").and_then(Value::int).unwrap(),
///         Read::Item(Item::Member(key, value)) => assert!(key == "Left" && value.int() == Some(0)),
///         Read::NeedInput if document.is_empty() => items.end(),
///         Read::NeedInput => document = &document[items.feed(document)..],
///         Read::End => break,
///         other => panic!("{other:?}"),
///     }
/// }
/// assert_eq!(ids, 3);
/// ```
pub struct Items<'b> {
    stream: Stream<'b>,
    scanner: Scanner,
    /// The bytes that were read and can go.
    used: usize,
    /// How far the grammar has come in what is held; beyond `used` within a member.
    seen: usize,
    /// The length of the key whose value is being read, which stands at `used`, with its quotes.
    key: usize,
    /// Where that value, or the element of a list, starts.
    value: Option<usize>,
    in_list: bool,
}

impl<'b> Items<'b> {
    /// A reader at the start of a document. A message takes up to 1 MiB of `room`, as SQS allows
    /// it to be that long, and usually far less.
    #[must_use]
    pub const fn new(room: &'b mut [u8]) -> Self {
        Self {
            stream: Stream::new(room),
            scanner: Scanner::new(),
            used: 0,
            seen: 0,
            key: 0,
            value: None,
            in_list: false,
        }
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
    /// [`Read::RoomFull`] when one member or element is larger than the room.
    #[must_use]
    pub fn read(&mut self) -> Read<Item<'_>> {
        self.settle();
        loop {
            let before = self.scanner.depth();
            let bytes = self.stream.bytes(self.seen);
            let extent = if self.stream.is_whole() { Extent::Whole } else { Extent::Open };
            let is_object = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'{' | 0xEF);
            if before == 0 && !self.scanner.is_complete() && !bytes.first().is_none_or(is_object) {
                return self.stream.malformed(self.seen);
            }
            let (token, length) = match self.scanner.next(bytes, extent) {
                Ok(found) => found,
                Err(Stop::Incomplete)
                    if bytes.is_empty() && extent == Extent::Whole && self.scanner.is_complete() =>
                {
                    return Read::End;
                }
                Err(stop) => return self.stream.stop(stop, self.seen, self.used),
            };
            let start = self.seen;
            self.seen = self.seen.saturating_add(length);
            match token {
                // before and after a value, but not between it and its key
                Token::Skip if self.key == 0 && self.value.is_none() => self.used = self.seen,
                Token::Skip => {}
                Token::StartObject | Token::EndObject if before < 2 && self.key == 0 => self.used = self.seen,
                Token::Key(_) if before == 1 => self.key = length,
                Token::StartArray if before == 1 => {
                    self.in_list = true;
                    let key = self.key_place();
                    return Read::Item(Item::List(Text::json(self.text(key))));
                }
                Token::EndArray if before == 2 && self.in_list => {
                    self.in_list = false;
                    self.used = self.seen;
                }
                _ => {
                    let start = *self.value.get_or_insert(start);
                    let outside = if self.in_list { 2 } else { 1 };
                    if self.scanner.depth() == outside {
                        self.value = None;
                        let value = start..self.seen;
                        let key = self.key_place();
                        let value = Value::whole(self.text(value));
                        let key = Text::json(self.text(key));
                        let item = if self.in_list { Item::Element(value) } else { Item::Member(key, value) };
                        return Read::Item(item);
                    }
                }
            }
        }
    }

    /// Where the key is; it and everything read so far can go after this.
    fn key_place(&mut self) -> Range<usize> {
        let end = self.used.saturating_add(self.key).saturating_sub(1);
        let start = self.used.saturating_add(1);
        self.key = 0;
        self.used = self.seen;
        start..end
    }

    fn text(&self, place: Range<usize>) -> &str {
        self.stream.text(self.stream.bytes(0).get(place).unwrap_or_default())
    }

    /// Lets go of what was read.
    fn settle(&mut self) {
        self.stream.pass(self.used);
        self.seen = self.seen.saturating_sub(self.used);
        self.value = self.value.map(|start| start.saturating_sub(self.used));
        self.used = 0;
    }
}

impl fmt::Debug for Items<'_> {
    /// Without the room, which may hold a credential.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("depth", &self.scanner.depth()).finish_non_exhaustive()
    }
}

/// A part of an object, borrowed from the room.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_enums, reason = "an object has no more")]
pub enum Item<'a> {
    /// An element of the list that started last.
    Element(Value<'a>),
    /// The key of a member that is an array; its elements follow.
    List(Text<'a>),
    /// The key and the value of any other member.
    Member(Text<'a>, Value<'a>),
}
