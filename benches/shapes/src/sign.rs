//! The signer, generic over how it reads a request: once per shape in a program.
use crate::hash::{Key, START, Sha, hex};
use crate::sink::{Cursor, Sink, Value, folded, has_blank, percent};

/// What the three shapes have in common for a reader.
pub trait Reading {
    fn method(&self) -> &'static str;
    fn path<S: Sink + ?Sized>(&self, to: &mut S);
    fn query<S: Sink + ?Sized>(&self, query: &mut Query<'_, S>);
    fn headers<S: Sink + ?Sized>(&self, headers: &mut Headers<'_, '_, S>);
    fn body(&self, to: &mut dyn Sink);
}

pub struct Signer<'a> {
    pub key_id: &'a str,
    pub token: Option<&'a str>,
    pub region: &'a str,
    pub service: &'a str,
    pub date: [u8; 8],
    pub key: Key,
    #[cfg(feature = "wide")]
    scope: ([u8; 64], usize),
}

#[derive(Clone, Copy)]
pub enum Payload {
    Unsigned,
    Empty,
    Recited,
}

pub struct Signed<'s, R> {
    signer: &'s Signer<'s>,
    request: &'s R,
    host: &'s str,
    time: [u8; 16],
    hash: [u8; 64],
    hash_len: usize,
    names: [u8; NAMES],
    names_len: usize,
    signature: [u8; 64],
}

/// The signed headers' names, kept from the first reading when they fit.
const NAMES: usize = if cfg!(feature = "wide") { 96 } else { 0 };

/// The signer's own headers, ascending.
#[derive(Clone, Copy)]
struct Own<'a> {
    host: &'a str,
    hash: Option<&'a [u8]>,
    time: &'a [u8; 16],
    token: Option<&'a str>,
}

pub const EMPTY: &[u8; 64] = b"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

impl<'a> Signer<'a> {
    pub fn new(key_id: &'a str, secret: &str, region: &'a str, service: &'a str, date: [u8; 8]) -> Self {
        let (mut room, mut at) = ([0; 64], 0);
        for (to, from) in room.iter_mut().zip(b"AWS4".iter().chain(secret.as_bytes())) {
            *to = *from;
            at += 1;
        }
        let key = Key::new(room.get(..at).unwrap_or_default()).next(&date);
        let key = key.next(region.as_bytes()).next(service.as_bytes()).next(b"aws4_request");
        #[cfg(feature = "wide")]
        let scope = {
            let mut room = [0; 64];
            let mut to = crate::sink::Cursor { room: &mut room, at: 0 };
            for text in [&date[..], b"/", region.as_bytes(), b"/", service.as_bytes(), b"/aws4_request"] {
                to.put(text);
            }
            let end = to.at; // a real signer says when it does not fit
            (room, end)
        };
        Self {
            key_id,
            token: None,
            region,
            service,
            date,
            key,
            #[cfg(feature = "wide")]
            scope,
        }
    }

    /// `seconds` of the day that the key is good for.
    #[inline(never)]
    pub fn sign<'s, R: Reading>(&'s self, host: &'s str, request: &'s R, payload: Payload, seconds: u32) -> Signed<'s, R> {
        let [y, e, a, r, m, o, d, x] = self.date;
        let pair = |n: u32| [b'0' + (n / 10) as u8, b'0' + (n % 10) as u8];
        let ([h, i], [n, u], [s, t]) = (pair(seconds / 3600), pair(seconds / 60 % 60), pair(seconds % 60));
        let time = [y, e, a, r, m, o, d, x, b'T', h, i, n, u, s, t, b'Z'];
        let mut mac = Sha::new();
        self.key.start(&mut mac);
        mac.puts(&[b"AWS4-HMAC-SHA256\n", &time, b"\n"]);
        #[cfg(feature = "wide")]
        self.scope(&mut mac);
        #[cfg(not(feature = "wide"))]
        self.scope::<dyn Sink>(&mut mac);
        mac.put(b"\n");
        let mut sha = Sha::new();
        let (mut hash, mut hash_len) = (*EMPTY, 64);
        match payload {
            Payload::Empty => {}
            Payload::Unsigned => {
                if let Some(to) = hash.first_chunk_mut() {
                    *to = *b"UNSIGNED-PAYLOAD";
                }
                hash_len = 16;
            }
            Payload::Recited => {
                request.body(&mut sha);
                hash = hex(&sha.finish());
                sha.restart(START, 0);
            }
        }
        let mut signed = Signed { signer: self, request, host, time, hash, hash_len, names: [0; NAMES], names_len: usize::MAX, signature: [0; 64] };
        #[cfg(feature = "wide")]
        signed.canonical(&mut sha);
        #[cfg(not(feature = "wide"))]
        signed.canonical::<dyn Sink>(&mut sha);
        let digest = hex(&sha.finish());

        mac.put(&digest);
        signed.signature = hex(&self.key.finish(&mut mac));
        signed
    }

    #[inline]
    fn scope<S: Sink + ?Sized>(&self, to: &mut S) {
        #[cfg(feature = "wide")]
        if let Some(text) = self.scope.0.get(..self.scope.1) {
            return to.put(text);
        }
        to.put(&self.date);
        to.put(b"/");
        to.put(self.region.as_bytes());
        to.put(b"/");
        to.put(self.service.as_bytes());
        to.put(b"/aws4_request");
    }
}

