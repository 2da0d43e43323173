//! Walks of the call machine: by table, exhaustively to a depth, and against a model with floats.
#![expect(clippy::arithmetic_side_effects, reason = "tests may overflow loudly")]

extern crate std;

use std::format;
use std::vec::Vec;

use proptest::prelude::*;

use super::*;
use crate::sink::Count;
use crate::sink::Cursor;

const HALF: u32 = 1 << 31;

const fn head(status: u16) -> Reply<'static> {
    Reply::Head { status, retry_after: None }
}

const fn failed(code: &str) -> Reply<'_> {
    Reply::Failed { code: Some(code), random: HALF }
}

const fn broken(sent: Sent) -> Reply<'static> {
    Reply::Broken { sent, kind: Kind::Transient, random: HALF }
}

const fn send(number: u32) -> Step {
    Step::Send(Attempt { number, max: 3 })
}

const fn wait(ms: u64) -> Step {
    Step::Wait { micros: ms * 1000 }
}

/// A call, the replies it gets with the steps they lead to, and what it may have left behind.
type Walk = (Repeat, &'static [(Reply<'static>, Step)], Effect);

const WALKS: &[Walk] = &[
    // The usual one.
    (Repeat::Always, &[(head(200), Step::ReadOutput), (Reply::Read, Step::Done)], Effect::None),
    (Repeat::Always, &[(head(206), Step::ReadOutput), (Reply::Read, Step::Done)], Effect::None),
    // What no other attempt would change.
    (
        Repeat::Always,
        &[(head(404), Step::ReadFailure), (failed("NoSuchKey"), Step::GiveUp(Why::NotRetryable))],
        Effect::None,
    ),
    (
        Repeat::Always,
        &[(head(301), Step::ReadFailure), (failed("PermanentRedirect"), Step::GiveUp(Why::NotRetryable))],
        Effect::None,
    ),
    (
        Repeat::Always,
        &[(head(304), Step::ReadFailure), (failed(""), Step::GiveUp(Why::NotRetryable))],
        Effect::None,
    ),
    (
        Repeat::Always,
        &[(
            Reply::Broken { sent: Sent::Maybe, kind: Kind::Other, random: HALF },
            Step::GiveUp(Why::NotRetryable),
        )],
        Effect::Maybe,
    ),
    // Waits double, and the third attempt is the last.
    (
        Repeat::Always,
        &[
            (broken(Sent::Maybe), wait(25)),
            (Reply::Waited, send(2)),
            (head(500), Step::ReadFailure),
            (failed("InternalError"), wait(50)),
            (Reply::Waited, send(3)),
            (broken(Sent::No), Step::GiveUp(Why::AttemptsUsedUp)),
        ],
        Effect::Maybe,
    ),
    // Throttling waits longer, and does nothing.
    (
        Repeat::WithoutEffect,
        &[
            (head(503), Step::ReadFailure),
            (failed("SlowDown"), wait(500)),
            (Reply::Waited, send(2)),
            (head(429), Step::ReadFailure),
            (broken(Sent::Maybe), wait(1000)),
            (Reply::Waited, send(3)),
            (head(200), Step::ReadOutput),
            (Reply::Read, Step::Done),
        ],
        Effect::None,
    ),
    // The service asks for a wait of its own.
    (
        Repeat::Always,
        &[
            (Reply::Head { status: 503, retry_after: Some("1234") }, Step::ReadFailure),
            (failed("ServiceUnavailable"), wait(1234)),
            (Reply::Waited, send(2)),
            (Reply::Head { status: 503, retry_after: Some("600000") }, Step::ReadFailure),
            (failed("ServiceUnavailable"), wait(5050)),
            (Reply::Waited, send(3)),
        ],
        Effect::Maybe,
    ),
    (
        Repeat::Always,
        &[
            (Reply::Head { status: 503, retry_after: Some("soon") }, Step::ReadFailure),
            (failed("ServiceUnavailable"), wait(25)),
        ],
        Effect::Maybe,
    ),
    // 200 and an error document.
    (
        Repeat::Always,
        &[
            (head(200), Step::ReadOutput),
            (failed("InternalError"), wait(25)),
            (Reply::Waited, send(2)),
            (head(200), Step::ReadOutput),
            (failed("SlowDown"), wait(1000)),
            (Reply::Waited, send(3)),
            (head(200), Step::ReadOutput),
            (Reply::Failed { code: None, random: HALF }, Step::GiveUp(Why::AttemptsUsedUp)),
        ],
        Effect::Maybe,
    ),
    // An output that was cut short: the request got there, whatever the host says.
    (
        Repeat::Always,
        &[
            (head(200), Step::ReadOutput),
            (broken(Sent::No), wait(25)),
            (Reply::Waited, send(2)),
            (head(200), Step::ReadOutput),
            (Reply::Read, Step::Done),
        ],
        Effect::Maybe,
    ),
    // An error document that was cut short.
    (Repeat::WithoutEffect, &[(head(403), Step::ReadFailure), (broken(Sent::Maybe), wait(25))], Effect::None),
    // Kept connections that were closed.
    (
        Repeat::Always,
        &[
            (Reply::Stale, send(2)),
            (broken(Sent::No), wait(50)),
            (Reply::Waited, send(3)),
            (Reply::Stale, Step::GiveUp(Why::AttemptsUsedUp)),
        ],
        Effect::Maybe,
    ),
    (Repeat::WithoutEffect, &[(Reply::Stale, Step::GiveUp(Why::MayHaveEffect))], Effect::Maybe),
    // Not to be done twice.
    (
        Repeat::WithoutEffect,
        &[
            (broken(Sent::No), wait(25)),
            (Reply::Waited, send(2)),
            (broken(Sent::Maybe), Step::GiveUp(Why::MayHaveEffect)),
        ],
        Effect::Maybe,
    ),
    (
        Repeat::WithoutEffect,
        &[(head(500), Step::ReadFailure), (failed("InternalError"), Step::GiveUp(Why::MayHaveEffect))],
        Effect::Maybe,
    ),
    (
        Repeat::WithoutEffect,
        &[(head(400), Step::ReadFailure), (failed("RequestTimeout"), wait(25)), (Reply::Waited, send(2))],
        Effect::None,
    ),
];

