package loop

import "time"

// inputKeys are the keys of every input: where it is, how its times are read, and its lineage.
var inputKeys = []string{"path", "table", "timezone", "job", "namespace", "owner"}

// readInput reads where an input is: exactly one of path and table, as the warehouse demands.
func readInput(m mapping) (path, table string) {
	write := `write "path: <file, glob or folder>"`
	if m.r.engine == engineTrino {
		write = `write "table: <table of the warehouse>"`
	}
	path, table = m.word("path", write), m.word("table", write)
	p, hasPath := m.get("path")
	t, hasTable := m.get("table")
	switch {
	case hasPath && hasTable:
		t.failKey("remove one of the two", "path and table are both written")
	case !hasPath && !hasTable:
		key := "path"
		if m.r.engine == engineTrino {
			key = "table"
		}
		m.need(key, write)
	case hasTable && m.r.engine == engineDuckDB:
		t.failKey(`write "path: <file, glob or folder>", or name the warehouse: "warehouse: {trino: {url: ..., catalog: ..., schema: ...}}"`,
			"a table needs a warehouse, and the loop file names none")
	case hasPath && m.r.engine == engineTrino:
		p.failKey(`write "table: <table>", or remove "trino" from the warehouse`, "the warehouse is Trino, which reads tables, not files")
	}
	return path, table
}

func readOrigin(m mapping) Origin {
	return Origin{
		Job:       m.word("job", "write the name of the job that writes this"),
		Namespace: m.word("namespace", "write the OpenLineage namespace of the job"),
		Owner:     m.word("owner", "write who mends this"),
	}
}

// readTimezone reads a zone that the time zone database knows; "" and UTC when the key is absent.
func readTimezone(m mapping) (string, *time.Location) {
	c, ok := m.get("timezone")
	if !ok {
		return "", time.UTC
	}
	fix := "write a name of the IANA time zone database, such as UTC or America/New_York"
	name := c.line(fix)
	if name == "" {
		return "", time.UTC
	}
	location, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		c.fail(fix, "unknown time zone %q", name)
		return name, time.UTC
	}
	return name, location
}

func readPredictions(c cursor) Predictions {
	m, ok := c.section(append([]string{"id", "at", "features_at", "score", "version", "entity", "known_at", "duplicates",
		"segments", "weight"}, inputKeys...)...)
	if !ok {
		return Predictions{}
	}
	var p Predictions
	p.Path, p.Table = readInput(m)
	p.Timezone, _ = readTimezone(m)
	p.ID = m.needColumn("id", "the column that tells predictions apart")
	p.At = m.needColumn("at", "the instant of the prediction")
	p.FeaturesAt = m.column("features_at")
	p.Score = m.needColumn("score", "the probability of the positive class, or the predicted value")
	p.Version = m.column("version")
	p.Entity = m.columns("entity")
	p.KnownAt = m.column("known_at")
	p.Duplicates = choice(m, "duplicates", First, First, Latest, Reject)
	p.Segments = m.columns("segments")
	p.Weight = m.column("weight")
	p.Origin = readOrigin(m)
	return p
}

func readOutcomes(c cursor) Outcomes {
	m, ok := c.section(append([]string{"on", "value", "derive", "at", "known_at", "horizon", "duplicates", "snapshot",
		"definitions"}, inputKeys...)...)
	if !ok {
		return Outcomes{}
	}
	var o Outcomes
	o.Path, o.Table = readInput(m)
	o.Timezone, _ = readTimezone(m)
	if on, ok := m.need("on", `write "on: {<prediction column>: <outcome column>}"`); ok {
		o.On = on.pairs(predictionLeft)
	}
	o.Value, o.Derive = readOutcomeValue(m)
	o.At = m.needColumn("at", "the instant at which the outcome happened")
	o.KnownAt = m.column("known_at")
	if h, ok := m.need("horizon", `write "horizon: 3d": how long after its prediction an outcome may still arrive`); ok {
		o.Horizon = h.duration(1, "3d")
	}
	o.Duplicates = choice(m, "duplicates", Latest, Latest, First, Reject)
	o.Snapshot = readSnapshot(m)
	if d, _ := m.get("duplicates"); o.Snapshot && o.Duplicates == Reject {
		d.failKey(`write "duplicates: latest", or remove "snapshot"`, "every snapshot after the first repeats the outcomes before it, which reject refuses")
	}
	if definitions, ok := m.get("definitions"); ok {
		d, _ := definitions.mapping()
		for _, e := range d.entries {
			e.checkName("definition")
			if s, ok := e.section("value", "derive"); ok {
				value, derive := readOutcomeValue(s)
				o.Definitions = append(o.Definitions, OutcomeDefinition{Name: e.name, Value: value, Derive: derive})
			}
		}
	}
	o.Origin = readOrigin(m)
	return o
}

// readOutcomeValue reads exactly one of value, a column, and derive, an expression.
func readOutcomeValue(m mapping) (value, derive string) {
	value, derive = m.column("value"), m.expression("derive", `"arr_delay_min > 15"`)
	d, hasDerive := m.get("derive")
	switch hasValue := m.has("value"); {
	case hasValue && hasDerive:
		d.failKey("remove one of the two", "value and derive are both written")
	case !hasValue && !hasDerive:
		m.need("value", `write "value: <column>", or "derive: <SQL expression>"`)
	}
	return value, derive
}

// readSnapshot reads whether each known_at is a whole delivery, which only known_at can tell.
func readSnapshot(m mapping) bool {
	snapshot := m.boolean("snapshot")
	if c, _ := m.get("snapshot"); snapshot && !m.has("known_at") {
		c.failKey(`write "known_at: <column>", the instant of the delivery, or remove "snapshot"`, "needs known_at")
	}
	return snapshot
}
