package profile

import (
	"database/sql"
	"time"

	"github.com/plumbline-data/plumbline/engine/cause"
)

// numbers counts the numbers of a source's values by day, into its history: on the days on which a value takes few different ones.
func (r *recorder) numbers(h *cause.SourceHistory, d sourceData) error {
	whole := func(string) *cause.SourceHistory { return h }
	for n := range d.Values {
		if !d.Values[n].Number {
			continue
		}
		if err := r.numbersOf(d, n, map[string]any{"most": int64(cause.MostNumbers)}, whole); err != nil {
			return err
		}
	}
	return nil
}

// numbersAgain counts those of the days that are counted of h, the whole source, by the hour or by key, into the history of their key.
func (r *recorder) numbersAgain(h *cause.SourceHistory, d sourceData, of func(key string) *cause.SourceHistory) error {
	d.Chosen = true
	for n := range d.Values {
		var days []string
		for i := range h.Days {
			if h.Days[i].Values[n].Counts != nil {
				days = append(days, h.Days[i].Day.Start().Format(time.DateOnly))
			}
		}
		if len(days) == 0 {
			continue
		}
		if err := r.numbersOf(d, n, map[string]any{"days": days}, of); err != nil {
			return err
		}
	}
	return nil
}

func (r *recorder) numbersOf(d sourceData, n int, params map[string]any, of func(key string) *cause.SourceHistory) error {
	d.Value = d.Values[n].Index
	return r.db.Query(r.ctx, "404_out_source_numbers", d, params, func(rows *sql.Rows) error {
		var key string
		var at time.Time
		var c cause.NumberCount
		if err := rows.Scan(&key, &at, &c.Number, &c.Rows); err != nil {
			return err
		}
		h := of(key)
		if d.Hourly {
			if hour := sourceHour(h, at); hour != nil {
				hour.Values[n].Counts = append(hour.Values[n].Counts, c)
			}
		} else if day := sourceDay(h, at); day != nil {
			day.Values[n].Counts = append(day.Values[n].Counts, c)
		}
		return nil
	})
}
