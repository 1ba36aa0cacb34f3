package cause

import (
	"math"
	"slices"
)

// source.changed, of the unit of single rows: where a number takes few different values, rows of another unit hold ones that it never
// took, and which a known unit makes of those that it did. That shows too where quartiles do not move: of a part of the rows or keys, and of
// numbers on both sides of zero. A day counts whose strange numbers that a unit explains are a hundredth of its rows, three times what any day
// before had, and nine in ten of all that came too many; which as many other numbers would not be explained by chance, one in a million; and which
// are spread as those before are whose images are strange, or, where chance would never explain them, not wholly otherwise. The unit is that under
// which all rows are likeliest, by 10 nats, as a mixture of rows
// as they were and rows converted. Of ten or a hundred times as much, or the contrary sign, a part of the rows is told by its keys only: numbers
// have ways of their own to be round. What a run is told by is tested once more on its days together.

// MostNumbers is how many different numbers a value may take for them to be counted one by one.
const MostNumbers = 4096

const (
	unitShare  = 0.01 // of a day's rows
	unitTimes  = 3.0
	unitSigmas = 8.0
	unitTells  = 0.9  // of the strange numbers that came too many
	unitMargin = 10.0 // nats
	unitSpread = 0.15 // largest distance of distribution functions, beside what chance makes it

	seasonSpread = 0.4  // likewise of numbers that chance would never explain
	unitChance   = 1e-6 // that strange numbers are explained by chance
	unitNever    = 1e-40
	unitWhole    = 0.9  // share from which all rows are converted
	mostOfOne    = 0.5  // of the strange rows, that hold the same number
	unitMissed   = 0.05 // of what converting back moves, that may be moved wrongly
)

// converted is a conversion of numbers that were as base has them and came to be written in steps.
type converted struct {
	conversion
	base *tally
	step float64 // 0: as exactly as may be
}

// from is where the numbers lie that a converted one can come of; nowhere for a number that is not written in the steps.
func (u *converted) from(number float64) (first, end int) {
	if !u.written(number) {
		return 0, 0
	}
	miss := u.miss(number)
	a, b := (number-miss-u.Plus)/u.Factor, (number+miss-u.Plus)/u.Factor
	return u.base.places(math.Min(a, b), math.Max(a, b))
}

// written tells whether a number is written in the steps.
func (u *converted) written(number float64) bool {
	return u.step == 0 || math.Abs(number/u.step-math.Round(number/u.step)) <= 1e-3
}

// miss is by how much a converted number may be off what it comes of: by half a step, and by what a 32-bit number is off.
func (u *converted) miss(number float64) float64 { return u.step/2*(1+1e-9) + 1e-7*math.Abs(number) }

// image is what becomes of a number.
func (u *converted) image(number float64) float64 {
	image := u.Factor*number + u.Plus
	if u.step > 0 {
		return math.Round(image/u.step) * u.step
	}
	return image
}

// rows counts the rows before whose number becomes this one.
func (u *converted) rows(number float64) int64 {
	first, end := u.from(number)
	return u.base.upTo[end] - u.base.upTo[first]
}

// odds is the natural logarithm of how much likelier a number is of a converted row; 0 of one that neither leads to expect.
func (u *converted) odds(number float64) float64 {
	as, was := float64(u.base.rowsOf(number)), float64(u.rows(number))
	if as == 0 {
		as = u.base.might(number, 1e-7*math.Abs(number))
	}
	if was == 0 && !u.written(number) {
		was = impossible
	}
	if was == 0 {
		was = u.base.might((number-u.Plus)/u.Factor, u.miss(number)/math.Abs(u.Factor))
	}
	return math.Log(was / as)
}

