package intake

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"
)

// Kinds of changes.
const (
	ColumnVanished  = "column vanished"
	ColumnAppeared  = "column appeared"
	TypeChanged     = "type changed"
	FlagChanged     = "time flag changed"
	WriterChanged   = "writer changed"
	ZoneChanged     = "zone changed"
	RowCountDropped = "row count dropped"
	RowCountRose    = "row count rose"
)

// Change is what sets a file of an input apart from those before it, seen in footers and headers alone.
type Change struct {
	// At is when the change happened, UTC: after the last row before it, and not after the first row with it. It is zero
	// where the file tells no time.
	At     time.Time
	File   string // its Name; the first of several that tell the same time
	Kind   string // one of the constants of this package
	Column string // "" where the change is not of a column
	Was    string // type, flag, writer, zones or rows; "" for a column that appeared
	Is     string // "" for a column that vanished
	Partly bool   // of a column: only some files of that time lack it, or have it again
	Text   string // one plain sentence on one line, without a full stop
}

// Changes lists what changed from file to file of an input, in time order. at is the column that tells a file's time, as
// the loop file declares it ("" for none), and zone is where its clock stands if it has no zone; nil means UTC.
//
// A file's time is the range of that column in the footer's statistics; without them the date of a hive partition, or
// the one in its name; the two are midnights in UTC. A file that tells no time stands where its name puts it if time and
// name order the others alike, and its changes are then dated by the file before it, which the text says. Otherwise, or
// where no file tells a time, changes come in the order of names, and those of files without a time have no instant.
//
// Files of the same time, such as the parts of one day, are compared together: their rows add up, and a column is whole
// only if all of them have it. A table of one file, or of files all of one time, has no changes. Types of CSV files are
// guesses from their text: only dates and timestamps that change into each other are told.
func (t *Table) Changes(at string, zone *time.Location) []Change {
	if zone == nil {
		zone = time.UTC
	}
	files := timed(t.Files, at, zone)
	ordered := !slices.ContainsFunc(files, func(f timedFile) bool { return f.first.IsZero() })
	w := watch{ordered: ordered, columns: map[string]*column{}}
	for _, g := range together(files) {
		w.group(&g)
	}
	if ordered {
		slices.SortStableFunc(w.changes, func(a, b Change) int { return a.At.Compare(b.At) })
	}
	return w.changes
}

// timedFile is a file with its time.
type timedFile struct {
	*File
	first, last time.Time // zero where no time is known
	day         time.Time // that its name tells; zero for none
	told        bool      // the footer tells first and last
	guessed     bool      // they are those of the file before
}

// timed gives the files in order, with their times.
func timed(files []File, at string, zone *time.Location) []timedFile {
	all := make([]timedFile, len(files))
	for i := range files {
		f := timedFile{File: &files[i]}
		if day, ok := dateOf(f.Name); ok {
			f.day, f.first, f.last = day, day, day
		}
		for _, r := range f.Ranges {
			if at != "" && strings.EqualFold(r.Column, at) {
				f.first, f.last, f.told = inZone(r.First, r.Flag, zone), inZone(r.Last, r.Flag, zone), true
			}
		}
		all[i] = f
	}
	byName := func(a, b timedFile) int { return cmp.Compare(a.Name, b.Name) }
	byTime := func(a, b timedFile) int {
		return cmp.Or(a.last.Compare(b.last), a.first.Compare(b.first), byName(a, b))
	}
	known := slices.DeleteFunc(slices.Clone(all), func(f timedFile) bool { return f.first.IsZero() })
	slices.SortFunc(all, byName)
	slices.SortFunc(known, byName)
	switch {
	case len(known) == len(all):
		slices.SortFunc(all, byTime)
	case len(known) > 0 && slices.IsSortedFunc(known, byTime):
		guess(all, known[0].first)
	}
	return all
}

// guess dates the files without a time by those before them; those before all others by the first instant.
func guess(files []timedFile, first time.Time) {
	for i := range files {
		if f := &files[i]; f.first.IsZero() {
			f.first, f.last, f.guessed = first, first, true
		}
		first = files[i].last
	}
}

// inZone reads a clock without zone as one in zone.
func inZone(t time.Time, flag TimeFlag, zone *time.Location) time.Time {
	if flag == UTC {
		return t
	}
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), zone).UTC()
}

// group is files of the same time.
type group struct {
	files []timedFile
	last  time.Time // of all; zero where no time is known
	rows  int64     // of all; -1 where not known
}

// together puts files of the same time together, in order.
func together(files []timedFile) []group {
	var groups []group
	for _, f := range files {
		n := len(groups)
		if n == 0 || !groups[n-1].takes(f) {
			groups = append(groups, group{})
			n++
		}
		g := &groups[n-1]
		g.files = append(g.files, f)
		if f.last.After(g.last) {
			g.last = f.last
		}
		if f.Rows < 0 || g.rows < 0 {
			g.rows = -1
		} else {
			g.rows = min(g.rows, math.MaxInt64-f.Rows) + f.Rows
		}
	}
	for i := range groups {
		slices.SortFunc(groups[i].files, func(a, b timedFile) int { return cmp.Compare(a.Name, b.Name) })
	}
	return groups
}

// takes tells whether a file is of the time of the group: without a day in its name, of that of the group's first file, so
// that snapshots that grow do not become one.
func (g *group) takes(f timedFile) bool {
	if f.day.IsZero() {
		return f.sameTime(g.files[0])
	}
	return slices.ContainsFunc(g.files, f.sameTime)
}

// sameTime tells whether two files are parts of one delivery. If the names tell a day, it is the same, and the ranges
// overlap by half of the shorter one, where both are told. If neither does, the ranges are told and nine tenths alike.
func (f timedFile) sameTime(g timedFile) bool {
	if f.guessed || g.guessed || !f.day.Equal(g.day) {
		return false
	}
	both := earlier(f.last, g.last).Sub(later(f.first, g.first))
	switch shorter := min(f.last.Sub(f.first), g.last.Sub(g.first)); {
	case !f.day.IsZero() && !(f.told && g.told):
		return true
	case !f.told || !g.told:
		return false
	case !f.day.IsZero():
		return both >= 0 && both >= shorter/2
	}
	all := later(f.last, g.last).Sub(earlier(f.first, g.first))
	return both >= 0 && both >= all-all/10
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
