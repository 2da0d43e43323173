//! Bodies in chunks: as AWS publishes them, as our encoder makes them, and as a plain one does, with every bit
//! changed, every cut, and chunks in the wrong place.

extern crate std;

use std::format;
use std::string::String;
use std::string::ToString as _;
use std::vec;
use std::vec::Vec;

use proptest::prelude::*;

use super::ID;
use super::SECRET;
use super::Wire;
use super::at;
use super::equivalent::same_body;
use super::key_for;
use super::text;
use crate::aws_chunked::Encoder;
use crate::aws_chunked::Framing;
use crate::aws_chunked::Trailer;
use crate::checksum::Algorithm;
use crate::checksum::Checksum;
use crate::encode::hex;
use crate::encode::tests::written;
use crate::endpoint::Endpoint;
use crate::hash::HmacKey;
use crate::hash::Sha256;
use crate::request::Draft;
use crate::request::Method;
use crate::request::Pair;
use crate::request::Raw;
use crate::request::Value;
use crate::sigv4::Credentials;
use crate::sigv4::Payload;
use crate::sigv4::Rules;
use crate::sigv4::Signer;
use crate::sigv4::SigningKey;
use crate::sink::Recite as _;
use crate::verify::Arrived;
use crate::verify::BadChunks;
use crate::verify::ChunkVerifier;
use crate::verify::Claim;
use crate::verify::Proof;
use crate::verify::Received;
use crate::verify::Streaming;
use crate::verify::TRAILER_ROOM;
use crate::verify::Terms;
use crate::wire;

const NOW: &str = "20130524T000000Z";
const DATA: &[u8] = b"one two three four five";

/// What `check` makes of a proof, and of the key that it was proven with.
fn proven<T>(wire: &Wire, check: impl FnOnce(&Proof<'_>, &SigningKey) -> T) -> T {
    let headers: Vec<_> = wire.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let received = Received::new(&wire.method, &wire.target, &headers);
    let claim = Claim::read(received, &mut []).unwrap();
    let key = key_for(&claim, SECRET);
    let proof = claim.verify(&key, &Terms::new(at(NOW)), &mut vec![Pair::EMPTY; 32]).unwrap();
    check(&proof, &key)
}

/// A request whose body comes in chunks, signed by us.
fn sent(mode: Streaming, headers: &[(&str, &str)]) -> Wire {
    let mut pairs = vec![Pair::EMPTY; 16];
    let mut raw =
        Raw::from_url("https://s3.amazonaws.com/examplebucket/chunkObject.txt", &mut pairs).unwrap();
    raw.method(Method::Put);
    for (name, value) in headers {
        raw.header(name, value);
    }
    let endpoint = Endpoint::new(true, raw.host(), "s3", "us-east-1");
    let request = raw.finish().unwrap();
    let credentials = Credentials::new(ID, SECRET);
    let key = SigningKey::derive(&credentials, at(NOW), "us-east-1", "s3");
    let signer = Signer::new(&credentials, &key, Rules::S3);
    wire_of(&signer.sign(&request, endpoint, at(NOW), Payload::Literal(mode.as_str())))
}

fn wire_of(signed: &crate::sigv4::Signed<'_>) -> Wire {
    let header = |header: crate::sigv4::Header<'_>| {
        (text(|to| header.write_name(to)), text(|to| header.write_value(to)))
    };
    Wire {
        method: "PUT".into(),
        target: text(|to| wire::target(signed, to)),
        headers: signed.headers().map(header).collect(),
        twice: false,
        resolved: false,
        added: false,
        payload: String::new(),
    }
}

/// What came of a body: all data, how much of it was proven, and how it ended.
#[derive(Clone, Debug, PartialEq)]
struct Outcome {
    data: Vec<u8>,
    proven: usize,
    end: Result<(), BadChunks>,
}

/// Reads a body in pieces of that size.
fn read(mut chunks: ChunkVerifier<'_>, body: &[u8], step: usize) -> Outcome {
    let (mut data, mut proven, mut rest) = (Vec::new(), 0, body);
    let mut input: &[u8] = b"";
    let end = loop {
        match chunks.read(&mut input) {
            Ok(Arrived::Unproven(bytes)) => data.extend_from_slice(bytes),
            Ok(Arrived::Proven { bytes }) => {
                proven = usize::try_from(bytes).unwrap();
                assert_eq!(proven, data.len());
            }
            Ok(Arrived::NeedInput) if rest.is_empty() => break chunks.end(),
            Ok(Arrived::NeedInput) => (input, rest) = rest.split_at(step.min(rest.len())),
            Ok(Arrived::End) => break chunks.end(),
            Err(why) => {
                assert_eq!((chunks.read(&mut input), chunks.end()), (Err(why), Err(why)), "it stays so");
                break Err(why);
            }
        }
    };
    assert_eq!(chunks.decoded(), data.len() as u64);
    Outcome { data, proven, end }
}

