//! Who is answered by the SQS and STS server: signatures, dates, and the keys of assumed roles.

#![expect(clippy::disallowed_methods, reason = "signatures have a date")]
#![allow(dead_code, unreachable_pub, reason = "the client is shared with other tests")]

mod client;

use client::Client;
use client::sqs::seconds;
use client::sqs::start;
use serde_json::json;

#[test]
fn only_a_right_signature_is_answered() {
    let (server, client) = start();
    let base = || client.clone();
    let (past, future) = (client.at - seconds(16 * 60), client.at + seconds(16 * 60));
    let token = Some("token".to_owned());
    for (client, shape, code) in [
        (
            Client { secret: "wrong".to_owned(), ..base() },
            "InvalidSignatureException",
            "SignatureDoesNotMatch",
        ),
        (Client { service: "sns", ..base() }, "InvalidSignatureException", "SignatureDoesNotMatch"),
        (Client { at: past, ..base() }, "InvalidSignatureException", "SignatureDoesNotMatch"),
        (Client { at: future, ..base() }, "InvalidSignatureException", "SignatureDoesNotMatch"),
        (
            Client { access_key: "AKIDNO".to_owned(), ..base() },
            "UnrecognizedClientException",
            "InvalidClientTokenId",
        ),
        (Client { token, ..base() }, "UnrecognizedClientException", "InvalidClientTokenId"),
    ] {
        let answer = client.ask("ListQueues", &json!({}));
        assert_eq!((answer.status, answer.header("x-amzn-query-error")), (403, &*format!("{code};Sender")));
        assert!(answer.text.contains(&format!("com.amazon.coral.service#{shape}")), "{}", answer.text);
    }
    let mut unsigned = http::Request::post(server.url()).header("x-amzn-query-mode", "true");
    unsigned = unsigned.header("x-amz-target", "AmazonSQS.ListQueues");
    let answer = client.send(unsigned.body(b"{}".to_vec()).unwrap());
    assert_eq!(
        (answer.status, answer.header("x-amzn-query-error")),
        (403, "MissingAuthenticationToken;Sender")
    );

    // a server whose clock is an hour ahead says so
    server.set_clock_ahead(3600);
    let late = client.ask("ListQueues", &json!({}));
    assert!(late.text.contains("Signature expired: "), "{}", late.text);
    let corrected = Client { at: client.at + seconds(3600), ..base() };
    assert_eq!(corrected.get("ListQueues", json!({})), json!({}));
    assert_ne!(late.header("date"), answer.header("date"));
}

#[test]
fn every_signed_byte_counts() {
    let (server, client) = start();
    client.get("ListQueues", json!({}));
    let asked = &server.requests()[0];
    let again = |body: &[u8], change: Option<(&str, &str)>| {
        let mut request = http::Request::post(server.url());
        for (name, value) in &asked.headers {
            let value = change.filter(|it| it.0 == name).map_or(value.as_str(), |it| it.1);
            request = request.header(name, value);
        }
        client.send(request.body(body.to_vec()).unwrap()).status
    };
    assert_eq!(again(b"{}", None), 200);
    assert_eq!(again(b"[]", None), 403);
    assert_eq!(again(b"{}", Some(("x-amz-target", "AmazonSQS.PurgeQueue"))), 403);
}

#[test]
fn keys_of_an_assumed_role_are_good_with_their_token_until_they_expire() {
    let (server, client) = start();
    let who = client.sts("Action=GetCallerIdentity&Version=2011-06-15");
    assert_eq!((who.status, who.all("Account")), (200, vec!["123456789012"]));
    assert_eq!(who.all("Arn"), ["arn:aws:iam::123456789012:user/AKIDWEST"]);

    let role = "RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fteam%2Freader";
    let form = format!("Action=AssumeRole&DurationSeconds=900&{role}&RoleSessionName=me&Version=2011-06-15");
    let assumed = client.sts(&form);
    assert_eq!(assumed.status, 200, "{}", assumed.text);
    let one = |name| assumed.all(name)[0].to_owned();
    let temporary = Client {
        access_key: one("AccessKeyId"),
        secret: one("SecretAccessKey"),
        token: Some(one("SessionToken")),
        ..client.clone()
    };
    assert_eq!(temporary.get("ListQueues", json!({})), json!({}));
    let arn = "arn:aws:sts::123456789012:assumed-role/reader/me";
    assert_eq!(temporary.sts("Action=GetCallerIdentity").all("Arn"), [arn]);

    for token in [None, Some("another".to_owned())] {
        let stranger = Client { token, ..temporary.clone() };
        assert_eq!(stranger.error("ListQueues", json!({})), "UnrecognizedClientException");
    }
    server.advance(seconds(900));
    assert_eq!(temporary.error("ListQueues", json!({})), "ExpiredTokenException");
    let expired = temporary.sts("Action=GetCallerIdentity");
    assert_eq!((expired.status, expired.all("Code")), (403, vec!["ExpiredToken"]));
}

#[test]
fn sts_refuses_in_xml() {
    let (_server, client) = start();
    let wrong = Client { secret: "wrong".to_owned(), ..client.clone() };
    let answer = wrong.sts("Action=GetCallerIdentity");
    assert_eq!((answer.status, answer.all("Code")), (403, vec!["SignatureDoesNotMatch"]));
    for (form, code) in [
        ("Action=Sing", "InvalidAction"),
        ("Action=AssumeRole&RoleSessionName=me", "ValidationError"),
        ("Action=AssumeRole&RoleArn=arn:aws:iam::1:user/a&RoleSessionName=me", "ValidationError"),
        (
            "Action=AssumeRole&RoleArn=arn:aws:iam::1:role/a&RoleSessionName=me&DurationSeconds=1",
            "ValidationError",
        ),
    ] {
        let answer = client.sts(form);
        assert_eq!((answer.status, answer.all("Code")), (400, vec![code]), "{form}");
    }
}
