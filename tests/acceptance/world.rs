//! The server, and what is sent to it.

use std::cell::Cell;
use std::cell::RefCell;
use std::io::BufRead as _;
use std::io::BufReader;
use std::io::Read as _;
use std::io::Write as _;
use std::net::TcpStream;

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use proptest::test_runner::TestCaseResult;
use proptest::test_runner::TestRunner;
use tucuxi::host::Host as _;
use tucuxi::host::System;
use tucuxi_core::aws_chunked::Encoder;
use tucuxi_core::aws_chunked::Framing;
use tucuxi_core::endpoint::ENDPOINT_ROOM;
use tucuxi_core::endpoint::Endpoint;
use tucuxi_core::endpoint::Place;
use tucuxi_core::post::Condition;
use tucuxi_core::post::Policy;
use tucuxi_core::request::Body;
use tucuxi_core::request::Method;
use tucuxi_core::request::Pair;
use tucuxi_core::sigv4::Credentials;
use tucuxi_core::sigv4::Expires;
use tucuxi_core::sigv4::Payload;
use tucuxi_core::sigv4::Rules;
use tucuxi_core::sigv4::Signer;
use tucuxi_core::sigv4::SigningKey;
use tucuxi_core::sink::Recite as _;
use tucuxi_core::sink::Sink;
use tucuxi_core::time::Time;
use tucuxi_core::uri::Url;
use tucuxi_core::wire;
use tucuxi_test_support::S3Server;
use tucuxi_test_support::TempDir;
use tucuxi_tests::WEST;
use tucuxi_tests::form::multipart;

use crate::asked::Asked;
use crate::asked::Posted;
use crate::asked::deep;
use crate::asked::stored_key;

const REGION: &str = "us-west-2";
pub(crate) const BUCKET: &str = "bucket";

/// An object that is there, and what it holds.
pub(crate) const THERE: (&str, &[u8]) = ("there", b"0123456789");

/// A server, and a connection to it that stays.
pub(crate) struct World {
    folder: TempDir,
    server: S3Server,
    connection: RefCell<BufReader<TcpStream>>,
    sent: Cell<u32>,
    /// How many of them were sent with a wrong signature first.
    forged: Cell<u32>,
}

impl World {
    pub(crate) fn new() -> Self {
        let folder = TempDir::new();
        std::fs::create_dir(folder.path().join(BUCKET)).unwrap();
        std::fs::write(folder.path().join(BUCKET).join(THERE.0), THERE.1).unwrap();
        let server = S3Server::start(folder.path(), &[WEST]);
        let stream = TcpStream::connect(server.url().trim_start_matches("http://")).unwrap();
        // Else each waits for the acknowledgement of the one before.
        stream.set_nodelay(true).unwrap();
        let connection = RefCell::new(BufReader::new(stream));
        Self { folder, server, connection, sent: Cell::new(0), forged: Cell::new(0) }
    }

    /// So many requests, one after the other.
    pub(crate) fn run<S: Strategy>(&self, cases: u32, strategy: S, ask: impl Fn(S::Value) -> TestCaseResult) {
        let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
        if let Err(failed) = TestRunner::new(config).run(&strategy, ask) {
            panic!("{failed}");
        }
        assert_eq!(self.sent.get(), cases);
        let refused = self.server.requests().iter().filter(|request| request.status == Some(403)).count();
        assert_eq!(u32::try_from(refused).unwrap(), self.forged.get());
        assert!(self.forged.get() >= cases / 100, "{} of {cases}", self.forged.get());
    }

