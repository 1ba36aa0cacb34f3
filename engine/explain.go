package engine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/plumbline-data/plumbline/engine/cause"
	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/ledger"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/report"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

// Explain tells one finding in full, from the loop file and its ledger alone, which stays as it is: the last evaluation that
// holds the finding. It is named by its id or by how that begins, with or without F-.
func Explain(ctx context.Context, o Options, finding string) (x *report.Explanation, err error) {
	err = o.onLedger(ctx, func(o Options, l *loop.Loop, db *warehouse.DB) error {
		x, err = explainFrom(ctx, o, l, db, finding)
		return err
	})
	return x, err
}

// onLedger loads the loop and calls f with a connection over its ledger, which must be there.
func (o Options) onLedger(ctx context.Context, f func(Options, *loop.Loop, *warehouse.DB) error) error {
	l, err := loop.Load(o.LoopFile)
	if err != nil {
		return err
	}
	if err := o.findLedger(l); err != nil {
		return err
	}
	spill, err := newSpill(o.Temp)
	if err != nil {
		return err
	}
	db, err := o.overLedger(ctx, spill)
	if err == nil {
		err = errors.Join(f(o, l, db), db.Close())
	}
	if err := spill.remove(); err != nil {
		o.Log.Warn().Err(err).Msg("cleaning up")
	}
	return err
}

// findLedger names the loop's ledger where none is named, which must be there.
func (o *Options) findLedger(l *loop.Loop) error {
	if o.Ledger == "" {
		o.Ledger = filepath.Join(l.Dir, l.Name+".duckdb")
	}
	if _, err := os.Stat(o.Ledger); errors.Is(err, fs.ErrNotExist) {
		return &fault.Fault{Where: o.Ledger, What: "no ledger there", Err: fs.ErrNotExist,
			Fix: "plumbline run " + l.File + " makes it; --ledger names one that is elsewhere"}
	}
	return nil
}

// overLedger opens a connection that may see the ledger's folder and no other.
func (o Options) overLedger(ctx context.Context, spill *spill) (*warehouse.DB, error) {
	if o.Memory == 0 {
		o.Memory = DefaultMemory()
	}
	allowed := []string{filepath.Dir(o.Ledger)}
	if real, err := filepath.EvalSymlinks(o.Ledger); err == nil {
		allowed = append(allowed, filepath.Dir(real))
	}
	return warehouse.Open(ctx, warehouse.Options{
		Threads: o.Threads, Memory: o.Memory, Temp: spill.folder, Allowed: allowed, Log: o.Log, Progress: o.Progress,
	})
}

// explainFrom reads the ledger.
func explainFrom(ctx context.Context, o Options, l *loop.Loop, db *warehouse.DB, finding string) (x *report.Explanation, err error) {
	r, err := ledger.Open(ctx, db, o.Ledger, l.Name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	known, err := r.KnownFindings(ctx)
	if err != nil {
		return nil, err
	}
	which, err := choose(known, finding, o.Ledger)
	if err != nil {
		return nil, err
	}
	return explanation(ctx, r, l, which)
}

// choose finds the finding that is meant.
func choose(known []ledger.KnownFinding, asked, path string) (ledger.KnownFinding, error) {
	if len(known) == 0 {
		return ledger.KnownFinding{}, fault.Usage(path, "plumbline run takes days in and looks for findings", "the ledger holds no finding")
	}
	var found []ledger.KnownFinding
	low := strings.ToLower(asked)
	for _, k := range known {
		id := strings.ToLower(k.ID)
		if id == low {
			return k, nil
		}
		if asked != "" && (strings.HasPrefix(id, low) || strings.HasPrefix(id, "f-"+low)) {
			found = append(found, k)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return ledger.KnownFinding{}, fault.Usage(path, "the ledger holds "+listFindings(known), "there is no finding %q", asked)
	}
	return ledger.KnownFinding{}, fault.Usage(path, "write more of it: "+listFindings(found), "%q is the beginning of %d findings", asked, len(found))
}

// listFindings names findings for a message.
func listFindings(known []ledger.KnownFinding) string {
	const most = 20
	var parts []string
	for i, k := range known {
		if i == most {
			parts = append(parts, fmt.Sprintf("and %d more", len(known)-most))
			break
		}
		parts = append(parts, fmt.Sprintf("%s (%s at %q, last at %s)", k.ID, k.Cause, k.Node, date(stamp(k.Last.Start()))))
	}
	return strings.Join(parts, ", ")
}

// explanation gathers what the ledger and the loop file tell of a finding.
func explanation(ctx context.Context, r *ledger.Reader, l *loop.Loop, which ledger.KnownFinding) (*report.Explanation, error) {
	all, err := r.Evaluations(ctx, which.Last, which.Last+1)
	if err != nil {
		return nil, err
	}
	x := &report.Explanation{Boundary: which.Last.Start(), Newest: which.Last.Start()}
	for _, e := range all {
		for i := range e.Findings.Findings {
			if e.Findings.Findings[i].ID == which.ID {
				x.Findings, x.Finding = e.Findings, &e.Findings.Findings[i]
			}
		}
	}
	if x.Finding == nil {
		return nil, fmt.Errorf("ledger: the evaluation at %s lacks the finding %s that is listed for it", date(stamp(x.Boundary)), which.ID)
	}
	x.About = cause.About(cause.Name(x.Finding.Cause))
	if newest, ok, err := r.Newest(ctx); err != nil {
		return nil, err
	} else if ok {
		x.Newest = newest.Start()
	}
	detail, err := r.Detail(ctx, which.Last, which.ID)
	if err != nil {
		return nil, err
	}
	x.Proof = detail.Proof[:min(len(detail.Proof), shownRows)]
	for _, d := range detail.Days {
		x.Days = append(x.Days, report.DayShare{Day: d.Day.Start(), Rows: d.Rows, Share: d.Share})
	}
	x.Way = wayOf(l, x.Finding)
	return x, nil
}
