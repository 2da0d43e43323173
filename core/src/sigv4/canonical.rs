//! The texts of SigV4: canonical request, string to sign, authorization.
//!
//! All are read from the same lists as often as needed, so each is a method that writes.

use core::cmp::Ordering;

use super::ALGORITHM;
use super::ContentSha256;
use super::Dots;
use super::PathEncoding;
use super::Place;
use super::Signed;
use super::Token;
use crate::encode::Hex;
use crate::encode::Percent;
use crate::encode::uint;
use crate::hash::Sha256;
use crate::request::Coding;
use crate::request::Folded;
use crate::request::Line;
use crate::request::Pair;
use crate::request::Spelling;
use crate::request::by_escaped;
use crate::request::write_segment;
use crate::secret::Secret;
use crate::sink::Sink;

/// A header or query parameter as it is read: the signer's own, or the request's.
#[derive(Clone, Copy)]
pub(super) enum Entry<'e> {
    Given(&'e Pair<'e>),
    Own(&'static str, Own),
}

impl Entry<'_> {
    pub(super) fn write_name(&self, to: &mut dyn Sink) {
        match self {
            Self::Given(pair) => pair.write_name(to),
            Self::Own(name, _) => to.put(name.as_bytes()),
        }
    }
}

/// What the signer adds.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(crate) enum Own {
    Algorithm,
    Authorization,
    Credential,
    Expires(u32),
    Host,
    Payload,
    Signature,
    SignedHeaders,
    Stamp,
    Token,
}

impl<'s> Signed<'s> {
    /// Writes the canonical request, for looking at it: what S3 shows when signatures do not match.
    pub fn canonical_request(&self, to: &mut dyn Sink) {
        to.put(self.request.method().as_str().as_bytes());
        to.put(b"\n");
        self.canonical_path(to);
        to.put(b"\n");
        self.canonical_query(to);
        to.put(b"\n");
        self.canonical_headers(to);
        to.put(b"\n");
        self.signed_headers(to);
        to.put(b"\n");
        self.own(Own::Payload, to);
    }

    /// Writes the string to sign.
    pub fn string_to_sign(&self, to: &mut dyn Sink) {
        let mut hash = self.signer.map_or_else(Sha256::new, |signer| Sha256::with(signer.key.engine()));
        self.canonical_request(&mut hash);
        to.put(ALGORITHM.as_bytes());
        to.put(b"\n");
        to.put(&self.stamp);
        to.put(b"\n");
        self.scope(to);
        to.put(b"\n");
        Hex::new(to).put(&hash.finish());
    }

    /// Writes the value of the `Authorization` header.
    pub fn authorization(&self, to: &mut dyn Sink) {
        to.put(ALGORITHM.as_bytes());
        to.put(b" Credential=");
        self.credential(to);
        to.put(b", SignedHeaders=");
        self.signed_headers(to);
        to.put(b", Signature=");
        to.put(self.signature.as_flattened());
    }

    /// The headers that are signed, in the order of the canonical request.
    fn header_entries(&self) -> impl Iterator<Item = Entry<'s>> + use<'s> {
        let in_headers = self.place == Place::Headers && self.signer.is_some();
        let rules = self.signer.map(|signer| signer.rules);
        let sha256 = in_headers && rules.is_some_and(|rules| rules.content_sha256 == ContentSha256::Sent);
        let token = in_headers && self.token(Token::Signed).is_some();
        let own = [
            (true, "host", Own::Host),
            (sha256, "x-amz-content-sha256", Own::Payload),
            (in_headers, "x-amz-date", Own::Stamp),
            (token, "x-amz-security-token", Own::Token),
        ];
        merged(own, self.request.headers().iter(), |pair, name| pair.lower_name().lt(name.bytes()))
    }