impl<R: Reading> Signed<'_, R> {
    #[inline]
    fn hash(&self) -> &[u8] {
        self.hash.get(..self.hash_len).unwrap_or_default()
    }

    #[inline]
    fn headers<S: Sink + ?Sized>(&self, what: Part, names: &mut [u8], to: &mut S) -> usize {
        let hash = (self.signer.service == "s3").then_some(self.hash());
        let own = Own { host: self.host, hash, time: &self.time, token: self.signer.token };
        let mut headers = Headers { own, next: 0, what, first: true, names: Cursor { room: names, at: 0 }, to };
        self.request.headers(&mut headers);
        headers.own(None);
        headers.names.at
    }

    #[inline]
    fn names<S: Sink + ?Sized>(&self, to: &mut S) {
        match self.names.get(1..self.names_len) {
            Some(names) => to.put(names),
            None => _ = self.headers(Part::Names, &mut [], to),
        }
    }

    #[inline]
    fn canonical<S: Sink + ?Sized>(&mut self, to: &mut S) {
        to.put(self.request.method().as_bytes());
        to.put(b"\n");
        self.request.path(to);
        to.put(b"\n");
        self.request.query(&mut Query { before: b"", to });
        to.put(b"\n");
        let mut names = [0; NAMES];
        self.names_len = self.headers(Part::Lines, &mut names, to);
        self.names = names;
        to.put(b"\n");
        self.names(to);
        to.put(b"\n");
        to.put(self.hash());
    }

    #[inline]
    pub fn authorization<S: Sink + ?Sized>(&self, to: &mut S) {
        to.puts(&[b"AWS4-HMAC-SHA256 Credential=", self.signer.key_id.as_bytes(), b"/"]);
        self.signer.scope(to);
        to.put(b", SignedHeaders=");
        self.names(to);
        to.puts(&[b", Signature=", &self.signature]);
    }

    pub fn head<S: Sink + ?Sized>(&self, to: &mut S) {
        to.put(self.request.method().as_bytes());
        to.put(b" ");
        self.request.path(to);
        self.request.query(&mut Query { before: b"?", to });
        to.put(b" HTTP/1.1\r\n");
        self.headers(Part::Wire, &mut [], to);
        to.put(b"authorization: ");
        self.authorization(to);
        to.put(b"\r\n\r\n");
    }
}

/// Takes a request's query and writes it.
pub struct Query<'q, S: ?Sized> {
    pub before: &'static [u8],
    pub to: &'q mut S,
}

impl<S: Sink + ?Sized> Query<'_, S> {
    #[inline]
    pub fn pair(&mut self, name: &str, value: &Value<'_>) {
        self.to.puts(&[self.before, name.as_bytes(), b"="]);
        self.before = b"&";
        value.text(|text| percent(text, crate::sink::QUERY, self.to));
    }
}

#[derive(Clone, Copy, PartialEq)]
pub enum Part {
    Lines,
    Names,
    Wire,
}

/// Takes a request's headers, ascending, and writes them merged with the signer's own.
pub struct Headers<'h, 'o, S: ?Sized> {
    own: Own<'o>,
    next: u8,
    what: Part,
    first: bool,
    names: Cursor<'h>,
    to: &'h mut S,
}

/// Most names differ in their first byte.
#[inline]
fn is_before(a: &[u8], b: &[u8]) -> bool {
    if a.first() != b.first() { a.first() < b.first() } else { a < b }
}

impl<S: Sink + ?Sized> Headers<'_, '_, S> {
    #[inline]
    pub fn pair(&mut self, name: &str, value: &Value<'_>) {
        self.own(Some(name.as_bytes()));
        value.text(|text| self.one(name.as_bytes(), text, false));
    }

    /// Writes the signer's own up to `limit`.
    #[cfg_attr(not(feature = "wide"), inline(never))]
    fn own(&mut self, limit: Option<&[u8]>) {
        let own = self.own;
        let after = |name: &[u8]| limit.is_some_and(|limit| is_before(limit, name));
        if self.next == 0 {
            if after(b"host") {
                return;
            }
            self.one(b"host", own.host.as_bytes(), true);
            self.next = 1;
        }
        if self.next == 1 {
            if after(b"x-amz-content-sha256") {
                return;
            }
            if let Some(hash) = own.hash {
                self.one(b"x-amz-content-sha256", hash, true);
            }
            self.next = 2;
        }
        if self.next == 2 {
            if after(b"x-amz-date") {
                return;
            }
            self.one(b"x-amz-date", own.time, true);
            self.next = 3;
        }
        if self.next == 3 {
            if after(b"x-amz-security-token") {
                return;
            }
            if let Some(token) = own.token {
                self.one(b"x-amz-security-token", token.as_bytes(), true);
            }
            self.next = 4;
        }
    }

    #[cfg_attr(feature = "wide", inline(always))]
    #[cfg_attr(not(feature = "wide"), inline(never))]
    fn one(&mut self, name: &[u8], text: &[u8], clean: bool) {
        if self.what == Part::Names {
            if !core::mem::replace(&mut self.first, false) {
                self.to.put(b";");
            }
            return self.to.put(name);
        }
        if NAMES > 0 && self.what == Part::Lines {
            self.names.puts(&[b";", name]);
        }
        if !clean && has_blank(text) {
            let (colon, end): (&[u8], &[u8]) = if self.what == Part::Lines { (b":", b"\n") } else { (b": ", b"\r\n") };
            self.to.puts(&[name, colon]);
            folded(text, self.to);
            return self.to.put(end);
        }
        if self.what == Part::Lines { self.to.puts(&[name, b":", text, b"\n"]) } else { self.to.puts(&[name, b": ", text, b"\r\n"]) }
    }
}
