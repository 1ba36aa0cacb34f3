package replay

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/plumbline-data/plumbline/engine/cause"
)

// winner is a hypothesis that names rows of a day; of several the first that reproduces a row.
type winner struct {
	day   time.Time
	place int
	*cause.Hypothesis
}

// tried is a hypothesis with its figures on a day.
type tried struct {
	h             int
	counted, hits int64
}

// tryTogether tries all hypotheses on the sampled suspects of some days, feature by feature, and finds the winners of each day.
// What stands out for one feature is looked at closely for the others too: one fault of a source shows in all of them.
func (t *trial) tryTogether(ctx context.Context, subjects []*subject, days []time.Time) error {
	span := [2]time.Time{days[0], days[len(days)-1].Add(24 * time.Hour)}
	implied := make([]map[time.Time][]cause.Implied, len(subjects))
	for i, s := range subjects {
		var err error
		if implied[i], err = t.begun(ctx, s, span); err != nil {
			return err
		}
	}
	found := make([]map[time.Time]*field, len(subjects))
	for i, s := range subjects {
		var err error
		if found[i], err = t.tryDays(ctx, s, span, together(implied, i)); err != nil {
			return err
		}
	}
	for _, day := range days {
		share(subjects, found, day)
	}
	for i, s := range subjects {
		if err := t.closely(ctx, s, span, found[i]); err != nil {
			return err
		}
	}
	return nil
}

// mostShared is how many instants that the rows of other features imply are tried for a feature on a day.
const mostShared = 16

// together is what the rows of feature i imply, by day, and then what those of the others do: of these the most frequent.
func together(implied []map[time.Time][]cause.Implied, i int) map[time.Time][]cause.Implied {
	others := map[time.Time][]cause.Implied{}
	for k := range implied {
		for day, of := range implied[k] {
			if k != i {
				others[day] = append(others[day], of...)
			}
		}
	}
	all := maps.Clone(implied[i])
	if all == nil {
		all = map[time.Time][]cause.Implied{}
	}
	for day, of := range others {
		slices.SortStableFunc(of, func(a, b cause.Implied) int { return cmp.Compare(b.Rows, a.Rows) })
		all[day] = append(slices.Clone(all[day]), of[:min(len(of), mostShared)]...)
	}
	return all
}

// field is the hypotheses that reproduce a row of a day: all of them, and those that are looked at closely.
type field struct{ all, chosen []tried }

// outstanding is how many of a feature's finalists are looked at for the other features of its source too.
const outstanding = 6

// share adds to each feature's finalists of a day those that stand out for another.
func share(subjects []*subject, found []map[time.Time]*field, day time.Time) {
	keys := map[string]bool{}
	for i, s := range subjects {
		if f := found[i][day]; f != nil {
			for _, one := range f.chosen[:min(len(f.chosen), outstanding)] {
				keys[s.numbers.hypothesis(one.h).Key] = true
			}
		}
	}
	for i, s := range subjects {
		f := found[i][day]
		if f == nil {
			continue
		}
		for _, one := range f.all {
			listed := slices.ContainsFunc(f.chosen, func(c tried) bool { return c.h == one.h })
			if !listed && keys[s.numbers.hypothesis(one.h).Key] && len(f.chosen) < mostFinalists {
				f.chosen = append(f.chosen, one)
			}
		}
	}
}

// mostFinalists is how many bits a pattern has.
const mostFinalists = 60

// begun lists what is tried for a feature on the days in span whatever its rows are like, stages the source's history as these read it,
// and gives the instants at which the source must have been read to give what the rows were served.
func (t *trial) begun(ctx context.Context, s *subject, span [2]time.Time) (map[time.Time][]cause.Implied, error) {
	s.numbers = newNumbering(s)
	days := s.within(span)
	if len(days) == 0 {
		return nil, nil
	}
	named := func(h *cause.Hypothesis) bool { return h.Reading.Zone != "" || h.Instant.Zone != "" }
	for _, h := range cause.Hypotheses(s.cause, span) {
		if !named(&h) {
			s.numbers.add(h, "")
		}
	}
	for _, d := range days { // whether a clock changes near a day is the day's own, not that of the days that it is tried with
		for _, h := range cause.Hypotheses(s.cause, [2]time.Time{d.day, d.day.Add(24 * time.Hour)}) {
			if named(&h) {
				s.numbers.add(h, d.day.Format(time.DateOnly))
			}
		}
	}
	fitted, err := t.fitted(ctx, s, span)
	if err != nil {
		return nil, err
	}
	for _, d := range days {
		for _, h := range fitted[d.day] {
			s.numbers.add(h, d.day.Format(time.DateOnly))
		}
	}
	if err := t.readAnew(ctx, s, span); err != nil {
		return nil, err
	}
	return t.implied(ctx, s, span)
}

