package replay

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"time"

	"github.com/plumbline-data/plumbline/engine/cause"
	"github.com/plumbline-data/plumbline/engine/plan"
)

const (
	// limitedBy is how many of a day's sampled suspects are asked which limit makes what was served.
	limitedBy = 100
	// mostLimited is how many columns of a source are held against limits, the feature's own first.
	mostLimited = 6
)

// limits asks which rows of a window, on one side of a limit on a column, make what was served: for each day the filters, as
// numbers of the reading's, by which the feature is tried.
func (t *trial) limits(ctx context.Context, s *subject, span [2]time.Time) (map[time.Time][]int, error) {
	found := map[time.Time][]int{}
	columns := s.limited()
	if !s.Windows || !s.facts.Sums && !s.isCount() || len(columns) == 0 {
		return found, nil
	}
	data := struct {
		subjectData
		Limited       []int
		Value, Filter int
		Align         string
	}{s.facts, slices.Sorted(maps.Keys(columns)), s.Value, s.Filter, s.cause.Align}
	params := spanParams(span, map[string]any{"sample": limitedBy, "length_us": s.cause.Length, "offset_us": s.cause.Offset})
	maps.Copy(params, s.params)
	sides := map[time.Time][]cause.Side{}
	err := t.db.Query(ctx, "449_out_limits", data, params, func(rows *sql.Rows) error {
		var day time.Time
		var one cause.Side
		err := rows.Scan(&day, &one.Column, &one.Above, &one.Low, &one.High)
		sides[day.UTC()] = append(sides[day.UTC()], one)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, d := range s.within(span) {
		for _, l := range cause.Limits(sides[d.day], min(d.rows, limitedBy)) {
			found[d.day] = append(found[d.day], s.limit(&l, columns[l.Column]))
		}
	}
	return found, nil
}

// lengths asks how long a window makes what was served: for each day the lengths that the feature is tried with.
func (t *trial) lengths(ctx context.Context, s *subject, span [2]time.Time) (map[time.Time][]time.Duration, error) {
	found := map[time.Time][]time.Duration{}
	if !s.Windows || !s.facts.Sums && !s.isCount() {
		return found, nil
	}
	data := struct {
		subjectData
		Value, Filter int
		Align         string
	}{s.facts, s.Value, s.Filter, s.cause.Align}
	params := spanParams(span, map[string]any{"sample": limitedBy, "reach_us": 2*s.cause.Length + 24*time.Hour, "offset_us": s.cause.Offset})
	maps.Copy(params, s.params)
	sides := map[time.Time][]cause.Side{}
	err := t.db.Query(ctx, "457_out_lengths", data, params, func(rows *sql.Rows) error {
		var day time.Time
		var one cause.Side
		err := rows.Scan(&day, &one.Low, &one.High)
		sides[day.UTC()] = append(sides[day.UTC()], one)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, d := range s.within(span) {
		if length, ok := cause.LengthOf(sides[d.day], min(d.rows, limitedBy)); ok {
			found[d.day] = append(found[d.day], length)
		}
	}
	return found, nil
}

// isCount tells whether the feature counts rows or values.
func (s *subject) isCount() bool { return s.Agg == plan.Count }

// limited names the number columns of the source that may have been held against a limit, by their values.
func (s *subject) limited() map[int]string {
	names := map[int]string{}
	for _, own := range []bool{true, false} {
		for _, c := range s.source.columns {
			if c.class == plan.Number && (c.value == s.Value) == own && !s.isKey(c.name) && len(names) < mostLimited {
				names[c.value] = c.name
			}
		}
	}
	return names
}

// limit gives the number of the filter by a limit, which joins the feature's where it is new.
func (s *subject) limit(l *cause.Limit, column string) int {
	text := l.Text(column)
	at := slices.IndexFunc(s.cause.Filters, func(f cause.Filter) bool { return f.Text == text })
	if at >= 0 {
		return at
	}
	s.cause.Filters = append(s.cause.Filters, cause.Filter{Text: text, Fitted: true})
	s.facts.Filters = append(s.facts.Filters, trialFilter{Passes: true, Filter: s.Filter, Column: -1, Number: l.Column, Sign: l.Sign, Limit: l.At})
	return len(s.facts.Filters) - 1
}
