package intake

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
)

// tableOf reads a table written by hand, one file a line: its name, then any of
//
//	at=FIRST..LAST  range of column at, each an instant without zone; -UTC behind the name for one with
//	cols=a:TYPE,..  columns; TYPE:utc, TYPE:local, TYPE:int96 with a flag, TYPE:void for nothing but nulls
//	rows=N by=WRITER zone=Z,Z csv
func tableOf(t *testing.T, text string) *Table {
	t.Helper()
	table := &Table{}
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		f := File{Name: words[0], Format: Parquet, Rows: 100, void: map[string]bool{}}
		for _, w := range words[1:] {
			key, value, _ := strings.Cut(w, "=")
			switch key {
			case "csv":
				f.Format, f.Rows = CSV, -1
			case "rows":
				f.Rows, _ = strconv.ParseInt(value, 10, 64)
			case "by":
				f.Writer = value
			case "zone":
				f.Zones = strings.Split(value, ",")
			case "at", "at-UTC":
				first, last, _ := strings.Cut(value, "..")
				r := Range{Column: "At", Flag: Local, First: clockOf(t, first), Last: clockOf(t, last)}
				if key == "at-UTC" {
					r.Flag = UTC
				}
				f.Ranges = append(f.Ranges, r)
			case "cols":
				for c := range strings.SplitSeq(value, ",") {
					parts := append(strings.Split(c, ":"), "")
					if parts[2] == "void" {
						f.void[parts[0]], parts[2] = true, ""
					}
					f.Columns = append(f.Columns, Column{Name: parts[0], Type: parts[1], Flag: TimeFlag(parts[2])})
				}
			default:
				t.Fatalf("what is %q?", w)
			}
		}
		table.Files = append(table.Files, f)
	}
	return table
}

