package cause

import "testing"

// Of 80 struck rows none lies where two in five of the spared ones do: they end at a value. Of eight it may be chance, and so it may where one
// spared row in fifty lies there.
func TestBeyond(t *testing.T) {
	for _, c := range []struct {
		share, struck float64
		want          bool
	}{{0.4, 80, true}, {0.4, 8, false}, {0.02, 80, false}, {0.02, 800, false}, {1, 80, true}, {0, 80, false}} {
		var b beyond
		b.add(c.share, c.struck, 40)
		b.add(c.share, 0, 40)
		if got := b.ends(80); got != c.want {
			t.Errorf("%v of the spared beyond %v struck ones: %v", c.share, c.struck, got)
		}
	}
}
