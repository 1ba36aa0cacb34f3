package cause

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// randomCase is some days of trials of two features of one source, with the labels that Choose gives: hypotheses that hit rows
// at random, some of them nearly all.
func randomCase(rng *rand.Rand) *Case {
	begin := time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC)
	c := &Case{JobOf: func(string) string { return "" }}
	f := &Feature{Name: "f", Number: true, Windowed: true, Length: 6 * time.Hour, Aggregate: "sum", Known: true}
	pool := Hypotheses(f, [2]time.Time{begin, begin.AddDate(0, 0, 9)})
	for _, low := range []int64{-3 * 3600e6, -5 * 3600e6, 2 * 3600e6} {
		pool = append(pool, StaleFrom(f, []Implied{{Low: low, High: low + 1800e6}})...)
	}
	rng.Shuffle(len(pool), func(i, j int) { pool[i], pool[j] = pool[j], pool[i] })
	pool = pool[:8]
	for day := range 1 + rng.IntN(4) {
		for _, feature := range []string{"f", "g"}[:1+rng.IntN(2)] {
			d := TrialDay{Day: begin.AddDate(0, 0, day), Feature: feature, Source: "s"}
			var right []float64
			for _, n := range rng.Perm(len(pool))[:1+rng.IntN(len(pool))] {
				h := pool[n]
				pairs := int64(10 + rng.IntN(90))
				d.Finalists = append(d.Finalists, Finalist{Hypothesis: &h, Pairs: pairs, Lucky: int64(rng.IntN(int(pairs)/2 + 1)), Pieces: drawn(rng.IntN(30))})
				right = append(right, []float64{0.02, 0.3, 0.6, 0.97}[rng.IntN(4)])
			}
			for range 1 + rng.IntN(6) {
				p := Pattern{Rows: int64(1 + rng.IntN(30))}
				for i := range d.Finalists {
					if rng.Float64() < 0.9 {
						p.Counted |= 1 << i
						if rng.Float64() < right[i] {
							p.Hits |= 1 << i
						}
					}
				}
				d.Patterns = append(d.Patterns, p)
			}
			c.Trials = append(c.Trials, d)
		}
	}
	c.label()
	return c
}

// label names the rows as the replay does: by the first of the chosen that reproduces them.
func (c *Case) label() {
	c.Labels = nil
	for i := range c.Trials {
		d := &c.Trials[i]
		rows := map[uint16]int64{}
		winners := Choose(d)
		for _, p := range d.Patterns {
			code := CodeDiffers
			for _, w := range winners {
				if p.Hits>>w&1 == 1 {
					code = CodeOf(d.Finalists[w].Cause)
					break
				}
			}
			rows[code] += p.Rows
		}
		for _, code := range sortedKeys(rows) {
			c.Labels = append(c.Labels, LabelDay{Day: d.Day, Feature: d.Feature, Source: d.Source, Code: code, Rows: rows[code], First: d.Day, Last: d.Day.Add(time.Hour)})
		}
	}
}

// copied is a case of its own that a test may change.
func (c *Case) copied() *Case {
	out := &Case{JobOf: c.JobOf, Labels: slices.Clone(c.Labels)}
	for _, d := range c.Trials {
		d.Finalists, d.Patterns = slices.Clone(d.Finalists), slices.Clone(d.Patterns)
		out.Trials = append(out.Trials, d)
	}
	return out
}

// says is everything that a case comes to: labels and claims.
func (c *Case) says() string {
	begin := time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC)
	labels := slices.Clone(c.Labels)
	slices.SortFunc(labels, func(a, b LabelDay) int {
		return slices.Compare([]string{a.Day.String(), a.Feature, fmt.Sprint(a.Code)}, []string{b.Day.String(), b.Feature, fmt.Sprint(b.Code)})
	})
	var b strings.Builder
	for _, l := range labels {
		fmt.Fprintf(&b, "%+v\n", l)
	}
	for _, claim := range c.Claims(begin, begin, begin.AddDate(0, 0, 9)) {
		proof := claim.Proof
		claim.Tried, claim.Proof = nil, nil // by place of the finalists, and told in full
		fmt.Fprintf(&b, "%+v\n%.9f %.9f %.9f of %d, %d\n", claim, proof.Explains, proof.Chance, proof.RunnerUp, proof.Rows, proof.Distinct)
	}
	return b.String()
}

