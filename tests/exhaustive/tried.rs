//! What is tried: all there is, or some of it.

use std::sync::LazyLock;

use crate::PATH;

/// How many texts of six symbols there are for one that aws-sigv4 signs.
const ONE_OF_SIX: usize = 31;

/// Whether everything is tried.
#[expect(clippy::disallowed_methods, reason = "tests are told by the environment how much to do")]
pub(crate) fn exhaustive() -> bool {
    static ALL: LazyLock<bool> = LazyLock::new(|| match std::env::var("TUCUXI_EXHAUSTIVE") {
        Ok(all) => {
            assert_eq!(all, "all", "TUCUXI_EXHAUSTIVE is all, or is not set");
            true
        }
        Err(_) => false,
    });
    *ALL
}

/// All byte strings of up to one byte, and of two and three bytes all or some: one of so many.
pub(crate) fn each_string(steps: [usize; 2], mut visit: impl FnMut(&[u8])) {
    let [of_two, of_three] = if exhaustive() { [1, 1] } else { steps };
    visit(&[]);
    (0..=u8::MAX).for_each(|byte| visit(&[byte]));
    (0..=u16::MAX).step_by(of_two).for_each(|two| visit(&two.to_be_bytes()));
    (0..1_u32 << 24).step_by(of_three).for_each(|three| visit(&three.to_be_bytes()[1..]));
}

/// How many byte strings there are of up to three bytes.
pub(crate) fn strings() -> u64 {
    all_of(256, 3)
}

/// All texts of up to three symbols, and of up to `most` all or some: one of `step`.
pub(crate) fn texts<'s>(symbols: &'s [&'s str], most: u32, step: usize) -> impl Iterator<Item = String> + 's {
    let step = if exhaustive() { 1 } else { step };
    sampled(symbols, most, 3, step)
}

/// All texts of up to `whole` symbols, and of up to `most` one of `step`.
pub(crate) fn sampled<'s>(
    symbols: &'s [&'s str],
    most: u32,
    whole: u32,
    step: usize,
) -> impl Iterator<Item = String> + 's {
    (0..=most).flat_map(move |length| {
        let step = if length > whole { step } else { 1 };
        (0..symbols.len().pow(length)).step_by(step).map(move |nth| {
            let digits = (0..length).map(|place| nth / symbols.len().pow(place) % symbols.len());
            digits.map(|digit| symbols[digit]).collect()
        })
    })
}

/// All texts of up to five symbols, and of six one of so many, which aws-sigv4 signs in minutes.
pub(crate) fn for_aws<'s>(symbols: &'s [&'s str]) -> impl Iterator<Item = String> + 's {
    let (whole, step) = if exhaustive() { (5, ONE_OF_SIX) } else { (3, 65_537) };
    sampled(symbols, 6, whole, step)
}

pub(crate) fn all_for_aws() -> u64 {
    let of_six = PATH.len().pow(6).div_ceil(ONE_OF_SIX);
    all_of(PATH.len(), 5) + u64::try_from(of_six).unwrap()
}

/// How many texts there are of up to `most` symbols.
pub(crate) fn all_of(symbols: usize, most: u32) -> u64 {
    (0..=most).map(|length| u64::try_from(symbols.pow(length)).unwrap()).sum()
}

/// Says how many were tried, which is all there are where all are wanted.
#[expect(clippy::print_stdout, reason = "figures are for reading")]
pub(crate) fn counted(what: &str, count: u64, all: u64) {
    println!("{count} of {all} {what}");
    if exhaustive() {
        assert_eq!(count, all, "{what}");
    }
}
