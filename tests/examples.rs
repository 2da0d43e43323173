//! The examples, run as programs: what they print, and what a server saw of them.
//!
//! `cargo test --workspace` builds them first; for this package alone, say `cargo build --examples` before.

use std::path::PathBuf;
use std::process::Command;

use tucuxi_test_support::S3Server;
use tucuxi_test_support::SqsServer;
use tucuxi_test_support::TempDir;
use tucuxi_test_support::sample_folder;
use tucuxi_tests::scripted::Act;
use tucuxi_tests::scripted::Scripted;

const KEYS: [(&str, &str); 2] = [("AKIDWEST", "west secret"), ("AKIDEAST", "east secret")];

/// What an example printed, and whether it succeeded.
struct Ran {
    out: String,
    error: String,
    succeeded: bool,
}

/// Runs an example in an environment that holds nothing but what is given.
fn run(example: &str, arguments: &[&str], environment: &[(&str, &str)]) -> Ran {
    let home = TempDir::new();
    let ran = Command::new(built(example))
        .args(arguments)
        .env_clear()
        .env("HOME", home.path())
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { out: text(ran.stdout), error: text(ran.stderr), succeeded: ran.status.success() }
}

/// Where cargo puts examples: beside the folder that this test is in.
fn built(example: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let folder = test.parent().and_then(|deps| deps.parent()).unwrap().join("examples");
    let path = folder.join(example).with_extension(std::env::consts::EXE_EXTENSION);
    assert!(path.exists(), "{} is not built: run `cargo build --examples`", path.display());
    path
}

impl Ran {
    fn ok(self) -> String {
        assert!(self.succeeded, "{}{}", self.out, self.error);
        assert_eq!(self.error, "");
        self.out
    }

    /// The one line of what went wrong.
    fn failed(self) -> String {
        assert!(!self.succeeded, "{}", self.out);
        assert_eq!(self.error.lines().count(), 1, "{}", self.error);
        self.error.trim_end().to_owned()
    }
}

/// `key region path` of each request, the queries left out.
fn seen(requests: &[tucuxi_test_support::Recorded]) -> Vec<String> {
    let seen = |asked: &tucuxi_test_support::Recorded| {
        let (key, region) = (asked.access_key.as_deref().unwrap(), asked.region.as_deref().unwrap());
        format!("{key} {region} {}", asked.path.split('?').next().unwrap())
    };
    requests.iter().map(seen).collect()
}

#[test]
fn a_fresh_clone_lists_two_buckets_in_three_ways() {
    let out = run("list_bucket_contents", &[], &[]).ok();
    let seen: Vec<_> = out.lines().filter_map(|line| line.strip_prefix("  server: ")).collect();
    let listed = |bucket: &str, key: &str, region: &str| {
        format!("GET /{bucket}?encoding-type=url&list-type=2 key={key} region={region} -> 200")
    };
    let west = listed("west-bucket", "AKIDWEST", "us-west-2");
    let east = listed("east-bucket", "AKIDEAST", "us-east-1");
    let overridden = listed("east-bucket", "AKIDWEST", "us-east-1");
    assert_eq!(seen, [&*west, &east, &west, &east, &overridden]);

    // Bucket, date, time, size, key: aligned, and a key may hold blanks.
    let rows: Vec<_> = out
        .lines()
        .filter(|line| line.starts_with("west-bucket ") || line.starts_with("east-bucket "))
        .collect();
    assert_eq!(rows.len(), 8 + 2 + 8 + 2 + 2);
    let at = rows[0].find("1+1=2.txt").unwrap();
    let keys: Vec<_> = rows[..10].iter().map(|row| &row[at..]).collect();
    assert_eq!(keys[..4], ["1+1=2.txt", "100%.txt", "hello world.txt", "hello.txt"]);
    assert_eq!(keys[7..], ["ключ/ünïcode.txt", "hello.txt", "reports/q3.csv"]);
    let words: Vec<_> = rows[2].split_whitespace().collect();
    assert_eq!(
        (words[0], words[1].len(), words[2].len(), &words[3..]),
        ("west-bucket", 10, 8, &["16", "hello", "world.txt"][..])
    );
}

