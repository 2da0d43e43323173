//! Reads the members of an operation's JSON input, and refuses what has the wrong type.

use std::ops::RangeInclusive;

use serde_json::Map;
use serde_json::Value;

use crate::sqs::fault::Fault;

/// A JSON object: the input of an operation, an entry of a batch, an attribute.
pub(super) struct Input<'a>(&'a Map<String, Value>);

impl<'a> Input<'a> {
    pub(super) fn of(value: &'a Value) -> Result<Self, Fault> {
        match value {
            Value::Object(members) => Ok(Self(members)),
            _ => Err(Fault::serialization("Expected an object")),
        }
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<&'a str>, Fault> {
        self.read(name, Value::as_str)
    }

    pub(super) fn required(&self, name: &str) -> Result<&'a str, Fault> {
        self.text(name)?.ok_or_else(|| missing(name))
    }

    pub(super) fn number(&self, name: &str, allowed: RangeInclusive<i64>) -> Result<Option<i64>, Fault> {
        let number = self.read(name, Value::as_i64)?;
        if let Some(number) = number
            && !allowed.contains(&number)
        {
            let (least, most) = allowed.into_inner();
            let reason = format!("Must be between {least} and {most}, if provided.");
            return Err(Fault::invalid(name, number, &reason));
        }
        Ok(number)
    }

    /// A list, empty when it is not there.
    pub(super) fn list(&self, name: &str) -> Result<&'a [Value], Fault> {
        let list = self.read(name, Value::as_array)?;
        Ok(list.map_or(&[], Vec::as_slice))
    }

    /// A list of texts, empty when it is not there.
    pub(super) fn texts(&self, name: &str) -> Result<Vec<&'a str>, Fault> {
        let texts = self.list(name)?.iter().map(Value::as_str);
        texts.collect::<Option<_>>().ok_or_else(|| mistyped(name))
    }

    /// The names and values of a map, none when it is not there.
    pub(super) fn map(
        &self,
        name: &str,
    ) -> Result<impl Iterator<Item = (&'a String, &'a Value)> + use<'a>, Fault> {
        let map = self.read(name, Value::as_object)?;
        Ok(map.into_iter().flatten())
    }

    fn read<T>(&self, name: &str, read: impl Fn(&'a Value) -> Option<T>) -> Result<Option<T>, Fault> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => read(value).map(Some).ok_or_else(|| mistyped(name)),
        }
    }
}

pub(super) fn missing(name: &str) -> Fault {
    Fault::missing(format!("The request must contain the parameter {name}."))
}

fn mistyped(name: &str) -> Fault {
    Fault::serialization(format!("{name} has the wrong type"))
}
