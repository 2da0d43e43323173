//! AWS's standard retries: what may be tried again, how often, and after how long.
//!
//! These are the numbers of the [standard mode][aws] as AWS's SDKs apply them since 2026: 50 ms or
//! 1 s doubled with every retry up to 20 s, times a random number; and a quota that all calls of a
//! client pay retries from, so that a service in trouble is not drowned in them. Here are the rules
//! alone; [`call`](crate::call) applies them to a call. The legacy and adaptive modes do not exist here.
//!
//! Integers only, without a division: microseconds, and random numbers as fractions of 2^32.
//!
//! [aws]: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html

/// How often a call is tried.
///
/// ```
/// use tucuxi_core::retry::Retry;
///
/// assert_eq!(Retry::standard().attempts(), 3);
/// assert_eq!(Retry::standard().max_attempts(1).attempts(), 1); // never again
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Retry {
    max_attempts: u32,
}

impl Retry {
    /// Three attempts, the first included.
    #[must_use]
    pub const fn standard() -> Self {
        Self { max_attempts: 3 }
    }

    /// Tries that many times, the first included; at least once, so zero counts as one.
    #[must_use]
    pub const fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = if attempts == 0 { 1 } else { attempts };
        self
    }

    /// How many times a call is tried at most.
    #[must_use]
    pub const fn attempts(self) -> u32 {
        self.max_attempts
    }
}

impl Default for Retry {
    fn default() -> Self {
        Self::standard()
    }
}

/// What kind of failure it was, which decides whether and when to try again.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Kind {
    /// The same request would fail again.
    Other,
    /// The service wants fewer requests.
    Throttling,
    /// Another attempt may succeed: the service stumbled, or the network did.
    Transient,
}

impl Kind {
    /// Judges a reply that says failure by its status and by its error code, if it has one.
    ///
    /// The code is the bare one: `SlowDown`, without a namespace before or a link behind it. For a reply
    /// that has no body to take a code from (to HEAD, for example), the status decides.
    ///
    /// ```
    /// use tucuxi_core::retry::Kind;
    ///
    /// assert_eq!(Kind::of(503, None), Kind::Transient);
    /// assert_eq!(Kind::of(503, Some("SlowDown")), Kind::Throttling);
    /// assert_eq!(Kind::of(404, Some("NoSuchKey")), Kind::Other);
    /// ```
    #[must_use]
    pub fn of(status: u16, code: Option<&str>) -> Self {
        let code = code.unwrap_or_default();
        if THROTTLING_CODES.contains(&code) {
            return Self::Throttling;
        }
        match status {
            429 => Self::Throttling,
            500 | 502 | 503 | 504 => Self::Transient,
            _ if TRANSIENT_CODES.contains(&code) => Self::Transient,
            _ => Self::Other,
        }
    }

    /// What a retry after such a failure costs.
    const fn cost(self) -> u16 {
        match self {
            Self::Throttling => 5,
            Self::Other | Self::Transient => 14,
        }
    }

    /// The longest wait before the first retry, in microseconds.
    const fn base(self) -> u64 {
        match self {
            Self::Throttling => 1_000_000,
            Self::Other | Self::Transient => 50_000,
        }
    }
}

/// How long to wait before a retry, in microseconds: at most 20 s, or 25 s if the service asks for more.
///
/// `retries` is how many there were before this one, `random` anything from the whole range of `u32`
/// with equal chances, and `retry_after` what the service asked for, in milliseconds: see [`retry_after`].
///
/// ```
/// use tucuxi_core::retry::{Kind, backoff};
///
/// let half = 1 << 31;
/// assert_eq!(backoff(Kind::Transient, 0, half, None), 25_000);
/// assert_eq!(backoff(Kind::Throttling, 1, half, None), 1_000_000);
/// assert_eq!(backoff(Kind::Transient, 0, half, Some(3_000)), 3_000_000);
/// ```
#[must_use]
pub fn backoff(kind: Kind, retries: u32, random: u32, retry_after: Option<u32>) -> u64 {
    // Nine doublings bring any base above the limit.
    let longest = (kind.base() << retries.min(9)).min(20_000_000);
    let wait = u64::from(random).saturating_mul(longest) >> 32;
    let asked = retry_after.map_or(0, |ms| u64::from(ms).saturating_mul(1_000));
    asked.clamp(wait, wait.saturating_add(5_000_000))
}

/// The name of the header that says how long the service wants its client to wait.
pub const RETRY_AFTER: &str = "x-amz-retry-after";

/// Reads the value of [`RETRY_AFTER`]: milliseconds, or none if it is no such number.
#[must_use]
pub fn retry_after(value: &str) -> Option<u32> {
    let digits = value.trim_ascii().as_bytes();
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u32, |number, byte| {
        let digit = byte.is_ascii_digit().then_some(byte & 15)?;
        // More than fits is more than anybody waits: `backoff` has the last word.
        Some(number.saturating_mul(10).saturating_add(u32::from(digit)))
    })
}

/// What the calls of one client may still spend on retries.
///
/// It begins full, with 500 tokens. A retry costs 14, after throttling 5; success gives back what the last
/// retry of the call cost, or 1 if there was none. While a service is down, a client thus soon stops
/// to retry, and asks only as often as its user does. Keep one for each client, behind a lock if calls run
/// at the same time.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Quota {
    tokens: u16,
}

impl Quota {
    const FULL: u16 = 500;

