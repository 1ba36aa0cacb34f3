package attribution

import (
	"math"

	"github.com/plumbline-data/plumbline/engine/loop"
)

// moments are a period's means per row.
type moments struct {
	loss, score, outcome, scoreSq, outcomeSq, scoreOutcome, absoluteError float64
	squares                                                               float64 // of score less outcome: what the three before it come to, exactly
}

func (m *moments) add(s *sums, perRow float64) {
	m.loss += perRow * s.loss.Float()
	m.score += perRow * s.score.Float()
	m.outcome += perRow * s.outcome.Float()
	m.scoreSq += perRow * s.scoreSq.Float()
	m.outcomeSq += perRow * s.outcomeSq.Float()
	m.scoreOutcome += perRow * s.scoreOutcome.Float()
	m.absoluteError += perRow * s.absoluteErrors.Float()
	m.squares += perRow * s.scoreSq.Sub(s.scoreOutcome).Sub(s.scoreOutcome).Add(s.outcomeSq).Float()
}

// metrics names what a period's moments say. Binary: brier, base_rate, mean_score, calibration_in_the_large (mean score less
// base rate), and the loss itself where it is none of these; regression: mae, rmse and bias (mean score less mean
// outcome), in the outcome's unit.
func (m moments) metrics(q Question) map[string]float64 {
	if q.Task == loop.Regression {
		return map[string]float64{
			"mae":  nine(m.absoluteError),
			"rmse": nine(math.Sqrt(max(m.squaredError(), 0))),
			"bias": nine(m.score - m.outcome),
		}
	}
	named := map[string]float64{
		"brier":                    nine(m.squaredError()),
		"base_rate":                nine(m.outcome),
		"mean_score":               nine(m.score),
		"calibration_in_the_large": nine(m.score - m.outcome),
	}
	if q.Loss == loop.LogLoss || q.Loss == loop.ZeroOne {
		named[string(q.Loss)] = nine(m.loss)
	}
	return named
}

func (m moments) squaredError() float64 { return m.squares }

// uncertainty is the mean loss of the best constant prediction for the period. log_loss: the entropy of the base rate p, in
// nats; brier: p (1 - p); zero_one: the smaller of p and 1 - p; squared_error: the outcomes' variance. The best constant
// under absolute_error is the median, which moments do not give. Source: Murphy 1973, J. Appl. Meteor. 12, for brier;
// Bröcker 2009, QJRMS 135, for any proper score.
func (m moments) uncertainty(l loop.Loss) (float64, bool) {
	p := min(max(m.outcome, 0), 1)
	switch l {
	case loop.LogLoss:
		return entropy(p) + entropy(1-p), true
	case loop.Brier:
		return p * (1 - p), true
	case loop.ZeroOne:
		return min(p, 1-p), true
	case loop.SquaredError:
		return max(m.outcomeSq-m.outcome*m.outcome, 0), true
	}
	return 0, false
}

func entropy(p float64) float64 {
	if p <= 0 {
		return 0
	}
	return -p * math.Log(p)
}
