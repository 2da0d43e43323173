//! The texts of SigV4: canonical request, string to sign, authorization.
//!
//! All are read from the same lists as often as needed, so each is a method that writes. The same writers
//! hash a request and show it: they are generic over where they write, so that hashing is one straight run.
//! What was seen to be canonical already, when the request or the signer was made, is written in one piece; what was
//! not goes through the filters that make it so.
//!
//! Long because the texts and what they are made of read as one.
//!
//! The query of a presigned URL is written by functions that only [`Signer::presign`](super::Signer::presign)
//! names: [`Signed`] holds a pointer to them, and a program that signs in headers does not have them.

use core::cmp::Ordering;

use super::Dots;
use super::PathEncoding;
use super::Signed;
use super::small;
use crate::encode::Hex;
use crate::hash::Sha256;
use crate::request::Coding;
use crate::request::Folded;
use crate::request::Line;
use crate::request::Pair;
use crate::request::Shape;
use crate::request::Spelling;
use crate::request::Value;
use crate::request::by_header;
use crate::request::bytes;
use crate::request::write_segment;
use crate::request::write_text;
use crate::secret::Secret;
use crate::sink::Cursor;
use crate::sink::Literal;
use crate::sink::SMALL;
use crate::sink::Sink;

/// A header as it is read: the signer's own, or the request's.
#[derive(Clone, Copy)]
pub(super) enum Entry<'e> {
    Given(&'e Pair<'e>),
    Own(Own),
}

/// A header that the signer adds.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Own {
    Authorization,
    Host,
    Payload,
    RegionSet,
    Stamp,
    Token,
}

/// Behind all names: `~` is the last byte that a name may hold.
const LAST: &str = "\x7f";

/// Whether a header comes before one of the signer's own.
#[inline(always)]
fn is_before(pair: &Pair<'_>, name: &str) -> bool {
    let first = (pair.name().as_bytes().first(), name.as_bytes().first());
    match first {
        _ if !pair.form().name || pair.is_meta() => pair.cmp_name("", name.as_bytes()) == Ordering::Less,
        (Some(one), Some(other)) if one != other => one < other,
        _ => pair.name() < name,
    }
}

/// How the query of a presigned URL is written.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum As {
    /// In order, and without the signature.
    Canonical,
    /// What the signer adds, behind what was given, each behind its mark.
    Wire,
}

impl<'s> Signed<'s> {
    /// Writes the canonical request, for looking at it: what S3 shows when signatures do not match.
    pub fn canonical_request(&self, mut to: &mut dyn Sink) {
        if SMALL {
            return self.fill(small::CANONICAL, to);
        }
        let given = match self.presigned {
            None => self.canonical_start(|signed, to| signed.given_query(to), &mut to),
            Some(query) => self.canonical_start(|signed, to| query(signed, As::Canonical, *to), &mut to),
        };
        self.canonical_rest(given, &mut to);
    }

