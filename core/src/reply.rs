//! What comes back: a [`Reply`] as it was received, and how outputs are read from it.
//!
//! An output in this crate is a view: it holds the reply, and each of its methods looks up one member,
//! in a header or in the body's document. Nothing is copied and nothing can be forgotten. `tucuxi` reads the
//! same members into owned structs, in one pass, with the same [`Node`]s.

use core::fmt;

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
    headers: &'a [(&'a str, &'a str)],
    body: &'a [u8],
}

impl<'a> Reply<'a> {
    /// A reply from its parts. The names of the headers may be of any case.
    #[must_use]
    pub const fn new(status: u16, headers: &'a [(&'a str, &'a str)], body: &'a [u8]) -> Self {
        Self { status, headers, body }
    }

    /// The status code.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// The headers as received.
    #[must_use]
    pub const fn headers(&self) -> &'a [(&'a str, &'a str)] {
        self.headers
    }

    /// The body.
    #[must_use]
    pub const fn body(&self) -> &'a [u8] {
        self.body
    }

    /// The value of the first header of that name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&'a str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
    }

    /// User metadata: the names without their `x-amz-meta-`.
    pub fn metadata(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        self.headers.iter().filter_map(|(name, value)| {
            let (prefix, name) = name.split_at_checked("x-amz-meta-".len())?;
            prefix.eq_ignore_ascii_case("x-amz-meta-").then_some((name, *value))
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

    /// The node of an output in a whole document.
    ///
    /// # Errors
    ///
    /// [`BadReply`]: no document, or one that is cut short or malformed, or S3's document of an error.
    fn document(protocol: Protocol, operation: &str, body: &'a [u8]) -> Result<Self, BadReply>;

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

/// Reads an instant that stands in a header or a document.
#[must_use]
pub fn parse_time(text: &str, format: TimeFormat) -> Option<Time> {
    let text = text.as_bytes();
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

    fn document(protocol: Protocol, operation: &str, body: &'a [u8]) -> Result<Self, BadReply> {
        let root = Self::root(body).map_err(BadReply::of_xml)?;
        match protocol {
            Protocol::Query => {
                let result = root
                    .children()
                    .find(|child| child.name().strip_suffix("Result").is_some_and(|name| name == operation));
                result.ok_or(BadReply::Unexpected)
            }
            _ if root.name() == "Error" => Err(BadReply::Error),
            _ => Ok(root),
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

    fn document(_: Protocol, _: &str, body: &'a [u8]) -> Result<Self, BadReply> {
        // An output without members may come without a body.
        let body = if body.is_empty() { b"{}" } else { body };
        let value = Self::parse(body).map_err(BadReply::of_json)?;
        if value.kind() == json::Kind::Object { Ok(value) } else { Err(BadReply::Unexpected) }
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
