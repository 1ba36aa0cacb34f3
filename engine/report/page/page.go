// Package page writes the weekly report as one HTML file that asks the network for nothing: its style, its script and its charts are in it. Text
// from data goes through html/template, and through report.Cut before: one line each, without marks that turn the direction of writing.
package page

import (
	"crypto/sha256"
	_ "embed" // the page's parts
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"math"
	"strings"
	"time"

	"github.com/plumbline-data/plumbline/engine/report"
)

//go:embed report.html.tmpl
var layout string

//go:embed report.css
var css string

//go:embed report.js
var script string

var parsed = template.Must(template.New("report").Parse(layout))

const (
	longest = 200 // letters of a text from data that are shown
	wordy   = 2000
)

// text makes a text from data fit for the page.
func text(s string) string { return report.Cut(s, longest) }

// view is what the layout is filled with.
type view struct {
	Week, From, To, Headline string
	CSS                      template.CSS
	Script                   template.JS
	ScriptHash               string
	Loops                    []loopView
}

// Write writes the report.
func Write(out io.Writer, w *report.Weekly) error {
	sum := sha256.Sum256([]byte(script))
	v := view{Week: w.Week, From: w.From, To: w.To, Headline: headline(w), CSS: template.CSS(css), Script: template.JS(script),
		ScriptHash: "sha256-" + base64.StdEncoding.EncodeToString(sum[:])}
	for i := range w.Loops {
		v.Loops = append(v.Loops, viewOf(&w.Loops[i], fmt.Sprintf("loop-%d", i+1)))
	}
	return parsed.Execute(out, v)
}

// headline says in a sentence what a reader has to do.
func headline(w *report.Weekly) string {
	by := map[string]int{}
	for _, l := range w.Loops {
		by[verdictOf(&l)]++
	}
	var parts []string
	for _, v := range []struct{ verdict, words string }{
		{"intake", "have a broken intake to mend"}, {"outcomes", "have broken outcomes to mend"}, {"model", "have a model to look at"},
		{"population", "have a changed population"}, {"insufficient", "have too few outcomes to judge"}, {"", "were not judged this week"}, {"healthy", "are healthy"},
	} {
		if n := by[v.verdict]; n > 0 {
			words := v.words
			if n == 1 {
				words = strings.NewReplacer("have ", "has ", "are ", "is ", "were ", "was ").Replace(words)
			}
			parts = append(parts, fmt.Sprintf("%d %s", n, words))
		}
	}
	if len(parts) == 0 {
		return "No loop was named."
	}
	if len(w.Loops) == 1 {
		words, _ := verdictWords(verdictOf(&w.Loops[0]))
		return "Verdict on " + text(w.Loops[0].Name) + ": " + words + "."
	}
	return fmt.Sprintf("Of %s %s.", plural(len(w.Loops), "loop"), strings.Join(parts, ", "))
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// verdictOf is a loop's verdict; "" where it was not judged.
func verdictOf(l *report.WeeklyLoop) string {
	if l.Findings == nil {
		return ""
	}
	return l.Findings.Verdict
}

// verdictWords says a verdict in words, and how it is shown: ok, warn, bad or plain.
func verdictWords(verdict string) (words, tone string) {
	switch verdict {
	case "healthy":
		return "healthy", "ok"
	case "intake":
		return "mend the intake", "bad"
	case "outcomes":
		return "mend the outcomes", "bad"
	case "model":
		return "look at the model", "warn"
	case "population":
		return "look at the population", "warn"
	case "insufficient":
		return "too few outcomes", "plain"
	}
	return "not judged", "plain"
}

// retrainWords answers whether training again helps.
func retrainWords(f *report.Findings) string {
	switch {
	case f == nil || f.Retrain == nil:
		return "cannot tell"
	case *f.Retrain:
		return "yes"
	}
	return "no"
}

// severityTone is how a finding is shown.
func severityTone(f *report.Finding) string {
	switch {
	case f.State == "resolved":
		return "plain"
	case f.Severity == "high":
		return "bad"
	case f.Severity == "medium":
		return "warn"
	}
	return "plain"
}

// costWords is what mending a finding returns, as far as it is known.
func costWords(f *report.Finding) string {
	if f.ExcessLoss == nil {
		return "cost not known"
	}
	return "costs " + report.Short(*f.ExcessLoss)
}

// or is a number as text; - where it is not known.
func or(v *float64, write func(float64) string) string {
	if v == nil {
		return "-"
	}
	return write(*v)
}

// orNaN is a number; NaN where it is not known.
func orNaN(v *float64) float64 {
	if v == nil {
		return math.NaN()
	}
	return *v
}

func numbersOf(values []*float64) []float64 {
	all := make([]float64, len(values))
	for i, v := range values {
		all[i] = orNaN(v)
	}
	return all
}

// daysBetween counts the days from one day to another, both YYYY-MM-DD or RFC 3339.
func daysBetween(from, to string) int {
	a, errA := time.Parse(time.DateOnly, report.DayOf(from))
	b, errB := time.Parse(time.DateOnly, report.DayOf(to))
	if errA != nil || errB != nil {
		return 0
	}
	return int(b.Sub(a).Hours() / 24)
}

func dayAt(text string) time.Time {
	at, _ := time.Parse(time.DateOnly, report.DayOf(text))
	return at
}

// seconds writes an age.
func seconds(s *int64) string {
	if s == nil {
		return "-"
	}
	d := time.Duration(*s) * time.Second
	switch {
	case d >= 48*time.Hour:
		return fmt.Sprintf("%.1f d", d.Hours()/24)
	case d >= 2*time.Hour:
		return fmt.Sprintf("%.1f h", d.Hours())
	case d >= 2*time.Minute:
		return fmt.Sprintf("%.0f min", d.Minutes())
	}
	return fmt.Sprintf("%d s", *s)
}

func secondsValue(s *int64) string {
	if s == nil {
		return ""
	}
	return fmt.Sprint(*s)
}
