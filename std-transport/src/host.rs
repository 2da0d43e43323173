//! What a session asks of the world it runs in: variables, files, time, chance, and waiting.
//!
//! Everything goes through [`Host`]. [`System`] is the real one; [`Fake`] is one that a test owns. The network
//! is not here: that is [`Transport`](crate::transport::Transport), and the one over ureq looks by itself at
//! what sockets need: a clock for its limits, `SSL_CERT_FILE` and the system's certificates. A test that wants
//! none of that gives the session a transport too.

use std::collections::hash_map::RandomState;
use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::fs;
use std::hash::{BuildHasher, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

pub use tucuxi_core::profile::Platform;
use tucuxi_core::time::Time;

/// The world as a session sees it. Shared by all clients of a session, from any thread.
pub trait Host: fmt::Debug + Send + Sync {
    /// An environment variable; none if it is unset or not UTF-8.
    fn variable(&self, name: &str) -> Option<String>;

    /// The whole of a file.
    ///
    /// # Errors
    ///
    /// As [`fs::read`]; [`io::ErrorKind::NotFound`] means that there is none.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// How paths are written.
    fn platform(&self) -> Platform;

    /// The time of the clock, right or wrong.
    fn now(&self) -> Time;

    /// How much time has passed since some moment, by a clock that nobody sets: what limits are kept by.
    /// For hosts that have none, it is [`now`](Self::now).
    fn elapsed(&self) -> Duration {
        self.now().duration_since(Time::from_seconds(0))
    }

    /// A number to spread retries and to tell calls apart with. It need not be fit for keys.
    fn random(&self) -> u64;

    /// Lets time pass.
    fn sleep(&self, span: Duration);
}

/// The process's own environment, files and clock.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "there is one system, and nothing to say about it")]
pub struct System;

impl Host for System {
    #[expect(clippy::disallowed_methods, reason = "this is where the environment is read")]
    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(path)
    }

    fn platform(&self) -> Platform {
        if cfg!(windows) { Platform::Windows } else { Platform::Unix }
    }

    #[expect(clippy::disallowed_methods, reason = "this is where the clock is read")]
    fn now(&self) -> Time {
        from_system(SystemTime::now())
    }

    #[expect(clippy::disallowed_methods, reason = "this is where the clock is read")]
    fn elapsed(&self) -> Duration {
        static START: OnceLock<Instant> = OnceLock::new();
        START.get_or_init(Instant::now).elapsed()
    }

    fn random(&self) -> u64 {
        // Keys from the operating system, and others each time; hashing nothing with them is a number.
        RandomState::new().build_hasher().finish()
    }

    fn sleep(&self, span: Duration) {
        thread::sleep(span);
    }
}

/// An instant of the standard library as AWS's. Nothing here looks at a clock.
///
/// ```
/// use std::time::SystemTime;
/// use tucuxi::Time;
/// use tucuxi::host::{from_system, to_system};
///
/// let time = Time::new(1_440_938_160, 500_000_000);
/// assert_eq!(to_system(time).map(from_system), Some(time));
/// assert_eq!(from_system(SystemTime::UNIX_EPOCH), Time::from_seconds(0));
/// ```
#[must_use]
pub fn from_system(time: SystemTime) -> Time {
    match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(since) => EPOCH.saturating_add(since),
        Err(before) => EPOCH.saturating_sub(before.duration()),
    }
}

/// An instant of AWS's, such as an object's `last_modified`, as the standard library's; none where that cannot
/// say it.
#[must_use]
pub fn to_system(time: Time) -> Option<SystemTime> {
    if time < EPOCH {
        return SystemTime::UNIX_EPOCH.checked_sub(EPOCH.duration_since(time));
    }
    SystemTime::UNIX_EPOCH.checked_add(time.duration_since(EPOCH))
}

const EPOCH: Time = Time::from_seconds(0);

/// A world made up for a test: nothing is there but what was put there, and time passes only by
/// sleeping.
///
/// ```
/// use std::time::Duration;
/// use tucuxi::host::{Fake, Host};
/// use tucuxi_core::time::Time;
///
/// let host = Fake::new().with_variable("AWS_REGION", "eu-west-1").with_now(Time::from_seconds(10));
/// assert_eq!(host.variable("AWS_REGION").as_deref(), Some("eu-west-1"));
/// assert_eq!(host.variable("HOME"), None);
///
/// host.sleep(Duration::from_secs(3));
/// assert_eq!(host.now(), Time::from_seconds(13));
/// ```
pub struct Fake {
    variables: BTreeMap<String, String>,
    files: BTreeMap<PathBuf, Result<Vec<u8>, io::ErrorKind>>,
    platform: Platform,
    flow: Mutex<Flow>,
}

/// What changes while a test runs.
struct Flow {
    now: Time,
    random: VecDeque<u64>,
}

