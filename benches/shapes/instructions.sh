#!/bin/bash
# Instructions a signature outside of SHA-256's compression, by callgrind: (2000 - 1000 signatures) / 1000.
# usage: instructions.sh BINARY
for shape in 0 1 2; do for load in 0 1 2; do
  for n in 1000 2000; do valgrind --tool=callgrind --callgrind-out-file=/tmp/shapes.$n "$1" $shape $load $n >/dev/null 2>&1; done
  python3 - $shape $load <<'P'
import re, sys
def read(n):
    # --dump-instr=no: fn=(id) name, then "line cost" lines; a calls= line's next line is inclusive cost
    own, names, fn, skip = {}, {}, None, False
    for l in open(f"/tmp/shapes.{n}"):
        m = re.match(r"fn=\((\d+)\)(?: (.*))?", l)
        if m:
            if m[2]: names[m[1]] = m[2].strip()
            fn = names[m[1]]; continue
        m = re.match(r"c?fn=\((\d+)\) (.*)", l)
        if m: names[m[1]] = m[2].strip()
        if l.startswith("calls="): skip = True; continue
        if re.match(r"[+\-*\d]", l):
            if skip: skip = False; continue
            own[fn] = own.get(fn, 0) + int(l.split()[1])
    return own
a, b = read(1000), read(2000)
d = {f: (b[f] - a.get(f, 0)) / 1000 for f in b}
sha = sum(v for f, v in d.items() if "sha2" in f)
print("ABC"[int(sys.argv[1])], "abd"[int(sys.argv[2])], "outside", round(sum(d.values()) - sha), "in sha2", round(sha),
      "|", ", ".join(f"{f[-40:]} {v:.0f}" for f, v in sorted(d.items(), key=lambda x: -x[1]) if v > 30 and "sha2" not in f))
P
done; done
