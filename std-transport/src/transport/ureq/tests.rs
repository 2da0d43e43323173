//! The transport against servers that do exactly what a test says. What TLS adds is in `secure`.

#[cfg(feature = "rustls")]
mod secure;
mod server;

use std::io;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use self::server::{Server, answering, is_visited};
use super::{UreqTransport, is_near};
use crate::host::Fake;
use crate::transport::{Answer, Broken, BrokenKind, Head, Sent, Transport};

const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

fn transport() -> UreqTransport {
    UreqTransport::new().direct()
}

/// A request to 127.0.0.1 with no body and no other header than `host`.
fn head(method: &'static str, port: u16, target: &'static str) -> Head<'static> {
    Head {
        method,
        https: false,
        host: "127.0.0.1",
        port,
        target,
        headers: &[("host", "bucket.example")],
        fresh: false,
        content_length: None,
        connect_timeout: Duration::from_secs(5),
        read_timeout: Duration::from_secs(5),
    }
}

fn send(transport: &UreqTransport, head: Head<'_>) -> Result<Answer, Broken> {
    transport.send(&head, &mut io::empty())
}

fn text(answer: Answer) -> io::Result<String> {
    io::read_to_string(answer.body)
}

/// The reply to a `GET` over a connection that ends after `reply`.
fn reply_to(method: &'static str, reply: &'static [u8]) -> Result<Answer, Broken> {
    let server = answering(1, reply);
    let answer = send(&transport(), head(method, server.port, "/"));
    server.join();
    answer
}

#[expect(clippy::disallowed_methods, reason = "these tests are about time")]
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let done = work();
    (done, start.elapsed())
}

#[test]
fn targets_go_out_byte_for_byte() {
    const TARGETS: &[&str] = &[
        "/",
        "//x",
        "/a/../b",
        "/a/./b//c/",
        "/%2f%2F%41",
        "/it's(1)!*~-_.",
        "/a+b%20c",
        "/?acl",
        "/?acl=",
        "/k?list-type=2&prefix=a%2Fb&x==&&y=%27'",
        "/:colon@at;semi,comma=eq$dollar",
    ];
    let server = answering(TARGETS.len(), OK);
    let transport = transport();
    for target in TARGETS {
        assert_eq!(text(send(&transport, head("GET", server.port, target)).unwrap()).unwrap(), "ok");
    }
    let heads = server.join().remove(0);
    for (head, target) in heads.iter().zip(TARGETS) {
        assert_eq!(*head, format!("GET {target} HTTP/1.1\r\nhost: bucket.example\r\n\r\n"));
    }
}

#[test]
fn headers_go_out_as_given_and_no_others() {
    let server = answering(1, OK);
    let headers = &[
        ("x-amz-date", "20150830T123600Z"),
        ("host", "bucket.s3.us-east-1.amazonaws.com"),
        ("authorization", "AWS4-HMAC-SHA256 Credential=AKID/scope, Signature=00"),
        ("accept", "text/plain"),
        ("x-amz-meta-b", "two  spaces, caf\u{e9}"),
        ("x-amz-meta-a", ""),
        ("zz", "1"),
        ("zz", "2"),
    ];
    send(&transport(), Head { headers, ..head("GET", server.port, "/k") }).unwrap();
    let expected: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    assert_eq!(server.join(), [[format!("GET /k HTTP/1.1\r\n{expected}\r\n")]]);
}

