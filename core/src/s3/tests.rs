//! Signatures and bodies are those that botocore made of the same calls.

extern crate std;

use super::input::*;
use super::*;
use crate::encode::tests::written;
use crate::endpoint::Addressing;
use crate::operation::PAIR_ROOM;
use crate::operation::request;
use crate::operation::tests::assert_sent;
use crate::operation::tests::sent;
use crate::request::Invalid;
use crate::request::Pair;
use crate::uri::Url;

const WEST: Place<'_> = Place::new("us-west-2");
const EAST: Place<'_> = Place::new("us-east-1");
const HOST: &str = "my-bucket.s3.us-west-2.amazonaws.com";

#[test]
fn objects_are_put_as_botocore_puts_them() {
    let put = PutObject::new("my-bucket", "k").body(b"hello");
    let signature = "d4e84bc3daff813a92288cc8f17e99bcd631a9c431704ae42d69d4a975a464cf";
    assert_sent(sent(&put, &WEST, None), "PUT /k", HOST, &[], signature, "hello");

    let place = WEST.addressing(Addressing::Path);
    let signature = "0f197df765cc7461c4f08402d389d2a831c4d1dffc239a2b4ba9d19d8506d45f";
    let host = "s3.us-west-2.amazonaws.com";
    assert_sent(sent(&put, &place, None), "PUT /my-bucket/k", host, &[], signature, "hello");

    let place = WEST.url(Some(Url::parse("http://localhost:9000").unwrap()));
    let put = put.checksum_crc32("NhCmhg==").checksum_algorithm("CRC32");
    let headers = ["x-amz-checksum-crc32: NhCmhg==", "x-amz-sdk-checksum-algorithm: CRC32"];
    let signature = "73e1fa7ada45a1d54f1aa5e1a6ec06007fa917447fc6730f1188b6e874b4a63e";
    let got = sent(&put, &place, None);
    assert_sent(got, "PUT /my-bucket/k", "localhost:9000", &headers, signature, "hello");
}

#[test]
fn objects_are_read_and_asked_for_as_by_botocore() {
    let get = GetObject::new("my-bucket", "k").range("bytes=0-9").version_id("v1").checksum_mode("ENABLED");
    let headers = ["range: bytes=0-9", "x-amz-checksum-mode: ENABLED"];
    let signature = "0fc3edcc4b74b59f225b06f4f0acf83ae05df77c08afd41d8af4919f2bc83290";
    let got = sent(&get, &WEST, Some("TOKEN"));
    assert_sent(got, "GET /k?versionId=v1", HOST, &headers, signature, "");

    let head = HeadObject::new("my-bucket", "k");
    let signature = "a557aa9eb40d02bcc5a9728f789e669bdeade2981a70deba69bf3a0d4e5cc585";
    let host = "my-bucket.s3-fips.us-west-2.amazonaws.com";
    assert_sent(sent(&head, &WEST.fips(true), None), "HEAD /k", host, &[], signature, "");
}

#[test]
fn lists_are_asked_for_as_by_botocore() {
    let list = ListObjectsV2::new("my-bucket").prefix("a/b c").delimiter("/");
    let line = "GET /?delimiter=%2F&encoding-type=url&list-type=2&prefix=a%2Fb%20c";
    let signature = "b01807a99b315399dda909de3daa8ff6624d1acc3f5367bca87eeb940e3bd273";
    // What the caller asks for is not asked for twice.
    for list in [list, list.encoding_type("url")] {
        assert_sent(sent(&list, &WEST, None), line, HOST, &[], signature, "");
    }

    let list = ListBuckets::new();
    let signature = "3e249a1c99ad73e777678f6cf7fa236043bafd21c6c5d758cafc83d7f8b90f6d";
    assert_sent(sent(&list, &EAST.global(true), None), "GET /", "s3.amazonaws.com", &[], signature, "");
    let signature = "9ee5b09ec61e10319fbb8523a2a621de84a80ef10f85ef094dd8dbda69109254";
    assert_sent(sent(&list, &EAST, None), "GET /", "s3.us-east-1.amazonaws.com", &[], signature, "");
}

#[test]
fn objects_are_copied_and_deleted_as_botocore_does_it() {
    let copy = CopyObject::new("dst", CopySource::new("src-b", "a b+c").version_id("v1"), "k2");
    let headers = ["x-amz-copy-source: src-b/a%20b%2Bc?versionId=v1"];
    let signature = "487d17ee7b293b0d782160ac6b225bc2a866cce0d16ccbcaa676ef6a8b743000";
    let host = "dst.s3.us-west-2.amazonaws.com";
    assert_sent(sent(&copy, &WEST, None), "PUT /k2", host, &headers, signature, "");

    let objects = [ObjectIdentifier::new("a&b"), ObjectIdentifier::new("c").version_id("v")];
    let delete = DeleteObjects::new("my-bucket", Delete::new(&objects).quiet(true));
    assert_sent(
        sent(&delete, &WEST, None),
        "POST /?delete",
        HOST,
        &["x-amz-checksum-crc32: cl2Dpg==", "x-amz-sdk-checksum-algorithm: CRC32"],
        "c879ef038332ac85b7e97b5ead5ea567d3e221e214d6099166a596bb0999dfda",
        "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Object><Key>a&amp;b</Key></Object>\
         <Object><Key>c</Key><VersionId>v</VersionId></Object><Quiet>true</Quiet></Delete>",
    );
}

