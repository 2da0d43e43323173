//! SigV4a's key and signatures: ECDSA on the curve P-256, in place of HMAC.
//!
//! An [`EcdsaKey`] is worked out from a secret once; it proves requests to any region, on any day. What it signs is
//! checked with its [`PublicKey`] alone. This is the arithmetic only, and knows nothing of requests: the texts that
//! are signed are written by [`Signer`](super::Signer). The curve is the `p256` crate's; derivation, nonces and DER
//! are ours, so that all hashing goes through [`Compress`] and no second HMAC is linked.

use core::fmt;

use p256::AffinePoint;
use p256::FieldBytes;
use p256::ProjectivePoint;
use p256::Scalar;
use p256::elliptic_curve::Group;
use p256::elliptic_curve::group::ff::Field;
use p256::elliptic_curve::group::ff::PrimeField;
use p256::elliptic_curve::ops::MulByGeneratorVartime;
use p256::elliptic_curve::ops::Reduce;
use p256::elliptic_curve::point::AffineCoordinates;
use zeroize::Zeroize;
use zeroize::Zeroizing;

use super::Credentials;
use crate::encode::Hex;
use crate::encode::hex_decode;
use crate::hash::Compress;
use crate::hash::HmacKey;
use crate::hash::Sha256;
use crate::hash::Software;
use crate::sink::Cursor;
use crate::sink::Sink;

/// The label of the key derivation, which is the algorithm's name.
const LABEL: &[u8] = b"AWS4-ECDSA-P256-SHA256";

/// The largest signature in bytes of DER: two integers of 33 bytes, each with its tag and length, and theirs.
const DER: usize = 72;

/// The private key that a secret becomes for SigV4a. Wiped on drop.
///
/// **Hand it out as if it were the secret.** A [`DerivedKey`](super::DerivedKey) knows one day, one region and one
/// service; this key is bound to nothing. Whoever has it can sign for its owner in every region, to
/// every service that takes SigV4a, until the access key is deactivated. What it cannot do is sign with SigV4, and
/// the secret cannot be found from it.
///
/// What may be given away is the [`PublicKey`].
///
/// ```
/// use tucuxi_core::sigv4::{Credentials, EcdsaKey};
///
/// let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
/// let key = EcdsaKey::derive(&credentials).unwrap();
/// let signature = key.sign(b"what is signed");
/// assert!(signature.as_str().starts_with("304"));
/// assert!(key.public_key().verify(b"what is signed", signature.as_str()));
/// assert!(!key.public_key().verify(b"what is not", signature.as_str()));
/// ```
#[derive(Clone)]
pub struct EcdsaKey {
    engine: &'static dyn Compress,
    /// A number from 1 to the order of the curve less 1, big-endian.
    key: [u8; 32],
}

impl EcdsaKey {
    /// Derives the key from a secret; one derivation serves for as long as the secret does.
    ///
    /// It is none where all of the 254 numbers that AWS's derivation looks at are too large for the curve, which
    /// happens to one secret out of 2<sup>8,128</sup>.
    #[must_use]
    pub fn derive(credentials: &Credentials<'_>) -> Option<Self> {
        Self::derive_with(&Software, credentials)
    }

    /// As [`derive`](Self::derive), worked out by `engine`, which the signatures then are as well.
    #[must_use]
    pub fn derive_with(engine: &'static dyn Compress, credentials: &Credentials<'_>) -> Option<Self> {
        let mac = HmacKey::with(engine, &[b"AWS4A", credentials.secret_key().reveal().as_bytes()]);
        let key = first_key(|counter| {
            // NIST SP 800-108, 4.1, of which AWS needs one round: the round, the label, a zero, the context (the
            // access key and AWS's counter) and the number of bits that are asked for.
            let mut mac = mac.start();
            let pieces: [&[u8]; 5] =
                [&1_u32.to_be_bytes(), LABEL, &[0], credentials.access_key().as_bytes(), &[counter]];
            for piece in pieces {
                mac.put(piece);
            }
            mac.put(&256_u32.to_be_bytes());
            mac.finish()
        })?;
        Some(Self { engine, key })
    }

