//! Smithy's table of timestamps: 660 instants in three formats, written and read.

use std::process::ExitCode;

use serde_json::Value;
use tucuxi_core::request::TimeFormat;
use tucuxi_core::sink::Cursor;
use tucuxi_core::time::Time;
use tucuxi_tests::cases;
use tucuxi_tests::same;
use tucuxi_tests::trial;

const FORMATS: [(&str, TimeFormat); 3] = [
    ("date_time", TimeFormat::DateTime),
    ("epoch_seconds", TimeFormat::EpochSeconds),
    ("http_date", TimeFormat::HttpDate),
];

fn main() -> ExitCode {
    tucuxi_tests::run("date-time", |folder| {
        let table = cases(&folder);
        let mut trials = Vec::new();
        for (name, format) in FORMATS {
            for (verb, check) in [("format", writes as fn(TimeFormat, &Value) -> _), ("parse", reads)] {
                let rows = table[format!("{verb}_{name}")].as_array().unwrap().clone().into_iter();
                trials.extend(rows.map(|row| {
                    let instant = row["iso8601"].as_str().unwrap();
                    trial(format!("{verb}_{name}::{instant}"), move || check(format, &row))
                }));
            }
        }
        trials
    })
}

fn writes(format: TimeFormat, row: &Value) -> Result<(), String> {
    let time = instant(row)?;
    let mut room = [0; 64];
    let mut text = Cursor::new(&mut room);
    let written = match format {
        TimeFormat::DateTime => time.write_date_time(&mut text),
        TimeFormat::EpochSeconds => {
            time.write_epoch_seconds(&mut text);
            Ok(())
        }
        TimeFormat::HttpDate => time.write_http_date(&mut text),
    };
    if row["error"] == true {
        return same("what was written", &format!("{:?}", written.is_err()), "true");
    }
    written.map_err(|wrong| wrong.to_string())?;
    let text = text.finish().map_err(|full| full.to_string())?;
    same("the text", &String::from_utf8_lossy(text), row["smithy_format_value"].as_str().unwrap_or_default())
}

fn reads(format: TimeFormat, row: &Value) -> Result<(), String> {
    let text = row["smithy_format_value"].as_str().ok_or("no text")?.as_bytes();
    let read = match format {
        TimeFormat::DateTime => Time::parse_date_time(text),
        TimeFormat::EpochSeconds => Time::parse_epoch_seconds(text),
        TimeFormat::HttpDate => Time::parse_http_date(text),
    };
    match read {
        Err(_) if row["error"] == true => Ok(()),
        Err(wrong) => Err(wrong.to_string()),
        Ok(read) => same("the instant", &format!("{read:?}"), &format!("{:?}", instant(row)?)),
    }
}

/// The instant of a row: nanoseconds are after the seconds also where those are negative.
fn instant(row: &Value) -> Result<Time, String> {
    let seconds = row["canonical_seconds"].as_str().and_then(|text| text.parse().ok());
    let nanos = row["canonical_nanos"].as_u64().and_then(|nanos| u32::try_from(nanos).ok());
    Ok(Time::new(seconds.ok_or("no seconds")?, nanos.ok_or("no nanoseconds")?))
}
