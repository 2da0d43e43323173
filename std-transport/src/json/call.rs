//! Operations by name.

use std::fmt;
use std::io::Read as _;
use std::time::Duration;

use tucuxi_core::call::Effect;
use tucuxi_core::failure::Failure;
use tucuxi_core::input::Tree;
use tucuxi_core::operation::Operation;
use tucuxi_core::operation::Service;
use tucuxi_core::reply::BadReply;
use tucuxi_core::reply::Reply;

use super::Json;
use super::JsonPages;
use super::Reading;
use super::tree::Node;
use crate::client::Client;
use crate::error::Error;
use crate::error::Result;
use crate::output::Sealed;
use crate::prepared::Prepared;
use crate::prepared::Presigned;
use crate::send::Finished;
use crate::send::Limit;
use crate::send::Traits;
use crate::send::borrowed_headers;
use crate::send::not_output;
use crate::send::read_document;
use crate::transport::Answer;

/// A service whose operations can be called by name: those of this crate, and no others.
pub trait Named: Service + Sealed + Sized {
    /// The names: `GetObject`.
    const OPERATIONS: &'static [&'static str];

    /// Hands the operation of that name, with its input, to a visitor.
    ///
    /// # Errors
    ///
    /// [`Input`](crate::ErrorKind::Input): there is no such operation, or the input is not its; else what
    /// the visitor returns.
    fn with<V: Visit<Self>>(operation: &str, input: &dyn Tree, visit: V) -> Result<V::Output>;

    /// How the replies of the operation of that name are read.
    ///
    /// # Errors
    ///
    /// [`Input`](crate::ErrorKind::Input): there is no such operation.
    fn reading(operation: &str) -> Result<Reading>;
}

/// What to do with an operation whose type is known by name alone.
pub trait Visit<S> {
    /// What comes of it.
    type Output;

    /// Does it.
    ///
    /// # Errors
    ///
    /// As the visitor has it.
    fn visit<O: Operation<Service = S>>(self, operation: &O) -> Result<Self::Output>;
}

impl<S: Named> Client<S> {
    /// Calls the operation of that name and returns its output, in AWS's member names.
    ///
    /// A streamed body is read into memory. Bytes are base64 in text, see [`Json`].
    ///
    /// ```no_run
    /// # fn main() -> tucuxi::Result<()> {
    /// let input = serde_json::json!({"Bucket": "logs", "Prefix": "2026/"});
    /// let listing = tucuxi::s3_client().call("ListObjectsV2", input)?;
    /// println!("{listing}");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Input`](crate::ErrorKind::Input) where there is no such operation or member, and as
    /// [`send`](Self::send).
    pub fn call(&self, operation: &str, input: impl Into<Json>) -> Result<Json> {
        let reading = S::reading(operation)?;
        input.into().visit(operation, Call { client: self, reading })
    }

    /// All pages of the operation of that name.
    ///
    /// # Errors
    ///
    /// [`Input`](crate::ErrorKind::Input) where there is no such operation or it does not answer in pages.
    pub fn call_pages(&self, operation: &str, input: impl Into<Json>) -> Result<JsonPages<S>> {
        JsonPages::new(self.clone(), S::reading(operation)?.operation, input.into())
    }

    /// [`prepare`](Self::prepare) by name.
    ///
    /// # Errors
    ///
    /// As [`call`](Self::call), as far as they come before sending.
    pub fn prepare_call(&self, operation: &str, input: impl Into<Json>) -> Result<Prepared> {
        input.into().visit(operation, Prepare { client: self })
    }

    /// [`presign`](Self::presign) by name.
    ///
    /// # Errors
    ///
    /// As [`call`](Self::call), as far as they come before sending, and for a time out of range.
    pub fn presign_call(
        &self,
        operation: &str,
        input: impl Into<Json>,
        lasts: Duration,
    ) -> Result<Presigned> {
        input.into().visit(operation, Presign { client: self, lasts })
    }
}

impl Json {
    /// Hands the operation of that name to a visitor, with this as its input.
    ///
    /// # Errors
    ///
    /// As [`Named::with`].
    pub fn visit<S: Named, V: Visit<S>>(&self, operation: &str, visit: V) -> Result<V::Output> {
        S::with(operation, &Node::new(self), visit)
    }
}

