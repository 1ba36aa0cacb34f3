// Package propose reads what files hold and proposes the loop file that would describe them. What it can tell, it tells with its evidence:
// keys by the values that two columns share, the outcome by how the score follows it, the horizon by how long outcomes took, features by
// replaying them. What it cannot tell it asks in a comment.
package propose

import (
	"context"
	"path/filepath"
	"time"

	"github.com/plumbline-data/plumbline/engine/condition"
	"github.com/plumbline-data/plumbline/engine/intake"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/plan"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

// Proposal is a loop file and what is left to ask.
type Proposal struct {
	YAML      []byte
	Questions []string  // in the file's order; each is in the file, too
	From, To  time.Time // first and last prediction, as sampled
}

// Propose proposes the loop file of l's inputs, of which l names no more than where they are. inv holds them, in l's order.
// A fault says what is missing for any loop to be made of them.
func Propose(ctx context.Context, db *warehouse.DB, l *loop.Loop, inv *intake.Inventory) (*Proposal, error) {
	p := &proposer{db: db, loop: l, inventory: inv, draft: draft{name: l.Name}}
	if err := nested(inv); err != nil {
		return nil, err
	}
	if err := p.takeAll(ctx); err != nil {
		return nil, err
	}
	for _, step := range []func(context.Context) error{p.readPredictions, p.readOutcomes, p.keys, p.value, p.horizon, p.readSources, p.features} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return p.write(ctx)
}

// proposer is one call of Propose.
type proposer struct {
	db        *warehouse.DB
	loop      *loop.Loop
	inventory *intake.Inventory

	predictions, outcomes *input
	sources               []*input
	instantOrders         map[[2]int]order // of the predictions' instants
	keyedEvery            int64            // of which part of the predictions' key values int_key_values_0 holds; 0 for none yet

	draft draft
}

// draft is what is proposed so far.
type draft struct {
	name                                      string
	preset                                    *preset // nil where the columns are those of no log that is known
	id, at, known, featuresAt, version, score choice
	weight                                    *column
	segments, entities                        []*column
	keys                                      []keyPair
	keyNote, keyAsk                           string
	repeats                                   keyRows // of prediction ids
	outcomeAt, outcomeKnown, value            choice
	positive                                  string // the word of an outcome of words that the score is the probability of
	binary, labels                            bool   // the score is a probability; it holds labels alone
	told                                      keyRows
	waits                                     waits
	horizon                                   time.Duration
	horizonAsk                                string
	sources                                   []*source
	features                                  []*feature
}

// choice is a column that was chosen, why, and what to ask about it.
type choice struct {
	*column
	why, ask string
}

// takeAll samples every input.
func (p *proposer) takeAll(ctx context.Context) error {
	var err error
	if p.predictions, err = p.take(ctx, 0, "predictions", &p.inventory.Predictions); err != nil {
		return err
	}
	if p.outcomes, err = p.take(ctx, 1, "outcomes", &p.inventory.Outcomes); err != nil {
		return err
	}
	for i := range p.inventory.Sources {
		in, err := p.take(ctx, 2+i, p.inventory.Sources[i].Input, &p.inventory.Sources[i])
		if err != nil {
			return err
		}
		p.sources = append(p.sources, in)
	}
	return nil
}

// holds reads a proposal as any loop file is read, and holds it against the files.
func (p *proposer) holds(ctx context.Context, text []byte) error {
	l, err := loop.Parse(filepath.Join(p.loop.Dir, "loop.yaml"), text)
	if err != nil {
		return err
	}
	inv := &intake.Inventory{Predictions: p.inventory.Predictions, Outcomes: p.inventory.Outcomes}
	for _, s := range l.Sources { // one whose key is asked for is a comment
		inv.Sources = append(inv.Sources, *p.inventory.Table(s.Name))
	}
	resolved, err := plan.Build(ctx, p.db, l, inv)
	if err != nil {
		return err
	}
	_, err = condition.NewDeck(resolved)
	return err
}
