"""What botocore signs the three loads with; prints the signatures that src/bin/speed.rs checks."""
import datetime
import botocore.auth as auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

auth.get_current_datetime = lambda *a, **k: datetime.datetime(2013, 5, 24, 12, 34, 56)
creds = Credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
host = "https://examplebucket.s3.us-east-1.amazonaws.com"
queue = "https://sqs.us-east-1.amazonaws.com/123456789012/orders"
body = '{"MessageBody":"' + "m" * (256 - 32 - len(queue)) + '","QueueUrl":"' + queue + '"}'
assert len(body) == 256, len(body)
loads = {
    "a": ("s3", "GET", host + "/photos/2013/test%20file.txt", {"Range": "bytes=0-1023"}, None),
    "b": ("s3", "GET", host + "/?continuation-token=1ueGcxLPRx1Tr%2FXYExHnhbYLgveDs2J%2Fwm36Hy4vbOwM%3D&delimiter=%2F&list-type=2&max-keys=100&prefix=photos%2F2013%2F", {}, b""),
    "d": ("sqs", "POST", "https://sqs.us-east-1.amazonaws.com/", {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "AmazonSQS.SendMessage"}, body.encode()),
}
for name, (service, method, url, headers, data) in loads.items():
    signer = (auth.S3SigV4Auth if service == "s3" else auth.SigV4Auth)(creds, service, "us-east-1")
    request = AWSRequest(method=method, url=url, headers=headers, data=data)
    if data is None:
        signer.payload = lambda r: "UNSIGNED-PAYLOAD"
    signer.add_auth(request)
    text = signer.canonical_request(request)
    print(name, request.headers["Authorization"], "request", (len(text) + 9 + 63) // 64)
