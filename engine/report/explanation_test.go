package report

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func text(s string) *string { return &s }

// hostile explains a finding whose every name and value is long, or holds what a terminal obeys.
func hostile() *Explanation {
	const bad = "\x1b[2J\x00a\tb\r\nc\u202e\xff"
	long := strings.Repeat("very_long_name_", 20)
	end := "2024-01-05T00:00:00Z"
	f := Finding{ID: "F-1", Severity: "high", State: "odd" + bad, Cause: "encoding.remapped", Node: long + bad, Sources: []string{long, bad},
		Features: []string{long, long, bad}, AlsoDiffers: []string{bad}, Supersedes: []string{bad}, Job: bad, Owner: bad,
		Parameters: map[string]any{"map": map[string]any{bad: bad, long: nil}},
		Onset:      "2024-01-02T03:00:00Z", Episodes: []Episode{{Onset: "2024-01-02T03:00:00Z", End: &end}, {Onset: "no time " + bad}},
		Rows: 1234567, RowShare: 0.99999, Tier: "replayed", Proof: &Proof{Explains: 1, Chance: 0.0001, Rows: 4e9}, Evidence: []string{bad + long, ""}, Action: bad}
	x := &Explanation{Findings: &Findings{Findings: []Finding{f}}, Finding: &f, About: bad,
		Boundary: time.Date(2024, 1, 9, 0, 0, 0, 0, time.UTC), Newest: time.Date(2024, 1, 10, 0, 0, 0, 0, time.UTC),
		Way: [][2]string{{bad, long}, {long, bad}}}
	for i := range 10 {
		x.Proof = append(x.Proof, ProofRow{PredictionID: long, Key: long + bad, Instant: x.Boundary, Feature: long, Declared: text(bad), Served: text(long), Hypothesis: strings.Repeat(bad, i)})
	}
	for i := range 100 {
		x.Days = append(x.Days, DayShare{Day: x.Boundary.AddDate(0, 0, i-100), Rows: int64(i), Share: float64(i) / 99})
	}
	return x
}

// Nothing from data moves the cursor, and no line is wider than a terminal, whatever the names are.
func TestHostileNames(t *testing.T) {
	var b bytes.Buffer
	several := hostile()
	several.Proof[0].Feature = "another"
	for _, x := range []*Explanation{hostile(), several} {
		if err := x.WriteText(&b); err != nil {
			t.Fatal(err)
		}
	}
	for _, line := range strings.Split(b.String(), "\n") {
		if n := utf8.RuneCountInString(line); n > 100 && !strings.HasPrefix(line, "F-1") {
			t.Errorf("%d characters: %s", n, line)
		}
		if strings.TrimRight(line, " ") != line {
			t.Errorf("blanks at the end of %q", line)
		}
		for _, r := range line {
			if r < ' ' || r == 0x7f || r == '\u202e' || r == utf8.RuneError && !strings.Contains(line, "\uFFFD") {
				t.Errorf("%q in %q", r, line)
			}
		}
	}
	if !utf8.Valid(b.Bytes()) {
		t.Error("not UTF-8")
	}
}

