// Package repair scores predictions anew with the features of findings served as the declaration replays them, and reduces what they
// then lose to sums by cell. Where the loop names no scorer, a model is distilled from the log: what it was served and how it scored.
package repair

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/plumbline-data/plumbline/engine/attribution"
	"github.com/plumbline-data/plumbline/engine/cause"
	"github.com/plumbline-data/plumbline/engine/condition"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/plan"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

// Work is what scoring anew needs beside the plan.
type Work struct {
	Deck   *condition.Deck
	Cube   *attribution.Cube // whose dictionaries name versions, segments and fingerprints
	Folder string            // for files that the scorer reads and writes; what is in it afterwards is nobody's
	AsOf   time.Time
	Mends  []Mend // in the order of their numbers, from 1
}

// Mend puts the outcomes of the predictions of some days right.
type Mend struct {
	cause.Mend
	Days attribution.DaySpan // all days that a claim with this mend lasts
}

// Run scores anew what is wanted, and says in notes what was not as declared. It needs what match.Run, replay.Run and condition.Deck's
// Values and Run leave. It gives nil where there is nothing to score, or nothing to score it by. It fails, with a fault, where the scorer does.
func Run(ctx context.Context, db *warehouse.DB, p *plan.Plan, w Work, wanted []attribution.Wanted) (repairs *attribution.Repairs, notes []string, err error) {
	r := &repairer{db: db, plan: p, work: w, data: dataOf(p, w), dictionary: newDictionary(w.Cube)}
	if len(wanted) == 0 {
		return nil, nil, nil
	}
	repairs = &attribution.Repairs{Priced: r.data.priced()}
	if repairs.Fits, err = r.fits(ctx); err != nil {
		return nil, nil, err
	}
	if err := r.ask(ctx, wanted); err != nil {
		return nil, nil, err
	}
	if err := r.repair(ctx); err != nil {
		return nil, nil, err
	}
	if err := r.mend(ctx); err != nil {
		return nil, nil, err
	}
	if repairs.Losses, err = r.losses(ctx); err != nil {
		return nil, nil, err
	}
	repairs.Weights, err = r.weights(ctx)
	return repairs, r.notes, err
}

type repairer struct {
	db         *warehouse.DB
	plan       *plan.Plan
	work       Work
	data       stageData
	measured   []string // versions that the scorer scores as the log has it
	coalitions [][]bool // features that are repaired together, by number, then feature
	notes      []string
	dictionary
}

// fits finds what scores each version of which predictions are to be repaired: the scorer where it gives the logged scores, else what is
// distilled from the log.
func (r *repairer) fits(ctx context.Context) ([]attribution.Fit, error) {
	var versions []string
	var err error
	if len(r.data.Replayed) > 0 {
		versions, err = r.disputedVersions(ctx)
	}
	if err != nil || len(versions) == 0 {
		return nil, errors.Join(err, r.db.Run(ctx, "473_in_curves", nil, (&pieceParams{}).params()))
	}
	if err := r.sample(ctx, versions); err != nil {
		return nil, err
	}
	fits, err := r.measure(ctx)
	if err != nil {
		return nil, err
	}
	distilled, err := r.distil(ctx)
	return append(fits, distilled...), err
}

// stageData is what the stages of repairs range over.
type stageData struct {
	Features    []feature // all
	Replayed    []feature // those with a source
	OutcomeKeys []plan.OutcomeKey
	Loss        string
	Binary      bool
	Repaired    bool // for what stages share: of repaired scores

	// For the stage that puts outcomes right.
	Mends                   []numberedMend
	Read                    plan.Reading
	OutcomeAt, OutcomeKnown plan.Clock
}

// numberedMend is a mend by its number.
type numberedMend struct {
	Number int
	cause.Mend
}

// feature is one feature as a model is fitted to it.
type feature struct {
	Index              int
	Text               bool
	Condition          int // of its value
	Served, AsReplayed side
}

// side is a feature as it was served, or as it is replayed.
type side struct {
	Index                             int
	Text, Instant, HasDefault, Replay bool
}

