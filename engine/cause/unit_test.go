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
		{"seconds of one key", since20(tenth, seconds), "map[key:origin key_share:0.1 keys:[D] offset:0 scale:60 share:0.1 what:scale] [20, )", true},
		{"seconds of a third", since20(third, seconds), "map[offset:0 scale:60 share:0.33 what:scale] [20, )", true},
		{"hours", since20(all, hours), "map[offset:0 scale:0.0166667 share:1 what:scale] [20, )", true},
		{"hours of one key", since20(tenth, hours), "map[key:origin key_share:0.1 keys:[D] offset:0 scale:0.0166667 share:0.1 what:scale] [20, )", true},
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

// history is 60 days of 300 rows of a number drawn by day.
func history(draw func(r *rand.Rand, day int) float64) *SourceHistory {
	r := rand.New(rand.NewPCG(9, 4))
	s := &SourceHistory{Name: "orders", Features: []string{"f"}, Values: []ValueOf{{Features: []string{"f"}, Number: true}}}
	for day := range 60 {
		var counts []NumberCount
		for range 300 {
			counts = append(counts, NumberCount{draw(r, day), 1})
		}
		s.Days = append(s.Days, dayOfNumbers(day, counts))
	}
	return s
}

// oneOf draws one of some numbers, the first most of the time.
func oneOf(r *rand.Rand, numbers ...float64) float64 {
	return numbers[int(float64(len(numbers))*math.Pow(r.Float64(), 3))]
}

// TestUnitNearMisses: from day 40 on numbers come that a unit could make of those before, and that have ways of their own to be so.
func TestUnitNearMisses(t *testing.T) {
	percent := func(r *rand.Rand) float64 { return math.Round(r.Float64()*100) / 100 }
	for name, test := range map[string]struct{ before, after func(r *rand.Rand) float64 }{
		"one in twenty orders ten":     {func(r *rand.Rand) float64 { return oneOf(r, 1, 2, 3, 4) }, func(r *rand.Rand) float64 { return 10 }},
		"one in twenty orders sixty":   {func(r *rand.Rand) float64 { return oneOf(r, 1, 2, 3, 4) }, func(r *rand.Rand) float64 { return 60 }},
		"minus one stands for unknown": {func(r *rand.Rand) float64 { return math.Floor(r.ExpFloat64() * 3) }, func(r *rand.Rand) float64 { return -1 }},
		"nought stands for unknown":    {func(r *rand.Rand) float64 { return 600 + float64(r.IntN(1000)) }, func(r *rand.Rand) float64 { return 0 }},
		"packs of ten":                 {func(r *rand.Rand) float64 { return 1 + math.Floor(r.ExpFloat64()*3) }, func(r *rand.Rand) float64 { return 10 + 10*math.Floor(r.ExpFloat64()*3) }},
		"larger loans":                 {func(r *rand.Rand) float64 { return oneOf(r, 10, 20, 50, 100, 200, 500) }, func(r *rand.Rand) float64 { return oneOf(r, 1000, 2000, 5000) }},
		"refunds":                      {func(r *rand.Rand) float64 { return 5 * float64(1+r.IntN(40)) }, func(r *rand.Rand) float64 { return -5 * float64(1+r.IntN(40)) }},
		"a line of whole prices":       {func(r *rand.Rand) float64 { return math.Round(r.Float64()*4000) / 100 }, func(r *rand.Rand) float64 { return float64(45 + r.IntN(46)) }},
		"counts among shares":          {percent, func(r *rand.Rand) float64 { return float64(3 + r.IntN(6)) }},
		"odd numbers too":              {func(r *rand.Rand) float64 { return 2 * math.Floor(r.ExpFloat64()*20) }, func(r *rand.Rand) float64 { return 1 + 2*math.Floor(r.ExpFloat64()*20) }},
	} {
		for _, share := range []float64{0.05, 0.1, 0.5} {
			s := history(func(r *rand.Rand, day int) float64 {
				if day >= 40 && r.Float64() < share {
					return test.after(r)
				}
				return test.before(r)
			})
			for _, c := range Walk(s).ChangedClaims(nil, begin, begin+60) {
				if c.Mend != nil || c.Parameters["share"] != nil {
					t.Errorf("%s, %v of the rows: %s, %v", name, share, inWords([]Claim{c}), c.Evidence)
				}
			}
		}
	}
	halved := history(func(r *rand.Rand, day int) float64 {
		v := 10 + float64(r.IntN(4000))/100
		if day >= 40 {
			v = math.Round(v*50) / 100
		}
		return v
	})
	if got := Walk(halved).ChangedClaims(nil, begin, begin+60); len(got) > 0 {
		t.Errorf("halved prices: %s", inWords(got))
	}
}

