package engine_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline-data/plumbline/engine"
)

// steadyWorld writes a loop with a source that pauses for one key every day, and so breaks its promise in
// one long episode: what a judgement says of that depends on how far back it looks. From 2024-02-02 06:00 on its feature is
// served as it was six hours before.
func steadyWorld(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	conn := outside(t, "")
	writeParquet(t, conn, folder, map[string]string{
		"p.parquet": `select i as id, timestamptz '2024-01-01 00:00:00+00' + to_minutes(6 * i) as at,
				0.1 + 0.8 * (i * 37 % 101) / 101 as score, chr((65 + i % 3)::int) as site,
				i % 17 as v, i % 5 as k, (from_hour * 7 + i % 5 * 13) % 101 as w
			from range(240 * 40) t(i),
				lateral (select 24 + i // 10 - case when i >= 240 * 32 + 60 then 6 else 0 end as hour) a,
				lateral (select case when i % 5 = 0 and hour % 24 between 3 and 9 then hour - hour % 24 + 2 else hour end as from_hour) b`,
		"o.parquet": `select i as id, timestamptz '2024-01-01 00:00:00+00' + to_minutes(6 * i) + interval 2 hour as at,
				timestamptz '2024-01-01 00:00:00+00' + to_minutes(6 * i) + to_hours(3 + (i * 7 % 60)::int) as known,
				(i * 37 % 101 + i * 13 % 29 > 60)::int as y
			from range(240 * 40) t(i)`,
		"s.parquet": `select k, timestamptz '2023-12-31 00:00:00+00' + to_hours(h::int) as at, (h * 7 + k * 13) % 101 as w
			from range(41 * 24) t(h), range(5) u(k) where h % 24 not between 3 and 9 or k > 0`,
	})
	text := `version: 1
loop: steady
task: binary
loss: brier
predictions: {path: p.parquet, id: id, at: at, score: score, segments: [site]}
outcomes: {path: o.parquet, on: [id], value: y, at: at, known_at: known, horizon: 5d}
sources:
  s: {path: s.parquet, key: {k: k}, at: at, fresh_within: 2h}
features:
  v: {}
  k: {}
  w: {source: s, value: w}
baseline: {trailing: 7d, reach: 12d}
evaluate: {window: 3d, min_matched: 50}
`
	file := filepath.Join(folder, "loop.yaml")
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

// nights runs intervals in the order given, into one ledger, and gives the last findings.json.
func nights(t *testing.T, loop, ledger string, asOf time.Time, threads int, intervals ...[2]string) string {
	t.Helper()
	var content []byte
	for _, i := range intervals {
		result, err := engine.Run(context.Background(), engine.Options{
			LoopFile: loop, Ledger: ledger, From: utc(t, i[0]), To: utc(t, i[1]), AsOf: asOf, Threads: threads,
		})
		if err != nil {
			t.Fatal(err)
		}
		if content, err = os.ReadFile(result.FindingsPath); err != nil {
			t.Fatal(err)
		}
	}
	return string(content)
}

// Nights one by one, in another order with a night run twice, and one backfill leave the same judgements and days in the
// ledger, and the same findings.json of the last night.
func TestNightsAndBackfill(t *testing.T) {
	loop := steadyWorld(t)
	folder := t.TempDir()
	asOf := utc(t, "2024-02-10")
	days := []string{"2024-02-01", "2024-02-02", "2024-02-03", "2024-02-04", "2024-02-05"}
	var inOrder, shuffled [][2]string
	for i := range len(days) - 1 {
		inOrder = append(inOrder, [2]string{days[i], days[i+1]})
	}
	for _, i := range []int{1, 0, 2, 1, 3} {
		shuffled = append(shuffled, inOrder[i])
	}
	ledgers := map[string]string{}
	var last []string
	for name, intervals := range map[string][][2]string{
		"in order": inOrder, "shuffled": shuffled, "backfill": {{days[0], days[len(days)-1]}, inOrder[len(inOrder)-1]},
	} {
		ledgers[name] = filepath.Join(folder, strings.ReplaceAll(name, " ", "_")+".duckdb")
		threads := 2
		if name == "shuffled" {
			threads = 1
		}
		last = append(last, nights(t, loop, ledgers[name], asOf, threads, intervals...))
	}
	if last[0] != last[1] || last[0] != last[2] {
		t.Errorf("findings.json of the last night differ:\n%s", cmp.Diff(last[0], last[1])+cmp.Diff(last[0], last[2]))
	}
	if !strings.Contains(last[0], `"severity"`) {
		t.Errorf("the last night has no finding, so that nothing is shown: %s", last[0])
	}
	checkDetails(t, ledgers["in order"])
	for name, ledger := range ledgers {
		for view, where := range map[string]string{
			"findings": "", "attribution": "", "evaluations": "", "proof_rows": "", "finding_days": "", "seams": " where day >= date '2024-02-01'", "daily": " where day >= date '2024-02-01'",
		} {
			got, want := table(t, ledger, view, where), table(t, ledgers["in order"], view, where)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s of %s (-in order +got):\n%s", view, name, diff)
			}
		}
	}
}

