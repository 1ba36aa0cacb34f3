package warehouse

import (
	"fmt"
	"slices"
	"strings"

	"github.com/plumbline-data/plumbline/engine/fault"
)

// node is one JSON object of a statement that DuckDB parsed.
type node = map[string]any

// maxDepth is how deep an expression may nest; maxMacros how deep the calls whose arguments are repeated when they are
// expanded.
const (
	maxDepth  = 200
	maxMacros = 5
)

// checker walks a parsed expression: it refuses all but a scalar expression over known columns, and gives the tree in
// which columns are spelt as in the file and calls are written in the one form that reads the same everywhere.
type checker struct {
	text    string // as the user wrote it
	columns []Column
	known   map[string]function
	used    []string
	macros  int  // calls of macros that the node at hand stands in
	growing bool // the node at hand stands in a call that makes a text or list of a given length
}

// refuse gives a usage fault that begins with the expression.
func (c *checker) refuse(fix, format string, args ...any) error {
	return fault.Usage("", fix, "%s %s", quote(c.text), fmt.Sprintf(format, args...))
}

// expression checks one node and gives its rewritten form.
func (c *checker) expression(value any, depth int) (any, error) {
	n, ok := value.(node)
	if !ok {
		return nil, c.refuse("write a plain scalar expression", "holds something that is not an expression")
	}
	if depth > maxDepth {
		return nil, c.refuse("split the expression into columns of the file", "nests deeper than %d levels", maxDepth)
	}
	if alias, _ := n["alias"].(string); alias != "" {
		return nil, c.refuse("leave the name away", "names a value %q", alias)
	}
	class, _ := n["class"].(string)
	switch class {
	case "COLUMN_REF":
		return c.column(n)
	case "CONSTANT":
		return c.constant(n)
	case "FUNCTION":
		return c.call(n, depth)
	case "OPERATOR":
		return c.operator(n, depth)
	case "CONJUNCTION":
		return c.parts(n, depth, nil, "children")
	case "COMPARISON":
		return c.parts(n, depth, nil, "left", "right")
	case "BETWEEN":
		return c.parts(n, depth, nil, "input", "lower", "upper")
	case "COLLATE":
		return c.parts(n, depth, []string{"collation"}, "child")
	case "CAST":
		if !plainType(n["cast_type"]) {
			return nil, c.refuse("cast to a type of DuckDB's own", "casts to a type that is not built in")
		}
		return c.parts(n, depth, []string{"cast_type", "try_cast"}, "child")
	case "CASE":
		return c.cases(n, depth)
	}
	return nil, c.refuseClass(class)
}

func (c *checker) refuseClass(class string) error {
	const fix = "write one scalar expression over the file's columns"
	switch class {
	case "SUBQUERY":
		return c.refuse(fix, "holds a sub-query")
	case "WINDOW":
		return c.refuse(fix, "holds a window function")
	case "PARAMETER":
		return c.refuse("write the value", "holds a parameter")
	case "STAR":
		return c.refuse("name one column", "holds a star or columns(...)")
	case "POSITIONAL_REFERENCE":
		return c.refuse("name the column", "refers to a column by position")
	case "DEFAULT":
		return c.refuse("write the value", "holds the word default")
	case "LAMBDA":
		return c.refuse("use functions without lambda; json_extract(j, '$.a') for j -> '$.a'", "holds a lambda or the operator ->")
	}
	return c.refuse(fix, "holds a %s", strings.ToLower(class))
}

// parts checks a node that consists of the expressions under the keys of children (one node or a list each) and of
// plain values under the keys of plain. Any other key must be empty, so that nothing can hide there.
func (c *checker) parts(n node, depth int, plain []string, children ...string) (node, error) {
	out := node{}
	for key, value := range n {
		switch {
		case key == "class" || key == "type" || key == "alias" || slices.Contains(plain, key):
			out[key] = value
		case key == "query_location" || slices.Contains(children, key):
		case !empty(value):
			return nil, c.refuse("write a plain scalar expression", "holds %s", strings.ReplaceAll(key, "_", " "))
		default:
			out[key] = value
		}
	}
	for _, key := range children { // in the order given, which is that of the text
		list, many := n[key].([]any)
		if !many {
			child, err := c.expression(n[key], depth+1)
			if err != nil {
				return nil, err
			}
			out[key] = child
			continue
		}
		checked := make([]any, len(list))
		for i, item := range list {
			child, err := c.expression(item, depth+1)
			if err != nil {
				return nil, err
			}
			checked[i] = child
		}
		out[key] = checked
	}
	return out, nil
}

// empty tells whether a value says nothing: null, false, "", an empty list, or an object of such (an ORDER BY without
// terms).
func empty(value any) bool {
	switch v := value.(type) {
	case nil:
		return true
	case bool:
		return !v
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case node:
		for key, inner := range v {
			if key != "type" && !empty(inner) {
				return false
			}
		}
		return true
	}
	return false
}

