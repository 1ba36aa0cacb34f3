package engine

import (
	"cmp"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/plumbline-data/plumbline/engine/condition"
	"github.com/plumbline-data/plumbline/engine/intake"
	"github.com/plumbline-data/plumbline/engine/lineage"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/plan"
	"github.com/plumbline-data/plumbline/engine/report"
)

const (
	nearBefore = 3 * day // how long before a finding's onset what happened may have to do with it
	nearAfter  = day     // and how long after it
	mostNear   = 5       // how much of each kind of evidence is told
)

// clues is what is known of a loop's jobs and files beside their rows.
type clues struct {
	all     *lineage.Evidence // nil where none is declared
	lineage *lineage.Evidence // of it, what was there at the instant that is looked at
	notes   []string
	changes map[string][]intake.Change // by input: from file to file, as far as they happened by as-of
}

// gatherClues reads the lineage that the loop file declares.
func gatherClues(l *loop.Loop) (c clues, err error) {
	if l.Lineage == (loop.Lineage{}) {
		return clues{}, nil
	}
	c.all, c.notes, err = lineage.Load(l)
	return c, err
}

// lookBack leaves of the clues what was there at as-of, and tells what changed from file to file of the inputs.
func (n *night) lookBack(asOf time.Time) {
	n.clues.lineage = n.clues.all.AsOf(asOf)
	n.clues.changes = map[string][]intake.Change{}
	look := func(t *intake.Table, at plan.Clock) {
		zone, err := time.LoadLocation(at.Zone)
		if err != nil {
			zone = time.UTC // a zone that plan took is always there
		}
		for _, c := range t.Changes(at.Column, zone) {
			if !c.At.IsZero() && !c.At.After(asOf) {
				n.clues.changes[t.Input] = append(n.clues.changes[t.Input], c)
			}
		}
	}
	look(&n.plan.Inventory.Predictions, n.plan.At)
	look(&n.plan.Inventory.Outcomes, n.plan.OutcomeAt)
	for i := range n.plan.Sources {
		s := &n.plan.Sources[i]
		at := s.At
		if at.Column == "" {
			at = s.Known
		}
		look(s.Table, at)
	}
}

// lineageFiles lists the lineage files by the place that they have on the disk.
func (n *night) lineageFiles() []string {
	var places []string
	for _, f := range n.clues.all.Files() {
		name := filepath.FromSlash(f.Name)
		if !filepath.IsAbs(name) {
			name = filepath.Join(n.loop.Dir, name)
		}
		places = append(places, place(name))
	}
	return places
}

// clue tells, as evidence of a finding, the way from its job to the predictions and what happened near its onset: to its job and
// its inputs by lineage, to its inputs' files by their footers.
func (n *night) clue(f *report.Finding, namespace string, onset time.Time) []string {
	from, to := onset.Add(-nearBefore), onset.Add(nearAfter)
	datasets := n.datasets(f)
	var lines []string
	if way := n.chain(f, namespace, datasets); len(way) > 1 {
		lines = append(lines, "lineage: "+strings.Join(way, " -> "))
	}
	for _, e := range nearest(n.clues.lineage.Near(f.Job, namespace, datasets, from, to), onset, func(e *lineage.Event) time.Time { return e.At }) {
		lines = append(lines, "lineage: "+e.Text)
	}
	inputs := append(slices.Clone(f.Sources), condition.PredictionsNode)
	if f.Node == condition.OutcomesNode {
		inputs = []string{condition.OutcomesNode}
	}
	var changes []intake.Change
	of := map[intake.Change]string{}
	for _, input := range inputs {
		for _, c := range n.clues.changes[input] {
			if _, twice := of[c]; !twice && !c.At.Before(from) && c.At.Before(to) {
				changes, of[c] = append(changes, c), input
			}
		}
	}
	slices.SortStableFunc(changes, func(a, b intake.Change) int { return a.At.Compare(b.At) })
	for _, c := range nearest(changes, onset, func(c *intake.Change) time.Time { return c.At }) {
		lines = append(lines, "files of "+of[c]+": "+c.Text)
	}
	return lines
}

// datasets names the inputs that a finding is about, as lineage takes them.
func (n *night) datasets(f *report.Finding) []string {
	if f.Node == condition.OutcomesNode {
		return []string{lineage.Declared(n.loop.Outcomes.Path, n.loop.Outcomes.Table)}
	}
	var all []string
	for _, name := range f.Sources {
		if s := n.source(name); s != nil {
			all = append(all, lineage.Declared(s.Path, s.Table))
		}
	}
	if len(all) == 0 {
		all = append(all, lineage.Declared(n.loop.Predictions.Path, n.loop.Predictions.Table))
	}
	return all
}

// chain is the way by which data gets from a finding's job, or from its input where no lineage knows the job, to the predictions.
func (n *night) chain(f *report.Finding, namespace string, datasets []string) []string {
	if f.Node == condition.OutcomesNode {
		return nil
	}
	goals := []lineage.Node{{Dataset: lineage.Declared(n.loop.Predictions.Path, n.loop.Predictions.Table)}}
	if p := n.loop.Predictions.Origin; p.Job != "" {
		goals = append(goals, lineage.Node{Job: p.Job, Namespace: p.Namespace})
	}
	starts := []lineage.Node{}
	if f.Job != "" {
		starts = append(starts, lineage.Node{Job: f.Job, Namespace: namespace})
	}
	for _, d := range datasets {
		starts = append(starts, lineage.Node{Dataset: d})
	}
	for _, start := range starts {
		for _, goal := range goals {
			if way := n.clues.lineage.Chain(start, goal); len(way) > 1 {
				return way
			}
		}
	}
	return nil
}

// nearest leaves of events in time order those nearest to an instant, in that order still.
func nearest[E any](all []E, to time.Time, at func(*E) time.Time) []E {
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(at(&all[a]).Sub(to).Abs(), at(&all[b]).Sub(to).Abs())
	})
	order = order[:min(len(order), mostNear)]
	slices.Sort(order)
	var near []E
	for _, i := range order {
		near = append(near, all[i])
	}
	return near
}
