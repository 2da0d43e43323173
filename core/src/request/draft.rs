//! A request in the making.

use core::cmp::Ordering;

use super::Body;
use super::Coding;
use super::Invalid;
use super::Method;
use super::Pair;
use super::Request;
use super::Shape;
use super::Value;
use super::order;
use super::value::Form;
use crate::http::is_token;
use crate::sink::Recite;
use crate::sink::SMALL;

/// Collects what an operation has to say, in room lent for its pairs.
///
/// Nothing is refused on the way: [`finish`](Self::finish) reports the first thing that was wrong.
///
/// ```
/// use tucuxi_core::request::{Draft, Method, Pair, Value};
///
/// let mut room = [Pair::EMPTY; 4];
/// let mut draft = Draft::new(Method::Get, &mut room);
/// draft.bucket("Bucket", "logs");
/// draft.query("prefix", Value::Text("2026/"));
/// draft.query("max-keys", Value::Int(10));
/// draft.header("x-amz-request-payer", Value::Text("requester"));
/// let request = draft.finish().unwrap();
/// assert_eq!(request.query()[0].name(), "max-keys");
/// ```
#[derive(Debug)]
pub struct Draft<'p, 'r> {
    room: &'p mut [Pair<'r>],
    /// Pairs given so far, those that did not fit included.
    given: usize,
    queries: usize,
    method: Method,
    bucket: &'r str,
    path: &'r str,
    coding: Coding,
    body: Body<'r>,
    /// Whether the pairs of the operation's table come in order.
    ordered: bool,
    /// What the body's length was said to be, and by which member.
    length: Option<(&'r str, i64)>,
    /// Whether pairs came that no table knows.
    dynamic: bool,
    wrong: Option<Invalid<'r>>,
}