func (c *checker) constant(n node) (any, error) {
	value, ok := n["value"].(node)
	if !ok || !plainType(value["type"]) {
		return nil, c.refuse("write the value as text and cast it", "holds a constant of a type that is not built in")
	}
	if truthValue, ok := value["value"].(bool); ok {
		return truth(truthValue), nil
	}
	return c.parts(n, 0, []string{"value"})
}

func (c *checker) operator(n node, depth int) (any, error) {
	switch kind, _ := n["type"].(string); kind {
	case "OPERATOR_NOT", "OPERATOR_IS_NULL", "OPERATOR_IS_NOT_NULL", "OPERATOR_COALESCE", "OPERATOR_NULLIF", "COMPARE_IN",
		"COMPARE_NOT_IN", "ARRAY_EXTRACT", "ARRAY_SLICE", "OPERATOR_TRY":
		return c.parts(n, depth, nil, "children")
	case "STRUCT_EXTRACT":
		checked, err := c.parts(n, depth, nil, "children")
		if err != nil {
			return nil, err
		}
		return callOf("struct_extract", checked["children"]), nil
	case "ARRAY_CONSTRUCTOR":
		checked, err := c.parts(n, depth, nil, "children")
		if err != nil {
			return nil, err
		}
		return callOf("list_value", checked["children"]), nil
	default:
		return nil, c.refuse("write a plain scalar expression", "holds the operator %s",
			strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(kind, "OPERATOR_"), "_", " ")))
	}
}

func (c *checker) cases(n node, depth int) (any, error) {
	list, ok := n["case_checks"].([]any)
	if !ok {
		return nil, c.refuse("write case when .. then .. else .. end", "holds a case without branches")
	}
	checks := make([]any, len(list))
	for i, item := range list {
		branch, ok := item.(node)
		if !ok {
			return nil, c.refuse("write case when .. then .. else .. end", "holds a case without branches")
		}
		checked, err := c.parts(branch, depth, nil, "when_expr", "then_expr")
		if err != nil {
			return nil, err
		}
		checks[i] = checked
	}
	rest := node{}
	for key, value := range n {
		if key != "case_checks" {
			rest[key] = value
		}
	}
	out, err := c.parts(rest, depth, nil, "else_expr")
	if err != nil {
		return nil, err
	}
	out["case_checks"] = checks
	return out, nil
}

// call checks a call of a function or of an operator that DuckDB treats as one.
func (c *checker) call(n node, depth int) (any, error) {
	name, _ := n["function_name"].(string)
	name = strings.ToLower(name)
	if !empty(n["catalog"]) || n["schema"] != "" && n["schema"] != "main" {
		return nil, c.refuse(fmt.Sprintf("write %s(...)", name), "calls %s through a schema, a column or a table", name)
	}
	arguments, _ := n["children"].([]any)
	what, fix := refusal(c.known, name, len(arguments))
	if name == "nullif" && len(arguments) == 2 {
		what = ""
	}
	if what != "" {
		if whole := callName(name, len(arguments)); lower(strings.TrimSpace(c.text)) != whole {
			what = "calls " + whole + ", which " + what
		}
		return nil, c.refuse(fix, "%s", what)
	}
	if grows(name) {
		if c.growing || !modest(arguments) {
			return nil, c.refuse(fmt.Sprintf("write its length as a number up to %d, and no such call in another", maxLength),
				"calls %s with a length that may be anything", name)
		}
		c.growing = true
		defer func() { c.growing = false }()
	}
	if name == "struct_pack" {
		return c.structPack(n, arguments, depth)
	}
	if macros(name) || name == "nullif" {
		c.macros++
		defer func() { c.macros-- }()
	}
	if c.macros > maxMacros {
		return nil, c.refuse("split the expression into columns of the file", "nests %s deeper than %d levels", name, maxMacros)
	}
	out, err := c.parts(n, depth, []string{"function_name", "schema", "catalog", "is_operator"}, "children")
	if err != nil {
		return nil, err
	}
	if checked, ok := out["children"].([]any); ok && name == "nullif" {
		return nullIf(checked), nil
	}
	return out, nil
}

// structPack checks a struct literal, the one call whose arguments bear names.
func (c *checker) structPack(n node, arguments []any, depth int) (any, error) {
	names := make([]any, len(arguments))
	bare := make([]any, len(arguments))
	for i, argument := range arguments {
		given, ok := argument.(node)
		if !ok {
			return nil, c.refuse("write a plain scalar expression", "holds something that is not an expression")
		}
		names[i] = given["alias"]
		bare[i] = with(given, "alias", "")
	}
	out, err := c.parts(with(n, "children", bare), depth, []string{"function_name", "schema", "catalog", "is_operator"}, "children")
	if err != nil {
		return nil, err
	}
	for i, argument := range out["children"].([]any) {
		argument.(node)["alias"] = names[i]
	}
	return out, nil
}
