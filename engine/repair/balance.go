package repair

import (
	"context"
	"database/sql"
	"time"

	"github.com/plumbline-data/plumbline/engine/attribution"
	"github.com/plumbline-data/plumbline/engine/plan"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

// Balances says of each contrast, by finding, how alike the matched predictions are between which the finding's cost is estimated: in every
// feature as it should have been served, those aside that followed from the finding. It needs what Run needs.
func Balances(ctx context.Context, db *warehouse.DB, p *plan.Plan, w Work, contrasts []attribution.Contrast) (map[int]attribution.Balance, error) {
	all := map[int]attribution.Balance{}
	data := dataOf(p, w)
	if len(contrasts) == 0 || len(data.Features) == 0 {
		return all, nil
	}
	for i := range data.Features {
		if p.Features[i].Join < 0 {
			data.Features[i].AsReplayed = data.Features[i].Served
		}
	}
	if err := stageContrasts(ctx, db, w, data, contrasts); err != nil {
		return nil, err
	}
	err := eachCovariate(ctx, db, data, func(c covariate, strata []attribution.Stratum) {
		one := &contrasts[c.contrast]
		f := &p.Features[c.feature]
		source := ""
		if f.Join >= 0 {
			source = p.Sources[p.Joins[f.Join].Source].Decl.Name
		}
		if one.Follows(f.Decl.Name, source) {
			return
		}
		b, known := all[one.Finding]
		if apart := attribution.Apart(strata); !known || !(apart <= b.Apart) {
			b.Feature, b.Apart = f.Decl.Name, apart
		}
		if c.first {
			b.Compared++
		}
		all[one.Finding] = b
	})
	return all, err
}

// stageContrasts stages the rows of contrasts. All of them are of the same days.
func stageContrasts(ctx context.Context, db *warehouse.DB, w Work, data stageData, contrasts []attribution.Contrast) error {
	var numbers, affected []int64
	var prints, days []string
	for k, c := range contrasts {
		for side, places := range [][]int32{c.Controls, c.Affected} {
			for _, place := range places {
				numbers, affected = append(numbers, int64(k)), append(affected, int64(side))
				prints = append(prints, textOf(w.Cube.Fingerprints[place]))
			}
		}
	}
	for _, d := range contrasts[0].Days {
		days = append(days, d.Start().Format(time.DateOnly))
	}
	if err := db.Run(ctx, "495_in_contrasts", nil, map[string]any{"contrast": numbers, "fingerprint": prints, "affected": affected}); err != nil {
		return err
	}
	return db.Run(ctx, "496_int_compared", data, map[string]any{"day": days})
}

// covariate is what is compared: a number, whether a feature has one at all, or whether it has a word.
type covariate struct {
	contrast, feature int
	first             bool // of the feature
}

// eachCovariate calls see with what each covariate comes to by stratum.
func eachCovariate(ctx context.Context, db *warehouse.DB, data stageData, see func(covariate, []attribution.Stratum)) error {
	var last *balanceRow
	var numbers, presence []attribution.Stratum
	first := true
	flush := func() {
		if last == nil {
			return
		}
		c := covariate{last.contrast, last.feature, first}
		see(c, presence)
		if !last.word.Valid {
			c.first = false
			see(c, numbers)
		}
		numbers, presence = nil, nil
	}
	err := db.Query(ctx, "497_out_balance", data, nil, func(rows *sql.Rows) error {
		r, err := scanBalance(rows)
		if err != nil {
			return err
		}
		if last == nil || last.contrast != r.contrast || last.feature != r.feature || last.word != r.word {
			flush()
			first = last == nil || last.contrast != r.contrast || last.feature != r.feature
		}
		if len(presence) == 0 || last.stratum != r.stratum {
			numbers, presence = append(numbers, attribution.Stratum{}), append(presence, attribution.Stratum{})
		}
		n, p := &numbers[len(numbers)-1], &presence[len(presence)-1]
		had := attribution.Moments{Weight: r.weight, Sum: r.present, Squares: r.present}
		if r.affected {
			n.Affected, p.Affected = r.moments, had
		} else {
			n.Controls, p.Controls = r.moments, had
		}
		last = &r
		return nil
	})
	if err == nil {
		flush()
	}
	return err
}

// balanceRow is what a covariate comes to on one side of a stratum.
type balanceRow struct {
	contrast, feature int
	word              sql.NullString
	stratum           stratum
	affected          bool
	weight, present   float64
	moments           attribution.Moments // of the number
}

type stratum struct {
	day               time.Time
	version, segments string
}

func scanBalance(rows *sql.Rows) (r balanceRow, err error) {
	var texts [4]string
	if err := rows.Scan(&r.contrast, &r.feature, &r.word, &r.stratum.day, &r.stratum.version, &r.stratum.segments, &r.affected,
		&texts[0], &texts[1], &texts[2], &texts[3]); err != nil {
		return r, err
	}
	var all [4]float64
	for i, text := range texts {
		v, err := attribution.ParseFixed(text)
		if err != nil {
			return r, err
		}
		all[i] = v.Float()
	}
	r.weight, r.present = all[0], all[1]
	r.moments = attribution.Moments{Weight: all[1], Sum: all[2], Squares: all[3]}
	return r, nil
}
