package engine_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/plumbline-data/plumbline/engine/report"
)

// A toy is a loop that a person can work out by hand: one source s, with a row an hour for each of a few keys, and one model
// that asks it at :30. The rows of key a are ten, written down in ten, over and over, 100 higher each time; those of the next
// keys are the same, 10,000 higher each.
//
//	hour of the toy    0   1   2   3   4   5   6   7   8   9  10  11 ...
//	v of key a        12  47   3  88  25  61  34  79  16  50 112 147 ...
//	v of key b     10012 ...
var ten = [10]float64{12, 47, 3, 88, 25, 61, 34, 79, 16, 50}

// toyBegin is when the source of a toy begins; predictions begin five days later and last for eight days, of which the last is
// judged: Monday the 13th of May.
var toyBegin = time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC)

// toyRow is a row of the source.
type toyRow struct {
	id, key, grade, code string
	at, known            time.Time
	v, w                 *float64
}

// ask is a prediction: its number, key and instant.
type ask struct {
	n   int
	key string
	at  time.Time
}

// toy is a case of the catalogue: what is declared, what was served until the onset and from then on, and what is found.
type toy struct {
	name string

	keys     []string                          // a, b, c and d where none are named
	asks     []string                          // keys as predictions have them, where otherwise
	minutes  []int                             // of the hour at which predictions are made: 30
	days     int                               // of predictions: 8
	begin    time.Time                         // of the source: toyBegin
	onset    time.Time                         // of the fault: the last day, 06:00
	row      func(r toyRow, hour int) []toyRow // what becomes of each row; nil: nothing
	source   string                            // lines of the source, beside path, key and at
	features string                            // lines of the features
	declared func(w *past, p ask) []any        // what f, and g, should be: numbers, text or nil
	served   func(w *past, p ask) []any        // what they are from the onset on
	met      int                               // rows that serving says it met from the onset on, in the column met; it says 1 before
	only     func(p ask) bool                  // predictions that bear the fault; nil: all from the onset on
	want     []toyFinding
}

// toyFinding is what findings.json says of a finding.
type toyFinding struct {
	cause      string
	features   []string // f where none is named
	parameters string
	likely     bool // else it is proven
	onset      string
	advice     string // in the action
}

func (c *toy) defaults() {
	if c.keys == nil {
		c.keys = []string{"a", "b", "c", "d"}
	}
	if c.asks == nil {
		c.asks = c.keys
	}
	if c.minutes == nil {
		c.minutes = []int{30}
	}
	if c.days == 0 {
		c.days = 8
	}
	if c.begin.IsZero() {
		c.begin = toyBegin
	}
	if c.onset.IsZero() {
		c.onset = c.end().Add(-18 * time.Hour)
	}
}

func (c *toy) first() time.Time { return c.begin.AddDate(0, 0, 5) }
func (c *toy) end() time.Time   { return c.first().AddDate(0, 0, c.days) }

// past is the source's rows.
type past struct{ rows map[string][]toyRow }

func (c *toy) past() *past {
	w := &past{rows: map[string][]toyRow{}}
	for k, key := range c.keys {
		for at, hour := c.begin, 0; at.Before(c.end().AddDate(0, 0, 1)); at, hour = at.Add(time.Hour), hour+1 {
			v := ten[hour%10] + float64(100*(hour/10)+10_000*k)
			r := toyRow{id: fmt.Sprintf("%s%d", key, hour), key: key, grade: []string{"good", "fair"}[hour/2%2], code: []string{"red", "green", "blue"}[hour*hour/3%3],
				at: at, known: at, v: &v, w: new(v*v/7 + 1)}
			rows := []toyRow{r}
			if c.row != nil {
				rows = c.row(r, hour)
			}
			w.rows[c.asks[k]] = append(w.rows[c.asks[k]], rows...)
		}
	}
	return w
}

// newest is the newest row that was known at t, nil where there is none or it is older than within (0: of any age).
func (w *past) newest(key string, t time.Time, within time.Duration) *toyRow {
	var best *toyRow
	for i := range w.rows[key] {
		r := &w.rows[key][i]
		if r.known.After(t) || best != nil && !r.at.After(best.at) {
			continue
		}
		best = r
	}
	if best == nil || within > 0 && best.at.Before(t.Add(-within)) {
		return nil
	}
	return best
}

// in gives the rows of (from, to] that keep keeps; nil keeps all.
func (w *past) in(key string, from, to time.Time, keep func(toyRow) bool) []toyRow {
	var all []toyRow
	for _, r := range w.rows[key] {
		if r.at.After(from) && !r.at.After(to) && (keep == nil || keep(r)) {
			all = append(all, r)
		}
	}
	return all
}

