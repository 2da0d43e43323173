//! SQS in memory, over its JSON protocol, with STS beside it at the same address.
//!
//! A queue belongs to the region of the credential scope, as it does at AWS: signed for another
//! region, it does not exist. Queues hold to what AWS documents on visibility, delay, order,
//! deduplication, redrive and limits. Left out: permissions, tags, encryption, message move tasks,
//! and that a standard queue may deliver twice or out of order.
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Operations.html>

mod fault;
mod input;
mod message;
mod operation;
mod queue;
mod settings;

use std::fmt;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use http::HeaderValue;
use http::Request;
use http::Response;
use http::StatusCode;
use http::header::DATE;
use http::request::Parts;
use http_body_util::BodyExt;
use http_body_util::Limited;
use hyper::body::Incoming;
use s3s::Body;
use tokio::sync::Notify;

use crate::accounts::Accounts;
use crate::clock::Clock;
use crate::clock::http_date;
use crate::random::unique;
use crate::record::Recorded;
use crate::server::Server;
use crate::sqs::fault::Fault;
use crate::sqs::operation::Call;
use crate::sqs::queue::Queues;
use crate::sts;

/// An SQS and STS server on 127.0.0.1 that stops when dropped.
///
/// Every request has to be signed with SigV4 in its headers, for `sqs` or `sts`. STS knows
/// `GetCallerIdentity` and `AssumeRole`, whose keys are then accepted with their session token.
///
/// Tests need not wait: [`advance`](Self::advance) lets time pass.
///
/// ```
/// let server = tucuxi_test_support::SqsServer::start(&[("AKIDWEST", "a secret")]);
///
/// let unsigned = ureq::post(server.url()).header("x-amz-target", "AmazonSQS.ListQueues");
/// assert!(matches!(unsigned.send("{}"), Err(ureq::Error::StatusCode(403))));
/// let asked = server.requests();
/// assert_eq!(asked[0].to_string(), "POST / AmazonSQS.ListQueues key=- region=- -> 403");
/// ```
pub struct SqsServer {
    server: Server,
    state: Arc<State>,
}

/// What all requests share.
pub(crate) struct State {
    pub(crate) accounts: Accounts,
    /// What time it is: for the dates of signatures and answers.
    pub(crate) clock: Clock,
    /// What time it is for queues and temporary keys.
    pub(crate) later: Clock,
    queues: Mutex<Queues>,
    /// Wakes long polls: a message was sent or returned, or time has passed.
    changed: Notify,
}

impl SqsServer {
    /// Serves those who hold one of the `credentials`, pairs of an access key and its secret.
    ///
    /// # Panics
    ///
    /// When no port is free.
    #[must_use]
    pub fn start(credentials: &[(&str, &str)]) -> Self {
        let state = Arc::new(State {
            accounts: Accounts::new(credentials),
            clock: Clock::default(),
            later: Clock::default(),
            queues: Mutex::default(),
            changed: Notify::new(),
        });
        let server = Server::start({
            let state = Arc::clone(&state);
            move |request| {
                let state = Arc::clone(&state);
                async move { state.answer(request).await }
            }
        });
        Self { server, state }
    }

    /// Where to send requests: `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// Every request so far, in the order they came in.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.server.log.requests()
    }

    /// Calls `listener` with each request once its answer is known, in place of an earlier one.
    pub fn on_request(&self, listener: impl Fn(&Recorded) + Send + 'static) {
        self.server.log.listen(listener);
    }

    /// Lets time pass for queues (delays, visibility timeouts, long polls, the five minutes of
    /// deduplication, retention) and for temporary keys.
    pub fn advance(&self, by: Duration) {
        self.state.later.advance(by);
        self.state.changed.notify_waiters();
    }

    /// Sets the clock that dates of signatures are compared with, and that the `Date` header
    /// tells, this many `seconds` ahead of the system's.
    pub fn set_clock_ahead(&self, seconds: i64) {
        self.state.clock.set_ahead(seconds);
    }
}

impl fmt::Debug for SqsServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SqsServer").field(&self.url()).finish()
    }
}

impl State {
    async fn answer(&self, request: Request<Incoming>) -> Response<Body> {
        let (head, body) = request.into_parts();
        let mut response = match Limited::new(body, MOST_BYTES).collect().await {
            Ok(body) => self.answer_read(&head, &body.to_bytes()).await,
            Err(_) => {
                let mut response = Response::new(Body::empty());
                *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
                response
            }
        };
        let date = HeaderValue::try_from(http_date(self.clock.now())).expect("a date is ASCII");
        response.headers_mut().insert(DATE, date);
        response
    }

    async fn answer_read(&self, head: &Parts, body: &[u8]) -> Response<Body> {
        let content_type = head.headers.get("content-type");
        if content_type.is_some_and(|kind| kind.as_bytes().starts_with(FORM)) {
            return sts::answer(self, head, body);
        }
        let (status, answer, query_error) = match self.answer_sqs(head, body).await {
            Ok(answer) => (200, answer.to_string(), None),
            Err(fault) => (fault.status(), fault.body(), Some(fault.query_error())),
        };
        let mut response = Response::builder()
            .status(status)
            .header("content-type", "application/x-amz-json-1.0")
            .header("x-amzn-requestid", unique());
        if let Some(error) = query_error
            && head.headers.contains_key("x-amzn-query-mode")
        {
            response = response.header("x-amzn-query-error", error);
        }
        let response = response.body(Body::from(answer));
        response.expect("the headers are ASCII")
    }

    async fn answer_sqs(&self, head: &Parts, body: &[u8]) -> Result<serde_json::Value, Fault> {
        let (now, later) = (self.clock.now(), self.later.now());
        let (caller, scope) = self.accounts.check(head, body, "sqs", now, later)?;
        let header = |name| head.headers.get(name).and_then(|value| value.to_str().ok());
        let operation = header("x-amz-target").and_then(|it| it.strip_prefix("AmazonSQS."));
        let operation = operation.ok_or_else(Fault::unknown_operation)?;
        let call = Call {
            state: self,
            caller: &caller,
            region: &scope.region,
            host: header("host").unwrap_or_default(),
        };
        call.answer(operation, body).await
    }
}

/// More than a full batch that JSON has escaped throughout.
const MOST_BYTES: usize = 8 << 20;

const FORM: &[u8] = b"application/x-www-form-urlencoded";
