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

// fitted gives the hypotheses whose parameter a day's served values tell: which rows of a window, on one side of a limit on a column,
// make them, how long a window does, or one that ends before, and which rows by how late they came in.
func (t *trial) fitted(ctx context.Context, s *subject, span [2]time.Time) (map[time.Time][]cause.Hypothesis, error) {
	found := map[time.Time][]cause.Hypothesis{}
	if !s.Windows || !sums(s.Feature) && s.Agg != plan.Count {
		return found, nil
	}
	data := askedWindows{subjectData: s.facts, Value: s.Value, Filter: s.Filter, Align: s.cause.Align}
	if columns := s.limited(); len(columns) > 0 {
		data.Limited = slices.Sorted(maps.Keys(columns))
		sides, err := t.sides(ctx, s, span, "449_out_limits", data, map[string]any{"length_us": s.cause.Length},
			func(one *cause.Side) []any { return []any{&one.Column, &one.Above, &one.Low, &one.High} })
		if err != nil {
			return nil, err
		}
		for _, d := range s.within(span) {
			for _, l := range cause.Limits(sides[d.day], min(d.rows, limitedBy)) {
				found[d.day] = append(found[d.day], s.cause.OnlyWhere(s.limit(&l, columns[l.Column])))
			}
		}
	}
	length := s.cause.Length
	fits := []fit{
		{"457_out_lengths", map[string]any{"reach_us": 2*length + 24*time.Hour}, func(one *cause.Side) []any { return []any{&one.Low, &one.High} }, s.cause.LengthsOf},
		{"459_out_offsets", map[string]any{"length_us": length, "reach_us": 2*length + 24*time.Hour}, func(one *cause.Side) []any { return []any{&one.Low, &one.High} }, s.cause.OffsetsOf},
	}
	if s.cause.Known {
		fits = append(fits, fit{"458_out_delays", map[string]any{"length_us": length}, func(one *cause.Side) []any { return []any{&one.Kind, &one.Low, &one.High} }, s.cause.CutoffsOf})
	}
	for _, f := range fits {
		sides, err := t.sides(ctx, s, span, f.stage, data, f.params, f.into)
		if err != nil {
			return nil, err
		}
		for _, d := range s.within(span) {
			found[d.day] = append(found[d.day], f.of(sides[d.day], min(d.rows, limitedBy))...)
		}
	}
	return found, nil
}

// fit is a stage that says where a parameter of windows lies, and what hypotheses come of it.
type fit struct {
	stage  string
	params map[string]any
	into   func(*cause.Side) []any // the fields that its columns fill behind the day
	of     func(sides []cause.Side, asked int64) []cause.Hypothesis
}

// askedWindows is what 449_out_limits, 457_out_lengths, 458_out_delays and 459_out_offsets range over.
type askedWindows struct {
	subjectData
	Limited       []int // values that are held against limits
	Value, Filter int
	Align         string
}

// sides reads, by day, what a stage says of where a parameter lies: into names the fields that its columns fill behind the day.
func (t *trial) sides(ctx context.Context, s *subject, span [2]time.Time, stage string, data askedWindows, params map[string]any,
	into func(*cause.Side) []any) (map[time.Time][]cause.Side, error) {
	maps.Copy(params, spanParams(span, map[string]any{"sample": limitedBy, "offset_us": s.cause.Offset}))
	maps.Copy(params, s.params)
	sides := map[time.Time][]cause.Side{}
	err := t.db.Query(ctx, stage, data, params, func(rows *sql.Rows) error {
		var day time.Time
		var one cause.Side
		err := rows.Scan(append([]any{&day}, into(&one)...)...)
		sides[day.UTC()] = append(sides[day.UTC()], one)
		return err
	})
	return sides, err
}

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
