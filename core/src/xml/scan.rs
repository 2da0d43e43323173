//! The grammar: which token is at the start of some bytes.
//!
//! Everything that reads XML here goes through [`Scanner::next`], with bytes that start where the
//! last token ended. It assumes that they are UTF-8. A token is found only when it is complete;
//! long text, comments, instructions and CDATA sections may come in parts. What was looked at in
//! vain is remembered in `seen`, so feeding byte by byte costs no more than feeding at once. On an
//! error nothing else changes: the same bytes give the same error again.
//!
//! Long because it is one grammar, read from the top down.

use core::ops::Range;

use crate::text::Stop;
use crate::text::find;
use crate::text::find_any;
use crate::text::find_slice;
use crate::text::opens;
use crate::text::reference;
use crate::xml::DEPTH;

/// What is at the start of the bytes.
#[derive(Clone, Copy)]
pub(super) enum Token<'i> {
    /// Text of a CDATA section, or a part of it; not empty.
    CData(&'i [u8]),
    /// An end tag, or the end of an empty-element tag.
    End { name: &'i [u8] },
    /// Nothing to tell: a comment, an instruction, white space around the root.
    Skip,
    /// A start tag; `rest` is what stands between its name and `>`.
    Start { name: &'i [u8], rest: &'i [u8] },
    /// Text, or a part of it; not empty.
    Text(&'i [u8]),
}

/// A token and its length in bytes.
type Found<'i> = Result<(Token<'i>, usize), Stop>;

/// Where in a document the next token is, and how far into it was looked.
pub(super) struct Scanner {
    place: Place,
    inside: Inside,
    depth: usize,
    /// Hashes of the names of the open elements.
    names: [u32; DEPTH],
    /// How much of the next token was looked at without finding its end.
    seen: usize,
    /// The quote that was open there.
    quote: Option<u8>,
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Place {
    /// At the very first byte.
    Beginning,
    /// Behind nothing but white space, where the XML declaration may stand.
    Blank,
    /// Before the root.
    Prolog,
    /// In the root.
    Content,
    /// Behind the root.
    Epilog,
}

#[derive(Clone, Copy)]
enum Inside {
    CData,
    Comment,
    /// An empty-element tag of this length, whose start was told.
    Empty(usize),
    Instruction,
    Nothing,
}

impl Scanner {
    pub(super) const fn new() -> Self {
        Self {
            place: Place::Beginning,
            inside: Inside::Nothing,
            depth: 0,
            names: [0; DEPTH],
            seen: 0,
            quote: None,
        }
    }

    /// The token at the start of `input`. When text is not there whole, `full` asks for a part.
    #[inline]
    pub(super) fn next<'i>(&mut self, input: &'i [u8], full: bool) -> Found<'i> {
        let found = match self.inside {
            Inside::Nothing => match input.first() {
                None => Err(Stop::Incomplete),
                Some(b'<') => self.markup(input),
                Some(_) if self.place == Place::Content => self.text(input, full),
                Some(_) => self.blank(input),
            },
            Inside::CData => self.cdata(input, full),
            Inside::Comment => self.comment(input),
            Inside::Empty(length) => {
                let body = after(input, 1);
                self.inside = Inside::Nothing;
                self.close();
                Ok((Token::End { name: until(body, name_length(body)) }, length))
            }
            Inside::Instruction => self.instruction(input),
        };
        if found.is_ok() {
            self.seen = 0;
            self.quote = None;
        }
        found
    }

    /// How many elements are open.
    pub(super) const fn depth(&self) -> usize {
        self.depth
    }

    /// Whether the document may end here.
    pub(super) const fn is_complete(&self) -> bool {
        matches!((self.place, self.inside), (Place::Epilog, Inside::Nothing))
    }

    #[inline]
    fn markup<'i>(&mut self, input: &'i [u8]) -> Found<'i> {
        match input.get(1).ok_or(Stop::Incomplete)? {
            b'/' => self.end_tag(input),
            b'!' => self.exclamation(input),
            b'?' => self.question(input),
            _ => self.start_tag(input),
        }
    }

    #[inline]
    fn start_tag<'i>(&mut self, input: &'i [u8]) -> Found<'i> {
        if self.place == Place::Epilog {
            return Err(Stop::Malformed(0));
        }
        let place = self.names.get_mut(self.depth).ok_or(Stop::Malformed(0))?;
        let body = after(input, 1);
        // nearly every tag is a name alone; where that was not so, its name is not looked at again
        let name = if self.seen == 0 { until(body, name_length(body)) } else { &[] };
        let (name, rest) = if !name.is_empty() && body.get(name.len()) == Some(&b'>') {
            (name, &[][..])
        } else {
            let end = tag_end(input, &mut self.seen, &mut self.quote)?;
            tag(input, end)?
        };
        let length = name.len().saturating_add(rest.len()).saturating_add(2);
        *place = hash(name);
        self.place = Place::Content;
        self.depth = self.depth.saturating_add(1);
        if rest.last() == Some(&b'/') {
            self.inside = Inside::Empty(length);
            return Ok((Token::Start { name, rest }, 0));
        }
        Ok((Token::Start { name, rest }, length))
    }

    #[inline]
    fn end_tag<'i>(&mut self, input: &'i [u8]) -> Found<'i> {
        let open = self.depth.checked_sub(1).ok_or(Stop::Malformed(0))?;
        let body = after(input, 2);
        let mut name = if self.seen == 0 { until(body, name_length(body)) } else { &[] };
        let mut end = name.len().saturating_add(2);
        if name.is_empty() || input.get(end) != Some(&b'>') {
            let seen = self.seen.max(2);
            let Some(length) = find_any(after(input, seen), [b'<', b'>']) else {
                self.seen = input.len();
                return Err(Stop::Incomplete);
            };
            end = seen.saturating_add(length);
            name = until(body, name_length(body));
            let sound = name.len().saturating_add(blank_length(after(body, name.len()))).saturating_add(2);
            if sound != end || input.get(end) != Some(&b'>') {
                return Err(Stop::Malformed(sound));
            }
        }
        if name.is_empty() || self.names.get(open) != Some(&hash(name)) {
            return Err(Stop::Malformed(2));
        }
        self.close();
        Ok((Token::End { name }, end.saturating_add(1)))
    }

    fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        if self.depth == 0 {
            self.place = Place::Epilog;
        }
    }

    #[inline]
    fn text<'i>(&mut self, input: &'i [u8], full: bool) -> Found<'i> {
        let mut at = self.seen;
        let mut last = input.len();
        while let Some(found) = find_any(after(input, at), [b'<', b'>', b'&']) {
            at = at.saturating_add(found);
            let (text, rest) = input.split_at_checked(at).unwrap_or_default();
            match rest.first() {
                Some(b'<') => return Ok((Token::Text(text), at)),
                Some(b'>') if text.ends_with(b"]]") => return Err(Stop::Malformed(at.saturating_sub(2))),
                Some(b'>') => at = at.saturating_add(1),
                _ => match reference(rest) {
                    Ok((_, length)) => at = at.saturating_add(length),
                    Err(Stop::Incomplete) => {
                        last = at;
                        break;
                    }
                    Err(Stop::Malformed(_)) => return Err(Stop::Malformed(at)),
                },
            }
        }
        self.seen = last;
        part(until(input, last), full).map(|text| (Token::Text(text), text.len()))
    }

    /// White space around the root, or the byte order mark.
    fn blank<'i>(&mut self, input: &'i [u8]) -> Found<'i> {
        let mark = self.place == Place::Beginning && input.starts_with(BYTE_ORDER_MARK);
        let length = if mark { BYTE_ORDER_MARK.len() } else { blank_length(input) };
        if length == 0 {
            return Err(Stop::Malformed(0));
        }
        if self.place == Place::Beginning {
            self.place = Place::Blank;
        }
        Ok((Token::Skip, length))
    }

    /// What starts with `<!`.
    fn exclamation<'i>(&mut self, input: &'i [u8]) -> Found<'i> {
        let comment = opens(input, b"<!--");
        let cdata = opens(input, b"<![CDATA[");
        if comment == Some(true) {
            self.enter(Inside::Comment);
            Ok((Token::Skip, 4))
        } else if cdata == Some(true) && self.place == Place::Content {
            self.enter(Inside::CData);
            Ok((Token::Skip, 9))
        } else if comment.is_none() || cdata.is_none() {
            Err(Stop::Incomplete)
        } else {
            Err(Stop::Malformed(0))
        }
    }

    fn enter(&mut self, inside: Inside) {
        self.inside = inside;
        if matches!(self.place, Place::Beginning | Place::Blank) {
            self.place = Place::Prolog;
        }
    }

    /// What starts with `<?`.
    fn question<'i>(&mut self, input: &'i [u8]) -> Found<'i> {
        if matches!(self.place, Place::Beginning | Place::Blank) {
            let declares = match (opens(input, b"<?xml"), input.get(5)) {
                (Some(false), _) => false,
                (Some(true), Some(next)) => next.is_ascii_whitespace(),
                _ => return Err(Stop::Incomplete),
            };
            if declares {
                return self.xml_declaration(input);
            }
        }
        let body = after(input, 2);
        let known = self.seen.saturating_sub(2);
        let length = match known {
            0 => name_length(body),
            _ => known.saturating_add(name_rest_length(after(body, known))),
        };
        let (target, rest) = body.split_at_checked(length).unwrap_or_default();
        match rest {
            [] => {
                self.seen = input.len();
                return Err(Stop::Incomplete);
            }
            [b'?'] => return Err(Stop::Incomplete),
            [b'?', b'>', ..] | [b' ' | b'\t' | b'\r' | b'\n', ..] => {}
            _ => return Err(Stop::Malformed(target.len().saturating_add(2))),
        }
        if target.is_empty() || target.eq_ignore_ascii_case(b"xml") {
            return Err(Stop::Malformed(2));
        }
        self.enter(Inside::Instruction);
        Ok((Token::Skip, target.len().saturating_add(2)))
    }

    /// `<?xml version="1.0" encoding="UTF-8"?>`.
    fn xml_declaration<'i>(&mut self, input: &'i [u8]) -> Found<'i> {
        let seen = self.seen.max(5);
        let Some(length) = find_slice(after(input, seen), b"?>") else {
            self.seen = input.len().saturating_sub(1);
            return Err(Stop::Incomplete);
        };
        let end = seen.saturating_add(length);
        let mut at = 5;
        for (name, required) in [("version", true), ("encoding", false), ("standalone", false)] {
            let rest = after(until(input, end), at);
            let error = |offset: usize| Stop::Malformed(at.saturating_add(offset));
            let found = attribute(rest).map_err(error)?;
            let named = found.filter(|found| rest.get(found.name.clone()) == Some(name.as_bytes()));
            let Some(found) = named else {
                if required {
                    return Err(error(0));
                }
                continue;
            };
            let value = rest.get(found.value.clone()).unwrap_or_default();
            let allowed = match (name, value) {
                ("version", [b'1', b'.', digits @ ..]) => {
                    !digits.is_empty() && digits.iter().all(u8::is_ascii_digit)
                }
                // `utf8` is no name of it, but some servers say so
                ("encoding", value) => {
                    value.eq_ignore_ascii_case(b"UTF-8") || value.eq_ignore_ascii_case(b"UTF8")
                }
                ("standalone", value) => matches!(value, b"yes" | b"no"),
                _ => false,
            };
            if !allowed {
                return Err(error(found.value.start));
            }
            at = at.saturating_add(found.end);
        }
        let rest = after(until(input, end), at);
        if blank_length(rest) != rest.len() {
            return Err(Stop::Malformed(at));
        }
        self.place = Place::Prolog;
        Ok((Token::Skip, end.saturating_add(2)))
    }

    fn comment<'i>(&mut self, input: &'i [u8]) -> Found<'i> {
        let Some(end) = find_slice(input, b"--") else {
            return skip(input, b"-");
        };
        match input.get(end.saturating_add(2)) {
            Some(b'>') => {
                self.inside = Inside::Nothing;
                Ok((Token::Skip, end.saturating_add(3)))
            }
            Some(_) => Err(Stop::Malformed(end)),
            None if end > 0 => Ok((Token::Skip, end)),
            None => Err(Stop::Incomplete),
        }
    }

    fn instruction<'i>(&mut self, input: &'i [u8]) -> Found<'i> {
        let Some(end) = find_slice(input, b"?>") else {
            return skip(input, b"?");
        };
        self.inside = Inside::Nothing;
        Ok((Token::Skip, end.saturating_add(2)))
    }

    fn cdata<'i>(&mut self, input: &'i [u8], full: bool) -> Found<'i> {
        if let Some(found) = find_slice(after(input, self.seen), b"]]>") {
            let end = self.seen.saturating_add(found);
            self.inside = Inside::Nothing;
            let text = until(input, end);
            let token = if text.is_empty() { Token::Skip } else { Token::CData(text) };
            return Ok((token, end.saturating_add(3)));
        }
        self.seen = unclosed(input).len();
        part(input, full).map(|text| (Token::CData(text), text.len()))
    }
}

