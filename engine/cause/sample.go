package cause

import (
	"maps"
	"time"
)

// Sample is one differing row, to be shown as part of a proof. Values are as DuckDB writes them; nil is null.
type Sample struct {
	Day             time.Time
	Feature, Source string
	Code            uint16 // CodeOf the cause that names it; CodeDiffers where none does
	Place           int64  // in its day and feature, in the sample's order
	PredictionID    string
	Key             string    // values of the keys that its source is joined by
	At              time.Time // when the feature was read
	Declared        *string   // what the declaration gives
	Served          *string

	// By bit, as in the patterns of its TrialDay: the finalists that say something other than the declaration, those of them
	// that give what was served, those that give null, and what each gives.
	Counted, Hits, Null uint64
	Replayed            []string
}

// Add takes in what the finalist with the bit gives, and whether that is what was served.
func (s *Sample) Add(bit int, value *string, hits bool) {
	for len(s.Replayed) <= bit {
		s.Replayed = append(s.Replayed, "")
	}
	s.Counted |= 1 << bit
	if hits {
		s.Hits |= 1 << bit
	}
	if value == nil {
		s.Null |= 1 << bit
		return
	}
	s.Replayed[bit] = *value
}

// Gives is what the finalist with the bit gives for the row; false where it gives what is declared.
func (s *Sample) Gives(bit int) (value *string, hits, ok bool) {
	if bit < 0 || bit >= len(s.Replayed) || s.Counted>>bit&1 == 0 {
		return nil, false, false
	}
	if s.Null>>bit&1 == 0 {
		value = &s.Replayed[bit]
	}
	return value, s.Hits>>bit&1 == 1, true
}

// FeatureDay names what was tried: a feature on a UTC day.
type FeatureDay struct {
	Feature string
	Day     time.Time
}

// Standing is a hypothesis of a claim, by its place among the claim's Hypotheses, as the finalist that it is on a day.
type Standing struct{ Hypothesis, Bit int }

// standingOf gives, by feature and day, which finalists a set of the pool's hypotheses are there.
func (p *pool) standingOf(set []int) map[FeatureDay][]Standing {
	all := map[FeatureDay][]Standing{}
	for k, d := range p.days {
		for i, n := range set {
			if bit := p.all[n].of[k]; bit >= 0 {
				at := FeatureDay{d.Feature, d.Day}
				all[at] = append(all[at], Standing{i, bit})
			}
		}
	}
	return all
}

// bothTried joins what claims of different sources, and so of different features, say.
func bothTried(a, b map[FeatureDay][]Standing) map[FeatureDay][]Standing {
	all := make(map[FeatureDay][]Standing, len(a)+len(b))
	maps.Copy(all, a)
	maps.Copy(all, b)
	return all
}
