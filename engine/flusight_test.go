package engine_test

import (
	"cmp"
	"context"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"

	"github.com/plumbline-data/plumbline/engine"
	"github.com/plumbline-data/plumbline/engine/report"
	"github.com/plumbline-data/plumbline/fixtures/lake"
)

// forecast and delivered are rows of the data set: instants in microseconds and days, both since 1970. Only the pointers
// tell NULL from zero.
type forecast struct {
	ID        string   `parquet:"prediction_id,optional"`
	Submitted int64    `parquet:"submitted_at,optional"`
	Reference int32    `parquet:"reference_date,optional"`
	Target    int32    `parquet:"target_end_date,optional"`
	Location  string   `parquet:"location,optional"`
	Score     *float64 `parquet:"score,optional"`
}

type delivered struct {
	Recorded int64    `parquet:"recorded_at,optional"`
	Location string   `parquet:"location,optional"`
	Target   int32    `parquet:"target_end_date,optional"`
	Value    *float64 `parquet:"value,optional"`
}

// outcomeKey is what a forecast is judged by: one week in one place.
type outcomeKey struct {
	location string
	target   int32
}

// history is what the deliveries said of one key.
type history struct {
	first       int64    // the delivery that first settled a value; meaningless while last is nil
	now, last   *float64 // the value that counts, nil for none; the newest that was ever settled
	repeated    int64
	corrected   bool
	conflicting bool
	withdrawn   bool
}

const dayMicros = 24 * 60 * 60 * 1_000_000