    /// A full quota.
    #[must_use]
    pub const fn new() -> Self {
        Self { tokens: Self::FULL }
    }

    /// What is left.
    #[must_use]
    pub const fn tokens(&self) -> u16 {
        self.tokens
    }

    /// Pays for a retry after such a failure; returns the price, or none if there is not enough left.
    pub(crate) fn pay(&mut self, kind: Kind) -> Option<u16> {
        self.tokens = self.tokens.checked_sub(kind.cost())?;
        Some(kind.cost())
    }

    /// Takes back what the last retry of a successful call cost, or one if there was none.
    pub(crate) fn refund(&mut self, paid: Option<u16>) {
        self.tokens = self.tokens.saturating_add(paid.unwrap_or(1)).min(Self::FULL);
    }
}

impl Default for Quota {
    fn default() -> Self {
        Self::new()
    }
}

/// The union of what AWS's services say when they mean "not so fast".
const THROTTLING_CODES: [&str; 14] = [
    "BandwidthLimitExceeded",
    "EC2ThrottledException",
    "LimitExceededException",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "TransactionInProgressException",
];

/// `IDPCommunicationError` is STS's: it could not reach the identity provider.
const TRANSIENT_CODES: [&str; 3] = ["IDPCommunicationError", "RequestTimeout", "RequestTimeoutException"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_and_codes_are_judged_as_aws_does() {
        use Kind::{Other, Throttling, Transient};
        for (status, code, kind) in [
            (500, None, Transient),
            (502, None, Transient),
            (503, None, Transient),
            (504, None, Transient),
            (501, None, Other),
            (505, None, Other),
            (509, None, Other),
            (429, None, Throttling),
            (429, Some("Odd"), Throttling),
            (408, None, Other),
            (301, Some("PermanentRedirect"), Other),
            (307, None, Other),
            (304, None, Other),
            (400, None, Other),
            (403, Some("AccessDenied"), Other),
            (403, Some("RequestTimeTooSkewed"), Other),
            (403, Some("RequestThrottled"), Throttling),
            (404, Some("NoSuchKey"), Other),
            (400, Some("RequestTimeout"), Transient),
            (400, Some("RequestTimeoutException"), Transient),
            (400, Some("IDPCommunicationError"), Transient),
            (400, Some("PriorRequestNotComplete"), Throttling),
            (400, Some("ThrottlingException"), Throttling),
            (400, Some("throttlingexception"), Other),
            (400, Some(""), Other),
            (503, Some("SlowDown"), Throttling),
            (503, Some("ServiceUnavailable"), Transient),
            (500, Some("InternalError"), Transient),
            (500, Some("AccessDenied"), Transient),
        ] {
            assert_eq!(Kind::of(status, code), kind, "{status} {code:?}");
        }
    }

    #[test]
    fn waits_double_up_to_twenty_seconds() {
        let most = |kind, retries| backoff(kind, retries, u32::MAX, None);
        for (retries, transient, throttling) in [
            (0, 50_000, 1_000_000),
            (1, 100_000, 2_000_000),
            (4, 800_000, 16_000_000),
            (5, 1_600_000, 20_000_000),
            (8, 12_800_000, 20_000_000),
            (9, 20_000_000, 20_000_000),
            (u32::MAX, 20_000_000, 20_000_000),
        ] {
            // The random number is below one, so the longest wait is never quite reached.
            assert_eq!(most(Kind::Transient, retries), transient - 1);
            assert_eq!(most(Kind::Throttling, retries), throttling - 1);
            assert_eq!(backoff(Kind::Throttling, retries, 0, None), 0);
        }
    }

    #[test]
    fn the_service_may_ask_for_five_seconds_more_and_no_less() {
        let half = 1 << 31; // 25 ms at first
        for (asked, wait) in [
            (0, 25_000),
            (24, 25_000),
            (25, 25_000),
            (26, 26_000),
            (5_024, 5_024_000),
            (5_025, 5_025_000),
            (5_026, 5_025_000),
            (u32::MAX, 5_025_000),
        ] {
            assert_eq!(backoff(Kind::Transient, 0, half, Some(asked)), wait, "{asked}");
        }
    }

    #[test]
    fn only_milliseconds_are_a_time_to_wait() {
        for (value, ms) in [
            ("0", Some(0)),
            (" 1500 ", Some(1500)),
            ("007", Some(7)),
            ("4294967295", Some(u32::MAX)),
            ("99999999999999999999", Some(u32::MAX)),
            ("", None),
            ("-1", None),
            ("1.5", None),
            ("1s", None),
            ("Wed, 21 Oct 2015 07:28:00 GMT", None),
        ] {
            assert_eq!(retry_after(value), ms, "{value}");
        }
    }

    #[test]
    fn a_quota_pays_for_thirty_five_retries_and_never_holds_more_than_it_began_with() {
        let mut quota = Quota::new();
        assert_eq!((0..99).map_while(|_| quota.pay(Kind::Transient)).count(), 35);
        assert_eq!(quota.tokens(), 10);
        assert_eq!((0..99).map_while(|_| quota.pay(Kind::Throttling)).count(), 2);
        assert_eq!((quota.pay(Kind::Throttling), quota.tokens()), (None, 0));
        quota.refund(None);
        quota.refund(Some(14));
        assert_eq!(quota.tokens(), 15);
        for _ in 0..99 {
            quota.refund(Some(14));
        }
        assert_eq!(quota, Quota::new());
    }
}
