//! The parts that inputs are made of: lists and maps that are lent or read from a [`Tree`], and how
//! inputs are read from one.
//!
//! An input borrows everything. Its lists are slices, or, where the input comes from JSON, the JSON's own
//! items read again each time: so inputs of any depth are read without an allocator. The tree belongs
//! to the host (`tucuxi` has one over an owned JSON document).

use core::fmt;

use crate::encode::Base64;
use crate::secret::Secret;
use crate::sink::Recite;
use crate::sink::Sink;
use crate::time::Time;

/// A tree of names and values in AWS's member names: JSON that somebody has parsed and keeps.
///
/// Texts are unescaped already, so they can be borrowed. Each method answers for one kind of value and
/// returns nothing for all others. Threads may share a tree, so that they may share what is read from it.
pub trait Tree: Sync {
    /// The bytes of a blob.
    fn blob(&self) -> Option<&[u8]>;
    /// A truth value.
    fn bool(&self) -> Option<bool>;
    /// The nth member of an object, with its name.
    fn entry(&self, nth: usize) -> Option<(&str, &dyn Tree)>;
    /// A whole number.
    fn int(&self) -> Option<i64>;
    /// The nth item of a list.
    fn item(&self, nth: usize) -> Option<&dyn Tree>;
    /// Whether this is an object, however empty.
    fn is_object(&self) -> bool;
    /// Whether this is a list, however empty.
    fn is_list(&self) -> bool;
    /// Whether there is no value.
    fn is_null(&self) -> bool;
    /// A text.
    fn text(&self) -> Option<&str>;
    /// An instant, from a number of seconds since 1970 or from text.
    fn time(&self) -> Option<Time>;

    /// The member of that name, unless it is null.
    fn member(&self, name: &str) -> Option<&dyn Tree> {
        (0..).map_while(|nth| self.entry(nth)).find(|(n, tree)| *n == name && !tree.is_null()).map(|(_, t)| t)
    }
}

/// What can be read from a [`Tree`].
pub trait FromTree<'a>: Sized {
    /// Reads it.
    ///
    /// # Errors
    ///
    /// [`BadInput`] with the name of the member that is missing, unknown or of the wrong kind.
    fn from_tree(tree: &'a dyn Tree) -> Result<Self, BadInput<'a>>;
}

/// Why a [`Tree`] is not the input that it should be. Nothing has been sent.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum BadInput<'a> {
    /// A value is of another kind than the member.
    Kind {
        /// The member.
        member: &'static str,
        /// What it should be: `text`, `number`, …
        expected: &'static str,
    },
    /// A required member is not there.
    Missing {
        /// The member.
        member: &'static str,
    },
    /// No such member is known.
    Unknown {
        /// The name.
        member: &'a str,
    },
}

impl fmt::Display for BadInput<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kind { member: "", expected } => write!(f, "an item is no {expected}"),
            Self::Kind { member, expected } => write!(f, "{member} is no {expected}"),
            Self::Missing { member } => write!(f, "{member} is missing"),
            Self::Unknown { member } => write!(f, "unknown member {member}"),
        }
    }
}

impl core::error::Error for BadInput<'_> {}

impl BadInput<'_> {
    /// Names the member in which it happened, unless a deeper one is named already.
    #[must_use]
    pub fn within(self, member: &'static str) -> Self {
        match self {
            Self::Kind { member: "", expected } => Self::Kind { member, expected },
            other => other,
        }
    }
}

/// Refuses a tree that is no object, or has a member whose name is not among `known`.
///
/// # Errors
///
/// [`BadInput::Kind`] or [`BadInput::Unknown`].
pub fn check_members<'a>(tree: &'a dyn Tree, known: &[&str]) -> Result<(), BadInput<'a>> {
    if !tree.is_object() {
        return Err(BadInput::Kind { member: "", expected: "object" });
    }
    match (0..).map_while(|nth| tree.entry(nth)).find(|(name, _)| !known.contains(name)) {
        Some((member, _)) => Err(BadInput::Unknown { member }),
        None => Ok(()),
    }
}

