package lineage

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/loop"
)

var update = flag.Bool("update", false, "rewrite the want files of the cases")

// TestCases runs each archive in testdata: its comment is the sentence that it proves, and it holds
//
//	ask     questions, one a line, asked in order:
//	            lineage openlineage=GLOB dbt=FOLDER    load (always the first)
//	            as-of T
//	            near job=J namespace=N data=A,B from=T to=T    any of them left out
//	            chain job=J data=D -> job=J data=D
//	            common A B ...
//	            files
//	want    the answers, notes of loading first
//
// and the files of the loop file's folder. "go test ./engine/lineage -run TestCases -update" writes want anew.
func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("cases: %v, %v", files, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			var questions, want string
			at := -1
			for i, f := range a.Files {
				switch f.Name {
				case "ask":
					questions = string(f.Data)
				case "want":
					want, at = string(f.Data), i
				default:
					put(t, dir, f.Name, string(f.Data))
				}
			}
			got := ask(t, dir, questions)
			if *update {
				if at < 0 {
					at = len(a.Files)
					a.Files = append(a.Files, txtar.File{Name: "want"})
				}
				a.Files[at].Data = []byte(got)
				if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != want {
				t.Errorf("%s\ngot\n%s\nwant\n%s", strings.TrimSpace(string(a.Comment)), got, want)
			}
		})
	}
}

// put writes a file below dir.
func put(t testing.TB, dir, name, content string) {
	t.Helper()
	file := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// loopOf is a loop in dir with this lineage.
func loopOf(dir, openlineage, dbt string) *loop.Loop {
	return &loop.Loop{File: "loop.yaml", Dir: dir, Lineage: loop.Lineage{OpenLineage: openlineage, DBT: dbt}}
}

// ask puts questions to the evidence in dir and gives the answers.
func ask(t *testing.T, dir, questions string) string {
	t.Helper()
	var b strings.Builder
	var e *Evidence
	for line := range strings.Lines(questions) {
		verb, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		args := arguments(rest)
		if verb != "lineage" {
			fmt.Fprintf(&b, "> %s\n", strings.TrimSpace(line))
		}
		switch verb {
		case "lineage":
			var notes []string
			var err error
			if e, notes, err = Load(loopOf(dir, args["openlineage"], args["dbt"])); err != nil {
				t.Fatal(err)
			}
			for _, n := range notes {
				fmt.Fprintf(&b, "note: %s\n", n)
			}
		case "as-of":
			e = e.AsOf(instant(t, args[""]))
		case "near":
			from, to := time.Time{}, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
			if s := args["from"]; s != "" {
				from = instant(t, s)
			}
			if s := args["to"]; s != "" {
				to = instant(t, s)
			}
			var data []string
			if args["data"] != "" {
				data = strings.Split(args["data"], ",")
			}
			for _, v := range e.Near(args["job"], args["namespace"], data, from, to) {
				fmt.Fprintf(&b, "%s %s [%s] [%s] %s\n", v.At.Format(time.RFC3339), v.Kind, v.Job, v.Dataset, v.Text)
			}
		case "chain":
			from, to, _ := strings.Cut(rest, " -> ")
			fmt.Fprintln(&b, strings.Join(e.Chain(end(from), end(to)), " -> "))
		case "common":
			job, ok := e.Common(strings.Fields(rest))
			fmt.Fprintln(&b, job, ok)
		case "files":
			for _, f := range e.Files() {
				fmt.Fprintln(&b, f.Name, f.Digest[:8])
			}
		default:
			t.Fatalf("unknown question %q", line)
		}
	}
	return b.String()
}

func arguments(s string) map[string]string {
	args := map[string]string{}
	for _, word := range strings.Fields(s) {
		key, value, ok := strings.Cut(word, "=")
		if !ok {
			key, value = "", word
		}
		args[key] = value
	}
	return args
}

func end(s string) Node {
	args := arguments(s)
	return Node{Job: args["job"], Namespace: args["namespace"], Dataset: args["data"]}
}

func instant(t *testing.T, s string) time.Time {
	t.Helper()
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if at, err := time.Parse(layout, s); err == nil {
			return at
		}
	}
	t.Fatalf("no instant: %q", s)
	return time.Time{}
}

