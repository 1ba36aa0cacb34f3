package replay

import (
	"context"
	"database/sql"
	"time"

	"github.com/plumbline-data/plumbline/engine/cause"
	"github.com/plumbline-data/plumbline/engine/plan"
)

// missData is a join as 460_out_misses sees it.
type missData struct {
	Source int
	Keys   []int
	Pairs  []plan.JoinKey
}

// misses looks, at every join by text, for predictions whose key the source does not hold as it is written and does hold once
// both are written alike. What was served of them agrees with the replay: neither finds a row.
func (t *trial) misses(ctx context.Context) error {
	for i := range t.plan.Joins {
		j := &t.plan.Joins[i]
		if !textKeys(t.plan, j) {
			continue
		}
		source := &t.plan.Sources[j.Source]
		m := cause.Misses{Join: j.Name, Source: source.Decl.Name, Counted: j.Counted || j.ServedRows != "", Aged: !source.Static}
		for _, k := range j.Keys {
			m.Keys = append(m.Keys, t.plan.Keys[k.Prediction].Column)
		}
		for f := range t.plan.Features {
			if t.plan.Features[f].Join == i {
				m.Features = append(m.Features, t.plan.Features[f].Decl.Name)
			}
		}
		data := missData{Source: source.Index, Keys: sourceKeys(j), Pairs: j.Keys}
		err := t.db.Query(ctx, "460_out_misses", data, map[string]any{"ways": cause.Normalisations()}, func(rows *sql.Rows) error {
			var d cause.MissDay
			var day time.Time
			err := rows.Scan(&day, &d.Way, &d.Missing, &d.Brought, &d.Before, &d.Keys, &d.First, &d.Last)
			d.Day, d.First, d.Last = day.UTC(), d.First.UTC(), d.Last.UTC()
			m.Days = append(m.Days, d)
			return err
		})
		if err != nil {
			return err
		}
		if len(m.Days) > 0 {
			t.trials.Misses = append(t.trials.Misses, m)
		}
	}
	return nil
}
