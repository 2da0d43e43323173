//! The lines of AWS's shared files, `~/.aws/config` and `~/.aws/credentials`.
//!
//! This is the grammar alone, as AWS's SDKs [share it]: which line is a section, a property, the
//! continuation of a value, and which is wrong. What sections mean and which value wins is decided
//! by [`profile`](crate::profile). A file in memory is read with [`Events`], a file that arrives in
//! pieces with [`Reader`]; both run the same grammar.
//!
//! - White space is space and tab. Lines end with LF or CR LF. A UTF-8 byte order mark is skipped.
//! - `#` and `;` at the start of a line begin a comment, and so do they behind a section, and
//!   behind white space in a property. In a continued value they belong to the value.
//! - A line that starts with white space continues the value of the property above it. When that
//!   value is empty, each such line has to be a property by itself, a sub-property, or a comment;
//!   AWS's SDKs differ on comments there, and boto3 takes them.
//!
//! [share it]: https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html

use core::fmt;

use crate::room::{Read, Room};

/// What a line says.
///
/// Names are given as written. Keys are the same whatever the case of their ASCII letters.
#[derive(Clone, Copy, Eq, PartialEq)]
#[non_exhaustive]
pub enum Event<'r> {
    /// One more line of the property's value. The lines of a value are joined by line feeds.
    Continuation {
        /// The line, counted from 1.
        line: u32,
        /// The line without white space around it.
        value: &'r str,
    },
    /// `key = value`.
    Property {
        /// The line, counted from 1.
        line: u32,
        /// What is before the equals sign; not empty.
        key: &'r str,
        /// What is behind it. If empty, sub-properties may follow.
        value: &'r str,
    },
    /// `[name]` or `[prefix name]`.
    Section {
        /// The line, counted from 1.
        line: u32,
        /// The word before the name, such as `profile` or `sso-session`.
        prefix: Option<&'r str>,
        /// The name.
        name: &'r str,
    },
    /// An indented `key = value` below a property without a value.
    SubProperty {
        /// The line, counted from 1.
        line: u32,
        /// What is before the equals sign; not empty.
        key: &'r str,
        /// What is behind it.
        value: &'r str,
        /// The whole line without white space around it, as it continues the property's value.
        text: &'r str,
    },
}

impl fmt::Debug for Event<'_> {
    /// Without values, which may be secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Continuation { line, .. } => write!(f, "Continuation {{ line: {line}, .. }}"),
            Self::Property { line, key, .. } => write!(f, "Property {{ line: {line}, key: {key:?}, .. }}"),
            Self::Section { line, prefix, name } => {
                write!(f, "Section {{ line: {line}, prefix: {prefix:?}, name: {name:?} }}")
            }
            Self::SubProperty { line, key, .. } => {
                write!(f, "SubProperty {{ line: {line}, key: {key:?}, .. }}")
            }
        }
    }
}

/// A line that breaks the grammar. Returned by [`Events`] and [`Reader::malformed`].
///
/// It says nothing of what the line holds, since that may be a secret.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Malformed {
    /// The line, counted from 1.
    pub line: u32,
    /// What is wrong with it.
    pub what: What,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

impl core::error::Error for Malformed {}

/// What is wrong with a line; says it in the words all of AWS's SDKs use.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum What {
    /// An indented line right below a section.
    ContinuationWithoutProperty,
    /// A property without `=`.
    NoEquals,
    /// A property with nothing before its `=`.
    NoName,
    /// Something other than a section at the start of the file.
    NoSection,
    /// A line that is not UTF-8.
    NotUtf8,
    /// A sub-property without `=`.
    SubPropertyNoEquals,
    /// A sub-property with nothing before its `=`.
    SubPropertyNoName,
    /// A section that does not end with `]`.
    Unclosed,
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ContinuationWithoutProperty => "Expected a property definition, found continuation",
            Self::NoEquals => "Expected an '=' sign defining a property",
            Self::NoName => "Property did not have a name",
            Self::NoSection => "Expected a profile definition",
            Self::NotUtf8 => "Expected UTF-8 text",
            Self::SubPropertyNoEquals => "Expected an '=' sign defining a sub-property",
            Self::SubPropertyNoName => "Sub-property did not have a name",
            Self::Unclosed => "Profile definition must end with ']'",
        })
    }
}