func TestParameterWords(t *testing.T) {
	for _, tt := range []struct {
		cause string
		p     map[string]any
		want  string
	}{
		{"unexplained", map[string]any{}, ""},
		{"time.zone_shift", map[string]any{"offsets": []any{"-04:00", "-05:00"}, "zones": []any{"America/New_York"}}, "clocks apart by -04:00, -05:00, as in America/New_York"},
		{"time.zone_shift", map[string]any{"offsets": []any{"+01:00"}, "zones": []any{"a", "b", "c", "d", "e", "f"}}, "clocks apart by +01:00, as in a, b, c, d and 2 more"},
		{"feature.stale", map[string]any{"lag_s": 21600.0}, "read 6h behind"},
		{"feature.stale", map[string]any{"lag_s": 5430.0}, "read 1h30m30s behind"},
		{"feature.stale", map[string]any{"lag_s": nil, "within": "ignored"}, "rows older than may be used were used"},
		{"feature.stale", map[string]any{"frozen_at": "2001-05-07T00:00:00Z"}, "nothing newer was read than what was there at 2001-05-07 00:00 UTC"},
		{"feature.stale", map[string]any{"refresh": "daily at 06:00"}, "refreshed only daily at 06:00"},
		{"leak.future", map[string]any{"ahead_s": 60.0}, "read 1m ahead"},
		{"leak.future", map[string]any{"known": "ignored"}, "rows were used before they were known"},
		{"window.misaligned", map[string]any{"length": "24h", "offset": "0s", "align": nil}, "a window of 24h was taken"},
		{"window.misaligned", map[string]any{"length": "7d", "offset": "1d", "align": "day"}, "a window of 7d that ends 1d before, aligned to the day was taken"},
		{"encoding.remapped", map[string]any{"map": map[string]any{"b": "1", "a": "2"}}, "a became 2, b became 1"},
		{"encoding.remapped", map[string]any{"scale": 0.0166666667, "offset": 0.0, "unit": "minutes to hours"}, "served is 0.01667 times what it should be (minutes to hours)"},
		{"encoding.remapped", map[string]any{"scale": 1.8, "offset": 32.0, "unit": nil}, "served is 1.8 times what it should be, plus 32"},
		{"encoding.remapped", map[string]any{"scale": 1.0, "offset": -32.0}, "served is 1 times what it should be, less 32"},
		{"arrival.cutoff", map[string]any{"after": "5m"}, "rows are missing that come in later than 5m"},
		{"schema.column_dropped", map[string]any{"column": "temp_f", "became": nil}, "column temp_f is gone: null or the default is served"},
		{"schema.column_dropped", map[string]any{"column": "temp_f", "became": "dew_f"}, "dew_f is served in the place of column temp_f"},
		{"null.handling", map[string]any{"became": 0.0}, "null and 0 were taken for each other"},
		{"join.fanout", map[string]any{"factor": 2.0}, "2 times what it should be"},
		{"join.fanout", map[string]any{"factor": 2.0, "factors": []any{2.0, 3.0}}, "2, 3 times what it should be"},
		{"join.miss", map[string]any{"normalise": "lower"}, "the keys meet again once both sides are written alike (lower)"},
		{"definition.diverged", map[string]any{"name": "training"}, "what was served is what the definition training gives"},
		{"logic.diverged", map[string]any{"variant": "whole days"}, "computed as: whole days"},
		{"source.changed", map[string]any{"kind": "null_share", "at": 3.0, "list": []any{"x"}}, `at 3, kind null_share, list ["x"]`},
	} {
		if got := ParameterWords(tt.cause, tt.p); got != tt.want {
			t.Errorf("%s %v:\n got %q\nwant %q", tt.cause, tt.p, got, tt.want)
		}
	}
}

func TestValues(t *testing.T) {
	for _, tt := range []struct {
		declared, served, replayed *string
		want                       [3]string
	}{
		{text("54.3"), text("12.5"), text("12.500000001"), [3]string{"54.3", "12.5", "12.5"}},
		{text("0.1234567890123"), text("0.1234567890456"), nil, [3]string{"0.12345678901", "0.12345678905", "null"}},
		{nil, text(""), text(" JFK"), [3]string{"null", `""`, `" JFK"`}},
		{text("null"), text("NaN"), text("007"), [3]string{`"null"`, "NaN", "007"}},
		{text("1e300"), text("1e300"), text("-0"), [3]string{"1e+300", "1e+300", "-0"}},
		{text("42.0"), text("-0.000125"), text("1.5e-09"), [3]string{"42", "-0.000125", "1.5e-09"}},
	} {
		if got := values(tt.declared, tt.served, tt.replayed); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

func TestShortNumbers(t *testing.T) {
	got := []string{Counted(0), Counted(999), Counted(1000), Counted(1234567), Counted(-1234), Percent(0), Percent(0.00001), Percent(0.99999), Percent(1), Percent(0.5), Short(0.000123456)}
	want := []string{"0", "999", "1,000", "1,234,567", "-1,234", "0.0 %", "<0.1 %", ">99.9 %", "100.0 %", "50.0 %", "0.0001235"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
