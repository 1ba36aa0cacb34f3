package cause

// definition.diverged: train and serve, or two teams, mean different things: a declared rival, or a filter on the source's
// rows that one of them has and the other has not.

func definitionHypotheses(f *Feature) []Hypothesis {
	var all []Hypothesis
	for _, name := range f.Rivals {
		h := f.plain(Definition, "definition "+name, 4)
		h.Parameters = map[string]any{"name": name}
		all = append(all, h)
	}
	if !f.asOf() && !f.Windowed && !f.Static {
		return all
	}
	for i, filter := range f.Filters {
		if i == Declared || filter.Fitted {
			continue
		}
		if filter.Dropped {
			all = append(all, f.filtered(i, "without ", 10))
		} else {
			all = append(all, f.filtered(i, "only ", 22))
		}
	}
	return all
}

// filtered is the hypothesis that rows were kept by filter i.
func (f *Feature) filtered(i int, how string, rank int) Hypothesis {
	text := how + f.Filters[i].Text
	h := f.plain(Definition, text, rank)
	h.Reading.Filter = i
	h.Parameters = map[string]any{"name": text}
	return h
}
