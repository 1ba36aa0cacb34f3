package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/plumbline-data/plumbline/engine/attribution"
	"github.com/plumbline-data/plumbline/engine/ledger"
	"github.com/plumbline-data/plumbline/engine/report"
)

// publish puts the run's days and evaluations into the ledger, and its files beside it: all of it or nothing.
func (n *night) publish(ctx context.Context, held *ledger.State) (*Result, error) {
	o := n.options
	result := &Result{Findings: n.findings, Empty: n.findings.Outcomes.Predictions == 0, LedgerPath: o.Ledger, Inventory: n.plan.Inventory}
	leave := result.Empty && o.LeaveEmpty
	var err error
	if !leave {
		if result.FindingsPath, err = filepath.Abs(o.Findings); err != nil {
			return nil, fmt.Errorf("findings: %w", err)
		}
	}
	if result.ResultLine, err = resultLine(n.findings, result.FindingsPath); err != nil || leave {
		return result, err
	}
	edition, err := n.begin(ctx, held)
	if err != nil {
		return nil, err
	}
	files, err := stageFiles(o, n.findings, result.ResultLine)
	defer files.discard()
	if err != nil {
		return nil, errors.Join(err, edition.Abort())
	}
	rowFiles, err := n.put(ctx, edition, held)
	if err != nil {
		return nil, errors.Join(err, edition.Abort())
	}
	if err := edition.Commit(ctx, append(rowFiles, files.renames...)); err != nil {
		return nil, err
	}
	result.add(n)
	return result, nil
}

// add tells what a night took in again of the ledger, and what it kept.
func (r *Result) add(n *night) {
	r.Matured = append(slices.Clone(n.matured), r.Matured...)
	r.Rejudged += len(n.rejudged)
	r.Spared = append(slices.Clone(n.spared), r.Spared...)
	slices.SortFunc(r.Matured, func(a, b Matured) int { return a.Day.Compare(b.Day) })
	slices.Sort(r.Spared)
	r.Spared = slices.Compact(r.Spared)
}

// restate says of the ledger that it is as of the instant as of which the run judged.
func (n *night) restate(ctx context.Context, held *ledger.State) error {
	edition, err := n.begin(ctx, held)
	if err != nil {
		return err
	}
	if err := edition.Restate(ctx, n.span.asOf); err != nil {
		return errors.Join(err, edition.Abort())
	}
	return edition.Commit(ctx, nil)
}

// publishPiece puts days and evaluations into the ledger that are of no interval.
func (n *night) publishPiece(ctx context.Context, held *ledger.State) error {
	edition, err := n.begin(ctx, held)
	if err != nil {
		return err
	}
	renames, err := n.putDays(ctx, edition, held)
	if err != nil {
		return errors.Join(err, edition.Abort())
	}
	return edition.Commit(ctx, renames)
}

// errOvertaken tells that another run published while this one judged: what it found no longer so may be another by now.
var errOvertaken = errors.New("another run published meanwhile")

// begin begins an edition of the ledger; it is errOvertaken where that is not, under its lock, as it was when the run looked at it.
func (n *night) begin(ctx context.Context, held *ledger.State) (*ledger.Edition, error) {
	e, err := ledger.Begin(ctx, n.db, n.options.Ledger, n.ledgerOptions())
	if err != nil {
		return nil, err
	}
	moved, err := e.Overtaken(held)
	if err == nil && moved {
		err = errOvertaken
	}
	if err != nil {
		return nil, errors.Join(err, e.Abort())
	}
	return e, nil
}

// put writes all that the ledger is to hold of the run.
func (n *night) put(ctx context.Context, e *ledger.Edition, held *ledger.State) ([]ledger.Rename, error) {
	if err := n.putFiles(ctx, e); err != nil {
		return nil, err
	}
	return n.putDays(ctx, e, held)
}

// putDays writes what it is to hold of days and boundaries.
func (n *night) putDays(ctx context.Context, e *ledger.Edition, held *ledger.State) ([]ledger.Rename, error) {
	rowFiles, renames, err := n.rowFiles(ctx, e)
	if err != nil {
		return nil, err
	}
	if err := n.handOver(ctx, e, held); err != nil {
		return nil, err
	}
	if err := e.PutEvaluations(ctx, n.judged); err != nil {
		return nil, err
	}
	if err := e.PutRowFiles(ctx, rowDays(rowFiles), rowFiles); err != nil {
		return nil, err
	}
	return n.retain(ctx, e, renames)
}

// handOver puts the days that were taken in, but for those that the ledger's are better than, and brings the rest of the ledger to the instant as
// of which the run judged: as far as files still tell, nothing else in it was otherwise by then but counts of outcomes by the day of their event.
func (n *night) handOver(ctx context.Context, e *ledger.Edition, held *ledger.State) error {
	stale, fewer, err := e.StaleOutcomes(ctx)
	if err != nil {
		return err
	}
	keep, fresh, err := n.keepOutcomes(ctx, held, stale, fewer)
	if err != nil {
		return err
	}
	if err := e.KeepOutcomes(ctx, keep); err != nil {
		return err
	}
	if err := e.ReplaceDays(ctx, n.replacement(n.spared)); err != nil {
		return err
	}
	if err := e.RestateOutcomes(ctx, fresh); err != nil || held.Older || n.remains {
		return err // an older ledger is brought up to date first, and looked through by the next run
	}
	return e.Restate(ctx, n.span.asOf)
}

