package attribution

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/plumbline-data/plumbline/engine/fingerprint"
	"github.com/plumbline-data/plumbline/engine/loop"
)

// Conditions of the test layout, in its order, and the codes that tests use.
const (
	weatherRows  = iota // expected, none, many (the last two broken)
	weatherAge          // fresh, old (broken)
	radarAge            // minutes, hours, days, no row, from the future (all usual)
	tempValue           // agrees, null, default
	fileSchema          // ids
	outcomeState        // one, none, corrected, duplicated
)

func testLayout(t testing.TB) *fingerprint.Layout {
	t.Helper()
	usual := func(names ...string) (levels []fingerprint.Level) {
		for _, n := range names {
			levels = append(levels, fingerprint.Level{Name: n, Standing: fingerprint.Usual})
		}
		return levels
	}
	l, err := fingerprint.NewLayout([]fingerprint.Condition{
		{Kind: fingerprint.Cardinality, Of: "weather", Node: "weather", Bits: 2, Levels: []fingerprint.Level{
			{Name: "as expected"}, {Name: "none", Standing: fingerprint.Broken}, {Name: "many", Standing: fingerprint.Broken}}},
		{Kind: fingerprint.Staleness, Of: "weather", Node: "weather", Bits: 1, Levels: []fingerprint.Level{
			{Name: "fresh"}, {Name: "old", Standing: fingerprint.Broken}}},
		{Kind: fingerprint.Staleness, Of: "radar", Node: "radar", Bits: 3, Levels: usual("minutes", "hours", "days", "no row", "from the future")},
		{Kind: fingerprint.Value, Of: "temp", Node: "temp", Bits: 2, Levels: append([]fingerprint.Level{{Name: "agrees"}}, usual("null", "default")...)},
		{Kind: fingerprint.Schema, Of: "predictions", Node: "predictions", Bits: 16},
		{Kind: fingerprint.Outcome, Of: "outcomes", Node: "outcomes", Bits: 2, Levels: append([]fingerprint.Level{{Name: "one"}},
			usual("none", "corrected", "duplicated")...)},
	})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// builder adds rows to a cube, each group of equal rows as two cells: predicted, and known at an age.
type builder struct {
	cube   *Cube
	layout *fingerprint.Layout
}

func newBuilder(t testing.TB) *builder {
	l := testLayout(t)
	return &builder{layout: l, cube: &Cube{Layout: l, SegmentNames: []string{"origin"}, Closed: map[Day]bool{}}}
}

// rows is n equal rows.
type rows struct {
	day            Day
	n              int64
	loss           float64
	segment        string
	version        string
	codes          map[int]uint16
	score, outcome float64
	age            int16
	weight         float64 // 0 means 1
}

func (b *builder) add(all ...rows) *builder {
	c := b.cube
	for _, r := range all {
		codes := make([]uint16, len(b.layout.Conditions))
		for k, code := range r.codes {
			codes[k] = code
		}
		version := indexOf(&c.Versions, r.version)
		segment := slices.IndexFunc(c.Segments, func(s []string) bool { return s[0] == r.segment })
		if segment < 0 {
			segment = len(c.Segments)
			c.Segments = append(c.Segments, []string{r.segment})
		}
		words := b.layout.Pack(codes)
		print := slices.IndexFunc(c.Fingerprints, func(w []uint64) bool { return slices.Equal(w, words) })
		if print < 0 {
			print = len(c.Fingerprints)
			c.Fingerprints = append(c.Fingerprints, words)
		}
		key := Cell{Day: r.day, Version: version, Segment: int32(segment), Fingerprint: int32(print)}
		predicted, known := key, key
		predicted.Age, predicted.Predictions = AgePredicted, r.n
		w := float64(r.n)
		if r.weight != 0 {
			w *= r.weight
		}
		known.Age, known.Rows, known.Weight, known.Loss = r.age, r.n, FixedOf(w), FixedOf(w*r.loss)
		known.Score, known.Outcome = FixedOf(w*r.score), FixedOf(w*r.outcome)
		known.ScoreSq, known.OutcomeSq = FixedOf(w*r.score*r.score), FixedOf(w*r.outcome*r.outcome)
		known.ScoreOut, known.AbsError = FixedOf(w*r.score*r.outcome), FixedOf(w*math.Abs(r.score-r.outcome))
		c.Cells = append(c.Cells, predicted, known)
		c.Closed[r.day] = true
	}
	return b
}

func indexOf(names *[]string, name string) int32 {
	i := slices.Index(*names, name)
	if i < 0 {
		i = len(*names)
		*names = append(*names, name)
	}
	return int32(i)
}

// boundary is the day at which tests ask; the first 35 days before it are baseline and window.
const boundary Day = 1000

func question() Question {
	return Question{Boundary: boundary, Window: 7, Baseline: BaselineSpec{Trailing: 28, Reach: 90}, AsOf: boundary.Start().Add(20 * 24 * time.Hour),
		MinMatched: 100, MinEffect: 0.01, FDR: 0.01, Task: loop.Binary, Loss: loop.LogLoss}
}

// randomCube draws days of cells over segments, versions, ages and faults.
func randomCube(t testing.TB, seed uint64) *Cube {
	r := rand.New(rand.NewPCG(seed, 1))
	b := newBuilder(t)
	for d := boundary - 50; d < boundary+3; d++ {
		for range 40 {
			codes := map[int]uint16{radarAge: uint16(r.IntN(2))}
			if d > boundary-5 && r.IntN(3) == 0 {
				codes[weatherAge] = 1
			}
			if r.IntN(60) == 0 {
				codes[weatherRows] = 1
			}
			if d > boundary-6 && r.IntN(4) == 0 {
				codes[tempValue] = 1
			}
			b.add(rows{day: d, n: int64(1 + r.IntN(40)), loss: math.Round(r.Float64()*1e6) / 1e6, segment: string(rune('a' + r.IntN(5))),
				version: []string{"v1", "v2"}[r.IntN(2)], codes: codes, score: float64(r.IntN(100)) / 100, outcome: float64(r.IntN(2)),
				age: AgeBucket(r.IntN(25)), weight: float64(1 + r.IntN(3))})
		}
	}
	return b.cube
}

// newAlike indexes a cube in which affected rows are like others.
func newAlike(c *Cube) *Index {
	alike := map[int]Balance{}
	for f := range 32 {
		alike[f] = Balance{Compared: 1, Feature: "temp", Apart: 0.01}
	}
	return NewIndex(c).Balanced(alike)
}
