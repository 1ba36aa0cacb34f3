package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"
)

// Explanation is all that is known of one finding.
type Explanation struct {
	Findings *Findings // the evaluation that tells it
	Finding  *Finding  // of Findings
	About    string    // what its cause is, in plain words
	Boundary time.Time // at which the evaluation was made
	Newest   time.Time // boundary of the ledger's newest evaluation
	Proof    []ProofRow
	Days     []DayShare // ascending
	Way      [][2]string
}

// ProofRow is one prediction that shows what a finding is about. Values are text; nil is null.
type ProofRow struct {
	PredictionID string
	Key          string // values of the keys that the source is joined by, commas between
	Instant      time.Time
	Feature      string
	Declared     *string
	Served       *string
	Replayed     *string // what the hypothesis gives
	Hypothesis   string  // "" where none reproduces the row
}

// DayShare is how many of a day's predictions a finding hits.
type DayShare struct {
	Day   time.Time
	Rows  int64
	Share float64 // of the day's predictions, 0 to 1
}

// width is how many columns a text for people has at most, but for a single word that is longer.
const width = 98

// WriteText writes the explanation for people, in plain text.
func (x *Explanation) WriteText(out io.Writer) error {
	var b bytes.Buffer
	x.head(&b)
	x.proof(&b)
	x.rows(&b)
	x.timeline(&b)
	x.way(&b)
	x.evidence(&b)
	_, err := out.Write(b.Bytes())
	return err
}

// head says what was found, where, since when, and what it costs.
func (x *Explanation) head(b *bytes.Buffer) {
	f := x.Finding
	fmt.Fprintf(b, "%s  %s at %s\n\n", Clean(f.ID), Clean(f.Cause), Clean(f.Node))
	paragraph(b, "", x.About)
	b.WriteString("\n")
	t := pairs{}
	t.add("state", x.state())
	t.add("severity", f.Severity+"; "+ProvenWords(f)+"; rests on "+TierWords(f.Tier))
	t.add("node", f.Node)
	t.add("owner", OrDash(f.Owner))
	t.add("job", OrDash(f.Job))
	if len(f.Sources) > 0 && (len(f.Sources) > 1 || f.Sources[0] != f.Node) {
		t.add("sources", strings.Join(f.Sources, ", "))
	}
	t.add("features", OrDash(strings.Join(f.Features, ", ")))
	if len(f.AlsoDiffers) > 0 {
		t.add("differ too", strings.Join(f.AlsoDiffers, ", ")+" (from the same day on; the cause does not reproduce them)")
	}
	if len(f.Supersedes) > 0 {
		t.add("stands for", strings.Join(f.Supersedes, ", "))
	}
	if words := ParameterWords(f.Cause, f.Parameters); words != "" {
		t.add("what", words)
	}
	for i, e := range f.Episodes {
		name := "episodes"
		if len(f.Episodes) == 1 {
			name = "since"
		}
		if i > 0 {
			name = ""
		}
		t.add(name, EpisodeWords(e))
	}
	t.add("hit", fmt.Sprintf("%s predictions of %s to %s, %s", Counted(f.Rows), DayOf(x.Findings.Window.From), DayOf(x.Findings.Window.To), Percent(f.RowShare)))
	t.add("cost", x.cost())
	t.write(b, "")
}

// states says in words how a finding stands.
var states = map[string]string{
	"new": "new: it began within the window", "ongoing": "ongoing: it began before the window", "resolved": "resolved: it is over",
	"regressed": "regressed: it was over, and began again within the window",
}

// state says how it stands, and as of when that is so.
func (x *Explanation) state() string {
	text := states[x.Finding.State]
	if text == "" {
		text = x.Finding.State
	}
	if x.Finding.Standing {
		text += "; standing, older than all that was looked at"
	}
	text += "; as judged at " + x.Boundary.Format(time.DateOnly) + ", as of " + Instant(x.Findings.AsOf)
	if x.Newest.After(x.Boundary) {
		text += ". Later evaluations, up to " + x.Newest.Format(time.DateOnly) + ", do not tell it"
	}
	return text
}