fn verified(wire: &Wire, body: &[u8], step: usize) -> Outcome {
    proven(wire, |proof, key| match ChunkVerifier::new(proof, key, &mut [0; TRAILER_ROOM]) {
        Ok(chunks) => read(chunks, body, step),
        Err(why) => Outcome { data: Vec::new(), proven: 0, end: Err(why) },
    })
}

/// A body as AWS's pages describe it, piece by piece: chunks, and what follows them.
fn plain(wire: &Wire, mode: Streaming, data: &[u8], size: usize, trailers: &[(&str, &str)]) -> Vec<Vec<u8>> {
    let mut key = HmacKey::new(format!("AWS4{SECRET}").as_bytes());
    for part in ["20130524", "us-east-1", "s3", "aws4_request"] {
        key = HmacKey::new(&key.mac(part.as_bytes()));
    }
    let digits = |bytes| String::from_utf8(hex::<32>(bytes).as_flattened().to_vec()).unwrap();
    let hash = |bytes: &[u8]| digits(Sha256::digest(bytes));
    let authorization = wire.headers.iter().find(|(name, _)| name == "authorization").unwrap();
    let mut before = authorization.1.split_once("Signature=").unwrap().1.to_string();
    let scope = format!("{NOW}\n20130524/us-east-1/s3/aws4_request");
    let mut pieces = Vec::new();
    for chunk in data.chunks(size).chain([&b""[..]]) {
        let string = format!("AWS4-HMAC-SHA256-PAYLOAD\n{scope}\n{before}\n{}\n{}", hash(b""), hash(chunk));
        before = digits(key.mac(string.as_bytes()));
        let mut piece = match mode {
            Streaming::UnsignedTrailer => format!("{:x}\r\n", chunk.len()),
            _ => format!("{:x};chunk-signature={before}\r\n", chunk.len()),
        }
        .into_bytes();
        piece.extend_from_slice(chunk);
        if !chunk.is_empty() {
            piece.extend_from_slice(b"\r\n");
        }
        pieces.push(piece);
    }
    let mut end = String::new();
    for (name, value) in trailers {
        end += &format!("{name}:{value}\r\n");
    }
    if mode == Streaming::SignedTrailer {
        let mut sorted: Vec<_> = trailers.iter().map(|(name, value)| (name.to_lowercase(), value)).collect();
        sorted.sort();
        let lines: String = sorted.iter().map(|(name, value)| format!("{name}:{}\n", value.trim())).collect();
        let string = format!("AWS4-HMAC-SHA256-TRAILER\n{scope}\n{before}\n{}", hash(lines.as_bytes()));
        end += &format!("x-amz-trailer-signature:{}\r\n", digits(key.mac(string.as_bytes())));
    }
    end += "\r\n";
    pieces.push(end.into_bytes());
    pieces
}

fn crc(data: &[u8]) -> String {
    text(|to| Checksum::of(Algorithm::Crc32, data).recite(to))
}

/// One of each mode, with its body in pieces.
fn kinds() -> Vec<(Streaming, Wire, Vec<Vec<u8>>)> {
    let length = DATA.len().to_string();
    let length = ("x-amz-decoded-content-length", length.as_str());
    let crc = crc(DATA);
    let trailers = [("X-Amz-Meta-B", " 1"), ("x-amz-checksum-crc32", crc.as_str())];
    let modes = [Streaming::Signed, Streaming::SignedTrailer, Streaming::UnsignedTrailer];
    modes
        .into_iter()
        .map(|mode| {
            // A trailer that nobody signs is only good for a checksum.
            let (announced, trailers) = match mode {
                Streaming::Signed => ("", &[][..]),
                Streaming::SignedTrailer => ("x-amz-checksum-crc32, X-Amz-Meta-B", &trailers[..]),
                Streaming::UnsignedTrailer => ("x-amz-checksum-crc32", &trailers[1..]),
            };
            let headers = [length, ("x-amz-trailer", announced)];
            let wire = sent(mode, if announced.is_empty() { &headers[..1] } else { &headers });
            let pieces = plain(&wire, mode, DATA, 9, trailers);
            (mode, wire, pieces)
        })
        .collect()
}

