//! What comes back: a [`Reply`] as it was received, and how outputs are read from it.
//!
//! An output in this crate is a view: it holds the reply, and each of its methods looks up one member,
//! in a header or in the body's document. Nothing is copied and nothing can be forgotten. `tucuxi` reads the
//! same members into owned structs, in one pass, with the same [`Node`]s.

use core::fmt;

use crate::http;
use crate::json;
use crate::operation::Protocol;
use crate::request::TimeFormat;
use crate::text::Malformed;
use crate::text::Text;
use crate::time::Time;
use crate::xml;

/// A reply, borrowed: status, headers and the whole body.
///
/// ```
/// use tucuxi_core::reply::Reply;
/// use tucuxi_core::s3::output::ListObjectsV2Output;
///
/// let reply = Reply::new(200, &[], b"<ListBucketResult><Contents><Key>a&amp;b</Key></Contents></ListBucketResult>");
/// let output = ListObjectsV2Output::read(reply).unwrap();
/// let object = output.contents().next().unwrap();
/// assert_eq!(object.key().unwrap(), "a&b");
/// ```
#[derive(Clone, Copy)]
pub struct Reply<'a> {
    status: u16,
    headers: Headers<'a>,
    body: &'a [u8],
}

#[derive(Clone, Copy)]
enum Headers<'a> {
    Head(http::Head<'a>),
    Pairs(&'a [(&'a str, &'a str)]),
}

impl<'a> Reply<'a> {
    /// A reply from its parts. The names of the headers may be of any case.
    #[must_use]
    pub const fn new(status: u16, headers: &'a [(&'a str, &'a str)], body: &'a [u8]) -> Self {
        Self { status, headers: Headers::Pairs(headers), body }
    }

    /// A reply whose head was read by [`http::Reader`].
    #[must_use]
    pub const fn with_head(head: http::Head<'a>, body: &'a [u8]) -> Self {
        Self { status: head.status(), headers: Headers::Head(head), body }
    }

    /// The status code.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// The headers as received, those left out that are not UTF-8.
    pub fn headers(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        let (head, pairs) = match self.headers {
            Headers::Head(head) => (Some(head), &[][..]),
            Headers::Pairs(pairs) => (None, pairs),
        };
        let text = |(name, value)| Some((name, core::str::from_utf8(value).ok()?));
        let received = head.into_iter().flat_map(|head| head.headers()).filter_map(text);
        pairs.iter().copied().chain(received)
    }

    /// The body.
    #[must_use]
    pub const fn body(&self) -> &'a [u8] {
        self.body
    }

    /// The value of the first header of that name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&'a str> {
        self.headers().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// User metadata: the names without their `x-amz-meta-`.
    pub fn metadata(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        self.headers().filter_map(|(name, value)| {
            let (prefix, name) = name.split_at_checked("x-amz-meta-".len())?;
            prefix.eq_ignore_ascii_case("x-amz-meta-").then_some((name, value))
        })
    }
}

impl fmt::Debug for Reply<'_> {
    /// Without headers and body, which may hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("status", &self.status)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// A place in a document: an XML element or a JSON value, read in the same way.
