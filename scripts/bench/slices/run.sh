#!/usr/bin/env bash
# Holds the slice search against SliceLine on a public table and on a large one, and prints a Markdown table; see README.md beside
# this file.
#
#   scripts/bench/slices/run.sh [FLIGHTS_DIR]
#
# FLIGHTS_DIR is the data set flights-nyc2013 (default: ../shared/data/flights-nyc2013 beside the project). PEERS_VENV names a virtual
# environment to make and keep; else it is a throwaway one. It ends with 1 where the best scores are not the same.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)
flights=${1:-$root/../shared/data/flights-nyc2013}
if [ ! -d "$flights/small" ]; then
    printf 'run.sh: no folder %s: name the one of flights-nyc2013\n' "$flights/small" >&2
    exit 1
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
venv=${PEERS_VENV:-$work/venv}
[ -x "$venv/bin/python" ] || "${PYTHON:-python3}" -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$here/../peers/requirements.txt" >&2

(cd "$root" && go build -o "$work/slices" ./scripts/bench/slices)
export PYTHONDONTWRITEBYTECODE=1 OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 NUMBA_NUM_THREADS=1
"$venv/bin/python" "$here/compare.py" "$work/slices" "$flights" "$work"
