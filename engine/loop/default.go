package loop

// readDefault reads what serving puts in place of a null: one scalar, or one per model version.
func readDefault(m mapping) *Default {
	c, ok := m.get("default")
	if !ok {
		return nil
	}
	fix := `write what serving puts where the value is null, such as 0, or {v1: 0, v2: 1.5} by model version`
	if !c.isMapping() {
		if v := c.defaultValue(fix); v != nil {
			return &Default{All: v}
		}
		return nil
	}
	versions, _ := c.mapping()
	if len(versions.entries) == 0 {
		c.fail(fix, "names no model version")
		return nil
	}
	d := &Default{ByVersion: map[string]any{}}
	for _, e := range versions.entries {
		e.checkName("model version")
		if v := e.defaultValue(fix); v != nil {
			d.ByVersion[e.name] = v
		}
	}
	return d
}

// defaultValue reads a number (float64), a boolean or text; nil after a mistake.
func (c cursor) defaultValue(fix string) any {
	if c.refused() {
		return nil
	}
	s, ok := c.scalar()
	v := s.value()
	if _, isNumber := v.(float64); isNumber {
		if _, finite := c.number(fix); !finite {
			return nil
		}
	}
	if !ok || v == nil {
		c.fail(fix, "is %s, want a number, text or boolean", c.found())
		return nil
	}
	return v
}
