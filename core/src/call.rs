//! One call of an operation: sign, send, read, judge, wait, again.
//!
//! [`Call`] is a machine: it says what to do next ([`Step`]), the host does it and says how it went
//! ([`Reply`]). It opens no connection, reads no clock and no body, and never sees the request, so
//! it is a few words of plain data, the same for every operation. What it knows is when a call
//! has succeeded, when to try again, and whether giving up leaves something done behind.
//!
//! ```text
//!            ┌───────────────────────── Waited ───────────────────────────┐
//!            ▼                                                            │
//!        ┌──────┐  Head, 2xx   ┌────────────┐  Read            ┌──────┐   │
//!  new ─▶│ Send │─────────────▶│ ReadOutput │─────────────────▶│ Done │   │
//!        └──────┘              └────────────┘                  └──────┘   │
//!         │    │  Head, others ┌─────────────┐                            │
//!         │    └──────────────▶│ ReadFailure │                            │
//!         │                    └─────────────┘                            │
//!         │ Broken              │ Failed, Broken (of either Read)         │
//!         └──────────┬──────────┘                                         │
//!                    │  worth it, safe and paid for                   ┌──────┐
//!                    ├───────────────────────────────────────────────▶│ Wait │
//!                    │  otherwise                       ┌────────┐    └──────┘
//!                    └─────────────────────────────────▶│ GiveUp │◀───────┘ Waited, and
//!                                                       └────────┘  a long poll unpaid for
//! ```
//!
//! [`Reply::Stale`] leads from `Send` to `Send`, where there may be another attempt, and to `GiveUp` otherwise.
//!
//! A host is one loop around one `match`. Dropped between `poll` and `reply` it leaves the call as it
//! was: polling again gives the same step.
//!
//! ```
//! use tucuxi_core::call::{Call, Repeat, Reply, Step};
//! use tucuxi_core::retry::{Quota, Retry};
//!
//! let mut quota = Quota::new(); // the client's
//! let mut call = Call::new(Retry::standard(), Repeat::Always);
//!
//! let Step::Send(attempt) = call.poll() else { unreachable!() };
//! assert_eq!((attempt.number, attempt.max), (1, 3));
//! // … the host signs and sends; the service says 503 …
//! call.reply(Reply::Head { status: 503, retry_after: None }, &mut quota);
//! assert_eq!(call.poll(), Step::ReadFailure);
//! // … the host reads the error document …
//! call.reply(Reply::Failed { code: Some("ServiceUnavailable"), random: 1 << 31 }, &mut quota);
//! assert_eq!(call.poll(), Step::Wait { micros: 25_000 });
//! call.reply(Reply::Waited, &mut quota);
//!
//! let Step::Send(attempt) = call.poll() else { unreachable!() };
//! assert_eq!(attempt.number, 2);
//! call.reply(Reply::Head { status: 200, retry_after: None }, &mut quota);
//! assert_eq!(call.poll(), Step::ReadOutput);
//! call.reply(Reply::Read, &mut quota);
//! assert_eq!((call.poll(), quota.tokens()), (Step::Done, 500));
//! ```
//!
//! Changing this: every failure but a stale connection goes through `Call::fail`, and only that decides. An attempt with something
//! corrected (the clock, S3's region) is one more `Reply` that leads from either Read to `Send`
//! without a wait and without a price, at most once a call.

use core::fmt;

use crate::encode::uint;
use crate::retry::Kind;
use crate::retry::Quota;
use crate::retry::Retry;
use crate::retry::backoff;
use crate::retry::retry_after;
use crate::sink::Sink;

/// A call that is under way. See the [module's description](self).
///
/// It is plain data: cloning it is cheap and gives a call that goes on from the same step.
#[derive(Clone, Debug)]
pub struct Call {
    state: State,
    retry: Retry,
    repeat: Repeat,
    long_poll: bool,
    /// The number of the attempt under way, from 1.
    number: u32,
    effect: Effect,
    /// What the last retry cost.
    paid: Option<u16>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum State {
    Send,
    ReadOutput,
    ReadFailure { status: u16, asked: Option<u32> },
    Wait { micros: u64, then: Then },
    Done,
    GiveUp(Why),
}

/// What comes after a wait.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Then {
    GiveUp,
    Send,
}

/// What the host is to do next.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "a host must answer each of these")]
#[must_use]
pub enum Step {
    /// The call has succeeded.
    Done,
    /// The call has failed: return the last failure.
    GiveUp(Why),
    /// Read the body as an error document and say [`Reply::Failed`], or [`Reply::Broken`].
    ReadFailure,
    /// Read the body as the operation's output and say [`Reply::Read`]; [`Reply::Failed`] if it
    /// turns out to be the document of an error or is cut, [`Reply::Unreadable`] if it is something else, or
    /// [`Reply::Broken`].
    ///
    /// An output that is handed on while it is read is read, for this machine, as soon as it was handed on:
    /// what came of it cannot be taken back and tried again.
    ReadOutput,
    /// Sign the request as of now, send it from its beginning on a connection, and say [`Reply::Head`] or
    /// [`Reply::Broken`].
    Send(Attempt),
    /// Wait this long, then say [`Reply::Waited`].
    Wait {
        /// Microseconds, at most 25 s.
        micros: u64,
    },
}

