//! Endpoints in the words of AWS and boto3, and hostile names that must reach no host.

extern crate std;

use std::format;
use std::string::String;

use super::*;
use crate::encode::tests::written;

const WEST: Place<'_> = Place::new("us-west-2");

fn url(text: &str) -> Option<Url<'_>> {
    Some(Url::parse(text).unwrap())
}

fn shown(endpoint: Result<Endpoint<'_>, BadEndpoint>) -> String {
    let endpoint = endpoint.unwrap();
    String::from_utf8(written(|to| endpoint.write_url(to))).unwrap()
}

#[test]
fn buckets_go_where_the_style_says() {
    let custom = |text| WEST.url(url(text));
    for (place, bucket, auto, path, in_host) in [
        (
            WEST,
            "my-bucket",
            "https://my-bucket.s3.us-west-2.amazonaws.com",
            "https://s3.us-west-2.amazonaws.com/my-bucket",
            "https://my-bucket.s3.us-west-2.amazonaws.com",
        ),
        (
            WEST,
            "a.b.c",
            "https://s3.us-west-2.amazonaws.com/a.b.c",
            "https://s3.us-west-2.amazonaws.com/a.b.c",
            "https://s3.us-west-2.amazonaws.com/a.b.c",
        ),
        (
            WEST,
            "",
            "https://s3.us-west-2.amazonaws.com",
            "https://s3.us-west-2.amazonaws.com",
            "https://s3.us-west-2.amazonaws.com",
        ),
        (
            custom("http://localhost:9000"),
            "a.b.c",
            "http://localhost:9000/a.b.c",
            "http://localhost:9000/a.b.c",
            "http://a.b.c.localhost:9000",
        ),
        (
            custom("https://gateway.example:443/base/"),
            "a.b.c",
            "https://gateway.example/base/a.b.c",
            "https://gateway.example/base/a.b.c",
            "https://gateway.example/base/a.b.c",
        ),
        (
            custom("https://gateway.example/base//"),
            "my-bucket",
            "https://gateway.example/base/my-bucket",
            "https://gateway.example/base/my-bucket",
            "https://my-bucket.gateway.example/base",
        ),
        (
            custom("http://127.0.0.1:9000"),
            "my-bucket",
            "http://127.0.0.1:9000/my-bucket",
            "http://127.0.0.1:9000/my-bucket",
            "http://127.0.0.1:9000/my-bucket",
        ),
        (
            custom("http://[::1]:9000"),
            "my-bucket",
            "http://[::1]:9000/my-bucket",
            "http://[::1]:9000/my-bucket",
            "http://[::1]:9000/my-bucket",
        ),
    ] {
        for (style, expected) in
            [(Addressing::Auto, auto), (Addressing::Path, path), (Addressing::Virtual, in_host)]
        {
            let mut room = [0; ENDPOINT_ROOM];
            let place = place.addressing(style);
            let endpoint = place.s3(bucket, &mut room);
            let scope = endpoint.map(|endpoint| (endpoint.service(), endpoint.region(), endpoint.https()));
            assert_eq!(scope, Ok(("s3", "us-west-2", expected.starts_with("https"))));
            assert_eq!(shown(endpoint), expected, "{bucket} {style:?}");
        }
    }
}

#[test]
fn what_does_not_go_together_is_told_in_the_words_of_aws() {
    let custom = WEST.url(url("https://h"));
    let mut room = [0; ENDPOINT_ROOM];
    let (dual, fips) = (custom.dual_stack(true), custom.fips(true));
    for (got, expected, said) in [
        (
            dual.s3("b", &mut room).map(|_| ()),
            BadEndpoint::S3CustomDualStack,
            "Cannot set dual-stack in combination with a custom endpoint.",
        ),
        (
            fips.s3("b", &mut room).map(|_| ()),
            BadEndpoint::S3CustomFips,
            "A custom endpoint cannot be combined with FIPS",
        ),
        (
            Place::new("cn-north-1").fips(true).s3("b", &mut room).map(|_| ()),
            BadEndpoint::S3PartitionFips,
            "Partition does not support FIPS",
        ),
        (
            Place::new("a.b").s3("b", &mut room).map(|_| ()),
            BadEndpoint::S3Region,
            "Invalid region: region was not a valid DNS name.",
        ),
        (
            dual.sqs(&mut room).map(|_| ()),
            BadEndpoint::CustomDualStack,
            "Invalid Configuration: Dualstack and custom endpoint are not supported",
        ),
        (
            fips.sts(&mut room).map(|_| ()),
            BadEndpoint::CustomFips,
            "Invalid Configuration: FIPS and custom endpoint are not supported",
        ),
        (
            Place::new("").sqs(&mut room).map(|_| ()),
            BadEndpoint::NoRegion,
            "Invalid Configuration: Missing Region",
        ),
        (
            Place::new("a.b").sts(&mut room).map(|_| ()),
            BadEndpoint::Region,
            "Invalid Configuration: the region is not a valid host label",
        ),
        (
            WEST.s3("my-bucket", &mut [0; 10]).map(|_| ()),
            BadEndpoint::Room { needed: 36 },
            "36 bytes of room are needed for the endpoint",
        ),
        (
            WEST.sqs(&mut []).map(|_| ()),
            BadEndpoint::Room { needed: 27 },
            "27 bytes of room are needed for the endpoint",
        ),
    ] {
        assert_eq!(got, Err(expected));
        assert_eq!(format!("{expected}"), said);
    }
    assert!(WEST.s3("my-bucket", &mut [0; 36]).is_ok() && WEST.sqs(&mut [0; 27]).is_ok());
}

