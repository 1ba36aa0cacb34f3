package engine

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/plumbline-data/plumbline/engine/attribution"
	"github.com/plumbline-data/plumbline/engine/cause"
	"github.com/plumbline-data/plumbline/engine/condition"
	"github.com/plumbline-data/plumbline/engine/fingerprint"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/report"
)

// findingID names a finding for good: F- and 10 hex of sha256 over loop, cause and node.
func findingID(loop, cause, node string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q", loop, cause, node))
	return "F-" + hex.EncodeToString(sum[:])[:10]
}

// finding writes a node's broken conditions down, under the cause that claims them.
func (n *night) finding(e *attribution.Finding, claims []cause.Claim) report.Finding {
	claim := n.claimOf(e, claims)
	f := report.Finding{
		ID: findingID(n.loop.Name, string(claim.Cause), e.Node), Severity: string(e.Severity), State: string(e.State), Standing: e.Standing,
		Cause: string(claim.Cause), Parameters: claim.Parameters, Node: e.Node,
		Sources: append([]string{}, claim.Sources...), Features: append([]string{}, claim.Features...), AlsoDiffers: append([]string{}, claim.AlsoDiffers...), Supersedes: []string{},
		Onset: stamp(e.FirstDay.Start()), Episodes: []report.Episode{},
		Rows: e.Rows, RowShare: e.RowShare, ExcessLoss: e.ExcessLoss, CI95: e.CI95, Q: e.Q, Share: e.Share, ExpectedCost: e.ExpectedCost, Recovered: e.Recovered,
		Tier: claim.Tier, Proven: claim.Proven, Evidence: append(append(append([]string{}, claim.Evidence...), e.Evidence...), n.breaches(e)...),
	}
	if f.Parameters == nil {
		f.Parameters = map[string]any{}
	}
	for _, node := range claim.Supersedes {
		f.Supersedes = append(f.Supersedes, findingID(n.loop.Name, string(claim.Cause), node))
	}
	if p := claim.Proof; p != nil {
		f.Proof = &report.Proof{Explains: p.Explains, Chance: p.Chance, RunnerUp: p.RunnerUp, Rows: p.Rows, Distinct: p.Distinct}
	}
	origin := n.originOf(e.Node, claim.Sources)
	f.Job, f.Owner = origin.Job, origin.Owner
	began := e.FirstDay.Start()
	if len(e.Episodes) == 0 { // no prediction of the days looked at bears it
		began = hour(claim.Began(), false)
		f.Onset = stamp(began)
	}
	for _, x := range e.Episodes {
		onset, end := refined(claim, x)
		began = onset
		r := report.Episode{Onset: stamp(onset)}
		if end != nil {
			text := stamp(*end)
			r.End = &text
		}
		f.Episodes = append(f.Episodes, r)
	}
	if last := len(f.Episodes) - 1; last >= 0 {
		f.Onset, f.End = f.Episodes[last].Onset, f.Episodes[last].End
	}
	for _, line := range n.clue(&f, origin.Namespace, began) {
		if !slices.Contains(f.Evidence, line) {
			f.Evidence = append(f.Evidence, line)
		}
	}
	f.Action = n.action(e, claim, origin, f.Episodes)
	return f
}

// claimOf is the claim that a finding is about; of conditions that nothing in the catalogue was shown to make, one that
// says so.
func (n *night) claimOf(e *attribution.Finding, claims []cause.Claim) *cause.Claim {
	if e.Claim >= 0 {
		return &claims[e.Claim]
	}
	c := &cause.Claim{Cause: cause.Unexplained, Node: e.Node, Sources: []string{}, Features: n.featuresOf(e), Parameters: map[string]any{}, Tier: n.tier(e)}
	if s := n.source(e.Node); s != nil {
		c.Sources = append(c.Sources, s.Name)
	}
	var levels []cause.Level
	for _, l := range e.Levels {
		levels = append(levels, cause.Level{Condition: l.Condition, Level: l.Level})
	}
	c.Evidence = n.trials.Partings.Describe(levels, e.FirstDay.Start(), (e.LastDay + 1).Start())
	for _, l := range n.trials.Labels {
		if slices.Contains(c.Features, l.Feature) {
			c.Seen = append(c.Seen, cause.Seen{Day: l.Day, First: l.First, Last: l.Last, Rows: l.Rows})
		}
	}
	return c
}

func (n *night) source(name string) *loop.Source {
	for i := range n.loop.Sources {
		if n.loop.Sources[i].Name == name {
			return &n.loop.Sources[i]
		}
	}
	return nil
}

// origin gives the job and owner of a node; of a request feature that declares none, those of the prediction log.
func (n *night) origin(node string) loop.Origin {
	if s := n.source(node); s != nil {
		return s.Origin
	}
	if node == condition.OutcomesNode {
		return n.loop.Outcomes.Origin
	}
	for i := range n.loop.Features {
		if f := &n.loop.Features[i]; f.Name == node && f.Origin() != (loop.Origin{}) {
			return f.Origin()
		}
	}
	return n.loop.Predictions.Origin
}

