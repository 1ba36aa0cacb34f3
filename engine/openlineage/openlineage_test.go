package openlineage

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/rs/zerolog"

	"github.com/plumbline-data/plumbline/engine/intake"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/report"
)

func environment(of map[string]string) func(string) string {
	return func(name string) string { return of[name] }
}

func TestSettings(t *testing.T) {
	config := filepath.Join(t.TempDir(), "openlineage.yml")
	if err := os.WriteFile(config, []byte("transport:\n  type: file\n  log_file_path: /tmp/e\n  append: true\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	http := settings{Type: "http", URL: "http://m:5000", Endpoint: "api/v1/lineage", Timeout: 5 * time.Second}
	with := func(change func(*settings)) *settings {
		s := http
		change(&s)
		return &s
	}
	const begin = "OPENLINEAGE__TRANSPORT"
	tests := []struct {
		name string
		env  map[string]string
		want *settings
		err  string
	}{
		{"nothing", nil, nil, ""},
		{"an address", map[string]string{"OPENLINEAGE_URL": "http://m:5000"}, &http, ""},
		{"all of the old kind", map[string]string{"OPENLINEAGE_URL": "http://m:5000", "OPENLINEAGE_ENDPOINT": "e", "OPENLINEAGE_API_KEY": "k"},
			with(func(s *settings) { s.Endpoint, s.APIKey = "e", "k" }), ""},
		{"turned off", map[string]string{"OPENLINEAGE_URL": "http://m:5000", "OPENLINEAGE_DISABLED": "true"}, nil, ""},
		{"the new kind first", map[string]string{"OPENLINEAGE_URL": "http://old", begin + "__TYPE": "http", begin + "__URL": "http://m:5000", begin + "__TIMEOUT": "2.5", begin + "__COMPRESSION": "gzip", begin + "__AUTH__APIKEY": "k"},
			with(func(s *settings) { s.Timeout, s.Gzip, s.APIKey = 2500*time.Millisecond, true, "k" }), ""},
		{"as JSON", map[string]string{begin: `{"type": "http", "url": "http://x", "auth": {"type": "api_key", "apiKey": "a"}}`, begin + "__URL": "http://m:5000"},
			with(func(s *settings) { s.APIKey = "a" }), ""},
		{"a variable over JSON", map[string]string{begin: `{"type": "http", "url": "http://x", "auth": {"apiKey": "a"}}`, begin + "__URL": "http://m:5000", begin + "__AUTH__API_KEY": "c"},
			with(func(s *settings) { s.APIKey = "c" }), ""},
		{"nothing as JSON", map[string]string{begin: "null", begin + "__TYPE": "http", begin + "__URL": "http://m:5000"}, &http, ""},
		{"a part as JSON", map[string]string{begin + "__TYPE": "http", begin + "__URL": "http://m:5000", begin + "__AUTH": `{"api_key": "b"}`},
			with(func(s *settings) { s.APIKey = "b" }), ""},
		{"a file, first of all", map[string]string{"OPENLINEAGE_CONFIG": config, "OPENLINEAGE_URL": "http://old"},
			&settings{Type: "file", LogFilePath: "/tmp/e", Append: true, Endpoint: "api/v1/lineage", Timeout: 5 * time.Second}, ""},
		{"no such file", map[string]string{"OPENLINEAGE_CONFIG": "/no/such.yml"}, nil, "OPENLINEAGE_CONFIG: open /no/such.yml"},
		{"no JSON", map[string]string{begin: "{"}, nil, "is no JSON object"},
		{"another type", map[string]string{begin + "__TYPE": "kafka"}, nil, `"kafka" is not known`},
		{"no address", map[string]string{begin + "__TYPE": "http"}, nil, "is no http or https address"},
		{"no path", map[string]string{begin + "__TYPE": "file"}, nil, "log_file_path"},
		{"no time", map[string]string{begin + "__TYPE": "http", begin + "__URL": "http://m", begin + "__TIMEOUT": "soon"}, nil, "no number of seconds"},
	}
	for _, tt := range tests {
		got, err := settingsOf(environment(tt.env))
		if tt.err != "" {
			if err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("%s: %v, want %q", tt.name, err, tt.err)
			}
			continue
		}
		if diff := cmp.Diff(tt.want, got, cmpopts.IgnoreUnexported(settings{})); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", tt.name, err, diff)
		}
	}
}

