//! What comes back: documents within limits of time and length, and the failures that they tell of.

use std::io;
use std::io::Read;
use std::time::Duration;

use tucuxi_core::failure::Failure;
use tucuxi_core::mismatch::Mismatch;
use tucuxi_core::mismatch::Unreadable;
use tucuxi_core::reply::BadReply;
use tucuxi_core::sigv4::Signed;
use zeroize::Zeroizing;

use super::Traits;
use crate::error::Error;
use crate::error::Result;
use crate::host::Host;
use crate::transport::Answer;

/// The most of an error document that is read, in bytes.
const FAILURE_LIMIT: u64 = 1 << 20;

/// The most of a document that is read into memory, in bytes. A listing of 1,000 keys of 1,024 bytes,
/// each byte encoded in three, is below 8 MiB.
const OUTPUT_LIMIT: u64 = 64 << 20;

/// The longest document that is compared with what was signed, in bytes. A server says all texts twice, the second
/// time in three bytes for each.
const MISMATCH_LIMIT: usize = 256 << 10;

/// The most differences that are told: nobody reads more, and a server could make up any number.
const MISMATCHES: usize = 16;

/// How long reading a document may take in all. A transport limits each read, and a server that trickles
/// ends none of them.
#[derive(Clone, Copy)]
pub(crate) struct Limit<'h> {
    pub(super) host: &'h dyn Host,
    pub(super) span: Duration,
}

impl<'h> Limit<'h> {
    /// A reader that fails with [`TimedOut`](io::ErrorKind::TimedOut) once the time that begins now is over.
    fn begin<'r>(self, reader: &'r mut dyn Read) -> Limited<'r>
    where
        'h: 'r,
    {
        let until = self.host.elapsed().saturating_add(self.span);
        Limited { host: self.host, until, reader }
    }
}

struct Limited<'r> {
    host: &'r dyn Host,
    until: Duration,
    reader: &'r mut dyn Read,
}

impl Read for Limited<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.host.elapsed() > self.until {
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.reader.read(buffer)
    }
}

/// How reading an output went.
pub(crate) enum Finished {
    /// It could not be read to its end.
    Broken(Error),
    /// The body tells of a failure, with this code if it names one.
    Failed(Error, Option<String>),
    /// Well.
    Read,
    /// It is not what it should be.
    Unreadable(Error),
}

/// The failure that an answer tells of, and its code; `mismatch` says why a signature is refused.
pub(super) fn failure(
    traits: Traits,
    mut answer: Answer,
    limit: Limit<'_>,
    mismatch: impl FnOnce(&[u8]) -> Vec<String>,
) -> (Error, Option<String>) {
    let mut body = Vec::new();
    // What cannot be read is not needed: the status says enough.
    let _ = limit.begin(&mut answer.body).take(FAILURE_LIMIT).read_to_end(&mut body);
    let (error, code) = failure_of(traits, answer.status, &answer.headers, &body);
    match code.as_deref() {
        Some("SignatureDoesNotMatch" | "InvalidSignatureException") => {
            (error.with_mismatch(mismatch(&body)), code)
        }
        _ => (error, code),
    }
}

/// Why the server that sent `body` has another signature than we, as far as it shows: one sentence for each
/// thing that differs.
pub(super) fn mismatch(signed: &Signed<'_>, body: &[u8]) -> Vec<String> {
    if body.len() > MISMATCH_LIMIT {
        return Vec::new();
    }
    // The session token is among what is compared.
    let mut room = Zeroizing::new(Vec::new());
    if let Err(Unreadable::Room { needed }) = Mismatch::read(signed, body, &mut room) {
        room.resize(needed, 0);
    }
    let mismatch = Mismatch::read(signed, body, &mut room);
    let said = |mismatch: Mismatch<'_>| mismatch.findings().take(MISMATCHES).map(|f| f.to_string()).collect();
    mismatch.map(said).unwrap_or_default()
}

/// The failure that a reply tells of, and its code.
pub(crate) fn failure_of(
    traits: Traits,
    status: u16,
    headers: &[(String, String)],
    body: &[u8],
) -> (Error, Option<String>) {
    let headers = borrowed_headers(headers);
    let reply = tucuxi_core::reply::Reply::new(status, &headers, body);
    let failure = Failure::read(traits.protocol, &reply);
    // What the retries go by is the error's name in AWS's model, where there is one.
    let code = failure.shape().unwrap_or_else(|| failure.code()).to_string();
    (Error::service(&failure, traits.errors), Some(code).filter(|code| !code.is_empty()))
}

/// What a reply is that should have been an output.
pub(crate) fn not_output(
    traits: Traits,
    why: BadReply,
    status: u16,
    headers: &[(String, String)],
    body: &[u8],
) -> Finished {
    match why {
        // S3 may find out that something fails after it has said that all is well.
        BadReply::Error => {
            let (error, code) = failure_of(traits, status, headers, body);
            Finished::Failed(error, code)
        }
        // It may also stop in the middle of a document, as in boto3's view.
        BadReply::Xml { .. } => Finished::Failed(Error::reply(why), None),
        why => Finished::Unreadable(Error::reply(why)),
    }
}

/// Reads a document of an output into memory.
pub(crate) fn read_document(body: &mut dyn Read, limit: Limit<'_>) -> Result<Vec<u8>, Finished> {
    let mut bytes = Vec::new();
    let read = limit.begin(body).take(OUTPUT_LIMIT.saturating_add(1)).read_to_end(&mut bytes);
    match read.map_err(|why| Finished::Broken(Error::broken_reply(why)))? {
        // It would be as long another time.
        read if read as u64 > OUTPUT_LIMIT => Err(Finished::Unreadable(Error::long_reply())),
        _ => Ok(bytes),
    }
}

pub(crate) fn borrowed_headers(headers: &[(String, String)]) -> Vec<(&str, &str)> {
    headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}
