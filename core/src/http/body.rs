//! The body of a reply: slices of the input, once its framing is taken off.

use super::Error;
use super::head::is_text;
use super::head::is_token;
use crate::encode::hex_digit;

/// How many bytes of chunk extensions and trailers one body may have. They are checked and dropped.
pub const EXTRAS_MAX: u16 = 16 * 1024;

/// How the end of a body is found.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "HTTP/1.1 knows no other")]
pub enum Framing {
    /// By its chunks.
    Chunked,
    /// There is no body: the reply to HEAD, 204 or 304.
    Empty,
    /// By its length.
    Sized {
        /// The length in bytes.
        length: u64,
    },
    /// By the end of the connection. Nothing in HTTP tells such a body from one cut short, so accept it only if
    /// the content is checked in another way.
    UntilClose,
}

/// What [`Body::read`] found.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "a host must answer each of these")]
pub enum Piece<'i> {
    /// The next bytes of the body, at least one.
    Bytes(&'i [u8]),
    /// The body is complete; what is left of the input does not belong to it.
    End,
    /// All of the input was taken: read on with more, or say [`Body::end`].
    NeedInput,
}

/// Reads the body of one reply; made by [`Reader::finish`](super::Reader::finish).
#[derive(Clone, Debug)]
pub struct Body {
    state: State,
    framing: Framing,
    /// The offset in the reply of the next byte.
    at: u64,
    /// What may still come of chunk extensions and trailers.
    extras: u16,
    close: bool,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum State {
    Complete,
    UntilClose,
    /// Body bytes, without chunks around them.
    Sized {
        left: u64,
    },
    /// The digits of a chunk's size.
    Size {
        size: u64,
        digits: u8,
    },
    /// Blanks between the size and the `;` of an extension.
    Blank {
        size: u64,
    },
    Extension {
        size: u64,
    },
    /// The LF after a chunk's size.
    SizeEnd {
        size: u64,
    },
    Data {
        left: u64,
    },
    /// The CR LF after a chunk's data.
    DataCr,
    DataLf,
    /// The first byte of a trailer line, or of the empty one.
    Line,
    TrailerName,
    TrailerValue,
    TrailerLf,
    LastLf,
}

impl Body {
    pub(super) const fn new(framing: Framing, at: u64, close: bool) -> Self {
        let state = match framing {
            Framing::Chunked => State::Size { size: 0, digits: 0 },
            Framing::Empty | Framing::Sized { length: 0 } => State::Complete,
            Framing::Sized { length } => State::Sized { left: length },
            Framing::UntilClose => State::UntilClose,
        };
        Self { state, framing, at, extras: EXTRAS_MAX, close }
    }

    /// Takes bytes off the front of `input` and returns those that belong to the body.
    ///
    /// # Errors
    ///
    /// [`Error::Chunk`], [`Error::Extras`] or [`Error::Header`] when the chunks are malformed.
    pub fn read<'i>(&mut self, input: &mut &'i [u8]) -> Result<Piece<'i>, Error> {
        loop {
            let left = match self.state {
                State::Complete => return Ok(Piece::End),
                State::Data { left } | State::Sized { left } => left,
                State::UntilClose => u64::MAX,
                state => {
                    let Some((&byte, rest)) = input.split_first() else { return Ok(Piece::NeedInput) };
                    self.state = self.framing_byte(state, byte)?;
                    self.at = self.at.saturating_add(1);
                    *input = rest;
                    continue;
                }
            };
            if input.is_empty() {
                return Ok(Piece::NeedInput);
            }
            let most = usize::try_from(left).unwrap_or(usize::MAX);
            let (bytes, rest) = input.split_at_checked(most).unwrap_or((input, &[]));
            *input = rest;
            self.at = self.at.saturating_add(bytes.len() as u64);
            let left = left.saturating_sub(bytes.len() as u64);
            self.state = match self.state {
                State::Data { .. } if left == 0 => State::DataCr,
                State::Data { .. } => State::Data { left },
                State::Sized { .. } if left == 0 => State::Complete,
                State::Sized { .. } => State::Sized { left },
                state => state,
            };
            return Ok(Piece::Bytes(bytes));
        }
    }

    /// Says that the connection ended. Afterwards [`read`](Self::read) says [`Piece::End`].
    ///
    /// Over TLS, a connection that ended without `close_notify` was broken, not ended: that's for the host
    /// to see.
    ///
    /// # Errors
    ///
    /// [`Error::Truncated`] when the body was to be longer.
    pub fn end(&mut self) -> Result<(), Error> {
        if !matches!(self.state, State::Complete | State::UntilClose) {
            return Err(Error::Truncated { at: self.at });
        }
        self.state = State::Complete;
        Ok(())
    }

    /// How the end of this body is found.
    #[must_use]
    pub const fn framing(&self) -> Framing {
        self.framing
    }

    /// Whether the connection can carry another request, `rest` being what is left of the input.
    ///
    /// It can if the body is complete, neither side wants to close, and the server sent nothing more: bytes
    /// that nobody asked for would be taken for the next reply. HTTP/1.0 connections are never used again.
    #[must_use]
    pub fn leaves_reusable(&self, rest: &[u8]) -> bool {
        let complete = self.state == State::Complete && self.framing != Framing::UntilClose;
        complete && !self.close && rest.is_empty()
    }

    /// The state after one byte of a chunked body's framing (RFC 9112, section 7.1).
    fn framing_byte(&mut self, state: State, byte: u8) -> Result<State, Error> {
        let at = self.at;
        let next = match (state, byte) {
            (State::Size { digits: 1.., size }, b'\r') => State::SizeEnd { size },
            (State::Size { digits: 1.., size } | State::Blank { size }, b';') => State::Extension { size },
            (State::Size { digits: 1.., size } | State::Blank { size }, b' ' | b'\t') => {
                State::Blank { size }
            }
            // Sixteen digits are what a `u64` holds.
            (State::Size { size, digits: digits @ ..16 }, _) => {
                let digit = hex_digit(byte).ok_or(Error::Chunk { at })?;
                State::Size { size: size << 4 | u64::from(digit), digits: digits.saturating_add(1) }
            }
            (State::Extension { size }, b'\r') => State::SizeEnd { size },
            (State::Extension { .. }, _) if is_text(byte) => state,
            (State::SizeEnd { size: 0 }, b'\n') => State::Line,
            (State::SizeEnd { size }, b'\n') => State::Data { left: size },
            (State::DataCr, b'\r') => State::DataLf,
            (State::DataLf, b'\n') => State::Size { size: 0, digits: 0 },
            (State::Line, b'\r') => State::LastLf,
            (State::LastLf, b'\n') => State::Complete,
            (State::Line | State::TrailerName, _) if is_token(byte) => State::TrailerName,
            (State::TrailerName, b':') => State::TrailerValue,
            (State::TrailerValue, b'\r') => State::TrailerLf,
            (State::TrailerValue, _) if is_text(byte) => state,
            (State::TrailerLf, b'\n') => State::Line,
            (
                State::Line | State::LastLf | State::TrailerName | State::TrailerValue | State::TrailerLf,
                _,
            ) => {
                return Err(Error::Header { at });
            }
            _ => return Err(Error::Chunk { at }),
        };
        if matches!(
            next,
            State::Blank { .. } | State::Extension { .. } | State::TrailerName | State::TrailerValue
        ) {
            self.extras = self.extras.checked_sub(1).ok_or(Error::Extras { at })?;
        }
        Ok(next)
    }
}
