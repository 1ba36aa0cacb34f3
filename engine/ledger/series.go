package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/plumbline-data/plumbline/engine/attribution"
)

// Bin is one bin of a score histogram.
type Bin struct {
	Bin       int16
	Rows      int64             // predictions with an outcome
	Weight    attribution.Fixed // rows weighted
	Positives attribution.Fixed // weighted sum of outcomes
}

// SeamCounts tells how far served and replayed values of one feature agree, in predictions.
type SeamCounts struct {
	Source, Feature                                string
	Rows, Agree, Null, Default, Differs, Ambiguous int64
}

// ages is one bin of how old the rows used by a join were.
type ages struct {
	join       string
	bin        int64
	rows, most int64 // most: greatest age in the bin, seconds
}

// Series are the side tables of the ledger day by day, read once, so that every boundary's question is a sum in memory.
type Series struct {
	bins  map[attribution.Day]map[string][]Bin // by day, then level
	seams map[attribution.Day][]SeamCounts
	ages  map[attribution.Day][]ages
	// entities are the losses of groups of entities, where the loop declares entities.
	entities map[attribution.Day][]attribution.EntityLoss
}

// Series reads the days in [from, to). Dimension is that of the histograms: a segment column, a condition's name, or ""
// for all rows under one level "".
func (c *Contents) Series(ctx context.Context, dimension string, from, to attribution.Day) (*Series, error) {
	s := &Series{bins: map[attribution.Day]map[string][]Bin{}, seams: map[attribution.Day][]SeamCounts{}, ages: map[attribution.Day][]ages{}, entities: map[attribution.Day][]attribution.EntityLoss{}}
	params := between(from, to)
	params["dimension"] = dimension
	err := c.db.Query(ctx, "570_ledger_read_histograms", nil, params, func(rows *sql.Rows) error {
		var day attribution.Day
		var b Bin
		var level, weight, positives string
		if err := rows.Scan(&day, &level, &b.Bin, &b.Rows, &weight, &positives); err != nil {
			return err
		}
		var errs [2]error
		b.Weight, errs[0] = attribution.ParseFixed(weight)
		b.Positives, errs[1] = attribution.ParseFixed(positives)
		if s.bins[day] == nil {
			s.bins[day] = map[string][]Bin{}
		}
		s.bins[day][level] = append(s.bins[day][level], b)
		return errors.Join(errs[:]...)
	})
	if err != nil {
		return nil, c.unreadable(ctx, err)
	}
	err = c.db.Query(ctx, "571_ledger_read_seams", nil, between(from, to), func(rows *sql.Rows) error {
		var day attribution.Day
		var n SeamCounts
		err := rows.Scan(&day, &n.Source, &n.Feature, &n.Rows, &n.Agree, &n.Null, &n.Default, &n.Differs, &n.Ambiguous)
		s.seams[day] = append(s.seams[day], n)
		return err
	})
	if err != nil {
		return nil, c.unreadable(ctx, err)
	}
	err = c.db.Query(ctx, "572_ledger_read_staleness", nil, between(from, to), func(rows *sql.Rows) error {
		var day attribution.Day
		var a ages
		err := rows.Scan(&day, &a.join, &a.bin, &a.rows, &a.most)
		s.ages[day] = append(s.ages[day], a)
		return err
	})
	if err != nil {
		return nil, c.unreadable(ctx, err)
	}
	err = c.db.Query(ctx, "594_ledger_read_entity_days", nil, between(from, to), func(rows *sql.Rows) error {
		var day attribution.Day
		var l attribution.EntityLoss
		var weight, loss string
		if err := rows.Scan(&day, &l.Age, &l.Group, &weight, &loss); err != nil {
			return err
		}
		var errs [2]error
		l.Weight, errs[0] = attribution.ParseFixed(weight)
		l.Loss, errs[1] = attribution.ParseFixed(loss)
		s.entities[day] = append(s.entities[day], l)
		return errors.Join(errs[:]...)
	})
	return s, c.unreadable(ctx, err)
}

// Entities gives the losses of groups of entities of a day, as questions ask for them.
func (s *Series) Entities(day attribution.Day) []attribution.EntityLoss { return s.entities[day] }

// Histogram gives the bins of one level over the days, ascending, without empty bins.
func (s *Series) Histogram(level string, days []attribution.Day) []Bin {
	sums := map[int16]Bin{}
	for _, day := range days {
		for _, b := range s.bins[day][level] {
			sum := sums[b.Bin]
			sums[b.Bin] = Bin{Bin: b.Bin, Rows: sum.Rows + b.Rows, Weight: sum.Weight.Add(b.Weight), Positives: sum.Positives.Add(b.Positives)}
		}
	}
	return slices.SortedFunc(maps.Values(sums), func(a, b Bin) int { return cmp.Compare(a.Bin, b.Bin) })
}

// Scores gives the score histogram of all rows over the days, as questions ask for it.
func (s *Series) Scores(days []attribution.Day) (all []attribution.HistogramBin) {
	for _, b := range s.Histogram("", days) {
		all = append(all, attribution.HistogramBin{Bin: int(b.Bin), Positives: b.Positives, Negatives: b.Weight.Sub(b.Positives)})
	}
	return all
}

// Seams gives the seams over the days, ordered by source and feature.
func (s *Series) Seams(days []attribution.Day) []SeamCounts {
	type seam struct{ source, feature string }
	sums := map[seam]SeamCounts{}
	for _, day := range days {
		for _, n := range s.seams[day] {
			sum := sums[seam{n.Source, n.Feature}]
			sums[seam{n.Source, n.Feature}] = SeamCounts{
				Source: n.Source, Feature: n.Feature,
				Rows: sum.Rows + n.Rows, Agree: sum.Agree + n.Agree, Null: sum.Null + n.Null,
				Default: sum.Default + n.Default, Differs: sum.Differs + n.Differs, Ambiguous: sum.Ambiguous + n.Ambiguous,
			}
		}
	}
	return slices.SortedFunc(maps.Values(sums), func(a, b SeamCounts) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Feature, b.Feature))
	})
}

// Staleness gives, by join, the quantiles of the age of the rows used over the days, in seconds: each the greatest age
// in the bin that the quantile falls into. A quantile is above 0 and at most 1. A join without rows is not there.
func (s *Series) Staleness(days []attribution.Day, quantiles ...float64) (map[string][]int64, error) {
	for _, q := range quantiles {
		if !(q > 0 && q <= 1) {
			return nil, fmt.Errorf("ledger: quantile %v, want above 0 and at most 1", q)
		}
	}
	sums, totals := map[string]map[int64]ages{}, map[string]int64{}
	for _, day := range days {
		for _, a := range s.ages[day] {
			if sums[a.join] == nil {
				sums[a.join] = map[int64]ages{}
			}
			sum := sums[a.join][a.bin]
			sums[a.join][a.bin] = ages{join: a.join, bin: a.bin, rows: sum.rows + a.rows, most: max(sum.most, a.most)}
			totals[a.join] += a.rows
		}
	}
	found := map[string][]int64{}
	for join, byBin := range sums {
		if totals[join] <= 0 {
			continue
		}
		list := slices.SortedFunc(maps.Values(byBin), func(a, b ages) int { return cmp.Compare(a.bin, b.bin) })
		for _, q := range quantiles {
			rank, passed := int64(math.Ceil(q*float64(totals[join]))), int64(0)
			for _, a := range list {
				if passed += a.rows; passed >= rank {
					found[join] = append(found[join], a.most)
					break
				}
			}
		}
	}
	return found, nil
}
