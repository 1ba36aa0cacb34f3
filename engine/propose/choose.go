package propose

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/plan"
	"github.com/plumbline-data/plumbline/engine/report"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

const (
	fewVersions    = 50   // more values than that are no model versions
	fewSegments    = 50   // more values than that are no segment
	segmentCells   = 2000 // combinations of segments that a cube bears well
	leastRows      = 30   // fewer rows than that show nothing
	mostCandidates = 8    // columns of one side that are compared with those of the other
)

// readPredictions chooses what can be told from the predictions alone.
func (p *proposer) readPredictions(ctx context.Context) error {
	in := p.predictions
	var err error
	if p.instantOrders, err = p.orders(ctx, in); err != nil {
		return err
	}
	d := &p.draft
	d.preset = presetOf(in)
	if err := p.chooseID(ctx); err != nil {
		return err
	}
	if err := p.chooseAt(); err != nil {
		return err
	}
	d.known = p.related(in, &knownRole, func(c *column) bool { return c != d.at.column && follows(p.instantOrders, d.at.column, c) })
	d.featuresAt = p.related(in, &featuresAtRole, func(c *column) bool { return c != d.at.column && follows(p.instantOrders, c, d.at.column) })
	p.chooseVersion()
	p.chooseGroups()
	return nil
}

// hinted gives the column that the preset names for a role; nil where there is none.
func (p *proposer) hinted(in *input, role string) *column {
	if p.draft.preset == nil || p.draft.preset.columns[role] == "" {
		return nil
	}
	return in.named(p.draft.preset.columns[role])
}

// chooseID chooses what tells predictions apart.
func (p *proposer) chooseID(ctx context.Context) error {
	in := p.predictions
	points := func(c *column) float64 {
		fit, share := float64(idRole.fits(c.Name)), float64(c.distinct)/float64(c.filled)
		switch {
		case c == p.hinted(in, "id"):
			return 1000
		case c.unique():
			return fit + 60
		case fit > 0 && share >= 0.5:
			return fit + 30*share
		}
		return -1
	}
	suits := func(c *column) bool {
		return c.full() && c.keyable() && !c.instant() && points(c) > 0
	}
	all := ranked(in.Columns, &idRole, suits)
	if len(all) == 0 {
		return fault.Usage("--predictions", "give each row an id when it is logged, or make one of the columns that tell rows apart, in DuckDB md5(concat_ws('|', A, B))",
			"no column of %s tells its rows apart%s", p.inventory.Predictions.Path, mostDistinct(in))
	}
	best := all[0]
	for _, c := range all[1:] {
		if points(c) > points(best) {
			best = c
		}
	}
	p.draft.id.column = best
	rows, err := p.keyRows(ctx, in, []*column{best}, plan.Clock{}, plan.Clock{})
	if err != nil {
		return err
	}
	p.draft.repeats = rows
	p.draft.id.why = "of " + report.Counted(rows.rows) + " rows none repeats it"
	if rows.keys < rows.keyed {
		p.draft.id.why = fmt.Sprintf("%s of %s rows repeat an id", report.Counted(rows.keyed-rows.keys), report.Counted(rows.keyed))
	}
	if idRole.fits(best.Name) <= 0 {
		p.draft.id.ask = "is " + shown(best.Name) + " what tells predictions apart? Nothing is named like an id; this one " + repeatsWord(rows)
	}
	return nil
}

func repeatsWord(r keyRows) string {
	if r.keys == r.keyed {
		return "never repeats"
	}
	return "repeats least"
}

// mostDistinct says which column comes nearest to an id.
func mostDistinct(in *input) string {
	var best *column
	for _, c := range in.Columns {
		if c.keyable() && !c.instant() && (best == nil || c.distinct > best.distinct) {
			best = c
		}
	}
	if best == nil {
		return ""
	}
	return fmt.Sprintf(": the nearest is %s, with %s values in %s sampled rows", shown(best.Name), report.Counted(best.distinct), report.Counted(best.rows))
}

// chooseAt chooses the instant of a prediction.
func (p *proposer) chooseAt() error {
	in := p.predictions
	clocks := slices.ContainsFunc(in.Columns, func(c *column) bool { return c.clocklike() && mostly(c) && atRole.fits(c.Name) >= 0 })
	points := func(c *column) int {
		n := atRole.fits(c.Name)
		if c.clocklike() {
			n += someWord / 2
		} else if clocks {
			n -= 3 * someWord // days, where there are instants
		}
		if c == p.hinted(in, "at") {
			n += someWord / 2
		}
		return n
	}
	all := ranked(in.Columns, &atRole, func(c *column) bool { return c.instant() && mostly(c) })
	if len(all) == 0 {
		return noInstant(in, "--predictions", "the prediction was made")
	}
	slices.SortStableFunc(all, func(a, b *column) int { return points(b) - points(a) })
	best := all[0]
	p.draft.at = choice{column: best, why: "from " + best.begins.Format("2006-01-02 15:04") + " to " + best.ends.Format("2006-01-02 15:04") + " UTC"}
	switch {
	case !best.full():
		p.draft.at.ask = fmt.Sprintf("why is %s null in %s of %s rows? They cannot be dated", shown(best.Name), report.Counted(best.rows-best.filled), report.Counted(best.rows))
	case len(all) > 1 && (points(all[1]) >= points(best)-someWord/2 || points(all[1]) > wholeName/2):
		p.draft.at.ask = "is " + shown(best.Name) + " the instant of the prediction, or " + shown(all[1].Name) + "?"
	case points(best) <= someWord/2:
		p.draft.at.ask = "is " + shown(best.Name) + " the instant of the prediction? Its name does not say so"
	case best.midnights == best.instants:
		p.draft.at.ask = shown(best.Name) + " holds days without a time: what happens on the same day is taken to come after the prediction, as its day begins"
	}
	return nil
}

