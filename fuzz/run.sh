#!/usr/bin/env bash
# Builds fuzz targets with the stable toolchain and runs each for ten seconds. Nothing is installed for it.
#
#   fuzz/run.sh [TARGET…]         default: every file of fuzz_targets/
#   SECONDS_EACH=600 fuzz/run.sh xml
#
# What libFuzzer needs of the compiler are coverage counters, and those are LLVM options that stable
# takes. The address sanitizer, for which cargo-fuzz wants nightly, would look for memory errors in code
# that forbids `unsafe`; overflow checks and debug assertions are on instead.
set -euo pipefail
cd "$(dirname "$0")"

seconds=${SECONDS_EACH:-10}
out=${CARGO_TARGET_DIR:-../target}/fuzz
mkdir -p "$out"
out=$(cd "$out" && pwd)
host=$(rustc -vV | sed -n 's/^host: //p')
if [ $# -eq 0 ]; then
    for file in fuzz_targets/*.rs; do set -- "$@" "$(basename "$file" .rs)"; done
fi

# `--target` keeps the flags from build scripts and macros.
flags="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4"
for counter in inline-8bit-counters pc-table trace-compares; do
    flags="$flags -Cllvm-args=-sanitizer-coverage-$counter"
done
bins=()
for name in "$@"; do bins+=(--bin "$name"); done
CARGO_TARGET_DIR=$out RUSTFLAGS=$flags cargo build -q --release --target "$host" "${bins[@]}"

for name in "$@"; do
    log=$out/$name.log
    # What is found on the way stays in target/; seeds, where a target has some, are in corpus/.
    mkdir -p "$out/corpus/$name" "$out/failures"
    corpora=("$out/corpus/$name")
    [ ! -d "corpus/$name" ] || corpora+=("corpus/$name")
    if ! "$out/$host/release/$name" -max_total_time="$seconds" -timeout=5 -rss_limit_mb=1024 \
        -artifact_prefix="$out/failures/$name-" "${corpora[@]}" >"$log" 2>&1; then
        tail -n 40 "$log" >&2
        echo "fuzz $name: failed; again with: $out/$host/release/$name FILE, FILE as named above" >&2
        exit 1
    fi
    # a target without counters would run, and find nothing
    grep -q 'inline 8-bit counters' "$log" || { echo "fuzz $name: built without counters" >&2; exit 1; }
    echo "fuzz $name: $(sed -n 's/^Done \([0-9]*\) runs in \([0-9]*\) .*/\1 runs in \2 s/p' "$log"), $(
        grep -o 'cov: [0-9]* ft: [0-9]*' "$log" | tail -n 1
    )"
done
