//! Who may call, and whether a call is theirs: SigV4 in the header, checked by signing the request
//! again with AWS's own signer.
//!
//! The order of the checks is AWS's: a credential first, then the key, the date, the scope, and
//! the signature last. <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html>

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;
use std::time::UNIX_EPOCH;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::SignableBody;
use aws_sigv4::http_request::SignableRequest;
use aws_sigv4::http_request::SigningSettings;
use aws_sigv4::http_request::sign;
use aws_sigv4::sign::v4;
use http::request::Parts;

use crate::clock::amz_date;
use crate::clock::read_amz_date;
use crate::record::lock;

/// The one AWS account that everything here belongs to.
pub(crate) const ACCOUNT: &str = "123456789012";

/// The keys that a server accepts.
pub(crate) struct Accounts(Mutex<HashMap<String, Account>>);

#[derive(Clone)]
struct Account {
    secret: String,
    who: Caller,
    session: Option<Session>,
}

#[derive(Clone)]
struct Session {
    token: String,
    expires: i64,
}

/// Who a checked request is from.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) arn: String,
    pub(crate) user_id: String,
}

impl Accounts {
    pub(crate) fn new(credentials: &[(&str, &str)]) -> Self {
        let accounts = credentials.iter().map(|&(access_key, secret)| {
            let account = Account {
                secret: secret.to_owned(),
                who: Caller {
                    arn: format!("arn:aws:iam::{ACCOUNT}:user/{access_key}"),
                    user_id: access_key.replacen("AKID", "AIDA", 1),
                },
                session: None,
            };
            (access_key.to_owned(), account)
        });
        Self(Mutex::new(accounts.collect()))
    }

    /// Adds temporary keys, good until the second `expires` has come.
    pub(crate) fn admit(&self, access_key: &str, secret: &str, token: &str, expires: i64, who: Caller) {
        let account = Account {
            secret: secret.to_owned(),
            who,
            session: Some(Session { token: token.to_owned(), expires }),
        };
        lock(&self.0).insert(access_key.to_owned(), account);
    }

    /// Checks a request for `service`: its date against `now`, and an expiry against `later`, the
    /// clock that a test may have advanced.
    pub(crate) fn check(
        &self,
        head: &Parts,
        body: &[u8],
        service: &str,
        now: i64,
        later: i64,
    ) -> Result<(Caller, Scope), Refusal> {
        if !head.headers.contains_key("authorization") {
            return Err(Refusal::Missing);
        }
        let scope = Scope::of(head).ok_or(Refusal::Incomplete)?;
        let account = lock(&self.0).get(&scope.access_key).cloned();
        let account = account.ok_or(Refusal::UnknownKey)?;
        let token = head.headers.get("x-amz-security-token").and_then(|value| value.to_str().ok());
        match &account.session {
            Some(session) if token != Some(&session.token) => return Err(Refusal::UnknownKey),
            Some(session) if session.expires <= later => return Err(Refusal::Expired),
            None if token.is_some() => return Err(Refusal::UnknownKey),
            _ => {}
        }
        let signed_at = check_date(head, now)?;
        scope.check(service, signed_at)?;
        if scope.signature != scope.sign(head, body, &account.secret, signed_at)? {
            return Err(Refusal::signature(
                "The request signature we calculated does not match the signature you provided. \
                 Check your AWS Secret Access Key and signing method. Consult the service \
                 documentation for details.",
            ));
        }
        Ok((account.who, scope))
    }
}

/// What an `Authorization` header or `X-Amz-Credential` says.
pub(crate) struct Scope {
    pub(crate) access_key: String,
    pub(crate) region: String,
    date: String,
    service: String,
    signed_headers: Vec<String>,
    signature: String,
}

impl Scope {
    pub(crate) fn of(head: &Parts) -> Option<Self> {
        let mut credential = None;
        let mut signed_headers = None;
        let mut signature = None;
        if let Some(authorization) = head.headers.get("authorization") {
            let parameters = authorization.to_str().ok()?;
            let parameters = parameters.strip_prefix("AWS4-HMAC-SHA256 ")?;
            for parameter in parameters.split(',') {
                let (name, value) = parameter.trim().split_once('=')?;
                match name {
                    "Credential" => credential = Some(value.to_owned()),
                    "SignedHeaders" => signed_headers = Some(value.to_owned()),
                    "Signature" => signature = Some(value.to_owned()),
                    _ => return None,
                }
            }
        } else {
            let query = head.uri.query().unwrap_or_default();
            for (name, value) in form_urlencoded::parse(query.as_bytes()) {
                match &*name {
                    "X-Amz-Credential" => credential = Some(value.into_owned()),
                    "X-Amz-SignedHeaders" => signed_headers = Some(value.into_owned()),
                    "X-Amz-Signature" => signature = Some(value.into_owned()),
                    _ => {}
                }
            }
        }
        let credential = credential?;
        let mut parts = credential.rsplitn(5, '/');
        if parts.next()? != "aws4_request" {
            return None;
        }
        let mut part = || parts.next().map(str::to_owned);
        Some(Self {
            service: part()?,
            region: part()?,
            date: part()?,
            access_key: part()?,
            signed_headers: signed_headers?.split(';').map(str::to_owned).collect(),
            signature: signature?,
        })
    }

