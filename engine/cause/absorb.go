package cause

import (
	"slices"
)

// absorbable are the causes by which trials see a column that is gone: nothing is served in its place, or one value.
var absorbable = []Name{ColumnDropped, NullHandling, Miss}

// Absorb takes over what trials claim of features that this claim of a column is about, where they see it from the same day on,
// within a day: their rows, and where it is of no other features, their proof. It tells whether nothing is left of the other
// claim; else that keeps the features which this one is not about.
func (c *Claim) Absorb(t *Claim) bool {
	shared := slices.DeleteFunc(slices.Clone(t.Features), func(f string) bool { return !slices.Contains(c.Features, f) })
	_, otherwise := t.Parameters["normalise"] // the keys are there, but written otherwise
	first := t.firstDay()
	near := slices.ContainsFunc(c.Spans, func(s Span) bool { return first.Sub(s.From.Truncate(whole)).Abs() <= whole })
	if len(shared) == 0 || otherwise || !near || !slices.Contains(absorbable, t.Cause) {
		return false
	}
	c.Seen = append(slices.Clone(c.Seen), t.Seen...)
	if len(shared) < len(t.Features) {
		of := func(l Level) bool {
			return slices.ContainsFunc(shared, func(f string) bool { return l.Condition == f+".value" })
		}
		for _, l := range t.Levels {
			if of(l) {
				c.Levels = append(slices.Clone(c.Levels), l)
			}
		}
		t.Levels = slices.DeleteFunc(slices.Clone(t.Levels), of)
		t.Features = slices.DeleteFunc(slices.Clone(t.Features), func(f string) bool { return slices.Contains(shared, f) })
		return false
	}
	c.Levels = append(slices.Clone(c.Levels), t.Levels...)
	c.Evidence = append(slices.Clone(c.Evidence), t.Evidence...)
	for _, f := range t.AlsoDiffers {
		if !slices.Contains(c.Features, f) && !slices.Contains(c.AlsoDiffers, f) {
			c.AlsoDiffers = append(c.AlsoDiffers, f)
		}
	}
	if c.Tier == "inferred" {
		c.Tier = t.Tier
	}
	if c.Proof == nil {
		c.Proof, c.Hypotheses, c.Tried = t.Proof, t.Hypotheses, t.Tried
	}
	if became := t.Parameters["became"]; t.Cause == ColumnDropped && became != nil {
		c.Parameters = map[string]any{"column": c.Parameters["column"], "became": became}
	}
	return true
}
