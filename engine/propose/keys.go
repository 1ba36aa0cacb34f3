package propose

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/plan"
	"github.com/plumbline-data/plumbline/engine/report"
)

// keyPair is a column of predictions and one of another input that hold the same things.
type keyPair struct {
	Prediction, Other         *column
	common, predicted, others int64 // values that both have; that either side has
}

// mine is the share of the prediction column's values that the other side has.
func (k keyPair) mine() float64 { return float64(k.common) / float64(max(k.predicted, 1)) }

// theirs is the share of the other side's values that predictions have.
func (k keyPair) theirs() float64 { return float64(k.common) / float64(max(k.others, 1)) }

// sameName tells columns of one name, whatever the case of letters.
func (k keyPair) sameName() bool { return strings.EqualFold(k.Prediction.Name, k.Other.Name) }

// likely tells pairs whose common values are no accident: small whole numbers and dates meet everywhere, so that their names must agree.
func (k keyPair) likely() bool {
	if k.sameName() {
		return true
	}
	common, _ := alike(k.Prediction.Name, k.Other.Name)
	if k.Prediction.Class == plan.Text && !k.Prediction.instant() {
		return k.Prediction.distinct > 2 || k.common == k.predicted
	}
	return common > 0 && (keyRole.fits(k.Prediction.Name) > 0 || keyRole.fits(k.Other.Name) > 0 || k.Prediction.distinct > manyKeys && k.mine() > fewCommon)
}

// points orders pairs: by the values that they share, and by their names.
func (k keyPair) points() float64 {
	_, share := alike(k.Prediction.Name, k.Other.Name)
	n := 100*max(k.mine(), k.theirs()) + 30*share
	if k.sameName() {
		n += 30
	}
	if k.Prediction.numeric() && keyRole.fits(k.Prediction.Name) <= 0 {
		n -= 60 // as likely a measure
	}
	return n
}

// overlaps finds the pairs of columns of predictions and of another input that have values in common, the likeliest first.
func (p *proposer) overlaps(ctx context.Context, in *input) ([]keyPair, error) {
	if len(p.predictions.Keys()) == 0 || len(in.Keys()) == 0 {
		return nil, nil
	}
	every := max(thin(p.predictions.table, keyedRows), thin(in.table, keyedRows))
	for _, side := range []*input{p.predictions, in} {
		if side == p.predictions && p.keyedEvery == every {
			continue // as another input left them
		}
		if err := p.db.Run(ctx, "703_int_key_values", side, map[string]any{"paths": side.table.Paths(), "every": every}); err != nil {
			return nil, err
		}
	}
	p.keyedEvery = every
	var all []keyPair
	err := p.db.Query(ctx, "704_out_overlaps", in, nil, func(rows *sql.Rows) error {
		var mine, other int
		var k keyPair
		if err := rows.Scan(&mine, &other, &k.common, &k.predicted, &k.others); err != nil {
			return err
		}
		k.Prediction, k.Other = p.predictions.at(mine), in.at(other)
		if plan.Meet(k.Prediction.Type, k.Other.Type) && k.likely() {
			all = append(all, k)
		}
		return nil
	})
	slices.SortStableFunc(all, func(a, b keyPair) int { return cmp.Compare(b.points(), a.points()) })
	return all, err
}

const (
	manyKeys    = 1000 // so many values that meet are no small numbers
	toldApart   = 0.95 // a key tells outcomes apart if at least so many rows are told by it and the instant of their delivery
	fewCommon   = 0.5  // of the values of one side: less in common makes no part of a key of several columns
	leastCommon = 0.02 // of the values of both sides: less makes no key
)

