package page

import (
	"fmt"
	"html/template"
	"math"
	"strings"

	"github.com/plumbline-data/plumbline/engine/report"
	"github.com/plumbline-data/plumbline/engine/report/chart"
)

// loopView is a loop's row of the front page, and its section.
type loopView struct {
	ID, Name, Verdict, Tone, Retrain, Why, Summary       string
	Boundary, AsOf, Window, Baseline, LossName           string
	Integrity, IntegrityValue, Loss, Change, ChangeValue string
	Cost                                                 string
	Open                                                 int
	Spark, LossWide, LossNarrow, FallWide, FallNarrow    template.HTML
	Heat, CurveWide, CurveNarrow                         template.HTML
	DayRows                                              []dayView
	FallFrom, FallTo                                     string
	Terms                                                []termView
	HeatDays                                             []string
	HeatRows                                             []heatView
	Cards                                                []cardView
	Pending                                              string
	Due                                                  []report.Due
	Balance                                              []balanceView
	Seams                                                []seamView
	SeamSpan                                             string
	Promises                                             []promiseView
	Unseen                                               []string
}

type dayView struct{ Day, Loss, Window, Low, High, Predictions, Matched string }
type termView struct{ Name, Delta, Interval, Basis string }
type heatView struct {
	Name   string
	Shares []string
}
type balanceView struct{ Name, Count, What string }
type seamView struct {
	Source, Feature, Agree, Default, Null, Differs, Half, HalfValue, Nearly, NearlyValue string
	Spark                                                                                template.HTML
}
type promiseView struct{ Input, Promise, State, Tone, Kept string }

// svg marks a chart as markup: the chart package has escaped all text in it.
func svg(s string) template.HTML { return template.HTML(s) }

func viewOf(l *report.WeeklyLoop, id string) loopView {
	v := loopView{ID: id, Name: text(l.Name), Open: l.Cost.Open, Why: l.Why, Cost: costOf(l)}
	v.Verdict, v.Tone = verdictWords(verdictOf(l))
	v.Retrain = retrainWords(l.Findings)
	v.Integrity, v.Loss, v.Change = "-", "-", "-"
	var losses []float64
	for _, p := range l.Trend {
		losses = append(losses, orNaN(p.Loss))
	}
	v.Spark = svg(chart.Spark(losses, chart.Text{ID: id + "-trend", Title: "Loss of " + l.Name + " by week", Description: trendWords(l)}))
	if f := l.Findings; f != nil {
		v.Summary, v.Boundary, v.AsOf = report.Cut(f.Summary, wordy), *l.Boundary, report.Instant(f.AsOf)
		v.Window, v.Baseline, v.LossName = span(f.Window.From, f.Window.To), baselineWords(f), f.Loss.Name
		v.Integrity, v.Loss, v.Change = or(f.Integrity.Current, report.Percent), or(f.Loss.Current, report.Short), or(f.Loss.Delta, chart.Signed)
		v.IntegrityValue, v.ChangeValue = or(f.Integrity.Current, plainNumber), or(f.Loss.Delta, plainNumber)
		v.account(l)
	}
	v.losses(l)
	v.heat(l)
	for i := range l.Cards {
		v.Cards = append(v.Cards, cardOf(&l.Cards[i], l, fmt.Sprintf("%s-f%d", id, i+1)))
	}
	v.outcomes(l)
	v.seams(l)
	for _, p := range l.Promises {
		one := promiseView{Input: text(p.Input), Promise: text(p.Promise), State: "kept", Tone: "ok", Kept: or(p.Kept, report.Percent)}
		switch {
		case p.Broken:
			one.State, one.Tone = "broken", "bad"
		case p.Kept == nil:
			one.State, one.Tone = "cannot tell", "plain"
		}
		v.Promises = append(v.Promises, one)
	}
	for _, u := range l.Unseen {
		v.Unseen = append(v.Unseen, report.Cut(u, wordy))
	}
	return v
}

func plainNumber(v float64) string { return fmt.Sprintf("%.9g", v) }

// costOf says what mending what is open returns.
func costOf(l *report.WeeklyLoop) string {
	switch c := l.Cost; {
	case c.Open == 0:
		return "-"
	case c.Unknown == c.Open:
		return "not known"
	case c.Unknown > 0:
		return fmt.Sprintf("%s, and %d not known", report.Short(c.Known), c.Unknown)
	default:
		return report.Short(c.Known)
	}
}

func span(from, to string) string { return report.DayOf(from) + " up to " + report.DayOf(to) }

func baselineWords(f *report.Findings) string {
	if f.Baseline.From == nil || f.Baseline.To == nil {
		return "none"
	}
	return fmt.Sprintf("%d days within %s", f.Baseline.Days, span(*f.Baseline.From, *f.Baseline.To))
}

