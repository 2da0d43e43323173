//! How outputs are made of the tables: a type for each, with a method for each member that looks it up.
//!
//! The methods read through [`Node`](crate::reply::Node); nothing is kept but the reply. See `table.rs` for
//! what the tables say.

/// What a kind is in a view.
macro_rules! view_type {
    ($a:lifetime text) => { $crate::text::Text<$a> };
    ($a:lifetime secret) => { $crate::secret::SecretText<$a> };
    ($a:lifetime url_text) => { $crate::text::Text<$a> };
    ($a:lifetime int) => { i64 };
    ($a:lifetime bool) => { bool };
    ($a:lifetime blob) => { $crate::text::Text<$a> };
    ($a:lifetime http_date) => { $crate::time::Time };
    ($a:lifetime date_time) => { $crate::time::Time };
    ($a:lifetime epoch_seconds) => { $crate::time::Time };
    ($a:lifetime $shape:ident) => { $shape<$a> };
}

/// A node as a value of a kind, or none where it is not.
macro_rules! node_value {
    (text $node:expr) => {
        $crate::reply::Node::text($node)
    };
    (url_text $node:expr) => {
        $crate::reply::Node::text($node)
    };
    (secret $node:expr) => {
        $crate::reply::Node::text($node).map($crate::secret::SecretText::new)
    };
    (blob $node:expr) => {
        $crate::reply::Node::text($node)
    };
    (int $node:expr) => {
        $crate::reply::Node::int($node)
    };
    (bool $node:expr) => {
        $crate::reply::Node::bool($node)
    };
    (http_date $node:expr) => {
        $crate::reply::Node::time($node, $crate::request::TimeFormat::HttpDate)
    };
    (date_time $node:expr) => {
        $crate::reply::Node::time($node, $crate::request::TimeFormat::DateTime)
    };
    (epoch_seconds $node:expr) => {
        $crate::reply::Node::time($node, $crate::request::TimeFormat::EpochSeconds)
    };
    ($shape:ident $node:expr) => {
        Some($shape::of($node))
    };
}

/// A header's text as a value of a kind, or none where it is not.
macro_rules! header_value {
    (secret $text:expr) => {
        Some($crate::secret::SecretText::new($crate::text::Text::new($text)))
    };
    (text $text:expr) => {
        Some($crate::text::Text::new($text))
    };
    (int $text:expr) => {
        $text.parse::<i64>().ok()
    };
    (bool $text:expr) => {
        $crate::text::Text::new($text).bool()
    };
    (http_date $text:expr) => {
        $crate::reply::parse_time($text, $crate::request::TimeFormat::HttpDate)
    };
    (date_time $text:expr) => {
        $crate::reply::parse_time($text, $crate::request::TimeFormat::DateTime)
    };
}

