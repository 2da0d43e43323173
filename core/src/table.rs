//! How the tables of operations are read.
//!
//! Long because all of its macros read the same line of a table: what one of them takes apart the next must know.
//!
//! A service's table (`s3_table!`, `sqs_table!`, `sts_table!`) holds facts only: operations, their members in AWS's names, where each
//! goes on the wire, what it is called there and of what kind it is. A table is a macro that hands itself to
//! another macro, so that each reader takes from it what it needs:
//!
//! - `inputs!` here: the borrowed input of each operation, its setters, its request and its body;
//! - `views!` in `view.rs`: each output as a view over the reply's bytes;
//! - `tucuxi`'s own: owned outputs, client methods, calls by name.
//!
//! The first line names the service, its protocol, and what the protocol has to know: XML's namespace, the prefix of
//! JSON's targets, the version of a form. `root` is the name of the document that a reply of S3 has to be.
//!
//! A line reads: place, AWS's member name, field, kind, name on the wire.
//!
//! | place | where it goes |
//! |---|---|
//! | `bucket`, `key` | the path, or the host |
//! | `query`, `header` | a pair of that name; dates in headers as [`HttpDate`](crate::request::TimeFormat::HttpDate) unless the kind says otherwise |
//! | `tolerant` | of outputs: a header that is passed over where it is not of its kind, as `Expires` is what a user made it |
//! | `metadata` | one header `x-amz-meta-…` for each entry |
//! | `payload` | the body: a document whose root has that name |
//! | `body` | the body: bytes as they are |
//! | `length` | nowhere: it has to be the body's length |
//! | `member` | a member of the body's document |
//!
//! | kind | is |
//! |---|---|
//! | `text`, `secret`, `int`, `bool`, `blob` | `&str`, `Secret`, `i64`, `bool`, `&[u8]` |
//! | `http_date`, `date_time`, `epoch_seconds` | `Time`, in that format |
//! | `url_text` | of outputs: text that is percent-encoded where the request asked for that |
//! | `copy_source` | S3's `CopySource` |
//! | `[kind]`, `{kind}` | a list, a map from text |
//! | `[kind in "name"]` | a list whose items stand in elements of that name, inside one of the member's |
//! | a name | the shape of that name in the same table |

/// A kind as a type of an input.
macro_rules! input_type {
    ($a:lifetime text) => { &$a str };
    ($a:lifetime secret) => { $crate::secret::Secret<$a> };
    ($a:lifetime int) => { i64 };
    ($a:lifetime bool) => { bool };
    ($a:lifetime blob) => { $crate::input::Blob<$a> };
    ($a:lifetime http_date) => { $crate::time::Time };
    ($a:lifetime date_time) => { $crate::time::Time };
    ($a:lifetime epoch_seconds) => { $crate::time::Time };
    ($a:lifetime copy_source) => { CopySource<$a> };
    ($a:lifetime [$kind:tt $(in $item:literal)?]) => {
        $crate::input::List<$a, $crate::table::input_type!($a $kind)>
    };
    ($a:lifetime {$kind:tt}) => { $crate::input::Map<$a, $crate::table::input_type!($a $kind)> };
    ($a:lifetime $shape:ident) => { $shape<$a> };
}

/// A kind as what a setter takes: slices for lists, maps and blobs, texts for secrets.
macro_rules! setter_type {
    ($a:lifetime secret) => { &$a str };
    ($a:lifetime blob) => { &$a [u8] };
    ($a:lifetime [$kind:tt $(in $item:literal)?]) => { &$a [$crate::table::input_type!($a $kind)] };
    ($a:lifetime {$kind:tt}) => { &$a [(&$a str, $crate::table::input_type!($a $kind))] };
    ($a:lifetime $kind:tt) => { $crate::table::input_type!($a $kind) };
}

/// What a setter was given, as the input holds it.
macro_rules! held {
    (secret $value:expr) => {
        $crate::secret::Secret::new($value)
    };
    (blob $value:expr) => {
        $crate::input::Blob::new($value)
    };
    ([$($kind:tt)*] $value:expr) => {
        $crate::input::List::new($value)
    };
    ({$kind:tt} $value:expr) => {
        $crate::input::Map::new($value)
    };
    ($kind:tt $value:expr) => {
        $value
    };
}

