package plan

import (
	"context"
	"testing"

	"github.com/plumbline-data/plumbline/engine/intake"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/warehouse"
	"github.com/plumbline-data/plumbline/fixtures/lake"
)

var (
	put   = lake.Put
	house = lake.Open
	told  = lake.Told
)

// built resolves the loop file text over the files in dir.
func built(t testing.TB, db *warehouse.DB, dir, text string) (*Plan, error) {
	t.Helper()
	l, err := loop.Parse("loop.yaml", []byte(text))
	if err != nil {
		t.Fatalf("%s\n%s", told(err), text)
	}
	l.Dir = dir
	inv, err := intake.Open(context.Background(), db, l)
	if err != nil {
		t.Fatal(told(err))
	}
	return Build(context.Background(), db, l, inv)
}
