//! Checksums against what botocore and awscrt say of the same bytes, and parts against the whole.

extern crate std;

use std::format;
use std::string::String;
use std::vec::Vec;

use proptest::prelude::*;

use super::*;
use crate::encode::tests::written;

fn text(write: impl FnOnce(&mut dyn Sink)) -> String {
    String::from_utf8(written(write)).unwrap()
}

fn base64(algorithm: Algorithm, bytes: &[u8]) -> String {
    text(|to| Checksum::of(algorithm, bytes).recite(to))
}

/// 100,000 bytes that no table takes for another.
fn pattern() -> Vec<u8> {
    (0..100_000_u32).map(|i| u8::try_from(i * 7 % 251).unwrap()).collect()
}

/// By algorithm: of nothing, of `123456789`, of the pattern, and the composite of `12345` and `6789`; by
/// botocore 1.44 with awscrt 0.38, MD5 by Python's hashlib.
const KNOWN: &[(&str, &str, &str, &str, &str)] = &[
    ("CRC32", "AAAAAA==", "y/Q5Jg==", "sKjDzQ==", "4zspdQ==-2"),
    ("CRC32C", "AAAAAA==", "4waSgw==", "7ztZNQ==", "ZrDMrw==-2"),
    ("CRC64NVME", "AAAAAAAAAAA=", "rosUhgp5mIg=", "aJgCoRmY1Es=", ""),
    (
        "SHA256",
        "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=",
        "lq0N2r6ccz1FUP3nUCValIBoEQKb5nUEvZvWjlVmhrk=",
        "/wiQ+jHXUUcr18tTEaeru5H1cBgrYDQGvfxkGFLzgl4=-2",
    ),
    #[cfg(feature = "checksums")]
    (
        "MD5",
        "1B2M2Y8AsgTpgAmY7PhCfg==",
        "JfnnlDI7RTiF9RgfG2JNCw==",
        "wmBkIimIh2PA+ipIQ/UKNg==",
        "MkcwWC8gw/GMu2bWOmE30g==-2",
    ),
    #[cfg(feature = "checksums")]
    (
        "SHA1",
        "2jmj7l5rSw0yVb/vlWAYkK/YBwk=",
        "98O8HYCOBHMq32eZZczDTKeuNEE=",
        "ohBWu0s+xE3FtEx3GP2ZEJBH5AA=",
        "UGmj5L5/K7lmsIeci6hTqydwTCs=-2",
    ),
    #[cfg(feature = "checksums")]
    (
        "SHA512",
        "z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==",
        "2eZ2LdHI6vbWGzxhkvxAjU1tXxF20MKRabwk5xw/J0rSf81YEbMT1oH35V7ALXPUmclUVba1u1A6z1dPuo/+hQ==",
        "kCnP5/vGMAE2aunS00EUNGxkUSLAGiDIOqsrLHGy/JVrtO5IEgiF+sudvZreRrOd3DzzjrMzvprHS6+rphSa8Q==",
        "7mq9aUS+fL/nGoVn00cjk1Ya4tCBnHyf8UjzgjLk2nUZRERznf4NvBmuOm63A2FnajMZ174I/m81hyIN7fBsHQ==-2",
    ),
    #[cfg(feature = "checksums")]
    (
        "XXHASH128",
        "maoG0wFHmNhgAcMkRo1Jfw==",
        "MxGUd+3l3NXpcWQnaB1YYA==",
        "cCJ7Fv1fdO8XpwEHWpW0Mg==",
        "EYkKFz9GAtSF8B3qj4uibg==-2",
    ),
    #[cfg(feature = "checksums")]
    ("XXHASH3", "LQaABTjTlMI=", "ctyxi2ehff8=", "F6cBB1qVtDI=", "/szbaZbktRo=-2"),
    #[cfg(feature = "checksums")]
    ("XXHASH64", "70bbN1HY6Zk=", "jLhB20DmroM=", "OCV8wgU6Fyk=", "pk+Q96PvVXo=-2"),
];

