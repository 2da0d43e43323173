//! Presigned URLs by the thousand: hashed side by side, with what they have in common written once.
//!
//! A signature is a chain of hashes, and one chain is as fast as the processor's SHA-256 and no faster. The chains
//! of different URLs do not wait for each other: [`Presigner`] gathers requests and hashes them in
//! [lanes](tucuxi_lanes), sixteen at once where there is AVX-512. [`Client::presign_all`](crate::Client::presign_all)
//! is the same for operations. The URLs are those of presigning one by one, byte for byte.

mod all;

use std::fmt;

use tucuxi_core::endpoint::Endpoint;
use tucuxi_core::request::Method;
use tucuxi_core::request::Request;
use tucuxi_core::sigv4::Expires;
use tucuxi_core::sigv4::Payload;
use tucuxi_core::sigv4::Presigning;
use tucuxi_core::sigv4::Signer;
use tucuxi_core::sigv4::Unproven;
use tucuxi_core::time::Time;
pub use tucuxi_lanes::Engine;
use tucuxi_lanes::INITIAL;
use tucuxi_lanes::Lane;
use zeroize::Zeroize;

pub use self::all::PresignAll;
use crate::output::Bytes;
use crate::output::written;

/// How many requests are hashed at once: enough that no lane is idle for long, few enough that their texts lie in the
/// fastest cache.
const AT_ONCE: usize = 64;

/// Presigns many requests with one signer, for one time.
///
/// ```
/// use tucuxi::bulk::Presigner;
/// use tucuxi_core::endpoint::Endpoint;
/// use tucuxi_core::request::{Pair, Raw};
/// use tucuxi_core::sigv4::{Credentials, Expires, Payload, Rules, Signer, SigningKey};
/// use tucuxi_core::time::Time;
///
/// let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
/// let now = Time::parse_stamp(b"20150830T123600Z").unwrap();
/// let key = SigningKey::derive(&credentials, now, "us-east-1", "s3");
/// let signer = Signer::new(&credentials, &key, Rules::S3);
/// let hour = Expires::from_seconds(3600).unwrap();
///
/// let mut presigner = Presigner::new(&signer, now, Payload::Unsigned, hour).unwrap();
/// presigner.endpoint(Endpoint::new(true, "logs.s3.amazonaws.com", "s3", "us-east-1"));
/// for name in ["a", "b"] {
///     let url = format!("https://logs.s3.amazonaws.com/{name}");
///     let mut pairs = [Pair::EMPTY; 4];
///     let request = Raw::from_url(&url, &mut pairs).unwrap().finish().unwrap();
///     presigner.add(&request);
/// }
/// let urls: Vec<_> = presigner.urls().collect();
/// assert!(urls[1].starts_with("https://logs.s3.amazonaws.com/b?X-Amz-Algorithm=AWS4-HMAC-SHA256&"));
/// ```
pub struct Presigner<'a> {
    presigning: Presigning<'a>,
    endpoint: Endpoint<'a>,
    batch: Batch,
}

impl<'a> Presigner<'a> {
    /// For URLs as [`Signer::presign`] makes them, by the fastest way that this processor has.
    ///
    /// The key's own [engine](tucuxi_core::sigv4::SigningKey::derive_with) only hashes bodies.
    ///
    /// Nothing for a signer of Signature Version 4a.
    #[must_use]
    pub fn new(signer: &'a Signer<'a>, time: Time, payload: Payload<'a>, expires: Expires) -> Option<Self> {
        let presigning = signer.presigning(time, payload, expires)?;
        Some(Self { presigning, endpoint: Endpoint::new(true, "", "", ""), batch: Batch::default() })
    }

    /// Hashes in this way instead.
    #[must_use]
    pub fn engine(mut self, engine: Engine) -> Self {
        self.batch.engine = engine;
        self
    }

    /// Says where the requests go that are added from now on. Its region and service must be the key's.
    pub fn endpoint(&mut self, endpoint: Endpoint<'a>) {
        self.endpoint = endpoint;
        self.batch.move_on();
    }

    /// Adds a request. Its URL comes with the next [`urls`](Self::urls).
    pub fn add(&mut self, request: &Request<'_>) {
        self.batch.add(&self.presigning.of(request, self.endpoint));
    }

    /// The URLs of what was added since they were last asked for, in that order. Whoever has them has what they
    /// give: keep them out of logs.
    pub fn urls(&mut self) -> impl Iterator<Item = &str> {
        self.batch.urls()
    }
}

