//! Every cause that is told apart, the documents they are read from, and what is never shown.

extern crate std;

use std::format;
use std::string::String;
use std::string::ToString as _;
use std::vec;
use std::vec::Vec;

use proptest::prelude::*;

use super::*;
use crate::encode::tests::written;
use crate::endpoint::Endpoint;
use crate::request::Pair;
use crate::request::Raw;
use crate::sigv4::Credentials;
use crate::sigv4::Payload;
use crate::sigv4::Rules;
use crate::sigv4::Signed;
use crate::sigv4::Signer;
use crate::sigv4::SigningKey;
use crate::sink::Sink;
use crate::time::Time;

const TOKEN: &str = "FwoGZXIvYXdzEBYaDToken+/=";

fn text(write: impl FnOnce(&mut dyn Sink)) -> String {
    String::from_utf8(written(write)).unwrap()
}

/// What `check` makes of a request to S3 with a bit of everything, signed with a session token.
fn with_signed<T>(check: impl FnOnce(&Signed<'_>) -> T) -> T {
    let mut pairs = [Pair::EMPTY; 16];
    let url = "http://localhost:9000/logs//a%20b/c+d%2541/.hidden/?acl&prefix=x%20y&tag=1&tag=2&marker=%2Fz";
    let mut raw = Raw::from_url(url, &mut pairs).unwrap();
    for (name, value) in [
        ("x-amz-meta-a", "one two"),
        ("x-amz-meta-list", "a"),
        ("x-amz-meta-list", "b"),
        ("Content-Type", "text/Plain"),
        ("x-amz-server-side-encryption-customer-key", "c2VjcmV0IGtleQ=="),
    ] {
        raw.header(name, value);
    }
    let request = raw.finish().unwrap();
    let credentials =
        Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY").with_token(Some(TOKEN));
    let now = Time::parse_stamp(b"20260102T030405Z").unwrap();
    let key = SigningKey::derive(&credentials, now, "us-west-2", "s3");
    let signer = Signer::new(&credentials, &key, Rules::S3);
    let endpoint = Endpoint::new(false, "localhost:9000", "s3", "us-west-2");
    check(&signer.sign(&request, endpoint, now, Payload::Body))
}

fn ours() -> [String; 2] {
    with_signed(|signed| [text(|to| signed.canonical_request(to)), text(|to| signed.string_to_sign(to))])
}

/// The findings where the server has these texts, as their parts and causes, and their sentences.
fn compared(theirs: [&str; 2]) -> (Vec<String>, Vec<String>) {
    let ours = ours();
    let texts = |[request, string]: [&str; 2]| format!("{request}\0{string}").into_bytes();
    let (ours, theirs) = (texts([&ours[0], &ours[1]]), texts(theirs));
    let split = |joined: &'static [u8]| {
        let at = joined.iter().position(|byte| *byte == 0).unwrap();
        Texts::new(Some(&joined[..at]), &joined[at + 1..])
    };
    let mismatch = Mismatch::new(split(ours.leak()), split(theirs.leak()));
    let found: Vec<_> = mismatch.findings().collect();
    let shown = found.iter().map(|finding| format!("{:?} {:?}", finding.part, finding.cause)).collect();
    (shown, found.iter().map(Finding::to_string).collect())
}

