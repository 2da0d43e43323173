//! Spelling bytes in other bytes: percent-encoding, hex, base64 and decimal integers.
//!
//! Encoders that take pieces are sinks in front of another [`Sink`](crate::sink::Sink), so they
//! stand wherever one is asked for; decoders take the whole input. Nothing here allocates or
//! formats, and no encoder fails. No percent-encoding of another standard is here (forms, the URL
//! standard's sets): AWS signs one set, and what is signed is what must be sent.

use core::fmt;

pub use self::base64::Base64;
pub use self::base64::base64_decode;
pub use self::decimal::int;
pub use self::decimal::uint;
pub use self::hex::Hex;
pub(crate) use self::hex::digit as hex_digit;
pub use self::hex::hex;
pub use self::hex::hex_decode;
pub(crate) use self::hex::hex_words;
pub(crate) use self::percent::Grade;
pub use self::percent::Percent;
pub use self::percent::PlusIs;
pub(crate) use self::percent::decoded;
pub(crate) use self::percent::escape;
pub use self::percent::percent_decode;
pub(crate) use self::percent::unreserved;

mod base64;
mod decimal;
mod hex;
mod percent;

/// The text is not what it is taken for: wrong at this place.
///
/// Returned by [`hex_decode`] and [`base64_decode`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Malformed {
    /// The offset of the first wrong byte, or the length of a text that ends too early.
    pub at: usize,
}

impl Malformed {
    /// Says that the byte at this offset is wrong.
    #[must_use]
    pub const fn new(at: usize) -> Self {
        Self { at }
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "malformed text at byte {}", self.at)
    }
}

impl core::error::Error for Malformed {}

#[cfg(test)]
pub(crate) mod tests {
    extern crate std;

    use std::vec::Vec;

    use crate::sink::Sink;

    /// Keeps the pieces, to see how they were put.
    #[derive(Default)]
    pub(super) struct Pieces(pub(super) Vec<Vec<u8>>);

    impl Sink for Pieces {
        fn put(&mut self, bytes: &[u8]) {
            self.0.push(bytes.to_vec());
        }
    }

    /// What is put, in one piece.
    pub(crate) fn written(write: impl FnOnce(&mut dyn Sink)) -> Vec<u8> {
        let mut pieces = Pieces::default();
        write(&mut pieces);
        pieces.0.concat()
    }
}
