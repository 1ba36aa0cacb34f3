package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline-data/plumbline/engine/fault"
)

func TestArrange(t *testing.T) {
	tests := []struct {
		name, in, want, wantErr string
	}{
		{name: "flags first", in: "run --date 2013-07-22 loop.yaml", want: "run --date=2013-07-22 -- loop.yaml"},
		{name: "flags last", in: "run loop.yaml --date 2013-07-22", want: "run --date=2013-07-22 -- loop.yaml"},
		{name: "flags around, one dash, equals", in: "run -from=a loop.yaml -to b --as-of=c", want: "run --from=a --to=b --as-of=c -- loop.yaml"},
		{name: "two dashes end the flags", in: "run --date 2013-07-22 -- --odd.yaml --from", want: "run --date=2013-07-22 -- --odd.yaml --from"},
		{name: "a value may begin with a dash", in: "run loop.yaml --threads -1", want: "run --threads=-1 -- loop.yaml"},
		{name: "a value may hold an equals sign", in: "run loop.yaml --ledger=a=b.duckdb", want: "run --ledger=a=b.duckdb -- loop.yaml"},
		{name: "a lone dash is no flag", in: "check -", want: "check -- -"},
		{name: "help after the loop", in: "run loop.yaml --help", want: "help -- run"},
		{name: "a loop file called help", in: "check help", want: "check -- help"},
		{name: "help of a command", in: "--help run", want: "help -- run"},
		{name: "no command", in: "--version", want: "--version"},
		{name: "unknown flag", in: "run loop.yaml --dat 2013-07-22", wantErr: "did you mean --date?"},
		{name: "unknown flag, nothing near", in: "check loop.yaml --date 2013-07-22", wantErr: "check has no flag --date"},
		{name: "no value at the end", in: "run loop.yaml --date", wantErr: "--date: has no value"},
		{name: "no value before a flag", in: "run loop.yaml --from --to 2013-07-22", wantErr: "--from: has no value"},
		{name: "empty value", in: "run loop.yaml --ledger= --date 2013-07-22", wantErr: "--ledger: has no value"},
		{name: "a switch", in: "ledger --verify loop.yaml --compact", want: "ledger --verify --compact -- loop.yaml"},
		{name: "a switch with a value", in: "ledger loop.yaml --verify=1", wantErr: "--verify: takes no value"},
		{name: "a switch twice", in: "ledger loop.yaml --verify -verify", wantErr: "--verify: is given twice"},
		{name: "twice", in: "run loop.yaml --date 2013-07-22 -date=2013-07-23", wantErr: "--date: is given twice"},
		{name: "before the command", in: "--threads 2 run loop.yaml", wantErr: "--threads comes before the command"},
		{name: "unknown command", in: "rnu loop.yaml", wantErr: "did you mean run?"},
		{name: "unknown command, nothing near", in: "investigate loop.yaml", wantErr: "the commands are demo, init, check, run, explain, affected, report, ledger, completion, help"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := arrange(newApp(&world{}), append([]string{"plumbline"}, strings.Fields(tt.in)...))
			if tt.wantErr != "" {
				if !fault.IsUsage(err) || !strings.Contains(fault.Text("plumbline", err), tt.wantErr) {
					t.Errorf("error %v, want a usage fault with %q", err, tt.wantErr)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff("plumbline "+tt.want, strings.Join(got, " ")); diff != "" {
				t.Errorf("arguments (-want +got):\n%s", diff)
			}
		})
	}
}

// FuzzArrange: what is arranged stays as it is when it is arranged again, and mistakes are usage faults.
func FuzzArrange(f *testing.F) {
	for _, s := range []string{"run\nloop.yaml\n--date\n2013-07-22", "check\n--\n-x", "run\n-from=\n=", "--version", "", "run\n---\n--=\n-=x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		args := append([]string{"plumbline"}, strings.Split(s, "\n")...)
		first, err := arrange(newApp(&world{}), args)
		if err != nil {
			if !fault.IsUsage(err) {
				t.Fatalf("arrange(%q): %v is not a usage fault", args, err)
			}
			return
		}
		again, err := arrange(newApp(&world{}), first)
		if err != nil {
			t.Fatalf("arrange(%q) = %q, again: %v", args, first, err)
		}
		if diff := cmp.Diff(first, again); diff != "" {
			t.Errorf("arrange(%q) again (-first +again):\n%s", args, diff)
		}
	})
}

func TestNearest(t *testing.T) {
	words := []string{"check", "run", "help"}
	for written, want := range map[string]string{"chekc": "check", "chk": "check", "rnu": "run", "ru": "run", "hlep": "help", "che": "check",
		"investigate": "", "x": "", "": ""} {
		if got := nearest(written, words); got != want {
			t.Errorf("nearest(%q) = %q, want %q", written, got, want)
		}
	}
}
