package lineage

import (
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/txtar"
)

// seeds adds the files of the cases whose names have the ending.
func seeds(f *testing.F, ending string) {
	cases, _ := filepath.Glob("testdata/*.txtar")
	for _, file := range cases {
		a, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, part := range a.Files {
			if strings.HasSuffix(part.Name, ending) {
				f.Add(part.Data)
			}
		}
	}
}

// check holds what every evidence must keep: events in time order and each once, texts on one line, and at any earlier
// instant none that was written later.
func (e *Evidence) check(t *testing.T) {
	t.Helper()
	for i, it := range e.items {
		if i > 0 && it.At.Before(e.items[i-1].At) {
			t.Errorf("event %d at %s comes after %s", i, it.At, e.items[i-1].At)
		}
		if it.Kind == "" || it.Text == "" || !utf8.ValidString(it.Text) || strings.ContainsFunc(it.Text+it.Job+it.Dataset, unicode.IsControl) || len(it.Text) > 20_000 {
			t.Errorf("event of kind %q: %q", it.Kind, it.Text)
		}
		if it.Job == "" && len(it.nodes) == 0 && it.Dataset != "" {
			t.Errorf("nothing finds %q", it.Text)
		}
		if got := e.Near(it.job.name, it.job.namespace, nil, it.At, it.At.Add(1)); it.job.name != "" && len(got) == 0 {
			t.Errorf("its job %q does not find %q", it.Job, it.Text)
		}
	}
	for i := range e.graph.nodes {
		name := e.graph.name(i)
		chain := e.Chain(Node{Job: name}, Node{Job: name})
		if !e.graph.nodes[i].isSet && len([]rune(name)) < 200 && name == e.graph.nodes[i].job.name && !slices.Equal(chain, []string{name}) {
			t.Errorf("from %q to itself by %q", name, chain)
		}
	}
	if len(e.events) > 0 {
		past := e.AsOf(e.events[0].at)
		for _, v := range past.events {
			if v.at.After(e.events[0].at) {
				t.Errorf("at %s an event of %s is known", e.events[0].at, v.at)
			}
		}
	}
}

// Whatever the bytes, evidence keeps its rules, and the order of lines does not matter where instants differ.
func FuzzEvents(f *testing.F) {
	seeds(f, ".jsonl")
	seeds(f, ".json")
	f.Fuzz(func(t *testing.T, content []byte) {
		var r eventReader
		r.file("x.jsonl", content)
		r.notes()
		e := &Evidence{events: r.events}
		sortEvents(e.events)
		e.build()
		e.check(t)
		for i := 1; i < len(e.events); i++ {
			if !e.events[i-1].at.Before(e.events[i].at) {
				return
			}
		}
		turned := &Evidence{events: slices.Clone(r.events)}
		slices.Reverse(turned.events)
		sortEvents(turned.events)
		turned.build()
		if !reflect.DeepEqual(texts(e), texts(turned)) {
			t.Errorf("got %q, lines turned round %q", texts(e), texts(turned))
		}
	})
}

// Whatever the bytes of an artifact, evidence keeps its rules, and twice the same says no more than once.
func FuzzArtifacts(f *testing.F) {
	for name := range dbtKinds {
		seeds(f, name)
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		var all, twice []artifact
		for _, name := range []string{"sources.json", "run_results.json", "manifest.json"} {
			a, note := readArtifact(name, content)
			if a == nil && note == "" {
				t.Errorf("%s was passed over and nothing told", name)
			}
			if a != nil {
				all, twice = append(all, *a), append(twice, *a, *a)
			}
		}
		sortArtifacts(all)
		sortArtifacts(twice)
		once, again := &Evidence{artifacts: all}, &Evidence{artifacts: twice}
		once.build()
		again.build()
		once.check(t)
		if !reflect.DeepEqual(texts(once), texts(again)) {
			t.Errorf("once %q, twice %q", texts(once), texts(again))
		}
	})
}

func texts(e *Evidence) []Event {
	var all []Event
	for _, it := range e.items {
		all = append(all, it.Event)
	}
	return all
}

// A dataset is found by its own place, and matching does not depend on who is the target where neither has a pattern.
func FuzzPlaces(f *testing.F) {
	f.Add("file", "/data/weather.parquet")
	f.Add("s3a://b", "k/dt=1/x.parquet")
	f.Add("postgres://h:1", "a.b.c")
	f.Fuzz(func(t *testing.T, namespace, name string) {
		p := dataset(namespace, name)
		if len(p.parts) == 0 {
			return
		}
		own := target{place: p}
		if !own.matches(p) || !own.matches(p.whole()) && len(p.whole().parts) == len(p.parts) {
			t.Errorf("%q %q does not match itself: %q", namespace, name, p)
		}
		if p.kind != table && len(p.whole().parts) > 0 {
			again := url(p.String())
			if !reflect.DeepEqual(again.parts, p.parts) && !strings.Contains(p.String(), "://") {
				t.Errorf("%q reads back as %q", p, again)
			}
		}
	})
}

// The answers of two loads are the same.
func TestLoadTwice(t *testing.T) {
	cases, _ := filepath.Glob("testdata/*.txtar")
	for _, file := range cases {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		put(t, dir, "target/run_results.json", "{}")
		put(t, dir, "e/none.jsonl", "")
		for _, f := range a.Files {
			if !strings.HasPrefix(f.Name, "target/") {
				f.Name = "e/" + f.Name
			}
			put(t, dir, f.Name, string(f.Data))
		}
		first, notes, err := Load(loopOf(dir, "e", "target"))
		if err != nil {
			t.Fatal(err)
		}
		for range 5 {
			e, again, err := Load(loopOf(dir, "e", "target"))
			if err != nil || !slices.Equal(notes, again) || !reflect.DeepEqual(texts(first), texts(e)) || !slices.Equal(first.Files(), e.Files()) {
				t.Errorf("%s: loaded again it is other evidence: %v", file, err)
			}
			later := e.AsOf(time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC))
			if !reflect.DeepEqual(texts(first), texts(later)) {
				t.Errorf("%s: as of the end it is other evidence", file)
			}
		}
	}
}
