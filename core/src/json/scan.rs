//! The grammar: which token is at the start of some bytes.
//!
//! Everything that reads JSON here goes through [`Scanner::next`], with bytes that start where the
//! last token ended. It assumes that they are UTF-8. A token is found only when it is complete; a
//! string that is a value may come in parts. What was looked at in vain is remembered in `seen`,
//! so feeding byte by byte costs no more than feeding at once. On an error nothing else changes:
//! the same bytes give the same error again.

use crate::json::DEPTH;
use crate::text::Stop;
use crate::text::escape;
use crate::text::find;
use crate::text::find_json_special;
use crate::text::opens;

/// What is at the start of the bytes.
#[derive(Clone, Copy)]
pub(super) enum Token<'i> {
    Bool(bool),
    EndArray,
    EndObject,
    /// A key, without its quotes.
    Key(&'i [u8]),
    Null,
    Number(&'i [u8]),
    /// A part of a string, not empty, and not the last.
    Part(&'i [u8]),
    /// Nothing to tell: white space, a comma, a colon.
    Skip,
    StartArray,
    StartObject,
    /// A string without its quotes, or the last part of one.
    String(&'i [u8]),
}

/// How much of the input may be judged.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Extent {
    /// More will come.
    Open,
    /// More will come only when something is taken: a part of a string will do.
    Full,
    /// This is all there is.
    Whole,
}

/// A token and its length in bytes.
type Found<'i> = Result<(Token<'i>, usize), Stop>;

/// Where in a document the next token is, and how far into it was looked.
pub(super) struct Scanner {
    expect: Expect,
    depth: usize,
    /// Which of the open levels are objects; the lowest bit is the innermost.
    objects: u64,
    /// How much of the next token was looked at without finding its end.
    seen: usize,
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Expect {
    /// The first byte of all.
    Beginning,
    Value,
    /// The first value of an array, or its end.
    ValueOrEnd,
    Key,
    /// The first key of an object, or its end.
    KeyOrEnd,
    Colon,
    CommaOrEnd,
    /// The rest of a string of which a part was told.
    RestOfString,
    /// White space alone.
    Nothing,
}

impl Scanner {
    pub(super) const fn new() -> Self {
        Self { expect: Expect::Beginning, depth: 0, objects: 0, seen: 0 }
    }

    /// The token at the start of `input`.
    #[inline]
    pub(super) fn next<'i>(&mut self, input: &'i [u8], extent: Extent) -> Found<'i> {
        let found = self.token(input, extent);
        if found.is_ok() {
            self.seen = 0;
        }
        found
    }

    /// How many arrays and objects are open.
    pub(super) const fn depth(&self) -> usize {
        self.depth
    }

    /// Whether the document may end here.
    pub(super) fn is_complete(&self) -> bool {
        self.expect == Expect::Nothing
    }

    fn token<'i>(&mut self, input: &'i [u8], extent: Extent) -> Found<'i> {
        let first = *input.first().ok_or(Stop::Incomplete)?;
        if self.expect == Expect::RestOfString {
            return self.string(input, 0, extent);
        }
        match first {
            b' ' | b'\t' | b'\r' | b'\n' => {
                let blank = |byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
                if self.expect == Expect::Beginning {
                    self.expect = Expect::Value;
                }
                Ok((Token::Skip, find(input, |byte| !blank(byte)).unwrap_or(input.len())))
            }
            b',' if self.expect == Expect::CommaOrEnd => {
                self.expect = if self.objects & 1 == 1 { Expect::Key } else { Expect::Value };
                Ok((Token::Skip, 1))
            }
            b':' if self.expect == Expect::Colon => {
                self.expect = Expect::Value;
                Ok((Token::Skip, 1))
            }
            b'"' if matches!(self.expect, Expect::Key | Expect::KeyOrEnd) => self.key(input),
            b'}' if self.depth > 0 && self.objects & 1 == 1 => {
                self.close(Expect::KeyOrEnd)?;
                Ok((Token::EndObject, 1))
            }
            b']' if self.depth > 0 && self.objects & 1 == 0 => {
                self.close(Expect::ValueOrEnd)?;
                Ok((Token::EndArray, 1))
            }
            0xEF if self.expect == Expect::Beginning && input.starts_with(BYTE_ORDER_MARK) => {
                self.expect = Expect::Value;
                Ok((Token::Skip, BYTE_ORDER_MARK.len()))
            }
            _ if matches!(self.expect, Expect::Beginning | Expect::Value | Expect::ValueOrEnd) => {
                self.value(input, first, extent)
            }
            _ => Err(Stop::Malformed(0)),
        }
    }

    fn value<'i>(&mut self, input: &'i [u8], first: u8, extent: Extent) -> Found<'i> {
        let (token, length) = match first {
            b'"' => return self.string(input, 1, extent),
            b'[' => return self.open(0, Expect::ValueOrEnd, Token::StartArray),
            b'{' => return self.open(1, Expect::KeyOrEnd, Token::StartObject),
            b'f' => word(input, "false", Token::Bool(false))?,
            b'n' => word(input, "null", Token::Null)?,
            b't' => word(input, "true", Token::Bool(true))?,
            _ => self.number(input, extent)?,
        };
        self.told();
        Ok((token, length))
    }

    fn open<'i>(&mut self, object: u64, expect: Expect, token: Token<'i>) -> Found<'i> {
        if self.depth == DEPTH {
            return Err(Stop::Malformed(0));
        }
        self.depth = self.depth.saturating_add(1);
        self.objects = self.objects << 1 | object;
        self.expect = expect;
        Ok((token, 1))
    }

    fn close(&mut self, when_empty: Expect) -> Result<(), Stop> {
        if self.expect != Expect::CommaOrEnd && self.expect != when_empty {
            return Err(Stop::Malformed(0));
        }
        self.depth = self.depth.saturating_sub(1);
        self.objects >>= 1;
        self.told();
        Ok(())
    }

    /// Notes that a value is complete.
    fn told(&mut self) {
        self.expect = if self.depth == 0 { Expect::Nothing } else { Expect::CommaOrEnd };
    }

    fn key<'i>(&mut self, input: &'i [u8]) -> Found<'i> {
        let end = self.quote(input, 1)?.ok_or(Stop::Incomplete)?;
        self.expect = Expect::Colon;
        Ok((Token::Key(input.get(1..end).unwrap_or_default()), end.saturating_add(1)))
    }

    fn string<'i>(&mut self, input: &'i [u8], start: usize, extent: Extent) -> Found<'i> {
        if let Some(end) = self.quote(input, start)? {
            self.told();
            return Ok((Token::String(input.get(start..end).unwrap_or_default()), end.saturating_add(1)));
        }
        match input.get(start..self.seen) {
            Some(part) if extent == Extent::Full && !part.is_empty() => {
                self.expect = Expect::RestOfString;
                Ok((Token::Part(part), self.seen))
            }
            _ => Err(Stop::Incomplete),
        }
    }

    /// The offset of the quote that ends a string; everything up to there, or to `seen`, is sound.
    #[inline]
    fn quote(&mut self, input: &[u8], start: usize) -> Result<Option<usize>, Stop> {
        let mut at = self.seen.max(start);
        while let Some(found) = find_json_special(input.get(at..).unwrap_or_default()) {
            at = at.saturating_add(found);
            let rest = input.get(at..).unwrap_or_default();
            match rest.first() {
                Some(b'"') => return Ok(Some(at)),
                Some(b'\\') => {}
                _ => return Err(Stop::Malformed(at)),
            }
            match escape(rest) {
                Ok((_, length)) => at = at.saturating_add(length),
                Err(Stop::Incomplete) => {
                    self.seen = at;
                    return Ok(None);
                }
                Err(Stop::Malformed(_)) => return Err(Stop::Malformed(at)),
            }
        }
        self.seen = input.len();
        Ok(None)
    }

    fn number<'i>(&mut self, input: &'i [u8], extent: Extent) -> Found<'i> {
        let in_number = |byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'E' | b'e');
        let length = match find(input.get(self.seen..).unwrap_or_default(), |byte| !in_number(byte)) {
            Some(length) => self.seen.saturating_add(length),
            None if extent == Extent::Whole => input.len(),
            None => {
                self.seen = input.len();
                return Err(Stop::Incomplete);
            }
        };
        let number = input.get(..length).unwrap_or_default();
        if is_number(number) { Ok((Token::Number(number), length)) } else { Err(Stop::Malformed(0)) }
    }
}

