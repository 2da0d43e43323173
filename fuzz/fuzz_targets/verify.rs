//! Sign, then verify: what our signer makes of any request is found to be true, and what is changed on the way is
//! refused unless the texts that were signed stay the same.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tucuxi_core::endpoint::Endpoint;
use tucuxi_core::hash::Sha256;
use tucuxi_core::request::{Method, Pair, Raw};
use tucuxi_core::sigv4::{Credentials, Expires, Payload, Rules, Signer, SigningKey, Token};
use tucuxi_core::sink::Sink;
use tucuxi_core::time::Time;
use tucuxi_core::verify::{Claim, Received, Refusal, Terms};
use tucuxi_core::wire;

const ID: &str = "AKIDEXAMPLE";

#[derive(Default)]
struct Bytes(Vec<u8>);

impl Sink for Bytes {
    fn put(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }
}

fn text(write: impl FnOnce(&mut dyn Sink)) -> String {
    let mut bytes = Bytes::default();
    write(&mut bytes);
    String::from_utf8(bytes.0).unwrap()
}

/// A request as it is received.
#[derive(Clone, Debug)]
struct Wire {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
}

/// The texts of a claim that is true, and the signature.
fn verified(wire: &Wire, terms: &Terms<'_>) -> Result<(Vec<u8>, Vec<u8>), String> {
    let headers: Vec<_> = wire.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let mut room = vec![0; wire.target.len()];
    let received = Received::new(&wire.method, &wire.target, &headers);
    let claim = Claim::read(received, &mut room).map_err(|why| why.code().to_owned())?;
    let credentials = Credentials::new(ID, "secret");
    let key = SigningKey::derive(&credentials, claim.time(), claim.region(), claim.service());
    let mut pairs = vec![Pair::EMPTY; wire.target.len() + headers.len()];
    claim.verify(&key, terms, &mut pairs).map_err(|why| why.code().to_owned())?;
    let (mut request, mut string) = (Bytes::default(), Bytes::default());
    claim.write_texts(terms, &mut pairs, &mut request, &mut string).unwrap();
    Ok((request.0, string.0))
}

fuzz_target!(|input: (u32, &[u8], u16, u8, Vec<&str>)| {
    let (choice, body, at, bit, texts) = input;
    let (url, headers) = texts.split_first().map_or(("/", &[][..]), |(first, rest)| (*first, rest));
    let url = format!("https://h:8443/{url}");
    let mut pairs = vec![Pair::EMPTY; 64];
    let Ok(mut raw) = Raw::from_url(&url, &mut pairs) else { return };
    let methods = [Method::Get, Method::Put, Method::Post, Method::Delete];
    raw.method(methods[usize::from(bit) % 4]);
    for pair in headers.chunks_exact(2) {
        raw.header(pair[0], pair[1]);
    }
    raw.body(body);
    let host = raw.host();
    let Ok(request) = raw.finish() else { return };

    let s3 = choice & 1 == 0;
    let service = if s3 { "s3" } else { "sqs" };
    let mut rules = Rules::of(service);
    if choice & 2 == 0 {
        rules.token = Token::Added;
    }
    let token = (choice & 4 == 0).then_some("to/ken+=");
    let credentials = Credentials::new(ID, "secret").with_token(token);
    let now = Time::from_seconds(1_767_323_045 + i64::from(choice >> 8));
    let key = SigningKey::derive(&credentials, now, "us-west-2", service);
    let signer = Signer::new(&credentials, &key, rules);
    let endpoint = Endpoint::new(true, host, service, "us-west-2");
    let signed = if choice & 8 == 0 {
        let payload = if choice & 16 == 0 && s3 { Payload::Unsigned } else { Payload::Body };
        signer.sign(&request, endpoint, now, payload)
    } else {
        let payload = if s3 { Payload::Unsigned } else { Payload::Body };
        signer.presign(&request, endpoint, now, payload, Expires::from_seconds(60).unwrap())
    };
    let headers =
        signed.headers().map(|header| (text(|to| header.write_name(to)), text(|to| header.write_value(to))));
    let wire = Wire {
        method: request.method().as_str().to_owned(),
        headers: headers.collect(),
        target: text(|to| wire::target(&signed, to)),
    };
    let terms = Terms::new(now).rules(rules).body(Sha256::digest(body));
    let truth = match verified(&wire, &terms) {
        Ok(texts) => texts,
        // A request of which there are two readings is not for a strict server, whoever signed it.
        Err(why) => {
            let two = [Refusal::BothPlaces.code(), Refusal::Duplicate { name: "" }.code()];
            assert!(two.contains(&why.as_str()), "{why}: {wire:?}");
            return;
        }
    };
    assert_eq!(String::from_utf8_lossy(&truth.0), text(|to| signed.canonical_request(to)));

    // One bit is another.
    let mut changed = wire.clone();
    let mut at = usize::from(at);
    let mut parts = vec![&mut changed.method, &mut changed.target];
    parts.extend(changed.headers.iter_mut().flat_map(|(name, value)| [name, value]));
    for part in parts {
        if at < part.len() {
            let mut bytes = part.clone().into_bytes();
            bytes[at] ^= 1 << (bit % 8);
            match String::from_utf8(bytes) {
                Ok(text) => *part = text,
                Err(_) => return,
            }
            break;
        }
        at -= part.len();
    }
    if let Ok(texts) = verified(&changed, &terms) {
        assert!(texts == truth, "accepted: {wire:?} {changed:?}");
    }
    // Or the body.
    if !body.is_empty() && !String::from_utf8_lossy(&truth.0).ends_with("UNSIGNED-PAYLOAD") {
        let mut other = body.to_vec();
        other[usize::from(bit) % body.len()] ^= 1 << (bit % 8);
        assert!(verified(&wire, &terms.body(Sha256::digest(&other))).is_err());
    }
});
