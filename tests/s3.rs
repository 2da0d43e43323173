//! S3 from the session to the bucket: the client's methods and the resources, against a server that checks
//! signatures.

use std::collections::BTreeSet;
use std::io::Read;
use std::thread;

use tucuxi::Client;
use tucuxi::ErrorKind;
use tucuxi::s3::CopySource;
use tucuxi::s3::S3;
use tucuxi::s3::input;
use tucuxi::s3::input::GetObject;
use tucuxi::s3::input::ListObjectsV2;
use tucuxi::s3::input::PutObject;
use tucuxi::service;
use tucuxi_test_support::S3Server;
use tucuxi_test_support::TempDir;
use tucuxi_test_support::sample_folder;
use tucuxi_tests::WEST;
use tucuxi_tests::west;

/// What `west-bucket` of the sample files holds, in S3's order.
const KEYS: [&str; 8] = [
    "1+1=2.txt",
    "100%.txt",
    "hello world.txt",
    "hello.txt",
    "logs/2026/11/24.log",
    "logs/2026/11/25.log",
    "logs/latest.log",
    "ключ/ünïcode.txt",
];

struct World {
    server: S3Server,
    s3: S3,
    client: Client<service::S3>,
    _folder: TempDir,
}

fn world() -> World {
    let folder = sample_folder();
    let server = S3Server::start(folder.path(), &[WEST]);
    let session = west(&server.url()).build().unwrap();
    World { server, s3: session.s3(), client: session.s3_client(), _folder: folder }
}

impl World {
    /// The requests so far, as `METHOD path`.
    fn asked(&self) -> Vec<String> {
        let requests = self.server.requests();
        requests.iter().map(|request| format!("{} {}", request.method, request.path)).collect()
    }
}

#[test]
fn every_operation_does_what_it_says() {
    let world = world();
    let s3 = &world.client;
    s3.create_bucket(input::CreateBucket::new("new-bucket")).unwrap();
    s3.head_bucket(input::HeadBucket::new("new-bucket")).unwrap();
    let listed = s3.list_buckets(input::ListBuckets::new()).unwrap();
    let names: Vec<_> = listed.buckets.iter().map(|bucket| bucket.name.as_deref().unwrap()).collect();
    assert_eq!(names, ["east-bucket", "new-bucket", "west-bucket"]);
    assert!(listed.buckets.iter().all(|bucket| bucket.creation_date.is_some()));

    let put = PutObject::new("new-bucket", "a b/c").body(b"hello").content_type("text/plain");
    let put = s3.put_object(put.metadata(&[("colour", "blue")])).unwrap();
    assert_eq!(put.e_tag.as_deref(), Some("\"5d41402abc4b2a76b9719d911017c592\""));
    let head = s3.head_object(input::HeadObject::new("new-bucket", "a b/c")).unwrap();
    assert_eq!((head.content_length, head.content_type.as_deref()), (Some(5), Some("text/plain")));
    assert_eq!(head.metadata.get("colour").map(String::as_str), Some("blue"));
    assert_eq!(head.e_tag, put.e_tag);
    assert!(head.last_modified.is_some());

    let source = CopySource::new("new-bucket", "a b/c");
    let copied = s3.copy_object(input::CopyObject::new("new-bucket", source, "copy")).unwrap();
    assert_eq!(copied.copy_object_result.unwrap().e_tag, put.e_tag);
    let got = s3.get_object(GetObject::new("new-bucket", "copy")).unwrap();
    assert_eq!((got.content_length, got.body.text().unwrap().as_str()), (Some(5), "hello"));

    let list = s3.list_objects_v2(ListObjectsV2::new("new-bucket").delimiter("/")).unwrap();
    let (object, prefix) = (&list.contents[0], &list.common_prefixes[0]);
    assert_eq!((object.key.as_deref(), object.size), (Some("copy"), Some(5)));
    assert_eq!((prefix.prefix.as_deref(), list.key_count), (Some("a b/"), Some(2)));

    s3.delete_object(input::DeleteObject::new("new-bucket", "copy")).unwrap();
    let objects = [input::ObjectIdentifier::new("a b/c"), input::ObjectIdentifier::new("nothing & <none>")];
    let delete = input::DeleteObjects::new("new-bucket", input::Delete::new(&objects));
    let deleted = s3.delete_objects(delete).unwrap();
    let keys: BTreeSet<_> = deleted.deleted.iter().map(|object| object.key.as_deref().unwrap()).collect();
    assert_eq!((keys, deleted.errors.len()), (BTreeSet::from(["a b/c", "nothing & <none>"]), 0));
    s3.delete_bucket(input::DeleteBucket::new("new-bucket")).unwrap();
    let gone = s3.head_bucket(input::HeadBucket::new("new-bucket")).unwrap_err();
    assert!(gone.is_not_found());
    assert_eq!((gone.code(), gone.status(), gone.operation()), (Some("404"), Some(404), Some("HeadBucket")));
}

