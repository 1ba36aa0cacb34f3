// Package lineage reads what others wrote down about the jobs behind a loop: OpenLineage events and dbt artifacts. From
// them it tells what happened to a job or a dataset near an instant (a failed run, a run that did not come, a column
// that vanished, fewer rows than usual, new code), and how jobs and datasets hang together.
//
// It is evidence, never proof: nothing in the content of these files can fail a run. What cannot be understood is passed
// over and told in a note.
package lineage

import (
	"slices"
	"strings"
	"time"

	"github.com/plumbline-data/plumbline/engine/loop"
)

// Kinds of events.
const (
	RunFailed   = "run failed"    // a run ended in FAIL
	RunAborted  = "run aborted"   // a run ended in ABORT
	RunMissing  = "run missing"   // a run did not come, by the job's own cadence
	SchemaMoved = "schema"        // columns were added or removed or changed type between two runs
	RowsDropped = "rows dropped"  // under half of the median of the runs before
	RowsRose    = "rows rose"     // above double the median of the runs before
	CodeMoved   = "code"          // another version, SQL query or source code than the run before
	CheckFailed = "check failed"  // an assertion or a test on data failed
	Lifecycle   = "lifecycle"     // a dataset was dropped, truncated, overwritten or renamed
	Stale       = "stale"         // a dataset was older than usual when it was looked at, or than dbt was promised
	DBTFailed   = "dbt failed"    // dbt could not build or check something
	DBTSkipped  = "dbt skipped"   // dbt left something as it was, because what it depends on failed
	DBTFinished = "dbt part done" // dbt built some of the batches of a model
)

// Event is one piece of evidence.
type Event struct {
	At time.Time // UTC; when it happened, or was due to happen
	// Kind is one of the constants of this package.
	Kind string
	// Job is the job's whole name, Dataset the dataset's location or the table's name; either may be "".
	Job, Dataset string
	Text         string // one plain sentence on one line, without a full stop; instants in RFC 3339, UTC
}

// File is a file that evidence was read from.
type File struct {
	Name   string // slash-separated, relative to the loop file's folder where it lies below it
	Digest string // 64 hex of sha256 over its content
}

// Evidence is what the files tell. It may be asked by several at once. Nothing in it depends on the order of maps or on where the program was started. Its
// zero value, and a nil one, hold nothing.
type Evidence struct {
	files     []File
	events    []event    // by instant, then in the order of files and lines
	artifacts []artifact // of dbt, by the instant they were made, then by file
	items     []item     // by instant, then by what they say
	graph     *graph
}

// item is an event with all that it can be found by.
type item struct {
	Event
	job   jobName // as written; its name is "" when it has none
	nodes []int   // of the datasets, in the graph
}

// Load reads what the loop file names under `lineage`. It returns notes on what was passed over: lines that are no
// events, facets that cannot be read, artifacts of versions that are not known here.
//
// A path that leads to no file, and a file that cannot be read or is larger than 256 MB, are usage faults that name the
// place in the loop file. A loop without lineage has evidence of nothing.
func Load(l *loop.Loop) (*Evidence, []string, error) {
	e := &Evidence{}
	var notes []string
	if l.Lineage.OpenLineage != "" {
		files, err := gather(l, "lineage.openlineage", l.Lineage.OpenLineage, isEventFile)
		if err != nil {
			return nil, nil, err
		}
		read := eventReader{}
		for _, f := range files {
			content, err := f.read(l, "lineage.openlineage")
			if err != nil {
				return nil, nil, err
			}
			e.files = append(e.files, File{Name: f.name, Digest: digest(content)})
			read.file(f.name, content)
		}
		e.events = read.events
		sortEvents(e.events)
		notes = append(notes, read.notes()...)
	}
	if l.Lineage.DBT != "" {
		files, err := gatherDBT(l)
		if err != nil {
			return nil, nil, err
		}
		for _, f := range files {
			content, err := f.read(l, "lineage.dbt")
			if err != nil {
				return nil, nil, err
			}
			e.files = append(e.files, File{Name: f.name, Digest: digest(content)})
			a, note := readArtifact(f.name, content)
			if note != "" {
				notes = append(notes, note)
			}
			if a != nil {
				e.artifacts = append(e.artifacts, *a)
			}
		}
		sortArtifacts(e.artifacts)
	}
	slices.SortStableFunc(e.files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	e.files = slices.Compact(e.files)
	return e, append(notes, e.build()...), nil
}

// build derives what the events and artifacts say, and gives notes on what in them cannot be read.
func (e *Evidence) build() []string {
	d := deriver{unread: map[string]map[*byte]bool{}}
	d.merge(e.events)
	d.dbt(e.artifacts)
	d.graph.close()
	d.derive()
	e.items, e.graph = d.sorted(), &d.graph
	return d.notes()
}

// Files lists the files that were read, by name: they are inputs of a run, and part of its identity.
func (e *Evidence) Files() []File {
	if e == nil {
		return nil
	}
	return slices.Clone(e.files)
}

// AsOf gives the evidence that existed at t: events and artifacts that were written later are left out, and with them
// what can be told from them only, such as that a run is missing. The files stay the same.
func (e *Evidence) AsOf(t time.Time) *Evidence {
	if e == nil {
		return nil
	}
	past := &Evidence{files: e.files}
	for _, v := range e.events {
		if !v.at.After(t) {
			past.events = append(past.events, v)
		}
	}
	for _, a := range e.artifacts {
		if !a.at.After(t) {
			past.artifacts = append(past.artifacts, a)
		}
	}
	past.build()
	return past
}

// Near returns the events in [from, to) of a job or of any of the datasets, in time order.
//
// An event is the job's when the job is its job's whole name or the part of it after the last dot (Airflow names a task
// dag_id.task_id), and the namespaces are equal where both are known. A dataset is written as the loop file declares it:
// a path, or "table:" and a name. See Declared.
func (e *Evidence) Near(job, namespace string, datasets []string, from, to time.Time) []Event {
	if e == nil || e.graph == nil {
		return nil
	}
	of := map[int]bool{}
	for _, d := range datasets {
		for _, n := range e.graph.match(Node{Dataset: d}) {
			of[n] = true
		}
	}
	start, _ := slices.BinarySearchFunc(e.items, from, func(i item, t time.Time) int { return i.At.Compare(t) })
	var near []Event
	for i := start; i < len(e.items) && e.items[i].At.Before(to); i++ {
		if it := &e.items[i]; isJob(job, namespace, it.job) || slices.ContainsFunc(it.nodes, func(n int) bool { return of[e.graph.root[n]] }) {
			near = append(near, it.Event)
		}
	}
	return near
}

// isJob tells whether a job of the loop file, with its namespace or "", is the job of an event.
func isJob(job, namespace string, of jobName) bool {
	if job == "" || of.name == "" || namespace != "" && of.namespace != "" && namespace != of.namespace {
		return false
	}
	return job == of.name || job == of.name[strings.LastIndexByte(of.name, '.')+1:]
}
