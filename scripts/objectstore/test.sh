#!/usr/bin/env bash
# Runs the same nights from files, from s3:// and from gs://, with a real httpfs extension and a real S3 server on the loopback, and holds the
# findings against each other. Needs Go, and Python with venv: the server (moto) and the extension come from PyPI. The extension there is of the
# newest DuckDB that it has been built for; where that is not the one of go.mod the program is built with it for this test alone.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
say() { printf '== %s\n' "$*"; }
fail() { printf 'objectstore: %s\n' "$*" >&2; exit 1; }
work=$(mktemp -d)
server=
cleanup() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT
for name in $(compgen -e | grep -E '^(AWS|GCS)_' || true); do unset "$name"; done

say "server and extension"
python=${PYTHON:-python3}
"$python" -c 'import venv, ensurepip' 2>/dev/null || { apt-get update -qq && apt-get install -y -qq python3-venv; }
"$python" -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check 'moto[server]==5.2.5' duckdb-extension-httpfs==1.5.5
extension=$(find "$work/venv" -name httpfs.duckdb_extension)
duckdb=$(basename "$(dirname "$extension")") # as in v1.5.5
platform=linux_$(case $(uname -m) in x86_64) echo amd64 ;; *) echo arm64 ;; esac)
mkdir -p "$work/home/.duckdb/extensions/$duckdb/$platform" "$work/nohome"
cp "$extension" "$work/home/.duckdb/extensions/$duckdb/$platform/"

say "plumbline with DuckDB $duckdb"
cd "$root"
IFS=. read -r major minor patch <<<"${duckdb#v}"
wanted=$(printf '%d%02d%02d' "$major" "$minor" "$patch")
sed -E "s#(github.com/duckdb/duckdb-go[^ ]* v[0-9]+\.)[0-9]{5}(\.)#\1$wanted\2#" go.mod >"$work/go.mod"
cp go.sum "$work/go.sum"
go build -mod=mod -modfile="$work/go.mod" -o "$work/plumbline" ./cmd/plumbline

say "a world of 20 nights"
go run ./fixtures/soak -world "$work/world" -nights 20
"$work/venv/bin/moto_server" -H 127.0.0.1 -p 0 >"$work/server.log" 2>&1 &
server=$!
for _ in $(seq 100); do
    at=$(grep -oE 'http://127.0.0.1:[0-9]+' "$work/server.log" 2>/dev/null | head -1 || true)
    [ -z "$at" ] || break
    sleep 0.1
done
[ -n "${at:-}" ] || fail "the server did not start: $(cat "$work/server.log")"
"$work/venv/bin/python" - "$at" "$work/world" <<'PY'
import boto3, pathlib, sys
at, root = sys.argv[1], pathlib.Path(sys.argv[2])
s3 = boto3.client("s3", endpoint_url=at, aws_access_key_id="k", aws_secret_access_key="s", region_name="us-east-1")
s3.create_bucket(Bucket="lake")
for file in sorted(root.rglob("*.parquet")):
    s3.upload_file(str(file), "lake", "in/" + str(file.relative_to(root)))
PY

say "runs"
night() { # scheme or "", home: what a run says last
    local loop=$work/world/$1loop.yaml
    [ -z "$1" ] || sed -E "s#path: (predictions|outcomes|loads|calls),#path: \"$1://lake/in/\1\",#" "$work/world/loop.yaml" >"$loop"
    HOME=$2 AWS_ACCESS_KEY_ID=k AWS_SECRET_ACCESS_KEY=s AWS_ENDPOINT_URL=$at GCS_ACCESS_KEY_ID=k GCS_SECRET_ACCESS_KEY=s GCS_ENDPOINT_URL=$at \
        "$work/plumbline" run "$loop" --from 2024-01-04 --to 2024-01-11 --ledger "$work/$1nights.duckdb" --log-format json 2>"$work/said" >"$work/out"
}
night "" "$work/home" || fail "files: $(cat "$work/said")"
for scheme in s3 gs; do
    night $scheme "$work/home" || fail "$scheme: $(cat "$work/said")"
    diff <(sed '/"run_id"/d' "$work/nights.duckdb.findings.json") <(sed '/"run_id"/d' "$work/${scheme}nights.duckdb.findings.json") >"$work/diff" ||
        fail "the findings from $scheme:// are others than those from files: $(head -20 "$work/diff")"
done
code=0
night s3 "$work/nohome" || code=$?
[ "$code" = 2 ] && grep -q "httpfs, which is not installed" "$work/said" && grep -q "hint: as the user that runs plumbline" "$work/said" ||
    fail "without the extension: exit code $code, $(cat "$work/said")"
findings=$(grep -c '"id": "F-' "$work/nights.duckdb.findings.json" || true)
[ "$findings" -gt 0 ] || fail "the nights have no finding, so that little is shown"
echo "objectstore: duckdb=$duckdb s3=equal gs=equal without_extension=told findings=$findings"