#[test]
fn every_algorithm_agrees_with_aws() {
    assert_eq!(KNOWN.len(), Algorithm::ALL.len());
    for (name, nothing, digits, pattern, composite) in KNOWN {
        let algorithm = Algorithm::named(name).unwrap();
        assert_eq!(algorithm.name(), *name);
        assert_eq!(base64(algorithm, b""), *nothing, "{name}");
        assert_eq!(base64(algorithm, b"123456789"), *digits, "{name}");
        assert_eq!(base64(algorithm, &self::pattern()), *pattern, "{name}");
        let whole = Composite::new(algorithm).map(|mut whole| {
            for part in ["12345", "6789"] {
                whole.push(&Checksum::of(algorithm, part.as_bytes())).unwrap();
            }
            text(|to| whole.recite(to))
        });
        assert_eq!(whole.unwrap_or_default(), *composite, "{name}");
    }
}

#[test]
fn names_headers_and_sizes_fit_each_other() {
    for algorithm in Algorithm::ALL {
        let header = format!("x-amz-checksum-{}", algorithm.name().to_ascii_lowercase());
        assert_eq!(algorithm.header(), header);
        let digest = Checksum::new(*algorithm).finish();
        assert_eq!((digest.algorithm(), digest.as_bytes().len()), (*algorithm, algorithm.digest_length()));
        assert_eq!(base64(*algorithm, b"").len(), algorithm.base64_length());
        assert_eq!(Checksum::new(*algorithm).algorithm(), *algorithm);
    }
    for name in ["", "crc32", "CRC32 ", "SHA224", "CRC64"] {
        assert_eq!(Algorithm::named(name), None);
    }
    assert_eq!(Algorithm::named("SHA1").is_some(), cfg!(feature = "checksums"));
}

#[test]
fn a_digest_is_read_from_its_text_and_from_no_other() {
    for algorithm in Algorithm::ALL {
        let digest = Checksum::of(*algorithm, b"a");
        let text = text(|to| digest.recite(to));
        assert_eq!(Digest::parse(*algorithm, &text), Ok(digest));
        assert_eq!(Digest::new(*algorithm, digest.as_bytes()), Some(digest));
        assert_eq!(Digest::new(*algorithm, &digest.as_bytes()[1..]), None);
        let composite = format!("{text}-2");
        for wrong in [&text[4..], &composite, "", "*"] {
            assert!(Digest::parse(*algorithm, wrong).is_err(), "{wrong}");
        }
    }
    let longer = "AAAAAAAA";
    assert_eq!(Digest::parse(Algorithm::Crc32, longer), Err(Malformed::new(8)));
    let endless = "A".repeat(400);
    assert_eq!(Digest::parse(Algorithm::Crc32, &endless), Err(Malformed::new(8)));
    assert_eq!(Digest::parse(Algorithm::Crc64Nvme, longer), Err(Malformed::new(8)));
    assert_eq!(format!("{:?}", Checksum::of(Algorithm::Crc32, b"123456789")), "CRC32(cbf43926)");
}

#[test]
fn a_digest_of_another_algorithm_is_refused() {
    let other = Checksum::of(Algorithm::Crc32c, b"a");
    let mut whole = FullObject::new(Algorithm::Crc32).unwrap();
    assert_eq!(whole.push(&other, 1), Err(Mixed { given: Algorithm::Crc32c }));
    assert_eq!(whole.digest(), Checksum::new(Algorithm::Crc32).finish());
    let mut whole = Composite::new(Algorithm::Sha256).unwrap();
    assert_eq!(whole.push(&other), Err(Mixed { given: Algorithm::Crc32c }));
    assert_eq!((whole.parts(), whole.digest()), (0, Checksum::new(Algorithm::Sha256).finish()));
    assert!(FullObject::new(Algorithm::Sha256).is_none());
    assert!(Composite::new(Algorithm::Crc64Nvme).is_none());
}

