package engine

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/plumbline-data/plumbline/engine/attribution"
	"github.com/plumbline-data/plumbline/engine/cause"
	"github.com/plumbline-data/plumbline/engine/ledger"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/report"
)

// baselineDays are the days that the week's evaluation was held against, those between them included.
func (g *gathering) baselineDays() (days []attribution.Day) {
	if g.findings == nil || g.findings.Baseline.From == nil || g.findings.Baseline.To == nil {
		return nil
	}
	from, errFrom := time.Parse(time.RFC3339, *g.findings.Baseline.From)
	to, errTo := time.Parse(time.RFC3339, *g.findings.Baseline.To)
	if errFrom != nil || errTo != nil {
		return nil
	}
	for d := attribution.DayOf(from); d < attribution.DayOf(to); d++ {
		days = append(days, d)
	}
	return days
}

// conditions tells what is off the nominal, day by day, of the conditions that ever are within the days shown; and how promises were kept.
func (g *gathering) conditions() {
	from := g.sunday - heatDays
	all := g.index.Asides(g.baselineDays(), from, g.sunday)
	rows := map[string][]*float64{}
	ever := map[string]bool{}
	type kept struct{ predictions, broken, off int64 }
	week := map[string]kept{}
	var names []string
	for _, a := range all {
		if rows[a.Condition] == nil {
			rows[a.Condition] = make([]*float64, heatDays)
			names = append(names, a.Condition)
		}
		if a.Predictions > 0 {
			share := float64(a.Off) / float64(a.Predictions)
			rows[a.Condition][a.Day-from] = &share
			ever[a.Condition] = ever[a.Condition] || a.Off > 0
		}
		if a.Day >= g.monday {
			k := week[a.Condition]
			week[a.Condition] = kept{k.predictions + a.Predictions, k.broken + a.Broken, k.off + a.Off}
		}
	}
	for _, name := range names {
		if ever[name] {
			g.out.Heat = append(g.out.Heat, report.WeeklyHeat{Condition: name, First: from.Start().Format(time.DateOnly), Shares: rows[name]})
		}
	}
	left := func(condition string, hit func(kept) int64) *float64 {
		k, ok := week[condition]
		if !ok || k.predictions == 0 {
			return nil
		}
		s := 1 - float64(hit(k))/float64(k.predictions)
		return &s
	}
	share := func(condition string) *float64 { return left(condition, func(k kept) int64 { return k.broken }) }
	// No row at all, where there usually is one, is not fresh either.
	fresh := func(condition string) *float64 { return left(condition, func(k kept) int64 { return k.off }) }
	for i := range g.loop.Sources {
		s := &g.loop.Sources[i]
		if s.Expect != loop.ExpectAny {
			g.promise(s.Name, "rows for each prediction: "+string(s.Expect), share(s.Name+".cardinality"))
		}
		if s.FreshWithin > 0 {
			g.promise(s.Name, "fresh within "+loop.FormatDuration(s.FreshWithin), fresh(s.Name+".staleness"))
		}
		if len(s.Columns) > 0 {
			g.promise(s.Name, "columns: "+columnNames(s.Columns), share(s.Name+".schema"))
		}
	}
}

func columnNames(columns []loop.ColumnContract) string {
	var names []string
	for _, c := range columns {
		names = append(names, c.Name+" "+c.Type)
	}
	return strings.Join(names, ", ")
}

// promise adds a promise. It is broken where predictions were hit, or where a finding rests on it.
func (g *gathering) promise(input, text string, kept *float64) {
	broken := kept != nil && *kept < 1
	if g.findings != nil {
		for i := range g.findings.Findings {
			f := &g.findings.Findings[i]
			schema := strings.HasPrefix(f.Cause, "schema.") && strings.HasPrefix(text, "columns")
			broken = broken || f.Node == input && f.Tier == "contract" && schema && f.State != "resolved"
		}
	}
	g.out.Promises = append(g.out.Promises, report.WeeklyPromise{Input: input, Promise: text, Kept: kept, Broken: broken})
}

// seams tells the hand-overs of the week, and how far they agreed on each day shown.
func (g *gathering) seams() {
	var week []attribution.Day
	for d := g.monday; d < g.sunday; d++ {
		week = append(week, d)
	}
	daily := make([][]ledger.SeamCounts, heatDays)
	for i := range daily {
		daily[i] = g.series.Seams([]attribution.Day{g.sunday - heatDays + attribution.Day(i)})
	}
	for _, s := range g.series.Seams(week) {
		one := report.WeeklySeam{Seam: report.Seam{
			Source: s.Source, Feature: s.Feature, Agree: share(s.Agree, s.Rows), Null: share(s.Null, s.Rows), Default: share(s.Default, s.Rows),
			Differs: share(s.Differs, s.Rows), Ambiguous: share(s.Ambiguous, s.Rows),
		}, Days: make([]*float64, heatDays)}
		if g.findings != nil {
			for _, told := range g.findings.Seams {
				if told.Source == s.Source && told.Feature == s.Feature {
					one.StalenessP50, one.StalenessP99 = told.StalenessP50, told.StalenessP99
				}
			}
		}
		for i, seams := range daily {
			for _, day := range seams {
				if day.Source == s.Source && day.Feature == s.Feature {
					one.Days[i] = share(day.Rows-day.Differs, day.Rows)
				}
			}
		}
		g.out.Seams = append(g.out.Seams, one)
	}
}

