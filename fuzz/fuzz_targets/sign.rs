//! Any request that is taken is signed, presigned and written: no panic, exactly the header lines that it
//! should have, a canonical request in order, and the same text through every window.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tucuxi_core::endpoint::{Addressing, ENDPOINT_ROOM, Endpoint, Place};
use tucuxi_core::operation::{Operation, PAIR_ROOM, Service, request};
use tucuxi_core::request::{Body, Draft, Method, Pair, Raw, Request, Value};
use tucuxi_core::s3::CopySource;
use tucuxi_core::s3::input as s3;
use tucuxi_core::sigv4::{
    ContentSha256, Credentials, Dots, Expires, PathEncoding, Payload, Rules, Signed, Signer, SigningKey,
    Token,
};
use tucuxi_core::sink::{Count, Cursor, Sink, Window};
use tucuxi_core::sqs::input as sqs;
use tucuxi_core::sts::input as sts;
use tucuxi_core::time::Time;
use tucuxi_core::uri::Url;
use tucuxi_core::wire;

/// What is written, the same through a cursor and through windows of any size.
fn written(step: usize, write: impl Fn(&mut dyn Sink)) -> String {
    let mut count = Count::default();
    write(&mut count);
    let mut room = vec![0; count.bytes()];
    let mut cursor = Cursor::new(&mut room);
    write(&mut cursor);
    let whole = cursor.finish().unwrap().to_vec();
    // What is long goes through few windows, or this would take its square.
    let step = step.max(whole.len() / 16).max(1);
    let mut joined = Vec::new();
    loop {
        let mut piece = vec![0; step];
        let mut window = Window::new(&mut piece, joined.len());
        write(&mut window);
        match window.finish() {
            [] => break,
            bytes => joined.extend_from_slice(bytes),
        }
    }
    assert_eq!(joined, whole);
    String::from_utf8(whole).unwrap()
}

/// Signs as chosen and checks all that is written; `own` is the number of headers that signing adds.
struct Checked<'c> {
    texts: &'c [&'c str],
    choice: u32,
    step: usize,
}

impl Checked<'_> {
    fn text(&self, nth: usize) -> &str {
        self.texts.get(nth).copied().unwrap_or_default()
    }

    fn request(&self, request: &Request<'_>, endpoint: Endpoint<'_>, rules: Rules) {
        let now = Time::from_seconds(i64::from(self.choice));
        let token = (self.choice & 1 == 0).then(|| self.text(2));
        let credentials = Credentials::new(self.text(0), self.text(1)).with_token(token);
        let key = SigningKey::derive(&credentials, now, endpoint.region(), endpoint.service());
        let signer = Signer::new(&credentials, &key, rules);
        let payload = match self.choice & 6 {
            0 => Payload::Unsigned,
            2 => Payload::Literal(self.text(3)),
            _ => Payload::Body,
        };
        let sent = usize::from(rules.content_sha256 == ContentSha256::Sent);
        let signed = signer.sign(request, endpoint, now, payload);
        self.signed(&signed, 3 + sent + usize::from(token.is_some()));
        let again = signer.sign(request, endpoint, now, payload);
        assert_eq!(signed.signature(), again.signature());
        let expires = Expires::from_seconds(self.choice % Expires::MAX + 1).unwrap();
        self.signed(&signer.presign(request, endpoint, now, payload, expires), 1);
        self.written(&Signed::anonymous(request, endpoint), 1);
    }

    fn signed(&self, signed: &Signed<'_>, own: usize) {
        self.written(signed, own);
        assert!(signed.signature().len() == 64 && signed.signature().bytes().all(|b| b.is_ascii_hexdigit()));
        let canonical = written(self.step, |to| signed.canonical_request(to));
        let lines: Vec<_> = canonical.split('\n').collect();
        let query: Vec<_> = lines[2].split('&').filter_map(|pair| pair.split_once('=')).collect();
        assert!(query.is_sorted(), "{query:?}");
        let names: Vec<_> = lines[lines.len().saturating_sub(2)].split(';').collect();
        assert!(names.is_sorted_by(|one, other| one < other), "{names:?}");
        let headers = &lines[3..lines.len() - 3];
        let named: Vec<_> = headers.iter().map(|line| line.split_once(':').unwrap().0).collect();
        assert_eq!((named, lines[lines.len() - 3]), (names, ""));
        assert!(written(self.step, |to| signed.string_to_sign(to)).lines().count() == 4);
    }

    fn written(&self, signed: &Signed<'_>, own: usize) {
        let request = signed.request();
        let extra = [Pair::new(self.text(4), Value::Text(self.text(5)))];
        let length = (self.choice & 8 == 0).then_some(u64::from(self.choice));
        let head = written(self.step, |to| wire::head(signed, &extra, length, to));
        let plain = |byte: u8| matches!(byte, b' '..=b'~' | b'\t' | b'\r' | b'\n');
        assert!(head.bytes().all(plain), "{head:?}");
        assert_eq!(head.matches('\r').count(), head.matches('\n').count());
        let lines: Vec<_> = head.strip_suffix("\r\n\r\n").unwrap().split("\r\n").collect();
        let given = request.headers().iter().chain(request.unsigned());
        let named = |name: &str| {
            let named = |pair: &&Pair<'_>| written(9, |to| pair.write_name(to)) == name;
            given.clone().filter(named).count()
        };
        let said = named("content-length") + named("transfer-encoding") > 0;
        // Only who does not sign sends an `Authorization` of its own.
        let dropped = if own > 1 { named("authorization") } else { 0 };
        let length = usize::from(length.is_some() && !said);
        assert_eq!(lines.len(), 1 + own + given.count() - dropped + extra.len() + length, "{head}");
        let line: Vec<_> = lines[0].split(' ').collect();
        let &[method, target, "HTTP/1.1"] = &line[..] else { panic!("{head}") };
        assert_eq!(method, request.method().as_str());
        assert!(target.starts_with('/') && target.bytes().all(|byte| byte.is_ascii_graphic()), "{target}");
        assert!(
            lines[1].starts_with("host: ") && lines[1..].iter().all(|line| line.contains(": ")),
            "{head}"
        );
        assert!(written(self.step, |to| wire::url(signed, to)).ends_with(target));
    }

    fn operation<O: Operation>(&self, operation: &O) {
        let mut pairs = [Pair::EMPTY; PAIR_ROOM];
        let Ok(request) = request(operation, &mut pairs) else { return };
        let styles = [Addressing::Auto, Addressing::Path, Addressing::Virtual];
        let place = Place::new(self.text(6))
            .url(Url::parse(self.text(7)).ok())
            .addressing(styles[self.step % styles.len()])
            .fips(self.choice & 16 == 0)
            .dual_stack(self.choice & 32 == 0)
            .global(self.choice & 64 == 0);
        let mut room = [0; ENDPOINT_ROOM];
        let Ok(endpoint) = O::Service::endpoint(&place, request.bucket(), &mut room) else { return };
        self.request(&request, endpoint, O::Service::RULES);
    }
}

