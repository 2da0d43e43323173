//! What is asked for: anything that is legal HTTP and that the server can keep.

use proptest::prelude::*;
use proptest::sample::select;
use tucuxi_core::request::Draft;
use tucuxi_core::request::Method;
use tucuxi_core::request::Pair;
use tucuxi_core::request::Value;

use crate::world::BUCKET;
use crate::world::THERE;

/// What keys are made of.
pub(crate) const KEY: &[&str] = &[
    "a", "Z", "0", "-", "_", ".", "~", "/", "//", "/./", "/../", "..", "%", "%2F", "%41", "+", "*", "@", ":",
    "=", "&", "?", "#", ";", ",", "!", "$", "'", "(", ")", "[", "]", "{", "}", "|", "^", "`", "\"", "<", ">",
    "\\", " ", "  ", "é", "e\u{301}", "キ", "😀", "\t", "\n", "\r", "\u{1}", "\u{7f}",
];

/// What is asked for.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) method: Method,
    /// What is put or deleted gets a number in front, so that each is new.
    pub(crate) key: String,
    pub(crate) query: Vec<(String, Option<String>)>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// The part of `x-amz-meta-` that stands behind it, and the value.
    pub(crate) metadata: Option<(String, String)>,
}

impl Asked {
    /// The request, without its body.
    pub(crate) fn draft<'p, 'r>(&'r self, key: &'r str, room: &'p mut [Pair<'r>]) -> Draft<'p, 'r> {
        let mut draft = Draft::new(self.method, room);
        draft.bucket("Bucket", BUCKET);
        draft.key("Key", key);
        for (name, value) in &self.query {
            draft.query(name, value.as_deref().map_or(Value::Flag, Value::Text));
        }
        for (name, value) in &self.headers {
            draft.header(name, Value::Text(value));
        }
        if let Some((name, value)) = &self.metadata {
            draft.header(name, Value::Meta(value));
        }
        draft
    }
}

pub(crate) fn asked() -> impl Strategy<Value = Asked> {
    const QUERY: &[&str] = &[
        "a", "B", "ab", "-", "_", ".", "~", "/", "%", "%2B", "+", "*", "@", ":", "=", "&", "?", "#", ";",
        ",", "'", " ", "é", "😀", "\n", "|",
    ];
    const VALUE: &[&str] = &[
        "a", "Z", "0", " ", "  ", "\t", ",", ", ", ";", ":", "=", "\"", "\"a  b\"", "'", "/", "%41", "+",
        "*", "~", "(", ")", "<", ">", "@", "[", "]", "\\", "{", "}", "|", "^", "`", "!", "#", "$", "&",
    ];
    const NAME: &[&str] = &[
        "a",
        "A-b",
        "my_header",
        "X.Y",
        "X-Custom",
        "x-custom",
        "X-AMZ-D",
        "!#$%&'*+-.^_`|~",
        "Zz",
        "User-Agent",
    ];
    let method = select(&[Method::Get, Method::Head, Method::Put, Method::Put, Method::Delete][..]);
    // No sub-resource is called that.
    let name = texts(QUERY, 4).prop_map(|name| format!("q{name}"));
    let query = prop::collection::vec((name, prop::option::of(texts(QUERY, 5))), 0..5);
    let headers = prop::collection::vec((select(NAME).prop_map(str::to_owned), texts(VALUE, 6)), 0..6);
    let metadata = prop::option::of(("[A-Za-z0-9-]{1,12}", texts(VALUE, 6)));
    let body = prop::collection::vec(any::<u8>(), 0..300);
    let key = prop_oneof![1 => Just(THERE.0.to_owned()), 3 => texts(KEY, 8).prop_map(deep)];
    (method, key, query, headers, metadata, body).prop_map(|(method, key, query, headers, metadata, body)| {
        Asked {
            method,
            key,
            query,
            headers,
            metadata: metadata.filter(|_| method == Method::Put),
            body: if method == Method::Put { body } else { Vec::new() },
        }
    })
}

/// An upload by a form.
#[derive(Clone, Debug)]
pub(crate) struct Posted {
    pub(crate) key: String,
    /// Names and values, and how the policy speaks of them.
    pub(crate) fields: Vec<(&'static str, String, &'static str)>,
    pub(crate) body: Vec<u8>,
}

pub(crate) fn form() -> impl Strategy<Value = Posted> {
    const TEXT: &[&str] = &[
        "a", "Z", "0", " ", "  ", "\t", "\r\n", "\n", ",", ";", ":", "=", "\"", "'", "/", "\\", "\\u0041",
        "%41", "+", "$", "${f}", "{", "}", "[", "]", "<", ">", "&", "\u{1}", "\u{7f}", "é", "e\u{301}", "キ",
        "😀",
    ];
    // What S3 knows as a field, or does not look at.
    const NAMES: [&str; 7] = [
        "Cache-Control",
        "Content-Disposition",
        "Content-Language",
        "x-amz-meta-a",
        "X-Amz-Meta-B",
        "x-amz-meta-c_d",
        "x-custom",
    ];
    let ways = select(&["exact", "eq", "starts-with", "any"][..]);
    let fields = prop::sample::subsequence(&NAMES[..], 0..=NAMES.len());
    let values = prop::collection::vec((texts(TEXT, 6), ways), NAMES.len());
    let key = prop_oneof![4 => texts(KEY, 8), 1 => Just("x/${filename}".to_owned())];
    let body = prop::collection::vec(any::<u8>(), 0..300);
    (key, fields, values, body).prop_map(|(key, fields, values, body)| {
        let fields = fields.into_iter().zip(values).map(|(name, (value, way))| (name, value, way));
        Posted { key, fields: fields.collect(), body }
    })
}

/// So many pieces at most.
pub(crate) fn texts(pieces: &'static [&'static str], most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(select(pieces), 0..=most).prop_map(|pieces| pieces.concat())
}

/// A key so deep that no steps of its own lead out of the bucket, where the server keeps files, and that ends with a name.
pub(crate) fn deep(key: String) -> String {
    format!("d/d/d/d/d/d/d/d/{key}~")
}

/// A key that a file can have, and that no other request has: without steps of a path.
pub(crate) fn stored_key(nth: u32, key: &str) -> String {
    let segments = key.split('/').filter(|segment| !matches!(*segment, "" | "." | ".."));
    format!("{nth}-{}", segments.collect::<Vec<_>>().join("/"))
}
