//! What comes back: a [`Reply`] as it was received, and how outputs are read from it.
//!
//! An output in this crate is a view: it holds the reply, and each of its methods looks up one member,
//! in a header or in the body's document. Nothing is copied and nothing can be forgotten. `tucuxi` reads the
//! same members into owned structs, in one pass, with the same [`Node`]s.

use core::fmt;

use crate::failure::BadReply;
use crate::json;
use crate::operation::Protocol;
use crate::request::TimeFormat;
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

/// What a kind is in a view.
macro_rules! view_type {
    ($a:lifetime text) => { $crate::text::Text<$a> };
    ($a:lifetime secret) => { $crate::text::Text<$a> };
    ($a:lifetime url_text) => { $crate::text::Text<$a> };
    ($a:lifetime int) => { i64 };
    ($a:lifetime bool) => { bool };
    ($a:lifetime blob) => { $crate::text::Text<$a> };
    ($a:lifetime http_date) => { $crate::time::Time };
    ($a:lifetime date_time) => { $crate::time::Time };
    ($a:lifetime epoch_seconds) => { $crate::time::Time };
    ($a:lifetime $shape:ident) => { $shape<$a> };
}

/// A node as a value of a kind, or none where it is not.
macro_rules! node_value {
    (text $node:expr) => {
        $crate::reply::Node::text($node)
    };
    (url_text $node:expr) => {
        $crate::reply::Node::text($node)
    };
    (secret $node:expr) => {
        $crate::reply::Node::text($node)
    };
    (blob $node:expr) => {
        $crate::reply::Node::text($node)
    };
    (int $node:expr) => {
        $crate::reply::Node::int($node)
    };
    (bool $node:expr) => {
        $crate::reply::Node::bool($node)
    };
    (http_date $node:expr) => {
        $crate::reply::Node::time($node, $crate::request::TimeFormat::HttpDate)
    };
    (date_time $node:expr) => {
        $crate::reply::Node::time($node, $crate::request::TimeFormat::DateTime)
    };
    (epoch_seconds $node:expr) => {
        $crate::reply::Node::time($node, $crate::request::TimeFormat::EpochSeconds)
    };
    ($shape:ident $node:expr) => {
        Some($shape::of($node))
    };
}

/// A header's text as a value of a kind, or none where it is not.
macro_rules! header_value {
    (text $text:expr) => {
        Some($crate::text::Text::new($text))
    };
    (int $text:expr) => {
        $text.parse::<i64>().ok()
    };
    (bool $text:expr) => {
        $crate::text::Text::new($text).bool()
    };
    (http_date $text:expr) => {
        $crate::reply::parse_time($text, $crate::request::TimeFormat::HttpDate)
    };
    (date_time $text:expr) => {
        $crate::reply::parse_time($text, $crate::request::TimeFormat::DateTime)
    };
}

