package loop

import (
	"encoding/json"
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/fixtures/lake"
)

var update = flag.Bool("update", false, "rewrite golden files")

var ignore = cmp.Options{
	cmpopts.IgnoreUnexported(Loop{}, Feature{}),
	cmpopts.IgnoreFields(Loop{}, "Bytes"),
	cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() }),
}

func ptr[T any](v T) *T { return &v }

// A loop file with every section and nearly every key.
func TestFull(t *testing.T) {
	got, err := Load("testdata/full.yaml")
	if err != nil {
		t.Fatal(fault.Text("loop", err))
	}
	want := &Loop{
		File: "testdata/full.yaml", Dir: "testdata", Name: "flight-late15", Task: Binary, Loss: LogLoss,
		Timezone: "UTC", Location: time.UTC, Retain: 35 * Day, MaxInvalid: 0.001,
		Predictions: Predictions{
			Path: "predictions.parquet", ID: "prediction_id", At: "predicted_at", FeaturesAt: "features_read_at", Score: "score",
			Version: "model_version", Entity: []string{"tailnum"}, KnownAt: "delivered_at", Duplicates: First,
			Segments: []string{"origin", "carrier"}, Weight: "w", Origin: Origin{Job: "score_flights"},
		},
		Outcomes: Outcomes{
			Path: "outcomes.parquet", On: []Pair{{Prediction: "flight_id", Other: "flight_id"}}, Value: "late15", At: "event_time",
			KnownAt: "recorded_at", Horizon: 3 * Day, Duplicates: Latest,
			Definitions: []OutcomeDefinition{{Name: "old", Derive: "arr_delay_min > 14"}},
		},
		Sources: []Source{{
			Name: "weather", Path: "weather.parquet", Key: []Pair{{Prediction: "origin", Other: "station"}},
			ID: []string{"station", "event_ts"}, Where: "quality <> 'bad'", At: "event_ts", KnownAt: "available_ts", Expect: ExpectOne,
			FreshWithin: 3 * time.Hour, ServedAt: "wx_event_ts", ServedRows: "wx_rows",
			Columns:  []ColumnContract{{Name: "temp_f", Type: "double"}},
			Timezone: "America/New_York", Origin: Origin{Job: "weather_ingest", Owner: "data-platform"},
		}, {
			Name: "departures", Path: "departures.parquet", Key: []Pair{{Prediction: "carrier", Other: "carrier"}}, At: "dep_ts",
		}},
		Features: []Feature{
			{Name: "sched_dep_hour_local", Served: "sched_dep_hour_local"},
			{Name: "wx_temp_f", Served: "wx_temp_f", Source: "weather", Value: "temp_f", Within: 7 * time.Hour,
				Default: &Default{All: 54.3}, Tolerance: ptr(0.001)},
			{Name: "origin_dep_delay_mean_6h", Served: "origin_dep_delay_mean_6h", Source: "departures",
				Key: []Pair{{Prediction: "origin", Other: "origin"}}, Aggregate: "avg(dep_delay_min)", Where: "status <> 'cancelled'",
				Window: &Window{Length: 6 * time.Hour}, Default: &Default{All: 12.6},
				Definitions: []FeatureDefinition{{Name: "training", Where: "true"}}},
		},
		Baseline:  Baseline{Trailing: 28 * Day, Reach: 90 * Day},
		Evaluate:  Evaluate{Window: 7 * Day, MinMatched: 500, MinEffect: 0.01, FDR: 0.01},
		Scorer:    &Scorer{Command: []string{"./score", "--model", "model.json"}, Timeout: 10 * time.Minute},
		Lineage:   Lineage{OpenLineage: "events/*.jsonl", DBT: "target/"},
		Warehouse: Warehouse{},
	}
	if diff := cmp.Diff(want, got, ignore); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	for path, want := range map[string]string{
		"version":                             "version: 1",
		"predictions":                         "predictions:",
		"predictions.at":                      "at: predicted_at",
		"predictions.segments.1":              "carrier]",
		"outcomes.on.flight_id":               "flight_id: flight_id}",
		"outcomes.definitions.old.derive":     "derive: ",
		"sources.weather.key":                 "key: {station: origin}",
		"sources.weather.key.station":         "station: origin}",
		"sources.weather.columns.temp_f":      "temp_f: double}",
		"features.wx_temp_f.value":            "value: temp_f",
		"features.wx_temp_f.value.no.such":    "value: temp_f",
		"features.wx_temp_f.window":           "wx_temp_f:",
		"features.sched_dep_hour_local.value": "sched_dep_hour_local: {}",
		"evaluate.fdr":                        "fdr: 0.01}",
		"nothing.of.the.kind":                 "version: 1",
	} {
		if p := got.At(path); !strings.HasPrefix(textAt(got.Bytes, p), want) {
			t.Errorf("At(%q) = %d:%d, %q; want what begins with %q", path, p.Line, p.Col, textAt(got.Bytes, p), want)
		}
	}
}

