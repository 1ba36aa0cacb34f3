package intake

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// walked writes text as a CSV file and walks it.
func walked(t testing.TB, text string) (csvLines, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "x.csv")
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return walkCSV(context.Background(), file)
}

func TestWalkCSV(t *testing.T) {
	long := strings.Repeat("x", 3<<20)
	tests := []struct{ name, text, want string }{
		{"plain", "a,b\n1,2\n", `[a b] ","`},
		{"no last line break, CR LF, BOM", "\ufeffa,b\r\n1,2\r\n3,4", `[a b] ","`},
		{"semicolons beat a comma", "a;b,c;d\n1;2;3\n", `[a b,c d] ";"`},
		{"a tab", "a\tb\n1\t2\n", `[a b] "\t"`},
		{"one column", "a\n1\n\n2\n", `[a] ","`},
		{"only a header", "a,b\n", `[a b] ","`},
		{"quotes, doubled, over lines", "a,\"b\n,c\"\n\"1,\"\"2\n\n3\",4\n", "[a b\n,c] \",\""},
		{"a quote inside a plain field", "a,b\n5\" pipe,2\n", `[a b] ","`},
		{"empty lines", "a,b\n\n1,2\n\n", `[a b] ","`},
		{"a long field", "a,b\n" + long + ",2\n", `[a b] ","`},
		{"too few fields", "a,b,c\n1,2,3\n1,2\n", "line 3 has 2 fields, the header names 3"},
		{"too many fields", "a\n1\n1,2\n", "line 3 has 2 fields, the header names 1"},
		{"an open quote", "a,b\n1,\"2\n3,4\n", "line 2 opens a quote that nothing closes"},
		{"text after a quote", "a,b\n1,\"2\"x\n", `line 2 goes on after the quote that ends a field: "\"x"`},
		{"NUL", "a,b\n1,2\x00\n", "line 2 holds a NUL byte: save the file as text in UTF-8"},
		{"Latin-1", "a,b\n1,2\n1,caf\xe9\n", "line 3 is not UTF-8: save the file as UTF-8"},
		{"CR alone", "a,b\r1,2\r", "its lines end in a carriage return alone"},
		{"nothing", "\n\n", "no header: its first line holds no column names"},
	}
	for _, test := range tests {
		found, err := walked(t, test.text)
		got := fmt.Sprintf("%v %q", found.Names, string(found.Delimiter))
		if err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}

// DuckDB reads every row of a file that was walked: the first column of each is filled in as many as are written here.
func TestWalkedFilesRead(t *testing.T) {
	tests := []struct {
		text   string
		filled int
	}{
		{"a,b\n1,2\n", 1}, {"\ufeffa,b\r\n1,2\r\n3,4", 2}, {"a;b\n\"x;\"\"y\n\nz\";2\n", 1}, {"a,b\n5\" pipe,2\n", 1},
		{"a,b\n\n1,2\n\n", 1}, {"a|b\n#1|2\n", 1}, {"a,b\n'1,2\n", 1}, {"a\tb\n1 \t 2\n", 1}, {"a,b\n", 0}, {"a\n1\n\n2\n", 2},
	}
	for _, test := range tests {
		dir := put(t, map[string]string{"x.csv": test.text})
		found, err := walked(t, test.text)
		if err != nil {
			t.Errorf("%q: %v", test.text, err)
			continue
		}
		s := &scanned{File: File{Path: filepath.Join(dir, "x.csv"), Delimiter: string(found.Delimiter)}}
		filled := -1
		err = house(t, dir).Query(context.Background(), "008_csv_filled", s, map[string]any{"path": s.Path}, func(rows *sql.Rows) error {
			var name string
			var n int
			err := rows.Scan(&name, &n)
			if name == "a" {
				filled = n
			}
			return err
		})
		if err != nil || filled != test.filled {
			t.Errorf("%q: %d rows, %v; want %d", test.text, filled, err, test.filled)
		}
	}
}

// What the standard library reads strictly is never refused, and has the header that it reads.
func FuzzWalkCSV(f *testing.F) {
	for _, seed := range []string{"a,b\n1,2\n", "\ufeffa;b\r\n1;\"2\n\"\r\n", "a,b\n1,\"\"\"\"", "\"a\",b\n\n1,2", "a,b\n1", "a\n\"x\"y\n", "\"\n\"\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		w := csvWalker{lines: bufio.NewReaderSize(bytes.NewReader(text), 16)}
		err := w.walk()
		found := w.found
		if err == nil && len(found.Names) == 0 {
			t.Fatalf("%q: no error and no names", text)
		}
		if bytes.ContainsAny(text, "\x00\r") || !bytes.Equal(bytes.ToValidUTF8(text, nil), text) || found.Delimiter == 0 {
			return
		}
		reader := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff"))))
		reader.Comma = rune(found.Delimiter)
		rows, strict := reader.ReadAll()
		if strict != nil || len(rows) == 0 {
			return
		}
		if err != nil {
			t.Fatalf("%q: %v, and the standard library reads it", text, err)
		}
		if fmt.Sprintf("%q", rows[0]) != fmt.Sprintf("%q", found.Names) {
			t.Fatalf("%q: header %q, want %q", text, found.Names, rows[0])
		}
	})
}

// A zipped file's digest and size are of the bytes as stored, to the last.
func TestWalkedDigest(t *testing.T) {
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	if _, err := w.Write([]byte("a,b\n" + strings.Repeat("1,2\n", 300_000))); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "x.csv.gz")
	if err := os.WriteFile(file, zipped.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	found, err := walkCSV(context.Background(), file)
	sum := sha256.Sum256(zipped.Bytes())
	if err != nil || found.Digest != hex.EncodeToString(sum[:]) || found.Size != int64(zipped.Len()) {
		t.Errorf("%+v, %v; want %x of %d bytes", found, err, sum, zipped.Len())
	}
}
