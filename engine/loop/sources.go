package loop

import (
	"slices"
	"strings"
)

// sourceFacts is what features need to know of a source, also of one that holds mistakes.
type sourceFacts struct {
	cursor  cursor
	static  bool // no `at`: joined by key alone
	hasKey  bool
	users   int      // features of the source
	keyless []string // features of the source that write no key of their own
}

func readSources(c cursor) []Source {
	m, ok := c.mapping()
	if !ok {
		c.r.sources = nil // unknown: no feature can be held against them
		return nil
	}
	var sources []Source
	for _, e := range m.entries {
		e.checkName("source")
		if s, ok := readSource(e); ok {
			sources = append(sources, s)
		}
	}
	return sources
}

func readSource(c cursor) (Source, bool) {
	m, ok := c.section(append([]string{"key", "id", "where", "at", "known_at", "expect", "fresh_within", "served_at",
		"served_rows", "columns", "contract", "snapshot"}, inputKeys...)...)
	if !ok {
		c.r.sources[c.name] = &sourceFacts{cursor: c, hasKey: true}
		return Source{}, false
	}
	c.r.sources[c.name] = &sourceFacts{cursor: c, static: !m.has("at"), hasKey: m.has("key")}
	s := Source{Name: c.name}
	s.Path, s.Table = readInput(m)
	s.Timezone, _ = readTimezone(m)
	if k, ok := m.get("key"); ok {
		s.Key = k.pairs(otherLeft)
	}
	s.ID = m.columns("id")
	s.Where = m.expression("where", `"quality <> 'bad'"`)
	s.At = m.column("at")
	s.KnownAt = m.column("known_at")
	s.Expect = choice(m, "expect", ExpectAny, ExpectOne, ExpectOptional, ExpectMany)
	s.FreshWithin = m.duration("fresh_within", 0, "3h")
	s.ServedAt = m.column("served_at")
	s.ServedRows = m.column("served_rows")
	s.Columns = readColumns(m)
	s.Contract = m.word("contract", "write the path of an ODCS file, such as weather.odcs.yaml")
	if k, ok := m.get("contract"); ok && m.has("columns") {
		k.failKey("remove one of the two", "columns and contract are both written")
	}
	s.Snapshot = readSnapshot(m)
	s.Origin = readOrigin(m)
	if !m.has("at") {
		for _, key := range []string{"fresh_within", "served_at"} {
			if k, ok := m.get(key); ok {
				k.failKey(`write "at: <column>", the event time, or remove the key`, "needs at: a source without it is static")
			}
		}
	}
	return s, true
}

// readColumns reads a schema contract.
func readColumns(m mapping) []ColumnContract {
	c, ok := m.get("columns")
	if !ok {
		return nil
	}
	columns, _ := c.mapping()
	var contract []ColumnContract
	for _, e := range columns.entries {
		e.checkName("column")
		contract = append(contract, ColumnContract{Name: e.name, Type: e.line("write a column type, such as double")})
	}
	return contract
}

// checkKeys reports, once all features are read, the sources that are joined without a key.
func (r *reader) checkKeys(sources []Source) {
	fix := `write "key: {<source column>: <prediction column>}"`
	for _, s := range sources {
		facts := r.sources[s.Name]
		switch {
		case facts.hasKey:
		case facts.users == 0:
			facts.cursor.failKey(fix, "key is missing")
		case len(facts.keyless) > 0:
			facts.cursor.failKey(fix, "key is missing, and features without a key of their own use the source: %s",
				display(strings.Join(facts.keyless, ", ")))
		}
	}
}

// use reads the name of the source that a feature uses, and returns its facts; nil when it is unknown, which is reported.
func (c cursor) use(feature string, hasKey bool) (string, *sourceFacts) {
	name := c.line("write the name of a source")
	if name == "" || c.r.sources == nil {
		return name, nil
	}
	facts, ok := c.r.sources[name]
	if !ok {
		c.failUnknownSource(name)
		return name, nil
	}
	facts.users++
	if !hasKey {
		facts.keyless = append(facts.keyless, feature)
	}
	return name, facts
}

func (c cursor) failUnknownSource(name string) {
	var names []string
	for n := range c.r.sources {
		names = append(names, n)
	}
	slices.Sort(names)
	if len(names) == 0 {
		c.fail(`add the section "sources:"`, "source %q is not declared, and no other is", name)
		return
	}
	fix := "declared: " + display(strings.Join(names, ", "))
	if near := nearest(name, names); near != "" {
		fix = `did you mean "` + display(near) + `"? ` + fix
	}
	c.fail(fix, "source %q is not declared", name)
}
