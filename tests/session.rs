//! What the server sees of a session: whose key and which region, wherever they were said. No server here
//! refuses a wrong region, so only the server's own record tells.

use std::io::Read;
use std::process::Command;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;
use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::SignableBody;
use aws_sigv4::http_request::SignableRequest;
use aws_sigv4::http_request::SignatureLocation;
use aws_sigv4::http_request::SigningSettings;
use tucuxi::Session;
use tucuxi::SessionBuilder;
use tucuxi::config::Arguments;
use tucuxi::config::ConfigErrorKind;
use tucuxi::host::Fake;
use tucuxi::s3::Bucket;
use tucuxi::s3::input::ListBuckets;
use tucuxi::s3::input::PutObject;
use tucuxi::sqs::input::CreateQueue;
use tucuxi::sts::input::AssumeRole;
use tucuxi::sts::input::GetCallerIdentity;
use tucuxi::sts::input::Tag;
use tucuxi::transport::Answer;
use tucuxi::transport::Broken;
use tucuxi::transport::Head;
use tucuxi::transport::Transport;
use tucuxi_core::time::Time;
use tucuxi_test_support::S3Server;
use tucuxi_test_support::SqsServer;
use tucuxi_test_support::sample_folder;
use tucuxi_tests::nowhere;

const KEYS: [(&str, &str); 3] =
    [("AKIDWEST", "west secret"), ("AKIDEAST", "east secret"), ("AKIDFILE", "file secret")];

/// Two profiles, with their keys in the one file and the rest in the other.
const CONFIG: &str = "[default]\nregion = eu-north-1\n\
                      [profile east]\nregion = us-east-2\nendpoint_url = ENDPOINT\n\
                      [profile services]\nservices = local\nregion = sa-east-1\n\
                      [services local]\ns3 =\n  endpoint_url = ENDPOINT\n";
const CREDENTIALS: &str = "[default]\naws_access_key_id = AKIDFILE\naws_secret_access_key = file secret\n\
                           [east]\naws_access_key_id = AKIDEAST\naws_secret_access_key = east secret\n\
                           [services]\naws_access_key_id = AKIDWEST\naws_secret_access_key = west secret\n";

/// Lists the west's bucket: what every caller here does.
fn list(bucket: &Bucket) {
    assert_eq!(bucket.objects().into_iter().map(Result::unwrap).count(), 8);
}

/// `key region`, as the server saw it last.
fn seen(server: &S3Server) -> String {
    let asked = server.requests().pop().unwrap();
    format!("{} {}", asked.access_key.unwrap(), asked.region.unwrap())
}

