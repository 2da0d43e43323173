//! TLS: who is believed and what a failed handshake says.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::server::{self, Peer, Server, answering};
use super::{OK, head, send, text};
use crate::transport::{Broken, BrokenKind, CaBundleError, Head, Sent, UreqTransport};

/// A certificate authority of the test's own.
struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    fn pem(&self) -> String {
        self.0.pem()
    }

    /// What a server of these names needs; its certificate ends with that year.
    fn server(&self, names: &[&str], last_year: i32) -> Arc<ServerConfig> {
        let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).unwrap();
        params.not_before = date_time_ymd(2000, 1, 1);
        params.not_after = date_time_ymd(last_year, 12, 31);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        let chain = vec![CertificateDer::from(certificate.der().to_vec())];
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config =
            ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        Arc::new(config.with_no_client_auth().with_single_cert(chain, key).unwrap())
    }
}

/// A file that is gone with the test.
struct File(PathBuf);

impl File {
    fn new(text: &str) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let nth = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("tucuxi-ca-{}-{nth}.pem", std::process::id()));
        fs::write(&path, text).unwrap();
        Self(path)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

fn secure(peer: Peer, config: &Arc<ServerConfig>) -> StreamOwned<ServerConnection, std::net::TcpStream> {
    StreamOwned::new(ServerConnection::new(Arc::clone(config)).unwrap(), peer.stream)
}

/// Answers as many requests over each connection as `requests` says and ends without a word.
fn serving(config: Arc<ServerConfig>, connections: usize, requests: usize) -> Server<Vec<String>> {
    Server::new(connections, move |peer, _| {
        let mut stream = secure(peer, &config);
        let mut serve = || {
            let request = server::request(&mut stream);
            stream.write_all(OK).unwrap();
            stream.flush().unwrap();
            request.head
        };
        (0..requests).map(|_| serve()).collect()
    })
}

fn trusting(path: &Path) -> UreqTransport {
    UreqTransport::new().direct().ca_bundle(path)
}

fn get(port: u16) -> Head<'static> {
    Head { https: true, ..head("GET", port, "/k") }
}

/// What comes of speaking TLS to a server that cannot shake hands with us.
fn refused(config: Arc<ServerConfig>, transport: &UreqTransport) -> Broken {
    let server = Server::new(1, move |peer, _| {
        let mut stream = secure(peer, &config);
        stream.write_all(b"").and_then(|()| stream.flush())
    });
    let broken = send(transport, get(server.port)).unwrap_err();
    let _ = server.join();
    broken
}

#[test]
fn a_server_of_the_given_authority_is_believed() {
    let authority = Authority::new();
    let file = File::new(&format!("# a comment\n{}{}", Authority::new().pem(), authority.pem()));
    let server = serving(authority.server(&["127.0.0.1"], 2200), 1, 3);
    let transport = trusting(&file.0);
    for _ in 0..3 {
        assert_eq!(text(send(&transport, get(server.port)).unwrap()).unwrap(), "ok");
    }
    assert_eq!(server.join()[0], ["GET /k HTTP/1.1\r\nhost: bucket.example\r\n\r\n"; 3]);
}

#[test]
fn other_servers_are_not() {
    let authority = Authority::new();
    let file = File::new(&authority.pem());
    let transport = trusting(&file.0);
    for config in [
        Authority::new().server(&["127.0.0.1"], 2200),
        authority.server(&["other.example"], 2200),
        authority.server(&["127.0.0.1"], 2001),
    ] {
        let broken = refused(config, &transport);
        assert_eq!((broken.kind, broken.sent), (BrokenKind::Tls, Sent::No), "{broken:?}");
    }
    let system = UreqTransport::new().direct();
    assert_eq!(refused(authority.server(&["127.0.0.1"], 2200), &system).kind, BrokenKind::Tls);
}

