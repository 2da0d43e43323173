//! Why signatures do not match: any reply is read, any two texts are compared, what is equal is called equal,
//! and the session token is never said.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tucuxi_core::endpoint::Endpoint;
use tucuxi_core::mismatch::{Mismatch, Part, Side, Texts, Unreadable};
use tucuxi_core::request::{Pair, Raw};
use tucuxi_core::sigv4::{Credentials, Payload, Rules, Signed, Signer, SigningKey};
use tucuxi_core::sink::{Count, Cursor, Sink};
use tucuxi_core::time::Time;

const TOKEN: &str = "The/token+of=canary";

fn written(write: impl Fn(&mut dyn Sink)) -> Vec<u8> {
    let mut count = Count::default();
    write(&mut count);
    let mut room = vec![0; count.bytes()];
    let mut cursor = Cursor::new(&mut room);
    write(&mut cursor);
    cursor.finish().unwrap().to_vec()
}

/// All that can be seen of the findings.
fn shown(mismatch: &Mismatch<'_>) -> String {
    let mut shown = String::new();
    for finding in mismatch.findings() {
        let bytes = |side: Side<'_>| side.bytes().unwrap_or_default().escape_ascii().to_string();
        let said = finding.to_string();
        assert!(said.bytes().all(|byte| byte >= b' ') && said.chars().count() < 1000 + 4 * 4096, "{said}");
        shown += &format!("{said} {finding:?} {} {}\n", bytes(finding.ours), bytes(finding.theirs));
    }
    assert!(!shown.is_empty());
    shown
}

fn with_signed(url: &str, headers: &[(&str, &str)], check: impl FnOnce(&Signed<'_>)) {
    let mut pairs = vec![Pair::EMPTY; 64];
    let Ok(mut raw) = Raw::from_url(url, &mut pairs) else { return };
    for (name, value) in headers {
        raw.header(name, value);
    }
    let host = raw.host();
    let Ok(request) = raw.finish() else { return };
    let credentials = Credentials::new("AKIDEXAMPLE", "secret").with_token(Some(TOKEN));
    let now = Time::from_seconds(1_767_323_045);
    let key = SigningKey::derive(&credentials, now, "us-west-2", "s3");
    let signer = Signer::new(&credentials, &key, Rules::S3);
    check(&signer.sign(&request, Endpoint::new(true, host, "s3", "us-west-2"), now, Payload::Unsigned));
}

fuzz_target!(|input: (u16, &[u8], &str, &[u8], &[u8])| {
    let (at, edit, name, string, body) = input;
    let url = "https://localhost:9000/a//b%20c/?acl&prefix=x%2By";
    with_signed(url, &[("x-amz-meta-a", "one two"), (name, "1")], |signed| {
        let request = written(|to| signed.canonical_request(to));
        let own = written(|to| signed.string_to_sign(to));
        let ours = Texts::new(Some(&request), &own);
        let same: Vec<_> = Mismatch::new(ours, ours).findings().map(|finding| finding.part).collect();
        assert_eq!(same, [Part::Key]);

        // A piece of the canonical request is another.
        let at = usize::from(at) % request.len();
        let (before, behind) = request.split_at(at);
        let behind = behind.get(edit.len()..).unwrap_or_default();
        let theirs = [before, edit, behind].concat();
        let mismatch = Mismatch::new(ours, Texts::new(Some(&theirs), string));
        let said = shown(&mismatch);
        // What was said is less than the whole token, which stands in one piece in ours alone.
        let theirs_text = String::from_utf8_lossy(&theirs);
        assert!(!said.contains(TOKEN), "{theirs_text} {said}");
        assert_eq!(mismatch.findings().count(), said.lines().count());

        let mut room = Vec::new();
        if let Err(Unreadable::Room { needed }) = Mismatch::read(signed, body, &mut room) {
            room.resize(needed, 0);
        }
        match Mismatch::read(signed, body, &mut room) {
            Ok(mismatch) => assert!(!shown(&mismatch).contains(TOKEN)),
            Err(why) => assert_eq!(why, Unreadable::Absent),
        }
    });
});
