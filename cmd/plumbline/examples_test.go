package main

import (
	"os/exec"
	"strings"
	"testing"
)

// helpExamples are the examples of all commands that have one which needs what the demonstration leaves, in the order of the help.
func helpExamples(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, c := range newApp(&world{}).Commands {
		if c.UsageText == "" || !strings.HasPrefix(c.UsageText, "plumbline "+c.Name) {
			t.Errorf("%s has no example of itself: %q", c.Name, c.UsageText)
		}
		if c.Name != "demo" {
			all = append(all, c.UsageText)
		}
	}
	return all
}

// runExamples runs the examples of the help in a folder that the demonstration was run in.
func runExamples(t *testing.T, program, folder string) {
	for _, line := range helpExamples(t) {
		t.Run("help: "+line, func(t *testing.T) {
			command := exec.Command(program, strings.Fields(line)[1:]...)
			command.Dir = folder
			if out, err := command.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

// Completion knows every command and flag.
func TestCompletion(t *testing.T) {
	app := newApp(&world{})
	for _, text := range []string{bashWords(app), fishWords(app)} {
		for _, c := range app.Commands {
			if !strings.Contains(text, c.Name) {
				t.Errorf("%s is not completed", c.Name)
			}
			for _, f := range c.Flags {
				if !strings.Contains(text, f.Names()[0]) {
					t.Errorf("%s --%s is not completed", c.Name, f.Names()[0])
				}
			}
		}
	}
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("bash is not here")
	}
	line := `eval "$WORDS"; COMP_WORDS=(plumbline report --we); COMP_CWORD=2; _plumbline; echo "${COMPREPLY[@]}"; COMP_WORDS=(plumbline ex); COMP_CWORD=1; _plumbline; echo "${COMPREPLY[@]}"`
	command := exec.Command("bash", "-c", line)
	command.Env = append(command.Environ(), "WORDS="+bashWords(app))
	if out, err := command.CombinedOutput(); err != nil || string(out) != "--week\nexplain\n" {
		t.Errorf("%v: %q", err, out)
	}
}
