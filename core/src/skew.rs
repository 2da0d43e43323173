//! How far a clock is off, learned from the `Date` of replies.
//!
//! AWS refuses a signature whose time is minutes away from its own, but its replies, refusals too, say what time
//! it is. [`Exchange`] is one request and its reply by the clock at hand; what it tells is a [`Skew`], to be
//! applied to that clock before the next signature. The rules are those that AWS's SDKs share since 2026: the
//! server looked at its clock halfway between sending and receiving, a reply that took more than 15 minutes or
//! comes from a cache tells nothing, and every other one replaces what was known before.
//!
//! No clock is read here, and none needs to be right: a device that only counts from its start hands in what it
//! counts, as [`Time`]. A clock that only runs forward also makes sure that nobody sets it during a call; where it
//! was set back meanwhile, the exchange tells nothing. A [`Skew`] is one number ([`Skew::millis`]), so that clients
//! whose calls run at the same time can share it in an atomic.

use core::time::Duration;

use crate::time::Time;

/// How far the clock of the servers is ahead of the one at hand, in milliseconds; negative where it is behind.
///
/// A device without a clock learns the time from the first reply that it gets, a refusal as a rule, and signs with
/// it from then on:
///
/// ```
/// use tucuxi_core::endpoint::Endpoint;
/// use tucuxi_core::http::{HEAD_ROOM, Method, Reader};
/// use tucuxi_core::request::{Pair, Raw};
/// use tucuxi_core::sigv4::{Credentials, Payload, Rules, Signer, SigningKey};
/// use tucuxi_core::skew::{Exchange, Skew};
/// use tucuxi_core::time::Time;
///
/// let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
/// let endpoint = Endpoint::new(true, "example.amazonaws.com", "service", "us-east-1");
/// let mut room = [Pair::EMPTY; 4];
/// let request = Raw::from_url("https://example.amazonaws.com/", &mut room).unwrap().finish().unwrap();
///
/// // What it counts is milliseconds since it was switched on.
/// let mut skew = Skew::NONE;
/// let sent = Time::from_millis(61_000);
/// // … a request goes out, signed at `skew.apply(sent)`, in 1970, and is refused.
/// let received = Time::from_millis(63_000);
/// let mut input: &[u8] = b"HTTP/1.1 403 Forbidden\r\nDate: Sun, 30 Aug 2015 12:36:00 GMT\r\n\r\n";
/// let mut room = [0; HEAD_ROOM];
/// let mut reader = Reader::new(&mut room, Method::Other);
/// reader.feed(&mut input).unwrap();
/// let (head, _) = reader.finish().unwrap();
/// let reply = Exchange::new(sent, received).date(head.header("date")).age(head.header("age"));
/// let learned = reply.skew().unwrap();
/// assert!(skew.calls_for_retry(learned, Some("RequestTimeTooSkewed")));
/// skew = learned;
///
/// // The key has to be that of the day that is now known.
/// let now = skew.apply(Time::from_millis(63_000));
/// assert_eq!(&now.stamp(), b"20150830T123601Z");
/// let key = SigningKey::derive(&credentials, now, "us-east-1", "service");
/// let signer = Signer::new(&credentials, &key, Rules::OTHERS);
/// let signed = signer.sign(&request, endpoint, now, Payload::Body);
/// assert_eq!(signed.signature().len(), 64);
/// ```
///
/// Whoever presigns hands in the same `skew.apply(now)`. AWS's SDKs leave presigned URLs alone; a URL of a clock
/// that is minutes late is valid minutes less, and one of a clock that is ahead is refused until its time has come.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Skew {
    millis: i64,
}

impl Skew {
    /// The clock is taken to be right.
    pub const NONE: Self = Self { millis: 0 };

    /// A clock that is so many milliseconds behind the servers', as [`millis`](Self::millis) said of it.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self { millis }
    }

    /// By how many milliseconds the servers' clock is ahead of the one at hand.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.millis
    }

    /// What the servers' clock says when the one at hand says `now`: the time to sign with.
    #[must_use]
    pub fn apply(self, now: Time) -> Time {
        let span = Duration::from_millis(self.millis.unsigned_abs());
        if self.millis < 0 { now.saturating_sub(span) } else { now.saturating_add(span) }
    }

    /// Whether a request that was signed with this skew and refused is worth sending once more, signed with
    /// the one that the refusal tells.
    ///
    /// `code` is AWS's error code, or none where the call succeeded. For a refusal without a document, as to
    /// `HEAD`, it is the status: `403`. Many codes can come of a wrong time and of much else, so the two
    /// must also be more than four minutes apart: below that AWS's servers would not have minded.
    #[must_use]
    pub fn calls_for_retry(self, learned: Self, code: Option<&str>) -> bool {
        let apart = self.millis.abs_diff(learned.millis);
        apart > FOUR_MINUTES && code.is_some_and(|code| CODES.contains(&code))
    }
}