fn word<'i>(input: &[u8], word: &str, token: Token<'i>) -> Found<'i> {
    match opens(input, word.as_bytes()) {
        None => Err(Stop::Incomplete),
        Some(false) => Err(Stop::Malformed(0)),
        Some(true) => Ok((token, word.len())),
    }
}

/// Whether this is a number ([RFC 8259, 6](https://www.rfc-editor.org/rfc/rfc8259#section-6)).
fn is_number(number: &[u8]) -> bool {
    let rest = match number.strip_prefix(b"-").unwrap_or(number) {
        [b'0', rest @ ..] => Some(rest),
        rest => digits(rest),
    };
    let rest = rest.and_then(|rest| match rest {
        [b'.', rest @ ..] => digits(rest),
        _ => Some(rest),
    });
    let rest = rest.and_then(|rest| match rest {
        [b'E' | b'e', b'+' | b'-', rest @ ..] | [b'E' | b'e', rest @ ..] => digits(rest),
        _ => Some(rest),
    });
    rest.is_some_and(<[u8]>::is_empty)
}

/// What follows the digits at the start, of which there must be one.
fn digits(bytes: &[u8]) -> Option<&[u8]> {
    let length = find(bytes, |byte| !byte.is_ascii_digit()).unwrap_or(bytes.len());
    bytes.get(length..).filter(|_| length > 0)
}

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