    /// Writes the canonical request as far as the host, which is a block or more. Returns the headers that are left.
    #[inline(always)]
    pub(super) fn canonical_start<S: Literal>(
        &self,
        query: impl Fn(&Self, &mut S),
        to: &mut S,
    ) -> &'s [Pair<'s>] {
        to.put(self.request.method().line().as_bytes());
        self.canonical_path(to);
        to.literal(b"\n");
        query(self, to);
        let mut given = self.request.headers();
        if self.has(Own::Host) {
            given = self.lines(given, "host", to);
            to.literal(b"\nhost:");
            self.own_value(Own::Host, to);
        }
        given
    }

    /// Writes what is behind the host.
    #[inline(always)]
    pub(super) fn canonical_rest<S: Literal>(&self, given: &'s [Pair<'s>], to: &mut S) {
        let mut given = given;
        if self.has(Own::Payload) {
            given = self.lines(given, "x-amz-content-sha256", to);
            to.literal(b"\nx-amz-content-sha256:");
            self.own_value(Own::Payload, to);
        }
        if self.has(Own::Stamp) {
            given = self.lines(given, "x-amz-date", to);
            to.literal(b"\nx-amz-date:");
            to.literal(&self.stamp);
        }
        if self.has(Own::RegionSet) {
            given = self.lines(given, "x-amz-region-set", to);
            to.literal(b"\nx-amz-region-set:");
            self.own_value(Own::RegionSet, to);
        }
        if self.has(Own::Token) {
            let name = self.own_name(Own::Token);
            given = self.lines(given, name, to);
            to.literal(b"\n");
            to.put(name.as_bytes());
            to.literal(b":");
            self.own_value(Own::Token, to);
        }
        self.lines(given, LAST, to);
        to.literal(b"\n\n");
        self.signed_headers(|to| to.literal(b";"), write_name, to);
        to.literal(b"\n");
        self.own_value(Own::Payload, to);
    }

    /// Writes the string to sign. An anonymous request has none, and nothing is written.
    pub fn string_to_sign(&self, mut to: &mut dyn Sink) {
        let Some(signer) = self.signer else { return };
        if SMALL {
            self.fill(small::STRING_HEAD, to);
        } else {
            self.string_head(&mut to);
        }
        let mut hash = Sha256::with(signer.proof.engine());
        self.canonical_request(&mut hash);
        Hex::new(to).put(&hash.finish());
    }

    /// Writes what the string to sign has in front of the hash.
    #[inline(always)]
    pub(crate) fn string_head<S: Literal>(&self, to: &mut S) {
        self.by_version(b"AWS4-HMAC-SHA256\n", b"AWS4-ECDSA-P256-SHA256\n", to);
        to.literal(&self.stamp);
        to.literal(b"\n");
        self.scope(|to| to.literal(b"/"), to);
        to.literal(b"\n");
    }

    /// Writes the value of the `Authorization` header.
    pub fn authorization(&self, mut to: &mut dyn Sink) {
        if SMALL {
            return self.fill(small::AUTHORIZATION, to);
        }
        self.write_authorization(&mut to);
    }

    #[inline(always)]
    fn write_authorization<S: Literal>(&self, to: &mut S) {
        self.by_version(b"AWS4-HMAC-SHA256 Credential=", b"AWS4-ECDSA-P256-SHA256 Credential=", to);
        self.credential(|to| to.literal(b"/"), to);
        to.literal(b", SignedHeaders=");
        self.signed_headers(|to| to.literal(b";"), write_name, to);
        to.literal(b", Signature=");
        to.put(self.signature.as_bytes());
    }

    /// Whether a header of the signer's own is signed.
    #[inline(always)]
    pub(super) fn has(&self, own: Own) -> bool {
        let [host, payload, stamp, token] = self.own;
        match own {
            Own::Authorization => false,
            Own::Host => host,
            Own::Payload => payload,
            Own::Stamp => stamp,
            Own::RegionSet => stamp && self.region_set().is_some(),
            Own::Token => token,
        }
    }

    /// The name of a header that the signer adds.
    #[inline(always)]
    pub(super) fn own_name(&self, own: Own) -> &'static str {
        match own {
            Own::Authorization => "authorization",
            Own::Host => "host",
            Own::Payload => "x-amz-content-sha256",
            Own::RegionSet => "x-amz-region-set",
            Own::Stamp => "x-amz-date",
            Own::Token => self.rules().token.header(),
        }
    }

    /// The value of a header that the signer adds, as it was given to it.
    #[inline(always)]
    pub(super) fn own_bytes(&self, own: Own) -> &[u8] {
        match own {
            Own::Authorization => &[],
            Own::Host => self.endpoint.authority().as_bytes(),
            Own::Payload => self.payload_text(),
            Own::RegionSet => self.region_set().unwrap_or_default().as_bytes(),
            Own::Stamp => &self.stamp,
            Own::Token => {
                let token = self.signer.and_then(|signer| signer.token);
                token.map(Secret::reveal).unwrap_or_default().as_bytes()
            }
        }
    }

    /// Writes the value of a header as it is signed: a server reads it without the blanks that it may have been
    /// sent with.
    #[inline(always)]
    fn own_value<S: Literal>(&self, own: Own, to: &mut S) {
        if self.clean {
            to.put(self.own_bytes(own));
        } else {
            to.slow(|to| Folded::new(to).put(self.own_bytes(own)));
        }
    }

    /// Writes the value of a header that the signer adds as it goes out, without what no header may hold: credentials
    /// and a host are texts from elsewhere, and none of them may begin a line of its own.
    pub(super) fn own_header(&self, own: Own, to: &mut dyn Sink) {
        if SMALL && own == Own::Authorization {
            // its parts are written so already
            return self.fill(small::AUTHORIZATION, to);
        }
        let mut line = Line(to);
        let to: &mut dyn Sink = if !SMALL && self.clean { &mut *line.0 } else { &mut line };
        match own {
            Own::Authorization => self.authorization(to),
            own if SMALL => to.put(self.own_bytes_small(own)),
            own => to.put(self.own_bytes(own)),
        }
    }

    /// Writes the path as it goes on the wire.
    pub(crate) fn wire_path(&self, mut to: &mut dyn Sink) {
        // S3 reads the path it gets and encodes it once; the others encode the path as they get it.
        let spelling = match self.signer.map(|signer| signer.rules.encoding) {
            Some(PathEncoding::Twice) => Spelling::Url,
            Some(PathEncoding::Once) | None => Spelling::Once,
        };
        self.whole_path(spelling, &mut to);
    }

    /// The segments of the whole path: the endpoint's, then the request's.
    fn segments(&self) -> Segments<'s> {
        let path = (self.request.coding(), self.request.path().as_bytes());
        match self.endpoint.path().as_bytes().split_first() {
            None => Segments { now: Some(path), later: None },
            // A bucket's own path is the endpoint's where the bucket stands in it: `/bucket`, not `/bucket/`.
            Some((_, endpoint)) => Segments {
                now: Some((Coding::Percent, endpoint)),
                later: Some(path).filter(|(_, path)| !path.is_empty()),
            },
        }
    }

    /// Writes the whole path, its dots and empty segments as they are.
    #[inline(always)]
    fn whole_path<S: Literal>(&self, spelling: Spelling, to: &mut S) {
        if !SMALL && self.shape >= Shape::Plain {
            let path = self.request.path();
            let before = self.endpoint.path();
            if !before.is_empty() {
                to.put(before.as_bytes());
            }
            if !path.is_empty() || before.is_empty() {
                to.literal(b"/");
                to.put(path.as_bytes());
            }
        } else {
            to.slow(|to| self.spelled_path(spelling, Dots::Kept, to));
        }
    }

    #[inline(always)]
    pub(super) fn canonical_path<S: Literal>(&self, to: &mut S) {
        let rules = self.rules();
        let spelling = match rules.encoding {
            PathEncoding::Once => Spelling::Once,
            PathEncoding::Twice => Spelling::Twice,
        };
        if !SMALL && (rules.dots == Dots::Kept || self.shape == Shape::Tidy) {
            self.whole_path(spelling, to);
        } else {
            to.slow(|to| self.spelled_path(spelling, rules.dots, to));
        }
    }

    /// Writes the path segment by segment; where dots are resolved, without those that are empty, `.` or `..`, and
    /// without what `..` undoes.
    ///
    /// A segment stays if no later `..` takes it away, which is found out for so many segments at a time as there
    /// are bits for. Only a longer path, of which no server wants to hear, takes more walks than one.
    fn spelled_path(&self, spelling: Spelling, dots: Dots, to: &mut dyn Sink) {
        let mut rest = self.segments();
        let (mut some, mut directory) = (false, true);
        while rest.now.is_some() {
            let stays = match dots {
                Dots::Kept => [u32::MAX; STRETCH / 32],
                Dots::Resolved => staying(rest, spelling),
            };
            for at in 0..STRETCH {
                let Some((coding, segment)) = rest.next() else { break };
                directory = kind(coding, segment, spelling) != Kind::Name;
                if is_set(&stays, at) {
                    to.put(b"/");
                    write_segment(coding, spelling, segment, to);
                    some = true;
                }
            }
        }
        // What ends in a directory keeps its slash, as in RFC 3986, 5.2.4.
        if dots == Dots::Resolved && (!some || directory) {
            to.put(b"/");
        }
    }

    /// Writes the query of the request as it is signed.
    #[inline(always)]
    pub(super) fn given_query<S: Literal>(&self, to: &mut S) {
        let mut mark: &[u8] = b"";
        for pair in self.request.query() {
            to.put(mark);
            mark = b"&";
            self.request.write_canonical_pair(pair, to);
        }
    }

    /// Writes the query as it goes on the wire, with its question mark; nothing where there is none.
    pub(crate) fn wire_query(&self, to: &mut dyn Sink) {
        match self.presigned {
            None => self.wire_pairs(self.request.query().iter(), to),
            Some(query) => query(self, As::Wire, to),
        }
    }

    fn wire_pairs<'p>(&self, pairs: impl Iterator<Item = &'p Pair<'p>>, to: &mut dyn Sink) {
        let mut mark: &[u8] = b"?";
        for pair in pairs {
            to.put(mark);
            mark = b"&";
            self.request.write_wire_pair(pair, to);
        }
    }

    /// Writes the headers that come before one of the signer's own, each behind the end of the line before, and
    /// returns those that do not.
    #[inline(always)]
    fn lines<S: Literal>(&self, given: &'s [Pair<'s>], own: &str, to: &mut S) -> &'s [Pair<'s>] {
        let (mut rest, mut before) = (given, None);
        while let Some((pair, behind)) = rest.split_first()
            && is_before(pair, own)
        {
            // A name that repeats is one line with all its values.
            if self.repeats(before.replace(pair), pair) {
                to.literal(b",");
            } else {
                to.literal(b"\n");
                write_name(pair, to);
                to.literal(b":");
            }
            match pair.value() {
                Value::Text(text) | Value::Meta(text) if pair.form().value => to.put(text.as_bytes()),
                _ if pair.form().value => to.slow(|to| pair.write_value(to)),
                _ => to.slow(|to| pair.write_folded(to)),
            }
            rest = behind;
        }
        rest
    }

    /// Writes the names of the signed headers, each of the request's by `write`, with a mark between them.
    #[inline(always)]
    pub(super) fn signed_headers<S: Literal>(
        &self,
        mark: impl Fn(&mut S),
        write: impl Fn(&Pair<'_>, &mut S),
        to: &mut S,
    ) {
        let (mut given, mut mark) = (self.request.headers(), Mark { first: true, mark });
        if self.has(Own::Host) {
            given = self.names(given, "host", &mut mark, &write, to);
            mark.put(to);
            to.literal(b"host");
        }
        if self.has(Own::Payload) {
            given = self.names(given, "x-amz-content-sha256", &mut mark, &write, to);
            mark.put(to);
            to.literal(b"x-amz-content-sha256");
        }
        if self.has(Own::Stamp) {
            given = self.names(given, "x-amz-date", &mut mark, &write, to);
            mark.put(to);
            to.literal(b"x-amz-date");
        }
        if self.has(Own::RegionSet) {
            given = self.names(given, "x-amz-region-set", &mut mark, &write, to);
            mark.put(to);
            to.literal(b"x-amz-region-set");
        }
        if self.has(Own::Token) {
            let name = self.own_name(Own::Token);
            given = self.names(given, name, &mut mark, &write, to);
            mark.put(to);
            to.put(name.as_bytes());
        }
        self.names(given, LAST, &mut mark, &write, to);
    }

    #[inline(always)]
    fn names<S: Literal>(
        &self,
        given: &'s [Pair<'s>],
        own: &str,
        mark: &mut Mark<impl Fn(&mut S)>,
        write: &impl Fn(&Pair<'_>, &mut S),
        to: &mut S,
    ) -> &'s [Pair<'s>] {
        let (mut rest, mut before) = (given, None);
        while let Some((pair, behind)) = rest.split_first()
            && is_before(pair, own)
        {
            if !self.repeats(before.replace(pair), pair) {
                mark.put(to);
                write(pair, to);
            }
            rest = behind;
        }
        rest
    }

    /// Whether a header has the name of the one before.
    #[inline(always)]
    pub(super) fn repeats(&self, before: Option<&Pair<'_>>, pair: &Pair<'_>) -> bool {
        self.request.repeats() && before.is_some_and(|before| by_header(before, pair) == Ordering::Equal)
    }

    /// Writes who signs, with a slash between the parts.
    #[inline(always)]
    pub(super) fn credential<S: Literal>(&self, slash: impl Fn(&mut S), to: &mut S) {
        to.put(self.signer.map(|signer| signer.access_key).unwrap_or_default().as_bytes());
        slash(to);
        self.scope(slash, to);
    }

    /// Writes what the key is for, with a slash between the parts.
    #[inline(always)]
    pub(crate) fn scope<S: Literal>(&self, slash: impl Fn(&mut S), to: &mut S) {
        let [a, b, c, d, e, f, g, h, ..] = self.stamp;
        to.literal(&[a, b, c, d, e, f, g, h]);
        slash(to);
        let regionless = self.region_set().is_some();
        for (part, left_out) in [(self.endpoint.region(), regionless), (self.endpoint.service(), false)] {
            if left_out {
                continue;
            }
            if self.clean {
                to.put(part.as_bytes());
            } else {
                to.slow(|to| Line(to).put(part.as_bytes()));
            }
            slash(to);
        }
        to.literal(b"aws4_request");
    }
}

