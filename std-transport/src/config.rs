//! What a session is told by arguments, environment and shared files, and where each value came
//! from.
//!
//! [`Config`] holds the arguments and what the two files say of the profile, and looks things up when asked:
//! a bad `max_attempts` is the error of those who need `max_attempts`. For most settings an
//! argument wins over the environment, and that over the profile. Blank values count as unset.
//! Nothing here speaks to the network; credentials that must be fetched are named and refused.

mod error;
mod files;
mod keys;
mod setting;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use tucuxi_core::endpoint::Addressing;
use tucuxi_core::profile;
use tucuxi_core::time::Time;
use tucuxi_core::uri::{self, Url};

use self::files::Files;
use crate::host::Host;
use crate::secret::Secret;

pub use self::error::{ConfigError, ConfigErrorKind};
pub use self::keys::Keys;
pub use self::setting::{Origin, Setting};

/// What a session or a client knows.
///
/// Cheap to clone: what the files say is shared.
///
/// ```
/// use std::sync::Arc;
/// use tucuxi::config::{Arguments, Config};
/// use tucuxi::host::Fake;
///
/// let host = Fake::new()
///     .with_variable("HOME", "/home/ada")
///     .with_file("/home/ada/.aws/config", "[default]\nregion = eu-west-1\n");
/// let config = Config::load(Arguments::default(), Arc::new(host))?;
/// let region = config.region()?.unwrap();
/// assert_eq!((region.value.as_str(), region.origin.to_string().as_str()), ("eu-west-1", "~/.aws/config:2"));
/// # Ok::<(), tucuxi::config::ConfigError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Config {
    arguments: Arguments,
    profile: Setting<String>,
    files: Arc<Files>,
    host: Arc<dyn Host>,
}

impl Config {
    /// Reads the shared files and checks that the chosen profile is there.
    ///
    /// The profile is that of `arguments`, else of `AWS_PROFILE`, else of `AWS_DEFAULT_PROFILE`,
    /// else `default`. Files that do not exist are empty.
    ///
    /// # Errors
    ///
    /// [`Unreadable`](ConfigErrorKind::Unreadable), [`Malformed`](ConfigErrorKind::Malformed), and
    /// [`UnknownProfile`](ConfigErrorKind::UnknownProfile) for a profile that was chosen and is in
    /// neither file, whatever else is set.
    pub fn load(arguments: Arguments, host: Arc<dyn Host>) -> Result<Self, ConfigError> {
        let profile = match filled(arguments.profile.clone()) {
            Some(value) => Setting { value, origin: Origin::Argument },
            None => match profile::chosen(|name| host.variable(name)) {
                Some((variable, value)) => Setting { value, origin: Origin::Variable(variable.into()) },
                None => Setting { value: profile::DEFAULT.into(), origin: Origin::Default },
            },
        };
        let files = Files::read(&*host, &profile.value)?;
        if !files.has(&profile.value) && profile.origin != Origin::Default {
            return Err(ConfigError::new(
                ConfigErrorKind::UnknownProfile,
                format!("profile {:?}, chosen by {}, is in no shared file", profile.value, profile.origin),
                profile.origin,
            ));
        }
        Ok(Self { arguments, profile, files: Arc::new(files), host })
    }

    /// The same with further arguments, which win over those given before: a client's over its
    /// session's. Access keys replace access keys as a whole. The profile stays as it is.
    #[must_use]
    pub fn with(&self, more: Arguments) -> Self {
        let before = &self.arguments;
        let keys = if more.has_keys() { &more } else { before }.clone();
        let arguments = Arguments {
            access_key_id: keys.access_key_id,
            account_id: keys.account_id,
            addressing_style: more.addressing_style.or(before.addressing_style),
            ca_bundle: more.ca_bundle.or_else(|| before.ca_bundle.clone()),
            credential_expiration: keys.credential_expiration,
            endpoint_url: filled(more.endpoint_url).or_else(|| before.endpoint_url.clone()),
            ignore_configured_endpoint_urls: more
                .ignore_configured_endpoint_urls
                .or(before.ignore_configured_endpoint_urls),
            max_attempts: more.max_attempts.or(before.max_attempts),
            profile: before.profile.clone(),
            region: filled(more.region).or_else(|| before.region.clone()),
            secret_access_key: keys.secret_access_key,
            session_token: keys.session_token,
            us_east_1_regional_endpoint: more
                .us_east_1_regional_endpoint
                .or(before.us_east_1_regional_endpoint),
            use_dualstack_endpoint: more.use_dualstack_endpoint.or(before.use_dualstack_endpoint),
            use_fips_endpoint: more.use_fips_endpoint.or(before.use_fips_endpoint),
        };
        Self { arguments, ..self.clone() }
    }