    /// Signs and sends a request, in headers or in the query, and sees that it was done.
    pub(crate) fn ask(
        &self,
        asked: &Asked,
        payload: Payload<'_>,
        expires: Option<Expires>,
    ) -> TestCaseResult {
        let nth = self.sent.replace(self.sent.get() + 1);
        let key = match asked.method {
            Method::Put => stored_key(nth, &asked.key),
            Method::Delete => deep(nth.to_string() + &asked.key),
            _ => asked.key.clone(),
        };
        let there = key == THERE.0;
        let mut room = [Pair::EMPTY; 16];
        let mut draft = asked.draft(&key, &mut room);
        draft.body(Body::Bytes(&asked.body));
        let request = draft.finish().unwrap();

        let (text, signature) = self.signing(|signer, endpoint, now| {
            let signed = match expires {
                None => signer.sign(&request, endpoint, now, payload),
                Some(expires) => signer.presign(&request, endpoint, now, payload, expires),
            };
            let length = u64::try_from(asked.body.len()).unwrap();
            let mut text = Text(Vec::new());
            wire::head(&signed, &[], Some(length), &mut text);
            text.put(&asked.body);
            (text.0, signed.signature().to_owned())
        });
        let (status, head, body) = self.exchange(nth, asked.method, &text, &signature)?;
        match asked.method {
            Method::Put => {
                prop_assert_eq!(status, 200, "{}{}", head, body);
                let stored = std::fs::read(self.folder.path().join(BUCKET).join(&key)).unwrap();
                prop_assert_eq!(&stored, &asked.body);
            }
            Method::Delete => prop_assert_eq!(status, 204, "{}{}", head, body),
            _ => {
                prop_assert_eq!(status, if there { 200 } else { 404 }, "{}{}", head, body);
                let whole = body.as_bytes() == THERE.1 || asked.method == Method::Head;
                prop_assert!(whole || body.contains("<Code>NoSuchKey</Code>"), "{}", body);
            }
        }
        Ok(())
    }

    /// Signs a request and sends its body in chunks, and sees that it was stored.
    pub(crate) fn stream(&self, asked: &Asked, framing: Framing<'_>) -> TestCaseResult {
        let nth = self.sent.replace(self.sent.get() + 1);
        let key = stored_key(nth, &asked.key);
        let mut room = [Pair::EMPTY; 16];
        let mut draft = asked.draft(&key, &mut room);
        framing.declare(&mut draft);
        let request = draft.finish().unwrap();
        let (text, signature) = self.signing(|signer, endpoint, now| {
            let signed = signer.sign(&request, endpoint, now, Payload::Literal(framing.content_sha256()));
            let mut text = Text(Vec::new());
            wire::head(&signed, &[], framing.content_length(), &mut text);
            let head = text.0.len();
            let mut encoder = Encoder::new(&signed, framing).unwrap();
            let mut rest = &asked.body[..];
            while encoder.chunk_length() > 0 {
                let (data, later) = rest.split_at(usize::try_from(encoder.chunk_length()).unwrap());
                for piece in encoder.frame(data).unwrap().pieces() {
                    text.put(piece);
                }
                rest = later;
            }
            encoder.finish().unwrap().recite(&mut text);
            assert_eq!(Some(u64::try_from(text.0.len() - head).unwrap()), framing.content_length());
            (text.0, signed.signature().to_owned())
        });
        let (status, head, body) = self.exchange(nth, Method::Put, &text, &signature)?;
        prop_assert_eq!(status, 200, "{}{}", head, body);
        let stored = std::fs::read(self.folder.path().join(BUCKET).join(&key)).unwrap();
        prop_assert!(stored == asked.body, "other data is stored");
        Ok(())
    }

