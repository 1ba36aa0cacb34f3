package main

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline-data/plumbline/engine"
	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/intake"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/plan"
)

// wxLoop is a small resolved loop: one as-of join, one window, one static table, one request feature.
func wxLoop() *engine.Checked {
	weather := &loop.Source{Name: "weather", Expect: loop.ExpectOne, FreshWithin: 3 * time.Hour, Origin: loop.Origin{Owner: "data-platform"}}
	return &engine.Checked{
		Plan: &plan.Plan{
			Loop: &loop.Loop{Name: "late15", Task: loop.Binary, Loss: loop.LogLoss,
				Outcomes: loop.Outcomes{Horizon: 72 * time.Hour}, Evaluate: loop.Evaluate{Window: 168 * time.Hour}},
			Inventory: &intake.Inventory{
				Predictions: intake.Table{Input: "predictions", Path: "p/*.parquet", Format: intake.Parquet, Files: []intake.File{
					{Rows: 10, SchemaID: 1, Writer: "parquet-mr"}, {Rows: 20, SchemaID: 2, Writer: "DuckDB"}, {Rows: 30, SchemaID: 2, Writer: "DuckDB"}}},
				Outcomes: intake.Table{Input: "outcomes", Path: "o.parquet", Format: intake.Parquet, Files: []intake.File{{Rows: 60, SchemaID: 3, Writer: "DuckDB"}}},
				Sources: []intake.Table{{Input: "weather", Path: "w.parquet", Format: intake.Parquet, Files: []intake.File{{Rows: 5, SchemaID: 4}}},
					{Input: "planes", Path: "planes.csv", Format: intake.CSV, Files: []intake.File{{Rows: -1, SchemaID: 5}}}},
			},
			Keys: []plan.Key{{Index: 0, Column: "origin"}, {Index: 1, Column: "tailnum"}},
			Sources: []plan.Source{
				{Decl: weather, At: plan.Clock{Column: "event_ts"}, Known: plan.Clock{Column: "available_ts"}, HasKnown: true, Keys: []plan.SourceKey{{Column: "station"}}},
				{Decl: &loop.Source{Name: "planes"}, Static: true, Keys: []plan.SourceKey{{Column: "tailnum"}}},
			},
			Joins: []plan.Join{
				{Name: "weather", Source: 0, Keys: []plan.JoinKey{{Prediction: 0, Source: 0}}, ServedAt: plan.Clock{Column: "wx_event_ts"}},
				{Name: "planes", Source: 1, Keys: []plan.JoinKey{{Prediction: 1, Source: 0}}},
			},
			Features: []plan.Feature{
				{Decl: &loop.Feature{Name: "hour"}, Join: -1},
				{Decl: &loop.Feature{Name: "temp", Value: "temp_f", Within: 7 * time.Hour}, Join: 0, HasDefault: true},
				{Decl: &loop.Feature{Name: "wind_mean", Aggregate: "avg(wind)", Where: "wind >= 0", Window: &loop.Window{Length: 168 * time.Hour, Offset: 24 * time.Hour, Align: "day"}}, Join: 0, Windows: true},
				{Decl: &loop.Feature{Name: "seats", Value: "seats"}, Join: 1},
			},
		},
		Breaches: []intake.Breach{{Input: "weather", File: "w.parquet", Column: "temp_f", Promised: "DOUBLE", Found: "VARCHAR"},
			{Input: "weather", File: "w.parquet", Column: "rain", Promised: "DOUBLE"}},
	}
}

const wxUnderstood = `loop     late15
task     binary, log_loss
horizon  3d
window   7d

INPUT        PATH         FILES  ROWS         SCHEMAS  WRITER
predictions  p/*.parquet  3      60           2        parquet-mr; DuckDB
outcomes     o.parquet    1      60           1        DuckDB
weather      w.parquet    1      5            1        -
planes       planes.csv   1      not counted  1        CSV

JOIN     SOURCE KEY = PREDICTION  EXPECT  FRESH WITHIN  KNOWN AT      LOGGED       OWNER
weather  station = origin         one     3h            available_ts  wx_event_ts  data-platform
planes   tailnum = tailnum        -       -             static        -            -

FEATURE    TIER      JOIN     COMPUTED AS                LOOKS BACK                DEFAULT
hour       inferred  -        -                          -                         no
temp       replayed  weather  newest temp_f              7h                        yes
wind_mean  replayed  weather  avg(wind) where wind >= 0  7d, offset 1d, align day  no
seats      replayed  planes   seats                      -                         no

BROKEN CONTRACT  FILE       COLUMN  PROMISED  FOUND
weather          w.parquet  temp_f  DOUBLE    VARCHAR
weather          w.parquet  rain    DOUBLE    no such column
`

func TestCheckPrintsWhatItUnderstood(t *testing.T) {
	var stdout, stderr bytes.Buffer
	fake := engines{check: func(context.Context, engine.Options) (*engine.Checked, error) { return wxLoop(), nil }}
	if code := run(t.Context(), []string{"plumbline", "check", "loop.yaml"}, &stdout, &stderr, noEnvironment, fake); code != 0 {
		t.Fatalf("exit code %d, want 0; stderr:\n%s", code, &stderr)
	}
	var lines []string
	for line := range strings.Lines(stdout.String()) {
		lines = append(lines, strings.TrimRight(line, " \n"))
	}
	if diff := cmp.Diff(strings.Split(strings.TrimSuffix(wxUnderstood, "\n"), "\n"), lines); diff != "" {
		t.Errorf("stdout (-want +got):\n%s", diff)
	}
	if stderr.Len() > 0 {
		t.Errorf("stderr:\n%s", &stderr)
	}
}

func TestCheckExitCode(t *testing.T) {
	for _, tt := range []struct {
		name string
		err  error
		want int
	}{
		{name: "loop file at fault", err: fault.Usage("loop.yaml:1:1", "write version: 1", "no version"), want: 2},
		{name: "data at fault", err: fault.Data("a.parquet", "deliver it again", "is cut short"), want: 1},
		{name: "any other error", err: errors.New("no such disk"), want: 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			fake := engines{check: func(context.Context, engine.Options) (*engine.Checked, error) { return nil, tt.err }}
			got := run(t.Context(), []string{"plumbline", "check", "loop.yaml"}, &stdout, &stderr, noEnvironment, fake)
			if got != tt.want || stdout.Len() > 0 {
				t.Errorf("exit code %d, want %d; stdout %q", got, tt.want, &stdout)
			}
		})
	}
}
