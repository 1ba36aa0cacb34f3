package match_test

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/plumbline-data/plumbline/engine/fault"
)

// golden is a case of about ten rows, whose counts a person can check by hand. Instants are written as day of March and
// time: 4T10:00.
type golden struct {
	name                  string
	predictions, outcomes string // lines of CSV
	asPredicted, asKnown  string // more keys of the loop file's sections
	maxInvalid            float64
	reads                 int // first day that is read; 4 unless told
	asOf                  string
	days, chosen          string // what a run must leave; a day without counts is left out
}

const (
	predictionHead = "id,at,known,score,flight,leg,weight"
	outcomeHead    = "flight_no,leg,value,at,known"
)

// rows makes CSV of a case's lines.
func rows(head, text string) []byte {
	return []byte(head + "\n" + expand(regexp.MustCompile(` *, *`).ReplaceAllString(lines(text), ",")) + "\n")
}

func expand(text string) string {
	return regexp.MustCompile(`\b(\d)T(\d\d:\d\d)(:[\d.]+)?`).ReplaceAllString(text, "2024-03-0${1}T${2}${3}Z")
}

// lines takes the indentation, blank lines and remarks (after a #) off a text.
func lines(text string) string {
	var all []string
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return strings.Join(all, "\n")
}

// take runs a case over the days from the 4th to the 6th of March 2024.
func (g golden) take(t *testing.T) *result {
	t.Helper()
	dir := t.TempDir()
	save(t, filepath.Join(dir, "predictions.csv"), rows(predictionHead, g.predictions))
	save(t, filepath.Join(dir, "outcomes.csv"), rows(outcomeHead, g.outcomes))
	if g.asKnown == "" {
		g.asKnown = "horizon: 1d"
	}
	if g.asPredicted != "" {
		g.asPredicted = ", " + g.asPredicted
	}
	save(t, filepath.Join(dir, "loop.yaml"), fmt.Appendf(nil, "version: 1\nloop: golden\ntask: binary\nloss: brier\nmax_invalid: %g\n"+
		"predictions: {path: predictions.csv, id: id, at: at, known_at: known, score: score, weight: weight%s}\n"+
		"outcomes: {path: outcomes.csv, on: {flight: flight_no, leg: leg}, value: value, at: at, known_at: known, %s}\n",
		g.maxInvalid, g.asPredicted, g.asKnown))
	asOf, err := time.Parse(time.RFC3339Nano, expand(g.asOf))
	if _, rest, _ := strings.Cut(g.asOf, "T"); err != nil && len(rest) == len("10:00") {
		asOf, err = time.Parse("2006-01-02T15:04Z", expand(g.asOf))
	}
	if err != nil {
		t.Fatal(err)
	}
	first := begin
	if g.reads != 0 {
		first += int64(g.reads-4) * day
	}
	return run(t, dir, 1, span{reads: first, context: first, from: first, to: begin + 3*day, asOf: asOf.UnixMicro()})
}

func (g golden) check(t *testing.T) {
	t.Helper()
	r := g.take(t)
	if r.err != nil {
		t.Fatal(fault.Text("", r.err))
	}
	got, all := "", r.days()
	for at := begin; at < begin+3*day; at += day {
		if c := all[at]; c.String() != "" {
			got += fmt.Sprintf("%d: %s\n", instant(at).Day(), c)
		}
	}
	if want := lines(g.days) + "\n"; got != want {
		t.Errorf("days\ngot\n%swant\n%s", got, want)
	}
	got = ""
	for _, row := range r.rows("select prediction_id, score, state, case outcome when 1 then '1' when 0 then '0' else '-' end from int_matched join stg_predictions on stg_predictions.rowid = row_no order by 1") {
		got += fmt.Sprintln(row...)
	}
	if want := lines(g.chosen) + "\n"; got != want {
		t.Errorf("chosen\ngot\n%swant\n%s", got, want)
	}
}

const deliveries = `
	a, 4T10:00, 4T10:00, 0.1, x, 1, 1
	a, 4T10:00, 4T11:00, 0.2, x, 1, 1   # later the same day
	b, 4T23:00, 4T23:00, 0.3, y, 1, 1
	b, 5T01:00, 5T01:00, 0.4, y, 1, 1   # again the next day
	c, 5T08:00, 5T09:00, 0.6, z, 1, 1
	c, 5T08:00, 5T09:00, 0.5, z, 1, 1   # a tie: what it says settles it
	d, 6T08:00, 6T07:00, 1.5, z, 1, 1   # a bad row is never chosen
	d, 6T08:00, 6T08:00, 0.7, z, 1, 1
	d, 6T08:00, 6T09:00, 0.8, z, 1, -1
	e, 6T08:00, 7T09:00, 0.9, z, 1, 1   # not known by as-of`

