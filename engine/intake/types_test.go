package intake

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"

	"github.com/plumbline-data/plumbline/fixtures/lake"
)

// bare is a Parquet file without rows over the given schema elements, of which top are at its top.
func bare(t testing.TB, top int, elements ...format.SchemaElement) []byte {
	t.Helper()
	meta := format.FileMetaData{Version: 2, CreatedBy: "test", RowGroups: thrift.Slice[format.RowGroup]{}}
	meta.Schema = append(meta.Schema, format.SchemaElement{Name: "root", NumChildren: thrift.New(int32(top))})
	meta.Schema = append(meta.Schema, elements...)
	return sealed(t, &meta)
}

func sealed(t testing.TB, meta *format.FileMetaData) []byte {
	t.Helper()
	foot, err := thrift.Marshal(&thrift.CompactProtocol{}, meta)
	if err != nil {
		t.Fatal(err)
	}
	file := append([]byte("PAR1"), foot...)
	file = binary.LittleEndian.AppendUint32(file, uint32(len(foot)))
	return append(file, "PAR1"...)
}

func element(kind format.Type) format.SchemaElement {
	e := format.SchemaElement{Name: "x", Type: thrift.New(kind), RepetitionType: thrift.New(format.Optional)}
	if kind == format.FixedLenByteArray {
		e.TypeLength = thrift.New(int32(16))
	}
	return e
}

// allElements are physical types under every annotation, sensible or not.
func allElements() map[string]format.SchemaElement {
	all := map[string]format.SchemaElement{}
	unit := func(v format.TimeUnitValue) format.TimeUnit { return format.TimeUnit{Value: v} }
	logical := []format.LogicalTypeValue{
		&format.StringType{}, &format.EnumType{}, &format.DecimalType{Precision: 9, Scale: 2}, &format.DateType{},
		&format.TimeType{Unit: unit(&format.MicroSeconds{})},
		&format.TimeType{Unit: unit(&format.NanoSeconds{})},
		&format.TimeType{IsAdjustedToUTC: true, Unit: unit(&format.NanoSeconds{})},
		&format.TimestampType{IsAdjustedToUTC: true, Unit: unit(&format.NanoSeconds{})},
		&format.TimestampType{IsAdjustedToUTC: true, Unit: unit(&format.MicroSeconds{})},
		&format.TimestampType{Unit: unit(&format.MilliSeconds{})},
		&format.TimestampType{Unit: unit(&format.NanoSeconds{})},
		&format.IntType{BitWidth: 8, IsSigned: true}, &format.NullType{}, &format.JsonType{}, &format.BsonType{},
		&format.UUIDType{}, &format.Float16Type{}, &format.GeometryType{},
	}
	for kind := format.Boolean; kind <= format.FixedLenByteArray; kind++ {
		all[kind.String()] = element(kind)
		for c := deprecated.ConvertedType(0); c <= 24; c++ {
			if c >= deprecated.Map && c <= deprecated.List || c == 22 || c == 23 {
				continue // of groups; not known to Thrift
			}
			e := element(kind)
			e.ConvertedType = thrift.New(c)
			if c == deprecated.Decimal {
				e.Precision, e.Scale = thrift.New(int32(9)), thrift.New(int32(2))
			}
			all[fmt.Sprintf("%s converted %d", kind, c)] = e
		}
		for i, v := range logical {
			e := element(kind)
			e.LogicalType = format.LogicalType{Value: v}
			all[fmt.Sprintf("%s logical %d %s", kind, i, v)] = e
		}
	}
	half := element(format.FixedLenByteArray)
	half.TypeLength, half.LogicalType = thrift.New(int32(2)), format.LogicalType{Value: &format.Float16Type{}}
	all["float16"] = half
	wide := element(format.ByteArray)
	wide.ConvertedType, wide.Precision, wide.Scale = thrift.New(deprecated.Decimal), thrift.New(int32(40)), thrift.New(int32(2))
	all["wide decimal"] = wide
	vague := element(format.Int32)
	vague.ConvertedType, vague.Precision = thrift.New(deprecated.Decimal), thrift.New(int32(9))
	all["decimal without scale"] = vague
	list := element(format.Int32)
	list.RepetitionType = thrift.New(format.Repeated)
	all["repeated"] = list
	return all
}

