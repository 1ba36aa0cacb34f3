package loop

import (
	"slices"
	"strings"
)

func readFeatures(c cursor) []Feature {
	m, _ := c.mapping()
	var features []Feature
	served := map[string]string{} // column: feature
	for _, e := range m.entries {
		e.checkName("feature")
		f, ok := readFeature(e)
		if !ok {
			continue
		}
		if other, twice := served[f.Served]; twice && f.Served != "" {
			e.failKey(`name the served column with "served:"; other meanings of one feature go into its "definitions:"`,
				"column %q is already served by feature %s", f.Served, display(other))
		}
		served[f.Served] = f.Name
		features = append(features, f)
	}
	return features
}

func readFeature(c cursor) (Feature, bool) {
	m, ok := c.section("served", "source", "key", "value", "aggregate", "where", "window", "within", "default", "tolerance",
		"served_at", "served_rows", "definitions", "job", "namespace", "owner")
	if !ok {
		return Feature{}, false
	}
	f := Feature{Name: c.name, Served: c.name}
	if m.has("served") {
		f.Served = m.column("served")
	}
	var facts *sourceFacts
	if s, ok := m.get("source"); ok {
		f.Source, facts = s.use(f.Name, m.has("key"))
	}
	if k, ok := m.get("key"); ok {
		f.Key = k.pairs(otherLeft)
	}
	f.Value = m.expression("value", "temp_f")
	f.Aggregate = m.aggregate()
	f.Where = m.expression("where", "status <> 'cancelled'")
	f.Window = m.window()
	f.Within = m.duration("within", 0, "7h")
	f.Default = readDefault(m)
	if t, ok := m.get("tolerance"); ok {
		if n, ok := t.numberWhere("of at least 0", "write an absolute difference, such as 0.001", func(f float64) bool { return f >= 0 }); ok {
			f.Tolerance = &n
		}
	}
	f.ServedAt = m.column("served_at")
	f.ServedRows = m.column("served_rows")
	f.origin = readOrigin(m)
	f.Definitions = m.definitions(facts)
	m.checkFeature(facts)
	return f, true
}

// checkFeature reports keys of a feature that do not go together.
func (m mapping) checkFeature(facts *sourceFacts) {
	if !m.has("source") {
		m.checkRequestFeature()
		return
	}
	static := facts != nil && facts.static
	aggregate, hasAggregate := m.get("aggregate")
	switch hasValue := m.has("value"); {
	case hasValue && hasAggregate:
		aggregate.failKey("remove one of the two: value is of the newest row, aggregate is over a window", "value and aggregate are both written")
		return
	case !hasValue && !hasAggregate:
		m.failKey(`write "value: <SQL expression>", or "aggregate: avg(<SQL expression>)" with "window: 6h"`,
			"a feature with a source needs value or aggregate")
		return
	case hasAggregate && !m.has("window") && !static:
		aggregate.failKey(`write "window: 6h", the time that the aggregate looks back over`, "an aggregate needs a window")
	}
	m.checkSpan(hasAggregate)
	if static {
		m.checkStatic(facts.cursor.name, hasAggregate)
	}
}

// checkStatic reports what needs the event time that a static source does not have.
func (m mapping) checkStatic(source string, hasAggregate bool) {
	keys := []string{"served_at"}
	switch {
	case hasAggregate && m.has("window"):
		keys = append(keys, "window")
	case hasAggregate:
		keys = append(keys, "aggregate")
	default:
		keys = append(keys, "within")
	}
	for _, key := range keys {
		if k, ok := m.get(key); ok {
			k.failKey(`write "at: <column>" at the source, its event time, or remove the key`, "source %q has no event time", source)
		}
	}
}

// checkSpan reports a window on a value and a within on an aggregate.
func (m mapping) checkSpan(hasAggregate bool) {
	if w, ok := m.get("window"); ok && !hasAggregate {
		w.failKey(`write "within: ..." for the age of the newest row, or "aggregate:" in place of "value:"`, "a value has no window")
	}
	if w, ok := m.get("within"); ok && hasAggregate {
		w.failKey(`remove it: "window:" says how far an aggregate looks back`, "an aggregate has no within")
	}
}

// checkRequestFeature reports keys that only a feature with a source can have, at the first of them.
func (m mapping) checkRequestFeature() {
	of := []string{"value", "aggregate", "key", "where", "window", "within", "served_at", "served_rows", "definitions"}
	var written []string
	var first cursor
	for _, e := range m.entries {
		if slices.Contains(of, e.name) {
			if written = append(written, e.name); len(written) == 1 {
				first = e
			}
		}
	}
	if len(written) > 0 {
		first.failKey(`write "source: <name>"; a request feature has none of these`, "a feature without a source has no %s",
			strings.Join(written, ", "))
	}
}