/// A request and its reply: when each passed by, by the clock at hand, and what the reply's headers say of time.
///
/// ```
/// use tucuxi_core::skew::Exchange;
/// use tucuxi_core::time::Time;
///
/// let sent = Time::parse_stamp(b"20260101T000000Z")?;
/// let received = Time::parse_stamp(b"20260101T000002Z")?;
/// let exchange = Exchange::new(sent, received).date(Some("Thu, 01 Jan 2026 00:05:01 GMT"));
/// assert_eq!(exchange.skew().map(|skew| skew.millis()), Some(300_000));
/// assert_eq!(exchange.age(Some("17")).skew(), None);
/// # Ok::<(), tucuxi_core::time::TimeError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Exchange<'r> {
    sent: Time,
    received: Time,
    date: Option<&'r str>,
    age: Option<&'r str>,
}

impl<'r> Exchange<'r> {
    /// A request that was sent, and a reply whose head was received, when the clock at hand said so. Both are
    /// what the clock itself says, without any skew.
    #[must_use]
    pub const fn new(sent: Time, received: Time) -> Self {
        Self { sent, received, date: None, age: None }
    }

    /// The reply's `Date`, if it has one.
    #[must_use]
    pub const fn date(mut self, date: Option<&'r str>) -> Self {
        self.date = date;
        self
    }

    /// The reply's `Age`, if it has one: a cache answered then, and the `Date` is that of long ago
    /// ([RFC 9111, 5.1](https://www.rfc-editor.org/rfc/rfc9111#section-5.1)).
    #[must_use]
    pub const fn age(mut self, age: Option<&'r str>) -> Self {
        self.age = age;
        self
    }

    /// The skew of the clock at hand, whatever the reply says otherwise; none where it cannot be known: without
    /// a `Date`, or with one that is no date, from a cache, after more than 15 minutes, and where the clock
    /// ran backwards. What was known before stays then.
    ///
    /// A `Date` has whole seconds, so this is half a second off or so, and half of how unequal the two ways are.
    #[must_use]
    pub fn skew(&self) -> Option<Skew> {
        if self.age.is_some() || self.received < self.sent {
            return None;
        }
        let server = Time::parse_http_date(self.date?.trim_ascii().as_bytes()).ok()?;
        let elapsed = self.received.duration_since(self.sent);
        if elapsed > LONGEST {
            return None;
        }
        let middle = self.sent.saturating_add(elapsed.checked_div(2)?);
        let ahead = i64::try_from(server.duration_since(middle).as_millis()).ok()?;
        let behind = i64::try_from(middle.duration_since(server).as_millis()).ok()?;
        // One of the two is zero.
        Some(Skew { millis: ahead.saturating_sub(behind) })
    }
}

/// In milliseconds.
const FOUR_MINUTES: u64 = 240_000;

/// The longest that an exchange may take for its middle to mean anything.
const LONGEST: Duration = Duration::from_secs(900);

/// What AWS's services answer to a time that they do not take, among others: the codes that AWS's SDKs go by,
/// that of queries (`RequestExpired`), and the status of a refusal that has no code.
const CODES: [&str; 7] = [
    "403",
    "AccessDeniedException",
    "AuthFailure",
    "InvalidSignatureException",
    "RequestExpired",
    "RequestTimeTooSkewed",
    "SignatureDoesNotMatch",
];

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "tests may overflow loudly")]
mod tests {
    extern crate std;

    use std::string::String;

    use proptest::prelude::*;

    use super::*;

    const NOON: i64 = 1_767_268_800;

    fn at(millis: i64) -> Time {
        Time::from_millis(NOON * 1_000 + millis)
    }

    fn date(seconds: i64) -> String {
        let mut room = [0; 29];
        let mut to = crate::sink::Cursor::new(&mut room);
        Time::from_seconds(NOON + seconds).write_http_date(&mut to).unwrap();
        String::from_utf8(to.finish().unwrap().to_vec()).unwrap()
    }

    fn skew(sent: i64, received: i64, date: &str) -> Option<i64> {
        Exchange::new(at(sent), at(received)).date(Some(date)).skew().map(Skew::millis)
    }

    #[test]
    fn the_server_looked_at_its_clock_halfway() {
        for (sent, received, server, expected) in [
            (0, 2_000, 1, 0),
            (0, 2_000, 301, 300_000),
            (0, 2_000, -299, -300_000),
            (0, 0, 0, 0),
            (250, 251, 1, 749),
            (250, 251, 0, -250),
            (-60_000, 840_000, 390, 0),
        ] {
            assert_eq!(skew(sent, received, &date(server)), Some(expected), "{sent} {received} {server}");
        }
    }

