//! Uploads by HTML form: S3's POST policies.
//!
//! Who holds credentials writes down which uploads they allow, as a [`Policy`], and signs it; what comes of it is a
//! [`Form`], whose fields go into a page or to an app. Whoever has the form can upload into the bucket until the
//! policy ends, as far as the policy allows: as `multipart/form-data`, these fields first, each by its name, and
//! last one called `file`. Servers check what comes in with [`Submitted`].
//!
//! The policy is written as botocore's `generate_presigned_post` writes it, byte for byte, with non-ASCII characters
//! escaped: what is signed is this text in base64. The rules are AWS's
//! [POST policy](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html) and
//! [form fields](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTForms.html). Nothing is kept:
//! a value is written when it is asked for.

mod submitted;

use core::fmt;
use core::time::Duration;

pub use self::submitted::BadForm;
pub use self::submitted::Scope;
pub use self::submitted::Submitted;

use crate::encode::Base64;
use crate::encode::hex;
use crate::encode::uint;
use crate::endpoint::Endpoint;
use crate::secret::Secret;
use crate::sigv4::Expires;
use crate::sigv4::Signer;
use crate::sink::Count;
use crate::sink::Sink;
use crate::time::Time;

/// Which uploads are allowed, not signed yet.
///
/// ```
/// use tucuxi_core::endpoint::{ENDPOINT_ROOM, Place};
/// use tucuxi_core::post::{Condition, Policy};
/// use tucuxi_core::sigv4::{Credentials, Expires, Rules, Signer, SigningKey};
/// use tucuxi_core::sink::Cursor;
/// use tucuxi_core::time::Time;
///
/// let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
/// let now = Time::parse_stamp(b"20260101T120000Z")?;
/// let key = SigningKey::derive(&credentials, now, "us-west-2", "s3");
/// let signer = Signer::new(&credentials, &key, Rules::S3);
/// let mut room = [0; ENDPOINT_ROOM];
/// let endpoint = Place::new("us-west-2").s3("pictures", &mut room)?;
///
/// // Pictures of up to a megabyte, readable by all, named as they are on the user's disk.
/// let conditions = [
///     Condition::exact("acl", "public-read"),
///     Condition::starts_with("Content-Type", "image/"),
///     Condition::content_length_range(1, 1 << 20),
/// ];
/// let policy = Policy::new("pictures", "user/ada/${filename}")
///     .fields(&[("acl", "public-read")])
///     .conditions(&conditions);
/// let hour = Expires::from_seconds(3_600).unwrap();
/// let form = policy.sign(&signer, endpoint, now, hour)?;
///
/// let names: Vec<&str> = form.fields().map(|field| field.name()).collect();
/// let usual = ["key", "x-amz-algorithm", "x-amz-credential", "x-amz-date", "acl", "policy", "x-amz-signature"];
/// assert_eq!(names, usual);
/// let mut room = [0; 64];
/// let mut to = Cursor::new(&mut room);
/// form.fields().nth(2).unwrap().write_value(&mut to);
/// assert_eq!(to.finish()?, b"AKIDEXAMPLE/20260101/us-west-2/s3/aws4_request");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Policy<'p> {
    bucket: &'p str,
    key: &'p str,
    fields: &'p [(&'p str, &'p str)],
    conditions: &'p [Condition<'p>],
}

impl<'p> Policy<'p> {
    /// Uploads of that one key. Where the key ends in `${filename}`, the server puts the name of the user's file
    /// there, and every key is allowed that begins as it does before.
    #[must_use]
    pub const fn new(bucket: &'p str, key: &'p str) -> Self {
        Self { bucket, key, fields: &[], conditions: &[] }
    }

    /// Further fields that the form has, such as `acl`, `Content-Type` or `success_action_status`.
    ///
    /// As in boto3 a field is no condition: S3 refuses a form with a field that none of the conditions is about.
    #[must_use]
    pub const fn fields(mut self, fields: &'p [(&'p str, &'p str)]) -> Self {
        self.fields = fields;
        self
    }

