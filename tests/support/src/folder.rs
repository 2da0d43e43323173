//! Folders that vanish, and the sample files that examples list.

use std::env;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::process;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;

/// A new empty folder, removed with everything in it when dropped.
#[derive(Debug)]
pub struct TempDir(PathBuf);

impl TempDir {
    /// Makes the folder where the system keeps temporary files.
    ///
    /// # Panics
    ///
    /// When the folder cannot be made.
    #[must_use]
    pub fn new() -> Self {
        static MADE: AtomicU32 = AtomicU32::new(0);
        loop {
            let nth = MADE.fetch_add(1, Ordering::Relaxed);
            let path = env::temp_dir().join(format!("tucuxi-{}-{nth}", process::id()));
            match fs::create_dir(&path) {
                Ok(()) => return Self(path),
                // left by a process of the same id that was killed
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(error) => panic!("cannot make {}: {error}", path.display()),
            }
        }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Default for TempDir {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        // a folder that stays behind is no reason to fail a test
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Two buckets of small files for [`S3Server`](crate::S3Server): `west-bucket` and `east-bucket`,
/// with keys that are nested and that need encoding (a space, `+`, `%`, letters beyond ASCII).
///
/// The text of each object is its own key and a line feed.
///
/// # Panics
///
/// When the files cannot be written.
#[must_use]
pub fn sample_folder() -> TempDir {
    let folder = TempDir::new();
    for (bucket, keys) in SAMPLES {
        for key in keys {
            let path = folder.path().join(bucket).join(key);
            let parent = path.parent().expect("a key is below its bucket");
            fs::create_dir_all(parent).expect("a folder can be made");
            fs::write(&path, format!("{key}\n")).expect("a file can be written");
        }
    }
    folder
}

const SAMPLES: [(&str, &[&str]); 2] = [
    (
        "west-bucket",
        &[
            "1+1=2.txt",
            "100%.txt",
            "hello world.txt",
            "hello.txt",
            "logs/2026/11/24.log",
            "logs/2026/11/25.log",
            "logs/latest.log",
            "ключ/ünïcode.txt",
        ],
    ),
    ("east-bucket", &["hello.txt", "reports/q3.csv"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dropped_folder_is_gone() {
        let folder = sample_folder();
        let path = folder.path().to_owned();
        let text = fs::read_to_string(path.join("west-bucket/1+1=2.txt")).unwrap();
        assert_eq!(text, "1+1=2.txt\n");
        drop(folder);
        assert!(!path.exists());
    }

    #[test]
    fn two_folders_are_two() {
        assert_ne!(TempDir::new().path(), TempDir::new().path());
    }
}