/// How a step went.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Reply<'a> {
    /// There is no reply, or not all of it.
    Broken {
        /// Whether the request, or a part of it, can have reached the service.
        sent: Sent,
        /// [`Kind::Transient`] for whatever another connection may cure, that is all of name resolution,
        /// connections, TLS, timeouts and malformed replies; [`Kind::Other`] where the request
        /// itself cannot be sent.
        kind: Kind,
        /// A random number from the whole range, for the wait.
        random: u32,
    },
    /// The body tells of a failure.
    Failed {
        /// The error code, if the body names one: `SlowDown`.
        code: Option<&'a str>,
        /// A random number from the whole range, for the wait.
        random: u32,
    },
    /// The head of the service's reply is there.
    Head {
        /// The status.
        status: u16,
        /// The value of the header [`RETRY_AFTER`](crate::retry::RETRY_AFTER).
        retry_after: Option<&'a str>,
    },
    /// The whole output was read, and is what it should be.
    Read,
    /// A connection that had been kept from an earlier request ended before any of the reply came.
    ///
    /// Most likely the server closed it as idle while the request was on its way. That is no fault of the
    /// service's: the next attempt, on a connection of its own, costs no wait and nothing of the quota.
    /// It is one of the attempts all the same, and this one may have been carried out.
    Stale,
    /// The whole output is there, but not what it should be. The call was carried out, and another attempt would
    /// bring the same.
    Unreadable,
    /// The time is over.
    Waited,
}

/// Whether a request can have reached the service.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "there is no third case")]
pub enum Sent {
    /// It may have been received and carried out.
    Maybe,
    /// Nothing of it left, or nobody was there to receive it.
    No,
}

/// Whether an operation may be carried out twice.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "there is no third case")]
pub enum Repeat {
    /// Twice does no more harm than once. AWS's SDKs treat every operation so, `SendMessage` too.
    Always,
    /// Try again only while none of the attempts can have had an [`Effect`].
    WithoutEffect,
}

/// What the attempts that failed may have left behind.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "there is no third case")]
pub enum Effect {
    /// One of them may have been carried out.
    Maybe,
    /// None of them was: they were not sent, or the service refused them.
    None,
}

/// Why a call is given up.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Why {
    /// The last attempt that the policy allows has failed.
    AttemptsUsedUp,
    /// An attempt may have had an effect, and the operation is not to be repeated then.
    MayHaveEffect,
    /// The same request would fail again.
    NotRetryable,
    /// The client has spent its quota of retries.
    QuotaEmpty,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AttemptsUsedUp => "all attempts failed",
            Self::MayHaveEffect => "not repeated since it may have been carried out",
            Self::NotRetryable => "not retryable",
            Self::QuotaEmpty => "retry quota reached",
        })
    }
}

/// Which attempt this is. Its text is the value of the header `amz-sdk-request`.
///
/// ```
/// use tucuxi_core::call::Attempt;
/// use tucuxi_core::sink::Cursor;
///
/// let mut room = [0; Attempt::ROOM];
/// let mut out = Cursor::new(&mut room);
/// Attempt { number: 2, max: 3 }.write(&mut out);
/// assert_eq!(out.finish().unwrap(), b"attempt=2; max=3");
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_structs, reason = "two numbers")]
pub struct Attempt {
    /// Counts from 1.
    pub number: u32,
    /// How many there can be.
    pub max: u32,
}

impl Attempt {
    /// A room in bytes for the header's value.
    pub const ROOM: usize = 34;

    /// Writes the header's value.
    pub fn write(self, to: &mut dyn Sink) {
        to.put(b"attempt=");
        uint(self.number.into(), to);
        to.put(b"; max=");
        uint(self.max.into(), to);
    }
}

impl Call {
    /// Begins a call.
    #[must_use]
    pub const fn new(retry: Retry, repeat: Repeat) -> Self {
        let (state, effect) = (State::Send, Effect::None);
        Self { state, retry, repeat, long_poll: false, number: 1, effect, paid: None }
    }

    /// Says that the operation is a long poll, as `ReceiveMessage` is.
    ///
    /// Pollers call again at once whatever happened. With the quota spent, such a call waits all the same
    /// before it fails, lest the poller becomes the storm that the quota is there to prevent.
    #[must_use]
    pub const fn long_poll(mut self) -> Self {
        self.long_poll = true;
        self
    }

    /// What to do next. Changes nothing: the same until [`reply`](Self::reply).
    pub const fn poll(&self) -> Step {
        match self.state {
            State::Done => Step::Done,
            State::GiveUp(why) => Step::GiveUp(why),
            State::ReadFailure { .. } => Step::ReadFailure,
            State::ReadOutput => Step::ReadOutput,
            State::Send => Step::Send(Attempt { number: self.number, max: self.retry.attempts() }),
            State::Wait { micros, .. } => Step::Wait { micros },
        }
    }