func TestParents(t *testing.T) {
	say := func(r *runRef) string {
		if r == nil {
			return ""
		}
		return r.Job.Namespace + " " + r.Job.Name + " " + r.Run.RunID
	}
	const whole = `{"parent":{"run":{"runId":"r"},"job":{"namespace":"n","name":"d.t"},"root":{"run":{"runId":"q"},"job":{"namespace":"n","name":"d"}}}}`
	for _, tt := range []struct {
		name         string
		env          map[string]string
		parent, root string
		fails        bool
	}{
		{"none", nil, "", "", false},
		{"context", map[string]string{"OPENLINEAGE_CONTEXT": whole, "OPENLINEAGE_PARENT_ID": "a/b/c"}, "n d.t r", "n d q", false},
		{"context without root", map[string]string{"OPENLINEAGE_CONTEXT": `{"parent":{"run":{"runId":"r"},"job":{"namespace":"n","name":"d.t"}}}`}, "n d.t r", "n d.t r", false},
		{"context of nothing", map[string]string{"OPENLINEAGE_CONTEXT": "{}"}, "", "", true},
		{"context that is none", map[string]string{"OPENLINEAGE_CONTEXT": "x"}, "", "", true},
		{"parent", map[string]string{"OPENLINEAGE_PARENT_ID": "n/d.t/r"}, "n d.t r", "n d.t r", false},
		{"parent and root", map[string]string{"OPENLINEAGE_PARENT_ID": "n/d.t/r", "OPENLINEAGE_ROOT_PARENT_ID": "n/d/q"}, "n d.t r", "n d q", false},
		{"a slash too many", map[string]string{"OPENLINEAGE_PARENT_ID": "s3://n/d.t/r"}, "", "", true},
		{"an empty part", map[string]string{"OPENLINEAGE_PARENT_ID": "n//r"}, "", "", true},
		{"a root that is none", map[string]string{"OPENLINEAGE_PARENT_ID": "n/d.t/r", "OPENLINEAGE_ROOT_PARENT_ID": "x"}, "n d.t r", "n d.t r", true},
	} {
		got, err := parentsOf(environment(tt.env))
		if say(got.parent) != tt.parent || say(got.root) != tt.root || (err != nil) != tt.fails {
			t.Errorf("%s: %q under %q, %v", tt.name, say(got.parent), say(got.root), err)
		}
	}
}

// world is a loop of predictions, outcomes and a source that promises much.
func world(t *testing.T) Job {
	t.Helper()
	l := &loop.Loop{Name: "late", Dir: t.TempDir(), Predictions: loop.Predictions{Path: "p/*.parquet"}, Outcomes: loop.Outcomes{Path: "o.csv"},
		Sources: []loop.Source{{Name: "weather", Path: "w.parquet", FreshWithin: 3 * time.Hour, Expect: loop.ExpectOne, Columns: []loop.ColumnContract{{Name: "temp", Type: "DOUBLE"}, {Name: "wind", Type: "DOUBLE"}}},
			{Name: "rain", Path: "w.parquet", Expect: loop.ExpectOptional}}}
	return Job{Loop: l, From: time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2024, 3, 2, 0, 0, 0, 0, time.UTC), Version: "1.2.3"}
}

func outcome(job Job, findings ...report.Finding) Done {
	column := []intake.Column{{Name: "temp", Type: "VARCHAR"}}
	return Done{
		Inventory: &intake.Inventory{
			Predictions: intake.Table{Input: "predictions", Path: "p/*.parquet", Files: []intake.File{{Size: 10, Rows: 3}, {Size: 20, Rows: 4}}},
			Outcomes:    intake.Table{Input: "outcomes", Path: "o.csv", Files: []intake.File{{Size: 5, Rows: -1}}},
			Sources: []intake.Table{{Input: "weather", Path: "w.parquet", Files: []intake.File{{Size: 7, Rows: 2}}, Columns: column},
				{Input: "rain", Path: "w.parquet", Files: []intake.File{{Size: 7, Rows: 2}}, Columns: column}},
			Broken: []intake.Breach{{Input: "weather", Column: "temp", Promised: "DOUBLE", Found: "VARCHAR"}, {Input: "weather", Column: "wind", Promised: "DOUBLE"}},
		},
		Findings:  &report.Findings{Findings: findings},
		Published: true, Ledger: filepath.Join(job.Loop.Dir, "late.duckdb"), FindingsAt: filepath.Join(job.Loop.Dir, "f.json"),
	}
}