const arrivals = `
	x, 1, 1, 4T12:00, 4T12:00
	y, 1, 0, 5T02:00, 5T02:00`

const histories = `
	a, 1, 0, 4T01:00, 4T10:00
	a, 1, 0, 4T01:00, 4T12:00   # repeated
	a, 1, 1, 5T01:00, 5T10:00   # corrected; the day stays that of its first row
	b, 1, 0, 4T01:00, 4T10:00
	b, 1, 1, 4T01:00, 4T10:00   # set aside with the row above
	b, 1, 1, 4T01:00, 5T10:00   # settles it
	c, 1,  , 4T01:00, 4T10:00   # not known
	c, 1, 1, 4T01:00, 5T10:00
	d, 1, 1, 4T01:00, 4T10:00
	d, 1, 1, 4T01:00, 4T10:00   # repeated
	e, 1, 1, 5T01:00, 4T10:00
	e, 1, 0, 5T01:00, 5T10:00
	e, 1, 1, 5T01:00, 5T10:00   # set aside with the row above: what was known goes on counting`

const everyKey = `
	a, 4T00:00, 4T00:00, 0.5, a, 1, 1
	b, 4T00:00, 4T00:00, 0.5, b, 1, 1
	c, 4T00:00, 4T00:00, 0.5, c, 1, 1
	d, 4T00:00, 4T00:00, 0.5, d, 1, 1
	e, 4T00:00, 4T00:00, 0.5, e, 1, 1
	f, 4T00:00, 4T00:00, 0.5, f, 1, 1`

const snapshots = `
	a, 1, 1, 4T01:00, 5T00:00
	b, 1, 1, 4T01:00, 5T00:00
	c, 1, 1, 4T01:00, 5T00:00
	d, 1, 1, 4T01:00, 5T00:00
	f, 1, 0, 4T01:00, 5T00:00

	b, 1, 1, 4T01:00, 6T00:00   # repeated
	c, 1, 1, 4T01:00, 6T00:00   # repeated
	d, 1,  , 4T01:00, 6T00:00   # NULL is "not known": withdrawn
	f, 1, 1, 4T01:00, 6T00:00   # corrected

	a, 1, 1, 4T01:00, 7T00:00   # restored
	b, 1, 1, 4T01:00, 7T00:00   # repeated
	d, 1, 0, 4T01:00, 7T00:00   # restored, corrected
	e, 1, 1, 4T01:00, 7T00:00
	f, 1, 1, 4T01:00, 7T00:00   # repeated`

const edges = `
	a, 4T10:00, 4T10:00, 0.5, a, 1, 1
	b, 4T10:00, 4T10:00, 0.5, b, 1, 1
	c, 4T10:00, 4T15:00, 0.5, c, 1, 1   # written after its outcome was known
	d, 5T08:00, 5T08:00, 0.5, d, 1, 1
	e, 5T08:00, 5T08:00, 0.5, e, 1, 1
	f, 5T08:00, 5T08:00, 0.5, f, 1, 1
	g, 5T12:00, 5T12:00, 0.5, g, 1, 1   # its horizon ends at 6T12:00
	h, 5T20:00, 5T20:00, 0.5, h, 1, 1`

const edgeOutcomes = `
	a, 1, 1, 5T10:00, 5T10:00           # at the end of the horizon
	b, 1, 1, 5T10:00, 5T10:00:00.000001 # late
	c, 1, 1, 4T12:00, 4T12:00
	d, 1, 1, 5T08:00, 5T08:00           # known as the prediction was: hindsight
	e, 1, 1, 5T08:00, 5T08:00:00.000001
	f, 1, 1, 5T08:00, 6T12:30           # late
	h, 1, 1, 6T01:00, 6T12:30`

