package engine

import (
	"cmp"
	"context"
	"errors"
	"math"
	"path/filepath"
	"slices"
	"time"

	"github.com/plumbline-data/plumbline/engine/attribution"
	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/ledger"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/report"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

const (
	weekDays   = 7
	trendWeeks = 52 // weeks of the past that a report shows
	chartDays  = 91 // days that its charts of days show
	heatDays   = 35
)

// Weekly makes the integrity report of the week that begins at a Monday, of one loop or many, from their loop files and ledgers alone. Where
// there are several loops o.Ledger, if any, is the folder that their ledgers lie in.
func Weekly(ctx context.Context, o Options, loops []string, monday time.Time) (*report.Weekly, error) {
	w := &report.Weekly{
		Schema: report.WeeklySchema, Week: report.WeekName(monday), From: monday.Format(time.DateOnly), To: monday.AddDate(0, 0, weekDays).Format(time.DateOnly),
		Loops: []report.WeeklyLoop{},
	}
	seen := map[string]string{}
	var errs []error
	for _, file := range loops {
		one, err := weeklyOf(ctx, o, file, len(loops) > 1, attribution.DayOf(monday))
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if other, twice := seen[one.Name]; twice {
			errs = append(errs, fault.Usage(file, "name each loop once", "it is the loop %q, as %s is", one.Name, other))
		}
		seen[one.Name] = file
		w.Loops = append(w.Loops, *one)
	}
	return w, errors.Join(errs...)
}

// weeklyOf reads one loop's ledger.
func weeklyOf(ctx context.Context, o Options, file string, several bool, monday attribution.Day) (one *report.WeeklyLoop, err error) {
	o.LoopFile = file
	if several && o.Ledger != "" {
		l, err := loop.Load(file)
		if err != nil {
			return nil, err
		}
		o.Ledger = filepath.Join(o.Ledger, l.Name+".duckdb")
	}
	err = o.onLedger(ctx, func(o Options, l *loop.Loop, db *warehouse.DB) (err error) {
		r, err := ledger.Open(ctx, db, o.Ledger, l.Name)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, r.Close()) }()
		g := gathering{ctx: ctx, reader: r, loop: l, monday: monday, sunday: monday + weekDays}
		one, err = g.gather()
		return err
	})
	return one, err
}

// gathering reads what a ledger tells of a week: [monday, sunday), where sunday is the day after it.
type gathering struct {
	ctx            context.Context // lives as long as the call
	reader         *ledger.Reader
	loop           *loop.Loop
	monday, sunday attribution.Day

	out         report.WeeklyLoop
	evaluations []ledger.Evaluation // of the trend's weeks, ascending
	boundary    attribution.Day     // of the week's evaluation
	findings    *report.Findings    // nil where there is none
	days        map[attribution.Day]ledger.DayRow
	index       *attribution.Index
	series      *ledger.Series
}

func (g *gathering) gather() (*report.WeeklyLoop, error) {
	g.out = report.WeeklyLoop{Name: g.loop.Name, Trend: []report.WeeklyPoint{}, Days: []report.WeeklyDay{}, Versions: []report.WeeklyVersion{}, Heat: []report.WeeklyHeat{},
		Cards: []report.WeeklyCard{}, Seams: []report.WeeklySeam{}, Promises: []report.WeeklyPromise{}, Unseen: []string{}}
	if err := g.evaluated(); err != nil {
		return nil, err
	}
	from := g.sunday - chartDays
	days, err := g.reader.Days(g.ctx, from, g.sunday)
	if err != nil {
		return nil, err
	}
	g.days = map[attribution.Day]ledger.DayRow{}
	for _, d := range days {
		g.days[d.Day] = d
	}
	cube, err := g.reader.Cube(g.ctx, from, g.sunday)
	if err != nil {
		return nil, err
	}
	g.index = attribution.NewIndex(cube)
	if g.series, err = g.reader.Series(g.ctx, "", from, g.sunday); err != nil {
		return nil, err
	}
	g.trend()
	g.losses()
	g.out.Balance = sumCounts(days, g.monday, g.sunday)
	g.conditions()
	g.maturity(cube)
	g.seams()
	g.unseen()
	return &g.out, g.cards()
}

// evaluated finds the evaluation that stands for the week: that at its end, else the last one within it.
func (g *gathering) evaluated() error {
	var err error
	g.evaluations, err = g.reader.Evaluations(g.ctx, g.sunday-trendWeeks*weekDays, g.sunday+1)
	if err != nil {
		return err
	}
	if n := len(g.evaluations); n > 0 && g.evaluations[n-1].Boundary > g.monday {
		last := g.evaluations[n-1]
		g.boundary, g.findings = last.Boundary, last.Findings
		at := last.Boundary.Start().Format(time.DateOnly)
		g.out.Boundary, g.out.Findings = &at, last.Findings
		return nil
	}
	g.out.Why = "the ledger holds no evaluation of this week"
	newest, ok, err := g.reader.Newest(g.ctx)
	if ok {
		g.out.Why += ": its last one is of " + newest.Start().Format(time.DateOnly)
	}
	return err
}