    fn check(&self, service: &str, signed_at: i64) -> Result<(), Refusal> {
        if self.service != service {
            let message = format!("Credential should be scoped to correct service: '{service}'. ");
            return Err(Refusal::Signature(message));
        }
        let day = amz_date(signed_at);
        let day = &day[..8];
        if self.date != day {
            return Err(Refusal::Signature(format!(
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date \
                 from HTTP: '{}' != '{day}', from '{}'.",
                self.date,
                amz_date(signed_at)
            )));
        }
        if !self.signed_headers.iter().any(|name| name == "host") {
            return Err(Refusal::signature(
                "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
            ));
        }
        Ok(())
    }

    /// The signature that the request should have.
    fn sign(&self, head: &Parts, body: &[u8], secret: &str, signed_at: i64) -> Result<String, Refusal> {
        let mut headers = Vec::new();
        for name in &self.signed_headers {
            for value in head.headers.get_all(name) {
                let value = value.to_str().map_err(|_| Refusal::Incomplete)?;
                headers.push((name.as_str(), value));
            }
        }
        let host = head.headers.get("host").and_then(|host| host.to_str().ok());
        let uri = format!("http://{}{}", host.unwrap_or_default(), head.uri);
        let mut settings = SigningSettings::default();
        settings.excluded_headers = None;
        let identity = Credentials::new(&self.access_key, secret, None, None, "test").into();
        let seconds = u64::try_from(signed_at).map_err(|_| Refusal::Incomplete)?;
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .name(&self.service)
            .region(&self.region)
            .settings(settings)
            .time(UNIX_EPOCH + Duration::from_secs(seconds))
            .build()
            .expect("nothing is missing")
            .into();
        let request =
            SignableRequest::new(head.method.as_str(), uri, headers.into_iter(), SignableBody::Bytes(body));
        let signed = request.and_then(|request| sign(request, &parameters));
        let (_, signature) = signed.map_err(|_| Refusal::Incomplete)?.into_parts();
        Ok(signature)
    }
}

/// Why a request is not answered; every service has its own words for these.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// Temporary keys that were good once.
    Expired,
    /// A header that cannot be read.
    Incomplete,
    /// No `Authorization` header.
    Missing,
    /// A signature, date or scope that is wrong; the text says which.
    Signature(String),
    /// A key nobody has, or a session token that is not the key's.
    UnknownKey,
}

impl Refusal {
    fn signature(message: &str) -> Self {
        Self::Signature(message.to_owned())
    }

    /// What AWS says about it.
    pub(crate) fn message(&self) -> &str {
        match self {
            Self::Expired => "The security token included in the request is expired",
            Self::Incomplete => {
                "Authorization header requires 'Credential' parameter. Authorization header \
                 requires 'Signature' parameter. Authorization header requires 'SignedHeaders' \
                 parameter. Authorization header requires existence of either a 'X-Amz-Date' or \
                 a 'Date' header."
            }
            Self::Missing => "Request is missing Authentication Token",
            Self::Signature(message) => message,
            Self::UnknownKey => "The security token included in the request is invalid.",
        }
    }
}

/// AWS takes a date that is at most 15 minutes off.
const TOLERANCE: i64 = 15 * 60;

fn check_date(head: &Parts, now: i64) -> Result<i64, Refusal> {
    let date = head.headers.get("x-amz-date");
    let date = date.and_then(|date| read_amz_date(date.to_str().ok()?));
    let date = date.ok_or(Refusal::Incomplete)?;
    let (signed, today) = (amz_date(date), amz_date(now));
    if date < now - TOLERANCE {
        let least = amz_date(now - TOLERANCE);
        return Err(Refusal::Signature(format!(
            "Signature expired: {signed} is now earlier than {least} ({today} - 15 min.)"
        )));
    }
    if date > now + TOLERANCE {
        let most = amz_date(now + TOLERANCE);
        return Err(Refusal::Signature(format!(
            "Signature not yet current: {signed} is still later than {most} ({today} + 15 min.)"
        )));
    }
    Ok(date)
}