#[test]
fn regions_can_be_said_without_a_server_too() {
    let out = run("list_bucket_contents", &["--region", "eu-west-1", "--region=eu-west-2"], &[]).ok();
    assert!(
        out.contains("key=AKIDWEST region=eu-west-1") && out.contains("key=AKIDWEST region=eu-west-2"),
        "{out}"
    );
    let out = run("list_bucket_contents", &[], &[("AWS_REGION", "ap-south-1")]).ok();
    assert!(
        out.contains("key=AKIDWEST region=ap-south-1") && out.contains("key=AKIDEAST region=us-east-1"),
        "{out}"
    );
}

#[test]
fn a_real_server_needs_no_change() {
    for example in ["list_bucket_contents", "list_bucket_contents_remote"] {
        let folder = sample_folder();
        let server = S3Server::start(folder.path(), &KEYS);
        let url = server.url();
        let west = [("AWS_ACCESS_KEY_ID", "AKIDWEST"), ("AWS_SECRET_ACCESS_KEY", "west secret")];
        let config = folder.path().join("config");
        let profile = format!(
            "[profile east]\nregion = eu-west-3\nendpoint_url = {url}\n\
             aws_access_key_id = AKIDEAST\naws_secret_access_key = east secret\n"
        );
        std::fs::write(&config, profile).unwrap();
        let config = [("AWS_CONFIG_FILE", config.to_str().unwrap())];
        let both = ["--bucket", "west-bucket", "--bucket", "east-bucket"];
        for (what, arguments, environment, key, regions) in [
            (
                "AWS_ENDPOINT_URL and AWS_REGION",
                both.to_vec(),
                [&west[..], &[("AWS_ENDPOINT_URL", &*url), ("AWS_REGION", "ap-south-1")]].concat(),
                "AKIDWEST",
                ["ap-south-1", "ap-south-1"],
            ),
            (
                "--endpoint-url and two regions",
                [&both[..], &["--endpoint-url", &url, "--region", "us-west-1", "--region", "us-east-2"]]
                    .concat(),
                west.to_vec(),
                "AKIDWEST",
                ["us-west-1", "us-east-2"],
            ),
            (
                "AWS_PROFILE before AWS_REGION is said",
                both.to_vec(),
                [&config[..], &[("AWS_PROFILE", "east")]].concat(),
                "AKIDEAST",
                ["eu-west-3", "eu-west-3"],
            ),
            (
                "--profile beside keys",
                [&both[..], &["--profile=east"]].concat(),
                [&config[..], &west].concat(),
                "AKIDEAST",
                ["eu-west-3", "eu-west-3"],
            ),
        ] {
            let before = server.requests().len();
            let out = run(example, &arguments, &environment).ok();
            assert_eq!(out.matches("reports/q3.csv").count(), 3, "{what}: {out}");
            let [one, other] = regions;
            let expected = [(one, "west"), (other, "east"), (one, "west"), (other, "east"), (other, "east")];
            let expected = expected.map(|(region, bucket)| format!("{key} {region} /{bucket}-bucket"));
            assert_eq!(seen(&server.requests()[before..]), expected, "{what}");
        }
        // Without names, the first two buckets of the account.
        let before = server.requests().len();
        let environment = [&west[..], &[("AWS_ENDPOINT_URL_S3", &*url)]].concat();
        run(example, &[], &environment).ok();
        let asked = seen(&server.requests()[before..]);
        assert_eq!(
            (asked.len(), asked[0].as_str(), asked[1].as_str()),
            (6, "AKIDWEST us-east-1 /", "AKIDWEST us-east-1 /east-bucket")
        );
    }
}