/// A held value, by reference, as the value of a pair.
macro_rules! pair_value {
    (text $value:expr) => {
        $crate::request::Value::Text(*$value)
    };
    (secret $value:expr) => {
        $crate::request::Value::Text($value.reveal())
    };
    (int $value:expr) => {
        $crate::request::Value::Int(*$value)
    };
    (bool $value:expr) => {
        $crate::request::Value::Bool(*$value)
    };
    (http_date $value:expr) => {
        $crate::request::Value::Time(*$value, $crate::request::TimeFormat::HttpDate)
    };
    (date_time $value:expr) => {
        $crate::request::Value::Time(*$value, $crate::request::TimeFormat::DateTime)
    };
    ($kind:tt $value:expr) => {
        $crate::request::Value::Recited($value)
    };
}

/// A held value, by reference, as a document writes it.
macro_rules! document_value {
    (http_date $value:expr) => {
        &$crate::document::Dated(*$value, $crate::request::TimeFormat::HttpDate)
    };
    (date_time $value:expr) => {
        &$crate::document::Dated(*$value, $crate::request::TimeFormat::DateTime)
    };
    (epoch_seconds $value:expr) => {
        &$crate::document::Dated(*$value, $crate::request::TimeFormat::EpochSeconds)
    };
    ($kind:tt $value:expr) => {
        $value
    };
}

/// The name of the elements inside a wrapped list.
macro_rules! item_name {
    ([$kind:tt in $item:literal]) => {
        Some($item)
    };
    ($kind:tt) => {
        None
    };
}

/// The statement that drafts a member: queries in a first round, all others in a second.
macro_rules! drafted {
    (first query $to:ident $member:literal $kind:tt $wire:literal $value:expr) => {
        $to.table_query($wire, $crate::table::pair_value!($kind $value))
    };
    (second header $to:ident $member:literal copy_source $wire:literal $value:expr) => {
        $to.copy_source($member, $wire, $value.is_empty(), $value)
    };
    (second header $to:ident $member:literal $kind:tt $wire:literal $value:expr) => {
        $to.table_header($wire, $crate::table::pair_value!($kind $value))
    };
    (second bucket $to:ident $member:literal $kind:tt $wire:literal $value:expr) => { $to.bucket($member, $value) };
    (second key $to:ident $member:literal $kind:tt $wire:literal $value:expr) => { $to.key($member, $value) };
    (second metadata $to:ident $member:literal $kind:tt $wire:literal $value:expr) => {
        for (name, value) in $value.iter() {
            $to.header(name, $crate::request::Value::Meta(value));
        }
    };
    (second body $to:ident $member:literal $kind:tt $wire:literal $value:expr) => {
        $to.body($crate::request::Body::Bytes($value.bytes()))
    };
    (second length $to:ident $member:literal $kind:tt $wire:literal $value:expr) => { $to.length($member, *$value) };
    // Each in the other round, or in the document.
    (second query $($rest:tt)*) => { $crate::table::passed!($($rest)*) };
    (first header $($rest:tt)*) => { $crate::table::passed!($($rest)*) };
    (first bucket $($rest:tt)*) => { $crate::table::passed!($($rest)*) };
    (first key $($rest:tt)*) => { $crate::table::passed!($($rest)*) };
    (first metadata $($rest:tt)*) => { $crate::table::passed!($($rest)*) };
    (first body $($rest:tt)*) => { $crate::table::passed!($($rest)*) };
    (first length $($rest:tt)*) => { $crate::table::passed!($($rest)*) };
    ($round:ident payload $($rest:tt)*) => { $crate::table::passed!($($rest)*) };
    ($round:ident member $($rest:tt)*) => { $crate::table::passed!($($rest)*) };
}

/// A member that is not drafted here.
macro_rules! passed {
    ($to:ident $member:literal $kind:tt $wire:literal $value:expr) => {{
        let _ = $value;
    }};
}

/// The wire name of a member of that place; an empty one of all others.
macro_rules! name_in {
    (query query $wire:literal) => {
        $wire
    };
    (header header $wire:literal) => {
        $wire
    };
    ($wanted:ident $place:ident $wire:literal) => {
        ""
    };
}

/// Whether a place is the payload.
macro_rules! is_payload {
    (payload) => {
        true
    };
    ($place:ident) => {
        false
    };
}

