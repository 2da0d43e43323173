//! Worlds in, settings and their origins out.

use std::error::Error;
use std::io;

use super::*;
use crate::host::Fake;

const CONFIG: &str = "[default]\nregion = file-region\n[profile dev]\nregion = dev-region\n";
const KEYS: &str = "[default]\naws_access_key_id = ID\naws_secret_access_key = SECRET\n\
                    [dev]\naws_access_key_id = DEV\naws_secret_access_key = SECRET\naws_session_token = TOKEN\n";

fn world(variables: &[(&str, &str)], config: &str, credentials: &str) -> Fake {
    let files = Fake::new()
        .with_variable("HOME", "/h")
        .with_file("/h/.aws/config", config)
        .with_file("/h/.aws/credentials", credentials);
    variables.iter().fold(files, |fake, (name, value)| fake.with_variable(*name, *value))
}

fn load(arguments: Arguments, host: Fake) -> Result<Config, ConfigError> {
    Config::load(arguments, Arc::new(host))
}

fn profile(name: &str) -> Arguments {
    Arguments { profile: Some(name.into()), ..Arguments::default() }
}

fn said<T>(result: Result<Option<Setting<T>>, ConfigError>, show: impl Fn(T) -> String) -> String {
    match result {
        Ok(Some(Setting { value, origin })) => format!("{} from {origin}", show(value)),
        Ok(None) => "none".into(),
        Err(error) => format!("{:?}: {error}", error.kind()),
    }
}

#[test]
fn the_profile_is_chosen_and_has_to_exist() {
    let keys = ("AWS_ACCESS_KEY_ID", "E");
    for (argument, variables, expected) in [
        (None, &[][..], "default from default"),
        (None, &[("AWS_PROFILE", "dev")], "dev from AWS_PROFILE"),
        (None, &[("AWS_PROFILE", " "), ("AWS_DEFAULT_PROFILE", "dev")], "dev from AWS_DEFAULT_PROFILE"),
        (Some("dev"), &[("AWS_PROFILE", "nope")], "dev from argument"),
        (Some(""), &[("AWS_PROFILE", "dev")], "dev from AWS_PROFILE"),
        (
            None,
            &[("AWS_PROFILE", "nope"), keys],
            "UnknownProfile: profile \"nope\", chosen by AWS_PROFILE, is in no shared file",
        ),
        (Some("no"), &[], "UnknownProfile: profile \"no\", chosen by argument, is in no shared file"),
    ] {
        let arguments = Arguments { profile: argument.map(Into::into), ..Arguments::default() };
        let config = load(arguments, world(variables, CONFIG, ""));
        assert_eq!(said(config.map(|config| Some(config.profile().clone())), |name| name), expected);
    }
    let nowhere = load(Arguments::default(), Fake::new()).unwrap();
    assert_eq!(nowhere.profile().value, "default");
    assert_eq!(nowhere.available_profiles(), [""; 0]);
    let config = load(Arguments::default(), world(&[], CONFIG, "[only]\n[dev]")).unwrap();
    assert_eq!(config.available_profiles(), ["default", "dev", "only"]);
}

#[test]
fn the_region_is_the_first_that_is_told() {
    let (new, old) = ("AWS_REGION", "AWS_DEFAULT_REGION");
    for (argument, variables, expected) in [
        (Some("code"), &[(new, "a"), (old, "b")][..], "code from argument"),
        (None, &[(new, "a"), (old, "b")], "a from AWS_REGION"),
        (Some(" "), &[(new, ""), (old, "b")], "b from AWS_DEFAULT_REGION"),
        (None, &[], "file-region from ~/.aws/config:2"),
        (None, &[("AWS_PROFILE", "dev")], "dev-region from ~/.aws/config:4"),
        (
            None,
            &[(new, "x@evil.example/#")],
            "BadRegion: region \"x@evil.example/#\" from AWS_REGION is no name of a region",
        ),
    ] {
        let arguments = Arguments { region: argument.map(Into::into), ..Arguments::default() };
        let config = load(arguments, world(variables, CONFIG, "")).unwrap();
        assert_eq!(said(config.region(), |region| region), expected);
    }
}

fn keys(arguments: Arguments, host: Fake) -> String {
    said(load(arguments, host).and_then(|config| config.keys()), |keys| {
        let Keys { access_key_id, account_id, secret_access_key, session_token, .. } = keys;
        let token = session_token.as_ref().map_or("-", Secret::reveal);
        format!("{access_key_id} {} {token} {account_id:?}", secret_access_key.reveal())
    })
}

