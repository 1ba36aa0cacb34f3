package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"

	"github.com/plumbline-data/plumbline/engine/attribution"
)

// Bin is one bin of a score histogram, summed over days.
type Bin struct {
	Bin       int16
	Rows      int64             // predictions with an outcome
	Weight    attribution.Fixed // rows weighted
	Positives attribution.Fixed // weighted sum of outcomes
}

// Histogram gives the bins of one level over the days, ascending, without empty bins. Dimension is a segment column or a
// condition's name, or "" with level "" for all rows.
func (c *Contents) Histogram(ctx context.Context, dimension, level string, days []attribution.Day) ([]Bin, error) {
	all, err := c.histograms(ctx, dimension, level, days)
	return all[level], err
}

// Histograms gives the bins of every level of a dimension over the days.
func (c *Contents) Histograms(ctx context.Context, dimension string, days []attribution.Day) (map[string][]Bin, error) {
	return c.histograms(ctx, dimension, nil, days)
}

func (c *Contents) histograms(ctx context.Context, dimension string, level any, days []attribution.Day) (map[string][]Bin, error) {
	all := map[string][]Bin{}
	params := map[string]any{"days": dates(days), "dimension": dimension, "level": level}
	err := c.db.Query(ctx, "570_ledger_read_histograms", nil, params, func(rows *sql.Rows) error {
		var b Bin
		var of, weight, positives string
		if err := rows.Scan(&of, &b.Bin, &b.Rows, &weight, &positives); err != nil {
			return err
		}
		var errs [2]error
		b.Weight, errs[0] = fixedOfText(weight)
		b.Positives, errs[1] = fixedOfText(positives)
		all[of] = append(all[of], b)
		return errors.Join(errs[:]...)
	})
	return all, c.unreadable(ctx, err)
}

// SeamCounts tells how far served and replayed values of one feature agree, in predictions.
type SeamCounts struct {
	Source, Feature                                string
	Rows, Agree, Null, Default, Differs, Ambiguous int64
}

// Seams gives the seams over the days, ordered by source and feature.
func (c *Contents) Seams(ctx context.Context, days []attribution.Day) ([]SeamCounts, error) {
	var seams []SeamCounts
	err := c.db.Query(ctx, "571_ledger_read_seams", nil, map[string]any{"days": dates(days)}, func(rows *sql.Rows) error {
		var s SeamCounts
		err := rows.Scan(&s.Source, &s.Feature, &s.Rows, &s.Agree, &s.Null, &s.Default, &s.Differs, &s.Ambiguous)
		seams = append(seams, s)
		return err
	})
	return seams, c.unreadable(ctx, err)
}

// Staleness gives, by join, the quantiles of the age of the rows used over the days, in seconds: each the greatest age
// in the bin that the quantile falls into. A quantile is above 0 and at most 1. A join without rows is not there.
func (c *Contents) Staleness(ctx context.Context, days []attribution.Day, quantiles ...float64) (map[string][]int64, error) {
	for _, q := range quantiles {
		if !(q > 0 && q <= 1) {
			return nil, fmt.Errorf("ledger: quantile %v, want above 0 and at most 1", q)
		}
	}
	type bin struct{ rows, most int64 }
	bins, totals := map[string][]bin{}, map[string]int64{}
	err := c.db.Query(ctx, "572_ledger_read_staleness", nil, map[string]any{"days": dates(days)}, func(rows *sql.Rows) error {
		var join string
		var b bin
		if err := rows.Scan(&join, &b.rows, &b.most); err != nil {
			return err
		}
		bins[join] = append(bins[join], b)
		totals[join] += b.rows
		return nil
	})
	if err != nil {
		return nil, c.unreadable(ctx, err)
	}
	found := map[string][]int64{}
	for join, list := range bins {
		if totals[join] <= 0 {
			continue
		}
		for _, q := range quantiles {
			rank, passed := int64(math.Ceil(q*float64(totals[join]))), int64(0)
			for _, b := range list {
				if passed += b.rows; passed >= rank {
					found[join] = append(found[join], b.most)
					break
				}
			}
		}
	}
	return found, nil
}