impl<'p, 'r> Draft<'p, 'r> {
    /// Begins a request whose pairs go into `room`.
    pub const fn new(method: Method, room: &'p mut [Pair<'r>]) -> Self {
        Self {
            room,
            given: 0,
            queries: 0,
            method,
            bucket: "",
            path: "",
            coding: Coding::Plain,
            body: Body::Empty,
            ordered: false,
            length: None,
            dynamic: false,
            wrong: None,
        }
    }

    /// Names the bucket; `name` is the member's, for the error where it is empty.
    pub const fn bucket(&mut self, name: &'r str, bucket: &'r str) {
        if bucket.is_empty() {
            self.wrong(Invalid::Empty { name });
        }
        self.bucket = bucket;
    }

    /// Sets the path behind the bucket, an S3 key; `name` is the member's, for the error where it is empty.
    pub const fn key(&mut self, name: &'r str, key: &'r str) {
        if key.is_empty() {
            self.wrong(Invalid::Empty { name });
        }
        self.path = key;
    }

    /// Sets the path, without its leading slash, as a URL has it.
    pub(super) const fn path(&mut self, path: &'r str, coding: Coding) {
        self.path = path;
        self.coding = coding;
    }

    /// Sets the method.
    pub(super) const fn method(&mut self, method: Method) {
        self.method = method;
    }

    /// Adds a query parameter.
    #[inline(always)]
    pub fn query(&mut self, name: &'r str, value: Value<'r>) {
        self.dynamic = true;
        self.table_query(name, value);
    }

    /// Adds a header.
    #[inline(always)]
    pub fn header(&mut self, name: &'r str, value: Value<'r>) {
        self.checked_header(Pair::new(name, value));
    }

    fn checked_header(&mut self, pair: Pair<'r>) {
        let name = pair.name();
        let meta = !pair.prefix().is_empty();
        if !name.bytes().all(is_token) || (name.is_empty() && !meta) {
            self.wrong(Invalid::Name { name });
        }
        if pair.is_among(SET_BY_SIGNING) {
            self.wrong(Invalid::Reserved { name });
        }
        self.dynamic = true;
        self.push_header(if pair.is_among(NEVER_SIGNED) { pair.unsigned() } else { pair });
    }

    /// Adds a query parameter of an operation's table.
    #[inline(always)]
    pub(crate) fn table_query(&mut self, name: &'r str, value: Value<'r>) {
        self.push_query(Pair::new(name, value));
    }

    fn push_query(&mut self, pair: Pair<'r>) {
        self.push(pair.with(Form::of_query(&pair)));
        // Goes in front of the headers that were given already.
        let headers = self.room.get_mut(self.queries..self.given).unwrap_or_default();
        if let Some((last, before)) = headers.split_last_mut() {
            for header in before {
                core::mem::swap(header, last);
            }
        }
        self.queries = self.queries.saturating_add(1);
    }

    /// Adds a header of an operation's table: its name is known to be one.
    #[inline(always)]
    pub(crate) fn table_header(&mut self, name: &'r str, value: Value<'r>) {
        self.push_header(Pair::new(name, value));
    }

    fn push_header(&mut self, pair: Pair<'r>) {
        let form = Form::of_header(&pair);
        if !form.visible {
            self.wrong(Invalid::Value { name: pair.name() });
        }
        self.push(pair.with(form));
    }

    /// Adds the header that names the object to copy.
    pub(crate) fn copy_source(
        &mut self,
        member: &'r str,
        name: &'r str,
        empty: bool,
        source: &'r dyn Recite,
    ) {
        if empty {
            self.wrong(Invalid::Empty { name: member });
        }
        self.table_header(name, Value::Recited(source));
    }

    /// Says how long the body is to be, for those who know it from elsewhere: anything else is refused.
    pub(crate) const fn length(&mut self, member: &'r str, bytes: i64) {
        self.length = Some((member, bytes));
    }

    /// Adds a query parameter that the operation always has.
    pub(crate) fn flag(&mut self, name: &'r str, value: Option<&'r str>) {
        self.table_query(name, value.map_or(Value::Flag, Value::Text));
    }

    /// Says that the pairs came in the order in which they are signed, as far as the table gave them.
    pub(crate) const fn is_ordered(&mut self) {
        self.ordered = !self.dynamic;
    }

    /// Whether a checksum of the body is among the headers.
    pub(crate) fn has_checksum(&self) -> bool {
        self.headers().any(|pair| {
            let name = pair.name();
            let checksum = name.get(..15).is_some_and(|start| start.eq_ignore_ascii_case("x-amz-checksum-"));
            checksum || name.eq_ignore_ascii_case("content-md5")
        })
    }

    /// The algorithm that the checksum of the body should have, where one is named.
    pub(crate) fn checksum_algorithm(&self) -> Option<&'r str> {
        let mut named = self.headers().filter(|pair| pair.name() == "x-amz-sdk-checksum-algorithm");
        named.find_map(|pair| match pair.value() {
            Value::Text(algorithm) => Some(algorithm),
            _ => None,
        })
    }

    /// Says that the body goes out in chunks of S3's, whatever its coding is.
    pub(crate) fn aws_chunked(&mut self) {
        self.ordered = false;
        const NAME: &str = "Content-Encoding";
        let headers = self.room.get_mut(self.queries..self.given).unwrap_or_default();
        for pair in headers.iter_mut().filter(|pair| pair.name().eq_ignore_ascii_case(NAME)) {
            if let Value::Text(coding) = pair.value() {
                let value = Value::AwsChunked(coding);
                let chunked = Pair::new(pair.name(), value);
                *pair = chunked.with(Form::of_header(&chunked));
                return;
            }
        }
        self.header(NAME, Value::AwsChunked(""));
    }

    fn headers(&self) -> impl Iterator<Item = &Pair<'r>> {
        self.room.get(self.queries..self.given).unwrap_or_default().iter()
    }

    /// The body as it stands.
    pub(crate) const fn written_body(&self) -> Body<'r> {
        self.body
    }

    /// Sets the body.
    pub const fn body(&mut self, body: Body<'r>) {
        self.body = body;
    }

    /// The request, with its pairs in order.
    ///
    /// # Errors
    ///
    /// What was wrong first: a [`Room`](Invalid::Room) that is too small, an
    /// [`Empty`](Invalid::Empty) bucket or key, a [`Name`](Invalid::Name) or [`Value`](Invalid::Value)
    /// that no header may have.
    pub fn finish(self) -> Result<Request<'p>, Invalid<'r>> {
        if let Some(wrong) = self.wrong {
            return Err(wrong);
        }
        if let Some((name, bytes)) = self.length
            && i64::try_from(self.body.bytes()) != Ok(bytes)
        {
            return Err(Invalid::Length { name });
        }
        let needed = Invalid::Room { needed: self.given };
        let pairs = self.room.get_mut(..self.given).ok_or(needed)?;
        let (query, headers) = pairs.split_at_mut_checked(self.queries).ok_or(needed)?;
        let mut signed = headers.len();
        if !self.ordered {
            order::sort(query, |one, other| order::by_query(self.coding, one, other));
            order::sort(headers, |one, other| {
                one.is_signed().cmp(&other.is_signed()).reverse().then_with(|| order::by_header(one, other))
            });
            signed = headers.iter().take_while(|pair| pair.is_signed()).count();
        }
        let (headers, unsigned) = headers.split_at_checked(signed).ok_or(needed)?;
        let mut names = headers.iter().zip(headers.get(1..).unwrap_or_default());
        let repeats = !SMALL && names.any(|(one, other)| order::by_header(one, other) == Ordering::Equal);
        Ok(Request {
            repeats,
            shape: Shape::of(self.path),
            method: self.method,
            bucket: self.bucket,
            path: self.path,
            coding: self.coding,
            query,
            headers,
            unsigned,
            body: self.body,
        })
    }

    fn push(&mut self, pair: Pair<'r>) {
        if !pair.holds() {
            self.wrong(Invalid::Value { name: pair.name() });
        }
        if let Some(place) = self.room.get_mut(self.given) {
            *place = pair;
        }
        self.given = self.given.saturating_add(1);
    }

    pub(crate) const fn wrong(&mut self, wrong: Invalid<'r>) {
        if self.wrong.is_none() {
            self.wrong = Some(wrong);
        }
    }
}

/// The headers that are the signer's to set.
const SET_BY_SIGNING: &str =
    "host x-amz-content-sha256 x-amz-date x-amz-region-set x-amz-s3session-token x-amz-security-token";

/// The headers that are sent and not signed: proxies and libraries change them on the way. botocore's list.
const NEVER_SIGNED: &str = "authorization baggage connection expect keep-alive proxy-authenticate \
     proxy-authorization te traceparent tracestate trailer transfer-encoding upgrade user-agent x-amzn-trace-id";

/// Whether a byte may stand in a header value here: visible ASCII, space and tab.
pub(super) const fn visible(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\t')
}