#[test]
fn messages_are_sent_and_received() {
    let out = run("send_and_receive", &[], &[]).ok();
    for line in ["sent      one", "received  two & <three>", "received  ключ 🐬", "all deleted"] {
        assert!(out.lines().any(|printed| printed == line), "{line}: {out}");
    }
    assert_eq!(
        out.matches("AmazonSQS.DeleteMessage key=AKIDWEST region=us-west-2 -> 200").count(),
        3,
        "{out}"
    );

    let server = SqsServer::start(&KEYS);
    let environment = [
        ("AWS_ACCESS_KEY_ID", "AKIDEAST"),
        ("AWS_SECRET_ACCESS_KEY", "east secret"),
        ("AWS_ENDPOINT_URL", &*server.url()),
        ("AWS_REGION", "us-east-1"),
    ];
    for _ in 0..2 {
        let out = run("send_and_receive", &["--queue", "jobs"], &environment).ok();
        assert!(out.contains("/123456789012/jobs\n") && out.ends_with("all deleted\n"), "{out}");
    }
    let requests = server.requests();
    assert!(seen(&requests).iter().all(|seen| seen == "AKIDEAST us-east-1 /"), "{requests:?}");
    let created =
        requests.iter().filter(|asked| asked.header("x-amz-target") == Some("AmazonSQS.CreateQueue"));
    assert_eq!(created.count(), 1, "the second time the queue is there");
}

#[test]
fn the_other_examples_print_what_they_are_for() {
    let out = run("custom_transport", &[], &[]).ok();
    assert_eq!(out.lines().count(), 8);
    assert!(out.starts_with("1+1=2.txt\n100%.txt\nhello world.txt\n"), "{out}");
    let out = run("no_std_sign", &[], &[]).ok();
    assert!(
        out.starts_with("PUT /greenhouse/1 HTTP/1.1\r\nhost: readings.s3.eu-central-1.amazonaws.com\r\n"),
        "{out}"
    );
    let authorization = "\r\nauthorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20251125/eu-central-1/";
    assert_eq!((out.matches(authorization).count(), out.matches("\r\n\r\n").count()), (2, 2), "{out}");
    assert!(out.contains("POST / HTTP/1.1\r\nhost: dynamodb.eu-central-1.amazonaws.com\r\n"), "{out}");
    let url = out.lines().last().unwrap();
    let path = "https://readings.s3.eu-central-1.amazonaws.com/greenhouse/1?";
    assert!(url.starts_with(path) && url.contains("&X-Amz-Expires=3600&"), "{url}");
    let out = run("verify_server", &[], &[]).ok();
    let verdicts: Vec<_> = out.lines().map(|line| line.split_at(15).1.trim_start()).collect();
    let signature = "refused: the signature does not match";
    assert_eq!(
        verdicts,
        [
            signature,
            signature,
            signature,
            "refused: nobody here has that access key ID",
            "taken: AKIDEXAMPLE sends \"21.5 C\"",
            "refused: it was taken before",
            "refused: the request was signed too long ago",
        ]
    );
}

