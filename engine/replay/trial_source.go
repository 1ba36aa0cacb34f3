package replay

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/plumbline-data/plumbline/engine/cause"
	"github.com/plumbline-data/plumbline/engine/intake"
	"github.com/plumbline-data/plumbline/engine/plan"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

const (
	// mostColumns is how many columns of a source may stand in for a declared one.
	mostColumns = 40
	// mostCategories is how many values a column may hold for its values to be looked at as filters.
	mostCategories = 12
	// mostFilters is how many such filters are looked at for one source.
	mostFilters = 60
	// trialBase is the first index of what trials stage beside what the plan does.
	trialBase = 1000
)

// trialSource is a source staged once more with all that trials may need of it: every row, whether it passes the source's
// filter or not, every column, and the rivals of its features.
type trialSource struct {
	plan.Source
	columns    []trialColumn // of the file, in its order
	largest    []float64
	rows       int64
	categories []category
	own        map[int]int   // by feature: filter of its declaration together with the source's
	rivals     map[int][]int // by feature: of each of its rivals
}

// summable tells the values that can be summed exactly.
func (s *trialSource) summable(value int) bool {
	_, ok := scaleFor(s.largest[value], s.rows)
	return ok
}

// trialColumn is a column of the source's file as a value.
type trialColumn struct {
	name  string
	value int
	class plan.Class
}

// category is a value that a column of few values holds.
type category struct {
	value int // of the column
	name  string
	word  string
}

// stageSource stages source i for trials.
func (t *trial) stageSource(ctx context.Context, i int) (*trialSource, error) {
	declared := &t.plan.Sources[i]
	s := &trialSource{Source: *declared}
	s.Index = trialBase + i
	s.Values, s.Filters = slices.Clone(declared.Values), slices.Clone(declared.Filters)
	if err := t.addColumns(ctx, s); err != nil {
		return nil, err
	}
	if err := t.addRivals(ctx, s, i); err != nil {
		return nil, err
	}
	d := sourceData{Source: s.Source, Kept: true, Read: t.plan.Reading(declared.Decl.Name), Snapshot: declared.Decl.Snapshot && !declared.Static}
	for _, v := range s.Values {
		d.Values = append(d.Values, sourceValue{SourceValue: v, IsNumber: v.Class == plan.Number || v.Class == plan.Boolean})
	}
	params := map[string]any{"paths": declared.Table.Paths(), "input": declared.Decl.Name, "as_of": t.span.AsOf}
	if err := t.db.Run(ctx, "030_stg_source", d, params); err != nil {
		return nil, err
	}
	var unzoned int64
	s.largest = make([]float64, len(s.Values))
	err := t.db.Query(ctx, "200_out_value_range", d, nil, func(q *sql.Rows) error {
		into := []any{&s.rows, &unzoned}
		for n := range s.largest {
			into = append(into, &s.largest[n])
		}
		return q.Scan(into...)
	})
	if err != nil {
		return nil, err
	}
	return s, t.readCategories(ctx, s)
}

// addColumns adds the columns of the source's file that can be compared, to what is staged of it.
func (t *trial) addColumns(ctx context.Context, s *trialSource) error {
	known := t.plan.Columns(s.Decl.Name)
	for _, c := range known {
		if len(s.columns) == mostColumns || c.Type == intake.Nested || s.isClock(c.Name) {
			continue
		}
		e, err := t.db.Scalar(ctx, `"`+strings.ReplaceAll(c.Name, `"`, `""`)+`"`, known)
		if err != nil {
			continue // a column that no expression can name stands in for none
		}
		class := plan.ClassOf(e.Type)
		if class == "" || class == plan.Instant {
			continue
		}
		at := slices.IndexFunc(s.Values, func(v plan.SourceValue) bool { return v.Expr.SQL == e.SQL })
		if at < 0 {
			at = len(s.Values)
			s.Values = append(s.Values, plan.SourceValue{Index: at, Expr: e, Class: class})
		}
		s.columns = append(s.columns, trialColumn{name: c.Name, value: at, class: class})
	}
	return nil
}

// isClock tells the columns that say when.
func (s *trialSource) isClock(name string) bool { return name == s.At.Column || name == s.Known.Column }

// addRivals adds what whole replays of the source's features under other declarations need: their values, and their filters
// together with the source's own.
func (t *trial) addRivals(ctx context.Context, s *trialSource, source int) error {
	s.own, s.rivals = map[int]int{}, map[int][]int{}
	for i := range t.plan.Features {
		f := &t.plan.Features[i]
		if f.Join < 0 || t.plan.Joins[f.Join].Source != source {
			continue
		}
		var where *warehouse.Expression
		if f.Filter >= 0 {
			where = &s.Filters[f.Filter].Expr
		}
		var err error
		if s.own[i], err = t.together(ctx, s, where); err != nil {
			return err
		}
		for n := range f.Rivals {
			r := &f.Rivals[n]
			if r.Value.SQL != "" {
				s.valueOf(r.Value, r.Class)
			}
			filter, err := t.together(ctx, s, r.Where)
			if err != nil {
				return err
			}
			s.rivals[i] = append(s.rivals[i], filter)
		}
	}
	return nil
}