func clockOf(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse("2006-01-02T15:04", s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestChanges(t *testing.T) {
	york, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, files string
		zone        *time.Location
		want        string
	}{
		{name: "no file"},
		{name: "one file", files: "w.parquet at=2024-03-01T00:00..2024-03-01T23:00 cols=at:TIMESTAMP:local,temp:DOUBLE"},
		{name: "nothing changes", files: `
			w/2024-03-01.parquet cols=at:TIMESTAMP:local,temp:DOUBLE by=a zone=UTC
			w/2024-03-02.parquet cols=At:TIMESTAMP:local,TEMP:DOUBLE by=a zone=UTC`},
		{name: "a column vanishes and comes back, dated by statistics; names are in no order", files: `
			c.parquet at=2024-03-01T00:00..2024-03-01T23:00 cols=at:TIMESTAMP:local,temp:DOUBLE
			b.parquet at=2024-03-02T00:00..2024-03-02T23:00 cols=at:TIMESTAMP:local
			a.parquet at=2024-03-03T00:00..2024-03-03T23:00 cols=at:TIMESTAMP:local,temp:FLOAT`,
			want: `
			2024-03-02T00:00:00Z b.parquet column vanished temp [DOUBLE] [] column "temp" (DOUBLE) vanished with b.parquet at 2024-03-02T00:00:00Z
			2024-03-03T00:00:00Z a.parquet column appeared temp [] [FLOAT] column "temp" (FLOAT) came back with a.parquet at 2024-03-03T00:00:00Z
			2024-03-03T00:00:00Z a.parquet type changed temp [DOUBLE] [FLOAT] column "temp" went from DOUBLE to FLOAT with a.parquet at 2024-03-03T00:00:00Z`},
		{name: "a clock without zone stands in the zone, one with zone does not", zone: york, files: `
			a.parquet at=2024-03-01T00:00..2024-03-01T23:00 cols=temp:DOUBLE
			b.parquet at=2024-03-02T00:00..2024-03-02T23:00
			c.parquet at-UTC=2024-03-03T12:00..2024-03-03T23:00 cols=temp:DOUBLE`,
			want: `
			2024-03-02T05:00:00Z b.parquet column vanished temp [DOUBLE] [] column "temp" (DOUBLE) vanished with b.parquet at 2024-03-02T05:00:00Z
			2024-03-03T12:00:00Z c.parquet column appeared temp [] [DOUBLE] column "temp" (DOUBLE) came back with c.parquet at 2024-03-03T12:00:00Z`},
		{name: "late rows do not date a change before the rows of the file before", files: `
			a.parquet at=2024-02-28T00:00..2024-03-01T23:00 cols=temp:DOUBLE
			b.parquet at=2024-02-29T00:00..2024-03-02T23:00 cols=temp:DOUBLE
			c.parquet at=1970-01-01T00:00..2024-03-03T23:00 cols=x:DOUBLE`,
			want: `
			2024-03-02T23:00:00Z c.parquet column vanished temp [DOUBLE] [] column "temp" (DOUBLE) vanished with c.parquet at 2024-03-02T23:00:00Z
			2024-03-02T23:00:00Z c.parquet column appeared x [] [DOUBLE] column "x" (DOUBLE) appeared with c.parquet at 2024-03-02T23:00:00Z`},
		{name: "the column that dates the files vanishes itself", files: `
			w/dt=2024-03-01/x.parquet at=2024-03-01T01:00..2024-03-01T23:00 cols=at:TIMESTAMP:local
			w/dt=2024-03-02/x.parquet cols=ts:TIMESTAMP:local
			w/dt=2024-03-03/x.parquet at=2024-03-03T01:00..2024-03-03T23:00 cols=at:TIMESTAMP:local`,
			want: `
			2024-03-02T00:00:00Z w/dt=2024-03-02/x.parquet column vanished at [TIMESTAMP] [] column "at" (TIMESTAMP) vanished with w/dt=2024-03-02/x.parquet at 2024-03-02T00:00:00Z
			2024-03-02T00:00:00Z w/dt=2024-03-02/x.parquet column appeared ts [] [TIMESTAMP] column "ts" (TIMESTAMP) appeared with w/dt=2024-03-02/x.parquet at 2024-03-02T00:00:00Z
			2024-03-03T01:00:00Z w/dt=2024-03-03/x.parquet column appeared at [] [TIMESTAMP] column "at" (TIMESTAMP) came back with w/dt=2024-03-03/x.parquet at 2024-03-03T01:00:00Z
			2024-03-03T01:00:00Z w/dt=2024-03-03/x.parquet column vanished ts [TIMESTAMP] [] column "ts" (TIMESTAMP) vanished with w/dt=2024-03-03/x.parquet at 2024-03-03T01:00:00Z`},
		{name: "a file without time among files whose names follow time", files: `
			1.parquet at=2024-03-01T00:00..2024-03-01T23:00 cols=at:TIMESTAMP:local
			2.parquet cols=ts:TIMESTAMP:local
			3.parquet at=2024-03-03T00:00..2024-03-03T23:00 cols=ts:TIMESTAMP:local`,
			want: `
			2024-03-01T23:00:00Z 2.parquet column vanished at [TIMESTAMP] [] column "at" (TIMESTAMP) vanished with 2.parquet, which tells no time, after 2024-03-01T23:00:00Z
			2024-03-01T23:00:00Z 2.parquet column appeared ts [] [TIMESTAMP] column "ts" (TIMESTAMP) appeared with 2.parquet, which tells no time, after 2024-03-01T23:00:00Z`},
		{name: "a file without time among files whose names do not", files: `
			1.parquet at=2024-03-03T00:00..2024-03-03T23:00 cols=a:DATE
			2.parquet cols=b:DATE
			3.parquet at=2024-03-01T00:00..2024-03-01T23:00 cols=b:DATE,c:DATE`,
			want: `
			- 2.parquet column vanished a [DATE] [] column "a" (DATE) vanished with 2.parquet, which tells no time
			- 2.parquet column appeared b [] [DATE] column "b" (DATE) appeared with 2.parquet, which tells no time
			2024-03-01T00:00:00Z 3.parquet column appeared c [] [DATE] column "c" (DATE) appeared with 3.parquet at 2024-03-01T00:00:00Z`},
		{name: "no file tells a time", files: `
			b.parquet cols=x:DOUBLE
			a.parquet cols=y:DOUBLE`,
			want: `
			- b.parquet column vanished y [DOUBLE] [] column "y" (DOUBLE) vanished with b.parquet, which tells no time
			- b.parquet column appeared x [] [DOUBLE] column "x" (DOUBLE) appeared with b.parquet, which tells no time`},
		{name: "parts of a day are one: rows add up, and a column is whole only in all", files: `
			dt=2024-03-01/0.parquet at=2024-03-01T00:00..2024-03-01T23:00 cols=temp:DOUBLE,x:DOUBLE rows=90
			dt=2024-03-01/1.parquet at=2024-03-01T00:01..2024-03-01T22:59 cols=temp:DOUBLE,x:DOUBLE rows=10
			dt=2024-03-02/0.parquet at=2024-03-02T00:00..2024-03-02T23:00 cols=temp:DOUBLE,x:DOUBLE rows=50
			dt=2024-03-02/1.parquet at=2024-03-02T00:01..2024-03-02T22:59 cols=temp:DOUBLE rows=50
			dt=2024-03-03/0.parquet at=2024-03-03T00:00..2024-03-03T23:00 cols=temp:DOUBLE,x:DOUBLE rows=99
			dt=2024-03-03/1.parquet at=2024-03-03T00:01..2024-03-03T22:59 cols=temp:DOUBLE rows=2
			dt=2024-03-04/0.parquet at=2024-03-04T00:00..2024-03-04T23:00 cols=temp:DOUBLE,x:DOUBLE rows=1
			dt=2024-03-04/1.parquet at=2024-03-04T00:01..2024-03-04T22:59 cols=temp:DOUBLE,x:FLOAT rows=48`,
			want: `
			2024-03-02T00:01:00Z dt=2024-03-02/1.parquet column vanished x [DOUBLE] [] column "x" (DOUBLE) vanished from some files of that time, first with dt=2024-03-02/1.parquet at 2024-03-02T00:01:00Z
			2024-03-04T00:00:00Z dt=2024-03-04/0.parquet column appeared x [] [DOUBLE] column "x" (DOUBLE) came back with dt=2024-03-04/0.parquet at 2024-03-04T00:00:00Z
			2024-03-04T00:00:00Z dt=2024-03-04/0.parquet row count dropped  [100] [49] the number of rows went from the usual 100 to 49 with dt=2024-03-04/0.parquet at 2024-03-04T00:00:00Z
			2024-03-04T00:01:00Z dt=2024-03-04/1.parquet type changed x [DOUBLE] [FLOAT] column "x" went from DOUBLE to FLOAT with dt=2024-03-04/1.parquet at 2024-03-04T00:01:00Z`},
		{name: "hours of a day are not one", files: `
			w_20240301T00.parquet at=2024-03-01T00:00..2024-03-01T00:59 cols=temp:DOUBLE
			w_20240301T01.parquet at=2024-03-01T01:00..2024-03-01T01:59 cols=x:DOUBLE,temp:DOUBLE
			w_20240301T02.parquet at=2024-03-01T02:00..2024-03-01T02:59 cols=x:DOUBLE`,
			want: `
			2024-03-01T01:00:00Z w_20240301T01.parquet column appeared x [] [DOUBLE] column "x" (DOUBLE) appeared with w_20240301T01.parquet at 2024-03-01T01:00:00Z
			2024-03-01T02:00:00Z w_20240301T02.parquet column vanished temp [DOUBLE] [] column "temp" (DOUBLE) vanished with w_20240301T02.parquet at 2024-03-01T02:00:00Z`},
		{name: "files without dates in their names and with one range are one", files: `
			part-0.parquet at=2024-03-01T00:00..2024-06-01T23:00 cols=temp:DOUBLE
			part-1.parquet at=2024-03-01T01:00..2024-06-01T22:00 cols=x:DOUBLE`},
		{name: "snapshots that grow are told apart as far as they grow", files: `
			s1.parquet at=2024-01-01T00:00..2024-04-01T00:00 cols=temp:DOUBLE
			s2.parquet at=2024-01-01T00:00..2024-04-08T00:00 cols=temp:DOUBLE
			s3.parquet at=2024-01-01T00:00..2024-04-15T00:00 cols=x:DOUBLE`,
			want: `
			2024-04-08T00:00:00Z s3.parquet column vanished temp [DOUBLE] [] column "temp" (DOUBLE) vanished with s3.parquet at 2024-04-08T00:00:00Z
			2024-04-08T00:00:00Z s3.parquet column appeared x [] [DOUBLE] column "x" (DOUBLE) appeared with s3.parquet at 2024-04-08T00:00:00Z`},
		{name: "flags, types, writers and zones", files: `
			2024-03-01.parquet cols=t:TIMESTAMP:int96,u:BIGINT,v:VARCHAR,n:DOUBLE by=spark zone=America/New_York
			2024-03-02.parquet cols=t:TIMESTAMP:local,u:DOUBLE,v:TIMESTAMP:local,n:INTEGER:void by=duckdb zone=UTC
			2024-03-03.parquet cols=t:TIMESTAMP_TZ:utc,u:DOUBLE,v:TIMESTAMP:local,n:DOUBLE by=duckdb
			2024-03-04.parquet cols=t:TIMESTAMP_TZ:utc,u:DOUBLE,v:TIMESTAMP:local,n:DOUBLE zone=UTC,Z`,
			want: `
			2024-03-02T00:00:00Z 2024-03-02.parquet time flag changed t [int96] [local] column "t" went from INT96 (no zone) to a clock without zone with 2024-03-02.parquet at 2024-03-02T00:00:00Z
			2024-03-02T00:00:00Z 2024-03-02.parquet type changed u [BIGINT] [DOUBLE] column "u" went from BIGINT to DOUBLE with 2024-03-02.parquet at 2024-03-02T00:00:00Z
			2024-03-02T00:00:00Z 2024-03-02.parquet type changed v [VARCHAR] [TIMESTAMP] column "v" went from VARCHAR to TIMESTAMP with 2024-03-02.parquet at 2024-03-02T00:00:00Z
			2024-03-02T00:00:00Z 2024-03-02.parquet writer changed  [spark] [duckdb] the writer went from "spark" to "duckdb" with 2024-03-02.parquet at 2024-03-02T00:00:00Z
			2024-03-02T00:00:00Z 2024-03-02.parquet zone changed  [America/New_York] [UTC] the time zone that the writer notes went from America/New_York to UTC with 2024-03-02.parquet at 2024-03-02T00:00:00Z
			2024-03-03T00:00:00Z 2024-03-03.parquet time flag changed t [local] [utc] column "t" went from a clock without zone to instants in UTC with 2024-03-03.parquet at 2024-03-03T00:00:00Z
			2024-03-04T00:00:00Z 2024-03-04.parquet zone changed  [UTC] [UTC, Z] the time zone that the writer notes went from UTC to UTC, Z with 2024-03-04.parquet at 2024-03-04T00:00:00Z`},
		{name: "types of CSV files are guesses, dates and timestamps are not", files: `
			2024-03-01.csv csv cols=d:DATE,n:BIGINT,v:VARCHAR
			2024-03-02.csv csv cols=d:TIMESTAMP,n:DOUBLE,v:DOUBLE`,
			want: `
			2024-03-02T00:00:00Z 2024-03-02.csv type changed d [DATE] [TIMESTAMP] column "d" went from DATE to TIMESTAMP with 2024-03-02.csv at 2024-03-02T00:00:00Z`},
		{name: "row counts against the median of three to seven before", files: `
			2024-03-01.parquet rows=1000
			2024-03-02.parquet rows=10
			2024-03-03.parquet rows=1000
			2024-03-04.parquet rows=499
			2024-03-05.parquet rows=1498
			2024-03-06.parquet rows=2001`,
			want: `
			2024-03-04T00:00:00Z 2024-03-04.parquet row count dropped  [1000] [499] the number of rows went from the usual 1000 to 499 with 2024-03-04.parquet at 2024-03-04T00:00:00Z
			2024-03-06T00:00:00Z 2024-03-06.parquet row count rose  [1000] [2001] the number of rows went from the usual 1000 to 2001 with 2024-03-06.parquet at 2024-03-06T00:00:00Z`},
	}
	for _, test := range tests {
		table := tableOf(t, test.files)
		want := strings.TrimSpace(strings.ReplaceAll(test.want, "\t", ""))
		for range 3 {
			if got := render(table.Changes("at", test.zone)); got != want {
				t.Errorf("%s:\ngot\n%s\nwant\n%s", test.name, got, want)
			}
			rand.Shuffle(len(table.Files), func(i, j int) { table.Files[i], table.Files[j] = table.Files[j], table.Files[i] })
		}
	}
}

func render(changes []Change) string {
	var lines []string
	for _, c := range changes {
		at := "-"
		if !c.At.IsZero() {
			at = c.At.Format(time.RFC3339)
		}
		lines = append(lines, fmt.Sprintf("%s %s %s %s [%s] [%s] %s", at, c.File, c.Kind, c.Column, c.Was, c.Is, c.Text))
	}
	return strings.Join(lines, "\n")
}

// A column that vanished is found from the footers of real files, and without reading rows.
func TestChangesOfRealFiles(t *testing.T) {
	rows := func(day, columns string) string {
		return "select '" + day + " 01:00:00'::timestamp + interval (i) hour as at, " + columns + " from range(20) t(i)"
	}
	dir := put(t, map[string]string{
		"w/a.parquet": rows("2024-03-01", "i as n, 1.5::double as temp"),
		"w/b.parquet": rows("2024-03-02", "i as n"),
		"w/c.parquet": rows("2024-03-03", "i as n, 'x' as temp2"),
		"s.csv":       "a\n1\n",
	})
	inv, err := Open(context.Background(), house(t, dir), written(dir, "w", "s.csv"))
	if err != nil {
		t.Fatal(told(err))
	}
	want := `2024-03-02T01:00:00Z w/b.parquet column vanished temp [DOUBLE] [] column "temp" (DOUBLE) vanished with w/b.parquet at 2024-03-02T01:00:00Z
2024-03-03T01:00:00Z w/c.parquet column appeared temp2 [] [VARCHAR] column "temp2" (VARCHAR) appeared with w/c.parquet at 2024-03-03T01:00:00Z`
	if got := render(inv.Predictions.Changes("at", nil)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := inv.Outcomes.Changes("at", nil); got != nil {
		t.Errorf("one file: %v", got)
	}
}

// Whatever the files, changes come in time order where every file has a time, and say so on one line.
func FuzzChanges(f *testing.F) {
	f.Add([]byte("abcdefghij"), false)
	f.Fuzz(func(t *testing.T, data []byte, untimed bool) {
		table := &Table{}
		for i := 0; i+4 <= len(data) && len(table.Files) < 40; i += 4 {
			b := data[i : i+4]
			f := File{Name: fmt.Sprintf("%x/2024-03-%02d.parquet", b[0]&3, b[1]%40), Format: Parquet, Rows: int64(b[2]), Writer: string(b[3:] /* any byte */)}
			first := time.Unix(int64(b[1])*3600, 0).UTC()
			if b[0]&4 != 0 && !untimed {
				f.Ranges = []Range{{Column: "at", Flag: UTC, First: first, Last: first.Add(time.Duration(b[2]) * time.Hour)}}
			}
			for c := range 8 {
				if b[3]>>c&1 == 1 {
					f.Columns = append(f.Columns, Column{Name: string(rune('a'+c)) + "\n", Type: []string{"DOUBLE", "VARCHAR"}[b[0]>>3&1]})
				}
			}
			table.Files = append(table.Files, f)
		}
		all := timed(table.Files, "at", time.UTC)
		ordered := !slices.ContainsFunc(all, func(f timedFile) bool { return f.first.IsZero() })
		changes := table.Changes("at", nil)
		for i, c := range changes {
			if ordered && i > 0 && c.At.Before(changes[i-1].At) {
				t.Errorf("%s comes after %s", c.At, changes[i-1].At)
			}
			if ordered && c.At.IsZero() || c.File == "" || c.Kind == "" || c.Was == c.Is || strings.ContainsFunc(c.Text, unicode.IsControl) {
				t.Errorf("%+v", c)
			}
		}
		if len(table.Files) < 2 && len(changes) > 0 {
			t.Errorf("%d files have %d changes", len(table.Files), len(changes))
		}
	})
}
