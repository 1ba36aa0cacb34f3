package intake

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// What row counts are held against: as many groups of files before, at least and at most.
const (
	minCounts = 3
	maxCounts = 7
)

// watch goes over the groups of files in order and keeps what it saw.
type watch struct {
	ordered bool               // the groups are in time order
	before  *group             // nil at the first
	columns map[string]*column // by lower-case name
	order   []*column
	writers []string
	zones   []string // as told, joined; of the last group that notes any
	counts  []int64
	changes []Change
}

// column is what was last seen of a column.
type column struct {
	name, key    string
	held         int // by no, some or all files of the group
	lost         bool
	types, flags []string
}

// How many files of a group hold a column.
const (
	none = iota
	some
	all
)

// group compares a group with those before it.
func (w *watch) group(g *group) {
	held := make([]map[string]Column, len(g.files)) // of each file, its columns by lower-case name
	for f := range g.files {
		held[f] = map[string]Column{}
		for _, c := range g.files[f].Columns {
			key := strings.ToLower(c.Name)
			held[f][key] = c
			if w.columns[key] == nil {
				w.columns[key] = &column{name: c.Name, key: key}
				w.order = append(w.order, w.columns[key])
			}
		}
	}
	for _, c := range w.order {
		w.presence(c, g, held)
		w.kind(c, g, held)
	}
	w.writer(g)
	w.zone(g)
	w.rows(g)
	w.before = g
}

// tell keeps a change that came with file f of a group. The last %s of the format is for file and time.
func (w *watch) tell(f *timedFile, c Change, format string, args ...any) {
	if w.before == nil {
		return
	}
	c.File = f.Name
	when := shownName(f.Name)
	switch {
	case f.first.IsZero():
		when += ", which tells no time"
	case f.guessed:
		c.At = f.first
		when += ", which tells no time, after " + c.At.Format(time.RFC3339)
	default:
		if c.At = f.first; w.ordered {
			c.At = later(f.first, w.before.last)
		}
		when += " at " + c.At.Format(time.RFC3339)
	}
	c.Text = fmt.Sprintf(format, append(args, when)...)
	w.changes = append(w.changes, c)
}

// presence tells of a column that vanished or appeared.
func (w *watch) presence(c *column, g *group, held []map[string]Column) {
	n, with, without := 0, -1, -1
	for i := range held {
		if _, ok := held[i][c.key]; ok {
			n++
			if with < 0 {
				with = i
			}
		} else if without < 0 {
			without = i
		}
	}
	now := some
	switch n {
	case 0:
		now = none
	case len(g.files):
		now = all
	}
	from, in := "", ""
	if now == some {
		from, in = " from some files of that time, first", " in some files of that time, first"
	}
	name := strconv.Quote(shownName(c.name))
	switch {
	case now < c.held:
		was := cmp.Or(strings.Join(c.types, ", "), "nothing but nulls")
		w.tell(&g.files[without], Change{Kind: ColumnVanished, Column: c.name, Was: was, Partly: now == some}, "column %s (%s) vanished%s with %s", name, was, from)
		c.lost = true
	case now > c.held:
		what := "appeared"
		if c.lost {
			what = "came back"
		}
		is := held[with][c.key].Type
		w.tell(&g.files[with], Change{Kind: ColumnAppeared, Column: c.name, Is: is, Partly: now == some}, "column %s (%s) %s%s with %s", name, is, what, in)
	}
	c.held = now
}

