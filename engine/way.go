package engine

import (
	"slices"
	"strings"

	"github.com/plumbline-data/plumbline/engine/condition"
	"github.com/plumbline-data/plumbline/engine/lineage"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/report"
)

// wayOf tells by which way the data of a finding gets from the job that writes it to the model, as the loop file declares it:
// names of stations and what they are.
func wayOf(l *loop.Loop, f *report.Finding) [][2]string {
	var way [][2]string
	if f.Node == condition.OutcomesNode {
		o := &l.Outcomes
		way = addJob(way, o.Origin)
		way = append(way, [2]string{"outcomes", lineage.Declared(o.Path, o.Table) + pairsOf(o.On, "outcome")})
		return append(way, [2]string{"loss", "of the predictions of loop " + l.Name + ", as " + string(l.Loss)})
	}
	for i := range l.Sources {
		s := &l.Sources[i]
		if !slices.Contains(f.Sources, s.Name) {
			continue
		}
		way = addJob(way, s.Origin)
		text := s.Name + ": " + lineage.Declared(s.Path, s.Table) + pairsOf(s.Key, "source")
		switch {
		case s.KnownAt != "":
			text += ", event time " + orNone(s.At) + ", known at " + s.KnownAt
		case s.At != "":
			text += ", event time " + s.At
		}
		way = append(way, [2]string{"source", text})
	}
	for i := range l.Features {
		d := &l.Features[i]
		if !slices.Contains(f.Features, d.Name) && !slices.Contains(f.AlsoDiffers, d.Name) {
			continue
		}
		way = addJob(way, d.Origin())
		way = append(way, [2]string{"feature", d.Name + ": " + computed(d)})
	}
	p := &l.Predictions
	way = addJob(way, p.Origin)
	return append(way, [2]string{"log", lineage.Declared(p.Path, p.Table) + ", one prediction per " + p.ID + ", at " + p.At},
		[2]string{"model", l.Name + ": column " + p.Score})
}

// addJob adds a job, if one is declared.
func addJob(way [][2]string, o loop.Origin) [][2]string {
	if o.Job == "" {
		return way
	}
	text := o.Job
	if o.Namespace != "" {
		text += " in " + o.Namespace
	}
	if o.Owner != "" {
		text += ", owner " + o.Owner
	}
	return append(way, [2]string{"job", text})
}

// pairsOf says which columns meet.
func pairsOf(pairs []loop.Pair, other string) string {
	var parts []string
	for _, p := range pairs {
		parts = append(parts, p.Other+" = "+p.Prediction)
	}
	if len(parts) == 0 {
		return ""
	}
	return ", key (" + other + " = prediction) " + strings.Join(parts, ", ")
}

// computed says how the loop file declares a feature.
func computed(d *loop.Feature) string {
	var text string
	switch {
	case d.Source == "":
		return "comes with the request"
	case d.Aggregate != "":
		text = d.Aggregate
	default:
		text = d.Value + " of the newest row"
		if d.Within > 0 {
			text += " of the last " + loop.FormatDuration(d.Within)
		}
	}
	if d.Where != "" {
		text += " where " + d.Where
	}
	if w := d.Window; w != nil {
		text += " over " + loop.FormatDuration(w.Length)
		if w.Offset > 0 {
			text += " until " + loop.FormatDuration(w.Offset) + " before"
		}
		if w.Align != "" {
			text += ", from the start of the " + w.Align
		}
	}
	if d.Served != d.Name {
		text += ", served as " + d.Served
	}
	return text
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
