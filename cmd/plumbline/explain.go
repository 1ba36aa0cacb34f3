package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/plumbline-data/plumbline/engine/fault"
)

// explainCommand tells one finding in full.
func explainCommand(w *world) *cli.Command {
	return &cli.Command{
		Name:      "explain",
		UsageText: "plumbline explain plumbline-demo/loop.yaml F-f7f0",
		Usage:     "tells one finding in full: proof, rows with served and replayed values, days, lineage, what to do",
		ArgsUsage: "LOOP FINDING [flags]",
		Description: "FINDING is an id, or the beginning of one. The last evaluation that holds it is told, from the ledger alone,\n" +
			"which is only read.",
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "ledger", Usage: "read the ledger in file `F` (default: <loop>.duckdb beside the loop file)"},
		}, machineFlags()...),
		Action: func(c *cli.Context) error { return explain(c, w) },
	}
}

func explain(c *cli.Context, w *world) error {
	loop, finding, errPlain := loopAndFinding(c)
	o, errOptions := options(c)
	to, errConsole := newConsole(c, w)
	if err := errors.Join(errPlain, errOptions, errConsole); err != nil {
		return err
	}
	o.LoopFile, o.Log, o.Progress = loop, to.log, to.stage()
	explained, err := w.engines.explain(c.Context, o, finding)
	to.clear()
	if err != nil {
		return err
	}
	if err := explained.WriteText(w.stdout); err != nil {
		return fmt.Errorf("write to stdout: %w", err)
	}
	return nil
}

// loopAndFinding returns the two arguments.
func loopAndFinding(c *cli.Context) (loop, finding string, err error) {
	usage := "write plumbline " + c.Command.Name + " LOOP FINDING, the path of a loop file and the id of a finding, or the beginning of one"
	args := c.Args().Slice()
	switch {
	case len(args) == 0:
		return "", "", fault.Usage("", usage, "LOOP and FINDING are missing")
	case len(args) == 1:
		return "", "", fault.Usage("", usage, "FINDING is missing")
	case len(args) > 2:
		return "", "", fault.Usage("", usage, "%s takes one LOOP and one FINDING, not %d arguments: %s", c.Command.Name, len(args), strings.Join(args, ", "))
	case args[0] == "" || args[1] == "":
		return "", "", fault.Usage("", usage, "an argument is empty")
	}
	return args[0], args[1], nil
}