impl fmt::Debug for Presigner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Presigner").field("batch", &self.batch).finish_non_exhaustive()
    }
}

/// Requests on their way to being URLs, all of one [`Presigning`].
pub(crate) struct Batch {
    engine: Engine,
    /// What begins every string to sign; none before the first.
    head: Option<Head>,
    /// What was written for each host that somebody waits for.
    hosts: Vec<Host>,
    place: Place,
    /// The canonical requests that were not hashed yet, each padded to whole blocks.
    texts: Bytes,
    waiting: Vec<Waiting>,
    /// What is known of their URLs.
    known: String,
    /// The URLs, and where each ends.
    urls: String,
    ends: Vec<usize>,
    /// Whether the URLs were handed out.
    taken: bool,
}

/// What is known of the endpoint of the requests to come.
#[derive(Clone, Copy)]
enum Place {
    /// Nothing.
    Unknown,
    /// The key and the scope are made ready.
    Scope,
    /// And what its requests have in common is written: which of the hosts that is.
    Host(usize),
}

/// A request that was not hashed yet.
struct Waiting {
    /// How many blocks its canonical request has.
    blocks: usize,
    /// Where its part of what is known ends.
    known: usize,
    /// Whose beginning and end of the URL it has, with a path between them; none where all of it is known.
    host: Option<usize>,
}

/// A scope and a key, made ready: the strings to sign of one day, region and service differ in the digest that ends
/// them, so what comes before it is hashed once.
struct Head {
    region: String,
    service: String,
    /// The state of HMAC's inner hash after the whole blocks of the string to sign that are always the same.
    inner: [u32; 8],
    /// The state of its outer hash before the inner digest.
    outer: [u32; 8],
    /// The last blocks of each string to sign, with a place for the digits and their padding.
    tails: Vec<[u8; 64]>,
    /// How many blocks that is for each, and where the digits begin.
    each: usize,
    digits_at: usize,
    /// The last block of each code, with a place for the inner digest and its padding.
    codes: Vec<[u8; 64]>,
}

/// What the requests to one host have in common that have no headers and no query of their own.
struct Host {
    /// The canonical request between the method and the path, slash included.
    before: Vec<u8>,
    /// The canonical request behind the path, with more padding than is needed, and its length without.
    behind: Vec<u8>,
    unpadded: usize,
    /// The URL before the path, slash included, and behind it.
    origin: String,
    rest: String,
}

impl Default for Batch {
    fn default() -> Self {
        Self {
            engine: Engine::found(),
            head: None,
            hosts: Vec::new(),
            place: Place::Unknown,
            texts: Bytes::default(),
            waiting: Vec::with_capacity(AT_ONCE),
            known: String::new(),
            urls: String::new(),
            ends: Vec::new(),
            taken: false,
        }
    }
}

impl Batch {
    /// Begins anew for requests to another endpoint, of the same [`Presigning`].
    pub(crate) const fn move_on(&mut self) {
        self.place = Place::Unknown;
    }

    /// Begins anew for another [`Presigning`]. The URLs must have been taken.
    pub(crate) fn reset(&mut self) {
        self.head = None;
        self.place = Place::Unknown;
    }

    /// Writes the request's texts, and hashes when there are enough of them.
    pub(crate) fn add(&mut self, unproven: &Unproven<'_>) {
        self.forget();
        if matches!(self.place, Place::Unknown) {
            self.arrive(unproven);
        }
        let path = unproven.plain_path().filter(|_| unproven.has_common_rest());
        let waiting = match path {
            Some(path) => {
                let at = self.host(unproven, path);
                let blocks = self.hosts[at].write(unproven.request().method(), path, &mut self.texts.0);
                self.known.push_str(path);
                Waiting { blocks, known: self.known.len(), host: Some(at) }
            }
            None => {
                let begin = self.texts.0.len();
                unproven.canonical_request(&mut self.texts);
                let blocks = pad(&mut self.texts.0, begin, 0);
                self.known.push_str(&unsigned_url(unproven));
                Waiting { blocks, known: self.known.len(), host: None }
            }
        };
        self.waiting.push(waiting);
        if self.waiting.len() == AT_ONCE {
            self.hash();
        }
    }

    /// The URLs of what was added since they were last asked for.
    pub(crate) fn urls(&mut self) -> impl Iterator<Item = &str> {
        self.forget();
        self.hash();
        self.taken = true;
        let urls = &*self.urls;
        self.ends.iter().scan(0, |begin, end| urls.get(std::mem::replace(begin, *end)..*end))
    }