    /// The profile in use.
    #[must_use]
    pub const fn profile(&self) -> &Setting<String> {
        &self.profile
    }

    /// The profiles of both files, in the order in which they are written.
    #[must_use]
    pub fn available_profiles(&self) -> Vec<String> {
        self.files.profiles().to_vec()
    }

    /// The region: the argument, `AWS_REGION`, `AWS_DEFAULT_REGION`, the profile's `region`.
    ///
    /// # Errors
    ///
    /// [`BadRegion`](ConfigErrorKind::BadRegion) if it cannot be part of a host name.
    pub fn region(&self) -> Result<Option<Setting<String>>, ConfigError> {
        let argument = self.arguments.region.clone();
        let found = self.find(argument, &["AWS_REGION", "AWS_DEFAULT_REGION"], "region");
        match found {
            Some(Setting { value, origin }) if !uri::region(&value) => Err(ConfigError::new(
                ConfigErrorKind::BadRegion,
                format!("region {value:?} from {origin} is no name of a region"),
                origin,
            )),
            found => Ok(found),
        }
    }

    /// The endpoint of a service, if one is configured: the argument,
    /// `AWS_ENDPOINT_URL_<SERVICE>`, `AWS_ENDPOINT_URL`, the service's `endpoint_url` in the
    /// `[services]` section that the profile names, the profile's `endpoint_url`.
    ///
    /// `service` is AWS's service id, such as `S3` or `SSO OIDC`. All but the argument are passed
    /// over when the argument `ignore_configured_endpoint_urls`, the variable
    /// `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS`, or the profile's key of that name is true. See AWS's
    /// [rules](https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html).
    ///
    /// # Errors
    ///
    /// [`BadEndpointUrl`](ConfigErrorKind::BadEndpointUrl) if it is no URL of an endpoint,
    /// [`BadValue`](ConfigErrorKind::BadValue) if the profile names a `[services]` section that is
    /// not there.
    pub fn endpoint_url(&self, service: &str) -> Result<Option<Setting<String>>, ConfigError> {
        let found = match filled(self.arguments.endpoint_url.clone()) {
            Some(url) => Some(Setting::new(url, Origin::Argument)),
            None if self.ignores_configured_endpoint_urls() => None,
            None => self.configured_endpoint_url(service)?,
        };
        let Some(Setting { value, origin }) = found else { return Ok(None) };
        match Url::parse(&value) {
            Ok(_) => Ok(Some(Setting { value, origin })),
            Err(why) => {
                let message = format!("the endpoint from {origin} is no url of an endpoint");
                Err(ConfigError::new(ConfigErrorKind::BadEndpointUrl, message, origin).because(why))
            }
        }
    }

    /// The file of certificates to trust: the argument, `AWS_CA_BUNDLE`, the profile's `ca_bundle`.
    #[must_use]
    pub fn ca_bundle(&self) -> Option<Setting<PathBuf>> {
        if let Some(path) = &self.arguments.ca_bundle {
            return Some(Setting::new(path.clone(), Origin::Argument));
        }
        self.find(None, &["AWS_CA_BUNDLE"], "ca_bundle").map(|found| found.map(PathBuf::from))
    }

    /// How often a call may be tried, the first time included: the argument, `AWS_MAX_ATTEMPTS`,
    /// the profile's `max_attempts`.
    ///
    /// # Errors
    ///
    /// [`BadValue`](ConfigErrorKind::BadValue) unless it is a number from 1.
    pub fn max_attempts(&self) -> Result<Option<Setting<u32>>, ConfigError> {
        let argument = self.arguments.max_attempts.map(|attempts| attempts.to_string());
        let Some(found) = self.find(argument, &["AWS_MAX_ATTEMPTS"], "max_attempts") else { return Ok(None) };
        match found.value.parse() {
            Ok(attempts) if attempts > 0 => Ok(Some(found.map(|_| attempts))),
            _ => Err(found.bad("max_attempts", "a number from 1")),
        }
    }

