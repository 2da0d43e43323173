//! Requests that were made and not sent: to look at, to hand out, to send by other means.

use std::fmt;

use tucuxi_core::request::Pair;
use tucuxi_core::request::Request;
use tucuxi_core::time::Time;

use crate::output::written;

/// A request as it would go out, and nothing sent.
#[derive(Clone)]
#[non_exhaustive]
pub struct Prepared {
    /// The verb.
    pub method: &'static str,
    /// Scheme, host, path and query.
    pub url: String,
    /// Names and values in the order in which they go out, `host` and `authorization` among them.
    pub headers: Vec<(String, String)>,
    /// The body; none where the request has none, empty where it has an empty one.
    pub body: Option<Vec<u8>>,
}

impl fmt::Debug for Prepared {
    /// Without what is signed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self.url.split('?').next().unwrap_or_default();
        f.debug_struct("Prepared").field("method", &self.method).field("url", &url).finish_non_exhaustive()
    }
}

/// A URL that anyone can use until it expires, with what has to be sent to it.
///
/// A URL alone works where `headers` and `body` are empty. Otherwise whoever uses it sends them as they are here:
/// what was signed and is not sent, or sent and not as it was signed, is refused. Further headers may be sent, but not
/// such as begin with `x-amz-`, which S3 wants signed.
#[derive(Clone)]
#[non_exhaustive]
pub struct Presigned {
    /// The verb that it is for.
    pub method: &'static str,
    /// The URL. Whoever has it has what it gives: keep it out of logs.
    pub url: String,
    /// The headers that must be sent with it exactly so, in lower case and by their names, `host` left out: those
    /// that the operation says (`content-type`, `x-amz-meta-…`, …). Every one of them is signed.
    pub headers: Vec<(String, String)>,
    /// The body that must be sent with it; none where whoever has the URL says it, as to S3, or there is none.
    pub body: Option<Vec<u8>>,
    /// When it stops working: after the time that was asked for, or with the credentials that signed it if they
    /// are known to end before.
    pub expires: Time,
}

impl fmt::Debug for Presigned {
    /// Without the query: it is the proof.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self.url.split('?').next().unwrap_or_default();
        f.debug_struct("Presigned")
            .field("method", &self.method)
            .field("url", &url)
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}

/// What has to be sent with a presigned URL.
pub(crate) fn headers(request: &Request<'_>) -> Vec<(String, String)> {
    let header = |pair: &Pair<'_>| (written(|to| pair.write_name(to)), written(|to| pair.value().write(to)));
    request.headers().iter().map(header).collect()
}
