//! Presigning in pieces, for engines that hash many requests at once.

use core::fmt;

use super::Dots;
use super::Expires;
use super::ONLY_HOST;
use super::PathEncoding;
use super::Payload;
use super::Rules;
use super::Signed;
use super::Signer;
use super::SigningKey;
use super::presigned;
use crate::endpoint::Endpoint;
use crate::request::Request;
use crate::request::Shape;
use crate::sink::Sink;
use crate::time::Time;

/// What presigned URLs of one signer and time have in common.
///
/// [`Signer::presign`] hashes one request after another. Where many can be hashed at once, their texts come from
/// here, as [`Unproven`], and the rest is the engine's: the digest of the canonical request, its 64 hex digits behind
/// [`string_to_sign_head`](Unproven::string_to_sign_head), the code of that under [`states`](Unproven::states), and its
/// hex digits at the end of the URL.
///
/// ```
/// use tucuxi_core::encode::hex;
/// use tucuxi_core::endpoint::Endpoint;
/// use tucuxi_core::hash::Sha256;
/// use tucuxi_core::request::{Pair, Raw};
/// use tucuxi_core::sigv4::{Credentials, Expires, Payload, Rules, Signer, SigningKey};
/// use tucuxi_core::sink::{Cursor, Sink};
/// use tucuxi_core::time::Time;
///
/// let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
/// let now = Time::parse_stamp(b"20150830T123600Z").unwrap();
/// let key = SigningKey::derive(&credentials, now, "us-east-1", "s3");
/// let signer = Signer::new(&credentials, &key, Rules::S3);
/// let mut pairs = [Pair::EMPTY; 4];
/// let request = Raw::from_url("https://logs.s3.amazonaws.com/a", &mut pairs).unwrap().finish().unwrap();
/// let endpoint = Endpoint::new(true, "logs.s3.amazonaws.com", "s3", "us-east-1");
/// let hour = Expires::from_seconds(3600).unwrap();
///
/// let presigning = signer.presigning(now, Payload::Unsigned, hour).unwrap();
/// let unproven = presigning.of(&request, endpoint);
/// let mut hash = Sha256::new();
/// unproven.canonical_request(&mut hash);
/// let mut room = [0; 256];
/// let mut text = Cursor::new(&mut room);
/// unproven.string_to_sign_head(&mut text);
/// text.put(hex(hash.finish()).as_flattened());
///
/// let signed = signer.presign(&request, endpoint, now, Payload::Unsigned, hour);
/// let mut room = [0; 256];
/// let mut expected = Cursor::new(&mut room);
/// signed.string_to_sign(&mut expected);
/// assert_eq!(text.finish(), expected.finish());
/// ```
#[derive(Clone, Copy)]
pub struct Presigning<'a> {
    signer: &'a Signer<'a>,
    key: &'a SigningKey,
    stamp: [u8; 16],
    payload: Payload<'a>,
    expires: Expires,
}

impl Signer<'_> {
    /// What [`presign`](Self::presign) hashes and writes, for whoever hashes many at once. Nothing for a signer of
    /// version 4a, which does not sign by hashing.
    #[must_use]
    pub fn presigning<'s>(
        &'s self,
        time: Time,
        payload: Payload<'s>,
        expires: Expires,
    ) -> Option<Presigning<'s>> {
        let key = self.key()?;
        Some(Presigning { signer: self, key, stamp: key.stamp(time), payload, expires })
    }
}

impl<'a> Presigning<'a> {
    /// The request of a URL.
    #[must_use]
    pub const fn of<'s>(&'s self, request: &'s Request<'s>, endpoint: Endpoint<'s>) -> Unproven<'s> {
        Unproven { presigning: self, request, endpoint }
    }
}

impl fmt::Debug for Presigning<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Presigning").field("signer", &self.signer).finish_non_exhaustive()
    }
}

/// A request for a presigned URL before its signature is known: see [`Presigning`].
///
/// Much of its texts is the same for many of them: see [`has_common_rest`](Self::has_common_rest).
#[derive(Clone, Copy)]
pub struct Unproven<'s> {
    presigning: &'s Presigning<'s>,
    request: &'s Request<'s>,
    endpoint: Endpoint<'s>,
}

impl<'s> Unproven<'s> {
    /// What is to be signed.
    #[must_use]
    pub const fn request(&self) -> &'s Request<'s> {
        self.request
    }

    /// Where it goes.
    #[must_use]
    pub const fn endpoint(&self) -> Endpoint<'s> {
        self.endpoint
    }

    /// The states that the key leaves SHA-256 in: after HMAC's inner block, and after its outer one.
    ///
    /// Each is as secret as the key, with which it does the same: whoever copies them wipes the copies.
    #[must_use]
    pub const fn states(&self) -> [&'s [u32; 8]; 2] {
        self.presigning.key.mac().states()
    }

    /// Writes the canonical request.
    pub fn canonical_request(&self, to: &mut dyn Sink) {
        self.signed().canonical_request(to);
    }

    /// Writes the string to sign, but for the digest in hex that ends it.
    pub fn string_to_sign_head(&self, mut to: &mut dyn Sink) {
        self.signed().string_head(&mut to);
    }

    /// Writes the URL with 64 zero bytes at its end, in place of the signature's hex digits.
    pub fn url(&self, to: &mut dyn Sink) {
        let signed = self.signed();
        self.endpoint.write_origin(to);
        signed.wire_path(to);
        signed.wire_query(to);
    }

    /// Whether what follows the path, in the canonical request and in the URL, is the same as in any other such
    /// request to the same host: it has no headers and no query of its own, and its body is not hashed.
    #[must_use]
    pub const fn has_common_rest(&self) -> bool {
        self.request.headers().is_empty()
            && self.request.query().is_empty()
            && matches!(self.presigning.payload, Payload::Literal(_) | Payload::Unsigned)
    }

    /// The request's path where it is not empty and stands as it is both in the canonical request and in the URL,
    /// behind the endpoint's own path and a slash; none where it must be encoded or resolved.
    #[must_use]
    pub fn plain_path(&self) -> Option<&'s str> {
        let Rules { encoding, dots, .. } = self.presigning.signer.rules;
        let same = encoding == PathEncoding::Once && dots == Dots::Kept;
        let before = Shape::of(self.endpoint.path().strip_prefix('/').unwrap_or_default());
        let shape = self.request.shape().min(before);
        let plain = same && shape >= Shape::Plain && !self.request.path().is_empty();
        plain.then_some(self.request.path())
    }

    fn signed(&self) -> Signed<'s> {
        let Presigning { signer, stamp, payload, expires, .. } = *self.presigning;
        let mut signed = Signed::new(self.request, self.endpoint, Some(signer), ONLY_HOST, stamp, payload);
        signed.presigned = Some(presigned::query);
        signed.expires = Some(expires);
        signed
    }
}

impl fmt::Debug for Unproven<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unproven")
            .field("request", &self.request)
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}
