package cause

import (
	"maps"
	"testing"
)

// TestMapped: which codes a day's map holds, by how many rows of a code were served as another.
func TestMapped(t *testing.T) {
	tests := []struct {
		name  string
		votes map[[2]string]int
		want  map[string]any
	}{
		{"each to the next", map[[2]string]int{{"A", "B"}: 5, {"B", "C"}: 4, {"C", "A"}: 3}, map[string]any{"A": "B", "B": "C", "C": "A"}},
		{"a rare one too", map[[2]string]int{{"A", "B"}: 50, {"B", "C"}: 40, {"C", "A"}: 1}, map[string]any{"A": "B", "B": "C", "C": "A"}},
		{"but not where the frequent ones are of two minds", map[[2]string]int{{"A", "B"}: 50, {"A", "C"}: 20, {"B", "C"}: 40, {"C", "A"}: 1}, map[string]any{"A": "B", "B": "C"}},
		{"nor to where another goes", map[[2]string]int{{"A", "B"}: 50, {"B", "C"}: 40, {"0", "B"}: 1}, map[string]any{"A": "B", "B": "C"}},
		{"nor one of two minds", map[[2]string]int{{"A", "B"}: 50, {"B", "C"}: 40, {"C", "A"}: 1, {"C", "D"}: 1}, map[string]any{"A": "B", "B": "C"}},
		{"of two rows each none", map[[2]string]int{{"A", "B"}: 2, {"B", "C"}: 2, {"C", "A"}: 2}, nil},
	}
	for _, test := range tests {
		var pairs []Pair
		for way, rows := range test.votes {
			for range rows {
				pairs = append(pairs, Pair{DeclaredText: &way[0], ServedText: &way[1]})
			}
		}
		var got map[string]any
		for _, h := range RemapFrom(&Feature{Name: "code", Text: true}, pairs) {
			got, _ = h.Parameters["map"].(map[string]any)
		}
		if !maps.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}