macro_rules! from_tree {
    ($($type:ty, $method:ident, $expected:literal;)*) => {$(
        impl<'a> FromTree<'a> for $type {
            fn from_tree(tree: &'a dyn Tree) -> Result<Self, BadInput<'a>> {
                tree.$method().ok_or(BadInput::Kind { member: "", expected: $expected })
            }
        }
    )*};
}

from_tree! {
    &'a str, text, "text";
    Time, time, "timestamp";
    bool, bool, "boolean";
    i64, int, "number";
}

impl<'a> FromTree<'a> for Secret<'a> {
    fn from_tree(tree: &'a dyn Tree) -> Result<Self, BadInput<'a>> {
        <&str>::from_tree(tree).map(Secret::new)
    }
}

/// Reads a member that has to be there.
///
/// # Errors
///
/// [`BadInput`] where it is not, or is of another kind.
pub fn needed<'a, T: FromTree<'a>>(tree: &'a dyn Tree, member: &'static str) -> Result<T, BadInput<'a>> {
    taken(tree, member)?.ok_or(BadInput::Missing { member })
}

/// Reads a member that may be missing or null.
///
/// # Errors
///
/// [`BadInput`] where it is of another kind.
pub fn taken<'a, T: FromTree<'a>>(
    tree: &'a dyn Tree,
    member: &'static str,
) -> Result<Option<T>, BadInput<'a>> {
    let read = tree.member(member).map(T::from_tree).transpose();
    read.map_err(|wrong| wrong.within(member))
}

/// Bytes of an input; base64 in JSON.
#[derive(Clone, Copy)]
pub struct Blob<'a>(&'a [u8]);

impl<'a> Blob<'a> {
    /// Lends bytes.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    #[must_use]
    pub const fn bytes(self) -> &'a [u8] {
        self.0
    }
}

impl fmt::Debug for Blob<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{} bytes]", self.0.len())
    }
}

impl Recite for Blob<'_> {
    /// The bytes in base64, as a header has them.
    fn recite(&self, to: &mut dyn Sink) {
        let mut base64 = Base64::new(to);
        base64.put(self.0);
        base64.finish();
    }
}

impl<'a> FromTree<'a> for Blob<'a> {
    fn from_tree(tree: &'a dyn Tree) -> Result<Self, BadInput<'a>> {
        tree.blob().map(Self).ok_or(BadInput::Kind { member: "", expected: "blob" })
    }
}

/// A list of an input: a slice, or the items of a [`Tree`].
#[derive(Clone, Copy)]
pub struct List<'a, T>(Source<'a, T>);

#[derive(Clone, Copy)]
enum Source<'a, T> {
    Slice(&'a [T]),
    Tree(&'a dyn Tree),
}

impl<'a, T: Copy> List<'a, T> {
    /// A list that lies in memory.
    #[must_use]
    pub const fn new(items: &'a [T]) -> Self {
        Self(Source::Slice(items))
    }
}

impl<'a, T: Copy + FromTree<'a>> List<'a, T> {
    /// The items.
    pub fn iter(&self) -> impl Iterator<Item = T> + use<'a, T> {
        let source = self.0;
        (0..).map_while(move |nth| match source {
            Source::Slice(items) => items.get(nth).copied(),
            // Every item was read once when the list was made.
            Source::Tree(tree) => tree.item(nth).and_then(|item| T::from_tree(item).ok()),
        })
    }
}

impl<'a, T: FromTree<'a>> FromTree<'a> for List<'a, T> {
    fn from_tree(tree: &'a dyn Tree) -> Result<Self, BadInput<'a>> {
        if !tree.is_list() {
            return Err(BadInput::Kind { member: "", expected: "list" });
        }
        for item in (0..).map_while(|nth| tree.item(nth)) {
            T::from_tree(item)?;
        }
        Ok(Self(Source::Tree(tree)))
    }
}

impl<T> fmt::Debug for List<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[…]")
    }
}

