package lineage

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// run is what the events of one run come to, or a job's event, which is a run without an id.
type run struct {
	id    string
	job   jobName
	start time.Time // of its START, or its earliest event
	at    time.Time // of its end, or its latest event
	state string    // COMPLETE, ABORT or FAIL; "" while it is not over
	begun bool      // START was seen
	facts facets    // of the run
	about facets    // of the job
	sets  map[setKey]*set
}

// setKey tells the datasets of a run apart.
type setKey struct {
	role            role
	namespace, name string
}

// set is a dataset as a run speaks of it after all of its events.
type set struct {
	setKey
	facets, io facets
	run        *run
	node       int // in the graph
}

// deriver turns merged events and artifacts into evidence.
type deriver struct {
	runs   []*run // by start, then by id
	sets   []*set // by the instant of the run, its id, then the key
	last   time.Time
	graph  graph
	items  []item
	unread map[string]map[*byte]bool // facets that cannot be read, by key

	relations map[string][]int // datasets of the events that are tables, by lower-case name
}

// merge puts the events of each run together: the last write of a facet counts, and a facet that is marked as deleted is
// gone. Events must be in time order.
func (d *deriver) merge(events []event) {
	byID := map[string]*run{}
	for i := range events {
		e := &events[i]
		r := byID[e.runID]
		if e.runID == "" || r == nil {
			r = &run{id: e.runID, start: e.at, sets: map[setKey]*set{}}
			d.runs = append(d.runs, r)
			byID[e.runID] = r
		}
		r.add(e)
		d.last = e.at
	}
	slices.SortStableFunc(d.runs, func(a, b *run) int { return cmp.Or(a.start.Compare(b.start), strings.Compare(a.id, b.id)) })
	for _, r := range d.runs {
		for _, key := range slices.SortedFunc(maps.Keys(r.sets), compareKeys) {
			d.sets = append(d.sets, r.sets[key])
		}
	}
	slices.SortStableFunc(d.sets, func(a, b *set) int {
		return cmp.Or(a.run.at.Compare(b.run.at), strings.Compare(a.run.id, b.run.id), compareKeys(a.setKey, b.setKey))
	})
	for _, s := range d.sets {
		d.place(s)
	}
}

func compareKeys(a, b setKey) int {
	return cmp.Or(cmp.Compare(a.role, b.role), strings.Compare(a.namespace, b.namespace), strings.Compare(a.name, b.name))
}

// add puts an event on top of those before it.
func (r *run) add(e *event) {
	if e.job.name != "" {
		r.job = e.job
	}
	over := e.state == "COMPLETE" || e.state == "ABORT" || e.state == "FAIL"
	switch {
	case e.state == "START" && !r.begun:
		r.start, r.begun = e.at, true
	case over:
		r.state = e.state
	}
	if over || r.state == "" {
		r.at = e.at
	}
	r.facts.put(e.run)
	r.about.put(e.facts)
	for _, s := range e.sets {
		key := setKey{s.role, s.namespace, s.name}
		known := r.sets[key]
		if known == nil {
			known = &set{setKey: key, run: r}
			r.sets[key] = known
		}
		known.facets.put(s.facets)
		known.io.put(s.io)
	}
}

// place puts a dataset into the graph, with the other names that it goes by.
func (d *deriver) place(s *set) {
	main := dataset(s.namespace, s.name)
	s.node = d.graph.dataset(main)
	var links struct {
		Identifiers []struct{ Namespace, Name string }
	}
	if d.read(s.facets, "symlinks", &links) {
		for _, l := range links.Identifiers {
			if l.Name != "" {
				d.graph.alias(s.node, dataset(l.Namespace, l.Name))
			}
		}
	}
	if s.run.job.name == "" {
		return
	}
	job := d.graph.job(s.run.job)
	if s.role == consumed {
		d.graph.edge(s.node, job)
	} else {
		d.graph.edge(job, s.node)
	}
}

// read reads a facet into v, and tells whether it is there and can be read.
func (d *deriver) read(from facets, key string, v any) bool {
	facet := from[key]
	if len(facet) == 0 {
		return false
	}
	if err := json.Unmarshal(facet, v); err != nil {
		if d.unread[key] == nil {
			d.unread[key] = map[*byte]bool{}
		}
		d.unread[key][&facet[0]] = true
		return false
	}
	return true
}

// notes tells which facets cannot be read.
func (d *deriver) notes() []string {
	var notes []string
	for _, key := range slices.Sorted(maps.Keys(d.unread)) {
		notes = append(notes, fmt.Sprintf("lineage: passed over %s %q, not written as OpenLineage has it",
			count(len(d.unread[key]), "facet", "facets"), key))
	}
	return notes
}

// tell adds an event of a job.
func (d *deriver) tell(at time.Time, kind string, job jobName, format string, args ...any) {
	d.items = append(d.items, item{Event: Event{At: at.UTC(), Kind: kind, Job: named(job.name), Text: fmt.Sprintf(format, args...)},
		job: job})
}

// tellOf adds an event of a dataset, and of the job that speaks of it.
func (d *deriver) tellOf(s *set, at time.Time, kind, format string, args ...any) {
	d.tell(at, kind, s.run.job, format, args...)
	d.items[len(d.items)-1].nodes = []int{s.node}
}

// derive tells what happened.
func (d *deriver) derive() {
	d.endings()
	d.absences()
	d.code()
	d.schemas()
	d.rows()
	d.ages()
	d.lifecycles()
	d.checks()
}

// sorted gives the events in time order, each once.
func (d *deriver) sorted() []item {
	for i := range d.items {
		if it := &d.items[i]; len(it.nodes) > 0 {
			it.Dataset = d.graph.name(it.nodes[0])
		}
	}
	slices.SortStableFunc(d.items, func(a, b item) int {
		return cmp.Or(a.At.Compare(b.At), strings.Compare(a.Kind, b.Kind), strings.Compare(a.Job, b.Job),
			strings.Compare(a.job.namespace, b.job.namespace), strings.Compare(a.Dataset, b.Dataset), strings.Compare(a.Text, b.Text))
	})
	return slices.CompactFunc(d.items, func(a, b item) bool { return a.Event == b.Event && a.job == b.job })
}