/// What stands between names.
struct Mark<M> {
    first: bool,
    mark: M,
}

impl<M> Mark<M> {
    #[inline(always)]
    fn put<S>(&mut self, to: &mut S)
    where
        M: Fn(&mut S),
    {
        if !core::mem::take(&mut self.first) {
            (self.mark)(to);
        }
    }
}

/// Writes the name of a header in lower case.
#[inline(always)]
fn write_name<S: Literal>(pair: &Pair<'_>, to: &mut S) {
    if pair.form().name && !pair.is_meta() {
        to.put(pair.name().as_bytes());
    } else {
        to.slow(|to| pair.write_name(to));
    }
}

/// The segments of a path that comes in one part or two.
#[derive(Clone, Copy)]
struct Segments<'p> {
    now: Option<(Coding, &'p [u8])>,
    later: Option<(Coding, &'p [u8])>,
}

impl<'p> Iterator for Segments<'p> {
    type Item = (Coding, &'p [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (coding, rest) = self.now?;
        let slash = rest.iter().position(|byte| *byte == b'/').unwrap_or(rest.len());
        let (segment, rest) = rest.split_at_checked(slash).unwrap_or((rest, &[]));
        self.now = match rest.split_first() {
            Some((_, rest)) => Some((coding, rest)),
            None => self.later.take(),
        };
        Some((coding, segment))
    }
}

/// What a segment says.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Kind {
    /// Nothing: it is empty, or `.`.
    Here,
    Name,
    /// `..`
    Up,
}

