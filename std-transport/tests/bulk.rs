//! URLs that are presigned in bulk are those that are presigned one by one.
//!
//! A width of lanes that this processor lacks is listed as ignored: it was not run.

use std::time::Duration;

use libtest_mimic::Arguments;
use libtest_mimic::Failed;
use libtest_mimic::Trial;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use tucuxi::Session;
use tucuxi::bulk::Engine;
use tucuxi::bulk::Presigner;
use tucuxi::host::Fake;
use tucuxi::s3::input::GetObject;
use tucuxi::s3::input::PutObject;
use tucuxi::sts::input::GetCallerIdentity;
use tucuxi_core::endpoint::ENDPOINT_ROOM;
use tucuxi_core::endpoint::Endpoint;
use tucuxi_core::endpoint::Place;
use tucuxi_core::request::Method;
use tucuxi_core::request::Pair;
use tucuxi_core::request::Raw;
use tucuxi_core::sigv4::Credentials;
use tucuxi_core::sigv4::Expires;
use tucuxi_core::sigv4::Payload;
use tucuxi_core::sigv4::Rules;
use tucuxi_core::sigv4::Signer;
use tucuxi_core::sigv4::SigningKey;
use tucuxi_core::sink::Sink;
use tucuxi_core::time::Time;
use tucuxi_core::uri::Url;
use tucuxi_core::wire;

