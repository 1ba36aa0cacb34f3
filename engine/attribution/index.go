package attribution

import (
	"cmp"
	"slices"
	"sort"

	"github.com/plumbline-data/plumbline/engine/fingerprint"
)

// Index is a cube in order: cells by day, segment, version, fingerprint and age, each key once. Ids in it follow the names
// that they stand for, so neither the order of cells nor that of dictionaries reaches an answer. It is read-only once
// built and may be asked from several goroutines.
type Index struct {
	conditions []fingerprint.Condition
	groups     []group // ascending by segment, then version
	segments   int
	levels     []level // ascending by condition, then code
	levelOf    []int32 // by fingerprint, then condition: index into levels
	days       []day   // ascending
	stride     int     // conditions per fingerprint
	prints     int     // fingerprints
	breached   map[string][]uint16

	segmentNames  []string
	segmentValues [][]string // by id
	versionNames  []string   // by id

	// What the dictionaries of the cube are here, and what rows come to when repaired: nil where that is not known.
	versionRanks, segmentRanks, printRanks ranks
	repairs                                *repairTable
	balances                               map[int]Balance // by finding
}

// group is a segment under a version.
type group struct{ segment, version int32 }

// level is one code of one condition that some fingerprint of the cube holds.
type level struct {
	condition int
	code      uint16
}

// day is the cells of a day and what they come to.
type day struct {
	day         Day
	closed      bool
	predictions int64
	rows        int64 // with an outcome, at any age
	prints      []printCount
	totals      []ageTotals // ascending by slot
	lastSlot    int8        // at which anything became known, though it adds up to nothing; 0 where nothing did
	cells       []cell
}

// printCount is the predictions of a day under one fingerprint.
type printCount struct {
	print       int32
	predictions int64
}

// cell is what the account needs of a cell.
type cell struct {
	group, print int32
	slot         int8
	rows         int64
	weight, loss Fixed
}

// ageTotals is a day's sums at one age.
type ageTotals struct {
	slot int8
	sums sums
}

// sums are the measures of cells with outcomes.
type sums struct {
	rows                                                                           int64
	weight, loss, score, outcome, scoreSq, outcomeSq, scoreOutcome, absoluteErrors Fixed
}

func (s *sums) add(t sums) {
	s.rows += t.rows
	s.weight = s.weight.Add(t.weight)
	s.loss = s.loss.Add(t.loss)
	s.score = s.score.Add(t.score)
	s.outcome = s.outcome.Add(t.outcome)
	s.scoreSq = s.scoreSq.Add(t.scoreSq)
	s.outcomeSq = s.outcomeSq.Add(t.outcomeSq)
	s.scoreOutcome = s.scoreOutcome.Add(t.scoreOutcome)
	s.absoluteErrors = s.absoluteErrors.Add(t.absoluteErrors)
}

func sumsOf(c *Cell) sums {
	return sums{rows: c.Rows, weight: c.Weight, loss: c.Loss, score: c.Score, outcome: c.Outcome, scoreSq: c.ScoreSq,
		outcomeSq: c.OutcomeSq, scoreOutcome: c.ScoreOut, absoluteErrors: c.AbsError}
}

// NewIndex orders a cube. It copies what it needs; a nil cube is an empty one. A cell that points outside a dictionary
// stands under an empty name.
func NewIndex(cube *Cube) *Index {
	x := &Index{}
	if cube == nil {
		return x
	}
	x.breached = cube.Breached
	if cube.Layout != nil {
		x.conditions = slices.Clone(cube.Layout.Conditions)
	}
	x.stride = len(x.conditions)
	versions := rankOf(len(cube.Versions), func(i, j int) int { return cmp.Compare(cube.Versions[i], cube.Versions[j]) })
	segments := rankOf(len(cube.Segments), func(i, j int) int { return slices.Compare(cube.Segments[i], cube.Segments[j]) })
	prints := rankOf(len(cube.Fingerprints), func(i, j int) int {
		return slices.Compare(cube.Fingerprints[i], cube.Fingerprints[j])
	})
	x.versionRanks, x.segmentRanks, x.printRanks = versions, segments, prints
	x.segmentNames, x.segmentValues, x.versionNames = cube.SegmentNames, make([][]string, segments.size+1), make([]string, versions.size+1)
	for k, values := range cube.Segments {
		x.segmentValues[segments.of[k]] = values
	}
	for k, name := range cube.Versions {
		x.versionNames[versions.of[k]] = name
	}
	x.prints = prints.size + 1
	x.indexLevels(cube, prints)
	x.segments = segments.size + 1
	order := make([]ordered, len(cube.Cells))
	for i := range cube.Cells {
		c := &cube.Cells[i]
		order[i] = ordered{day: c.Day, group: group{segments.at(c.Segment), versions.at(c.Version)},
			print: prints.at(c.Fingerprint), slot: ageSlot(c.Age), cell: int32(i)}
	}
	slices.SortFunc(order, compareOrdered)
	x.indexGroups(order)
	for from := 0; from < len(order); {
		to := from
		for to < len(order) && order[to].day == order[from].day {
			to++
		}
		x.days = append(x.days, x.newDay(cube, order[from:to]))
		from = to
	}
	return x
}

