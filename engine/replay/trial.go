package replay

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/plumbline-data/plumbline/engine/cause"
	"github.com/plumbline-data/plumbline/engine/plan"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

// The second and third pass of the replay: where served values contradict the declaration, every hypothesis of the catalogue
// is tried on a bounded sample of each UTC day's rows, and every such row is then named by the cause that reproduces it. What
// a row is named depends on its own day alone.

const (
	// sampled is how many differing rows of a day are tried, over all replayed features together.
	sampled = 20_000
	// leastSampled is how many of them a feature has at least.
	leastSampled = 200
	// fitted is how many of a feature's sampled rows of a day constants are fitted to.
	fitted = 1000
	// impliedBy is how many of them are asked when the source must have been read.
	impliedBy = 300
	// batch bounds how many sampled rows are tried in one go: days are put together up to it.
	batch = 16_000
	// finalists is how many hypotheses of a day are looked at closely.
	finalists = 24
	// seed orders the sample.
	seed = "plumbline"

	back = 60 * 24 * time.Hour // how far back from a prediction its source is looked at
)

// Ahead is how long after a prediction its source is looked at: a feature that was computed from later rows is told by them.
const Ahead = 3 * 24 * time.Hour

// Trials is what the second and third pass found.
type Trials struct {
	Labelled []int // features with an int_labels_<feature>, ascending
	Days     []cause.TrialDay
	Labels   []cause.LabelDay
	Misses   []cause.Misses
	Partings cause.Partings
	Samples  []cause.Sample // of each feature in the order of days and causes, each by place
}

type trial struct {
	*replayer
	sources map[int]*trialSource
	perDay  int
	trials  Trials
}

// Try runs both passes over what Run and condition.Deck.Values leave. It leaves int_labels_<feature> of each feature in
// Labelled on db's connection.
func Try(ctx context.Context, db *warehouse.DB, p *plan.Plan, s Span) (*Trials, error) {
	var replayed []int
	for i := range p.Features {
		if p.Features[i].Join >= 0 {
			replayed = append(replayed, i)
		}
	}
	t := &trial{replayer: &replayer{db: db, plan: p, span: s}, sources: map[int]*trialSource{}}
	if len(replayed) == 0 {
		return &t.trials, nil
	}
	t.perDay = max(sampled/len(replayed), leastSampled)
	if err := t.instants(ctx); err != nil {
		return nil, err
	}
	differing, err := t.differing(ctx, replayed)
	if err != nil {
		return nil, err
	}
	for _, macro := range []string{"426_close_to", "427_alike"} {
		if err := db.Run(ctx, macro, nil, nil); err != nil {
			return nil, err
		}
	}
	if err := t.misses(ctx); err != nil {
		return nil, err
	}
	for i := range p.Sources {
		if err := t.source(ctx, i, replayed, differing); err != nil {
			return nil, err
		}
	}
	slices.Sort(t.trials.Labelled)
	return &t.trials, nil
}

// dayRows is how many rows of a UTC day differ, and when features of differing rows were read: that may be on another day.
type dayRows struct {
	day         time.Time
	rows        int64
	first, last time.Time
}

// readBetween are the instants between which features of the days' differing rows were read.
func readBetween(days []dayRows) (first, last time.Time) {
	for i, d := range days {
		if i == 0 || d.first.Before(first) {
			first = d.first
		}
		if d.last.After(last) {
			last = d.last
		}
	}
	return first, last
}

