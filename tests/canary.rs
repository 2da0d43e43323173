//! No secret is shown: nothing that has a `Debug` or a `Display` says a secret key, a token, a signature or a
//! customer's key, whatever goes well or wrong.

use std::error::Error as _;
use std::fmt::Debug;
use std::time::Duration;

use tucuxi::Error;
use tucuxi::Session;
use tucuxi::config::Arguments;
use tucuxi::s3::input::GetObject;
use tucuxi::s3::input::ListBuckets;
use tucuxi::s3::input::ListObjectsV2;
use tucuxi::sts::input::AssumeRole;
use tucuxi_test_support::S3Server;
use tucuxi_test_support::SqsServer;
use tucuxi_test_support::sample_folder;
use tucuxi_tests::nowhere;
use tucuxi_tests::scripted::Act;
use tucuxi_tests::scripted::Scripted;
use tucuxi_tests::west;

const SECRET: &str = "canary-secret/+key";
const TOKEN: &str = "canary-token";
const CUSTOMER_KEY: &str = "canary-customer-key";
const PASSWORD: &str = "canary-password";
const KEY: &str = "AKIDWEST";

/// All that was shown.
#[derive(Default)]
struct Shown(String);

impl Shown {
    fn debug(&mut self, thing: &dyn Debug) {
        self.0 += &format!("{thing:?}\n{thing:#?}\n");
    }

    fn error(&mut self, error: &Error) {
        self.debug(error);
        let mut source = error.source();
        while let Some(cause) = source {
            self.0 += &format!("{cause} {cause:?}\n");
            source = cause.source();
        }
        self.0 += &format!("{error} {} {:?} {:?}\n", error.message(), error.code(), error.request_id());
    }
}

/// The signature in a URL or a header.
fn signature(text: &str) -> String {
    let (_, after) = text.split_once("Signature=").unwrap();
    let signature: String = after.chars().take_while(char::is_ascii_hexdigit).collect();
    assert_eq!(signature.len(), 64, "{text}");
    signature
}

