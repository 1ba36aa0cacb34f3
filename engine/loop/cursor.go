package loop

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// cursor is one value of the file: at a dotted path, under a key. Its readers return the zero value after they have
// reported a mistake.
type cursor struct {
	r    *reader
	path string
	name string   // the last part of path
	key  Position // of the key, or of the list item
	pos  Position // of the value; of the key when nothing is written
	node ast.Node
}

// fail reports a mistake at the value.
func (c cursor) fail(fix, format string, args ...any) { c.failAt(c.pos, fix, format, args...) }

// failKey reports a mistake at the key.
func (c cursor) failKey(fix, format string, args ...any) { c.failAt(c.key, fix, format, args...) }

func (c cursor) failAt(pos Position, fix, format string, args ...any) {
	if c.path == "" {
		c.r.fail(pos, fix, "the loop file "+format, args...)
		return
	}
	c.r.fail(pos, fix, "%s: "+format, append([]any{display(c.path)}, args...)...)
}

// mapping is a section: its entries in the file's order, each key once.
type mapping struct {
	cursor
	entries []cursor
	keys    []string // what allow allows
}

// mapping reads a value as a mapping and records where its keys are. Nothing written is an empty mapping.
func (c cursor) mapping() (mapping, bool) {
	m := mapping{cursor: c}
	var values []*ast.MappingValueNode
	switch n := c.node.(type) {
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{n}
	case nil, *ast.NullNode:
		return m, true
	default:
		if !c.refused() {
			c.fail(`write keys and values, such as "key: value"`, "is %s, want a mapping", c.found())
		}
		return m, false
	}
	seen := map[string]Position{}
	for _, v := range values {
		e, ok := c.entry(v)
		if !ok {
			continue
		}
		if first, twice := seen[e.name]; twice {
			e.failKey("remove one of the two", "is written twice, first on line %d", first.Line)
			continue
		}
		seen[e.name] = e.key
		if _, known := c.r.positions[e.path]; !known {
			c.r.positions[e.path] = e.key
		}
		m.entries = append(m.entries, e)
	}
	return m, true
}

// entry reads one key and its value.
func (c cursor) entry(v *ast.MappingValueNode) (cursor, bool) {
	if v == nil || v.Key == nil {
		return cursor{}, false
	}
	key := cursor{r: c.r, path: c.path, key: positionOf(v.Key, c.pos), pos: positionOf(v.Key, c.pos), node: v.Key}
	if _, merge := v.Key.(*ast.MergeKeyNode); merge {
		key.fail("write the keys out", "holds a merge key (<<), which loop files do not use")
		return cursor{}, false
	}
	if key.refused() {
		return cursor{}, false
	}
	s, ok := key.scalar()
	if !ok {
		key.fail(`write "key: value"`, "holds a key that is not text")
		return cursor{}, false
	}
	return cursor{
		r: c.r, path: join(c.path, s.text), name: s.text,
		key: key.key, pos: positionOf(v.Value, key.key), node: v.Value,
	}, true
}

// allow reports every key that is not one of keys.
func (m *mapping) allow(keys ...string) {
	m.keys = keys
	for _, e := range m.entries {
		if slices.Contains(keys, e.name) {
			continue
		}
		fix := "allowed here: " + strings.Join(keys, ", ")
		if isImplicitNull(e.node) && strings.ContainsAny(e.name, "()'\"") { // {aggregate: avg(coalesce(a, 0))}
			fix = "put a value that holds a comma in quotes; " + fix
		} else if near := nearest(e.name, keys); near != "" {
			fix = `did you mean "` + near + `"? ` + fix
		}
		e.failKey(fix, "unknown key")
	}
}

// section reads a mapping of known keys.
func (c cursor) section(keys ...string) (mapping, bool) {
	m, ok := c.mapping()
	m.allow(keys...)
	return m, ok
}

// get returns the entry of a key, if it is written.
func (m mapping) get(key string) (cursor, bool) {
	for _, e := range m.entries {
		if e.name == key {
			return e, true
		}
	}
	return cursor{}, false
}

func (m mapping) has(key string) bool {
	_, ok := m.get(key)
	return ok
}

// need is get for a key that must be written.
func (m mapping) need(key, fix string) (cursor, bool) {
	c, ok := m.get(key)
	if !ok {
		m.r.fail(m.key, fix, "%s: missing", display(join(m.path, key)))
	}
	return c, ok
}

// list reads a value as a list and records where its items are. Nothing written is an empty list.
func (c cursor) list(fix string) ([]cursor, bool) {
	switch n := c.node.(type) {
	case nil, *ast.NullNode:
		return nil, true
	case *ast.SequenceNode:
		var items []cursor
		for i, v := range n.Values {
			pos := positionOf(v, c.pos)
			item := cursor{r: c.r, path: join(c.path, strconv.Itoa(i)), name: strconv.Itoa(i), key: pos, pos: pos, node: v}
			c.r.positions[item.path] = pos
			items = append(items, item)
		}
		return items, true
	}
	if !c.refused() {
		c.fail(fix, "is %s, want a list", c.found())
	}
	return nil, false
}

// refused reports what YAML offers and loop files do not use, so that a file means what its lines say.
func (c cursor) refused() bool {
	what, fix := "", "write the value out"
	switch c.node.(type) {
	case *ast.AnchorNode:
		what = "an anchor (&)"
	case *ast.AliasNode:
		what = "an alias (*)"
		fix = "write the value out, or put text that begins with * in quotes"
	case *ast.TagNode:
		what = "a tag (!)"
		fix = "write the value without the tag; put text in quotes"
	case *ast.MappingKeyNode:
		what = "a complex key (?)"
		fix = `write "key: value"`
	case *ast.MergeKeyNode:
		what = "a merge key (<<)"
	default:
		return false
	}
	c.fail(fix, "holds %s, which loop files do not use", what)
	return true
}

// found describes a value for an error message.
func (c cursor) found() string {
	switch c.node.(type) {
	case nil, *ast.NullNode:
		return "empty"
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a mapping"
	case *ast.SequenceNode:
		return "a list"
	}
	if s, ok := c.scalar(); ok {
		return s.describe()
	}
	return "something else"
}

func (c cursor) isMapping() bool {
	switch c.node.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return true
	}
	return false
}

func (c cursor) isList() bool {
	_, ok := c.node.(*ast.SequenceNode)
	return ok
}

func isImplicitNull(n ast.Node) bool {
	null, ok := n.(*ast.NullNode)
	return ok && null.Token != nil && null.Token.Type == token.ImplicitNullType
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// display shows a path in a message; control characters, which a quoted key may hold, are escaped.
func display(path string) string {
	if strings.IndexFunc(path, unicode.IsControl) < 0 {
		return path
	}
	return strconv.Quote(path)
}
