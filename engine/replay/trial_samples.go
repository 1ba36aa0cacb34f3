package replay

import (
	"context"
	"database/sql"

	"github.com/plumbline-data/plumbline/engine/cause"
)

const (
	// shown is how many rows of a feature, day and cause are kept to be shown.
	shown = 10
	// shownWidth is how many characters of a text are kept of them.
	shownWidth = 200
)

// samples reads the rows of a feature that a proof may show, a few of each day and cause. It needs what label leaves, where
// the feature was labelled.
func (t *trial) samples(ctx context.Context, s *subject, labelled bool) error {
	data := struct {
		Feature  int
		Labelled bool
		Keys     []int
	}{s.Index, labelled, s.facts.Keys}
	params := map[string]any{"most": shown, "width": shownWidth}
	return t.db.Query(ctx, "452_out_samples", data, params, func(rows *sql.Rows) error {
		one := cause.Sample{Feature: s.Decl.Name, Source: s.cause.Source}
		var h sql.NullInt64
		var at sql.NullTime
		if err := rows.Scan(&one.Day, &one.Code, &one.Place, &one.PredictionID, &one.Key, &at, &one.Declared, &one.Served, &h, &one.Replayed); err != nil {
			return err
		}
		one.Day, one.At = one.Day.UTC(), at.Time.UTC()
		if h.Valid {
			one.Hypothesis = s.numbers.hypothesis(int(h.Int64)).Key
		}
		t.trials.Samples = append(t.trials.Samples, one)
		return nil
	})
}
