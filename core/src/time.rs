//! An instant, and the texts AWS writes instants in.
//!
//! [`Time`] is seconds since 1970 and nanoseconds. Nothing here looks at a clock: whoever signs or
//! decides is handed a `now`. The texts are the stamp of a signature (`20150830T123600Z`) and
//! Smithy's three [timestamp formats]; each has one `parse_` and one writing function, so a program
//! links only those it names. Dates follow the Gregorian calendar, also before it existed, and
//! cover the years 0 to 9999, all that four digits can say. Leap seconds are not counted, as on AWS.
//!
//! [timestamp formats]: https://smithy.io/2.0/aws/protocols/aws-restxml-protocol.html#timestamp-formats
//!
//! Long because the three formats are read and written in one place, on the same calendar.

use core::fmt;
use core::time::Duration;

use crate::encode::uint;
use crate::sink::Cursor;
use crate::sink::SMALL;
use crate::sink::Sink;

/// An instant: seconds since 1970-01-01T00:00:00Z, and nanoseconds after them.
///
/// ```
/// use tucuxi_core::time::Time;
///
/// let now = Time::parse_date_time(b"2015-08-30T14:36:00+02:00")?;
/// assert_eq!(now, Time::from_seconds(1_440_938_160));
/// assert_eq!(&now.stamp(), b"20150830T123600Z");
/// assert_eq!(now.to_string(), "2015-08-30T12:36:00Z");
/// # Ok::<(), tucuxi_core::time::TimeError>(())
/// ```
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Time {
    seconds: i64,
    /// Below a second, and after `seconds` also where those are negative.
    nanos: u32,
}

impl Time {
    /// The instant `nanos` nanoseconds after `seconds` seconds since 1970.
    ///
    /// Nanoseconds that make up whole seconds are carried over.
    #[must_use]
    pub const fn new(seconds: i64, nanos: u32) -> Self {
        Self {
            seconds: seconds.saturating_add((nanos / NANOS_PER_SECOND) as i64),
            nanos: nanos % NANOS_PER_SECOND,
        }
    }

