package cause

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

const whole = 24 * time.Hour

// episodeGap is how many days without a differing row part one episode from the next.
const episodeGap = 7

// Case is all that the trials of a run say, to be judged at its boundaries.
type Case struct {
	Trials []TrialDay
	Labels []LabelDay
	// JobOf names the job that writes a source; "" where none is declared.
	JobOf func(source string) string
}

// Claims judges the days of [since, boundary): which cause accounts for the values that differ, of each source. Only what
// reaches into the window, which begins at from, is claimed.
func (c *Case) Claims(since, from, boundary time.Time) []Claim {
	bySource := map[string][]LabelDay{}
	for _, l := range c.Labels {
		if !l.Day.Before(since) && l.Day.Before(boundary) {
			bySource[l.Source] = append(bySource[l.Source], l)
		}
	}
	var all []Claim
	for _, source := range slices.Sorted(maps.Keys(bySource)) {
		episodes := episodesOf(bySource[source])
		last := episodes[len(episodes)-1]
		if last[len(last)-1].Day.Before(from) {
			continue
		}
		all = append(all, c.judgeEpisode(source, last, boundary)...)
	}
	return c.rollUp(all)
}

// judgeEpisode judges the days of one source's labels.
func (c *Case) judgeEpisode(source string, labels []LabelDay, boundary time.Time) []Claim {
	var days []*TrialDay
	last := labels[len(labels)-1].Day
	for i := range c.Trials {
		d := &c.Trials[i]
		if d.Source == source && !d.Day.Before(labels[0].Day) && !d.Day.After(last) && d.Day.Before(boundary) {
			days = append(days, d)
		}
	}
	return judgeSource(source, days, labels)
}

// ProvenDays gives the days of [since, boundary) on which rows bear a proven cause, and how many at least.
func (c *Case) ProvenDays(since, boundary time.Time) map[time.Time]int64 {
	bySource := map[string][]LabelDay{}
	for _, l := range c.Labels {
		if !l.Day.Before(since) && l.Day.Before(boundary) {
			bySource[l.Source] = append(bySource[l.Source], l)
		}
	}
	rows := map[time.Time]int64{}
	for source, labels := range bySource {
		for _, episode := range episodesOf(labels) {
			for _, claim := range c.judgeEpisode(source, episode, boundary) {
				if !claim.Proven {
					continue
				}
				for _, s := range claim.Seen {
					rows[s.Day] = max(rows[s.Day], s.Rows)
				}
			}
		}
	}
	return rows
}

// episodesOf parts labels, which it puts in order, at the gaps between their days.
func episodesOf(labels []LabelDay) [][]LabelDay {
	slices.SortStableFunc(labels, func(a, b LabelDay) int {
		return cmp.Or(a.Day.Compare(b.Day), cmp.Compare(a.Feature, b.Feature), cmp.Compare(a.Code, b.Code))
	})
	var all [][]LabelDay
	from := 0
	for i := 1; i <= len(labels); i++ {
		if i == len(labels) || labels[i].Day.Sub(labels[i-1].Day) > episodeGap*whole {
			all = append(all, labels[from:i])
			from = i
		}
	}
	return all
}

// labelled is how many rows of a feature bear a label.
type labelled struct {
	feature string
	code    uint16
}

func byLabel(a, b labelled) int {
	return cmp.Or(cmp.Compare(a.feature, b.feature), cmp.Compare(a.code, b.code))
}

