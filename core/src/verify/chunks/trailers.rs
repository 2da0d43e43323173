//! The trailers of a body in chunks: which are announced, and what is signed of those that came.

use super::BadChunks;
use crate::checksum::Algorithm;
use crate::http::is_token;
use crate::request::Folded;
use crate::sink::Sink;

/// The name of the trailers' signature.
pub(super) const TRAILER_SIGNATURE: &[u8] = b"x-amz-trailer-signature";

/// The names in a list such as that of `x-amz-trailer`.
pub(super) fn names(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(|name| name.trim_matches([' ', '\t'])).filter(|name| !name.is_empty())
}

/// Whether a list of trailers has only names in it, each once, and not that of their signature.
pub(super) fn are_names(list: &str) -> bool {
    let signature = |name: &str| name.as_bytes().eq_ignore_ascii_case(TRAILER_SIGNATURE);
    names(list).all(|name| {
        let count = names(list).filter(|other| other.eq_ignore_ascii_case(name)).count();
        is_name(name) && !signature(name) && count == 1
    })
}

pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(is_token)
}

/// How the checksum among the announced trailers is worked out, if there is one.
pub(super) fn algorithm(announced: &str) -> Result<Option<Algorithm>, BadChunks> {
    const PREFIX: &str = "x-amz-checksum-";
    let begins =
        |name: &&str| name.get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX));
    let mut checksums = names(announced).filter(begins);
    match (checksums.next(), checksums.next()) {
        (None, _) => Ok(None),
        // S3 takes one.
        (Some(_), Some(_)) => Err(BadChunks::Trailer),
        (Some(name), None) => {
            let mut known = Algorithm::ALL.iter();
            let known = known.find(|algorithm| algorithm.header().eq_ignore_ascii_case(name));
            known.copied().map(Some).ok_or(BadChunks::Algorithm)
        }
    }
}

/// The lines that were kept, as names and values. One without a colon has an empty name.
pub(super) fn lines(held: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let lines = held.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| {
        match line.iter().position(|byte| *byte == b':').and_then(|at| line.split_at_checked(at)) {
            Some((name, value)) => (name, value.get(1..).unwrap_or_default()),
            None => (&[][..], line),
        }
    })
}

/// Writes what is signed of the trailers: in the order of their names, with values like those of headers.
pub(super) fn write_canonical(held: &[u8], to: &mut dyn Sink) {
    let mut before: Option<&[u8]> = None;
    // They are few, so the next is looked for each time.
    loop {
        let others = lines(held).filter(|(name, _)| !name.eq_ignore_ascii_case(TRAILER_SIGNATURE));
        let behind = others.filter(|(name, _)| before.is_none_or(|before| lower(before).lt(lower(name))));
        let Some((name, value)) = behind.min_by(|one, other| lower(one.0).cmp(lower(other.0))) else {
            return;
        };
        for byte in name {
            to.put(&[byte.to_ascii_lowercase()]);
        }
        to.put(b":");
        Folded::new(to).put(value);
        to.put(b"\n");
        before = Some(name);
    }
}

fn lower(name: &[u8]) -> impl Iterator<Item = u8> {
    name.iter().map(u8::to_ascii_lowercase)
}

pub(super) fn trim(text: &[u8]) -> &[u8] {
    text.trim_ascii()
}
