//! Signature Version 4: who asks, for what, proven.
//!
//! A [`Signer`] is a name and a [`SigningKey`]; [`Signer::sign`] reads a [`Request`] and returns it
//! [`Signed`]: the same lists with the headers that signing adds. [`Signer::presign`] puts
//! the proof into the query instead. Nothing is copied: the canonical request is written straight
//! into SHA-256, and can be written into any other sink to be looked at. There is no clock here (time
//! is handed in) and no error: a [`Request`] is valid, and everything valid can be signed.
//!
//! The rules are AWS's
//! [Create a signed request](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).

mod canonical;
mod chain;
mod entries;
mod expires;
mod key;
mod path;
mod presigned;
mod proof;
mod rules;
mod small;
mod unproven;
#[cfg(feature = "sigv4a")]
mod v4a;

use core::fmt;

use self::canonical::As;
pub(crate) use self::chain::Chain;
use self::entries::Entries;
use self::entries::Entry;
pub use self::expires::BadExpires;
pub use self::expires::Expires;
pub use self::key::Credentials;
pub use self::key::DerivedKey;
pub use self::key::SigningKey;
#[cfg(feature = "sigv4a")]
use self::proof::Asymmetric;
use self::proof::Proof;
pub(crate) use self::proof::Signature;
pub(crate) use self::proof::Version;
pub use self::rules::ContentSha256;
pub use self::rules::Dots;
pub use self::rules::PathEncoding;
pub use self::rules::Rules;
pub use self::rules::Token;
pub use self::unproven::Presigning;
pub use self::unproven::Unproven;
#[cfg(feature = "sigv4a")]
pub use self::v4a::EcdsaKey;
#[cfg(feature = "sigv4a")]
pub use self::v4a::EcdsaSignature;
#[cfg(feature = "sigv4a")]
pub use self::v4a::PublicKey;

use crate::encode::Grade;
use crate::encode::Percent;
use crate::encode::hex;
use crate::encode::hex_words;
use crate::endpoint::Endpoint;
use crate::hash;
use crate::hash::BLOCK;
use crate::hash::INITIAL;
use crate::hash::Sha256;
use crate::hash::Stage;
use crate::hash::words_of;
use crate::request::Body;
use crate::request::Line;
use crate::request::Request;
use crate::request::Shape;
use crate::secret::Secret;
use crate::sink::Cursor;
use crate::sink::Full;
use crate::sink::Literal;
use crate::sink::Recite;
use crate::sink::SMALL;
use crate::sink::Sink;
use crate::time::Time;

/// Of the signer's own headers only the host is there: nobody signs, or the proof stands in the query.
const ONLY_HOST: [bool; 4] = [true, false, false, false];

/// What the signature says of the body.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum Payload<'p> {
    /// Its SHA-256, worked out from the request's body.
    #[default]
    Body,
    /// One of AWS's other texts, such as `STREAMING-UNSIGNED-PAYLOAD-TRAILER`.
    Literal(&'p str),
    /// Its SHA-256, known already.
    Sha256([u8; 32]),
    /// Nothing. S3 takes that over https.
    Unsigned,
}

/// Signs requests in one name.
///
/// ```
/// use tucuxi_core::endpoint::Endpoint;
/// use tucuxi_core::request::{Pair, Raw};
/// use tucuxi_core::sigv4::{Credentials, Payload, Rules, Signer, SigningKey};
/// use tucuxi_core::time::Time;
///
/// let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
/// let now = Time::parse_stamp(b"20150830T123600Z").unwrap();
/// let key = SigningKey::derive(&credentials, now, "us-east-1", "service");
/// let signer = Signer::new(&credentials, &key, Rules::OTHERS);
///
/// let mut room = [Pair::EMPTY; 4];
/// let request = Raw::from_url("https://example.amazonaws.com/", &mut room).unwrap().finish().unwrap();
/// let endpoint = Endpoint::new(true, "example.amazonaws.com", "service", "us-east-1");
/// let signed = signer.sign(&request, endpoint, now, Payload::Body);
/// assert!(signed.signature().starts_with("5fa00fa31553b73ebf1942676e86291e"));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Signer<'a> {
    access_key: &'a str,
    token: Option<Secret<'a>>,
    /// The token as it stands in a query, where it was encoded beforehand.
    encoded_token: Option<Secret<'a>>,
    proof: Proof<'a>,
    rules: Rules,
    /// What of the access key, and of the token and the region set, must be changed before it is signed.
    grades: [Grade; 2],
}

