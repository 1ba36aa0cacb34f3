package propose

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/plan"
	"github.com/plumbline-data/plumbline/engine/report"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

// text is a loop file as it is written.
type text struct {
	lines     []line
	questions []string
}

// line is a line of it: what YAML reads, and a comment.
type line struct{ yaml, comment string }

// put adds a line; comment may be empty.
func (t *text) put(yaml, comment string) { t.lines = append(t.lines, line{yaml, comment}) }

// ask adds a question before the line that it is about.
func (t *text) ask(indent, question string) {
	if question != "" {
		t.questions = append(t.questions, question)
		t.put(indent+"# ASK: "+question, "")
	}
}

// chosen adds a column that was chosen under a key; nothing where there is none.
func (t *text) chosen(key string, c choice) {
	if c.column != nil {
		t.ask("  ", c.ask)
		t.put("  "+key+": "+yamlName(c.Name), c.why)
	}
}

const askedShare = 0.97 // where less agrees, that is asked about

const commentAt = 40 // where comments stand, if lines are short enough

func (t *text) bytes() []byte {
	var b strings.Builder
	for _, l := range t.lines {
		b.WriteString(l.yaml)
		if l.comment != "" {
			b.WriteString(strings.Repeat(" ", max(1, commentAt-len(l.yaml))) + "# " + l.comment)
		}
		b.WriteByte('\n')
	}
	return []byte(b.String())
}

// write writes the draft down, and holds it against the files.
func (p *proposer) write(ctx context.Context) (*Proposal, error) {
	p.spell(ctx)
	t := &text{}
	p.head(t)
	p.writePredictions(t)
	p.writeOutcomes(t)
	p.writeSources(t)
	p.writeFeatures(t)
	p.tail(t)
	if err := p.holds(ctx, t.bytes()); err != nil {
		return nil, fmt.Errorf("the proposal does not hold against its own files; please report this:\n%s\n%w", t.bytes(), err)
	}
	return &Proposal{YAML: t.bytes(), Questions: t.questions, From: p.draft.at.begins, To: p.draft.at.ends}, nil
}

func (p *proposer) head(t *text) {
	d := &p.draft
	t.put("# Proposed by plumbline init from "+plural(d.repeats.rows, "prediction")+" and "+plural(d.told.rows, "row")+" of outcomes.", "")
	t.put("# Lines that begin with ASK are what the data did not tell: answer them, then take them out.", "")
	if d.preset != nil {
		t.put("# The columns are those of "+d.preset.title+".", "")
		for _, note := range d.preset.notes {
			t.put("# "+note, "")
		}
	}
	t.put("version: 1", "")
	t.put("loop: "+yamlName(d.name), "")
	switch {
	case d.binary && d.labels:
		t.ask("", "is there no probability? "+shown(d.score.Name)+" holds labels alone, so that only right and wrong can be counted")
		t.put("task: binary", "")
		t.put("loss: zero_one", "")
	case d.binary:
		t.put("task: binary", "the score lies in [0, 1], the outcome is "+outcomeWords(d.value.column))
		t.put("loss: log_loss", "or brier, zero_one")
	default:
		if d.value.twoValued() {
			t.ask("", "is the task binary? The outcome has two values, but the score is no probability: it reaches from "+number(d.score.least)+" to "+number(d.score.greatest))
		}
		t.put("task: regression", "")
		t.put("loss: absolute_error", "or squared_error")
	}
	var zoneless []string
	for _, c := range []choice{d.at, d.known, d.featuresAt, d.outcomeAt, d.outcomeKnown} {
		if c.column != nil && c.zoneless() {
			zoneless = append(zoneless, shown(c.Name))
		}
	}
	for _, s := range d.sources {
		for _, c := range []choice{s.at, s.known} {
			if c.column != nil && c.zoneless() {
				zoneless = append(zoneless, shown(s.name)+"'s "+shown(c.Name))
			}
		}
	}
	if len(zoneless) > 0 {
		t.ask("", "in which time zone is the clock of "+strings.Join(zoneless, ", ")+"? The times have none, and UTC is taken")
	}
	t.put("timezone: UTC", "")
	t.put("", "")
}

