package profile

import (
	"database/sql"
	"time"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/plumbline-data/plumbline/engine/cause"
	"github.com/plumbline-data/plumbline/engine/plan"
)

// historyData is what 414 to 417 range over: a lookup, and one of its features.
type historyData struct {
	Index, Source, Filter int
	Keys                  []int
	Pairs                 []plan.JoinKey
	Values                []int
	Feature, Value        int
	Condition             int
}

// revisions takes down how the values of a source's lookups were revised. Windowed features are left out: what their windows
// would come to on final values is another replay.
func (r *recorder) revisions(h *cause.SourceHistory, s *plan.Source) error {
	if !dies(s) {
		return nil
	}
	for i := range r.plan.Lookups {
		l := &r.plan.Lookups[i]
		join := &r.plan.Joins[l.Join]
		if join.Source != s.Index {
			continue
		}
		d := historyData{Index: l.Index, Source: join.Source, Filter: l.Filter, Pairs: join.Keys}
		for _, k := range join.Keys {
			d.Keys = append(d.Keys, k.Source)
		}
		if err := r.lookup(h, s, l, d); err != nil {
			return err
		}
	}
	return nil
}

// lookup takes down the features of a lookup that are numbers.
func (r *recorder) lookup(h *cause.SourceHistory, s *plan.Source, l *plan.Lookup, d historyData) error {
	var features []int
	seen := map[int]bool{}
	for _, f := range l.Features {
		v := r.plan.Features[f].Value
		if class := s.Values[v].Class; class != plan.Number && class != plan.Boolean {
			continue
		}
		features = append(features, f)
		if !seen[v] {
			seen[v] = true
			d.Values = append(d.Values, v)
		}
	}
	if len(features) == 0 {
		return nil
	}
	if err := r.db.Run(r.ctx, "414_int_histories", d, nil); err != nil {
		return err
	}
	for _, f := range features {
		d.Feature, d.Value, d.Condition = f, r.plan.Features[f].Value, r.deck.ValueCondition(f)
		if err := r.feature(h, d); err != nil {
			return err
		}
	}
	return nil
}

// feature takes down one feature of a lookup.
func (r *recorder) feature(h *cause.SourceHistory, d historyData) error {
	rev := cause.Revisions{Feature: r.plan.Features[d.Feature].Decl.Name}
	err := r.db.Query(r.ctx, "415_out_revisions", d, nil, func(rows *sql.Rows) error {
		var day time.Time
		var known sql.NullTime
		var lowered bool
		var base, moved duckdb.Decimal
		if err := rows.Scan(&day, &known, &lowered, &base, &moved); err != nil {
			return err
		}
		at := revisedDay(&rev.Usual, cause.DayOf(day))
		if !known.Valid {
			at.Base = base.Float64()
			return nil
		}
		at.Moves = append(at.Moves, cause.Move{Known: cause.DayOf(known.Time), Lowered: lowered, Moved: moved.Float64()})
		return nil
	})
	if err != nil {
		return err
	}
	if err := r.db.Run(r.ctx, "416_int_used", d, nil); err != nil {
		return err
	}
	err = r.db.Query(r.ctx, "417_out_used", d, map[string]any{"revised_by": cause.RevisedBy}, func(rows *sql.Rows) error {
		return scanUsed(rows, &rev)
	})
	h.Revisions = append(h.Revisions, rev)
	return err
}

func scanUsed(rows *sql.Rows, rev *cause.Revisions) error {
	var day time.Time
	var known, from, corrected, first, last sql.NullTime
	var predictions int64
	var base, moved, used, now duckdb.Decimal
	var m cause.Move
	err := rows.Scan(&day, &known, &m.Lowered, &predictions, &base, &moved, &m.Beyond, &m.Agreeing, &m.Rows, &used, &now, &from, &corrected, &first, &last)
	if err != nil {
		return err
	}
	at := revisedDay(&rev.Used, cause.DayOf(day))
	if !known.Valid {
		at.Predictions, at.Base = predictions, base.Float64()
		return nil
	}
	m.Known, m.Moved, m.Used, m.Now = cause.DayOf(known.Time), moved.Float64(), used.Float64(), now.Float64()
	m.KnownFrom, m.CorrectedAt, m.First, m.Last = instant(from), instant(corrected), instant(first), instant(last)
	at.Moves = append(at.Moves, m)
	return nil
}

// instant gives a time in UTC, the zero time for NULL.
func instant(t sql.NullTime) time.Time {
	if !t.Valid {
		return time.Time{}
	}
	return t.Time.UTC()
}

// revisedDay gives the entry of a day, which comes last or not at all.
func revisedDay(days *[]cause.RevisedDay, day cause.Day) *cause.RevisedDay {
	if n := len(*days); n == 0 || (*days)[n-1].Day != day {
		*days = append(*days, cause.RevisedDay{Day: day})
	}
	return &(*days)[len(*days)-1]
}
