//! Presigned URLs of many operations, as they are taken.

use std::fmt;
use std::time::Duration;
use std::vec;

use tucuxi_core::call::Effect;
use tucuxi_core::endpoint::ENDPOINT_ROOM;
use tucuxi_core::operation::Operation;
use tucuxi_core::operation::Protocol;
use tucuxi_core::operation::Service;
use tucuxi_core::sigv4::Expires;
use tucuxi_core::sigv4::Payload;
use tucuxi_core::sigv4::Signer;

use super::Batch;
use crate::client::Client;
use crate::client::Inner;
use crate::error::Error;
use crate::error::Result;
use crate::prepared::Presigned;
use crate::prepared::headers;
use crate::send;
use crate::send::Traits;
use crate::send::with_request;

/// How many operations are looked at before the first of their URLs is given.
const AHEAD: usize = 256;

/// The URLs of many operations, made some hundreds at a time: see
/// [`Client::presign_all`](crate::Client::presign_all).
pub struct PresignAll<S, I> {
    client: Client<S>,
    operations: I,
    lasts: Duration,
    batch: Batch,
    ready: vec::IntoIter<Result<Presigned>>,
}

impl<S: Service, I: Iterator<Item: Operation<Service = S>>> PresignAll<S, I> {
    pub(crate) fn new(client: Client<S>, operations: I, lasts: Duration) -> Self {
        Self { client, operations, lasts, batch: Batch::default(), ready: Vec::new().into_iter() }
    }

    /// Presigns those operations, one after the other or side by side.
    fn presign(&mut self, operations: &[I::Item]) -> Vec<Result<Presigned>> {
        let traits = Traits::of::<S>();
        if traits.protocol == Protocol::Query || traits.presigned_payload != Payload::Unsigned {
            return operations.iter().map(|one| self.client.presign(one, self.lasts)).collect();
        }
        let mut presigned = Vec::with_capacity(operations.len());
        if let Err(error) =
            together(self.client.inner(), traits, operations, self.lasts, &mut self.batch, &mut presigned)
        {
            // nothing was presigned, for a reason that holds for all
            let error = error.in_call(I::Item::NAME, 0, Effect::None, None);
            return operations.iter().map(|_| Err(error.clone())).collect();
        }
        presigned
    }
}

impl<S: Service, I: Iterator<Item: Operation<Service = S>>> Iterator for PresignAll<S, I> {
    type Item = Result<Presigned>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(next) = self.ready.next() {
            return Some(next);
        }
        let operations: Vec<_> = self.operations.by_ref().take(AHEAD).collect();
        self.ready = self.presign(&operations).into_iter();
        self.ready.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let (ready, (low, high)) = (self.ready.len(), self.operations.size_hint());
        (low.saturating_add(ready), high.and_then(|high| high.checked_add(ready)))
    }
}

impl<S, I> fmt::Debug for PresignAll<S, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PresignAll").field("client", &self.client).finish_non_exhaustive()
    }
}

/// Presigns side by side: what became of each operation, in order. An error is one of all of them.
fn together<O: Operation>(
    client: &Inner,
    traits: Traits,
    operations: &[O],
    lasts: Duration,
    batch: &mut Batch,
    presigned: &mut Vec<Result<Presigned>>,
) -> Result<()> {
    let expires = Expires::of(lasts).map_err(Error::expires)?;
    // One endpoint for all regions would answer for the wrong one when buckets move: the region's own.
    let place = client.place()?.global(false);
    let keys = client.keys()?;
    let keys = keys.ok_or_else(|| Error::credentials("an anonymous client cannot presign"))?;
    let credentials = send::borrowed(keys);
    let now = client.session.host.now();
    let end = expires.end(now, &credentials).map_err(Error::expires)?;
    batch.reset();

    let mut rest = operations;
    while let [first, after @ ..] = rest {
        // what follows on it for the same bucket has the same endpoint
        let (mut room, mut long) = ([0; ENDPOINT_ROOM], Vec::new());
        let (mut bucket, mut endpoint) = (String::new(), None);
        let found = with_request(first, |request| {
            request.bucket().clone_into(&mut bucket);
            let fail = |error: Error| error.in_call(O::NAME, 0, Effect::None, None);
            endpoint = Some(traits.endpoint(&place, &bucket, &mut room, &mut long).map_err(fail)?);
            Ok(())
        });
        let Some(endpoint) = found.map_err(|error| presigned.push(Err(error))).ok().and(endpoint) else {
            rest = after;
            continue;
        };
        let key = client.signing_key(&credentials, now, endpoint.region(), endpoint.service());
        let signer = Signer::new(&credentials, &key, traits.rules);
        let presigning = signer.presigning(now, traits.presigned_payload, expires);
        let presigning = presigning.ok_or_else(|| Error::config("no key to presign with".to_owned()))?;
        batch.move_on();
        while let [one, after @ ..] = rest {
            let added = with_request(one, |request| {
                if request.bucket() != bucket {
                    return Ok(None);
                }
                batch.add(&presigning.of(&request, endpoint));
                Ok(Some(Presigned {
                    method: request.method().as_str(),
                    url: String::new(),
                    headers: headers(&request),
                    body: None,
                    expires: end,
                }))
            });
            match added.transpose() {
                None => break,
                Some(one) => presigned.push(one),
            }
            rest = after;
        }
    }
    for (one, url) in presigned.iter_mut().flatten().zip(batch.urls()) {
        url.clone_into(&mut one.url);
    }
    Ok(())
}