#[test]
fn nothing_that_can_be_shown_shows_a_secret() {
    let mut shown = Shown::default();
    let folder = sample_folder();
    let server = S3Server::start(folder.path(), &[(KEY, SECRET)]);
    let sqs = SqsServer::start(&[(KEY, SECRET)]);

    // What is configured, in code and in files.
    let builder = || west(&server.url()).keys(KEY, SECRET).session_token(TOKEN);
    shown.debug(&builder());
    let mut arguments = Arguments::default();
    (arguments.access_key_id, arguments.secret_access_key) = (Some(KEY.into()), Some(SECRET.into()));
    arguments.session_token = Some(TOKEN.into());
    shown.debug(&arguments);
    let session = builder().build().unwrap().with(arguments);
    shown.debug(&session);
    shown.debug(&session.config().unwrap());
    shown.debug(&session.config().unwrap().keys().unwrap());
    let file = format!(
        "[default]\naws_access_key_id = {KEY}\naws_secret_access_key = {SECRET}\naws_session_token = {TOKEN}\n"
    );
    let host = nowhere()
        .with_variable("HOME", "/h")
        .with_variable("AWS_SESSION_TOKEN", TOKEN)
        .with_variable("AWS_SECRET_ACCESS_KEY", SECRET)
        .with_file("/h/.aws/credentials", file);
    shown.debug(&host);
    let of_files = Session::builder().host(host).profile("default").build().unwrap();
    shown.debug(&of_files);
    assert_eq!(of_files.config().unwrap().keys().unwrap().unwrap().value.secret_access_key.reveal(), SECRET);

    // What comes of it, while all goes well.
    let (s3, client) = (session.s3(), session.s3_client());
    let get = GetObject::new("west-bucket", "hello.txt").sse_customer_key(CUSTOMER_KEY);
    let prepared = client.prepare(&get).unwrap();
    let presigned = client.presign(&get, Duration::from_secs(60)).unwrap();
    let sent = prepared.headers.iter().find(|(name, _)| name == "authorization").unwrap();
    let post = s3.object("west-bucket", "k").presign_post(Duration::from_secs(60)).unwrap();
    let signatures = [signature(&sent.1), signature(&presigned.url), post.fields.last().unwrap().1.clone()];
    assert!(prepared.headers.iter().any(|(_, value)| value == TOKEN) && presigned.url.contains(TOKEN));
    assert!(prepared.headers.iter().any(|(_, value)| value == CUSTOMER_KEY));
    for thing in [&prepared as &dyn Debug, &presigned, &post, &s3, &client, &get, &server] {
        shown.debug(thing);
    }
    let bucket = s3.bucket("west-bucket");
    let object = bucket.object("hello.txt");
    for thing in [
        &bucket as &dyn Debug,
        &object,
        &bucket.objects(),
        &bucket.objects().into_iter(),
        &bucket.objects().pages(),
        &s3.buckets(),
        &client.pages(ListObjectsV2::new("west-bucket")),
        &bucket.objects().into_iter().next().unwrap(),
        &object.get().unwrap(),
        &object.attributes().unwrap(),
    ] {
        shown.debug(thing);
    }
    let west = west(&sqs.url()).keys(KEY, SECRET).build().unwrap();
    let queue = west.sqs().create_queue("jobs").unwrap();
    queue.send_message("hello").unwrap();
    let received = queue.receive_messages().unwrap();
    let role = AssumeRole::new("arn:aws:iam::123456789012:role/reader", "canary");
    let assumed = west.sts_client().assume_role(role).unwrap();
    let temporary = assumed.credentials.as_ref().unwrap();
    for thing in [&west as &dyn Debug, &west.sqs(), &queue, &received, &assumed] {
        shown.debug(thing);
    }

    // And what comes of what goes wrong.
    let errors = [
        builder().keys(KEY, "canary-secret wrong").build().unwrap(),
        builder().keys("", SECRET).build().unwrap(),
        builder().keys(KEY, SECRET).region("not one").build().unwrap(),
        builder().endpoint_url("http://127.0.0.1:1").build().unwrap(),
        builder().endpoint_url(format!("http://ada:{PASSWORD}@127.0.0.1")).build().unwrap(),
        builder().endpoint_url(format!("http://127.0.0.1/?{PASSWORD}")).build().unwrap(),
        // AWS repeats what was signed, and the token.
        builder().endpoint_url(Scripted::start(&[told_on(TOKEN)]).url()).build().unwrap(),
        builder().endpoint_url(Scripted::start(&[told_on(&in_disorder())]).url()).build().unwrap(),
        builder().endpoint_url(Scripted::start(&[Act::Swallow]).url()).build().unwrap(),
        builder().endpoint_url(Scripted::start(&[Act::reply(200, "", TOKEN)]).url()).build().unwrap(),
    ];
    for session in &errors {
        shown.debug(session);
        shown.error(&session.s3_client().list_buckets(ListBuckets::new()).unwrap_err());
    }
    shown.error(&session.s3().bucket("no-bucket").object("k").get().unwrap_err());
    shown.error(&client.presign(&get, Duration::ZERO).unwrap_err());
    for files in [
        format!("[default]\naws_secret_access_key {SECRET}\n"),
        format!("[default]\naws_secret_access_key = {SECRET}\n"),
        format!("[default]\naws_secret_access_key = {SECRET}\naws_session_token = {TOKEN}\n  x\n {SECRET}\n"),
    ] {
        let host = nowhere().with_variable("HOME", "/h").with_file("/h/.aws/credentials", files);
        let failed = Session::builder()
            .host(host)
            .build()
            .and_then(|session| session.s3_client().list_buckets(ListBuckets::new()));
        shown.error(&failed.unwrap_err());
    }

    let secrets = [
        SECRET,
        TOKEN,
        CUSTOMER_KEY,
        PASSWORD,
        "canary-secret wrong",
        &signatures[0],
        &signatures[1],
        temporary.secret_access_key.as_ref().unwrap().reveal(),
        temporary.session_token.as_ref().unwrap().reveal(),
    ];
    for secret in secrets {
        let at = shown.0.find(secret);
        assert_eq!(
            at,
            None,
            "{secret} is shown in\n{}",
            &shown.0[at.map_or(0, |at| at.saturating_sub(400))..]
        );
    }
    for word in [
        KEY,
        "west-bucket",
        "NoSuchBucket",
        "SignatureDoesNotMatch",
        "us-west-2",
        "/jobs",
        "hello",
        "cannot connect",
    ] {
        assert!(shown.0.contains(word), "{word} is not shown: {}", shown.0.len());
    }
    assert!(shown.0.lines().count() > 400, "{}", shown.0.lines().count());
}

/// A refusal as AWS words it, with all that it repeats.
fn told_on(request: &str) -> Act {
    let body = format!(
        "<Error><Code>SignatureDoesNotMatch</Code><Message>It does not match.</Message><AWSAccessKeyId>{KEY}\
         </AWSAccessKeyId><StringToSign>x-amz-security-token:{TOKEN}</StringToSign><SignatureProvided>{TOKEN}\
         </SignatureProvided><CanonicalRequest>{request}</CanonicalRequest><Token-0>{TOKEN}</Token-0></Error>"
    );
    Act::reply(403, "", &body)
}

/// A canonical request with the token in its place and in others.
fn in_disorder() -> String {
    format!(
        "{TOKEN}\n/{TOKEN}/x\na={TOKEN}&amp;{TOKEN}=1&amp;{TOKEN}\nhost:{TOKEN}\nx-amz-date:{TOKEN}\n\
         x-amz-security-token:{TOKEN}{TOKEN}\n{TOKEN}\n\n{TOKEN};host\n{TOKEN}"
    )
}
