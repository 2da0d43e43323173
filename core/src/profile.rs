//! Profiles: what the two shared files say together, and where the files are.
//!
//! [`Profiles`] looks into the texts of `~/.aws/config` and `~/.aws/credentials` and keeps nothing
//! of them: every lookup reads them again, which for files of a few kilobytes is cheaper than a
//! map, and allocates nothing. Which value wins is as AWS's SDKs [share it]:
//!
//! - In the config file profiles are `[profile NAME]` and `[default]`; `[sso-session NAME]` and
//!   `[services NAME]` are sections of their own. In the credentials file a section is a profile,
//!   and one with a prefix is ignored.
//! - The same section or key again adds or replaces: the last wins, and the credentials file is
//!   read last. `[profile default]` makes the config file's `[default]` disappear.
//! - Sections and keys whose name is not [valid](ini::is_name) are ignored. Keys are the same
//!   whatever the case of their letters; names of sections are not.
//!
//! Nothing here opens a file or reads the environment: [`location()`] and [`chosen`] are handed a
//! function to ask.
//!
//! [share it]: https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html

mod location;

use core::fmt;
use core::iter;

use crate::ini::{self, Event, Events};
use crate::sink::Sink;

pub use self::location::{Location, Platform, chosen, location};

/// Both shared files, of which each line follows the grammar.
///
/// ```
/// use tucuxi_core::profile::{BadFile, File, Profiles, Section};
///
/// let config = b"[profile dev]\nregion = eu-west-1\nservices = local\n\
///                [services local]\ns3 =\n  endpoint_url = http://localhost:9000\n";
/// let credentials = b"[dev]\naws_access_key_id = AKIDEXAMPLE\n";
/// let profiles = Profiles::new(config, credentials)?;
///
/// let region = profiles.get(Section::Profile("dev"), "region").unwrap();
/// assert_eq!((region.value.single(), region.file, region.line), (Some("eu-west-1"), File::Config, 2));
///
/// let s3 = profiles.get(Section::Services("local"), "s3").unwrap();
/// let url = s3.sub_property("endpoint_url").unwrap();
/// assert_eq!((url.value.single(), url.line), (Some("http://localhost:9000"), 6));
/// assert!(!profiles.contains(Section::Profile("prod")));
/// # Ok::<(), BadFile>(())
/// ```
#[derive(Clone, Copy, Default)]
pub struct Profiles<'a> {
    config: &'a [u8],
    credentials: &'a [u8],
    /// Whether the config file has `[profile default]`.
    prefixed_default: bool,
}

impl<'a> Profiles<'a> {
    /// Checks both texts. A file that does not exist is an empty one.
    ///
    /// # Errors
    ///
    /// [`BadFile`] names the first line that breaks the grammar.
    pub fn new(config: &'a [u8], credentials: &'a [u8]) -> Result<Self, BadFile> {
        let mut prefixed_default = false;
        for event in Events::new(config) {
            match event {
                Ok(Event::Section { prefix: Some("profile"), name: DEFAULT, .. }) => prefixed_default = true,
                Ok(_) => {}
                Err(malformed) => return Err(BadFile { file: File::Config, malformed }),
            }
        }
        if let Some(malformed) = Events::new(credentials).find_map(Result::err) {
            return Err(BadFile { file: File::Credentials, malformed });
        }
        Ok(Self { config, credentials, prefixed_default })
    }

    /// Everything the files say, each thing before what it yields to: collected into a map, later
    /// entries replacing earlier ones, it is what [`get`](Self::get) finds.
    #[must_use]
    pub const fn entries(&self) -> Entries<'a> {
        Entries { profiles: *self, events: Events::new(self.config), file: File::Config, section: None }
    }

    /// Whether either file has the section.
    #[must_use]
    pub fn contains(&self, section: Section<'_>) -> bool {
        self.entries().any(|entry| matches!(entry, Entry::Section(found) if found == section))
    }

    /// The value of a key, and where it is written.
    #[must_use]
    pub fn get(&self, section: Section<'_>, key: &str) -> Option<Found<'a>> {
        let found = |entry| match entry {
            Entry::Property { section: within, key: name, found } => {
                (within == section && name.eq_ignore_ascii_case(key)).then_some(found)
            }
            Entry::Section(_) => None,
        };
        self.entries().filter_map(found).last()
    }
}

