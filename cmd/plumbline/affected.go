package main

import (
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/plumbline-data/plumbline/engine/fault"
)

// affectedCommand writes the predictions that a finding hits.
func affectedCommand(w *world) *cli.Command {
	return &cli.Command{
		Name:      "affected",
		UsageText: "plumbline affected plumbline-demo/loop.yaml F-f7f0 --out plumbline-demo/affected.parquet",
		Usage:     "writes the predictions that a finding hit, with the values and scores that they should have had",
		ArgsUsage: "LOOP FINDING --out F.parquet [flags]",
		Description: "FINDING is an id, or the beginning of one. The last evaluation that holds it is made once more from the loop's files,\n" +
			"with the scorer where there is one; the ledger is only read. The file holds the predictions of that evaluation's window\n" +
			"and, before it, of the finding's episodes among the days that it looks at.",
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "out", Usage: "write the Parquet file `F`, which may replace an earlier one of this command"},
			&cli.StringFlag{Name: "ledger", Usage: "read the ledger in file `F` (default: <loop>.duckdb beside the loop file)"},
		}, machineFlags()...),
		Action: func(c *cli.Context) error { return affected(c, w) },
	}
}

func affected(c *cli.Context, w *world) error {
	loop, finding, errPlain := loopAndFinding(c)
	var errOut error
	if c.String("out") == "" {
		errOut = fault.Usage("--out", "write --out F.parquet, the file to write", "is missing")
	}
	o, errOptions := options(c)
	to, errConsole := newConsole(c, w)
	if err := errors.Join(errPlain, errOut, errOptions, errConsole); err != nil {
		return err
	}
	o.LoopFile, o.Log, o.Progress = loop, to.log, to.stage()
	written, err := w.engines.affected(c.Context, o, finding, c.String("out"))
	to.clear()
	if err != nil {
		return err
	}
	if err := written.WriteText(w.stdout); err != nil {
		return fmt.Errorf("write to stdout: %w", err)
	}
	return nil
}