/// The events of a text in memory. Ends after the first error.
///
/// ```
/// use tucuxi_core::ini::{Event, Events};
///
/// let mut events = Events::new(b"[profile dev]\nregion = eu-west-1 # Ireland\n");
/// assert_eq!(events.next(), Some(Ok(Event::Section { line: 1, prefix: Some("profile"), name: "dev" })));
/// assert_eq!(events.next(), Some(Ok(Event::Property { line: 2, key: "region", value: "eu-west-1" })));
/// assert_eq!(events.next(), None);
/// ```
#[derive(Clone)]
pub struct Events<'a> {
    rest: &'a [u8],
    grammar: Grammar,
}

impl<'a> Events<'a> {
    /// Starts at the beginning of `text`.
    #[must_use]
    pub const fn new(text: &'a [u8]) -> Self {
        Self { rest: text, grammar: Grammar::new() }
    }
}

impl<'a> Iterator for Events<'a> {
    type Item = Result<Event<'a>, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.rest.is_empty() {
            let (line, after) = line_from(self.rest, 0).unwrap_or((self.rest, self.rest.len()));
            self.rest = self.rest.get(after..).unwrap_or_default();
            if self.grammar.skips(line) {
                continue;
            }
            let event = self.grammar.event(line);
            if event.is_err() {
                self.rest = &[];
            }
            return Some(event);
        }
        None
    }
}

impl fmt::Debug for Events<'_> {
    /// Without the text, which may hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events").field("line", &self.grammar.line).finish_non_exhaustive()
    }
}

/// Reads a text that arrives in pieces.
///
/// The room has to hold the longest line with its line end, comments included; session tokens of
/// more than 1,000 bytes are usual. A full room may also mean that a last line without a line end
/// fits exactly: after [`end`](Self::end) it is read.
///
/// ```
/// use tucuxi_core::ini::{Event, Reader};
/// use tucuxi_core::room::Read;
///
/// let mut room = [0; 32];
/// let mut reader = Reader::new(&mut room);
/// reader.feed(b"[default]\nreg");
/// assert_eq!(reader.read(), Read::Item(Event::Section { line: 1, prefix: None, name: "default" }));
/// assert_eq!(reader.read(), Read::NeedInput);
/// reader.feed(b"ion = eu-west-1");
/// reader.end();
/// assert_eq!(reader.read(), Read::Item(Event::Property { line: 2, key: "region", value: "eu-west-1" }));
/// assert_eq!(reader.read(), Read::End);
/// ```
pub struct Reader<'b> {
    room: Room<'b>,
    grammar: Grammar,
    /// Bytes of the line that was given out last.
    given: usize,
    /// How many held bytes are known to hold no line end.
    seen: usize,
    malformed: Option<Malformed>,
}

impl<'b> Reader<'b> {
    /// Starts with nothing read.
    pub const fn new(room: &'b mut [u8]) -> Self {
        Self { room: Room::new(room), grammar: Grammar::new(), given: 0, seen: 0, malformed: None }
    }

    /// Takes as much of `input` as fits and returns how many bytes that was.
    ///
    /// Zero for a non-empty input means that the room is full: read on first.
    pub fn feed(&mut self, input: &[u8]) -> usize {
        self.let_go();
        self.room.feed(input)
    }

    /// Says that no more input will come.
    pub const fn end(&mut self) {
        self.room.end();
    }