    /// The instant `seconds` seconds since 1970.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self { seconds, nanos: 0 }
    }

    /// The instant `millis` milliseconds since 1970.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "0 to 999")]
        let below = millis.rem_euclid(1_000) as u32;
        Self { seconds: millis.div_euclid(1_000), nanos: below.saturating_mul(1_000_000) }
    }

    /// Whole seconds since 1970, cut downwards.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.seconds
    }

    /// The nanoseconds after [`seconds`](Self::seconds), 0 to 999,999,999.
    #[must_use]
    pub const fn nanos(self) -> u32 {
        self.nanos
    }

    /// The instant `span` later, or the last there is.
    #[must_use]
    pub fn saturating_add(self, span: Duration) -> Self {
        // Both summands are below 10⁹, and their sum fits.
        let nanos = self.nanos.saturating_add(span.subsec_nanos());
        Self::new(self.seconds.saturating_add_unsigned(span.as_secs()), nanos)
    }

    /// The instant `span` earlier, or the first there is.
    #[must_use]
    pub fn saturating_sub(self, span: Duration) -> Self {
        let seconds = self.seconds.saturating_sub_unsigned(span.as_secs());
        match self.nanos.checked_sub(span.subsec_nanos()) {
            Some(nanos) => Self::new(seconds, nanos),
            None => {
                let nanos = self.nanos.saturating_add(NANOS_PER_SECOND).saturating_sub(span.subsec_nanos());
                Self::new(seconds.saturating_sub(1), nanos)
            }
        }
    }

    /// How long after `earlier` this is; zero when it is not.
    #[must_use]
    pub fn duration_since(self, earlier: Self) -> Duration {
        if self <= earlier {
            return Duration::ZERO;
        }
        // The difference of two i64 always fits u64 once it is known not to be negative.
        let seconds = self.seconds.wrapping_sub(earlier.seconds).cast_unsigned();
        let later = Duration::new(seconds, self.nanos);
        later.saturating_sub(Duration::new(0, earlier.nanos))
    }

    /// The `x-amz-date` of a signature, such as `20150830T123600Z`; cut to seconds.
    ///
    /// Four digits are all there is for the year: an instant before year 0 gives the first second
    /// of year 0, one after 9999 the last second of 9999. Both are far outside what any server
    /// accepts, so a signature with them is refused and nothing else happens.
    #[must_use]
    pub fn stamp(self) -> [u8; 16] {
        let Civil { century, year, month, day, hour, minute, second, .. } = Civil::of(self.seconds);
        let ([c, e], [y, z], [m, n], [d, a]) = (pair(century), pair(year), pair(month), pair(day));
        let ([h, i], [j, k], [s, t]) = (pair(hour), pair(minute), pair(second));
        [c, e, y, z, m, n, d, a, b'T', h, i, j, k, s, t, b'Z']
    }

    /// The day of a credential scope, such as `20150830`: the first half of [`stamp`](Self::stamp).
    #[must_use]
    pub fn day(self) -> [u8; 8] {
        let [c, e, y, z, m, n, d, a, ..] = self.stamp();
        [c, e, y, z, m, n, d, a]
    }

    /// Reads a stamp such as `20150830T123600Z`.
    ///
    /// # Errors
    ///
    /// [`TimeError::Malformed`] for anything else, days and hours that do not exist included.
    pub fn parse_stamp(text: &[u8]) -> Result<Self, TimeError> {
        let mut text = Text::new(text);
        let date = (text.number(4, 9999)?, text.number(2, 12)?, text.number(2, 31)?);
        text.one_of(b"T")?;
        let second = text.time_of_day(None)?;
        text.one_of(b"Z")?;
        text.end()?;
        Ok(Self::from_seconds(start_of(date)?.saturating_add(second)))
    }

    /// Reads Smithy's `date-time`: an [RFC 3339] instant such as `1985-04-12T23:20:50.52Z`.
    ///
    /// A fraction may have any number of digits; those after the ninth are dropped. The offset may
    /// be `Z`, `+01:00`, or `UTC`, which the token caches of older AWS CLIs hold. A leap second is
    /// read as the second after it.
    ///
    /// # Errors
    ///
    /// [`TimeError::Malformed`] for anything else, days and hours that do not exist included.
    ///
    /// [RFC 3339]: https://www.rfc-editor.org/rfc/rfc3339#section-5.6
    pub fn parse_date_time(text: &[u8]) -> Result<Self, TimeError> {
        let mut text = Text::new(text);
        let year = text.number(4, 9999)?;
        text.one_of(b"-")?;
        let month = text.number(2, 12)?;
        text.one_of(b"-")?;
        let day = text.number(2, 31)?;
        text.one_of(b"Tt ")?;
        let second = text.time_of_day(Some(b':'))?;
        let nanos = text.fraction()?;
        let east = match text.one_of(b"ZzU+-")? {
            b'U' => {
                text.one_of(b"T")?;
                text.one_of(b"C")?;
                0
            }
            sign @ (b'+' | b'-') => {
                let hours = text.number(2, 23)?;
                text.one_of(b":")?;
                let seconds = i64::from(hours.saturating_mul(60).saturating_add(text.number(2, 59)?));
                if sign == b'+' { seconds.saturating_mul(60) } else { seconds.saturating_mul(-60) }
            }
            _ => 0,
        };
        text.end()?;
        let seconds = start_of((year, month, day))?.saturating_add(second).saturating_sub(east);
        Ok(Self { seconds, nanos })
    }

    /// Reads Smithy's `http-date`: an [IMF-fixdate] such as `Tue, 29 Apr 2014 18:30:38 GMT`, whose
    /// seconds may have a fraction.
    ///
    /// Whoever reads dates has to take the two obsolete formats of the same section as well,
    /// `Tuesday, 29-Apr-14 18:30:38 GMT` and `Tue Apr 29 18:30:38 2014`. Two digits are a year from 1970 to
    /// 2069. The name of the day has to be one, but is not compared with the date.
    ///
    /// # Errors
    ///
    /// [`TimeError::Malformed`] for anything else.
    ///
    /// [IMF-fixdate]: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7
    pub fn parse_http_date(text: &[u8]) -> Result<Self, TimeError> {
        let mut text = Text::new(text);
        let weekday = text.name(&DAYS)?;
        if text.skip(b' ') {
            return text.asctime();
        }
        let between = if text.rest.starts_with(b",") { b" " } else { b"-" };
        if between == b"-" {
            for byte in DAY_ENDS.get(weekday as usize).copied().unwrap_or_default().bytes() {
                text.one_of(&[byte])?;
            }
        }
        text.one_of(b",")?;
        text.one_of(b" ")?;
        let day = text.number(2, 31)?;
        text.one_of(between)?;
        let month = text.name(&MONTHS)?.saturating_add(1);
        text.one_of(between)?;
        let year = if between == b" " {
            text.number(4, 9999)?
        } else {
            // No clock is here to tell which century is nearer.
            match text.number(2, 99)? {
                year @ ..70 => year.saturating_add(2000),
                year => year.saturating_add(1900),
            }
        };
        text.one_of(b" ")?;
        let second = text.time_of_day(Some(b':'))?;
        let nanos = text.fraction()?;
        text.one_of(b" ")?;
        text.name(&[*b"GMT"])?;
        text.end()?;
        Ok(Self { seconds: start_of((year, month, day))?.saturating_add(second), nanos })
    }

    /// Reads Smithy's `epoch-seconds`: a decimal number of seconds since 1970 such as
    /// `1515531081.123`, with an exponent or not, as JSON writes numbers.
    ///
    /// The number is read digit by digit and exactly; what is below a nanosecond is dropped.
    ///
    /// # Errors
    ///
    /// [`TimeError::Malformed`] for anything else, [`TimeError::OutOfRange`] beyond 64 bits.
    pub fn parse_epoch_seconds(text: &[u8]) -> Result<Self, TimeError> {
        let mut text = Text::new(text);
        let negative = text.skip(b'-');
        let whole = text.digits()?;
        let below = if text.skip(b'.') { text.digits()? } else { &[] };
        let mut point = i64::try_from(whole.len()).unwrap_or(i64::MAX);
        if text.skip(b'e') || text.skip(b'E') {
            let left = text.skip(b'-');
            if !left {
                text.skip(b'+');
            }
            let digits = text.digits()?.iter();
            let exponent = digits.fold(0_i64, |sum, digit| {
                sum.saturating_mul(10).saturating_add(i64::from(digit.wrapping_sub(b'0')))
            });
            point = if left { point.saturating_sub(exponent) } else { point.saturating_add(exponent) };
        }
        text.end()?;
        let (mut seconds, mut nanos, mut scale) = (0_i64, 0_u32, NANOS_PER_SECOND);
        for digit in whole.iter().chain(below).map(|digit| digit.wrapping_sub(b'0')) {
            if point > 0 {
                let tenfold = seconds.checked_mul(10).and_then(|s| s.checked_add(i64::from(digit)));
                seconds = tenfold.ok_or(TimeError::OutOfRange)?;
            } else if point == 0 || scale < NANOS_PER_SECOND {
                scale /= 10;
                nanos = nanos.saturating_add(scale.saturating_mul(u32::from(digit)));
            } else {
                // Zeros between the point and the first digit.
                let zeros = u32::try_from(point.unsigned_abs()).unwrap_or(u32::MAX);
                scale = NANOS_PER_SECOND.checked_div(10_u32.saturating_pow(zeros)).unwrap_or(0) / 10;
                nanos = scale.saturating_mul(u32::from(digit));
            }
            point = point.saturating_sub(1);
        }
        while point > 0 && seconds > 0 {
            seconds = seconds.checked_mul(10).ok_or(TimeError::OutOfRange)?;
            point = point.saturating_sub(1);
        }
        Ok(match (negative, nanos) {
            (false, _) => Self { seconds, nanos },
            (true, 0) => Self::from_seconds(seconds.saturating_neg()),
            (true, _) => Self {
                seconds: seconds.saturating_neg().saturating_sub(1),
                nanos: NANOS_PER_SECOND.saturating_sub(nanos),
            },
        })
    }

    /// Writes Smithy's `date-time`, such as `1985-04-12T23:20:50.52Z`: cut to microseconds, with
    /// no more digits than it takes. At most 27 bytes.
    ///
    /// # Errors
    ///
    /// [`TimeError::OutOfRange`] before year 0 and after year 9999; nothing is put then.
    pub fn write_date_time(self, to: &mut dyn Sink) -> Result<(), TimeError> {
        self.dated()?;
        let [c, e, y, z, m, n, d, a, _, h, i, j, k, s, t, _] = self.stamp();
        to.put(&[c, e, y, z, b'-', m, n, b'-', d, a, b'T', h, i, b':', j, k, b':', s, t]);
        put_fraction(self.nanos.saturating_sub(self.nanos % 1_000), to);
        to.put(b"Z");
        Ok(())
    }

    /// Writes Smithy's `http-date`, such as `Tue, 29 Apr 2014 18:30:38 GMT`; cut to seconds. 29
    /// bytes.
    ///
    /// # Errors
    ///
    /// [`TimeError::OutOfRange`] before year 0 and after year 9999; nothing is put then.
    pub fn write_http_date(self, to: &mut dyn Sink) -> Result<(), TimeError> {
        self.dated()?;
        let Civil { century, year, month, day, hour, minute, second, weekday } = Civil::of(self.seconds);
        to.put(DAYS.get(usize::from(weekday)).unwrap_or(b"   "));
        to.put(b", ");
        to.put(&pair(day));
        to.put(b" ");
        to.put(MONTHS.get(usize::from(month.wrapping_sub(1))).unwrap_or(b"   "));
        to.put(b" ");
        to.put(&pair(century));
        to.put(&pair(year));
        to.put(b" ");
        to.put(&pair(hour));
        to.put(b":");
        to.put(&pair(minute));
        to.put(b":");
        to.put(&pair(second));
        to.put(b" GMT");
        Ok(())
    }

    /// Writes Smithy's `epoch-seconds`: the exact decimal number, such as `-62133482200.9`, with
    /// no more digits than it takes. At most 30 bytes.
    pub fn write_epoch_seconds(self, to: &mut dyn Sink) {
        let (whole, below) = if self.seconds < 0 && self.nanos > 0 {
            (self.seconds.saturating_add(1), NANOS_PER_SECOND.saturating_sub(self.nanos))
        } else {
            (self.seconds, self.nanos)
        };
        if self.seconds < 0 {
            to.put(b"-");
        }
        uint(whole.unsigned_abs(), to);
        put_fraction(below, to);
    }

    /// Whether a date of four-digit years can say this.
    const fn dated(self) -> Result<(), TimeError> {
        if self.seconds < FIRST || self.seconds > LAST { Err(TimeError::OutOfRange) } else { Ok(()) }
    }
}

