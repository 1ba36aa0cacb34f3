#!/usr/bin/env bash
# Asks public tools about the cases of the fault corpus and prints one Markdown table; see README.md beside this file.
#
#   scripts/bench/peers/run.sh [CASES_DIR] [OUT]
#
# CASES_DIR has one folder per case (default: cases, in the folder where it is called); OUT, if given, gets table.md and
# cases.jsonl, and a run goes on from those that it has. PEERS_SET=dev or test takes the cases of that set alone. PEERS_VENV names a virtual environment to make
# and keep; else it is a throwaway one. PYTHON is the interpreter (default python3; 3.11 or later).
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cases=${1:-cases}
out=${2:-}

if [ ! -d "$cases" ]; then
    printf 'run.sh: no folder %s: name the one that has the cases\n' "$cases" >&2
    exit 1
fi

if [ -n "${PEERS_VENV:-}" ]; then
    venv=$PEERS_VENV
else
    temporary=$(mktemp -d)
    trap 'rm -rf "$temporary"' EXIT
    venv=$temporary/venv
fi

[ -x "$venv/bin/python" ] || "${PYTHON:-python3}" -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$here/requirements.txt" >&2

# No tool reports its use to its makers, and each runs on one thread, so that times can be compared.
export NML_DISABLE_USAGE_LOGGING=1 DO_NOT_TRACK=1 PYTHONDONTWRITEBYTECODE=1
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 NUMBA_NUM_THREADS=1

"$venv/bin/python" "$here/compare.py" "$cases" ${PEERS_SET:+--set "$PEERS_SET"} ${out:+--out "$out"}
