//! One name with its value, which can write itself.

use core::fmt;

use super::draft::visible;
use crate::encode::Base64;
use crate::encode::int;
use crate::encode::unreserved;
use crate::sink::Count;
use crate::sink::Recite;
use crate::sink::Sink;
use crate::time::Time;

/// What user metadata is called on the wire: this, then the user's name.
const META: &str = "x-amz-meta-";

/// A name and its value: a query parameter or a header.
#[derive(Clone, Copy)]
pub struct Pair<'a> {
    name: &'a str,
    value: Value<'a>,
    form: Form,
}

/// What was seen of a pair when its request was made, so that signing need not look again: most names and texts
/// are canonical as they are, and go into the hash in one piece.
#[derive(Clone, Copy, Default)]
pub(crate) struct Form {
    /// The name is written as it is: in lower case, or without a byte that would be encoded.
    pub(crate) name: bool,
    /// So is the value: without blanks to fold, or without a byte that would be encoded.
    pub(crate) value: bool,
    /// No byte of the value, or of its text, is one that no header may hold.
    pub(crate) visible: bool,
}

impl Form {
    /// A header's, whose value is looked through once.
    pub(crate) fn of_header(name: &str, value: Value<'_>) -> Self {
        let name = !name.bytes().any(|byte| byte.is_ascii_uppercase());
        let (Value::Meta(text) | Value::Text(text)) = value else {
            let mut seen = Visible(true);
            if let Value::AwsChunked(_) | Value::Recited(_) = value {
                value.write(&mut seen);
                return Self { name, value: false, visible: seen.0 };
            }
            // Digits and dates have one space between words at most.
            return Self { name, value: true, visible: true };
        };
        // A blank at the beginning is one behind a blank.
        let (mut form, mut blank) = (Self { name, value: true, visible: true }, true);
        for byte in text.bytes() {
            form.visible &= visible(byte);
            form.value &= byte != b'\t' && !(blank && byte == b' ');
            blank = byte == b' ';
        }
        form.value &= text.is_empty() || !blank;
        form
    }

    /// A query parameter's.
    pub(crate) fn of_query(name: &str, value: Value<'_>) -> Self {
        let value = match value {
            Value::Text(text) => text.bytes().all(unreserved),
            Value::Bool(_) | Value::Flag | Value::Int(_) => true,
            _ => false,
        };
        Self { name: name.bytes().all(unreserved), value, visible: true }
    }
}

impl<'a> Pair<'a> {
    /// What fills a room before it is used.
    pub const EMPTY: Self = Self::new("", Value::Text(""));

    /// Puts a name and a value together. Valid or not is checked when a request is made of it.
    #[must_use]
    pub const fn new(name: &'a str, value: Value<'a>) -> Self {
        Self { name, value, form: Form { name: false, value: false, visible: false } }
    }

    /// The same with what was seen of it.
    pub(super) const fn with(mut self, form: Form) -> Self {
        self.form = form;
        self
    }

    /// What was seen of it.
    pub(crate) const fn form(&self) -> Form {
        self.form
    }

    /// The name as given. Of user metadata, the part behind `x-amz-meta-`.
    #[must_use]
    pub const fn name(&self) -> &'a str {
        self.name
    }

    /// The value.
    #[must_use]
    pub const fn value(&self) -> Value<'a> {
        self.value
    }

    /// What stands in front of [`name`](Self::name) on the wire: `x-amz-meta-` or nothing.
    pub(crate) const fn prefix(&self) -> &'static str {
        match self.value {
            Value::Meta(_) => META,
            _ => "",
        }
    }

    /// Whether it is user metadata, with a prefix to its name.
    pub(crate) const fn is_meta(&self) -> bool {
        matches!(self.value, Value::Meta(_))
    }

    /// Writes the name in lower case, as it stands in a canonical request and goes on the wire.
    pub fn write_name(&self, to: &mut dyn Sink) {
        to.put(self.prefix().as_bytes());
        lower(self.name, to);
    }

    /// The bytes of the name in lower case.
    pub(crate) fn lower_name(&self) -> impl Iterator<Item = u8> + use<'a> {
        self.prefix().bytes().chain(self.name.bytes()).map(|byte| byte.to_ascii_lowercase())
    }
}

impl fmt::Debug for Pair<'_> {
    /// Without the value, which may be a key or a token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}: …", self.prefix(), self.name)
    }
}

