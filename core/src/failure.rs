//! What went wrong on the other side: a [`Failure`] read from an error reply, in XML, JSON or headers alone.

use crate::json;
use crate::operation::Protocol;
use crate::reply::Reply;
use crate::text::Text;
use crate::xml;

/// An error that a service replied with.
///
/// Everything but the status may be missing, since a proxy may answer in the service's place: what is
/// not there is empty or none, and never made up.
///
/// ```
/// use tucuxi_core::failure::Failure;
/// use tucuxi_core::operation::Protocol;
/// use tucuxi_core::reply::Reply;
///
/// let headers = [("x-amz-request-id", "4442587FB7D0A2F9")];
/// let body = b"<Error><Code>NoSuchKey</Code><Message>The key does not exist.</Message></Error>";
/// let failure = Failure::read(Protocol::Xml, &Reply::new(404, &headers, body));
/// assert_eq!(failure.code(), "NoSuchKey");
/// assert_eq!(failure.request_id().unwrap(), "4442587FB7D0A2F9");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Failure<'a> {
    status: u16,
    code: Text<'a>,
    shape: Option<Text<'a>>,
    message: Option<Text<'a>>,
    request_id: Option<Text<'a>>,
    host_id: Option<Text<'a>>,
    region: Option<Text<'a>>,
}

impl<'a> Failure<'a> {
    /// Reads what there is. A body that is no document of the protocol is passed over.
    #[must_use]
    pub fn read(protocol: Protocol, reply: &Reply<'a>) -> Self {
        let header = |names: &[&str]| names.iter().find_map(|name| reply.header(name)).map(Text::new);
        let mut failure = Self {
            status: reply.status(),
            code: Text::new(""),
            shape: None,
            message: None,
            request_id: header(&["x-amz-request-id", "x-amzn-requestid", "x-amzn-request-id"]),
            host_id: header(&["x-amz-id-2"]),
            region: header(&["x-amz-bucket-region"]),
        };
        match protocol {
            Protocol::Json => {
                failure.read_json(reply);
                // what stands in front of a service may refuse in another protocol than the service's
                if failure.code.is_empty() {
                    failure.read_xml(protocol, reply);
                }
            }
            Protocol::Query | Protocol::Xml => failure.read_xml(protocol, reply),
        }
        failure
    }