// ordered is a cell's key in names' order.
type ordered struct {
	day   Day
	group group
	print int32
	slot  int8
	cell  int32
}

func compareOrdered(a, b ordered) int {
	return cmp.Or(cmp.Compare(a.day, b.day), compareGroups(a.group, b.group), cmp.Compare(a.print, b.print),
		cmp.Compare(a.slot, b.slot))
}

func compareGroups(a, b group) int {
	return cmp.Or(cmp.Compare(a.segment, b.segment), cmp.Compare(a.version, b.version))
}

// ranks maps dictionary entries to their place in order; equal entries share one. Place 0 is for what is in no dictionary.
type ranks struct {
	of   []int32
	size int
}

func rankOf(n int, compare func(i, j int) int) ranks {
	byName := make([]int, n)
	for i := range byName {
		byName[i] = i
	}
	slices.SortFunc(byName, compare)
	r := ranks{of: make([]int32, n)}
	for k, i := range byName {
		if k == 0 || compare(byName[k-1], i) != 0 {
			r.size++
		}
		r.of[i] = int32(r.size)
	}
	return r
}

func (r ranks) at(i int32) int32 {
	if i < 0 || int(i) >= len(r.of) {
		return 0
	}
	return r.of[i]
}

// places gives the place of each fingerprint in the cube's dictionary; -1 for one that is not in it.
func (x *Index) places() []int32 {
	places := make([]int32, x.prints)
	for i := range places {
		places[i] = -1
	}
	for place, print := range x.printRanks.of {
		places[print] = int32(place)
	}
	return places
}

// indexLevels reads the fingerprints once into levels.
func (x *Index) indexLevels(cube *Cube, prints ranks) {
	words := make([][]uint64, prints.size+1)
	for i, print := range cube.Fingerprints {
		words[prints.of[i]] = print
	}
	seen := map[level]bool{}
	codes := make([]level, 0, len(words)*x.stride)
	for _, print := range words {
		if cube.Layout != nil && len(print) < cube.Layout.Words {
			print = append(slices.Clone(print), make([]uint64, cube.Layout.Words-len(print))...)
		}
		for k := range x.conditions {
			l := level{condition: k, code: cube.Layout.Level(print, k)}
			seen[l] = true
			codes = append(codes, l)
		}
	}
	for l := range seen {
		x.levels = append(x.levels, l)
	}
	compare := func(a, b level) int {
		return cmp.Or(cmp.Compare(a.condition, b.condition), cmp.Compare(a.code, b.code))
	}
	slices.SortFunc(x.levels, compare)
	idOf := make(map[level]int32, len(x.levels))
	for i, l := range x.levels {
		idOf[l] = int32(i)
	}
	x.levelOf = make([]int32, len(codes))
	for i, l := range codes {
		x.levelOf[i] = idOf[l]
	}
}

func (x *Index) indexGroups(order []ordered) {
	seen := map[group]bool{}
	for i := range order {
		if g := order[i].group; i == 0 || g != order[i-1].group {
			seen[g] = true
		}
	}
	for g := range seen {
		x.groups = append(x.groups, g)
	}
	slices.SortFunc(x.groups, compareGroups)
}

// newDay merges one day's cells, given in order, and sums them up.
func (x *Index) newDay(cube *Cube, order []ordered) day {
	d := day{day: order[0].day, closed: cube.Closed[order[0].day]}
	groups := make(map[group]int32)
	counts := make(map[int32]int64)
	var totals [ageSlots]sums
	var last ordered
	for _, o := range order {
		c := &cube.Cells[o.cell]
		if o.slot < 0 {
			d.predictions += c.Predictions
			counts[o.print] += c.Predictions
			continue
		}
		totals[o.slot].add(sumsOf(c))
		d.lastSlot = max(d.lastSlot, o.slot)
		if n := len(d.cells); n > 0 && compareOrdered(last, o) == 0 {
			same := &d.cells[n-1]
			same.rows += c.Rows
			same.weight, same.loss = same.weight.Add(c.Weight), same.loss.Add(c.Loss)
			continue
		}
		id, ok := groups[o.group]
		if !ok {
			at, _ := sort.Find(len(x.groups), func(i int) int { return compareGroups(o.group, x.groups[i]) })
			id = int32(at)
			groups[o.group] = id
		}
		d.cells = append(d.cells, cell{group: id, print: o.print, slot: o.slot, rows: c.Rows, weight: c.Weight, loss: c.Loss})
		last = o
	}
	for print, n := range counts {
		if n != 0 {
			d.prints = append(d.prints, printCount{print, n})
		}
	}
	slices.SortFunc(d.prints, func(a, b printCount) int { return cmp.Compare(a.print, b.print) })
	for slot := range totals {
		if totals[slot] != (sums{}) {
			d.totals = append(d.totals, ageTotals{int8(slot), totals[slot]})
			d.rows += totals[slot].rows
		}
	}
	return d
}

// dayAt finds a day; -1 if the index has no cell of it.
func (x *Index) dayAt(d Day) int {
	if i, ok := slices.BinarySearchFunc(x.days, d, func(e day, d Day) int { return cmp.Compare(e.day, d) }); ok {
		return i
	}
	return -1
}
