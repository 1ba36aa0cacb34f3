package intake

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestExpand(t *testing.T) {
	dir := put(t, map[string]string{
		"p.parquet":                          "x",
		"d/b.parquet":                        "x",
		"d/a.parquet":                        "x",
		"d/_SUCCESS":                         "",
		"d/.a.parquet.crc":                   "",
		"d/_tmp/c.parquet":                   "x",
		"d/notes.md":                         "",
		"hive/dt=2024-01-02/x.parquet":       "x",
		"hive/dt=2024-01-01/x.parquet":       "x",
		"hive/_dt=1/x.parquet":               "x",
		"spark.parquet/part-0.parquet":       "x",
		"deep/1/2/3/x.parquet":               "x",
		"deep/x.parquet":                     "x",
		"csv/a.csv":                          "a\n1\n",
		"csv/b.csv.gz":                       "x",
		"loop/loop.yaml":                     "x",
		"odd/with[1].parquet":                "x",
		"bare/part-0":                        "PAR1....",
		"bare/readme":                        "hello",
		"globs/one/x.parquet/part-0.parquet": "x",
	})
	tests := []struct{ path, want string }{
		{"../p.parquet", "../p.parquet"},
		{"../d", "../d/a.parquet ../d/b.parquet"},
		{"../d/", "../d/a.parquet ../d/b.parquet"},
		{"../d/*.parquet", "../d/a.parquet ../d/b.parquet"},
		{"../d/[a].parquet", "../d/a.parquet"},
		{"../d/_tmp/*", "../d/_tmp/c.parquet"},
		{"../hive", "../hive/_dt=1/x.parquet ../hive/dt=2024-01-01/x.parquet ../hive/dt=2024-01-02/x.parquet"},
		{"../hive/dt=*/*.parquet", "../hive/dt=2024-01-01/x.parquet ../hive/dt=2024-01-02/x.parquet"},
		{"../spark.parquet", "../spark.parquet/part-0.parquet"},
		{"../globs/*/x.parquet", "../globs/one/x.parquet/part-0.parquet"},
		{"../deep/**/*.parquet", "../deep/1/2/3/x.parquet ../deep/x.parquet"},
		{"../deep/**/**/x.parquet", "../deep/1/2/3/x.parquet ../deep/x.parquet"},
		{"../deep/**", "../deep/1/2/3/x.parquet ../deep/x.parquet"},
		{"../csv", "../csv/a.csv ../csv/b.csv.gz"},
		{"../bare/part-*", "../bare/part-0"},
		{"../none.parquet", "error: no such file or folder"},
		{"../d/*.csv", "error: no file matches"},
		{"../none/*.csv", "error: no file matches"},
		{"../loop", "error: a folder that holds no .parquet, .csv or .csv.gz file"},
		{"../d/[.parquet", "error: the pattern does not parse: a [ without its ]"},
		{"../bare/*", "error: ../bare/readme: neither Parquet nor CSV: its name ends in neither .parquet, .csv nor .csv.gz"},
		{"../odd/*.parquet", "error: ../odd/with[1].parquet: its name holds one of * ? [, which is read as a pattern: rename it"},
	}
	for _, test := range tests {
		refs, err := expand(filepath.Join(dir, "loop"), test.path)
		var got []string
		for _, r := range refs {
			got = append(got, r.name)
		}
		text := strings.Join(got, " ")
		if err != nil {
			text = "error: " + err.Error()
		}
		if text != test.want {
			t.Errorf("%s: got %s, want %s", test.path, text, test.want)
		}
	}
}

// A file is shown by the same name wherever the program is started, absolute paths below the loop's folder included.
func TestShown(t *testing.T) {
	dir := put(t, map[string]string{"loops/p.parquet": "x", "q.parquet": "x"})
	loops := filepath.Join(dir, "loops")
	tests := []struct{ declared, want string }{
		{"p.parquet", "p.parquet"},
		{"./p.parquet", "p.parquet"},
		{"../q.parquet", "../q.parquet"},
		{filepath.Join(loops, "p.parquet"), "p.parquet"},
		{filepath.Join(dir, "q.parquet"), filepath.ToSlash(filepath.Join(dir, "q.parquet"))},
	}
	for _, test := range tests {
		refs, err := expand(loops, test.declared)
		if err != nil || len(refs) != 1 || refs[0].name != test.want {
			t.Errorf("%s: got %v, %v, want %s", test.declared, refs, err, test.want)
		}
	}
}

func TestFolderThatLeadsBack(t *testing.T) {
	dir := put(t, map[string]string{"a/b/x.parquet": "x"})
	if err := os.Symlink(filepath.Join(dir, "a"), filepath.Join(dir, "a", "b", "up")); err != nil {
		t.Skip(err)
	}
	for _, path := range []string{"a", "a/**/*.parquet"} {
		_, err := expand(dir, path)
		if err == nil || !strings.Contains(err.Error(), "leads back to itself, or nests more than 64 deep") &&
			!strings.Contains(err.Error(), "too many levels") && !strings.Contains(err.Error(), "nests more than 64 deep") {
			t.Errorf("%s: got %v", path, err)
		}
	}
}

func TestHiveKeys(t *testing.T) {
	tests := []struct{ name, want string }{
		{"x.parquet", ""},
		{"a/x=1.parquet", ""},
		{"dt=1/x.parquet", "dt"},
		{"p/dt=1/hr=/x.parquet", "dt hr"},
		{"=1/a=b=c/x.parquet", ""},
		{"dt=1/dt=2/x.parquet", "dt"},
	}
	for _, test := range tests {
		if got := strings.Join(hiveKeys(test.name), " "); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
	if !slices.Equal(hiveKeys("a=1/b=2/x"), []string{"a", "b"}) {
		t.Error("order")
	}
}