impl fmt::Debug for Profiles<'_> {
    /// Without the texts, which hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Profiles").finish_non_exhaustive()
    }
}

/// One of the two shared files.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "there are two, and users name them by hand")]
pub enum File {
    /// `~/.aws/config`.
    Config,
    /// `~/.aws/credentials`.
    Credentials,
}

impl fmt::Display for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Config => "config",
            Self::Credentials => "credentials",
        })
    }
}

/// A section by its kind and name.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Section<'s> {
    /// `[profile NAME]` or `[default]` in the config file, `[NAME]` in the credentials file.
    Profile(&'s str),
    /// `[services NAME]`.
    Services(&'s str),
    /// `[sso-session NAME]`.
    SsoSession(&'s str),
}

/// What [`Entries`] yields.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "a file has sections and properties")]
pub enum Entry<'a> {
    /// A property of the section last yielded.
    Property {
        /// That section.
        section: Section<'a>,
        /// The key as written.
        key: &'a str,
        /// The value, and where it is written.
        found: Found<'a>,
    },
    /// A section begins, perhaps again.
    Section(Section<'a>),
}

/// Goes through both files, config first. Made by [`Profiles::entries`].
#[derive(Clone, Debug)]
pub struct Entries<'a> {
    profiles: Profiles<'a>,
    events: Events<'a>,
    file: File,
    /// None within a section that is ignored.
    section: Option<Section<'a>>,
}

impl<'a> Iterator for Entries<'a> {
    type Item = Entry<'a>;

    fn next(&mut self) -> Option<Entry<'a>> {
        loop {
            match self.events.next() {
                Some(Ok(Event::Section { prefix, name, .. })) => {
                    self.section = self.known(prefix, name);
                    if let Some(section) = self.section {
                        return Some(Entry::Section(section));
                    }
                }
                Some(Ok(Event::Property { line, key, value })) => {
                    if let (Some(section), true) = (self.section, ini::is_name(key)) {
                        let value = Value { first: value, more: self.events.clone() };
                        let found = Found { value, file: self.file, line };
                        return Some(Entry::Property { section, key, found });
                    }
                }
                Some(_) => {}
                None if self.file == File::Config => {
                    self.file = File::Credentials;
                    self.events = Events::new(self.profiles.credentials);
                    self.section = None;
                }
                None => return None,
            }
        }
    }
}

impl<'a> Entries<'a> {
    fn known(&self, prefix: Option<&str>, name: &'a str) -> Option<Section<'a>> {
        if !ini::is_name(name) {
            return None;
        }
        match (self.file, prefix) {
            (File::Config, Some("profile")) | (File::Credentials, None) => Some(Section::Profile(name)),
            (File::Config, Some("services")) => Some(Section::Services(name)),
            (File::Config, Some("sso-session")) => Some(Section::SsoSession(name)),
            (File::Config, None) if name == DEFAULT && !self.profiles.prefixed_default => {
                Some(Section::Profile(name))
            }
            _ => None,
        }
    }
}

/// A value and where it is written.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Found<'a> {
    /// The value.
    pub value: Value<'a>,
    /// The file it is in.
    pub file: File,
    /// The line of that file, counted from 1.
    pub line: u32,
}

impl<'a> Found<'a> {
    /// A sub-property, such as `addressing_style` of the key `s3`; the last of that name.
    #[must_use]
    pub fn sub_property(&self, key: &str) -> Option<Self> {
        let sub = |event| match event {
            Event::SubProperty { line, key: name, value, .. } if name.eq_ignore_ascii_case(key) => {
                let value = Value { first: value, more: Events::new(&[]) };
                Some(Self { value, file: self.file, line })
            }
            _ => None,
        };
        self.value.continuation().filter_map(sub).last()
    }
}

