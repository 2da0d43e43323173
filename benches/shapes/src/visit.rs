//! C: a request tells its pairs to whoever reads, as often as asked; no array and no index.
use crate::sign::{Headers, Query, Reading};
use crate::sink::{Sink, Value, percent};

pub trait Pairs {
    fn pair(&mut self, name: &str, value: &Value<'_>);
}

pub trait Request {
    fn method(&self) -> &'static str;
    fn path(&self, to: &mut dyn Sink);
    fn query(&self, to: &mut dyn Pairs);
    fn headers(&self, to: &mut dyn Pairs);
    fn body(&self, to: &mut dyn Sink);
}

impl<S: Sink + ?Sized> Pairs for Query<'_, S> {
    fn pair(&mut self, name: &str, value: &Value<'_>) {
        self.pair(name, value);
    }
}

impl<S: Sink + ?Sized> Pairs for Headers<'_, '_, S> {
    fn pair(&mut self, name: &str, value: &Value<'_>) {
        self.pair(name, value);
    }
}

#[cfg_attr(not(feature = "wide"), inline(never))]
fn tell_str(to: &mut &mut dyn Pairs, name: &str, text: &Option<&str>) {
    if let Some(text) = *text {
        to.pair(name, &Value::Str(text));
    }
}

#[cfg_attr(not(feature = "wide"), inline(never))]
fn tell_int(to: &mut &mut dyn Pairs, name: &str, number: &Option<u32>) {
    if let Some(number) = *number {
        to.pair(name, &Value::Int(number.into()));
    }
}

trait Tell {
    fn tell(&self, name: &str, to: &mut &mut dyn Pairs);
}
impl Tell for Option<&str> {
    #[inline(always)]
    fn tell(&self, name: &str, to: &mut &mut dyn Pairs) {
        tell_str(to, name, self);
    }
}
impl Tell for &str {
    #[inline(always)]
    fn tell(&self, name: &str, to: &mut &mut dyn Pairs) {
        tell_str(to, name, &Some(self));
    }
}
impl Tell for Option<u32> {
    #[inline(always)]
    fn tell(&self, name: &str, to: &mut &mut dyn Pairs) {
        tell_int(to, name, self);
    }
}

macro_rules! visit {
    (@ $s:tt $field:ident) => { $s.$field };
    (@ $s:tt $text:literal) => { $text };
    ($op:ident $method:literal ($($path:tt)*) { $($member:ident: $type:ty,)* }
     query { $($q:literal $qv:tt,)* } header { $($h:literal $hv:tt,)* } body { $($body:path, $($arg:ident)*)? }) => {
        #[derive(Default)]
        pub struct $op<'a> { $(pub $member: $type,)* }
        impl Request for $op<'_> {
            fn method(&self) -> &'static str { $method }
            fn path(&self, to: &mut dyn Sink) { $(to.put(visit!(@ self $path).as_bytes());)* }
            #[allow(unused)]
            fn query(&self, mut to: &mut dyn Pairs) { $(visit!(@ self $qv).tell($q, &mut to);)* }
            #[allow(unused)]
            fn headers(&self, mut to: &mut dyn Pairs) { $(visit!(@ self $hv).tell($h, &mut to);)* }
            #[allow(unused)]
            fn body(&self, to: &mut dyn Sink) { $($body($(self.$arg,)* to))? }
        }
    };
}
crate::operations!(visit);

struct Path<'p, S: ?Sized>(&'p mut S);
impl<S: Sink + ?Sized> Sink for Path<'_, S> {
    fn put(&mut self, bytes: &[u8]) {
        percent(bytes, crate::sink::PATH, self.0);
    }
}

impl Reading for &dyn Request {
    #[inline]
    fn method(&self) -> &'static str {
        (**self).method()
    }
    #[inline]
    fn path<S: Sink + ?Sized>(&self, to: &mut S) {
        (**self).path(&mut Path(to));
    }
    #[inline]
    fn query<S: Sink + ?Sized>(&self, query: &mut Query<'_, S>) {
        (**self).query(query);
    }
    #[inline]
    fn headers<S: Sink + ?Sized>(&self, headers: &mut Headers<'_, '_, S>) {
        (**self).headers(headers);
    }
    fn body(&self, to: &mut dyn Sink) {
        (**self).body(to);
    }
}
