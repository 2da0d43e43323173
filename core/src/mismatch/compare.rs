//! The comparison: both texts taken apart alike, and for each part that differs, how.
//!
//! Long because the two texts of SigV4 have a dozen parts, and each has its own ways to go wrong.

use super::Finding;
use super::Part;
use crate::encode::decoded;
use crate::sigv4::EMPTY_SHA256;
use crate::text::find_slice;

/// Why a part differs, as far as the two sides tell. "Here" is where it was signed, "there" the server.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Cause {
    /// It is there and was not signed here.
    Added,
    /// It was signed and is not there.
    Absent,
    /// White space around the value is part of it on one side.
    BlanksAround,
    /// More than one blank in a row stands in the value on one side.
    BlanksWithin,
    /// Upper and lower case differ, and nothing else.
    Case,
    /// It is another, for no reason that could be seen.
    Changed,
    /// The server refuses the signature of a chunk or of the trailer, not that of the request.
    Chunk,
    /// The values of a list are joined with blanks behind the commas on one side.
    CommaBlanks,
    /// `.` and `..` of the path were resolved on one side.
    Dots,
    /// It arrived without a value.
    Empty,
    /// The server has it percent-encoded once more.
    EncodedAgain,
    /// The server has it percent-encoded once less.
    EncodedLess,
    /// The digits of percent-encoded bytes differ in case: `%2f` and `%2F`.
    EscapeCase,
    /// A query parameter without a value has no `=` on one side.
    NoEquals,
    /// It holds characters beyond ASCII, which each reads in its own way.
    NotAscii,
    /// The same, in another order.
    Order,
    /// A `+` is a space on one side.
    Plus,
    /// The port is missing on one side.
    Port,
    /// The server has something in front of it.
    PrefixAdded,
    /// The server lacks something in front of it.
    PrefixLost,
    /// The name stands there more or less often.
    Repeats,
    /// Slashes in a row are one slash on one side.
    Slashes,
    /// Different characters are percent-encoded, and both mean the same.
    Spelling,
    /// The slash at the end is missing on one side.
    TrailingSlash,
    /// The server takes the body for unsigned or for empty, or the other way round.
    Unsigned,
    /// Only some of the values of a list are there.
    ValuesLost,
}

/// The parts of a canonical request.
struct Request<'a> {
    method: &'a [u8],
    path: &'a [u8],
    query: List<'a>,
    headers: List<'a>,
    signed_headers: &'a [u8],
    payload: &'a [u8],
}

impl<'a> Request<'a> {
    /// Takes a text apart as far as it goes: what is not there is empty.
    fn parse(text: &'a [u8]) -> Self {
        let (method, rest) = split_once(text, b'\n');
        let (path, rest) = split_once(rest, b'\n');
        let (query, rest) = split_once(rest, b'\n');
        let (headers, rest) = match (rest.strip_prefix(b"\n"), find_slice(rest, b"\n\n")) {
            (Some(rest), _) => (&[][..], rest),
            (None, Some(end)) => {
                let (headers, rest) = rest.split_at_checked(end).unwrap_or((rest, &[]));
                (headers, rest.get(2..).unwrap_or_default())
            }
            (None, None) => (rest, &[][..]),
        };
        let (signed_headers, payload) = split_once(rest, b'\n');
        let query = List { text: query, between: b'&', within: b'=', same_name: same_query_name };
        let headers =
            List { text: headers, between: b'\n', within: b':', same_name: <[u8]>::eq_ignore_ascii_case };
        Self { method, path, query, headers, signed_headers, payload: payload.trim_ascii_end() }
    }
}

/// What differs between two canonical requests.
pub(super) fn lines<'a>(ours: &'a [u8], theirs: &'a [u8]) -> impl Iterator<Item = Finding<'a>> + use<'a> {
    let (ours, theirs) = (Request::parse(ours), Request::parse(theirs));
    let method = part(Part::Method, ours.method, theirs.method, of_text);
    let path = part(Part::Path, ours.path, theirs.path, of_path);
    let payload = part(Part::Payload, ours.payload, theirs.payload, of_payload);
    let signed = part(Part::SignedHeaders, ours.signed_headers, theirs.signed_headers, of_names);
    let queries = differences(ours.query, theirs.query, Part::Query, of_pair);
    let headers = differences(ours.headers, theirs.headers, Part::Header, of_line);
    let order = reordered(ours.query, theirs.query);
    method.into_iter().chain(path).chain(order).chain(queries).chain(headers).chain(signed).chain(payload)
}

