package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/plumbline-data/plumbline/engine"
	"github.com/plumbline-data/plumbline/engine/report"
)

// airflowName is the variable in which Airflow tells its tasks who they are: AIRFLOW_CTX_DAG_ID for dag_id.
func airflowName(name string) string { return "AIRFLOW_CTX_" + strings.ToUpper(name) }

// account tells what a run came to: a few lines and a table for people, log lines where the log is JSON.
func account(to *console, r *engine.Result) {
	if r.Findings == nil {
		return
	}
	if to.json {
		accountLog(to, r)
		return
	}
	accountTable(to.out, r)
}

func accountLog(to *console, r *engine.Result) {
	f := r.Findings
	for _, note := range f.Notes {
		to.log.Warn().Str("note", note).Msg("note")
	}
	for i, m := range slices.Backward(r.Matured) {
		if len(r.Matured)-i > mostLogged {
			to.log.Info().Int("days", i+1).Msg("earlier days matured: taken in again")
			break
		}
		to.log.Info().Str("day", m.Day.Format(time.DateOnly)).Str("why", m.Why).Msg("day matured: taken in again")
	}
	if len(r.Spared) > 0 {
		to.log.Warn().Str("days", sparedText(r)).Msg("files of these days are gone, in part at least: the ledger keeps what it holds of them; to replace days, take them in as the interval")
	}
	if r.Rejudged > 0 {
		to.log.Info().Int("boundaries", r.Rejudged).Msg("judged again by what became known since")
	}
	for _, x := range f.Findings {
		e := to.log.Info().Str("finding", x.ID).Str("severity", x.Severity).Str("state", x.State).Str("cause", x.Cause).
			Str("node", x.Node).Str("onset", x.Onset).Int64("rows", x.Rows).Bool("proven", x.Proven).Str("owner", x.Owner)
		if x.ExcessLoss != nil {
			e = e.Float64("excess_loss", *x.ExcessLoss)
		}
		e.Msg("finding")
	}
	e := to.log.Info().Str("loop", f.Loop).Str("run_id", f.RunID).Str("as_of", f.AsOf).Str("from", f.Interval.From).Str("to", f.Interval.To).
		Str("verdict", f.Verdict).Str("retrain", yesNo(f.Retrain)).Str("summary", f.Summary).
		Int64("predictions", f.Outcomes.Predictions).Int64("matched", f.Outcomes.Matched).Int64("pending", f.Outcomes.Pending).
		Int64("missing", f.Outcomes.Missing).Int("findings", len(f.Findings)).
		Str("ledger_path", r.LedgerPath).Str("findings_path", r.FindingsPath)
	e.Msg("run done")
}

func accountTable(out io.Writer, r *engine.Result) {
	f := r.Findings
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	row(t, "loop", f.Loop)
	row(t, "interval", f.Interval.From+" to "+f.Interval.To)
	row(t, "as of", f.AsOf)
	row(t, "verdict", f.Verdict+"; retrain: "+yesNo(f.Retrain))
	row(t, "summary", f.Summary)
	row(t, f.Loss.Name, number(f.Loss.Baseline)+" in the baseline, "+number(f.Loss.Current)+" in the window")
	row(t, "predictions", fmt.Sprintf("%d: matched %d, pending %d, missing %d, hindsight %d, superseded %d, invalid %d", f.Outcomes.Predictions,
		f.Outcomes.Matched, f.Outcomes.Pending, f.Outcomes.Missing, f.Outcomes.Hindsight, f.Outcomes.Superseded, f.Outcomes.Invalid))
	for _, note := range f.Notes {
		row(t, "note", note)
	}
	for _, line := range maturedLines(r) {
		row(t, "matured", line)
	}
	if len(r.Spared) > 0 {
		row(t, "kept", sparedText(r)+": files of these days are gone, in part at least; the ledger keeps what it holds of them")
	}
	row(t, "ledger", r.LedgerPath)
	row(t, "findings", r.FindingsPath)
	t.Flush()
	if len(f.Findings) == 0 {
		return
	}
	fmt.Fprintln(out)
	row(t, "FINDING", "SEVERITY", "STATE", "CAUSE", "NODE", "PROVEN", "ONSET", "ROWS", "EXCESS LOSS", "OWNER")
	for _, x := range f.Findings {
		row(t, findingRow(x)...)
	}
	t.Flush()
}

// mostMatured is how many matured days the table tells one by one.
const mostMatured = 5

// mostLogged is how many the log does.
const mostLogged = 100

// sparedText names the days that the ledger keeps: how many, the first and the last.
func sparedText(r *engine.Result) string {
	first, last := r.Spared[0].Start().Format(time.DateOnly), r.Spared[len(r.Spared)-1].Start().Format(time.DateOnly)
	if first == last {
		return first
	}
	return fmt.Sprintf("%d days from %s to %s", len(r.Spared), first, last)
}

// maturedLines tell which days of the ledger were taken in again and why, the newest first.
func maturedLines(r *engine.Result) (lines []string) {
	for i, m := range slices.Backward(r.Matured) {
		if len(lines) == mostMatured {
			lines = append(lines, "and "+oneOrMore(i+1, "earlier day", "earlier days"))
			break
		}
		lines = append(lines, m.Day.Format(time.DateOnly)+": "+m.Why)
	}
	if r.Rejudged > 0 {
		lines = append(lines, oneOrMore(r.Rejudged, "earlier boundary was", "earlier boundaries were")+" judged again")
	}
	return lines
}

// oneOrMore writes a number with the words for one or for more.
func oneOrMore(n int, one, more string) string {
	if n == 1 {
		more = one
	}
	return fmt.Sprintf("%d %s", n, more)
}

func findingRow(x report.Finding) []string {
	return []string{x.ID, x.Severity, x.State, x.Cause, x.Node, yesNo(&x.Proven), x.Onset,
		strconv.FormatInt(x.Rows, 10), number(x.ExcessLoss), dash(x.Owner)}
}

// row writes one line of a table. A tab or line break within a cell would shift the others, and what does not print could move the cursor.
func row(t io.Writer, cells ...string) {
	for i, cell := range cells {
		cells[i] = report.Clean(cell)
	}
	fmt.Fprintln(t, strings.Join(cells, "\t"))
}

// yesNo says that null means nobody can tell.
func yesNo(b *bool) string {
	switch {
	case b == nil:
		return "cannot tell"
	case *b:
		return "yes"
	}
	return "no"
}

// number writes six significant digits, and null as a dash.
func number(x *float64) string {
	if x == nil {
		return "-"
	}
	return strconv.FormatFloat(*x, 'g', 6, 64)
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
