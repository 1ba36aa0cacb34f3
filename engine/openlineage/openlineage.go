// Package openlineage tells a lineage server what a run read and wrote, and which promises the data kept: OpenLineage events (spec 2-0-2),
// START and then COMPLETE or FAIL, by the transport that the environment names. Nothing here can fail a run: what cannot be told is logged.
package openlineage

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/rs/zerolog"

	"github.com/plumbline-data/plumbline/engine/intake"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/report"
)

const (
	producer  = "https://github.com/plumbline-data/plumbline"
	runEvent  = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"
	facetsURL = "https://openlineage.io/spec/facets/"

	patience = 5 * time.Second        // how long a server may take for an event
	hurry    = 800 * time.Millisecond // the same from when the process is asked to stop
)

// Job is what runs.
type Job struct {
	Loop     *loop.Loop
	From, To time.Time
	Version  string // of the engine
}

// Done is what a run came to.
type Done struct {
	Inventory          *intake.Inventory
	Findings           *report.Findings
	Published          bool // ledger and findings were put in place
	Ledger, FindingsAt string
}

// Emitter tells of one run. A nil one tells nothing.
type Emitter struct {
	settings  *settings
	parents   parents
	namespace string
	log       zerolog.Logger
	console   io.Writer
	now       func() time.Time

	job   Job
	runID string
	began time.Time
}

// New reads the environment; nil is said where nothing is to be told. Console is where events go whose transport says so.
func New(getenv func(string) string, log zerolog.Logger, console io.Writer, job Job) *Emitter {
	s, err := settingsOf(getenv)
	if err != nil {
		log.Warn().Err(err).Msg("no lineage is told: the OpenLineage transport is not as it should be")
		return nil
	}
	if s == nil || s.Type == "noop" {
		return nil
	}
	e := &Emitter{settings: s, namespace: getenv("OPENLINEAGE_NAMESPACE"), log: log, console: console, now: time.Now, job: job}
	if e.namespace == "" {
		e.namespace = "default"
	}
	if e.parents, err = parentsOf(getenv); err != nil {
		log.Warn().Err(err).Msg("the runs above this one are not told in full")
	}
	return e
}

// Start tells that the run begins.
func (e *Emitter) Start(ctx context.Context) {
	if e == nil {
		return
	}
	e.began = e.now()
	above := ""
	if e.parents.parent != nil {
		above = e.parents.parent.Run.RunID
	}
	e.runID = uuid.NewSHA1(uuid.NameSpaceURL, fmt.Appendf(nil, "%s\n%s\n%s\n%s\n%d", producer, e.namespace, e.job.Loop.Name, above, e.began.UnixNano())).String()
	e.tell(ctx, "START", nil, declared(e.job.Loop), nil)
}

// Complete tells what the run read and wrote.
func (e *Emitter) Complete(ctx context.Context, d Done) {
	if e == nil {
		return
	}
	e.tell(ctx, "COMPLETE", nil, read(e.job.Loop, d), wrote(d))
}

// Fail tells why the run came to nothing.
func (e *Emitter) Fail(ctx context.Context, why error) {
	if e == nil {
		return
	}
	facet := facet("1-0-1/ErrorMessageRunFacet.json#/$defs/ErrorMessageRunFacet", fields{"message": strings.ToValidUTF8(why.Error(), "\uFFFD"), "programmingLanguage": "Go"})
	e.tell(ctx, "FAIL", fields{"errorMessage": facet}, declared(e.job.Loop), nil)
}

// fields are the members of a JSON object; they are written in the order of their names.
type fields map[string]any

// facet gives a facet of the specification its marks.
func facet(schema string, of fields) fields {
	of["_producer"], of["_schemaURL"] = producer, facetsURL+schema
	return of
}

// event is an OpenLineage RunEvent.
type event struct {
	EventType string    `json:"eventType"`
	EventTime string    `json:"eventTime"`
	Producer  string    `json:"producer"`
	SchemaURL string    `json:"schemaURL"`
	Run       fields    `json:"run"`
	Job       fields    `json:"job"`
	Inputs    []dataset `json:"inputs"`
	Outputs   []dataset `json:"outputs"`
}

// tell sends an event; more are further facets of the run.
func (e *Emitter) tell(ctx context.Context, kind string, more fields, inputs, outputs []dataset) {
	at := e.now()
	one := event{
		EventType: kind, EventTime: at.UTC().Format("2006-01-02T15:04:05.000Z07:00"), Producer: producer, SchemaURL: runEvent,
		Run: fields{"runId": e.runID, "facets": e.runFacets(more)},
		Job: fields{"namespace": e.namespace, "name": "plumbline." + e.job.Loop.Name, "facets": fields{
			"jobType": facet("2-0-4/JobTypeJobFacet.json#/$defs/JobTypeJobFacet", fields{"processingType": "BATCH", "integration": "PLUMBLINE", "jobType": "JOB"}),
		}},
		Inputs: inputs, Outputs: outputs,
	}
	if one.Outputs == nil {
		one.Outputs = []dataset{}
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(one)
	if err == nil {
		within, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
		defer cancel()
		defer context.AfterFunc(ctx, func() { time.AfterFunc(hurry, cancel) })()
		err = e.settings.send(within, bytes.TrimSuffix(text.Bytes(), []byte("\n")), at, e.console)
	}
	if err != nil {
		e.log.Warn().Err(err).Str("event", kind).Msg("the lineage event was not delivered")
	}
}

func (e *Emitter) runFacets(more fields) fields {
	all := fields{
		"nominalTime": facet("1-0-1/NominalTimeRunFacet.json#/$defs/NominalTimeRunFacet", fields{
			"nominalStartTime": e.job.From.UTC().Format(time.RFC3339), "nominalEndTime": e.job.To.UTC().Format(time.RFC3339)}),
		"processing_engine": facet("1-1-1/ProcessingEngineRunFacet.json#/$defs/ProcessingEngineRunFacet", fields{
			"name": "plumbline", "version": e.job.Version, "openlineageAdapterVersion": e.job.Version}),
	}
	if p := e.parents; p.parent != nil {
		all["parent"] = facet("1-2-0/ParentRunFacet.json#/$defs/ParentRunFacet", fields{"run": p.parent.Run, "job": p.parent.Job, "root": p.root})
	}
	for name, f := range more {
		all[name] = f
	}
	return all
}
