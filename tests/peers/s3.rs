//! S3: the operations, pages, ranges, conditions and refusals.

use std::collections::BTreeSet;
use std::io::Read;
use std::thread;
use std::time::Duration;

use tucuxi::ErrorKind;
use tucuxi::Session;
use tucuxi::s3::CopySource;
use tucuxi::s3::input;

use crate::Peer;
use crate::checks;
use crate::scratch;
use crate::scratch::ScratchBucket;

pub(crate) const CHECKS: &[(&str, fn(&Peer))] = checks![
    a_bucket_is_made_found_and_deleted,
    a_bucket_with_objects_is_not_deleted,
    a_missing_bucket_is_not_found,
    a_missing_object_is_not_found,
    an_object_comes_back,
    an_empty_object_comes_back,
    a_large_object_comes_back,
    a_body_left_half_read_harms_no_other_call,
    metadata_and_headers_come_back,
    headers_of_a_reply_are_chosen_by_the_request,
    ranges_are_read,
    conditions_are_kept,
    pages_join_to_the_whole,
    a_delimiter_makes_folders,
    a_copy_keeps_or_replaces_metadata,
    many_objects_are_deleted_at_once,
    a_collection_is_deleted,
    a_wrong_secret_is_refused,
    an_unknown_key_is_refused,
    a_client_is_shared_by_threads,
];

/// What moto does not do as AWS does it.
pub(crate) const STRICT: &[(&str, fn(&Peer))] = checks![
    a_quiet_deletion_lists_nothing,
    keys_with_line_ends_are_deleted_at_once,
    a_wrong_checksum_is_refused,
    nobody_is_refused,
    a_wrong_clock_is_refused,
];

fn a_bucket_is_made_found_and_deleted(peer: &Peer) {
    let s3 = peer.session().s3();
    let bucket = s3.bucket(scratch::name());
    assert!(!bucket.exists().unwrap());
    bucket.create().unwrap();
    assert!(bucket.exists().unwrap());
    let names: Vec<_> = s3.buckets().map(|bucket| bucket.unwrap().name().to_owned()).collect();
    assert!(names.iter().any(|name| name == bucket.name()), "{names:?}");
    let listed = s3.client().list_buckets(input::ListBuckets::new()).unwrap();
    assert!(listed.buckets.iter().all(|bucket| bucket.creation_date.is_some()));
    bucket.delete().unwrap();
    assert!(!bucket.exists().unwrap());
}

fn a_bucket_with_objects_is_not_deleted(peer: &Peer) {
    let bucket = ScratchBucket::new(&peer.session());
    bucket.put_object("a", b"").unwrap();
    let error = bucket.delete().unwrap_err();
    assert_eq!((error.code(), error.status()), (Some("BucketNotEmpty"), Some(409)));
}

fn a_missing_bucket_is_not_found(peer: &Peer) {
    let bucket = peer.session().s3().bucket(scratch::name());
    let error = bucket.objects().into_iter().next().unwrap().unwrap_err();
    assert_eq!(error.code(), Some("NoSuchBucket"));
    assert_eq!(error.operation(), Some("ListObjectsV2"));
    assert_eq!((error.attempts(), error.may_have_taken_effect()), (1, false));
    assert!(error.is_not_found() && error.request_id().is_some());
    // to put something into a bucket that is not there makes it here, unlike at AWS
    let error = bucket.delete().unwrap_err();
    assert_eq!((error.code(), error.status()), (Some("NoSuchBucket"), Some(404)));
}

fn a_missing_object_is_not_found(peer: &Peer) {
    let bucket = ScratchBucket::new(&peer.session());
    let object = bucket.object("none");
    assert!(!object.exists().unwrap());
    let error = object.load().unwrap_err();
    assert_eq!((error.code(), error.is_not_found()), (Some("404"), true));
    let error = object.get().unwrap_err();
    assert_eq!((error.code(), error.status()), (Some("NoSuchKey"), Some(404)));
    object.delete().unwrap();
}

