package page

import (
	"fmt"
	"html/template"
	"strings"

	"github.com/plumbline-data/plumbline/engine/report"
	"github.com/plumbline-data/plumbline/engine/report/chart"
)

// cardView is a finding.
type cardView struct {
	ID, FindingID, Tone, Severity, Cause, Node, State, Owner, Cost, About string
	Since, Hit, Features, What, Proof, Job, DaysFrom, DaysTo, Action      string
	Open                                                                  bool
	DaysSpark                                                             template.HTML
	Values                                                                []valuesView
	Way                                                                   []report.WayStep
	Evidence                                                              []string
}

type valuesView struct {
	Feature string
	Rows    int
	Chart   template.HTML
}

func cardOf(c *report.WeeklyCard, l *report.WeeklyLoop, id string) cardView {
	f := c.Finding
	v := cardView{
		ID: id, FindingID: text(f.ID), Tone: severityTone(f), Severity: f.Severity, Cause: text(f.Cause), Node: text(f.Node), State: f.State, Owner: text(report.OrDash(f.Owner)),
		Cost: costWords(f), About: c.About, Features: report.Cut(report.OrDash(strings.Join(f.Features, ", ")), wordy), What: report.Cut(report.ParameterWords(f.Cause, f.Parameters), wordy),
		Hit: fmt.Sprintf("%s predictions of the window, %s", report.Counted(f.Rows), report.Percent(f.RowShare)), Proof: proofWords(f), Job: text(report.OrDash(f.Job)),
		Action: report.Cut(f.Action, wordy), Open: f.State != "resolved" && (f.Severity == "high" || f.Severity == "medium"),
	}
	var since []string
	for _, e := range f.Episodes {
		since = append(since, report.EpisodeWords(e))
	}
	v.Since = strings.Join(since, "; ")
	if n := len(c.Days); n > 1 {
		var shares []float64
		for _, d := range c.Days {
			shares = append(shares, d.Share)
		}
		v.DaysFrom, v.DaysTo = c.Days[0].Day, c.Days[n-1].Day
		v.DaysSpark = svg(chart.Spark(shares, chart.Text{ID: id + "-days", Title: "Share of predictions hit by day", Description: fmt.Sprintf("From %s on %s to %s on %s.",
			report.Percent(shares[0]), v.DaysFrom, report.Percent(shares[n-1]), v.DaysTo)}))
	}
	for i, values := range c.Values {
		h := chart.Histograms{Low: values.Low, High: values.High, A: values.Served, B: values.Replayed}
		v.Values = append(v.Values, valuesView{Feature: text(values.Feature), Rows: values.Rows, Chart: svg(h.Draw(chart.Text{ID: fmt.Sprintf("%s-v%d", id, i+1),
			Title: "Served and replayed values of " + values.Feature, Description: fmt.Sprintf("Two distributions between %s and %s; served mean %s, replayed mean %s.",
				report.Short(values.Low), report.Short(values.High), report.Short(meanOf(values.Served, values)), report.Short(meanOf(values.Replayed, values)))}))})
	}
	for _, w := range c.Way {
		v.Way = append(v.Way, report.WayStep{What: text(w.What), Name: report.Cut(w.Name, wordy)})
	}
	for _, e := range f.Evidence {
		v.Evidence = append(v.Evidence, report.Cut(e, wordy))
	}
	return v
}

// meanOf is the mean of a distribution by bins.
func meanOf(shares []float64, c report.Compared) (mean float64) {
	for i, s := range shares {
		mean += s * (c.Low + (float64(i)+0.5)*(c.High-c.Low)/float64(len(shares)))
	}
	return mean
}

// proofWords says what speaks for a finding.
func proofWords(f *report.Finding) string {
	words := report.ProvenWords(f) + "; rests on " + report.TierWords(f.Tier)
	if p := f.Proof; p != nil {
		words += fmt.Sprintf("; reproduces %s of %s rows, %s by chance, the next best explanation %s", report.Percent(p.Explains), report.Counted(p.Rows), report.Percent(p.Chance), report.Percent(p.RunnerUp))
	}
	return words
}
