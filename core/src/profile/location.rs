//! What the environment says about the shared files: where they are, and which profile to use.

use crate::profile::File;
use crate::sink::Sink;

/// The profile chosen in the environment, with the variable that chose it: `AWS_PROFILE`, else
/// `AWS_DEFAULT_PROFILE`. When there is none, it is [`DEFAULT`](super::DEFAULT).
///
/// `var` is asked for variables; blank ones count as unset.
pub fn chosen<S: AsRef<str>>(mut var: impl FnMut(&'static str) -> Option<S>) -> Option<(&'static str, S)> {
    ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"].into_iter().find_map(|name| Some((name, filled(var(name))?)))
}

/// Where a shared file is; none if that cannot be said because there is no home directory.
///
/// `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE` say where; a `~` at their start is the home
/// directory. Otherwise the file is in `.aws` there. The home directory is `HOME`, on Windows else
/// `USERPROFILE`, else `HOMEDRIVE` and `HOMEPATH`. See AWS's [locations].
///
/// `var` is asked for variables; blank ones count as unset.
///
/// ```
/// use tucuxi_core::profile::{File, Platform, location};
/// use tucuxi_core::sink::Cursor;
///
/// let var = |name| (name == "HOME").then_some("/home/ada");
/// let mut room = [0; 64];
/// let mut path = Cursor::new(&mut room);
/// location(File::Config, Platform::Unix, var).unwrap().write(&mut path);
/// assert_eq!(path.finish().unwrap(), b"/home/ada/.aws/config");
/// ```
///
/// [locations]: https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html
pub fn location<S: AsRef<str>>(
    file: File,
    platform: Platform,
    mut var: impl FnMut(&'static str) -> Option<S>,
) -> Option<Location<S>> {
    let variable = match file {
        File::Config => "AWS_CONFIG_FILE",
        File::Credentials => "AWS_SHARED_CREDENTIALS_FILE",
    };
    let Some(path) = filled(var(variable)) else {
        let rest = Rest::Usual(match (file, platform) {
            (File::Config, Platform::Unix) => "/.aws/config",
            (File::Config, Platform::Windows) => "\\.aws\\config",
            (File::Credentials, Platform::Unix) => "/.aws/credentials",
            (File::Credentials, Platform::Windows) => "\\.aws\\credentials",
        });
        return Some(Location { home: Some(home(platform, var)?), rest });
    };
    let below_home = path.as_ref().strip_prefix('~').is_some_and(|rest| rest.starts_with(['/', '\\']));
    let home = if below_home { home(platform, var) } else { None };
    Some(Location { home, rest: Rest::Written(path) })
}

/// How paths and home directories are written.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "AWS defines two")]
pub enum Platform {
    /// Linux, macOS and the like.
    Unix,
    /// Windows.
    Windows,
}

/// The path of a shared file, in the parts it is made of. Returned by [`location`].
#[derive(Clone, Debug)]
pub struct Location<S> {
    /// One variable, or two that follow each other.
    home: Option<(S, Option<S>)>,
    rest: Rest<S>,
}

impl<S: AsRef<str>> Location<S> {
    /// Writes the path.
    pub fn write(&self, to: &mut dyn Sink) {
        if let Some((home, more)) = &self.home {
            to.put(home.as_ref().as_bytes());
            to.put(more.as_ref().map_or("", S::as_ref).as_bytes());
        }
        to.put(self.below_home().as_bytes());
    }

    /// Writes the path as people do, with `~` for the home directory.
    pub fn write_short(&self, to: &mut dyn Sink) {
        if self.home.is_some() {
            to.put(b"~");
        }
        to.put(self.below_home().as_bytes());
    }

    fn below_home(&self) -> &str {
        match &self.rest {
            Rest::Usual(rest) => rest,
            Rest::Written(path) if self.home.is_some() => path.as_ref().strip_prefix('~').unwrap_or_default(),
            Rest::Written(path) => path.as_ref(),
        }
    }
}

/// What follows the home directory.
#[derive(Clone, Debug)]
enum Rest<S> {
    Usual(&'static str),
    /// A variable, with the `~` that may be at its start.
    Written(S),
}

fn home<S: AsRef<str>>(
    platform: Platform,
    mut var: impl FnMut(&'static str) -> Option<S>,
) -> Option<(S, Option<S>)> {
    if let Some(home) = filled(var("HOME")) {
        return Some((home, None));
    }
    match platform {
        Platform::Unix => None,
        Platform::Windows => match filled(var("USERPROFILE")) {
            Some(home) => Some((home, None)),
            None => Some((filled(var("HOMEDRIVE"))?, Some(filled(var("HOMEPATH"))?))),
        },
    }
}

/// A variable that is not blank.
fn filled<S: AsRef<str>>(value: Option<S>) -> Option<S> {
    value.filter(|value| !value.as_ref().trim_ascii().is_empty())
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::string::String;

    use super::*;
    use crate::sink::Cursor;

    fn text(write: impl FnOnce(&mut Cursor<'_>)) -> String {
        let mut room = [0; 200];
        let mut cursor = Cursor::new(&mut room);
        write(&mut cursor);
        String::from_utf8(cursor.finish().unwrap().to_vec()).unwrap()
    }

    #[test]
    fn files_are_where_the_environment_says() {
        let unix = Platform::Unix;
        let windows = Platform::Windows;
        for (platform, environment, expected, short) in [
            (unix, &[("HOME", "/h"), ("USERPROFILE", "u")][..], "/h/.aws/config", "~/.aws/config"),
            (unix, &[("USERPROFILE", "u")], "none", "none"),
            (unix, &[], "none", "none"),
            (windows, &[("HOME", "C:\\h"), ("USERPROFILE", "u")], "C:\\h\\.aws\\config", "~\\.aws\\config"),
            (windows, &[("HOME", " "), ("USERPROFILE", "C:\\u")], "C:\\u\\.aws\\config", "~\\.aws\\config"),
            (windows, &[("HOMEDRIVE", "C:"), ("HOMEPATH", "\\p")], "C:\\p\\.aws\\config", "~\\.aws\\config"),
            (windows, &[("HOMEDRIVE", "C:")], "none", "none"),
            (unix, &[("AWS_CONFIG_FILE", "/etc/aws"), ("HOME", "/h")], "/etc/aws", "/etc/aws"),
            (unix, &[("AWS_CONFIG_FILE", ""), ("HOME", "/h")], "/h/.aws/config", "~/.aws/config"),
            (unix, &[("AWS_CONFIG_FILE", "~/aws"), ("HOME", "/h")], "/h/aws", "~/aws"),
            (unix, &[("AWS_CONFIG_FILE", "~/aws")], "~/aws", "~/aws"),
            (unix, &[("AWS_CONFIG_FILE", "~ada/aws"), ("HOME", "/h")], "~ada/aws", "~ada/aws"),
            (windows, &[("AWS_CONFIG_FILE", "~\\aws"), ("HOME", "C:\\h")], "C:\\h\\aws", "~\\aws"),
        ] {
            let var = |name| environment.iter().find(|(set, _)| *set == name).map(|(_, value)| *value);
            let path = location(File::Config, platform, var);
            let path = path.map_or_else(
                || ("none".into(), "none".into()),
                |path| (text(|to| path.write(to)), text(|to| path.write_short(to))),
            );
            assert_eq!(path, (expected.into(), short.into()), "{environment:?}");
        }
    }

    #[test]
    fn a_profile_is_chosen_by_the_first_variable_that_is_not_blank() {
        let (new, old) = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE");
        for (environment, expected) in [
            (&[(new, "a"), (old, "b")][..], Some((new, "a"))),
            (&[(new, " "), (old, "b")], Some((old, "b"))),
            (&[], None),
        ] {
            let var = |name| environment.iter().find(|(set, _)| *set == name).map(|(_, value)| *value);
            assert_eq!(chosen(var), expected);
        }
    }
}
