//! Lists a bucket with `aws-sdk-s3`.

use aws_config::BehaviorVersion;
use aws_sdk_s3::Client;
use aws_sdk_s3::Error;
use aws_sdk_s3::config::Builder;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let bucket = std::env::args().nth(1).unwrap_or_default();
    let config = aws_config::load_defaults(BehaviorVersion::latest()).await;
    let client = Client::from_conf(Builder::from(&config).force_path_style(true).build());
    let mut pages = client.list_objects_v2().bucket(bucket).into_paginator().send();
    while let Some(page) = pages.next().await {
        for object in page?.contents() {
            println!("{}", object.key().unwrap_or_default());
        }
    }
    Ok(())
}