    /// The next event, or what it takes to get there.
    ///
    /// [`Read::Malformed`] has the offset of the wrong line, and [`malformed`](Self::malformed)
    /// what is wrong with it; both stay.
    pub fn read(&mut self) -> Read<Event<'_>> {
        self.let_go();
        if self.malformed.is_some() {
            return Read::Malformed { at: self.room.passed() };
        }
        let length = loop {
            let held = self.room.held();
            let (line, after) = match line_from(held, self.seen) {
                Some(found) => found,
                None if self.room.ended() && held.is_empty() => return Read::End,
                None if self.room.ended() => (held, held.len()),
                None => {
                    self.seen = held.len();
                    if self.room.is_full() {
                        return Read::RoomFull { needed: self.room.size().saturating_add(1) };
                    }
                    return Read::NeedInput;
                }
            };
            self.seen = 0;
            if !self.grammar.skips(line) {
                self.given = after;
                break line.len();
            }
            self.room.release(after);
        };
        let line = self.room.held().get(..length).unwrap_or_default();
        match self.grammar.event(line) {
            Ok(event) => Read::Item(event),
            Err(malformed) => {
                self.malformed = Some(malformed);
                self.given = 0;
                Read::Malformed { at: self.room.passed() }
            }
        }
    }

    /// What was wrong, once [`read`](Self::read) has answered [`Read::Malformed`].
    #[must_use]
    pub const fn malformed(&self) -> Option<Malformed> {
        self.malformed
    }

    fn let_go(&mut self) {
        self.room.release(self.given);
        self.given = 0;
    }
}

impl fmt::Debug for Reader<'_> {
    /// Without the text, which may hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").field("line", &self.grammar.line).finish_non_exhaustive()
    }
}

/// Whether `text` may name a profile, another section or a property. Others are ignored.
///
/// That is one or more of ASCII letters, digits, and `- _ / . % @ : +`.
#[must_use]
pub fn is_name(text: &str) -> bool {
    let known = |byte: u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'/' | b'.' | b'%' | b'@' | b':' | b'+')
    };
    !text.is_empty() && text.bytes().all(known)
}

/// What has to be remembered from line to line.
#[derive(Clone, Copy)]
struct Grammar {
    /// The line read last, counted from 1.
    line: u32,
    above: Above,
}

/// What an indented line would continue.
#[derive(Clone, Copy)]
enum Above {
    /// Nothing: the file has just begun.
    Start,
    /// A section has begun.
    Section,
    /// A property with a value.
    Value,
    /// A property without one.
    NoValue,
}

impl Grammar {
    const fn new() -> Self {
        Self { line: 0, above: Above::Start }
    }

    /// Goes on to the next line, and says whether it is blank or a comment.
    fn skips(&mut self, line: &[u8]) -> bool {
        self.line = self.line.saturating_add(1);
        let line = self.bare(line);
        match line.iter().enumerate().find(|(_, byte)| !matches!(byte, b' ' | b'\t')) {
            None | Some((0, b'#' | b';')) => true,
            // An indented one is part of a value, but is no sub-property.
            Some((_, b'#' | b';')) => matches!(self.above, Above::NoValue),
            Some(_) => false,
        }
    }

    /// What the line that was not skipped says.
    fn event<'t>(&mut self, line: &'t [u8]) -> Result<Event<'t>, Malformed> {
        let malformed = |what| Malformed { line: self.line, what };
        let text = core::str::from_utf8(self.bare(line)).map_err(|_| malformed(What::NotUtf8))?;
        let line = self.line;
        if text.starts_with('[') {
            let (prefix, name) = section(text).ok_or_else(|| malformed(What::Unclosed))?;
            self.above = Above::Section;
            return Ok(Event::Section { line, prefix, name });
        }
        let indented = text.starts_with(SPACE);
        let text = trim(text);
        match (self.above, indented) {
            (Above::Start, _) => Err(malformed(What::NoSection)),
            (Above::Section, true) => Err(malformed(What::ContinuationWithoutProperty)),
            (Above::Value, true) => Ok(Event::Continuation { line, value: text }),
            (Above::NoValue, true) => match property(text) {
                None => Err(malformed(What::SubPropertyNoEquals)),
                Some(("", _)) => Err(malformed(What::SubPropertyNoName)),
                Some((key, value)) => Ok(Event::SubProperty { line, key, value, text }),
            },
            (_, false) => match property(text) {
                None => Err(malformed(What::NoEquals)),
                Some(("", _)) => Err(malformed(What::NoName)),
                Some((key, value)) => {
                    self.above = if value.is_empty() { Above::NoValue } else { Above::Value };
                    Ok(Event::Property { line, key, value })
                }
            },
        }
    }

    /// The line without the byte order mark that some editors put first.
    fn bare<'t>(&self, line: &'t [u8]) -> &'t [u8] {
        if self.line > 1 { line } else { line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line) }
    }
}