#[test]
fn keys_come_from_one_place_and_whole() {
    let env = [("AWS_ACCESS_KEY_ID", "E"), ("AWS_SECRET_ACCESS_KEY", "S")];
    let with = |more: &[(&'static str, &'static str)]| [&env[..], more].concat();
    let file = "aws_access_key_id = C\naws_secret_access_key = S\n";
    let config = format!("[default]\n{file}aws_session_token = CT\naws_account_id = 1\n[profile dev]\n");
    let legacy = KEYS.replace("session", "security");
    for (argument, variables, config, credentials, expected) in [
        (None, vec![], "", "", "none"),
        (None, with(&[]), "", KEYS, "E S - None from AWS_ACCESS_KEY_ID"),
        (None, with(&[("AWS_PROFILE", "dev")]), "", KEYS, "E S - None from AWS_ACCESS_KEY_ID"),
        (
            None,
            with(&[("AWS_SESSION_TOKEN", "T"), ("AWS_SECURITY_TOKEN", "L"), ("AWS_ACCOUNT_ID", "2")]),
            &config,
            "",
            "E S T Some(\"2\") from AWS_ACCESS_KEY_ID",
        ),
        (None, with(&[("AWS_SECURITY_TOKEN", "L")]), "", "", "E S L None from AWS_ACCESS_KEY_ID"),
        (Some("dev"), with(&[]), "", KEYS, "DEV SECRET TOKEN None from ~/.aws/credentials:5"),
        (Some("dev"), vec![], "", &legacy, "DEV SECRET TOKEN None from ~/.aws/credentials:5"),
        (Some("dev"), with(&[]), &config, "", "none"),
        (None, vec![("AWS_ACCESS_KEY_ID", " ")], "", KEYS, "ID SECRET - None from ~/.aws/credentials:2"),
        (None, vec![], &config, "", "C S CT Some(\"1\") from ~/.aws/config:2"),
        // The config file's token is not that of the credentials file's keys.
        (None, vec![], &config, KEYS, "ID SECRET - Some(\"1\") from ~/.aws/credentials:2"),
        (
            None,
            vec![("AWS_ACCESS_KEY_ID", "E")],
            "",
            KEYS,
            "HalfKeyPair: AWS_SECRET_ACCESS_KEY is missing beside AWS_ACCESS_KEY_ID",
        ),
        (
            None,
            vec![("AWS_SECRET_ACCESS_KEY", "canary"), ("AWS_ACCESS_KEY_ID", "")],
            "",
            KEYS,
            "HalfKeyPair: AWS_ACCESS_KEY_ID is missing beside AWS_SECRET_ACCESS_KEY",
        ),
        (
            None,
            vec![],
            &config,
            "[default]\naws_secret_access_key = canary",
            "HalfKeyPair: aws_access_key_id is missing beside aws_secret_access_key (~/.aws/credentials:2)",
        ),
        (
            None,
            vec![],
            "[default]\naws_access_key_id = C",
            "",
            "HalfKeyPair: aws_secret_access_key is missing beside aws_access_key_id (~/.aws/config:2)",
        ),
    ] {
        let arguments = Arguments { profile: argument.map(Into::into), ..Arguments::default() };
        assert_eq!(keys(arguments, world(&variables, config, credentials)), expected);
    }
}

#[test]
fn keys_told_in_code_win_and_are_whole() {
    for (id, secret, token, expected) in [
        (Some("A"), Some("S"), Some("T"), "A S T Some(\"1\") from argument"),
        (Some("A"), Some("S"), None, "A S - Some(\"1\") from argument"),
        (Some("A"), None, None, "HalfKeyPair: secret_access_key is missing beside access_key_id (argument)"),
        (
            Some(""),
            Some("S"),
            None,
            "HalfKeyPair: access_key_id is missing beside secret_access_key (argument)",
        ),
        (None, None, Some("T"), "HalfKeyPair: access_key_id is missing beside session_token (argument)"),
        (None, Some(" "), None, "ID SECRET - Some(\"1\") from ~/.aws/credentials:2"),
    ] {
        let arguments = Arguments {
            access_key_id: id.map(Into::into),
            account_id: Some("1".into()),
            secret_access_key: secret.map(Secret::new),
            session_token: token.map(Secret::new),
            ..Arguments::default()
        };
        assert_eq!(keys(arguments, world(&[], "", KEYS)), expected);
    }
}

