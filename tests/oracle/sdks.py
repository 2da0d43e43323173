"""Random hostile requests, signed here and by two signers of AWS's for Python, must be signed alike.

botocore is AWS's signer in Python, awscrt (aws-c-auth) the one in C that its SDKs for other languages share; both are
pinned in `tests/requirements.txt`. Each request is signed by tucuxi, by way of the driver's `sign`, and what goes out,
without what signing added to it, is then signed by the other. Compared are what stands in the request, the signature and,
of botocore, which shows them, the canonical request and the string to sign. awscrt shows neither, but a signature is a hash
of them: where the signatures are equal so are the texts. Beside that, what goes out has to mean what was asked for.

What the signers do differently stands in `EXPLAINED`. Each row has an example, which must be signed differently; and so
must every random request that a row concerns. A row that is not so any more fails the run, and so does a difference
that no row explains.

    sdks.py DRIVER [COUNT [SEED]]

signs COUNT requests with each of the two, 3,000 unless said otherwise. The seed is printed. With the driver of a release
build 100,000 take about two minutes:

    cargo build --release -p tucuxi-driver
    python3 -m venv target/venv && target/venv/bin/pip install --no-deps -r tests/requirements.txt
    target/venv/bin/python tests/oracle/sdks.py target/release/tucuxi-driver 100000
"""

import base64
import datetime
import hashlib
import io
import json
import random
import subprocess
import sys
import time
from urllib.parse import unquote, unquote_to_bytes

import botocore.auth
from awscrt import auth as crt
from awscrt import http as crt_http
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

# What botocore says of the body of a form.
FORM = "application/x-www-form-urlencoded; charset=utf-8"

# What requests are made of: few pieces, so that they meet and repeat.
ORIGINS = [
    "https://example.amazonaws.com", "https://example.com:443", "http://example.com:443", "http://localhost:80",
    "http://localhost:9000", "HTTPS://127.0.0.1:8443", "http://[::1]", "https://[fd00:ec2::254]:443",
    "http://[fd00:ec2::254]:8080", "http://my_minio:1",
]
HOSTS = ["other.example", "Other.example:8080", "[::2]:1", "h:443"]
PATH = [
    "/", "/", "//", "/.", "/..", "/../", "/./", ".", "..", "a", "b", "Z9", "%2F", "%2f", "%2e", "%41", "%7e", "%25", "%",
    "%4", "%zz", "%C3%A9", "%c3", "%ff", "%00", "+", "~", "*", "@", ":", " ", "  ", "=", "&", ";", ",", "!", "$", "'", "(",
    ")", "[", "]", "{", "}", "|", "^", "`", '"', "<", ">", "\\", "-", "_", "é", "e\u0301", "ሴ", "日本", "😀",
]
QUERY = [
    "&", "&", "&", "=", "=", "a", "b", "A", "a=", "&a", "&a&", "ab", "+", "%20", " ", "/", "?", "~", "*", "@", ":", "'",
    "%2B", "%2b", "%26", "%3D", "%", "%z", "%41", "é", "ሴ", "X", "x-id", "%C3%A9", "X-Amz", "-", "_", ".", "|", ";",
]
NAMES = [
    "a", "A", "ab", "A-b", "a_b", "a.b", "My-Header1", "my-header1", "MY-HEADER1", "My-Header10", "Content-Type",
    "Content-MD5", "Content-Length", "Date", "Range", "X-Amz-Meta-A", "x-amz-meta-b", "x-amz-d", "x-amz-date2",
    "x-amz-security", "X-Amz-Target", "x-amz-checksum-mode", "x-amz-user-agent", "~", "!#$%&'*+-.^_`|~", "gz", "hosts", "hos",
    "User-Agent", "user-agent", "Expect", "TE", "X-Amzn-Trace-Id", "Transfer-Encoding", "Connection", "Upgrade", "Trailer",
]
VALUES = [
    "a", "b", "C", " ", "  ", "\t", ",", ", ", '"', '" a  b "', "'", ";", ":", "=", "%41", "/", "~", "+", "*",
]
# What a row explains is rarer, since it hides what else might differ.
RARE_ORIGINS = ["https://Example.COM", "http://[FD00::A]:9000"]
RARE_QUERY = ["%ff", "&X-Amz-Date=1", "&X-Amz-Expires", "&X-Amz-Signature=0"]
RARE_HEADERS = [("Authorization", "Bearer b"), ("Sec-WebSocket-Key", "a"), ("Content-Type", FORM)]
# What no header's value and no URL may hold.
CONTROLS = ["\n", "\r", "\0", "\x0b", "\x0c", "\x1c", "\x7f", "\r\nx: y"]
METHODS = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]

