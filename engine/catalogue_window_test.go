package engine_test

import (
	"math"
	"slices"
	"time"
)

// windowToys are the causes of features over a window, the last six hours by default: at :30 six rows.
func windowToys() []toy {
	const sums = "  f: {source: s, aggregate: sum(v), window: 6h}"
	declared := func(w *past, p ask) []any { return []any{sumOf(w.last(p.key, p.at, 6*time.Hour))} }
	// over serves the sum of what happened from so long before the instant until so long before it, if it was known by then.
	over := func(from, to time.Duration) func(*past, ask) []any {
		return func(w *past, p ask) []any {
			return []any{sumOf(w.in(p.key, p.at.Add(-from), p.at.Add(-to), func(r toyRow) bool { return !r.known.After(p.at) }))}
		}
	}
	return []toy{
		{
			// Rows come in two hours late: read at t - 5h, two more of them would be missing.
			name: "event times of a window read five hours late", features: sums, source: ", known_at: known", row: late(2 * time.Hour), declared: declared,
			served: over(11*time.Hour, 5*time.Hour),
			want:   []toyFinding{{cause: "time.zone_shift", parameters: `{"offsets":["+05:00"],"zones":["Asia/Karachi"]}`}},
		},
		{
			// Of keys a and b event times are read five hours late, of c and d nine: each by the clock of its place.
			name: "event times of a window by the clock of each place", features: sums, source: ", known_at: known", row: late(2 * time.Hour), declared: declared,
			served: func(w *past, p ask) []any {
				by := 5 * time.Hour
				if p.key > "b" {
					by = 9 * time.Hour
				}
				return over(6*time.Hour+by, by)(w, p)
			},
			want: []toyFinding{{cause: "time.zone_shift", parameters: `{"offsets":["+05:00","+09:00"],"zones":["Asia/Karachi","Asia/Seoul","Asia/Tokyo"]}`}},
		},
		{
			// Rows come in 0, 55 and 80 minutes late.
			name: "rows later than an hour cut off", features: sums, source: ", known_at: known", row: lateBy(0, 55*time.Minute, 80*time.Minute), declared: declared,
			served: func(w *past, p ask) []any {
				return []any{sumOf(w.in(p.key, p.at.Add(-6*time.Hour), p.at, func(r toyRow) bool { return !r.known.After(p.at) && r.known.Sub(r.at) <= time.Hour }))}
			},
			want: []toyFinding{{cause: "arrival.cutoff", parameters: `{"after":"1h"}`}},
		},
		{
			// Of each day the rows of 22:00 come in at 05:45 of the next, those of 23:00 at 06:30.
			name: "rows after six in the morning cut off", features: "  f: {source: s, aggregate: sum(v), window: 24h}", source: ", known_at: known",
			declared: func(w *past, p ask) []any { return []any{sumOf(w.last(p.key, p.at, 24*time.Hour))} },
			row: func(r toyRow, hour int) []toyRow {
				switch r.at.Hour() {
				case 22:
					r.known = r.at.Add(7*time.Hour + 45*time.Minute)
				case 23:
					r.known = r.at.Add(7*time.Hour + 30*time.Minute)
				}
				return []toyRow{r}
			},
			served: func(w *past, p ask) []any {
				return []any{sumOf(slices.DeleteFunc(w.last(p.key, p.at, 24*time.Hour), func(r toyRow) bool { return r.at.Hour() == 23 }))}
			},
			want: []toyFinding{{cause: "arrival.cutoff", parameters: `{"after":"06:00 of the next day"}`}},
		},
		{
			name: "a declared rival window", features: "  f: {source: s, aggregate: sum(v), window: 6h, definitions: {training: {aggregate: avg(v), window: 12h}}}", declared: declared,
			served: func(w *past, p ask) []any { return []any{meanOf(w.last(p.key, p.at, 12*time.Hour))} },
			want:   []toyFinding{{cause: "definition.diverged", parameters: `{"name":"training"}`}},
		},
		{
			name: "a filter left out", features: "  f: {source: s, aggregate: sum(v), where: grade = 'good', window: 6h}", served: declared,
			declared: func(w *past, p ask) []any {
				return []any{sumOf(w.in(p.key, p.at.Add(-6*time.Hour), p.at, func(r toyRow) bool { return r.grade == "good" }))}
			},
			want: []toyFinding{{cause: "definition.diverged", parameters: `{"name":"without grade = 'good'"}`}},
		},
		{
			name: "a filter put in", features: sums, declared: declared,
			served: func(w *past, p ask) []any {
				return []any{sumOf(w.in(p.key, p.at.Add(-6*time.Hour), p.at, func(r toyRow) bool { return r.code != "red" }))}
			},
			want: []toyFinding{{cause: "definition.diverged", parameters: `{"name":"only code \u003c\u003e 'red'"}`}},
		},
		{
			// At whole hours a row lies on each bound: (t - 6h, t] has seven less the oldest, [t - 6h, t) the newest.
			name: "the other bound open", features: sums, declared: declared, minutes: []int{0},
			served: over(6*time.Hour+1, 1),
			want:   []toyFinding{{cause: "logic.diverged", parameters: `{"variant":"[t - length, t)"}`}},
		},
		{
			name: "both bounds closed", features: sums, declared: declared, minutes: []int{0},
			served: over(6*time.Hour+1, 0),
			want:   []toyFinding{{cause: "logic.diverged", parameters: `{"variant":"[t - length, t]"}`}},
		},
		{
			name: "whole days for rolling", features: "  f: {source: s, aggregate: sum(v), window: 24h}",
			declared: func(w *past, p ask) []any { return []any{sumOf(w.last(p.key, p.at, 24*time.Hour))} },
			served: func(w *past, p ask) []any {
				midnight := p.at.Truncate(24 * time.Hour)
				return []any{sumOf(w.in(p.key, midnight.Add(-24*time.Hour), midnight, nil))}
			},
			want: []toyFinding{{cause: "window.misaligned", parameters: `{"align":"day","length":"24h","offset":"0s"}`}},
		},
		{
			name: "since midnight for rolling", features: sums, declared: declared,
			served: func(w *past, p ask) []any {
				return []any{sumOf(w.in(p.key, p.at.Truncate(24*time.Hour).Add(-1), p.at, nil))}
			},
			want: []toyFinding{{cause: "logic.diverged", parameters: `{"variant":"since the day began"}`, onset: "2024-05-13T06:00:00Z"}},
		},
		{
			// The table that is joined holds key a twice and key b three times.
			name: "rows of two keys several times", features: "  f: {source: s, aggregate: sum(v), window: 6h}",
			declared: func(w *past, p ask) []any { return []any{sumOf(w.last(p.key, p.at, 6*time.Hour))} },
			served: func(w *past, p ask) []any {
				return []any{sumOf(w.last(p.key, p.at, 6*time.Hour)).(float64) * map[string]float64{"a": 2, "b": 3, "c": 1, "d": 1}[p.key]}
			},
			want: []toyFinding{{cause: "join.fanout", parameters: `{"factor":2,"factors":[2,3]}`}},
		},
		{
			// The rows are 3, 12, 16, 25, 34, 47, 50, 61, 79 and 88, and those plus 1, 2 and 3: any limit from 37 to below 47 keeps the same.
			name: "rows over a limit", features: "  f: {source: s, aggregate: sum(v), window: 6h}",
			row: func(r toyRow, hour int) []toyRow {
				r.v = new(ten[hour%10] + float64(r.key[0]-'a'))
				r.w = nil
				return []toyRow{r}
			},
			declared: func(w *past, p ask) []any { return []any{sumOf(w.last(p.key, p.at, 6*time.Hour))} },
			served: func(w *past, p ask) []any {
				var over []toyRow
				for _, r := range w.last(p.key, p.at, 6*time.Hour) {
					if *r.v > 45 {
						over = append(over, r)
					}
				}
				return []any{sumOf(over)}
			},
			want: []toyFinding{{cause: "definition.diverged", parameters: `{"name":"only v \u003e 40"}`}},
		},
		{
			name: "a length that is in no list", features: "  f: {source: s, aggregate: avg(v), window: 6h}", minutes: []int{10, 20, 50},
			declared: func(w *past, p ask) []any { return []any{meanOf(w.last(p.key, p.at, 6*time.Hour))} },
			served:   func(w *past, p ask) []any { return []any{meanOf(w.last(p.key, p.at, 9*time.Hour+15*time.Minute))} },
			want:     []toyFinding{{cause: "window.misaligned", parameters: `{"align":null,"length":"9h15m","offset":"0s"}`}},
		},
		{
			name: "two days by the calendar", features: "  f: {source: s, aggregate: sum(v), window: 2d}",
			declared: func(w *past, p ask) []any { return []any{sumOf(w.last(p.key, p.at, 48*time.Hour))} },
			served: func(w *past, p ask) []any {
				return []any{sumOf(w.in(p.key, p.at.Truncate(24*time.Hour).Add(-24*time.Hour-1), p.at, nil))}
			},
			want: []toyFinding{{cause: "logic.diverged", parameters: `{"variant":"last 2 days, this one included"}`}},
		},
		{
			name: "nulls as 0", features: "  f: {source: s, aggregate: avg(v), window: 6h}", row: someNull,
			declared: func(w *past, p ask) []any { return []any{meanOf(w.last(p.key, p.at, 6*time.Hour))} },
			served:   func(w *past, p ask) []any { return []any{declared(w, p)[0].(float64) / 6} },
			want:     []toyFinding{{cause: "logic.diverged", parameters: `{"variant":"avg with null as 0"}`}},
		},
		{
			name: "another aggregate", features: "  f: {source: s, aggregate: avg(v), window: 6h}",
			declared: func(w *past, p ask) []any { return []any{meanOf(w.last(p.key, p.at, 6*time.Hour))} },
			served:   func(w *past, p ask) []any { return []any{mostOf(w.last(p.key, p.at, 6*time.Hour))} },
			want:     []toyFinding{{cause: "logic.diverged", parameters: `{"variant":"max"}`}},
		},
		{
			name: "the newest row for the mean of a window", features: "  f: {source: s, aggregate: avg(v), window: 6h}",
			declared: func(w *past, p ask) []any { return []any{meanOf(w.last(p.key, p.at, 6*time.Hour))} },
			served:   func(w *past, p ask) []any { return []any{valueOf(w.newest(p.key, p.at, 0))} },
			want:     []toyFinding{{cause: "logic.diverged", parameters: `{"variant":"newest"}`}},
		},
		{
			// Windows of two hours hold a row or none: where they hold none the newest row is served.
			name: "the newest row of any age for the sum of a window", features: "  f: {source: s, aggregate: sum(v), window: 2h}",
			row: func(r toyRow, hour int) []toyRow {
				if hour%5 > 1 {
					return nil
				}
				return []toyRow{r}
			},
			declared: func(w *past, p ask) []any { return []any{sumOf(w.last(p.key, p.at, 2*time.Hour))} },
			served:   func(w *past, p ask) []any { return []any{valueOf(w.newest(p.key, p.at, 0))} },
			want:     []toyFinding{{cause: "logic.diverged", parameters: `{"variant":"newest of any age"}`}},
		},
		{
			name: "the greatest of twice as long a window", features: "  f: {source: s, aggregate: max(v), window: 3h}", row: jagged,
			declared: func(w *past, p ask) []any { return []any{mostOf(w.last(p.key, p.at, 3*time.Hour))} },
			served:   func(w *past, p ask) []any { return []any{mostOf(w.last(p.key, p.at, 6*time.Hour))} },
			want:     []toyFinding{{cause: "window.misaligned", parameters: `{"align":null,"length":"6h","offset":"0s"}`}},
		},
		{
			name: "the greatest of a window that ended two hours ago", features: "  f: {source: s, aggregate: max(v), window: 3h}", row: jagged,
			declared: func(w *past, p ask) []any { return []any{mostOf(w.last(p.key, p.at, 3*time.Hour))} },
			served:   func(w *past, p ask) []any { return []any{mostOf(w.last(p.key, p.at.Add(-2*time.Hour), 3*time.Hour))} },
			want:     []toyFinding{{cause: "window.misaligned", parameters: `{"align":null,"length":"3h","offset":"2h"}`}},
		},
		{
			name: "the greatest, of event times read five hours late", features: "  f: {source: s, aggregate: max(v), window: 3h}", source: ", known_at: known",
			row: func(r toyRow, hour int) []toyRow { return late(2*time.Hour)(jagged(r, hour)[0], hour) },
			declared: func(w *past, p ask) []any {
				return []any{mostOrNothing(w.in(p.key, p.at.Add(-3*time.Hour), p.at, func(r toyRow) bool { return !r.known.After(p.at) }))}
			},
			served: func(w *past, p ask) []any {
				return []any{mostOf(w.in(p.key, p.at.Add(-8*time.Hour), p.at.Add(-5*time.Hour), func(r toyRow) bool { return !r.known.After(p.at) }))}
			},
			want: []toyFinding{{cause: "time.zone_shift", parameters: `{"offsets":["+05:00"],"zones":["Asia/Karachi"]}`}},
		},
		{
			name: "the mean for the greatest", features: "  f: {source: s, aggregate: max(v), window: 3h}", row: jagged,
			declared: func(w *past, p ask) []any { return []any{mostOf(w.last(p.key, p.at, 3*time.Hour))} },
			served:   func(w *past, p ask) []any { return []any{meanOf(w.last(p.key, p.at, 3*time.Hour))} },
			want:     []toyFinding{{cause: "logic.diverged", parameters: `{"variant":"avg"}`}},
		},
		{
			name: "twice as long, beside a column too large to be summed", features: sums, declared: declared, served: over(12*time.Hour, 0),
			row: func(r toyRow, hour int) []toyRow {
				r.w = new(1e35 + *r.v)
				return []toyRow{r}
			},
			want: []toyFinding{{cause: "window.misaligned", parameters: `{"align":null,"length":"12h","offset":"0s"}`}},
		},
		{
			// Of five rows one is no good; what it holds, nothing can sum.
			name: "twice as long, beside rows too large to be summed", features: sums, source: ", where: w > 0",
			row: func(r toyRow, hour int) []toyRow {
				if hour%5 == 0 {
					r.v, r.w = new(1e35), new(-1.0)
				}
				return []toyRow{r}
			},
			declared: func(w *past, p ask) []any { return []any{sumOf(usable(w.last(p.key, p.at, 6*time.Hour)))} },
			served:   func(w *past, p ask) []any { return []any{sumOf(usable(w.last(p.key, p.at, 12*time.Hour)))} },
			want:     []toyFinding{{cause: "window.misaligned", parameters: `{"align":null,"length":"12h","offset":"0s"}`}},
		},
		{
			name: "the greatest of twice as long a window, too large to be summed", features: "  f: {source: s, aggregate: max(v), window: 3h}",
			row:      func(r toyRow, hour int) []toyRow { return []toyRow{r.with(1e33 * *jagged(r, hour)[0].v)} },
			declared: func(w *past, p ask) []any { return []any{mostOf(w.last(p.key, p.at, 3*time.Hour))} },
			served:   func(w *past, p ask) []any { return []any{mostOf(w.last(p.key, p.at, 6*time.Hour))} },
			want:     []toyFinding{{cause: "window.misaligned", parameters: `{"align":null,"length":"6h","offset":"0s"}`}},
		},
		{
			// Of each seven hours the first has one row, the others two, five, three, three, five and two.
			name: "all for distinct", features: "  f: {source: s, aggregate: count_distinct(code), window: 5h}",
			row: func(r toyRow, hour int) []toyRow {
				var rows []toyRow
				for n := range 1 + hour*hour%7 {
					next := r
					next.at = r.at.Add(time.Duration(n) * time.Minute)
					next.known = next.at
					rows = append(rows, next)
				}
				return rows
			},
			declared: func(w *past, p ask) []any {
				seen := map[string]bool{}
				for _, r := range w.last(p.key, p.at, 5*time.Hour) {
					seen[r.code] = true
				}
				return []any{len(seen)}
			},
			served: func(w *past, p ask) []any { return []any{len(w.last(p.key, p.at, 5*time.Hour))} },
			want:   []toyFinding{{cause: "logic.diverged", parameters: `{"variant":"count(*)"}`}},
		},
		{
			// Two hours after each row comes a second version of it, 5 higher.
			name: "every version of a row", features: sums, source: ", known_at: known, id: [id]",
			row: func(r toyRow, hour int) []toyRow {
				next := r.with(*r.v + 5)
				next.known = r.at.Add(2 * time.Hour)
				return []toyRow{r, next}
			},
			declared: func(w *past, p ask) []any {
				rows := w.last(p.key, p.at, 6*time.Hour)
				return []any{sumOf(slices.DeleteFunc(rows, func(r toyRow) bool { return r.known.Equal(r.at) && !r.at.Add(2*time.Hour).After(p.at) }))}
			},
			served: declared,
			want:   []toyFinding{{cause: "logic.diverged", parameters: `{"variant":"every version of a row counts"}`}},
		},
		{
			name: "every row twice", features: sums, declared: declared,
			served: func(w *past, p ask) []any { return []any{2 * declared(w, p)[0].(float64)} },
			want:   []toyFinding{{cause: "join.fanout", parameters: `{"factor":2}`}},
		},
		{
			name: "twice as long", features: sums, declared: declared, served: over(12*time.Hour, 0),
			want: []toyFinding{{cause: "window.misaligned", parameters: `{"align":null,"length":"12h","offset":"0s"}`}},
		},
		{
			// Rows come in 30 minutes late: read at t - 1h, one more of them would be missing.
			name: "an hour off", features: sums, source: ", known_at: known", row: late(30 * time.Minute), declared: declared, served: over(7*time.Hour, time.Hour),
			want: []toyFinding{{cause: "window.misaligned", parameters: `{"align":null,"length":"6h","offset":"1h"}`}},
		},
		{
			name: "a window by event time", features: sums, source: ", known_at: known", row: lateBy(0, 100*time.Minute, 200*time.Minute), declared: declared,
			served: func(w *past, p ask) []any { return []any{sumOf(w.in(p.key, p.at.Add(-6*time.Hour), p.at, nil))} },
			want:   []toyFinding{{cause: "leak.future", parameters: `{"known":"ignored"}`}},
		},
		{
			name: "a window frozen", features: sums, declared: declared,
			served: func(w *past, p ask) []any {
				return []any{sumOf(w.last(p.key, toyBegin.AddDate(0, 0, 12).Add(3*time.Hour), 6*time.Hour))}
			},
			want: []toyFinding{{cause: "feature.stale", parameters: `{"frozen_at":"2024-05-13T03:00:00Z"}`}},
		},
	}
}

// lateBy has rows known so much after they happen, in turn.
func lateBy(by ...time.Duration) func(toyRow, int) []toyRow {
	return func(r toyRow, hour int) []toyRow { return late(by[hour%len(by)])(r, hour) }
}

// jagged makes rows that neither rise nor fall for long: of the ten of a key every next ten are another three higher.
func jagged(r toyRow, hour int) []toyRow {
	return []toyRow{r.with(ten[hour*7%10] + 3*ten[hour/10%10] + 0.01*float64(hour) + 1000*float64(r.key[0]))}
}

// usable are the rows with a w above 0.
func usable(rows []toyRow) []toyRow {
	return slices.DeleteFunc(slices.Clone(rows), func(r toyRow) bool { return *r.w <= 0 })
}

// mostOrNothing is the greatest v, null of none.
func mostOrNothing(rows []toyRow) any {
	if len(rows) == 0 {
		return nil
	}
	return mostOf(rows)
}

// mostOf is the greatest v.
func mostOf(rows []toyRow) float64 {
	most := math.Inf(-1)
	for _, r := range rows {
		most = max(most, *r.v)
	}
	return most
}
