package loop

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Defaults of what a loop file need not write.
const (
	defaultRetain     = 35 * Day
	defaultMaxInvalid = 0.001 // share
	defaultTrailing   = 28 * Day
	defaultReach      = 90 * Day
	defaultWindow     = 7 * Day
	defaultMinMatched = 500  // rows
	defaultMinEffect  = 0.01 // relative to baseline loss
	defaultFDR        = 0.01 // share
	defaultTimeout    = 10 * time.Minute
)

// loopName is a name that can be a file name everywhere and is not taken for a flag.
var loopName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$`)

var losses = map[Task][]Loss{
	Binary:     {LogLoss, Brier, ZeroOne},
	Regression: {AbsoluteError, SquaredError},
}

// readHead reads the keys that stand alone at the top.
func (l *Loop) readHead(root mapping) {
	if c, ok := root.need("version", `write "version: 1"`); ok {
		c.numberWhere("equal to 1", `write "version: 1"`, func(f float64) bool { return f == 1 })
	}
	nameFix := `write "loop: <name>" of letters, digits, ".", "_" and "-", at most 100, the first a letter, a digit or "_"`
	if c, ok := root.need("loop", nameFix); ok {
		l.Name = c.line(nameFix)
		if l.Name != "" && !loopName.MatchString(l.Name) {
			c.fail(nameFix, "%q cannot be part of a file name", l.Name)
		}
	}
	root.need("task", `write "task: binary" or "task: regression"`)
	l.Task = choice(root, "task", "", Binary, Regression)
	l.Loss = readLoss(root, l.Task)
	l.Timezone, l.Location = readTimezone(root)
	l.Retain = root.duration("retain", defaultRetain, "35d")
	l.MaxInvalid = defaultMaxInvalid
	if c, ok := root.get("max_invalid"); ok {
		l.MaxInvalid, _ = c.numberWhere("in [0, 1]", "write a share of the rows, such as 0.001",
			func(f float64) bool { return f >= 0 && f <= 1 })
	}
}

// readLoss reads a loss that fits the task; an absent one is the task's first.
func readLoss(root mapping, task Task) Loss {
	fitting := losses[task]
	if task == "" { // absent or wrong, and reported: any loss may fit
		return choice(root, "loss", "", slices.Concat(losses[Binary], losses[Regression])...)
	}
	for other, of := range losses {
		c, ok := root.get("loss")
		if s, isText := c.scalar(); ok && isText && other != task && slices.Contains(of, Loss(s.text)) {
			c.fail("write one of "+words(fitting)+`, or "task: `+string(other)+`"`, "%s does not fit task %s", s.text, task)
			return fitting[0]
		}
	}
	return choice(root, "loss", fitting[0], fitting...)
}

func words(of []Loss) string {
	var s []string
	for _, w := range of {
		s = append(s, string(w))
	}
	return strings.Join(s, ", ")
}

func readBaseline(root mapping) Baseline {
	trailing := Baseline{Trailing: defaultTrailing, Reach: defaultReach}
	c, ok := root.get("baseline")
	if !ok {
		return trailing
	}
	m, ok := c.section("trailing", "reach", "from", "to")
	if !ok {
		return trailing
	}
	if m.has("from") || m.has("to") {
		return readFixedBaseline(m)
	}
	b := Baseline{Trailing: m.days("trailing", defaultTrailing, "28d")}
	b.Reach = m.days("reach", max(defaultReach, b.Trailing), "90d")
	if b.Reach > 0 && b.Reach < b.Trailing {
		r, _ := m.get("reach")
		r.fail("write a reach of at least "+FormatDuration(b.Trailing), "is %s, shorter than trailing (%s)",
			FormatDuration(b.Reach), FormatDuration(b.Trailing))
	}
	return b
}

func readFixedBaseline(m mapping) Baseline {
	for _, key := range []string{"trailing", "reach"} {
		if k, ok := m.get(key); ok {
			k.failKey("write either from and to, or trailing and reach", "a baseline is fixed (from, to) or trailing, not both")
			m.days(key, 0, "28d")
		}
	}
	fix := "write a UTC day, such as 2013-05-01"
	var b Baseline
	if c, ok := m.need("from", fix); ok {
		b.From = c.midnight(fix)
	}
	c, ok := m.need("to", fix)
	if ok {
		b.To = c.midnight(fix)
	}
	if !b.From.IsZero() && !b.To.IsZero() && !b.From.Before(b.To) {
		c.fail("write a later day: to is the first day after the baseline", "is %s, not after from (%s)",
			b.To.Format(time.DateOnly), b.From.Format(time.DateOnly))
	}
	return b
}

// midnight reads a date, or an RFC 3339 instant at UTC midnight.
func (c cursor) midnight(fix string) time.Time {
	text := c.line(fix)
	if text == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t, err = time.Parse(time.RFC3339, text)
	}
	t = t.UTC()
	switch {
	case err != nil || t.Year() < 1 || t.Year() > 9999:
		c.fail(fix, "%q is no date", text)
	case !t.Equal(t.Truncate(Day)):
		c.fail(fix, "%s is not midnight UTC, where days begin", text)
	default:
		return t
	}
	return time.Time{}
}

func readEvaluate(root mapping) Evaluate {
	e := Evaluate{Window: defaultWindow, MinMatched: defaultMinMatched, MinEffect: defaultMinEffect, FDR: defaultFDR}
	c, ok := root.get("evaluate")
	if !ok {
		return e
	}
	m, ok := c.section("window", "min_matched", "min_effect", "fdr")
	if !ok {
		return e
	}
	e.Window = m.days("window", defaultWindow, "7d")
	if c, ok := m.get("min_matched"); ok {
		n, _ := c.numberWhere("that is whole and at least 1", "write a number of rows, such as 500",
			func(f float64) bool { return f >= 1 && f <= 1<<53 && f == float64(int64(f)) })
		e.MinMatched = int(n)
	}
	if c, ok := m.get("min_effect"); ok {
		e.MinEffect, _ = c.numberWhere("of at least 0", "write a share of the baseline's loss, such as 0.01",
			func(f float64) bool { return f >= 0 })
	}
	if c, ok := m.get("fdr"); ok {
		e.FDR, _ = c.numberWhere("between 0 and 1", "write a false discovery rate, such as 0.01",
			func(f float64) bool { return f > 0 && f < 1 })
	}
	return e
}

func readScorer(root mapping) *Scorer {
	c, ok := root.get("scorer")
	if !ok {
		return nil
	}
	m, ok := c.section("command", "timeout")
	if !ok {
		return nil
	}
	s := &Scorer{Timeout: m.duration("timeout", defaultTimeout, "10m")}
	fix := `write the command as a list, such as "command: [./score, --model, model.json]"`
	command, ok := m.need("command", fix)
	if !ok {
		return s
	}
	arguments, ok := command.list(fix)
	for _, a := range arguments {
		s.Command = append(s.Command, a.argument(fix, len(s.Command) == 0))
	}
	if ok && len(arguments) == 0 {
		command.fail(fix, "names no program")
	}
	return s
}

// argument reads one argument of a command as it is written, spaces included. Only the program must not be empty.
func (c cursor) argument(fix string, program bool) string {
	if c.refused() {
		return ""
	}
	s, ok := c.scalar()
	switch {
	case !ok:
		c.fail(fix, "is %s, want text", c.found())
	case strings.Contains(s.text, "\x00"):
		c.fail(fix, "holds a NUL character, which no argument can")
	case program && strings.TrimSpace(s.text) == "":
		c.fail(fix, "names no program")
	}
	return s.text
}

func readLineage(root mapping) Lineage {
	c, ok := root.get("lineage")
	if !ok {
		return Lineage{}
	}
	m, _ := c.section("openlineage", "dbt")
	return Lineage{
		OpenLineage: m.word("openlineage", `write a glob of event files, such as "events/*.jsonl"`),
		DBT:         m.word("dbt", "write the dbt target folder, such as target/"),
	}
}

// readWarehouse reads where SQL runs and notes it for the inputs.
func readWarehouse(root mapping) Warehouse {
	c, ok := root.get("warehouse")
	if !ok {
		root.r.engine = engineDuckDB
		return Warehouse{}
	}
	m, ok := c.section("duckdb", "trino")
	if !ok {
		return Warehouse{}
	}
	if d, ok := m.get("duckdb"); ok {
		settings, _ := d.mapping()
		for _, e := range settings.entries {
			e.failKey(`write "duckdb: {}"; memory and threads are flags of the command line`, "unknown key")
		}
	}
	t, ok := m.get("trino")
	if !ok {
		root.r.engine = engineDuckDB
		return Warehouse{}
	}
	if m.has("duckdb") {
		t.failKey("remove one of the two", "duckdb and trino are both written")
		return Warehouse{}
	}
	root.r.engine = engineTrino
	s, ok := t.section("url", "catalog", "schema")
	if !ok {
		return Warehouse{}
	}
	fix := `write the coordinator's address, such as "url: https://trino.example.com:8443"`
	w := &Trino{}
	if c, ok := s.need("url", fix); ok {
		w.URL = c.line(fix)
		if u, err := url.Parse(w.URL); w.URL != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
			c.fail(fix, "%q is no http or https address", w.URL)
		}
	}
	if c, ok := s.need("catalog", `write "catalog: <catalog>", where tables without a catalog are`); ok {
		w.Catalog = c.line("write the name of a catalog")
	}
	if c, ok := s.need("schema", `write "schema: <schema>", where tables without a schema are`); ok {
		w.Schema = c.line("write the name of a schema")
	}
	return Warehouse{Trino: w}
}
