//! Pages by name.

use super::Json;
use super::Named;
use super::call::bad_input;
use crate::client::Client;
use crate::error::Result;
use crate::page::Token;

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
    token: Token,
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
    /// Whether there is one, in the output, where it says so.
    more: Option<&'static str>,
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
        more: None,
        size: "MaxBuckets",
        items: "Buckets",
    },
    Paging {
        service: "S3",
        operation: "ListObjectsV2",
        token: "ContinuationToken",
        next: "NextContinuationToken",
        more: Some("IsTruncated"),
        size: "MaxKeys",
        items: "Contents",
    },
    Paging {
        service: "SQS",
        operation: "ListQueues",
        token: "NextToken",
        next: "NextToken",
        more: None,
        size: "MaxResults",
        items: "QueueUrls",
    },
];

impl<S: Named> JsonPages<S> {
    pub(super) fn new(client: Client<S>, operation: &'static str, input: Json) -> Result<Self> {
        let paging = PAGINGS.iter().find(|known| known.service == S::ID && known.operation == operation);
        let paging = paging.ok_or_else(|| bad_input("does not answer in pages", operation))?;
        Ok(Self { client, operation, input, paging, page_size: None, left: None, token: Token::First })
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
        self
    }

    /// Begins where another iteration had come to: see [`token`](Self::token).
    #[must_use]
    pub fn from_token(mut self, token: impl Into<String>) -> Self {
        self.token = Token::Next(token.into());
        self
    }

    /// Where the next page begins, to go on from there another time; none behind the last.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.token.as_str()
    }

    /// The input of the page that begins at `token`.
    fn input(&self, token: Option<&str>) -> Json {
        let mut input = self.input.clone();
        if let Json::Object(members) = &mut input {
            let mut set = |name: &str, value: Json| {
                members.retain(|(n, _)| n != name);
                members.push((name.to_owned(), value));
            };
            if let Some(token) = token {
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
        }
    }
}

impl Paging {
    /// The token of the page after this one.
    fn next_page<'p>(&self, page: &'p Json) -> Option<&'p str> {
        if self.more.and_then(|more| page.get(more)) == Some(&Json::Bool(false)) {
            return None;
        }
        match page.get(self.next) {
            Some(Json::Text(token)) => Some(token),
            _ => None,
        }
    }
}

impl<S: Named> Iterator for JsonPages<S> {
    type Item = Result<Json>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.left == Some(0) {
            return None;
        }
        let mut token = self.token.clone();
        let ask = |token: Option<&str>| self.client.call(self.operation, self.input(token));
        let mut page = token.take(self.operation, ask, |page| self.paging.next_page(page));
        self.token = token;
        if let Some(Ok(page)) = &mut page {
            self.count(page);
        }
        page
    }
}

/// The most items that any of these operations puts on a page.
const LARGEST_PAGE: i64 = 1_000;
