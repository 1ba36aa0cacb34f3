package main

import (
	"errors"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/plumbline-data/plumbline/engine"
	"github.com/plumbline-data/plumbline/engine/fault"
)

// maxThreads is more than any machine has; a larger number is a slip of the pen.
const maxThreads = 1024

// machineFlags are what every command takes: how much of the machine it may use, and how it logs.
func machineFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "memory", Usage: "work spills to --tmp past `SIZE`: 4GB, 512MiB or 50% (default: 60% of RAM or of the control group's limit)"},
		&cli.StringFlag{Name: "threads", Usage: "run SQL on `N` threads (default: one per core)"},
		&cli.StringFlag{Name: "tmp", Usage: "spill to folder `DIR` (default: one beside the ledger, removed afterwards)"},
		&cli.StringFlag{Name: "log-format", Usage: "`FORM` of the log on stderr: auto, console or json (default: auto, console on a terminal and json elsewhere)"},
	}
}

// ledgerFlags are what every command takes that touches a ledger.
func ledgerFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "ledger", Usage: "keep the ledger in file `F` (default: <loop>.duckdb beside the loop file)"},
		&cli.StringFlag{Name: "lock-timeout", Usage: "wait `DURATION`, as in 30s or 10m, for another run on the same ledger (default: 10m)"},
	}
}

// options reads the flags that every command takes. Every wrong one is reported.
func options(c *cli.Context) (engine.Options, error) {
	o := engine.Options{Ledger: c.String("ledger"), Temp: c.String("tmp")}
	var errs []error
	var err error
	if c.IsSet("memory") {
		o.Memory, err = parseMemory(c.String("memory"))
		errs = append(errs, err)
	}
	if c.IsSet("threads") {
		o.Threads, err = parseThreads(c.String("threads"))
		errs = append(errs, err)
	}
	if c.IsSet("lock-timeout") {
		o.LockTimeout, err = parseWait("--lock-timeout", c.String("lock-timeout"))
		errs = append(errs, err)
	}
	if c.IsSet("tmp") {
		if info, err := os.Stat(o.Temp); err != nil || !info.IsDir() {
			errs = append(errs, fault.Usage("--tmp", "name a folder that exists and can be written to", "%q is not a folder", o.Temp))
		}
	}
	return o, errors.Join(errs...)
}

func parseThreads(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > maxThreads {
		return 0, fault.Usage("--threads", "write a whole number from 1 to "+strconv.Itoa(maxThreads)+", or leave it out: one per core",
			"%q is not a number of threads", s)
	}
	return n, nil
}

// parseWait reads how long to wait. No waiting at all becomes a nanosecond, because zero stands for the default.
func parseWait(flag, s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 {
		return 0, fault.Usage(flag, "write a number and its unit, as in 30s or 10m; 0s does not wait", "%q is not a time to wait", s)
	}
	return max(d, time.Nanosecond), nil
}

// oneOf reads a flag that takes one of a few words.
func oneOf(c *cli.Context, name, otherwise string, words ...string) (string, error) {
	if !c.IsSet(name) {
		return otherwise, nil
	}
	word := c.String(name)
	if slices.Contains(words, word) {
		return word, nil
	}
	fix := "write one of " + strings.Join(words, ", ")
	if near := nearest(strings.ToLower(word), words); near != "" {
		fix = "did you mean " + near + "? " + fix
	}
	return "", fault.Usage("--"+name, fix, "%q is not one of its words", word)
}