// trend lists the weeks of the past by their last evaluations.
func (g *gathering) trend() {
	for end := g.sunday - (trendWeeks-1)*weekDays; end <= g.sunday; end += weekDays {
		at := -1
		for i, e := range g.evaluations {
			if e.Boundary > end-weekDays && e.Boundary <= end {
				at = i
			}
		}
		if at < 0 {
			continue
		}
		e := g.evaluations[at]
		point := report.WeeklyPoint{Week: report.WeekName((end - weekDays).Start()), Boundary: e.Boundary.Start().Format(time.DateOnly),
			Loss: e.Findings.Loss.Current, Integrity: e.Findings.Integrity.Current, Verdict: e.Findings.Verdict}
		for i := range e.Findings.Findings {
			if costly(&e.Findings.Findings[i]) {
				point.Findings++
			}
		}
		g.out.Trend = append(g.out.Trend, point)
	}
}

// costly tells findings that matter and are not over.
func costly(f *report.Finding) bool {
	return f.State != "resolved" && (f.Severity == "medium" || f.Severity == "high")
}

// losses tells the loss day by day, and the window's as each evaluation has it. The interval of the change is that of the window's mean around
// the baseline's.
func (g *gathering) losses() {
	type sum struct{ weight, loss attribution.Fixed }
	sums := map[attribution.Day]sum{}
	first := map[string]attribution.Day{}
	for _, d := range g.index.DayLosses() {
		s := sums[d.Day]
		sums[d.Day] = sum{s.weight.Add(d.Weight), s.loss.Add(d.Loss)}
		if at, ok := first[d.Version]; !ok || d.Day < at {
			first[d.Version] = d.Day
		}
	}
	begin := g.sunday
	for d := range sums {
		begin = min(begin, d)
	}
	byBoundary := map[attribution.Day]*report.Findings{}
	for _, e := range g.evaluations {
		byBoundary[e.Boundary] = e.Findings
	}
	for d := begin; d < g.sunday; d++ {
		one := report.WeeklyDay{Day: d.Start().Format(time.DateOnly), Counts: g.days[d].Counts}
		if s := sums[d]; s.weight.Float() > 0 {
			mean := s.loss.Float() / s.weight.Float()
			one.Loss = &mean
		}
		if f := byBoundary[d+1]; f != nil && f.Loss.Current != nil {
			one.Window = f.Loss.Current
			if f.Loss.CI95 != nil && f.Loss.Baseline != nil {
				low, high := *f.Loss.Baseline+f.Loss.CI95[0], *f.Loss.Baseline+f.Loss.CI95[1]
				one.Low, one.High = &low, &high
			}
		}
		g.out.Days = append(g.out.Days, one)
	}
	for version, d := range first {
		if version != "" && d > begin {
			g.out.Versions = append(g.out.Versions, report.WeeklyVersion{Version: version, From: d.Start().Format(time.DateOnly)})
		}
	}
	slices.SortFunc(g.out.Versions, func(a, b report.WeeklyVersion) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Version, b.Version))
	})
}

// maturity tells how outcomes came in, of days that are old enough to tell, and what is pending.
func (g *gathering) maturity(cube *attribution.Cube) {
	asOf := map[attribution.Day]int{} // whole days from the end of a day to its as-of
	chosen := map[attribution.Day]int64{}
	for d, row := range g.days {
		asOf[d] = int(row.AsOf.Sub((d + 1).Start()).Hours() / 24)
		chosen[d] = row.Counts.Matched + row.Counts.Pending + row.Counts.Missing
		if row.Counts.Pending > 0 {
			g.out.Maturity.Pending += row.Counts.Pending
			g.out.Maturity.Due = append(g.out.Maturity.Due, report.Due{Day: d.Start().Format(time.DateOnly), Rows: row.Counts.Pending,
				By: (d + 1).Start().Add(g.loop.Outcomes.Horizon).Format(time.DateOnly)})
		}
	}
	slices.SortFunc(g.out.Maturity.Due, func(a, b report.Due) int { return cmp.Compare(a.Day, b.Day) })
	horizon := int(math.Ceil(g.loop.Outcomes.Horizon.Hours() / 24))
	known := map[attribution.Day]map[int]int64{}
	ages := map[int]bool{}
	for i := range cube.Cells {
		c := &cube.Cells[i]
		if c.Age < 0 || c.Rows == 0 {
			continue
		}
		if known[c.Day] == nil {
			known[c.Day] = map[int]int64{}
		}
		known[c.Day][int(c.Age)] += c.Rows
		ages[int(c.Age)] = true
	}
	for age := 0; age <= horizon+1 && len(ages) > 0; age++ {
		if age > 14 && !ages[age] {
			continue // ages above 14 are the ends of buckets
		}
		var rows, all int64
		for d, n := range chosen {
			if asOf[d] < age {
				continue
			}
			all += n
			for a, k := range known[d] {
				if a <= age {
					rows += k
				}
			}
		}
		if all > 0 {
			g.out.Maturity.Ages = append(g.out.Maturity.Ages, float64(age))
			g.out.Maturity.Shares = append(g.out.Maturity.Shares, float64(rows)/float64(all))
		}
	}
}