#[test]
fn content_length_is_there_when_it_is_due() {
    struct Case(&'static str, Option<u64>, &'static [(&'static str, &'static str)], &'static str);
    const BARE: &[(&str, &str)] = &[("host", "h")];
    const GIVEN: &[(&str, &str)] = &[("host", "h"), ("content-length", "3")];
    const EMPTY: &[(&str, &str)] = &[("host", "h"), ("content-length", "0")];
    for Case(method, content_length, headers, line) in [
        Case("GET", None, BARE, ""),
        Case("HEAD", None, BARE, ""),
        Case("DELETE", None, BARE, ""),
        Case("PUT", None, BARE, "content-length: 0\r\n"),
        Case("POST", None, BARE, "content-length: 0\r\n"),
        Case("PUT", Some(0), BARE, "content-length: 0\r\n"),
        Case("PUT", Some(0), EMPTY, "content-length: 0\r\n"),
        Case("PUT", Some(3), BARE, "content-length: 3\r\n"),
        Case("PUT", Some(3), GIVEN, "content-length: 3\r\n"),
        Case("POST", Some(3), GIVEN, "content-length: 3\r\n"),
        Case("DELETE", Some(3), GIVEN, "content-length: 3\r\n"),
    ] {
        let server = Server::new(1, |mut peer, _| {
            let request = peer.request();
            peer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            request
        });
        let request = Head { headers, content_length, ..head(method, server.port, "/") };
        transport().send(&request, &mut &b"abcdef"[..]).unwrap();
        let seen = server.join().remove(0);
        assert_eq!(seen.head, format!("{method} / HTTP/1.1\r\nhost: h\r\n{line}\r\n"));
        assert_eq!(seen.body.len() as u64, content_length.unwrap_or(0), "{method}");
    }
}

#[test]
fn a_request_that_would_go_out_otherwise_is_refused() {
    let base = head("GET", 1, "/");
    let host = ("host", "h");
    let table = [
        Head { method: "PATCH", ..base },
        Head { method: "get", ..base },
        Head { method: "HEAD", content_length: Some(1), ..base },
        Head { target: "", ..base },
        Head { target: "a", ..base },
        Head { target: "?acl", ..base },
        Head { target: "@evil.example/", ..base },
        Head { target: "/a#b", ..base },
        Head { target: "/a b", ..base },
        Head { target: "/a\r\nx: y", ..base },
        Head { host: "user@127.0.0.1", ..base },
        Head { host: "127.0.0.1/a", ..base },
        Head { host: "", ..base },
        Head { headers: &[], ..base },
        Head { headers: &[host, host], ..base },
        Head { headers: &[host, ("a b", "c")], ..base },
        Head { headers: &[host, ("a", "b\r\nc: d")], ..base },
        Head { headers: &[host, ("a", "b\0")], ..base },
        Head { headers: &[host, ("transfer-encoding", "chunked")], ..base },
        Head { headers: &[host, ("content-length", "1")], ..base },
        Head { headers: &[host, ("content-length", "+1")], content_length: Some(1), ..base },
        Head {
            headers: &[host, ("content-length", "1"), ("content-length", "1")],
            content_length: Some(1),
            ..base
        },
    ];
    for head in table {
        let broken = transport().send(&head, &mut io::empty()).unwrap_err();
        assert_eq!(
            (broken.kind, broken.sent),
            (BrokenKind::Request, Sent::No),
            "{head:?} {:?}",
            head.headers
        );
    }
}

#[test]
fn redirects_are_answers_and_nobody_follows_them() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
    let there = elsewhere.local_addr().unwrap();
    for status in [301, 302, 303, 307, 308] {
        for method in ["GET", "PUT", "POST"] {
            let reply =
                format!("HTTP/1.1 {status} Go\r\nLocation: http://{there}/\r\nContent-Length: 4\r\n\r\ngone");
            let server = Server::new(1, move |mut peer, _| {
                peer.request();
                peer.write(reply.as_bytes());
            });
            let answer = send(&transport(), head(method, server.port, "/")).unwrap();
            assert_eq!(answer.status, status);
            assert_eq!(answer.header("location"), Some(format!("http://{there}/").as_str()));
            assert_eq!(text(answer).unwrap(), "gone");
            server.join();
        }
    }
    assert!(!is_visited(&elsewhere));
}