// readFlusight reads both files; rows that the engine would set aside would make the brute force wrong, so there are none.
func readFlusight(t *testing.T, folder string) ([]forecast, []delivered) {
	t.Helper()
	forecasts, err := parquet.ReadFile[forecast](filepath.Join(folder, "predictions.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	outcomes, err := parquet.ReadFile[delivered](filepath.Join(folder, "outcome_deliveries.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	if len(forecasts) != 109681 || len(outcomes) != 516485 {
		t.Fatalf("%d forecasts and %d outcome rows, want 109681 and 516485", len(forecasts), len(outcomes))
	}
	finite := func(v float64) bool { return math.Abs(v) < 1e12 }
	for _, p := range forecasts {
		if p.ID == "" || p.Submitted == 0 || p.Reference == 0 || p.Target == 0 || p.Location == "" || p.Score == nil || !finite(*p.Score) {
			t.Fatalf("forecast %+v is not whole", p)
		}
	}
	for _, o := range outcomes {
		if o.Recorded == 0 || o.Location == "" || o.Target == 0 || o.Value != nil && !finite(*o.Value) {
			t.Fatalf("outcome row %+v is not whole", o)
		}
	}
	return forecasts, outcomes
}

// follow walks the deliveries up to as-of in time order; each is the whole history as the hub knew it then.
func follow(outcomes []delivered, asOf int64) map[outcomeKey]*history {
	deliveries := map[int64]map[outcomeKey][]float64{}
	for _, o := range outcomes {
		if o.Recorded > asOf {
			continue
		}
		snapshot := deliveries[o.Recorded]
		if snapshot == nil { // a delivery of nothing but NULL is a delivery too
			snapshot = map[outcomeKey][]float64{}
			deliveries[o.Recorded] = snapshot
		}
		if o.Value != nil {
			k := outcomeKey{o.Location, o.Target}
			snapshot[k] = append(snapshot[k], *o.Value)
		}
	}
	keys := map[outcomeKey]*history{}
	for _, at := range slices.Sorted(maps.Keys(deliveries)) {
		snapshot := deliveries[at]
		for k, values := range snapshot {
			if keys[k] == nil {
				keys[k] = &history{}
			}
			keys[k].hear(at, values)
		}
		for k, h := range keys {
			if len(snapshot[k]) == 0 && h.now != nil {
				h.now, h.withdrawn = nil, true
			}
		}
	}
	return keys
}

// hear takes in the values of one delivery: rows that contradict each other leave what counts as it was.
func (h *history) hear(at int64, values []float64) {
	value := values[0]
	if slices.ContainsFunc(values, func(v float64) bool { return v != value }) {
		h.conflicting = true
		return
	}
	h.repeated += int64(len(values))
	if h.now == nil || *h.now != value {
		h.repeated-- // one row is news, be it a value that comes back
	}
	if h.last == nil {
		h.first = at
	} else if *h.last != value {
		h.corrected = true
	}
	h.now, h.last = &value, &value
}

// countFlusight is the balance sheet over [from, to) as of an instant, from the rows alone.
func countFlusight(forecasts []forecast, outcomes []delivered, from, to, asOf time.Time) report.Counts {
	first, end, seen := int32(from.Unix()/86400), int32(to.Unix()/86400), asOf.UnixMicro()
	within := func(day int32) bool { return day >= first && day < end }
	keys := follow(outcomes, seen)

	var c report.Counts
	predicted := map[outcomeKey]bool{}
	byID := map[string][]forecast{}
	for _, p := range forecasts {
		if p.Submitted <= seen {
			byID[p.ID] = append(byID[p.ID], p)
			predicted[outcomeKey{p.Location, p.Target}] = true
		}
	}
	for _, rows := range byID {
		slices.SortFunc(rows, func(a, b forecast) int {
			return cmp.Or(cmp.Compare(a.Submitted, b.Submitted), cmp.Compare(a.Reference, b.Reference), cmp.Compare(a.Location, b.Location))
		})
		for i, p := range rows {
			if !within(p.Reference) {
				continue
			}
			c.Predictions++
			if i > 0 {
				c.Superseded++
				continue
			}
			judge(&c, p, keys[outcomeKey{p.Location, p.Target}], seen)
		}
	}
	for k, h := range keys {
		if within(k.target) {
			c.Repeated += h.repeated
			c.Corrected += number(h.corrected)
			c.Duplicated += number(h.conflicting)
			c.Withdrawn += number(h.withdrawn)
			c.Orphans += number(!predicted[k])
		}
	}
	return c
}

// judge counts one chosen forecast; h is nil where its outcome was never delivered.
func judge(c *report.Counts, p forecast, h *history, seen int64) {
	until := (int64(p.Reference) + 35) * dayMicros
	known := h != nil && h.last != nil
	if known && h.first <= p.Submitted {
		c.Hindsight++
		return
	}
	if known && h.first > until {
		c.Late++ // and missing below, since it came too late
	}
	switch {
	case known && h.first <= until && h.now != nil:
		c.Matched++
	case until > seen:
		c.Pending++
	default:
		c.Missing++
	}
}

func number(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// flusightLoop lays a copy of the loop file beside copies of the data, which its paths are relative to: a run is not let
// through a symbolic link to a file outside the loop's folder.
func flusightLoop(t *testing.T, data string) string {
	t.Helper()
	folder := t.TempDir()
	loop := filepath.Join(folder, "loop.yaml")
	for from, to := range map[string]string{
		filepath.Join("..", "fixtures", "loops", "flusight.yaml"): loop,
		filepath.Join(data, "predictions.parquet"):                filepath.Join(folder, "predictions.parquet"),
		filepath.Join(data, "outcome_deliveries.parquet"):         filepath.Join(folder, "outcome_deliveries.parquet"),
	} {
		content, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return loop
}

// TestFlusightCounts: the balance sheet of two flu seasons is what a walk through the deliveries comes to, at the end
// and while either of the two broken outcome files of November 2024 was the newest. The literals
// keep both from sharing an error.
func TestFlusightCounts(t *testing.T) {
	data := lake.Shared(t, "flusight-2023-25")
	forecasts, outcomes := readFlusight(t, data)
	from, to := utc(t, "2022-01-01"), utc(t, "2025-07-12")
	// One ledger, newest as-of first: a ledger keeps what it holds of later instants, which spares the earlier runs most
	// of their writing. What a run reports is as of its own instant all the same.
	loop := flusightLoop(t, data)
	for _, test := range []struct {
		name string
		asOf time.Time // zero: the end of the interval
		// superseded, hindsight, repeated, corrected, withdrawn
		want [5]int64
	}{
		{"end", time.Time{}, [5]int64{6943, 8465, 478149, 4195, 7672}},
		{"all rows carry one location", time.Date(2024, 11, 27, 17, 5, 0, 0, time.UTC), [5]int64{6466, 5603, 200540, 2744, 7672}},
		{"a file of two weeks", time.Date(2024, 11, 15, 21, 0, 0, 0, time.UTC), [5]int64{5035, 5444, 192796, 1160, 6148}},
	} {
		t.Run(test.name, func(t *testing.T) {
			result, err := engine.Run(context.Background(), engine.Options{
				LoopFile: loop, From: from, To: to, AsOf: test.asOf, Ledger: filepath.Join(filepath.Dir(loop), "l.duckdb"),
				Threads: 1, // many small statements gain nothing from more
			})
			if err != nil {
				t.Fatal(err)
			}
			asOf := test.asOf
			if asOf.IsZero() {
				asOf = to
			}
			want := countFlusight(forecasts, outcomes, from, to, asOf)
			if got := [5]int64{want.Superseded, want.Hindsight, want.Repeated, want.Corrected, want.Withdrawn}; got != test.want {
				t.Errorf("superseded, hindsight, repeated, corrected, withdrawn by brute force %v, want %v", got, test.want)
			}
			got := result.Findings.Outcomes
			if got != want {
				t.Errorf("counts\n%+v, by brute force\n%+v", got, want)
			}
			if sum := got.Invalid + got.Superseded + got.Hindsight + got.Matched + got.Pending + got.Missing; sum != got.Predictions {
				t.Errorf("%d predictions, %d in the parts", got.Predictions, sum)
			}
			if v := result.Findings.Verdict; v != "insufficient" {
				t.Errorf("verdict %s of a week without forecasts, want insufficient", v)
			}
		})
	}
}
