//! A server for what no real one does on demand: broken connections, cut replies, errors in a row.
//!
//! It checks nothing and knows no protocol above HTTP/1.1; what goes well is tested against real servers.

use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::net::TcpListener;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::thread;

/// What to do with a connection. Each carries one request.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Act {
    /// Close it without reading.
    Refuse,
    /// Read the request, then close.
    Swallow,
    /// Read the request and answer with this text, then close.
    Reply(String),
}

impl Act {
    /// An answer with a length that is right.
    #[must_use]
    pub fn reply(status: u16, headers: &str, body: &str) -> Self {
        Self::cut(status, headers, body, body.len())
    }

    /// An answer that says that it has `length` bytes.
    #[must_use]
    pub fn cut(status: u16, headers: &str, body: &str, length: usize) -> Self {
        let connection = "connection: close\r\n";
        Self::Reply(format!(
            "HTTP/1.1 {status} Said So\r\n{connection}content-length: {length}\r\n{headers}\r\n{body}"
        ))
    }
}

/// The server. It acts as it was told, and does the last thing for ever.
#[derive(Debug)]
pub struct Scripted {
    url: String,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Scripted {
    /// Starts on 127.0.0.1.
    ///
    /// # Panics
    ///
    /// Where no port is free.
    #[must_use]
    pub fn start(acts: &[Act]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("127.0.0.1 has a free port");
        let url = format!("http://{}", listener.local_addr().expect("a listener has an address"));
        let heads = Arc::new(Mutex::new(Vec::new()));
        let (acts, seen) = (acts.to_vec(), Arc::clone(&heads));
        thread::spawn(move || {
            for (nth, stream) in listener.incoming().enumerate() {
                let act = acts.get(nth).or_else(|| acts.last()).cloned().unwrap_or(Act::Refuse);
                // What the client does about it is what is tested.
                let _ = perform(&act, stream, &seen);
            }
        });
        Self { url, heads }
    }

    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The heads of the requests that were read, in order.
    #[must_use]
    pub fn heads(&self) -> Vec<String> {
        lock(&self.heads).clone()
    }
}

fn perform(act: &Act, stream: std::io::Result<TcpStream>, heads: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let stream = stream?;
    if matches!(act, Act::Refuse) {
        return Ok(());
    }
    let mut reader = BufReader::new(&stream);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line == "\r\n" {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.trim().parse().unwrap_or(0);
        }
        head.push_str(&line);
    }
    std::io::copy(&mut reader.take(length), &mut std::io::sink())?;
    lock(heads).push(head);
    if let Act::Reply(text) = act {
        (&stream).write_all(text.as_bytes())?;
    }
    Ok(())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
