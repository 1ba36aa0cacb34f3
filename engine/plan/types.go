package plan

import (
	"strings"

	"github.com/plumbline-data/plumbline/engine/intake"
)

// zoned is DuckDB's name for instants with a zone.
const zoned = "TIMESTAMP WITH TIME ZONE"

// ClassOf gives the class of a DuckDB type; "" where its values cannot be compared: nested values, times of day,
// intervals and geometries.
func ClassOf(typ string) Class {
	switch {
	case intake.IsNumber(typ):
		return Number
	case typ == "BOOLEAN":
		return Boolean
	case isText(typ):
		return Text
	case formOf(typ) != "" && formOf(typ) != Words:
		return Instant
	}
	return ""
}

// isText tells the types that compare as VARCHAR.
func isText(typ string) bool {
	return typ == "VARCHAR" || typ == "JSON" || typ == "UUID" || typ == "BLOB" || strings.HasPrefix(typ, "ENUM")
}

// formOf gives the form of a column of instants; "" for types that hold none.
func formOf(typ string) Form {
	switch typ {
	case zoned:
		return Zoned
	case "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS":
		return Naive
	case "DATE":
		return Date
	case "VARCHAR":
		return Words
	}
	return ""
}

// comparable tells whether a served value of class a can equal a replayed one of class b.
func comparable(a, b Class) bool {
	number := func(c Class) bool { return c == Number || c == Boolean }
	return a == b || number(a) && number(b)
}

// Meet tells whether columns of two types can be the sides of a key.
func Meet(a, b string) bool {
	_, ok := keyKind(a, b)
	return ok
}

// keyKind gives what two types are cast to as sides of a key, and whether they can meet at all. Whole numbers past
// BIGINT meet as text, which writes them all alike.
func keyKind(a, b string) (KeyKind, bool) {
	fa, fb := formOf(a), formOf(b)
	clock := func(f Form) bool { return f == Naive || f == Date }
	switch {
	case intake.IsWhole(a) && intake.IsWhole(b):
		if fitsBigint(a) && fitsBigint(b) {
			return KeyInteger, true
		}
		return KeyText, true
	case intake.IsNumber(a) && intake.IsNumber(b):
		return KeyDouble, true
	case a == "BOOLEAN" && b == "BOOLEAN":
		return KeyBool, true
	case isText(a) && isText(b):
		return KeyText, true
	case a == "DATE" && b == "DATE":
		return KeyDate, true
	case clock(fa) && clock(fb), fa == Zoned && fb == Zoned:
		return KeyTime, true
	case a == b && strings.HasPrefix(a, "TIME"):
		return KeyText, true
	}
	return "", false
}

// namesFolder tells the types whose values are written in one way, so that they meet the names of partition folders as text.
func namesFolder(typ string) bool { return intake.IsWhole(typ) || typ == "DATE" || typ == "BOOLEAN" }

// fitsBigint tells the whole-number types whose every value is a BIGINT.
func fitsBigint(typ string) bool {
	switch typ {
	case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER":
		return true
	}
	digits, ok := strings.CutPrefix(typ, "DECIMAL(")
	if !ok {
		return false
	}
	precision, _, _ := strings.Cut(digits, ",")
	return len(precision) == 1 || len(precision) == 2 && precision <= "18"
}

// isScalar tells the types that can be cast to VARCHAR and stand for themselves: all but nested ones.
func isScalar(typ string) bool {
	return typ != intake.Nested && typ != "GEOMETRY"
}