// kind tells of a column whose type or time flag became another. One that holds nothing but nulls has none.
func (w *watch) kind(c *column, g *group, held []map[string]Column) {
	var types, flags []string
	flagged := false
	for i := range g.files {
		f := &g.files[i]
		now, ok := held[i][c.key]
		if !ok || f.void[now.Name] {
			continue
		}
		name := strconv.Quote(shownName(c.name))
		flag := string(now.Flag)
		if len(c.flags) > 0 && !slices.Contains(c.flags, flag) && !flagged && flag != "" && c.flags[0] != "" {
			was := c.flags[0]
			w.tell(f, Change{Kind: FlagChanged, Column: c.name, Was: was, Is: flag}, "column %s went from %s to %s with %s",
				name, flagText(was), flagText(flag))
			flagged = true
		}
		if len(c.types) > 0 && !slices.Contains(c.types, now.Type) && !slices.Contains(types, now.Type) && !flagged && tellsType(f.Format, c.types[0], now.Type) {
			was := strings.Join(c.types, ", ")
			w.tell(f, Change{Kind: TypeChanged, Column: c.name, Was: was, Is: now.Type}, "column %s went from %s to %s with %s", name, was, now.Type)
		}
		types, flags = with(types, now.Type), with(flags, flag)
	}
	if len(types) > 0 {
		c.types, c.flags = types, flags
	}
}

// tellsType tells whether another type says something: in CSV files only where both are dates or timestamps.
func tellsType(f Format, was, is string) bool {
	return f == Parquet || family(was) == "timestamp" && family(is) == "timestamp"
}

// flagText is a time flag in words.
func flagText(flag string) string {
	switch TimeFlag(flag) {
	case UTC:
		return "instants in UTC"
	case Local:
		return "a clock without zone"
	}
	return "INT96 (no zone)"
}

// writer tells of another writer.
func (w *watch) writer(g *group) {
	var now []string
	for i := range g.files {
		f := &g.files[i]
		if f.Writer == "" {
			continue
		}
		if len(w.writers) > 0 && !slices.Contains(w.writers, f.Writer) && !slices.Contains(now, f.Writer) {
			was := w.writers[0]
			w.tell(f, Change{Kind: WriterChanged, Was: was, Is: f.Writer}, "the writer went from %q to %q with %s", shownName(was), shownName(f.Writer))
		}
		now = with(now, f.Writer)
	}
	if len(now) > 0 {
		w.writers = now
	}
}

// zone tells of other time zones that writers note.
func (w *watch) zone(g *group) {
	var now []string
	for i := range g.files {
		f := &g.files[i]
		if len(f.Zones) == 0 {
			continue
		}
		noted := strings.Join(f.Zones, ", ")
		if len(w.zones) > 0 && !slices.Contains(w.zones, noted) && !slices.Contains(now, noted) {
			w.tell(f, Change{Kind: ZoneChanged, Was: w.zones[0], Is: noted}, "the time zone that the writer notes went from %s to %s with %s", w.zones[0], noted)
		}
		now = with(now, noted)
	}
	if len(now) > 0 {
		w.zones = now
	}
}

// rows tells of a group with under half or above double the median rows of the groups before.
func (w *watch) rows(g *group) {
	if g.rows < 0 {
		return
	}
	if n := len(w.counts); n >= minCounts {
		counts := slices.Sorted(slices.Values(w.counts[max(0, n-maxCounts):]))
		low, high := counts[(len(counts)-1)/2], counts[len(counts)/2]
		usual, kind := low+(high-low)/2, ""
		switch {
		case g.rows < usual-g.rows:
			kind = RowCountDropped
		case g.rows-usual > usual:
			kind = RowCountRose
		}
		if kind != "" {
			was, is := strconv.FormatInt(usual, 10), strconv.FormatInt(g.rows, 10)
			w.tell(&g.files[0], Change{Kind: kind, Was: was, Is: is}, "the number of rows went from the usual %s to %s with %s", was, is)
		}
	}
	w.counts = append(w.counts, g.rows)
}

// with adds a text to a list that has it once.
func with(list []string, text string) []string {
	if slices.Contains(list, text) {
		return list
	}
	return append(list, text)
}

// shownName is a name from a file as it is shown: on one line, and not longer than a line.
func shownName(s string) string {
	const most = 200
	s = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	if runes := []rune(s); len(runes) > most {
		s = string(runes[:most-1]) + "…"
	}
	return s
}
