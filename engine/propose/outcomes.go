package propose

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/plan"
	"github.com/plumbline-data/plumbline/engine/report"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

// readOutcomes chooses the instants of the outcomes: when they happened, and when they were known.
func (p *proposer) readOutcomes(ctx context.Context) error {
	in := p.outcomes
	orders, err := p.orders(ctx, in)
	if err != nil {
		return err
	}
	at, known, ask := instants(in, orders)
	if at == nil {
		return noInstant(in, "--outcomes", "it happened")
	}
	p.draft.outcomeAt = choice{column: at, ask: ask}
	p.draft.outcomeKnown = choice{column: known}
	return nil
}

// instants chooses when what an input tells of happened and when it was known: by name, and by which of two is never after the other.
func instants(in *input, orders map[[2]int]order) (at, known *column, ask string) {
	all := slices.DeleteFunc(in.Instants(), func(c *column) bool { return c.filled*10 < c.rows*9 })
	if len(all) == 0 {
		return nil, nil, ""
	}
	late := ranked(all, &knownRole, func(c *column) bool { return knownRole.fits(c.Name) > 0 })
	events := ranked(all, &eventRole, func(*column) bool { return true })
	slices.SortStableFunc(events, func(a, b *column) int { return eventPoints(b) - eventPoints(a) })
	for _, k := range late {
		for _, e := range events {
			if o := orders[[2]int{e.Index, k.Index}]; e != k && o.both > 0 && (o.both-o.inOrder)*100 <= o.both {
				return e, k, askEvent(e, k, events)
			}
		}
	}
	return events[0], nil, askEvent(events[0], nil, events)
}

// eventPoints says how likely a column of instants tells when something happened: days alone are less likely.
func eventPoints(c *column) int {
	n := eventRole.fits(c.Name)
	if c.clocklike() {
		n += someWord / 2
	}
	return n
}

// askEvent asks which of several columns tells when something happened, where names leave it open.
func askEvent(at, known *column, events []*column) string {
	for _, e := range events {
		if e != at && e != known && eventPoints(e) >= eventPoints(at) {
			return fmt.Sprintf("did it happen at %s, or at %s?", shown(at.Name), shown(e.Name))
		}
	}
	return ""
}

// answers joins the sampled predictions with the outcomes.
type answers struct {
	At, Known warehouse.Clock
	Keys      []keyPair
	Values    []*column
	Scores    []*column
	Read      plan.Reading
}

// value chooses the score and what it foretells, together: the one follows the other.
func (p *proposer) value(ctx context.Context) error {
	scores, values := p.scores(), p.values()
	if t := p.draft.preset; t != nil && t.lacks != "" && !slices.ContainsFunc(scores, func(c *column) bool { return scoreRole.fits(c.Name) > 0 }) {
		return fault.Usage("--predictions", "join it with the log of the scores, by the id that both have", "%s: %s", p.predictions.table.Path, t.lacks)
	}
	if t := p.textScore(scores); t != nil {
		return fault.Usage("--predictions", "write it as DOUBLE", "%s of %s is named like a score, and holds numbers as text", shown(t.Name), p.predictions.table.Path)
	}
	if len(scores) == 0 {
		return fault.Usage("--predictions", "log what the model said as a number: the probability of the positive class, or the value foretold",
			"no column of %s could be a score: a number in every row that is not always the same", p.predictions.table.Path)
	}
	if len(values) == 0 {
		return fault.Usage("--outcomes", "write what the world did as a column: 0 or 1, true or false, or a number",
			"no column of %s could be an outcome: a number, or one of two words", p.outcomes.table.Path)
	}
	a := answers{At: p.draft.outcomeAt.Clock, Known: p.draft.outcomeKnown.clock(), Keys: p.draft.keys, Values: values, Scores: scores, Read: p.outcomes.Read}
	if err := p.db.Run(ctx, "706_int_answers", a, map[string]any{"paths": p.outcomes.table.Paths()}); err != nil {
		return err
	}
	var all []pairing
	i := 0
	err := p.db.Query(ctx, "708_out_follows", a, nil, func(rows *sql.Rows) error {
		one := pairing{score: scores[i/len(values)], value: values[i%len(values)]}
		i++
		var mine, theirs int
		var r sql.NullFloat64
		err := rows.Scan(&mine, &theirs, &one.both, &r)
		one.follows = r.Float64
		all = append(all, one)
		return err
	})
	if err != nil {
		return err
	}
	hintScore, hintValue := p.hinted(p.predictions, "score"), p.hinted(p.outcomes, "value")
	slices.SortStableFunc(all, func(a, b pairing) int {
		return cmp.Compare(b.points(hintScore, hintValue), a.points(hintScore, hintValue))
	})
	p.settle(all, hintScore, hintValue)
	return nil
}

