package engine_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/plumbline-data/plumbline/engine"
	"github.com/plumbline-data/plumbline/engine/report"
	"github.com/plumbline-data/plumbline/fixtures/lake"
)

// brokenFlights writes the year of flights into a folder, its predictions as a query over `p`, the sound ones, gives them;
// `w` is the weather. The other files are read where they lie.
func brokenFlights(t *testing.T, query string) string {
	t.Helper()
	shared, folder := lake.Shared(t, "flights-nyc2013"), t.TempDir()
	conn := outside(t, "")
	for _, text := range []string{
		"create view p as from read_parquet('" + filepath.Join(shared, "predictions.parquet") + "')",
		"create view w as from read_parquet('" + filepath.Join(shared, "weather.parquet") + "')",
		"copy (" + query + ") to '" + filepath.Join(folder, "predictions.parquet") + "' (format parquet)",
	} {
		if _, err := conn.ExecContext(t.Context(), text); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
	for _, name := range []string{"outcomes.parquet", "weather.parquet", "flights.parquet", "planes.csv"} {
		if err := os.Symlink(filepath.Join(shared, name), filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(filepath.Join(shared, "loop.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(folder, "loop.yaml")
	if err := os.WriteFile(file, text, 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

// judged runs the days of a loop and gives the findings at the last boundary.
func judged(t *testing.T, file, from, to, asOf string) *report.Findings {
	t.Helper()
	r, err := engine.Run(context.Background(), engine.Options{LoopFile: file, From: utc(t, from), To: utc(t, to), AsOf: utc(t, asOf),
		Ledger: filepath.Join(t.TempDir(), "l.duckdb")})
	if err != nil {
		t.Fatal(err)
	}
	return r.Findings
}

// only makes sure that a judgement holds one finding, and gives it.
func only(t *testing.T, f *report.Findings) report.Finding {
	t.Helper()
	if len(f.Findings) != 1 {
		var all []string
		for _, x := range f.Findings {
			all = append(all, x.Cause+" at "+x.Node+": "+strings.Join(x.Evidence, "; "))
		}
		t.Fatalf("%d findings, want 1:\n%s", len(f.Findings), strings.Join(all, "\n"))
	}
	return f.Findings[0]
}

// clockOfNewYork serves, from an instant on, the weather as of what a clock in New York shows. The clocks go back on 2013-11-03.
const clockOfNewYork = `
	with broken as (
		select p.prediction_id, timezone('America/New_York', p.predicted_at) at time zone 'UTC' as asked_at, p.origin
		from p where p.predicted_at >= timestamptz '2013-10-30 15:00:00+00' and p.predicted_at < timestamptz '2013-11-08 00:00:00+00'
	), found as (
		select b.prediction_id, arg_max(w, w.event_ts) as w
		from broken as b join w on w.station = b.origin and w.available_ts <= b.asked_at and w.event_ts >= b.asked_at - interval 7 hour
		group by b.prediction_id
	)
	select p.* replace (
		case when f.w is null then p.wx_temp_f else coalesce(f.w.temp_f, p.wx_temp_f) end as wx_temp_f,
		case when f.w is null then p.wx_wind_speed_mph else coalesce(f.w.wind_speed_mph, p.wx_wind_speed_mph) end as wx_wind_speed_mph,
		case when f.w is null then p.wx_visib_mi else coalesce(f.w.visib_mi, p.wx_visib_mi) end as wx_visib_mi)
	from p left join found as f on f.prediction_id = p.prediction_id`

// A clock in another zone, read as UTC while the clocks there go back, is one finding with the zone's name.
func TestZoneShiftAcrossClockChange(t *testing.T) {
	f := only(t, judged(t, brokenFlights(t, clockOfNewYork), "2013-10-30", "2013-11-06", "2013-11-10"))
	offsets, _ := f.Parameters["offsets"].([]string)
	zones, _ := f.Parameters["zones"].([]string)
	if f.Cause != "time.zone_shift" || f.Node != "weather" || !f.Proven || f.Onset != "2013-10-30T15:00:00Z" ||
		!slices.Equal(offsets, []string{"-04:00", "-05:00"}) || !slices.Equal(zones, []string{"America/New_York"}) {
		t.Errorf("%s at %s, proven %t, since %s, %v: want a proven zone shift of New York since 2013-10-30 15:00\n%s", f.Cause, f.Node, f.Proven, f.Onset, f.Parameters,
			strings.Join(f.Evidence, "\n"))
	}
}

// checkProven: over the untouched year nothing is proven but that the weather stopped on its last day.
func checkProven(t *testing.T, conn *sql.Conn) {
	t.Helper()
	rows, err := conn.QueryContext(t.Context(), `select boundary::varchar, cause, node, onset::varchar from finding_rows where proven order by all`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	stopped := 0
	for rows.Next() {
		var boundary, cause, node, onset string
		if err := rows.Scan(&boundary, &cause, &node, &onset); err != nil {
			t.Fatal(err)
		}
		if cause != "source.stopped" || node != "weather" || onset != "2013-12-31 00:00:00" {
			t.Errorf("proven at %s: %s at %s since %s", boundary, cause, node, onset)
			continue
		}
		stopped++
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if stopped == 0 {
		t.Error("that the weather stopped on 2013-12-31 was proven at no boundary")
	}
}

// TestFlusightRevised: on 2024-11-20 the hub published inflated admissions, and corrected them a day later. What the models said from
// them is the hub's doing, not theirs; and a week later a file that gives all rows to one location is torn.
func TestFlusightRevised(t *testing.T) {
	f := judged(t, flusightLoop(t, lake.Shared(t, "flusight-2023-25")), "2023-10-11", "2024-11-28", "2024-12-05")
	var got []string
	for _, x := range f.Findings {
		got = append(got, fmt.Sprintf("%s at %s, proven %t, since %s, %d rows, corrected %v", x.Cause, x.Node, x.Proven, x.Onset, x.Rows, x.Parameters["corrected_at"]))
	}
	want := []string{
		"source.revised at hub, proven true, since 2024-11-23T00:00:00Z, 1660 rows, corrected 2024-11-21T19:53:25Z",
		"outcome.duplicated at outcomes, proven true, since 2024-11-23T00:00:00Z, 8 rows, corrected <nil>",
	}
	if !slices.Equal(got, want) || f.Verdict == "model" {
		t.Errorf("verdict %s, found\n%s\nwant\n%s", f.Verdict, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