/// What differs between two strings to sign; `shown` says whether it was shown why their last lines do.
pub(super) fn scopes<'a>(
    ours: &'a [u8],
    theirs: &'a [u8],
    shown: bool,
) -> impl Iterator<Item = Finding<'a>> + use<'a> {
    let (ours, theirs) = (StringToSign::parse(ours), StringToSign::parse(theirs));
    let algorithm = part(Part::Algorithm, ours.algorithm, theirs.algorithm, of_algorithm);
    // Of another algorithm, all else is another text.
    let same = algorithm.is_none();
    let time = part(Part::Time, ours.time, theirs.time, of_text);
    let [day, region, service, terminator] = ours.scope;
    let [their_day, their_region, their_service, their_terminator] = theirs.scope;
    let hash = (!shown).then(|| part(Part::CanonicalRequest, ours.hash, theirs.hash, of_text)).flatten();
    let rest = [
        time,
        part(Part::Day, day, their_day, of_text),
        part(Part::Region, region, their_region, of_text),
        part(Part::Service, service, their_service, of_text),
        part(Part::Terminator, terminator, their_terminator, of_text),
        hash,
    ];
    algorithm.into_iter().chain(rest.into_iter().flatten().filter(move |_| same))
}

/// The parts of a string to sign.
struct StringToSign<'a> {
    algorithm: &'a [u8],
    time: &'a [u8],
    /// Day, region, service and terminator.
    scope: [&'a [u8]; 4],
    hash: &'a [u8],
}

impl<'a> StringToSign<'a> {
    fn parse(text: &'a [u8]) -> Self {
        let (algorithm, rest) = split_once(text, b'\n');
        let (time, rest) = split_once(rest, b'\n');
        let (scope, hash) = split_once(rest, b'\n');
        let (day, rest) = split_once(scope, b'/');
        // A scope of SigV4a has no region in it.
        let regions = scope.iter().filter(|byte| **byte == b'/').count() > 2;
        let (region, rest) = if regions { split_once(rest, b'/') } else { (&[][..], rest) };
        let (service, terminator) = split_once(rest, b'/');
        Self { algorithm, time, scope: [day, region, service, terminator], hash: hash.trim_ascii_end() }
    }
}

/// A finding where the two differ.
fn part<'a>(
    part: Part<'a>,
    ours: &'a [u8],
    theirs: &'a [u8],
    cause: fn(&[u8], &[u8]) -> Cause,
) -> Option<Finding<'a>> {
    (ours != theirs).then(|| Finding::new(part, cause(ours, theirs), Some(ours), Some(theirs)))
}

/// Names and values: a canonical query, or canonical headers.
#[derive(Clone, Copy)]
struct List<'a> {
    text: &'a [u8],
    /// What stands between two entries.
    between: u8,
    /// What stands between a name and its value.
    within: u8,
    same_name: fn(&[u8], &[u8]) -> bool,
}

impl<'a> List<'a> {
    fn entries(self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        self.text.split(move |byte| *byte == self.between).filter(|entry| !entry.is_empty())
    }

    /// How often an entry is among them.
    fn count(self, entry: &[u8]) -> usize {
        self.entries().filter(|other| *other == entry).count()
    }

    fn split(self, entry: &'a [u8]) -> (&'a [u8], &'a [u8]) {
        split_once(entry, self.within)
    }

    /// The names with their values.
    fn values(self) -> impl Iterator<Item = (&'a [u8], &'a [u8])> + use<'a> {
        self.entries().map(move |entry| self.split(entry))
    }

    /// The entries of a name.
    fn named(self, name: &'a [u8]) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        self.entries().filter(move |entry| (self.same_name)(self.split(entry).0, name))
    }
}

/// What differs between two lists, entry by entry: first what ours has, then what only theirs has.
fn differences<'a>(
    ours: List<'a>,
    theirs: List<'a>,
    part: fn(&'a [u8]) -> Part<'a>,
    cause: fn(&[u8], &[u8], &[u8]) -> Cause,
) -> impl Iterator<Item = Finding<'a>> + use<'a> {
    let mut seen = 0_usize;
    let changed = ours.entries().filter_map(move |entry| {
        let before = seen;
        seen = seen.saturating_add(1);
        let (name, value) = ours.split(entry);
        let often = theirs.count(entry);
        if often > 0 {
            // Of entries that repeat, the first one tells.
            let again = ours.entries().take(before).any(|other| other == entry);
            let repeats = !again && often != ours.count(entry);
            return repeats.then(|| Finding::new(part(name), Cause::Repeats, Some(value), Some(value)));
        }
        // Its counterpart has that name, and is no entry of ours.
        let counterpart = theirs.named(name).find(|other| ours.count(other) == 0);
        Some(match counterpart {
            Some(other) => {
                let (_, other_value) = theirs.split(other);
                let cause = if other.contains(&theirs.within) || !entry.contains(&ours.within) {
                    cause(name, value, other_value)
                } else {
                    Cause::NoEquals
                };
                Finding::new(part(name), cause, Some(value), Some(other_value))
            }
            None if theirs.named(name).next().is_some() => {
                Finding::new(part(name), Cause::Repeats, Some(value), None)
            }
            None => Finding::new(part(name), Cause::Absent, Some(value), None),
        })
    });
    let added = theirs.entries().filter_map(move |entry| {
        let (name, value) = theirs.split(entry);
        let unknown = ours.named(name).next().is_none();
        unknown.then(|| Finding::new(part(name), Cause::Added, None, Some(value)))
    });
    changed.chain(added)
}

