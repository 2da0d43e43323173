//! Two buckets, listed three ways, as users of boto3 do it: what this example is about.

use std::fmt::Write as _;

use tucuxi::Client;
use tucuxi::Result;
use tucuxi::Session;
use tucuxi::Time;
use tucuxi::s3::Bucket;
use tucuxi::s3::input::ListObjectsV2;
use tucuxi::service;

use crate::arguments::Arguments;

/// What `--help` says.
pub(crate) const HELP: &str = "\
Lists two buckets: as resources, with clients, and with a session whose region is overridden.

  --bucket NAME         a bucket; twice for the second. Without it, the first two of the account
  --endpoint-url URL    an S3 server; AWS_ENDPOINT_URL and the profile's endpoint_url do as well
  --profile NAME        a profile of ~/.aws/config and ~/.aws/credentials; so does AWS_PROFILE
  --region NAME         the first bucket's region; twice for the second's. So does AWS_REGION
  --local               sample files, served by the example itself, whatever is configured";

/// Resources: a function is handed a bucket. Whose it is and where it is, the bucket knows.
fn list(bucket: &Bucket) -> Result<()> {
    for object in bucket.objects().all() {
        let object = object?;
        row(bucket.name(), object.key(), object.size(), object.last_modified());
    }
    Ok(())
}

/// Clients: the bucket is named with each call.
fn list_by_client(s3: &Client<service::S3>, bucket: &str) -> Result<()> {
    for page in s3.pages(ListObjectsV2::new(bucket)) {
        for object in page?.contents {
            row(bucket, object.key.as_deref().unwrap_or_default(), object.size, object.last_modified);
        }
    }
    Ok(())
}

/// Lists a bucket of each session in three ways.
pub(crate) fn three_ways(west: &Session, east: &Session, [one, other]: [&str; 2]) -> Result<()> {
    println!("\n1. resources, handed to one function");
    list(&west.s3().bucket(one))?;
    list(&east.s3().bucket(other))?;

    println!("\n2. clients, with the bucket named each time");
    list_by_client(&west.s3_client(), one)?;
    list_by_client(&east.s3_client(), other)?;

    let region = east.s3_client().region()?;
    println!("\n3. the first session, its region overridden with {region}");
    list(&west.with_region(region).s3().bucket(other))
}

/// The same against a real server or AWS: sessions of the environment, with what was said on the command line.
pub(crate) fn remote(arguments: &Arguments) -> Result<()> {
    let session = |region: Option<&String>| match region {
        Some(region) => arguments.session().region(region).build(),
        None => arguments.session().build(),
    };
    let west = session(arguments.regions.first())?;
    let east = session(arguments.regions.last())?;
    let mut buckets = arguments.names.clone();
    if buckets.is_empty() {
        for bucket in west.s3().buckets().take(2) {
            buckets.push(bucket?.name().to_owned());
        }
    }
    match &buckets[..] {
        [] => {
            println!("this account has no bucket yet");
            Ok(())
        }
        [one, rest @ ..] => three_ways(&west, &east, [one, rest.last().unwrap_or(one)]),
    }
}

/// One object on one line, as a table.
fn row(bucket: &str, key: &str, size: Option<i64>, date: Option<Time>) {
    let mut line = format!("{bucket:<16} ");
    let date = date.map_or(String::new(), |date| {
        let stamp = String::from_utf8_lossy(&date.stamp()).into_owned();
        // 20261125T144500Z
        let part = |from: usize, to: usize| stamp.get(from..to).unwrap_or_default();
        let (year, month, day) = (part(0, 4), part(4, 6), part(6, 8));
        format!("{year}-{month}-{day} {}:{}:{}", part(9, 11), part(11, 13), part(13, 15))
    });
    let size = size.map_or(String::new(), |size| size.to_string());
    // Writing into a string cannot fail.
    let _ = write!(line, "{date:<19} {size:>12}  {key}");
    println!("{line}");
}