func dataOf(p *plan.Plan, w Work) stageData {
	d := stageData{OutcomeKeys: p.OutcomeKeys, Loss: string(p.Loop.Loss), Binary: p.Loop.Task == loop.Binary, Repaired: true}
	d.Read, d.OutcomeAt, d.OutcomeKnown = p.Reading("outcomes"), p.OutcomeAt, p.OutcomeKnown
	for i, m := range w.Mends {
		d.Mends = append(d.Mends, numberedMend{i + 1, m.Mend})
	}
	for i := range p.Features {
		f := &p.Features[i]
		s := side{Index: i, Text: f.Class == plan.Text, Instant: f.Class == plan.Instant, HasDefault: f.HasDefault}
		one := feature{Index: i, Text: s.Text, Served: s, AsReplayed: s, Condition: w.Deck.ValueCondition(i)}
		one.AsReplayed.Replay = true
		d.Features = append(d.Features, one)
		if f.Join >= 0 {
			d.Replayed = append(d.Replayed, one)
		}
	}
	return d
}

// priced tells whether what a repair is expected to save is known of the loss.
func (d *stageData) priced() bool {
	return slices.Contains([]loop.Loss{loop.LogLoss, loop.Brier, loop.SquaredError}, loop.Loss(d.Loss))
}

// repair works out what each feature that is put right adds to the scores, and the scores that come of it.
func (r *repairer) repair(ctx context.Context) error {
	for _, stage := range []string{"474_int_shifts", "477_int_repair_rows", "478_int_bounded_links", "479_int_repaired"} {
		if err := r.db.Run(ctx, stage, r.data, nil); err != nil {
			return err
		}
	}
	return r.scoreRepaired(ctx)
}

// mend puts outcomes right by the rules that told them before.
func (r *repairer) mend(ctx context.Context) error {
	if len(r.data.Mends) == 0 {
		return nil
	}
	params := map[string]any{"paths": r.plan.Inventory.Table("outcomes").Paths(), "as_of": r.work.AsOf}
	for _, m := range r.data.Mends {
		params[fmt.Sprintf("low_%d", m.Number)] = m.Low
	}
	return r.db.Run(ctx, "488_int_mended_versions", r.data, params)
}

// ask stages which features are repaired under which fingerprints.
func (r *repairer) ask(ctx context.Context, wanted []attribution.Wanted) error {
	wanted = slices.Clone(wanted)
	slices.SortFunc(wanted, attribution.CompareWanted)
	wanted = slices.CompactFunc(wanted, func(a, b attribution.Wanted) bool { return attribution.CompareWanted(a, b) == 0 })
	coalitions, err := r.listCoalitions(wanted)
	if err != nil {
		return err
	}
	if err := r.stageCoalitions(ctx); err != nil {
		return err
	}
	var prints, first, end []string
	var masks, together, mends []int64
	for i, w := range wanted {
		mend, from, to := int64(0), "-infinity", "infinity"
		if len(w.Mends) > 1 {
			continue // two rules for one outcome: neither puts it right
		}
		for _, m := range w.Mends {
			mend = int64(m)
			from, to = r.work.Mends[m-1].Days.From.Start().Format(time.DateOnly), r.work.Mends[m-1].Days.To.Start().Format(time.DateOnly)
		}
		prints, masks = append(prints, textOf(r.work.Cube.Fingerprints[w.Fingerprint])), append(masks, int64(w.Mask))
		together, mends = append(together, coalitions[i]), append(mends, mend)
		first, end = append(first, from), append(end, to)
	}
	return r.db.Run(ctx, "476_in_repairs", nil, map[string]any{"fingerprint": prints, "mask": masks, "coalition": together, "mend": mends,
		"first_day": first, "end_day": end})
}

