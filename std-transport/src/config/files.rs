//! What the two shared files say of the profile in use, read once when the session begins.
//!
//! The files are parsed once and let go: what stays is one profile and the `[services]` section that it names.

use std::fmt;
use std::io;
use std::path::Path;

use tucuxi_core::profile::{self, Entry, File, Found, Profiles, Section};
use zeroize::Zeroizing;

use super::error::{ConfigError, ConfigErrorKind};
use super::filled;
use super::setting::{Origin, Setting};
use crate::host::Host;
use crate::output::written;

/// The properties of one profile, and how to name the files.
pub(super) struct Files {
    /// The names of all profiles.
    profiles: Vec<String>,
    profile: Vec<Property>,
    /// None where the profile names no section that is there.
    services: Option<Vec<Property>>,
    config_path: String,
    credentials_path: String,
}

/// A property and those of its sub-properties that somebody may ask for.
pub(super) struct Property {
    key: String,
    file: File,
    value: Text,
    subs: Vec<(&'static str, Text)>,
}

/// A value, which may be a secret and so is wiped, and its line.
struct Text {
    text: Zeroizing<String>,
    line: u32,
}

/// The sub-properties that have a meaning here.
const SUBS: [&str; 3] = ["addressing_style", "endpoint_url", "us_east_1_regional_endpoint"];

impl Files {
    /// Reads both files for the sake of that profile, which need not be there.
    pub(super) fn read(host: &dyn Host, profile: &str) -> Result<Self, ConfigError> {
        let (config, config_path) = one(File::Config, host)?;
        let (credentials, credentials_path) = one(File::Credentials, host)?;
        let mut files =
            Self { profiles: Vec::new(), profile: Vec::new(), services: None, config_path, credentials_path };
        let profiles = Profiles::new(&config, &credentials).map_err(|bad| {
            let origin = files.origin(bad.file, bad.malformed.line);
            let message = format!("malformed line in {origin}: {}", bad.malformed.what);
            ConfigError::new(ConfigErrorKind::Malformed, message, origin)
        })?;
        for entry in profiles.entries() {
            match entry {
                Entry::Section(Section::Profile(name)) if !files.has(name) => {
                    files.profiles.push(name.to_owned());
                }
                Entry::Property { section: Section::Profile(name), key, found } if name == profile => {
                    files.profile.push(Property::new(key, &found));
                }
                _ => {}
            }
        }
        if let Some(name) = files.setting("services") {
            let section = Section::Services(&name.value);
            for entry in profiles.entries() {
                match entry {
                    Entry::Section(found) if found == section => {
                        files.services.get_or_insert_default();
                    }
                    Entry::Property { section: within, key, found } if within == section => {
                        files.services.get_or_insert_default().push(Property::new(key, &found));
                    }
                    _ => {}
                }
            }
        }
        Ok(files)
    }

    /// The names of all profiles, in the order in which they are written.
    pub(super) fn profiles(&self) -> &[String] {
        &self.profiles
    }

    pub(super) fn has(&self, profile: &str) -> bool {
        self.profiles.iter().any(|name| name == profile)
    }

    /// Whether the `[services]` section that the profile names is there.
    pub(super) const fn has_services(&self) -> bool {
        self.services.is_some()
    }

    /// A value of the profile that is not blank.
    pub(super) fn setting(&self, key: &str) -> Option<Setting<String>> {
        let property = last(&self.profile, key, |_| true)?;
        self.said(property.file, &property.value)
    }

    /// The same, in one of the files.
    pub(super) fn setting_in(&self, file: File, key: &str) -> Option<Setting<String>> {
        let property = last(&self.profile, key, |property| property.file == file)?;
        self.said(file, &property.value)
    }

    /// A value nested in one of the profile's.
    pub(super) fn sub_setting(&self, key: &str, sub: &str) -> Option<Setting<String>> {
        self.sub(&self.profile, key, sub)
    }

    /// A value nested in one of the profile's `[services]` section.
    pub(super) fn service_setting(&self, service: &str, sub: &str) -> Option<Setting<String>> {
        self.sub(self.services.as_deref()?, service, sub)
    }

    fn sub(&self, properties: &[Property], key: &str, sub: &str) -> Option<Setting<String>> {
        let property = last(properties, key, |_| true)?;
        let (_, value) = property.subs.iter().find(|(name, _)| *name == sub)?;
        self.said(property.file, value)
    }

    fn said(&self, file: File, value: &Text) -> Option<Setting<String>> {
        let text = filled(Some(value.text.to_string()))?;
        Some(Setting::new(text, self.origin(file, value.line)))
    }

    fn origin(&self, file: File, line: u32) -> Origin {
        let path = match file {
            File::Config => &self.config_path,
            File::Credentials => &self.credentials_path,
        };
        Origin::File { path: path.clone(), line }
    }
}

impl fmt::Debug for Files {
    /// Without the values, which may be secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Files")
            .field("config_path", &self.config_path)
            .field("credentials_path", &self.credentials_path)
            .finish_non_exhaustive()
    }
}

impl Property {
    fn new(key: &str, found: &Found<'_>) -> Self {
        let subs = SUBS.into_iter().filter_map(|sub| Some((sub, Text::new(&found.sub_property(sub)?))));
        Self { key: key.to_owned(), file: found.file, value: Text::new(found), subs: subs.collect() }
    }
}

impl Text {
    fn new(found: &Found<'_>) -> Self {
        let text = Zeroizing::new(found.value.lines().collect::<Vec<_>>().join("\n"));
        Self { text, line: found.line }
    }
}

/// The property of that key that wins: the credentials file's, and in a file the last.
fn last<'p>(
    properties: &'p [Property],
    key: &str,
    counts: impl Fn(&Property) -> bool,
) -> Option<&'p Property> {
    properties.iter().rfind(|property| property.key.eq_ignore_ascii_case(key) && counts(property))
}

/// The text of a file and its path as people write it; both empty if there is no such file.
fn one(file: File, host: &dyn Host) -> Result<(Zeroizing<Vec<u8>>, String), ConfigError> {
    let Some(location) = profile::location(file, host.platform(), |name| host.variable(name)) else {
        return Ok(Default::default());
    };
    let short = written(|to| location.write_short(to));
    match host.read(Path::new(&written(|to| location.write(to)))) {
        Ok(content) => Ok((Zeroizing::new(content), short)),
        Err(why) if why.kind() == io::ErrorKind::NotFound => Ok((Zeroizing::default(), short)),
        Err(why) => {
            let message = format!("cannot read {short}");
            let origin = Origin::File { path: short, line: 0 };
            Err(ConfigError::new(ConfigErrorKind::Unreadable, message, origin).because(why))
        }
    }
}
