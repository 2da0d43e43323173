//! Any request: a URL and whatever headers it takes.

use super::Body;
use super::Coding;
use super::Draft;
use super::Invalid;
use super::Method;
use super::Pair;
use super::Request;
use super::Value;
use crate::uri::Url;

/// A request of one's own making, for services and operations that have no type here.
///
/// What the URL has percent-encoded stays encoded, spaces and other characters that should have
/// been are encoded, and a `+` in the query is a plus sign. The request is signed as it will be sent.
///
/// ```
/// use tucuxi_core::request::{Method, Pair, Raw};
///
/// let mut room = [Pair::EMPTY; 8];
/// let mut raw = Raw::from_url("https://s3.us-west-2.amazonaws.com/logs/a b?tagging", &mut room).unwrap();
/// raw.method(Method::Get);
/// raw.header("Range", "bytes=0-9");
/// let request = raw.finish().unwrap();
/// assert_eq!(request.path(), "logs/a b");
/// ```
#[derive(Debug)]
pub struct Raw<'p, 'r> {
    draft: Draft<'p, 'r>,
    url: Url<'r>,
    host: Option<&'r str>,
}

impl<'p, 'r> Raw<'p, 'r> {
    /// A `GET` of `url`, whose query pairs and headers go into `room`.
    ///
    /// # Errors
    ///
    /// [`Invalid::Url`] where it is no http or https URL or the host is none, [`Invalid::Character`] for
    /// a control character or a `#`. Room that is too small is reported by [`finish`](Self::finish). A
    /// `wss://` URL is signed as `https://`: what it begins with is an HTTP request.
    pub fn from_url(url: &'r str, room: &'p mut [Pair<'r>]) -> Result<Self, Invalid<'r>> {
        let (before, query) = url.split_once('?').map_or((url, None), |(path, query)| (path, Some(query)));
        if let Some(at) = url.bytes().position(|byte| byte.is_ascii_control() || byte == b'#') {
            return Err(Invalid::Character { at });
        }
        let host = before.find("://").map_or(0, |at| at.saturating_add(3));
        let path = before.get(host..).and_then(|rest| rest.find('/')).unwrap_or(before.len());
        let (origin, path) = before.split_at_checked(host.saturating_add(path)).unwrap_or((before, "/"));
        let url = Url::parse(origin).map_err(Invalid::Url)?;
        let mut draft = Draft::new(Method::Get, room);
        draft.path(path.strip_prefix('/').unwrap_or_default(), Coding::Percent);
        for pair in query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some((name, value)) => draft.query(name, Value::Text(value)),
                None => draft.query(pair, Value::Flag),
            }
        }
        Ok(Self { draft, url, host: None })
    }

    /// Sets the method.
    pub const fn method(&mut self, method: Method) {
        self.draft.method(method);
    }

    /// Adds a header. A `Host` takes the place of the URL's. Names may repeat: their values are
    /// signed as one list and sent as several lines.
    pub fn header(&mut self, name: &'r str, value: &'r str) {
        if name.eq_ignore_ascii_case("host") {
            if value.is_empty() || !value.bytes().all(|byte| byte.is_ascii_graphic()) {
                self.draft.wrong(Invalid::Value { name });
            }
            self.host = Some(value);
        } else {
            self.draft.header(name, Value::Text(value));
        }
    }

    /// What the request is drafted in, for what adds headers by itself.
    pub const fn draft(&mut self) -> &mut Draft<'p, 'r> {
        &mut self.draft
    }

    /// Sets the body.
    pub const fn body(&mut self, body: &'r [u8]) {
        self.draft.body(Body::Bytes(body));
    }

    /// The value of the `Host` header: that of [`header`](Self::header), else the URL's.
    #[must_use]
    pub fn host(&self) -> &'r str {
        self.host.unwrap_or_else(|| self.url.authority())
    }

    /// The URL up to its path.
    #[must_use]
    pub const fn url(&self) -> Url<'r> {
        self.url
    }

    /// The request.
    ///
    /// # Errors
    ///
    /// As [`Draft::finish`].
    pub fn finish(self) -> Result<Request<'p>, Invalid<'r>> {
        self.draft.finish()
    }
}
