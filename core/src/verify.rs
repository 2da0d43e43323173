//! The other side of [`sigv4`](crate::sigv4): whether a request was signed by the owner of a key.
//!
//! A server hands over what it [`Received`], line by line as it came, and reads the [`Claim`] that is made in the
//! `Authorization` header or in the query: who says to have signed, when, for which region and service. With that
//! it looks the key up, and [`Claim::verify`] says whether it is true: the canonical request is written by the
//! same code that signs, and the signatures are compared in a time that tells nothing. What comes back is a
//! [`Proof`], which also says what is *not* proven yet: a body that is still to be read goes through a
//! [`BodyCheck`], or where it comes in chunks through a [`ChunkVerifier`].
//!
//! It is strict where leniency has been a hole elsewhere: a request that makes two claims, that says a signing
//! parameter twice or once more in another case, that leaves an `x-amz-` header unsigned, or whose time is not
//! near, is refused, whatever its signature. It knows no accounts, no policies and no clock.
//!
//! It remembers nothing either: the same request, sent again, is true again. Whoever wants each once keeps its
//! [signature](Claim::signature) until after [`Claim::until`], that instant included, and refuses what has one that is
//! kept: in headers that is [`Claim::time`] and [`Terms::max_skew`] from then on. Presigned URLs are meant to be used
//! more than once.
//!
//! What is verified is `AWS4-HMAC-SHA256`. For Signature Version 4a there is `PublicKey::verify` in
//! [`sigv4`](crate::sigv4), feature `sigv4a`, for the text that was signed.
//!
//! What it takes for the same as what was signed is listed in `core/src/verify/tests/equivalent.rs`: the
//! order and the case of header names, blanks around and between words, a repeated header as one line with commas,
//! the order of query parameters, and the spelling of what is percent-encoded. A `+` in a query is a plus sign,
//! not a space: who reads the query must read it so, too. For services other than S3, `.`, `..` and empty segments of
//! the path are resolved before it is signed, so whoever verifies `/a/../b` has proven `/b`, and must serve that.
//!
//! The rules are AWS's
//! [Create a signed request](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html),
//! and for S3 [Authenticating requests](https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html).

mod body;
mod chunks;
mod claim;
mod refusal;

use core::fmt;
use core::time::Duration;

pub use self::body::BodyCheck;
pub use self::body::WrongBody;
pub use self::chunks::Arrived;
pub use self::chunks::BadChunks;
pub use self::chunks::ChunkVerifier;
pub use self::chunks::TRAILER_ROOM;
pub use self::refusal::Piece;
pub use self::refusal::Refusal;

use crate::encode::hex;
use crate::encode::hex_decode;
use crate::endpoint::Endpoint;
use crate::hash::same;
use crate::request::Method;
use crate::request::Pair;
use crate::request::Request;
use crate::secret::Secret;
use crate::sigv4::ContentSha256;
use crate::sigv4::Payload;
use crate::sigv4::Rules;
use crate::sigv4::Signed;
use crate::sigv4::Signer;
use crate::sigv4::SigningKey;
use crate::sigv4::Token;
use crate::sink::Cursor;
use crate::sink::Sink;
use crate::time::Time;

/// A request as it was received, before anything in it is believed.
#[derive(Clone, Copy)]
pub struct Received<'a> {
    method: &'a str,
    target: &'a str,
    headers: &'a [(&'a str, &'a str)],
}

impl<'a> Received<'a> {
    /// The parts of a head: the method; the target as it stood in the request line, a path with its query, not
    /// decoded; the headers in their order, with every line, and with the `host` that HTTP/2 has in `:authority`.
    ///
    /// All headers must be given, for one that is not given is not missed. A value that is not UTF-8 cannot be
    /// given, and a request that has one should be refused.
    #[must_use]
    pub const fn new(method: &'a str, target: &'a str, headers: &'a [(&'a str, &'a str)]) -> Self {
        Self { method, target, headers }
    }

    /// The path, and the query where there is one.
    fn parts(&self) -> (&'a str, &'a str) {
        self.target.split_once('?').unwrap_or((self.target, ""))
    }

    /// The pairs of the query.
    fn query(&self) -> impl Iterator<Item = (&'a str, Option<&'a str>)> + use<'a> {
        let pairs = self.parts().1.split('&').filter(|pair| !pair.is_empty());
        pairs.map(|pair| match pair.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (pair, None),
        })
    }

    /// The values of the headers of a name.
    fn named(&self, name: &str) -> impl Iterator<Item = &'a str> + Clone {
        let named = self.headers.iter().filter(move |(given, _)| given.eq_ignore_ascii_case(name));
        named.map(|(_, value)| *value)
    }
}

