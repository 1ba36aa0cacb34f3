package report

import (
	"bytes"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	// mostDays is how many days a timeline shows.
	mostDays = 42
	// barWidth is how long the bar of a whole day is.
	barWidth = 50
	// leastDigits of a value are shown; more where two values of a row would look alike.
	leastDigits = 6
)

// doubles are numbers as DuckDB writes a DOUBLE; text that looks like a number is shown as it stands.
var doubles = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+(e[+-]?[0-9]+)?|e[+-]?[0-9]+)$`)

// rows shows predictions that the finding hits. Where all are of one feature it is told once, above them.
func (x *Explanation) rows(b *bytes.Buffer) {
	if len(x.Proof) == 0 {
		return
	}
	keys := hypotheses(x.Proof)
	title := fmt.Sprintf("%d of the rows", len(x.Proof))
	one := !slices.ContainsFunc(x.Proof, func(r ProofRow) bool { return r.Feature != x.Proof[0].Feature })
	key, said := 12, 11 // characters
	if one {
		title += ", of feature " + Cut(x.Proof[0].Feature, 60)
		key, said = 20, 16
	}
	heading(b, title)
	table := [][]string{line("INSTANT (UTC)", "KEY", "FEATURE", one, "DECLARED", "SERVED", "CAUSE GIVES", len(keys) > 0, "PREDICTION")}
	for _, r := range x.Proof {
		v := values(r.Declared, r.Served, r.Replayed)
		gives := Cut(v[2], said)
		if r.Hypothesis == "" {
			gives = "-"
		}
		table = append(table, line(r.Instant.UTC().Format(time.DateTime), Cut(r.Key, key), Cut(r.Feature, 22), one,
			Cut(v[0], said), Cut(v[1], said), gives, len(keys) > 0, Cut(r.PredictionID, 30)))
	}
	first := len(table[0]) - 3
	if len(keys) > 0 {
		first--
	}
	columns(b, "  ", table, first)
	t := pairs{}
	t.add("DECLARED", "what the loop file's declaration gives, from what was known at that instant")
	t.add("SERVED", "what the prediction log says was served")
	if len(keys) > 0 {
		t.add("CAUSE GIVES", "what would have been served under "+strings.Join(keys, ", "))
	}
	b.WriteString("\n")
	t.write(b, "  ")
}

// line puts together a line of the rows, without the feature where that is one, and without what a cause gives where none does.
func line(at, key, feature string, one bool, declared, served, gives string, any bool, id string) []string {
	cells := []string{at, key}
	if !one {
		cells = append(cells, feature)
	}
	cells = append(cells, declared, served)
	if any {
		cells = append(cells, gives)
	}
	return append(cells, id)
}

// hypotheses lists what the rows were reproduced by, the most frequent first.
func hypotheses(rows []ProofRow) []string {
	count := map[string]int{}
	var keys []string
	for _, r := range rows {
		if r.Hypothesis == "" {
			continue
		}
		if count[r.Hypothesis] == 0 {
			keys = append(keys, r.Hypothesis)
		}
		count[r.Hypothesis]++
	}
	slices.SortStableFunc(keys, func(a, b string) int { return count[b] - count[a] })
	for i, k := range keys {
		keys[i] = strconv.Quote(Cut(k, 60))
		if len(keys) > 1 {
			keys[i] += fmt.Sprintf(" (%d)", count[k])
		}
	}
	return keys
}

// values writes the three values of a row with as many digits as tell the declared one from the served one.
func values(declared, served, replayed *string) [3]string {
	digits := leastDigits
	for digits < 17 && declared != nil && served != nil && value(declared, digits) == value(served, digits) {
		digits++
	}
	if digits == 17 {
		digits = leastDigits // they are the same
	}
	return [3]string{value(declared, digits), value(served, digits), value(replayed, digits)}
}

// value writes a value: numbers with so many digits, null as such, a text that could be taken for either in quotes.
func value(text *string, digits int) string {
	if text == nil {
		return "null"
	}
	if doubles.MatchString(*text) {
		if number, err := strconv.ParseFloat(*text, 64); err == nil {
			return strconv.FormatFloat(number, 'g', digits, 64)
		}
	}
	if *text == "" || *text == "null" || strings.TrimSpace(*text) != *text {
		return strconv.Quote(*text)
	}
	return *text
}

// timeline shows the share of affected rows by day.
func (x *Explanation) timeline(b *bytes.Buffer) {
	if len(x.Days) == 0 {
		return
	}
	heading(b, "By day")
	days := x.Days
	if earlier := len(days) - mostDays; earlier > 0 {
		hit := 0
		for _, d := range days[:earlier] {
			if d.Rows > 0 {
				hit++
			}
		}
		days = days[earlier:]
		fmt.Fprintf(b, "  (%d earlier days are left out, %d of them with affected rows)\n", earlier, hit)
	}
	cells := [][]string{{"DAY", "ROWS", "SHARE", ""}}
	for i, d := range days {
		bar := int(math.Round(barWidth * d.Share))
		if d.Rows > 0 {
			bar = max(bar, 1)
		}
		if i > 0 && d.Day.Sub(days[i-1].Day) > 24*time.Hour {
			cells = append(cells, []string{"...", "", "", "(days without predictions)"})
		}
		cells = append(cells, []string{d.Day.Format(time.DateOnly), Counted(d.Rows), Percent(d.Share), strings.Repeat("#", bar)})
	}
	columns(b, "  ", cells, 1)
}
