//! The default [`Transport`]: HTTP/1.1 by [ureq](https://docs.rs/ureq), TLS by rustls with ring.
//!
//! ureq brings the pool, the wire and its parser. Its defaults suit browsing: it follows redirects,
//! adds headers, waits without end and reads a reply that has no length as if it were whole. All
//! of that is off here or checked afterwards. Sockets and lookups are in `dial`, what goes
//! around them in `tunnel` and `tls`, what an error means in `watch`.

mod dial;
mod proxies;
#[cfg(feature = "rustls")]
mod roots;
#[cfg(test)]
mod tests;
#[cfg(feature = "rustls")]
mod tls;
mod tunnel;
mod watch;

use std::fmt;
use std::io;
use std::io::Read;
use std::net::IpAddr;
#[cfg(feature = "rustls")]
use std::path::PathBuf;
use std::time::Duration;

use ureq::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, Uri, Version, header};
use ureq::{Agent, AsSendBody, Proxy, SendBody};

pub use self::proxies::InvalidProxy;
use self::proxies::Proxies;
#[cfg(feature = "rustls")]
pub use self::roots::CaBundleError;
use self::watch::Fault;
use super::{Answer, Broken, BrokenKind, Head, Sent, Transport};
use crate::host::{Host, System};

/// Sends requests with [ureq](https://docs.rs/ureq), over connections that it keeps for reuse.
///
/// * **Exact.** The target and the headers go out byte for byte, names in lower case, headers of
///   one name next to each other. Nothing is added but `content-length` where one is due and
///   missing: the number of bytes of the body, or `0` on a `PUT` or `POST` without one.
/// * **Nothing is decided.** No redirect is followed, no status is an error, nothing is
///   decompressed, nothing is sent twice.
/// * **Nothing waits without end.** [`Head::connect_timeout`] covers the lookup, every address, the
///   proxy and TLS together; [`Head::read_timeout`] covers the whole head of the reply, then each
///   read of the body, and each write. The time for a whole body is the caller's to limit: a
///   server may trickle it.
/// * **`expect: 100-continue`** is asked for by giving that header. The body then waits for the
///   server's consent, or one second, and does not go out when another reply comes.
/// * **Nothing is trusted that could be cut.** A `2xx` reply must say how long it is. A reply with
///   `transfer-encoding` other than `chunked`, with that and `content-length`, or with
///   `content-length` twice is refused as [`BrokenKind::Protocol`], as is a head over 64 KiB or
///   with over 128 headers.
/// * **Connections** that are idle, ten per host and thirty in all at most, are used again within
///   15 seconds, less than the 20 after which servers of AWS close them; older ones are dropped
///   with the next request. One that has ended meanwhile is noticed and not used. When one ends
///   just as a request goes out, [`Broken::stale`] says so.
/// * **A refused upload is heard.** When the server answers and closes before it has the whole
///   body, its answer is returned, not the broken pipe.
///
/// # Proxies
///
/// A session's transport reads the variables of its [`Host`]: for https `https_proxy`, else `HTTPS_PROXY`,
/// for http `http_proxy`, else `HTTP_PROXY`, and then for both `all_proxy`, else `ALL_PROXY`. The first that is
/// set decides, and an empty one says that there is none. The value is the URL of an http or https proxy,
/// with user and password if it wants them, or a host and a port alone. Anything else, a SOCKS proxy too, is
/// an error of every request that would go through it ([`BrokenKind::Request`] with an [`InvalidProxy`] inside
/// of the source): it is not gone around.
///
/// `no_proxy`, else `NO_PROXY`, lists the hosts to reach directly, and the domains of such, with commas in
/// between; a port may follow, and `*` is all of them. Loopback and link-local hosts are always reached
/// directly: what listens there, such as the instance metadata service, means this machine.
/// [`UreqTransport::direct`] turns proxies off.
///
/// Requests go through `CONNECT`, those without TLS too. A proxy may refuse that to ports other than 443, as
/// Squid does unless it is told otherwise, and so plain http needs a proxy that allows it.
///
/// # Logging
///
/// **At level `TRACE` of the `log` crate, ureq prints the bytes on the wire**, signatures, tokens
/// and bodies among them. A program that logs at that level should build `log` with the feature
/// `max_level_debug` or `release_max_level_debug`, or leave out the targets `ureq` and `ureq_proto`. At
/// `DEBUG` ureq shows no secrets.
///
/// # Example
///
/// ```
/// use tucuxi::transport::UreqTransport;
///
/// let transport = UreqTransport::new().direct();
/// assert_eq!(format!("{transport:?}"), "UreqTransport");
/// ```
pub struct UreqTransport {
    direct: Agent,
    plain: Result<Option<Agent>, InvalidProxy>,
    tls: Result<Option<Agent>, InvalidProxy>,
    proxies: Proxies,
    #[cfg(feature = "rustls")]
    roots: roots::Roots,
}

