//! What comes of broken connections, cut replies and errors in a row. Time is the test's own: nothing sleeps.

use std::error::Error as _;
use std::io;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tucuxi::Error;
use tucuxi::ErrorKind;
use tucuxi::Repeat;
use tucuxi::Session;
use tucuxi::SessionBuilder;
use tucuxi::host::Fake;
use tucuxi::host::Host;
use tucuxi::s3::CopySource;
use tucuxi::s3::input;
use tucuxi::transport::Answer;
use tucuxi::transport::Broken;
use tucuxi::transport::BrokenKind;
use tucuxi::transport::Head;
use tucuxi::transport::Sent;
use tucuxi::transport::Transport;
use tucuxi_core::call::Why;
use tucuxi_core::profile::Platform;
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

/// A network of the test's own: for each request what comes of it, the last for ever.
#[derive(Clone, Debug)]
struct Wire(Arc<Mutex<Told>>);

#[derive(Debug)]
struct Told {
    acts: &'static [fn() -> Result<Answer, Broken>],
    /// Whether a connection of its own was asked for, and which attempt it was.
    sent: Vec<(bool, String)>,
    timeouts: Vec<(Duration, Duration)>,
}

impl Wire {
    fn new(acts: &'static [fn() -> Result<Answer, Broken>]) -> Self {
        Self(Arc::new(Mutex::new(Told { acts, sent: Vec::new(), timeouts: Vec::new() })))
    }

    fn session(&self) -> SessionBuilder {
        west("http://127.0.0.1:1").transport(self.clone())
    }

    fn sent(&self) -> Vec<(bool, String)> {
        self.0.lock().unwrap().sent.clone()
    }
}

impl Transport for Wire {
    fn send(&self, head: &Head<'_>, _: &mut dyn Read) -> Result<Answer, Broken> {
        let mut told = self.0.lock().unwrap();
        let attempt = head.headers.iter().find(|(name, _)| *name == "amz-sdk-request").unwrap().1;
        told.sent.push((head.fresh, attempt.to_owned()));
        told.timeouts.push((head.connect_timeout, head.read_timeout));
        let act = told.acts.get(told.sent.len() - 1).or(told.acts.last()).unwrap();
        act()
    }
}

fn answer(status: u16, body: &'static str) -> Result<Answer, Broken> {
    Ok(Answer::new(status, Vec::new(), Box::new(body.as_bytes())))
}

fn fine() -> Result<Answer, Broken> {
    answer(200, "")
}

fn condition_fails() -> Result<Answer, Broken> {
    answer(412, "<Error><Code>PreconditionFailed</Code></Error>")
}

fn stale() -> Result<Answer, Broken> {
    let mut broken = Broken::new(BrokenKind::Reset, Sent::Maybe, io::ErrorKind::UnexpectedEof.into());
    broken.stale = true;
    Err(broken)
}

fn cut_off() -> Result<Answer, Broken> {
    Err(Broken::new(BrokenKind::Reset, Sent::Maybe, io::ErrorKind::UnexpectedEof.into()))
}

fn refused() -> Result<Answer, Broken> {
    Err(Broken::new(BrokenKind::Connect, Sent::No, io::ErrorKind::ConnectionRefused.into()))
}

#[test]
fn a_document_that_is_too_long_is_not_asked_for_again() {
    let wire = Wire::new(&[|| Ok(Answer::new(200, Vec::new(), Box::new(io::repeat(b' '))))]);
    let session = wire.session().build().unwrap();
    let error = session.s3_client().list_buckets(input::ListBuckets::new()).unwrap_err();
    assert_eq!(error.to_string(), "ListBuckets: the reply is longer than 64 MiB");
    assert_eq!((error.kind(), error.why()), (ErrorKind::Reply, Some(Why::NotRetryable)));
    assert_eq!((error.attempts(), wire.sent().len()), (1, 1));
}

#[test]
fn a_kept_connection_that_was_closed_costs_an_attempt_and_no_wait() {
    let wire = Wire::new(&[stale, fine]);
    let client = wire.session().build().unwrap().s3_client();
    client.put_object(input::PutObject::new("b", "k")).unwrap();
    let sent = [(false, "attempt=1; max=3".to_owned()), (true, "attempt=2; max=3".to_owned())];
    assert_eq!(wire.sent(), sent);

    let wire = Wire::new(&[stale, condition_fails]);
    let client = wire.session().build().unwrap().s3_client();
    let error = client.delete_object(input::DeleteObject::new("b", "k")).unwrap_err();
    assert_eq!((error.status(), error.attempts(), error.may_have_taken_effect()), (Some(412), 2, true));
}

