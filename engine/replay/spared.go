package replay

import (
	"context"
	"database/sql"
	"time"
)

const (
	// sparedBase is the first number of the tables of rows that agree with the declaration.
	sparedBase = 100_000
	// mostAgreeing is how many of them are looked at on a day.
	mostAgreeing = 2000
)

// spared holds the winners against the rows that agree with the declaration: a cause that would have changed them and did not struck a
// part of the rows only, and it matters which. What a part of the requests went through strikes whatever their values are; what
// strikes by the value, or by the row of the source, is another thing than the winner. It needs what label leaves.
func (t *trial) spared(ctx context.Context, s *subject, n *numbering, span [2]time.Time) error {
	facts := s.facts
	facts.Agreeing, facts.Into = true, sparedBase+s.Index
	if err := t.db.Run(ctx, "430_int_suspects", facts, map[string]any{"seed": seed, "most": int64(mostAgreeing)}); err != nil {
		return err
	}
	facts.Feature, facts.Variants = facts.Into, nil
	if err := t.db.Run(ctx, "440_int_probes", facts, spanParams(span, map[string]any{"sample": int64(mostAgreeing)})); err != nil {
		return err
	}
	if err := t.db.Run(ctx, "442_int_trials", facts, s.params); err != nil {
		return err
	}
	data := struct {
		Feature, Spared int
		Number          bool
		Keys            []int
	}{s.Index, facts.Into, s.facts.Number, s.facts.Keys}
	return t.db.Query(ctx, "456_out_spared", data, map[string]any{"most": int64(mostAgreeing)}, func(rows *sql.Rows) error {
		var day time.Time
		var h int
		var struck, spared, apart, below, above, mixed, due float64
		if err := rows.Scan(&day, &h, &struck, &spared, &apart, &below, &above, &mixed, &due); err != nil {
			return err
		}
		for i := range t.trials.Days {
			d := &t.trials.Days[i]
			if d.Feature != s.Decl.Name || !d.Day.Equal(day.UTC()) {
				continue
			}
			for k := range d.Finalists {
				if f := &d.Finalists[k]; f.Key == n.hypothesis(h).Key {
					f.Struck, f.Spared, f.Apart, f.Below, f.Above, f.Mixed, f.Due = struck, spared, apart, below, above, mixed, due
				}
			}
		}
		return nil
	})
}