impl fmt::Debug for Time {
    /// As [`Display`](fmt::Display).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Time {
    /// [`write_date_time`](Self::write_date_time)'s text; outside of its years, `@` and the seconds since 1970.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut room = [0; LONGEST_DATE_TIME];
        let mut to = Cursor::new(&mut room);
        if self.write_date_time(&mut to).is_err() {
            return write!(f, "@{}", self.seconds);
        }
        let text = to.finish().unwrap_or_default();
        f.pad(core::str::from_utf8(text).unwrap_or_default())
    }
}

/// `9999-12-31T23:59:59.999999Z`
const LONGEST_DATE_TIME: usize = 27;

/// A text that is no instant, or an instant that has no text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum TimeError {
    /// Returned by the `parse_` functions: the text breaks the format, or names a day or an hour
    /// that does not exist.
    Malformed {
        /// The offset in bytes of what is wrong. A day that its month does not have counts as
        /// wrong at 0.
        at: usize,
    },
    /// Returned by [`Time::parse_epoch_seconds`] for more seconds than 64 bits hold, and by
    /// [`Time::write_date_time`] and [`Time::write_http_date`] outside the years 0 to 9999.
    OutOfRange,
}

impl fmt::Display for TimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed { at } => write!(f, "not an instant in the expected format at byte {at}"),
            Self::OutOfRange => f.write_str("instant out of range"),
        }
    }
}