// TestNeutralChanges: what makes no difference to the evidence makes none to labels and claims.
func TestNeutralChanges(t *testing.T) {
	for _, change := range []struct {
		name string
		make func(*rand.Rand, *Case)
	}{
		{"the order of days, finalists and patterns", shuffled},
		{"rows of one pattern in two", split},
		{"a hypothesis that reproduces nothing", func(rng *rand.Rand, c *Case) {
			c.add(func(*Finalist) *Hypothesis { return &Hypothesis{Cause: Logic, Key: "never", Rank: rng.IntN(20)} }, func(*TrialDay, int) (hits, counted bool) { return false, true })
		}},
		{"a hypothesis that counts no row", func(rng *rand.Rand, c *Case) {
			c.add(func(*Finalist) *Hypothesis { return &Hypothesis{Cause: Logic, Key: "never", Rank: rng.IntN(20)} }, func(*TrialDay, int) (hits, counted bool) { return false, false })
		}},
	} {
		t.Run(change.name, func(t *testing.T) {
			for seed := range uint64(40) {
				rng := rand.New(rand.NewPCG(seed, 1))
				before := randomCase(rng)
				after := before.copied()
				change.make(rng, after)
				after.label()
				if got, want := after.says(), before.says(); got != want {
					t.Fatalf("seed %d: %s", seed, cmp.Diff(want, got))
				}
			}
		})
	}
}

func shuffled(rng *rand.Rand, c *Case) {
	for i := range c.Trials {
		d := &c.Trials[i]
		order := rng.Perm(len(d.Finalists))
		finalists := make([]Finalist, len(order))
		move := func(bits uint64) (moved uint64) {
			for was, is := range order {
				moved |= bits >> was & 1 << is
			}
			return moved
		}
		for was, is := range order {
			finalists[is] = d.Finalists[was]
		}
		d.Finalists = finalists
		for j := range d.Patterns {
			d.Patterns[j].Hits, d.Patterns[j].Counted = move(d.Patterns[j].Hits), move(d.Patterns[j].Counted)
		}
		rng.Shuffle(len(d.Patterns), func(i, j int) { d.Patterns[i], d.Patterns[j] = d.Patterns[j], d.Patterns[i] })
	}
	rng.Shuffle(len(c.Trials), func(i, j int) { c.Trials[i], c.Trials[j] = c.Trials[j], c.Trials[i] })
}

func split(rng *rand.Rand, c *Case) {
	for i := range c.Trials {
		d := &c.Trials[i]
		for j := range d.Patterns {
			if rows := d.Patterns[j].Rows; rows > 1 {
				part := d.Patterns[j]
				part.Rows = 1 + rng.Int64N(rows-1)
				d.Patterns[j].Rows -= part.Rows
				d.Patterns = append(d.Patterns, part)
			}
		}
	}
}

// add adds a finalist to every day, made of one that is there; on says what it reproduces and counts of a pattern.
func (c *Case) add(made func(*Finalist) *Hypothesis, on func(d *TrialDay, pattern int) (hits, counted bool)) {
	for i := range c.Trials {
		d := &c.Trials[i]
		f := d.Finalists[0]
		f.Hypothesis = made(&f)
		bit := uint64(1) << len(d.Finalists)
		for j := range d.Patterns {
			hits, counted := on(d, j)
			if hits {
				d.Patterns[j].Hits |= bit
			}
			if counted {
				d.Patterns[j].Counted |= bit
			}
		}
		d.Finalists = append(d.Finalists, f)
	}
}

// TestCopyNeverWins: of two hypotheses that are the same on every row the simpler is chosen, and the other takes nothing from
// its proof.
func TestCopyNeverWins(t *testing.T) {
	for seed := range uint64(40) {
		rng := rand.New(rand.NewPCG(seed, 2))
		before := randomCase(rng)
		after := before.copied()
		after.add(func(f *Finalist) *Hypothesis {
			h := *f.Hypothesis
			h.Key, h.Rank = "copy of "+h.Key, h.Rank+30
			return &h
		}, func(d *TrialDay, j int) (hits, counted bool) {
			return d.Patterns[j].Hits&1 == 1, d.Patterns[j].Counted&1 == 1
		})
		begin := time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC)
		first := before.Claims(begin, begin, begin.AddDate(0, 0, 9))
		second := after.Claims(begin, begin, begin.AddDate(0, 0, 9))
		brief := func(all []Claim) (text string) {
			for i := range all {
				text += fmt.Sprintf("%s %v %v %v %d\n", all[i].Cause, all[i].Hypotheses, all[i].Proven, all[i].Proof.Explains, all[i].Proof.Rows)
			}
			return text
		}
		if got, want := brief(second), brief(first); got != want {
			t.Fatalf("seed %d: with copies\n%s\nwithout\n%s", seed, got, want)
		}
		for i := range after.Trials {
			if got, want := Choose(&after.Trials[i]), Choose(&before.Trials[i]); !slices.Equal(got, want) {
				t.Fatalf("seed %d, day %d: chose %v with a copy, %v without", seed, i, got, want)
			}
		}
	}
}