/// The text of a value: a line, and the lines that continue it.
#[derive(Clone)]
pub struct Value<'a> {
    first: &'a str,
    /// Starts on the line below.
    more: Events<'a>,
}

impl<'a> Value<'a> {
    /// The value, if it has one line as all but nested values should.
    #[must_use]
    pub fn single(&self) -> Option<&'a str> {
        self.continuation().next().is_none().then_some(self.first)
    }

    /// The lines of the value. In the value of AWS's definition they are joined by line feeds, so
    /// that a nested value starts with one.
    pub fn lines(&self) -> impl Iterator<Item = &'a str> {
        let text = |event| match event {
            Event::Continuation { value, .. } => Some(value),
            Event::SubProperty { text, .. } => Some(text),
            _ => None,
        };
        iter::once(self.first).chain(self.continuation().filter_map(text))
    }

    /// Writes the lines, joined by line feeds.
    pub fn write(&self, to: &mut dyn Sink) {
        for (nth, line) in self.lines().enumerate() {
            if nth > 0 {
                to.put(b"\n");
            }
            to.put(line.as_bytes());
        }
    }

    /// The events that belong to the value.
    fn continuation(&self) -> impl Iterator<Item = Event<'a>> + use<'a> {
        let continues =
            |event: &Event<'_>| matches!(event, Event::Continuation { .. } | Event::SubProperty { .. });
        self.more.clone().map_while(Result::ok).take_while(continues)
    }
}

impl fmt::Debug for Value<'_> {
    /// Without the value, which may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// A shared file that breaks the grammar. Returned by [`Profiles::new`]; the file has to be
/// corrected.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct BadFile {
    /// The file.
    pub file: File,
    /// The line, and what is wrong with it.
    pub malformed: ini::Malformed,
}

impl fmt::Display for BadFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} file, {}", self.file, self.malformed)
    }
}

impl core::error::Error for BadFile {}

/// The profile used when none is chosen.
pub const DEFAULT: &str = "default";

#[cfg(test)]
mod tests {
    extern crate std;

    use std::format;
    use std::string::String;
    use std::vec::Vec;

    use super::*;
    use crate::sink::Cursor;

