// Package textfile tells a monitoring system what a night came to: gauges in the text format of Prometheus, in a file that node_exporter's
// textfile collector reads. One file belongs to one loop and always holds the full set; none of its series has a timestamp of its own.
package textfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/report"
)

// prefix is what the names of all series begin with.
const prefix = "plumbline_"

// Names that are told of every run, failed or not; all others are told of the last run that was published.
const (
	lastRun      = prefix + "last_run_timestamp_seconds"
	lastDuration = prefix + "last_run_duration_seconds"
	lastStatus   = prefix + "last_run_status"
	lastSuccess  = prefix + "last_success_timestamp_seconds"
	buildInfo    = prefix + "build_info"
)

// Run is what there is to tell of a run.
type Run struct {
	Loop    string
	Version string // of the engine
	Ended   time.Time
	Took    time.Duration
	Failed  bool

	// Findings are what the run published; nil where it published nothing, because it failed or had nothing to do.
	Findings *report.Findings
}

// Check refuses a file that Write would not write over: one that is there and is not the file of this loop's earlier runs.
func Check(path, loop string) error {
	_, err := earlier(path, loop)
	return err
}

// LoopOf gives the loop whose file is there; "" where none is, or one of something else.
func LoopOf(path string) string {
	families, err := read(path)
	if err != nil || len(families) == 0 || len(families[0].Metric) == 0 {
		return ""
	}
	return label(families[0].Metric[0], "loop")
}

// Write puts the file in place, whole or not at all. What the file says of the last run that was published stays where this one
// published nothing.
func Write(path string, r Run) error {
	before, err := earlier(path, r.Loop)
	if err != nil {
		return err
	}
	families, err := r.families()
	if err != nil {
		return fmt.Errorf("metrics: %w", err)
	}
	if r.Findings == nil {
		for _, f := range before {
			if !slices.ContainsFunc(families, func(own *dto.MetricFamily) bool { return own.GetName() == f.GetName() }) {
				families = append(families, f)
			}
		}
	}
	slices.SortFunc(families, func(a, b *dto.MetricFamily) int { return strings.Compare(a.GetName(), b.GetName()) })
	gather := prometheus.GathererFunc(func() ([]*dto.MetricFamily, error) { return families, nil })
	if err := prometheus.WriteToTextfile(path, gather); err != nil {
		return &fault.Fault{Where: path, What: "the metrics cannot be written", Fix: "let this user write to its folder, or name another file", Err: err}
	}
	return nil
}

// earlier reads the file of an earlier run of a loop; nothing where there is none.
func earlier(path, loop string) ([]*dto.MetricFamily, error) {
	families, err := read(path)
	if err != nil {
		return nil, err
	}
	for _, f := range families {
		for _, m := range f.Metric {
			if of := label(m, "loop"); of != clean(loop) {
				return nil, fault.Usage(path, "name a file of its own for each loop", "--metrics-file: the file that is there is of loop %q", of)
			}
		}
	}
	return families, nil
}

// read reads a metrics file; nothing where there is none.
func read(path string) (families []*dto.MetricFamily, err error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, &fault.Fault{Where: path, What: "the metrics of the last run cannot be read", Fix: "let this user read it, or name another file", Err: err}
	}
	parser := expfmt.NewTextParser(model.UTF8Validation)
	byName, err := parser.TextToMetricFamilies(file)
	if err := errors.Join(err, file.Close()); err != nil {
		return nil, fault.Usage(path, "name a file that is not there yet, or that of an earlier run", "--metrics-file: the file that is there is no metrics file")
	}
	for name, f := range byName {
		if !strings.HasPrefix(name, prefix) {
			return nil, fault.Usage(path, "name a file of its own for each loop", "--metrics-file: the file that is there holds %s, which is not plumbline's", name)
		}
		families = append(families, f)
	}
	return families, nil
}

func label(m *dto.Metric, name string) string {
	for _, l := range m.Label {
		if l.GetName() == name {
			return l.GetValue()
		}
	}
	return ""
}

// families are the series that this run has something to say of.
func (r *Run) families() ([]*dto.MetricFamily, error) {
	g := gauges{registry: prometheus.NewRegistry(), loop: r.Loop}
	ended := seconds(r.Ended)
	g.set(lastRun, "When the last run ended, failed or not.", ended)
	g.set(lastDuration, "How long the last run took.", r.Took.Seconds())
	g.set(lastStatus, "1 where the last run did what it was asked to, 0 where it failed.", binary(!r.Failed))
	g.set(buildInfo, "The version of plumbline that ran last.", 1, "version", r.Version)
	if !r.Failed {
		g.set(lastSuccess, "When the last run ended that did what it was asked to.", ended)
	}
	if r.Findings != nil {
		g.findings(r.Findings)
	}
	if g.err != nil {
		return nil, g.err
	}
	return g.registry.Gather()
}

func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }

func binary(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}
