package profile_test

import (
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/plumbline-data/plumbline/engine/cause"
	"github.com/plumbline-data/plumbline/fixtures/flights2001"
	"github.com/plumbline-data/plumbline/fixtures/lake"
	"github.com/plumbline-data/plumbline/fixtures/world"
)

// TestCleanWorld: a production in which nothing breaks, with feeds that come late, correct themselves and rest at night, and
// outcomes of which some are late, lost or wrong at first, is claimed to be nothing else at any boundary; nor is one in which the
// feature service goes wrong, for its tables stay right.
func TestCleanWorld(t *testing.T) {
	log, err := flights2001.Log()
	if err != nil {
		t.Fatal(err)
	}
	onset := time.Date(2001, 5, 7, 14, 0, 0, 0, time.UTC)
	w, err := world.Build(log, world.Options{Faults: []world.Fault{{Kind: "zone_shift", Zone: "America/Chicago", Onset: onset}}})
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := w.Write(folder); err != nil {
		t.Fatal(err)
	}
	p := taken(t, filepath.Join(folder, "loop.yaml"), utc(t, "2001-03-26"), utc(t, "2001-05-20"), utc(t, "2001-06-01"))
	if got := changes(t, p.Claims, "2001-03-26", "2001-05-20", 35); len(got) > 0 {
		t.Errorf("claims\n%s\nwant none", strings.Join(got, "\n"))
	}
	for _, s := range p.Sources {
		if len(s.Days) < 50 || s.Name == "airport_status" && len(s.Revisions) != 2 {
			t.Errorf("%s: %d days and revisions of %d features", s.Name, len(s.Days), len(s.Revisions))
		}
	}
}

// TestLabels: outcomes are held against the other numbers in their rows and the rival definitions, by the day on which they
// became known; what a rival cannot be computed for is left out.
func TestLabels(t *testing.T) {
	folder := lake.Put(t, map[string]string{
		"loop.yaml": `version: 1
loop: late
task: binary
loss: log_loss
timezone: UTC
predictions: {path: p.parquet, id: id, at: at, score: score}
outcomes:
  path: o.parquet
  on: {id: id}
  value: late
  at: at
  known_at: known
  horizon: 3d
  definitions: {old: {derive: "delay > 14"}, words: {derive: "cast(word as integer) > 0"}}
`,
		"p.parquet": "select i as id, timestamptz '2024-03-01 10:00:00+00' as at, 0.5 as score from range(6) as t(i)",
		"o.parquet": "select *, timestamptz '2024-03-01 12:00:00+00' as \"at\", timestamptz '2024-03-01 12:00:00+00' + to_days(day) as known from (values " +
			"(0, 0, 3, 'x', 1), (1, 0, 15, '0', 1), (2, 1, 16, '1', 1), (3, 1, 90, '0', 2), (4, 0, null, '0', 2), (5, null, 7, '0', 2)) as t(id, late, delay, word, day)",
	})
	p := taken(t, filepath.Join(folder, "loop.yaml"), utc(t, "2024-03-01"), utc(t, "2024-03-02"), utc(t, "2024-03-20"))
	o := &p.Outcomes
	if got := strings.Join(append(o.Columns, o.Rivals...), " "); got != "delay day old words" {
		t.Fatalf("columns and rivals %q", got)
	}
	first := cause.DayOf(utc(t, "2024-03-02"))
	want := []cause.LabelledDay{
		{Day: first, Rows: 3, Columns: []cause.Parted{
			{Zeros: 2, Ones: 1, MinZero: 3, MaxZero: 15, MinOne: 16, MaxOne: 16}, {Zeros: 2, Ones: 1, MinZero: 1, MaxZero: 1, MinOne: 1, MaxOne: 1},
		}, Rivals: []cause.Rival{{Rows: 3, Differs: 1}, {Rows: 2, Differs: 0}}},
		{Day: first + 1, Rows: 2, Columns: []cause.Parted{
			{Ones: 1, MinOne: 90, MaxOne: 90}, {Zeros: 1, Ones: 1, MinZero: 2, MaxZero: 2, MinOne: 2, MaxOne: 2},
		}, Rivals: []cause.Rival{{Rows: 1, Differs: 0}, {Rows: 2, Differs: 1}}},
	}
	// On the first day the delay tells the outcomes, the day of loading, which is the same for all, does not; nor does either on
	// the second, on which the one delay is of an outcome 1: of what told the outcomes before, what it holds is kept. 'x' is no number, so that "words" agrees with two of three.
	event := utc(t, "2024-03-01").Add(12 * time.Hour)
	bin := func(one bool, delay float64, old, words int64) cause.Bin {
		return cause.Bin{One: one, Rows: 1, Low: delay, High: delay, EventFirst: event, Agrees: []int64{old, words}}
	}
	bins := [][][]cause.Bin{{{bin(false, 3, 1, 0), bin(false, 15, 0, 1), bin(true, 16, 1, 1)}, nil}, {{bin(true, 90, 1, 0)}, nil}}
	for i := range o.Labels {
		if !reflect.DeepEqual(o.Labels[i].Bins, bins[i]) {
			t.Errorf("bins of day %d: %+v, want %+v", i, o.Labels[i].Bins, bins[i])
		}
	}
	if len(o.Labels) != 2 {
		t.Fatalf("%d days, want 2", len(o.Labels))
	}
	for i := range want {
		if got := o.Labels[i]; !equalLabels(got, want[i]) {
			t.Errorf("day %d: %+v, want %+v", i, got, want[i])
		}
	}
}
