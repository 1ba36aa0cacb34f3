package intake

import (
	"errors"
	"fmt"

	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"
)

// Nested is the type that a column of lists, maps or structs is given: it may be in a file, but nothing can name it.
const Nested = "NESTED"

// physical is DuckDB's name for a Parquet column without annotation.
var physical = map[format.Type]string{
	format.Boolean:           "BOOLEAN",
	format.Int32:             "INTEGER",
	format.Int64:             "BIGINT",
	format.Int96:             "TIMESTAMP",
	format.Float:             "FLOAT",
	format.Double:            "DOUBLE",
	format.ByteArray:         "BLOB",
	format.FixedLenByteArray: "BLOB",
}

// converted is DuckDB's name for an annotated column, with the physical types under which the annotation may stand; nil
// means any.
var converted = map[deprecated.ConvertedType]struct {
	name string
	over []format.Type
}{
	deprecated.UTF8:            {"VARCHAR", []format.Type{format.ByteArray, format.FixedLenByteArray}},
	deprecated.Enum:            {"VARCHAR", []format.Type{format.ByteArray, format.FixedLenByteArray}},
	deprecated.Date:            {"DATE", []format.Type{format.Int32}},
	deprecated.TimeMillis:      {"TIME", []format.Type{format.Int32}},
	deprecated.TimeMicros:      {"TIME", []format.Type{format.Int64}},
	deprecated.TimestampMillis: {"TIMESTAMP", []format.Type{format.Int64}},
	deprecated.TimestampMicros: {"TIMESTAMP", []format.Type{format.Int64}},
	deprecated.Uint8:           {"UTINYINT", []format.Type{format.Int32}},
	deprecated.Uint16:          {"USMALLINT", []format.Type{format.Int32}},
	deprecated.Uint32:          {"UINTEGER", []format.Type{format.Int32}},
	deprecated.Uint64:          {"UBIGINT", []format.Type{format.Int64}},
	deprecated.Int8:            {"TINYINT", []format.Type{format.Int32}},
	deprecated.Int16:           {"SMALLINT", []format.Type{format.Int32}},
	deprecated.Int32:           {"INTEGER", []format.Type{format.Int32}},
	deprecated.Int64:           {"BIGINT", []format.Type{format.Int64}},
	deprecated.Json:            {"JSON", nil},
	deprecated.Interval:        {"INTERVAL", nil},
	24:                         {"INTEGER", nil}, // a retired annotation: nothing but nulls
}

// leaf is what a footer says of one flat column.
type leaf struct {
	Type string
	Flag TimeFlag
	Void bool // annotated as holding nothing but nulls, so that it agrees with any type
}

// leafType gives DuckDB's name for a flat Parquet column, by the rules that DuckDB 1.5 reads footers by: the logical type
// counts for UUID, FLOAT16, times, timestamps and geometry, else the converted type, else the physical type.
func leafType(e *format.SchemaElement) (leaf, error) {
	kind, ok := e.Type.Get()
	if !ok {
		return leaf{}, errors.New("has no physical type")
	}
	if _, known := physical[kind]; !known {
		return leaf{}, fmt.Errorf("has physical type %d, which Parquet does not know", kind)
	}
	if kind == format.FixedLenByteArray && !e.TypeLength.Valid {
		return leaf{}, errors.New("is FIXED_LEN_BYTE_ARRAY without a length")
	}
	if l, ok := logicalType(e, kind); ok {
		return l, nil
	}
	c, ok := e.ConvertedType.Get()
	if !ok {
		l := leaf{Type: physical[kind]}
		if kind == format.Int96 {
			l.Flag = Int96
		}
		return l, nil
	}
	return convertedType(e, kind, c)
}

func logicalType(e *format.SchemaElement, kind format.Type) (leaf, bool) {
	switch t := e.LogicalType.Value.(type) {
	case *format.UUIDType:
		return leaf{Type: "UUID"}, kind == format.FixedLenByteArray
	case *format.Float16Type:
		return leaf{Type: "FLOAT"}, kind == format.FixedLenByteArray && e.TypeLength.V == 2
	case *format.NullType:
		return leaf{Type: "INTEGER", Void: true}, true
	case *format.GeometryType, *format.GeographyType:
		return leaf{Type: "GEOMETRY"}, kind == format.ByteArray
	case *format.TimeType:
		if t.IsAdjustedToUTC {
			return leaf{Type: "TIME WITH TIME ZONE"}, true
		}
		if _, nanos := t.Unit.Value.(*format.NanoSeconds); nanos {
			return leaf{Type: "TIME_NS"}, true
		}
		return leaf{Type: "TIME"}, true
	case *format.TimestampType:
		if t.IsAdjustedToUTC {
			return leaf{Type: "TIMESTAMP WITH TIME ZONE", Flag: UTC}, true
		}
		if _, nanos := t.Unit.Value.(*format.NanoSeconds); nanos {
			return leaf{Type: "TIMESTAMP_NS", Flag: Local}, true
		}
		return leaf{Type: "TIMESTAMP", Flag: Local}, true
	}
	return leaf{}, false
}

func convertedType(e *format.SchemaElement, kind format.Type, c deprecated.ConvertedType) (leaf, error) {
	if c == deprecated.Decimal {
		return decimalType(e, kind)
	}
	rule, ok := converted[c]
	if !ok {
		return leaf{}, fmt.Errorf("is annotated with converted type %d, which DuckDB cannot read", c)
	}
	if rule.over != nil && !isOneOf(kind, rule.over) {
		return leaf{}, fmt.Errorf("is annotated as %s over %s, which do not go together", rule.name, kind)
	}
	l := leaf{Type: rule.name, Void: c == 24}
	if rule.name == "TIMESTAMP" {
		l.Flag = Local
	}
	return l, nil
}

// decimalType gives DECIMAL(p,s), or DOUBLE above 38 digits.
func decimalType(e *format.SchemaElement, kind format.Type) (leaf, error) {
	if !isOneOf(kind, []format.Type{format.Int32, format.Int64, format.ByteArray, format.FixedLenByteArray}) {
		return leaf{}, fmt.Errorf("is annotated as DECIMAL over %s, which do not go together", kind)
	}
	precision, scale := e.Precision.V, e.Scale.V
	if !e.Precision.Valid || !e.Scale.Valid || precision < 1 || scale < 0 || scale > precision {
		return leaf{}, errors.New("is annotated as DECIMAL without a precision and scale that make sense")
	}
	if precision > 38 {
		return leaf{Type: "DOUBLE"}, nil
	}
	return leaf{Type: fmt.Sprintf("DECIMAL(%d,%d)", precision, scale)}, nil
}

func isOneOf(kind format.Type, kinds []format.Type) bool {
	for _, k := range kinds {
		if k == kind {
			return true
		}
	}
	return false
}
