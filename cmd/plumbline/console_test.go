package main

import (
	"bytes"
	"strings"
	"testing"
)

// screen is what a terminal of one line would show of text after each line break and carriage return.
func screen(text string) []string {
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		var shown []byte
		for part := range strings.SplitSeq(line, "\r") {
			shown = append([]byte(part), shown[min(len(part), len(shown)):]...)
		}
		lines = append(lines, strings.TrimRight(string(shown), " "))
	}
	return lines
}

func TestProgress(t *testing.T) {
	var out bytes.Buffer
	p := &progress{out: &out}
	p.show("110_int_predictions_matched")
	p.show("reading\tfooters\n")
	if got := screen(out.String()); len(got) != 1 || got[0] != "readingfooters" {
		t.Errorf("after two stages the terminal shows %q", got)
	}
	if _, err := p.Write([]byte("a log line\n")); err != nil {
		t.Fatal(err)
	}
	if got := screen(out.String()); len(got) != 2 || got[0] != "a log line" || got[1] != "readingfooters" {
		t.Errorf("after a log line the terminal shows %q", got)
	}
	p.show(strings.Repeat("long ", 100))
	if got := screen(out.String()); len(got[1]) > progressWidth {
		t.Errorf("a line of %d bytes would wrap", len(got[1]))
	}
	p.clear()
	if got := screen(out.String()); got[1] != "" {
		t.Errorf("after the end the terminal shows %q", got)
	}
}
