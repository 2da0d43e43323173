//! The texts of SigV4 in little code: what a small image has in place of the writers in [`canonical`](super::canonical).
//!
//! Those know each part of a text when they are compiled, which is fast and large. Here a text is a few bytes that say
//! which part comes when, read by one loop. Paths, queries, folding and the order of headers are the same code for
//! both, and both pass the same tests.

use super::Signature;
use super::Signed;
use super::SigningKey;
use super::canonical::As;
use super::entries::Entries;
use super::entries::Entry;
use super::entries::Own;
use crate::encode::hex;
use crate::hash::Sha256;
use crate::hash::bytes_of;
use crate::request::Folded;
use crate::request::Line;
use crate::sink::Sink;

/// The canonical request. Each text of its own stands behind [`TEXT`].
pub(super) const CANONICAL: &[u8] = b"\x81\x80\n\x82\x80\n\x83\x84\x80\n\n\x85\x80\n\x92";

/// What the string to sign has in front of the hash.
pub(super) const STRING_HEAD: &[u8] = b"\x8b\x80\n\x93\x80\n\x86\x80/\x87\x88\x80/aws4_request\n";

/// The value of the `Authorization` header.
pub(super) const AUTHORIZATION: &[u8] = b"\x8b\x80 Credential=\x89\x80/\x86\x80/\x87\x88\x80\
    /aws4_request, SignedHeaders=\x85\x80, Signature=\x8a";

/// The bytes up to the next that is no ASCII.
const TEXT: u8 = 0x80;
const METHOD: u8 = 0x81;
const PATH: u8 = 0x82;
const QUERY: u8 = 0x83;
// 0x84: the headers, each behind a line break
/// The names of the headers.
const NAMES: u8 = 0x85;
const DAY: u8 = 0x86;
/// The region and a slash, where the proof is for one region.
const REGION: u8 = 0x87;
const SERVICE: u8 = 0x88;
const ACCESS_KEY: u8 = 0x89;
const SIGNATURE: u8 = 0x8a;
const ALGORITHM: u8 = 0x8b;
const PAYLOAD: u8 = 0x92;
// 0x93: the stamp

impl<'s> Signed<'s> {
    /// Writes a text part by part.
    pub(super) fn fill(&self, text: &[u8], to: &mut dyn Sink) {
        let mut rest = text;
        while let Some((part, behind)) = rest.split_first() {
            rest = behind;
            match *part {
                TEXT => {
                    let end = rest.iter().position(|byte| *byte >= TEXT).unwrap_or(rest.len());
                    let (text, behind) = rest.split_at_checked(end).unwrap_or_default();
                    to.put(text);
                    rest = behind;
                }
                part @ PATH..=NAMES => self.list(part, to),
                REGION if self.region_set().is_some() => {}
                REGION => {
                    Line(to).put(self.endpoint.region().as_bytes());
                    to.put(b"/");
                }
                part => Line(to).put(self.text(part)),
            }
        }
    }

    /// A part that is made of others. Apart, so that the stack holds its variables only while it is written.
    #[inline(never)]
    fn list(&self, part: u8, mut to: &mut dyn Sink) {
        match part {
            PATH => self.canonical_path(&mut to),
            QUERY => match self.presigned {
                None => self.given_query(&mut to),
                Some(query) => query(self, As::Canonical, to),
            },
            _ => self.header_list(part == NAMES, to),
        }
    }

    /// A part that is a text.
    #[inline(never)]
    fn text(&self, part: u8) -> &[u8] {
        match part {
            METHOD => self.request.method().as_str().as_bytes(),
            DAY => self.stamp.first_chunk::<8>().map_or(&[], <[u8; 8]>::as_slice),
            SERVICE => self.endpoint.service().as_bytes(),
            ACCESS_KEY => self.signer.map(|signer| signer.access_key).unwrap_or_default().as_bytes(),
            SIGNATURE => self.signature.as_bytes(),
            ALGORITHM if self.region_set().is_some() => b"AWS4-ECDSA-P256-SHA256",
            ALGORITHM => b"AWS4-HMAC-SHA256",
            PAYLOAD => self.payload_text(),
            _ => &self.stamp,
        }
    }

    /// The headers that are signed: their lines, or only their names.
    fn header_list(&self, names: bool, to: &mut dyn Sink) {
        let mut before = None;
        let mut mark: &[u8] = if names { b"" } else { b"\n" };
        for entry in Entries::signed(self) {
            let pair = match entry {
                Entry::Given(pair) => Some(pair),
                Entry::Own(_) => None,
            };
            // A name that repeats is one line with all its values.
            let again = pair.is_some_and(|pair| self.repeats(before, pair));
            before = pair;
            if !again {
                to.put(mark);
                match entry {
                    Entry::Given(pair) => pair.write_name(to),
                    Entry::Own(own) => to.put(self.own_name_small(own)),
                }
            }
            if names {
                mark = b";";
                continue;
            }
            to.put(if again { b"," } else { b":" });
            match entry {
                Entry::Given(pair) => pair.write_folded(to),
                Entry::Own(own) => Folded::new(to).put(self.own_bytes_small(own)),
            }
        }
    }

    /// The name of a header that the signer adds, by one call.
    #[inline(never)]
    pub(super) fn own_name_small(&self, own: Own) -> &'static [u8] {
        self.own_name(own).as_bytes()
    }

    /// The value of such a header.
    #[inline(never)]
    pub(super) fn own_bytes_small(&self, own: Own) -> &[u8] {
        self.own_bytes(own)
    }

    /// The signature, with one hash on the stack at a time.
    pub(super) fn signature_small(&self, key: &SigningKey) -> Signature {
        let mut hash = Sha256::with(key.engine());
        self.fill(CANONICAL, &mut hash);
        let digest = bytes_of(&hash.end());
        hash = key.mac().inner_hash();
        self.fill(STRING_HEAD, &mut hash);
        hash.put(hex(digest).as_flattened());
        Signature::Hmac(hex(bytes_of(&key.mac().outer(&hash.end()))))
    }
}
