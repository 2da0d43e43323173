//! Start here: two buckets of two regions, listed as boto3's users list them.
//!
//! ```text
//! cargo run --example list_bucket_contents
//! ```
//!
//! Where flags, environment and `~/.aws` name no credentials and no endpoint, this starts an S3 server
//! over a folder of sample files in its own process, and prints what the server was asked. Where they
//! do, the same code lists real buckets: see `--help`.

#![expect(clippy::print_stderr, clippy::print_stdout, reason = "an example talks")]

mod arguments;
mod listing;

use std::process::ExitCode;

use tucuxi::Result;
use tucuxi_test_support::S3Server;
use tucuxi_test_support::sample_folder;

use arguments::Arguments;

fn main() -> ExitCode {
    arguments::main("--bucket", listing::HELP, |arguments| match arguments.configured("S3")? {
        true => listing::remote(arguments),
        false => local(arguments),
    })
}

fn local(arguments: &Arguments) -> Result<()> {
    let folder = sample_folder();
    let server = S3Server::start(folder.path(), &[("AKIDWEST", "west-secret"), ("AKIDEAST", "east-secret")]);
    server.on_request(|request| println!("  server: {request}"));
    println!(
        "no credentials and no endpoint: sample files, served by S3 in this process at {}",
        server.url()
    );

    let said = |nth: usize| arguments.regions.get(nth).cloned();
    let west_region = said(0).or(arguments.session().build()?.region()?);
    let west_region = west_region.unwrap_or_else(|| "us-west-2".to_owned());
    let east_region = said(1).unwrap_or_else(|| "us-east-1".to_owned());
    let session = || arguments.session().endpoint_url(server.url());
    let west = session().keys("AKIDWEST", "west-secret").region(west_region).build()?;
    let east = session().keys("AKIDEAST", "east-secret").region(east_region).build()?;
    listing::three_ways(&west, &east, ["west-bucket", "east-bucket"])
}
