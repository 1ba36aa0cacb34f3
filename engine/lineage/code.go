package lineage

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// code tells where a job ran another version, another SQL query or other source code than before.
func (d *deriver) code() {
	for _, runs := range d.jobs() {
		var version, query, source string
		for _, r := range runs {
			var at struct{ Version, Tag string }
			if d.read(r.about, "sourceCodeLocation", &at) && at.Version == "" {
				at.Version = at.Tag
			}
			if next := at.Version; next != "" {
				if version != "" && version != next {
					d.tell(r.start, CodeMoved, r.job, "job %s ran version %s from %s on, version %s before",
						named(r.job.name), tidy(next, 60), stamp(r.start), tidy(version, 60))
				}
				version = next
			}
			var sql struct{ Query string }
			d.read(r.about, "sql", &sql)
			d.text(r.start, r.job, "SQL query", &query, sql.Query)
			var code struct{ SourceCode string }
			d.read(r.about, "sourceCode", &code)
			d.text(r.start, r.job, "source code", &source, code.SourceCode)
		}
	}
}

// text tells that a text is another one than before.
func (d *deriver) text(at time.Time, job jobName, what string, before *string, now string) {
	if now = timeless(now); now == "" {
		return
	}
	if *before != "" && *before != now {
		d.tell(at, CodeMoved, job, "job %s ran another %s from %s on%s", named(job.name), what, stamp(at), difference(*before, now))
	}
	*before = now
}

// A date or an instant in a text, as templates fill them in anew for every run.
var (
	dated = regexp.MustCompile(`\b(19|20)\d\d-\d\d-\d\d([T ]\d\d(:\d\d){1,2}(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?`)
	plain = regexp.MustCompile(`\b((19|20)\d\d(0[1-9]|1[0-2])([0-2]\d|3[01])(T\d{6})?|1\d{9}|1\d{12})\b`)
)

// timeless is a text without what changes from run to run though nobody changed it: dates, instants, and blanks.
func timeless(text string) string {
	text = plain.ReplaceAllString(dated.ReplaceAllString(text, "<time>"), "<time>")
	return strings.Join(strings.Fields(text), " ")
}

// difference says where two texts part, if it is short enough to be read.
func difference(before, now string) string {
	const most = 80 // characters of either
	a, b := strings.Fields(before), strings.Fields(now)
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	was, is := strings.Join(a, " "), strings.Join(b, " ")
	switch {
	case len(was) > most || len(is) > most || slices.Equal(a, b):
		return ""
	case was == "":
		return fmt.Sprintf(": %q was added", tidy(is, most))
	case is == "":
		return fmt.Sprintf(": %q was removed", tidy(was, most))
	}
	return fmt.Sprintf(": %q became %q", tidy(was, most), tidy(is, most))
}
