package main

import (
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/plumbline-data/plumbline/engine"
)

// ledgerCommand tells what a ledger holds.
func ledgerCommand(w *world) *cli.Command {
	return &cli.Command{
		Name:      "ledger",
		UsageText: "plumbline ledger plumbline-demo/loop.yaml --verify",
		Usage:     "tells what a loop's ledger holds; checks it, or writes it anew",
		ArgsUsage: "LOOP [--verify] [--compact] [flags]",
		Description: "--verify holds balances, cells and accounts against one another, and row-level files against their digests; a ledger that\n" +
			"fails a check ends with exit code 1. --compact checks it too, and then writes it anew under its lock.",
		Flags: append([]cli.Flag{
			&cli.BoolFlag{Name: "verify", Usage: "check all that is in it, and the row-level files beside it"},
			&cli.BoolFlag{Name: "compact", Usage: "write it anew, without what was replaced, and remove row-level files that it does not list"},
		}, append(ledgerFlags(), machineFlags()...)...),
		Action: func(c *cli.Context) error { return keepLedger(c, w) },
	}
}

func keepLedger(c *cli.Context, w *world) error {
	loop, errLoop := oneLoop(c)
	o, errOptions := options(c)
	to, errConsole := newConsole(c, w)
	if err := errors.Join(errLoop, errOptions, errConsole); err != nil {
		return err
	}
	o.LoopFile, o.Log, o.Progress = loop, to.log, to.stage()
	h, err := w.engines.keep(c.Context, o, engine.Keeping{Verify: c.Bool("verify"), Compact: c.Bool("compact")})
	to.clear()
	if err != nil {
		return err
	}
	if err := h.WriteText(w.stdout); err != nil {
		return fmt.Errorf("write to stdout: %w", err)
	}
	if len(h.Failures) > 0 {
		return engine.Unsound(h)
	}
	return nil
}