#[test]
fn a_closed_connection_is_not_worth_a_second_write_that_was_not_asked_for() {
    let put = || input::PutObject::new("b", "k");
    let delete = input::DeleteObject::new("b", "k");
    for (what, attempts, repeat, result, why) in [
        ("one attempt", 1, Repeat::Always, put(), Why::AttemptsUsedUp),
        ("a lock", 3, Repeat::Always, put().if_none_match("*"), Why::MayHaveEffect),
        ("a change", 3, Repeat::Always, put().if_match("\"e\""), Why::MayHaveEffect),
        ("once", 3, Repeat::WithoutEffect, put(), Why::MayHaveEffect),
    ] {
        for lost in [&[stale as fn() -> _, condition_fails][..], &[cut_off, condition_fails]] {
            let lost: &'static [_] = lost.to_vec().leak();
            let wire = Wire::new(lost);
            let session = wire.session().max_attempts(attempts).repeat(repeat).build().unwrap();
            let error = session.s3_client().put_object(result.clone()).unwrap_err();
            assert_eq!((error.kind(), error.why()), (ErrorKind::Transport, Some(why)), "{what}");
            assert_eq!((error.attempts(), error.may_have_taken_effect()), (1, true), "{what}");
            assert_eq!(wire.sent().len(), 1, "{what}");
        }
    }
    let wire = Wire::new(&[stale, condition_fails]);
    let client = wire.session().build().unwrap().s3_client();
    client.delete_object(delete.if_match_size(4)).unwrap_err();
    assert_eq!(wire.sent().len(), 1);
}

#[test]
fn what_cannot_have_an_effect_is_tried_again_in_any_case() {
    let once = |wire: &Wire| wire.session().repeat(Repeat::WithoutEffect).build().unwrap();
    let wire = Wire::new(&[refused, refused, fine]);
    once(&wire).s3_client().put_object(input::PutObject::new("b", "k").if_none_match("*")).unwrap();
    assert_eq!(wire.sent().len(), 3);

    let wire = Wire::new(&[cut_off, stale, fine]);
    once(&wire).with_region("eu-west-1").s3_client().head_bucket(input::HeadBucket::new("b")).unwrap();
    assert_eq!(wire.sent().len(), 3);

    let wire = Wire::new(&[cut_off]);
    let session = once(&wire);
    let (s3, sqs) = (session.s3_client(), session.sqs());
    for read in [
        s3.get_object(input::GetObject::new("b", "k").if_match("e")).map(drop),
        s3.head_object(input::HeadObject::new("b", "k")).map(drop),
    ] {
        let error = read.unwrap_err();
        assert_eq!((error.attempts(), error.may_have_taken_effect()), (3, false), "{error}");
    }
    let error = sqs.queue("http://127.0.0.1:1/1/jobs").send_message("once").unwrap_err();
    assert_eq!((error.attempts(), error.why()), (1, Some(Why::MayHaveEffect)));
    assert!(error.may_have_taken_effect());
}

/// A world in which a second passes whenever somebody looks at the clock.
#[derive(Debug)]
struct Ticking(Fake, AtomicU64);

impl Host for Ticking {
    fn variable(&self, name: &str) -> Option<String> {
        self.0.variable(name)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.0.read(path)
    }

    fn platform(&self) -> Platform {
        self.0.platform()
    }

    fn now(&self) -> Time {
        self.0.now()
    }

    fn elapsed(&self) -> Duration {
        Duration::from_secs(self.1.fetch_add(1, Ordering::Relaxed))
    }

    fn random(&self) -> u64 {
        self.0.random()
    }

    fn sleep(&self, span: Duration) {
        self.0.sleep(span);
    }
}

/// A body that comes byte by byte and never ends.
struct Trickle;

impl Read for Trickle {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        buffer[0] = b' ';
        Ok(1)
    }
}

#[test]
fn documents_that_trickle_end_in_time_and_streams_may_take_theirs() {
    let ticking = |wire: &Wire| {
        let host = Ticking(nowhere(), AtomicU64::new(0));
        wire.session().host(host).read_timeout(Duration::from_secs(10)).build().unwrap()
    };
    let wire = Wire::new(&[|| Ok(Answer::new(404, Vec::new(), Box::new(Trickle)))]);
    let error = ticking(&wire).s3_client().list_buckets(input::ListBuckets::new()).unwrap_err();
    assert!(error.is_not_found() && !error.is_timeout(), "the status says enough: {error}");

    let wire = Wire::new(&[|| Ok(Answer::new(200, Vec::new(), Box::new(Trickle)))]);
    let session = ticking(&wire);
    let error = session.s3_client().list_buckets(input::ListBuckets::new()).unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert_eq!((error.attempts(), error.to_string().as_str()), (3, "ListBuckets: the reply broke off"));

    let mut got = session.s3_client().get_object(input::GetObject::new("b", "k")).unwrap();
    let mut bytes = [0; 1000];
    got.body.read_exact(&mut bytes).unwrap();
}

#[test]
fn the_network_has_as_long_as_was_said() {
    let wire = Wire::new(&[fine]);
    let (connect, read) = (Duration::from_millis(250), Duration::from_secs(60));
    let said = wire.session().connect_timeout(connect).read_timeout(read).build().unwrap();
    for session in [wire.session().build().unwrap(), said.with_region("eu-west-1")] {
        session.s3_client().head_bucket(input::HeadBucket::new("b")).unwrap();
    }
    let usual = (Duration::from_millis(3100), Duration::from_secs(30));
    assert_eq!(wire.0.lock().unwrap().timeouts, [usual, (connect, read)]);
}
