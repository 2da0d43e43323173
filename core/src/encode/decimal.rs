//! Decimal integers.

use crate::sink::Sink;

/// Writes a number in decimal, with a `-` if it is negative.
pub fn int(value: i64, to: &mut dyn Sink) {
    if value < 0 {
        to.put(b"-");
    }
    uint(value.unsigned_abs(), to);
}

/// Writes a number in decimal.
///
/// ```
/// use tucuxi_core::encode::uint;
/// use tucuxi_core::sink::Cursor;
///
/// let mut room = [0; 3];
/// let mut out = Cursor::new(&mut room);
/// uint(604, &mut out);
/// assert_eq!(out.finish().unwrap(), b"604");
/// ```
pub fn uint(value: u64, to: &mut dyn Sink) {
    let mut digits = [b'0'; 20]; // u64::MAX has 20
    let (mut left, mut first) = (value, digits.len());
    for place in digits.iter_mut().rev() {
        *place = b'0' | (left % 10) as u8;
        first = first.saturating_sub(1);
        left /= 10;
        if left == 0 {
            break;
        }
    }
    to.put(digits.get(first..).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::format;

    use super::*;
    use crate::encode::tests::written;

    #[test]
    fn every_power_of_ten_and_its_neighbours_are_written_in_decimal() {
        let powers = (0..20).map(|n| 10_u64.pow(n)).chain([1 << 63, u64::MAX]);
        for value in powers.flat_map(|p| [p.wrapping_sub(1), p, p.wrapping_add(1)]) {
            assert_eq!(written(|to| uint(value, to)), format!("{value}").as_bytes());
            let signed = value.cast_signed();
            assert_eq!(written(|to| int(signed, to)), format!("{signed}").as_bytes());
        }
    }
}