// was is the mean of the numbers before of which a converted one can come, and by how much these are off it on average.
func (u *converted) was(number float64) (mean, off float64) {
	first, end := u.from(number)
	rows := u.base.upTo[end] - u.base.upTo[first]
	if rows == 0 {
		return (number - u.Plus) / u.Factor, 0
	}
	if end == first+1 {
		return u.base.numbers[first], 0
	}
	share := func(i int) float64 { return float64(u.base.upTo[i+1]-u.base.upTo[i]) / float64(rows) }
	for i := first; i < end; i++ {
		mean += share(i) * u.base.numbers[i]
	}
	for i := first; i < end; i++ {
		off += share(i) * math.Abs(u.base.numbers[i]-mean)
	}
	return mean, off
}

// posterior is the probability that a row with a number of some odds is converted, where share of all are.
func posterior(odds, share float64) float64 {
	return 1 / (1 + (1-share)/share*math.Exp(-odds))
}

// settled is as far as a share goes towards none or all.
const settled = 1e-6

// share is the likeliest share of converted rows among some, by expectation and maximisation, and the logarithm of how much likelier they are
// under it than with none. Source: Dempster, Laird and Rubin 1977, of a mixture of two known distributions.
func (u *converted) share(counts []NumberCount) (share, gain float64) {
	odds := make([]float64, len(counts))
	rows := 0.0
	for i, c := range counts {
		odds[i] = u.odds(c.Number)
		rows += float64(c.Rows)
	}
	share = 0.5
	for range 100 {
		sum := 0.0
		for i, c := range counts {
			sum += float64(c.Rows) * posterior(odds[i], share)
		}
		next := math.Min(math.Max(sum/math.Max(rows, 1), settled), 1-settled)
		moved := math.Abs(next - share)
		if share = next; moved < settled {
			break
		}
	}
	for i, c := range counts {
		gain += float64(c.Rows) * math.Log(1-share+share*math.Exp(odds[i]))
	}
	return share, gain
}

// steps is the largest of 1, 0.1 to 0.000001 of which all numbers are multiples; 0 where that is none.
func steps(numbers []float64) float64 {
	for digits, scale := 0, 1.0; digits <= 6; digits, scale = digits+1, scale*10 {
		if !slices.ContainsFunc(numbers, func(number float64) bool {
			whole := math.Round(number * scale)
			return math.Abs(number*scale-whole) > 1e-6 || whole == 0 && number != 0
		}) {
			return 1 / scale
		}
	}
	return 0
}

// explained lists those of some numbers that a unit makes of ones before.
func (u *converted) explained(counts []NumberCount) (those []NumberCount, rows int64) {
	for _, c := range counts {
		if u.rows(c.Number) > 0 {
			those, rows = append(those, c), rows+c.Rows
		}
	}
	return those, rows
}

// breaks tells whether strange numbers that a unit explains are far more than on any day before.
func (u *converted) breaks(explained, rows int64, own []ownDay, going bool) bool {
	highest := 0.0
	for _, d := range own {
		_, n := u.explained(d.numbers)
		highest = math.Max(highest, shareOf(n, d.all))
	}
	return above(explained, rows, highest, going, unitShare, unitTimes, unitSigmas)
}

// chance is the natural logarithm of a bound on the chance that of so many other numbers as many as these would be explained: of all numbers in
// the range of those explained that could be written and never were, a unit explains a part. It is 0 where one number makes up most of the rows.
// Source: Chernoff's bound on the tail of a binomial distribution, n D(k/n || p).
func (u *converted) chance(explained, strange []NumberCount, rows int64) float64 {
	if len(explained) == 0 || slices.ContainsFunc(explained, func(c NumberCount) bool { return float64(c.Rows) > mostOfOne*float64(rows) }) {
		return 0
	}
	if u.step == 0 {
		if len(explained) > 1 {
			return math.Log(unitChance)
		}
		return 0
	}
	low, high := explained[0].Number, explained[len(explained)-1].Number
	images := map[float64]bool{}
	for _, n := range u.base.numbers {
		if i := u.image(n); i >= low-u.step/2 && i <= high+u.step/2 && u.base.rowsOf(i) == 0 {
			images[math.Round(i/u.step)] = true
		}
	}
	first, end := u.base.places(low, high)
	free := (high-low)/u.step + 1
	for _, n := range u.base.numbers[first:end] {
		if math.Abs(n/u.step-math.Round(n/u.step)) < 1e-3 {
			free--
		}
	}
	part := math.Min(float64(len(images))/math.Max(free, 1), 1)
	all := 0.0
	for _, c := range strange {
		if c.Number >= low && c.Number <= high {
			all++
		}
	}
	share := float64(len(explained)) / math.Max(all, float64(len(explained)))
	if share <= part {
		return 0
	}
	bound := share * math.Log(part/share)
	if share < 1 {
		bound += (1 - share) * math.Log((1-part)/(1-share))
	}
	return all * bound
}

