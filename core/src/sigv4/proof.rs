//! What a signer proves with, and what comes of it: HMAC with the key of a day, or ECDSA with the key of all days.
//!
//! Without the feature `sigv4a` there is the first way only, and nothing is left of the choice.

#[cfg(feature = "sigv4a")]
use core::fmt;

#[cfg(feature = "sigv4a")]
use super::EcdsaKey;
#[cfg(feature = "sigv4a")]
use super::EcdsaSignature;
use super::Signed;
use super::SigningKey;
use crate::hash::Compress;
#[cfg(feature = "sigv4a")]
use crate::hash::Sha256;
use crate::sink::Literal;
use crate::time::Time;

/// What a signer proves with.
#[derive(Clone, Copy, Debug)]
pub(super) enum Proof<'a> {
    /// Version 4.
    Hmac(&'a SigningKey),
    /// Version 4a.
    #[cfg(feature = "sigv4a")]
    Ecdsa(Asymmetric<'a>),
}

impl<'a> Proof<'a> {
    /// Who works out digests.
    #[inline(always)]
    pub(super) fn engine(self) -> &'static dyn Compress {
        match self {
            Self::Hmac(key) => key.engine(),
            #[cfg(feature = "sigv4a")]
            Self::Ecdsa(by) => by.key.engine(),
        }
    }

    /// The key of version 4.
    pub(super) const fn key(self) -> Option<&'a SigningKey> {
        match self {
            Self::Hmac(key) => Some(key),
            #[cfg(feature = "sigv4a")]
            Self::Ecdsa(_) => None,
        }
    }

    /// The stamp of an instant.
    #[inline(always)]
    pub(super) fn stamp(self, time: Time) -> [u8; 16] {
        match self {
            Self::Hmac(key) => key.stamp(time),
            #[cfg(feature = "sigv4a")]
            Self::Ecdsa(_) => time.stamp(),
        }
    }

    /// The regions that a proof of version 4a is for; that of version 4 has the one in its scope.
    #[inline(always)]
    pub(super) const fn region_set(self) -> Option<&'a str> {
        match self {
            Self::Hmac(_) => None,
            #[cfg(feature = "sigv4a")]
            Self::Ecdsa(by) => Some(by.region_set),
        }
    }
}

/// A version of Signature Version 4.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Version {
    V4,
    #[cfg(feature = "sigv4a")]
    V4a,
}

impl Version {
    /// The length of the longest signature of any version.
    pub(crate) const LONGEST: usize = if cfg!(feature = "sigv4a") { 144 } else { 64 };

    /// How many bytes a signature takes in a body in chunks.
    pub(crate) const fn signature_length(self) -> usize {
        match self {
            Self::V4 => 64,
            #[cfg(feature = "sigv4a")]
            Self::V4a => EcdsaSignature::DIGITS,
        }
    }
}

/// A key of version 4a and the regions that it proves for.
#[cfg(feature = "sigv4a")]
#[derive(Clone, Copy)]
pub(super) struct Asymmetric<'a> {
    key: &'a EcdsaKey,
    region_set: &'a str,
    /// A pointer, so that programs that make no signer of version 4a do not have the curve.
    sign: fn(&EcdsaKey, &[u8; 32]) -> EcdsaSignature,
}

#[cfg(feature = "sigv4a")]
impl<'a> Asymmetric<'a> {
    pub(super) fn new(key: &'a EcdsaKey, region_set: &'a str) -> Self {
        Self { key, region_set, sign: EcdsaKey::sign_digest }
    }

    pub(super) fn prove(self, signed: &Signed<'_>) -> Signature {
        let mut hash = Sha256::with(self.key.engine());
        signed.string_to_sign(&mut hash);
        Signature::Ecdsa((self.sign)(self.key, &hash.finish()))
    }

    /// What goes on proving when the signer is gone.
    pub(super) fn kept(self) -> Kept {
        Kept { key: self.key.clone(), sign: self.sign }
    }
}

/// A key of version 4a that is held by itself.
#[cfg(feature = "sigv4a")]
#[derive(Clone)]
pub(super) struct Kept {
    key: EcdsaKey,
    sign: fn(&EcdsaKey, &[u8; 32]) -> EcdsaSignature,
}