// differing counts, by replayed feature, the rows that differ on each day on which any does.
func (t *trial) differing(ctx context.Context, replayed []int) ([][]dayRows, error) {
	all := make([][]dayRows, len(replayed))
	counts := make([]int64, len(replayed))
	err := t.db.Query(ctx, "428_out_differing", replayed, nil, func(rows *sql.Rows) error {
		var day, first, last time.Time
		into := []any{&day, &first, &last}
		for n := range counts {
			into = append(into, &counts[n])
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		for n, c := range counts {
			if c > 0 {
				all[n] = append(all[n], dayRows{day.UTC(), c, first.UTC(), last.UTC()})
			}
		}
		return nil
	})
	return all, err
}

// subject is a feature that is being tried, with what its stages range over.
type subject struct {
	*plan.Feature
	join   *plan.Join
	source *trialSource
	cause  *cause.Feature
	facts  subjectData
	values []int // of the source, by hypothesis value
	params map[string]any
	days   []dayRows
	pairs  map[time.Time][]cause.Pair

	numbers   *numbering
	variants  []variantProbe
	lastIndex int
	winners   []winner
}

// source tries the features of source i that differ, and names their rows.
func (t *trial) source(ctx context.Context, i int, replayed []int, differing [][]dayRows) error {
	var subjects []*subject
	for n, f := range replayed {
		join := &t.plan.Joins[t.plan.Features[f].Join]
		if join.Source != i || len(differing[n]) == 0 {
			continue
		}
		if t.sources[i] == nil {
			staged, err := t.stageSource(ctx, i)
			if err != nil {
				return err
			}
			t.sources[i] = staged
		}
		s := t.newSubject(&t.plan.Features[f], join, t.sources[i])
		s.days = differing[n]
		if err := t.begin(ctx, s); err != nil {
			return err
		}
		subjects = append(subjects, s)
	}
	for _, days := range batches(subjects, int64(t.perDay)) {
		if err := t.tryTogether(ctx, subjects, days); err != nil {
			return err
		}
	}
	for _, s := range subjects {
		if len(s.winners) > 0 {
			if err := t.label(ctx, s, s.winners); err != nil {
				return err
			}
			t.trials.Labelled = append(t.trials.Labelled, s.Index)
		}
		if err := errors.Join(t.labels(ctx, s, len(s.winners) > 0), t.partings(ctx, s, len(s.winners) > 0)); err != nil {
			return err
		}
	}
	return nil
}

// begin gathers a feature's differing rows and what is tried on them.
func (t *trial) begin(ctx context.Context, s *subject) error {
	if err := t.db.Run(ctx, "430_int_suspects", s.facts, map[string]any{"seed": seed}); err != nil {
		return err
	}
	if err := t.db.Run(ctx, "439_int_asked", s.facts, nil); err != nil {
		return err
	}
	if err := t.replayVariants(ctx, s); err != nil {
		return err
	}
	var err error
	s.pairs, err = t.pairs(ctx, s)
	return err
}

// batches puts the days on which any of the subjects differs together, until the sampled rows of one of them are too many for
// one go.
func batches(subjects []*subject, perDay int64) [][]time.Time {
	rows := map[time.Time]int64{}
	for _, s := range subjects {
		for _, d := range s.days {
			rows[d.day] = max(rows[d.day], min(d.rows, perDay))
		}
	}
	var all [][]time.Time
	var n int64
	for _, day := range slices.SortedFunc(maps.Keys(rows), time.Time.Compare) {
		if len(all) == 0 || n+rows[day] > batch {
			all, n = append(all, nil), 0
		}
		n += rows[day]
		all[len(all)-1] = append(all[len(all)-1], day)
	}
	return all
}

// labels reads how many suspects of each day each cause names.
func (t *trial) labels(ctx context.Context, s *subject, labelled bool) error {
	data := struct {
		Feature  int
		Labelled bool
	}{s.Index, labelled}
	return t.db.Query(ctx, "451_out_labels", data, nil, func(rows *sql.Rows) error {
		l := cause.LabelDay{Feature: s.Decl.Name, Source: s.cause.Source}
		var day time.Time
		if err := rows.Scan(&day, &l.Code, &l.Rows, &l.First, &l.Last); err != nil {
			return err
		}
		l.Day, l.First, l.Last = day.UTC(), l.First.UTC(), l.Last.UTC()
		t.trials.Labels = append(t.trials.Labels, l)
		return nil
	})
}

// pairs reads what the days' sampled rows were served, and what the declaration gives, to fit constants to.
func (t *trial) pairs(ctx context.Context, s *subject) (map[time.Time][]cause.Pair, error) {
	all := map[time.Time][]cause.Pair{}
	err := t.db.Query(ctx, "431_out_suspects", s.facts, map[string]any{"sample": fitted}, func(rows *sql.Rows) error {
		var day time.Time
		var p cause.Pair
		var err error
		if s.facts.Number {
			err = rows.Scan(&day, &p.Served, &p.Declared, &p.Empty)
		} else {
			err = rows.Scan(&day, &p.ServedText, &p.DeclaredText, &p.Empty)
		}
		all[day.UTC()] = append(all[day.UTC()], p)
		return err
	})
	return all, err
}

// newSubject describes a feature to the catalogue and to the stages.
func (t *trial) newSubject(f *plan.Feature, join *plan.Join, source *trialSource) *subject {
	s := &subject{Feature: f, join: join, source: source, params: map[string]any{}, lastIndex: trialBase + 1000*(f.Index+1)}
	s.values = []int{f.Value}
	summed := f.Windows && isNumeric(f) && (sums(f) || extreme(f) && source.summable(f.Value))
	c := &cause.Feature{
		Name: f.Decl.Name, Source: source.Decl.Name, Number: isNumeric(f), Text: f.Class == plan.Text,
		Static: source.Static, Known: source.HasKnown, Versions: len(source.IDs) > 0 || source.Decl.Snapshot,
		ByVersion: f.Decl.Default != nil && f.Decl.Default.ByVersion != nil,
		Within:    f.Decl.Within, Windowed: f.Windows, Aggregate: string(f.Agg), Summed: summed,
		Columns: []string{columnName(f)}, TextKeys: textKeys(t.plan, join),
	}
	if w := f.Decl.Window; w != nil {
		c.Length, c.Offset, c.Align = w.Length, w.Offset, w.Align
	}
	for _, column := range source.columns {
		same := column.class == f.Class || isNumeric(f) && numeric(column.class)
		if f.Windows && (f.Agg == plan.Count || f.Agg == plan.CountDistinct) {
			same = f.Value >= 0 && (column.class == source.Values[f.Value].Class || numeric(column.class) && numeric(source.Values[f.Value].Class))
		}
		if summed && !source.summable(column.value) {
			continue
		}
		if same && column.value != f.Value && !s.isKey(column.name) {
			c.Columns = append(c.Columns, column.name)
			s.values = append(s.values, column.value)
		}
	}
	var made []trialFilter
	c.Filters, made = source.filters(f)
	s.cause = c
	s.facts = t.subjectData(s, made)
	c.CountsRows = s.facts.Windows && s.facts.Counted
	c.Alone = len(s.facts.Mates) == 1 && !s.facts.Logged
	if isNumeric(f) {
		s.params["tolerance"], s.params["relative"] = Tolerances(f)
	}
	return s
}

// numeric tells the classes that are staged as numbers.
func numeric(c plan.Class) bool { return c == plan.Number || c == plan.Boolean }

// isKey tells the source columns that the join meets by.
func (s *subject) isKey(name string) bool {
	return slices.ContainsFunc(s.join.Keys, func(k plan.JoinKey) bool { return s.source.Keys[k.Source].Column == name })
}

// columnName is what the declared value is called: the column, where it is no more than one.
func columnName(f *plan.Feature) string {
	if f.Decl.Value != "" {
		return f.Decl.Value
	}
	return f.Decl.Aggregate
}

// textKeys tells whether every key of a join is text.
func textKeys(p *plan.Plan, j *plan.Join) bool {
	for _, k := range j.Keys {
		if p.Keys[k.Prediction].Kind != plan.KeyText {
			return false
		}
	}
	return len(j.Keys) > 0
}

// mate is a feature of the same join.
type mate struct {
	Index      int
	HasDefault bool
	Counts     bool // of no rows it is 0
}

// subjectData is what the stages of a trial range over.
type subjectData struct {
	Feature, Index, Into, Join, Lookup, Reading, Scale int
	From, Type                                         string
	Number, Text, HasDefault                           bool
	Aged, Static, Windows, Counted                     bool // Aged: the declaration uses a row with an `at`
	Distinct, Sums, Mean, Extreme, Max                 bool
	Keys, Plain, Texts                                 []int // of the source: all, those that are no text, those that are
	Pairs                                              []plan.JoinKey
	Mates                                              []mate
	Values                                             []int
	Filters                                            []trialFilter
	Within                                             time.Duration
	Agreeing                                           bool // rows that agree with the declaration, not those that do not
	Logged                                             bool // how many rows the join met at serving
	Looks                                              bool // no further back than a window or Within reaches
	Variants                                           []variantProbe
}

func (t *trial) subjectData(s *subject, filters []trialFilter) subjectData {
	f := s.Feature
	d := subjectData{
		Feature: f.Index, Into: f.Index, Index: trialBase + f.Index, Join: f.Join, Logged: s.join.ServedRows != "", Lookup: f.Lookup, Reading: readingKey, From: fmt.Sprintf("stg_source_%d", s.source.Index),
		Type: "double", Number: isNumeric(f), Text: f.Class == plan.Text, HasDefault: f.HasDefault,
		Aged: f.Lookup >= 0 && !s.source.Static, Static: s.source.Static, Windows: f.Windows, Counted: f.Value < 0,
		Distinct: f.Agg == plan.CountDistinct, Sums: s.cause.Summed, Mean: f.Agg == plan.Avg, Extreme: extreme(f), Max: f.Agg == plan.Max,
		Pairs: s.join.Keys, Values: s.values, Filters: filters, Within: f.Decl.Within,
		Looks: f.Windows || f.Decl.Within > 0 && !s.source.Static,
	}
	switch f.Class {
	case plan.Text:
		d.Type = "varchar"
	case plan.Instant:
		d.Type = "timestamp"
	}
	for _, k := range s.join.Keys {
		d.Keys = append(d.Keys, k.Source)
		if s.source.Keys[k.Source].Kind == plan.KeyText {
			d.Texts = append(d.Texts, k.Source)
		} else {
			d.Plain = append(d.Plain, k.Source)
		}
	}
	for i := range t.plan.Features {
		if m := &t.plan.Features[i]; m.Join == f.Join {
			d.Mates = append(d.Mates, mate{Index: i, HasDefault: m.HasDefault, Counts: counts(m)})
		}
	}
	return d
}

// readingKey is the number of the key column that holds which reading a row is of.
const readingKey = 900
