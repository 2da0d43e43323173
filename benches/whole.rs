//! From an operation to the bytes on the wire: everything that a program does that keeps only its key.

use benches::ACCESS_KEY;
use benches::EXPIRES;
use benches::NOW;
use benches::REGION;
use benches::SECRET_KEY;
use tucuxi_core::endpoint::ENDPOINT_ROOM;
use tucuxi_core::endpoint::Place;
use tucuxi_core::operation::Operation;
use tucuxi_core::operation::PAIR_ROOM;
use tucuxi_core::operation::Service;
use tucuxi_core::operation::request;
use tucuxi_core::request::Pair;
use tucuxi_core::s3::input::GetObject;
use tucuxi_core::s3::input::ListObjectsV2;
use tucuxi_core::sigv4::Credentials;
use tucuxi_core::sigv4::Expires;
use tucuxi_core::sigv4::Payload;
use tucuxi_core::sigv4::Signer;
use tucuxi_core::sigv4::SigningKey;
use tucuxi_core::sink::Cursor;
use tucuxi_core::sqs::input::SendMessage;
use tucuxi_core::time::Time;
use tucuxi_core::wire;

/// What is kept from one request to the next.
pub(crate) struct Whole {
    credentials: Credentials<'static>,
    s3: SigningKey,
    sqs: SigningKey,
    now: Time,
}

impl Whole {
    /// What can be done. Each says how many bytes it wrote.
    pub(crate) const ALL: [(&'static str, fn(&Self, &mut [u8]) -> usize); 4] = [
        ("GetObject", |whole, room| {
            let get = GetObject::new("examplebucket", "photos/2026/11/dolphin.jpg").range("bytes=0-1048575");
            whole.head(&get, &whole.s3, Payload::Unsigned, room)
        }),
        ("GetObject presigned", |whole, room| {
            let get = GetObject::new("examplebucket", "photos/2026/11/dolphin.jpg");
            whole.url(&get, room)
        }),
        ("ListObjectsV2", |whole, room| {
            let list =
                ListObjectsV2::new("examplebucket").prefix("photos/2026/").delimiter("/").max_keys(1000);
            whole.head(&list, &whole.s3, Payload::Body, room)
        }),
        ("SendMessage", |whole, room| {
            let queue = "https://sqs.us-east-1.amazonaws.com/123456789012/readings";
            let send = SendMessage::new(queue, "It is warm in the greenhouse, and the dolphins are fine.");
            whole.head(&send, &whole.sqs, Payload::Body, room)
        }),
    ];

    pub(crate) fn new() -> Self {
        let (credentials, now) = (Credentials::new(ACCESS_KEY, SECRET_KEY), Time::from_seconds(NOW));
        let [s3, sqs] = ["s3", "sqs"].map(|service| SigningKey::derive(&credentials, now, REGION, service));
        Self { credentials, s3, sqs, now }
    }

    /// Writes the head of an operation.
    fn head<O: Operation>(
        &self,
        operation: &O,
        key: &SigningKey,
        payload: Payload<'_>,
        room: &mut [u8],
    ) -> usize {
        let mut pairs = [Pair::EMPTY; PAIR_ROOM];
        let request = request(operation, &mut pairs).unwrap();
        let mut endpoint = [0; ENDPOINT_ROOM];
        let endpoint = O::Service::endpoint(&Place::new(REGION), request.bucket(), &mut endpoint).unwrap();
        let signer = Signer::new(&self.credentials, key, O::Service::RULES);
        let signed = signer.sign(&request, endpoint, self.now, payload);
        let mut head = Cursor::new(room);
        wire::head(&signed, &[], Some(request.body().bytes() as u64), &mut head);
        head.finish().unwrap().len()
    }

    /// Writes the presigned URL of an operation of S3.
    fn url<O: Operation>(&self, operation: &O, room: &mut [u8]) -> usize {
        let mut pairs = [Pair::EMPTY; PAIR_ROOM];
        let request = request(operation, &mut pairs).unwrap();
        let mut endpoint = [0; ENDPOINT_ROOM];
        let endpoint = O::Service::endpoint(&Place::new(REGION), request.bucket(), &mut endpoint).unwrap();
        let signer = Signer::new(&self.credentials, &self.s3, O::Service::RULES);
        let expires = Expires::from_seconds(EXPIRES).unwrap();
        let signed = signer.presign(&request, endpoint, self.now, O::Service::PRESIGNED_PAYLOAD, expires);
        let mut url = Cursor::new(room);
        wire::url(&signed, &mut url);
        url.finish().unwrap().len()
    }
}