fn main() {
    let mut trials = vec![
        Trial::test("a_client_presigns_all_as_it_presigns_one", a_client_presigns_all_as_it_presigns_one),
        Trial::test("what_holds_for_all_is_each_ones_error", what_holds_for_all_is_each_ones_error),
        Trial::test("services_that_hash_bodies_are_presigned_one_by_one", others_are_presigned_one_by_one),
        Trial::test("urls_are_given_once", urls_are_given_once),
        Trial::test("debug_shows_no_url", debug_shows_no_url),
    ];
    for (width, name) in [
        (1, "one_lane_makes_the_urls_of_single_presigning"),
        (2, "two_lanes_make_the_urls_of_single_presigning"),
        (16, "sixteen_lanes_make_the_urls_of_single_presigning"),
    ] {
        let engine = Engine::all().find(|engine| engine.width() == width);
        let trial =
            Trial::test(name, move || engine.map_or_else(|| Err("not run".into()), in_bulk_is_one_by_one));
        trials.push(trial.with_ignored_flag(engine.is_none()));
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

#[derive(Default)]
struct Text(Vec<u8>);

impl Sink for Text {
    fn put(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }
}

/// A request, and which of the endpoints it goes to.
type Asked = (String, Option<String>, Method, usize);

/// Random requests of all kinds, many of them plain ones that go where the last one went.
fn asked() -> impl Strategy<Value = Vec<Asked>> {
    let path = prop_oneof![
        4 => "[a-z0-9/._~-]{0,70}",
        1 => "[ -~&&[^#?]]{0,20}",
        1 => "(%[0-9a-fA-F]{2}|[./]|\\PC){0,8}".prop_map(|path| path.replace(['#', '?'], "")),
        1 => "[a-z]{180,260}",
    ];
    let query = prop_oneof![
        5 => Just(String::new()),
        1 => "\\?[a-z=&%~]{0,30}",
        1 => Just("?X-Amz-Date=1&a=b".to_owned()),
        1 => Just("?zz&versionId=3".to_owned()),
    ];
    let header = prop_oneof![4 => Just(None), 1 => "[!-~][ -~]{0,30}".prop_map(Some)];
    let method = prop_oneof![4 => Just(Method::Get), 1 => Just(Method::Put), 1 => Just(Method::Delete)];
    let one = (path, query, header, method, prop_oneof![3 => Just(0_usize), 1 => 0_usize..6]).prop_map(
        |(path, query, header, method, at)| (format!("https://h/{path}{query}"), header, method, at),
    );
    prop::collection::vec(one, 0..150)
}

fn in_bulk_is_one_by_one(engine: Engine) -> Result<(), Failed> {
    let config = ProptestConfig { cases: 96, failure_persistence: None, ..Default::default() };
    let token = prop_oneof![2 => Just(None), 1 => "[A-Za-z0-9/+=]{1,400}".prop_map(Some)];
    let rules = prop_oneof![3 => Just(Rules::S3), 1 => Just(Rules::OTHERS)];
    let payload = prop_oneof![3 => Just(Payload::Unsigned), 1 => Just(Payload::Body)];
    let region = prop_oneof![2 => Just("us-east-1".to_owned()), 1 => "[a-z]{1,63}"];
    let all = (asked(), token, (rules, payload, region), 0_i64..4_000_000_000, 1..=Expires::MAX);
    TestRunner::new(config)
        .run(&all, |(asked, token, (rules, payload, region), seconds, expires)| {
            let credentials = Credentials::new("AKIDEXAMPLE", "wJalr").with_token(token.as_deref());
            let now = Time::from_seconds(seconds);
            let key = SigningKey::derive(&credentials, now, &region, "s3");
            let signer = Signer::new(&credentials, &key, rules);
            let expires = Expires::from_seconds(expires).unwrap();
            let url = Url::parse("http://localhost:9000/some/where").unwrap();
            let odd = Url::parse("http://localhost:9000/some%2Fwhere/./x").unwrap();
            let mut rooms = [[0; ENDPOINT_ROOM]; 3];
            let [virtual_host, path, odd_path] = &mut rooms;
            let place = Place::new(&region);
            // that they are signed with a key for another region is for the servers to refuse
            let endpoints = [
                Endpoint::new(true, "logs.s3.amazonaws.com", "s3", &region),
                Endpoint::new(false, "h:1 \r", "s3", &region),
                Endpoint::new(true, "logs.s3.amazonaws.com", "s3", "elsewhere"),
                place.s3("logs", virtual_host).unwrap_or_else(|_| Endpoint::new(true, "a", "s3", &region)),
                place.url(Some(url)).s3("logs", path).unwrap(),
                place.url(Some(odd)).s3("logs", odd_path).unwrap(),
            ];
            let mut presigner = Presigner::new(&signer, now, payload, expires).unwrap().engine(engine);
            let (mut expected, mut last) = (Vec::new(), None);
            for (url, header, method, at) in &asked {
                let mut pairs = [Pair::EMPTY; 40];
                let Ok(mut raw) = Raw::from_url(url, &mut pairs) else { continue };
                raw.method(*method);
                if let Some(header) = header {
                    raw.header("X-Amz-Meta-A", header);
                }
                let Ok(request) = raw.finish() else { continue };
                if last.replace(*at) != Some(*at) {
                    presigner.endpoint(endpoints[*at]);
                }
                presigner.add(&request);
                let signed = signer.presign(&request, endpoints[*at], now, payload, expires);
                let mut text = Text::default();
                wire::url(&signed, &mut text);
                expected.push(String::from_utf8(text.0).unwrap());
            }
            let got: Vec<_> = presigner.urls().map(str::to_owned).collect();
            prop_assert_eq!(got, expected);
            Ok(())
        })
        .map_err(|complaint| complaint.to_string().into())
}

fn session() -> Session {
    let host = Fake::new()
        .with_variable("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
        .with_variable("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI")
        .with_variable("AWS_SESSION_TOKEN", "to/ken==")
        .with_now(Time::from_seconds(1_440_938_160));
    Session::builder().host(host).region("eu-central-1").build().unwrap()
}

fn check<T: PartialEq + std::fmt::Debug>(got: T, expected: T) -> Result<(), Failed> {
    if got == expected { Ok(()) } else { Err(format!("{got:?}, not {expected:?}").into()) }
}

/// All that is to be known of a presigned URL, or why there is none.
fn known(presigned: tucuxi::Result<tucuxi::Presigned>) -> String {
    match presigned {
        Ok(it) => format!("{} {} {:?} {:?} {}", it.method, it.url, it.headers, it.body, it.expires.seconds()),
        Err(error) => format!("{error:?}"),
    }
}

fn a_client_presigns_all_as_it_presigns_one() -> Result<(), Failed> {
    let s3 = session().s3_client();
    let hour = Duration::from_secs(3600);
    let keys: Vec<_> =
        (0..700).map(|n| if n % 9 == 4 { String::new() } else { format!("2026/b c/{n}") }).collect();
    let bucket = |n: usize| ["logs", "photos", "My_Old.Bucket", "..", "no bucket"][n / 50 % 5];
    let gets = || keys.iter().enumerate().map(|(n, key)| GetObject::new(bucket(n), key));
    let all = s3.presign_all(gets(), hour);
    check(all.size_hint(), (700, Some(700)))?;
    let all: Vec<_> = all.map(known).collect();
    check(all, gets().map(|get| known(s3.presign(&get, hour))).collect())?;

    let puts = || keys.iter().take(20).map(|key| PutObject::new("logs", key).content_type("text/plain"));
    let all: Vec<_> = s3.presign_all(puts(), hour).map(known).collect();
    check(all, puts().map(|put| known(s3.presign(&put, hour))).collect())
}

fn what_holds_for_all_is_each_ones_error() -> Result<(), Failed> {
    let s3 = session().s3_client();
    let gets = || ["a", "b"].map(|key| GetObject::new("logs", key));
    let nobody = Session::builder().host(Fake::new()).region("eu-central-1").build().unwrap().s3_client();
    for (client, lasts) in [(&s3, 0), (&s3, 604_801), (&nobody, 60)] {
        let lasts = Duration::from_secs(lasts);
        let all: Vec<_> = client.presign_all(gets(), lasts).map(known).collect();
        check(all.iter().all(|one| one.contains("GetObject")), true)?;
        check(all, gets().map(|get| known(client.presign(&get, lasts))).to_vec())?;
    }
    Ok(())
}

fn others_are_presigned_one_by_one() -> Result<(), Failed> {
    let sts = session().sts_client();
    let minute = Duration::from_secs(60);
    let all: Vec<_> = sts.presign_all([GetCallerIdentity::new()], minute).map(known).collect();
    check(all, vec![known(sts.presign(&GetCallerIdentity::new(), minute))])
}

/// Hands a presigner, and the only request that it will be given.
fn with_presigner(go: impl FnOnce(Presigner<'_>, &tucuxi_core::request::Request<'_>)) {
    let credentials = Credentials::new("AKIDEXAMPLE", "wJalr");
    let key = SigningKey::derive(&credentials, Time::from_seconds(0), "r", "s3");
    let signer = Signer::new(&credentials, &key, Rules::S3);
    let expires = Expires::from_seconds(1).unwrap();
    let mut presigner = Presigner::new(&signer, Time::from_seconds(0), Payload::Unsigned, expires).unwrap();
    presigner.endpoint(Endpoint::new(true, "h", "s3", "r"));
    let mut pairs = [Pair::EMPTY; 1];
    go(presigner, &Raw::from_url("https://h/a", &mut pairs).unwrap().finish().unwrap());
}

fn urls_are_given_once() -> Result<(), Failed> {
    let mut counts = Vec::new();
    with_presigner(|mut presigner, request| {
        for count in [0, 1, 0, 63, 64, 65, 130, 0] {
            (0..count).for_each(|_| presigner.add(request));
            counts.push((count, presigner.urls().count(), presigner.urls().count()));
        }
        // those of one that was not looked at are gone as well
        presigner.add(request);
        drop(presigner.urls());
        presigner.add(request);
        counts.push((1, presigner.urls().count(), presigner.urls().count()));
    });
    counts.into_iter().try_for_each(|(count, first, second)| check((first, second), (count, 0)))
}

fn debug_shows_no_url() -> Result<(), Failed> {
    let mut shown = String::new();
    with_presigner(|mut presigner, request| {
        (0..64).for_each(|_| presigner.add(request));
        shown = format!("{presigner:?}");
    });
    check(&*shown, "Presigner { batch: Batch { urls: 64, .. }, .. }")
}
