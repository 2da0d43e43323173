//! A transport of one's own is all that is needed: this passes without any feature, where no HTTP is in the
//! tree.

use std::io::Read;
use std::sync::Arc;
use std::sync::Mutex;

use tucuxi::Session;
use tucuxi::SessionBuilder;
use tucuxi::host::Fake;
use tucuxi::sts::input::GetCallerIdentity;
use tucuxi::transport::Answer;
use tucuxi::transport::Broken;
use tucuxi::transport::Head;
use tucuxi::transport::Transport;

const WHO: &str = "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>1</Account>\
                   </GetCallerIdentityResult></GetCallerIdentityResponse>";

/// Answers everything with one text, and keeps what it was given.
#[derive(Clone, Debug, Default)]
struct Canned(Arc<Mutex<Vec<String>>>);

impl Transport for Canned {
    fn send(&self, head: &Head<'_>, body: &mut dyn Read) -> Result<Answer, Broken> {
        let mut text = Vec::new();
        head.write(&mut text).unwrap();
        let length = body.read_to_end(&mut text).unwrap();
        assert_eq!(head.content_length.unwrap_or(0), length as u64);
        assert_eq!((head.https, head.host, head.port), (true, "sts.eu-west-1.amazonaws.com", 443));
        self.0.lock().unwrap().push(String::from_utf8(text).unwrap());
        Ok(Answer::new(200, Vec::new(), Box::new(WHO.as_bytes())))
    }
}

fn session() -> SessionBuilder {
    Session::builder().host(Fake::new()).keys("AKID", "secret").region("eu-west-1")
}

#[test]
fn a_transport_is_all_that_is_needed() {
    let transport = Canned::default();
    let session = session().transport(transport.clone()).build().unwrap();
    let sts = session.client::<tucuxi::service::Sts>();
    let who = sts.get_caller_identity(GetCallerIdentity::new()).unwrap();
    assert_eq!(who.account.as_deref(), Some("1"));

    let prepared = sts.prepare(&GetCallerIdentity::new()).unwrap();
    let sent = transport.0.lock().unwrap();
    let [sent] = &sent[..] else { panic!("one request") };
    let (head, body) = sent.split_once("\r\n\r\n").unwrap();
    assert_eq!(body, "Action=GetCallerIdentity&Version=2011-06-15");
    assert_eq!(prepared.body.as_deref(), Some(body.as_bytes()));
    let mut lines = head.lines();
    assert_eq!(lines.next(), Some("POST / HTTP/1.1"));
    // The name of the call is another each time, unless somebody says it.
    let same = |line: &str| !line.starts_with("amz-sdk-invocation-id: ");
    let expected: Vec<_> = prepared.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let expected: Vec<_> = expected.iter().map(String::as_str).filter(|line| same(line)).collect();
    assert_eq!(lines.filter(|line| same(line)).collect::<Vec<_>>(), expected);
}

#[test]
fn sessions_share_a_transport_that_is_counted() {
    let transport: Arc<dyn Transport> = Arc::new(Canned::default());
    for _ in 0..2 {
        let session = session().transport(Arc::clone(&transport)).build().unwrap();
        let who = session.sts_client().get_caller_identity(GetCallerIdentity::new()).unwrap();
        assert_eq!(who.account.as_deref(), Some("1"));
    }
}

#[test]
#[cfg(not(feature = "ureq"))]
fn without_a_transport_there_is_no_call() {
    let error = session().build().unwrap().sts_client().get_caller_identity(GetCallerIdentity::new());
    let error = error.unwrap_err();
    assert_eq!(error.kind(), tucuxi::ErrorKind::Config);
    assert_eq!(
        error.to_string(),
        "GetCallerIdentity: no transport: give the session one, or turn on the feature `ureq`"
    );
}