impl UreqTransport {
    /// A transport with proxies from the environment of the process and, for TLS, the system's CA
    /// certificates: those in the file that `SSL_CERT_FILE` names, else in the first usual place that has
    /// any. They are read when TLS is first used.
    #[must_use]
    pub fn new() -> Self {
        Self::from_host(&System)
    }

    /// The same with proxies from that host's variables.
    #[must_use]
    pub fn from_host(host: &dyn Host) -> Self {
        Self::build(
            Proxies::of(host),
            #[cfg(feature = "rustls")]
            roots::Roots::System,
        )
    }

    /// The CA certificates to trust instead of the system's: a file in PEM, as in `AWS_CA_BUNDLE`.
    ///
    /// It is read when TLS is first used. If that fails, sending fails with [`BrokenKind::Config`]
    /// and a [`CaBundleError`] inside of the source.
    #[cfg(feature = "rustls")]
    #[must_use]
    pub fn ca_bundle(self, path: impl Into<PathBuf>) -> Self {
        Self::build(self.proxies, roots::Roots::File(path.into()))
    }

    /// Uses no proxy, whatever the environment says.
    #[must_use]
    pub fn direct(self) -> Self {
        Self { plain: Ok(None), tls: Ok(None), proxies: Proxies::none(), ..self }
    }

    /// Sends requests through that proxy, whatever the environment says, other than those to
    /// loopback and link-local hosts.
    ///
    /// # Errors
    ///
    /// [`InvalidProxy`] unless it is the URL of an `http` or `https` proxy, such as
    /// `http://user:password@proxy.example:3128`.
    pub fn proxy(self, url: &str) -> Result<Self, InvalidProxy> {
        Ok(Self::build(
            Proxies::one(url)?,
            #[cfg(feature = "rustls")]
            self.roots,
        ))
    }

    fn build(proxies: Proxies, #[cfg(feature = "rustls")] roots: roots::Roots) -> Self {
        let agent = |proxy: Option<Proxy>| {
            #[cfg(feature = "rustls")]
            let dial = dial::Dial::new(roots.clone());
            #[cfg(not(feature = "rustls"))]
            let dial = dial::Dial::new();
            Agent::with_parts(config(proxy), dial, dial::NoLookup)
        };
        let through = |proxy: &Result<Option<Proxy>, InvalidProxy>| {
            proxy.as_ref().map(|proxy| proxy.clone().map(|proxy| agent(Some(proxy)))).map_err(|why| *why)
        };
        Self {
            direct: agent(None),
            plain: through(&proxies.plain),
            tls: through(&proxies.tls),
            proxies,
            #[cfg(feature = "rustls")]
            roots,
        }
    }

    fn agent(&self, head: &Head<'_>) -> Result<&Agent, InvalidProxy> {
        if is_near(head.host) || self.proxies.excepts(head.host, head.port) {
            return Ok(&self.direct);
        }
        let proxied = if head.https { &self.tls } else { &self.plain };
        proxied.as_ref().map(|agent| agent.as_ref().unwrap_or(&self.direct)).map_err(|why| *why)
    }
}

impl Default for UreqTransport {
    fn default() -> Self {
        Self::new()
    }
}

impl Transport for UreqTransport {
    fn send(&self, head: &Head<'_>, body: &mut dyn Read) -> Result<Answer, Broken> {
        let request = request(head)?;
        let agent = self.agent(head).map_err(|why| {
            let source = io::Error::new(io::ErrorKind::InvalidInput, why);
            Broken::new(BrokenKind::Request, Sent::No, source)
        })?;
        let mut body = Exact { body, left: head.content_length.unwrap_or(0), fault: None };
        let outcome = if body.left == 0 {
            exchange(agent, head, request)
        } else {
            exchange(agent, head, request.map(|()| SendBody::from_reader(&mut body)))
        };
        if let Some(fault) = body.fault {
            return Err(Broken::new(BrokenKind::Request, Sent::Maybe, fault));
        }
        answer(head, outcome.map_err(watch::into_fault)?)
    }
}

impl fmt::Debug for UreqTransport {
    /// Without its settings: a proxy's URL may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UreqTransport")
    }
}

