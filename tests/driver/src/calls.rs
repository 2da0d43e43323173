//! Operations by name: `build`, `presign`, `parse`, `call`, `pages`, and `client_endpoint`.

use std::error::Error as _;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::sync::LazyLock;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;

use serde_json::Value;
use serde_json::json;
use tucuxi::Client;
use tucuxi::Error;
use tucuxi::ErrorKind;
use tucuxi::Session;
use tucuxi::config::Arguments;
use tucuxi::host::Fake;
use tucuxi::host::Host;
use tucuxi::host::System;
use tucuxi::json::Json;
use tucuxi::json::Named;
use tucuxi::service::S3;
use tucuxi::service::Sqs;
use tucuxi::service::Sts;
use tucuxi::transport::Answer;
use tucuxi::transport::Broken;
use tucuxi::transport::Head;
use tucuxi::transport::Transport;
use tucuxi::transport::UreqTransport;
use tucuxi_core::endpoint::Addressing;
use tucuxi_core::profile::Platform;
use tucuxi_core::reply::Reply;
use tucuxi_core::time::Time;

use crate::fields::Fields;
use crate::fields::Refusal;
use crate::fields::b64;
use crate::fields::bytes;
use crate::fields::text_or_b64;
use crate::fields::written;
use crate::settings;

/// Calls a function that is generic over the service for the one that a request names.
macro_rules! for_service {
    ($fields:ident, $function:ident) => {
        match $fields.needed("service")? {
            "s3" => $function::<S3>($fields),
            "sqs" => $function::<Sqs>($fields),
            "sts" => $function::<Sts>($fields),
            service => Err(Refusal::driver(format!("unknown service {service:?}"))),
        }
    };
}

pub(crate) fn build(fields: &Fields<'_>) -> Result<Value, Refusal> {
    fn build<S: Named>(fields: &Fields<'_>) -> Result<Value, Refusal> {
        let client = prepared::<S>(fields)?;
        let request = client.prepare_call(fields.needed("operation")?, input(fields)?);
        let request = request.map_err(|why| refused(&why))?;
        Ok(json!({
            "method": request.method,
            "url": request.url,
            "headers": request.headers,
            "body": request.body.map(text_or_b64),
        }))
    }
    for_service!(fields, build)
}

pub(crate) fn presign(fields: &Fields<'_>) -> Result<Value, Refusal> {
    fn presign<S: Named>(fields: &Fields<'_>) -> Result<Value, Refusal> {
        let client = prepared::<S>(fields)?;
        let lasts = Duration::from_secs(fields.number("expires")?.unwrap_or(3600));
        let request = client.presign_call(fields.needed("operation")?, input(fields)?, lasts);
        let request = request.map_err(|why| refused(&why))?;
        Ok(json!({
            "method": request.method,
            "url": request.url,
            "headers": request.headers,
            "expires": rfc_3339(request.expires),
        }))
    }
    for_service!(fields, presign)
}

pub(crate) fn parse(fields: &Fields<'_>) -> Result<Value, Refusal> {
    fn parse<S: Named>(fields: &Fields<'_>) -> Result<Value, Refusal> {
        let headers = fields.pairs("headers")?;
        let body = fields.bytes("body")?.unwrap_or_default();
        let status = fields.number("status")?.ok_or_else(|| Refusal::driver("status is missing"))?;
        let input = fields.value("input").map(|_| input(fields)).transpose()?;
        let reply = Reply::new(status, &headers, &body);
        let output = tucuxi::json::read::<S>(fields.needed("operation")?, input.as_ref(), &reply);
        Ok(json!({"output": output.map(value).map_err(|why| refused(&why))?}))
    }
    for_service!(fields, parse)
}

