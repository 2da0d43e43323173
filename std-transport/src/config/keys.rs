//! Access keys that are written down: in code, in the environment, in a profile.
//!
//! Half a pair is an error wherever it is found, and so is a source of credentials that has to be
//! asked: going on to the next place would answer with somebody else's keys.

use tucuxi_core::profile::File;
use tucuxi_core::time::Time;

use super::error::{ConfigError, ConfigErrorKind};
use super::setting::{Origin, Setting};
use super::{Arguments, Config, filled};
use crate::secret::Secret;

/// An access key.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Keys {
    /// The id, which is no secret.
    pub access_key_id: String,
    /// The account it belongs to, where that is known.
    pub account_id: Option<String>,
    /// When they end, where that is known. Presigned URLs and forms end with them.
    pub expires: Option<Time>,
    /// The secret.
    pub secret_access_key: Secret,
    /// The token of temporary keys.
    pub session_token: Option<Secret>,
}

impl Config {
    /// The access keys that are written down somewhere: arguments, environment, profile.
    ///
    /// The environment's are passed over when the profile was chosen by argument. A profile that
    /// assumes a role or uses single sign-on says so before any keys it also has, as in boto3. Id,
    /// secret, token and expiry always come from one place; the environment's expiry is `AWS_CREDENTIAL_EXPIRATION`,
    /// which `aws configure export-credentials --format env` writes.
    ///
    /// # Errors
    ///
    /// [`BadValue`](ConfigErrorKind::BadValue) for an expiry that is no instant in RFC 3339;
    /// [`HalfKeyPair`](ConfigErrorKind::HalfKeyPair) for an id without its secret or the other way
    /// round; [`UnsupportedSource`](ConfigErrorKind::UnsupportedSource) when the profile or the
    /// environment names a source of credentials that is none of these.
    pub fn keys(&self) -> Result<Option<Setting<Keys>>, ConfigError> {
        if self.arguments.has_keys() {
            return self.keys_of_arguments().map(Some);
        }
        let environment = self.profile.origin != Origin::Argument;
        if environment {
            let names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
            if let Some(pair) = pair(names, self.variable(names[0]), self.variable(names[1]))? {
                let token =
                    self.variable("AWS_SESSION_TOKEN").or_else(|| self.variable("AWS_SECURITY_TOKEN"));
                let account = self.account_id("aws_account_id", &["AWS_ACCOUNT_ID"]);
                let expires = self.variable("AWS_CREDENTIAL_EXPIRATION").map(instant).transpose()?;
                return Ok(Some(pair.keys(token, account, expires)));
            }
            self.refuse_variables(&["AWS_WEB_IDENTITY_TOKEN_FILE"])?;
        }
        self.refuse_keys(&["web_identity_token_file", "role_arn", "sso_account_id", "sso_role_name"])?;
        if let Some(keys) = self.keys_of(File::Credentials)? {
            return Ok(Some(keys));
        }
        self.refuse_keys(&["login_session", "credential_process"])?;
        if let Some(keys) = self.keys_of(File::Config)? {
            return Ok(Some(keys));
        }
        self.refuse_keys(&["sso_session", "sso_start_url"])?;
        self.refuse_variables(&[
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        ])?;
        Ok(None)
    }

    fn keys_of_arguments(&self) -> Result<Setting<Keys>, ConfigError> {
        let Arguments {
            access_key_id,
            secret_access_key,
            session_token,
            account_id,
            credential_expiration,
            ..
        } = &self.arguments;
        let argument =
            |text: &str| filled(Some(text.to_owned())).map(|value| Setting::new(value, Origin::Argument));
        let secret = |secret: &Option<Secret>| argument(secret.as_ref()?.reveal());
        let id = access_key_id.as_deref().and_then(argument);
        let pair = pair(["access_key_id", "secret_access_key"], id, secret(secret_access_key))?;
        let token = secret(session_token);
        match pair {
            Some(pair) => Ok(pair.keys(token, account_id.clone(), *credential_expiration)),
            None => Err(half("access_key_id", "session_token", Origin::Argument)),
        }
    }

    /// The static keys that the profile has in one of the files.
    fn keys_of(&self, file: File) -> Result<Option<Setting<Keys>>, ConfigError> {
        let get = |key| self.files.setting_in(file, key);
        let names = ["aws_access_key_id", "aws_secret_access_key"];
        let Some(pair) = pair(names, get(names[0]), get(names[1]))? else { return Ok(None) };
        let token = get("aws_session_token").or_else(|| get("aws_security_token"));
        Ok(Some(pair.keys(token, self.account_id("aws_account_id", &[]), None)))
    }

    fn account_id(&self, key: &str, variables: &[&str]) -> Option<String> {
        self.find(self.arguments.account_id.clone(), variables, key).map(|found| found.value)
    }

    /// An error if the profile has one of these keys, which say that its credentials come from
    /// elsewhere.
    fn refuse_keys(&self, keys: &[&str]) -> Result<(), ConfigError> {
        for key in keys {
            if let Some(Setting { origin, .. }) = self.files.setting(key) {
                let profile = &self.profile.value;
                let message = format!(
                    "profile {profile:?} gets its credentials by {key} ({origin}), which is not supported yet"
                );
                return Err(ConfigError::new(ConfigErrorKind::UnsupportedSource, message, origin));
            }
        }
        Ok(())
    }

    /// The same for the environment.
    fn refuse_variables(&self, names: &[&str]) -> Result<(), ConfigError> {
        match names.iter().find_map(|name| self.variable(name)) {
            None => Ok(()),
            Some(Setting { origin, .. }) => Err(ConfigError::new(
                ConfigErrorKind::UnsupportedSource,
                format!("the environment offers credentials by {origin}, which is not supported yet"),
                origin,
            )),
        }
    }
}

/// Both halves of an access key.
struct Pair {
    id: Setting<String>,
    secret: Secret,
}

impl Pair {
    fn keys(
        self,
        token: Option<Setting<String>>,
        account_id: Option<String>,
        expires: Option<Time>,
    ) -> Setting<Keys> {
        let session_token = token.map(|token| Secret::new(token.value));
        self.id.map(|id| Keys {
            access_key_id: id,
            account_id,
            expires,
            secret_access_key: self.secret,
            session_token,
        })
    }
}

fn instant(text: Setting<String>) -> Result<Time, ConfigError> {
    let parsed = Time::parse_date_time(text.value.trim().as_bytes());
    parsed.map_err(|_| text.bad("the credentials' expiration", "an instant as in 2026-01-01T12:00:00Z"))
}

/// Both halves or none.
fn pair(
    [id_name, secret_name]: [&str; 2],
    id: Option<Setting<String>>,
    secret: Option<Setting<String>>,
) -> Result<Option<Pair>, ConfigError> {
    match (id, secret) {
        (Some(id), Some(secret)) => Ok(Some(Pair { id, secret: Secret::new(secret.value) })),
        (Some(id), None) => Err(half(secret_name, id_name, id.origin)),
        (None, Some(secret)) => Err(half(id_name, secret_name, secret.origin)),
        (None, None) => Ok(None),
    }
}

fn half(missing: &str, there: &str, origin: Origin) -> ConfigError {
    let message = match origin {
        Origin::Variable(_) => format!("{missing} is missing beside {there}"),
        _ => format!("{missing} is missing beside {there} ({origin})"),
    };
    ConfigError::new(ConfigErrorKind::HalfKeyPair, message, origin)
}