    /// Uploads by a form, and sees that the file is there.
    pub(crate) fn post(&self, posted: &Posted) -> TestCaseResult {
        let nth = self.sent.replace(self.sent.get() + 1);
        let key = stored_key(nth, &posted.key);
        let half =
            |text: &'_ str| text.chars().take(text.chars().count() / 2).map(char::len_utf8).sum::<usize>();
        let length = u64::try_from(posted.body.len()).unwrap();
        let mut conditions = vec![Condition::content_length_range(length / 2, length)];
        let mut fields = Vec::new();
        for (name, value, way) in &posted.fields {
            fields.push((*name, value.as_str()));
            conditions.push(match *way {
                "exact" => Condition::exact(name, value),
                "eq" => Condition::Eq { field: name, value },
                "starts-with" => Condition::starts_with(name, &value[..half(value)]),
                _ => Condition::starts_with(name, ""),
            });
        }
        let policy = Policy::new(BUCKET, &key).fields(&fields).conditions(&conditions);
        let (text, signature) = self.signing(|signer, endpoint, now| {
            let form = policy.sign(signer, endpoint, now, Expires::from_seconds(60).unwrap()).unwrap();
            let text = |write: &dyn Fn(&mut dyn Sink)| {
                let mut text = Text(Vec::new());
                write(&mut text);
                String::from_utf8(text.0).unwrap()
            };
            let fields =
                form.fields().map(|field| (field.name().to_owned(), text(&|to| field.write_value(to))));
            let (kind, body) = multipart(&fields.collect::<Vec<_>>(), "f", &posted.body);
            let url = text(&|to| form.write_url(to));
            let (host, target) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
            let line = format!("POST /{target} HTTP/1.1\r\nhost: {host}\r\n");
            let head = format!("{line}content-type: {kind}\r\ncontent-length: {}\r\n\r\n", body.len());
            ([head.into_bytes(), body].concat(), form.signature().to_owned())
        });
        let (status, head, body) = self.exchange(nth, Method::Post, &text, &signature)?;
        prop_assert_eq!(status, 204, "{}{}", head, body);
        let stored = std::fs::read(self.folder.path().join(BUCKET).join(&key)).unwrap();
        prop_assert_eq!(&stored, &posted.body);
        Ok(())
    }

    /// What comes of signing at the present time, for the bucket of the server.
    fn signing<T>(&self, sign: impl FnOnce(&Signer<'_>, Endpoint<'_>, Time) -> T) -> T {
        let url = self.server.url();
        let mut room = [0; ENDPOINT_ROOM];
        let place = Place::new(REGION).url(Some(Url::parse(&url).unwrap()));
        let endpoint = place.s3(BUCKET, &mut room).unwrap();
        let (credentials, now) = (Credentials::new(WEST.0, WEST.1), System.now());
        let key = SigningKey::derive(&credentials, now, REGION, "s3");
        sign(&Signer::new(&credentials, &key, Rules::S3), endpoint, now)
    }

    /// The reply to a request, which is now and then sent with a wrong signature first.
    fn exchange(
        &self,
        nth: u32,
        method: Method,
        text: &[u8],
        signature: &str,
    ) -> Result<(u16, String, String), TestCaseError> {
        // Of a long one the server would not read the rest.
        if nth.is_multiple_of(50) && text.len() < 4_096 {
            self.forged.update(|count| count + 1);
            let (status, _, body) = self.send(method, &forged(text, signature));
            prop_assert_eq!(status, 403, "{}", body);
        }
        Ok(self.send(method, text))
    }

    /// The status, the head and the body of the reply to a request.
    fn send(&self, method: Method, request: &[u8]) -> (u16, String, String) {
        let mut connection = self.connection.borrow_mut();
        connection.get_mut().write_all(request).unwrap();
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(connection.read_line(&mut head).unwrap(), 0, "the connection stays");
        }
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let header = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
        let mut body = Vec::new();
        if method != Method::Head && status != 204 {
            match header("content-length:") {
                Some(length) => {
                    body.resize(length.parse().unwrap(), 0);
                    connection.read_exact(&mut body).unwrap();
                }
                None => {
                    assert_eq!(header("transfer-encoding:"), Some("chunked"), "{head}");
                    loop {
                        let mut line = String::new();
                        connection.read_line(&mut line).unwrap();
                        let length = usize::from_str_radix(line.trim(), 16).unwrap();
                        let at = body.len();
                        body.resize(at + length + 2, 0);
                        connection.read_exact(&mut body[at..]).unwrap();
                        body.truncate(at + length);
                        if length == 0 {
                            break;
                        }
                    }
                }
            }
        }
        (status, head, String::from_utf8_lossy(&body).into_owned())
    }
}

/// The same request with another last digit of the signature.
fn forged(text: &[u8], signature: &str) -> Vec<u8> {
    let at = text.windows(64).position(|part| part == signature.as_bytes()).unwrap() + 63;
    let mut text = text.to_vec();
    text[at] = if text[at] == b'0' { b'1' } else { b'0' };
    text
}

struct Text(Vec<u8>);

impl Sink for Text {
    fn put(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }
}