impl fmt::Debug for Received<'_> {
    /// Without the query and the headers, which may hold signatures and tokens.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (path, _) = self.parts();
        f.debug_struct("Received").field("method", &self.method).field("path", &path).finish_non_exhaustive()
    }
}

/// Where a claim stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "AWS's two ways")]
pub enum Place {
    /// In the `Authorization` header.
    Headers,
    /// In the query of a presigned URL.
    Query {
        /// How many seconds it lasts, 1 to 604,800.
        expires: u32,
    },
}

/// How the body comes in chunks: AWS's texts in `x-amz-content-sha256`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Streaming {
    /// `STREAMING-AWS4-HMAC-SHA256-PAYLOAD`: each chunk is signed.
    Signed,
    /// `STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER`: each chunk and the trailers are.
    SignedTrailer,
    /// `STREAMING-UNSIGNED-PAYLOAD-TRAILER`: none is, and trailers follow, as a rule a checksum.
    UnsignedTrailer,
}

impl Streaming {
    const ALL: [Self; 3] = [Self::Signed, Self::SignedTrailer, Self::UnsignedTrailer];

    /// AWS's text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Signed => "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
            Self::SignedTrailer => "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
            Self::UnsignedTrailer => "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        }
    }
}

/// What a signature says of the body, and so what is left to check.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Covers {
    /// Its SHA-256, which is that of the body: [`Terms::body`] gave it.
    Body,
    /// This SHA-256, which the body still has to be found to have: [`BodyCheck`].
    Digest([u8; 32]),
    /// Nothing. Anyone on the way may have changed the body.
    Nothing,
    /// That it comes in chunks, which bring proofs of their own.
    Chunks(Streaming),
}

/// What a server asks of a claim besides the signature.
///
/// ```
/// use core::time::Duration;
/// use tucuxi_core::time::Time;
/// use tucuxi_core::verify::Terms;
///
/// let now = Time::parse_stamp(b"20260102T030405Z").unwrap();
/// let terms = Terms::new(now).max_skew(Duration::from_secs(300)).scope("us-west-2", "s3");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Terms<'t> {
    now: Time,
    max_skew: Duration,
    body: Option<[u8; 32]>,
    payload: Payload<'t>,
    rules: Option<Rules>,
    scope: Option<(&'t str, &'t str)>,
    signed: &'t [&'t str],
}

impl<'t> Terms<'t> {
    /// How far the time of signing may be from `now` where nothing else is said, as with AWS: 15 minutes.
    pub const MAX_SKEW: Duration = Duration::from_secs(15 * 60);

    /// Asks what AWS asks, as of `now`.
    #[must_use]
    pub const fn new(now: Time) -> Self {
        let payload = Payload::Body;
        Self { now, max_skew: Self::MAX_SKEW, body: None, payload, rules: None, scope: None, signed: &[] }
    }

    /// How far the time of signing may be from `now`: in both directions for a claim in the headers, into the future
    /// for one in the query, which ends when it says.
    #[must_use]
    pub const fn max_skew(mut self, most: Duration) -> Self {
        self.max_skew = most;
        self
    }

    /// The SHA-256 of the body, by whoever has read it already. Services other than S3 do not send it, and need it
    /// here.
    #[must_use]
    pub const fn body(mut self, sha256: [u8; 32]) -> Self {
        self.body = Some(sha256);
        self
    }

    /// What signatures have to say of the body where no `x-amz-content-sha256` does. Where nothing is said here, or
    /// [`Payload::Body`], it is what AWS's servers expect: nothing in S3's presigned URLs, and for other services
    /// the SHA-256 of the [`body`](Self::body).
    #[must_use]
    pub const fn payload(mut self, payload: Payload<'t>) -> Self {
        self.payload = payload;
        self
    }

    /// How the service has its requests signed: [`Rules::of`] its name where nothing is said.
    #[must_use]
    pub const fn rules(mut self, rules: Rules) -> Self {
        self.rules = Some(rules);
        self
    }

    /// The one region and service that signatures may be for. Where nothing is said, the key decides: then it must
    /// have been derived for what the server is, not for what the claim says.
    #[must_use]
    pub const fn scope(mut self, region: &'t str, service: &'t str) -> Self {
        self.scope = Some((region, service));
        self
    }

