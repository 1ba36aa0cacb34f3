package warehouse

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// column finds the column that a reference means, and spells it as the file does. Fields of a struct follow.
func (c *checker) column(n node) (any, error) {
	if _, err := c.parts(n, 0, []string{"column_names"}); err != nil {
		return nil, err
	}
	var path []string
	names, _ := n["column_names"].([]any)
	for _, name := range names {
		s, _ := name.(string)
		path = append(path, s)
	}
	if len(path) == 0 || slices.Contains(path, "") {
		return nil, c.refuse("name a column", "holds a column without a name")
	}
	column, err := c.find(path[0])
	if err != nil {
		return nil, err
	}
	if len(path) > 1 && !strings.HasPrefix(strings.ToUpper(column.Type), "STRUCT") {
		return nil, c.refuse(fmt.Sprintf("write %q alone", path[len(path)-1]), "reads %s, but %q is %s, which has no fields",
			strings.Join(path, "."), column.Name, column.Type)
	}
	if !slices.Contains(c.used, column.Name) {
		c.used = append(c.used, column.Name)
	}
	var out any = node{"class": "COLUMN_REF", "type": "COLUMN_REF", "alias": "", "column_names": []any{column.Name}}
	for _, field := range path[1:] {
		out = callOf("struct_extract", []any{out, textConstant(field)})
	}
	return out, nil
}

// find gives the known column that name means: the one spelt so, else the only one that differs in case alone. DuckDB
// itself does not tell case apart, so a name with a twin cannot be read.
func (c *checker) find(name string) (Column, error) {
	var found []Column
	for _, column := range c.columns {
		if lower(column.Name) == lower(name) {
			found = append(found, column)
		}
	}
	switch len(found) {
	case 1:
		if found[0].Type == Nested {
			return Column{}, c.refuse("write what is needed of it as a column of its own", "reads column %q, which is nested (a list, map or struct)", name)
		}
		return found[0], nil
	case 0:
		return Column{}, c.refuse("write one of "+c.names(name), "reads column %q, which does not exist", name)
	}
	return Column{}, c.refuse("rename one of them in the file", "reads column %q, but %q and %q differ only in case", name,
		found[0].Name, found[1].Name)
}

// names lists the columns, the first that share a beginning with name.
func (c *checker) names(name string) string {
	const most = 8
	var all []string
	for _, column := range c.columns {
		all = append(all, column.Name)
	}
	slices.SortStableFunc(all, func(a, b string) int { return common(b, name) - common(a, name) })
	if len(all) == 0 {
		return "the columns (there are none)"
	}
	if len(all) > most {
		return strings.Join(all[:most], ", ") + ", ..."
	}
	return strings.Join(all, ", ")
}

// common counts the leading letters that two names share, whatever their case.
func common(a, b string) int {
	a, b = lower(a), lower(b)
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// lower folds the case of ASCII letters, as DuckDB does for names.
func lower(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r - 'A' + 'a'
		}
		return r
	}, s)
}

// callOf is a call as DuckDB's parser gives it.
func callOf(name string, arguments any) node {
	return node{
		"class": "FUNCTION", "type": "FUNCTION", "alias": "", "function_name": name, "schema": "", "catalog": "",
		"children": arguments, "filter": nil, "order_bys": node{"type": "ORDER_MODIFIER", "orders": []any{}},
		"distinct": false, "is_operator": false, "export_state": false,
	}
}

func textConstant(text string) node {
	return node{
		"class": "CONSTANT", "type": "VALUE_CONSTANT", "alias": "",
		"value": node{"type": node{"id": "VARCHAR", "type_info": nil}, "is_null": false, "value": text},
	}
}

// truth is true or false as the parser gives them where they are written out.
func truth(value bool) node {
	word := "f"
	if value {
		word = "t"
	}
	return node{
		"class": "CAST", "type": "OPERATOR_CAST", "alias": "", "child": textConstant(word), "try_cast": false,
		"cast_type": node{"id": "BOOLEAN", "type_info": nil},
	}
}

// nullIf is nullif(a, b) without the macro: case when a = b then null else a end.
func nullIf(arguments []any) node {
	null := node{
		"class": "CONSTANT", "type": "VALUE_CONSTANT", "alias": "",
		"value": node{"type": node{"id": "NULL", "type_info": nil}, "is_null": true},
	}
	equal := node{
		"class": "COMPARISON", "type": "COMPARE_EQUAL", "alias": "", "left": arguments[0], "right": arguments[1],
	}
	return node{
		"class": "CASE", "type": "CASE_EXPR", "alias": "",
		"case_checks": []any{node{"when_expr": equal, "then_expr": null}}, "else_expr": arguments[0],
	}
}

// with is n with another value under key.
func with(n node, key string, value any) node {
	out := maps.Clone(n)
	out[key] = value
	return out
}

// plainType tells whether a type is built of DuckDB's own: no user-defined name, no extension's.
func plainType(value any) bool {
	t, ok := value.(node)
	if !ok {
		return false
	}
	info, isNode := t["type_info"].(node)
	if t["id"] == "UNBOUND" {
		name := ""
		if isNode {
			name, _ = info["name"].(string)
		}
		if !strings.EqualFold(name, "ENUM") && !strings.EqualFold(name, "JSON") {
			return false
		}
	}
	if !isNode {
		return t["type_info"] == nil
	}
	if alias, _ := info["alias"].(string); alias != "" && alias != "JSON" {
		return false
	}
	if !empty(info["extension_info"]) || !empty(info["catalog"]) || !empty(info["schema"]) {
		return false
	}
	if child, ok := info["child_type"]; ok && !plainType(child) {
		return false
	}
	fields, _ := info["child_types"].([]any)
	for _, field := range fields {
		f, ok := field.(node)
		if !ok || !plainType(f["second"]) {
			return false
		}
	}
	return true
}

func callName(name string, arguments int) string {
	if arguments == 0 {
		return name + "()"
	}
	return name + "(...)"
}

// short cuts text to what fits a message.
func short(text string) string {
	const most = 120
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) > most {
		return string(runes[:most]) + "..."
	}
	return string(runes)
}

// quote puts the user's text into quotes, of the kind that it does not hold itself.
func quote(text string) string {
	text = short(text)
	if strings.Contains(text, `"`) && strconv.CanBackquote(text) {
		return "`" + text + "`"
	}
	return strconv.Quote(text)
}