#[test]
fn an_object_is_read_while_it_arrives_and_in_ranges() {
    let world = world();
    let bytes: Vec<u8> = (0..1_000_000_u32).flat_map(u32::to_le_bytes).collect();
    world.client.put_object(PutObject::new("west-bucket", "large").body(&bytes)).unwrap();
    let mut got = world.client.get_object(GetObject::new("west-bucket", "large")).unwrap();
    let (mut first, mut rest) = ([0; 16], Vec::new());
    got.body.read_exact(&mut first).unwrap();
    got.body.read_to_end(&mut rest).unwrap();
    assert!([&first[..], &rest].concat() == bytes);

    for (range, expected, content_range) in [
        ("bytes=0-3", &bytes[..4], "bytes 0-3/4000000"),
        ("bytes=100-199", &bytes[100..200], "bytes 100-199/4000000"),
        ("bytes=-4", &bytes[3_999_996..], "bytes 3999996-3999999/4000000"),
    ] {
        let got = world.s3.object("west-bucket", "large").get_with(|get| get.range(range)).unwrap();
        assert_eq!(got.content_range.as_deref(), Some(content_range));
        assert_eq!(got.body.bytes().unwrap(), expected);
    }
    let beyond = world.client.get_object(GetObject::new("west-bucket", "large").range("bytes=4000000-"));
    let beyond = beyond.unwrap_err();
    assert_eq!((beyond.code(), beyond.status()), (Some("InvalidRange"), Some(416)));
}

#[test]
fn pages_are_asked_for_one_by_one_and_can_be_resumed() {
    let world = world();
    let mut pages = world.client.pages(ListObjectsV2::new("west-bucket").max_keys(3));
    assert_eq!(world.asked(), [""; 0], "nothing is asked before it is wanted");
    let first = pages.next().unwrap().unwrap();
    assert_eq!((first.contents.len(), world.asked().len()), (3, 1));
    let token = pages.token().unwrap().to_owned();
    let rest: Vec<_> = pages.map(Result::unwrap).collect();
    assert_eq!((rest.len(), world.asked().len()), (2, 3));

    let resumed = world.client.pages(ListObjectsV2::new("west-bucket").max_keys(3)).from_token(token);
    let keys = |page: tucuxi::s3::types::ListObjectsV2Output| {
        page.contents.into_iter().map(|object| object.key.unwrap()).collect::<Vec<_>>()
    };
    let resumed: Vec<_> = resumed.flat_map(|page| keys(page.unwrap())).collect();
    let joined: Vec<_> = [first].into_iter().chain(rest).flat_map(keys).collect();
    assert_eq!(
        (joined, resumed),
        (KEYS.map(str::to_owned).to_vec(), KEYS[3..].iter().map(|&k| k.into()).collect())
    );

    let mut failing = world.client.pages(ListObjectsV2::new("no-bucket"));
    assert_eq!(failing.next().unwrap().unwrap_err().code(), Some("NoSuchBucket"));
    assert!(failing.next().is_none(), "after an error there are no more pages");
}

