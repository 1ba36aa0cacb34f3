package cause

import "testing"

// TestNoDefaultForVersion: where the loop file says for some model versions alone what stands for null, 5 served for null by another is
// no proof that null is handled otherwise.
func TestNoDefaultForVersion(t *testing.T) {
	five := 5.0
	unknown, known := Pair{Served: &five, Empty: true}, Pair{Served: &five, Declared: new(3.0), Empty: true}
	for _, tt := range []struct {
		name      string
		byVersion bool
		pairs     []Pair
		doubted   bool
	}{
		{"a version without a default", true, []Pair{unknown, unknown, unknown}, true},
		{"versions with defaults", true, []Pair{known, known, known}, false},
		{"no default at all", false, []Pair{unknown, unknown, unknown}, false},
	} {
		all := NullFrom(&Feature{Name: "f", Number: true, ByVersion: tt.byVersion, Columns: []string{"v"}}, tt.pairs)
		if len(all) != 1 || all[0].Key != "null became 5" || (all[0].Doubt != "") != tt.doubted {
			t.Errorf("%s: %+v, want null became 5, doubted %v", tt.name, all, tt.doubted)
		}
	}
}