func trendWords(l *report.WeeklyLoop) string {
	if len(l.Trend) == 0 {
		return "No week was judged."
	}
	first, last := l.Trend[0], l.Trend[len(l.Trend)-1]
	return fmt.Sprintf("%d weeks, from %s in %s to %s in %s.", len(l.Trend), or(first.Loss, report.Short), first.Week, or(last.Loss, report.Short), last.Week)
}

// losses draws the loss over time.
func (v *loopView) losses(l *report.WeeklyLoop) {
	if len(l.Days) == 0 {
		return
	}
	c := chart.Losses{First: dayAt(l.Days[0].Day), Baseline: math.NaN()}
	for i := range l.Days {
		d := &l.Days[i]
		c.Daily, c.Window = append(c.Daily, orNaN(d.Loss)), append(c.Window, orNaN(d.Window))
		c.Low, c.High = append(c.Low, orNaN(d.Low)), append(c.High, orNaN(d.High))
		v.DayRows = append(v.DayRows, dayView{d.Day, or(d.Loss, report.Short), or(d.Window, report.Short), or(d.Low, report.Short), or(d.High, report.Short),
			report.Counted(d.Counts.Predictions), report.Counted(d.Counts.Matched)})
	}
	name := "loss"
	if f := l.Findings; f != nil {
		name = f.Loss.Name
		if f.Loss.Baseline != nil && f.Baseline.From != nil && f.Baseline.To != nil {
			c.Baseline = *f.Loss.Baseline
			c.BaselineFrom = max(0, daysBetween(l.Days[0].Day, *f.Baseline.From))
			c.To = max(0, daysBetween(l.Days[0].Day, *f.Baseline.To))
		}
	}
	for _, version := range l.Versions {
		c.Events = append(c.Events, chart.Event{Day: daysBetween(l.Days[0].Day, version.From), Label: "version " + text(version.Version)})
	}
	for i := range l.Cards {
		f := l.Cards[i].Finding
		if at := daysBetween(l.Days[0].Day, f.Onset); at > 0 && at < len(l.Days) && len(c.Events) < 5 {
			c.Events = append(c.Events, chart.Event{Day: at, Label: text(f.Cause + " at " + f.Node)})
		}
	}
	last := &l.Days[len(l.Days)-1]
	t := chart.Text{ID: v.ID + "-loss", Title: "Mean " + name + " of " + l.Name + " over time",
		Description: fmt.Sprintf("%d days up to %s; the last window's mean is %s. The numbers are in the table below.", len(l.Days), last.Day, or(last.Window, report.Short))}
	v.LossWide = svg(c.Draw(chart.Wide, t))
	t.ID += "-narrow"
	v.LossNarrow = svg(c.Draw(chart.Narrow, t))
}

// account draws what the change of loss is made of.
func (v *loopView) account(l *report.WeeklyLoop) {
	f := l.Findings
	if f.Loss.Baseline == nil || f.Loss.Current == nil || len(f.Attribution) == 0 {
		return
	}
	w := chart.Waterfall{From: *f.Loss.Baseline, To: *f.Loss.Current, FromName: "baseline", ToName: "window"}
	var words []string
	for i := range f.Attribution {
		term := &f.Attribution[i]
		name := nameOf(term, f)
		one := termView{Name: name, Delta: deltaWords(term), Basis: strings.ReplaceAll(term.Basis, "_", " ")}
		w.Steps = append(w.Steps, chart.Step{Name: name, Delta: term.Delta, Unknown: term.Basis == unidentified})
		words = append(words, name+" "+one.Delta)
		if term.CI95 != nil {
			one.Interval = chart.Signed(term.CI95[0]) + " to " + chart.Signed(term.CI95[1])
		}
		if term.Basis == unidentified && term.Bounds != nil && term.Bounds.Upper != nil {
			one.Basis += ": at most " + report.Short(*term.Bounds.Upper)
		}
		v.Terms = append(v.Terms, one)
	}
	v.FallFrom, v.FallTo = report.Short(w.From), report.Short(w.To)
	t := chart.Text{ID: v.ID + "-account", Title: "What the change of " + l.Name + " is made of",
		Description: "From " + v.FallFrom + " to " + v.FallTo + ": " + strings.Join(words, ", ") + "."}
	v.FallWide = svg(w.Draw(chart.Wide, t))
	t.ID += "-narrow"
	v.FallNarrow = svg(w.Draw(chart.Narrow, t))
}

// unidentified is the basis of a cost that is not known: its term stands at 0.
const unidentified = "not_identified"

// deltaWords is what a term changed the loss by.
func deltaWords(t *report.Term) string {
	if t.Basis == unidentified {
		return "not known"
	}
	return chart.Signed(t.Delta)
}

