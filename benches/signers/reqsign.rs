//! `reqsign-aws-v4`, the signer of OpenDAL. It derives the key for each signature.
//!
//! It leaves hashing the body to its caller, which is done here, and it reads the clock itself.

use std::pin::pin;
use std::task::Context as Task;
use std::task::Poll;
use std::task::Waker;
use std::time::Duration;

use benches::ACCESS_KEY;
use benches::EXPIRES;
use benches::Load;
use benches::Place;
use benches::REGION;
use benches::SECRET_KEY;
use benches::Says;
use http::HeaderValue;
use http::request::Parts;
use reqsign_aws_v4::Credential;
use reqsign_aws_v4::RequestSigner;
use reqsign_core::Context;
use reqsign_core::SignRequest;
use reqsign_core::hash::hex_sha256;
use tucuxi_core::time::Time;

use super::Contender;
use super::Key;
use super::Proof;
use super::signature_in;
use super::timed_with;

const NAME: &str = "reqsign-aws-v4";
const HASH: &str = "x-amz-content-sha256";
/// SHA-256 of nothing: known, as the limit has it.
const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// The signer, prepared.
struct Prepared {
    load: &'static Load,
    signer: RequestSigner,
    context: Context,
    credential: Credential,
    parts: Parts,
}

pub(super) fn contender(load: &'static Load) -> Option<Contender> {
    if load.says == Says::Chunks {
        return None;
    }
    let mut request = http::Request::builder().method(load.method.as_str()).uri(load.url());
    for (name, value) in load.headers {
        request = request.header(*name, *value);
    }
    if load.says == Says::Hash && load.body.is_empty() {
        request = request.header(HASH, EMPTY);
    }
    let credential = Credential {
        access_key_id: ACCESS_KEY.to_owned(),
        secret_access_key: SECRET_KEY.to_owned(),
        session_token: load.token.map(str::to_owned),
        ..Credential::default()
    };
    let prepared: &'static Prepared = Box::leak(Box::new(Prepared {
        load,
        signer: RequestSigner::new(load.service, REGION),
        context: Context::new(),
        credential,
        parts: request.body(()).unwrap().into_parts().0,
    }));
    Some(Contender {
        signer: NAME,
        key: Key::Derived,
        load,
        sample: Box::new(|times| timed_with(times, || prepared.parts.clone(), |parts| prepared.sign(parts))),
        proof: Box::new(|| prepared.proof()),
    })
}

impl Prepared {
    fn sign(&self, mut parts: Parts) -> Parts {
        if self.load.says == Says::Hash && !self.load.body.is_empty() {
            let hash = hex_sha256(self.load.body);
            parts.headers.insert(HASH, HeaderValue::from_str(&hash).unwrap());
        }
        let expires = (self.load.place == Place::Query).then(|| Duration::from_secs(EXPIRES.into()));
        let signing = self.signer.sign_request(&self.context, &mut parts, Some(&self.credential), expires);
        // There is nothing to wait for.
        let Poll::Ready(signed) = pin!(signing).poll(&mut Task::from_waker(Waker::noop())) else {
            panic!("{NAME} waits")
        };
        signed.unwrap();
        parts
    }

    fn proof(&self) -> Proof {
        let parts = self.sign(self.parts.clone());
        let header = |name: &str| parts.headers[name].to_str().unwrap();
        let (signature, stamp) = match self.load.place {
            Place::Headers => (signature_in(header("authorization")), header("x-amz-date").to_owned()),
            Place::Query => {
                let query = parts.uri.query().unwrap();
                let stamp = query.split('&').find_map(|pair| pair.strip_prefix("X-Amz-Date="));
                (signature_in(query), stamp.unwrap().to_owned())
            }
        };
        let seconds = Time::parse_stamp(stamp.as_bytes()).unwrap().seconds();
        // It signs the header for every service.
        Proof { signature, seconds, hash_sent: true }
    }
}
