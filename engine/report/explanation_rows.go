package report

import (
	"bytes"
	"fmt"
	"math"
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

// rows shows predictions that the finding hits.
func (x *Explanation) rows(b *bytes.Buffer) {
	if len(x.Proof) == 0 {
		return
	}
	keys := hypotheses(x.Proof)
	heading(b, fmt.Sprintf("%d of the rows", len(x.Proof)))
	cells := [][]string{{"INSTANT (UTC)", "KEY", "FEATURE", "DECLARED", "SERVED"}}
	if len(keys) > 0 {
		cells[0] = append(cells[0], "CAUSE GIVES")
	}
	cells[0] = append(cells[0], "PREDICTION")
	for _, r := range x.Proof {
		v := values(r.Declared, r.Served, r.Replayed)
		line := []string{r.Instant.UTC().Format(time.DateTime), cut(r.Key, 16), cut(r.Feature, 24), cut(v[0], 14), cut(v[1], 14)}
		if len(keys) > 0 {
			said := cut(v[2], 14)
			if r.Hypothesis == "" {
				said = "-"
			}
			line = append(line, said)
		}
		cells = append(cells, append(line, cut(r.PredictionID, 30)))
	}
	columns(b, "  ", cells, []int{3, 4, 5})
	t := pairs{}
	t.add("DECLARED", "what the loop file's declaration gives from the source, as it was known at that instant")
	t.add("SERVED", "what the prediction log says was served")
	if len(keys) > 0 {
		t.add("CAUSE GIVES", "what would have been served under "+strings.Join(keys, ", "))
	}
	b.WriteString("\n")
	t.write(b, "  ")
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
		keys[i] = strconv.Quote(cut(k, 60))
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
	return [3]string{value(declared, digits), value(served, digits), value(replayed, digits)}
}

// value writes a value: numbers with so many digits, null as such, a text that could be taken for either in quotes.
func value(text *string, digits int) string {
	if text == nil {
		return "null"
	}
	if number, err := strconv.ParseFloat(*text, 64); err == nil && !math.IsInf(number, 0) && !math.IsNaN(number) {
		return strconv.FormatFloat(number, 'g', digits, 64)
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
		note := strings.Repeat("#", int(math.Ceil(barWidth*d.Share)))
		if i > 0 && d.Day.Sub(days[i-1].Day) > 24*time.Hour {
			cells = append(cells, []string{"...", "", "", "(days without predictions)"})
		}
		cells = append(cells, []string{d.Day.Format(time.DateOnly), counted(d.Rows), percent(d.Share), note})
	}
	columns(b, "  ", cells, []int{1, 2})
}