/// How a body that is right comes out.
fn whole(mode: Streaming) -> Outcome {
    let proven = if mode == Streaming::UnsignedTrailer { 0 } else { DATA.len() };
    Outcome { data: DATA.to_vec(), proven, end: Ok(()) }
}

#[test]
fn bodies_are_read_at_every_split() {
    for (mode, wire, pieces) in kinds() {
        let body = pieces.concat();
        for step in 1..=body.len() {
            assert_eq!(verified(&wire, &body, step), whole(mode), "{mode:?} {step}");
        }
    }
}

#[test]
fn trailers_can_be_read_at_the_end() {
    for (mode, wire, pieces) in kinds() {
        let body = pieces.concat();
        proven(&wire, |proof, key| {
            let mut room = [0; TRAILER_ROOM];
            let mut chunks = ChunkVerifier::new(proof, key, &mut room).unwrap();
            // What follows a body is not taken.
            let following = [&body[..], b"GET / HTTP/1.1"].concat();
            let mut input = &following[..];
            loop {
                assert_eq!(chunks.trailers().count(), 0);
                if chunks.read(&mut input).unwrap() == Arrived::End {
                    break;
                }
            }
            assert_eq!(input, b"GET / HTTP/1.1");
            let crc = crc(DATA);
            let expected = [("X-Amz-Meta-B", " 1"), ("x-amz-checksum-crc32", &crc)];
            let expected = match mode {
                Streaming::Signed => &[][..],
                Streaming::SignedTrailer => &expected,
                Streaming::UnsignedTrailer => &expected[1..],
            };
            assert_eq!(chunks.trailers().collect::<Vec<_>>(), expected);
            assert!(!format!("{chunks:?}").contains("crc32"));
        });
    }
}

#[test]
fn a_cut_body_is_never_whole() {
    for (mode, wire, pieces) in kinds() {
        let body = pieces.concat();
        for cut in 0..body.len() {
            let got = verified(&wire, &body[..cut], 7);
            assert_eq!(got.end, Err(BadChunks::Cut), "{mode:?} {cut}");
            assert!(DATA.starts_with(&got.data));
        }
    }
}

#[test]
fn a_change_of_one_bit_in_a_body_is_refused() {
    for (mode, wire, pieces) in kinds() {
        let body = pieces.concat();
        let mut same = 0;
        for bit in 0..8 * body.len() {
            let mut changed = body.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            let got = verified(&wire, &changed, 64);
            assert!(DATA.starts_with(&got.data[..got.proven]), "proven, and changed: {mode:?} {bit}");
            if got.end == Ok(()) {
                assert!(
                    same_body(&body, &changed),
                    "{mode:?} {bit} {:?}",
                    changed.escape_ascii().to_string()
                );
                assert_eq!(got, whole(mode));
                same += 1;
            }
        }
        let letters = |text: &str| text.bytes().filter(u8::is_ascii_alphabetic).count();
        let expected = match mode {
            Streaming::Signed => 0,
            Streaming::SignedTrailer => letters("x-amz-checksum-crc32x-amz-meta-bx-amz-trailer-signature"),
            Streaming::UnsignedTrailer => letters("x-amz-checksum-crc32"),
        };
        assert_eq!(same, expected, "{mode:?}");
    }
}

#[test]
fn chunks_belong_in_their_place() {
    for (mode, wire, pieces) in kinds() {
        let try_it = |pieces: &[&Vec<u8>]| {
            let body: Vec<u8> = pieces.iter().flat_map(|piece| piece.iter().copied()).collect();
            verified(&wire, &body, 64)
        };
        let [a, b, c, last, end] = &pieces[..] else { panic!("three chunks") };
        let signed = mode != Streaming::UnsignedTrailer;
        let signature = |bytes| Err(BadChunks::Signature { bytes });
        let short = if signed { signature(14) } else { Err(BadChunks::Length) };
        let swapped = if signed { signature(9) } else { Err(BadChunks::Checksum) };
        let third = if signed { signature(18) } else { Err(BadChunks::Length) };
        assert_eq!(try_it(&[a, b, c, last, end]), whole(mode));
        assert_eq!(try_it(&[b, a, c, last, end]).end, swapped);
        assert_eq!(try_it(&[a, c, last, end]).end, short);
        assert_eq!(try_it(&[a, a, b, c, last, end]).end, third);
        assert_eq!(try_it(&[a, b, last, end]).end, Err(BadChunks::Length));
        assert_eq!(try_it(&[last, end]).end, Err(BadChunks::Length));
        assert!(matches!(try_it(&[a, b, c, end]).end, Err(BadChunks::Malformed { .. })));
        let twice = try_it(&[a, b, c, last, last, end]).end;
        assert!(matches!(twice, Err(BadChunks::Trailer)), "{twice:?}");
    }
}