// keys chooses what joins outcomes with predictions.
func (p *proposer) keys(ctx context.Context) error {
	pairs, err := p.overlaps(ctx, p.outcomes)
	if err != nil {
		return err
	}
	pairs = slices.DeleteFunc(pairs, func(k keyPair) bool {
		return max(k.mine(), k.theirs()) < leastCommon || k.Other == p.draft.outcomeAt.column && !k.sameName() || k.Prediction == p.draft.version.column
	})
	if len(pairs) == 0 {
		return fault.Usage("--outcomes", "name outcomes by what predictions name: a column of both that holds the same keys",
			"no column of %s holds values that predictions have, so that nothing joins them", p.outcomes.table.Path)
	}
	if found, err := p.singleKey(ctx, pairs); found || err != nil {
		return err
	}
	return p.severalKeys(ctx, pairs)
}

// tried is a key, and how it tells outcomes apart.
func (p *proposer) tried(ctx context.Context, pairs []keyPair) (keyRows, error) {
	var key []*column
	for _, k := range pairs {
		key = append(key, k.Other)
	}
	event := p.draft.outcomeAt.Clock
	return p.keyRows(ctx, p.outcomes, key, cmp.Or(p.draft.outcomeKnown.clock(), event), event)
}

// singleKey looks for one column that joins them.
func (p *proposer) singleKey(ctx context.Context, pairs []keyPair) (bool, error) {
	var fit []keyPair
	for _, k := range pairs[:min(len(pairs), mostCandidates)] {
		r, err := p.tried(ctx, []keyPair{k})
		if err != nil {
			return false, err
		}
		if r.once() >= toldApart && k.Prediction.distinct*10 > k.Prediction.filled {
			fit = append(fit, k)
			if len(fit) == 1 {
				p.draft.keys, p.draft.told = []keyPair{k}, r
			}
		}
	}
	if len(fit) == 0 {
		return false, nil
	}
	k := fit[0]
	p.draft.keyNote = fmt.Sprintf("%s of the predictions' values are among the outcomes', %s of theirs among the predictions'", percent(k.mine()), percent(k.theirs()))
	if !k.sameName() {
		p.draft.keyAsk = fmt.Sprintf("does %s of predictions hold what %s of outcomes holds? Their values meet, their names differ", shown(k.Prediction.Name), shown(k.Other.Name))
	}
	if len(fit) > 1 && fit[1].points() >= k.points()-5 {
		p.draft.keyAsk = fmt.Sprintf("are outcomes joined by %s, or by {%s: %s}?", shown(k.Prediction.Name), shown(fit[1].Prediction.Name), shown(fit[1].Other.Name))
	}
	return true, nil
}

// severalKeys joins by the columns that both have under one name, as few of them as tell outcomes apart as well as all.
func (p *proposer) severalKeys(ctx context.Context, pairs []keyPair) error {
	var key []keyPair
	for _, k := range pairs {
		twice := slices.ContainsFunc(key, func(o keyPair) bool { return o.Prediction == k.Prediction || o.Other == k.Other })
		if k.sameName() && max(k.mine(), k.theirs()) >= fewCommon && k.Other != p.draft.outcomeKnown.column && !twice {
			key = append(key, k)
		}
	}
	if len(key) == 0 {
		key = pairs[:1]
	}
	all, err := p.tried(ctx, key)
	if err != nil {
		return err
	}
	for i := len(key) - 1; i >= 0 && len(key) > 1; i-- {
		fewer := slices.Delete(slices.Clone(key), i, i+1)
		r, err := p.tried(ctx, fewer)
		if err != nil {
			return err
		}
		if r.once() >= all.once()-0.001 && r.keys*1000 >= all.keys*999 {
			key, all = fewer, r
		}
	}
	p.draft.keys, p.draft.told = key, all
	var shares []string
	for _, k := range key {
		shares = append(shares, fmt.Sprintf("%s of the values of %s", percent(k.mine()), shown(k.Prediction.Name)))
	}
	p.draft.keyNote = strings.Join(shares, ", ") + " are among the outcomes'"
	if all.once() < toldApart {
		p.draft.keyAsk = fmt.Sprintf("what joins outcomes with predictions? By this key %s outcome rows are %s, and %s if rows of another event instant are another outcome",
			report.Counted(all.keyed), plural(all.keys, "outcome"), report.Counted(all.events))
	}
	return nil
}
