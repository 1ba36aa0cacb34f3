package cause

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// TestWalkNeedsNoFuture: what a walk over a whole history says at a boundary is what a walk over the days before it says, of
// breaks of every kind and of silences, of the source and of its keys.
func TestWalkNeedsNoFuture(t *testing.T) {
	const days = 60
	claims := 0
	for seed := range uint64(40) {
		s := keyedHistory(rand.New(rand.NewPCG(seed, 1)), days)
		whole := Walk(s)
		asked := asking(0, days, 5)
		for boundary := begin + 1; boundary <= begin+days; boundary++ {
			early := Walk(upTo(s, boundary))
			since := boundary - 7
			got := inWords(append(whole.StoppedClaims(asked, since, boundary), whole.ChangedClaims(asked, since, boundary)...))
			want := inWords(append(early.StoppedClaims(asked, since, boundary), early.ChangedClaims(asked, since, boundary)...))
			if got != want {
				t.Fatalf("seed %d, boundary %d: %q of the whole, %q of the days before", seed, boundary-begin, got, want)
			}
			if got != "" {
				claims++
			}
		}
	}
	if claims < 100 {
		t.Errorf("claims at %d boundaries: too few to tell anything", claims)
	}
}

// keyedHistory is a source whose days break with their past now and then, and its keys likewise.
func keyedHistory(r *rand.Rand, days int) *SourceHistory {
	s := brokenHistory(r, days)
	c := KeyColumn{Column: "station"}
	for i := range 3 {
		k := brokenHistory(r, days)
		k.OfKey = true
		c.Keys = append(c.Keys, KeyHistory{Key: fmt.Sprintf("S%d", i), Asked: asking(0, days, 5), SourceHistory: *k})
	}
	s.Keys = []KeyColumn{c}
	return s
}

func brokenHistory(r *rand.Rand, days int) *SourceHistory {
	from := 16 + r.IntN(30)
	to := from + 1 + r.IntN(8)
	kind := r.IntN(6)
	s := daysOf(days, func(day int, d *SourceDay) {
		if day < from || day >= to {
			return
		}
		switch kind {
		case 0:
			d.Values[0].Nulls = int64(r.IntN(60))
		case 1:
			for q := range d.Values[0].Spread {
				d.Values[0].Spread[q] = (d.Values[0].Spread[q] - 32) / 1.8
			}
		case 2:
			d.Values[1].Categories = []Count{{"CLR", 60}, {"RA", 40}}
		case 3:
			d.Rows, d.Keys = 40, 40
		case 4:
			d.Keys = 30
		}
	})
	var silent []int
	if kind == 5 {
		for day := from; day < to; day++ {
			silent = append(silent, day)
		}
	}
	gaps := map[Day][]Gap{}
	spoken := hourly(days, silent...)
	for i := range spoken.Days {
		gaps[spoken.Days[i].Day] = spoken.Days[i].Gaps
	}
	var kept []SourceDay
	for _, d := range s.Days {
		if d.Gaps = gaps[d.Day]; len(d.Gaps) > 0 {
			kept = append(kept, d)
		}
	}
	s.Days, s.FreshWithin, s.Ladders = kept, spoken.FreshWithin, spoken.Ladders
	return s
}

// upTo is a history of which nothing is known from a boundary on.
func upTo(s *SourceHistory, boundary Day) *SourceHistory {
	early := *s
	early.Days = before(s.Days, boundary, func(d *SourceDay) Day { return d.Day })
	early.Keys = nil
	for _, c := range s.Keys {
		one := KeyColumn{Column: c.Column}
		for i := range c.Keys {
			k := &c.Keys[i]
			one.Keys = append(one.Keys, KeyHistory{Key: k.Key, Asked: k.Asked, SourceHistory: *upTo(&k.SourceHistory, boundary)})
		}
		early.Keys = append(early.Keys, one)
	}
	return &early
}
