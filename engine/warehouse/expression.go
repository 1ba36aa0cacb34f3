package warehouse

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/plumbline-data/plumbline/engine/fault"
)

// Column is a column that an expression may read: its name as spelt in the file, and its DuckDB type; or one that it may
// not, of type Nested.
type Column struct{ Name, Type string }

// Nested is the type of lists, maps and structs in files.
const Nested = "NESTED"

// maxText is how many bytes an expression may have.
const maxText = 10_000

// Scalar checks text, one SQL expression over a row of the given columns, and gives it as DuckDB writes it. What is
// wrong with text comes back as a usage fault without Where.
func (db *DB) Scalar(ctx context.Context, text string, columns []Column) (Expression, error) {
	tree, c, err := db.parse(ctx, text, columns, false)
	if err != nil {
		return Expression{}, err
	}
	checked, err := c.expression(tree, 0)
	if err != nil {
		return Expression{}, err
	}
	return db.finish(ctx, c, checked, "")
}

// Aggregate checks text, one aggregate call: avg, sum, count, min, max or count_distinct of a scalar expression,
// count(distinct x), or count(*). The Expression is that of the argument; its Type is the argument's. Errors are as
// Scalar's.
func (db *DB) Aggregate(ctx context.Context, text string, columns []Column) (Expression, error) {
	tree, c, err := db.parse(ctx, text, columns, false)
	if err != nil {
		return Expression{}, err
	}
	aggregate, argument, err := c.aggregate(tree)
	if err != nil {
		return Expression{}, err
	}
	if argument == nil {
		return Expression{Aggregate: aggregate}, nil
	}
	checked, err := c.expression(argument, 1)
	if err != nil {
		return Expression{}, err
	}
	return db.finish(ctx, c, checked, aggregate)
}

// aggregate takes an aggregate call apart. The argument is nil for count(*).
func (c *checker) aggregate(tree any) (string, any, error) {
	const fix = "write avg, sum, count, min, max or count_distinct of one expression, as avg(dep_delay_min)"
	n, _ := tree.(node)
	if n["class"] == "WINDOW" {
		return "", nil, c.refuseClass("WINDOW")
	}
	name, _ := n["function_name"].(string)
	name = strings.ToLower(name)
	arguments, _ := n["children"].([]any)
	distinct, _ := n["distinct"].(bool)
	switch {
	case n["class"] != "FUNCTION" || !empty(n["schema"]) || !empty(n["catalog"]):
		return "", nil, c.refuse(fix, "is not an aggregate")
	case !empty(n["alias"]):
		return "", nil, c.refuse("leave the name away", "names a value %q", n["alias"])
	case !empty(n["filter"]):
		return "", nil, c.refuse("put the condition into the feature's `where`", "has a filter clause")
	case !empty(n["order_bys"]):
		return "", nil, c.refuse("leave the order away", "has an order by")
	case !empty(n["export_state"]):
		return "", nil, c.refuse(fix, "exports its state")
	case name == "count_star" && len(arguments) == 0 && !distinct:
		return "count", nil, nil
	case name == "count" && len(arguments) == 1 && distinct:
		return "count_distinct", arguments[0], nil
	case distinct:
		return "", nil, c.refuse("use distinct with count only", "has a distinct %s", name)
	}
	switch name {
	case "avg", "sum", "count", "min", "max", "count_distinct":
	default:
		return "", nil, c.refuse(fix, "calls %s, which is not one of the aggregates", name)
	}
	if len(arguments) != 1 {
		return "", nil, c.refuse(fix, "gives %s %d arguments, want 1", name, len(arguments))
	}
	return name, arguments[0], nil
}

// parse reads text as the one item of a select list; or, asType, as the name of a type.
func (db *DB) parse(ctx context.Context, text string, columns []Column, asType bool) (any, *checker, error) {
	c := &checker{text: text, columns: columns}
	const fix = "write one scalar expression over the file's columns"
	switch {
	case strings.TrimSpace(text) == "":
		return nil, nil, fault.Usage("", fix, "the expression is empty")
	case len(text) > maxText:
		return nil, nil, fault.Usage("", "put the work into a column of the file", "the expression has %d bytes, more than %d", len(text), maxText)
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return nil, nil, fault.Usage("", "save the file as UTF-8", "the expression holds bytes that are not text")
	}
	var err error
	if c.known, err = db.catalogue(ctx); err != nil {
		return nil, nil, err
	}
	statement, message, err := db.serialize(ctx, text, asType)
	if err != nil {
		return nil, nil, err
	}
	if message != "" {
		return nil, nil, c.refuse(fix, "is not one expression: %s", message)
	}
	plain, err := db.plainQuery(ctx)
	if err != nil {
		return nil, nil, err
	}
	items, rest := split(statement)
	_, want := split(plain)
	if parameters(rest) > 0 {
		return nil, nil, c.refuseClass("PARAMETER")
	}
	if !reflect.DeepEqual(rest, want) {
		return nil, nil, c.refuse(fix, "is more than an expression")
	}
	if len(items) != 1 {
		return nil, nil, c.refuse(fix, "is %d expressions, want 1", len(items))
	}
	return items[0], c, nil
}

