package lineage

import (
	"cmp"
	"slices"
	"strings"
)

// reading is something that a run says of a dataset.
type reading[T any] struct {
	set   *set
	value T
}

// streams gathers what the runs of one job say of one dataset, in time order and once a run (join puts several readings
// of a run together: those of partitions). Jobs see and spell things differently, so that only what one job says is held
// against itself. The jobs that write a dataset are heard, and the dataset's own events; without any, the reader that
// speaks of it most often.
func streams[T any](d *deriver, get func(*set) (T, bool), join func(a, b T) T) [][]reading[T] {
	type stream struct {
		role role
		job  jobName
		all  []reading[T]
	}
	type key struct {
		set  string
		role role
		job  jobName
	}
	known := map[key]*stream{}
	bySet := map[string][]*stream{}
	var names []string
	for _, s := range d.sets {
		value, ok := get(s)
		if !ok {
			continue
		}
		name := dataset(s.namespace, s.name).whole().String()
		if bySet[name] == nil {
			names = append(names, name)
		}
		x := known[key{name, s.role, s.run.job}]
		if x == nil {
			x = &stream{role: s.role, job: s.run.job}
			known[key{name, s.role, s.run.job}] = x
			bySet[name] = append(bySet[name], x)
		}
		if n := len(x.all); n > 0 && x.all[n-1].set.run == s.run {
			x.all[n-1].value = join(x.all[n-1].value, value)
		} else {
			x.all = append(x.all, reading[T]{s, value})
		}
	}
	var heard [][]reading[T]
	for _, name := range names {
		slices.SortFunc(bySet[name], func(a, b *stream) int {
			return cmp.Or(cmp.Compare(a.role, b.role), cmp.Compare(len(b.all), len(a.all)),
				strings.Compare(a.job.name, b.job.name), strings.Compare(a.job.namespace, b.job.namespace))
		})
		for i, x := range bySet[name] {
			if i == 0 || x.role != consumed {
				heard = append(heard, x.all)
			}
		}
	}
	return heard
}

// seen says who saw a dataset so, and when.
func (s *set) seen() string {
	switch at := stamp(s.run.at); {
	case s.run.job.name == "":
		return "at " + at
	case s.role == consumed:
		return "when job " + named(s.run.job.name) + " read it at " + at
	default:
		return "when job " + named(s.run.job.name) + " wrote it at " + at
	}
}
