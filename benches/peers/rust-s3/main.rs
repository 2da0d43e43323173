//! Lists a bucket with `rust-s3`.

use std::error::Error;

use s3::Bucket;
use s3::Region;
use s3::creds::Credentials;

fn main() -> Result<(), Box<dyn Error>> {
    let bucket = std::env::args().nth(1).unwrap_or_default();
    let region = std::env::var("AWS_REGION")?;
    let region = match std::env::var("AWS_ENDPOINT_URL") {
        Ok(endpoint) => Region::Custom { region, endpoint },
        Err(_) => region.parse()?,
    };
    let bucket = Bucket::new(&bucket, region, Credentials::default()?)?.with_path_style();
    for page in bucket.list(String::new(), None)? {
        for object in page.contents {
            println!("{}", object.key);
        }
    }
    Ok(())
}
