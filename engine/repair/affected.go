package repair

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/plumbline-data/plumbline/engine/attribution"
	"github.com/plumbline-data/plumbline/engine/plan"
	"github.com/plumbline-data/plumbline/engine/replay"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

// Affected is the predictions that a finding hits, to be written as they were served and as they should have been.
type Affected struct {
	Cube       *attribution.Cube // whose dictionary names fingerprints
	Hits       []attribution.Affected
	Features   []string                     // that the finding is about: told as served even where nothing puts them right
	Basis      map[string]attribution.Basis // what scores are had by, by model version; empty: they are not told
	WindowFrom time.Time
	Path       string // of the Parquet file
	Footer     Footer
}

// Footer is what the file's footer says, under keys that begin with "plumbline.".
type Footer struct{ Finding, Loop, AsOf, Cause, Node, Version string }

// FooterKey is the key under which a file names its finding.
const FooterKey = "plumbline.finding"

// Written is what was written.
type Written struct {
	Rows, InWindow int64
	Righted        int64   // rows of which a feature is put right
	Scored         int64   // rows with a corrected score
	Logged, Scores float64 // mean of these as logged, and corrected
	First, Last    time.Time
	Features       []WrittenFeature // in the loop file's order
}

// WrittenFeature is a feature in the file.
type WrittenFeature struct {
	Name      string
	Righted   int64 // rows of which it is put right
	Corrected bool  // the file has what it should have been
}

