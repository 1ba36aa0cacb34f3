package replay

import (
	"context"
	"time"

	"github.com/plumbline-data/plumbline/engine/cause"
	"github.com/plumbline-data/plumbline/engine/plan"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

// Subject is a feature whose hypotheses were all tried: int_suspects_<i>, int_probes_<i> and int_trials_<i> are there.
type Subject struct {
	Index      int
	Cause      *cause.Feature
	Hypotheses []cause.Hypothesis // by h
	Days       []string           // by h: the day that one is for, "" for every day
	Filters    []Filtered         // by reading filter
}

// Filtered is a filter of a reading: the source's own and the feature's count, and a column holds a word, or does not.
type Filtered struct {
	Passes, Own  bool
	Column, Word string
	Not          bool
	Sign         string // Column is held against Limit instead
	Limit        float64
}

// TryEach tries all hypotheses on all suspects, feature by feature, as Try does before it chooses among them.
func TryEach(ctx context.Context, db *warehouse.DB, p *plan.Plan, s Span, each func(*Subject)) error {
	t := &trial{replayer: &replayer{db: db, plan: p, span: s}, sources: map[int]*trialSource{}, perDay: sampled}
	var replayed []int
	for i := range p.Features {
		if p.Features[i].Join >= 0 {
			replayed = append(replayed, i)
		}
	}
	if err := t.instants(ctx); err != nil {
		return err
	}
	differing, err := t.differing(ctx, replayed)
	if err != nil {
		return err
	}
	for _, macro := range []string{"426_close_to", "427_alike"} {
		if err := db.Run(ctx, macro, nil, nil); err != nil {
			return err
		}
	}
	for n, i := range replayed {
		if len(differing[n]) == 0 {
			continue
		}
		if err := t.tryOne(ctx, i, differing[n], each); err != nil {
			return err
		}
	}
	return nil
}

func (t *trial) tryOne(ctx context.Context, i int, days []dayRows, each func(*Subject)) error {
	join := &t.plan.Joins[t.plan.Features[i].Join]
	if t.sources[join.Source] == nil {
		staged, err := t.stageSource(ctx, join.Source)
		if err != nil {
			return err
		}
		t.sources[join.Source] = staged
	}
	s := t.newSubject(&t.plan.Features[i], join, t.sources[join.Source])
	s.days = days
	if err := t.begin(ctx, s); err != nil {
		return err
	}
	span := [2]time.Time{days[0].day, days[len(days)-1].day.Add(24 * time.Hour)}
	implied, err := t.begun(ctx, s, span)
	if err != nil {
		return err
	}
	if _, err := t.tryDays(ctx, s, span, implied); err != nil {
		return err
	}
	subject := &Subject{Index: i, Cause: s.cause}
	for _, one := range s.numbers.all {
		subject.Hypotheses, subject.Days = append(subject.Hypotheses, *one.Hypothesis), append(subject.Days, one.day)
	}
	for _, f := range s.facts.Filters {
		made := Filtered{Passes: f.Passes, Own: f.Filter >= 0, Word: f.Word, Not: f.Not, Sign: f.Sign, Limit: f.Limit}
		for _, c := range s.source.columns {
			if c.value == f.Column || f.Sign != "" && c.value == f.Number {
				made.Column = c.name
			}
		}
		subject.Filters = append(subject.Filters, made)
	}
	each(subject)
	return nil
}
