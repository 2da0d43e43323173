//! Keys, signatures and their digits, against `p256` and published values.

extern crate std;

use std::format;
use std::string::String;
use std::string::ToString;
use std::vec::Vec;

use p256::ecdsa::DerSignature;
use p256::ecdsa::Signature;
use p256::ecdsa::SigningKey;
use p256::ecdsa::VerifyingKey;
use p256::ecdsa::signature::hazmat::PrehashSigner;
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use proptest::prelude::*;
use rfc6979::KGenerator;

use super::*;

/// The order of the curve.
const ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa,
    0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

fn bytes(hex: &str) -> [u8; 32] {
    let mut room = [0; 32];
    let mut to = Cursor::new(&mut room);
    hex_decode(hex.as_bytes(), &mut to).unwrap();
    assert_eq!(to.bytes(), 32);
    room
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The order of the curve, more or less a little.
fn near_order(difference: i8) -> [u8; 32] {
    let mut number = ORDER;
    number[31] = number[31].checked_add_signed(difference).unwrap();
    number
}

fn example() -> EcdsaKey {
    EcdsaKey::derive(&Credentials::new("AKIDEXAMPLE", SECRET)).unwrap()
}

/// A signature as the `ecdsa` crate spells it, by numbers near zero, near the order, or any.
fn spelled(r: [u8; 32], s: [u8; 32]) -> Option<String> {
    Signature::from_scalars(r, s).ok().map(|signature| hex(signature.to_der().as_bytes()))
}

#[test]
fn the_key_of_awss_vectors_is_derived() {
    let public = example().public_key();
    assert_eq!(hex(&public.x()), "b6618f6a65740a99e650b33b6b4b5bd0d43b176d721a3edfea7e7d2d56d936b1");
    assert_eq!(hex(&public.y()), "865ed22a7eadc9c5cb9d2cbaca1b3699139fedc5043dc6661864218330c8e518");
}

/// RFC 6979, A.2.5, with SHA-256.
#[test]
fn published_signatures_are_made() {
    let key = bytes("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721");
    let key = EcdsaKey::from_bytes(&key).unwrap();
    let public = key.public_key();
    assert_eq!(hex(&public.x()), "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6");
    assert_eq!(hex(&public.y()), "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299");
    for (message, r, s) in [
        (
            "sample",
            "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716",
            "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
        ),
        (
            "test",
            "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367",
            "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083",
        ),
    ] {
        let signature = key.sign(message.as_bytes());
        assert_eq!(Some(signature.as_str().to_string()), spelled(bytes(r), bytes(s)), "{message}");
        assert!(public.verify(message.as_bytes(), signature.as_str()));
        assert!(!public.verify(b"other", signature.as_str()));
    }
}

#[test]
fn a_candidate_up_to_the_order_less_two_makes_a_key() {
    let made = |candidate: [u8; 32]| first_key(|_| candidate).map(|key| hex(&key));
    let mut one = [0; 32];
    assert_eq!(made(one), Some(format!("{:064x}", 1)));
    one[31] = 0xff;
    assert_eq!(made(one), Some(format!("{:064x}", 0x100)));
    assert_eq!(made(near_order(-3)), Some(hex(&near_order(-2))));
    assert_eq!(made(near_order(-2)), Some(hex(&near_order(-1))));
    for too_large in [near_order(-1), ORDER, near_order(1), [0xff; 32]] {
        assert_eq!(made(too_large), None);
    }
}

#[test]
fn candidates_are_tried_until_one_will_do_and_254_times_at_most() {
    for good in [1, 2, 253, 254] {
        let mut tried = Vec::new();
        let key = first_key(|counter| {
            tried.push(counter);
            if counter == good { [7; 32] } else { [0xff; 32] }
        });
        assert_eq!(tried, (1..=good).collect::<Vec<_>>());
        assert_eq!(key.map(|key| key[31]), Some(8));
    }
    let mut tried = 0;
    assert_eq!(
        first_key(|_| {
            tried += 1;
            ORDER
        }),
        None
    );
    assert_eq!(tried, 254);
}

#[test]
fn only_numbers_between_zero_and_the_order_are_keys() {
    let mut one = [0; 32];
    assert!(EcdsaKey::from_bytes(&one).is_none());
    one[31] = 1;
    for key in [one, near_order(-1)] {
        assert_eq!(EcdsaKey::from_bytes(&key).unwrap().reveal(), &key);
    }
    for key in [ORDER, near_order(1), [0xff; 32]] {
        assert!(EcdsaKey::from_bytes(&key).is_none());
    }
    // The key that is one has the generator for its public key.
    let public = EcdsaKey::from_bytes(&one).unwrap().public_key();
    assert_eq!(hex(&public.x()), "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296");
}

#[test]
fn a_point_that_is_not_on_the_curve_is_no_key() {
    let public = example().public_key();
    for bit in 0..256 {
        let mut y = public.y();
        y[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(PublicKey::new(public.x(), y), None, "bit {bit}");
    }
    assert_eq!(PublicKey::new([0; 32], [0; 32]), None);
    assert_eq!(PublicKey::new([0xff; 32], [0xff; 32]), None);
}

#[test]
fn a_signature_has_one_spelling() {
    let (key, message) = (example(), b"message");
    let (signature, public) = (key.sign(message), key.public_key());
    let right = signature.as_str();
    assert!(public.verify(message, right));
    for at in 0..right.len() {
        for bit in 0..7 {
            let mut wrong = right.as_bytes().to_vec();
            wrong[at] ^= 1 << bit;
            assert!(
                !public.verify(message, core::str::from_utf8(&wrong).unwrap()),
                "bit {bit} of digit {at}"
            );
        }
        assert!(!public.verify(message, &right[..at]), "cut at {at}");
    }
    for wrong in [
        format!("{right}00"),
        format!("{right}*"),
        format!(" {right}"),
        right.to_uppercase(),
        "*".repeat(EcdsaSignature::DIGITS),
        "f".repeat(EcdsaSignature::DIGITS),
        "0".repeat(1000),
        "é".repeat(72),
    ] {
        assert!(!public.verify(message, &wrong), "{wrong}");
    }
}

#[test]
fn numbers_that_are_zero_negative_or_too_large_are_refused() {
    let (public, digest) = (example().public_key(), Sha256::digest(b"message"));
    for wrong in [
        "",
        "30",
        "3000",
        "3006020100020100",
        "3006020100020101",
        "3006020101020100",
        "30060201ff020101",
        "300702020001020101",
        "3080020101020101",
        "30060201010201",
        "3006020101030101",
        "3106020101020101",
        &format!("3026022100{}020101", hex(&ORDER)),
        &format!("3026020101022100{}", hex(&ORDER)),
        &format!("302702220000{}020101", hex(&ORDER)),
    ] {
        assert!(!public.verify_digest(&digest, wrong), "{wrong}");
    }
    // These are spelled right and belong to nothing.
    for right in ["3006020101020101", &format!("3026020101022100{}", hex(&near_order(-1)))] {
        assert!(numbers(right).is_some(), "{right}");
        assert!(!public.verify_digest(&digest, right), "{right}");
    }
}

#[test]
fn a_padded_signature_has_144_bytes() {
    let (key, mut lengths) = (example(), Vec::new());
    for message in 0..600_u32 {
        let signature = key.sign(&message.to_be_bytes());
        let digits = signature.as_str();
        lengths.push(digits.len());
        assert_eq!(signature.padded().len(), EcdsaSignature::DIGITS);
        let (start, padding) = signature.padded().split_at(digits.len());
        assert_eq!(start, digits.as_bytes());
        assert!(padding.iter().all(|byte| *byte == b'*'));
    }
    assert_eq!(lengths.iter().max(), Some(&144));
    // Among so many there is one with a number that begins with nine zero bits.
    assert!(lengths.iter().any(|length| *length < 140));
}

#[test]
fn keys_and_signatures_show_nothing_secret() {
    let key = example();
    assert_eq!(format!("{key:?} {:?}", key.sign(b"")), "EcdsaKey(…) EcdsaSignature(…)");
}

/// Any number, or one with many zeros or ones in front.
fn numbers_of_any_length() -> impl Strategy<Value = [u8; 32]> {
    (any::<[u8; 32]>(), 0..32_usize, prop_oneof![Just(None), Just(Some(0)), Just(Some(0xff))]).prop_map(
        |(mut number, length, fill)| {
            if let Some(fill) = fill {
                number[..length].fill(fill);
            }
            number
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn signatures_agree_with_the_ecdsa_crate(key in numbers_of_any_length(), digest in numbers_of_any_length(), other: [u8; 32]) {
        let Some(ours) = EcdsaKey::from_bytes(&key) else {
            prop_assert!(SigningKey::from_slice(&key).is_err());
            return Ok(());
        };
        let theirs = SigningKey::from_slice(&key).unwrap();
        let signature = ours.sign_digest(&digest);
        let expected: DerSignature = theirs.sign_prehash(&digest).unwrap();
        prop_assert_eq!(signature.as_str(), hex(expected.as_bytes()));

        let public = ours.public_key();
        let point = theirs.verifying_key().to_sec1_point(false);
        prop_assert_eq!((&public.x()[..], &public.y()[..]), (&point.x().unwrap()[..], &point.y().unwrap()[..]));
        prop_assert!(public.verify_digest(&digest, signature.as_str()));
        let theirs = VerifyingKey::from_sec1_point(&point).unwrap();
        prop_assert!(theirs.verify_prehash(&digest, &expected).is_ok());
        prop_assert_eq!(
            public.verify_digest(&other, signature.as_str()),
            theirs.verify_prehash(&other, &expected).is_ok()
        );
    }

    #[test]
    fn nonces_agree_with_the_rfc6979_crate(key: [u8; 32], digest: [u8; 32]) {
        let order = rfc6979::bigint::U256::from_be_slice(&ORDER);
        let mut theirs = KGenerator::<sha2::Sha256, _>::new(&key, &digest, &[], &order);
        let reduced = scalar(&digest).to_bytes().into();
        let mut ours = Nonces::new(&Software, &key, &reduced);
        for _ in 0..4 {
            let mut expected = [0; 32];
            theirs.fill_next_k(&mut expected);
            prop_assert_eq!(ours.next(), expected);
        }
    }
}

proptest! {
    #[test]
    fn any_two_numbers_are_spelled_as_the_ecdsa_crate_does(r in numbers_of_any_length(), s in numbers_of_any_length()) {
        let ours = EcdsaSignature::new(&scalar(&r), &scalar(&s));
        let [r, s] = [r, s].map(|number| scalar(&number).to_bytes().into());
        if let Some(expected) = spelled(r, s) {
            prop_assert_eq!(ours.as_str(), expected);
        }
        prop_assert_eq!(numbers(ours.as_str()).map(|(r, s)| (r.to_bytes().into(), s.to_bytes().into())), Some((r, s)));
    }

    #[test]
    fn no_text_makes_the_reader_of_signatures_panic(text in "\\PC*", hex in "(30[0-9a-f]{2}02[0-9a-f]{2})?[0-9a-f]{0,140}") {
        let public = EcdsaKey::from_bytes(&[1; 32]).unwrap().public_key();
        for text in [text, hex] {
            prop_assert!(!public.verify_digest(&[2; 32], &text));
        }
    }
}
