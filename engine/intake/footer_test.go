package intake

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

type row struct {
	ID    string    `parquet:"id"`
	At    time.Time `parquet:"at,timestamp(microsecond)"`
	Score float64   `parquet:"score"`
	Rows  *int64    `parquet:"rows,optional"`
	Tags  []string  `parquet:"tags,list"`
}

// small is a valid Parquet file of n rows.
func small(t testing.TB, n int) []byte {
	t.Helper()
	var b bytes.Buffer
	w := parquet.NewGenericWriter[row](&b, parquet.CreatedBy("writer", "1.2.3", "abc"))
	for i := range n {
		if _, err := w.Write([]row{{ID: strconv.Itoa(i), At: time.Unix(int64(i), 0).UTC(), Score: .5, Tags: []string{"a"}}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReadFooter(t *testing.T) {
	for _, n := range []int{0, 1, 100} {
		file := small(t, n)
		foot, err := readFooter(bytes.NewReader(file), int64(len(file)))
		if err != nil {
			t.Fatal(err)
		}
		length := int(binary.LittleEndian.Uint32(file[len(file)-8:]))
		sum := sha256.Sum256(append([]byte(strconv.Itoa(len(file))+"\n"), file[len(file)-length-8:]...))
		if want := hex.EncodeToString(sum[:]); foot.digest != want {
			t.Errorf("%d rows: digest %s, want %s", n, foot.digest, want)
		}
		if foot.rows != int64(n) || foot.writer != "writer version 1.2.3(build abc)" {
			t.Errorf("got %d rows by %q, want %d", foot.rows, foot.writer, n)
		}
		var types []string
		for _, c := range foot.columns {
			types = append(types, c.Name+" "+c.Type+" "+string(c.Flag))
		}
		want := "id VARCHAR , at TIMESTAMP WITH TIME ZONE utc, score DOUBLE , rows BIGINT , tags NESTED "
		if got := strings.Join(types, ", "); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestDamagedFooters(t *testing.T) {
	good := small(t, 3)
	end := func(length uint32) []byte {
		return append(binary.LittleEndian.AppendUint32(nil, length), "PAR1"...)
	}
	int32s := element(format.Int32)
	deep := []format.SchemaElement{}
	for range 100_000 {
		deep = append(deep, format.SchemaElement{Name: "x", NumChildren: thrift.New(int32(1))})
	}
	tests := []struct {
		name string
		file []byte
		want string
	}{
		{"empty", nil, "empty (0 bytes)"},
		{"short", []byte("PAR1PAR1"), "not a Parquet file: it has 8 bytes"},
		{"text", []byte("id,at,score\n1,2,3\n"), "not a Parquet file: it does not begin with PAR1"},
		{"encrypted", []byte("PARE............PARE"), "an encrypted Parquet file, which cannot be read here"},
		{"truncated", good[:len(good)/2], "cut short: it begins as a Parquet file does, but does not end in a footer"},
		{"footer longer than the file", append([]byte("PAR1 .. "), end(1000)...), "damaged Parquet footer: it claims 1000 bytes of a file of 16"},
		{"footer of nothing", append([]byte("PAR1 .. "), end(0)...), "damaged Parquet footer: it claims 0 bytes of a file of 16"},
		{"a list of two thousand million", append([]byte("PAR1\x15\x02\x19\xfc\xff\xff\xff\xff\x07"), end(9)...), "damaged Parquet footer: its lengths do not add up"},
		{"structs in structs", append(append([]byte("PAR1"), bytes.Repeat([]byte{0x1c}, 1<<20)...), end(1<<20)...), "damaged Parquet footer: its lengths do not add up"},
		{"no columns", bare(t, 0), "it has no columns"},
		{"columns missing", bare(t, 3, int32s), "damaged Parquet footer: the schema ends early"},
		{"columns left over", bare(t, 1, int32s, int32s), "damaged Parquet footer: the schema does not end"},
		{"columns in columns", bare(t, 1, deep...), "damaged Parquet footer: the schema ends early"},
		{"rows missing", sealed(t, &format.FileMetaData{NumRows: 3, RowGroups: thrift.Slice[format.RowGroup]{}}), "damaged Parquet footer: it claims 3 rows, its row groups hold 0"},
		{"pages missing", append([]byte("PAR1"), good[bytes.LastIndex(good, footerOf(good)):]...), `cut short: column "id" of row group 0 lies beyond its end`},
	}
	for _, test := range tests {
		_, err := readFooter(bytes.NewReader(test.file), int64(len(test.file)))
		if err == nil || err.Error() != test.want {
			t.Errorf("%s: got %v, want %s", test.name, err, test.want)
		}
	}
}

func footerOf(file []byte) []byte {
	length := int(binary.LittleEndian.Uint32(file[len(file)-8:]))
	return file[len(file)-8-length:]
}

// Whatever bytes a file holds, reading its footer ends, without panic, in an error or in columns that have names and
// types that make sense.
func FuzzFooter(f *testing.F) {
	file := small(f, 3)
	f.Add(file)
	f.Add(small(f, 0))
	f.Add(file[:len(file)/2])
	for i := len(file) - 8; i > 4; i -= 37 {
		broken := bytes.Clone(file)
		broken[i] ^= 0xff
		f.Add(broken)
	}
	for _, e := range allElements() {
		f.Add(bare(f, 1, e))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		foot, err := readFooter(bytes.NewReader(file), int64(len(file)))
		if err != nil {
			return
		}
		if len(foot.columns) == 0 || len(foot.digest) != 64 || foot.rows < 0 {
			t.Errorf("got %d columns, digest %q, %d rows", len(foot.columns), foot.digest, foot.rows)
		}
		for _, c := range foot.columns {
			if c.Type == "" {
				t.Errorf("column %q has no type", c.Name)
			}
		}
		for _, r := range foot.ranges {
			if r.Last.Before(r.First) || r.First.Year() < 2 || r.Last.Year() > 9998 {
				t.Errorf("column %q ranges from %s to %s", r.Column, r.First, r.Last)
			}
		}
	})
}
