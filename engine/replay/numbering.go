package replay

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/plumbline-data/plumbline/engine/cause"
)

// numbering gives hypotheses, the readings of the source that they need and the probes that they ask numbers, and writes them
// down as the stages take them.
type numbering struct {
	s        *subject
	readings []cause.Reading
	probes   []numberedProbe
	all      []numbered
	keys     map[string]bool
	gOf      map[cause.Reading]int
	probeOf  map[numberedProbe]int
}

type numberedProbe struct {
	g         int
	day       string // "" for every day
	instant   cause.Instant
	within    time.Duration
	normalise string
}

type numbered struct {
	*cause.Hypothesis
	probe, place int
	day          string
}

// newNumbering begins with the declaration: reading 0, asked by probe 0.
func newNumbering(s *subject) *numbering {
	n := &numbering{s: s, keys: map[string]bool{}, gOf: map[cause.Reading]int{}, probeOf: map[numberedProbe]int{}}
	n.probe(cause.Reading{Length: s.cause.Length, Offset: s.cause.Offset, Align: s.cause.Align, Within: s.cause.Within}, cause.Instant{Clock: cause.Shifted}, "")
	return n
}

// add takes a hypothesis in for a day, or for every day; one that is there already, under its key, is left as it is.
func (n *numbering) add(h cause.Hypothesis, day string) {
	if n.keys[h.Key] || n.keys[h.Key+"\n"+day] {
		return
	}
	n.addAt(h, day, 0)
	n.keys[strings.TrimSuffix(h.Key+"\n"+day, "\n")] = true
}

// addAt takes a hypothesis in with its place among a day's winners.
func (n *numbering) addAt(h cause.Hypothesis, day string, place int) {
	one := numbered{Hypothesis: &h, day: day, place: place}
	one.probe = -1
	for _, v := range n.s.variants {
		if v.name == h.Key {
			one.probe = v.Probe
		}
	}
	if one.probe < 0 {
		asked := day
		if h.Instant == (cause.Instant{Clock: cause.Shifted}) {
			asked = "" // the declared instant is asked at on every day
		}
		one.probe = n.probe(h.Reading, h.Instant, asked)
	}
	n.all = append(n.all, one)
}

func (n *numbering) probe(r cause.Reading, at cause.Instant, day string) int {
	p := numberedProbe{day: day, instant: at, within: r.Within, normalise: r.Normalise}
	r.Within = 0
	g, ok := n.gOf[r]
	if !ok {
		g = len(n.readings)
		n.gOf[r] = g
		n.readings = append(n.readings, r)
	}
	p.g = g
	number, ok := n.probeOf[p]
	if !ok {
		number = len(n.probes)
		n.probeOf[p] = number
		n.probes = append(n.probes, p)
	}
	return number
}

func (n *numbering) hypothesis(h int) *cause.Hypothesis { return n.all[h].Hypothesis }

