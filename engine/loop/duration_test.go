package loop

import (
	"math"
	"strings"
	"testing"
	"time"
)

func TestParseDuration(t *testing.T) {
	tests := []struct {
		in      string
		want    time.Duration
		wantErr string
	}{
		{in: "35d", want: 35 * Day},
		{in: "7h", want: 7 * time.Hour},
		{in: "90m", want: 90 * time.Minute},
		{in: "1h30m", want: 90 * time.Minute},
		{in: "30s", want: 30 * time.Second},
		{in: "2w", want: 14 * Day},
		{in: "1w1d1h1m1s1ms1us1ns", want: 8*Day + time.Hour + time.Minute + time.Second + time.Millisecond + time.Microsecond + 1},
		{in: "72h", want: 3 * Day},
		{in: "1.5h", want: 90 * time.Minute},
		{in: "0.000000001s", want: 1},
		{in: "0", want: 0},
		{in: "0d", want: 0},
		{in: "9223372036854775807ns", want: math.MaxInt64},
		{in: "9223372036854775808ns", wantErr: "longer than 292 years"},
		{in: "106752d", wantErr: "longer than 292 years"},
		{in: "106751d24h", wantErr: "longer than 292 years"},
		{in: "99999999999999999999999w", wantErr: "longer than 292 years"},
		{in: "0.1ns", wantErr: "no whole number of nanoseconds"},
		{in: "", wantErr: "empty"},
		{in: "6", wantErr: `"6" has no unit after 6`},
		{in: "1h30", wantErr: "no unit after 30"},
		{in: "h", wantErr: "is no duration"},
		{in: "-1h", wantErr: "is no duration"},
		{in: "+1h", wantErr: "is no duration"},
		{in: " 1h", wantErr: "is no duration"},
		{in: "1 h", wantErr: "no unit"},
		{in: "1.2.3h", wantErr: "is no duration"},
		{in: ".h", wantErr: "is no duration"},
		{in: "1y", wantErr: `unknown unit "y"`},
		{in: "5min", wantErr: `unknown unit "min"`},
		{in: "1H", wantErr: "no unit"},
		{in: "30m1h", wantErr: "h after m"},
		{in: "1h1h", wantErr: "h after h"},
		{in: strings.Repeat("1", 101), wantErr: "a text of 101 letters"},
	}
	for _, tt := range tests {
		got, err := ParseDuration(tt.in)
		if tt.wantErr != "" {
			if err == nil || !strings.Contains(err.Error(), tt.wantErr) {
				t.Errorf("ParseDuration(%q) = %v, %v; want an error with %q", tt.in, got, err, tt.wantErr)
			}
			continue
		}
		if err != nil || got != tt.want {
			t.Errorf("ParseDuration(%q) = %v, %v; want %v", tt.in, got, err, tt.want)
		}
	}
}

func TestFormatDuration(t *testing.T) {
	tests := []struct {
		in   time.Duration
		want string
	}{
		{0, "0s"},
		{7 * Day, "7d"},
		{6 * time.Hour, "6h"},
		{90 * time.Minute, "1h30m"},
		{36 * time.Hour, "1d12h"},
		{1500 * time.Millisecond, "1s500ms"},
		{-90 * time.Minute, "-1h30m"},
		{math.MaxInt64, "106751d23h47m16s854ms775us807ns"},
		{math.MinInt64, "-106751d23h47m16s854ms775us808ns"},
	}
	for _, tt := range tests {
		if got := FormatDuration(tt.in); got != tt.want {
			t.Errorf("FormatDuration(%v) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

// What is read is written in one way, and read again as the same duration.
func FuzzParseDuration(f *testing.F) {
	for _, s := range []string{"35d", "7h", "90m", "1h30m", "30s", "2w", "72h", "1.5h", "0", "106751d23h47m16s854ms775us807ns", "1h1h"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDuration(s)
		if err != nil {
			return
		}
		if d < 0 {
			t.Fatalf("ParseDuration(%q) = %d ns, want at least 0", s, d)
		}
		written := FormatDuration(d)
		again, err := ParseDuration(written)
		if err != nil || again != d {
			t.Fatalf("ParseDuration(%q) = %v; FormatDuration gives %q, which reads as %v, %v", s, d, written, again, err)
		}
		if twice := FormatDuration(again); twice != written {
			t.Fatalf("FormatDuration gives %q, then %q", written, twice)
		}
	})
}