/// The offset of the `>` that ends the start tag at the start of `input`, or of a `<`, which may
/// not be in one.
fn tag_end(input: &[u8], seen: &mut usize, quote: &mut Option<u8>) -> Result<usize, Stop> {
    let mut at = (*seen).max(1);
    let mut open = *quote;
    while let Some(byte) = input.get(at) {
        match (*byte, open) {
            (b'<', _) | (b'>', None) => return Ok(at),
            (mark @ (b'"' | b'\''), None) => open = Some(mark),
            (byte, Some(mark)) if byte == mark => open = None,
            _ => {}
        }
        at = at.saturating_add(1);
    }
    (*seen, *quote) = (at, open);
    Err(Stop::Incomplete)
}

/// The name in the start tag that ends at `end`, and what follows it, checked.
fn tag(input: &[u8], end: usize) -> Result<(&[u8], &[u8]), Stop> {
    let body = after(until(input, end), 1);
    let (name, rest) = body.split_at_checked(name_length(body)).unwrap_or_default();
    let place = name.len().saturating_add(1);
    if name.is_empty() {
        return Err(Stop::Malformed(place));
    }
    check_attributes(rest).map_err(|at| Stop::Malformed(place.saturating_add(at)))?;
    if input.get(end) == Some(&b'>') { Ok((name, rest)) } else { Err(Stop::Malformed(end)) }
}