// Write writes the predictions that a finding hits. It needs what Run leaves, asked for that finding among others.
func Write(ctx context.Context, db *warehouse.DB, p *plan.Plan, a Affected) (*Written, error) {
	d := affectedData{Scored: len(a.Basis) > 0}
	var days, prints []string
	var masks []int64
	for _, h := range a.Hits {
		days, prints = append(days, h.Day.Start().Format(time.DateOnly)), append(prints, textOf(a.Cube.Fingerprints[h.Fingerprint]))
		masks = append(masks, int64(h.Mask))
		d.Masked = d.Masked || h.Mask != 0
	}
	if err := db.Run(ctx, "720_in_hits", nil, map[string]any{"day": days, "fingerprint": prints, "mask": masks}); err != nil {
		return nil, err
	}
	if err := db.Run(ctx, "721_int_hits", d, nil); err != nil {
		return nil, err
	}
	mends := map[int][]int{}
	if d.Masked {
		err := db.Query(ctx, "722_out_hit_features", nil, nil, func(rows *sql.Rows) error {
			var feature, mend int
			err := rows.Scan(&feature, &mend)
			mends[feature] = append(mends[feature], mend)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	d.Scored = d.Scored && d.Masked
	d.name(p, a.Features, mends)
	if err := db.Run(ctx, "723_int_affected", d, d.params(p, a.Basis)); err != nil {
		return nil, err
	}
	w, err := d.count(ctx, db, p, a.WindowFrom)
	if err != nil {
		return nil, err
	}
	params := map[string]any{"path": a.Path, "finding": a.Footer.Finding, "loop": a.Footer.Loop, "as_of": a.Footer.AsOf, "cause": a.Footer.Cause,
		"node": a.Footer.Node, "engine": a.Footer.Version}
	if len(mends) > 0 {
		params["features"] = d.names(p)
	}
	return w, db.Query(ctx, "726_out_affected", d, params, func(*sql.Rows) error { return nil })
}

// affectedData is what the stages of affected predictions range over.
type affectedData struct {
	Masked   bool // a repair puts something right, so that there are tables of repairs
	Scored   bool
	Features []affectedFeature
	Mended   []int // numbers of the mends that features are put right by
}

// affectedFeature is a feature in the file. Its names are those of its columns.
type affectedFeature struct {
	Index, Place              int // in the loop file, and in the file's list of features, from 1
	Mends                     []int
	HasDefault, Instant       bool
	Type                      string // of the served column; "" for the one that it is compared in
	Near                      nearness
	ServedName, CorrectedName string
}

// nearness is how the partial "near" is told what to compare.
type nearness struct {
	Feature int
	Other   string
	Numeric bool
}

// name chooses the features that are told, those that the finding is about and those that are put right, and names their columns.
func (d *affectedData) name(p *plan.Plan, about []string, mends map[int][]int) {
	types := map[string]string{}
	for _, c := range p.Columns("predictions") {
		types[c.Name] = c.Type
	}
	taken := map[string]bool{}
	for _, fixed := range []string{"prediction_id", "predicted_at", "model_version", "corrected_features", "score", "score_corrected", "basis"} {
		taken[fixed] = true
	}
	mended := map[int]bool{}
	for i := range p.Features {
		f := &p.Features[i]
		if !slices.Contains(about, f.Decl.Name) && mends[i] == nil {
			continue
		}
		one := affectedFeature{Index: i, Place: len(d.Features) + 1, Mends: mends[i], HasDefault: f.HasDefault, Instant: f.Class == plan.Instant,
			Type: affectedType(f.Class, types[f.Served])}
		one.Near = nearness{Feature: i, Other: fmt.Sprintf("c_%d", i), Numeric: f.Class == plan.Number || f.Class == plan.Boolean}
		name := f.Decl.Name
		for taken[strings.ToLower(name)+"_served"] || taken[strings.ToLower(name)+"_corrected"] {
			name = "feature_" + name // a feature that is called score
		}
		one.ServedName, one.CorrectedName = name+"_served", name+"_corrected"
		taken[strings.ToLower(one.ServedName)], taken[strings.ToLower(one.CorrectedName)] = true, true
		for _, m := range one.Mends {
			if m > 0 {
				mended[m] = true
			}
		}
		d.Features = append(d.Features, one)
	}
	d.Mended = slices.Sorted(maps.Keys(mended))
}

// affectedType is the type of a feature's columns, that of the log where it is a bare word.
func affectedType(class plan.Class, logged string) string {
	switch {
	case class == plan.Boolean:
		return "BOOLEAN"
	case class == plan.Number && slices.Contains([]string{"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "FLOAT"}, logged):
		return logged
	}
	return ""
}

// names lists the features.
func (d *affectedData) names(p *plan.Plan) (all []string) {
	for _, f := range d.Features {
		all = append(all, p.Features[f.Index].Decl.Name)
	}
	return all
}

// params is what 723_int_affected binds.
func (d *affectedData) params(p *plan.Plan, basis map[string]attribution.Basis) map[string]any {
	params := map[string]any{}
	for _, f := range d.Features {
		if len(f.Mends) > 0 && f.Near.Numeric {
			params[fmt.Sprintf("tolerance_%d", f.Index)], params[fmt.Sprintf("relative_%d", f.Index)] = replay.Tolerances(&p.Features[f.Index])
		}
	}
	if d.Scored {
		var versions, by []string
		for _, version := range slices.Sorted(maps.Keys(basis)) {
			versions, by = append(versions, version), append(by, string(basis[version]))
		}
		params["version"], params["basis"] = versions, by
	}
	return params
}

// count says what int_affected comes to.
func (d *affectedData) count(ctx context.Context, db *warehouse.DB, p *plan.Plan, windowFrom time.Time) (*Written, error) {
	w := &Written{}
	err := db.Query(ctx, "724_out_affected_totals", d, map[string]any{"window_from": windowFrom}, func(rows *sql.Rows) error {
		var logged, scores sql.NullFloat64
		var first, last sql.NullTime
		err := rows.Scan(&w.Rows, &w.InWindow, &w.Righted, &w.Scored, &logged, &scores, &first, &last)
		w.Logged, w.Scores, w.First, w.Last = logged.Float64, scores.Float64, first.Time.UTC(), last.Time.UTC()
		return err
	})
	if err != nil || len(d.Features) == 0 {
		return w, err
	}
	righted := map[int]int64{}
	err = db.Query(ctx, "725_out_affected_features", d, nil, func(rows *sql.Rows) error {
		var feature int
		var n int64
		err := rows.Scan(&feature, &n)
		righted[feature] = n
		return err
	})
	for _, f := range d.Features {
		w.Features = append(w.Features, WrittenFeature{Name: p.Features[f.Index].Decl.Name, Righted: righted[f.Index], Corrected: len(f.Mends) > 0})
	}
	return w, err
}