/// The method of a view that looks a member up.
macro_rules! member_method {
    (header $member:literal $field:ident: $kind:tt = $wire:literal) => {
        #[doc = concat!("`", $member, "`: the header `", $wire, "`.")]
        #[must_use]
        pub fn $field(&self) -> Option<$crate::view::view_type!('a $kind)> {
            self.reply.header($wire).and_then(|text| $crate::view::header_value!($kind text))
        }
    };
    (tolerant $member:literal $field:ident: $kind:tt = $wire:literal) => {
        $crate::view::member_method!(header $member $field: $kind = $wire);
    };
    (metadata $member:literal $field:ident: $kind:tt = $wire:literal) => {
        #[doc = concat!("`", $member, "`: names and values of user metadata.")]
        pub fn $field(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
            self.reply.metadata()
        }
    };
    (body $member:literal $field:ident: $kind:tt = $wire:literal) => {
        #[doc = concat!("`", $member, "`: what has been received of it.")]
        #[must_use]
        pub const fn $field(&self) -> &'a [u8] {
            self.reply.body()
        }
    };
    (payload $member:literal $field:ident: $kind:tt = $wire:literal) => {
        #[doc = concat!("`", $member, "`: the body's document.")]
        #[must_use]
        pub fn $field(&self) -> Option<$crate::view::view_type!('a $kind)> {
            $crate::view::node_value!($kind self.node?)
        }
    };
    ($place:ident $member:literal $field:ident: [$kind:tt $(in $item:literal)?] = $wire:literal) => {
        #[doc = concat!("The items of `", $member, "`.")]
        pub fn $field(&self) -> impl Iterator<Item = $crate::view::view_type!('a $kind)> + use<'a> {
            let list = self.node.map(|node| $crate::reply::Node::list(node, $wire, None $(.or(Some($item)))?));
            list.into_iter().flatten().filter_map(|node| $crate::view::node_value!($kind node))
        }
    };
    ($place:ident $member:literal $field:ident: {$kind:tt} = $wire:literal) => {
        #[doc = concat!("The entries of `", $member, "`.")]
        pub fn $field(
            &self,
        ) -> impl Iterator<Item = ($crate::text::Text<'a>, $crate::view::view_type!('a $kind))> + use<'a> {
            let map = self.node.and_then(|node| $crate::reply::Node::member(node, $wire));
            let entries = map.into_iter().flat_map($crate::reply::Node::members);
            entries.filter_map(|(name, node)| Some((name, $crate::view::node_value!($kind node)?)))
        }
    };
    ($place:ident $member:literal $field:ident: url_text = $wire:literal) => {
        #[doc = concat!("`", $member, "`, percent-encoded with `+` for a space where `EncodingType` is `url`.")]
        ///
        /// A listing asks for that of itself unless it is told otherwise, since XML cannot hold every key:
        /// [`percent_decode`](crate::encode::percent_decode) makes the key of it.
        #[must_use]
        pub fn $field(&self) -> Option<$crate::view::view_type!('a url_text)> {
            let node = $crate::reply::Node::member(self.node?, $wire)?;
            $crate::view::node_value!(url_text node)
        }
    };
    ($place:ident $member:literal $field:ident: $kind:tt = $wire:literal) => {
        #[doc = concat!("`", $member, "`.")]
        #[must_use]
        pub fn $field(&self) -> Option<$crate::view::view_type!('a $kind)> {
            let node = $crate::reply::Node::member(self.node?, $wire)?;
            $crate::view::node_value!($kind node)
        }
    };
}

/// Writes a member as JSON, in AWS's name.
#[cfg(feature = "serde")]
macro_rules! member_serialized {
    (body $map:ident $view:ident $member:literal $field:ident $kind:tt) => {};
    (metadata $map:ident $view:ident $member:literal $field:ident $kind:tt) => {
        $map.serialize_entry($member, &$crate::view::Pairs(|| $view.$field()))?;
    };
    ($place:ident $map:ident $view:ident $member:literal $field:ident [$($kind:tt)*]) => {
        if $view.$field().next().is_some() {
            $map.serialize_entry($member, &$crate::view::Sequence(|| $view.$field()))?;
        }
    };
    ($place:ident $map:ident $view:ident $member:literal $field:ident {$kind:tt}) => {
        if $view.$field().next().is_some() {
            $map.serialize_entry($member, &$crate::view::Pairs(|| $view.$field()))?;
        }
    };
    ($place:ident $map:ident $view:ident $member:literal $field:ident $kind:tt) => {
        if let Some(value) = $view.$field() {
            $map.serialize_entry($member, &value)?;
        }
    };
}

/// A view: its methods, and how it is written as JSON.
macro_rules! view {
    ($name:ident { $($place:ident $member:literal $field:ident: $kind:tt = $wire:literal,)* }) => {
        impl<'a> $name<'a> {
            $($crate::view::member_method!($place $member $field: $kind = $wire);)*

            /// The part of the reply's document that is read here, for members that have no method; none
            /// where all members stand in headers.
            #[must_use]
            pub const fn document(&self) -> Option<Node<'a>> {
                self.node
            }
        }

        impl core::fmt::Debug for $name<'_> {
            /// Without what it holds, which may be credentials.
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }

        #[cfg(feature = "serde")]
        impl serde::Serialize for $name<'_> {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                #[allow(unused_imports, reason = "some outputs have no members")]
                use serde::ser::SerializeMap as _;
                #[allow(unused_mut, reason = "some outputs have no members")]
                let mut map = serializer.serialize_map(None)?;
                $($crate::view::member_serialized!($place map self $member $field $kind);)*
                map.end()
            }
        }
    };
}

