//! What can be wrong with what a program is told: each is an error of a kind, in one sentence, and nothing is
//! sent where there is no point in it.

use std::error::Error as _;
use std::io;
use std::time::Duration;

use tucuxi::Error;
use tucuxi::ErrorKind;
use tucuxi::Result;
use tucuxi::Session;
use tucuxi::SessionBuilder;
use tucuxi::Time;
use tucuxi::host::Fake;
use tucuxi::s3::input::GetObject;
use tucuxi::s3::input::ListBuckets;
use tucuxi::s3::input::PutObject;
use tucuxi::s3::post::Policy;
use tucuxi_test_support::S3Server;
use tucuxi_test_support::sample_folder;
use tucuxi_tests::WEST;
use tucuxi_tests::nowhere;
use tucuxi_tests::west;

/// The sentence and those of its causes.
fn sentences(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text} <- {cause}");
        source = cause.source();
    }
    text
}

fn list_buckets(session: &Session) -> Result<()> {
    session.s3_client().list_buckets(ListBuckets::new()).map(drop)
}

/// A world with a home, and files in it.
fn files(config: &str, credentials: &str) -> Fake {
    nowhere()
        .with_variable("HOME", "/home/ada")
        .with_file("/home/ada/.aws/config", config)
        .with_file("/home/ada/.aws/credentials", credentials)
}

fn of(host: Fake) -> SessionBuilder {
    Session::builder().host(host)
}

#[test]
fn a_session_that_cannot_be_made_says_why() {
    let unreadable = |name: &str| {
        nowhere().with_variable("HOME", "/home/ada").with_unreadable(name, io::ErrorKind::PermissionDenied)
    };
    let not_utf8 =
        nowhere().with_variable("HOME", "/home/ada").with_file("/home/ada/.aws/config", *b"[default]\n\xff");
    for (session, sentence) in [
        (of(nowhere()).profile("nope"), "profile \"nope\", chosen by argument, is in no shared file"),
        (
            of(files("[default]\n", "").with_variable("AWS_PROFILE", "nope")),
            "profile \"nope\", chosen by AWS_PROFILE, is in no shared file",
        ),
        (of(unreadable("/home/ada/.aws/config")), "cannot read ~/.aws/config <- permission denied"),
        (of(unreadable("/home/ada/.aws/credentials")), "cannot read ~/.aws/credentials <- permission denied"),
        (
            of(files("[default]\nregion = a\n[profile \n", "")),
            "malformed line in ~/.aws/config:3: Profile definition must end with ']'",
        ),
        (
            of(files("", "[default]\naws_access_key_id\n")),
            "malformed line in ~/.aws/credentials:2: Expected an '=' sign defining a property",
        ),
        (of(not_utf8), "malformed line in ~/.aws/config:2: Expected UTF-8 text"),
    ] {
        let error = session.build().unwrap_err();
        assert_eq!(sentences(&error), sentence);
        assert_eq!((error.kind(), error.operation(), error.attempts()), (ErrorKind::Config, None, 0));
    }
}

