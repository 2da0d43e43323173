//! A thread with a listener: what the S3 and the SQS server have in common.

use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread;
use std::thread::JoinHandle;

use http::Request;
use http::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use s3s::Body;
use tokio::net::TcpListener;
use tokio::runtime;
use tokio::sync::oneshot;

use crate::record::Log;

/// Answers on 127.0.0.1 until it is dropped; what is then under way is cut off.
pub(crate) struct Server {
    pub(crate) log: Arc<Log>,
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts to answer with `answer`.
    pub(crate) fn start<A, F>(answer: A) -> Self
    where
        A: Fn(Request<Incoming>) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Response<Body>> + Send + 'static,
    {
        let log = Arc::new(Log::default());
        let runtime =
            runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be built");
        let listener =
            runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).expect("127.0.0.1 has a free port");
        let address = listener.local_addr().expect("a listener has an address");
        let (stop, stopped) = oneshot::channel();
        let thread = thread::spawn({
            let log = Arc::clone(&log);
            move || {
                runtime.block_on(async {
                    tokio::spawn(accept(listener, log, answer));
                    // an error: the sender is gone
                    let _ = stopped.await;
                });
            }
        });
        Self { log, address, stop: Some(stop), thread: Some(thread) }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // a panic in there has already shown in the answers
            let _ = thread.join();
        }
    }
}

async fn accept<A, F>(listener: TcpListener, log: Arc<Log>, answer: A)
where
    A: Fn(Request<Incoming>) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Response<Body>> + Send + 'static,
{
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            continue;
        };
        // else the second segment of an answer waits 40 ms for the client's delayed ACK
        let _ = stream.set_nodelay(true);
        let (log, answer) = (Arc::clone(&log), answer.clone());
        let service = service_fn(move |request: Request<Incoming>| {
            let (log, answer) = (Arc::clone(&log), answer.clone());
            async move {
                let (head, body) = request.into_parts();
                let nth = log.asked(&head);
                let response = answer(Request::from_parts(head, body)).await;
                log.answered(nth, response.status().as_u16());
                Ok::<_, Infallible>(response)
            }
        });
        let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
        tokio::spawn(connection);
    }
}
