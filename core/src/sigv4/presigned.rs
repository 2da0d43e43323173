//! The query of a presigned URL, canonical and on the wire.
//!
//! Only [`Signer::presign`](super::Signer::presign) names what is here.

use core::cmp::Ordering;

use super::Signed;
use super::Token;
use super::canonical::As;
use crate::encode::Percent;
use crate::request::Coding;
use crate::request::Line;
use crate::request::Pair;
use crate::request::by_escaped;
use crate::secret::Secret;
use crate::sink::Literal;
use crate::sink::Sink;

/// A query parameter that the signer adds.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Own {
    Algorithm,
    Credential,
    Date,
    Expires,
    RegionSet,
    Token,
    SignedHeaders,
    Signature,
}

impl Own {
    /// In the order of their names; the signature is not signed.
    const SIGNED: [Self; 7] = [
        Self::Algorithm,
        Self::Credential,
        Self::Date,
        Self::Expires,
        Self::RegionSet,
        Self::Token,
        Self::SignedHeaders,
    ];

    /// Its name; only the token has more than one.
    fn name(self, token: Token) -> &'static str {
        match self {
            Self::Algorithm => "X-Amz-Algorithm",
            Self::Credential => "X-Amz-Credential",
            Self::Date => "X-Amz-Date",
            Self::Expires => "X-Amz-Expires",
            Self::RegionSet => "X-Amz-Region-Set",
            Self::Token if token == Token::S3Session => "X-Amz-S3session-Token",
            Self::Token => "X-Amz-Security-Token",
            Self::SignedHeaders => "X-Amz-SignedHeaders",
            Self::Signature => "X-Amz-Signature",
        }
    }
}

/// The query of a presigned URL, for who does not know how it is written.
pub(super) fn query(signed: &Signed<'_>, form: As, mut to: &mut dyn Sink) {
    match form {
        As::Canonical => signed.canonical_presigned(&mut to),
        As::Wire => signed.wire_presigned(to),
    }
}

impl<'s> Signed<'s> {
    /// Writes the query as it is signed: what was given and what the signer adds, in order.
    #[inline(always)]
    pub(super) fn canonical_presigned<S: Literal>(&self, to: &mut S) {
        let given = self.request.query();
        // Nearly always all that was given comes behind what the signer adds, and there is no need to look at each.
        if given.first().is_some_and(|first| !first.form().name || first.name() <= "Y") {
            return to.slow(|to| self.mixed_presigned(to));
        }
        self.own_pair(Own::Algorithm, to);
        to.literal(b"&");
        self.own_pair(Own::Credential, to);
        to.literal(b"&");
        self.own_pair(Own::Date, to);
        to.literal(b"&");
        self.own_pair(Own::Expires, to);
        to.literal(b"&");
        if self.signs(Own::RegionSet) {
            self.own_pair(Own::RegionSet, to);
            to.literal(b"&");
        }
        if self.signs(Own::Token) {
            self.own_pair(Own::Token, to);
            to.literal(b"&");
        }
        self.own_pair(Own::SignedHeaders, to);
        for pair in given {
            to.literal(b"&");
            self.request.write_canonical_pair(pair, to);
        }
    }

    /// Writes it where what was given may stand before what the signer adds, or be called the same.
    fn mixed_presigned(&self, mut to: &mut dyn Sink) {
        let mut own = Own::SIGNED.into_iter().filter(|own| self.signs(*own));
        let mut next = own.next();
        let mut mark: &[u8] = b"";
        for pair in self.given_presigned() {
            while let Some(this) = next
                && self.order(pair, this) != Ordering::Less
            {
                to.put(mark);
                mark = b"&";
                self.own_pair(this, &mut to);
                next = own.next();
            }
            to.put(mark);
            mark = b"&";
            self.request.write_canonical_pair(pair, &mut to);
        }
        while let Some(this) = next {
            to.put(mark);
            mark = b"&";
            self.own_pair(this, &mut to);
            next = own.next();
        }
    }