/// One input: its type, its setters, and how it is read from a tree and written as JSON.
macro_rules! input {
    (
        $(#[$doc:meta])* $name:ident
        needs { $($nplace:ident $nmember:literal $nfield:ident: $nkind:tt = $nwire:literal,)* }
        takes { $($tplace:ident $tmember:literal $tfield:ident: $tkind:tt = $twire:literal,)* }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        #[must_use]
        pub struct $name<'a> {
            $($nfield: $crate::table::input_type!('a $nkind),)*
            $($tfield: Option<$crate::table::input_type!('a $tkind)>,)*
            borrowed: core::marker::PhantomData<&'a ()>,
        }

        impl<'a> $name<'a> {
            #[doc = concat!("`", stringify!($name), "` with all that it needs", $(", `", $nmember, "`",)* ".")]
            #[allow(clippy::new_without_default, reason = "an input is no value to default to")]
            pub const fn new($($nfield: $crate::table::setter_type!('a $nkind)),*) -> Self {
                Self {
                    $($nfield: $crate::table::held!($nkind $nfield),)*
                    $($tfield: None,)*
                    borrowed: core::marker::PhantomData,
                }
            }

            $(
                #[doc = concat!("Sets `", $nmember, "` anew.")]
                pub const fn $nfield(mut self, $nfield: $crate::table::setter_type!('a $nkind)) -> Self {
                    self.$nfield = $crate::table::held!($nkind $nfield);
                    self
                }
            )*

            $(
                #[doc = concat!("Sets `", $tmember, "`.")]
                pub const fn $tfield(mut self, $tfield: $crate::table::setter_type!('a $tkind)) -> Self {
                    self.$tfield = Some($crate::table::held!($tkind $tfield));
                    self
                }
            )*
        }

        impl<'a> $crate::input::FromTree<'a> for $name<'a> {
            fn from_tree(tree: &'a dyn $crate::input::Tree) -> Result<Self, $crate::input::BadInput<'a>> {
                $crate::input::check_members(tree, &[$($nmember,)* $($tmember,)*])?;
                Ok(Self {
                    $($nfield: $crate::input::needed(tree, $nmember)?,)*
                    $($tfield: $crate::input::taken(tree, $tmember)?,)*
                    borrowed: core::marker::PhantomData,
                })
            }
        }

        #[cfg(feature = "serde")]
        impl serde::Serialize for $name<'_> {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                #[allow(unused_mut, reason = "some inputs have no members")]
                let mut map = serializer.serialize_map(None)?;
                $(serde::ser::SerializeMap::serialize_entry(&mut map, $nmember, &self.$nfield)?;)*
                $(if let Some(value) = &self.$tfield {
                    serde::ser::SerializeMap::serialize_entry(&mut map, $tmember, value)?;
                })*
                serde::ser::SerializeMap::end(map)
            }
        }
    };
}

/// One operation: its input, its draft, its body in the service's protocol.
macro_rules! operation {
    (
        $service:ident $protocol:ident $detail:literal
        $(#[$doc:meta])* $name:ident $method:ident $checksum:ident
        flags { $($flag:literal $($flag_value:literal)?;)* }
        automatic { $($auto_field:ident $auto:literal $auto_value:literal;)? }
        needs { $($nplace:ident $nmember:literal $nfield:ident: $nkind:tt = $nwire:literal,)* }
        takes { $($tplace:ident $tmember:literal $tfield:ident: $tkind:tt = $twire:literal,)* }
    ) => {
        $crate::table::input! {
            $(#[$doc])* $name
            needs { $($nplace $nmember $nfield: $nkind = $nwire,)* }
            takes { $($tplace $tmember $tfield: $tkind = $twire,)* }
        }

        impl $crate::operation::Operation for $name<'_> {
            type Service = $service;
            const NAME: &'static str = stringify!($name);
            const METHOD: $crate::request::Method = $crate::request::Method::$method;
            const CHECKSUM: $crate::operation::Checksum = $crate::operation::Checksum::$checksum;
            const ORDERED: bool = $crate::operation::ascending(&[
                $($flag,)*
                $($auto,)?
                $($crate::table::name_in!(query $nplace $nwire),)*
                $($crate::table::name_in!(query $tplace $twire),)*
            ]) && $crate::operation::ascending(&[
                $($crate::table::name_in!(header $nplace $nwire),)*
                $($crate::table::name_in!(header $tplace $twire),)*
            ]);

            $(fn automatic(&self) -> bool {
                self.$auto_field.is_none()
            })?

            fn draft<'r>(&'r self, to: &mut $crate::request::Draft<'_, 'r>) {
                $(to.flag($flag, None $(.or(Some($flag_value)))?);)*
                $(if self.automatic() {
                    to.flag($auto, Some($auto_value));
                })?
                $($crate::table::drafted!(first $nplace to $nmember $nkind $nwire &self.$nfield);)*
                $(if let Some(value) = &self.$tfield {
                    $crate::table::drafted!(first $tplace to $tmember $tkind $twire value);
                })*
                $crate::table::headers!($protocol $detail $name to);
                $($crate::table::drafted!(second $nplace to $nmember $nkind $nwire &self.$nfield);)*
                $(if let Some(value) = &self.$tfield {
                    $crate::table::drafted!(second $tplace to $tmember $tkind $twire value);
                })*
                let payload = $crate::table::always!($protocol)
                    $(|| $crate::table::is_payload!($nplace))*
                    $(|| ($crate::table::is_payload!($tplace) && self.$tfield.is_some()))*;
                if payload {
                    to.body($crate::request::Body::Document(self));
                }
            }
        }

        $crate::table::body! {
            $protocol $detail $name
            { $($nplace $nfield $nkind $nwire,)* }
            { $($tplace $tfield $tkind $twire,)* }
        }
    };
}

/// The headers that every request of a protocol has.
macro_rules! headers {
    (xml $detail:literal $name:ident $to:ident) => {};
    (json $detail:literal $name:ident $to:ident) => {
        $to.table_header("content-type", $crate::request::Value::Text("application/x-amz-json-1.0"));
        $to.table_header(
            "x-amz-target",
            $crate::request::Value::Text(concat!($detail, ".", stringify!($name))),
        );
        // Asks for error codes as they were before the JSON protocol.
        $to.table_header("x-amzn-query-mode", $crate::request::Value::Text("true"));
    };
    (query $detail:literal $name:ident $to:ident) => {
        $to.table_header(
            "content-type",
            $crate::request::Value::Text("application/x-www-form-urlencoded; charset=utf-8"),
        );
    };
}

/// Whether every request of a protocol has a document for a body.
macro_rules! always {
    (xml) => {
        false
    };
    ($protocol:ident) => {
        true
    };
}

/// The body of an operation in the service's protocol.
macro_rules! body {
    (
        xml $detail:literal $name:ident
        { $($nplace:ident $nfield:ident $nkind:tt $nwire:literal,)* }
        { $($tplace:ident $tfield:ident $tkind:tt $twire:literal,)* }
    ) => {
        impl $crate::sink::Recite for $name<'_> {
            fn recite(&self, to: &mut dyn $crate::sink::Sink) {
                let _ = &to;
                $($crate::table::payload!($nplace $detail $nwire to &self.$nfield);)*
                $(if let Some(value) = &self.$tfield {
                    $crate::table::payload!($tplace $detail $twire to value);
                })*
            }
        }
    };
    (
        json $detail:literal $name:ident
        { $($nplace:ident $nfield:ident $nkind:tt $nwire:literal,)* }
        { $($tplace:ident $tfield:ident $tkind:tt $twire:literal,)* }
    ) => {
        impl $crate::sink::Recite for $name<'_> {
            fn recite(&self, to: &mut dyn $crate::sink::Sink) {
                $crate::document::ToJson::to_json(self, &mut $crate::json::Writer::new(to));
            }
        }
        $crate::table::members! {
            json $name { $($nfield $nkind $nwire,)* } { $($tfield $tkind $twire,)* }
        }
    };
    (
        query $detail:literal $name:ident
        { $($nplace:ident $nfield:ident $nkind:tt $nwire:literal,)* }
        { $($tplace:ident $tfield:ident $tkind:tt $twire:literal,)* }
    ) => {
        impl $crate::sink::Recite for $name<'_> {
            fn recite(&self, to: &mut dyn $crate::sink::Sink) {
                to.put(concat!("Action=", stringify!($name), "&Version=", $detail).as_bytes());
                $($crate::document::ToForm::to_form(
                    $crate::table::document_value!($nkind &self.$nfield),
                    &$crate::document::FormName::new($nwire),
                    $crate::table::item_name!($nkind),
                    to,
                );)*
                $(if let Some(value) = &self.$tfield {
                    $crate::document::ToForm::to_form(
                        $crate::table::document_value!($tkind value),
                        &$crate::document::FormName::new($twire),
                        $crate::table::item_name!($tkind),
                        to,
                    );
                })*
            }
        }
    };
}

/// Writes the payload's document.
macro_rules! payload {
    (payload $detail:literal $wire:literal $to:ident $value:expr) => {{
        let mut writer = $crate::xml::Writer::new($to);
        writer.open($wire).attribute("xmlns", $detail);
        $value.members_to_xml(&mut writer);
        writer.close($wire);
    }};
    ($place:ident $detail:literal $wire:literal $to:ident $value:expr) => {{
        let _ = $value;
    }};
}

/// How a shape's members are written in the service's protocol.
macro_rules! members {
    (
        json $name:ident
        { $($nfield:ident $nkind:tt $nwire:literal,)* }
        { $($tfield:ident $tkind:tt $twire:literal,)* }
    ) => {
        impl $crate::document::ToJson for $name<'_> {
            fn to_json(&self, to: &mut $crate::json::Writer<'_>) {
                to.open_object();
                $(to.key($nwire);
                $crate::document::ToJson::to_json($crate::table::document_value!($nkind &self.$nfield), to);)*
                $(if let Some(value) = &self.$tfield {
                    to.key($twire);
                    $crate::document::ToJson::to_json($crate::table::document_value!($tkind value), to);
                })*
                to.close_object();
            }
        }
    };
    (
        xml $name:ident
        { $($nfield:ident $nkind:tt $nwire:literal,)* }
        { $($tfield:ident $tkind:tt $twire:literal,)* }
    ) => {
        impl $name<'_> {
            fn members_to_xml(&self, to: &mut $crate::xml::Writer<'_>) {
                use $crate::document::ToXml as _;
                $($crate::table::document_value!($nkind &self.$nfield).to_xml(
                    $nwire, $crate::table::item_name!($nkind), to,
                );)*
                $(if let Some(value) = &self.$tfield {
                    $crate::table::document_value!($tkind value).to_xml(
                        $twire, $crate::table::item_name!($tkind), to,
                    );
                })*
            }
        }

        impl $crate::document::ToXml for $name<'_> {
            fn to_xml(&self, name: &str, _: Option<&str>, to: &mut $crate::xml::Writer<'_>) {
                to.open(name);
                self.members_to_xml(to);
                to.close(name);
            }
        }
    };
    (
        query $name:ident
        { $($nfield:ident $nkind:tt $nwire:literal,)* }
        { $($tfield:ident $tkind:tt $twire:literal,)* }
    ) => {
        impl $crate::document::ToForm for $name<'_> {
            fn to_form(
                &self,
                name: &$crate::document::FormName<'_>,
                _: Option<&str>,
                to: &mut dyn $crate::sink::Sink,
            ) {
                $($crate::document::ToForm::to_form(
                    $crate::table::document_value!($nkind &self.$nfield),
                    &name.then($nwire), $crate::table::item_name!($nkind), to,
                );)*
                $(if let Some(value) = &self.$tfield {
                    $crate::document::ToForm::to_form(
                        $crate::table::document_value!($tkind value),
                        &name.then($twire), $crate::table::item_name!($tkind), to,
                    );
                })*
            }
        }
    };
}

