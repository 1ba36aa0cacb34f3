package main

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/plumbline-data/plumbline/engine/report"
)

// opening says what is there and what was broken, before the nights are run.
func (d *demonstration) opening(out io.Writer) error {
	t := d.truth
	_, err := fmt.Fprintf(out, `A small production around %s real flights between 14 US airports in 2001: feeds that come late, a feature
service, a model that says at departure whether a flight will land over 15 minutes late, and outcomes that come
in by night. Its files are in %s.

Broken on purpose: at %s UTC the feature store stops refreshing %s, and from then on serves
every prediction what it held at that instant. Nothing crashes. The nights below are not told; they get the files.
Three nights are run now, the last sound one and two of the week after it; each takes some seconds.

`, counted(t.Flights), d.folder, demoFault.Onset.Format("2006-01-02 15:04"), demoFault.Node)
	return err
}

// show says what the nights found, and what was to be found.
func (d *demonstration) show(out io.Writer) error {
	var text bytes.Buffer
	t := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	row(t, "NIGHT OF", "PREDICTIONS THEN", "LOSS OF THE WEEK", "OF THE BASELINE", "VERDICT", "FINDING", "SEVERITY", "COST")
	for i, r := range d.nights {
		f := r.Findings
		row(t, demoNights[i].Format(time.DateOnly), counted(int(f.Outcomes.Predictions)), number(f.Loss.Current), number(f.Loss.Baseline), f.Verdict,
			ofEach(f, func(x *report.Finding) string { return x.Node }), ofEach(f, func(x *report.Finding) string { return x.Severity }), ofEach(f, costOf))
	}
	t.Flush()
	last := d.nights[len(d.nights)-1]
	f := last.Findings
	fmt.Fprintf(&text, "\nThe last night says: %s\n", f.Summary)
	for _, note := range f.Notes {
		fmt.Fprintf(&text, "Note: %s\n", note)
	}
	for i := range f.Findings {
		theFinding(&text, &f.Findings[i])
	}
	theAccount(&text, f)
	d.compare(&text, f)
	fmt.Fprintf(&text, "\nFiles\n")
	row(t, "  loop file", filepath.Join(d.folder, "loop.yaml"))
	row(t, "  ledger", last.LedgerPath+", a DuckDB file with views: findings, attribution, daily, seams and more")
	row(t, "  findings", filepath.Join(d.folder, filepath.Base(last.FindingsPath))+", the last night's")
	row(t, "  truth", filepath.Join(d.folder, "truth.json")+" and truth.parquet")
	t.Flush()
	loop := shellWord(filepath.Join(d.folder, "loop.yaml"))
	fmt.Fprintf(&text, "\nGo on\n")
	row(t, "  "+invocation()+" check "+loop, "what the loop file declares")
	row(t, "  "+invocation()+" run "+loop+" --date "+demoNights[len(demoNights)-1].AddDate(0, 0, 1).Format(time.DateOnly)+" --log-format console", "the next night")
	t.Flush()
	_, err := out.Write(text.Bytes())
	return err
}

// theFinding is one finding: what, whose, since when, on what grounds, and what to do.
func theFinding(out io.Writer, x *report.Finding) {
	fmt.Fprintf(out, "\nFinding %s\n", x.ID)
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	row(t, "  what", whatOf(x))
	row(t, "  where", x.Node+", features "+strings.Join(x.Features, ", "))
	row(t, "  whose", "job "+dash(x.Job)+", owner "+dash(x.Owner))
	row(t, "  since", minute(x.Onset)+" UTC ("+states[x.State]+")")
	row(t, "  hit", fmt.Sprintf("%s predictions of the week, %.1f %%", counted(int(x.Rows)), 100*x.RowShare))
	for i, line := range x.Evidence {
		name := "  proof"
		if i > 0 {
			name = ""
		}
		row(t, name, line)
	}
	row(t, "  do", x.Action)
	t.Flush()
}

// whatOf is the cause of a finding, whether it is proven, and with what parameters.
func whatOf(x *report.Finding) string {
	what := x.Cause
	switch {
	case x.Proven:
		what += ", proven"
	case x.Cause != "unexplained":
		what += ", likely"
	}
	for _, name := range slices.Sorted(maps.Keys(x.Parameters)) {
		if v := x.Parameters[name]; v != nil {
			what += fmt.Sprintf(", %s %v", strings.ReplaceAll(name, "_", " "), v)
		}
	}
	return what
}

