package attribution

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// summary says it in one sentence: what the loss did, every term with its number, and what follows.
func (e *Evaluation) summary(q Question) string {
	digits := e.digits()
	number := func(v float64) string { return fmt.Sprintf("%.*f", digits, v) }
	change := func(v float64) string {
		if math.Abs(v) < math.Pow10(-digits)/2 {
			return number(0)
		}
		return fmt.Sprintf("%+.*f", digits, v)
	}
	l := &e.Loss
	if l.Delta == nil {
		return e.nothingToCompare(q, number)
	}
	var b strings.Builder
	switch word := change(*l.Delta); {
	case strings.HasPrefix(word, "+"):
		fmt.Fprintf(&b, "Mean %s rose from %s to %s", l.Name, number(*l.Baseline), number(*l.Current))
	case strings.HasPrefix(word, "-"):
		fmt.Fprintf(&b, "Mean %s fell from %s to %s", l.Name, number(*l.Baseline), number(*l.Current))
	default:
		fmt.Fprintf(&b, "Mean %s stayed at %s", l.Name, number(*l.Current))
	}
	fmt.Fprintf(&b, " (%s", change(*l.Delta))
	if l.CI95 != nil {
		fmt.Fprintf(&b, ", 95 %% %s..%s", change(l.CI95[0]), change(l.CI95[1]))
	}
	fmt.Fprintf(&b, ") %s: ", e.span(q))
	for i, t := range e.Terms {
		if i > 0 {
			b.WriteString(", ")
		}
		switch {
		case t.To != ToCause:
			fmt.Fprintf(&b, "%s %s", termWord(t.To), change(t.Delta))
		case t.Basis == NotIdentified:
			fmt.Fprintf(&b, "%s of unknown cost", e.Findings[t.Finding].label())
		default:
			fmt.Fprintf(&b, "%s %s", e.Findings[t.Finding].label(), change(t.Delta))
		}
	}
	return b.String() + "; " + e.conclusion(q) + "."
}

func termWord(k TermKind) string {
	if k == ToUnseparated {
		return "population and model together"
	}
	return string(k)
}

// digits keeps four figures of the larger loss: four decimals where it is below 1.
func (e *Evaluation) digits() int {
	largest := 0.0
	for _, v := range []*float64{e.Loss.Baseline, e.Loss.Current} {
		if v != nil {
			largest = max(largest, math.Abs(*v))
		}
	}
	if largest == 0 {
		return 4
	}
	return min(max(3-int(math.Floor(math.Log10(largest))), 1), 9)
}

// span names the window.
func (e *Evaluation) span(q Question) string {
	to := q.Boundary.Start().Format(time.DateOnly)
	switch q.Window {
	case 1:
		return "on " + (q.Boundary - 1).Start().Format(time.DateOnly)
	case 7:
		return "in the week to " + to
	}
	return fmt.Sprintf("in the %d days to %s", q.Window, to)
}

// nothingToCompare is the sentence where a period has no rows.
func (e *Evaluation) nothingToCompare(q Question, number func(float64) string) string {
	switch {
	case e.Window.Predictions == 0 && e.Window.Matched == 0:
		return fmt.Sprintf("Nothing can be judged %s: no prediction of a day that is over.", e.span(q))
	case e.Loss.Current == nil:
		if e.Window.Matched > 0 {
			return fmt.Sprintf("Nothing can be judged %s: the %d of its %d predictions that have an outcome weigh nothing.", e.span(q), e.Window.Matched, e.Window.Predictions)
		}
		return fmt.Sprintf("Nothing can be judged %s: none of its %d predictions has an outcome yet.", e.span(q), e.Window.Predictions)
	}
	return fmt.Sprintf("Mean %s was %s over %d matched predictions %s, and there is no baseline to hold it against.",
		e.Loss.Name, number(*e.Loss.Current), e.Window.Matched, e.span(q))
}

// conclusion says what the verdict comes to.
func (e *Evaluation) conclusion(q Question) string {
	switch e.Verdict {
	case Insufficient:
		return fmt.Sprintf("too little to judge, %d matched predictions where %d are needed", e.Window.Matched, q.MinMatched)
	case Outcomes:
		return "mend the outcomes first: " + e.drivers(true)
	case Intake:
		return "mend the intake first: " + e.drivers(false)
	}
	accounts := "nothing in the data conditions accounts for it"
	if n := len(e.Findings); n > 0 {
		accounts = fmt.Sprintf("%d finding%s in the data conditions, none of a cost that stands out", n, plural(n))
		standing := 0
		for i := range e.Findings {
			if f := &e.Findings[i]; f.Standing && (f.Severity == High || f.Severity == Medium) {
				standing++
			}
		}
		if standing > 0 {
			accounts = fmt.Sprintf("%d finding%s in the data conditions, %d of which had stood for as long as was looked at: no incident of these days", n, plural(n), standing)
		}
	}
	switch e.Verdict {
	case Population:
		return "other rows come in, " + accounts
	case Model:
		if e.harder() {
			return "the world became harder to predict, " + accounts
		}
		return accounts
	}
	if e.Loss.Delta != nil && *e.Loss.Delta > 0 {
		return "no more than days like these do or than matters, " + accounts
	}
	return "nothing to mend, " + accounts
}

// label names a finding: its node, and the cause where one was found.
func (f *Finding) label() string {
	if f.Cause == "" {
		return f.Node
	}
	return f.Cause + " at " + f.Node
}

func plural(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}

// drivers names the findings that decide the verdict.
func (e *Evaluation) drivers(outcomes bool) string {
	var names []string
	for i := range e.Findings {
		if f := &e.Findings[i]; f.drives() && f.Outcome == outcomes {
			names = append(names, fmt.Sprintf("%s (%.1f %% of predictions)", f.label(), 100*f.RowShare))
		}
	}
	return strings.Join(names, ", ")
}
