#!/usr/bin/env bash
# Builds tucuxi-core for a Cortex-M0, where neither `std` nor `alloc` exists: the proof that it needs neither.
#
# Only `core` is built for the target (`-Zbuild-std=core`), by Debian's rustc and its source: see bare-metal-tools.sh.
set -euo pipefail
cd "$(dirname "$0")/.."

target=thumbv6m-none-eabi
out=$(.ci/bare-metal-tools.sh | tail -n 1)

# else Debian's cargo would find rustup's rustc in PATH
export RUSTC=/usr/bin/rustc RUSTDOC=/usr/bin/rustdoc RUSTC_BOOTSTRAP=1
unset RUSTUP_TOOLCHAIN RUSTFLAGS CARGO_ENCODED_RUSTFLAGS RUSTC_WRAPPER
/usr/bin/rustc -V

for features in "" checksums serde sigv4a sha2 small-hash; do
    /usr/bin/cargo build -q --locked --release -Zbuild-std=core --target "$target" --target-dir "$out" \
        -p tucuxi-core --no-default-features --features "$features"
    deps=$out/$target/release/deps
    for absent in alloc std; do
        if compgen -G "$deps/lib$absent-*.rlib" >/dev/null; then
            echo "lib$absent was built: the build proves nothing" >&2
            exit 1
        fi
    done
    compgen -G "$deps/libcore-*.rlib" >/dev/null
    rlib=$out/$target/release/libtucuxi_core.rlib
    [ -s "$rlib" ]
    echo "$target, features [$features]: $(stat -c %s "$rlib") bytes of rlib, no alloc, no std"
done
