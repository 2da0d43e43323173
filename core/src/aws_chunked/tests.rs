//! Bodies against AWS's published ones and a plain model, and everything that does not fit.

extern crate std;

#[cfg(feature = "sigv4a")]
mod v4a;

use std::format;
use std::string::String;
use std::vec::Vec;

use proptest::prelude::*;

use super::*;
use crate::checksum::Crc32;
use crate::checksum::Crc32c;
use crate::encode::tests::written;
use crate::endpoint::Endpoint;
use crate::hash::HmacKey;
use crate::operation::Operation;
use crate::request::Method;
use crate::request::Pair;
use crate::request::Raw;
use crate::s3::input::PutObject;
use crate::sigv4::Credentials;
use crate::sigv4::DerivedKey;
use crate::sigv4::Expires;
use crate::sigv4::Payload;
use crate::sigv4::Rules;
use crate::sigv4::Signer;
use crate::sigv4::SigningKey;
use crate::sink::Count;
use crate::sink::Cursor;
use crate::sink::Recite;
use crate::time::Time;
use crate::wire;

const KEYS: Credentials<'_> =
    Credentials::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
const NOTHING: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

fn now() -> Time {
    Time::parse_stamp(b"20130524T000000Z").unwrap()
}

fn text(write: impl FnOnce(&mut dyn Sink)) -> String {
    String::from_utf8(written(write)).unwrap()
}

/// What `check` makes of the request of AWS's examples, with these headers.
fn signed<T>(headers: &[(&str, &str)], payload: &str, check: impl FnOnce(&Signed<'_>) -> T) -> T {
    let mut pairs = [Pair::EMPTY; 16];
    let mut raw =
        Raw::from_url("https://s3.amazonaws.com/examplebucket/chunkObject.txt", &mut pairs).unwrap();
    raw.method(Method::Put);
    for (name, value) in headers {
        raw.header(name, value);
    }
    let endpoint = Endpoint::new(true, raw.host(), "s3", "us-east-1");
    let request = raw.finish().unwrap();
    let key = SigningKey::derive(&KEYS, now(), "us-east-1", "s3");
    let signer = Signer::new(&KEYS, &key, Rules::S3);
    check(&signer.sign(&request, endpoint, now(), Payload::Literal(payload)))
}

/// What `check` makes of a request that a framing declared.
fn declared<T>(framing: &Framing<'_>, check: impl FnOnce(&Signed<'_>) -> T) -> T {
    let mut pairs = [Pair::EMPTY; 8];
    let mut draft = Draft::new(Method::Put, &mut pairs);
    draft.bucket("Bucket", "b");
    draft.key("Key", "k");
    framing.declare(&mut draft);
    let request = draft.finish().unwrap();
    let key = SigningKey::derive(&KEYS, now(), "us-east-1", "s3");
    let signer = Signer::new(&KEYS, &key, Rules::S3);
    let endpoint = Endpoint::new(true, "b.s3.amazonaws.com", "s3", "us-east-1");
    check(&signer.sign(&request, endpoint, now(), Payload::Literal(framing.content_sha256())))
}

/// The whole body, and the signatures in it.
fn encoded<S: Sum>(mut encoder: Encoder<'_, S>, data: &[u8]) -> (Vec<u8>, Vec<String>) {
    let (mut rest, mut body, mut signatures) = (data, Vec::new(), Vec::new());
    while encoder.chunk_length() > 0 {
        let length = usize::try_from(encoder.chunk_length()).unwrap();
        let (data, later) = rest.split_at(length);
        let frame = encoder.frame(data).unwrap();
        // The caller's own bytes, in their place.
        assert!(core::ptr::eq(frame.pieces()[1], data));
        assert_eq!(written(|to| frame.recite(to)), frame.pieces().concat());
        body.extend(frame.pieces().concat());
        signatures.extend(frame.signature().map(Into::into));
        rest = later;
    }
    let end = encoder.finish().unwrap();
    body.extend(written(|to| end.recite(to)));
    signatures.extend(end.signature().map(Into::into));
    signatures.extend(end.trailer_signature().map(Into::into));
    (body, signatures)
}

