package profile

import (
	"database/sql"
	"maps"
	"slices"
	"time"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/plumbline-data/plumbline/engine/cause"
	"github.com/plumbline-data/plumbline/engine/plan"
)

// historyData is what 402, 403 and 414 to 417 range over: a lookup and one of its features, or a source and one of its values.
type historyData struct {
	Index, Source, Filter int
	Keys                  []int
	Pairs                 []plan.JoinKey
	Values                []int
	Feature, Value        int
	Condition             int
	Conditions            []int // of 403
	Keyed                 bool  // of 402: by the keys of 401
	Key                   int   // their column
}

// revisions takes down how the values of a source's lookups were revised, and the rows that windows take a value of: what
// windows would come to on final values is another replay.
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
	return r.rewritten(h, s)
}

// windowed gives the data of the rows of a source, and the features that windows make of its numbers, by value.
func (r *recorder) windowed(s *plan.Source) (historyData, map[int][]int) {
	d := historyData{Index: len(r.plan.Lookups) + s.Index, Source: s.Index, Filter: -1}
	for _, k := range s.Keys {
		d.Keys = append(d.Keys, k.Index)
	}
	features := map[int][]int{}
	for i := range r.plan.Features {
		f := &r.plan.Features[i]
		if f.Windows && f.Value >= 0 && r.plan.Joins[f.Join].Source == s.Index && s.Values[f.Value].Class == plan.Number {
			features[f.Value] = append(features[f.Value], i)
		}
	}
	d.Values = slices.Sorted(maps.Keys(features))
	return d, features
}

// rewritten takes down how rows of a source were revised that windows take numbers of.
func (r *recorder) rewritten(h *cause.SourceHistory, s *plan.Source) error {
	d, features := r.windowed(s)
	if len(features) == 0 {
		return nil
	}
	if err := r.db.Run(r.ctx, "414_int_histories", d, nil); err != nil {
		return err
	}
	for _, v := range d.Values {
		var w cause.Rewritten
		d.Value, d.Conditions = v, nil
		for _, f := range features[v] {
			w.Features = append(w.Features, r.plan.Features[f].Decl.Name)
			w.Window = max(w.Window, r.plan.Features[f].Decl.Window.Offset+r.plan.Features[f].Decl.Window.Length)
			d.Conditions = append(d.Conditions, r.deck.ValueCondition(f))
		}
		if err := r.rewrittenHours(d, func(string) *cause.RewrittenHours { return &w.Hours }); err != nil {
			return err
		}
		if err := r.agreeing(&w, d); err != nil {
			return err
		}
		h.Rewritten = append(h.Rewritten, w)
	}
	return nil
}

// rewrittenKeys takes down the same by the keys of 401.
func (r *recorder) rewrittenKeys(h *cause.SourceHistory, s *plan.Source, k *plan.SourceKey) error {
	if len(h.Rewritten) == 0 {
		return nil
	}
	d, _ := r.windowed(s)
	d.Keyed, d.Key = true, k.Index
	for i, v := range d.Values {
		d.Value = v
		c := cause.RewrittenColumn{Column: k.Column}
		err := r.rewrittenHours(d, func(key string) *cause.RewrittenHours {
			if n := len(c.Keys); n == 0 || c.Keys[n-1].Key != key {
				c.Keys = append(c.Keys, cause.RewrittenKey{Key: key})
			}
			return &c.Keys[len(c.Keys)-1].Hours
		})
		if err != nil {
			return err
		}
		h.Rewritten[i].Keys = append(h.Rewritten[i].Keys, c)
	}
	return nil
}

// rewrittenHours takes down hours, into those of their key.
func (r *recorder) rewrittenHours(d historyData, of func(key string) *cause.RewrittenHours) error {
	return r.db.Query(r.ctx, "402_out_revised_hours", d, map[string]any{"revised_by": cause.RevisedBy}, func(rows *sql.Rows) error {
		var key string
		var at time.Time
		var known sql.NullTime
		var n int64
		var base, moved, used, now duckdb.Decimal
		var after sql.NullFloat64
		var m cause.RowMove
		if err := rows.Scan(&key, &at, &known, &n, &base, &moved, &m.Off, &used, &now, &after); err != nil {
			return err
		}
		hours := of(key)
		if n := len(*hours); n == 0 || !(*hours)[n-1].Hour.Equal(at) {
			*hours = append(*hours, cause.RewrittenHour{Hour: at.UTC()})
		}
		h := &(*hours)[len(*hours)-1]
		if !known.Valid {
			h.Rows, h.Base = n, base.Float64()
			return nil
		}
		m.Known, m.Moved, m.Used, m.Now = cause.DayOf(known.Time), moved.Float64(), used.Float64(), now.Float64()
		m.After = time.Duration(after.Float64 * float64(time.Second))
		h.Moves = append(h.Moves, m)
		return nil
	})
}

func (r *recorder) agreeing(w *cause.Rewritten, d historyData) error {
	return r.db.Query(r.ctx, "403_out_agreeing", d, nil, func(rows *sql.Rows) error {
		var at time.Time
		var day cause.ServedDay
		err := rows.Scan(&at, &day.Served, &day.Agreeing)
		day.Day = cause.DayOf(at)
		w.Served = append(w.Served, day)
		return err
	})
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
