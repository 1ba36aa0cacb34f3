package attribution

import "testing"

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
		{"one prediction fewer, three quarters of the rows", 999, 22, 76, true},
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
