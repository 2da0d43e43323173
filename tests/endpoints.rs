//! AWS's endpoint cases for S3 and SQS: where a request goes and what it is signed for, or the exact error.
//!
//! Of the 191 cases of S3, 74 are about what is here: buckets and no bucket, in the host and in the path,
//! custom URLs, FIPS, dual stack and the global endpoint. The other 117 are about ARNs of access points and
//! Outposts, S3 Express, S3 on Outposts' aliases, acceleration and Object Lambda, and are not listed. All
//! 48 of SQS are.

use std::process::ExitCode;

use libtest_mimic::Trial;
use serde_json::Value;
use tucuxi_core::endpoint::Addressing;
use tucuxi_core::endpoint::ENDPOINT_ROOM;
use tucuxi_core::endpoint::Place;
use tucuxi_core::sink::Cursor;
use tucuxi_core::uri::Url;
use tucuxi_tests::cases;
use tucuxi_tests::same;
use tucuxi_tests::trial;

fn main() -> ExitCode {
    tucuxi_tests::run("endpoints", |folder| {
        let mut trials = Vec::new();
        for service in ["s3", "sqs"] {
            let list = cases(&folder.with_file_name(format!("endpoints-{service}")));
            let list = list.as_array().unwrap().clone().into_iter();
            let here = list.enumerate().filter(|(_, case)| service == "sqs" || is_here(&case["params"]));
            trials.extend(here.map(|(nth, case)| -> Trial {
                let said = case["documentation"].as_str().unwrap_or_default();
                trial(format!("{service}::{nth:03} {said}"), move || check(service, &case))
            }));
        }
        trials
    })
}

/// Whether a case of S3 is about what there is.
fn is_here(params: &Value) -> bool {
    let bucket = params["Bucket"].as_str().unwrap_or_default();
    let elsewhere = ["Accelerate", "UseObjectLambdaEndpoint", "UseS3ExpressControlEndpoint"];
    !bucket.starts_with("arn:")
        && !["--x-s3", "--xa-s3", "--op-s3"].iter().any(|end| bucket.ends_with(end))
        && !elsewhere.iter().any(|param| params[*param] == true)
        && params.get("DisableS3ExpressSessionAuth").is_none()
}

fn check(service: &str, case: &Value) -> Result<(), String> {
    let params = &case["params"];
    let text = |name: &str| params[name].as_str();
    let url = text("Endpoint").map(Url::parse).transpose().map_err(|e| e.to_string())?;
    // AWS's rules know only whether the path is asked for.
    let addressing = if params["ForcePathStyle"] == true { Addressing::Path } else { Addressing::Virtual };
    let place = Place::new(text("Region").unwrap_or_default())
        .url(url)
        .addressing(addressing)
        .fips(params["UseFIPS"] == true)
        .dual_stack(params["UseDualStack"] == true)
        .global(params["UseGlobalEndpoint"] == true);
    let mut room = [0; ENDPOINT_ROOM];
    let endpoint = match service {
        "s3" => place.s3(text("Bucket").unwrap_or_default(), &mut room),
        _ => place.sqs(&mut room),
    };
    if let Some(expected) = case["expect"]["error"].as_str() {
        let got = endpoint.map_or_else(|bad| bad.to_string(), |found| format!("{found:?}"));
        return same("the error", &got, expected);
    }
    let endpoint = endpoint.map_err(|bad| bad.to_string())?;
    let expected = &case["expect"]["endpoint"];
    let mut room = [0; ENDPOINT_ROOM];
    let mut got = Cursor::new(&mut room);
    endpoint.write_url(&mut got);
    let got = String::from_utf8_lossy(got.finish().map_err(|full| full.to_string())?).into_owned();
    same("the URL", &got, expected["url"].as_str().unwrap_or_default())?;
    // Without a scheme of its own, a case leaves it at the service's name and the region.
    let scheme = &expected["properties"]["authSchemes"][0];
    let said = |name: &str, default| scheme[name].as_str().unwrap_or(default).to_owned();
    if !scheme.is_null() {
        same("the scheme", &said("name", ""), "sigv4")?;
    }
    same("the service", endpoint.service(), &said("signingName", service))?;
    same("the region", endpoint.region(), &said("signingRegion", text("Region").unwrap_or_default()))
}