    #[test]
    fn what_cannot_be_trusted_tells_nothing() {
        assert_eq!(skew(0, 900_000, &date(450)), Some(0));
        assert_eq!(skew(0, 900_001, &date(450)), None, "too slow");
        assert_eq!(skew(1, 0, &date(0)), None, "the clock was set back");
        let exchange = Exchange::new(at(0), at(0));
        assert_eq!(exchange.skew(), None, "no date");
        for bogus in ["", "now", "1767268800", "Thu, 32 Jan 2026 12:00:00 GMT", "Thu, 01 Jan 2026 12:00:00"] {
            assert_eq!(exchange.date(Some(bogus)).skew(), None, "{bogus:?}");
        }
        let date = date(0);
        for age in ["0", "17280", "", "x"] {
            assert_eq!(exchange.date(Some(&date)).age(Some(age)).skew(), None, "{age:?}");
        }
        assert_eq!(exchange.date(Some(&date)).age(None).skew(), Some(Skew::NONE));
    }

    #[test]
    fn dates_of_every_kind_that_servers_write_are_read() {
        for date in [
            "Thu, 01 Jan 2026 12:00:00 GMT",
            " Thu, 01 Jan 2026 12:00:00 GMT\t",
            "Thursday, 01-Jan-26 12:00:00 GMT",
            "Thu Jan  1 12:00:00 2026",
        ] {
            assert_eq!(skew(0, 0, date), Some(0), "{date:?}");
        }
    }

    #[test]
    fn a_clock_that_starts_with_the_device_is_as_good_as_any() {
        let exchange = Exchange::new(Time::from_millis(500), Time::from_millis(1_500));
        let learned = exchange.date(Some("Thu, 01 Jan 2026 12:00:00 GMT")).skew().unwrap();
        assert_eq!(learned.apply(Time::from_millis(1_000)), at(0));
        assert_eq!(learned.apply(Time::from_millis(61_000)), at(60_000));
        assert!(Skew::NONE.calls_for_retry(learned, Some("SignatureDoesNotMatch")));
    }

    #[test]
    fn only_a_code_and_four_minutes_together_call_for_a_retry() {
        let minutes = |minutes: i64| Skew::from_millis(minutes * 60_000);
        for code in CODES {
            for (signed, learned, expected) in [
                (0, 0, false),
                (0, 4, false),
                (0, -4, false),
                (0, 5, true),
                (0, -5, true),
                (5, 5, false),
                (5, 0, true),
                (-3, 2, true),
            ] {
                let retry = minutes(signed).calls_for_retry(minutes(learned), Some(code));
                assert_eq!(retry, expected, "{code} {signed} {learned}");
            }
            assert!(Skew::NONE.calls_for_retry(Skew::from_millis(240_001), Some(code)));
        }
        for code in [None, Some("AccessDenied"), Some("NoSuchKey"), Some("404"), Some("")] {
            assert!(!Skew::NONE.calls_for_retry(minutes(60), code), "{code:?}");
        }
    }

    #[test]
    fn the_ends_of_time_are_where_it_stops() {
        let last = Time::new(i64::MAX, 999_999_999);
        assert_eq!(Skew::from_millis(i64::MAX).apply(last).seconds(), i64::MAX);
        assert_eq!(Skew::from_millis(i64::MIN).apply(Time::from_seconds(i64::MIN)).seconds(), i64::MIN);
        assert!(Skew::from_millis(i64::MIN).calls_for_retry(Skew::from_millis(i64::MAX), Some("403")));
        let exchange = Exchange::new(Time::from_seconds(i64::MIN), Time::from_seconds(i64::MAX));
        assert_eq!(exchange.date(Some("Thu, 01 Jan 2026 12:00:00 GMT")).skew(), None);
        let ancient = Time::from_seconds(i64::MIN);
        let exchange = Exchange::new(ancient, ancient).date(Some("Thu, 01 Jan 2026 12:00:00 GMT"));
        assert_eq!(exchange.skew(), None, "no number of milliseconds");
    }

    proptest! {
        #[test]
        fn a_clock_that_is_off_is_put_right(off in -4_000_000_000_000_i64..4_000_000_000_000, sent in 0_i64..1_000_000_000,
                                            half in 0_i64..450_000) {
            // What the clock at hand says of a true time.
            let local = |truly: i64| at(truly - off);
            let sent = sent / 1_000 * 1_000 + half % 1_000;
            // The server looks on the second.
            let server = (sent + half) / 1_000;
            let exchange = Exchange::new(local(sent), local(sent + 2 * half));
            let learned = exchange.date(Some(&date(server))).skew().unwrap();
            prop_assert!((learned.millis() - off).abs() <= 1_000, "{learned:?}");
            let now = learned.apply(local(sent));
            prop_assert!(now.duration_since(at(sent)) <= Duration::from_secs(1));
            prop_assert!(at(sent).duration_since(now) <= Duration::from_secs(1));
            // Learned once more with the same, nothing changes: there is no reason to try again.
            prop_assert!(!learned.calls_for_retry(exchange.date(Some(&date(server))).skew().unwrap(), Some("403")));
        }

        #[test]
        fn any_headers_and_times_do(sent: i64, received: i64, date in ".{0,40}", age: Option<String>) {
            let exchange = Exchange::new(Time::from_millis(sent), Time::from_millis(received));
            let _ = exchange.date(Some(&date)).age(age.as_deref()).skew();
        }
    }
}
