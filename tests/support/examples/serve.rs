//! Serves sample files and SQS until its input ends, and prints each request: to try a client by
//! hand, boto3 for one.
//!
//! ```text
//! cargo run -p tucuxi-test-support --example serve
//! ```

#![expect(clippy::print_stdout, reason = "an example that talks")]

use std::io;

use tucuxi_test_support::S3Server;
use tucuxi_test_support::SqsServer;
use tucuxi_test_support::sample_folder;

fn main() {
    let keys = [("AKIDWEST", "west secret"), ("AKIDEAST", "east secret")];
    let folder = sample_folder();
    let s3 = S3Server::start(folder.path(), &keys);
    let sqs = SqsServer::start(&keys);
    s3.on_request(|request| println!("s3  {request}"));
    sqs.on_request(|request| println!("sqs {request}"));
    for (access_key, secret) in keys {
        println!("export AWS_ACCESS_KEY_ID={access_key} AWS_SECRET_ACCESS_KEY='{secret}'");
    }
    println!("export AWS_REGION=us-west-2 AWS_ENDPOINT_URL_S3={}", s3.url());
    println!("export AWS_ENDPOINT_URL_SQS={0} AWS_ENDPOINT_URL_STS={0}", sqs.url());
    println!("end the input (Ctrl-D) to stop");
    io::copy(&mut io::stdin(), &mut io::sink()).expect("the input can be read");
}