#[test]
fn buckets_are_things_to_pass_around() {
    let world = world();
    let bucket = world.s3.bucket("new-bucket");
    assert_eq!(world.asked(), [""; 0], "a name is no request");
    assert!(!bucket.exists().unwrap());
    let made = world.s3.create_bucket("new-bucket").unwrap();
    assert_eq!((made == bucket, made.name(), bucket.exists().unwrap()), (true, "new-bucket", true));
    let listed: Vec<_> = world.s3.buckets().map(Result::unwrap).collect();
    assert!(listed.contains(&bucket) && listed.iter().all(|bucket| bucket.creation_date().is_some()));

    let object = bucket.put_object("a/b", b"text").unwrap();
    assert_eq!((object.bucket_name(), object.key(), object.bucket() == bucket), ("new-bucket", "a/b", true));
    assert_eq!(bucket.delete().unwrap_err().code(), Some("BucketNotEmpty"));
    assert_eq!(bucket.delete_objects(&["a/b", "none"]).unwrap().deleted.len(), 2);
    bucket.delete().unwrap();
    assert!(!bucket.exists().unwrap());
}

#[test]
fn a_bucket_is_created_in_the_session_s_region() {
    let world = world();
    let session = west(&world.server.url()).region("us-east-1").build().unwrap();
    for (s3, constraint) in [(&world.s3, true), (&session.s3(), false)] {
        let create = input::CreateBucket::new("b");
        let place = input::CreateBucketConfiguration::new().location_constraint("us-west-2");
        let create = if constraint { create.create_bucket_configuration(place) } else { create };
        let length = s3.client().prepare(&create).unwrap().body.unwrap().len().to_string();
        let bucket = s3.create_bucket(format!("bucket-{constraint}")).unwrap();
        let asked = world.server.requests().pop().unwrap();
        assert_eq!(
            (asked.path, asked.headers.iter().find(|(name, _)| name == "content-length").unwrap().1.as_str()),
            (format!("/{}", bucket.name()), length.as_str())
        );
    }
}

#[test]
fn attributes_are_asked_for_once_and_when_they_are_wanted() {
    let world = world();
    let object = world.s3.object("west-bucket", "hello.txt");
    let heads = || world.asked().iter().filter(|asked| asked.starts_with("HEAD ")).count();
    assert_eq!(world.asked(), [""; 0]);
    assert_eq!((object.size().unwrap(), heads()), (Some(10), 1));
    assert!(object.e_tag().unwrap().is_some() && object.last_modified().unwrap().is_some());
    assert_eq!(heads(), 1, "known already");
    object.put_with(b"longer text", |put| put.content_type("text/x-test")).unwrap();
    assert_eq!(
        (object.size().unwrap(), object.content_type().unwrap().as_deref()),
        (Some(11), Some("text/x-test"))
    );
    assert_eq!(heads(), 2, "what is known is forgotten when the object is stored");
    object.load().unwrap();
    assert_eq!((heads(), object.exists().unwrap()), (3, true));

    object.copy_from(CopySource::new("west-bucket", "1+1=2.txt")).unwrap();
    assert_eq!(object.get().unwrap().body.text().unwrap(), "1+1=2.txt\n");
    object.delete().unwrap();
    assert!(!object.exists().unwrap());
    let missing = object.get().unwrap_err();
    assert_eq!((missing.code(), missing.is_not_found()), (Some("NoSuchKey"), true));
    assert_eq!(object.size().unwrap_err().code(), Some("404"), "a reply to HEAD has no body");
}

