package profile

import (
	"database/sql"
	"slices"
	"time"

	"github.com/plumbline-data/plumbline/engine/cause"
	"github.com/plumbline-data/plumbline/engine/intake"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/match"
	"github.com/plumbline-data/plumbline/engine/plan"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

// mostColumns is how many numbers of the outcome's rows are looked at.
const mostColumns = 8

// outcomes takes down the outcomes.
func (r *recorder) outcomes() (cause.OutcomeHistory, error) {
	o := &r.plan.Loop.Outcomes
	h := cause.OutcomeHistory{
		Horizon: o.Horizon, Reach: cause.Day(match.ReadBefore / (24 * time.Hour)), Binary: r.plan.Loop.Task == loop.Binary, Snapshot: o.Snapshot, KnownAt: o.KnownAt != "", Value: o.Value,
	}
	if h.Value == "" {
		h.Value = o.Derive
	}
	for _, take := range []func(*cause.OutcomeHistory) error{r.outcomeDays, r.waits, r.arrivals, r.events, r.aheads, r.deliveries, r.labels} {
		if err := take(&h); err != nil {
			return h, err
		}
	}
	return h, nil
}

// keyed is what 418 and 420 to 425 range over, but 423.
type keyed struct {
	OutcomeKeys []plan.OutcomeKey
	Snapshot    bool
}

func (r *recorder) keyed() keyed {
	return keyed{OutcomeKeys: r.plan.OutcomeKeys, Snapshot: r.plan.Loop.Outcomes.Snapshot}
}

func (r *recorder) outcomeDays(h *cause.OutcomeHistory) error {
	return r.db.Query(r.ctx, "420_out_outcome_days", r.keyed(), nil, func(rows *sql.Rows) error {
		var at, predicted time.Time
		var ahead, value any
		var d cause.OutcomeDay
		if err := rows.Scan(&at, &d.Rows, &predicted, &ahead, &value, &d.Positives); err != nil {
			return err
		}
		d.Day, d.Predicted = cause.DayOf(at), predicted.UTC()
		d.Ahead, d.Value = quantiles(ahead), quantiles(value)
		h.Known = append(h.Known, d)
		return nil
	})
}

func (r *recorder) waits(h *cause.OutcomeHistory) error {
	return r.db.Query(r.ctx, "421_out_outcome_waits", r.keyed(), nil, func(rows *sql.Rows) error {
		var at time.Time
		var known sql.NullTime
		var w cause.Wait
		if err := rows.Scan(&at, &w.Hour, &known, &w.Timely, &w.Late, &w.Torn, &w.Rows); err != nil {
			return err
		}
		w.Day = cause.DayOf(at)
		if known.Valid {
			w.Known = cause.DayOf(known.Time)
		}
		h.Waits = append(h.Waits, w)
		return nil
	})
}

func (r *recorder) arrivals(h *cause.OutcomeHistory) error {
	return r.db.Query(r.ctx, "424_out_arrivals", r.keyed(), nil, func(rows *sql.Rows) error {
		var a cause.Arrival
		if err := rows.Scan(&a.Predicted, &a.Known, &a.Rows); err != nil {
			return err
		}
		a.Predicted, a.Known = a.Predicted.UTC(), a.Known.UTC()
		h.Arrivals = append(h.Arrivals, a)
		return nil
	})
}

func (r *recorder) events(h *cause.OutcomeHistory) error {
	return r.db.Query(r.ctx, "425_out_events", r.keyed(), nil, func(rows *sql.Rows) error {
		var e cause.Event
		if err := rows.Scan(&e.Happened, &e.Known, &e.Rows); err != nil {
			return err
		}
		e.Happened, e.Known = e.Happened.UTC(), e.Known.UTC()
		h.Events = append(h.Events, e)
		return nil
	})
}

func (r *recorder) aheads(h *cause.OutcomeHistory) error {
	return r.db.Query(r.ctx, "418_out_aheads", r.keyed(), nil, func(rows *sql.Rows) error {
		var at time.Time
		var a cause.Ahead
		if err := rows.Scan(&at, &a.Quarter, &a.EventFirst, &a.Rows); err != nil {
			return err
		}
		a.Day, a.EventFirst = cause.DayOf(at), a.EventFirst.UTC()
		h.Aheads = append(h.Aheads, a)
		return nil
	})
}

func (r *recorder) deliveries(h *cause.OutcomeHistory) error {
	return r.db.Query(r.ctx, "422_out_deliveries", r.keyed(), nil, func(rows *sql.Rows) error {
		var d cause.Delivery
		var torn sql.NullTime
		if err := rows.Scan(&d.At, &d.Keys, &d.Conflicts, &torn, &d.Withdrawn, &d.Restored); err != nil {
			return err
		}
		d.At = d.At.UTC()
		if torn.Valid {
			d.TornFrom = torn.Time.UTC()
		}
		h.Brought = append(h.Brought, d)
		return nil
	})
}

// labelData is what 423 and 419 range over.
type labelData struct {
	Keys                    []plan.OutcomeKey
	Read                    plan.Reading
	Value                   warehouse.Expression
	OutcomeAt, OutcomeKnown plan.Clock
	Columns                 []labelColumn
	Rivals                  []labelRival
}

type labelColumn struct {
	Index int
	Name  string
}

type labelRival struct {
	Index int
	Value warehouse.Expression
}

// labels holds outcomes against the other numbers in their rows, and against the rival definitions. It reads the outcome
// files once more, where there is anything to compare.
func (r *recorder) labels(h *cause.OutcomeHistory) error {
	p := r.plan
	d := labelData{Keys: p.OutcomeKeys, Read: p.Reading("outcomes"), Value: p.OutcomeValue, OutcomeAt: p.OutcomeAt, OutcomeKnown: p.OutcomeKnown}
	for i, rival := range p.OutcomeRivals {
		d.Rivals = append(d.Rivals, labelRival{Index: i, Value: rival.Value})
		h.Rivals = append(h.Rivals, rival.Name)
	}
	if h.Binary && p.Loop.Outcomes.Value != "" {
		for _, name := range r.otherNumbers() {
			d.Columns = append(d.Columns, labelColumn{Index: len(d.Columns), Name: name})
			h.Columns = append(h.Columns, name)
		}
	}
	if len(d.Columns)+len(d.Rivals) == 0 {
		return nil
	}
	params := map[string]any{"paths": p.Inventory.Outcomes.Paths(), "as_of": r.span.AsOf}
	err := r.db.Query(r.ctx, "423_out_labels", d, params, func(rows *sql.Rows) error {
		var at time.Time
		day := cause.LabelledDay{Columns: make([]cause.Parted, len(d.Columns)), Rivals: make([]cause.Rival, len(d.Rivals))}
		ranges := make([][4]sql.NullFloat64, len(d.Columns))
		into := []any{&at, &day.Rows}
		for i := range d.Columns {
			into = append(into, &day.Columns[i].Zeros, &day.Columns[i].Ones, &ranges[i][0], &ranges[i][1], &ranges[i][2], &ranges[i][3])
		}
		for i := range d.Rivals {
			into = append(into, &day.Rivals[i].Rows, &day.Rivals[i].Differs)
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		day.Day = cause.DayOf(at)
		for i, x := range ranges {
			c := &day.Columns[i]
			c.MinZero, c.MaxZero, c.MinOne, c.MaxOne = x[0].Float64, x[1].Float64, x[2].Float64, x[3].Float64
		}
		h.Labels = append(h.Labels, day)
		return nil
	})
	if err != nil || len(d.Columns) == 0 {
		return err
	}
	return r.bins(h, d, params)
}

// bins fills in, of each day, how each number lies among outcomes 0 and 1, where it tells them well: else there is nothing
// to learn from it.
func (r *recorder) bins(h *cause.OutcomeHistory, d labelData, params map[string]any) error {
	for i := range h.Labels {
		h.Labels[i].Bins = make([][]cause.Bin, len(d.Columns))
	}
	err := r.db.Query(r.ctx, "419_out_label_bins", d, params, func(rows *sql.Rows) error {
		var at time.Time
		var event sql.NullTime
		var column int
		b := cause.Bin{Agrees: make([]int64, len(d.Rivals))}
		into := []any{&at, &column, &b.One, &b.Low, &b.High, &b.Rows, &event}
		for i := range b.Agrees {
			into = append(into, &b.Agrees[i])
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if event.Valid {
			b.EventFirst = event.Time.UTC()
		}
		if day := dayOf(h.Labels, cause.DayOf(at), func(d *cause.LabelledDay) cause.Day { return d.Day }); day != nil {
			day.Bins[column] = append(day.Bins[column], b)
		}
		return nil
	})
	cause.KeepTelling(h.Labels)
	return err
}

// otherNumbers lists the numeric columns of the outcomes beside the outcome itself and the key, in the files' order.
func (r *recorder) otherNumbers() []string {
	p := r.plan
	taken := []string{p.Loop.Outcomes.Value, p.OutcomeAt.Column, p.OutcomeKnown.Column}
	for _, k := range p.OutcomeKeys {
		taken = append(taken, k.Outcome)
	}
	var names []string
	for _, c := range p.Inventory.Outcomes.Columns {
		if len(names) < mostColumns && intake.IsNumber(c.Type) && !c.Void && !slices.Contains(taken, c.Name) {
			names = append(names, c.Name)
		}
	}
	return names
}
