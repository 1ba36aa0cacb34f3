package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"
)

// Affected is what was written of the predictions that a finding hits.
type Affected struct {
	Finding           *Finding
	Path              string
	Window            Interval
	Boundary          time.Time // of the evaluation
	AsOf              string
	Rows, InWindow    int64
	Righted           int64 // rows of which a feature is put right
	Features          []AffectedFeature
	Scored            int64   // rows with a corrected score
	Logged, Corrected float64 // mean score of these as logged, and corrected
	Basis             string  // of the corrected scores; "" without any
	Unscored          string  // why some have none; "" where all that are put right have one
	First, Last       time.Time
}

// AffectedFeature is a feature in the file.
type AffectedFeature struct {
	Name      string
	Righted   int64 // rows of which it is put right
	Corrected bool  // the file has what it should have been
}

// WriteText says for people what the file holds.
func (a *Affected) WriteText(out io.Writer) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s  %s at %s\n\n", Clean(a.Finding.ID), Clean(a.Finding.Cause), Clean(a.Finding.Node))
	t := pairs{}
	t.add("file", Clean(a.Path))
	t.add("as judged", fmt.Sprintf("at %s, as of %s", a.Boundary.Format(time.DateOnly), Instant(a.AsOf)))
	t.add("predictions", a.rows())
	for i, f := range a.Features {
		name := "features"
		if i > 0 {
			name = ""
		}
		t.add(name, f.words())
	}
	t.add("score", a.score())
	t.write(&b, "")
	_, err := out.Write(b.Bytes())
	return err
}

// rows says how many predictions are in the file, and of when.
func (a *Affected) rows() string {
	if a.Rows == 0 {
		return "none: no prediction of the days that were looked at bears it"
	}
	text := fmt.Sprintf("%s, from %s to %s", Counted(a.Rows), a.First.Format(time.DateTime), a.Last.Format(time.DateTime)+" UTC")
	if a.InWindow != a.Rows {
		text += fmt.Sprintf("; %s of them in the window %s to %s", Counted(a.InWindow), DayOf(a.Window.From), DayOf(a.Window.To))
	}
	return text
}

func (f *AffectedFeature) words() string {
	if !f.Corrected {
		return f.Name + ": as served alone"
	}
	return fmt.Sprintf("%s: put right in %s", f.Name, Counted(f.Righted))
}

// score says what the scores of how many would have been.
func (a *Affected) score() string {
	var parts []string
	if a.Scored > 0 {
		parts = append(parts, fmt.Sprintf("corrected in %s, on average from %s to %s, %s", Counted(a.Scored), Short(a.Logged), Short(a.Corrected), strings.ReplaceAll(a.Basis, "_", " ")))
	}
	if a.Unscored != "" {
		parts = append(parts, "not known: "+a.Unscored)
	}
	if len(parts) == 0 {
		return "as logged"
	}
	return strings.Join(parts, "; ")
}