impl core::error::Error for TimeError {}

/// An instant taken apart; all of it fits two digits.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Civil {
    century: u8,
    /// The year of the century.
    year: u8,
    month: u8,
    day: u8,
    hour: u8,
    minute: u8,
    second: u8,
    /// Days since Sunday.
    weekday: u8,
}

impl Civil {
    /// Takes seconds since 1970 apart, after moving them into the years 0 to 9999.
    #[expect(
        clippy::arithmetic_side_effects,
        clippy::cast_possible_truncation,
        reason = "fewer than 3.7 million days after the first: every step below fits 32 bits, and the results two digits"
    )]
    const fn of(seconds: i64) -> Self {
        let (days, time) = apart(seconds);
        // Counted from a 1 March of a year divisible by 400, the leap day is the last of its year,
        // its four years and its four centuries, and lengths of months repeat every five.
        let in_quarters = 4 * (days + DAYS_BEFORE_FIRST) + 3;
        let (century, in_quarters) = (in_quarters / 146_097, in_quarters % 146_097 / 4 * 4 + 3);
        let (year, day_of_year) = (in_quarters / 1_461, in_quarters % 1_461 / 4);
        let in_fifths = 5 * day_of_year + 2;
        let (march_based, day) = (in_fifths / 153, in_fifths % 153 / 5 + 1);
        let (month, next_year) = if march_based < 10 { (march_based + 3, 0) } else { (march_based - 9, 1) };
        let year = 100 * century + year + next_year - 400;
        Self {
            century: (year / 100) as u8,
            year: (year % 100) as u8,
            month: month as u8,
            day: day as u8,
            hour: (time / 3_600) as u8,
            minute: (time / 60 % 60) as u8,
            second: (time % 60) as u8,
            // The first day was a Saturday.
            weekday: ((days + 6) % 7) as u8,
        }
    }
}

/// Days since the first, and seconds of the day, after moving seconds since 1970 into the years 0 to 9999.
#[expect(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    reason = "39 bits, of which each part has 32 at most"
)]
const fn apart(seconds: i64) -> (u32, u32) {
    let seconds = if seconds < FIRST {
        FIRST
    } else if seconds > LAST {
        LAST
    } else {
        seconds
    };
    let since_first = seconds - FIRST;
    // A day is 675 times 128 seconds. Small machines have no division of 64 bits.
    let days = (since_first >> 7) as u32 / 675;
    (days, (since_first - days as i64 * SECONDS_PER_DAY) as u32)
}

/// A day by UTC, so that stamps of instants on it are written without a calendar.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Day {
    text: [u8; 8],
    /// In seconds since 1970.
    start: i64,
}

impl Day {
    /// The day that an instant lies on.
    pub(crate) fn of(time: Time) -> Self {
        let [c, e, y, z, m, n, d, a, ..] = time.stamp();
        let second = if SMALL { 0 } else { apart(time.seconds).1 };
        Self { text: [c, e, y, z, m, n, d, a], start: time.seconds.saturating_sub(second.into()) }
    }

    /// A day as in `20150830`. One that does not exist holds no instant.
    pub(crate) fn named(text: [u8; 8]) -> Self {
        let [c, e, y, z, m, n, d, a] = text;
        let stamp = [c, e, y, z, m, n, d, a, b'T', b'0', b'0', b'0', b'0', b'0', b'0', b'Z'];
        Self { text, start: Time::parse_stamp(&stamp).map_or(i64::MIN, Time::seconds) }
    }

    /// The day as in `20150830`.
    pub(crate) const fn text(self) -> [u8; 8] {
        self.text
    }

    /// Whether an instant lies on it.
    pub(crate) fn holds(self, time: Time) -> bool {
        if SMALL {
            return self.text == time.day();
        }
        (0..SECONDS_PER_DAY).contains(&time.seconds.saturating_sub(self.start))
    }

    /// The stamp of an instant, on this day or not.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "below 60")]
    pub(crate) fn stamp(self, time: Time) -> [u8; 16] {
        if SMALL {
            return time.stamp();
        }
        let second = time.seconds.saturating_sub(self.start);
        match u32::try_from(second) {
            Ok(second) if second < 86_400 => {
                let [c, e, y, z, m, n, d, a] = self.text;
                let (hour, minute) = (second / 3_600, second / 60);
                let [h, i] = pair(hour as u8);
                let [j, k] = pair(minute.wrapping_sub(hour.wrapping_mul(60)) as u8);
                let [s, t] = pair(second.wrapping_sub(minute.wrapping_mul(60)) as u8);
                [c, e, y, z, m, n, d, a, b'T', h, i, j, k, s, t, b'Z']
            }
            _ => time.stamp(),
        }
    }
}