    /// Headers that must be signed if they are there, besides `host`, `content-md5` and all that begin with
    /// `x-amz-`. AWS's documents name `content-type` as well, but its servers take it unsigned, and browsers send
    /// it so with presigned URLs.
    #[must_use]
    pub const fn signed(mut self, names: &'t [&'t str]) -> Self {
        self.signed = names;
        self
    }
}

/// Who says to have signed a request, and when: read, and not believed.
///
/// ```
/// use tucuxi_core::hash::Sha256;
/// use tucuxi_core::request::Pair;
/// use tucuxi_core::sigv4::{Credentials, SigningKey};
/// use tucuxi_core::time::Time;
/// use tucuxi_core::verify::{Claim, Covers, Received, Refusal, Terms};
///
/// let headers = [
///     ("Host", "example.amazonaws.com"),
///     ("X-Amz-Date", "20150830T123600Z"),
///     (
///         "Authorization",
///         "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
///          SignedHeaders=host;x-amz-date, \
///          Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
///     ),
/// ];
/// let mut room = [0; 256];
/// let claim = Claim::read(Received::new("GET", "/", &headers), &mut room).unwrap();
///
/// // Whose key that is, only the server knows.
/// assert_eq!(claim.access_key(), "AKIDEXAMPLE");
/// let credentials = Credentials::new(claim.access_key(), "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
/// let key = SigningKey::derive(&credentials, claim.time(), claim.region(), claim.service());
///
/// let terms = Terms::new(claim.time()).scope("us-east-1", "service").body(Sha256::digest(b""));
/// let mut pairs = [Pair::EMPTY; 16];
/// let proof = claim.verify(&key, &terms, &mut pairs).unwrap();
/// assert_eq!(proof.covers(), Covers::Body);
///
/// // Another body has another signature.
/// let terms = terms.body(Sha256::digest(b"other"));
/// assert_eq!(claim.verify(&key, &terms, &mut pairs).unwrap_err(), Refusal::Signature);
/// ```
#[derive(Clone, Copy)]
pub struct Claim<'a> {
    received: Received<'a>,
    method: Method,
    place: Place,
    access_key: &'a str,
    region: &'a str,
    service: &'a str,
    time: Time,
    stamp: [u8; 16],
    signed_headers: &'a str,
    signature: [u8; 64],
    token: Option<Secret<'a>>,
    /// What stands in `x-amz-content-sha256`.
    content: Option<(&'a str, Covers)>,
}

