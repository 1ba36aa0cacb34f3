package warehouse

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/template"
	"time"
	_ "time/tzdata" // zones on hosts that have none
)

// printers are the functions that an action of a stage may print with: each checks what it is given.
func printers() template.FuncMap {
	return template.FuncMap{
		"ident": ident, "expr": expr, "utc": utc, "unzoned": unzoned, "zone": zone, "key": key, "name": name, "num": num,
		"literal": literal, "path": pathLiteral,
	}
}

// helpers are the functions that a stage may range and compare with; what they return cannot be printed.
func helpers() template.FuncMap {
	return template.FuncMap{"add": add, "seq": seq, "last": last}
}

// ident quotes the name of a column or table.
func ident(name string) (string, error) {
	if name == "" || strings.ContainsRune(name, 0) {
		return "", fmt.Errorf("%q cannot be a name", name)
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`, nil
}

// expr places a checked expression.
func expr(e any) (string, error) {
	var text string
	switch x := e.(type) {
	case Expression:
		text = x.SQL
	case *Expression:
		if x == nil {
			return "", errors.New("no expression")
		}
		text = x.SQL
	default:
		return "", fmt.Errorf("a %T is not a checked expression", e)
	}
	if text == "" {
		return "", errors.New("the expression has no text")
	}
	return "(" + text + ")", nil
}

// zone gives the name of an IANA time zone as a string.
func zone(name string) (string, error) {
	if !zoneNames.MatchString(name) || name == "Local" {
		return "", fmt.Errorf("%q is no time zone", name)
	}
	if _, err := time.LoadLocation(name); err != nil {
		return "", fmt.Errorf("%q is no time zone: %w", name, err)
	}
	return "'" + name + "'", nil
}

// key casts a column to the type that both sides of a join are compared as. Instants of any kind become a TIMESTAMP in
// UTC: those without zone are taken as they stand.
func key(column string, kind any) (string, error) {
	k := reflect.ValueOf(kind)
	if k.Kind() != reflect.String {
		return "", fmt.Errorf("a %T is not the type of a key", kind)
	}
	switch k.String() {
	case "BIGINT", "DOUBLE", "VARCHAR", "DATE", "TIMESTAMP", "BOOLEAN":
		return fragment("join_key", map[string]string{"Column": column, "Kind": k.String()})
	}
	return "", fmt.Errorf("%q is not the type of a key", k.String())
}

// name passes a bare word: the name of a type, or part of a name that is composed.
func name(word any) (string, error) {
	w := reflect.ValueOf(word)
	if w.Kind() != reflect.String || !bareWords.MatchString(w.String()) {
		return "", fmt.Errorf("%v is not a word of letters, digits and _", word)
	}
	return w.String(), nil
}

// num prints a whole number; a duration in microseconds.
func num(value any) (string, error) {
	if d, ok := value.(time.Duration); ok {
		return strconv.FormatInt(d.Microseconds(), 10), nil
	}
	v := reflect.ValueOf(value)
	switch {
	case v.IsValid() && v.CanInt():
		return strconv.FormatInt(v.Int(), 10), nil
	case v.IsValid() && v.CanUint():
		return strconv.FormatUint(v.Uint(), 10), nil
	}
	return "", fmt.Errorf("a %T is not a whole number", value)
}

// add adds whole numbers.
func add(numbers ...int) int {
	sum := 0
	for _, n := range numbers {
		sum += n
	}
	return sum
}

// seq gives 0 to n-1.
func seq(n int) []int {
	return slices.Collect(func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	})
}

// last tells whether i is the last index of list.
func last(i int, list any) (bool, error) {
	v := reflect.ValueOf(list)
	switch v.Kind() {
	case reflect.Slice, reflect.Array, reflect.Map:
		return i == v.Len()-1, nil
	}
	return false, fmt.Errorf("a %T is not a list", list)
}

var (
	zoneNames = regexp.MustCompile(`^[A-Za-z0-9_+/-]+$`)
	bareWords = regexp.MustCompile(`^[A-Za-z0-9_]+$`)
)
