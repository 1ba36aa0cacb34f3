package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/plumbline-data/plumbline/engine/fault"
)

// typedNull is a column of 004_expr_type: a NULL of the column's type.
type typedNull struct {
	Name string
	Null Expression
}

// finish writes a checked tree out and finds its type; under an aggregate it makes sure that the aggregate takes it.
func (db *DB) finish(ctx context.Context, c *checker, tree any, aggregate string) (Expression, error) {
	text, err := db.print(ctx, tree)
	if errors.Is(err, errUnstable) {
		return Expression{}, c.refuse("write it another way", "holds a form that DuckDB does not read back as it writes it")
	}
	if err != nil {
		return Expression{}, err
	}
	out := Expression{SQL: text, Columns: c.used, Aggregate: aggregate}
	columns, err := db.typed(ctx, c)
	if err != nil {
		return Expression{}, err
	}
	for _, under := range slices.Compact([]string{aggregate, ""}) {
		found, err := db.typeOf(ctx, out, columns, under)
		if message := complaint(ctx, err); err != nil && message != "" {
			return Expression{}, c.refuse(c.typesHint(message), "cannot be computed: %s", message)
		}
		if err != nil {
			return Expression{}, db.failed(ctx, "004_expr_type", err)
		}
		out.Type = found
	}
	return out, nil
}

func (c *checker) typesHint(message string) string {
	if strings.Contains(message, "explicit time zone") {
		return "write `at time zone 'UTC'` behind the timestamp with time zone"
	}
	if len(c.used) == 0 {
		return "check the types of the values"
	}
	var all []string
	for _, column := range c.columns {
		if slices.Contains(c.used, column.Name) {
			all = append(all, fmt.Sprintf("%q is %s", column.Name, column.Type))
		}
	}
	return "check the types: " + strings.Join(all, ", ")
}

func (db *DB) typeOf(ctx context.Context, e Expression, columns []typedNull, aggregate string) (string, error) {
	data := map[string]any{"Expr": e, "Columns": columns, "Aggregate": aggregate, "Unused": unused(columns)}
	var found string
	err := db.query(ctx, "004_expr_type", data, nil, func(rows *sql.Rows) error { return rows.Scan(&found) })
	return strings.Trim(found, `"`), err
}

// unused gives a name that no column has.
func unused(columns []typedNull) string {
	name := "none"
	for slices.ContainsFunc(columns, func(c typedNull) bool { return lower(c.Name) == name }) {
		name += "_"
	}
	return name
}

// typed gives a NULL of its type for each column that is used.
func (db *DB) typed(ctx context.Context, c *checker) ([]typedNull, error) {
	var out []typedNull
	for _, column := range c.columns {
		if !slices.Contains(c.used, column.Name) {
			continue
		}
		text, err := db.null(ctx, column.Type)
		if err != nil {
			return nil, fmt.Errorf("column %q is %s: %w", column.Name, column.Type, err)
		}
		if text == "" {
			return nil, c.refuse("convert the column", "reads column %q, whose type %s is not DuckDB's own", column.Name, column.Type)
		}
		out = append(out, typedNull{Name: column.Name, Null: Expression{SQL: text}})
	}
	return out, nil
}

// null gives a NULL of the type that name names, "" when that is none of DuckDB's own. The name is parsed and checked
// as an expression is: it comes from a file.
func (db *DB) null(ctx context.Context, name string) (string, error) {
	if text, ok := db.nulls[name]; ok {
		return text, nil
	}
	tree, _, err := db.parse(ctx, name, nil, true)
	if fault.IsUsage(err) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	cast, _ := tree.(node)
	child, _ := cast["child"].(node)
	if cast["class"] != "CAST" || child["class"] != "CONSTANT" || !plainType(cast["cast_type"]) {
		return "", nil
	}
	text, err := db.print(ctx, tree)
	if errors.Is(err, errUnstable) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	db.nulls[name] = text
	return text, nil
}
