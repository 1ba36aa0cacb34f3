package engine_test

import (
	"math"
	"time"
)

// lookupToys are the causes of features that are the newest row of a source. Of the newest row at :30 the hour before is the
// newest that is older.
func lookupToys() []toy {
	declared := func(w *past, p ask) []any { return []any{valueOf(w.newest(p.key, p.at, 0))} }
	const plain = "  f: {source: s, value: v}"
	// read serves what is read at another instant.
	read := func(at func(time.Time) time.Time) func(*past, ask) []any {
		return func(w *past, p ask) []any { return []any{valueOf(w.newest(p.key, at(p.at), 0))} }
	}
	// made serves what another hand makes of the value.
	made := func(of func(v float64) any) func(*past, ask) []any {
		return func(w *past, p ask) []any { return []any{of(*w.newest(p.key, p.at, 0).v)} }
	}
	both := func(w *past, p ask) []any {
		r := w.newest(p.key, p.at, 0)
		return []any{valueOf(r), *r.w}
	}
	const two = "  f: {source: s, value: v}\n  g: {source: s, value: w}"
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		panic(err)
	}
	return []toy{
		{
			name: "a column is gone", features: two, declared: both,
			served: func(w *past, p ask) []any { return []any{nil, both(w, p)[1]} },
			want:   []toyFinding{{cause: "schema.column_dropped", parameters: `{"became":null,"column":"v"}`}},
		},
		{
			name: "a column is gone for one request in three", features: two, declared: both, minutes: []int{5, 15, 25, 35, 45, 55},
			only:   func(p ask) bool { return p.n*p.n%7%3 == 1 },
			served: func(w *past, p ask) []any { return []any{nil, both(w, p)[1]} },
			want:   []toyFinding{{cause: "schema.column_dropped", parameters: `{"became":null,"column":"v"}`, advice: "run out of time"}},
		},
		{
			name: "another column took its place", features: plain, declared: declared,
			served: func(w *past, p ask) []any { return []any{*w.newest(p.key, p.at, 0).w} },
			want:   []toyFinding{{cause: "schema.column_dropped", parameters: `{"became":"w","column":"v"}`}},
		},
		{
			name: "one constant for all", features: plain, declared: declared,
			served: func(w *past, p ask) []any { return []any{7.0} },
			want:   []toyFinding{{cause: "schema.column_dropped", parameters: `{"became":7,"column":"v"}`}},
		},
		{
			name: "asked five hours behind", features: plain, declared: declared,
			served: read(func(t time.Time) time.Time { return t.Add(-5 * time.Hour) }),
			want:   []toyFinding{{cause: "time.zone_shift", parameters: `{"offsets":["-05:00"],"zones":["America/Bogota","America/Chicago"]}`}},
		},
		{
			// One request in three goes through a broken pipe, whatever it asks for.
			name: "two days behind, one request in three", features: plain, declared: declared, minutes: []int{5, 15, 25, 35, 45, 55},
			only:   func(p ask) bool { return p.n*p.n%7%3 == 1 },
			served: read(func(t time.Time) time.Time { return t.Add(-48 * time.Hour) }),
			want:   []toyFinding{{cause: "feature.stale", parameters: `{"lag_s":172800}`}},
		},
		{
			// On March 10 New York's clocks went from -05:00 to -04:00, at 07:00 UTC.
			name: "asked by the clock of New York over its change", features: plain, declared: declared, begin: time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC),
			days: 10, onset: time.Date(2024, 3, 8, 6, 0, 0, 0, time.UTC),
			served: read(func(t time.Time) time.Time {
				_, off := t.In(newYork).Zone()
				return t.Add(time.Duration(off) * time.Second)
			}),
			want: []toyFinding{{cause: "time.zone_shift", parameters: `{"offsets":["-04:00","-05:00"],"zones":["America/New_York"]}`}},
		},
		{
			// Read 5:30 early, every row is too old to be used. A join that finds nothing says the same, and is simpler.
			name: "event times read so early that no row is left", features: "  f: {source: s, value: v, within: 2h}",
			declared: func(w *past, p ask) []any { return []any{valueOf(w.newest(p.key, p.at, 2*time.Hour))} },
			served:   func(w *past, p ask) []any { return []any{nil} },
			want:     []toyFinding{{cause: "join.miss", likely: true}},
		},
		{
			name: "no row is met, and serving says so", features: plain, source: ", served_rows: met", declared: declared,
			served: func(w *past, p ask) []any { return []any{nil} },
			want:   []toyFinding{{cause: "join.miss"}},
		},
		{
			name: "rows are met, and the one column read of them is gone", features: plain, source: ", served_rows: met", declared: declared, met: 1,
			served: func(w *past, p ask) []any { return []any{nil} },
			want:   []toyFinding{{cause: "schema.column_dropped", parameters: `{"became":null,"column":"v"}`}},
		},
		{
			// Of one key a store that froze serves a constant.
			name: "frozen for one key", features: plain, declared: declared, minutes: []int{10, 30, 50}, only: func(p ask) bool { return p.key == "a" },
			served: func(w *past, p ask) []any {
				return []any{valueOf(w.newest(p.key, time.Date(2024, 5, 13, 1, 30, 0, 0, time.UTC), 0))}
			},
			want: []toyFinding{{cause: "feature.stale", parameters: `{"frozen_at":"2024-05-13T01:00:00Z"}`}},
		},
		{
			name: "units", features: plain, declared: declared,
			served: made(func(v float64) any { return 1.8*v + 32 }),
			want:   []toyFinding{{cause: "encoding.remapped", parameters: `{"offset":32,"scale":1.8,"unit":"C to F"}`}},
		},
		{
			// What lies above 60 goes through another path, which has it in cents; the multiple is the same whatever the value.
			name: "units, of high values alone", features: plain, declared: declared, minutes: []int{10, 30, 50},
			row: func(r toyRow, hour int) []toyRow {
				return []toyRow{r.with(ten[hour*7%10] + 3*ten[hour/10%10] + 0.01*float64(hour) + 0.001*float64(r.key[0]-'a'))}
			},
			served: made(func(v float64) any {
				if v > 60 {
					return 100 * v
				}
				return v
			}),
			want: []toyFinding{{cause: "encoding.remapped", parameters: `{"offset":0,"scale":100,"unit":"units to cents or percent"}`}},
		},
		{
			name: "any scale", features: plain, declared: declared,
			served: made(func(v float64) any { return 1.37*v + 4.25 }),
			want:   []toyFinding{{cause: "encoding.remapped", parameters: `{"offset":4.25,"scale":1.37,"unit":null}`}},
		},
		{
			name: "codes renumbered", features: "  f: {source: s, value: code}",
			declared: func(w *past, p ask) []any { return []any{w.newest(p.key, p.at, 0).code} },
			served: func(w *past, p ask) []any {
				return []any{map[string]string{"red": "green", "green": "blue", "blue": "red"}[w.newest(p.key, p.at, 0).code]}
			},
			want: []toyFinding{{cause: "encoding.remapped", parameters: `{"map":{"blue":"red","green":"blue","red":"green"}}`}},
		},
		{
			name: "two codes of three changed places", features: "  f: {source: s, value: code}",
			declared: func(w *past, p ask) []any { return []any{w.newest(p.key, p.at, 0).code} },
			served: func(w *past, p ask) []any {
				return []any{map[string]string{"red": "green", "green": "red", "blue": "blue"}[w.newest(p.key, p.at, 0).code]}
			},
			want: []toyFinding{{cause: "encoding.remapped", parameters: `{"map":{"green":"red","red":"green"}}`}},
		},
		{
			name: "null became 0", features: plain, row: someNull, declared: declared,
			served: func(w *past, p ask) []any {
				if v := declared(w, p)[0]; v != nil {
					return []any{v}
				}
				return []any{0.0}
			},
			want: []toyFinding{{cause: "null.handling", parameters: `{"became":0}`, onset: "2024-05-13T07:00:00Z"}},
		},
		{
			name: "null became the previous value", features: plain, row: someNull, declared: declared,
			served: func(w *past, p ask) []any {
				for at := p.at; ; at = at.Add(-time.Hour) {
					if v := valueOf(w.newest(p.key, at, 0)); v != nil {
						return []any{v}
					}
				}
			},
			want: []toyFinding{{cause: "null.handling", parameters: `{"became":"previous value"}`, onset: "2024-05-13T07:00:00Z"}},
		},
		{
			name: "rounded", features: plain, declared: declared,
			row:    func(r toyRow, hour int) []toyRow { return []toyRow{r.with(*r.v + 0.01*float64(hour%100))} },
			served: made(func(v float64) any { return math.Round(10*v) / 10 }),
			want:   []toyFinding{{cause: "logic.diverged", parameters: `{"variant":"rounded to 1 decimal"}`}},
		},
		{
			name: "keys in capitals", features: plain, keys: []string{"A", "B", "C", "D"}, asks: []string{"a", "b", "c", "d"},
			declared: func(w *past, p ask) []any { return []any{nil} },
			served:   declared,
			want:     []toyFinding{{cause: "join.miss", parameters: `{"normalise":"lower"}`}},
		},
		{
			name: "no row is found", features: two, declared: both,
			served: func(w *past, p ask) []any { return []any{nil, nil} },
			want:   []toyFinding{{cause: "join.miss", features: []string{"f", "g"}}},
		},
		{
			name: "three hours behind", features: plain, declared: declared,
			served: read(func(t time.Time) time.Time { return t.Add(-3 * time.Hour) }),
			want:   []toyFinding{{cause: "feature.stale", parameters: `{"lag_s":10800}`}},
		},
		{
			name: "frozen", features: plain, declared: declared,
			served: read(func(time.Time) time.Time { return toyBegin.AddDate(0, 0, 12).Add(3 * time.Hour) }),
			want:   []toyFinding{{cause: "feature.stale", parameters: `{"frozen_at":"2024-05-13T03:00:00Z"}`}},
		},
		{
			// Of g two rows in three are 0, which stands for null too, and the row that it froze at is: by itself g could be gone.
			name: "frozen, where one of two features froze at its default", features: "  f: {source: s, value: v}\n  g: {source: s, value: w, default: 0}",
			row: func(r toyRow, hour int) []toyRow {
				if r.w = new(float64(hour)); hour%3 == 0 || hour == 12*24+3 {
					r.w = new(0.0)
				}
				return []toyRow{r}
			},
			declared: both,
			served: func(w *past, p ask) []any {
				r := w.newest(p.key, toyBegin.AddDate(0, 0, 12).Add(3*time.Hour), 0)
				return []any{*r.v, *r.w}
			},
			want: []toyFinding{{cause: "feature.stale", features: []string{"f", "g"}, parameters: `{"frozen_at":"2024-05-13T03:00:00Z"}`}},
		},
		{
			name: "refreshed daily", features: plain, declared: declared, onset: toyBegin.AddDate(0, 0, 12),
			served: read(func(t time.Time) time.Time { return t.Add(-4 * time.Hour).Truncate(24 * time.Hour).Add(4 * time.Hour) }),
			want:   []toyFinding{{cause: "feature.stale", parameters: `{"refresh":"daily at 04:00"}`, onset: "2024-05-13T00:00:00Z"}},
		},
		{
			name: "rows of any age", features: "  f: {source: s, value: v, within: 1h}",
			row: func(r toyRow, hour int) []toyRow { // a row in three hours, ten of which are fresh
				if hour%3 > 0 {
					return nil
				}
				return []toyRow{r}
			},
			declared: func(w *past, p ask) []any { return []any{valueOf(w.newest(p.key, p.at, time.Hour))} },
			served:   declared,
			want:     []toyFinding{{cause: "feature.stale", parameters: `{"lag_s":null,"within":"ignored"}`, onset: "2024-05-13T07:00:00Z"}},
		},
		{
			// Every row is known ten minutes after it happens: read 4h50m behind the source gives the same.
			name: "event times read five hours late, seen once they have passed", features: plain, source: ", known_at: known", row: late(10 * time.Minute), declared: declared,
			minutes: []int{5, 15, 25, 35, 45, 55},
			served: func(w *past, p ask) []any {
				rows := w.in(p.key, p.at.Add(-24*time.Hour), p.at.Add(-5*time.Hour), nil)
				return []any{valueOf(&rows[len(rows)-1])}
			},
			want: []toyFinding{{cause: "time.zone_shift", parameters: `{"offsets":["+05:00"],"zones":["Asia/Karachi"]}`}},
		},
		{
			// Rows are known at once, after 100 minutes or after 200: as of no instant behind were these rows there.
			name: "event times read five hours late, of rows that are late themselves", features: plain, source: ", known_at: known", row: lateBy(0, 100*time.Minute, 200*time.Minute), declared: declared,
			served: func(w *past, p ask) []any {
				rows := w.in(p.key, p.at.Add(-24*time.Hour), p.at.Add(-5*time.Hour), nil)
				return []any{valueOf(&rows[len(rows)-1])}
			},
			want: []toyFinding{{cause: "time.zone_shift", parameters: `{"offsets":["+05:00"],"zones":["Asia/Karachi"]}`}},
		},
		{
			name: "two hours ahead", features: plain, declared: declared,
			served: read(func(t time.Time) time.Time { return t.Add(2 * time.Hour) }),
			want:   []toyFinding{{cause: "leak.future", parameters: `{"ahead_s":7200}`}},
		},
		{
			// A row is known 2 h 10 min after it happens: by event time it is served at once.
			name: "by event time", features: plain, source: ", known_at: known", row: late(130 * time.Minute), declared: declared,
			served: func(w *past, p ask) []any {
				rows := w.in(p.key, p.at.Add(-time.Hour), p.at, nil)
				return []any{*rows[len(rows)-1].v}
			},
			want: []toyFinding{{cause: "leak.future", parameters: `{"known":"ignored"}`}},
		},
		{
			name: "a declared rival", features: "  f: {source: s, value: v, definitions: {training: {value: 2 * v + w}}}", declared: declared,
			served: func(w *past, p ask) []any {
				r := w.newest(p.key, p.at, 0)
				return []any{2**r.v + *r.w}
			},
			want: []toyFinding{{cause: "definition.diverged", parameters: `{"name":"training"}`}},
		},
	}
}

// with is a row of another value.
func (r toyRow) with(v float64) toyRow { r.v = &v; return r }

// someNull has two rows in three without a value.
func someNull(r toyRow, hour int) []toyRow {
	if hour%3 > 0 {
		r.v = nil
	}
	return []toyRow{r}
}

// late has every row known so much after it happens.
func late(by time.Duration) func(toyRow, int) []toyRow {
	return func(r toyRow, hour int) []toyRow {
		r.known = r.at.Add(by)
		return []toyRow{r}
	}
}