// The types that the footer gives are those that DuckDB reads, and what DuckDB refuses is refused.
func TestTypesAgreeWithDuckDB(t *testing.T) {
	db := lake.Duck(t)
	dir := t.TempDir()
	n := 0
	for label, e := range allElements() {
		file := filepath.Join(dir, fmt.Sprintf("%d.parquet", n))
		n++
		if err := os.WriteFile(file, bare(t, 1, e), 0o644); err != nil {
			t.Fatal(err)
		}
		want, wantErr := describe(t, db, "select * from read_parquet($1)", file)
		foot, _, err := openParquet(t.Context(), file, nil)
		if (err != nil) != (wantErr != nil) {
			t.Errorf("%s: got error %v, DuckDB %v", label, err, wantErr)
			continue
		}
		if err == nil && foot.columns[0].Type != want[0].Type {
			t.Errorf("%s: got %s, DuckDB reads %s", label, foot.columns[0].Type, want[0].Type)
		}
	}
}

func TestTimeFlags(t *testing.T) {
	dir := put(t, map[string]string{"x.parquet": `select now() as zoned, current_date as day, timestamp '2024-01-01' as local,
		'2024-01-01'::timestamp_ns as nanos, [1] as list, {'a': 1} as struct, map {'a': 1} as map`})
	foot, _, err := openParquet(t.Context(), filepath.Join(dir, "x.parquet"), nil)
	if err != nil {
		t.Fatal(err)
	}
	want := []Column{
		{Name: "zoned", Type: "TIMESTAMP WITH TIME ZONE", Flag: UTC}, {Name: "day", Type: "DATE", Flag: NoTime}, {Name: "local", Type: "TIMESTAMP", Flag: Local},
		{Name: "nanos", Type: "TIMESTAMP_NS", Flag: Local}, {Name: "list", Type: Nested, Flag: NoTime}, {Name: "struct", Type: Nested, Flag: NoTime}, {Name: "map", Type: Nested, Flag: NoTime},
	}
	if fmt.Sprint(foot.columns) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", foot.columns, want)
	}
	file := filepath.Join(dir, "int96.parquet")
	if err := os.WriteFile(file, bare(t, 1, element(format.Int96)), 0o644); err != nil {
		t.Fatal(err)
	}
	foot, _, err = openParquet(t.Context(), file, nil)
	if err != nil || foot.columns[0].Flag != Int96 {
		t.Errorf("INT96: got %v, %v", foot.columns, err)
	}
}

// Numbers of different width, and clocks without zone, meet in the type that DuckDB reads them as.
func TestWiderAgreesWithDuckDB(t *testing.T) {
	db := lake.Duck(t)
	dir := t.TempDir()
	types := []string{"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "FLOAT",
		"DOUBLE", "DECIMAL(9,2)", "DECIMAL(18,4)", "DECIMAL(38,10)", "DATE", "TIMESTAMP", "TIMESTAMP_NS"}
	for _, typ := range types {
		if _, err := db.Exec("copy (select null::" + typ + " as x) to '" + filepath.Join(dir, typ+".parquet") + "'"); err != nil {
			t.Fatal(err)
		}
	}
	for _, a := range types {
		for _, b := range types {
			if family(a) != family(b) {
				continue
			}
			files := []string{filepath.Join(dir, a+".parquet"), filepath.Join(dir, b+".parquet")}
			want, err := describe(t, db, "select * from read_parquet($1::varchar[], union_by_name = true)", files)
			if err != nil {
				t.Fatal(err)
			}
			if got := wider(a, b); got != want[0].Type {
				t.Errorf("wider(%s, %s) = %s, DuckDB reads %s", a, b, got, want[0].Type)
			}
		}
	}
}