    /// Further conditions. Those on the bucket, the key and the signature are there without it.
    #[must_use]
    pub const fn conditions(mut self, conditions: &'p [Condition<'p>]) -> Self {
        self.conditions = conditions;
        self
    }

    /// The bucket.
    #[must_use]
    pub const fn bucket(&self) -> &'p str {
        self.bucket
    }

    /// The key, `${filename}` as it is.
    #[must_use]
    pub const fn key(&self) -> &'p str {
        self.key
    }

    /// Signs it: `now`, for that long from then on.
    ///
    /// The endpoint must be the bucket's, and the signer's key that of the endpoint's region and service and of
    /// the day of `now`. The form ends with the credentials if they end first: [`Expires::end`] says when.
    ///
    /// # Errors
    ///
    /// [`BadPolicy`]: what is listed there, with which S3 would refuse every upload. A field that no condition is about
    /// is not noticed here, and S3 refuses it.
    pub fn sign(
        self,
        signer: &Signer<'p>,
        endpoint: Endpoint<'p>,
        now: Time,
        expires: Expires,
    ) -> Result<Form<'p>, BadPolicy> {
        self.check()?;
        let expiration = now.saturating_add(Duration::from_secs(expires.seconds().into()));
        let mut form = Form {
            policy: self,
            endpoint,
            access_key: signer.access_key(),
            token: signer.token(),
            stamp: now.stamp(),
            expiration: expiration.stamp(),
            signature: [[0; 2]; 32],
        };
        let mut mac = signer.key().ok_or(BadPolicy::Version)?.mac().start();
        form.write_base64(&mut mac);
        form.signature = hex(mac.finish());
        let mut bytes = Count::default();
        for field in form.fields() {
            bytes.put(field.name.as_bytes());
            field.write_value(&mut bytes);
        }
        match bytes.bytes() {
            bytes if bytes > LONGEST_FORM => Err(BadPolicy::Long { bytes }),
            _ => Ok(form),
        }
    }

    fn check(&self) -> Result<(), BadPolicy> {
        if self.bucket.is_empty() {
            return Err(BadPolicy::Bucket);
        }
        if !(1..=LONGEST_KEY).contains(&self.key.len()) {
            return Err(BadPolicy::Key { bytes: self.key.len() });
        }
        let own = |name: &str| OWN.iter().any(|own| own.eq_ignore_ascii_case(name));
        if let Some(nth) = self.fields.iter().position(|(name, _)| name.is_empty() || own(name)) {
            return Err(BadPolicy::Field { nth });
        }
        for (nth, condition) in self.conditions.iter().enumerate() {
            match *condition {
                Condition::ContentLengthRange { least, most } if least > most => {
                    return Err(BadPolicy::Range { nth });
                }
                Condition::ContentLengthRange { .. } => {}
                Condition::Eq { field, .. }
                | Condition::Exact { field, .. }
                | Condition::StartsWith { field, .. } => {
                    if field.is_empty() || field.starts_with('$') {
                        return Err(BadPolicy::Condition { nth });
                    }
                }
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Policy<'_> {
    /// Without the values of fields and without conditions: a customer's encryption key may be among them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Policy").field("bucket", &self.bucket).field("key", &self.key).finish_non_exhaustive()
    }
}

/// What an upload must be like. Fields are named as in the form, without the `$` that policies write before them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Condition<'c> {
    /// The file has so many bytes: `["content-length-range", 1, 1048576]`.
    ContentLengthRange {
        /// The fewest bytes that it may have.
        least: u64,
        /// The most bytes that it may have. S3 takes 5 GB in one upload.
        most: u64,
    },
    /// A field is exactly so, as a list: `["eq", "$acl", "public-read"]`. It means what [`Exact`](Self::Exact) means.
    Eq {
        /// The name of the field.
        field: &'c str,
        /// What it must be.
        value: &'c str,
    },
    /// A field is exactly so: `{"acl": "public-read"}`.
    Exact {
        /// The name of the field.
        field: &'c str,
        /// What it must be.
        value: &'c str,
    },
    /// A field begins so: `["starts-with", "$Content-Type", "image/"]`.
    StartsWith {
        /// The name of the field.
        field: &'c str,
        /// How it must begin; anything will do where this is empty.
        prefix: &'c str,
    },
}

impl<'c> Condition<'c> {
    /// The file has from `least` to `most` bytes.
    #[must_use]
    pub const fn content_length_range(least: u64, most: u64) -> Self {
        Self::ContentLengthRange { least, most }
    }

    /// A field is exactly so.
    #[must_use]
    pub const fn exact(field: &'c str, value: &'c str) -> Self {
        Self::Exact { field, value }
    }

    /// A field begins so; anything will do where `prefix` is empty.
    #[must_use]
    pub const fn starts_with(field: &'c str, prefix: &'c str) -> Self {
        Self::StartsWith { field, prefix }
    }

    fn write(&self, to: &mut dyn Sink) {
        match *self {
            Self::ContentLengthRange { least, most } => {
                to.put(b"[\"content-length-range\", ");
                uint(least, to);
                to.put(b", ");
                uint(most, to);
                to.put(b"]");
            }
            Self::Eq { field, value } => list("eq", field, value, to),
            Self::Exact { field, value } => object(field, &[value], to),
            Self::StartsWith { field, prefix } => list("starts-with", field, prefix, to),
        }
    }
}