    /// Writes the query as it goes on the wire: what was given, and then what the signer adds.
    fn wire_presigned(&self, mut to: &mut dyn Sink) {
        let mut mark = self.wire_pairs(self.given_presigned(), to);
        let signed = Own::SIGNED.into_iter().filter(|own| self.signs(*own));
        let added = self.adds_token().then_some(Own::Token);
        for own in signed.chain(added).chain([Own::Signature]) {
            to.put(mark);
            mark = b"&";
            self.own_pair(own, &mut to);
        }
    }

    /// Whether a parameter of the signer's own is signed.
    fn signs(&self, own: Own) -> bool {
        match own {
            Own::RegionSet => self.region_set().is_some(),
            Own::Signature => false,
            Own::Token => self.signer.is_some_and(|signer| signer.signs_token()),
            _ => true,
        }
    }

    /// The request's own query parameters. What presigning says takes the place of what is called the same.
    fn given_presigned(&self) -> impl Iterator<Item = &'s Pair<'s>> {
        let own = |pair: &Pair<'_>| {
            // Most names are seen at once to be none of them.
            let may_be = !pair.form().name || pair.name().starts_with('X');
            let all = Own::SIGNED.into_iter().chain([Own::Signature]);
            // Version 4 knows no region set, and has nothing against a parameter that is called so.
            let all = all.filter(|own| *own != Own::RegionSet || self.region_set().is_some());
            may_be && all.into_iter().any(|own| self.order(pair, own) == Ordering::Equal)
        };
        self.request.query().iter().filter(move |pair| !own(pair))
    }

    fn order(&self, pair: &Pair<'_>, own: Own) -> Ordering {
        let name = own.name(self.rules().token);
        by_escaped(self.request.coding(), pair.name(), Coding::Plain, name)
    }

    /// Writes a parameter that the signer adds.
    #[inline(always)]
    fn own_pair<S: Literal>(&self, own: Own, to: &mut S) {
        match own {
            Own::Algorithm => {
                let (v4, v4a) =
                    (b"X-Amz-Algorithm=AWS4-HMAC-SHA256", b"X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256");
                self.by_version(v4, v4a, to);
            }
            Own::Credential => {
                to.literal(b"X-Amz-Credential=");
                if self.plain {
                    self.credential(|to| to.literal(b"%2F"), to);
                } else {
                    to.slow(|to| {
                        let mut to: &mut dyn Sink = &mut Line(&mut Percent::component(to));
                        self.credential(|to| to.literal(b"/"), &mut to);
                    });
                }
            }
            Own::Date => {
                to.literal(b"X-Amz-Date=");
                to.literal(&self.stamp);
            }
            Own::Expires => {
                to.literal(b"X-Amz-Expires=");
                if let Some(expires) = &self.expires {
                    to.put(expires.digits());
                }
            }
            Own::RegionSet => {
                to.literal(b"X-Amz-Region-Set=");
                let regions = self.region_set().unwrap_or_default();
                to.slow(|to| Line(&mut Percent::component(to)).put(regions.as_bytes()));
            }
            Own::Signature => {
                to.literal(b"X-Amz-Signature=");
                to.put(self.signature.as_bytes());
            }
            Own::SignedHeaders => {
                to.literal(b"X-Amz-SignedHeaders=");
                // A name may hold what is encoded in a query.
                let write =
                    |pair: &Pair<'_>, to: &mut S| to.slow(|to| pair.write_name(&mut Percent::component(to)));
                self.signed_headers(|to| to.literal(b"%3B"), write, to);
            }
            Own::Token => {
                let Some(signer) = self.signer else { return };
                to.put(own.name(signer.rules.token).as_bytes());
                to.literal(b"=");
                match signer.encoded_token {
                    Some(token) => to.put(token.reveal().as_bytes()),
                    None => to.slow(|to| {
                        let token = signer.token.map(Secret::reveal).unwrap_or_default();
                        Line(&mut Percent::component(to)).put(token.as_bytes());
                    }),
                }
            }
        }
    }
}
