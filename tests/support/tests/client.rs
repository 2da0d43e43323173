//! A client with no more in it than AWS's signer and an HTTP agent.

pub mod sqs;

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::PayloadChecksumKind;
use aws_sigv4::http_request::PercentEncodingMode;
use aws_sigv4::http_request::SignableBody;
use aws_sigv4::http_request::SignableRequest;
use aws_sigv4::http_request::SigningSettings;
use aws_sigv4::http_request::UriPathNormalizationMode;
use aws_sigv4::http_request::sign;
use aws_sigv4::sign::v4;
use ureq::Agent;

/// Whose requests, and where to.
#[derive(Clone)]
pub struct Client {
    pub url: String,
    pub access_key: String,
    pub secret: String,
    pub token: Option<String>,
    pub region: &'static str,
    pub service: &'static str,
    pub at: SystemTime,
    pub agent: Agent,
}

pub struct Answer {
    pub status: u16,
    pub headers: http::HeaderMap,
    pub text: String,
}

impl Client {
    pub fn new(url: String, service: &'static str) -> Self {
        let config = Agent::config_builder().http_status_as_error(false).allow_non_standard_methods(true);
        Self {
            url,
            access_key: "AKIDWEST".to_owned(),
            secret: "west secret".to_owned(),
            token: None,
            region: "us-west-2",
            service,
            at: SystemTime::now(),
            agent: config.build().into(),
        }
    }

    /// Sends a signed request; `path` is encoded and may have a query.
    pub fn call(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let uri = format!("{}{path}", self.url);
        let mut settings = SigningSettings::default();
        if self.service == "s3" {
            settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
            settings.percent_encoding_mode = PercentEncodingMode::Single;
            settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        }
        let identity =
            Credentials::new(&self.access_key, &self.secret, self.token.clone(), None, "test").into();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .name(self.service)
            .region(self.region)
            .settings(settings)
            .time(self.at)
            .build()
            .unwrap()
            .into();
        let signed = SignableRequest::new(method, &uri, headers.iter().copied(), SignableBody::Bytes(body));
        let (instructions, _) = sign(signed.unwrap(), &parameters).unwrap().into_parts();
        let mut request = http::Request::builder().method(method).uri(&uri);
        for (name, value) in headers.iter().copied().chain(instructions.headers()) {
            request = request.header(name, value);
        }
        self.send(request.body(body.to_owned()).unwrap())
    }

    /// Sends a request as it is.
    pub fn send(&self, request: http::Request<Vec<u8>>) -> Answer {
        let mut response = self.agent.run(request).unwrap();
        Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: response.body_mut().read_to_string().unwrap(),
        }
    }
}

impl Answer {
    /// The texts of all XML elements of this name.
    pub fn all(&self, name: &str) -> Vec<&str> {
        let (open, close) = (format!("<{name}>"), format!("</{name}>"));
        let parts = self.text.split(&open).skip(1);
        parts.map(|part| part.split(&close).next().unwrap()).collect()
    }

    /// The header, empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}
