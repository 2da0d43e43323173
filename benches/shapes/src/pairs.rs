//! B: a request is two slices of pairs in an array that the caller lends.
use crate::sign::{Headers, Query, Reading};
use crate::sink::{Sink, Value, percent};

#[derive(Clone, Copy)]
pub struct Pair<'a> {
    name: &'a str,
    value: Value<'a>,
}

impl Pair<'_> {
    pub const NONE: Self = Self { name: "", value: Value::Str("") };
}

#[derive(Debug)]
pub struct Full {
    pub needed: usize,
}

pub struct Request<'r> {
    method: &'static str,
    path: [&'r str; 2],
    query: &'r [Pair<'r>],
    headers: &'r [Pair<'r>],
    body: &'r dyn Operation,
}

pub trait Operation {
    fn request<'r>(&'r self, pairs: &'r mut [Pair<'r>]) -> Result<Request<'r>, Full>;
    fn body(&self, to: &mut dyn Sink);
}

struct Pairs<'m, 'r> {
    room: &'m mut [Pair<'r>],
    at: usize,
}

impl<'r> Pairs<'_, 'r> {
    /// One body for every type of member: outlined, a push is five registers and a call.
    #[cfg_attr(not(feature = "wide"), inline(never))]
    fn value(&mut self, name: &'r str, value: Option<Value<'r>>) {
        let Some(value) = value else { return };
        if let Some(place) = self.room.get_mut(self.at) {
            *place = Pair { name, value };
        }
        self.at += 1;
    }
    #[cfg_attr(not(feature = "wide"), inline(never))]
    fn str(&mut self, name: &'r str, text: &Option<&'r str>) {
        self.value(name, text.map(Value::Str));
    }
    #[cfg_attr(not(feature = "wide"), inline(never))]
    fn int(&mut self, name: &'r str, number: &Option<u32>) {
        self.value(name, number.map(|number| Value::Int(number.into())));
    }
}

trait Push<'r> {
    fn push(&self, name: &'r str, to: &mut Pairs<'_, 'r>);
}
impl<'r> Push<'r> for Option<&'r str> {
    #[inline(always)]
    fn push(&self, name: &'r str, to: &mut Pairs<'_, 'r>) {
        to.str(name, self);
    }
}
impl<'r> Push<'r> for &'r str {
    #[inline(always)]
    fn push(&self, name: &'r str, to: &mut Pairs<'_, 'r>) {
        to.str(name, &Some(self));
    }
}
impl<'r> Push<'r> for Option<u32> {
    #[inline(always)]
    fn push(&self, name: &'r str, to: &mut Pairs<'_, 'r>) {
        to.int(name, self);
    }
}

/// Costs one comparison a pair when they ascend already, as an operation's do.
fn sort(pairs: &mut [Pair<'_>]) {
    for end in 1..pairs.len() {
        for at in (1..=end).rev() {
            let Some([before, after]) = pairs.get_mut(at - 1..=at) else { return };
            if before.name.as_bytes() <= after.name.as_bytes() {
                break;
            }
            core::mem::swap(before, after);
        }
    }
}

fn done<'r>(method: &'static str, path: [&'r str; 2], room: &'r mut [Pair<'r>], query: usize, end: usize, body: &'r dyn Operation) -> Result<Request<'r>, Full> {
    let full = Full { needed: end };
    let (query, rest) = room.split_at_mut_checked(query).ok_or(Full { needed: end })?;
    let headers = rest.get_mut(..end - query.len()).ok_or(full)?;
    if !cfg!(feature = "unsorted") {
        sort(query);
        sort(headers);
    }
    Ok(Request { method, path, query, headers, body })
}

macro_rules! pairs {
    (@ $s:tt $field:ident) => { $s.$field };
    (@ $s:tt $text:literal) => { $text };
    (@path $s:tt $root:literal) => { [$root, ""] };
    (@path $s:tt $root:literal $key:ident) => { [$root, $s.$key] };
    ($op:ident $method:literal ($($path:tt)*) { $($member:ident: $type:ty,)* }
     query { $($q:literal $qv:tt,)* } header { $($h:literal $hv:tt,)* } body { $($body:path, $($arg:ident)*)? }) => {
        #[derive(Default)]
        pub struct $op<'a> { $(pub $member: $type,)* }
        impl Operation for $op<'_> {
            fn request<'r>(&'r self, room: &'r mut [Pair<'r>]) -> Result<Request<'r>, Full> {
                #[allow(unused_mut)]
                let mut pairs = Pairs { room, at: 0 };
                $(pairs!(@ self $qv).push($q, &mut pairs);)*
                let query = pairs.at;
                $(pairs!(@ self $hv).push($h, &mut pairs);)*
                let end = pairs.at;
                done($method, pairs!(@path self $($path)*), room, query, end, self)
            }
            #[allow(unused)]
            fn body(&self, to: &mut dyn Sink) { $($body($(self.$arg,)* to))? }
        }
    };
}
crate::operations!(pairs);

impl Reading for Request<'_> {
    #[inline]
    fn method(&self) -> &'static str {
        self.method
    }
    #[inline]
    fn path<S: Sink + ?Sized>(&self, to: &mut S) {
        for part in self.path {
            percent(part.as_bytes(), crate::sink::PATH, to);
        }
    }
    #[inline]
    fn query<S: Sink + ?Sized>(&self, query: &mut Query<'_, S>) {
        for pair in self.query {
            query.pair(pair.name, &pair.value);
        }
    }
    #[inline]
    fn headers<S: Sink + ?Sized>(&self, headers: &mut Headers<'_, '_, S>) {
        for pair in self.headers {
            headers.pair(pair.name, &pair.value);
        }
    }
    fn body(&self, to: &mut dyn Sink) {
        self.body.body(to);
    }
}
