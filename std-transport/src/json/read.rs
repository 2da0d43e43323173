//! How replies become [`Json`]: the tables of operations, read once more.
//!
//! What a reply has is in its JSON, an empty list too; what it lacks is not.

use tucuxi_core::reply::BadReply;
use tucuxi_core::reply::Node;
use tucuxi_core::reply::Reply;

use super::Json;

/// How the replies of one operation are read.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Reading {
    /// The operation.
    pub(crate) operation: &'static str,
    /// The member that holds the body of a streamed output.
    pub(crate) body: Option<&'static str>,
    /// Whether keys come percent-encoded unless the input says otherwise.
    pub(crate) automatic: bool,
    /// Reads a reply, a streamed body aside; the flag is whether keys are to be decoded.
    pub(crate) json: fn(&Reply<'_>, bool) -> Result<Json, BadReply>,
}

/// A shape that outputs are made of, as it stands in a document.
pub(crate) trait Shape {
    /// Reads its members.
    fn read<'a, N: Node<'a>>(node: N, decode: bool, into: &mut Members) -> Result<(), BadReply>;

    /// Reads it as one value.
    fn json<'a, N: Node<'a>>(node: N, decode: bool) -> Result<Json, BadReply> {
        let mut members = Members::default();
        Self::read(node, decode, &mut members)?;
        Ok(members.into())
    }
}

/// Members that were read so far.
#[derive(Default)]
pub(crate) struct Members(Vec<(String, Json)>);

impl Members {
    /// Adds a member.
    pub(crate) fn set(&mut self, name: &str, value: impl Into<Json>) {
        self.0.push((name.to_owned(), value.into()));
    }

    /// Adds items to a member that is a list, and may come in parts.
    #[allow(dead_code, reason = "needed by the services that are on")]
    pub(crate) fn extend(&mut self, name: &str, items: Vec<Json>) {
        match self.0.iter_mut().find(|(n, _)| n == name) {
            Some((_, Json::List(list))) => list.extend(items),
            _ => self.set(name, Json::List(items)),
        }
    }
}

impl From<Members> for Json {
    fn from(members: Members) -> Self {
        Self::Object(members.0)
    }
}

/// The headers of user metadata, which are an object even where there are none.
#[allow(dead_code, reason = "needed by the services that are on")]
pub(crate) fn metadata(reply: &Reply<'_>) -> Json {
    let entry = |(name, value): (&str, &str)| (name.to_ascii_lowercase(), value.into());
    Json::Object(reply.metadata().map(entry).collect())
}

/// A node as a value of a kind.
macro_rules! json_value {
    (text $($rest:tt)*) => { $crate::json::Json::from($crate::output::owned!(text $($rest)*)) };
    (url_text $($rest:tt)*) => { $crate::json::Json::from($crate::output::owned!(url_text $($rest)*)) };
    (secret $($rest:tt)*) => { $crate::json::Json::from($crate::output::owned!(text $($rest)*)) };
    (int $($rest:tt)*) => { $crate::json::Json::from($crate::output::owned!(int $($rest)*)) };
    (bool $($rest:tt)*) => { $crate::json::Json::from($crate::output::owned!(bool $($rest)*)) };
    (blob $($rest:tt)*) => { $crate::json::Json::from($crate::output::owned!(blob $($rest)*)) };
    (http_date $($rest:tt)*) => { $crate::json::Json::from($crate::output::owned!(http_date $($rest)*)) };
    (date_time $($rest:tt)*) => { $crate::json::Json::from($crate::output::owned!(date_time $($rest)*)) };
    (epoch_seconds $($rest:tt)*) => { $crate::json::Json::from($crate::output::owned!(epoch_seconds $($rest)*)) };
    ($shape:ident $node:ident $decode:ident $member:literal) => {
        <$shape as $crate::json::read::Shape>::json($node, $decode)?
    };
}

/// Reads a member of a document.
macro_rules! json_member {
    ($node:ident $decode:ident $into:ident $member:literal [$kind:tt $(in $item:literal)?]) => {{
        let mut items = Vec::new();
        for item in $node.items(None $(.or(Some($item)))?) {
            items.push($crate::json::read::json_value!($kind item $decode $member));
        }
        $into.extend($member, items);
    }};
    ($node:ident $decode:ident $into:ident $member:literal {$kind:tt}) => {{
        let mut entries = Vec::new();
        for (name, item) in $node.members() {
            entries.push((name.to_string(), $crate::json::read::json_value!($kind item $decode $member)));
        }
        $into.set($member, $crate::json::Json::Object(entries));
    }};
    ($node:ident $decode:ident $into:ident $member:literal $kind:tt) => {
        $into.set($member, $crate::json::read::json_value!($kind $node $decode $member))
    };
}

