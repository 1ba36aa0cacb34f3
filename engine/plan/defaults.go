package plan

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"time"
)

// setDefault holds a feature's default against the class of its served column.
func (b *builder) setDefault(key string, f *Feature) {
	d := f.Decl.Default
	if d == nil || f.Class == "" {
		return
	}
	f.HasDefault = true
	if d.ByVersion == nil {
		f.DefaultAll = b.fitDefault(key, f, d.All)
		return
	}
	if b.l.Predictions.Version == "" {
		b.fail(key, "write version: in predictions, or one default for all", "defaults by version need a version column")
	}
	f.DefaultBy = map[string]any{}
	for _, version := range slices.Sorted(maps.Keys(d.ByVersion)) {
		f.DefaultBy[version] = b.fitDefault(key+"."+version, f, d.ByVersion[version])
	}
}

// fitDefault turns a scalar of the loop file into a float64, string or bool fitting the class: numbers for Number; true,
// false, 0 and 1 for Boolean; text for Text; for Instant a text with date and time in ISO 8601, given as
// "2006-01-02 15:04:05.999999" in UTC. nil where it does not fit.
func (b *builder) fitDefault(key string, f *Feature, value any) any {
	switch f.Class {
	case Number:
		if n, ok := asFloat(value); ok {
			return n
		}
	case Boolean:
		if flag, ok := value.(bool); ok {
			return flag
		}
		if n, ok := asFloat(value); ok && (n == 0 || n == 1) {
			return n == 1
		}
	case Text:
		if text, ok := value.(string); ok {
			return text
		}
		b.fail(key, fmt.Sprintf("write it in quotes: \"%v\"", value), "%v (%s) cannot stand in column %q, which was served as text",
			value, kindOf(value), f.Served)
		return nil
	case Instant:
		if text, ok := value.(string); ok {
			if at, ok := parseInstant(text, f.ServedClock.Zone); ok {
				return at.UTC().Format("2006-01-02 15:04:05.999999")
			}
		}
		b.fail(key, "write it as \"2013-01-31T00:00:00Z\"", "%v cannot stand in column %q, which was served as instants", value, f.Served)
		return nil
	}
	b.fail(key, "write a "+string(f.Class), "%v (%s) cannot stand in column %q, which was served as %s", value, kindOf(value), f.Served, f.Class)
	return nil
}

func kindOf(value any) string {
	switch value.(type) {
	case string:
		return "text"
	case bool:
		return "boolean"
	case nil:
		return "nothing"
	}
	if _, ok := asFloat(value); ok {
		return "number"
	}
	return "no scalar"
}

// asFloat reads the finite numbers that YAML gives.
func asFloat(value any) (float64, bool) {
	var n float64
	switch v := value.(type) {
	case float64:
		n = v
	case float32:
		n = float64(v)
	case int:
		n = float64(v)
	case int64:
		n = float64(v)
	case uint64:
		n = float64(v)
	default:
		return 0, false
	}
	return n, !math.IsNaN(n) && !math.IsInf(n, 0)
}

// parseInstant reads ISO 8601; a text without offset is taken in zone, else UTC.
func parseInstant(text, zone string) (time.Time, bool) {
	if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return at, true
	}
	location, err := time.LoadLocation(zone)
	if err != nil {
		location = time.UTC
	}
	for _, layout := range []string{"2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999", "2006-01-02"} {
		if at, err := time.ParseInLocation(layout, text, location); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}