#[test]
fn calls_walk_as_the_table_says() {
    for (repeat, walk, effect) in WALKS {
        let (mut call, mut quota) = (Call::new(Retry::standard(), *repeat), Quota::new());
        assert_eq!(call.poll(), send(1));
        for (reply, step) in *walk {
            call.reply(*reply, &mut quota);
            assert_eq!(call.poll(), *step, "after {reply:?} in {walk:?}");
        }
        assert_eq!(call.effect(), *effect, "{walk:?}");
    }
}

/// One reply of each sort that makes a difference.
const REPLIES: [Reply<'static>; 13] = [
    Reply::Read,
    Reply::Stale,
    Reply::Waited,
    head(200),
    head(307),
    head(404),
    head(503),
    failed("NoSuchKey"),
    failed("SlowDown"),
    failed("RequestTimeout"),
    broken(Sent::Maybe),
    broken(Sent::No),
    Reply::Broken { sent: Sent::No, kind: Kind::Other, random: 0 },
];

const fn answers(step: Step, reply: Reply<'_>) -> bool {
    matches!(
        (step, reply),
        (Step::Send(_), Reply::Head { .. } | Reply::Broken { .. } | Reply::Stale)
            | (Step::ReadOutput, Reply::Read | Reply::Failed { .. } | Reply::Broken { .. })
            | (Step::ReadFailure, Reply::Failed { .. } | Reply::Broken { .. })
            | (Step::Wait { .. }, Reply::Waited)
    )
}