#[test]
fn buckets_are_made_as_botocore_makes_them() {
    let here = CreateBucketConfiguration::new().location_constraint("us-west-2");
    let create = CreateBucket::new("my-bucket");
    assert_sent(
        sent(&create.create_bucket_configuration(here), &WEST, None),
        "PUT /",
        HOST,
        &[],
        "b9e9dd270cea1572558f0b6667a06eda39d67465c5e8ac9fd5a17146b1a5e650",
        "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
         <LocationConstraint>us-west-2</LocationConstraint></CreateBucketConfiguration>",
    );
    let (_, body) = sent(&create, &EAST, None);
    assert_eq!(body, "");
}

#[test]
fn members_of_every_kind_are_written_as_xml() {
    let tags = [Tag::new("k<", "v\"&"), Tag::new("", "\r\n")];
    let made = CreateBucketConfiguration::new()
        .location(LocationInfo::new().r#type("AvailabilityZone").name("usw2-az1"))
        .bucket(BucketInfo::new())
        .tags(&tags);
    let (_, body) = sent(&CreateBucket::new("b-c").create_bucket_configuration(made), &WEST, None);
    assert_eq!(
        body,
        "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
         <Location><Type>AvailabilityZone</Type><Name>usw2-az1</Name></Location><Bucket />\
         <Tags><Tag><Key>k&lt;</Key><Value>v\"&amp;</Value></Tag>\
         <Tag><Key /><Value>&#xD;&#xA;</Value></Tag></Tags></CreateBucketConfiguration>"
    );
    let objects = [ObjectIdentifier::new("k")
        .e_tag("\"e\"")
        .size(-1)
        .last_modified_time(crate::time::Time::from_seconds(482_196_050))];
    let (_, body) = sent(&DeleteObjects::new("b-c", Delete::new(&objects)), &WEST, None);
    assert_eq!(
        body,
        "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Object><Key>k</Key><ETag>\"e\"</ETag>\
         <LastModifiedTime>Fri, 12 Apr 1985 23:20:50 GMT</LastModifiedTime><Size>-1</Size></Object></Delete>"
    );
}

#[test]
fn keys_go_out_byte_for_byte() {
    let place = WEST.addressing(Addressing::Path);
    for (key, path) in [
        ("/a", "//a"),
        ("//", "///"),
        (".", "/."),
        ("..", "/.."),
        ("../a", "/../a"),
        ("a/../b", "/a/../b"),
        ("a//b/", "/a//b/"),
        ("./.", "/./."),
        ("%2F", "/%252F"),
        ("a b+c~d*e", "/a%20b%2Bc~d%2Ae"),
        ("?#&=", "/%3F%23%26%3D"),
        ("\r\n\0", "/%0D%0A%00"),
        ("\u{e9}e\u{301}", "/%C3%A9e%CC%81"),
    ] {
        let get = GetObject::new("my-bucket", key);
        let line = std::format!("GET {path} HTTP/1.1\r\nhost: {HOST}\r\n");
        assert!(sent(&get, &WEST, None).0.starts_with(&line), "{key:?}");
        let line = std::format!("GET /my-bucket{path} HTTP/1.1\r\nhost: s3.us-west-2.amazonaws.com\r\n");
        assert!(sent(&get, &place, None).0.starts_with(&line), "{key:?}");
    }
    for (bucket, path) in [("...", "/.../k"), ("/", "/%2F/k"), ("a\r\nb", "/a%0D%0Ab/k")] {
        let line = std::format!("GET {path} HTTP/1.1\r\nhost: s3.us-west-2.amazonaws.com\r\n");
        assert!(sent(&GetObject::new(bucket, "k"), &WEST, None).0.starts_with(&line), "{bucket:?}");
    }
}

#[test]
fn a_length_that_is_not_the_bodys_is_refused() {
    for (length, expected) in [(3, Ok(())), (2, Err(Invalid::Length { name: "ContentLength" }))] {
        let put = PutObject::new("b", "k").body(b"abc").content_length(length);
        let mut room = [Pair::EMPTY; PAIR_ROOM];
        assert_eq!(request(&put, &mut room).map(|_| ()), expected);
    }
}

#[test]
fn a_copy_of_nothing_is_refused() {
    for source in [CopySource::new("", "k"), CopySource::new("b", ""), CopySource::from_text("k")] {
        let copy = CopyObject::new("b", source, "k");
        let mut room = [Pair::EMPTY; PAIR_ROOM];
        assert_eq!(request(&copy, &mut room).err(), Some(Invalid::Empty { name: "CopySource" }));
    }
}

#[test]
fn copy_sources_are_encoded_whole() {
    for (source, header, shown) in [
        (CopySource::new("b", "k"), "b/k", "b/k"),
        (CopySource::new("b", "/a//b"), "b//a//b", "b//a//b"),
        (CopySource::new("", "b/k"), "/b/k", "/b/k"),
        (CopySource::new("b\r\nx: y", "k"), "b%0D%0Ax%3A%20y/k", "b\r\nx: y/k"),
        (CopySource::new("b", "k?versionId=v"), "b/k%3FversionId%3Dv", "b/k?versionId=v"),
        (CopySource::new("b", "k").version_id("a+/="), "b/k?versionId=a%2B%2F%3D", "b/k?versionId=a+/="),
        (CopySource::from_text("b/k \u{e9}"), "b/k%20%C3%A9", "b/k \u{e9}"),
        (CopySource::from_text("b/k?versionId=v"), "b/k?versionId=v", "b/k?versionId=v"),
        (
            CopySource::new("arn:aws:s3:us-west-2:123456789012:accesspoint/a", "k"),
            "arn%3Aaws%3As3%3Aus-west-2%3A123456789012%3Aaccesspoint/a/k",
            "arn:aws:s3:us-west-2:123456789012:accesspoint/a/k",
        ),
    ] {
        assert_eq!(written(|to| source.recite(to)), header.as_bytes());
        assert_eq!(std::format!("{source}"), shown);
    }
}
