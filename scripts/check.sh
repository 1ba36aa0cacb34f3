#!/usr/bin/env bash
# Says whether a change is good: the same checks by hand and in CI. Needs Go and a C compiler; staticcheck is fetched
# and built at the version below. FUZZTIME is how long each fuzz target runs: a number of inputs (default 10000x, a few
# seconds) or a time; 0 runs none. A number, because a run that is bounded by time fails with "context deadline exceeded"
# now and then when its time ends while a worker is busy, without any input having failed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

STATICCHECK=honnef.co/go/tools/cmd/staticcheck@v0.8.1
FUZZTIME=${FUZZTIME:-10000x}

say() { printf '== %s\n' "$*"; }

say "gofmt"
unformatted=$(find . -name '*.go' -not -path './.git/*' -not -path '*/testdata/*' -exec gofmt -l {} +)
if [ -n "$unformatted" ]; then
    printf 'not formatted (run gofmt -w on them):\n%s\n' "$unformatted"
    exit 1
fi

say "go vet"
go vet ./...

say "staticcheck ${STATICCHECK##*@}"
go run "$STATICCHECK" ./...

say "lint: lengths, and no SQL put together in Go"
go run ./scripts/lint .

# The tests of these spend their time in DuckDB and on building worlds, which the race detector makes ten times as slow. What runs
# concurrently in them is in packages that are tested under it here, and those of cmd/plumbline run whole nights. RACE=all puts them under it too.
module=$(go list -m)
heavy="$module/engine $module/engine/profile $module/engine/replay $module/fixtures/nights $module/fixtures/world"
all=$(go list ./...)
if [ "${RACE:-}" = all ]; then
    heavy=""
fi
light=$(comm -23 <(sort <<<"$all") <(tr ' ' '\n' <<<"$heavy" | sort))

say "go test -race"
# The examples of the README and of the help run the program some thirty times: they are run below, without the race detector.
# shellcheck disable=SC2086 # a word for each package
go test -race -timeout 40m -skip '^TestReadme$' $light

say "go test: the engine on whole worlds"
# shellcheck disable=SC2086
[ -z "$heavy" ] || go test -timeout 40m $heavy

say "go test: the examples of README and help"
go test -timeout 40m -run '^TestReadme$' ./cmd/plumbline

if [ "$FUZZTIME" != 0 ]; then
    # One line per target: its folder and its name. grep says 1 when there is none.
    targets=$(grep -rEo --include='*_test.go' '^func Fuzz[A-Za-z0-9_]*' . | sed -E 's|^(.*)/[^/]+:func (Fuzz.*)$|\1 \2|' | sort) || true
    while read -r folder target; do
        [ -n "$target" ] || continue
        say "fuzz $folder $target for $FUZZTIME"
        go test "$folder" -run '^$' -fuzz "^$target\$" -fuzztime "$FUZZTIME" -fuzzminimizetime 5x </dev/null
    done <<<"$targets"
fi

say "all good"
