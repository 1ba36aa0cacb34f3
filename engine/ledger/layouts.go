package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math/bits"
	"slices"

	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/fingerprint"
)

// standings are the names of standings in the ledger.
var standings = []string{fingerprint.Fine: "fine", fingerprint.Usual: "usual", fingerprint.Broken: "broken", fingerprint.Disputed: "disputed"}

// layoutRow is one level of one condition, as the table layouts holds it.
type layoutRow struct {
	LayoutID  string  `json:"layout_id"`
	Position  int     `json:"position"`
	Condition string  `json:"condition"`
	Kind      string  `json:"kind"`
	Of        string  `json:"of"`
	Node      string  `json:"node"`
	Word      int     `json:"word"`
	Shift     int     `json:"shift"`
	Bits      int     `json:"bits"`
	LevelCode *int    `json:"level_code"`
	Level     *string `json:"level"`
	Standing  *string `json:"standing"`
}

// putLayout writes a layout in the place of what the ledger holds of that id.
func (e *Edition) putLayout(ctx context.Context, l *fingerprint.Layout) error {
	rows := []layoutRow{}
	for i, c := range l.Conditions {
		row := layoutRow{LayoutID: l.ID, Position: i, Condition: c.Name(), Kind: string(c.Kind), Of: c.Of, Node: c.Node,
			Word: c.Word, Shift: c.Shift, Bits: c.Bits}
		if len(c.Levels) == 0 {
			rows = append(rows, row)
		}
		for code, level := range c.Levels {
			if level.Standing < 0 || int(level.Standing) >= len(standings) {
				return fmt.Errorf("ledger: condition %s: level %q has standing %d", c.Name(), level.Name, level.Standing)
			}
			row.LevelCode, row.Level, row.Standing = &code, &level.Name, &standings[level.Standing]
			rows = append(rows, row)
		}
	}
	if err := e.db.Run(ctx, "541_ledger_delete_layout", nil, map[string]any{"layout_id": l.ID}); err != nil {
		return err
	}
	return e.insert(ctx, "540_ledger_insert_layouts", rows, nil)
}

// insert binds a list of rows as JSON.
func (e *Edition) insert(ctx context.Context, stage string, rows any, params map[string]any) error {
	text, err := json.Marshal(rows)
	if err != nil {
		return fmt.Errorf("stage %s: %w", stage, err)
	}
	all := map[string]any{"rows": string(text)}
	for name, value := range params {
		all[name] = value
	}
	return e.db.Run(ctx, stage, nil, all)
}

// Layout gives the layout of that id, or a fault if the ledger lacks it.
func (c *Contents) Layout(ctx context.Context, id string) (*fingerprint.Layout, error) {
	l := &fingerprint.Layout{ID: id, Words: 1}
	params := map[string]any{"layout_id": id}
	err := c.db.Query(ctx, "568_ledger_read_layouts", nil, params, func(rows *sql.Rows) error {
		var position int
		var next fingerprint.Condition
		var kind string
		var code sql.NullInt64
		var level, standing sql.NullString
		err := rows.Scan(&position, &kind, &next.Of, &next.Node, &next.Word, &next.Shift, &next.Bits, &code, &level, &standing)
		if err != nil {
			return err
		}
		if position == len(l.Conditions) {
			next.Kind = fingerprint.Kind(kind)
			l.Conditions = append(l.Conditions, next)
			l.Words = max(l.Words, next.Word+1)
		}
		if position != len(l.Conditions)-1 {
			return fmt.Errorf("condition %d is out of place", position)
		}
		if next.Word < 0 || next.Bits < 1 || next.Bits > 16 || next.Shift < 0 || next.Shift+next.Bits > 64 {
			return fmt.Errorf("condition %d lies outside a word", position)
		}
		if !code.Valid {
			return nil
		}
		at := &l.Conditions[position]
		known := slices.Index(standings, standing.String)
		if int(code.Int64) != len(at.Levels) || known < 0 {
			return fmt.Errorf("condition %s: level %d is out of place", at.Name(), code.Int64)
		}
		at.Levels = append(at.Levels, fingerprint.Level{Name: level.String, Standing: fingerprint.Standing(known)})
		return nil
	})
	if err != nil {
		return nil, c.unreadable(ctx, fmt.Errorf("layout %s: %w", id, err))
	}
	return l, nil
}

// unreadable says of an error in reading what to do about it; an error of ctx and nil stay as they are.
func (c *Contents) unreadable(ctx context.Context, err error) error {
	if err == nil || ctx.Err() != nil {
		return err
	}
	return &fault.Fault{Where: c.path, What: "the ledger cannot be read", Fix: rebuild, Err: err}
}

// widen gives the newest layout with the levels that others name and it lacks, appended. It is newest itself where there
// are none.
func widen(newest *fingerprint.Layout, others []*fingerprint.Layout) (*fingerprint.Layout, error) {
	conditions := slices.Clone(newest.Conditions)
	grown := false
	for i := range conditions {
		wide := &conditions[i]
		levels := slices.Clone(wide.Levels)
		for _, other := range others {
			for _, c := range other.Conditions {
				if c.Name() != wide.Name() {
					continue
				}
				for _, level := range c.Levels {
					if codeOf(levels, level.Name) < 0 {
						levels = append(levels, level)
					}
				}
			}
		}
		if len(levels) > len(wide.Levels) {
			grown = true
			wide.Levels = levels
			wide.Bits = max(wide.Bits, bits.Len(uint(len(levels)-1)))
		}
	}
	if !grown {
		return newest, nil
	}
	return fingerprint.NewLayout(conditions)
}

func codeOf(levels []fingerprint.Level, name string) int {
	return slices.IndexFunc(levels, func(l fingerprint.Level) bool { return l.Name == name })
}

// translator turns fingerprints of one layout into those of another, condition by name and level by name. A condition
// that the source lacks gets code 0, one that the target lacks is dropped.
type translator struct {
	from, to *fingerprint.Layout
	source   []int      // by condition of to: its place in from, -1 where from lacks it
	codes    [][]uint16 // by condition of to: its code by from's code; nil where codes stay as they are
}

func newTranslator(from, to *fingerprint.Layout) *translator {
	t := &translator{from: from, to: to}
	for _, c := range to.Conditions {
		at := slices.IndexFunc(from.Conditions, func(o fingerprint.Condition) bool { return o.Name() == c.Name() })
		var codes []uint16
		if at >= 0 {
			for _, level := range from.Conditions[at].Levels {
				codes = append(codes, uint16(max(codeOf(c.Levels, level.Name), 0)))
			}
		}
		t.source, t.codes = append(t.source, at), append(t.codes, codes)
	}
	return t
}

// translate gives the words in the target layout.
func (t *translator) translate(words []uint64) ([]uint64, error) {
	codes := make([]uint16, len(t.to.Conditions))
	for i, at := range t.source {
		if at < 0 {
			continue
		}
		code := t.from.Level(words, at)
		if t.codes[i] != nil {
			if int(code) >= len(t.codes[i]) {
				return nil, fmt.Errorf("condition %s has code %d, which layout %s lacks", t.to.Conditions[i].Name(), code, t.from.ID)
			}
			code = t.codes[i][code]
		}
		codes[i] = code
	}
	return t.to.Pack(codes), nil
}
