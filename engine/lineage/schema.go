package lineage

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// maxNesting is how deep the fields of a schema are looked at.
const maxNesting = 8

// field is a column, or a part of one.
type field struct {
	Name   string
	Type   json.RawMessage
	Fields []field
}

// schemas tells where the columns of a dataset are others than in the run before.
func (d *deriver) schemas() {
	same := map[string]map[string]string{} // by facet: most runs write the one before
	all := streams(d, func(s *set) (map[string]string, bool) {
		columns, ok := same[string(s.facets["schema"])]
		if !ok {
			var facet struct{ Fields []field }
			columns = map[string]string{}
			if d.read(s.facets, "schema", &facet) {
				flatten(columns, "", facet.Fields, maxNesting)
			}
			same[string(s.facets["schema"])] = columns
		}
		return columns, len(columns) > 0
	}, func(a, _ map[string]string) map[string]string { return a })
	for _, stream := range all {
		for i := 1; i < len(stream); i++ {
			s := stream[i].set
			if moved := moves(stream[i-1].value, stream[i].value); len(moved) > 0 {
				d.tellOf(s, s.run.at, SchemaMoved, "columns of %s were others %s: %s",
					d.graph.name(s.node), s.seen(), list(moved))
			}
		}
	}
}

// flatten gives the columns by their names, those of parts led by the names of the wholes, with types or "".
func flatten(columns map[string]string, prefix string, fields []field, depth int) {
	for _, f := range fields {
		if f.Name == "" {
			continue
		}
		name, typ := prefix+f.Name, ""
		if json.Unmarshal(f.Type, &typ) != nil {
			typ = string(f.Type)
		}
		columns[name] = typ
		if depth > 1 {
			flatten(columns, name+".", f.Fields, depth-1)
		}
	}
}

// moves says what columns were removed, added, or changed type, in this order and by name. A type that one side does not
// tell has not changed; nor has one that is only spelt in other case.
func moves(before, now map[string]string) []string {
	if maps.Equal(before, now) {
		return nil
	}
	var removed, added, changed []string
	for _, name := range slices.Sorted(maps.Keys(before)) {
		was, typ := before[name], now[name]
		if _, ok := now[name]; !ok {
			removed = append(removed, fmt.Sprintf("%q removed", tidy(name, 60)))
		} else if was != "" && typ != "" && !strings.EqualFold(was, typ) {
			changed = append(changed, fmt.Sprintf("%q from %s to %s", tidy(name, 60), tidy(was, 60), tidy(typ, 60)))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(now)) {
		if _, ok := before[name]; !ok {
			added = append(added, fmt.Sprintf("%q added", tidy(name, 60)))
		}
	}
	return slices.Concat(removed, added, changed)
}