/// The method of a view that looks a member up.
macro_rules! member_method {
    (header $member:literal $field:ident: $kind:tt = $wire:literal) => {
        #[doc = concat!("`", $member, "`: the header `", $wire, "`.")]
        #[must_use]
        pub fn $field(&self) -> Option<$crate::reply::view_type!('a $kind)> {
            self.reply.header($wire).and_then(|text| $crate::reply::header_value!($kind text))
        }
    };
    (metadata $member:literal $field:ident: $kind:tt = $wire:literal) => {
        #[doc = concat!("`", $member, "`: names and values of user metadata.")]
        pub fn $field(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
            self.reply.metadata()
        }
    };
    (body $member:literal $field:ident: $kind:tt = $wire:literal) => {
        #[doc = concat!("`", $member, "`: what has been received of it.")]
        #[must_use]
        pub const fn $field(&self) -> &'a [u8] {
            self.reply.body()
        }
    };
    (payload $member:literal $field:ident: $kind:tt = $wire:literal) => {
        #[doc = concat!("`", $member, "`: the body's document.")]
        #[must_use]
        pub fn $field(&self) -> Option<$crate::reply::view_type!('a $kind)> {
            $crate::reply::node_value!($kind self.node?)
        }
    };
    ($place:ident $member:literal $field:ident: [$kind:tt $(in $item:literal)?] = $wire:literal) => {
        #[doc = concat!("The items of `", $member, "`.")]
        pub fn $field(&self) -> impl Iterator<Item = $crate::reply::view_type!('a $kind)> + use<'a> {
            let list = self.node.map(|node| $crate::reply::Node::list(node, $wire, None $(.or(Some($item)))?));
            list.into_iter().flatten().filter_map(|node| $crate::reply::node_value!($kind node))
        }
    };
    ($place:ident $member:literal $field:ident: {$kind:tt} = $wire:literal) => {
        #[doc = concat!("The entries of `", $member, "`.")]
        pub fn $field(
            &self,
        ) -> impl Iterator<Item = ($crate::text::Text<'a>, $crate::reply::view_type!('a $kind))> + use<'a> {
            let map = self.node.and_then(|node| $crate::reply::Node::member(node, $wire));
            let entries = map.into_iter().flat_map($crate::reply::Node::members);
            entries.filter_map(|(name, node)| Some((name, $crate::reply::node_value!($kind node)?)))
        }
    };
    ($place:ident $member:literal $field:ident: $kind:tt = $wire:literal) => {
        #[doc = concat!("`", $member, "`.")]
        #[must_use]
        pub fn $field(&self) -> Option<$crate::reply::view_type!('a $kind)> {
            let node = $crate::reply::Node::member(self.node?, $wire)?;
            $crate::reply::node_value!($kind node)
        }
    };
}

/// Writes a member as JSON, in AWS's name.
#[cfg(feature = "serde")]
macro_rules! member_serialized {
    (body $map:ident $view:ident $member:literal $field:ident $kind:tt) => {};
    (metadata $map:ident $view:ident $member:literal $field:ident $kind:tt) => {
        $map.serialize_entry($member, &$crate::reply::Pairs(|| $view.$field()))?;
    };
    ($place:ident $map:ident $view:ident $member:literal $field:ident [$($kind:tt)*]) => {
        if $view.$field().next().is_some() {
            $map.serialize_entry($member, &$crate::reply::Sequence(|| $view.$field()))?;
        }
    };
    ($place:ident $map:ident $view:ident $member:literal $field:ident {$kind:tt}) => {
        if $view.$field().next().is_some() {
            $map.serialize_entry($member, &$crate::reply::Pairs(|| $view.$field()))?;
        }
    };
    ($place:ident $map:ident $view:ident $member:literal $field:ident $kind:tt) => {
        if let Some(value) = $view.$field() {
            $map.serialize_entry($member, &value)?;
        }
    };
}

/// A view: its methods, and how it is written as JSON.
macro_rules! view {
    ($name:ident { $($place:ident $member:literal $field:ident: $kind:tt = $wire:literal,)* }) => {
        impl<'a> $name<'a> {
            $($crate::reply::member_method!($place $member $field: $kind = $wire);)*

            /// The part of the reply's document that is read here, for members that have no method; none
            /// where all members stand in headers.
            #[must_use]
            pub const fn document(&self) -> Option<Node<'a>> {
                self.node
            }
        }

        impl core::fmt::Debug for $name<'_> {
            /// Without what it holds, which may be credentials.
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }

        #[cfg(feature = "serde")]
        impl serde::Serialize for $name<'_> {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                #[allow(unused_imports, reason = "some outputs have no members")]
                use serde::ser::SerializeMap as _;
                #[allow(unused_mut, reason = "some outputs have no members")]
                let mut map = serializer.serialize_map(None)?;
                $($crate::reply::member_serialized!($place map self $member $field $kind);)*
                map.end()
            }
        }
    };
}