func (p *proposer) writePredictions(t *text) {
	d := &p.draft
	t.put("predictions:", "")
	t.put("  path: "+yamlName(p.loop.Predictions.Path), "")
	t.chosen("id", d.id)
	t.chosen("at", d.at)
	t.chosen("features_at", d.featuresAt)
	t.chosen("score", d.score)
	t.chosen("version", d.version)
	t.chosen("known_at", d.known)
	if d.repeats.keys < d.repeats.keyed {
		t.put("  duplicates: first", "which delivery of one id counts: first, latest or reject")
	}
	if len(d.segments) > 0 {
		t.put("  segments: "+list(d.segments), "groups that are compared like with like")
	}
	if len(d.entities) > 0 {
		t.put("  # entity: "+list(d.entities[:1]), "whose predictions come in numbers and err together: widens intervals; also "+namesOf(d.entities[1:]))
	}
	if d.weight != nil {
		t.put("  # weight: "+yamlName(d.weight.Name), "if a row stands for so many")
	}
	t.put("  # owner: ", "whom findings name")
	t.put("", "")
}

func namesOf(columns []*column) string {
	var names []string
	for _, c := range columns[:min(3, len(columns))] {
		names = append(names, shown(c.Name))
	}
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

func (p *proposer) writeOutcomes(t *text) {
	d := &p.draft
	t.put("outcomes:", "")
	t.put("  path: "+yamlName(p.loop.Outcomes.Path), "")
	t.ask("  ", d.keyAsk)
	t.put("  on: "+pairs(d.keys, false), d.keyNote)
	t.ask("  ", d.value.ask)
	if derive := p.derive(); derive != "" {
		t.put("  derive: "+yamlName(derive), d.value.why)
	} else {
		t.put("  value: "+yamlName(d.value.Name), d.value.why)
	}
	t.chosen("at", d.outcomeAt)
	if d.outcomeKnown.column != nil {
		t.chosen("known_at", d.outcomeKnown)
	} else {
		t.put("  # known_at: ", "when the outcome was loaded; without it an outcome counts as known when it happened")
	}
	t.ask("  ", d.horizonAsk)
	w := &d.waits
	why := ""
	if w.most.Valid {
		why = fmt.Sprintf("half of the outcomes came within %s, 99 %% within %s, all within %s; %s of %s predictions have one",
			roughly(w.half.Float64), roughly(w.nearly.Float64), roughly(w.longest.Float64), percent(float64(w.answered)/float64(max(w.predictions, 1))), report.Counted(w.predictions))
	}
	t.put("  horizon: "+loop.FormatDuration(d.horizon), why)
	if r := d.told; r.keys < r.keyed {
		t.put("  duplicates: latest", fmt.Sprintf("%s of %s rows repeat a key", report.Counted(r.keyed-r.keys), report.Counted(r.keyed)))
		if d.outcomeKnown.column != nil && r.instants >= 3 && r.keyed > r.instants*r.keys/2 {
			t.ask("  ", "is each delivery the whole table? On average one holds "+report.Counted(r.keyed/r.instants)+" of "+report.Counted(r.keys)+" keys; with snapshot a key that is absent from a later one is withdrawn")
			t.put("  # snapshot: true", "")
		}
	}
	t.put("  # owner: ", "")
}

// derive is what an outcome is worth that is no number yet; "" where its column is taken as it is.
func (p *proposer) derive() string {
	v := p.draft.value
	e := v.sql
	switch {
	case v.Class == plan.Text:
		e += " = '" + strings.ReplaceAll(p.draft.positive, "'", "''") + "'"
	case p.draft.binary && !v.zeroOne():
		return e + " = " + p.draft.positive
	case v.Class != plan.Boolean || p.draft.binary:
		return ""
	}
	if !p.draft.binary {
		e = "cast(" + e + " as integer)"
	}
	return e
}

func (p *proposer) writeSources(t *text) {
	d := &p.draft
	if len(d.sources) == 0 {
		t.put("", "")
		t.put("# sources:", "tables that features are computed from: name them with --source NAME=PATH, and what was served is replayed from them")
		return
	}
	keyed := slices.ContainsFunc(d.sources, func(s *source) bool { return len(s.keys) > 0 })
	t.put("", "")
	t.put(map[bool]string{true: "sources:", false: "# sources:"}[keyed], "")
	for i, s := range d.sources {
		if len(s.keys) == 0 { // a source needs a key
			t.ask("  ", s.keyAsk)
			t.put("  # "+yamlName(s.name)+":", "")
			t.put("  #   path: "+yamlName(p.loop.Sources[i].Path), "")
			t.put("  #   key: {SOURCE COLUMN: PREDICTION COLUMN}", "")
			continue
		}
		t.put("  "+yamlName(s.name)+":", "")
		t.put("    path: "+yamlName(p.loop.Sources[i].Path), "")
		t.ask("    ", s.keyAsk)
		t.put("    key: "+pairs(s.keys, true), fmt.Sprintf("%s of %s predictions that were looked up find a row", report.Counted(s.found.found), report.Counted(s.found.asked)))
		if s.id.column != nil {
			t.put("    id: "+list([]*column{s.id.column}), s.id.why)
		}
		t.ask("    ", s.at.ask)
		if s.at.column != nil {
			t.put("    at: "+yamlName(s.at.Name), "")
		}
		if s.known.column != nil {
			t.put("    known_at: "+yamlName(s.known.Name), "")
		} else if s.at.column != nil {
			t.put("    # known_at: ", "when a row could be read; without it a row counts as known when it happened")
		}
		t.put("    expect: "+s.expect(), s.crowd())
		if s.at.column != nil && s.found.nearly.Valid {
			t.put("    # fresh_within: "+short(atLeast(s.found.nearly.Float64)), fmt.Sprintf("a promise that its owner makes; rows used were %s old in the middle, %s at the 99th percentile", roughly(s.found.half.Float64), roughly(s.found.nearly.Float64)))
		}
		if s.servedAt != nil {
			t.put("    served_at: "+yamlName(s.servedAt.Name), "holds the event time of the row that a replay finds")
		}
		t.put("    # owner: ", "")
	}
}

// outcomeWords says which values an outcome has.
func outcomeWords(c *column) string {
	switch {
	case c.distinct == 1:
		return "always " + c.first
	case c.zeroOne():
		return "0 or 1"
	}
	return "one of two"
}

// expect is how many rows a prediction should meet: what it met.
func (s *source) expect() string {
	switch {
	case s.found.crowded*10 > s.found.keyRows:
		return "many"
	case s.found.found*1000 >= s.found.asked*999:
		return "one"
	}
	return "optional"
}

func (s *source) crowd() string {
	if s.found.crowded == 0 {
		return ""
	}
	if s.at.column == nil {
		return fmt.Sprintf("%s of %s rows share their key with another", report.Counted(s.found.crowded), report.Counted(s.found.keyRows))
	}
	return fmt.Sprintf("%s of %s rows share key and event time with another", report.Counted(s.found.crowded), report.Counted(s.found.keyRows))
}

func (p *proposer) writeFeatures(t *text) {
	if len(p.draft.features) == 0 {
		return
	}
	t.put("", "")
	if slices.ContainsFunc(p.draft.features, func(f *feature) bool { return f.source == nil && !f.off }) {
		t.ask("", "which of the features below {} are inputs of the model? Take out the others; with a source a feature can be replayed")
	}
	on := slices.ContainsFunc(p.draft.features, func(f *feature) bool { return !f.off })
	t.put(map[bool]string{true: "features:", false: "# features:"}[on], "")
	for _, f := range p.draft.features {
		off := ""
		if f.off {
			off = "# "
		}
		if f.source != nil && !f.off && !f.proven() {
			t.ask("  ", "is "+shown(f.served.Name)+" computed like this? "+percent(f.share())+" of the rows agree, which is no accident; the others may be the fault that you look for, or more is to be said of it")
		}
		_, ask := f.within()
		t.ask("  ", ask)
		if ask == "" && f.source != nil && !f.off && f.proven() && f.window == nil && f.share() < askedShare && f.share() >= nearlyAll {
			t.ask("  ", "why do "+percent(1-f.share())+" of the rows of "+shown(f.served.Name)+" not agree? They may be the fault that you look for, or more is to be said of it")
		}
		t.put("  "+off+yamlName(f.served.Name)+": "+f.yaml(), f.evidence())
	}
}

// yaml writes what a feature is.
func (f *feature) yaml() string {
	if f.source == nil {
		return "{}"
	}
	parts := []string{"source: " + yamlName(f.source.name)}
	if len(f.keys) > 0 && !sameKeys(f.keys, f.source.keys) {
		parts = append(parts, "key: "+pairs(f.keys, true))
	}
	if w := f.window; w != nil {
		of := "*"
		if w.value.Index >= 0 {
			of = w.value.sql
		}
		parts = append(parts, "aggregate: "+yamlName(w.way+"("+of+")"), "window: "+short(w.length))
		if w.rounded > 0 {
			parts = append(parts, "tolerance: 0.00051")
		}
		if f.rows != nil {
			parts = append(parts, "served_rows: "+yamlName(f.rows.Name))
		}
	} else {
		parts = append(parts, "value: "+yamlName(f.value.sql))
	}
	if d, _ := f.within(); d > 0 {
		parts = append(parts, "within: "+short(d))
	}
	if def := f.writeDefault(); def != "" && !(f.window != nil && f.window.way == "count" && def == "0.0") { // none counts as 0
		parts = append(parts, "default: "+def)
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// writeDefault writes what is served for null; "" where that is not told.
func (f *feature) writeDefault() string {
	all, by := f.defaults()
	scalar := func(v string) string {
		if f.served.Class == plan.Text {
			return quote(v)
		}
		return v
	}
	if all != "" {
		return scalar(all)
	}
	var parts []string
	for _, g := range f.fillers { // in the order of versions
		if v, ok := by[g.version]; ok && g.version != "" {
			parts = append(parts, yamlName(g.version)+": "+scalar(v))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

func (f *feature) evidence() string {
	if f.comment != "" || f.source == nil {
		return f.comment
	}
	if f.window == nil && f.share() < nearlyAll && f.proven() {
		return fmt.Sprintf("replayed: %s of the younger half of %s rows agree", percent(float64(f.youngAgree)/float64(f.young)), report.Counted(f.both))
	}
	return fmt.Sprintf("replayed: %s of %s rows agree", percent(f.share()), report.Counted(f.both))
}

func (p *proposer) tail(t *text) {
	t.put("", "")
	t.put("baseline: {trailing: 28d, reach: 90d}", "a window is compared with the 28 healthy days before it")
	t.put("evaluate: {window: 7d, min_matched: 500, min_effect: 0.01, fdr: 0.01}", "")
}

// pairs writes a key: prediction column: other column, or the other way round.
func pairs(keys []keyPair, otherFirst bool) string {
	var parts []string
	for _, k := range keys {
		a, b := k.Prediction.Name, k.Other.Name
		if otherFirst {
			a, b = b, a
		}
		parts = append(parts, yamlName(a)+": "+yamlName(b))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

func list(columns []*column) string {
	var parts []string
	for _, c := range columns {
		parts = append(parts, yamlName(c.Name))
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

var (
	plain    = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]*$`)
	plainSQL = regexp.MustCompile(`^[a-z_][a-z0-9_]*$`)
	plainSum = regexp.MustCompile(`^[a-z_]+\([a-z0-9_]+\)$`)
	path     = regexp.MustCompile(`^(/|(\.\.?/)+)?[A-Za-z_][A-Za-z0-9_./-]*$`)
)

// yamlName writes a text so that YAML reads it back as that text.
func yamlName(s string) string {
	reserved := []string{"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
	if (plain.MatchString(s) || plainSum.MatchString(s) || path.MatchString(s)) && !slices.Contains(reserved, strings.ToLower(s)) {
		return s
	}
	return quote(s)
}

// quote writes a text in double quotes: Go's escapes of what cannot be printed are among YAML's.
func quote(s string) string { return strconv.Quote(s) }

// spell writes the names of columns that expressions read: as they are where SQL takes them so, else in quotes.
func (p *proposer) spell(ctx context.Context) {
	all := []*column{p.draft.value.column}
	for _, f := range p.draft.features {
		all = append(all, f.value)
		if f.window != nil {
			all = append(all, f.window.value)
		}
	}
	for _, c := range all {
		if c == nil || c.Index < 0 {
			continue
		}
		c.sql = `"` + strings.ReplaceAll(c.Name, `"`, `""`) + `"`
		if plainSQL.MatchString(c.Name) {
			e, err := p.db.Scalar(ctx, c.Name, []warehouse.Column{{Name: c.Name, Type: c.Type}})
			if err == nil && slices.Equal(e.Columns, []string{c.Name}) {
				c.sql = c.Name
			}
		}
	}
}
