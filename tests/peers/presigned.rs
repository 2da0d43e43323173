//! S3's presigned URLs, used by a client that knows nothing of AWS.

use std::io::Read;
use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

use tucuxi::Presigned;
use tucuxi::s3::input;

use crate::Peer;
use crate::checks;
use crate::scratch::ScratchBucket;

pub(crate) const CHECKS: &[(&str, fn(&Peer))] =
    checks![a_presigned_get_reads, a_presigned_put_writes, a_presigned_url_dies_when_changed_or_old,];

fn a_presigned_get_reads(peer: &Peer) {
    let bucket = ScratchBucket::new(&peer.session());
    for key in ["a.txt", "ä +%?&=#/<x>.txt"] {
        bucket.put_object(key, key.as_bytes()).unwrap();
        let get = input::GetObject::new(bucket.name(), key).response_content_type("text/x + y");
        let link = bucket.client().presign(&get, Duration::from_secs(60)).unwrap();
        let (status, head, body) = exchange(&link, b"");
        assert_eq!((status, body.as_slice()), (200, key.as_bytes()), "{key}");
        assert!(head.contains("text/x + y"), "{head}");
    }
}

fn a_presigned_put_writes(peer: &Peer) {
    let bucket = ScratchBucket::new(&peer.session());
    let object = bucket.object("ä +%?&=#.txt");
    let metadata = [("colour", "blue")];
    let put = input::PutObject::new(bucket.name(), object.key()).content_type("text/x-a").metadata(&metadata);
    let link = bucket.client().presign(&put, Duration::from_secs(60)).unwrap();
    assert_eq!(exchange(&link, b"hello").0, 200);
    let got = object.get().unwrap();
    assert_eq!((got.content_type.as_deref(), got.metadata["colour"].as_str()), (Some("text/x-a"), "blue"));
    assert_eq!(got.body.text().unwrap(), "hello");
}

fn a_presigned_url_dies_when_changed_or_old(peer: &Peer) {
    let bucket = ScratchBucket::new(&peer.session());
    for key in ["a", "b"] {
        bucket.put_object(key, b"").unwrap();
    }
    let get = input::GetObject::new(bucket.name(), "a");
    let mut link = bucket.client().presign(&get, Duration::from_secs(60)).unwrap();
    assert_eq!(exchange(&link, b"").0, 200);
    link.url = link.url.replacen("/a?", "/b?", 1);
    assert_eq!(exchange(&link, b"").0, 403);

    let before = peer.session_at(|now| now.saturating_sub(Duration::from_secs(60)));
    let link = before.s3_client().presign(&get, Duration::from_secs(59)).unwrap();
    assert_eq!(exchange(&link, b"").0, 403);
}

/// Does what somebody would who has a link and has never heard of AWS: status, head and body.
fn exchange(link: &Presigned, body: &[u8]) -> (u16, String, Vec<u8>) {
    let (authority, target) = link.url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = TcpStream::connect(authority).unwrap();
    let headers: String = link.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let head = format!(
        "{} /{target} HTTP/1.1\r\nhost: {authority}\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n",
        link.method,
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply).unwrap();
    let end = reply.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap();
    let head = String::from_utf8_lossy(&reply[..end]).into_owned();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, head, reply[end + 4..].to_vec())
}
