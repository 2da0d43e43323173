//! What happened on a connection, told to whoever has to decide about sending again.
//!
//! [`Watch`] is the outermost layer of every connection in the pool. It changes no byte. It knows
//! two things that an error of ureq does not say: whether the connection had served an earlier
//! request, and whether any byte of the present reply came. [`Fault`] carries them through ureq.
//!
//! It also ends a read of a body in time. ureq goes on reading while chunk trailers come, without
//! a limit, so the time of a read cannot be limited from outside of it, only from below.

use std::cell::Cell;
use std::error;
use std::fmt;
use std::io;
use std::time;

use ureq::unversioned::transport::{Buffers, NextTimeout, Transport};
use ureq::{Error, Timeout};

use crate::transport::{Broken, BrokenKind, Sent};

/// A connection of the pool and what is known about it.
#[derive(Debug)]
pub(super) struct Watch {
    inner: Box<dyn Transport>,
    /// It has been in the pool, so the server may have closed it meanwhile.
    reused: bool,
    /// A byte of the present reply has come.
    heard: bool,
    /// Input came while ureq waited for `100 Continue`.
    peeked: bool,
}

impl Watch {
    pub(super) const fn new(inner: Box<dyn Transport>) -> Self {
        Self { inner, reused: false, heard: false, peeked: false }
    }

    /// Before the first byte of a reply an error gets what is known about the connection. Later
    /// ones stay as they are, since ureq looks at them to see where a body ends; so do timeouts,
    /// which end the wait for `100 Continue`.
    fn tell(&self, error: Error) -> Error {
        if self.heard || matches!(error, Error::Timeout(_)) {
            return error;
        }
        Fault { stale: self.reused, ..Fault::new(error, Sent::Maybe) }.into()
    }
}

impl Transport for Watch {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.inner.transmit_output(amount, timeout).map_err(|error| self.tell(error))
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        let timeout = within_read(timeout)?;
        // A final reply in place of `100 Continue` is left in the buffer, but ureq asks for more
        // before it parses it: with a server that keeps the connection open, until the timeout.
        let interim = timeout.reason == Timeout::Await100;
        if self.peeked && !interim {
            self.peeked = false;
            if !self.inner.buffers().input().is_empty() {
                return Ok(true);
            }
        }
        match self.inner.await_input(timeout) {
            Ok(true) => {
                self.heard = true;
                self.peeked = interim;
                Ok(true)
            }
            Ok(false) if !self.heard => Err(self.tell(io::Error::from(io::ErrorKind::UnexpectedEof).into())),
            Ok(false) => Ok(false),
            Err(error) => Err(self.tell(error)),
        }
    }

    /// Asked when a connection goes into the pool and when it comes out: a new exchange begins.
    fn is_open(&mut self) -> bool {
        self.reused = true;
        self.heard = false;
        self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}

/// Runs one read of a body, which ends within `limit`.
pub(super) fn limited<T>(limit: time::Duration, read: impl FnOnce() -> T) -> T {
    READ_UNTIL.set(now().checked_add(limit));
    let done = read();
    READ_UNTIL.set(None);
    done
}

fn within_read(timeout: NextTimeout) -> Result<NextTimeout, Error> {
    let Some(until) = READ_UNTIL.get() else { return Ok(timeout) };
    let left = until.saturating_duration_since(now());
    if left.is_zero() {
        return Err(Error::Timeout(Timeout::PerRead));
    }
    Ok(NextTimeout { per_read: Some(left.into()), ..timeout })
}

#[expect(clippy::disallowed_methods, reason = "sockets need a clock, and so does what limits them")]
fn now() -> time::Instant {
    time::Instant::now()
}

thread_local! {
    /// When the read of a body that this thread is in has to end. ureq passes nothing down from
    /// the reader to the connection, but both are called on one thread.
    static READ_UNTIL: Cell<Option<time::Instant>> = const { Cell::new(None) };
}

/// A [`Broken`] on its way through ureq.
#[derive(Debug)]
pub(super) struct Fault {
    kind: BrokenKind,
    sent: Sent,
    stale: bool,
    source: io::Error,
}

impl Fault {
    /// Sorts an error of ureq that came up while the request had gone out as far as `sent` says.
    ///
    /// Only variants that cannot hold a URL or a header keep their text.
    pub(super) fn new(error: Error, sent: Sent) -> Self {
        let (kind, source) = match error {
            Error::Io(error) => (kind_of(&error), error),
            Error::Timeout(timeout) => {
                (BrokenKind::Timeout, io::Error::new(io::ErrorKind::TimedOut, timeout.to_string()))
            }
            Error::HostNotFound => (BrokenKind::Resolve, io::ErrorKind::NotFound.into()),
            // The input ended inside of the framing of a chunk.
            Error::BodyStalled => (BrokenKind::Reset, io::ErrorKind::UnexpectedEof.into()),
            error @ (Error::Protocol(_) | Error::LargeResponseHeader(..)) => {
                (BrokenKind::Protocol, io::Error::new(io::ErrorKind::InvalidData, error.to_string()))
            }
            error @ (Error::ConnectionFailed | Error::ConnectProxyFailed(_)) => {
                (BrokenKind::Connect, io::Error::other(error.to_string()))
            }
            Error::Other(error) => match error.downcast::<Self>() {
                Ok(fault) => return Self { sent, ..*fault },
                Err(_) => (BrokenKind::Request, io::Error::other("unknown failure in ureq")),
            },
            _ => (BrokenKind::Request, io::Error::new(io::ErrorKind::InvalidInput, "refused by ureq")),
        };
        Self { kind, sent, stale: false, source }
    }

    /// A failure of a step before the request.
    pub(super) const fn unsent(kind: BrokenKind, source: io::Error) -> Self {
        Self { kind, sent: Sent::No, stale: false, source }
    }

    /// The cause alone, for the reader of a body.
    pub(super) fn into_source(self) -> io::Error {
        self.source
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.fmt(f)
    }
}

impl error::Error for Fault {}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::Other(Box::new(fault))
    }
}

impl From<Fault> for Broken {
    fn from(fault: Fault) -> Self {
        Self { stale: fault.stale, ..Self::new(fault.kind, fault.sent, fault.source) }
    }
}

/// What an error of ureq says after [`Dial`](super::dial::Dial): one of ours knows how far the
/// request got, for any other it may have been received.
pub(super) fn into_fault(error: Error) -> Fault {
    match error {
        Error::Other(error) => match error.downcast::<Fault>() {
            Ok(fault) => *fault,
            Err(error) => Fault::new(Error::Other(error), Sent::Maybe),
        },
        error => Fault::new(error, Sent::Maybe),
    }
}

/// What an error of a connection that once stood means.
fn kind_of(error: &io::Error) -> BrokenKind {
    #[cfg(feature = "rustls")]
    if error.get_ref().is_some_and(|inner| inner.is::<rustls::Error>()) {
        return BrokenKind::Tls;
    }
    match error.kind() {
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => BrokenKind::Timeout,
        io::ErrorKind::InvalidData => BrokenKind::Protocol,
        _ => BrokenKind::Reset,
    }
}
