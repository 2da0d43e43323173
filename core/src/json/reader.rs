//! The streaming reader: events, however the input is cut and however small the room.

use core::fmt;

use crate::json::scan::Extent;
use crate::json::scan::Scanner;
use crate::json::scan::Token;
use crate::room::Read;
use crate::text::Stop;
use crate::text::Stream;
use crate::text::Text;

/// Reads a document that arrives in pieces, event by event.
///
/// Only a key or a number has to fit in the room; a string that does not comes in several pieces.
/// What is held at any time is one event.
///
/// ```
/// use tucuxi_core::json::{Event, Reader};
/// use tucuxi_core::room::Read;
///
/// let mut room = [0; 64];
/// let mut reader = Reader::new(&mut room);
/// reader.feed(br#"{"Id": "a\u0026"#);
/// assert!(matches!(reader.read(), Read::Item(Event::StartObject)));
/// assert!(matches!(reader.read(), Read::Item(Event::Key(key)) if key == "Id"));
/// assert!(matches!(reader.read(), Read::NeedInput));
/// reader.feed(br#"b"}"#);
/// assert!(matches!(reader.read(), Read::Item(Event::String(text)) if text == "a&b"));
/// assert!(matches!(reader.read(), Read::Item(Event::EndObject)));
/// reader.end();
/// assert!(matches!(reader.read(), Read::End));
/// ```
pub struct Reader<'b> {
    stream: Stream<'b>,
    scanner: Scanner,
    /// The bytes that were read and can go.
    used: usize,
}

impl<'b> Reader<'b> {
    /// A reader at the start of a document. 64 bytes of `room` hold any key that AWS sends.
    #[must_use]
    pub const fn new(room: &'b mut [u8]) -> Self {
        Self { stream: Stream::new(room), scanner: Scanner::new(), used: 0 }
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

    /// The next event. After [`Read::End`] and [`Read::Malformed`] it stays the same.
    #[must_use]
    pub fn read(&mut self) -> Read<Event<'_>> {
        self.settle();
        loop {
            let bytes = self.stream.bytes(self.used);
            let extent = if self.stream.is_whole() {
                Extent::Whole
            } else if self.stream.is_full(self.used) {
                Extent::Full
            } else {
                Extent::Open
            };
            let (token, length) = match self.scanner.next(bytes, extent) {
                Ok(found) => found,
                Err(Stop::Incomplete)
                    if bytes.is_empty() && extent == Extent::Whole && self.scanner.is_complete() =>
                {
                    return Read::End;
                }
                Err(stop) => return self.stream.stop(stop, self.used, self.used),
            };
            self.used = self.used.saturating_add(length);
            let text = |bytes| Text::json(self.stream.text(bytes));
            return Read::Item(match token {
                Token::Bool(value) => Event::Bool(value),
                Token::EndArray => Event::EndArray,
                Token::EndObject => Event::EndObject,
                Token::Key(bytes) => Event::Key(text(bytes)),
                Token::Null => Event::Null,
                Token::Number(bytes) => Event::Number(self.stream.text(bytes)),
                Token::Part(bytes) => Event::Part(text(bytes)),
                Token::Skip => continue,
                Token::StartArray => Event::StartArray,
                Token::StartObject => Event::StartObject,
                Token::String(bytes) => Event::String(text(bytes)),
            });
        }
    }

    /// Lets go of what was read.
    fn settle(&mut self) {
        self.stream.pass(self.used);
        self.used = 0;
    }
}

impl fmt::Debug for Reader<'_> {
    /// Without the room, which may hold a credential.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").field("depth", &self.scanner.depth()).finish_non_exhaustive()
    }
}

/// Something in a document, borrowed from the room.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "JSON has no more")]
pub enum Event<'a> {
    /// True or false.
    Bool(bool),
    /// The end of an array.
    EndArray,
    /// The end of an object.
    EndObject,
    /// The key of the value that follows.
    Key(Text<'a>),
    /// Nothing.
    Null,
    /// A number as it is written.
    Number(&'a str),
    /// A piece of a string that is longer than the room. More pieces follow; the last of them is
    /// a [`String`](Self::String), which may be empty.
    Part(Text<'a>),
    /// The start of an array.
    StartArray,
    /// The start of an object.
    StartObject,
    /// A string, or what remained of one after its other pieces.
    String(Text<'a>),
}