// required are the members that the published schemas ask of each facet, and the file of the schema.
var required = map[string]struct {
	schema  string
	members []string
}{
	"nominalTime":           {"1-0-1/NominalTimeRunFacet.json#/$defs/NominalTimeRunFacet", []string{"nominalStartTime"}},
	"parent":                {"1-2-0/ParentRunFacet.json#/$defs/ParentRunFacet", []string{"run", "job"}},
	"processing_engine":     {"1-1-1/ProcessingEngineRunFacet.json#/$defs/ProcessingEngineRunFacet", []string{"version"}},
	"errorMessage":          {"1-0-1/ErrorMessageRunFacet.json#/$defs/ErrorMessageRunFacet", []string{"message", "programmingLanguage"}},
	"jobType":               {"2-0-4/JobTypeJobFacet.json#/$defs/JobTypeJobFacet", []string{"processingType", "integration"}},
	"schema":                {"1-2-0/SchemaDatasetFacet.json#/$defs/SchemaDatasetFacet", nil},
	"lifecycleStateChange":  {"1-0-1/LifecycleStateChangeDatasetFacet.json#/$defs/LifecycleStateChangeDatasetFacet", []string{"lifecycleStateChange"}},
	"inputStatistics":       {"1-0-0/InputStatisticsInputDatasetFacet.json#/$defs/InputStatisticsInputDatasetFacet", nil},
	"outputStatistics":      {"1-0-2/OutputStatisticsOutputDatasetFacet.json#/$defs/OutputStatisticsOutputDatasetFacet", nil},
	"dataQualityAssertions": {"1-1-0/DataQualityAssertionsDatasetFacet.json#/$defs/DataQualityAssertionsDatasetFacet", []string{"assertions"}},
}

// object reads a member of a JSON object.
func object(v any, path ...string) map[string]any {
	for _, name := range path {
		m, _ := v.(map[string]any)
		v = m[name]
	}
	m, _ := v.(map[string]any)
	return m
}

// checkEvent holds an event against the shapes of the specification.
func checkEvent(t *testing.T, text []byte) map[string]any {
	t.Helper()
	var e map[string]any
	if err := json.Unmarshal(text, &e); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	if at, err := time.Parse(time.RFC3339, fmt.Sprint(e["eventTime"])); err != nil || at.Location() != time.UTC || e["producer"] != producer || e["schemaURL"] != runEvent {
		t.Errorf("%v %v %v %v", e["eventTime"], err, e["producer"], e["schemaURL"])
	}
	if id := fmt.Sprint(object(e, "run")["runId"]); len(id) != 36 || strings.Count(id, "-") != 4 {
		t.Errorf("runId %q", id)
	}
	seen := []map[string]any{object(e, "run", "facets"), object(e, "job", "facets")}
	for _, kind := range []string{"inputs", "outputs"} {
		all, ok := e[kind].([]any)
		if !ok {
			t.Errorf("%s is %v", kind, e[kind])
		}
		for _, d := range all {
			if object(d)["namespace"] != "file" || !strings.HasPrefix(fmt.Sprint(object(d)["name"]), "/") {
				t.Errorf("dataset %v", d)
			}
			seen = append(seen, object(d, "facets"), object(d, "inputFacets"), object(d, "outputFacets"))
		}
	}
	for _, facets := range seen {
		for name := range facets {
			of, ok := required[name]
			f := object(facets, name)
			if !ok || f["_producer"] != producer || f["_schemaURL"] != facetsURL+of.schema {
				t.Errorf("facet %s: %v", name, f)
			}
			for _, member := range of.members {
				if f[member] == nil {
					t.Errorf("facet %s lacks %s", name, member)
				}
			}
		}
	}
	return e
}

