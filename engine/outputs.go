package engine

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/ledger"
	"github.com/plumbline-data/plumbline/engine/report"
)

// staged is files written beside their final names, to be renamed with the ledger.
type staged struct{ renames []ledger.Rename }

// stageFiles writes findings.json and the result file beside their final names.
func stageFiles(o Options, f *report.Findings, line []byte) (*staged, error) {
	s := &staged{}
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(f); err != nil {
		return s, fmt.Errorf("findings: %w", err)
	}
	if err := s.write(o.Findings, text.Bytes()); err != nil {
		return s, err
	}
	if o.ResultFile == "" {
		return s, nil
	}
	return s, s.write(o.ResultFile, append(line[:len(line):len(line)], '\n'))
}

// write stages a file under one fixed name beside its own, so that what a killed run left is written over. The ledger's
// lock is held meanwhile.
func (s *staged) write(path string, content []byte) error {
	name := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".staging")
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return &fault.Fault{Where: path, What: "cannot be written", Fix: "let this user write to its folder, or name another file", Err: err}
	}
	s.renames = append(s.renames, ledger.Rename{From: file.Name(), To: path})
	if _, err := file.Write(content); err != nil {
		_ = file.Close()
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := file.Chmod(0o644); err != nil {
		_ = file.Close()
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := file.Close(); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// discard removes what was not renamed.
func (s *staged) discard() {
	for _, r := range s.renames {
		_ = os.Remove(r.From) // renamed files are no longer there
	}
}
