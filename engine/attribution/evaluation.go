package attribution

// Evaluation is one judgement at a boundary. Losses are means per row (weighted where the loop weighs) in the loop's unit,
// rounded to 1e-9; nil says "not known", never 0. All slices are in a fixed order.
type Evaluation struct {
	Boundary Day

	Window   Period
	Baseline Period

	Loss      Loss
	Metrics   Metrics
	Integrity Shares

	Verdict Verdict
	Retrain *bool // nil: cannot tell
	Summary string

	Terms    []Term    // causes in the order of Findings, then population and model, or unseparated
	Findings []Finding // by node, then cause
	Notes    []string  // each opens with a code and a colon: "open_days: ..."
}

// Period is a span of days [From, To) and the days in it that were evaluated, ascending. The baseline's span runs from
// its first to its last evaluated day; without one both ends are 0.
type Period struct {
	From, To    Day
	Days        []Day
	Predictions int64 // predictions of these days
	Matched     int64 // of these, rows with an outcome known by as-of; in the baseline at any age
}

// Loss compares the window's mean loss with the baseline's at the same ages.
type Loss struct {
	Name     string
	Baseline *float64
	Current  *float64
	Delta    *float64
	CI95     *[2]float64
	P        *float64 // one-sided, by day: that loss rose by chance
}

// Metrics by name in both periods, the baseline at the window's ages, but what bins of scores tell at any. CI95 holds of those that both periods
// have, where days tell it, the 95 % interval of Current - Baseline.
type Metrics struct {
	Baseline, Current map[string]float64
	CI95              map[string][2]float64
}

// Shares is a share in both periods, nil where a period has no prediction.
type Shares struct {
	Baseline, Current *float64
}

// Verdict says what to do.
type Verdict string

// Verdicts, in the order in which they are considered.
const (
	Insufficient Verdict = "insufficient" // too little to judge
	Outcomes     Verdict = "outcomes"     // mend the yardstick
	Intake       Verdict = "intake"       // mend a pipe
	Population   Verdict = "population"   // other rows come in
	Model        Verdict = "model"        // the same rows are predicted worse
	Healthy      Verdict = "healthy"
)

// Basis says what a contribution rests on.
type Basis string

// Bases, best first. The first two are of rows that are scored anew with their features repaired.
const (
	Measured      Basis = "measured"       // by the loop's scorer
	Distilled     Basis = "distilled"      // by what the log says of the model
	Estimated     Basis = "estimated"      // against unaffected rows of the same day, segment and version
	NotIdentified Basis = "not_identified" // nothing tells
)

// repaired tells the bases that look at the rows of a finding alone, with their features put right.
func (b Basis) repaired() bool { return b == Measured || b == Distilled }

// TermKind says what a term of the account is about.
type TermKind string

// Kinds of terms. An unseparated term is population and model where a fault of unknown cost hides which.
const (
	ToCause       TermKind = "cause"
	ToPopulation  TermKind = "population"
	ToModel       TermKind = "model"
	ToUnseparated TermKind = "unseparated"
)

// Term is one entry of the account. The terms of an evaluation sum to Loss.Delta within 1e-9.
type Term struct {
	To      TermKind
	Finding int // index into Findings; -1 unless To is cause
	Delta   float64
	CI95    *[2]float64
	Share   *float64 // of Loss.Delta; nil unless that exceeds half its interval
	Basis   Basis    // causes only
	Bounds  *Bounds  // not identified causes only

	Fidelity *float64 // distilled causes only: how true it is to the logged scores, 0 to 1

	// Parts of the model term. Uncertainty is the change of the loss that the period's best constant would have;
	// calibration and resolution need score histograms. Rollout and WithinVersion sum to Delta where the shares of
	// model versions changed.
	Uncertainty   *float64
	Calibration   *float64
	Resolution    *float64
	Rollout       *float64
	WithinVersion *float64
}

// Bounds is what a fault of unknown cost can have cost, in mean loss of the window.
type Bounds struct {
	Lower, Upper *float64
}

// Severity of a finding.
type Severity string

// Severities, worst first.
const (
	High   Severity = "high"
	Medium Severity = "medium"
	Low    Severity = "low"
	Info   Severity = "info"
)

// State of a finding at the boundary.
type State string

// States.
const (
	New       State = "new"       // its first episode began inside the window
	Ongoing   State = "ongoing"   // began before the window
	Resolved  State = "resolved"  // its last episode ended, seven clean evaluated days ago or more
	Regressed State = "regressed" // a later episode began inside the window
)

// Tier is the evidence that a finding rests on.
type Tier string

// Tiers that condition levels alone can bear.
const (
	Inferred Tier = "inferred" // levels that the baseline does not have
	Contract Tier = "contract" // a broken promise
	Replayed Tier = "replayed" // served values that the replay contradicts
)

// Finding is one cause at one node, or the conditions of one node that are not nominal and have no cause.
type Finding struct {
	Node     string
	Cause    string // "" where none was found
	Claim    int    // index into Question.Claims, -1 for none
	Proven   bool
	Outcome  bool // about the outcomes: the yardstick, not the intake
	Tier     Tier
	Severity Severity
	State    State
	Standing bool // older than what was read: never drives the verdict

	Levels   []LevelShare // what was found, in the layout's order
	Episodes []Episode    // ascending
	FirstDay Day          // first affected day in the index
	LastDay  Day          // last affected day before the boundary

	Days []DayShare // evaluated days from a week before FirstDay up to the boundary, ascending

	Rows     int64   // affected predictions in the window
	RowShare float64 // of the window's predictions
	Matched  int64   // affected rows with an outcome in the window
	WorstDay float64 // largest share of a window day's predictions that break a promise

	Basis      Basis
	Fidelity   *float64 // of a distilled basis
	ExcessLoss *float64 // what mending returns, in mean loss of the window; nil if not identified
	// ExpectedCost is what it should cost in mean loss of the window, the outcome of each row drawn from its repaired score: known
	// before any outcome is. Nil where nothing is scored anew, or the loss has no such mean.
	ExpectedCost *float64
	// Recovered is, of a finding that is over, what it had cost in mean loss on its last days: it came back. Nil where it lasts, or nothing tells.
	Recovered  *float64
	Delta      float64     // what changed against the baseline
	CI95       *[2]float64 // of ExcessLoss
	P, Q       *float64    // one-sided, by day: that the excess is chance; Q after Benjamini-Hochberg over the findings
	Bounds     *Bounds     // not identified only
	Controlled float64     // share of the affected matched rows that have controls
	Share      *float64    // as in its term
	Evidence   []string
}

// LevelShare is one level of one condition that is not nominal.
type LevelShare struct {
	Condition string // "weather.staleness"
	Kind      string
	Of        string
	Level     string
	Broken    bool    // breaks a promise of the loop file
	Disputed  bool    // served values that the replay contradicts
	Rows      int64   // predictions in the window
	Share     float64 // of the window's predictions
	Baseline  float64 // share of the baseline's predictions
	Q         *float64
}

// DayShare is how many of a day's predictions a finding hits.
type DayShare struct {
	Day   Day
	Rows  int64
	Share float64 // of the day's predictions, 0 to 1
}

// Episode is one stretch of affected days; End, the day after its last affected one, is nil while it lasts.
type Episode struct {
	Onset Day
	End   *Day
}
