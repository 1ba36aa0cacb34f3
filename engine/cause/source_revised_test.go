package cause

import (
	"strings"
	"testing"
	"time"
)

// revised is a source of 20 days, each of 1000 in size, that lowers 1 % of what it said on the next day, and predictions of day
// 21 that used values of day 20.
func revised(base float64, moves ...Move) *SourceHistory {
	r := Revisions{Feature: "admissions"}
	for day := range 20 {
		r.Usual = append(r.Usual, RevisedDay{Day: begin + Day(day), Base: 1000, Moves: []Move{{Known: begin + Day(day) + 1, Lowered: true, Moved: 10}}})
	}
	r.Used = []RevisedDay{{Day: begin + 21, Base: base, Predictions: 100, Moves: moves}}
	return &SourceHistory{Name: "hub", Revisions: []Revisions{r}}
}

func TestRevised(t *testing.T) {
	// 60 of 100 predictions used values that are twice what they became on day 22.
	halved := Move{Known: begin + 22, Lowered: true, Moved: 3000, Beyond: 60, Agreeing: 60, Rows: 12, Used: 6000, Now: 3000,
		KnownFrom: at(20, 18), CorrectedAt: at(22, 9), First: at(21, 7.5), Last: at(21, 19.2)}
	with := func(change func(*Move)) Move {
		m := halved
		change(&m)
		return m
	}
	back := Move{Known: begin + 23, Lowered: true, Moved: -3000, Beyond: -60, Agreeing: -60, Rows: -12, Used: -6000, Now: -3000}
	const found = "source.revised proven map[corrected_at:2024-03-23T09:00:00Z ratio:2] [21 07:00, 21 20:00)"
	tests := []struct {
		name     string
		source   *SourceHistory
		boundary int
		want     string
	}{
		{"halved", revised(10000, halved), 24, found},
		{"not yet corrected at the boundary", revised(10000, halved), 22, ""},
		{"within the usual of the past", revised(200000, halved), 24, ""},
		{"few predictions", revised(10000, with(func(m *Move) { m.Beyond = 29 })), 24, ""},
		{"few source rows", revised(10000, with(func(m *Move) { m.Rows = 9 })), 24, ""},
		{"corrected back", revised(10000, halved, back), 24, ""},
		{"served otherwise", revised(10000, with(func(m *Move) { m.Agreeing = 30 })), 24,
			"source.revised likely map[corrected_at:2024-03-23T09:00:00Z ratio:2] [21 07:00, 21 20:00)"},
		{"raised, which never happened before", revised(10000, with(func(m *Move) { m.Lowered = false; m.Now = 12000 })), 24,
			"source.revised proven map[corrected_at:2024-03-23T09:00:00Z ratio:0.5] [21 07:00, 21 20:00)"},
		{"no past", revised(10000, with(func(m *Move) { m.KnownFrom = at(5, 0) })), 24, ""},
	}
	for _, test := range tests {
		if got := inWords(RevisedClaims(test.source, begin, begin+Day(test.boundary))); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
	if got := inWords(RevisedClaims(revised(10000, halved), begin+22, begin+24)); got != "" {
		t.Errorf("%q of days asked about later, want nothing", got)
	}
}

// TestRevisedEpidemic: where one day in five was raised by a fifth afterwards, another such day is no fault.
func TestRevisedEpidemic(t *testing.T) {
	s := revised(10000, Move{Known: begin + 22, Moved: 2500, Beyond: 60, Agreeing: 60, Rows: 12, Used: 6000, Now: 8500, KnownFrom: at(20, 18), First: at(21, 7), Last: at(21, 8)})
	for i := range s.Revisions[0].Usual {
		if i%5 == 0 {
			d := &s.Revisions[0].Usual[i]
			d.Moves = append(d.Moves, Move{Known: d.Day + 3, Moved: 200})
		}
	}
	if got := inWords(RevisedClaims(s, begin, begin+24)); got != "" {
		t.Errorf("%q, want nothing", got)
	}
}

// rewritten is 25 days of hours with 50 rows of size 1000 each, one of which is corrected by a tenth of its size the next day;
// bad gives, by hour, how many more are corrected from 150 to 100 on the next day.
func rewritten(served ServedDay, bad func(hour int) int64) *SourceHistory {
	r := Rewritten{Features: []string{"mean"}, Window: 6 * time.Hour}
	for i := range 25 * 24 {
		day := begin + Day(i/24)
		n := bad(i)
		r.Hours = append(r.Hours, RewrittenHour{Hour: at(0, float64(i)), Rows: 50, Base: 1000 + 150*float64(n), Moves: []RowMove{
			{Known: day + 1, Moved: 10 + 50*float64(n), Off: n, Used: 150 * float64(n), Now: 100 * float64(n), After: 24 * time.Hour},
		}})
		if i%24 == 0 {
			served.Day = day
			r.Served = append(r.Served, served)
		}
	}
	return &SourceHistory{Name: "arrivals", Rewritten: []Rewritten{r}}
}

func TestRewritten(t *testing.T) {
	const found = "map[corrected_after_s:86400 ratio:1.5] [20 14:00, 25 06:00)"
	agreeing, parting := ServedDay{Served: 100, Agreeing: 99}, ServedDay{Served: 100, Agreeing: 60}
	since := func(hour int, n int64) func(int) int64 {
		return func(i int) int64 {
			if i >= hour {
				return n
			}
			return 0
		}
	}
	tests := []struct {
		name     string
		served   ServedDay
		bad      func(hour int) int64
		boundary int
		want     string
	}{
		{"all inflated", agreeing, since(20*24+14, 50), 26, "source.revised proven " + found},
		{"a tenth inflated", agreeing, since(20*24+14, 5), 26, "source.revised proven " + found},
		{"served otherwise", parting, since(20*24+14, 50), 26, "source.revised likely " + found},
		{"not yet corrected at the boundary", agreeing, since(20*24+14, 50), 21, ""},
		{"one in fifty", agreeing, since(20*24+14, 1), 26, ""},
		{"as ever", agreeing, since(0, 5), 26, ""},
		{"a past too short", agreeing, since(9*24, 50), 26, ""},
		{"as one day in four is", agreeing, func(i int) int64 {
			if i/24%4 == 0 {
				return 4
			}
			return 0
		}, 26, ""},
		{"a day, and then well again", agreeing, func(i int) int64 {
			if i/24 == 20 {
				return 50
			}
			return 0
		}, 26, "source.revised proven map[corrected_after_s:86400 ratio:1.5] [20, 21 06:00)"},
	}
	for _, test := range tests {
		if got := inWords(RevisedClaims(rewritten(test.served, test.bad), begin+18, begin+Day(test.boundary))); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
	if got := inWords(RevisedClaims(rewritten(agreeing, func(i int) int64 {
		if i/24 == 15 {
			return 50
		}
		return 0
	}), begin+18, begin+26)); got != "" {
		t.Errorf("%q of days asked about later, want nothing", got)
	}
}

// keyedRows is a source of four keys, of a hundred rows an hour of key D and of so many of each other; one row in fifty is corrected,
// and from an hour on those that bad says. Its second column tells the same rows apart otherwise: a quarter of each key is of each.
func keyedRows(others int64, since int, bad func(key string) bool) *SourceHistory {
	r := Rewritten{Features: []string{"mean"}, Window: 6 * time.Hour, Keys: []RewrittenColumn{{Column: "origin"}, {Column: "dest"}}}
	hour := func(i int, rows, off int64) RewrittenHour {
		return RewrittenHour{Hour: at(0, float64(i)), Rows: rows, Base: 20 * float64(rows), Moves: []RowMove{
			{Known: begin + Day(i/24) + 1, Moved: 5 * float64(off), Off: off, Used: 15 * float64(off), Now: 10 * float64(off), After: 24 * time.Hour},
		}}
	}
	// A third has a row for each key, so that none is taken down of it.
	r.Keys = append(r.Keys, RewrittenColumn{Column: "tail"})
	for _, key := range []string{"A", "B", "C", "D"} {
		r.Keys[0].Keys = append(r.Keys[0].Keys, RewrittenKey{Key: key})
		r.Keys[1].Keys = append(r.Keys[1].Keys, RewrittenKey{Key: key})
	}
	for i := range 25 * 24 {
		var rows, off int64
		for k := range r.Keys[0].Keys {
			of := &r.Keys[0].Keys[k]
			n := others
			if of.Key == "D" {
				n = 100
			}
			wrong := n / 50
			if i >= since && bad(of.Key) {
				wrong = n
			}
			of.Hours = append(of.Hours, hour(i, n, wrong))
			rows, off = rows+n, off+wrong
		}
		for k := range r.Keys[1].Keys {
			of := &r.Keys[1].Keys[k]
			of.Hours = append(of.Hours, hour(i, rows/4, off/4))
		}
		r.Hours = append(r.Hours, hour(i, rows, off))
		if i%24 == 0 {
			r.Served = append(r.Served, ServedDay{Day: begin + Day(i/24), Served: 100, Agreeing: 100})
		}
	}
	return &SourceHistory{Name: "arrivals", Rewritten: []Rewritten{r}}
}

func TestRewrittenKeys(t *testing.T) {
	const found, since = " [20 14:00, 25 06:00)", 20*24 + 14
	only := func(keys string) func(string) bool {
		return func(key string) bool { return strings.Contains(keys, key) }
	}
	tests := []struct {
		name string
		of   *SourceHistory
		want string
	}{
		{"one of four, which shows among all", keyedRows(100, since, only("D")), "map[corrected_after_s:86400 key:origin key_share:0.25 keys:[D] ratio:1.5]"},
		{"two of four", keyedRows(100, since, only("BD")), "map[corrected_after_s:86400 key:origin key_share:0.5 keys:[B D] ratio:1.5]"},
		{"three of four are the source's own doing", keyedRows(100, since, only("BCD")), "map[corrected_after_s:86400 ratio:1.5]"},
		{"all", keyedRows(100, since, only("ABCD")), "map[corrected_after_s:86400 ratio:1.5]"},
		{"one that hides among all", keyedRows(2000, since, only("D")), "map[corrected_after_s:86400 key:origin key_share:0.25 keys:[D] ratio:1.5]"},
		{"none", keyedRows(2000, since, only("")), ""},
	}
	for _, test := range tests {
		want := test.want
		if want != "" {
			want = "source.revised proven " + want + found
		}
		if got := inWords(RevisedClaims(test.of, begin+18, begin+26)); got != want {
			t.Errorf("%s: %q, want %q", test.name, got, want)
		}
	}
}

// TestRewrittenSmallKeys: of ten keys with few rows a day, some of which were corrected before, those that were wholly corrected on one day are
// told, and not the others; a key that was not there before tells nothing.
func TestRewrittenSmallKeys(t *testing.T) {
	r := Rewritten{Features: []string{"mean"}, Window: 6 * time.Hour, Keys: []RewrittenColumn{{Column: "origin"}}}
	hour := func(i int, rows, off int64) RewrittenHour {
		return RewrittenHour{Hour: at(0, float64(i)), Rows: rows, Base: 20 * float64(rows), Moves: []RowMove{
			{Known: begin + Day(i/24) + 1, Moved: 5 * float64(off), Off: off, Used: 15 * float64(off), Now: 10 * float64(off), After: 24 * time.Hour},
		}}
	}
	for k := range 11 {
		of := RewrittenKey{Key: string(rune('a' + k))}
		for i := range 25 * 24 {
			off := int64(0)
			if i%12 == 0 {
				off = 1
			}
			if i/24 == 20 && k%2 == 1 {
				off = 1
			}
			if k < 10 || i/24 == 20 {
				of.Hours = append(of.Hours, hour(i, 1, off))
			}
		}
		r.Keys[0].Keys = append(r.Keys[0].Keys, of)
	}
	for i := range 25 * 24 {
		var rows, off int64
		for _, k := range r.Keys[0].Keys[:10] {
			rows, off = rows+1, off+k.Hours[i].Moves[0].Off
		}
		r.Hours = append(r.Hours, hour(i, rows, off))
		if i%24 == 0 {
			r.Served = append(r.Served, ServedDay{Day: begin + Day(i/24), Served: 100, Agreeing: 100})
		}
	}
	got := RevisedClaims(&SourceHistory{Name: "arrivals", Rewritten: []Rewritten{r}}, begin+18, begin+26)
	if len(got) != 1 || strings.Join(got[0].Parameters["keys"].([]string), "") != "bdfhj" {
		t.Errorf("%q", inWords(got))
	}
}
