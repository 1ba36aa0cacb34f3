package replay

import (
	"context"
	"database/sql"

	"github.com/plumbline-data/plumbline/engine/cause"
)

// partings counts how a feature's suspects part from what is declared, and on which predictions.
func (t *trial) partings(ctx context.Context, s *subject, labelled bool) error {
	data := struct {
		Feature          int
		Labelled, Number bool
		Segments         []int
	}{s.Index, labelled, s.facts.Number, nil}
	err := t.db.Query(ctx, "453_out_partings", data, nil, func(rows *sql.Rows) error {
		p := cause.Parting{Feature: s.Decl.Name}
		err := rows.Scan(&p.Day, &p.Code, &p.Kind, &p.Ratio, &p.Rows, &p.Above)
		p.Day = p.Day.UTC()
		t.trials.Partings.Kinds = append(t.trials.Partings.Kinds, p)
		return err
	})
	if err != nil {
		return err
	}
	segments := t.plan.Loop.Predictions.Segments
	for i := range segments {
		data.Segments = append(data.Segments, i)
	}
	if len(segments) == 0 {
		return nil
	}
	return t.db.Query(ctx, "454_out_parting_segments", data, nil, func(rows *sql.Rows) error {
		l := cause.PartingLevel{Feature: s.Decl.Name}
		var segment int
		err := rows.Scan(&l.Day, &l.Code, &segment, &l.Level, &l.Rows, &l.LevelRows, &l.DayRows)
		l.Day, l.Segment = l.Day.UTC(), segments[segment]
		t.trials.Partings.Levels = append(t.trials.Partings.Levels, l)
		return err
	})
}
