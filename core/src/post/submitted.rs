//! The other side: whether a form that came in is what its policy allows, and the policy what was signed.
//!
//! [`Submitted`] is a form as it arrived. The server asks it who signed ([`Submitted::scope`]), finds that key,
//! and lets it [`check`](Submitted::check): the signature first, then the end of the policy, each of its conditions,
//! and that there is no field which no condition is about. Whatever is not understood is refused. Taking
//! `multipart/form-data` apart is not done here, nor is a session token looked up: the policy holds it to be what
//! was signed, and whose it is only the server knows.

use core::fmt;

use super::ALGORITHM;
use crate::encode::base64_decode;
use crate::encode::hex_decode;
use crate::hash::same;
use crate::json::Kind;
use crate::json::Value;
use crate::sigv4::SigningKey;
use crate::sink::Cursor;
use crate::sink::Full;
use crate::sink::Sink as _;
use crate::text::Text;
use crate::time::Time;

/// A form as it came in.
///
/// ```
/// use tucuxi_core::post::{BadForm, Submitted};
/// use tucuxi_core::sigv4::{Credentials, SigningKey};
/// use tucuxi_core::time::Time;
///
/// // AWS's example: {"expiration": "2015-12-30T12:00:00Z", …}, shortened and without a valid signature.
/// let fields = [
///     ("key", "user/user1/a.png"),
///     ("x-amz-algorithm", "AWS4-HMAC-SHA256"),
///     ("x-amz-credential", "AKIDEXAMPLE/20151229/us-east-1/s3/aws4_request"),
///     ("x-amz-date", "20151229T000000Z"),
///     ("policy", "eyJleHBpcmF0aW9uIjogIjIwMTUtMTItMzBUMTI6MDA6MDBaIn0="),
///     ("x-amz-signature", "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e"),
/// ];
/// let form = Submitted::new("bucket", &fields, 1_000);
/// let scope = form.scope().unwrap();
/// assert_eq!(scope.access_key(), "AKIDEXAMPLE");
///
/// // What the server knows of that key, for its own region and service.
/// let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
/// let key = SigningKey::derive(&credentials, scope.time(), "us-east-1", "s3");
/// let now = Time::parse_stamp(b"20151229T000000Z").unwrap();
/// assert_eq!(form.check(&key, now, &mut [0; 2_048]), Err(BadForm::Signature));
/// ```
#[derive(Clone, Copy)]
pub struct Submitted<'s> {
    bucket: &'s str,
    fields: &'s [(&'s str, &'s str)],
    length: u64,
}

impl<'s> Submitted<'s> {
    /// A form that was sent to that bucket, with its fields before the file, and the length of the file in bytes.
    ///
    /// In the key and wherever else it stands, `${filename}` is to be replaced by the file's name before: that
    /// is how S3 compares.
    #[must_use]
    pub const fn new(bucket: &'s str, fields: &'s [(&'s str, &'s str)], length: u64) -> Self {
        Self { bucket, fields, length }
    }