// told runs what is to be told through a file of lines.
func told(t *testing.T, env map[string]string, job Job, tell func(*Emitter)) []map[string]any {
	t.Helper()
	path := filepath.Join(t.TempDir(), "events.jsonl")
	all := map[string]string{"OPENLINEAGE__TRANSPORT__TYPE": "file", "OPENLINEAGE__TRANSPORT__LOG_FILE_PATH": path, "OPENLINEAGE__TRANSPORT__APPEND": "true"}
	maps.Copy(all, env)
	var log bytes.Buffer
	e := New(environment(all), zerolog.New(&log), io.Discard, job)
	e.Start(t.Context())
	tell(e)
	if log.Len() > 0 {
		t.Errorf("log: %s", &log)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var events []map[string]any
	for line := range bytes.Lines(text) {
		events = append(events, checkEvent(t, line))
	}
	return events
}

func TestEvents(t *testing.T) {
	job := world(t)
	done := outcome(job, report.Finding{Cause: "source.stopped", State: "ongoing", Sources: []string{"weather"}, Onset: "2024-03-01T04:00:00Z"},
		report.Finding{Cause: "join.fanout", State: "resolved", Sources: []string{"weather"}})
	if err := os.WriteFile(done.FindingsAt, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	events := told(t, map[string]string{"OPENLINEAGE_PARENT_ID": "af/d.t/r", "OPENLINEAGE_NAMESPACE": "prod"}, job, func(e *Emitter) { e.Complete(t.Context(), done) })
	if len(events) != 2 || events[0]["eventType"] != "START" || events[1]["eventType"] != "COMPLETE" || object(events[0], "run")["runId"] != object(events[1], "run")["runId"] {
		t.Fatalf("%v", events)
	}
	for _, e := range events {
		if j := object(e, "job"); j["namespace"] != "prod" || j["name"] != "plumbline.late" || object(e, "run", "facets", "parent", "root", "job")["name"] != "d.t" {
			t.Errorf("%v", e)
		}
		inputs := e["inputs"].([]any)
		var names []string
		for _, d := range inputs {
			names = append(names, strings.TrimPrefix(fmt.Sprint(object(d)["name"]), filepath.ToSlash(job.Loop.Dir)))
		}
		if !slices.Equal(names, []string{"/p", "/o.csv", "/w.parquet"}) {
			t.Errorf("inputs %v", names)
		}
	}
	inputs := events[1]["inputs"].([]any)
	if got := object(inputs[0], "inputFacets", "inputStatistics"); got["rowCount"] != 7.0 || got["size"] != 30.0 || got["fileCount"] != 2.0 {
		t.Errorf("statistics %v", got)
	}
	if got := object(inputs[1], "inputFacets", "inputStatistics"); got["rowCount"] != nil || got["size"] != 5.0 {
		t.Errorf("statistics of CSV %v", got)
	}
	var promises []string
	for _, a := range object(inputs[2], "inputFacets", "dataQualityAssertions")["assertions"].([]any) {
		p := object(a)
		promises = append(promises, strings.TrimSpace(fmt.Sprint(p["assertion"], " ", p["success"], " ", p["actual"])))
	}
	want := []string{"column_type false VARCHAR", "column_type false no such column", "freshness false source.stopped since 2024-03-01T04:00:00Z", "unique true <nil>", "relationships true <nil>", "unique true <nil>"}
	if diff := cmp.Diff(want, promises); diff != "" {
		t.Error(diff)
	}
	outputs := events[1]["outputs"].([]any)
	if len(outputs) != 2 || object(outputs[1], "outputFacets", "outputStatistics")["size"] != 2.0 || len(object(outputs[1], "facets", "schema")["fields"].([]any)) != 19 {
		t.Errorf("outputs %v", outputs)
	}
}

func TestFails(t *testing.T) {
	events := told(t, nil, world(t), func(e *Emitter) { e.Fail(t.Context(), errors.New("disk \xff full")) })
	if len(events) != 2 || events[1]["eventType"] != "FAIL" || object(events[1], "run", "facets", "errorMessage")["message"] != "disk \uFFFD full" {
		t.Errorf("%v", events)
	}
	if object(events[1], "job")["namespace"] != "default" || object(events[1], "run", "facets")["parent"] != nil {
		t.Errorf("%v", events[1])
	}
}

// TestNothingToTell: where nothing is set up, and where it is set up wrongly, a run goes on.
func TestNothingToTell(t *testing.T) {
	var log bytes.Buffer
	for _, env := range []map[string]string{nil, {"OPENLINEAGE__TRANSPORT__TYPE": "noop"}, {"OPENLINEAGE__TRANSPORT__TYPE": "kafka"}} {
		e := New(environment(env), zerolog.New(&log), io.Discard, world(t))
		e.Start(t.Context())
		e.Complete(t.Context(), Done{})
		e.Fail(t.Context(), errors.New("x"))
		if e != nil {
			t.Errorf("%v: tells", env)
		}
	}
	if n := strings.Count(log.String(), "\n"); n != 1 || !strings.Contains(log.String(), "kafka") {
		t.Errorf("log %s", &log)
	}
}

func TestHTTP(t *testing.T) {
	type asked struct {
		auth, encoding, path string
		body                 []byte
	}
	serve := func(answers ...int) (*httptest.Server, *[]asked) {
		var all []asked
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			all = append(all, asked{r.Header.Get("Authorization"), r.Header.Get("Content-Encoding"), r.URL.Path, body})
			w.WriteHeader(answers[min(len(all), len(answers))-1])
		}))
		t.Cleanup(s.Close)
		return s, &all
	}
	send := func(s *settings) error {
		s.Type, s.Endpoint = "http", "api/v1/lineage"
		if err := s.check(); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		return s.send(ctx, []byte(`{"a":1}`), time.Time{}, io.Discard)
	}
	busy, tries := serve(503, 502, 201)
	if err := send(&settings{URL: busy.URL, APIKey: "k", Timeout: time.Second}); err != nil || len(*tries) != 3 || (*tries)[2].auth != "Bearer k" || (*tries)[2].path != "/api/v1/lineage" || string((*tries)[2].body) != `{"a":1}` {
		t.Errorf("%v after %+v", err, *tries)
	}
	wrong, tries := serve(422)
	if err := send(&settings{URL: wrong.URL + "/", Timeout: time.Second}); err == nil || len(*tries) != 1 || !strings.Contains(err.Error(), "422") {
		t.Errorf("%v after %d tries", err, len(*tries))
	}
	// What sends it elsewhere takes no event; a password is not told.
	moved, tries := serve(302, 200)
	secret := strings.Replace(moved.URL, "http://", "http://me:secret@", 1)
	if err := send(&settings{URL: secret, Timeout: time.Second}); err == nil || len(*tries) != 1 || strings.Contains(err.Error(), "secret") {
		t.Errorf("%v after %d tries", err, len(*tries))
	}
	if err := send(&settings{URL: "http://me:secret@127.0.0.1:1", Timeout: 50 * time.Millisecond}); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("%v", err)
	}
	packed, tries := serve(200)
	if err := send(&settings{URL: packed.URL, Gzip: true, Timeout: time.Second}); err != nil || (*tries)[0].encoding != "gzip" {
		t.Fatalf("%v", err)
	}
	r, err := gzip.NewReader(bytes.NewReader((*tries)[0].body))
	if err != nil {
		t.Fatal(err)
	}
	if text, _ := io.ReadAll(r); string(text) != `{"a":1}` {
		t.Errorf("packed %s", text)
	}

	// A server that never answers costs what is allowed and no more.
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	stuck := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-stuck }))
	defer slow.Close()
	defer close(stuck)
	began := time.Now()
	if err := (&settings{Type: "http", URL: slow.URL, Timeout: 100 * time.Millisecond}).send(ctx, []byte("{}"), began, io.Discard); err == nil || time.Since(began) > 2*time.Second {
		t.Errorf("%v after %v", err, time.Since(began))
	}
}

