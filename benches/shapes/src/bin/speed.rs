//! Times the three shapes in turns, checked against botocore's signatures (expected.py).
//! `speed` prints a table; `speed SHAPE LOAD N` signs N times, for callgrind.
use core::hint::black_box;
use shapes::hash::Sha;
use shapes::sign::{EMPTY, Payload, Reading, Signer};
use shapes::sink::{Cursor, Sink};
use shapes::{list, pairs, visit};
use std::time::Instant;

const HOST: &str = "examplebucket.s3.us-east-1.amazonaws.com";
const QUEUE: &str = "https://sqs.us-east-1.amazonaws.com/123456789012/orders";
const LOADS: [(&str, u32, &str); 3] = [
    ("a", 8, A_SIG),
    ("b", 11, B_SIG),
    ("d", 14, D_SIG),
];
include!("../expected.in");

macro_rules! loads {
    ($make:ident, $shape:ident, $load:expr, $body:expr) => {
        match $load {
            0 => $make!($shape::GetObject { key: black_box("photos/2013/test file.txt"), range: Some("bytes=0-1023"), ..Default::default() }),
            1 => $make!($shape::ListObjectsV2 {
                continuation_token: black_box(Some("1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4vbOwM=")),
                delimiter: Some("/"), max_keys: Some(100), prefix: Some("photos/2013/"), ..Default::default()
            }),
            _ => $make!($shape::SendMessage { message_body: black_box($body), queue_url: QUEUE }),
        }
    };
}

struct World {
    s3: Signer<'static>,
    sqs: Signer<'static>,
    body: String,
}

impl World {
    #[inline(always)]
    fn sign<R: Reading>(&self, load: usize, request: &R, whole: bool, out: &mut Cursor<'_>) {
        let (signer, host, payload) = match load {
            0 => (&self.s3, HOST, Payload::Unsigned),
            1 => (&self.s3, HOST, Payload::Empty),
            _ => (&self.sqs, "sqs.us-east-1.amazonaws.com", Payload::Recited),
        };
        let signed = signer.sign(black_box(host), request, payload, black_box(12 * 3600 + 34 * 60 + 56));
        if whole { signed.head(out) } else { signed.authorization(out) }
    }

    #[inline(never)]
    fn list(&self, load: usize, whole: bool, out: &mut Cursor<'_>) {
        macro_rules! make { ($op:expr) => {{ let op = $op; let op: &dyn list::Request = black_box(&op); self.sign(load, &op, whole, out) }} }
        loads!(make, list, load, &self.body);
    }

    #[inline(never)]
    fn pairs(&self, load: usize, whole: bool, out: &mut Cursor<'_>) {
        let mut room = [pairs::Pair::NONE; 16];
        macro_rules! make { ($op:expr) => {{ let op = $op; let op: &dyn pairs::Operation = black_box(&op); self.sign(load, &op.request(&mut room).unwrap(), whole, out) }} }
        loads!(make, pairs, load, &self.body);
    }

    #[inline(never)]
    fn visit(&self, load: usize, whole: bool, out: &mut Cursor<'_>) {
        macro_rules! make { ($op:expr) => {{ let op = $op; let op: &dyn visit::Request = black_box(&op); self.sign(load, &op, whole, out) }} }
        loads!(make, visit, load, &self.body);
    }
}

/// Hashing alone, as many blocks a call as the signer has: nothing that signs can be faster.
fn floor(load: usize, out: &mut Cursor<'_>) {
    let text = black_box(&[7u8; 512]);
    let mut sha = Sha::new();
    let mut hash = |size: usize| {
        sha.put(&text[..size]);
        let state = sha.finish();
        sha.restart(state, 0); // so that each waits for the last
    };
    if load == 2 { hash(256) }
    hash([4, 7, 5][load] * 64 - 20);
    hash(133);
    hash(32);
    out.put(&[black_box(&sha).finished() as u8]);
}

fn main() {
    let world = World {
        s3: Signer::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1", "s3", *b"20130524"),
        sqs: Signer::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1", "sqs", *b"20130524"),
        body: "m".repeat(256 - 32 - QUEUE.len()),
    };
    let run = |shape: usize, load: usize, whole: bool, room: &mut [u8]| {
        let mut out = Cursor { room, at: 0 };
        match shape {
            0 => world.list(load, whole, &mut out),
            1 => world.pairs(load, whole, &mut out),
            2 => world.visit(load, whole, &mut out),
            _ => floor(load, &mut out),
        }
        out.at
    };
    let mut room = [0; 2048];
    let names = ["A list", "B pairs", "C visit", "floor"];
    for shape in 0..3 {
        for (load, (name, _, expected)) in LOADS.iter().enumerate() {
            let end = run(shape, load, false, &mut room);
            assert_eq!(core::str::from_utf8(&room[..end]).unwrap(), *expected, "{} {name}", names[shape]);
        }
    }
    assert_eq!(shapes::hash::hex(&Sha::new().finish()), *EMPTY);
    let args: Vec<String> = std::env::args().collect();
    if let [_, shape, load, times] = &args[..] {
        for _ in 0..times.parse().unwrap() {
            black_box(run(shape.parse().unwrap(), load.parse().unwrap(), false, &mut room));
        }
        return;
    }
    const ROUNDS: usize = 301;
    const TIMES: u32 = 100;
    let mut block = Vec::new();
    let mut took = vec![Vec::new(); 4 * 3 * 2];
    let blocks = black_box([[7; 64]; 64]);
    for _ in 0..ROUNDS {
        let mut state = black_box([1; 8]);
        for _ in 0..2 {
            let start = Instant::now();
            for _ in 0..4 { sha2::block_api::compress256(&mut state, &blocks); }
            block.push(start.elapsed().as_secs_f64() * 1e9 / 256.0);
        }
        black_box(state);
        for at in 0..took.len() {
            let (shape, load, whole) = (at % 4, at / 4 % 3, at >= 12);
            for _ in 0..20 { black_box(run(shape, load, whole, &mut room)); }
            let start = Instant::now();
            for _ in 0..TIMES { black_box(run(shape, load, whole, &mut room)); }
            took[at].push(start.elapsed().as_secs_f64() * 1e9 / f64::from(TIMES));
        }
    }
    let both = |times: &mut Vec<f64>| { times.sort_by(f64::total_cmp); (times[0], times[times.len() / 2]) };
    let (block_min, block_median) = both(&mut block);
    println!("block: min {block_min:.1} median {block_median:.1} ns; buffer {} B", shapes::hash::ROOM);
    println!("{:8} {:4} {:10} {:>6} {:>6} | {:>6} {:>6}", "shape", "load", "", "min", "x", "median", "x");
    for at in 0..took.len() {
        let (min, median) = both(&mut took[at]);
        let (load, blocks, _) = LOADS[at / 4 % 3];
        let blocks = f64::from(blocks);
        println!("{:8} {load:4} {:10} {min:6.0} {:6.2} | {median:6.0} {:6.2}", names[at % 4],
            if at >= 12 { "sign+head" } else { "sign+auth" }, min / blocks / block_min, median / blocks / block_median);
    }
}
