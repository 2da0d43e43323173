//! The head of a reply: status line and headers, kept in the caller's room.

use core::fmt;

use super::Body;
use super::Error;
use super::Framing;

/// A room in bytes for the head of any reply of AWS.
///
/// S3 allows 2 KB of user metadata, the largest part of a head by far; without metadata, heads of S3
/// and SQS are 250 to 700 bytes, so a small machine that stores no metadata does with 1,024.
pub const HEAD_ROOM: usize = 4096;

/// How many interim replies (status 100 to 199) may come before the reply itself.
pub const INTERIM_MAX: u8 = 8;

/// What the request asked, as far as the form of the reply depends on it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "only HEAD changes how a reply is read")]
pub enum Method {
    /// `HEAD`: the reply has no body whatever its headers say.
    Head,
    /// Any other.
    Other,
}

/// How far [`Reader::feed`] came.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "a host must answer each of these")]
pub enum Fed {
    /// The head is complete; what is left of the input belongs to the body.
    Head,
    /// An interim reply passed by, 100 Continue for example; feed on.
    Interim {
        /// Its status.
        status: u16,
    },
    /// All of the input was taken: feed more.
    NeedInput,
}

/// Reads the head of one reply into the caller's room.
pub struct Reader<'b> {
    room: &'b mut [u8],
    method: Method,
    /// The bytes in the room.
    used: usize,
    /// Where in the room the line begins that is being read.
    line: usize,
    /// The offset in the reply of the room's first byte.
    base: u64,
    interim: u8,
    seen: Seen,
    complete: bool,
}

/// What the lines so far say.
#[derive(Clone, Copy, Default)]
struct Seen {
    /// Zero until the status line was read.
    status: u16,
    http_1_0: bool,
    /// Where the headers begin in the room.
    headers: usize,
    length: Option<u64>,
    chunked: bool,
    close: bool,
}

impl<'b> Reader<'b> {
    /// Reads into `room` the reply to a request of that method.
    #[must_use]
    pub fn new(room: &'b mut [u8], method: Method) -> Self {
        Self { room, method, used: 0, line: 0, base: 0, interim: 0, seen: Seen::default(), complete: false }
    }

    /// Takes bytes off the front of `input`, up to the end of a head.
    ///
    /// # Errors
    ///
    /// [`Error`] when the head is not one of HTTP/1.1, leaves the body's length in doubt, or is larger
    /// than the room.
    pub fn feed(&mut self, input: &mut &[u8]) -> Result<Fed, Error> {
        while !self.complete {
            if input.is_empty() {
                return Ok(Fed::NeedInput);
            }
            let line = input.iter().position(|&byte| byte == b'\n');
            let length = line.map_or(input.len(), |end| end.saturating_add(1));
            let (bytes, rest) = input.split_at_checked(length).unwrap_or((input, &[]));
            let end = self.used.saturating_add(length);
            let full = Error::RoomFull { needed: self.room.len().saturating_add(1) };
            self.room.get_mut(self.used..end).ok_or(full)?.copy_from_slice(bytes);
            self.used = end;
            *input = rest;
            if line.is_some() {
                let interim = self.end_of_line()?;
                self.line = self.used;
                if let Some(status) = interim {
                    return Ok(Fed::Interim { status });
                }
            }
        }
        Ok(Fed::Head)
    }

    /// The head that was read, and the reader of the body behind it.
    ///
    /// # Errors
    ///
    /// [`Error::Truncated`] when [`feed`](Self::feed) has not said [`Fed::Head`].
    pub fn finish(self) -> Result<(Head<'b>, Body), Error> {
        let at = self.base.saturating_add(self.used as u64);
        if !self.complete {
            return Err(Error::Truncated { at });
        }
        let Seen { status, http_1_0, headers, length, chunked, close } = self.seen;
        let framing = match (status, length) {
            (204 | 304, _) => Framing::Empty,
            _ if self.method == Method::Head => Framing::Empty,
            _ if chunked => Framing::Chunked,
            (_, Some(length)) => Framing::Sized { length },
            (_, None) => Framing::UntilClose,
        };
        let room: &'b [u8] = self.room;
        let lines = room.get(headers..self.used).unwrap_or_default();
        Ok((Head { status, lines }, Body::new(framing, at, close || http_1_0)))
    }

    /// Reads the line that just ended; says so when it ended an interim reply.
    fn end_of_line(&mut self) -> Result<Option<u16>, Error> {
        let line = self.room.get(self.line..self.used).unwrap_or_default();
        let at = self.base.saturating_add(self.line as u64);
        let Some(line) = line.strip_suffix(b"\r\n") else {
            let at = at.saturating_add(line.len() as u64).saturating_sub(1);
            return Err(if self.seen.status == 0 { Error::Status { at } } else { Error::Header { at } });
        };
        if self.seen.status == 0 {
            self.seen.status_line(line, at)?;
            self.seen.headers = self.used;
        } else if line.is_empty() {
            return self.end_of_head();
        } else {
            self.seen.header(line, at)?;
        }
        Ok(None)
    }

    fn end_of_head(&mut self) -> Result<Option<u16>, Error> {
        let at = self.base.saturating_add(self.used as u64);
        let status = self.seen.status;
        if status >= 200 {
            // RFC 9112, section 6.3: this "ought to be handled as an error".
            if self.seen.chunked && self.seen.length.is_some() {
                return Err(Error::CodingAndLength { at });
            }
            self.complete = true;
            return Ok(None);
        }
        self.interim = self.interim.saturating_add(1);
        if status == 101 || self.interim > INTERIM_MAX {
            return Err(Error::Interim { at });
        }
        self.base = at;
        self.used = 0;
        self.seen = Seen::default();
        Ok(Some(status))
    }
}

