//! What a call makes of its network: connections that were closed, limits of time, and writes that must not be
//! done twice. The network is the test's own, and so is time: nothing sleeps.

use std::io;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tucuxi::ErrorKind;
use tucuxi::Repeat;
use tucuxi::SessionBuilder;
use tucuxi::host::Fake;
use tucuxi::host::Host;
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
use tucuxi_tests::nowhere;
use tucuxi_tests::west;

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
        let act = told.acts.get(told.sent.len() - 1).or_else(|| told.acts.last()).unwrap();
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
    for (what, attempts, repeat, put, why) in [
        ("one attempt", 1, Repeat::Always, put(), Why::AttemptsUsedUp),
        ("a lock", 3, Repeat::Always, put().if_none_match("*"), Why::MayHaveEffect),
        ("a change", 3, Repeat::Always, put().if_match("\"e\""), Why::MayHaveEffect),
        ("once", 3, Repeat::WithoutEffect, put(), Why::MayHaveEffect),
    ] {
        for lost in [&[stale as fn() -> _, condition_fails][..], &[cut_off, condition_fails]] {
            let lost: &'static [_] = lost.to_vec().leak();
            let wire = Wire::new(lost);
            let session = wire.session().max_attempts(attempts).repeat(repeat).build().unwrap();
            let error = session.s3_client().put_object(put).unwrap_err();
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
