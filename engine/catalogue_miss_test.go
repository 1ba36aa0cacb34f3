package engine_test

import (
	"math"
	"slices"
	"time"
)

// nearMisses look like a cause of the catalogue, each by the one thing that its name says short of it.
func nearMisses() []toy {
	one := func(w *past, p ask) []any { return []any{valueOf(w.newest(p.key, p.at, 0))} }
	two := func(w *past, p ask) []any {
		r := w.newest(p.key, p.at, 0)
		return []any{valueOf(r), *r.w}
	}
	sums := func(w *past, p ask) []any { return []any{sumOf(w.last(p.key, p.at, 6*time.Hour))} }
	ago := func(w *past, p ask, by time.Duration) float64 { return *w.newest(p.key, p.at.Add(-by), 0).v }
	// noise differs from row to row and from everything else.
	noise := func(p ask) float64 { return 0.5 + math.Floor(1e6*math.Mod(float64(p.n)*math.Phi, 1)) }
	// mostly serves it on four rows of five, on every fifth noise.
	mostly := func(it func(*past, ask) []any) func(*past, ask) []any {
		return func(w *past, p ask) []any {
			values := it(w, p)
			if p.n%5 == 0 {
				values[0] = noise(p)
			}
			return values
		}
	}
	const f, fg, sum6 = "  f: {source: s, value: v}", "  f: {source: s, value: v}\n  g: {source: s, value: w}", "  f: {source: s, aggregate: sum(v), window: 6h}"
	const known = ", known_at: known"
	// low are rows of 3 to 91, over and over.
	low := func(r toyRow, hour int) []toyRow {
		r.v = new(ten[hour%10] + float64(r.key[0]-'a'))
		return []toyRow{r}
	}
	return []toy{
		{
			name: "a column is gone on four rows of five", features: fg, declared: two,
			served: mostly(func(w *past, p ask) []any { return []any{nil, two(w, p)[1]} }),
			want:   []toyFinding{{cause: "schema.column_dropped", parameters: `{"became":null,"column":"v"}`, likely: true}},
		},
		{
			// All that differs was served 40; but what lies above it is as it should be.
			name: "what lies under 40 is raised to it", features: f, declared: one, minutes: []int{10, 30, 50}, row: low,
			served: func(w *past, p ask) []any { return []any{max(40, ago(w, p, 0))} },
			want:   []toyFinding{{cause: "unexplained"}},
		},
		{
			// Of what differs "sign turned" gives each row; but what is above 0 is as it should be.
			name: "absolute values", features: f, declared: one, minutes: []int{10, 30, 50},
			row:    func(r toyRow, hour int) []toyRow { return []toyRow{low(r, hour)[0].with(*low(r, hour)[0].v - 30.5)} },
			served: func(w *past, p ask) []any { return []any{math.Abs(ago(w, p, 0))} },
			want:   []toyFinding{{cause: "unexplained"}},
		},
		{
			// A line gives each row that differs; but it begins at 20.
			name: "half of what is above 20", features: f, declared: one, minutes: []int{10, 30, 50}, row: low,
			served: func(w *past, p ask) []any {
				v := ago(w, p, 0)
				return []any{min(v, 20+0.5*(v-20))}
			},
			want: []toyFinding{{cause: "unexplained"}},
		},
		{
			name: "every key behind by another time", features: f, declared: one, keys: []string{"a", "b", "c", "d", "e", "f", "g", "h"}, minutes: []int{10, 30, 50},
			served: func(w *past, p ask) []any {
				return []any{ago(w, p, []time.Duration{2, 9, 4, 7, 11, 5, 13, 17}[p.key[0]-'a']*time.Hour)}
			},
			want: []toyFinding{{cause: "unexplained"}},
		},
		{
			// Clocks of four places, or four lags: where rows are known when they happen it is the same.
			name: "a window of every key behind by another time", features: sum6, declared: sums,
			served: func(w *past, p ask) []any {
				by := []time.Duration{2, 9, 4, 7}[p.key[0]-'a'] * time.Hour
				return []any{sumOf(w.last(p.key, p.at.Add(-by), 6*time.Hour))}
			},
			want: []toyFinding{{cause: "unexplained"}},
		},
		{
			// Rows come at odd hours, other ones for each key: the newest but one is by now an hour older, now by seven.
			name: "the newest row but one", features: f, declared: one, minutes: []int{10, 30, 50},
			row: func(r toyRow, hour int) []toyRow {
				if n := hour + 5*int(r.key[0]-'a'); n*n%11 > 3 && n%7 > 0 {
					return nil
				}
				return []toyRow{r}
			},
			served: func(w *past, p ask) []any {
				newest := w.newest(p.key, p.at, 0)
				return []any{valueOf(w.newest(p.key, newest.at.Add(-1), 0))}
			},
			want: []toyFinding{{cause: "unexplained"}},
		},
		{
			name: "codes renumbered, every day anew", features: "  f: {source: s, value: code}", days: 11, onset: toyBegin.AddDate(0, 0, 12),
			declared: func(w *past, p ask) []any { return []any{w.newest(p.key, p.at, 0).code} },
			served: func(w *past, p ask) []any {
				codes := []string{"red", "green", "blue"}
				return []any{codes[(slices.Index(codes, w.newest(p.key, p.at, 0).code)+1+p.at.Day()%2)%3]}
			},
			want: []toyFinding{{cause: "unexplained", onset: "2024-05-13T00:00:00Z"}},
		},
		{
			// Where the one row of the hour is not among the lost, the sum is right.
			name: "one row of the source in three is lost", features: "  f: {source: s, aggregate: sum(v), window: 1h}", minutes: []int{10, 30, 50}, row: low,
			declared: func(w *past, p ask) []any { return []any{sumOf(w.last(p.key, p.at, time.Hour))} },
			served: func(w *past, p ask) []any {
				if r := w.newest(p.key, p.at, time.Hour); r.at.Hour()*7%3 == 0 {
					return []any{nil}
				}
				return []any{sumOf(w.last(p.key, p.at, time.Hour))}
			},
			want: []toyFinding{{cause: "unexplained"}},
		},
		{
			// To each value one other that is always the same, but each comes of one row: a list of what was served is no map of codes.
			name: "each row has become another number", features: f, declared: one, minutes: []int{5, 15, 25, 35, 45, 55},
			served: func(w *past, p ask) []any { return []any{math.Floor(1e6 * math.Mod(ago(w, p, 0)*math.Phi, 1))} },
			want:   []toyFinding{{cause: "unexplained"}},
		},
		{
			name: "another column, a little off", features: f, declared: one,
			served: func(w *past, p ask) []any { return []any{two(w, p)[1].(float64) * (1 + 1e-5*float64(1+p.n%3))} },
			want:   []toyFinding{{cause: "unexplained"}},
		},
		{
			name: "five hours behind, a little off", features: f, declared: one,
			served: func(w *past, p ask) []any { return []any{ago(w, p, 5*time.Hour) * (1 + 1e-5*float64(1+p.n%13))} },
			want:   []toyFinding{{cause: "unexplained"}},
		},
		{
			// All rows come in at once, so that read at t - 5h it is the same as rows read five hours late: it cannot be told apart.
			name: "five hours behind on four rows of five", features: f, declared: one,
			served: mostly(func(w *past, p ask) []any { return []any{ago(w, p, 5*time.Hour)} }),
			want:   []toyFinding{{cause: "time.zone_shift", parameters: `{"offsets":["-05:00"],"zones":["America/Bogota","America/Chicago"]}`, likely: true}},
		},
		{
			name: "rows missing, late or not", features: sum6, source: known, row: lateBy(0, 55*time.Minute, 80*time.Minute), declared: sums,
			served: func(w *past, p ask) []any {
				sum := sums(w, p)[0].(float64)
				rows := w.last(p.key, p.at, 6*time.Hour)
				return []any{sum - *rows[p.n/4%len(rows)].v}
			},
			want: []toyFinding{{cause: "unexplained"}},
		},
		{
			name: "rows later than an hour cut off on four rows of five", features: sum6, source: known, row: lateBy(0, 55*time.Minute, 80*time.Minute), declared: sums,
			served: mostly(func(w *past, p ask) []any {
				return []any{sumOf(w.in(p.key, p.at.Add(-6*time.Hour), p.at, func(r toyRow) bool { return !r.known.After(p.at) && r.known.Sub(r.at) <= time.Hour }))}
			}),
			want: []toyFinding{{cause: "arrival.cutoff", parameters: `{"after":"1h"}`, likely: true}},
		},
		{
			name: "a rival's value, a little off", features: "  f: {source: s, value: v, definitions: {training: {value: 2 * v + w}}}", declared: one,
			served: func(w *past, p ask) []any {
				return []any{2*one(w, p)[0].(float64) + two(w, p)[1].(float64) + 1e-5*float64(1+p.n%7)*two(w, p)[1].(float64)}
			},
			want: []toyFinding{{cause: "unexplained"}},
		},
		{
			name: "two scales in turn", features: f, declared: one,
			served: func(w *past, p ask) []any { return []any{ago(w, p, 0) * (1.5 + 0.001*float64(p.n))} },
			want:   []toyFinding{{cause: "unexplained"}},
		},
		{
			name: "codes thrown together", features: "  f: {source: s, value: code}",
			declared: func(w *past, p ask) []any { return []any{w.newest(p.key, p.at, 0).code} },
			served: func(w *past, p ask) []any {
				return []any{[]string{"cyan", "pink", "grey", "blue", "red", "green", "grey"}[p.n*p.n/3%7]}
			},
			want: []toyFinding{{cause: "unexplained"}},
		},
		{
			name: "null became something, ever another", features: f, row: someNull, declared: one,
			served: func(w *past, p ask) []any {
				if v := one(w, p)[0]; v != nil {
					return []any{v}
				}
				return []any{noise(p)}
			},
			want: []toyFinding{{cause: "unexplained", onset: "2024-05-13T07:00:00Z"}},
		},
		{
			// Of the hours from 06:30 on twelve have no value: of one key twelve rows, of three 36, of which every second bears it.
			name: "null became 0 on 18 rows", features: f, row: someNull, declared: one, only: func(p ask) bool { return p.key != "d" && p.at.Hour()%2 == 0 },
			served: func(w *past, p ask) []any {
				if v := one(w, p)[0]; v != nil {
					return []any{v}
				}
				return []any{0.0}
			},
			want: []toyFinding{{cause: "null.handling", parameters: `{"became":0}`, likely: true, onset: "2024-05-13T08:00:00Z"}},
		},
		{
			name: "the other bound open on four rows of five", features: sum6, minutes: []int{0}, declared: sums,
			served: mostly(func(w *past, p ask) []any {
				return []any{sumOf(w.in(p.key, p.at.Add(-6*time.Hour-1), p.at.Add(-1), nil))}
			}),
			want: []toyFinding{{cause: "logic.diverged", parameters: `{"variant":"[t - length, t)"}`, likely: true}},
		},
		{
			name: "now 2, now 3, now 4 times as much, and a little", features: sum6, declared: sums,
			served: func(w *past, p ask) []any {
				return []any{float64(2+p.n%3) * sums(w, p)[0].(float64) * (1 + 1e-5*float64(1+p.n%17))}
			},
			want: []toyFinding{{cause: "unexplained"}},
		},
		{
			// Keys that no row is found for, or a column of which nothing is left: who can tell. The first is simpler.
			name: "no row is counted", features: "  f: {source: s, aggregate: count(v), window: 6h}",
			row:      func(r toyRow, hour int) []toyRow { return slices.Repeat([]toyRow{r}, hour*hour%7) },
			declared: func(w *past, p ask) []any { return []any{float64(len(w.last(p.key, p.at, 6*time.Hour)))} },
			served:   func(w *past, p ask) []any { return []any{0.0} },
			want:     []toyFinding{{cause: "join.miss", likely: true}},
		},
		{
			name: "no row is found, on 29 rows", features: f, declared: one, only: first(29),
			served: func(w *past, p ask) []any { return []any{nil} },
			want:   []toyFinding{{cause: "join.miss", likely: true}},
		},
		{
			name: "three hours behind on 29 rows", features: f, declared: one, only: first(29),
			served: func(w *past, p ask) []any { return []any{ago(w, p, 3*time.Hour)} },
			want:   []toyFinding{{cause: "feature.stale", parameters: `{"lag_s":10800}`, likely: true}},
		},
		{
			name: "three hours behind on 30 rows", features: f, declared: one, only: first(30),
			served: func(w *past, p ask) []any { return []any{ago(w, p, 3*time.Hour)} },
			want:   []toyFinding{{cause: "feature.stale", parameters: `{"lag_s":10800}`}},
		},
		{
			// Six predictions an hour, all of the same two rows: nine hours of one key are nine pieces of evidence.
			name: "three hours behind on 54 rows of nine hours", features: f, declared: one, keys: []string{"a"}, minutes: []int{5, 10, 15, 20, 25, 30}, only: first(54),
			served: func(w *past, p ask) []any { return []any{ago(w, p, 3*time.Hour)} },
			want:   []toyFinding{{cause: "feature.stale", parameters: `{"lag_s":10800}`, likely: true}},
		},
		{
			// A row in 36 hours: seven days have five, each of which is met on two days.
			name: "three days behind on 168 rows of five", features: f, declared: one, keys: []string{"a"}, days: 14, onset: toyBegin.AddDate(0, 0, 12),
			row: func(r toyRow, hour int) []toyRow {
				if hour%36 > 0 {
					return nil
				}
				return []toyRow{r}
			},
			served: func(w *past, p ask) []any { return []any{ago(w, p, 72*time.Hour)} },
			want:   []toyFinding{{cause: "feature.stale", parameters: `{"lag_s":259200}`, likely: true, onset: "2024-05-13T00:00:00Z"}},
		},
		{
			// Two features read the same rows: they do not make two pieces of evidence of one.
			name: "three hours behind, two features of nine hours", features: fg, declared: two, keys: []string{"a"}, minutes: []int{5, 10, 15, 20}, only: first(36),
			served: func(w *past, p ask) []any {
				r := w.newest(p.key, p.at.Add(-3*time.Hour), 0)
				return []any{*r.v, *r.w}
			},
			want: []toyFinding{{cause: "feature.stale", features: []string{"f", "g"}, parameters: `{"lag_s":10800}`, likely: true}},
		},
		{
			name: "another length on four rows of five", features: sum6, declared: sums,
			served: mostly(func(w *past, p ask) []any { return []any{sumOf(w.last(p.key, p.at, 12*time.Hour))} }),
			want:   []toyFinding{{cause: "window.misaligned", parameters: `{"align":null,"length":"12h","offset":"0s"}`, likely: true}},
		},
		{
			name: "two hours ahead on four rows of five", features: f, declared: one,
			served: mostly(func(w *past, p ask) []any { return []any{ago(w, p, -2*time.Hour)} }),
			want:   []toyFinding{{cause: "leak.future", parameters: `{"ahead_s":7200}`, likely: true}},
		},
		{
			// A column of two values: whatever is read at another instant hits half of the draws.
			name: "two values drawn by chance", features: "  f: {source: s, value: grade}",
			declared: func(w *past, p ask) []any { return []any{w.newest(p.key, p.at, 0).grade} },
			served:   func(w *past, p ask) []any { return []any{[]string{"good", "fair"}[int(noise(p))/7%2]} },
			want:     []toyFinding{{cause: "unexplained"}},
		},
	}
}

// first keeps the first n predictions from the last day's 06:00 on, each asked for once.
func first(n int) func(ask) bool {
	from := toyBegin.AddDate(0, 0, 12).Add(6 * time.Hour)
	seen := 0
	return func(p ask) bool {
		if p.at.Before(from) || seen == n {
			return false
		}
		seen++
		return true
	}
}
