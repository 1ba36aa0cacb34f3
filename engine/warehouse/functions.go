package warehouse

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
)

// function is what DuckDB's catalogue says of a name that can be called in an expression.
type function struct {
	kinds       []string // scalar, aggregate, macro
	stabilities []string
}

// catalogue gives the functions by name in lower case; it is read once per DB.
func (db *DB) catalogue(ctx context.Context) (map[string]function, error) {
	if db.functions != nil {
		return db.functions, nil
	}
	byName := map[string]function{}
	err := db.query(ctx, "003_expr_functions", nil, nil, func(rows *sql.Rows) error {
		var name, kind, stability string
		if err := rows.Scan(&name, &kind, &stability); err != nil {
			return err
		}
		f := byName[name]
		f.kinds = append(f.kinds, kind)
		f.stabilities = append(f.stabilities, stability)
		byName[name] = f
		return nil
	})
	if err != nil {
		return nil, db.failed(ctx, "003_expr_functions", err)
	}
	db.functions = byName
	return byName, nil
}

// refusal says why a function cannot be called in an expression with so many arguments; "" when it can.
func refusal(known map[string]function, name string, arguments int) (what, fix string) {
	const rowOnly = "use only functions of the row's own columns"
	if reason := forbidden(name, arguments); reason != "" {
		return reason, rowOnly
	}
	f, ok := known[name]
	switch {
	case !ok:
		return "is not a function of one row that DuckDB knows", "check the spelling; " + rowOnly
	case slices.Contains(f.kinds, "aggregate"):
		return "is an aggregate, and this is an expression over one row", "use a function of one row, or the feature's `aggregate`"
	case slices.Contains(f.kinds, "macro"):
		if macros(name) {
			return "", ""
		}
		return "is a macro, which is not checked", "write out what it computes"
	case slices.Contains(f.stabilities, "VOLATILE"):
		return "gives another value on every call, or acts on something", rowOnly
	case slices.Contains(f.stabilities, "CONSISTENT_WITHIN_QUERY"):
		return "depends on when or where the query runs", rowOnly
	}
	for _, s := range f.stabilities {
		if s != "CONSISTENT" {
			return "has stability " + s, rowOnly
		}
	}
	return "", ""
}

// macros tells which of DuckDB's own macros are allowed: their bodies call stable functions of their arguments only.
// nullif is allowed too, but written out (see checker.call).
func macros(name string) bool {
	switch name {
	case "array_append", "array_prepend", "array_reverse", "array_to_string", "date_add", "days_in_month", "fdiv", "fmod",
		"list_append", "list_avg", "list_count", "list_first", "list_last", "list_max", "list_min", "list_prepend",
		"list_reverse", "list_sum", "round_even", "split_part":
		return true
	}
	return false
}

// maxLength is how long a text or list may be asked for.
const maxLength = 1000

// grows tells the functions whose numbers say how long a text or list they make: one call could fill the memory, and
// would not stop when told to.
func grows(name string) bool {
	switch name {
	case "range", "generate_series", "repeat", "lpad", "rpad", "list_resize", "array_resize", "bar":
		return true
	}
	return false
}

// modest tells whether every argument after the first, or the first of one alone, that could be a length is a constant,
// and no more than maxLength.
func modest(arguments []any) bool {
	for i, a := range arguments {
		n, _ := a.(node)
		if i == 0 && len(arguments) > 1 && n["class"] != "CONSTANT" { // the text or list
			continue
		}
		value, _ := n["value"].(node)
		switch v := value["value"].(type) {
		case json.Number:
			if f, err := v.Float64(); err != nil || f > maxLength {
				return false
			}
		case string:
		default:
			return false
		}
	}
	return true
}

// forbidden names functions that the catalogue calls stable though they are not functions of their arguments, or that
// reach into the engine; and why.
func forbidden(name string, arguments int) string {
	switch name {
	case "age":
		if arguments == 1 {
			return "depends on when the query runs"
		}
	case "current_localtime", "current_localtimestamp":
		return "depends on when the query runs"
	case "current_setting", "getvariable", "getenv", "version":
		return "depends on where the query runs"
	case "hash":
		return "may change with DuckDB's version"
	case "unnest", "generate_subscripts":
		return "makes several rows of one"
	case "list_aggr", "list_aggregate", "array_aggr", "array_aggregate", "aggregate":
		return "calls an aggregate that cannot be checked"
	case "add_parquet_key", "alias", "can_cast_implicitly", "cast_to_type", "combine", "constant_or_null",
		"create_sort_key", "finalize", "get_type", "json_deserialize_sql", "json_execute_serialized_sql",
		"json_serialize_plan", "json_serialize_sql", "make_type", "parse_duckdb_log_message", "remap_struct", "replace_type",
		"unpivot_list", "variant_bytes_to_variant", "variant_normalize", "variant_to_parquet_variant", "vector_type":
		return "reaches into the engine"
	}
	if len(name) > 1 && name[:2] == "__" {
		return "reaches into the engine"
	}
	return ""
}
