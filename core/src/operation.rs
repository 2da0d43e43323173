//! What an operation is: a name, a service, and how its input becomes a request.
//!
//! The operations themselves are tables (see `table.rs`); this is what the tables expand to
//! and what a hand-written operation implements. The input is only read, so the same input can be built,
//! signed and sent again as often as a call needs.

use crate::checksum::Crc32;
use crate::endpoint::BadEndpoint;
use crate::endpoint::Endpoint;
use crate::endpoint::Place;
use crate::request::Draft;
use crate::request::Invalid;
use crate::request::Method;
use crate::request::Pair;
use crate::request::Request;
use crate::request::Value;
use crate::sigv4::Payload;
use crate::sigv4::Rules;
use crate::sink::Recite;

/// Room in pairs that holds the query and headers of nearly all requests; user metadata may need more.
pub const PAIR_ROOM: usize = 32;

/// One of AWS's services.
pub trait Service {
    /// AWS's service ID, as in `AWS_ENDPOINT_URL_<ID>`: `S3`.
    const ID: &'static str;
    /// How its requests are signed.
    const RULES: Rules;
    /// What its presigned URLs say of the body.
    const PRESIGNED_PAYLOAD: Payload<'static>;
    /// The wire protocol, as AWS's models name it.
    const PROTOCOL: Protocol;
    /// The errors that AWS's model names: the code that replies have, and the name.
    const ERRORS: &'static [(&'static str, &'static str)];

    /// Where its requests go. Only S3 looks at the bucket.
    ///
    /// # Errors
    ///
    /// As [`Place`]'s methods.
    fn endpoint<'r>(place: &Place<'r>, bucket: &str, room: &'r mut [u8])
    -> Result<Endpoint<'r>, BadEndpoint>;
}

/// How a service writes inputs and outputs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Protocol {
    /// [AWS JSON 1.0](https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html): SQS.
    Json,
    /// [Query](https://smithy.io/2.0/aws/protocols/aws-query-protocol.html): a form in, XML out: STS.
    Query,
    /// [REST-XML](https://smithy.io/2.0/aws/protocols/aws-restxml-protocol.html): S3.
    Xml,
}

/// Whether an operation's body has a checksum of its own.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Checksum {
    /// None is known.
    None,
    /// The service refuses the request without one.
    Required,
    /// The service checks one if it is there.
    Supported,
}

/// An operation with its input.
///
/// Its body, where it has one, is what [`Recite`] says, or the bytes that its draft holds.
pub trait Operation: Recite {
    /// The service that it belongs to.
    type Service: Service;
    /// AWS's name: `ListObjectsV2`.
    const NAME: &'static str;
    /// The verb.
    const METHOD: Method;
    /// Whether its body has a checksum of its own.
    const CHECKSUM: Checksum = Checksum::None;
    /// Whether its query and headers are drafted in the order in which they are signed. The tables work that out;
    /// it has no effect on others.
    #[doc(hidden)]
    const ORDERED: bool = false;

    /// Whether its request asks, of itself, for keys to be percent-encoded in the reply
    /// (`encoding-type=url`): XML cannot hold every key. Then whoever reads the reply decodes them; a
    /// `+` is a space.
    fn automatic(&self) -> bool {
        false
    }

    /// Says everything the input holds.
    fn draft<'r>(&'r self, to: &mut Draft<'_, 'r>);
}

/// The request of an operation, whose pairs go into `room`: [`PAIR_ROOM`] of them do for nearly all.
///
/// ```
/// use tucuxi_core::operation::{PAIR_ROOM, request};
/// use tucuxi_core::request::Pair;
/// use tucuxi_core::s3::input::ListObjectsV2;
///
/// let list = ListObjectsV2::new("logs").prefix("2026/").max_keys(10);
/// let mut room = [Pair::EMPTY; PAIR_ROOM];
/// let request = request(&list, &mut room).unwrap();
/// assert_eq!(request.bucket(), "logs");
/// assert_eq!(request.query().len(), 4);
/// ```
///
/// The room is free for another request when this one is done with.
///
/// # Errors
///
/// [`Invalid`]: room for more pairs is needed, or a member cannot be sent as it is.
pub fn request<'p, 'r: 'p, O: Operation>(
    operation: &'r O,
    room: &'p mut [Pair<'r>],
) -> Result<Request<'p>, Invalid<'r>> {
    let mut draft = Draft::new(O::METHOD, room);
    operation.draft(&mut draft);
    if O::CHECKSUM == Checksum::Required && !draft.has_checksum() {
        let mut crc = Crc32::new();
        draft.written_body().recite(&mut crc);
        draft.header("x-amz-checksum-crc32", Value::Crc32(crc.finish()));
        match draft.checksum_algorithm() {
            None => draft.header("x-amz-sdk-checksum-algorithm", Value::Text("CRC32")),
            Some("CRC32") => {}
            Some(algorithm) => draft.wrong(Invalid::Checksum { algorithm }),
        }
    } else if O::ORDERED {
        draft.is_ordered();
    }
    draft.finish()
}

/// Whether names ascend as SigV4 orders them, empty ones passed over. Evaluated by the compiler for
/// every table.
pub(crate) const fn ascending(names: &[&str]) -> bool {
    let mut rest = names;
    let mut before = "";
    while let [name, more @ ..] = rest {
        if !name.is_empty() {
            if !less(before.as_bytes(), name.as_bytes()) {
                return false;
            }
            before = name;
        }
        rest = more;
    }
    true
}

const fn less(one: &[u8], other: &[u8]) -> bool {
    let (mut one, mut other) = (one, other);
    loop {
        match (one, other) {
            ([a, one_rest @ ..], [b, other_rest @ ..]) => {
                if *a != *b {
                    return *a < *b;
                }
                (one, other) = (one_rest, other_rest);
            }
            (_, []) => return false,
            ([], _) => return true,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