#[test]
fn keys_end_when_it_is_said_beside_them() {
    let ends = |arguments: Arguments, host: Fake| {
        said(load(arguments, host).and_then(|config| config.keys()), |keys| {
            format!("{} {:?}", keys.access_key_id, keys.expires)
        })
    };
    let at = Some(Time::from_seconds(1_767_268_800));
    let told = |id: Option<&str>| Arguments {
        access_key_id: id.map(Into::into),
        secret_access_key: id.map(Into::into),
        credential_expiration: at,
        ..Arguments::default()
    };
    let env = [("AWS_ACCESS_KEY_ID", "E"), ("AWS_SECRET_ACCESS_KEY", "S")];
    let with = |expiration: &'static str| [&env[..], &[("AWS_CREDENTIAL_EXPIRATION", expiration)]].concat();
    for (arguments, variables, expected) in [
        (Arguments::default(), env.to_vec(), "E None from AWS_ACCESS_KEY_ID"),
        (
            Arguments::default(),
            with("2026-01-01T13:00:00+01:00"),
            "E Some(2026-01-01T12:00:00Z) from AWS_ACCESS_KEY_ID",
        ),
        (
            Arguments::default(),
            with("in an hour"),
            "BadValue: the credentials' expiration \"in an hour\" from AWS_CREDENTIAL_EXPIRATION is not an instant \
             as in 2026-01-01T12:00:00Z",
        ),
        (told(Some("A")), with("in an hour"), "A Some(2026-01-01T12:00:00Z) from argument"),
        // It is said of keys that are not these.
        (told(None), env.to_vec(), "E None from AWS_ACCESS_KEY_ID"),
        (
            Arguments::default(),
            vec![("AWS_CREDENTIAL_EXPIRATION", "in an hour")],
            "ID None from ~/.aws/credentials:2",
        ),
    ] {
        assert_eq!(ends(arguments, world(&variables, "", KEYS)), expected);
    }
    let session = load(told(Some("A")), world(&[], "", "")).unwrap();
    let mut other = told(Some("B"));
    other.credential_expiration = None;
    let keys = session.with(other).keys().unwrap().unwrap().value;
    assert_eq!((keys.access_key_id.as_str(), keys.expires), ("B", None), "it belongs to the other keys");
    let same = session.with(Arguments { region: Some("a".into()), ..Arguments::default() });
    assert_eq!(same.keys().unwrap().unwrap().value.expires, at);
}

#[test]
fn sources_that_are_not_supported_are_named() {
    let file = |key: &str| {
        format!(
            "UnsupportedSource: profile \"default\" gets its credentials by {key} (~/.aws/config:2), \
             which is not supported yet"
        )
    };
    let (static_keys, none) = (KEYS, "");
    for (key, credentials) in [
        ("role_arn", static_keys),
        ("web_identity_token_file", static_keys),
        ("sso_account_id", static_keys),
        ("sso_role_name", none),
        ("sso_session", none),
        ("sso_start_url", none),
        ("login_session", none),
        ("credential_process", none),
    ] {
        let config = format!("[default]\n{key} = x\n");
        assert_eq!(keys(Arguments::default(), world(&[], &config, credentials)), file(key));
    }
    for (key, credentials) in [("credential_process", static_keys), ("sso_session", static_keys)] {
        let config = format!("[default]\n{key} = x\n");
        let expected = "ID SECRET - None from ~/.aws/credentials:2";
        assert_eq!(keys(Arguments::default(), world(&[], &config, credentials)), expected);
    }
    for name in ["AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_FULL_URI"] {
        let expected = format!(
            "UnsupportedSource: the environment offers credentials by {name}, which is not supported yet"
        );
        assert_eq!(keys(Arguments::default(), world(&[(name, "x")], "", "")), expected);
    }
}