fn an_object_comes_back(peer: &Peer) {
    let bucket = ScratchBucket::new(&peer.session());
    let object = bucket.object("a.txt");
    let put = object.put(b"hello").unwrap();
    let head = object.load().unwrap();
    assert_eq!((head.content_length, &head.e_tag), (Some(5), &put.e_tag));
    // of a body that is sent at once the tag is its MD5
    assert_eq!(put.e_tag.as_deref(), Some("\"5d41402abc4b2a76b9719d911017c592\""));
    assert!(head.last_modified.is_some());
    let got = object.get().unwrap();
    assert_eq!((got.content_length, &got.e_tag), (Some(5), &put.e_tag));
    assert_eq!(got.body.text().unwrap(), "hello");
}

fn an_empty_object_comes_back(peer: &Peer) {
    let bucket = ScratchBucket::new(&peer.session());
    let object = bucket.put_object("empty", b"").unwrap();
    assert_eq!(object.size().unwrap(), Some(0));
    assert_eq!(object.get().unwrap().body.bytes().unwrap(), b"");
}

fn a_large_object_comes_back(peer: &Peer) {
    let bucket = ScratchBucket::new(&peer.session());
    // its numbers in a row, so that no piece could stand in for another
    let body: Vec<u8> = (0..3_000_000_u32).flat_map(u32::to_le_bytes).collect();
    let object = bucket.put_object("large", &body).unwrap();
    assert!(object.get().unwrap().body.bytes().unwrap() == body);
}

fn a_body_left_half_read_harms_no_other_call(peer: &Peer) {
    let bucket = ScratchBucket::new(&peer.session());
    let object = bucket.put_object("large", vec![b'x'; 1 << 20]).unwrap();
    for _ in 0..3 {
        let mut first = [0; 10];
        object.get().unwrap().body.read_exact(&mut first).unwrap();
        assert_eq!(&first, b"xxxxxxxxxx");
        assert_eq!(object.load().unwrap().content_length, Some(1 << 20));
    }
}

fn metadata_and_headers_come_back(peer: &Peer) {
    let bucket = ScratchBucket::new(&peer.session());
    let object = bucket.object("a");
    let metadata = [("colour", "blue"), ("spaces", "two  between"), ("z", "=&+%20,;")];
    // nothing here undoes a content-encoding: what is stored is what is read
    object
        .put_with(b"not gzip at all", |put| {
            put.metadata(&metadata)
                .content_type("text/x-thing; charset=utf-8")
                .cache_control("max-age=60")
                .content_disposition("attachment; filename=\"a b.txt\"")
                .content_language("de")
                .content_encoding("gzip")
        })
        .unwrap();
    let head = object.load().unwrap();
    let got = object.get().unwrap();
    for (kept, found) in [
        ("text/x-thing; charset=utf-8", [&head.content_type, &got.content_type]),
        ("max-age=60", [&head.cache_control, &got.cache_control]),
        ("attachment; filename=\"a b.txt\"", [&head.content_disposition, &got.content_disposition]),
        ("de", [&head.content_language, &got.content_language]),
        ("gzip", [&head.content_encoding, &got.content_encoding]),
    ] {
        assert_eq!(found.map(Option::as_deref), [Some(kept); 2]);
    }
    for found in [&head.metadata, &got.metadata] {
        let found: Vec<_> = found.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        // runs of spaces count as one in a signature, and may arrive as one
        assert_eq!(found.len(), metadata.len(), "{found:?}");
        assert_eq!((found[0], found[2]), (metadata[0], metadata[2]));
    }
    assert_eq!(got.body.bytes().unwrap(), b"not gzip at all");
}

fn headers_of_a_reply_are_chosen_by_the_request(peer: &Peer) {
    let bucket = ScratchBucket::new(&peer.session());
    let object = bucket.put_object("a", b"a").unwrap();
    let got = object
        .get_with(|get| {
            get.response_content_type("text/x-other")
                .response_content_disposition("attachment; filename=\"ü +%.txt\"")
        })
        .unwrap();
    assert_eq!(got.content_type.as_deref(), Some("text/x-other"));
    assert!(got.content_disposition.unwrap().starts_with("attachment"));
}

