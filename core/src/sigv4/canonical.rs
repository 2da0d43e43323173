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

use super::Signed;
use super::entries::Own;
use super::small;
use crate::encode::Hex;
use crate::hash::Sha256;
use crate::request::Folded;
use crate::request::Line;
use crate::request::Pair;
use crate::request::Value;
use crate::request::by_header;
use crate::secret::Secret;
use crate::sink::Literal;
use crate::sink::SMALL;
use crate::sink::Sink;

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
            None => _ = self.wire_pairs(self.request.query().iter(), to),
            Some(query) => query(self, As::Wire, to),
        }
    }

    /// Writes pairs of the query, and returns the mark that stands before the next.
    pub(super) fn wire_pairs<'p>(
        &self,
        pairs: impl Iterator<Item = &'p Pair<'p>>,
        to: &mut dyn Sink,
    ) -> &'static [u8] {
        let mut mark: &[u8] = b"?";
        for pair in pairs {
            to.put(mark);
            mark = b"&";
            self.request.write_wire_pair(pair, to);
        }
        mark
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
        if self.region_set().is_none() {
            self.scope_part(self.endpoint.region(), &slash, to);
        }
        self.scope_part(self.endpoint.service(), &slash, to);
        to.literal(b"aws4_request");
    }

    #[inline(always)]
    fn scope_part<S: Literal>(&self, part: &str, slash: &impl Fn(&mut S), to: &mut S) {
        if self.clean {
            to.put(part.as_bytes());
        } else {
            to.slow(|to| Line(to).put(part.as_bytes()));
        }
        slash(to);
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