# What signing adds.
OWN = {"authorization", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token"}
OWN_QUERY = {
    "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-Security-Token", "X-Amz-SignedHeaders",
    "X-Amz-Signature",
}
# What is sent and never signed: botocore's list. awscrt takes it as an argument.
UNSIGNED = botocore.auth.SIGNED_HEADERS_BLACKLIST
TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"


class Driver:
    """tucuxi, by lines of JSON."""

    def __init__(self, program):
        self.child = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, request):
        self.child.stdin.write(json.dumps(request).encode() + b"\n")
        self.child.stdin.flush()
        return json.loads(self.child.stdout.readline())

    def close(self):
        self.child.stdin.close()
        return self.child.wait()


class Sent:
    """What goes out, without what signing added."""

    def __init__(self, asked, signed):
        self.asked = asked
        self.in_query = asked["place"] == "query"
        self.headers = [(name, value) for name, value in signed["headers"] if name not in OWN or self.in_query]
        self.host = self.headers.pop(0)[1]
        url, _, query = signed["url"].partition("?")
        self.scheme, _, rest = url.partition("://")
        self.authority, _, path = rest.partition("/")
        self.path = "/" + path
        pairs = [pair for pair in query.split("&") if pair]
        if self.in_query:
            pairs = [pair for pair in pairs if pair.partition("=")[0] not in OWN_QUERY]
        self.pairs = pairs
        self.target = self.path + ("?" + "&".join(pairs) if pairs else "")
        self.url = f"{self.scheme}://{self.authority}{self.target}"

    def has(self, *names):
        return any(name in names for name, _ in self.headers)

    def loses_slash(self):
        """Whether the path is resolved, ends with a dot segment, and is not the root."""
        segments = []
        for segment in self.path.split("/"):
            if segment == "..":
                segments = segments[:-1]
            elif segment not in ("", "."):
                segments.append(segment)
        resolves = self.asked.get("normalize_path", self.asked["service"] != "s3")
        return resolves and segments != [] and self.path.endswith(("/.", "/.."))

    def first(self, name):
        return next((value for given, value in self.headers if given == name), None)

    def texts(self):
        """Names and values of the query, decoded as UTF-8, with U+FFFD for what is none."""
        return [unquote(text) for pair in self.pairs for text in pair.split("=")]

    def names(self):
        return [unquote(pair.partition("=")[0]) for pair in self.pairs]


class Botocore:
    """Signs with botocore, by the two sets of rules that it has."""

    name = "botocore"

    def __init__(self):
        self.now = None
        botocore.auth.get_current_datetime = lambda: self.now

    def settings(self, chance):
        """None beyond those of the service."""
        service = chance.choice(["s3", "sqs", "execute-api"])
        place = chance.choice(["headers", "query"])
        payload = chance.choice(["body", "body", "sha256", "unsigned", TRAILER])
        if service != "s3" and place == "headers" and payload in ("unsigned", TRAILER):
            payload = "body"
        # It knows no other for URLs to S3.
        if service == "s3" and place == "query":
            payload = "unsigned"
        return {"service": service, "place": place, "payload": payload}

    def sign(self, sent):
        asked = sent.asked
        keys = asked["credentials"]
        credentials = Credentials(keys["access_key"], keys["secret_key"], keys.get("token"))
        self.now = datetime.datetime.strptime(asked["time"], "%Y%m%dT%H%M%SZ")
        kinds = {
            ("s3", "headers"): botocore.auth.S3SigV4Auth,
            ("s3", "query"): botocore.auth.S3SigV4QueryAuth,
            ("", "headers"): botocore.auth.SigV4Auth,
            ("", "query"): botocore.auth.SigV4QueryAuth,
        }
        kind = kinds["s3" if asked["service"] == "s3" else "", asked["place"]]
        said = {"unsigned": "UNSIGNED-PAYLOAD", TRAILER: TRAILER}.get(asked["payload"], asked["payload"].removeprefix("sha256:"))
        seen = {}

        class Shown(kind):
            def payload(self, request):
                # The body of a request that is signed in its URL would become part of the query.
                if said == "body" and not sent.in_query:
                    return super().payload(request)
                return sha256(body) if said == "body" else said

            def string_to_sign(self, request, canonical_request):
                seen["canonical_request"] = canonical_request
                seen["string_to_sign"] = super().string_to_sign(request, canonical_request)
                return seen["string_to_sign"]

            def signature(self, string_to_sign, request):
                seen["signature"] = super().signature(string_to_sign, request)
                return seen["signature"]

        body = body_of(asked)
        request = AWSRequest(method=asked["method"], url=sent.url, data=b"" if sent.in_query else body)
        for name, value in sent.headers:
            request.headers[name] = value
        if asked["host"] is not None:
            request.headers["Host"] = sent.host
        scope = [credentials, asked["service"], asked["region"]]
        Shown(*scope, *([asked["expires"]] if sent.in_query else [])).add_auth(request)
        seen["query"] = query_of(request.url) if sent.in_query else set()
        seen["authorization"] = None if sent.in_query else request.headers["Authorization"]
        return seen


