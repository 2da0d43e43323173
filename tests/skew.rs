//! AWS's cases of wrong clocks: what each signature says the time is, what is learned, what is tried again.

use std::process::ExitCode;

use libtest_mimic::Trial;
use serde_json::Value;
use tucuxi_core::endpoint::Endpoint;
use tucuxi_core::request::Pair;
use tucuxi_core::request::Raw;
use tucuxi_core::sigv4::Credentials;
use tucuxi_core::sigv4::Payload;
use tucuxi_core::sigv4::Rules;
use tucuxi_core::sigv4::Signer;
use tucuxi_core::sigv4::SigningKey;
use tucuxi_core::sink::Cursor;
use tucuxi_core::skew::Exchange;
use tucuxi_core::skew::Skew;
use tucuxi_core::time::Time;
use tucuxi_tests::cases;
use tucuxi_tests::same;
use tucuxi_tests::trial;

fn main() -> ExitCode {
    tucuxi_tests::run("clock-skew-test-cases", |folder| {
        let list = cases(&folder).as_array().unwrap().clone();
        let named = list.into_iter().map(|case| {
            let name = case["description"].as_str().unwrap_or_default().to_owned();
            trial(name, move || client(&case))
        });
        named.collect::<Vec<Trial>>()
    })
}

/// One client, and the operations that it calls one after the other.
fn client(case: &Value) -> Result<(), String> {
    let operations = case["operations"].as_array().ok_or("no operations")?;
    let millis = |operation: &Value, name: &str| operation[name].as_i64().unwrap_or_default() * 1_000;
    let mut skew = Skew::from_millis(millis(&operations[0], "initialClientSkew"));
    for operation in operations {
        let initial = millis(operation, "initialClientSkew");
        same("the skew at first", &skew.millis().to_string(), &initial.to_string())?;
        let most = operation["maxAttempts"].as_u64().unwrap_or(3);
        let mut attempts = operation["attempts"].as_array().ok_or("no attempts")?.iter();
        let mut number = 0;
        let outcome = loop {
            let Some(attempt) = attempts.next() else {
                return Err("one attempt more than there should be".to_owned());
            };
            number += 1;
            let (sent, received) =
                (time(&attempt["clientTimeAtSend"])?, time(&attempt["clientTimeAtReceive"])?);
            let signed = time(&attempt["expectedSigningTime"])?.stamp();
            same("the time of signing", &signed_at(skew.apply(sent)), &String::from_utf8_lossy(&signed))?;

            let response = &attempt["response"];
            let header = |name: &str| response["headers"][name].as_str();
            let code = response["errorCode"].as_str();
            let exchange = Exchange::new(sent, received).date(header("Date")).age(header("Age"));
            let before = skew;
            let learned = exchange.skew();
            skew = learned.unwrap_or(skew);
            let again = learned.is_some_and(|learned| before.calls_for_retry(learned, code));
            if again && number < most {
                continue;
            }
            break if code.is_none() { "success" } else { "error" };
        };
        same("the outcome", outcome, operation["expectedOutcome"].as_str().unwrap_or_default())?;
        same("attempts left over", &attempts.count().to_string(), "0")?;
        let expected = millis(operation, "expectedClientSkew");
        same("the skew at last", &skew.millis().to_string(), &expected.to_string())?;
    }
    Ok(())
}

fn time(text: &Value) -> Result<Time, String> {
    Time::parse_date_time(text.as_str().unwrap_or_default().as_bytes()).map_err(|why| why.to_string())
}

/// The time that a request signed at that time says.
fn signed_at(time: Time) -> String {
    let mut room = [Pair::EMPTY; 4];
    let request = Raw::from_url("https://example.com/", &mut room).unwrap().finish().unwrap();
    let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    let key = SigningKey::derive(&credentials, time, "us-east-1", "service");
    let signer = Signer::new(&credentials, &key, Rules::OTHERS);
    let endpoint = Endpoint::new(true, "example.com", "service", "us-east-1");
    let signed = signer.sign(&request, endpoint, time, Payload::Body);
    let mut texts = signed.headers().map(|header| {
        let (mut name, mut value) = ([0; 32], [0; 512]);
        let (mut to_name, mut to_value) = (Cursor::new(&mut name), Cursor::new(&mut value));
        header.write_name(&mut to_name);
        header.write_value(&mut to_value);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (text(to_name.finish().unwrap()), text(to_value.finish().unwrap()))
    });
    texts.find(|(name, _)| name == "x-amz-date").map(|(_, value)| value).unwrap_or_default()
}
