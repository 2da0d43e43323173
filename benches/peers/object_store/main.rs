//! Lists a bucket with `object_store`.

use futures_util::TryStreamExt;
use object_store::ObjectStore;
use object_store::Result;
use object_store::aws::AmazonS3Builder;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let bucket = std::env::args().nth(1).unwrap_or_default();
    let store = AmazonS3Builder::from_env().with_bucket_name(bucket).with_allow_http(true).build()?;
    let mut objects = store.list(None);
    while let Some(object) = objects.try_next().await? {
        println!("{}", object.location);
    }
    Ok(())
}