#[test]
fn what_goes_wrong_is_one_line_that_says_what_to_do() {
    let folder = sample_folder();
    let server = S3Server::start(folder.path(), &KEYS);
    let sqs = SqsServer::start(&KEYS);
    let url = server.url();
    let elsewhere = Scripted::start(&[Act::reply(301, "x-amz-bucket-region: eu-west-1\r\n", "")]);
    let broken = Scripted::start(&[Act::reply(500, "", "")]);
    let keys = |secret| vec![("AWS_ACCESS_KEY_ID", "AKIDWEST"), ("AWS_SECRET_ACCESS_KEY", secret)];
    let malformed = folder.path().join("malformed");
    std::fs::write(&malformed, "[default]\nregion\n").unwrap();
    let malformed = malformed.to_str().unwrap();
    for (example, arguments, environment, expected) in [
        ("list_bucket_contents", vec!["--buckets", "a"], vec![], "error: --buckets is no flag of this example; --help lists them".to_owned()),
        ("list_bucket_contents", vec!["--bucket"], vec![], "error: --bucket wants a value".into()),
        (
            "list_bucket_contents",
            vec!["--bucket", "none", "--endpoint-url", &url],
            keys("west secret"),
            "error: ListObjectsV2: NoSuchBucket (status 404, request ID); look at the name and the region".into(),
        ),
        (
            "list_bucket_contents",
            vec!["--bucket", "west-bucket", "--endpoint-url", &url],
            keys("canary"),
            "error: ListObjectsV2: SignatureDoesNotMatch (status 403, request ID); look at the access key, its secret and what it may do".into(),
        ),
        (
            "list_bucket_contents_remote",
            vec!["--bucket", "west-bucket"],
            vec![],
            "error: ListObjectsV2: no credentials found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or write them into profile \"default\" of ~/.aws/credentials".into(),
        ),
        (
            "list_bucket_contents",
            vec!["--bucket", "west-bucket", "--endpoint-url", "127.0.0.1:9000"],
            keys("west secret"),
            "error: ListObjectsV2: the endpoint from argument is no url of an endpoint: the url starts with neither https:// nor http://; mend the flag, the variable or the file that it names".into(),
        ),
        (
            "list_bucket_contents",
            vec![],
            vec![("AWS_ACCESS_KEY_ID", "AKIDWEST")],
            "error: AWS_SECRET_ACCESS_KEY is missing beside AWS_ACCESS_KEY_ID; set both halves of the key, or name another --profile".into(),
        ),
        (
            "list_bucket_contents",
            vec![],
            vec![("AWS_CONFIG_FILE", malformed)],
            format!("error: malformed line in {malformed}:2: Expected an '=' sign defining a property; mend the flag, the variable or the file that it names"),
        ),
        (
            "list_bucket_contents",
            vec!["--endpoint-url", "http://127.0.0.1:9"],
            keys("west secret"),
            "error: ListBuckets: cannot connect (127.0.0.1:9): Connection refused; is the server up, and is --endpoint-url or AWS_ENDPOINT_URL right?".into(),
        ),
        (
            "list_bucket_contents",
            vec!["--bucket", "west-bucket", "--endpoint-url", elsewhere.url()],
            keys("west secret"),
            "error: ListObjectsV2: 301: Moved Permanently (status 301); it is in eu-west-1: say --region eu-west-1".into(),
        ),
        (
            "list_bucket_contents",
            vec!["--endpoint-url", broken.url()],
            keys("west secret"),
            "error: ListBuckets: 500: Internal Server Error (status 500, 3 attempts); the server is in trouble: try again later".into(),
        ),
        (
            "send_and_receive",
            vec!["--endpoint-url", &*sqs.url()],
            keys("west secret"),
            "error: GetQueueUrl: SQS needs a region: set AWS_REGION, or write `region` into the profile; mend the flag, the variable or the file that it names".into(),
        ),
    ] {
        let error = run(example, &arguments, &environment).failed();
        assert_eq!(masked(&error), expected, "{example} {arguments:?}");
    }
}

/// The line without what changes: the ID of the request, and the system's number of an error.
fn masked(line: &str) -> String {
    if let Some((before, rest)) = line.split_once(" (os error ") {
        return format!("{before}{}", rest.split_once(')').unwrap().1);
    }
    let Some((before, rest)) = line.split_once(", request ") else { return line.to_owned() };
    let (id, after) = rest.split_once(')').unwrap();
    assert_eq!(id.len(), 36, "{line}");
    format!("{before}, request ID){after}")
}

#[test]
fn help_is_there() {
    for example in ["list_bucket_contents", "list_bucket_contents_remote", "send_and_receive"] {
        let help = run(example, &["--help"], &[]).ok();
        assert!(help.contains("--endpoint-url URL") && help.contains("--profile NAME"), "{help}");
    }
}
