//! `xml`, `json`, `ini`: documents as events. `date`: instants in AWS's formats.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use tucuxi_core::ini;
use tucuxi_core::json;
use tucuxi_core::request::TimeFormat;
use tucuxi_core::room::Read;
use tucuxi_core::sink::Sink;
use tucuxi_core::time::Time;
use tucuxi_core::time::TimeError;
use tucuxi_core::xml;

use crate::fields::Fields;
use crate::fields::Refusal;
use crate::fields::written;

pub(crate) fn xml(fields: &Fields<'_>) -> Result<Value, Refusal> {
    let (data, mut room) = document(fields)?;
    let mut reader = xml::Reader::new(&mut room);
    let mut rest = &*data;
    let mut events: Vec<Value> = Vec::new();
    // A text may come in pieces; they are one.
    let mut text = String::new();
    loop {
        let event = match reader.read() {
            Read::Item(xml::Event::Text(piece)) => {
                text.push_str(&piece.to_string());
                continue;
            }
            Read::Item(xml::Event::Start { name, attributes }) => {
                let attributes = attributes.map(|(name, value)| (name.to_owned(), value.to_string().into()));
                Some(json!(["start", name, attributes.collect::<Map<_, Value>>()]))
            }
            Read::Item(xml::Event::End { name }) => Some(json!(["end", name])),
            Read::End => None,
            Read::NeedInput => {
                rest = fed(rest, |rest| reader.feed(rest));
                if rest.is_empty() {
                    reader.end();
                }
                continue;
            }
            Read::RoomFull { needed } => return Err(room_full(needed)),
            Read::Malformed { at } => return Err(malformed(at)),
        };
        if !text.is_empty() {
            events.push(json!(["text", std::mem::take(&mut text)]));
        }
        match event {
            Some(event) => events.push(event),
            None => return Ok(json!({ "events": events })),
        }
    }
}

pub(crate) fn json(fields: &Fields<'_>) -> Result<Value, Refusal> {
    let (data, mut room) = document(fields)?;
    let mut reader = json::Reader::new(&mut room);
    let mut rest = &*data;
    let mut events: Vec<Value> = Vec::new();
    let mut text = String::new();
    loop {
        events.push(match reader.read() {
            Read::Item(json::Event::Part(piece)) => {
                text.push_str(&piece.to_string());
                continue;
            }
            Read::Item(json::Event::String(piece)) => {
                json!(["string", std::mem::take(&mut text) + &piece.to_string()])
            }
            Read::Item(json::Event::Bool(value)) => json!(["bool", value]),
            Read::Item(json::Event::EndArray) => json!(["end_array"]),
            Read::Item(json::Event::EndObject) => json!(["end_object"]),
            Read::Item(json::Event::Key(key)) => json!(["key", key.to_string()]),
            Read::Item(json::Event::Null) => json!(["null"]),
            Read::Item(json::Event::Number(number)) => json!(["number", number]),
            Read::Item(json::Event::StartArray) => json!(["start_array"]),
            Read::Item(json::Event::StartObject) => json!(["start_object"]),
            Read::End => return Ok(json!({ "events": events })),
            Read::NeedInput => {
                rest = fed(rest, |rest| reader.feed(rest));
                if rest.is_empty() {
                    reader.end();
                }
                continue;
            }
            Read::RoomFull { needed } => return Err(room_full(needed)),
            Read::Malformed { at } => return Err(malformed(at)),
        });
    }
}

pub(crate) fn ini(fields: &Fields<'_>) -> Result<Value, Refusal> {
    let (data, mut room) = document(fields)?;
    let mut reader = ini::Reader::new(&mut room);
    let mut rest = &*data;
    let mut events: Vec<Value> = Vec::new();
    loop {
        events.push(match reader.read() {
            Read::Item(ini::Event::Section { prefix, name, .. }) => json!(["section", prefix, name]),
            Read::Item(ini::Event::Property { key, value, .. }) => json!(["property", key, value]),
            Read::Item(ini::Event::SubProperty { key, value, .. }) => json!(["sub_property", key, value]),
            Read::Item(ini::Event::Continuation { value, .. }) => json!(["continuation", value]),
            Read::Item(_) => return Err(Refusal::driver("an event that is not known")),
            Read::End => return Ok(json!({ "events": events })),
            Read::NeedInput => {
                rest = fed(rest, |rest| reader.feed(rest));
                if rest.is_empty() {
                    reader.end();
                }
                continue;
            }
            Read::RoomFull { needed } => return Err(room_full(needed)),
            Read::Malformed { at } => {
                let why = reader.malformed().map_or_else(String::new, |why| why.to_string());
                return Err(Refusal::new("malformed", &why).with("offset", at));
            }
        });
    }
}

pub(crate) fn date(fields: &Fields<'_>) -> Result<Value, Refusal> {
    let format = match fields.needed("format")? {
        "date-time" => TimeFormat::DateTime,
        "epoch-seconds" => TimeFormat::EpochSeconds,
        "http-date" => TimeFormat::HttpDate,
        _ => return Err(Refusal::driver("format is none of date-time, epoch-seconds, http-date")),
    };
    let value = fields.needed("value")?;
    let refused = |why: TimeError| Refusal::new("time", &why);
    let value = match fields.needed("direction")? {
        "parse" => {
            let time = parse(value, format).map_err(refused)?;
            written(|to| time.write_epoch_seconds(to))
        }
        "format" => {
            let time = Time::parse_epoch_seconds(value.as_bytes()).map_err(refused)?;
            let mut done = Ok(());
            let text = written(|to| done = write(time, format, to));
            done.map_err(refused)?;
            text
        }
        _ => return Err(Refusal::driver("direction is neither parse nor format")),
    };
    Ok(json!({ "value": value }))
}

fn parse(text: &str, format: TimeFormat) -> Result<Time, TimeError> {
    match format {
        TimeFormat::DateTime => Time::parse_date_time(text.as_bytes()),
        TimeFormat::EpochSeconds => Time::parse_epoch_seconds(text.as_bytes()),
        TimeFormat::HttpDate => Time::parse_http_date(text.as_bytes()),
    }
}

fn write(time: Time, format: TimeFormat, to: &mut dyn Sink) -> Result<(), TimeError> {
    match format {
        TimeFormat::DateTime => time.write_date_time(to),
        TimeFormat::EpochSeconds => {
            time.write_epoch_seconds(to);
            Ok(())
        }
        TimeFormat::HttpDate => time.write_http_date(to),
    }
}

/// The bytes of a document, and a room of the size asked for, or one that is large enough for anything in it.
fn document<'a>(fields: &Fields<'a>) -> Result<(std::borrow::Cow<'a, [u8]>, Vec<u8>), Refusal> {
    let data = fields.bytes("data")?.ok_or_else(|| Refusal::driver("data is missing"))?;
    let room = match fields.number("room")? {
        Some(bytes) if bytes > 1 << 28 => {
            return Err(Refusal::driver("a room of that size is not to be had"));
        }
        Some(bytes) => bytes,
        None => data.len().saturating_add(64),
    };
    Ok((data, vec![0; room]))
}

/// What remains after a reader took what it could.
fn fed(data: &[u8], feed: impl FnOnce(&[u8]) -> usize) -> &[u8] {
    let taken = feed(data);
    data.get(taken..).unwrap_or_default()
}

fn room_full(needed: usize) -> Refusal {
    Refusal::new("room_full", &format_args!("{needed} bytes of room are needed")).with("needed", needed)
}

fn malformed(at: u64) -> Refusal {
    Refusal::new("malformed", &tucuxi_core::text::Malformed::new(at)).with("offset", at)
}
