package loop

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline-data/plumbline/engine/fault"
)

// What a loop file may say in several ways.
func TestAccepts(t *testing.T) {
	source := "sources: {w: {path: w.csv, key: {station: origin, day: d}, at: ts}}\n"
	tests := []struct {
		name string
		more string // after the minimal file
		get  func(*Loop) any
		want any
	}{
		{"source key is {source column: prediction column}", source,
			func(l *Loop) any { return l.Sources[0].Key },
			[]Pair{{Prediction: "origin", Other: "station"}, {Prediction: "d", Other: "day"}}},
		{"feature key is {source column: prediction column}", source + "features: {f: {source: w, key: {dest: to}, value: v}}",
			func(l *Loop) any { return l.Features[0].Key }, []Pair{{Prediction: "to", Other: "dest"}}},
		{"key as a list", source + "features: {f: {source: w, key: [dest], value: v}}",
			func(l *Loop) any { return l.Features[0].Key }, []Pair{{Prediction: "dest", Other: "dest"}}},
		{"key from the feature alone", "sources: {w: {path: w.csv}}\nfeatures: {f: {source: w, key: [k], value: v}}",
			func(l *Loop) any { return len(l.Sources[0].Key) }, 0},
		{"unquoted numbers and booleans are text where text is wanted",
			source + "features: {f: {source: w, value: true, where: 1_0, served: 007}}",
			func(l *Loop) any { f := l.Features[0]; return []string{f.Value, f.Where, f.Served} }, []string{"true", "1_0", "007"}},
		{"a feature with nothing written is a request feature", "features:\n  f:\n  g: {}\n",
			func(l *Loop) any { return []string{l.Features[0].Name, l.Features[1].Served} }, []string{"f", "g"}},
		{"empty sections", "features:\nsources:\nbaseline:\nevaluate:\nlineage:\nwarehouse: {duckdb: }\n",
			func(l *Loop) any { return l.Baseline.Reach }, 90 * Day},
		{"window with offset", source + "features: {f: {source: w, aggregate: AVG( x ), window: {length: 7d, offset: 1d, align: day}}}",
			func(l *Loop) any { return *l.Features[0].Window }, Window{Length: 7 * Day, Offset: Day, Align: "day"}},
		{"offset of zero", source + "features: {f: {source: w, aggregate: count(*), window: {length: 2w, offset: 0h}}}",
			func(l *Loop) any { return *l.Features[0].Window }, Window{Length: 14 * Day}},
		{"aggregate with quotes and parentheses", source + `features: {f: {source: w, aggregate: "sum(case when a = ')' then (b) else 0 end)", window: 6h}}`,
			func(l *Loop) any { return l.Features[0].Aggregate }, "sum(case when a = ')' then (b) else 0 end)"},
		{"default by version", "features: {f: {default: {1: 2.5, v2: -1e3, true: x, v4: false}}}",
			func(l *Loop) any { return l.Features[0].Default.ByVersion },
			map[string]any{"1": 2.5, "v2": -1000.0, "true": "x", "v4": false}},
		{"default as text", `features: {f: {default: "12"}}`, func(l *Loop) any { return l.Features[0].Default.All }, "12"},
		{"default as a boolean", `features: {f: {default: false}}`, func(l *Loop) any { return l.Features[0].Default.All }, false},
		{"default in hexadecimal", `features: {f: {default: 0x10}}`, func(l *Loop) any { return l.Features[0].Default.All }, 16.0},
		{"lineage of a feature", `features: {f: {job: j, namespace: n, owner: o}}`,
			func(l *Loop) any { return l.Features[0].Origin() }, Origin{"j", "n", "o"}},
		{"fixed baseline", "baseline: {from: 2013-05-01, to: 2013-06-01T02:00:00+02:00}",
			func(l *Loop) any { return l.Baseline },
			Baseline{From: time.Date(2013, 5, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2013, 6, 1, 0, 0, 0, 0, time.UTC)}},
		{"reach grows with trailing", "baseline: {trailing: 120d}",
			func(l *Loop) any { return l.Baseline }, Baseline{Trailing: 120 * Day, Reach: 120 * Day}},
		{"scorer without timeout", `scorer: {command: [./score, "", 7]}`,
			func(l *Loop) any { return *l.Scorer }, Scorer{Command: []string{"./score", "", "7"}, Timeout: 10 * time.Minute}},
		{"block text", source + "features:\n  f:\n    source: w\n    value: |\n      case when a\n      then b end\n",
			func(l *Loop) any { return l.Features[0].Value }, "case when a\nthen b end"},
		{"tabs before comments and after colons", "retain:\t7d\t# a week\n\t# no more\n",
			func(l *Loop) any { return l.Retain }, 7 * Day},
		{"definition of another kind", source + "features: {f: {source: w, value: a, definitions: {old: {aggregate: max(a), window: 1d}}}}",
			func(l *Loop) any { return l.Features[0].Definitions },
			[]FeatureDefinition{{Name: "old", Aggregate: "max(a)", Window: &Window{Length: Day}}}},
		{"definition inherits the window", source + "features: {f: {source: w, aggregate: avg(a), window: 1d, definitions: {old: {aggregate: max(a)}}}}",
			func(l *Loop) any { return l.Features[0].Definitions[0].Aggregate }, "max(a)"},
		{"zone", "timezone: America/New_York", func(l *Loop) any { return l.Location.String() }, "America/New_York"},
		{"contract", source + "features: {f: {source: w, value: a, tolerance: 0}}",
			func(l *Loop) any { return *l.Features[0].Tolerance }, 0.0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l, err := Parse("loop.yaml", []byte(minimal+tt.more))
			if err != nil {
				t.Fatal(fault.Text("loop", err))
			}
			if diff := cmp.Diff(tt.want, tt.get(l)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// The direction of outcomes.on is the other one: {prediction column: outcome column}.
func TestOutcomesOn(t *testing.T) {
	l, err := Parse("loop.yaml", []byte(strings.Replace(minimal, "on: [id]", "on: {flight: id}", 1)))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Pair{{Prediction: "flight", Other: "id"}}, l.Outcomes.On); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestTrino(t *testing.T) {
	l, err := Parse("loop.yaml", []byte(strings.NewReplacer("path: p.parquet", "table: p", "path: o.parquet", "table: x.o").Replace(minimal)+
		"warehouse: {trino: {url: http://localhost:8080, catalog: lake, schema: ml}}\n"))
	if err != nil {
		t.Fatal(fault.Text("loop", err))
	}
	if l.Predictions.Table != "p" || l.Outcomes.Table != "x.o" {
		t.Errorf("tables = %q, %q; want p, x.o", l.Predictions.Table, l.Outcomes.Table)
	}
	if diff := cmp.Diff(&Trino{URL: "http://localhost:8080", Catalog: "lake", Schema: "ml"}, l.Warehouse.Trino); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// A byte order mark and Windows line ends change neither meaning nor positions.
func TestWindows(t *testing.T) {
	src := "\ufeff" + strings.ReplaceAll(minimal, "\n", "\r\n")
	l, err := Parse("loop.yaml", []byte(src))
	if err != nil {
		t.Fatal(fault.Text("loop", err))
	}
	if got, want := l.At("outcomes.horizon"), (Position{Line: 5, Col: 57}); got != want {
		t.Errorf("At(outcomes.horizon) = %v, want %v", got, want)
	}
	if got, want := l.At("version"), (Position{Line: 1, Col: 1}); got != want {
		t.Errorf("At(version) = %v, want %v", got, want)
	}
	if string(l.Bytes) != src {
		t.Error("Bytes are not the file's")
	}
}
