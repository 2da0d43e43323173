//! What comes of broken connections, cut replies and errors in a row. Time is the test's own: nothing sleeps.

use std::error::Error as _;
use std::io;

use tucuxi::Error;
use tucuxi::ErrorKind;
use tucuxi::Session;
use tucuxi::s3::CopySource;
use tucuxi::s3::input;
use tucuxi_core::call::Why;
use tucuxi_core::time::Time;
use tucuxi_tests::WEST;
use tucuxi_tests::nowhere;
use tucuxi_tests::scripted::Act;
use tucuxi_tests::scripted::Scripted;
use tucuxi_tests::west;

fn ok() -> Act {
    Act::reply(200, "", "<ListAllMyBucketsResult/>")
}

fn failure(status: u16, code: &str) -> Act {
    Act::reply(status, "", &format!("<Error><Code>{code}</Code><Message>So it is.</Message></Error>"))
}

fn session(server: &Scripted) -> Session {
    west(server.url()).build().unwrap()
}

/// Lists buckets from a server that acts so; with the heads of the requests that it got.
fn list(acts: &[Act]) -> (Result<(), Error>, Vec<String>) {
    let server = Scripted::start(acts);
    let listed = session(&server).s3_client().list_buckets(input::ListBuckets::new());
    (listed.map(drop), server.heads())
}

#[test]
fn what_another_attempt_may_cure_is_tried_again() {
    for (what, acts, requests) in [
        ("a failure", vec![failure(503, "ServiceUnavailable"), ok()], 2),
        ("two failures", vec![failure(500, "InternalError"), failure(503, "SlowDown"), ok()], 3),
        ("a failure without a document", vec![Act::reply(502, "", "<html>bad gateway"), ok()], 2),
        ("no reply", vec![Act::Swallow, ok()], 2),
        ("a closed connection", vec![Act::Refuse, Act::Refuse, ok()], 1),
        ("a cut document", vec![Act::cut(200, "", "<ListAllMyBucketsResult>", 1000), ok()], 2),
        ("a cut failure", vec![Act::cut(500, "", "<Error>", 1000), ok()], 2),
        ("no HTTP", vec![Act::Reply("SSH-2.0-OpenSSH\r\n".into()), ok()], 2),
    ] {
        let (listed, heads) = list(&acts);
        assert!(listed.is_ok(), "{what}: {listed:?}");
        assert_eq!(heads.len(), requests, "{what}");
    }
}

#[test]
fn what_fails_says_how_often_it_was_tried_and_what_it_may_have_done() {
    for (acts, shown, kind, attempts, effect) in [
        (
            failure(500, "InternalError"),
            "ListBuckets: InternalError: So it is (status 500, 3 attempts)",
            ErrorKind::Service,
            3,
            true,
        ),
        (
            failure(503, "SlowDown"),
            "ListBuckets: SlowDown: So it is (status 503, 3 attempts)",
            ErrorKind::Service,
            3,
            false,
        ),
        (
            Act::reply(504, "", ""),
            "ListBuckets: 504: Gateway Timeout (status 504, 3 attempts)",
            ErrorKind::Service,
            3,
            true,
        ),
        (
            failure(403, "AccessDenied"),
            "ListBuckets: AccessDenied: So it is (status 403)",
            ErrorKind::Service,
            1,
            false,
        ),
        (
            Act::reply(404, "", "what?"),
            "ListBuckets: 404: Not Found (status 404)",
            ErrorKind::Service,
            1,
            false,
        ),
        (Act::Swallow, "ListBuckets: the connection broke (HOST)", ErrorKind::Transport, 3, true),
        (
            Act::Reply("SSH-2.0-OpenSSH\r\n".into()),
            "ListBuckets: the peer does not speak HTTP/1.1 (HOST)",
            ErrorKind::Transport,
            3,
            true,
        ),
        (Act::cut(200, "", "<List", 9), "ListBuckets: the reply broke off", ErrorKind::Transport, 3, true),
        (
            Act::reply(200, "", "<html>"),
            "ListBuckets: the reply is malformed XML at byte 6",
            ErrorKind::Reply,
            3,
            true,
        ),
        (
            Act::reply(
                200,
                "",
                "<ListAllMyBucketsResult><Buckets><Bucket><CreationDate>soon</CreationDate></Bucket></Buckets></ListAllMyBucketsResult>",
            ),
            "ListBuckets: the reply's CreationDate is malformed",
            ErrorKind::Reply,
            1,
            true,
        ),
    ] {
        let server = Scripted::start(&[acts]);
        let error = session(&server).s3_client().list_buckets(input::ListBuckets::new()).unwrap_err();
        let host = server.url().strip_prefix("http://").unwrap();
        assert_eq!(error.to_string().replace(host, "HOST"), shown);
        assert_eq!((error.kind(), error.attempts()), (kind, attempts), "{shown}");
        assert!(!error.may_have_taken_effect(), "a GET leaves nothing behind: {shown}");
        assert_eq!(server.heads().len(), usize::try_from(attempts).unwrap(), "{shown}");
        let copy = input::CopyObject::new("b", CopySource::new("a", "k"), "k");
        let copied = session(&server).s3_client().copy_object(copy).err();
        assert_eq!(copied.is_none_or(|error| error.may_have_taken_effect()), effect, "{shown}");
        let why = if attempts == 1 { Why::NotRetryable } else { Why::AttemptsUsedUp };
        assert_eq!(error.why(), Some(why), "{shown}");
    }
}

