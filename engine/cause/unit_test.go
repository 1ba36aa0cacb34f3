package cause

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// flown draws whole minutes of delay, most of them early or on time.
func flown(r *rand.Rand) float64 {
	return math.Round(r.NormFloat64()*9 - 4 + math.Max(0, r.ExpFloat64()*40-50))
}

// minutesOf builds a source of 300 delays a day, of ten keys, and lets each row change; days end with the 24th.
func minutesOf(change func(day, row int, number float64) float64) *SourceHistory {
	r := rand.New(rand.NewPCG(7, 1))
	s := &SourceHistory{Name: "arrivals", Features: []string{"mean"}, Values: []ValueOf{{Features: []string{"mean"}, Number: true}}}
	column := KeyColumn{Column: "origin"}
	for k := range 10 {
		column.Keys = append(column.Keys, KeyHistory{Key: string(rune('A' + k)), SourceHistory: SourceHistory{Name: "arrivals", OfKey: true, Features: s.Features, Values: s.Values}})
	}
	for day := range 25 {
		byKey := make([][]NumberCount, 10)
		for row := range 300 {
			byKey[row%10] = append(byKey[row%10], NumberCount{change(day, row, flown(r)), 1})
		}
		s.Days = append(s.Days, dayOfNumbers(day, slices.Concat(byKey...)))
		for k := range byKey {
			column.Keys[k].Days = append(column.Keys[k].Days, dayOfNumbers(day, byKey[k]))
		}
	}
	s.Keys = []KeyColumn{column}
	return s
}

func dayOfNumbers(day int, counts []NumberCount) SourceDay {
	t := tallyOf(counts)
	at := func(share float64) float64 {
		i := slices.IndexFunc(t.upTo[1:], func(rows int64) bool { return float64(rows) >= share*float64(t.all()) })
		return t.numbers[i]
	}
	v := ValueDay{Numbers: t.all(), Counts: t.counts()}
	for q, share := range SpreadShares {
		v.Spread[q] = at(share)
	}
	return SourceDay{Day: begin + Day(day), Rows: t.all(), Keys: t.all(), Values: []ValueDay{v}}
}

func TestUnits(t *testing.T) {
	since20 := func(rows func(row int) bool, of func(float64) float64) func(day, row int, number float64) float64 {
		return func(day, row int, number float64) float64 {
			if day >= 20 && rows(row) {
				return of(number)
			}
			return number
		}
	}
	all := func(int) bool { return true }
	tenth := func(row int) bool { return row%10 == 3 }
	third := func(row int) bool { return row/10%3 == 0 } // of every key
	seconds := func(v float64) float64 { return 60 * v }
	hours := func(v float64) float64 { return math.Round(v/60*1e6) / 1e6 }
	tests := []struct {
		name   string
		change func(day, row int, number float64) float64
		want   string // parameters and days; "" for no claim
		mended bool
	}{
		{"nothing", since20(all, func(v float64) float64 { return v }), "", false},
		{"seconds", since20(all, seconds), "map[offset:0 scale:60 share:1 what:scale] [20, )", true},
		{"seconds of one key", since20(tenth, seconds), "map[key:origin key_share:0.1 keys:[D] offset:0 scale:60 share:0.09 what:scale] [20, )", true},
		{"seconds of a third", since20(third, seconds), "map[offset:0 scale:60 share:0.33 what:scale] [20, )", false},
		{"hours", since20(all, hours), "map[offset:0 scale:0.0166667 share:1 what:scale] [20, )", true},
		{"hours of one key", since20(tenth, hours), "map[key:origin key_share:0.1 keys:[D] offset:0 scale:0.0166667 share:0.09 what:scale] [20, )", true},
		{"hours to two digits", since20(all, func(v float64) float64 { return math.Round(v/60*100) / 100 }), "map[offset:0 scale:0.0166667 share:1 what:scale] [20, )", true},
		{"degrees", since20(third, func(v float64) float64 { return math.Round((v*1.8+32)*10) / 10 }), "map[offset:32 scale:1.8 share:0.33 what:scale] [20, )", false},
		{"for two days", func(day, _ int, v float64) float64 {
			if day == 20 || day == 21 {
				return seconds(v)
			}
			return v
		}, "map[offset:0 scale:60 share:1 what:scale] [20, 22)", true},
		// what is no unit
		{"half minutes from then on", since20(all, func(v float64) float64 { return v + 0.5 }), "", false},
		{"storms", since20(third, func(v float64) float64 { return v + 90 }), "", false},
		{"worse by half", since20(all, func(v float64) float64 { return math.Round(1.5 * v) }), "", false},
		{"seven times", since20(third, func(v float64) float64 { return 7 * v }), "", false},
		{"sevenths", since20(third, func(v float64) float64 { return v / 7 }), "", false},
		{"one day", func(day, _ int, v float64) float64 {
			if day == 20 {
				return seconds(v)
			}
			return v
		}, "", false},
	}
	for _, test := range tests {
		claims := Walk(minutesOf(test.change)).ChangedClaims(nil, begin, begin+25)
		got := strings.TrimPrefix(inWords(claims), "source.changed likely ")
		if got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
		if mended := len(claims) == 1 && claims[0].Mend != nil; mended != test.mended {
			t.Errorf("%s: mended %v", test.name, mended)
		}
	}
}

