//! Lists a bucket with `rusty-s3`, which signs URLs, and `ureq`, which sends them.

use std::error::Error;
use std::time::Duration;

use rusty_s3::Bucket;
use rusty_s3::Credentials;
use rusty_s3::S3Action;
use rusty_s3::UrlStyle;
use rusty_s3::actions::ListObjectsV2;

fn main() -> Result<(), Box<dyn Error>> {
    let bucket = std::env::args().nth(1).unwrap_or_default();
    let region = std::env::var("AWS_REGION")?;
    let endpoint = std::env::var("AWS_ENDPOINT_URL")
        .or_else(|_| Ok::<_, std::env::VarError>(format!("https://s3.{region}.amazonaws.com")))?;
    let bucket = Bucket::new(endpoint.parse()?, UrlStyle::Path, bucket, region)?;
    let credentials = Credentials::from_env().ok_or("no credentials")?;
    let mut token = None;
    loop {
        let mut list = bucket.list_objects_v2(Some(&credentials));
        if let Some(token) = token {
            list.with_continuation_token(token);
        }
        let body =
            ureq::get(list.sign(Duration::from_secs(60)).as_str()).call()?.body_mut().read_to_string()?;
        let page = ListObjectsV2::parse_response(&body)?;
        for object in page.contents {
            println!("{}", object.key);
        }
        token = page.next_continuation_token;
        if token.is_none() {
            return Ok(());
        }
    }
}