impl<'a> Claim<'a> {
    /// The access key ID of who says to have signed.
    #[must_use]
    pub const fn access_key(&self) -> &'a str {
        self.access_key
    }

    /// The region that the signature says to be for.
    #[must_use]
    pub const fn region(&self) -> &'a str {
        self.region
    }

    /// The service that the signature says to be for.
    #[must_use]
    pub const fn service(&self) -> &'a str {
        self.service
    }

    /// When it says to have been made.
    #[must_use]
    pub const fn time(&self) -> Time {
        self.time
    }

    /// Where it stands.
    #[must_use]
    pub const fn place(&self) -> Place {
        self.place
    }

    /// Until when it is taken on these terms, whatever their `now`: in headers at this instant still, in the query up
    /// to it, and never after it.
    #[must_use]
    pub fn until(&self, terms: &Terms<'_>) -> Time {
        self.time.saturating_add(match self.place {
            Place::Headers => terms.max_skew,
            Place::Query { expires } => Duration::from_secs(expires.into()),
        })
    }

    /// The signature, in 64 lower-case hex digits. It is a proof, with which the request can be sent again for as long
    /// as it is taken: keep it, compare it, and write it into no log.
    ///
    /// It has one spelling, so where two requests have the same, what is signed of them is the same: it was sent twice, or
    /// made twice within a second.
    #[must_use]
    pub fn signature(&self) -> &str {
        core::str::from_utf8(&self.signature).unwrap_or_default()
    }

    /// The session token that came with it. Whether it belongs to the access key is the server's to find out.
    #[must_use]
    pub const fn token(&self) -> Option<Secret<'a>> {
        self.token
    }

    /// Whether it is true: that the owner of `key` signed this request, and that it meets the terms.
    ///
    /// `key` must be that of the claim's access key ID, day, region and service. All but the first are part of what
    /// is signed; who is named is not, so a key of somebody else's proves nothing here.
    ///
    /// `pairs` is room for what is signed of the query and the headers.
    ///
    /// # Errors
    ///
    /// [`Refusal`]: why it is not believed, in the first respect that was found.
    pub fn verify(
        &self,
        key: &SigningKey,
        terms: &Terms<'_>,
        pairs: &mut [Pair<'a>],
    ) -> Result<Proof<'a>, Refusal<'a>> {
        let rules = self.rules(terms);
        self.is_timely(terms)?;
        if terms.scope.is_some_and(|scope| scope != (self.region, self.service)) {
            return Err(Refusal::Scope);
        }
        // No signature has the access key ID in it.
        if !key.is_for(self.access_key, self.time, self.region, self.service) {
            return Err(Refusal::Key);
        }
        self.is_covered(terms, rules)?;
        let (covers, _) = self.payload(terms, rules)?;
        let signed = |signed: &Signed<'_>| same_digits(signed.signature().as_bytes(), &self.signature);
        if !self.signed(key, terms, pairs, signed)? {
            return Err(Refusal::Signature);
        }
        Ok(Proof { claim: *self, covers })
    }

    /// Writes the canonical request and the string to sign, which servers show to those whose signature does not
    /// match, as S3 does: [`mismatch`](crate::mismatch) is what clients read them with. Both have the session
    /// token in them. The digest is worked out by [`Software`](crate::hash::Software).
    ///
    /// # Errors
    ///
    /// [`Refusal::Room`], and what [`verify`](Self::verify) has to say of the body.
    pub fn write_texts(
        &self,
        terms: &Terms<'_>,
        pairs: &mut [Pair<'a>],
        canonical_request: &mut dyn Sink,
        string_to_sign: &mut dyn Sink,
    ) -> Result<(), Refusal<'a>> {
        // No key is in either text.
        let nobody = crate::sigv4::DerivedKey::new("", [0; 8], "", "", [0; 32]);
        self.signed(&SigningKey::from_derived(&nobody), terms, pairs, |signed| {
            signed.canonical_request(canonical_request);
            signed.string_to_sign(string_to_sign);
        })
    }

    fn rules(&self, terms: &Terms<'_>) -> Rules {
        terms.rules.unwrap_or_else(|| Rules::of(self.service))
    }

    /// Whether now is a time for it.
    fn is_timely(&self, terms: &Terms<'_>) -> Result<(), Refusal<'a>> {
        let (now, skew) = (terms.now, terms.max_skew);
        if self.time > now.saturating_add(skew) {
            return Err(Refusal::Early);
        }
        let until = self.until(terms);
        match self.place {
            Place::Headers if now > until => Err(Refusal::Late),
            // A URL that lasts for a second is good for that second.
            Place::Query { .. } if now >= until => Err(Refusal::Expired),
            _ => Ok(()),
        }
    }

    /// Whether all that is essential is signed.
    fn is_covered(&self, terms: &Terms<'_>, rules: Rules) -> Result<(), Refusal<'a>> {
        let essential = |name: &str| {
            let name_is = |other: &str| name.eq_ignore_ascii_case(other);
            let amz = name.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("x-amz-"));
            // Its value is the last line of the canonical request, listed or not: S3 takes it unlisted.
            let covered = name_is("x-amz-content-sha256");
            let added = rules.token == Token::Added && name_is("x-amz-security-token");
            (amz && !covered && !added)
                || name_is("host")
                || name_is("content-md5")
                || terms.signed.iter().any(|signed| name_is(signed))
        };
        let mut headers = self.received.headers.iter();
        match headers.find(|(name, _)| essential(name) && !self.is_signed(name)) {
            Some((name, _)) => Err(Refusal::Unsigned { name }),
            None => Ok(()),
        }
    }

    fn is_signed(&self, name: &str) -> bool {
        self.signed_headers.split(';').any(|signed| signed.eq_ignore_ascii_case(name))
    }

    /// What the signature says of the body, and how that is written.
    fn payload<'p>(&self, terms: &Terms<'p>, rules: Rules) -> Result<(Covers, Payload<'p>), Refusal<'a>>
    where
        'a: 'p,
    {
        let known = |digest: [u8; 32]| match terms.body {
            None => Ok(Covers::Digest(digest)),
            Some(body) if same(&body, &digest) => Ok(Covers::Body),
            Some(_) => Err(Refusal::Body),
        };
        match (self.content, terms.payload) {
            (Some((text, Covers::Digest(digest))), _) => Ok((known(digest)?, Payload::Literal(text))),
            (Some((text, covers)), _) => Ok((covers, Payload::Literal(text))),
            (None, Payload::Sha256(digest)) => Ok((known(digest)?, Payload::Sha256(digest))),
            (None, Payload::Unsigned) => Ok((Covers::Nothing, Payload::Unsigned)),
            (None, Payload::Literal(text)) => {
                let covers = claim::said_of_body(text).unwrap_or(Covers::Nothing);
                let covers = if let Covers::Digest(digest) = covers { known(digest)? } else { covers };
                Ok((covers, Payload::Literal(text)))
            }
            (None, Payload::Body) if rules.content_sha256 == ContentSha256::Kept => {
                let body = terms.body.ok_or(Refusal::NoBody)?;
                Ok((Covers::Body, Payload::Sha256(body)))
            }
            (None, Payload::Body) if self.place == Place::Headers => {
                Err(Refusal::Missing { name: "x-amz-content-sha256" })
            }
            (None, Payload::Body) => Ok((Covers::Nothing, Payload::Unsigned)),
        }
    }

    /// What `then` makes of the request, signed once more.
    fn signed<T>(
        &self,
        key: &SigningKey,
        terms: &Terms<'_>,
        pairs: &mut [Pair<'a>],
        then: impl FnOnce(&Signed<'_>) -> T,
    ) -> Result<T, Refusal<'a>> {
        let rules = self.rules(terms);
        let (_, payload) = self.payload(terms, rules)?;
        let (path, _) = self.received.parts();
        let query = self.received.query().filter(|(name, _)| !self.is_outside(name, rules));
        let headers = self.received.headers.iter().copied().filter(|(name, _)| self.is_signed(name));
        let request =
            Request::received(self.method, path.strip_prefix('/').unwrap_or_default(), query, headers, pairs)
                .map_err(|needed| Refusal::Room { needed })?;
        let signer = Signer::with_key(self.access_key, None, key, rules);
        let endpoint = Endpoint::new(true, "", self.service, self.region);
        Ok(then(&signer.sign_again(&request, endpoint, self.stamp, payload)))
    }

    /// Writes the scope, as it stands in the strings to sign.
    fn write_scope(&self, to: &mut dyn Sink) {
        to.put(&self.time.day());
        for part in [self.region, self.service, "aws4_request"] {
            to.put(b"/");
            to.put(part.as_bytes());
        }
    }

    /// Whether a parameter of the query is none of what is signed.
    fn is_outside(&self, name: &str, rules: Rules) -> bool {
        let name_is = |other: &str| crate::encode::decoded(name.as_bytes()).eq(other.bytes());
        let added = rules.token == Token::Added && name_is("X-Amz-Security-Token");
        self.place != Place::Headers && (added || name_is("X-Amz-Signature"))
    }
}

impl fmt::Debug for Claim<'_> {
    /// Without the signature and the token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claim")
            .field("access_key", &self.access_key)
            .field("time", &self.time)
            .field("region", &self.region)
            .field("service", &self.service)
            .field("place", &self.place)
            .field("signed_headers", &self.signed_headers)
            .finish_non_exhaustive()
    }
}

