//! Operations that answer in pages, and the iterator over the pages.

use tucuxi_core::operation::Service;

use crate::client::Client;
use crate::error::Error;
use crate::error::Result;
use crate::output::Answered;

/// An operation that answers in pages. Like [`Answered`], only this crate implements it.
pub trait Paginated: Answered {
    /// The same operation with a token of another lifetime.
    type With<'t>: Answered<Service = Self::Service, Output = Self::Output>
    where
        Self: 't;

    /// The same, from that page on.
    fn at_page<'t>(&'t self, token: &'t str) -> Self::With<'t>;

    /// The token of the page after this one; none at the last, or where the output says that it is the last.
    fn next_page(output: &Self::Output) -> Option<&str>;
}

/// The pages of an operation, each asked for when it is taken. After an error there are none.
///
/// A service that answers with the token that it was just asked with would be asked for ever: that is an
/// error of the kind [`Reply`](crate::ErrorKind::Reply).
#[derive(Debug)]
pub struct Pages<O, S> {
    client: Client<S>,
    operation: O,
    token: Token,
}

/// Where the next page begins.
#[derive(Clone, Debug)]
pub(crate) enum Token {
    End,
    First,
    Next(String),
}

impl Token {
    /// Takes the next page: the one loop that all paging goes through.
    ///
    /// `ask` sends the operation with a token; `next_page` finds the token of the page after.
    pub(crate) fn take<T>(
        &mut self,
        operation: &'static str,
        ask: impl FnOnce(Option<&str>) -> Result<T>,
        next_page: impl FnOnce(&T) -> Option<&str>,
    ) -> Option<Result<T>> {
        let asked = match std::mem::replace(self, Self::End) {
            Self::End => return None,
            Self::First => None,
            Self::Next(token) => Some(token),
        };
        let page = match ask(asked.as_deref()) {
            Ok(page) => page,
            Err(error) => return Some(Err(error)),
        };
        match next_page(&page).filter(|token| !token.is_empty()) {
            Some(token) if asked.as_deref() == Some(token) => {
                return Some(Err(Error::same_page(operation)));
            }
            Some(token) => *self = Self::Next(token.to_owned()),
            None => {}
        }
        Some(Ok(page))
    }

    /// The token, where there is one.
    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Self::Next(token) => Some(token),
            Self::End | Self::First => None,
        }
    }
}

/// What is left of the page that was taken last, to give out one by one.
#[derive(Debug)]
#[allow(dead_code, reason = "needed by the services that are on")]
pub(crate) struct Rest<T>(std::vec::IntoIter<T>);

#[allow(dead_code, reason = "needed by the services that are on")]
impl<T> Rest<T> {
    /// Nothing is left: a page has to be taken first.
    pub(crate) fn empty() -> Self {
        Self(Vec::new().into_iter())
    }

    /// Takes the next item, of this page or of one that `page` takes.
    pub(crate) fn next(&mut self, mut page: impl FnMut() -> Option<Result<Vec<T>>>) -> Option<Result<T>> {
        loop {
            if let Some(item) = self.0.next() {
                return Some(Ok(item));
            }
            match page()? {
                Ok(items) => self.0 = items.into_iter(),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl<O: Paginated<Service = S>, S: Service> Pages<O, S> {
    pub(crate) const fn new(client: Client<S>, operation: O) -> Self {
        Self { client, operation, token: Token::First }
    }

    /// Begins where another iteration had come to: see [`token`](Self::token).
    #[must_use]
    pub fn from_token(mut self, token: impl Into<String>) -> Self {
        self.token = Token::Next(token.into());
        self
    }

    /// Where the next page begins, to go on from there another time; none at the first page and behind the last.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.token.as_str()
    }
}

impl<O: Paginated<Service = S>, S: Service> Iterator for Pages<O, S> {
    type Item = Result<O::Output>;

    fn next(&mut self) -> Option<Self::Item> {
        let Self { client, operation, token } = self;
        let ask = |token: Option<&str>| match token {
            None => client.send(operation),
            Some(token) => client.send(&operation.at_page(token)),
        };
        token.take(O::NAME, ask, O::next_page)
    }
}

/// Which operations answer in pages, and by which members: the input's token, the output's token, and the
/// output's word on whether there is more, where it has one.
#[allow(unused_macros, reason = "needed by the services that are on")]
macro_rules! paginated {
    ($($operation:ident $token:ident <- $next:ident $(while $more:ident)?;)*) => {$(
        impl $crate::page::Paginated for input::$operation<'_> {
            type With<'t> = input::$operation<'t> where Self: 't;

            fn at_page<'t>(&'t self, token: &'t str) -> input::$operation<'t> {
                let shorter: input::$operation<'t> = *self;
                shorter.$token(token)
            }

            fn next_page(output: &Self::Output) -> Option<&str> {
                $(if output.$more == Some(false) {
                    return None;
                })?
                output.$next.as_deref()
            }
        }
    )*};
}

#[allow(unused_imports, reason = "needed by the services that are on")]
pub(crate) use paginated;