impl<'a> Signer<'a> {
    /// A signer for the credentials' owner, with a key derived from them.
    #[must_use]
    pub fn new(credentials: &Credentials<'a>, key: &'a SigningKey, rules: Rules) -> Self {
        let token = credentials.token().map(Secret::new);
        Self::with_key(credentials.access_key(), token, key, rules)
    }

    /// A signer that never saw the secret: for who was handed a [`DerivedKey`], with the access key ID
    /// that it is for and the session token that goes with it, if there is one. A key of another day, region or
    /// service signs what the server refuses: ask [`SigningKey::covers`] first.
    #[must_use]
    pub fn with_key(
        access_key: &'a str,
        token: Option<Secret<'a>>,
        key: &'a SigningKey,
        rules: Rules,
    ) -> Self {
        Self::with_proof(access_key, token, Proof::Hmac(key), rules)
    }

    /// A signer of Signature Version 4a: what it signs is good in all the regions of a set, and so is its key.
    ///
    /// A region set is a list such as `us-west-2,eu-*`, or `*` for all regions. Which services ask for it, and with
    /// which set, their endpoints say: S3's multi-region access points, for example. For a body in chunks there is
    /// [`Framing::v4a`](crate::aws_chunked::Framing::v4a).
    ///
    /// ```
    /// use tucuxi_core::endpoint::Endpoint;
    /// use tucuxi_core::request::{Pair, Raw};
    /// use tucuxi_core::sigv4::{Credentials, EcdsaKey, Payload, Rules, Signer};
    /// use tucuxi_core::sink::Cursor;
    /// use tucuxi_core::time::Time;
    ///
    /// let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    /// let key = EcdsaKey::derive(&credentials).unwrap();
    /// let signer = Signer::v4a(&credentials, &key, "*", Rules::S3);
    ///
    /// let mut room = [Pair::EMPTY; 4];
    /// let url = "https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/key";
    /// let raw = Raw::from_url(url, &mut room).unwrap();
    /// let endpoint = Endpoint::new(true, raw.host(), "s3", "");
    /// let request = raw.finish().unwrap();
    /// let now = Time::parse_stamp(b"20150830T123600Z").unwrap();
    /// let signed = signer.sign(&request, endpoint, now, Payload::Body);
    ///
    /// let mut room = [0; 256];
    /// let mut text = Cursor::new(&mut room);
    /// signed.string_to_sign(&mut text);
    /// let text = text.finish().unwrap();
    /// assert!(text.starts_with(b"AWS4-ECDSA-P256-SHA256\n20150830T123600Z\n20150830/s3/aws4_request\n"));
    /// assert!(key.public_key().verify(text, signed.signature()));
    /// ```
    #[cfg(feature = "sigv4a")]
    #[must_use]
    pub fn v4a(credentials: &Credentials<'a>, key: &'a EcdsaKey, region_set: &'a str, rules: Rules) -> Self {
        let token = credentials.token().map(Secret::new);
        Self::with_ecdsa_key(credentials.access_key(), token, key, region_set, rules)
    }

    /// As [`v4a`](Self::v4a), for who was handed an [`EcdsaKey`] and never saw the secret.
    #[cfg(feature = "sigv4a")]
    #[must_use]
    pub fn with_ecdsa_key(
        access_key: &'a str,
        token: Option<Secret<'a>>,
        key: &'a EcdsaKey,
        region_set: &'a str,
        rules: Rules,
    ) -> Self {
        Self::with_proof(access_key, token, Proof::Ecdsa(Asymmetric::new(key, region_set)), rules)
    }

    fn with_proof(access_key: &'a str, token: Option<Secret<'a>>, proof: Proof<'a>, rules: Rules) -> Self {
        let texts = [access_key, token.map(Secret::reveal).unwrap_or_default()];
        let [access, others] = if SMALL { [Grade::Any; 2] } else { texts.map(Grade::of) };
        let grades = [access, others.min(proof.region_set().map_or(Grade::Unreserved, Grade::of))];
        Self { access_key, token, encoded_token: None, proof, rules, grades }
    }

