package repair

import (
	"testing"

	"github.com/plumbline-data/plumbline/engine/intake"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/plan"
)

// TestAffectedNames: no two columns of the file have one name, whatever features are called, and a feature that is put right is told though the
// finding does not name it.
func TestAffectedNames(t *testing.T) {
	p := &plan.Plan{Inventory: &intake.Inventory{}}
	for i, name := range []string{"Score", "feature_score", "load", "idle", "load_served"} {
		p.Features = append(p.Features, plan.Feature{Index: i, Class: plan.Number, Decl: &loop.Feature{Name: name}, Served: name})
	}
	d := affectedData{}
	d.name(p, []string{"Score", "feature_score", "load_served"}, map[int][]int{0: {0}, 2: {0, 3, 1}, 4: {3}})
	want := []string{"feature_Score", "feature_feature_score", "load", "load_served"}
	if len(d.Features) != len(want) {
		t.Fatalf("%d features, want %d", len(d.Features), len(want))
	}
	for i, f := range d.Features {
		if f.ServedName != want[i]+"_served" || f.CorrectedName != want[i]+"_corrected" || f.Place != i+1 {
			t.Errorf("feature %d is %q and %q at %d, want %q", i, f.ServedName, f.CorrectedName, f.Place, want[i])
		}
	}
	if len(d.Mended) != 2 || d.Mended[0] != 1 || d.Mended[1] != 3 {
		t.Errorf("mends %v, want 1 and 3", d.Mended)
	}
}

func TestAffectedType(t *testing.T) {
	for _, tt := range []struct {
		class        plan.Class
		logged, want string
	}{
		{plan.Boolean, "BOOLEAN", "BOOLEAN"},
		{plan.Number, "INTEGER", "INTEGER"},
		{plan.Number, "FLOAT", "FLOAT"},
		{plan.Number, "DOUBLE", ""},
		{plan.Number, "DECIMAL(18,3)", ""},
		{plan.Text, "VARCHAR", ""},
		{plan.Instant, "TIMESTAMP", ""},
	} {
		if got := affectedType(tt.class, tt.logged); got != tt.want {
			t.Errorf("%s of type %s is written as %q, want %q", tt.class, tt.logged, got, tt.want)
		}
	}
}
