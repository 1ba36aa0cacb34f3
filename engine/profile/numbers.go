package profile

import (
	"database/sql"
	"time"

	"github.com/plumbline-data/plumbline/engine/cause"
)

// countable marks the values of a source that take few different numbers.
func (r *recorder) countable(d *sourceData) error {
	if len(d.Values) == 0 {
		return nil
	}
	return r.db.Query(r.ctx, "405_out_distinct", d, nil, func(rows *sql.Rows) error {
		different := make([]int64, len(d.Values))
		into := make([]any, len(different))
		for i := range different {
			into[i] = &different[i]
		}
		err := rows.Scan(into...)
		for i, n := range different {
			d.Values[i].Counted = n >= 0 && n <= cause.MostNumbers
		}
		return err
	})
}

// numbers counts the numbers of a source's values by day or hour, into the history of their key.
func (r *recorder) numbers(d sourceData, hourly bool, of func(key string) *cause.SourceHistory) error {
	for n := range d.Values {
		if d.Values[n].Counted {
			if err := r.numbersOf(d, n, hourly, of); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *recorder) numbersOf(d sourceData, n int, hourly bool, of func(key string) *cause.SourceHistory) error {
	d.Value, d.Hourly = d.Values[n].Index, hourly
	return r.db.Query(r.ctx, "404_out_source_numbers", d, nil, func(rows *sql.Rows) error {
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