impl Fake {
    /// An empty world on a Unix system, at the start of 1970, where every random number is 0.
    #[must_use]
    pub fn new() -> Self {
        Self {
            variables: BTreeMap::new(),
            files: BTreeMap::new(),
            platform: Platform::Unix,
            flow: Mutex::new(Flow { now: Time::from_seconds(0), random: VecDeque::new() }),
        }
    }

    /// Sets an environment variable.
    #[must_use]
    pub fn with_variable(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.variables.insert(name.into(), value.into());
        self
    }

    /// Puts a file there. The path is compared as it is written.
    #[must_use]
    pub fn with_file(mut self, path: impl Into<PathBuf>, content: impl Into<Vec<u8>>) -> Self {
        self.files.insert(path.into(), Ok(content.into()));
        self
    }

    /// Puts a file there that cannot be read.
    #[must_use]
    pub fn with_unreadable(mut self, path: impl Into<PathBuf>, why: io::ErrorKind) -> Self {
        self.files.insert(path.into(), Err(why));
        self
    }

    /// Changes how paths are written.
    #[must_use]
    pub fn with_platform(mut self, platform: Platform) -> Self {
        self.platform = platform;
        self
    }

    /// Sets the clock.
    #[must_use]
    pub fn with_now(self, now: Time) -> Self {
        self.flow().now = now;
        self
    }

    /// Appends the random numbers to use next; when they are used up, 0 is.
    #[must_use]
    pub fn with_random(self, numbers: impl IntoIterator<Item = u64>) -> Self {
        self.flow().random.extend(numbers);
        self
    }

    fn flow(&self) -> MutexGuard<'_, Flow> {
        self.flow.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Fake {
    fn default() -> Self {
        Self::new()
    }
}

impl Host for Fake {
    fn variable(&self, name: &str) -> Option<String> {
        self.variables.get(name).cloned()
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        match self.files.get(path) {
            Some(Ok(content)) => Ok(content.clone()),
            Some(Err(why)) => Err((*why).into()),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn platform(&self) -> Platform {
        self.platform
    }

    fn now(&self) -> Time {
        self.flow().now
    }

    fn random(&self) -> u64 {
        self.flow().random.pop_front().unwrap_or(0)
    }

    fn sleep(&self, span: Duration) {
        let mut flow = self.flow();
        flow.now = flow.now.saturating_add(span);
    }
}

impl fmt::Debug for Fake {
    /// Without values and contents, which may be secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fake")
            .field("variables", &self.variables.keys())
            .field("files", &self.files.keys())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_go_to_the_standard_library_and_back() {
        for time in [Time::from_seconds(0), Time::new(1, 500_000_000), Time::new(-2, 250_000_000)] {
            assert_eq!(to_system(time).map(from_system), Some(time));
        }
        let before = SystemTime::UNIX_EPOCH - Duration::from_millis(1_250);
        assert_eq!(from_system(before), Time::new(-2, 750_000_000));
    }

    #[test]
    fn the_system_has_a_clock_chance_and_files() {
        let since_2025 = Time::from_seconds(1_735_689_600);
        assert!(System.now() > since_2025, "{:?}", System.now());
        let before = System.elapsed();
        assert!(System.elapsed() >= before && before < Duration::from_secs(3600), "{before:?}");
        let numbers: Vec<u64> = (0..8).map(|_| System.random()).collect();
        assert!(numbers.windows(2).all(|pair| pair[0] != pair[1]), "{numbers:?}");
        let missing = System.read(Path::new("/there/is/no/such/file")).unwrap_err();
        assert_eq!(missing.kind(), io::ErrorKind::NotFound);
        assert!(System.variable("PATH").is_some_and(|path| !path.is_empty()));
        assert_eq!(System.variable("TUCUXI_TEST_SETS_NO_SUCH_VARIABLE"), None);
    }

    #[test]
    fn a_fake_answers_what_it_was_told_and_hides_it_from_debug() {
        let fake = Fake::new()
            .with_variable("AWS_SECRET_ACCESS_KEY", "canary")
            .with_file("/a", "canary")
            .with_unreadable("/b", io::ErrorKind::PermissionDenied)
            .with_platform(Platform::Windows)
            .with_random([7, 8]);
        assert_eq!(fake.read(Path::new("/a")).unwrap(), b"canary");
        let before = fake.elapsed();
        fake.sleep(Duration::from_secs(3));
        assert_eq!(fake.elapsed(), before + Duration::from_secs(3));
        assert_eq!(fake.read(Path::new("/b")).unwrap_err().kind(), io::ErrorKind::PermissionDenied);
        assert_eq!(fake.read(Path::new("/c")).unwrap_err().kind(), io::ErrorKind::NotFound);
        assert_eq!([fake.random(), fake.random(), fake.random()], [7, 8, 0]);
        assert_eq!(fake.platform(), Platform::Windows);
        let shown = format!("{fake:?}");
        assert!(shown.contains("AWS_SECRET_ACCESS_KEY") && !shown.contains("canary"), "{shown}");
    }
}
