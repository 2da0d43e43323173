//! The two orders of SigV4: headers by lower-case name, queries by encoded name and then value.
//!
//! Encoded names are compared without encoding them: a byte that is encoded begins with `%`, which
//! is less than all that are not, and two encoded bytes compare as the bytes do.

use core::cmp::Ordering;

use super::Coding;
use super::Pair;
use super::Value;
use super::write_text;
use super::write_value;
use crate::encode::escape;
use crate::encode::unreserved;
use crate::sink::SMALL;
use crate::sink::Sink;
use crate::sink::Window;

/// Sorts pairs, which are mostly few and in order already. Equal ones stay as they were.
///
/// One comparison for each pair finds out that they are in order; else it is an insertion of few, and of
/// many a merge in place, with no other room than theirs.
pub(super) fn sort(pairs: &mut [Pair<'_>], order: impl Fn(&Pair<'_>, &Pair<'_>) -> Ordering) {
    merge_sort(pairs, &order);
}

/// Sorts each half and merges them. The code exists once, whatever the order.
fn merge_sort(pairs: &mut [Pair<'_>], order: &dyn Fn(&Pair<'_>, &Pair<'_>) -> Ordering) {
    const FEW: usize = 16;
    if SMALL || pairs.len() <= FEW {
        return insertion_sort(pairs, order);
    }
    let middle = pairs.len() / 2;
    if let Some((left, right)) = pairs.split_at_mut_checked(middle) {
        merge_sort(left, order);
        merge_sort(right, order);
        merge(pairs, middle, order);
    }
}

/// Makes one ordered list of the two that meet at `middle`.
///
/// Half of the longer one and what has to stand before it of the other change places with what lies between
/// them, and then there are two pairs of shorter lists, on both sides of where they met.
fn merge(pairs: &mut [Pair<'_>], middle: usize, order: &dyn Fn(&Pair<'_>, &Pair<'_>) -> Ordering) {
    let Some((left, right)) = pairs.split_at_checked(middle) else { return };
    let (Some(last), Some(first)) = (left.last(), right.first()) else { return };
    if order(last, first) != Ordering::Greater {
        return;
    }
    let (from, to) = if left.len() > right.len() {
        let from = left.len() / 2;
        let Some(pair) = left.get(from) else { return };
        (from, right.partition_point(|other| order(other, pair) == Ordering::Less))
    } else {
        let to = right.len().div_ceil(2);
        let Some(pair) = to.checked_sub(1).and_then(|last| right.get(last)) else { return };
        (left.partition_point(|other| order(other, pair) != Ordering::Greater), to)
    };
    let end = middle.saturating_add(to);
    if let Some(between) = pairs.get_mut(from..end) {
        rotate(between, middle.saturating_sub(from));
    }
    let meet = from.saturating_add(to);
    if let Some((before, behind)) = pairs.split_at_mut_checked(meet) {
        merge(before, from, order);
        merge(behind, middle.saturating_sub(from), order);
    }
}

/// Lets the first pairs change places with the rest.
fn rotate(pairs: &mut [Pair<'_>], first: usize) {
    if let Some((one, other)) = pairs.split_at_mut_checked(first) {
        reverse(one);
        reverse(other);
        reverse(pairs);
    }
}

/// Turns pairs around. The slice's own brings its panic into small images.
fn reverse(pairs: &mut [Pair<'_>]) {
    if let Some((one, other)) = pairs.split_at_mut_checked(pairs.len() / 2) {
        for (a, b) in one.iter_mut().zip(other.iter_mut().rev()) {
            core::mem::swap(a, b);
        }
    }
}

fn insertion_sort(pairs: &mut [Pair<'_>], order: &dyn Fn(&Pair<'_>, &Pair<'_>) -> Ordering) {
    let mut sorted = 1;
    while sorted < pairs.len() {
        let mut at = sorted;
        while let Some([before, pair]) = at.checked_sub(1).and_then(|from| pairs.get_mut(from..=at)) {
            if order(before, pair) != Ordering::Greater {
                break;
            }
            core::mem::swap(before, pair);
            at = at.saturating_sub(1);
        }
        sorted = sorted.saturating_add(1);
    }
}

/// The order of headers.
pub(crate) fn by_header(one: &Pair<'_>, other: &Pair<'_>) -> Ordering {
    one.cmp_name(other.prefix(), other.name().as_bytes())
}

/// The order of query pairs.
pub(crate) fn by_query(coding: Coding, one: &Pair<'_>, other: &Pair<'_>) -> Ordering {
    if SMALL {
        // What is between them comes before all that a name is written with.
        let say = |pair: &Pair<'_>, to: &mut dyn Sink| {
            write_text(coding, pair.name().as_bytes(), to);
            to.put(b" ");
            write_value(coding, pair, to);
        };
        return by_recital(|to| say(one, to), |to| say(other, to));
    }
    let by_name = by_escaped(coding, one.name(), coding, other.name());
    by_name.then_with(|| match (plain(one.value()), plain(other.value())) {
        (Some(one), Some(other)) => by_escaped(coding, one, coding, other),
        _ => by_recital(|to| write_value(coding, one, to), |to| write_value(coding, other, to)),
    })
}

/// The text that a value is, if it is one. A flag is signed as if it were empty.
const fn plain(value: Value<'_>) -> Option<&str> {
    match value {
        Value::Flag => Some(""),
        Value::Text(text) => Some(text),
        _ => None,
    }
}

/// The order of what two values say, a small piece at a time.
fn by_recital(one: impl Fn(&mut dyn Sink), other: impl Fn(&mut dyn Sink)) -> Ordering {
    const PIECE: usize = 32;
    let piece = |say: &dyn Fn(&mut dyn Sink), at| {
        let mut room = [0; PIECE];
        let mut window = Window::new(&mut room, at);
        say(&mut window);
        room
    };
    let mut at = 0_usize;
    loop {
        let (a, b) = (piece(&one, at), piece(&other, at));
        // Zeros stand beyond the end of a text; encoded, none holds one.
        match a.cmp(&b) {
            Ordering::Equal if !a.ends_with(&[0]) => at = at.saturating_add(PIECE),
            order => return order,
        }
    }
}

/// The order of two texts as they are when encoded.
pub(crate) fn by_escaped(coding: Coding, one: &str, other_coding: Coding, other: &str) -> Ordering {
    let (mut one, mut other) = (bytes(coding, one.as_bytes()), bytes(other_coding, other.as_bytes()));
    loop {
        return match (one.next(), other.next()) {
            (Some(a), Some(b)) if a == b => continue,
            // What is encoded comes before what is not, and among its like in the order of bytes.
            (Some(a), Some(b)) => (unreserved(a), a).cmp(&(unreserved(b), b)),
            (a, b) => a.is_some().cmp(&b.is_some()),
        };
    }
}

/// The bytes that a text stands for.
pub(crate) const fn bytes(coding: Coding, text: &[u8]) -> Bytes<'_> {
    Bytes { coding, rest: text }
}

/// The bytes that a text stands for, one by one.
pub(crate) struct Bytes<'a> {
    coding: Coding,
    rest: &'a [u8],
}

impl Iterator for Bytes<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        if self.coding == Coding::Percent
            && *first == b'%'
            && let Some((byte, rest)) = escape(rest)
        {
            self.rest = rest;
            return Some(byte);
        }
        self.rest = rest;
        Some(*first)
    }
}
