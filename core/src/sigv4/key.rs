//! Credentials, and the key that is derived from them for one day, region and service.

use core::fmt;

use zeroize::Zeroize;

use crate::hash::Compress;
use crate::hash::HmacKey;
use crate::hash::Software;
use crate::secret::Secret;
use crate::time::Day;
use crate::time::Time;

/// An access key, its secret, and the session token of temporary credentials.
#[derive(Clone, Copy)]
pub struct Credentials<'a> {
    access_key: &'a str,
    secret: Secret<'a>,
    token: Option<&'a str>,
    expires: Option<Time>,
}

impl<'a> Credentials<'a> {
    /// Long-lived credentials.
    #[must_use]
    pub const fn new(access_key: &'a str, secret_key: &'a str) -> Self {
        Self { access_key, secret: Secret::new(secret_key), token: None, expires: None }
    }

    /// Adds the session token that temporary credentials have.
    #[must_use]
    pub const fn with_token(mut self, token: Option<&'a str>) -> Self {
        self.token = token;
        self
    }

    /// Adds the instant at which temporary credentials end, where that is known. Signing does not look at it;
    /// what is signed in advance ends with them: see [`Expires::end`](super::Expires::end).
    #[must_use]
    pub const fn with_expiry(mut self, expires: Option<Time>) -> Self {
        self.expires = expires;
        self
    }

    /// The access key ID, which is no secret.
    #[must_use]
    pub const fn access_key(&self) -> &'a str {
        self.access_key
    }

    /// The secret access key.
    #[cfg(feature = "sigv4a")]
    pub(super) const fn secret_key(&self) -> Secret<'a> {
        self.secret
    }

    /// The session token, which is one.
    #[must_use]
    pub const fn token(&self) -> Option<&'a str> {
        self.token
    }

    /// When they end, where that is known.
    #[must_use]
    pub const fn expires(&self) -> Option<Time> {
        self.expires
    }
}

impl fmt::Debug for Credentials<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("access_key", &self.access_key).finish_non_exhaustive()
    }
}

/// The key that a secret becomes for one day, region and service: AWS's `kSigning`. Wiped on drop.
///
/// This is what to hand to a device or a process that shall sign and not hold the secret: all it can do is sign for
/// that service in that region, with times of that day (by UTC). That does not end at midnight: what is dated on the
/// day's last minutes is taken until 15 minutes later, and a URL that is dated on it can be made and used until seven
/// days after it. To end it sooner, deactivate the access key, or sign with temporary credentials. It is a secret itself.
///
/// ```
/// use tucuxi_core::endpoint::Endpoint;
/// use tucuxi_core::request::{Pair, Raw};
/// use tucuxi_core::sigv4::{Credentials, DerivedKey, Payload, Rules, Signer, SigningKey};
/// use tucuxi_core::time::Time;
///
/// // Who has the secret derives the key and hands over its parts…
/// let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
/// let now = Time::parse_stamp(b"20150830T123600Z").unwrap();
/// let derived = DerivedKey::derive(&credentials, now, "us-east-1", "iam");
/// let bytes: [u8; 32] = *derived.reveal();
///
/// // … to who signs and has no secret. `covers` does not look at it, so an empty one will do.
/// let handed = DerivedKey::new("AKIDEXAMPLE", derived.day(), "us-east-1", "iam", bytes);
/// let key = SigningKey::from_derived(&handed);
/// assert!(key.covers(&Credentials::new("AKIDEXAMPLE", ""), now, "us-east-1", "iam"));
/// let signer = Signer::with_key("AKIDEXAMPLE", None, &key, Rules::OTHERS);
///
/// let mut room = [Pair::EMPTY; 4];
/// let url = "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08";
/// let request = Raw::from_url(url, &mut room).unwrap().finish().unwrap();
/// let endpoint = Endpoint::new(true, "iam.amazonaws.com", "iam", "us-east-1");
/// let signed = signer.sign(&request, endpoint, now, Payload::Body);
/// assert_eq!(signed.signature().len(), 64);
/// ```
pub struct DerivedKey<'a> {
    access_key: &'a str,
    day: Day,
    region: &'a str,
    service: &'a str,
    key: [u8; 32],
}

impl<'a> DerivedKey<'a> {
    /// A key that was derived elsewhere: for the owner of `access_key`, on a day such as `20150830`.
    #[must_use]
    pub fn new(access_key: &'a str, day: [u8; 8], region: &'a str, service: &'a str, key: [u8; 32]) -> Self {
        Self { access_key, day: Day::named(day), region, service, key }
    }

    /// Derives it from the secret, for the day that `time` lies on in UTC.
    #[must_use]
    pub fn derive(credentials: &Credentials<'a>, time: Time, region: &'a str, service: &'a str) -> Self {
        Self::derive_with(&Software, credentials, time, region, service)
    }

