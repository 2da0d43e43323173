//! The texts of SigV4: canonical request, string to sign, authorization.
//!
//! All are read from the same lists as often as needed, so each is a method that writes. The same writers
//! hash a request and show it: they are generic over where they write, so that hashing is one straight run.
//! What was seen to be canonical already, when the request or the signer was made, is written in one piece; what was
//! not goes through the filters that make it so.
//!
//! The query of a presigned URL is written by functions that only [`Signer::presign`](super::Signer::presign)
//! names: [`Signed`] holds a pointer to them, and a program that signs in headers does not have them.

use core::cmp::Ordering;
use core::iter::Zip;
use core::{array, slice};

use super::ALGORITHM;
use super::Dots;
use super::PathEncoding;
use super::Signed;
use super::Token;
use crate::encode::Hex;
use crate::hash::Sha256;
use crate::request::Coding;
use crate::request::Folded;
use crate::request::Line;
use crate::request::Pair;
use crate::request::Shape;
use crate::request::Spelling;
use crate::request::Value;
use crate::request::by_escaped;
use crate::request::write_segment;
use crate::secret::Secret;
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
    Stamp,
    Token,
}

impl Own {
    /// Those that are signed, in the order of their names.
    pub(super) const SIGNED: [Self; 4] = [Self::Host, Self::Payload, Self::Stamp, Self::Token];
}

/// Where a header of the signer's own stands that is not there.
const ABSENT: usize = usize::MAX;

/// How many of the request's headers come before each of the signer's own, [`ABSENT`] for those that do not come.
#[derive(Clone, Copy)]
pub(super) struct Places([usize; Own::SIGNED.len()]);

impl Places {
    /// No header is the signer's own.
    pub(super) const NONE: Self = Self([ABSENT; Own::SIGNED.len()]);

    /// Finds the places of those that are `present`.
    pub(super) fn find(signed: &Signed<'_>, present: impl Fn(Own) -> bool) -> Self {
        let (mut places, mut taken) = (Self::NONE, 0_usize);
        let mut given = signed.request.headers();
        for (own, place) in Own::SIGNED.into_iter().zip(&mut places.0) {
            if !present(own) {
                continue;
            }
            let name = signed.own_name(own);
            while let Some((pair, rest)) = given.split_first()
                && is_before(pair, name)
            {
                taken = taken.wrapping_add(1);
                given = rest;
            }
            *place = taken;
        }
        places
    }
}

/// Whether a header comes before one of the signer's own.
#[inline]
fn is_before(pair: &Pair<'_>, name: &str) -> bool {
    if pair.form().name && pair.prefix().is_empty() {
        pair.name() < name
    } else {
        pair.lower_name().lt(name.bytes())
    }
}

/// The headers that are signed, in the order of the canonical request.
pub(super) struct Entries<'s> {
    given: slice::Iter<'s, Pair<'s>>,
    taken: usize,
    own: Zip<array::IntoIter<Own, 4>, array::IntoIter<usize, 4>>,
    next: Option<(Own, usize)>,
}

