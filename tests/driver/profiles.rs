//! AWS's cases of the shared files' grammar, by way of the driver's `parse_profiles`.

use std::process::ExitCode;
use std::sync::LazyLock;
use std::sync::Mutex;

use serde_json::Value;
use serde_json::json;
use tucuxi_tests::cases;
use tucuxi_tests::driver::Driver;
use tucuxi_tests::same;
use tucuxi_tests::trial;

static DRIVER: LazyLock<Mutex<Driver>> =
    LazyLock::new(|| Mutex::new(Driver::start(env!("CARGO_BIN_EXE_tucuxi-driver"))));

fn main() -> ExitCode {
    tucuxi_tests::run("profile-parser-tests", |folder| {
        let list = cases(&folder).as_array().unwrap().clone();
        let named = list.into_iter().enumerate();
        named
            .map(|(nth, case)| {
                trial(format!("{nth:02} {}", case["name"].as_str().unwrap_or_default()), move || check(&case))
            })
            .collect()
    })
}

fn check(case: &Value) -> Result<(), String> {
    let request = json!({
        "verb": "parse_profiles",
        "config": case["input"]["configFile"],
        "credentials": case["input"]["credentialsFile"],
    });
    let reply = DRIVER.lock().unwrap().ask(&request);
    if let Some(expected) = case["output"]["errorContaining"].as_str() {
        let message = reply["error"]["message"].as_str().unwrap_or_default();
        return if message.contains(expected) { Ok(()) } else { same("the error", message, expected) };
    }
    for kind in ["profiles", "sso_sessions", "services"] {
        let expected = &case["output"]["config"][kind];
        if !expected.is_null() {
            same(kind, &reply["ok"][kind].to_string(), &expected.to_string())?;
        }
    }
    Ok(())
}
