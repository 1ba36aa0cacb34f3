package cause

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// TestJoined: a proven claim proves nothing of the features of a likely one, whichever of the two comes first; of equals the features are
// those of both. Spans that overlap become one.
func TestJoined(t *testing.T) {
	at := func(day int) time.Time { return time.Date(2024, 5, day, 0, 0, 0, 0, time.UTC) }
	proven := Claim{Cause: Miss, Node: "s", Features: []string{"a", "b"}, Proven: true, Proof: &Proof{Rows: 40}, Parameters: map[string]any{"normalise": "lower"},
		Spans: []Span{{at(1), at(4)}}, Tried: map[FeatureDay][]Standing{{Feature: "a", Day: at(1)}: nil}}
	likely := Claim{Cause: Miss, Node: "s", Features: []string{"b", "c"}, AlsoDiffers: []string{"d"}, Parameters: map[string]any{}, Spans: []Span{{at(2), at(3)}, {at(6), at(7)}}}
	want := Claim{Cause: Miss, Node: "s", Features: []string{"a", "b"}, AlsoDiffers: []string{"c", "d"}, Proven: true, Proof: &Proof{Rows: 40},
		Parameters: map[string]any{"normalise": "lower"}, Spans: []Span{{at(1), at(4)}, {at(6), at(7)}}, Tried: map[FeatureDay][]Standing{{Feature: "a", Day: at(1)}: nil}}
	same := []cmp.Option{cmpopts.EquateEmpty(), cmpopts.IgnoreUnexported(Claim{})}
	if d := cmp.Diff(want, proven.Joined(&likely), same...); d != "" {
		t.Error("proven with likely:", d)
	}
	if d := cmp.Diff(want, likely.Joined(&proven), same...); d != "" {
		t.Error("likely with proven:", d)
	}
	other := likely
	other.Proven = true
	if got := proven.Joined(&other).Features; !cmp.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("features of two proven ones: %v", got)
	}
}