    /// A key that was derived elsewhere, big-endian; none if it is zero or not below the order of the curve.
    #[must_use]
    pub fn from_bytes(key: &[u8; 32]) -> Option<Self> {
        Self::with(&Software, key)
    }

    /// As [`from_bytes`](Self::from_bytes), for signatures that are worked out by `engine`.
    #[must_use]
    pub fn with(engine: &'static dyn Compress, key: &[u8; 32]) -> Option<Self> {
        let scalar = Zeroizing::new(Scalar::from_repr((*key).into()).into_option()?);
        (!bool::from(scalar.is_zero())).then_some(Self { engine, key: *key })
    }

    /// The key itself, big-endian. Whoever copies it wipes the copy.
    #[must_use]
    pub const fn reveal(&self) -> &[u8; 32] {
        &self.key
    }

    /// The key that its signatures are checked with.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        let secret = Zeroizing::new(scalar(&self.key));
        PublicKey { point: ProjectivePoint::mul_by_generator(&secret).to_affine() }
    }

    /// Signs a message.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> EcdsaSignature {
        let mut hash = Sha256::with(self.engine);
        hash.put(message);
        self.sign_digest(&hash.finish())
    }

    /// Signs a message by its SHA-256.
    ///
    /// The same message always has the same signature, and no random number is needed: the nonce is that of
    /// [RFC 6979](https://www.rfc-editor.org/rfc/rfc6979).
    #[must_use]
    pub fn sign_digest(&self, digest: &[u8; 32]) -> EcdsaSignature {
        let (secret, digest) = (Zeroizing::new(scalar(&self.key)), scalar(digest));
        let mut nonces = Nonces::new(self.engine, &self.key, &digest.to_bytes().into());
        loop {
            // One nonce in 2³² is no number below the order; not one will ever be passed over for what it yields.
            let nonce = Zeroizing::new(nonces.next());
            let nonce = Scalar::from_repr((*nonce).into()).into_option().map(Zeroizing::new);
            if let Some((r, s)) = nonce.and_then(|nonce| equation(&secret, &nonce, &digest)) {
                return EcdsaSignature::new(&r, &s);
            }
        }
    }

    /// Who works out digests and nonces.
    pub(crate) fn engine(&self) -> &'static dyn Compress {
        self.engine
    }
}

impl Drop for EcdsaKey {
    fn drop(&mut self) {
        self.key.zeroize();
    }
}

impl fmt::Debug for EcdsaKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EcdsaKey(…)")
    }
}

/// What checks the signatures of an [`EcdsaKey`], and is no secret: a point on the curve.
///
/// ```
/// use tucuxi_core::sigv4::{Credentials, EcdsaKey, PublicKey};
///
/// let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
/// let public = EcdsaKey::derive(&credentials).unwrap().public_key();
/// assert_eq!(public.x()[..4], [0xb6, 0x61, 0x8f, 0x6a]);
/// assert_eq!(PublicKey::new(public.x(), public.y()), Some(public));
/// assert_eq!(PublicKey::new(public.y(), public.x()), None);
/// ```
#[derive(Clone, Copy, Eq, PartialEq)]
pub struct PublicKey {
    point: AffinePoint,
}

impl PublicKey {
    /// The point with these coordinates, big-endian; none if it is not on the curve.
    #[must_use]
    pub fn new(x: [u8; 32], y: [u8; 32]) -> Option<Self> {
        AffinePoint::from_coordinates(&x.into(), &y.into()).into_option().map(|point| Self { point })
    }

    /// The x coordinate, big-endian.
    #[must_use]
    pub fn x(&self) -> [u8; 32] {
        self.point.x().into()
    }

    /// The y coordinate, big-endian.
    #[must_use]
    pub fn y(&self) -> [u8; 32] {
        self.point.y().into()
    }