// tryDays tries on a feature's sampled suspects of the days in span all that begun listed, and what the days' rows suggest: implied are
// the instants at which the source must have been read to give what these and the other features of the source were served, which all
// read it at once.
func (t *trial) tryDays(ctx context.Context, s *subject, span [2]time.Time, implied map[time.Time][]cause.Implied) (map[time.Time]*field, error) {
	days := s.within(span)
	if len(days) == 0 {
		return nil, nil
	}
	for _, d := range days {
		for _, h := range cause.HypothesesFrom(s.cause, s.pairs[d.day], implied[d.day]) {
			s.numbers.add(h, d.day.Format(time.DateOnly))
		}
	}
	if err := t.evaluate(ctx, s, s.numbers, span, int64(t.perDay)); err != nil {
		return nil, err
	}
	return t.finalists(ctx, s)
}

// within gives the days of span on which the feature differs.
func (s *subject) within(span [2]time.Time) []dayRows {
	var all []dayRows
	for _, d := range s.days {
		if !d.day.Before(span[0]) && d.day.Before(span[1]) {
			all = append(all, d)
		}
	}
	return all
}

// spanParams binds a range of days.
func spanParams(span [2]time.Time, more map[string]any) map[string]any {
	params := map[string]any{"first_day": span[0], "end_day": span[1]}
	maps.Copy(params, more)
	return params
}

// readAnew stages the source's history under every reading: int_states_<n> or int_steps_<n>.
func (t *trial) readAnew(ctx context.Context, s *subject, span [2]time.Time) error {
	if err := t.db.Run(ctx, "432_in_readings", nil, s.numbers.readingParams()); err != nil {
		return err
	}
	first, last := readBetween(s.within(span))
	keys := append([]int{readingKey}, s.facts.Keys...)
	params := map[string]any{"first_at": first, "last_at": last, "back_us": back, "ahead_us": Ahead}
	if !s.Windows {
		if !s.facts.Looks {
			delete(params, "first_at")
			delete(params, "back_us")
		}
		if err := t.db.Run(ctx, "436_int_versions", s.facts, params); err != nil {
			return err
		}
		return t.db.Run(ctx, "210_int_states", lookupData{
			Index: s.facts.Index, From: fmt.Sprintf("int_versions_%d", s.facts.Index), Filter: -1,
			Dies: s.cause.Versions, Keys: keys, Values: []int{0},
		}, nil)
	}
	d := windowData{Feature: s.facts.Index, Keys: keys, Distinct: s.facts.Distinct, Sums: s.facts.Sums, Mean: s.facts.Mean, Max: s.facts.Max, Opened: true}
	if d.Sums {
		scale := 24
		for _, v := range s.values {
			fits, _ := scaleFor(s.source.largest[v], s.source.rows)
			scale = max(leastScale, min(scale, fits)) // rows that the declaration leaves out may hold more
		}
		d.Scale, d.Most = scale, mostSummed(scale, s.source.rows)
	}
	if err := t.db.Run(ctx, "437_int_openings", s.facts, params); err != nil {
		return err
	}
	if err := t.db.Run(ctx, "240_int_steps", d, nil); err != nil || !s.facts.Extreme {
		return err
	}
	return t.db.Run(ctx, "242_int_peaks", d, nil)
}

// implied asks when the source must have been read to give what was served.
func (t *trial) implied(ctx context.Context, s *subject, span [2]time.Time) (map[time.Time][]cause.Implied, error) {
	all := map[time.Time][]cause.Implied{}
	if s.facts.Static {
		return all, nil
	}
	data := struct {
		subjectData
		Keys []int
	}{s.facts, append([]int{readingKey}, s.facts.Keys...)}
	params := spanParams(span, map[string]any{"sample": impliedBy, "back_us": back, "ahead_us": Ahead})
	maps.Copy(params, s.params)
	err := t.db.Query(ctx, "438_out_implied", data, params, func(rows *sql.Rows) error {
		var day time.Time
		var kind string
		var m cause.Implied
		if err := rows.Scan(&day, &kind, &m.Low, &m.High, &m.Rows, &m.Fine); err != nil {
			return err
		}
		m.Frozen = kind == "frozen"
		all[day.UTC()] = append(all[day.UTC()], m)
		return nil
	})
	return all, err
}

