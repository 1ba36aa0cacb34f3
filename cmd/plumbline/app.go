package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/plumbline-data/plumbline/engine"
	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/propose"
	"github.com/plumbline-data/plumbline/engine/report"
)

// Exit codes.
const (
	codeDone        = 0   // done, whatever was found
	codeFailed      = 1   // the data cannot be read, or the run failed
	codeUsage       = 2   // the command line, the loop file, or a column or type that it names is wrong
	codeFindings    = 3   // findings at or above --fail-on
	codeSkipped     = 99  // nothing to do, under --on-empty skip
	codeInterrupted = 130 // stopped by SIGINT
	codeTerminated  = 143 // stopped by SIGTERM
)

// engines are the calls that the commands make, so that a test can answer for them.
type engines struct {
	check func(context.Context, engine.Options) (*engine.Checked, error)
	run   func(context.Context, engine.Options) (*engine.Result, error)

	propose func(context.Context, engine.Options, engine.Wanted) (*propose.Proposal, error)

	weekly  func(context.Context, engine.Options, []string, time.Time) (*report.Weekly, error)
	explain func(context.Context, engine.Options, string) (*report.Explanation, error)
	keep    func(context.Context, engine.Options, engine.Keeping) (*report.Holdings, error)

	affected func(ctx context.Context, o engine.Options, finding, out string) (*report.Affected, error)
}

// world is what a command sees of the process around it.
type world struct {
	stdout, stderr io.Writer
	getenv         func(string) string
	engines        engines
}

// ending is a code for a command that has already said all there is to say.
type ending struct{ code int }

// Error is never shown.
func (e *ending) Error() string { return fmt.Sprintf("exit code %d", e.code) }

// run is the program: args as in os.Args, results to stdout, words to stderr. It returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer, getenv func(string) string, e engines) (code int) {
	defer func() {
		if p := recover(); p != nil {
			fmt.Fprintf(stderr, "plumbline: internal error: %v\n%s", p, debug.Stack())
			code = codeFailed
		}
	}()
	app := newApp(&world{stdout: stdout, stderr: stderr, getenv: getenv, engines: e})
	args, err := arrange(app, args)
	if err == nil {
		err = app.RunContext(ctx, args)
	}
	return exitCode(ctx, stderr, err)
}

// exitCode turns what a command came to into an exit code, and says what went wrong.
func exitCode(ctx context.Context, stderr io.Writer, err error) int {
	if err == nil {
		return codeDone
	}
	if end, ok := errors.AsType[*ending](err); ok {
		return end.code
	}
	if stop, ok := errors.AsType[*stopped](context.Cause(ctx)); ok {
		if !errors.Is(err, context.Canceled) && !errors.Is(err, stop) {
			fmt.Fprint(stderr, fault.Text("plumbline", err))
		}
		fmt.Fprintf(stderr, "plumbline: %v; the ledger is as it was\n", stop)
		return stop.code
	}
	fmt.Fprint(stderr, fault.Text("plumbline", err))
	if fault.IsUsage(err) {
		return codeUsage
	}
	return codeFailed
}

func newApp(w *world) *cli.App {
	app := &cli.App{
		Name:            "plumbline",
		HelpName:        "plumbline",
		Usage:           "follows a model's errors back to the pipe that caused them",
		Version:         engine.Version,
		Writer:          w.stdout,
		ErrWriter:       w.stderr,
		Commands:        []*cli.Command{demoCommand(w), initCommand(w), checkCommand(w), runCommand(w), explainCommand(w), affectedCommand(w), reportCommand(w), ledgerCommand(w), completionCommand(w), helpCommand()},
		HideHelpCommand: true,

		DisableSliceFlagSeparator: true, // a path may hold a comma
		CustomAppHelpTemplate:     appHelp,
		OnUsageError:              wrongUsage,
		ExitErrHandler:            func(*cli.Context, error) {},
		Action: func(*cli.Context) error {
			return fault.Usage("", "write plumbline COMMAND; plumbline help lists the commands", "no command is given")
		},
	}
	for _, c := range app.Commands {
		c.HideHelpCommand = true
		c.OnUsageError = wrongUsage
		c.CustomHelpTemplate = commandHelp
	}
	return app
}

// wrongUsage answers for a flag whose value cannot be parsed; everything else about flags is seen by arrange.
func wrongUsage(c *cli.Context, err error, _ bool) error {
	where := "plumbline"
	if c.Command != nil && c.Command.Name != "" && c.Command.Name != where {
		where += " " + c.Command.Name
	}
	return fault.Usage("", where+" --help lists the flags and their units", "%v", err)
}
