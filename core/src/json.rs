//! JSON as AWS speaks it: a streaming [`Reader`], views of whole values, and a [`Writer`].
//!
//! Three ways to read, over one grammar: [`Value::parse`] for a document in one slice, [`Items`]
//! for an object that arrives in pieces and whose members fit in a room, [`Reader`] for anything
//! else. None of them allocates, and each takes time in proportion to its input, whatever the
//! input.
//!
//! The grammar is [RFC 8259](https://www.rfc-editor.org/rfc/rfc8259) to the letter, in UTF-8, with
//! at most [`DEPTH`] levels. A byte order mark is passed over, as section 8.1 allows. A surrogate
//! that is escaped alone reads as U+FFFD. Numbers are handed out as they are written. What a key
//! that occurs twice means is for the reader of the document to say.

mod items;
mod reader;
mod scan;
mod value;
mod writer;

pub use items::Item;
pub use items::Items;
pub use reader::Event;
pub use reader::Reader;
pub use value::Entries;
pub use value::Kind;
pub use value::Value;
pub use value::Values;
pub use writer::Writer;

/// How deep arrays and objects may nest; deeper is malformed. AWS's documents stay below ten.
pub const DEPTH: usize = 64;

#[cfg(test)]
mod tests;
