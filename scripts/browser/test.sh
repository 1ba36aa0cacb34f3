#!/usr/bin/env bash
# Looks at weekly reports in a real Chromium (Debian's, installed where it is missing and this is root): the demonstration's, and one of a loop
# whose names are hostile. PICTURES is a folder for what was seen; without it nothing is kept. Playwright comes from PyPI, pinned by
# requirements.txt, into a virtual environment that is kept and used again while that file is the same.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [ -z "$chromium" ]; then
    [ "$(id -u)" = 0 ] || { echo "browser: chromium is not installed, and only root can install it" >&2; exit 1; }
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null
    chromium=$(command -v chromium)
fi
python=${PYTHON:-python3}
"$python" -c 'import venv, ensurepip' 2>/dev/null || { apt-get update -qq && apt-get install -y -qq python3-venv; }
version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
venv=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/plumbline/browser-$version-$(sha256sum "$here/requirements.txt" | cut -c1-12)
mkdir -p "$(dirname "$venv")"
exec 9>"$venv.lock"
flock 9 # one at a time makes it
if [ ! -e "$venv/complete" ]; then
    rm -rf "$venv"
    "$python" -m venv "$venv"
    "$venv/bin/pip" install -q -r "$here/requirements.txt"
    touch "$venv/complete"
fi
exec 9>&-

(cd "$root" && go build -o "$work/plumbline" ./cmd/plumbline)
cd "$work"
./plumbline demo --out demo >/dev/null 2>&1
./plumbline report demo/loop.yaml --week 2001-W19 --out demo.html 2>/dev/null

# A loop whose names, segments and owners are hostile, three weeks of it.
"$python" - <<'END'
import csv, datetime, random
random.seed(1)
begin = datetime.datetime(2013, 7, 1)
bad = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "\u202egnp.exe", "x" * 10000]
with open("p.csv", "w", newline="") as p, open("o.csv", "w", newline="") as o, open("s.csv", "w", newline="") as s:
    p, o, s = csv.writer(p), csv.writer(o), csv.writer(s)
    p.writerow(["id", "at", "score", "<script>alert(2)</script>", "key", '"><b onmouseover=alert(3)>'])
    o.writerow(["id", "at", "y"])
    s.writerow(["key", "at", "v"])
    for hour in range(24 * 28):
        at = begin + datetime.timedelta(hours=hour)
        for key in range(4):
            s.writerow([bad[key], at.isoformat() + "Z", hour * 7 % 101 + key])
    for n in range(24 * 21 * 12):
        at = begin + datetime.timedelta(days=7, minutes=5 * n + 2)
        key = n % 4
        hour = int((at - begin).total_seconds() // 3600)
        lag = 3 if at >= begin + datetime.timedelta(days=22) else 0
        served = (hour - lag) * 7 % 101 + key
        y = int(random.random() < served / 120)
        p.writerow([f"p{n}", at.isoformat() + "Z", served / 120, bad[n % 3], bad[key], served])
        o.writerow([f"p{n}", (at + datetime.timedelta(hours=5)).isoformat() + "Z", y])
with open("loop.yaml", "w") as f:
    f.write("""version: 1
loop: hostile
task: binary
predictions: {path: p.csv, id: id, at: at, score: score, segments: ["<script>alert(2)</script>"], owner: "<script>alert(5)</script>"}
outcomes: {path: o.csv, on: {id: id}, value: y, at: at, horizon: 1d}
sources:
  "<script>alert(6)</script>": {path: s.csv, key: {key: key}, at: at, expect: one, fresh_within: 2h, owner: "\\u202e<svg onload=alert(7)>", job: "</title><script>alert(8)</script>"}
features:
  '"><b onmouseover=alert(3)>': {source: "<script>alert(6)</script>", value: v, within: 6h}
baseline: {trailing: 14d, reach: 21d}
""")
END
./plumbline run loop.yaml --from 2013-07-08 --to 2013-07-29 >/dev/null 2>run.log || { cut -c1-500 run.log >&2; exit 1; }
./plumbline report loop.yaml --week 2013-W30 --out hostile.html 2>/dev/null
grep -q 'details class="card"' hostile.html || { echo "browser: the hostile loop has no finding to show" >&2; exit 1; }
mkdir -p "${PICTURES:-$work/pictures}"
"$venv/bin/python" "$here/look.py" "$chromium" "${PICTURES:-$work/pictures}" demo.html hostile.html