#[test]
fn what_is_wrong_before_sending_is_not_sent() {
    let folder = sample_folder();
    let server = S3Server::start(folder.path(), &[WEST]);
    let url = server.url();
    let at = |host: Fake| of(host).endpoint_url(&url).region("us-west-2");
    let get = |bucket: &'static str, key: &'static str| {
        move |session: &Session| session.s3_client().get_object(GetObject::new(bucket, key)).map(drop)
    };
    let presign = |lasts: u64| {
        move |session: &Session| {
            let get = GetObject::new("west-bucket", "hello.txt");
            session.s3_client().presign(&get, Duration::from_secs(lasts)).map(drop)
        }
    };
    let post = |bucket: &'static str, key: &'static str, lasts: u64| {
        move |session: &Session| {
            session.s3_client().presign_post(&Policy::new(bucket, key), Duration::from_secs(lasts)).map(drop)
        }
    };
    let put = |name: &'static str, value: &'static str| {
        move |session: &Session| {
            let put = PutObject::new("west-bucket", "k");
            session.s3_client().put_object(put.metadata(&[(name, value)])).map(drop)
        }
    };
    type Call<'a> = Box<dyn Fn(&Session) -> Result<()> + 'a>;
    let cases: Vec<(SessionBuilder, Call<'_>, ErrorKind, &str)> = vec![
        (
            at(nowhere()),
            Box::new(list_buckets),
            ErrorKind::Credentials,
            "ListBuckets: no credentials found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or write them \
             into profile \"default\" of ~/.aws/credentials",
        ),
        (
            at(files("[profile east]\n", "[default]\naws_access_key_id = A\naws_secret_access_key = S\n"))
                .profile("east"),
            Box::new(list_buckets),
            ErrorKind::Credentials,
            "ListBuckets: no credentials found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or write them \
             into profile \"east\" of ~/.aws/credentials",
        ),
        (
            at(nowhere().with_variable("AWS_ACCESS_KEY_ID", "A")),
            Box::new(list_buckets),
            ErrorKind::Credentials,
            "ListBuckets: AWS_SECRET_ACCESS_KEY is missing beside AWS_ACCESS_KEY_ID",
        ),
        (
            at(files("", "[default]\naws_secret_access_key = canary\n")),
            Box::new(list_buckets),
            ErrorKind::Credentials,
            "ListBuckets: aws_access_key_id is missing beside aws_secret_access_key (~/.aws/credentials:2)",
        ),
        (
            at(nowhere()).keys("", "canary"),
            Box::new(list_buckets),
            ErrorKind::Credentials,
            "ListBuckets: access_key_id is missing beside secret_access_key (argument)",
        ),
        (
            at(files("[default]\ncredential_process = /bin/keys\n", "")),
            Box::new(list_buckets),
            ErrorKind::Credentials,
            "ListBuckets: profile \"default\" gets its credentials by credential_process (~/.aws/config:2), \
             which is not supported yet",
        ),
        (
            of(nowhere()).endpoint_url(&url).keys("A", "S"),
            Box::new(|session| session.sqs().create_queue("jobs").map(drop)),
            ErrorKind::Config,
            "CreateQueue: SQS needs a region: set AWS_REGION, or write `region` into the profile",
        ),
        (
            west(&url).region("us west/2"),
            Box::new(list_buckets),
            ErrorKind::Config,
            "ListBuckets: region \"us west/2\" from argument is no name of a region",
        ),
        (
            at(nowhere().with_variable("AWS_MAX_ATTEMPTS", "many")).keys("A", "S"),
            Box::new(list_buckets),
            ErrorKind::Config,
            "ListBuckets: max_attempts \"many\" from AWS_MAX_ATTEMPTS is not a number from 1",
        ),
        (
            of(nowhere().with_variable("AWS_ENDPOINT_URL", "ftp://127.0.0.1")).keys("A", "S"),
            Box::new(list_buckets),
            ErrorKind::Config,
            "ListBuckets: the endpoint from AWS_ENDPOINT_URL is no url of an endpoint <- \
             the url starts with neither https:// nor http://",
        ),
        (
            west("http://ada:canary@127.0.0.1"),
            Box::new(list_buckets),
            ErrorKind::Config,
            "ListBuckets: the endpoint from argument is no url of an endpoint <- \
             a user name or password in the url at byte 7",
        ),
        (
            west(&url),
            Box::new(get("west/bucket", "k")),
            ErrorKind::Input,
            "GetObject: \"west/bucket\" is no bucket name: only letters, digits, dots, hyphens and underscores \
             may be in one",
        ),
        (
            west(&url),
            Box::new(get("..", "k")),
            ErrorKind::Input,
            "GetObject: \"..\" is no bucket name: only letters, digits, dots, hyphens and underscores may be in one",
        ),
        (west(&url), Box::new(get("", "k")), ErrorKind::Input, "GetObject: Bucket must not be empty"),
        (west(&url), Box::new(get("west-bucket", "")), ErrorKind::Input, "GetObject: Key must not be empty"),
        (
            west(&url),
            Box::new(|session| {
                session.s3().bucket("a b").objects().into_iter().try_for_each(|object| object.map(drop))
            }),
            ErrorKind::Input,
            "ListObjectsV2: \"a b\" is no bucket name: only letters, digits, dots, hyphens and underscores may be in one",
        ),
        (
            west(&url),
            Box::new(put("colour", "blue\r\nx-amz-acl: public-read")),
            ErrorKind::Input,
            "PutObject: the value of colour holds a character that may not be sent, or no valid time",
        ),
        (
            west(&url),
            Box::new(put("col our", "blue")),
            ErrorKind::Input,
            "PutObject: \"col our\" is no header name",
        ),
        (
            west(&url),
            Box::new(presign(7 * 24 * 3600 + 1)),
            ErrorKind::Input,
            "GetObject: 604801 seconds are more than the 604800 (7 days) that a server takes",
        ),
        (
            west(&url),
            Box::new(presign(0)),
            ErrorKind::Input,
            "GetObject: a signature in advance has to last 1 second at least",
        ),
        (
            west(&url).credential_expiration(Time::from_seconds(0)),
            Box::new(presign(1)),
            ErrorKind::Credentials,
            "GetObject: the credentials expired at 1970-01-01T00:00:00Z",
        ),
        (
            west(&url),
            Box::new(post("bucket", "key", 604_801)),
            ErrorKind::Input,
            "PostObject: 604801 seconds are more than the 604800 (7 days) that a server takes",
        ),
        (
            west(&url).credential_expiration(Time::from_seconds(0)),
            Box::new(post("bucket", "key", 1)),
            ErrorKind::Credentials,
            "PostObject: the credentials expired at 1970-01-01T00:00:00Z",
        ),
        (
            west(&url),
            Box::new(post("bucket", "", 1)),
            ErrorKind::Input,
            "PostObject: a key has 1 to 1024 bytes, not 0",
        ),
        (
            west(&url),
            Box::new(post("a b", "key", 1)),
            ErrorKind::Input,
            "PostObject: \"a b\" is no bucket name: only letters, digits, dots, hyphens and underscores may be in one",
        ),
        (
            of(nowhere()).endpoint_url(&url).anonymous(),
            Box::new(post("bucket", "key", 1)),
            ErrorKind::Credentials,
            "PostObject: an anonymous client cannot presign",
        ),
        (
            of(nowhere()).endpoint_url(&url).anonymous(),
            Box::new(presign(1)),
            ErrorKind::Credentials,
            "GetObject: an anonymous client cannot presign",
        ),
    ];
    for (session, call, kind, sentence) in cases {
        let session = session.build().unwrap();
        let error = call(&session).unwrap_err();
        assert_eq!(sentences(&error), sentence);
        assert_eq!(
            (error.kind(), error.attempts(), error.may_have_taken_effect()),
            (kind, 0, false),
            "{sentence}"
        );
        assert_eq!((error.status(), error.code(), error.why()), (None, None, None), "{sentence}");
        assert_eq!(error.is_credentials(), kind == ErrorKind::Credentials, "{sentence}");
    }
    assert_eq!(server.requests().len(), 0);
    // The longest that there may be is no error.
    let longest = presign(7 * 24 * 3600);
    longest(&west(&url).build().unwrap()).unwrap();
}

