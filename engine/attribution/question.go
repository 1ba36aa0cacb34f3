package attribution

import (
	"time"

	"github.com/plumbline-data/plumbline/engine/loop"
)

// Question asks what the loss of the days before a boundary is made of.
type Question struct {
	// Boundary is the day at whose start the judgement is made: the window is [Boundary - Window, Boundary).
	Boundary Day

	// Window is its length in days.
	Window int

	// Baseline says what the window is held against.
	Baseline BaselineSpec

	// Since is the first day that is looked at, of the baseline and of a finding's history: what an index holds of earlier
	// days, for other boundaries, changes no answer. Zero and less set no bound after 1970.
	Since Day

	// AsOf is the instant at which the world is looked at; outcomes that became known later are not counted.
	AsOf time.Time

	// MinMatched is how many matched rows the window must hold to be judged at all.
	MinMatched int

	// MinEffect is the least change worth acting on, as a share of the baseline's loss.
	MinEffect float64

	// FDR is the false discovery rate of the tests.
	FDR float64

	Task loop.Task
	Loss loop.Loss

	// Scores gives the score histogram of the matched rows of some days. Nil means that none is known.
	Scores func([]Day) []HistogramBin

	// Entities gives what groups of entities lost on a day. Nil, or nothing, where no entity is declared: intervals are then by day alone.
	Entities func(Day) []EntityLoss

	// Brought gives how many rows, their first versions, a source brought of a day; false where that is not known. Nil means that nothing is.
	Brought func(source string, day Day) (int64, bool)

	// Claims are the causes that were found for what differs.
	Claims []Claim

	// Unhealthy tells days under a proven finding, which are kept out of a trailing baseline. Nil means none.
	Unhealthy func(Day) bool
}

// BaselineSpec chooses the days of the baseline: those in [From, To) where To is after From, else the newest Trailing
// healthy days before the window, none further back than Reach days before the window's start.
type BaselineSpec struct {
	Trailing, Reach int
	From, To        Day
}

// Fixed tells whether the baseline is a written interval of days.
func (b BaselineSpec) Fixed() bool { return b.To > b.From }

// QuestionOf asks a loop's standing question at a boundary.
func QuestionOf(l *loop.Loop, boundary Day, asOf time.Time) Question {
	q := Question{
		Boundary:   boundary,
		Window:     wholeDays(l.Evaluate.Window),
		Baseline:   BaselineSpec{Trailing: wholeDays(l.Baseline.Trailing), Reach: wholeDays(l.Baseline.Reach)},
		AsOf:       asOf,
		MinMatched: l.Evaluate.MinMatched,
		MinEffect:  l.Evaluate.MinEffect,
		FDR:        l.Evaluate.FDR,
		Task:       l.Task,
		Loss:       l.Loss,
	}
	if !l.Baseline.From.IsZero() || !l.Baseline.To.IsZero() {
		q.Baseline.From, q.Baseline.To = DayOf(l.Baseline.From), DayOf(l.Baseline.To)
	}
	return q
}

func wholeDays(d time.Duration) int { return int(d / (24 * time.Hour)) }
