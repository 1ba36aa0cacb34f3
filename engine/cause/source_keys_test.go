package cause

import (
	"fmt"
	"testing"
	"time"
)

// keyed is a source of ten airports with news every hour on 20 days, of which silent ones end after a number of days.
func keyed(promise time.Duration, ends map[int]int, skip func(key, day int) bool) *SourceHistory {
	s := hourly(20)
	s.FreshWithin = promise
	c := KeyColumn{Column: "airport"}
	for i := range 10 {
		days := 20
		if n, ok := ends[i]; ok {
			days = n
		}
		var silent []int
		for day := range days {
			if skip != nil && skip(i, day) {
				silent = append(silent, day)
			}
		}
		h := hourly(days, silent...)
		h.OfKey, h.FreshWithin = true, promise
		c.Keys = append(c.Keys, KeyHistory{Key: fmt.Sprintf("A%d", i), Asked: asking(0, 20, 5), SourceHistory: *h})
	}
	s.Keys = []KeyColumn{c}
	return s
}

func TestStoppedKeys(t *testing.T) {
	const promise = 3 * time.Hour
	tests := []struct {
		name   string
		source *SourceHistory
		want   string
	}{
		{"none", keyed(promise, nil, nil), ""},
		{"one", keyed(promise, map[int]int{3: 17}, nil), "source.stopped proven map[key:airport key_share:0.1 keys:[A3] last_at:2024-03-17T23:00:00Z] [17, )"},
		{"two, one after the other", keyed(promise, map[int]int{3: 18, 7: 17}, nil), "source.stopped proven map[key:airport key_share:0.2 keys:[A3 A7] last_at:2024-03-17T23:00:00Z] [17, )"},
		{"less than a day ago", keyed(promise, map[int]int{3: 20}, nil), ""},
		{"most of them", keyed(promise, map[int]int{1: 17, 2: 17, 3: 17, 4: 17, 5: 17, 6: 17}, nil), ""},
		{"no promise", keyed(0, map[int]int{3: 17}, nil), "source.stopped likely map[key:airport key_share:0.1 keys:[A3] last_at:2024-03-17T23:00:00Z] [17, )"},
		{"a key that rests now and then", keyed(promise, map[int]int{3: 17}, func(key, day int) bool { return key == 3 && day == 10 }), ""},
		{"a key that is new", keyed(promise, map[int]int{3: 17}, func(key, day int) bool { return key == 3 && day < 6 }), ""},
	}
	for _, test := range tests {
		if got := inWords(Walk(test.source).StoppedClaims(asking(0, 20, 50), begin, begin+20)); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func TestChangedKeys(t *testing.T) {
	build := func(struck int, all, one func(day int, d *SourceDay)) *SourceHistory {
		s := daysOf(25, all)
		c := KeyColumn{Column: "station"}
		for i := range 10 {
			h := daysOf(25, func(day int, d *SourceDay) {
				if i < struck && day >= 20 {
					one(day, d)
				}
			})
			h.OfKey = true
			c.Keys = append(c.Keys, KeyHistory{Key: fmt.Sprintf("S%d", i), SourceHistory: *h})
		}
		s.Keys = []KeyColumn{c}
		return s
	}
	still := func(int, *SourceDay) {}
	nulls := func(n int64) func(int, *SourceDay) {
		return func(day int, d *SourceDay) {
			if day >= 20 {
				d.Values[0].Nulls = n
			}
		}
	}
	tests := []struct {
		name   string
		source *SourceHistory
		want   string
	}{
		{"none", build(0, still, still), ""},
		{"two without values, which hide among all", build(2, still, nulls(100)), "source.changed likely map[key:station key_share:0.2 keys:[S0 S1] what:nulls] [20, )"},
		{"two without values, and all rows show it", build(2, nulls(22), nulls(100)), "source.changed likely map[key:station key_share:0.2 keys:[S0 S1] what:nulls] [20, )"},
		{"most of them", build(6, nulls(60), nulls(100)), "source.changed likely map[what:nulls] [20, )"},
		{"one halved", build(1, still, func(_ int, d *SourceDay) { d.Rows, d.Keys = 50, 50 }),
			"source.changed likely map[factor:0.5 key:station key_share:0.1 keys:[S0] what:rows] [20, )"},
		{"one a little less", build(1, still, func(_ int, d *SourceDay) { d.Rows, d.Keys = 60, 60 }), ""},
	}
	for _, test := range tests {
		if got := inWords(Walk(test.source).ChangedClaims(nil, begin, begin+25)); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}