// nameOf names a term of the account.
func nameOf(t *report.Term, f *report.Findings) string {
	for i := range f.Findings {
		if f.Findings[i].ID == t.Finding {
			return text(f.Findings[i].Cause + " at " + f.Findings[i].Node)
		}
	}
	if t.To == "unseparated" {
		return "population and model"
	}
	return t.To
}

// heat draws the conditions by day.
func (v *loopView) heat(l *report.WeeklyLoop) {
	if len(l.Heat) == 0 {
		return
	}
	c := chart.Heat{First: dayAt(l.Heat[0].First)}
	for i := range l.Heat[0].Shares {
		v.HeatDays = append(v.HeatDays, c.First.AddDate(0, 0, i).Format("2 Jan"))
	}
	for _, h := range l.Heat {
		c.Rows, c.Shares = append(c.Rows, text(h.Condition)), append(c.Shares, numbersOf(h.Shares))
		row := heatView{Name: text(h.Condition)}
		for _, s := range h.Shares {
			row.Shares = append(row.Shares, or(s, report.Percent))
		}
		v.HeatRows = append(v.HeatRows, row)
	}
	v.Heat = svg(c.Draw(chart.Text{ID: v.ID + "-heat", Title: "Conditions of " + l.Name + " by day",
		Description: fmt.Sprintf("%d conditions over %d days: the share of predictions off what is usual. The numbers are in the table below.", len(c.Rows), len(v.HeatDays))}))
}

// outcomes draws how outcomes come in, and lists the balance sheet.
func (v *loopView) outcomes(l *report.WeeklyLoop) {
	m := &l.Maturity
	t := chart.Text{ID: v.ID + "-curve", Title: "How outcomes of " + l.Name + " come in", Description: "Share of predictions with an outcome by age."}
	var words []string
	for i, age := range m.Ages {
		words = append(words, fmt.Sprintf("%g days %s", age, report.Percent(m.Shares[i])))
	}
	if len(words) > 0 {
		t.Description += " " + strings.Join(words, ", ") + "."
	}
	c := chart.Curve{Ages: m.Ages, Shares: m.Shares}
	v.CurveWide = svg(c.Draw(chart.Wide, t))
	t.ID += "-narrow"
	v.CurveNarrow = svg(c.Draw(chart.Narrow, t))
	v.Pending = "Nothing is pending."
	if n := len(m.Due); n > 0 {
		v.Pending = fmt.Sprintf("%s predictions of %d days are pending; the last of them is due by %s.", report.Counted(m.Pending), n, m.Due[n-1].By)
	}
	v.Due = m.Due
	b := &l.Balance
	for _, row := range []struct {
		name string
		n    int64
		what string
	}{
		{"predictions", b.Predictions, "rows read, known by as-of"}, {"invalid", b.Invalid, "set aside as bad rows"}, {"superseded", b.Superseded, "deliveries of an id other than the chosen one"},
		{"hindsight", b.Hindsight, "delivered when their outcome was known"}, {"matched", b.Matched, "with an outcome"}, {"pending", b.Pending, "the horizon is open"},
		{"missing", b.Missing, "the horizon is over"}, {"late", b.Late, "outcomes first known after the horizon"}, {"repeated", b.Repeated, "outcome rows that say nothing new"},
		{"corrected", b.Corrected, "outcome keys whose value changed"}, {"duplicated", b.Duplicated, "outcome keys with several values at one instant"},
		{"withdrawn", b.Withdrawn, "outcome keys absent from a later snapshot"}, {"orphans", b.Orphans, "outcome keys without a prediction"},
	} {
		v.Balance = append(v.Balance, balanceView{row.name, report.Counted(row.n), row.what})
	}
}

// seams lists the hand-overs.
func (v *loopView) seams(l *report.WeeklyLoop) {
	for i := range l.Seams {
		s := &l.Seams[i]
		v.SeamSpan = plural(len(s.Days), "day")
		v.Seams = append(v.Seams, seamView{
			Source: text(s.Source), Feature: text(s.Feature), Agree: or(s.Agree, report.Percent), Default: or(s.Default, report.Percent), Null: or(s.Null, report.Percent),
			Differs: or(s.Differs, report.Percent), Half: seconds(s.StalenessP50), HalfValue: secondsValue(s.StalenessP50), Nearly: seconds(s.StalenessP99), NearlyValue: secondsValue(s.StalenessP99),
			Spark: svg(chart.Spark(numbersOf(s.Days), chart.Text{ID: fmt.Sprintf("%s-s%d", v.ID, i+1), Title: "Agreement of " + s.Feature + " by day",
				Description: "Share of predictions served as a replay gives them, or as its default; this week " + or(s.Agree, report.Percent) + " agree."})),
		})
	}
}
