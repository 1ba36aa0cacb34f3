package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/rs/zerolog"
	"github.com/urfave/cli/v2"

	"github.com/plumbline-data/plumbline/engine"
	"github.com/plumbline-data/plumbline/engine/fault"
)

// severities in rising order.
var severities = []string{"info", "low", "medium", "high"}

// What --on-empty says when the interval holds no prediction.
const (
	emptyOK   = "ok"
	emptySkip = "skip"
	emptyFail = "fail"
)

// runCommand is the nightly batch, or a backfill.
func runCommand(w *world) *cli.Command {
	flags := []cli.Flag{
		&cli.StringFlag{Name: "date", Usage: "take in UTC day `D`, as in 2013-07-22"},
		&cli.StringFlag{Name: "from", Usage: "take in from `T`, RFC 3339 or a UTC day"},
		&cli.StringFlag{Name: "to", Usage: "up to `T`, which is not in the interval any more"},
		&cli.StringFlag{Name: "as-of", Usage: "leave out what became known after `T` (default: the end of the interval)"},
		&cli.StringFlag{Name: "findings", Usage: "write findings.json to file `F` (default: <ledger>.findings.json)"},
		&cli.StringFlag{Name: "result-file", Usage: "write the last line of stdout to file `F` as well"},
		&cli.StringFlag{Name: "metrics-file", Usage: "write gauges for Prometheus to file `F`, whether the run fails or not; node_exporter collects files that end in .prom"},
		&cli.StringFlag{Name: "fail-on", Usage: "exit 3 when an open finding has `SEVERITY` or above: info, low, medium or high (default: never)"},
		&cli.StringFlag{Name: "on-empty", Usage: "`WHAT` an interval without predictions comes to: ok, skip (exit 99) or fail (exit 1) (default: ok)"},
	}
	return &cli.Command{
		Name:      "run",
		UsageText: "plumbline run plumbline-demo/loop.yaml --date 2001-05-13",
		Usage:     "takes days in, evaluates them and writes findings: the nightly batch, or a backfill",
		ArgsUsage: "LOOP --date D | --from T --to T [flags]",
		Description: "The unit is the UTC day: an interval off midnight takes in every day that it touches.\n" +
			"The last line of stdout is one JSON object; everything else goes to stderr.",
		Flags:  slices.Concat(flags, ledgerFlags(), machineFlags()),
		Action: func(c *cli.Context) error { return runLoop(c, w) },
	}
}

func runLoop(c *cli.Context, w *world) error {
	o, failOn, onEmpty, err := runOptions(c)
	to, errConsole := newConsole(c, w)
	if err := errors.Join(err, errConsole); err != nil {
		return err
	}
	o.Log, o.Progress = to.log, to.stage()
	telling, err := beginTelling(c.Context, w, to, o)
	if err != nil {
		return err
	}
	defer telling.panicked(c.Context)
	logBegin(to.log, w, o)
	result, err := w.engines.run(c.Context, o)
	to.clear()
	if err != nil {
		telling.failed(c.Context, err)
		return err
	}
	account(to, result)
	end := judge(result, failOn, onEmpty)
	telling.done(c.Context, result, end.failure())
	if end != nil {
		fmt.Fprint(w.stderr, fault.Text("plumbline", end.why))
	}
	if _, err := fmt.Fprintf(w.stdout, "%s\n", result.ResultLine); err != nil {
		return fmt.Errorf("write the result to stdout: %w", err)
	}
	if end != nil {
		return &ending{code: end.code}
	}
	return nil
}

// runOptions reads the command line. Every mistake in it is reported.
func runOptions(c *cli.Context) (o engine.Options, failOn, onEmpty string, err error) {
	loop, errLoop := oneLoop(c)
	o, errOptions := options(c)
	o.LoopFile, o.Findings, o.ResultFile, o.MetricsFile = loop, c.String("findings"), c.String("result-file"), c.String("metrics-file")
	var errInterval, errAsOf error
	o.From, o.To, errInterval = interval(c)
	if errInterval == nil {
		o.AsOf, errAsOf = asOf(c, o.From, o.To)
	}
	failOn, errFailOn := oneOf(c, "fail-on", "", severities...)
	onEmpty, errOnEmpty := oneOf(c, "on-empty", emptyOK, emptyOK, emptySkip, emptyFail)
	o.LeaveEmpty = onEmpty != emptyOK
	return o, failOn, onEmpty, errors.Join(errLoop, errInterval, errAsOf, errFailOn, errOnEmpty, errOptions)
}

// verdict is an exit code other than 0 that a finished run comes to, and why.
type verdict struct {
	code int
	why  error
}

// failure is why a run that finished is none that did what it was asked to; nil for others, and for nil.
func (v *verdict) failure() error {
	if v == nil || v.code != codeFailed {
		return nil
	}
	return v.why
}

// judge returns nil for a run that is simply done. An empty interval is judged before its findings: they are those of
// the days before it.
func judge(r *engine.Result, failOn, onEmpty string) *verdict {
	if r.Empty && onEmpty == emptySkip {
		return &verdict{codeSkipped, errors.New("the interval holds no prediction: skipped, as --on-empty skip says")}
	}
	if r.Empty && onEmpty == emptyFail {
		return &verdict{codeFailed, fault.Data("", "see whether the predictions of these days were delivered; --on-empty ok lets such an interval pass",
			"the interval holds no prediction")}
	}
	if failOn == "" || r.Findings == nil {
		return nil
	}
	least, count := slices.Index(severities, failOn), 0
	for _, f := range r.Findings.Findings {
		if f.State != "resolved" && slices.Index(severities, f.Severity) >= least {
			count++
		}
	}
	if count == 0 {
		return nil
	}
	return &verdict{codeFindings, fmt.Errorf("open findings of severity %s or above: %d", failOn, count)}
}

// logBegin writes the first log line: what runs, and for which task of the scheduler.
func logBegin(log zerolog.Logger, w *world, o engine.Options) {
	e := log.Info().Str("version", engine.Version).Str("loop_file", o.LoopFile).
		Str("from", stamp(o.From)).Str("to", stamp(o.To)).Str("as_of", stamp(o.AsOf))
	for _, name := range []string{"dag_id", "dag_run_id", "task_id", "try_number"} {
		if value := w.getenv(airflowName(name)); value != "" {
			e = e.Str("airflow_"+name, value)
		}
	}
	e.Msg("run begins")
}
