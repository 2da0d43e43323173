//! What a log shows of a request: nothing secret up to `DEBUG`.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Mutex;
use std::thread;

use tucuxi::transport::{Head, Transport, UreqTransport};

struct Lines(Mutex<String>);

static LINES: Lines = Lines(Mutex::new(String::new()));

impl log::Log for Lines {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let line = format!("{} {}\n", record.target(), record.args());
        self.0.lock().unwrap().push_str(&line);
    }

    fn flush(&self) {}
}

#[test]
fn a_log_at_debug_shows_no_secret() {
    log::set_logger(&LINES).unwrap();
    log::set_max_level(log::LevelFilter::Debug);

    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = thread::spawn(move || {
        let (mut client, _) = listener.accept().unwrap();
        let mut seen = Vec::new();
        let mut room = [0; 1024];
        while !seen.ends_with(b"s3cret body") {
            let n = client.read(&mut room).unwrap();
            assert_ne!(n, 0);
            seen.extend(&room[..n]);
        }
        let reply =
            b"HTTP/1.1 200 OK\r\nset-cookie: s3cret\r\nx-amz-s: s3cret\r\nContent-Length: 6\r\n\r\ns3cret";
        client.write_all(reply).unwrap();
    });

    let headers = &[
        ("host", "bucket.example"),
        ("authorization", "AWS4-HMAC-SHA256 s3cret"),
        ("x-amz-security-token", "s3cret"),
        ("x-amz-server-side-encryption-customer-key", "s3cret"),
        ("x-aws-ec2-metadata-token", "s3cret"),
    ];
    let mut head = Head::new("PUT", "127.0.0.1", port, "/k?X-Amz-Signature=s3cret", headers);
    head.https = false;
    head.content_length = Some(11);
    let answer = UreqTransport::new().direct().send(&head, &mut &b"s3cret body"[..]).unwrap();
    assert_eq!(std::io::read_to_string(answer.body).unwrap(), "s3cret");
    server.join().unwrap();

    let lines = LINES.0.lock().unwrap();
    assert!(lines.contains("ureq"), "{lines}");
    assert!(!lines.contains("s3cret"), "{lines}");
}
