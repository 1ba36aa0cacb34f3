package profile_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/plumbline-data/plumbline/engine/cause"
	"github.com/plumbline-data/plumbline/engine/condition"
	"github.com/plumbline-data/plumbline/engine/intake"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/match"
	"github.com/plumbline-data/plumbline/engine/plan"
	"github.com/plumbline-data/plumbline/engine/profile"
	"github.com/plumbline-data/plumbline/engine/replay"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

func utc(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// taken runs the row stages over [from, to) as of an instant, and takes the profile down.
func taken(t testing.TB, file string, from, to, asOf time.Time) *profile.Profile {
	t.Helper()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx := context.Background()
	l, err := loop.Load(file)
	check(err)
	db, err := warehouse.Open(ctx, warehouse.Options{Threads: 2, Temp: t.TempDir(), Allowed: []string{filepath.Dir(file)}})
	check(err)
	defer func() { check(db.Close()) }()
	inventory, err := intake.Open(ctx, db, l)
	check(err)
	p, err := plan.Build(ctx, db, l, inventory)
	check(err)
	check(match.Stage(ctx, db, p, asOf))
	_, err = match.Run(ctx, db, p, match.Span{ReadFrom: from.Add(-match.ReadBefore), ReadTo: to, From: from, To: to, Context: from, AsOf: asOf})
	check(err)
	span := replay.Span{From: from, To: to, AsOf: asOf}
	check(replay.Run(ctx, db, p, span))
	deck, err := condition.NewDeck(p)
	check(err)
	check(deck.Values(ctx, db))
	check(deck.Run(ctx, db, nil))
	started := time.Now()
	out, err := profile.Run(ctx, db, p, span)
	check(err)
	t.Logf("profile of %s: %s", filepath.Base(filepath.Dir(file)), time.Since(started).Round(time.Millisecond))
	return out
}

// told writes claims one a line: cause, node, proven, spans, parameters.
func told(claims []cause.Claim) string {
	var b strings.Builder
	for _, c := range claims {
		proven := "likely"
		if c.Proven {
			proven = "proven"
		}
		fmt.Fprintf(&b, "%s %s %s %v", c.Cause, c.Node, proven, c.Parameters)
		for _, s := range c.Spans {
			fmt.Fprintf(&b, " [%s,", s.From.Format("2006-01-02 15:04"))
			if !s.To.IsZero() {
				fmt.Fprintf(&b, " %s", s.To.Format("2006-01-02 15:04"))
			}
			b.WriteString(")")
		}
		b.WriteString("\n")
	}
	return b.String()
}

// copied lays copies of files into a folder of the test's own: a run is not let through a link out of the loop's folder.
func copied(t testing.TB, files map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for from, to := range files {
		content, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, to), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func equalLabels(a, b cause.LabelledDay) bool {
	return a.Day == b.Day && a.Rows == b.Rows && slices.Equal(a.Columns, b.Columns) && slices.Equal(a.Rivals, b.Rivals)
}
