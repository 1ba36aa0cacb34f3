package replay

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"time"

	"github.com/plumbline-data/plumbline/engine/cause"
)

const (
	// shown is how many rows of a feature, day and cause are kept to be shown.
	shown = 10
	// shownWidth is how many characters of a text are kept of them.
	shownWidth = 200
)

// samples reads the rows of a feature that a proof may show, a few of each day in span and cause, with what the day's
// finalists give for them. It needs what closely leaves: int_trials_<feature> and in_finalists.
func (t *trial) samples(ctx context.Context, s *subject, span [2]time.Time, found map[time.Time]*field, records map[time.Time]*cause.TrialDay) error {
	data := struct {
		Feature int
		Tried   bool
		Keys    []int
	}{s.Index, len(found) > 0, s.facts.Keys}
	params := spanParams(span, map[string]any{"sample": int64(t.perDay), "most": shown, "width": shownWidth})
	if data.Tried {
		days, hs, ranks, codes := []string{}, []int64{}, []int64{}, []int64{}
		for _, day := range slices.SortedFunc(maps.Keys(found), time.Time.Compare) {
			for rank, bit := range cause.Choose(records[day]) {
				h := found[day].chosen[bit].h
				days, hs = append(days, day.Format(time.DateOnly)), append(hs, int64(h))
				ranks, codes = append(ranks, int64(rank)), append(codes, int64(cause.CodeOf(s.numbers.hypothesis(h).Cause)))
			}
		}
		params["day"], params["h"], params["rank"], params["code"] = days, hs, ranks, codes
	}
	var last *cause.Sample
	return t.db.Query(ctx, "452_out_samples", data, params, func(rows *sql.Rows) error {
		one := cause.Sample{Feature: s.Decl.Name, Source: s.cause.Source}
		var bit sql.NullInt64
		var value *string
		var hits bool
		if err := rows.Scan(&one.Day, &one.Code, &one.Place, &one.PredictionID, &one.Key, &one.At, &one.Declared, &one.Served, &bit, &value, &hits); err != nil {
			return err
		}
		one.Day, one.At = one.Day.UTC(), one.At.UTC()
		if last == nil || !last.Day.Equal(one.Day) || last.Place != one.Place {
			t.trials.Samples = append(t.trials.Samples, one)
			last = &t.trials.Samples[len(t.trials.Samples)-1]
		}
		if bit.Valid {
			last.Add(int(bit.Int64), value, hits)
		}
		return nil
	})
}
