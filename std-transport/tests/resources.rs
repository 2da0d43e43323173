//! What resources and pages do with replies that no real server gives on demand. Nothing goes over a network.

use std::collections::HashSet;
use std::io::Read;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::Weak;

use tucuxi::ErrorKind;
use tucuxi::Session;
use tucuxi::host::Fake;
use tucuxi::s3::Bucket;
use tucuxi::s3::CopySource;
use tucuxi::s3::Object;
use tucuxi::s3::ObjectSummary;
use tucuxi::s3::input::ListObjectsV2;
use tucuxi::transport::Answer;
use tucuxi::transport::Broken;
use tucuxi::transport::Head;
use tucuxi::transport::Transport;

/// Answers with these documents in turn, the last of them for ever, and keeps what it was asked.
#[derive(Clone, Debug)]
struct Canned {
    replies: Arc<[String]>,
    asked: Arc<Mutex<Vec<String>>>,
    headers: Arc<Mutex<Vec<(String, String)>>>,
}

impl Canned {
    fn new<R: Into<String>>(replies: impl IntoIterator<Item = R>) -> Self {
        Self {
            replies: replies.into_iter().map(Into::into).collect(),
            asked: Arc::default(),
            headers: Arc::default(),
        }
    }

    fn session(&self) -> Session {
        let session = Session::builder().host(Fake::new()).keys("AKID", "secret").region("eu-west-1");
        session.transport(self.clone()).build().unwrap()
    }

    /// The targets and bodies so far.
    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    /// The values of a header so far.
    fn headers(&self, name: &str) -> Vec<String> {
        let headers = self.headers.lock().unwrap();
        headers.iter().filter(|(n, _)| n == name).map(|(_, value)| value.clone()).collect()
    }
}

impl Transport for Canned {
    fn send(&self, head: &Head<'_>, body: &mut dyn Read) -> Result<Answer, Broken> {
        let mut asked = self.asked.lock().unwrap();
        let reply = self.replies.get(asked.len()).or_else(|| self.replies.last()).unwrap().clone();
        let mut text = head.target.to_owned();
        body.read_to_string(&mut text).unwrap();
        asked.push(text);
        let headers = head.headers.iter().map(|&(name, value)| (name.to_owned(), value.to_owned()));
        self.headers.lock().unwrap().extend(headers);
        Ok(Answer::new(200, Vec::new(), Box::new(std::io::Cursor::new(reply))))
    }
}

/// A page of a listing.
fn page(keys: &[&str], truncated: Option<bool>, token: &str) -> String {
    let keys: String = keys.iter().map(|key| format!("<Contents><Key>{key}</Key></Contents>")).collect();
    let truncated = truncated.map(|is| format!("<IsTruncated>{is}</IsTruncated>")).unwrap_or_default();
    let token = format!("<NextContinuationToken>{token}</NextContinuationToken>");
    format!("<ListBucketResult>{keys}{truncated}{token}</ListBucketResult>")
}

const ENDLESS: &str =
    "ListObjectsV2: the reply names the page that was asked for as the next: paging would not end";

