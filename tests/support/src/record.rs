//! What a server was asked, in order, and what it answered.

use std::fmt;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use http::request::Parts;

use crate::accounts::Scope;

/// One request, as it came over the wire.
///
/// `Display` is one line for a person:
/// `GET /west-bucket?list-type=2 key=AKIDWEST region=us-west-2 -> 200`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Recorded {
    /// `GET`, `PUT`, …
    pub method: String,
    /// The path and the query, still encoded.
    pub path: String,
    /// Names in lower case, in the order they came.
    pub headers: Vec<(String, String)>,
    /// Who signed: from `Authorization`, or `X-Amz-Credential` in the query.
    pub access_key: Option<String>,
    /// The region of the credential scope.
    pub region: Option<String>,
    /// What was answered; none while the server is still at it.
    pub status: Option<u16>,
}

impl Recorded {
    /// The first header of this name, given in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let header = self.headers.iter().find(|header| header.0 == name)?;
        Some(&header.1)
    }

    fn new(head: &Parts) -> Self {
        let headers: Vec<_> = head
            .headers
            .iter()
            .map(|(name, value)| {
                let value = String::from_utf8_lossy(value.as_bytes());
                (name.as_str().to_owned(), value.into_owned())
            })
            .collect();
        let scope = Scope::of(head);
        Self {
            method: head.method.as_str().to_owned(),
            path: head.uri.to_string(),
            headers,
            access_key: scope.as_ref().map(|scope| scope.access_key.clone()),
            region: scope.map(|scope| scope.region),
            status: None,
        }
    }
}

impl fmt::Display for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)?;
        if let Some(target) = self.header("x-amz-target") {
            write!(f, " {target}")?;
        }
        let key = self.access_key.as_deref().unwrap_or("-");
        let region = self.region.as_deref().unwrap_or("-");
        write!(f, " key={key} region={region} -> ")?;
        match self.status {
            Some(status) => write!(f, "{status}"),
            None => f.write_str("…"),
        }
    }
}

/// The list behind a server's `requests()`.
pub(crate) struct Log {
    requests: Mutex<Vec<Recorded>>,
    listener: Mutex<Listener>,
}

struct Listener(Box<dyn Fn(&Recorded) + Send>);

impl Default for Log {
    fn default() -> Self {
        Self { requests: Mutex::default(), listener: Mutex::new(Listener(Box::new(|_| {}))) }
    }
}

impl Log {
    /// Notes a request before it is answered; what is returned is for [`Log::answered`].
    pub(crate) fn asked(&self, head: &Parts) -> usize {
        let mut requests = lock(&self.requests);
        requests.push(Recorded::new(head));
        requests.len() - 1
    }

    pub(crate) fn answered(&self, nth: usize, status: u16) {
        let recorded = {
            let mut requests = lock(&self.requests);
            requests[nth].status = Some(status);
            requests[nth].clone()
        };
        (lock(&self.listener).0)(&recorded);
    }

    pub(crate) fn listen(&self, listener: impl Fn(&Recorded) + Send + 'static) {
        *lock(&self.listener) = Listener(Box::new(listener));
    }

    pub(crate) fn requests(&self) -> Vec<Recorded> {
        lock(&self.requests).clone()
    }
}

/// Locks even when a test that held the lock has failed: its failure is the one to see.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