/// Reads a member that stands in a document, in a header, or is the document; others are passed over.
macro_rules! json_placed {
    (document member $node:ident $decode:ident $into:ident $member:literal $kind:tt) => {
        $crate::json::read::json_member!($node $decode $into $member $kind)
    };
    (payload payload $node:ident $decode:ident $into:ident $member:literal $kind:tt) => {
        $crate::json::read::json_member!($node $decode $into $member $kind)
    };
    (header header $reply:ident $into:ident $member:literal $kind:tt $wire:literal) => {
        if let Some(text) = $reply.header($wire) {
            $into.set($member, $crate::output::known($crate::output::header_owned!($kind text), $member)?);
        }
    };
    (header tolerant $reply:ident $into:ident $member:literal $kind:tt $wire:literal) => {
        if let Some(value) = $reply.header($wire).and_then(|text| $crate::output::header_owned!($kind text)) {
            $into.set($member, value);
        }
    };
    (header metadata $reply:ident $into:ident $member:literal $kind:tt $wire:literal) => {
        $into.set($member, $crate::json::read::metadata($reply))
    };
    ($wanted:ident $place:ident $($rest:tt)*) => { $crate::output::place!($place) };
}

/// The name of a streamed body.
macro_rules! json_body {
    (body $member:literal) => {
        Some($member)
    };
    ($place:ident $member:literal) => {
        None
    };
}

/// How a shape is read.
macro_rules! json_shape {
    ($name:ident { $($place:ident $member:literal $field:ident: $kind:tt = $wire:literal,)* }) => {
        impl $crate::json::read::Shape for $name {
            #[allow(unused_variables, reason = "some shapes have no members in a document")]
            fn read<'a, N: tucuxi_core::reply::Node<'a>>(
                node: N,
                decode: bool,
                into: &mut $crate::json::read::Members,
            ) -> Result<(), tucuxi_core::reply::BadReply> {
                for (name, node) in node.members() {
                    match name.plain().unwrap_or_default() {
                        $($wire => {
                            $crate::json::read::json_placed!(document $place node decode into $member $kind);
                        })*
                        _ => {}
                    }
                }
                Ok(())
            }
        }
    };
}

/// How an operation's replies are read.
macro_rules! json_reading {
    (
        $protocol:ident $name:ident $output:ident { $($automatic:ident)? } { $($root:literal)? }
        { $($place:ident $member:literal $field:ident: $kind:tt = $wire:literal,)* }
    ) => {{
        #[allow(unused_variables, unused_mut, reason = "some outputs have no members")]
        fn json(
            reply: &tucuxi_core::reply::Reply<'_>,
            decode: bool,
        ) -> Result<$crate::json::Json, tucuxi_core::reply::BadReply> {
            let mut into = $crate::json::read::Members::default();
            $($crate::json::read::json_placed!(header $place reply into $member $kind $wire);)*
            let node = tucuxi_core::reply::output_node::<Node<'_>>(
                tucuxi_core::__protocol!($protocol),
                stringify!($name),
                None $(.or(Some($root)))?,
                tucuxi_core::__holds!({ $($place $member $field: $kind = $wire,)* }),
                reply.body(),
            )?;
            if let Some(node) = node {
                <$output as $crate::json::read::Shape>::read(node, decode, &mut into)?;
                $($crate::json::read::json_placed!(payload $place node decode into $member $kind);)*
            }
            Ok(into.into())
        }
        $crate::json::Reading {
            operation: stringify!($name),
            body: None$(.or($crate::json::read::json_body!($place $member)))*,
            automatic: false $(|| !stringify!($automatic).is_empty())?,
            json,
        }
    }};
}

/// Reads a table for calls by name.
macro_rules! named {
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
        $($crate::json::read::json_shape! { $output $gives })*
        $($crate::json::read::json_shape! { $shape $members })*

        impl $crate::output::Sealed for $crate::service::$service {}

        impl $crate::json::Named for $crate::service::$service {
            const OPERATIONS: &'static [&'static str] = &[$(stringify!($name),)*];

            fn with<V: $crate::json::Visit<Self>>(
                operation: &str,
                input: &dyn tucuxi_core::input::Tree,
                visit: V,
            ) -> $crate::error::Result<V::Output> {
                match operation {
                    $(stringify!($name) => match tucuxi_core::input::FromTree::from_tree(input) {
                        Ok(input) => visit.visit::<$name<'_>>(&input),
                        Err(why) => Err($crate::json::bad_input(why, stringify!($name))),
                    },)*
                    _ => Err($crate::json::unknown::<Self>(operation)),
                }
            }

            fn reading(operation: &str) -> $crate::error::Result<$crate::json::Reading> {
                match operation {
                    $(stringify!($name) => Ok($crate::json::read::json_reading! {
                        $protocol $name $output { $($auto_field)? } { $($root)? } $gives
                    }),)*
                    _ => Err($crate::json::unknown::<Self>(operation)),
                }
            }
        }
    };
}

pub(crate) use json_body;
pub(crate) use json_member;
pub(crate) use json_placed;
pub(crate) use json_reading;
pub(crate) use json_shape;
pub(crate) use json_value;
pub(crate) use named;
