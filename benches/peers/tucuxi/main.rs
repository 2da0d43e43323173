//! Lists a bucket with `tucuxi`.

fn main() -> tucuxi::Result<()> {
    let bucket = std::env::args().nth(1).unwrap_or_default();
    for object in tucuxi::s3().bucket(bucket).objects().all() {
        println!("{}", object?.key());
    }
    Ok(())
}
