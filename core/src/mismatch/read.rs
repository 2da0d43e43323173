//! The server's texts as its reply shows them: in elements of their own, or within the message.

use super::Mismatch;
use super::Texts;
use super::Unreadable;
use crate::encode::hex_digit;
use crate::json;
use crate::room::Shelf;
use crate::sigv4::Signed;
use crate::sink::Count;
use crate::sink::Full;
use crate::sink::Sink;
use crate::text::Text;
use crate::text::find_slice;
use crate::xml::Element;

impl<'a> Mismatch<'a> {
    /// Reads the body of the reply that refused `signed`: S3's document, or one of another service in XML or
    /// JSON whose message shows the texts.
    ///
    /// Both sides' texts are written into `room`, from which the findings borrow. Ours hold the session
    /// token, so whoever lends the room wipes it. For small requests 1 KiB will do, with a session token it takes
    /// more: called with `&mut []`, it says what is [`needed`](Unreadable::Room).
    ///
    /// # Errors
    ///
    /// [`Unreadable`]: most servers other than AWS's show nothing, and `room` may be too small.
    pub fn read(signed: &Signed<'_>, body: &[u8], room: &'a mut [u8]) -> Result<Self, Unreadable> {
        let shown = Shown::find(body).ok_or(Unreadable::Absent)?;
        let access_key = signed.access_key().ok_or(Unreadable::Anonymous)?;
        let mut shelf = Shelf::new(room);
        let canonical_request = shelf.put(&|to| signed.canonical_request(to));
        let ours = Texts::new(Some(canonical_request), shelf.put(&|to| signed.string_to_sign(to)));
        let (theirs, id, provided) = match shown {
            Shown::Elements { canonical_request, string_to_sign, access_key, provided } => {
                let canonical_request = canonical_request.map(|exact| shelf.put(&|to| exact.write(to)));
                let string_to_sign = shelf.put(&|to| string_to_sign.write(to));
                (Some(Texts::new(canonical_request, string_to_sign)), access_key, provided)
            }
            Shown::Message(message) => (within(shelf.put(&|to| message.decode(to))), None, None),
        };
        let access_keys = id.map(|theirs| {
            [shelf.put(&|to| to.put(access_key.as_bytes())), shelf.put(&|to| theirs.decode(to))]
        });
        shelf.finish().map_err(|Full { needed }| Unreadable::Room { needed })?;
        let changed = provided.is_some_and(|provided| provided != *signed.signature());
        Ok(Self { ours, theirs: theirs.ok_or(Unreadable::Absent)?, access_keys, changed })
    }
}

/// Where a reply shows its texts.
enum Shown<'b> {
    /// S3's elements.
    Elements {
        canonical_request: Option<Exact<'b>>,
        string_to_sign: Exact<'b>,
        access_key: Option<Text<'b>>,
        provided: Option<Text<'b>>,
    },
    /// A message that may have them in it.
    Message(Text<'b>),
}

impl<'b> Shown<'b> {
    fn find(body: &'b [u8]) -> Option<Self> {
        let Ok(root) = Element::root(body) else {
            let value = json::Value::parse(body).ok()?;
            let message = value.get("message").or_else(|| value.get("Message"));
            return message.and_then(json::Value::text).map(Self::Message);
        };
        let inside = || root.child("Errors").unwrap_or(root).child("Error");
        let error = if root.name() == "Error" { root } else { inside()? };
        let text = |name: &str| error.child(name).map(Element::text);
        let exact = |name: &str, bytes: &str| Some(Exact { text: text(name)?, bytes: text(bytes) });
        match exact("StringToSign", "StringToSignBytes") {
            Some(string_to_sign) => Some(Self::Elements {
                canonical_request: exact("CanonicalRequest", "CanonicalRequestBytes"),
                string_to_sign,
                access_key: text("AWSAccessKeyId"),
                provided: text("SignatureProvided"),
            }),
            None => text("Message").map(Self::Message),
        }
    }
}

/// A text, and its bytes in hex: XML holds neither every byte nor every line end.
#[derive(Clone, Copy)]
struct Exact<'b> {
    text: Text<'b>,
    bytes: Option<Text<'b>>,
}

impl Exact<'_> {
    fn write(&self, to: &mut dyn Sink) {
        match self.bytes {
            Some(bytes) if decode(bytes, &mut Count::default()) => {
                decode(bytes, to);
            }
            _ => self.text.decode(to),
        }
    }
}

/// Decodes digits in pairs, as in `47 45 54 0a`; says whether that is what they are.
fn decode(digits: Text<'_>, to: &mut dyn Sink) -> bool {
    let mut high = None;
    let mut some = false;
    for char in digits.chars().filter(|char| !char.is_ascii_whitespace()) {
        let Some(digit) = u8::try_from(char).ok().and_then(hex_digit) else { return false };
        match high.take() {
            None => high = Some(digit),
            Some(high) => to.put(&[high << 4 | digit]),
        }
        some = true;
    }
    some && high.is_none()
}

/// The texts in a message of AWS's: each behind its words, on lines of its own between quotes.
fn within(message: &[u8]) -> Option<Texts<'_>> {
    const REQUEST: &[u8] = b"Canonical String for this request should have been\n'";
    const STRING: &[u8] = b"String-to-Sign should have been\n'";
    const BETWEEN: &[u8] = b"'\n\nThe String-to-Sign should have been\n'";
    let behind = |words: &[u8]| message.get(find_slice(message, words)?.checked_add(words.len())?..);
    let string_to_sign = behind(STRING)?;
    let end = string_to_sign.iter().position(|byte| *byte == b'\'')?;
    let canonical_request = behind(REQUEST).and_then(|request| request.get(..find_slice(request, BETWEEN)?));
    Some(Texts::new(canonical_request, string_to_sign.get(..end)?))
}