// better orders hypotheses of a day: those that reproduce more rows first, then simpler ones.
func (n *numbering) better(a, b tried) int {
	return cmp.Or(-cmp.Compare(a.hits, b.hits), cause.Simpler(n.all[a.h].Hypothesis, n.all[b.h].Hypothesis))
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func (n *numbering) readingParams() map[string]any {
	var g, value, filter, length, offset, opens, closes, shift, passed, final, every, skips, late, deadline []int64
	var align, toDate, zone, normalise []string
	for i, r := range n.readings {
		g, value, filter = append(g, int64(i)), append(value, int64(r.Value)), append(filter, int64(r.Filter))
		length, offset = append(length, r.Length.Microseconds()), append(offset, r.Offset.Microseconds())
		opens, closes = append(opens, r.Opens.Microseconds()), append(closes, r.Closes.Microseconds())
		shift, late, deadline = append(shift, r.Shift.Microseconds()), append(late, r.Late.Microseconds()), append(deadline, r.Deadline.Microseconds())
		passed = append(passed, flag(r.Passed))
		final, every, skips = append(final, flag(r.Final)), append(every, flag(r.All)), append(skips, flag(r.Skips))
		align, toDate, zone, normalise = append(align, r.Align), append(toDate, r.ToDate), append(zone, r.Zone), append(normalise, r.Normalise)
	}
	return map[string]any{"g": g, "value": value, "filter": filter, "length_us": length, "offset_us": offset, "align": align, "to_date": toDate,
		"opens_us": opens, "closes_us": closes, "shift_us": shift, "zone": zone, "passed": passed, "final": final, "every": every, "skips": skips, "late_us": late,
		"deadline_us": deadline, "normalise": normalise}
}

func (n *numbering) probeParams() map[string]any {
	var probe, g, by, at, period, phase, aged, within []int64
	var day, clock, zone, normalise []string
	for i, p := range n.probes {
		probe, g, day = append(probe, int64(i)), append(g, int64(p.g)), append(day, p.day)
		clock, by = append(clock, string(p.instant.Clock)), append(by, p.instant.By.Microseconds())
		frozen := int64(0)
		if !p.instant.At.IsZero() {
			frozen = p.instant.At.UnixMicro()
		}
		at, period, phase = append(at, frozen), append(period, max(p.instant.Period.Microseconds(), 1)), append(phase, p.instant.Phase.Microseconds())
		zone, aged, within = append(zone, p.instant.Zone), append(aged, flag(p.instant.Aged)), append(within, p.within.Microseconds())
		normalise = append(normalise, p.normalise)
	}
	return map[string]any{"probe": probe, "g": g, "day": day, "clock": clock, "by_us": by, "at_us": at, "period_us": period, "phase_us": phase,
		"zone": zone, "aged": aged, "within_us": within, "normalise": normalise}
}

// hypothesisParams gives the parameters of 434_in_hypotheses and of 435_in_maps.
func (n *numbering) hypothesisParams() (hypotheses, maps map[string]any) {
	var h, probe, digits, place, code, mh []int64
	var day, made, word []string
	var factor, plus, constant []float64
	was, became := []string{}, []string{}
	mh = []int64{}
	for i, one := range n.all {
		m := &one.Making
		h, probe, day = append(h, int64(i)), append(probe, int64(one.probe)), append(day, one.day)
		made, word, digits = append(made, string(m.Made)), append(word, m.Text), append(digits, int64(m.Digits))
		factor, plus, constant = append(factor, m.Factor), append(plus, m.Plus), append(constant, m.Constant)
		place, code = append(place, int64(one.place)), append(code, int64(cause.CodeOf(one.Cause)))
		for k := range m.From {
			mh, was, became = append(mh, int64(i)), append(was, m.From[k]), append(became, m.To[k])
		}
	}
	return map[string]any{"h": h, "probe": probe, "day": day, "made": made, "factor": factor, "plus": plus, "constant": constant, "word": word,
			"digits": digits, "place": place, "code": code},
		map[string]any{"h": mh, "was": was, "became": became}
}

// variants are the whole replays that the hypotheses need.
func (n *numbering) variants() []variantProbe {
	var all []variantProbe
	for _, v := range n.s.variants {
		if slices.ContainsFunc(n.all, func(one numbered) bool { return one.probe == v.Probe }) {
			all = append(all, v)
		}
	}
	return all
}

// makes tells whether a hypothesis makes this of the value found.
func (n *numbering) makes(m cause.Made) bool {
	return slices.ContainsFunc(n.all, func(one numbered) bool { return one.Making.Made == m })
}

// constantList is the hypotheses that serve one constant.
type constantList struct {
	hs      []int64
	days    []string
	made    []string
	numbers []float64
	words   []string
}

func (n *numbering) constants() (c constantList) {
	for i, one := range n.all {
		switch one.Making.Made {
		case cause.Nothing, cause.Dropped, cause.Constant, cause.Filled:
			c.hs, c.days, c.made = append(c.hs, int64(i)), append(c.days, one.day), append(c.made, string(one.Making.Made))
			c.numbers, c.words = append(c.numbers, one.Making.Constant), append(c.words, one.Making.Text)
		}
	}
	return c
}