var goldens = []golden{
	{
		name: "the first delivery", predictions: deliveries, outcomes: arrivals, asOf: "7T00:00", maxInvalid: 0.5,
		days: `
			4: predictions 3, superseded 1, matched 2
			5: predictions 3, superseded 2, pending 1
			6: predictions 3, invalid 2, pending 1`,
		chosen: `
			a 0.1 matched 1
			b 0.3 matched 0
			c 0.5 pending -
			d 0.7 pending -`,
		asKnown: "horizon: 2d",
	},
	{
		name: "the latest delivery", predictions: deliveries, outcomes: arrivals, asOf: "7T00:00", maxInvalid: 0.5,
		asPredicted: "duplicates: latest", asKnown: "horizon: 2d",
		days: `
			4: predictions 3, superseded 2, matched 1
			5: predictions 3, superseded 1, matched 1, pending 1
			6: predictions 3, invalid 2, pending 1`,
		chosen: `
			a 0.2 matched 1
			b 0.4 matched 0
			c 0.5 pending -
			d 0.7 pending -`,
	},
	{
		name: "a delivery before the days read", predictions: deliveries, outcomes: arrivals, asOf: "7T00:00", maxInvalid: 0.5,
		reads: 5, asKnown: "horizon: 1d",
		days: `
			5: predictions 3, superseded 2, missing 1 # b is chosen on the 4th, and y is no orphan
			6: predictions 3, invalid 2, pending 1`,
		chosen: `
			c 0.5 missing -
			d 0.7 pending -`,
	},
	{
		name: "a bad delivery before the days read", asOf: "7T00:00", reads: 5,
		predictions: `
			a, 4T10:00, 4T10:00, 0.1, x, 1, -1  # its weight is out of range
			a, 5T10:00, 5T10:00, 0.2, x, 1, 1
			b, 4T10:00, 4T10:00, 1.1, x, 1, 1
			b, 5T10:00, 5T10:00, 0.2, x, 1, 1`,
		outcomes: "x, 1, 1, 4T12:00, 4T12:00",
		days:     "5: predictions 2, hindsight 2",
		chosen: `
			a 0.2 hindsight -
			b 0.2 hindsight -`,
	},
	{
		name: "horizons as of noon", predictions: edges, outcomes: edgeOutcomes, asOf: "6T12:00",
		days: `
			4: predictions 3, hindsight 1, matched 1, missing 1, late 1
			5: predictions 5, hindsight 1, matched 1, pending 1, missing 2`,
		chosen: `
			a 0.5 matched 1
			b 0.5 missing -
			c 0.5 hindsight -
			d 0.5 hindsight -
			e 0.5 matched 1
			f 0.5 missing -
			g 0.5 missing -
			h 0.5 pending -`,
	},
	{
		name: "horizons as of the evening", predictions: edges, outcomes: edgeOutcomes, asOf: "6T22:00",
		days: `
			4: predictions 3, hindsight 1, matched 1, missing 1, late 1
			5: predictions 5, hindsight 1, matched 2, missing 2, late 1`,
		chosen: `
			a 0.5 matched 1
			b 0.5 missing -
			c 0.5 hindsight -
			d 0.5 hindsight -
			e 0.5 matched 1
			f 0.5 missing -
			g 0.5 missing -
			h 0.5 matched 1`,
	},
}

func TestGolden(t *testing.T) {
	for _, g := range append(goldens, told...) {
		t.Run(g.name, g.check)
	}
}