    /// Encodes the session token into `room` once and for all that is presigned: it is long, and
    /// encoding it takes longer than the rest of a presigned URL. Of `room` three bytes for each of the token are
    /// needed at most; it holds the token then, so whoever lends it wipes it.
    ///
    /// # Errors
    ///
    /// [`Full`] where the room is too small. Signing works without it.
    pub fn encode_token(mut self, room: &'a mut [u8]) -> Result<Self, Full> {
        if let Some(token) = self.token {
            let mut encoded = Cursor::new(room);
            Line(&mut Percent::component(&mut encoded)).put(token.reveal().as_bytes());
            let encoded: &'a [u8] = encoded.finish()?;
            self.encoded_token = core::str::from_utf8(encoded).ok().map(Secret::new);
        }
        Ok(self)
    }

    /// The same signer with another key of the same owner: the next day's, or another region's.
    #[must_use]
    pub const fn with(mut self, key: &'a SigningKey) -> Self {
        self.proof = Proof::Hmac(key);
        self
    }

    /// Whether there is a session token that is signed.
    fn signs_token(&self) -> bool {
        self.token.is_some() && self.rules.token != Token::Added
    }

    pub(crate) const fn access_key(&self) -> &'a str {
        self.access_key
    }

    pub(crate) const fn token(&self) -> Option<Secret<'a>> {
        self.token
    }

    /// The key of version 4, if that is what it proves with.
    pub(crate) const fn key(&self) -> Option<&'a SigningKey> {
        self.proof.key()
    }

    /// Signs in headers.
    ///
    /// `time` must lie on the day that the key is for ([`SigningKey::covers`]), and the endpoint's
    /// region and service must be the key's: the server refuses anything else. A key of Signature Version 4a is for all of
    /// them, and the endpoint's region is not looked at.
    #[must_use]
    #[inline]
    pub fn sign<'s>(
        &'s self,
        request: &'s Request<'s>,
        endpoint: Endpoint<'s>,
        time: Time,
        payload: Payload<'s>,
    ) -> Signed<'s> {
        let sha256 = self.rules.content_sha256 == ContentSha256::Sent;
        let own = [true, sha256, true, self.signs_token()];
        let stamp = self.proof.stamp(time);
        let mut signed = Signed::new(request, endpoint, Some(self), own, stamp, payload);
        signed.prove_in_headers(self.proof);
        signed
    }

    /// Signs what somebody else has signed, and adds nothing to it: for comparing.
    #[must_use]
    pub(crate) fn sign_again<'s>(
        &'s self,
        request: &'s Request<'s>,
        endpoint: Endpoint<'s>,
        stamp: [u8; 16],
        payload: Payload<'s>,
    ) -> Signed<'s> {
        let mut signed = Signed::new(request, endpoint, Some(self), [false; 4], stamp, payload);
        signed.prove_in_headers(self.proof);
        signed
    }

    /// Signs in the query: a URL that anyone can use until it expires.
    ///
    /// The URL dies with the credentials if they go first: [`Expires::end`] says when. Whoever uses it must send the
    /// request's headers as they were signed: see [`Request::headers`]. Query parameters that presigning sets
    /// are its own: what the request has of those names is left out. S3 wants [`Payload::Unsigned`]
    /// here, all others [`Payload::Body`].
    #[must_use]
    #[inline]
    pub fn presign<'s>(
        &'s self,
        request: &'s Request<'s>,
        endpoint: Endpoint<'s>,
        time: Time,
        payload: Payload<'s>,
        expires: Expires,
    ) -> Signed<'s> {
        let mut signed =
            Signed::new(request, endpoint, Some(self), ONLY_HOST, self.proof.stamp(time), payload);
        signed.presigned = Some(presigned::query);
        signed.expires = Some(expires);
        signed.prove_in_query(self.proof);
        signed
    }
}

/// How long a canonical request may be to be hashed in one call, in bytes: longer than usual ones with a session token.
const REQUEST_STAGE: usize = 1152;

/// How long a string to sign may be to be hashed in two.
const STRING_STAGE: usize = 192;

/// A request with its proof, ready to be written by [`wire`](crate::wire).
#[derive(Clone)]
pub struct Signed<'s> {
    request: &'s Request<'s>,
    endpoint: Endpoint<'s>,
    /// None where nobody signs.
    signer: Option<&'s Signer<'s>>,
    /// Which of the signer's own headers are there: host, payload, stamp and token.
    own: [bool; 4],
    /// Writes the query, where the proof stands there.
    presigned: Option<fn(&Signed<'_>, As, &mut dyn Sink)>,
    /// How long the proof lasts there, in seconds.
    expires: Option<Expires>,
    stamp: [u8; 16],
    /// What stands for the body in the canonical request; none where that is its digest.
    payload: Option<&'s str>,
    digest: [[u8; 2]; 32],
    shape: Shape,
    /// What signing adds is visible ASCII without blanks.
    clean: bool,
    /// No part of the credential is encoded in a query.
    plain: bool,
    signature: Signature,
}