    /// Who signed, by their own word, and for what.
    ///
    /// # Errors
    ///
    /// [`BadForm::Missing`] and [`BadForm::Malformed`] where the form does not say so.
    pub fn scope(&self) -> Result<Scope<'s>, BadForm> {
        if self.needed("x-amz-algorithm")? != ALGORITHM {
            return Err(BadForm::Malformed { field: "x-amz-algorithm" });
        }
        let malformed = BadForm::Malformed { field: "x-amz-credential" };
        // An access key may have slashes in it; what follows has none.
        let mut parts = self.needed("x-amz-credential")?.rsplitn(5, '/');
        let mut part = || parts.next().ok_or(malformed);
        let (end, service, region, day, access_key) = (part()?, part()?, part()?, part()?, part()?);
        if end != "aws4_request" || access_key.is_empty() {
            return Err(malformed);
        }
        let time = Time::parse_stamp(self.needed("x-amz-date")?.as_bytes());
        let time = time.map_err(|_| BadForm::Malformed { field: "x-amz-date" })?;
        if day.as_bytes() != time.day() {
            return Err(malformed);
        }
        Ok(Scope { access_key, time, region, service })
    }

    /// Whether it may be taken: the key signed the policy, and the policy allows it `now`.
    ///
    /// `key` is that of [`scope`](Self::scope)'s access key and day, for the region and the service that the server
    /// is. `room` takes the policy's text; three quarters of the length of the field are enough.
    ///
    /// # Errors
    ///
    /// [`BadForm`], with the first thing that is wrong. Only [`BadForm::Room`] is not the sender's fault.
    pub fn check(&self, key: &SigningKey, now: Time, room: &mut [u8]) -> Result<(), BadForm> {
        for (nth, (name, _)) in self.fields.iter().enumerate() {
            let before = self.fields.iter().take(nth);
            if before.into_iter().any(|(other, _)| other.eq_ignore_ascii_case(name)) {
                return Err(BadForm::Repeated { nth });
            }
        }
        let Scope { access_key, time, region, service } = self.scope()?;
        if !key.is_for(access_key, time, region, service) {
            return Err(BadForm::Scope);
        }
        self.needed("key")?;
        let policy = self.needed("policy")?.as_bytes();
        let mut signature = [0; 32];
        let mut digits = Cursor::new(&mut signature);
        let read = hex_decode(self.needed("x-amz-signature")?.as_bytes(), &mut digits).is_ok();
        if !read || digits.bytes() != 32 {
            return Err(BadForm::Malformed { field: "x-amz-signature" });
        }
        let mut mac = key.mac().start();
        mac.put(policy);
        if !same(&mac.finish(), &signature) {
            return Err(BadForm::Signature);
        }
        let mut text = Cursor::new(room);
        let malformed = BadForm::Malformed { field: "policy" };
        base64_decode(policy, &mut text).map_err(|_| malformed)?;
        let text = text.finish().map_err(|Full { needed }| BadForm::Room { needed })?;
        let policy = Value::parse(text).map_err(|_| malformed)?;
        let end = policy.get("expiration").and_then(Value::text).and_then(Text::plain).ok_or(malformed)?;
        let end = Time::parse_date_time(end.as_bytes()).map_err(|_| malformed)?;
        if end <= now {
            return Err(BadForm::Expired { at: end });
        }
        let conditions = policy.get("conditions").filter(|list| list.kind() == Kind::Array);
        let conditions = conditions.ok_or(malformed)?;
        let rules = || conditions.items().flat_map(Rule::of);
        for (nth, condition) in conditions.items().enumerate() {
            for rule in Rule::of(condition) {
                if !self.keeps(rule.ok_or(malformed)?) {
                    return Err(BadForm::Condition { nth });
                }
            }
        }
        let about = |name: &str| rules().flatten().any(|rule| rule.is_about(name));
        if !about("bucket") {
            return Err(BadForm::Bucket);
        }
        for (nth, &(name, value)) in self.fields.iter().enumerate() {
            if name.eq_ignore_ascii_case("bucket") && value != self.bucket {
                return Err(BadForm::Bucket);
            }
            if !free(name) && !about(name) {
                return Err(BadForm::Field { nth });
            }
        }
        Ok(())
    }

    fn keeps(&self, rule: Rule<'_>) -> bool {
        match rule {
            Rule::Exact { field, value } => self.value(field).is_some_and(|is| value == *is),
            Rule::Length { least, most } => (least..=most).contains(&self.length),
            Rule::Prefix { field, prefix } => {
                let value = self.value(field).unwrap_or_default();
                let begins = |text: &str| {
                    let mut chars = text.chars();
                    prefix.chars().all(|char| chars.next() == Some(char))
                };
                // A list of types is as good as the worst of them.
                let list = named(field, "content-type");
                if list { value.split(',').map(str::trim_ascii).all(begins) } else { begins(value) }
            }
        }
    }

    /// The value of the field that a condition names.
    fn value(&self, field: Text<'_>) -> Option<&'s str> {
        if named(field, "bucket") {
            return Some(self.bucket);
        }
        self.fields.iter().find(|(name, _)| named(field, name)).map(|(_, value)| *value)
    }

    fn needed(&self, field: &'static str) -> Result<&'s str, BadForm> {
        let found = self.fields.iter().find(|(name, _)| name.eq_ignore_ascii_case(field));
        found.map(|(_, value)| *value).ok_or(BadForm::Missing { field })
    }
}

impl fmt::Debug for Submitted<'_> {
    /// Without the fields, which hold a signature and a token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { bucket, length, .. } = self;
        f.debug_struct("Submitted").field("bucket", bucket).field("length", length).finish_non_exhaustive()
    }
}

/// Who signed a form, by their own word, and for when and where.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Scope<'s> {
    access_key: &'s str,
    time: Time,
    region: &'s str,
    service: &'s str,
}

impl<'s> Scope<'s> {
    /// The access key ID.
    #[must_use]
    pub const fn access_key(&self) -> &'s str {
        self.access_key
    }

    /// When it was signed.
    #[must_use]
    pub const fn time(&self) -> Time {
        self.time
    }

    /// The region that it was signed for.
    #[must_use]
    pub const fn region(&self) -> &'s str {
        self.region
    }

    /// The service that it was signed for: `s3`, as a rule.
    #[must_use]
    pub const fn service(&self) -> &'s str {
        self.service
    }
}

