//! A request as a server has it: what was signed of it, to be written once more.

use core::cmp::Ordering;

use super::Body;
use super::Coding;
use super::Method;
use super::Pair;
use super::Request;
use super::Shape;
use super::Value;
use super::order;
use super::value::Form;

impl<'r> Request<'r> {
    /// A request that others signed, with nothing left out: its path behind the first slash, the pairs of its
    /// query and its headers, in the order in which they came.
    ///
    /// # Errors
    ///
    /// The number of pairs that it has, where `room` holds fewer.
    pub(crate) fn received<'a: 'r>(
        method: Method,
        path: &'a str,
        query: impl Iterator<Item = (&'a str, Option<&'a str>)>,
        headers: impl Iterator<Item = (&'a str, &'a str)>,
        room: &'r mut [Pair<'a>],
    ) -> Result<Self, usize> {
        let query = query.map(|(name, value)| {
            let value = value.map_or(Value::Flag, Value::Text);
            let pair = Pair::new(name, value);
            pair.with(Form::of_query(&pair))
        });
        let headers = headers.map(|(name, value)| {
            let value = Value::Text(value);
            let pair = Pair::new(name, value);
            pair.with(Form::of_header(&pair))
        });
        let queries = put(query, room);
        let given = queries.saturating_add(put(headers, room.get_mut(queries..).unwrap_or_default()));
        let pairs = room.get_mut(..given).ok_or(given)?;
        let (query, headers) = pairs.split_at_mut_checked(queries).ok_or(given)?;
        order::sort(query, |one, other| order::by_query(Coding::Percent, one, other));
        order::sort(headers, order::by_header);
        let headers: &[Pair<'_>] = headers;
        let mut names = headers.iter().zip(headers.get(1..).unwrap_or_default());
        let repeats = names.any(|(one, other)| order::by_header(one, other) == Ordering::Equal);
        Ok(Self {
            method,
            bucket: "",
            path,
            coding: Coding::Percent,
            query,
            headers,
            unsigned: &[],
            body: Body::Empty,
            repeats,
            shape: Shape::of(path),
        })
    }
}

/// Puts pairs into a room, as many as fit, and says how many there are.
fn put<'a>(pairs: impl Iterator<Item = Pair<'a>>, room: &mut [Pair<'a>]) -> usize {
    let mut places = room.iter_mut();
    pairs.fold(0, |count, pair| {
        if let Some(place) = places.next() {
            *place = pair;
        }
        count.saturating_add(1)
    })
}
