//! What a glob import brings: nothing that hides the standard library's names.

use tucuxi::*;

struct Shown(Time);

impl core::fmt::Display for Shown {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.0.fmt(f)
    }
}

#[test]
fn core_is_still_the_standard_librarys() {
    assert_eq!(Shown(Time::from_seconds(0)).to_string(), "1970-01-01T00:00:00Z");
}
