//! One name with its value, which can write itself.

use core::cmp::Ordering;
use core::fmt;

use super::draft::visible;
use crate::encode::Base64;
use crate::encode::int;
use crate::encode::unreserved;
use crate::sink::Count;
use crate::sink::Recite;
use crate::sink::SMALL;
use crate::sink::Sink;
use crate::time::Time;

/// What user metadata is called on the wire: this, then the user's name.
const META: &str = "x-amz-meta-";

/// A name and its value: a query parameter or a header.
#[derive(Clone, Copy)]
pub struct Pair<'a> {
    name: &'a str,
    value: Value<'a>,
    way: &'static Way,
    form: Form,
    /// Whether it is sent and never signed.
    unsigned: bool,
}

/// How values of some kind are written. Which it is is seen where a pair is made, and mostly by the compiler: a
/// program that makes no pair of an instant does not have the code that writes dates.
struct Way {
    write: fn(&Value<'_>, &mut dyn Sink),
    /// Whether a value can be written so.
    holds: fn(&Value<'_>) -> bool,
}

impl Way {
    const AWS_CHUNKED: &'static Self = &Self { write: write_aws_chunked, holds: always };
    const BASE64: &'static Self = &Self { write: write_base64, holds: always };
    const NUMBER: &'static Self = &Self { write: write_number, holds: always };
    const TEXT: &'static Self = &Self { write: write_text, holds: always };
    const TIME: &'static Self = &Self { write: write_time, holds: holds_time };

    #[inline(always)]
    const fn of(value: &Value<'_>) -> &'static Self {
        match value {
            Value::AwsChunked(_) => Self::AWS_CHUNKED,
            Value::Base64(_) | Value::Crc32(_) => Self::BASE64,
            Value::Bool(_) | Value::Int(_) => Self::NUMBER,
            Value::Flag | Value::Meta(_) | Value::Recited(_) | Value::Text(_) => Self::TEXT,
            Value::Time(..) => Self::TIME,
        }
    }
}

fn write_aws_chunked(value: &Value<'_>, to: &mut dyn Sink) {
    if let Value::AwsChunked(coding) = *value {
        to.put(b"aws-chunked");
        to.put(if coding.is_empty() { b"" } else { b"," });
        to.put(coding.as_bytes());
    }
}

fn write_base64(value: &Value<'_>, to: &mut dyn Sink) {
    match *value {
        Value::Base64(bytes) => base64(bytes, to),
        Value::Crc32(crc) => base64(&crc.to_be_bytes(), to),
        _ => {}
    }
}

fn write_number(value: &Value<'_>, to: &mut dyn Sink) {
    match *value {
        Value::Bool(value) => to.put(if value { b"true" } else { b"false" }),
        Value::Int(value) => int(value, to),
        _ => {}
    }
}

fn write_text(value: &Value<'_>, to: &mut dyn Sink) {
    match *value {
        Value::Meta(text) | Value::Text(text) => to.put(text.as_bytes()),
        Value::Recited(value) => value.recite(to),
        _ => {}
    }
}

fn write_time(value: &Value<'_>, to: &mut dyn Sink) {
    if let Value::Time(time, format) = *value {
        format.write(time, to);
    }
}

fn holds_time(value: &Value<'_>) -> bool {
    !matches!(*value, Value::Time(time, format) if !format.holds(time))
}

const fn always(_: &Value<'_>) -> bool {
    true
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
    const UNSEEN: Self = Self { name: false, value: false, visible: true };

    /// A header's, whose value is looked through once.
    pub(crate) fn of_header(pair: &Pair<'_>) -> Self {
        if SMALL {
            let mut seen = Visible(true);
            if let Value::AwsChunked(_) | Value::Meta(_) | Value::Recited(_) | Value::Text(_) = pair.value {
                pair.write_value(&mut seen);
            }
            return Self { name: false, value: false, visible: seen.0 };
        }
        let name = !pair.name.bytes().any(|byte| byte.is_ascii_uppercase());
        let (Value::Meta(text) | Value::Text(text)) = pair.value else {
            let mut seen = Visible(true);
            if let Value::AwsChunked(_) | Value::Recited(_) = pair.value {
                pair.write_value(&mut seen);
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
    pub(crate) fn of_query(pair: &Pair<'_>) -> Self {
        let Pair { name, value, .. } = *pair;
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
    #[inline(always)]
    #[must_use]
    pub const fn new(name: &'a str, value: Value<'a>) -> Self {
        Self { name, value, way: Way::of(&value), form: Form::UNSEEN, unsigned: false }
    }

    /// The same with what was seen of it.
    pub(super) const fn with(mut self, form: Form) -> Self {
        self.form = form;
        self
    }

    /// The same as one that is sent and never signed.
    pub(super) const fn unsigned(mut self) -> Self {
        self.unsigned = true;
        self
    }

    /// Whether it is signed.
    pub(super) const fn is_signed(&self) -> bool {
        !self.unsigned
    }

    /// What was seen of it.
    pub(crate) const fn form(&self) -> Form {
        // In a small image there is no way but the one that changes what must be changed.
        if SMALL { Form::UNSEEN } else { self.form }
    }

    /// Writes the value as it is, neither encoded nor folded.
    pub(crate) fn write_value(&self, to: &mut dyn Sink) {
        (self.way.write)(&self.value, to);
    }

    /// Writes the value as a canonical header has it: without blanks at its ends, and with one
    /// space for each run of blanks.
    pub(crate) fn write_folded(&self, to: &mut dyn Sink) {
        self.write_value(&mut Folded::new(to));
    }

    /// Whether the value can be written.
    pub(super) fn holds(&self) -> bool {
        (self.way.holds)(&self.value)
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

    /// The order of the name and another, in lower case.
    pub(crate) fn cmp_name(&self, prefix: &str, name: &[u8]) -> Ordering {
        let mut at = 0_usize;
        loop {
            let (one, other) =
                (lower_at(self.prefix(), self.name.as_bytes(), at), lower_at(prefix, name, at));
            if one != other || one == 0 {
                return one.cmp(&other);
            }
            at = at.wrapping_add(1);
        }
    }

    /// Whether the name is one of these, which are in lower case and have spaces between them.
    pub(crate) fn is_among(&self, names: &str) -> bool {
        names.as_bytes().split(|byte| *byte == b' ').any(|name| self.is_named(name))
    }

    /// Whether the name is this one, which is in lower case.
    pub(crate) fn is_named(&self, name: &[u8]) -> bool {
        self.cmp_name("", name) == Ordering::Equal
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
        (Way::of(self).write)(self, to);
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

/// A byte of a name in lower case; 0 behind its end, which is in no name.
fn lower_at(prefix: &str, name: &[u8], at: usize) -> u8 {
    let byte = match at.checked_sub(prefix.len()) {
        None => prefix.as_bytes().get(at),
        Some(at) => name.get(at),
    };
    byte.map_or(0, u8::to_ascii_lowercase)
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
        pass(bytes, false, &mut Between::Nothing, self.0);
    }
}

/// Passes on what may stand in a header, as words with one space between them.
pub(crate) struct Folded<'s> {
    to: &'s mut dyn Sink,
    between: Between,
}

/// What comes before the next word.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Between {
    /// Nothing: it is the first, or the last one goes on.
    Nothing,
    /// A word has ended if there are blanks.
    Word,
    /// A space.
    Space,
}

impl<'s> Folded<'s> {
    pub(crate) fn new(to: &'s mut dyn Sink) -> Self {
        Self { to, between: Between::Nothing }
    }
}

impl Sink for Folded<'_> {
    fn put(&mut self, bytes: &[u8]) {
        pass(bytes, true, &mut self.between, self.to);
    }
}

/// Passes on what may stand in a header, with one space for blanks between words where they are folded.
fn pass(bytes: &[u8], folds: bool, between: &mut Between, to: &mut dyn Sink) {
    // Of what may stand there, only blanks are not between this and a tilde.
    let first = if folds { b'!' } else { b' ' };
    let mut rest = bytes;
    while let Some((byte, behind)) = rest.split_first() {
        let stays = |byte: &u8| byte.wrapping_sub(first) <= b'~'.wrapping_sub(first);
        let run = rest.iter().position(|byte| !stays(byte)).unwrap_or(rest.len());
        let (mut word, mut after) = rest.split_at_checked(run).unwrap_or((rest, &[]));
        if run == 0 {
            if folds && matches!(byte, b' ' | b'\t') && *between == Between::Word {
                *between = Between::Space;
            }
            after = behind;
            if !folds && *byte == b'\t' {
                word = b"\t";
            }
        }
        rest = after;
        if !word.is_empty() {
            if *between == Between::Space {
                to.put(b" ");
            }
            *between = Between::Word;
            to.put(word);
        }
    }
}

fn base64(bytes: &[u8], to: &mut dyn Sink) {
    let mut digits = Base64::new(to);
    digits.put(bytes);
    digits.finish();
}
