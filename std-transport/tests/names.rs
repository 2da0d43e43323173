//! What a glob import brings: nothing that hides the standard library's names.

use tucuxi::*;

#[test]
fn core_is_still_the_standard_librarys() {
    let size: usize = core::mem::size_of::<Time>();
    assert_eq!(size, size_of::<tucuxi_core::time::Time>());
}
