package cause

import (
	"slices"
	"time"
)

// parameters are those of the hypothesis that reproduces the most, for zones and factors those of all.
func (p *pool) parameters(name Name, set []int) map[string]any {
	main := p.all[set[0]].Hypothesis
	switch {
	case name == FanOut && len(set) > 1:
		return map[string]any{"factor": main.Parameters["factor"], "factors": p.factors(set)}
	case name != ZoneShift:
		return main.Parameters
	}
	if len(set) == 1 && main.Parameters["zones"] != nil && !main.shifted() && main.Reading.Shift == 0 {
		return main.Parameters
	}
	offsets, zones := []string{}, []string{}
	for _, n := range set {
		h := p.all[n].Hypothesis
		switch {
		case h.shifted():
			offsets = append(offsets, offset(h.Instant.By))
			zones = append(zones, zonesOf([]time.Duration{h.Instant.By}, p.bounds())...)
		case h.Reading.Shift != 0:
			offsets = append(offsets, offset(h.Reading.Shift))
			zones = append(zones, zonesOf([]time.Duration{h.Reading.Shift}, p.bounds())...)
		default:
			if more, ok := h.Parameters["offsets"].([]string); ok {
				offsets = append(offsets, more...)
			}
			if more, ok := h.Parameters["zones"].([]string); ok {
				zones = append(zones, more...)
			}
			if h.Reading.Zone != "" && !slices.Contains(zones, h.Reading.Zone) {
				zones = append(zones, h.Reading.Zone)
			}
		}
	}
	slices.Sort(offsets)
	slices.Sort(zones)
	return map[string]any{"offsets": slices.Compact(offsets), "zones": slices.Compact(zones)}
}

// factors are by how much a set of fan-outs multiply, ascending: where a table holds some keys twice and some three times.
func (p *pool) factors(set []int) []int {
	var all []int
	for _, n := range set {
		if k, ok := p.all[n].Parameters["factor"].(int); ok {
			all = append(all, k)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// bounds are the first and the end of the pool's days.
func (p *pool) bounds() [2]time.Time {
	var b [2]time.Time
	for i, d := range p.days {
		if i == 0 || d.Day.Before(b[0]) {
			b[0] = d.Day
		}
		if end := d.Day.Add(whole); end.After(b[1]) {
			b[1] = end
		}
	}
	return b
}