// What a path leads to, or the fault of the loop file.
func TestLoadPaths(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"one.log", "events/b.jsonl", "events/a.json", "events/2024/c.ndjson", "events/.hidden.jsonl", "events/readme.md",
		"target/manifest.json", "target/old/sources.json", "target/compiled/p/sources.json", "bare/x.txt"} {
		put(t, dir, name, "")
	}
	if err := os.Mkdir(filepath.Join(dir, "target", "run_results.json"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("../events", filepath.Join(dir, "events", "loop")); err != nil {
		t.Skip(err)
	}
	tests := []struct{ openlineage, dbt, want string }{
		{"one.log", "", "one.log"},
		{"events/*.jsonl", "", "events/b.jsonl"},
		{"events/.*.jsonl", "", "events/.hidden.jsonl"},
		{"events/2024", "", "events/2024/c.ndjson"},
		{"events/[a-b].json*", "", "events/a.json events/b.jsonl"},
		{"./**/2024/*", "", "2: lineage.openlineage: ./**/2024/*: folder DIR/events/loop leads back to itself, or nests more than 64 deep"},
		{"events", "", "2: lineage.openlineage: events: folder DIR/events/loop leads back to itself, or nests more than 64 deep"},
		{"gone.jsonl", "", "2: lineage.openlineage: gone.jsonl: no such file or folder"},
		{"events/*.gone", "", "2: lineage.openlineage: events/*.gone: no file matches"},
		{"gone/*.jsonl", "", "2: lineage.openlineage: gone/*.jsonl: no such file or folder"},
		{"events/[.jsonl", "", "2: lineage.openlineage: events/[.jsonl: the pattern does not parse: a [ without its ]"},
		{"bare", "", "2: lineage.openlineage: bare: a folder that holds no .jsonl, .ndjson or .json file"},
		{"s3://b/events/*.jsonl", "", "2: lineage.openlineage: s3://b/events/*.jsonl: s3:// paths cannot be read: copy the files or mount them"},
		{"", "gone", "2: lineage.dbt: gone: no such file or directory"},
		{"", "bare", "2: lineage.dbt: bare: a folder that holds no sources.json, run_results.json or manifest.json"},
		{"", "target", "2: lineage.dbt: target/run_results.json: not a regular file"},
		{"", "", ""},
	}
	for _, test := range tests {
		e, _, err := Load(loopOf(dir, test.openlineage, test.dbt))
		got := ""
		if err != nil {
			got = strings.TrimPrefix(strings.ReplaceAll(err.Error(), dir, "DIR"), "loop.yaml:1:1: ")
			if fault.IsUsage(err) {
				got = "2: " + got
			}
		}
		for i, f := range e.Files() {
			if i > 0 {
				got += " "
			}
			got += f.Name
		}
		if got != test.want {
			t.Errorf("openlineage %q, dbt %q:\ngot  %s\nwant %s", test.openlineage, test.dbt, got, test.want)
		}
	}
}

// A file larger than what is read is a fault, and costs no more than that.
func TestLargeFile(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "big.jsonl", "")
	if err := os.Truncate(filepath.Join(dir, "big.jsonl"), maxFile+1); err != nil {
		t.Skip(err)
	}
	_, _, err := Load(loopOf(dir, "big.jsonl", ""))
	if want := "loop.yaml:1:1: lineage.openlineage: big.jsonl: larger than the 256 MB that are read of one file"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// Without evidence there are no answers, and no panics.
func TestNothing(t *testing.T) {
	for _, e := range []*Evidence{nil, {}, (*Evidence)(nil).AsOf(time.Time{}), (&Evidence{}).AsOf(time.Time{})} {
		_, ok := e.Common([]string{"a"})
		if e.Near("j", "", []string{"a"}, time.Time{}, time.Unix(1<<40, 0)) != nil || e.Chain(Node{Job: "j"}, Node{Job: "k"}) != nil || ok || len(e.Files()) > 0 {
			t.Errorf("%v answers", e)
		}
	}
}
