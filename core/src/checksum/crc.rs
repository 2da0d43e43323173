//! The three CRCs of S3, by tables, and how those of two pieces become that of both.
//!
//! All are reflected, begin with ones and end inverted, so one text serves for the three. A machine with 64-bit
//! addresses works through sixteen bytes at a time with sixteen tables (16 or 32 KiB, linked only with the CRC that
//! they are for); all others have one table (1 or 2 KiB) and go byte by byte. The result is the same.

use core::fmt;

use super::Algorithm;
use super::Digest;
use super::Sum;
use crate::sink::Sink;

/// How many tables there are, which is how many bytes are taken at a time.
const STEP: usize = if cfg!(target_pointer_width = "64") { 16 } else { 1 };

macro_rules! crc {
    (
        $(#[$doc:meta])*
        $Crc:ident: $Word:ident, $polynomial:literal, $TABLES:ident
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Eq, PartialEq)]
        pub struct $Crc {
            remainder: $Word,
        }

        impl $Crc {
            const POLYNOMIAL: $Word = $polynomial;

            /// Starts a checksum.
            #[must_use]
            pub const fn new() -> Self {
                Self { remainder: !0 }
            }

            /// The checksum of everything put so far. S3's headers carry it in base64, big-endian.
            #[must_use]
            pub const fn finish(self) -> $Word {
                !self.remainder
            }

            /// The checksum of what `self` and then `next` took, of which `next` took `bytes`: each byte is
            /// looked at once, by whom and in what order does not matter.
            #[must_use]
            pub fn then(self, next: Self, bytes: u64) -> Self {
                let top = u64::from($Word::MAX ^ ($Word::MAX >> 1));
                let shifted = shifted(self.finish().into(), bytes, Self::POLYNOMIAL.into(), top);
                let whole = shifted ^ u64::from(next.finish());
                Self::with(whole)
            }

            /// One that came to this number.
            pub(super) fn with(finished: u64) -> Self {
                // No more bits than the word has.
                Self { remainder: !$Word::try_from(finished).unwrap_or_default() }
            }

            fn bytes(&mut self, bytes: &[u8]) {
                let Some(table) = $TABLES.first() else { return };
                for byte in bytes {
                    let [low, ..] = self.remainder.to_le_bytes();
                    self.remainder = (self.remainder >> 8) ^ of(table, low ^ byte);
                }
            }
        }

        impl Default for $Crc {
            fn default() -> Self {
                Self::new()
            }
        }

        impl fmt::Debug for $Crc {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({:#x})", stringify!($Crc), self.finish())
            }
        }

        impl Sink for $Crc {
            #[cfg(target_pointer_width = "64")]
            fn put(&mut self, bytes: &[u8]) {
                let (steps, rest) = bytes.as_chunks::<STEP>();
                for step in steps {
                    let mut step = *step;
                    for (place, byte) in step.iter_mut().zip(self.remainder.to_le_bytes()) {
                        *place ^= byte;
                    }
                    // The first byte has the longest way to go.
                    let looked_up = step.iter().zip($TABLES.iter().rev()).map(|(byte, table)| of(table, *byte));
                    self.remainder = looked_up.fold(0, |sum, entry| sum ^ entry);
                }
                self.bytes(rest);
            }

            #[cfg(not(target_pointer_width = "64"))]
            fn put(&mut self, bytes: &[u8]) {
                self.bytes(bytes);
            }
        }

        impl Sum for $Crc {
            fn algorithm(&self) -> Algorithm {
                Algorithm::$Crc
            }

            fn digest(&self) -> Digest {
                Digest::of(Algorithm::$Crc, &self.finish().to_be_bytes())
            }
        }

        /// The remainder of each byte under the reversed polynomial, with so many zeros behind it as there are
        /// tables before its own.
        static $TABLES: [[$Word; 256]; STEP] = {
            let mut tables = [[0; 256]; STEP];
            let mut at = 0;
            while at < 256 * STEP {
                let (table, byte) = (at / 256, at % 256);
                #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
                {
                    let mut entry = if table == 0 { $Word::from_le_bytes(one(byte)) } else { tables[table - 1][byte] };
                    let mut bit = 0;
                    while bit < 8 {
                        entry = if entry & 1 == 1 { (entry >> 1) ^ $polynomial } else { entry >> 1 };
                        bit += 1;
                    }
                    tables[table][byte] = entry;
                }
                at += 1;
            }
            tables
        };
    };
}

crc! {
    /// CRC-32 (ISO-HDLC, as in gzip): what S3 and its SDKs use where nothing is said.
    ///
    /// ```
    /// use tucuxi_core::checksum::Crc32;
    /// use tucuxi_core::sink::Sink;
    ///
    /// let mut crc = Crc32::new();
    /// crc.put(b"123456789");
    /// assert_eq!(crc.finish(), 0xcbf4_3926);
    ///
    /// // Two pieces, wherever they were read.
    /// let (mut one, mut other) = (Crc32::new(), Crc32::new());
    /// one.put(b"12345");
    /// other.put(b"6789");
    /// assert_eq!(one.then(other, 4), crc);
    /// ```
    Crc32: u32, 0xedb8_8320, CRC32
}

crc! {
    /// CRC-32C (Castagnoli, as in iSCSI).
    Crc32c: u32, 0x82f6_3b78, CRC32C
}

crc! {
    /// CRC-64/NVME: S3's own choice for an object that came without a checksum.
    Crc64Nvme: u64, 0x9a6c_9329_ac4b_c9b5, CRC64NVME
}

/// A number below 256 as the lowest byte of a word.
#[expect(clippy::cast_possible_truncation, reason = "the others are zero")]
const fn one<const N: usize>(byte: usize) -> [u8; N] {
    let mut bytes = [0; N];
    if let Some(lowest) = bytes.first_mut() {
        *lowest = byte as u8;
    }
    bytes
}

fn of<W: Copy + Default>(table: &[W; 256], byte: u8) -> W {
    // Always there: a byte has 256 values.
    table.get(usize::from(byte)).copied().unwrap_or_default()
}

/// A CRC with `bytes` zero bytes behind it, up to what is the same for all CRCs of that length.
///
/// The checksum of A and B is that of A, multiplied by x to the power of B's bits, plus that of B, because the
/// inversions at both ends cancel out. The polynomials are reversed: `top` is the bit of x⁰.
fn shifted(crc: u64, bytes: u64, polynomial: u64, top: u64) -> u64 {
    let (mut crc, mut power, mut left) = (crc, top >> 8, bytes);
    while left > 0 {
        if left & 1 == 1 {
            crc = product(crc, power, polynomial, top);
        }
        power = product(power, power, polynomial, top);
        left >>= 1;
    }
    crc
}

/// The product of two reversed polynomials of bits, modulo a third.
fn product(one: u64, other: u64, polynomial: u64, top: u64) -> u64 {
    let (mut product, mut other, mut bit) = (0, other, top);
    while bit > 0 {
        if one & bit != 0 {
            product ^= other;
        }
        other = if other & 1 == 1 { (other >> 1) ^ polynomial } else { other >> 1 };
        bit >>= 1;
    }
    product
}