#[test]
fn a_connection_that_nobody_takes_has_no_effect() {
    let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = server.local_addr().unwrap();
    drop(server);
    let session = west(&format!("http://{address}")).build().unwrap();
    let error = session.s3_client().list_buckets(input::ListBuckets::new()).unwrap_err();
    assert_eq!(error.to_string(), format!("ListBuckets: cannot connect ({address})"));
    assert_eq!(
        (error.kind(), error.attempts(), error.may_have_taken_effect()),
        (ErrorKind::Transport, 3, false)
    );
}

#[test]
fn a_copy_that_fails_after_all_is_a_failure() {
    for (code, attempts) in [("InternalError", 3), ("SlowDown", 3), ("AccessDenied", 3)] {
        let server = Scripted::start(&[failure(200, code)]);
        let copy = input::CopyObject::new("b", CopySource::new("a", "k"), "k");
        let error = session(&server).s3_client().copy_object(copy).unwrap_err();
        assert_eq!((error.kind(), error.code(), error.status()), (ErrorKind::Service, Some(code), Some(200)));
        assert_eq!((error.attempts(), error.may_have_taken_effect()), (attempts, true));
    }
    let copied = Act::reply(200, "", "<CopyObjectResult><ETag>\"e\"</ETag></CopyObjectResult>");
    let server = Scripted::start(&[failure(200, "InternalError"), copied]);
    let copy = input::CopyObject::new("b", CopySource::new("a", "k"), "k");
    let copied = session(&server).s3_client().copy_object(copy).unwrap();
    assert_eq!(copied.copy_object_result.unwrap().e_tag.as_deref(), Some("\"e\""));
}

#[test]
fn a_redirect_is_an_error_that_names_the_region() {
    let body = "<Error><Code>PermanentRedirect</Code><Message>Elsewhere.</Message></Error>";
    let elsewhere = "location: http://127.0.0.1:1/\r\nx-amz-bucket-region: eu-west-1\r\n";
    let server = Scripted::start(&[Act::reply(301, elsewhere, body)]);
    let session = session(&server);
    let error = session.s3_client().list_objects_v2(input::ListObjectsV2::new("b")).unwrap_err();
    assert_eq!(
        (error.code(), error.status(), error.region()),
        (Some("PermanentRedirect"), Some(301), Some("eu-west-1"))
    );
    assert_eq!((error.attempts(), error.may_have_taken_effect()), (1, false));
    let error = session.s3().bucket("b").exists().unwrap_err();
    assert_eq!((error.code(), error.region(), server.heads().len()), (Some("301"), Some("eu-west-1"), 2));
}

#[test]
fn a_stream_that_breaks_off_is_an_error_where_it_is_read() {
    let server = Scripted::start(&[Act::cut(200, "etag: \"e\"\r\n", "half", 8)]);
    let got = session(&server).s3().object("b", "k").get().unwrap();
    assert_eq!((got.content_length, got.e_tag.as_deref()), (Some(8), Some("\"e\"")));
    let error = got.body.bytes().unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Transport, Some("GetObject")), "{error}");
    let source = error.source().and_then(|source| source.downcast_ref::<io::Error>());
    assert_eq!(source.map(io::Error::kind), Some(io::ErrorKind::UnexpectedEof));
    assert_eq!(server.heads().len(), 1, "what was handed on is not asked for again");
}