/// The second since 1970 at which a day starts; an error for a day that does not exist.
fn start_of((year, month, day): (u32, u32, u32)) -> Result<i64, TimeError> {
    let (march_based, started) =
        if month > 2 { (month.wrapping_sub(3), 400) } else { (month.wrapping_add(9), 399) };
    // The way back from `Civil::of`. A month or day of 0 or 99 wraps or overshoots, and is found out below.
    let years = year.wrapping_add(started);
    let days = years
        .wrapping_mul(365)
        .wrapping_add(years / 4)
        .wrapping_sub(years / 100)
        .wrapping_add(years / 400)
        .wrapping_add(march_based.wrapping_mul(153).wrapping_add(2) / 5)
        .wrapping_add(day)
        .wrapping_sub(1)
        .wrapping_sub(DAYS_BEFORE_FIRST);
    let seconds = i64::from(days).saturating_mul(SECONDS_PER_DAY).saturating_add(FIRST);
    let back = Civil::of(seconds);
    let same = u32::from(back.month) == month && u32::from(back.day) == day;
    if same { Ok(seconds) } else { Err(TimeError::Malformed { at: 0 }) }
}

/// Two digits of a number below 100.
const fn pair(number: u8) -> [u8; 2] {
    let tens = number / 10;
    [tens | b'0', number.wrapping_sub(tens.wrapping_mul(10)) | b'0']
}

/// One digit.
const fn digit(number: u64) -> u8 {
    (number % 10) as u8 | b'0'
}

/// Puts a point and up to nine digits, without zeros at the end; nothing for zero.
fn put_fraction(nanos: u32, to: &mut dyn Sink) {
    let mut rest = nanos;
    let mut scale = NANOS_PER_SECOND / 10;
    if rest > 0 {
        to.put(b".");
    }
    while rest > 0 {
        to.put(&[digit(u64::from(rest.checked_div(scale).unwrap_or(0)))]);
        rest = rest.checked_rem(scale).unwrap_or(0);
        scale /= 10;
    }
}

/// A text being read from its start.
struct Text<'t> {
    rest: &'t [u8],
    at: usize,
}

impl<'t> Text<'t> {
    const fn new(text: &'t [u8]) -> Self {
        Self { rest: text, at: 0 }
    }

    /// Takes `bytes` bytes, which the caller has seen or will check.
    fn take(&mut self, bytes: usize) -> Option<&'t [u8]> {
        let (taken, rest) = self.rest.split_at_checked(bytes)?;
        self.rest = rest;
        self.at = self.at.saturating_add(bytes);
        Some(taken)
    }

    /// Takes a byte that has to be one of these.
    fn one_of(&mut self, these: &[u8]) -> Result<u8, TimeError> {
        match self.rest.split_first() {
            Some((&byte, _)) if these.contains(&byte) => {
                self.take(1);
                Ok(byte)
            }
            _ => Err(TimeError::Malformed { at: self.at }),
        }
    }

    /// Takes this byte if it is next.
    fn skip(&mut self, byte: u8) -> bool {
        self.one_of(&[byte]).is_ok()
    }

    /// Takes all digits that follow, at least one.
    fn digits(&mut self) -> Result<&'t [u8], TimeError> {
        let wrong = TimeError::Malformed { at: self.at };
        let count = self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.take(count).filter(|digits| !digits.is_empty()).ok_or(wrong)
    }

    /// Takes a number of exactly so many digits.
    fn number(&mut self, digits: usize, most: u32) -> Result<u32, TimeError> {
        let wrong = TimeError::Malformed { at: self.at };
        let mut number = 0_u32;
        for byte in self.take(digits).ok_or(wrong)? {
            if !byte.is_ascii_digit() {
                return Err(wrong);
            }
            number = number.saturating_mul(10).saturating_add(u32::from(byte.wrapping_sub(b'0')));
        }
        if number > most { Err(wrong) } else { Ok(number) }
    }

    /// Takes one of these names and returns its place.
    fn name(&mut self, names: &[[u8; 3]]) -> Result<u32, TimeError> {
        let wrong = TimeError::Malformed { at: self.at };
        let name = self.take(3).ok_or(wrong)?;
        (0..).zip(names).find(|(_, known)| known.as_slice() == name).map(|(place, _)| place).ok_or(wrong)
    }

    /// Takes hour, minute and second, with or without something between, and returns the second of
    /// the day.
    fn time_of_day(&mut self, between: Option<u8>) -> Result<i64, TimeError> {
        let hour = self.number(2, 23)?;
        between.map_or(Ok(0), |byte| self.one_of(&[byte]))?;
        let minute = self.number(2, 59)?;
        between.map_or(Ok(0), |byte| self.one_of(&[byte]))?;
        let second = self.number(2, 60)?;
        Ok(i64::from(
            hour.saturating_mul(60).saturating_add(minute).saturating_mul(60).saturating_add(second),
        ))
    }

    /// Takes what follows the day in C's `asctime`, to the end.
    fn asctime(&mut self) -> Result<Time, TimeError> {
        let month = self.name(&MONTHS)?.saturating_add(1);
        self.one_of(b" ")?;
        let day = if self.skip(b' ') { self.number(1, 9)? } else { self.number(2, 31)? };
        self.one_of(b" ")?;
        let second = self.time_of_day(Some(b':'))?;
        self.one_of(b" ")?;
        let year = self.number(4, 9999)?;
        self.end()?;
        Ok(Time::from_seconds(start_of((year, month, day))?.saturating_add(second)))
    }

    /// Takes a point and the digits after it, if they follow, and returns nanoseconds.
    fn fraction(&mut self) -> Result<u32, TimeError> {
        let (mut nanos, mut scale) = (0_u32, NANOS_PER_SECOND);
        if self.skip(b'.') {
            for byte in self.digits()? {
                scale /= 10;
                nanos = nanos.saturating_add(scale.saturating_mul(u32::from(byte.wrapping_sub(b'0'))));
            }
        }
        Ok(nanos)
    }

    /// Nothing may follow.
    const fn end(&self) -> Result<(), TimeError> {
        if self.rest.is_empty() { Ok(()) } else { Err(TimeError::Malformed { at: self.at }) }
    }
}

