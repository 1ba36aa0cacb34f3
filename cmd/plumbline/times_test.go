package main

import (
	"strings"
	"testing"
	"time"

	"github.com/plumbline-data/plumbline/engine/fault"
)

func TestParseInstant(t *testing.T) {
	tests := []struct {
		in, want, hint string // want in RFC 3339, "" for an error with the hint in it
	}{
		{in: "2013-07-22", want: "2013-07-22T00:00:00Z"},
		{in: "2013-07-22T05:00:00Z", want: "2013-07-22T05:00:00Z"},
		{in: "2013-07-22t05:00:00z", want: "2013-07-22T05:00:00Z"},
		{in: "2013-07-22T05:00:00+00:00", want: "2013-07-22T05:00:00Z"},
		{in: "2013-07-22T05:00:00-04:00", want: "2013-07-22T09:00:00Z"},
		{in: "2013-07-22T05:00:00.250+05:30", want: "2013-07-21T23:30:00.25Z"},
		{in: "2013-07-22 05:00:00+00:00", want: "2013-07-22T05:00:00Z"},
		{in: "2013-07-22 05:00:00.000001+00:00", want: "2013-07-22T05:00:00.000001Z"},
		{in: " 2013-07-22 ", want: "2013-07-22T00:00:00Z"},
		{in: "2013-07-22T05:00:00", hint: "RFC 3339"},
		{in: "2013-02-29", hint: "RFC 3339"},
		{in: "2013-07-22T24:00:00Z", hint: "RFC 3339"},
		{in: "1374469200", hint: "RFC 3339"},
		{in: "yesterday", hint: "RFC 3339"},
		{in: "{{ data_interval_start }}", hint: "not rendered"},
		{in: "None", hint: "--date"},
	}
	for _, tt := range tests {
		got, err := parseInstant("--from", tt.in)
		if tt.want == "" {
			if !fault.IsUsage(err) || !strings.Contains(fault.Text("plumbline", err), "hint: ") || !strings.Contains(fault.Text("", err), tt.hint) {
				t.Errorf("parseInstant(%q) = %v, %v; want a usage fault with the hint %q", tt.in, got, err, tt.hint)
			}
			continue
		}
		if err != nil || stamp(got) != tt.want || got.Location() != time.UTC {
			t.Errorf("parseInstant(%q) = %v, %v; want %s", tt.in, got, err, tt.want)
		}
	}
}

func FuzzParseInstant(f *testing.F) {
	for _, s := range []string{"2013-07-22", "2013-07-22T05:00:00.250+05:30", "2013-07-22 05:00:00Z", "None", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		first, err := parseInstant("--from", s)
		if err != nil {
			if !fault.IsUsage(err) {
				t.Fatalf("parseInstant(%q): %v is not a usage fault", s, err)
			}
			return
		}
		if y := first.Year(); y < 0 || y > 9999 {
			return // the offset of an instant in the first or last hours that RFC 3339 can write
		}
		again, err := parseInstant("--from", stamp(first))
		if err != nil || !again.Equal(first) {
			t.Errorf("parseInstant(%q) = %v, read again %v, %v", s, first, again, err)
		}
	})
}