impl Seen {
    /// `HTTP/1.1 200 OK`, without its CR LF.
    fn status_line(&mut self, line: &[u8], at: u64) -> Result<(), Error> {
        let wrong = |from: usize| Error::Status { at: at.saturating_add(from as u64) };
        let (version, rest) = line.split_at_checked(9).ok_or_else(|| wrong(line.len()))?;
        self.http_1_0 = version == b"HTTP/1.0 ";
        if version != b"HTTP/1.1 " && !self.http_1_0 {
            return Err(wrong(0));
        }
        let (status, reason) = rest.split_at_checked(3).ok_or_else(|| wrong(line.len()))?;
        let status = number(status).filter(|&status| status >= 100).ok_or_else(|| wrong(9))?;
        self.status = u16::try_from(status).map_err(|_| wrong(9))?;
        // Some servers leave out the space before a reason they leave out.
        if reason.first().is_some_and(|&byte| byte != b' ') {
            return Err(wrong(12));
        }
        reason.iter().position(|&byte| !is_text(byte)).map_or(Ok(()), |n| Err(wrong(n.saturating_add(12))))
    }

    /// `Name: value`, without its CR LF.
    fn header(&mut self, line: &[u8], at: u64) -> Result<(), Error> {
        let wrong = |from: usize| Err(Error::Header { at: at.saturating_add(from as u64) });
        // A folded line begins with a space, which is as wrong in a name as one before the colon.
        let end = line.iter().position(|&byte| !is_token(byte)).unwrap_or(line.len());
        if end == 0 || line.get(end) != Some(&b':') {
            return wrong(end);
        }
        if let Some(n) = line.iter().position(|&byte| !is_text(byte)) {
            return wrong(n);
        }
        let (name, value) = split(line);
        if name.eq_ignore_ascii_case(b"content-length") {
            if self.length.is_some() {
                return Err(Error::Length { at });
            }
            self.length = Some(number(value).ok_or(Error::Length { at })?);
        } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
            if self.chunked || self.http_1_0 || !value.eq_ignore_ascii_case(b"chunked") {
                return Err(Error::Coding { at });
            }
            self.chunked = true;
        } else if name.eq_ignore_ascii_case(b"connection") {
            let mut options = value.split(|&byte| byte == b',');
            self.close |= options.any(|option| option.trim_ascii().eq_ignore_ascii_case(b"close"));
        }
        Ok(())
    }
}

impl fmt::Debug for Reader<'_> {
    /// Without what was read: replies carry credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader")
            .field("used", &self.used)
            .field("complete", &self.complete)
            .finish_non_exhaustive()
    }
}

/// The head of a reply, borrowed from the room it was read into.
#[derive(Clone, Copy)]
pub struct Head<'b> {
    status: u16,
    /// The header lines as received, each with its CR LF, and the empty line.
    lines: &'b [u8],
}

impl<'b> Head<'b> {
    /// The status code, 200 to 999.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// Names and values in the order received, the values without the blanks around them.
    ///
    /// Names are ASCII in whatever case the server chose; values can hold any bytes but controls.
    #[must_use]
    pub const fn headers(&self) -> Headers<'b> {
        Headers { lines: self.lines }
    }

    /// The value of the first header of that name, in any case; none if there is none, or if its value is
    /// not UTF-8.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&'b str> {
        let (_, value) = self.headers().find(|(n, _)| n.eq_ignore_ascii_case(name))?;
        core::str::from_utf8(value).ok()
    }
}

impl fmt::Debug for Head<'_> {
    /// Without the headers, which can carry tokens.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Head").field("status", &self.status).finish_non_exhaustive()
    }
}

/// The headers of a reply: see [`Head::headers`].
#[derive(Clone)]
pub struct Headers<'b> {
    lines: &'b [u8],
}

impl<'b> Iterator for Headers<'b> {
    type Item = (&'b str, &'b [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        // Every line was checked when it was read: the first CR is the line's end.
        let end = self.lines.iter().position(|&byte| byte == b'\r')?;
        let (line, rest) = self.lines.split_at_checked(end)?;
        if line.is_empty() {
            return None;
        }
        self.lines = rest.get(2..)?;
        let (name, value) = split(line);
        Some((core::str::from_utf8(name).ok()?, value))
    }
}

impl fmt::Debug for Headers<'_> {
    /// Without the headers, which can carry tokens.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Headers").finish_non_exhaustive()
    }
}

/// Name and value of a header line.
fn split(line: &[u8]) -> (&[u8], &[u8]) {
    let colon = line.iter().position(|&byte| byte == b':').unwrap_or(line.len());
    let (name, value) = line.split_at_checked(colon).unwrap_or((line, &[]));
    (name, value.get(1..).unwrap_or_default().trim_ascii())
}

/// Digits and nothing else.
fn number(text: &[u8]) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    text.iter().try_fold(0_u64, |number, &byte| {
        let digit = byte.is_ascii_digit().then_some(byte & 15)?;
        number.checked_mul(10)?.checked_add(u64::from(digit))
    })
}

/// Whether a byte may be in a header's name (RFC 9110, section 5.6.2).
pub(crate) const fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'!' | b'#'
                | b'$'
                | b'%'
                | b'&'
                | b'\''
                | b'*'
                | b'+'
                | b'-'
                | b'.'
                | b'^'
                | b'_'
                | b'`'
                | b'|'
                | b'~'
        )
}

/// Whether a byte may be in a header's value or a reason (RFC 9110, section 5.5).
pub(super) const fn is_text(byte: u8) -> bool {
    byte == b'\t' || !byte.is_ascii_control()
}
