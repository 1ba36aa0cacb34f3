package loop

import (
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/plumbline-data/plumbline/engine/fault"
)

// Whatever is parsed holds what the rest of the engine relies on; whatever is refused is a usage fault with a place and a
// hint.
func FuzzParse(f *testing.F) {
	full, err := os.ReadFile("testdata/full.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(full))
	f.Add(minimal)
	for _, more := range []string{
		"retain:\t7d # \u00e9\n", "scorer: {command: [a, \"b c\"]}\n", "baseline: {from: 2013-05-01, to: 2013-06-01}\n",
		"sources:\n  \u00e9: {path: a, key: {k: p}}\nfeatures: {f: {source: \u00e9, value: |\n a\n}}\n", "x: &a {<<: *a}\n? a\n: !!str b\n",
		"sources: {w: {path: w, key: [k], at: t}}\nfeatures: {f: {source: w, aggregate: \"avg(a)\", window: {length: 7d, offset: 1d}, default: {v1: 1, 2: x}}}\n",
	} {
		f.Add(minimal + more)
		f.Add(strings.ReplaceAll(minimal+more, "\n", "\r\n"))
	}
	f.Fuzz(func(t *testing.T, src string) {
		l, err := Parse("loop.yaml", []byte(src))
		if err != nil {
			for _, f := range fault.All(err) {
				if !f.Usage || f.Fix == "" || f.What == "" || !strings.HasPrefix(f.Where, "loop.yaml:") {
					t.Errorf("%#v: want a usage fault with place, finding and hint", f)
				}
			}
			if !fault.IsUsage(err) || l != nil {
				t.Errorf("Parse = %v, %v; want no loop and usage faults", l, err)
			}
			return
		}
		checkLoop(t, l)
		checkPositions(t, l)
	})
}

func checkLoop(t *testing.T, l *Loop) {
	want := func(ok bool, what string) {
		if !ok {
			t.Errorf("%s: %+v", what, l)
		}
	}
	one := func(a, b string) bool { return (a == "") != (b == "") }
	want(loopName.MatchString(l.Name), "name")
	want(l.Task == Binary || l.Task == Regression, "task")
	fits := false
	for _, loss := range losses[l.Task] {
		fits = fits || loss == l.Loss
	}
	want(fits, "loss")
	want(l.Location != nil && l.Retain > 0 && l.MaxInvalid >= 0 && l.MaxInvalid <= 1, "location, retain, max_invalid")
	p, o := l.Predictions, l.Outcomes
	want(one(p.Path, p.Table) && p.ID != "" && p.At != "" && p.Score != "" && p.Duplicates != "", "predictions")
	want(one(o.Path, o.Table) && len(o.On) > 0 && one(o.Value, o.Derive) && o.At != "" && o.Horizon > 0 && o.Duplicates != "", "outcomes")
	want((l.Warehouse.Trino == nil) == (p.Table == ""), "warehouse")
	sources := map[string]Source{}
	for _, s := range l.Sources {
		sources[s.Name] = s
		want(s.Name != "" && one(s.Path, s.Table) && s.FreshWithin >= 0, "source")
	}
	for _, f := range l.Features {
		want(f.Name != "" && f.Served != "", "feature")
		s, declared := sources[f.Source]
		want(declared == (f.Source != ""), "source of a feature")
		want((f.Source == "") == (f.Value == "" && f.Aggregate == ""), "value without source")
		want(f.Source == "" || one(f.Value, f.Aggregate), "value or aggregate")
		want((f.Window != nil) == (f.Aggregate != ""), "window")
		want(f.Window == nil || s.At != "" && f.Window.Length > 0 && f.Window.Offset >= 0 && f.Window.Offset+f.Window.Length > 0, "window length")
		want(f.Within == 0 || f.Within > 0 && f.Aggregate == "" && s.At != "", "within")
		want(f.Source == "" || len(f.Key) > 0 || len(s.Key) > 0, "key")
		for _, pair := range append(f.Key, s.Key...) {
			want(pair.Prediction != "" && pair.Other != "", "key column")
		}
		if f.Tolerance != nil {
			want(*f.Tolerance >= 0 && !math.IsInf(*f.Tolerance, 0), "tolerance")
		}
		if f.Default != nil {
			want((f.Default.All == nil) == (len(f.Default.ByVersion) > 0), "default")
		}
	}
	b, e := l.Baseline, l.Evaluate
	want(b.From.IsZero() == b.To.IsZero() && b.From.IsZero() == (b.Trailing > 0) && b.Reach >= b.Trailing, "baseline")
	want(b.From.IsZero() || b.From.Before(b.To) && b.From.Equal(b.From.Truncate(Day)) && b.From.Location() == time.UTC, "fixed baseline")
	want(e.Window > 0 && e.Window%Day == 0 && e.MinMatched > 0 && e.MinEffect >= 0 && e.FDR > 0 && e.FDR < 1, "evaluate")
	want(l.Scorer == nil || len(l.Scorer.Command) > 0 && l.Scorer.Timeout > 0, "scorer")
}

// checkPositions holds every recorded position of a key against the text that is there: the key, or its opening quote.
func checkPositions(t *testing.T, l *Loop) {
	if strings.Contains(strings.ReplaceAll(string(l.Bytes), "\r\n", "\n"), "\r") {
		return // the line ends of old Macintoshes count for YAML, not here
	}
	for path, p := range l.positions {
		key := path[strings.LastIndexByte(path, '.')+1:]
		if strings.Trim(key, "0123456789") == "" {
			continue // an item of a list
		}
		got := textAt(l.Bytes, p)
		if !strings.HasPrefix(got, key) && !strings.HasPrefix(got, `"`) && !strings.HasPrefix(got, "'") {
			t.Errorf("%s is at %d:%d, where the file says %q", path, p.Line, p.Col, got)
		}
	}
}