impl Recite for List<'_, &str> {
    /// The items with a comma between them, as a header has them.
    fn recite(&self, to: &mut dyn Sink) {
        for (nth, item) in self.iter().enumerate() {
            if nth > 0 {
                to.put(b",");
            }
            to.put(item.as_bytes());
        }
    }
}

/// A map of an input: a slice of pairs, or the members of a [`Tree`].
#[derive(Clone, Copy)]
pub struct Map<'a, T>(Entries<'a, T>);

#[derive(Clone, Copy)]
enum Entries<'a, T> {
    Slice(&'a [(&'a str, T)]),
    Tree(&'a dyn Tree),
}

impl<'a, T: Copy> Map<'a, T> {
    /// A map that lies in memory. Names should not repeat.
    #[must_use]
    pub const fn new(entries: &'a [(&'a str, T)]) -> Self {
        Self(Entries::Slice(entries))
    }
}

impl<'a, T: Copy + FromTree<'a>> Map<'a, T> {
    /// The entries.
    pub fn iter(&self) -> impl Iterator<Item = (&'a str, T)> + use<'a, T> {
        let entries = self.0;
        (0..).map_while(move |nth| match entries {
            Entries::Slice(entries) => entries.get(nth).copied(),
            Entries::Tree(tree) => {
                let (name, value) = tree.entry(nth)?;
                Some((name, T::from_tree(value).ok()?))
            }
        })
    }
}

impl<'a, T: FromTree<'a>> FromTree<'a> for Map<'a, T> {
    fn from_tree(tree: &'a dyn Tree) -> Result<Self, BadInput<'a>> {
        if !tree.is_object() {
            return Err(BadInput::Kind { member: "", expected: "map" });
        }
        for (_, value) in (0..).map_while(|nth| tree.entry(nth)) {
            T::from_tree(value)?;
        }
        Ok(Self(Entries::Tree(tree)))
    }
}

impl<T> fmt::Debug for Map<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{…}")
    }
}

/// What inputs and outputs look like in JSON: AWS's names, RFC 3339 instants, blobs in base64.
#[cfg(feature = "serde")]
mod ser {
    use core::fmt;

    use serde::Serialize;
    use serde::Serializer;

    use super::Blob;
    use super::FromTree;
    use super::List;
    use super::Map;
    use crate::secret::Secret;
    use crate::secret::SecretText;
    use crate::sink::Recite;
    use crate::sink::Sink;
    use crate::time::Time;