#[test]
fn a_collection_asks_only_for_what_is_taken() {
    let world = world();
    let bucket = world.s3.bucket("west-bucket");
    let all = bucket.objects().all();
    let _ = (all.clone().limit(3).page_size(2), bucket.objects().filter(|list| list.prefix("logs/")));
    assert_eq!(world.asked(), [""; 0], "nothing is asked before it is iterated over");

    let mut before = 0;
    let mut check = |what: &str, keys: Vec<String>, expected: &[&str], requests: usize| {
        let now = world.asked().len();
        assert_eq!(
            (keys, now - before),
            (expected.iter().map(|&key| key.to_owned()).collect(), requests),
            "{what}"
        );
        before = now;
    };
    let keys = |objects: tucuxi::s3::Objects<'_>| {
        objects.into_iter().map(|object| object.unwrap().key().to_owned()).collect::<Vec<_>>()
    };
    let logs = || bucket.objects().filter(|list| list.prefix("logs/"));
    check("all", keys(bucket.objects()), &KEYS, 1);
    check("in pages", keys(bucket.objects().page_size(3)), &KEYS, 3);
    check("none", keys(bucket.objects().limit(0)), &[], 0);
    check("one page", keys(bucket.objects().page_size(3).limit(3)), &KEYS[..3], 1);
    check("two pages", keys(bucket.objects().page_size(3).limit(4)), &KEYS[..4], 2);
    check("more than there are", keys(bucket.objects().limit(9)), &KEYS, 1);
    check("a prefix", keys(logs()), &KEYS[4..7], 1);
    check("said twice", keys(logs().filter(|list| list.start_after(KEYS[4]))), &KEYS[5..7], 1);
    check(
        "a key that needs encoding",
        keys(bucket.objects().filter(|list| list.prefix("1+"))),
        &KEYS[..1],
        1,
    );
    check("none of that name", keys(bucket.objects().filter(|list| list.prefix("none"))), &[], 1);

    let mut iter = bucket.objects().page_size(3).into_iter();
    let taken: Vec<_> = iter.by_ref().take(2).map(|object| object.unwrap().key().to_owned()).collect();
    check("taken by hand", taken, &KEYS[..2], 1);
    let pages: Vec<_> =
        bucket.objects().page_size(3).limit(7).pages().map(|page| page.unwrap().len()).collect();
    assert_eq!(pages, [3, 3, 1]);
    check("pages", Vec::new(), &[], 3);

    let mut failing = world.s3.bucket("no-bucket").objects().into_iter();
    assert_eq!(failing.next().unwrap().unwrap_err().code(), Some("NoSuchBucket"));
    assert!(failing.next().is_none());
}

#[test]
fn a_listed_object_knows_what_the_listing_said() {
    let world = world();
    let mut objects =
        world.s3.bucket("west-bucket").objects().filter(|list| list.prefix("hello w")).into_iter();
    let summary = objects.next().unwrap().unwrap();
    assert_eq!(
        (summary.bucket_name(), summary.key(), summary.size()),
        ("west-bucket", "hello world.txt", Some(16))
    );
    assert!(summary.e_tag().is_some() && summary.last_modified().is_some());
    assert_eq!(summary.storage_class(), Some("STANDARD"));
    assert_eq!(world.asked().len(), 1, "none of that is asked for again");
    assert_eq!(summary.get().unwrap().body.text().unwrap(), "hello world.txt\n");
    assert_eq!(summary.object().size().unwrap(), Some(16));
    summary.delete().unwrap();
    assert!(!summary.object().exists().unwrap());
}

#[test]
fn a_collection_is_deleted_page_by_page() {
    let world = world();
    let bucket = world.s3.bucket("west-bucket");
    let logs = bucket.objects().filter(|list| list.prefix("logs/")).page_size(2);
    let deletion = logs.delete().unwrap();
    let replies = deletion.replies().iter();
    let deleted: Vec<_> = replies.map(|reply| (reply.deleted.len(), reply.errors.len())).collect();
    assert_eq!(deleted, [(2, 0), (1, 0)]);
    let methods: Vec<_> = world.server.requests().iter().map(|asked| asked.method.clone()).collect();
    assert_eq!(methods, ["GET", "POST", "GET", "POST"]);
    assert_eq!(bucket.objects().into_iter().count(), 5);
    assert_eq!(
        bucket.objects().filter(|list| list.prefix("logs/")).delete().unwrap().replies(),
        [],
        "nothing to delete"
    );
}

#[test]
fn keys_come_back_as_they_are() {
    let world = world();
    let bucket = world.s3.create_bucket("keys").unwrap();
    let mut keys = [
        "a b",
        "a+b",
        "a%20b",
        "a%2Bb",
        "100%",
        "a&b",
        "a<b>\"c\"",
        "a'b",
        "=&;:@,$",
        "q?u=e&r#y",
        "~tilde",
        "star*()!",
        "ünïcode/ключ",
        "emoji/😀",
        "back\\slash",
    ];
    keys.sort_unstable();
    for key in keys {
        let object = bucket.put_object(key, key.as_bytes()).unwrap();
        assert_eq!(object.get().unwrap().body.text().unwrap(), key);
    }
    let listed: Vec<_> =
        bucket.objects().into_iter().map(|object| object.unwrap().key().to_owned()).collect();
    assert_eq!(listed, keys);
    let paged: Vec<_> =
        bucket.objects().page_size(1).into_iter().map(|object| object.unwrap().key().to_owned()).collect();
    assert_eq!(paged, keys);
    // Whoever asks for the encoding by hand gets what the server sends.
    let raw =
        world.client.list_objects_v2(ListObjectsV2::new("keys").encoding_type("url").prefix("a ")).unwrap();
    assert_eq!(raw.contents[0].key.as_deref(), Some("a+b"));
    assert_eq!(bucket.objects().delete().unwrap().deleted().count(), keys.len());
    bucket.delete().unwrap();
}

