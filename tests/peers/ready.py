"""Waits until moto and SeaweedFS answer, makes moto's user and role, and prints what a client needs as shell.

    ready.py MOTO_URL SEAWEEDFS_URL SEAWEEDFS_KEY_ID SEAWEEDFS_SECRET

Fails unless both refuse a wrong secret: a server that checks nothing proves nothing.
"""

import json
import sys
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, EndpointConnectionError, HTTPClientError

ALLOW_ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
ANYONE = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
}


def client(service, url, key_id, secret):
    config = Config(retries={"total_max_attempts": 1}, connect_timeout=2, read_timeout=20)
    return boto3.client(
        service,
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id=key_id,
        aws_secret_access_key=secret,
        config=config,
    )


def wait_for(what, ask, seconds=60):
    last = time.monotonic() + seconds
    while True:
        try:
            return ask()
        except (ClientError, EndpointConnectionError, HTTPClientError) as error:
            if time.monotonic() > last:
                sys.exit(f"{what} was not ready in {seconds} s: {error}")
        time.sleep(0.1)


def must_refuse(what, ask):
    try:
        ask()
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        if status == 403:
            return
        sys.exit(f"{what} answered a wrong secret with {status}, not 403")
    sys.exit(f"{what} took a wrong secret")


moto_url, seaweedfs_url, seaweedfs_key_id, seaweedfs_secret = sys.argv[1:]

# A connection that is refused is not an action, so waiting costs none of the three.
iam = client("iam", moto_url, "none", "none")
wait_for("moto", lambda: iam.create_user(UserName="tests"))
key = iam.create_access_key(UserName="tests")["AccessKey"]
iam.put_user_policy(UserName="tests", PolicyName="all", PolicyDocument=json.dumps(ALLOW_ALL))

iam = client("iam", moto_url, key["AccessKeyId"], key["SecretAccessKey"])
role = iam.create_role(RoleName="tests", AssumeRolePolicyDocument=json.dumps(ANYONE))["Role"]
iam.put_role_policy(RoleName="tests", PolicyName="all", PolicyDocument=json.dumps(ALLOW_ALL))
must_refuse("moto", client("sqs", moto_url, key["AccessKeyId"], "wrong").list_queues)

s3 = client("s3", seaweedfs_url, seaweedfs_key_id, seaweedfs_secret)
# It lists buckets before it has a volume to write to: ready is when an object comes back.
wait_for("SeaweedFS", s3.list_buckets)
wait_for("SeaweedFS", lambda: s3.put_object(Bucket="ready", Key="ready", Body=b"ready"))
s3.delete_object(Bucket="ready", Key="ready")
s3.delete_bucket(Bucket="ready")
must_refuse("SeaweedFS", client("s3", seaweedfs_url, seaweedfs_key_id, "wrong").list_buckets)

print(f"export TUCUXI_PEER_MOTO='{moto_url}'")
print(f"export TUCUXI_PEER_MOTO_KEY_ID='{key['AccessKeyId']}'")
print(f"export TUCUXI_PEER_MOTO_SECRET='{key['SecretAccessKey']}'")
print(f"export TUCUXI_PEER_MOTO_ROLE='{role['Arn']}'")
