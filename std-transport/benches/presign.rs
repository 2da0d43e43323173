//! What a presigned URL costs one by one and in bulk, in one interleaved run.
//!
//! `cargo bench -p tucuxi --features bulk --bench presign` prints medians; a number behind it is how many rounds. The
//! limit is that of one chain: the blocks that one URL needs, times what a block costs in the same run. URLs are
//! complete texts; of those that are presigned one by one, "hashed" stands for the signature alone. What a client does is
//! all of it, from an operation to an owned `Presigned`.

#![expect(clippy::print_stdout, reason = "a benchmark is for its figures")]

use std::hint::black_box;
use std::time::Duration;

use sha2::block_api::compress256;
use tucuxi::Client;
use tucuxi::Session;
use tucuxi::bulk::Engine;
use tucuxi::bulk::Presigner;
use tucuxi::host::Fake;
use tucuxi::s3::input::GetObject;
use tucuxi::service::S3;
use tucuxi_core::endpoint::Endpoint;
use tucuxi_core::request::Pair;
use tucuxi_core::request::Raw;
use tucuxi_core::request::Request;
use tucuxi_core::sigv4::Credentials;
use tucuxi_core::sigv4::Expires;
use tucuxi_core::sigv4::Payload;
use tucuxi_core::sigv4::Rules;
use tucuxi_core::sigv4::Signer;
use tucuxi_core::sigv4::SigningKey;
use tucuxi_core::sink::Count;
use tucuxi_core::sink::Sink;
use tucuxi_core::time::Time;
use tucuxi_core::wire;

const HOST: &str = "my-bucket.s3.us-east-1.amazonaws.com";
const URLS: usize = 512;
/// Blocks a call where one block is measured.
const BLOCKS: usize = 4096;

#[derive(Default)]
struct Text(Vec<u8>);

impl Sink for Text {
    fn put(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }
}

fn main() {
    let rounds = std::env::args().filter_map(|word| word.parse().ok()).next().unwrap_or(301);
    let token = "x".repeat(740);
    for (name, token) in [("presigned GET", None), ("the same with a token of 740 bytes", Some(&*token))] {
        load(name, token, rounds);
    }
}

fn load(name: &str, token: Option<&str>, rounds: usize) {
    let credentials =
        Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY").with_token(token);
    let now = Time::parse_stamp(b"20150830T123600Z").unwrap();
    let key = SigningKey::derive(&credentials, now, "us-east-1", "s3");
    let mut room = [0; 3 * 740];
    let signer = Signer::new(&credentials, &key, Rules::S3).encode_token(&mut room).unwrap();
    let endpoint = Endpoint::new(true, HOST, "s3", "us-east-1");
    let expires = Expires::from_seconds(3600).unwrap();
    let urls: Vec<_> = (0..URLS).map(|n| format!("https://{HOST}/photos/2026/11/image-{n:06}.jpg")).collect();
    let mut pairs = vec![[Pair::EMPTY; 1]; URLS];
    let requests: Vec<Request<'_>> = urls
        .iter()
        .zip(&mut pairs)
        .map(|(url, pairs)| Raw::from_url(url, pairs).unwrap().finish().unwrap())
        .collect();

    let first = signer.presign(&requests[0], endpoint, now, Payload::Unsigned, expires);
    let (mut request, mut string) = (Count::default(), Count::default());
    first.canonical_request(&mut request);
    first.string_to_sign(&mut string);
    // of HMAC, the blocks of the key are kept; its outer hash has one more
    let blocks = [request, string].map(|text| (text.bytes() + 9).div_ceil(64)).iter().sum::<usize>() + 1;

    let client = client(token);
    let keys: Vec<_> = (0..URLS).map(|n| format!("photos/2026/11/image-{n:06}.jpg")).collect();
    let gets = || keys.iter().map(|key| GetObject::new("my-bucket", key));
    let hour = Duration::from_secs(3600);
    let mut text = Text::default();
    let mut names = Vec::new();
    let mut tasks: Vec<(usize, Box<dyn FnMut() + '_>)> = Vec::new();
    let message = vec![[7; 64]; BLOCKS];
    names.push("one block of SHA-256, one chain".to_owned());
    tasks.push((BLOCKS, Box::new(move || compress256(black_box(&mut [0; 8]), black_box(&message)))));
    names.push("one by one, hashed".to_owned());
    tasks.push((
        URLS,
        Box::new(|| {
            for request in &requests {
                black_box(signer.presign(request, endpoint, now, Payload::Unsigned, expires).signature());
            }
        }),
    ));
    names.push("one by one".to_owned());
    tasks.push((
        URLS,
        Box::new(|| {
            for request in &requests {
                text.0.clear();
                wire::url(&signer.presign(request, endpoint, now, Payload::Unsigned, expires), &mut text);
                black_box(&text.0);
            }
        }),
    ));
    for engine in Engine::all() {
        names.push(format!("in bulk, width {}", engine.width()));
        let mut presigner = Presigner::new(&signer, now, Payload::Unsigned, expires).unwrap().engine(engine);
        presigner.endpoint(endpoint);
        let requests = &requests;
        tasks.push((
            URLS,
            Box::new(move || {
                for request in requests {
                    presigner.add(black_box(request));
                }
                presigner.urls().for_each(|url| {
                    black_box(url);
                });
            }),
        ));
    }

    names.push("one by one, by a client".to_owned());
    let one = || gets().for_each(|get| drop(black_box(client.presign(&get, hour).unwrap())));
    tasks.push((URLS, Box::new(one)));
    names.push("in bulk, by a client".to_owned());
    let all = || client.presign_all(gets(), hour).for_each(|url| drop(black_box(url.unwrap())));
    tasks.push((URLS, Box::new(all)));

    let mut nanos: Vec<Vec<f64>> = vec![Vec::new(); tasks.len()];
    for _ in 0..rounds {
        for ((each, task), nanos) in tasks.iter_mut().zip(&mut nanos) {
            task();
            nanos.push(time(task).as_nanos() as f64 / *each as f64);
        }
    }
    let medians: Vec<_> = nanos.iter_mut().map(|nanos| median(nanos)).collect();
    let limit = medians[0] * blocks as f64;
    println!("{name}: {blocks} blocks, limit {limit:.0} ns; {rounds} rounds, medians");
    for (name, nanos) in names.iter().zip(&medians) {
        println!("  {name:34} {nanos:7.1} ns, x {:.2} of the limit", nanos / limit);
    }
}

/// A client of nobody's settings but these.
fn client(token: Option<&str>) -> Client<S3> {
    let mut host = Fake::new()
        .with_variable("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
        .with_variable("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    if let Some(token) = token {
        host = host.with_variable("AWS_SESSION_TOKEN", token);
    }
    Session::builder().host(host).region("us-east-1").build().unwrap().s3_client()
}

#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn time(task: &mut dyn FnMut()) -> Duration {
    let began = std::time::Instant::now();
    task();
    began.elapsed()
}

fn median(numbers: &mut [f64]) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}
