//! The loop of one call: everything that goes over the network goes through here.
//!
//! Core's [`Call`] says what to do next; this file does it: sign and send, read, wait. It decides nothing
//! itself. What it is given is independent of the operation's type, so the loop exists once in a program.

mod arrived;

use std::borrow::Cow;
use std::io::Read;
use std::time::Duration;

use tucuxi_core::call;
use tucuxi_core::call::Attempt;
use tucuxi_core::call::Call;
use tucuxi_core::call::Repeat;
use tucuxi_core::call::Reply;
use tucuxi_core::call::Step;
use tucuxi_core::endpoint::BadEndpoint;
use tucuxi_core::endpoint::ENDPOINT_ROOM;
use tucuxi_core::endpoint::Endpoint;
use tucuxi_core::endpoint::Place;
use tucuxi_core::hash::Sha256;
use tucuxi_core::operation::Operation;
use tucuxi_core::operation::PAIR_ROOM;
use tucuxi_core::operation::Protocol;
use tucuxi_core::operation::Service;
use tucuxi_core::operation::request;
use tucuxi_core::request::Body;
use tucuxi_core::request::Invalid;
use tucuxi_core::request::Method;
use tucuxi_core::request::Pair;
use tucuxi_core::request::Raw;
use tucuxi_core::request::Request;
use tucuxi_core::request::Value;
use tucuxi_core::retry::Kind;
use tucuxi_core::retry::RETRY_AFTER;
use tucuxi_core::sigv4::Expires;
use tucuxi_core::sigv4::Payload;
use tucuxi_core::sigv4::Rules;
use tucuxi_core::sigv4::Signed;
use tucuxi_core::sigv4::Signer;
use tucuxi_core::sink::Recite;
use tucuxi_core::time::Time;
use tucuxi_core::wire;

pub(crate) use self::arrived::Finished;
pub(crate) use self::arrived::Limit;
pub(crate) use self::arrived::borrowed_headers;
pub(crate) use self::arrived::not_output;
pub(crate) use self::arrived::read_document;

use crate::client::Inner;
use crate::config::Keys;
use crate::error::Error;
use crate::error::Result;
use crate::output::Bytes;
use crate::output::written;
use crate::prepared::Prepared;
use crate::prepared::Presigned;
use crate::prepared::headers;
use crate::transport::Answer;
use crate::transport::Broken;
use crate::transport::BrokenKind;
use crate::transport::Head;
use crate::transport::Sent;
use crate::transport::Transport;

/// What the loop has to know of a service.
#[derive(Clone, Copy)]
pub(crate) struct Traits {
    pub(crate) rules: Rules,
    pub(crate) protocol: Protocol,
    pub(crate) errors: &'static [(&'static str, &'static str)],
    pub(crate) presigned_payload: Payload<'static>,
    endpoint: for<'r> fn(&Place<'r>, &str, &'r mut [u8]) -> Result<Endpoint<'r>, BadEndpoint>,
}

impl Traits {
    pub(crate) fn of<S: Service>() -> Self {
        Self {
            rules: S::RULES,
            protocol: S::PROTOCOL,
            errors: S::ERRORS,
            presigned_payload: S::PRESIGNED_PAYLOAD,
            endpoint: |place, bucket, room| S::endpoint(place, bucket, room),
        }
    }

    /// Where a request goes, written into `room`, or into `long` where that is too short.
    pub(crate) fn endpoint<'r>(
        self,
        place: &Place<'r>,
        bucket: &str,
        room: &'r mut [u8],
        long: &'r mut Vec<u8>,
    ) -> Result<Endpoint<'r>> {
        if !bucket.is_empty() && !bucket_name(bucket) {
            return Err(Error::input(format_args!(
                "{bucket:?} is no bucket name: only letters, digits, dots, hyphens and underscores may be in one"
            )));
        }
        match (self.endpoint)(place, bucket, room) {
            Err(BadEndpoint::Room { needed }) => {
                long.resize(needed, 0);
                (self.endpoint)(place, bucket, long).map_err(Error::endpoint)
            }
            other => other.map_err(Error::endpoint),
        }
    }
}

/// What a request is signed with; in nobody's name without keys.
#[derive(Clone, Copy)]
struct Signing<'s> {
    keys: Option<&'s Keys>,
    endpoint: Endpoint<'s>,
    payload: Payload<'s>,
    now: Time,
}

/// One call of one operation.
pub(crate) struct Sending<'c> {
    pub(crate) client: &'c Inner,
    pub(crate) traits: Traits,
    pub(crate) operation: &'static str,
    pub(crate) request: Request<'c>,
}

