//! What escapes mean, in each coding: used to check a document and again to decode its text.

use core::mem;

use crate::text::Stop;
use crate::text::find;
use crate::text::find_slice;

/// What the raw form of a text is written in.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Coding {
    /// An XML attribute: references, and white space that reads as blanks
    /// ([XML 1.0, 3.3.3](https://www.w3.org/TR/xml/#AVNormalize)).
    Attribute,
    /// A CDATA section: only line ends are special.
    CData,
    /// A JSON string ([RFC 8259, 7](https://www.rfc-editor.org/rfc/rfc8259#section-7)).
    Json,
    /// Itself.
    Plain,
    /// XML content: references, comments, instructions, CDATA sections, and line ends, which read
    /// as one line feed ([XML 1.0, 2.11](https://www.w3.org/TR/xml/#sec-line-ends)).
    Xml,
}

impl Coding {
    /// Whether this byte may stand for something else than itself.
    #[inline]
    pub(super) const fn escapes(self, byte: u8) -> bool {
        match self {
            Self::Attribute => matches!(byte, b'&' | b'\t' | b'\n' | b'\r'),
            Self::CData => byte == b'\r',
            Self::Json => byte == b'\\',
            Self::Plain => false,
            Self::Xml => matches!(byte, b'&' | b'<' | b'\r'),
        }
    }
}

/// A part of a decoded text.
pub(super) enum Piece<'a> {
    /// A character that was escaped.
    Char(char),
    /// Text that stood there as it is; never empty.
    Run(&'a str),
}

/// The parts of a text, decoded.
pub(super) struct Pieces<'a> {
    rest: &'a str,
    coding: Coding,
    /// What follows the CDATA section that `rest` is in.
    after: &'a str,
}

impl<'a> Pieces<'a> {
    pub(super) const fn new(raw: &'a str, coding: Coding) -> Self {
        Self { rest: raw, coding, after: "" }
    }

    /// What is not decoded yet.
    pub(super) const fn rest(&self) -> &'a str {
        self.rest
    }

    fn pass(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }

    /// Passes over a comment or an instruction, or enters a CDATA section.
    fn markup(&mut self) {
        let (opening, closing) = if self.rest.starts_with("<!--") {
            ("<!--", "-->")
        } else if self.rest.starts_with("<?") {
            ("<?", "?>")
        } else {
            ("<![CDATA[", "]]>")
        };
        self.pass(opening.len());
        let length = find_slice(self.rest.as_bytes(), closing.as_bytes()).unwrap_or(self.rest.len());
        let (inside, after) = self.rest.split_at_checked(length).unwrap_or_default();
        self.rest = after.get(closing.len()..).unwrap_or_default();
        if closing == "]]>" {
            self.after = mem::replace(&mut self.rest, inside);
            self.coding = Coding::CData;
        }
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        loop {
            if self.rest.is_empty() {
                if self.after.is_empty() {
                    return None;
                }
                self.rest = mem::take(&mut self.after);
                self.coding = Coding::Xml;
            }
            let coding = self.coding;
            let bytes = self.rest.as_bytes();
            let run = find(bytes, |byte| coding.escapes(byte)).unwrap_or(bytes.len());
            if run > 0 {
                let run = self.rest.get(..run)?;
                self.pass(run.len());
                return Some(Piece::Run(run));
            }
            let line_end = if bytes.starts_with(b"\r\n") { 2 } else { 1 };
            let (char, length) = match bytes.first()? {
                b'&' => reference(bytes).ok()?,
                // a high surrogate at the very end is all that can be incomplete here
                b'\\' => escape(bytes).unwrap_or((char::REPLACEMENT_CHARACTER, 6)),
                b'<' => {
                    self.markup();
                    continue;
                }
                _ if coding == Coding::Attribute => (' ', line_end),
                _ => ('\n', line_end),
            };
            self.pass(length);
            return Some(Piece::Char(char));
        }
    }
}

/// The character that the reference at the start of `input` stands for, and its length in bytes.
///
/// The five names of XML and numbers; control characters, which XML 1.0 forbids even so, are read,
/// since S3 sends them in keys.
pub(crate) fn reference(input: &[u8]) -> Result<(char, usize), Stop> {
    let body = input.get(1..).unwrap_or_default();
    let limit = body.get(..REFERENCE).unwrap_or(body);
    let Some(length) = find(limit, |byte| !matches!(byte, b'#' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z'))
    else {
        return Err(if limit.len() == REFERENCE { Stop::Malformed(0) } else { Stop::Incomplete });
    };
    let (name, after) = body.split_at_checked(length).unwrap_or_default();
    let char = match name {
        _ if after.first() != Some(&b';') => None,
        b"amp" => Some('&'),
        b"apos" => Some('\''),
        b"gt" => Some('>'),
        b"lt" => Some('<'),
        b"quot" => Some('"'),
        [b'#', b'x', digits @ ..] => number(digits, 16),
        [b'#', digits @ ..] => number(digits, 10),
        _ => None,
    };
    Ok((char.ok_or(Stop::Malformed(0))?, length.saturating_add(2)))
}

/// The character that the escape at the start of `input` stands for, and its length in bytes.
///
/// Two escapes that are a surrogate pair are one; a surrogate alone is U+FFFD.
pub(crate) fn escape(input: &[u8]) -> Result<(char, usize), Stop> {
    let char = match input.get(1).ok_or(Stop::Incomplete)? {
        b'"' => '"',
        b'/' => '/',
        b'\\' => '\\',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return unicode(input),
        _ => return Err(Stop::Malformed(0)),
    };
    Ok((char, 2))
}

/// The character that `\uXXXX` at the start of `input` stands for, and its length in bytes.
fn unicode(input: &[u8]) -> Result<(char, usize), Stop> {
    let high = unit(input)?;
    if let Some(char) = char::from_u32(high) {
        return Ok((char, 6));
    }
    let alone = (char::REPLACEMENT_CHARACTER, 6);
    if high >= 0xDC00 {
        return Ok(alone);
    }
    match unit(input.get(6..).unwrap_or_default()) {
        Ok(low @ 0xDC00..=0xDFFF) => {
            let number = (high & 0x3FF).wrapping_add(0x40) << 10 | (low & 0x3FF);
            Ok((char::from_u32(number).unwrap_or(alone.0), 12))
        }
        Err(Stop::Incomplete) => Err(Stop::Incomplete),
        _ => Ok(alone),
    }
}

/// The number in a `\uXXXX`.
fn unit(input: &[u8]) -> Result<u32, Stop> {
    let mut unit = 0;
    for at in 0..6 {
        let byte = *input.get(at).ok_or(Stop::Incomplete)?;
        let digit = match at {
            0 if byte == b'\\' => Some(0),
            1 if byte == b'u' => Some(0),
            0 | 1 => None,
            _ => char::from(byte).to_digit(16),
        };
        unit = unit << 4 | digit.ok_or(Stop::Malformed(0))?;
    }
    Ok(unit)
}

/// The character of that number.
fn number(digits: &[u8], radix: u32) -> Option<char> {
    let mut number: u32 = 0;
    for digit in digits {
        let digit = char::from(*digit).to_digit(radix)?;
        number = number.checked_mul(radix)?.checked_add(digit)?;
    }
    (!digits.is_empty()).then_some(number).and_then(char::from_u32)
}

/// The length of the longest name or number within a reference, in bytes: much more than any needs.
const REFERENCE: usize = 32;
