package main

import (
	"errors"

	"github.com/urfave/cli/v2"
)

// checkCommand holds a loop file against its files.
func checkCommand(w *world) *cli.Command {
	return &cli.Command{
		Name:      "check",
		UsageText: "plumbline check plumbline-demo/loop.yaml",
		Usage:     "holds a loop file against its files and prints what it understood; reads no rows",
		ArgsUsage: "LOOP [flags]",
		Flags:     machineFlags(),
		Action: func(c *cli.Context) error {
			loop, errLoop := oneLoop(c)
			o, errOptions := options(c)
			to, errConsole := newConsole(c, w)
			if err := errors.Join(errLoop, errOptions, errConsole); err != nil {
				return err
			}
			o.LoopFile, o.Log, o.Progress = loop, to.log, to.stage()
			checked, err := w.engines.check(c.Context, o)
			to.clear()
			if err != nil {
				return err
			}
			return understood(w.stdout, checked)
		},
	}
}
