//! Writes elements, escaped so that every reader gets back what was put in.

use crate::encode::int;
use crate::sink::Sink;

/// Writes a document into a sink, with text and empty elements as botocore writes them for
/// `DeleteObjects`.
///
/// It trusts its caller with the grammar: names are names, attributes come before text, and what
/// is opened is closed. Only text and values are escaped. Line ends in text become references,
/// since readers change them otherwise
/// ([XML 1.0, 2.11](https://www.w3.org/TR/xml/#sec-line-ends)); other control characters go as
/// they are, which S3 reads.
///
/// ```
/// use tucuxi_core::sink::Cursor;
/// use tucuxi_core::xml::Writer;
///
/// let mut room = [0; 96];
/// let mut out = Cursor::new(&mut room);
/// let mut writer = Writer::new(&mut out);
/// writer.open("Delete").attribute("xmlns", "urn:a");
/// writer.open("Object").element("Key", "a&b\n").close("Object");
/// writer.open("Quiet").close("Quiet").close("Delete");
/// let want = r#"<Delete xmlns="urn:a"><Object><Key>a&amp;b&#xA;</Key></Object><Quiet /></Delete>"#;
/// assert_eq!(out.finish().unwrap(), want.as_bytes());
/// ```
pub struct Writer<'s> {
    to: &'s mut dyn Sink,
    /// Whether a start tag is still without its `>`.
    in_tag: bool,
}

impl<'s> Writer<'s> {
    /// A writer at the start of a document.
    #[must_use]
    pub fn new(to: &'s mut dyn Sink) -> Self {
        Self { to, in_tag: false }
    }

    /// Starts an element.
    pub fn open(&mut self, name: &str) -> &mut Self {
        self.end_tag();
        self.in_tag = true;
        self.put("<").put(name)
    }

    /// Adds an attribute to the element that was just opened.
    pub fn attribute(&mut self, name: &str, value: &str) -> &mut Self {
        self.put(" ").put(name).put("=\"");
        self.escape(value, |byte| match byte {
            b'"' => Some("&quot;"),
            b'\t' => Some("&#x9;"),
            _ => in_text(byte),
        });
        self.put("\"")
    }

    /// Writes text into the open element.
    pub fn text(&mut self, text: &str) -> &mut Self {
        if !text.is_empty() {
            self.end_tag();
            self.escape(text, in_text);
        }
        self
    }

    /// Writes a number into the open element.
    pub fn int(&mut self, number: i64) -> &mut Self {
        self.end_tag();
        int(number, self.to);
        self
    }

    /// Lets `write` put text that needs no escaping into the open element: base64, a date.
    pub fn text_from(&mut self, write: impl FnOnce(&mut dyn Sink)) -> &mut Self {
        self.end_tag();
        write(self.to);
        self
    }

    /// Ends the element of that name, which must be the one opened last.
    pub fn close(&mut self, name: &str) -> &mut Self {
        if self.in_tag {
            self.in_tag = false;
            return self.put(" />");
        }
        self.put("</").put(name).put(">")
    }

    /// Writes an element that holds text alone.
    pub fn element(&mut self, name: &str, text: &str) -> &mut Self {
        self.open(name).text(text).close(name)
    }

    /// Ends the start tag.
    fn end_tag(&mut self) {
        if self.in_tag {
            self.in_tag = false;
            self.put(">");
        }
    }

    fn escape(&mut self, text: &str, escaped: impl Fn(u8) -> Option<&'static str>) {
        let mut rest = text.as_bytes();
        while let Some((at, escape)) =
            rest.iter().enumerate().find_map(|(at, byte)| Some((at, escaped(*byte)?)))
        {
            let (run, after) = rest.split_at_checked(at).unwrap_or_default();
            self.to.put(run);
            self.to.put(escape.as_bytes());
            rest = after.get(1..).unwrap_or_default();
        }
        self.to.put(rest);
    }

    fn put(&mut self, text: &str) -> &mut Self {
        self.to.put(text.as_bytes());
        self
    }
}

impl core::fmt::Debug for Writer<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Writer").field("in_tag", &self.in_tag).finish_non_exhaustive()
    }
}

/// What stands for this byte in text, if it cannot stand for itself.
const fn in_text(byte: u8) -> Option<&'static str> {
    Some(match byte {
        b'&' => "&amp;",
        b'<' => "&lt;",
        b'>' => "&gt;",
        b'\r' => "&#xD;",
        b'\n' => "&#xA;",
        _ => return None,
    })
}