fuzz_target!(|input: (u8, u8, u32, Vec<&str>)| {
    let (kind, step, choice, texts) = (input.0, usize::from(input.1), input.2, input.3);
    let checked = Checked { texts: &texts, choice, step };
    let (one, two, three) = (checked.text(8), checked.text(9), checked.text(10));
    let rest = texts.get(11..).unwrap_or_default();
    let methods = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];
    let method = Method::named(methods[step % methods.len()]).unwrap();
    let mut rules = if choice & 128 == 0 { Rules::S3 } else { Rules::OTHERS };
    if choice & 256 == 0 {
        rules.token = Token::Added;
        rules.dots = Dots::Resolved;
        rules.encoding = PathEncoding::Once;
    }
    let mut pairs = vec![Pair::EMPTY; 64];
    match kind {
        0..64 => {
            let Ok(mut raw) = Raw::from_url(one, &mut pairs) else { return };
            raw.method(method);
            for pair in rest.chunks_exact(2) {
                raw.header(pair[0], pair[1]);
            }
            raw.body(two.as_bytes());
            let host = raw.host();
            let Ok(request) = raw.finish() else { return };
            let endpoint = Endpoint::new(choice & 512 == 0, host, three, checked.text(6));
            checked.request(&request, endpoint, rules);
        }
        64..128 => {
            let mut draft = Draft::new(method, &mut pairs);
            draft.bucket("Bucket", one);
            draft.key("Key", two);
            draft.body(Body::Document(&three));
            for (nth, pair) in rest.chunks_exact(2).enumerate() {
                let value = match nth % 5 {
                    0 => Value::Meta(pair[1]),
                    1 => Value::Recited(&pair[1]),
                    2 => Value::Int(i64::from(choice)),
                    3 => Value::Flag,
                    _ => Value::Text(pair[1]),
                };
                if (choice >> (nth % 16)) & 1 == 0 {
                    draft.header(pair[0], value);
                } else {
                    draft.query(pair[0], value);
                }
            }
            let Ok(request) = draft.finish() else { return };
            let place = Place::new("us-west-2").url(Url::parse(checked.text(7)).ok());
            let mut room = [0; ENDPOINT_ROOM];
            let Ok(endpoint) = place.s3(one, &mut room) else { return };
            checked.request(&request, endpoint, rules);
        }
        128..160 => {
            let metadata: Vec<_> = rest.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
            checked.operation(&s3::PutObject::new(one, two).content_type(three).metadata(&metadata));
        }
        160..176 => {
            let get = s3::GetObject::new(one, two).version_id(three).range(checked.text(11));
            checked.operation(&get.response_expires(Time::from_seconds(i64::from(choice) << 8)));
        }
        176..192 => {
            let source = CopySource::new(three, checked.text(11));
            checked.operation(&s3::CopyObject::new(one, source, two));
        }
        192..208 => {
            let objects: Vec<_> = rest.iter().map(|key| s3::ObjectIdentifier::new(key)).collect();
            checked.operation(&s3::DeleteObjects::new(one, s3::Delete::new(&objects)).mfa(two));
        }
        208..224 => {
            let list = s3::ListObjectsV2::new(one).prefix(two).delimiter(three);
            checked.operation(&list.optional_object_attributes(rest));
        }
        224..240 => checked.operation(&sqs::SendMessage::new(one, two).message_group_id(three)),
        _ => checked.operation(&sts::AssumeRole::new(one, two).transitive_tag_keys(rest)),
    }
});