/// Gives ureq as many bytes as the head has promised and never a number that it takes for the end
/// of a shorter body: it would wait for the rest for ever.
struct Exact<'a> {
    body: &'a mut dyn Read,
    left: u64,
    fault: Option<io::Error>,
}

impl Read for Exact<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left).map_or(buf.len(), |left| left.min(buf.len()));
        let buf = &mut buf[..most];
        loop {
            let fault = match self.body.read(buf) {
                Ok(0) if most > 0 => {
                    io::Error::new(io::ErrorKind::UnexpectedEof, "the body is shorter than said")
                }
                Ok(n) if n <= most => {
                    self.left -= n as u64;
                    return Ok(n);
                }
                Ok(_) => io::Error::other("the body says it read more than there was room for"),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => error,
            };
            let kind = fault.kind();
            self.fault = Some(fault);
            return Err(kind.into());
        }
    }
}

/// The body of a reply, with errors that name no type of ureq. An error stays: a reader that goes
/// on after one must not take what follows for the end.
struct Body {
    reader: ureq::BodyReader<'static>,
    limit: Duration,
    /// How many bytes of those that were announced are still to come.
    left: Option<u64>,
    failed: Option<io::ErrorKind>,
}

impl Body {
    fn read_some(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        watch::limited(self.limit, || self.reader.read(buf)).map_err(|error| {
            let error = watch::into_fault(error.into()).into_source();
            self.failed = Some(error.kind());
            error
        })
    }
}

impl Read for Body {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if let Some(kind) = self.failed {
            return Err(kind.into());
        }
        let read = self.read_some(buf)?;
        self.left = self.left.map(|left| left.saturating_sub(read as u64));
        if self.left == Some(0) && read > 0 {
            // ureq keeps the connection once it was asked for more than there is, and who knows the length
            // does not ask. All bytes are there, so what comes of this does not matter.
            let _ = self.reader.read(&mut [0]);
        }
        Ok(read)
    }
}

fn config(proxy: Option<Proxy>) -> ureq::config::Config {
    Agent::config_builder()
        .accept("")
        .accept_encoding("")
        .http_status_as_error(false)
        .max_idle_age(MAX_IDLE)
        .max_idle_connections(30)
        .max_idle_connections_per_host(10)
        .max_redirects(0)
        .max_response_header_size(64 * 1024)
        .proxy(proxy)
        .user_agent("")
        .build()
}

/// The age at which a kept connection is not used any more.
const MAX_IDLE: Duration = Duration::from_secs(15);

fn exchange(
    agent: &Agent,
    head: &Head<'_>,
    request: Request<impl AsSendBody>,
) -> Result<Response<ureq::Body>, ureq::Error> {
    // An age that no kept connection is below drops them all.
    let idle = if head.fresh { Duration::ZERO } else { MAX_IDLE };
    let request = agent
        .configure_request(request)
        .max_idle_age(idle)
        .timeout_connect(Some(head.connect_timeout))
        .timeout_send_request(Some(head.read_timeout))
        .timeout_recv_response(Some(head.read_timeout))
        .timeout_per_read(Some(head.read_timeout))
        .timeout_per_write(Some(head.read_timeout))
        .build();
    agent.run(request)
}

/// The request as ureq takes it, refused unless it goes out as it came in.
fn request(head: &Head<'_>) -> Result<Request<()>, Broken> {
    if !matches!(head.method, "GET" | "HEAD" | "PUT" | "POST" | "DELETE") {
        return Err(refused("this method is not supported"));
    }
    if head.https && cfg!(not(feature = "rustls")) {
        return Err(refused("built without https: turn on the feature `rustls`"));
    }
    if head.method == "HEAD" && head.content_length.is_some_and(|length| length > 0) {
        return Err(refused("a HEAD request has no body"));
    }
    let scheme = if head.https { "https" } else { "http" };
    let uri: Uri = format!("{scheme}://{}:{}{}", head.host, head.port, head.target)
        .parse()
        .map_err(|_| refused("the host or the target is not valid in a URL"))?;
    let same = !head.host.is_empty()
        && uri.host() == Some(head.host)
        && uri.port_u16() == Some(head.port)
        && uri.path_and_query().is_some_and(|target| target.as_str() == head.target);
    if !same || !head.target.starts_with('/') {
        return Err(refused("the host or the target is not valid in a URL"));
    }
    let method = Method::from_bytes(head.method.as_bytes()).map_err(|_| refused("not a method"))?;
    let mut request = Request::new(());
    *request.method_mut() = method;
    *request.uri_mut() = uri;
    *request.headers_mut() = headers(head)?;
    Ok(request)
}