// spreadAlike tells whether the converted numbers among strange ones are spread as those before are whose images are strange: by the
// largest distance of their distribution functions (Kolmogorov and Smirnov), which may be so much beside what chance makes it.
func (u *converted) spreadAlike(strange []NumberCount, apartBy float64) bool {
	found := make([]float64, len(u.base.numbers))
	n, rows := 0.0, 0.0
	for _, c := range strange {
		first, end := u.from(c.Number)
		if of := u.base.upTo[end] - u.base.upTo[first]; of > 0 {
			n += float64(c.Rows)
			for i := first; i < end; i++ {
				found[i] += float64(c.Rows) * float64(u.base.upTo[i+1]-u.base.upTo[i]) / float64(of)
			}
		}
	}
	due := make([]float64, len(u.base.numbers))
	for i, number := range u.base.numbers {
		image := u.image(number)
		miss := 1e-7 * math.Abs(image)
		if first, end := u.base.places(image-miss, image+miss); first == end {
			due[i] = float64(u.base.upTo[i+1] - u.base.upTo[i])
			rows += due[i]
		}
	}
	if n == 0 || rows == 0 {
		return false
	}
	apart, sum := 0.0, 0.0
	for i := range found {
		sum += found[i]/n - due[i]/rows
		apart = math.Max(apart, math.Abs(sum))
	}
	return apart <= apartBy+1.4/math.Sqrt(n)
}

// believed tells whether strange numbers are explained by more than chance, and spread as is due: what chance would never explain may lie in a
// season in which numbers are others than before.
func (u *converted) believed(explained, strange []NumberCount, rows int64) bool {
	switch chance := u.chance(explained, strange, rows); {
	case chance > math.Log(unitChance):
		return false
	case chance > math.Log(unitNever):
		return u.spreadAlike(strange, unitSpread)
	default:
		return u.spreadAlike(strange, seasonSpread)
	}
}

// unitOf finds the one unit that makes strange numbers, among all of some rows, of those before.
func unitOf(base *tally, own []ownDay, strange, counts []NumberCount, going bool) (best converted, ok bool) {
	var usual []float64
	for _, d := range own {
		usual = append(usual, shareOf(d.rows, d.all))
	}
	all, odd := rowsIn(counts), rowsIn(strange)
	tooMany := float64(odd) - middle(usual)*float64(all)
	most, next := 0.0, 0.0
	step := steps(numbersOf(strange))
	for _, c := range conversions {
		u := converted{conversion: c, base: base, step: step}
		if ok && u.same(best.conversion) {
			continue // the first of those with the same numbers names it
		}
		explained, rows := u.explained(strange)
		if float64(rows) < unitTells*tooMany || !u.breaks(rows, all, own, going) || !going && !u.believed(explained, strange, rows) {
			continue
		}
		switch _, gain := u.share(counts); {
		case gain > most:
			best, most, next, ok = u, gain, most, true
		case gain > next:
			next = gain
		}
	}
	return best, ok && (going || most-next >= unitMargin)
}

func numbersOf(counts []NumberCount) []float64 {
	numbers := make([]float64, len(counts))
	for i, c := range counts {
		numbers[i] = c.Number
	}
	return numbers
}

func rowsIn(counts []NumberCount) (n int64) {
	for _, c := range counts {
		n += c.Rows
	}
	return n
}