/// Where an attribute is in the rest of a tag.
pub(super) struct Attribute {
    pub(super) name: Range<usize>,
    pub(super) value: Range<usize>,
    pub(super) end: usize,
}

/// The first attribute in the rest of a tag, or none at its end; else the offset of what is wrong.
pub(super) fn attribute(rest: &[u8]) -> Result<Option<Attribute>, usize> {
    let start = blank_length(rest);
    let body = after(rest, start);
    if body.is_empty() || body == b"/" {
        return Ok(None);
    }
    let name = start..start.saturating_add(name_length(body));
    if start == 0 || name.is_empty() {
        return Err(start);
    }
    let equals = name.end.saturating_add(blank_length(after(rest, name.end)));
    if rest.get(equals) != Some(&b'=') {
        return Err(equals);
    }
    let quote = equals.saturating_add(1);
    let quote = quote.saturating_add(blank_length(after(rest, quote)));
    let mark = match rest.get(quote) {
        Some(mark @ (b'"' | b'\'')) => *mark,
        _ => return Err(quote),
    };
    let value = quote.saturating_add(1);
    let length = find_any(after(rest, value), [mark]).ok_or(rest.len())?;
    let value = value..value.saturating_add(length);
    let end = value.end.saturating_add(1);
    Ok(Some(Attribute { name, value, end }))
}