impl<'s> Iterator for Entries<'s> {
    type Item = Entry<'s>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if let Some((own, place)) = self.next
            && place == self.taken
        {
            self.next = self.own.find(|(_, place)| *place != ABSENT);
            return Some(Entry::Own(own));
        }
        self.taken = self.taken.wrapping_add(1);
        self.given.next().map(Entry::Given)
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
        match self.presigned {
            None => self.canonical(Self::given_query, &mut to),
            Some(query) => self.canonical(|_, to| query(self, As::Canonical, *to), &mut to),
        }
    }

    /// Writes the canonical request.
    #[inline]
    pub(super) fn canonical<S: Sink>(&self, query: impl Fn(&Self, &mut S), to: &mut S) {
        to.put(self.request.method().as_str().as_bytes());
        to.put(b"\n");
        self.canonical_path(to);
        to.put(b"\n");
        query(self, to);
        self.canonical_headers(to);
        to.put(b"\n\n");
        self.signed_headers(b";", write_name, to);
        to.put(b"\n");
        self.own_value(Own::Payload, to);
    }

    /// Writes the string to sign.
    pub fn string_to_sign(&self, mut to: &mut dyn Sink) {
        self.string_head(&mut to);
        let mut hash = self.signer.map_or_else(Sha256::new, |signer| Sha256::with(signer.key.engine()));
        self.canonical_request(&mut hash);
        Hex::new(to).put(&hash.finish());
    }

    /// Writes what the string to sign has in front of the hash.
    #[inline]
    pub(crate) fn string_head<S: Sink>(&self, to: &mut S) {
        to.put(ALGORITHM.as_bytes());
        to.put(b"\n");
        to.put(&self.stamp);
        to.put(b"\n");
        self.scope(b"/", to);
        to.put(b"\n");
    }

    /// Writes the value of the `Authorization` header.
    pub fn authorization(&self, mut to: &mut dyn Sink) {
        self.write_authorization(&mut to);
    }

    #[inline]
    fn write_authorization<S: Sink>(&self, to: &mut S) {
        to.put(ALGORITHM.as_bytes());
        to.put(b" Credential=");
        self.credential(b"/", to);
        to.put(b", SignedHeaders=");
        self.signed_headers(b";", write_name, to);
        to.put(b", Signature=");
        to.put(self.signature.as_flattened());
    }

    /// The headers that are signed, in the order of the canonical request.
    #[inline]
    pub(super) fn entries(&self) -> Entries<'s> {
        let mut own = Own::SIGNED.into_iter().zip(self.places.0);
        let next = own.find(|(_, place)| *place != ABSENT);
        Entries { given: self.request.headers().iter(), taken: 0, own, next }
    }

    /// The name of a header that the signer adds.
    #[inline]
    pub(super) fn own_name(&self, own: Own) -> &'static str {
        match own {
            Own::Authorization => "authorization",
            Own::Host => "host",
            Own::Payload => "x-amz-content-sha256",
            Own::Stamp => "x-amz-date",
            Own::Token => match self.rules().token {
                Token::S3Session => "x-amz-s3session-token",
                Token::Added | Token::Signed => "x-amz-security-token",
            },
        }
    }

    /// The value of a header that the signer adds, as it was given to it.
    #[inline]
    fn own_bytes(&self, own: Own) -> &[u8] {
        match own {
            Own::Authorization => &[],
            Own::Host => self.endpoint.authority().as_bytes(),
            Own::Payload => self.payload.as_bytes(),
            Own::Stamp => &self.stamp,
            Own::Token => {
                let token = self.signer.and_then(|signer| signer.token);
                token.map(Secret::reveal).unwrap_or_default().as_bytes()
            }
        }
    }

    /// Writes the value of a header as it is signed: a server reads it without the blanks that it may have been
    /// sent with.
    #[inline]
    fn own_value<S: Sink>(&self, own: Own, to: &mut S) {
        if self.clean {
            to.put(self.own_bytes(own));
        } else {
            Line(&mut Folded::new(to)).put(self.own_bytes(own));
        }
    }

    /// Writes the value of a header that the signer adds as it goes out, without what no header may hold: credentials
    /// and a host are texts from elsewhere, and none of them may begin a line of its own.
    pub(super) fn own_header(&self, own: Own, to: &mut dyn Sink) {
        let mut to = Line(to);
        match own {
            Own::Authorization => self.write_authorization(&mut to),
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
    fn segments(&self) -> impl DoubleEndedIterator<Item = (Coding, &'s str)> + Clone + use<'s> {
        let endpoint = self.endpoint.path();
        let path = self.request.path();
        // A bucket's own path is the endpoint's where the bucket stands in it: `/bucket`, not `/bucket/`.
        let path = (!path.is_empty() || endpoint.is_empty()).then_some((self.request.coding(), path));
        let endpoint = endpoint.strip_prefix('/').map(|path| (Coding::Percent, path));
        let split = |(coding, path): (Coding, &'s str)| path.split(['/']).map(move |part| (coding, part));
        endpoint.into_iter().chain(path).flat_map(split)
    }

    /// Writes the whole path, its dots and empty segments as they are.
    #[inline]
    fn whole_path<S: Sink>(&self, spelling: Spelling, to: &mut S) {
        if self.shape >= Shape::Plain {
            let path = self.request.path();
            to.put(self.endpoint.path().as_bytes());
            if !path.is_empty() || self.endpoint.path().is_empty() {
                to.put(b"/");
                to.put(path.as_bytes());
            }
        } else {
            self.spelled_path(spelling, to);
        }
    }

    fn spelled_path(&self, spelling: Spelling, to: &mut dyn Sink) {
        for (coding, segment) in self.segments() {
            to.put(b"/");
            write_segment(coding, spelling, segment, to);
        }
    }

    #[inline]
    fn canonical_path<S: Sink>(&self, to: &mut S) {
        let rules = self.rules();
        let spelling = match rules.encoding {
            PathEncoding::Once => Spelling::Once,
            PathEncoding::Twice => Spelling::Twice,
        };
        if rules.dots == Dots::Kept || self.shape == Shape::Tidy {
            self.whole_path(spelling, to);
        } else {
            self.resolved_path(spelling, to);
        }
    }

    /// Writes the path without its empty segments, its `.` and its `..` with what they undo.
    ///
    /// A segment stays if no later `..` takes it away, which is found out from the end, for so many segments
    /// at a time as there are bits for. Only a longer path, of which no server wants to hear, takes more
    /// walks than one.
    fn resolved_path(&self, spelling: Spelling, to: &mut dyn Sink) {
        let mut rest = self.segments().map(|(coding, segment)| {
            // Encoded once, a `%2E` of a URL goes out as a dot.
            let sent = if spelling == Spelling::Once { coding } else { Coding::Plain };
            let is = |dots| by_escaped(sent, segment, Coding::Plain, dots) == Ordering::Equal;
            (coding, [".", ".."].into_iter().find(|dots| is(dots)).unwrap_or(segment))
        });
        let undone = rest.clone().any(|(_, segment)| segment == "..");
        let (mut some, mut directory) = (false, true);
        while rest.clone().next().is_some() {
            let names = rest.clone().map(|(_, segment)| segment);
            let stays = if undone { staying(names) } else { [u64::MAX; STRETCH / 64] };
            for (at, (coding, segment)) in (0..STRETCH).zip(&mut rest) {
                directory = matches!(segment, "" | "." | "..");
                let stays = stays.get(at / 64).is_some_and(|bits| bits & (1 << (at % 64)) != 0);
                if stays && !directory {
                    to.put(b"/");
                    write_segment(coding, spelling, segment, to);
                    some = true;
                }
            }
        }
        // What ends in a directory keeps its slash, as in RFC 3986, 5.2.4.
        if !some || directory {
            to.put(b"/");
        }
    }

    /// Writes the query of the request as it is signed.
    #[inline]
    pub(super) fn given_query<S: Sink>(&self, to: &mut S) {
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

    /// Writes the headers as they are signed, each behind the end of the line before.
    #[inline]
    fn canonical_headers<S: Sink>(&self, to: &mut S) {
        let mut before = None;
        for entry in self.entries() {
            match entry {
                Entry::Own(own) => {
                    to.put(b"\n");
                    to.put(self.own_name(own).as_bytes());
                    to.put(b":");
                    self.own_value(own, to);
                }
                Entry::Given(pair) => {
                    // A name that repeats is one line with all its values.
                    if self.repeats(before.replace(pair), pair) {
                        to.put(b",");
                    } else {
                        to.put(b"\n");
                        write_name(pair, to);
                        to.put(b":");
                    }
                    match pair.value() {
                        Value::Text(text) | Value::Meta(text) if pair.form().value => to.put(text.as_bytes()),
                        value if pair.form().value => value.write(to),
                        value => value.write_folded(to),
                    }
                }
            }
        }
    }

    /// Writes the names of the signed headers, each of the request's by `write`, with `mark` between them.
    #[inline]
    pub(super) fn signed_headers<S: Sink>(&self, mark: &[u8], write: impl Fn(&Pair<'_>, &mut S), to: &mut S) {
        let mut before = None;
        let mut between: &[u8] = b"";
        for entry in self.entries() {
            match entry {
                Entry::Own(own) => {
                    to.put(between);
                    to.put(self.own_name(own).as_bytes());
                }
                Entry::Given(pair) => {
                    if self.repeats(before.replace(pair), pair) {
                        continue;
                    }
                    to.put(between);
                    write(pair, to);
                }
            }
            between = mark;
        }
    }

    /// Whether a header has the name of the one before.
    #[inline]
    fn repeats(&self, before: Option<&Pair<'_>>, pair: &Pair<'_>) -> bool {
        self.request.repeats() && before.is_some_and(|before| before.lower_name().eq(pair.lower_name()))
    }

    /// Writes who signs, with `slash` between the parts.
    #[inline]
    pub(super) fn credential<S: Sink>(&self, slash: &[u8], to: &mut S) {
        to.put(self.signer.map(|signer| signer.access_key).unwrap_or_default().as_bytes());
        to.put(slash);
        self.scope(slash, to);
    }

    /// Writes what the key is for, with `slash` between the parts.
    #[inline]
    pub(crate) fn scope<S: Sink>(&self, slash: &[u8], to: &mut S) {
        to.put(self.stamp.first_chunk::<8>().map_or(&[], <[u8; 8]>::as_slice));
        to.put(slash);
        for part in [self.endpoint.region(), self.endpoint.service()] {
            if self.clean {
                to.put(part.as_bytes());
            } else {
                Line(to).put(part.as_bytes());
            }
            to.put(slash);
        }
        to.put(b"aws4_request");
    }

    /// Whether there is a session token that is treated so.
    pub(super) fn has_token(&self, treated: impl Fn(Token) -> bool) -> bool {
        self.signer.is_some_and(|signer| signer.token.is_some() && treated(signer.rules.token))
    }
}

/// Writes the name of a header in lower case.
#[inline]
fn write_name<S: Sink>(pair: &Pair<'_>, to: &mut S) {
    if pair.form().name {
        to.put(pair.prefix().as_bytes());
        to.put(pair.name().as_bytes());
    } else {
        pair.write_name(to);
    }
}

/// For how many segments of a path it is kept at a time whether they stay.
const STRETCH: usize = 1024;

/// Which of the first segments no `..` takes away, a bit for each.
fn staying<'p>(segments: impl DoubleEndedIterator<Item = &'p str> + Clone) -> [u64; STRETCH / 64] {
    let mut stays = [0; STRETCH / 64];
    let count = segments.clone().count();
    // how many names the `..` behind here take away
    let mut undone = 0_usize;
    for (at, segment) in (0..count).rev().zip(segments.rev()) {
        match segment {
            "" | "." => {}
            ".." => undone = undone.saturating_add(1),
            _ if undone > 0 => undone = undone.wrapping_sub(1),
            _ => {
                if let Some(bits) = stays.get_mut(at / 64) {
                    *bits |= 1 << (at % 64);
                }
            }
        }
    }
    stays
}
