package loop

// definitions reads rival meanings of a feature. Each says at least one thing, and what it leaves out it takes from the
// feature.
func (m mapping) definitions(facts *sourceFacts) []FeatureDefinition {
	c, ok := m.get("definitions")
	if !ok {
		return nil
	}
	rivals, _ := c.mapping()
	var definitions []FeatureDefinition
	for _, e := range rivals.entries {
		e.checkName("definition")
		d, ok := e.section("value", "aggregate", "where", "window", "within")
		if !ok {
			continue
		}
		definitions = append(definitions, FeatureDefinition{
			Name:      e.name,
			Value:     d.expression("value", "temp_f"),
			Aggregate: d.aggregate(),
			Where:     d.expression("where", "status <> 'cancelled'"),
			Window:    d.window(),
			Within:    d.duration("within", 0, "7h"),
		})
		m.checkDefinition(d, facts)
	}
	return definitions
}

func (m mapping) checkDefinition(d mapping, facts *sourceFacts) {
	if len(d.entries) == 0 {
		d.failKey("write what it does otherwise: value, aggregate, where, window or within", "the definition says nothing")
		return
	}
	static := facts != nil && facts.static
	aggregate, hasAggregate := d.get("aggregate")
	if hasAggregate && d.has("value") {
		aggregate.failKey("remove one of the two", "value and aggregate are both written")
		return
	}
	if hasAggregate && !d.has("window") && !m.has("window") && !static {
		aggregate.failKey(`write "window: 6h", the time that the aggregate looks back over`, "an aggregate needs a window")
	}
	overWindow := hasAggregate || m.has("aggregate") && !d.has("value")
	d.checkSpan(overWindow)
	if static {
		d.checkStatic(facts.cursor.name, overWindow)
	}
}
