package cause

import (
	"math"
	"time"
)

// Since when a source is what it is no longer, to the hour: days say that it changed, the hours around the first of them say
// when. An hour leans by the logarithm of how much likelier its rows are after the change than before; the change began with
// the hour from which on the sum of leanings, up to the end of the next day, is the greatest.

// SourceHour is what became known of a source in one hour, taken down only of a source that changed.
type SourceHour struct {
	Hour   time.Time
	Rows   int64 // first versions
	Values []ValueHour
}

// ValueHour is what an hour's rows hold of one value.
type ValueHour struct {
	Nulls   int64
	Numbers int64
	Spread  Quantiles
	Counts  []NumberCount // as those of ValueDay
}

// beginning is the hour with which a run began, looked for from the day before its first to the day after; false where no
// hour tells.
func (s *SourceHistory) beginning(days []SourceDay, r run, lean func(h *SourceHour) float64) (time.Time, bool) {
	if lean == nil {
		return time.Time{}, false
	}
	from, to := (days[r.first].Day - 1).Start(), (days[r.first].Day + 2).Start()
	if r.end < len(days) && days[r.end].Day.Start().Before(to) {
		to = days[r.end].Day.Start()
	}
	if last := (days[len(days)-1].Day + 1).Start(); last.Before(to) {
		to = last // what a later boundary knows is not known here
	}
	return turning(s.Hours, func(h *SourceHour) time.Time { return h.Hour }, from, to, lean)
}

// turning is the hour in [from, to) from which on the leanings of the hours, ascending, sum up to the most; false where no sum is
// above 0.
func turning[H any](hours []H, at func(*H) time.Time, from, to time.Time, lean func(*H) float64) (time.Time, bool) {
	var best, sum float64
	var turn time.Time
	for i := len(hours) - 1; i >= 0; i-- {
		h := &hours[i]
		if at(h).Before(from) {
			break
		}
		if !at(h).Before(to) {
			continue
		}
		if sum += lean(h); sum > best {
			best, turn = sum, at(h)
		}
	}
	return turn, best > 0
}

// tellsLittle is the leaning of an hour, either way, below which it says nothing.
const tellsLittle = 0.7

// nullLean is for a share of nulls that went from that of the week before a run to that of its days. An hour of the day in which values
// were often missing anyway says little.
func (s *SourceHistory) nullLean(days []SourceDay, r run, v int) func(h *SourceHour) float64 {
	share := func(first, end int) float64 {
		var nulls, rows int64
		for i := max(0, first); i < end; i++ {
			nulls, rows = nulls+days[i].Values[v].Nulls, rows+days[i].Rows
		}
		return (float64(nulls) + 0.5) / (float64(rows) + 1)
	}
	was := share(r.first-8, r.first-1)
	is := share(min(r.first+1, r.end-1), min(r.end, r.first+toldDays))
	became := (is - was) / (1 - was) // null, of what was not
	usual := s.usualNulls(days[r.first].Day-1, v, was)
	return func(h *SourceHour) float64 {
		n, rest := float64(h.Values[v].Nulls), float64(h.Rows-h.Values[v].Nulls)
		before, after := was, is
		if became > 0 {
			before = usual[h.Hour.UTC().Hour()]
			after = 1 - (1-before)*(1-became)
		}
		lean := n*math.Log(after/before) + rest*math.Log((1-after)/(1-before))
		if math.Abs(lean) < tellsLittle {
			return 0
		}
		return lean
	}
}

// usualNulls is the share of nulls of each hour of the day in the four weeks before a day; where few rows tell, near the share of all.
func (s *SourceHistory) usualNulls(before Day, v int, all float64) (usual [24]float64) {
	const prior, weeks = 5.0, 4
	var nulls, rows [24]float64
	for i := range s.Hours {
		h := &s.Hours[i]
		if day := DayOf(h.Hour); day < before && day >= before-7*weeks {
			nulls[h.Hour.UTC().Hour()] += float64(h.Values[v].Nulls)
			rows[h.Hour.UTC().Hour()] += float64(h.Rows)
		}
	}
	for hour := range usual {
		usual[hour] = (nulls[hour] + prior*all) / (rows[hour] + prior)
	}
	return usual
}

// rowLean is for a number of rows that went to a share of what the same hours of the week before a run brought.
func (s *SourceHistory) rowLean(days []SourceDay, r run, factor float64) func(h *SourceHour) float64 {
	usual := map[int64]float64{} // by hour of the week
	const weeks = 4
	first := days[r.first].Day - 1
	for i := range s.Hours {
		if day := DayOf(s.Hours[i].Hour); day < first && day >= first-7*weeks {
			usual[hourOfWeek(s.Hours[i].Hour)] += float64(s.Hours[i].Rows)
		}
	}
	known := math.Max(1, math.Min(weeks, float64(first-days[0].Day)/7))
	factor = math.Max(factor, 0.01)
	return func(h *SourceHour) float64 {
		return float64(h.Rows)*math.Log(factor) - usual[hourOfWeek(h.Hour)]/known*(factor-1)
	}
}

func hourOfWeek(t time.Time) int64 { return t.Unix() / 3600 % (7 * 24) }

// lean is for quartiles that went from the middle of their past to what a conversion makes of it.
func (c conversion) lean(days []SourceDay, r run, v int) func(h *SourceHour) float64 {
	var was, is Quantiles
	for q := P25; q <= P75; q++ {
		var past []float64
		for i := max(0, r.first-8); i < r.first-1; i++ {
			past = append(past, days[i].Values[v].Spread[q])
		}
		was[q] = middle(past)
		is[q] = c.Factor*was[q] + c.Plus
	}
	apart := math.Log(math.Max(was.width(), 1e-300)) + math.Log(math.Abs(c.Factor))/2 // halfway from the old width to the new
	return func(h *SourceHour) float64 {
		if c.Stretched {
			w := h.Values[v].Spread.width()
			if w <= 0 {
				return 0
			}
			return float64(h.Values[v].Numbers) * math.Copysign(1, (math.Log(w)-apart)*math.Log(c.Factor))
		}
		var toOld, toNew float64
		for q := P25; q <= P75; q++ {
			toOld += math.Abs(h.Values[v].Spread[q] - was[q])
			toNew += math.Abs(h.Values[v].Spread[q] - is[q])
		}
		if toNew < toOld {
			return float64(h.Values[v].Numbers)
		}
		return -float64(h.Values[v].Numbers)
	}
}
