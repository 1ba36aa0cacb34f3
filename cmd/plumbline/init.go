package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/plumbline-data/plumbline/engine"
	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/propose"
)

// initCommand proposes a loop file.
func initCommand(w *world) *cli.Command {
	flags := []cli.Flag{
		&cli.StringFlag{Name: "predictions", Usage: "the prediction log `P`: a Parquet or CSV file, a glob or a folder"},
		&cli.StringFlag{Name: "outcomes", Usage: "what the world did `O`, likewise"},
		&cli.StringSliceFlag{Name: "source", Usage: "`NAME=PATH` of a table that features are computed from; may be given several times"},
		&cli.StringFlag{Name: "out", Usage: "write the loop file to `F`, which must not be there yet (default: to stdout)"},
	}
	return &cli.Command{
		Name:      "init",
		UsageText: "plumbline init --predictions plumbline-demo/predictions.parquet --outcomes plumbline-demo/outcomes.parquet --source airports=plumbline-demo/airports.parquet --out plumbline-demo/mine.yaml",
		Usage:     "proposes a commented loop file from a prediction log, outcomes and sources",
		ArgsUsage: "--predictions P --outcomes O [--source NAME=PATH]... [--out F]",
		Description: "What the data tell is written with its evidence; what they do not tell is asked in a comment that begins with ASK.\n" +
			"Features that are columns or windows of a source are found by replaying them. The proposal passes plumbline check.",
		Flags:  slices.Concat(flags, machineFlags()),
		Action: func(c *cli.Context) error { return initLoop(c, w) },
	}
}

func initLoop(c *cli.Context, w *world) error {
	wanted, errWanted := wantedFiles(c)
	o, errOptions := options(c)
	to, errConsole := newConsole(c, w)
	if err := errors.Join(errWanted, errOptions, errConsole); err != nil {
		return err
	}
	o.Log, o.Progress = to.log, to.stage()
	proposal, err := w.engines.propose(c.Context, o, wanted)
	to.clear()
	if recipes := propose.Recipes(err); len(recipes) > 0 {
		if _, errOut := fmt.Fprint(w.stdout, strings.Join(recipes, ";\n\n")); errOut != nil {
			return errors.Join(err, fmt.Errorf("write to stdout: %w", errOut))
		}
	}
	if err != nil {
		return err
	}
	name := wanted.Out
	if name == "" {
		name = "loop.yaml" // as which it is to be kept
		if _, err := w.stdout.Write(proposal.YAML); err != nil {
			return fmt.Errorf("write to stdout: %w", err)
		}
	}
	next(to, name, proposal)
	return nil
}

const (
	// shellPlain are the letters that a shell takes as they are.
	shellPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./"
	longestLog = 30 * 366 * 24 * time.Hour
)

// next says what is left to do.
func next(to *console, name string, p *propose.Proposal) {
	event := to.log.Info().Str("loop_file", name).Int("questions", len(p.Questions))
	if len(p.Questions) > 0 {
		event.Msg("proposed: answer the questions, which are the lines that begin with ASK")
	} else {
		event.Msg("proposed: the data left nothing open")
	}
	if strings.ContainsFunc(name, func(r rune) bool { return !strings.ContainsRune(shellPlain, r) }) {
		name = "'" + strings.ReplaceAll(name, "'", `'\''`) + "'"
	}
	to.log.Info().Msg("next: plumbline check " + name)
	from, end := p.From.Truncate(24*time.Hour), p.To.Truncate(24*time.Hour).AddDate(0, 0, 1)
	if end.Sub(from) < longestLog { // else some instant is a slip of the pen
		to.log.Info().Msg(fmt.Sprintf("then: plumbline run %s --from %s --to %s", name, from.Format(time.DateOnly), end.Format(time.DateOnly)))
	}
}

// wantedFiles reads the flags that name files.
func wantedFiles(c *cli.Context) (engine.Wanted, error) {
	w := engine.Wanted{Predictions: c.String("predictions"), Outcomes: c.String("outcomes"), Out: c.String("out")}
	var errs []error
	for _, flag := range []string{"predictions", "outcomes"} {
		if c.String(flag) == "" {
			errs = append(errs, fault.Usage("--"+flag, "write --"+flag+" PATH, a Parquet or CSV file, a glob or a folder", "is missing"))
		}
	}
	if c.Args().Len() > 0 {
		errs = append(errs, fault.Usage("", "name files by flags: plumbline init --predictions P --outcomes O", "init takes no arguments, and is given %s", strings.Join(c.Args().Slice(), ", ")))
	}
	seen := map[string]bool{}
	for _, s := range c.StringSlice("source") {
		name, path, ok := strings.Cut(s, "=")
		switch {
		case !ok || name == "" || path == "":
			errs = append(errs, fault.Usage("--source", "write --source NAME=PATH, as in --source weather=weather.parquet", "%q is no name and path", s))
		case seen[name] || name == "predictions" || name == "outcomes":
			errs = append(errs, fault.Usage("--source", "give each source a name of its own", "%q is taken", name))
		}
		seen[name] = true
		w.Sources = append(w.Sources, engine.Named{Name: name, Path: path})
	}
	return w, errors.Join(errs...)
}
