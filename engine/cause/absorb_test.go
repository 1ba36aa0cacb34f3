package cause

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestAbsorb(t *testing.T) {
	day := time.Date(2024, 2, 2, 0, 0, 0, 0, time.UTC)
	column := func() Claim {
		return Claim{Cause: ColumnDropped, Node: "predictions", Features: []string{"temp", "wind"}, Tier: "inferred", Proven: true,
			Parameters: map[string]any{"column": "temp", "became": nil}, Spans: []Span{{From: day.Add(6 * time.Hour)}}, Levels: []Level{{"predictions.schema", "00ab"}},
			Evidence: []string{"footers"}}
	}
	trial := func(change func(*Claim)) Claim {
		c := Claim{Cause: Miss, Node: "weather", Features: []string{"temp"}, Tier: "replayed", Parameters: map[string]any{}, Proof: &Proof{Rows: 40},
			Levels: []Level{{"temp.value", "differs: join.miss"}}, Seen: []Seen{{Day: day, Rows: 40}}, Evidence: []string{"trials"}, Hypotheses: []string{"nothing"}}
		if change != nil {
			change(&c)
		}
		return c
	}
	tests := []struct {
		name  string
		trial Claim
		whole bool
		left  []string // features of the trials' claim
		check func(c *Claim) bool
	}{
		{"the same feature from the same day on", trial(nil), true, nil, func(c *Claim) bool {
			return len(c.Levels) == 2 && len(c.Seen) == 1 && c.Proof != nil && c.Tier == "replayed" && len(c.Evidence) == 2 && c.Hypotheses[0] == "nothing" && c.Proven
		}},
		{"a column in its place", trial(func(c *Claim) {
			c.Cause, c.Parameters = ColumnDropped, map[string]any{"column": "temp", "became": "dew"}
		}), true, nil, func(c *Claim) bool {
			return cmp.Equal(c.Parameters, map[string]any{"column": "temp", "became": "dew"})
		}},
		{"another feature", trial(func(c *Claim) { c.Features = []string{"rain"} }), false, []string{"rain"}, func(c *Claim) bool { return len(c.Levels) == 1 && c.Proof == nil }},
		{"another cause", trial(func(c *Claim) { c.Cause = Stale }), false, []string{"temp"}, func(c *Claim) bool { return len(c.Levels) == 1 }},
		{"keys written otherwise", trial(func(c *Claim) { c.Parameters = map[string]any{"normalise": "lower"} }), false, []string{"temp"}, func(c *Claim) bool { return len(c.Levels) == 1 }},
		{"two days later", trial(func(c *Claim) { c.Seen[0].Day = day.AddDate(0, 0, 2) }), false, []string{"temp"}, func(c *Claim) bool { return len(c.Levels) == 1 }},
		{"the next day", trial(func(c *Claim) { c.Seen[0].Day = day.AddDate(0, 0, 1) }), true, nil, func(c *Claim) bool { return len(c.Levels) == 2 }},
		{"a part of its features", trial(func(c *Claim) {
			c.Features = []string{"rain", "temp"}
			c.Levels = append(c.Levels, Level{"rain.value", "differs: join.miss"})
		}), false, []string{"rain"}, func(c *Claim) bool {
			return cmp.Equal(c.Levels, []Level{{"predictions.schema", "00ab"}, {"temp.value", "differs: join.miss"}}) && c.Proof == nil
		}},
		{"of no feature", Claim{Cause: SourceStopped, Node: "weather"}, false, nil, func(c *Claim) bool { return len(c.Levels) == 1 }},
	}
	for _, tt := range tests {
		c := column()
		whole := c.Absorb(&tt.trial)
		left := tt.trial.Features
		if tt.whole {
			left = nil
		}
		if whole != tt.whole || !cmp.Equal(left, tt.left) || !tt.check(&c) {
			t.Errorf("%s: absorbed whole %v, features %v left, claim %+v", tt.name, whole, left, c)
		}
	}
}