    /// What the attempts that failed so far may have left behind.
    ///
    /// After [`Step::GiveUp`] this is what the caller has to reckon with; after [`Step::Done`], with
    /// [`Effect::Maybe`] the operation may have been carried out more than once.
    #[must_use]
    pub const fn effect(&self) -> Effect {
        self.effect
    }

    /// Takes how the step went; `quota` is the client's.
    ///
    /// A reply that does not answer the step is a mistake of the host and changes nothing.
    pub fn reply(&mut self, reply: Reply<'_>, quota: &mut Quota) {
        match (self.state, reply) {
            // A redirect is no success: whatever it answers was not done.
            (State::Send, Reply::Head { status: 200..=299, .. }) => self.state = State::ReadOutput,
            (State::Send, Reply::Head { status, retry_after: asked }) => {
                self.state = State::ReadFailure { status, asked: asked.and_then(retry_after) };
            }
            (State::Send, Reply::Broken { sent, kind, random }) => {
                let effect = match sent {
                    Sent::Maybe => Effect::Maybe,
                    Sent::No => Effect::None,
                };
                self.fail(Failure { kind, effect, random, asked: None }, quota);
            }
            (State::Send, Reply::Stale) => {
                self.effect = Effect::Maybe;
                self.state = match self.last() {
                    Some(why) => State::GiveUp(why),
                    None => {
                        self.number = self.number.saturating_add(1);
                        State::Send
                    }
                };
            }
            (State::ReadOutput, Reply::Read) => {
                quota.refund(self.paid);
                self.state = State::Done;
            }
            (State::ReadOutput, Reply::Unreadable) => {
                self.effect = Effect::Maybe;
                self.state = State::GiveUp(Why::NotRetryable);
            }
            // Nothing but the body tells this from success, so it may be one, and it counts as a 500.
            (State::ReadOutput, Reply::Failed { code, random }) => {
                let kind = Kind::of(500, code);
                self.fail(Failure { kind, effect: Effect::Maybe, random, asked: None }, quota);
            }
            (State::ReadOutput, Reply::Broken { kind, random, .. }) => {
                self.fail(Failure { kind, effect: Effect::Maybe, random, asked: None }, quota);
            }
            (State::ReadFailure { status, asked }, Reply::Failed { code, random }) => {
                let kind = Kind::of(status, code);
                self.fail(Failure { kind, effect: effect(status, kind), random, asked }, quota);
            }
            (State::ReadFailure { status, asked }, Reply::Broken { kind, random, .. }) => {
                // What the status says for itself counts more than how the rest of the reply was lost.
                let kind = match Kind::of(status, None) {
                    Kind::Other => kind,
                    judged => judged,
                };
                self.fail(Failure { kind, effect: effect(status, kind), random, asked }, quota);
            }
            (State::Wait { then: Then::Send, .. }, Reply::Waited) => {
                self.number = self.number.saturating_add(1);
                self.state = State::Send;
            }
            (State::Wait { then: Then::GiveUp, .. }, Reply::Waited) => {
                self.state = State::GiveUp(Why::QuotaEmpty);
            }
            _ => {}
        }
    }

    /// Why the attempt under way was the last one, if it was.
    fn last(&self) -> Option<Why> {
        if self.number >= self.retry.attempts() {
            Some(Why::AttemptsUsedUp)
        } else if self.repeat == Repeat::WithoutEffect && self.effect == Effect::Maybe {
            Some(Why::MayHaveEffect)
        } else {
            None
        }
    }

    /// Decides what comes after a failed attempt.
    fn fail(&mut self, failure: Failure, quota: &mut Quota) {
        let Failure { kind, effect, random, asked } = failure;
        if effect == Effect::Maybe {
            self.effect = Effect::Maybe;
        }
        self.state = if kind == Kind::Other {
            State::GiveUp(Why::NotRetryable)
        } else if let Some(why) = self.last() {
            State::GiveUp(why)
        } else {
            let micros = backoff(kind, self.number.saturating_sub(1), random, asked);
            match quota.pay(kind) {
                Some(price) => {
                    self.paid = Some(price);
                    State::Wait { micros, then: Then::Send }
                }
                None if self.long_poll => State::Wait { micros, then: Then::GiveUp },
                None => State::GiveUp(Why::QuotaEmpty),
            }
        };
    }
}

/// A failed attempt, judged.
struct Failure {
    kind: Kind,
    effect: Effect,
    random: u32,
    /// The wait in milliseconds that the service asked for.
    asked: Option<u32>,
}

/// What a request may have done that was answered so: only a service that stumbled can have acted before.
fn effect(status: u16, kind: Kind) -> Effect {
    if status >= 500 && kind != Kind::Throttling { Effect::Maybe } else { Effect::None }
}

#[cfg(test)]
mod tests;