#[test]
fn the_endpoint_is_the_first_that_is_told_unless_ignored() {
    let services = "[profile dev]\nservices = s\nendpoint_url = http://profile\n\
                    [services s]\ns3 =\n  endpoint_url = http://s3-section\nsso_oidc=\n endpoint_url=http://oidc\n";
    let ignoring = services.replace("services = s", "services = s\nignore_configured_endpoint_urls = TRUE");
    let lost = services.replace("services = s", "services = t");
    let (global, s3) = ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3");
    let ignore = "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS";
    for (service, argument, variables, config, expected) in [
        ("S3", Some("http://code"), &[(s3, "http://a")][..], services, "http://code from argument"),
        (
            "S3",
            None,
            &[(global, "http://b"), (s3, "http://a")],
            services,
            "http://a from AWS_ENDPOINT_URL_S3",
        ),
        ("s3", None, &[(global, "http://b")], services, "http://b from AWS_ENDPOINT_URL"),
        ("S3", None, &[], services, "http://s3-section from ~/.aws/config:6"),
        ("SSO OIDC", None, &[], services, "http://oidc from ~/.aws/config:8"),
        ("sqs", None, &[], services, "http://profile from ~/.aws/config:3"),
        ("sqs", None, &[(s3, "http://a")], services, "http://profile from ~/.aws/config:3"),
        ("S3", None, &[(global, "http://b"), (ignore, "true")], services, "none"),
        ("S3", Some("http://code"), &[(ignore, "true")], services, "http://code from argument"),
        ("S3", None, &[(global, "http://b")], &ignoring, "none"),
        ("S3", None, &[(global, "http://b"), (ignore, "false")], &ignoring, "http://b from AWS_ENDPOINT_URL"),
        ("S3", None, &[], "[profile dev]", "none"),
        ("S3", None, &[], &lost, "BadValue: services \"t\" from ~/.aws/config:2 is not a [services] section"),
        (
            "S3",
            None,
            &[(s3, "https://user:canary@host")],
            services,
            "BadEndpointUrl: the endpoint from AWS_ENDPOINT_URL_S3 is no url of an endpoint",
        ),
    ] {
        let arguments = Arguments { endpoint_url: argument.map(Into::into), ..profile("dev") };
        let config = load(arguments, world(variables, config, "")).unwrap();
        assert_eq!(said(config.endpoint_url(service), |url| url), expected);
    }
}

#[test]
fn files_that_cannot_be_used_are_named_with_their_line() {
    let error = load(Arguments::default(), world(&[], "[default]\nx", "")).unwrap_err();
    assert_eq!(error.kind(), ConfigErrorKind::Malformed);
    assert_eq!(
        error.to_string(),
        "malformed line in ~/.aws/config:2: Expected an '=' sign defining a property"
    );
    let host = Fake::new()
        .with_variable("AWS_SHARED_CREDENTIALS_FILE", "/etc/keys")
        .with_unreadable("/etc/keys", io::ErrorKind::PermissionDenied);
    let error = load(Arguments::default(), host).unwrap_err();
    assert_eq!(
        (error.kind(), error.to_string().as_str()),
        (ConfigErrorKind::Unreadable, "cannot read /etc/keys")
    );
    assert_eq!(error.source().unwrap().to_string(), "permission denied");
    assert_eq!(error.origin().to_string(), "/etc/keys");
}

#[test]
fn further_settings_are_read_from_their_usual_places() {
    let config = "[default]\nmax_attempts = 3\nca_bundle = /file.pem\ns3 =\n  addressing_style = path\n";
    let load = |variables, config| load(Arguments::default(), world(variables, config, "")).unwrap();
    let attempts = |config: &Config| said(config.max_attempts(), |attempts| attempts.to_string());
    let bundle = |config: &Config| said(Ok(config.ca_bundle()), |path| path.display().to_string());
    let style = |config: &Config| said(config.addressing_style().map(Some), |style| format!("{style:?}"));

    let file = load(&[], config);
    assert_eq!(attempts(&file), "3 from ~/.aws/config:2");
    assert_eq!(bundle(&file), "/file.pem from ~/.aws/config:3");
    assert_eq!(style(&file), "Path from ~/.aws/config:5");

    let environment = load(&[("AWS_MAX_ATTEMPTS", "5"), ("AWS_CA_BUNDLE", "/env.pem")], config);
    assert_eq!(attempts(&environment), "5 from AWS_MAX_ATTEMPTS");
    assert_eq!(bundle(&environment), "/env.pem from AWS_CA_BUNDLE");

    let nothing = load(&[], "");
    assert_eq!([attempts(&nothing), bundle(&nothing)], ["none", "none"]);
    assert_eq!(style(&nothing), "Auto from default");

    let wrong = load(&[("AWS_MAX_ATTEMPTS", "0")], "[default]\ns3 =\n addressing_style = dns\n");
    assert_eq!(attempts(&wrong), "BadValue: max_attempts \"0\" from AWS_MAX_ATTEMPTS is not a number from 1");
    assert_eq!(
        style(&wrong),
        "BadValue: addressing_style \"dns\" from ~/.aws/config:3 is not auto, path or virtual"
    );

    let client = environment.with(Arguments {
        addressing_style: Some(Addressing::Virtual),
        ca_bundle: Some("/code.pem".into()),
        max_attempts: Some(7),
        ..Arguments::default()
    });
    assert_eq!(attempts(&client), "7 from argument");
    assert_eq!(bundle(&client), "/code.pem from argument");
    assert_eq!(style(&client), "Virtual from argument");
}