pub trait Node<'a>: Copy {
    /// The members of a structure in the order of the document.
    type Members: Iterator<Item = (Text<'a>, Self)>;
    /// The items of a list.
    type Items: Iterator<Item = Self>;

    /// The node of an output in a whole document; `root` is the name that an XML document has to have.
    ///
    /// # Errors
    ///
    /// [`BadReply`]: no document, one that is cut short or malformed, another one, or that of an error.
    fn document(
        protocol: Protocol,
        operation: &str,
        root: Option<&str>,
        body: &'a [u8],
    ) -> Result<Self, BadReply>;

    /// Checks the body of an output that has no document: it may say nothing, or what nobody asked for.
    ///
    /// # Errors
    ///
    /// [`BadReply`] where it is the document of an error, a page for people, or malformed.
    fn no_document(protocol: Protocol, body: &'a [u8]) -> Result<(), BadReply>;

    /// The members that have a value, with their names.
    fn members(self) -> Self::Members;

    /// The first member of that name, if it has a value.
    fn member(self, name: &str) -> Option<Self>;

    /// The items of the list member of that name. In XML a flat list's items are the members of that
    /// name themselves; a wrapped list's stand inside it in elements called `item`.
    fn list(self, name: &'static str, item: Option<&'static str>) -> Self::Items;

    /// The items that this member of a list's name brings: itself, or what is inside it.
    fn items(self, item: Option<&'static str>) -> Self::Items;

    /// The value as text.
    fn text(self) -> Option<Text<'a>>;

    /// The value as a whole number.
    fn int(self) -> Option<i64>;

    /// The value as true or false.
    fn bool(self) -> Option<bool>;

    /// The value as an instant in that format.
    fn time(self, format: TimeFormat) -> Option<Time> {
        parse_time(self.text()?.plain()?, format)
    }
}

/// What the body of a reply to an operation holds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "there is no fourth way")]
pub enum Holds {
    /// A document with members of the output.
    Document,
    /// Nothing that anybody asked for.
    Nothing,
    /// A member of the output, as it is.
    Stream,
}

/// The node that an output's members are read from, if its body holds a document.
///
/// # Errors
///
/// As [`Node::document`] and [`Node::no_document`].
pub fn output_node<'a, N: Node<'a>>(
    protocol: Protocol,
    operation: &str,
    root: Option<&str>,
    holds: Holds,
    body: &'a [u8],
) -> Result<Option<N>, BadReply> {
    match holds {
        Holds::Document => N::document(protocol, operation, root, body).map(Some),
        Holds::Nothing => N::no_document(protocol, body).map(|()| None),
        Holds::Stream => Ok(None),
    }
}

/// Reads an instant that stands in a header or a document, without the white space around it.
#[must_use]
pub fn parse_time(text: &str, format: TimeFormat) -> Option<Time> {
    let text = text.trim_ascii().as_bytes();
    match format {
        TimeFormat::DateTime => Time::parse_date_time(text).ok(),
        TimeFormat::EpochSeconds => Time::parse_epoch_seconds(text).ok(),
        // Servers that speak like S3 are found to send either.
        TimeFormat::HttpDate => Time::parse_http_date(text).or_else(|_| Time::parse_date_time(text)).ok(),
    }
}

impl<'a> Node<'a> for xml::Element<'a> {
    type Members = Elements<'a>;
    type Items = Chosen<'a>;

    fn document(
        protocol: Protocol,
        operation: &str,
        root: Option<&str>,
        body: &'a [u8],
    ) -> Result<Self, BadReply> {
        let document = Self::root(body).map_err(BadReply::of_xml)?;
        if protocol == Protocol::Query {
            let result = |child: &Self| child.name().strip_suffix("Result") == Some(operation);
            return document.children().find(result).ok_or(BadReply::Unexpected);
        }
        match document.name() {
            "Error" => Err(BadReply::Error),
            name if root.is_none_or(|root| root == name) => Ok(document),
            // What a proxy or a captive portal says with 200 is no empty list.
            _ => Err(BadReply::Unexpected),
        }
    }

    fn no_document(_: Protocol, body: &'a [u8]) -> Result<(), BadReply> {
        if body.trim_ascii().is_empty() {
            return Ok(());
        }
        match Self::root(body).map_err(BadReply::of_xml)?.name() {
            "Error" => Err(BadReply::Error),
            name if name.eq_ignore_ascii_case("html") => Err(BadReply::Unexpected),
            _ => Ok(()),
        }
    }

    fn members(self) -> Self::Members {
        Elements(self.children())
    }

    fn member(self, name: &str) -> Option<Self> {
        self.child(name)
    }

    fn list(self, name: &'static str, item: Option<&'static str>) -> Self::Items {
        match item {
            None => Chosen::Children(self.children(), name),
            Some(item) => match self.child(name) {
                Some(list) => Chosen::Children(list.children(), item),
                None => Chosen::One(None),
            },
        }
    }

    fn items(self, item: Option<&'static str>) -> Self::Items {
        match item {
            None => Chosen::One(Some(self)),
            Some(item) => Chosen::Children(self.children(), item),
        }
    }

    fn text(self) -> Option<Text<'a>> {
        Some(self.text())
    }

    fn int(self) -> Option<i64> {
        self.text().int()
    }

    fn bool(self) -> Option<bool> {
        self.text().bool()
    }
}

