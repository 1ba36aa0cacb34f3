package profile

import (
	"database/sql"
	"time"

	"github.com/plumbline-data/plumbline/engine/cause"
)

// numbers counts the numbers of a source's values by day or hour, into the history of their key: on the days on which a value of h, the whole
// source, takes few different ones. Which these are, each day says by itself.
func (r *recorder) numbers(h *cause.SourceHistory, d sourceData, hourly bool, of func(key string) *cause.SourceHistory) error {
	for n := range d.Values {
		var days []string
		for i := range h.Days {
			if v := &h.Days[i].Values[n]; v.Numbers > 0 && v.Different <= cause.MostNumbers {
				days = append(days, h.Days[i].Day.Start().Format(time.DateOnly))
			}
		}
		if len(days) == 0 {
			continue
		}
		if err := r.numbersOf(d, n, days, hourly, of); err != nil {
			return err
		}
	}
	return nil
}

func (r *recorder) numbersOf(d sourceData, n int, days []string, hourly bool, of func(key string) *cause.SourceHistory) error {
	d.Value, d.Hourly = d.Values[n].Index, hourly
	return r.db.Query(r.ctx, "404_out_source_numbers", d, map[string]any{"days": days}, func(rows *sql.Rows) error {
		var key string
		var at time.Time
		var c cause.NumberCount
		if err := rows.Scan(&key, &at, &c.Number, &c.Rows); err != nil {
			return err
		}
		h := of(key)
		if hourly {
			if hour := sourceHour(h, at); hour != nil {
				hour.Values[n].Counts = append(hour.Values[n].Counts, c)
			}
		} else if day := sourceDay(h, at); day != nil {
			day.Values[n].Counts = append(day.Values[n].Counts, c)
		}
		return nil
	})
}