    /// How S3 bucket names are placed: the argument, else `addressing_style` in the profile's `s3`.
    ///
    /// # Errors
    ///
    /// [`BadValue`](ConfigErrorKind::BadValue) unless it is `auto`, `path` or `virtual`.
    pub fn addressing_style(&self) -> Result<Setting<Addressing>, ConfigError> {
        if let Some(style) = self.arguments.addressing_style {
            return Ok(Setting::new(style, Origin::Argument));
        }
        let Some(found) = self.files.sub_setting("s3", "addressing_style") else {
            return Ok(Setting::new(Addressing::Auto, Origin::Default));
        };
        match found.value.as_str() {
            "auto" => Ok(found.map(|_| Addressing::Auto)),
            "path" => Ok(found.map(|_| Addressing::Path)),
            "virtual" => Ok(found.map(|_| Addressing::Virtual)),
            _ => Err(found.bad("addressing_style", "auto, path or virtual")),
        }
    }

    /// Whether requests go to FIPS endpoints: the argument, `AWS_USE_FIPS_ENDPOINT`, the profile's
    /// `use_fips_endpoint`.
    ///
    /// # Errors
    ///
    /// [`BadValue`](ConfigErrorKind::BadValue) unless it is `true` or `false`.
    pub fn use_fips_endpoint(&self) -> Result<Setting<bool>, ConfigError> {
        self.switch(self.arguments.use_fips_endpoint, "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint")
    }

    /// Whether requests go to endpoints that answer over IPv6 and IPv4: the argument,
    /// `AWS_USE_DUALSTACK_ENDPOINT`, the profile's `use_dualstack_endpoint`.
    ///
    /// # Errors
    ///
    /// [`BadValue`](ConfigErrorKind::BadValue) unless it is `true` or `false`.
    pub fn use_dualstack_endpoint(&self) -> Result<Setting<bool>, ConfigError> {
        let argument = self.arguments.use_dualstack_endpoint;
        self.switch(argument, "AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint")
    }

    /// Which of S3's two endpoints serves us-east-1: the argument,
    /// `AWS_S3_US_EAST_1_REGIONAL_ENDPOINT`, `us_east_1_regional_endpoint` in the profile's `s3`;
    /// [`Legacy`](UsEast1::Legacy) where nothing is said, as in boto3.
    ///
    /// # Errors
    ///
    /// [`BadValue`](ConfigErrorKind::BadValue) unless it is `legacy` or `regional`.
    pub fn us_east_1_regional_endpoint(&self) -> Result<Setting<UsEast1>, ConfigError> {
        if let Some(argument) = self.arguments.us_east_1_regional_endpoint {
            return Ok(Setting::new(argument, Origin::Argument));
        }
        let nested = || self.files.sub_setting("s3", "us_east_1_regional_endpoint");
        let found = self.variable("AWS_S3_US_EAST_1_REGIONAL_ENDPOINT");
        let Some(found) = found.or_else(nested) else {
            return Ok(Setting::new(UsEast1::Legacy, Origin::Default));
        };
        match found.value.as_str() {
            "legacy" => Ok(found.map(|_| UsEast1::Legacy)),
            "regional" => Ok(found.map(|_| UsEast1::Regional)),
            _ => Err(found.bad("us_east_1_regional_endpoint", "legacy or regional")),
        }
    }

    fn switch(
        &self,
        argument: Option<bool>,
        variable: &str,
        key: &str,
    ) -> Result<Setting<bool>, ConfigError> {
        let argument = argument.map(|on| on.to_string());
        let Some(found) = self.find(argument, &[variable], key) else {
            return Ok(Setting::new(false, Origin::Default));
        };
        match found.value.to_ascii_lowercase().as_str() {
            "true" => Ok(found.map(|_| true)),
            "false" => Ok(found.map(|_| false)),
            _ => Err(found.bad(key, "true or false")),
        }
    }

