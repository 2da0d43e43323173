//! `endpoint`: where AWS's rules send a request.

use serde_json::Value;
use serde_json::json;
use tucuxi::json::Named;
use tucuxi::json::Visit;
use tucuxi_core::endpoint::Addressing;
use tucuxi_core::endpoint::BadEndpoint;
use tucuxi_core::endpoint::ENDPOINT_ROOM;
use tucuxi_core::endpoint::Endpoint;
use tucuxi_core::endpoint::Place;
use tucuxi_core::operation::Operation;
use tucuxi_core::operation::PAIR_ROOM;
use tucuxi_core::operation::Service;
use tucuxi_core::operation::request;
use tucuxi_core::request::Pair;
use tucuxi_core::s3::S3;
use tucuxi_core::sigv4::PathEncoding;
use tucuxi_core::sqs::Sqs;
use tucuxi_core::sts::Sts;
use tucuxi_core::uri::Url;

use crate::calls;
use crate::fields::Fields;
use crate::fields::Refusal;
use crate::fields::written;

pub(crate) fn endpoint(fields: &Fields<'_>) -> Result<Value, Refusal> {
    match fields.needed("service")? {
        "s3" => resolved::<S3>(fields),
        "sqs" => resolved::<Sqs>(fields),
        "sts" => resolved::<Sts>(fields),
        service => Err(Refusal::driver(format!("unknown service {service:?}"))),
    }
}

fn resolved<S: Named>(fields: &Fields<'_>) -> Result<Value, Refusal> {
    let params = fields.object("params")?.ok_or_else(|| Refusal::driver("params is missing"))?;
    for (name, value) in params.entries() {
        let known = [
            "Bucket",
            "Endpoint",
            "ForcePathStyle",
            "Region",
            "UseDualStack",
            "UseFIPS",
            "UseGlobalEndpoint",
            // These say nothing about where a request goes by the rules that are known.
            "CopySource",
            "Key",
            "Prefix",
        ];
        if !known.contains(&name) && !matches!(value, Value::Null | Value::Bool(false)) {
            return Err(Refusal::driver(format!("the parameter {name} is not known")));
        }
    }
    let url = params.text("Endpoint")?.map(Url::parse).transpose();
    let url = url.map_err(|why| Refusal::new("url", &why))?;
    let style =
        if params.flag("ForcePathStyle")? == Some(true) { Addressing::Path } else { Addressing::Virtual };
    let flag = |name| Ok::<_, Refusal>(params.flag(name)?.unwrap_or(false));
    let place = Place::new(params.text("Region")?.unwrap_or_default())
        .url(url)
        .addressing(style)
        .fips(flag("UseFIPS")?)
        .dual_stack(flag("UseDualStack")?)
        .global(flag("UseGlobalEndpoint")?);
    let mut room = [0; ENDPOINT_ROOM];
    let bucket = match fields.text("operation")? {
        Some(operation) => bucket::<S>(operation, fields)?,
        None => params.text("Bucket")?.unwrap_or_default().to_owned(),
    };
    let endpoint = S::endpoint(&place, &bucket, &mut room).map_err(refused)?;
    Ok(json!({
        "url": written(|to| endpoint.write_url(to)),
        "headers": [],
        "auth": [auth::<S>(&endpoint)],
    }))
}

/// The bucket that a call of the operation is about.
fn bucket<S: Named>(operation: &str, fields: &Fields<'_>) -> Result<String, Refusal> {
    struct Bucket;

    impl<S> Visit<S> for Bucket {
        type Output = Result<String, Refusal>;

        fn visit<O: Operation<Service = S>>(self, operation: &O) -> tucuxi::Result<Self::Output> {
            let mut room = [Pair::EMPTY; 4 * PAIR_ROOM];
            let request = request(operation, &mut room).map_err(|why| Refusal::new("input", &why));
            Ok(request.map(|request| request.bucket().to_owned()))
        }
    }

    calls::input(fields)?.visit::<S, _>(operation, Bucket).map_err(|why| calls::refused(&why))?
}

fn auth<S: Service>(endpoint: &Endpoint<'_>) -> Value {
    json!({
        "name": "sigv4",
        "signing_name": endpoint.service(),
        "signing_region": endpoint.region(),
        "disable_double_encoding": S::RULES.encoding == PathEncoding::Once,
    })
}

fn refused(why: BadEndpoint) -> Refusal {
    Refusal::new("endpoint", &why)
}