#[test]
fn sts_has_one_endpoint_for_its_old_regions() {
    for (place, expected, region) in [
        (WEST, "https://sts.us-west-2.amazonaws.com", "us-west-2"),
        (WEST.global(true), "https://sts.amazonaws.com", "us-east-1"),
        (WEST.global(true).fips(true), "https://sts-fips.us-west-2.amazonaws.com", "us-west-2"),
        (WEST.global(true).dual_stack(true), "https://sts.us-west-2.api.aws", "us-west-2"),
        (WEST.global(true).url(url("http://h:1/x/")), "http://h:1/x", "us-west-2"),
        (Place::new("ap-east-1").global(true), "https://sts.ap-east-1.amazonaws.com", "ap-east-1"),
        (Place::new("aws-global"), "https://sts.amazonaws.com", "us-east-1"),
        (Place::new("aws-global").fips(true), "https://sts-fips.us-east-1.amazonaws.com", "us-east-1"),
        (Place::new("us-gov-west-1").fips(true), "https://sts.us-gov-west-1.amazonaws.com", "us-gov-west-1"),
        (Place::new("cn-north-1"), "https://sts.cn-north-1.amazonaws.com.cn", "cn-north-1"),
    ] {
        let mut room = [0; ENDPOINT_ROOM];
        let endpoint = place.sts(&mut room);
        assert_eq!(endpoint.map(|endpoint| (endpoint.service(), endpoint.region())), Ok(("sts", region)));
        assert_eq!(shown(endpoint), expected, "{place:?}");
    }
}

#[test]
fn a_region_that_is_none_reaches_no_host_and_no_scope() {
    for region in [
        "x@evil.example:443/#",
        "us-east-1\n",
        "us-east-1\r\nx: y",
        "a b",
        "a/b",
        "a.b",
        "-a",
        "a-",
        "\u{e9}",
        "\0",
    ] {
        let mut room = [0; ENDPOINT_ROOM];
        for place in [Place::new(region), Place::new(region).url(url("http://h"))] {
            assert_eq!(place.s3("b", &mut room), Err(BadEndpoint::S3Region), "{region:?}");
            assert_eq!(place.sqs(&mut room), Err(BadEndpoint::Region), "{region:?}");
            assert_eq!(place.sts(&mut room), Err(BadEndpoint::Region), "{region:?}");
        }
    }
    // A server of one's own may do without.
    let mut room = [0; ENDPOINT_ROOM];
    assert_eq!(shown(Place::new("").url(url("http://h")).sqs(&mut room)), "http://h");
}

/// Every short bucket over hostile letters: what is no label of a host stays in the path, encoded.
#[test]
fn every_short_bucket_over_hostile_letters_stays_where_it_belongs() {
    const LETTERS: [char; 14] = ['a', '1', '-', '.', '@', ':', '/', '#', '?', '\\', ' ', '\n', '%', '\u{e9}'];
    for number in 0..LETTERS.len().pow(4) {
        let digits = (0..4).map(|place| number / LETTERS.len().pow(place) % LETTERS.len());
        let bucket: String = digits.map(|digit| LETTERS[digit]).collect();
        let mut room = [0; ENDPOINT_ROOM];
        let endpoint = WEST.s3(&bucket, &mut room).unwrap();
        let (host, path) = (endpoint.authority(), endpoint.path());
        match host.strip_suffix(".s3.us-west-2.amazonaws.com") {
            Some(label) => assert!(host_label(label) && label == bucket && path.is_empty(), "{bucket:?}"),
            None => {
                assert_eq!(host, "s3.us-west-2.amazonaws.com", "{bucket:?}");
                let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte);
                let name = path.strip_prefix('/').unwrap();
                assert!(name.bytes().all(plain), "{bucket:?}");
            }
        }
    }
}

#[test]
fn names_for_hosts_are_those_of_dns() {
    let longest = "a".repeat(63);
    for (bucket, dots, hostable) in [
        ("abc", false, true),
        ("a-1", false, true),
        (&longest, false, true),
        ("ab", false, false),
        (&format!("{longest}a"), false, false),
        ("Abc", false, false),
        ("a_b", false, false),
        ("-ab", false, false),
        ("ab-", false, false),
        ("a.b", false, false),
        ("a.b", true, true),
        ("a..b", true, false),
        (".ab", true, false),
        ("a.-b", true, false),
        ("1.2.3.4", true, false),
        ("1.2.3.4.5", true, true),
        ("123", true, true),
    ] {
        assert_eq!(virtual_hostable(bucket, dots), hostable, "{bucket}");
    }
}

#[test]
fn buckets_without_an_endpoint_here_are_refused() {
    for (bucket, expected) in [
        (".", BadEndpoint::S3Bucket),
        ("..", BadEndpoint::S3Bucket),
        ("arn:aws:s3:us-west-2:123456789012:accesspoint:ap", BadEndpoint::S3Unsupported),
        ("b--usw2-az1--x-s3", BadEndpoint::S3Unsupported),
        ("b--usw2-az1--xa-s3", BadEndpoint::S3Unsupported),
    ] {
        let mut room = [0; ENDPOINT_ROOM];
        assert_eq!(WEST.s3(bucket, &mut room), Err(expected), "{bucket}");
    }
}
