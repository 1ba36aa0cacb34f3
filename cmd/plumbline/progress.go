package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
)

// progressWidth is the widest line of progress, in bytes: a line that wraps cannot be taken back.
const progressWidth = 72

// progress keeps one line at the bottom of a terminal that names the current stage. Lines written through it appear
// above that line. It may be used from several goroutines.
type progress struct {
	mu   sync.Mutex
	out  io.Writer
	line string // what the terminal shows; "" when nothing
}

// show replaces the line. Control characters in a stage's name would break it and are left out.
func (p *progress) show(stage string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wipe()
	line := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return -1
		}
		return r
	}, stage)
	p.line = line[:min(len(line), progressWidth)]
	fmt.Fprint(p.out, p.line)
}

// clear takes the line away.
func (p *progress) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wipe()
	p.line = ""
}

// Write puts text above the line.
func (p *progress) Write(text []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wipe()
	n, err := p.out.Write(text)
	if p.line != "" {
		fmt.Fprint(p.out, p.line)
	}
	return n, err
}

func (p *progress) wipe() {
	if p.line != "" {
		fmt.Fprint(p.out, "\r", strings.Repeat(" ", len(p.line)), "\r")
	}
}
