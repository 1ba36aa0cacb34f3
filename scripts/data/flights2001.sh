#!/usr/bin/env bash
# Makes fixtures/flights2001 again from the npm package it was taken from. Needs npm, sha512sum, tar and Go. The same
# package gives the same bytes; the package is held against the digest below before it is read.
#   scripts/data/flights2001.sh [OUT]     OUT: the folder to write to, default fixtures/flights2001
set -euo pipefail
OUT=${1:+$(realpath -m "$1")}
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

PACKAGE=vega-datasets@3.2.1
DIGEST=9534b0640eb2abaa925366199bee9ba882e222f4cf3f19f88ad8abee33c61661c874fbd47d0f690b3cdcae4958cb030980b51b68879291941d88977ac01c4fba
OUT=${OUT:-fixtures/flights2001}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if ! name=$(npm pack --loglevel=error --pack-destination "$work" "$PACKAGE"); then
    printf 'flights2001: npm could not fetch %s: see above\n' "$PACKAGE" >&2
    exit 1
fi
tarball=$work/$name
if ! printf '%s  %s\n' "$DIGEST" "$tarball" | sha512sum --check --status; then
    printf 'flights2001: %s is not the package that the fixture was made from: got sha512 %s\n' \
        "$PACKAGE" "$(sha512sum "$tarball" | cut -d' ' -f1)" >&2
    exit 1
fi
tar -xzf "$tarball" -C "$work" package/data/flights-3m.parquet package/data/airports.csv

go run ./scripts/data/flights2001 -flights "$work/package/data/flights-3m.parquet" \
    -airports "$work/package/data/airports.csv" -out "$OUT"