const NANOS_PER_SECOND: u32 = 1_000_000_000;
const SECONDS_PER_DAY: i64 = 86_400;
/// 0000-01-01T00:00:00Z.
const FIRST: i64 = -62_167_219_200;
/// 9999-12-31T23:59:59Z.
const LAST: i64 = 253_402_300_799;
/// Days from 1 March of the year -400, where counting starts, to 0000-01-01.
const DAYS_BEFORE_FIRST: u32 = 146_037;
const DAYS: [[u8; 3]; 7] = [*b"Sun", *b"Mon", *b"Tue", *b"Wed", *b"Thu", *b"Fri", *b"Sat"];
/// What follows the first three letters in the long names of the days.
const DAY_ENDS: [&str; 7] = ["day", "day", "sday", "nesday", "rsday", "day", "urday"];
const MONTHS: [[u8; 3]; 12] = [
    *b"Jan", *b"Feb", *b"Mar", *b"Apr", *b"May", *b"Jun", *b"Jul", *b"Aug", *b"Sep", *b"Oct", *b"Nov",
    *b"Dec",
];

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "tests")]
mod tests {
    extern crate std;

    use std::format;
    use std::string::ToString as _;

    use super::*;

    #[test]
    fn an_instant_is_shown_in_rfc_3339() {
        for (time, shown) in [
            (Time::from_seconds(1_440_938_160), "2015-08-30T12:36:00Z"),
            (Time::new(1_440_938_160, 250_000_000), "2015-08-30T12:36:00.25Z"),
            (Time::new(LAST, 999_999_999), "9999-12-31T23:59:59.999999Z"),
            (Time::from_seconds(FIRST), "0000-01-01T00:00:00Z"),
            (Time::from_seconds(LAST + 1), "@253402300800"),
            (Time::from_seconds(FIRST - 1), "@-62167219201"),
        ] {
            assert_eq!(time.to_string(), shown);
        }
        assert_eq!(format!("{:>22}", Time::from_seconds(0)), "  1970-01-01T00:00:00Z");
    }

