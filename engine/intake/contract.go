package intake

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/loop"
)

// aliases are the type names that a contract may use, lower case, and the DuckDB type that each stands for.
var aliases = map[string]string{
	"boolean": "BOOLEAN", "bool": "BOOLEAN", "logical": "BOOLEAN",
	"tinyint": "TINYINT", "int1": "TINYINT", "smallint": "SMALLINT", "int2": "SMALLINT", "short": "SMALLINT",
	"integer": "INTEGER", "int": "INTEGER", "int4": "INTEGER", "signed": "INTEGER",
	"bigint": "BIGINT", "int8": "BIGINT", "long": "BIGINT", "hugeint": "HUGEINT",
	"utinyint": "UTINYINT", "usmallint": "USMALLINT", "uinteger": "UINTEGER", "ubigint": "UBIGINT",
	"float": "FLOAT", "float4": "FLOAT", "real": "FLOAT", "double": "DOUBLE", "float8": "DOUBLE",
	"decimal": "DECIMAL", "numeric": "DECIMAL",
	"varchar": "VARCHAR", "string": "VARCHAR", "text": "VARCHAR", "char": "VARCHAR",
	"blob": "BLOB", "bytea": "BLOB", "binary": "BLOB", "uuid": "UUID", "json": "JSON",
	"date": "DATE", "time": "TIME",
	"timestamp": "TIMESTAMP", "datetime": "TIMESTAMP", "timestamp_ns": "TIMESTAMP_NS",
	"timestamptz": "TIMESTAMP WITH TIME ZONE", "timestamp with time zone": "TIMESTAMP WITH TIME ZONE",
	"number": someNumber, "whole number": someWhole, "instant": someInstant, "any": anything,
}

// What contracts promise that do not say how a column is stored.
const (
	someNumber  = "a number"
	someWhole   = "a whole number"
	someInstant = "an instant"
	anything    = "a column"
)

var decimalPromise = regexp.MustCompile(`^(?:decimal|numeric) ?\( ?(\d{1,2}) ?(?:, ?(\d{1,2}) ?)?\)$`)

// Promised gives the DuckDB type that a contract names; DECIMAL without digits stays "DECIMAL".
func Promised(written string) (string, bool) {
	text := strings.Join(strings.Fields(strings.ToLower(written)), " ")
	if typ, ok := aliases[text]; ok {
		return typ, true
	}
	m := decimalPromise.FindStringSubmatch(text)
	if m == nil {
		return "", false
	}
	precision, _ := strconv.Atoi(m[1])
	scale, _ := strconv.Atoi("0" + m[2])
	return fmt.Sprintf("DECIMAL(%d,%d)", precision, scale), precision >= 1 && precision <= 38 && scale <= precision
}

// keeps tells whether a column of type found keeps the promise of a type: same class, and every value of the found type
// is a value of the promised one.
//
//	whole numbers   found is no wider; an unsigned type needs more bits in a signed one, and never holds a signed one
//	FLOAT           FLOAT, and whole numbers of at most 16 bits
//	DOUBLE          FLOAT, DOUBLE, and whole numbers of at most 32 bits
//	DECIMAL         any decimal; with digits: no more before the point, no more after it
//	VARCHAR         VARCHAR and JSON
//	TIMESTAMP       TIMESTAMP, TIMESTAMP_NS: a clock without zone; TIMESTAMP WITH TIME ZONE is another thing
//	all others      the same type
//	a number        any number; so with "a whole number" and "an instant"; "a column" is kept by any type
//
// A CSV file has no types of its own. What is read from its text is wider than it need be: a BIGINT there keeps the
// promise of any number, a DOUBLE that of FLOAT and DECIMAL, and both kinds of timestamp stand for each other; any text
// keeps VARCHAR.
func keeps(promised, found string, f Format) bool {
	if promised == found {
		return true
	}
	if f == CSV && keepsText(promised, found) {
		return true
	}
	switch {
	case promised == anything:
		return true
	case promised == someNumber:
		return IsNumber(found)
	case promised == someWhole:
		return IsWhole(found)
	case promised == someInstant:
		return found == "TIMESTAMP_NS" || found == "TIMESTAMP" || found == "TIMESTAMP WITH TIME ZONE"
	case promised == "VARCHAR":
		return found == "JSON"
	case promised == "TIMESTAMP" || promised == "TIMESTAMP_NS":
		return found == "TIMESTAMP" || found == "TIMESTAMP_NS" && promised == "TIMESTAMP"
	case promised == "DECIMAL":
		_, _, ok := decimal(found)
		return ok
	}
	return keepsNumber(promised, found)
}

func keepsText(promised, found string) bool {
	switch {
	case promised == "VARCHAR":
		return true
	case found == "BIGINT":
		return IsNumber(promised) || promised == "DECIMAL"
	case found == "DOUBLE":
		_, _, ok := decimal(promised)
		return ok || promised == "DECIMAL" || promised == "FLOAT"
	}
	stamps := []string{"TIMESTAMP", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE"}
	return slices.Contains(stamps, promised) && slices.Contains(stamps, found)
}

func keepsNumber(promised, found string) bool {
	f, isWhole := whole[found]
	if precision, scale, ok := decimal(promised); ok {
		p, s, isDecimal := decimal(found)
		if isWhole {
			p, s, isDecimal = f.digits, 0, true
		}
		return isDecimal && p-s <= precision-scale && s <= scale
	}
	switch promised {
	case "FLOAT":
		return isWhole && f.bits <= 16
	case "DOUBLE":
		return found == "FLOAT" || isWhole && f.bits <= 32
	}
	p, ok := whole[promised]
	if !ok || !isWhole {
		return false
	}
	if f.signed == p.signed {
		return f.bits <= p.bits
	}
	return p.signed && f.bits < p.bits
}

// breaches holds the files of a source's table against its contract.
func breaches(t *Table, columns []loop.ColumnContract) []Breach {
	var broken []Breach
	for i := range t.Files {
		f := &t.Files[i]
		keys := []string{}
		if t.Hive {
			keys = hiveKeys(f.Name)
		}
		for _, c := range columns {
			promised, ok := Promised(c.Type)
			if !ok {
				continue // told as a fault already
			}
			found := foundType(f, keys, c.Name)
			if found == "" || !keeps(promised, found, f.Format) {
				broken = append(broken, Breach{Input: t.Input, File: f.Name, Column: c.Name, Promised: promised, Found: found})
			}
		}
	}
	return broken
}

func foundType(f *File, keys []string, name string) string {
	for _, key := range keys {
		if strings.EqualFold(key, name) {
			return "VARCHAR"
		}
	}
	for _, c := range f.Columns {
		if strings.EqualFold(c.Name, name) {
			return c.Type
		}
	}
	return ""
}

// checkContract tells the types of a contract that are no types.
func checkContract(l *loop.Loop, s *loop.Source) []*fault.Fault {
	var faults []*fault.Fault
	base := "sources." + s.Name
	for _, c := range s.Columns {
		if _, ok := Promised(c.Type); !ok {
			key := base + ".columns." + c.Name
			faults = append(faults, fault.Usage(l.Where(key),
				"write one of boolean, integer, bigint, double, decimal(p,s), varchar, date, timestamp, timestamptz, ...",
				"%s: %q is no type", key, c.Type))
		}
	}
	return faults
}
