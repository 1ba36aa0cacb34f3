package cause

import (
	"slices"
	"testing"
	"time"
)

func TestDescribe(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2024, 5, n, 0, 0, 0, 0, time.UTC) }
	p := Partings{
		Kinds: []Parting{
			{day(1), "f", CodeDiffers, "ratio", 1.1, 60, 60}, {day(1), "f", CodeDiffers, "ratio", 0.5, 20, 0}, {day(1), "f", CodeDiffers, "from zero", 0, 10, 10},
			{day(2), "f", CodeDiffers, "null served", 0, 6, 0}, {day(2), "f", CodeDiffers, "null due", 0, 4, 0},
			{day(2), "f", CodeOf(ZoneShift), "ratio", 9, 50, 50}, {day(9), "f", CodeDiffers, "ratio", 9, 50, 50},
			{day(1), "g", CodeDiffers, "other", 0, 8, 0},
		},
		Levels: []PartingLevel{
			{day(1), "f", CodeDiffers, "origin", "ORD", 72, 100, 1000}, {day(1), "f", CodeDiffers, "origin", "ATL", 18, 500, 1000},
			{day(2), "f", CodeDiffers, "origin", "ATL", 10, 400, 1000}, {day(1), "f", CodeDiffers, "carrier", "AA", 90, 900, 1000}, {day(2), "f", CodeDiffers, "carrier", "AA", 10, 900, 1000},
			{day(1), "g", CodeDiffers, "origin", "ORD", 4, 100, 1000}, {day(1), "g", CodeDiffers, "origin", "ATL", 4, 500, 1000},
		},
	}
	differs := []Level{{"f.value", "differs"}, {"g.value", "differs"}}
	for _, tt := range []struct {
		name   string
		levels []Level
		end    time.Time
		want   []string
	}{
		{"two features", differs, day(3), []string{
			"f: of 100 rows that nothing reproduces 70.0 % are above their replay, 20.0 % are below it, 6.0 % are null and should not be, 4.0 % should be null and are not; served over replayed is about 1.1 at the median, 0.5 to 1.1 for the middle half",
			`f: 72.0 % of these rows have origin "ORD", 10.0 % of all predictions of those days`,
			"g: of 8 rows that nothing reproduces 100.0 % are another value",
			`g: 50.0 % of these rows have origin "ORD", 10.0 % of all predictions of those days`,
		}},
		{"rows that a cause names", []Level{{"f.value", "differs: time.zone_shift"}}, day(3), []string{
			"f: of 50 rows that nothing reproduces 100.0 % are above their replay; served over replayed is about 9 at the median, 9 to 9 for the middle half",
		}},
		{"none", []Level{{"h.value", "differs"}}, day(3), nil},
	} {
		if got := p.Describe(tt.levels, day(1), tt.end); !slices.Equal(got, tt.want) {
			t.Errorf("%s:\n%q, want\n%q", tt.name, got, tt.want)
		}
	}
}