#[test]
fn attempts_are_as_many_as_were_said() {
    for (max, attempts) in [(1, 1), (2, 2), (5, 5), (0, 1)] {
        let server = Scripted::start(&[failure(500, "InternalError")]);
        let session = west(server.url()).max_attempts(max).build().unwrap();
        let error = session.s3_client().list_buckets(input::ListBuckets::new());
        // 0 is no number of attempts, and what the files would call malformed.
        let error = error.unwrap_err();
        if max == 0 {
            assert_eq!(error.kind(), ErrorKind::Config);
            continue;
        }
        assert_eq!((error.attempts(), server.heads().len()), (attempts, attempts as usize));
    }
}

#[test]
fn each_attempt_says_which_it_is_and_is_signed_as_of_its_time() {
    let server = Scripted::start(&[failure(503, "SlowDown"), failure(503, "SlowDown"), ok()]);
    // The largest random number makes the longest wait: 1 s, then 2 s.
    let host = nowhere().with_now(Time::parse_stamp(b"20150830T123600Z").unwrap()).with_random([u64::MAX; 9]);
    let session = Session::builder().host(host).endpoint_url(server.url()).keys(WEST.0, WEST.1);
    let session = session.invocation_id(|| "0e7b2c9a-ab5f".to_owned()).build().unwrap();
    // What was injected stays with a session made of another.
    let session = session.with_region("eu-west-1");
    session.s3_client().list_buckets(input::ListBuckets::new()).unwrap();
    let heads = server.heads();
    let header = |head: &String, name: &str| {
        let line = head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")).map(str::to_owned));
        line.unwrap_or_else(|| panic!("no {name} in {head}"))
    };
    let said: Vec<_> = heads
        .iter()
        .map(|head| ["amz-sdk-request", "x-amz-date", "amz-sdk-invocation-id"].map(|name| header(head, name)))
        .collect();
    let expected = [
        ["attempt=1; max=3", "20150830T123600Z", "0e7b2c9a-ab5f"],
        ["attempt=2; max=3", "20150830T123600Z", "0e7b2c9a-ab5f"],
        ["attempt=3; max=3", "20150830T123602Z", "0e7b2c9a-ab5f"],
    ];
    assert_eq!(said, expected, "just below one second, and just below three");
    assert!(header(&heads[0], "user-agent").starts_with("tucuxi/"));
    assert_ne!(header(&heads[0], "authorization"), header(&heads[2], "authorization"));
}

#[test]
fn the_service_may_ask_for_a_longer_wait() {
    let wait = Act::reply(503, "x-amz-retry-after: 4000\r\n", "");
    let server = Scripted::start(&[wait, ok()]);
    let host = nowhere().with_now(Time::parse_stamp(b"20150830T123600Z").unwrap());
    let session =
        Session::builder().host(host).endpoint_url(server.url()).keys(WEST.0, WEST.1).build().unwrap();
    session.s3_client().list_buckets(input::ListBuckets::new()).unwrap();
    assert!(server.heads()[1].contains("x-amz-date: 20150830T123604Z\r\n"), "{:?}", server.heads());
}

#[test]
fn calls_go_by_different_names() {
    let server = Scripted::start(&[ok()]);
    let host = nowhere().with_random(1..9);
    let session =
        Session::builder().host(host).endpoint_url(server.url()).keys(WEST.0, WEST.1).build().unwrap();
    let client = session.s3_client();
    client.list_buckets(input::ListBuckets::new()).unwrap();
    client.list_buckets(input::ListBuckets::new()).unwrap();
    let ids: Vec<_> = server
        .heads()
        .iter()
        .filter_map(|head| {
            head.lines().find_map(|line| line.strip_prefix("amz-sdk-invocation-id: ").map(str::to_owned))
        })
        .collect();
    assert_eq!(ids, ["00000000-0000-4001-8000-000000000002", "00000000-0000-4003-8000-000000000004"]);
}

