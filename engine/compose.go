package engine

import (
	"maps"

	"github.com/plumbline-data/plumbline/engine/attribution"
	"github.com/plumbline-data/plumbline/engine/cause"
	"github.com/plumbline-data/plumbline/engine/ledger"
	"github.com/plumbline-data/plumbline/engine/report"
)

// schema is the schema of findings.json.
const schema = "plumbline.findings/v1"

// compose writes an evaluation down as findings.json has it, but for what says which run it was.
func (n *night) compose(series *ledger.Series, e *attribution.Evaluation, claims []cause.Claim) (*report.Findings, error) {
	f := &report.Findings{
		Schema: schema, Loop: n.loop.Name, AsOf: stamp(n.span.asOf),
		Window:    interval(e.Window.From, e.Window.To),
		Baseline:  report.Baseline{Days: len(e.Baseline.Days)},
		Loss:      report.Loss{Name: e.Loss.Name, Baseline: e.Loss.Baseline, Current: e.Loss.Current, Delta: e.Loss.Delta, CI95: e.Loss.CI95},
		Metrics:   report.Metrics{Baseline: maps.Clone(e.Metrics.Baseline), Current: maps.Clone(e.Metrics.Current), CI95: maps.Clone(e.Metrics.CI95)},
		Integrity: report.Shares{Baseline: e.Integrity.Baseline, Current: e.Integrity.Current},
		Verdict:   string(e.Verdict), Retrain: e.Retrain, Summary: e.Summary,
		Attribution: []report.Term{}, Findings: []report.Finding{}, Slices: []report.Slice{},
		Notes: append([]string{}, e.Notes...),
	}
	if len(e.Baseline.Days) > 0 {
		from, to := stamp(e.Baseline.From.Start()), stamp(e.Baseline.To.Start())
		f.Baseline.From, f.Baseline.To = &from, &to
	}
	for i := range e.Findings {
		f.Findings = append(f.Findings, n.finding(&e.Findings[i], claims))
	}
	for i := range e.Terms {
		f.Attribution = append(f.Attribution, term(&e.Terms[i], f.Findings))
	}
	var err error
	f.Seams, err = n.seams(series, e.Window.Days)
	return f, err
}

func interval(from, to attribution.Day) report.Interval {
	return report.Interval{From: stamp(from.Start()), To: stamp(to.Start())}
}

func term(t *attribution.Term, findings []report.Finding) report.Term {
	r := report.Term{
		To: string(t.To), Delta: t.Delta, CI95: t.CI95, Share: t.Share, Basis: string(t.Basis), Fidelity: t.Fidelity,
		Uncertainty: t.Uncertainty, Calibration: t.Calibration, Resolution: t.Resolution, Rollout: t.Rollout, WithinVersion: t.WithinVersion,
	}
	if t.Finding >= 0 {
		r.Finding = findings[t.Finding].ID
	}
	if t.Bounds != nil {
		r.Bounds = &report.Bounds{Lower: t.Bounds.Lower, Upper: t.Bounds.Upper}
	}
	return r
}

// slicesOf writes the slices of a question down as findings.json has them, with the metrics of each one's rows.
func slicesOf(index *attribution.Index, cube *attribution.Cube, q attribution.Question) (out []report.Slice, notes []string) {
	out = []report.Slice{}
	told, notes := index.Slices(q)
	for _, s := range told {
		one := report.Slice{Where: map[string]string{}, Rows: s.Rows, Loss: s.Loss, Reference: s.Reference, Lift: s.Lift, CI95: s.CI95, Q: s.Q}
		for _, v := range s.Where {
			one.Where[v.Name] = v.Value
		}
		m := index.PartMetrics(q, attribution.NewIndex(cube.Of(s.Where)))
		one.Metrics = report.Metrics{Baseline: m.Baseline, Current: m.Current, CI95: m.CI95}
		out = append(out, one)
	}
	return out, notes
}

// seams lists every hand-over from a source to a feature over the days, in the loop file's order.
func (n *night) seams(series *ledger.Series, days []attribution.Day) ([]report.Seam, error) {
	staleness, err := series.Staleness(days, 0.5, 0.99)
	if err != nil {
		return nil, err
	}
	byFeature := map[string]ledger.SeamCounts{}
	for _, s := range series.Seams(days) {
		byFeature[s.Feature] = s
	}
	seams := []report.Seam{}
	for i := range n.plan.Features {
		f := &n.plan.Features[i]
		if f.Join < 0 {
			continue
		}
		join := &n.plan.Joins[f.Join]
		s := byFeature[f.Decl.Name]
		r := report.Seam{
			Source: n.plan.Sources[join.Source].Decl.Name, Feature: f.Decl.Name,
			Agree: share(s.Agree, s.Rows), Null: share(s.Null, s.Rows), Default: share(s.Default, s.Rows),
			Differs: share(s.Differs, s.Rows), Ambiguous: share(s.Ambiguous, s.Rows),
		}
		if q := staleness[join.Name]; len(q) == 2 {
			r.StalenessP50, r.StalenessP99 = &q[0], &q[1]
		}
		seams = append(seams, r)
	}
	return seams, nil
}

func share(part, whole int64) *float64 {
	if whole == 0 {
		return nil
	}
	s := float64(part) / float64(whole)
	return &s
}
