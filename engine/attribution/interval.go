package attribution

import (
	"math"
	"sync"

	"gonum.org/v1/gonum/stat/distuv"
)

// strongestMemory is the largest lag-1 autocorrelation that intervals allow for.
const strongestMemory = 0.6

// series is one value per day, ascending by day.
type series struct {
	days   []Day
	values []float64
}

func newSeries(days []Day, values []float64) series { return series{days: days, values: values} }

func (s *series) add(d Day, v float64) {
	s.days = append(s.days, d)
	s.values = append(s.values, v)
}

func (s *series) mean() float64 {
	if len(s.values) == 0 {
		return 0
	}
	sum := 0.0
	for _, v := range s.values {
		sum += v
	}
	return sum / float64(len(s.values))
}

// squares is the sum of squared deviations from the mean.
func (s *series) squares() float64 {
	m, ss := s.mean(), 0.0
	for _, v := range s.values {
		ss += (v - m) * (v - m)
	}
	return ss
}

// autocorrelation is the lag-1 autocorrelation over neighbouring days plus 1/n, which takes out most of its bias in short
// series, clipped to [0, 0.6]; 0 where nothing varies.
func (s *series) autocorrelation() float64 {
	n := len(s.values)
	ss := s.squares()
	if n < 2 || ss <= 0 {
		return 0
	}
	m, lagged := s.mean(), 0.0
	for i := 1; i < n; i++ {
		if s.days[i] == s.days[i-1]+1 {
			lagged += (s.values[i] - m) * (s.values[i-1] - m)
		}
	}
	return min(max(lagged/ss+1/float64(n), 0), strongestMemory)
}

// inflation is f(n) = 1 + 2 sum_{j<n} (1 - j/n) r^j: by how much a mean of n days with lag-1 autocorrelation r varies more
// than one of independent days. Source: Bayley and Hammersley 1946, JRSS Suppl. 8(2), for a first-order process.
func inflation(r float64, n int) float64 {
	f, power := 1.0, 1.0
	for j := 1; j < n; j++ {
		power *= r
		f += 2 * (1 - float64(j)/float64(n)) * power
	}
	return f
}

// spread is the standard error of a term and its degrees of freedom; without at least one of these it is unknown.
type spread struct {
	se float64
	df int
}

// contrast is the spread of a window's mean less a baseline's, days being the clusters: s2 is the variance of day values
// within baseline and within window, pooled, and se = s sqrt(f(n_B)/n_B + f(n_C)/n_C) on n_B + n_C - 2 degrees of
// freedom. Days that go together vary less around their own mean than they do: n of them have n - f(n) times their variance in squares, not
// n - 1. Source: section 6 of the design, "Intervals"; for the squares Bayley and Hammersley 1946, as for f.
func contrast(baseline, window series) spread {
	nB, nC := len(baseline.values), len(window.values)
	df := nB + nC - 2
	if df < 1 || nB == 0 || nC == 0 {
		return spread{}
	}
	r := baseline.autocorrelation()
	fB, fC := inflation(r, nB), inflation(r, nC)
	s2 := (baseline.squares() + window.squares()) / (float64(nB+nC) - fB - fC)
	return spread{se: math.Sqrt(s2 * (fB/float64(nB) + fC/float64(nC))), df: df}
}

// half is the half-width of the 95 % interval; false without degrees of freedom.
func (s spread) half() (float64, bool) {
	if s.df < 1 {
		return 0, false
	}
	return quantile(s.df) * s.se, true
}

// quantiles holds t(.975, df) by df for the periods that loops usually ask about.
var quantiles = sync.OnceValue(func() *[128]float64 {
	var table [128]float64
	for df := 1; df < len(table); df++ {
		table[df] = distuv.StudentsT{Sigma: 1, Nu: float64(df)}.Quantile(.975)
	}
	return &table
})

// quantile is t(.975, df), df being at least 1.
func quantile(df int) float64 {
	if table := quantiles(); df < len(table) {
		return table[df]
	}
	return distuv.StudentsT{Sigma: 1, Nu: float64(df)}.Quantile(.975)
}

// around is the 95 % interval around a term, nil without degrees of freedom.
func (s spread) around(term float64) *[2]float64 {
	h, ok := s.half()
	if !ok {
		return nil
	}
	return &[2]float64{nine(term - h), nine(term + h)}
}

// p is the one-sided p-value that a term is above 0 by chance; nil without degrees of freedom.
func (s spread) p(term float64) *float64 {
	if s.df < 1 {
		return nil
	}
	p := upperTail(term, s.se, s.df)
	return &p
}

// upperTail is the chance of a difference at least as large, in units of se, on df degrees of freedom. Where nothing
// varies it is 0 above 0, else 1.
func upperTail(difference, se float64, df int) float64 {
	if se <= 0 {
		if difference > 0 {
			return 0
		}
		return 1
	}
	return distuv.StudentsT{Sigma: 1, Nu: float64(df)}.Survival(difference / se)
}

// nine rounds a loss to 1e-9, so that no dust of floating point is written; never -0.
func nine(v float64) float64 {
	if math.Abs(v) >= 1<<52/nano {
		return v
	}
	return math.Round(v*nano)/nano + 0
}

func nineOf(v float64) *float64 {
	v = nine(v)
	return &v
}
