//! How bytes leave the program: the [`Transport`] trait, what goes in and what comes out.
//!
//! A transport sends one HTTP/1.1 request and returns the head of the reply with its body still to
//! be read. It signs nothing, retries nothing, follows no redirect, adds no header that changes
//! meaning and treats no status as an error: all of that is decided by the core. Bring your own by
//! implementing one method; the `custom_transport` example is one over a bare `TcpStream`.

#[cfg(feature = "ureq")]
mod ureq;

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

pub use tucuxi_core::call::Sent;

#[cfg(feature = "rustls")]
pub use self::ureq::CaBundleError;
#[cfg(feature = "ureq")]
pub use self::ureq::{InvalidProxy, UreqTransport};

/// Sends requests. Shared by all clients of a session, from any thread. An [`Arc`] of one is one: so several
/// sessions can share its connections.
pub trait Transport: fmt::Debug + Send + Sync {
    /// Sends `head` and then exactly [`Head::content_length`] bytes of `body`, and returns once
    /// the head of the reply is there.
    ///
    /// Everything in `head` is already signed: the target and the headers have to go out byte for
    /// byte as they are.
    ///
    /// # Errors
    ///
    /// [`Broken`] when no reply could be had. It must say whether the request can have reached
    /// the server, since that decides what may be sent again.
    fn send(&self, head: &Head<'_>, body: &mut dyn io::Read) -> Result<Answer, Broken>;
}

impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn send(&self, head: &Head<'_>, body: &mut dyn io::Read) -> Result<Answer, Broken> {
        (**self).send(head, body)
    }
}

/// A signed request without its body.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Head<'a> {
    /// `GET`, `HEAD`, `PUT`, `POST` or `DELETE`.
    pub method: &'a str,
    /// Whether to speak TLS.
    pub https: bool,
    /// The host to connect to: a name or an IP literal, an IPv6 one in brackets.
    pub host: &'a str,
    /// The port to connect to.
    pub port: u16,
    /// Path and query exactly as they go on the wire; starts with `/`.
    pub target: &'a str,
    /// Names and values in the order in which they go out, `host` and `content-length` among them.
    pub headers: &'a [(&'a str, &'a str)],
    /// The number of body bytes, or none for a request without a body. The value of the
    /// `content-length` header, if there is one.
    pub content_length: Option<u64>,
    /// How long the whole of connecting may take: the lookup of the host, all of its addresses, a
    /// proxy and TLS.
    pub connect_timeout: Duration,
    /// Whether to open a connection rather than to use one that is kept: those that are kept were found
    /// to be dead. A transport that keeps none need not care.
    pub fresh: bool,
    /// How long the head of the reply may take once the request is out, and then each further
    /// read, and before that each write.
    pub read_timeout: Duration,
}

impl<'a> Head<'a> {
    /// A request over TLS without a body, with 3.1 seconds to connect and 30 for each wait after
    /// that: what a test of a transport needs. Other values are put into the fields.
    ///
    /// ```
    /// use tucuxi::transport::Head;
    ///
    /// let mut head = Head::new("GET", "127.0.0.1", 9000, "/bucket/key", &[("host", "127.0.0.1:9000")]);
    /// head.https = false;
    /// ```
    #[must_use]
    pub const fn new(
        method: &'a str,
        host: &'a str,
        port: u16,
        target: &'a str,
        headers: &'a [(&'a str, &'a str)],
    ) -> Self {
        Self {
            method,
            https: true,
            host,
            port,
            target,
            headers,
            content_length: None,
            connect_timeout: Duration::from_millis(3100),
            fresh: false,
            read_timeout: Duration::from_secs(30),
        }
    }
}

impl Head<'_> {
    /// Writes the head as it goes on the wire: request line, headers, empty line. For transports that
    /// speak HTTP/1.1 themselves.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn write(&self, to: &mut dyn io::Write) -> io::Result<()> {
        write!(to, "{} {} HTTP/1.1\r\n", self.method, self.target)?;
        for (name, value) in self.headers {
            write!(to, "{name}: {value}\r\n")?;
        }
        to.write_all(b"\r\n")
    }
}

impl fmt::Debug for Head<'_> {
    /// Without the query and the header values, which carry signatures and tokens.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.target.split('?').next().unwrap_or_default();
        f.debug_struct("Head")
            .field("method", &self.method)
            .field("https", &self.https)
            .field("host", &self.host)
            .field("port", &self.port)
            .field("path", &path)
            .finish_non_exhaustive()
    }
}

/// The head of a reply and its body, still to be read.
#[non_exhaustive]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// Names in lower case and values, in the order received, those of one name together. Bytes
    /// that are not UTF-8 are replaced by U+FFFD.
    pub headers: Vec<(String, String)>,
    /// The body, decoded from its transfer coding and from nothing else. Reading fails with an
    /// error when the connection ends before the body does.
    pub body: Box<dyn io::Read + Send>,
}

impl Answer {
    /// Puts a reply together.
    #[must_use]
    pub fn new(status: u16, headers: Vec<(String, String)>, body: Box<dyn io::Read + Send>) -> Self {
        Self { status, headers, body }
    }

    /// The value of the first header of that lower-case name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer").field("status", &self.status).finish_non_exhaustive()
    }
}

/// No reply could be had.
#[derive(Debug)]
#[non_exhaustive]
pub struct Broken {
    /// What went wrong.
    pub kind: BrokenKind,
    /// Whether any part of the request can have reached the server.
    pub sent: Sent,
    /// Whether the connection had served an earlier request and ended before the first byte of
    /// this reply. Most likely the server had closed it as idle while the request was on its way,
    /// but [`Broken::sent`] is [`Sent::Maybe`] all the same: it may have carried the request out.
    pub stale: bool,
    /// The cause.
    pub source: io::Error,
}

impl Broken {
    /// Says what went wrong, whether the server can have seen the request, and why. The
    /// connection counts as a fresh one.
    #[must_use]
    pub const fn new(kind: BrokenKind, sent: Sent, source: io::Error) -> Self {
        Self { kind, sent, stale: false, source }
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            BrokenKind::Config => "the transport cannot work as it is set up",
            BrokenKind::Connect => "cannot connect",
            BrokenKind::Reset => "the connection broke",
            BrokenKind::Resolve => "cannot resolve the host name",
            BrokenKind::Timeout => "timed out",
            BrokenKind::Tls => "TLS failed",
            BrokenKind::Protocol => "the peer does not speak HTTP/1.1",
            BrokenKind::Request => "the request cannot be sent",
        })
    }
}

impl std::error::Error for Broken {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

/// What went wrong in a transport.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum BrokenKind {
    /// What the transport was told is of no use, and trying again would not help: a file of CA certificates
    /// that cannot be read.
    Config,
    /// No connection: refused, unreachable.
    Connect,
    /// The reply breaks the rules of HTTP/1.1 or exceeds a limit.
    Protocol,
    /// The request itself cannot be sent: its body ended early, or this transport lacks https.
    Request,
    /// The connection ended before the reply did.
    Reset,
    /// The host name has no address.
    Resolve,
    /// One of the timeouts passed.
    Timeout,
    /// The TLS handshake failed, or the certificate was not accepted.
    Tls,
}