fn ranges_are_read(peer: &Peer) {
    let bucket = ScratchBucket::new(&peer.session());
    let object = bucket.put_object("digits", b"0123456789").unwrap();
    for (range, part, place) in [
        ("bytes=0-3", "0123", "bytes 0-3/10"),
        ("bytes=4-", "456789", "bytes 4-9/10"),
        ("bytes=-2", "89", "bytes 8-9/10"),
        ("bytes=9-100", "9", "bytes 9-9/10"),
    ] {
        let got = object.get_with(|get| get.range(range)).unwrap();
        assert_eq!(got.content_range.as_deref(), Some(place), "{range}");
        assert_eq!(got.body.text().unwrap(), part, "{range}");
    }
    let error = object.get_with(|get| get.range("bytes=10-")).unwrap_err();
    assert_eq!((error.code(), error.status()), (Some("InvalidRange"), Some(416)));
}

fn conditions_are_kept(peer: &Peer) {
    let bucket = ScratchBucket::new(&peer.session());
    let object = bucket.object("a");
    let tag = object.put_with(b"a", |put| put.if_none_match("*")).unwrap().e_tag.unwrap();
    let error = object.put_with(b"b", |put| put.if_none_match("*")).unwrap_err();
    assert_eq!((error.code(), error.status()), (Some("PreconditionFailed"), Some(412)));
    assert_eq!(object.get_with(|get| get.if_match(&tag)).unwrap().body.text().unwrap(), "a");
    // a reply of this status has no body to name a code in
    let error = object.get_with(|get| get.if_none_match(&tag)).unwrap_err();
    assert_eq!((error.code(), error.status()), (Some("304"), Some(304)));
    let error = object.put_with(b"b", |put| put.if_match("\"another\"")).unwrap_err();
    assert_eq!(error.status(), Some(412));
}

fn pages_join_to_the_whole(peer: &Peer) {
    let bucket = ScratchBucket::new(&peer.session());
    let keys: Vec<String> = (0..25).map(|n| format!("page {n:02}+%")).collect();
    for key in &keys {
        bucket.put_object(key.as_str(), key.as_bytes()).unwrap();
    }
    let listed: Vec<_> = bucket.objects().page_size(10).into_iter().map(Result::unwrap).collect();
    assert_eq!(listed.iter().map(|object| object.key()).collect::<Vec<_>>(), keys);
    assert!(listed.iter().all(|object| object.size() == Some(9) && object.last_modified().is_some()));
    let sizes: Vec<_> = bucket.objects().page_size(10).pages().map(|page| page.unwrap().len()).collect();
    assert_eq!(sizes, [10, 10, 5]);
    assert_eq!(bucket.objects().page_size(10).limit(12).into_iter().count(), 12);

    // the same by hand, from a token on
    let list = input::ListObjectsV2::new(bucket.name()).max_keys(10);
    let mut pages = bucket.client().pages(list);
    let first = pages.next().unwrap().unwrap();
    assert_eq!((first.contents.len(), first.is_truncated), (10, Some(true)));
    let token = pages.token().unwrap().to_owned();
    let rest: Vec<_> = bucket.client().pages(list).from_token(token).map(Result::unwrap).collect();
    let rest: Vec<_> =
        rest.iter().flat_map(|page| &page.contents).map(|object| object.key.as_deref()).collect();
    assert_eq!(rest, keys[10..].iter().map(|key| Some(key.as_str())).collect::<Vec<_>>());
}

