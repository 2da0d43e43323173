//! `skew`: what replies tell of a clock, one after the other.

use serde_json::Value;
use serde_json::json;
use tucuxi_core::skew::Exchange;
use tucuxi_core::skew::Skew;
use tucuxi_core::time::Time;

use crate::fields::Fields;
use crate::fields::Refusal;

pub(crate) fn skew(fields: &Fields<'_>) -> Result<Value, Refusal> {
    let mut skew = Skew::from_millis(millis(fields, "start_offset_ms")?.unwrap_or_default());
    let (mut offsets, mut retried) = (Vec::new(), Vec::new());
    for attempt in fields.list("attempts")? {
        let attempt = attempt.as_object().ok_or_else(|| Refusal::driver("an attempt is an object"))?;
        let attempt = Fields::new(attempt);
        let needed = |name: &str| {
            let found = millis(&attempt, name)?;
            found.map(Time::from_millis).ok_or_else(|| Refusal::driver(format!("{name} is missing")))
        };
        let exchange = Exchange::new(needed("sent_ms")?, needed("received_ms")?)
            .date(attempt.text("date")?)
            .age(attempt.text("age")?);
        let code = attempt.text("code")?;
        let learned = exchange.skew();
        retried.push(learned.is_some_and(|learned| skew.calls_for_retry(learned, code)));
        skew = learned.unwrap_or(skew);
        offsets.push(skew.millis());
    }
    Ok(json!({"offsets": offsets, "retried": retried}))
}

fn millis(fields: &Fields<'_>, name: &str) -> Result<Option<i64>, Refusal> {
    let wrong = || Refusal::driver(format!("{name} is not a number of milliseconds"));
    fields.value(name).map(|value| value.as_i64().ok_or_else(wrong)).transpose()
}