impl Sending<'_> {
    /// Sends until it succeeds or there is no point in trying again.
    pub(crate) fn send(&self, finish: &mut dyn FnMut(Answer, Limit<'_>) -> Finished) -> Result<()> {
        let fail = |error: Error| error.in_call(self.operation, 0, call::Effect::None, None);
        let settings = self.client.settings().map_err(fail)?;
        let mut room = [0; ENDPOINT_ROOM];
        let mut long = Vec::new();
        let place = self.client.place().map_err(fail)?;
        let endpoint = self.endpoint(place, &mut room, &mut long).map_err(fail)?;
        let keys = self.client.keys().map_err(fail)?;
        let body = self.body();
        let payload = digest(keys, &body);
        let host = &*self.client.session.host;
        let invocation = self.client.session.invocation_id();
        let transport = self.client.session.transport().map_err(fail)?;

        let mut call = Call::new(settings.retry, self.repeat());
        if self.operation == "ReceiveMessage" {
            call = call.long_poll();
        }
        let limit = Limit { host, span: self.client.session.timeouts.read };
        let mut attempts = 0;
        let mut fresh = false;
        let mut signing = Signing { keys, endpoint, payload, now: host.now() };
        let mut answer = None;
        let mut failed = None;
        loop {
            let random = || u32::try_from(host.random() >> 32).unwrap_or_default();
            let mut code = None;
            let reply = match call.poll() {
                Step::Send(attempt) => {
                    attempts = attempt.number;
                    signing.now = host.now();
                    let text = self.head(signing, attempt, &invocation, &body);
                    match self.attempt(transport, endpoint, &text, fresh, &body) {
                        Ok(got) => {
                            let got = &*answer.insert(got);
                            Reply::Head { status: got.status, retry_after: got.header(RETRY_AFTER) }
                        }
                        Err(broken) => {
                            let kind = match broken.kind {
                                BrokenKind::Config | BrokenKind::Request => Kind::Other,
                                _ => Kind::Transient,
                            };
                            let sent = broken.sent;
                            fresh = broken.stale;
                            failed = Some(Error::transport(broken, endpoint.authority()));
                            if fresh { Reply::Stale } else { Reply::Broken { sent, kind, random: random() } }
                        }
                    }
                }
                Step::ReadOutput => match answer.take().map(|answer| finish(answer, limit)) {
                    Some(Finished::Read) => Reply::Read,
                    Some(Finished::Failed(error, named)) => {
                        failed = Some(error);
                        code = named;
                        Reply::Failed { code: code.as_deref(), random: random() }
                    }
                    Some(Finished::Unreadable(error)) => {
                        failed = Some(error);
                        Reply::Unreadable
                    }
                    Some(Finished::Broken(error)) => {
                        failed = Some(error);
                        Reply::Broken { sent: Sent::Maybe, kind: Kind::Transient, random: random() }
                    }
                    None => Reply::Broken { sent: Sent::Maybe, kind: Kind::Other, random: random() },
                },
                Step::ReadFailure => {
                    let (error, named) = match answer.take() {
                        Some(answer) => arrived::failure(self.traits, answer, limit, |body| {
                            self.signed(signing, |signed| arrived::mismatch(signed, body))
                        }),
                        None => (Error::config("no reply"), None),
                    };
                    failed = Some(error);
                    code = named;
                    Reply::Failed { code: code.as_deref(), random: random() }
                }
                Step::Wait { micros } => {
                    host.sleep(Duration::from_micros(micros));
                    Reply::Waited
                }
                Step::Done => return Ok(()),
                Step::GiveUp(why) => {
                    let error = failed.take().unwrap_or_else(|| Error::config("no reply"));
                    let effect = if self.reads() { call::Effect::None } else { call.effect() };
                    return Err(error.in_call(self.operation, attempts, effect, Some(why)));
                }
            };
            call.reply(reply, &mut self.client.quota());
            drop(code);
        }
    }

    /// The first attempt as it would go out.
    pub(crate) fn prepare(&self) -> Result<Prepared> {
        let fail = |error: Error| error.in_call(self.operation, 0, call::Effect::None, None);
        let settings = self.client.settings().map_err(fail)?;
        let mut room = [0; ENDPOINT_ROOM];
        let mut long = Vec::new();
        let place = self.client.place().map_err(fail)?;
        let endpoint = self.endpoint(place, &mut room, &mut long).map_err(fail)?;
        let keys = self.client.keys().map_err(fail)?;
        let body = self.body();
        let payload = digest(keys, &body);
        let attempt = Attempt { number: 1, max: settings.retry.attempts() };
        let invocation = self.client.session.invocation_id();
        let signing = Signing { keys, endpoint, payload, now: self.client.session.host.now() };
        let text = self.head(signing, attempt, &invocation, &body);
        let (_, target, headers) = parts(&text);
        Ok(Prepared {
            method: self.request.method().as_str(),
            url: format!("{}{target}", origin(endpoint)),
            headers: headers.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            body: self.content_length(&body).map(|_| body.into_owned()),
        })
    }

    /// The request as a URL.
    pub(crate) fn presign(&self, lasts: Duration) -> Result<Presigned> {
        let fail = |error: Error| error.in_call(self.operation, 0, call::Effect::None, None);
        let expires = Expires::of(lasts).map_err(|why| fail(Error::expires(why)))?;
        let mut room = [0; ENDPOINT_ROOM];
        let mut long = Vec::new();
        // One endpoint for all regions would answer for the wrong one when buckets move: the region's own.
        let place = self.client.place().map_err(fail)?.global(false);
        let endpoint = self.endpoint(place, &mut room, &mut long).map_err(fail)?;
        let keys = self.client.keys().map_err(fail)?;
        let keys = keys.ok_or_else(|| fail(Error::credentials("an anonymous client cannot presign")))?;
        let now = self.client.session.host.now();
        let payload = self.traits.presigned_payload;
        let credentials = borrowed(keys);
        let end = expires.end(now, &credentials).map_err(|why| fail(Error::expires(why)))?;
        let key = self.client.signing_key(&credentials, now, endpoint.region(), endpoint.service());
        let signer = Signer::new(&credentials, &key, self.traits.rules);
        let mut url = String::new();
        let mut pairs = Vec::new();
        let request = match self.traits.protocol {
            Protocol::Query => self.form_in_query(endpoint, &mut url, &mut pairs).map_err(fail)?,
            _ => self.request,
        };
        let signed = signer.presign(&request, endpoint, now, payload, expires);
        Ok(Presigned {
            method: self.request.method().as_str(),
            url: written(|to| wire::url(&signed, to)),
            headers: headers(&request),
            body: (payload == Payload::Body && request.body().bytes() > 0).then(|| self.body().into_owned()),
            expires: end,
        })
    }

    /// Sends once what was signed.
    fn attempt(
        &self,
        transport: &dyn Transport,
        endpoint: Endpoint<'_>,
        text: &str,
        fresh: bool,
        body: &[u8],
    ) -> Result<Answer, Broken> {
        let (method, target, headers) = parts(text);
        let (host, port) = host_and_port(endpoint);
        let mut head = Head::new(method, host, port, target, &headers);
        head.https = endpoint.https();
        head.content_length = self.content_length(body);
        head.fresh = fresh;
        head.connect_timeout = self.client.session.timeouts.connect;
        head.read_timeout = self.client.session.timeouts.read;
        let mut body = body;
        transport.send(&head, &mut body as &mut dyn Read)
    }

    /// The request with the fields of its form in its query and no body, as botocore presigns it: so the URL
    /// says everything. `url` and `pairs` are its room.
    fn form_in_query<'r>(
        &self,
        endpoint: Endpoint<'_>,
        url: &'r mut String,
        pairs: &'r mut Vec<Pair<'r>>,
    ) -> Result<Request<'r>> {
        let form = written(|to| self.request.body().recite(to));
        *url = format!("{}/?{form}", origin(endpoint));
        pairs.resize(form.split('&').count(), Pair::EMPTY);
        let mut raw = Raw::from_url(url, pairs).map_err(Error::input)?;
        raw.method(self.request.method());
        raw.finish().map_err(Error::input)
    }

    /// Whether it can only read.
    fn reads(&self) -> bool {
        matches!(self.request.method(), Method::Get | Method::Head)
    }

    /// Whether it may be sent again after it may have been carried out.
    fn repeat(&self) -> Repeat {
        let conditional = self.request.headers().iter().any(|pair| CONDITIONS.contains(&pair.name()));
        match self.client.session.repeat {
            _ if self.reads() => Repeat::Always,
            // What the first one has done fails the condition of the second, which tells of a failure then.
            _ if conditional => Repeat::WithoutEffect,
            said => said,
        }
    }

    /// The text of a head, signed as told.
    fn head(&self, signing: Signing<'_>, attempt: Attempt, invocation: &str, body: &[u8]) -> String {
        let attempt = written(|to| attempt.write(to));
        let extra = [
            Pair::new("amz-sdk-invocation-id", Value::Text(invocation)),
            Pair::new("amz-sdk-request", Value::Text(&attempt)),
            Pair::new("user-agent", Value::Text(USER_AGENT)),
        ];
        let length = self.content_length(body);
        self.signed(signing, |signed| written(|to| wire::head(signed, &extra, length, to)))
    }

    /// What `then` makes of the request, signed as told.
    fn signed<T>(&self, signing: Signing<'_>, then: impl FnOnce(&Signed<'_>) -> T) -> T {
        let Signing { keys, endpoint, payload, now } = signing;
        let Some(keys) = keys else { return then(&Signed::anonymous(&self.request, endpoint)) };
        let credentials = borrowed(keys);
        let key = self.client.signing_key(&credentials, now, endpoint.region(), endpoint.service());
        let signer = Signer::new(&credentials, &key, self.traits.rules);
        then(&signer.sign(&self.request, endpoint, now, payload))
    }

    /// The body's bytes. A document is written once for all attempts.
    fn body(&self) -> Cow<'_, [u8]> {
        match self.request.body() {
            Body::Bytes(bytes) => Cow::Borrowed(bytes),
            document => {
                let mut bytes = Bytes::default();
                document.recite(&mut bytes);
                Cow::Owned(bytes.0)
            }
        }
    }

    /// The length that goes out: always where there is a body, and 0 where the verb wants one.
    fn content_length(&self, body: &[u8]) -> Option<u64> {
        let wanted = matches!(self.request.method(), Method::Patch | Method::Post | Method::Put);
        (wanted || !body.is_empty()).then_some(body.len() as u64)
    }

    fn endpoint<'r>(
        &'r self,
        place: Place<'r>,
        room: &'r mut [u8],
        long: &'r mut Vec<u8>,
    ) -> Result<Endpoint<'r>> {
        let bucket = self.request.bucket();
        if !bucket.is_empty() {
            check_bucket(bucket)?;
        }
        self.traits.endpoint(&place, bucket, room, long)
    }
}