#[test]
fn a_prepared_request_is_what_the_server_gets() {
    let folder = sample_folder();
    let server = S3Server::start(folder.path(), &[WEST]);
    let client = west(&server.url()).invocation_id(|| "an-id".to_owned()).build().unwrap().s3_client();
    let put = PutObject::new("west-bucket", "a b+c/ü").body(b"text").content_type("text/plain");
    let prepared = client.prepare(&put).unwrap();
    assert_eq!(server.requests().len(), 0, "nothing is sent");
    client.put_object(put).unwrap();
    let [sent] = &server.requests()[..] else { panic!("one request") };
    assert_eq!((prepared.method, prepared.url), ("PUT", format!("{}{}", server.url(), sent.path)));
    let sorted = |headers: &[(String, String)]| headers.iter().cloned().collect::<BTreeSet<_>>();
    assert_eq!(sorted(&prepared.headers), sorted(&sent.headers));
    assert_eq!(prepared.headers.len(), sent.headers.len(), "each once");
    assert_eq!(prepared.body.as_deref(), Some(&b"text"[..]));
    assert_eq!(sent.header("amz-sdk-invocation-id"), Some("an-id"));
    assert_eq!(sent.header("amz-sdk-request"), Some("attempt=1; max=3"));

    let get = client.prepare(&GetObject::new("west-bucket", "a")).unwrap();
    assert_eq!(get.body, None);
    let empty = client.prepare(&PutObject::new("west-bucket", "a")).unwrap();
    assert_eq!(empty.body.as_deref(), Some(&b""[..]), "an empty PUT says that it is empty");
    assert!(empty.headers.contains(&("content-length".to_owned(), "0".to_owned())));
}

#[test]
fn sixty_four_threads_use_one_client() {
    let world = world();
    let bucket = world.s3.bucket("west-bucket");
    thread::scope(|scope| {
        for nth in 0..64 {
            let bucket = bucket.clone();
            scope.spawn(move || {
                let (key, text) = (format!("thread/{nth}"), format!("text of {nth}"));
                let object = bucket.put_object(key, text.as_bytes()).unwrap();
                assert_eq!(object.get().unwrap().body.text().unwrap(), text);
            });
        }
    });
    assert_eq!(bucket.objects().filter(|list| list.prefix("thread/")).into_iter().count(), 64);
    assert_eq!(world.asked().len(), 64 * 2 + 1, "no call was tried twice");
}

#[test]
fn a_wrong_key_is_refused() {
    let world = world();
    for (key, secret, code) in
        [(WEST.0, "wrong", "SignatureDoesNotMatch"), ("AKIDNOBODY", WEST.1, "InvalidAccessKeyId")]
    {
        let session = west(&world.server.url()).keys(key, secret).build().unwrap();
        let error = session.s3_client().list_buckets(input::ListBuckets::new()).unwrap_err();
        assert_eq!((error.kind(), error.code(), error.status()), (ErrorKind::Service, Some(code), Some(403)));
        assert!(error.is_credentials() && !error.may_have_taken_effect() && error.request_id().is_some());
        assert_eq!(error.attempts(), 1);
    }
    let anonymous = tucuxi::Session::builder().host(tucuxi_tests::nowhere()).endpoint_url(world.server.url());
    let anonymous = anonymous.anonymous().build().unwrap();
    assert_eq!(anonymous.s3().bucket("west-bucket").exists().unwrap_err().status(), Some(403));
    let asked = world.server.requests().pop().unwrap();
    assert_eq!((asked.header("authorization"), asked.access_key.as_ref()), (None, None));
}