// clock is how a column that may be missing is read.
func (c choice) clock() plan.Clock {
	if c.column == nil {
		return plan.Clock{}
	}
	return c.Clock
}

// scores are the columns that could be the score: of those whose names say so, else of all numbers.
func (p *proposer) scores() []*column {
	d := &p.draft
	suits := func(c *column) bool {
		return c.Class == plan.Number && c.filled*2 >= c.rows && c.distinct > 1 && !slices.Contains([]*column{d.id.column, d.version.column, d.weight}, c) && !isKey(d.keys, c)
	}
	all := ranked(p.predictions.Columns, &scoreRole, suits)
	if named := slices.DeleteFunc(slices.Clone(all), func(c *column) bool { return scoreRole.fits(c.Name) <= 0 }); len(named) > 0 {
		all = named
	}
	return all[:min(len(all), mostCandidates)]
}

func isKey(keys []keyPair, c *column) bool {
	return slices.ContainsFunc(keys, func(k keyPair) bool { return k.Prediction == c || k.Other == c })
}

// textScore finds a column of text that is named like a score more than any of numbers, and holds numbers.
func (p *proposer) textScore(scores []*column) *column {
	most := 0
	for _, c := range scores {
		most = max(most, scoreRole.fits(c.Name))
	}
	for _, c := range p.predictions.Columns {
		if c.Class == plan.Text && c.filled > 0 && c.numbers == c.filled && scoreRole.fits(c.Name) > max(most, someWord) {
			return c
		}
	}
	return nil
}

// values are the columns that could be the outcome: in a frame of both, not what could be the score.
func (p *proposer) values() []*column {
	joined := p.predictions.table.Path == p.outcomes.table.Path
	suits := func(c *column) bool {
		if s := p.predictions.named(c.Name); s != nil && s.numeric() && (scoreRole.fits(c.Name) > valueRole.fits(c.Name) || joined && isOutput(c.Name)) {
			return false
		}
		return (c.numeric() || c.twoValued()) && !isKey(p.draft.keys, c) && c.distinct > 0 && !c.instant()
	}
	all := ranked(p.outcomes.Columns, &valueRole, suits)
	return all[:min(len(all), mostCandidates)]
}

// pairing is a score and an outcome, and how the one follows the other.
type pairing struct {
	score, value *column
	both         int64
	follows      float64 // correlation
}

// points says how likely a pairing is.
func (a pairing) points(score, value *column) float64 {
	n := float64(scoreRole.fits(a.score.Name)+valueRole.fits(a.value.Name)) + 60*math.Abs(a.follows)
	switch {
	case a.score.within01() && a.value.twoValued():
		n += 40
	case a.value.twoValued():
		n -= 40
	case a.score.within01():
		n -= 20
	}
	if a.score == score {
		n += 10 * wholeName
	}
	if a.value == value {
		n += 10 * wholeName
	}
	return n
}

// settle takes the best pairing, and asks where another is as good.
func (p *proposer) settle(all []pairing, hintScore, hintValue *column) {
	best, d := all[0], &p.draft
	d.score.column, d.value.column = best.score, best.value
	d.binary = best.score.within01() && best.value.twoValued()
	if !best.score.full() {
		d.score.ask = fmt.Sprintf("why is %s null in %s of %s predictions? Such rows are set aside, and more than max_invalid of them fail a run", shown(best.score.Name),
			report.Counted(best.score.rows-best.score.filled), report.Counted(best.score.rows))
	}
	d.labels = d.binary && best.score.twoValued()
	d.score.why = fmt.Sprintf("from %s to %s", number(best.score.least), number(best.score.greatest))
	if best.both > 0 {
		d.value.why = fmt.Sprintf("the score's correlation with it is %.2f over %s predictions", best.follows, report.Counted(best.both))
	}
	for _, other := range all[1:] {
		near := other.points(hintScore, hintValue) >= best.points(hintScore, hintValue)-someWord/2
		if !near && !(other.score == best.score && math.Abs(other.follows) > math.Abs(best.follows)+0.1) {
			continue
		}
		if other.score != best.score && d.score.ask == "" {
			d.score.ask = "is " + shown(best.score.Name) + " the score, or " + shown(other.score.Name) + "?"
		}
		if other.value != best.value && d.value.ask == "" {
			d.value.ask = "is " + shown(best.value.Name) + " what the model foretells, or " + shown(other.value.Name) + "?"
		}
	}
	if scoreRole.fits(best.score.Name) <= 0 && d.score.ask == "" {
		d.score.ask = "is " + shown(best.score.Name) + " what the model said? Nothing is named like a score; the outcome follows this one most"
	}
	if best.both >= leastRows && best.follows < 0.02 && d.value.ask == "" && best.value.Class != plan.Text {
		d.value.ask = fmt.Sprintf("does the score foretell %s, and not its opposite? Their correlation is %.2f", shown(best.value.Name), best.follows)
	}
	if best.value.twoValued() && !best.value.zeroOne() {
		d.positive = best.value.last
		if best.follows < 0 {
			d.positive = best.value.first
		}
		d.value.ask = fmt.Sprintf("is the score the probability of %s? The other value is %s", shown(d.positive), shown(other(best.value, d.positive)))
	}
	if best.value.distinct == 1 && d.value.ask == "" {
		d.value.ask = "why is " + shown(best.value.Name) + " always " + best.value.first + "?"
	}
	p.askWords(best)
}