/// The query as a whole, where it has the same pairs in another order.
fn reordered<'a>(ours: List<'a>, theirs: List<'a>) -> Option<Finding<'a>> {
    let same = ours.text != theirs.text
        && ours.entries().count() == theirs.entries().count()
        && ours.entries().all(|pair| ours.count(pair) == theirs.count(pair));
    same.then(|| Finding::new(Part::QueryOrder, Cause::Order, Some(ours.text), Some(theirs.text)))
}

/// How two texts differ of which nothing is known.
fn of_text(ours: &[u8], theirs: &[u8]) -> Cause {
    match theirs {
        [] => Cause::Absent,
        _ if ours.eq_ignore_ascii_case(theirs) => Cause::Case,
        _ => Cause::Changed,
    }
}

fn of_algorithm(ours: &[u8], theirs: &[u8]) -> Cause {
    match theirs {
        b"AWS4-HMAC-SHA256-PAYLOAD" | b"AWS4-HMAC-SHA256-TRAILER" => Cause::Chunk,
        b"AWS4-ECDSA-P256-SHA256-PAYLOAD" | b"AWS4-ECDSA-P256-SHA256-TRAILER" => Cause::Chunk,
        _ => of_text(ours, theirs),
    }
}

fn of_names(ours: &[u8], theirs: &[u8]) -> Cause {
    let names = |text| List { text, between: b';', within: b':', same_name: <[u8]>::eq };
    let (here, there) = (names(ours), names(theirs));
    match here.entries().all(|name| here.count(name) == there.count(name)) {
        true if here.entries().count() == there.entries().count() => Cause::Order,
        true => Cause::Added,
        false => Cause::Absent,
    }
}

fn of_payload(ours: &[u8], theirs: &[u8]) -> Cause {
    const UNSIGNED: &[u8] = b"UNSIGNED-PAYLOAD";
    if ours == UNSIGNED || theirs == UNSIGNED {
        Cause::Unsigned
    } else if theirs == EMPTY_SHA256.as_bytes() {
        Cause::Empty
    } else {
        of_text(ours, theirs)
    }
}

/// How two paths differ: first what proxies and clients do to the path itself, then how it is encoded.
fn of_path(ours: &[u8], theirs: &[u8]) -> Cause {
    let trimmed = |path: &'_ [u8]| path.len().saturating_sub(usize::from(path.ends_with(b"/")));
    if ours.get(..trimmed(ours)) == theirs.get(..trimmed(theirs)) {
        return Cause::TrailingSlash;
    }
    if single_slashes(ours).eq(single_slashes(theirs)) {
        return Cause::Slashes;
    }
    if kept_segments(ours).eq(kept_segments(theirs)) {
        return Cause::Dots;
    }
    of_encoding(ours, theirs).unwrap_or_else(|| {
        if ours.len() > 1 && theirs.ends_with(ours) {
            Cause::PrefixAdded
        } else if theirs.len() > 1 && ours.ends_with(theirs) {
            Cause::PrefixLost
        } else {
            of_text(ours, theirs)
        }
    })
}

/// How two query values differ.
fn of_pair(_: &[u8], ours: &[u8], theirs: &[u8]) -> Cause {
    match theirs {
        [] if !ours.is_empty() => Cause::Empty,
        _ => of_encoding(ours, theirs).unwrap_or_else(|| of_text(ours, theirs)),
    }
}

/// How two percent-encoded texts differ that mean the same, or would if they were decoded once more.
fn of_encoding(ours: &[u8], theirs: &[u8]) -> Option<Cause> {
    if decoded(ours).eq(decoded(theirs)) {
        let digits = ours.eq_ignore_ascii_case(theirs);
        return Some(if digits { Cause::EscapeCase } else { Cause::Spelling });
    }
    if decoded(theirs).eq(ours.iter().copied()) {
        return Some(Cause::EncodedAgain);
    }
    if decoded(ours).eq(theirs.iter().copied()) {
        return Some(Cause::EncodedLess);
    }
    let plus = |text| decoded(text).map(|byte| if byte == b'+' { b' ' } else { byte });
    plus(ours).eq(plus(theirs)).then_some(Cause::Plus)
}

