package cause

import (
	"fmt"
	"testing"
	"time"
)

// hourly is a source with a row every hour, known ten minutes later, on days [0, days), but for its silences: days without any.
func hourly(days int, silent ...int) *SourceHistory {
	s := &SourceHistory{Name: "weather", Features: []string{"temp"}, FreshWithin: 3 * time.Hour, Ladders: []Ladder{{
		Condition: "weather.staleness", Steps: []Step{{"<=3h", 90 * time.Minute}, {"<=6h", 3 * time.Hour}, {"beyond", 24 * time.Hour}}, None: "no row",
	}}}
	still := map[int]bool{}
	for _, d := range silent {
		still[d] = true
	}
	var last time.Time
	for day := range days {
		if still[day] {
			continue
		}
		d := SourceDay{Day: begin + Day(day), Rows: 24}
		for hour := range 24 {
			known := at(day, float64(hour)).Add(10 * time.Minute)
			if !last.IsZero() {
				bin := int32(0)
				if known.Sub(last) > time.Hour {
					bin = 9
				}
				q := Silence{From: last, To: known, LastAt: last.Add(-10 * time.Minute)}
				news := Silence{From: known, LastAt: at(day, float64(hour))}
				if n := len(d.Gaps); n > 0 && d.Gaps[n-1].Bin == bin {
					d.Gaps[n-1].Count++
					d.Gaps[n-1].Newest = news
				} else {
					d.Gaps = append(d.Gaps, Gap{Bin: bin, Count: 1, Longest: q, Newest: news})
				}
			}
			last = known
		}
		s.Days = append(s.Days, d)
	}
	return s
}

// asking is some predictions every hour of days [from, to).
func asking(from, to int, rows int64) []Asked {
	var all []Asked
	for h := 24 * from; h < 24*to; h++ {
		all = append(all, Asked{Hour: at(0, float64(h)), Rows: rows})
	}
	return all
}

func TestStopped(t *testing.T) {
	tests := []struct {
		name            string
		source          *SourceHistory
		asked           []Asked
		since, boundary int
		want            string
	}{
		{"goes on", hourly(10), asking(0, 10, 5), 0, 10, ""},
		{"stopped a day ago", hourly(9), asking(0, 10, 5), 0, 10, "source.stopped proven map[last_at:2024-03-09T23:00:00Z] [9, )"},
		{"nobody asked", hourly(9), asking(0, 9, 5), 0, 10, ""},
		{"few asked", hourly(9), asking(0, 10, 1), 0, 10, ""},
		{"paused for a day", hourly(10, 7), asking(0, 10, 5), 0, 10, "source.stopped proven map[last_at:2024-03-07T23:00:00Z] [7, 8 00:10)"},
		{"the pause is before the days asked about", hourly(12, 4), asking(6, 12, 5), 6, 12, ""},
		{"stopped before the days asked about", hourly(5), asking(8, 12, 5), 8, 12, "source.stopped proven map[last_at:2024-03-05T23:00:00Z] [5, )"},
		{"not known at the boundary", hourly(9), asking(0, 9, 5), 0, 9, ""},
		{"too short a past", hourly(0), asking(0, 9, 5), 0, 9, ""},
	}
	for _, test := range tests {
		got := Walk(test.source).StoppedClaims(test.asked, begin+Day(test.since), begin+Day(test.boundary))
		if inWords(got) != test.want {
			t.Errorf("%s: %s, want %s", test.name, inWords(got), test.want)
		}
	}
	levels := fmt.Sprint(Walk(hourly(9)).StoppedClaims(asking(0, 10, 5), begin, begin+10)[0].Levels)
	if want := "[{weather.staleness <=6h} {weather.staleness beyond} {weather.staleness no row}]"; levels != want {
		t.Errorf("levels %s, want %s", levels, want)
	}
}

// TestStoppedNights: a source that rests every night, for longer than ten times the usual wait, has not stopped.
func TestStoppedNights(t *testing.T) {
	s := &SourceHistory{Name: "flights"}
	for day := range 20 {
		open, shut := at(day, 6), at(day-1, 23)
		s.Days = append(s.Days, SourceDay{Day: begin + Day(day), Rows: 1000, Gaps: []Gap{
			{Bin: 0, Count: 1000, Longest: Silence{From: open, To: open.Add(time.Minute)}, Newest: Silence{From: at(day, 23), LastAt: at(day, 23)}},
			{Bin: 130, Count: 1, Longest: Silence{From: shut, To: open, LastAt: shut}, Newest: Silence{From: open, LastAt: open}},
		}})
	}
	if got := inWords(Walk(s).StoppedClaims(asking(0, 21, 50), begin+10, begin+20)); got != "" {
		t.Errorf("%s, want nothing", got)
	}
	if got, want := inWords(Walk(s).StoppedClaims(asking(0, 21, 50), begin+10, begin+21)), "source.stopped proven map[last_at:2024-03-20T23:00:00Z] [19 23:00, )"; got != want {
		t.Errorf("a day later %s, want %s", got, want)
	}
}
