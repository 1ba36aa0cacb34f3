package ledger

import (
	"database/sql"
	"fmt"
	"math"
	"strings"

	"github.com/plumbline-data/plumbline/engine/attribution"
)

// cellScanner reads rows of 566_ledger_read_cells, into the same variables each time.
type cellScanner struct {
	cell    attribution.Cell
	sums    [8]float64
	wide    sql.NullString
	targets []any
}

func newCellScanner() *cellScanner {
	s := &cellScanner{}
	c := &s.cell
	s.targets = []any{&c.Day, &c.Version, &c.Segment, &c.Fingerprint, &c.Age, &c.Predictions, &c.Rows}
	for i := range s.sums {
		s.targets = append(s.targets, &s.sums[i])
	}
	s.targets = append(s.targets, &s.wide)
	return s
}

func (s *cellScanner) scan(rows *sql.Rows) (attribution.Cell, error) {
	if err := rows.Scan(s.targets...); err != nil {
		return attribution.Cell{}, err
	}
	c := s.cell
	sums := [8]*attribution.Fixed{&c.Weight, &c.Loss, &c.Score, &c.Outcome, &c.ScoreSq, &c.OutcomeSq, &c.ScoreOut, &c.AbsError}
	if !s.wide.Valid {
		for i, sum := range sums {
			*sum = fixedOfDouble(s.sums[i])
		}
		return c, nil
	}
	fields := strings.Fields(s.wide.String)
	if len(fields) != len(sums) {
		return c, fmt.Errorf("%d measures, want %d", len(fields), len(sums))
	}
	for i, sum := range sums {
		f, err := attribution.ParseFixed(fields[i])
		if err != nil {
			return c, err
		}
		*sum = f
	}
	return c, nil
}

// fixedOfDouble gives back the DECIMAL(38,9) that x is the nearest double of, where that lies below 1e6: it is u units of
// 1e-9 with u < 2^50, division and multiplication each add a relative error of 2^-53 at most, and u * 2^-52 < 1/2.
func fixedOfDouble(x float64) attribution.Fixed {
	units := int64(math.RoundToEven(x * 1e9))
	return attribution.FixedOfHalves(units>>63, uint64(units))
}
