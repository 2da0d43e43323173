//! Time as AWS writes it, and a clock that a test can move.

use std::sync::atomic::AtomicI64;
use std::sync::atomic::Ordering;
use std::time::Duration;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

/// The system's clock, and how far a test has moved it.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    ahead_ms: AtomicI64,
}

impl Clock {
    /// Milliseconds since 1970.
    pub(crate) fn now_ms(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970");
        let ms = i64::try_from(since.as_millis()).expect("it is before the year 292,000,000");
        ms + self.ahead_ms.load(Ordering::SeqCst)
    }

    /// Seconds since 1970.
    pub(crate) fn now(&self) -> i64 {
        self.now_ms().div_euclid(1000)
    }

    pub(crate) fn advance(&self, by: Duration) {
        let ms = i64::try_from(by.as_millis()).expect("within 292,000,000 years");
        self.ahead_ms.fetch_add(ms, Ordering::SeqCst);
    }

    pub(crate) fn set_ahead(&self, seconds: i64) {
        self.ahead_ms.store(seconds * 1000, Ordering::SeqCst);
    }
}

/// A second in UTC, taken apart.
struct Civil {
    year: i64,
    month: i64,
    day: i64,
    second_of_day: i64,
    weekday: usize,
}

impl Civil {
    /// <https://www.rfc-editor.org/rfc/rfc3339#appendix-B> turned round: years start in March, so
    /// that a leap day is the last day of one.
    fn of(seconds: i64) -> Self {
        let days = seconds.div_euclid(86_400);
        let since_march_0 = days + 719_468;
        let era = since_march_0.div_euclid(146_097);
        let day_of_era = since_march_0.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let march_month = (5 * day_of_year + 2) / 153;
        let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
        Self {
            year: era * 400 + year_of_era + i64::from(month <= 2),
            month,
            day: day_of_year - (153 * march_month + 2) / 5 + 1,
            second_of_day: seconds.rem_euclid(86_400),
            // 1970 began on a Thursday
            weekday: usize::try_from((days + 4).rem_euclid(7)).expect("one of seven"),
        }
    }

    fn clock(&self) -> (i64, i64, i64) {
        let second = self.second_of_day;
        (second / 3600, second / 60 % 60, second % 60)
    }
}

/// `20261125T144500Z`, as `X-Amz-Date` has it.
pub(crate) fn amz_date(seconds: i64) -> String {
    iso(seconds).replace(['-', ':'], "")
}

/// `2026-11-25T14:45:00Z`.
pub(crate) fn iso(seconds: i64) -> String {
    let civil = Civil::of(seconds);
    let (hour, minute, second) = civil.clock();
    let Civil { year, month, day, .. } = civil;
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// `Wed, 25 Nov 2026 14:45:00 GMT`, as a `Date` header has it.
pub(crate) fn http_date(seconds: i64) -> String {
    const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let civil = Civil::of(seconds);
    let (hour, minute, second) = civil.clock();
    let weekday = DAYS[civil.weekday];
    let month = MONTHS[usize::try_from(civil.month - 1).expect("one of twelve")];
    let Civil { year, day, .. } = civil;
    format!("{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT")
}

/// Reads what [`amz_date`] writes.
pub(crate) fn read_amz_date(text: &str) -> Option<i64> {
    let digits = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (digits(0, 4)?, digits(4, 6)?, digits(6, 8)?);
    let (hour, minute, second) = (digits(9, 11)?, digits(11, 13)?, digits(13, 15)?);
    let march_year = year - i64::from(month <= 2);
    let march_month = (month + 9) % 12;
    let days = march_year * 365 + march_year / 4 - march_year / 100
        + march_year / 400
        + (153 * march_month + 2) / 5
        + day
        - 1
        - 719_468;
    let seconds = days * 86_400 + hour * 3600 + minute * 60 + second;
    // a thirteenth month would be written differently
    (amz_date(seconds) == text).then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_and_read_back() {
        for (seconds, text, http) in [
            (0, "19700101T000000Z", "Thu, 01 Jan 1970 00:00:00 GMT"),
            (951_782_400, "20000229T000000Z", "Tue, 29 Feb 2000 00:00:00 GMT"),
            (1_440_938_160, "20150830T123600Z", "Sun, 30 Aug 2015 12:36:00 GMT"),
            (4_107_542_399, "21000228T235959Z", "Sun, 28 Feb 2100 23:59:59 GMT"),
        ] {
            assert_eq!(amz_date(seconds), text);
            assert_eq!(http_date(seconds), http);
            assert_eq!(read_amz_date(text), Some(seconds));
        }
    }

    #[test]
    fn what_is_no_date_is_not_read() {
        for text in ["", "20150830", "20151330T123600Z", "20150830T123600", "2015-08-30T12:36"] {
            assert_eq!(read_amz_date(text), None, "{text}");
        }
    }
}
