//! A: a request is a list that can be read again, by index.
use crate::sign::{Headers, Query, Reading};
use crate::sink::{Sink, Value, percent};

pub enum Slot<'a> {
    Pair(&'a str, Value<'a>),
    Absent,
    End,
}

pub trait Request {
    fn method(&self) -> &'static str;
    fn path(&self, to: &mut dyn Sink);
    fn query(&self, nth: usize) -> Slot<'_>;
    fn header(&self, nth: usize) -> Slot<'_>;
    fn body(&self, to: &mut dyn Sink);
}

#[cfg_attr(not(feature = "wide"), inline(never))]
fn slot_str<'a>(name: &'a str, text: &Option<&'a str>) -> Slot<'a> {
    text.map_or(Slot::Absent, |text| Slot::Pair(name, Value::Str(text)))
}

#[cfg_attr(not(feature = "wide"), inline(never))]
fn slot_int<'a>(name: &'a str, number: &Option<u32>) -> Slot<'a> {
    number.map_or(Slot::Absent, |number| Slot::Pair(name, Value::Int(number.into())))
}

trait Member<'a> {
    fn slot(&self, name: &'a str) -> Slot<'a>;
}
impl<'a> Member<'a> for Option<&'a str> {
    #[inline(always)]
    fn slot(&self, name: &'a str) -> Slot<'a> {
        slot_str(name, self)
    }
}
impl<'a> Member<'a> for &'a str {
    #[inline(always)]
    fn slot(&self, name: &'a str) -> Slot<'a> {
        slot_str(name, &Some(self))
    }
}
impl<'a> Member<'a> for Option<u32> {
    #[inline(always)]
    fn slot(&self, name: &'a str) -> Slot<'a> {
        slot_int(name, self)
    }
}

macro_rules! list {
    (@ $s:tt $field:ident) => { $s.$field };
    (@ $s:tt $text:literal) => { $text };
    ($op:ident $method:literal ($($path:tt)*) { $($member:ident: $type:ty,)* }
     query { $($q:literal $qv:tt,)* } header { $($h:literal $hv:tt,)* } body { $($body:path, $($arg:ident)*)? }) => {
        #[derive(Default)]
        pub struct $op<'a> { $(pub $member: $type,)* }
        impl Request for $op<'_> {
            fn method(&self) -> &'static str { $method }
            fn path(&self, to: &mut dyn Sink) { $(to.put(list!(@ self $path).as_bytes());)* }
            #[allow(unused)]
            fn query(&self, mut nth: usize) -> Slot<'_> {
                $(if nth == 0 { return list!(@ self $qv).slot($q) } nth = nth.wrapping_sub(1);)*
                Slot::End
            }
            #[allow(unused)]
            fn header(&self, mut nth: usize) -> Slot<'_> {
                $(if nth == 0 { return list!(@ self $hv).slot($h) } nth = nth.wrapping_sub(1);)*
                Slot::End
            }
            #[allow(unused)]
            fn body(&self, to: &mut dyn Sink) { $($body($(self.$arg,)* to))? }
        }
    };
}
crate::operations!(list);

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
        for nth in 0.. {
            match (**self).query(nth) {
                Slot::Pair(name, value) => query.pair(name, &value),
                Slot::Absent => {}
                Slot::End => break,
            }
        }
    }
    #[inline]
    fn headers<S: Sink + ?Sized>(&self, headers: &mut Headers<'_, '_, S>) {
        for nth in 0.. {
            match (**self).header(nth) {
                Slot::Pair(name, value) => headers.pair(name, &value),
                Slot::Absent => {}
                Slot::End => break,
            }
        }
    }
    fn body(&self, to: &mut dyn Sink) {
        (**self).body(to);
    }
}
