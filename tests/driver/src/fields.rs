//! The fields of a request by name and kind, and how a verb says no.

use std::borrow::Cow;
use std::fmt;

use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use tucuxi_core::encode::Base64;
use tucuxi_core::encode::base64_decode;
use tucuxi_core::sink::Sink;
use tucuxi_core::time::Time;

/// An object of a request. A field that is null counts as absent.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'a>(&'a Map<String, Value>);

impl<'a> Fields<'a> {
    pub(crate) const fn new(object: &'a Map<String, Value>) -> Self {
        Self(object)
    }

    pub(crate) fn value(&self, name: &str) -> Option<&'a Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    pub(crate) fn text(&self, name: &str) -> Result<Option<&'a str>, Refusal> {
        self.read(name, "text", Value::as_str)
    }

    pub(crate) fn needed(&self, name: &str) -> Result<&'a str, Refusal> {
        self.text(name)?.ok_or_else(|| missing(name))
    }

    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, Refusal> {
        self.read(name, "a boolean", Value::as_bool)
    }

    pub(crate) fn number<N: TryFrom<u64>>(&self, name: &str) -> Result<Option<N>, Refusal> {
        self.read(name, "a number in range", |value| N::try_from(value.as_u64()?).ok())
    }

    pub(crate) fn list(&self, name: &str) -> Result<&'a [Value], Refusal> {
        Ok(self.read(name, "a list", |value| value.as_array())?.map_or(&[], Vec::as_slice))
    }

    pub(crate) fn object(&self, name: &str) -> Result<Option<Self>, Refusal> {
        self.read(name, "an object", |value| value.as_object().map(Fields))
    }

    /// The entries of an object whose values are all texts.
    pub(crate) fn texts(&self, name: &str) -> Result<Vec<(&'a str, &'a str)>, Refusal> {
        let Some(Fields(object)) = self.object(name)? else { return Ok(Vec::new()) };
        let text = |(key, value): (&'a String, &'a Value)| Some((key.as_str(), value.as_str()?));
        object.iter().map(|entry| text(entry).ok_or_else(|| wrong(name, "an object of texts"))).collect()
    }

    /// A list of pairs of texts, such as headers.
    pub(crate) fn pairs(&self, name: &str) -> Result<Vec<(&'a str, &'a str)>, Refusal> {
        let pair = |value: &'a Value| match value.as_array()?.as_slice() {
            [name, value] => Some((name.as_str()?, value.as_str()?)),
            _ => None,
        };
        let pairs = self.list(name)?.iter();
        pairs.map(|value| pair(value).ok_or_else(|| wrong(name, "a list of pairs"))).collect()
    }

    /// Text as UTF-8, or the bytes of `{"$b64": …}`.
    pub(crate) fn bytes(&self, name: &str) -> Result<Option<Cow<'a, [u8]>>, Refusal> {
        self.value(name).map(|value| bytes(value).ok_or_else(|| wrong(name, "bytes"))).transpose()
    }

    /// An instant in the basic form.
    pub(crate) fn time(&self, name: &str) -> Result<Time, Refusal> {
        Time::parse_stamp(self.needed(name)?.as_bytes()).map_err(|why| Refusal::new("time", &why))
    }

    /// All names with their values.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&'a str, &'a Value)> + use<'a> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    fn read<T>(
        &self,
        name: &str,
        expected: &str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, Refusal> {
        self.value(name).map(|value| read(value).ok_or_else(|| wrong(name, expected))).transpose()
    }
}

fn missing(name: &str) -> Refusal {
    Refusal::driver(format!("{name} is missing"))
}

fn wrong(name: &str, expected: &str) -> Refusal {
    Refusal::driver(format!("{name} is not {expected}"))
}

/// Bytes as a request writes them.
pub(crate) fn bytes(value: &Value) -> Option<Cow<'_, [u8]>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text.as_bytes())),
        Value::Object(object) if object.len() == 1 => {
            let mut bytes = Bytes(Vec::new());
            base64_decode(object.get("$b64")?.as_str()?.as_bytes(), &mut bytes).ok()?;
            Some(Cow::Owned(bytes.0))
        }
        _ => None,
    }
}

/// Bytes as a reply writes them.
pub(crate) fn b64(bytes: &[u8]) -> Value {
    let text = written(|to| {
        let mut base64 = Base64::new(to);
        base64.put(bytes);
        base64.finish();
    });
    json!({ "$b64": text })
}

/// Text, or bytes where they are no text.
pub(crate) fn text_or_b64(bytes: Vec<u8>) -> Value {
    String::from_utf8(bytes).map_or_else(|wrong| b64(wrong.as_bytes()), Value::String)
}

/// What is put into a sink.
pub(crate) struct Bytes(pub(crate) Vec<u8>);

impl Sink for Bytes {
    fn put(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }
}

/// What a writer of the core writes, as text.
pub(crate) fn written(write: impl FnOnce(&mut dyn Sink)) -> String {
    let mut bytes = Bytes(Vec::new());
    write(&mut bytes);
    String::from_utf8_lossy(&bytes.0).into_owned()
}

/// Why a verb has no answer.
#[derive(Debug)]
pub(crate) struct Refusal {
    kind: Cow<'static, str>,
    message: String,
    more: Map<String, Value>,
}

impl Refusal {
    /// The line is not understood.
    pub(crate) fn driver(message: impl Into<String>) -> Self {
        Self { kind: "driver".into(), message: message.into(), more: Map::new() }
    }

    /// The library says no.
    pub(crate) fn new(kind: impl Into<Cow<'static, str>>, why: &dyn fmt::Display) -> Self {
        Self { kind: kind.into(), message: why.to_string(), more: Map::new() }
    }

    /// Adds a field.
    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.more.insert(name.to_owned(), value.into());
        self
    }

    pub(crate) fn into_value(self) -> Value {
        let mut object = self.more;
        object.insert("kind".to_owned(), self.kind.into());
        object.insert("message".to_owned(), self.message.into());
        Value::Object(object)
    }
}