/// A claim that was found to be true. There is no other way to get one than [`Claim::verify`].
#[derive(Clone, Copy, Debug)]
pub struct Proof<'a> {
    claim: Claim<'a>,
    covers: Covers,
}

impl<'a> Proof<'a> {
    /// The claim.
    #[must_use]
    pub const fn claim(&self) -> &Claim<'a> {
        &self.claim
    }

    /// Whether a header was signed. What was not, anyone may have added or changed.
    #[must_use]
    pub fn is_signed(&self, name: &str) -> bool {
        self.claim.is_signed(name)
    }

    /// The names of the signed headers, in lower case and in order.
    pub fn signed_headers(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.claim.signed_headers.split(';')
    }

    /// What was proven of the body.
    #[must_use]
    pub const fn covers(&self) -> Covers {
        self.covers
    }
}

/// Whether two signatures in hex digits are the same, in a time that does not tell where they differ.
fn same_digits(one: &[u8], other: &[u8]) -> bool {
    match (one.as_chunks::<32>(), other.as_chunks::<32>()) {
        (([a, b], []), ([c, d], [])) => same(a, c) & same(b, d),
        _ => false,
    }
}

/// The digest that 64 lower-case hex digits say.
fn digest(text: &str) -> Option<[u8; 32]> {
    let mut digest = [0; 32];
    let mut to = Cursor::new(&mut digest);
    hex_decode(text.as_bytes(), &mut to).ok()?;
    let whole = to.bytes() == 32;
    // In one spelling alone.
    (whole && hex(digest).as_flattened() == text.as_bytes()).then_some(digest)
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "tests may overflow loudly")]
mod tests;
