// Package condition computes the facts about the data behind each prediction, as absolute levels, and reduces days to
// cells. It says which conditions a plan has; package fingerprint packs and names their levels.
package condition

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/fingerprint"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/plan"
	"github.com/plumbline-data/plumbline/engine/replay"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

// Nodes that are not a source or a feature.
const (
	PredictionsNode = "predictions"
	OutcomesNode    = "outcomes"
)

// Deck is a plan's conditions: their layout, and what the stages need to compute each.
type Deck struct {
	Layout *fingerprint.Layout
	plan   *plan.Plan
	places []place // by condition
}

// place is a condition as 310_int_conditions sees it.
type place struct {
	Index         int
	Kind          fingerprint.Kind
	Of            string // of schema: "predictions", "outcomes" or "source"
	Join, Feature int
	Many          bool
	BoundsUS      []time.Duration
	Replayed      bool
	Labelled      bool // differing values were named by their cause
	HasDefault    bool
	Text          bool
	AsReplayed    near
	AsDefault     near
}

// near compares feature Feature as served with column Other.
type near struct {
	Feature int
	Numeric bool
	Other   string
}

// NewDeck lists the conditions of a plan: of its joins, its features, its inputs and its outcome, in that order.
func NewDeck(p *plan.Plan) (*Deck, error) {
	d := &Deck{plan: p}
	var conditions []fingerprint.Condition
	add := func(c fingerprint.Condition, at place) {
		c.Bits = bits[c.Kind]
		at.Index, at.Kind = len(conditions), c.Kind
		conditions = append(conditions, c)
		d.places = append(d.places, at)
	}
	d.joins(add)
	d.features(add)
	d.inputs(add)
	add(fingerprint.Condition{Kind: fingerprint.Outcome, Of: OutcomesNode, Node: OutcomesNode, Levels: outcomeLevels}, place{})
	for _, segment := range p.Loop.Predictions.Segments {
		if slices.ContainsFunc(conditions, func(c fingerprint.Condition) bool { return c.Name() == segment }) {
			return nil, fault.Usage("predictions.segments", "give the column another name", "%q is how a condition of the data is named", segment)
		}
	}
	layout, err := fingerprint.NewLayout(conditions)
	d.Layout = layout
	return d, err
}

func (d *Deck) joins(add func(fingerprint.Condition, place)) {
	for i := range d.plan.Joins {
		j := &d.plan.Joins[i]
		s := &d.plan.Sources[j.Source]
		if j.Counted || j.ServedRows != "" {
			levels := cardinalityLevels(s.Decl.Expect)
			add(fingerprint.Condition{Kind: fingerprint.Cardinality, Of: j.Name, Node: s.Decl.Name, Levels: levels}, place{Join: i, Many: s.Decl.Expect == loop.ExpectMany})
		}
		if !s.Static {
			levels := stalenessLevels(s.Decl.FreshWithin, j.Within)
			add(fingerprint.Condition{Kind: fingerprint.Staleness, Of: j.Name, Node: s.Decl.Name, Levels: levels}, place{Join: i, BoundsUS: stalenessBounds(s.Decl.FreshWithin, j.Within)})
		}
	}
}

func (d *Deck) features(add func(fingerprint.Condition, place)) {
	for i := range d.plan.Features {
		f := &d.plan.Features[i]
		node, levels := f.Decl.Name, requestLevels
		if f.Join >= 0 {
			node, levels = d.plan.Sources[d.plan.Joins[f.Join].Source].Decl.Name, replayLevels
		}
		if f.Windows {
			add(fingerprint.Condition{Kind: fingerprint.Window, Of: f.Decl.Name, Node: node, Levels: windowLevels}, place{Feature: i})
		}
		numeric := f.Class == plan.Number || f.Class == plan.Boolean
		add(fingerprint.Condition{Kind: fingerprint.Value, Of: f.Decl.Name, Node: node, Levels: levels}, place{
			Feature: i, Replayed: f.Join >= 0, HasDefault: f.HasDefault,
			AsReplayed: near{Feature: i, Numeric: numeric, Other: fmt.Sprintf("r_%d", i)},
			AsDefault:  near{Feature: i, Numeric: numeric, Other: fmt.Sprintf("d_%d", i)},
		})
		if f.Class != plan.Instant {
			add(fingerprint.Condition{Kind: fingerprint.Domain, Of: f.Decl.Name, Node: node, Levels: domainLevels}, place{Feature: i, Text: f.Class == plan.Text})
		}
	}
}

func (d *Deck) inputs(add func(fingerprint.Condition, place)) {
	add(fingerprint.Condition{Kind: fingerprint.Schema, Of: PredictionsNode, Node: PredictionsNode, Levels: schemaLevels}, place{Of: PredictionsNode})
	add(fingerprint.Condition{Kind: fingerprint.Schema, Of: OutcomesNode, Node: OutcomesNode, Levels: schemaLevels}, place{Of: OutcomesNode})
	seen := map[int]bool{}
	for i := range d.plan.Joins {
		j := &d.plan.Joins[i]
		if seen[j.Source] {
			continue
		}
		seen[j.Source] = true
		name := d.plan.Sources[j.Source].Decl.Name
		add(fingerprint.Condition{Kind: fingerprint.Schema, Of: name, Node: name, Levels: schemaLevels}, place{Of: "source", Join: i})
	}
}

