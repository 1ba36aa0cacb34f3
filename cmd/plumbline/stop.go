package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// grace is how long a stopped command may take to put its work away: well under the 5 s after which schedulers kill, for a machine that is busy.
const grace = 3500 * time.Millisecond

// stopped is the cause of a context that a signal cancelled.
type stopped struct {
	name string // SIGTERM or SIGINT
	code int    // 128 + the signal's number
}

// Error names the signal.
func (s *stopped) Error() string { return "stopped by " + s.name }

func stoppedBy(s os.Signal) *stopped {
	if s == syscall.SIGTERM {
		return &stopped{name: "SIGTERM", code: codeTerminated}
	}
	return &stopped{name: "SIGINT", code: codeInterrupted}
}

// untilStopped returns a context that SIGTERM or SIGINT cancels, with a *stopped as its cause. If the work has not put
// itself away within the patience, or a second signal comes, exit is called at once: whatever a run has not
// published by then is not in the ledger. Call release when the work is done.
func untilStopped(parent context.Context, patience time.Duration, stderr io.Writer, exit func(code int)) (ctx context.Context, release func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 2)
	done := make(chan struct{})
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		var first *stopped
		select {
		case s := <-signals:
			first = stoppedBy(s)
		case <-done:
			return
		}
		cancel(first)
		select {
		case s := <-signals:
			exit(stoppedBy(s).code)
		case <-time.After(patience):
			fmt.Fprintf(stderr, "plumbline: %v, and gone without waiting for work that did not stop in %v; the ledger holds whole runs only\n", first, patience)
			exit(first.code)
		case <-done:
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(done)
		cancel(nil)
	}
}
