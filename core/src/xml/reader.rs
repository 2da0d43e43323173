//! The streaming reader: events, however the input is cut and however small the room.

use core::fmt;

use crate::room::Read;
use crate::text::Stop;
use crate::text::Stream;
use crate::text::Text;
use crate::xml::Attributes;
use crate::xml::scan::Scanner;
use crate::xml::scan::Token;

/// Reads a document that arrives in pieces, event by event.
///
/// Only a tag has to fit in the room; text that does not comes in several pieces. What is held at
/// any time is one event.
///
/// ```
/// use tucuxi_core::room::Read;
/// use tucuxi_core::xml::{Event, Reader};
///
/// let mut room = [0; 64];
/// let mut reader = Reader::new(&mut room);
/// reader.feed(b"<Key>a&amp;");
/// assert!(matches!(reader.read(), Read::Item(Event::Start { name: "Key", .. })));
/// assert!(matches!(reader.read(), Read::NeedInput));
/// reader.feed(b"b</Key>");
/// assert!(matches!(reader.read(), Read::Item(Event::Text(text)) if text == "a&b"));
/// assert!(matches!(reader.read(), Read::Item(Event::End { name: "Key" })));
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
    /// A reader at the start of a document. 256 bytes of `room` hold any tag that AWS sends.
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
            let (token, length) = match self.scanner.next(bytes, self.stream.is_full(self.used)) {
                Ok(found) => found,
                Err(Stop::Incomplete)
                    if bytes.is_empty() && self.stream.is_whole() && self.scanner.is_complete() =>
                {
                    return Read::End;
                }
                Err(stop) => return self.stream.stop(stop, self.used, self.used),
            };
            self.used = self.used.saturating_add(length);
            let text = |bytes| self.stream.text(bytes);
            return Read::Item(match token {
                Token::CData(bytes) => Event::Text(Text::cdata(text(bytes))),
                Token::End { name } => Event::End { name: text(name) },
                Token::Skip => continue,
                Token::Start { name, rest } => {
                    Event::Start { name: text(name), attributes: Attributes { rest: text(rest) } }
                }
                Token::Text(bytes) => Event::Text(Text::xml(text(bytes))),
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
///
/// Names are given as they are written, prefixes included.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_enums, reason = "XML has no more")]
pub enum Event<'a> {
    /// A start tag. An empty-element tag is a start and an end.
    Start {
        /// The name.
        name: &'a str,
        /// Its attributes.
        attributes: Attributes<'a>,
    },
    /// Text in an element, never empty, white space between elements included. One text may come
    /// in any number of pieces, all before the next start or end.
    Text(Text<'a>),
    /// An end tag, of the element that started last and has not ended.
    End {
        /// The name.
        name: &'a str,
    },
}