#[test]
fn the_server_sees_the_key_and_the_region_that_were_said() {
    let folder = sample_folder();
    let server = S3Server::start(folder.path(), &KEYS);
    let url = server.url();
    let files = |host: Fake| {
        host.with_variable("HOME", "/home/ada")
            .with_file("/home/ada/.aws/config", CONFIG.replace("ENDPOINT", &url))
            .with_file("/home/ada/.aws/credentials", CREDENTIALS)
    };
    let keys = |host: Fake| {
        host.with_variable("AWS_ACCESS_KEY_ID", "AKIDWEST")
            .with_variable("AWS_SECRET_ACCESS_KEY", "west secret")
    };
    let at = |host: Fake| host.with_variable("AWS_ENDPOINT_URL", &url);
    let of = |host: Fake| Session::builder().host(host);
    let code = |region: &str| of(nowhere()).endpoint_url(&url).keys("AKIDEAST", "east secret").region(region);
    let cases: Vec<(&str, SessionBuilder, &str)> = vec![
        ("code", code("us-east-1"), "AKIDEAST us-east-1"),
        ("no region", of(at(keys(nowhere()))), "AKIDWEST us-east-1"),
        (
            "AWS_REGION",
            of(at(keys(nowhere())).with_variable("AWS_REGION", "ap-south-1")),
            "AKIDWEST ap-south-1",
        ),
        (
            "AWS_DEFAULT_REGION",
            of(at(keys(nowhere())).with_variable("AWS_DEFAULT_REGION", "ap-east-1")),
            "AKIDWEST ap-east-1",
        ),
        (
            "AWS_ENDPOINT_URL_S3 before AWS_ENDPOINT_URL",
            of(keys(nowhere())
                .with_variable("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
                .with_variable("AWS_ENDPOINT_URL_S3", &url)),
            "AKIDWEST us-east-1",
        ),
        ("the default profile", of(at(files(nowhere()))), "AKIDFILE eu-north-1"),
        (
            "keys of the environment, region of the file",
            of(at(keys(files(nowhere())))),
            "AKIDWEST eu-north-1",
        ),
        ("AWS_PROFILE", of(files(nowhere()).with_variable("AWS_PROFILE", "east")), "AKIDEAST us-east-2"),
        (
            "AWS_PROFILE beside keys",
            of(keys(files(nowhere())).with_variable("AWS_PROFILE", "east")),
            "AKIDWEST us-east-2",
        ),
        ("a profile in code", of(keys(files(nowhere()))).profile("east"), "AKIDEAST us-east-2"),
        ("a profile with services", of(files(nowhere())).profile("services"), "AKIDWEST sa-east-1"),
        (
            "code before the environment before the file",
            of(files(nowhere()).with_variable("AWS_REGION", "ap-south-1"))
                .profile("east")
                .region("eu-west-3"),
            "AKIDEAST eu-west-3",
        ),
        (
            "files elsewhere",
            of(at(nowhere())
                .with_variable("AWS_CONFIG_FILE", "/etc/aws.ini")
                .with_file("/etc/aws.ini", "[default]\nregion = me-south-1\n")
                .with_variable("AWS_SHARED_CREDENTIALS_FILE", "/etc/keys.ini")
                .with_file("/etc/keys.ini", CREDENTIALS)),
            "AKIDFILE me-south-1",
        ),
    ];
    for (what, session, expected) in cases {
        let session = session.build().unwrap_or_else(|error| panic!("{what}: {error}"));
        let before = server.requests().len();
        list(&session.s3().bucket("west-bucket"));
        assert_eq!((seen(&server).as_str(), server.requests().len() - before), (expected, 1), "{what}");
    }
}

#[test]
fn west_and_east_and_an_override_live_side_by_side() {
    let folder = sample_folder();
    let server = S3Server::start(folder.path(), &KEYS);
    let session = |key, secret, region: &str| {
        let session = Session::builder().host(nowhere()).endpoint_url(server.url());
        session.keys(key, secret).region(region).build().unwrap()
    };
    let west = session("AKIDWEST", "west secret", "us-west-2");
    let east = session("AKIDEAST", "east secret", "us-east-1");
    let elsewhere = west.with_region("eu-central-1");
    let mut keys = Arguments::default();
    (keys.access_key_id, keys.secret_access_key) = (Some("AKIDFILE".into()), Some("file secret".into()));
    let somebody = west.with(keys);
    // In both orders: none of them has anything of another.
    let sessions = [
        (&west, "AKIDWEST us-west-2"),
        (&east, "AKIDEAST us-east-1"),
        (&elsewhere, "AKIDWEST eu-central-1"),
        (&somebody, "AKIDFILE us-west-2"),
    ];
    for &(session, expected) in sessions.iter().chain(sessions.iter().rev()) {
        list(&session.clone().s3().bucket("west-bucket"));
        assert_eq!(seen(&server), expected);
    }
    let buckets: Vec<_> = sessions.iter().map(|(session, _)| session.s3().bucket("west-bucket")).collect();
    for (bucket, (_, expected)) in buckets.iter().zip(sessions) {
        list(bucket);
        assert_eq!(seen(&server), expected, "a bucket stays with its session");
    }
    assert_eq!(west.region().unwrap().as_deref(), Some("us-west-2"));
    assert_eq!(west.profile().unwrap(), "default");
}

#[test]
fn each_service_has_its_own_endpoint() {
    let folder = sample_folder();
    let (s3, sqs) = (S3Server::start(folder.path(), &KEYS), SqsServer::start(&KEYS));
    let host = nowhere()
        .with_variable("AWS_ENDPOINT_URL_S3", s3.url())
        .with_variable("AWS_ENDPOINT_URL_SQS", sqs.url())
        .with_variable("AWS_ENDPOINT_URL_STS", sqs.url())
        .with_variable("AWS_ACCESS_KEY_ID", "AKIDWEST")
        .with_variable("AWS_SECRET_ACCESS_KEY", "west secret")
        .with_variable("AWS_REGION", "us-west-2");
    let session = Session::builder().host(host).build().unwrap();
    list(&session.s3().bucket("west-bucket"));
    session.sqs().create_queue("jobs").unwrap();
    session.sts_client().get_caller_identity(GetCallerIdentity::new()).unwrap();
    assert_eq!((s3.requests().len(), sqs.requests().len()), (1, 2));
    let endpoints =
        [session.s3_client().endpoint_url().unwrap(), session.sqs_client().endpoint_url().unwrap()];
    assert_eq!(endpoints, [s3.url(), sqs.url()]);
}

#[test]
fn a_session_stays_with_its_profile() {
    let host =
        nowhere().with_variable("HOME", "/h").with_file("/h/.aws/config", "[default]\n[profile east]\n");
    let session = Session::builder().host(host).profile("east").build().unwrap();
    for (profile, fits) in [("east", true), (" ", true), ("default", false)] {
        let mut arguments = Arguments::default();
        arguments.profile = Some(profile.into());
        let again = session.with(arguments);
        assert_eq!(again.config().is_ok(), fits, "{profile}");
        if !fits {
            let error = again.s3_client().list_buckets(ListBuckets::new()).unwrap_err();
            assert_eq!(
                error.to_string(),
                "ListBuckets: a session of profile \"east\" cannot become one of \"default\": build one"
            );
        }
    }
}

#[test]
fn fips_in_a_region_is_a_switch() {
    for (region, signed, endpoint) in [
        ("fips-us-east-1", "us-east-1", "https://s3-fips.us-east-1.amazonaws.com"),
        ("us-west-2-fips", "us-west-2", "https://s3-fips.us-west-2.amazonaws.com"),
        ("us-west-2", "us-west-2", "https://s3.us-west-2.amazonaws.com"),
        ("aws-global", "us-east-1", "https://s3.amazonaws.com"),
    ] {
        let client = Session::builder().host(nowhere()).region(region).build().unwrap().s3_client();
        assert_eq!(client.region().unwrap(), signed);
        assert_eq!(client.endpoint_url().unwrap(), endpoint);
    }
}

/// Says yes to everything and keeps the bodies that it was sent.
#[derive(Clone, Debug, Default)]
struct Yes(Arc<Mutex<Vec<String>>>);

impl Transport for Yes {
    fn send(&self, _: &Head<'_>, body: &mut dyn Read) -> Result<Answer, Broken> {
        let mut text = String::new();
        body.read_to_string(&mut text).unwrap();
        self.0.lock().unwrap().push(text);
        Ok(Answer::new(200, Vec::new(), Box::new(std::io::empty())))
    }
}

#[test]
fn a_bucket_of_us_east_1_is_created_without_a_constraint() {
    let yes = Yes::default();
    for region in ["us-east-1", "aws-global", "fips-us-east-1", "eu-west-1"] {
        let session = Session::builder().host(nowhere()).keys("A", "S").transport(yes.clone());
        session.region(region).build().unwrap().s3().bucket("b-1").create().unwrap();
    }
    let bodies = yes.0.lock().unwrap();
    let constrained: Vec<_> = bodies.iter().map(|body| body.contains("LocationConstraint")).collect();
    assert_eq!(constrained, [false, false, false, true], "{bodies:?}");
}

/// The signatures are those of botocore 1.43's `generate_presigned_url`.
#[test]
fn presigned_urls_of_sts_say_everything_as_botocores_do() {
    let host = nowhere().with_now(Time::parse_stamp(b"20150830T123600Z").unwrap());
    let session = Session::builder().host(host).keys("AKID", "SECRET").region("us-west-2").build().unwrap();
    let sts = session.sts_client();
    let tags = [Tag::new("k", "v&w")];
    let assume = AssumeRole::new("arn:aws:iam::123456789012:role/a b", "xy").tags(&tags);
    let minute = Duration::from_secs(60);
    for (presigned, said, signature) in [
        (
            sts.presign(&GetCallerIdentity::new(), minute).unwrap(),
            "Action=GetCallerIdentity&Version=2011-06-15",
            "8785b48057ad9c43aff81732bb4dad44a7044754363e2a831a45522a50e6106d",
        ),
        (
            sts.presign(&assume, minute).unwrap(),
            "Action=AssumeRole&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fa%20b&RoleSessionName=xy&\
             Tags.member.1.Key=k&Tags.member.1.Value=v%26w&Version=2011-06-15",
            "283a7110fe53e7932979378b22d2620fab5b933d438152042bae1ad9d1dacf9b",
        ),
    ] {
        assert_eq!((presigned.method, presigned.headers.as_slice()), ("POST", &[][..]));
        assert_eq!(presigned.body, None);
        let query = presigned.url.strip_prefix("https://sts.us-west-2.amazonaws.com/?").unwrap();
        let (mut own, proof): (Vec<_>, Vec<_>) =
            query.split('&').partition(|pair| !pair.starts_with("X-Amz-"));
        own.sort_unstable();
        assert_eq!(own.join("&"), said);
        assert!(proof.contains(&"X-Amz-SignedHeaders=host"), "{proof:?}");
        assert!(proof.contains(&format!("X-Amz-Signature={signature}").as_str()), "{proof:?}");
    }
}

/// botocore cannot presign a body, so it is `aws-sigv4` that says what is right.
#[test]
fn presigned_urls_of_sqs_come_with_the_body_and_the_headers_that_they_are_for() {
    let time = Time::parse_stamp(b"20150830T123600Z").unwrap();
    let host = nowhere().with_now(time);
    let session = Session::builder().host(host).keys("AKID", "SECRET").region("us-west-2").build().unwrap();
    let minute = Duration::from_secs(60);
    let presigned = session.sqs_client().presign(&CreateQueue::new("jobs"), minute).unwrap();
    let body = presigned.body.unwrap();
    assert_eq!(body, br#"{"QueueName":"jobs"}"#);
    assert!(presigned.headers.contains(&("x-amz-target".into(), "AmazonSQS.CreateQueue".into())));

    let (url, _) = presigned.url.split_once('?').unwrap();
    let mut settings = SigningSettings::default();
    settings.signature_location = SignatureLocation::QueryParams;
    settings.expires_in = Some(minute);
    let identity = Credentials::new("AKID", "SECRET", None, None, "test").into();
    let parameters = aws_sigv4::sign::v4::SigningParams::builder().identity(&identity).settings(settings);
    let parameters = parameters.name("sqs").region("us-west-2");
    let now = SystemTime::UNIX_EPOCH + time.duration_since(Time::from_seconds(0));
    let parameters = parameters.time(now).build().unwrap().into();
    let headers = presigned.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let request = SignableRequest::new("POST", url, headers, SignableBody::Bytes(&body)).unwrap();
    let (_, signature) = aws_sigv4::http_request::sign(request, &parameters).unwrap().into_parts();
    assert!(presigned.url.contains(&format!("X-Amz-Signature={signature}")), "{}", presigned.url);
}

#[test]
fn only_what_was_signed_comes_with_a_presigned_url() {
    let session = Session::builder().host(nowhere()).keys("A", "S").region("us-west-2").build().unwrap();
    let put = PutObject::new("b", "k").body(b"whatever").content_type("text/plain");
    let presigned = session.s3_client().presign(&put, Duration::from_secs(60)).unwrap();
    assert_eq!(presigned.body, None, "S3's say nothing of the body");
}

/// Runs a test again in a process of its own.
#[test]
#[expect(clippy::disallowed_methods, reason = "the default session is that of the process")]
fn a_default_session_that_failed_is_made_again() {
    const CHILD: &str = "TUCUXI_TEST_CHILD_AGAIN";
    if let Some(file) = std::env::var_os(CHILD) {
        let error = tucuxi::s3_client().region().unwrap_err();
        assert_eq!(error.config_kind(), Some(ConfigErrorKind::UnknownProfile));
        std::fs::write(file, "[profile late]\nregion = eu-west-3\n").unwrap();
        assert_eq!(tucuxi::s3_client().region().unwrap(), "eu-west-3");
        return;
    }
    let folder = sample_folder();
    let file = folder.path().join("config");
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_default_session_that_failed_is_made_again"])
        .env_clear()
        .env(CHILD, &file)
        .env("AWS_CONFIG_FILE", &file)
        .env("AWS_PROFILE", "late")
        .output()
        .unwrap();
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stdout));
}

