package engine_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/plumbline-data/plumbline/engine/report"
)

// TestCatalogue proves each cause on a toy that a person can work out by hand, and nothing else of it.
func TestCatalogue(t *testing.T) { runToys(t, lookupToys(), windowToys()) }

// TestNearMisses: what looks like a cause and is not, or on too little evidence, is not proven.
func TestNearMisses(t *testing.T) { runToys(t, nearMisses()) }

func runToys(t *testing.T, lists ...[]toy) {
	for _, list := range lists {
		for _, c := range list {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				found := c.run(t)
				var got []string
				for i := range found {
					got = append(got, told(t, &found[i]))
				}
				var want []string
				for i, f := range c.want {
					want = append(want, f.told(&c))
					if i < len(found) && !strings.Contains(found[i].Action, f.advice) {
						t.Errorf("action %q, want %q in it", found[i].Action, f.advice)
					}
				}
				if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
					t.Errorf("found\n%s\nwant\n%s\n%s", g, w, evidence(found))
				}
			})
		}
	}
}

// told is what a finding says, in a line.
func told(t *testing.T, f *report.Finding) string {
	t.Helper()
	parameters, err := json.Marshal(f.Parameters)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%s at %s of %v %s proven=%v from %s", f.Cause, f.Node, f.Features, parameters, f.Proven, f.Onset)
}

func (f *toyFinding) told(c *toy) string {
	features, onset, parameters := f.features, f.onset, f.parameters
	if features == nil {
		features = []string{"f"}
	}
	if onset == "" {
		onset = c.onset.Format("2006-01-02T15:04:05Z")
	}
	if parameters == "" {
		parameters = "{}"
	}
	return fmt.Sprintf("%s at s of %v %s proven=%v from %s", f.cause, features, parameters, !f.likely && f.cause != "unexplained", onset)
}

// evidence is what findings stand on.
func evidence(found []report.Finding) string {
	var b strings.Builder
	for i := range found {
		fmt.Fprintf(&b, "%s: %+v, %d rows, also %v\n  %s\n", found[i].Cause, found[i].Proof, found[i].Rows, found[i].AlsoDiffers, strings.Join(found[i].Evidence, "\n  "))
	}
	return b.String()
}