#[test]
fn what_is_malformed_or_not_announced_is_refused() {
    let at = |at| BadChunks::Malformed { at };
    let ok = "x-amz-checksum-crc32:AAAAAA==\r\n";
    let announced = [("x-amz-decoded-content-length", "0"), ("x-amz-trailer", "x-amz-checksum-crc32")];
    let unsigned = sent(Streaming::UnsignedTrailer, &announced);
    assert_eq!(verified(&unsigned, format!("0\r\n{ok}\r\n").as_bytes(), 9).end, Ok(()));
    for (body, why) in [
        ("\r\n".to_string(), at(1)),
        ("0\n".to_string(), at(1)),
        ("0\r\r\n".to_string(), at(3)),
        ("x\r\n".to_string(), at(2)),
        ("0 \r\n".to_string(), at(3)),
        ("0;a=b\r\n".to_string(), at(6)),
        ("-1\r\n".to_string(), at(3)),
        ("00000000000000001\r\n".to_string(), at(18)),
        ("0".repeat(200), at(98)),
        ("1\r\n".to_string(), BadChunks::Length),
        ("ffffffffffffffff\r\n".to_string(), BadChunks::Length),
        ("0\r\n\r\n".to_string(), BadChunks::Trailer),
        (format!("0\r\n{ok}\n"), at(3 + 31)),
        (format!("0\r\n{ok}\rx"), at(3 + 32)),
        (format!("0\r\n{ok}{ok}\r\n"), BadChunks::Trailer),
        (format!("0\r\n{ok}a:b\r\n\r\n"), BadChunks::Trailer),
        ("0\r\na:b\r\n\r\n".to_string(), BadChunks::Trailer),
        ("0\r\nx-amz-checksum-crc32\r\n\r\n".to_string(), BadChunks::Trailer),
        ("0\r\nx-amz-checksum-crc32 :AAAAAA==\r\n\r\n".to_string(), BadChunks::Trailer),
        ("0\r\nx-amz-checksum-crc32:A\0AAAA==\r\n\r\n".to_string(), BadChunks::Trailer),
        ("0\r\nx-amz-checksum-crc32:AAAAAQ==\r\n\r\n".to_string(), BadChunks::Checksum),
        ("0\r\nx-amz-checksum-crc32:AAAA\r\n\r\n".to_string(), BadChunks::Checksum),
        ("0\r\nx-amz-checksum-crc32:\r\n\r\n".to_string(), BadChunks::Checksum),
        (format!("0\r\n{ok}x-amz-trailer-signature:0\r\n\r\n"), BadChunks::Trailer),
        (format!("0\r\n{}", "a".repeat(600)), BadChunks::Room { needed: 513 }),
    ] {
        assert_eq!(verified(&unsigned, body.as_bytes(), 5).end, Err(why), "{body:?}");
    }

    // What follows the signature of the trailers, or takes its place.
    let signed = sent(Streaming::SignedTrailer, &announced);
    let pieces = plain(&signed, Streaming::SignedTrailer, b"", 1, &[("x-amz-checksum-crc32", "AAAAAA==")]);
    let body = String::from_utf8(pieces.concat()).unwrap();
    assert_eq!(verified(&signed, body.as_bytes(), 9).end, Ok(()));
    let (before, line) = body.split_once("x-amz-trailer-signature").unwrap();
    let (head, _) = body.split_once("\r\n").unwrap();
    for (body, why) in [
        (format!("{before}\r\n"), BadChunks::TrailerSignature),
        (format!("{before}x-amz-trailer-signature:\r\n\r\n"), BadChunks::TrailerSignature),
        (
            format!("{head}\r\nx-amz-trailer-signature{}{ok}\r\n", line.trim_end().to_string() + "\r\n"),
            BadChunks::Trailer,
        ),
        (body.replace("AAAAAA==", "AAAAAQ=="), BadChunks::TrailerSignature),
        (body.replace(head, "0"), at(2)),
        (body.replace(";chunk-signature=", ";chunk-signature=0"), at(84)),
        (body.replace(head, &head.to_uppercase()), at(83)),
    ] {
        assert_eq!(verified(&signed, body.as_bytes(), 5).end, Err(why), "{body:?}");
    }

    // What the request says.
    let signed = Streaming::Signed;
    for (mode, headers, why) in [
        (signed, &[][..], BadChunks::Length),
        (signed, &[("x-amz-decoded-content-length", "-1")], BadChunks::Length),
        (signed, &[("x-amz-decoded-content-length", "")], BadChunks::Length),
        (
            signed,
            &[("x-amz-decoded-content-length", "0"), ("X-Amz-Decoded-Content-Length", "0")],
            BadChunks::Length,
        ),
        (signed, &[announced[0], announced[1]], BadChunks::Trailer),
        (Streaming::SignedTrailer, &[announced[0]], BadChunks::Trailer),
        (Streaming::UnsignedTrailer, &[announced[0]], BadChunks::Trailer),
        (Streaming::UnsignedTrailer, &[announced[0], ("x-amz-trailer", " , ")], BadChunks::Trailer),
        (Streaming::SignedTrailer, &[announced[0], ("x-amz-trailer", ",")], BadChunks::Trailer),
        (Streaming::UnsignedTrailer, &[announced[0], ("x-amz-trailer", "a,a")], BadChunks::Trailer),
        (Streaming::UnsignedTrailer, &[announced[0], ("x-amz-trailer", "a b")], BadChunks::Trailer),
        (Streaming::UnsignedTrailer, &[announced[0], announced[1], announced[1]], BadChunks::Trailer),
        (
            Streaming::UnsignedTrailer,
            &[announced[0], ("x-amz-trailer", "x-amz-trailer-signature")],
            BadChunks::Trailer,
        ),
        (
            Streaming::UnsignedTrailer,
            &[announced[0], ("x-amz-trailer", "x-amz-checksum-crc32,x-amz-checksum-sha256")],
            BadChunks::Trailer,
        ),
        (
            Streaming::UnsignedTrailer,
            &[announced[0], ("x-amz-trailer", "x-amz-checksum-md6")],
            BadChunks::Algorithm,
        ),
    ] {
        assert_eq!(verified(&sent(mode, headers), b"", 1).end, Err(why), "{headers:?}");
    }
    let hashed = super::sent(super::S3, Method::Put, "https://h/", &[]);
    let headers: Vec<_> =
        hashed.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let claim = Claim::read(Received::new("PUT", "/", &headers), &mut []).unwrap();
    let key = key_for(&claim, SECRET);
    let proof = claim.verify(&key, &Terms::new(claim.time()), &mut [Pair::EMPTY; 16]).unwrap();
    assert_eq!(ChunkVerifier::new(&proof, &key, &mut []).unwrap_err(), BadChunks::Mode);
}

