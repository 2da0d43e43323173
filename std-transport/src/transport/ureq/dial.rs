//! Opens connections: the way through a proxy, addresses, TCP.
//!
//! ureq resolves the host name before every request, in a thread of its own, and then takes a
//! connection from its pool. [`NoLookup`] answers that question with nothing and [`Dial`] looks
//! the name up once a connection is really needed. One budget, the connect timeout, covers the
//! lookup, all addresses, the proxy and TLS.

use std::io;
use std::io::{Read, Write};
use std::net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::Arc;
use std::sync::mpsc;
use std::thread;
use std::time;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::time::{Duration, Instant};
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, LazyBuffers, NextTimeout, Transport,
};
use ureq::{Error, ProxyProtocol};

use super::tunnel;
use super::watch::{Fault, Watch};
use crate::transport::{BrokenKind, Sent};

/// Opens the connections that the pool lacks.
#[derive(Debug)]
pub(super) struct Dial {
    #[cfg(feature = "rustls")]
    tls: super::tls::Tls,
}

impl Dial {
    #[cfg(feature = "rustls")]
    pub(super) const fn new(roots: super::roots::Roots) -> Self {
        Self { tls: super::tls::Tls::new(roots) }
    }

    #[cfg(not(feature = "rustls"))]
    pub(super) const fn new() -> Self {
        Self {}
    }

    fn open(&self, details: &ConnectionDetails<'_>) -> Result<Box<dyn Transport>, Error> {
        let target = Place::of(details.uri, details.needs_tls());
        let transport: Box<dyn Transport> = match details.config.proxy() {
            None => Box::new(Tcp::connect(details, &target)?),
            Some(proxy) => {
                let place = Place::of(proxy.uri(), proxy.protocol() == ProxyProtocol::Https);
                let mut transport = self.secure(details, &place, Box::new(Tcp::connect(details, &place)?))?;
                tunnel::open(details, proxy, &target, &mut *transport)?;
                transport
            }
        };
        self.secure(details, &target, transport)
    }

    /// Puts TLS around a connection to a place that speaks it.
    fn secure(
        &self,
        details: &ConnectionDetails<'_>,
        place: &Place<'_>,
        transport: Box<dyn Transport>,
    ) -> Result<Box<dyn Transport>, Error> {
        if !place.tls {
            return Ok(transport);
        }
        #[cfg(feature = "rustls")]
        return self.tls.wrap(details, place.host, transport);
        #[cfg(not(feature = "rustls"))]
        {
            let _ = details;
            let source = io::Error::new(io::ErrorKind::Unsupported, "built without https");
            Err(Fault::unsent(BrokenKind::Request, source).into())
        }
    }
}

impl Connector for Dial {
    type Out = Watch;

    fn connect(&self, details: &ConnectionDetails<'_>, _: Option<()>) -> Result<Option<Watch>, Error> {
        // Whatever fails in here, the request has not gone out.
        let transport = self.open(details).map_err(|error| Fault::new(error, Sent::No))?;
        Ok(Some(Watch::new(transport)))
    }
}

/// The other end of a connection.
pub(super) struct Place<'a> {
    pub(super) host: &'a str,
    pub(super) port: u16,
    tls: bool,
}

impl<'a> Place<'a> {
    fn of(uri: &'a Uri, tls: bool) -> Self {
        let port = uri.port_u16().unwrap_or(if tls { 443 } else { 80 });
        Self { host: uri.host().unwrap_or_default(), port, tls }
    }
}

/// Leaves the lookup to [`Dial`].
#[derive(Debug)]
pub(super) struct NoLookup;

impl Resolver for NoLookup {
    fn resolve(&self, _: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        Ok(self.empty())
    }
}

/// A TCP connection.
#[derive(Debug)]
struct Tcp {
    stream: TcpStream,
    buffers: LazyBuffers,
    clock: Clock,
    /// The timeouts the socket has, so that they are only set when they change.
    timeouts: [Option<time::Duration>; 2],
    /// The peer takes no more bytes. What it said before that can still be read.
    deaf: bool,
}