// mostly tells a column with a value in nine of ten rows.
func mostly(c *column) bool { return c.filled*10 >= c.rows*9 && c.filled > 0 }

// noInstant says that an input has no column of instants, and which would be one if it were converted.
func noInstant(in *input, flag, what string) error {
	for _, c := range in.Columns {
		if unit, conversion := epochOf(c); unit != "" {
			return fault.Usage(flag, "if it is that, write it as an instant: in DuckDB "+fmt.Sprintf(conversion, `"`+strings.ReplaceAll(c.Name, `"`, `""`)+`"`),
				"no column of %s holds instants; %s looks like %s since 1970", in.table.Path, shown(c.Name), unit)
		}
	}
	return fault.Usage(flag, "log when "+what+", as a UTC timestamp", "no column of %s holds instants in nine of ten rows", in.table.Path)
}

// epochOf tells whole numbers that look like instants since 1970, the unit, and what makes instants of them, with the column as %s.
func epochOf(c *column) (unit, conversion string) {
	if c.Class != plan.Number || c.filled == 0 || !slices.ContainsFunc(words(c.Name), func(w string) bool {
		return slices.Contains([]string{"ts", "time", "timestamp", "at", "ms", "epoch", "date", "datetime"}, w)
	}) {
		return "", ""
	}
	for _, u := range []struct {
		name, conversion string
		second           float64
	}{
		{"seconds", "to_timestamp(%s)", 1}, {"milliseconds", "to_timestamp(%s / 1000.0)", 1e3},
		{"microseconds", "make_timestamptz(%s)", 1e6}, {"nanoseconds", "make_timestamptz(%s // 1000)", 1e9},
	} {
		if c.least >= 1e9*u.second && c.greatest <= 4.2e9*u.second { // 2001 to 2103
			return u.name, u.conversion
		}
	}
	return "", ""
}

// related chooses an optional column whose name speaks for a role and that suits.
func (p *proposer) related(in *input, r *role, suits func(*column) bool) choice {
	all := ranked(in.Columns, r, func(c *column) bool { return c.instant() && r.fits(c.Name) > 0 && suits(c) })
	if len(all) == 0 {
		return choice{}
	}
	return choice{column: all[0]}
}

func (p *proposer) chooseVersion() {
	in, d := p.predictions, &p.draft
	all := ranked(in.Columns, &versionRole, func(c *column) bool {
		return versionRole.fits(c.Name) > 0 && c.distinct <= fewVersions && c.keyable() && !c.instant() && c != d.id.column
	})
	if c := p.hinted(in, "version"); c != nil && c.distinct <= fewVersions {
		all = []*column{c}
	}
	if len(all) == 0 {
		return
	}
	d.version = choice{column: all[0], why: plural(all[0].distinct, "value")}
	if len(words(all[0].Name)) == 1 || !slices.Contains(words(all[0].Name), "version") {
		d.version.ask = "does " + shown(all[0].Name) + " name versions of one model? Several models are better watched as a loop each"
	}
}

// chooseGroups chooses segments, and names entities and weights that there may be.
func (p *proposer) chooseGroups() {
	d := &p.draft
	taken := []*column{d.id.column, d.at.column, d.version.column}
	var few []*column
	for _, c := range p.predictions.Columns {
		switch {
		case slices.Contains(taken, c) || c.instant():
		case c.Class == plan.Text && c.distinct > 1 && c.distinct <= fewSegments && c.distinct*2 <= c.filled && c.full():
			few = append(few, c)
		case c.Keyed && c.full() && c.distinct >= leastRows && c.distinct*2 <= c.filled && (c.Class == plan.Text || keyRole.fits(c.Name) > 0):
			d.entities = append(d.entities, c)
		case c.numeric() && weightRole.fits(c.Name) >= wholeName-len(weightRole.names) && c.least > 0:
			d.weight = c
		}
	}
	slices.SortStableFunc(d.entities, func(a, b *column) int { return int(b.distinct - a.distinct) })
	slices.SortStableFunc(few, func(a, b *column) int { return int(a.distinct - b.distinct) })
	cells := int64(1)
	for _, c := range few {
		if cells *= c.distinct; cells <= segmentCells && len(d.segments) < 3 {
			d.segments = append(d.segments, c)
		}
	}
}

// keyRows is how often keys repeat.
type keyRows struct {
	rows, keyed, keys int64 // rows; those with the whole key; keys that differ
	told              int64 // pairs of key and instant that differ
	events            int64 // pairs of key and instant of the event that differ
	instants          int64
}

// once tells how well a key tells rows apart: the share of keyed rows that key and instant of delivery do, and of events, those that differ in
// their instant, that the key alone does: rows of other events are no versions of one.
func (r keyRows) once() float64 {
	if r.keyed == 0 || r.events == 0 {
		return 0
	}
	return min(float64(r.told)/float64(r.keyed), float64(r.keys)/float64(r.events))
}

// keyRows counts the rows of an input's files by a key, and by a key and an instant where there is a clock.
func (p *proposer) keyRows(ctx context.Context, in *input, key []*column, clock, event plan.Clock) (keyRows, error) {
	var r keyRows
	data := struct {
		Keys         []*column
		Clock, Event warehouse.Clock
		Read         plan.Reading
	}{key, clock, event, in.Read}
	err := p.db.Query(ctx, "705_out_key_rows", data, map[string]any{"paths": in.table.Paths()}, func(rows *sql.Rows) error {
		return rows.Scan(&r.rows, &r.keyed, &r.keys, &r.told, &r.instants, &r.events)
	})
	return r, err
}