// last gives the rows of the last so many hours before t that were known then.
func (w *past) last(key string, t time.Time, length time.Duration) []toyRow {
	return w.in(key, t.Add(-length), t, func(r toyRow) bool { return !r.known.After(t) })
}

func sumOf(rows []toyRow) any {
	var sum float64
	n := 0
	for _, r := range rows {
		if r.v != nil {
			sum, n = sum+*r.v, n+1
		}
	}
	if n == 0 {
		return nil
	}
	return sum
}

func meanOf(rows []toyRow) any {
	n := 0
	for _, r := range rows {
		if r.v != nil {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return sumOf(rows).(float64) / float64(n)
}

// valueOf is v of a row, nil where there is none.
func valueOf(r *toyRow) any {
	if r == nil || r.v == nil {
		return nil
	}
	return *r.v
}

// spelt is a value as CSV.
func spelt(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case *float64:
		if v == nil {
			return ""
		}
		return spelt(*v)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case time.Time:
		return v.UTC().Format("2006-01-02T15:04:05.999999Z")
	}
	return fmt.Sprint(v)
}

func writeCSV(t *testing.T, file string, rows [][]any) {
	t.Helper()
	out, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	w := csv.NewWriter(out)
	for _, r := range rows {
		record := make([]string, len(r))
		for i, v := range r {
			record[i] = spelt(v)
		}
		if err := w.Write(record); err != nil {
			t.Fatal(err)
		}
	}
	if w.Flush(); w.Error() != nil {
		t.Fatal(w.Error())
	}
}

// asked lists the predictions.
func (c *toy) asked() []ask {
	var all []ask
	for at := c.first(); at.Before(c.end()); at = at.Add(time.Hour) {
		for _, minute := range c.minutes {
			for _, key := range c.asks {
				all = append(all, ask{n: len(all), key: key, at: at.Add(time.Duration(minute) * time.Minute)})
			}
		}
	}
	return all
}

// write puts the toy's files and its loop file into a folder.
func (c *toy) write(t *testing.T, folder string) {
	t.Helper()
	w := c.past()
	source := [][]any{{"id", "key", "grade", "code", "at", "known", "v", "w"}}
	for k, key := range c.asks {
		for _, r := range w.rows[key] {
			source = append(source, []any{r.id, c.keys[k], r.grade, r.code, r.at, r.known, r.v, r.w})
		}
	}
	predictions := [][]any{{"id", "key", "at", "score", "met", "f", "g"}}
	outcomes := [][]any{{"id", "late", "at", "known"}}
	for _, p := range c.asked() {
		served, met := c.declared, 1
		if !p.at.Before(c.onset) && (c.only == nil || c.only(p)) {
			served, met = c.served, c.met
		}
		values := append(served(w, p), nil)
		predictions = append(predictions, []any{p.n, p.key, p.at, 0.2 + 0.1*float64(p.n%7), met, values[0], values[1]})
		outcomes = append(outcomes, []any{p.n, p.n * p.n % 11 % 2, p.at, p.at.Add(2 * time.Hour)})
	}
	writeCSV(t, filepath.Join(folder, "s.csv"), source)
	writeCSV(t, filepath.Join(folder, "predictions.csv"), predictions)
	writeCSV(t, filepath.Join(folder, "outcomes.csv"), outcomes)
	loop := fmt.Sprintf(`version: 1
loop: toy
task: binary
loss: brier
timezone: UTC
predictions: {path: predictions.csv, id: id, at: at, score: score}
outcomes: {path: outcomes.csv, on: {id: id}, value: late, at: at, known_at: known, horizon: 1d}
sources:
  s: {path: s.csv, key: {key: key}, at: at%s}
features:
%s
baseline: {trailing: 7d, reach: 14d}
evaluate: {window: %dd, min_matched: 50}
`, c.source, strings.TrimRight(c.features, "\n"), max(1, c.days-7))
	if err := os.WriteFile(filepath.Join(folder, "loop.yaml"), []byte(loop), 0o644); err != nil {
		t.Fatal(err)
	}
}

// run takes the toy in and gives the findings of findings.json.
func (c *toy) run(t *testing.T) []report.Finding {
	t.Helper()
	c.defaults()
	folder := t.TempDir()
	c.write(t, folder)
	findings := findingsOf(t, folder, c.first(), c.end())
	slices.SortFunc(findings, func(a, b report.Finding) int { return strings.Compare(a.Cause, b.Cause) })
	return findings
}
