//! Any body in any chunks: as long as foretold, the same in pieces and whole, as a plain implementation has it, and
//! nothing that was not announced is sent. Checksums of parts make that of the whole.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tucuxi_core::aws_chunked::{Encoder, Frame, Framing, Misfit, Trailer};
use tucuxi_core::checksum::{Algorithm, Checksum, Digest, FullObject};
use tucuxi_core::endpoint::Endpoint;
use tucuxi_core::hash::{HmacKey, Sha256};
use tucuxi_core::request::{Pair, Raw, Value};
use tucuxi_core::sigv4::{Credentials, DerivedKey, Payload, Rules, Signed, Signer, SigningKey};
use tucuxi_core::sink::{Count, Cursor, Recite, Sink};
use tucuxi_core::time::Time;

fn written(write: impl Fn(&mut dyn Sink)) -> Vec<u8> {
    let mut count = Count::default();
    write(&mut count);
    let mut room = vec![0; count.bytes()];
    let mut to = Cursor::new(&mut room);
    write(&mut to);
    to.finish().unwrap().to_vec()
}

fn hex(bytes: [u8; 32]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The body by its definition.
fn model(
    signed: &Signed<'_>,
    key: &HmacKey,
    mode: u8,
    pieces: &[&[u8]],
    trailers: &[(String, String)],
) -> Vec<u8> {
    let scope = "19700101T000000Z\n19700101/r/s3/aws4_request";
    let (mut before, mut body) = (signed.signature().to_owned(), Vec::new());
    for piece in pieces.iter().copied().chain([&b""[..]]) {
        body.extend(format!("{:x}", piece.len()).bytes());
        if mode < 2 {
            let (nothing, digest) = (hex(Sha256::digest(b"")), hex(Sha256::digest(piece)));
            let text = format!("AWS4-HMAC-SHA256-PAYLOAD\n{scope}\n{before}\n{nothing}\n{digest}");
            before = hex(key.mac(text.as_bytes()));
            body.extend(format!(";chunk-signature={before}").bytes());
        }
        body.extend(b"\r\n");
        body.extend(piece);
        body.extend(if piece.is_empty() { &b""[..] } else { b"\r\n" });
    }
    for (name, value) in trailers {
        body.extend(format!("{}:{value}\r\n", name.to_ascii_lowercase()).bytes());
    }
    if mode == 1 {
        let mut sorted: Vec<_> =
            trailers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect();
        sorted.sort();
        let words = |text: &str| {
            let words: Vec<_> = text.split([' ', '\t']).filter(|word| !word.is_empty()).collect();
            words.join(" ")
        };
        let canonical: String =
            sorted.iter().map(|(name, value)| format!("{name}:{}\n", words(value))).collect();
        let digest = hex(Sha256::digest(canonical.as_bytes()));
        let text = format!("AWS4-HMAC-SHA256-TRAILER\n{scope}\n{before}\n{digest}");
        body.extend(format!("x-amz-trailer-signature:{}\r\n", hex(key.mac(text.as_bytes()))).bytes());
    }
    body.extend(b"\r\n");
    body
}

fuzz_target!(|input: (u8, u16, u8, u16, Vec<u16>, Vec<(&str, &str)>, &[u8])| {
    let (mode, length, algorithm, chunk, cuts, given, bytes) = input;
    let mode = mode % 4;
    // Long enough for several chunks, of what was given.
    let length = usize::from(length);
    let data: Vec<u8> = bytes.iter().copied().chain((0..=255).cycle()).take(length).collect();
    let algorithm = Algorithm::ALL[usize::from(algorithm) % Algorithm::ALL.len()];

    let pairs: Vec<_> = given.iter().map(|(name, value)| Pair::new(name, Value::Text(value))).collect();
    let sum = Checksum::of(algorithm, &data);
    let value = String::from_utf8(written(|to| sum.recite(to))).unwrap();
    assert_eq!(Digest::parse(algorithm, &value), Ok(sum));
    let (trailer, trailers) = match mode {
        0 => (None, Vec::new()),
        3 => match Trailer::given(&pairs) {
            Ok(trailer) => {
                let text = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
                (Some(trailer), given.iter().map(text).collect())
            }
            Err(_) => return,
        },
        _ => (Some(Trailer::checksum(algorithm)), vec![(algorithm.header().to_owned(), value)]),
    };
    // What was given goes out signed.
    let mode = if mode == 3 { 1 } else { mode };
    let framing = match (mode, trailer) {
        (2, Some(trailer)) => Framing::unsigned(length as u64, trailer),
        (_, Some(trailer)) => Framing::signed_with(length as u64, trailer),
        _ => Framing::signed(length as u64),
    };
    let Some(framing) = framing.chunk(u64::from(chunk)) else {
        assert!(chunk < 8_192 && usize::from(chunk) < length || chunk == 0);
        return;
    };

    let mut room = [Pair::EMPTY; 4];
    let mut raw = Raw::from_url("https://h/b/k", &mut room).unwrap();
    framing.declare(raw.draft());
    let request = raw.finish().unwrap();
    let credentials = Credentials::new("AKID", "secret");
    let now = Time::from_seconds(0);
    let derived = DerivedKey::derive(&credentials, now, "r", "s3");
    let (key, plain) = (SigningKey::from_derived(&derived), HmacKey::new(derived.reveal()));
    let signer = Signer::new(&credentials, &key, Rules::S3);
    let payload = Payload::Literal(framing.content_sha256());
    let signed = signer.sign(&request, Endpoint::new(true, "h", "s3", "r"), now, payload);
    let Ok(mut encoder) = Encoder::new(&signed, framing) else {
        // Only names that are too long to look at.
        assert!(given.iter().map(|(name, _)| name.len() + 1).sum::<usize>() > 256);
        return;
    };

    let pieces: Vec<&[u8]> = data.chunks(usize::from(chunk).max(1)).collect();
    let expected = model(&signed, &plain, mode, &pieces, &trailers);
    assert_eq!(framing.content_length(), Some(expected.len() as u64));
    let (mut whole, mut body, mut cuts) = (Encoder::new(&signed, framing).unwrap(), Vec::new(), cuts.iter());
    for piece in &pieces {
        let wrong = usize::from(*cuts.next().unwrap_or(&0));
        if wrong < data.len() && wrong != piece.len() {
            let refused = whole.frame(&data[..wrong]).unwrap_err();
            assert!(matches!(refused, Misfit::Chunk { .. } | Misfit::Long { .. }), "{refused:?}");
        }
        let frame = whole.frame(piece).unwrap();
        let at_once = written(|to| frame.recite(to));
        let early = encoder.upcoming().map(|frame| frame.head().to_vec());
        let mut rest = *piece;
        while !rest.is_empty() {
            let (now, later) =
                rest.split_at(cuts.next().map_or(rest.len(), |cut| usize::from(*cut).min(rest.len())));
            encoder.put(now);
            rest = later;
        }
        let closed = encoder.close().unwrap();
        assert!(early.is_none_or(|early| early == closed.head()));
        let text = [closed.head(), *piece, Frame::TAIL].concat();
        assert!(text == at_once);
        body.extend(text);
    }
    let end = encoder.finish().unwrap();
    body.extend(written(|to| end.recite(to)));
    assert!(body == expected);

    if let Some(mut joined) = FullObject::new(algorithm) {
        for piece in &pieces {
            joined.push(&Checksum::of(algorithm, piece), piece.len() as u64).unwrap();
        }
        assert_eq!(joined.digest(), sum);
    }
});