    /// The status code of the reply. S3 may report an error with 200.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// AWS's code, `NoSuchKey`; empty where the reply has none, as replies to `HEAD` have.
    #[must_use]
    pub const fn code(&self) -> Text<'a> {
        self.code
    }

    /// The name of the error in AWS's model where it is not the code: SQS says
    /// `AWS.SimpleQueueService.NonExistentQueue` of what its model calls `QueueDoesNotExist`.
    #[must_use]
    pub const fn shape(&self) -> Option<Text<'a>> {
        self.shape
    }

    /// The name of the error in AWS's model, if it is among those that a service names:
    /// [`Service::ERRORS`](crate::operation::Service::ERRORS). boto3's `client.exceptions` have these names.
    #[must_use]
    pub fn modeled(&self, errors: &[(&str, &'static str)]) -> Option<&'static str> {
        let named = |text: Text<'a>| errors.iter().find(|(code, _)| text == **code).map(|(_, name)| *name);
        self.shape.and_then(named).or_else(|| named(self.code))
    }

    /// What the service says to a reader.
    #[must_use]
    pub const fn message(&self) -> Option<Text<'a>> {
        self.message
    }

    /// What AWS's support asks for.
    #[must_use]
    pub const fn request_id(&self) -> Option<Text<'a>> {
        self.request_id
    }

    /// What AWS's support asks for besides, of S3.
    #[must_use]
    pub const fn host_id(&self) -> Option<Text<'a>> {
        self.host_id
    }

    /// The region that S3 says the bucket is in, where it was asked in another.
    #[must_use]
    pub const fn region(&self) -> Option<Text<'a>> {
        self.region
    }

    /// `Error`, or `ErrorResponse` around it; some servers leave out the latter, others put `Errors` between.
    fn read_xml(&mut self, protocol: Protocol, reply: &Reply<'a>) {
        let Ok(root) = xml::Element::root(reply.body()) else { return };
        let inside = || root.child("Errors").unwrap_or(root).child("Error");
        let error = if root.name() == "Error" { Some(root) } else { inside() };
        let Some(error) = error else { return };
        let text = |name: &str| error.child(name).map(xml::Element::text).filter(|text| !text.is_empty());
        self.code = text("Code").unwrap_or(self.code);
        self.message = text("Message");
        let id = |name: &str| text(name).or_else(|| root.child(name).map(xml::Element::text));
        self.request_id = match protocol {
            // The document has the service's own; a header may be a gateway's.
            Protocol::Query => id("RequestId").or(self.request_id),
            _ => self.request_id.or_else(|| id("RequestId")),
        };
        self.host_id = self.host_id.or_else(|| id("HostId"));
        self.region = self.region.or_else(|| text("Region"));
    }

    /// The shape is in a header, in `__type`, or in the `code` of REST. A namespace may stand before it, up to
    /// a `#`, and behind it a colon and a URL, which may have a `#` of its own
    /// ([Smithy](https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-error-serialization)).
    fn read_json(&mut self, reply: &Reply<'a>) {
        let some = |text: &Text<'a>| !text.is_empty();
        let value = json::Value::parse(reply.body()).ok();
        let get = |name: &str| value.and_then(|value| value.get(name)).and_then(json::Value::text);
        let header = |name: &str| reply.header(name).map(Text::new).filter(some);
        let kind = header("x-amzn-errortype").or_else(|| get("__type").filter(some)).or_else(|| get("code"));
        let bare = kind.map(|kind| kind.split_once(':').map_or(kind, |(before, _)| before));
        let shape = bare.map(|bare| bare.split_once('#').map_or(bare, |(_, behind)| behind));
        self.shape = shape.filter(some);
        // The code as it was before the JSON protocol, with the fault behind it: `AWS.…;Sender`.
        let query = header("x-amzn-query-error");
        let query = query.map(|error| error.split_once(';').map_or(error, |(before, _)| before));
        self.code = query.filter(some).or(self.shape).unwrap_or(self.code);
        self.message = get("message").or_else(|| get("Message"));
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::string::String;
    use std::string::ToString as _;

    use super::*;

    #[test]
    fn errors_of_the_model_are_named_by_shape_and_by_code() {
        use crate::operation::Service as _;
        use crate::s3::S3;
        use crate::sqs::Sqs;
        use crate::sts::Sts;

        let queue = br#"{"__type": "com.amazonaws.sqs#QueueDoesNotExist"}"#;
        let denied = br#"{"__type": "com.amazon.coral.service#AccessDeniedException"}"#;
        for (protocol, errors, body, name) in [
            (Protocol::Xml, S3::ERRORS, &b"<Error><Code>NoSuchKey</Code></Error>"[..], Some("NoSuchKey")),
            (Protocol::Xml, S3::ERRORS, b"<Error><Code>SlowDown</Code></Error>", None),
            (Protocol::Xml, S3::ERRORS, b"", None),
            (Protocol::Json, Sqs::ERRORS, queue, Some("QueueDoesNotExist")),
            (Protocol::Json, Sqs::ERRORS, denied, None),
            (
                Protocol::Query,
                Sts::ERRORS,
                b"<ErrorResponse><Error><Code>MalformedPolicyDocument</Code></Error></ErrorResponse>",
                Some("MalformedPolicyDocumentException"),
            ),
        ] {
            let headers = [("x-amzn-query-error", "AWS.SimpleQueueService.NonExistentQueue;Sender")];
            let failure = Failure::read(protocol, &Reply::new(400, &headers, body));
            assert_eq!(failure.modeled(errors), name);
        }
    }

    #[test]
    fn a_query_document_names_its_request_itself() {
        let headers = [("x-amzn-requestid", "header")];
        let body = b"<ErrorResponse><Error><Code>x</Code></Error><RequestId>body</RequestId></ErrorResponse>";
        let reply = Reply::new(400, &headers, body);
        assert_eq!(Failure::read(Protocol::Query, &reply).request_id().unwrap(), "body");
        assert_eq!(Failure::read(Protocol::Xml, &reply).request_id().unwrap(), "header");
    }

    #[test]
    fn an_error_in_xml_is_found_wherever_it_stands() {
        for (protocol, body) in [
            (Protocol::Xml, "<Error><Code>Denied</Code><Message>No.</Message></Error>"),
            (
                Protocol::Query,
                "<ErrorResponse><Error><Code>Denied</Code><Message>No.</Message></Error></ErrorResponse>",
            ),
            (
                Protocol::Query,
                "<ErrorResponse><Errors><Error><Code>Denied</Code><Message>No.</Message></Error></Errors></ErrorResponse>",
            ),
            (
                Protocol::Json,
                "<ErrorResponse><Error><Code>Denied</Code><Message>No.</Message></Error></ErrorResponse>",
            ),
        ] {
            let failure = Failure::read(protocol, &Reply::new(403, &[], body.as_bytes()));
            assert_eq!(failure.code(), "Denied", "{body}");
            assert_eq!(failure.message().unwrap(), "No.", "{body}");
        }
    }

    #[test]
    fn what_is_no_error_document_says_nothing() {
        for protocol in [Protocol::Json, Protocol::Query, Protocol::Xml] {
            for body in [
                "",
                "<html><Error/></html>",
                "<html>",
                "Bad gateway",
                "{}",
                "[1]",
                "<Errors><Code>a</Code></Errors>",
            ] {
                let failure = Failure::read(protocol, &Reply::new(502, &[], body.as_bytes()));
                assert_eq!(failure.code(), "", "{body}");
                assert_eq!((failure.status(), failure.message().is_some()), (502, false), "{body}");
            }
        }
    }

    #[test]
    fn errors_are_read_as_far_as_they_go() {
        let s3 = b"<?xml version=\"1.0\"?><Error><Code>PermanentRedirect</Code><Message>m &amp; n</Message>\
            <RequestId>r</RequestId><HostId>h</HostId><Region>eu-west-1</Region></Error>";
        let sts = b"<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error>\
            <RequestId>r</RequestId></ErrorResponse>";
        let typed = br#"{"__type": "com.amazonaws.sqs#QueueDoesNotExist", "message": "none"}"#;
        let query = [
            ("x-amzn-query-error", "AWS.SimpleQueueService.NonExistentQueue;Sender"),
            ("x-amzn-RequestId", "i"),
        ];
        let named = [("X-Amzn-ErrorType", "Throttled:http://internal/")];
        let url = [("x-amzn-errortype", "Foo:http://x/#y")];
        let namespaced = [("x-amzn-errortype", "com.amazonaws#Foo:http://x/#y")];
        let escaped = br#"{"__type": "com\u002eamazonaws\u0023F\u00e9o\u003ahttp:\/\/x\/#y"}"#;
        let ids = [("x-amz-request-id", "i"), ("x-amz-id-2", "j"), ("x-amz-bucket-region", "us-west-2")];
        // Rows: protocol, headers, body; then code, shape, message, request, host, region.
        for (protocol, headers, body, expected) in [
            (Protocol::Xml, &[][..], &s3[..], ["PermanentRedirect", "-", "m & n", "r", "h", "eu-west-1"]),
            (Protocol::Xml, &ids, s3, ["PermanentRedirect", "-", "m & n", "i", "j", "us-west-2"]),
            (Protocol::Xml, &ids, b"", ["", "-", "-", "i", "j", "us-west-2"]),
            (Protocol::Xml, &[], b"<html><Error/></html>", ["", "-", "-", "-", "-", "-"]),
            (Protocol::Xml, &[], b"<Error><Code>Cut", ["", "-", "-", "-", "-", "-"]),
            (Protocol::Xml, &[], b"<Error><Code/></Error>", ["", "-", "-", "-", "-", "-"]),
            (Protocol::Query, &[], sts, ["AccessDenied", "-", "no", "r", "-", "-"]),
            (
                Protocol::Json,
                &query,
                typed,
                ["AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist", "none", "i", "-", "-"],
            ),
            (Protocol::Json, &[], typed, ["QueueDoesNotExist", "QueueDoesNotExist", "none", "-", "-", "-"]),
            (
                Protocol::Json,
                &named,
                b"{\"Message\": \"slow\"}",
                ["Throttled", "Throttled", "slow", "-", "-", "-"],
            ),
            (Protocol::Json, &url, b"{\"__type\": \"Bar\"}", ["Foo", "Foo", "-", "-", "-", "-"]),
            (Protocol::Json, &namespaced, b"{}", ["Foo", "Foo", "-", "-", "-", "-"]),
            (Protocol::Json, &[], escaped, ["F\u{e9}o", "F\u{e9}o", "-", "-", "-", "-"]),
            (Protocol::Json, &[], b"{\"code\": \"a#Foo:b\"}", ["Foo", "Foo", "-", "-", "-", "-"]),
            (Protocol::Json, &[], b"{\"code\": 1, \"__type\": \"Foo\"}", ["Foo", "Foo", "-", "-", "-", "-"]),
            (
                Protocol::Json,
                &[],
                b"{\"__type\": \"\", \"code\": \"Foo\"}",
                ["Foo", "Foo", "-", "-", "-", "-"],
            ),
            (Protocol::Json, &[], b"{\"__type\": \"a#\"}", ["", "-", "-", "-", "-", "-"]),
            (Protocol::Json, &[], b"<html/>", ["", "-", "-", "-", "-", "-"]),
            (Protocol::Json, &[("x-amzn-query-error", "")], b"{}", ["", "-", "-", "-", "-", "-"]),
            (Protocol::Json, &[], b"{\"__type\": 1, \"message\": null}", ["", "-", "-", "-", "-", "-"]),
        ] {
            let failure = Failure::read(protocol, &Reply::new(400, headers, body));
            let or = |text: Option<Text<'_>>| text.map_or_else(|| String::from("-"), |text| text.to_string());
            let got = [
                failure.code().to_string(),
                or(failure.shape()),
                or(failure.message()),
                or(failure.request_id()),
                or(failure.host_id()),
                or(failure.region()),
            ];
            assert_eq!(got, expected, "{}", String::from_utf8_lossy(body));
            assert_eq!(failure.status(), 400);
        }
    }
}
