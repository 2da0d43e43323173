//! Bodies of requests that are signed by Signature Version 4a, checked with the public key.

use super::*;
use crate::sigv4::EcdsaKey;
use crate::sigv4::EcdsaSignature;

/// What `check` makes of the request of AWS's examples, with the headers of a framing.
fn asymmetric<T>(framing: &Framing<'_>, check: impl FnOnce(&Signed<'_>, &EcdsaKey) -> T) -> T {
    let mut pairs = [Pair::EMPTY; 16];
    let mut raw =
        Raw::from_url("https://s3.amazonaws.com/examplebucket/chunkObject.txt", &mut pairs).unwrap();
    raw.method(Method::Put);
    framing.declare(raw.draft());
    let endpoint = Endpoint::new(true, raw.host(), "s3", "");
    let request = raw.finish().unwrap();
    let key = EcdsaKey::derive(&KEYS).unwrap();
    let signer = Signer::v4a(&KEYS, &key, "us-east-1", Rules::S3);
    check(&signer.sign(&request, endpoint, now(), Payload::Literal(framing.content_sha256())), &key)
}

/// The texts that the signatures of a body prove, by their definition.
fn texts(
    seed: &str,
    data: &[u8],
    chunk: usize,
    trailers: Option<&str>,
    signatures: &[String],
) -> Vec<String> {
    let hex = |bytes: [u8; 32]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let scope = "20130524T000000Z\n20130524/s3/aws4_request";
    let mut before = [seed].into_iter().chain(signatures.iter().map(String::as_str));
    let mut texts = Vec::new();
    for piece in data.chunks(chunk).chain([&b""[..]]) {
        let (before, digest) = (before.next().unwrap(), hex(Sha256::digest(piece)));
        texts.push(format!("AWS4-ECDSA-P256-SHA256-PAYLOAD\n{scope}\n{before}\n{NOTHING}\n{digest}"));
    }
    if let Some(trailers) = trailers {
        let (before, digest) = (before.next().unwrap(), hex(Sha256::digest(trailers.as_bytes())));
        texts.push(format!("AWS4-ECDSA-P256-SHA256-TRAILER\n{scope}\n{before}\n{digest}"));
    }
    texts
}

/// The body of AWS's examples: its C library tests with the same, and leaves no signature to compare with.
#[test]
fn each_chunk_and_the_trailer_are_proven_and_padded() {
    let trailer = Trailer::checksum(Algorithm::Crc32c);
    for (framing, payload, trailers) in [
        (Framing::signed(66_560), "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD", None),
        (
            Framing::signed_with(66_560, trailer),
            "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER",
            Some("x-amz-checksum-crc32c:sOO8/Q==\n"),
        ),
    ] {
        let framing = framing.v4a();
        assert_eq!(framing.content_sha256(), payload);
        asymmetric(&framing, |signed, key| {
            let (body, signatures) = encoded(Encoder::new(signed, framing).unwrap(), DATA);
            let texts = texts(signed.signature(), DATA, 65_536, trailers, &signatures);
            assert_eq!(texts.len(), signatures.len());
            let public = key.public_key();
            for (text, signature) in texts.iter().zip(&signatures) {
                assert!(public.verify(text.as_bytes(), signature), "{text}");
            }
            // The frame around them, with every signature as long as the longest.
            let padded: Vec<_> = signatures.iter().map(|signature| format!("{signature:*<144}")).collect();
            let [one, two, three] = [0, 1, 2].map(|nth| format!(";chunk-signature={}\r\n", padded[nth]));
            let (large, small) = ("a".repeat(65_536), "a".repeat(1024));
            let end = trailers.map_or_else(String::new, |_| {
                format!("x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:{}\r\n", padded[3])
            });
            let whole = format!("10000{one}{large}\r\n400{two}{small}\r\n0{three}{end}\r\n");
            assert_eq!(String::from_utf8(body).unwrap(), whole);
            assert_eq!(framing.content_length(), Some(whole.len() as u64));
        });
    }
    assert_eq!(Framing::signed(66_560).v4a().content_length(), Some(67_064));
}

#[test]
fn the_length_does_not_depend_on_the_signatures() {
    let mut lengths = Vec::new();
    for length in 0..300 {
        let framing = Framing::signed(length).v4a();
        asymmetric(&framing, |signed, _| {
            let data = std::vec![0; usize::try_from(length).unwrap()];
            let (body, signatures) = encoded(Encoder::new(signed, framing).unwrap(), &data);
            assert_eq!(Some(body.len() as u64), framing.content_length());
            lengths.extend(signatures.iter().map(String::len));
        });
    }
    assert!(lengths.contains(&140) && lengths.contains(&EcdsaSignature::DIGITS));
}

#[test]
fn the_end_fits_into_its_room() {
    for algorithm in [Algorithm::Crc32, Algorithm::Crc64Nvme, Algorithm::Sha256] {
        let framing = Framing::signed_with(0, Trailer::checksum(algorithm)).v4a();
        asymmetric(&framing, |signed, _| {
            let mut room = [0; END_ROOM];
            let mut to = Cursor::new(&mut room);
            Encoder::new(signed, framing).unwrap().finish().unwrap().recite(&mut to);
            assert_eq!(to.finish().map(|end| end.len() as u64), Ok(framing.content_length().unwrap()));
        });
    }
}

#[test]
fn a_framing_of_another_version_gets_no_encoder() {
    let framing = Framing::signed(5);
    let header = Some(Unfit::Header { name: "x-amz-content-sha256" });
    declared(&framing, |signed| {
        assert_eq!(Encoder::new(signed, framing.v4a()).err(), header);
    });
    declared(&framing.v4a(), |signed| {
        assert_eq!(Encoder::new(signed, framing.v4a()).err(), Some(Unfit::Version));
    });
    asymmetric(&framing, |signed, _| {
        assert_eq!(Encoder::new(signed, framing).err(), Some(Unfit::Version));
    });
    // Where chunks have no signature, it is the same by which version the head is signed.
    let unsigned = Framing::unsigned(0, Trailer::checksum(Algorithm::Crc32));
    asymmetric(&unsigned, |signed, _| assert!(Encoder::new(signed, unsigned).is_ok()));
}