#[test]
fn a_trailer_that_nobody_signs_proves_nothing() {
    let headers = [("x-amz-decoded-content-length", "0"), ("x-amz-trailer", "x-amz-meta-b")];
    let wire = sent(Streaming::UnsignedTrailer, &headers);
    for value in ["1", "2"] {
        let body = format!("0\r\nx-amz-meta-b:{value}\r\n\r\n");
        assert_eq!(verified(&wire, body.as_bytes(), 9).end, Ok(()));
    }
}

#[test]
fn a_short_room_is_told_apart() {
    for (mode, wire, pieces) in kinds() {
        let body = pieces.concat();
        // Each line with a line feed alone, and the empty one not.
        let held = pieces[4].len() - 1 - pieces[4].iter().filter(|byte| **byte == b'\n').count();
        proven(&wire, |proof, key| {
            let with = |size| {
                let mut room = vec![0; size];
                read(ChunkVerifier::new(proof, key, &mut room).unwrap(), &body, 16).end
            };
            for size in 0..held {
                assert_eq!(with(size), Err(BadChunks::Room { needed: size + 1 }), "{mode:?}");
            }
            assert_eq!(with(held), Ok(()));
        });
    }
}

/// The example of <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html>.
#[test]
fn aws_own_chunked_upload_is_true() {
    let wire = sent(
        Streaming::Signed,
        &[
            ("Content-Encoding", "aws-chunked"),
            ("Content-Length", "66824"),
            ("x-amz-decoded-content-length", "66560"),
            ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
        ],
    );
    let signatures = [
        "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
        "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
        "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
    ];
    let [one, two, three] = signatures.map(|signature| format!(";chunk-signature={signature}\r\n"));
    let body = format!("10000{one}{}\r\n400{two}{}\r\n0{three}\r\n", "a".repeat(65_536), "a".repeat(1024));
    let got = verified(&wire, body.as_bytes(), 4096);
    assert_eq!((got.data, got.proven, got.end), (vec![b'a'; 66_560], 66_560, Ok(())));
}

