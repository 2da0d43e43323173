//! Outputs that own what they hold: one struct for each that the tables know, read in one pass.
//!
//! The tables are core's; this file is what `tucuxi` takes from them. Every member is optional, since
//! servers leave out what they like; a member whose value is not of its kind is an error.

#![cfg_attr(
    not(all(feature = "s3", feature = "sqs")),
    allow(
        dead_code,
        unused_imports,
        unused_macros,
        reason = "a service that is off leaves some kinds without use"
    )
)]

use std::borrow::Cow;

#[cfg(any(feature = "serde", feature = "ureq"))]
use tucuxi_core::encode::Base64;
use tucuxi_core::encode::PlusIs;
use tucuxi_core::encode::base64_decode;
use tucuxi_core::encode::percent_decode;
use tucuxi_core::operation::Operation;
use tucuxi_core::reply::BadReply;
use tucuxi_core::reply::Reply;
use tucuxi_core::sink::Sink;
use tucuxi_core::text::Text;

use crate::body::Body;

/// An operation whose output this crate can own: those of the tables, and no others.
pub trait Answered: Operation + Sealed {
    /// What it answers.
    type Output;
    /// Whether the output holds a body that is read while it arrives.
    const STREAMED: bool;

    /// Reads a reply whose status said that all is well; `decode` says whether keys in it are
    /// percent-encoded because the request asked for that by itself.
    ///
    /// # Errors
    ///
    /// [`BadReply`] where it is not what it should be.
    fn output(reply: &Reply<'_>, decode: bool) -> Result<Self::Output, BadReply>;

    /// Hands over the body of a streamed output.
    fn stream(output: &mut Self::Output, body: Body) {
        let _ = (output, body);
    }
}

/// What only this crate implements, so that the traits that want it may grow.
#[expect(unnameable_types, reason = "that is the seal")]
pub trait Sealed {}

/// Bytes written by the core.
#[derive(Debug, Default)]
pub(crate) struct Bytes(pub(crate) Vec<u8>);

impl Sink for Bytes {
    fn put(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }
}

/// What a core writer writes, as text.
pub(crate) fn written(write: impl FnOnce(&mut dyn Sink)) -> String {
    let mut bytes = Bytes::default();
    write(&mut bytes);
    match String::from_utf8_lossy(&bytes.0) {
        Cow::Owned(text) => text,
        Cow::Borrowed(_) => String::from_utf8(bytes.0).unwrap_or_default(),
    }
}

/// A text that is percent-encoded if `decode` says so; a `+` is a space then.
pub(crate) fn key(text: Text<'_>, decode: bool) -> String {
    let text = text.to_string();
    if !decode {
        return text;
    }
    written(|to| percent_decode(text.as_bytes(), PlusIs::Space, to))
}

/// Bytes that stand in base64 in a document.
pub(crate) fn blob(text: Text<'_>) -> Option<Vec<u8>> {
    base64_decoded(&text.to_string())
}

/// The bytes that base64 stands for.
pub(crate) fn base64_decoded(base64: &str) -> Option<Vec<u8>> {
    let mut bytes = Bytes::default();
    base64_decode(base64.as_bytes(), &mut bytes).ok()?;
    Some(bytes.0)
}

/// Bytes in base64.
#[cfg(any(feature = "serde", feature = "ureq"))]
pub(crate) fn base64(bytes: &[u8]) -> String {
    written(|to| {
        let mut base64 = Base64::new(to);
        base64.put(bytes);
        base64.finish();
    })
}

/// A member's value, or the error that names the member whose value is not of its kind.
pub(crate) fn known<T>(value: Option<T>, member: &'static str) -> Result<T, BadReply> {
    value.ok_or(BadReply::Value { member })
}

/// A kind as a type of an output.
macro_rules! output_type {
    (text) => { Option<String> };
    (url_text) => { Option<String> };
    (secret) => { Option<$crate::secret::Secret> };
    (int) => { Option<i64> };
    (bool) => { Option<bool> };
    (blob) => { Option<Vec<u8>> };
    (http_date) => { Option<tucuxi_core::time::Time> };
    (date_time) => { Option<tucuxi_core::time::Time> };
    (epoch_seconds) => { Option<tucuxi_core::time::Time> };
    ([text $($in:tt)*]) => { Vec<String> };
    ([blob $($in:tt)*]) => { Vec<Vec<u8>> };
    ([$shape:ident $($in:tt)*]) => { Vec<$shape> };
    ({text}) => { std::collections::BTreeMap<String, String> };
    ({$shape:ident}) => { std::collections::BTreeMap<String, $shape> };
    ($shape:ident) => { Option<$shape> };
}

/// The type of a member: streams apart.
macro_rules! member_type {
    (body $kind:tt) => { $crate::body::Body };
    (metadata $kind:tt) => { std::collections::BTreeMap<String, String> };
    ($place:ident $kind:tt) => { $crate::output::output_type!($kind) };
}

/// A node as an owned value of a kind, or the error that names the member.
macro_rules! owned {
    (text $node:ident $decode:ident $member:literal) => {
        $crate::output::known($node.text().map(|text| text.to_string()), $member)?
    };
    (url_text $node:ident $decode:ident $member:literal) => {
        $crate::output::known($node.text().map(|text| $crate::output::key(text, $decode)), $member)?
    };
    (secret $node:ident $decode:ident $member:literal) => {
        $crate::secret::Secret::new($crate::output::owned!(text $node $decode $member))
    };
    (int $node:ident $decode:ident $member:literal) => { $crate::output::known($node.int(), $member)? };
    (bool $node:ident $decode:ident $member:literal) => { $crate::output::known($node.bool(), $member)? };
    (blob $node:ident $decode:ident $member:literal) => {
        $crate::output::known($node.text().and_then($crate::output::blob), $member)?
    };
    (http_date $node:ident $decode:ident $member:literal) => {
        $crate::output::known($node.time(tucuxi_core::request::TimeFormat::HttpDate), $member)?
    };
    (date_time $node:ident $decode:ident $member:literal) => {
        $crate::output::known($node.time(tucuxi_core::request::TimeFormat::DateTime), $member)?
    };
    (epoch_seconds $node:ident $decode:ident $member:literal) => {
        $crate::output::known($node.time(tucuxi_core::request::TimeFormat::EpochSeconds), $member)?
    };
    ($shape:ident $node:ident $decode:ident $member:literal) => { $shape::read_node($node, $decode)? };
}

/// Reads a member of a document into its field.
macro_rules! read_member {
    ($node:ident $decode:ident $into:expr, $member:literal [$kind:tt $(in $item:literal)?]) => {
        for node in $node.items(None $(.or(Some($item)))?) {
            $into.push($crate::output::owned!($kind node $decode $member));
        }
    };
    ($node:ident $decode:ident $into:expr, $member:literal {$kind:tt}) => {
        for (name, node) in $node.members() {
            $into.insert(name.to_string(), $crate::output::owned!($kind node $decode $member));
        }
    };
    ($node:ident $decode:ident $into:expr, $member:literal $kind:tt) => {
        $into = Some($crate::output::owned!($kind $node $decode $member))
    };
}

/// A header's text as an owned value of a kind: none where it is not of the kind.
macro_rules! header_owned {
    (secret $text:expr) => {
        Some($crate::secret::Secret::new($text))
    };
    (text $text:expr) => {
        Some($text.to_owned())
    };
    (int $text:expr) => {
        $text.parse::<i64>().ok()
    };
    (bool $text:expr) => {
        tucuxi_core::text::Text::new($text).bool()
    };
    (http_date $text:expr) => {
        tucuxi_core::reply::parse_time($text, tucuxi_core::request::TimeFormat::HttpDate)
    };
    (date_time $text:expr) => {
        tucuxi_core::reply::parse_time($text, tucuxi_core::request::TimeFormat::DateTime)
    };
}

/// Nothing, for the places that outputs know: a place that a table of core's has and this crate does not read
/// is an error of the compiler, not a member that stays empty.
macro_rules! place {
    (body) => {};
    (header) => {};
    (member) => {};
    (metadata) => {};
    (payload) => {};
    (tolerant) => {};
}

/// Reads a member that stands in a header.
macro_rules! read_header {
    (header $reply:ident $into:expr, $member:literal $kind:tt $wire:literal) => {
        if let Some(text) = $reply.header($wire) {
            let value = $crate::output::header_owned!($kind text);
            $into = Some($crate::output::known(value, $member)?);
        }
    };
    (tolerant $reply:ident $into:expr, $member:literal $kind:tt $wire:literal) => {
        $into = $reply.header($wire).and_then(|text| $crate::output::header_owned!($kind text));
    };
    (metadata $reply:ident $into:expr, $member:literal $kind:tt $wire:literal) => {
        for (name, value) in $reply.metadata() {
            $into.insert(name.to_ascii_lowercase(), value.to_owned());
        }
    };
    ($place:ident $($rest:tt)*) => { $crate::output::place!($place) };
}

/// The pattern that a member of a document is recognised by.
macro_rules! read_document {
    (member $node:ident $decode:ident $into:expr, $member:literal $kind:tt) => {
        $crate::output::read_member!($node $decode $into, $member $kind)
    };
    ($place:ident $($rest:tt)*) => { $crate::output::place!($place) };
}

/// A payload is the document itself.
macro_rules! read_payload {
    (payload $node:ident $decode:ident $into:expr, $member:literal $kind:tt) => {
        $crate::output::read_member!($node $decode $into, $member $kind)
    };
    ($place:ident $($rest:tt)*) => { $crate::output::place!($place) };
}

/// Hands over a streamed body.
macro_rules! stream {
    (body $output:ident $field:ident $body:ident) => {
        $output.$field = $body;
    };
    ($place:ident $($rest:tt)*) => {
        $crate::output::place!($place)
    };
}

/// Whether a place is a streamed body.
macro_rules! is_stream {
    (body) => {
        true
    };
    ($place:ident) => {
        false
    };
}

/// A struct that is a plain value unless a member is a streamed body, which can be read only once.
macro_rules! value {
    ([$($item:tt)*]) => {
        #[derive(Clone, Debug, Default, PartialEq)]
        $($item)*
    };
    ([$($item:tt)*] body $($place:ident)*) => {
        #[derive(Debug, Default)]
        $($item)*
    };
    ([$($item:tt)*] $first:ident $($place:ident)*) => {
        $crate::output::value! { [$($item)*] $($place)* }
    };
}

/// One output or shape: its struct, and how it is read from a node.
macro_rules! owned_struct {
    (
        $(#[$doc:meta])* $name:ident
        { $($place:ident $member:literal $field:ident: $kind:tt = $wire:literal,)* }
    ) => {
        $crate::output::value! { [
            $(#[$doc])*
            #[non_exhaustive]
            pub struct $name {
                $(
                    #[doc = concat!("`", $member, "`.")]
                    pub $field: $crate::output::member_type!($place $kind),
                )*
            }
        ] $($place)* }

        impl $name {
            #[allow(unused_variables, clippy::unnecessary_wraps, reason = "some shapes have no members in a document")]
            fn read_members<'a, N: tucuxi_core::reply::Node<'a>>(
                &mut self,
                node: N,
                decode: bool,
            ) -> Result<(), tucuxi_core::reply::BadReply> {
                for (name, node) in node.members() {
                    match name.plain().unwrap_or_default() {
                        $($wire => {
                            $crate::output::read_document!($place node decode self.$field, $member $kind);
                        })*
                        _ => {}
                    }
                }
                Ok(())
            }
        }
    };
}

/// Reads a table for its outputs.
macro_rules! outputs {
    (
        service $service:ident $protocol:ident $detail:literal;
        operations { $(
            $(#[$doc:meta])*
            $name:ident => $output:ident: $method:ident {
                checksum $checksum:ident;
                $(flag $flag:literal $($flag_value:literal)?;)*
                $(automatic $auto_field:ident $auto:literal $auto_value:literal;)?
                $(root $root:literal;)?
                needs $needs:tt
                takes $takes:tt
                gives $gives:tt
            }
        )* }
        inputs $inputs:tt
        outputs { $($(#[$shape_doc:meta])* $shape:ident $members:tt)* }
    ) => {
        $($crate::output::owned_struct! {
            #[doc = concat!("What `", stringify!($name), "` answers.")]
            $output $gives
        })*
        $($crate::output::owned_struct! { $(#[$shape_doc])* $shape $members }

        impl $shape {
            fn read_node<'a, N: tucuxi_core::reply::Node<'a>>(
                node: N,
                decode: bool,
            ) -> Result<Self, tucuxi_core::reply::BadReply> {
                let mut read = Self::default();
                read.read_members(node, decode)?;
                Ok(read)
            }
        })*
        $($crate::output::answered! { $protocol $name $output { $($root)? } $gives })*
    };
}

/// How an operation's reply becomes its output.
macro_rules! answered {
    (
        $protocol:ident $name:ident $output:ident { $($root:literal)? }
        { $($place:ident $member:literal $field:ident: $kind:tt = $wire:literal,)* }
    ) => {
        impl $crate::output::Sealed for $name<'_> {}

        impl $crate::output::Answered for $name<'_> {
            type Output = $output;
            const STREAMED: bool = false $(|| $crate::output::is_stream!($place))*;

            #[allow(unused_variables, unused_mut, clippy::field_reassign_with_default, reason = "some outputs have no members")]
            fn output(
                reply: &tucuxi_core::reply::Reply<'_>,
                decode: bool,
            ) -> Result<$output, tucuxi_core::reply::BadReply> {
                let mut output = $output::default();
                $($crate::output::read_header!($place reply output.$field, $member $kind $wire);)*
                let node = tucuxi_core::reply::output_node::<Node<'_>>(
                    tucuxi_core::__protocol!($protocol),
                    stringify!($name),
                    None $(.or(Some($root)))?,
                    tucuxi_core::__holds!({ $($place $member $field: $kind = $wire,)* }),
                    reply.body(),
                )?;
                if let Some(node) = node {
                    output.read_members(node, decode)?;
                    $($crate::output::read_payload!($place node decode output.$field, $member $kind);)*
                }
                Ok(output)
            }

            #[allow(unused_variables, reason = "few outputs are streamed")]
            fn stream(output: &mut $output, body: $crate::body::Body) {
                $($crate::output::stream!($place output $field body);)*
            }
        }
    };
}

pub(crate) use answered;
pub(crate) use header_owned;
pub(crate) use is_stream;
pub(crate) use member_type;
pub(crate) use output_type;
pub(crate) use outputs;
pub(crate) use owned;
pub(crate) use owned_struct;
pub(crate) use place;
pub(crate) use read_document;
pub(crate) use read_header;
pub(crate) use read_member;
pub(crate) use read_payload;
pub(crate) use stream;
pub(crate) use value;
