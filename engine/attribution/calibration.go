package attribution

import (
	"math"

	"github.com/plumbline-data/plumbline/engine/loop"
)

// scoreBins is the number of bins of a binary score, of equal width.
const scoreBins = 256

// centre is the middle of a bin of scores.
func (b *HistogramBin) centre() float64 { return (float64(b.Bin) + 0.5) / scoreBins }

// logOdds are those of the middle of a bin.
func (b *HistogramBin) logOdds() float64 {
	c := b.centre()
	return math.Log(c / (1 - c))
}

// alarmed tells the bins of scores of one half and more, which say 1.
func (b *HistogramBin) alarmed() bool { return b.Bin >= scoreBins/2 }

// rows is the weight of a bin.
func (b *HistogramBin) rows() float64 { return b.Positives.Float() + b.Negatives.Float() }

// Scores near 0 and 1 lose more, or less, than the middle of their bin says: how far the loss of bins may be off the loss itself, as a share of
// it and in nats, for what is fitted to them to be told.
const (
	binnedOff   = 0.02
	binnedLeast = 5e-4
)

// calibration is by how much the mean loss of a period would be less, had intercept and slope of its scores been fitted to it: on the log
// odds for log_loss, from score histograms, where their loss is that of the scores themselves; on the scores themselves for brier and squared_error, from moments. False for other losses,
// and where nothing can be fitted. Source: Cox 1958, "Two further applications of a model for binary regression", Biometrika 45.
func (m *moments) calibration(l loop.Loss, bins []HistogramBin) (float64, bool) {
	switch l {
	case loop.LogLoss:
		before, after, ok := recalibrated(bins)
		return max(before-after, 0), ok && math.Abs(before-m.loss) <= max(binnedOff*m.loss, binnedLeast)
	case loop.Brier, loop.SquaredError:
		scores, outcomes := m.scoreSq-m.score*m.score, m.outcomeSq-m.outcome*m.outcome
		if scores <= 0 {
			return 0, false
		}
		both := m.scoreOutcome - m.score*m.outcome
		return max(m.squaredError()-(outcomes-both*both/scores), 0), true
	}
	return 0, false
}

// recalibrated gives the mean log loss of binned scores, and what is left of it once intercept and slope of their log odds are fitted: by
// Newton's method, from the scores as they are and from the best constant, whichever ends lower. From afar it may end anywhere.
func recalibrated(bins []HistogramBin) (before, after float64, ok bool) {
	var all, positives float64
	for i := range bins {
		positives += bins[i].Positives.Float()
		all += bins[i].rows()
	}
	if all <= 0 || positives <= 0 || positives >= all {
		return 0, 0, false
	}
	before = binnedLoss(bins, all, 0, 1)
	rate := positives / all
	return before, min(before, descended(bins, all, 0, 1), descended(bins, all, math.Log(rate/(1-rate)), 0)), true
}

// descended is the least mean log loss on the way of Newton's method from an intercept and a slope.
func descended(bins []HistogramBin, all, a, b float64) float64 {
	const rounds, enough = 50, 1e-12
	least := binnedLoss(bins, all, a, b)
	for range rounds {
		da, db := newton(bins, a, b)
		step, next := 1.0, binnedLoss(bins, all, a+da, b+db)
		for !(next <= least) && step > 1e-6 { // no number is no better
			step /= 2
			next = binnedLoss(bins, all, a+step*da, b+step*db)
		}
		if !(least-next >= enough) {
			break
		}
		a, b, least = a+step*da, b+step*db, next
	}
	return least
}

// binnedLoss is the mean log loss of binned scores whose log odds are stretched.
func binnedLoss(bins []HistogramBin, all, a, b float64) (loss float64) {
	for i := range bins {
		x := a + b*bins[i].logOdds()
		loss += (bins[i].Positives.Float()*softplus(-x) + bins[i].Negatives.Float()*softplus(x)) / all
	}
	return loss
}

