package engine

import (
	"strings"
	"testing"

	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/ledger"
)

func TestChoose(t *testing.T) {
	known := []ledger.KnownFinding{{ID: "F-00aa", Cause: "feature.stale", Node: "a"}, {ID: "F-00ab", Cause: "join.miss", Node: "b\x1b"}, {ID: "F-f0", Cause: "unexplained", Node: "c"},
		{ID: "F-f012", Cause: "unexplained", Node: "d"}}
	for _, tt := range []struct{ asked, want, wantErr string }{
		{asked: "F-00aa", want: "F-00aa"},
		{asked: "f-00AB", want: "F-00ab"},
		{asked: "00aa", want: "F-00aa"},
		{asked: "F-f0", want: "F-f0"}, // whole, though another begins so
		{asked: "F-f01", want: "F-f012"},
		{asked: "F-00a", wantErr: `"F-00a" is the beginning of 2 findings`},
		{asked: "f", wantErr: "the beginning of 4 findings"},
		{asked: "F-1", wantErr: `there is no finding "F-1"`},
		{asked: "a", wantErr: "there is no finding"},
	} {
		got, err := choose(known, tt.asked, "x.duckdb")
		if tt.wantErr == "" {
			if err != nil || got.ID != tt.want {
				t.Errorf("%s: %s, %v; want %s", tt.asked, got.ID, err, tt.want)
			}
			continue
		}
		if !fault.IsUsage(err) || !strings.Contains(err.Error(), tt.wantErr) {
			t.Errorf("%s: %v, want a usage fault with %q", tt.asked, err, tt.wantErr)
		}
		if said := fault.Text("x", err); !strings.Contains(said, "F-00aa (feature.stale at \"a\", last at 1970-01-01)") || strings.Contains(said, "\x1b") {
			t.Errorf("%s: the message lists no findings: %q", tt.asked, said)
		}
	}
	if _, err := choose(nil, "F-1", "x.duckdb"); !fault.IsUsage(err) || !strings.Contains(err.Error(), "holds no finding") {
		t.Errorf("of an empty ledger: %v", err)
	}
	many := make([]ledger.KnownFinding, 30)
	if _, err := choose(many, "F-1", "x"); !strings.Contains(fault.Text("x", err), "and 10 more") {
		t.Errorf("of many: %v", err)
	}
}
