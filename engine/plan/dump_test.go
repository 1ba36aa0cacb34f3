package plan

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// asText are the CSV columns of an input that are read as VARCHAR whatever they look like.
func asText(p *Plan, input string) []string {
	text := []string{}
	for _, c := range p.Reading(input).Types {
		if c.Type == "VARCHAR" && p.text[input][c.Name] {
			text = append(text, c.Name)
		}
	}
	return text
}

// dump writes a plan out for people: one line per thing that the stages range over.
func dump(p *Plan) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("at %s", p.At)
	line("features_at %s", p.FeaturesAt)
	line("known_at %s", p.KnownAt)
	line("predictions as text: %v", asText(p, "predictions"))
	line("outcome %s (%s) at %s known_at %s, as text: %v", p.OutcomeValue.SQL, p.OutcomeValue.Type, p.OutcomeAt, p.OutcomeKnown, asText(p, "outcomes"))
	for _, k := range p.OutcomeKeys {
		line("o_%d: %s = %s as %s", k.Index, k.Prediction, k.Outcome, k.Kind)
	}
	for _, k := range p.Keys {
		line("k_%d: %s as %s", k.Index, k.Column, k.Kind)
	}
	for _, s := range p.Sources {
		line("source %d %s: %s, static %t, at %s, known_at %s (%t), id %v, as text: %v", s.Index, s.Decl.Name, s.Table.Path, s.Static, s.At, s.Known, s.HasKnown, s.IDs, asText(p, s.Decl.Name))
		if s.Where != nil {
			line("    where %s", s.Where.SQL)
		}
		for _, k := range s.Keys {
			line("    k_%d: %s as %s", k.Index, k.Column, k.Kind)
		}
		for _, v := range s.Values {
			line("    v_%d: %s as %s of %v", v.Index, v.Expr.SQL, v.Class, v.Expr.Columns)
		}
		for _, f := range s.Filters {
			line("    w_%d: %s", f.Index, f.Expr.SQL)
		}
	}
	for _, j := range p.Joins {
		line("join %d %s: source %d, keys %v, head %d, counted %t, within %s, served_at %s, served_rows %q", j.Index, j.Name, j.Source, j.Keys, j.Head, j.Counted, j.Within, j.ServedAt, j.ServedRows)
	}
	for _, l := range p.Lookups {
		line("lookup %d: join %d, filter %d, features %v", l.Index, l.Join, l.Filter, l.Features)
	}
	for _, f := range p.Features {
		line("feature %d %s: served %s as %s, join %d, lookup %d, value %d, filter %d, agg %q, windows %t, default %s", f.Index, f.Decl.Name, f.Served, f.Class, f.Join, f.Lookup, f.Value, f.Filter, f.Agg, f.Windows, defaultText(f))
		if f.ServedClock.Column != "" {
			line("    clock %s", f.ServedClock)
		}
		if f.ServedAt.Column != "" || f.ServedRows != "" {
			line("    served_at %s, served_rows %q", f.ServedAt, f.ServedRows)
		}
	}
	return b.String()
}

func defaultText(f Feature) string {
	switch {
	case !f.HasDefault:
		return "none"
	case f.DefaultBy == nil:
		return fmt.Sprintf("%v", f.DefaultAll)
	}
	var all []string
	for _, version := range slices.Sorted(maps.Keys(f.DefaultBy)) {
		all = append(all, fmt.Sprintf("%s: %v", version, f.DefaultBy[version]))
	}
	return "{" + strings.Join(all, ", ") + "}"
}