    /// Lets go of what was handed out.
    fn forget(&mut self) {
        if std::mem::take(&mut self.taken) {
            self.urls.clear();
            self.ends.clear();
        }
    }

    /// Makes key and scope ready, if they are not those of the last request.
    fn arrive(&mut self, unproven: &Unproven<'_>) {
        if !self.head.as_ref().is_some_and(|head| head.is_for(unproven.endpoint())) {
            self.hash();
            self.head = Some(Head::new(unproven));
        }
        self.place = Place::Scope;
    }

    /// What was written for the host of this request.
    #[inline]
    fn host(&mut self, unproven: &Unproven<'_>, path: &str) -> usize {
        match self.place {
            Place::Host(at) => at,
            Place::Unknown | Place::Scope => {
                self.hosts.push(Host::new(unproven, path));
                let at = self.hosts.len() - 1;
                self.place = Place::Host(at);
                at
            }
        }
    }

    /// Hashes what waits for it, and completes its URLs.
    fn hash(&mut self) {
        let Some(head) = &mut self.head else { return };
        let count = self.waiting.len();
        let mut lanes = [Lane { state: INITIAL, blocks: &[] }; AT_ONCE];
        let lanes = &mut lanes[..count];
        let mut rest = self.texts.0.as_chunks::<64>().0;
        for (lane, waiting) in lanes.iter_mut().zip(&self.waiting) {
            (lane.blocks, rest) = rest.split_at(waiting.blocks);
        }
        self.engine.compress(lanes);
        for (lane, tail) in lanes.iter().zip(head.tails.chunks_exact_mut(head.each)) {
            let digits = head.digits_at..head.digits_at + 64;
            tail.as_flattened_mut()[digits].copy_from_slice(hex(&lane.state).as_flattened());
        }

        // Of the key's states, no copy is left behind: those that nothing is hashed into are wiped.
        let mut copies = [Lane { state: head.inner, blocks: &[] }; AT_ONCE];
        let (lanes, spare) = copies.split_at_mut(count);
        spare.iter_mut().for_each(|lane| lane.state.zeroize());
        for (lane, tail) in lanes.iter_mut().zip(head.tails.chunks_exact(head.each)) {
            lane.blocks = tail;
        }
        self.engine.compress(lanes);
        for (lane, code) in lanes.iter().zip(&mut head.codes) {
            for (to, word) in code.as_chunks_mut::<4>().0.iter_mut().zip(lane.state) {
                *to = word.to_be_bytes();
            }
        }

        let mut copies = [Lane { state: head.outer, blocks: &[] }; AT_ONCE];
        let (lanes, spare) = copies.split_at_mut(count);
        spare.iter_mut().for_each(|lane| lane.state.zeroize());
        for (lane, code) in lanes.iter_mut().zip(&head.codes) {
            lane.blocks = std::slice::from_ref(code);
        }
        self.engine.compress(lanes);

        let mut begin = 0;
        for (lane, waiting) in lanes.iter().zip(&self.waiting) {
            let known = &self.known[std::mem::replace(&mut begin, waiting.known)..waiting.known];
            match waiting.host.map(|at| &self.hosts[at]) {
                Some(host) => {
                    self.urls.push_str(&host.origin);
                    self.urls.push_str(known);
                    self.urls.push_str(&host.rest);
                }
                None => self.urls.push_str(known),
            }
            self.urls.push_str(str::from_utf8(hex(&lane.state).as_flattened()).unwrap_or_default());
            self.ends.push(self.urls.len());
        }

        self.texts.0.clear();
        self.waiting.clear();
        self.known.clear();
        // the host of the next request stays
        if let Place::Host(at) = &mut self.place {
            self.hosts.swap(0, std::mem::take(at));
            self.hosts.truncate(1);
        } else {
            self.hosts.clear();
        }
    }
}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch").field("urls", &self.ends.len()).finish_non_exhaustive()
    }
}

