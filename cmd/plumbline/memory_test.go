package main

import (
	"testing"

	"github.com/plumbline-data/plumbline/engine"
	"github.com/plumbline-data/plumbline/engine/fault"
)

func TestParseMemory(t *testing.T) {
	tests := []struct {
		in   string
		want int64 // bytes; 0 for an error
	}{
		{"4GB", 4e9}, {"4GiB", 4 << 30}, {"512MiB", 512 << 20}, {"512 mib", 512 << 20}, {"1.5GB", 15e8}, {"1TB", 1e12},
		{"1048576B", 1 << 20}, {"1MiB", 1 << 20}, {"50%", engine.MemoryShare(.5)}, {"100 %", engine.MemoryShare(1)},
		{"1MB", 0}, {"4", 0}, {"4G", 0}, {"0GB", 0}, {"-1GB", 0}, {"0%", 0}, {"101%", 0}, {"GB", 0}, {"", 0}, {"NaN%", 0}, {"1e9B", 0},
		{"99999999TB", 0}, {"lots", 0}, {"٤GB", 0},
	}
	for _, tt := range tests {
		got, err := parseMemory(tt.in)
		if got != tt.want || (tt.want == 0) != (err != nil) || err != nil && !fault.IsUsage(err) {
			t.Errorf("parseMemory(%q) = %d bytes, %v; want %d bytes", tt.in, got, err, tt.want)
		}
	}
}

func FuzzParseMemory(f *testing.F) {
	for _, s := range []string{"4GB", "512MiB", "50%", "1.5 TB", "0.000001%", "0.0000000001%", "9223372036854775807B"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := parseMemory(s)
		if (err == nil) != (n > 0) || err != nil && !fault.IsUsage(err) {
			t.Errorf("parseMemory(%q) = %d bytes, %v", s, n, err)
		}
	})
}