/// Reads a table for its outputs.
macro_rules! views {
    (
        service $service:ident $protocol:ident;
        operations { $(
            $(#[$doc:meta])*
            $name:ident => $output:ident: $method:ident {
                checksum $checksum:ident;
                $(flag $flag:literal $($flag_value:literal)?;)*
                $(automatic $auto_field:ident $auto:literal $auto_value:literal;)?
                needs $needs:tt
                takes $takes:tt
                gives $gives:tt
            }
        )* }
        inputs $inputs:tt
        outputs { $($(#[$shape_doc:meta])* $shape:ident $members:tt)* }
    ) => {
        $(
            #[doc = concat!("What `", stringify!($name), "` answers.")]
            #[derive(Clone, Copy)]
            pub struct $output<'a> {
                reply: $crate::reply::Reply<'a>,
                node: Option<Node<'a>>,
            }

            impl<'a> $output<'a> {
                /// Reads a reply whose status said that all is well.
                ///
                /// # Errors
                ///
                /// [`BadReply`](crate::failure::BadReply) where the body is not the document that it should be.
                pub fn read(reply: $crate::reply::Reply<'a>) -> Result<Self, $crate::failure::BadReply> {
                    let node = $crate::reply::document!($protocol $gives stringify!($name), reply.body());
                    Ok(Self { reply, node })
                }

                /// The reply it was read from.
                #[must_use]
                pub const fn reply(&self) -> $crate::reply::Reply<'a> {
                    self.reply
                }
            }

            $crate::reply::view! { $output $gives }
        )*
        $(
            $(#[$shape_doc])*
            #[derive(Clone, Copy)]
            pub struct $shape<'a> {
                node: Option<Node<'a>>,
            }

            impl<'a> $shape<'a> {
                pub(crate) const fn of(node: Node<'a>) -> Self {
                    Self { node: Some(node) }
                }
            }

            $crate::reply::view! { $shape $members }
        )*
    };
}

/// The document of an output's body, if its members stand in one.
macro_rules! document {
    ($protocol:ident {} $name:expr, $body:expr) => { None };
    ($protocol:ident { $($place:ident $member:literal $field:ident: $kind:tt = $wire:literal,)* } $name:expr, $body:expr) => {
        if false $(|| $crate::in_document!($place))* {
            let protocol = $crate::protocol!($protocol);
            Some($crate::reply::Node::document(protocol, $name, $body)?)
        } else {
            None
        }
    };
}

/// Whether a member's place is the body's document.
#[doc(hidden)]
#[macro_export]
macro_rules! in_document {
    (member) => {
        true
    };
    (payload) => {
        true
    };
    ($place:ident) => {
        false
    };
}

/// The protocol that a table names.
#[doc(hidden)]
#[macro_export]
macro_rules! protocol {
    (json) => {
        $crate::operation::Protocol::Json
    };
    (query) => {
        $crate::operation::Protocol::Query
    };
    (xml) => {
        $crate::operation::Protocol::Xml
    };
}

pub(crate) use document;
pub(crate) use header_value;
pub(crate) use member_method;
#[cfg(feature = "serde")]
pub(crate) use member_serialized;
pub(crate) use node_value;
pub(crate) use view;
pub(crate) use view_type;
pub(crate) use views;

#[cfg(feature = "serde")]
pub(crate) use self::ser::Pairs;
#[cfg(feature = "serde")]
pub(crate) use self::ser::Sequence;

/// Iterators that can be had again, as serde's sequences and maps.
#[cfg(feature = "serde")]
mod ser {
    use serde::Serialize;
    use serde::Serializer;

    pub(crate) struct Sequence<F>(pub(crate) F);

    impl<I: Iterator<Item: Serialize>, F: Fn() -> I> Serialize for Sequence<F> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_seq((self.0)())
        }
    }

    pub(crate) struct Pairs<F>(pub(crate) F);

    impl<K: Serialize, V: Serialize, I: Iterator<Item = (K, V)>, F: Fn() -> I> Serialize for Pairs<F> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_map((self.0)())
        }
    }
}
