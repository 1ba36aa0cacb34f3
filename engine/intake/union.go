package intake

import (
	"fmt"
	"slices"
	"strings"

	"github.com/plumbline-data/plumbline/engine/fault"
)

// whole are the integer types: signed, and bits.
var whole = map[string]struct {
	signed bool
	bits   int
	digits int // as a DECIMAL
}{
	"TINYINT": {true, 8, 3}, "SMALLINT": {true, 16, 5}, "INTEGER": {true, 32, 10}, "BIGINT": {true, 64, 19},
	"HUGEINT": {true, 128, 38}, "UTINYINT": {false, 8, 3}, "USMALLINT": {false, 16, 5}, "UINTEGER": {false, 32, 10},
	"UBIGINT": {false, 64, 20}, "UHUGEINT": {false, 128, 38},
}

// IsWhole tells the types of whole numbers, decimals without a fraction included.
func IsWhole(typ string) bool {
	if _, ok := whole[typ]; ok {
		return true
	}
	_, scale, ok := decimal(typ)
	return ok && scale == 0
}

// IsNumber tells the numeric types.
func IsNumber(typ string) bool {
	_, _, isDecimal := decimal(typ)
	return isDecimal || IsWhole(typ) || typ == "FLOAT" || typ == "DOUBLE"
}

// decimal reads DECIMAL(p,s).
func decimal(typ string) (precision, scale int, ok bool) {
	n, err := fmt.Sscanf(typ, "DECIMAL(%d,%d)", &precision, &scale)
	return precision, scale, err == nil && n == 2
}

// family is what the types of one column may differ within between the files of an input: all numbers; DATE and
// timestamps without zone. Every other type is a family of its own: a clock with a zone and one without do not mix, nor
// do text and numbers, though DuckDB would put them under one type in silence.
func family(typ string) string {
	switch {
	case IsNumber(typ):
		return "number"
	case slices.Contains(naive, typ):
		return "timestamp"
	}
	return typ
}

// naive are the clocks without zone, narrowest first.
var naive = []string{"DATE", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP", "TIMESTAMP_NS"}

// wider gives the type that DuckDB reads two types of one family as.
func wider(a, b string) string {
	if a == b {
		return a
	}
	if family(a) == "timestamp" {
		return naive[max(slices.Index(naive, a), slices.Index(naive, b))]
	}
	for _, floating := range []string{"DOUBLE", "FLOAT"} {
		if a == floating || b == floating {
			return floating
		}
	}
	x, okX := whole[a]
	y, okY := whole[b]
	if okX && okY {
		if x.signed == y.signed {
			if x.bits > y.bits {
				return a
			}
			return b
		}
		bits := max(x.bits, 2*y.bits)
		if y.signed {
			bits = max(2*x.bits, y.bits)
		}
		return map[int]string{16: "SMALLINT", 32: "INTEGER", 64: "BIGINT", 128: "HUGEINT", 256: "HUGEINT"}[bits]
	}
	return widerDecimal(a, b)
}

// widerDecimal keeps the digits of both before the point, and of both after it, as far as 38 go.
func widerDecimal(a, b string) string {
	digits, scale := 0, 0
	for _, typ := range []string{a, b} {
		p, s, ok := decimal(typ)
		if !ok {
			p, s = whole[typ].digits, 0
		}
		digits, scale = max(digits, p-s), max(scale, s)
	}
	return fmt.Sprintf("DECIMAL(%d,%d)", min(38, digits+scale), scale)
}

// union gives the columns of all files of an input, in order of first appearance, and the faults of columns whose types
// cannot meet. Names that differ only by case are one column, as DuckDB takes them, spelt as in the first file.
func union(files []*scanned, keys []string) ([]Column, []*fault.Fault) {
	type seen struct {
		at   int
		file string
		void bool
	}
	var columns []Column
	var faults []*fault.Fault
	first := map[string]*seen{}
	partition := map[string]bool{}
	for _, key := range keys {
		partition[strings.ToLower(key)] = true
	}
	for _, f := range files {
		for _, c := range f.Columns {
			lower := strings.ToLower(c.Name)
			if partition[lower] {
				continue
			}
			s, known := first[lower]
			switch {
			case !known:
				first[lower] = &seen{at: len(columns), file: f.Name, void: f.void[c.Name]}
				columns = append(columns, c)
			case f.void[c.Name]:
			case s.void:
				columns[s.at].Type, columns[s.at].Flag = c.Type, c.Flag
				s.file, s.void = f.Name, false
			case family(columns[s.at].Type) != family(c.Type):
				faults = append(faults, fault.Data(f.Name, "write both files with one type for it",
					"column %q is %s, but %s in %s", c.Name, c.Type, columns[s.at].Type, s.file))
			default:
				columns[s.at].Type = wider(columns[s.at].Type, c.Type)
				if columns[s.at].Flag != c.Flag {
					columns[s.at].Flag = Local
				}
			}
		}
	}
	for _, s := range first {
		columns[s.at].Void = s.void
	}
	for _, key := range keys {
		columns = append(columns, Column{Name: key, Type: "VARCHAR"})
	}
	return columns, faults
}
