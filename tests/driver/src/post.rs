//! `post_policy`: forms that upload.

use std::time::Duration;

use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use tucuxi::s3::post::Condition;
use tucuxi::s3::post::Policy;

use crate::calls::refused;
use crate::calls::session;
use crate::fields::Fields;
use crate::fields::Refusal;

pub(crate) fn post_policy(fields: &Fields<'_>) -> Result<Value, Refusal> {
    let given = fields.texts("fields")?;
    let mut conditions = Vec::new();
    for condition in fields.list("conditions")? {
        match condition {
            Value::Object(members) => {
                for (field, value) in members {
                    let value = value.as_str().ok_or_else(not_understood)?;
                    conditions.push(Condition::exact(field, value));
                }
            }
            listed => conditions.push(of_list(listed).ok_or_else(not_understood)?),
        }
    }
    let policy = Policy::new(fields.needed("bucket")?, fields.needed("key")?);
    let lasts = Duration::from_secs(fields.number("expires")?.unwrap_or(3600));
    let session = session(fields)?;
    let session = match fields.text("region")? {
        Some(region) => session.with_region(region),
        None => session,
    };
    let post = session.s3_client().presign_post(&policy.fields(&given).conditions(&conditions), lasts);
    let post = post.map_err(|why| refused(&why))?;
    let named = post.fields.into_iter().map(|(name, value)| (name, value.into()));
    Ok(json!({"url": post.url, "fields": named.collect::<Map<_, _>>()}))
}

fn of_list(condition: &Value) -> Option<Condition<'_>> {
    let [operator, one, other] = condition.as_array()?.as_slice() else { return None };
    let field = || one.as_str()?.strip_prefix('$');
    Some(match operator.as_str()? {
        "content-length-range" => Condition::content_length_range(one.as_u64()?, other.as_u64()?),
        "eq" => Condition::Eq { field: field()?, value: other.as_str()? },
        "starts-with" => Condition::starts_with(field()?, other.as_str()?),
        _ => return None,
    })
}

fn not_understood() -> Refusal {
    Refusal::driver("a condition is none that boto3 describes")
}