fn kind(coding: Coding, segment: &[u8], spelling: Spelling) -> Kind {
    // Encoded once, a `%2E` of a URL goes out as a dot.
    let sent = if spelling == Spelling::Once { coding } else { Coding::Plain };
    if SMALL {
        let mut room = [0; 2];
        let mut start = Cursor::new(&mut room);
        write_text(sent, segment, &mut start);
        return match start.finish() {
            Ok([] | [b'.']) => Kind::Here,
            Ok([b'.', b'.']) => Kind::Up,
            _ => Kind::Name,
        };
    }
    let mut dots = 0_u8;
    for byte in bytes(sent, segment) {
        dots = dots.wrapping_add(1);
        if byte != b'.' || dots > 2 {
            return Kind::Name;
        }
    }
    if dots == 2 { Kind::Up } else { Kind::Here }
}

/// For how many segments of a path it is kept at a time whether they stay.
const STRETCH: usize = if SMALL { 32 } else { 1024 };

/// Which of the first segments no `..` takes away, a bit for each.
fn staying(segments: Segments<'_>, spelling: Spelling) -> [u32; STRETCH / 32] {
    let mut stays = [0_u32; STRETCH / 32];
    // how many names stay behind those that there are bits for
    let mut behind = 0_usize;
    for (at, (coding, segment)) in segments.enumerate() {
        match kind(coding, segment, spelling) {
            Kind::Here => {}
            Kind::Name => match stays.get_mut(at / 32) {
                Some(bits) => *bits |= 1 << (at % 32),
                None => behind = behind.wrapping_add(1),
            },
            Kind::Up if behind > 0 => behind = behind.wrapping_sub(1),
            Kind::Up => {
                // the last one
                if let Some(bits) = stays.iter_mut().rfind(|bits| **bits != 0) {
                    *bits &= !(1 << (31 ^ bits.leading_zeros()));
                }
            }
        }
    }
    stays
}

fn is_set(stays: &[u32; STRETCH / 32], at: usize) -> bool {
    stays.get(at / 32).is_some_and(|bits| bits & (1 << (at % 32)) != 0)
}