    /// Whether the signature is this key's, of that message.
    ///
    /// It must be spelled as AWS does: in lower-case hex of DER, and not padded. The message is hashed by
    /// [`Software`]; for one that was hashed by another engine there is [`verify_digest`](Self::verify_digest).
    #[must_use]
    pub fn verify(&self, message: &[u8], signature: &str) -> bool {
        self.verify_digest(&Sha256::digest(message), signature)
    }

    /// Whether the signature is this key's, of the message with that SHA-256.
    #[must_use]
    pub fn verify_digest(&self, digest: &[u8; 32], signature: &str) -> bool {
        numbers(signature).is_some_and(|(r, s)| self.satisfies(&scalar(digest), &r, &s))
    }

    /// The equation of [FIPS 186-5](https://doi.org/10.6028/NIST.FIPS.186-5), 6.4.2. Nothing in it is secret.
    fn satisfies(&self, digest: &Scalar, r: &Scalar, s: &Scalar) -> bool {
        let Some(inverse) = s.invert_vartime().into_option() else { return false };
        let (a, b) = (digest.multiply(&inverse), r.multiply(&inverse));
        let point = ProjectivePoint::mul_by_generator_and_mul_add_vartime(&a, &b, &self.point.into());
        !bool::from(r.is_zero()) && Scalar::reduce(&point.to_affine().x()) == *r
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublicKey").field("x", &self.x()).field("y", &self.y()).finish()
    }
}

/// A signature of an [`EcdsaKey`] as it is sent: hex digits of DER.
///
/// Its length varies, since DER leaves out leading zeros; where it must not, in the chunks of a streamed body, AWS
/// pads it.
#[derive(Clone, Copy, Eq, PartialEq)]
pub struct EcdsaSignature {
    digits: [u8; Self::DIGITS],
    length: usize,
}

impl EcdsaSignature {
    /// The largest number of hex digits, and the length of the padded form.
    pub const DIGITS: usize = 2 * DER;

    fn new(r: &Scalar, s: &Scalar) -> Self {
        let [r, s] = [r, s].map(|number| <[u8; 32]>::from(number.to_bytes()));
        let [r, s] = [integer(&r), integer(&s)];
        let [r_length, s_length] = [r, s].map(|(sign, digits)| sign.len().saturating_add(digits.len()));
        let length = |length: usize| u8::try_from(length).unwrap_or_default();
        let mut signature = Self { digits: [b'*'; Self::DIGITS], length: 0 };
        let mut out = Cursor::new(&mut signature.digits);
        let mut hex = Hex::new(&mut out);
        hex.put(&[0x30, length(r_length.saturating_add(s_length).saturating_add(4))]);
        for ((sign, digits), number) in [(r, r_length), (s, s_length)] {
            hex.put(&[0x02, length(number)]);
            hex.put(sign);
            hex.put(digits);
        }
        signature.length = out.bytes();
        signature
    }

    /// The digits: 140, 142 or 144 of them, and in one signature out of 512 less.
    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    /// The same digits.
    pub(super) const fn as_bytes(&self) -> &[u8] {
        match self.digits.split_at_checked(self.length) {
            Some((digits, _)) => digits,
            None => &[],
        }
    }

    /// The digits, and as many `*` behind them as make 144 bytes: the form that chunks of a streamed body carry,
    /// whose length must be known before they are signed.
    #[must_use]
    pub const fn padded(&self) -> &[u8; Self::DIGITS] {
        &self.digits
    }
}

impl fmt::Debug for EcdsaSignature {
    /// Without the digits: with them a request is as good as sent.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EcdsaSignature(…)")
    }
}

/// The first of 254 candidates that makes a key: one more than it, where it is at most the order less two
/// (FIPS 186-5, A.2.1).
fn first_key(candidate: impl FnMut(u8) -> [u8; 32]) -> Option<[u8; 32]> {
    (1..=254).map(candidate).map(Zeroizing::new).find_map(|candidate| {
        // Which asks neither in a time that tells of the candidate: a number below the order, and its successor,
        // which is zero for the order less one.
        let scalar = Zeroizing::new(Scalar::from_repr((*candidate).into()).into_option()?);
        let key = Zeroizing::new(scalar.add(&Scalar::ONE));
        (!bool::from(key.is_zero())).then(|| key.to_bytes().into())
    })
}