#[test]
fn endpoints_of_another_kind_are_asked_for_in_three_places() {
    let file = "[default]\nuse_fips_endpoint = true\nuse_dualstack_endpoint = TRUE\ns3 =\n  us_east_1_regional_endpoint = regional\n";
    let off = &[
        ("AWS_USE_FIPS_ENDPOINT", "false"),
        ("AWS_USE_DUALSTACK_ENDPOINT", "false"),
        ("AWS_S3_US_EAST_1_REGIONAL_ENDPOINT", "legacy"),
    ];
    let on = Arguments {
        use_fips_endpoint: Some(true),
        use_dualstack_endpoint: Some(true),
        us_east_1_regional_endpoint: Some(UsEast1::Regional),
        ..Arguments::default()
    };
    for (arguments, variables, file, expected) in [
        (Arguments::default(), &[][..], "", (false, false, UsEast1::Legacy)),
        (Arguments::default(), &[], file, (true, true, UsEast1::Regional)),
        (Arguments::default(), off, file, (false, false, UsEast1::Legacy)),
        (on, off, file, (true, true, UsEast1::Regional)),
    ] {
        let config = load(arguments, world(variables, file, "")).unwrap();
        let fips = config.use_fips_endpoint().unwrap().value;
        let dual_stack = config.use_dualstack_endpoint().unwrap().value;
        let us_east_1 = config.us_east_1_regional_endpoint().unwrap().value;
        assert_eq!((fips, dual_stack, us_east_1), expected);
    }
    let bad = load(Arguments::default(), world(&[("AWS_USE_FIPS_ENDPOINT", "yes")], "", "")).unwrap();
    let error = bad.use_fips_endpoint().unwrap_err().to_string();
    assert_eq!(error, "use_fips_endpoint \"yes\" from AWS_USE_FIPS_ENDPOINT is not true or false");
}

#[test]
fn a_clients_arguments_win_over_its_sessions() {
    let session = Arguments {
        access_key_id: Some("A".into()),
        region: Some("a".into()),
        secret_access_key: Some("S".into()),
        session_token: Some("T".into()),
        ..profile("dev")
    };
    let session = load(session, world(&[], CONFIG, "")).unwrap();
    let same = session.with(Arguments { region: Some(" ".into()), ..Arguments::default() });
    assert_eq!(said(same.region(), |region| region), "a from argument");
    assert_eq!(said(same.keys(), |keys| keys.access_key_id), "A from argument");
    let other = Arguments {
        access_key_id: Some("B".into()),
        region: Some("b".into()),
        secret_access_key: Some("S".into()),
        ..profile("default")
    };
    let client = session.with(other);
    assert_eq!(said(client.region(), |region| region), "b from argument");
    assert!(client.keys().unwrap().unwrap().value.session_token.is_none(), "it belongs to the other keys");
    assert_eq!(client.profile().value, "dev");
}

#[test]
fn no_secret_shows() {
    let file = "[default]\naws_access_key_id = A\naws_secret_access_key = canary\n";
    let environment = [("AWS_SECRET_ACCESS_KEY", "canary"), ("AWS_ENDPOINT_URL", "http://a:canary@b")];
    let arguments = Arguments {
        access_key_id: Some("A".into()),
        endpoint_url: Some("http://a:canary@b".into()),
        secret_access_key: Some("canary".into()),
        session_token: Some("canary".into()),
        ..Arguments::default()
    };
    let told = load(arguments, world(&environment, file, file)).unwrap();
    let half = load(Arguments::default(), world(&environment, file, file)).unwrap();
    let filed = load(Arguments::default(), world(&[], file, file)).unwrap();
    let broken = load(Arguments::default(), world(&[], "[default]\ncanary", "")).unwrap_err();
    let errors = [half.keys().unwrap_err(), half.endpoint_url("S3").unwrap_err(), broken];
    for error in &errors {
        let source = error.source().map(ToString::to_string);
        let shown = format!("{error} {error:?} {source:?}");
        assert!(!shown.contains("canary"), "{shown}");
    }
    let shown = format!("{told:?} {:?} {:?}", told.keys(), filed.keys());
    assert!(shown.contains("secret_access_key: …") && !shown.contains("canary"), "{shown}");
}
