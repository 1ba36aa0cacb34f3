package report

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
)

// Holdings is what a ledger holds, as `plumbline ledger` tells it. Days and boundaries are UTC days; sizes are in bytes.
type Holdings struct {
	Path, Loop                             string
	SchemaVersion                          int
	Engines                                string // versions that wrote it, commas between
	Size                                   int64
	First, Last                            string // days; "" where there is none
	Days, Filled, Open                     int64  // Filled: with predictions; Open: not over when they were taken in
	Predictions, Matched, Pending, Missing int64
	Cells, Layouts                         int64
	FirstBoundary, LastBoundary            string
	Evaluations, Runs, InputFiles          int64
	RowFiles, RowFilesSize                 int64
	Unlisted, UnlistedSize                 int64 // row-level files that are there and not listed
	RetainDays                             int

	Before   *int64 // size of all before it was compacted; nil where it was not
	Verified bool
	Failures []HoldingsFailure
}

// HoldingsFailure is a check that a ledger fails.
type HoldingsFailure struct {
	Reason string
	Places int64  // in which it fails
	Place  string // the first of them
}

// WriteText writes a line for each thing that there is to say.
func (h *Holdings) WriteText(w io.Writer) error {
	var b bytes.Buffer
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	line := func(name, format string, args ...any) { fmt.Fprintf(t, "%s\t%s\n", name, fmt.Sprintf(format, args...)) }
	line("ledger", "%s (%s, schema %d, written by plumbline %s)", Clean(h.Path), bytesOf(h.Size), h.SchemaVersion, Clean(h.Engines))
	line("loop", "%s", Clean(h.Loop))
	if h.Days > 0 {
		line("days", "%s with predictions, of %s from %s to %s%s", Counted(h.Filled), Counted(h.Days), h.First, h.Last, h.open())
		line("predictions", "%s: %s matched, %s pending, %s missing", Counted(h.Predictions), Counted(h.Matched), Counted(h.Pending), Counted(h.Missing))
		line("cells", "%s, %s and %s of ledger a day", Counted(h.Cells), Counted(h.Cells/max(h.Filled, 1)), bytesOf(h.Size/max(h.Filled, 1)))
	} else {
		line("days", "none")
	}
	if h.Evaluations > 0 {
		line("evaluations", "%s: boundaries %s to %s", Counted(h.Evaluations), h.FirstBoundary, h.LastBoundary)
	}
	line("runs", "%s, which read %s files within the last %d days", Counted(h.Runs), Counted(h.InputFiles), h.RetainDays)
	line("row-level files", "%s (%s), %d days are kept%s", Counted(h.RowFiles), bytesOf(h.RowFilesSize), h.RetainDays, h.unlisted())
	if h.Before != nil {
		line("compacted", "from %s to %s, row-level files included", bytesOf(*h.Before), bytesOf(h.Size+h.RowFilesSize+h.UnlistedSize))
	}
	if h.Verified && len(h.Failures) == 0 {
		line("verified", "balances, cells, histograms, accounts and the digests of row-level files agree")
	}
	for _, f := range h.Failures {
		line("FAILS", "%s: %s, in %s places in all", Clean(f.Reason), Clean(f.Place), Counted(f.Places))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

func (h *Holdings) open() string {
	if h.Open == 0 {
		return ""
	}
	return fmt.Sprintf(", %d not over when taken in", h.Open)
}

func (h *Holdings) unlisted() string {
	if h.Unlisted == 0 {
		return ""
	}
	return fmt.Sprintf("; %d more that are not listed (%s), which the next run removes", h.Unlisted, bytesOf(h.UnlistedSize))
}

// bytesOf writes a size with its unit, to three digits.
func bytesOf(n int64) string {
	units := []string{"B", "kB", "MB", "GB", "TB"}
	size, k := float64(n), 0
	for size >= 999.5 && k < len(units)-1 {
		size, k = size/1000, k+1
	}
	return strconv.FormatFloat(size, 'g', 3, 64) + " " + units[k]
}
