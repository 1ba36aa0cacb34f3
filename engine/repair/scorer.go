package repair

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
	"unicode"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/plumbline-data/plumbline/engine/attribution"
	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/plan"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

const (
	// shownOfStderr is how many bytes of what a failed scorer wrote last are shown.
	shownOfStderr = 2000

	// sameModel is the share of a version's logged scores that a scorer of the same model explains: all but what rounding takes.
	sameModel = 0.9999

	// patience is how long a scorer that is told to end has until it is killed.
	patience = 2 * time.Second
)

// scorerRows chooses the predictions that the scorer is to score.
type scorerRows struct{ Examples bool }

// scorerInput is the columns of the file that it reads.
type scorerInput struct {
	Nothing            bool // an empty answer, of prediction_id and score
	Instants, Versions bool
	Inputs             []scorerFeature
	Mends              []int
}

type scorerFeature struct {
	side
	Name              string
	Boolean, Repaired bool
}

// measure has the scorer score the examples as they were served. It scores the versions whose logged scores it gives: of others,
// which another model made, it says nothing.
func (r *repairer) measure(ctx context.Context) ([]attribution.Fit, error) {
	if r.plan.Loop.Scorer == nil {
		return nil, nil
	}
	if err := r.db.Run(ctx, "480_int_scorer_rows", scorerRows{Examples: true}, nil); err != nil {
		return nil, err
	}
	if err := r.score(ctx, nil); err != nil {
		return nil, err
	}
	byVersion := map[string][]attribution.Held{}
	err := r.db.Query(ctx, "484_out_residuals", nil, nil, func(rows *sql.Rows) error {
		var version, print string
		var logged, scored float64
		if err := rows.Scan(&version, &print, &logged, &scored); err != nil {
			return err
		}
		if place, known := r.prints[print]; known {
			link := r.link(logged)
			byVersion[version] = append(byVersion[version], attribution.Held{Fingerprint: place, Score: link, Residual: link - r.link(scored)})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var fits []attribution.Fit
	for _, version := range slices.Sorted(maps.Keys(byVersion)) {
		place, known := r.versions[version]
		if fidelity := attribution.Explained(byVersion[version]); fidelity < sameModel {
			r.notes = append(r.notes, fmt.Sprintf("scorer_differs: the scorer explains %.4f of the logged scores of version %q: what these lose is distilled from the log", fidelity, version))
			continue
		}
		if known {
			r.measured = append(r.measured, version)
			fits = append(fits, attribution.Fit{Version: place, Basis: attribution.Measured, Held: byVersion[version]})
		}
	}
	return fits, nil
}

// scoreRepaired has the scorer score the predictions to be repaired as they were served and under each coalition, and adds to int_repaired
// where that moves their logged scores.
func (r *repairer) scoreRepaired(ctx context.Context) error {
	if len(r.measured) == 0 {
		return nil
	}
	asked := func(coalition int64) map[string]any {
		return map[string]any{"coalition": coalition, "versions": r.measured}
	}
	if err := r.db.Run(ctx, "480_int_scorer_rows", scorerRows{}, asked(-1)); err != nil {
		return err
	}
	if err := r.score(ctx, nil); err != nil {
		return err
	}
	if err := r.db.Run(ctx, "485_int_served_scores", nil, nil); err != nil {
		return err
	}
	for coalition, features := range r.coalitions {
		if err := r.db.Run(ctx, "480_int_scorer_rows", scorerRows{}, asked(int64(coalition))); err != nil {
			return err
		}
		if err := r.score(ctx, features); err != nil {
			return err
		}
		if err := r.db.Run(ctx, "486_int_repaired_scored", r.data, map[string]any{"coalition": int64(coalition)}); err != nil {
			return err
		}
	}
	return nil
}

// score has the scorer score int_scorer_rows with some features repaired: int_scored. It is not called where there are none.
func (r *repairer) score(ctx context.Context, repaired []int) (err error) {
	folder, err := filepath.Abs(r.work.Folder) // the scorer runs in another
	if err != nil {
		return err
	}
	in, out := filepath.Join(folder, "scorer-in.parquet"), filepath.Join(folder, "scorer-out.parquet")
	defer func() {
		for _, path := range []string{in, out} {
			if gone := os.Remove(path); gone != nil && !errors.Is(gone, os.ErrNotExist) {
				err = errors.Join(err, gone)
			}
		}
	}()
	rows := int64(0)
	err = r.db.Query(ctx, "481_out_scorer_input", r.input(repaired), map[string]any{"path": in}, func(q *sql.Rows) error { return q.Scan(&rows) })
	if err != nil {
		return err
	}
	read := out
	if rows > 0 {
		err = r.call(ctx, in, out)
	} else {
		read = in + ".none"
		err = r.db.Query(ctx, "481_out_scorer_input", scorerInput{Nothing: true}, map[string]any{"path": read}, func(*sql.Rows) error { return nil })
		defer func() { err = errors.Join(err, os.Remove(read)) }()
	}
	if err != nil {
		return err
	}
	if err := r.db.Run(ctx, "482_int_scored", nil, map[string]any{"path": read}); err != nil {
		if ctx.Err() == nil && unreadable(err) {
			return fault.Data(r.where(), "write prediction_id and score, a number, to the Parquet file that the last argument names", "scorer: what %s wrote cannot be read: %v", r.plan.Loop.Scorer.Command[0], err)
		}
		return err
	}
	return r.checkScores(ctx)
}

// call runs the scorer on a file and makes sure that it wrote the other.
func (r *repairer) call(ctx context.Context, in, out string) error {
	s := r.plan.Loop.Scorer
	if err := runScorer(ctx, s, r.plan.Loop.Dir, r.where(), in, out); err != nil {
		return err
	}
	if _, err := os.Stat(out); err != nil {
		return fault.Data(r.where(), "write prediction_id and score to the Parquet file that the last argument names", "scorer: %s ended well and wrote no file", s.Command[0])
	}
	return nil
}

// unreadable tells errors of what a file holds from those of the machine.
func unreadable(err error) bool {
	_, ofRows := warehouse.OfRows(err)
	var said *duckdb.Error
	return ofRows || errors.As(err, &said) && (said.Type == duckdb.ErrorTypeBinder || said.Type == duckdb.ErrorTypeInvalidInput || said.Type == duckdb.ErrorTypeConversion)
}

func (r *repairer) where() string { return r.plan.Loop.Where("scorer.command") }

// input says which columns the scorer reads.
func (r *repairer) input(repaired []int) scorerInput {
	d := scorerInput{Instants: true, Versions: true}
	for i := range r.plan.Features {
		f := &r.plan.Features[i]
		switch strings.ToLower(f.Decl.Name) {
		case "predicted_at":
			d.Instants = false
		case "model_version":
			d.Versions = false
		}
		one := scorerFeature{side: r.data.Features[i].Served, Name: f.Decl.Name, Boolean: f.Class == plan.Boolean}
		if repaired != nil && repaired[i] > 0 {
			one.Repaired, one.Mend = true, repaired[i]-1
			if one.Mend > 0 && !slices.Contains(d.Mends, one.Mend) {
				d.Mends = append(d.Mends, one.Mend)
			}
		}
		d.Inputs = append(d.Inputs, one)
	}
	return d
}

// checkScores holds what the scorer wrote against what it was asked.
func (r *repairer) checkScores(ctx context.Context) error {
	var asked, scored, repeated, strange, bad int64
	var shown sql.NullString
	err := r.db.Query(ctx, "483_out_score_faults", r.data, nil, func(rows *sql.Rows) error {
		return rows.Scan(&asked, &scored, &repeated, &strange, &bad, &shown)
	})
	if err != nil {
		return err
	}
	wrong := func(format string, args ...any) error {
		return fault.Data(r.where(), "have the scorer write one row with a finite score for each row that it reads, under the same prediction_id", "scorer: "+format, args...)
	}
	switch {
	case repeated > 0:
		return wrong("%d of its %d rows are of a prediction_id that it wrote before, as %q", repeated, scored, shown.String)
	case strange > 0:
		return wrong("%d of its %d rows are of a prediction_id that it was not asked, as %q", strange, scored, shown.String)
	case scored != asked:
		return wrong("it was asked %d predictions and scored %d", asked, scored)
	case bad > 0 && r.data.Binary:
		return wrong("%d of its %d scores are no chances between 0 and 1, as that of %q", bad, scored, shown.String)
	case bad > 0:
		return wrong("%d of its %d scores are no numbers below 1e12, as that of %q", bad, scored, shown.String)
	}
	return nil
}

// runScorer runs the command in the loop file's folder. It and what it started are ended with the context, or after its time.
func runScorer(ctx context.Context, s *loop.Scorer, dir, where, in, out string) error {
	timed, cancel := context.WithTimeout(ctx, s.Timeout)
	defer cancel()
	c := exec.CommandContext(timed, s.Command[0], append(slices.Clone(s.Command[1:]), in, out)...)
	c.Dir = dir
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	runtime.LockOSThread() // the kernel takes the end of the thread that starts it for that of the program
	defer runtime.UnlockOSThread()
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGTERM) }
	c.WaitDelay = patience
	said := &tail{most: shownOfStderr}
	c.Stderr = said
	err := c.Run()
	if c.Process != nil {
		_ = syscall.Kill(-c.Process.Pid, syscall.SIGKILL) // what outlived it; gone already, most times
	}
	switch {
	case err == nil || errors.Is(err, exec.ErrWaitDelay) && c.ProcessState.Success():
		return nil // what it started may have held its stderr
	case ctx.Err() != nil:
		return fmt.Errorf("scorer: %w", context.Cause(ctx))
	case timed.Err() != nil:
		return fault.Data(where, "give it more time with scorer.timeout, or make it faster", "scorer: %s did not end within %s%s", s.Command[0], loop.FormatDuration(s.Timeout), said.quoted())
	}
	return fault.Data(where, "run the command by hand on a Parquet file with prediction_id and the features, or take scorer: out of the loop file: costs are then distilled from the log",
		"scorer: %s: %v%s", s.Command[0], err, said.quoted())
}

// tail keeps the last bytes written to it.
type tail struct {
	most int
	kept []byte
	cut  bool
}

func (t *tail) Write(p []byte) (int, error) {
	t.kept = append(t.kept, p...)
	if over := len(t.kept) - t.most; over > 0 {
		t.kept, t.cut = slices.Delete(t.kept, 0, over), true
	}
	return len(p), nil
}

func (t *tail) quoted() string {
	text := strings.TrimSpace(strings.Map(func(c rune) rune {
		if c != '\n' && unicode.IsControl(c) {
			return ' ' // no escape sequence reaches a terminal
		}
		return c
	}, strings.ToValidUTF8(string(t.kept), "?")))
	switch {
	case text == "":
		return "; it said nothing"
	case t.cut:
		return "; it said last: ..." + text
	}
	return "; it said: " + text
}
