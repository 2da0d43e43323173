//! The few flags that the examples share, read by hand, and one line for each thing that goes wrong.

use std::error::Error as _;
use std::fmt;
use std::process::ExitCode;

use tucuxi::Error;
use tucuxi::ErrorKind;
use tucuxi::Result;
use tucuxi::SessionBuilder;
use tucuxi::config::Origin;

/// Reads the command line, where the flag `name` says what to work with, and runs the example.
pub(crate) fn main(name: &str, help: &str, run: impl FnOnce(&Arguments) -> Result<()>) -> ExitCode {
    let wrong = match Arguments::read(name) {
        Ok(Some(arguments)) => run(&arguments).err().map(|error| Advice(error).to_string()),
        Ok(None) => {
            println!("{help}");
            None
        }
        Err(wrong) => Some(wrong),
    };
    let Some(wrong) = wrong else { return ExitCode::SUCCESS };
    eprintln!("error: {wrong}");
    ExitCode::FAILURE
}

/// What was said on the command line.
#[derive(Debug, Default)]
pub(crate) struct Arguments {
    /// `--bucket` or `--queue`: what to work with.
    pub(crate) names: Vec<String>,
    /// `--endpoint-url`.
    pub(crate) endpoint_url: Option<String>,
    /// `--local`.
    pub(crate) local: bool,
    /// `--profile`.
    pub(crate) profile: Option<String>,
    /// `--region`.
    pub(crate) regions: Vec<String>,
}

impl Arguments {
    /// Reads the command line. None if it asks for help.
    fn read(name: &str) -> Result<Option<Self>, String> {
        let mut read = Self::default();
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            // --flag value, or --flag=value
            let (flag, value) = match word.split_once('=') {
                Some((flag, value)) => (flag, Some(value.to_owned())),
                None => (word.as_str(), None),
            };
            let mut value =
                || value.clone().or_else(|| words.next()).ok_or_else(|| format!("{flag} wants a value"));
            match flag {
                "--endpoint-url" => read.endpoint_url = Some(value()?),
                "--help" | "-h" => return Ok(None),
                "--local" => read.local = true,
                "--profile" => read.profile = Some(value()?),
                "--region" => read.regions.push(value()?),
                _ if flag == name => read.names.push(value()?),
                _ => return Err(format!("{flag} is no flag of this example; --help lists them")),
            }
        }
        Ok(Some(read))
    }

    /// Whether there is a server to talk to: flags, environment and files name one, or credentials.
    pub(crate) fn configured(&self, service: &str) -> Result<bool> {
        if self.local {
            return Ok(false);
        }
        let session = self.session().build()?;
        let config = session.config()?;
        Ok(!self.names.is_empty()
            || config.profile().origin != Origin::Default
            || config.endpoint_url(service)?.is_some()
            || config.keys()?.is_some())
    }

    /// A session of what was said; all else comes from the environment and the shared files.
    pub(crate) fn session(&self) -> SessionBuilder {
        let mut session = tucuxi::Session::builder();
        if let Some(url) = &self.endpoint_url {
            session = session.endpoint_url(url);
        }
        if let Some(profile) = &self.profile {
            session = session.profile(profile);
        }
        session
    }
}

/// An error as one line: what happened, why, and what to do about it.
struct Advice(Error);

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let error = &self.0;
        write!(f, "{error}")?;
        let mut source = error.source();
        while let Some(cause) = source {
            write!(f, ": {cause}")?;
            source = cause.source();
        }
        if let Some(region) = error.region() {
            return write!(f, "; it is in {region}: say --region {region}");
        }
        f.write_str(match error.kind() {
            ErrorKind::Config => "; mend the flag, the variable or the file that it names",
            // These sentences say themselves what to do.
            ErrorKind::Credentials if error.message().contains(':') => "",
            ErrorKind::Credentials => "; set both halves of the key, or name another --profile",
            ErrorKind::Input => "; mend the name or value that it speaks of",
            ErrorKind::Transport => "; is the server up, and is --endpoint-url or AWS_ENDPOINT_URL right?",
            ErrorKind::Service if error.is_not_found() => "; look at the name and the region",
            ErrorKind::Service if error.is_credentials() => {
                "; look at the access key, its secret and what it may do"
            }
            ErrorKind::Service if error.is_throttle() => "; wait a little and try again",
            ErrorKind::Service if error.status() >= Some(500) => {
                "; the server is in trouble: try again later"
            }
            _ => "; the server does not do as S3 and SQS do, or was asked for what it does not know",
        })
    }
}
