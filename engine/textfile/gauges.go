package textfile

import (
	"errors"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/plumbline-data/plumbline/engine/cause"
	"github.com/plumbline-data/plumbline/engine/report"
)

// gauges collects series, each with the loop as its first label. The first mistake is kept.
type gauges struct {
	registry *prometheus.Registry
	loop     string
	vectors  map[string]*prometheus.GaugeVec
	err      error
}

// set gives a series its value; labels are names and values in turn, the same names for each series of a name.
func (g *gauges) set(name, help string, value float64, labels ...string) {
	names, values := []string{"loop"}, []string{clean(g.loop)}
	for i := 0; i+1 < len(labels); i += 2 {
		names, values = append(names, labels[i]), append(values, clean(labels[i+1]))
	}
	if g.vectors == nil {
		g.vectors = map[string]*prometheus.GaugeVec{}
	}
	v := g.vectors[name]
	if v == nil {
		v = prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: name, Help: help}, names)
		g.vectors[name] = v
		g.err = errors.Join(g.err, g.registry.Register(v))
	}
	one, err := v.GetMetricWithLabelValues(values...)
	if err != nil {
		g.err = errors.Join(g.err, err)
		return
	}
	one.Set(value)
}

// known sets a series whose value is known.
func (g *gauges) known(name, help string, value *float64, labels ...string) {
	if value != nil {
		g.set(name, help, *value, labels...)
	}
}

// clean makes a label's value one that may be written: names come from the data.
func clean(value string) string { return strings.ToValidUTF8(value, "\uFFFD") }

// instant sets a series to an instant of findings.json.
func (g *gauges) instant(name, help, stamp string) {
	t, err := time.Parse(time.RFC3339, stamp)
	if err != nil {
		g.err = errors.Join(g.err, err)
		return
	}
	g.set(name, help, seconds(t))
}

// What findings.json can say; each has a series, so that none comes and goes.
var (
	verdicts   = []string{"insufficient", "outcomes", "intake", "population", "model", "healthy"}
	severities = []string{"info", "low", "medium", "high"}
)

// noCause is the label of a finding that names a condition and no cause.
const noCause = "none"

func (g *gauges) findings(f *report.Findings) {
	g.instant(prefix+"interval_end_timestamp_seconds", "The end of the interval that was taken in.", f.Interval.To)
	g.instant(prefix+"as_of_timestamp_seconds", "What became known later was left out.", f.AsOf)
	g.counts(&f.Outcomes)
	const loss, integrity = prefix + "loss", prefix + "integrity_ratio"
	const ofLoss = "Mean loss of the evaluated window and of its baseline, in the loop's unit."
	g.known(loss, ofLoss, f.Loss.Baseline, "name", f.Loss.Name, "period", "baseline")
	g.known(loss, ofLoss, f.Loss.Current, "name", f.Loss.Name, "period", "window")
	g.known(prefix+"loss_delta", "Mean loss of the window less that of its baseline.", f.Loss.Delta, "name", f.Loss.Name)
	const ofIntegrity = "Share of the predictions whose whole fingerprint is nominal."
	g.known(integrity, ofIntegrity, f.Integrity.Baseline, "period", "baseline")
	g.known(integrity, ofIntegrity, f.Integrity.Current, "period", "window")
	for _, v := range verdicts {
		g.set(prefix+"verdict", "1 for the verdict of the last evaluation, 0 for the others.", binary(v == f.Verdict), "verdict", v)
	}
	advice := "unknown"
	if f.Retrain != nil && *f.Retrain {
		advice = "yes"
	} else if f.Retrain != nil {
		advice = "no"
	}
	for _, a := range []string{"yes", "no", "unknown"} {
		g.set(prefix+"retrain", "1 for whether retraining would help, 0 for the other answers.", binary(a == advice), "advice", a)
	}
	g.open(f.Findings)
}

// counts are the balance sheet of the interval.
func (g *gauges) counts(c *report.Counts) {
	for _, one := range []struct {
		state string
		rows  int64
	}{{"invalid", c.Invalid}, {"superseded", c.Superseded}, {"hindsight", c.Hindsight}, {"matched", c.Matched}, {"pending", c.Pending}, {"missing", c.Missing}} {
		g.set(prefix+"predictions", "Predictions delivered for the interval, by what became of them.", float64(one.rows), "state", one.state)
	}
	for _, one := range []struct {
		state string
		rows  int64
	}{{"late", c.Late}, {"repeated", c.Repeated}, {"corrected", c.Corrected}, {"duplicated", c.Duplicated}, {"withdrawn", c.Withdrawn}, {"orphans", c.Orphans}} {
		g.set(prefix+"outcomes", "Outcomes of the interval that were out of the ordinary, by how.", float64(one.rows), "state", one.state)
	}
	if all := c.Matched + c.Pending + c.Missing; all > 0 {
		g.set(prefix+"maturity_ratio", "Share of the interval's predictions whose outcome is known.", float64(c.Matched)/float64(all))
	}
}

// open tells findings that are not over: how many of each cause and severity, and each with its cost.
func (g *gauges) open(all []report.Finding) {
	type key struct{ cause, severity string }
	counts := map[key]int{}
	for _, name := range append(cause.Names(), noCause) {
		for _, severity := range severities {
			counts[key{name, severity}] = 0
		}
	}
	for i := range all {
		f := &all[i]
		if f.State == "resolved" {
			continue
		}
		of := key{f.Cause, f.Severity}
		if of.cause == "" {
			of.cause = noCause
		}
		counts[of]++
		g.set(prefix+"finding_info", "1 for each open finding.", 1,
			"finding", f.ID, "cause", of.cause, "node", f.Node, "severity", f.Severity, "state", f.State, "owner", f.Owner, "proven", yesNo(f.Proven))
		const cost, expected = prefix + "finding_excess_loss", prefix + "finding_expected_cost"
		g.known(cost, "What mending an open finding would return of the window's mean loss; none where that is not known.", f.ExcessLoss, "finding", f.ID, "cause", of.cause)
		g.known(expected, "What an open finding should cost by the repaired scores alone; none where that is not known.", f.ExpectedCost, "finding", f.ID, "cause", of.cause)
	}
	for of, n := range counts {
		g.set(prefix+"findings_open", "Open findings by cause and severity.", float64(n), "cause", of.cause, "severity", of.severity)
	}
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}