// TestFaults: what a person must mend is told with what was found, where, and how many.
func TestFaults(t *testing.T) {
	const sound = `
		a, 4T10:00, 4T10:00, 0.1, x, 1, 1
		b, 4T10:00, 4T10:00, 0.1, y, 1, 1
		c, 5T10:00, 5T10:00, 0.1, z, 1, 1`
	const bad = sound + `
		 , 5T10:00, 5T10:00, 0.1, z, 1, 1
		d,        , 5T10:00, 0.1, z, 1, 1`
	const undated = sound + `
		d,        , 5T10:00, 0.1, z, 1, 1`
	for _, c := range []struct {
		golden
		where string
		want  []string // words of each fault; none: the run passes
		fix   string
	}{
		{golden: golden{name: "sound", predictions: sound, outcomes: arrivals}},
		{golden: golden{name: "at max_invalid", predictions: bad, outcomes: arrivals, maxInvalid: 0.4}},
		{golden: golden{name: "over max_invalid", predictions: bad, outcomes: arrivals, maxInvalid: 0.39}, where: "predictions.csv",
			want: []string{"2 of 5 prediction rows cannot be scored (1 without an instant;", "more than max_invalid 0.39"}, fix: "raise max_invalid"},
		{golden: golden{name: "undated after as-of", predictions: undated, outcomes: arrivals, asOf: "5T09:00"}},
		{golden: golden{name: "bad outcomes", predictions: sound, outcomes: arrivals + `
			z, 1, 2, 4T10:00, 4T10:00
			z, 1, 1, 4T10:00,
			z,  , 1, 4T10:00, 4T10:00`, maxInvalid: 0.5}, where: "outcomes.csv",
			want: []string{"3 of 5 outcome rows cannot be used", "more than max_invalid 0.5"}, fix: "raise max_invalid"},
		{golden: golden{name: "one id twice", predictions: sound + `
			b, 5T10:00, 5T10:00, 0.1, y, 1, 1
			b, 5T10:00, 5T10:00, 0.1, y, 1, 1
			c, 5T10:00, 7T10:00, 0.1, z, 1, 1   # not known by as-of`, outcomes: arrivals, asPredicted: "duplicates: reject"},
			where: "predictions.csv", want: []string{`2 repeated deliveries, of id "b" among others`}, fix: "duplicates: first or latest"},
		{golden: golden{name: "one id over two nights", predictions: sound + `
			a, 3T10:00, 3T10:00, 0.1, y, 1, 1`, outcomes: arrivals, asPredicted: "duplicates: reject"},
			where: "predictions.csv", want: []string{`1 repeated deliveries, of id "a" among others`}, fix: "duplicates: first or latest"},
		{golden: golden{name: "an id once, and bad", predictions: sound + `
			b, 5T10:00, 5T10:00, 1.1, y, 1, 1`, outcomes: arrivals, asPredicted: "duplicates: reject", maxInvalid: 0.5}},
		{golden: golden{name: "one key twice", predictions: sound, outcomes: arrivals + `
			x, 1, 1, 4T12:00, 4T12:00
			z, 1,  , 4T12:00, 4T12:00
			z, 1, 1, 4T13:00, 4T13:00`, asKnown: "horizon: 1d, duplicates: reject"},
			where: "outcomes.csv", want: []string{"1 outcome keys have more than one row, (x, 1) for one,"}, fix: "duplicates: latest or first"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.asOf == "" {
				c.asOf = "7T00:00"
			}
			r := c.take(t)
			faults := fault.All(r.err)
			if c.want == nil && r.err == nil {
				return
			}
			if len(faults) != 1 || c.want == nil {
				t.Fatalf("got %v, want %q", r.err, c.want)
			}
			f := faults[0]
			for _, words := range c.want {
				if !strings.Contains(f.What, words) {
					t.Errorf("got %q, want it to say %q", f.What, words)
				}
			}
			if f.Where != c.where || f.Usage || !strings.Contains(f.Fix, c.fix) {
				t.Errorf("got %q at %s (usage: %v), want %q at %s", f.Fix, f.Where, f.Usage, c.fix, c.where)
			}
		})
	}
}

// TestUnzoned: an instant in text without a zone is a mistake of the loop file, which could name the zone.
func TestUnzoned(t *testing.T) {
	g := golden{
		predictions: "a, 4T10:00, 2024-03-04 10:00, 0.1, x, 1, 1\nb, 2024-03-04 10:00, 4T10:00, 0.1, x, 1, 1",
		outcomes:    arrivals + "\nx, 1, 1, 4T12:00, 2024-03-04 12:00", maxInvalid: 1, asOf: "7T00:00",
	}
	r := g.take(t)
	for i, want := range []string{"predictions.csv: 2 rows", "outcomes.csv: 1 rows"} {
		faults := fault.All(r.err)
		if len(faults) != 2 || !strings.HasPrefix(faults[i].Error(), want+" have an instant in text without a time zone") || !faults[i].Usage {
			t.Errorf("got %v, want %q", r.err, want)
		}
	}
}

// TestFaultsTogether: all that is wrong is told at once.
func TestFaultsTogether(t *testing.T) {
	g := golden{
		predictions: `
			a, 4T10:00, 4T10:00, 0.1, x, 1, 1
			a, 4T10:00, 4T10:00, 1.1, x, 1, 1
			a, 4T10:00, 4T10:00, 0.1, x, 1, 1`,
		outcomes:    arrivals + "\nx, 1, 0, 4T12:00, 4T12:00\nx, 1, 2, 4T12:00, 4T12:00",
		asPredicted: "duplicates: reject", asKnown: "horizon: 1d, duplicates: reject", asOf: "7T00:00",
	}
	r := g.take(t)
	if faults := fault.All(r.err); len(faults) != 4 {
		t.Errorf("got %d faults, want 4\n%s", len(faults), fault.Text("", r.err))
	}
}