#[cfg(feature = "sigv4a")]
impl Kept {
    pub(super) fn prove(&self, digest: &[u8; 32]) -> Signature {
        Signature::Ecdsa((self.sign)(&self.key, digest))
    }
}

#[cfg(feature = "sigv4a")]
impl fmt::Debug for Asymmetric<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asymmetric").field("region_set", &self.region_set).finish_non_exhaustive()
    }
}

impl<'s> Signed<'s> {
    /// The regions that the proof is for, where it is one of version 4a.
    #[inline(always)]
    pub(super) fn region_set(&self) -> Option<&'s str> {
        self.signer.and_then(|signer| signer.proof.region_set())
    }

    /// Writes what begins with the name of the algorithm.
    #[inline(always)]
    pub(super) fn by_version<S: Literal, const N: usize, const M: usize>(
        &self,
        v4: &[u8; N],
        v4a: &[u8; M],
        to: &mut S,
    ) {
        if self.region_set().is_none() {
            to.literal(v4);
        } else {
            to.literal(v4a);
        }
    }
}

/// What comes of it, in hex.
#[derive(Clone, Copy)]
pub(crate) enum Signature {
    Hmac([[u8; 2]; 32]),
    #[cfg(feature = "sigv4a")]
    Ecdsa(EcdsaSignature),
}

impl Signature {
    /// One of version 4 by its digits, as they were read.
    pub(crate) fn read(digits: &[u8; 64]) -> Self {
        let mut signature = [[0; 2]; 32];
        for (to, from) in signature.iter_mut().zip(digits.as_chunks::<2>().0) {
            *to = *from;
        }
        Self::Hmac(signature)
    }

    #[inline(always)]
    pub(crate) const fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Hmac(digits) => digits.as_flattened(),
            #[cfg(feature = "sigv4a")]
            Self::Ecdsa(signature) => signature.as_bytes(),
        }
    }

    /// As it stands in a body in chunks, where its length must not vary: [`Version::signature_length`].
    pub(crate) const fn padded(&self) -> &[u8] {
        match self {
            Self::Hmac(digits) => digits.as_flattened(),
            #[cfg(feature = "sigv4a")]
            Self::Ecdsa(signature) => signature.padded(),
        }
    }
}

#[cfg(test)]
#[cfg(feature = "sigv4a")]
mod tests {
    extern crate std;

    use std::format;
    use std::string::String;
    use std::vec::Vec;

    use super::*;
    use crate::endpoint::Endpoint;
    use crate::request::Pair;
    use crate::request::Raw;
    use crate::secret::Secret;
    use crate::sigv4::Credentials;
    use crate::sigv4::Expires;
    use crate::sigv4::Payload;
    use crate::sigv4::Rules;
    use crate::sigv4::Signer;
    use crate::sink::Cursor;
    use crate::sink::Sink;
    use crate::time::Time;
    use crate::wire;

    const KEYS: Credentials<'static> =
        Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");

    fn written(write: impl FnOnce(&mut dyn Sink)) -> String {
        let mut room = [0; 2048];
        let mut to = Cursor::new(&mut room);
        write(&mut to);
        String::from_utf8(to.finish().unwrap().to_vec()).unwrap()
    }

