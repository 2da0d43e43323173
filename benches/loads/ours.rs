//! A load prepared for tucuxi: what a program has in hands before it signs.

use std::fmt;

use tucuxi_core::aws_chunked::Encoder;
use tucuxi_core::aws_chunked::Framing;
use tucuxi_core::endpoint::Endpoint;
use tucuxi_core::hash::Compress;
use tucuxi_core::request::Body;
use tucuxi_core::request::Draft;
use tucuxi_core::request::Pair;
use tucuxi_core::request::Request;
use tucuxi_core::request::Value;
use tucuxi_core::sigv4::Credentials;
use tucuxi_core::sigv4::Expires;
use tucuxi_core::sigv4::Payload;
use tucuxi_core::sigv4::Rules;
use tucuxi_core::sigv4::Signed;
use tucuxi_core::sigv4::Signer;
use tucuxi_core::sigv4::SigningKey;
use tucuxi_core::sink::Recite;
use tucuxi_core::sink::Sink;
use tucuxi_core::time::Time;

use crate::ACCESS_KEY;
use crate::CHUNK;
use crate::EXPIRES;
use crate::Load;
use crate::NOW;
use crate::Place;
use crate::REGION;
use crate::SECRET_KEY;
use crate::Says;

/// A load, ready to be signed by tucuxi as often as one likes. It lives as long as the program.
pub struct Ours {
    load: &'static Load,
    engine: &'static dyn Compress,
    request: Request<'static>,
    endpoint: Endpoint<'static>,
    credentials: Credentials<'static>,
    signer: Signer<'static>,
    now: Time,
}

impl Ours {
    /// Prepares a load, to be hashed by `engine`.
    ///
    /// # Panics
    ///
    /// When the load is no valid request.
    #[must_use]
    pub fn new(load: &'static Load, engine: &'static dyn Compress) -> Self {
        let room: &'static mut [Pair<'static>] = vec![Pair::EMPTY; 16].leak();
        let mut draft = Draft::new(load.method, room);
        if !load.path.is_empty() {
            draft.key("Key", load.path);
        }
        for (name, value) in load.query {
            draft.query(name, Value::Text(value));
        }
        for (name, value) in load.headers {
            draft.header(name, Value::Text(value));
        }
        if load.says != Says::Chunks {
            draft.body(Body::Bytes(load.body));
        }
        let now = Time::from_seconds(NOW);
        let credentials = Credentials::new(ACCESS_KEY, SECRET_KEY).with_token(load.token);
        let key = SigningKey::derive_with(engine, &credentials, now, REGION, load.service);
        let room = vec![0; 3 * load.token.map_or(0, str::len)].leak();
        let signer = Signer::new(&credentials, Box::leak(Box::new(key)), Rules::of(load.service));
        let signer = signer.encode_token(room).unwrap();
        Self {
            load,
            engine,
            request: draft.finish().unwrap(),
            endpoint: Endpoint::new(true, load.host, load.service, REGION),
            credentials,
            signer,
            now,
        }
    }

    /// Signs with the key that is kept; what is signed can be looked at by `then`.
    #[inline]
    pub fn kept<R>(&self, then: impl FnOnce(&Signed<'_>) -> R) -> R {
        self.sign(&self.signer, then)
    }

    /// Derives the key, and signs with it.
    #[inline]
    pub fn derived<R>(&self, then: impl FnOnce(&Signed<'_>) -> R) -> R {
        let key =
            SigningKey::derive_with(self.engine, &self.credentials, self.now, REGION, self.load.service);
        let signer = self.signer.with(&key);
        self.sign(&signer, then)
    }

    /// Encodes the body, where it goes out in chunks: each piece of it as it is sent.
    ///
    /// # Panics
    ///
    /// When the load does not announce its body.
    #[inline]
    pub fn encode(&self, signed: &Signed<'_>, send: impl FnMut(&[u8])) {
        if self.load.says != Says::Chunks {
            return;
        }
        let mut to = Each(send);
        let mut encoder = Encoder::new(signed, Framing::signed(self.load.body.len() as u64)).unwrap();
        for data in self.load.body.chunks(CHUNK) {
            for piece in encoder.frame(data).unwrap().pieces() {
                to.put(piece);
            }
        }
        encoder.finish().unwrap().recite(&mut to);
    }

    #[inline]
    fn sign<R>(&self, signer: &Signer<'_>, then: impl FnOnce(&Signed<'_>) -> R) -> R {
        let payload = match self.load.says {
            Says::Chunks => Payload::Literal(STREAMING),
            Says::Hash => Payload::Body,
            Says::Unsigned => Payload::Unsigned,
        };
        match self.load.place {
            Place::Headers => then(&signer.sign(&self.request, self.endpoint, self.now, payload)),
            Place::Query => {
                let expires = const { Expires::from_seconds(EXPIRES).unwrap() };
                then(&signer.presign(&self.request, self.endpoint, self.now, payload, expires))
            }
        }
    }
}

/// Hands on what is put.
struct Each<F>(F);

impl<F: FnMut(&[u8])> Sink for Each<F> {
    fn put(&mut self, bytes: &[u8]) {
        (self.0)(bytes);
    }
}

/// What is said of a body in signed chunks.
const STREAMING: &str = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";

impl fmt::Debug for Ours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ours").field("load", &self.load.name).finish_non_exhaustive()
    }
}