// judgeSource judges one source.
func judgeSource(source string, days []*TrialDay, labels []LabelDay) []Claim {
	p := newPool(days)
	chosen := p.choose()
	byCause := map[Name][]int{}
	var order []Name
	for _, n := range chosen {
		name := p.all[n].named()
		if byCause[name] == nil {
			order = append(order, name)
		}
		byCause[name] = append(byCause[name], n)
	}
	meant, split := p.meaning(chosen)
	var all []Claim
	taken := map[labelled]bool{}
	stands, proven := p.standings(chosen, byCause)
	for _, name := range order {
		set, s := byCause[name], stands[name]
		share := p.share(set, proven, &s)
		if s.proven && p.vacant(set) && share < provenExplains {
			s.proven, s.doubt = false, fmt.Sprintf("of the rows that differ %s were served something else, which it cannot make", percent(1-share))
		}
		if !s.proven && !(s.likely && share >= likelyExplains) {
			continue
		}
		claim := p.claim(source, name, set, &s)
		for _, l := range slices.SortedFunc(maps.Keys(meant), byLabel) {
			n := meant[l]
			if slices.Contains(set, n) && slices.Contains(s.features, l.feature) {
				claim.own(l, labels)
				taken[l] = true
				if text := split[l]; text != "" && claim.Proven {
					claim.Proven = false
					claim.Evidence = append(claim.Evidence, "not proven: "+text)
				}
			}
		}
		if len(claim.Levels) > 0 {
			all = append(all, claim)
		}
	}
	for i := range all {
		all[i].alsoDiffers(labels, taken)
	}
	for i := range all {
		slices.SortFunc(all[i].Levels, func(a, b Level) int {
			return cmp.Or(cmp.Compare(a.Condition, b.Condition), cmp.Compare(a.Level, b.Level))
		})
		slices.SortFunc(all[i].Seen, func(a, b Seen) int {
			return cmp.Or(a.Day.Compare(b.Day), a.First.Compare(b.First), a.Last.Compare(b.Last), cmp.Compare(a.Rows, b.Rows))
		})
	}
	return all
}

// standings works out how far each cause accounts for the rows, and lists the hypotheses of those that are proven.
func (p *pool) standings(chosen []int, byCause map[Name][]int) (stands map[Name]standing, proven []int) {
	stands = map[Name]standing{}
	for name, set := range byCause {
		var before, others []int
		for i, n := range chosen {
			if slices.Contains(set, n) {
				continue
			}
			others = append(others, n)
			if i < slices.Index(chosen, set[0]) {
				before = append(before, n)
			}
		}
		s := p.stand(set, before, others)
		if stands[name] = s; s.proven {
			proven = append(proven, set...)
		}
	}
	return stands, proven
}

// noneChosen stands for rows that none of the chosen hypotheses reproduces.
const noneChosen = -1

// meaning tells, by label, which of the chosen hypotheses accounts for the most of its rows, if more than are left over. Labels were
// given day by day, each by what its own day could tell; the days together may tell better. Where a hypothesis of another cause
// accounts for many of a label's rows, split says so: the two cannot be told apart.
func (p *pool) meaning(chosen []int) (meant map[labelled]int, split map[labelled]string) {
	votes := map[labelled]map[int]int64{}
	for k, d := range p.days {
		winners := Choose(d)
		for j := range d.Patterns {
			pattern := &d.Patterns[j]
			l := labelled{d.Feature, CodeDiffers}
			for _, bit := range winners {
				if pattern.Hits>>bit&1 == 1 {
					l.code = CodeOf(d.Finalists[bit].Cause)
					break
				}
			}
			if votes[l] == nil {
				votes[l] = map[int]int64{}
			}
			by := noneChosen
			for _, n := range chosen {
				if hit, _ := p.hits([]int{n}, k, pattern); hit {
					by = n
					break
				}
			}
			votes[l][by] += pattern.Rows
		}
	}
	meant, split = map[labelled]int{}, map[labelled]string{}
	for l, of := range votes {
		best := noneChosen
		for _, n := range slices.Sorted(maps.Keys(of)) {
			if of[n] > of[best] {
				best = n
			}
		}
		if best == noneChosen {
			continue
		}
		meant[l] = best
		var most int64
		for _, n := range slices.Sorted(maps.Keys(of)) {
			if n == noneChosen || p.all[n].named() == p.all[best].named() || of[n] <= most || float64(of[n]) <= (1-provenExplains)*float64(of[n]+of[best]) {
				continue
			}
			most = of[n]
			split[l] = fmt.Sprintf("a part of these rows is what %q gives", p.all[n].Key)
		}
	}
	return meant, split
}