/// A signed policy: all that a form needs to upload.
#[derive(Clone)]
pub struct Form<'f> {
    policy: Policy<'f>,
    endpoint: Endpoint<'f>,
    access_key: &'f str,
    token: Option<Secret<'f>>,
    stamp: [u8; 16],
    expiration: [u8; 16],
    signature: [[u8; 2]; 32],
}

impl Form<'_> {
    /// The fields, in the order in which they should stand: the key, what says who signed, further fields, the
    /// policy, and its signature. The file comes after them: S3 ignores what follows it.
    pub fn fields(&self) -> impl Iterator<Item = Field<'_>> {
        let text = |name, text| Field { form: self, name, value: FieldValue::Text(text) };
        let own = [
            text("key", self.policy.key),
            text("x-amz-algorithm", ALGORITHM),
            Field { form: self, name: "x-amz-credential", value: FieldValue::Credential },
            text("x-amz-date", ascii(&self.stamp)),
        ];
        let token = self.token.map(|token| text(self.token_field(), token.reveal()));
        let given = self.policy.fields.iter().map(move |&(name, value)| text(name, value));
        let last = [
            Field { form: self, name: "policy", value: FieldValue::Policy },
            text("x-amz-signature", self.signature()),
        ];
        own.into_iter().chain(token).chain(given).chain(last)
    }

    /// Writes where the form is sent, by `POST`.
    pub fn write_url(&self, to: &mut dyn Sink) {
        self.endpoint.write_url(to);
        if self.endpoint.path().is_empty() {
            to.put(b"/");
        }
    }

    /// Writes the policy as it is before base64, a JSON document in ASCII.
    pub fn write_policy(&self, to: &mut dyn Sink) {
        let [c, e, y, z, m, n, d, a, _, h, i, j, k, s, t, _] = self.expiration;
        to.put(b"{\"expiration\": \"");
        to.put(&[c, e, y, z, b'-', m, n, b'-', d, a, b'T', h, i, b':', j, k, b':', s, t, b'Z']);
        to.put(b"\", \"conditions\": [");
        for condition in self.policy.conditions {
            condition.write(to);
            to.put(b", ");
        }
        object("bucket", &[self.policy.bucket], to);
        to.put(b", ");
        match self.policy.key.strip_suffix("${filename}") {
            Some(prefix) => list("starts-with", "key", prefix, to),
            None => object("key", &[self.policy.key], to),
        }
        to.put(b", ");
        object("x-amz-algorithm", &[ALGORITHM], to);
        to.put(b", ");
        object("x-amz-credential", &self.credential(), to);
        to.put(b", ");
        object("x-amz-date", &[ascii(&self.stamp)], to);
        if let Some(token) = self.token {
            to.put(b", ");
            object(self.token_field(), &[token.reveal()], to);
        }
        to.put(b"]}");
    }

    /// The signature in hex, 64 digits.
    #[must_use]
    pub fn signature(&self) -> &str {
        ascii(self.signature.as_flattened())
    }

    /// What is signed.
    fn write_base64(&self, to: &mut dyn Sink) {
        let mut base64 = Base64::new(to);
        self.write_policy(&mut base64);
        base64.finish();
    }

    /// `AKIDEXAMPLE/20260101/us-west-2/s3/aws4_request`, in pieces.
    fn credential(&self) -> [&str; 8] {
        let day = ascii(self.stamp.first_chunk::<8>().map_or(&[], |day| day));
        [
            self.access_key,
            "/",
            day,
            "/",
            self.endpoint.region(),
            "/",
            self.endpoint.service(),
            "/aws4_request",
        ]
    }

    /// Directory buckets have their own word for a session's token, which botocore spells so.
    fn token_field(&self) -> &'static str {
        match self.endpoint.service() {
            "s3express" => "X-Amz-S3session-Token",
            _ => "x-amz-security-token",
        }
    }
}

impl fmt::Debug for Form<'_> {
    /// Without the signature and the token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Form").field("policy", &self.policy).finish_non_exhaustive()
    }
}

/// A field of a [`Form`].
#[derive(Clone, Copy)]
pub struct Field<'f> {
    form: &'f Form<'f>,
    name: &'f str,
    value: FieldValue<'f>,
}

#[derive(Clone, Copy)]
enum FieldValue<'f> {
    Credential,
    Policy,
    Text(&'f str),
}

impl<'f> Field<'f> {
    /// The name.
    #[must_use]
    pub const fn name(&self) -> &'f str {
        self.name
    }

    /// Writes the value, in UTF-8 and as it is: neither HTML nor the head of a part is escaped.
    pub fn write_value(&self, to: &mut dyn Sink) {
        match self.value {
            FieldValue::Credential => self.form.credential().iter().for_each(|part| to.put(part.as_bytes())),
            FieldValue::Policy => self.form.write_base64(to),
            FieldValue::Text(text) => to.put(text.as_bytes()),
        }
    }
}