#[test]
fn a_server_without_tls_has_been_sent_nothing() {
    let authority = Authority::new();
    let file = File::new(&authority.pem());
    let table: [(&'static [u8], BrokenKind); 2] = [
        (b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", BrokenKind::Tls),
        (b"", BrokenKind::Reset),
    ];
    for (reply, kind) in table {
        let server = Server::new(1, move |mut peer, _| {
            // Reads the whole of what the client says first, so that closing does not reset.
            let mut header = [0; 5];
            peer.stream.read_exact(&mut header).unwrap();
            let length = u16::from_be_bytes([header[3], header[4]]);
            peer.stream.read_exact(&mut vec![0; usize::from(length)]).unwrap();
            peer.write(reply);
        });
        let broken = send(&trusting(&file.0), get(server.port)).unwrap_err();
        assert_eq!((broken.kind, broken.sent), (kind, Sent::No), "{broken:?}");
        server.join();
    }
}

#[test]
fn a_handshake_ends_with_the_time_to_connect() {
    let authority = Authority::new();
    let file = File::new(&authority.pem());
    let server = Server::new(1, |mut peer, _| peer.rest());
    let head = Head { connect_timeout: Duration::from_millis(150), ..get(server.port) };
    let (outcome, took) = super::timed(|| send(&trusting(&file.0), head).unwrap_err());
    assert_eq!((outcome.kind, outcome.sent), (BrokenKind::Timeout, Sent::No));
    assert!(took < Duration::from_millis(500), "{took:?}");
    server.join();
}

#[test]
fn a_used_connection_that_ends_is_noticed_inside_of_tls() {
    let authority = Authority::new();
    let file = File::new(&authority.pem());
    let config = authority.server(&["127.0.0.1"], 2200);
    let server = Server::new(2, move |peer, nth| {
        let mut stream = secure(peer, &config);
        server::head(&mut stream);
        stream.write_all(OK).unwrap();
        server::head(&mut stream);
        if nth == 1 {
            stream.write_all(OK).unwrap();
        }
    });
    let transport = trusting(&file.0);
    text(send(&transport, get(server.port)).unwrap()).unwrap();
    let broken = send(&transport, get(server.port)).unwrap_err();
    assert_eq!((broken.kind, broken.sent, broken.stale), (BrokenKind::Reset, Sent::Maybe, true));
    for _ in 0..2 {
        assert_eq!(text(send(&transport, get(server.port)).unwrap()).unwrap(), "ok");
    }
    server.join();
}

#[test]
fn a_body_cut_short_inside_of_tls_is_an_error() {
    let authority = Authority::new();
    let file = File::new(&authority.pem());
    for polite in [true, false] {
        let config = authority.server(&["127.0.0.1"], 2200);
        let server = Server::new(1, move |peer, _| {
            let mut stream = secure(peer, &config);
            server::head(&mut stream);
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nbody").unwrap();
            if polite {
                stream.conn.send_close_notify();
            }
            stream.flush().unwrap();
        });
        let answer = send(&trusting(&file.0), get(server.port)).unwrap();
        assert_eq!(text(answer).unwrap_err().kind(), std::io::ErrorKind::UnexpectedEof);
        server.join();
    }
}

/// Between the proxy and the server, in this test, is nothing: they are one.
fn tunnelled<S: Read + Write>(mut proxy: S, config: &Arc<ServerConfig>) -> (String, String) {
    let connect = server::head(&mut proxy);
    proxy.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
    let connection = ServerConnection::new(Arc::clone(config)).unwrap();
    let mut stream = StreamOwned::new(connection, proxy);
    let request = server::head(&mut stream);
    stream.write_all(OK).unwrap();
    stream.flush().unwrap();
    (connect, request)
}

#[test]
fn tls_goes_through_a_proxy_that_may_speak_tls_itself() {
    let authority = Authority::new();
    let file = File::new(&authority.pem());
    for scheme in ["http", "https"] {
        let inner = authority.server(&["bucket.example"], 2200);
        let outer = authority.server(&["127.0.0.1"], 2200);
        let proxy = Server::new(1, move |peer, _| match scheme {
            "http" => tunnelled(peer.stream, &inner),
            _ => tunnelled(secure(peer, &outer), &inner),
        });
        let transport = UreqTransport::new().proxy(&format!("{scheme}://127.0.0.1:{}", proxy.port)).unwrap();
        let transport = transport.ca_bundle(&file.0);
        let head = Head { host: "bucket.example", ..get(443) };
        assert_eq!(text(send(&transport, head).unwrap()).unwrap(), "ok");
        let (connect, request) = proxy.join().remove(0);
        assert_eq!(connect, "CONNECT bucket.example:443 HTTP/1.1\r\nhost: bucket.example:443\r\n\r\n");
        assert!(request.starts_with("GET /k HTTP/1.1\r\n"), "{request}");
    }
}

#[test]
fn a_bundle_that_is_of_no_use_says_why() {
    let error = |path: &Path| {
        // Anything that listens will do: no handshake is begun.
        let server = Server::new(1, |mut peer, _| peer.rest());
        let broken = send(&trusting(path), get(server.port)).unwrap_err();
        assert_eq!((broken.kind, broken.sent), (BrokenKind::Config, Sent::No));
        assert_eq!(server.join(), [b""]);
        broken.source
    };
    let missing = error(Path::new("/nonexistent/ca.pem"));
    let inner = missing.get_ref().and_then(|inner| inner.downcast_ref::<CaBundleError>());
    assert!(matches!(inner, Some(CaBundleError::Unreadable { .. })), "{missing:?}");
    assert_eq!(missing.to_string(), "cannot read CA certificates from /nonexistent/ca.pem");

    let key = KeyPair::generate().unwrap().serialize_pem();
    for useless in ["", "not PEM", &key, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        let file = File::new(useless);
        let empty = error(&file.0);
        let inner = empty.get_ref().and_then(|inner| inner.downcast_ref::<CaBundleError>());
        assert!(matches!(inner, Some(CaBundleError::Empty { .. })), "{empty:?}");
    }
}

#[test]
fn plain_http_reads_no_bundle() {
    let server = answering(1, OK);
    let transport = trusting(Path::new("/nonexistent/ca.pem"));
    assert_eq!(text(send(&transport, head("GET", server.port, "/")).unwrap()).unwrap(), "ok");
    server.join();
}