fn a_delimiter_makes_folders(peer: &Peer) {
    let bucket = ScratchBucket::new(&peer.session());
    for key in ["a + b/1", "a + b/2", "c%/1", "d"] {
        bucket.put_object(key, b"").unwrap();
    }
    let list = input::ListObjectsV2::new(bucket.name()).delimiter("/");
    let listed = bucket.client().list_objects_v2(list).unwrap();
    let folders: Vec<_> = listed.common_prefixes.iter().map(|folder| folder.prefix.as_deref()).collect();
    assert_eq!(folders, [Some("a + b/"), Some("c%/")]);
    assert_eq!(listed.contents.iter().map(|object| object.key.as_deref()).collect::<Vec<_>>(), [Some("d")]);
    // the prefix in the reply is not looked at: this server does not encode it
    let inside: Vec<_> =
        bucket.objects().filter(|list| list.delimiter("/").prefix("a + b/")).into_iter().collect();
    assert_eq!(inside.len(), 2);
}

fn a_copy_keeps_or_replaces_metadata(peer: &Peer) {
    let bucket = ScratchBucket::new(&peer.session());
    let (from, to) = ("from/ä +%?&=#.txt", "to/ä +%?&=#.txt");
    let object = bucket.object(from);
    object.put_with(b"one", |put| put.metadata(&[("colour", "blue")]).content_type("text/x-a")).unwrap();
    let copy = input::CopyObject::new(bucket.name(), CopySource::new(bucket.name(), from), to);
    let copied = bucket.client().copy_object(copy).unwrap().copy_object_result.unwrap();
    // this server leaves out the quotes here
    let plain = |tag: Option<String>| tag.unwrap().trim_matches('"').to_owned();
    assert_eq!(plain(copied.e_tag), plain(object.e_tag().unwrap()));
    assert!(copied.last_modified.is_some());
    let head = bucket.object(to).load().unwrap();
    assert_eq!((head.metadata["colour"].as_str(), head.content_type.as_deref()), ("blue", Some("text/x-a")));

    let other = [("colour", "red")];
    let copy = copy.metadata_directive("REPLACE").metadata(&other).content_type("text/x-b");
    bucket.client().copy_object(copy).unwrap();
    let head = bucket.object(to).load().unwrap();
    assert_eq!((head.metadata["colour"].as_str(), head.content_type.as_deref()), ("red", Some("text/x-b")));

    let none = input::CopyObject::new(bucket.name(), CopySource::new(bucket.name(), "none"), to);
    assert_eq!(bucket.client().copy_object(none).unwrap_err().code(), Some("NoSuchKey"));
}

fn many_objects_are_deleted_at_once(peer: &Peer) {
    let bucket = ScratchBucket::new(&peer.session());
    let keys = ["a", "b c", "d+%20", "<e>&\"'", "ключ/😀", "=&;:@,$", "]]>&amp;", "tab\t"];
    for key in keys {
        bucket.put_object(key, b"").unwrap();
    }
    bucket.put_object("stays", b"").unwrap();
    // what is not there is deleted all the same
    let deleted = bucket.delete_objects(&[&keys[..], &["none"]].concat()).unwrap();
    assert_eq!(deleted.errors.len(), 0);
    let names: BTreeSet<_> = deleted.deleted.iter().filter_map(|object| object.key.as_deref()).collect();
    assert!(names.is_superset(&BTreeSet::from(keys)), "{names:?}");
    let left: Vec<_> = bucket.objects().into_iter().map(|object| object.unwrap().key().to_owned()).collect();
    assert_eq!(left, ["stays"]);
}

fn a_quiet_deletion_lists_nothing(peer: &Peer) {
    let bucket = ScratchBucket::new(&peer.session());
    bucket.put_object("a", b"").unwrap();
    let objects = [input::ObjectIdentifier::new("a")];
    let delete = input::Delete::new(&objects).quiet(true);
    let deleted = bucket.client().delete_objects(input::DeleteObjects::new(bucket.name(), delete)).unwrap();
    assert_eq!((deleted.deleted.len(), deleted.errors.len()), (0, 0));
    assert!(!bucket.object("a").exists().unwrap());
}