// listCoalitions numbers the sets of features that are repaired together, and gives the number of each of wanted; -1 for no feature.
func (r *repairer) listCoalitions(wanted []attribution.Wanted) ([]int64, error) {
	index := map[string]int{}
	for i := range r.plan.Features {
		index[r.plan.Features[i].Decl.Name] = i
	}
	known := map[string]int64{}
	numbers := make([]int64, len(wanted))
	for i, w := range wanted {
		if len(w.Features) == 0 {
			numbers[i] = -1
			continue
		}
		features := make([]bool, len(r.plan.Features))
		for _, name := range w.Features {
			at, ok := index[name]
			if !ok {
				return nil, fmt.Errorf("the plan has no feature %q to repair", name)
			}
			features[at] = true
		}
		key := fmt.Sprint(features)
		number, ok := known[key]
		if !ok {
			number = int64(len(known))
			known[key] = number
			r.coalitions = append(r.coalitions, features)
		}
		numbers[i] = number
	}
	return numbers, nil
}

func (r *repairer) stageCoalitions(ctx context.Context) error {
	var coalitions, features []int64
	for number, of := range r.coalitions {
		for i := range r.plan.Features {
			if of[i] {
				coalitions, features = append(coalitions, int64(number)), append(features, int64(i))
			}
		}
	}
	return r.db.Run(ctx, "475_in_coalitions", nil, map[string]any{"coalition": coalitions, "feature": features})
}

// losses reads what the cells' rows lose under each of their repairs.
func (r *repairer) losses(ctx context.Context) ([]attribution.Repair, error) {
	var all []attribution.Repair
	err := r.db.Query(ctx, "489_out_repairs", r.data, nil, func(rows *sql.Rows) error {
		var day time.Time
		var version, segments, print, loss, expected string
		var mask int64
		var one attribution.Repair
		if err := rows.Scan(&day, &version, &segments, &print, &mask, &one.Age, &loss, &expected, &one.Values, &one.Outside); err != nil {
			return err
		}
		one.Day, one.Mask = attribution.DayOf(day), uint64(mask)
		var err error
		if one.Version, one.Segment, one.Fingerprint, err = r.places(version, segments, print); err != nil {
			return err
		}
		if one.Loss, err = attribution.ParseFixed(loss); err != nil {
			return err
		}
		one.Expected, err = attribution.ParseFixed(expected)
		all = append(all, one)
		return err
	})
	return all, err
}

// weights reads how many rows the predictions of each day stand for.
func (r *repairer) weights(ctx context.Context) (map[attribution.Day]attribution.Fixed, error) {
	all := map[attribution.Day]attribution.Fixed{}
	err := r.db.Query(ctx, "490_out_weights", nil, nil, func(rows *sql.Rows) error {
		var day time.Time
		var text string
		if err := rows.Scan(&day, &text); err != nil {
			return err
		}
		weight, err := attribution.ParseFixed(text)
		all[attribution.DayOf(day)] = weight
		return err
	})
	return all, err
}

// dictionary finds the places of names in a cube's dictionaries.
type dictionary struct{ versions, segments, prints map[string]int32 }

func newDictionary(cube *attribution.Cube) dictionary {
	d := dictionary{versions: map[string]int32{}, segments: map[string]int32{}, prints: map[string]int32{}}
	for i, name := range cube.Versions {
		d.versions[name] = int32(i)
	}
	for i, values := range cube.Segments {
		d.segments[fmt.Sprintf("%q", values)] = int32(i)
	}
	for i, words := range cube.Fingerprints {
		d.prints[textOf(words)] = int32(i)
	}
	return d
}

// places finds a version, segments given as JSON and a fingerprint as DuckDB writes it.
func (d *dictionary) places(version, segments, print string) (v, s, f int32, err error) {
	var values []string
	if err := json.Unmarshal([]byte(segments), &values); err != nil {
		return 0, 0, 0, fmt.Errorf("segments: %w", err)
	}
	v, known := d.versions[version]
	s, also := d.segments[fmt.Sprintf("%q", values)]
	f, too := d.prints[print]
	if !known || !also || !too {
		return 0, 0, 0, fmt.Errorf("version %q, segments %s, fingerprint %s are of no cell", version, segments, print)
	}
	return v, s, f, nil
}

// textOf writes a fingerprint as DuckDB does a list.
func textOf(words []uint64) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprint(&b, w)
	}
	return "[" + b.String() + "]"
}
