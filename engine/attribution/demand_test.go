package attribution

import (
	"math"
	"testing"
)

// TestFewerRowsAreDue: of the baseline's predictions eight in a thousand found no radar row. Then as many fewer predictions as radar rows are made, a
// half: up to nine in a hundred, the root of that, find none, and that is no finding. Where radar brings fewer yet, or predictions are as
// many as ever, it is.
func TestFewerRowsAreDue(t *testing.T) {
	const noRow = 3
	for _, c := range []struct {
		name          string
		rows, without int64 // predictions of a window's day, and those without a radar row
		radar         int64 // rows of a window's day, of 100 before
		want          bool
	}{
		{"half the predictions, half the rows", 500, 40, 50, false},
		{"more than is due", 500, 90, 50, true},
		{"half the predictions, as many rows", 500, 40, 100, true},
		{"half the predictions, a third of the rows", 500, 40, 33, true},
		{"as many predictions, half the rows", 1000, 90, 50, true},
		{"fewer, but not known", 500, 40, -1, true},
	} {
		b := newBuilder(t)
		for d := boundary - 35; d < boundary; d++ {
			all, without := int64(1000), 8+int64(d%3)-1
			if d >= boundary-7 {
				all, without = c.rows, c.without
			}
			b.add(rows{day: d, n: all - without, loss: 0.3}, rows{day: d, n: without, loss: 0.3, codes: map[int]uint16{radarAge: noRow}})
		}
		q := question()
		q.Brought = func(source string, d Day) (int64, bool) {
			if d < boundary-7 {
				return 100, source == "radar"
			}
			return c.radar, source == "radar" && c.radar >= 0
		}
		if found := len(newAlike(b.cube).Evaluate(q).Findings) > 0; found != c.want {
			t.Errorf("%s: found %v, want %v", c.name, found, c.want)
		}
	}
}

// Whatever the rates of the keys, what is due is an upper bound of the share without a row.
func TestDueBoundsMixtures(t *testing.T) {
	for _, brought := range []float64{0.3, 0.7, 0.95} {
		for _, rates := range [][]float64{{5}, {0.1, 9}, {1, 2, 3, 40}} {
			was, now := 0.0, 0.0
			for _, r := range rates {
				was += math.Exp(-r) / float64(len(rates))
				now += math.Exp(-r*brought) / float64(len(rates))
			}
			if now > math.Pow(was, brought)+1e-12 {
				t.Errorf("rates %v at %v: %v is more than %v", rates, brought, now, math.Pow(was, brought))
			}
		}
	}
}