    /// The query parameters that are signed, in the order of the canonical request.
    fn query_entries(&self) -> impl Iterator<Item = Entry<'s>> + use<'s> {
        let (present, expires) = match self.place {
            Place::Headers => (false, 0),
            Place::Query { expires } => (true, expires),
        };
        let own = [
            (present, "X-Amz-Algorithm", Own::Algorithm),
            (present, "X-Amz-Credential", Own::Credential),
            (present, "X-Amz-Date", Own::Stamp),
            (present, "X-Amz-Expires", Own::Expires(expires)),
            (present && self.token(Token::Signed).is_some(), "X-Amz-Security-Token", Own::Token),
            (present, "X-Amz-SignedHeaders", Own::SignedHeaders),
        ];
        let coding = self.request.coding();
        merged(own, self.given_query(), move |pair, name| {
            by_escaped(coding, pair.name(), Coding::Plain, name) == Ordering::Less
        })
    }

    /// The request's own query parameters. What presigning says takes the place of what is called the same.
    fn given_query(&self) -> impl Iterator<Item = &'s Pair<'s>> + use<'s> {
        const OWN: [&str; 7] = [
            "X-Amz-Algorithm",
            "X-Amz-Credential",
            "X-Amz-Date",
            "X-Amz-Expires",
            "X-Amz-Security-Token",
            "X-Amz-Signature",
            "X-Amz-SignedHeaders",
        ];
        let (presigns, coding) = (self.place != Place::Headers, self.request.coding());
        let own = move |pair: &Pair<'_>| {
            OWN.iter().any(|own| by_escaped(coding, pair.name(), Coding::Plain, own) == Ordering::Equal)
        };
        self.request.query().iter().filter(move |pair| !(presigns && own(pair)))
    }

    /// Writes the query as it goes on the wire, with its question mark; nothing where there is none.
    pub(crate) fn wire_query(&self, to: &mut dyn Sink) {
        let mut mark: &[u8] = b"?";
        for pair in self.given_query() {
            to.put(mark);
            mark = b"&";
            self.request.write_wire_pair(pair, to);
        }
        if self.place == Place::Headers {
            return;
        }
        let mut pair = |name: &str, value: Own| {
            to.put(mark);
            mark = b"&";
            to.put(name.as_bytes());
            to.put(b"=");
            self.own(value, &mut Percent::component(to));
        };
        for entry in self.query_entries() {
            if let Entry::Own(name, value) = entry {
                pair(name, value);
            }
        }
        if self.token(Token::Added).is_some() {
            pair("X-Amz-Security-Token", Own::Token);
        }
        pair("X-Amz-Signature", Own::Signature);
    }

    /// The headers that signing adds to the request, `host` first.
    pub(crate) fn own_headers(&self) -> impl Iterator<Item = (&'static str, Own)> {
        let signs = self.place == Place::Headers && self.signer.is_some();
        let token =
            (signs && self.token(Token::Added).is_some()).then_some(("x-amz-security-token", Own::Token));
        let authorization = signs.then_some(("authorization", Own::Authorization));
        let signed = self.header_entries().filter_map(|entry| match entry {
            Entry::Given(_) => None,
            Entry::Own(name, value) => Some((name, value)),
        });
        signed.chain(token).chain(authorization)
    }

    /// Writes what the signer adds, without what no header may hold: credentials and a host are texts from
    /// elsewhere, and none of them may begin a line of its own.
    pub(crate) fn own(&self, value: Own, to: &mut dyn Sink) {
        let to = &mut Line(to);
        match value {
            Own::Algorithm => to.put(ALGORITHM.as_bytes()),
            Own::Authorization => self.authorization(to),
            Own::Credential => self.credential(to),
            Own::Expires(seconds) => uint(u64::from(seconds), to),
            Own::Host => to.put(self.endpoint.authority().as_bytes()),
            Own::Payload => to.put(self.payload.as_bytes()),
            Own::Signature => to.put(self.signature.as_flattened()),
            Own::SignedHeaders => self.signed_headers(to),
            Own::Stamp => to.put(&self.stamp),
            Own::Token => {
                let token = self.signer.and_then(|signer| signer.token);
                to.put(token.map(Secret::reveal).unwrap_or_default().as_bytes());
            }
        }
    }

    /// Writes the path as it goes on the wire.
    pub(crate) fn wire_path(&self, to: &mut dyn Sink) {
        // S3 reads the path it gets and encodes it once; the others encode the path as they get it.
        let spelling = match self.signer.map(|signer| signer.rules.encoding) {
            Some(PathEncoding::Twice) => Spelling::Url,
            Some(PathEncoding::Once) | None => Spelling::Once,
        };
        self.whole_path(spelling, to);
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
    fn whole_path(&self, spelling: Spelling, to: &mut dyn Sink) {
        for (coding, segment) in self.segments() {
            to.put(b"/");
            write_segment(coding, spelling, segment, to);
        }
    }

    fn canonical_path(&self, to: &mut dyn Sink) {
        let Some(rules) = self.signer.map(|signer| signer.rules) else { return };
        let spelling = match rules.encoding {
            PathEncoding::Once => Spelling::Once,
            PathEncoding::Twice => Spelling::Twice,
        };
        match rules.dots {
            Dots::Kept => self.whole_path(spelling, to),
            Dots::Resolved => self.resolved_path(spelling, to),
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

    fn canonical_query(&self, to: &mut dyn Sink) {
        let mut mark: &[u8] = b"";
        for entry in self.query_entries() {
            to.put(mark);
            mark = b"&";
            match entry {
                Entry::Given(pair) => self.request.write_canonical_pair(pair, to),
                Entry::Own(name, value) => {
                    to.put(name.as_bytes());
                    to.put(b"=");
                    self.own(value, &mut Percent::component(to));
                }
            }
        }
    }

    fn canonical_headers(&self, to: &mut dyn Sink) {
        let mut before = None;
        let mut mark: &[u8] = b"";
        for entry in self.header_entries() {
            // A name that repeats is one line with all its values.
            if repeats(before.replace(entry), entry) {
                to.put(b",");
            } else {
                to.put(mark);
                mark = b"\n";
                entry.write_name(to);
                to.put(b":");
            }
            match entry {
                Entry::Given(pair) => pair.value().write_folded(to),
                // A server reads a header's value without the blanks that it may have been sent with.
                Entry::Own(_, value) => self.own(value, &mut Folded::new(to)),
            }
        }
        to.put(b"\n");
    }

    fn signed_headers(&self, to: &mut dyn Sink) {
        let mut before = None;
        let mut mark: &[u8] = b"";
        for entry in self.header_entries() {
            if !repeats(before.replace(entry), entry) {
                to.put(mark);
                mark = b";";
                entry.write_name(to);
            }
        }
    }

    fn credential(&self, to: &mut dyn Sink) {
        to.put(self.signer.map(|signer| signer.access_key).unwrap_or_default().as_bytes());
        to.put(b"/");
        self.scope(to);
    }

    fn scope(&self, to: &mut dyn Sink) {
        to.put(self.stamp.first_chunk::<8>().map_or(&[], <[u8; 8]>::as_slice));
        for part in [self.endpoint.region(), self.endpoint.service(), "aws4_request"] {
            to.put(b"/");
            Line(to).put(part.as_bytes());
        }
    }

    /// The session token, if there is one and it is treated so.
    fn token(&self, treated: Token) -> Option<&'s str> {
        let signer = self.signer.filter(|signer| signer.rules.token == treated)?;
        signer.token.map(Secret::reveal)
    }
}

/// Whether an entry has the name of the one before.
fn repeats(before: Option<Entry<'_>>, entry: Entry<'_>) -> bool {
    match (before, entry) {
        (Some(Entry::Given(one)), Entry::Given(other)) => one.lower_name().eq(other.lower_name()),
        _ => false,
    }
}

/// Two ordered lists as one: those of `own` that are present, and what was given.
fn merged<'s, const N: usize>(
    own: [(bool, &'static str, Own); N],
    given: impl Iterator<Item = &'s Pair<'s>>,
    less: impl Fn(&Pair<'s>, &'static str) -> bool,
) -> impl Iterator<Item = Entry<'s>> {
    let mut own = own.into_iter().filter(|(present, ..)| *present).peekable();
    let mut given = given.peekable();
    core::iter::from_fn(move || {
        let Some((_, name, value)) = own.peek().copied() else {
            return given.next().map(Entry::Given);
        };
        if given.peek().is_some_and(|pair| less(pair, name)) {
            return given.next().map(Entry::Given);
        }
        own.next();
        Some(Entry::Own(name, value))
    })
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
