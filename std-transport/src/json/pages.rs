//! Pages by name.

use super::Json;
use super::Named;
use super::call::bad_input;
use crate::client::Client;
use crate::error::Result;

/// The pages of an operation by name, each asked for when it is taken. After an error there are none.
#[derive(Debug)]
pub struct JsonPages<S> {
    client: Client<S>,
    operation: &'static str,
    input: Json,
    paging: &'static Paging,
    page_size: Option<i64>,
    /// How many items there may still be.
    left: Option<u64>,
    token: Option<String>,
    done: bool,
}

/// By which members an operation answers in pages.
#[derive(Debug)]
struct Paging {
    service: &'static str,
    operation: &'static str,
    /// Where a page begins, in the input.
    token: &'static str,
    /// Where the next page begins, in the output.
    next: &'static str,
    /// How many items a page may have, in the input.
    size: &'static str,
    /// The items, in the output.
    items: &'static str,
}

/// As botocore's paginators have it.
const PAGINGS: [Paging; 3] = [
    Paging {
        service: "S3",
        operation: "ListBuckets",
        token: "ContinuationToken",
        next: "ContinuationToken",
        size: "MaxBuckets",
        items: "Buckets",
    },
    Paging {
        service: "S3",
        operation: "ListObjectsV2",
        token: "ContinuationToken",
        next: "NextContinuationToken",
        size: "MaxKeys",
        items: "Contents",
    },
    Paging {
        service: "SQS",
        operation: "ListQueues",
        token: "NextToken",
        next: "NextToken",
        size: "MaxResults",
        items: "QueueUrls",
    },
];

impl<S: Named> JsonPages<S> {
    pub(super) fn new(client: Client<S>, operation: &'static str, input: Json) -> Result<Self> {
        let paging = PAGINGS.iter().find(|known| known.service == S::ID && known.operation == operation);
        let paging = paging.ok_or_else(|| bad_input("does not answer in pages", operation))?;
        let (page_size, left, token, done) = (None, None, None, false);
        Ok(Self { client, operation, input, paging, page_size, left, token, done })
    }

    /// Asks for pages of so many items.
    #[must_use]
    pub const fn page_size(mut self, items: i64) -> Self {
        self.page_size = Some(items);
        self
    }

    /// Ends after so many items. The last page is asked to be as short as that needs, so that
    /// [`token`](Self::token) tells where to go on.
    #[must_use]
    pub const fn max_items(mut self, items: u64) -> Self {
        self.left = Some(items);
        self.done = items == 0;
        self
    }

    /// Begins where another iteration had come to: see [`token`](Self::token).
    #[must_use]
    pub fn from_token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Where the next page begins, to go on from there another time; none behind the last.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// The input of the next page.
    fn input(&self) -> Json {
        let mut input = self.input.clone();
        if let Json::Object(members) = &mut input {
            let mut set = |name: &str, value: Json| {
                members.retain(|(n, _)| n != name);
                members.push((name.to_owned(), value));
            };
            if let Some(token) = self.token.clone() {
                set(self.paging.token, token.into());
            }
            let asked = self.page_size.or_else(|| match self.input.get(self.paging.size) {
                Some(Json::Int(items)) => Some(*items),
                _ => None,
            });
            let left = self.left.map(|items| i64::try_from(items).unwrap_or(i64::MAX).min(LARGEST_PAGE));
            if let Some(items) = asked.into_iter().chain(left).min() {
                set(self.paging.size, items.into());
            }
        }
        input
    }

    /// Counts the items of a page, and takes from it what is too much.
    fn count(&mut self, page: &mut Json) {
        let Json::Object(members) = page else { return };
        let items = members.iter_mut().find(|(name, _)| name == self.paging.items);
        if let (Some(left), Some((_, Json::List(items)))) = (&mut self.left, items) {
            let most = usize::try_from(*left).unwrap_or(usize::MAX);
            items.truncate(most);
            *left = left.saturating_sub(items.len() as u64);
            self.done |= *left == 0;
        }
    }
}

impl<S: Named> Iterator for JsonPages<S> {
    type Item = Result<Json>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let page = self.client.call(self.operation, self.input());
        self.token = match page.as_ref().ok().and_then(|page| page.get(self.paging.next)) {
            Some(Json::Text(token)) if !token.is_empty() => Some(token.clone()),
            _ => None,
        };
        self.done = self.token.is_none();
        Some(page.map(|mut page| {
            self.count(&mut page);
            page
        }))
    }
}

/// The most items that any of these operations puts on a page.
const LARGEST_PAGE: i64 = 1_000;