/// Checks the rest of a tag; an error is the offset of what is wrong.
fn check_attributes(rest: &[u8]) -> Result<(), usize> {
    let mut at: usize = 0;
    while let Some(found) = attribute(after(rest, at)).map_err(|error| at.saturating_add(error))? {
        let value = after(rest, at).get(found.value.clone()).unwrap_or_default();
        let mut seen: usize = 0;
        while let Some(length) = find_any(after(value, seen), [b'&']) {
            seen = seen.saturating_add(length);
            let place = at.saturating_add(found.value.start).saturating_add(seen);
            seen = seen.saturating_add(reference(after(value, seen)).map_err(|_| place)?.1);
        }
        at = at.saturating_add(found.end);
    }
    Ok(())
}

/// The part of a text that may be told before the rest is there.
fn part(clean: &[u8], full: bool) -> Result<&[u8], Stop> {
    let text = unclosed(clean);
    // a carriage return may be half of a line end
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    if full && !text.is_empty() { Ok(text) } else { Err(Stop::Incomplete) }
}

/// The bytes without brackets at the end, which may begin `]]>`.
fn unclosed(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_suffix(b"]").unwrap_or(bytes);
    bytes.strip_suffix(b"]").unwrap_or(bytes)
}

/// Passes over everything but a last byte that may begin the end.
fn skip<'i>(input: &'i [u8], end: &[u8]) -> Found<'i> {
    match input.strip_suffix(end).unwrap_or(input).len() {
        0 => Err(Stop::Incomplete),
        length => Ok((Token::Skip, length)),
    }
}

/// The length of the name at the start of `bytes`; 0 if there is none.
#[inline]
pub(super) fn name_length(bytes: &[u8]) -> usize {
    match bytes.first() {
        Some(b'-' | b'.' | b'0'..=b'9') => 0,
        _ => name_rest_length(bytes),
    }
}

#[inline]
fn name_rest_length(bytes: &[u8]) -> usize {
    let in_name = |byte: u8| matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b':' | 0x80..);
    find(bytes, |byte| !in_name(byte)).unwrap_or(bytes.len())
}

/// The length of the white space at the start of `bytes`.
fn blank_length(bytes: &[u8]) -> usize {
    find(bytes, |byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).unwrap_or(bytes.len())
}

/// A number by which a name is known again.
#[inline]
fn hash(name: &[u8]) -> u32 {
    let (words, rest) = name.as_chunks::<4>();
    let mut hash = 0x9E37_79B9;
    let mut mix = |word: u32| hash = (hash ^ word).wrapping_mul(0x85EB_CA6B).rotate_left(13);
    for word in words {
        mix(u32::from_le_bytes(*word));
    }
    let last = rest.iter().fold(1, |word: u32, byte| word << 8 | u32::from(*byte));
    mix(last);
    hash
}

#[inline]
fn after(bytes: &[u8], at: usize) -> &[u8] {
    bytes.get(at..).unwrap_or_default()
}

#[inline]
fn until(bytes: &[u8], at: usize) -> &[u8] {
    bytes.get(..at).unwrap_or_default()
}

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
