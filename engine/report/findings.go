// Package report renders what a run found for people and machines.
package report

import "slices"

// Findings is findings.json, schema plumbline.findings/v1: the evaluation at `to`. Field order is the file's key order;
// instants are RFC 3339 UTC, losses are in the loop's unit; null says "not known", never 0.
type Findings struct {
	Schema      string    `json:"schema"`
	Loop        string    `json:"loop"`
	RunID       string    `json:"run_id"`
	AsOf        string    `json:"as_of"`
	Interval    Interval  `json:"interval"`
	Window      Interval  `json:"window"`
	Baseline    Baseline  `json:"baseline"`
	Loss        Loss      `json:"loss"`
	Metrics     Metrics   `json:"metrics"`
	Outcomes    Counts    `json:"outcomes"`
	Integrity   Shares    `json:"integrity"`
	Verdict     string    `json:"verdict"`
	Retrain     *bool     `json:"retrain"`
	Summary     string    `json:"summary"`
	Attribution []Term    `json:"attribution"`
	Findings    []Finding `json:"findings"`
	Seams       []Seam    `json:"seams"`
	Slices      []Slice   `json:"slices"`
	Notes       []string  `json:"notes"`
}

// Interval is half-open.
type Interval struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Baseline spans From to To and holds Days days with outcomes.
type Baseline struct {
	From *string `json:"from"`
	To   *string `json:"to"`
	Days int     `json:"days"`
}

// Loss compares mean losses; Delta is Current - Baseline.
type Loss struct {
	Name     string      `json:"name"`
	Baseline *float64    `json:"baseline"`
	Current  *float64    `json:"current"`
	Delta    *float64    `json:"delta"`
	CI95     *[2]float64 `json:"ci95"`
}

// Metrics by name, in both periods; CI95 is the interval of Current - Baseline, where days tell one.
type Metrics struct {
	Baseline map[string]float64    `json:"baseline"`
	Current  map[string]float64    `json:"current"`
	CI95     map[string][2]float64 `json:"ci95"`
}

// Counts is the join's balance sheet over the interval.
type Counts struct {
	Predictions int64 `json:"predictions"`
	Invalid     int64 `json:"invalid"`
	Superseded  int64 `json:"superseded"`
	Hindsight   int64 `json:"hindsight"`
	Matched     int64 `json:"matched"`
	Pending     int64 `json:"pending"`
	Missing     int64 `json:"missing"`
	Late        int64 `json:"late"`
	Repeated    int64 `json:"repeated"`
	Corrected   int64 `json:"corrected"`
	Duplicated  int64 `json:"duplicated"`
	Withdrawn   int64 `json:"withdrawn"`
	Orphans     int64 `json:"orphans"`
}

// Shares is a share in both periods, null where a period has no prediction.
type Shares struct {
	Baseline *float64 `json:"baseline"`
	Current  *float64 `json:"current"`
}

// Term is one entry of the account. Keys that do not belong to a term, or that this evaluation cannot tell, are left out;
// ci95 is null where there are too few days.
type Term struct {
	To            string      `json:"to"` // cause, population, model, unseparated
	Finding       string      `json:"finding,omitempty"`
	Delta         float64     `json:"delta"`
	CI95          *[2]float64 `json:"ci95"`
	Share         *float64    `json:"share,omitempty"`
	Basis         string      `json:"basis,omitempty"`
	Fidelity      *float64    `json:"fidelity,omitempty"`
	Bounds        *Bounds     `json:"bounds,omitempty"`
	Uncertainty   *float64    `json:"uncertainty,omitempty"`
	Calibration   *float64    `json:"calibration,omitempty"`
	Resolution    *float64    `json:"resolution,omitempty"`
	Rollout       *float64    `json:"rollout,omitempty"`
	WithinVersion *float64    `json:"within_version,omitempty"`
}

// TermOf is the contribution of a finding; nil where it has none.
func (f *Findings) TermOf(finding string) *Term {
	i := slices.IndexFunc(f.Attribution, func(t Term) bool { return t.Finding == finding })
	if i < 0 {
		return nil
	}
	return &f.Attribution[i]
}

// Bounds is what a fault of unknown cost can have cost at most and at least, in mean loss of the window.
type Bounds struct {
	Lower *float64 `json:"lower"`
	Upper *float64 `json:"upper"`
}

// Finding is one cause at one node.
type Finding struct {
	ID           string         `json:"id"`
	Severity     string         `json:"severity"` // high, medium, low, info
	State        string         `json:"state"`    // new, ongoing, resolved, regressed
	Standing     bool           `json:"standing"`
	Cause        string         `json:"cause"`
	Parameters   map[string]any `json:"parameters"`
	Node         string         `json:"node"`
	Sources      []string       `json:"sources"`
	Features     []string       `json:"features"`
	AlsoDiffers  []string       `json:"also_differs"`
	Supersedes   []string       `json:"supersedes"`
	Job          string         `json:"job"`
	Owner        string         `json:"owner"`
	Onset        string         `json:"onset"`
	End          *string        `json:"end"`
	Episodes     []Episode      `json:"episodes"`
	Rows         int64          `json:"rows"`
	RowShare     float64        `json:"row_share"`
	ExcessLoss   *float64       `json:"excess_loss"`
	CI95         *[2]float64    `json:"ci95"`
	Q            *float64       `json:"q"`
	Share        *float64       `json:"share"`
	ExpectedCost *float64       `json:"expected_cost"`
	Recovered    *float64       `json:"recovered"`
	Tier         string         `json:"tier"` // inferred, logged, contract, replayed
	Proven       bool           `json:"proven"`
	Proof        *Proof         `json:"proof"`
	Evidence     []string       `json:"evidence"`
	Action       string         `json:"action"`
}

// Episode is one stretch of a finding; End is null while it lasts.
type Episode struct {
	Onset string  `json:"onset"`
	End   *string `json:"end"`
}

// Proof is how far a hypothesis reproduces what was served.
type Proof struct {
	Explains float64 `json:"explains"`
	Chance   float64 `json:"chance"`
	RunnerUp float64 `json:"runner_up"`
	Rows     int64   `json:"rows"`
	Distinct int64   `json:"distinct"`
}

// Seam is one hand-over from source to feature over the window; the first five are shares of its predictions.
type Seam struct {
	Source       string   `json:"source"`
	Feature      string   `json:"feature"`
	Agree        *float64 `json:"agree"`
	Null         *float64 `json:"null"`
	Default      *float64 `json:"default"`
	Differs      *float64 `json:"differs"`
	Ambiguous    *float64 `json:"ambiguous"`
	StalenessP50 *int64   `json:"staleness_p50_s"`
	StalenessP99 *int64   `json:"staleness_p99_s"`
}

// Slice is a part of the population whose loss moved more than the rest.
type Slice struct {
	Where     map[string]string `json:"where"`
	Rows      int64             `json:"rows"`
	Loss      float64           `json:"loss"`
	Reference float64           `json:"reference"`
	Lift      float64           `json:"lift"`
	CI95      *[2]float64       `json:"ci95"`
	Q         *float64          `json:"q"`
	Metrics   Metrics           `json:"metrics"` // of its rows
}
