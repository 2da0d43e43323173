//! The headers of a signed request, one by one: the signer's own and the request's.

use core::cmp::Ordering;
use core::mem;

use super::Signed;
use crate::request::Pair;

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

/// All headers of the signer's own, in the order of their names but for the last, which is not signed.
const OWN: [Own; 6] = [Own::Host, Own::Payload, Own::Stamp, Own::RegionSet, Own::Token, Own::Authorization];

/// The headers of a signed request.
pub(super) struct Entries<'s> {
    signed: &'s Signed<'s>,
    /// Whether they go out, rather than into the canonical request.
    wire: bool,
    /// The next of the signer's own.
    nth: usize,
    given: &'s [Pair<'s>],
    /// What comes behind those.
    unsigned: &'s [Pair<'s>],
}

impl<'s> Entries<'s> {
    /// Those that are signed, in the order of the canonical request.
    pub(super) fn signed(signed: &'s Signed<'s>) -> Self {
        Self { signed, wire: false, nth: 0, given: signed.request.headers(), unsigned: &[] }
    }

    /// As they go out: the signer's own, and those of the request.
    pub(super) fn wire(signed: &'s Signed<'s>) -> Self {
        Self { wire: true, unsigned: signed.request.unsigned(), ..Self::signed(signed) }
    }

    /// Whether one of the signer's own is there.
    #[inline(never)]
    fn has(&self, own: Own) -> bool {
        let signs = self.wire && self.signed.signs_in_headers();
        match own {
            Own::Authorization => signs,
            Own::Token if signs && self.signed.adds_token() => true,
            own => self.signed.has(own),
        }
    }
}

impl<'s> Iterator for Entries<'s> {
    type Item = Entry<'s>;

    fn next(&mut self) -> Option<Entry<'s>> {
        while let Some(own) = OWN.get(self.nth) {
            let is_there = self.has(*own);
            if is_there && !self.wire {
                let name = self.signed.own_name_small(*own);
                let before = |pair: &Pair<'_>| pair.cmp_name("", name) == Ordering::Less;
                if self.given.first().is_some_and(before) {
                    break;
                }
            }
            self.nth = self.nth.wrapping_add(1);
            if is_there {
                return Some(Entry::Own(*own));
            }
        }
        loop {
            let Some((pair, rest)) = self.given.split_first() else {
                if self.unsigned.is_empty() {
                    return None;
                }
                self.given = mem::take(&mut self.unsigned);
                continue;
            };
            self.given = rest;
            // An `Authorization` of one's own is for requests that are not signed.
            if !(self.has(Own::Authorization) && pair.is_named(b"authorization")) {
                return Some(Entry::Given(pair));
            }
        }
    }
}
