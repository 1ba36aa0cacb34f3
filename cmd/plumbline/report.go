package main

import (
	"errors"
	"slices"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/plumbline-data/plumbline/engine"
	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/report"
)

// reportCommand writes the weekly integrity report.
func reportCommand(w *world) *cli.Command {
	flags := []cli.Flag{
		&cli.StringFlag{Name: "week", Usage: "the ISO week `W`, as in 2013-W29"},
		&cli.StringFlag{Name: "format", Usage: "`FORM` of the report: html, md or json (default: html)"},
		&cli.StringFlag{Name: "out", Usage: "write the report to file `F`; an earlier report is replaced, anything else stays"},
		&cli.StringFlag{Name: "ledger", Usage: "read the ledger in file `F`; of several loops, those in folder F (default: <loop>.duckdb beside each loop file)"},
	}
	return &cli.Command{
		Name:      "report",
		UsageText: "plumbline report plumbline-demo/loop.yaml --week 2001-W19 --out plumbline-demo/report.html",
		Usage:     "writes the integrity report of a week, of one loop or many, as one HTML file",
		ArgsUsage: "LOOP... --week W --out F [flags]",
		Description: "Everything is read from the ledgers, which stay as they are. The page asks the network for nothing: it can be\n" +
			"mailed, and printed. Of a week the evaluation at its end is told, or else the last one within it.",
		Flags:  slices.Concat(flags, machineFlags()),
		Action: func(c *cli.Context) error { return writeReport(c, w) },
	}
}

func writeReport(c *cli.Context, w *world) error {
	var errs []error
	loops := c.Args().Slice()
	if len(loops) == 0 || slices.Contains(loops, "") {
		errs = append(errs, fault.Usage("", "write plumbline report LOOP..., the paths of one loop file or more", "LOOP is missing"))
	}
	monday, err := weekOf(c)
	form, errForm := oneOf(c, "format", engine.FormHTML, engine.FormHTML, engine.FormMarkdown, engine.FormJSON)
	out := c.String("out")
	if out == "" {
		errs = append(errs, fault.Usage("--out", "write --out report.html, the file to write", "is missing"))
	}
	o, errOptions := options(c)
	to, errConsole := newConsole(c, w)
	if err := errors.Join(append(errs, err, errForm, errOptions, errConsole)...); err != nil {
		return err
	}
	o.Log, o.Progress = to.log, to.stage()
	weekly, err := w.engines.weekly(c.Context, o, loops, monday)
	to.clear()
	if err != nil {
		return err
	}
	if err := engine.WriteWeekly(c.Context, out, form, weekly); err != nil {
		return err
	}
	to.log.Info().Str("out", out).Str("week", weekly.Week).Int("loops", len(weekly.Loops)).Msg("report written")
	return nil
}

// weekOf reads --week.
func weekOf(c *cli.Context) (time.Time, error) {
	const fix = "write an ISO week, as in 2013-W29; date +%G-W%V prints this one"
	if !c.IsSet("week") {
		return time.Time{}, fault.Usage("--week", fix, "is missing")
	}
	monday, ok := report.WeekOf(c.String("week"))
	if !ok {
		return time.Time{}, fault.Usage("--week", fix, "%q is no week", c.String("week"))
	}
	return monday, nil
}
