package cause

import "math"

// Values on both sides of zero, as delays are, or of a wide range, do not leave their range by another unit. They lie closer
// together, or farther apart, than they ever did: the widths of the middle half and of nine tenths of them leave their range
// in the past by factorFrom at once, and a known unit brings quartiles and widths back.

// width is the range of the middle half.
func (q Quantiles) width() float64 { return q[P75] - q[P25] }

// reach is the range of the middle nine tenths.
func (q Quantiles) reach() float64 { return q[P95] - q[P05] }

// widths is the range that a width took in the past; false where it was ever nothing.
func widths(past []int, of func(i int) Quantiles, width func(Quantiles) float64) (low, high float64, ok bool) {
	low, high = math.Inf(1), 0
	for _, p := range past {
		w := width(of(p))
		low, high = math.Min(low, w), math.Max(high, w)
	}
	return low, high, low > 0
}

// stretched tells what known unit made the widths of what they were: of those that fit, the one nearest to the step.
func stretched(now Quantiles, past []int, of func(i int) Quantiles) (conversion, bool) {
	if now.width() <= 0 {
		return conversion{}, false
	}
	for _, width := range []func(Quantiles) float64{Quantiles.width, Quantiles.reach} {
		low, high, ok := widths(past, of, width)
		if w := width(now); !ok || w*factorFrom > low && w < factorFrom*high {
			return conversion{}, false
		}
	}
	before := of(past[len(past)-1]).width()
	step := math.Log(now.width() / before)
	var best conversion
	found := false
	for _, c := range conversions {
		if c.Plus != 0 || c.Factor <= 0 || !c.fits(now, past, of, slack) || !c.apart(now, past, of) {
			continue
		}
		if by := step / math.Log(c.Factor); by < 0.7 || by > 1.5 {
			continue // growth over days is no leap
		}
		if !found || math.Abs(math.Log(c.Factor)-step) < math.Abs(math.Log(best.Factor)-step) {
			best, found = c, true
		}
	}
	best.Stretched = true
	return best, found
}

// apart tells whether widths, brought back, are in their range in the past or miss it by half, and nearer to its middle than
// as they stand.
func (c conversion) apart(now Quantiles, past []int, of func(i int) Quantiles) bool {
	for _, width := range []func(Quantiles) float64{Quantiles.width, Quantiles.reach} {
		low, high, ok := widths(past, of, width)
		w := width(now)
		if !ok || w <= 0 || w/c.Factor < low/1.5 || w/c.Factor > 1.5*high {
			return false
		}
		usual := math.Sqrt(low * high)
		if math.Abs(math.Log(w/c.Factor/usual)) >= math.Abs(math.Log(w/usual)) {
			return false
		}
	}
	return true
}

// refined is the known unit that a whole run speaks for, where widths told it: its first day alone may be near to another.
func (c conversion) refined(r run, of func(i int) Quantiles) conversion {
	if !c.Stretched {
		return c
	}
	var was, is []float64
	for i := max(0, r.first-pastDays); i < r.first-1; i++ {
		was = append(was, of(i).width())
	}
	for i := r.first; i < min(r.end, r.first+toldDays); i++ {
		is = append(is, of(i).width())
	}
	step := math.Log(middle(is) / middle(was))
	best := c
	for _, other := range conversions {
		if other.Plus == 0 && other.Factor > 0 && math.Abs(math.Log(other.Factor)-step) < math.Abs(math.Log(best.Factor)-step) {
			best = other
		}
	}
	best.Stretched = true
	return best
}