fn keys_with_line_ends_are_deleted_at_once(peer: &Peer) {
    let bucket = ScratchBucket::new(&peer.session());
    // a reader of XML takes each of these for a plain line feed, unless it is written as a reference
    let keys = ["a\nb", "a\rb", "a\r\nb"];
    for key in keys {
        bucket.put_object(key, b"").unwrap();
    }
    assert_eq!(bucket.delete_objects(&keys).unwrap().errors.len(), 0);
    assert_eq!(bucket.objects().into_iter().count(), 0);
}

fn a_collection_is_deleted(peer: &Peer) {
    let bucket = ScratchBucket::new(&peer.session());
    for key in ["logs/1", "logs/2 +", "logs/3", "other"] {
        bucket.put_object(key, b"").unwrap();
    }
    let deletion = bucket.objects().filter(|list| list.prefix("logs/")).page_size(2).delete().unwrap();
    assert_eq!(deletion.errors().count(), 0);
    let left: Vec<_> = bucket.objects().into_iter().map(|object| object.unwrap().key().to_owned()).collect();
    assert_eq!(left, ["other"]);
}

fn a_wrong_checksum_is_refused(peer: &Peer) {
    let bucket = ScratchBucket::new(&peer.session());
    let object = bucket.object("a");
    // of "hello", in base64
    let (right, wrong) = ("NhCmhg==", "NhCmhw==");
    let put = object.put_with(b"hello", |put| put.checksum_crc32(right)).unwrap();
    assert_eq!(put.checksum_crc32.as_deref(), Some(right));
    let got = object.get_with(|get| get.checksum_mode("ENABLED")).unwrap();
    assert_eq!(got.checksum_crc32.as_deref(), Some(right));
    let error = object.put_with(b"hello", |put| put.checksum_crc32(wrong)).unwrap_err();
    assert_eq!((error.status(), error.kind()), (Some(400), ErrorKind::Service));
}

fn a_wrong_secret_is_refused(peer: &Peer) {
    let session = peer.with_keys(&peer.key_id, "wrong").build().unwrap();
    let error = session.s3().buckets().next().unwrap().unwrap_err();
    assert_eq!((error.code(), error.status()), (Some("SignatureDoesNotMatch"), Some(403)));
    assert!(error.is_credentials() && error.attempts() == 1);
    assert!(!format!("{error} {error:?}").contains("wrong"));
}

fn an_unknown_key_is_refused(peer: &Peer) {
    let session = peer.with_keys("AKIDNOBODY", &peer.secret).build().unwrap();
    let error = session.s3().buckets().next().unwrap().unwrap_err();
    assert_eq!((error.code(), error.status()), (Some("InvalidAccessKeyId"), Some(403)));
}

fn nobody_is_refused(peer: &Peer) {
    let nobody = Session::builder().endpoint_url(&peer.url).region("us-east-1").anonymous().build().unwrap();
    let error = nobody.s3().buckets().next().unwrap().unwrap_err();
    assert_eq!((error.code(), error.status()), (Some("AccessDenied"), Some(403)));
}

fn a_wrong_clock_is_refused(peer: &Peer) {
    let late = peer.session_at(|now| now.saturating_sub(Duration::from_secs(20 * 60)));
    let error = late.s3().buckets().next().unwrap().unwrap_err();
    assert_eq!((error.code(), error.status()), (Some("RequestTimeTooSkewed"), Some(403)));
}

fn a_client_is_shared_by_threads(peer: &Peer) {
    let bucket = ScratchBucket::new(&peer.session());
    thread::scope(|scope| {
        for thread in 0..8 {
            let bucket = &*bucket;
            scope.spawn(move || {
                for n in 0..5 {
                    let body = format!("{thread} {n}");
                    let object = bucket.put_object(body.as_str(), body.as_bytes()).unwrap();
                    assert_eq!(object.get().unwrap().body.text().unwrap(), body);
                }
            });
        }
    });
    assert_eq!(bucket.objects().into_iter().filter(Result::is_ok).count(), 40);
}