    fn text(write: impl FnOnce(&mut Cursor<'_>)) -> String {
        let mut room = [0; 200];
        let mut cursor = Cursor::new(&mut room);
        write(&mut cursor);
        String::from_utf8(cursor.finish().unwrap().to_vec()).unwrap()
    }

    /// `file:line value` of a lookup.
    fn found(config: &str, credentials: &str, section: Section<'_>, key: &str) -> Option<String> {
        let profiles = Profiles::new(config.as_bytes(), credentials.as_bytes()).unwrap();
        let found = profiles.get(section, key)?;
        Some(format!("{}:{} {}", found.file, found.line, text(|to| found.value.write(to))))
    }

    #[test]
    fn the_value_that_wins_is_found_with_its_place() {
        let a = Section::Profile("a");
        let default = Section::Profile("default");
        for (config, credentials, section, key, expected) in [
            ("[profile a]\nk=1", "", a, "k", Some("config:2 1")),
            ("[profile a]\nk=1", "[a]\nk=2", a, "k", Some("credentials:2 2")),
            ("[profile a]\nk=1", "[a]\nj=2", a, "K", Some("config:2 1")),
            ("[profile a]\nk=1\nK=2", "", a, "k", Some("config:3 2")),
            ("[profile a]\nk=1\n[profile b]\nk=3\n[profile a]\nj=2", "", a, "k", Some("config:2 1")),
            ("[profile a]\nk=1\n\n # x\n  y \nj=1", "", a, "k", Some("config:2 1\n# x\ny")),
            ("[profile a]\nk=\n # x\n  y = z ; c\nj=1", "", a, "k", Some("config:2 \ny = z ; c")),
            ("[profile a]\nk=1\n[in valid]\nk=2\n[profile a b]\nk=3", "", a, "k", Some("config:2 1")),
            ("[profile a]\nin valid=1", "", a, "in valid", None),
            ("[a]\nk=1\n[profilea]\nk=2\n[Profile a]\nk=3", "[profile a]\nk=4", a, "k", None),
            ("[profile A]\nk=1", "", a, "k", None),
            ("[default]\nk=1", "", default, "k", Some("config:2 1")),
            ("[default]\nk=1\n[profile default]\nj=2", "", default, "k", None),
            ("[profile default]\nj=2\n[default]\nj=1", "", default, "j", Some("config:2 2")),
            ("[profile default]\nj=2", "[default]\nk=1", default, "k", Some("credentials:2 1")),
            (
                "[sso-session a]\nk=1\n[services a]\nk=2",
                "[sso-session a]\nk=3",
                Section::SsoSession("a"),
                "k",
                Some("config:2 1"),
            ),
            (
                "[sso-session a]\nk=1\n[services a]\nk=2",
                "[a]\nk=3",
                Section::Services("a"),
                "k",
                Some("config:4 2"),
            ),
        ] {
            assert_eq!(found(config, credentials, section, key).as_deref(), expected, "{config}");
        }
    }

    #[test]
    fn entries_replace_each_other_to_what_is_looked_up() {
        let config = b"[profile a]\nk=1\n[default]\nk=2\n[profile default]\nk=3\nj=4\n[profile a]\nk=5";
        let profiles = Profiles::new(config, b"[b]\n[a]\nk=6").unwrap();
        let mut said = Vec::new();
        for entry in profiles.entries() {
            said.push(match entry {
                Entry::Section(section) => format!("{section:?}"),
                Entry::Property { key, found, .. } => format!("{key}={}", found.value.single().unwrap()),
            });
        }
        let expected = "Profile(\"a\") k=1 Profile(\"default\") k=3 j=4 Profile(\"a\") k=5 Profile(\"b\") Profile(\"a\") k=6";
        assert_eq!(said.join(" "), expected);
        for (name, there) in [("a", true), ("b", true), ("default", true), ("c", false)] {
            assert_eq!(profiles.contains(Section::Profile(name)), there, "{name}");
        }
        assert!(!profiles.contains(Section::Services("a")));
    }

    #[test]
    fn sub_properties_are_found_below_their_property_only() {
        let config = b"[services s]\ns3 =\n Endpoint_URL = a ; c\n\n endpoint_url=b\nsqs =\n endpoint_url = c\nx = 1\n y = 2";
        let profiles = Profiles::new(config, b"").unwrap();
        let sub = |key, sub: &str| {
            let found = profiles.get(Section::Services("s"), key)?.sub_property(sub)?;
            Some((found.value.single()?, found.line))
        };
        assert_eq!(sub("s3", "endpoint_url"), Some(("b", 5)));
        assert_eq!(sub("SQS", "endpoint_url"), Some(("c", 7)));
        assert_eq!(sub("s3", "y"), None);
        assert_eq!(sub("x", "y"), None, "a continued value has no sub-properties");
    }

    #[test]
    fn a_file_that_breaks_the_grammar_is_named() {
        let bad = |config: &[u8], credentials: &[u8]| {
            format!("{}", Profiles::new(config, credentials).unwrap_err())
        };
        assert_eq!(bad(b"x", b"y"), "config file, line 1: Expected a profile definition");
        assert_eq!(bad(b"", b"[a]\n=y"), "credentials file, line 2: Property did not have a name");
    }

    #[test]
    fn values_are_not_in_debug() {
        let profiles = Profiles::new(b"[profile a]\nk=canary\n canary", b"[a]\nk=\n x = canary").unwrap();
        let entries: Vec<_> = profiles.entries().collect();
        let shown = format!("{profiles:?} {entries:?} {:?}", profiles.entries());
        assert!(shown.contains("value: …") && !shown.contains("canary"), "{shown}");
    }
}