/// Why a form is not taken. Returned by [`Submitted::scope`] and [`Submitted::check`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum BadForm {
    /// No condition is about the bucket, or a field names another.
    Bucket,
    /// A condition of the policy is not kept.
    Condition {
        /// Its place in the policy, counted from 0.
        nth: usize,
    },
    /// The policy is over.
    Expired {
        /// When it ended.
        at: Time,
    },
    /// No condition of the policy is about this field.
    Field {
        /// Its place among the fields, counted from 0.
        nth: usize,
    },
    /// A field is not what it has to be: another algorithm, a date that is none or not the credential's, a
    /// policy in which something is not understood.
    Malformed {
        /// Its name.
        field: &'static str,
    },
    /// A field that every signed form has is not there.
    Missing {
        /// Its name.
        field: &'static str,
    },
    /// A field is there twice.
    Repeated {
        /// The place of the second among the fields, counted from 0.
        nth: usize,
    },
    /// The policy's text needs more room.
    Room {
        /// The size in bytes that would do.
        needed: usize,
    },
    /// It was signed for another region or service, or by another key, than the one it is checked with.
    Scope,
    /// The signature is not that of the policy.
    Signature,
}

impl fmt::Display for BadForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bucket => f.write_str("the policy is not about this bucket"),
            Self::Condition { nth } => write!(f, "condition {nth} of the policy is not kept"),
            Self::Expired { at } => write!(f, "the policy expired at {at}"),
            Self::Field { nth } => write!(f, "no condition of the policy is about field {nth}"),
            Self::Malformed { field } => write!(f, "the field {field} is malformed"),
            Self::Missing { field } => write!(f, "the field {field} is missing"),
            Self::Repeated { nth } => write!(f, "field {nth} is there a second time"),
            Self::Room { needed } => write!(f, "{needed} bytes of room are needed for the policy"),
            Self::Scope => f.write_str("it was signed for another region, service or key"),
            Self::Signature => f.write_str("the signature does not match"),
        }
    }
}

impl core::error::Error for BadForm {}

/// What a condition asks for.
#[derive(Clone, Copy)]
enum Rule<'v> {
    Exact { field: Text<'v>, value: Text<'v> },
    Length { least: u64, most: u64 },
    Prefix { field: Text<'v>, prefix: Text<'v> },
}

impl<'v> Rule<'v> {
    /// The rules of a condition, one for each member of an object and one of a list; none for what is no rule.
    fn of(condition: Value<'v>) -> impl Iterator<Item = Option<Self>> {
        let listed = (condition.kind() != Kind::Object).then(|| Self::listed(condition));
        let exact = |(field, value): (Text<'v>, Value<'v>)| Some(Self::Exact { field, value: value.text()? });
        condition.entries().map(exact).chain(listed)
    }

    fn listed(condition: Value<'v>) -> Option<Self> {
        let mut items = condition.items();
        let (operator, one, other) = (items.next()?.text()?, items.next()?, items.next()?);
        if items.next().is_some() {
            return None;
        }
        if operator == *"content-length-range" {
            let (least, most) = (one.number()?.parse().ok()?, other.number()?.parse().ok()?);
            return Some(Self::Length { least, most });
        }
        let (mark, field) = one.text()?.split_once('$')?;
        let other = other.text()?;
        match () {
            () if !mark.is_empty() => None,
            () if operator == *"eq" => Some(Self::Exact { field, value: other }),
            () if operator == *"starts-with" => Some(Self::Prefix { field, prefix: other }),
            () => None,
        }
    }

    fn is_about(self, name: &str) -> bool {
        match self {
            Self::Exact { field, .. } | Self::Prefix { field, .. } => named(field, name),
            Self::Length { .. } => false,
        }
    }
}

/// Whether a condition's field has that name; they are headers' names, and case says nothing.
fn named(field: Text<'_>, name: &str) -> bool {
    let lower = |char: char| char.to_ascii_lowercase();
    field.chars().map(lower).eq(name.chars().map(lower))
}

/// Whether a field may be there without a condition.
fn free(name: &str) -> bool {
    let ignored =
        name.split_at_checked(IGNORED.len()).is_some_and(|(begin, _)| begin.eq_ignore_ascii_case(IGNORED));
    ignored || ["file", "policy", "x-amz-signature"].iter().any(|free| free.eq_ignore_ascii_case(name))
}

/// Fields that begin so are for the page alone.
const IGNORED: &str = "x-ignore-";