/// The example of <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html>.
#[test]
fn aws_own_trailer_is_true() {
    let wire = sent(
        Streaming::SignedTrailer,
        &[
            ("Content-Encoding", "aws-chunked"),
            ("x-amz-decoded-content-length", "66560"),
            ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
            ("x-amz-trailer", "x-amz-checksum-crc32c"),
        ],
    );
    let signatures = [
        "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
        "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
        "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
    ];
    let [one, two, three] = signatures.map(|signature| format!(";chunk-signature={signature}\r\n"));
    let body = format!(
        "10000{one}{}\r\n400{two}{}\r\n0{three}x-amz-checksum-crc32c:sOO8/Q==\r\n\
         x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n",
        "a".repeat(65_536),
        "a".repeat(1024)
    );
    let got = verified(&wire, body.as_bytes(), 4096);
    assert_eq!((got.data, got.proven, got.end), (vec![b'a'; 66_560], 66_560, Ok(())));
}

#[test]
fn each_reason_has_its_words() {
    for (why, said) in [
        (BadChunks::Algorithm, "the checksum's algorithm is not known here"),
        (BadChunks::Cut, "the body ends too early"),
        (BadChunks::Malformed { at: 3 }, "the body is malformed, at byte 3 or before"),
        (BadChunks::Mode, "the body does not come in chunks"),
        (BadChunks::Room { needed: 3 }, "room for 3 bytes of trailers is needed"),
        (
            BadChunks::Signature { bytes: 3 },
            "the signature of the chunk does not match that ends with byte 3 of the data",
        ),
    ] {
        assert_eq!(why.to_string(), said);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn what_our_encoder_makes_is_accepted(
        data in prop::collection::vec(any::<u8>(), 0..30_000),
        chunk in 8192_u64..12_000,
        kind in 0_usize..6,
        step in 1_usize..20_000,
        algorithm in 0..Algorithm::ALL.len(),
    ) {
        let given = [Pair::new("X-B", Value::Text(" 1  2 ")), Pair::new("x-a", Value::Int(7))];
        let length = data.len() as u64;
        let checksum = Trailer::checksum(Algorithm::ALL[algorithm]);
        let given = Trailer::given(&given).unwrap();
        let framing = match kind {
            0 | 1 => Framing::signed(length),
            2 => Framing::signed_with(length, checksum),
            3 => Framing::signed_with(length, given),
            4 => Framing::unsigned(length, checksum),
            _ => Framing::unsigned(length, given),
        };
        let framing = framing.chunk(chunk).unwrap();
        let mut pairs = [Pair::EMPTY; 8];
        let mut draft = Draft::new(Method::Put, &mut pairs);
        draft.bucket("Bucket", "b");
        draft.key("Key", "k");
        framing.declare(&mut draft);
        let request = draft.finish().unwrap();
        let credentials = Credentials::new(ID, SECRET);
        let key = SigningKey::derive(&credentials, at(NOW), "us-east-1", "s3");
        let signer = Signer::new(&credentials, &key, Rules::S3);
        let endpoint = Endpoint::new(true, "b.s3.amazonaws.com", "s3", "us-east-1");
        let signed = signer.sign(&request, endpoint, at(NOW), Payload::Literal(framing.content_sha256()));
        let mut encoder = Encoder::new(&signed, framing).unwrap();
        let (mut body, mut rest) = (Vec::new(), &data[..]);
        while encoder.chunk_length() > 0 {
            let (now, later) = rest.split_at(usize::try_from(encoder.chunk_length()).unwrap());
            body.extend(encoder.frame(now).unwrap().pieces().concat());
            rest = later;
        }
        let end = encoder.finish().unwrap();
        body.extend(written(|to| end.recite(to)));
        let got = verified(&wire_of(&signed), &body, step);
        prop_assert_eq!(got.end, Ok(()));
        prop_assert!(got.data == data);
        prop_assert_eq!(got.proven, if kind < 4 { data.len() } else { 0 });
    }
}
