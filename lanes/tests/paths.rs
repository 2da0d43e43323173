//! Each path of `tucuxi-lanes` against the `sha2` crate, on random lanes.
//!
//! A path that this processor lacks is listed as ignored: it was not run.

use libtest_mimic::Arguments;
use libtest_mimic::Failed;
use libtest_mimic::Trial;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use sha2::block_api::compress256;
use tucuxi_lanes::Engine;
use tucuxi_lanes::INITIAL;
use tucuxi_lanes::Lane;

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = vec![
        Trial::test("the_one_that_is_found_is_the_widest", || {
            check(
                Engine::all().all(|engine| engine.width() <= Engine::found().width()),
                "a wider one is there",
            )
        }),
        Trial::test("the_portable_one_is_everywhere", || {
            check(Engine::all().last() == Some(Engine::PORTABLE), "it is not there")
        }),
        Trial::test("no_lanes_are_no_work", || {
            Engine::all().for_each(|engine| engine.compress(&mut []));
            Ok(())
        }),
        Trial::test("debug_shows_no_state", || {
            let shown = format!("{:?}", Lane { state: INITIAL, blocks: &[[0; 64]] });
            check(shown == "Lane { blocks: 1, .. }", &shown)
        }),
    ];
    for (width, name) in [
        (1, "one_lane_after_the_other_agrees_with_sha2"),
        (2, "two_lanes_at_once_agree_with_sha2"),
        (16, "sixteen_lanes_at_once_agree_with_sha2"),
    ] {
        let engine = Engine::all().find(|engine| engine.width() == width);
        let trial =
            Trial::test(name, move || engine.map_or_else(|| Err("not run".into()), random_lanes_agree));
        trials.push(trial.with_ignored_flag(engine.is_none()));
    }
    libtest_mimic::run(&arguments, trials).exit();
}

fn check(holds: bool, complaint: &str) -> Result<(), Failed> {
    if holds { Ok(()) } else { Err(complaint.into()) }
}

/// What a path makes of lanes is what `sha2` makes of them one by one.
fn random_lanes_agree(engine: Engine) -> Result<(), Failed> {
    let lengths = prop_oneof![
        // around the widths, and what is left over
        prop::collection::vec(0_usize..8, 0..70),
        // some much longer than the others
        prop::collection::vec(prop_oneof![9 => 0_usize..3, 1 => 0_usize..100], 0..40),
        // all of one length
        (0_usize..20, 0_usize..5).prop_map(|(lanes, length)| vec![length; lanes]),
    ];
    let states = prop::collection::vec(any::<[u32; 8]>(), 70);
    let mut runner = TestRunner::new(ProptestConfig { failure_persistence: None, ..Default::default() });
    let result = runner.run(&(lengths, states, any::<u64>()), |(lengths, states, seed)| {
        let blocks = blocks(lengths.iter().sum(), seed);
        let mut rest = &blocks[..];
        let lane = |(length, state): (&usize, &[u32; 8])| {
            let blocks = rest.split_off(..*length).unwrap();
            Lane { state: *state, blocks }
        };
        let mut lanes: Vec<_> = lengths.iter().zip(&states).map(lane).collect();
        let expected: Vec<_> = lanes.iter().map(alone).collect();
        engine.compress(&mut lanes);
        let got: Vec<_> = lanes.iter().map(|lane| lane.state).collect();
        prop_assert_eq!(got, expected, "{:?}", engine);
        Ok(())
    });
    result.map_err(|complaint| complaint.to_string().into())
}

/// Block by block, so that nothing but the compression function of `sha2` is trusted.
fn alone(lane: &Lane<'_>) -> [u32; 8] {
    let mut state = lane.state;
    lane.blocks.iter().for_each(|block| compress256(&mut state, &[*block]));
    state
}

/// So many blocks, filled by Marsaglia's xorshift.
fn blocks(count: usize, seed: u64) -> Vec<[u8; 64]> {
    let mut number = seed | 1;
    let mut next = || {
        number ^= number << 13;
        number ^= number >> 7;
        number ^= number << 17;
        number.to_be_bytes()[0]
    };
    (0..count).map(|_| std::array::from_fn(|_| next())).collect()
}
