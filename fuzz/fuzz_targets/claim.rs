//! Claims from any bytes: they are read or refused and never believed, a short room names the size that would do, and
//! a body in chunks comes out the same at every split, with nothing proven that was not signed.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tucuxi_core::endpoint::Endpoint;
use tucuxi_core::request::{Method, Pair, Raw};
use tucuxi_core::sigv4::{Credentials, Payload, Rules, Signer, SigningKey};
use tucuxi_core::sink::{Count, Cursor, Sink};
use tucuxi_core::time::Time;
use tucuxi_core::verify::{Arrived, BadChunks, ChunkVerifier, Claim, Received, Refusal, Streaming, Terms};

fuzz_target!(|input: (u8, u16, &[u8], &str, &str, Vec<(&str, &str)>)| {
    let (step, room, body, target, authorization, more) = input;
    let mut headers = vec![("host", "h"), ("x-amz-date", "20260102T030405Z")];
    let whole = format!("AWS4-HMAC-SHA256 {authorization}");
    match step % 3 {
        0 => headers.push(("Authorization", authorization)),
        1 => headers.push(("Authorization", &whole)),
        _ => {}
    }
    headers.extend(more);
    let target = format!("/{target}");
    let received = Received::new("GET", &target, &headers);
    let mut room = vec![0; usize::from(room)];
    let size = room.len();
    match Claim::read(received, &mut room) {
        Ok(claim) => {
            let credentials = Credentials::new(claim.access_key(), "secret");
            let key = SigningKey::derive(&credentials, claim.time(), claim.region(), claim.service());
            let terms = Terms::new(claim.time()).body([0; 32]);
            let mut pairs = vec![Pair::EMPTY; target.len() + headers.len()];
            // Nobody guesses a signature.
            let refused = claim.verify(&key, &terms, &mut pairs).expect_err("it was not signed");
            assert!(!matches!(refused, Refusal::Room { .. }), "{refused}");
            let _ = format!("{claim:?} {refused}");
            let (mut request, mut string) = (Count::default(), Count::default());
            let written = claim.write_texts(&terms, &mut pairs, &mut request, &mut string);
            assert!(written.is_err() || string.bytes() > 100);
        }
        Err(Refusal::Room { needed }) => {
            assert!(size < needed && needed <= target.len());
            let mut room = vec![0; needed];
            assert!(!matches!(Claim::read(received, &mut room), Err(Refusal::Room { .. })));
        }
        Err(why) => assert!(!why.to_string().is_empty()),
    }
    for mode in [Streaming::Signed, Streaming::SignedTrailer, Streaming::UnsignedTrailer] {
        chunks(mode, body, usize::from(step).max(1));
    }
});

/// Reads a body of a request that is true, in two ways.
fn chunks(mode: Streaming, body: &[u8], step: usize) {
    let mut pairs = [Pair::EMPTY; 8];
    let mut raw = Raw::from_url("https://h/k", &mut pairs).unwrap();
    raw.method(Method::Put);
    raw.header("x-amz-decoded-content-length", "9");
    if mode != Streaming::Signed {
        raw.header("x-amz-trailer", "x-amz-checksum-crc32,x-a");
    }
    let request = raw.finish().unwrap();
    let credentials = Credentials::new("AKIDEXAMPLE", "secret");
    let now = Time::from_seconds(1_767_323_045);
    let key = SigningKey::derive(&credentials, now, "us-west-2", "s3");
    let signer = Signer::new(&credentials, &key, Rules::S3);
    let endpoint = Endpoint::new(true, "h", "s3", "us-west-2");
    let signed = signer.sign(&request, endpoint, now, Payload::Literal(mode.as_str()));
    let written = |write: &dyn Fn(&mut dyn Sink)| {
        let mut room = [0; 512];
        let mut to = Cursor::new(&mut room);
        write(&mut to);
        String::from_utf8(to.finish().unwrap().to_vec()).unwrap()
    };
    let headers = signed.headers();
    let headers: Vec<_> =
        headers.map(|h| (written(&|to| h.write_name(to)), written(&|to| h.write_value(to)))).collect();
    let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let claim = Claim::read(Received::new("PUT", "/k", &headers), &mut []).unwrap();
    let mut pairs = [Pair::EMPTY; 16];
    let proof = claim.verify(&key, &Terms::new(now), &mut pairs).unwrap();
    let read = |step: usize| {
        let mut room = [0; 64];
        let mut chunks = ChunkVerifier::new(&proof, &key, &mut room).unwrap();
        let (mut data, mut proven, mut rest, mut input) = (Vec::new(), 0, body, &b""[..]);
        let end: Result<(), BadChunks> = loop {
            match chunks.read(&mut input) {
                Ok(Arrived::Unproven(bytes)) => data.extend_from_slice(bytes),
                Ok(Arrived::Proven { bytes }) => proven = bytes,
                Ok(Arrived::NeedInput) if rest.is_empty() => break chunks.end(),
                Ok(Arrived::NeedInput) => (input, rest) = rest.split_at(step.min(rest.len())),
                Ok(Arrived::End) => break chunks.end(),
                Err(why) => break Err(why),
            }
        };
        (data, proven, end)
    };
    let (data, proven, end) = read(body.len().max(1));
    assert_eq!(read(step), (data.clone(), proven, end));
    assert!(data.len() <= 9 && proven == 0);
    // Nobody guesses a signature, but a checksum.
    assert!(end.is_err() || (mode == Streaming::UnsignedTrailer && data.len() == 9));
}