// plainQuery is the query that expressions are put into, parsed.
func (db *DB) plainQuery(ctx context.Context) (any, error) {
	if db.plain != nil {
		return db.plain, nil
	}
	plain, message, err := db.serialize(ctx, "null", false)
	if err == nil && message != "" {
		err = errors.New(message)
	}
	if err == nil {
		db.plain = plain
	}
	return plain, err
}

// serialize parses text as the select list of a query from a table t; or, asType, a NULL of the type that text names. A text that does not parse comes back as a message.
func (db *DB) serialize(ctx context.Context, text string, asType bool) (statement any, message string, err error) {
	var raw string
	err = db.query(ctx, "001_expr_parse", map[string]any{"Type": asType}, map[string]any{"text": text},
		func(rows *sql.Rows) error { return rows.Scan(&raw) })
	if err != nil {
		if said := complaint(ctx, err); said != "" {
			return nil, said, nil
		}
		return nil, "", db.failed(ctx, "001_expr_parse", err)
	}
	decoder := json.NewDecoder(strings.NewReader(raw))
	decoder.UseNumber()
	var parsed any
	if err := decoder.Decode(&parsed); err != nil {
		return nil, "it holds a number that is too large", nil // printed as Infinity, which JSON does not have
	}
	if n, ok := parsed.(node); ok && n["error"] == true {
		return nil, unsuited(text, fmt.Sprint(n["error_message"])), nil
	}
	return unplaced(parsed), "", nil
}

// unsuited puts the parser's message into terms of the user's text, which does not know of the "from t" behind it.
func unsuited(text, message string) string {
	message = strings.Replace(message, "\nfrom t\"", "\"", 1)
	if strings.HasSuffix(message, `at or near "from"`) && !strings.Contains(lower(text), "from") {
		message = "syntax error at its end"
	}
	return short(message)
}

// unplaced drops the query locations, which change when a text is written anew.
func unplaced(value any) any {
	switch v := value.(type) {
	case node:
		out := make(node, len(v))
		for key, inner := range v {
			if key != "query_location" {
				out[key] = unplaced(inner)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, inner := range v {
			out[i] = unplaced(inner)
		}
		return out
	}
	return value
}

// parameters counts the parameters of the first statement.
func parameters(parsed any) int {
	root, _ := parsed.(node)
	statements, _ := root["statements"].([]any)
	if len(statements) == 0 {
		return 0
	}
	first, _ := statements[0].(node)
	named, _ := first["named_param_map"].([]any)
	return len(named)
}

// split parts the select list of the first statement from all else.
func split(parsed any) (items []any, rest any) {
	root, _ := parsed.(node)
	statements, _ := root["statements"].([]any)
	if len(statements) == 0 {
		return nil, parsed
	}
	first, _ := statements[0].(node)
	query, _ := first["node"].(node)
	items, _ = query["select_list"].([]any)
	if query == nil {
		return nil, parsed
	}
	emptied := with(first, "node", with(query, "select_list", nil))
	return items, with(root, "statements", append([]any{emptied}, statements[1:]...))
}

// joined is the reverse of split for one statement with one item.
func joined(plain, item any) any {
	root, _ := plain.(node)
	statements, _ := root["statements"].([]any)
	first, _ := statements[0].(node)
	query, _ := first["node"].(node)
	return with(root, "statements", []any{with(first, "node", with(query, "select_list", []any{item}))})
}

// print writes an expression's tree out, and makes sure that the text reads as the same tree.
func (db *DB) print(ctx context.Context, item any) (string, error) {
	plain, err := db.plainQuery(ctx)
	if err != nil {
		return "", err
	}
	var tree bytes.Buffer
	encoder := json.NewEncoder(&tree)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(joined(plain, item)); err != nil {
		return "", err
	}
	var text string
	err = db.query(ctx, "002_expr_print", nil, map[string]any{"tree": tree.String()},
		func(rows *sql.Rows) error { return rows.Scan(&text) })
	if err != nil {
		return "", db.failed(ctx, "002_expr_print", err)
	}
	again, message, err := db.serialize(ctx, text, false)
	if err != nil {
		return "", err
	}
	if text == "" || message != "" || !reflect.DeepEqual(again, joined(plain, item)) {
		return "", errUnstable
	}
	return text, nil
}

// errUnstable marks an expression that DuckDB does not read back as it wrote it.
var errUnstable = errors.New("the expression cannot be written out safely")

// complaint gives what DuckDB says about the user's text, in one line; "" when err is about something else.
func complaint(ctx context.Context, err error) string {
	var said *duckdb.Error
	if ctx.Err() != nil || !errors.As(err, &said) {
		return ""
	}
	switch said.Type {
	case duckdb.ErrorTypeInterrupt, duckdb.ErrorTypeOutOfMemory, duckdb.ErrorTypeConnection, duckdb.ErrorTypeInternal,
		duckdb.ErrorTypeFatal, duckdb.ErrorTypeIO:
		return ""
	}
	return firstLine(said.Msg)
}