// minute is an RFC 3339 instant in UTC, to the minute.
func minute(stamp string) string {
	if at, err := time.Parse(time.RFC3339, stamp); err == nil {
		return at.Format("2006-01-02 15:04")
	}
	return stamp
}

// date is the UTC day of an RFC 3339 instant.
func date(stamp string) string {
	day, _, _ := strings.Cut(stamp, "T")
	return day
}

// theAccount is the change of loss and what it is put down to.
func theAccount(out io.Writer, f *report.Findings) {
	fmt.Fprintf(out, "\nAccount of the week to %s, in %s\n", date(f.Window.To), f.Loss.Name)
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	row(t, "  from", number(f.Loss.Baseline), fmt.Sprintf("the baseline: %d days before", f.Baseline.Days))
	for _, term := range f.Attribution {
		name, why, delta := term.To, "", fmt.Sprintf("%+.6f", term.Delta)
		switch term.To {
		case "cause":
			name = term.Finding
			why = "the finding, " + strings.ReplaceAll(term.Basis, "_", " ")
			if term.Bounds != nil {
				delta = "unknown"
				why = "the finding: too few rows of its days are sound to compare with; at most " + number(term.Bounds.Upper)
			}
		case "unseparated":
			why = "the rest: while the cost of the finding is unknown, other flights and a worse model cannot be told apart"
		case "population":
			why = "other flights than before"
		case "model":
			why = "the same flights, predicted worse or better"
		}
		row(t, "  "+name, delta, why)
	}
	row(t, "  to", number(f.Loss.Current), "the week")
	t.Flush()
}

// compare holds what was broken beside what was found.
func (d *demonstration) compare(out io.Writer, f *report.Findings) {
	fmt.Fprintf(out, "\nCompare\n")
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	end := demoNights[len(demoNights)-1].AddDate(0, 0, 1)
	row(t, "", "was broken", "was found")
	row(t, "  where", demoFault.Node, ofEach(f, func(x *report.Finding) string { return x.Node }))
	row(t, "  since", demoFault.Onset.Format("2006-01-02 15:04"), ofEach(f, func(x *report.Finding) string { return minute(x.Onset) }))
	row(t, "  predictions of the week that were served a wrong value", counted(d.world.AffectedIn(end.AddDate(0, 0, -7), end)),
		ofEach(f, func(x *report.Finding) string { return counted(int(x.Rows)) }))
	served, clean := d.world.LossIn(end.AddDate(0, 0, -7), end, end)
	row(t, "  what that cost the week, in log loss", fmt.Sprintf("%+.4f", served-clean), ofEach(f, costOf))
	row(t, "  which fault", demoFault.Kind+" ("+d.truth.Faults[0].Cause+")", ofEach(f, whatOf))
	t.Flush()
	if base := f.Loss.Baseline; base != nil && served > clean && clean < *base {
		fmt.Fprintf(out, "With the right values the week would have lost %.4f less than it did, and %.4f less than its baseline: an easier\n"+
			"week hides the damage from whoever watches the loss alone.\n", served-clean, *base-clean)
	}
}

// ofEach says something of every finding, in their order; a dash where there is none. A second finding is shown like the
// first: the demonstration must not look better than its nights.
func ofEach(f *report.Findings, say func(x *report.Finding) string) string {
	said := make([]string, len(f.Findings))
	for i := range f.Findings {
		said[i] = say(&f.Findings[i])
	}
	return dash(strings.Join(said, "; "))
}

// states says in words how a finding stands.
var states = map[string]string{
	"new": "new: it began within the week", "ongoing": "ongoing: it began before the week", "resolved": "over",
	"regressed": "back: there was one before",
}

// costOf is what a finding cost in mean loss of the week, as far as it can be told.
func costOf(x *report.Finding) string {
	if x.ExcessLoss == nil {
		return "unknown"
	}
	return fmt.Sprintf("%+.4f", *x.ExcessLoss)
}

// invocation is how this program was called: `go run` builds into a folder of its own, which is gone afterwards.
func invocation() string {
	if strings.Contains(os.Args[0], string(filepath.Separator)+"go-build") {
		return "go run ./cmd/plumbline"
	}
	return "plumbline"
}

// shellWord writes a path so that a shell reads it as one word.
func shellWord(path string) string {
	if strings.Trim(path, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+") == "" {
		return path
	}
	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}