/// How two values of a header differ.
fn of_line(name: &[u8], ours: &[u8], theirs: &[u8]) -> Cause {
    let port = |long: &[u8], short: &[u8]| {
        let port = long.strip_prefix(short).and_then(|rest| rest.strip_prefix(b":"));
        port.is_some_and(|port| port.iter().all(u8::is_ascii_digit))
    };
    if words(ours).eq(words(theirs)) {
        let around = ours.trim_ascii() == theirs.trim_ascii();
        return if around { Cause::BlanksAround } else { Cause::BlanksWithin };
    }
    if words(theirs).next().is_none() {
        return Cause::Empty;
    }
    if name.eq_ignore_ascii_case(b"host") && (port(ours, theirs) || port(theirs, ours)) {
        return Cause::Port;
    }
    if ours.contains(&b',') && unspaced(ours).eq(unspaced(theirs)) {
        return Cause::CommaBlanks;
    }
    if ours.eq_ignore_ascii_case(theirs) {
        return Cause::Case;
    }
    if ours.strip_prefix(theirs).is_some_and(|rest| rest.starts_with(b",")) {
        return Cause::ValuesLost;
    }
    match ours.is_ascii() && theirs.is_ascii() {
        true => Cause::Changed,
        false => Cause::NotAscii,
    }
}

fn blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

fn words(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| blank(*byte)).filter(|word| !word.is_empty())
}

fn unspaced(text: &[u8]) -> impl Iterator<Item = u8> {
    text.iter().copied().filter(|byte| !blank(*byte))
}

/// Whether two names of query parameters mean the same, however they are encoded.
fn same_query_name(one: &[u8], other: &[u8]) -> bool {
    one == other || of_encoding(one, other).is_some()
}

/// A path with one slash where there are several in a row.
fn single_slashes(path: &[u8]) -> impl Iterator<Item = u8> {
    let mut before = 0;
    path.iter().copied().filter(move |byte| {
        let again = (before, *byte) == (b'/', b'/');
        before = *byte;
        !again
    })
}

/// The segments of a path that no `..` takes away, from the last to the first; without `.` and empty ones.
fn kept_segments(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut undone = 0_usize;
    path.split(|byte| *byte == b'/').rev().filter(move |segment| match *segment {
        b"" | b"." => false,
        b".." => {
            undone = undone.saturating_add(1);
            false
        }
        _ if undone > 0 => {
            undone = undone.saturating_sub(1);
            false
        }
        _ => true,
    })
}

/// What stands before the first `mark`, and what behind it.
fn split_once(text: &[u8], mark: u8) -> (&[u8], &[u8]) {
    match text.iter().position(|byte| *byte == mark).and_then(|at| text.split_at_checked(at)) {
        Some((before, rest)) => (before, rest.get(1..).unwrap_or_default()),
        None => (text, &[]),
    }
}

/// Words in the names of what is not to be shown.
const SECRETS: [&[u8]; 8] = [
    b"token",
    b"signature",
    b"authorization",
    b"customer-key",
    b"cookie",
    b"credential-",
    b"password",
    b"secret",
];

/// Whether a value of this name is not to be shown: session tokens, keys of the customer, and the like.
pub(super) fn is_secret(name: &[u8]) -> bool {
    SECRETS.iter().any(|word| contains(name, word))
}

/// Whether a text has a secret in it, with its name: a piece of a header or a query in the wrong place.
pub(super) fn tells_secret(text: &[u8]) -> bool {
    text.iter().any(|byte| matches!(byte, b'=' | b':')) && is_secret(text)
}

/// The values in a canonical request that are not to be shown.
pub(super) fn secrets(request: &[u8]) -> impl Iterator<Item = &[u8]> {
    let request = Request::parse(request);
    let values = request.query.values().chain(request.headers.values());
    values.filter(|(name, value)| is_secret(name) && !value.is_empty()).map(|(_, value)| value)
}

/// Whether a text holds a word, however either is encoded, and in whatever case.
pub(super) fn contains(text: &[u8], word: &[u8]) -> bool {
    let length = decoded(word).count();
    let lower = |text| decoded(text).map(|byte| byte.to_ascii_lowercase());
    (0..text.len()).any(|at| lower(text.get(at..).unwrap_or_default()).take(length).eq(lower(word)))
}
