//! What is signed in advance: URLs and forms, used by somebody who has never heard of AWS.

use std::time::Duration;

use tucuxi::Client;
use tucuxi::Time;
use tucuxi::host::Host as _;
use tucuxi::host::System;
use tucuxi::s3::S3;
use tucuxi::s3::input::GetObject;
use tucuxi::s3::input::PutObject;
use tucuxi::s3::post::Condition;
use tucuxi::service;
use tucuxi_test_support::S3Server;
use tucuxi_test_support::TempDir;
use tucuxi_test_support::sample_folder;
use tucuxi_tests::WEST;
use tucuxi_tests::form::multipart;
use tucuxi_tests::west;

struct World {
    server: S3Server,
    s3: S3,
    client: Client<service::S3>,
    _folder: TempDir,
}

fn world() -> World {
    let folder = sample_folder();
    let server = S3Server::start(folder.path(), &[WEST]);
    let session = west(&server.url()).build().unwrap();
    World { server, s3: session.s3(), client: session.s3_client(), _folder: folder }
}

#[test]
fn presigned_urls_work_for_whoever_has_them() {
    let world = world();
    let hour = Duration::from_secs(3600);
    let get = world.client.presign(&GetObject::new("west-bucket", "hello world.txt"), hour).unwrap();
    assert_eq!((get.method, get.headers.len()), ("GET", 0));
    let text = ureq::get(&get.url).call().unwrap().body_mut().read_to_string().unwrap();
    assert_eq!(text, "hello world.txt\n");
    let other = get.url.replace("hello%20world", "hello");
    assert!(matches!(ureq::get(&other).call(), Err(ureq::Error::StatusCode(403))), "it is for one object");

    let put = PutObject::new("west-bucket", "up+load").content_type("text/plain");
    let put = world.client.presign(&put, hour).unwrap();
    assert_eq!(
        (put.method, &put.headers[..]),
        ("PUT", &[("content-type".to_owned(), "text/plain".to_owned())][..])
    );
    let mut request = ureq::put(&put.url);
    for (name, value) in &put.headers {
        request = request.header(name, value);
    }
    assert_eq!(request.send("from elsewhere").unwrap().status(), 200);
    let got = world.s3.object("west-bucket", "up+load").get().unwrap();
    assert_eq!(
        (got.content_type.as_deref(), got.body.text().unwrap().as_str()),
        (Some("text/plain"), "from elsewhere")
    );
    let seen: Vec<_> = world.server.requests().iter().filter_map(|asked| asked.access_key.clone()).collect();
    assert_eq!(seen, [WEST.0; 4]);
}

#[test]
fn presigned_urls_want_the_headers_that_were_signed() {
    let world = world();
    let metadata = [("colour", "blue")];
    let put = PutObject::new("west-bucket", "k").content_type("text/plain").metadata(&metadata);
    let link = world.client.presign(&put, Duration::from_secs(60)).unwrap();
    let names: Vec<_> = link.headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["content-type", "x-amz-meta-colour"]);
    let sent = |headers: &[(String, String)]| {
        let start = ureq::put(&link.url);
        let request = headers.iter().fold(start, |request, (name, value)| request.header(name, value));
        match request.send("hello") {
            Ok(response) => response.status().as_u16(),
            Err(ureq::Error::StatusCode(status)) => status,
            Err(other) => panic!("{other}"),
        }
    };
    assert_eq!(sent(&link.headers), 200);
    for nth in 0..link.headers.len() {
        let mut less = link.headers.clone();
        less.remove(nth);
        assert_eq!(sent(&less), 403, "without {}", names[nth]);
        let mut other = link.headers.clone();
        other[nth].1 += "x";
        assert_eq!(sent(&other), 403, "with another {}", names[nth]);
    }
}

