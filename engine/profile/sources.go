package profile

import (
	"database/sql"
	"slices"
	"time"

	"github.com/plumbline-data/plumbline/engine/cause"
	"github.com/plumbline-data/plumbline/engine/plan"
)

// sourceData is what 400, 401, 404 and 410 to 412 range over.
type sourceData struct {
	Index  int
	Keys   []int
	Dies   bool // rows have versions
	Named  bool // rows have ids
	Values []valueData
	Value  int  // of 404 and 412
	Hourly bool // of 404: by the hour, else by the day
	Chosen bool // of 404: of some days alone, else of those of few numbers
	Keyed  bool // of 404, 410, 411 and 413: by the keys of 401
	OfKey  bool // of 400: one key alone
	Key    int  // the column of either
	Asks   int  // of 413: the prediction's
}

type valueData struct {
	Index  int
	Number bool
}

// source takes down one source.
func (r *recorder) source(s *plan.Source) (cause.SourceHistory, error) {
	h := cause.SourceHistory{Name: s.Decl.Name, FreshWithin: s.Decl.FreshWithin, Features: r.featuresOf(s)}
	for i := range r.plan.Joins {
		if r.plan.Joins[i].Source != s.Index {
			continue
		}
		if l, ok := r.deck.Ladder(i); ok {
			h.Ladders = append(h.Ladders, l)
		}
	}
	d := sourceData{Index: s.Index, Dies: dies(s), Named: len(s.IDs) > 0}
	for _, k := range s.Keys {
		d.Keys = append(d.Keys, k.Index)
	}
	for _, v := range s.Values {
		of := cause.ValueOf{Features: r.featuresTaking(s, v.Index), Number: v.Class == plan.Number || v.Class == plan.Boolean, Text: v.Class == plan.Text}
		if len(of.Features) == 0 {
			continue // no feature takes it
		}
		h.Values = append(h.Values, of)
		d.Values = append(d.Values, valueData{Index: v.Index, Number: of.Number})
	}
	whole := func(string) *cause.SourceHistory { return &h }
	if err := r.sourceDays(d, len(h.Values), whole); err != nil {
		return h, err
	}
	if err := r.sourceGaps(d, whole); err != nil {
		return h, err
	}
	for n, v := range h.Values {
		if v.Text {
			if err := r.categories(&h, d, n); err != nil {
				return h, err
			}
		}
	}
	if err := r.numbers(&h, d); err != nil {
		return h, err
	}
	if err := r.sourceHours(&h, d, ""); err != nil {
		return h, err
	}
	if h.Converted() {
		hours := d
		hours.Hourly = true
		if err := r.numbersAgain(&h, hours, whole); err != nil {
			return h, err
		}
	}
	if err := r.revisions(&h, s); err != nil {
		return h, err
	}
	return h, r.sourceKeys(&h, s, d)
}

// dies tells whether rows of a source are replaced by newer ones.
func dies(s *plan.Source) bool { return len(s.IDs) > 0 || s.Decl.Snapshot }

// featuresTaking lists the features that take a value of a source.
func (r *recorder) featuresTaking(s *plan.Source, value int) []string {
	var names []string
	for i := range r.plan.Features {
		f := &r.plan.Features[i]
		if f.Join >= 0 && r.plan.Joins[f.Join].Source == s.Index && f.Value == value {
			names = append(names, f.Decl.Name)
		}
	}
	return names
}