#[test]
fn every_cause_in_the_canonical_request_is_told() {
    let [request, string] = ours();
    // A different canonical request has a different hash.
    let other = string.replace(string.lines().last().unwrap(), &"0".repeat(64));
    let path = "/logs//a%20b/c%2Bd%2541/.hidden/";
    assert!(request.starts_with(&format!(
        "GET\n{path}\nacl=&marker=%2Fz&prefix=x%20y&tag=1&tag=2\ncontent-type:text/Plain\nhost:localhost:9000\n"
    )));
    for (from, to, expected, words) in [
        ("GET\n", "HEAD\n", "the method Changed", "was changed on the way"),
        // S1: paths that are normalised or encoded otherwise.
        (path, "/logs/a%20b/c%2Bd%2541/.hidden/", "the path Slashes", "slashes in a row"),
        (path, "/logs//a%20b/c%2Bd%2541/.hidden", "the path TrailingSlash", "ends with a slash"),
        (path, "/x/..//logs/./a%20b/c%2Bd%2541/.hidden/", "the path Dots", "never does that"),
        (path, "/logs//a%2520b/c%252Bd%252541/.hidden/", "the path EncodedAgain", "once more by the server"),
        (path, "/logs//a b/c+d%41/.hidden/", "the path EncodedLess", "once more here"),
        (
            path,
            "/mybucket/logs//a%20b/c%2Bd%2541/.hidden/",
            "the path PrefixAdded",
            "the bucket is in the path",
        ),
        (path, "//a%20b/c%2Bd%2541/.hidden/", "the path PrefixLost", "the bucket is in the host"),
        (path, "/elsewhere", "the path Changed", "was changed on the way (signed "),
        (path, "/LOGS//a%20b/c%2Bd%2541/.hidden/", "the path Case", "upper and lower case"),
        // S2: + and its like.
        (path, "/logs//a%20b/c%2bd%2541/.hidden/", "the path EscapeCase", "not %2f"),
        (path, "/logs//a%20b/c+d%2541/.hidden/", "the path Spelling", "-._~"),
        (path, "/logs//a%20b/c%20d%2541/.hidden/", "the path Plus", "a + on one side"),
        ("prefix=x%20y", "prefix=x%2By", "Query(prefix) Plus", "AWS signs %20 and %2B"),
        ("prefix=x%20y", "prefix=x+y", "Query(prefix) Plus", "where the other has a space"),
        ("marker=%2Fz", "marker=%2fz", "Query(marker) EscapeCase", "differ in case"),
        ("marker=%2Fz", "marker=/z", "Query(marker) Spelling", "other characters encoded"),
        ("marker=%2Fz", "marker=%252Fz", "Query(marker) EncodedAgain", "once more by the server"),
        // S3: the shape of queries.
        ("marker=%2Fz&prefix=x%20y", "prefix=x%20y&marker=%2Fz", "the query Order", "in another order"),
        ("&tag=2", "", "Query(tag) Repeats", "as often"),
        ("&tag=2", "&tag=2&tag=2", "Query(tag) Repeats", "as often"),
        ("acl=&", "acl&", "Query(acl) NoEquals", "no equals sign"),
        ("acl=&", "", "Query(acl) Absent", "did not arrive"),
        ("acl=&", "acl=&b=1&", "Query(b) Added", "the query parameter b is on the server and was not signed"),
        ("prefix=x%20y", "prefix=", "Query(prefix) Empty", "without its value"),
        (
            "prefix=x%20y",
            "prefix=other",
            "Query(prefix) Changed",
            "(signed \"x%20y\", the server has \"other\")",
        ),
        // S4: headers.
        (
            "one two",
            "one  two",
            "Header(x-amz-meta-a) BlanksWithin",
            "x-amz-meta-a has blanks in a row on the server",
        ),
        ("one two", "one\ttwo", "Header(x-amz-meta-a) BlanksWithin", "x-amz-meta-a has blanks in a row"),
        ("one two", " one two", "Header(x-amz-meta-a) BlanksAround", "around its value on the server"),
        ("one two", "one two ", "Header(x-amz-meta-a) BlanksAround", "around its value on the server"),
        ("one two", "onetwo", "Header(x-amz-meta-a) Changed", "was changed on the way"),
        ("one two", "", "Header(x-amz-meta-a) Empty", "without its value"),
        ("x-amz-meta-a:one two\n", "", "Header(x-amz-meta-a) Absent", "was signed and did not arrive"),
        ("list:a,b", "list:a, b", "Header(x-amz-meta-list) CommaBlanks", "blanks behind the commas"),
        ("list:a,b", "list:a", "Header(x-amz-meta-list) ValuesLost", "lacks some of its values"),
        ("text/Plain", "text/plain", "Header(content-type) Case", "upper and lower case"),
        ("text/Plain", "text/plain; charset=utf-8", "Header(content-type) Changed", "charset=utf-8"),
        ("host:", "expect:100-continue\nhost:", "Header(expect) Added", "was not signed (the server has"),
        ("host:localhost:9000", "host:", "Header(host) Empty", "without its value"),
        // S5: hosts.
        ("host:localhost:9000", "host:localhost", "Header(host) Port", "the Host that arrived lacks :9000"),
        (
            "host:localhost:9000",
            "host:localhost:9000:80",
            "Header(host) Port",
            "the Host that was signed lacks :80",
        ),
        ("host:localhost:9000", "host:minio:9000", "Header(host) Changed", "\"minio:9000\""),
        // S6: what is not ASCII.
        ("one two", "one \u{fc}", "Header(x-amz-meta-a) NotAscii", "beyond ASCII"),
        // The payload.
        (
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "UNSIGNED-PAYLOAD",
            "Header(x-amz-content-sha256) Changed|the hash of the body Unsigned",
            "unsigned on the other",
        ),
    ] {
        let theirs = request.replacen(from, to, if from.len() == 64 { 2 } else { 1 });
        assert_ne!(theirs, request, "{from}");
        let (found, said) = compared([&theirs, &other]);
        assert_eq!(found.join("|"), expected, "{from:?} became {to:?}: {said:?}");
        assert!(said.last().unwrap().contains(words), "{said:?}");
    }
}