    fn ignores_configured_endpoint_urls(&self) -> bool {
        let argument = self.arguments.ignore_configured_endpoint_urls.map(|ignore| ignore.to_string());
        self.find(argument, &["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"], "ignore_configured_endpoint_urls")
            .is_some_and(|found| found.value.eq_ignore_ascii_case("true"))
    }

    fn configured_endpoint_url(&self, service: &str) -> Result<Option<Setting<String>>, ConfigError> {
        let service = service.replace(['-', ' '], "_");
        let variable = format!("AWS_ENDPOINT_URL_{}", service.to_ascii_uppercase());
        let set = self.variable(&variable).or_else(|| self.variable("AWS_ENDPOINT_URL"));
        if set.is_some() {
            return Ok(set);
        }
        if let Some(services) = self.files.setting("services") {
            if !self.files.has_services() {
                return Err(services.bad("services", "a [services] section"));
            }
            if let Some(url) = self.files.service_setting(&service, "endpoint_url") {
                return Ok(Some(url));
            }
        }
        Ok(self.files.setting("endpoint_url"))
    }

    /// The argument, else the first variable that is set, else the profile's key.
    fn find(&self, argument: Option<String>, variables: &[&str], key: &str) -> Option<Setting<String>> {
        filled(argument)
            .map(|value| Setting::new(value, Origin::Argument))
            .or_else(|| variables.iter().find_map(|name| self.variable(name)))
            .or_else(|| self.files.setting(key))
    }

    fn variable(&self, name: &str) -> Option<Setting<String>> {
        filled(self.host.variable(name)).map(|value| Setting::new(value, Origin::Variable(name.into())))
    }
}

/// What is told in code. Everything may be left out.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct Arguments {
    /// The access key's id, with `secret_access_key`.
    pub access_key_id: Option<String>,
    /// The account the keys belong to.
    pub account_id: Option<String>,
    /// How S3 bucket names are placed.
    pub addressing_style: Option<Addressing>,
    /// A file of certificates to trust, in PEM.
    pub ca_bundle: Option<PathBuf>,
    /// When the keys given with it end: temporary keys do.
    pub credential_expiration: Option<Time>,
    /// Where requests go instead of AWS's own endpoint.
    pub endpoint_url: Option<String>,
    /// Whether endpoints from environment and files are passed over.
    pub ignore_configured_endpoint_urls: Option<bool>,
    /// How often a call may be tried, the first time included.
    pub max_attempts: Option<u32>,
    /// The profile to use; keys in the environment are then passed over.
    pub profile: Option<String>,
    /// The region.
    pub region: Option<String>,
    /// The access key's secret, with `access_key_id`.
    pub secret_access_key: Option<Secret>,
    /// The token that belongs to temporary keys.
    pub session_token: Option<Secret>,
    /// Which of S3's two endpoints serves us-east-1.
    pub us_east_1_regional_endpoint: Option<UsEast1>,
    /// Whether requests go to endpoints that answer over IPv6 and IPv4.
    pub use_dualstack_endpoint: Option<bool>,
    /// Whether requests go to FIPS endpoints.
    pub use_fips_endpoint: Option<bool>,
}

/// Which of S3's two endpoints serves us-east-1. Presigned URLs are always for the regional one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "boto3's two values")]
pub enum UsEast1 {
    /// `s3.amazonaws.com`
    Legacy,
    /// `s3.us-east-1.amazonaws.com`
    Regional,
}

impl Arguments {
    fn has_keys(&self) -> bool {
        let there = |text: &str| !text.trim().is_empty();
        let secret = |secret: &Option<Secret>| secret.as_ref().is_some_and(|secret| there(secret.reveal()));
        self.access_key_id.as_deref().is_some_and(there)
            || secret(&self.secret_access_key)
            || secret(&self.session_token)
    }
}

impl fmt::Debug for Arguments {
    /// Without what may be secret: an endpoint can have a password in it before it is checked.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Arguments")
            .field("access_key_id", &self.access_key_id)
            .field("profile", &self.profile)
            .field("region", &self.region)
            .finish_non_exhaustive()
    }
}

/// What is not blank.
fn filled(value: Option<String>) -> Option<String> {
    value.filter(|value| !value.trim().is_empty())
}

#[cfg(test)]
mod tests;