impl fmt::Debug for Field<'_> {
    /// Without the value, which may be a token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Field").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Why a policy is not signed: S3 would refuse what comes of it. Returned by [`Policy::sign`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum BadPolicy {
    /// The bucket has no name.
    Bucket,
    /// A condition names no field: nothing, or a name that begins with `$`, which is written by itself.
    Condition {
        /// Its place among the conditions given, counted from 0.
        nth: usize,
    },
    /// A field has no name, or that of one which the form has by itself.
    Field {
        /// Its place among the fields given, counted from 0.
        nth: usize,
    },
    /// The key has not 1 to 1,024 bytes.
    Key {
        /// What it has.
        bytes: usize,
    },
    /// The fields together are longer than the 20 KB that S3 takes before the file.
    Long {
        /// What they have, names and values alone.
        bytes: usize,
    },
    /// A range that no length is in.
    Range {
        /// Its place among the conditions given, counted from 0.
        nth: usize,
    },
    /// The signer is one of Signature Version 4a, by which no form is signed.
    Version,
}

impl fmt::Display for BadPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bucket => f.write_str("the bucket has no name"),
            Self::Condition { nth } => write!(f, "condition {nth} names no field, or writes its `$` itself"),
            Self::Field { nth } => write!(f, "field {nth} has no name, or one that the form has by itself"),
            Self::Key { bytes } => write!(f, "a key has 1 to {LONGEST_KEY} bytes, not {bytes}"),
            Self::Long { bytes } => {
                write!(f, "the form's fields have {bytes} bytes, more than the {LONGEST_FORM} that S3 takes")
            }
            Self::Range { nth } => write!(f, "condition {nth} is a range that no length is in"),
            Self::Version => f.write_str("a form is signed by version 4, and the signer is of version 4a"),
        }
    }
}

impl core::error::Error for BadPolicy {}

/// What forms are signed with.
const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// The most bytes that a key may have.
const LONGEST_KEY: usize = 1_024;

/// The most bytes that S3 reads before the file.
const LONGEST_FORM: usize = 20 * 1_024;

/// What a form has by itself.
const OWN: [&str; 9] = [
    "file",
    "key",
    "policy",
    "x-amz-algorithm",
    "x-amz-credential",
    "x-amz-date",
    "x-amz-s3session-token",
    "x-amz-security-token",
    "x-amz-signature",
];

/// Writes `{"field": "value"}`, the value from its pieces.
fn object(field: &str, value: &[&str], to: &mut dyn Sink) {
    to.put(b"{\"");
    escape(field, to);
    to.put(b"\": \"");
    for piece in value {
        escape(piece, to);
    }
    to.put(b"\"}");
}

/// Writes `["operator", "$field", "value"]`.
fn list(operator: &str, field: &str, value: &str, to: &mut dyn Sink) {
    to.put(b"[\"");
    to.put(operator.as_bytes());
    to.put(b"\", \"$");
    escape(field, to);
    to.put(b"\", \"");
    escape(value, to);
    to.put(b"\"]");
}

/// Writes a text as it stands within the quotes of a JSON string, in ASCII: as Python's `json.dumps` does, and as
/// AWS describes it for policies.
fn escape(text: &str, to: &mut dyn Sink) {
    let mut rest = text;
    loop {
        let plain = rest.find(|char| !matches!(char, ' '..='~') || matches!(char, '"' | '\\'));
        let (run, special) = plain.and_then(|at| rest.split_at_checked(at)).unwrap_or((rest, ""));
        to.put(run.as_bytes());
        let mut chars = special.chars();
        let Some(char) = chars.next() else { return };
        rest = chars.as_str();
        match char {
            '"' => to.put(b"\\\""),
            '\\' => to.put(b"\\\\"),
            '\n' => to.put(b"\\n"),
            '\r' => to.put(b"\\r"),
            '\t' => to.put(b"\\t"),
            '\u{8}' => to.put(b"\\b"),
            '\u{c}' => to.put(b"\\f"),
            // RFC 8259, 7: above U+FFFF in two halves, which are those of UTF-16.
            _ => match u32::from(char).checked_sub(0x1_0000) {
                None => unit(u32::from(char), to),
                Some(above) => {
                    unit(0xd800 | above >> 10, to);
                    unit(0xdc00 | above & 0x3ff, to);
                }
            },
        }
    }
}

/// Writes `\u00e9`.
fn unit(unit: u32, to: &mut dyn Sink) {
    let [_, _, high, low] = unit.to_be_bytes();
    to.put(b"\\u");
    to.put(hex([high, low]).as_flattened());
}

/// Stamps and digits, which are ASCII.
fn ascii(bytes: &[u8]) -> &str {
    core::str::from_utf8(bytes).unwrap_or_default()
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "tests may overflow loudly")]
mod tests;