pub(crate) fn call(fields: &Fields<'_>) -> Result<Value, Refusal> {
    fn call<S: Named>(fields: &Fields<'_>) -> Result<Value, Refusal> {
        let (client, sent) = live::<S>(fields)?;
        let output = client.call(fields.needed("operation")?, input(fields)?);
        let sent = sent.seen();
        match output {
            Ok(output) => Ok(json!({
                "output": value(output),
                "attempts": sent.attempts,
                "status": sent.status,
                "headers": sent.headers,
            })),
            Err(why) => {
                Err(refused(&why).with("attempts", sent.attempts).with("headers", json!(sent.headers)))
            }
        }
    }
    for_service!(fields, call)
}

pub(crate) fn pages(fields: &Fields<'_>) -> Result<Value, Refusal> {
    fn pages<S: Named>(fields: &Fields<'_>) -> Result<Value, Refusal> {
        let (client, _) = live::<S>(fields)?;
        let pages = client.call_pages(fields.needed("operation")?, input(fields)?);
        let mut pages = pages.map_err(|why| refused(&why))?;
        if let Some(items) = fields.number::<u32>("page_size")? {
            pages = pages.page_size(items.into());
        }
        if let Some(items) = fields.number("max_items")? {
            pages = pages.max_items(items);
        }
        if let Some(token) = fields.text("start")? {
            pages = pages.from_token(token);
        }
        let all: Result<Vec<Json>, Error> = pages.by_ref().collect();
        let all = all.map_err(|why| refused(&why))?;
        Ok(json!({
            "pages": all.into_iter().map(value).collect::<Vec<_>>(),
            "token": pages.token(),
        }))
    }
    for_service!(fields, pages)
}

pub(crate) fn client_endpoint(fields: &Fields<'_>) -> Result<Value, Refusal> {
    fn client_endpoint<S: Named>(fields: &Fields<'_>) -> Result<Value, Refusal> {
        let session = Session::builder().host(settings::world(fields)?);
        let session = match fields.text("profile")? {
            Some(profile) => session.profile(profile),
            None => session,
        };
        let session = session.build().map_err(|why| refused(&why))?.with(arguments(fields)?);
        let url = session.client::<S>().endpoint_url().map_err(|why| refused(&why))?;
        Ok(json!({ "url": url }))
    }
    for_service!(fields, client_endpoint)
}

/// A client that sends nothing: the time and the name of the call are those of the request.
fn prepared<S: Named>(fields: &Fields<'_>) -> Result<Client<S>, Refusal> {
    Ok(session(fields)?.client())
}

/// The session of such a client.
pub(crate) fn session(fields: &Fields<'_>) -> Result<Session, Refusal> {
    let time = fields.time("time")?;
    let mut session = Session::builder().host(settings::world(fields)?).clock(move || time);
    if let Some(id) = fields.text("invocation_id")?.map(str::to_owned) {
        session = session.invocation_id(move || id.clone());
    }
    if fields.object("credentials")?.is_none() {
        session = session.anonymous();
    }
    Ok(session.build().map_err(|why| refused(&why))?.with(arguments(fields)?))
}

/// A client that sends, and what it will have sent.
fn live<S: Named>(fields: &Fields<'_>) -> Result<(Client<S>, Watched), Refusal> {
    let sent = Watched::default();
    let world = Live(settings::world(fields)?);
    let mut session = Session::builder().host(world).transport(sent.clone());
    if fields.object("credentials")?.is_none() {
        session = session.anonymous();
    }
    let session = session.build().map_err(|why| refused(&why))?;
    Ok((session.with(arguments(fields)?).client(), sent))
}

/// What `config` and `credentials` say.
fn arguments(fields: &Fields<'_>) -> Result<Arguments, Refusal> {
    let mut arguments = Arguments::default();
    if let Some(config) = fields.object("config")? {
        let text = |name: &str| Ok::<_, Refusal>(config.text(name)?.map(str::to_owned));
        arguments.region = text("region")?;
        arguments.endpoint_url = text("endpoint_url")?;
        arguments.ignore_configured_endpoint_urls = config.flag("ignore_configured_endpoint_urls")?;
        arguments.max_attempts = config.number("max_attempts")?;
        arguments.addressing_style = match config.text("addressing_style")? {
            None => None,
            Some("auto") => Some(Addressing::Auto),
            Some("path") => Some(Addressing::Path),
            Some("virtual") => Some(Addressing::Virtual),
            Some(_) => return Err(Refusal::driver("addressing_style is none of auto, path, virtual")),
        };
    }
    if let Some(keys) = fields.object("credentials")? {
        arguments.access_key_id = Some(keys.needed("access_key")?.to_owned());
        arguments.secret_access_key = Some(keys.needed("secret_key")?.into());
        arguments.session_token = keys.text("token")?.map(Into::into);
        arguments.account_id = keys.text("account_id")?.map(str::to_owned);
    }
    Ok(arguments)
}

