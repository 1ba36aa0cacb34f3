package attribution

import (
	"math"
	"slices"
	"strings"

	"github.com/plumbline-data/plumbline/engine/fingerprint"
)

const (
	// standingShare is the share of the baseline's predictions from which a level counts as usual there.
	standingShare = 0.01

	// noticedShare is the least share of the window's predictions at which an inferred level is listed.
	noticedShare = 0.005
)

// census counts the predictions of a period by fingerprint and by level.
type census struct {
	predictions int64
	prints      []int64
	levels      []int64
}

func (x *Index) count(days []int) census {
	c := census{prints: make([]int64, x.prints), levels: make([]int64, len(x.levels))}
	for _, i := range days {
		c.predictions += x.days[i].predictions
		for _, p := range x.days[i].prints {
			c.prints[p.print] += p.predictions
		}
	}
	for print, n := range c.prints {
		if n != 0 {
			for _, l := range x.levelsOf(int32(print)) {
				c.levels[l] += n
			}
		}
	}
	return c
}

func (c *census) share(n int64) float64 {
	if c.predictions <= 0 {
		return 0
	}
	return float64(n) / float64(c.predictions)
}

func (x *Index) levelsOf(print int32) []int32 {
	return x.levelOf[int(print)*x.stride : (int(print)+1)*x.stride]
}

// standing of a level: as the layout has it, and broken for the schema of a file that breaks its contract.
func (x *Index) standing(level int32) fingerprint.Standing {
	l := x.levels[level]
	c := &x.conditions[l.condition]
	if c.Kind == fingerprint.Schema && slices.Contains(x.breached[c.Name()], l.code) {
		return fingerprint.Broken
	}
	return c.Standing(l.code)
}

// isFact tells the standings that are known without a baseline: a broken promise, and a value that the replay contradicts.
func isFact(s fingerprint.Standing) bool { return s == fingerprint.Broken || s == fingerprint.Disputed }

// nominal tells by level whether it is nominal against a baseline. Fine levels are, facts never: else a fault would turn
// nominal with its first day in the baseline. Other levels are where they have at least 1 % of the baseline's
// predictions, a staleness together with all that is staler; a schema is where the baseline has it at all; an outcome
// not yet known always is. Without a baseline all but facts are.
func (x *Index) nominal(base *census) []bool {
	nominal := make([]bool, len(x.levels))
	for i, l := range x.levels {
		c := &x.conditions[l.condition]
		standing := x.standing(int32(i))
		switch {
		case standing == fingerprint.Fine || c.Kind == fingerprint.Outcome && c.LevelName(l.code) == "none":
			nominal[i] = true
		case isFact(standing):
		case base.predictions <= 0:
			nominal[i] = true
		case c.Kind == fingerprint.Schema:
			nominal[i] = base.levels[i] > 0
		default:
			n := base.levels[i]
			if c.Kind == fingerprint.Staleness && standing == fingerprint.Usual && !ahead(c, l.code) {
				n += x.staler(base, i)
			}
			nominal[i] = base.share(n) >= standingShare
		}
	}
	return nominal
}

// staler counts the predictions of a staleness condition's levels above level i.
func (x *Index) staler(base *census, i int) (n int64) {
	c := x.levels[i].condition
	for k := i + 1; k < len(x.levels) && x.levels[k].condition == c; k++ {
		if !ahead(&x.conditions[c], x.levels[k].code) {
			n += base.levels[k]
		}
	}
	return n
}

// ahead tells the staleness level of rows from the future, which are not stale.
func ahead(c *fingerprint.Condition, code uint16) bool {
	return strings.Contains(c.LevelName(code), "future")
}

// integrity is the share of predictions whose whole fingerprint is nominal; nil without predictions.
func (x *Index) integrity(c *census, nominal []bool) *float64 {
	if c.predictions <= 0 {
		return nil
	}
	var whole int64
	for print, n := range c.prints {
		if n != 0 && allNominal(x.levelsOf(int32(print)), nominal) {
			whole += n
		}
	}
	share := c.share(whole)
	return &share
}

func allNominal(levels []int32, nominal []bool) bool {
	for _, l := range levels {
		if !nominal[l] {
			return false
		}
	}
	return true
}

// listed is a level that is not nominal and worth telling; p and q are nil for broken promises, which are facts.
type listed struct {
	level int32
	q     *float64
}

// listLevels chooses among the levels of the window that are not nominal: every broken promise, and those inferred levels
// whose share is noticeable and, after Benjamini-Hochberg over all inferred levels looked at, larger than the baseline's.
func (x *Index) listLevels(q Question, window, baseline []int, in, base *census, nominal []bool) []listed {
	var found []listed
	var tested []listed
	var ps []float64
	for i := range x.levels {
		if nominal[i] || in.levels[i] <= 0 && base.levels[i] <= 0 {
			continue
		}
		if isFact(x.standing(int32(i))) {
			if in.levels[i] > 0 {
				found = append(found, listed{level: int32(i)})
			}
			continue
		}
		p := 1.0
		if in.share(in.levels[i]) >= noticedShare {
			p = x.levelP(q, int32(i), window, baseline, in, base)
		}
		tested = append(tested, listed{level: int32(i)})
		ps = append(ps, p)
	}
	qs := benjaminiHochberg(ps)
	for i, t := range tested {
		if in.share(in.levels[t.level]) >= noticedShare && qs[i] <= q.FDR {
			t.q = &qs[i]
			found = append(found, t)
		}
	}
	return found
}

// levelP is the one-sided p-value that a level's share of the window exceeds what is due by the baseline's by chance. Under that chance
// the window's days are like the baseline's, so the deviation is the baseline's by day, and never less than that of
// drawing the predictions one by one.
func (x *Index) levelP(q Question, l int32, window, baseline []int, in, base *census) float64 {
	if len(window) == 0 || len(baseline) < 2 {
		return 1
	}
	s := newSeries(nil, nil)
	for _, i := range baseline {
		if d := &x.days[i]; d.predictions > 0 {
			s.add(d.day, float64(x.onDay(d, l))/float64(d.predictions))
		}
	}
	n := 0
	for _, i := range window {
		if x.days[i].predictions > 0 {
			n++
		}
	}
	if n == 0 || len(s.values) < 2 {
		return 1
	}
	df := len(s.values) - 1
	r := s.autocorrelation()
	byDay := s.squares() / float64(df) * (inflation(r, len(s.values))/float64(len(s.values)) + inflation(r, n)/float64(n))
	pooled := float64(in.levels[l]+base.levels[l]) / float64(in.predictions+base.predictions)
	byRow := pooled * (1 - pooled) * (1/float64(in.predictions) + 1/float64(base.predictions))
	return upperTail(in.share(in.levels[l])-x.due(q, l, window, baseline, in, base), math.Sqrt(max(byDay, byRow)), df)
}

// onDay counts a day's predictions at a level.
func (x *Index) onDay(d *day, l int32) (n int64) {
	k := x.levels[l].condition
	for _, p := range d.prints {
		if x.levelOf[int(p.print)*x.stride+k] == l {
			n += p.predictions
		}
	}
	return n
}
