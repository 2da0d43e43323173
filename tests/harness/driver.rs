//! The conformance driver as a child process: JSON lines out, JSON lines in.

use std::io::BufRead as _;
use std::io::BufReader;
use std::io::Write as _;
use std::process::Child;
use std::process::ChildStdout;
use std::process::Command;
use std::process::Stdio;

use serde_json::Value;

/// A running driver. It ends when this is dropped.
#[derive(Debug)]
pub struct Driver {
    child: Child,
    output: BufReader<ChildStdout>,
}

impl Driver {
    /// Starts the program of that path, in an empty environment.
    ///
    /// # Panics
    ///
    /// Where there is no such program.
    #[must_use]
    pub fn start(program: &str) -> Self {
        let mut command = Command::new(program);
        command.env_clear().stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("the driver starts");
        let output = BufReader::new(child.stdout.take().expect("its output is piped"));
        Self { child, output }
    }

    /// The reply to a request.
    ///
    /// # Panics
    ///
    /// As [`line`](Self::line).
    pub fn ask(&mut self, request: &Value) -> Value {
        self.line(request.to_string().as_bytes())
    }

    /// The reply to a line, whatever it holds.
    ///
    /// # Panics
    ///
    /// Where the driver has ended, or its reply is no JSON.
    pub fn line(&mut self, line: &[u8]) -> Value {
        let input = self.child.stdin.as_mut().expect("its input is piped");
        input.write_all(line).and_then(|()| input.write_all(b"\n")).expect("the driver reads");
        let mut reply = String::new();
        self.output.read_line(&mut reply).expect("the driver writes text");
        serde_json::from_str(&reply).expect("a reply is JSON")
    }

    /// What is in the `ok` of the reply to a request.
    ///
    /// # Panics
    ///
    /// As [`line`](Self::line), and where it is an error.
    pub fn ok(&mut self, request: &Value) -> Value {
        let mut reply = self.ask(request);
        assert!(reply.get("ok").is_some() && reply.get("error").is_none(), "{reply}");
        reply["ok"].take()
    }

    /// What is in the `error` of the reply to a request.
    ///
    /// # Panics
    ///
    /// As [`line`](Self::line), and where it is none, or lacks a message.
    pub fn error(&mut self, request: &Value) -> Value {
        let mut reply = self.ask(request);
        assert!(reply.get("error").is_some() && reply.get("ok").is_none(), "{reply}");
        // A service may say nothing to a reader; everybody else does.
        let says = reply["error"]["kind"] == "service" || reply["error"]["message"] != "";
        assert!(reply["error"]["message"].is_string() && says, "{reply}");
        reply["error"].take()
    }

    /// Closes its input, and says whether it ended well.
    ///
    /// # Panics
    ///
    /// Where it cannot be waited for.
    #[must_use]
    pub fn ends_well(mut self) -> bool {
        drop(self.child.stdin.take());
        self.child.wait().expect("it is a child").success()
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        // Whatever it says now, nobody asks.
        let _ = self.child.wait();
    }
}

/// A request with some fields said anew.
///
/// # Panics
///
/// Where either is no object.
#[must_use]
pub fn with(request: &Value, fields: Value) -> Value {
    let mut request = request.clone();
    let Value::Object(fields) = fields else { panic!("fields are an object") };
    request.as_object_mut().expect("a request is an object").extend(fields);
    request
}