const DATA: &[u8] = &[b'a'; 66_560];

/// The example of <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html>.
#[test]
fn aws_own_chunked_upload_is_encoded() {
    let framing = Framing::signed(66_560);
    assert_eq!(framing.content_length(), Some(66_824));
    let headers = [
        ("Content-Encoding", "aws-chunked"),
        ("Content-Length", "66824"),
        ("x-amz-decoded-content-length", "66560"),
        ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
    ];
    signed(&headers, framing.content_sha256(), |signed| {
        assert_eq!(signed.signature(), "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9");
        let (body, signatures) = encoded(Encoder::new(signed, framing).unwrap(), DATA);
        let expected = [
            "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
            "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
            "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
        ];
        assert_eq!(signatures, expected);
        let [one, two, three] = expected.map(|signature| format!(";chunk-signature={signature}\r\n"));
        let (large, small) = ("a".repeat(65_536), "a".repeat(1024));
        let whole = format!("10000{one}{large}\r\n400{two}{small}\r\n0{three}\r\n");
        assert_eq!((body.len(), body), (66_824, whole.into_bytes()));
    });
}

/// The example of <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html>.
#[test]
fn aws_own_trailer_is_signed() {
    let framing = Framing::signed_with(66_560, Trailer::checksum(Algorithm::Crc32c));
    let headers = [
        ("Content-Encoding", "aws-chunked"),
        ("x-amz-decoded-content-length", "66560"),
        ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
        ("x-amz-trailer", "x-amz-checksum-crc32c"),
    ];
    let given = [Pair::new("x-amz-checksum-crc32c", Value::Text("sOO8/Q=="))];
    let given = Framing::signed_with(66_560, Trailer::given(&given).unwrap());
    signed(&headers, framing.content_sha256(), |signed| {
        assert_eq!(signed.signature(), "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e");
        let (body, signatures) = encoded(Encoder::new(signed, framing).unwrap(), DATA);
        let expected = [
            "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
            "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
            "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
            "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435",
        ];
        assert_eq!(signatures, expected);
        let end = format!(
            "0;chunk-signature={}\r\nx-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:{}\r\n\r\n",
            expected[2], expected[3]
        );
        assert!(body.ends_with(end.as_bytes()));
        assert_eq!(framing.content_length(), Some(body.len() as u64));
        let again = encoded(Encoder::new(signed, given).unwrap(), DATA);
        assert_eq!((again, given.content_length()), ((body.clone(), signatures), framing.content_length()));
        let typed = Encoder::with(signed, framing, Some(Crc32c::new())).unwrap();
        assert_eq!(encoded(typed, DATA).0, body);
    });
}

/// The body by its definition, with a text for everything.
fn model(signed: &Signed<'_>, mode: u8, data: &[u8], chunk: usize, trailers: &[(String, String)]) -> Vec<u8> {
    let derived = DerivedKey::derive(&KEYS, now(), "us-east-1", "s3");
    let key = HmacKey::new(derived.reveal());
    let hex = |bytes: [u8; 32]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let scope = "20130524T000000Z\n20130524/us-east-1/s3/aws4_request";
    let mut before = String::from(signed.signature());
    let mut body = Vec::new();
    for piece in data.chunks(chunk).chain([&b""[..]]) {
        body.extend(format!("{:x}", piece.len()).into_bytes());
        if mode < 2 {
            let digest = hex(Sha256::digest(piece));
            let text = format!("AWS4-HMAC-SHA256-PAYLOAD\n{scope}\n{before}\n{NOTHING}\n{digest}");
            before = hex(key.mac(text.as_bytes()));
            body.extend(format!(";chunk-signature={before}").into_bytes());
        }
        body.extend(b"\r\n");
        body.extend(piece);
        body.extend(if piece.is_empty() { &b""[..] } else { b"\r\n" });
    }
    for (name, value) in trailers {
        body.extend(format!("{name}:{value}\r\n").into_bytes());
    }
    if mode == 1 {
        let mut sorted = trailers.to_vec();
        sorted.sort();
        let canonical: String = sorted.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
        let digest = hex(Sha256::digest(canonical.as_bytes()));
        let text = format!("AWS4-HMAC-SHA256-TRAILER\n{scope}\n{before}\n{digest}");
        body.extend(format!("x-amz-trailer-signature:{}\r\n", hex(key.mac(text.as_bytes()))).into_bytes());
    }
    body.extend(b"\r\n");
    body
}