#[test]
fn a_token_that_repeats_ends_the_pages_with_an_error() {
    let server = Canned::new([page(&["a"], Some(true), "t")]);
    let mut objects = server.session().s3().bucket("logs").objects().into_iter();
    assert_eq!(objects.next().unwrap().unwrap().key(), "a");
    let error = objects.next().unwrap().unwrap_err();
    assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::Reply, ENDLESS));
    assert!(objects.next().is_none());
    assert_eq!(server.asked().len(), 2);

    let server = Canned::new([page(&[], Some(true), "t")]);
    let mut pages = server.session().s3_client().pages(ListObjectsV2::new("logs")).from_token("t");
    assert_eq!(pages.next().unwrap().unwrap_err().to_string(), ENDLESS);
    assert!(pages.next().is_none());
    assert_eq!(pages.token(), None);
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn queues_and_buckets_that_repeat_end_too() {
    let server = Canned::new([r#"{"QueueUrls": ["https://a/1/b"], "NextToken": "t"}"#]);
    let found: Vec<_> = server.session().sqs().queues().map(|queue| queue.is_ok()).collect();
    assert_eq!(found, [true, false]);

    let bucket = "<Buckets><Bucket><Name>a</Name></Bucket></Buckets>";
    let token = "<ContinuationToken>t</ContinuationToken>";
    let server = Canned::new([format!("<ListAllMyBucketsResult>{bucket}{token}</ListAllMyBucketsResult>")]);
    let found: Vec<_> = server.session().s3().buckets().map(|bucket| bucket.is_ok()).collect();
    assert_eq!(found, [true, false]);
}

#[test]
fn what_is_not_truncated_has_no_next_page() {
    for (truncated, token, requests) in
        [(Some(false), "t", 1), (Some(true), "t", 2), (None, "t", 2), (Some(true), "", 1)]
    {
        let replies = [page(&["a"], truncated, token), page(&["b"], Some(false), "u")];
        let server = Canned::new(replies.clone());
        let bucket = server.session().s3().bucket("logs");
        assert_eq!(bucket.objects().into_iter().filter(Result::is_ok).count(), requests);
        assert_eq!(server.asked().len(), requests, "{truncated:?} {token:?}");

        let server = Canned::new(replies);
        let pages = server.session().s3_client().pages(ListObjectsV2::new("logs"));
        assert_eq!(pages.filter(Result::is_ok).count(), requests);
    }
}

#[test]
#[cfg(feature = "serde")]
fn pages_by_name_end_as_others_do() {
    let pages = |server: &Canned| {
        let input: tucuxi::json::Json = r#"{"Bucket": "logs"}"#.parse().unwrap();
        server.session().s3_client().call_pages("ListObjectsV2", input).unwrap()
    };
    let server = Canned::new([page(&["a"], Some(true), "t")]);
    let read: Vec<_> = pages(&server).collect();
    assert_eq!(read.len(), 2);
    assert_eq!(read[1].as_ref().unwrap_err().to_string(), ENDLESS);

    let server = Canned::new([page(&["a"], Some(false), "t")]);
    assert_eq!(pages(&server).count(), 1);

    let server = Canned::new([page(&["a", "b"], Some(true), "t"), page(&["c", "d"], Some(true), "u")]);
    let mut pages = pages(&server).max_items(3);
    assert_eq!(pages.by_ref().filter(Result::is_ok).count(), 2);
    assert_eq!(pages.token(), Some("u"));
}

#[test]
fn a_limit_ends_between_and_within_pages() {
    for (limit, requests) in [(0, 0), (1, 1), (2, 1), (3, 2), (4, 2), (9, 2)] {
        let server = Canned::new([page(&["a", "b"], Some(true), "t"), page(&["c", "d"], Some(false), "")]);
        let objects = server.session().s3().bucket("logs").objects().limit(limit);
        assert_eq!(objects.into_iter().filter(Result::is_ok).count(), limit.min(4));
        assert_eq!(server.asked().len(), requests, "{limit}");
    }
}

/// Compiles since nothing of the iterator is lent: neither the prefix nor the bucket.
fn of_day(bucket: &Bucket, day: u32) -> impl Iterator<Item = tucuxi::Result<ObjectSummary>> + use<> {
    bucket.objects().prefix(format!("2026/11/{day:02}/")).into_iter()
}

#[test]
fn an_owned_prefix_goes_with_the_iterator() {
    let server = Canned::new([page(&["a"], Some(true), "t"), page(&["b"], Some(false), "")]);
    let bucket = server.session().s3().bucket("logs");
    let objects = of_day(&bucket, 7);
    drop(bucket);
    assert_eq!(objects.filter(Result::is_ok).count(), 2);
    let asked = server.asked();
    assert!(asked.iter().all(|target| target.contains("prefix=2026%2F11%2F07%2F")), "{asked:?}");

    let server = Canned::new([page(&[], None, "")]);
    let objects =
        server.session().s3().bucket("logs").objects().prefix("mine").filter(|list| list.prefix("x"));
    assert_eq!(objects.into_iter().count(), 0);
    assert!(server.asked()[0].contains("prefix=mine"), "{:?}", server.asked());
}

#[test]
fn bodies_are_lent_or_given() {
    let server = Canned::new([""]);
    let bucket = server.session().s3().bucket("logs");
    let bytes = vec![b'4'];
    bucket.put_object("a", b"one").unwrap();
    bucket.put_object("a", "two").unwrap();
    bucket.put_object("a", String::from("three")).unwrap();
    bucket.put_object("a", &bytes).unwrap();
    bucket.object("a").put(vec![b'5']).unwrap();
    bucket.object("a").put([]).unwrap();
    let bodies: Vec<_> = server.asked().iter().map(|asked| asked.replace("/a", "")).collect();
    assert_eq!(bodies, ["one", "two", "three", "4", "5", ""]);
}

#[test]
fn an_object_is_copied_from_another() {
    let server = Canned::new([page(&["b c"], None, ""), "<CopyObjectResult/>".to_owned()]);
    let bucket = server.session().s3().bucket("logs");
    let summary = bucket.objects().into_iter().next().unwrap().unwrap();
    bucket.object("a").copy_from(summary.object()).unwrap();
    bucket.object("a").copy_from(&summary).unwrap();
    bucket.object("a").copy_from(CopySource::new("logs", "b c").version_id("1")).unwrap();
    let sources = server.headers("x-amz-copy-source");
    assert_eq!(sources, ["logs/b%20c", "logs/b%20c", "logs/b%20c?versionId=1"]);
}

#[test]
fn what_is_equal_has_one_hash() {
    let session = Canned::new([""]).session();
    let (s3, sqs) = (session.s3(), session.sqs());
    assert_eq!(HashSet::from([s3.bucket("a"), s3.bucket("b"), s3.bucket("a")]).len(), 2);
    assert_eq!(HashSet::from([s3.object("a", "b"), s3.object("a", "c"), s3.object("a", "b")]).len(), 2);
    assert_eq!(HashSet::from([sqs.queue("https://a/1/b"), sqs.queue("https://a/1/b")]).len(), 1);
}

#[test]
fn what_was_received_is_a_value() {
    let server = Canned::new([r#"{"Messages": [{"Body": "a"}, {"Body": "b"}]}"#]);
    let messages = server.session().sqs().queue("https://a/1/b").receive_messages().unwrap();
    assert_eq!(messages, messages.clone());
    assert_ne!(messages[0], messages[1]);

    let server = Canned::new([page(&["a", "b"], None, "")]);
    let listing = server.session().s3_client().list_objects_v2(ListObjectsV2::new("logs")).unwrap();
    assert_eq!(listing, listing.clone());
    let objects: Result<Vec<_>, _> = server.session().s3().bucket("logs").objects().into_iter().collect();
    let objects = objects.unwrap();
    assert_eq!(objects, objects.clone());
    assert_ne!(objects[0], objects[1]);
}

#[test]
fn a_deletion_says_what_is_left_and_asks_for_1000_keys_at_most() {
    let keys: Vec<String> = (0..2001).map(|nth| format!("k{nth}")).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let deleted = |key: &str| {
        let failed = "<Error><Key>stays</Key><Code>AccessDenied</Code><Message>No.</Message></Error>";
        format!("<DeleteResult><Deleted><Key>{key}</Key></Deleted>{failed}</DeleteResult>")
    };
    let server = Canned::new([
        page(&keys, Some(true), "t"),
        deleted("a"),
        deleted("b"),
        "<DeleteResult/>".to_owned(),
        page(&[], Some(true), "u"),
        page(&["last"], Some(false), ""),
        deleted("c"),
    ]);
    let deletion = server.session().s3().bucket("logs").objects().delete().unwrap();
    let deleted: Vec<_> = deletion.deleted().map(|object| object.key.as_deref().unwrap()).collect();
    assert_eq!(deleted, ["a", "b", "c"]);
    let failed: Vec<_> = deletion.errors().map(|error| error.code.as_deref().unwrap()).collect();
    assert_eq!(failed, ["AccessDenied"; 3]);
    assert_eq!(deletion.replies().len(), 4);
    let asked: Vec<_> = server.asked().iter().map(|asked| asked.matches("<Key>").count()).collect();
    assert_eq!(asked, [0, 1000, 1000, 1, 0, 0, 1]);
}

/// Asks for the attributes of an object while the object is changed.
#[derive(Clone, Debug, Default)]
struct Meddler {
    object: Arc<Mutex<Weak<Object>>>,
    methods: Arc<Mutex<Vec<String>>>,
}

impl Transport for Meddler {
    fn send(&self, head: &Head<'_>, _: &mut dyn Read) -> Result<Answer, Broken> {
        self.methods.lock().unwrap().push(head.method.to_owned());
        if head.method != "HEAD"
            && let Some(object) = self.object.lock().unwrap().upgrade()
        {
            object.load().unwrap();
        }
        let body = if head.headers.iter().any(|(name, _)| *name == "x-amz-copy-source") {
            &b"<CopyObjectResult/>"[..]
        } else {
            b""
        };
        let headers = vec![("content-length".to_owned(), "7".to_owned())];
        Ok(Answer::new(200, headers, Box::new(body)))
    }
}

#[test]
fn what_was_asked_during_a_change_is_not_kept() {
    let change: [fn(&Object); 3] = [
        |object| drop(object.put(b"new").unwrap()),
        |object| drop(object.copy_from(CopySource::new("logs", "b")).unwrap()),
        |object| drop(object.delete().unwrap()),
    ];
    for change in change {
        let meddler = Meddler::default();
        let session = Session::builder().host(Fake::new()).keys("AKID", "secret").region("eu-west-1");
        let object = session.transport(meddler.clone()).build().unwrap().s3().object("logs", "a");
        // A clone would have attributes of its own.
        let object = Arc::new(object);
        *meddler.object.lock().unwrap() = Arc::downgrade(&object);
        assert_eq!(object.size().unwrap(), Some(7));
        assert_eq!(object.size().unwrap(), Some(7));
        change(&object);
        assert_eq!(object.size().unwrap(), Some(7));
        let methods = meddler.methods.lock().unwrap().clone();
        assert_eq!((methods.len(), methods[0].as_str(), methods[3].as_str()), (4, "HEAD", "HEAD"));
    }
}