/// The input of an operation, in which a plain text stands for its own bytes.
pub(crate) fn input(fields: &Fields<'_>) -> Result<Json, Refusal> {
    fields.value("input").map_or(Ok(Json::Object(Vec::new())), from_value)
}

fn from_value(value: &Value) -> Result<Json, Refusal> {
    Ok(match value {
        Value::String(text) => Json::Utf8(text.clone()),
        Value::Array(items) => Json::List(items.iter().map(from_value).collect::<Result<_, _>>()?),
        Value::Object(object) if object.contains_key("$b64") => {
            let bytes = bytes(value).ok_or_else(|| Refusal::driver("malformed $b64"))?;
            Json::Blob(bytes.into_owned())
        }
        Value::Object(object) => {
            let member = |(name, value): (&String, &Value)| Ok((name.clone(), from_value(value)?));
            Json::Object(object.iter().map(member).collect::<Result<_, Refusal>>()?)
        }
        simple => simple.clone().into(),
    })
}

/// An output, with its bytes marked as such.
fn value(output: Json) -> Value {
    match output {
        Json::Blob(bytes) => b64(&bytes),
        Json::List(items) => items.into_iter().map(value).collect(),
        Json::Object(members) => members.into_iter().map(|(name, member)| (name, value(member))).collect(),
        simple => simple.into(),
    }
}

/// An error of a client.
pub(crate) fn refused(why: &Error) -> Refusal {
    let kind = settings::kind(&why.kind());
    let refusal = if why.kind() == ErrorKind::Service {
        Refusal::new(kind, &why.message())
            .with("code", why.code())
            .with("status", why.status())
            .with("request_id", why.request_id())
            .with("host_id", why.host_id())
            .with("modeled", why.modeled())
    } else {
        Refusal::new(kind, why)
    };
    match why.source() {
        Some(source) => refusal.with("cause", source.to_string()),
        None => refusal,
    }
}

fn rfc_3339(time: Time) -> String {
    written(|to| time.write_date_time(to).unwrap_or_default())
}

/// A made-up world with a real clock.
#[derive(Debug)]
struct Live(Fake);

impl Host for Live {
    fn variable(&self, name: &str) -> Option<String> {
        self.0.variable(name)
    }

    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        self.0.read(path)
    }

    fn platform(&self) -> Platform {
        self.0.platform()
    }

    fn now(&self) -> Time {
        System.now()
    }

    fn random(&self) -> u64 {
        System.random()
    }

    fn sleep(&self, span: Duration) {
        System.sleep(span);
    }
}

/// The usual transport, which all lines share, and what went through it for one of them.
#[derive(Clone, Debug, Default)]
struct Watched(Arc<Mutex<Seen>>);

#[derive(Clone, Debug, Default)]
struct Seen {
    attempts: u32,
    /// Of the last reply.
    status: Option<u16>,
    headers: Vec<(String, String)>,
}

impl Watched {
    fn seen(&self) -> Seen {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Transport for Watched {
    fn send(&self, head: &Head<'_>, body: &mut dyn Read) -> Result<Answer, Broken> {
        static USUAL: LazyLock<UreqTransport> = LazyLock::new(UreqTransport::new);
        let answer = USUAL.send(head, body);
        let mut seen = self.lock();
        seen.attempts += 1;
        if let Ok(answer) = &answer {
            seen.status = Some(answer.status);
            seen.headers.clone_from(&answer.headers);
        }
        answer
    }
}
