package attribution

import (
	"cmp"
	"slices"
)

// HistogramBin is the rows of one bin of scores, weighted, by outcome; of a regression of one bin of absolute errors, by whether they were scored
// above their outcome. Bins are in the order of their numbers.
type HistogramBin struct {
	Bin                  int
	Positives, Negatives Fixed
}

// AUC is the share of pairs of a positive and a negative row in which the positive scores higher, pairs within a bin
// counting half; bound is how far that can be from the scores' own AUC: half the share of pairs within a bin. It is not
// ok without both outcomes. Bins may come in any order; those of one number are added up.
func AUC(bins []HistogramBin) (auc, bound float64, ok bool) {
	sorted := sortedBins(bins)
	var positives, below, total Fixed
	for _, b := range sorted {
		positives, total = positives.Add(b.Positives), total.Add(b.Negatives)
	}
	pairs := positives.Float() * total.Float()
	if positives.Float() <= 0 || total.Float() <= 0 {
		return 0, 0, false
	}
	for i := 0; i < len(sorted); {
		var p, n Fixed
		for bin := sorted[i].Bin; i < len(sorted) && sorted[i].Bin == bin; i++ {
			p, n = p.Add(sorted[i].Positives), n.Add(sorted[i].Negatives)
		}
		auc += p.Float() * below.Float()
		bound += p.Float() * n.Float() / 2
		below = below.Add(n)
	}
	return (auc + bound) / pairs, bound / pairs, true
}

// sortedBins gives bins by number, their own slice where they are in order.
func sortedBins(bins []HistogramBin) []HistogramBin {
	byNumber := func(a, b HistogramBin) int { return cmp.Compare(a.Bin, b.Bin) }
	if slices.IsSortedFunc(bins, byNumber) {
		return bins
	}
	bins = slices.Clone(bins)
	slices.SortStableFunc(bins, byNumber)
	return bins
}