    impl<'a, T: Copy + FromTree<'a> + Serialize> Serialize for List<'a, T> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_seq(self.iter())
        }
    }

    impl<'a, T: Copy + FromTree<'a> + Serialize> Serialize for Map<'a, T> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_map(self.iter())
        }
    }

    impl Serialize for Secret<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_str(self.reveal())
        }
    }

    impl Serialize for SecretText<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            self.reveal().serialize(serializer)
        }
    }

    impl Serialize for Blob<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_str(&Shown(self))
        }
    }

    impl Serialize for Time {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_str(&Shown(self))
        }
    }

    impl Recite for Time {
        fn recite(&self, to: &mut dyn Sink) {
            self.write_date_time(to).unwrap_or_default();
        }
    }

    /// Shows what recites ASCII.
    pub(super) struct Shown<'s, R: ?Sized>(pub(super) &'s R);

    impl<R: Recite + ?Sized> fmt::Display for Shown<'_, R> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            struct To<'t, 'f>(&'t mut fmt::Formatter<'f>, fmt::Result);
            impl Sink for To<'_, '_> {
                fn put(&mut self, bytes: &[u8]) {
                    let text = core::str::from_utf8(bytes).unwrap_or("\u{fffd}");
                    self.1 = self.1.and_then(|()| self.0.write_str(text));
                }
            }
            let mut to = To(f, Ok(()));
            self.0.recite(&mut to);
            to.1
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::format;
    use std::string::String;
    use std::string::ToString as _;
    use std::vec;
    use std::vec::Vec;

    use super::*;
    use crate::encode::tests::written;
    use crate::s3::input::CopyObject;
    use crate::s3::input::DeleteObjects;
    use crate::s3::input::GetObject;
    use crate::s3::input::PutObject;
    use crate::sqs::input::SendMessage;

    /// The plainest tree there is.
    enum Plain {
        Blob(&'static [u8]),
        Bool(bool),
        Int(i64),
        List(Vec<Self>),
        Null,
        Object(Vec<(&'static str, Self)>),
        Text(&'static str),
        Time(i64),
    }

    impl Tree for Plain {
        fn blob(&self) -> Option<&[u8]> {
            if let Self::Blob(bytes) = self { Some(bytes) } else { None }
        }

        fn bool(&self) -> Option<bool> {
            if let Self::Bool(value) = self { Some(*value) } else { None }
        }

        fn entry(&self, nth: usize) -> Option<(&str, &dyn Tree)> {
            let Self::Object(entries) = self else { return None };
            entries.get(nth).map(|(name, value)| (*name, value as &dyn Tree))
        }

        fn int(&self) -> Option<i64> {
            if let Self::Int(value) = self { Some(*value) } else { None }
        }

        fn item(&self, nth: usize) -> Option<&dyn Tree> {
            let Self::List(items) = self else { return None };
            items.get(nth).map(|item| item as &dyn Tree)
        }

        fn is_object(&self) -> bool {
            matches!(self, Self::Object(_))
        }

        fn is_list(&self) -> bool {
            matches!(self, Self::List(_))
        }

        fn is_null(&self) -> bool {
            matches!(self, Self::Null)
        }

        fn text(&self) -> Option<&str> {
            if let Self::Text(text) = self { Some(text) } else { None }
        }

        fn time(&self) -> Option<Time> {
            if let Self::Time(seconds) = self { Some(Time::from_seconds(*seconds)) } else { None }
        }
    }

    fn object(entries: impl IntoIterator<Item = (&'static str, Plain)>) -> Plain {
        Plain::Object(entries.into_iter().collect())
    }

    #[test]
    fn inputs_are_read_from_trees_of_any_depth() {
        let one = object([("Key", Plain::Text("a")), ("Size", Plain::Int(1))]);
        let delete = object([
            ("Objects", Plain::List(vec![one, object([("Key", Plain::Text("b")), ("ETag", Plain::Null)])])),
            ("Quiet", Plain::Bool(true)),
        ]);
        let tree = object([("Bucket", Plain::Text("x")), ("Delete", delete)]);
        let input = DeleteObjects::from_tree(&tree).unwrap();
        let body = String::from_utf8(written(|to| input.recite(to))).unwrap();
        let expected =
            "<Object><Key>a</Key><Size>1</Size></Object><Object><Key>b</Key></Object><Quiet>true</Quiet>";
        assert!(body.contains(expected), "{body}");

        let value = object([("DataType", Plain::Text("Binary")), ("BinaryValue", Plain::Blob(b"\x01"))]);
        let tree = object([
            ("QueueUrl", Plain::Text("u")),
            ("MessageBody", Plain::Text("m")),
            ("MessageAttributes", object([("n", value)])),
        ]);
        let input = SendMessage::from_tree(&tree).unwrap();
        assert_eq!(
            String::from_utf8(written(|to| input.recite(to))).unwrap(),
            r#"{"QueueUrl":"u","MessageBody":"m","MessageAttributes":{"n":{"DataType":"Binary","BinaryValue":"AQ=="}}}"#
        );

        for (source, header) in [
            (Plain::Text("b/k l"), "b/k%20l"),
            (
                object([
                    ("Bucket", Plain::Text("b")),
                    ("Key", Plain::Text("k")),
                    ("VersionId", Plain::Text("v")),
                ]),
                "b/k?versionId=v",
            ),
        ] {
            let tree =
                object([("Bucket", Plain::Text("x")), ("Key", Plain::Text("y")), ("CopySource", source)]);
            let input = CopyObject::from_tree(&tree).unwrap();
            let mut pairs = [crate::request::Pair::EMPTY; 4];
            let request = crate::operation::request(&input, &mut pairs).unwrap();
            assert_eq!(written(|to| request.headers()[0].value().write(to)), header.as_bytes());
        }
    }

    #[test]
    fn what_is_no_input_is_named() {
        let get = |entries: Vec<(&'static str, Plain)>| {
            let all = [("Bucket", Plain::Text("b")), ("Key", Plain::Text("k"))].into_iter().chain(entries);
            GetObject::from_tree(&object(all)).map(|_| ()).map_err(|wrong| wrong.to_string())
        };
        assert_eq!(get(vec![("Range", Plain::Null), ("IfModifiedSince", Plain::Time(0))]), Ok(()));
        for (entries, said) in [
            (vec![("Rnage", Plain::Text(""))], "unknown member Rnage"),
            (vec![("Range", Plain::Int(1))], "Range is no text"),
            (vec![("PartNumber", Plain::Text("1"))], "PartNumber is no number"),
            (vec![("IfModifiedSince", Plain::Text("x"))], "IfModifiedSince is no timestamp"),
            (vec![("SSECustomerKey", Plain::Bool(true))], "SSECustomerKey is no text"),
        ] {
            assert_eq!(get(entries), Err(said.into()));
        }
        let put = |name, value| {
            let all = [("Bucket", Plain::Text("b")), ("Key", Plain::Text("k")), (name, value)];
            PutObject::from_tree(&object(all)).map(|_| ()).map_err(|wrong| wrong.to_string())
        };
        for (name, value, said) in [
            ("Body", Plain::Text("x"), "Body is no blob"),
            ("BucketKeyEnabled", Plain::Text("true"), "BucketKeyEnabled is no boolean"),
            ("Metadata", Plain::List(vec![]), "Metadata is no map"),
            ("Metadata", object([("a", Plain::Int(1))]), "Metadata is no text"),
        ] {
            assert_eq!(put(name, value), Err(said.into()));
        }
        let tree = object([("Bucket", Plain::Text("b"))]);
        let missing = GetObject::from_tree(&tree);
        assert_eq!(missing.map(|_| ()), Err(BadInput::Missing { member: "Key" }));
        assert_eq!(
            GetObject::from_tree(&Plain::List(vec![])).map(|_| ()),
            Err(BadInput::Kind { member: "", expected: "object" })
        );
        let objects =
            |value| object([("Bucket", Plain::Text("b")), ("Delete", object([("Objects", value)]))]);
        for (value, said) in [
            (Plain::Text("k"), "Objects is no list"),
            (Plain::List(vec![Plain::Text("k")]), "Objects is no object"),
            (Plain::List(vec![object([])]), "Key is missing"),
        ] {
            let tree = objects(value);
            let wrong = DeleteObjects::from_tree(&tree).map(|_| ()).unwrap_err();
            assert_eq!(wrong.to_string(), said);
        }
    }

    #[test]
    fn debug_of_an_input_shows_no_secret() {
        let put =
            PutObject::new("b", "k").sse_customer_key("canary").metadata(&[("m", "canary")]).body(b"canary");
        let shown = format!("{put:?}");
        assert!(
            shown.contains("bucket: \"b\"") && !shown.contains("canary") && !shown.contains("99, 97"),
            "{shown}"
        );
    }
}
