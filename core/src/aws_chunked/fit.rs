//! Whether the headers of a request announce the body that a framing makes.

use core::fmt;

use super::Framing;
use super::Trailers;
use crate::checksum::Algorithm;
use crate::encode::uint;
use crate::sigv4::Signed;
use crate::sink::Cursor;
use crate::sink::Sink;

/// The request is not one for this body. Returned by [`Encoder::new`](super::Encoder::new) and
/// [`Encoder::with`](super::Encoder::with): nothing has been encoded.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Unfit {
    /// The checksum that was handed over is not the one of the framing's trailer.
    Checksum {
        /// The one that would do; none where there is to be none.
        needed: Option<Algorithm>,
    },
    /// A header that announces the body is missing, stands there twice, announces another one, or is longer than
    /// 256 bytes. [`Framing::declare`] writes them.
    Header {
        /// The header's name.
        name: &'static str,
    },
    /// The body would be longer than 64 bits can say.
    Length,
    /// The request has no signature in its headers to begin with.
    Unsigned,
    /// The request is signed by Signature Version 4a and the framing is not for it, or the other way round.
    Version,
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Checksum { needed: Some(algorithm) } => write!(f, "the trailer is a {}", algorithm.name()),
            Self::Checksum { needed: None } => f.write_str("the trailer is no checksum"),
            Self::Header { name } => write!(f, "the header {name} does not announce this body"),
            Self::Length => f.write_str("the body is too long"),
            Self::Unsigned => f.write_str("the request is not signed in its headers"),
            Self::Version => f.write_str("the request is signed by another version than its body"),
        }
    }
}

impl core::error::Error for Unfit {}

/// Looks at what goes out, whoever put it there.
pub(super) fn check(signed: &Signed<'_>, framing: &Framing<'_>) -> Result<(), Unfit> {
    let length = framing.content_length().ok_or(Unfit::Length)?;
    one(signed, "x-amz-content-sha256", |to| to.put(framing.content_sha256().as_bytes()))?;
    one(signed, "x-amz-decoded-content-length", |to| uint(framing.decoded_length, to))?;
    let encoding = "content-encoding";
    if count(signed, encoding, |coding| coding.eq_ignore_ascii_case("aws-chunked")) == 0 {
        return Err(Unfit::Header { name: encoding });
    }
    trailer(signed, framing)?;
    // Whoever says the length of the body, says that of this one.
    let said = "content-length";
    if of(signed, said).next().is_some() { one(signed, said, |to| uint(length, to)) } else { Ok(()) }
}

/// `x-amz-trailer` names each trailer once, and nothing else.
fn trailer(signed: &Signed<'_>, framing: &Framing<'_>) -> Result<(), Unfit> {
    let name = "x-amz-trailer";
    let is_named = |sought: &str| count(signed, name, |given| given.eq_ignore_ascii_case(sought)) == 1;
    let (needed, all) = match framing.trailer().map(|trailer| trailer.0) {
        None => (0, true),
        Some(Trailers::Checksum(algorithm)) => (1, is_named(algorithm.header())),
        Some(Trailers::Given(pairs)) => {
            let named = pairs.iter().filter(|pair| is_named(Text::of(|to| pair.write_name(to)).as_str()));
            (pairs.len(), named.count() == pairs.len())
        }
    };
    if all && count(signed, name, |_| true) == needed { Ok(()) } else { Err(Unfit::Header { name }) }
}

/// There is one header of that name, and it says that.
fn one(signed: &Signed<'_>, name: &'static str, value: impl Fn(&mut dyn Sink)) -> Result<(), Unfit> {
    let mut headers = of(signed, name);
    match (headers.next(), headers.next()) {
        (Some(header), None) if header.as_str() == Text::of(value).as_str() => Ok(()),
        _ => Err(Unfit::Header { name }),
    }
}

/// How many of those listed in headers of that name are such.
fn count(signed: &Signed<'_>, name: &'static str, such: impl Fn(&str) -> bool) -> usize {
    let listed = |value: Text| {
        let elements = value.as_str().split(',').map(|element| element.trim_matches([' ', '\t']));
        elements.filter(|element| !element.is_empty() && such(element)).count()
    };
    of(signed, name).map(listed).fold(0, usize::saturating_add)
}

/// The values of the headers of that name, which is in lower case.
fn of<'s>(signed: &'s Signed<'s>, name: &'static str) -> impl Iterator<Item = Text> {
    let named = signed.headers().filter(move |header| Text::of(|to| header.write_name(to)).as_str() == name);
    named.map(|header| Text::of(|to| header.write_value(to)))
}

/// A name or value that can be compared. One that is longer is none of ours, and a `?` here.
struct Text {
    room: [u8; 256],
    length: usize,
}

impl Text {
    fn of(write: impl FnOnce(&mut dyn Sink)) -> Self {
        let mut text = Self { room: [0; 256], length: 0 };
        let mut to = Cursor::new(&mut text.room);
        write(&mut to);
        match to.finish().map(|written| written.len()) {
            Ok(length) => text.length = length,
            Err(_) => (text.room, text.length) = ([b'?'; 256], 1),
        }
        text
    }

    fn as_str(&self) -> &str {
        self.room.get(..self.length).and_then(|text| core::str::from_utf8(text).ok()).unwrap_or_default()
    }
}