/// The children of an element, with their names.
#[derive(Clone, Debug)]
pub struct Elements<'a>(xml::Children<'a>);

impl<'a> Iterator for Elements<'a> {
    type Item = (Text<'a>, xml::Element<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|child| (Text::new(child.name()), child))
    }
}

/// Those elements that are the items of a list.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "an iterator")]
pub enum Chosen<'a> {
    /// The children of that name.
    Children(xml::Children<'a>, &'static str),
    /// One, or none.
    One(Option<xml::Element<'a>>),
}

impl<'a> Iterator for Chosen<'a> {
    type Item = xml::Element<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Children(children, name) => children.find(|child| child.name() == *name),
            Self::One(element) => element.take(),
        }
    }
}

impl<'a> Node<'a> for json::Value<'a> {
    type Members = core::iter::Filter<json::Entries<'a>, fn(&(Text<'a>, Self)) -> bool>;
    type Items = core::iter::Flatten<core::option::IntoIter<json::Values<'a>>>;

    fn document(_: Protocol, _: &str, _: Option<&str>, body: &'a [u8]) -> Result<Self, BadReply> {
        // An output without members may come without a body.
        let body = if body.is_empty() { b"{}" } else { body };
        let value = Self::parse(body).map_err(BadReply::of_json)?;
        match value.kind() {
            json::Kind::Object if value.get("__type").is_some() => Err(BadReply::Error),
            json::Kind::Object => Ok(value),
            _ => Err(BadReply::Unexpected),
        }
    }

    fn no_document(protocol: Protocol, body: &'a [u8]) -> Result<(), BadReply> {
        Self::document(protocol, "", None, body).map(|_| ())
    }

    fn members(self) -> Self::Members {
        self.entries().filter(|(_, value)| !value.is_null())
    }

    fn member(self, name: &str) -> Option<Self> {
        self.get(name).filter(|value| !value.is_null())
    }

    fn list(self, name: &'static str, _: Option<&'static str>) -> Self::Items {
        self.get(name).map(Self::items).into_iter().flatten()
    }

    fn items(self, _: Option<&'static str>) -> Self::Items {
        Some(Self::items(self)).into_iter().flatten()
    }

    fn text(self) -> Option<Text<'a>> {
        Self::text(self)
    }

    fn int(self) -> Option<i64> {
        Self::int(self)
    }

    fn bool(self) -> Option<bool> {
        Self::bool(self)
    }

    fn time(self, format: TimeFormat) -> Option<Time> {
        match self.number() {
            Some(number) => Time::parse_epoch_seconds(number.as_bytes()).ok(),
            None => parse_time(Self::text(self)?.plain()?, format),
        }
    }
}

/// Why a reply could not be read as what it should be.
///
/// Returned by the outputs' `read`. The call has taken effect all the same: the status said so.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum BadReply {
    /// The body is the document of an error, for all that the status says.
    Error,
    /// The body is no JSON document, or not a whole one.
    Json {
        /// The offset of what is wrong, in bytes.
        at: u64,
    },
    /// The document has another root than it should.
    Unexpected,
    /// A member's value is not of its kind.
    Value {
        /// The member in AWS's spelling.
        member: &'static str,
    },
    /// The body is no XML document, or not a whole one.
    Xml {
        /// The offset of what is wrong, in bytes.
        at: u64,
    },
}

impl BadReply {
    pub(crate) const fn of_json(wrong: Malformed) -> Self {
        Self::Json { at: wrong.at }
    }