#[test]
fn what_the_server_refuses_is_said_in_its_words() {
    let folder = sample_folder();
    let server = S3Server::start(folder.path(), &[WEST]);
    let url = server.url();
    let list = |session: SessionBuilder, bucket: &str| {
        let bucket = session.build().unwrap().s3().bucket(bucket);
        let error = bucket.objects().into_iter().next().unwrap().unwrap_err();
        let id = error.request_id().unwrap_or("none").to_owned();
        (sentences(&error).replace(&id, "ID"), error)
    };
    let (sentence, error) = list(west(&url).keys(WEST.0, "canary"), "west-bucket");
    assert_eq!(sentence, "ListObjectsV2: SignatureDoesNotMatch (status 403, request ID)");
    assert_eq!(
        (error.kind(), error.is_credentials(), error.is_not_found()),
        (ErrorKind::Service, true, false)
    );
    let (sentence, error) = list(west(&url), "no-bucket");
    assert_eq!(sentence, "ListObjectsV2: NoSuchBucket (status 404, request ID)");
    assert_eq!(
        (error.kind(), error.is_credentials(), error.is_not_found()),
        (ErrorKind::Service, false, true)
    );
    drop(server);
    let (sentence, error) = list(west(&url), "west-bucket");
    let host = url.strip_prefix("http://").unwrap();
    let refused = format!("ListObjectsV2: cannot connect ({host}) <- Connection refused");
    assert!(sentence.starts_with(&refused), "{sentence}");
    assert_eq!(
        (error.kind(), error.attempts(), error.may_have_taken_effect()),
        (ErrorKind::Transport, 3, false)
    );
}

#[test]
fn a_default_session_that_cannot_be_made_fails_at_its_first_call() {
    let broken = of(files("[default]\nregion = r\n", "")).build().unwrap().with_region("not one");
    tucuxi::set_default_session(broken);
    let error = tucuxi::s3().buckets().next().unwrap().unwrap_err();
    assert_eq!(sentences(&error), "ListBuckets: region \"not one\" from argument is no name of a region");
}
