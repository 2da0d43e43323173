//! STS over the query protocol: who am I, and keys for a role.
//!
//! Any role of any account may be assumed; there are no policies here.
//! <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>

use std::collections::HashMap;

use http::Response;
use http::request::Parts;
use s3s::Body;

use crate::accounts::ACCOUNT;
use crate::accounts::Caller;
use crate::accounts::Refusal;
use crate::clock::iso;
use crate::random::random;
use crate::random::unique;
use crate::sqs::State;

/// Answers a request with a form in its body.
pub(crate) fn answer(state: &State, head: &Parts, body: &[u8]) -> Response<Body> {
    let (status, xml) = match answer_checked(state, head, body) {
        Ok(xml) => (200, xml),
        Err(fault) => (fault.status, fault.xml()),
    };
    let response = Response::builder()
        .status(status)
        .header("content-type", "text/xml")
        .header("x-amzn-requestid", unique());
    response.body(Body::from(xml)).expect("the headers are ASCII")
}

struct Fault {
    status: u16,
    code: &'static str,
    message: String,
}

impl Fault {
    fn xml(&self) -> String {
        let Self { code, message, .. } = self;
        let message = escape(message);
        let id = unique();
        format!(
            "<ErrorResponse xmlns=\"{NAMESPACE}\"><Error><Type>Sender</Type><Code>{code}</Code>\
             <Message>{message}</Message></Error><RequestId>{id}</RequestId></ErrorResponse>"
        )
    }

    fn invalid(message: String) -> Self {
        Self { status: 400, code: "ValidationError", message }
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        let (status, code) = match refusal {
            Refusal::Expired => (403, "ExpiredToken"),
            Refusal::Incomplete => (400, "IncompleteSignature"),
            Refusal::Missing => (403, "MissingAuthenticationToken"),
            Refusal::Signature(_) => (403, "SignatureDoesNotMatch"),
            Refusal::UnknownKey => (403, "InvalidClientTokenId"),
        };
        Self { status, code, message: refusal.message().to_owned() }
    }
}

fn answer_checked(state: &State, head: &Parts, body: &[u8]) -> Result<String, Fault> {
    let (now, later) = (state.clock.now(), state.later.now());
    let (caller, _) = state.accounts.check(head, body, "sts", now, later)?;
    let form: HashMap<_, _> = form_urlencoded::parse(body).into_owned().collect();
    let action = form.get("Action").map(String::as_str).unwrap_or_default();
    let result = match action {
        "AssumeRole" => assume_role(state, &form, later)?,
        "GetCallerIdentity" => {
            let Caller { arn, user_id } = &caller;
            let (arn, user_id) = (escape(arn), escape(user_id));
            format!("<Arn>{arn}</Arn><UserId>{user_id}</UserId><Account>{ACCOUNT}</Account>")
        }
        _ => {
            return Err(Fault {
                status: 400,
                code: "InvalidAction",
                message: format!("Could not find operation {action} for version 2011-06-15"),
            });
        }
    };
    let id = unique();
    Ok(format!(
        "<{action}Response xmlns=\"{NAMESPACE}\"><{action}Result>{result}</{action}Result>\
         <ResponseMetadata><RequestId>{id}</RequestId></ResponseMetadata></{action}Response>"
    ))
}

fn assume_role(state: &State, form: &HashMap<String, String>, later: i64) -> Result<String, Fault> {
    let required = |name: &str| {
        let value = form.get(name).filter(|value| value.len() >= 2);
        value.ok_or_else(|| {
            let name = format!("{}{}", name[..1].to_lowercase(), &name[1..]);
            Fault::invalid(format!(
                "1 validation error detected: Value at '{name}' failed to satisfy constraint: \
                 Member must not be null"
            ))
        })
    };
    let role_arn = required("RoleArn")?;
    let session_name = required("RoleSessionName")?;
    let parts: Vec<_> = role_arn.split(':').collect();
    let ["arn", partition, "iam", "", account, role] = parts[..] else {
        return Err(Fault::invalid(format!("{role_arn} is invalid")));
    };
    let Some(path) = role.strip_prefix("role/") else {
        return Err(Fault::invalid(format!("{role_arn} is invalid")));
    };
    let seconds = match form.get("DurationSeconds") {
        None => Ok(3600),
        Some(text) => text.parse(),
    };
    let Some(seconds) = seconds.ok().filter(|it| (900..=43_200).contains(it)) else {
        return Err(Fault::invalid(
            "1 validation error detected: Value at 'durationSeconds' failed to satisfy \
             constraint: Member must be between 900 and 43200"
                .to_owned(),
        ));
    };
    // the ARN of a session has the role's name without its path
    let role_name = path.rsplit('/').next().unwrap_or_default();
    let arn = format!("arn:{partition}:sts::{account}:assumed-role/{role_name}/{session_name}");
    let (a, b) = random();
    let access_key = format!("ASIA{a:016X}");
    // with the characters of Base64, as AWS's have
    let secret = base64_simd::STANDARD.encode_to_string(format!("{b:016x}??>>{a:08x}"));
    let token = base64_simd::STANDARD.encode_to_string(format!("session {} ?>~", unique()));
    let expires = later + seconds;
    let user_id = format!("AROA{b:016X}:{session_name}");
    let who = Caller { arn: arn.clone(), user_id: user_id.clone() };
    state.accounts.admit(&access_key, &secret, &token, expires, who);
    let (arn, user_id, expiration) = (escape(&arn), escape(&user_id), iso(expires));
    Ok(format!(
        "<AssumedRoleUser><Arn>{arn}</Arn><AssumedRoleId>{user_id}</AssumedRoleId>\
         </AssumedRoleUser><Credentials><AccessKeyId>{access_key}</AccessKeyId>\
         <SecretAccessKey>{secret}</SecretAccessKey><SessionToken>{token}</SessionToken>\
         <Expiration>{expiration}</Expiration></Credentials>"
    ))
}

const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

fn escape(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;").replace('"', "&quot;")
}
