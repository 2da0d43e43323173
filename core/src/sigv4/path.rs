//! The path of a request, as it is signed and as it goes on the wire.

use super::Dots;
use super::PathEncoding;
use super::Signed;
use crate::request::Coding;
use crate::request::Shape;
use crate::request::Spelling;
use crate::request::bytes;
use crate::request::write_segment;
use crate::request::write_text;
use crate::sink::Cursor;
use crate::sink::Literal;
use crate::sink::SMALL;
use crate::sink::Sink;

impl<'s> Signed<'s> {
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
