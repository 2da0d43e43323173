#!/bin/bash
# Flash, stack and instructions on a Cortex-M0 (QEMU's microbit); $1 is a script that builds and runs a bare-metal crate.
cd "$(dirname "$0")"; export ALLOW_BANNED=1 OUT=${OUT:-/var/tmp/bare-metal-shapes}
for OPT in ${LEVELS:-z s}; do export OPT
  for shape in none list pairs visit; do for ops in one two three; do
    [ $shape = none ] && [ $ops != one ] && continue
    f=$shape; [ $shape = none ] && f=; [ $ops = two ] && f=$f,two; [ $ops = three ] && f=$f,two,three
    sed "s/--bin \"\$BIN\"/--bin \"\$BIN\" --features=\"\$FEATURES\"/" "$1" > "$OUT/build.sh"
    echo "$shape $ops: $(FEATURES=$f${EXTRA:+,$EXTRA} bash "$OUT/build.sh" . board thumbv6m-none-eabi 2>&1 | tail -${TAIL:-1})"
  done; done
done
