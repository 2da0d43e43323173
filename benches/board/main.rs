//! Firmware that signs one request, so that flash, stack and instructions of that can be measured.
//!
//! It makes the request of AWS's
//! [example](https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html#example-signature-calculations)
//! through the public API, signs it once with a fresh key and once more with a kept one, checks the signature, and
//! tells the host by semihosting how deep the stack went. `cargo xtask board` builds and runs it and counts the
//! instructions between the marks.
//!
//! There are three images. What the whole one has more than that of the feature `unsigned`, which makes the same
//! request and signs nothing, is what signing takes of the flash; what it has more than that of the feature `empty`
//! is what signing and making the request take.

#![no_std]
#![no_main]

mod machine;

use core::hint::black_box;

#[cfg(feature = "empty")]
use self::nothing as work;
#[cfg(not(feature = "empty"))]
use self::requests as work;

/// What goes in. It passes a black box, so nothing of it is known to the compiler where it is signed.
struct Given {
    access_key: &'static str,
    secret_key: &'static str,
    /// Seconds since 1970.
    now: i64,
    host: &'static str,
    path: &'static str,
    region: &'static str,
    service: &'static str,
    header: (&'static str, &'static str),
    #[cfg(not(feature = "empty"))]
    rules: tucuxi_core::sigv4::Rules,
}

static GIVEN: Given = Given {
    access_key: "AKIAIOSFODNN7EXAMPLE",
    secret_key: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    now: 1_369_353_600,
    host: "examplebucket.s3.amazonaws.com",
    path: "test.txt",
    region: "us-east-1",
    service: "s3",
    header: ("Range", "bytes=0-9"),
    #[cfg(not(feature = "empty"))]
    rules: tucuxi_core::sigv4::Rules::S3,
};

/// The signature that AWS's page gives for it.
static SIGNATURE: [u8; 64] = *b"f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41";

/// What is to be sent: the headers, as they go out.
static mut HEADERS: [u8; 512] = [0; 512];

/// Signs twice, says how deep that went, and whether it went well.
pub fn run() -> bool {
    let given = black_box(&GIVEN);
    // SAFETY: there is one thread, and this is the only place that names it.
    let headers = unsafe { &mut *(&raw mut HEADERS) };
    let stack = machine::stack();

    machine::paint();
    machine::mark_fresh();
    let bytes = fresh(given, headers);
    machine::mark_end();
    machine::say(&mut { *b"fresh=0000\n\0" }, machine::deepest(stack));
    let well = has_signature(headers, bytes);

    let key = work::key(given);
    machine::paint();
    let bytes = work::send(given, &key, headers);
    machine::say(&mut { *b"kept=0000\n\0" }, machine::deepest(stack));
    well && has_signature(headers, bytes)
}

/// With a key that is derived for this.
#[inline(never)]
fn fresh(given: &Given, headers: &mut [u8]) -> Option<usize> {
    let key = work::key(given);
    machine::mark_kept();
    work::send(given, &key, headers)
}

/// Whether what was written has the signature of AWS's page in it.
fn has_signature(headers: &[u8], bytes: Option<usize>) -> bool {
    let written = headers.get(..bytes.unwrap_or_default()).unwrap_or_default();
    written.windows(SIGNATURE.len()).any(|window| window.iter().eq(&SIGNATURE))
}

/// Makes a request and hands it on.
#[cfg(not(feature = "empty"))]
mod requests {
    use tucuxi_core::request::{Draft, Method, Pair, Request, Value};

    use super::Given;
    #[cfg(not(feature = "unsigned"))]
    use super::signing as work;
    #[cfg(feature = "unsigned")]
    use super::unsigned as work;
    pub use work::key;

    #[inline(never)]
    pub fn send(given: &Given, key: &Option<work::Key>, headers: &mut [u8]) -> Option<usize> {
        let mut room = [Pair::EMPTY; 1];
        let request = request(given, &mut room)?;
        work::sign(given, &request, key.as_ref()?, headers)
    }

    #[inline(never)]
    fn request<'r>(given: &Given, room: &'r mut [Pair<'static>]) -> Option<Request<'r>> {
        let mut draft = Draft::new(Method::Get, room);
        draft.key("Key", given.path);
        draft.header(given.header.0, Value::Text(given.header.1));
        draft.finish().ok()
    }
}

/// Signs a request.
#[cfg(not(any(feature = "empty", feature = "unsigned")))]
mod signing {
    use tucuxi_core::endpoint::Endpoint;
    use tucuxi_core::request::Request;
    pub use tucuxi_core::sigv4::SigningKey as Key;
    use tucuxi_core::sigv4::{Credentials, Payload, Signer};
    use tucuxi_core::sink::{Cursor, Sink};
    use tucuxi_core::time::Time;

    use super::Given;

    #[inline(never)]
    pub fn key(given: &Given) -> Option<Key> {
        let credentials = Credentials::new(given.access_key, given.secret_key);
        Some(Key::derive(&credentials, Time::from_seconds(given.now), given.region, given.service))
    }

    #[inline(never)]
    pub fn sign(given: &Given, request: &Request<'_>, key: &Key, headers: &mut [u8]) -> Option<usize> {
        let credentials = Credentials::new(given.access_key, given.secret_key);
        let signer = Signer::new(&credentials, key, given.rules);
        let endpoint = Endpoint::new(true, given.host, given.service, given.region);
        let signed = signer.sign(request, endpoint, Time::from_seconds(given.now), Payload::Body);
        let mut to = Cursor::new(headers);
        for header in signed.headers() {
            header.write_name(&mut to);
            to.put(b": ");
            header.write_value(&mut to);
            to.put(b"\r\n");
        }
        to.finish().ok().map(|written| written.len())
    }
}

/// The same interface, and no signature.
#[cfg(all(feature = "unsigned", not(feature = "empty")))]
mod unsigned {
    use core::hint::black_box;

    use tucuxi_core::request::Request;

    use super::Given;

    pub type Key = u8;

    #[inline(never)]
    pub fn key(given: &Given) -> Option<Key> {
        given.secret_key.as_bytes().first().copied()
    }

    #[inline(never)]
    pub fn sign(given: &Given, request: &Request<'_>, key: &Key, headers: &mut [u8]) -> Option<usize> {
        *headers.first_mut()? = *key;
        black_box(request);
        Some(given.path.len())
    }
}

/// The same interface with nothing behind it.
#[cfg(feature = "empty")]
mod nothing {
    use super::Given;

    #[inline(never)]
    pub fn key(given: &Given) -> Option<u8> {
        given.secret_key.as_bytes().first().copied()
    }

    #[inline(never)]
    pub fn send(given: &Given, key: &Option<u8>, headers: &mut [u8]) -> Option<usize> {
        *headers.first_mut()? = (*key)?;
        Some(given.path.len())
    }
}