// originOf gives the job and owner of a finding: those of its first source, unless it is about predictions or outcomes.
func (n *night) originOf(node string, sources []string) loop.Origin {
	if len(sources) > 0 && node != condition.PredictionsNode && node != condition.OutcomesNode {
		node = sources[0]
	}
	return n.origin(node)
}

// featuresOf lists the features that the finding's levels are about, in the loop file's order: of a join, all of its.
func (n *night) featuresOf(e *attribution.Finding) []string {
	about := map[string]bool{}
	for _, l := range e.Levels {
		about[l.Of] = true
	}
	features := []string{}
	for i := range n.plan.Features {
		f := &n.plan.Features[i]
		ofJoin := f.Join >= 0 && about[n.plan.Joins[f.Join].Name]
		if (about[f.Decl.Name] || ofJoin) && !slices.Contains(features, f.Decl.Name) {
			features = append(features, f.Decl.Name)
		}
	}
	return features
}

// tier is the sharpest evidence that the finding rests on: replayed, a broken contract, logged, else inferred from the
// served columns alone.
func (n *night) tier(e *attribution.Finding) string {
	if e.Tier != attribution.Inferred {
		return string(e.Tier)
	}
	for _, l := range e.Levels {
		if n.logged(l.Kind, l.Of) {
			return "logged"
		}
	}
	return string(e.Tier)
}

// logged tells whether the prediction log itself says what a condition is about.
func (n *night) logged(kind, of string) bool {
	for i := range n.plan.Joins {
		j := &n.plan.Joins[i]
		if j.Name != of {
			continue
		}
		switch fingerprint.Kind(kind) {
		case fingerprint.Staleness:
			return j.ServedAt.Column != ""
		case fingerprint.Cardinality:
			return j.ServedRows != ""
		}
	}
	for i := range n.plan.Features {
		f := &n.plan.Features[i]
		if f.Decl.Name == of && kind == string(fingerprint.Window) {
			return f.ServedRows != ""
		}
	}
	return false
}

// breaches says which contracts the node's files break, where the finding is about their schema.
func (n *night) breaches(e *attribution.Finding) []string {
	var lines []string
	for _, l := range e.Levels {
		if l.Kind != string(fingerprint.Schema) || !l.Broken {
			continue
		}
		for _, b := range n.plan.Inventory.Broken {
			if b.Input != l.Of {
				continue
			}
			found := "is " + b.Found
			if b.Found == "" {
				found = "is missing"
			}
			lines = append(lines, fmt.Sprintf("%s: column %q %s, promised %s", b.File, b.Column, found, b.Promised))
		}
		break
	}
	return lines
}

// breached lists, by schema condition, the schemas of the files that break a contract.
func (n *night) breached() map[string][]uint16 {
	ids := map[string][]uint16{}
	for _, b := range n.plan.Inventory.Broken {
		for _, t := range n.plan.Inventory.Tables() {
			for _, f := range t.Files {
				if t.Input == b.Input && f.Name == b.File {
					name := fingerprint.Condition{Kind: fingerprint.Schema, Of: t.Input}.Name()
					ids[name] = append(ids[name], f.SchemaID)
				}
			}
		}
	}
	return ids
}

// action says in plain words what to do next, and where in time to look.
func (n *night) action(e *attribution.Finding, claim *cause.Claim, origin loop.Origin, episodes []report.Episode) string {
	where := e.Node
	if origin.Job != "" && origin.Job != e.Node {
		where += " (job " + origin.Job + ")"
	}
	who := "Look"
	if origin.Owner != "" {
		who = "Ask " + origin.Owner + " to look"
	}
	where = fmt.Sprintf("%s at %s%s", who, where, when(episodes))
	if claim.Cause != cause.Unexplained {
		if claim.Proven {
			return where + ". " + claim.Action
		}
		return where + ". It is likely, not proven. " + claim.Action
	}
	var broken []string
	for _, l := range e.Levels {
		if !slices.Contains(broken, l.Condition) {
			broken = append(broken, l.Condition)
		}
	}
	return fmt.Sprintf("%s: %s. Which fault did it is not proven: %s.", where, strings.Join(broken, ", "), cause.Does(cause.Unexplained))
}

// when tells the days of the last episode, and that there were earlier ones.
func when(episodes []report.Episode) string {
	if len(episodes) == 0 {
		return ""
	}
	last := episodes[len(episodes)-1]
	text := " from " + date(last.Onset) + " on"
	if last.End != nil {
		text = " from " + date(last.Onset) + " until " + date(*last.End)
	}
	switch earlier := len(episodes) - 1; {
	case earlier == 1:
		text += " (and once before, from " + date(episodes[0].Onset) + ")"
	case earlier > 1:
		text += fmt.Sprintf(" (and %d times before, first from %s)", earlier, date(episodes[0].Onset))
	}
	return text
}

// date is the day of a stamp.
func date(stamp string) string {
	day, _, _ := strings.Cut(stamp, "T")
	return day
}
