package loop

import (
	"fmt"
	"slices"
	"strings"
)

// column reads the name of a column; "" when the key is absent.
func (m mapping) column(key string) string {
	c, ok := m.get(key)
	if !ok {
		return ""
	}
	return c.column()
}

func (c cursor) column() string { return c.line("write the name of a column") }

// needColumn reads the name of a column that must be given; about completes the hint.
func (m mapping) needColumn(key, about string) string {
	c, ok := m.need(key, fmt.Sprintf(`write "%s: <column>", %s`, key, about))
	if !ok {
		return ""
	}
	return c.column()
}

// columns reads a list of different columns; nil when the key is absent.
func (m mapping) columns(key string) []string {
	c, ok := m.get(key)
	if !ok {
		return nil
	}
	return c.columns()
}

func (c cursor) columns() []string {
	items, _ := c.list(fmt.Sprintf(`write a list of columns, such as "%s: [a, b]"`, c.name))
	var names []string
	for _, item := range items {
		name := item.column()
		if name == "" {
			continue
		}
		if slices.Contains(names, name) {
			item.fail("write each column once", "column %q is listed twice", name)
			continue
		}
		names = append(names, name)
	}
	return names
}

// side says which side of a join a key mapping writes on its left.
type side int

const (
	predictionLeft side = iota // outcomes.on: {prediction column: outcome column}
	otherLeft                  // sources.key, features.key: {source column: prediction column}
)

// pairs reads the columns that a join compares: a mapping, or a list of columns of equal names.
func (c cursor) pairs(left side) []Pair {
	example := `write {source column: prediction column}, such as "{station: origin}", or a list of columns of equal names`
	if left == predictionLeft {
		example = `write {prediction column: outcome column}, such as "{flight_id: id}", or a list of columns of equal names`
	}
	if c.refused() {
		return nil
	}
	if _, isText := c.scalar(); isText {
		c.fail(example, "is %s, want a mapping or a list of columns", c.found())
		return nil
	}
	before := len(c.r.faults)
	var pairs []Pair
	if c.isList() {
		for _, name := range c.columns() {
			pairs = append(pairs, Pair{Prediction: name, Other: name})
		}
	} else {
		m, _ := c.mapping()
		for _, e := range m.entries {
			e.checkName("column")
			p := Pair{Prediction: e.name, Other: e.column()}
			if left == otherLeft {
				p.Prediction, p.Other = p.Other, p.Prediction
			}
			pairs = append(pairs, p)
		}
	}
	if len(pairs) == 0 && len(c.r.faults) == before {
		c.fail(example, "names no column")
	}
	return pairs
}

// expression reads SQL as written; "" when the key is absent. What the SQL may be is checked where it is run.
func (m mapping) expression(key, example string) string {
	c, ok := m.get(key)
	if !ok {
		return ""
	}
	return c.text("write a SQL expression, such as " + example)
}

// word reads text of one line; "" when the key is absent.
func (m mapping) word(key, fix string) string {
	c, ok := m.get(key)
	if !ok {
		return ""
	}
	return c.line(fix)
}

var aggregates = []string{"avg", "sum", "count", "min", "max", "count_distinct"}

// aggregate reads an aggregate of one expression and checks its outer form only.
func (m mapping) aggregate() string {
	c, ok := m.get("aggregate")
	if !ok {
		return ""
	}
	fix := "write one aggregate of one expression, such as avg(dep_delay_min); allowed: " + strings.Join(aggregates, ", ")
	text := c.text(fix)
	if text == "" {
		return ""
	}
	name, rest, called := strings.Cut(text, "(")
	name = strings.ToLower(strings.TrimSpace(name))
	switch {
	case !called:
		c.fail(fix, "%q is not an aggregate of an expression", text)
	case !slices.Contains(aggregates, name):
		c.fail(fix, "%q is not an aggregate that can be replayed", name)
	case strings.HasPrefix(strings.ToLower(strings.TrimSpace(rest)), "distinct "):
		c.fail("write count_distinct(<expression>)", "%q counts distinct values", text)
	default:
		end := closing(rest)
		switch {
		case end < 0:
			c.fail(fix+"; put an expression that holds a comma in quotes", "%q does not close its parenthesis", text)
		case end != len(rest)-1:
			c.fail(fix, "%q goes on after its aggregate", text)
		case strings.TrimSpace(rest[:end]) == "":
			c.fail(fix, "%q is an aggregate of nothing", text)
		}
	}
	return text
}

// closing returns where the parenthesis opened before s is closed, or -1. Quoted text does not count.
func closing(s string) int {
	depth := 1
	var quote byte
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}