impl Tcp {
    fn connect(details: &ConnectionDetails<'_>, place: &Place<'_>) -> Result<Self, Error> {
        let stream = first_that_answers(lookup(details, place)?, || left(to_connect(details)))?;
        stream.set_nodelay(true)?;
        let config = details.config;
        // TLS has buffers of the full size above this.
        let size = |full: usize| if place.tls { full.min(TLS_RECORD) } else { full };
        let buffers = LazyBuffers::new(size(config.input_buffer_size()), size(config.output_buffer_size()));
        let clock = Clock(Arc::clone(&details.current_time));
        Ok(Self { stream, buffers, clock, timeouts: [None; 2], deaf: false })
    }

    /// Makes the kernel acknowledge at once instead of waiting up to 40 ms for more.
    ///
    /// A server that neither sets `TCP_NODELAY` nor writes head and body together holds the body
    /// back until the head is acknowledged. The kernel forgets the setting, so it goes before
    /// every receive; it is an optimisation, so a failure is no error.
    #[cfg(target_os = "linux")]
    fn acknowledge_at_once(&self) {
        use std::os::linux::net::TcpStreamExt;
        let _ = self.stream.set_quickack(true);
    }

    #[cfg(not(target_os = "linux"))]
    fn acknowledge_at_once(&self) {}

    fn set_timeout(&mut self, way: Way, after: time::Duration) -> io::Result<()> {
        let slot = &mut self.timeouts[way as usize];
        if *slot != Some(after) {
            match way {
                Way::In => self.stream.set_read_timeout(Some(after))?,
                Way::Out => self.stream.set_write_timeout(Some(after))?,
            }
            *slot = Some(after);
        }
        Ok(())
    }
}

impl Transport for Tcp {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        let timeout = timeout.for_write();
        self.set_timeout(Way::Out, left(timeout)?)?;
        if self.deaf {
            return Ok(());
        }
        let output = self.buffers.output();
        let output = output.get(..amount).unwrap_or(output);
        match (&self.stream).write_all(output) {
            // A server that refuses an upload may answer and close before it has all of it. The
            // answer says more than this error; if there is none, reading fails instead.
            Err(error) if is_gone(&error) => self.deaf = true,
            result => result.map_err(|error| timed(error, timeout))?,
        }
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        let timeout = timeout.for_read();
        let mut after = left(timeout)?;
        let started = self.clock.now();
        loop {
            self.set_timeout(Way::In, after)?;
            self.acknowledge_at_once();
            match self.stream.read(self.buffers.input_append_buf()) {
                Ok(amount) => {
                    self.buffers.input_appended(amount);
                    return Ok(amount > 0);
                }
                // With a timeout set, Linux ends a read at any signal: go on with what is left.
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {
                    let timeout =
                        NextTimeout { after: remaining(timeout.after, started, self.clock.now()), ..timeout };
                    after = left(timeout)?;
                }
                Err(error) => return Err(timed(error, timeout)),
            }
        }
    }

    /// An idle connection has nothing to say: an end, an error or bytes nobody asked for make it
    /// useless.
    fn is_open(&mut self) -> bool {
        let idle = |stream: &mut TcpStream| {
            stream.set_nonblocking(true)?;
            let read = stream.read(&mut [0]);
            stream.set_nonblocking(false)?;
            io::Result::Ok(read.is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock))
        };
        !self.deaf && self.buffers.input().is_empty() && idle(&mut self.stream).unwrap_or(false)
    }
}

/// The direction of a timeout.
#[derive(Clone, Copy)]
enum Way {
    In,
    Out,
}

/// ureq's clock.
struct Clock(Arc<dyn Fn() -> Instant + Send + Sync>);

impl Clock {
    fn now(&self) -> Instant {
        (self.0)()
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Clock")
    }
}

/// How much of a budget is left at `now` when it began at `started`.
pub(super) fn remaining(budget: Duration, started: Instant, now: Instant) -> Duration {
    match (budget, started, now) {
        (Duration::Exact(budget), Instant::Exact(started), Instant::Exact(now)) => {
            Duration::Exact(budget.saturating_sub(now.saturating_duration_since(started)))
        }
        _ => budget,
    }
}

/// What is left of the time to connect.
pub(super) fn to_connect(details: &ConnectionDetails<'_>) -> NextTimeout {
    let after = remaining(details.timeout.after, details.now, (details.current_time)());
    NextTimeout { after, ..details.timeout }
}

/// A socket's timeout: never zero, which would mean for ever.
fn left(timeout: NextTimeout) -> Result<time::Duration, Error> {
    match timeout.after {
        Duration::Exact(time::Duration::ZERO) => Err(Error::Timeout(timeout.reason)),
        Duration::Exact(after) => Ok(after),
        Duration::NotHappening => Ok(LONGEST),
    }
}

