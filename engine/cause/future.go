package cause

// leak.future: a value was served that was not yet known: read as of a later instant (StaleFrom), or by event time whether it
// had come in or not, as it finally was.

func futureHypotheses(f *Feature) []Hypothesis {
	if !f.timed() || !f.Known && !f.Versions {
		return nil
	}
	h := f.plain(Future, "by event time", 13)
	h.Reading.Final = true
	h.Parameters = map[string]any{"known": "ignored"}
	return []Hypothesis{h}
}
