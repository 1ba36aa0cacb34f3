package profile

import (
	"slices"

	"github.com/plumbline-data/plumbline/engine/cause"
	"github.com/plumbline-data/plumbline/engine/plan"
)

// sourceKeys takes down the days of a source's keys, by each of its key columns: what goes wrong with a few of them hides
// among all.
func (r *recorder) sourceKeys(h *cause.SourceHistory, s *plan.Source, d sourceData) error {
	for _, k := range s.Keys {
		d.Keyed, d.Key = true, k.Index
		if err := r.db.Run(r.ctx, "401_int_source_keys", d, nil); err != nil {
			return err
		}
		c := cause.KeyColumn{Column: k.Column}
		of := func(key string) *cause.SourceHistory { return &keyHistory(&c, h, key).SourceHistory }
		if err := r.sourceDays(d, len(h.Values), of); err != nil {
			return err
		}
		if err := r.sourceGaps(d, of); err != nil {
			return err
		}
		for _, asks := range r.asking(s, k.Index) {
			d.Asks = asks
			err := r.askedOf(d, func(key string, a cause.Asked) {
				k := keyHistory(&c, h, key)
				k.Asked = append(k.Asked, a)
			})
			if err != nil {
				return err
			}
		}
		if h.Converted() {
			if err := r.numbersAgain(h, d, of); err != nil {
				return err
			}
		}
		for i := range c.Keys {
			key := &c.Keys[i]
			key.Asked = cause.Summed(key.Asked)
			one := d
			one.Keyed, one.OfKey = false, true
			if err := r.sourceHours(&key.SourceHistory, one, key.Key); err != nil {
				return err
			}
		}
		h.Keys = append(h.Keys, c)
		if err := r.rewrittenKeys(h, s, &k); err != nil {
			return err
		}
	}
	return nil
}

// keyHistory finds the history of a key, which comes last or is new.
func keyHistory(c *cause.KeyColumn, h *cause.SourceHistory, key string) *cause.KeyHistory {
	i, ok := slices.BinarySearchFunc(c.Keys, key, func(k cause.KeyHistory, key string) int {
		if k.Key < key {
			return -1
		}
		if k.Key > key {
			return 1
		}
		return 0
	})
	if !ok {
		c.Keys = slices.Insert(c.Keys, i, cause.KeyHistory{Key: key, SourceHistory: cause.SourceHistory{
			Name: h.Name, OfKey: true, FreshWithin: h.FreshWithin, Features: h.Features, Ladders: h.Ladders, Values: h.Values,
		}})
	}
	return &c.Keys[i]
}

// asking lists the prediction's key columns that ask a source by one of its own.
func (r *recorder) asking(s *plan.Source, key int) []int {
	var all []int
	for i := range r.plan.Joins {
		if r.plan.Joins[i].Source != s.Index {
			continue
		}
		for _, k := range r.plan.Joins[i].Keys {
			if k.Source == key && !slices.Contains(all, k.Prediction) {
				all = append(all, k.Prediction)
			}
		}
	}
	return all
}
