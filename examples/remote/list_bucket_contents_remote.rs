//! `list_bucket_contents` for real servers only: nothing of a server is built, so this is as large as
//! a user's program.
//!
//! ```text
//! cargo build --profile small --example list_bucket_contents_remote
//! ```

#![expect(clippy::print_stderr, clippy::print_stdout, reason = "an example talks")]
#![allow(dead_code, reason = "the flags are shared with examples that have a server")]

#[path = "../arguments.rs"]
mod arguments;
#[path = "../listing.rs"]
mod listing;

use std::process::ExitCode;

fn main() -> ExitCode {
    arguments::main("--bucket", listing::HELP, listing::remote)
}