// sourceDays takes down days of n values each, into the history of their key.
func (r *recorder) sourceDays(d sourceData, n int, of func(key string) *cause.SourceHistory) error {
	return r.db.Query(r.ctx, "410_out_source_days", d, nil, func(rows *sql.Rows) error {
		var key string
		var at, lastAt time.Time
		day := cause.SourceDay{Values: make([]cause.ValueDay, n)}
		spreads := make([]any, n)
		into := []any{&key, &at, &day.Rows, &day.Keys, &lastAt}
		for i := range n {
			into = append(into, &day.Values[i].Nulls, &day.Values[i].Numbers, &spreads[i])
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		day.Day, day.LastAt = cause.DayOf(at), lastAt.UTC()
		for i := range spreads {
			day.Values[i].Spread = quantiles(spreads[i])
		}
		h := of(key)
		h.Days = append(h.Days, day)
		return nil
	})
}

// sourceHours takes down the hours of a source, or of one key of it, where its days say that it changed.
func (r *recorder) sourceHours(h *cause.SourceHistory, d sourceData, key string) error {
	if !h.Changed() {
		return nil
	}
	params := map[string]any{}
	if d.OfKey {
		params["key"] = key
	}
	return r.db.Query(r.ctx, "400_out_source_hours", d, params, func(rows *sql.Rows) error {
		var at time.Time
		hour := cause.SourceHour{Values: make([]cause.ValueHour, len(h.Values))}
		spreads := make([]any, len(h.Values))
		into := []any{&at, &hour.Rows}
		for i := range h.Values {
			into = append(into, &hour.Values[i].Nulls, &hour.Values[i].Numbers, &spreads[i])
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		hour.Hour = at.UTC()
		for i := range spreads {
			hour.Values[i].Spread = quantiles(spreads[i])
		}
		h.Hours = append(h.Hours, hour)
		return nil
	})
}

func sourceHour(h *cause.SourceHistory, at time.Time) *cause.SourceHour {
	i, ok := slices.BinarySearchFunc(h.Hours, at, func(h cause.SourceHour, at time.Time) int { return h.Hour.Compare(at) })
	if !ok {
		return nil
	}
	return &h.Hours[i]
}

// quantiles reads a list of five; zeros where there is none.
func quantiles(list any) cause.Quantiles {
	var q cause.Quantiles
	values, _ := list.([]any)
	for i := range min(len(values), len(q)) {
		q[i], _ = values[i].(float64)
	}
	return q
}

func (r *recorder) sourceGaps(d sourceData, of func(key string) *cause.SourceHistory) error {
	return r.db.Query(r.ctx, "411_out_source_gaps", d, nil, func(rows *sql.Rows) error {
		var key string
		var at, from, to, last, news, newsAt time.Time
		var g cause.Gap
		if err := rows.Scan(&key, &at, &g.Bin, &g.Count, &from, &to, &last, &news, &newsAt); err != nil {
			return err
		}
		g.Longest = cause.Silence{From: from.UTC(), To: to.UTC(), LastAt: last.UTC()}
		g.Newest = cause.Silence{From: news.UTC(), LastAt: newsAt.UTC()}
		if day := sourceDay(of(key), at); day != nil {
			day.Gaps = append(day.Gaps, g)
		}
		return nil
	})
}

func sourceDay(h *cause.SourceHistory, at time.Time) *cause.SourceDay {
	return dayOf(h.Days, cause.DayOf(at), func(d *cause.SourceDay) cause.Day { return d.Day })
}

func (r *recorder) categories(h *cause.SourceHistory, d sourceData, n int) error {
	d.Value = d.Values[n].Index
	return r.db.Query(r.ctx, "412_out_source_categories", d, nil, func(rows *sql.Rows) error {
		var at time.Time
		var c cause.Count
		if err := rows.Scan(&at, &c.Text, &c.Rows); err != nil {
			return err
		}
		if day := sourceDay(h, at); day != nil {
			day.Values[n].Categories = append(day.Values[n].Categories, c)
		}
		return nil
	})
}

func (r *recorder) asked() ([]cause.Asked, error) {
	var all []cause.Asked
	err := r.askedOf(sourceData{}, func(_ string, a cause.Asked) { all = append(all, a) })
	return all, err
}

func (r *recorder) askedOf(d sourceData, put func(key string, a cause.Asked)) error {
	return r.db.Query(r.ctx, "413_out_asked", d, nil, func(rows *sql.Rows) error {
		var key string
		var a cause.Asked
		err := rows.Scan(&key, &a.Hour, &a.Rows)
		a.Hour = a.Hour.UTC()
		put(key, a)
		return err
	})
}
