//! Credentials, and the key that is derived from them for one day, region and service.

use core::fmt;

use crate::hash::Hmac;
use crate::hash::HmacKey;
use crate::secret::Secret;
use crate::time::Time;

/// An access key, its secret, and the session token of temporary credentials.
#[derive(Clone, Copy)]
pub struct Credentials<'a> {
    access_key: &'a str,
    secret: Secret<'a>,
    token: Option<&'a str>,
}

impl<'a> Credentials<'a> {
    /// Long-lived credentials.
    #[must_use]
    pub const fn new(access_key: &'a str, secret_key: &'a str) -> Self {
        Self { access_key, secret: Secret::new(secret_key), token: None }
    }

    /// Adds the session token that temporary credentials have.
    #[must_use]
    pub const fn with_token(mut self, token: Option<&'a str>) -> Self {
        self.token = token;
        self
    }

    /// The access key ID, which is no secret.
    #[must_use]
    pub const fn access_key(&self) -> &'a str {
        self.access_key
    }

    /// The session token, which is one.
    #[must_use]
    pub const fn token(&self) -> Option<&'a str> {
        self.token
    }
}

impl fmt::Debug for Credentials<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("access_key", &self.access_key).finish_non_exhaustive()
    }
}

/// The key that signs on one day, in one region, for one service. Wiped on drop.
///
/// Deriving it costs about as much as the signature of a small request, so keep it for the day.
#[derive(Clone)]
pub struct SigningKey {
    mac: HmacKey,
    day: [u8; 8],
    /// What it was derived for, as a number: enough to tell that it is for something else.
    scope: u64,
}

impl SigningKey {
    /// Derives the key from the secret.
    #[must_use]
    pub fn derive(credentials: &Credentials<'_>, time: Time, region: &str, service: &str) -> Self {
        let day = time.day();
        let secret = credentials.secret.reveal().as_bytes();
        let mut key = HmacKey::of_parts(&[b"AWS4", secret]);
        for part in [&day[..], region.as_bytes(), service.as_bytes(), b"aws4_request"] {
            let mut derived = key.mac(part);
            key = HmacKey::new(&derived);
            zeroize::Zeroize::zeroize(&mut derived);
        }
        Self { mac: key, day, scope: number([credentials.access_key, region, service]) }
    }

    /// Whether the key is theirs, for the day that `time` lies on in UTC, and for that region and service. Ask
    /// before a kept key is used again.
    #[must_use]
    pub fn covers(&self, credentials: &Credentials<'_>, time: Time, region: &str, service: &str) -> bool {
        self.day == time.day() && self.scope == number([credentials.access_key, region, service])
    }

    pub(super) const fn start(&self) -> Hmac {
        self.mac.start()
    }
}

/// FNV-1a of texts and of where each ends. None of them is secret or meant to collide.
fn number(texts: [&str; 3]) -> u64 {
    let bytes = texts.iter().flat_map(|text| text.bytes().chain([0]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |sum: u64, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(…)")
    }
}