    /// As [`derive`](Self::derive), worked out by `engine`.
    #[must_use]
    pub fn derive_with(
        engine: &'static dyn Compress,
        credentials: &Credentials<'a>,
        time: Time,
        region: &'a str,
        service: &'a str,
    ) -> Self {
        let day = Day::of(time);
        let mut block = derived(engine, credentials, day, region, service);
        let key = block.first_chunk().copied().unwrap_or_default();
        block.zeroize();
        Self { access_key: credentials.access_key, day, region, service, key }
    }

    /// The access key ID of the owner.
    #[must_use]
    pub const fn access_key(&self) -> &'a str {
        self.access_key
    }

    /// The day that it is for, as in `20150830`.
    #[must_use]
    pub const fn day(&self) -> [u8; 8] {
        self.day.text()
    }

    /// The region that it is for.
    #[must_use]
    pub const fn region(&self) -> &'a str {
        self.region
    }

    /// The service that it is for.
    #[must_use]
    pub const fn service(&self) -> &'a str {
        self.service
    }

    /// The key itself. Whoever copies it wipes the copy.
    #[must_use]
    pub const fn reveal(&self) -> &[u8; 32] {
        &self.key
    }
}

impl Drop for DerivedKey<'_> {
    fn drop(&mut self) {
        self.key.zeroize();
    }
}

impl fmt::Debug for DerivedKey<'_> {
    /// Without the key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DerivedKey")
            .field("access_key", &self.access_key)
            .field("region", &self.region)
            .field("service", &self.service)
            .finish_non_exhaustive()
    }
}

/// A [`DerivedKey`] made ready to sign: the two states that it leaves HMAC in. Wiped on drop.
///
/// Making it costs about as much as the signature of a small request, so keep it for the day.
#[derive(Clone)]
pub struct SigningKey {
    mac: HmacKey,
    day: Day,
    /// What it was derived for, as a number: enough to tell that it is for something else.
    scope: u64,
}

impl SigningKey {
    /// Derives the key from the secret.
    #[must_use]
    pub fn derive(credentials: &Credentials<'_>, time: Time, region: &str, service: &str) -> Self {
        Self::derive_with(&Software, credentials, time, region, service)
    }

    /// As [`derive`](Self::derive), for signatures that are worked out by `engine`.
    #[must_use]
    pub fn derive_with(
        engine: &'static dyn Compress,
        credentials: &Credentials<'_>,
        time: Time,
        region: &str,
        service: &str,
    ) -> Self {
        let day = Day::of(time);
        let mut block = derived(engine, credentials, day, region, service);
        let mac = HmacKey::of_block(engine, &mut block);
        block.zeroize();
        Self { mac, day, scope: number([credentials.access_key, region, service]) }
    }

    /// Makes a key ready that was derived here or elsewhere.
    #[must_use]
    pub fn from_derived(derived: &DerivedKey<'_>) -> Self {
        Self::with(&Software, derived)
    }

    /// As [`from_derived`](Self::from_derived), for signatures that are worked out by `engine`.
    #[must_use]
    pub fn with(engine: &'static dyn Compress, derived: &DerivedKey<'_>) -> Self {
        let mac = HmacKey::with(engine, &[&derived.key]);
        let scope = number([derived.access_key, derived.region, derived.service]);
        Self { mac, day: derived.day, scope }
    }

    /// Whether the key is theirs, for the day that `time` lies on in UTC, and for that region and service. Ask
    /// before a kept key is used again.
    #[must_use]
    pub fn covers(&self, credentials: &Credentials<'_>, time: Time, region: &str, service: &str) -> bool {
        self.is_for(credentials.access_key, time, region, service)
    }

    /// As [`covers`](Self::covers), for who knows no more than the owner's access key ID.
    pub(crate) fn is_for(&self, access_key: &str, time: Time, region: &str, service: &str) -> bool {
        self.day.holds(time) && self.scope == number([access_key, region, service])
    }

    /// The stamp of an instant, which mostly lies on the key's day.
    #[inline]
    pub(crate) fn stamp(&self, time: Time) -> [u8; 16] {
        self.day.stamp(time)
    }

    /// The key as HMAC has it.
    pub(crate) const fn mac(&self) -> &HmacKey {
        &self.mac
    }

    /// Who works out its codes, and the digests that go into them.
    pub(crate) fn engine(&self) -> &'static dyn Compress {
        self.mac.engine()
    }
}

/// Derives the key: four codes, each of which is the key of the next. Zeros fill the block behind it.
fn derived(
    engine: &'static dyn Compress,
    credentials: &Credentials<'_>,
    day: Day,
    region: &str,
    service: &str,
) -> [u8; 64] {
    let secret = [b"AWS4", credentials.secret.reveal().as_bytes()];
    let scope = [&day.text(), region.as_bytes(), service.as_bytes(), b"aws4_request"];
    HmacKey::chain(engine, &secret, &scope)
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