// TestUnitsInTurn: a long change is no past for the next, and another unit that follows is told as what it is; each run is put back by itself.
func TestUnitsInTurn(t *testing.T) {
	for _, test := range []struct {
		name   string
		factor func(day int) float64
		want   string
		spans  int
	}{
		{"again after 18 days", func(day int) float64 { return map[bool]float64{true: 60, false: 1}[day >= 20 && day < 38 || day >= 50] }, "[60 60]", 2},
		{"sixty, then a hundred", func(day int) float64 {
			return map[bool]float64{true: 60, false: 1}[day >= 40 && day < 46] * map[bool]float64{true: 100, false: 1}[day >= 46]
		}, "[60 100]", 2},
	} {
		claims := Walk(history(func(r *rand.Rand, day int) float64 { return flown(r) * test.factor(day) })).ChangedClaims(nil, begin, begin+60)
		if len(claims) != 1 || claims[0].Mend == nil || len(claims[0].Mend.Units) != test.spans {
			t.Errorf("%s: %s", test.name, inWords(claims))
			continue
		}
		var factors []float64
		for _, u := range claims[0].Mend.Units {
			last := u.Numbers[len(u.Numbers)-1]
			factors = append(factors, math.Round(last.Number/last.Was))
			for _, n := range u.Numbers {
				if n.Odds > 2 && math.Abs(n.Number-factors[len(factors)-1]*n.Was) > 1e-6 {
					t.Errorf("%s: %v was %v", test.name, n.Number, n.Was)
				}
			}
		}
		if fmt.Sprint(factors) != test.want {
			t.Errorf("%s: factors %v, want %s", test.name, factors, test.want)
		}
	}
}

// TestUnitRounded: what a rounding took away cannot be put back.
func TestUnitRounded(t *testing.T) {
	claims := Walk(history(func(r *rand.Rand, day int) float64 {
		v := math.Floor(r.ExpFloat64() * 60)
		if day >= 40 {
			return math.Round(v/60*10) / 10
		}
		return v
	})).ChangedClaims(nil, begin, begin+60)
	for _, c := range claims {
		if c.Mend != nil {
			t.Errorf("hours to a tenth are put back: %s", inWords(claims))
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
		cut.units = nil
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

// TestUnitMistakes: what converting back is expected to move wrongly is what it moves wrongly, or somewhat more.
func TestUnitMistakes(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 2))
	var before []NumberCount
	for range 8000 {
		before = append(before, NumberCount{flown(r), 1})
	}
	base := tallyOf(before)
	for _, by := range conversions {
		if by.Name != "seconds to minutes" && by.Name != "minutes to seconds" && by.Name != "°F to °C" && by.Name != "miles to km" {
			continue
		}
		type row struct{ number, was float64 }
		var rows []row
		var now []NumberCount
		for i := range 4000 {
			one := flown(r)
			is := row{one, one}
			if i%3 == 0 {
				is.number = math.Round((by.Factor*one+by.Plus)*10) / 10
			}
			rows, now = append(rows, is), append(now, NumberCount{is.number, 1})
		}
		of := tallyOf(now)
		u := converted{conversion: by, base: &base, step: steps(of.numbers)}
		share, _ := u.share(of.counts())
		told := u.mistakes(share, of.counts())
		var moved, missed float64
		for _, one := range rows {
			moved += math.Abs(one.was - one.number)
			back := one.number
			if posterior(u.odds(one.number), share) > 0.5 {
				back, _ = u.was(one.number)
			}
			missed += math.Abs(back - one.was)
		}
		if math.Abs(told.moved/moved-1) > 0.1 || told.missed < missed-0.01*moved || told.missed > missed+0.06*moved {
			t.Errorf("%s of a third: moves %.0f, %.0f of it wrongly; told %.0f and %.0f", by.Name, moved, missed, told.moved, told.missed)
		}
	}
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
		u := converted{conversion: c, base: &base, step: steps(of.numbers)}
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
			as, was, mean := 0, 0, 0.0
			whole := u.step == 0 || math.Abs(n.Number/u.step-math.Round(n.Number/u.step)) <= 1e-3
			for _, b := range before {
				if b.Number == n.Number {
					as++
				}
				if whole && math.Abs(c.Factor*b.Number+c.Plus-n.Number) <= miss*(1+1e-9) {
					was++
					mean += b.Number
				}
			}
			if int64(as) != base.rowsOf(n.Number) || int64(was) != u.rows(n.Number) {
				t.Fatalf("%s: %v is of %d rows as it stands and %d converted, want %d and %d", c.Name, n.Number, base.rowsOf(n.Number), u.rows(n.Number), as, was)
			}
			if got, _ := u.was(n.Number); was > 0 && math.Abs(got-mean/float64(was)) > 1e-9 {
				t.Fatalf("%s: %v was %v, want %v", c.Name, n.Number, got, mean/float64(was))
			}
		}
	}
}