#[test]
fn errors_of_the_service_are_answers() {
    for (reply, status) in [
        (&b"HTTP/1.1 404 Not Found\r\nX-Amz-Request-Id: 7\r\nContent-Length: 3\r\n\r\nwhy"[..], 404),
        (b"HTTP/1.1 500 Oh\r\nx-amz-request-id: 7\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nwhy\r\n0\r\n\r\n", 500),
        // A 503 of a proxy on the way may well have no length.
        (b"HTTP/1.1 503 Slow Down\r\nX-AMZ-REQUEST-ID: 7\r\nConnection: close\r\n\r\nwhy", 503),
    ] {
        let answer = reply_to("GET", reply).unwrap();
        assert_eq!((answer.status, answer.header("x-amz-request-id")), (status, Some("7")));
        assert_eq!(text(answer).unwrap(), "why");
    }
}

#[test]
fn replies_without_a_body_need_no_length() {
    for (method, reply) in [
        ("HEAD", &b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"[..]),
        ("HEAD", b"HTTP/1.1 200 OK\r\n\r\n"),
        ("DELETE", b"HTTP/1.1 204 No Content\r\n\r\n"),
        ("GET", b"HTTP/1.1 304 Not Modified\r\n\r\n"),
    ] {
        assert_eq!(text(reply_to(method, reply).unwrap()).unwrap(), "");
    }
}

#[test]
fn interim_replies_are_passed_over() {
    let reply = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    assert_eq!(text(reply_to("GET", reply).unwrap()).unwrap(), "ok");
}

#[test]
fn replies_whose_end_is_in_doubt_are_refused() {
    for reply in [
        &b"HTTP/1.1 200 OK\r\n\r\nbody"[..],
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nbody",
        b"HTTP/1.0 200 OK\r\n\r\nbody",
        b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nbody!",
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\nbody",
        b"HTTP/1.1 200 OK\r\nContent-Length: 4, 4\r\n\r\nbody",
        b"HTTP/1.1 200 OK\r\nContent-Length: -4\r\n\r\nbody",
        b"HTTP/1.1 200 OK\r\nContent-Length: +4\r\n\r\nbody",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nbody",
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nA: b\r\n c\r\n\r\nbody",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
        b"HTTP/2 200 OK\r\nContent-Length: 0\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
    ] {
        let broken = reply_to("GET", reply).unwrap_err();
        let seen = (broken.kind, broken.sent, broken.stale);
        assert_eq!(seen, (BrokenKind::Protocol, Sent::Maybe, false), "{}", reply.escape_ascii());
    }
}

#[test]
fn heads_without_measure_are_refused() {
    let long = format!("HTTP/1.1 200 OK\r\nx-long: {}\r\n\r\n", "a".repeat(65 * 1024));
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "x-many: a\r\n".repeat(200));
    for reply in [long, many] {
        let server = Server::new(1, move |mut peer, _| {
            peer.head();
            peer.write(reply.as_bytes());
        });
        let broken = send(&transport(), head("GET", server.port, "/")).unwrap_err();
        assert_eq!(broken.kind, BrokenKind::Protocol);
        server.join();
    }
}

#[test]
fn a_body_cut_short_is_an_error_and_stays_one() {
    for reply in [
        &b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nbody"[..],
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbo",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0",
    ] {
        let mut answer = reply_to("GET", reply).unwrap();
        let mut body = Vec::new();
        for _ in 0..2 {
            let error = answer.body.read_to_end(&mut body).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof, "{}", reply.escape_ascii());
        }
        assert!(b"body".starts_with(&body));
    }
    let mut answer = reply_to("GET", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n").unwrap();
    assert_eq!(answer.body.read(&mut [0]).unwrap_err().kind(), io::ErrorKind::InvalidData);
}

#[test]
fn a_head_cut_short_breaks_the_connection() {
    for reply in [&b""[..], b"HTTP/1.1 200 OK\r\nContent-Le", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"] {
        let broken = reply_to("GET", reply).unwrap_err();
        assert_eq!((broken.kind, broken.sent, broken.stale), (BrokenKind::Reset, Sent::Maybe, false));
    }
}

#[test]
fn one_connection_serves_many_requests() {
    let server = answering(30, OK);
    let transport = transport();
    for _ in 0..30 {
        assert_eq!(text(send(&transport, head("GET", server.port, "/")).unwrap()).unwrap(), "ok");
    }
    assert_eq!(server.join()[0].len(), 30);
}

