#!/usr/bin/env bash
# What builds for machines without std, and with the word `qemu` what plays them; prints where they lie at the end.
#
# Debian's rustc with its source, since rustup's toolchains cannot be added to everywhere, and a compiler builds
# no other version's `core`. QEMU is unpacked beside the images and not installed: the machine may have a newer
# qemu-utils, which Debian's QEMU would remove. Fails when the packages cannot be had; never skips. Their versions are
# whatever Debian's security team ships.
set -euo pipefail
cd "$(dirname "$0")/.."

out=$(realpath -m "${CARGO_TARGET_DIR:-target}")/bare-metal
root=()
[ "$(id -u)" -eq 0 ] || root=(sudo)
apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3)
mkdir -p "$out"

if ! [ -x /usr/bin/rustc ] || ! [ -x /usr/bin/cargo ] || ! [ -e /usr/lib/rustlib/src/rust/library/Cargo.lock ]; then
    "${root[@]}" "${apt[@]}" update
    "${root[@]}" "${apt[@]}" install --no-install-recommends rustc-web cargo-web rust-web-src
fi

if [ "${1:-}" = qemu ] && ! [ -e "$out/qemu/whole" ]; then
    "${root[@]}" "${apt[@]}" update
    # what an installation would bring, which is what is not there yet
    packages=$("${apt[@]}" install --simulate --no-install-recommends qemu-system-arm qemu-system-misc |
        awk '/^Inst/ { print $2 }')
    rm -rf "$out/qemu" "$out/debs"
    mkdir -p "$out/debs"
    # shellcheck disable=SC2086 # a list
    (cd "$out/debs" && "${apt[@]}" download $packages)
    for package in "$out"/debs/*.deb; do
        dpkg -x "$package" "$out/qemu"
    done
    rm -rf "$out/debs"
    touch "$out/qemu/whole"
fi

echo "$out"
