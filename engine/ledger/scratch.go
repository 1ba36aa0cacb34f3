package ledger

import (
	"context"
	"errors"
)

// inMemory is the path by which DuckDB knows a database without a file.
const inMemory = ":memory:"

// Scratch is a ledger without a file. A run evaluates in one: it holds the days that the run itself took in, as known at
// the run's own as-of, and nothing of earlier runs.
type Scratch struct{ *Edition }

// NewScratch attaches an empty ledger that lives in memory until Close. The db must have no other ledger attached.
func NewScratch(ctx context.Context, db DB, loop string) (*Scratch, error) {
	c := &Contents{db: db, path: inMemory}
	if err := c.attach(ctx, inMemory, stageAttach); err != nil {
		return nil, err
	}
	if err := c.create(ctx, loop); err != nil {
		return nil, errors.Join(err, c.detach())
	}
	return &Scratch{&Edition{Contents: c}}, nil
}

// Close detaches it, and what it holds is gone.
func (s *Scratch) Close() error {
	if s.done {
		return nil
	}
	s.done = true
	return s.detach()
}