/// A CRC by its definition, bit by bit.
fn bitwise(polynomial: u64, bits: u32, bytes: &[u8]) -> u64 {
    let ones = u64::MAX >> (64 - bits);
    let mut remainder = ones;
    for byte in bytes {
        remainder ^= u64::from(*byte);
        for _ in 0..8 {
            remainder = if remainder & 1 == 1 { (remainder >> 1) ^ polynomial } else { remainder >> 1 };
        }
    }
    remainder ^ ones
}

#[test]
fn every_length_around_a_step_agrees_with_the_definition() {
    let bytes = pattern();
    for length in 0..200 {
        let bytes = &bytes[length..2 * length];
        let of = |algorithm| Checksum::of(algorithm, bytes).number();
        assert_eq!(of(Algorithm::Crc32), bitwise(0xedb8_8320, 32, bytes));
        assert_eq!(of(Algorithm::Crc32c), bitwise(0x82f6_3b78, 32, bytes));
        assert_eq!(of(Algorithm::Crc64Nvme), bitwise(0x9a6c_9329_ac4b_c9b5, 64, bytes));
    }
}

#[test]
fn a_part_of_any_length_is_put_behind() {
    // 2³² + 5 zeros behind one byte, by way of pieces that double.
    let mut zeros = Crc32::new();
    zeros.put(&[0]);
    let (mut length, mut crc) = (1_u64, zeros);
    for _ in 0..32 {
        crc = crc.then(crc, length);
        length *= 2;
    }
    let mut five = Crc32::new();
    five.put(&[0; 5]);
    let (whole, mut one) = (crc.then(five, 5), Crc32::new());
    one.put(b"a");
    // gzip's checksum of that, by `(printf a; head -c 4294967301 /dev/zero) | gzip -c | tail -c8 | head -c4`.
    assert_eq!(one.then(whole, length + 5).finish(), 0xb0ad_982f);
}

proptest! {
    #[test]
    fn a_checksum_is_the_same_however_the_bytes_come(
        bytes in prop::collection::vec(any::<u8>(), 0..2000),
        cuts in prop::collection::vec(0_usize..300, 0..8),
    ) {
        for algorithm in Algorithm::ALL {
            let mut checksum = Checksum::new(*algorithm);
            let mut rest = &bytes[..];
            for cut in &cuts {
                let (now, later) = rest.split_at(*cut.min(&rest.len()));
                checksum.put(now);
                rest = later;
            }
            let half = checksum.digest();
            prop_assert_eq!(half, Checksum::of(*algorithm, &bytes[..bytes.len() - rest.len()]));
            checksum.put(rest);
            prop_assert_eq!(checksum.finish(), Checksum::of(*algorithm, &bytes));
        }
    }

    #[test]
    fn the_parts_checksums_make_that_of_the_whole(
        parts in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 0..6),
    ) {
        let joined = parts.concat();
        for algorithm in Algorithm::ALL {
            let Some(mut whole) = FullObject::new(*algorithm) else { continue };
            for part in &parts {
                whole.push(&Checksum::of(*algorithm, part), part.len() as u64).unwrap();
            }
            prop_assert_eq!(whole.digest(), Checksum::of(*algorithm, &joined));
        }
    }

    #[test]
    fn a_part_is_put_behind_in_any_grouping(a: Vec<u8>, b: Vec<u8>, c: Vec<u8>) {
        let crc = |bytes: &[u8]| { let mut crc = Crc64Nvme::new(); crc.put(bytes); crc };
        let (x, y, z) = (crc(&a), crc(&b), crc(&c));
        let (m, n) = (b.len() as u64, c.len() as u64);
        prop_assert_eq!(x.then(y, m).then(z, n), x.then(y.then(z, n), m + n));
        prop_assert_eq!(x.then(y, m).then(z, n), crc(&[a, b, c].concat()));
    }
}