#[test]
fn a_connection_with_an_unread_body_is_not_used_again() {
    let server = Server::new(2, |mut peer, _| {
        peer.head();
        peer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    });
    let transport = transport();
    drop(send(&transport, head("GET", server.port, "/")).unwrap());
    assert_eq!(text(send(&transport, head("GET", server.port, "/")).unwrap()).unwrap(), "ok");
    server.join();
}

#[test]
fn a_connection_that_ended_while_idle_is_not_used() {
    let (closed, wait) = mpsc::channel();
    let server = Server::new(2, move |mut peer, _| {
        peer.head();
        peer.write(OK);
        drop(peer);
        closed.send(()).unwrap();
    });
    let transport = transport();
    for _ in 0..2 {
        assert_eq!(text(send(&transport, head("GET", server.port, "/")).unwrap()).unwrap(), "ok");
        wait.recv().unwrap();
    }
    server.join();
}

#[test]
fn a_used_connection_that_ends_without_an_answer_is_stale() {
    let server = Server::new(2, |mut peer, nth| {
        peer.head();
        if nth == 0 {
            peer.write(OK);
            peer.head();
        }
    });
    let transport = transport();
    text(send(&transport, head("POST", server.port, "/")).unwrap()).unwrap();
    for stale in [true, false] {
        let broken = send(&transport, head("POST", server.port, "/")).unwrap_err();
        assert_eq!((broken.kind, broken.sent, broken.stale), (BrokenKind::Reset, Sent::Maybe, stale));
    }
    server.join();
}

#[test]
fn a_fresh_connection_is_opened_when_one_is_asked_for() {
    let server = Server::new(2, |mut peer, _| {
        peer.head();
        peer.write(OK);
    });
    let transport = transport();
    text(send(&transport, head("GET", server.port, "/")).unwrap()).unwrap();
    let mut fresh = head("GET", server.port, "/");
    fresh.fresh = true;
    text(send(&transport, fresh).unwrap()).unwrap();
    server.join();
}

#[test]
fn a_refused_connection_has_sent_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let broken = send(&transport(), head("PUT", port, "/")).unwrap_err();
    assert_eq!((broken.kind, broken.sent), (BrokenKind::Connect, Sent::No));
    assert_eq!(broken.source.kind(), io::ErrorKind::ConnectionRefused);
}

#[test]
fn a_host_without_an_address_has_been_sent_nothing() {
    // RFC 6761: names below `invalid` have no address, whatever the resolver.
    let head = Head { host: "bucket.invalid", ..head("GET", 80, "/") };
    let broken = send(&transport(), head).unwrap_err();
    assert!(matches!(broken.kind, BrokenKind::Resolve | BrokenKind::Timeout), "{broken:?}");
    assert_eq!(broken.sent, Sent::No);
}

#[test]
fn names_are_looked_up() {
    let server = answering(1, OK);
    let head = Head { host: "localhost", ..head("GET", server.port, "/") };
    assert_eq!(text(send(&transport(), head).unwrap()).unwrap(), "ok");
    server.join();
}

#[test]
fn silence_ends_with_the_timeout() {
    let quiet = Duration::from_millis(150);
    for reply in [&b""[..], b"HTTP/1.1 200 OK\r\nCont", b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbo"] {
        let server = Server::new(1, move |mut peer, _| {
            peer.head();
            peer.write(reply);
            peer.rest();
        });
        let head = Head { read_timeout: quiet, ..head("GET", server.port, "/") };
        let (outcome, took) = timed(|| match send(&transport(), head) {
            Ok(answer) => text(answer).unwrap_err(),
            Err(broken) => {
                assert_eq!((broken.kind, broken.sent), (BrokenKind::Timeout, Sent::Maybe));
                broken.source
            }
        });
        assert_eq!(outcome.kind(), io::ErrorKind::TimedOut);
        assert!(took >= quiet && took < quiet + Duration::from_millis(350), "{took:?}");
        server.join();
    }
}

