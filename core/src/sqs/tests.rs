//! Signatures are those that botocore made of the same calls; it writes a space behind each colon and comma.

extern crate std;

use super::input::*;
use super::*;
use crate::encode::tests::written;
use crate::operation::tests::sent;
use crate::request::Body;
use crate::request::Draft;
use crate::request::Method;
use crate::request::Pair;
use crate::request::Value;
use crate::sigv4::Credentials;
use crate::sigv4::Signer;
use crate::sigv4::SigningKey;
use crate::time::Time;

const WEST: Place<'_> = Place::new("us-west-2");

#[test]
fn requests_are_signed_as_by_botocore() {
    for (target, body, signature) in [
        (
            "AmazonSQS.SendMessage",
            r#"{"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/123456789012/q", "MessageBody": "hi \u00e9", "MessageAttributes": {"a": {"DataType": "Binary", "BinaryValue": "AQ=="}, "n": {"DataType": "Number", "StringValue": "1"}}}"#,
            "71177b11cb101f298391710712bd7786d03f9d04872ae31cd1008a4d53317d6a",
        ),
        (
            "AmazonSQS.DeleteQueue",
            r#"{"QueueUrl": "u"}"#,
            "870dd1f8752c969e14284932c39761c12c27d404327801693b8ab2927b298184",
        ),
    ] {
        let mut pairs = [Pair::EMPTY; 3];
        let mut draft = Draft::new(Method::Post, &mut pairs);
        draft.header("X-Amz-Target", Value::Text(target));
        draft.header("Content-Type", Value::Text("application/x-amz-json-1.0"));
        draft.header("x-amzn-query-mode", Value::Text("true"));
        draft.body(Body::Bytes(body.as_bytes()));
        let request = draft.finish().unwrap();
        let now = Time::parse_stamp(b"20260102T030405Z").unwrap();
        let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
        let key = SigningKey::derive(&credentials, now, "us-west-2", "sqs");
        let mut room = [0; 64];
        let endpoint = WEST.sqs(&mut room).unwrap();
        let signer = Signer::new(&credentials, &key, Sqs::RULES);
        assert_eq!(signer.sign(&request, endpoint, now, Payload::Body).signature(), signature);
    }
}

#[test]
fn requests_have_the_headers_of_botocore() {
    let (head, body) = sent(&DeleteQueue::new("u"), &WEST, None);
    let lines: std::vec::Vec<_> = head.split("\r\n").collect();
    assert_eq!(lines[..2], ["POST / HTTP/1.1", "host: sqs.us-west-2.amazonaws.com"]);
    assert_eq!(lines[2], "x-amz-date: 20260102T030405Z");
    assert!(lines[3].contains("SignedHeaders=content-type;host;x-amz-date;x-amz-target;x-amzn-query-mode,"));
    assert_eq!(
        lines[4..],
        [
            "content-type: application/x-amz-json-1.0",
            "x-amz-target: AmazonSQS.DeleteQueue",
            "x-amzn-query-mode: true",
            "",
            ""
        ]
    );
    assert_eq!(body, r#"{"QueueUrl":"u"}"#);
}

#[test]
fn members_of_every_kind_are_written_as_json() {
    let binaries = [crate::input::Blob::new(b"\x00"), crate::input::Blob::new(b"")];
    let attributes = [
        ("a", MessageAttributeValue::new("Binary").binary_value(b"\x01")),
        ("n", MessageAttributeValue::new("Number").string_value("1")),
        ("\"\n", MessageAttributeValue::new("x").string_list_values(&[]).binary_list_values(&binaries)),
    ];
    let send =
        SendMessage::new("https://sqs.eu-west-1.amazonaws.com/123456789012/q", "hi \u{e9}\u{1}\u{2028}")
            .delay_seconds(-3)
            .message_attributes(&attributes)
            .message_group_id("");
    assert_eq!(
        sent(&send, &WEST, None).1,
        "{\"QueueUrl\":\"https://sqs.eu-west-1.amazonaws.com/123456789012/q\",\
         \"MessageBody\":\"hi \u{e9}\\u0001\u{2028}\",\"DelaySeconds\":-3,\"MessageAttributes\":{\
         \"a\":{\"DataType\":\"Binary\",\"BinaryValue\":\"AQ==\"},\
         \"n\":{\"DataType\":\"Number\",\"StringValue\":\"1\"},\
         \"\\\"\\n\":{\"DataType\":\"x\",\"StringListValues\":[],\"BinaryListValues\":[\"AA==\",\"\"]}},\
         \"MessageGroupId\":\"\"}"
    );
    for (body, expected) in [
        (sent(&ListQueues::new(), &WEST, None).1, "{}"),
        (
            sent(&ListQueues::new().max_results(i64::MIN), &WEST, None).1,
            "{\"MaxResults\":-9223372036854775808}",
        ),
        (
            sent(&CreateQueue::new("q").attributes(&[("FifoQueue", "true")]).tags(&[]), &WEST, None).1,
            "{\"QueueName\":\"q\",\"Attributes\":{\"FifoQueue\":\"true\"},\"tags\":{}}",
        ),
        (
            sent(&ReceiveMessage::new("u").message_attribute_names(&["All", "\\"]), &WEST, None).1,
            "{\"QueueUrl\":\"u\",\"MessageAttributeNames\":[\"All\",\"\\\\\"]}",
        ),
    ] {
        assert_eq!(body, expected);
    }
}

#[test]
fn debug_of_an_input_shows_no_bytes_of_a_blob() {
    let value = MessageAttributeValue::new("Binary").binary_value(b"canary");
    let shown = std::format!("{value:?}");
    assert!(shown.contains("[6 bytes]") && !shown.contains("99, 97"), "{shown}");
    assert_eq!(
        written(|to| crate::sink::Recite::recite(&crate::input::Blob::new(b"canary"), to)),
        b"Y2FuYXJ5"
    );
}
