// Command plumbline checks what a model said against what the world did, night by night, and follows an error back to
// the pipe that caused it. Flags go in, an engine call is made, its answer is rendered: nothing is computed here.
package main

import (
	"context"
	"os"

	"github.com/plumbline-data/plumbline/engine"
)

func main() {
	ctx, release := untilStopped(context.Background(), grace, os.Stderr, os.Exit)
	code := run(ctx, os.Args, os.Stdout, os.Stderr, os.Getenv, engines{propose: engine.Propose, check: engine.Check, run: engine.Run, weekly: engine.Weekly, explain: engine.Explain, affected: engine.Affected, keep: engine.Keep})
	release()
	os.Exit(code)
}