#[test]
fn every_cause_in_the_string_to_sign_is_told() {
    let [request, string] = ours();
    for (from, to, expected, words) in [
        ("", "", "the secret access key Changed", "the secret access key is not the one of"),
        ("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256", "the algorithm Changed", "the algorithm differs"),
        ("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256-PAYLOAD", "the algorithm Chunk", "of a chunk or a trailer"),
        ("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256-TRAILER", "the algorithm Chunk", "of a chunk or a trailer"),
        ("20260102T030405Z", "20260102T030406Z", "the time of signing Changed", "T030406Z"),
        ("20260102/", "20260103/", "the day of the scope Changed", "\"20260103\""),
        ("us-west-2", "us-east-1", "the region of the scope Changed", "\"us-east-1\""),
        ("/s3/", "/s3express/", "the service of the scope Changed", "\"s3express\""),
        ("aws4_request", "aws4", "the end of the scope Changed", "aws4"),
        ("aws4_request", "", "the end of the scope Absent", "did not arrive"),
    ] {
        let (found, said) = compared([&request, &string.replacen(from, to, 1)]);
        assert_eq!(found.join("|"), expected, "{from:?} became {to:?}");
        assert!(said.last().unwrap().contains(words), "{said:?}");
    }
    let hash = string.lines().last().unwrap();
    let other = string.replace(hash, &"0".repeat(64));
    let (found, said) = compared([&request, &other]);
    assert_eq!(found, ["the canonical request Changed"]);
    assert!(said[0].contains("nothing that was shown says where"), "{said:?}");
    // Lines of headers in another order are the same headers in another text.
    let theirs = request
        .replace("host:localhost:9000\n", "")
        .replace("x-amz-meta-a:", "host:localhost:9000\nx-amz-meta-a:");
    assert_ne!(theirs, request);
    assert_eq!(compared([&theirs, &other]).0, ["the canonical request Changed"]);
}

#[test]
fn several_findings_come_in_the_order_of_the_texts() {
    let [request, string] = ours();
    let theirs = request
        .replace("GET", "PUT")
        .replace("acl=&", "")
        .replace("localhost:9000", "localhost")
        .replace(";host;", ";expect;host;");
    let (found, _) = compared([&theirs, &string.replace("us-west-2", "eu-west-1")]);
    let expected = [
        "the method Changed",
        "Query(acl) Absent",
        "Header(host) Port",
        "the list of signed headers Added",
        "the region of the scope Changed",
    ];
    assert_eq!(found, expected);
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('\r', "&#13;")
}

fn hex_list(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ")
}

/// S3's document.
fn document(request: &str, string: &str, more: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>SignatureDoesNotMatch</Code><Message>No.</Message>\
         <StringToSign>{}</StringToSign><CanonicalRequest>{}</CanonicalRequest>{more}<HostId>h</HostId></Error>",
        escaped(string),
        escaped(request)
    )
}

/// The findings from a document.
fn read(body: &str) -> Result<Vec<String>, Unreadable> {
    with_signed(|signed| {
        let Err(Unreadable::Room { needed }) = Mismatch::read(signed, body.as_bytes(), &mut []) else {
            return Mismatch::read(signed, body.as_bytes(), &mut []).map(|_| Vec::new());
        };
        // Every room that is too small names the size that would do.
        for size in (0..needed).step_by(97).chain([needed - 1]) {
            let short = Mismatch::read(signed, body.as_bytes(), &mut vec![0; size]).map(|_| ());
            assert_eq!(short, Err(Unreadable::Room { needed }), "{size}");
        }
        let mut room = vec![0; needed];
        let mismatch = Mismatch::read(signed, body.as_bytes(), &mut room)?;
        let shown = |finding: Finding<'_>| format!("{:?} {:?}", finding.part, finding.cause);
        Ok(mismatch.findings().map(shown).collect())
    })
}

