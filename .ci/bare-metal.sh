#!/usr/bin/env bash
# Builds tucuxi-core for a Cortex-M0, where neither `std` nor `alloc` exists: the proof that it needs neither.
#
# Only `core` is built for the target (`-Zbuild-std=core`), by Debian's rustc and its source: rustup's
# toolchains cannot be added to everywhere, and a compiler builds no other version's `core`. Fails when
# the packages cannot be had; never skips. Their version is whatever Debian's security team ships.
set -euo pipefail
cd "$(dirname "$0")/.."

target=thumbv6m-none-eabi
out=${CARGO_TARGET_DIR:-target}/bare-metal

if ! [ -x /usr/bin/rustc ] || ! [ -x /usr/bin/cargo ] || ! [ -e /usr/lib/rustlib/src/rust/library/Cargo.lock ]; then
    root=
    [ "$(id -u)" -eq 0 ] || root=sudo
    apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3)
    $root "${apt[@]}" update
    $root "${apt[@]}" install --no-install-recommends rustc-web cargo-web rust-web-src
fi

# else Debian's cargo would find rustup's rustc in PATH
export RUSTC=/usr/bin/rustc RUSTDOC=/usr/bin/rustdoc RUSTC_BOOTSTRAP=1
unset RUSTUP_TOOLCHAIN RUSTFLAGS CARGO_ENCODED_RUSTFLAGS RUSTC_WRAPPER
/usr/bin/rustc -V

for features in "" checksums serde sigv4a; do
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
