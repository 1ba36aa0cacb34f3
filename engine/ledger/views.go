package ledger

import (
	"context"
	"fmt"
	"io/fs"
	"strings"

	sqlfiles "github.com/plumbline-data/plumbline/sql"
)

// views are the stages that make the views for analysts.
var views = []string{
	"580_daily",
	"581_cells_by_condition",
	"582_findings",
	"583_attribution",
	"584_seams",
	"585_maturity",
	"586_inputs",
	"587_runs",
	"590_metrics",
	"591_calibration",
}

// viewData is what views are rendered with.
type viewData struct {
	Binary   bool  // the task: outcomes are 0 or 1
	Percents []int // of the quantiles of the absolute error that are told
}

// refreshViews makes every view anew, with its comments.
func (e *Edition) refreshViews(ctx context.Context) error {
	data := viewData{Binary: e.options.Binary, Percents: []int{50, 90, 99}}
	return e.together(ctx, func() error {
		for _, stage := range views {
			if err := e.db.Run(ctx, stage, data, nil); err != nil {
				return err
			}
			if err := e.comment(ctx, "view", stage); err != nil {
				return err
			}
		}
		return nil
	})
}

// comment documents what a stage made in the ledger with the words of the stage's header.
func (c *Contents) comment(ctx context.Context, kind, stage string) error {
	h, err := readHeader(stage)
	if err != nil {
		return err
	}
	data := map[string]any{"Kind": kind, "Name": h.name, "Text": h.grain}
	if err := c.db.Run(ctx, "507_ledger_comment", data, nil); err != nil {
		return fmt.Errorf("%s: %w", h.name, err)
	}
	for _, column := range h.columns {
		data := map[string]any{"Name": h.name, "Column": column.name, "Text": column.text}
		if err := c.db.Run(ctx, "508_ledger_comment_column", data, nil); err != nil {
			return fmt.Errorf("%s.%s: %w", h.name, column.name, err)
		}
	}
	return nil
}

// header is what a stage's header says of the table or view that the stage makes.
type header struct {
	name    string // of the table or view: the stage's name less its number
	grain   string
	columns []column
}

type column struct{ name, kind, text string }

// readHeader reads a stage's header: "grain:" up to the next key, and one column per line of "output:".
func readHeader(stage string) (header, error) {
	text, err := fs.ReadFile(sqlfiles.Files, "duckdb/"+stage+".sql")
	if err != nil {
		return header{}, fmt.Errorf("stage %s: %w", stage, err)
	}
	_, name, _ := strings.Cut(stage, "_")
	h := header{name: name}
	key := ""
	for line := range strings.Lines(string(text)) {
		rest, ok := strings.CutPrefix(line, "--")
		if !ok {
			break
		}
		rest = strings.TrimSpace(rest)
		for _, known := range []string{"grain", "inputs", "params", "output"} {
			if after, ok := strings.CutPrefix(rest, known+":"); ok {
				key, rest = known, strings.TrimSpace(after)
			}
		}
		switch key {
		case "grain":
			h.grain = strings.TrimSpace(h.grain + " " + rest)
		case "output":
			fields := strings.Fields(rest)
			if len(fields) < 3 {
				return header{}, fmt.Errorf("stage %s: header line %q: want column, type and meaning", stage, rest)
			}
			h.columns = append(h.columns, column{name: fields[0], kind: fields[1], text: strings.Join(fields[2:], " ")})
		}
	}
	if h.grain == "" || len(h.columns) == 0 {
		return header{}, fmt.Errorf("stage %s: the header lacks grain or output", stage)
	}
	return h, nil
}
