//! How long what is signed in advance lasts, and when it really ends.

use core::fmt;
use core::time::Duration;

use super::Credentials;
use crate::time::Time;

/// How long a presigned URL lasts, in whole seconds: from 1 to seven days.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Expires {
    seconds: u32,
    /// Its decimal digits, and where they begin.
    digits: [u8; 6],
    start: u8,
}

impl Expires {
    /// The longest time that servers take: seven days, in seconds.
    pub const MAX: u32 = 604_800;

    /// That many seconds; none where no server would take it.
    #[must_use]
    pub const fn from_seconds(seconds: u32) -> Option<Self> {
        match seconds {
            1..=Self::MAX => Some(Self::new(seconds)),
            _ => None,
        }
    }

    /// The number of seconds.
    #[must_use]
    pub const fn seconds(self) -> u32 {
        self.seconds
    }

    /// A number of seconds of six digits at most.
    const fn new(seconds: u32) -> Self {
        const fn digit(seconds: u32, place: u32) -> u8 {
            match seconds.checked_div(place) {
                Some(digits) => (digits % 10) as u8 | b'0',
                None => b'0',
            }
        }
        let digits = [
            digit(seconds, 100_000),
            digit(seconds, 10_000),
            digit(seconds, 1_000),
            digit(seconds, 100),
            digit(seconds, 10),
            digit(seconds, 1),
        ];
        let start = match seconds {
            0..10 => 5,
            10..100 => 4,
            100..1_000 => 3,
            1_000..10_000 => 2,
            10_000..100_000 => 1,
            _ => 0,
        };
        Self { seconds, digits, start }
    }

    /// Its decimal digits.
    #[inline]
    pub(super) fn digits(&self) -> &[u8] {
        self.digits.get(usize::from(self.start)..).unwrap_or_default()
    }

    /// That time, cut to whole seconds, as servers have it.
    ///
    /// ```
    /// use core::time::Duration;
    /// use tucuxi_core::sigv4::{BadExpires, Expires};
    ///
    /// assert_eq!(Expires::of(Duration::from_secs(3600))?.seconds(), 3_600);
    /// let eight_days = Duration::from_secs(8 * 86_400);
    /// assert_eq!(Expires::of(eight_days), Err(BadExpires::TooLong { seconds: 691_200 }));
    /// # Ok::<(), BadExpires>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`BadExpires::Zero`] for less than a second and [`BadExpires::TooLong`] for more than seven days, which
    /// servers refuse.
    pub const fn of(lasts: Duration) -> Result<Self, BadExpires> {
        match lasts.as_secs() {
            0 => Err(BadExpires::Zero),
            seconds if seconds > Self::MAX as u64 => Err(BadExpires::TooLong { seconds }),
            #[expect(clippy::cast_possible_truncation, reason = "at most seven days")]
            seconds => Ok(Self::new(seconds as u32)),
        }
    }

    /// When something that is signed at `now` ends: after this time, or with the credentials if they end before,
    /// as a [session's](https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html) do.
    ///
    /// ```
    /// use tucuxi_core::sigv4::{Credentials, Expires};
    /// use tucuxi_core::time::Time;
    ///
    /// let now = Time::parse_stamp(b"20260101T120000Z").unwrap();
    /// let hour = Expires::from_seconds(3_600).unwrap();
    /// let credentials = Credentials::new("ASIAEXAMPLE", "wJalrXUtnFEMI/K7MDENG").with_token(Some("token"));
    /// assert_eq!(hour.end(now, &credentials).unwrap().to_string(), "2026-01-01T13:00:00Z");
    ///
    /// let soon = Time::parse_stamp(b"20260101T121000Z").unwrap();
    /// let credentials = credentials.with_expiry(Some(soon));
    /// assert_eq!(hour.end(now, &credentials), Ok(soon));
    /// ```
    ///
    /// # Errors
    ///
    /// [`BadExpires::CredentialsExpired`] where the credentials have ended by now: nothing that they sign works.
    pub fn end(self, now: Time, credentials: &Credentials<'_>) -> Result<Time, BadExpires> {
        // A signature has whole seconds, and lasts from there.
        let signed = Time::from_seconds(now.seconds());
        let end = signed.saturating_add(Duration::from_secs(self.seconds.into()));
        match credentials.expires() {
            Some(at) if at <= now => Err(BadExpires::CredentialsExpired { at }),
            Some(at) => Ok(at.min(end)),
            None => Ok(end),
        }
    }
}

