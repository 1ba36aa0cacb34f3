#!/usr/bin/env bash
# Runs 400 nights into one ledger while they are killed, run twice, late, side by side, on a full disk and on files that are cut off, and holds the
# ledger against that of one run over all of them. Takes some half an hour on two cores; NIGHTS, KILLS and SEED make it another one. As root the
# full disk is a small tmpfs; elsewhere no file may grow as large as the ledger.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
work=$(mktemp -d)
cleanup() {
    ! mountpoint -q "$work/soak/disk" || umount "$work/soak/disk"
    rm -rf "$work"
}
trap cleanup EXIT
go build -o "$work/plumbline" ./cmd/plumbline
go build -o "$work/soak-nights" ./fixtures/soak
mkdir "$work/soak"
"$work/soak-nights" -plumbline "$work/plumbline" -dir "$work/soak" -nights "${NIGHTS:-400}" -kills "${KILLS:-200}" -seed "${SEED:-1}" \
    -growth "${GROWTH:-7}" -kind "${KIND:-rows}" "$@"