/// Tries every reply at every step down to a depth, and says how many calls ended.
fn explore(call: &Call, quota: &Quota, depth: u32) -> u32 {
    let step = call.poll();
    assert_eq!(call.poll(), step);
    if let Step::Send(Attempt { number, max }) = step {
        assert!(number <= max);
    }
    let mut ended = u32::from(matches!(step, Step::Done | Step::GiveUp(_)));
    for reply in REPLIES {
        let (mut next, mut left) = (call.clone(), quota.clone());
        next.reply(reply, &mut left);
        if !answers(step, reply) {
            assert_eq!((format!("{next:?}"), &left), (format!("{call:?}"), quota), "{reply:?}");
            continue;
        }
        assert_ne!(next.poll(), step);
        let attempted = |call: &Call| call.number;
        match next.poll() {
            Step::Send(_) => assert_eq!(attempted(&next), attempted(call) + 1),
            Step::GiveUp(Why::AttemptsUsedUp) => assert_eq!(attempted(&next), call.retry.attempts()),
            Step::GiveUp(Why::MayHaveEffect) => {
                assert_eq!((next.repeat, next.effect()), (Repeat::WithoutEffect, Effect::Maybe));
            }
            Step::GiveUp(Why::QuotaEmpty) => assert!(quota.tokens() < 14),
            Step::Wait { .. } if call.repeat == Repeat::WithoutEffect => {
                assert_eq!(next.effect(), Effect::None)
            }
            _ => {}
        }
        if depth > 0 {
            ended += explore(&next, &left, depth - 1);
        }
    }
    ended
}

#[test]
fn every_walk_of_a_call_keeps_its_promises() {
    let mut few = Quota::new();
    while few.tokens() >= 30 {
        let _ = few.pay(Kind::Transient);
    }
    for quota in [Quota::new(), few] {
        for repeat in [Repeat::Always, Repeat::WithoutEffect] {
            for attempts in 1..=3 {
                let call = Call::new(Retry::standard().max_attempts(attempts), repeat);
                // Three replies an attempt, and then the end.
                for call in [call.clone(), call.long_poll()] {
                    assert!(explore(&call, &quota, 3 * attempts) > 5);
                }
            }
        }
    }
}

#[test]
fn a_host_that_is_dropped_and_begins_again_finds_the_call_as_it_was() {
    for (repeat, walk, _) in WALKS {
        let (mut straight, mut quota) = (Call::new(Retry::standard(), *repeat), Quota::new());
        let (mut resumed, mut other) = (straight.clone(), Quota::new());
        for (reply, _) in *walk {
            straight.reply(*reply, &mut quota);
            for _ in 0..3 {
                // A host that asks, and is dropped before it can answer.
                let _: Step = resumed.poll();
            }
            resumed = resumed.clone();
            resumed.reply(*reply, &mut other);
            assert_eq!(
                (resumed.poll(), resumed.effect(), &other),
                (straight.poll(), straight.effect(), &quota)
            );
        }
    }
}

#[test]
fn one_attempt_never_waits() {
    for reply in [broken(Sent::No), broken(Sent::Maybe), Reply::Stale] {
        let (mut call, mut quota) =
            (Call::new(Retry::standard().max_attempts(1), Repeat::Always), Quota::new());
        assert_eq!(call.poll(), Step::Send(Attempt { number: 1, max: 1 }));
        call.reply(reply, &mut quota);
        assert_eq!((call.poll(), quota.tokens()), (Step::GiveUp(Why::AttemptsUsedUp), 500));
    }
}

#[test]
fn a_long_poll_waits_even_when_it_cannot_pay() {
    let empty = || {
        let mut quota = Quota::new();
        while quota.pay(Kind::Throttling).is_some() {}
        quota
    };
    for (code, ms) in [("InternalError", 25), ("SlowDown", 500)] {
        let (mut call, mut quota) = (Call::new(Retry::standard(), Repeat::Always), empty());
        let mut poll = call.clone().long_poll();
        for call in [&mut call, &mut poll] {
            call.reply(head(500), &mut quota);
            call.reply(failed(code), &mut quota);
        }
        assert_eq!(call.poll(), Step::GiveUp(Why::QuotaEmpty));
        assert_eq!(poll.poll(), wait(ms));
        poll.reply(Reply::Waited, &mut quota);
        assert_eq!((poll.poll(), quota.tokens()), (Step::GiveUp(Why::QuotaEmpty), 0));
    }
}

