#!/usr/bin/env bash
# Runs the example DAGs in a real Airflow (SQLite, no scheduler): three nights and their XComs, a week's report, a night without predictions, SIGTERM in the
# middle of one, and the same night again. Needs Python 3.10 to 3.13 with venv, and Go; Airflow comes from PyPI, at the versions of
# constraints.txt, into a virtual environment that is kept and used again while that file is the same.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
data=${PLUMBLINE_SHARED:-$root/../shared/data}/flights-nyc2013
say() { printf '== %s\n' "$*"; }
fail() { printf 'airflow: %s\n' "$*" >&2; exit 1; }

if [ ! -d "$data/small" ]; then
    [ "${PLUMBLINE_REQUIRE_SHARED:-}" != 1 ] || fail "$data is not there, and PLUMBLINE_REQUIRE_SHARED asks for it"
    echo "airflow: SKIPPED, $data is not there (PLUMBLINE_SHARED names another place)"
    exit 0
fi

# Nothing that the caller's environment says of lineage is meant for these runs.
for name in $(compgen -e | grep -E '^OPENLINEAGE_' || true); do unset "$name"; done

work=$(mktemp -d)
airflow_pid=
cleanup() {
    [ -z "$airflow_pid" ] || kill -9 "$airflow_pid" 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT

say "plumbline"
mkdir "$work/bin" "$work/data" "$work/home"
(cd "$root" && go build -o "$work/bin/plumbline" ./cmd/plumbline)

python=${PYTHON:-python3}
"$python" -c 'import venv, ensurepip' 2>/dev/null || { apt-get update -qq && apt-get install -y -qq python3-venv; }
version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
venv=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/plumbline/airflow-$version-$(sha256sum "$here/constraints.txt" | cut -c1-12)
mkdir -p "$(dirname "$venv")"
exec 9>"$venv.lock"
flock 9 # one at a time makes it
if [ ! -e "$venv/complete" ]; then
    say "Airflow, into $venv"
    rm -rf "$venv"
    "$python" -m venv "$venv"
    "$venv/bin/pip" install -q -c "$here/constraints.txt" apache-airflow apache-airflow-providers-standard apache-airflow-providers-cncf-kubernetes
    touch "$venv/complete"
fi
exec 9>&-

cp -r "$data/small" "$work/data/small"
cp "$data/planes.csv" "$work/data/"
chmod -R u+w "$work/data"
loop=$work/data/small/loop.yaml
ledger=$work/data/small/flights-nyc2013-small.duckdb

export PATH=$work/bin:$venv/bin:$PATH AIRFLOW_HOME=$work/home AIRFLOW__CORE__LOAD_EXAMPLES=False AIRFLOW__CORE__DAGS_FOLDER=$here
export AIRFLOW__DATABASE__SQL_ALCHEMY_CONN=sqlite:///$work/home/airflow.db
mkdir "$work/reports"
export AIRFLOW_VAR_PLUMBLINE_LOOPS=$loop AIRFLOW_VAR_PLUMBLINE_REPORTS=$work/reports
export AIRFLOW_VAR_PLUMBLINE_LOOP=$loop AIRFLOW_VAR_PLUMBLINE_METRICS_FILE=$work/plumbline.prom AIRFLOW_VAR_PLUMBLINE_IMAGE=plumbline:test

# ask QUERY: one line for each row of Airflow's own database.
ask() {
    "$venv/bin/python" - "$work/home/airflow.db" "$1" <<'P'
import sqlite3, sys
for row in sqlite3.connect(sys.argv[1]).execute(sys.argv[2]):
    print("|".join(str(v) for v in row))
P
}

# test_day DAY: the run whose logical date is DAY takes in the day before it.
test_day() { airflow dags test plumbline_nightly "$1" >"$work/airflow.log" 2>&1 || { tail -n 60 "$work/airflow.log"; fail "dags test $1"; }; }

say "the DAGs"
airflow db migrate >"$work/migrate.log" 2>&1 || { cat "$work/migrate.log"; fail "db migrate"; }
"$venv/bin/python" - "$here" <<'P'
import sys
from airflow.dag_processing.dagbag import DagBag
bag = DagBag(sys.argv[1])
assert not bag.import_errors, bag.import_errors
assert sorted(bag.dags) == ["plumbline_nightly", "plumbline_nightly_pod", "plumbline_weekly"], sorted(bag.dags)
P

say "three nights"
for day in 21 22 23; do
    test_day "2013-07-$day"
    told=$(ask "select value from xcom where key = 'return_value' order by timestamp desc limit 1")
    "$venv/bin/python" - "$told" "2013-07-${day}T00:00:00Z" "$ledger.findings.json" <<'P'
import json, sys
told, to, findings = json.loads(sys.argv[1]), sys.argv[2], json.load(open(sys.argv[3]))
assert told["loop"] == "flights-nyc2013-small" and told["to"] == to, told
assert told["run_id"] == findings["run_id"] and told["verdict"] == findings["verdict"], (told, findings["run_id"])
assert told["findings_path"] == sys.argv[3], told
P
done
[ "$(ask "select count(*) from task_instance where task_id = 'run' and state = 'success'")" = 3 ] || fail "not three successes"
[ "$(ask "select count(*) from asset_event")" = 3 ] || fail "not three events of the asset"
grep -q '^plumbline_last_run_status{loop="flights-nyc2013-small"} 1$' "$work/plumbline.prom" || fail "no metrics"

say "the week's report"
airflow dags test plumbline_weekly 2013-07-22 >"$work/weekly.log" 2>&1 || { tail -n 60 "$work/weekly.log"; fail "the weekly report"; }
report=$work/reports/integrity-2013-W29.html
grep -q '<title>Integrity report 2013-W29</title>' "$report" || { tail -n 60 "$work/weekly.log"; fail "no report"; }
grep -q 'Judged at 2013-07-22, as of 2013-07-2' "$report" || fail "the report is of another evaluation"
[ "$(ask "select count(*) from task_instance where task_id = 'report' and state = 'success'")" = 1 ] || fail "the report's task did not succeed"

say "a night without predictions is skipped"
cp "$ledger" "$work/before.duckdb"
test_day 2013-09-01
[ "$(ask "select state from task_instance where task_id = 'run' order by start_date desc limit 1")" = skipped ] || fail "not skipped"
[ "$(ask "select count(*) from xcom where key = 'return_value'")" = 3 ] || fail "a skipped night has an XCom"
cmp -s "$ledger" "$work/before.duckdb" || fail "a skipped night changed the ledger"

say "SIGTERM in the middle"
airflow dags test plumbline_nightly 2013-07-24 >"$work/stopped.log" 2>&1 &
airflow_pid=$!
running=
for _ in $(seq 600); do
    for process in /proc/[0-9]*; do
        if [ "$(cat "$process/comm" 2>/dev/null)" = plumbline ] && grep -qz "^LOOP=$loop$" "$process/environ" 2>/dev/null; then running=${process#/proc/}; fi
    done
    [ -z "$running" ] || break
    sleep 0.1
done
[ -n "$running" ] || { tail -n 60 "$work/stopped.log"; fail "plumbline never ran"; }
sleep 0.3
kill -TERM "$airflow_pid"
for _ in $(seq 50); do
    kill -0 "$running" 2>/dev/null || break
    sleep 0.1
done
! kill -0 "$running" 2>/dev/null || fail "plumbline still runs five seconds after SIGTERM"
for _ in $(seq 100); do
    state=$(ask "select state from task_instance where task_id = 'run' order by start_date desc limit 1")
    [ "$state" != running ] && break
    sleep 0.2
done
kill -9 "$airflow_pid" 2>/dev/null || true
wait "$airflow_pid" 2>/dev/null || true
airflow_pid=
[ "$state" = up_for_retry ] || fail "the task is $state, not up for retry"
cmp -s "$ledger" "$work/before.duckdb" || fail "a stopped night changed the ledger"

say "the same night again, and one that is there already"
test_day 2013-07-24
cp "$ledger.findings.json" "$work/once.json"
test_day 2013-07-24
cmp "$ledger.findings.json" "$work/once.json" || fail "a repeated night says something else"

echo "airflow: nights=3 xcom=3 reports=1 skipped=1 stopped=1 repeated=1 ($("$venv/bin/airflow" version))"