#[test]
fn a_head_that_trickles_ends_with_the_timeout() {
    for reply in [&b"x"[..], b"HTTP/1.1 102 Processing\r\n\r\n"] {
        let server = Server::new(1, move |mut peer, _| {
            peer.head();
            let _ = peer.stream.write_all(b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 O");
            while peer.stream.write_all(reply).is_ok() {
                thread::sleep(Duration::from_millis(10));
            }
        });
        let head = Head { read_timeout: Duration::from_millis(150), ..head("GET", server.port, "/") };
        let (outcome, took) = timed(|| send(&transport(), head));
        assert!(matches!(outcome.unwrap_err().kind, BrokenKind::Timeout | BrokenKind::Protocol));
        assert!(took < Duration::from_millis(500), "{took:?}");
        server.join();
    }
}

#[test]
fn trailers_without_end_end_with_the_timeout() {
    let server = Server::new(1, |mut peer, _| {
        peer.head();
        peer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n");
        while peer.stream.write_all(b"a: b\r\n").is_ok() {
            thread::sleep(Duration::from_millis(10));
        }
    });
    let head = Head { read_timeout: Duration::from_millis(150), ..head("GET", server.port, "/") };
    let (outcome, took) = timed(|| text(send(&transport(), head).unwrap()));
    assert_eq!(outcome.unwrap_err().kind(), io::ErrorKind::TimedOut);
    assert!(took < Duration::from_millis(600), "{took:?}");
    server.join();
}

#[test]
fn a_server_that_takes_no_body_ends_with_the_timeout() {
    let (done, wait) = mpsc::channel::<()>();
    let server = Server::new(1, move |mut peer, _| {
        peer.head();
        let _ = wait.recv();
    });
    let length = 64 << 20;
    let head = Head {
        content_length: Some(length),
        read_timeout: Duration::from_millis(150),
        ..head("PUT", server.port, "/")
    };
    let broken = transport().send(&head, &mut io::repeat(7)).unwrap_err();
    assert_eq!((broken.kind, broken.sent), (BrokenKind::Timeout, Sent::Maybe));
    drop(done);
    server.join();
}

#[test]
fn an_upload_streams_exactly_its_length() {
    /// Gives bytes in uneven pieces and goes on for ever.
    struct Uneven(usize);
    impl Read for Uneven {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            self.0 += 1;
            if self.0.is_multiple_of(5) {
                return Err(io::ErrorKind::Interrupted.into());
            }
            let n = buf.len().min(1 + self.0 * 7919 % 50_000);
            buf[..n].fill(b'x');
            Ok(n)
        }
    }
    let length = 8_388_609_u64;
    let server = Server::new(1, |mut peer, _| {
        let put = peer.request();
        peer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        // What comes next is the next request, not a surplus of the body.
        let get = peer.request();
        peer.write(OK);
        (put.body.len() as u64, put.body.iter().all(|byte| *byte == b'x'), get.head)
    });
    let transport = transport();
    let put = Head { content_length: Some(length), ..head("PUT", server.port, "/k") };
    assert_eq!(transport.send(&put, &mut Uneven(0)).unwrap().status, 200);
    assert_eq!(text(send(&transport, head("GET", server.port, "/k")).unwrap()).unwrap(), "ok");
    let (received, whole, next) = server.join().remove(0);
    assert_eq!((received, whole), (length, true));
    assert!(next.starts_with("GET /k HTTP/1.1\r\n"));
}

#[test]
fn a_body_that_is_too_short_or_fails_is_never_a_whole_request() {
    struct Fails;
    impl Read for Fails {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::new(io::ErrorKind::PermissionDenied, "disk"))
        }
    }
    let bodies: [(&mut dyn Read, io::ErrorKind); 2] = [
        (&mut &b"abc"[..], io::ErrorKind::UnexpectedEof),
        (&mut (&b"abc"[..]).chain(Fails), io::ErrorKind::PermissionDenied),
    ];
    for (body, kind) in bodies {
        let server = Server::new(1, |mut peer, _| {
            peer.head();
            peer.rest()
        });
        let head = Head { content_length: Some(4), ..head("PUT", server.port, "/") };
        let broken = transport().send(&head, body).unwrap_err();
        assert_eq!((broken.kind, broken.sent), (BrokenKind::Request, Sent::Maybe));
        assert_eq!(broken.source.kind(), kind);
        assert_eq!(server.join(), [b"abc"]);
    }
}