// checkDetails: the last night shows ten rows of the feature that is served late, from its first hour on, and its days; it keeps more, behind them.
func checkDetails(t *testing.T, ledger string) {
	t.Helper()
	conn := outside(t, ledger)
	var rows, proven, kept, days, hit int64
	var first string
	one(t, conn, `select count(*) filter (where place <= 10), count(*) filter (where served = replayed and served <> declared and hypothesis = 'lag 6h'), count(*),
		min(instant)::varchar from proof_rows where boundary = date '2024-02-05' and feature = 'w'`, nil, &rows, &proven, &kept, &first)
	if rows != 10 || proven != kept || kept != 30 || first < "2024-02-02 06:00:00" || first >= "2024-02-03" {
		t.Errorf("%d proof rows, %d and %d of them as a lag of 6h gives, first at %s; want 10, 30, 30, on 2024-02-02 from 06:00 on", rows, proven, kept, first)
	}
	one(t, conn, `select count(*), count(*) filter (where finding_days.share > 0.5) from finding_days join findings using (boundary)
		where finding = id and boundary = date '2024-02-05' and cause = 'feature.stale'`, nil, &days, &hit)
	if days != 10 || hit != 3 {
		t.Errorf("%d days of the finding, %d of them hit by half; want 10 and 3", days, hit)
	}
}

// table gives the rows of a view of a ledger as text, sorted.
func table(t *testing.T, ledger, view, where string) string {
	t.Helper()
	var text string
	one(t, outside(t, ledger), `select coalesce(string_agg(line, chr(10) order by line), '') from (select x::varchar as line from (select * from `+view+where+`) x)`, nil, &text)
	return text
}

// Nights that each look at the world as of their own end, in order, newest first with one run twice, and one backfill leave the same ledger: what
// became known since is taken in again, and what it was judged by is judged again.
func TestNightsMature(t *testing.T) {
	loop := steadyWorld(t)
	folder := t.TempDir()
	days := []string{"2024-02-01", "2024-02-02", "2024-02-03", "2024-02-04", "2024-02-05", "2024-02-06", "2024-02-07"}
	orders := map[string][]int{"in order": {0, 1, 2, 3, 4, 5}, "newest first": {5, 4, 3, 4, 2, 1, 0}, "gaps": {0, 3, 1, 5, 4, 2}}
	backfill := filepath.Join(folder, "backfill.duckdb")
	nights(t, loop, backfill, utc(t, days[len(days)-1]), 2, [2]string{days[0], days[len(days)-1]})
	want := map[string]string{}
	views := []string{"daily", "cells_by_condition", "findings", "attribution", "seams", "maturity", "metrics", "calibration", "evaluations", "proof_rows", "finding_days"}
	for _, view := range views {
		want[view] = table(t, backfill, view, "")
	}
	for name, order := range orders {
		t.Run(name, func(t *testing.T) {
			ledger := filepath.Join(folder, strings.ReplaceAll(name, " ", "_")+".duckdb")
			for _, i := range order {
				got := nights(t, loop, ledger, utc(t, days[i+1]), 2, [2]string{days[i], days[i+1]})
				if alone := nights(t, loop, filepath.Join(t.TempDir(), "alone.duckdb"), utc(t, days[i+1]), 2, [2]string{days[i], days[i+1]}); got != alone {
					t.Errorf("findings.json of the night of %s is another on a ledger than on none:\n%s", days[i], cmp.Diff(alone, got))
				}
			}
			for _, view := range views {
				if diff := cmp.Diff(want[view], table(t, ledger, view, "")); diff != "" {
					t.Errorf("%s (-backfill +nights):\n%s", view, diff)
				}
			}
		})
	}
}
