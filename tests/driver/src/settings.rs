//! What a session is told: `parse_profiles`, `file_locations`, `settings`.

use std::fmt;
use std::sync::Arc;

use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use tucuxi::config::Arguments;
use tucuxi::config::Config;
use tucuxi::config::ConfigError;
use tucuxi::config::Setting;
use tucuxi::host::Fake;
use tucuxi_core::endpoint::Addressing;
use tucuxi_core::profile;
use tucuxi_core::profile::Entry;
use tucuxi_core::profile::File;
use tucuxi_core::profile::Platform;
use tucuxi_core::profile::Profiles;
use tucuxi_core::profile::Section;

use crate::fields::Fields;
use crate::fields::Refusal;
use crate::fields::written;

pub(crate) fn parse_profiles(fields: &Fields<'_>) -> Result<Value, Refusal> {
    let config = fields.bytes("config")?.unwrap_or_default();
    let credentials = fields.bytes("credentials")?.unwrap_or_default();
    let profiles = Profiles::new(&config, &credentials).map_err(|why| {
        Refusal::new("malformed", &why).with("file", why.file.to_string()).with("line", why.malformed.line)
    })?;
    let mut answer = json!({"profiles": {}, "sso_sessions": {}, "services": {}});
    for entry in profiles.entries() {
        let section = match entry {
            Entry::Property { section, .. } | Entry::Section(section) => section,
        };
        let (kind, name) = match section {
            Section::Profile(name) => ("profiles", name),
            Section::Services(name) => ("services", name),
            Section::SsoSession(name) => ("sso_sessions", name),
            _ => continue,
        };
        let section = &mut answer[kind][name];
        if section.is_null() {
            *section = Value::Object(Map::new());
        }
        if let Entry::Property { key, found, .. } = entry {
            section[key.to_ascii_lowercase()] = written(|to| found.value.write(to)).into();
        }
    }
    Ok(answer)
}

pub(crate) fn file_locations(fields: &Fields<'_>) -> Result<Value, Refusal> {
    let env = fields.texts("env")?;
    let platform = match fields.text("platform")? {
        None | Some("linux") => Platform::Unix,
        Some("windows") => Platform::Windows,
        Some(_) => return Err(Refusal::driver("platform is neither linux nor windows")),
    };
    let variable = |name: &str| env.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
    let location = |file| {
        let location = profile::location(file, platform, variable)?;
        Some(written(|to| location.write(to)))
    };
    Ok(json!({
        "config": location(File::Config),
        "credentials": location(File::Credentials),
        "profile": profile::chosen(variable).map_or(profile::DEFAULT, |(_, profile)| profile),
    }))
}

pub(crate) fn settings(fields: &Fields<'_>) -> Result<Value, Refusal> {
    let config = config(fields)?;
    Ok(json!({
        "profile": setting(Some(config.profile().clone()), |profile| profile.into()),
        "region": answered(config.region(), |region| region.into()),
        "endpoint_url_s3": answered(config.endpoint_url("S3"), |url| url.into()),
        "endpoint_url_sqs": answered(config.endpoint_url("SQS"), |url| url.into()),
        "endpoint_url_sts": answered(config.endpoint_url("STS"), |url| url.into()),
        "ca_bundle": setting(config.ca_bundle(), |path| path.to_string_lossy().into()),
        "max_attempts": answered(config.max_attempts(), |attempts| attempts.into()),
        "addressing_style": answered(config.addressing_style().map(Some), |style| addressing(style).into()),
        "credentials": answered(config.keys(), |keys| json!({
            "access_key": keys.access_key_id,
            "secret_key": keys.secret_access_key.reveal(),
            "token": keys.session_token.map(|token| token.reveal().to_owned()),
            "account_id": keys.account_id,
        })),
    }))
}

/// The configuration of a made-up world: `env`, `files`, `profile`.
pub(crate) fn config(fields: &Fields<'_>) -> Result<Config, Refusal> {
    let mut arguments = Arguments::default();
    arguments.profile = fields.text("profile")?.map(str::to_owned);
    Config::load(arguments, Arc::new(world(fields)?)).map_err(|why| refused(&why))
}

/// A host of `env` and `files` and nothing else.
pub(crate) fn world(fields: &Fields<'_>) -> Result<Fake, Refusal> {
    let mut world = Fake::new();
    for (name, value) in fields.texts("env")? {
        world = world.with_variable(name, value);
    }
    if let Some(files) = fields.object("files")? {
        for (path, _) in files.entries() {
            world = world.with_file(path, files.bytes(path)?.unwrap_or_default());
        }
    }
    Ok(world)
}

pub(crate) fn refused(why: &ConfigError) -> Refusal {
    Refusal::new(kind(&why.kind()), why).with("origin", why.origin().to_string())
}

/// A setting with its origin; null where nobody set it.
fn setting<T>(setting: Option<Setting<T>>, shown: impl FnOnce(T) -> Value) -> Value {
    setting.map_or(
        Value::Null,
        |Setting { value, origin, .. }| json!({"value": shown(value), "origin": origin.to_string()}),
    )
}

/// The same for one that may be wrong, which is no trouble to the others.
fn answered<T>(found: Result<Option<Setting<T>>, ConfigError>, shown: impl FnOnce(T) -> Value) -> Value {
    match found {
        Ok(found) => setting(found, shown),
        Err(why) => json!({"error": refused(&why).into_value()}),
    }
}

fn addressing(style: Addressing) -> &'static str {
    match style {
        Addressing::Auto => "auto",
        Addressing::Path => "path",
        Addressing::Virtual => "virtual",
    }
}

/// The name of a variant as a kind: `UnknownProfile` is `unknown_profile`.
pub(crate) fn kind(variant: &dyn fmt::Debug) -> String {
    let mut kind = String::new();
    for char in format!("{variant:?}").chars() {
        if char.is_ascii_uppercase() && !kind.is_empty() {
            kind.push('_');
        }
        kind.push(char.to_ascii_lowercase());
    }
    kind
}
