#!/usr/bin/env bash
# Starts servers that other people wrote on loopback, runs a command against them, and stops them.
#
#   tests/peers/run.sh [COMMAND…]          default: cargo test --workspace --test peers
#
# moto answers S3, SQS, STS and IAM and checks header signatures; SeaweedFS answers S3 and checks signatures.
# The command finds them in its environment:
#
#   TUCUXI_PEER_SEAWEEDFS                  URL of S3
#   TUCUXI_PEER_SEAWEEDFS_KEY_ID, _SECRET  its one key pair
#   TUCUXI_PEER_MOTO                       URL of S3, SQS and STS
#   TUCUXI_PEER_MOTO_KEY_ID, _SECRET       a user who may do everything
#   TUCUXI_PEER_MOTO_ROLE                  ARN of a role that the user may assume
#   TUCUXI_PEER_PYTHON                     an interpreter that has botocore
#
# PYTHON names the interpreter of an environment that holds tests/requirements.txt.
set -euo pipefail
cd "$(dirname "$0")/../.."

PYTHON=${PYTHON:-${CARGO_TARGET_DIR:-$PWD/target}/venv/bin/python}
[ -x "$PYTHON" ] || { echo "no $PYTHON: .ci/run makes it, or set PYTHON" >&2; exit 1; }
BIN=$(dirname "$PYTHON")
# The whole workspace, so that what `cargo test --workspace` has built is not built again with fewer features.
[ $# -gt 0 ] || set -- cargo test --workspace --test peers
# Nobody's own settings, and no look for credentials on a link-local address.
unset "${!AWS_@}"
export AWS_EC2_METADATA_DISABLED=true AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null

scratch=$(mktemp -d)
servers=()
stop() {
    status=$?
    trap - EXIT
    [ "$status" -eq 0 ] || tail -n 20 "$scratch"/*.log >&2 || true
    # Nothing of theirs is kept, so they need not go gently: SeaweedFS would take ten seconds.
    for pid in "${servers[@]}"; do
        kill -KILL "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    # SeaweedFS puts some sockets there whatever TMPDIR says.
    for port in ${ports:-}; do rm -f /tmp/seaweedfs-*-"$port".sock; done
    rm -rf "$scratch"
    exit "$status"
}
trap stop EXIT
trap 'exit 130' INT TERM

# Ports that are free now. SeaweedFS wants its gRPC ports named, or adds 10,000, which may not exist.
ports=$("$PYTHON" -c '
import socket
held = [socket.create_server(("127.0.0.1", 0)) for _ in range(9)]
print(*(each.getsockname()[1] for each in held))')
read -r moto master master_grpc volume volume_grpc filer filer_grpc s3 s3_grpc <<<"$ports"

# The first three actions are let in unsigned: they make the user whom every later action needs.
INITIAL_NO_AUTH_ACTION_COUNT=3 "$BIN/moto_server" -H 127.0.0.1 -p "$moto" >"$scratch/moto.log" 2>&1 &
servers+=($!)

export TUCUXI_PEER_PYTHON=$PYTHON
export TUCUXI_PEER_SEAWEEDFS=http://127.0.0.1:$s3
export TUCUXI_PEER_SEAWEEDFS_KEY_ID=AKIDSEAWEEDFS
export TUCUXI_PEER_SEAWEEDFS_SECRET=a/secret+for=SeaweedFS
cat >"$scratch/s3.json" <<JSON
{"identities": [{"name": "tests", "actions": ["Admin", "Read", "List", "Tagging", "Write"], "credentials": [
    {"accessKey": "$TUCUXI_PEER_SEAWEEDFS_KEY_ID", "secretKey": "$TUCUXI_PEER_SEAWEEDFS_SECRET"}]}]}
JSON
mkdir "$scratch/seaweedfs"
# Each bucket takes several volumes, hence many small ones.
"$BIN/weed" -logtostderr server -dir="$scratch/seaweedfs" -ip=127.0.0.1 \
    -master.port="$master" -master.port.grpc="$master_grpc" -master.telemetry=false -master.volumeSizeLimitMB=64 \
    -volume.port="$volume" -volume.port.grpc="$volume_grpc" -volume.max=200 \
    -filer -filer.port="$filer" -filer.port.grpc="$filer_grpc" -filer.localSocket="$scratch/filer.sock" \
    -s3 -s3.port="$s3" -s3.port.grpc="$s3_grpc" -s3.localSocket="$scratch/s3.sock" \
    -s3.port.iceberg=0 -s3.port.lance=0 -s3.allowDeleteBucketNotEmpty=false -s3.config="$scratch/s3.json" >"$scratch/seaweedfs.log" 2>&1 &
servers+=($!)

"$PYTHON" tests/peers/ready.py "http://127.0.0.1:$moto" "$TUCUXI_PEER_SEAWEEDFS" \
    "$TUCUXI_PEER_SEAWEEDFS_KEY_ID" "$TUCUXI_PEER_SEAWEEDFS_SECRET" >"$scratch/moto.env"
# shellcheck source=/dev/null
. "$scratch/moto.env"

"$@"
