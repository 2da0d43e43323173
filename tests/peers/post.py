"""Signs POST policies with botocore, at a time that each request names: the oracle of tests/peers/post.rs.

One JSON line in, one out. In: bucket, key, fields, conditions, expires, access_key, secret_key, token, region, time
(seconds since 1970), express (whether to sign as for a directory bucket, in that session's name). Out: url, fields.
"""

import datetime
import functools
import json
import sys

import botocore.auth
import botocore.session
import botocore.signers
from botocore.config import Config
from botocore.credentials import Credentials

SESSION = botocore.session.Session()
CONFIG = Config(signature_version="s3v4", s3={"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"})


@functools.lru_cache(maxsize=None)
def client(access_key, secret_key, token, region):
    return SESSION.create_client(
        "s3",
        aws_access_key_id=access_key,
        aws_secret_access_key=secret_key,
        aws_session_token=token,
        region_name=region,
        config=CONFIG,
    )


class Express:
    """Signs in the name of a session that is there already, which a client would ask for."""

    def __init__(self, request):
        keys = Credentials(request["access_key"], request["secret_key"], request["token"])
        self.auth = botocore.auth.S3ExpressPostAuth(keys, "s3express", request["region"], identity_cache={})

    def sign(self, _operation, request, _region, _kind):
        self.auth.add_auth(request)


def answer(request):
    now = datetime.datetime.fromtimestamp(request["time"], datetime.timezone.utc).replace(tzinfo=None)
    # Both modules ask for the time by this name.
    botocore.auth.get_current_datetime = botocore.signers.get_current_datetime = lambda: now
    s3 = client(request["access_key"], request["secret_key"], request["token"], request["region"])
    usual = s3._request_signer
    if request["express"]:
        s3._request_signer = Express(request)
    try:
        return s3.generate_presigned_post(
            request["bucket"], request["key"], request["fields"], request["conditions"], request["expires"]
        )
    finally:
        s3._request_signer = usual


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