// evaluate tries hypotheses on the suspects up to a place of each day: int_trials_<feature>.
func (t *trial) evaluate(ctx context.Context, s *subject, n *numbering, span [2]time.Time, sample int64) error {
	if err := t.db.Run(ctx, "433_in_probes", nil, n.probeParams()); err != nil {
		return err
	}
	hypotheses, mappings := n.hypothesisParams()
	if err := t.db.Run(ctx, "434_in_hypotheses", nil, hypotheses); err != nil {
		return err
	}
	if err := t.db.Run(ctx, "435_in_maps", nil, mappings); err != nil {
		return err
	}
	data := s.facts
	data.Variants = n.variants()
	if err := t.db.Run(ctx, "440_int_probes", data, spanParams(span, map[string]any{"sample": sample})); err != nil {
		return err
	}
	return t.db.Run(ctx, "442_int_trials", s.facts, s.params)
}

// finalists chooses, of each day, the hypotheses that reproduce the most rows, and the best of each cause, and of what the best of all does
// not reproduce again the best.
func (t *trial) finalists(ctx context.Context, s *subject) (map[time.Time]*field, error) {
	found := map[time.Time]*field{}
	err := t.db.Query(ctx, "443_out_trials", s.facts, nil, func(rows *sql.Rows) error {
		var day time.Time
		var one tried
		if err := rows.Scan(&day, &one.h, &one.counted, &one.hits); err != nil {
			return err
		}
		if found[day.UTC()] == nil {
			found[day.UTC()] = &field{}
		}
		found[day.UTC()].all = append(found[day.UTC()].all, one)
		return nil
	})
	if err != nil || len(found) == 0 {
		return found, err
	}
	var days []string
	var hs, bits []int64
	for _, day := range slices.SortedFunc(maps.Keys(found), time.Time.Compare) {
		f := found[day]
		slices.SortFunc(f.all, s.numbers.better)
		f.chosen = s.foremost(f.all)
		days, hs, bits = append(days, day.Format(time.DateOnly)), append(hs, int64(f.all[0].h)), append(bits, 0)
	}
	if err := t.db.Run(ctx, "444_in_finalists", nil, map[string]any{"day": days, "h": hs, "bit": bits}); err != nil {
		return nil, err
	}
	rest := map[time.Time][]tried{}
	err = t.db.Query(ctx, "448_out_rest", s.facts, nil, func(rows *sql.Rows) error {
		var day time.Time
		var one tried
		err := rows.Scan(&day, &one.h, &one.hits)
		rest[day.UTC()] = append(rest[day.UTC()], one)
		return err
	})
	for day := range rest {
		f := found[day]
		slices.SortFunc(rest[day], s.numbers.better)
		for _, one := range rest[day] {
			if len(f.chosen) >= finalists {
				break
			}
			if !slices.ContainsFunc(f.chosen, func(c tried) bool { return c.h == one.h }) {
				f.chosen = append(f.chosen, one)
			}
		}
	}
	return found, err
}

// foremost gives the first half of the finalists of hypotheses in order, and the first of each cause that reproduces half as many rows as
// the first of all: where a constant was served, all readings that find nothing reproduce it, and would leave no place for what did it.
func (s *subject) foremost(all []tried) []tried {
	chosen := slices.Clone(all[:min(len(all), finalists/2)])
	seen := map[cause.Name]bool{}
	for _, one := range chosen {
		seen[s.numbers.hypothesis(one.h).Cause] = true
	}
	for _, one := range all[len(chosen):] {
		if of := s.numbers.hypothesis(one.h).Cause; !seen[of] && 2*one.hits >= all[0].hits {
			seen[of] = true
			chosen = append(chosen, one)
		}
	}
	return chosen
}

// closely looks at the finalists: how far chance would have brought them, on what evidence they stand, and which rows they
// share. It keeps the record, and adds the winners.
func (t *trial) closely(ctx context.Context, s *subject, span [2]time.Time, found map[time.Time]*field) error {
	records := map[time.Time]*cause.TrialDay{}
	place := map[time.Time]map[int]int{}
	var days []string
	var hs, bits []int64
	for _, day := range slices.SortedFunc(maps.Keys(found), time.Time.Compare) {
		r := &cause.TrialDay{Day: day, Feature: s.Decl.Name, Source: s.cause.Source, Timeless: s.facts.Static}
		place[day] = map[int]int{}
		for bit, one := range found[day].chosen {
			place[day][one.h] = bit
			r.Finalists = append(r.Finalists, cause.Finalist{Hypothesis: s.numbers.hypothesis(one.h)})
			days, hs, bits = append(days, day.Format(time.DateOnly)), append(hs, int64(one.h)), append(bits, int64(bit))
		}
		records[day] = r
	}
	if len(days) > 0 {
		if err := t.db.Run(ctx, "444_in_finalists", nil, map[string]any{"day": days, "h": hs, "bit": bits}); err != nil {
			return err
		}
		if err := t.chances(ctx, s, span, records, place); err != nil {
			return err
		}
		if err := t.patterns(ctx, s, span, records); err != nil {
			return err
		}
	}
	for _, day := range slices.SortedFunc(maps.Keys(records), time.Time.Compare) {
		records[day].Settle()
		for i, bit := range cause.Choose(records[day]) {
			s.winners = append(s.winners, winner{day: day, place: i, Hypothesis: records[day].Finalists[bit].Hypothesis})
		}
		t.trials.Days = append(t.trials.Days, *records[day])
	}
	return t.samples(ctx, s, span, found, records)
}