// TestFilesOfTheirOwn: without append each event is a file, also of the same microsecond.
func TestFilesOfTheirOwn(t *testing.T) {
	s := settings{Type: "file", LogFilePath: filepath.Join(t.TempDir(), "e")}
	at := time.Date(2024, 3, 1, 4, 5, 6, 7000, time.UTC)
	for range 3 {
		if err := s.send(t.Context(), []byte("{}"), at, io.Discard); err != nil {
			t.Fatal(err)
		}
	}
	found, err := filepath.Glob(s.LogFilePath + "-20240301-040506.00000?.json")
	if err != nil || len(found) != 3 {
		t.Errorf("%v %v", found, err)
	}
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := (&settings{Type: "file", LogFilePath: pipe, Append: true}).send(t.Context(), []byte("{}"), at, io.Discard); err == nil {
		t.Error("a pipe that nobody reads")
	}
	if err := (&settings{Type: "file", LogFilePath: filepath.Join(t.TempDir(), "no", "such")}).send(t.Context(), []byte("{}"), at, io.Discard); err == nil {
		t.Error("a folder that is not there")
	}
}

func FuzzSettings(f *testing.F) {
	f.Add(`{"type": "http", "url": "http://m", "auth": {"apiKey": 7}}`, "n/j/r", "console")
	f.Add("{", "//", "")
	f.Add("null", "n/j/r", "http")
	f.Fuzz(func(t *testing.T, whole, parent, kind string) {
		env := map[string]string{"OPENLINEAGE__TRANSPORT": whole, "OPENLINEAGE__TRANSPORT__TYPE": kind, "OPENLINEAGE__TRANSPORT__AUTH__APIKEY": parent, "OPENLINEAGE_PARENT_ID": parent, "OPENLINEAGE_CONTEXT": whole}
		if s, err := settingsOf(environment(env)); err == nil && s != nil && s.check() != nil {
			t.Errorf("%+v is taken and is not right", s)
		}
		_, _ = parentsOf(environment(env))
	})
}
