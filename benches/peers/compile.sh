#!/usr/bin/env bash
# What each client costs to compile: CPU seconds of a clean release build, crates, and bytes of the program.
#
#   benches/peers/compile.sh [CLIENT…]     default: tucuxi aws-sdk-s3
#
# CLIENT is a folder here. ROUNDS (1) builds each so often, in turn, and the least counts. CPU seconds are user and
# system time of cargo and all that it starts: on a busy machine nearly the same, where wall time is not.
# The programs are left in target/CLIENT/release.
set -euo pipefail
cd "$(dirname "$0")"

[ $# -gt 0 ] || set -- tucuxi aws-sdk-s3
rounds=${ROUNDS:-1}
# As anybody would build it, and nothing from a cache.
unset "${!CARGO_PROFILE_@}" CARGO_BUILD_TARGET CARGO_ENCODED_RUSTFLAGS RUSTC_WRAPPER RUSTFLAGS
export CARGO_INCREMENTAL=0
cargo fetch -q --locked

target=${CARGO_TARGET_DIR:-$PWD/target}
mkdir -p "$target"

# crates EDGES CLIENT: how many stand behind the program, the client among them.
crates() {
    cargo tree -q --locked -e "$1" --prefix none -p "hello-$2" | awk 'NF && !/^hello-/ { print $1, $2 }' | sort -u | wc -l
}

declare -A least bytes
TIMEFORMAT='%U %S'
for ((round = 1; round <= rounds; round++)); do
    for client in "$@"; do
        rm -rf "${target:?}/$client"
        spent=$({ time CARGO_TARGET_DIR=$target/$client cargo build -q --release --locked --offline \
            -p "hello-$client" 2>"$target/$client.log"; } 2>&1) || { cat "$target/$client.log" >&2; exit 1; }
        spent=$(awk '{ printf "%.1f", $1 + $2 }' <<<"$spent")
        least[$client]=$(printf '%s\n' "${least[$client]:-$spent}" "$spent" | sort -g | head -n 1)
        bytes[$client]=$(stat -c %s "$target/$client/release/hello-$client")
        echo "round $round: $client $spent CPU-s" >&2
    done
done

rustc -V
printf '%-14s %7s %11s %9s %8s %12s\n' client crates 'build only' CPU-s times bytes
first=${least[$1]}
for client in "$@"; do
    normal=$(crates normal "$client")
    printf '%-14s %7d %11d %9s %8s %12d\n' "$client" "$normal" $(($(crates normal,build "$client") - normal)) \
        "${least[$client]}" "$(awk "BEGIN { printf \"%.1f\", ${least[$client]} / $first }")" "${bytes[$client]}"
done
