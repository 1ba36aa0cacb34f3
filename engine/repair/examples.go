package repair

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"

	"github.com/plumbline-data/plumbline/engine/attribution"
)

const (
	// seed orders the sample.
	seed = "plumbline"

	// mostExamples is how many predictions are sampled, over all versions; of one at most sampledOthers that no replay contradicts and half as
	// many that one does.
	mostExamples  = 98304
	sampledOthers = 8192

	// leastExamples is how many of a version are sampled at least, be there ever so many versions.
	leastExamples = 768
)

// example is a sampled prediction.
type example struct {
	print    string
	disputed bool
	held     bool
	link     float64   // of the logged score
	blur     float64   // what rounding may have taken from it
	bounded  bool      // it is at the end of the scale: what it was beyond is not logged
	numbers  []float64 // by feature; not a number where there is none
	words    []word    // by feature
}

// word is a category as it was served; !ok where there was none.
type word struct {
	text string
	ok   bool
}

// distil fits those versions that the scorer does not score, and stages what each feature adds to their scores.
func (r *repairer) distil(ctx context.Context) ([]attribution.Fit, error) {
	var pieces pieceParams
	var fits []attribution.Fit
	err := r.eachVersion(ctx, func(version string, examples []example) {
		place, known := r.versions[version]
		if !known || slices.Contains(r.measured, version) {
			return
		}
		m, why := fit(r.data.Features, examples)
		if m == nil {
			r.notes = append(r.notes, fmt.Sprintf("not_distilled: version %q: %s", version, why))
			return
		}
		one := attribution.Fit{Version: place, Basis: attribution.Distilled}
		for i := range examples {
			e := &examples[i]
			if print, known := r.prints[e.print]; known && e.held {
				one.Held = append(one.Held, attribution.Held{Fingerprint: print, Score: e.link, Residual: m.residual(e)})
			}
		}
		fits = append(fits, one)
		pieces.add(version, m)
	})
	if err != nil {
		return nil, err
	}
	return fits, r.db.Run(ctx, "473_in_curves", nil, pieces.params())
}

// repairedVersions lists the versions of which features are put right.
func (r *repairer) repairedVersions(ctx context.Context) (all []string, err error) {
	err = r.db.Query(ctx, "470_out_versions", nil, nil, func(rows *sql.Rows) error {
		var version string
		err := rows.Scan(&version)
		all = append(all, version)
		return err
	})
	return all, err
}

// sample draws the examples of each version.
func (r *repairer) sample(ctx context.Context, versions []string) error {
	others := int64(min(sampledOthers, max(leastExamples, mostExamples*2/3/len(versions))))
	return r.db.Run(ctx, "471_int_examples", r.data, map[string]any{"seed": seed, "versions": versions, "disputed": others / 2, "others": others,
		"first_day": r.work.Span.From, "end_day": r.work.Span.To})
}

// eachVersion calls see with the examples of one version after the other, in the sample's order. It must not call the warehouse.
func (r *repairer) eachVersion(ctx context.Context, see func(version string, examples []example)) error {
	var last string
	var all []example
	n := len(r.data.Features)
	numbers, words := make([]sql.NullFloat64, n), make([]sql.NullString, n)
	err := r.db.Query(ctx, "472_out_examples", r.data, nil, func(rows *sql.Rows) error {
		e := example{numbers: make([]float64, n), words: make([]word, n)}
		var version string
		var score float64
		into := []any{&version, &e.print, &e.disputed, &e.held, &score}
		for i := range r.data.Features {
			if r.data.Features[i].Text {
				into = append(into, &words[i])
			} else {
				into = append(into, &numbers[i])
			}
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		for i := range n {
			e.numbers[i] = math.NaN()
			if numbers[i].Valid {
				e.numbers[i] = numbers[i].Float64
			}
			e.words[i] = word{words[i].String, words[i].Valid}
		}
		e.link = r.link(score)
		if r.data.Binary {
			e.blur, e.bounded = blurOf(score), math.Abs(e.link) >= endOfScale
		}
		if version != last && len(all) > 0 {
			see(last, all)
			all = nil
		}
		last, all = version, append(all, e)
		return nil
	})
	if err == nil && len(all) > 0 {
		see(last, all)
	}
	return err
}

// endOfScale is the logarithm of the odds of 1 - 1e-15, and its negative of those of 1e-15: chances beyond are taken for these, as losses do.
const endOfScale = 34.538

// link is a score on the scale on which a model is a sum: of chances the logarithm of their odds.
func (r *repairer) link(score float64) float64 {
	if !r.data.Binary {
		return score
	}
	p := clipped(score)
	return math.Log(p / (1 - p))
}

// blurOf is how far rounding a chance to a DOUBLE may move the logarithm of its odds.
func blurOf(score float64) float64 {
	return 0x1p-52 / (1 - clipped(score))
}

// clipped keeps a chance within what losses tell apart.
func clipped(score float64) float64 { return min(max(score, 1e-15), 1-1e-15) }
