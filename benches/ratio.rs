//! How many times the limit each signer takes, and how much faster than the peers tucuxi is.
//!
//! The limit of a load is the SHA-256 that it cannot do without: its blocks, counted in the texts as they are
//! signed, times what one block costs on this machine when `sha2` compresses many in one call. In each round every
//! signer does every load once, each right behind the limit, so that what the machine is busy with besides meets all
//! alike; a figure is the median of the ratios of all rounds. Nothing fails here: wall time is reported,
//! instructions are held to limits (`instructions.rs`).
//!
//! ```text
//! cargo bench -p benches --bench ratio [-- [rounds=301] [loads=a,at]]
//! ```

#![expect(clippy::print_stdout, reason = "that is what it is for")]

mod limit;
mod signers;

use std::collections::BTreeSet;
use std::time::Duration;

use benches::Blocks;
use benches::Load;
use benches::Ours;
use tucuxi_core::hash::Software;

use self::signers::Contender;
use self::signers::Key;
use self::signers::tucuxi;

/// How many rounds there are unless it is said, and at least.
const ROUNDS: usize = 101;
/// How long a sample should take; that of a slow signer takes longer.
const SAMPLE: Duration = Duration::from_micros(60);
/// How many blocks are compressed at least to find out what one costs.
const BLOCKS: u64 = 1024;

/// The goals: how many times the limit, with the key kept and derived.
const GOALS: [(&str, f64, f64); 8] = [
    ("a", 1.30, 1.25),
    ("at", 1.15, 1.18),
    ("b", 1.40, 1.30),
    ("c", 1.25, 1.22),
    ("ct", 1.12, 1.20),
    ("d", 1.25, 1.22),
    ("e", 1.01, 1.02),
    ("f", 1.01, 1.02),
];

/// A contender, its limit, and what was measured.
struct Row {
    contender: Contender,
    blocks: usize,
    times: u32,
    /// Nanoseconds a signature, of each round.
    taken: Vec<f64>,
    /// How many times the limit of the same round.
    ratios: Vec<f64>,
}

fn main() {
    let (rounds, loads) = arguments();
    let mut rows = Vec::new();
    for load in
        Load::all().iter().filter(|load| loads.is_empty() || loads.iter().any(|name| name == load.name))
    {
        let blocks = Ours::new(load, &Software).kept(|signed| Blocks::of(load, signed));
        println!(
            "{}: {}; blocks of body {}, request {}, code {}, key {}",
            load.name, load.title, blocks.body, blocks.request, blocks.sign, blocks.key
        );
        for contender in signers::all(load) {
            signers::check(&contender).unwrap();
            let blocks = match contender.key {
                Key::Kept => blocks.kept(),
                Key::Derived => blocks.derived(),
            };
            let times = times(&contender);
            rows.push(Row { contender, blocks, times, taken: Vec::new(), ratios: Vec::new() });
        }
    }
    let mut block = Vec::new();
    for _ in 0..rounds {
        for row in &mut rows {
            // As long as the sample, so that both are interrupted as often.
            let limit = block_ns(row.blocks as u64 * u64::from(row.times));
            block.push(limit);
            // what lies cold since the last round is not the signer's fault
            _ = (row.contender.sample)(row.times.div_ceil(4));
            let taken = nanoseconds((row.contender.sample)(row.times)) / f64::from(row.times);
            row.taken.push(taken);
            row.ratios.push(taken / (limit * row.blocks as f64));
        }
    }
    report(&rows, &block, rounds);
}

/// What one block costs, in nanoseconds, measured over at least so many.
fn block_ns(blocks: u64) -> f64 {
    let (taken, blocks) = limit::compressed(blocks.max(BLOCKS));
    nanoseconds(taken) / blocks as f64
}

/// How often a contender must sign to fill a sample.
fn times(contender: &Contender) -> u32 {
    let once = (contender.sample)(8) / 8;
    u32::try_from(SAMPLE.as_nanos() / once.as_nanos().max(1)).unwrap_or(1).clamp(1, 1 << 12)
}

