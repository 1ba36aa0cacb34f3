// Package repair scores predictions anew with the features of findings served as the declaration replays them, and reduces what they
// then lose to sums by cell. Where the loop names no scorer, a model is distilled from the log: what it was served and how it scored.
package repair

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/plumbline-data/plumbline/engine/attribution"
	"github.com/plumbline-data/plumbline/engine/cause"
	"github.com/plumbline-data/plumbline/engine/condition"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/plan"
	"github.com/plumbline-data/plumbline/engine/replay"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

// Work is what scoring anew needs beside the plan.
type Work struct {
	Deck   *condition.Deck
	Cube   *attribution.Cube // whose dictionaries name versions, segments and fingerprints
	Folder string            // for files that the scorer reads and writes; what is in it afterwards is nobody's
	Span   replay.Span       // the days of the predictions that are looked at
	Mends  []Mend            // in the order of their numbers, from 1
}

// Mend puts predictions of some days right that no declared replay contradicts.
type Mend struct {
	cause.Mend
	Features []string            // of a mend of features: those that are replayed anew
	Days     attribution.DaySpan // all days that a claim with this mend lasts
}

// Run scores anew what is wanted, and says in notes what was not as declared. It needs what match.Run, replay.Run and condition.Deck's
// Values and Run leave. It gives nil where there is nothing to score, or nothing to score it by. It fails, with a fault, where the scorer does.
func Run(ctx context.Context, db *warehouse.DB, p *plan.Plan, w Work, wanted []attribution.Wanted) (repairs *attribution.Repairs, notes []string, err error) {
	r := &repairer{db: db, plan: p, work: w, data: dataOf(p, w), dictionary: newDictionary(w.Cube)}
	if len(wanted) == 0 {
		return nil, nil, nil
	}
	repairs = &attribution.Repairs{Priced: r.data.priced()}
	if err := r.ask(ctx, wanted); err != nil {
		return nil, nil, err
	}
	if err := r.mend(ctx); err != nil {
		return nil, nil, err
	}
	if repairs.Fits, err = r.fits(ctx); err != nil {
		return nil, nil, err
	}
	if err := r.repair(ctx); err != nil {
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
	coalitions [][]int  // how features are repaired together, by number, then feature: 0 as served, 1 as declared, 1 + the number of a mend
	notes      []string
	dictionary
}

// fits finds what scores each version of which predictions are to be repaired: the scorer where it gives the logged scores, else what is
// distilled from the log.
func (r *repairer) fits(ctx context.Context) ([]attribution.Fit, error) {
	var versions []string
	var err error
	if len(r.data.Replayed) > 0 {
		versions, err = r.repairedVersions(ctx)
	}
	if err != nil {
		return nil, err
	}
	if len(versions) == 0 {
		return nil, r.db.Run(ctx, "473_in_curves", nil, (&pieceParams{}).params())
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
	Mends                   []numberedMend // of outcomes
	Replays                 []numberedReplay
	Read                    plan.Reading
	OutcomeAt, OutcomeKnown plan.Clock
}

// numberedMend is a mend of outcomes by its number.
type numberedMend struct {
	Number int
	cause.Mend
}

// numberedReplay is a mend of features by its number.
type numberedReplay struct {
	numberedMend
	Features []feature // with AsReplayed as they are replayed anew
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
	Mend                              int // number of the mend by which it is replayed; 0: as declared
}

func dataOf(p *plan.Plan, w Work) stageData {
	d := stageData{OutcomeKeys: p.OutcomeKeys, Loss: string(p.Loop.Loss), Binary: p.Loop.Task == loop.Binary, Repaired: true}
	d.Read, d.OutcomeAt, d.OutcomeKnown = p.Reading("outcomes"), p.OutcomeAt, p.OutcomeKnown
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
	for i, m := range w.Mends {
		if m.OfOutcomes() {
			d.Mends = append(d.Mends, numberedMend{i + 1, m.Mend})
			continue
		}
		anew := numberedReplay{numberedMend: numberedMend{i + 1, m.Mend}}
		for _, f := range d.Replayed {
			if slices.Contains(m.Features, p.Features[f.Index].Decl.Name) {
				f.AsReplayed.Mend = i + 1
				anew.Features = append(anew.Features, f)
			}
		}
		if len(anew.Features) > 0 {
			d.Replays = append(d.Replays, anew)
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
	for _, stage := range []string{"474_int_shifts", "478_int_bounded_links", "479_int_repaired"} {
		if err := r.db.Run(ctx, stage, r.data, nil); err != nil {
			return err
		}
	}
	return r.scoreRepaired(ctx)
}

// mend puts outcomes right by the rules that told them before, and replays features anew: int_mended_versions, int_mended_<number>.
func (r *repairer) mend(ctx context.Context) error {
	params := map[string]any{"paths": r.plan.Inventory.Table("outcomes").Paths(), "as_of": r.work.Span.AsOf}
	for _, m := range r.data.Mends {
		params[fmt.Sprintf("low_%d", m.Number)] = m.Low
	}
	if len(r.data.Mends) > 0 {
		if err := r.db.Run(ctx, "488_int_mended_versions", r.data, params); err != nil {
			return err
		}
	}
	for _, m := range r.data.Replays {
		how := replay.Mend{Mend: m.Mend, Number: m.Number}
		for _, f := range m.Features {
			how.Features = append(how.Features, f.Index)
		}
		if err := replay.Mended(ctx, r.db, r.plan, r.work.Span, how); err != nil {
			return err
		}
	}
	return nil
}

// ask stages which features are repaired under which fingerprints.
func (r *repairer) ask(ctx context.Context, wanted []attribution.Wanted) error {
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
		mend, from, to := r.scope(w.Mends)
		if mend < 0 {
			continue
		}
		prints, masks = append(prints, textOf(r.work.Cube.Fingerprints[w.Fingerprint])), append(masks, int64(w.Mask))
		together, mends = append(together, coalitions[i]), append(mends, mend)
		first, end = append(first, from), append(end, to)
	}
	err = r.db.Run(ctx, "476_in_repairs", nil, map[string]any{"fingerprint": prints, "mask": masks, "coalition": together, "mend": mends,
		"first_day": first, "end_day": end})
	if err != nil {
		return err
	}
	return r.db.Run(ctx, "477_int_repair_rows", nil, nil)
}

// scope gives the mend of outcomes among some, 0 for none, and the days on which all of them are at once; -1 where two would put one outcome
// right, each otherwise.
func (r *repairer) scope(mends []int) (outcome int64, first, end string) {
	from, to := attribution.DayOf(r.work.Span.From), attribution.DayOf(r.work.Span.To)
	for _, m := range mends {
		how := &r.work.Mends[m-1]
		from, to = max(from, how.Days.From), min(to, how.Days.To)
		if how.OfOutcomes() && outcome > 0 {
			return -1, "", ""
		}
		if how.OfOutcomes() {
			outcome = int64(m)
		}
	}
	return outcome, from.Start().Format(time.DateOnly), to.Start().Format(time.DateOnly)
}

// listCoalitions numbers the ways in which features are repaired together, and gives the number of each of wanted; -1 for no feature. What a mend
// replays anew is put right by it where it was served as declared, and else where its replay is asked for too.
func (r *repairer) listCoalitions(wanted []attribution.Wanted) ([]int64, error) {
	index := map[string]int{}
	for i := range r.plan.Features {
		index[r.plan.Features[i].Decl.Name] = i
	}
	known := map[string]int64{}
	numbers := make([]int64, len(wanted))
	for i, w := range wanted {
		how := make([]int, len(r.plan.Features))
		any := false
		for _, name := range w.Features {
			at, ok := index[name]
			if !ok {
				return nil, fmt.Errorf("the plan has no feature %q to repair", name)
			}
			how[at], any = 1, true
		}
		for _, m := range w.Mends {
			for _, name := range r.work.Mends[m-1].Features {
				at, ok := index[name]
				if ok && !r.work.Mends[m-1].OfOutcomes() && r.plan.Features[at].Join >= 0 && (how[at] > 0 || !slices.Contains(w.Disputed, name)) {
					how[at], any = 1+m, true
				}
			}
		}
		if !any {
			numbers[i] = -1
			continue
		}
		key := fmt.Sprint(how)
		number, ok := known[key]
		if !ok {
			number = int64(len(known))
			known[key] = number
			r.coalitions = append(r.coalitions, how)
		}
		numbers[i] = number
	}
	return numbers, nil
}

func (r *repairer) stageCoalitions(ctx context.Context) error {
	var coalitions, features, mends []int64
	for number, how := range r.coalitions {
		for i, by := range how {
			if by > 0 {
				coalitions, features, mends = append(coalitions, int64(number)), append(features, int64(i)), append(mends, int64(by-1))
			}
		}
	}
	return r.db.Run(ctx, "475_in_coalitions", nil, map[string]any{"coalition": coalitions, "feature": features, "mend": mends})
}

// losses reads what the cells' rows lose under each of their repairs.
func (r *repairer) losses(ctx context.Context) ([]attribution.Repair, error) {
	var all []attribution.Repair
	err := r.db.Query(ctx, "489_out_repairs", r.data, nil, func(rows *sql.Rows) error {
		var day time.Time
		var version, segments, print, loss, expected, moved string
		var mask int64
		var one attribution.Repair
		if err := rows.Scan(&day, &version, &segments, &print, &mask, &one.Age, &loss, &expected, &moved, &one.Rows, &one.Values, &one.Outside); err != nil {
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
		if one.Expected, err = attribution.ParseFixed(expected); err != nil {
			return err
		}
		one.Moved, err = attribution.ParseFixed(moved)
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