impl<'s> Signed<'s> {
    #[inline(always)]
    fn new(
        request: &'s Request<'s>,
        endpoint: Endpoint<'s>,
        signer: Option<&'s Signer<'s>>,
        own: [bool; 4],
        stamp: [u8; 16],
        payload: Payload<'s>,
    ) -> Self {
        let [access_key, token] = signer.map_or([Grade::Unreserved; 2], |signer| signer.grades);
        let (mut literal, mut digest) = (None, [[0; 2]; 32]);
        let mut grade = endpoint.grade().min(access_key).min(token);
        match payload {
            Payload::Body => match (request.body(), signer) {
                (Body::Empty | Body::Bytes([]), _) | (_, None) => literal = Some(EMPTY_SHA256),
                (Body::Bytes(bytes), Some(signer)) if !SMALL => {
                    digest = hex_words(&hash::digest(signer.proof.engine(), bytes));
                }
                (body, Some(signer)) => {
                    let mut hash = Sha256::with(signer.proof.engine());
                    body.recite(&mut hash);
                    digest = digits(hash.finish());
                }
            },
            Payload::Literal(text) => {
                literal = Some(text);
                grade = grade.min(Grade::of(text));
            }
            Payload::Sha256(bytes) => digest = digits(bytes),
            Payload::Unsigned => literal = Some("UNSIGNED-PAYLOAD"),
        }
        Self {
            request,
            endpoint,
            signer,
            own,
            presigned: None,
            expires: None,
            stamp,
            payload: literal,
            digest,
            shape: request.shape().min(Shape::of(endpoint.path().strip_prefix('/').unwrap_or_default())),
            clean: grade >= Grade::Graphic,
            plain: endpoint.scope_grade().min(access_key) == Grade::Unreserved,
            signature: Signature::Hmac([[0; 2]; 32]),
        }
    }

    fn prove_in_headers(&mut self, by: Proof<'_>) {
        self.prove(by, |signed, to| signed.given_query(to));
    }

    fn prove_in_query(&mut self, by: Proof<'_>) {
        self.prove(by, |signed, to| signed.canonical_presigned(to));
    }