fn report(rows: &[Row], block: &[f64], rounds: usize) {
    println!("\n{rounds} rounds; one block {:.1} ns ({})\n", median(block), spread(block));
    println!("| load | signer | key | ns | limit ns | x limit | half of the rounds | goal |");
    println!("|---|---|---|--:|--:|--:|--:|--:|");
    for row in rows {
        let Row { contender: Contender { signer, key, load, .. }, blocks, taken, ratios, .. } = row;
        let goal = GOALS.iter().find(|goal| *signer == tucuxi::NAME && goal.0 == load.name);
        let goal = goal.map_or_else(String::new, |(_, kept, derived)| match key {
            Key::Kept => format!("{kept:.2}"),
            Key::Derived => format!("{derived:.2}"),
        });
        let (name, key, limit) = (load.name, key.name(), median(block) * *blocks as f64);
        let (taken, times, spread) = (median(taken), median(ratios), spread(ratios));
        println!("| {name} | {signer} | {key} | {taken:.0} | {limit:.0} | {times:.3} | {spread} | {goal} |");
    }
    let ours = [
        (tucuxi::NAME, Key::Kept),
        (tucuxi::NAME, Key::Derived),
        (tucuxi::WRITTEN, Key::Kept),
        (tucuxi::WRITTEN, Key::Derived),
    ];
    println!(
        "\nHow many times as fast as each peer:\n\n| load | peer | {} |",
        ours.map(|(signer, key)| format!("{signer}, {}", key.name())).join(" | ")
    );
    println!("|---|---|--:|--:|--:|--:|");
    let peers = || rows.iter().filter(|row| !row.contender.signer.starts_with(tucuxi::NAME));
    for row in peers() {
        let faster = ours.map(|(signer, key)| figure(faster(rows, row, signer, key)));
        println!("| {} | {} | {} |", row.contender.load.name, row.contender.signer, faster.join(" | "));
    }
    println!("\nGeometric means of the small loads, and the least of them:\n");
    println!("| signer | key | x limit | {} |", names(peers()).join(" | "));
    println!("|---|---|--:{}|", "|--:".repeat(names(peers()).len()));
    let small = |row: &&Row| !["e", "f"].contains(&row.contender.load.name);
    for (signer, key) in ours {
        let own = rows
            .iter()
            .filter(small)
            .filter(|row| row.contender.signer == signer && row.contender.key == key);
        let limit = mean(&own.map(|row| median(&row.ratios)).collect::<Vec<_>>());
        let by = names(peers()).into_iter().map(|peer| {
            let by = peers().filter(small).filter(|row| row.contender.signer == peer);
            let by: Vec<f64> = by.filter_map(|row| faster(rows, row, signer, key)).collect();
            format!("{}, {}", figure(mean(&by)), figure(by.iter().copied().reduce(f64::min)))
        });
        println!(
            "| {signer} | {} | {} | {} |",
            key.name(),
            figure(limit),
            by.collect::<Vec<_>>().join(" | ")
        );
    }
}

/// The signers of some rows, each once.
fn names<'r>(rows: impl Iterator<Item = &'r Row>) -> Vec<&'static str> {
    rows.map(|row| row.contender.signer).collect::<BTreeSet<_>>().into_iter().collect()
}

/// How many times as fast tucuxi does the load of a peer's row.
fn faster(rows: &[Row], peer: &Row, signer: &str, key: Key) -> Option<f64> {
    let ours = rows.iter().find(|row| {
        let Contender { signer: its, key: its_key, load, .. } = &row.contender;
        *its == signer && *its_key == key && load.name == peer.contender.load.name
    })?;
    let ratios: Vec<f64> = peer.taken.iter().zip(&ours.taken).map(|(theirs, ours)| theirs / ours).collect();
    Some(median(&ratios))
}

fn nanoseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e9
}

/// The value at a share of the way from the least to the greatest.
fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in the list")]
    let at = ((sorted.len() - 1) as f64 * share).round() as usize;
    sorted[at]
}

fn median(values: &[f64]) -> f64 {
    quantile(values, 0.5)
}

/// Where the middle half of the values lies.
fn spread(values: &[f64]) -> String {
    format!("{:.2} to {:.2}", quantile(values, 0.25), quantile(values, 0.75))
}

/// The geometric mean; none of nothing.
fn mean(values: &[f64]) -> Option<f64> {
    let sum: f64 = values.iter().copied().map(f64::ln).sum();
    (!values.is_empty()).then(|| (sum / values.len() as f64).exp())
}

/// A figure, or that there is none.
fn figure(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.2}"))
}

/// `rounds=N` and `loads=a,b` of the command line. cargo adds `--bench`, which says nothing.
fn arguments() -> (usize, Vec<String>) {
    let (mut rounds, mut loads) = (ROUNDS, Vec::new());
    for argument in std::env::args().skip(1).filter(|argument| argument != "--bench") {
        match argument.split_once('=') {
            Some(("rounds", number)) => {
                rounds = number.parse::<usize>().expect("a number of rounds").max(ROUNDS)
            }
            Some(("loads", names)) => loads = names.split(',').map(str::to_owned).collect(),
            _ => panic!("not {argument}; rounds=301 or loads=a,at"),
        }
    }
    (rounds, loads)
}