fn timed(error: io::Error, timeout: NextTimeout) -> Error {
    match error.kind() {
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => Error::Timeout(timeout.reason),
        _ => error.into(),
    }
}

fn is_gone(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset};
    matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset)
}

/// Tries the addresses in the resolver's order. Each may use half of the time that is left, the
/// last one all of it, so that one dead address does not use up the time of the others.
fn first_that_answers(
    addresses: Vec<SocketAddr>,
    left: impl Fn() -> Result<time::Duration, Error>,
) -> Result<TcpStream, Error> {
    let mut addresses = addresses.into_iter().peekable();
    let mut last = Fault::unsent(BrokenKind::Resolve, io::Error::new(io::ErrorKind::NotFound, "no address"));
    while let Some(address) = addresses.next() {
        let after = left()?;
        let share = if addresses.peek().is_some() { (after / 2).max(SHORTEST) } else { after };
        match TcpStream::connect_timeout(&address, share) {
            Ok(stream) => return Ok(stream),
            Err(error) => {
                let timed_out = error.kind() == io::ErrorKind::TimedOut;
                let kind = if timed_out { BrokenKind::Timeout } else { BrokenKind::Connect };
                last = Fault::unsent(kind, error);
            }
        }
    }
    Err(last.into())
}

/// The addresses of the host. The system's resolver cannot be told how long to try, so it runs in
/// a thread that is left behind when time is up.
fn lookup(details: &ConnectionDetails<'_>, place: &Place<'_>) -> Result<Vec<SocketAddr>, Error> {
    let (host, port) = (place.host, place.port);
    if let Some(ip) = literal(host) {
        return Ok(vec![SocketAddr::new(ip, port)]);
    }
    let (found, wait) = mpsc::sync_channel(1);
    let name = host.to_owned();
    let ask = move || {
        let addresses = (name.as_str(), port).to_socket_addrs();
        // Nobody listens any more when time is up.
        let _ = found.send(addresses.map(|all| all.take(MOST_ADDRESSES).collect()));
    };
    thread::Builder::new()
        .name("tucuxi-lookup".to_owned())
        .spawn(ask)
        .map_err(|error| Fault::unsent(BrokenKind::Connect, error))?;
    let timeout = to_connect(details);
    match wait.recv_timeout(left(timeout)?) {
        Ok(addresses) => addresses.map_err(|error| Fault::unsent(BrokenKind::Resolve, error).into()),
        Err(_) => Err(Error::Timeout(timeout.reason)),
    }
}

/// The address that a host is already.
pub(super) fn literal(host: &str) -> Option<IpAddr> {
    let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    bare.unwrap_or(host).parse().ok()
}

/// S3 answers with eight.
const MOST_ADDRESSES: usize = 16;

/// What stands for "no timeout": the budgets of this transport are always set, this is a stop.
const LONGEST: time::Duration = time::Duration::from_secs(3600);

/// The least time an address gets.
const SHORTEST: time::Duration = time::Duration::from_millis(10);

/// The most that one TLS record takes, with its header.
const TLS_RECORD: usize = 16 * 1024 + 2048 + 5;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_does_not_answer_leaves_time_for_the_next() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let open = listener.local_addr().unwrap();
        let closed: SocketAddr = "127.0.0.1:1".parse().unwrap();
        // RFC 5737 keeps this one for documentation: it is unreachable or silent.
        let silent: SocketAddr = "192.0.2.1:9".parse().unwrap();
        let left = || Ok(time::Duration::from_millis(300));

        let stream = first_that_answers(vec![closed, silent, open], left).unwrap();
        assert_eq!(stream.peer_addr().unwrap(), open);
        assert!(first_that_answers(vec![silent, closed], left).is_err());
        assert!(first_that_answers(vec![], left).is_err());
    }

    #[test]
    fn literals_are_not_looked_up() {
        for (host, ip) in [("127.0.0.1", "127.0.0.1"), ("[::1]", "::1"), ("[fd00:ec2::254]", "fd00:ec2::254")]
        {
            assert_eq!(literal(host), Some(ip.parse().unwrap()));
        }
        for host in ["localhost", "", "[", "[]", "127.1", "0x7f.0.0.1", "[::1"] {
            assert_eq!(literal(host), None, "{host}");
        }
    }
}
