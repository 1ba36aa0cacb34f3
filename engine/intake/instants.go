package intake

import (
	"encoding/binary"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"
)

// Range is the first and the last instant in a column of a file, as its footer tells them. A clock without zone, and a
// date, is given as if it were UTC.
type Range struct {
	Column      string
	Flag        TimeFlag // Local or UTC; NoTime for a date
	First, Last time.Time
}

// ranges gives the columns of a footer that hold instants or dates, and of which every row group tells the least and the
// greatest value, in the footer's order. INT96 is left out: writers did not agree on how its values are ordered.
func ranges(meta *format.FileMetaData) []Range {
	var columns []*clock
	byName := map[string]*clock{}
	for at := 1; at < len(meta.Schema); {
		e := &meta.Schema[at]
		next, err := subtree(meta.Schema, at)
		if err != nil {
			return nil // told by flatten
		}
		at = next
		if read, flag := instantReader(e); read != nil && byName[e.Name] == nil {
			c := &clock{Range: Range{Column: e.Name, Flag: flag}, read: read}
			columns = append(columns, c)
			byName[e.Name] = c
		}
	}
	for g := range meta.RowGroups {
		group := &meta.RowGroups[g]
		for i := range group.Columns {
			m := &group.Columns[i].MetaData
			if len(m.PathInSchema) != 1 {
				continue
			}
			if c := byName[m.PathInSchema[0]]; c != nil && c.groups == g && c.take(m, group.NumRows) {
				c.groups++
			}
		}
	}
	var all []Range
	for _, c := range columns {
		if c.groups == len(meta.RowGroups) && !c.First.IsZero() {
			all = append(all, c.Range)
		}
	}
	return all
}

// clock is a column of instants while its range is gathered.
type clock struct {
	Range
	read   func(int64) time.Time
	groups int // row groups so far, all of which tell
}

// instantReader gives how values of a column in statistics become instants; nil for a column that holds none.
func instantReader(e *format.SchemaElement) (func(int64) time.Time, TimeFlag) {
	if e.NumChildren.V > 0 || e.RepetitionType.V == format.Repeated || !e.Type.Valid {
		return nil, NoTime
	}
	l, err := leafType(e)
	switch {
	case err != nil:
	case l.Type == "DATE" && e.Type.V == format.Int32:
		return func(days int64) time.Time { return time.Unix(days*86400, 0).UTC() }, NoTime
	case e.Type.V != format.Int64 || l.Flag != UTC && l.Flag != Local:
	default:
		unit := time.Duration(0)
		if t, ok := e.LogicalType.Value.(*format.TimestampType); ok && t.Unit.Value != nil {
			unit = t.Unit.Value.Duration()
		} else if c := e.ConvertedType.V; c == deprecated.TimestampMillis {
			unit = time.Millisecond
		} else if c == deprecated.TimestampMicros {
			unit = time.Microsecond
		}
		switch unit {
		case time.Millisecond:
			return func(v int64) time.Time { return time.UnixMilli(v).UTC() }, l.Flag
		case time.Microsecond:
			return func(v int64) time.Time { return time.UnixMicro(v).UTC() }, l.Flag
		case time.Nanosecond:
			return func(v int64) time.Time { return time.Unix(0, v).UTC() }, l.Flag
		}
	}
	return nil, NoTime
}

// take widens the range by what a row group tells of the column, and says whether it tells anything.
func (c *clock) take(m *format.ColumnMetaData, rows int64) bool {
	if rows == 0 || m.NumValues == 0 {
		return true
	}
	s := &m.Statistics
	low, high := s.MinValue, s.MaxValue
	if len(low) == 0 && len(high) == 0 {
		low, high = s.Min, s.Max // where older writers put them: whole numbers were ordered then as they are now
	}
	if len(low) == 0 && len(high) == 0 && s.NullCount == m.NumValues {
		return true // nothing but nulls
	}
	first, okFirst := statistic(low, c.read)
	last, okLast := statistic(high, c.read)
	if !okFirst || !okLast || last.Before(first) {
		return false
	}
	if c.First.IsZero() || first.Before(c.First) {
		c.First = first
	}
	if c.Last.IsZero() || last.After(c.Last) {
		c.Last = last
	}
	return true
}

// statistic reads a bound of 4 or 8 bytes. Instants outside of the years 2 to 9998 are none: some writers have infinity,
// and what is left has a year of four digits in every zone.
func statistic(raw []byte, read func(int64) time.Time) (time.Time, bool) {
	var t time.Time
	switch len(raw) {
	case 4:
		t = read(int64(int32(binary.LittleEndian.Uint32(raw))))
	case 8:
		t = read(int64(binary.LittleEndian.Uint64(raw)))
	default:
		return time.Time{}, false
	}
	return t, t.Year() >= 2 && t.Year() <= 9998
}

// date finds a date of the years 1900 to 2099 in a name, with no digit beside it.
var date = regexp.MustCompile(`(?:^|\D)((?:19|20)\d\d)(-?)(\d\d)(-?)(\d\d)(?:\D|$)`)

// dateOf gives the day that a file's name tells, as midnight UTC: that of a hive partition, the innermost first; else of
// year=, month= and day= partitions; else the first in the file's own name; else in that of a folder, the innermost
// first. Dates are written 2024-03-01 or 20240301.
func dateOf(name string) (time.Time, bool) {
	parts := strings.Split(name, "/")
	folders := parts[:len(parts)-1]
	for i := len(folders) - 1; i >= 0; i-- {
		if _, value, ok := strings.Cut(folders[i], "="); ok {
			if t, ok := dateIn(value); ok {
				return t, true
			}
		}
	}
	if t, ok := calendar(folders); ok {
		return t, true
	}
	if t, ok := dateIn(path.Base(name)); ok {
		return t, true
	}
	for i := len(folders) - 1; i >= 0; i-- {
		if t, ok := dateIn(folders[i]); ok {
			return t, true
		}
	}
	return time.Time{}, false
}

func dateIn(text string) (time.Time, bool) {
	for len(text) > 0 {
		m := date.FindStringSubmatchIndex(text)
		if m == nil {
			break
		}
		year, month, day := text[m[2]:m[3]], text[m[6]:m[7]], text[m[10]:m[11]]
		if t, err := time.Parse("20060102", year+month+day); err == nil && m[5]-m[4] == m[9]-m[8] {
			return t, true
		}
		text = text[m[3]:]
	}
	return time.Time{}, false
}

// calendar reads the folders year=2024, month=03, day=01; without a day the first of the month.
func calendar(folders []string) (time.Time, bool) {
	found := map[string]int{"day": 1}
	for _, f := range folders {
		key, value, _ := strings.Cut(strings.ToLower(f), "=")
		for _, unit := range []string{"year", "month", "day"} {
			if key == unit || key == unit[:1] {
				if n, err := strconv.Atoi(value); err == nil {
					found[unit] = n
				}
			}
		}
	}
	year, month, day := found["year"], found["month"], found["day"]
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	return t, year >= 1900 && year <= 2099 && month >= 1 && month <= 12 && t.Day() == day
}
