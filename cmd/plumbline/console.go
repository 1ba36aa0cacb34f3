package main

import (
	"io"
	"os"
	"time"

	"github.com/rs/zerolog"
	"github.com/urfave/cli/v2"
)

// console is where a command's words go: log lines, and on a terminal a line of progress below them.
type console struct {
	log      zerolog.Logger
	out      io.Writer // for words that are not log lines
	json     bool      // the log is JSON, so every line on stderr has to be
	progress *progress // nil unless stderr is a terminal
}

// newConsole reads --log-format. Colour and progress are for terminals only; NO_COLOR turns colour off.
func newConsole(c *cli.Context, w *world) (*console, error) {
	format, err := oneOf(c, "log-format", "auto", "auto", "console", "json")
	if err != nil {
		return nil, err
	}
	terminal := isTerminal(w.stderr) && w.getenv("TERM") != "dumb"
	if format == "json" || format == "auto" && !terminal {
		return &console{log: newLog(w.stderr), out: w.stderr, json: true}, nil
	}
	to := &console{out: w.stderr}
	if terminal {
		to.progress = &progress{out: w.stderr}
		to.out = to.progress
	}
	to.log = newLog(zerolog.ConsoleWriter{
		Out:          to.out,
		NoColor:      !terminal || w.getenv("NO_COLOR") != "",
		TimeFormat:   time.TimeOnly,
		TimeLocation: time.UTC,
	})
	return to, nil
}

// stage is what the engine calls as each stage begins; nil where nobody watches.
func (to *console) stage() func(string) {
	if to.progress == nil {
		return nil
	}
	return to.progress.show
}

// clear takes the line of progress away.
func (to *console) clear() {
	if to.progress != nil {
		to.progress.clear()
	}
}

func newLog(out io.Writer) zerolog.Logger {
	return zerolog.New(out).Level(zerolog.InfoLevel).Hook(zerolog.HookFunc(func(e *zerolog.Event, _ zerolog.Level, _ string) {
		e.Str(zerolog.TimestampFieldName, time.Now().UTC().Format("2006-01-02T15:04:05.000Z07:00"))
	}))
}

// isTerminal tells whether w is a character device. The null device is one too: nobody sees the difference.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
