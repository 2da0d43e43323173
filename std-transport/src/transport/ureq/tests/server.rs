//! Servers on 127.0.0.1 that do exactly what a test says, byte for byte.

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Accepts as many connections as there are, one after the other, and runs `script` on each.
pub(super) struct Server<T> {
    pub(super) port: u16,
    thread: JoinHandle<Vec<T>>,
}

impl<T: Send + 'static> Server<T> {
    pub(super) fn new(connections: usize, script: impl Fn(Peer, usize) -> T + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let serve = move || (0..connections).map(|nth| script(Peer::accept(&listener), nth)).collect();
        Self { port, thread: thread::spawn(serve) }
    }

    /// Waits for the end of the script and gives what it returned for each connection.
    pub(super) fn join(self) -> Vec<T> {
        self.thread.join().unwrap()
    }
}

/// A server that answers each request of one connection with the same bytes and keeps the heads.
pub(super) fn answering(requests: usize, reply: &'static [u8]) -> Server<Vec<String>> {
    Server::new(1, move |mut peer, _| {
        let serve = |_| {
            let request = peer.request();
            peer.write(reply);
            request.head
        };
        (0..requests).map(serve).collect()
    })
}

/// Whether anyone has connected to a listener.
pub(super) fn is_visited(listener: &TcpListener) -> bool {
    listener.set_nonblocking(true).unwrap();
    listener.accept().err().map(|error| error.kind()) != Some(ErrorKind::WouldBlock)
}

/// The client, as a server sees it.
pub(super) struct Peer {
    pub(super) stream: TcpStream,
}

pub(super) struct Request {
    pub(super) head: String,
    pub(super) body: Vec<u8>,
}

impl Peer {
    fn accept(listener: &TcpListener) -> Self {
        let (stream, _) = listener.accept().unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        Self { stream }
    }

    /// Reads up to and with the empty line, byte by byte.
    pub(super) fn head(&mut self) -> String {
        head(&mut self.stream)
    }

    /// Reads a request with as much body as its `content-length` says.
    pub(super) fn request(&mut self) -> Request {
        request(&mut self.stream)
    }

    pub(super) fn write(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).unwrap();
    }

    /// Reads to the end, however it comes.
    pub(super) fn rest(&mut self) -> Vec<u8> {
        let mut rest = Vec::new();
        let _ = self.stream.read_to_end(&mut rest);
        rest
    }
}

pub(super) fn head(stream: &mut impl Read) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).unwrap();
        head.extend(byte);
    }
    String::from_utf8(head).unwrap()
}

pub(super) fn request(stream: &mut impl Read) -> Request {
    let head = head(stream);
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
    stream.read_exact(&mut body).unwrap();
    Request { head, body }
}
