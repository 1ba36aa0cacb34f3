package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"time"

	"github.com/plumbline-data/plumbline/engine/attribution"
)

// State is what the next run must know of a ledger, to tell what in it is no longer as it should be.
type State struct {
	// AsOf and Since are the newest and the oldest instant as of which something in it is; zero where it holds nothing.
	AsOf, Since time.Time
	// Older tells that its schema is an older one.
	Older      bool
	Days       []StateDay // ascending
	Boundaries []Judged   // ascending
	Files      []ReadFile // that runs read, as long as that is kept

	file os.FileInfo // of the ledger as it was read; nil where there was none
}

// StateDay is a day of a State.
type StateDay struct {
	DayRow
	Age     int16            // the greatest at which an outcome became known or changed; -1: none did
	Differs bool             // what was served contradicts a replay
	Found   map[string]int64 // by join: predictions that found a row
}

// ReadFile is a file that runs read, at its largest.
type ReadFile struct {
	Input, File string
	Rows        int64 // -1 where that is not known
	Size        int64 // bytes
}

// Judged is a boundary of a State.
type Judged struct {
	Boundary attribution.Day
	AsOf     time.Time
	Findings []JudgedFinding
}

// JudgedFinding is a finding of a Judged, as far as what becomes known later can change what is said of it.
type JudgedFinding struct {
	Cause, Node, Job  string
	Sources, Features []string
	Onset             time.Time // UTC
	Evidence          []string
}

// At finds what is held of a day; nil where nothing is.
func (s *State) At(day attribution.Day) *StateDay {
	i, ok := s.from(day)
	if !ok {
		return nil
	}
	return &s.Days[i]
}

// From gives the days from one on.
func (s *State) From(day attribution.Day) []StateDay {
	i, _ := s.from(day)
	return s.Days[i:]
}

func (s *State) from(day attribution.Day) (int, bool) {
	return slices.BinarySearchFunc(s.Days, day, func(d StateDay, day attribution.Day) int { return int(d.Day - day) })
}

// Overtaken tells whether something was published to the ledger since its state was read. Every publication is another file.
func (e *Edition) Overtaken(s *State) (bool, error) {
	now, err := os.Stat(e.path)
	if errors.Is(err, fs.ErrNotExist) {
		return s.file != nil, nil
	}
	if err != nil {
		return false, unreadableFile(e.path, err)
	}
	return s.file == nil || !os.SameFile(now, s.file) || now.Size() != s.file.Size() || !now.ModTime().Equal(s.file.ModTime()), nil
}

// ReadState reads the state of the ledger at path; one that does not exist holds nothing. A program that has it open for writing is waited for.
// What Begin would refuse is refused.
func ReadState(ctx context.Context, db DB, path string, o Options) (s *State, err error) {
	if path, err = resolve(path); err != nil {
		return nil, err
	}
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return &State{}, nil
	}
	if err != nil {
		return nil, unreadableFile(path, err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	if info.Size() == 0 || !info.Mode().IsRegular() {
		return &State{file: info}, nil // Begin refuses what is no file
	}
	if err := holdStill(ctx, file, path, o.timeout(), o.Log); err != nil {
		return nil, err
	}
	c := &Contents{db: db, path: path}
	if err := c.attach(ctx, path, stageAttachReadOnly); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.detach()) }()
	m, err := c.meta(ctx)
	switch {
	case err != nil:
		return nil, err
	case m == nil:
		return &State{file: info}, nil
	}
	if err := c.belongs(ctx, m, o.Loop, o.Loss); err != nil {
		return nil, err
	}
	s = &State{file: info, Older: m.version < Version}
	return s, c.readState(ctx, s)
}

// readState reads what the next run must know.
func (c *Contents) readState(ctx context.Context, s *State) error {
	const everFrom, everTo = -1 << 20, 1 << 20
	days, err := c.Days(ctx, everFrom, everTo)
	if err != nil {
		return err
	}
	found, err := c.Found(ctx)
	if err != nil {
		return err
	}
	for _, d := range days {
		s.Days = append(s.Days, StateDay{DayRow: d, Age: -1, Found: found[d.Day]})
		s.saw(d.AsOf)
	}
	err = c.db.Query(ctx, "604_ledger_state", nil, nil, func(rows *sql.Rows) error {
		var day attribution.Day
		var age int16
		var differs bool
		if err := rows.Scan(&day, &age, &differs); err != nil {
			return err
		}
		if d := s.At(day); d != nil {
			d.Age, d.Differs = age, differs
		}
		return nil
	})
	if err != nil {
		return c.unreadable(ctx, err)
	}
	err = c.db.Query(ctx, "613_ledger_files", nil, nil, func(rows *sql.Rows) error {
		var f ReadFile
		err := rows.Scan(&f.Input, &f.File, &f.Rows, &f.Size)
		s.Files = append(s.Files, f)
		return err
	})
	if err != nil {
		return c.unreadable(ctx, err)
	}
	err = c.db.Query(ctx, "605_ledger_judged", nil, nil, func(rows *sql.Rows) error {
		var j Judged
		var f JudgedFinding
		var position sql.NullInt32
		var lists [3]string
		if err := rows.Scan(&j.Boundary, &j.AsOf, &position, &f.Cause, &f.Node, &f.Job, &lists[0], &lists[1], &f.Onset, &lists[2]); err != nil {
			return err
		}
		if n := len(s.Boundaries); n == 0 || s.Boundaries[n-1].Boundary != j.Boundary {
			s.Boundaries = append(s.Boundaries, j)
			s.saw(j.AsOf)
		}
		if !position.Valid {
			return nil
		}
		f.Onset = f.Onset.UTC()
		of := &s.Boundaries[len(s.Boundaries)-1]
		err := errors.Join(json.Unmarshal([]byte(lists[0]), &f.Sources), json.Unmarshal([]byte(lists[1]), &f.Features), json.Unmarshal([]byte(lists[2]), &f.Evidence))
		of.Findings = append(of.Findings, f)
		return err
	})
	return c.unreadable(ctx, err)
}