#[test]
fn what_is_presigned_ends_with_the_credentials_if_they_end_first() {
    let now = Time::parse_stamp(b"20260101T120000Z").unwrap();
    let later = |seconds| now.saturating_add(Duration::from_secs(seconds));
    let (hour, get) = (Duration::from_secs(3600), GetObject::new("west-bucket", "hello.txt"));
    for (expiry, expected) in [(None, 3_600), (Some(7_200), 3_600), (Some(60), 60)] {
        let session = west("http://127.0.0.1:1").clock(move || now);
        let session = expiry.map_or(session, |seconds| {
            west("http://127.0.0.1:1").clock(move || now).credential_expiration(later(seconds))
        });
        let session = session.build().unwrap();
        let link = session.s3_client().presign(&get, hour).unwrap();
        // What was asked for stands in the URL: credentials can be asked nothing.
        assert!(link.url.contains("&X-Amz-Expires=3600&"), "{}", link.url);
        let post = session.s3().object("west-bucket", "k").presign_post(hour).unwrap();
        assert_eq!((link.expires, post.expires), (later(expected), later(expected)));
    }
}

/// What became of a form with these fields, a file behind them.
fn posted(url: &str, fields: &[(String, String)], file: &[u8]) -> u16 {
    let (kind, body) = multipart(fields, "a picture.png", file);
    match ureq::post(url).header("content-type", kind).send(&body) {
        Ok(response) => response.status().as_u16(),
        Err(ureq::Error::StatusCode(status)) => status,
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn signed_forms_upload_what_they_allow() {
    let world = world();
    let conditions = [
        Condition::exact("success_action_status", "201"),
        Condition::starts_with("Content-Type", "image/"),
        Condition::starts_with("x-amz-meta-who", ""),
        Condition::content_length_range(2, 10),
    ];
    let object = world.s3.object("west-bucket", "user/\u{e9} \"ada\"/+.png");
    let given = [("success_action_status", "201"), ("x-amz-meta-who", "ad\u{e1}")];
    let post = object
        .presign_post_with(Duration::from_secs(60), |policy| policy.fields(&given).conditions(&conditions))
        .unwrap();
    assert_eq!(post.url, format!("{}/west-bucket", world.server.url()));
    assert!(world.server.requests().is_empty(), "nothing is sent to sign");
    let count = || world.s3.bucket("west-bucket").objects().into_iter().count();
    let before = count();
    let with = |name: &str, value: &str| {
        let mut fields = post.fields.clone();
        match fields.iter_mut().find(|(other, _)| other == name) {
            Some(field) => value.clone_into(&mut field.1),
            None => fields.push((name.to_owned(), value.to_owned())),
        }
        fields
    };
    let png = with("Content-Type", "image/png");
    assert_eq!(posted(&post.url, &png, b"picture"), 201);
    let got = object.get().unwrap();
    assert_eq!(
        (got.content_type.as_deref(), got.body.bytes().unwrap()),
        (Some("image/png"), b"picture".to_vec())
    );

    for (why, fields, file) in [
        ("too short", &png, &b"p"[..]),
        ("too long", &png, b"eleven byte"),
        ("another type", &with("Content-Type", "text/plain"), b"picture"),
        ("no type", &post.fields, b"picture"),
        ("another key", &with("key", "other"), b"picture"),
        ("another signature", &with("x-amz-signature", &"0".repeat(64)), b"picture"),
        ("another field", &[&png[..], &[("acl".into(), "public-read".into())]].concat(), b"picture"),
    ] {
        let status = posted(&post.url, fields, file);
        assert!((400..500).contains(&status), "{why}: {status}");
    }
    let late = west(&world.server.url()).clock(|| System.now().saturating_sub(Duration::from_secs(61)));
    let late =
        late.build().unwrap().s3().object("west-bucket", "k").presign_post(Duration::from_secs(60)).unwrap();
    assert_eq!(posted(&late.url, &late.fields, b"picture"), 403, "it has expired");
    assert_eq!(count(), before + 1, "nothing else came in");
}

/// The server of these tests does not put the file's name there, so the sender does, as it may.
#[test]
fn signed_forms_for_any_name_take_keys_that_begin_so() {
    let world = world();
    let post =
        world.s3.object("west-bucket", "user/${filename}").presign_post(Duration::from_secs(60)).unwrap();
    assert_eq!(post.fields[0], ("key".into(), "user/${filename}".into()));
    let mut fields = post.fields.clone();
    fields[0].1 = "user/a picture.png".into();
    assert_eq!(posted(&post.url, &fields, b"picture"), 204);
    let got = world.s3.object("west-bucket", "user/a picture.png").get().unwrap();
    assert_eq!(got.body.bytes().unwrap(), b"picture");
    fields[0].1 = "other/a picture.png".into();
    assert!((400..500).contains(&posted(&post.url, &fields, b"picture")));
}