// Values compares every served value with its replay and its default: int_values on db's connection. It needs what
// match.Run and replay.Run leave.
func (d *Deck) Values(ctx context.Context, db *warehouse.DB) error {
	data, params := d.values()
	return db.Run(ctx, "305_int_values", data, params)
}

// Run computes every condition of every prediction of int_replayed, packs the fingerprints and reduces them to
// cells. Of the features in labelled, differing values are named by int_labels_<feature>. It needs what match.Run,
// replay.Run and Values leave, and leaves int_fingerprints, out_cells, out_entities, out_histograms, out_seams, out_staleness and
// out_domain_digests on db's connection.
func (d *Deck) Run(ctx context.Context, db *warehouse.DB, labelled []int) error {
	domains := d.domains()
	for _, name := range []string{"270_int_domain_days", "271_int_domain"} {
		if err := db.Run(ctx, name, domains, nil); err != nil {
			return err
		}
	}
	for _, i := range domains.Texts {
		if err := db.Run(ctx, "275_int_domain_values", i, nil); err != nil {
			return err
		}
	}
	if err := db.Run(ctx, "310_int_conditions", d.conditions(domains, labelled), nil); err != nil {
		return err
	}
	segments := make([]int, len(d.plan.Loop.Predictions.Segments))
	for i := range segments {
		segments[i] = i
		if err := db.Run(ctx, "320_int_segments", i, nil); err != nil {
			return err
		}
	}
	if err := db.Run(ctx, "330_int_fingerprints", fingerprints{Segments: segments, Words: d.words()}, nil); err != nil {
		return err
	}
	if err := db.Run(ctx, "340_out_cells", nil, nil); err != nil {
		return err
	}
	if err := db.Run(ctx, "341_out_entities", len(d.plan.Loop.Predictions.Entity) > 0, nil); err != nil {
		return err
	}
	if err := db.Run(ctx, "380_out_domain_digests", nil, nil); err != nil {
		return err
	}
	return d.sideTables(ctx, db, segments)
}

type domainData struct{ Numbers, Texts []int }

func (d *Deck) domains() domainData {
	var data domainData
	for _, f := range d.plan.Features {
		switch f.Class {
		case plan.Text:
			data.Texts = append(data.Texts, f.Index)
		case plan.Number, plan.Boolean:
			data.Numbers = append(data.Numbers, f.Index)
		}
	}
	return data
}

type valueFeature struct {
	Index                 int
	HasDefault, ByVersion bool
	Versions              []versionDefault
	Type                  string
}

type versionDefault struct{ Feature, Index int }

type valueData struct {
	Features []valueFeature
	Values   []place
}

// values gives 305_int_values its data and what it binds.
func (d *Deck) values() (valueData, map[string]any) {
	var data valueData
	params := map[string]any{}
	for _, p := range d.places {
		if p.Kind == fingerprint.Value {
			data.Values = append(data.Values, p)
		}
	}
	for i := range d.plan.Features {
		f := &d.plan.Features[i]
		v := valueFeature{Index: i, HasDefault: f.HasDefault, ByVersion: f.DefaultBy != nil, Type: "double"}
		switch f.Class {
		case plan.Text:
			v.Type = "varchar"
		case plan.Instant:
			v.Type = "timestamp"
		}
		if f.HasDefault && !v.ByVersion {
			params[fmt.Sprintf("default_%d", i)] = value(f.DefaultAll)
		}
		for n, version := range slices.Sorted(maps.Keys(f.DefaultBy)) {
			v.Versions = append(v.Versions, versionDefault{Feature: i, Index: n})
			params[fmt.Sprintf("version_%d_%d", i, n)] = version
			params[fmt.Sprintf("default_%d_%d", i, n)] = value(f.DefaultBy[version])
		}
		if (f.Class == plan.Number || f.Class == plan.Boolean) && (f.Join >= 0 || f.HasDefault) {
			params[fmt.Sprintf("tolerance_%d", i)], params[fmt.Sprintf("relative_%d", i)] = replay.Tolerances(f)
		}
		data.Features = append(data.Features, v)
	}
	return data, params
}

type conditionData struct {
	Features   []int
	Conditions []place
	Texts      []int
}

// conditions gives 310_int_conditions its data.
func (d *Deck) conditions(domains domainData, labelled []int) conditionData {
	data := conditionData{Conditions: slices.Clone(d.places), Texts: domains.Texts}
	for i := range d.plan.Features {
		data.Features = append(data.Features, i)
	}
	for i := range data.Conditions {
		c := &data.Conditions[i]
		c.Labelled = c.Kind == fingerprint.Value && slices.Contains(labelled, c.Feature)
	}
	return data
}

// value gives a declared default as the stages compare it: booleans as numbers.
func value(v any) any {
	if b, ok := v.(bool); ok {
		if b {
			return 1.0
		}
		return 0.0
	}
	return v
}

type packed struct{ Index, Shift int }

type fingerprints struct {
	Segments []int
	Words    [][]packed
}

func (d *Deck) words() [][]packed {
	words := make([][]packed, d.Layout.Words)
	for i, c := range d.Layout.Conditions {
		words[c.Word] = append(words[c.Word], packed{Index: i, Shift: c.Shift})
	}
	return words
}