#[test]
fn clients_of_a_session_share_one_quota_of_retries() {
    let server = Scripted::start(&[failure(500, "InternalError")]);
    let session = session(&server);
    let client = session.s3_client();
    // 500 tokens, 14 for each retry: 35 retries, two in each call.
    for _ in 0..17 {
        let error = client.clone().list_buckets(input::ListBuckets::new()).unwrap_err();
        assert_eq!((error.attempts(), error.why()), (3, Some(Why::AttemptsUsedUp)));
    }
    let error = client.list_buckets(input::ListBuckets::new()).unwrap_err();
    assert_eq!((error.attempts(), error.why()), (2, Some(Why::QuotaEmpty)));
    let error = client.clone().list_buckets(input::ListBuckets::new()).unwrap_err();
    assert_eq!((error.attempts(), error.why()), (1, Some(Why::QuotaEmpty)));
    let same = session.s3_client().list_buckets(input::ListBuckets::new()).unwrap_err();
    assert_eq!((same.attempts(), same.why()), (1, Some(Why::QuotaEmpty)), "it is the session's S3 client");
    let other = session.with_region("eu-west-1").s3_client();
    let other = other.list_buckets(input::ListBuckets::new()).unwrap_err();
    assert_eq!(other.attempts(), 3, "another session has its own");
}

#[test]
fn a_message_that_may_have_been_sent_says_so() {
    let server = Scripted::start(&[Act::Swallow]);
    let queue = session(&server).sqs().queue(format!("{}/1/jobs", server.url()));
    let error = queue.send_message("once?").unwrap_err();
    assert_eq!((error.operation(), error.may_have_taken_effect()), (Some("SendMessage"), true));
}

#[test]
fn a_signature_that_does_not_match_says_why() {
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let refused = |code: &str, request: &str| {
        Act::reply(
            403,
            "",
            &format!(
                "<Error><Code>{code}</Code><Message>It does not match.</Message><StringToSign>AWS4-HMAC-SHA256\n\
                 20260102T030405Z\n20260102/us-west-2/s3/aws4_request\n{empty}</StringToSign>\
                 <CanonicalRequest>{request}</CanonicalRequest></Error>"
            ),
        )
    };
    let request = format!(
        "GET\n/a/b\nversionId=1\nhost:127.0.0.1\nx-amz-checksum-mode:ENABLED\nx-amz-content-sha256:{empty}\n\
         x-amz-date:20260102T030405Z\n\nhost;x-amz-checksum-mode;x-amz-content-sha256;x-amz-date\n{empty}"
    );
    let get = |act: Act, anonymous: bool| {
        let server = Scripted::start(&[act]);
        let now = Time::parse_stamp(b"20260102T030405Z").unwrap();
        let session = west(server.url()).host(nowhere().with_now(now));
        let session = if anonymous { session.anonymous() } else { session };
        let client = session.build().unwrap().s3_client();
        let error = client.get_object(input::GetObject::new("a", "b").checksum_mode("ENABLED")).unwrap_err();
        (error, server.url().rsplit_once(':').unwrap().1.to_owned())
    };
    let (error, port) = get(refused("SignatureDoesNotMatch", &request), false);
    assert_eq!(
        error.mismatch(),
        [
            "the query parameter versionId is on the server and was not signed (the server has \"1\")"
                .to_owned(),
            format!(
                "the Host that arrived lacks :{port} (signed \"127.0.0.1:{port}\", the server has \"127.0.0.1\")"
            ),
        ]
    );
    assert_eq!(
        error.to_string(),
        "GetObject: SignatureDoesNotMatch: It does not match: the query parameter versionId is on the server \
         and was not signed (the server has \"1\") (status 403)"
    );
    for (act, anonymous) in [
        (refused("AccessDenied", &request), false),
        (failure(403, "SignatureDoesNotMatch"), false),
        (refused("SignatureDoesNotMatch", &request), true),
    ] {
        assert!(get(act, anonymous).0.mismatch().is_empty());
    }
    // A server may make up any number of lines.
    let lines: String = (0..100).map(|n| format!("x-{n}:1\n")).collect();
    let many = request.replace("host:", &format!("{lines}host:"));
    assert_eq!(get(refused("SignatureDoesNotMatch", &many), false).0.mismatch().len(), 16);
}