#[test]
fn an_answer_given_before_the_whole_upload_is_heard() {
    let server = Server::new(2, |mut peer, nth| {
        peer.head();
        if nth == 0 {
            // Closing with unread bytes resets the connection while the client still writes.
            peer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
        } else {
            peer.write(OK);
        }
    });
    let transport = transport();
    let head = |content_length| Head { content_length, ..head("PUT", server.port, "/") };
    let answer = transport.send(&head(Some(64 << 20)), &mut io::repeat(7)).unwrap();
    assert_eq!((answer.status, text(answer).unwrap().as_str()), (403, "no"));
    assert_eq!(send(&transport, head(None)).unwrap().status, 200);
    server.join();
}

#[test]
fn expect_is_the_callers_to_ask_for() {
    let server = Server::new(2, |mut peer, nth| {
        let head = peer.head();
        if nth == 0 {
            peer.write(b"HTTP/1.1 100 Continue\r\n\r\n");
            peer.stream.read_exact(&mut [0; 3]).unwrap();
            peer.write(OK);
        } else {
            peer.write(b"HTTP/1.1 307 Go\r\nLocation: http://b/\r\nContent-Length: 0\r\n\r\n");
            assert_eq!(peer.rest(), b"");
        }
        head
    });
    let transport = transport();
    let headers = &[("host", "h"), ("expect", "100-continue"), ("content-length", "3")];
    let put = Head { headers, content_length: Some(3), ..head("PUT", server.port, "/") };
    // The first reply is left unread, so that the second request goes over another connection.
    assert_eq!(transport.send(&put, &mut &b"abc"[..]).unwrap().status, 200);
    assert_eq!(transport.send(&put, &mut &b"abc"[..]).unwrap().status, 307);
    for head in server.join() {
        assert!(head.contains("\r\nexpect: 100-continue\r\n"));
    }
}

/// Without TCP_QUICKACK each of these takes 40 ms: the server's kernel holds the body back until
/// the head is acknowledged, the client's waits for more before it acknowledges.
#[cfg(target_os = "linux")]
#[test]
fn a_server_that_writes_twice_is_not_waited_for() {
    const GETS: usize = 50;
    let server = Server::new(1, |mut peer, _| {
        for _ in 0..GETS {
            peer.head();
            peer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
            peer.write(b"ok");
        }
    });
    let transport = transport();
    let ((), took) = timed(|| {
        for _ in 0..GETS {
            assert_eq!(text(send(&transport, head("GET", server.port, "/")).unwrap()).unwrap(), "ok");
        }
    });
    assert!(took < Duration::from_secs(1), "{took:?}");
    server.join();
}

#[test]
fn who_reads_no_further_than_the_length_keeps_the_connection() {
    let server = answering(6, OK);
    let transport = transport();
    for nth in 0..5 {
        let mut answer = send(&transport, head("GET", server.port, "/")).unwrap();
        let mut body = [0; 2];
        match nth {
            0 => {
                answer.body.read_exact(&mut body[..1]).unwrap();
                answer.body.read_exact(&mut body[1..]).unwrap();
            }
            _ => answer.body.read_exact(&mut body).unwrap(),
        }
        assert_eq!(&body, b"ok");
    }
    let mut answer = send(&transport, head("GET", server.port, "/")).unwrap();
    answer.body.read_exact(&mut [0; 2]).unwrap();
    assert_eq!(answer.body.read(&mut [0; 2]).unwrap(), 0, "the end is still there to be read");
    assert_eq!(server.join()[0].len(), 6);
}

