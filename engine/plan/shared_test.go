package plan

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/plumbline-data/plumbline/engine/intake"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/fixtures/lake"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestFlights(t *testing.T) {
	dir := lake.Shared(t)
	db := house(t, dir)
	for _, name := range []string{"flights-nyc2013/loop.yaml", "flights-nyc2013/small/loop.yaml"} {
		l, err := loop.Load(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(told(err))
		}
		inv, err := intake.Open(context.Background(), db, l)
		if err != nil {
			t.Fatal(told(err))
		}
		p, err := Build(context.Background(), db, l, inv)
		if err != nil {
			t.Fatal(told(err))
		}
		golden(t, filepath.Join("testdata", l.Name+".txt"), dump(p))
	}
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s: got\n%s\nwant\n%s", file, got, want)
	}
}