// chances fills in by how much chance would have reproduced, and on how many pieces of evidence a finalist stands.
func (t *trial) chances(ctx context.Context, s *subject, span [2]time.Time, records map[time.Time]*cause.TrialDay, place map[time.Time]map[int]int) error {
	least := map[string]any{"least": cause.LeastHashes}
	maps.Copy(least, s.params)
	err := t.db.Query(ctx, "445_out_finalists", s.facts, least, func(rows *sql.Rows) error {
		var day time.Time
		var h int
		var pairs, lucky int64
		var pieces cause.Pieces
		var hashes duckdb.Composite[[]uint64]
		if err := rows.Scan(&day, &h, &pairs, &lucky, &pieces.N, &hashes); err != nil {
			return err
		}
		pieces.Least = hashes.Get()
		f := &records[day.UTC()].Finalists[place[day.UTC()][h]]
		f.Pairs, f.Lucky, f.Pieces = pairs, lucky, pieces
		return nil
	})
	if err != nil {
		return err
	}
	based := func(rows *sql.Rows) error {
		var day time.Time
		var h int
		var base, alike int64
		if err := rows.Scan(&day, &h, &base, &alike); err != nil {
			return err
		}
		r := records[day.UTC()]
		if r == nil {
			return nil
		}
		if bit, ok := place[day.UTC()][h]; ok {
			r.Finalists[bit].Base, r.Finalists[bit].Alike = base, alike
		}
		return nil
	}
	if s.numbers.makes(cause.Mapped) {
		if err := t.db.Query(ctx, "455_out_map_base", s.facts, spanParams(span, nil), based); err != nil {
			return err
		}
	}
	constants := s.numbers.constants()
	if len(constants.hs) == 0 {
		return nil
	}
	params := spanParams(span, map[string]any{"h": constants.hs, "day": constants.days, "made": constants.made})
	maps.Copy(params, s.params)
	switch {
	case s.facts.Number:
		params["constant"] = constants.numbers
	default:
		params["constant"] = constants.words
	}
	return t.db.Query(ctx, "447_out_base", s.facts, params, based)
}

// patterns fills in which rows the finalists share.
func (t *trial) patterns(ctx context.Context, s *subject, span [2]time.Time, records map[time.Time]*cause.TrialDay) error {
	params := spanParams(span, map[string]any{"sample": int64(t.perDay)})
	return t.db.Query(ctx, "446_out_patterns", s.facts, params, func(rows *sql.Rows) error {
		var day time.Time
		var p cause.Pattern
		if err := rows.Scan(&day, &p.Hits, &p.Counted, &p.Rows); err != nil {
			return err
		}
		if r := records[day.UTC()]; r != nil {
			r.Patterns = append(r.Patterns, p)
		}
		return nil
	})
}

// label names every suspect by the first winner of its day that reproduces it.
func (t *trial) label(ctx context.Context, s *subject, winners []winner) error {
	n := newNumbering(s)
	for i := range winners {
		w := &winners[i]
		n.addAt(*w.Hypothesis, w.day.Format(time.DateOnly), w.place)
	}
	slices.SortFunc(winners, func(a, b winner) int { return cmp.Or(a.day.Compare(b.day), cmp.Compare(a.place, b.place)) })
	span := [2]time.Time{winners[0].day, winners[len(winners)-1].day.Add(24 * time.Hour)}
	s.numbers = n
	if err := t.readAnew(ctx, s, span); err != nil {
		return err
	}
	if err := t.evaluate(ctx, s, n, span, 1<<62); err != nil {
		return err
	}
	if err := t.db.Run(ctx, "450_int_labels", s.facts, nil); err != nil {
		return err
	}
	return t.spared(ctx, s, n, span)
}
