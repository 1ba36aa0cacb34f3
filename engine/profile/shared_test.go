package profile_test

import (
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/plumbline-data/plumbline/engine/cause"
	"github.com/plumbline-data/plumbline/fixtures/lake"
)

// changes lists what is claimed from boundary to boundary, one entry a change, with `reach` days of predictions before each.
func changes(t *testing.T, claims func(since, boundary cause.Day) []cause.Claim, from, to string, reach cause.Day) []string {
	t.Helper()
	var found []string
	before := ""
	first := cause.DayOf(utc(t, from))
	for b := first + 1; b <= cause.DayOf(utc(t, to)); b++ {
		got := told(claims(max(first, b-reach), b))
		if got != before {
			found = append(found, b.Start().Format(time.DateOnly)+": "+strings.TrimSpace(got))
		}
		before = got
	}
	return found
}

// TestFlightsYear judges a year of flights at every boundary: no pipe broke until the weather ended on its last day.
func TestFlightsYear(t *testing.T) {
	p := taken(t, filepath.Join(lake.Shared(t, "flights-nyc2013"), "loop.yaml"), utc(t, "2013-03-01"), utc(t, "2014-01-02"), utc(t, "2014-02-01"))
	got := strings.Join(changes(t, p.Claims, "2013-03-01", "2014-01-02", 35), "\n")
	want := "2014-01-01: source.stopped weather proven map[last_at:2013-12-30T23:00:00Z] [2013-12-31 00:00,)"
	if got != want {
		t.Errorf("claims\n%s\nwant\n%s", got, want)
	}
	claims := p.Claims(cause.DayOf(utc(t, "2013-11-27")), cause.DayOf(utc(t, "2014-01-01")))
	levels := fmt.Sprint(claims[0].Levels)
	if want := "[{weather.staleness <=6h} {weather.staleness <=12h} {weather.staleness <=1d} {weather.staleness beyond} {weather.staleness no row}]"; levels != want {
		t.Errorf("levels %s, want %s", levels, want)
	}
}

// flusight lays the loop beside copies of its data.
func flusight(t *testing.T) string {
	t.Helper()
	data := lake.Shared(t, "flusight-2023-25")
	return filepath.Join(copied(t, map[string]string{
		filepath.Join("..", "..", "fixtures", "loops", "flusight.yaml"): "loop.yaml",
		filepath.Join(data, "predictions.parquet"):                      "predictions.parquet",
		filepath.Join(data, "outcome_deliveries.parquet"):               "outcome_deliveries.parquet",
	}), "loop.yaml")
}

// TestFlusight judges two flu seasons at every boundary: what is claimed are the incidents that the data set's README lists, the
// inflated values of 2024-11-20 as a fault inside the source, and no other week.
func TestFlusight(t *testing.T) {
	p := taken(t, flusight(t), utc(t, "2023-10-01"), utc(t, "2025-07-12"), utc(t, "2025-07-12"))
	seen := map[string]string{} // by cause and onset: the first boundary
	for _, line := range changes(t, p.Claims, "2023-10-01", "2025-07-12", 97) {
		boundary, rest, _ := strings.Cut(line, ": ")
		for claim := range strings.Lines(rest) {
			if fields := strings.Fields(claim); len(fields) > 0 {
				key := fields[0] + " " + fields[1] + " " + fields[2] + claim[strings.Index(claim, " ["):strings.LastIndex(claim, ",")]
				if seen[key] == "" {
					seen[key] = boundary
				}
			}
		}
	}
	want := map[string]string{
		"outcome.truncated outcomes likely [2024-04-13 00:00":  "2024-05-29", // reporting lapsed on 2024-04-30
		"outcome.truncated outcomes likely [2024-04-20 00:00":  "2024-06-05", // the same, with the weeks before out of sight
		"outcome.truncated outcomes likely [2024-04-27 00:00":  "2024-06-12",
		"outcome.truncated outcomes proven [2024-11-15 20:48":  "2024-11-16", // a file of two weeks
		"source.revised hub proven [2024-11-23 00:00":          "2024-11-24",
		"outcome.duplicated outcomes proven [2024-11-27 17:01": "2024-11-28", // all rows carry one location
	}
	if fmt.Sprint(seen) != fmt.Sprint(want) {
		t.Errorf("claims, with the boundary at which each came up\n%v\nwant\n%v", seen, want)
	}
}

// TestNightsAgree: a night that knows nothing of what came after claims what a run long afterwards claims at its boundary.
func TestNightsAgree(t *testing.T) {
	loop := flusight(t)
	late := taken(t, loop, utc(t, "2024-08-01"), utc(t, "2024-12-08"), utc(t, "2025-07-12"))
	for _, day := range []string{"2024-11-16", "2024-11-24", "2024-11-28", "2024-12-05"} {
		boundary := utc(t, day)
		night := taken(t, loop, utc(t, "2024-08-01"), boundary, boundary)
		since, b := cause.DayOf(utc(t, "2024-08-01")), cause.DayOf(boundary)
		got, want := night.Claims(since, b), late.Claims(since, b)
		if !reflect.DeepEqual(got, want) || len(got) == 0 {
			t.Errorf("%s: that night\n%+v\nlater\n%+v", day, got, want)
		}
	}
}