/// Reads a table for its inputs.
macro_rules! inputs {
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
        inputs { $($(#[$input_doc:meta])* $input:ident $input_needs:tt $input_takes:tt)* }
        outputs $outputs:tt
    ) => {
        $($crate::table::operation! {
            $service $protocol $detail
            $(#[$doc])* $name $method $checksum
            flags { $($flag $($flag_value)?;)* }
            automatic { $($auto_field $auto $auto_value;)? }
            needs $needs
            takes $takes
        })*
        $($crate::table::shape! { $protocol $(#[$input_doc])* $input $input_needs $input_takes })*
    };
}

/// One shape that inputs have members of.
macro_rules! shape {
    (
        $protocol:ident $(#[$doc:meta])* $name:ident
        { $($nplace:ident $nmember:literal $nfield:ident: $nkind:tt = $nwire:literal,)* }
        { $($tplace:ident $tmember:literal $tfield:ident: $tkind:tt = $twire:literal,)* }
    ) => {
        $crate::table::input! {
            $(#[$doc])* $name
            needs { $($nplace $nmember $nfield: $nkind = $nwire,)* }
            takes { $($tplace $tmember $tfield: $tkind = $twire,)* }
        }
        $crate::table::members! {
            $protocol $name { $($nfield $nkind $nwire,)* } { $($tfield $tkind $twire,)* }
        }
    };
}

pub(crate) use always;
pub(crate) use body;
pub(crate) use document_value;
pub(crate) use drafted;
pub(crate) use headers;
pub(crate) use held;
pub(crate) use input;
pub(crate) use input_type;
pub(crate) use inputs;
pub(crate) use is_payload;
pub(crate) use item_name;
pub(crate) use members;
pub(crate) use name_in;
pub(crate) use operation;
pub(crate) use pair_value;
pub(crate) use passed;
pub(crate) use payload;
pub(crate) use setter_type;
pub(crate) use shape;