class Crt:
    """Signs with aws-c-auth, whose rules are settings."""

    name = "awscrt"

    def settings(self, chance):
        service = chance.choice(["s3", "sqs", "execute-api"])
        place = chance.choice(["headers", "query"])
        settings = {
            "service": service,
            "place": place,
            "payload": chance.choice(["body", "body", "sha256", "unsigned", TRAILER]),
        }
        if chance.random() < 0.5:
            settings["normalize_path"] = chance.random() < 0.5
            settings["encode_path_twice"] = chance.random() < 0.5
            settings["content_sha256_header"] = chance.random() < 0.5
            settings["sign_token"] = chance.random() < 0.5
        return settings

    def sign(self, sent):
        asked = sent.asked
        keys = asked["credentials"]
        is_s3 = asked["service"] == "s3"
        payload = asked["payload"].removeprefix("sha256:")
        payload = {"body": None, "unsigned": "UNSIGNED-PAYLOAD"}.get(payload, payload)
        with_sha256 = asked.get("content_sha256_header", is_s3) and not sent.in_query
        header = crt.AwsSignedBodyHeaderType
        kind = crt.AwsSignatureType
        when = datetime.datetime.strptime(asked["time"], "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
        config = crt.AwsSigningConfig(
            signature_type=kind.HTTP_REQUEST_QUERY_PARAMS if sent.in_query else kind.HTTP_REQUEST_HEADERS,
            credentials_provider=crt.AwsCredentialsProvider.new_static(
                keys["access_key"], keys["secret_key"], keys.get("token")
            ),
            region=asked["region"],
            service=asked["service"],
            date=when,
            should_sign_header=lambda name: name.lower() not in UNSIGNED and name.lower() != "authorization",
            use_double_uri_encode=asked.get("encode_path_twice", not is_s3),
            should_normalize_uri_path=asked.get("normalize_path", not is_s3),
            signed_body_value=payload,
            signed_body_header_type=header.X_AMZ_CONTENT_SHA_256 if with_sha256 else header.NONE,
            expiration_in_seconds=asked["expires"] if sent.in_query else None,
            omit_session_token=not asked.get("sign_token", True),
        )
        headers = crt_http.HttpHeaders([("Host", sent.host), *sent.headers])
        request = crt_http.HttpRequest(asked["method"], sent.target, headers, io.BytesIO(body_of(asked)))
        try:
            crt.aws_sign_request(request, config).result()
        except Exception as refused:
            return {"refused": str(refused), "signature": None}
        if sent.in_query:
            signature = request.path.rpartition("&X-Amz-Signature=")
            # What is added behind it was not signed.
            return {"signature": signature[2].partition("&")[0], "query": query_of(request.path)}
        authorization = request.headers.get("Authorization")
        return {"signature": authorization.rpartition("Signature=")[2], "authorization": authorization}


class Row:
    """What a signer does differently and why, how to see that it concerns a request, and one that it concerns."""

    def __init__(self, signer, why, concerns, **example):
        self.signer = signer
        self.why = why
        self.concerns = concerns
        self.example = example


EXPLAINED = [
    Row(
        "botocore",
        "it lower-cases the host of a URL; tucuxi sends and signs the Host as it was written",
        lambda sent: sent.asked["host"] is None and sent.host != sent.host.lower(),
        url="https://Example.com/",
    ),
    Row(
        "botocore",
        "signing in headers, it puts its own Date in place of one that is given, and then sends no X-Amz-Date",
        lambda sent: not sent.in_query and sent.has("date"),
        headers=[("Date", "Sun, 30 Aug 2015 12:36:00 GMT")],
    ),
    Row(
        "botocore",
        "it signs an Authorization that is given to a presigned URL; tucuxi never signs one",
        lambda sent: sent.in_query and sent.has("authorization"),
        headers=[("Authorization", "Bearer b")],
        place="query",
    ),
    Row(
        "botocore",
        "it takes the Content-Type of a form, which botocore itself sets, out of presigned URLs",
        lambda sent: sent.in_query and sent.first("content-type") == FORM,
        headers=[("Content-Type", FORM)],
        place="query",
    ),
    Row(
        "botocore",
        "it keeps the first of repeated query parameters in presigned URLs, for it has none in its own requests",
        lambda sent: sent.in_query and len(set(sent.names())) < len(sent.names()),
        url="https://h/?a=1&a=2",
        place="query",
    ),
    Row(
        "botocore",
        "it reads the query of presigned URLs as UTF-8, and signs U+FFFD for what is none",
        lambda sent: sent.in_query and any("\ufffd" in text for text in sent.texts()),
        url="https://h/?a=%ff",
        place="query",
    ),
    Row(
        "botocore",
        "of a path that ends with a dot segment it drops the last slash; RFC 3986, 5.2.4, and aws-sigv4 keep it",
        lambda sent: sent.loses_slash(),
        url="https://h/a/.",
    ),
    Row(
        "awscrt",
        "of a path that ends with a dot segment it drops the last slash; RFC 3986, 5.2.4, and aws-sigv4 keep it",
        lambda sent: sent.loses_slash(),
        url="https://h/a/b/..",
    ),
    Row(
        "awscrt",
        "it takes a path with its first colon before a slash for a URL, and what stands before that for the scheme",
        lambda sent: sent.path.partition(":")[2].startswith("/"),
        url="https://h/a:/b",
    ),
    Row(
        "awscrt",
        "it refuses an Authorization that is given; tucuxi leaves it out, or sends it with a presigned URL",
        lambda sent: sent.in_query and sent.has("authorization"),
        headers=[("Authorization", "Bearer b")],
        place="query",
    ),
    Row(
        "awscrt",
        "it refuses a query parameter that presigning sets; signing in headers, tucuxi signs it like all others",
        lambda sent: any(name in OWN_QUERY for name in sent.names()),
        url="https://h/?X-Amz-Expires=1",
    ),
    Row(
        "awscrt",
        "it never signs what a handshake of WebSocket changes",
        lambda sent: sent.has("sec-websocket-key", "sec-websocket-protocol", "sec-websocket-version"),
        headers=[("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")],
    ),
]


# Queries that the two read differently when they are handed them as they are, and who reads them as tucuxi does. It never
# sends such texts: it takes names and values apart and encodes them, and of what it sends all three read the same.
RAW = {
    "k=a+b": {"awscrt"},
    "a=b=c": {"awscrt"},
    "a&&b": {"awscrt"},
}


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def body_of(asked):
    return base64.b64decode(asked["body"]["$b64"])


def query_of(url):
    """Names and values, decoded: what presigning adds among them."""
    return {pair for pair in url.partition("?")[2].split("&") if pair.partition("=")[0] in OWN_QUERY}


def some(chance, pieces, most, kept=lambda text: text):
    """A text of pieces, and rarely of any character."""
    made = []
    for _ in range(chance.randint(0, most)):
        any_character = chance.random() < 0.03
        made.append(chr(chance.choice([chance.randint(0x21, 0x7E), chance.randint(0xA1, 0x10FFFF)])) if any_character else chance.choice(pieces))
    text = "".join(made)
    # What UTF-8 cannot say.
    return kept("".join(c for c in text if not 0xD800 <= ord(c) <= 0xDFFF))


def compare_raw(driver, signers, plain):
    for query, alike in RAW.items():
        asked = {**plain, "url": f"https://h/?{query}"}
        ours = driver.ask(asked_of_driver(asked))["ok"]
        agreed = set()
        for signer in signers:
            raw = Sent(asked, ours)
            raw.target = f"/?{query}"
            raw.url = asked["url"]
            found = difference(signer, raw, ours)
            agreed |= {signer.name} if found is None else set()
        if agreed != alike:
            raise Failed(f"{query!r} as it is: {agreed or 'nobody'} reads it as tucuxi does, not {alike or 'nobody'}")


def random_request(chance, signer):
    def visible(text):
        return "".join(c for c in text if c == "\t" or " " <= c <= "~")

    def url_text(text):
        return "".join(c for c in text if c not in "#\x7f")

    keys = {
        "access_key": "".join(chance.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", k=chance.randint(1, 20))),
        "secret_key": "".join(chance.choices("ABCabc019/+=", k=chance.randint(1, 80))),
    }
    if chance.random() < 0.4:
        keys["token"] = "".join(chance.choices("ABCabc019/+= ", k=chance.randint(1, 200)))or "T"
    path = some(chance, PATH, 8, lambda text: url_text(text).replace("?", ""))
    # To awscrt this is a URL: whether it signs something else then depends on what it takes for its host.
    while signer.name == "awscrt" and "://" in path:
        path = path.replace("://", ":/")
    query = "?" + some(chance, QUERY, 10, url_text) if chance.random() < 0.6 else ""
    headers = [(chance.choice(NAMES), some(chance, VALUES, 5, visible)) for _ in range(chance.randint(0, 7))]
    origin = chance.choice(RARE_ORIGINS if chance.random() < 0.01 else ORIGINS)
    if chance.random() < 0.01:
        query += ("" if query else "?") + chance.choice(RARE_QUERY)
    if chance.random() < 0.02:
        headers.insert(0, chance.choice(RARE_HEADERS))
    host = chance.choice(HOSTS) if chance.random() < 0.2 else None
    region = chance.choice(["us-east-1", "eu-west-2", "ap-southeast-1", "x"])
    when = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=chance.randrange(230 * 365 * 86_400))
    settings = signer.settings(chance)
    if settings["payload"] == "sha256":
        settings["payload"] = "sha256:" + sha256(chance.randbytes(8))
    return {
        "method": chance.choice(METHODS),
        "url": origin + ("/" + path if path else "") + query,
        "headers": headers,
        "host": host,
        "body": {"$b64": base64.b64encode(chance.randbytes(chance.randint(0, 200))).decode()},
        "credentials": keys,
        "region": region,
        "time": when.strftime("%Y%m%dT%H%M%SZ"),
        "expires": chance.randint(1, 604_800),
        **settings,
    }


def asked_of_driver(asked):
    headers = [list(header) for header in asked["headers"]]
    if asked["host"] is not None:
        headers.insert(len(headers) // 2, ["hOst", asked["host"]])
    return {**asked, "verb": "sign", "headers": headers}


def meant(asked, sent):
    """What goes out means what was asked for: by RFC 3986, and with the flags and repeats as they were."""
    url, _, query = asked["url"].partition("?")
    path = "/" + url.split("://", 1)[1].partition("/")[2]
    if [unquote_to_bytes(part) for part in path.split("/")] != [unquote_to_bytes(part) for part in sent.path.split("/")]:
        return "another path goes out"

    def pairs(texts):
        decoded = ((unquote_to_bytes(name), unquote_to_bytes(value)) for name, _, value in texts)
        return sorted(pair for pair in decoded if not (sent.in_query and pair[0].decode("latin-1") in OWN_QUERY))

    texts = [pair.partition("=") for pair in query.split("&") if pair]
    if pairs(texts) != pairs(pair.partition("=") for pair in sent.pairs):
        return "another query goes out"
    given = sorted((name.lower(), value) for name, value in asked["headers"])
    if not sent.in_query:
        given = [header for header in given if header[0] != "authorization"]
    if given != sorted(sent.headers):
        return "other headers go out"
    return None


def difference(signer, sent, ours):
    """Nothing, or the first thing that the other does differently."""
    theirs = signer.sign(sent)
    if "refused" in theirs:
        return f"refused: {theirs['refused']}"
    for what in ["canonical_request", "string_to_sign", "signature"]:
        if what in theirs and theirs[what] != ours[what]:
            return f"{what}\n--- ours\n{ours[what]}\n--- theirs\n{theirs[what]}"
    if sent.in_query:
        query = query_of(ours["url"])
        if query != theirs["query"]:
            return f"query\n--- ours\n{sorted(query)}\n--- theirs\n{sorted(theirs['query'])}"
    else:
        authorization = dict(ours["headers"])["authorization"]
        if authorization != theirs["authorization"]:
            return f"authorization\n--- ours\n{authorization}\n--- theirs\n{theirs['authorization']}"
    return None


class Failed(Exception):
    pass


def compare(driver, signer, asked):
    """The rows that explain why the request is signed differently; none where it is signed alike."""
    reply = driver.ask(asked_of_driver(asked))
    shown = json.dumps(asked, ensure_ascii=False)
    if "ok" not in reply:
        raise Failed(f"tucuxi refuses: {reply}\n{shown}")
    ours = reply["ok"]
    sent = Sent(asked, ours)
    wrong = meant(asked, sent)
    if wrong:
        raise Failed(f"{wrong}: {ours['url']} {ours['headers']}\n{shown}")
    rows = [row for row in EXPLAINED if row.signer == signer.name and row.concerns(sent)]
    found = difference(signer, sent, ours)
    if found and not rows:
        raise Failed(f"{signer.name} differs: {found}\n{shown}")
    if rows and not found:
        raise Failed(f"{signer.name} should differ: {[row.why for row in rows]}\n{shown}")
    return rows


def refused(driver, chance, signer):
    """A control character or one beyond ASCII in a header's value, or a control character in the URL, is refused by name."""
    asked = random_request(chance, signer)
    name = chance.choice(["a", "X-Amz-Meta-A", "My-Header1", "Content-Type"])
    where = chance.choice(["value", "name", "url"])
    control = chance.choice(CONTROLS)
    if where == "value":
        control = chance.choice([control, "é", "\x80", "日本"])
        asked["headers"].insert(0, (name, chance.choice(["", "x"]) + control + chance.choice(["", "y"])))
        expected = f"the value of {name} holds"
    elif where == "name":
        name = chance.choice(["", "a b", "a:b", "é", "a\n", "(a)"])
        asked["headers"].insert(0, (name, "x"))
        expected = "is no header name"
    else:
        expected = f"in the URL at byte {len(asked['url'].encode())}"
        asked["url"] += control + "x"
    error = driver.ask(asked_of_driver(asked)).get("error", {})
    if error.get("kind") != "invalid" or expected not in error.get("message", ""):
        raise Failed(f"should be refused, as {expected!r}: {error}\n{json.dumps(asked)}")


def main():
    program, count, seed = [*sys.argv[1:], None, None][:3]
    count = int(count or 3_000)
    seed = int(seed) if seed else random.SystemRandom().randrange(2**32)
    driver = Driver(program)
    plain = {
        "method": "GET", "url": "https://example.amazonaws.com/", "headers": [], "host": None, "body": {"$b64": ""},
        "credentials": {"access_key": "AKID", "secret_key": "secret"}, "region": "us-east-1", "service": "execute-api",
        "time": "20150830T123600Z", "expires": 60, "place": "headers", "payload": "body",
    }
    signers = [Botocore(), Crt()]
    compare_raw(driver, signers, plain)
    for signer in signers:
        began = time.monotonic()
        chance = random.Random(seed)
        for row in EXPLAINED:
            if row.signer == signer.name and compare(driver, signer, {**plain, **row.example}) != [row]:
                raise Failed(f"the example of a row is explained by others too: {row.why}")
        if compare(driver, signer, plain):
            raise Failed("nothing has to be explained of a plain request")
        explained = dict.fromkeys(EXPLAINED, 0)
        alike = 0
        for _ in range(count):
            rows = compare(driver, signer, random_request(chance, signer))
            alike += not rows
            for row in rows:
                explained[row] += 1
        for row, times in explained.items():
            if row.signer == signer.name:
                print(f"{signer.name}: {times} explained: {row.why}")
        print(
            f"{signer.name}: {count} requests, seed {seed}: {alike} signed alike, {count - alike} explained,"
            f" 0 unexplained ({time.monotonic() - began:.0f} s)"
        )
    chance = random.Random(seed)
    for _ in range(count // 10):
        refused(driver, chance, signers[1])
    print(f"tucuxi: {count // 10} requests with a character that none may hold refused, by name")
    if driver.close() != 0:
        raise Failed("the driver did not end well")


if __name__ == "__main__":
    try:
        main()
    except Failed as failed:
        sys.exit(f"sdks.py {' '.join(sys.argv[1:])}: {failed}")