/// Reads a reply to the operation of that name, as [`Client::call`] does with what it receives.
///
/// `input` is that of the request, for what depends on it.
///
/// ```
/// use tucuxi::json::{Json, read};
/// use tucuxi::service::Sts;
/// use tucuxi_core::reply::Reply;
///
/// let body = b"<GetCallerIdentityResponse><GetCallerIdentityResult><Account>1</Account>\
///     </GetCallerIdentityResult></GetCallerIdentityResponse>";
/// let output = read::<Sts>("GetCallerIdentity", None, &Reply::new(200, &[], body))?;
/// assert_eq!(output.get("Account"), Some(&Json::from("1")));
/// # Ok::<(), tucuxi::Error>(())
/// ```
///
/// # Errors
///
/// [`Service`](crate::ErrorKind::Service) where the reply is an error,
/// [`Reply`](crate::ErrorKind::Reply) where it is malformed, [`Input`](crate::ErrorKind::Input) where there
/// is no such operation or `input` is not its.
pub fn read<S: Named>(operation: &str, input: Option<&Json>, reply: &Reply<'_>) -> Result<Json> {
    let reading = S::reading(operation)?;
    let decode = match input {
        Some(input) => input.visit::<S, _>(operation, Decodes)?,
        None => reading.automatic,
    };
    let read = if (200..300).contains(&reply.status()) {
        reading.read(reply, decode).map_err(|why| match why {
            BadReply::Error => Error::service(&Failure::read(S::PROTOCOL, reply), S::ERRORS),
            why => Error::reply(why),
        })
    } else {
        Err(Error::service(&Failure::read(S::PROTOCOL, reply), S::ERRORS))
    };
    read.map_err(|error| error.in_call(reading.operation, 0, Effect::None, None))
}

impl Reading {
    /// Reads a reply whose status said that all is well.
    fn read(self, reply: &Reply<'_>, decode: bool) -> Result<Json, BadReply> {
        let mut output = (self.json)(reply, decode)?;
        if let (Json::Object(members), Some(body)) = (&mut output, self.body) {
            members.push((body.to_owned(), reply.body().to_vec().into()));
        }
        Ok(output)
    }

    /// Reads an answer, from its connection.
    fn read_answer<S: Service>(
        self,
        answer: Answer,
        limit: Limit<'_>,
        decode: bool,
    ) -> Result<Json, Finished> {
        let Answer { status, headers, mut body, .. } = answer;
        let bytes = if self.body.is_some() {
            let mut bytes = Vec::new();
            body.read_to_end(&mut bytes).map_err(|why| Finished::Broken(Error::broken_reply(why)))?;
            bytes
        } else {
            read_document(&mut body, limit)?
        };
        let borrowed = borrowed_headers(&headers);
        let read = self.read(&Reply::new(status, &borrowed, &bytes), decode);
        read.map_err(|why| not_output(Traits::of::<S>(), why, status, &headers, &bytes))
    }
}

struct Call<'c, S> {
    client: &'c Client<S>,
    reading: Reading,
}

impl<S: Named> Visit<S> for Call<'_, S> {
    type Output = Json;

    fn visit<O: Operation<Service = S>>(self, operation: &O) -> Result<Json> {
        let decode = operation.automatic();
        self.client
            .receive(operation, &mut |answer, limit| self.reading.read_answer::<S>(answer, limit, decode))
    }
}

struct Prepare<'c, S> {
    client: &'c Client<S>,
}

impl<S: Named> Visit<S> for Prepare<'_, S> {
    type Output = Prepared;

    fn visit<O: Operation<Service = S>>(self, operation: &O) -> Result<Prepared> {
        self.client.prepare(operation)
    }
}

struct Presign<'c, S> {
    client: &'c Client<S>,
    lasts: Duration,
}

impl<S: Named> Visit<S> for Presign<'_, S> {
    type Output = Presigned;

    fn visit<O: Operation<Service = S>>(self, operation: &O) -> Result<Presigned> {
        self.client.presign(operation, self.lasts)
    }
}

/// Whether the keys in the reply are to be decoded.
struct Decodes;

impl<S> Visit<S> for Decodes {
    type Output = bool;

    fn visit<O: Operation<Service = S>>(self, operation: &O) -> Result<bool> {
        Ok(operation.automatic())
    }
}

pub(crate) fn unknown<S: Service>(operation: &str) -> Error {
    Error::input(format_args!("{} has no operation {operation:?} here", S::ID))
}

pub(crate) fn bad_input(why: impl fmt::Display, operation: &'static str) -> Error {
    Error::input(why).in_call(operation, 0, Effect::None, None)
}