// own takes a label's rows into the claim.
func (c *Claim) own(l labelled, labels []LabelDay) {
	c.Levels = append(c.Levels, Level{Condition: l.feature + ".value", Level: LevelOf(CodeName(l.code))})
	for _, day := range labels {
		if day.Feature == l.feature && day.Code == l.code {
			c.see(day)
		}
	}
}

// see widens the days on which the claim's rows were seen.
func (c *Claim) see(l LabelDay) {
	c.Seen = append(c.Seen, Seen{Day: l.Day, First: l.First, Last: l.Last, Rows: l.Rows})
}

// LevelOf is the name of the level of values that differ and are named by a cause.
func LevelOf(name Name) string {
	if name == Unexplained {
		return "differs"
	}
	return "differs: " + string(name)
}

// alsoDiffers takes in what differs at the same source from the same onset on, within a day, and that nothing explains.
func (c *Claim) alsoDiffers(labels []LabelDay, taken map[labelled]bool) {
	onset := c.firstDay()
	first := map[labelled]time.Time{}
	rows, mine := map[labelled]int64{}, c.rows(labels)
	for _, l := range labels {
		key := labelled{l.Feature, l.Code}
		if taken[key] {
			continue
		}
		if at, ok := first[key]; !ok || l.Day.Before(at) {
			first[key] = l.Day
		}
		rows[key] += l.Rows
	}
	for _, key := range slices.SortedFunc(maps.Keys(first), byLabel) {
		other := !slices.Contains(c.Features, key.feature)
		near := first[key].Sub(onset).Abs() <= whole
		switch {
		case other && c.Proven && near:
		case !other && (10*rows[key] <= mine[key.feature] || near && 2*rows[key] <= mine[key.feature]):
		default:
			continue
		}
		taken[key] = true
		c.own(key, labels)
		if other && !slices.Contains(c.AlsoDiffers, key.feature) {
			c.AlsoDiffers = append(c.AlsoDiffers, key.feature)
		}
		if !other {
			c.Evidence = append(c.Evidence, fmt.Sprintf("%s: %d further rows differ, which it does not reproduce", key.feature, rows[key]))
		}
	}
}

// rows counts the rows that the claim holds, by feature.
func (c *Claim) rows(labels []LabelDay) map[string]int64 {
	rows := map[string]int64{}
	for _, l := range labels {
		if slices.Contains(c.Levels, Level{l.Feature + ".value", LevelOf(CodeName(l.Code))}) {
			rows[l.Feature] += l.Rows
		}
	}
	return rows
}

func (c *Claim) firstDay() time.Time {
	var first time.Time
	for _, s := range c.Seen {
		if first.IsZero() || s.Day.Before(first) {
			first = s.Day
		}
	}
	return first
}

// named is the cause of a hypothesis, once its parameter is known: a lag or a look ahead of an offset that clocks have and
// schedules have not is a clock in another zone.
func (h *pooled) named() Name {
	if h.shifted() && clockLike(h.Instant.By) {
		return ZoneShift
	}
	return h.Cause
}

// scheduleLike are the hours that stores and jobs commonly lag behind.
var scheduleLike = []int{1, 2, 3, 6, 8, 12}

// clockLike tells the offsets from UTC that are in use and are no common lag.
func clockLike(d time.Duration) bool {
	return onClocks(d) && (d%time.Hour != 0 || !slices.Contains(scheduleLike, int(d.Abs().Hours())))
}

// onClocks tells the offsets from UTC that are in use, to one side or the other.
func onClocks(d time.Duration) bool {
	if d == 0 || d.Abs() > 14*time.Hour {
		return false
	}
	return d%time.Hour == 0 || slices.Contains(partHours, int(d.Minutes())) || slices.Contains(partHours, -int(d.Minutes()))
}

