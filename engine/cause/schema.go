package cause

// schema.column_dropped: a column vanished, was renamed or changed its type, so that null or the default is served of it
// while other columns of the same rows come through; or another column took its place.

func columnHypotheses(f *Feature) []Hypothesis {
	none := f.plain(ColumnDropped, "dropped", 1)
	none.Making.Made = Dropped
	none.Parameters = map[string]any{"column": f.column(), "became": nil}
	all := []Hypothesis{none}
	for i, name := range f.Columns {
		if i == Declared {
			continue
		}
		h := f.plain(ColumnDropped, "column "+name, 12)
		h.Reading.Value = i
		h.Parameters = map[string]any{"column": f.column(), "became": name}
		all = append(all, h)
	}
	return all
}

// column is the declared one.
func (f *Feature) column() string {
	if len(f.Columns) > Declared {
		return f.Columns[Declared]
	}
	return f.Name
}
