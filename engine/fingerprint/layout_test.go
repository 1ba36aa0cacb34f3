package fingerprint

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// Whatever the widths, a packed fingerprint gives every level back, and no condition straddles two words.
func TestPackRoundTrip(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		var conditions []Condition
		for range 1 + random.IntN(40) {
			conditions = append(conditions, Condition{Kind: Value, Of: string(rune('a' + len(conditions))), Bits: 1 + random.IntN(16)})
		}
		l, err := NewLayout(conditions)
		if err != nil {
			t.Fatal(err)
		}
		codes := make([]uint16, len(conditions))
		for i, c := range l.Conditions {
			codes[i] = uint16(random.UintN(1 << c.Bits))
			if c.Shift+c.Bits > 64 || c.Word >= l.Words {
				t.Fatalf("condition %d lies at word %d, bits %d to %d, of %d words", i, c.Word, c.Shift, c.Shift+c.Bits, l.Words)
			}
		}
		words := l.Pack(codes)
		got := make([]uint16, len(codes))
		for i := range codes {
			got[i] = l.Level(words, i)
		}
		if !slices.Equal(got, codes) {
			t.Fatalf("got %v back, want %v", got, codes)
		}
	}
}

func TestLayoutID(t *testing.T) {
	a := Condition{Kind: Staleness, Of: "w", Bits: 2, Levels: []Level{{"fresh", Fine}, {"old", Broken}}}
	b := Condition{Kind: Value, Of: "f", Bits: 5}
	id := func(conditions ...Condition) string {
		l, err := NewLayout(conditions)
		if err != nil {
			t.Fatal(err)
		}
		return l.ID
	}
	renamed := a
	renamed.Levels = []Level{{"fresh", Fine}, {"stale", Broken}}
	wider := a
	wider.Bits = 3
	for name, other := range map[string]string{"order": id(b, a), "a level's name": id(renamed, b), "width": id(wider, b), "one less": id(a)} {
		if other == id(a, b) {
			t.Errorf("%s does not change the layout's id", name)
		}
	}
	if again := id(a, b); len(again) != 16 {
		t.Errorf("id %q, want 16 hex", again)
	}
}

func TestNewLayoutRefuses(t *testing.T) {
	for _, c := range []Condition{{Bits: 0}, {Bits: 17}, {Bits: 1, Levels: make([]Level, 3)}} {
		if _, err := NewLayout([]Condition{c}); err == nil {
			t.Errorf("accepted %d bits for %d levels", c.Bits, len(c.Levels))
		}
	}
}

func TestLevelName(t *testing.T) {
	c := Condition{Kind: Value, Levels: []Level{{"agrees", Fine}}}
	s := Condition{Kind: Schema, Levels: []Level{{"no row", Fine}}}
	for _, x := range []struct{ got, want string }{
		{c.LevelName(0), "agrees"}, {c.LevelName(9), "level 9"}, {s.LevelName(0), "no row"}, {s.LevelName(0xab), "00ab"},
	} {
		if x.got != x.want {
			t.Errorf("got %q, want %q", x.got, x.want)
		}
	}
	if c.Standing(9) != Usual || s.Standing(0xab) != Usual {
		t.Error("an unknown code is not Usual")
	}
}
