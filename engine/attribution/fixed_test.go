package attribution

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// Float is the double nearest to the exact quotient, whatever the magnitude and the sign.
func TestFixedFloatIsNearest(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		n := new(big.Int).SetUint64(r.Uint64())
		n.Lsh(n, 64).Or(n, new(big.Int).SetUint64(r.Uint64()))
		n.Rsh(n, uint(1+r.IntN(127)))
		if r.IntN(2) == 0 {
			n.Neg(n)
		}
		f, ok := FixedOfUnits(n)
		if !ok {
			t.Fatalf("%v does not fit", n)
		}
		want, _ := new(big.Rat).SetFrac(n, big.NewInt(1e9)).Float64()
		if got := f.Float(); got != want {
			t.Fatalf("Float(%v e-9) = %v, want %v", n, got, want)
		}
	}
}

func TestFixedFloatEdges(t *testing.T) {
	for _, v := range []float64{0, 1e-9, -1e-9, 1, -1, 9007199.254740993, -9007199.254740993, 1e15, -1e15, 1e28, -1e28} {
		if got := FixedOf(v).Float(); math.Abs(got-v) > 1e-9*math.Max(1, math.Abs(v)*1e-6) {
			t.Errorf("FixedOf(%v).Float() = %v", v, got)
		}
	}
	if got := (Fixed{hi: math.MinInt64}).Float(); got != -math.Ldexp(1, 127)/1e9 {
		t.Errorf("least Fixed = %v", got)
	}
}

func BenchmarkFixedFloat(b *testing.B) {
	f := FixedOf(123456789.123456789)
	for b.Loop() {
		f.Float()
	}
}
