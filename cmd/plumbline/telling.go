package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/plumbline-data/plumbline/engine"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/openlineage"
	"github.com/plumbline-data/plumbline/engine/textfile"
)

// telling is who else hears of a run: the metrics file that --metrics-file names, and the lineage server that the environment does. Neither can
// fail a run that is under way.
type telling struct {
	to      *console
	options engine.Options
	loop    string // "" where nobody hears
	began   time.Time
	lineage *openlineage.Emitter
}

// beginTelling refuses a metrics file that is not this loop's, or that is in the place of another output, before anything is run, and tells that
// the run begins. A loop file that cannot be read is for the run to tell; whose the metrics are, those of the last run say.
func beginTelling(ctx context.Context, w *world, to *console, o engine.Options) (*telling, error) {
	t := &telling{to: to, options: o, began: time.Now()}
	l, err := loop.Load(o.LoopFile)
	if err != nil {
		if o.MetricsFile != "" {
			t.loop = textfile.LoopOf(o.MetricsFile)
		}
		return t, nil
	}
	if o.MetricsFile != "" {
		if err := errors.Join(engine.Admit(o), textfile.Check(o.MetricsFile, l.Name)); err != nil {
			return nil, err
		}
	}
	t.loop = l.Name
	t.lineage = openlineage.New(w.getenv, to.log, w.stderr, openlineage.Job{Loop: l, From: o.From, To: o.To, Version: engine.Version})
	t.lineage.Start(ctx)
	return t, nil
}

// panicked tells of a run that ended in a panic, which goes on. To be deferred.
func (t *telling) panicked(ctx context.Context) {
	if p := recover(); p != nil {
		t.failed(ctx, fmt.Errorf("internal error: %v", p))
		panic(p)
	}
}

// failed tells that the run came to nothing.
func (t *telling) failed(ctx context.Context, why error) {
	if stop, ok := errors.AsType[*stopped](context.Cause(ctx)); ok {
		why = stop
	}
	t.lineage.Fail(ctx, why)
	t.metrics(nil, true)
}

// done tells what the run came to; failed where that is no success all the same.
func (t *telling) done(ctx context.Context, result *engine.Result, failed error) {
	if failed != nil {
		t.lineage.Fail(ctx, failed)
	} else {
		t.lineage.Complete(ctx, openlineage.Done{
			Inventory: result.Inventory, Findings: result.Findings, Published: result.FindingsPath != "", Ledger: result.LedgerPath, FindingsAt: result.FindingsPath,
		})
	}
	t.metrics(result, failed != nil)
}

// metrics writes the metrics file. That it cannot is logged: findings that were published are not to be taken in again because a gauge is not
// there, and a gauge that stays behind is seen by its time.
func (t *telling) metrics(result *engine.Result, failed bool) {
	if t.options.MetricsFile == "" || t.loop == "" {
		return
	}
	ended := time.Now()
	r := textfile.Run{Loop: t.loop, Version: engine.Version, Ended: ended, Took: ended.Sub(t.began), Failed: failed}
	if result != nil && result.FindingsPath != "" {
		r.Findings = result.Findings
	}
	if err := textfile.Write(t.options.MetricsFile, r); err != nil {
		t.to.log.Error().Err(err).Str("path", t.options.MetricsFile).Msg("the metrics were not written")
	}
}