// together is the index of the filter that a row passes which passes the source's own filter and where; -1 for none at all.
func (t *trial) together(ctx context.Context, s *trialSource, where *warehouse.Expression) (int, error) {
	switch {
	case where == nil && s.Where == nil:
		return -1, nil
	case where == nil:
		return s.filterOf(*s.Where), nil
	case s.Where == nil:
		return s.filterOf(*where), nil
	}
	both, err := t.db.Scalar(ctx, "("+s.Where.SQL+") and ("+where.SQL+")", t.plan.Columns(s.Decl.Name))
	if err != nil {
		return -1, fmt.Errorf("filters of source %q: %w", s.Decl.Name, err)
	}
	return s.filterOf(both), nil
}

// valueOf is the index of an expression among the source's values, which it joins where it is new.
func (s *trialSource) valueOf(e warehouse.Expression, class plan.Class) int {
	at := slices.IndexFunc(s.Values, func(v plan.SourceValue) bool { return v.Expr.SQL == e.SQL })
	if at < 0 {
		at = len(s.Values)
		e.Aggregate = ""
		s.Values = append(s.Values, plan.SourceValue{Index: at, Expr: e, Class: class})
	}
	return at
}

// filterOf is the same of a condition.
func (s *trialSource) filterOf(e warehouse.Expression) int {
	at := slices.IndexFunc(s.Filters, func(f plan.SourceFilter) bool { return f.Expr.SQL == e.SQL })
	if at < 0 {
		at = len(s.Filters)
		s.Filters = append(s.Filters, plan.SourceFilter{Index: at, Expr: e})
	}
	return at
}

// readCategories finds the columns of few values, and their values.
func (t *trial) readCategories(ctx context.Context, s *trialSource) error {
	data := struct {
		Index, Most int
		Columns     []int
	}{Index: s.Index, Most: mostCategories}
	names := map[int]string{}
	for _, c := range s.columns {
		data.Columns = append(data.Columns, c.value)
		names[c.value] = c.name
	}
	if len(data.Columns) == 0 {
		return nil
	}
	return t.db.Query(ctx, "429_out_categories", data, nil, func(rows *sql.Rows) error {
		var c category
		if err := rows.Scan(&c.value, &c.word); err != nil {
			return err
		}
		if c.name = names[c.value]; len(s.categories) < mostFilters/2 {
			s.categories = append(s.categories, c)
		}
		return nil
	})
}

// filters lists the conditions on rows that a feature may have been computed under, and how each is put together.
func (s *trialSource) filters(f *plan.Feature) ([]cause.Filter, []trialFilter) {
	own := trialFilter{Passes: true, Filter: f.Filter, Column: -1}
	named := []cause.Filter{{}}
	made := []trialFilter{own}
	if f.Filter >= 0 && f.Decl.Where != "" {
		named = append(named, cause.Filter{Text: f.Decl.Where, Dropped: true})
		made = append(made, trialFilter{Passes: true, Filter: -1, Column: -1})
	}
	if s.Where != nil {
		named = append(named, cause.Filter{Text: s.Decl.Where, Dropped: true})
		made = append(made, trialFilter{Filter: f.Filter, Column: -1})
	}
	for _, c := range s.categories {
		for _, not := range []bool{false, true} {
			sign := "="
			if not {
				sign = "<>"
			}
			named = append(named, cause.Filter{Text: fmt.Sprintf("%s %s '%s'", c.name, sign, strings.ReplaceAll(c.word, "'", "''"))})
			made = append(made, trialFilter{Passes: true, Filter: f.Filter, Column: c.value, Word: c.word, Not: not})
		}
	}
	for _, c := range s.columns {
		if c.class != plan.Number || f.Value < 0 || c.value != f.Value {
			continue
		}
		for _, sign := range []string{">", ">=", "<", "<="} {
			named = append(named, cause.Filter{Text: c.name + " " + sign + " 0"})
			made = append(made, trialFilter{Passes: true, Filter: f.Filter, Column: -1, Number: c.value, Sign: sign})
		}
	}
	return named, made
}

// trialFilter is a condition on rows: that they pass the source's filter, a feature's (-1: none), and that a column holds a
// word or not (-1: any), or a number on one side of a limit.
type trialFilter struct {
	Passes bool
	Filter int
	Column int
	Word   string
	Not    bool
	Number int // a number column that is held against Limit by Sign, where that is not ""
	Sign   string
	Limit  float64
}

// Bound is the limit as the stages take it.
func (f trialFilter) Bound() string { return strconv.FormatFloat(f.Limit, 'g', -1, 64) }

// Above, AtLeast, Below and AtMost tell the stages how.
func (f trialFilter) Above() bool { return f.Sign == ">" }

func (f trialFilter) AtLeast() bool { return f.Sign == ">=" }

func (f trialFilter) Below() bool { return f.Sign == "<" }

func (f trialFilter) AtMost() bool { return f.Sign == "<=" }