/// Hands the request of an operation to `go`, in as much room as it needs.
pub(crate) fn with_request<O: Operation, T>(
    operation: &O,
    go: impl FnOnce(Request<'_>) -> Result<T>,
) -> Result<T> {
    let invalid = |why: Invalid<'_>| Error::input(why).in_call(O::NAME, 0, call::Effect::None, None);
    let mut room = [Pair::EMPTY; PAIR_ROOM];
    match request(operation, &mut room) {
        Ok(request) => go(request),
        Err(Invalid::Room { needed }) => {
            let mut room = vec![Pair::EMPTY; needed];
            go(request(operation, &mut room).map_err(invalid)?)
        }
        Err(why) => Err(invalid(why)),
    }
}

/// What a signature says of the body, found once for all attempts. Nobody asks where nobody signs.
fn digest(keys: Option<&Keys>, body: &[u8]) -> Payload<'static> {
    keys.map_or(Payload::Unsigned, |_| Payload::Sha256(Sha256::digest(body)))
}

pub(crate) fn borrowed(keys: &Keys) -> tucuxi_core::sigv4::Credentials<'_> {
    let token = keys.session_token.as_ref().map(|token| token.reveal());
    tucuxi_core::sigv4::Credentials::new(&keys.access_key_id, keys.secret_access_key.reveal())
        .with_token(token)
        .with_expiry(keys.expires)
}