/// A value that writes itself into any sink, as often as it is read.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Value<'a> {
    /// `aws-chunked`, and behind a comma the coding of what is sent so, if it has one.
    AwsChunked(&'a str),
    /// Bytes, written in base64.
    Base64(&'a [u8]),
    /// `true` or `false`.
    Bool(bool),
    /// A CRC-32, written as S3 has it: four bytes, big-endian, in base64.
    Crc32(u32),
    /// None: a query parameter whose name says it all, such as `?tagging`.
    Flag,
    /// A decimal number.
    Int(i64),
    /// User metadata: a text whose name goes behind `x-amz-meta-`.
    Meta(&'a str),
    /// Whatever it says.
    Recited(&'a dyn Recite),
    /// A text.
    Text(&'a str),
    /// An instant in one of AWS's formats.
    Time(Time, TimeFormat),
}

impl Value<'_> {
    /// Writes the value as it is, neither encoded nor folded.
    pub fn write(&self, to: &mut dyn Sink) {
        match *self {
            Self::AwsChunked(coding) => {
                to.put(b"aws-chunked");
                to.put(if coding.is_empty() { b"" } else { b"," });
                to.put(coding.as_bytes());
            }
            Self::Base64(bytes) => base64(bytes, to),
            Self::Bool(value) => to.put(if value { b"true" } else { b"false" }),
            Self::Crc32(crc) => base64(&crc.to_be_bytes(), to),
            Self::Flag => {}
            Self::Int(value) => int(value, to),
            Self::Meta(text) | Self::Text(text) => to.put(text.as_bytes()),
            Self::Recited(value) => value.recite(to),
            Self::Time(time, format) => format.write(time, to),
        }
    }

    /// Writes the value as a canonical header has it: without blanks at its ends, and with one
    /// space for each run of blanks.
    pub(crate) fn write_folded(&self, to: &mut dyn Sink) {
        self.write(&mut Folded::new(to));
    }
}

/// How an instant is written: [Smithy's timestamp formats](https://smithy.io/2.0/spec/protocol-traits.html#timestampformat-trait).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "Smithy's list")]
pub enum TimeFormat {
    /// `1985-04-12T23:20:50Z`
    DateTime,
    /// `482196050`
    EpochSeconds,
    /// `Fri, 12 Apr 1985 23:20:50 GMT`
    HttpDate,
}

impl TimeFormat {
    /// Whether the instant can be written so: the texts have four digits for the year.
    pub(super) fn holds(self, time: Time) -> bool {
        let mut nowhere = Count::default();
        match self {
            Self::DateTime => time.write_date_time(&mut nowhere).is_ok(),
            Self::EpochSeconds => true,
            Self::HttpDate => time.write_http_date(&mut nowhere).is_ok(),
        }
    }

    /// Writes the instant; nothing if it cannot be written so.
    pub fn write(self, time: Time, to: &mut dyn Sink) {
        match self {
            Self::DateTime => time.write_date_time(to).unwrap_or_default(),
            Self::EpochSeconds => time.write_epoch_seconds(to),
            Self::HttpDate => time.write_http_date(to).unwrap_or_default(),
        }
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// Writes a name in lower case, in one piece where it is so already.
fn lower(name: &str, to: &mut dyn Sink) {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        for byte in name.bytes() {
            to.put(&[byte.to_ascii_lowercase()]);
        }
    } else {
        to.put(name.as_bytes());
    }
}

/// Sees whether all that is put may stand in a header value.
struct Visible(bool);

impl Sink for Visible {
    fn put(&mut self, bytes: &[u8]) {
        self.0 = self.0 && bytes.iter().all(|byte| visible(*byte));
    }
}

/// Passes on what may stand in a header.
pub(crate) struct Line<'s>(pub(crate) &'s mut dyn Sink);

impl Sink for Line<'_> {
    fn put(&mut self, bytes: &[u8]) {
        for run in bytes.split(|byte| !visible(*byte)).filter(|run| !run.is_empty()) {
            self.0.put(run);
        }
    }
}

/// Passes on words with one space between them.
pub(crate) struct Folded<'s> {
    to: &'s mut dyn Sink,
    /// Whether a word was passed on.
    some: bool,
    /// Whether blanks came after it.
    gap: bool,
}

impl<'s> Folded<'s> {
    pub(crate) fn new(to: &'s mut dyn Sink) -> Self {
        Self { to, some: false, gap: false }
    }
}

impl Sink for Folded<'_> {
    fn put(&mut self, bytes: &[u8]) {
        let mut words = bytes.split(|byte| matches!(byte, b' ' | b'\t'));
        let mut word = words.next();
        while let Some(text) = word {
            if !text.is_empty() {
                if self.some && self.gap {
                    self.to.put(b" ");
                }
                self.to.put(text);
                (self.some, self.gap) = (true, false);
            }
            word = words.next();
            self.gap |= word.is_some();
        }
    }
}

fn base64(bytes: &[u8], to: &mut dyn Sink) {
    let mut digits = Base64::new(to);
    digits.put(bytes);
    digits.finish();
}
