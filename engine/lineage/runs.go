package lineage

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// endings tells of runs that failed or were aborted.
func (d *deriver) endings() {
	for _, r := range d.runs {
		kind, what := RunFailed, "failed"
		switch r.state {
		case "FAIL":
		case "ABORT":
			kind, what = RunAborted, "was aborted"
		default:
			continue
		}
		var said struct{ Message string }
		why := ""
		if d.read(r.facts, "errorMessage", &said) && said.Message != "" {
			why = ": " + tidy(said.Message, 160)
		}
		d.tell(r.at, kind, r.job, "job %s %s at %s%s", named(r.job.name), what, stamp(r.at), why)
	}
}

// jobs gives the runs and events of each job by start, jobs by name.
func (d *deriver) jobs() [][]*run {
	byJob := map[jobName][]*run{}
	var names []jobName
	for _, r := range d.runs {
		if r.job.name == "" {
			continue
		}
		if byJob[r.job] == nil {
			names = append(names, r.job)
		}
		byJob[r.job] = append(byJob[r.job], r)
	}
	slices.SortFunc(names, func(a, b jobName) int {
		return cmp.Or(strings.Compare(a.name, b.name), strings.Compare(a.namespace, b.namespace))
	})
	var all [][]*run
	for _, name := range names {
		all = append(all, byJob[name])
	}
	return all
}

// What makes a run count as missing.
const (
	minRuns   = 4  // runs seen before
	memory    = 28 // intervals before the gap that its length is held against
	maxRepeat = 10 // one in so many of them, as long as the gap, makes it the job's way: weekends, say
)

// absences tells where a job's next run did not come for more than double the median of its intervals. A run for a time
// that an earlier run was already for (a retry, a backfill) says nothing of the cadence; a job that runs all the time has
// none.
func (d *deriver) absences() {
	for _, runs := range d.jobs() {
		if d.endless(runs) {
			continue
		}
		starts := d.starts(runs)
		var gaps []time.Duration
		for i := 1; i < len(starts); i++ {
			gap := starts[i].Sub(starts[i-1])
			if usual, ok := missing(gaps, gap); ok && i >= minRuns {
				d.tell(starts[i-1].Add(usual), RunMissing, runs[0].job, "job %s did not run between %s and %s, though it runs every %s",
					named(runs[0].job.name), stamp(starts[i-1]), stamp(starts[i]), length(usual))
			}
			gaps = append(gaps, gap)
		}
		if len(starts) < minRuns {
			continue
		}
		last := starts[len(starts)-1]
		if usual, ok := missing(gaps, d.last.Sub(last)); ok {
			d.tell(last.Add(usual), RunMissing, runs[0].job, "job %s did not run after %s, though it runs every %s and events go on until %s",
				named(runs[0].job.name), stamp(last), length(usual), stamp(d.last))
		}
	}
}

// missing tells whether a gap is too long after the gaps before it, and what is usual.
func missing(gaps []time.Duration, gap time.Duration) (usual time.Duration, ok bool) {
	gaps = gaps[max(0, len(gaps)-memory):]
	if len(gaps) == 0 {
		return 0, false
	}
	usual = median(gaps)
	if usual <= 0 || gap/2 < usual || gap <= 2*usual {
		return usual, false
	}
	alike := 0
	for _, g := range gaps {
		if g >= gap-gap/10 {
			alike++
		}
	}
	return usual, alike*maxRepeat < len(gaps)
}

// starts are the instants at which the runs of a job that go on from the ones before began, each once.
func (d *deriver) starts(runs []*run) []time.Time {
	var starts []time.Time
	var reached time.Time
	for _, r := range runs {
		if r.id == "" {
			continue
		}
		var nominal struct{ NominalStartTime string }
		if d.read(r.facts, "nominalTime", &nominal) {
			if t, ok := parseTime(nominal.NominalStartTime); ok {
				if !t.After(reached) {
					continue
				}
				reached = t
			}
		}
		if n := len(starts); n == 0 || r.start.After(starts[n-1]) {
			starts = append(starts, r.start)
		}
	}
	return starts
}

// endless tells a job that streams or serves.
func (d *deriver) endless(runs []*run) bool {
	var last struct{ ProcessingType string }
	for _, r := range runs {
		d.read(r.about, "jobType", &last)
	}
	return strings.EqualFold(last.ProcessingType, "STREAMING") || strings.EqualFold(last.ProcessingType, "SERVICE")
}

// median of at least one number; of an even count, the middle between the two in the middle.
func median[T ~int64](all []T) T {
	sorted := slices.Sorted(slices.Values(all))
	n := len(sorted)
	low, high := sorted[(n-1)/2], sorted[n/2]
	return low + (high-low)/2
}
