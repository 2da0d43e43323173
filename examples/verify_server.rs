//! The other side: a server that takes signed requests only, each of them once.
//!
//! [`Server::answer`] gets a request as it came from a socket, and needs no account at AWS: it has its own secrets, its
//! own region and service. Whoever has the secret signs with any SDK's Signature Version 4; here [`signed`] does.
//! `main` then plays who does not have it: it changes what was sent, sends it again, and sends it late.

#![expect(clippy::print_stdout, reason = "an example talks")]

use std::collections::HashMap;
use std::time::Duration;

use tucuxi_core::endpoint::Endpoint;
use tucuxi_core::hash::Sha256;
use tucuxi_core::request::{Method, Pair, Raw};
use tucuxi_core::sigv4::{Credentials, Payload, Rules, Signer, SigningKey};
use tucuxi_core::sink::Cursor;
use tucuxi_core::time::Time;
use tucuxi_core::verify::{Claim, Received, Terms};
use tucuxi_core::wire;

type Failed = Box<dyn std::error::Error>;

/// What the server calls itself in signatures.
const REGION: &str = "garden";
const SERVICE: &str = "greenhouse";

/// Who may send, and what was taken already.
struct Server {
    /// Secrets by access key IDs.
    secrets: HashMap<String, String>,
    /// The signatures of what was taken, and until when they could be taken once more.
    taken: HashMap<String, Time>,
}

impl Server {
    /// Who sent that body, or why it is not believed.
    fn answer(&mut self, request: &str, now: Time) -> Result<String, Failed> {
        // A framework hands these over: every header, and none of them decoded or joined.
        let (head, body) = request.split_once("\r\n\r\n").ok_or("no head")?;
        let mut lines = head.split("\r\n");
        let mut words = lines.next().unwrap_or_default().split(' ');
        let (method, target) = (words.next().ok_or("no method")?, words.next().ok_or("no target")?);
        let headers: Option<Vec<_>> = lines.map(|line| line.split_once(':')).collect();
        let headers = headers.ok_or("a line that is no header")?;

        // Who says to have signed? Room is for what is percent-encoded in a presigned URL.
        let mut room = vec![0; target.len()];
        let claim =
            Claim::read(Received::new(method, target, &headers), &mut room).map_err(|why| why.to_string())?;
        let secret = self.secrets.get(claim.access_key()).ok_or("nobody here has that access key ID")?;

        // Is it true? The key is that of this server, whatever the claim says; who answers often keeps it for the day.
        let credentials = Credentials::new(claim.access_key(), secret);
        let key = SigningKey::derive(&credentials, claim.time(), REGION, SERVICE);
        let terms = Terms::new(now).scope(REGION, SERVICE).body(Sha256::digest(body.as_bytes()));
        let mut pairs = vec![Pair::EMPTY; headers.len() + target.len()];
        claim.verify(&key, &terms, &mut pairs).map_err(|why| why.to_string())?;

        // It is, and would be again. Only what was proven is remembered, and no longer than it would be taken.
        self.taken.retain(|_, until| *until >= now);
        match self.taken.insert(claim.signature().to_owned(), claim.until(&terms)) {
            None => Ok(format!("{} sends {body:?}", claim.access_key())),
            Some(_) => Err("it was taken before".into()),
        }
    }
}

/// A request as it goes out.
fn signed(credentials: &Credentials<'_>, body: &str, now: Time) -> Result<String, Failed> {
    let mut pairs = [Pair::EMPTY; 8];
    let url = "https://greenhouse.example/readings?sensor=1";
    let mut raw = Raw::from_url(url, &mut pairs).map_err(|wrong| wrong.to_string())?;
    raw.method(Method::Post);
    raw.header("content-type", "text/plain");
    raw.body(body.as_bytes());
    let endpoint = Endpoint::new(true, raw.host(), SERVICE, REGION);
    let request = raw.finish().map_err(|wrong| wrong.to_string())?;
    let key = SigningKey::derive(credentials, now, REGION, SERVICE);
    let signer = Signer::new(credentials, &key, Rules::OTHERS);
    let signed = signer.sign(&request, endpoint, now, Payload::Body);
    let mut room = [0; 1024];
    let mut head = Cursor::new(&mut room);
    wire::head(&signed, &[], Some(body.len() as u64), &mut head);
    Ok(String::from_utf8(head.finish()?.to_vec())? + body)
}

fn main() -> Result<(), Failed> {
    let now = Time::from_seconds(1_764_082_000);
    let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    let secrets = HashMap::from([("AKIDEXAMPLE".to_owned(), secret.to_owned())]);
    let mut server = Server { secrets, taken: HashMap::new() };

    let sent = signed(&Credentials::new("AKIDEXAMPLE", secret), "21.5 C", now)?;
    let guessed = signed(&Credentials::new("AKIDEXAMPLE", "a guess"), "21.5 C", now)?;
    let stranger = signed(&Credentials::new("AKIDSTRANGER", secret), "21.5 C", now)?;
    let hour = Duration::from_secs(3600);
    for (what, request, now) in [
        ("another body", sent.replace("21.5 C", "12.5 C"), now),
        ("another query", sent.replace("sensor=1", "sensor=2"), now),
        ("another secret", guessed, now),
        ("a stranger", stranger, now),
        ("as it was sent", sent.clone(), now),
        ("the same again", sent.clone(), now.saturating_add(Duration::from_secs(60))),
        ("an hour late", sent, now.saturating_add(hour)),
    ] {
        match server.answer(&request, now) {
            Ok(said) => println!("{what:15} taken: {said}"),
            Err(why) => println!("{what:15} refused: {why}"),
        }
    }
    Ok(())
}
