package main

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/plumbline-data/plumbline/engine"
	"github.com/plumbline-data/plumbline/engine/intake"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/plan"
)

// understood prints what a loop means once it is held against its files: inputs, joins, features, broken promises.
func understood(out io.Writer, checked *engine.Checked) error {
	var text bytes.Buffer
	t := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	p := checked.Plan
	row(t, "loop", p.Loop.Name)
	row(t, "task", string(p.Loop.Task)+", "+string(p.Loop.Loss))
	row(t, "horizon", span(p.Loop.Outcomes.Horizon))
	row(t, "window", span(p.Loop.Evaluate.Window))
	t.Flush()
	inputs(&text, t, p.Inventory)
	joins(&text, t, p)
	features(&text, t, p)
	breaches(&text, t, checked.Breaches)
	for _, key := range checked.Unused {
		fmt.Fprintf(&text, "%s: is declared, and this version does not use it\n", key)
	}
	if _, err := out.Write(text.Bytes()); err != nil {
		return fmt.Errorf("write to stdout: %w", err)
	}
	return nil
}

// inputs lists each input once: a folder may hold thousands of files.
func inputs(text io.Writer, t *tabwriter.Writer, inv *intake.Inventory) {
	fmt.Fprintln(text)
	row(t, "INPUT", "PATH", "FILES", "ROWS", "SCHEMAS", "WRITER")
	for _, table := range inv.Tables() {
		rows, known := int64(0), true
		var writers []string
		schemas := map[uint16]bool{}
		for _, f := range table.Files {
			rows, known = rows+f.Rows, known && f.Rows >= 0
			schemas[f.SchemaID] = true
			if f.Writer != "" && !slices.Contains(writers, f.Writer) {
				writers = append(writers, f.Writer)
			}
		}
		count := "not counted"
		if known {
			count = strconv.FormatInt(rows, 10)
		}
		writer := dash(strings.Join(writers, "; "))
		if table.Format == intake.CSV {
			writer = "CSV"
		}
		row(t, table.Input, table.Path, strconv.Itoa(len(table.Files)), count, strconv.Itoa(len(schemas)), writer)
	}
	t.Flush()
}

func joins(text io.Writer, t *tabwriter.Writer, p *plan.Plan) {
	if len(p.Joins) == 0 {
		return
	}
	fmt.Fprintln(text)
	row(t, "JOIN", "SOURCE KEY = PREDICTION", "EXPECT", "FRESH WITHIN", "KNOWN AT", "LOGGED", "OWNER")
	for _, j := range p.Joins {
		s := p.Sources[j.Source]
		var keys []string
		for _, k := range j.Keys {
			keys = append(keys, s.Keys[k.Source].Column+" = "+p.Keys[k.Prediction].Column)
		}
		var logged []string
		for _, column := range []string{j.ServedAt.Column, j.ServedRows} {
			if column != "" {
				logged = append(logged, column)
			}
		}
		row(t, j.Name, strings.Join(keys, ", "), dash(string(s.Decl.Expect)), span(s.Decl.FreshWithin), known(s),
			dash(strings.Join(logged, ", ")), dash(s.Decl.Owner))
	}
	t.Flush()
}

// known says what tells when a row of the source became visible.
func known(s plan.Source) string {
	switch {
	case s.Static:
		return "static"
	case s.HasKnown:
		return s.Known.Column
	}
	return s.At.Column + " (no known_at)"
}

// features lists every feature with the strongest evidence that its declaration allows.
func features(text io.Writer, t *tabwriter.Writer, p *plan.Plan) {
	if len(p.Features) == 0 {
		return
	}
	fmt.Fprintln(text)
	row(t, "FEATURE", "TIER", "JOIN", "COMPUTED AS", "LOOKS BACK", "DEFAULT")
	for _, f := range p.Features {
		tier, join, computed, back := "inferred", "-", "-", "-"
		if f.Join >= 0 {
			tier, join = "replayed", p.Joins[f.Join].Name
			computed, back = "newest "+f.Decl.Value, anyAge(f.Decl.Within)
			if p.Sources[p.Joins[f.Join].Source].Static {
				computed, back = f.Decl.Value, "-"
			}
		}
		if f.Windows {
			computed, back = f.Decl.Aggregate, window(f)
		}
		if f.Decl.Where != "" {
			computed += " where " + f.Decl.Where
		}
		row(t, f.Decl.Name, tier, join, computed, back, yesNo(&f.HasDefault))
	}
	t.Flush()
}

func anyAge(d time.Duration) string {
	if d == 0 {
		return "any age"
	}
	return span(d)
}

// window writes a feature's window as the loop file does.
func window(f plan.Feature) string {
	w := f.Decl.Window
	if w == nil {
		return "-"
	}
	text := span(w.Length)
	if w.Offset > 0 {
		text += ", offset " + span(w.Offset)
	}
	if w.Align != "" {
		text += ", align " + w.Align
	}
	return text
}

func breaches(text io.Writer, t *tabwriter.Writer, list []intake.Breach) {
	fmt.Fprintln(text)
	if len(list) == 0 {
		fmt.Fprintln(text, "no contract is broken")
		return
	}
	row(t, "BROKEN CONTRACT", "FILE", "COLUMN", "PROMISED", "FOUND")
	for _, b := range list {
		found := b.Found
		if found == "" {
			found = "no such column"
		}
		row(t, b.Input, b.File, b.Column, b.Promised, found)
	}
	t.Flush()
}

// span writes a duration as loop files do; zero is a dash.
func span(d time.Duration) string {
	if d == 0 {
		return "-"
	}
	return loop.FormatDuration(d)
}
