//! Calls by name: JSON in and JSON out, in AWS's member names, as the AWS CLI has it.
//!
//! [`Json`] is a document in memory. Texts in it are unescaped, so core's inputs can borrow them.
//! [`Client::call`](crate::Client::call) and its like take an operation by its name and its input as JSON,
//! and go through the same door as everything else; [`read()`] makes JSON of a reply that came some other way.
//! [`Named`] is implemented for each [`service`](crate::service), from the tables of its operations.

mod call;
mod pages;
pub(crate) mod read;
mod tree;

use std::fmt;
use std::ops::Index;
use std::str::FromStr;

use serde::Serialize;
use serde::Serializer;
use tucuxi_core::time::Time;

pub use self::call::Named;
pub use self::call::Visit;
pub(crate) use self::call::bad_input;
pub use self::call::read;
pub(crate) use self::call::unknown;
pub use self::pages::JsonPages;
pub use self::read::Reading;
use crate::output::base64;
use crate::output::written;

/// A JSON document, and what AWS's members know besides: bytes and instants.
///
/// It is made of text, or of a [`serde_json::Value`], and becomes either again: bytes as base64,
/// instants as RFC 3339.
///
/// ```
/// use tucuxi::json::Json;
///
/// let json: Json = r#"{"Key": "a\u00e9\n", "MaxKeys": 10}"#.parse()?;
/// assert_eq!(json["Key"], Json::from("aé\n"));
/// assert_eq!(json["Prefix"], Json::Null);
/// assert_eq!(json.to_string(), r#"{"Key":"aé\n","MaxKeys":10}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "JSON has no more, and AWS's members neither")]
pub enum Json {
    /// Bytes: base64 in text.
    Blob(Vec<u8>),
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Values in an order.
    List(Vec<Self>),
    /// No value. In an input, the same as a member that is missing.
    Null,
    /// Any other number, as it is written.
    Number(String),
    /// Names and values in an order. A name should occur once: of two in one text the last stays, of two put
    /// here by hand the first counts.
    Object(Vec<(String, Self)>),
    /// Text. Where an input wants bytes it is their base64, where it wants an instant, RFC 3339.
    Text(String),
    /// An instant: RFC 3339 in text.
    Time(Time),
    /// Text that, where an input wants bytes, stands for its own: the AWS CLI's `raw-in-base64-out`.
    Utf8(String),
}

impl Json {
    /// The member of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members.iter().find(|(n, _)| n == name).map(|(_, value)| value),
            _ => None,
        }
    }
}

impl Index<&str> for Json {
    type Output = Self;

    /// The member of that name; [`Null`](Self::Null) where there is none, as `serde_json` has it.
    fn index(&self, name: &str) -> &Self {
        self.get(name).unwrap_or(&Self::Null)
    }
}

impl Index<usize> for Json {
    type Output = Self;

    /// The item at that place; [`Null`](Self::Null) where there is none.
    fn index(&self, at: usize) -> &Self {
        match self {
            Self::List(items) => items.get(at).unwrap_or(&Self::Null),
            _ => &Self::Null,
        }
    }
}

impl fmt::Debug for Json {
    /// The kinds and names alone: a text may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::List(items) => f.debug_list().entries(items).finish(),
            Self::Object(members) => f.debug_map().entries(members.iter().map(|(n, v)| (n, v))).finish(),
            Self::Blob(_) => f.write_str("Blob"),
            Self::Bool(_) => f.write_str("Bool"),
            Self::Int(_) | Self::Number(_) => f.write_str("Number"),
            Self::Null => f.write_str("Null"),
            Self::Text(_) | Self::Utf8(_) => f.write_str("Text"),
            Self::Time(_) => f.write_str("Time"),
        }
    }
}

impl fmt::Display for Json {
    /// Writes the document, on one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for Json {
    type Err = serde_json::Error;

    /// Reads a document.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        serde_json::from_str(text).map(|value: serde_json::Value| value.into())
    }
}

impl From<serde_json::Value> for Json {
    fn from(value: serde_json::Value) -> Self {
        use serde_json::Value;
        match value {
            Value::Array(items) => Self::List(items.into_iter().map(Self::from).collect()),
            Value::Bool(value) => Self::Bool(value),
            Value::Null => Self::Null,
            Value::Number(number) => match number.as_i64() {
                Some(number) => Self::Int(number),
                None => Self::Number(number.to_string()),
            },
            Value::Object(members) => {
                Self::Object(members.into_iter().map(|(name, value)| (name, Self::from(value))).collect())
            }
            Value::String(text) => Self::Text(text),
        }
    }
}

impl From<Json> for serde_json::Value {
    fn from(json: Json) -> Self {
        match json {
            Json::Bool(value) => Self::Bool(value),
            Json::Int(number) => number.into(),
            Json::List(items) => Self::Array(items.into_iter().map(Self::from).collect()),
            Json::Null => Self::Null,
            Json::Number(text) => text.parse().map_or(Self::Null, Self::Number),
            Json::Object(members) => {
                Self::Object(members.into_iter().map(|(name, value)| (name, Self::from(value))).collect())
            }
            Json::Text(text) | Json::Utf8(text) => Self::String(text),
            Json::Blob(bytes) => Self::String(base64(&bytes)),
            Json::Time(time) => Self::String(rfc_3339(time)),
        }
    }
}

impl From<crate::secret::Secret> for Json {
    /// In the open: whoever asks for JSON asks for all of it.
    fn from(secret: crate::secret::Secret) -> Self {
        Self::Text(secret.reveal().to_owned())
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

macro_rules! from {
    ($($type:ty => $variant:ident;)*) => {$(
        impl From<$type> for Json {
            fn from(value: $type) -> Self {
                Self::$variant(value)
            }
        }
    )*};
}

from! {
    String => Text;
    Time => Time;
    Vec<u8> => Blob;
    bool => Bool;
    i64 => Int;
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Blob(bytes) => serializer.serialize_str(&base64(bytes)),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Int(number) => serializer.serialize_i64(*number),
            Self::List(items) => serializer.collect_seq(items),
            Self::Null => serializer.serialize_unit(),
            Self::Number(text) => text.parse::<serde_json::Number>().ok().serialize(serializer),
            Self::Object(members) => serializer.collect_map(members.iter().map(|(n, v)| (n, v))),
            Self::Text(text) | Self::Utf8(text) => serializer.serialize_str(text),
            Self::Time(time) => serializer.serialize_str(&rfc_3339(*time)),
        }
    }
}

/// The text of an instant; empty outside the years 0 to 9999.
fn rfc_3339(time: Time) -> String {
    written(|to| time.write_date_time(to).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_in_a_list_is_null() {
        let json: Json = r#"{"a": [1, {"b": "c"}]}"#.parse().unwrap();
        assert_eq!(json["a"][1]["b"], Json::from("c"));
        assert_eq!((&json["a"][2], &json[0]), (&Json::Null, &Json::Null));
    }

    #[test]
    fn of_a_name_that_occurs_twice_text_keeps_the_last() {
        let json: Json = r#"{"a": 1, "b": {"c": "d"}, "a": 2}"#.parse().unwrap();
        assert_eq!(json["a"], Json::Int(2));
        assert_eq!(json["b"]["c"], Json::from("d"));
        assert_eq!(json["b"]["e"]["f"], Json::Null);
        let twice = Json::Object(vec![("a".to_owned(), Json::Int(1)), ("a".to_owned(), Json::Int(2))]);
        assert_eq!(twice["a"], Json::Int(1));
    }
}
