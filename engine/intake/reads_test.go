package intake

import (
	"os"
	"path/filepath"
	"testing"
)

func TestReads(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"log/day=1/a.parquet", "one.parquet"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(dir, "log"), filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		declared, file string
		want           bool
	}{
		{"one.parquet", "one.parquet", true},
		{"one.parquet", "other.parquet", false},
		{"gone.parquet", "gone.parquet", true},
		{"log", "log/new.parquet", true},
		{"log", "log/day=2/new.csv", true},
		{"log", "log/new.txt", false},
		{"log", "log/.new.parquet", false},
		{"log", "logs/new.parquet", false},
		{"link", "log/new.parquet", true},
		{"link/*.parquet", "log/new.parquet", true},
		{"log/*.parquet", "log/new.parquet", true},
		{"log/*.parquet", "log/day=1/new.parquet", false},
		{"log/**/*.parquet", "log/day=1/hour=2/new.parquet", true},
		{"log/**/*.parquet", "log/new.parquet", true},
		{"log/**", "log/day=1/new.parquet", true},
		{"log/**", "log/day=1/new.txt", false},
		{"log/day=*", "log/day=1/new.parquet", true},
		{"log/[ab]*.parquet", "log/affected.parquet", true},
		{"log/*", "log/_new.parquet", false},
		{"*.parquet", "log/new.parquet", false},
		{"s3://bucket/*.parquet", "one.parquet", false},
		{"", "one.parquet", false},
	} {
		if got := Reads(dir, tt.declared, filepath.Join(dir, tt.file)); got != tt.want {
			t.Errorf("%q reads %q: %v, want %v", tt.declared, tt.file, got, tt.want)
		}
	}
}
