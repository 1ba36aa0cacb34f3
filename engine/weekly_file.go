package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/report"
	"github.com/plumbline-data/plumbline/engine/report/page"
)

// Forms of the weekly report.
const (
	FormHTML     = "html"
	FormMarkdown = "md"
	FormJSON     = "json"
)

// reportBegins is how a report of any form begins: what --out may replace.
var reportBegins = map[string]string{FormHTML: "<!doctype html>\n<html lang=\"en\">", FormMarkdown: "# Integrity report, week ", FormJSON: "{\n  \"schema\": \"" + report.WeeklySchema + "\""}

// WriteWeekly puts a report in a file's place, whole or not at all. A file that is no earlier report stays.
func WriteWeekly(ctx context.Context, path, form string, w *report.Weekly) (err error) {
	if err := mayReplace(path); err != nil {
		return err
	}
	var text bytes.Buffer
	switch form {
	case FormHTML:
		err = page.Write(&text, w)
	case FormMarkdown:
		err = page.WriteMarkdown(&text, w)
	default:
		e := json.NewEncoder(&text)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		err = e.Encode(w)
	}
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return putInPlace(ctx, &text, path)
}

// mayReplace refuses a path that holds something other than a report.
func mayReplace(path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	refused := func(what string) error {
		return fault.Usage("--out", "name a file that is not there yet, or an earlier report", "%s %s, and stays as it is", path, what)
	}
	switch {
	case err != nil:
		return &fault.Fault{Where: path, What: "cannot be written", Fix: "name a file in a folder that can be written to", Err: err, Usage: true}
	case !info.Mode().IsRegular():
		return refused("is not a plain file")
	case info.Size() == 0:
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return refused("cannot be read")
	}
	defer f.Close()
	head := make([]byte, 64)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return refused("cannot be read")
	}
	for _, b := range reportBegins {
		if bytes.HasPrefix(head[:n], []byte(b)) {
			return nil
		}
	}
	return refused("is no report")
}