/// Why nothing can be signed for that time. Returned by [`Expires::of`] and [`Expires::end`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum BadExpires {
    /// The credentials have ended: get new ones.
    CredentialsExpired {
        /// When they ended.
        at: Time,
    },
    /// It is more than [`Expires::MAX`], seven days: ask for less, and sign anew when it is over.
    TooLong {
        /// What was asked for.
        seconds: u64,
    },
    /// It is less than a second.
    Zero,
}

impl fmt::Display for BadExpires {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CredentialsExpired { at } => write!(f, "the credentials expired at {at}"),
            Self::TooLong { seconds } => {
                write!(f, "{seconds} seconds are more than the {} (7 days) that a server takes", Expires::MAX)
            }
            Self::Zero => f.write_str("a signature in advance has to last 1 second at least"),
        }
    }
}

impl core::error::Error for BadExpires {}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::string::ToString as _;

    use super::*;

    const NOW: Time = Time::from_seconds(1_767_268_800);

    fn after(seconds: u64) -> Time {
        NOW.saturating_add(Duration::from_secs(seconds))
    }

    #[test]
    fn whole_seconds_from_one_to_seven_days_are_taken() {
        for (lasts, expected) in [
            (Duration::ZERO, Err(BadExpires::Zero)),
            (Duration::from_millis(999), Err(BadExpires::Zero)),
            (Duration::from_secs(1), Ok(1)),
            (Duration::from_millis(59_999), Ok(59)),
            (Duration::from_secs(604_800), Ok(604_800)),
            (Duration::from_millis(604_800_999), Ok(604_800)),
            (Duration::from_secs(604_801), Err(BadExpires::TooLong { seconds: 604_801 })),
            (Duration::from_secs(1 << 32), Err(BadExpires::TooLong { seconds: 1 << 32 })),
            (Duration::MAX, Err(BadExpires::TooLong { seconds: u64::MAX })),
        ] {
            assert_eq!(Expires::of(lasts).map(Expires::seconds), expected, "{lasts:?}");
        }
    }

    #[test]
    fn the_earlier_end_is_the_end() {
        let hour = Expires::from_seconds(3_600).unwrap();
        let credentials = Credentials::new("AKID", "secret");
        for (expiry, expected) in [
            (None, Ok(after(3_600))),
            (Some(after(3_601)), Ok(after(3_600))),
            (Some(after(3_600)), Ok(after(3_600))),
            (Some(after(3_599)), Ok(after(3_599))),
            (Some(after(1)), Ok(after(1))),
            (Some(NOW), Err(BadExpires::CredentialsExpired { at: NOW })),
            (Some(Time::from_seconds(0)), Err(BadExpires::CredentialsExpired { at: Time::from_seconds(0) })),
        ] {
            assert_eq!(hour.end(NOW, &credentials.with_expiry(expiry)), expected, "{expiry:?}");
        }
        let later = Time::new(NOW.seconds(), 999_999_999);
        assert_eq!(hour.end(later, &credentials), Ok(after(3_600)), "a stamp has no fraction");
    }

    #[test]
    fn errors_name_the_limit() {
        let seconds = 604_801;
        for (error, text) in [
            (
                BadExpires::TooLong { seconds },
                "604801 seconds are more than the 604800 (7 days) that a server takes",
            ),
            (BadExpires::Zero, "a signature in advance has to last 1 second at least"),
            (BadExpires::CredentialsExpired { at: NOW }, "the credentials expired at 2026-01-01T12:00:00Z"),
        ] {
            assert_eq!(error.to_string(), text);
        }
    }
}
