package main

import (
	"time"

	"github.com/rs/zerolog"

	"github.com/plumbline-data/plumbline/engine"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/textfile"
)

// metricsFile is what --metrics-file asks for; nil where it is not given.
type metricsFile struct {
	path, loop string
	began      time.Time
}

// beginMetrics refuses a file that is not this loop's, before anything is run. A loop file that cannot be read is for the run to tell.
func beginMetrics(o engine.Options) (*metricsFile, error) {
	if o.MetricsFile == "" {
		return nil, nil
	}
	l, err := loop.Load(o.LoopFile)
	if err != nil {
		return nil, nil // the run says it, and whose file it is cannot be told
	}
	return &metricsFile{path: o.MetricsFile, loop: l.Name, began: time.Now()}, textfile.Check(o.MetricsFile, l.Name)
}

// write tells how the run ended. That it cannot is logged: findings that were published are not to be taken in again because a gauge is not
// there, and a gauge that stays behind is seen by its time.
func (m *metricsFile) write(log zerolog.Logger, result *engine.Result, failed bool) {
	if m == nil {
		return
	}
	ended := time.Now()
	r := textfile.Run{Loop: m.loop, Version: engine.Version, Ended: ended, Took: ended.Sub(m.began), Failed: failed}
	if result != nil && result.FindingsPath != "" {
		r.Findings = result.Findings
	}
	if err := textfile.Write(m.path, r); err != nil {
		log.Error().Err(err).Str("path", m.path).Msg("the metrics were not written")
	}
}