// askWords asks about an outcome of a few words that is named more like one than what was chosen.
func (p *proposer) askWords(best pairing) {
	for _, c := range p.outcomes.Columns {
		if c.Class == plan.Text && !c.instant() && c.distinct > 2 && c.distinct <= 5 && valueRole.fits(c.Name) > max(valueRole.fits(best.value.Name), someWord) {
			p.draft.value.ask = fmt.Sprintf("is it not %s, which has %d values from %s to %s? Then write derive with the one that the score is the probability of", shown(c.Name), c.distinct, shown(c.first), shown(c.last))
			return
		}
	}
}

func other(c *column, value string) string {
	if value == c.first {
		return c.last
	}
	return c.first
}

// waits is how long outcomes took, in seconds.
type waits struct {
	predictions, answered, hindsight int64
	half, nearly, most, longest      sql.NullFloat64 // median, 99, 99.9 and 100 %
}

// round are lengths that people agree on.
var round = []time.Duration{
	5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour,
	loop.Day, 2 * loop.Day, 3 * loop.Day, 5 * loop.Day, 7 * loop.Day, 10 * loop.Day, 14 * loop.Day, 21 * loop.Day, 30 * loop.Day, 45 * loop.Day, 60 * loop.Day,
	90 * loop.Day, 120 * loop.Day, 180 * loop.Day, 270 * loop.Day, 365 * loop.Day,
}

// atLeast is the shortest round length of so many seconds or more; whole days past a year.
func atLeast(seconds float64) time.Duration {
	for _, d := range round {
		if d.Seconds() >= seconds {
			return d
		}
	}
	return time.Duration(math.Ceil(min(seconds, 100*365*86400)/86400)) * loop.Day
}

// horizon reads how long outcomes took.
func (p *proposer) horizon(ctx context.Context) error {
	w := &p.draft.waits
	data := struct{ At *column }{p.draft.at.column}
	err := p.db.Query(ctx, "707_out_waits", data, nil, func(rows *sql.Rows) error {
		return rows.Scan(&w.predictions, &w.answered, &w.hindsight, &w.half, &w.nearly, &w.most, &w.longest)
	})
	if err != nil {
		return err
	}
	d := &p.draft
	if !w.most.Valid {
		d.horizon = loop.Day
		d.horizonAsk = "how long after a prediction may its outcome still arrive? None that was looked at came after its prediction"
		return nil
	}
	d.horizon = atLeast(w.most.Float64)
	if longer := atLeast(w.longest.Float64); longer <= 2*d.horizon {
		d.horizon = longer
	}
	span := d.at.ends.Sub(d.at.begins)
	switch {
	case w.answered*2 < w.predictions:
		d.horizonAsk = fmt.Sprintf("do so few predictions have an outcome? %s of %s that were looked at have one by this key", report.Counted(w.answered), report.Counted(w.predictions))
	case w.hindsight*100 > w.answered:
		d.horizonAsk = fmt.Sprintf("%s of %s outcomes were known before their prediction was made, which is never scored: are the instants the right ones?", report.Counted(w.hindsight), report.Counted(w.answered))
	case span < 3*d.horizon:
		d.horizonAsk = fmt.Sprintf("may outcomes take longer? The predictions span %s, too short to see more", loop.FormatDuration(span.Round(time.Hour)))
	}
	return nil
}