/// A number of 256 bits, modulo the order of the curve. Twice the order has more bits, so nothing is lost of a key.
fn scalar(bytes: &[u8; 32]) -> Scalar {
    Scalar::reduce(&FieldBytes::from(*bytes))
}

/// FIPS 186-5, 6.4.1: the two numbers of a signature, in a time that tells nothing of the key and the nonce.
fn equation(secret: &Scalar, nonce: &Scalar, digest: &Scalar) -> Option<(Scalar, Scalar)> {
    let inverse = Zeroizing::new(nonce.invert().into_option()?);
    let r = Scalar::reduce(&ProjectivePoint::mul_by_generator(nonce).to_affine().x());
    let s = inverse.multiply(&digest.add(&r.multiply(secret)));
    let zero = r.is_zero() | s.is_zero();
    (!bool::from(zero)).then_some((r, s))
}

/// The numbers of RFC 6979, 3.2, for one key and one digest. Each is as secret as the key.
struct Nonces {
    key: HmacKey,
    value: [u8; 32],
}

impl Nonces {
    /// Steps a to g; the digest is taken modulo the order already.
    fn new(engine: &'static dyn Compress, secret: &[u8; 32], digest: &[u8; 32]) -> Self {
        let mut nonces = Self { key: HmacKey::with(engine, &[&[0; 32]]), value: [1; 32] };
        nonces.stir(0, &[secret, digest]);
        nonces.stir(1, &[secret, digest]);
        nonces
    }

    /// Step h: a number, and what makes the next one another.
    fn next(&mut self) -> [u8; 32] {
        let nonce = self.key.mac(&self.value);
        self.value = nonce;
        self.stir(0, &[]);
        nonce
    }

    fn stir(&mut self, round: u8, pieces: &[&[u8; 32]]) {
        let mut mac = self.key.start();
        mac.put(&self.value);
        mac.put(&[round]);
        for piece in pieces {
            mac.put(*piece);
        }
        let mut key = mac.finish();
        self.key = HmacKey::with(self.key.engine(), &[&key]);
        self.value = self.key.mac(&self.value);
        key.zeroize();
    }
}

impl Drop for Nonces {
    fn drop(&mut self) {
        self.value.zeroize();
    }
}

/// A number as DER spells it: without leading zeros, but for one that says that it is not negative.
fn integer(number: &[u8; 32]) -> (&'static [u8], &[u8]) {
    let start = number.iter().position(|&byte| byte != 0).unwrap_or(number.len());
    let digits = number.get(start..).unwrap_or_default();
    let sign: &[u8] = if digits.first().is_none_or(|&byte| byte >= 0x80) { &[0] } else { &[] };
    (sign, digits)
}

/// The two numbers of a signature, if that is how they are spelled.
fn numbers(signature: &str) -> Option<(Scalar, Scalar)> {
    let mut room = [0; DER];
    let mut bytes = Cursor::new(&mut room);
    hex_decode(signature.as_bytes(), &mut bytes).ok()?;
    let (_, rest) = bytes.finish().ok()?.split_first_chunk::<2>()?;
    let (r, rest) = number(rest)?;
    let (s, _) = number(rest)?;
    // There is one spelling of every signature, which is ours.
    (EcdsaSignature::new(&r, &s).as_str() == signature).then_some((r, s))
}

/// The number that some DER begins with, and what follows it.
fn number(bytes: &[u8]) -> Option<(Scalar, &[u8])> {
    let ([_, length], rest) = bytes.split_first_chunk::<2>()?;
    let (digits, rest) = rest.split_at_checked(usize::from(*length))?;
    let digits = digits.strip_prefix(&[0]).unwrap_or(digits);
    let mut number = [0; 32];
    let start = number.len().checked_sub(digits.len())?;
    for (to, from) in number.iter_mut().skip(start).zip(digits) {
        *to = *from;
    }
    Some((Scalar::from_repr(number.into()).into_option()?, rest))
}

#[cfg(test)]
mod tests;
