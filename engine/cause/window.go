package cause

import "time"

// window.misaligned: another window length or offset than declared.

var lengths = []time.Duration{5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 3 * time.Hour,
	4 * time.Hour, 6 * time.Hour, 8 * time.Hour, 12 * time.Hour, 18 * time.Hour, 24 * time.Hour, 36 * time.Hour, 48 * time.Hour, 72 * time.Hour,
	5 * 24 * time.Hour, 7 * 24 * time.Hour, 10 * 24 * time.Hour, 14 * 24 * time.Hour, 21 * 24 * time.Hour, 28 * 24 * time.Hour, 30 * 24 * time.Hour,
	60 * 24 * time.Hour, 90 * 24 * time.Hour}

var offsets = []time.Duration{0, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour,
	12 * time.Hour, 24 * time.Hour, 48 * time.Hour, 72 * time.Hour, 7 * 24 * time.Hour}

// longest is how many times the declared length another may have, beyond a month.
const longest = 12

func windowHypotheses(f *Feature) []Hypothesis {
	if !f.Windowed {
		return nil
	}
	var all []Hypothesis
	seen := map[time.Duration]bool{f.Length: true}
	for _, d := range append([]time.Duration{f.Length / 2, 2 * f.Length, f.Length - time.Hour, f.Length + time.Hour, f.Length - 24*time.Hour, f.Length + 24*time.Hour}, lengths...) {
		if d <= 0 || seen[d] || d > 30*24*time.Hour && d > longest*f.Length {
			continue
		}
		seen[d] = true
		h := f.plain(Window, "length "+spell(d), 12)
		h.Reading.Length = d
		h.Parameters = windowParameters(&h)
		all = append(all, h)
	}
	for _, d := range append([]time.Duration{f.Length}, offsets...) {
		if d == f.Offset || seen[-d-1] {
			continue
		}
		seen[-d-1] = true
		h := f.plain(Window, "offset "+spell(d), 14)
		h.Reading.Offset = d
		h.Parameters = windowParameters(&h)
		all = append(all, h)
	}
	for _, unit := range []string{"", "hour", "day", "week"} {
		if unit == f.Align {
			continue
		}
		key := "rolling"
		if unit != "" {
			key = "whole " + unit + "s"
		}
		h := f.plain(Window, key, 11)
		h.Reading.Align = unit
		h.Parameters = windowParameters(&h)
		all = append(all, h)
	}
	return all
}

func windowParameters(h *Hypothesis) map[string]any {
	var align any
	if h.Reading.Align != "" {
		align = h.Reading.Align
	}
	return map[string]any{"length": spell(h.Reading.Length), "offset": spell(h.Reading.Offset), "align": align}
}
