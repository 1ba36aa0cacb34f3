package cause

import (
	"fmt"
	"maps"
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
// the replay as known then. Where all rows together show nothing, each of the most frequent keys is held against its own past; either
// way the keys that were struck are named where they are half at most.

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
func (hours RewrittenHours) daysAt(boundary Day) []rewrittenDay {
	var days []rewrittenDay
	for i := range hours {
		h := &hours[i]
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

// farDay is a day that was revised far beyond the others, by its place among them, and what was usual before it.
type farDay struct {
	place   int
	usual   usualRevision
	highest float64
}

func far(days []rewrittenDay) (found []farDay) {
	var past []int
	for i := range days {
		d := &days[i]
		u, most := usualOf(days, past[max(0, len(past)-pastDays):])
		going := len(found) > 0 && found[len(found)-1].place == i-1
		if len(past) >= fewRevised && d.off >= fewRows && risen(d.off, d.rows, most, going) &&
			d.size() >= revisedTimes*u.high && d.size() >= revisedMedian*u.median {
			found = append(found, farDay{i, u, most})
			continue
		}
		past = append(past, i)
	}
	return found
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

// rewrittenRun is what days that were revised far beyond the others come to.
type rewrittenRun struct {
	spans []Span // of the predictions that they struck
	wrong []Span // in which their rows were first known
	ever  []Span // likewise, of days that struck earlier ones too
	sum   rewrittenDay
	says  string
}

// struckBy gives the days that struck predictions from the day since on.
func (r *Rewritten) struckBy(hours RewrittenHours, rowsOf string, since, boundary Day) (run rewrittenRun) {
	days := hours.daysAt(boundary)
	found := far(days)
	for k, f := range found {
		d := &days[f.place]
		span := Span{From: d.day.Start()}
		if k == 0 || found[k-1].place != f.place-1 {
			span.From = hours.began(days, f.place, f.highest, boundary)
		}
		wrong := Span{From: span.From, To: (d.day + 1).Start()}
		run.ever = append(run.ever, wrong)
		after := time.Duration(middle(d.after)) * time.Second
		span.To = wrong.To.Add(min(after, r.Window)).Truncate(time.Hour)
		if !span.lasts(since) {
			continue
		}
		if run.says == "" {
			run.says = fmt.Sprintf("%s: %d of %d rows of %s that became known on %s were corrected by more than %.0f %% afterwards, %s of them on the day before with the most; in all, values were moved by %s of their size, by %s on the median day before and by %s or more on one day in ten",
				strings.Join(r.Features, ", "), d.off, d.rows, rowsOf, onDay(d.day), 100*RevisedBy, percent(f.highest), percent(d.size()), percent(f.usual.median), percent(f.usual.high))
		}
		run.add(rewrittenRun{spans: []Span{span}, wrong: []Span{wrong}, sum: *d})
	}
	return run
}

func (run *rewrittenRun) add(other rewrittenRun) {
	run.spans, run.wrong, run.ever = append(run.spans, other.spans...), append(run.wrong, other.wrong...), append(run.ever, other.ever...)
	run.sum.off, run.sum.used, run.sum.now = run.sum.off+other.sum.off, run.sum.used+other.sum.used, run.sum.now+other.sum.now
	run.sum.after = append(run.sum.after, other.sum.after...)
	if run.says == "" {
		run.says = other.says
	}
}

// claims judges the rows of one value.
func (r *Rewritten) claims(s *SourceHistory, since, boundary Day) []Claim {
	run := r.struckBy(r.Hours, s.Name, since, boundary)
	if len(run.spans) == 0 {
		run = r.struckKeys(s.Name, since, boundary)
	}
	if len(run.spans) == 0 {
		return nil
	}
	return []Claim{r.claim(s, &run, boundary)}
}

func (r *Rewritten) claim(s *SourceHistory, run *rewrittenRun, boundary Day) Claim {
	spans, sum, evidence := union(run.spans), &run.sum, []string{run.says}
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
	if keys, says := r.hitKeys(run, boundary); keys != nil {
		maps.Copy(parameters, keys)
		evidence = append(evidence, says)
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
func (hours RewrittenHours) began(days []rewrittenDay, i int, highest float64, boundary Day) time.Time {
	last := min(i+1, len(days)-1)
	was := math.Max(highest, 1e-3)
	is := math.Min(math.Max(shareOf(days[i].off, days[i].rows), shareOf(days[last].off, days[last].rows)), 1-1e-3)
	from, to := (days[i].day - 1).Start(), (days[i].day + 1).Start()
	at, ok := turning(hours, func(h *RewrittenHour) time.Time { return h.Hour }, from, to, func(h *RewrittenHour) float64 {
		off := float64(h.at(boundary).Off)
		return off*math.Log(is/was) + (float64(h.Rows)-off)*math.Log((1-is)/(1-was))
	})
	if !ok {
		return days[i].day.Start()
	}
	return at
}
