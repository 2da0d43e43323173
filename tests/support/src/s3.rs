//! S3 over a folder: each sub-folder is a bucket, each file an object.
//!
//! `s3s` speaks the protocol and checks signatures of every kind (headers, presigned, chunks,
//! trailers); `s3s-fs` keeps the files. It is no model of S3's regions: it takes any.

mod corrected;

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use http::HeaderValue;
use http::Request;
use http::Response;
use http::StatusCode;
use hyper::body::Incoming;
use s3s::Body;
use s3s::S3Result;
use s3s::auth::S3Auth;
use s3s::auth::SecretKey;
use s3s::auth::SimpleAuth;
use s3s::s3_error;
use s3s::service::S3ServiceBuilder;
use s3s_fs::FileSystem;

use crate::random::unique;
use crate::record::Recorded;
use crate::s3::corrected::Corrected;
use crate::server::Server;

/// An S3 server on 127.0.0.1 that stops when dropped; use it with path-style addresses.
///
/// It runs on a thread of its own, so blocking clients in the same test are fine. See the
/// [example](crate) of the crate.
pub struct S3Server(Server);

impl S3Server {
    /// Serves `root_folder` to those who hold one of the `credentials`, pairs of an access key
    /// and its secret.
    ///
    /// # Panics
    ///
    /// When the folder is not there, or no port is free.
    #[must_use]
    pub fn start(root_folder: impl AsRef<Path>, credentials: &[(&str, &str)]) -> Self {
        let root = root_folder.as_ref().to_owned();
        let files = FileSystem::new(&root).expect("the root folder exists");
        let mut keys = SimpleAuth::new();
        for &(access_key, secret) in credentials {
            keys.register(access_key.to_owned(), secret.into());
        }
        let mut builder = S3ServiceBuilder::new(Corrected { files, root });
        builder.set_auth(Keys(keys));
        let service = Arc::new(builder.build());
        let answer = move |request: Request<Incoming>| {
            let service = Arc::clone(&service);
            async move {
                let answer = service.call(request.map(Body::from)).await;
                let mut response = answer.unwrap_or_else(|error| {
                    let mut response = Response::new(Body::from(format!("{error:?}")));
                    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
                    response
                });
                for name in ["x-amz-id-2", "x-amz-request-id"] {
                    let id = HeaderValue::try_from(unique()).expect("an id is ASCII");
                    response.headers_mut().insert(name, id);
                }
                response
            }
        };
        Self(Server::start(answer))
    }

    /// Where to send requests: `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        self.0.url()
    }

    /// Every request so far, in the order they came in.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.0.log.requests()
    }

    /// Calls `listener` with each request once its answer is known, in place of an earlier one.
    pub fn on_request(&self, listener: impl Fn(&Recorded) + Send + 'static) {
        self.0.log.listen(listener);
    }
}

impl fmt::Debug for S3Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("S3Server").field(&self.url()).finish()
    }
}

/// Says `InvalidAccessKeyId` to a stranger, as AWS does; s3s's own says `NotSignedUp`.
struct Keys(SimpleAuth);

#[async_trait]
impl S3Auth for Keys {
    async fn get_secret_key(&self, access_key: &str) -> S3Result<SecretKey> {
        let secret = self.0.lookup(access_key).cloned();
        secret.ok_or_else(|| {
            s3_error!(InvalidAccessKeyId, "The AWS Access Key Id you provided does not exist in our records.")
        })
    }
}
