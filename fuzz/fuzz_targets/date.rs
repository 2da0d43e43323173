//! What is read as an instant is written so that it reads the same again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tucuxi_core::sink::Cursor;
use tucuxi_core::time::{Time, TimeError};

fuzz_target!(|input: (i64, u32, &[u8])| {
    let (seconds, nanos, text) = input;
    let parsers =
        [Time::parse_stamp, Time::parse_date_time, Time::parse_http_date, Time::parse_epoch_seconds];
    for parse in parsers {
        match parse(text) {
            Ok(time) => check(time),
            Err(TimeError::Malformed { at }) => assert!(at <= text.len()),
            Err(_) => {}
        }
    }
    check(Time::new(seconds, nanos));
    // Most of 64 bits is outside of what dates can say.
    check(Time::new(seconds % 400_000_000_000, nanos));
});

fn check(time: Time) {
    let mut room = [0; 30];
    let mut to = Cursor::new(&mut room);
    time.write_epoch_seconds(&mut to);
    let text = to.finish().expect("at most 30 bytes");
    // The first of all 64-bit seconds has no opposite to be read as.
    assert!(Time::parse_epoch_seconds(text) == Ok(time) || time.seconds() == i64::MIN);

    let stamp = Time::parse_stamp(&time.stamp()).expect("a stamp is one always");
    assert_eq!(time.day(), time.stamp()[..8]);

    let mut to = Cursor::new(&mut room);
    let dated = time.write_date_time(&mut to).is_ok();
    assert_eq!(dated, stamp.seconds() == time.seconds());
    if dated {
        let text = to.finish().expect("at most 27 bytes");
        let cut = Time::new(time.seconds(), time.nanos() / 1_000 * 1_000);
        assert_eq!(Time::parse_date_time(text), Ok(cut));

        let mut to = Cursor::new(&mut room);
        time.write_http_date(&mut to).expect("dates agree");
        let text = to.finish().expect("29 bytes");
        assert_eq!(Time::parse_http_date(text), Ok(Time::from_seconds(time.seconds())));
    }
}