#[test]
fn the_documents_of_s3_are_read() {
    let [request, string] = ours();
    let signature = with_signed(|signed| String::from(signed.signature()));
    let id = "<AWSAccessKeyId>AKIDEXAMPLE</AWSAccessKeyId>";
    let provided = format!("<SignatureProvided>{signature}</SignatureProvided>");
    let key = "the secret access key Changed";
    assert_eq!(read(&document(&request, &string, "")).unwrap(), [key]);
    assert_eq!(read(&document(&request, &string, &format!("{id}{provided}"))).unwrap(), [key]);
    let other = id.replace("AKID", "AKIE");
    assert_eq!(read(&document(&request, &string, &other)).unwrap(), ["the access key ID Changed"]);
    let changed = provided.replace(&signature[..4], "ffff");
    assert_eq!(read(&document(&request, &string, &changed)).unwrap(), ["the signature Changed"]);

    // The bytes say what XML could not: that a line end was another, or what the text lost.
    let theirs = request.replace("one two", "one\r\ntwo");
    let exact = format!(
        "<StringToSignBytes>{}</StringToSignBytes><CanonicalRequestBytes>{}</CanonicalRequestBytes>",
        hex_list(&string),
        hex_list(&request.replace("one two", "one  two"))
    );
    assert_eq!(read(&document(&theirs, &string, &exact)).unwrap(), ["Header(x-amz-meta-a) BlanksWithin"]);
    // Bytes that are none are passed over.
    for wrong in ["", "4", "47 4", "zz", "47 45 \u{e9}"] {
        let exact = format!("<CanonicalRequestBytes>{wrong}</CanonicalRequestBytes>");
        assert_eq!(read(&document(&request, &string, &exact)).unwrap(), [key], "{wrong}");
    }
    // Without the canonical request, the hash is all there is.
    let only = format!("<Error><StringToSign>{}</StringToSign></Error>", string.replace("T03", "T04"));
    assert_eq!(read(&only).unwrap(), ["the time of signing Changed"]);
}

#[test]
fn the_messages_of_other_services_are_read() {
    let [request, string] = ours();
    let theirs = request.replace("acl=&", "");
    let message = format!(
        "The request signature we calculated does not match the signature you provided.\n\n\
         The Canonical String for this request should have been\n'{theirs}'\n\n\
         The String-to-Sign should have been\n'{string}'\n"
    );
    let quoted = message.replace('\n', "\\n").replace('"', "\\\"");
    for body in [
        format!(
            "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>{}</Message></Error></ErrorResponse>",
            escaped(&message)
        ),
        format!("<Error><Message>{}</Message></Error>", escaped(&message)),
        format!("{{\"__type\": \"InvalidSignatureException\", \"message\": \"{quoted}\"}}"),
        format!("{{\"Message\": \"{quoted}\"}}"),
    ] {
        assert_eq!(read(&body).unwrap(), ["Query(acl) Absent"], "{body}");
    }
}

#[test]
fn what_shows_nothing_is_said_to_show_nothing() {
    for body in [
        "",
        "<html/>",
        "<Error><Code>SignatureDoesNotMatch</Code></Error>",
        "<Error><Code>SignatureDoesNotMatch</Code><Message>No.</Message></Error>",
        "<Error><StringToSign>AWS4",
        "{}",
        "[]",
        "{\"message\": 1}",
        "{\"message\": \"The String-to-Sign should have been\"}",
    ] {
        assert_eq!(read(body), Err(Unreadable::Absent), "{body}");
    }
    let mut pairs = [];
    let request = Raw::from_url("https://h/", &mut pairs).unwrap().finish().unwrap();
    let signed = Signed::anonymous(&request, Endpoint::new(true, "h", "s3", "us-west-2"));
    let body = b"<Error><StringToSign>a</StringToSign></Error>";
    let anonymous = Mismatch::read(&signed, body, &mut [0; 999]).map(|_| ());
    assert_eq!(anonymous, Err(Unreadable::Anonymous));
    for (why, said) in [
        (Unreadable::Absent, "the reply does not show what the server signed"),
        (Unreadable::Anonymous, "the request was not signed"),
        (Unreadable::Room { needed: 9 }, "room for 9 bytes is needed"),
    ] {
        assert_eq!(why.to_string(), said);
    }
}

#[test]
fn long_texts_are_shown_around_where_they_differ() {
    let long = "x".repeat(200);
    let finding = Finding::new(
        Part::Path,
        Cause::Changed,
        Some(format!("{long}a{long}").leak().as_bytes()),
        Some(format!("{long}b\u{e9}").leak().as_bytes()),
    );
    let x = |count| "x".repeat(count);
    let expected = format!(
        "the path was changed on the way (signed \"…{}a{}…\", the server has \"…{}b\\xc3\\xa9\")",
        x(16),
        x(47),
        x(16)
    );
    assert_eq!(finding.to_string(), expected);
}