/// Reads a table for its outputs.
macro_rules! views {
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
        $(
            #[doc = concat!("What `", stringify!($name), "` answers.")]
            #[derive(Clone, Copy)]
            pub struct $output<'a> {
                reply: $crate::reply::Reply<'a>,
                node: Option<Node<'a>>,
            }

            impl<'a> $output<'a> {
                /// Reads a reply whose status said that all is well.
                ///
                /// # Errors
                ///
                /// [`BadReply`](crate::reply::BadReply) where the body is not the document that it should be.
                pub fn read(reply: $crate::reply::Reply<'a>) -> Result<Self, $crate::reply::BadReply> {
                    let node = $crate::reply::output_node(
                        $crate::view::__protocol!($protocol),
                        stringify!($name),
                        None $(.or(Some($root)))?,
                        $crate::view::__holds!($gives),
                        reply.body(),
                    )?;
                    Ok(Self { reply, node })
                }

                /// The reply it was read from.
                #[must_use]
                pub const fn reply(&self) -> $crate::reply::Reply<'a> {
                    self.reply
                }
            }

            $crate::view::view! { $output $gives }
        )*
        $(
            $(#[$shape_doc])*
            #[derive(Clone, Copy)]
            pub struct $shape<'a> {
                node: Option<Node<'a>>,
            }

            impl<'a> $shape<'a> {
                pub(crate) const fn of(node: Node<'a>) -> Self {
                    Self { node: Some(node) }
                }
            }

            $crate::view::view! { $shape $members }
        )*
    };
}

/// What the body of a reply holds, by the places of the output's members.
#[doc(hidden)]
#[macro_export]
macro_rules! __holds {
    ({ $($place:ident $member:literal $field:ident: $kind:tt = $wire:literal,)* }) => {
        if false $(|| $crate::__place_is!(body $place))* {
            $crate::reply::Holds::Stream
        } else if false $(|| $crate::__place_is!(member $place) || $crate::__place_is!(payload $place))* {
            $crate::reply::Holds::Document
        } else {
            $crate::reply::Holds::Nothing
        }
    };
}

/// Whether a place is that one.
#[doc(hidden)]
#[macro_export]
macro_rules! __place_is {
    (body body) => {
        true
    };
    (member member) => {
        true
    };
    (payload payload) => {
        true
    };
    ($wanted:ident $place:ident) => {
        false
    };
}

/// The protocol that a table names.
#[doc(hidden)]
#[macro_export]
macro_rules! __protocol {
    (json) => {
        $crate::operation::Protocol::Json
    };
    (query) => {
        $crate::operation::Protocol::Query
    };
    (xml) => {
        $crate::operation::Protocol::Xml
    };
}

pub(crate) use __holds;
pub(crate) use __protocol;
pub(crate) use header_value;
pub(crate) use member_method;
#[cfg(feature = "serde")]
pub(crate) use member_serialized;
pub(crate) use node_value;
pub(crate) use view;
pub(crate) use view_type;
pub(crate) use views;

#[cfg(feature = "serde")]
pub(crate) use self::ser::Pairs;
#[cfg(feature = "serde")]
pub(crate) use self::ser::Sequence;

/// Iterators that can be had again, as serde's sequences and maps.
#[cfg(feature = "serde")]
mod ser {
    use serde::Serialize;
    use serde::Serializer;

    pub(crate) struct Sequence<F>(pub(crate) F);

    impl<I: Iterator<Item: Serialize>, F: Fn() -> I> Serialize for Sequence<F> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_seq((self.0)())
        }
    }

    pub(crate) struct Pairs<F>(pub(crate) F);

    impl<K: Serialize, V: Serialize, I: Iterator<Item = (K, V)>, F: Fn() -> I> Serialize for Pairs<F> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_map((self.0)())
        }
    }
}
