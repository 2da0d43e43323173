//! Signing on a small machine: `tucuxi-core` alone, everything on the stack, nothing allocated.
//!
//! What [`sign`], [`sign_any`] and [`presign`] use is there without `std` and without `alloc`: copy them into
//! firmware as they are. They open nothing and know no time; radio, clock and keys are the firmware's.
//! Only `main` below, which prints, is of a larger world.

#![expect(clippy::print_stdout, reason = "an example talks")]

use tucuxi_core::endpoint::{ENDPOINT_ROOM, Endpoint, Place};
use tucuxi_core::operation::{PAIR_ROOM, request};
use tucuxi_core::request::{Method, Pair, Raw, Value};
use tucuxi_core::s3::input::{GetObject, PutObject};
use tucuxi_core::sigv4::{Credentials, Expires, Payload, Rules, Signer, SigningKey};
use tucuxi_core::sink::{Cursor, Full};
use tucuxi_core::time::Time;
use tucuxi_core::uri::Scheme;
use tucuxi_core::wire;

/// Why there is no head to send.
#[derive(Debug)]
enum Unsigned {
    /// The name of the bucket, the key or another part cannot be sent.
    Input,
    /// A room of this many bytes would do.
    Room { _needed: usize },
}

impl From<Full> for Unsigned {
    fn from(full: Full) -> Self {
        Self::Room { _needed: full.needed }
    }
}

/// The head of a request that stores `body`, written into `room`. The body follows it on the wire.
fn sign<'b>(
    credentials: &Credentials<'_>,
    key: &SigningKey,
    now: Time,
    body: &[u8],
    room: &'b mut [u8],
) -> Result<&'b [u8], Unsigned> {
    let put = PutObject::new("readings", "greenhouse/1").content_type("text/plain").body(body);
    let mut pairs = [Pair::EMPTY; PAIR_ROOM];
    let request = request(&put, &mut pairs).map_err(|_| Unsigned::Input)?;
    let mut endpoint = [0; ENDPOINT_ROOM];
    let endpoint =
        Place::new("eu-central-1").s3(request.bucket(), &mut endpoint).map_err(|_| Unsigned::Input)?;

    let signer = Signer::new(credentials, key, Rules::S3);
    let signed = signer.sign(&request, endpoint, now, Payload::Body);
    let mut head = Cursor::new(room);
    let extra = [Pair::new("user-agent", Value::Text("greenhouse/1.0"))];
    wire::head(&signed, &extra, Some(body.len() as u64), &mut head);
    Ok(head.finish()?)
}

/// The same for a request that has no type here: any URL of any service.
fn sign_any<'b>(credentials: &Credentials<'_>, now: Time, room: &'b mut [u8]) -> Result<&'b [u8], Unsigned> {
    let mut pairs = [Pair::EMPTY; 8];
    let url = "https://dynamodb.eu-central-1.amazonaws.com/";
    let mut raw = Raw::from_url(url, &mut pairs).map_err(|_| Unsigned::Input)?;
    let body = b"{}";
    raw.method(Method::Post);
    raw.header("content-type", "application/x-amz-json-1.0");
    raw.header("x-amz-target", "DynamoDB_20120810.ListTables");
    raw.body(body);
    let (https, host) = (raw.url().scheme() == Scheme::Https, raw.host());
    let request = raw.finish().map_err(|_| Unsigned::Input)?;

    let key = SigningKey::derive(credentials, now, "eu-central-1", "dynamodb");
    let signer = Signer::new(credentials, &key, Rules::OTHERS);
    let endpoint = Endpoint::new(https, host, "dynamodb", "eu-central-1");
    let signed = signer.sign(&request, endpoint, now, Payload::Body);
    let mut head = Cursor::new(room);
    wire::head(&signed, &[], Some(body.len() as u64), &mut head);
    Ok(head.finish()?)
}

/// A URL with which anyone can fetch what [`sign`] stored, for an hour and no longer than the credentials last.
fn presign<'b>(
    credentials: &Credentials<'_>,
    key: &SigningKey,
    now: Time,
    room: &'b mut [u8],
) -> Result<&'b [u8], Unsigned> {
    let get = GetObject::new("readings", "greenhouse/1");
    let mut pairs = [Pair::EMPTY; PAIR_ROOM];
    let request = request(&get, &mut pairs).map_err(|_| Unsigned::Input)?;
    let mut endpoint = [0; ENDPOINT_ROOM];
    let endpoint =
        Place::new("eu-central-1").s3(request.bucket(), &mut endpoint).map_err(|_| Unsigned::Input)?;

    let signer = Signer::new(credentials, key, Rules::S3);
    let hour = Expires::from_seconds(3600).ok_or(Unsigned::Input)?;
    let signed = signer.presign(&request, endpoint, now, Payload::Unsigned, hour);
    let mut url = Cursor::new(room);
    wire::url(&signed, &mut url);
    Ok(url.finish()?)
}

fn main() -> Result<(), Unsigned> {
    // The keys of AWS's documentation.
    let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    let now = Time::from_seconds(1_764_082_000);
    // Good for the day, so a machine that signs often derives it once.
    let key = SigningKey::derive(&credentials, now, "eu-central-1", "s3");

    let mut room = [0; 1024];
    for head in
        [sign(&credentials, &key, now, b"21.5 C\n", &mut [0; 1024])?, sign_any(&credentials, now, &mut room)?]
    {
        print!("{}", String::from_utf8_lossy(head));
    }
    println!("{}", String::from_utf8_lossy(presign(&credentials, &key, now, &mut room)?));
    Ok(())
}
