package condition

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/plumbline-data/plumbline/engine/fingerprint"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

type histogramData struct {
	Binary     bool
	Segments   []int
	Conditions []histogramCondition
}

type histogramCondition struct {
	Index int
	Codes []int
}

type seam struct{ Feature, Condition int }

// sideTables fills what is coarser than cells: histograms, seams and staleness.
func (d *Deck) sideTables(ctx context.Context, db *warehouse.DB, segments []int) error {
	data := histogramData{Binary: d.plan.Loop.Task == loop.Binary, Segments: segments}
	params := map[string]any{}
	for i, name := range d.plan.Loop.Predictions.Segments {
		params[fmt.Sprintf("segment_%d", i)] = name
	}
	for i, c := range d.Layout.Conditions {
		if c.Kind == fingerprint.Schema || c.Kind == fingerprint.Staleness || c.Kind == fingerprint.Outcome {
			continue
		}
		h := histogramCondition{Index: i}
		params[fmt.Sprintf("condition_%d", i)] = c.Name()
		for code := 1; code < len(c.Levels); code++ {
			h.Codes = append(h.Codes, code)
			params[fmt.Sprintf("level_%d_%d", i, code)] = c.Levels[code].Name
		}
		data.Conditions = append(data.Conditions, h)
	}
	if err := db.Run(ctx, "370_out_histograms", data, params); err != nil {
		return err
	}
	if err := d.seams(ctx, db); err != nil {
		return err
	}
	return d.staleness(ctx, db)
}

func (d *Deck) seams(ctx context.Context, db *warehouse.DB) error {
	var data struct{ Seams []seam }
	params := map[string]any{}
	for i, p := range d.places {
		if p.Kind != fingerprint.Value || !p.Replayed {
			continue
		}
		f := &d.plan.Features[p.Feature]
		data.Seams = append(data.Seams, seam{Feature: p.Feature, Condition: i})
		params[fmt.Sprintf("source_%d", p.Feature)] = d.plan.Sources[d.plan.Joins[f.Join].Source].Decl.Name
		params[fmt.Sprintf("feature_%d", p.Feature)] = f.Decl.Name
	}
	return db.Run(ctx, "350_out_seams", data, params)
}

func (d *Deck) staleness(ctx context.Context, db *warehouse.DB) error {
	var data struct{ Aged []int }
	params := map[string]any{}
	for i := range d.plan.Joins {
		j := &d.plan.Joins[i]
		if d.plan.Sources[j.Source].Static {
			continue
		}
		data.Aged = append(data.Aged, i)
		params[fmt.Sprintf("join_%d", i)] = j.Name
	}
	return db.Run(ctx, "360_out_staleness", data, params)
}

// WriteRows writes the predictions of a UTC day with their fingerprints, served and replayed values to a Parquet file, in
// the order of their ids, and says how many they are.
func (d *Deck) WriteRows(ctx context.Context, db *warehouse.DB, day time.Time, path string) (int64, error) {
	var data struct{ Replayed []int }
	for _, f := range d.plan.Features {
		if f.Join >= 0 {
			data.Replayed = append(data.Replayed, f.Index)
		}
	}
	var rows int64
	err := db.Query(ctx, "390_out_rows", data, map[string]any{"day": day, "path": path}, func(r *sql.Rows) error { return r.Scan(&rows) })
	return rows, err
}
