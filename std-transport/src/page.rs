//! Operations that answer in pages, and the iterator over the pages.

use tucuxi_core::operation::Service;

use crate::client::Client;
use crate::error::Result;
use crate::output::Answered;

/// An operation that answers in pages.
pub trait Paginated: Answered {
    /// The same operation with a token of another lifetime.
    type With<'t>: Answered<Service = Self::Service, Output = Self::Output>
    where
        Self: 't;

    /// The same, from that page on.
    fn at_page<'t>(&'t self, token: &'t str) -> Self::With<'t>;

    /// The token of the page after this one; none at the last.
    fn next_page(output: &Self::Output) -> Option<&str>;
}

/// The pages of an operation, each asked for when it is taken. After an error there are none.
#[derive(Debug)]
pub struct Pages<O, S> {
    client: Client<S>,
    operation: O,
    token: Token,
}

/// Where the next page begins.
#[derive(Clone, Debug)]
enum Token {
    End,
    First,
    Next(String),
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
        match &self.token {
            Token::Next(token) => Some(token),
            Token::End | Token::First => None,
        }
    }
}

impl<O: Paginated<Service = S>, S: Service> Iterator for Pages<O, S> {
    type Item = Result<O::Output>;

    fn next(&mut self) -> Option<Self::Item> {
        let page = match std::mem::replace(&mut self.token, Token::End) {
            Token::End => return None,
            Token::First => self.client.send(&self.operation),
            Token::Next(token) => self.client.send(&self.operation.at_page(&token)),
        };
        if let Ok(page) = &page
            && let Some(token) = O::next_page(page).filter(|token| !token.is_empty())
        {
            self.token = Token::Next(token.to_owned());
        }
        Some(page)
    }
}

/// Which operations answer in pages, and by which members.
#[allow(unused_macros, reason = "needed by the services that are on")]
macro_rules! paginated {
    ($($operation:ident $token:ident <- $next:ident;)*) => {$(
        impl $crate::page::Paginated for input::$operation<'_> {
            type With<'t> = input::$operation<'t> where Self: 't;

            fn at_page<'t>(&'t self, token: &'t str) -> input::$operation<'t> {
                let shorter: input::$operation<'t> = *self;
                shorter.$token(token)
            }

            fn next_page(output: &Self::Output) -> Option<&str> {
                output.$next.as_deref()
            }
        }
    )*};
}

#[allow(unused_imports, reason = "needed by the services that are on")]
pub(crate) use paginated;
