//! Writes values, with commas where they belong and strings escaped.

use core::fmt;

use crate::encode::hex;
use crate::encode::int;
use crate::sink::Sink;

/// Writes a document into a sink, without white space and in UTF-8.
///
/// It trusts its caller with the grammar: keys stand in objects alone, each before its value, and
/// what is opened is closed.
///
/// ```
/// use tucuxi_core::json::Writer;
/// use tucuxi_core::sink::Cursor;
///
/// let mut room = [0; 64];
/// let mut out = Cursor::new(&mut room);
/// let mut writer = Writer::new(&mut out);
/// writer.open_object().key("Body").string("a\"\n").key("Tries").int(3);
/// writer.key("Names").open_array().string("x").string("y").close_array().close_object();
/// assert_eq!(out.finish().unwrap(), br#"{"Body":"a\"\n","Tries":3,"Names":["x","y"]}"#);
/// ```
pub struct Writer<'s> {
    to: &'s mut dyn Sink,
    /// Whether a value stands before the next one at the same level.
    follows: bool,
}

impl<'s> Writer<'s> {
    /// A writer at the start of a document.
    #[must_use]
    pub fn new(to: &'s mut dyn Sink) -> Self {
        Self { to, follows: false }
    }

    /// Starts an object.
    pub fn open_object(&mut self) -> &mut Self {
        self.open(b"{")
    }

    /// Ends the object that was opened last.
    pub fn close_object(&mut self) -> &mut Self {
        self.close(b"}")
    }

    /// Starts an array.
    pub fn open_array(&mut self) -> &mut Self {
        self.open(b"[")
    }

    /// Ends the array that was opened last.
    pub fn close_array(&mut self) -> &mut Self {
        self.close(b"]")
    }

    /// Writes the key of the value that comes next.
    pub fn key(&mut self, key: &str) -> &mut Self {
        self.string(key);
        self.to.put(b":");
        self.follows = false;
        self
    }

    /// Writes a string.
    pub fn string(&mut self, text: &str) -> &mut Self {
        self.string_from(|to| to.put(text.as_bytes()))
    }

    /// Writes a string that `write` puts together, in UTF-8: base64, a decoded text.
    pub fn string_from(&mut self, write: impl FnOnce(&mut dyn Sink)) -> &mut Self {
        self.comma();
        self.to.put(b"\"");
        write(&mut Escape { to: self.to });
        self.to.put(b"\"");
        self
    }

    /// Writes a number.
    pub fn int(&mut self, number: i64) -> &mut Self {
        self.comma();
        int(number, self.to);
        self
    }

    /// Writes a number as it is given, which must be one in JSON's grammar.
    pub fn number(&mut self, number: &str) -> &mut Self {
        self.comma();
        self.to.put(number.as_bytes());
        self
    }

    /// Writes true or false.
    pub fn bool(&mut self, value: bool) -> &mut Self {
        self.comma();
        self.to.put(if value { b"true" } else { b"false" });
        self
    }

    /// Writes null.
    pub fn null(&mut self) -> &mut Self {
        self.comma();
        self.to.put(b"null");
        self
    }

    /// Writes the comma before a value, if it needs one.
    fn comma(&mut self) {
        if self.follows {
            self.to.put(b",");
        }
        self.follows = true;
    }

    fn open(&mut self, bracket: &[u8]) -> &mut Self {
        self.comma();
        self.to.put(bracket);
        self.follows = false;
        self
    }

    fn close(&mut self, bracket: &[u8]) -> &mut Self {
        self.to.put(bracket);
        self.follows = true;
        self
    }
}

impl fmt::Debug for Writer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").field("follows", &self.follows).finish_non_exhaustive()
    }
}

/// Escapes what is put, as the inside of a string.
struct Escape<'s> {
    to: &'s mut dyn Sink,
}

impl Sink for Escape<'_> {
    fn put(&mut self, bytes: &[u8]) {
        for run in bytes.split_inclusive(|byte| matches!(byte, b'"' | b'\\' | ..0x20)) {
            let (text, last) = match run.split_last() {
                Some((last @ (b'"' | b'\\' | ..0x20), text)) => (text, *last),
                _ => return self.to.put(run),
            };
            self.to.put(text);
            match last {
                b'"' => self.to.put(b"\\\""),
                b'\\' => self.to.put(b"\\\\"),
                b'\n' => self.to.put(b"\\n"),
                b'\r' => self.to.put(b"\\r"),
                b'\t' => self.to.put(b"\\t"),
                0x8 => self.to.put(b"\\b"),
                0xC => self.to.put(b"\\f"),
                control => {
                    self.to.put(b"\\u00");
                    self.to.put(hex([control]).as_flattened());
                }
            }
        }
    }
}