    pub(crate) const fn of_xml(wrong: Malformed) -> Self {
        Self::Xml { at: wrong.at }
    }
}

impl fmt::Display for BadReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Error => f.write_str("the reply is an error"),
            Self::Json { at } => write!(f, "the reply is malformed JSON at byte {at}"),
            Self::Unexpected => f.write_str("the reply is not the document that was asked for"),
            Self::Value { member } => write!(f, "the reply's {member} is malformed"),
            Self::Xml { at } => write!(f, "the reply is malformed XML at byte {at}"),
        }
    }
}

impl core::error::Error for BadReply {}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::format;
    use std::string::String;
    use std::string::ToString as _;
    use std::vec::Vec;

    use super::*;
    use crate::s3;
    use crate::sqs;
    use crate::sts;

    #[test]
    fn a_head_that_was_read_has_the_headers() {
        let mut room = [0; 128];
        let mut reader = http::Reader::new(&mut room, http::Method::Other);
        reader
            .feed(&mut &b"HTTP/1.1 200 OK\r\nETag: \"e\"\r\nX-Amz-Meta-A: 1\r\nX-Odd: \xff\r\n\r\n"[..])
            .unwrap();
        let (head, _) = reader.finish().unwrap();
        let reply = Reply::with_head(head, b"");
        let output = s3::output::HeadObjectOutput::read(reply).unwrap();
        assert_eq!((reply.status(), output.e_tag().unwrap() == "\"e\""), (200, true));
        assert_eq!(output.metadata().collect::<Vec<_>>(), [("A", "1")]);
        assert_eq!(reply.headers().count(), 2);
    }

    #[test]
    fn another_document_is_no_output() {
        let s3 =
            |body: &'static [u8]| s3::output::ListObjectsV2Output::read(Reply::new(200, &[], body)).err();
        assert_eq!(s3(b"<ListBucketResult/>"), None);
        assert_eq!(s3(b"<x:ListBucketResult xmlns:x=\"u\"/>"), None);
        for other in
            [&b"<ListAllMyBucketsResult/>"[..], b"<Foo/>", b"<ErrorResponse><Error/></ErrorResponse>"]
        {
            assert_eq!(s3(other), Some(BadReply::Unexpected));
        }
        assert_eq!(s3(b"<Error/>"), Some(BadReply::Error));
        let sqs =
            |body: &'static [u8]| sqs::output::ReceiveMessageOutput::read(Reply::new(200, &[], body)).err();
        assert_eq!(sqs(b"{}"), None);
        assert_eq!(sqs(b"{\"__type\":\"a#QueueDoesNotExist\"}"), Some(BadReply::Error));
        assert_eq!(sqs(b"[]"), Some(BadReply::Unexpected));
    }

    #[test]
    fn outputs_without_a_document_look_at_the_body_all_the_same() {
        let put = |body: &'static [u8]| s3::output::PutObjectOutput::read(Reply::new(200, &[], body)).err();
        assert_eq!((put(b""), put(b" \r\n"), put(b"<PutObjectResult/>")), (None, None, None));
        assert_eq!(put(b"<Error><Code>InternalError</Code></Error>"), Some(BadReply::Error));
        assert_eq!(put(b"<HTML></HTML>"), Some(BadReply::Unexpected));
        assert!(matches!(put(b"oops"), Some(BadReply::Xml { .. })));
        let delete =
            |body: &'static [u8]| sqs::output::DeleteMessageOutput::read(Reply::new(200, &[], body)).err();
        assert_eq!((delete(b""), delete(b"{}")), (None, None));
        assert_eq!(delete(b"OK"), Some(BadReply::Json { at: 0 }));
    }

    #[test]
    fn members_stand_in_headers_and_documents() {
        let headers = [
            ("ETAG", "\"e\""),
            ("Content-Length", "5"),
            ("last-modified", "Fri, 12 Apr 1985 23:20:50 GMT"),
            ("x-amz-delete-marker", "true"),
            ("X-Amz-Meta-A", "1"),
            ("x-amz-meta-", "2"),
            ("x-amz-meta", "no"),
            ("etag", "later"),
        ];
        let output = s3::output::GetObjectOutput::read(Reply::new(200, &headers, b"hello")).unwrap();
        assert_eq!(output.e_tag().unwrap(), "\"e\"");
        assert_eq!(output.content_length(), Some(5));
        assert_eq!(output.last_modified(), Some(Time::from_seconds(482_196_050)));
        assert_eq!(output.delete_marker(), Some(true));
        assert_eq!((output.body(), output.document().is_none()), (&b"hello"[..], true));
        assert_eq!(output.metadata().collect::<Vec<_>>(), [("A", "1"), ("", "2")]);
        assert!(output.version_id().is_none() && output.parts_count().is_none());

        let body = b"<ListBucketResult><Name>b</Name><IsTruncated>true</IsTruncated><KeyCount>x</KeyCount>\
            <Contents><Key>a&lt;</Key><Size>1</Size><LastModified>1985-04-12T23:20:50.5Z</LastModified>\
            <Owner><ID>o</ID></Owner></Contents><Contents><Key/></Contents>\
            <CommonPrefixes><Prefix>p/</Prefix></CommonPrefixes></ListBucketResult>";
        let output = s3::output::ListObjectsV2Output::read(Reply::new(200, &[], body)).unwrap();
        assert_eq!((output.is_truncated(), output.key_count()), (Some(true), None));
        let objects: Vec<_> = output.contents().collect();
        assert_eq!(objects.len(), 2);
        assert_eq!(objects[0].key().unwrap(), "a<");
        assert_eq!((objects[0].size(), objects[1].size()), (Some(1), None));
        assert_eq!(objects[0].last_modified(), Some(Time::new(482_196_050, 500_000_000)));
        assert_eq!(objects[0].owner().unwrap().id().unwrap(), "o");
        assert_eq!(objects[1].key().unwrap(), "");
        let prefixes: Vec<_> = output
            .common_prefixes()
            .filter_map(|common| common.prefix())
            .map(|text| text.to_string())
            .collect();
        assert_eq!(prefixes, ["p/"]);

        let body = b"<ListAllMyBucketsResult><Buckets><Bucket><Name>a</Name></Bucket><Bucket><Name>b</Name></Bucket>\
            </Buckets></ListAllMyBucketsResult>";
        let output = s3::output::ListBucketsOutput::read(Reply::new(200, &[], body)).unwrap();
        assert_eq!(output.buckets().count(), 2);
        let empty = s3::output::ListBucketsOutput::read(Reply::new(200, &[], b"<ListAllMyBucketsResult/>"));
        assert_eq!(empty.unwrap().buckets().count(), 0);

        let body = br#"{"Messages": [{"Body": "a\u0026", "Attributes": {"k": "v", "n": null},
            "MessageAttributes": {"m": {"DataType": "String", "StringValue": "s"}}}, {"Body": null}]}"#;
        let output = sqs::output::ReceiveMessageOutput::read(Reply::new(200, &[], body)).unwrap();
        let messages: Vec<_> = output.messages().collect();
        assert_eq!(messages[0].body().unwrap(), "a&");
        assert_eq!(messages[0].attributes().count(), 1);
        let (name, value) = messages[0].message_attributes().next().unwrap();
        assert_eq!((name.to_string(), value.string_value().unwrap().to_string()), ("m".into(), "s".into()));
        assert!(messages[1].body().is_none() && messages[1].message_id().is_none());
        let empty = sqs::output::ReceiveMessageOutput::read(Reply::new(200, &[], b"")).unwrap();
        assert_eq!(empty.messages().count(), 0);

        let body = b"<GetCallerIdentityResponse><GetCallerIdentityResult><Account>1</Account>\
            </GetCallerIdentityResult></GetCallerIdentityResponse>";
        let output = sts::output::GetCallerIdentityOutput::read(Reply::new(200, &[], body)).unwrap();
        assert_eq!(output.account().unwrap(), "1");
    }

    #[test]
    fn what_is_not_the_document_is_refused() {
        let list = |body| s3::output::ListObjectsV2Output::read(Reply::new(200, &[], body)).map(|_| ());
        let receive = |body| sqs::output::ReceiveMessageOutput::read(Reply::new(200, &[], body)).map(|_| ());
        let identity =
            |body| sts::output::GetCallerIdentityOutput::read(Reply::new(200, &[], body)).map(|_| ());
        for (got, expected, said) in [
            (list(b"<Error><Code>InternalError</Code></Error>"), BadReply::Error, "the reply is an error"),
            (list(b""), BadReply::Xml { at: 0 }, "the reply is malformed XML at byte 0"),
            (list(b"<ListBucketResult>"), BadReply::Xml { at: 18 }, "the reply is malformed XML at byte 18"),
            (
                list(b"<HTML><body/></HTML>"),
                BadReply::Unexpected,
                "the reply is not the document that was asked for",
            ),
            (receive(b"{\"a\":"), BadReply::Json { at: 5 }, "the reply is malformed JSON at byte 5"),
            (receive(b"[]"), BadReply::Unexpected, "the reply is not the document that was asked for"),
            (
                identity(b"<GetCallerIdentityResponse/>"),
                BadReply::Unexpected,
                "the reply is not the document that was asked for",
            ),
        ] {
            assert_eq!(got, Err(expected));
            assert_eq!(expected.to_string(), said);
        }
        assert_eq!(BadReply::Value { member: "Size" }.to_string(), "the reply's Size is malformed");
    }

    #[test]
    fn instants_are_read_in_their_formats() {
        let at = Some(Time::from_seconds(482_196_050));
        for (text, format, expected) in [
            ("1985-04-12T23:20:50Z", TimeFormat::DateTime, at),
            ("482196050", TimeFormat::EpochSeconds, at),
            ("Fri, 12 Apr 1985 23:20:50 GMT", TimeFormat::HttpDate, at),
            ("1985-04-12T23:20:50Z", TimeFormat::HttpDate, at),
            ("\n  1985-04-12T23:20:50Z\t", TimeFormat::DateTime, at),
            (" 482196050 ", TimeFormat::EpochSeconds, at),
            (" Fri, 12 Apr 1985 23:20:50 GMT ", TimeFormat::HttpDate, at),
            ("Friday, 12-Apr-85 23:20:50 GMT", TimeFormat::HttpDate, at),
            ("Fri Apr 12 23:20:50 1985", TimeFormat::HttpDate, at),
            ("482196050", TimeFormat::DateTime, None),
            ("", TimeFormat::HttpDate, None),
        ] {
            assert_eq!(parse_time(text, format), expected, "{text}");
        }
        for (json, expected) in
            [("482196050", at), ("\"1985-04-12T23:20:50Z\"", at), ("true", None), ("\"\"", None)]
        {
            let value = json::Value::parse(json.as_bytes()).unwrap();
            assert_eq!(Node::time(value, TimeFormat::DateTime), expected, "{json}");
        }
    }

    #[test]
    fn debug_of_a_reply_shows_nothing_of_it() {
        let headers = [("x-amz-meta-a", "canary")];
        let body =
            b"<AssumeRoleResponse><AssumeRoleResult><Credentials><SecretAccessKey>canary</SecretAccessKey>\
            <SessionToken>canary</SessionToken></Credentials></AssumeRoleResult></AssumeRoleResponse>";
        let reply = Reply::new(200, &headers, body);
        let output = sts::output::AssumeRoleOutput::read(reply).unwrap();
        let credentials = output.credentials().unwrap();
        assert_eq!(credentials.secret_access_key().unwrap().reveal(), "canary");
        let shown: String = format!("{reply:?} {output:?} {credentials:?}");
        assert!(shown.contains("200") && !shown.contains("canary"), "{shown}");
    }
}
