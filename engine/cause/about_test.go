package cause

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// Every cause is told what it is, and what to do about it.
func TestAbout(t *testing.T) {
	for _, name := range slices.Sorted(maps.Keys(does)) {
		text := About(name)
		if len(text) < 20 || !strings.HasSuffix(text, ".") || strings.ContainsAny(text, "\n\t") {
			t.Errorf("%s: %q, want a sentence", name, text)
		}
	}
	if len(about) != len(does) {
		t.Errorf("%d causes are described, %d have an action", len(about), len(does))
	}
	if got := About("no.such"); got != "" {
		t.Errorf("a cause that there is not: %q", got)
	}
}
