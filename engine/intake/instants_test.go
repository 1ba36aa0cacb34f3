package intake

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// What the footer of a file that DuckDB wrote says of its instants and dates.
func TestRangesOfRealFiles(t *testing.T) {
	dir := put(t, map[string]string{"x.parquet": `select i as n,
		'2024-03-01 05:06:07.123456'::timestamp + interval (i) hour as us, '2024-03-01 05:06:07.123'::timestamp_ms + interval (i) hour as ms,
		'2024-03-01 05:06:07.123456789'::timestamp_ns as ns, '2024-03-01 05:06:07+02:00'::timestamptz as tz, '2024-03-01'::date + i::integer as d,
		null::timestamp as nothing, case when i = 0 then null else '2024-03-01'::timestamp end as part, 'infinity'::timestamp as ever,
		['2024-03-01'::timestamp] as many, {'at': '2024-03-01'::timestamp} as inner, '12:00'::time as clock from range(3) t(i)`})
	s := &scanned{File: File{Path: dir + "/x.parquet"}}
	s.readParquet(t.Context())
	if s.err != nil {
		t.Fatal(s.err)
	}
	want := `us local 2024-03-01T05:06:07.123456Z 2024-03-01T07:06:07.123456Z
ms local 2024-03-01T05:06:07.123Z 2024-03-01T07:06:07.123Z
ns local 2024-03-01T05:06:07.123456789Z 2024-03-01T05:06:07.123456789Z
tz utc 2024-03-01T03:06:07Z 2024-03-01T03:06:07Z
d  2024-03-01T00:00:00Z 2024-03-03T00:00:00Z
part local 2024-03-01T00:00:00Z 2024-03-01T00:00:00Z`
	if got := renderRanges(s.Ranges); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func renderRanges(all []Range) string {
	var lines []string
	for _, r := range all {
		lines = append(lines, fmt.Sprintf("%s %s %s %s", r.Column, r.Flag, r.First.Format(time.RFC3339Nano), r.Last.Format(time.RFC3339Nano)))
	}
	return strings.Join(lines, "\n")
}

// Statistics that are missing, or make no sense, give no range; those of all row groups come together.
func TestRanges(t *testing.T) {
	micro := func(v int64) []byte { return binary.LittleEndian.AppendUint64(nil, uint64(v)) }
	type chunk struct {
		values, nulls int64
		low, high     []byte
		old           bool
		path          []string
	}
	tests := []struct {
		name   string
		chunks []chunk // of one row group each
		want   string
	}{
		{"none", nil, ""},
		{"two", []chunk{{values: 2, low: micro(2e6), high: micro(3e6)}, {values: 1, low: micro(1e6), high: micro(1e6)}}, "1970-01-01T00:00:01Z 1970-01-01T00:00:03Z"},
		{"before 1970", []chunk{{values: 2, low: micro(-2e6), high: micro(-1e6)}}, "1969-12-31T23:59:58Z 1969-12-31T23:59:59Z"},
		{"older writers", []chunk{{values: 2, low: micro(2e6), high: micro(3e6), old: true}}, "1970-01-01T00:00:02Z 1970-01-01T00:00:03Z"},
		{"nothing but nulls", []chunk{{values: 2, nulls: 2}}, ""},
		{"nothing but nulls in one", []chunk{{values: 2, low: micro(2e6), high: micro(3e6)}, {values: 2, nulls: 2}}, "1970-01-01T00:00:02Z 1970-01-01T00:00:03Z"},
		{"no statistics", []chunk{{values: 2}}, ""},
		{"no statistics in one", []chunk{{values: 2, low: micro(2e6), high: micro(3e6)}, {values: 2}}, ""},
		{"no rows in one", []chunk{{values: 2, low: micro(2e6), high: micro(3e6)}, {values: 0}}, "1970-01-01T00:00:02Z 1970-01-01T00:00:03Z"},
		{"another column in one", []chunk{{values: 2, low: micro(2e6), high: micro(3e6)}, {values: 2, low: micro(2e6), high: micro(3e6), path: []string{"b"}}}, ""},
		{"a part of another column", []chunk{{values: 2, low: micro(2e6), high: micro(3e6), path: []string{"at", "x"}}}, ""},
		{"upside down", []chunk{{values: 2, low: micro(3e6), high: micro(2e6)}}, ""},
		{"cut", []chunk{{values: 2, low: micro(3e6)[:5], high: micro(3e6)}}, ""},
		{"half", []chunk{{values: 2, low: micro(3e6)}}, ""},
		{"infinity", []chunk{{values: 2, low: micro(0), high: micro(math.MaxInt64)}}, ""},
		{"the far past", []chunk{{values: 2, low: micro(math.MinInt64), high: micro(0)}}, ""},
	}
	at := element(format.Int64)
	at.Name = "at"
	at.LogicalType = format.LogicalType{Value: &format.TimestampType{IsAdjustedToUTC: true, Unit: format.TimeUnit{Value: &format.MicroSeconds{}}}}
	for _, test := range tests {
		meta := &format.FileMetaData{Schema: []format.SchemaElement{{Name: "root", NumChildren: thrift.New(int32(1))}, at}}
		for _, c := range test.chunks {
			m := format.ColumnMetaData{NumValues: c.values, PathInSchema: thrift.Slice[string]{"at"}, Statistics: format.Statistics{NullCount: c.nulls}}
			if c.path != nil {
				m.PathInSchema = c.path
			}
			if c.old {
				m.Statistics.Min, m.Statistics.Max = c.low, c.high
			} else {
				m.Statistics.MinValue, m.Statistics.MaxValue = c.low, c.high
			}
			meta.RowGroups = append(meta.RowGroups, format.RowGroup{NumRows: c.values, Columns: thrift.Slice[format.ColumnChunk]{{MetaData: m}}})
		}
		want := test.want
		if want != "" {
			want = "at utc " + want
		}
		if got := renderRanges(ranges(meta)); got != want {
			t.Errorf("%s: got %q, want %q", test.name, got, want)
		}
	}
}

// Time zones that writers note are found; what is not as they write it is passed over, and the digest is of all bytes.
func TestZones(t *testing.T) {
	tests := []struct {
		name  string
		pairs map[string]string
		want  string
	}{
		{"none", nil, "[]"},
		{"others", map[string]string{"ARROW:schema": "/////", "org.apache.spark.version": "3.5.0"}, "[]"},
		{"pandas", map[string]string{"pandas": `{"index_columns": [], "columns": [{"name": "at", "pandas_type": "datetimetz", "metadata": {"timezone": "America/New_York"}},
			{"name": "b", "metadata": {"timezone": "UTC"}}, {"name": "c", "metadata": {"timezone": "UTC"}}, {"name": "d", "metadata": null}, {"name": null, "metadata": {"encoding": "UTF-8"}}]}`},
			"[America/New_York UTC]"},
		{"spark", map[string]string{"org.apache.spark.timeZone": "Europe/Berlin"}, "[Europe/Berlin]"},
		{"both", map[string]string{"org.apache.spark.timeZone": "Europe/Berlin", "pandas": `{"columns": [{"metadata": {"timezone": "+02:00"}}]}`}, "[+02:00 Europe/Berlin]"},
		{"not JSON", map[string]string{"pandas": "{"}, "[]"},
		{"other JSON", map[string]string{"pandas": `{"columns": {"at": 1}}`}, "[]"},
		{"metadata of another kind", map[string]string{"pandas": `{"columns": [{"metadata": "x"}, {"metadata": {"timezone": 5}}, {"metadata": {"timezone": "UTC"}}]}`}, "[UTC]"},
		{"no names", map[string]string{"org.apache.spark.timeZone": strings.Repeat("x", 65), "pandas": `{"columns": [{"metadata": {"timezone": "a\nb"}}, {"metadata": {"timezone": "é"}}]}`}, "[]"},
	}
	for _, test := range tests {
		var b bytes.Buffer
		options := []parquet.WriterOption{}
		for key, value := range test.pairs {
			options = append(options, parquet.KeyValueMetadata(key, value))
		}
		w := parquet.NewGenericWriter[row](&b, options...)
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		foot, err := readFooter(bytes.NewReader(b.Bytes()), int64(b.Len()))
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(foot.zones); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}

func TestDateOf(t *testing.T) {
	tests := []struct{ name, want string }{
		{"weather.parquet", ""},
		{"weather_2024-03-01.parquet", "2024-03-01"},
		{"weather_20240301.parquet", "2024-03-01"},
		{"20240301T0500.parquet", "2024-03-01"},
		{"2024-03-01_2024-03-08.parquet", "2024-03-01"},
		{"weather_2024-0301.parquet", ""},
		{"weather_2024-13-01.parquet", ""},
		{"weather_2023-02-29.parquet", ""},
		{"2023-02-29_2024-02-29.parquet", "2024-02-29"},
		{"weather_120240301.parquet", ""},
		{"weather_202403011.parquet", ""},
		{"part-18990101-0.parquet", ""},
		{"weather/dt=2024-03-01/x.parquet", "2024-03-01"},
		{"weather/dt=2024-03-01%2005%3A00/x.parquet", "2024-03-01"},
		{"weather/dt=20240301/export-20240405.parquet", "2024-03-01"},
		{"run=2024-01-01/day=2024-03-01/x.parquet", "2024-03-01"},
		{"weather/year=2024/month=03/day=1/20240405.parquet", "2024-03-01"},
		{"weather/Y=2024/m=3/x.parquet", "2024-03-01"},
		{"weather/year=2024/month=13/x.parquet", ""},
		{"weather/year=2024/month=2/day=30/x.parquet", ""},
		{"weather/year=2024/x.parquet", ""},
		{"weather/2024-03-01/part-0.parquet", "2024-03-01"},
		{"2024-03-01/b/2024-03-02/part-0.parquet", "2024-03-02"},
	}
	for _, test := range tests {
		at, ok := dateOf(test.name)
		got := ""
		if ok {
			got = at.Format(time.DateOnly)
		}
		if got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

// Whatever the name, a date that is found in it is written there.
func FuzzDateOf(f *testing.F) {
	f.Add("weather/dt=2024-03-01/20240405.parquet")
	f.Add("year=2024/month=03/day=01/x")
	f.Fuzz(func(t *testing.T, name string) {
		at, ok := dateOf(name)
		if ok && (at.Year() < 1900 || at.Year() > 2099 || !strings.Contains(name, at.Format("2006"))) {
			t.Errorf("%q tells %s", name, at)
		}
	})
}