    /// Signs.
    #[inline]
    fn prove(&mut self, by: Proof<'_>, query: impl Fn(&Self, &mut Stage<'_>)) {
        self.signature = match by {
            Proof::Hmac(key) if SMALL => self.signature_small(key),
            Proof::Hmac(key) => Signature::Hmac(match self.code(key, query) {
                Some(code) => hex_words(&code),
                None => {
                    let mut mac = key.mac().start();
                    self.string_to_sign(&mut mac);
                    digits(mac.finish())
                }
            }),
            #[cfg(feature = "sigv4a")]
            Proof::Ecdsa(by) => by.prove(self),
        };
    }

    /// The code of the string to sign under the key; nothing where one of the texts is longer than usual.
    ///
    /// The order is that in which a processor waits least: no block is hashed right after its last bytes were written,
    /// and while the first block of the string is hashed, the second of the request is written.
    #[inline]
    fn code(&self, key: &SigningKey, query: impl Fn(&Self, &mut Stage<'_>)) -> Option<[u32; 8]> {
        let engine = key.engine();
        let mut string = [0; STRING_STAGE];
        let mut stage = Stage::new(&mut string, 0);
        self.string_head(&mut stage);
        let head = stage.held()?;

        let mut request = [0; REQUEST_STAGE];
        let mut stage = Stage::new(&mut request, 0);
        let given = self.canonical_start(query, &mut stage);

        let [inner, _] = key.mac().states();
        let mut inner = *inner;
        let ready = head / BLOCK;
        engine.compress(&mut inner, string.as_chunks::<BLOCK>().0.get(..ready)?);

        self.canonical_rest(given, &mut stage);
        let blocks = stage.pad(0)?;
        let mut state = INITIAL;
        engine.compress(&mut state, request.as_chunks::<BLOCK>().0.get(..blocks)?);

        let mut stage = Stage::new(&mut string, head);
        stage.literal(hex_words(&state).as_flattened().first_chunk::<64>()?);
        let blocks = stage.pad(BLOCK as u64)?;
        engine.compress(&mut inner, string.as_chunks::<BLOCK>().0.get(ready..blocks)?);
        Some(key.mac().outer(&inner))
    }

    /// The last line of the canonical request.
    fn payload_text(&self) -> &[u8] {
        self.payload.map_or(self.digest.as_flattened(), str::as_bytes)
    }

    /// How the request is to be signed.
    fn rules(&self) -> Rules {
        self.signer.map_or(Rules::S3, |signer| signer.rules)
    }

    /// A request in nobody's name, for public buckets and the like.
    #[must_use]
    pub fn anonymous(request: &'s Request<'s>, endpoint: Endpoint<'s>) -> Self {
        Self::new(request, endpoint, None, ONLY_HOST, [b'0'; 16], Payload::Literal(""))
    }

    /// What was signed.
    #[must_use]
    pub const fn request(&self) -> &'s Request<'s> {
        self.request
    }

    /// Where it goes.
    #[must_use]
    pub const fn endpoint(&self) -> Endpoint<'s> {
        self.endpoint
    }

    /// The headers as they go out, `host` first; those that are not part of the request, such as
    /// `content-length`, are not among them.
    ///
    /// ```
    /// use tucuxi_core::endpoint::Endpoint;
    /// use tucuxi_core::request::{Pair, Raw};
    /// use tucuxi_core::sigv4::Signed;
    /// use tucuxi_core::sink::Count;
    ///
    /// let mut room = [Pair::EMPTY; 4];
    /// let mut raw = Raw::from_url("https://example.com/", &mut room).unwrap();
    /// raw.header("Authorization", "Bearer abc");
    /// let request = raw.finish().unwrap();
    /// let sent = Signed::anonymous(&request, Endpoint::new(true, "example.com", "", ""));
    /// let mut bytes = Count::default();
    /// for header in sent.headers() {
    ///     header.write_name(&mut bytes);
    ///     header.write_value(&mut bytes);
    /// }
    /// assert_eq!(bytes.bytes(), "hostexample.comauthorizationBearer abc".len());
    /// ```
    pub fn headers(&self) -> impl Iterator<Item = Header<'_>> {
        Entries::wire(self).map(|entry| Header { signed: self, entry })
    }

    /// Whether the proof stands in the headers.
    fn signs_in_headers(&self) -> bool {
        self.presigned.is_none() && self.signer.is_some()
    }

    /// Whether there is a session token that is not signed.
    fn adds_token(&self) -> bool {
        self.signer.is_some_and(|signer| signer.token.is_some() && !signer.signs_token())
    }

    /// The access key ID of who signed.
    pub(crate) fn access_key(&self) -> Option<&'s str> {
        self.signer.map(|signer| signer.access_key)
    }

    /// The signature in hex: 64 digits, or at most 144 of Signature Version 4a. Nothing where nobody signed.
    #[must_use]
    pub fn signature(&self) -> &str {
        match self.signer {
            Some(_) => core::str::from_utf8(self.signature.as_bytes()).unwrap_or_default(),
            None => "",
        }
    }
}

impl fmt::Debug for Signed<'_> {
    /// Without the signature and the token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signed")
            .field("request", &self.request)
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}

/// A header as it goes out.
#[derive(Clone, Copy)]
pub struct Header<'s> {
    signed: &'s Signed<'s>,
    entry: Entry<'s>,
}

impl Header<'_> {
    /// Writes the name, in lower case.
    pub fn write_name(&self, to: &mut dyn Sink) {
        match self.entry {
            Entry::Given(pair) => pair.write_name(to),
            Entry::Own(own) => to.put(self.signed.own_name_small(own)),
        }
    }

    /// Writes the value.
    pub fn write_value(&self, to: &mut dyn Sink) {
        match self.entry {
            Entry::Given(pair) => pair.write_value(to),
            Entry::Own(own) => self.signed.own_header(own, to),
        }
    }
}

impl fmt::Debug for Header<'_> {
    /// Without the value, which may be a signature.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Header").finish_non_exhaustive()
    }
}

/// The digits of a digest.
fn digits(digest: [u8; 32]) -> [[u8; 2]; 32] {
    if SMALL { hex(digest) } else { hex_words(&words_of(&digest)) }
}

/// The SHA-256 of nothing.
pub(crate) const EMPTY_SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

#[cfg(test)]
mod tests;