// unseen lists what was not looked at, and why.
func (g *gathering) unseen() {
	l := g.loop
	var unsourced []string
	for _, f := range l.Features {
		if f.Source == "" {
			unsourced = append(unsourced, f.Name)
		}
	}
	add := func(format string, args ...any) { g.out.Unseen = append(g.out.Unseen, fmt.Sprintf(format, args...)) }
	if len(unsourced) > 0 {
		add("%s: no source is declared, so that what was served is not replayed", strings.Join(unsourced, ", "))
	}
	for i := range l.Sources {
		if s := &l.Sources[i]; s.KnownAt == "" {
			add("%s: no known_at is declared, so that late rows cannot be told from rows that were there", s.Name)
		}
	}
	if l.Outcomes.KnownAt == "" {
		add("outcomes: no known_at is declared, so that late outcomes cannot be told")
	}
	if l.Scorer == nil {
		add("scores: no scorer is declared, so that costs are told where a model of the log or controls tell them")
	}
	if l.Lineage.OpenLineage == "" && l.Lineage.DBT == "" {
		add("lineage: no evidence of jobs is declared")
	}
	var missing []string
	for d := g.monday; d < g.sunday; d++ {
		if row, ok := g.days[d]; !ok || !row.Closed {
			missing = append(missing, d.Start().Format(time.DateOnly))
		}
	}
	if len(missing) > 0 {
		add("%s: not taken in, or not over as of the last night that looked", strings.Join(missing, ", "))
	}
	if g.findings != nil {
		g.out.Unseen = append(g.out.Unseen, g.findings.Notes...)
	}
}

// cards tells each finding of the week's evaluation with what shows it, and adds up what is open.
func (g *gathering) cards() error {
	if g.findings == nil {
		return nil
	}
	for i := range g.findings.Findings {
		f := &g.findings.Findings[i]
		detail, err := g.reader.Detail(g.ctx, g.boundary, f.ID)
		if err != nil {
			return err
		}
		card := report.WeeklyCard{Finding: f, About: cause.About(cause.Name(f.Cause)), Way: []report.WayStep{}, Days: []report.CardDay{}, Values: comparedValues(detail.Proof)}
		for _, w := range wayOf(g.loop, f) {
			card.Way = append(card.Way, report.WayStep{What: w[0], Name: w[1]})
		}
		for _, d := range detail.Days {
			card.Days = append(card.Days, report.CardDay{Day: d.Day.Start().Format(time.DateOnly), Rows: d.Rows, Share: d.Share})
		}
		g.out.Cards = append(g.out.Cards, card)
		if costly(f) {
			g.out.Cost.Open++
			if f.ExcessLoss != nil {
				g.out.Cost.Known += *f.ExcessLoss
			} else {
				g.out.Cost.Unknown++
			}
		}
	}
	return nil
}

const (
	comparedBins  = 16
	leastCompared = 8 // fewer values make no distribution
)

// comparedValues lays served and declared values of each feature of numbers beside each other.
func comparedValues(rows []report.ProofRow) []report.Compared {
	type values struct{ served, declared []float64 }
	by := map[string]*values{}
	var names []string
	for _, r := range rows {
		if by[r.Feature] == nil {
			by[r.Feature] = &values{}
			names = append(names, r.Feature)
		}
		v := by[r.Feature]
		if x, ok := finite(r.Served); ok {
			v.served = append(v.served, x)
		}
		if x, ok := finite(r.Declared); ok {
			v.declared = append(v.declared, x)
		}
	}
	all := []report.Compared{}
	for _, name := range names {
		v := by[name]
		if len(v.served) < leastCompared || len(v.declared) < leastCompared {
			continue
		}
		c := report.Compared{Feature: name, Rows: len(v.served), Low: min(slices.Min(v.served), slices.Min(v.declared)), High: max(slices.Max(v.served), slices.Max(v.declared))}
		if c.High <= c.Low {
			c.High = c.Low + 1
		}
		c.Served, c.Replayed = binned(v.served, c.Low, c.High), binned(v.declared, c.Low, c.High)
		all = append(all, c)
	}
	return all
}

func finite(s *string) (float64, bool) {
	if s == nil {
		return 0, false
	}
	x, err := strconv.ParseFloat(*s, 64)
	return x, err == nil && !math.IsNaN(x) && !math.IsInf(x, 0)
}

// binned gives the share of values in each bin of [low, high].
func binned(values []float64, low, high float64) []float64 {
	shares := make([]float64, comparedBins)
	for _, v := range values {
		i := min(comparedBins-1, int(float64(comparedBins)*(v-low)/(high-low)))
		shares[i] += 1 / float64(len(values))
	}
	return shares
}