/// The first line without its end, which is not in the bytes `seen`, and where the next one starts.
fn line_from(text: &[u8], seen: usize) -> Option<(&[u8], usize)> {
    let end = text.get(seen..)?.iter().position(|&byte| byte == b'\n')?.saturating_add(seen);
    let line = text.get(..end)?;
    Some((line.strip_suffix(b"\r").unwrap_or(line), end.saturating_add(1)))
}

/// Prefix and name of a section; none if its bracket is not closed.
fn section(text: &str) -> Option<(Option<&str>, &str)> {
    let text = trim(text.split(COMMENT).next().unwrap_or_default());
    let inside = trim(text.strip_prefix('[')?.strip_suffix(']')?);
    Some(match inside.split_once(SPACE) {
        Some((prefix, name)) => (Some(prefix), trim(name)),
        None => (None, inside),
    })
}

/// Key and value of a trimmed line; none without an equals sign.
fn property(text: &str) -> Option<(&str, &str)> {
    let comment = |pair: &[u8]| matches!(pair, [b' ' | b'\t', b'#' | b';']);
    let end = text.as_bytes().windows(2).position(comment).unwrap_or(text.len());
    let (key, value) = text.get(..end)?.split_once('=')?;
    Some((trim(key), trim(value)))
}

fn trim(text: &str) -> &str {
    text.trim_matches(SPACE)
}

const COMMENT: [char; 2] = ['#', ';'];
const SPACE: [char; 2] = [' ', '\t'];

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "tests")]
mod tests {
    extern crate std;

    use std::format;
    use std::string::{String, ToString};
    use std::vec::Vec;

    use super::*;

    fn say(event: Event<'_>) -> String {
        match event {
            Event::Continuation { line, value } => format!("{line} + {value}"),
            Event::Property { line, key, value } => format!("{line} {key} = {value}"),
            Event::Section { line, prefix, name } => format!("{line} [{prefix:?} {name}]"),
            Event::SubProperty { line, key, value, text } => format!("{line} {key} = {value} ({text})"),
        }
    }

    /// Line by line what a text says, ending with what is wrong.
    fn whole(text: &[u8]) -> Vec<String> {
        Events::new(text).map(|event| event.map_or_else(|wrong| wrong.to_string(), say)).collect()
    }

    /// The same through a room, fed with these pieces; none if the room was too small.
    fn through(room: usize, pieces: &[&[u8]]) -> Option<Vec<String>> {
        let mut buffer = std::vec![0; room];
        let mut reader = Reader::new(&mut buffer);
        let (mut said, mut pieces) = (Vec::new(), pieces.iter());
        let mut piece: &[u8] = b"";
        loop {
            piece = &piece[reader.feed(piece)..];
            if pieces.len() == 0 && piece.is_empty() {
                reader.end();
            }
            match reader.read() {
                Read::Item(event) => said.push(say(event)),
                Read::NeedInput if piece.is_empty() => piece = pieces.next()?,
                Read::NeedInput => {}
                Read::End => return Some(said),
                Read::RoomFull { needed } => {
                    assert_eq!(needed, room + 1);
                    return None;
                }
                Read::Malformed { .. } => {
                    said.push(reader.malformed().unwrap().to_string());
                    assert!(matches!(reader.read(), Read::Malformed { .. }), "it stays");
                    return Some(said);
                }
            }
        }
    }

    const TEXTS: [&str; 9] = [
        "",
        "\n\r\n \t\n# a\n;b\r\n",
        "[profile a]\nregion = eu-west-1\n",
        "\u{feff}[ default\t] ; c\r\nKey=v # c\r\n  more # kept \r\n\n\tand more\r\nlast=",
        "[services s]\ns3 =\n  # c\n  endpoint_url = http://a # b\n sqs =\nx = y",
        "a = b\n",
        "[a]\n  b\n",
        "[a]\nb =\n  c",
        "[a\n",
    ];