// claim writes down what a set of hypotheses of one cause comes to.
func (p *pool) claim(source string, name Name, set []int, s *standing) Claim {
	main := &p.all[set[0]]
	c := Claim{Cause: name, Node: source, Sources: []string{source}, Features: s.features, Tier: "replayed", Proven: s.proven, Proof: &s.Proof,
		Parameters: p.parameters(name, set)}
	var keys []string
	for _, n := range set {
		keys = append(keys, p.all[n].Key)
	}
	c.Evidence = append(c.Evidence, fmt.Sprintf("replayed with %s it gives what was served on %.1f %% of the rows on which that differs from the declaration (by chance %.1f %%, %d rows, %d pieces of evidence)",
		quotedAll(keys), 100*s.Explains, 100*s.Chance, s.Rows, s.Distinct))
	if s.next != nil {
		c.Evidence = append(c.Evidence, fmt.Sprintf("next best: %q, %.1f %%", s.next.Key, 100*s.RunnerUp))
	}
	for _, f := range s.features {
		c.Evidence = append(c.Evidence, fmt.Sprintf("%s: %d of %d rows", f, s.hitsOf[f], s.countedOf[f]))
	}
	var alike []string
	for _, h := range s.alike {
		if len(alike) < 3 && !slices.Contains(keys, h.Key) {
			alike = append(alike, h.Key)
		}
	}
	if len(alike) > 0 {
		c.Evidence = append(c.Evidence, "the same values would come of "+quotedAll(alike)+": the simplest is named")
	}
	if s.doubt != "" {
		c.Evidence = append(c.Evidence, "not proven: "+s.doubt)
	}
	c.Hypotheses, c.Tried = keys, p.standingOf(set)
	c.Action = main.action(name)
	if s.part && (name == ColumnDropped || name == Miss) {
		c.Action += partly
	}
	return c
}

func quotedAll(keys []string) string {
	var b strings.Builder
	for i, k := range keys {
		switch {
		case i > 0 && i == len(keys)-1:
			b.WriteString(" or ")
		case i > 0:
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%q", k)
	}
	return b.String()
}

// rollUp joins claims of one cause, with the same hypothesis and onset, about several sources of one job into one about the job.
func (c *Case) rollUp(all []Claim) []Claim {
	if c.JobOf == nil {
		return all
	}
	var out []Claim
	for _, claim := range all {
		job := c.JobOf(claim.Node)
		at := slices.IndexFunc(out, func(o Claim) bool {
			return job != "" && c.JobOf(o.Sources[0]) == job && o.Cause == claim.Cause && slices.Equal(o.Hypotheses, claim.Hypotheses) &&
				o.firstDay().Sub(claim.firstDay()).Abs() <= whole
		})
		if at < 0 {
			out = append(out, claim)
			continue
		}
		out[at] = out[at].with(&claim, job)
	}
	return out
}

// with is two sources' claims as one about their job.
func (c Claim) with(o *Claim, job string) Claim {
	if c.Node != job {
		c.Supersedes = append(c.Supersedes, c.Node)
	}
	c.Supersedes = append(c.Supersedes, o.Node)
	c.Node = job
	c.Sources = append(slices.Clone(c.Sources), o.Sources...)
	c.Features = append(slices.Clone(c.Features), o.Features...)
	c.AlsoDiffers = append(slices.Clone(c.AlsoDiffers), o.AlsoDiffers...)
	c.Levels = append(slices.Clone(c.Levels), o.Levels...)
	c.Seen = append(slices.Clone(c.Seen), o.Seen...)
	c.Tried = bothTried(c.Tried, o.Tried)
	c.Evidence = append(slices.Clone(c.Evidence), o.Evidence...)
	c.Proven = c.Proven && o.Proven
	if c.Proof != nil && o.Proof != nil {
		sum := *c.Proof
		sum.Rows += o.Proof.Rows
		sum.Distinct += o.Proof.Distinct
		mix := func(a, b float64) float64 {
			return (a*float64(c.Proof.Rows) + b*float64(o.Proof.Rows)) / float64(sum.Rows)
		}
		sum.Explains, sum.Chance = mix(c.Proof.Explains, o.Proof.Explains), mix(c.Proof.Chance, o.Proof.Chance)
		sum.RunnerUp = max(c.Proof.RunnerUp, o.Proof.RunnerUp)
		c.Proof = &sum
	}
	return c
}