fn framing(mode: u8, length: usize, trailer: Trailer<'_>) -> Framing<'_> {
    let length = length as u64;
    match mode {
        0 => Framing::signed(length),
        1 => Framing::signed_with(length, trailer),
        _ => Framing::unsigned(length, trailer),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_body_is_as_long_as_foretold_and_as_the_model_has_it(
        mode in 0_u8..3,
        length in prop_oneof![0_usize..40_000, Just(0), Just(8_192), Just(16_384), Just(16_385)],
        chunk in prop_oneof![8_192_u64..20_000, Just(8_192), Just(65_536)],
        algorithm in prop::sample::select(Algorithm::ALL),
        cuts in prop::collection::vec(0_usize..9_000, 0..6),
    ) {
        let data: Vec<u8> = (0..length).map(|i| u8::try_from(i * 31 % 253).unwrap()).collect();
        let framing = framing(mode, length, Trailer::checksum(algorithm)).chunk(chunk).unwrap();
        let value = text(|to| Checksum::of(algorithm, &data).recite(to));
        let trailers = [(String::from(algorithm.header()), value)];
        let trailers = if mode == 0 { &[][..] } else { &trailers[..] };
        declared(&framing, |signed| {
            let expected = model(signed, mode, &data, usize::try_from(chunk).unwrap(), trailers);
            let (body, _) = encoded(Encoder::new(signed, framing)?, &data);
            assert_eq!(framing.content_length(), Some(body.len() as u64));
            assert!(body == expected);
            // The same in pieces, with each head before its data where that is possible.
            let mut encoder = Encoder::new(signed, framing)?;
            let (mut rest, mut body, mut cuts) = (&data[..], Vec::new(), cuts.iter());
            while encoder.chunk_length() > 0 {
                let (mut chunk, later) = rest.split_at(usize::try_from(encoder.chunk_length()).unwrap());
                let early = encoder.upcoming().map(|frame| frame.head().to_vec());
                assert_eq!(early.is_some(), mode == 2);
                let whole = chunk;
                while !chunk.is_empty() {
                    let cut = cuts.next().map_or(chunk.len(), |cut| *cut.min(&chunk.len()));
                    let (now, later) = chunk.split_at(cut);
                    encoder.put(now);
                    chunk = later;
                }
                let frame = encoder.close().unwrap();
                assert!(early.is_none_or(|early| early == frame.head()) && frame.data().is_empty());
                body.extend([frame.head(), whole, Frame::TAIL].concat());
                rest = later;
            }
            assert!(encoder.upcoming().is_none());
            let end = encoder.finish().unwrap();
            let mut count = Count::default();
            end.recite(&mut count);
            let mut room = [0; END_ROOM];
            let mut cursor = Cursor::new(&mut room);
            end.recite(&mut cursor);
            let end = cursor.finish().unwrap();
            assert_eq!(end.len(), count.bytes());
            body.extend_from_slice(end);
            assert!(body == expected);
            Ok::<_, Unfit>(())
        }).unwrap();
    }

    #[test]
    fn given_trailers_are_signed_in_the_order_of_their_names(
        names in prop::collection::hash_set("[a-z][a-z0-9-]{0,6}", 1..6),
        value in "([!-~]{1,4} ?)?[!-~]{1,9}",
        mode in 1_u8..3,
    ) {
        let names: Vec<String> = names.into_iter().collect();
        let pairs: Vec<_> = names.iter().map(|name| Pair::new(name, Value::Text(&value))).collect();
        let framing = framing(mode, 3, Trailer::given(&pairs).unwrap());
        let trailers: Vec<_> = names.iter().map(|name| (name.clone(), value.clone())).collect();
        declared(&framing, |signed| {
            let (body, _) = encoded(Encoder::new(signed, framing).unwrap(), b"abc");
            assert_eq!(framing.content_length(), Some(body.len() as u64));
            assert!(body == model(signed, mode, b"abc", 65_536, &trailers));
        });
    }
}

#[test]
fn lengths_are_known_for_any_length() {
    let lengths = |framing: Framing<'_>| framing.content_length();
    assert_eq!(lengths(Framing::signed(0)), Some(1 + 17 + 64 + 4));
    let crc = Trailer::checksum(Algorithm::Crc32);
    assert_eq!(lengths(Framing::unsigned(0, crc)), Some(3 + 20 + 1 + 8 + 2 + 2));
    assert_eq!(lengths(Framing::unsigned(5, crc)), Some(3 + 5 + 2 + 3 + 20 + 1 + 8 + 2 + 2));
    assert_eq!(lengths(Framing::unsigned(100_000, crc)), Some(100_053));
    // The largest object that S3 holds: 50 TB in chunks of 64 KiB.
    let chunks = (50 << 40) / 65_536;
    assert_eq!(lengths(Framing::signed(50 << 40)), Some((50 << 40) + chunks * (5 + 17 + 64 + 4) + 86));
    for length in [u64::MAX, u64::MAX - (1 << 50)] {
        assert_eq!(lengths(Framing::signed(length)), None);
    }
    let one = Framing::unsigned(u64::MAX - 100, crc).chunk(u64::MAX).unwrap();
    assert_eq!(lengths(one), Some(u64::MAX - 100 + 16 + 4 + 3 + 20 + 1 + 8 + 2 + 2));
    assert_eq!(lengths(Framing::unsigned(u64::MAX - 10, crc).chunk(u64::MAX).unwrap()), None);
}

#[test]
fn chunks_that_s3_refuses_are_none() {
    let chunk = |length, bytes| Framing::signed(length).chunk(bytes).is_some();
    assert!(chunk(100_000, 8_192) && chunk(0, 8_192) && chunk(8_191, 8_191) && chunk(100, 101));
    assert!(!chunk(100_000, 8_191) && !chunk(100, 99) && !chunk(0, 0) && !chunk(1, 0));
}

#[test]
fn data_that_does_not_fit_is_told() {
    let framing = Framing::signed(20_000).chunk(8_192).unwrap();
    declared(&framing, |signed| {
        let encoder = || Encoder::new(signed, framing).unwrap();
        let mut one = encoder();
        let misfit = Misfit::Chunk { needed: 8_192, given: 8_191 };
        assert_eq!(one.frame(&DATA[..8_191]).unwrap_err(), misfit);
        assert_eq!(one.frame(&DATA[..8_193]).unwrap_err(), Misfit::Chunk { needed: 8_192, given: 8_193 });
        assert_eq!(one.frame(b"").unwrap_err(), Misfit::Chunk { needed: 8_192, given: 0 });
        let long = Misfit::Long { decoded_length: 20_000 };
        assert_eq!(one.frame(&DATA[..20_001]).unwrap_err(), long);
        // A refused chunk leaves no trace.
        assert_eq!(encoded(one, &DATA[..20_000]), encoded(encoder(), &DATA[..20_000]));

        let mut short = encoder();
        short.frame(&DATA[..8_192]).unwrap();
        short.put(b"a");
        assert_eq!(short.close().unwrap_err(), Misfit::Chunk { needed: 8_192, given: 1 });
        assert_eq!(short.frame(&DATA[..8_192]).unwrap_err(), Misfit::Chunk { needed: 8_192, given: 8_193 });
        // What comes of two pieces cannot be sent as one.
        let rest = Misfit::Chunk { needed: 8_192, given: 8_191 };
        assert_eq!(short.frame(&DATA[..8_191]).unwrap_err(), rest);
        assert_eq!(short.finish().unwrap_err(), Misfit::Short { missing: 11_808 });

        let mut full = encoder();
        for data in DATA[..20_000].chunks(8_192) {
            full.frame(data).unwrap();
        }
        assert_eq!(full.frame(b"a").unwrap_err(), long);
        assert_eq!(full.frame(b"").unwrap_err(), long);
        full.put(b"a");
        assert_eq!(full.close().unwrap_err(), long);
        assert_eq!(full.finish().unwrap_err(), long);
    });
}

#[test]
fn a_request_that_says_something_else_gets_no_encoder() {
    let trailer = Trailer::checksum(Algorithm::Crc32);
    let (plain, with) = (Framing::signed(5), Framing::signed_with(5, trailer));
    let unsigned = Framing::unsigned(5, trailer);
    let unfit = |name| Err(Unfit::Header { name });
    let (coding, length) = ("Content-Encoding", "X-Amz-Decoded-Content-Length");
    let (crc, named) = ("x-amz-checksum-crc32", "X-Amz-Trailer");
    let long = "x".repeat(257);
    let cases: &[(&[(&str, &str)], Framing<'_>, Framing<'_>, Result<(), Unfit>)] = &[
        (&[(coding, "aws-chunked"), (length, "5")], plain, plain, Ok(())),
        (&[(coding, "aws-chunked,gzip"), (length, "5")], plain, plain, Ok(())),
        (&[(coding, "gzip , AWS-Chunked"), (length, "5")], plain, plain, Ok(())),
        (&[(coding, "gzip"), (coding, "aws-chunked"), (length, "5")], plain, plain, Ok(())),
        (&[(coding, "aws-chunked"), (length, "5"), (named, crc)], with, with, Ok(())),
        (&[(coding, "aws-chunked"), (length, "5"), (named, crc)], unsigned, unsigned, Ok(())),
        (&[(coding, "aws-chunked"), (length, "5"), (named, " X-Amz-Checksum-CRC32 ")], with, with, Ok(())),
        (&[(length, "5")], plain, plain, unfit("content-encoding")),
        (&[(coding, "aws-chunked-2"), (length, "5")], plain, plain, unfit("content-encoding")),
        (&[(coding, "aws chunked"), (length, "5")], plain, plain, unfit("content-encoding")),
        (&[(coding, &long), (length, "5")], plain, plain, unfit("content-encoding")),
        (&[(coding, "aws-chunked")], plain, plain, unfit("x-amz-decoded-content-length")),
        (&[(coding, "aws-chunked"), (length, "6")], plain, plain, unfit("x-amz-decoded-content-length")),
        (&[(coding, "aws-chunked"), (length, "05")], plain, plain, unfit("x-amz-decoded-content-length")),
        (
            &[(coding, "aws-chunked"), (length, "5"), (length, "5")],
            plain,
            plain,
            unfit("x-amz-decoded-content-length"),
        ),
        (&[(coding, "aws-chunked"), (length, "5"), (named, crc)], plain, plain, unfit("x-amz-trailer")),
        (&[(coding, "aws-chunked"), (length, "5"), (named, &long)], plain, plain, unfit("x-amz-trailer")),
        (&[(coding, "aws-chunked"), (length, "5")], with, with, unfit("x-amz-trailer")),
        (
            &[(coding, "aws-chunked"), (length, "5"), (named, "x-amz-checksum-crc32c")],
            with,
            with,
            unfit("x-amz-trailer"),
        ),
        (
            &[(coding, "aws-chunked"), (length, "5"), (named, "a, x-amz-checksum-crc32")],
            with,
            with,
            unfit("x-amz-trailer"),
        ),
        (
            &[(coding, "aws-chunked"), (length, "5"), (named, crc)],
            with,
            unsigned,
            unfit("x-amz-content-sha256"),
        ),
        (
            &[(coding, "aws-chunked"), (length, "5"), (named, crc)],
            unsigned,
            with,
            unfit("x-amz-content-sha256"),
        ),
        (
            &[(coding, "aws-chunked"), (length, "5"), ("content-length", "5")],
            plain,
            plain,
            unfit("content-length"),
        ),
    ];
    for (headers, said, framing, expected) in cases {
        let got = signed(headers, said.content_sha256(), |signed| Encoder::new(signed, *framing).map(|_| ()));
        assert_eq!(got, *expected, "{headers:?}");
    }
    declared(&with, |signed| {
        let needed = |needed| Some(Unfit::Checksum { needed });
        let other = Encoder::with(signed, with, Some(Crc32c::new()));
        assert_eq!(other.err(), needed(Some(Algorithm::Crc32)));
        assert_eq!(Encoder::with(signed, with, None::<Crc32>).err(), needed(Some(Algorithm::Crc32)));
        assert_eq!(Encoder::with(signed, plain, Some(Crc32::new())).err(), needed(None));
    });
    // Neither an anonymous request nor a presigned one has what the chain begins with.
    let mut pairs = [Pair::EMPTY; 8];
    let mut raw = Raw::from_url("https://h/b/k", &mut pairs).unwrap();
    plain.declare(raw.draft());
    let request = raw.finish().unwrap();
    let endpoint = Endpoint::new(true, "h", "s3", "us-east-1");
    let anonymous = Signed::anonymous(&request, endpoint);
    let none = Some(Unfit::Header { name: "x-amz-content-sha256" });
    assert_eq!(Encoder::new(&anonymous, plain).err(), none);
    let key = SigningKey::derive(&KEYS, now(), "us-east-1", "s3");
    let signer = Signer::new(&KEYS, &key, Rules::S3);
    let payload = Payload::Literal(plain.content_sha256());
    let expires = Expires::from_seconds(60).unwrap();
    let presigned = signer.presign(&request, endpoint, now(), payload, expires);
    assert_eq!(Encoder::new(&presigned, plain).err(), none);
    assert!(presigned.chain().is_none() && anonymous.chain().is_none());
    assert!(Encoder::new(&signer.sign(&request, endpoint, now(), payload), plain).is_ok());
    let endless = Framing::signed(u64::MAX);
    assert_eq!(Encoder::new(&anonymous, endless).err(), Some(Unfit::Length));
}

#[test]
fn a_framing_declares_itself_beside_what_an_operation_says() {
    let put = PutObject::new("b", "k").content_encoding("gzip").content_type("text/plain");
    let framing = Framing::unsigned(9, Trailer::checksum(Algorithm::Crc64Nvme));
    // Before the operation or behind it, the order of the headers is that of their names.
    for early in [true, false] {
        let mut pairs = [Pair::EMPTY; 16];
        let mut draft = Draft::new(Method::Put, &mut pairs);
        if early {
            framing.declare(&mut draft);
        }
        put.draft(&mut draft);
        draft.is_ordered();
        if !early {
            framing.declare(&mut draft);
        }
        let request = draft.finish().unwrap();
        let named = |pair: &Pair<'_>| text(|to| pair.write_name(to));
        let names: Vec<_> = request.headers().iter().map(named).collect();
        assert!(names.is_sorted(), "{names:?}");
        let key = SigningKey::derive(&KEYS, now(), "us-east-1", "s3");
        let signer = Signer::new(&KEYS, &key, Rules::S3);
        let endpoint = Endpoint::new(true, "b.s3.amazonaws.com", "s3", "us-east-1");
        let payload = Payload::Literal(framing.content_sha256());
        let signed = signer.sign(&request, endpoint, now(), payload);
        assert!(Encoder::new(&signed, framing).is_ok());
        let head = text(|to| wire::head(&signed, &[], framing.content_length(), to));
        let coding = if early {
            "\r\ncontent-encoding: aws-chunked\r\ncontent-encoding: gzip\r\n"
        } else {
            "\r\ncontent-encoding: aws-chunked,gzip\r\n"
        };
        for line in [
            coding,
            "\r\nx-amz-decoded-content-length: 9\r\n",
            "\r\nx-amz-trailer: x-amz-checksum-crc64nvme\r\n",
            "\r\nx-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER\r\n",
            "\r\ncontent-length: 58\r\n",
        ] {
            assert!(head.contains(line), "{line} in {head}");
        }
    }
    let mut pairs = [Pair::EMPTY; 4];
    let mut draft = Draft::new(Method::Put, &mut pairs);
    let endless = Framing::signed(u64::MAX);
    endless.declare(&mut draft);
    assert_eq!(draft.finish().unwrap_err(), Invalid::Value { name: "x-amz-decoded-content-length" });
}

#[test]
fn a_trailer_that_no_server_would_read_is_refused() {
    let given = |pairs: &[(&'static str, &'static str)]| {
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| Pair::new(name, Value::Text(value))).collect();
        Trailer::given(&pairs).err().map(|wrong| format!("{wrong:?}"))
    };
    let refused = |wrong: Invalid<'_>| Some(format!("{wrong:?}"));
    assert_eq!(given(&[("a", "b"), ("B", " c\t")]), None);
    assert_eq!(given(&[]), refused(Invalid::Empty { name: "x-amz-trailer" }));
    assert_eq!(given(&[("a", "b"), ("A", "c")]), refused(Invalid::Name { name: "A" }));
    assert_eq!(given(&[("", "c")]), refused(Invalid::Name { name: "" }));
    assert_eq!(given(&[("a:b", "c")]), refused(Invalid::Name { name: "a:b" }));
    assert_eq!(given(&[("a", "b\r\nc: d")]), refused(Invalid::Value { name: "a" }));
    let own = "X-Amz-Trailer-Signature";
    assert_eq!(given(&[(own, "0")]), refused(Invalid::Reserved { name: own }));
}

#[test]
fn nothing_shows_a_signature_or_data() {
    let framing = Framing::signed_with(1, Trailer::checksum(Algorithm::Crc32));
    declared(&framing, |signed| {
        let mut encoder = Encoder::new(signed, framing).unwrap();
        let shown = format!("{encoder:?} {:?}", signed.chain());
        let frame = encoder.frame(b"\xf7").unwrap();
        let shown = format!("{shown} {frame:?}");
        let signatures = [String::from(frame.signature().unwrap())];
        let end = encoder.finish().unwrap();
        let shown = format!("{shown} {end:?}");
        for secret in
            signatures.iter().map(String::as_str).chain(end.signature()).chain(end.trailer_signature())
        {
            assert!(secret.len() == 64 && !shown.contains(&secret[..8]));
        }
        assert!(!shown.contains("247") && shown.contains("Chain(…)"), "{shown}");
    });
}

#[test]
fn an_encoder_is_no_larger_for_more_data() {
    // What a microcontroller has to find room for, with the checksum's own type.
    let most = if cfg!(feature = "sigv4a") { 768 } else { 640 };
    assert!(size_of::<Encoder<'_, Crc32>>() <= most, "{}", size_of::<Encoder<'_, Crc32>>());
}
