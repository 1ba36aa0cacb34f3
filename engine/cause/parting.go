package cause

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// unexplained: what was served and what is declared part ways, and nothing in the catalogue reproduces it. It is described: which way
// they part and by how much, and on which predictions.

// Parting counts rows of a feature on a UTC day by how what was served parts from the replay.
type Parting struct {
	Day     time.Time
	Feature string
	Code    uint16 // of the cause that names the rows
	Kind    string // null served, null due, from zero, ratio, or other
	Ratio   float64
	Rows    int64
	Above   int64 // of these, those that were served a larger number
}

// PartingLevel counts such rows by the level of a segment column, beside all predictions of the day.
type PartingLevel struct {
	Day       time.Time
	Feature   string
	Code      uint16
	Segment   string
	Level     string
	Rows      int64
	LevelRows int64 // predictions of the day with the level
	DayRows   int64
}

const (
	// mostly is the share of rows from which a segment's level is named,
	mostly = 0.5
	// and how many times it must be that among all predictions.
	concentrated = 2
)

// Partings is how features part from their replay, over the days that were tried.
type Partings struct {
	Kinds  []Parting
	Levels []PartingLevel
}

// Describe says, a line each, how the rows part that are named so, for each feature among levels, on days of [since, boundary).
func (p *Partings) Describe(levels []Level, since, boundary time.Time) []string {
	var lines []string
	for _, feature := range slices.Sorted(maps.Keys(p.features())) {
		in := func(day time.Time, f string, code uint16) bool {
			return f == feature && !day.Before(since) && day.Before(boundary) && slices.Contains(levels, Level{feature + ".value", LevelOf(CodeName(code))})
		}
		if line := p.ways(feature, in); line != "" {
			lines = append(append(lines, line), p.places(feature, in)...)
		}
	}
	return lines
}

func (p *Partings) features() map[string]bool {
	all := map[string]bool{}
	for i := range p.Kinds {
		all[p.Kinds[i].Feature] = true
	}
	return all
}

// ways says which way a feature's rows part and by how much: "" without any.
func (p *Partings) ways(feature string, in func(time.Time, string, uint16) bool) string {
	rows := map[string]int64{}
	ratios := map[float64]int64{}
	var all, above, numbers int64
	for i := range p.Kinds {
		k := &p.Kinds[i]
		if !in(k.Day, k.Feature, k.Code) {
			continue
		}
		rows[k.Kind] += k.Rows
		all, above = all+k.Rows, above+k.Above
		if k.Kind == "ratio" {
			ratios[k.Ratio] += k.Rows
		}
	}
	if all == 0 {
		return ""
	}
	numbers = rows["ratio"] + rows["from zero"]
	var parts []string
	add := func(n int64, words string) {
		if n > 0 {
			parts = append(parts, percent(shareOf(n, all))+" "+words)
		}
	}
	add(above, "are above their replay")
	add(numbers-above, "are below it")
	add(rows["other"], "are another value")
	add(rows["null served"], "are null and should not be")
	add(rows["null due"], "should be null and are not")
	line := fmt.Sprintf("%s: of %d rows that nothing reproduces %s", feature, all, strings.Join(parts, ", "))
	if n := rows["ratio"]; 2*n >= all {
		line += fmt.Sprintf("; served over replayed is about %.3g at the median, %.3g to %.3g for the middle half", quantile(ratios, n, 0.5), quantile(ratios, n, 0.25), quantile(ratios, n, 0.75))
	}
	return line
}

// quantile is that of n counted numbers.
func quantile(counts map[float64]int64, n int64, q float64) float64 {
	var sum int64
	last := 0.0
	for _, v := range sortedKeys(counts) {
		last = v
		if sum += counts[v]; float64(sum) >= q*float64(n) {
			return v
		}
	}
	return last
}

// places names, of each segment column, a level that holds most of a feature's rows and far fewer of all predictions: the one that
// stands out most.
func (p *Partings) places(feature string, in func(time.Time, string, uint16) bool) []string {
	type held struct{ rows, of, all int64 } // rows that part, predictions with the level, and all of the same days
	levels := map[string]map[string]*held{}
	rows := map[string]int64{}
	counted := map[PartingLevel]bool{} // a level's predictions of a day count once, for several causes that name rows
	for i := range p.Levels {
		l := &p.Levels[i]
		if !in(l.Day, l.Feature, l.Code) {
			continue
		}
		if levels[l.Segment] == nil {
			levels[l.Segment] = map[string]*held{}
		}
		h := levels[l.Segment][l.Level]
		if h == nil {
			h = &held{}
			levels[l.Segment][l.Level] = h
		}
		h.rows += l.Rows
		rows[l.Segment] += l.Rows
		if once := (PartingLevel{Day: l.Day, Segment: l.Segment, Level: l.Level}); !counted[once] {
			counted[once] = true
			h.of, h.all = h.of+l.LevelRows, h.all+l.DayRows
		}
	}
	var lines []string
	for _, segment := range slices.Sorted(maps.Keys(levels)) {
		best, most := "", 0.0
		for _, level := range slices.Sorted(maps.Keys(levels[segment])) {
			h := levels[segment][level]
			share, usual := shareOf(h.rows, rows[segment]), shareOf(h.of, h.all)
			if share >= mostly && share >= concentrated*usual && share/usual > most {
				best = fmt.Sprintf("%s: %s of these rows have %s %q, %s of all predictions of those days", feature, percent(share), segment, level, percent(usual))
				most = share / usual
			}
		}
		if best != "" {
			lines = append(lines, best)
		}
	}
	return lines
}