#[test]
fn an_empty_body_need_not_be_read_to_keep_the_connection() {
    for (method, reply) in [
        ("GET", &b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"[..]),
        ("HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"),
        ("DELETE", b"HTTP/1.1 204 No Content\r\n\r\n"),
        ("GET", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n"),
    ] {
        let server = answering(3, reply);
        let transport = transport();
        for _ in 0..3 {
            drop(send(&transport, head(method, server.port, "/")).unwrap());
        }
        assert_eq!(server.join()[0].len(), 3);
    }
}

#[test]
fn a_proxy_is_asked_to_connect_and_sees_the_name_alone() {
    let server = Server::new(1, |mut peer, _| {
        let connect = peer.head();
        peer.write(b"HTTP/1.1 200 OK\r\n\r\n");
        let request = peer.head();
        peer.write(OK);
        (connect, request)
    });
    let url = format!("http://us%65r:pass@127.0.0.1:{}", server.port);
    let transport = UreqTransport::new().proxy(&url).unwrap();
    let head = Head { host: "bucket.example", ..head("GET", 80, "/k") };
    assert_eq!(text(send(&transport, head).unwrap()).unwrap(), "ok");
    let (connect, request) = server.join().remove(0);
    assert!(connect.starts_with("CONNECT bucket.example:80 HTTP/1.1\r\n"), "{connect}");
    assert!(connect.contains("\r\nproxy-authorization: Basic dXNlcjpwYXNz\r\n"), "{connect}");
    assert_eq!(request, "GET /k HTTP/1.1\r\nhost: bucket.example\r\n\r\n");
    assert_eq!(format!("{transport:?}"), "UreqTransport");
}

#[test]
fn a_proxy_that_refuses_has_passed_nothing_on() {
    let table: [(&'static [u8], BrokenKind); 4] = [
        (&[b'a'; 20_000], BrokenKind::Protocol),
        (b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n", BrokenKind::Connect),
        (b"", BrokenKind::Reset),
        (b"nonsense\r\n\r\n", BrokenKind::Protocol),
    ];
    for (reply, kind) in table {
        let server = Server::new(1, move |mut peer, _| {
            peer.head();
            peer.write(reply);
        });
        let transport = UreqTransport::new().proxy(&format!("http://127.0.0.1:{}", server.port)).unwrap();
        let broken = send(&transport, Head { host: "bucket.example", ..head("PUT", 80, "/") }).unwrap_err();
        assert_eq!((broken.kind, broken.sent), (kind, Sent::No), "{broken:?}");
        server.join();
    }
}

#[test]
fn a_proxy_that_trickles_ends_with_the_time_to_connect() {
    let server = Server::new(1, |mut peer, _| {
        peer.head();
        while peer.stream.write_all(b"x").is_ok() {
            thread::sleep(Duration::from_millis(10));
        }
    });
    let transport = UreqTransport::new().proxy(&format!("http://127.0.0.1:{}", server.port)).unwrap();
    let connect_timeout = Duration::from_millis(150);
    let head = Head { host: "bucket.example", connect_timeout, ..head("PUT", 80, "/") };
    let (outcome, took) = timed(|| send(&transport, head).unwrap_err());
    assert_eq!((outcome.kind, outcome.sent), (BrokenKind::Timeout, Sent::No));
    assert!(took < Duration::from_millis(500), "{took:?}");
    server.join();
}

#[test]
fn near_hosts_are_reached_without_a_proxy() {
    let proxy = TcpListener::bind("127.0.0.1:0").unwrap();
    let transport = UreqTransport::new().proxy(&proxy.local_addr().unwrap().to_string()).unwrap();
    let server = answering(1, OK);
    assert_eq!(text(send(&transport, head("GET", server.port, "/")).unwrap()).unwrap(), "ok");
    server.join();
    assert!(!is_visited(&proxy));

    for near in [
        "127.0.0.1",
        "127.9.9.9",
        "localhost",
        "LOCALHOST.",
        "s3.localhost",
        "169.254.169.254",
        "169.254.170.23",
        "[::1]",
        "[fe80::1]",
        "[fd00:ec2::254]",
        "[::ffff:127.0.0.1]",
    ] {
        assert!(is_near(near), "{near}");
    }
    for far in ["s3.amazonaws.com", "localhost.example", "10.0.0.1", "[fd00::1]", "[2600::1]", ""] {
        assert!(!is_near(far), "{far}");
    }
}

#[test]
fn a_variable_that_is_no_proxy_is_not_gone_around() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let here = listener.local_addr().unwrap();
    for (value, https) in [(format!("socks5://{here}"), false), (format!("gopher://{here}"), true)] {
        let host = Fake::new().with_variable("ALL_PROXY", value).with_variable("NO_PROXY", "near.example");
        let transport = UreqTransport::from_host(&host);
        let head = Head { host: "bucket.example", https, ..head("GET", 80, "/") };
        let broken = send(&transport, head).unwrap_err();
        assert_eq!((broken.kind, broken.sent), (BrokenKind::Request, Sent::No));
        assert_eq!(broken.source.to_string(), "ALL_PROXY is not the url of an http or https proxy");
        // Where no proxy is wanted, it does not matter what it is.
        let agent = transport.agent(&Head { host: "near.example", ..head }).unwrap();
        assert!(std::ptr::eq(agent, &raw const transport.direct));
        let server = answering(1, OK);
        assert!(send(&transport, self::head("GET", server.port, "/")).is_ok());
        server.join();
    }
    assert!(!is_visited(&listener));
}

#[test]
fn a_session_asks_its_host_for_proxies() {
    let server = Server::new(1, |mut peer, _| {
        let connect = peer.head();
        peer.write(b"HTTP/1.1 200 OK\r\n\r\n");
        peer.head();
        peer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
        connect
    });
    let host = Fake::new().with_variable("http_proxy", format!("http://127.0.0.1:{}", server.port));
    let session = crate::Session::builder().host(host).keys("a", "b").region("eu-west-1");
    let session = session.endpoint_url("http://service.example").build().unwrap();
    let who = session.sts_client().get_caller_identity(crate::sts::input::GetCallerIdentity::new());
    assert!(who.is_err(), "that was no answer of STS");
    assert!(server.join()[0].starts_with("CONNECT service.example:80 HTTP/1.1\r\n"));
}

#[test]
fn urls_that_are_no_proxies_are_refused() {
    for url in ["", "socks5://127.0.0.1", "ftp://a", "http://", "http://user:pass@", "a b"] {
        assert!(transport().proxy(url).is_err(), "{url}");
    }
}

#[test]
fn errors_do_not_show_secrets() {
    let server = answering(1, b"HTTP/1.1 200 OK\r\nset-cookie: s3cret\r\n\r\n");
    let headers = &[("host", "h"), ("authorization", "s3cret"), ("x-amz-security-token", "s3cret")];
    let heads = [
        Head { headers, ..head("GET", server.port, "/k?X-Amz-Signature=s3cret") },
        Head { headers, ..head("GET", 1, "/k?X-Amz-Signature=s3cret") },
        Head { headers, ..head("GET", 1, "/k?X-Amz-Signature=s3cret#") },
        Head { headers: &[("host", "h"), ("authorization", "s3cret\n")], ..head("GET", 1, "/") },
        Head { headers: &[("host", "h"), ("s3cret ", "")], ..head("GET", 1, "/") },
        Head { host: "s3cret:s3cret@h", ..head("GET", 1, "/") },
    ];
    for head in heads {
        let broken = send(&transport(), head).unwrap_err();
        let shown = format!("{broken} {broken:?} {} {:?}", broken.source, broken.source);
        assert!(!shown.contains("s3cret"), "{shown}");
    }
    server.join();
}

#[cfg(not(feature = "rustls"))]
#[test]
fn https_is_refused_when_it_is_not_built_in() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let broken = send(&transport(), Head { https: true, ..head("GET", port, "/") }).unwrap_err();
    assert_eq!((broken.kind, broken.sent), (BrokenKind::Request, Sent::No));
    assert!(!is_visited(&listener));
}
