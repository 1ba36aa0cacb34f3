package cause

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// source.revised, of values that windows take: the rows themselves tell, since what a window came to on final values is another
// replay. A day on which rows were first known counts when the share of them that were corrected by more than a fifth afterwards
// rose far above that of the days before (see risen), of 30 rows at least, and when the size of all corrections is more than four
// times what nine in ten days before came to, and five times the median day. Predictions are struck from when the first such row
// was known until the last was corrected or had left its window. It is proven where nine in ten of the served values agree with
// the replay as known then.

// rewrittenDay is a day of Rewritten as known at a boundary.
type rewrittenDay struct {
	day         Day
	rows, off   int64
	base, moved float64
	used, now   float64
	after       []float64 // seconds
}

func (d *rewrittenDay) size() float64 {
	if d.base <= 0 {
		return 0
	}
	return d.moved / d.base
}

// at is the hour's state as known at a boundary.
func (h *RewrittenHour) at(boundary Day) (sum RowMove) {
	for i := range h.Moves {
		m := &h.Moves[i]
		if m.Known >= boundary {
			break
		}
		sum.Moved += m.Moved
		sum.Off += m.Off
		sum.Used += m.Used
		sum.Now += m.Now
		sum.After = max(sum.After, m.After)
	}
	return sum
}

// daysAt sums the hours up by the day.
func (r *Rewritten) daysAt(boundary Day) []rewrittenDay {
	var days []rewrittenDay
	for i := range r.Hours {
		h := &r.Hours[i]
		day := DayOf(h.Hour)
		if day >= boundary {
			break
		}
		if n := len(days); n == 0 || days[n-1].day != day {
			days = append(days, rewrittenDay{day: day})
		}
		d, m := &days[len(days)-1], h.at(boundary)
		d.rows, d.off = d.rows+h.Rows, d.off+m.Off
		d.base, d.moved = d.base+h.Base, d.moved+m.Moved
		d.used, d.now = d.used+m.Used, d.now+m.Now
		if m.Off > 0 {
			d.after = append(d.after, m.After.Seconds())
		}
	}
	return days
}

// far gives the days that were revised far beyond the others, and of the days before each what was usual.
func (r *Rewritten) far(days []rewrittenDay) (found []int, usual []usualRevision, highest []float64) {
	var past []int
	for i := range days {
		d := &days[i]
		u, most := usualOf(days, past[max(0, len(past)-pastDays):])
		if len(past) >= fewRevised && d.off >= fewRows && risen(d.off, d.rows, most, len(found) > 0 && found[len(found)-1] == i-1) &&
			d.size() >= revisedTimes*u.high && d.size() >= revisedMedian*u.median {
			found, usual, highest = append(found, i), append(usual, u), append(highest, most)
			continue
		}
		past = append(past, i)
	}
	return found, usual, highest
}

func usualOf(days []rewrittenDay, past []int) (u usualRevision, most float64) {
	var sizes []float64
	for _, p := range past {
		sizes = append(sizes, days[p].size())
		most = math.Max(most, shareOf(days[p].off, days[p].rows))
	}
	if len(sizes) == 0 {
		return u, 0
	}
	slices.Sort(sizes)
	return usualRevision{high: sizes[len(sizes)*9/10], median: sizes[len(sizes)/2]}, most
}

// claims judges the rows of one value.
func (r *Rewritten) claims(s *SourceHistory, since, boundary Day) []Claim {
	days := r.daysAt(boundary)
	found, usual, highest := r.far(days)
	var spans []Span
	var evidence []string
	var sum rewrittenDay
	for k, i := range found {
		d := &days[i]
		span := Span{From: d.day.Start()}
		if k == 0 || found[k-1] != i-1 {
			span.From = r.began(days, i, highest[k], boundary)
		}
		after := time.Duration(middle(d.after)) * time.Second
		span.To = (d.day + 1).Start().Add(min(after, r.Window)).Truncate(time.Hour)
		if !span.lasts(since) {
			continue
		}
		if len(evidence) == 0 {
			evidence = append(evidence, fmt.Sprintf("%s: %d of %d rows of %s that became known on %s were corrected by more than %.0f %% afterwards, %s of them on the day before with the most; in all, values were moved by %s of their size, by %s on the median day before and by %s or more on one day in ten",
				strings.Join(r.Features, ", "), d.off, d.rows, s.Name, onDay(d.day), 100*RevisedBy, percent(highest[k]), percent(d.size()), percent(usual[k].median), percent(usual[k].high)))
		}
		spans = append(spans, span)
		sum.off, sum.used, sum.now = sum.off+d.off, sum.used+d.used, sum.now+d.now
		sum.after = append(sum.after, d.after...)
	}
	if len(spans) == 0 {
		return nil
	}
	return []Claim{r.claim(s, union(spans), &sum, evidence, boundary)}
}

func (r *Rewritten) claim(s *SourceHistory, spans []Span, sum *rewrittenDay, evidence []string, boundary Day) Claim {
	var served, agreeing int64
	for _, d := range r.Served {
		if d.Day < boundary && slices.ContainsFunc(spans, func(x Span) bool { return d.Day.Start().Before(x.To) && (d.Day + 1).Start().After(x.From) }) {
			served, agreeing = served+d.Served, agreeing+d.Agreeing
		}
	}
	agree := shareOf(agreeing, served)
	parameters := map[string]any{"corrected_after_s": middle(sum.after)}
	if sum.now > 0 {
		parameters["ratio"] = math.Round(1000*sum.used/sum.now) / 1000
	}
	evidence = append(evidence, fmt.Sprintf("%s of %d served values agree with the replay as known then", percent(agree), served))
	return Claim{
		Mend: &Mend{Final: true}, Cause: SourceRevised, Node: s.Name, Sources: []string{s.Name}, Features: r.Features, Parameters: parameters, Tier: "replayed",
		Proven: served >= fewRows && agree >= provenShare,
		Proof:  &Proof{Explains: agree, Rows: served, Distinct: sum.off},
		Spans:  spans, Evidence: evidence, Action: revisedAction(s),
	}
}

// began is the hour with which rows came to be corrected, on the i-th day or the one before or after it.
func (r *Rewritten) began(days []rewrittenDay, i int, highest float64, boundary Day) time.Time {
	last := min(i+1, len(days)-1)
	was := math.Max(highest, 1e-3)
	is := math.Min(math.Max(shareOf(days[i].off, days[i].rows), shareOf(days[last].off, days[last].rows)), 1-1e-3)
	from, to := (days[i].day - 1).Start(), (days[i].day + 1).Start()
	at, ok := turning(r.Hours, func(h *RewrittenHour) time.Time { return h.Hour }, from, to, func(h *RewrittenHour) float64 {
		off := float64(h.at(boundary).Off)
		return off*math.Log(is/was) + (float64(h.Rows)-off)*math.Log((1-is)/(1-was))
	})
	if !ok {
		return days[i].day.Start()
	}
	return at
}