#[test]
fn a_call_is_small() {
    assert!(size_of::<Call>() <= 56, "{}", size_of::<Call>());
}

#[test]
fn the_header_of_any_attempt_fits_its_room() {
    let attempt = Attempt { number: u32::MAX, max: u32::MAX };
    let mut count = Count::default();
    attempt.write(&mut count);
    assert_eq!(count.bytes(), Attempt::ROOM);
    let mut room = [0; Attempt::ROOM];
    let mut out = Cursor::new(&mut room);
    Attempt { number: 1, max: 3 }.write(&mut out);
    assert_eq!(out.finish().unwrap(), b"attempt=1; max=3");
}

/// One attempt as the service and the network have it.
#[derive(Clone, Debug)]
enum Event {
    Success,
    Reply { status: u16, code: Option<&'static str>, retry_after: Option<i64> },
    ErrorIn200 { code: Option<&'static str> },
    NoReply { sent: Sent },
    CutOutput,
    Stale,
}

/// What a call came to: its waits in seconds, how it ended, and what it left behind.
#[derive(Debug, PartialEq)]
struct Story {
    waits: Vec<f64>,
    end: Step,
    effect: Effect,
}

#[derive(Clone, Debug)]
struct Script {
    max_attempts: u32,
    repeat: Repeat,
    long_poll: bool,
    events: Vec<(Event, u32)>,
}

fn walked(script: &Script, quota: &mut Quota) -> Story {
    let mut call = Call::new(Retry::standard().max_attempts(script.max_attempts), script.repeat);
    if script.long_poll {
        call = call.long_poll();
    }
    let mut events = script.events.iter();
    let mut waits = Vec::new();
    let (mut event, mut random) = (Event::Success, 0);
    loop {
        match call.poll() {
            end @ (Step::Done | Step::GiveUp(_)) => return Story { waits, end, effect: call.effect() },
            Step::Send(_) => {
                (event, random) = events.next().cloned().unwrap_or((Event::Success, 0));
                let kind = Kind::Transient;
                match event {
                    Event::Stale => call.reply(Reply::Stale, quota),
                    Event::NoReply { sent } => call.reply(Reply::Broken { sent, kind, random }, quota),
                    Event::Reply { status, retry_after, .. } => {
                        let retry_after = retry_after.map(|ms| format!("{ms}"));
                        call.reply(Reply::Head { status, retry_after: retry_after.as_deref() }, quota);
                    }
                    _ => call.reply(head(200), quota),
                }
            }
            Step::ReadOutput | Step::ReadFailure => match event {
                Event::Reply { code, .. } | Event::ErrorIn200 { code } => {
                    call.reply(Reply::Failed { code, random }, quota);
                }
                Event::CutOutput => {
                    call.reply(Reply::Broken { sent: Sent::Maybe, kind: Kind::Transient, random }, quota);
                }
                _ => call.reply(Reply::Read, quota),
            },
            Step::Wait { micros } => {
                waits.push(f64::from(u32::try_from(micros).unwrap()) / 1e6);
                call.reply(Reply::Waited, quota);
            }
        }
    }
}

/// The same, straight from the description: one loop, seconds as floats.
fn told(script: &Script, tokens: &mut i64) -> Story {
    let throttles = ["SlowDown", "Throttling", "TooManyRequestsException"];
    let (mut waits, mut effect, mut last_cost) = (Vec::new(), Effect::None, 1);
    let mut events = script.events.iter().cloned().chain(core::iter::repeat((Event::Success, 0)));
    for attempt in 1.. {
        let (event, random) = events.next().unwrap();
        let (status, code, retry_after) = match event {
            Event::Success => {
                *tokens = (*tokens + last_cost).min(500);
                return Story { waits, end: Step::Done, effect };
            }
            Event::Reply { status, code, retry_after } => (status, code, retry_after),
            Event::ErrorIn200 { code } => (500, code, None),
            Event::NoReply { .. } | Event::CutOutput | Event::Stale => (500, None, None),
        };
        let throttling = status == 429 || code.is_some_and(|code| throttles.contains(&code));
        let transient = [500, 502, 503, 504].contains(&status) || code == Some("RequestTimeout");
        effect = match event {
            Event::NoReply { sent: Sent::No } => effect,
            Event::Reply { .. } if throttling || status < 500 => effect,
            _ => Effect::Maybe,
        };
        let give_up = |why| Step::GiveUp(why);
        if !throttling && !transient {
            return Story { waits, end: give_up(Why::NotRetryable), effect };
        }
        if attempt == script.max_attempts {
            return Story { waits, end: give_up(Why::AttemptsUsedUp), effect };
        }
        if script.repeat == Repeat::WithoutEffect && effect == Effect::Maybe {
            return Story { waits, end: give_up(Why::MayHaveEffect), effect };
        }
        if matches!(event, Event::Stale) {
            continue;
        }
        let (base, cost) = if throttling { (1.0, 5) } else { (0.05, 14) };
        let random = f64::from(random) / 4_294_967_296.0;
        let mut seconds = random * f64::min(base * 2_f64.powi(i32::try_from(attempt).unwrap() - 1), 20.0);
        if let Some(ms @ 0..) = retry_after {
            seconds = f64::max(seconds, f64::min(ms as f64 / 1000.0, seconds + 5.0));
        }
        if cost > *tokens {
            if script.long_poll {
                waits.push(seconds);
            }
            return Story { waits, end: give_up(Why::QuotaEmpty), effect };
        }
        *tokens -= cost;
        last_cost = cost;
        waits.push(seconds);
    }
    unreachable!()
}

fn event() -> impl Strategy<Value = Event> {
    let code = prop::sample::select(
        &[
            None,
            Some("InternalError"),
            Some("NoSuchKey"),
            Some("RequestTimeout"),
            Some("SlowDown"),
            Some("Throttling"),
            Some("TooManyRequestsException"),
        ][..],
    );
    let status = prop::sample::select(&[301, 307, 400, 403, 404, 429, 500, 501, 502, 503, 504][..]);
    let retry_after = prop_oneof![Just(None), (-9_i64..40_000).prop_map(Some), any::<i64>().prop_map(Some)];
    prop_oneof![
        2 => Just(Event::Success),
        6 => (status, code.clone(), retry_after)
            .prop_map(|(status, code, retry_after)| Event::Reply { status, code, retry_after }),
        1 => code.prop_map(|code| Event::ErrorIn200 { code }),
        2 => prop_oneof![Just(Sent::No), Just(Sent::Maybe)].prop_map(|sent| Event::NoReply { sent }),
        1 => Just(Event::CutOutput),
        1 => Just(Event::Stale),
    ]
}

fn script() -> impl Strategy<Value = Script> {
    let repeat = prop_oneof![3 => Just(Repeat::Always), 1 => Just(Repeat::WithoutEffect)];
    let events = prop::collection::vec((event(), any::<u32>()), 0..12);
    (1_u32..12, repeat, any::<bool>(), events).prop_map(|(max_attempts, repeat, long_poll, events)| Script {
        max_attempts,
        repeat,
        long_poll,
        events,
    })
}

proptest! {
    #[test]
    fn calls_of_one_client_go_as_the_description_says(scripts in prop::collection::vec(script(), 1..60)) {
        let (mut quota, mut tokens) = (Quota::new(), 500);
        for script in &scripts {
            let (walked, told) = (walked(script, &mut quota), told(script, &mut tokens));
            prop_assert_eq!((walked.end, walked.effect), (told.end, told.effect), "{:?}", script);
            prop_assert_eq!(i64::from(quota.tokens()), tokens, "{:?}", script);
            prop_assert_eq!(walked.waits.len(), told.waits.len(), "{:?}", script);
            for (micros, exact) in walked.waits.iter().zip(&told.waits) {
                // Rounded down to a microsecond.
                prop_assert!((exact - micros) > -1e-9 && (exact - micros) < 1.001e-6, "{} {}", exact, micros);
            }
        }
    }
}
