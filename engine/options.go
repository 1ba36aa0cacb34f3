package engine

import (
	"time"

	"github.com/rs/zerolog"

	"github.com/plumbline-data/plumbline/engine/attribution"
	"github.com/plumbline-data/plumbline/engine/intake"
	"github.com/plumbline-data/plumbline/engine/plan"
	"github.com/plumbline-data/plumbline/engine/report"
)

// Version is part of every run's identity: it changes whenever the same inputs could give another answer.
const Version = "0.6.0"

// Options says what to run, where, and with how much of the machine.
type Options struct {
	// LoopFile is the path of the loop file.
	LoopFile string

	// From and To bound the interval to take in, half-open; a bound off UTC midnight takes in the whole day it touches.
	From, To time.Time

	// AsOf is the instant at which the world is looked at; what became known later is not there. Zero means To.
	AsOf time.Time

	// Ledger is the path of the ledger. Empty means <loop>.duckdb beside the loop file.
	Ledger string

	// Findings is where findings.json goes. Empty means <ledger>.findings.json.
	Findings string

	// ResultFile, where not empty, gets the same JSON line as stdout.
	ResultFile string

	// MetricsFile, where not empty, is a file that the caller writes when the run is over: no other output may be in its place.
	MetricsFile string

	// Memory is the limit in bytes past which work spills to Temp. Zero means 60 % of RAM or of the cgroup's limit.
	Memory int64

	// LeaveEmpty has an interval without predictions publish nothing: ledger and findings stay as they were.
	LeaveEmpty bool

	// Threads is how many threads SQL runs on. Zero means one per core.
	Threads int

	// Temp is the folder for spilled data. Empty means a folder beside the ledger, removed afterwards.
	Temp string

	// LockTimeout is how long to wait for another run that is publishing to the same ledger. Zero means 10 minutes.
	LockTimeout time.Duration

	// Log gets what the operator needs to know.
	Log zerolog.Logger

	// Progress, where not nil, is called as each stage begins.
	Progress func(stage string)
}

// Result is what a run comes to.
type Result struct {
	Findings     *report.Findings
	FindingsPath string
	ResultLine   []byte // the last line of stdout: one JSON object under 1 kB, without a newline
	Empty        bool   // the interval holds no prediction
	LedgerPath   string
	Matured      []Matured         // days of the ledger that were taken in again, because they are known otherwise than they were
	Spared       []attribution.Day // days of the ledger that stay as they are, because their files are gone
	Rejudged     int               // boundaries of the ledger, other than the interval's, that were judged again
	Inventory    *intake.Inventory // the files that were read
}

// Checked is what `check` found in order: the loop held against its files.
type Checked struct {
	Plan     *plan.Plan
	Breaches []intake.Breach
	Unused   []string // declared in the loop file, checked, and not used by this version
}
