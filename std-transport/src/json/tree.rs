//! How core's inputs read a [`Json`].

use std::sync::OnceLock;

use tucuxi_core::input::Tree;
use tucuxi_core::time::Time;

use super::Json;
use crate::output::base64_decoded;

/// A document as a tree to borrow an input from. Bytes that are written in base64 are kept once they
/// were asked for.
pub(super) struct Node<'j> {
    json: &'j Json,
    inside: Vec<Self>,
    bytes: OnceLock<Option<Vec<u8>>>,
}

impl<'j> Node<'j> {
    pub(super) fn new(json: &'j Json) -> Self {
        let inside = match json {
            Json::List(items) => items.iter().map(Self::new).collect(),
            Json::Object(members) => members.iter().map(|(_, value)| Self::new(value)).collect(),
            _ => Vec::new(),
        };
        Self { json, inside, bytes: OnceLock::new() }
    }
}

impl Tree for Node<'_> {
    fn blob(&self) -> Option<&[u8]> {
        match self.json {
            Json::Blob(bytes) => Some(bytes),
            Json::Utf8(text) => Some(text.as_bytes()),
            Json::Text(text) => self.bytes.get_or_init(|| base64_decoded(text)).as_deref(),
            _ => None,
        }
    }

    fn bool(&self) -> Option<bool> {
        match self.json {
            Json::Bool(value) => Some(*value),
            _ => None,
        }
    }

    fn entry(&self, nth: usize) -> Option<(&str, &dyn Tree)> {
        match self.json {
            Json::Object(members) => Some((&members.get(nth)?.0, self.inside.get(nth)?)),
            _ => None,
        }
    }

    fn int(&self) -> Option<i64> {
        match self.json {
            Json::Int(number) => Some(*number),
            _ => None,
        }
    }

    fn item(&self, nth: usize) -> Option<&dyn Tree> {
        match self.json {
            Json::List(_) => self.inside.get(nth).map(|item| item as _),
            _ => None,
        }
    }

    fn is_object(&self) -> bool {
        matches!(self.json, Json::Object(_))
    }

    fn is_list(&self) -> bool {
        matches!(self.json, Json::List(_))
    }

    fn is_null(&self) -> bool {
        matches!(self.json, Json::Null)
    }

    fn text(&self) -> Option<&str> {
        match self.json {
            Json::Text(text) | Json::Utf8(text) => Some(text),
            _ => None,
        }
    }

    fn time(&self) -> Option<Time> {
        match self.json {
            Json::Time(time) => Some(*time),
            Json::Int(seconds) => Some(Time::from_seconds(*seconds)),
            Json::Number(text) => Time::parse_epoch_seconds(text.as_bytes()).ok(),
            Json::Text(text) | Json::Utf8(text) => {
                let text = text.as_bytes();
                let date_time = Time::parse_date_time(text).or_else(|_| Time::parse_stamp(text));
                date_time.or_else(|_| Time::parse_http_date(text)).ok()
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use tucuxi_core::input::FromTree as _;
    use tucuxi_core::operation::PAIR_ROOM;
    use tucuxi_core::operation::request;
    use tucuxi_core::request::Pair;
    use tucuxi_core::s3::input::GetObject;
    use tucuxi_core::s3::input::PutObject;
    use tucuxi_core::sqs::input::SendMessage;

    use super::*;
    use crate::output::written;

    fn body(json: &str) -> String {
        let json: Json = json.parse().unwrap();
        let node = Node::new(&json);
        let send = SendMessage::from_tree(&node).unwrap();
        let mut room = [Pair::EMPTY; PAIR_ROOM];
        let request = request(&send, &mut room).unwrap();
        written(|to| tucuxi_core::sink::Recite::recite(&request.body(), to))
    }

    #[test]
    fn escapes_are_undone_and_done_again() {
        for (given, expected) in [
            (r#""\" \\ \/ a""#, r#"\" \\ / a"#),
            (r#""\b\f\n\r\t\u0001\u001f""#, r#"\b\f\n\r\t\u0001\u001f"#),
            (r#""\u00e9\u20AC \uD83D\uDE00""#, "é€ 😀"),
            (r#""\u0000""#, r#"\u0000"#),
            (r#""<&>'\u003c""#, "<&>'<"),
        ] {
            let body = body(&format!(r#"{{"QueueUrl": "q", "MessageBody": {given}}}"#));
            assert_eq!(body, format!(r#"{{"QueueUrl":"q","MessageBody":"{expected}"}}"#));
        }
    }

    #[test]
    fn a_surrogate_alone_is_no_text() {
        for text in [r#""\ud800""#, r#""\udc00""#, r#""\ud83dx""#, r#""\ud83d\n""#] {
            assert!(text.parse::<Json>().is_err(), "{text}");
        }
    }

    #[test]
    fn bytes_come_in_three_ways() {
        for (json, expected) in [
            (Json::Text("aGk=".to_owned()), Some("hi")),
            (Json::Utf8("aGk=".to_owned()), Some("aGk=")),
            (Json::Blob(b"hi".to_vec()), Some("hi")),
            (Json::Text(String::new()), Some("")),
            (Json::Text("aGk".to_owned()), None),
            (Json::Int(1), None),
        ] {
            let node = Node::new(&json);
            assert_eq!(node.blob(), expected.map(str::as_bytes), "{json}");
            assert_eq!(node.blob(), node.blob());
        }
        let json: Json = r#"{"Bucket": "b", "Key": "k", "Body": "aGk="}"#.parse().unwrap();
        let node = Node::new(&json);
        let put = PutObject::from_tree(&node).unwrap();
        let mut room = [Pair::EMPTY; PAIR_ROOM];
        assert_eq!(request(&put, &mut room).unwrap().body().bytes(), 2);
    }

    #[test]
    fn instants_come_in_text_and_numbers() {
        let instant = Time::new(1_440_938_160, 0);
        for (text, expected) in [
            (r#""2015-08-30T12:36:00Z""#, Some(instant)),
            (r#""2015-08-30T12:36:00.5Z""#, Some(Time::new(1_440_938_160, 500_000_000))),
            (r#""20150830T123600Z""#, Some(instant)),
            (r#""Sun, 30 Aug 2015 12:36:00 GMT""#, Some(instant)),
            ("1440938160", Some(instant)),
            ("1440938160.25", Some(Time::new(1_440_938_160, 250_000_000))),
            (r#""1440938160""#, None),
            (r#""yesterday""#, None),
            ("true", None),
        ] {
            let json: Json = text.parse().unwrap();
            assert_eq!(Node::new(&json).time(), expected, "{text}");
            assert_eq!(Node::new(&Json::Time(instant)).time(), Some(instant));
        }
        let json: Json = r#"{"Bucket":"b","Key":"k","IfModifiedSince":1440938160}"#.parse().unwrap();
        let node = Node::new(&json);
        let get = GetObject::from_tree(&node).unwrap();
        let mut room = [Pair::EMPTY; PAIR_ROOM];
        let request = request(&get, &mut room).unwrap();
        let value = written(|to| request.headers()[0].value().write(to));
        assert_eq!(value, "Sun, 30 Aug 2015 12:36:00 GMT");
    }

    #[test]
    fn what_does_not_fit_is_named() {
        for (json, why) in [
            ("[]", "an item is no object"),
            (r#"{"Bucket": "b"}"#, "Key is missing"),
            (r#"{"Bucket": "b", "Key": null}"#, "Key is missing"),
            (r#"{"Bucket": "b", "Key": "k", "Kee": 1}"#, "unknown member Kee"),
            (r#"{"Bucket": "b", "Key": 1}"#, "Key is no text"),
            (r#"{"Bucket": "b", "Key": "k", "PartNumber": 1.5}"#, "PartNumber is no number"),
            (r#"{"Bucket": "b", "Key": "k", "PartNumber": 9223372036854775808}"#, "PartNumber is no number"),
            (r#"{"Bucket": "b", "Key": "k", "PartNumber": "1"}"#, "PartNumber is no number"),
        ] {
            let json: Json = json.parse().unwrap();
            let node = Node::new(&json);
            assert_eq!(GetObject::from_tree(&node).unwrap_err().to_string(), why);
        }
        let json: Json = r#"{"Bucket": "b", "Key": "k", "PartNumber": null}"#.parse().unwrap();
        let node = Node::new(&json);
        assert!(GetObject::from_tree(&node).is_ok());
    }

    #[test]
    fn nested_lists_and_maps_are_read_in_order() {
        let attributes = r#"{"b": {"DataType": "String", "StringValue": "\"x\""}, "a": {"DataType": "Binary", "BinaryValue": "/+8="}}"#;
        let body =
            body(&format!(r#"{{"QueueUrl": "q", "MessageBody": "m", "MessageAttributes": {attributes}}}"#));
        assert!(body.contains(r#""a":{"DataType":"Binary","BinaryValue":"/+8="}"#), "{body}");
        assert!(body.contains(r#""b":{"DataType":"String","StringValue":"\"x\""}"#), "{body}");
    }

    #[test]
    fn debug_shows_no_text() {
        let json: Json = r#"{"SecretAccessKey": "canary", "List": ["canary", 7]}"#.parse().unwrap();
        assert_eq!(format!("{json:?}"), r#"{"List": [Text, Number], "SecretAccessKey": Text}"#);
    }
}
