package attribution

import (
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"strings"
)

// Fixed is a sum in fixed point: a signed 128-bit count of 1e-9 units. Sums of it do not depend on their order.
type Fixed struct {
	hi int64
	lo uint64
}

const nano = 1e9

// FixedOf rounds x to the nearest 1e-9; x must be finite and below 1.7e29.
func FixedOf(x float64) Fixed {
	b, _ := new(big.Float).SetFloat64(math.RoundToEven(x * nano)).Int(nil)
	f, _ := FixedOfUnits(b)
	return f
}

// FixedOfInt gives n whole units.
func FixedOfInt(n int64) Fixed {
	f, _ := FixedOfUnits(new(big.Int).Mul(big.NewInt(n), big.NewInt(nano)))
	return f
}

// FixedOfUnits takes a count of 1e-9 units; false if it does not fit 128 bits.
func FixedOfUnits(b *big.Int) (Fixed, bool) {
	if b.BitLen() > 127 {
		return Fixed{}, false
	}
	var abs big.Int
	abs.Abs(b)
	var lo, hi big.Int
	lo.And(&abs, new(big.Int).SetUint64(math.MaxUint64))
	hi.Rsh(&abs, 64)
	f := Fixed{hi: int64(hi.Uint64()), lo: lo.Uint64()}
	if b.Sign() < 0 {
		f = f.Neg()
	}
	return f, true
}

// ParseFixed reads a decimal with nine digits after the point.
func ParseFixed(text string) (Fixed, error) {
	whole, fraction, _ := strings.Cut(text, ".")
	units, ok := new(big.Int).SetString(whole+fraction, 10)
	if ok && len(fraction) == 9 {
		if f, fits := FixedOfUnits(units); fits {
			return f, nil
		}
	}
	return Fixed{}, fmt.Errorf("%q is not a sum", text)
}

// FixedOfHalves takes a count of 1e-9 units as the two halves of a 128-bit integer in two's complement.
func FixedOfHalves(hi int64, lo uint64) Fixed { return Fixed{hi: hi, lo: lo} }

// Add returns f + g.
func (f Fixed) Add(g Fixed) Fixed {
	lo, carry := bits.Add64(f.lo, g.lo, 0)
	return Fixed{hi: f.hi + g.hi + int64(carry), lo: lo}
}

// Neg returns -f.
func (f Fixed) Neg() Fixed {
	lo, borrow := bits.Sub64(0, f.lo, 0)
	return Fixed{hi: -f.hi - int64(borrow), lo: lo}
}

// Sub returns f - g.
func (f Fixed) Sub(g Fixed) Fixed { return f.Add(g.Neg()) }

// Float gives f in units, rounded once, half to even.
func (f Fixed) Float() float64 {
	if f.hi == 0 && f.lo < 1<<53 {
		return float64(f.lo) / nano
	}
	if f.hi < 0 {
		return -magnitude(f.Neg())
	}
	return magnitude(f)
}

// magnitude divides a non-negative count by 1e9 = 5^9 * 2^9. The count is shifted to the top of its 128 bits, so that the
// quotient keeps 107 of them; the last bit of its first 64 also stands for all that follow, so that they round as one.
func magnitude(f Fixed) float64 {
	const fives = 1953125
	hi, lo := uint64(f.hi), f.lo
	if hi == 0 && lo < 1<<53 {
		return float64(lo) / nano
	}
	shift := bits.LeadingZeros64(hi)
	if hi == 0 {
		shift = 64 + bits.LeadingZeros64(lo)
	}
	if shift >= 64 {
		hi, lo = lo<<(shift-64), 0
	} else {
		hi, lo = hi<<shift|lo>>(64-shift), lo<<shift
	}
	qhi, rest := hi/fives, hi%fives
	qlo, rest := bits.Div64(rest, lo, fives)
	lead := bits.LeadingZeros64(qhi)
	top := qhi<<lead | qlo>>(64-lead)
	if qlo<<lead != 0 || rest != 0 {
		top |= 1
	}
	return math.Ldexp(float64(top), 64-lead-shift-9)
}

// String writes f in units with nine decimals.
func (f Fixed) String() string { return fmt.Sprintf("%.9f", f.Float()) }
