package main

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"
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

`, counted(t.Flights), d.folder, demoFault.Onset.Format("2006-01-02 15:04"), demoFault.Node)
	return err
}

// show says what the nights found, and what was to be found.
func (d *demonstration) show(out io.Writer) error {
	var text bytes.Buffer
	t := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	row(t, "NIGHT OF", "PREDICTIONS", "LOSS OF THE WEEK", "OF THE 28 DAYS BEFORE", "VERDICT", "FINDING", "SEVERITY")
	for i, r := range d.nights {
		f := r.Findings
		finding, severity := "-", "-"
		if len(f.Findings) > 0 {
			finding, severity = f.Findings[0].Node, f.Findings[0].Severity
		}
		row(t, demoNights[i].Format(time.DateOnly), counted(int(f.Outcomes.Predictions)), number(f.Loss.Current), number(f.Loss.Baseline), f.Verdict, finding, severity)
	}
	t.Flush()
	last := d.nights[len(d.nights)-1]
	f := last.Findings
	fmt.Fprintf(&text, "\nThe last night says: %s\n", f.Summary)
	if f.Loss.Delta != nil && *f.Loss.Delta <= 0 && f.Verdict == "intake" {
		fmt.Fprintf(&text, "Loss did not even rise: these were easier weeks. Whoever watches accuracy alone sees nothing.\n")
	}
	for i := range f.Findings {
		theFinding(&text, &f.Findings[i])
	}
	theAccount(&text, f)
	d.compare(&text, f)
	fmt.Fprintf(&text, "\nFiles\n")
	row(t, "  loop file", filepath.Join(d.folder, "loop.yaml"))
	row(t, "  ledger", last.LedgerPath+" (DuckDB: views daily, findings, attribution, seams, ...)")
	row(t, "  findings", filepath.Join(d.folder, filepath.Base(last.FindingsPath)))
	row(t, "  truth", filepath.Join(d.folder, "truth.json"))
	t.Flush()
	fmt.Fprintf(&text, "\nGo on with: plumbline check %[1]s; plumbline run %[1]s --date 2001-05-14\n", filepath.Join(d.folder, "loop.yaml"))
	_, err := out.Write(text.Bytes())
	return err
}

// theFinding is one finding: what, whose, since when, on what grounds, and what to do.
func theFinding(out io.Writer, x *report.Finding) {
	fmt.Fprintf(out, "\nFinding %s\n", x.ID)
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	row(t, "  where", x.Node+", features "+strings.Join(x.Features, ", "))
	row(t, "  whose", "job "+dash(x.Job)+", owner "+dash(x.Owner))
	row(t, "  since", date(x.Onset)+" ("+x.State+")")
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

func date(stamp string) string {
	day, _, _ := strings.Cut(stamp, "T")
	return day
}

// theAccount is the change of loss and what it is put down to.
func theAccount(out io.Writer, f *report.Findings) {
	fmt.Fprintf(out, "\nAccount of the week to %s, in %s\n", date(f.Window.To), f.Loss.Name)
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	row(t, "  from", number(f.Loss.Baseline), "the 28 days before")
	for _, term := range f.Attribution {
		name, why := term.To, ""
		switch term.To {
		case "cause":
			name = term.Finding
			why = "cause, " + strings.ReplaceAll(term.Basis, "_", " ")
			if term.Bounds != nil {
				why += ": it hits nearly all rows of its days, so that these data cannot tell what it cost; at most " + number(term.Bounds.Upper)
			}
		case "unseparated":
			why = "population and model together: while the cost of a finding is unknown, they cannot be told apart"
		case "population":
			why = "other flights than before"
		case "model":
			why = "the same flights, predicted worse or better"
		}
		row(t, "  "+name, fmt.Sprintf("%+.6f", term.Delta), why)
	}
	row(t, "  to", number(f.Loss.Current), "the week")
	t.Flush()
}

// compare holds what was broken beside what was found.
func (d *demonstration) compare(out io.Writer, f *report.Findings) {
	fmt.Fprintf(out, "\nCompare\n")
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	end := demoNights[len(demoNights)-1].AddDate(0, 0, 1)
	node, onset, hit := "-", "-", "-"
	if len(f.Findings) > 0 {
		node, onset, hit = f.Findings[0].Node, date(f.Findings[0].Onset), counted(int(f.Findings[0].Rows))
	}
	row(t, "", "was broken", "was found")
	row(t, "  where", demoFault.Node, node)
	row(t, "  since", demoFault.Onset.Format(time.DateOnly), onset)
	row(t, "  predictions of the week that were served a wrong value", counted(d.world.AffectedIn(end.AddDate(0, 0, -7), end)), hit)
	row(t, "  which fault", demoFault.Kind+" (cause "+d.truth.Faults[0].Cause+")", "not named yet: the catalogue of causes is to come")
	t.Flush()
}
