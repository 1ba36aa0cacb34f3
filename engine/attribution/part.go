package attribution

import (
	"slices"

	"github.com/plumbline-data/plumbline/engine/fingerprint"
)

// versionColumn names the model version among the names of slices: "version", or, where a segment has that name, "predictions.version", and so on.
func versionColumn(segments []string) string {
	name := versionName
	for slices.Contains(segments, name) {
		name = "predictions." + name
	}
	return name
}

// Of gives the cells of rows that have all of some values: of segments, the version and conditions, named as slices name them. A name that
// the cube does not have holds for no row. The cube itself is left as it is; cells are shared.
func (c *Cube) Of(where []SliceValue) *Cube {
	part := *c
	holds := make([]func(*Cell) bool, len(where))
	for i, v := range where {
		holds[i] = c.holds(v)
	}
	part.Cells = nil
	for i := range c.Cells {
		cell := &c.Cells[i]
		if !slices.ContainsFunc(holds, func(one func(*Cell) bool) bool { return !one(cell) }) {
			part.Cells = append(part.Cells, *cell)
		}
	}
	return &part
}

// holds gives the test of one value. A dictionary is read once; a cell that points outside of it stands under an empty name.
func (c *Cube) holds(v SliceValue) func(*Cell) bool {
	if k := slices.Index(c.SegmentNames, v.Name); k >= 0 {
		return among(c.Segments, v.Value == "", func(cell *Cell) int32 { return cell.Segment }, func(values []string) bool {
			return k < len(values) && values[k] == v.Value || k >= len(values) && v.Value == ""
		})
	}
	if v.Name == versionColumn(c.SegmentNames) {
		return among(c.Versions, v.Value == "", func(cell *Cell) int32 { return cell.Version }, func(name string) bool { return name == v.Value })
	}
	if c.Layout != nil {
		if k := slices.IndexFunc(c.Layout.Conditions, func(one fingerprint.Condition) bool { return one.Name() == v.Name }); k >= 0 {
			level := func(print []uint64) bool {
				if short := c.Layout.Words - len(print); short > 0 {
					print = append(slices.Clone(print), make([]uint64, short)...)
				}
				return c.Layout.Conditions[k].LevelName(c.Layout.Level(print, k)) == v.Value
			}
			return among(c.Fingerprints, level(nil), func(cell *Cell) int32 { return cell.Fingerprint }, level)
		}
	}
	return func(*Cell) bool { return false }
}

// among tests entries of a dictionary once, and cells by their entry; outside is the answer for cells that point at none.
func among[T any](dictionary []T, outside bool, of func(*Cell) int32, is func(T) bool) func(*Cell) bool {
	answers := make([]bool, len(dictionary))
	for i := range dictionary {
		answers[i] = is(dictionary[i])
	}
	return func(cell *Cell) bool {
		i := of(cell)
		if i < 0 || int(i) >= len(answers) {
			return outside
		}
		return answers[i]
	}
}

// PartMetrics are the metrics of a part of the rows, those of a cube's Of, over the days by which a question is judged, with the intervals of
// what they changed by. Scores are not kept by cell: what needs their histogram is not told.
func (x *Index) PartMetrics(q Question, part *Index) Metrics {
	window, _ := x.chooseWindow(q)
	baseline, _ := x.chooseBaseline(q)
	window, baseline = part.same(x, window), part.same(x, baseline)
	q.Scores = nil
	a := part.matchAges(q, window, baseline)
	was, is := part.baselineTally(q, &a, baseline), part.windowTally(q, &a, window)
	m := Metrics{Baseline: was.metrics(q, everyDay), Current: is.metrics(q, everyDay)}
	m.CI95 = metricIntervals(q, &was, &is, m.Baseline, m.Current)
	return m
}

// same gives the places of another index's days in this one, but for those that it has not.
func (x *Index) same(other *Index, days []int) (here []int) {
	for _, i := range days {
		if at := x.dayAt(other.days[i].day); at >= 0 {
			here = append(here, at)
		}
	}
	return here
}