fn headers(head: &Head<'_>) -> Result<HeaderMap, Broken> {
    let mut headers = HeaderMap::with_capacity(head.headers.len() + 1);
    for &(name, value) in head.headers {
        let name =
            HeaderName::from_bytes(name.as_bytes()).map_err(|_| refused("a header's name is not valid"))?;
        let value = HeaderValue::from_bytes(value.as_bytes());
        let value = value.map_err(|_| refused("a header's value is not valid"))?;
        // ureq writes a header in one piece, from a buffer of twice that size.
        if value.len() > 64 * 1024 {
            return Err(refused("a header is too long"));
        }
        headers.try_append(name, value).map_err(|_| refused("too many headers"))?;
    }
    if headers.get_all(header::HOST).iter().count() != 1 {
        return Err(refused("there must be one host header"));
    }
    if headers.contains_key(header::TRANSFER_ENCODING) {
        return Err(refused("a body is sent with its length"));
    }
    let due = match head.content_length {
        None if matches!(head.method, "PUT" | "POST") => Some(0),
        length => length,
    };
    let mut given = headers.get_all(header::CONTENT_LENGTH).iter();
    match (given.next(), given.next(), due) {
        (None, ..) => {
            if let Some(due) = due {
                headers.append(header::CONTENT_LENGTH, HeaderValue::from(due));
            }
        }
        (Some(value), None, due) if *value == HeaderValue::from(due.unwrap_or(0)) => {}
        _ => return Err(refused("content-length is not the length of the body")),
    }
    Ok(headers)
}

fn answer(head: &Head<'_>, response: Response<ureq::Body>) -> Result<Answer, Broken> {
    check_framing(head.method, &response).map_err(|what| {
        let source = io::Error::new(io::ErrorKind::InvalidData, what);
        Broken::new(BrokenKind::Protocol, Sent::Maybe, source)
    })?;
    let (parts, body) = response.into_parts();
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = parts.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
    let left =
        parts.headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    let body = Body { reader: body.into_reader(), limit: head.read_timeout, left, failed: None };
    Ok(Answer::new(parts.status.as_u16(), headers, Box::new(body)))
}

/// The rules of [RFC 9112, 6.3](https://www.rfc-editor.org/rfc/rfc9112#section-6.3) that ureq is
/// lenient about, and one more: what says "done" has to say where it ends, since a body that ends
/// with its connection cannot be told from one that was cut. An error may go without.
fn check_framing<T>(method: &str, response: &Response<T>) -> Result<(), &'static str> {
    let headers = response.headers();
    let lengths = headers.get_all(header::CONTENT_LENGTH).iter().count();
    let mut codings = headers.get_all(header::TRANSFER_ENCODING).iter();
    let coding = codings.next();
    let status = response.status();
    if status.is_informational() {
        return Err("the protocol was switched");
    }
    if lengths > 1
        || headers.get(header::CONTENT_LENGTH).is_some_and(|value| value.as_bytes().contains(&b','))
    {
        return Err("more than one content-length");
    }
    if let Some(coding) = coding {
        if codings.next().is_some() || !coding.as_bytes().eq_ignore_ascii_case(b"chunked") {
            return Err("a transfer-encoding other than chunked");
        }
        if lengths > 0 {
            return Err("both transfer-encoding and content-length");
        }
        if response.version() != Version::HTTP_11 {
            return Err("transfer-encoding in HTTP/1.0");
        }
    }
    let empty = method == "HEAD" || matches!(status.as_u16(), 204 | 304);
    if status.is_success() && !empty && lengths == 0 && coding.is_none() {
        return Err("neither content-length nor transfer-encoding");
    }
    Ok(())
}

/// Whether a host is this machine or its link, including the addresses of the metadata and
/// credential services on EC2 and EKS.
fn is_near(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    let local = |name: &str| name.eq_ignore_ascii_case("localhost");
    match dial::literal(host).map(|ip| ip.to_canonical()) {
        Some(IpAddr::V4(ip)) => ip.is_loopback() || ip.is_link_local(),
        Some(IpAddr::V6(ip)) => {
            ip.is_loopback() || ip.is_unicast_link_local() || ip.segments().starts_with(&[0xfd00, 0xec2])
        }
        None => local(host.rsplit('.').next().unwrap_or(host)),
    }
}

/// The request is not one that this transport sends.
fn refused(what: &'static str) -> Broken {
    Fault::unsent(BrokenKind::Request, io::Error::new(io::ErrorKind::InvalidInput, what)).into()
}