impl Head {
    fn new(unproven: &Unproven<'_>) -> Self {
        let mut text = Bytes::default();
        unproven.string_to_sign_head(&mut text);
        let [inner, outer] = unproven.states();
        let (whole, rest) = text.0.as_chunks::<64>();
        let mut lane = [Lane { state: *inner, blocks: whole }];
        Engine::PORTABLE.compress(&mut lane);
        let digits_at = rest.len();
        let mut tail = [rest, &[0; 64]].concat();
        // before them, the block of the key and those that are hashed here
        let each = pad(&mut tail, 0, 1 + whole.len());
        let mut code = vec![0; 32];
        pad(&mut code, 0, 1);
        let [Lane { state, .. }] = &mut lane;
        let head = Self {
            region: unproven.endpoint().region().to_owned(),
            service: unproven.endpoint().service().to_owned(),
            inner: *state,
            outer: *outer,
            tails: tail.as_chunks::<64>().0.repeat(AT_ONCE),
            each,
            digits_at,
            codes: code.as_chunks::<64>().0.repeat(AT_ONCE),
        };
        state.zeroize();
        head
    }

    fn is_for(&self, endpoint: Endpoint<'_>) -> bool {
        self.region == endpoint.region() && self.service == endpoint.service()
    }
}

impl Drop for Head {
    fn drop(&mut self) {
        self.inner.zeroize();
        self.outer.zeroize();
    }
}

impl Host {
    /// Takes what is common out of the texts of a request with this path.
    fn new(unproven: &Unproven<'_>, path: &str) -> Self {
        let endpoint = unproven.endpoint();
        let before = format!("\n{}/", endpoint.path()).into_bytes();
        let head = unproven.request().method().as_str().len() + before.len() + path.len();
        let mut text = Bytes::default();
        unproven.canonical_request(&mut text);
        let mut behind = text.0.split_off(head);
        let unpadded = behind.len();
        behind.push(0x80);
        behind.extend_from_slice(&[0; 72]);

        let mut origin = written(|to| endpoint.write_origin(to));
        origin.push_str(endpoint.path());
        origin.push('/');
        let mut url = unsigned_url(unproven);
        let rest = url.split_off(origin.len() + path.len());
        Self { before, behind, unpadded, origin, rest }
    }

    /// Writes the canonical request of a path, padded: how many blocks it has.
    #[inline]
    fn write(&self, method: Method, path: &str, to: &mut Vec<u8>) -> usize {
        let begin = to.len();
        to.extend_from_slice(method.as_str().as_bytes());
        to.extend_from_slice(&self.before);
        to.extend_from_slice(path.as_bytes());
        let length = to.len() - begin + self.unpadded;
        let blocks = blocks(length);
        to.extend_from_slice(&self.behind[..begin + 64 * blocks - to.len()]);
        write_bits(to, length);
        blocks
    }
}

/// The URL up to its signature.
fn unsigned_url(unproven: &Unproven<'_>) -> String {
    let mut url = written(|to| unproven.url(to));
    url.truncate(url.len() - 64);
    url
}

/// How many blocks a message of so many bytes has with its padding
/// ([FIPS 180-4](https://doi.org/10.6028/NIST.FIPS.180-4), 5.1.1).
const fn blocks(length: usize) -> usize {
    (length + 9).div_ceil(64)
}

/// Pads a message that begins there, with so many blocks before it, to whole blocks: how many they are.
fn pad(text: &mut Vec<u8>, begin: usize, before: usize) -> usize {
    let length = text.len() - begin;
    let blocks = blocks(length);
    text.push(0x80);
    text.resize(begin + 64 * blocks, 0);
    write_bits(text, length + 64 * before);
    blocks
}

/// Ends a padded text with the length of its message, given in bytes.
fn write_bits(text: &mut [u8], length: usize) {
    if let Some(end) = text.last_chunk_mut() {
        *end = (length as u64 * 8).to_be_bytes();
    }
}

/// A state in hex digits, eight of a word at a time.
fn hex(state: &[u32; 8]) -> [[u8; 8]; 8] {
    let mut digits = [[0; 8]; 8];
    for (to, word) in digits.iter_mut().zip(state) {
        // Halves, bytes and nibbles move apart and change places, so that the first digit ends in the lowest byte.
        let word = u64::from(*word);
        let halves = (word << 32 | word >> 16) & 0x0000_ffff_0000_ffff;
        let bytes = (halves << 16 | halves >> 8) & 0x00ff_00ff_00ff_00ff;
        let nibbles = (bytes << 8 | bytes >> 4) & 0x0f0f_0f0f_0f0f_0f0f;
        // All bits of each byte that is a letter. No byte carries into the next.
        let letters = (nibbles + 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101;
        let letters = letters * 0xff;
        *to = (nibbles + 0x3030_3030_3030_3030 + (letters & 0x2727_2727_2727_2727)).to_le_bytes();
    }
    digits
}