// textAt returns the rest of the line at a position.
func textAt(src []byte, p Position) string {
	lines := strings.Split(strings.TrimPrefix(string(src), "\ufeff"), "\n")
	if p.Line < 1 || p.Line > len(lines) {
		return ""
	}
	line := []rune(lines[p.Line-1])
	if p.Col < 1 || p.Col > len(line) {
		return ""
	}
	return string(line[p.Col-1:])
}

const minimal = `version: 1
loop: small
task: binary
predictions: {path: p.parquet, id: id, at: at, score: s}
outcomes: {path: o.parquet, on: [id], value: y, at: at, horizon: 1d}
`

// What a loop file leaves out has the defaults that the design names.
func TestDefaults(t *testing.T) {
	got, err := Parse("night/loop.yaml", []byte(minimal))
	if err != nil {
		t.Fatal(err)
	}
	want := &Loop{
		File: "night/loop.yaml", Dir: "night", Name: "small", Task: Binary, Loss: LogLoss, Location: time.UTC,
		Retain: 35 * Day, MaxInvalid: 0.001,
		Predictions: Predictions{Path: "p.parquet", ID: "id", At: "at", Score: "s", Duplicates: First},
		Outcomes: Outcomes{Path: "o.parquet", On: []Pair{{"id", "id"}}, Value: "y", At: "at", Horizon: Day,
			Duplicates: Latest},
		Baseline: Baseline{Trailing: 28 * Day, Reach: 90 * Day},
		Evaluate: Evaluate{Window: 7 * Day, MinMatched: 500, MinEffect: 0.01, FDR: 0.01},
	}
	if diff := cmp.Diff(want, got, ignore); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	regression, err := Parse("loop.yaml", []byte(strings.Replace(minimal, "binary", "regression", 1)))
	if err != nil || regression.Loss != AbsoluteError {
		t.Errorf("regression: loss = %q, err = %v; want absolute_error", regression.Loss, err)
	}
}

// The loop files of the flights, as they are delivered.
func TestShared(t *testing.T) {
	for name, path := range map[string]string{
		"flights":       "flights-nyc2013/loop.yaml",
		"flights-small": "flights-nyc2013/small/loop.yaml",
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Load(lake.Shared(t, path))
			if err != nil {
				t.Fatal(fault.Text("loop", err))
			}
			got.Bytes, got.Location, got.File, got.Dir = nil, nil, "", ""
			golden(t, filepath.Join("testdata", name+".golden.json"), got)
		})
	}
}

func golden(t *testing.T, path string, v any) {
	t.Helper()
	got, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s: -want +got:\n%s", path, diff)
	}
}

func TestLoad(t *testing.T) {
	for name, path := range map[string]string{"absent": filepath.Join(t.TempDir(), "no.yaml"), "folder": t.TempDir()} {
		_, err := Load(path)
		if !fault.IsUsage(err) || !strings.HasPrefix(err.Error(), path+": ") {
			t.Errorf("%s: err = %v, want a usage fault that names %s", name, err, path)
		}
		if name == "absent" && !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("absent: err = %v, want fs.ErrNotExist beneath", err)
		}
	}
}
