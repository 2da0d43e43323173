//! The two shared files as they were when the session began.

use std::fmt;
use std::io;
use std::path::Path;

use tucuxi_core::profile::{self, File, Found, Profiles};
use zeroize::Zeroizing;

use super::error::{ConfigError, ConfigErrorKind};
use super::filled;
use super::setting::{Origin, Setting};
use crate::host::Host;
use crate::output::written;

/// The texts of the shared files, and how to name the files. Wiped when dropped.
pub(super) struct Files {
    config: Zeroizing<Vec<u8>>,
    credentials: Zeroizing<Vec<u8>>,
    config_path: String,
    credentials_path: String,
}

impl Files {
    pub(super) fn read(host: &dyn Host) -> Result<Self, ConfigError> {
        let (config, config_path) = Self::one(File::Config, host)?;
        let (credentials, credentials_path) = Self::one(File::Credentials, host)?;
        let files = Self { config, credentials, config_path, credentials_path };
        match Profiles::new(&files.config, &files.credentials) {
            Ok(_) => Ok(files),
            Err(bad) => {
                let origin = files.origin(bad.file, bad.malformed.line);
                let message = format!("malformed line in {origin}: {}", bad.malformed.what);
                Err(ConfigError::new(ConfigErrorKind::Malformed, message, origin))
            }
        }
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

    pub(super) fn profiles(&self) -> Profiles<'_> {
        Profiles::new(&self.config, &self.credentials).unwrap_or_default()
    }

    /// One of the files, as if the other were empty.
    pub(super) fn only(&self, file: File) -> Profiles<'_> {
        match file {
            File::Config => Profiles::new(&self.config, &[]),
            File::Credentials => Profiles::new(&[], &self.credentials),
        }
        .unwrap_or_default()
    }

    /// A value that is not blank.
    pub(super) fn setting(&self, found: &Found<'_>) -> Option<Setting<String>> {
        let value = filled(Some(found.value.lines().collect::<Vec<_>>().join("\n")))?;
        Some(Setting::new(value, self.origin(found.file, found.line)))
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
    /// Without the texts, which hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Files")
            .field("config_path", &self.config_path)
            .field("credentials_path", &self.credentials_path)
            .finish_non_exhaustive()
    }
}