    /// What is made of a request of version 4a: by itself, in headers and in the query.
    fn signed<T>(
        url: &str,
        keys: &Credentials<'_>,
        regions: &str,
        look: impl Fn(&Signed<'_>) -> T,
    ) -> [T; 2] {
        let key = EcdsaKey::derive(keys).unwrap();
        let signer = Signer::v4a(keys, &key, regions, Rules::OTHERS);
        let mut room = [Pair::EMPTY; 4];
        let raw = Raw::from_url(url, &mut room).unwrap();
        let endpoint = Endpoint::new(true, raw.host(), "service", "nowhere");
        let request = raw.finish().unwrap();
        let now = Time::parse_stamp(b"20150830T123600Z").unwrap();
        let expires = Expires::from_seconds(3600).unwrap();
        let signed = [
            signer.sign(&request, endpoint, now, Payload::Body),
            signer.presign(&request, endpoint, now, Payload::Body, expires),
        ];
        for signed in &signed {
            let text = written(|to| signed.string_to_sign(to));
            assert!(key.public_key().verify(text.as_bytes(), signed.signature()));
        }
        signed.each_ref().map(look)
    }

    /// `get-vanilla` of AWS's suite, whose own signatures are not the same in any two runs.
    #[test]
    fn signatures_are_always_the_same() {
        let signatures = || {
            signed("https://example.amazonaws.com/", &KEYS, "us-east-1", |signed| {
                String::from(signed.signature())
            })
        };
        let expected = [
            "304502206c8e97f7ed2541ed924ade73b4acf7c40156ee796b1f57156c77319278c93042022100\
             f933779aa3fcbd0279217cd671618552026d099cd2e1770225a5167ac5b6bcfd",
            "30450221008d46e8a9eae794c96fd25d2a9c7ef3fe5cdab1f51febc94b98b79eb699f768e7022047\
             bc5b1409817cb0eb58d32dcd25993aab2a486d77d271a2e9be5e692d7f833f",
        ];
        assert_eq!(signatures(), expected);
        assert_eq!(signatures(), expected);
    }

    #[test]
    fn the_region_set_stands_in_a_header_or_in_the_query() {
        let [head, url] =
            signed("https://example.com/?a=1&X-Amz-Region-Set=x&z", &KEYS, "us-*,*", |signed| {
                (written(|to| wire::head(signed, &[], None, to)), written(|to| wire::url(signed, to)))
            });
        let (head, url) = (head.0, url.1);
        assert!(head.starts_with("GET /?X-Amz-Region-Set=x&a=1&z HTTP/1.1\r\n"), "{head}");
        assert!(head.contains("\r\nx-amz-region-set: us-*,*\r\n"), "{head}");
        let credential = "authorization: AWS4-ECDSA-P256-SHA256 Credential=AKIDEXAMPLE/20150830/service/aws4_request, \
            SignedHeaders=host;x-amz-date;x-amz-region-set, Signature=30";
        assert!(head.contains(credential), "{head}");
        let query = "https://example.com/?a=1&z&X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256\
            &X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fservice%2Faws4_request&X-Amz-Date=20150830T123600Z\
            &X-Amz-Expires=3600&X-Amz-Region-Set=us-%2A%2C%2A&X-Amz-SignedHeaders=host&X-Amz-Signature=30";
        assert!(url.starts_with(query), "{url}");
    }

    #[test]
    fn a_region_set_begins_no_line_of_its_own() {
        let heads = signed("https://example.com/", &KEYS, " us-east-1\r\nx:  y ", |signed| {
            written(|to| wire::head(signed, &[], None, to)) + &written(|to| signed.canonical_request(to))
        });
        for head in heads {
            assert!(!head.contains("\nx:"), "{head}");
        }
    }

    #[test]
    fn who_was_handed_a_key_signs_as_its_owner_does() {
        let keys = KEYS.with_token(Some("token"));
        let owner = signed("https://example.com/", &keys, "*", |signed| String::from(signed.signature()));
        let key = EcdsaKey::derive(&keys).unwrap();
        let handed = EcdsaKey::from_bytes(key.reveal()).unwrap();
        let token = Some(Secret::new("token"));
        let signer = Signer::with_ecdsa_key("AKIDEXAMPLE", token, &handed, "*", Rules::OTHERS);
        let mut room = [Pair::EMPTY; 4];
        let request = Raw::from_url("https://example.com/", &mut room).unwrap().finish().unwrap();
        let endpoint = Endpoint::new(true, "example.com", "service", "");
        let now = Time::parse_stamp(b"20150830T123600Z").unwrap();
        assert_eq!(signer.sign(&request, endpoint, now, Payload::Body).signature(), owner[0]);
        let shown = format!("{signer:?}");
        let secret: Vec<u8> = key.reveal().to_vec();
        assert!(!shown.contains("token\"") && !shown.contains(&format!("{secret:?}")), "{shown}");
    }
}