/// Runs this test again in a process of its own, whose environment is that of the test.
#[test]
#[expect(clippy::disallowed_methods, reason = "the default session is that of the process")]
fn the_default_session_is_that_of_the_environment() {
    const CHILD: &str = "TUCUXI_TEST_CHILD";
    if std::env::var_os(CHILD).is_some() {
        list(&tucuxi::s3().bucket("west-bucket"));
        let client = tucuxi::client::<tucuxi::service::S3>();
        assert_eq!(client.region().unwrap(), tucuxi::s3_client().region().unwrap());
        tucuxi::sqs().create_queue("jobs").unwrap();
        tucuxi::sqs_client().list_queues(tucuxi::sqs::input::ListQueues::new()).unwrap();
        tucuxi::set_default_session(tucuxi::default_session().with_region("eu-west-1"));
        list(&tucuxi::s3().bucket("west-bucket"));
        return;
    }
    let folder = sample_folder();
    let (s3, sqs) = (S3Server::start(folder.path(), &KEYS), SqsServer::start(&KEYS));
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "the_default_session_is_that_of_the_environment"])
        .env_clear()
        .env(CHILD, "1")
        .env("HOME", folder.path())
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_ACCESS_KEY_ID", "AKIDWEST")
        .env("AWS_SECRET_ACCESS_KEY", "west secret")
        .env("AWS_REGION", "us-west-2")
        .env("AWS_ENDPOINT_URL", s3.url())
        .env("AWS_ENDPOINT_URL_SQS", sqs.url())
        .output()
        .unwrap();
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stdout));
    let regions: Vec<_> = s3.requests().into_iter().map(|asked| asked.region.unwrap()).collect();
    assert_eq!((regions, sqs.requests().len()), (vec!["us-west-2".to_owned(), "eu-west-1".to_owned()], 2));
}
