//! A message: what may be in one, and its digests.

use std::collections::BTreeMap;

use md5::Digest;
use md5::Md5;
use serde_json::Value;
use serde_json::json;
use sha2::Sha256;

use crate::sqs::fault::Fault;
use crate::sqs::input::Input;
use crate::sqs::input::missing;

/// What a sender sends, checked.
#[derive(Clone)]
pub(super) struct Draft {
    pub(super) body: String,
    pub(super) attributes: BTreeMap<String, Attribute>,
    pub(super) trace: Option<String>,
    pub(super) delay: Option<i64>,
    pub(super) group: Option<String>,
    pub(super) deduplication: Option<String>,
}

/// The type and value of a message attribute.
#[derive(Clone)]
pub(super) struct Attribute {
    kind: String,
    value: AttributeValue,
}

#[derive(Clone)]
enum AttributeValue {
    Binary(Vec<u8>),
    String(String),
}

impl Draft {
    /// Reads the input of `SendMessage`, or an entry of a batch.
    pub(super) fn read(input: &Input<'_>) -> Result<Self, Fault> {
        let body = input.required("MessageBody")?;
        if body.is_empty() {
            return Err(missing("MessageBody"));
        }
        if !body.chars().all(is_allowed) {
            return Err(Fault::invalid_contents(
                "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 \
                 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF",
            ));
        }
        let attributes = input.map("MessageAttributes")?;
        let attributes = attributes
            .map(|(name, value)| Ok((name.clone(), Attribute::read(name, value)?)))
            .collect::<Result<BTreeMap<_, _>, Fault>>()?;
        if attributes.len() > 10 {
            return Err(Fault::invalid_value(format!(
                "Number of message attributes [{}] exceeds the allowed maximum [10].",
                attributes.len()
            )));
        }
        let mut trace = None;
        for (name, value) in input.map("MessageSystemAttributes")? {
            if name != "AWSTraceHeader" {
                return Err(Fault::invalid_value(format!(
                    "Message system attribute name '{name}' is invalid. Allowed: AWSTraceHeader"
                )));
            }
            trace = Input::of(value)?.text("StringValue")?.map(str::to_owned);
        }
        Ok(Self {
            body: body.to_owned(),
            attributes,
            trace,
            delay: input.number("DelaySeconds", 0..=900)?,
            group: input.text("MessageGroupId")?.map(str::to_owned),
            deduplication: input.text("MessageDeduplicationId")?.map(str::to_owned),
        })
    }

    /// The size that is limited: attributes count.
    pub(super) fn bytes(&self) -> usize {
        let attributes = self.attributes.iter();
        let attributes = attributes.map(|(name, it)| name.len() + it.kind.len() + it.bytes().len());
        self.body.len() + attributes.sum::<usize>()
    }
}

impl Attribute {
    fn read(name: &str, value: &Value) -> Result<Self, Fault> {
        let of_name = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
        if name.is_empty() || name.len() > 256 || !name.chars().all(of_name) {
            return Err(Fault::invalid_value(format!(
                "The message attribute name '{name}' is invalid. Attribute name can contain \
                 A-Z, a-z, 0-9, underscore (_), hyphen (-), and period (.) characters."
            )));
        }
        let input = Input::of(value)?;
        let kind = input.required("DataType")?;
        let value = match kind.split('.').next() {
            Some("Binary") => input.text("BinaryValue")?.map(|text| {
                let bytes = base64_simd::STANDARD.decode_to_vec(text);
                let bytes = bytes.map_err(|_| Fault::serialization("BinaryValue is not Base64"));
                bytes.map(AttributeValue::Binary)
            }),
            Some("Number" | "String") => input.text("StringValue")?.map(|text| {
                if text.chars().all(is_allowed) {
                    Ok(AttributeValue::String(text.to_owned()))
                } else {
                    Err(Fault::invalid_value(format!(
                        "Invalid characters found in the value of message attribute '{name}'."
                    )))
                }
            }),
            _ => {
                return Err(Fault::invalid_value(format!(
                    "The message attribute '{name}' has an invalid message attribute type, the \
                     set of supported type prefixes is Binary, Number, and String."
                )));
            }
        };
        let attribute = value.transpose()?.map(|value| Self { kind: kind.to_owned(), value });
        let attribute = attribute.filter(|attribute| !attribute.bytes().is_empty());
        attribute.ok_or_else(|| {
            Fault::invalid_value(format!(
                "The message attribute '{name}' must contain a non-empty value of type '{kind}'."
            ))
        })
    }

    pub(super) fn to_json(&self) -> Value {
        match &self.value {
            AttributeValue::Binary(bytes) => {
                let text = base64_simd::STANDARD.encode_to_string(bytes);
                json!({ "DataType": self.kind, "BinaryValue": text })
            }
            AttributeValue::String(text) => json!({ "DataType": self.kind, "StringValue": text }),
        }
    }

    fn bytes(&self) -> &[u8] {
        match &self.value {
            AttributeValue::Binary(bytes) => bytes,
            AttributeValue::String(text) => text.as_bytes(),
        }
    }
}

/// The characters of XML 1.0, which SQS keeps to in JSON too.
fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// `MD5OfMessageBody`.
pub(super) fn md5(text: &str) -> String {
    hex::encode(Md5::digest(text))
}

/// What a FIFO queue takes for the `MessageDeduplicationId` of a body.
pub(super) fn sha256(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

/// `MD5OfMessageAttributes`: in the order of the names, for each its name, its type, 1 for text or
/// 2 for bytes, and its value, each of the three after its length in four bytes.
/// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation>
pub(super) fn md5_of_attributes<'a>(
    attributes: impl Iterator<Item = (&'a String, &'a Attribute)>,
) -> Option<String> {
    let mut attributes = attributes.peekable();
    attributes.peek()?;
    let mut hash = Md5::new();
    for (name, attribute) in attributes {
        let transport: u8 = match attribute.value {
            AttributeValue::Binary(_) => 2,
            AttributeValue::String(_) => 1,
        };
        for part in [name.as_bytes(), attribute.kind.as_bytes()] {
            hash.update(length(part));
            hash.update(part);
        }
        hash.update([transport]);
        hash.update(length(attribute.bytes()));
        hash.update(attribute.bytes());
    }
    Some(hex::encode(hash.finalize()))
}

fn length(part: &[u8]) -> [u8; 4] {
    let length = u32::try_from(part.len()).expect("a message is far smaller");
    length.to_be_bytes()
}