    fn written(write: impl FnOnce(&mut Cursor<'_>)) -> ([u8; 40], usize) {
        let mut room = [0; 40];
        let mut cursor = Cursor::new(&mut room);
        write(&mut cursor);
        let bytes = cursor.bytes();
        (room, bytes)
    }

    fn epoch(time: Time, text: &str) {
        let (room, bytes) = written(|to| time.write_epoch_seconds(to));
        assert_eq!(core::str::from_utf8(&room[..bytes]).unwrap(), text);
        assert_eq!(Time::parse_epoch_seconds(text.as_bytes()), Ok(time), "{text}");
    }

    /// Steps from day to day with the rule of the calendar and nothing else.
    fn each_day(from: u32, to: u32, mut check: impl FnMut(u32, u32, u32)) {
        for year in from..=to {
            let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            for month in 1..=12 {
                let last = match month {
                    2 => 28 + u32::from(leap),
                    4 | 6 | 9 | 11 => 30,
                    _ => 31,
                };
                for day in 1..=last {
                    check(year, month, day);
                }
                assert_eq!(start_of((year, month, last + 1)), Err(TimeError::Malformed { at: 0 }));
                assert_eq!(start_of((year, month, 0)), Err(TimeError::Malformed { at: 0 }));
            }
        }
    }

    #[test]
    fn every_day_of_every_year_comes_apart_and_together() {
        let (mut start, mut weekday) = (FIRST, 6);
        each_day(0, 9999, |year, month, day| {
            assert_eq!(start_of((year, month, day)), Ok(start));
            let civil = Civil::of(start);
            let (found, date) =
                (u32::from(civil.century) * 100 + u32::from(civil.year), (civil.month, civil.day));
            assert_eq!((found, (u32::from(date.0), u32::from(date.1))), (year, (month, day)));
            assert_eq!(civil.weekday, weekday);
            let last = Civil::of(start + SECONDS_PER_DAY - 1);
            assert_eq!(
                (last.month, last.day, last.hour, last.minute, last.second),
                (date.0, date.1, 23, 59, 59)
            );
            if (1970..=2199).contains(&year) {
                let stamp = Time::from_seconds(start + 45_296).stamp();
                assert_eq!(&stamp[8..], b"T123456Z");
                assert_eq!(Time::parse_stamp(&stamp), Ok(Time::from_seconds(start + 45_296)));
            }
            start += SECONDS_PER_DAY;
            weekday = (weekday + 1) % 7;
        });
        assert_eq!(start - 1, LAST);
        assert_eq!(Civil::of(0).weekday, 4, "1970 began on a Thursday");
    }

    #[test]
    fn every_second_of_a_day_comes_apart() {
        for second in 0..86_400_u32 {
            let civil = Civil::of(i64::from(second));
            let (hour, minute) = (u32::from(civil.hour), u32::from(civil.minute));
            assert_eq!((hour * 60 + minute) * 60 + u32::from(civil.second), second);
        }
    }

    #[test]
    fn stamps_are_those_of_signatures_and_stop_at_four_digit_years() {
        for (seconds, stamp) in [
            (1_440_938_160, b"20150830T123600Z"),
            (0, b"19700101T000000Z"),
            (-1, b"19691231T235959Z"),
            (FIRST - 1, b"00000101T000000Z"),
            (LAST + 1, b"99991231T235959Z"),
            (i64::MIN, b"00000101T000000Z"),
            (i64::MAX, b"99991231T235959Z"),
        ] {
            let time = Time::from_seconds(seconds);
            assert_eq!((&time.stamp(), &time.day()[..]), (stamp, &stamp[..8]), "{seconds}");
        }
    }

    #[test]
    fn date_times_are_read() {
        for (text, time) in [
            ("1985-04-12T23:20:50.52Z", Time::new(482_196_050, 520_000_000)),
            ("1996-12-19T16:39:57-08:00", Time::from_seconds(851_042_397)),
            ("1990-12-31T23:59:60Z", Time::from_seconds(662_688_000)),
            ("1990-12-31T15:59:60-08:00", Time::from_seconds(662_688_000)),
            ("1937-01-01T12:00:27.87+00:20", Time::new(-1_041_337_173, 870_000_000)),
            ("2026-01-02t03:04:05.123456789987654321z", Time::new(1_767_323_045, 123_456_789)),
            ("2026-01-02 03:04:05UTC", Time::from_seconds(1_767_323_045)),
            ("0000-01-01T00:00:00+23:59", Time::from_seconds(FIRST - 86_340)),
        ] {
            assert_eq!(Time::parse_date_time(text.as_bytes()), Ok(time), "{text}");
        }
    }

    #[test]
    fn what_is_no_instant_is_refused_where_it_is_wrong() {
        let date_time = Time::parse_date_time as fn(&[u8]) -> Result<Time, TimeError>;
        let http_date = Time::parse_http_date as fn(&[u8]) -> Result<Time, TimeError>;
        let epoch = Time::parse_epoch_seconds as fn(&[u8]) -> Result<Time, TimeError>;
        let stamp = Time::parse_stamp as fn(&[u8]) -> Result<Time, TimeError>;
        for (parse, text, at) in [
            (date_time, "", 0),
            (date_time, "2026-02-29T00:00:00Z", 0),
            (date_time, "1900-02-29T00:00:00Z", 0),
            (date_time, "2026-00-10T00:00:00Z", 0),
            (date_time, "2026-13-10T00:00:00Z", 5),
            (date_time, "2026-01-32T00:00:00Z", 8),
            (date_time, "2026-01-01T24:00:00Z", 11),
            (date_time, "2026-01-01T00:60:00Z", 14),
            (date_time, "2026-01-01T00:00:61Z", 17),
            (date_time, "2026-01-01T00:00:00", 19),
            (date_time, "2026-01-01T00:00:00.Z", 20),
            (date_time, "2026-01-01T00:00:00+0100", 22),
            (date_time, "2026-01-01T00:00:00+24:00", 20),
            (date_time, "2026-01-01T00:00:00Z ", 20),
            (date_time, "+026-01-01T00:00:00Z", 0),
            (http_date, "Tue, 29 Apr 2014 18:30:38 UTC", 26),
            (http_date, "Toe, 29 Apr 2014 18:30:38 GMT", 0),
            (http_date, "Tue, 31 Apr 2014 18:30:38 GMT", 0),
            (http_date, "Tue, 29 apr 2014 18:30:38 GMT", 8),
            (http_date, "Tuesday, 29 Apr 2014 18:30:38 GMT", 11),
            (http_date, "Tue, 29-Apr-14 18:30:38 GMT", 7),
            (http_date, "Thuesday, 29-Apr-14 18:30:38 GMT", 3),
            (http_date, "Tuesday, 31-Apr-14 18:30:38 GMT", 0),
            (http_date, "Tuesday, 29-Apr-2014 18:30:38 GMT", 18),
            (http_date, "Tue Apr 29 18:30:38 2014 GMT", 24),
            (http_date, "Tue Apr 29 18:30:38 14", 20),
            (http_date, "Tue Apr 9 18:30:38 2014", 8),
            (http_date, "Tue Apr  0 18:30:38 2014", 0),
            (epoch, "", 0),
            (epoch, "-", 1),
            (epoch, "+1", 0),
            (epoch, ".5", 0),
            (epoch, "1.", 2),
            (epoch, "1e", 2),
            (epoch, "1e+", 3),
            (epoch, "1 ", 1),
            (epoch, "NaN", 0),
            (stamp, "20150830T123600", 15),
            (stamp, "20150830 123600Z", 8),
            (stamp, "20150230T123600Z", 0),
        ] {
            assert_eq!(parse(text.as_bytes()), Err(TimeError::Malformed { at }), "{text}");
        }
    }

    #[test]
    fn http_dates_are_read_in_their_obsolete_formats() {
        // The dates of RFC 9110, 5.6.7, and the ends of the years that two digits tell.
        for (text, stamp) in [
            ("Sun, 06 Nov 1994 08:49:37 GMT", b"19941106T084937Z"),
            ("Sunday, 06-Nov-94 08:49:37 GMT", b"19941106T084937Z"),
            ("Sun Nov  6 08:49:37 1994", b"19941106T084937Z"),
            ("Wed Nov 16 08:49:37 1994", b"19941116T084937Z"),
            ("Monday, 01-Jan-70 00:00:00 GMT", b"19700101T000000Z"),
            ("Tuesday, 31-Dec-69 23:59:59 GMT", b"20691231T235959Z"),
            ("Wednesday, 01-Jan-00 00:00:00 GMT", b"20000101T000000Z"),
            ("Thursday, 01-Jan-00 00:00:00 GMT", b"20000101T000000Z"),
            ("Friday, 31-Dec-99 00:00:00 GMT", b"19991231T000000Z"),
            ("Saturday, 01-Jan-00 00:00:00 GMT", b"20000101T000000Z"),
        ] {
            assert_eq!(Time::parse_http_date(text.as_bytes()).map(Time::stamp), Ok(*stamp), "{text}");
        }
    }

    #[test]
    fn epoch_seconds_are_exact_decimals_both_ways() {
        epoch(Time::from_seconds(0), "0");
        epoch(Time::new(1_515_531_081, 123_000_000), "1515531081.123");
        epoch(Time::new(-62_133_482_201, 100_000_000), "-62133482200.9");
        epoch(Time::new(-1, 999_999_999), "-0.000000001");
        epoch(Time::new(i64::MAX, 999_999_999), "9223372036854775807.999999999");
        epoch(Time::new(i64::MIN + 1, 0), "-9223372036854775807");
        for (text, time) in [
            ("1.5e9", Time::from_seconds(1_500_000_000)),
            ("1E+3", Time::from_seconds(1_000)),
            ("15e-1", Time::new(1, 500_000_000)),
            ("15e-4", Time::new(0, 1_500_000)),
            ("0.15e-2", Time::new(0, 1_500_000)),
            ("1e-9", Time::new(0, 1)),
            ("19e-10", Time::new(0, 1)),
            ("-9e-10", Time::from_seconds(0)),
            ("1e-99999999999999999999", Time::from_seconds(0)),
            ("0e99999999999999999999", Time::from_seconds(0)),
            ("000.0000000000", Time::from_seconds(0)),
            ("0.0000000019", Time::new(0, 1)),
            ("1.23456789012345", Time::new(1, 234_567_890)),
            ("123e-2", Time::new(1, 230_000_000)),
        ] {
            assert_eq!(Time::parse_epoch_seconds(text.as_bytes()), Ok(time), "{text}");
        }
        for text in ["9223372036854775808", "1e19", "1e99999999999999999999", "-9223372036854775808"] {
            assert_eq!(Time::parse_epoch_seconds(text.as_bytes()), Err(TimeError::OutOfRange), "{text}");
        }
    }

    #[test]
    fn dates_are_written_as_short_as_they_can_be() {
        for (time, text) in [
            (Time::from_seconds(1_440_938_160), "2015-08-30T12:36:00Z"),
            (Time::new(0, 123_456_999), "1970-01-01T00:00:00.123456Z"),
            (Time::new(0, 999), "1970-01-01T00:00:00Z"),
            (Time::new(0, 120_000_000), "1970-01-01T00:00:00.12Z"),
            (Time::new(0, 1_000), "1970-01-01T00:00:00.000001Z"),
        ] {
            let (room, bytes) = written(|to| time.write_date_time(to).unwrap());
            assert_eq!(core::str::from_utf8(&room[..bytes]).unwrap(), text);
        }
        let (room, bytes) = written(|to| Time::new(1_398_796_238, 999).write_http_date(to).unwrap());
        assert_eq!(&room[..bytes], b"Tue, 29 Apr 2014 18:30:38 GMT");
        for seconds in [FIRST - 1, LAST + 1, i64::MIN, i64::MAX] {
            let (_, bytes) = written(|to| {
                assert_eq!(Time::from_seconds(seconds).write_date_time(to), Err(TimeError::OutOfRange));
                assert_eq!(Time::from_seconds(seconds).write_http_date(to), Err(TimeError::OutOfRange));
            });
            assert_eq!(bytes, 0);
        }
    }

    #[test]
    fn spans_are_added_and_taken_away_across_seconds() {
        let time = Time::new(10, 250_000_000);
        for (span, later) in [
            (Duration::from_millis(750), Time::from_seconds(11)),
            (Duration::from_millis(1_000), Time::new(11, 250_000_000)),
            (Duration::from_nanos(1), Time::new(10, 250_000_001)),
        ] {
            assert_eq!(time.saturating_add(span), later);
            assert_eq!(later.saturating_sub(span), time);
            assert_eq!(later.duration_since(time), span);
            assert_eq!(time.duration_since(later), Duration::ZERO);
        }
        let (first, last) = (Time::from_seconds(i64::MIN), Time::new(i64::MAX, 999_999_999));
        assert_eq!(last.duration_since(first), Duration::new(u64::MAX, 999_999_999));
        assert_eq!(last.saturating_add(Duration::MAX).seconds(), i64::MAX);
        assert_eq!(first.saturating_sub(Duration::MAX).seconds(), i64::MIN);
        assert_eq!(Time::from_millis(-1), Time::new(-1, 999_000_000));
        assert_eq!(Time::new(1, 2_000_000_001), Time::new(3, 1));
    }
}