// TestUnitNights: what is said at a boundary is what the days before it say alone.
func TestUnitNights(t *testing.T) {
	whole := minutesOf(func(day, row int, v float64) float64 {
		if day >= 18 && row%10 == 3 {
			return 60 * v
		}
		return v
	})
	walked := Walk(whole)
	for n := 15; n <= 25; n++ {
		cut := *whole
		cut.Days = whole.Days[:n]
		cut.Keys = []KeyColumn{{Column: "origin"}}
		for _, k := range whole.Keys[0].Keys {
			k.Days = k.Days[:n]
			cut.Keys[0].Keys = append(cut.Keys[0].Keys, k)
		}
		boundary := begin + Day(n)
		got, want := walked.ChangedClaims(nil, begin, boundary), Walk(&cut).ChangedClaims(nil, begin, boundary)
		if fmt.Sprint(inWords(got), mendsIn(got)) != fmt.Sprint(inWords(want), mendsIn(want)) {
			t.Errorf("after %d days: %s, of those days alone %s", n, inWords(got), inWords(want))
		}
		if found := len(got) > 0; found != (n >= 20) {
			t.Errorf("after %d days: found %v", n, found)
		}
	}
}

func mendsIn(claims []Claim) (all []Mend) {
	for _, c := range claims {
		if c.Mend != nil {
			all = append(all, *c.Mend)
		}
	}
	return all
}

// TestUnitShare holds the share against the best of a fine grid, and each posterior and number before against a count over all of base.
func TestUnitShare(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 9))
	for range 12 {
		var before, now []NumberCount
		for range 300 {
			before = append(before, NumberCount{flown(r), 1})
		}
		truth := r.Float64()
		c := conversions[r.IntN(len(conversions))]
		for range 400 {
			v := flown(r)
			if r.Float64() < truth {
				v = math.Round((c.Factor*v+c.Plus)*1e6) / 1e6
			}
			now = append(now, NumberCount{v, 1})
		}
		base := tallyOf(before)
		of := tallyOf(now)
		u := converted{conversion: c, base: &base, step: steps(of.counts())}
		likelihood := func(share float64) (sum float64) {
			for _, n := range of.counts() {
				sum += float64(n.Rows) * math.Log(1-share+share*math.Exp(u.odds(n.Number)))
			}
			return sum
		}
		share, gain := u.share(of.counts())
		for k := 1; k < 1000; k++ {
			if other := likelihood(float64(k) / 1000); other > gain+0.01 {
				t.Fatalf("%s: a share of %.3f has %.4f, %v has %.4f", c.Name, float64(k)/1000, other, share, gain)
			}
		}
		for _, n := range of.counts() {
			miss := u.step/2 + 1e-7*math.Abs(n.Number)
			as, was, best, most := 0, 0, 0.0, 0
			rows := map[float64]int{}
			for _, b := range before {
				if b.Number == n.Number {
					as++
				}
				if math.Abs(c.Factor*b.Number+c.Plus-n.Number) <= miss*(1+1e-9) {
					was++
					rows[b.Number]++
				}
			}
			for number, count := range rows {
				if count > most || count == most && number < best {
					best, most = number, count
				}
			}
			if int64(as) != base.rowsOf(n.Number) || int64(was) != u.rows(n.Number) {
				t.Fatalf("%s: %v is of %d rows as it stands and %d converted, want %d and %d", c.Name, n.Number, base.rowsOf(n.Number), u.rows(n.Number), as, was)
			}
			if was > 0 && u.was(n.Number) != best {
				t.Fatalf("%s: %v was %v, want %v", c.Name, n.Number, u.was(n.Number), best)
			}
		}
	}
}
