package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline-data/plumbline/fixtures/lake"
)

// logLine is a line of the console log: the README leaves those out, since they hold the time of day.
var logLine = regexp.MustCompile(`^\d\d:\d\d:\d\d `)

// TestReadme runs every "$ plumbline ..." of the README and compares what it prints with what stands below it. Files
// that the README puts into /tmp go to a folder of the test's; the shared data is read where it lies, and only what needs
// it is skipped without it.
func TestReadme(t *testing.T) {
	root := filepath.Join("..", "..")
	content, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.Executable() // TestMain makes this binary the program, when it is called by its name
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	link := filepath.Join(folder, "plumbline")
	if err := os.Symlink(program, link); err != nil {
		t.Fatal(err)
	}
	examples := examplesOf(string(content))
	if len(examples) == 0 {
		t.Fatal("the README shows no run")
	}
	for _, e := range examples {
		t.Run(e.command, func(t *testing.T) {
			line := strings.ReplaceAll(e.command, "/tmp/", folder+"/")
			if strings.Contains(line, "../shared/data") {
				line = strings.ReplaceAll(line, "../shared/data", lake.Shared(t))
			}
			args := strings.Fields(line)
			command := exec.Command(link, args[1:]...)
			command.Dir = root
			if args[1] == "demo" || strings.Contains(line, "plumbline-demo/") {
				command.Dir = folder // the demo writes to the folder that it is called in
			}
			var printed bytes.Buffer
			command.Stdout, command.Stderr = &printed, &printed
			if err := command.Run(); err != nil {
				t.Errorf("%v\n%s", err, printed.String())
			}
			if diff := cmp.Diff(e.output, plain(printed.String(), folder)); diff != "" {
				t.Errorf("the README (-) and the program (+) differ:\n%s", diff)
			}
		})
	}
	runExamples(t, link, folder)
}

type example struct {
	command string
	output  []string
}

// examplesOf finds the indented blocks that begin with "$ plumbline", or with "$ go run ./cmd/plumbline", which is the same
// program built anew.
func examplesOf(readme string) []example {
	var all []example
	inside := false
	for _, line := range strings.Split(readme, "\n") {
		text, indented := strings.CutPrefix(line, "    ")
		text = strings.Replace(text, "$ go run ./cmd/plumbline ", "$ plumbline ", 1)
		switch {
		case indented && strings.HasPrefix(text, "$ plumbline "):
			all, inside = append(all, example{command: text[2:]}), true
		case inside && (indented || line == ""):
			text = strings.ReplaceAll(text, "go run ./cmd/plumbline", "plumbline") // as the program names itself
			all[len(all)-1].output = append(all[len(all)-1].output, strings.TrimRight(text, " "))
		default:
			inside = false
		}
	}
	for i := range all {
		all[i].output = trimmed(all[i].output)
	}
	return all
}

// plain is what the program printed, without log lines, as the README would have it.
func plain(printed, folder string) []string {
	var lines []string
	for _, line := range strings.Split(printed, "\n") {
		if !logLine.MatchString(line) {
			lines = append(lines, strings.TrimRight(strings.ReplaceAll(line, folder+"/", "/tmp/"), " "))
		}
	}
	return trimmed(lines)
}

// trimmed drops empty lines at the end.
func trimmed(lines []string) []string {
	for len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}