/// Everything that a program or a person can see of the findings.
fn all_shown(mismatch: &Mismatch<'_>) -> String {
    let mut shown = format!("{mismatch:?}");
    for finding in mismatch.findings() {
        let bytes = |side: Side<'_>| String::from_utf8_lossy(side.bytes().unwrap_or_default()).into_owned();
        shown += &format!("{finding} {finding:?} {} {}", bytes(finding.ours), bytes(finding.theirs));
        if let Part::Header(name) | Part::Query(name) = finding.part {
            shown += &String::from_utf8_lossy(name);
        }
    }
    shown
}

#[test]
fn secrets_are_never_shown() {
    let [request, string] = ours();
    let escaped_token = "FwoGZXIvYXdzEBYaDToken%2B%2F%3D";
    for (from, to) in [
        (TOKEN, "OtherSecretToken"),
        (TOKEN, ""),
        ("x-amz-security-token:FwoGZXIvYXdzEBYaDToken+/=\n", ""),
        ("c2VjcmV0IGtleQ==", "OtherSecretToken"),
        ("host:", "authorization:OtherSecretToken\nhost:"),
        ("host:", "cookie:OtherSecretToken\nhost:"),
        ("acl=", "X-Amz-Security-Token=OtherSecretToken&acl="),
        ("acl=", "X-Amz-Security%2DToken=OtherSecretToken&acl="),
        ("acl=", "X-Amz-Security%252DToken=OtherSecretToken&acl="),
        ("acl=", "X-Amz-Signature=OtherSecretToken&acl="),
        // Lines in disorder.
        ("acl=&marker=%2Fz&prefix=x%20y&tag=1&tag=2\n", ""),
        ("GET\n", ""),
        ("GET\n", "x-amz-security-token:FwoGZXIvYXdzEBYaDToken+/=\n"),
        ("acl=", "x-amz-security-token:OtherSecretToken&acl="),
        ("/logs//", "/x-amz-security-token:OtherSecretToken/"),
        ("\n\n", "\n"),
        ("GET", TOKEN),
        ("GET", "FwoGZXIvYXdzEBYaDToken%2B%2F%3d"),
        ("/logs", "/FwoGZXIvYXdzEBYaDToken+/="),
        ("/logs", "/YXdzEBYaDToke"),
        ("acl=", "acl=FwoGZXIvYXdz"),
        ("acl=", "FwoGZXIvYXdzEBYaDToken%2B%2F%3D=&acl="),
        ("acl=", "acl=xFwoGZXIvYXdzEBYaDToken+/="),
        ("localhost", TOKEN),
        ("content-type:text/Plain\n", "\n"),
    ] {
        let theirs = request.replacen(from, to, 1);
        assert_ne!(theirs, request, "{from}");
        let (ours, theirs) = (
            Texts::new(Some(request.as_bytes()), string.as_bytes()),
            Texts::new(Some(theirs.as_bytes()), b""),
        );
        for mismatch in [Mismatch::new(ours, theirs), Mismatch::new(theirs, ours)] {
            let shown = all_shown(&mismatch);
            for secret in [TOKEN, escaped_token, "c2VjcmV0IGtleQ", "OtherSecretToken", "FwoGZXIv", "EBYaDTok"]
            {
                assert!(!shown.contains(secret), "{from:?} became {to:?}: {shown}");
            }
        }
    }
}

proptest! {
    #[test]
    fn any_texts_are_compared(
        one in "[A-C/%2+ =&:;,.\n\t\u{e9}]{0,60}",
        other in "[A-C/%2+ =&:;,.\n\t\u{e9}]{0,60}",
        string in "[A-C/\n]{0,20}",
    ) {
        let texts = |request| Texts::new(Some(str::as_bytes(request)), string.as_bytes());
        let found: Vec<_> = Mismatch::new(texts(&one), texts(&other)).findings().collect();
        prop_assert!(!found.is_empty());
        // Of equal texts the key differs, of others never only that.
        let key = found.iter().any(|finding| finding.part == Part::Key);
        prop_assert!(one != other || (key && found.len() == 1));
        for finding in &found {
            prop_assert!(!finding.to_string().contains(['\n', '\t', '\u{e9}']), "{}", finding);
        }
    }
}