// softplus is log(1 + e^x).
func softplus(x float64) float64 { return math.Max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

// newton is the step of Newton's method for intercept and slope; not a number where there is none.
func newton(bins []HistogramBin, a, b float64) (da, db float64) {
	var ga, gb, haa, hab, hbb float64
	for i := range bins {
		x, n := bins[i].logOdds(), bins[i].rows()
		p := 1 / (1 + math.Exp(-(a + b*x)))
		missed, weight := bins[i].Positives.Float()-n*p, n*p*(1-p)
		ga, gb = ga+missed, gb+missed*x
		haa, hab, hbb = haa+weight, hab+weight*x, hbb+weight*x*x
	}
	det := haa*hbb - hab*hab
	if det <= 1e-12*haa*hbb {
		return ga / haa, 0 // one score only: an intercept is all that can be fitted
	}
	return (ga*hbb - gb*hab) / det, (gb*haa - ga*hab) / det
}

// scored adds to named what score histograms say of a period. Binary: auc, how far it can be off, and at a threshold of one half accuracy,
// precision, recall and f1; the terms of the Brier score over sixteen bins of scores. Regression: quantiles of the absolute error, each the upper end
// of its bin (a sixteenth of a doubling). What has no denominator is left out. Source: Murphy 1973, J. Appl. Meteor. 12.
func scored(task loop.Task, bins []HistogramBin, named map[string]float64) {
	if task == loop.Regression {
		errorQuantiles(bins, named)
		return
	}
	if auc, bound, ok := AUC(bins); ok {
		named["auc"], named[aucErrorBound] = auc, bound
	}
	const coarse = 16
	var hits, alarms, positives, all float64
	var forecast, happened, rows [coarse]float64
	for i := range bins {
		b := &bins[i]
		p, n := b.Positives.Float(), b.rows()
		positives, all = positives+p, all+n
		if b.alarmed() {
			hits, alarms = hits+p, alarms+n
		}
		k := min(max(b.Bin/(scoreBins/coarse), 0), coarse-1)
		forecast[k], happened[k], rows[k] = forecast[k]+n*b.centre(), happened[k]+p, rows[k]+n
	}
	if all <= 0 {
		return
	}
	named["accuracy"] = nine((hits + (all - positives - (alarms - hits))) / all)
	for _, m := range []struct {
		name     string
		part, of float64
	}{{"precision", hits, alarms}, {"recall", hits, positives}, {"f1", 2 * hits, alarms + positives}} {
		if m.of > 0 {
			named[m.name] = nine(m.part / m.of)
		}
	}
	rate := positives / all
	reliability, resolution := 0.0, 0.0
	for k := range rows {
		if rows[k] > 0 {
			off, apart := (forecast[k]-happened[k])/rows[k], happened[k]/rows[k]-rate
			reliability, resolution = reliability+rows[k]*off*off/all, resolution+rows[k]*apart*apart/all
		}
	}
	named["brier_reliability"], named["brier_resolution"], named["brier_uncertainty"] = nine(reliability), nine(resolution), nine(rate*(1-rate))
}

// aucErrorBound names how far auc can be off.
const aucErrorBound = "auc_error_bound"

// noError is the bin of scores that equal their outcome.
const noError = -32768

// errorShares are the quantiles of the absolute error that are told.
var errorShares = []struct {
	name  string
	share float64
}{{"abs_error_p50", 0.5}, {"abs_error_p90", 0.9}, {"abs_error_p99", 0.99}}

func errorQuantiles(bins []HistogramBin, named map[string]float64) {
	for _, of := range errorShares {
		if at, ok := errorQuantile(bins, of.share); ok {
			named[of.name] = nine(upperEnd(at))
		}
	}
}

// errorQuantile is the bin up to which a share of the rows lies; false without rows.
func errorQuantile(bins []HistogramBin, share float64) (bin int, ok bool) {
	sorted := sortedBins(bins)
	all, upTo := 0.0, 0.0
	for i := range sorted {
		all += sorted[i].rows()
	}
	for i := range sorted {
		if upTo += sorted[i].rows(); all > 0 && upTo >= share*all {
			return sorted[i].Bin, true
		}
	}
	return 0, false
}

// upperEnd is that of a bin of absolute errors.
func upperEnd(bin int) float64 {
	if bin == noError {
		return 0
	}
	return math.Exp2(float64(bin+1) / 16)
}