// ProvenWords says whether a finding is proven.
func ProvenWords(f *Finding) string {
	if f.Proven {
		return "proven"
	}
	if f.Proof != nil {
		return "likely, not proven"
	}
	return "not proven"
}

// TierWords says what a finding rests on.
func TierWords(tier string) string {
	words := map[string]string{
		"inferred": "what can be inferred from the served columns and the files alone", "logged": "what serving logged",
		"contract": "a promise of the loop file that is broken", "replayed": "the replay from the sources",
	}[tier]
	if words == "" {
		return tier
	}
	return words
}

// EpisodeWords says how long an episode lasted.
func EpisodeWords(e Episode) string {
	if e.End == nil {
		return Instant(e.Onset) + ", not over"
	}
	return Instant(e.Onset) + " until " + Instant(*e.End)
}

// cost is what mending returns, or why that is not known.
func (x *Explanation) cost() string {
	f := x.Finding
	term := x.Findings.TermOf(f.ID)
	loss := x.Findings.Loss.Name
	var parts []string
	switch {
	case f.ExcessLoss != nil:
		text := fmt.Sprintf("mending returns %s of the window's mean %s", Short(*f.ExcessLoss), loss)
		if f.CI95 != nil {
			text += fmt.Sprintf(" (95 %%: %s to %s)", Short(f.CI95[0]), Short(f.CI95[1]))
		}
		parts = append(parts, text)
	case term != nil && term.Bounds != nil && term.Bounds.Upper != nil:
		parts = append(parts, fmt.Sprintf("not known; at most %s of the window's mean %s", Short(*term.Bounds.Upper), loss))
	default:
		parts = append(parts, "not known")
	}
	if f.ExpectedCost != nil {
		parts = append(parts, "expected without outcomes: "+Short(*f.ExpectedCost))
	}
	if f.Recovered != nil {
		parts = append(parts, "came back: "+Short(*f.Recovered))
	}
	if term != nil && term.Basis != "" {
		parts = append(parts, strings.ReplaceAll(term.Basis, "_", " "))
	}
	return strings.Join(parts, "; ")
}

// proof says what the figures of the proof mean.
func (x *Explanation) proof(b *bytes.Buffer) {
	p := x.Finding.Proof
	if p == nil {
		return
	}
	title := "Proof"
	if !x.Finding.Proven {
		title = "What speaks for it, short of a proof"
	}
	heading(b, title)
	t := pairs{}
	if x.Finding.Cause == "source.revised" { // nothing is replayed otherwise: it is the declaration that holds
		t.add(Percent(p.Explains), "of the served values are what the source held then: the pipe and the model did as they should")
		t.add(Counted(p.Rows), "predictions were looked at")
		t.add(Counted(p.Distinct), "rows of the source were corrected far beyond the usual")
		t.write(b, "  ")
		return
	}
	t.add(Percent(p.Explains), "of the rows on which the cause would serve something other than the declaration were served just that")
	t.add(Percent(p.Chance), "would be by chance: the same with its values shuffled among these rows")
	t.add(Percent(p.RunnerUp), "would be under the next best explanation")
	t.add(Counted(p.Rows), "rows were counted (a bounded sample of each day's)")
	t.add(Counted(p.Distinct), "different pieces of evidence are among those that it reproduces")
	t.write(b, "  ")
	paragraph(b, "  ", "Proven is: at least 90 %, 80 % of the way from chance to all, 30 rows, 10 pieces of evidence, and right on 90 % of the rows on which it and another explanation part.")
}

// way shows how the data gets from the job to the model.
func (x *Explanation) way(b *bytes.Buffer) {
	if len(x.Way) == 0 {
		return
	}
	heading(b, "The way of the data, from the job to the model")
	t := pairs{}
	for _, w := range x.Way {
		t.add(w[0], w[1])
	}
	t.write(b, "  ")
}

// evidence ends with what to do.
func (x *Explanation) evidence(b *bytes.Buffer) {
	if len(x.Finding.Evidence) > 0 {
		heading(b, "Evidence")
		for _, line := range x.Finding.Evidence {
			t := pairs{}
			t.add("-", line)
			t.write(b, "  ")
		}
	}
	heading(b, "What to do")
	paragraph(b, "  ", x.Finding.Action)
}
