//! What follows the data: names, lengths known in advance, and the lines themselves.

use crate::checksum::Algorithm;
use crate::checksum::Digest;
use crate::http::is_token;
use crate::request::Invalid;
use crate::request::Line;
use crate::request::Pair;
use crate::sink::Count;
use crate::sink::Recite;
use crate::sink::Sink;

/// What is written in front of the trailers' signature.
pub(super) const TRAILER_SIGNATURE: &str = "x-amz-trailer-signature";

/// What follows the data of an upload: a checksum of it, or texts that are known in advance.
#[derive(Clone, Copy, Debug)]
pub struct Trailer<'t>(pub(super) Trailers<'t>);

#[derive(Clone, Copy, Debug)]
pub(super) enum Trailers<'t> {
    Checksum(Algorithm),
    /// Valid ones, and not none.
    Given(&'t [Pair<'t>]),
}

impl<'t> Trailer<'t> {
    /// The checksum of the data, which is worked out while it is sent.
    #[must_use]
    pub const fn checksum(algorithm: Algorithm) -> Self {
        Self(Trailers::Checksum(algorithm))
    }

    /// Names with values that are known already. They are sent in this order.
    ///
    /// # Errors
    ///
    /// [`Invalid::Empty`] where there are none, [`Invalid::Name`] for one that is no header name or stands there
    /// twice, [`Invalid::Reserved`] for the signature's own, [`Invalid::Value`] for a value that no header may
    /// have.
    pub fn given(pairs: &'t [Pair<'t>]) -> Result<Self, Invalid<'t>> {
        if pairs.is_empty() {
            return Err(Invalid::Empty { name: "x-amz-trailer" });
        }
        for (at, pair) in pairs.iter().enumerate() {
            let name = pair.name();
            let before = pairs.iter().take(at);
            let twice = before.filter(|other| other.lower_name().eq(pair.lower_name())).count() > 0;
            if twice || name.is_empty() || !name.bytes().all(is_token) {
                return Err(Invalid::Name { name });
            }
            if name.eq_ignore_ascii_case(TRAILER_SIGNATURE) {
                return Err(Invalid::Reserved { name });
            }
            let (mut all, mut visible) = (Count::default(), Count::default());
            pair.value().write(&mut all);
            pair.value().write(&mut Line(&mut visible));
            if all.bytes() != visible.bytes() {
                return Err(Invalid::Value { name });
            }
        }
        Ok(Self(Trailers::Given(pairs)))
    }

    /// How many bytes its lines take.
    pub(super) fn length(&self) -> Option<u64> {
        let mut length = Count::default();
        match self.0 {
            Trailers::Checksum(algorithm) => {
                let lines = algorithm.header().len().checked_add(algorithm.base64_length())?;
                return u64::try_from(lines.checked_add(3)?).ok();
            }
            Trailers::Given(pairs) => write_lines(pairs, &mut length),
        }
        u64::try_from(length.bytes()).ok()
    }
}

/// Recites its names, as `x-amz-trailer` has them.
impl Recite for Trailer<'_> {
    fn recite(&self, to: &mut dyn Sink) {
        match self.0 {
            Trailers::Checksum(algorithm) => to.put(algorithm.header().as_bytes()),
            Trailers::Given(pairs) => {
                let mut mark: &[u8] = b"";
                for pair in pairs {
                    to.put(mark);
                    mark = b",";
                    pair.write_name(to);
                }
            }
        }
    }
}

/// Writes each as it goes out.
fn write_lines(pairs: &[Pair<'_>], to: &mut dyn Sink) {
    for pair in pairs {
        pair.write_name(to);
        to.put(b":");
        pair.value().write(to);
        to.put(b"\r\n");
    }
}

/// The trailers with their values.
#[derive(Clone, Copy)]
pub(super) enum Lines<'t> {
    Given(&'t [Pair<'t>]),
    None,
    Sum(Digest),
}

impl Lines<'_> {
    /// Writes them as they go out.
    pub(super) fn write(&self, to: &mut dyn Sink) {
        match self {
            Self::Given(pairs) => write_lines(pairs, to),
            Self::None => {}
            Self::Sum(digest) => {
                write_sum(digest, to);
                to.put(b"\r\n");
            }
        }
    }

    /// Writes what is signed of them: in the order of their names, with values like those of headers.
    pub(super) fn canonical(&self, to: &mut dyn Sink) {
        match self {
            Self::None => {}
            Self::Sum(digest) => {
                write_sum(digest, to);
                to.put(b"\n");
            }
            Self::Given(pairs) => {
                let mut before: Option<&Pair<'_>> = None;
                // They are few, so the next is looked for each time: no room is needed to sort them.
                let behind = |before: Option<&Pair<'_>>| {
                    let behind = pairs.iter().filter(move |pair| {
                        before.is_none_or(|before| before.lower_name().lt(pair.lower_name()))
                    });
                    behind.min_by(|one, other| one.lower_name().cmp(other.lower_name()))
                };
                while let Some(pair) = behind(before) {
                    pair.write_name(to);
                    to.put(b":");
                    pair.write_folded(to);
                    to.put(b"\n");
                    before = Some(pair);
                }
            }
        }
    }
}

fn write_sum(digest: &Digest, to: &mut dyn Sink) {
    to.put(digest.algorithm().header().as_bytes());
    to.put(b":");
    digest.recite(to);
}
