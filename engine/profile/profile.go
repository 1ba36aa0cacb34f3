// Package profile takes down what sources and outcomes were like day by day, in one pass over the rows of each, so that
// package cause can hold them against their own past.
package profile

import (
	"context"
	"slices"
	"sort"

	"github.com/plumbline-data/plumbline/engine/cause"
	"github.com/plumbline-data/plumbline/engine/condition"
	"github.com/plumbline-data/plumbline/engine/plan"
	"github.com/plumbline-data/plumbline/engine/replay"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

// Profile is the daily figures of a loop's sources and outcomes. Sources are whole; what concerns predictions covers those
// that were replayed.
type Profile struct {
	Sources  []cause.SourceHistory // those with instants
	Asked    []cause.Asked
	Outcomes cause.OutcomeHistory
	Known    cause.Day // the day of as-of, of which no more than a part was read
	walked   []*cause.Walked
}

// Run takes the profile down. It needs what match.Run, replay.Run and condition.Deck.Run leave on db's connection, for the
// same plan and span.
func Run(ctx context.Context, db *warehouse.DB, p *plan.Plan, s replay.Span) (*Profile, error) {
	deck, err := condition.NewDeck(p)
	if err != nil {
		return nil, err
	}
	r := &recorder{ctx: ctx, db: db, plan: p, deck: deck, span: s}
	out := Profile{Known: cause.DayOf(s.AsOf)}
	for i := range p.Sources {
		if p.Sources[i].Static {
			continue
		}
		h, err := r.source(&p.Sources[i])
		if err != nil {
			return nil, err
		}
		out.Sources = append(out.Sources, h)
	}
	for i := range out.Sources {
		out.walked = append(out.walked, cause.Walk(&out.Sources[i]))
	}
	if out.Asked, err = r.asked(); err != nil {
		return nil, err
	}
	out.Outcomes, err = r.outcomes()
	return &out, err
}

// Claims judges everything at a boundary, by the days before it: predictions from the day since on, sources and outcomes as
// far back as they go. Past as-of nothing was read, and silence there says nothing. The order is that of the catalogue, then of the
// loop file.
func (p *Profile) Claims(since, boundary cause.Day) []cause.Claim {
	boundary = min(boundary, p.Known)
	if boundary <= since {
		return nil
	}
	var all []cause.Claim
	for i := range p.Sources {
		all = append(all, p.walked[i].StoppedClaims(p.Asked, since, boundary)...)
		all = append(all, p.walked[i].ChangedClaims(p.Asked, since, boundary)...)
		all = append(all, cause.RevisedClaims(&p.Sources[i], since, boundary)...)
	}
	o := &p.Outcomes
	shifted := cause.ZoneShiftedClaims(o, since, boundary)
	all = append(all, cause.Undisturbed(cause.LateClaims(o, since, boundary), shifted)...)
	all = append(all, cause.DuplicatedClaims(o, since, boundary)...)
	all = append(all, cause.TruncatedClaims(o, since, boundary)...)
	all = append(all, shifted...)
	all = append(all, cause.RedefinedClaims(o, since, boundary)...)
	return all
}

// recorder is one call of Run.
type recorder struct {
	ctx  context.Context
	db   *warehouse.DB
	plan *plan.Plan
	deck *condition.Deck
	span replay.Span
}

// dayOf finds the entry of a day among ascending ones.
func dayOf[T any](days []T, day cause.Day, of func(*T) cause.Day) *T {
	i := sort.Search(len(days), func(i int) bool { return of(&days[i]) >= day })
	if i == len(days) || of(&days[i]) != day {
		return nil
	}
	return &days[i]
}

// featuresOf lists the features that a source serves.
func (r *recorder) featuresOf(s *plan.Source) []string {
	var names []string
	for i := range r.plan.Features {
		if f := &r.plan.Features[i]; f.Join >= 0 && r.plan.Joins[f.Join].Source == s.Index {
			names = append(names, f.Decl.Name)
		}
	}
	return slices.Clip(names)
}

// Brought is how many rows a source brought of a day, first versions alone; false of one without instants.
func (p *Profile) Brought(source string, day cause.Day) (rows int64, known bool) {
	for i := range p.Sources {
		h := &p.Sources[i]
		if h.Name != source {
			continue
		}
		if d := dayOf(h.Days, day, func(d *cause.SourceDay) cause.Day { return d.Day }); d != nil {
			rows = d.Rows
		}
		return rows, true
	}
	return 0, false
}