/// An error for what may be no bucket. What is one goes into hosts and paths as it is.
pub(crate) fn check_bucket(bucket: &str) -> Result<()> {
    if bucket_name(bucket) {
        return Ok(());
    }
    Err(Error::input(format_args!(
        "{bucket:?} is no bucket name: only letters, digits, dots, hyphens and underscores may be in one"
    )))
}

/// Whether this may be a bucket, by the rule that boto3 has: wide enough for the buckets of the first years
/// and for other servers. Names of dots alone are none: `..` would be a step up in a path.
fn bucket_name(text: &str) -> bool {
    let may = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    text.len() <= 255 && text.bytes().all(may) && text.bytes().any(|byte| byte != b'.')
}

fn origin(endpoint: Endpoint<'_>) -> String {
    let scheme = if endpoint.https() { "https" } else { "http" };
    format!("{scheme}://{}", endpoint.authority())
}

fn host_and_port(endpoint: Endpoint<'_>) -> (&str, u16) {
    let authority = endpoint.authority();
    let usual = if endpoint.https() { 443 } else { 80 };
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port.parse().unwrap_or(usual)),
        _ => (authority, usual),
    }
}

/// Method, target and headers of a head that core wrote.
fn parts(text: &str) -> (&str, &str, Vec<(&str, &str)>) {
    let mut lines = text.split("\r\n");
    let mut line = lines.next().unwrap_or_default().split(' ');
    let method = line.next().unwrap_or_default();
    let target = line.next().unwrap_or_default();
    (method, target, lines.filter_map(|line| line.split_once(": ")).collect())
}

/// The headers by which a write depends on what is there.
const CONDITIONS: [&str; 4] =
    ["if-match", "if-none-match", "x-amz-if-match-last-modified-time", "x-amz-if-match-size"];

/// What AWS's servers are told of the client.
const USER_AGENT: &str =
    concat!("tucuxi/", env!("CARGO_PKG_VERSION"), " ua/2.1 lang/rust cfg/retry-mode#standard");