// Found gives, by day and join, how many predictions found a row.
func (c *Contents) Found(ctx context.Context) (map[attribution.Day]map[string]int64, error) {
	all := map[attribution.Day]map[string]int64{}
	err := c.db.Query(ctx, "610_ledger_found", nil, nil, func(rows *sql.Rows) error {
		var day attribution.Day
		var join string
		var n int64
		if err := rows.Scan(&day, &join, &n); err != nil {
			return err
		}
		if all[day] == nil {
			all[day] = map[string]int64{}
		}
		all[day][join] = n
		return nil
	})
	return all, c.unreadable(ctx, err)
}

// saw takes an instant in.
func (s *State) saw(asOf time.Time) {
	if s.AsOf.IsZero() || asOf.After(s.AsOf) {
		s.AsOf = asOf
	}
	if s.Since.IsZero() || asOf.Before(s.Since) {
		s.Since = asOf
	}
}

// Changed is a day that differs from what a ledger holds of it.
type Changed struct {
	Day   attribution.Day
	Cells bool // in what is judged by; else in how many predictions wait for an outcome alone
}

// Changed lists the days of a scratch that differ from those that the ledger at path, which must be of this schema version, holds by the same
// layout and segment columns, in order.
func (s *Scratch) Changed(ctx context.Context, path string, o Options) (all []Changed, err error) {
	if path, err = resolve(path); err != nil {
		return nil, err
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, unreadableFile(path, err)
	}
	defer file.Close()
	if err := holdStill(ctx, file, path, o.timeout(), o.Log); err != nil {
		return nil, err
	}
	old := &Contents{db: s.db, path: path}
	if err := old.attach(ctx, path, "600_ledger_attach_old"); err != nil {
		return nil, err
	}
	defer func() {
		err = errors.Join(err, s.db.Run(context.WithoutCancel(ctx), "601_ledger_detach_old", nil, nil))
	}()
	err = s.db.Query(ctx, "603_ledger_changed_days", dayTables, nil, func(rows *sql.Rows) error {
		var c Changed
		err := rows.Scan(&c.Day, &c.Cells)
		all = append(all, c)
		return err
	})
	return all, err
}

// Restate says of all that the ledger holds that it holds as of a later instant too, as far as its inputs still tell.
func (e *Edition) Restate(ctx context.Context, asOf time.Time) error {
	return e.change(func() error {
		for _, table := range []string{"days", "evaluations"} {
			if err := e.db.Run(ctx, "606_ledger_restate", map[string]any{"Table": table}, map[string]any{"as_of": asOf}); err != nil {
				return err
			}
		}
		return nil
	})
}

// StaleOutcomes lists the days of which outcomes are counted otherwise, by the day of their event, than the table out_outcome_counts of the
// connection has it (day DATE and BIGINT repeated, corrected, duplicated, withdrawn, orphans), in order; fewer where counts that only grow fell.
func (e *Edition) StaleOutcomes(ctx context.Context) (days, fewer []attribution.Day, err error) {
	err = e.db.Query(ctx, "611_ledger_stale_outcomes", nil, nil, func(rows *sql.Rows) error {
		var day attribution.Day
		var fell int64
		err := rows.Scan(&day, &fell)
		if fell > 0 {
			fewer = append(fewer, day)
		} else {
			days = append(days, day)
		}
		return err
	})
	return days, fewer, e.unreadable(ctx, err)
}

// RestateOutcomes brings these counts of some days up to date.
func (e *Edition) RestateOutcomes(ctx context.Context, days []attribution.Day) error {
	return e.change(func() error {
		return e.db.Run(ctx, "607_ledger_restate_outcomes", nil, map[string]any{"days": dates(days)})
	})
}

// KeepOutcomes has days that are handed over to ReplaceDays keep what the ledger counts so.
func (e *Edition) KeepOutcomes(ctx context.Context, days []attribution.Day) error {
	return e.change(func() error {
		return e.db.Run(ctx, "612_ledger_keep_outcomes", nil, map[string]any{"days": dates(days)})
	})
}
