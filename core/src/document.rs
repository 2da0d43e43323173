//! How the parts of an input are written into a body: as JSON, as XML, as a form.
//!
//! The tables say which members a shape has; the traits here say how a member of each kind is written in
//! each protocol. Nothing is kept: a document is written anew for each reading of the body.

use crate::encode::Percent;
use crate::encode::int;
use crate::input::Blob;
use crate::input::FromTree;
use crate::input::List;
use crate::input::Map;
use crate::json;
use crate::request::TimeFormat;
use crate::secret::Secret;
use crate::sink::Recite;
use crate::sink::Sink;
use crate::time::Time;
use crate::xml;

/// An instant with the format that its member wants.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dated(pub(crate) Time, pub(crate) TimeFormat);

/// Is written as a value of a JSON document.
pub(crate) trait ToJson {
    fn to_json(&self, to: &mut json::Writer<'_>);
}

impl ToJson for &str {
    fn to_json(&self, to: &mut json::Writer<'_>) {
        to.string(self);
    }
}

impl ToJson for Secret<'_> {
    fn to_json(&self, to: &mut json::Writer<'_>) {
        to.string(self.reveal());
    }
}

impl ToJson for i64 {
    fn to_json(&self, to: &mut json::Writer<'_>) {
        to.int(*self);
    }
}

impl ToJson for bool {
    fn to_json(&self, to: &mut json::Writer<'_>) {
        to.bool(*self);
    }
}

impl ToJson for Blob<'_> {
    fn to_json(&self, to: &mut json::Writer<'_>) {
        to.string_from(|to| self.recite(to));
    }
}

impl<T: ToJson> ToJson for &T {
    fn to_json(&self, to: &mut json::Writer<'_>) {
        (**self).to_json(to);
    }
}

impl<'a, T: Copy + FromTree<'a> + ToJson> ToJson for List<'a, T> {
    fn to_json(&self, to: &mut json::Writer<'_>) {
        to.open_array();
        for item in self.iter() {
            item.to_json(to);
        }
        to.close_array();
    }
}

impl<'a, T: Copy + FromTree<'a> + ToJson> ToJson for Map<'a, T> {
    fn to_json(&self, to: &mut json::Writer<'_>) {
        to.open_object();
        for (name, value) in self.iter() {
            to.key(name);
            value.to_json(to);
        }
        to.close_object();
    }
}

/// Is written as an element of an XML document, or as several where it is a list.
pub(crate) trait ToXml {
    /// `item` is what the elements are called that stand inside the one of that name.
    fn to_xml(&self, name: &str, item: Option<&str>, to: &mut xml::Writer<'_>);
}

impl ToXml for &str {
    fn to_xml(&self, name: &str, _: Option<&str>, to: &mut xml::Writer<'_>) {
        to.element(name, self);
    }
}

impl ToXml for i64 {
    fn to_xml(&self, name: &str, _: Option<&str>, to: &mut xml::Writer<'_>) {
        to.open(name).int(*self).close(name);
    }
}

impl ToXml for bool {
    fn to_xml(&self, name: &str, _: Option<&str>, to: &mut xml::Writer<'_>) {
        to.element(name, if *self { "true" } else { "false" });
    }
}

impl ToXml for Dated {
    fn to_xml(&self, name: &str, _: Option<&str>, to: &mut xml::Writer<'_>) {
        to.open(name).text_from(|to| self.1.write(self.0, to)).close(name);
    }
}

impl<T: ToXml> ToXml for &T {
    fn to_xml(&self, name: &str, item: Option<&str>, to: &mut xml::Writer<'_>) {
        (**self).to_xml(name, item, to);
    }
}

impl<'a, T: Copy + FromTree<'a> + ToXml> ToXml for List<'a, T> {
    fn to_xml(&self, name: &str, item: Option<&str>, to: &mut xml::Writer<'_>) {
        let Some(inner) = item else {
            for item in self.iter() {
                item.to_xml(name, None, to);
            }
            return;
        };
        to.open(name);
        for item in self.iter() {
            item.to_xml(inner, None, to);
        }
        to.close(name);
    }
}

/// The name of a field of a form: names and numbers with dots between them, `Tags.member.1.Key`.
#[derive(Clone, Copy)]
pub(crate) struct FormName<'n> {
    before: Option<&'n Self>,
    part: Part<'n>,
}

#[derive(Clone, Copy)]
enum Part<'n> {
    Name(&'n str),
    Number(i64),
}

impl<'n> FormName<'n> {
    pub(crate) const fn new(name: &'n str) -> Self {
        Self { before: None, part: Part::Name(name) }
    }

    pub(crate) const fn then(&'n self, name: &'n str) -> Self {
        Self { before: Some(self), part: Part::Name(name) }
    }

    const fn nth(&'n self, number: i64) -> Self {
        Self { before: Some(self), part: Part::Number(number) }
    }

    fn write(&self, to: &mut dyn Sink) {
        if let Some(before) = self.before {
            before.write(to);
            to.put(b".");
        }
        match self.part {
            Part::Name(name) => to.put(name.as_bytes()),
            Part::Number(number) => int(number, to),
        }
    }

    /// Writes `&name=value`.
    fn field(&self, to: &mut dyn Sink, value: impl FnOnce(&mut dyn Sink)) {
        to.put(b"&");
        self.write(to);
        to.put(b"=");
        value(&mut Percent::component(to));
    }
}

/// Is written as fields of a form.
pub(crate) trait ToForm {
    fn to_form(&self, name: &FormName<'_>, item: Option<&str>, to: &mut dyn Sink);
}

impl ToForm for &str {
    fn to_form(&self, name: &FormName<'_>, _: Option<&str>, to: &mut dyn Sink) {
        name.field(to, |to| to.put(self.as_bytes()));
    }
}

impl ToForm for Secret<'_> {
    fn to_form(&self, name: &FormName<'_>, _: Option<&str>, to: &mut dyn Sink) {
        name.field(to, |to| to.put(self.reveal().as_bytes()));
    }
}

impl ToForm for i64 {
    fn to_form(&self, name: &FormName<'_>, _: Option<&str>, to: &mut dyn Sink) {
        name.field(to, |to| int(*self, to));
    }
}

impl<T: ToForm> ToForm for &T {
    fn to_form(&self, name: &FormName<'_>, item: Option<&str>, to: &mut dyn Sink) {
        (**self).to_form(name, item, to);
    }
}

impl<'a, T: Copy + FromTree<'a> + ToForm> ToForm for List<'a, T> {
    fn to_form(&self, name: &FormName<'_>, item: Option<&str>, to: &mut dyn Sink) {
        let mut some = false;
        for (number, value) in (1..).zip(self.iter()) {
            value.to_form(&name.then(item.unwrap_or("member")).nth(number), None, to);
            some = true;
        }
        if !some {
            name.field(to, |_| {});
        }
    }
}
