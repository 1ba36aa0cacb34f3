package lineage

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// event is one OpenLineage event: of a run (with run and job), of a job (with job only) or of a dataset.
type event struct {
	at    time.Time
	runID string // "" unless it is of a run
	state string // START, RUNNING, COMPLETE, ABORT, FAIL or OTHER; "" where it is not told
	job   jobName
	run   facets
	facts facets // of the job
	sets  []sighted
}

// jobName names a job.
type jobName struct{ namespace, name string }

// role is how an event came to speak of a dataset.
type role int

// Roles, the one that knows most of a dataset first.
const (
	written  role = iota // an output
	declared             // an event of the dataset itself
	consumed             // an input
)

// sighted is a dataset as an event speaks of it.
type sighted struct {
	role            role
	namespace, name string
	facets          facets // of the dataset
	io              facets // inputFacets or outputFacets
}

// facets are those facets by their key that something is told from here; nil stands for one that is to be deleted.
type facets map[string]json.RawMessage

// kept are the facets that are kept. Others may be large, such as plans of a query, and are dropped at once.
var kept = map[string]bool{
	"schema": true, "symlinks": true, "lifecycleStateChange": true, "dataQualityMetrics": true, "dataQualityAssertions": true,
	"outputStatistics": true, "nominalTime": true, "errorMessage": true, "test": true, "jobType": true,
	"sourceCode": true, "sourceCodeLocation": true, "sql": true,
}

// UnmarshalJSON keeps the facets that are of use.
func (f *facets) UnmarshalJSON(data []byte) error {
	all := map[string]json.RawMessage{}
	if err := json.Unmarshal(data, &all); err != nil {
		return err
	}
	*f = facets{}
	for key, facet := range all {
		if !kept[key] {
			continue
		}
		var mark struct {
			Deleted bool `json:"_deleted"`
		}
		if json.Unmarshal(facet, &mark) == nil && mark.Deleted || string(facet) == "null" {
			facet = nil
		}
		(*f)[key] = facet
	}
	return nil
}

// put writes the facets of a later event over those of the earlier ones.
func (f *facets) put(later facets) {
	if *f == nil {
		*f = facets{}
	}
	for key, facet := range later {
		if facet == nil {
			delete(*f, key)
		} else {
			(*f)[key] = facet
		}
	}
}

// Events as they are in JSON.
type (
	jsonEvent struct {
		EventType string
		EventTime string
		Run       *struct {
			RunID  string
			Facets facets
		}
		Job *struct {
			Namespace, Name string
			Facets          facets
		}
		Dataset *jsonDataset
		Inputs  []jsonDataset
		Outputs []jsonDataset
	}
	jsonDataset struct {
		Namespace, Name           string
		Facets                    facets
		InputFacets, OutputFacets facets
	}
)

var errKind = errors.New("an event of neither a run, a job nor a dataset")

// parseEvent reads one event.
func parseEvent(line []byte) (event, error) {
	var j jsonEvent
	if err := json.Unmarshal(line, &j); err != nil {
		return event{}, err
	}
	at, ok := parseTime(j.EventTime)
	if !ok {
		return event{}, fmt.Errorf("eventTime %q is no RFC 3339 instant", tidy(j.EventTime, 40))
	}
	e := event{at: at}
	switch {
	case j.Job != nil && j.Job.Name != "" && (j.Run == nil || j.Run.RunID != "") && j.Dataset == nil:
		e.job = jobName{j.Job.Namespace, j.Job.Name}
		e.facts = j.Job.Facets
		if j.Run != nil {
			e.runID, e.run, e.state = j.Run.RunID, j.Run.Facets, strings.ToUpper(j.EventType)
		}
		e.see(consumed, j.Inputs...)
		e.see(written, j.Outputs...)
	case j.Dataset != nil && j.Job == nil && j.Run == nil:
		e.see(declared, *j.Dataset)
	default:
		return event{}, errKind
	}
	return e, nil
}

// see adds datasets; one without a name is nothing.
func (e *event) see(r role, sets ...jsonDataset) {
	for _, d := range sets {
		if d.Name == "" {
			continue
		}
		s := sighted{role: r, namespace: d.Namespace, name: d.Name, facets: d.Facets, io: d.OutputFacets}
		if r == consumed {
			s.io = d.InputFacets
		}
		e.sets = append(e.sets, s)
	}
}

// parseTime reads an instant of RFC 3339, also with a blank for the T and without the colon in the offset. One without an
// offset is no instant.
func parseTime(s string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02 15:04:05.999999999Z07:00"} {
		if t, err := time.Parse(layout, s); err == nil {
			t = t.UTC()
			return t, t.Year() >= 1 && t.Year() <= 9999
		}
	}
	return time.Time{}, false
}

// sortEvents puts events in time order; those of one instant stay in the order of files and lines.
func sortEvents(events []event) {
	slices.SortStableFunc(events, func(a, b event) int { return a.at.Compare(b.at) })
}

// eventReader reads files of events and counts what it passes over.
type eventReader struct {
	events []event
	bad    int    // lines that are no events
	first  string // where the first of them is, and what is wrong with it
	files  int    // files with such lines
}

// file reads a file: one event, an array of events, or one event a line.
func (r *eventReader) file(name string, content []byte) {
	bad := r.bad
	content = bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))
	whole := bytes.TrimSpace(content)
	var list []json.RawMessage
	switch {
	case len(whole) > 0 && whole[0] == '[' && json.Unmarshal(whole, &list) == nil:
		for i, one := range list {
			r.event(fmt.Sprintf("%s, event %d", name, i+1), one)
		}
	case bytes.IndexByte(whole, '\n') >= 0 && json.Valid(whole):
		r.event(name, whole)
	default:
		for n := 1; len(content) > 0; n++ {
			line, rest, _ := bytes.Cut(content, []byte("\n"))
			content = rest
			if line = bytes.TrimSpace(line); len(line) > 0 {
				r.event(fmt.Sprintf("%s:%d", name, n), line)
			}
		}
	}
	if r.bad > bad {
		r.files++
	}
}

func (r *eventReader) event(where string, text []byte) {
	e, err := parseEvent(text)
	if err == nil {
		r.events = append(r.events, e)
		return
	}
	if r.bad == 0 {
		r.first = where + ": " + tidy(err.Error(), 160)
	}
	r.bad++
}

// notes tells what was passed over.
func (r *eventReader) notes() []string {
	var notes []string
	if r.bad > 0 {
		notes = append(notes, fmt.Sprintf("lineage: passed over %s in %s as no OpenLineage event, first %s",
			count(r.bad, "line", "lines"), count(r.files, "file", "files"), r.first))
	}
	if len(r.events) == 0 {
		notes = append(notes, "lineage: the OpenLineage files hold no event")
	}
	return notes
}