    #[test]
    fn any_split_and_any_room_read_the_same_or_the_room_is_full() {
        for text in TEXTS.map(str::as_bytes) {
            let expected = whole(text);
            let bytes: Vec<&[u8]> = text.chunks(1).collect();
            let longest = text.split_inclusive(|&byte| byte == b'\n').map(<[u8]>::len).max().unwrap_or(0);
            for room in 0..longest + 3 {
                let read = [through(room, &[text]), through(room, &bytes)];
                if room >= longest.max(1) {
                    assert_eq!(read, [Some(expected.clone()), Some(expected.clone())], "{room}");
                } else if let Some(said) = read.into_iter().flatten().next() {
                    // Only an error before the long line, or nothing at all, may come first.
                    assert_eq!(said, expected, "{room}");
                }
            }
            for split in 0..=text.len() {
                let (one, two) = text.split_at(split);
                assert_eq!(through(64, &[one, two]), Some(expected.clone()), "{split}");
            }
        }
    }

    #[test]
    fn what_was_looked_at_in_vain_is_not_looked_at_again() {
        let mut room = [0; 32];
        let mut reader = Reader::new(&mut room);
        for line in ["[a]\n", "key = value\n", "# comment\n", "k=v"] {
            for held in 1..=line.len() {
                let _ = reader.read();
                assert_eq!(reader.seen, held - 1, "{line:?}");
                assert_eq!(reader.feed(&line.as_bytes()[held - 1..held]), 1);
            }
        }
        reader.end();
        assert_eq!(reader.read(), Read::Item(Event::Property { line: 4, key: "k", value: "v" }));
        assert_eq!(reader.read(), Read::End);
    }

    #[test]
    fn lines_say_what_they_are() {
        let section = |line, prefix, name| Ok(Event::Section { line, prefix, name });
        let property = |line, key, value| Ok(Event::Property { line, key, value });
        let text = "\u{feff}[ default\t] ; c\r\nKey=v # c\r\n  more # kept \r\n\n\tand more\r\n\
                    e = a=b#c\n[services \t s]# c\ns3 =# no comment\ns4 = # c\n  # c\n u = v;w ; c";
        let events: Vec<_> = Events::new(text.as_bytes()).collect();
        assert_eq!(
            events,
            [
                section(1, None, "default"),
                property(2, "Key", "v"),
                Ok(Event::Continuation { line: 3, value: "more # kept" }),
                Ok(Event::Continuation { line: 5, value: "and more" }),
                property(6, "e", "a=b#c"),
                section(7, Some("services"), "s"),
                property(8, "s3", "# no comment"),
                property(9, "s4", ""),
                Ok(Event::SubProperty { line: 11, key: "u", value: "v;w", text: "u = v;w ; c" }),
            ]
        );
    }

    #[test]
    fn wrong_lines_are_named() {
        for (text, wrong) in [
            (&b"a = b"[..], "line 1: Expected a profile definition"),
            (b"\n a", "line 2: Expected a profile definition"),
            (b"[a", "line 1: Profile definition must end with ']'"),
            (b"[a] b", "line 1: Profile definition must end with ']'"),
            (b"[a#]", "line 1: Profile definition must end with ']'"),
            (b"[a]\n\n b = c", "line 3: Expected a property definition, found continuation"),
            (b"[a]\nb : c", "line 2: Expected an '=' sign defining a property"),
            (b"[a]\nb # = c", "line 2: Expected an '=' sign defining a property"),
            (b"[a]\n= c", "line 2: Property did not have a name"),
            (b"[a]\nb=\n c", "line 3: Expected an '=' sign defining a sub-property"),
            (b"[a]\nb=\n =c", "line 3: Sub-property did not have a name"),
            (b"[a]\nb=\xff", "line 2: Expected UTF-8 text"),
        ] {
            assert_eq!(whole(text).pop().as_deref(), Some(wrong));
        }
    }

    #[test]
    fn what_may_be_secret_is_not_in_debug() {
        let mut room = *b"canary";
        let reader = Reader::new(&mut room);
        let text = b"[a]\nkey = canary\n canary\nb=\n c = canary";
        let all: Vec<_> = Events::new(text).collect();
        assert_eq!(all.len(), 5);
        let shown = format!("{reader:?} {:?} {all:?} {:?}", Events::new(text), whole(b"[a]\ncanary"));
        assert!(!shown.contains("canary") && shown.contains("key: \"key\""), "{shown}");
    }
}