// retain keeps of row-level files what the loop's `retain` asks for: those of too old days go, and of the run's own those are not put in place.
func (n *night) retain(ctx context.Context, e *ledger.Edition, renames []ledger.Rename) ([]ledger.Rename, error) {
	if err := e.ExpireRows(ctx, retainDays(n.loop)); err != nil {
		return nil, err
	}
	listed, err := e.RowFiles(ctx)
	if err != nil {
		return nil, err
	}
	unlisted, err := e.Unlisted(ctx, rowsFolderOf(n.options.Ledger))
	e.RemoveAfter(unlisted)
	return slices.DeleteFunc(renames, func(r ledger.Rename) bool {
		return !slices.ContainsFunc(listed, func(f ledger.RowFile) bool { return f.Name == filepath.Base(r.To) })
	}), err
}

// putFiles writes which files the run read, and their schemas.
func (n *night) putFiles(ctx context.Context, e *ledger.Edition) error {
	var inputs []ledger.Input
	schemas := map[string]ledger.Schema{}
	var ordered []ledger.Schema
	for _, t := range n.plan.Inventory.Tables() {
		for _, f := range t.Files {
			i := ledger.Input{Input: t.Input, File: f.Name, Digest: f.Digest, Size: f.Size, SchemaID: f.SchemaID, Writer: f.Writer}
			if f.Rows >= 0 {
				i.Rows = &f.Rows
			}
			inputs = append(inputs, i)
			columns, err := json.Marshal(f.Columns)
			if err != nil {
				return fmt.Errorf("columns of %s: %w", f.Name, err)
			}
			s := ledger.Schema{Input: t.Input, ID: f.SchemaID, Columns: string(columns)}
			key := fmt.Sprintf("%d %s", s.ID, s.Input)
			if _, seen := schemas[key]; !seen {
				schemas[key] = s
				ordered = append(ordered, s)
			}
		}
	}
	if err := e.PutRun(ctx, ledger.Run{ID: n.runID, From: n.span.from, To: n.span.to, AsOf: n.options.AsOf, EngineVersion: Version}); err != nil {
		return err
	}
	if err := e.PutInputs(ctx, n.runID, inputs); err != nil {
		return err
	}
	return e.PutSchemas(ctx, ordered)
}

// rowFiles writes the row-level fingerprints of the days that `retain` keeps, of the interval and of those that were taken in again, one file a
// day, named by their content.
func (n *night) rowFiles(ctx context.Context, e *ledger.Edition) ([]ledger.RowFile, []ledger.Rename, error) {
	written, err := e.RowFiles(ctx)
	if err != nil {
		return nil, nil, err
	}
	days := map[attribution.Day]bool{}
	for d := laterDay(n.span.to.Add(-n.loop.Retain), n.span.from); d < attribution.DayOf(n.span.to); d++ {
		days[d] = true
	}
	for _, m := range n.matured {
		d := attribution.DayOf(m.Day)
		if slices.ContainsFunc(written, func(f ledger.RowFile) bool { return f.Day == d }) {
			days[d] = true
		}
	}
	folder := rowsFolderOf(n.options.Ledger)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, nil, fmt.Errorf("row-level files: %w", err)
	}
	var files []ledger.RowFile
	var renames []ledger.Rename
	for _, d := range slices.Sorted(maps.Keys(days)) {
		staged := filepath.Join(e.Staging(), d.Start().Format(time.DateOnly)+".parquet")
		f, err := n.rowFile(ctx, d, staged)
		if err != nil {
			return nil, nil, err
		}
		files = append(files, f)
		renames = append(renames, ledger.Rename{From: staged, To: filepath.Join(folder, f.Name), Before: true})
	}
	return files, renames, nil
}

// laterDay is the later of two instants as a day: the first that both let in.
func laterDay(a, b time.Time) attribution.Day {
	return max(attribution.DayOf(a), attribution.DayOf(b))
}

func rowDays(files []ledger.RowFile) []attribution.Day {
	days := make([]attribution.Day, len(files))
	for i, f := range files {
		days[i] = f.Day
	}
	return days
}

// rowFile writes one day.
func (n *night) rowFile(ctx context.Context, d attribution.Day, path string) (ledger.RowFile, error) {
	rows, err := n.deck.WriteRows(ctx, n.db, d.Start(), path)
	if err != nil {
		return ledger.RowFile{}, err
	}
	digest, err := ledger.DigestOf(path)
	if err != nil {
		return ledger.RowFile{}, fmt.Errorf("row-level file: %w", err)
	}
	return ledger.RowFile{Day: d, Name: d.Start().Format(time.DateOnly) + "-" + digest[:16] + ".parquet", Rows: rows, Digest: digest}, nil
}

// resultLine is the last line of stdout: one JSON object under 1 kB. A findings path that does not fit is left out.
func resultLine(f *report.Findings, path string) ([]byte, error) {
	line := struct {
		Loop         string   `json:"loop"`
		RunID        string   `json:"run_id"`
		From         string   `json:"from"`
		To           string   `json:"to"`
		Verdict      string   `json:"verdict"`
		Retrain      *bool    `json:"retrain"`
		Findings     int      `json:"findings"`
		Delta        *float64 `json:"delta"`
		FindingsPath string   `json:"findings_path"`
	}{f.Loop, f.RunID, f.Interval.From, f.Interval.To, f.Verdict, f.Retrain, len(f.Findings), f.Loss.Delta, path}
	b, err := json.Marshal(line)
	if err == nil && len(b) > 1000 {
		line.FindingsPath = ""
		b, err = json.Marshal(line)
	}
	return b, err
}
